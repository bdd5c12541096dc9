/*
 * A document as A4 pages.  Laid out twice: once on a surface that keeps
 * nothing, to count the pages, and once for good.
 */
#include <cairo-pdf.h>

#include "base/str.h"
#include "base/utf8.h"
#include "draw/draw_int.h"

/* Points: A4, margins, and where the footer stands. */
static const double PAGE_W = 595.28, PAGE_H = 841.89, LEFT = 62, TOP = 64,
		    BOTTOM = 84, LEADING = 1.42, SCALE = 0.78;
enum {
	PDF_MAX = 32 << 20,
	MAX_PAGES = 5000
};

struct paper {
	cairo_surface_t *surface;
	struct pen pen;
	const struct document *doc;
	double y;
	int page, pages;
};

static double
width(void)
{
	return PAGE_W - 2 * LEFT;
}

static void
draw_footer(struct paper *p)
{
	const struct document *d = p->doc;
	struct pen *pen = &p->pen;

	pen_line(
	    pen, LEFT, PAGE_H - 52, PAGE_W - LEFT, PAGE_H - 52, 0.5, pen->line);
	pen_font(pen, 8, false);
	pen_colour(pen, pen->soft);
	pen_text(
	    pen, LEFT, PAGE_H - 38, 0, pen_fit(pen, d->title, width() * 0.7));
	pen_text(pen, PAGE_W - LEFT, PAGE_H - 38, 1,
	    arena_spanf(pen->arena, "%.*s %d %.*s %d", (int)d->page_word.n,
		d->page_word.p, p->page, (int)d->of_word.n, d->of_word.p,
		p->pages));
}

static void
end_page(struct paper *p)
{
	draw_footer(p);
	cairo_show_page(p->pen.cr);
	p->page++;
	p->y = TOP;
}

/* Room for `height`, on this page or the next. */
static void
need(struct paper *p, double height)
{
	if (p->y + height > PAGE_H - BOTTOM && p->y > TOP &&
	    p->page < MAX_PAGES)
		end_page(p);
}

/* The next line of text that fits; a word that does not fit is cut. */
static struct span
next_line(struct pen *pen, struct span *rest, double room)
{
	struct span all = *rest, line = {all.p, 0}, word;

	while (span_word(rest, &word)) {
		struct span longer = {all.p, (size_t)(word.p - all.p) + word.n};

		if (pen_width(pen, longer) > room) {
			if (line.n > 0)
				*rest =
				    span_skip(all, (size_t)(word.p - all.p));
			else
				line = pen_fit(pen, word, room);
			return span_trim(line);
		}
		line = longer;
	}
	return span_trim(line);
}

/* Lines of text from x on; draws when told to, and says how high they are. */
static double
flow(struct paper *p, struct span text, double x, double y, double room,
    double size, double align, bool draw)
{
	double height = 0;
	struct span rest = span_trim(text);

	while (rest.n > 0) {
		struct span line = next_line(&p->pen, &rest, room);

		if (draw)
			pen_text(&p->pen, x + room * align, y + height + size,
			    align, line);
		height += size * LEADING;
	}
	return height;
}

static void
put_text(struct paper *p, struct span text, double size, bool bold,
    struct colour colour, double after)
{
	struct span rest = span_trim(text);

	while (rest.n > 0) {
		struct span line;

		pen_font(&p->pen, size, bold);
		line = next_line(&p->pen, &rest, width());
		need(p, size * LEADING);
		pen_font(&p->pen, size, bold);
		pen_colour(&p->pen, colour);
		pen_text(&p->pen, LEFT, p->y + size, 0, line);
		p->y += size * LEADING;
	}
	p->y += after;
}

/* What a heading must keep with it on its page. */
static double
first_height(const struct document *d, uint32_t i)
{
	if (i >= d->blocks_n)
		return 0;
	if (d->blocks[i].kind == BLOCK_CHART)
		return SCALE *
			   chart_height(&d->blocks[i].chart, width() / SCALE) +
		       10;
	if (d->blocks[i].kind == BLOCK_TEXT && i + 1 < d->blocks_n &&
	    d->blocks[i + 1].kind == BLOCK_CHART)
		return 40 + first_height(d, i + 1);
	return 60;
}

