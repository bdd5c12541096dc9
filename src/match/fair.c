/*
 * "Lift the worst pair, nothing more": the highest floor under all scores
 * that costs the steps before it nothing, found by bisection with the exact
 * solver.  The proof repeats the step above it and must see it cost.
 */
#include "match/match_int.h"

#include <string.h>

static void
value_at(struct arena *a, struct market *mk, const struct gauge *g, int floor,
    int64_t *value)
{
	struct solution s = {0};

	mk->floor = floor;
	solve_market(a, mk, g, NULL, &s);
	solution_value(mk, g, &s, value);
}

int
fair_floor(struct arena *a, struct market *mk, const enum match_step *steps,
    uint32_t steps_n)
{
	struct gauge g;
	int64_t *all, *now;
	int low = 0, high = MATCH_SCORE_MAX + 1;

	gauge_init(mk, steps, steps_n, &g);
	all = arena_alloc(a, g.k * sizeof(*all));
	now = arena_alloc(a, g.k * sizeof(*now));
	value_at(a, mk, &g, 0, all);
	while (high - low > 1) {
		int mid = low + (high - low) / 2;

		value_at(a, mk, &g, mid, now);
		if (words_cmp(now, all, g.k) == 0)
			low = mid;
		else
			high = mid;
	}
	mk->floor = low;
	return low;
}
