/*
 * Steps that take more than one solution.  Bands of scores are told apart
 * where a solution shows the need.  "Lift the worst pair, nothing more": the
 * highest floor under all scores that costs the steps before it nothing,
 * found by bisection with the exact solver.
 */
#include "match/match_int.h"

#include <string.h>

static void
scores_add(const struct market *mk, const struct solution *s,
    uint32_t scores[MATCH_SCORE_MAX + 1])
{
	for (uint32_t i = 0; i < mk->n; i++)
		for (uint32_t x = 0; x < s->edges_n[i]; x++)
			if (s->edges[i][x].flags & EDGE_MATCHED)
				scores[s->edges[i][x].score]++;
}

static bool
has_step(const enum match_step *steps, uint32_t n, enum match_step step)
{
	for (uint32_t i = 0; i < n; i++)
		if (steps[i] == step)
			return true;
	return false;
}

void
fair_bands(const struct match_problem *p, struct bands bands[2])
{
	bands_init(p, MATCH_STEP_FAIR, &bands[0]);
	bands_init(p, MATCH_STEP_LEXIMIN, &bands[1]);
}

bool
fair_split(const struct market *mk, const enum match_step *steps,
    uint32_t steps_n, const struct solution *s, struct bands bands[2])
{
	uint32_t scores[MATCH_SCORE_MAX + 1] = {0};
	bool split = false;

	scores_add(mk, s, scores);
	if (has_step(steps, steps_n, MATCH_STEP_FAIR))
		split = bands_split(&bands[0], scores);
	if (has_step(steps, steps_n, MATCH_STEP_LEXIMIN))
		split = bands_split(&bands[1], scores) || split;
	return split;
}

void
fair_foresee(const struct market *mk, const enum match_step *steps,
    uint32_t steps_n, const struct solution *s, uint32_t *scores,
    uint32_t words, struct bands bands[2])
{
	struct bands next[2] = {bands[0], bands[1]};

	if (!has_step(steps, steps_n, MATCH_STEP_FAIR))
		return;
	scores_add(mk, s, scores);
	bands_split(&bands[0], scores);
	next[0] = bands[0];
	while (bands_finer(&next[0]) &&
	       gauge_words(mk, steps, steps_n, next) <= words)
		bands[0] = next[0];
}

void
fair_solve(struct arena *a, const struct market *mk,
    const enum match_step *steps, uint32_t steps_n, struct bands bands[2],
    const struct meter *meter, struct gauge *g, struct solution *s)
{
	do {
		struct gauge before = *g;

		gauge_init(mk, steps, steps_n, bands, g);
		solve_market(a, mk, &before, g, meter, s);
	} while (fair_split(mk, steps, steps_n, s, bands));
}

/* Does a floor cost the steps anything against the best without one? */
static bool
costs(struct arena *a, struct market *mk, const enum match_step *steps,
    uint32_t steps_n, struct bands bands[2], const struct solution *best,
    int floor)
{
	struct solution s = {0};
	struct gauge g = {0};
	int64_t *free, *now;

	mk->floor = floor;
	fair_solve(a, mk, steps, steps_n, bands, NULL, &g, &s);
	free = arena_alloc(a, g.k * sizeof(*free));
	now = arena_alloc(a, g.k * sizeof(*now));
	solution_value(mk, &g, best, free);
	solution_value(mk, &g, &s, now);
	return words_cmp(now, free, g.k) != 0;
}

int
fair_floor(struct arena *a, struct market *mk, const enum match_step *steps,
    uint32_t steps_n)
{
	struct bands bands[2];
	struct solution best = {0};
	struct gauge g = {0};
	int low = 0, high = MATCH_SCORE_MAX + 1;

	fair_bands(mk->p, bands);
	mk->floor = 0;
	fair_solve(a, mk, steps, steps_n, bands, NULL, &g, &best);
	while (high - low > 1) {
		int mid = low + (high - low) / 2;

		if (costs(a, mk, steps, steps_n, bands, &best, mid))
			high = mid;
		else
			low = mid;
	}
	mk->floor = low;
	return low;
}

bool
fair_is_floor(struct arena *a, struct market *mk, const enum match_step *steps,
    uint32_t steps_n, int floor)
{
	struct bands bands[2];
	struct solution best = {0};
	struct gauge g = {0};
	bool highest;

	fair_bands(mk->p, bands);
	mk->floor = 0;
	fair_solve(a, mk, steps, steps_n, bands, NULL, &g, &best);
	highest = floor >= 0 && floor <= MATCH_SCORE_MAX &&
		  !costs(a, mk, steps, steps_n, bands, &best, floor) &&
		  (floor == MATCH_SCORE_MAX ||
		      costs(a, mk, steps, steps_n, bands, &best, floor + 1));
	mk->floor = floor;
	return highest;
}
