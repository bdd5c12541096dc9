/*
 * A start for the searches, from any duals: rows let go of pairs that are no
 * longer their best; free rows of one place bid for their best, until that
 * helps no more.  An auction without a smallest step: prices stay exact, and
 * what ties leave open is left to the searches.
 */
#include "match/path_int.h"

enum {
	PASSES = 2, /* over all free rows */
	BIDS = 6    /* in a pass, for each row, on the average */
};

/* Pairs that gain less than the best one the row does not have are left. */
INLINE void
loosen(struct search *q, uint32_t row, const uint32_t K)
{
	int64_t near[SHORT], *x = K > SHORT ? q->tmp[0] : near;
	int64_t *u = row_dual(q, row, K);
	const struct edge *e = q->s->edges[row];
	uint32_t n = q->s->edges_n[row];

	row_price(q, row, K);
	for (uint32_t i = 0; i < n && q->s->placed[row] > 0; i++) {
		if (!(e[i].flags & EDGE_MATCHED))
			continue;
		gain(q, row, e[i], x, K);
		if (words_compare(x, u, K) < 0)
			slot_drop(q, e[i].col, slot_find(q, e[i].col, row));
		else if (q->mk->demand[row] == 1)
			copy(u, x, K);
	}
}

INLINE int64_t *
ask_of(const struct search *q, uint32_t col, int place, const uint32_t K)
{
	return &q->ask[(q->ask_at[col] + (size_t)place) * K];
}

INLINE void
asks_reset(struct search *q, const uint32_t K)
{
	for (uint32_t j = 0; j < q->mk->m; j++)
		for (int k = 0; k < q->s->used[j]; k++)
			copy(ask_of(q, j, k, K), col_dual(q, j, K), K);
}

/* The column's price rises; the rows that have it gain less by as much. */
INLINE void
price_rise(
    struct search *q, uint32_t col, const int64_t *price, const uint32_t K)
{
	int64_t *v = col_dual(q, col, K);

	for (int s = 0; s < q->s->used[col]; s++) {
		int64_t *u = row_dual(q, q->s->slots[col][s].row, K);

		for (uint32_t k = 0; k < K; k++)
			u[k] -= price[k] - v[k];
	}
	copy(v, price, K);
}

/*
 * All places are taken: of those who have one and the bidder, who would pay
 * the least leaves, and the price rises to what the next would pay.  The row
 * that is left without, or NO_NODE when nothing moves (a tie).
 */
INLINE uint32_t
outbid(struct search *q, struct slot x, uint32_t col, const int64_t *offer,
    const uint32_t K)
{
	const int64_t *least = offer, *next = NULL;
	int at = -1;
	uint32_t leaves = x.row;

	for (int s = 0; s < q->s->used[col]; s++) {
		const int64_t *a = ask_of(q, col, s, K);

		if (words_compare(a, least, K) < 0) {
			next = least;
			least = a;
			at = s;
		} else if (next == NULL || words_compare(a, next, K) < 0) {
			next = a;
		}
	}
	if (next == NULL || words_compare(next, col_dual(q, col, K), K) <= 0)
		return NO_NODE;
	if (at >= 0) {
		leaves = q->s->slots[col][at].row;
		if (q->mk->demand[leaves] != 1)
			return NO_NODE;
		slot_clear(q, col, at);
		copy(row_dual(q, x.row, K), q->tmp[4], K);
		slot_put(q, col, at, x);
	}
	copy(q->tmp[3], next, K);
	price_rise(q, col, q->tmp[3], K);
	if (at >= 0)
		copy(ask_of(q, col, at, K), offer, K);
	return leaves;
}

/* A row of one place bids for its best; who is without after that. */
INLINE uint32_t
bid(struct search *q, uint32_t row, const uint32_t K)
{
	int64_t n0[SHORT], n1[SHORT], n2[SHORT];
	int64_t *x = K > SHORT ? q->tmp[0] : n0;
	int64_t *first = K > SHORT ? q->tmp[1] : n1;
	int64_t *second = K > SHORT ? q->tmp[2] : n2;
	const struct edge *e = q->s->edges[row];
	uint32_t n = q->s->edges_n[row], at = NO_NODE, col;
	bool free_place = false;

	for (uint32_t k = 0; k < K; k++)
		first[k] = second[k] = 0;
	for (uint32_t i = 0; i < n; i++) {
		int c;

		gain(q, row, e[i], x, K);
		c = words_compare(x, first, K);
		if (c > 0 || (c == 0 && at != NO_NODE && !free_place &&
				 has_place(q, e[i].col))) {
			copy(second, first, K);
			copy(first, x, K);
			at = i;
			free_place = has_place(q, e[i].col);
		} else if (words_compare(x, second, K) > 0) {
			copy(second, x, K);
		}
	}
	if (at == NO_NODE)
		return NO_NODE;
	col = e[at].col;
	copy(q->tmp[4], first, K);
	for (uint32_t k = 0; k < K; k++)
		first[k] += col_dual(q, col, K)[k] - second[k];
	if (!free_place)
		return outbid(q, (struct slot){row, at}, col, first, K);
	copy(ask_of(q, col, q->s->used[col], K), first, K);
	copy(row_dual(q, row, K), q->tmp[4], K);
	slot_put(q, col, q->s->used[col]++, (struct slot){row, at});
	return NO_NODE;
}

INLINE void
bids(struct search *q, const uint32_t K)
{
	const struct market *mk = q->mk;

	asks_reset(q, K);
	for (int pass = 0; pass < PASSES; pass++) {
		uint64_t left = (uint64_t)mk->n * BIDS;

		for (uint32_t i = 0; i < mk->n && left > 0; i++) {
			uint32_t row = i;

			for (; row != NO_NODE && left > 0 &&
			       mk->demand[row] == 1 && q->s->placed[row] == 0;
			     left--)
				row = bid(q, row, K);
		}
	}
}

INLINE void
let_go_and_bid(struct search *q, const uint32_t K)
{
	for (uint32_t i = 0; i < q->mk->n; i++)
		loosen(q, i, K);
	bids(q, K);
}

void
search_bid(struct search *q)
{
	switch (q->g->k) {
	case 1:
		let_go_and_bid(q, 1);
		return;
	case 2:
		let_go_and_bid(q, 2);
		return;
	case 3:
		let_go_and_bid(q, 3);
		return;
	default:
		let_go_and_bid(q, q->g->k);
	}
}
