/* Unicode by libunistring, IDNA2008 by libidn2. */
#include "base/uni.h"

#include <idn2.h>
#include <stdlib.h>
#include <unicase.h>
#include <uninorm.h>

static struct span
taken(struct arena *arena, uint8_t *bytes, size_t n)
{
	struct span s = arena_span(arena, (struct span){(char *)bytes, n});

	free(bytes);
	return s;
}

struct span
uni_fold(struct arena *arena, struct span s)
{
	uint8_t *out;
	size_t n;

	if (span_is_ascii(s))
		return arena_lower(arena, s);
	out = u8_casefold(
	    (const uint8_t *)s.p, s.n, NULL, UNINORM_NFKC, NULL, &n);
	if (out == NULL)
		return arena_lower(arena, s);
	return taken(arena, out, n);
}

struct span
uni_nfc(struct arena *arena, struct span s)
{
	uint8_t *out;
	size_t n;

	if (span_is_ascii(s))
		return arena_span(arena, s);
	out = u8_normalize(UNINORM_NFC, (const uint8_t *)s.p, s.n, NULL, &n);
	if (out == NULL)
		return arena_span(arena, s);
	return taken(arena, out, n);
}

/* Of the ASCII letters only those that names of hosts are made of. */
static bool
host_letters(struct span s)
{
	for (size_t i = 0; i < s.n; i++)
		if ((unsigned char)s.p[i] < 0x80 && !ascii_alnum(s.p[i]) &&
		    s.p[i] != '-' && s.p[i] != '.' && s.p[i] != '_')
			return false;
	return true;
}

int
uni_domain(struct arena *arena, struct span domain, struct span *ascii)
{
	char *out;
	int rc;

	if (domain.n == 0 || domain.n > 253 || !host_letters(domain))
		return 0;
	if (span_is_ascii(domain)) {
		*ascii = arena_lower(arena, domain);
		return 1;
	}
	rc = idn2_to_ascii_8z(arena_strdup(arena, domain), &out,
	    IDN2_NFC_INPUT | IDN2_NONTRANSITIONAL);
	if (rc != IDN2_OK)
		return 0;
	*ascii = arena_span(arena, span_of(out));
	idn2_free(out);
	return 1;
}
