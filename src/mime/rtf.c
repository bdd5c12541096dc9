/*
 * RTF to text, as far as Outlook's own RTF goes (RTF 1.9, MS-OXRTFEX): one
 * pass, groups counted, destinations that are not text left out.
 */
#include <string.h>

#include "base/num.h"
#include "base/str.h"
#include "base/utf8.h"
#include "mime/mime_int.h"

enum {
	GROUPS_MAX = 200
};

struct rtf {
	struct arena *arena;
	struct str out;
	struct str bytes; /* \'hh in a row, to be converted together */
	int page;
	int group;       /* open groups */
	int silent_from; /* the group from which on nothing is text, or 0 */
	bool html_rtf;   /* between \htmlrtf and \htmlrtf0 */
	int skip;        /* characters that stand for the last \u */
	int uc[GROUPS_MAX + 1];
};

static bool
silent(const struct rtf *r)
{
	return r->silent_from > 0 || r->html_rtf;
}

static void
flush_bytes(struct rtf *r)
{
	if (r->bytes.n == 0)
		return;
	str_add(
	    &r->out, charset_codepage(r->arena, str_span(&r->bytes), r->page));
	str_truncate(&r->bytes, 0);
}

static void
put_byte(struct rtf *r, char c)
{
	if (silent(r))
		return;
	if (r->skip > 0) {
		r->skip--;
		return;
	}
	str_addc(&r->bytes, c);
	if (r->bytes.n >= 4096)
		flush_bytes(r);
}

static void
put_code(struct rtf *r, int64_t code)
{
	char bytes[4];

	if (silent(r))
		return;
	flush_bytes(r);
	if (code < 0)
		code += 65536;
	str_add(&r->out,
	    (struct span){bytes, utf8_put((uint32_t)code & 0xffff, bytes)});
	r->skip = r->uc[r->group < GROUPS_MAX ? r->group : GROUPS_MAX];
}

/* Words that stand for a sign. */
static bool
sign(struct rtf *r, struct span word)
{
	static const struct {
		const char *word, *text;
	} signs[] = {{"par", "\n"}, {"line", "\n"}, {"row", "\n"},
	    {"sect", "\n"}, {"page", "\n"}, {"tab", "\t"}, {"cell", "\t"},
	    {"emdash", "\xe2\x80\x94"}, {"endash", "\xe2\x80\x93"},
	    {"lquote", "\xe2\x80\x98"}, {"rquote", "\xe2\x80\x99"},
	    {"ldblquote", "\xe2\x80\x9c"}, {"rdblquote", "\xe2\x80\x9d"},
	    {"bullet", "\xe2\x80\xa2"}};

	for (size_t i = 0; i < sizeof(signs) / sizeof(signs[0]); i++) {
		if (!span_is(word, signs[i].word))
			continue;
		if (!silent(r)) {
			flush_bytes(r);
			str_addz(&r->out, signs[i].text);
		}
		return true;
	}
	return false;
}

static bool
is_destination(struct span word)
{
	static const char *const words[] = {"fonttbl", "colortbl", "stylesheet",
	    "info", "pict", "object", "header", "footer", "headerl", "headerr",
	    "footerl", "footerr", "footnote", "listtable", "fldinst"};

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (span_is(word, words[i]))
			return true;
	return false;
}

static void
control(struct rtf *r, struct span word, bool has_number, int64_t number)
{
	if (sign(r, word))
		return;
	if (span_is(word, "htmlrtf")) {
		flush_bytes(r);
		r->html_rtf = !has_number || number != 0;
	} else if (span_is(word, "u") && has_number) {
		put_code(r, number);
	} else if (span_is(word, "uc") && has_number) {
		r->uc[r->group < GROUPS_MAX ? r->group : GROUPS_MAX] =
		    number >= 0 && number < 8 ? (int)number : 1;
	} else if (span_is(word, "ansicpg") && has_number) {
		r->page = number > 0 && number < 65536 ? (int)number : 1252;
	} else if (r->silent_from == 0 && is_destination(word)) {
		r->silent_from = r->group;
	}
}

/* Behind a backslash; returns how many bytes were eaten. */
static size_t
take_control(struct rtf *r, struct span s)
{
	bool has_number = false;
	int64_t number = 0;
	size_t n = 0, from;

	if (s.n == 0)
		return 0;
	if (s.p[0] == '\'' && s.n > 2 && scan_hex(s.p[1]) >= 0 &&
	    scan_hex(s.p[2]) >= 0) {
		put_byte(r, (char)(scan_hex(s.p[1]) << 4 | scan_hex(s.p[2])));
		return 3;
	}
	if (!ascii_alpha(s.p[0])) {
		if (s.p[0] == '*' && r->silent_from == 0)
			r->silent_from = r->group;
		else if (s.p[0] == '~')
			put_byte(r, ' ');
		else if (strchr("\\{}", s.p[0]) != NULL)
			put_byte(r, s.p[0]);
		return 1;
	}
	while (n < s.n && ascii_alpha(s.p[n]))
		n++;
	from = n;
	if (n < s.n && s.p[n] == '-')
		n++;
	while (n < s.n && ascii_digit(s.p[n]))
		n++;
	has_number = num_int(span_sub(s, from, n), -65536, 65536, &number);
	control(r, span_sub(s, 0, from), has_number, number);
	return n < s.n && s.p[n] == ' ' ? n + 1 : n;
}

static void
open_group(struct rtf *r)
{
	int around = r->group < GROUPS_MAX ? r->group : GROUPS_MAX;

	r->group++;
	if (r->group <= GROUPS_MAX)
		r->uc[r->group] = r->uc[around];
}

static void
close_group(struct rtf *r)
{
	if (r->silent_from == r->group)
		r->silent_from = 0;
	if (r->group > 0)
		r->group--;
	r->skip = 0;
}

struct span
rtf_text(struct arena *arena, struct span rtf)
{
	struct rtf *r = arena_alloc(arena, sizeof(*r));

	r->arena = arena;
	r->page = 1252;
	r->uc[0] = 1;
	str_init(&r->out, arena, LIMIT_TEXT_BYTES);
	str_init(&r->bytes, arena, 8192);
	for (size_t i = 0; i < rtf.n && !r->out.cut; i++) {
		switch (rtf.p[i]) {
		case '{':
			open_group(r);
			break;
		case '}':
			close_group(r);
			break;
		case '\\':
			i += take_control(r, span_skip(rtf, i + 1));
			break;
		case '\r':
		case '\n':
		case '\0':
			break;
		default:
			put_byte(r, rtf.p[i]);
		}
	}
	flush_bytes(r);
	return charset_clean(arena, str_span(&r->out), false);
}
