/*
 * Bars, lines, funnel, heat map, aims.  One accent colour; series differ in tint
 * and outline, and every figure is also written, so nothing is lost in grey.
 */
#include "draw/draw_int.h"

enum {
	TITLE = 24,
	ROW = 26,
	NOTE = 18
};

struct area {
	double x, y, w, h;
};

static struct span
value_text(struct pen *p, const struct chart *c, int64_t v)
{
	int decimals = c->kind == CHART_HEAT ? 1 : c->decimals;
	int64_t power = 1, size;
	struct span point = c->point.n == 1 ? c->point : SPAN(".");
	struct span text;

	if (v == CHART_NONE)
		return SPAN("–");
	if (c->kind == CHART_HEAT)
		v = (v + 25) / 50;
	size = v < 0 ? -v : v;
	for (int i = 0; i < decimals; i++)
		power *= 10;
	text = decimals == 0
		   ? arena_spanf(
			 p->arena, "%s%lld", v < 0 ? "−" : "", (long long)size)
		   : arena_spanf(p->arena, "%s%lld%.*s%0*lld", v < 0 ? "−" : "",
			 (long long)(size / power), (int)point.n, point.p,
			 decimals, (long long)(size % power));
	if (c->unit.n > 0 && c->kind != CHART_HEAT)
		text = arena_spanf(p->arena, "%.*s %.*s", (int)text.n, text.p,
		    (int)c->unit.n, c->unit.p);
	return text;
}

static bool
has_none(const struct chart *c)
{
	for (uint32_t s = 0; s < c->series_n; s++)
		for (uint32_t i = 0; i < c->n; i++)
			if (c->series[s].values[i] == CHART_NONE)
				return true;
	return false;
}

/* A round number at or above the greatest value. */
static int64_t
top_of(const struct chart *c)
{
	static const int steps[] = {1, 2, 4, 5, 6, 8, 10};
	int64_t top = c->top, size = 1;

	for (uint32_t s = 0; s < c->series_n; s++)
		for (uint32_t i = 0; i < c->n; i++)
			if (c->series[s].values[i] > top)
				top = c->series[s].values[i];
	if (c->top >= top && c->top > 0)
		return c->top;
	while (size * 10 < top)
		size *= 10;
	for (size_t i = 0; i < sizeof(steps) / sizeof(*steps); i++)
		if (steps[i] * size >= top)
			return steps[i] * size < 4 ? 4 : steps[i] * size;
	return top > 0 ? top : 4;
}

static struct colour
series_colour(const struct pen *p, uint32_t s, uint32_t n)
{
	/* The last series is the one to look at: what was held. */
	return s + 1 == n ? p->accent
			  : colour_tint(p->accent, 0.16 + 0.2 * (double)s);
}

/* ---- funnel ---- */

static double
widest_label(struct pen *p, const struct span *labels, uint32_t n, double max)
{
	double widest = 0;

	for (uint32_t i = 0; i < n; i++) {
		double w = pen_width(p, labels[i]);

		widest = w > widest ? w : widest;
	}
	return widest > max ? max : widest;
}

static void
draw_funnel(struct pen *p, const struct chart *c, struct area a)
{
	const int64_t *v = c->series[0].values;
	int64_t top = top_of(c), first = c->n > 0 ? v[0] : 0;
	double step = a.h / (c->n > 0 ? c->n : 1), label, room;

	pen_font(p, 12, false);
	label = widest_label(p, c->labels, c->n, a.w * 0.4);
	room = a.w - label - 12 - 90;
	if (first > 0)
		top = first;
	for (uint32_t i = 0; i < c->n; i++) {
		double y = a.y + step * i, bar = step * 0.62;
		double w = v[i] > 0 ? room * (double)v[i] / (double)top : 0;
		struct span text = value_text(p, c, v[i]);

		w = w > room ? room : w;
		pen_colour(p, p->ink);
		pen_text(p, a.x, y + step / 2 + 4, 0,
		    pen_fit(p, c->labels[i], label));
		pen_box(p, a.x + label + 12, y + (step - bar) / 2, w, bar,
		    colour_tint(p->accent, 1 - 0.15 * (i % 4)));
		if (i > 0 && first > 0 && v[i] != CHART_NONE)
			text = arena_spanf(p->arena, "%.*s  (%lld %%)",
			    (int)text.n, text.p,
			    (long long)((v[i] * 200 + first) / (2 * first)));
		pen_colour(p, p->ink);
		pen_text(
		    p, a.x + label + 12 + w + 6, y + step / 2 + 4, 0, text);
	}
}

