/*
 * HTML is relieved of what libxml2 2.9 takes for text ("<![if ...]>"), and
 * of tags with more attributes than it can compare with one another in good
 * time.
 */
#include <string.h>

#include "mime/html_int.h"
#include "mime/mime_int.h"

/* Which ends are known not to come any more, so that none is sought twice. */
struct ends {
	bool no_comment, no_bracket;
};

/*
 * Length of the tag that begins at s.p[0] == '<', its '>' included, and how
 * many words it has; quotes only count behind a "=".  An open end takes all.
 */
static size_t
tag_length(struct span s, size_t *words)
{
	bool after_equals = false, in_word = true;

	*words = 1;
	for (size_t i = 1; i < s.n; i++) {
		char c = s.p[i];

		if (after_equals && (c == '"' || c == '\'')) {
			const char *end = memchr(s.p + i + 1, c, s.n - i - 1);

			if (end == NULL)
				return s.n;
			i = (size_t)(end - s.p);
			after_equals = in_word = false;
			continue;
		}
		if (c == '>')
			return i + 1;
		if (ascii_blank(c)) {
			in_word = false;
			continue;
		}
		*words += !in_word;
		in_word = true;
		after_equals = c == '=';
	}
	return s.n;
}

/* "<!-- ... -->"; one that is never closed loses its mark alone. */
static size_t
comment_length(struct span s, struct ends *ends)
{
	size_t n = s.n - 4;

	if (!ends->no_comment)
		n = span_find(span_skip(s, 4), SPAN("-->"));
	if (4 + n < s.n)
		return 4 + n + 3;
	ends->no_comment = true;
	return 4;
}

/* "<!...>" and "<?...>", likewise. */
static size_t
declaration_length(struct span s, struct ends *ends)
{
	size_t n = ends->no_bracket ? s.n : span_findc(s, '>');

	if (n < s.n)
		return n + 1;
	ends->no_bracket = true;
	return 2;
}

/* How much at the front of s ("<...") is left out; 0 = nothing. */
static size_t
left_out(struct span s, struct ends *ends)
{
	size_t n, words;

	if (span_starts(s, "<!--"))
		return comment_length(s, ends);
	if (span_starts(s, "<!") || span_starts(s, "<?"))
		return declaration_length(s, ends);
	if (s.n < 2 || (!ascii_alpha(s.p[1]) && s.p[1] != '/'))
		return 0;
	n = tag_length(s, &words);
	return n > LIMIT_TAG_BYTES || words > LIMIT_TAG_WORDS ? n : 0;
}

struct span
html_trim(struct arena *arena, struct span html)
{
	char *out = arena_alloc(arena, html.n + sizeof(HTML_BODY));
	struct ends ends = {false, false};
	struct span rest = html;
	size_t n = sizeof(HTML_BODY) - 1;

	memcpy(out, HTML_BODY, n);
	while (rest.n > 0) {
		size_t at = span_findc(rest, '<'), skip;

		memcpy(out + n, rest.p, at);
		n += at;
		rest = span_skip(rest, at);
		if (rest.n == 0)
			break;
		skip = left_out(rest, &ends);
		if (skip == 0) {
			out[n++] = '<';
			skip = 1;
		}
		rest = span_skip(rest, skip);
	}
	return (struct span){out, n};
}
