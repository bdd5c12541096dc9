/* Colours, text and lines: on a cairo context, or as elements of SVG. */
#include "draw/draw_int.h"

#include <cairo-ft.h>
#include <string.h>

#include "base/utf8.h"

enum {
	SHORT_TEXT = 256
};

struct pen
pen_new(struct arena *arena, cairo_t *cr, struct span accent)
{
	struct pen p = {.arena = arena,
	    .cr = cr,
	    .ink = {0.114, 0.137, 0.161},
	    .soft = {0.337, 0.376, 0.412},
	    .line = {0.85, 0.87, 0.89},
	    .size = 12};

	colour_parse(accent, &p.accent);
	return p;
}

void
pen_free(struct pen *p)
{
	for (size_t i = 0; i < PEN_FONTS; i++)
		for (int bold = 0; bold < 2; bold++)
			cairo_font_face_destroy(p->faces[i][bold]);
}

/* fill="#0b5cad" and the like. */
static void
add_colour(struct pen *p, const char *name, struct colour c)
{
	struct span written = colour_write(p->arena, c);

	str_addf(p->svg, " %s=\"%.*s\"", name, (int)written.n, written.p);
}

/* A number as short as it can be: two decimals are finer than any screen. */
static void
add_number(struct pen *p, const char *name, double value)
{
	int64_t n = (int64_t)(value * 100 + (value < 0 ? -0.5 : 0.5));
	int64_t size = n < 0 ? -n : n;

	if (name != NULL)
		str_addf(p->svg, " %s=\"", name);
	str_addf(p->svg, "%s%lld", n < 0 ? "-" : "", (long long)(size / 100));
	if (size % 100 != 0)
		str_addf(p->svg, size % 10 != 0 ? ".%02lld" : ".%01lld",
		    (long long)(size % 10 != 0 ? size % 100 : size % 100 / 10));
	if (name != NULL)
		str_addc(p->svg, '"');
}

void
pen_colour(struct pen *p, struct colour c)
{
	p->now = c;
	cairo_set_source_rgb(p->cr, c.r, c.g, c.b);
}

void
pen_font(struct pen *p, double size, bool bold)
{
	p->size = size;
	p->bold = bold;
}

/* Glyph 0 is the box of a letter that is not there. */
static bool
font_has(struct pen *p, struct span s)
{
	cairo_glyph_t *glyphs = NULL;
	int n = 0;
	bool all =
	    cairo_scaled_font_text_to_glyphs(cairo_get_scaled_font(p->cr), 0, 0,
		s.p, (int)s.n, &glyphs, &n, NULL, NULL,
		NULL) == CAIRO_STATUS_SUCCESS;

	for (int i = 0; i < n && all; i++)
		all = glyphs[i].index != 0;
	cairo_glyph_free(glyphs);
	return all;
}

/* cairo's own choice by a name is half bold where a font has that. */
static cairo_font_face_t *
font_face(const char *family, bool bold)
{
	FcPattern *wanted = FcPatternCreate();
	cairo_font_face_t *face;

	FcPatternAddString(wanted, FC_FAMILY, (const FcChar8 *)family);
	FcPatternAddInteger(
	    wanted, FC_WEIGHT, bold ? FC_WEIGHT_BOLD : FC_WEIGHT_REGULAR);
	face = cairo_ft_font_face_create_for_pattern(wanted);
	FcPatternDestroy(wanted);
	return face;
}

/* The first font that has all the letters of a text; else the first of all. */
static void
take_font(struct pen *p, struct span s)
{
	static const char *const families[PEN_FONTS] = {
	    "Roboto", "DejaVu Sans", "Droid Sans Fallback"};

	for (size_t i = 0; i <= PEN_FONTS; i++) {
		cairo_font_face_t **face = &p->faces[i % PEN_FONTS][p->bold];

		if (*face == NULL)
			*face = font_face(families[i % PEN_FONTS], p->bold);
		cairo_set_font_face(p->cr, *face);
		cairo_set_font_size(p->cr, p->size);
		if (span_is_ascii(s) || font_has(p, s))
			break;
	}
}

double
pen_width(struct pen *p, struct span s)
{
	cairo_text_extents_t e;
	char near[SHORT_TEXT];
	const char *text = near;

	if (s.n == 0)
		return 0;
	/* A long table is measured word by word. */
	if (s.n < sizeof(near)) {
		memcpy(near, s.p, s.n);
		near[s.n] = '\0';
	} else {
		text = arena_strdup(p->arena, s);
	}
	take_font(p, s);
	cairo_text_extents(p->cr, text, &e);
	return e.x_advance;
}

/* Real text: it can be found, copied, read aloud, and is sharp on paper. */
static void
svg_text(struct pen *p, double x, double y, double align, struct span s)
{
	if (s.n == 0)
		return;
	str_addz(p->svg, "<text");
	add_number(p, "x", x);
	add_number(p, "y", y);
	add_number(p, "font-size", p->size);
	if (p->bold)
		str_addz(p->svg, " font-weight=\"bold\"");
	if (align > 0)
		str_addf(p->svg, " text-anchor=\"%s\"",
		    align > 0.5 ? "end" : "middle");
	add_colour(p, "fill", p->now);
	str_addc(p->svg, '>');
	str_add_html(p->svg, s);
	str_addz(p->svg, "</text>\n");
}

