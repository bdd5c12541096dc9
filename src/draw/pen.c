/* Colours, text and lines on a cairo context. */
#include "draw/draw_int.h"

#include "base/utf8.h"

static int
hex(char c)
{
	return ascii_digit(c) ? c - '0'
	       : ascii_lower(c) >= 'a' && ascii_lower(c) <= 'f'
		   ? ascii_lower(c) - 'a' + 10
		   : -1;
}

/* "#rrggbb"; anything else is the house's blue. */
static struct colour
parse(struct span s)
{
	int v[6];

	if (s.n != 7 || s.p[0] != '#')
		return (struct colour){0.043, 0.361, 0.678};
	for (int i = 0; i < 6; i++) {
		v[i] = hex(s.p[i + 1]);
		if (v[i] < 0)
			return (struct colour){0.043, 0.361, 0.678};
	}
	return (struct colour){(v[0] * 16 + v[1]) / 255.0,
	    (v[2] * 16 + v[3]) / 255.0, (v[4] * 16 + v[5]) / 255.0};
}

struct pen
pen_new(struct arena *arena, cairo_t *cr, struct span accent)
{
	struct pen p = {.arena = arena,
	    .cr = cr,
	    .accent = parse(accent),
	    .ink = {0.114, 0.137, 0.161},
	    .soft = {0.337, 0.376, 0.412},
	    .line = {0.85, 0.87, 0.89}};

	return p;
}

void
pen_colour(struct pen *p, struct colour c)
{
	cairo_set_source_rgb(p->cr, c.r, c.g, c.b);
}

struct colour
colour_tint(struct colour c, double share)
{
	return (struct colour){1 - (1 - c.r) * share, 1 - (1 - c.g) * share,
	    1 - (1 - c.b) * share};
}

bool
colour_is_light(struct colour c)
{
	return 0.299 * c.r + 0.587 * c.g + 0.114 * c.b > 0.55;
}

void
pen_font(struct pen *p, double size, bool bold)
{
	cairo_select_font_face(p->cr, "DejaVu Sans", CAIRO_FONT_SLANT_NORMAL,
	    bold ? CAIRO_FONT_WEIGHT_BOLD : CAIRO_FONT_WEIGHT_NORMAL);
	cairo_set_font_size(p->cr, size);
}

double
pen_width(struct pen *p, struct span s)
{
	cairo_text_extents_t e;

	cairo_text_extents(p->cr, arena_strdup(p->arena, s), &e);
	return e.x_advance;
}

void
pen_text(struct pen *p, double x, double y, double align, struct span s)
{
	s = utf8_line(p->arena, s);
	if (align > 0)
		x -= pen_width(p, s) * align;
	cairo_move_to(p->cr, x, y);
	cairo_show_text(p->cr, arena_strdup(p->arena, s));
	cairo_new_path(p->cr); /* or the next arc starts at the text's end */
}

struct span
pen_fit(struct pen *p, struct span s, double width)
{
	size_t bytes = s.n;

	s = utf8_line(p->arena, s);
	if (pen_width(p, s) <= width)
		return s;
	for (bytes = s.n; bytes > 0; bytes--) {
		struct span head = utf8_head(s, bytes), cut;

		bytes = head.n;
		head = span_rtrim(head);
		cut = arena_spanf(p->arena, "%.*s…", (int)head.n, head.p);
		if (bytes == 0 || pen_width(p, cut) <= width)
			return cut;
	}
	return SPAN("");
}

void
pen_box(struct pen *p, double x, double y, double w, double h, struct colour c)
{
	pen_colour(p, c);
	cairo_rectangle(p->cr, x, y, w, h);
	cairo_fill(p->cr);
}

void
pen_line(struct pen *p, double x, double y, double x2, double y2, double width,
    struct colour c)
{
	pen_colour(p, c);
	cairo_set_line_width(p->cr, width);
	cairo_move_to(p->cr, x, y);
	cairo_line_to(p->cr, x2, y2);
	cairo_stroke(p->cr);
}
