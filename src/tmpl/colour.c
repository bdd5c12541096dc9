/* The accent colour, kept readable. */
#include "tmpl/tmpl.h"

#include "base/colour.h"

struct span
accent_safe(struct arena *arena, struct span accent)
{
	struct colour c;

	colour_parse(accent, &c);
	while (1.05 / (colour_luminance(c) + 0.05) < 4.6)
		c = (struct colour){c.r * 0.95, c.g * 0.95, c.b * 0.95};
	return colour_write(arena, c);
}
