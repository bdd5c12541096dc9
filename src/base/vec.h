/*
 * Growing arrays inside an arena: a pointer, a count, and vec_room() before
 * each append.
 *
 *	if (vec_room(arena, &m->parts, m->parts_n, sizeof(*m->parts)))
 *		m->parts[m->parts_n++] = part;
 *
 * Capacity is not stored: an array grows when its count is 0 or a power of
 * two, so the count alone tells.
 */
#ifndef BASE_VEC_H
#define BASE_VEC_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"

/*
 * Makes room for one more element behind `n` of `size` bytes at *array (a
 * pointer to a pointer).  The old place is abandoned to the arena.  Always
 * true, so that it reads well in a condition.
 */
bool vec_room(struct arena *, void *array, size_t n, size_t size);

#endif
