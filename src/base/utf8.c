/* UTF-8 without tables from outside; widths after Unicode TR 11, in short. */
#include "base/utf8.h"

#include <string.h>

size_t
utf8_next_long(struct span s, uint32_t *code)
{
	static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
	unsigned char c;
	uint32_t v;
	size_t n;

	if (s.n == 0)
		return 0;
	c = (unsigned char)s.p[0];
	n = c >= 0xf0 && c < 0xf8 ? 4 : c >= 0xe0 ? 3 : c >= 0xc0 ? 2 : 0;
	*code = 0xfffd;
	if (n == 0 || c >= 0xf8 || n > s.n)
		return 1;
	v = c & (0x7fu >> n);
	for (size_t i = 1; i < n; i++) {
		c = (unsigned char)s.p[i];
		if ((c & 0xc0) != 0x80)
			return 1;
		v = v << 6 | (c & 0x3f);
	}
	if (v < least[n] || v > 0x10ffff || (v >= 0xd800 && v < 0xe000))
		return 1;
	*code = v;
	return n;
}

size_t
utf8_put(uint32_t c, char out[4])
{
	if (c < 0x80) {
		out[0] = (char)c;
		return 1;
	}
	if (c < 0x800) {
		out[0] = (char)(0xc0 | c >> 6);
		out[1] = (char)(0x80 | (c & 0x3f));
		return 2;
	}
	if (c < 0x10000) {
		out[0] = (char)(0xe0 | c >> 12);
		out[1] = (char)(0x80 | (c >> 6 & 0x3f));
		out[2] = (char)(0x80 | (c & 0x3f));
		return 3;
	}
	out[0] = (char)(0xf0 | c >> 18);
	out[1] = (char)(0x80 | (c >> 12 & 0x3f));
	out[2] = (char)(0x80 | (c >> 6 & 0x3f));
	out[3] = (char)(0x80 | (c & 0x3f));
	return 4;
}

/* How many bytes at the front are plain ASCII text; the common case, fast. */
static size_t
ascii_run(struct span s)
{
	const uint64_t ones = UINT64_C(0x0101010101010101), tops = ones << 7;
	size_t i = 0;
	uint64_t x;

	/* Eight at once while none is below a blank, DEL, or above. */
	for (; i + sizeof(x) <= s.n; i += sizeof(x)) {
		uint64_t del;

		memcpy(&x, s.p + i, sizeof(x));
		del = x ^ ones * 0x7f;
		if (((x | (x - ones * 0x20) | (del - ones)) & tops) != 0)
			break;
	}
	while (i < s.n && (unsigned char)(s.p[i] - 0x20) < 0x5f)
		i++;
	return i;
}

bool
utf8_valid(struct span s)
{
	uint32_t c;
	size_t n;

	for (;;) {
		s = span_skip(s, ascii_run(s));
		n = utf8_next(s, &c);
		if (n == 0)
			return true;
		if (c == 0xfffd && n == 1)
			return false;
		s = span_skip(s, n);
	}
}

static bool
is_control(uint32_t c)
{
	return (c < 0x20 && c != '\t' && c != '\n') || c == 0x7f;
}

bool
utf8_clean(struct span s)
{
	uint32_t c;
	size_t n;

	for (;;) {
		s = span_skip(s, ascii_run(s));
		n = utf8_next(s, &c);
		if (n == 0)
			return true;
		if ((c == 0xfffd && n == 1) || is_control(c))
			return false;
		s = span_skip(s, n);
	}
}

static bool
is_bidi(uint32_t c)
{
	return (c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069);
}

/* How many bytes at the front are printable ASCII and no blanks. */
static size_t
word_run(struct span s)
{
	size_t i = 0;

	while (i < s.n && (unsigned char)(s.p[i] - 0x21) < 0x5e)
		i++;
	return i;
}

static struct span
scrub(struct arena *arena, struct span s, bool one_line)
{
	/* One bad byte becomes three; nothing else grows. */
	char *out = arena_bytes(arena, s.n * 3 + 1);
	size_t n = 0, eaten;
	uint32_t c;

	for (;; s = span_skip(s, eaten)) {
		size_t run = one_line ? word_run(s) : ascii_run(s);

		if (run > 0)
			memcpy(out + n, s.p, run);
		n += run;
		s = span_skip(s, run);
		eaten = utf8_next(s, &c);
		if (eaten == 0)
			break;
		if (c == '\r') {
			if (s.n > 1 && s.p[1] == '\n')
				continue;
			c = '\n';
		}
		if (is_control(c) || is_bidi(c))
			continue;
		if (one_line && (c == '\n' || c == '\t' || c == ' ')) {
			if (n > 0 && out[n - 1] != ' ')
				out[n++] = ' ';
			continue;
		}
		n += utf8_put(c, out + n);
	}
	if (one_line && n > 0 && out[n - 1] == ' ')
		n--;
	out[n] = '\0';
	return (struct span){out, n};
}

struct span
utf8_scrub(struct arena *arena, struct span s)
{
	return scrub(arena, s, false);
}

struct span
utf8_line(struct arena *arena, struct span s)
{
	return scrub(arena, s, true);
}

struct span
utf8_head(struct span s, size_t bytes)
{
	if (s.n <= bytes)
		return s;
	while (bytes > 0 && ((unsigned char)s.p[bytes] & 0xc0) == 0x80)
		bytes--;
	return span_sub(s, 0, bytes);
}

int
utf8_width(uint32_t c)
{
	if (c < 0x20 || (c >= 0x7f && c < 0xa0))
		return 0;
	if (c < 0x300)
		return 1;
	if (c <= 0x36f || (c >= 0x200b && c <= 0x200f) || c == 0xfeff ||
	    (c >= 0xfe00 && c <= 0xfe0f) || (c >= 0x1ab0 && c <= 0x1aff) ||
	    (c >= 0x20d0 && c <= 0x20ff))
		return 0;
	if ((c >= 0x1100 && c <= 0x115f) || (c >= 0x2e80 && c <= 0xa4cf) ||
	    (c >= 0xac00 && c <= 0xd7a3) || (c >= 0xf900 && c <= 0xfaff) ||
	    (c >= 0xfe30 && c <= 0xfe6f) || (c >= 0xff00 && c <= 0xff60) ||
	    (c >= 0xffe0 && c <= 0xffe6) || (c >= 0x1f300 && c <= 0x1faff) ||
	    (c >= 0x20000 && c <= 0x3fffd))
		return 2;
	return 1;
}

size_t
utf8_columns(struct span s)
{
	size_t n = 0, eaten;
	uint32_t c;

	for (; (eaten = utf8_next(s, &c)) > 0; s = span_skip(s, eaten))
		n += (size_t)utf8_width(c);
	return n;
}

struct span
utf8_fit(struct arena *arena, struct span s, size_t columns)
{
	size_t at = 0, used = 0, n;
	uint32_t c;

	if (columns == 0 || utf8_columns(s) <= columns)
		return s;
	for (; (n = utf8_next(span_skip(s, at), &c)) > 0; at += n) {
		used += (size_t)utf8_width(c);
		if (used > columns - 1)
			break;
	}
	s = span_rtrim(span_sub(s, 0, at));
	return arena_spanf(arena, "%.*s…", (int)s.n, s.p);
}
