/*
 * Quoted-printable and base64 (RFC 2045 6.7, 6.8), forgiving: libetpan's
 * decoders turn "=ZZ" and text behind the padding into rubbish.
 */
#include <string.h>

#include "mime/mime_int.h"

struct span
transfer_quoted(struct arena *arena, struct span text)
{
	char *out = arena_alloc(arena, text.n + 1);
	struct span rest = text, line;
	size_t n = 0;

	while (scan_line(&rest, &line)) {
		bool soft = false, ended = line.p + line.n < text.p + text.n;

		line = span_rtrim(line); /* blanks at the end are a relay's */
		if (line.n > 0 && line.p[line.n - 1] == '=') {
			soft = true;
			line.n--;
		}
		for (size_t i = 0; i < line.n; i++) {
			if (line.p[i] == '=' && i + 2 < line.n &&
			    scan_hex(line.p[i + 1]) >= 0 &&
			    scan_hex(line.p[i + 2]) >= 0) {
				out[n++] = (char)(scan_hex(line.p[i + 1]) << 4 |
						  scan_hex(line.p[i + 2]));
				i += 2;
			} else {
				out[n++] = line.p[i];
			}
		}
		if (!soft && ended)
			out[n++] = '\n';
	}
	return (struct span){out, n};
}

bool
transfer_looks_quoted(struct span text)
{
	size_t soft = 0, escapes = 0, at;

	while ((at = span_findc(text, '=')) < text.n) {
		text = span_skip(text, at + 1);
		if (text.n == 0)
			break;
		if (text.p[0] == '\n' || span_starts(text, "\r\n")) {
			soft++;
		} else if (text.n > 1 && scan_hex(text.p[0]) >= 0 &&
			   scan_hex(text.p[1]) >= 0 && text.p[0] < 'a' &&
			   text.p[1] < 'a') {
			escapes++;
		} else {
			return false;
		}
	}
	return soft >= 1 && escapes >= 2;
}

/* 1 + the letter's value; 0 for what is none. */
static const unsigned char base64_values[256] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
    0, 0, 0, 0, 0, 0, 0, 0, 63, 0, 0, 0, 64, 53, 54, 55, 56, 57, 58, 59, 60, 61,
    62, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15,
    16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 0, 0, 0, 0, 0, 0, 27, 28, 29,
    30, 31, 32, 33, 34, 35, 36, 37, 38, 39, 40, 41, 42, 43, 44, 45, 46, 47, 48,
    49, 50, 51, 52, 0, 0, 0, 0, 0};

static int
base64_value(char c)
{
	return base64_values[(unsigned char)c] - 1;
}

size_t
transfer_letters(struct span text)
{
	size_t n = 0;

	for (size_t i = 0; i < text.n; i++)
		n += base64_value(text.p[i]) >= 0;
	return n;
}

/* Letters, padding and blanks only? */
static bool
base64_line(struct span line)
{
	for (size_t i = 0; i < line.n; i++)
		if (base64_value(line.p[i]) < 0 && line.p[i] != '=' &&
		    !ascii_blank(line.p[i]))
			return false;
	return true;
}

bool
transfer_is_base64(struct span text)
{
	struct span line;

	while (scan_line(&text, &line)) {
		line = span_trim(line);
		if (line.n > 0)
			/* A long one may have lost its padding. */
			return (line.n % 4 == 0 || line.n >= 24) &&
			       base64_line(line) &&
			       span_findc(line, ' ') == line.n;
	}
	return true;
}

/*
 * A padded end may be followed by another beginning.  The first line behind
 * a padded end that cannot be base64 is text that a mailing list added:
 * there it ends.
 */
struct span
transfer_base64(struct arena *arena, struct span text)
{
	char *out = arena_alloc(arena, text.n / 4 * 3 + 4);
	struct span rest = text, line;
	uint32_t bits = 0;
	size_t n = 0;
	int have = 0;

	while (scan_line(&rest, &line)) {
		if (have == 0 && n > 0 && !base64_line(line))
			break;
		for (size_t i = 0; i < line.n; i++) {
			int v = base64_value(line.p[i]);

			if (line.p[i] == '=') {
				have = 0;
				bits = 0;
			}
			if (v < 0)
				continue;
			bits = bits << 6 | (uint32_t)v;
			have += 6;
			if (have >= 8) {
				have -= 8;
				out[n++] = (char)(bits >> have);
			}
		}
	}
	return (struct span){out, n};
}
