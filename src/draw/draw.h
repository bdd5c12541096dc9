/*
 * draw: charts as pictures, by cairo and with the fonts that fontconfig finds.
 * The data is decided elsewhere.
 *
 *   file      purpose
 *   chart     bars, lines, funnel, heat map on a cairo context
 *   pen       colours, text and lines, on cairo or as SVG
 *   draw      PNG and SVG
 *   png       a picture with a palette
 *   pdf       a document as A4 pages
 */
#ifndef DRAW_DRAW_H
#define DRAW_DRAW_H

#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/span.h"
#include "model/chart.h"

struct draw_style {
	struct span accent; /* "#0b5cad" */
	int width, height;  /* CSS pixels; PNG is drawn at twice that */
};

int draw_png(struct arena *, const struct chart *, const struct draw_style *,
    struct span *png, struct err *);
int draw_svg(struct arena *, const struct chart *, const struct draw_style *,
    struct span *svg, struct err *);
/* Pages of A4 with headings, paragraphs, tables, charts, page numbers. */
int draw_pdf(struct arena *, const struct document *, const struct draw_style *,
    struct span *pdf, struct err *);

#endif
