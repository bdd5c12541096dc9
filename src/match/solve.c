/*
 * The optimum: successive shortest augmenting paths on a small graph of
 * candidate pairs, and pricing of all pairs with the dual values; pairs that
 * could improve become candidates, until there is none.  Then the duals
 * prove the optimum over all pairs, though most were never stored.
 *
 * Invariants of duals (rows u, columns v, all >= 0, lexicographic):
 * unmatched pair: u + v >= w; matched: u + v <= w; a row with a place left
 * empty has u = 0; a column with a free place has v = 0.
 */
#include "match/match_int.h"

#include <assert.h>
#include <string.h>

#define INLINE static inline __attribute__((always_inline))

enum {
	NEAR = 16,
	SPREAD = 12,
	VIOLATORS = 16,
	NO_NODE = UINT32_MAX
};

struct search {
	const struct market *mk;
	const struct gauge *g;
	struct solution *s;
	struct slot **slots; /* of columns */
	int *used;
	/* nodes: columns 0..m-1, rows m..m+n-1 */
	int64_t *dist;
	uint8_t *seen;
	uint32_t *touched, touched_n;
	uint32_t *heap, heap_n, *heap_at; /* place + 1; 0 = not in it */
	uint32_t *stack, stack_n;
	/* A column's way back: row and edge; a row's: column and slot. */
	uint32_t *from, *from_edge;
	int64_t *best, *tmp;
	uint32_t end;
	bool has_end;
};

INLINE int
cmp(const int64_t *a, const int64_t *b, const uint32_t K)
{
	for (uint32_t k = 0; k < K; k++)
		if (a[k] != b[k])
			return a[k] < b[k] ? -1 : 1;
	return 0;
}

int
words_cmp(const int64_t *a, const int64_t *b, uint32_t k)
{
	return cmp(a, b, k);
}

/* out = what the pair (row, edge) weighs */
INLINE void
weigh(const struct gauge *g, uint32_t row, struct edge e, int64_t *out,
    const uint32_t K)
{
	const int64_t *t = &g->tab[(size_t)(uint16_t)e.score * K];
	const int64_t *r = &g->row_add[(size_t)row * K];

	for (uint32_t k = 0; k < K; k++)
		out[k] = t[k] + r[k];
	if (e.flags & EDGE_STANDING)
		for (uint32_t k = 0; k < K; k++)
			out[k] += g->stand[k];
}

/* --- heap of nodes by distance ------------------------------------------- */

INLINE void
heap_up(struct search *q, uint32_t at, const uint32_t K)
{
	uint32_t node = q->heap[at];

	while (at > 0) {
		uint32_t up = (at - 1) / 4;

		if (cmp(&q->dist[(size_t)node * K],
			&q->dist[(size_t)q->heap[up] * K], K) >= 0)
			break;
		q->heap[at] = q->heap[up];
		q->heap_at[q->heap[at]] = at + 1;
		at = up;
	}
	q->heap[at] = node;
	q->heap_at[node] = at + 1;
}

INLINE uint32_t
heap_pop(struct search *q, const uint32_t K)
{
	uint32_t top = q->heap[0], node = q->heap[--q->heap_n], at = 0;

	q->heap_at[top] = 0;
	if (q->heap_n == 0)
		return top;
	for (;;) {
		uint32_t child = at * 4 + 1, low = child, end = child + 4;

		if (child >= q->heap_n)
			break;
		end = end < q->heap_n ? end : q->heap_n;
		for (uint32_t c = child + 1; c < end; c++)
			if (cmp(&q->dist[(size_t)q->heap[c] * K],
				&q->dist[(size_t)q->heap[low] * K], K) < 0)
				low = c;
		if (cmp(&q->dist[(size_t)q->heap[low] * K],
			&q->dist[(size_t)node * K], K) >= 0)
			break;
		q->heap[at] = q->heap[low];
		q->heap_at[q->heap[at]] = at + 1;
		at = low;
	}
	q->heap[at] = node;
	q->heap_at[node] = at + 1;
	return top;
}

