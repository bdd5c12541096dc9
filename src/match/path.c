/*
 * Shortest augmenting paths.  Forth: a row without a place finds the nearest
 * free one.  Back: a column that was left with a price and a free place finds
 * the row, or the price of 0, that is the nearest.  Over the candidates, after
 * bids; or over all pairs, when duals that hold for all of them are there and
 * only a few rows and places are open: then no pricing is needed after.
 *
 * Invariants of duals (rows u, columns v, all >= 0, lexicographic):
 * unmatched pair: u + v >= w; matched: u + v <= w; a row with a place left
 * empty has u = 0; a column with a free place has v = 0 (but between the
 * bids and the last searches).
 */
#include "match/path_int.h"

#include <endian.h>
#include <string.h>

enum {
	METER_ROWS = 256
};

int
words_cmp(const int64_t *a, const int64_t *b, uint32_t k)
{
	return words_compare(a, b, k);
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

/*
 * A way to a column without a place free, as near as `d`: at once to those
 * who have it.  So columns never wait in the heap.
 */
INLINE void
reach_column(struct search *q, uint32_t col, const int64_t *d,
    const int64_t *now, uint32_t row, uint32_t edge, const uint32_t K)
{
	int64_t near[SHORT], *nd = K > SHORT ? q->tmp[3] : near;
	int64_t *dist = &q->dist[(size_t)col * K];
	const int64_t *v = col_dual(q, col, K);

	if (q->seen[col] == 0) {
		q->seen[col] = 1;
		q->touched[q->touched_n++] = col;
	} else if (words_compare(d, dist, K) >= 0) {
		return;
	}
	copy(dist, d, K);
	q->from[col] = row;
	q->from_edge[col] = edge;
	for (int s = 0; s < q->s->used[col]; s++) {
		struct slot at = q->s->slots[col][s];
		const int64_t *u = row_dual(q, at.row, K);

		words_weigh(q->g, at.row, q->s->edges[at.row][at.edge], nd, K);
		for (uint32_t k = 0; k < K; k++)
			nd[k] = d[k] + nd[k] - u[k] - v[k];
		if (words_compare(nd, q->best, K) <= 0)
			reach(
			    q, q->mk->m + at.row, nd, now, col, (uint32_t)s, K);
	}
}

/* What a pair that is no candidate costs; is it nearer than the end? */
INLINE bool
is_nearer(const struct search *q, uint32_t col, const int64_t *base,
    int64_t *nd, const uint32_t K)
{
	const int64_t *t = &q->g->tab[(ptrdiff_t)q->score[col] * K];
	const int64_t *v = col_dual(q, col, K);

	for (uint32_t k = 0; k < K; k++)
		nd[k] = base[k] + v[k] - t[k];
	return words_compare(nd, q->best, K) < 0;
}

/* Columns with a free place end the search: the nearest is its bound. */
INLINE void
try_free(struct search *q, uint32_t row, const int64_t *base, const uint32_t K)
{
	int64_t near[SHORT], *nd = K > SHORT ? q->tmp[0] : near;

	for (uint32_t x = 0; x < q->free_n; x++) {
		uint32_t col = q->free[x];

		if (q->score[col] < 0 || q->mark[col] == row + 1 ||
		    !is_nearer(q, col, base, nd, K))
			continue;
		copy(q->best, nd, K);
		q->end = col;
		q->from[col] = row;
		q->from_edge[col] = NO_NODE;
	}
}

/* The others lead on to those who have them. */
INLINE void
try_column(struct search *q, uint32_t row, uint32_t col, const int64_t *now,
    const int64_t *base, const uint32_t K)
{
	int64_t near[SHORT], *nd = K > SHORT ? q->tmp[0] : near;

	if (is_nearer(q, col, base, nd, K) && q->mark[col] != row + 1)
		reach_column(q, col, nd, now, row, NO_NODE, K);
}

/* Pairs that are no candidates (those are marked), when all are looked at. */
INLINE void
scan_whole_row(struct search *q, uint32_t row, const int64_t *now,
    const int64_t *at, const uint32_t K)
{
	int64_t near[SHORT], *base = K > SHORT ? q->tmp[2] : near;
	const int64_t *add = &q->g->row_add[(size_t)row * K];
	const struct edge *e = q->s->edges[row];
	const uint8_t *passes = q->passes;

	for (uint32_t i = 0; i < q->s->edges_n[row]; i++)
		q->mark[e[i].col] = row + 1;
	market_row(q->mk, row, q->score);
	for (uint32_t k = 0; k < K; k++)
		base[k] = at[k] - add[k];
	try_free(q, row, base, K);
	sift_row(q, base);
	for (uint32_t j = 0; j < q->mk->m; j += sizeof(uint64_t)) {
		uint64_t eight;

		memcpy(&eight, passes + j, sizeof(eight));
		for (eight = le64toh(eight); eight != 0; eight &= eight - 1)
			try_column(q, row,
			    j + (uint32_t)__builtin_ctzll(eight) / 8, now, base,
			    K);
	}
}

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
			reach_column(q, col, nd, d, row, i, K);
			continue;
		}
		copy(q->best, nd, K);
		q->end = col;
		q->from[col] = row;
		q->from_edge[col] = i;
	}
	if (q->whole)
		scan_whole_row(q, row, d, b, K);
}

