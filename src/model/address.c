/* The one validator for mail addresses. */
#include "model/address.h"

#include <string.h>

#include "base/limits.h"
#include "base/uni.h"
#include "base/utf8.h"

static bool
is_atom(char c)
{
	return (unsigned char)c >= 0x80 || ascii_alnum(c) ||
	    (c != '\0' && strchr("!#$%&'*+-/=?^_`{|}~", c) != NULL);
}

/* RFC 5321 Dot-string. */
static bool
local_ok(struct span s)
{
	bool dot = true; /* a dot may not come first, last or twice */

	if (s.n == 0 || s.n > LIMIT_LOCAL_BYTES || !utf8_clean(s))
		return false;
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] == '.') {
			if (dot)
				return false;
			dot = true;
		} else if (is_atom(s.p[i])) {
			dot = false;
		} else {
			return false;
		}
	}
	return !dot;
}

static bool
label_ok(struct span s)
{
	if (s.n == 0 || s.n > 63 || s.p[0] == '-' || s.p[s.n - 1] == '-')
		return false;
	for (size_t i = 0; i < s.n; i++)
		if (!ascii_alnum(s.p[i]) && s.p[i] != '-')
			return false;
	return true;
}

static bool
domain_ok(struct span s)
{
	struct span label;

	while (span_part(&s, '.', &label))
		if (!label_ok(label))
			return false;
	return true;
}

bool
address_parse(struct arena *arena, struct span text, struct span *out)
{
	struct span s = span_trim(text), local, domain, ascii;
	size_t at = span_findc(s, '@');

	if (s.n > LIMIT_ADDRESS_BYTES || at == s.n)
		return false;
	local = span_sub(s, 0, at);
	domain = span_skip(s, at + 1);
	if (!local_ok(local) || !utf8_clean(domain) ||
	    uni_domain(arena, domain, &ascii) != 1 || !domain_ok(ascii) ||
	    local.n + 1 + ascii.n > LIMIT_ADDRESS_BYTES)
		return false;
	*out = arena_spanf(arena, "%.*s@%.*s", (int)local.n, local.p,
	    (int)ascii.n, ascii.p);
	return true;
}

struct span
address_key(struct arena *arena, struct span address)
{
	return uni_fold(arena, address);
}

bool
address_parse_named(struct arena *arena, struct span text, struct span *name,
    struct span *address)
{
	struct span s = span_trim(text), n = {0}, found;
	size_t open = span_findc(s, '<');

	if (open < s.n) {
		if (s.p[s.n - 1] != '>')
			return false;
		n = span_trim(span_sub(s, 0, open));
		if (n.n >= 2 && n.p[0] == '"' && n.p[n.n - 1] == '"')
			n = span_sub(n, 1, n.n - 1);
		s = span_sub(s, open + 1, s.n - 1);
	}
	if (!address_parse(arena, s, &found))
		return false;
	*name = utf8_line(arena, utf8_head(n, LIMIT_NAME_BYTES));
	*address = found;
	return true;
}

bool
address_split_tag(struct arena *arena, struct span address, struct span *base,
    struct span *tag)
{
	size_t at = span_findc(address, '@');
	size_t plus = span_findc(address, '+');

	if (plus == 0 || plus >= at)
		return false;
	*base = arena_spanf(arena, "%.*s%.*s", (int)plus, address.p,
	    (int)(address.n - at), address.p + at);
	*tag = span_sub(address, plus + 1, at);
	return true;
}

struct span
address_with_tag(struct arena *arena, struct span address, struct span tag)
{
	size_t at = span_findc(address, '@');

	return arena_spanf(arena, "%.*s+%.*s%.*s", (int)at, address.p,
	    (int)tag.n, tag.p, (int)(address.n - at), address.p + at);
}

struct span
address_domain(struct span address)
{
	return span_skip(address, span_findc(address, '@') + 1);
}