/*
 * A way to this node of length d.  Nodes at the present distance go on a
 * stack: with many ties that is most of them.
 */
INLINE void
reach(struct search *q, uint32_t node, const int64_t *d, const int64_t *now,
    uint32_t from, uint32_t edge, const uint32_t K)
{
	int64_t *dist = &q->dist[(size_t)node * K];

	if (q->seen[node] != 0) {
		if (cmp(d, dist, K) >= 0)
			return;
	} else {
		q->seen[node] = 1;
		q->touched[q->touched_n++] = node;
	}
	for (uint32_t k = 0; k < K; k++)
		dist[k] = d[k];
	q->from[node] = from;
	q->from_edge[node] = edge;
	if (cmp(d, now, K) == 0) {
		if (q->heap_at[node] != 0) {
			heap_up(q, q->heap_at[node] - 1, K);
			return;
		}
		q->stack[q->stack_n++] = node;
		return;
	}
	if (q->heap_at[node] == 0) {
		q->heap[q->heap_n++] = node;
		heap_up(q, q->heap_n - 1, K);
	} else {
		heap_up(q, q->heap_at[node] - 1, K);
	}
}

INLINE void
end_at(struct search *q, uint32_t node, const int64_t *d, const uint32_t K)
{
	if (q->has_end && cmp(d, q->best, K) >= 0)
		return;
	for (uint32_t k = 0; k < K; k++)
		q->best[k] = d[k];
	q->end = node;
	q->has_end = true;
}

INLINE void
scan_row(struct search *q, uint32_t row, const int64_t *d, const uint32_t K)
{
	const int64_t *u = &q->s->u[(size_t)row * K];
	int64_t *nd = q->tmp;
	const struct edge *e = q->s->edges[row];
	uint32_t n = q->s->edges_n[row];

	for (uint32_t k = 0; k < K; k++)
		nd[k] = d[k] + u[k];
	/* The row's own empty place: somebody goes without. */
	end_at(q, q->mk->m + row, nd, K);
	for (uint32_t x = 0; x < n; x++) {
		const int64_t *v = &q->s->v[(size_t)e[x].col * K];

		if (e[x].flags & EDGE_MATCHED)
			continue;
		weigh(q->g, row, e[x], nd, K);
		for (uint32_t k = 0; k < K; k++)
			nd[k] = d[k] + u[k] + v[k] - nd[k];
		if (cmp(nd, q->best, K) < 0 ||
		    (q->end >= q->mk->m && cmp(nd, q->best, K) == 0))
			reach(q, e[x].col, nd, d, row, x, K);
	}
}

INLINE void
scan_column(struct search *q, uint32_t col, const int64_t *d, const uint32_t K)
{
	const int64_t *v = &q->s->v[(size_t)col * K];
	int64_t *nd = q->tmp;

	if (q->used[col] < q->mk->cap[col]) {
		/* A place taken beats a place left empty at the same cost. */
		if (q->has_end && q->end >= q->mk->m && cmp(d, q->best, K) == 0)
			q->has_end = false;
		end_at(q, col, d, K);
		return;
	}
	for (int k = 0; k < q->used[col]; k++) {
		struct slot at = q->slots[col][k];
		const int64_t *u = &q->s->u[(size_t)at.row * K];

		weigh(q->g, at.row, q->s->edges[at.row][at.edge], nd, K);
		for (uint32_t w = 0; w < K; w++)
			nd[w] = d[w] + nd[w] - u[w] - v[w];
		reach(q, q->mk->m + at.row, nd, d, col, (uint32_t)k, K);
	}
}

/* Turns the pairs along the path from its end to the row it began at. */
static void
augment(struct search *q, uint32_t source)
{
	uint32_t node = q->end, m = q->mk->m;
	uint32_t col, place;

	if (node >= m) {
		uint32_t row = node - m;

		if (row == source)
			return;
		col = q->from[node];
		place = q->from_edge[node];
		q->s->edges[row][q->slots[col][place].edge].flags &=
		    ~EDGE_MATCHED;
	} else {
		col = node;
		place = (uint32_t)q->used[col]++;
	}
	for (;;) {
		uint32_t row = q->from[col], edge = q->from_edge[col];

		q->slots[col][place] = (struct slot){row, edge};
		q->s->edges[row][edge].flags |= EDGE_MATCHED;
		if (row == source)
			return;
		col = q->from[m + row];
		place = q->from_edge[m + row];
		q->s->edges[row][q->slots[col][place].edge].flags &=
		    ~EDGE_MATCHED;
	}
}