/* A reader's list of chapters. */
static void
add_outline(struct paper *p, struct span text)
{
	cairo_pdf_surface_add_outline(p->surface, CAIRO_PDF_OUTLINE_ROOT,
	    arena_strdup(p->pen.arena, utf8_line(p->pen.arena, text)),
	    arena_printf(
		p->pen.arena, "page=%d pos=[0 %d]", p->page, (int)p->y),
	    CAIRO_PDF_OUTLINE_FLAG_OPEN);
}

static void
put_heading(struct paper *p, uint32_t i)
{
	const struct block *b = &p->doc->blocks[i];
	double size = b->level == 1 ? 13.5 : 11;

	if (p->y > TOP)
		p->y += b->level == 1 ? 18 : 8;
	need(p, size * LEADING + 12 + first_height(p->doc, i + 1));
	if (b->level == 1)
		add_outline(p, b->text);
	put_text(p, b->text, size, true, p->pen.ink, 2);
	if (b->level == 1)
		pen_line(&p->pen, LEFT, p->y, PAGE_W - LEFT, p->y, 1.2,
		    p->pen.accent);
	p->y += 7;
}

static void
share_widths(struct paper *p, const struct table *t, double *widths)
{
	double sum = 0, room = width() - 10.0 * (t->columns - 1);

	pen_font(&p->pen, 9.5, false);
	for (uint32_t c = 0; c < t->columns; c++) {
		widths[c] = pen_width(&p->pen, t->head[c]);
		for (uint32_t r = 0; r < t->rows; r++) {
			double w = pen_width(
			    &p->pen, t->cells[(size_t)r * t->columns + c]);

			widths[c] = w > widths[c] ? w : widths[c];
		}
		widths[c] += 4;
		sum += widths[c];
	}
	/* Too wide: the widest give first. */
	while (sum > room) {
		uint32_t widest = 0;

		for (uint32_t c = 1; c < t->columns; c++)
			if (widths[c] > widths[widest])
				widest = c;
		if (widths[widest] < 24)
			break;
		widths[widest] -= 2;
		sum -= 2;
	}
	for (uint32_t c = 0; c < t->columns && sum < room; c++)
		if (t->right == NULL || !t->right[c]) {
			widths[c] += room - sum;
			sum = room;
		}
}

static double
table_row(struct paper *p, const struct table *t, const struct span *cells,
    const double *widths, double size, bool draw)
{
	double x = LEFT, height = 0;

	for (uint32_t c = 0; c < t->columns; c++) {
		double align = t->right != NULL && t->right[c] ? 1 : 0;
		double h = flow(
		    p, cells[c], x, p->y + 3, widths[c], size, align, draw);

		height = h > height ? h : height;
		x += widths[c] + 10;
	}
	return height + 7;
}

static void
table_head(struct paper *p, const struct table *t, const double *widths)
{
	pen_font(&p->pen, 8.5, true);
	pen_colour(&p->pen, p->pen.soft);
	p->y += table_row(p, t, t->head, widths, 8.5, true);
	pen_line(&p->pen, LEFT, p->y, PAGE_W - LEFT, p->y, 0.8, p->pen.soft);
}

static void
put_table(struct paper *p, const struct table *t)
{
	double *widths =
	    arena_alloc(p->pen.arena, t->columns * sizeof(*widths));

	share_widths(p, t, widths);
	need(p, 60);
	table_head(p, t, widths);
	for (uint32_t r = 0; r < t->rows; r++) {
		const struct span *cells = &t->cells[(size_t)r * t->columns];
		int page = p->page;
		double h;

		pen_font(&p->pen, 9.5, false);
		h = table_row(p, t, cells, widths, 9.5, false);
		need(p, h);
		if (p->page != page)
			table_head(p, t, widths);
		pen_font(&p->pen, 9.5, false);
		pen_colour(&p->pen, p->pen.ink);
		table_row(p, t, cells, widths, 9.5, true);
		p->y += h;
		pen_line(
		    &p->pen, LEFT, p->y, PAGE_W - LEFT, p->y, 0.5, p->pen.line);
	}
	p->y += 10;
}

