/*
 * The optimum over all pairs: the exact solution over a small graph of
 * candidate pairs, and pricing of all pairs with its duals; pairs that could
 * improve become candidates, until there is none.  Then the duals prove the
 * optimum over all pairs, though most were never stored.
 */
#include "match/match_int.h"

#include <assert.h>
#include <string.h>

enum {
	NEAR = 16,
	SPREAD = 12,
	VIOLATORS = 16,
	SCANS = 10, /* of rows, for each row, in the first round */
	SHORT = 8   /* words that are kept on the stack */
};

void
meter_show(const struct meter *meter, uint32_t rounds)
{
	if (meter != NULL && meter->fn != NULL)
		meter->fn(meter->cookie, (int)(1000 - 1000 / (rounds + 1)));
}

/* --- columns of the programme --------------------------------------------- */

static uint64_t
mix(uint64_t x)
{
	x ^= x >> 33;
	x *= 0xff51afd7ed558ccdu;
	x ^= x >> 33;
	x *= 0xc4ceb9fe1a85ec53u;
	return x ^ x >> 33;
}

static void
edge_add(struct arena *a, const struct market *mk, struct solution *s,
    uint32_t row, uint32_t col, int score)
{
	struct edge *e;

	if (s->edges_n[row] == s->room[row]) {
		uint32_t more = s->room[row] * 2 + NEAR;
		struct edge *bigger = arena_alloc(a, more * sizeof(*bigger));

		if (s->edges_n[row] > 0)
			memcpy(bigger, s->edges[row],
			    s->edges_n[row] * sizeof(*bigger));
		s->edges[row] = bigger;
		s->room[row] = more;
	}
	e = &s->edges[row][s->edges_n[row]++];
	e->col = col;
	e->score = (int16_t)score;
	e->flags = market_stands(mk, row, col) ? EDGE_STANDING : 0;
}

struct top {
	int64_t gain;
	uint32_t col;
	int score;
};

/*
 * Keeps the `most` best in a small array, best first; true when one had to go
 * for it (or it itself), then in `gone`.
 */
static bool
top_add(
    struct top *t, uint32_t *n, uint32_t most, struct top x, struct top *gone)
{
	uint32_t at = *n;
	bool full = *n == most;

	*gone = x;
	if (full && t[most - 1].gain >= x.gain)
		return true;
	if (full)
		*gone = t[at = most - 1];
	else
		(*n)++;
	for (; at > 0 && t[at - 1].gain < x.gain; at--)
		t[at] = t[at - 1];
	t[at] = x;
	return full;
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
	struct top top[NEAR];
	uint32_t n = 0, m = mk->m;
	uint32_t start = (uint32_t)(mix(row + 1) % m);
	int low = -1; /* only more than this is of use */

	for (uint32_t part = 0; part < 2; part++) {
		uint32_t j = part == 0 ? start : 0;
		uint32_t end = part == 0 ? m : start;

		for (; j < end; j++) {
			struct top x = {score[j], j, score[j]};

			if (score[j] <= low)
				continue;
			top_add(top, &n, NEAR, x, &x);
			low = n == NEAR ? top[n - 1].score : -1;
		}
	}
	for (uint32_t x = 0; x < n; x++)
		edge_add(a, mk, s, row, top[x].col, top[x].score);
	for (uint32_t x = 0; x < SPREAD * 2 && n == NEAR; x++) {
		uint32_t j = (uint32_t)(mix((uint64_t)row << 32 | (x + 7)) % m);

		if (score[j] >= 0 && !has_edge(s, row, j))
			edge_add(a, mk, s, row, j, score[j]);
	}
	for (uint32_t x = mk->standing_at[row]; x < mk->standing_at[row + 1];
	     x++) {
		uint32_t j = (uint32_t)(mk->standing[x] % m);

		if (score[j] >= 0 && !has_edge(s, row, j))
			edge_add(a, mk, s, row, j, score[j]);
	}
}

