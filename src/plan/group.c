/* One slot for many people: the most of them can come. */
#include <string.h>

#include "plan/plan.h"
#include "plan/plan_int.h"

static void
count_starts(const struct grid *g, const uint64_t *bits, uint16_t *can)
{
	for (size_t w = 0; w < grid_words(g); w++)
		for (uint64_t b = bits[w]; b != 0; b &= b - 1) {
			size_t i = w * 64 + (size_t)__builtin_ctzll(b);

			if (i < g->n && can[i] < UINT16_MAX)
				can[i]++;
		}
}

static bool
better(const struct slot_time *a, const struct slot_time *b)
{
	if (a->can_come != b->can_come)
		return a->can_come > b->can_come;
	return a->score > b->score; /* the earlier one stays */
}

bool
plan_group(struct arena *arena, const struct plan_ask *a, struct slot_time *out)
{
	struct grid g;
	struct slot_time best = {0};
	uint64_t *bits;
	uint16_t *can;

	if (!grid_init(a, &g))
		return false;
	bits = arena_alloc(arena, grid_words(&g) * sizeof(*bits));
	can = arena_alloc(arena, g.n * sizeof(*can));
	for (size_t i = 0; i < a->people_n; i++) {
		grid_person(&g, a, &a->people[i], bits);
		grid_starts(&g, bits);
		count_starts(&g, bits, can);
	}
	for (size_t i = 0; i < g.n; i++) {
		struct slot_time s = {.can_come = can[i]};

		if (can[i] == 0 || can[i] < best.can_come)
			continue;
		s.start_unix = g.begin + (int64_t)i * QUARTER;
		s.end_unix = s.start_unix + a->minutes * MINUTE;
		/* On the half hour of the programme's own clock. */
		if (zone_civil(a->zone, s.start_unix).minute % 30 != 0 ||
		    !plan_steady(a->zone, s.start_unix, s.end_unix) ||
		    !plan_day_open(a, s.start_unix, s.end_unix))
			continue;
		plan_rate(a, &s);
		if (better(&s, &best))
			best = s;
	}
	if (best.can_come == 0)
		return false;
	*out = best;
	return true;
}