/* What to see first, side by side, each under a line of the accent. */
static void
put_tiles(struct paper *p, const struct table *t)
{
	double gap = 14, w, size;

	if (t->columns == 0)
		return;
	w = (width() - gap * (t->columns - 1)) / t->columns;
	need(p, 58);
	for (uint32_t c = 0; c < t->columns; c++) {
		double x = LEFT + (w + gap) * c;

		pen_box(&p->pen, x, p->y, w, 2.5, p->pen.accent);
		pen_font(&p->pen, 8.5, false);
		pen_colour(&p->pen, p->pen.soft);
		pen_text(
		    &p->pen, x, p->y + 16, 0, pen_fit(&p->pen, t->head[c], w));
		for (size = 17; size > 10; size--) {
			pen_font(&p->pen, size, true);
			if (pen_width(&p->pen, t->cells[c]) <= w)
				break;
		}
		pen_colour(&p->pen, p->pen.ink);
		pen_text(
		    &p->pen, x, p->y + 38, 0, pen_fit(&p->pen, t->cells[c], w));
	}
	p->y += 54;
}

/* On paper a chart is smaller than on a screen. */
static void
put_chart(struct paper *p, const struct chart *c)
{
	double w = width() / SCALE, h = chart_height(c, w);

	need(p, h * SCALE + 10);
	cairo_save(p->pen.cr);
	cairo_scale(p->pen.cr, SCALE, SCALE);
	chart_draw(&p->pen, c, LEFT / SCALE, p->y / SCALE, w, h);
	cairo_restore(p->pen.cr);
	p->y += h * SCALE + 12;
}

static void
lay_out(struct paper *p)
{
	const struct document *d = p->doc;

	p->page = 1;
	p->y = TOP;
	pen_box(&p->pen, LEFT, p->y - 14, 42, 4, p->pen.accent);
	put_text(p, d->title, 20, true, p->pen.ink, 2);
	put_text(p, d->subtitle, 10.5, false, p->pen.soft, 4);
	for (uint32_t i = 0; i < d->blocks_n; i++) {
		const struct block *b = &d->blocks[i];

		if (b->kind == BLOCK_HEADING)
			put_heading(p, i);
		else if (b->kind == BLOCK_TEXT)
			put_text(p, b->text, 10, false, p->pen.ink, 5);
		else if (b->kind == BLOCK_TABLE)
			put_table(p, &b->table);
		else if (b->kind == BLOCK_TILES)
			put_tiles(p, &b->table);
		else
			put_chart(p, &b->chart);
	}
	p->y += 12;
	need(p, 40);
	put_text(p, d->footer, 8.5, false, p->pen.soft, 0);
	draw_footer(p);
	cairo_show_page(p->pen.cr);
}

static cairo_status_t
one_pass(struct arena *arena, const struct document *d,
    const struct draw_style *style, struct str *out, int *pages)
{
	cairo_surface_t *surface = cairo_pdf_surface_create_for_stream(
	    out != NULL ? draw_take : NULL, out, PAGE_W, PAGE_H);
	cairo_t *cr = cairo_create(surface);
	struct paper paper = {.surface = surface,
	    .pen = pen_new(arena, cr, style->accent),
	    .doc = d,
	    .pages = *pages};
	cairo_status_t status;

	cairo_pdf_surface_set_metadata(
	    surface, CAIRO_PDF_METADATA_TITLE, arena_strdup(arena, d->title));
	/* The same document, the same bytes: no time of the machine in it. */
	cairo_pdf_surface_set_metadata(
	    surface, CAIRO_PDF_METADATA_CREATE_DATE, "");
	lay_out(&paper);
	*pages = paper.page;
	pen_free(&paper.pen);
	status = cairo_status(cr);
	cairo_destroy(cr);
	cairo_surface_finish(surface);
	if (status == CAIRO_STATUS_SUCCESS)
		status = cairo_surface_status(surface);
	cairo_surface_destroy(surface);
	return status;
}

int
draw_pdf(struct arena *arena, const struct document *d,
    const struct draw_style *style, struct span *pdf, struct err *err)
{
	int pages = 0;
	struct str out;
	cairo_status_t status;

	str_init(&out, arena, PDF_MAX);
	status = one_pass(arena, d, style, NULL, &pages);
	if (status == CAIRO_STATUS_SUCCESS)
		status = one_pass(arena, d, style, &out, &pages);
	if (status != CAIRO_STATUS_SUCCESS)
		return err_set(err, ERR_ITEM, "cannot draw the report: %s",
		    cairo_status_to_string(status));
	*pdf = str_span(&out);
	return 0;
}
