/*
 * The footer of a zone file: a rule that is taken gives an offset at any
 * time, and a wall time that exists once goes there and back.
 */
#include <stdint.h>
#include <stdlib.h>

#include "base/zone.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct span bytes = {(const char *)data, n};
	struct zone z = zone_utc();
	struct arena arena;
	struct err err = {0};

	arena_init(&arena);
	if (zone_parse_rule(bytes, &z.rule))
		for (int64_t t = 0; t < 4000000000; t += 98765432) {
			struct civil c = zone_civil(&z, t);
			int64_t back;

			if (zone_unix(&z, &c, &back) == ZONE_ONCE &&
			    zone_at(&z, t).offset ==
				zone_at(&z, t - 3 * DAY).offset &&
			    zone_at(&z, t).offset ==
				zone_at(&z, t + 3 * DAY).offset &&
			    back != t)
				abort();
		}
	if (zone_parse(&arena, SPAN("Fuzz"), bytes, &z, &err) == 0)
		for (int64_t t = 0; t < 4000000000; t += 987654321)
			(void)zone_at(&z, t);
	arena_release(&arena);
	return 0;
}
