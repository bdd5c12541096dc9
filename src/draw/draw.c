/* Charts as PNG and SVG files in memory. */
#include <cairo-svg.h>

#include "base/digest.h"
#include "base/str.h"
#include "draw/draw_int.h"

enum {
	DRAWN_MAX = 16 << 20,
	MARGIN = 12
};

cairo_status_t
draw_take(void *closure, const unsigned char *bytes, unsigned n)
{
	struct str *out = closure;

	str_add(out, (struct span){(const char *)bytes, n});
	return out->cut ? CAIRO_STATUS_WRITE_ERROR : CAIRO_STATUS_SUCCESS;
}

static int
failed(struct err *err, const char *what, cairo_status_t status)
{
	return err_set(err, ERR_ITEM, "cannot draw %s: %s", what,
	    cairo_status_to_string(status));
}

static void
size_of(const struct chart *c, const struct draw_style *style, int *width,
    int *height)
{
	*width = style->width > 0 ? style->width : 640;
	if (*width < 200)
		*width = 200;
	if (*width > 4000)
		*width = 4000;
	*height = style->height > 0 ? style->height
				    : (int)chart_height(c, *width) + 2 * MARGIN;
	if (*height < 80)
		*height = 80;
	if (*height > 4000)
		*height = 4000;
}

static void
draw_on(struct arena *arena, cairo_t *cr, const struct chart *c,
    const struct draw_style *style, int width, int height)
{
	struct pen pen = pen_new(arena, cr, style->accent);
	cairo_font_options_t *font = cairo_font_options_create();

	/* Hinting would tie the look to the machine. */
	cairo_font_options_set_hint_style(font, CAIRO_HINT_STYLE_NONE);
	cairo_font_options_set_hint_metrics(font, CAIRO_HINT_METRICS_OFF);
	cairo_font_options_set_antialias(font, CAIRO_ANTIALIAS_GRAY);
	cairo_set_font_options(cr, font);
	cairo_font_options_destroy(font);
	pen_box(&pen, 0, 0, width, height, (struct colour){1, 1, 1});
	chart_draw(
	    &pen, c, MARGIN, MARGIN, width - 2 * MARGIN, height - 2 * MARGIN);
}

int
draw_png(struct arena *arena, const struct chart *c,
    const struct draw_style *style, struct span *png, struct err *err)
{
	int width, height;
	cairo_surface_t *surface;
	cairo_t *cr;
	cairo_status_t status;
	struct str out;

	size_of(c, style, &width, &height);
	str_init(&out, arena, DRAWN_MAX);
	surface = cairo_image_surface_create(
	    CAIRO_FORMAT_RGB24, width * 2, height * 2);
	cr = cairo_create(surface);
	cairo_scale(cr, 2, 2);
	draw_on(arena, cr, c, style, width, height);
	status = cairo_status(cr);
	cairo_destroy(cr);
	if (status == CAIRO_STATUS_SUCCESS)
		status =
		    cairo_surface_write_to_png_stream(surface, draw_take, &out);
	cairo_surface_destroy(surface);
	if (status != CAIRO_STATUS_SUCCESS)
		return failed(err, "a picture", status);
	*png = str_span(&out);
	return 0;
}

/*
 * cairo calls its glyphs "glyph0-1" in every file; two charts in one page
 * would borrow each other's letters.  The names get a mark of the contents.
 */
static struct span
rename_ids(struct arena *arena, struct span svg)
{
	static const char *const starts[] = {"id=\"", "href=\"#", "url(#"};
	uint8_t digest[DIGEST_BYTES];
	struct span mark;
	struct str out;

	digest_sha256(svg, digest);
	mark = hex_write(arena, (struct span){(const char *)digest, 4});
	str_init(&out, arena, DRAWN_MAX);
	for (size_t i = 0; i < svg.n;) {
		struct span rest = span_skip(svg, i);
		size_t n = 0;

		for (size_t k = 0; k < 3 && n == 0; k++)
			if (span_starts(rest, starts[k]))
				n = span_of(starts[k]).n;
		if (n == 0) {
			str_addc(&out, svg.p[i++]);
			continue;
		}
		str_add(&out, span_sub(rest, 0, n));
		str_addc(&out, 'c');
		str_add(&out, mark);
		i += n;
	}
	return str_span(&out);
}

int
draw_svg(struct arena *arena, const struct chart *c,
    const struct draw_style *style, struct span *svg, struct err *err)
{
	int width, height;
	cairo_surface_t *surface;
	cairo_t *cr;
	cairo_status_t status;
	struct str out;

	size_of(c, style, &width, &height);
	str_init(&out, arena, DRAWN_MAX);
	surface =
	    cairo_svg_surface_create_for_stream(draw_take, &out, width, height);
	cairo_svg_surface_set_document_unit(surface, CAIRO_SVG_UNIT_PX);
	cr = cairo_create(surface);
	draw_on(arena, cr, c, style, width, height);
	status = cairo_status(cr);
	cairo_destroy(cr);
	cairo_surface_finish(surface);
	if (status == CAIRO_STATUS_SUCCESS)
		status = cairo_surface_status(surface);
	cairo_surface_destroy(surface);
	if (status != CAIRO_STATUS_SUCCESS)
		return failed(err, "a picture", status);
	*svg = rename_ids(arena, str_span(&out));
	return 0;
}
