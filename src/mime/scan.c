/* What is looked at byte by byte before anything is parsed. */
#include <string.h>

#include "mime/mime_int.h"

bool
scan_line(struct span *rest, struct span *line)
{
	const char *end;
	size_t n;

	if (rest->n == 0)
		return false;
	end = memchr(rest->p, '\n', rest->n);
	n = end == NULL ? rest->n : (size_t)(end - rest->p);
	*line = span_sub(*rest, 0, n);
	*rest = span_skip(*rest, n + 1);
	if (line->n > 0 && line->p[line->n - 1] == '\r')
		line->n--;
	return true;
}

struct span
scan_line_ends(struct arena *arena, struct span raw)
{
	struct span copy;
	char *p;

	if (raw.n == 0 || memchr(raw.p, '\n', raw.n) != NULL ||
	    memchr(raw.p, '\r', raw.n) == NULL)
		return raw;
	copy = arena_span(arena, raw);
	p = (char *)copy.p;
	for (size_t i = 0; i < copy.n; i++)
		if (p[i] == '\r')
			p[i] = '\n';
	return copy;
}

int
scan_parens(struct span value)
{
	int depth = 0, deepest = 0;

	for (size_t i = 0; i < value.n; i++) {
		if (value.p[i] == '\\')
			i++;
		else if (value.p[i] == '(')
			depth++;
		else if (value.p[i] == ')' && depth > 0)
			depth--;
		if (depth > deepest)
			deepest = depth;
	}
	return deepest;
}

int
scan_words(struct span value)
{
	int n = 0;

	for (;;) {
		size_t at = span_find(value, SPAN("=?"));

		if (at == value.n)
			return n;
		n++;
		value = span_skip(value, at + 2);
	}
}