/* ---- aims ---- */

/* "at least 68 %" is no 68 %. */
static struct span
aim_text(struct pen *p, const struct chart *c, uint32_t i)
{
	return c->said != NULL ? c->said[i]
			       : value_text(p, c, c->series[0].values[i]);
}

/* A bar for where it is, a line across for where it should be. */
static void
draw_aim(struct pen *p, const struct chart *c, struct area a, uint32_t i)
{
	int64_t now = c->series[0].values[i], target = c->series[1].values[i];
	int64_t top = c->top > 0 ? c->top : 100;
	double x, w = now > 0 ? a.w * (double)now / (double)top : 0;

	w = w > a.w ? a.w : w;
	pen_box(p, a.x, a.y, a.w, a.h, colour_tint(p->accent, 0.1));
	pen_box(p, a.x, a.y, w, a.h,
	    now >= target ? p->accent : colour_tint(p->accent, 0.55));
	if (target != CHART_NONE && target <= top) {
		x = a.x + a.w * (double)target / (double)top;
		pen_line(p, x, a.y - 4, x, a.y + a.h + 4, 2, p->ink);
	}
	pen_font(p, 11, true);
	pen_colour(p, p->ink);
	pen_text(p, a.x + a.w + 8, a.y + a.h / 2 + 4, 0, aim_text(p, c, i));
}

static void
draw_aims(struct pen *p, const struct chart *c, struct area a)
{
	double label = a.w * 0.42, step = a.h / (c->n > 0 ? c->n : 1);
	double room = 48;

	pen_font(p, 11, true);
	for (uint32_t i = 0; i < c->n; i++) {
		double w = pen_width(p, aim_text(p, c, i));

		room = w > room ? w : room;
	}
	for (uint32_t i = 0; i < c->n; i++) {
		double y = a.y + step * i;

		pen_font(p, 11.5, false);
		pen_colour(p, p->ink);
		pen_text(p, a.x, y + step / 2 + 4, 0,
		    pen_fit(p, c->labels[i], label - 12));
		draw_aim(p, c,
		    (struct area){a.x + label, y + step / 2 - 7,
			a.w - label - room - 8, 14},
		    i);
	}
}

/* ---- axes ---- */

static struct area
draw_axes(struct pen *p, const struct chart *c, struct area a, int64_t top)
{
	int ticks = top % 5 == 0 ? 5 : top % 4 == 0 ? 4 : top % 3 == 0 ? 3 : 2;
	struct area in = {a.x, a.y + 20, a.w, a.h - 20 - 22};
	double room = 0;

	pen_font(p, 11, false);
	for (int i = 0; i <= ticks; i++) {
		double w = pen_width(p, value_text(p, c, top * i / ticks));

		room = w > room ? w : room;
	}
	in.x += room + 8;
	in.w -= room + 8;
	for (int i = 0; i <= ticks; i++) {
		double y = in.y + in.h - in.h * i / ticks;

		pen_line(p, in.x, y, in.x + in.w, y, i == 0 ? 1.2 : 0.8,
		    i == 0 ? p->soft : p->line);
		pen_colour(p, p->soft);
		pen_text(
		    p, in.x - 8, y + 4, 1, value_text(p, c, top * i / ticks));
	}
	return in;
}

