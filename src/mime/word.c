/*
 * RFC 2047 as it is met: words split inside a character, blanks inside a
 * word, words inside quotes, raw 8-bit text with no word at all.  Bytes of
 * neighbours in one charset are joined before they are converted, which is
 * what puts a split character together again.
 */
#include <string.h>

#include "base/digest.h"
#include "base/str.h"
#include "base/utf8.h"
#include "mime/mime_int.h"

struct word {
	struct span charset, text;
	char encoding; /* 'b' or 'q' */
	size_t bytes;  /* of the whole word */
};

/* A word at the front of s. */
static bool
word_at(struct span s, struct word *w)
{
	struct span rest;
	size_t i, end;

	if (!span_starts(s, "=?"))
		return false;
	rest = span_skip(s, 2);
	for (i = 0; i < rest.n && i < 60 && rest.p[i] != '?'; i++)
		if (ascii_blank(rest.p[i]))
			return false;
	if (i == 0 || i + 3 > rest.n || rest.p[i] != '?' ||
	    rest.p[i + 2] != '?')
		return false;
	w->charset = span_sub(rest, 0, i);
	w->charset.n = span_findc(w->charset, '*'); /* RFC 2231 5: language */
	w->encoding = ascii_lower(rest.p[i + 1]);
	if (w->encoding != 'b' && w->encoding != 'q')
		return false;
	rest = span_skip(rest, i + 3);
	end = span_find(rest, SPAN("?="));
	if (end == rest.n)
		return false;
	w->text = span_sub(rest, 0, end);
	w->bytes = (size_t)(rest.p + end + 2 - s.p);
	return true;
}

static void
add_q(struct str *out, struct span s)
{
	for (size_t i = 0; i < s.n; i++) {
		char c = s.p[i];

		if (c == '=' && i + 2 < s.n && scan_hex(s.p[i + 1]) >= 0 &&
		    scan_hex(s.p[i + 2]) >= 0) {
			c = (char)(scan_hex(s.p[i + 1]) << 4 |
				   scan_hex(s.p[i + 2]));
			i += 2;
		} else if (c == '_') {
			c = ' ';
		}
		str_addc(out, c);
	}
}

/*
 * A run of words in one charset at the front of s, with the blanks between
 * them (which do not count); returns how many bytes were eaten.
 */
static size_t
take_run(struct arena *arena, struct span s, struct str *out)
{
	struct word first, w;
	struct str bytes;
	size_t at = 0, next;

	if (!word_at(s, &first))
		return 0;
	str_init(&bytes, arena, s.n);
	w = first;
	for (;;) {
		if (w.encoding == 'b')
			str_add(&bytes, transfer_base64(arena, w.text));
		else
			add_q(&bytes, w.text);
		at += w.bytes;
		for (next = at; next < s.n && ascii_blank(s.p[next]);)
			next++;
		if (!word_at(span_skip(s, next), &w))
			break;
		at = next;
		if (!span_caseeq(w.charset, first.charset))
			break;
	}
	str_add(out, charset_text(arena, str_span(&bytes), first.charset));
	return at;
}

/* Already what it should become: the common case. */
static bool
is_plain(struct span s)
{
	for (size_t i = 0; i < s.n; i++) {
		unsigned char c = (unsigned char)s.p[i];

		if (c < ' ' || c > '~' ||
		    (c == ' ' && i > 0 && s.p[i - 1] == ' ') ||
		    (c == '=' && i + 1 < s.n && s.p[i + 1] == '?'))
			return false;
	}
	return true;
}

struct span
word_decode(struct arena *arena, struct span value)
{
	struct str out;
	size_t from = 0, i = 0, eaten;

	if (is_plain(value))
		return value;
	/* What is no word is UTF-8 or windows-1252. */
	str_init(&out, arena, value.n * 3);
	while (i < value.n) {
		if (value.p[i] != '=' || i + 1 == value.n ||
		    value.p[i + 1] != '?') {
			i++;
			continue;
		}
		str_add(&out,
		    charset_text(arena, span_sub(value, from, i), SPAN("")));
		from = i;
		eaten = take_run(arena, span_skip(value, i), &out);
		i += eaten > 0 ? eaten : 2;
		if (eaten > 0)
			from = i;
	}
	str_add(&out, charset_text(arena, span_sub(value, from, i), SPAN("")));
	return charset_clean(arena, str_span(&out), true);
}
