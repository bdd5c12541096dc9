/* Views of text; nothing here allocates or fails. */
#include "base/span.h"

#include <string.h>

bool
span_caseeq(struct span a, struct span b)
{
	if (a.n != b.n)
		return false;
	for (size_t i = 0; i < a.n; i++)
		if (ascii_lower(a.p[i]) != ascii_lower(b.p[i]))
			return false;
	return true;
}

bool
span_caseis(struct span a, const char *z)
{
	return span_caseeq(a, span_of(z));
}

bool
span_casestarts(struct span s, const char *z)
{
	struct span head = span_of(z);

	return s.n >= head.n && span_caseeq(span_sub(s, 0, head.n), head);
}

bool
span_is_ascii(struct span s)
{
	for (size_t i = 0; i < s.n; i++)
		if ((unsigned char)s.p[i] >= 0x80)
			return false;
	return true;
}

bool
span_ends(struct span s, const char *z)
{
	struct span tail = span_of(z);

	return s.n >= tail.n && span_eq(span_skip(s, s.n - tail.n), tail);
}

int
span_cmp(struct span a, struct span b)
{
	size_t n = a.n < b.n ? a.n : b.n;
	int r = n > 0 ? memcmp(a.p, b.p, n) : 0;

	if (r != 0)
		return r;
	return a.n < b.n ? -1 : a.n > b.n;
}

size_t
span_find(struct span s, struct span needle)
{
	const char *hit;

	if (needle.n == 0)
		return 0;
	if (needle.n > s.n)
		return s.n;
	hit = memmem(s.p, s.n, needle.p, needle.n);
	return hit != NULL ? (size_t)(hit - s.p) : s.n;
}

size_t
span_casefind(struct span s, struct span needle)
{
	char low, up;

	if (needle.n == 0)
		return 0;
	low = ascii_lower(needle.p[0]);
	up = ascii_upper(needle.p[0]);
	for (size_t i = 0; i + needle.n <= s.n; i++) {
		size_t n = 1;

		if (s.p[i] != low && s.p[i] != up)
			continue;
		while (n < needle.n &&
		       ascii_lower(s.p[i + n]) == ascii_lower(needle.p[n]))
			n++;
		if (n == needle.n)
			return i;
	}
	return s.n;
}

size_t
span_findc(struct span s, char c)
{
	const char *hit = s.n > 0 ? memchr(s.p, c, s.n) : NULL;

	return hit != NULL ? (size_t)(hit - s.p) : s.n;
}

bool
span_has(struct span s, const char *z)
{
	return *z == '\0' || span_find(s, span_of(z)) < s.n;
}

bool
span_casehas(struct span s, const char *z)
{
	return *z == '\0' || span_casefind(s, span_of(z)) < s.n;
}

struct span
span_ltrim(struct span s)
{
	size_t i = 0;

	while (i < s.n && ascii_blank(s.p[i]))
		i++;
	return span_skip(s, i);
}

struct span
span_rtrim(struct span s)
{
	while (s.n > 0 && ascii_blank(s.p[s.n - 1]))
		s.n--;
	return s;
}

struct span
span_trim(struct span s)
{
	return span_ltrim(span_rtrim(s));
}

/* In pieces, so that a text of CR alone is not looked through to its end. */
static size_t
line_end(struct span s)
{
	enum {
		PIECE = 256
	};

	for (size_t i = 0; i < s.n; i += PIECE) {
		size_t n = s.n - i < PIECE ? s.n - i : PIECE;
		const char *lf = memchr(s.p + i, '\n', n), *cr;

		if (lf != NULL)
			n = (size_t)(lf - (s.p + i));
		cr = memchr(s.p + i, '\r', n);
		if (cr != NULL)
			return (size_t)(cr - s.p);
		if (lf != NULL)
			return i + n;
	}
	return s.n;
}

bool
span_line(struct span *rest, struct span *line)
{
	size_t i;

	if (rest->n == 0)
		return false;
	i = line_end(*rest);
	*line = span_sub(*rest, 0, i);
	if (i + 1 < rest->n && rest->p[i] == '\r' && rest->p[i + 1] == '\n')
		i++;
	*rest = span_skip(*rest, i + 1);
	return true;
}

bool
span_part(struct span *rest, char sep, struct span *part)
{
	size_t i;

	if (rest->p == NULL)
		return false;
	i = span_findc(*rest, sep);
	*part = span_sub(*rest, 0, i);
	if (i < rest->n)
		*rest = span_skip(*rest, i + 1);
	else
		*rest = (struct span){NULL, 0};
	return true;
}

bool
span_word(struct span *rest, struct span *word)
{
	size_t i = 0;

	*rest = span_ltrim(*rest);
	while (i < rest->n && !ascii_blank(rest->p[i]))
		i++;
	*word = span_sub(*rest, 0, i);
	*rest = span_skip(*rest, i);
	return word->n > 0;
}
