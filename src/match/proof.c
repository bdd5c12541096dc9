/*
 * The independent checker.  It knows nothing of how a result was found: it
 * adds up both sides of the linear programme and looks at every pair.  Pairs
 * of the result are judged by the scalar rules and scorer; so are all others,
 * if they are not too many, else a sample, and the rest by the fast scorer.
 */
#include "match/match_int.h"

#include <assert.h>
#include <string.h>

enum {
	SAMPLE = 4 /* pairs of a row */
};

struct check {
	const struct market *mk;
	const struct gauge *g;
	const int64_t *u, *v;
	uint64_t *taken; /* pairs of the result, sorted by row */
	uint32_t *taken_at;
	__int128 *primal, *dual;
	int64_t cover, uncovered;
	uint8_t *col_covers;
	int64_t *w;
	struct envy *envy;
	bool scalar; /* all pairs, by the scalar scorer */
	const char *why;
};

static void
weight(const struct check *c, uint32_t i, uint32_t j, int score)
{
	const struct gauge *g = c->g;
	bool stands = market_stands(c->mk, i, j);

	for (uint32_t k = 0; k < g->k; k++)
		c->w[k] = g->tab[(size_t)score * g->k + k] +
			  g->row_add[(size_t)i * g->k + k] +
			  (stands ? g->stand[k] : 0);
}

static bool
negative(const int64_t *w, uint32_t k)
{
	for (uint32_t i = 0; i < k; i++)
		if (w[i] != 0)
			return w[i] < 0;
	return false;
}

/* A row or column in the cover: its share of "one more pair" is above half. */
static bool
covers(const struct check *c, const int64_t *dual, bool is_row)
{
	int64_t twice = dual[0] * 2;

	return is_row ? twice > c->g->card_unit : twice >= c->g->card_unit;
}

static bool
is_taken(const struct check *c, uint32_t i, uint32_t j)
{
	for (uint32_t x = c->taken_at[i]; x < c->taken_at[i + 1]; x++)
		if ((uint32_t)(c->taken[x] % c->mk->m) == j)
			return true;
	return false;
}

/*
 * u + v must reach the weight; a pair that is taken may fall short of it when
 * its mentee has several.
 */
static void
check_pair(struct check *c, uint32_t i, uint32_t j, int score)
{
	const struct gauge *g = c->g;
	const int64_t *u = &c->u[(size_t)i * g->k];
	const int64_t *v = &c->v[(size_t)j * g->k];
	bool taken, covered;

	covered =
	    g->card_unit == 0 || covers(c, u, true) || covers(c, v, false);
	weight(c, i, j, score);
	for (uint32_t k = 0; k < g->k; k++)
		c->w[k] = u[k] + v[k] - c->w[k];
	if (covered && !negative(c->w, g->k))
		return;
	taken = is_taken(c, i, j);
	if (!covered && taken)
		c->cover++;
	else if (!covered)
		c->uncovered++;
	if (!negative(c->w, g->k))
		return;
	if (!taken)
		c->why = "a pair would improve the result";
	else if (c->mk->demand[i] == 1)
		c->why = "a dual is too low for a pair of the result";
	else
		for (uint32_t k = 0; k < g->k; k++)
			c->dual[k] -= c->w[k];
}

/*
 * A quick look at a whole row: true when every pair is covered and none could
 * improve the result, taken or not.  Else each pair is looked at for itself.
 */
INLINE bool
row_passes(
    const struct check *c, uint32_t i, const int16_t *score, const uint32_t K)
{
	const int64_t *u = &c->u[(size_t)i * K], *v = c->v;
	const int64_t *tab = c->g->tab, *add = &c->g->row_add[(size_t)i * K];
	bool covered = c->g->card_unit == 0 || covers(c, u, true);
	uint32_t bad = 0;

	for (uint32_t j = 0; j < c->mk->m; j++, v += K) {
		const int64_t *t = &tab[(ptrdiff_t)score[j] * K];
		bool less = false, same = true;

		bad |= (score[j] >= 0) & !covered & !c->col_covers[j];
		for (uint32_t k = 0; k < K && (K < 3 || same); k++) {
			int64_t x = u[k] - add[k] + v[k] - t[k];

			less |= same & (x < 0);
			same &= x == 0;
		}
		bad |= less;
	}
	return bad == 0;
}

static bool
row_is_fine(const struct check *c, uint32_t i, const int16_t *score)
{
	switch (c->g->k) {
	case 1:
		return row_passes(c, i, score, 1);
	case 2:
		return row_passes(c, i, score, 2);
	default:
		return row_passes(c, i, score, c->g->k);
	}
}

