/*
 * Pricing: which pairs outside the candidates gain more than their row's
 * dual?  Each row has a list of spares, the best pairs outside; all others
 * gained no more than `rest` when they were looked at.  Prices seldom fall,
 * so that a row needs to be looked at again only when its dual has sunk below
 * that; until then its spares tell.
 */
#include "match/match_int.h"

#include <string.h>

enum {
	LIST = 48,      /* best pairs that are told apart, at most */
	VIOLATORS = 16, /* new candidates of a row at a time */
	METER_ROWS = 256,
	SHORT = 8 /* words that are kept on the stack */
};
static const int64_t wide = (int64_t)1 << 58;

struct spare {
	uint32_t col;
	int32_t score;
};

struct pricing {
	struct arena *arena;
	const struct market *mk;
	const struct gauge *g;
	const struct meter *meter;
	struct solution *s;
	int16_t *score;
	struct spare *spares; /* LIST for each row */
	uint8_t *spares_n;
	/* `rest` less how far prices had fallen by then, in all, at most. */
	int64_t *rest, *fall, *v_before;
	uint32_t *mark; /* of columns: row + 1 where it is a candidate */
	/* How far below the dual the last row's list went. */
	int64_t *width;
	/* scratch */
	struct spare list[LIST];
	uint32_t list_n, list_most;
	int64_t *gains; /* of the list */
	int64_t *u, *low, *gain;
};

/* Does t - v exceed low?  Without branches for the processor to guess. */
INLINE bool
above(const int64_t *t, const int64_t *v, const int64_t *low, const uint32_t K)
{
	bool more = false, same = true;

	for (uint32_t k = 0; k < K && (K < 3 || same); k++) {
		int64_t x = t[k] - v[k];

		more |= same & (x > low[k]);
		same &= x == low[k];
	}
	return more;
}

INLINE void
gain_of(const struct pricing *q, struct spare x, int64_t *out, const uint32_t K)
{
	for (uint32_t k = 0; k < K; k++)
		out[k] = q->g->tab[(ptrdiff_t)x.score * K + k] -
			 q->s->v[(size_t)x.col * K + k];
}

/* Into the list, best first; the last falls out when it is full. */
INLINE void
list_add(struct pricing *q, struct spare x, const uint32_t K)
{
	uint32_t at = q->list_n < q->list_most ? q->list_n++ : q->list_most - 1;

	gain_of(q, x, q->gain, K);
	for (; at > 0; at--) {
		int64_t *to = &q->gains[(size_t)at * K];

		if (words_compare(to - K, q->gain, K) >= 0)
			break;
		for (uint32_t k = 0; k < K; k++)
			to[k] = *(to + k - K);
		q->list[at] = q->list[at - 1];
	}
	for (uint32_t k = 0; k < K; k++)
		q->gains[(size_t)at * K + k] = q->gain[k];
	q->list[at] = x;
	if (q->list_n == q->list_most)
		for (uint32_t k = 0; k < K; k++)
			q->low[k] =
			    q->gains[(size_t)(q->list_most - 1) * K + k];
}

/* The next list is to be filled, but not overflow much. */
INLINE void
width_adapt(struct pricing *q, const uint32_t K)
{
	if (q->list_n < q->list_most) {
		for (uint32_t k = 0; k < K; k++)
			if (q->width[k] < wide && q->width[k] > -wide)
				q->width[k] += q->width[k] / 2;
	} else if (words_compare(q->u, q->low, K) > 0) {
		for (uint32_t k = 0; k < K; k++)
			q->width[k] = q->u[k] - q->low[k];
	}
}

/* The next column from j on whose pair gains more than low. */
INLINE uint32_t
next_above(const struct pricing *q, uint32_t j, const uint32_t K)
{
	const int64_t *v = q->s->v, *tab = q->g->tab;
	const int16_t *score = q->score;
	uint32_t m = q->mk->m;
	int64_t near[SHORT];
	const int64_t *low = K > SHORT ? q->low : near;

	for (uint32_t k = 0; k < K && k < SHORT; k++)
		near[k] = q->low[k];
	while (j < m &&
	       !above(&tab[(ptrdiff_t)score[j] * K], &v[(size_t)j * K], low, K))
		j++;
	return j;
}

/* The best pairs of a row, of all that are no candidates. */
INLINE void
list_best(struct pricing *q, uint32_t row, const uint32_t K)
{
	const struct edge *e = q->s->edges[row];
	uint32_t n = q->s->edges_n[row], m = q->mk->m;

	market_row(q->mk, row, q->score);
	for (uint32_t x = 0; x < n; x++)
		q->mark[e[x].col] = row + 1;
	for (uint32_t k = 0; k < K; k++)
		q->low[k] = q->u[k] - q->width[k];
	q->list_n = 0;
	for (uint32_t j = next_above(q, 0, K); j < m;
	     j = next_above(q, j + 1, K))
		if (q->mark[j] != row + 1 && q->score[j] >= 0)
			list_add(q, (struct spare){j, q->score[j]}, K);
	width_adapt(q, K);
}

