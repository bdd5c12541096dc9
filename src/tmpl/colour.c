/* The accent colour, kept readable. */
#include "tmpl/markdown_int.h"

#include <math.h>

static int
hex_digit(char c)
{
	c = ascii_lower(c);
	if (ascii_digit(c))
		return c - '0';
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* WCAG 2.1 relative luminance of one channel. */
static double
channel(double c)
{
	c /= 255;
	return c <= 0.03928 ? c / 12.92 : pow((c + 0.055) / 1.055, 2.4);
}

static double
contrast_to_white(const double rgb[3])
{
	double l = 0.2126 * channel(rgb[0]) + 0.7152 * channel(rgb[1]) +
		   0.0722 * channel(rgb[2]);

	return 1.05 / (l + 0.05);
}

struct span
accent_safe(struct arena *arena, struct span accent)
{
	double rgb[3];

	if (accent.n != 7 || accent.p[0] != '#')
		accent = SPAN("#0b5cad");
	for (int i = 0; i < 3; i++) {
		int high = hex_digit(accent.p[1 + 2 * i]);
		int low = hex_digit(accent.p[2 + 2 * i]);

		if (high < 0 || low < 0)
			return SPAN("#0b5cad");
		rgb[i] = high * 16 + low;
	}
	while (contrast_to_white(rgb) < 4.6)
		for (int i = 0; i < 3; i++)
			rgb[i] = floor(rgb[i] * 0.95);
	return arena_spanf(arena, "#%02x%02x%02x", (unsigned)rgb[0],
	    (unsigned)rgb[1], (unsigned)rgb[2]);
}
