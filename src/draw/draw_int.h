/* Inside draw/: one pen for all charts and the PDF. */
#ifndef DRAW_DRAW_INT_H
#define DRAW_DRAW_INT_H

#include <cairo.h>
#include <stdbool.h>

#include "base/colour.h"
#include "base/str.h"
#include "draw/draw.h"

enum { PEN_FONTS = 3 };

/*
 * Draws on the cairo context, or, with svg, writes elements there and uses
 * the context to measure only.
 */
struct pen {
	struct arena *arena;
	cairo_t *cr;
	struct str *svg;
	struct colour accent, ink, soft, line, now;
	double size;
	bool bold;
	cairo_font_face_t *faces[PEN_FONTS][2]; /* plain and bold */
};

struct point {
	double x, y;
};

struct pen pen_new(struct arena *, cairo_t *, struct span accent);
/* Gives back its fonts, not the context. */
void pen_free(struct pen *);
void pen_colour(struct pen *, struct colour);
void pen_font(struct pen *, double size, bool bold);
double pen_width(struct pen *, struct span);
/* align 0 left, 0.5 centred, 1 right of x; y is the baseline. */
void pen_text(struct pen *, double x, double y, double align, struct span);
/* As much as fits, with "…" where something was cut. */
struct span pen_fit(struct pen *, struct span, double width);
void pen_box(
    struct pen *, double x, double y, double w, double h, struct colour);
/* The outline of a box, inside its edges. */
void pen_frame(
    struct pen *, double x, double y, double w, double h, struct colour);
/* Through the points in turn; dashed or whole. */
void pen_path(struct pen *, const struct point *, size_t n, double width,
    bool dashed, struct colour);
void pen_dot(struct pen *, double x, double y, double r, struct colour);
void pen_line(struct pen *, double x, double y, double x2, double y2,
    double width, struct colour);

/* cairo_write_func_t into a struct str. */
cairo_status_t draw_take(void *str, const unsigned char *, unsigned n);

/* The pixels of a finished image surface as a PNG with a palette. */
bool png_write(cairo_surface_t *, struct arena *, struct str *out);

/* Height a chart wants at that width. */
double chart_height(const struct chart *, double width);
void chart_draw(struct pen *, const struct chart *, double x, double y,
    double width, double height);

#endif