static void
check_row(struct check *c, uint32_t i, int16_t *score)
{
	const struct market *mk = c->mk;

	market_row(mk, i, score);
	for (uint32_t x = 0; x < (c->scalar ? mk->m : SAMPLE); x++) {
		uint32_t j =
		    c->scalar
			? x
			: (uint32_t)((i * 2654435761u + x * 40503u) % mk->m);

		if (market_score(mk, i, j) != score[j])
			c->why = "the two scorers differ";
	}
	if (c->envy != NULL)
		for (uint32_t j = 0; j < mk->m; j++)
			c->envy->n += (score[j] > c->envy->row[i]) &
				      (score[j] > c->envy->col[j]);
	for (uint32_t x = mk->standing_at[i]; x < mk->standing_at[i + 1]; x++) {
		uint32_t j = (uint32_t)(mk->standing[x] % mk->m);

		/* Their bonus is not in the table. */
		if (score[j] >= 0)
			check_pair(c, i, j, score[j]);
		score[j] = -1;
	}
	if (row_is_fine(c, i, score))
		return;
	for (uint32_t j = 0; j < mk->m; j++)
		if (score[j] >= 0)
			check_pair(c, i, j, score[j]);
}

/* Both sides of the programme, without the pairs' own duals. */
static void
check_sides(struct check *c)
{
	const struct market *mk = c->mk;
	uint32_t k = c->g->k;

	for (uint32_t i = 0; i < mk->n; i++) {
		const int64_t *u = &c->u[(size_t)i * k];

		if (negative(u, k))
			c->why = "a dual is below zero";
		for (uint32_t x = 0; x < k; x++)
			c->dual[x] += (__int128)mk->demand[i] * u[x];
		if (c->g->card_unit > 0 && covers(c, u, true))
			c->cover += mk->demand[i];
	}
	for (uint32_t j = 0; j < mk->m; j++) {
		const int64_t *v = &c->v[(size_t)j * k];

		if (negative(v, k))
			c->why = "a dual is below zero";
		for (uint32_t x = 0; x < k; x++)
			c->dual[x] += (__int128)mk->cap[j] * v[x];
		c->col_covers[j] = c->g->card_unit > 0 && covers(c, v, false);
		if (c->col_covers[j])
			c->cover += mk->cap[j];
	}
}

static uint32_t *
backwards(struct arena *a, const uint32_t *persons, uint32_t n, uint32_t all)
{
	uint32_t *back = arena_alloc(a, (all + 1) * sizeof(*back));

	memset(back, 0xff, all * sizeof(*back));
	for (uint32_t i = 0; i < n; i++)
		back[persons[i]] = i;
	return back;
}

/* Each of the problem's is there, and scores as it should. */
static bool
is_locked(const struct market *mk, const struct match_pair *pair)
{
	for (uint32_t x = 0; x < mk->locked_n; x++)
		if (mk->locked[x].mentee == pair->mentee &&
		    mk->locked[x].mentor == pair->mentor)
			return mk->locked[x].score == pair->score;
	return false;
}

/* None is missing, even when another is there twice. */
static bool
all_locked(const struct market *mk, const struct match_pair *pairs, uint32_t n)
{
	for (uint32_t k = 0; k < mk->locked_n; k++) {
		bool found = false;

		for (uint32_t x = 0; x < n && !found; x++)
			found = pairs[x].locked &&
				pairs[x].mentee == mk->locked[k].mentee &&
				pairs[x].mentor == mk->locked[k].mentor;
		if (!found)
			return false;
	}
	return true;
}

/* The pairs of each row; none twice. */
static void
index_result(struct arena *a, struct check *c, const struct match_pair *pairs,
    uint32_t pairs_n, const uint32_t *row_of, const uint32_t *col_of)
{
	const struct market *mk = c->mk;
	uint32_t *fill = arena_alloc(a, (mk->n + 1) * sizeof(*fill));

	for (uint32_t x = 0; x < pairs_n; x++) {
		uint32_t i, j;

		if (pairs[x].locked)
			continue;
		i = row_of[pairs[x].mentee];
		j = col_of[pairs[x].mentor];
		if (is_taken(c, i, j) && fill[i] > 0)
			for (uint32_t y = 0; y < fill[i]; y++)
				if (c->taken[c->taken_at[i] + y] ==
				    (uint64_t)i * mk->m + j)
					c->why = "a pair is there twice";
		c->taken[c->taken_at[i] + fill[i]++] = (uint64_t)i * mk->m + j;
	}
}

