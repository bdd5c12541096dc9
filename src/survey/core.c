/*
 * The answer itself, without what people and programs put around it: blanks
 * of all kinds, brackets, quotes, the stars of bold text, an arrow.
 */
#include "survey/survey.h"

#include <string.h>

#include "base/utf8.h"
#include "survey/survey_int.h"

enum {
	LAYERS = 8
};

struct pair {
	const char *open, *close;
};

/* Longer ones first. */
static const struct pair pairs[] = {{"[", "]"}, {"(", ")"}, {"{", "}"},
    {"［", "］"}, {"【", "】"}, {"（", "）"}, {"「", "」"}, {"\"", "\""},
    {"'", "'"}, {"“", "”"}, {"„", "“"}, {"”", "”"}, {"‘", "’"}, {"‚", "‘"},
    {"«", "»"}, {"»", "«"}, {"<<", ">>"}, {"***", "***"}, {"**", "**"},
    {"*", "*"}, {"__", "__"}, {"_", "_"}, {"`", "`"}};

/* What points at an answer; a blank or the answer follows. */
static const char *const pointers[] = {"-->", "--->", "->", "==>", "=>", "<--",
    "<---", "<-", "<==", "<=", "→", "➔", "⇒", "➜", "▶", "►", "»", "←", "=", ":",
    "###", "##"};

static bool
is_wide_blank(uint32_t c)
{
	return c <= ' ' || c == 0xA0 || c == 0x2007 || c == 0x200B ||
	       c == 0x202F || c == 0x2060 || c == 0x3000 || c == 0xFEFF;
}

struct span
wide_ltrim(struct span s)
{
	uint32_t c;
	size_t k;

	while ((k = utf8_next(s, &c)) > 0 && is_wide_blank(c))
		s = span_skip(s, k);
	return s;
}

struct span
wide_trim(struct span s)
{
	s = wide_ltrim(s);
	while (s.n > 0) {
		size_t at = s.n - 1;
		uint32_t c;

		while (at > 0 && ((unsigned char)s.p[at] & 0xC0) == 0x80)
			at--;
		utf8_next(span_skip(s, at), &c);
		if (!is_wide_blank(c))
			break;
		s.n = at;
	}
	return s;
}

/* The pair that encloses all of s, or its bare beginning "[ ] 4". */
static bool
unwrap(struct span *s)
{
	for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++) {
		size_t open = strlen(pairs[i].open);
		size_t close = strlen(pairs[i].close), end;
		struct span rest;

		if (s->n < open + close || !span_starts(*s, pairs[i].open))
			continue;
		rest = span_skip(*s, open);
		end = span_find(rest, span_of(pairs[i].close));
		if (end == rest.n)
			continue;
		/* "[4]", but not "(a) and (b)" */
		if (end + close == rest.n ||
		    (i < 5 && typed_empty(span_sub(rest, 0, end)))) {
			struct span in =
			    wide_trim(end + close == rest.n
					  ? span_sub(rest, 0, end)
					  : span_skip(rest, end + close));

			if (in.n == 0)
				return false;
			*s = in;
			return true;
		}
	}
	return false;
}

static bool
unpoint(struct span *s)
{
	for (size_t i = 0; i < sizeof(pointers) / sizeof(pointers[0]); i++) {
		struct span rest;

		if (!span_starts(*s, pointers[i]))
			continue;
		rest = wide_ltrim(span_skip(*s, strlen(pointers[i])));
		/* ":-)" */
		if (rest.n == 0 || (span_is(span_of(pointers[i]), ":") &&
				       strchr("-()DP", rest.p[0]) != NULL))
			continue;
		*s = rest;
		return true;
	}
	/* "- 4"; a list of several lines keeps its dashes. */
	if (s->n > 2 && span_findc(*s, '\n') == s->n &&
	    (span_starts(*s, "- ") || span_starts(*s, "– ") ||
		span_starts(*s, "* ") || span_starts(*s, "• "))) {
		*s = wide_ltrim(span_skip(*s, span_findc(*s, ' ')));
		return true;
	}
	return false;
}

struct span
answer_core(struct span raw)
{
	struct span s = wide_trim(raw);

	for (int i = 0; i < LAYERS; i++)
		if (!unwrap(&s) && !unpoint(&s))
			break;
	return s;
}

/* "[Pat Sample] 4": Outlook marks comments so; "PS: 4". */
struct span
behind_name(struct span s)
{
	size_t end = 0;
	bool bracket = span_starts(s, "[");

	for (size_t i = bracket ? 1 : 0; i < s.n && i < 40; i++) {
		if (bracket && s.p[i] == ']' && i > 2) {
			end = i;
			break;
		}
		if (!bracket && s.p[i] == ':' && i >= 1) {
			end = i;
			break;
		}
		if (!ascii_alpha(s.p[i]) && (unsigned char)s.p[i] < 0x80 &&
		    strchr(" .-'", s.p[i]) == NULL)
			break;
	}
	/* A name, or initials: it begins with a capital. */
	if (end == 0 || s.p[bracket ? 1 : 0] < 'A' ||
	    s.p[bracket ? 1 : 0] > 'Z')
		return s;
	return wide_trim(span_skip(s, end + 1));
}