static void
draw_labels(struct pen *p, const struct chart *c, struct area in)
{
	double step = in.w / (c->n > 0 ? c->n : 1);
	double widest;
	uint32_t every = 1;

	pen_font(p, 11, false);
	widest = widest_label(p, c->labels, c->n, 120);
	while (step * every < widest + 8 && every < c->n && step < 90)
		every++;
	pen_colour(p, p->soft);
	/* Counted from the right, so that the newest has its label. */
	for (uint32_t i = 0; i < c->n; i++)
		if ((c->n - 1 - i) % every == 0)
			pen_text(p, in.x + step * (i + 0.5), in.y + in.h + 16,
			    0.5, pen_fit(p, c->labels[i], step * every - 4));
}

static void
draw_bars(struct pen *p, const struct chart *c, struct area a)
{
	int64_t top = top_of(c);
	struct area in = draw_axes(p, c, a, top);
	double step = in.w / (c->n > 0 ? c->n : 1);
	double bar = step * 0.7 / (c->series_n > 0 ? c->series_n : 1);

	if (bar > 60)
		bar = 60;
	draw_labels(p, c, in);
	for (uint32_t s = 0; s < c->series_n; s++)
		for (uint32_t i = 0; i < c->n; i++) {
			int64_t v = c->series[s].values[i];
			double h = v > 0 ? in.h * (double)v / (double)top : 0;
			double x = in.x + step * (i + 0.5) +
				   bar * (s - c->series_n / 2.0);

			pen_box(p, x + 1, in.y + in.h - h, bar - 2, h,
			    series_colour(p, s, c->series_n));
			if (s + 1 < c->series_n && h > 0)
				pen_frame(p, x + 1, in.y + in.h - h, bar - 2, h,
				    p->accent);
			pen_font(p, 10.5, false);
			pen_colour(p, p->ink);
			pen_text(p, x + bar / 2, in.y + in.h - h - 4, 0.5,
			    value_text(p, c, v));
		}
}

/* Where nothing may be told the line has a gap. */
static void
draw_series(struct pen *p, const struct chart *c, struct area in, uint32_t s,
    int64_t top)
{
	const int64_t *v = c->series[s].values;
	struct point *at = arena_alloc(p->arena, c->n * sizeof(*at));
	double step = in.w / (c->n > 0 ? c->n : 1);
	size_t n = 0;

	for (uint32_t i = 0; i <= c->n; i++) {
		if (i < c->n && v[i] != CHART_NONE) {
			at[n++] = (struct point){in.x + step * (i + 0.5),
			    in.y + in.h - in.h * (double)v[i] / (double)top};
			continue;
		}
		pen_path(p, at, n, 2.2, s + 1 != c->series_n, p->accent);
		n = 0;
	}
	pen_font(p, 10.5, false);
	for (uint32_t i = 0; i < c->n; i++) {
		double x = in.x + step * (i + 0.5), y = in.y + in.h;

		if (v[i] != CHART_NONE) {
			y -= in.h * (double)v[i] / (double)top;
			pen_dot(p, x, y, 3.2, p->accent);
		}
		pen_colour(p, p->ink);
		if (step >= 24 || (c->n - 1 - i) % 4 == 0)
			pen_text(p, x, y - 8, 0.5, value_text(p, c, v[i]));
	}
}

static void
draw_lines(struct pen *p, const struct chart *c, struct area a)
{
	int64_t top = top_of(c);
	struct area in = draw_axes(p, c, a, top);

	draw_labels(p, c, in);
	for (uint32_t s = 0; s < c->series_n; s++)
		draw_series(p, c, in, s, top);
}

/* ---- heat map ---- */

/* A label too wide for its column stands on two lines. */
static void
heat_label(struct pen *p, struct span label, double x, double y, double room)
{
	struct span first = label, last = SPAN("");

	if (pen_width(p, label) > room)
		for (size_t i = label.n; i > 0; i--)
			if (label.p[i - 1] == ' ') {
				first = span_sub(label, 0, i - 1);
				last = span_skip(label, i);
				break;
			}
	pen_text(p, x, last.n > 0 ? y - 13 : y, 0.5, pen_fit(p, first, room));
	pen_text(p, x, y, 0.5, pen_fit(p, last, room));
}

