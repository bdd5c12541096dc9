/*
 * Text from outside: is it UTF-8, what may stay, how wide is it.  Text inside
 * rmail is always valid UTF-8 without C0 controls other than TAB and LF.
 */
#ifndef BASE_UTF8_H
#define BASE_UTF8_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/span.h"

/* The rest of utf8_next: all but ASCII. */
size_t utf8_next_long(struct span, uint32_t *code);
/*
 * One code point off the front; returns the bytes eaten, 0 at the end.  An
 * invalid byte yields U+FFFD and eats one byte.
 */
static inline size_t
utf8_next(struct span s, uint32_t *code)
{
	if (s.n == 0 || (unsigned char)s.p[0] >= 0x80)
		return utf8_next_long(s, code);
	*code = (unsigned char)s.p[0];
	return 1;
}
/* Writes 1..4 bytes to out; returns how many. */
size_t utf8_put(uint32_t code, char out[4]);
bool utf8_valid(struct span);
/*
 * Valid and free of C0 controls (but TAB and LF), DEL and NUL: what the
 * parent demands of the reader's records.
 */
bool utf8_clean(struct span);
/*
 * A clean copy: invalid bytes become U+FFFD, CR LF and CR become LF, other
 * controls are dropped, and so are bidi overrides and isolates (U+202A-E,
 * U+2066-9), which can make text read other than it is.
 */
struct span utf8_scrub(struct arena *, struct span);
/* As scrub, on one line: line ends and runs of blanks become one blank. */
struct span utf8_line(struct arena *, struct span);
/* The longest head of at most `bytes` bytes that splits no character. */
struct span utf8_head(struct span, size_t bytes);
/* At most so many columns; "…" stands where something was cut. */
struct span utf8_fit(struct arena *, struct span, size_t columns);
/* Columns on a terminal: 0 for combining marks, 2 for wide letters. */
int utf8_width(uint32_t code);
size_t utf8_columns(struct span);

#endif
