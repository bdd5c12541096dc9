/* Doubling arrays in arenas. */
#include "base/vec.h"

#include <stdint.h>
#include <string.h>

bool
vec_room(struct arena *a, void *array, size_t n, size_t size)
{
	void *old, *grown;

	if (n != 0 && (n & (n - 1)) != 0)
		return true;
	if (n == 1 || n == 2) /* room for four was made at the start */
		return true;
	grown = arena_alloc(a, (n == 0 ? 4 : n * 2) * size);
	memcpy(&old, array, sizeof(old));
	if (n > 0)
		memcpy(grown, old, n * size);
	memcpy(array, &grown, sizeof(grown));
	return true;
}
