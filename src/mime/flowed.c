/*
 * format=flowed (RFC 3676): a line that ends in a blank goes on in the next
 * one of the same quote depth.  With DelSp that blank is not part of the
 * text.
 */
#include "base/str.h"
#include "mime/mime_int.h"

static size_t
quote_depth(struct span line)
{
	size_t n = 0;

	while (n < line.n && line.p[n] == '>')
		n++;
	return n;
}

struct span
flowed_undo(struct arena *arena, struct span text, bool delsp)
{
	struct span rest = text, line;
	size_t depth = 0, last = 0;
	bool open = false; /* the line before goes on */
	struct str out;

	str_init(&out, arena, text.n * 2 + 16);
	while (scan_line(&rest, &line)) {
		bool signature, flows;

		depth = quote_depth(line);
		line = span_skip(line, depth);
		if (line.n > 0 && line.p[0] == ' ')
			line = span_skip(line, 1); /* stuffed */
		signature = span_is(line, "-- ");
		if (open && (depth != last || signature)) {
			str_addc(&out, '\n');
			open = false;
		}
		if (!open && depth > 0) {
			str_fill(&out, '>', depth);
			str_addc(&out, ' ');
		}
		flows = line.n > 0 && line.p[line.n - 1] == ' ' && !signature;
		if (flows && delsp)
			line.n--;
		str_add(&out, line);
		if (!flows)
			str_addc(&out, '\n');
		open = flows;
		last = depth;
	}
	return str_span(&out);
}
