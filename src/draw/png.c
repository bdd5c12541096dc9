/*
 * PNG with a palette.  A chart has few colours, and the shades at the edges of
 * its letters; half a byte a pixel in place of three keeps the mail small.
 */
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "draw/draw_int.h"

enum {
	COLOURS = 16,
	SHADES_MOST = 1 << 13, /* slots of the table, a power of two */
	FILTER_BYTES = 1
};

/* A colour of the picture, how often it is there, and its place. */
struct shade {
	uint32_t rgb;
	uint32_t n; /* 0 = free slot */
	uint8_t index;
};

struct palette {
	struct shade *table;
	size_t used;
	uint32_t rgb[COLOURS];
	int n;
};

struct pixels {
	const uint8_t *bytes;
	int w, h, stride;
};

static uint32_t
pixel(const struct pixels *p, int x, int y)
{
	uint32_t rgb;

	memcpy(&rgb, p->bytes + (size_t)y * (size_t)p->stride + 4 * (size_t)x,
	    sizeof(rgb));
	return rgb & 0xffffff;
}

static struct shade *
slot_of(struct palette *p, uint32_t rgb)
{
	size_t i = (rgb * UINT32_C(2654435761)) >> 19;

	while (p->table[i].n > 0 && p->table[i].rgb != rgb)
		i = (i + 1) % SHADES_MOST;
	return &p->table[i];
}

/* False when there are too many to count: a photograph is none of ours. */
static bool
count_shades(struct palette *p, const struct pixels *in)
{
	for (int y = 0; y < in->h; y++)
		for (int x = 0; x < in->w; x++) {
			uint32_t rgb = pixel(in, x, y);
			struct shade *s = slot_of(p, rgb);

			if (s->n == 0 && ++p->used > SHADES_MOST / 2)
				return false;
			s->rgb = rgb;
			s->n++;
		}
	return true;
}

/* The most used first; the same picture gives the same order. */
static int
compare_shades(const void *a, const void *b)
{
	const struct shade *x = a, *y = b;

	if (x->n != y->n)
		return x->n < y->n ? 1 : -1;
	return (x->rgb > y->rgb) - (x->rgb < y->rgb);
}

static int
distance(uint32_t a, uint32_t b)
{
	int sum = 0;

	for (int k = 0; k < 24; k += 8) {
		int d = (int)(a >> k & 0xff) - (int)(b >> k & 0xff);

		sum += d * d;
	}
	return sum;
}

/* The most used colours stay as they are, the others go to the nearest. */
static void
choose(struct palette *p, struct arena *arena)
{
	struct shade *list = arena_alloc(arena, p->used * sizeof(*list));
	size_t n = 0;

	for (size_t i = 0; i < SHADES_MOST; i++)
		if (p->table[i].n > 0)
			list[n++] = p->table[i];
	qsort(list, n, sizeof(*list), compare_shades);
	for (p->n = 0; p->n < COLOURS && (size_t)p->n < n; p->n++)
		p->rgb[p->n] = list[p->n].rgb;
	for (size_t i = 0; i < n; i++) {
		int best = 0;

		for (int k = 1; k < p->n; k++)
			if (distance(list[i].rgb, p->rgb[k]) <
			    distance(list[i].rgb, p->rgb[best]))
				best = k;
		slot_of(p, list[i].rgb)->index = (uint8_t)best;
	}
}

static void
put32(uint8_t *out, uint32_t v)
{
	for (int i = 0; i < 4; i++)
		out[i] = (uint8_t)(v >> (24 - 8 * i));
}

static void
add_chunk(struct str *out, const char *type, const uint8_t *bytes, size_t n)
{
	uint8_t head[8], tail[4];
	uLong crc;

	put32(head, (uint32_t)n);
	memcpy(head + 4, type, 4);
	crc = crc32(crc32(0, head + 4, 4), bytes, (uInt)n);
	put32(tail, (uint32_t)crc);
	str_add(out, (struct span){(const char *)head, 8});
	str_add(out, (struct span){(const char *)bytes, n});
	str_add(out, (struct span){(const char *)tail, 4});
}

/* Each row begins with its filter: 0, none. */
static bool
add_pixels(struct str *out, struct arena *arena, struct palette *p,
    const struct pixels *in)
{
	size_t line = ((size_t)in->w + 1) / 2 + FILTER_BYTES;
	size_t n = line * (size_t)in->h;
	uint8_t *rows = arena_alloc(arena, n);
	uLongf packed_n = compressBound((uLong)n);
	uint8_t *packed = arena_alloc(arena, packed_n);

	for (int y = 0; y < in->h; y++)
		for (int x = 0; x < in->w; x++)
			rows[(size_t)y * line + FILTER_BYTES + (size_t)x / 2] |=
			    slot_of(p, pixel(in, x, y))->index
			    << (x % 2 == 0 ? 4 : 0);
	if (compress2(packed, &packed_n, rows, (uLong)n, 9) != Z_OK)
		return false;
	add_chunk(out, "IDAT", packed, packed_n);
	return true;
}

bool
png_write(cairo_surface_t *surface, struct arena *arena, struct str *out)
{
	static const uint8_t magic[] = {
	    0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'};
	struct pixels in = {.w = cairo_image_surface_get_width(surface),
	    .h = cairo_image_surface_get_height(surface),
	    .stride = cairo_image_surface_get_stride(surface)};
	uint8_t head[13] = {0}, colours[3 * COLOURS];
	struct palette p = {
	    .table = arena_alloc(arena, SHADES_MOST * sizeof(struct shade))};

	cairo_surface_flush(surface);
	in.bytes = cairo_image_surface_get_data(surface);
	if (in.bytes == NULL || !count_shades(&p, &in))
		return false;
	choose(&p, arena);
	put32(head, (uint32_t)in.w);
	put32(head + 4, (uint32_t)in.h);
	head[8] = 4; /* bits */
	head[9] = 3; /* indices into a palette */
	for (int i = 0; i < p.n; i++)
		for (int k = 0; k < 3; k++)
			colours[3 * i + k] = p.rgb[i] >> (16 - 8 * k) & 0xff;
	str_add(out, (struct span){(const char *)magic, sizeof(magic)});
	add_chunk(out, "IHDR", head, sizeof(head));
	add_chunk(out, "PLTE", colours, 3 * (size_t)p.n);
	if (!add_pixels(out, arena, &p, &in))
		return false;
	add_chunk(out, "IEND", head, 0);
	return !out->cut;
}
