/* Unicode by libunistring, IDNA2008 by libidn2. */
#include "base/uni.h"

#include <idn2.h>
#include <stdlib.h>
#include <unicase.h>
#include <uninorm.h>

#include "base/str.h"
#include "base/utf8.h"

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

/* What decomposes into no ASCII letter but looks like one. */
static char
lookalike(uint32_t c)
{
	static const struct {
		uint32_t code;
		char ascii;
	} table[] = {{0xa0, ' '}, {0xab, '"'}, {0xb7, '*'}, {0xbb, '"'},
	    {0xc6, 'A'}, {0xd0, 'D'}, {0xd8, 'O'}, {0xdf, 's'}, {0xe6, 'a'},
	    {0xf0, 'd'}, {0xf8, 'o'}, {0x110, 'D'}, {0x111, 'd'}, {0x131, 'i'},
	    {0x141, 'L'}, {0x142, 'l'}, {0x152, 'O'}, {0x153, 'o'},
	    {0x2018, '\''}, {0x2019, '\''}, {0x201a, '\''}, {0x201c, '"'},
	    {0x201d, '"'}, {0x201e, '"'}, {0x2022, '*'}, {0x2026, '.'},
	    {0x202f, ' '}, {0x2192, '>'}, {0x2212, '-'}};

	for (size_t i = 0; i < sizeof(table) / sizeof(*table); i++)
		if (table[i].code == c)
			return table[i].ascii;
	return (c >= 0x2010 && c <= 0x2015) || c == 0x2500 ? '-' : '?';
}

/* The letter under all its marks. */
static char
plain_letter(uint32_t c)
{
	ucs4_t parts[UC_DECOMPOSITION_MAX_LENGTH];

	while (c >= 0x80 && uc_canonical_decomposition(c, parts) > 0)
		c = parts[0];
	return c < 0x80 ? (char)c : lookalike(c);
}

struct span
uni_ascii(struct arena *arena, struct span s)
{
	struct str out;
	uint32_t c;
	size_t n;

	if (span_is_ascii(s))
		return s;
	str_init(&out, arena, s.n + 1);
	for (; (n = utf8_next(s, &c)) > 0; s = span_skip(s, n)) {
		int width = c < 0x20 ? 1 : utf8_width(c);

		if (width > 0)
			str_addc(&out, c < 0x80 ? (char)c : plain_letter(c));
		if (width > 1)
			str_addc(&out, '?');
	}
	return str_span(&out);
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
