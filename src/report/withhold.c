/*
 * Groups under the threshold, and what would give them away.  The proof is
 * linear algebra: see report_int.h.  Ranks are taken modulo a prime, which
 * can be wrong only if a determinant happens to be a multiple of it.
 */
#include <stdlib.h>
#include <string.h>

#include "report/report_int.h"

#define PRIME INT64_C(2147483629)

struct crowd
crowd_new(struct arena *arena, size_t n, int min)
{
	struct crowd c = {.arena = arena, .n = n, .min = min};

	c.who = arena_alloc(arena, n * sizeof(*c.who));
	c.whom = arena_alloc(arena, n * sizeof(*c.whom));
	return c;
}

static int
compare_ids(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return (x > y) - (x < y);
}

static int64_t
distinct(int64_t *ids, size_t n)
{
	int64_t count = 0;

	if (n > 0)
		qsort(ids, n, sizeof(*ids), compare_ids);
	for (size_t i = 0; i < n; i++)
		if (i == 0 || ids[i] != ids[i - 1])
			count++;
	return count;
}

int64_t
crowd_people(const struct crowd *c, const uint8_t *in)
{
	int64_t *ids = arena_alloc(c->arena, 2 * c->n * sizeof(*ids));
	size_t n = 0;

	for (size_t i = 0; i < c->n; i++) {
		if (!in[i])
			continue;
		ids[n++] = c->who[i];
		if (c->whom[i] != 0)
			ids[n++] = c->whom[i];
	}
	return distinct(ids, n);
}

void
crowd_publish(struct crowd *c, uint8_t *in, bool gone)
{
	uint8_t **rows = arena_alloc(c->arena, (c->rows_n + 1) * sizeof(*rows));
	bool *lost = arena_alloc(c->arena, (c->rows_n + 1) * sizeof(*lost));

	if (c->rows_n > 0) {
		memcpy(rows, c->rows, c->rows_n * sizeof(*rows));
		memcpy(lost, c->gone, c->rows_n * sizeof(*lost));
	}
	rows[c->rows_n] = in;
	lost[c->rows_n++] = gone;
	c->rows = rows;
	c->gone = lost;
}

/* An item's column: a bit for each published set it is in. */
struct column {
	const uint8_t *bits;
	size_t bits_n, item;
};

static int
compare_columns(const void *a, const void *b)
{
	const struct column *x = a, *y = b;
	int r = memcmp(x->bits, y->bits, x->bits_n);

	return r != 0 ? r : (x->item > y->item) - (x->item < y->item);
}

struct atoms {
	const uint8_t **column;
	bool *big;
	size_t n;
};

static struct atoms
make_atoms(const struct crowd *c, const uint8_t *in)
{
	size_t rows = c->rows_n + 1;
	struct column *cols = arena_alloc(c->arena, c->n * sizeof(*cols));
	int64_t *ids = arena_alloc(c->arena, 2 * c->n * sizeof(*ids));
	struct atoms a = {
	    .column = arena_alloc(c->arena, c->n * sizeof(*a.column)),
	    .big = arena_alloc(c->arena, c->n * sizeof(*a.big))};

	for (size_t i = 0; i < c->n; i++) {
		uint8_t *bits = arena_alloc(c->arena, rows);

		for (size_t r = 0; r < c->rows_n; r++)
			bits[r] = c->rows[r][i];
		bits[c->rows_n] = in[i];
		cols[i] = (struct column){bits, rows, i};
	}
	if (c->n > 0)
		qsort(cols, c->n, sizeof(*cols), compare_columns);
	for (size_t i = 0; i < c->n;) {
		size_t k = i, m = 0;

		for (;
		     k < c->n && memcmp(cols[k].bits, cols[i].bits, rows) == 0;
		     k++) {
			ids[m++] = c->who[cols[k].item];
			if (c->whom[cols[k].item] != 0)
				ids[m++] = c->whom[cols[k].item];
		}
		a.column[a.n] = cols[i].bits;
		a.big[a.n++] = distinct(ids, m) >= c->min;
		i = k;
	}
	return a;
}

static int64_t
inverse(int64_t x)
{
	int64_t result = 1;

	for (int64_t e = PRIME - 2; e > 0; e >>= 1) {
		if (e & 1)
			result = result * x % PRIME;
		x = x * x % PRIME;
	}
	return result;
}

/* Rank of a matrix of `rows` by `columns`, which is used up. */
static size_t
rank_of(int64_t *m, size_t rows, size_t columns)
{
	size_t rank = 0;

	for (size_t col = 0; col < columns && rank < rows; col++) {
		size_t p = rank;
		int64_t inv;

		while (p < rows && m[p * columns + col] == 0)
			p++;
		if (p == rows)
			continue;
		for (size_t k = 0; p != rank && k < columns; k++) {
			int64_t t = m[p * columns + k];

			m[p * columns + k] = m[rank * columns + k];
			m[rank * columns + k] = t;
		}
		inv = inverse(m[rank * columns + col]);
		for (size_t r = rank + 1; r < rows; r++) {
			int64_t f = m[r * columns + col] * inv % PRIME;

			for (size_t k = col; f != 0 && k < columns; k++)
				m[r * columns + k] =
				    (m[r * columns + k] +
					(PRIME - f) * m[rank * columns + k]) %
				    PRIME;
		}
		rank++;
	}
	return rank;
}

/*
 * People who were in a published set and are not known any more (erased, or
 * their answer changed) count as an atom of their own, and never as a big
 * one; so a row with such people adds one to the rank over all atoms.
 */
bool
crowd_admits(const struct crowd *c, const uint8_t *in)
{
	struct atoms a;
	size_t rows = c->rows_n + 1, all = 0, whole = 0, big = 0;
	int64_t *m, *b;

	if (crowd_people(c, in) < c->min)
		return false;
	a = make_atoms(c, in);
	m = arena_alloc(c->arena, rows * a.n * sizeof(*m));
	b = arena_alloc(c->arena, rows * a.n * sizeof(*b));
	for (size_t i = 0; i < a.n; i++)
		big += a.big[i];
	for (size_t r = 0; r < rows; r++) {
		bool lost = r < c->rows_n && c->gone[r];

		for (size_t i = 0, k = 0; i < a.n; i++) {
			if (!lost)
				m[whole * a.n + i] = a.column[i][r];
			if (a.big[i])
				b[r * big + k++] = a.column[i][r];
		}
		if (lost)
			all++;
		else
			whole++;
	}
	all += rank_of(m, whole, a.n);
	return rank_of(b, rows, big) == all;
}
