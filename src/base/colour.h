/* Colours as "#rrggbb", and what can be read on them. */
#ifndef BASE_COLOUR_H
#define BASE_COLOUR_H

#include <stdbool.h>

#include "base/arena.h"

/* What stands in for a colour that is none. */
#define COLOUR_USUAL "#0b5cad"

struct colour {
	double r, g, b; /* 0 to 1 */
};

/* False unless it is "#rrggbb" and nothing else; then out is the usual one. */
bool colour_parse(struct span, struct colour *out);
struct span colour_write(struct arena *, struct colour);
/* `share` of the colour on white: 0 = white, 1 = the colour. */
struct colour colour_tint(struct colour, double share);
/* Relative luminance, 0 to 1 (WCAG 2.1). */
double colour_luminance(struct colour);
/* Black is read better than white on this ground; either then over 4.5. */
bool colour_is_light(struct colour);

#endif