/* Candidates from the list of best pairs; the others are its spares. */
INLINE uint32_t
look(struct pricing *q, uint32_t row, const uint32_t K)
{
	struct spare *spare = &q->spares[(size_t)row * LIST];
	uint32_t n = 0, spares = 0;

	list_best(q, row, K);
	while (n < q->list_n && n < VIOLATORS &&
	       words_compare(&q->gains[(size_t)n * K], q->u, K) > 0) {
		solution_add(q->arena, q->mk, q->s, row, q->list[n].col,
		    q->list[n].score);
		n++;
	}
	for (uint32_t x = n; x < q->list_n; x++)
		spare[spares++] = q->list[x];
	q->spares_n[row] = (uint8_t)spares;
	for (uint32_t k = 0; k < K; k++)
		q->rest[(size_t)row * K + k] = q->low[k] - q->fall[k];
	return n;
}

/*
 * New candidates of a row; how many.  Standing pairs are candidates from the
 * start, so that their bonus need not be looked at.
 */
INLINE uint32_t
price_row(struct pricing *q, uint32_t row, const uint32_t K)
{
	struct spare *spare = &q->spares[(size_t)row * LIST];
	uint32_t keep = 0, n = q->spares_n[row];

	for (uint32_t k = 0; k < K; k++) {
		q->u[k] = q->s->u[(size_t)row * K + k] -
			  q->g->row_add[(size_t)row * K + k];
		q->low[k] = q->rest[(size_t)row * K + k] + q->fall[k];
	}
	if (words_compare(q->low, q->u, K) > 0)
		return look(q, row, K);
	for (uint32_t x = 0; x < n; x++) {
		gain_of(q, spare[x], q->gain, K);
		if (words_compare(q->gain, q->u, K) > 0)
			solution_add(q->arena, q->mk, q->s, row, spare[x].col,
			    spare[x].score);
		else
			spare[keep++] = spare[x];
	}
	q->spares_n[row] = (uint8_t)keep;
	return n - keep;
}

/* By how much a price fell at most since the last time. */
INLINE void
fall_add(struct pricing *q, const uint32_t K)
{
	int64_t *now = q->gain, *most = q->low;

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
price_all(struct pricing *q, const uint32_t K)
{
	uint32_t added = 0;

	fall_add(q, K);
	for (uint32_t i = 0; i < q->mk->n; i++) {
		added += price_row(q, i, K);
		if (i % METER_ROWS == 0)
			meter_show(q->meter, q->s->rounds);
	}
	return added;
}

/* The common lengths are compiled apart, so that words become registers. */
uint32_t
pricing_all(struct pricing *q)
{
	switch (q->g->k) {
	case 1:
		return price_all(q, 1);
	case 2:
		return price_all(q, 2);
	case 3:
		return price_all(q, 3);
	default:
		return price_all(q, q->g->k);
	}
}

struct pricing *
pricing_new(struct arena *a, const struct market *mk, const struct gauge *g,
    const struct meter *meter, struct solution *s)
{
	struct pricing *q = arena_alloc(a, sizeof(*q));
	size_t n = mk->n + 1, m = mk->m + 1, k = g->k;

	*q = (struct pricing){
	    .arena = a, .mk = mk, .g = g, .meter = meter, .s = s};
	/* Of few, a long list would be most of them. */
	q->list_most = mk->m / 32 < VIOLATORS ? VIOLATORS
		       : mk->m / 32 < LIST    ? mk->m / 32
					      : LIST;
	q->score = arena_alloc(a, m * sizeof(*q->score));
	q->spares = arena_alloc(a, n * LIST * sizeof(*q->spares));
	q->spares_n = arena_alloc(a, n);
	q->rest = arena_alloc(a, n * k * sizeof(int64_t));
	q->fall = arena_alloc(a, k * sizeof(int64_t));
	q->v_before = arena_alloc(a, m * k * sizeof(int64_t));
	q->mark = arena_alloc(a, m * sizeof(*q->mark));
	q->width = arena_alloc(a, k * sizeof(int64_t));
	q->gains = arena_alloc(a, LIST * k * sizeof(int64_t));
	q->u = arena_alloc(a, k * sizeof(int64_t));
	q->low = arena_alloc(a, k * sizeof(int64_t));
	q->gain = arena_alloc(a, k * sizeof(int64_t));
	for (size_t i = 0; i < n; i++)
		q->rest[i * k] = INT64_MAX / 4;
	q->width[0] = wide;
	return q;
}