/* A pair on a path; a candidate from now on. */
static struct slot
pair_of(struct search *q, uint32_t row, uint32_t col, uint32_t edge)
{
	if (edge == NO_NODE) {
		edge = q->s->edges_n[row];
		solution_add(q->arena, q->mk, q->s, row, col,
		    market_score(q->mk, row, col));
	}
	return (struct slot){row, edge};
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
		struct slot x =
		    pair_of(q, q->from[col], col, q->from_edge[col]);
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

	if (q->whole)
		sift_free(q);
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
		if (q->whole && q->from[at] != NO_NODE)
			q->settled[q->from[at]] = 1;
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

/* Rows for which the place is no candidate, when all are looked at. */
INLINE void
scan_whole_place(struct search *q, uint32_t col, const int64_t *d,
    const int64_t *base, const uint32_t K)
{
	int64_t near[SHORT], *nd = K > SHORT ? q->tmp[0] : near;
	uint32_t m = q->mk->m;

	for (size_t x = q->pairs_at[col]; x < q->pairs_at[col + 1]; x++)
		q->mark[m + q->pairs[x].row] = col + 1;
	for (uint32_t i = 0; i < q->mk->n; i++) {
		const int64_t *u = row_dual(q, i, K);
		int score;

		if (q->mark[m + i] == col + 1)
			continue;
		score = market_score(q->mk, i, col);
		if (score < 0)
			continue;
		words_weigh(
		    q->g, i, (struct edge){col, (int16_t)score, 0}, nd, K);
		for (uint32_t k = 0; k < K; k++)
			nd[k] = base[k] + u[k] - nd[k];
		if (words_compare(nd, q->best, K) < 0)
			reach(q, m + i, nd, d, col, NO_NODE, K);
	}
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
	if (q->whole)
		scan_whole_place(q, col, d, b, K);
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
		col = q->from[q->end];
		x = pair_of(q, q->end - m, col, q->from_edge[q->end]);
	}
	for (;;) {
		struct slot next;
		uint32_t to;

		if (col == source) {
			if (x.row != NO_NODE)
				slot_put(q, col, q->s->used[col]++, x);
			return;
		}
		next.row = q->from[col];
		to = q->from[m + next.row];
		next = pair_of(q, next.row, to, q->from_edge[m + next.row]);
		if (x.row == NO_NODE) {
			slot_drop(q, col, slot_find(q, col, next.row));
		} else {
			int place = slot_find(q, col, next.row);

			slot_clear(q, col, place);
			slot_put(q, col, place, x);
		}
		x = next;
		col = to;
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
			/* A search over all pairs may find new candidates. */
			q->pairs_known = q->pairs_known && !q->whole;
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

	left = place_rows(q, scans, K);
	fill_places(q, K);
	return left;
}

/*
 * With no place free at all, somebody goes without, and a search would have
 * to see everybody before it knew who.  What the least of the rows gains may
 * as well be paid to all columns: then that row's end is near.
 */
INLINE void
level(struct search *q, const uint32_t K)
{
	int64_t near[SHORT], *least = K > SHORT ? q->tmp[0] : near;
	uint32_t n = q->mk->n, m = q->mk->m;

	if (n == 0)
		return;
	for (uint32_t j = 0; j < m; j++)
		if (has_place(q, j))
			return;
	copy(least, row_dual(q, 0, K), K);
	for (uint32_t i = 1; i < n; i++)
		if (words_compare(row_dual(q, i, K), least, K) < 0)
			copy(least, row_dual(q, i, K), K);
	for (uint32_t i = 0; i < n; i++)
		for (uint32_t k = 0; k < K; k++)
			row_dual(q, i, K)[k] -= least[k];
	for (uint32_t j = 0; j < m; j++)
		for (uint32_t k = 0; k < K; k++)
			col_dual(q, j, K)[k] += least[k];
}

INLINE void
mend(struct search *q, const uint32_t K)
{
	level(q, K);
	for (uint32_t i = 0; i < q->mk->n; i++)
		while (q->s->placed[i] < q->mk->demand[i] &&
		       positive(row_dual(q, i, K), K)) {
			int had = q->s->placed[i];

			place_unit(q, i, K);
			if (q->s->placed[i] == had)
				break;
		}
	fill_places(q, K);
}

void
search_drop(struct search *q)
{
	const uint32_t K = q->g->k;
	int64_t near[SHORT], *x = K > SHORT ? q->tmp[0] : near;

	for (uint32_t j = 0; j < q->mk->m; j++)
		for (int s = q->s->used[j] - 1; s >= 0; s--) {
			struct slot at = q->s->slots[j][s];

			gain(q, at.row, q->s->edges[at.row][at.edge], x, K);
			if (words_compare(x, row_dual(q, at.row, K), K) < 0)
				slot_drop(q, j, s);
		}
}

void
search_mend(struct search *q)
{
	q->pairs_known = false;
	switch (q->g->k) {
	case 1:
		mend(q, 1);
		break;
	case 2:
		mend(q, 2);
		break;
	case 3:
		mend(q, 3);
		break;
	default:
		mend(q, q->g->k);
	}
}

void
search_tighten(struct search *q)
{
	const uint32_t K = q->g->k;

	for (uint32_t j = 0; j < q->mk->m; j++)
		for (int s = 0; s < q->s->used[j]; s++) {
			struct slot at = q->s->slots[j][s];

			if (q->mk->demand[at.row] == 1)
				gain(q, at.row, q->s->edges[at.row][at.edge],
				    row_dual(q, at.row, K), K);
		}
}

/* The common lengths are compiled apart, so that words become registers. */
uint32_t
search_settle(struct search *q, uint64_t scans)
{
	q->pairs_known = false;
	search_bid(q);
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
