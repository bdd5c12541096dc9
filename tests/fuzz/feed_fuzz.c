/* A busy feed: what comes out is sorted, apart, and inside the window. */
#include <stdint.h>
#include <stdlib.h>

#include "cal/cal.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct span feed = {(const char *)data, n};
	const int64_t from = 1764547200, to = from + 42 * DAY;
	struct arena arena;
	struct err err = {0};
	struct zone owner;
	struct busy *b;
	size_t busy_n;

	cal_prepare();
	arena_init(&arena);
	if (zone_load(&arena, SPAN("Europe/Berlin"), &owner, &err) < 0)
		abort();
	if (cal_read_feed(&arena, feed, &owner, from, to, &b, &busy_n, &err) ==
	    0) {
		for (size_t i = 0; i < busy_n; i++)
			if (b[i].start_unix < from || b[i].end_unix > to ||
			    b[i].start_unix >= b[i].end_unix ||
			    (i > 0 && b[i].start_unix <= b[i - 1].end_unix))
				abort();
	} else if (err.kind != ERR_ITEM) {
		abort();
	}
	arena_release(&arena);
	return 0;
}
