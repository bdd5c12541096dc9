/*
 * The optimum over the candidate pairs, from whatever duals and pairs are
 * there: rows that could do better let go; bids place most of the free rows;
 * shortest augmenting paths place the others; and columns that were left
 * with a price and a free place find the row, or the price of 0, that is the
 * nearest.  So the same code starts from nothing, goes on after new
 * candidates, after new weights, and after somebody left.
 *
 * Invariants of duals (rows u, columns v, all >= 0, lexicographic):
 * unmatched pair: u + v >= w; matched: u + v <= w; a row with a place left
 * empty has u = 0; a column with a free place has v = 0 (but between the
 * bids and the last searches).
 */
#include "match/match_int.h"

#include <string.h>

enum {
	NO_NODE = UINT32_MAX,
	SHORT = 8,  /* words that are kept in registers or on the stack */
	PASSES = 2, /* of bids over all free rows */
	BIDS = 6,   /* in a pass, for each row, on the average */
	METER_ROWS = 256
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
	/* What the row in a slot would pay for it, where slots begin. */
	int64_t *ask;
	size_t *ask_at;
	/* The candidate pairs by columns. */
	struct slot *pairs;
	size_t *pairs_at, pairs_room;
	bool pairs_known;
};

/* --- words ----------------------------------------------------------------- */

int
words_cmp(const int64_t *a, const int64_t *b, uint32_t k)
{
	return words_compare(a, b, k);
}

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

/* --- slots ----------------------------------------------------------------- */

static bool
has_place(const struct search *q, uint32_t col)
{
	return q->s->used[col] < q->mk->cap[col];
}

static int
slot_find(const struct search *q, uint32_t col, uint32_t row)
{
	int k = 0;

	while (q->s->slots[col][k].row != row)
		k++;
	return k;
}

static void
slot_put(struct search *q, uint32_t col, int place, struct slot x)
{
	q->s->slots[col][place] = x;
	q->s->edges[x.row][x.edge].flags |= EDGE_MATCHED;
	q->s->placed[x.row]++;
}

static void
slot_clear(struct search *q, uint32_t col, int place)
{
	struct slot x = q->s->slots[col][place];

	q->s->edges[x.row][x.edge].flags &= ~EDGE_MATCHED;
	q->s->placed[x.row]--;
}

/* The last one moves into its place. */
static void
slot_drop(struct search *q, uint32_t col, int place)
{
	slot_clear(q, col, place);
	q->s->slots[col][place] = q->s->slots[col][--q->s->used[col]];
}

/* --- rows let go ------------------------------------------------------------ */

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

/* --- bids -------------------------------------------------------------------- */

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

/* --- heap of nodes by distance ------------------------------------------- */