/* Fits capacities, obeys the rules, scores as said; sums the primal side. */
static void
check_result(struct arena *a, struct check *c, const struct match_pair *pairs,
    uint32_t pairs_n)
{
	const struct market *mk = c->mk;
	const struct match_problem *p = mk->p;
	uint32_t rows = p->scores != NULL ? p->rows : p->people_n;
	uint32_t cols = p->scores != NULL ? p->columns : p->people_n;
	uint32_t *row_of = backwards(a, mk->row_person, mk->n, rows);
	uint32_t *col_of = backwards(a, mk->col_person, mk->m, cols);
	int *row_used = arena_alloc(a, (mk->n + 1) * sizeof(int));
	int *col_used = arena_alloc(a, (mk->m + 1) * sizeof(int));
	uint32_t locked = 0;

	for (uint32_t x = 0; x < pairs_n; x++) {
		uint32_t i = pairs[x].mentee < rows ? row_of[pairs[x].mentee]
						    : UINT32_MAX;
		uint32_t j = pairs[x].mentor < cols ? col_of[pairs[x].mentor]
						    : UINT32_MAX;

		if (pairs[x].locked) {
			if (!is_locked(mk, &pairs[x]))
				c->why = "a locked pair is another";
			locked++;
			continue;
		}
		if (i == UINT32_MAX || j == UINT32_MAX) {
			c->why = "a pair names somebody who takes no part";
			return;
		}
		if (market_score(mk, i, j) != pairs[x].score ||
		    pairs[x].score < 0) {
			c->why = "a pair is forbidden or scores otherwise";
			return;
		}
		if (++row_used[i] > mk->demand[i] ||
		    ++col_used[j] > mk->cap[j]) {
			c->why = "somebody has more partners than places";
			return;
		}
		weight(c, i, j, pairs[x].score);
		for (uint32_t k = 0; k < c->g->k; k++)
			c->primal[k] += c->w[k];
	}
	if (locked != mk->locked_n || !all_locked(mk, pairs, pairs_n))
		c->why = "a locked pair is missing";
	for (uint32_t i = 0; i < mk->n; i++)
		c->taken_at[i + 1] = c->taken_at[i] + (uint32_t)row_used[i];
	index_result(a, c, pairs, pairs_n, row_of, col_of);
}

int
proof_check(struct arena *a, const struct market *mk, const struct gauge *g,
    const struct match_pair *pairs, uint32_t pairs_n, const int64_t *u,
    const int64_t *v, uint64_t scalar, struct envy *envy,
    struct match_proof *out)
{
	struct check c = {.mk = mk,
	    .g = g,
	    .u = u,
	    .v = v,
	    .envy = envy,
	    .scalar = (uint64_t)mk->n * mk->m <= scalar};
	int16_t *score = arena_alloc(a, (mk->m + 1) * sizeof(*score));
	uint32_t free_n = 0;

	c.taken = arena_alloc(a, ((size_t)pairs_n + 1) * sizeof(*c.taken));
	c.taken_at = arena_alloc(a, (mk->n + 2) * sizeof(*c.taken_at));
	c.primal = arena_alloc(a, g->k * sizeof(*c.primal));
	c.dual = arena_alloc(a, g->k * sizeof(*c.dual));
	c.w = arena_alloc(a, g->k * sizeof(*c.w));
	c.col_covers = arena_alloc(a, mk->m + 1);
	check_result(a, &c, pairs, pairs_n);
	for (uint32_t x = 0; x < pairs_n; x++)
		free_n += !pairs[x].locked;
	if (c.why == NULL)
		check_sides(&c);
	for (uint32_t i = 0; i < mk->n && mk->m > 0 && c.why == NULL; i++)
		check_row(&c, i, score);
	for (uint32_t k = 0; k < g->k && c.why == NULL; k++)
		if (c.primal[k] != c.dual[k])
			c.why = "primal and dual differ";
	if (c.why == NULL && g->card_unit > 0 &&
	    (c.uncovered > 0 || c.cover != free_n))
		c.why = "the cover does not prove the number of pairs";
	*out = (struct match_proof){c.why == NULL, (int64_t)mk->n * mk->m,
	    g->card_unit > 0 ? c.cover + mk->locked_n : 0, span_of(c.why)};
	return c.why == NULL ? 0 : -1;
}