/*
 * Prices seldom fall, and a row whose best pair outside the candidates was
 * too little at lower prices need not be looked at again: `bound` holds what
 * that pair gained when it was looked at, less how far prices had fallen by
 * then, in all, at most.
 */
struct pricing {
	const struct market *mk;
	const struct gauge *g;
	const struct meter *meter;
	struct solution *s;
	int16_t *score;
	int64_t *bound, *fall, *v_before;
	uint32_t *mark; /* of columns: row + 1 where it is a candidate */
	/* scratch */
	int64_t *u, *best, *pair;
};

/* How much the pair gains above u; a rough order of gains will do. */
INLINE int64_t
excess(const int64_t *pair, const int64_t *u, const uint32_t K)
{
	for (uint32_t k = 0; k < K; k++) {
		int64_t x = pair[k] - u[k];

		if (x < 0)
			return 0;
		/* A gain in an earlier word outweighs any in a later one. */
		if (x > 0)
			return k == 0 ? x : (x >> 20) + 1;
	}
	return 0;
}

/* Does t - v exceed best?  Without branches for the processor to guess. */
INLINE bool
above(const int64_t *t, const int64_t *v, const int64_t *best, const uint32_t K)
{
	bool more = false, same = true;

	for (uint32_t k = 0; k < K && (K < 3 || same); k++) {
		int64_t x = t[k] - v[k];

		more |= same & (x > best[k]);
		same &= x == best[k];
	}
	return more;
}

/*
 * The row's worst violators: pairs that gain more than its dual.  `best`
 * becomes the most that any other pair gains.  Standing pairs are candidates
 * from the start, so that their bonus need not be looked at.
 */
INLINE uint32_t
violators(struct pricing *q, uint32_t row, struct top top[VIOLATORS],
    const uint32_t K)
{
	int64_t near[2][SHORT], *pair = K > SHORT ? q->pair : near[0];
	int64_t *best = K > SHORT ? q->best : near[1];
	const int64_t *v = q->s->v, *tab = q->g->tab;
	const int16_t *score = q->score;
	uint32_t n = 0, m = q->mk->m;

	for (uint32_t k = 0; k < K; k++)
		best[k] = INT64_MIN / 2;
	for (uint32_t j = 0; j < m; j++) {
		struct top x;

		if (!above(&tab[(ptrdiff_t)score[j] * K], &v[(size_t)j * K],
			best, K) ||
		    q->mark[j] == row + 1)
			continue;
		x = (struct top){0, j, score[j]};
		for (uint32_t k = 0; k < K; k++)
			pair[k] = tab[(ptrdiff_t)score[j] * K + k] -
				  v[(size_t)j * K + k];
		x.gain = excess(pair, q->u, K);
		if (x.gain > 0 && !top_add(top, &n, VIOLATORS, x, &x))
			continue;
		for (uint32_t k = 0; k < K; k++)
			pair[k] = tab[(ptrdiff_t)x.score * K + k] -
				  v[(size_t)x.col * K + k];
		if (words_compare(pair, best, K) > 0)
			for (uint32_t k = 0; k < K; k++)
				best[k] = pair[k];
	}
	for (uint32_t k = 0; k < K; k++)
		q->bound[(size_t)row * K + k] = best[k] - q->fall[k];
	return n;
}

/* Adds the row's worst violators; how many. */
INLINE uint32_t
price_row(struct arena *a, struct pricing *q, uint32_t row, const uint32_t K)
{
	struct top top[VIOLATORS];
	struct edge *e = q->s->edges[row];
	uint32_t n = q->s->edges_n[row];

	for (uint32_t k = 0; k < K; k++) {
		q->u[k] = q->s->u[(size_t)row * K + k] -
			  q->g->row_add[(size_t)row * K + k];
		q->best[k] = q->bound[(size_t)row * K + k] + q->fall[k];
	}
	if (words_compare(q->best, q->u, K) <= 0)
		return 0;
	market_row(q->mk, row, q->score);
	for (uint32_t x = 0; x < n; x++)
		q->mark[e[x].col] = row + 1;
	n = violators(q, row, top, K);
	for (uint32_t x = 0; x < n; x++)
		edge_add(a, q->mk, q->s, row, top[x].col, top[x].score);
	return n;
}

