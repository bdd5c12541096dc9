/* What the searches share: a solution in work, its duals, its slots. */
#ifndef MATCH_PATH_INT_H
#define MATCH_PATH_INT_H

#include "match/match_int.h"

enum {
	NO_NODE = UINT32_MAX,
	SHORT = 8 /* words that are kept in registers or on the stack */
};

struct search {
	struct arena *arena;
	const struct market *mk;
	const struct gauge *g;
	const struct meter *meter;
	struct solution *s;
	/* nodes: columns 0..m-1, rows m..m+n-1 */
	int64_t *dist;
	uint8_t *seen;
	uint32_t *touched, touched_n;
	uint32_t *heap, heap_n, *heap_at; /* place + 1; 0 = not in it */
	uint32_t *stack, stack_n;
	/*
	 * Forth: a column's way back is row and edge, a row's column and slot.
	 * Back: a row's is column and edge; a column's row and edge.
	 */
	uint32_t *from, *from_edge;
	int64_t *best, *tmp[5];
	uint32_t end;
	bool has_end;
	/* Only without "most people": an equal cost may fill a place more. */
	bool ties;
	uint64_t scanned; /* rows, in this call */
	bool whole;       /* all pairs are looked at, not candidates only */
	int16_t *score;   /* of a row */
	uint32_t *mark;   /* of nodes */
	uint8_t *passes;  /* columns, of a row */
	uint8_t *settled; /* columns no row comes nearer to */
	uint32_t *free, free_n; /* columns with a free place */
	/* What the row in a slot would pay for it, where slots begin. */
	int64_t *ask;
	size_t *ask_at;
	/* The candidate pairs by columns. */
	struct slot *pairs;
	size_t *pairs_at, pairs_room;
	bool pairs_known;
};

INLINE bool
positive(const int64_t *a, const uint32_t K)
{
	for (uint32_t k = 0; k < K; k++)
		if (a[k] != 0)
			return a[k] > 0;
	return false;
}

INLINE void
copy(int64_t *to, const int64_t *from, const uint32_t K)
{
	for (uint32_t k = 0; k < K; k++)
		to[k] = from[k];
}

INLINE int64_t *
row_dual(const struct search *q, uint32_t row, const uint32_t K)
{
	return &q->s->u[(size_t)row * K];
}

INLINE int64_t *
col_dual(const struct search *q, uint32_t col, const uint32_t K)
{
	return &q->s->v[(size_t)col * K];
}

/* What the row gains at the column's price: w - v. */
INLINE void
gain(const struct search *q, uint32_t row, struct edge e, int64_t *out,
    const uint32_t K)
{
	const int64_t *v = col_dual(q, e.col, K);

	words_weigh(q->g, row, e, out, K);
	for (uint32_t k = 0; k < K; k++)
		out[k] -= v[k];
}

INLINE bool
has_place(const struct search *q, uint32_t col)
{
	return q->s->used[col] < q->mk->cap[col];
}

INLINE int
slot_find(const struct search *q, uint32_t col, uint32_t row)
{
	int k = 0;

	while (q->s->slots[col][k].row != row)
		k++;
	return k;
}

INLINE void
slot_put(struct search *q, uint32_t col, int place, struct slot x)
{
	q->s->slots[col][place] = x;
	q->s->edges[x.row][x.edge].flags |= EDGE_MATCHED;
	q->s->placed[x.row]++;
}

INLINE void
slot_clear(struct search *q, uint32_t col, int place)
{
	struct slot x = q->s->slots[col][place];

	q->s->edges[x.row][x.edge].flags &= ~EDGE_MATCHED;
	q->s->placed[x.row]--;
}

/* The last one moves into its place. */
INLINE void
slot_drop(struct search *q, uint32_t col, int place)
{
	slot_clear(q, col, place);
	q->s->slots[col][place] = q->s->slots[col][--q->s->used[col]];
}

/* The dual of a row: what its best pair but those it has would gain. */
INLINE void
row_price(struct search *q, uint32_t row, const uint32_t K)
{
	int64_t near[SHORT], *x = K > SHORT ? q->tmp[0] : near;
	int64_t *u = row_dual(q, row, K);
	const struct edge *e = q->s->edges[row];
	uint32_t n = q->s->edges_n[row];

	for (uint32_t k = 0; k < K; k++)
		u[k] = 0;
	for (uint32_t i = 0; i < n; i++) {
		if (e[i].flags & EDGE_MATCHED)
			continue;
		gain(q, row, e[i], x, K);
		if (words_compare(x, u, K) > 0)
			copy(u, x, K);
	}
}

/* sift.c: columns with a free place, as they are now. */
void sift_free(struct search *);
/*
 * Which columns of a row, by scores, may be nearer than the end is known to
 * be.  `base` is what the row costs at a price of 0 and a worth of 0.
 */
void sift_row(struct search *, const int64_t *base);

/* bids.c: rows let go of what is not their best; free rows bid. */
void search_bid(struct search *);

#endif
