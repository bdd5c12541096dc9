/*
 * New time-zone rules.  A session is kept at the local hour that was agreed:
 * that of the mentee, else of the first invited.  Where new rules move the
 * instant, or the hour that somebody's calendar shows, all get an update.
 */
#include "app/app.h"

struct span
wall_text(struct arena *arena, const struct zone *zone, int64_t start_unix)
{
	struct civil c = zone_civil(zone, start_unix);

	return arena_spanf(arena, "%04d-%02d-%02dT%02d:%02d %.*s", c.year,
	    c.month, c.day, c.hour, c.minute, (int)zone->name.n, zone->name.p);
}