static void
draw_heat(struct pen *p, const struct chart *c, struct area a)
{
	double label, cell, row;

	pen_font(p, 11, false);
	label = a.w * 0.32;
	cell = (a.w - label) / (c->n > 0 ? c->n : 1);
	row = (a.h - 32) / (c->series_n > 0 ? c->series_n : 1);
	pen_colour(p, p->soft);
	for (uint32_t i = 0; i < c->n; i++)
		heat_label(p, c->labels[i], a.x + label + cell * (i + 0.5),
		    a.y + 24, cell - 4);
	for (uint32_t s = 0; s < c->series_n; s++) {
		double y = a.y + 32 + row * s;

		pen_colour(p, p->ink);
		pen_text(p, a.x, y + row / 2 + 4, 0,
		    pen_fit(p, c->series[s].name, label - 8));
		for (uint32_t i = 0; i < c->n; i++) {
			int64_t v = c->series[s].values[i];
			double x = a.x + label + cell * i;
			struct colour ground =
			    v == CHART_NONE
				? (struct colour){0.96, 0.96, 0.97}
				: colour_tint(p->accent,
				      0.08 + 0.92 * (double)v / 1000);

			pen_box(p, x + 1, y + 1, cell - 2, row - 2, ground);
			pen_colour(p, colour_is_light(ground)
					  ? (struct colour){0, 0, 0}
					  : (struct colour){1, 1, 1});
			pen_text(p, x + cell / 2, y + row / 2 + 4, 0.5,
			    value_text(p, c, v));
		}
	}
}

/* ---- the whole chart ---- */

static void
draw_legend(struct pen *p, const struct chart *c, double x, double y)
{
	pen_font(p, 11, false);
	for (uint32_t s = 0; s < c->series_n; s++) {
		struct span name = pen_fit(p, c->series[s].name, 160);

		pen_box(p, x, y - 9, 11, 11, series_colour(p, s, c->series_n));
		pen_frame(p, x, y - 9, 11, 11, p->accent);
		pen_colour(p, p->ink);
		pen_text(p, x + 17, y, 0, name);
		x += 17 + pen_width(p, name) + 22;
	}
}

static bool
has_legend(const struct chart *c)
{
	return c->series_n > 1 &&
	       (c->kind == CHART_BARS || c->kind == CHART_LINES);
}

double
chart_height(const struct chart *c, double width)
{
	double head =
	    TITLE + (has_legend(c) ? 20 : 0) + (has_none(c) ? NOTE : 0) + 6;

	if (c->kind == CHART_FUNNEL)
		return head + c->n * 30.0;
	if (c->kind == CHART_AIMS)
		return head + c->n * 28.0;
	if (c->kind == CHART_HEAT)
		return head + 32 + c->series_n * (double)ROW;
	return head + (width > 400 ? 166 : 150);
}

void
chart_draw(struct pen *p, const struct chart *c, double x, double y,
    double width, double height)
{
	struct area a = {x, y + TITLE, width, height - TITLE - 4};

	pen_font(p, 13, true);
	pen_colour(p, p->ink);
	pen_text(p, x, y + 14, 0, pen_fit(p, c->title, width));
	if (has_legend(c)) {
		draw_legend(p, c, x, a.y + 11);
		a.y += 20;
		a.h -= 20;
	}
	if (has_none(c) && c->none_text.n > 0) {
		a.h -= NOTE;
		pen_font(p, 10.5, false);
		pen_colour(p, p->soft);
		pen_text(p, x + width, y + height - 5, 1,
		    arena_spanf(p->arena, "– %.*s", (int)c->none_text.n,
			c->none_text.p));
	}
	if (c->n == 0 || c->series_n == 0)
		return;
	switch (c->kind) {
	case CHART_FUNNEL:
		draw_funnel(p, c, a);
		break;
	case CHART_BARS:
		draw_bars(p, c, a);
		break;
	case CHART_LINES:
		draw_lines(p, c, a);
		break;
	case CHART_HEAT:
		draw_heat(p, c, a);
		break;
	case CHART_AIMS:
		draw_aims(p, c, a);
		break;
	}
}
