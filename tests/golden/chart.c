/*
 * Golden: a chart as lines of text -> the same chart as text for a mail, and
 * the shapes of its SVG.
 *
 *	KIND | title | decimals | top
 *	label | label | ...
 *	series | value | value | ...      "-" = withheld
 */
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/num.h"
#include "draw/draw.h"
#include "golden/golden.h"
#include "report/report.h"

enum {
	MOST = 16
};

static size_t
split(struct span line, struct span *parts)
{
	size_t n = 0;

	while (n < MOST && span_part(&line, '|', &parts[n])) {
		parts[n] = span_trim(parts[n]);
		n++;
	}
	return n;
}

static void
read_series(struct arena *a, struct chart *c, const struct span *parts)
{
	int64_t *v = arena_alloc(a, c->n * sizeof(*v));

	for (uint32_t i = 0; i < c->n; i++)
		if (!num_int(parts[i + 1], 0, 1000000, &v[i]))
			v[i] = CHART_NONE;
	c->series[c->series_n++] = (struct chart_series){parts[0], v};
}

static void
read_chart(struct arena *a, struct span in, struct chart *c)
{
	static const char *const kinds[] = {
	    "funnel", "bars", "lines", "heat", "aims"};
	struct span line, parts[MOST + 1] = {{0}};
	int64_t decimals = 0;

	*c = (struct chart){.none_text = SPAN("withheld"),
	    .series = arena_alloc(a, MOST * sizeof(*c->series)),
	    .labels = arena_alloc(a, MOST * sizeof(*c->labels))};
	span_line(&in, &line);
	split(line, parts);
	for (int k = 0; k < 5; k++)
		if (span_is(parts[0], kinds[k]))
			c->kind = (enum chart_kind)k;
	c->title = parts[1];
	num_int(parts[2], 0, 3, &decimals);
	num_int(parts[3], 0, 1000000, &c->top);
	c->decimals = (int)decimals;
	span_line(&in, &line);
	c->n = (uint32_t)split(line, c->labels);
	while (c->series_n < MOST && span_line(&in, &line) && line.n > 0) {
		memset(parts, 0, sizeof(parts));
		split(line, parts);
		read_series(a, c, parts);
	}
}

/*
 * Widths of text depend on the font: only what we draw ourselves
 * is compared, boxes and lines.
 */
static void
add_shapes(struct str *out, struct span svg)
{
	struct span line;

	while (span_line(&svg, &line))
		if ((span_starts(line, "<path") &&
			!span_starts(line, "<path style=\"stroke:none;\"")) ||
		    span_starts(line, "<rect"))
			str_addf(out, "%.*s\n", (int)line.n, line.p);
}

static void
run(struct arena *a, const char *path, struct span in, struct str *out)
{
	struct chart c;
	struct words w = {.locale = SPAN("en")};
	struct draw_style style = {SPAN("#0b5cad"), 500, 0};
	struct span svg;
	struct err err = {0};

	(void)path;
	read_chart(a, in, &c);
	str_add(out, chart_text(a, &c, &w));
	str_addz(out, "---\n");
	if (draw_svg(a, &c, &style, &svg, &err) < 0)
		str_addz(out, err.text);
	else
		add_shapes(out, svg);
}

int
main(void)
{
	return golden_main("chart", run);
}
