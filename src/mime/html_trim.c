/*
 * HTML is relieved of what libxml2 2.9 takes for text ("<![if ...]>"), and
 * of tags with more attributes than it can compare with one another in good
 * time.
 */
#include <string.h>

#include "mime/html_int.h"
#include "mime/mime_int.h"

enum {
	TAG_BYTES = 16 * 1024
};

/*
 * Length of the tag that begins at s.p[0] == '<', its '>' included; quotes
 * only count behind a "=".  An open end takes all.
 */
static size_t
tag_length(struct span s)
{
	bool after_equals = false;

	for (size_t i = 1; i < s.n; i++) {
		char c = s.p[i];

		if (after_equals && (c == '"' || c == '\'')) {
			const char *end = memchr(s.p + i + 1, c, s.n - i - 1);

			if (end == NULL)
				return s.n;
			i = (size_t)(end - s.p);
			after_equals = false;
			continue;
		}
		if (c == '>')
			return i + 1;
		if (!ascii_blank(c))
			after_equals = c == '=';
	}
	return s.n;
}

/* How much at the front of s ("<...") is left out; 0 = nothing. */
static size_t
left_out(struct span s, bool *no_more_comments)
{
	size_t n;

	if (span_starts(s, "<!--")) {
		if (*no_more_comments)
			return 4;
		n = span_find(span_skip(s, 4), SPAN("-->"));
		if (4 + n == s.n) {
			*no_more_comments = true;
			return 4;
		}
		return 4 + n + 3;
	}
	if (span_starts(s, "<!") || span_starts(s, "<?")) {
		n = span_findc(s, '>');
		return n < s.n ? n + 1 : 2;
	}
	if (s.n > 1 && (ascii_alpha(s.p[1]) || s.p[1] == '/')) {
		n = tag_length(s);
		return n > TAG_BYTES ? n : 0;
	}
	return 0;
}

struct span
html_trim(struct arena *arena, struct span html)
{
	char *out = arena_alloc(arena, html.n + 1);
	bool no_more_comments = false;
	struct span rest = html;
	size_t n = 0;

	while (rest.n > 0) {
		size_t at = span_findc(rest, '<'), skip;

		memcpy(out + n, rest.p, at);
		n += at;
		rest = span_skip(rest, at);
		if (rest.n == 0)
			break;
		skip = left_out(rest, &no_more_comments);
		if (skip == 0) {
			out[n++] = '<';
			skip = 1;
		}
		rest = span_skip(rest, skip);
	}
	return (struct span){out, n};
}
