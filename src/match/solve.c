/*
 * The optimum over all pairs: the exact solution over a small graph of
 * candidate pairs (path.c), and pricing of all pairs with its duals (price.c);
 * pairs that could improve become candidates, until there is none.  Then the
 * duals prove the optimum over all pairs, though most were never stored.
 */
#include "match/match_int.h"

#include <assert.h>
#include <string.h>

enum {
	NEAR = 16,
	SPREAD = 12,
	SCANS = 10 /* of rows, for each row, in the first round */
};

static uint64_t
mix(uint64_t x)
{
	x ^= x >> 33;
	x *= 0xff51afd7ed558ccdu;
	x ^= x >> 33;
	x *= 0xc4ceb9fe1a85ec53u;
	return x ^ x >> 33;
}

static bool
has_edge(const struct solution *s, uint32_t row, uint32_t col)
{
	for (uint32_t x = 0; x < s->edges_n[row]; x++)
		if (s->edges[row][x].col == col)
			return true;
	return false;
}

/*
 * First candidates: the best, from a hashed start on so that ties do not
 * send everybody to the same mentors; some at random, so that numbers can be
 * reached at all; and what stands.
 */
static void
candidates(struct arena *a, const struct market *mk, struct solution *s,
    uint32_t row, const int16_t *score)
{
	struct edge top[NEAR];
	uint32_t n = 0, m = mk->m;
	uint32_t start = (uint32_t)(mix(row + 1) % m);
	int low = -1; /* only more than this is of use */

	for (uint32_t part = 0; part < 2; part++) {
		uint32_t j = part == 0 ? start : 0;
		uint32_t end = part == 0 ? m : start;

		for (; j < end; j++) {
			uint32_t at;

			if (score[j] <= low)
				continue;
			at = n < NEAR ? n++ : NEAR - 1;
			for (; at > 0 && top[at - 1].score < score[j]; at--)
				top[at] = top[at - 1];
			top[at] = (struct edge){j, score[j], 0};
			low = n == NEAR ? top[NEAR - 1].score : -1;
		}
	}
	for (uint32_t x = 0; x < n; x++)
		solution_add(a, mk, s, row, top[x].col, top[x].score);
	for (uint32_t x = 0; x < SPREAD * 2 && n == NEAR; x++) {
		uint32_t j = (uint32_t)(mix((uint64_t)row << 32 | (x + 7)) % m);

		if (score[j] >= 0 && !has_edge(s, row, j))
			solution_add(a, mk, s, row, j, score[j]);
	}
	for (uint32_t x = mk->standing_at[row]; x < mk->standing_at[row + 1];
	     x++) {
		uint32_t j = (uint32_t)(mk->standing[x] % m);

		if (score[j] >= 0 && !has_edge(s, row, j))
			solution_add(a, mk, s, row, j, score[j]);
	}
}

void
solution_init(struct arena *a, const struct market *mk, struct solution *s)
{
	size_t slots = 0;
	struct slot *all;

	s->room = arena_alloc(a, (mk->n + 1) * sizeof(*s->room));
	s->edges = arena_alloc(a, (mk->n + 1) * sizeof(*s->edges));
	s->edges_n = arena_alloc(a, (mk->n + 1) * sizeof(uint32_t));
	s->placed = arena_alloc(a, (mk->n + 1) * sizeof(int));
	s->used = arena_alloc(a, (mk->m + 1) * sizeof(int));
	s->slots = arena_alloc(a, (mk->m + 1) * sizeof(*s->slots));
	for (uint32_t j = 0; j < mk->m; j++)
		slots +=
		    (size_t)(mk->cap[j] < (int)mk->n ? mk->cap[j] : (int)mk->n);
	all = arena_alloc(a, (slots + 1) * sizeof(*all));
	for (uint32_t j = 0; j < mk->m; j++) {
		s->slots[j] = all;
		all += mk->cap[j] < (int)mk->n ? mk->cap[j] : (int)mk->n;
	}
}

void
solve_market(struct arena *a, const struct market *mk,
    const struct gauge *before, const struct gauge *g,
    const struct meter *meter, struct solution *s)
{
	int16_t *score = arena_alloc(a, (mk->m + 1) * sizeof(*score));
	int64_t *u = arena_alloc(a, ((size_t)mk->n + 1) * g->k * sizeof(*u));
	int64_t *v = arena_alloc(a, ((size_t)mk->m + 1) * g->k * sizeof(*v));
	bool fresh = s->edges == NULL;
	uint64_t scans = (uint64_t)mk->n * SCANS;
	struct search *search;
	struct pricing *pricing;
	uint32_t left;

	if (fresh)
		solution_init(a, mk, s);
	else
		gauge_convert(before, s->v, mk->m, g, v);
	s->u = u;
	s->v = v;
	if (mk->n == 0 || mk->m == 0)
		return;
	for (uint32_t i = 0; fresh && i < mk->n; i++) {
		market_row(mk, i, score);
		candidates(a, mk, s, i, score);
	}
	search = search_new(a, mk, g, meter, s);
	pricing = pricing_new(a, mk, g, meter, s);
	do {
		s->rounds++;
		left = search_settle(search, scans);
		/* Better candidates first: they make the searches short. */
		scans *= 2;
	} while (pricing_all(pricing) + left > 0);
}

void
solution_value(const struct market *mk, const struct gauge *g,
    const struct solution *s, int64_t *value)
{
	int64_t *w = arena_alloc(mk->arena, g->k * sizeof(*w));

	for (uint32_t k = 0; k < g->k; k++)
		value[k] = 0;
	for (uint32_t i = 0; i < mk->n; i++)
		for (uint32_t x = 0; x < s->edges_n[i]; x++) {
			if (!(s->edges[i][x].flags & EDGE_MATCHED))
				continue;
			words_weigh(g, i, s->edges[i][x], w, g->k);
			for (uint32_t k = 0; k < g->k; k++)
				value[k] += w[k];
		}
}