INLINE void
reprice(struct search *q, const uint32_t K)
{
	uint32_t m = q->mk->m;

	for (uint32_t t = 0; t < q->touched_n; t++) {
		uint32_t node = q->touched[t];
		const int64_t *d = &q->dist[(size_t)node * K];

		q->seen[node] = 0;
		q->heap_at[node] = 0;
		if (cmp(d, q->best, K) >= 0)
			continue;
		for (uint32_t k = 0; k < K; k++) {
			int64_t by = q->best[k] - d[k];

			if (node < m)
				q->s->v[(size_t)node * K + k] += by;
			else
				q->s->u[(size_t)(node - m) * K + k] -= by;
		}
	}
	q->touched_n = q->heap_n = q->stack_n = 0;
}

/* One unit of a row finds its place, or stays without. */
INLINE void
place_unit(struct search *q, uint32_t row, const uint32_t K)
{
	uint32_t m = q->mk->m, node = m + row;
	int64_t *d = &q->dist[(size_t)node * K];

	q->has_end = false;
	for (uint32_t k = 0; k < K; k++)
		d[k] = 0;
	q->seen[node] = 1;
	q->touched[q->touched_n++] = node;
	q->stack[q->stack_n++] = node;
	q->from[node] = NO_NODE;
	while (q->stack_n > 0 || q->heap_n > 0) {
		uint32_t at =
		    q->stack_n > 0 ? q->stack[--q->stack_n] : heap_pop(q, K);
		const int64_t *now = &q->dist[(size_t)at * K];

		if (q->has_end) {
			int c = cmp(now, q->best, K);

			if (c > 0 || (c == 0 && q->end < m))
				break;
		}
		if (at >= m)
			scan_row(q, at - m, now, K);
		else
			scan_column(q, at, now, K);
	}
	augment(q, row);
	reprice(q, K);
}

INLINE void
row_start(struct search *q, uint32_t row, const uint32_t K)
{
	int64_t *u = &q->s->u[(size_t)row * K];
	int64_t *w = q->tmp;

	for (uint32_t k = 0; k < K; k++)
		u[k] = 0;
	for (uint32_t x = 0; x < q->s->edges_n[row]; x++) {
		struct edge *e = &q->s->edges[row][x];
		const int64_t *v = &q->s->v[(size_t)e->col * K];

		e->flags &= ~EDGE_MATCHED;
		weigh(q->g, row, *e, w, K);
		for (uint32_t k = 0; k < K; k++)
			w[k] -= v[k];
		if (cmp(w, u, K) > 0)
			for (uint32_t k = 0; k < K; k++)
				u[k] = w[k];
	}
}