/*
 * On one line, and without the two signs for which a PDF would carry a further
 * font: a blank that keeps words together, and an arrow.
 */
static struct span
plain(struct pen *p, struct span s)
{
	static const struct {
		const char *sign, *instead;
	} signs[] = {{"\xc2\xa0", " "}, {"\xe2\x86\x92", "›"}};
	struct str out;

	s = utf8_line(p->arena, s);
	if (p->svg != NULL || span_is_ascii(s))
		return s;
	str_init(&out, p->arena, s.n + 1);
	while (s.n > 0) {
		size_t n = 1;

		for (size_t k = 0; k < 2; k++)
			if (span_starts(s, signs[k].sign)) {
				str_addz(&out, signs[k].instead);
				n = span_of(signs[k].sign).n;
			}
		if (n == 1)
			str_addc(&out, s.p[0]);
		s = span_skip(s, n);
	}
	return str_span(&out);
}

void
pen_text(struct pen *p, double x, double y, double align, struct span s)
{
	s = plain(p, s);
	if (p->svg != NULL) {
		svg_text(p, x, y, align, s);
		return;
	}
	x -= pen_width(p, s) * align;
	cairo_move_to(p->cr, x, y);
	cairo_show_text(p->cr, arena_strdup(p->arena, s));
	cairo_new_path(p->cr); /* or the next arc starts at the text's end */
}

struct span
pen_fit(struct pen *p, struct span s, double width)
{
	size_t bytes = s.n;

	s = plain(p, s);
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

static void
svg_box(struct pen *p, double x, double y, double w, double h)
{
	str_addz(p->svg, "<rect");
	add_number(p, "x", x);
	add_number(p, "y", y);
	add_number(p, "width", w < 0 ? 0 : w);
	add_number(p, "height", h < 0 ? 0 : h);
}

void
pen_box(struct pen *p, double x, double y, double w, double h, struct colour c)
{
	pen_colour(p, c);
	if (p->svg != NULL) {
		svg_box(p, x, y, w, h);
		add_colour(p, "fill", c);
		str_addz(p->svg, "/>\n");
		return;
	}
	cairo_rectangle(p->cr, x, y, w, h);
	cairo_fill(p->cr);
}

void
pen_frame(
    struct pen *p, double x, double y, double w, double h, struct colour c)
{
	pen_colour(p, c);
	if (p->svg != NULL) {
		svg_box(p, x + 0.5, y + 0.5, w - 1, h - 1);
		str_addz(p->svg, " fill=\"none\"");
		add_colour(p, "stroke", c);
		str_addz(p->svg, "/>\n");
		return;
	}
	cairo_set_line_width(p->cr, 1);
	cairo_rectangle(p->cr, x + 0.5, y + 0.5, w - 1, h - 1);
	cairo_stroke(p->cr);
}

static void
svg_path(struct pen *p, const struct point *at, size_t n, double width,
    bool dashed, struct colour c)
{
	str_addz(p->svg, "<path d=\"");
	for (size_t i = 0; i < n; i++) {
		str_addz(p->svg, i == 0 ? "M" : " L");
		add_number(p, NULL, at[i].x);
		str_addc(p->svg, ' ');
		add_number(p, NULL, at[i].y);
	}
	str_addz(p->svg, "\" fill=\"none\"");
	add_colour(p, "stroke", c);
	add_number(p, "stroke-width", width);
	if (dashed)
		str_addz(p->svg, " stroke-dasharray=\"5 3\"");
	str_addz(p->svg, "/>\n");
}

void
pen_path(struct pen *p, const struct point *at, size_t n, double width,
    bool dashed, struct colour c)
{
	static const double dash[] = {5, 3};

	if (n < 2)
		return;
	pen_colour(p, c);
	if (p->svg != NULL) {
		svg_path(p, at, n, width, dashed, c);
		return;
	}
	cairo_set_line_width(p->cr, width);
	cairo_set_line_join(p->cr, CAIRO_LINE_JOIN_ROUND);
	cairo_set_dash(p->cr, dash, dashed ? 2 : 0, 0);
	cairo_move_to(p->cr, at[0].x, at[0].y);
	for (size_t i = 1; i < n; i++)
		cairo_line_to(p->cr, at[i].x, at[i].y);
	cairo_stroke(p->cr);
	cairo_set_dash(p->cr, NULL, 0, 0);
}

void
pen_dot(struct pen *p, double x, double y, double r, struct colour c)
{
	pen_colour(p, c);
	if (p->svg != NULL) {
		str_addz(p->svg, "<circle");
		add_number(p, "cx", x);
		add_number(p, "cy", y);
		add_number(p, "r", r);
		add_colour(p, "fill", c);
		str_addz(p->svg, "/>\n");
		return;
	}
	cairo_arc(p->cr, x, y, r, 0, 6.2832);
	cairo_fill(p->cr);
}

void
pen_line(struct pen *p, double x, double y, double x2, double y2, double width,
    struct colour c)
{
	const struct point at[] = {{x, y}, {x2, y2}};

	pen_path(p, at, 2, width, false, c);
}
