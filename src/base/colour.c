#include "base/colour.h"

#include <math.h>

bool
colour_parse(struct span s, struct colour *out)
{
	int v[6];

	*out = (struct colour){11 / 255.0, 92 / 255.0, 173 / 255.0};
	if (s.n != 7 || s.p[0] != '#')
		return false;
	for (int i = 0; i < 6; i++) {
		v[i] = ascii_hex(s.p[i + 1]);
		if (v[i] < 0)
			return false;
	}
	*out = (struct colour){(v[0] * 16 + v[1]) / 255.0,
	    (v[2] * 16 + v[3]) / 255.0, (v[4] * 16 + v[5]) / 255.0};
	return true;
}

static unsigned
byte_of(double share)
{
	return share <= 0 ? 0 : share >= 1 ? 255 : (unsigned)(share * 255 + 0.5);
}

struct span
colour_write(struct arena *arena, struct colour c)
{
	return arena_spanf(arena, "#%02x%02x%02x", byte_of(c.r), byte_of(c.g),
	    byte_of(c.b));
}

struct colour
colour_tint(struct colour c, double share)
{
	return (struct colour){1 - (1 - c.r) * share, 1 - (1 - c.g) * share,
	    1 - (1 - c.b) * share};
}

static double
channel(double c)
{
	return c <= 0.03928 ? c / 12.92 : pow((c + 0.055) / 1.055, 2.4);
}

double
colour_luminance(struct colour c)
{
	return 0.2126 * channel(c.r) + 0.7152 * channel(c.g) +
	       0.0722 * channel(c.b);
}

/* At 0.179 both have the same contrast. */
bool
colour_is_light(struct colour c)
{
	return colour_luminance(c) > 0.179;
}