INLINE void
solve_all(struct search *q, const uint32_t K)
{
	const struct market *mk = q->mk;

	memset(q->s->v, 0, (size_t)mk->m * K * sizeof(int64_t));
	memset(q->used, 0, mk->m * sizeof(*q->used));
	for (uint32_t i = 0; i < mk->n; i++) {
		row_start(q, i, K);
		for (int d = 0; d < mk->demand[i]; d++)
			place_unit(q, i, K);
	}
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
    uint32_t *room, uint32_t row, uint32_t col, int score)
{
	struct edge *e;

	if (s->edges_n[row] == room[row]) {
		uint32_t more = room[row] * 2 + NEAR;
		struct edge *bigger = arena_alloc(a, more * sizeof(*bigger));

		if (s->edges_n[row] > 0)
			memcpy(bigger, s->edges[row],
			    s->edges_n[row] * sizeof(*bigger));
		s->edges[row] = bigger;
		room[row] = more;
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

/* Keeps the `most` best in a small array, best first. */
static void
top_add(struct top *t, uint32_t *n, uint32_t most, struct top x)
{
	uint32_t at = *n;

	if (*n == most && t[most - 1].gain >= x.gain)
		return;
	if (*n < most)
		(*n)++;
	else
		at = most - 1;
	for (; at > 0 && t[at - 1].gain < x.gain; at--)
		t[at] = t[at - 1];
	t[at] = x;
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
    uint32_t *room, uint32_t row, const int16_t *score)
{
	struct top top[NEAR];
	uint32_t n = 0, m = mk->m;
	uint32_t start = (uint32_t)(mix(row + 1) % m);

	for (uint32_t x = 0; x < m; x++) {
		uint32_t j = x + start < m ? x + start : x + start - m;

		if (score[j] >= 0 && (n < NEAR || score[j] > top[n - 1].gain))
			top_add(
			    top, &n, NEAR, (struct top){score[j], j, score[j]});
	}
	for (uint32_t x = 0; x < n; x++)
		edge_add(a, mk, s, room, row, top[x].col, top[x].score);
	for (uint32_t x = 0; x < SPREAD * 2 && n == NEAR; x++) {
		uint32_t j = (uint32_t)(mix((uint64_t)row << 32 | (x + 7)) % m);

		if (score[j] >= 0 && !has_edge(s, row, j))
			edge_add(a, mk, s, room, row, j, score[j]);
	}
	for (uint32_t x = mk->standing_at[row]; x < mk->standing_at[row + 1];
	     x++) {
		uint32_t j = (uint32_t)(mk->standing[x] % m);

		if (score[j] >= 0 && !has_edge(s, row, j))
			edge_add(a, mk, s, room, row, j, score[j]);
	}
}

/* By how much a pair breaks its dual constraint; 0 not at all. */
INLINE int64_t
excess(const int64_t *t, const int64_t *r, const int64_t *u, const int64_t *v,
    const int64_t *plus, const uint32_t K)
{
	for (uint32_t k = 0; k < K; k++) {
		int64_t x = t[k] + r[k] - u[k] - v[k];

		if (plus != NULL)
			x += plus[k];
		if (x < 0)
			return 0;
		/* A gain in an earlier word outweighs any in a later one. */
		if (x > 0)
			return k == 0 ? x : (x >> 20) + 1;
	}
	return 0;
}

/* Adds the row's worst violators; how many. */
INLINE uint32_t
price_row(struct arena *a, struct search *q, uint32_t *room, uint32_t row,
    const int16_t *score, const uint32_t K)
{
	const struct market *mk = q->mk;
	const struct gauge *g = q->g;
	const int64_t *u = &q->s->u[(size_t)row * K], *v = q->s->v;
	const int64_t *r = &g->row_add[(size_t)row * K];
	bool stands = mk->standing_at[row] < mk->standing_at[row + 1];
	struct top top[VIOLATORS];
	uint32_t n = 0, added = 0, m = mk->m;

	for (uint32_t j = 0; j < m; j++) {
		const int64_t *plus = NULL;
		int64_t x;

		if (score[j] < 0)
			continue;
		if (stands && market_stands(mk, row, j))
			plus = g->stand;
		x = excess(&g->tab[(size_t)(uint16_t)score[j] * K], r, u,
		    &v[(size_t)j * K], plus, K);
		if (x > 0 && (n < VIOLATORS || x > top[n - 1].gain))
			top_add(
			    top, &n, VIOLATORS, (struct top){x, j, score[j]});
	}
	for (uint32_t x = 0; x < n; x++) {
		if (has_edge(q->s, row, top[x].col))
			continue;
		edge_add(a, mk, q->s, room, row, top[x].col, top[x].score);
		added++;
	}
	return added;
}

INLINE void
solve_words(struct arena *a, struct search *q, uint32_t *room, int16_t *score,
    const struct meter *meter, const uint32_t K)
{
	uint32_t n = q->mk->n;

	for (;;) {
		uint32_t added = 0;

		q->s->rounds++;
		solve_all(q, K);
		for (uint32_t i = 0; i < n; i++) {
			market_row(q->mk, i, score);
			added += price_row(a, q, room, i, score, K);
			if (meter != NULL && meter->fn != NULL && i % 256 == 0)
				meter->fn(meter->cookie,
				    (int)(1000 - 1000 / (q->s->rounds + 1)));
		}
		if (added == 0)
			return;
	}
}

/* The common lengths are compiled apart, so that words become registers. */
static void
solve_kind(struct arena *a, struct search *q, uint32_t *room, int16_t *score,
    const struct meter *meter)
{
	switch (q->g->k) {
	case 1:
		solve_words(a, q, room, score, meter, 1);
		return;
	case 2:
		solve_words(a, q, room, score, meter, 2);
		return;
	case 3:
		solve_words(a, q, room, score, meter, 3);
		return;
	case 4:
		solve_words(a, q, room, score, meter, 4);
		return;
	case 5:
		solve_words(a, q, room, score, meter, 5);
		return;
	case 6:
		solve_words(a, q, room, score, meter, 6);
		return;
	default:
		solve_words(a, q, room, score, meter, q->g->k);
	}
}

static void
search_init(struct arena *a, struct search *q, const struct market *mk,
    const struct gauge *g, struct solution *s)
{
	size_t nodes = (size_t)mk->n + mk->m + 1;

	*q = (struct search){.mk = mk, .g = g, .s = s};
	q->slots = arena_alloc(a, (mk->m + 1) * sizeof(*q->slots));
	for (uint32_t j = 0; j < mk->m; j++) {
		int most = mk->cap[j] < (int)mk->n ? mk->cap[j] : (int)mk->n;

		q->slots[j] =
		    arena_alloc(a, (size_t)most * sizeof(struct slot));
	}
	q->used = arena_alloc(a, (mk->m + 1) * sizeof(int));
	q->dist = arena_alloc(a, nodes * g->k * sizeof(int64_t));
	q->seen = arena_alloc(a, nodes);
	q->touched = arena_alloc(a, nodes * sizeof(uint32_t));
	q->heap = arena_alloc(a, nodes * sizeof(uint32_t));
	q->heap_at = arena_alloc(a, nodes * sizeof(uint32_t));
	/* A node may be stacked again when its row has several units. */
	q->stack = arena_alloc(a, nodes * sizeof(uint32_t));
	q->from = arena_alloc(a, nodes * sizeof(uint32_t));
	q->from_edge = arena_alloc(a, nodes * sizeof(uint32_t));
	q->best = arena_alloc(a, g->k * sizeof(int64_t));
	q->tmp = arena_alloc(a, g->k * sizeof(int64_t));
}

void
solve_market(struct arena *a, const struct market *mk, const struct gauge *g,
    const struct meter *meter, struct solution *s)
{
	struct search q;
	int16_t *score = arena_alloc(a, (mk->m + 1) * sizeof(*score));
	bool fresh = s->edges == NULL;

	s->u = arena_alloc(a, ((size_t)mk->n + 1) * g->k * sizeof(int64_t));
	s->v = arena_alloc(a, ((size_t)mk->m + 1) * g->k * sizeof(int64_t));
	if (fresh) {
		s->room = arena_alloc(a, (mk->n + 1) * sizeof(*s->room));
		s->edges = arena_alloc(a, (mk->n + 1) * sizeof(*s->edges));
		s->edges_n = arena_alloc(a, (mk->n + 1) * sizeof(uint32_t));
	}
	if (mk->n == 0 || mk->m == 0)
		return;
	for (uint32_t i = 0; fresh && i < mk->n; i++) {
		market_row(mk, i, score);
		candidates(a, mk, s, s->room, i, score);
	}
	search_init(a, &q, mk, g, s);
	solve_kind(a, &q, s->room, score, meter);
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
			weigh(g, i, s->edges[i][x], w, g->k);
			for (uint32_t k = 0; k < g->k; k++)
				value[k] += w[k];
		}
}