/* By how much a price fell at most since the last time. */
INLINE void
fall_add(struct pricing *q, const uint32_t K)
{
	int64_t *now = q->u, *most = q->best;

	for (uint32_t k = 0; k < K; k++)
		most[k] = 0;
	for (uint32_t j = 0; j < q->mk->m; j++) {
		for (uint32_t k = 0; k < K; k++) {
			int64_t *v = &q->v_before[(size_t)j * K + k];

			now[k] = *v - q->s->v[(size_t)j * K + k];
			*v -= now[k];
		}
		if (words_compare(now, most, K) > 0)
			for (uint32_t k = 0; k < K; k++)
				most[k] = now[k];
	}
	for (uint32_t k = 0; k < K; k++)
		q->fall[k] += most[k];
}

INLINE uint32_t
price_all(struct arena *a, struct pricing *q, const uint32_t K)
{
	uint32_t added = 0;

	fall_add(q, K);
	for (uint32_t i = 0; i < q->mk->n; i++) {
		added += price_row(a, q, i, K);
		if (i % 256 == 0)
			meter_show(q->meter, q->s->rounds);
	}
	return added;
}

static void
pricing_init(struct arena *a, struct pricing *q)
{
	size_t n = q->mk->n + 1, m = q->mk->m + 1, k = q->g->k;

	q->score = arena_alloc(a, m * sizeof(*q->score));
	q->bound = arena_alloc(a, n * k * sizeof(int64_t));
	q->v_before = arena_alloc(a, m * k * sizeof(int64_t));
	q->mark = arena_alloc(a, m * sizeof(*q->mark));
	q->fall = arena_alloc(a, k * sizeof(int64_t));
	q->u = arena_alloc(a, k * sizeof(int64_t));
	q->best = arena_alloc(a, k * sizeof(int64_t));
	q->pair = arena_alloc(a, k * sizeof(int64_t));
	for (size_t i = 0; i < n * k; i += k)
		q->bound[i] = INT64_MAX / 4;
}

/* The common lengths are compiled apart, so that words become registers. */
static uint32_t
price(struct arena *a, struct pricing *q)
{
	switch (q->g->k) {
	case 1:
		return price_all(a, q, 1);
	case 2:
		return price_all(a, q, 2);
	case 3:
		return price_all(a, q, 3);
	default:
		return price_all(a, q, q->g->k);
	}
}

static void
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
	struct pricing q = {.mk = mk, .g = g, .s = s, .meter = meter};
	int64_t *v = arena_alloc(a, ((size_t)mk->m + 1) * g->k * sizeof(*v));
	bool fresh = s->edges == NULL;
	uint64_t scans = (uint64_t)mk->n * SCANS;
	struct search *search;
	uint32_t left;

	pricing_init(a, &q);
	if (fresh)
		solution_init(a, mk, s);
	else
		gauge_convert(before, s->v, mk->m, g, v);
	s->u = arena_alloc(a, ((size_t)mk->n + 1) * g->k * sizeof(int64_t));
	s->v = v;
	if (mk->n == 0 || mk->m == 0)
		return;
	for (uint32_t i = 0; fresh && i < mk->n; i++) {
		market_row(mk, i, q.score);
		candidates(a, mk, s, i, q.score);
	}
	search = search_new(a, mk, g, meter, s);
	do {
		s->rounds++;
		left = search_settle(search, scans);
		/* Better candidates first: they make the searches short. */
		scans *= 2;
	} while (price(a, &q) + left > 0);
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