INLINE void
heap_up(struct search *q, uint32_t at, const uint32_t K)
{
	uint32_t node = q->heap[at];

	while (at > 0) {
		uint32_t up = (at - 1) / 4;

		if (words_compare(&q->dist[(size_t)node * K],
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
			if (words_compare(&q->dist[(size_t)q->heap[c] * K],
				&q->dist[(size_t)q->heap[low] * K], K) < 0)
				low = c;
		if (words_compare(&q->dist[(size_t)q->heap[low] * K],
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
		if (words_compare(d, dist, K) >= 0)
			return;
	} else {
		q->seen[node] = 1;
		q->touched[q->touched_n++] = node;
	}
	copy(dist, d, K);
	q->from[node] = from;
	q->from_edge[node] = edge;
	if (q->heap_at[node] != 0) {
		heap_up(q, q->heap_at[node] - 1, K);
	} else if (words_compare(d, now, K) == 0) {
		q->stack[q->stack_n++] = node;
	} else {
		q->heap[q->heap_n++] = node;
		heap_up(q, q->heap_n - 1, K);
	}
}

INLINE bool
end_at(struct search *q, uint32_t node, const int64_t *d, const uint32_t K)
{
	if (q->has_end && words_compare(d, q->best, K) >= 0)
		return false;
	copy(q->best, d, K);
	q->end = node;
	q->has_end = true;
	return true;
}

INLINE void
begin(struct search *q, uint32_t node, const uint32_t K)
{
	int64_t *d = &q->dist[(size_t)node * K];

	q->has_end = false;
	for (uint32_t k = 0; k < K; k++)
		d[k] = 0;
	q->seen[node] = 1;
	q->touched[q->touched_n++] = node;
	q->stack[q->stack_n++] = node;
	q->from[node] = NO_NODE;
}

/* Nodes nearer than the end: their duals move by what they are nearer. */
INLINE void
reprice(struct search *q, const bool back, const uint32_t K)
{
	uint32_t m = q->mk->m;

	for (uint32_t t = 0; t < q->touched_n; t++) {
		uint32_t node = q->touched[t];
		const int64_t *d = &q->dist[(size_t)node * K];

		q->seen[node] = 0;
		q->heap_at[node] = 0;
		if (words_compare(d, q->best, K) >= 0)
			continue;
		for (uint32_t k = 0; k < K; k++) {
			int64_t by = q->best[k] - d[k];

			by = back ? -by : by;
			if (node < m)
				q->s->v[(size_t)node * K + k] += by;
			else
				q->s->u[(size_t)(node - m) * K + k] -= by;
		}
	}
}

INLINE void
forget(struct search *q)
{
	q->touched_n = q->heap_n = q->stack_n = 0;
}

/* --- forth: a row looks for a place ----------------------------------------- */

INLINE void
scan_row(struct search *q, uint32_t row, const int64_t *d, const uint32_t K)
{
	int64_t near[SHORT], base[SHORT];
	int64_t *nd = K > SHORT ? q->tmp[0] : near;
	int64_t *b = K > SHORT ? q->tmp[1] : base;
	const int64_t *u = row_dual(q, row, K);
	const struct edge *e = q->s->edges[row];
	uint32_t n = q->s->edges_n[row], m = q->mk->m;

	for (uint32_t k = 0; k < K; k++)
		b[k] = d[k] + u[k];
	/* The row's own empty place: somebody goes without. */
	end_at(q, m + row, b, K);
	for (uint32_t i = 0; i < n; i++) {
		uint32_t col = e[i].col;
		const int64_t *v = col_dual(q, col, K);
		int c;

		words_weigh(q->g, row, e[i], nd, K);
		for (uint32_t k = 0; k < K; k++)
			nd[k] = b[k] + v[k] - nd[k];
		c = words_compare(nd, q->best, K);
		/* A place taken beats a place left empty at the same cost. */
		if (c > 0 || (c == 0 && (q->end < m || !q->ties)) ||
		    (e[i].flags & EDGE_MATCHED))
			continue;
		if (!has_place(q, col)) {
			reach(q, col, nd, d, row, i, K);
			continue;
		}
		copy(q->best, nd, K);
		q->end = col;
		q->from[col] = row;
		q->from_edge[col] = i;
	}
}

INLINE void
scan_column(struct search *q, uint32_t col, const int64_t *d, const uint32_t K)
{
	int64_t near[SHORT], *nd = K > SHORT ? q->tmp[0] : near;
	const int64_t *v = col_dual(q, col, K);

	for (int s = 0; s < q->s->used[col]; s++) {
		struct slot at = q->s->slots[col][s];
		const int64_t *u = row_dual(q, at.row, K);

		words_weigh(q->g, at.row, q->s->edges[at.row][at.edge], nd, K);
		for (uint32_t k = 0; k < K; k++)
			nd[k] = d[k] + nd[k] - u[k] - v[k];
		reach(q, q->mk->m + at.row, nd, d, col, (uint32_t)s, K);
	}
}

/* Turns the pairs along the path from its end to the row it began at. */
static void
augment(struct search *q, uint32_t source)
{
	uint32_t node = q->end, m = q->mk->m, col;
	int place;

	if (node == m + source)
		return;
	if (node >= m) {
		col = q->from[node];
		place = (int)q->from_edge[node];
		slot_clear(q, col, place);
	} else {
		col = node;
		place = q->s->used[col]++;
	}
	for (;;) {
		struct slot x = {q->from[col], q->from_edge[col]};
		uint32_t next = q->from[m + x.row];
		int next_place = (int)q->from_edge[m + x.row];

		if (x.row != source)
			slot_clear(q, next, next_place);
		slot_put(q, col, place, x);
		if (x.row == source)
			return;
		col = next;
		place = next_place;
	}
}

/* One unit of a row finds its place, or stays without. */
INLINE void
place_unit(struct search *q, uint32_t row, const uint32_t K)
{
	uint32_t m = q->mk->m;

	begin(q, m + row, K);
	while (q->stack_n > 0 || q->heap_n > 0) {
		uint32_t at =
		    q->stack_n > 0 ? q->stack[--q->stack_n] : heap_pop(q, K);
		const int64_t *now = &q->dist[(size_t)at * K];

		if (q->has_end) {
			int c = words_compare(now, q->best, K);

			if (c > 0 || (c == 0 && (q->end < m || !q->ties)))
				break;
		}
		if (at < m) {
			scan_column(q, at, now, K);
			continue;
		}
		scan_row(q, at - m, now, K);
		q->scanned++;
	}
	augment(q, row);
	reprice(q, false, K);
	forget(q);
}

/* Rows of which it is not known whether they find a place: too many scans. */
INLINE uint32_t
place_rows(struct search *q, uint64_t scans, const uint32_t K)
{
	const struct market *mk = q->mk;
	uint32_t left = 0;

	q->scanned = 0;
	for (uint32_t i = 0; i < mk->n; i++) {
		if (i % METER_ROWS == 0)
			meter_show(q->meter, q->s->rounds);
		if (q->s->placed[i] == mk->demand[i])
			continue;
		row_price(q, i, K);
		if (!q->ties && !positive(row_dual(q, i, K), K))
			continue;
		while (q->s->placed[i] < mk->demand[i]) {
			int had = q->s->placed[i];

			if (q->scanned >= scans) {
				left++;
				break;
			}
			place_unit(q, i, K);
			if (q->s->placed[i] == had)
				break;
		}
	}
	return left;
}

/* --- back: a place looks for a row ------------------------------------------- */

static void
pairs_index(struct search *q)
{
	const struct solution *s = q->s;
	uint32_t n = q->mk->n, m = q->mk->m;
	size_t all = 0, *at = q->pairs_at;

	if (q->pairs_known)
		return;
	q->pairs_known = true;
	memset(at, 0, ((size_t)m + 2) * sizeof(*at));
	for (uint32_t i = 0; i < n; i++)
		for (uint32_t x = 0; x < s->edges_n[i]; x++)
			at[s->edges[i][x].col + 2]++;
	for (uint32_t j = 0; j < m; j++)
		at[j + 2] += at[j + 1];
	all = at[m + 1];
	if (all > q->pairs_room) {
		q->pairs_room = all + all / 2;
		q->pairs =
		    arena_alloc(q->arena, q->pairs_room * sizeof(*q->pairs));
	}
	for (uint32_t i = 0; i < n; i++)
		for (uint32_t x = 0; x < s->edges_n[i]; x++)
			q->pairs[at[s->edges[i][x].col + 1]++] =
			    (struct slot){i, x};
}

/* The place stays empty when its price has fallen to 0. */
INLINE void
scan_place(struct search *q, uint32_t col, const int64_t *d, const uint32_t K)
{
	int64_t near[SHORT], base[SHORT];
	int64_t *nd = K > SHORT ? q->tmp[0] : near;
	int64_t *b = K > SHORT ? q->tmp[1] : base;
	const int64_t *v = col_dual(q, col, K);

	for (uint32_t k = 0; k < K; k++)
		b[k] = d[k] + v[k];
	end_at(q, col, b, K);
	for (size_t x = q->pairs_at[col]; x < q->pairs_at[col + 1]; x++) {
		struct slot at = q->pairs[x];
		struct edge e = q->s->edges[at.row][at.edge];
		const int64_t *u = row_dual(q, at.row, K);

		if (e.flags & EDGE_MATCHED)
			continue;
		words_weigh(q->g, at.row, e, nd, K);
		for (uint32_t k = 0; k < K; k++)
			nd[k] = b[k] + u[k] - nd[k];
		if (words_compare(nd, q->best, K) < 0)
			reach(q, q->mk->m + at.row, nd, d, col, at.edge, K);
	}
}

/* A row that has a place gives it up for the one it was offered. */
INLINE void
scan_owner(struct search *q, uint32_t row, const int64_t *d, const uint32_t K)
{
	int64_t near[SHORT], *nd = K > SHORT ? q->tmp[0] : near;
	const int64_t *u = row_dual(q, row, K);
	const struct edge *e = q->s->edges[row];
	int left = q->s->placed[row];

	if (left < q->mk->demand[row]) {
		end_at(q, q->mk->m + row, d, K);
		return;
	}
	for (uint32_t i = 0; left > 0; i++) {
		if (!(e[i].flags & EDGE_MATCHED))
			continue;
		left--;
		gain(q, row, e[i], nd, K);
		for (uint32_t k = 0; k < K; k++)
			nd[k] += d[k] - u[k];
		if (words_compare(nd, q->best, K) < 0)
			reach(q, e[i].col, nd, d, row, i, K);
	}
}

static void
augment_back(struct search *q, uint32_t source)
{
	uint32_t m = q->mk->m, col = q->end;
	struct slot x = {NO_NODE, 0};

	if (q->end >= m) {
		x = (struct slot){q->end - m, q->from_edge[q->end]};
		col = q->from[q->end];
	}
	for (;;) {
		struct slot next;

		if (col == source) {
			if (x.row != NO_NODE)
				slot_put(q, col, q->s->used[col]++, x);
			return;
		}
		next.row = q->from[col];
		next.edge = q->from_edge[m + next.row];
		if (x.row == NO_NODE) {
			slot_drop(q, col, slot_find(q, col, next.row));
		} else {
			int place = slot_find(q, col, next.row);

			slot_clear(q, col, place);
			slot_put(q, col, place, x);
		}
		x = next;
		col = q->from[m + next.row];
	}
}

/* Who shares a column whose price fell gains by it as well. */
INLINE void
tighten(struct search *q, const uint32_t K)
{
	for (uint32_t t = 0; t < q->touched_n; t++) {
		uint32_t col = q->touched[t];

		if (col >= q->mk->m || q->mk->cap[col] == 1)
			continue;
		for (int s = 0; s < q->s->used[col]; s++) {
			struct slot at = q->s->slots[col][s];

			if (q->mk->demand[at.row] == 1)
				gain(q, at.row, q->s->edges[at.row][at.edge],
				    row_dual(q, at.row, K), K);
		}
	}
}

INLINE void
fill_place(struct search *q, uint32_t col, const uint32_t K)
{
	uint32_t m = q->mk->m;

	begin(q, col, K);
	while (q->stack_n > 0 || q->heap_n > 0) {
		uint32_t at =
		    q->stack_n > 0 ? q->stack[--q->stack_n] : heap_pop(q, K);
		const int64_t *now = &q->dist[(size_t)at * K];

		if (q->has_end && words_compare(now, q->best, K) >= 0)
			break;
		if (at >= m)
			scan_owner(q, at - m, now, K);
		else
			scan_place(q, at, now, K);
	}
	augment_back(q, col);
	reprice(q, true, K);
	tighten(q, K);
	forget(q);
}

INLINE void
fill_places(struct search *q, const uint32_t K)
{
	for (uint32_t j = 0; j < q->mk->m; j++) {
		if (j % METER_ROWS == 0)
			meter_show(q->meter, q->s->rounds);
		while (has_place(q, j) && positive(col_dual(q, j, K), K)) {
			pairs_index(q);
			fill_place(q, j, K);
		}
	}
}

/* --- the whole ---------------------------------------------------------------- */

INLINE uint32_t
settle(struct search *q, uint64_t scans, const uint32_t K)
{
	uint32_t left;

	q->pairs_known = false;
	for (uint32_t i = 0; i < q->mk->n; i++)
		loosen(q, i, K);
	bids(q, K);
	left = place_rows(q, scans, K);
	fill_places(q, K);
	return left;
}

/* The common lengths are compiled apart, so that words become registers. */
uint32_t
search_settle(struct search *q, uint64_t scans)
{
	switch (q->g->k) {
	case 1:
		return settle(q, scans, 1);
	case 2:
		return settle(q, scans, 2);
	case 3:
		return settle(q, scans, 3);
	default:
		return settle(q, scans, q->g->k);
	}
}

struct search *
search_new(struct arena *a, const struct market *mk, const struct gauge *g,
    const struct meter *meter, struct solution *s)
{
	struct search *q = arena_alloc(a, sizeof(*q));
	size_t nodes = (size_t)mk->n + mk->m + 1, slots = 0;

	*q = (struct search){.arena = a,
	    .mk = mk,
	    .g = g,
	    .meter = meter,
	    .s = s,
	    .ties = g->card_unit == 0};
	q->ask_at = arena_alloc(a, (mk->m + 1) * sizeof(*q->ask_at));
	for (uint32_t j = 0; j < mk->m; j++) {
		q->ask_at[j] = slots;
		slots +=
		    (size_t)(mk->cap[j] < (int)mk->n ? mk->cap[j] : (int)mk->n);
	}
	q->ask = arena_alloc(a, (slots + 1) * g->k * sizeof(int64_t));
	q->dist = arena_alloc(a, nodes * g->k * sizeof(int64_t));
	q->seen = arena_alloc(a, nodes);
	q->touched = arena_alloc(a, nodes * sizeof(uint32_t));
	q->heap = arena_alloc(a, nodes * sizeof(uint32_t));
	q->heap_at = arena_alloc(a, nodes * sizeof(uint32_t));
	q->stack = arena_alloc(a, nodes * sizeof(uint32_t));
	q->from = arena_alloc(a, nodes * sizeof(uint32_t));
	q->from_edge = arena_alloc(a, nodes * sizeof(uint32_t));
	q->pairs_at = arena_alloc(a, ((size_t)mk->m + 2) * sizeof(size_t));
	q->best = arena_alloc(a, g->k * sizeof(int64_t));
	for (int i = 0; i < 5; i++)
		q->tmp[i] = arena_alloc(a, g->k * sizeof(int64_t));
	return q;
}
