/* Charts as PNG and SVG files in memory. */
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

/* Hinting would tie the look to the machine. */
static void
font_options(cairo_t *cr)
{
	cairo_font_options_t *font = cairo_font_options_create();

	cairo_font_options_set_hint_style(font, CAIRO_HINT_STYLE_NONE);
	cairo_font_options_set_hint_metrics(font, CAIRO_HINT_METRICS_OFF);
	cairo_font_options_set_antialias(font, CAIRO_ANTIALIAS_GRAY);
	cairo_set_font_options(cr, font);
	cairo_font_options_destroy(font);
}

static void
draw_on(struct arena *arena, cairo_t *cr, struct str *svg,
    const struct chart *c, const struct draw_style *style, int width,
    int height)
{
	struct pen pen = pen_new(arena, cr, style->accent);

	pen.svg = svg;
	font_options(cr);
	pen_box(&pen, 0, 0, width, height, (struct colour){1, 1, 1});
	chart_draw(
	    &pen, c, MARGIN, MARGIN, width - 2 * MARGIN, height - 2 * MARGIN);
	pen_free(&pen);
}

int
draw_png(struct arena *arena, const struct chart *c,
    const struct draw_style *style, struct span *png, struct err *err)
{
	int width, height;
	cairo_surface_t *surface;
	cairo_t *cr;
	cairo_status_t status;
	struct arena scratch;
	struct str out;

	arena_init(&scratch);
	size_of(c, style, &width, &height);
	str_init(&out, arena, DRAWN_MAX);
	surface = cairo_image_surface_create(
	    CAIRO_FORMAT_RGB24, width * 2, height * 2);
	cr = cairo_create(surface);
	cairo_scale(cr, 2, 2);
	draw_on(&scratch, cr, NULL, c, style, width, height);
	status = cairo_status(cr);
	cairo_destroy(cr);
	if (status == CAIRO_STATUS_SUCCESS &&
	    !png_write(surface, &scratch, &out))
		status = CAIRO_STATUS_WRITE_ERROR;
	cairo_surface_destroy(surface);
	arena_release(&scratch);
	if (status != CAIRO_STATUS_SUCCESS)
		return failed(err, "a picture", status);
	*png = str_span(&out);
	return 0;
}

/*
 * Written by hand: cairo makes outlines of text, which nobody can search or
 * hear, and which weigh ten times as much.  Its context measures only.
 */
int
draw_svg(struct arena *arena, const struct chart *c,
    const struct draw_style *style, struct span *svg, struct err *err)
{
	int width, height;
	cairo_surface_t *surface =
	    cairo_image_surface_create(CAIRO_FORMAT_A8, 1, 1);
	cairo_t *cr = cairo_create(surface);
	cairo_status_t status;
	struct str out;

	size_of(c, style, &width, &height);
	str_init(&out, arena, DRAWN_MAX);
	str_addf(&out,
	    "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" "
	    "height=\"%d\" viewBox=\"0 0 %d %d\" "
	    "font-family=\"Roboto,'DejaVu Sans',Verdana,sans-serif\" "
	    "role=\"img\">\n<title>",
	    width, height, width, height);
	str_add_html(&out, c->title);
	str_addz(&out, "</title>\n");
	draw_on(arena, cr, &out, c, style, width, height);
	str_addz(&out, "</svg>\n");
	status = out.cut ? CAIRO_STATUS_WRITE_ERROR : cairo_status(cr);
	cairo_destroy(cr);
	cairo_surface_destroy(surface);
	if (status != CAIRO_STATUS_SUCCESS)
		return failed(err, "a picture", status);
	*svg = str_span(&out);
	return 0;
}
