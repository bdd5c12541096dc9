/*
 * The whole: problem in, result out, proof checked before anybody sees it.
 * A result's u begins with the floor of the bottleneck step (0 none) and the
 * number of words of a weight, then the rows' duals; v holds the columns'.
 */
#include "match/match_int.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

enum {
	U_HEAD = 2
};

/* Up to the bottleneck or full leximin step, which set a floor. */
static uint32_t
floor_step(const enum match_step *steps, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++)
		if (steps[i] == MATCH_STEP_BOTTLENECK ||
		    steps[i] == MATCH_STEP_LEXIMIN)
			return i;
	return n;
}

struct keyed {
	struct span row, col;
	struct match_pair pair;
};

static int
keyed_cmp(const void *pa, const void *pb)
{
	const struct keyed *a = pa, *b = pb;
	int c = span_cmp(a->row, b->row);

	if (c == 0)
		c = span_cmp(a->col, b->col);
	if (c != 0)
		return c;
	if (a->pair.mentee != b->pair.mentee)
		return a->pair.mentee < b->pair.mentee ? -1 : 1;
	return (a->pair.mentor > b->pair.mentor) -
	       (a->pair.mentor < b->pair.mentor);
}

static struct span
key_of(const struct match_problem *p, uint32_t at, bool is_row)
{
	const struct span *names = is_row ? p->row_names : p->column_names;

	if (p->scores == NULL)
		return p->people[at].key;
	return names != NULL ? names[at] : SPAN("");
}

static void
pairs_take(struct arena *a, const struct market *mk, const struct solution *s,
    struct match_result *out)
{
	size_t room = mk->locked_n + 1;
	struct keyed *k;
	uint32_t n = 0;

	for (uint32_t i = 0; i < mk->n; i++)
		for (uint32_t x = 0; x < s->edges_n[i]; x++)
			room += (s->edges[i][x].flags & EDGE_MATCHED) != 0;
	k = arena_alloc(a, room * sizeof(*k));
	for (uint32_t x = 0; x < mk->locked_n; x++)
		k[n++].pair = mk->locked[x];
	for (uint32_t i = 0; i < mk->n; i++)
		for (uint32_t x = 0; x < s->edges_n[i]; x++) {
			struct match_pair *pair = &k[n].pair;

			if (!(s->edges[i][x].flags & EDGE_MATCHED))
				continue;
			pair->mentee = mk->row_person[i];
			pair->mentor = mk->col_person[s->edges[i][x].col];
			pair->score = match_score(
			    mk->p, pair->mentee, pair->mentor, pair->shares);
			n++;
		}
	for (uint32_t x = 0; x < n; x++) {
		k[x].row = key_of(mk->p, k[x].pair.mentee, true);
		k[x].col = key_of(mk->p, k[x].pair.mentor, false);
	}
	if (n > 0)
		qsort(k, n, sizeof(*k), keyed_cmp);
	out->pairs = arena_alloc(a, (n + 1) * sizeof(*out->pairs));
	out->pairs_n = n;
	for (uint32_t x = 0; x < n; x++)
		out->pairs[x] = k[x].pair;
}

static const char *
unmatched_why(const struct market *mk, uint32_t row, int16_t *score)
{
	if (mk->m == 0)
		return "why-no-mentors";
	market_row(mk, row, score);
	for (uint32_t j = 0; j < mk->m; j++)
		if (score[j] >= 0)
			return "why-no-place";
	return "why-rules";
}

static void
unmatched_take(
    struct arena *a, const struct market *mk, struct match_result *out)
{
	const struct match_problem *p = mk->p;
	uint32_t all = p->scores != NULL ? p->rows : p->people_n;
	uint8_t *has = arena_alloc(a, all + 1);
	int16_t *score = arena_alloc(a, (mk->m + 1) * sizeof(*score));

	out->unmatched = arena_alloc(a, (mk->n + 1) * sizeof(uint32_t));
	out->unmatched_why = arena_alloc(a, (mk->n + 1) * sizeof(struct span));
	for (uint32_t x = 0; x < out->pairs_n; x++)
		has[out->pairs[x].mentee] = 1;
	for (uint32_t i = 0; i < mk->n; i++) {
		if (has[mk->row_person[i]])
			continue;
		out->unmatched_why[out->unmatched_n] =
		    span_of(unmatched_why(mk, i, score));
		out->unmatched[out->unmatched_n++] = mk->row_person[i];
	}
}

static int
int_cmp(const void *a, const void *b)
{
	int x = *(const int *)a, y = *(const int *)b;

	return (x > y) - (x < y);
}

/* The worst partner of each, or -1 with a place free: what they would leave. */
static void
blocking_count(
    struct arena *a, const struct market *mk, struct match_result *out)
{
	const struct match_problem *p = mk->p;
	uint32_t rows = p->scores != NULL ? p->rows : p->people_n;
	uint32_t cols = p->scores != NULL ? p->columns : p->people_n;
	int *row_worst = arena_alloc(a, (rows + 1) * sizeof(int));
	int *col_worst = arena_alloc(a, (cols + 1) * sizeof(int));
	int *row_left = arena_alloc(a, (rows + 1) * sizeof(int));
	int *col_left = arena_alloc(a, (cols + 1) * sizeof(int));
	int16_t *score = arena_alloc(a, (mk->m + 1) * sizeof(*score));

	for (uint32_t i = 0; i < mk->n; i++)
		row_left[mk->row_person[i]] = mk->demand[i];
	for (uint32_t j = 0; j < mk->m; j++)
		col_left[mk->col_person[j]] = mk->cap[j];
	for (uint32_t i = 0; i < rows; i++)
		row_worst[i] = MATCH_SCORE_MAX + 1;
	for (uint32_t j = 0; j < cols; j++)
		col_worst[j] = MATCH_SCORE_MAX + 1;
	for (uint32_t x = 0; x < out->pairs_n; x++) {
		const struct match_pair *q = &out->pairs[x];

		if (q->locked)
			continue;
		row_left[q->mentee]--;
		col_left[q->mentor]--;
		if (q->score < row_worst[q->mentee])
			row_worst[q->mentee] = q->score;
		if (q->score < col_worst[q->mentor])
			col_worst[q->mentor] = q->score;
	}
	for (uint32_t i = 0; i < rows; i++)
		row_worst[i] = row_left[i] > 0 ? -1 : row_worst[i];
	for (uint32_t j = 0; j < cols; j++)
		col_worst[j] = col_left[j] > 0 ? -1 : col_worst[j];
	for (uint32_t i = 0; i < mk->n; i++) {
		int worst = row_worst[mk->row_person[i]];

		if (mk->m == 0 || mk->demand[i] == 0)
			continue;
		market_row(mk, i, score);
		for (uint32_t j = 0; j < mk->m; j++)
			if (score[j] > worst && mk->cap[j] > 0 &&
			    score[j] > col_worst[mk->col_person[j]])
				out->blocking_pairs++;
	}
}

static void
figures_take(struct arena *a, struct match_result *out)
{
	int *scores = arena_alloc(a, (out->pairs_n + 1) * sizeof(*scores));

	for (uint32_t x = 0; x < out->pairs_n; x++) {
		scores[x] = out->pairs[x].score;
		out->total += scores[x];
	}
	if (out->pairs_n > 0)
		qsort(scores, out->pairs_n, sizeof(*scores), int_cmp);
	out->worst5_n = out->pairs_n < 5 ? out->pairs_n : 5;
	for (uint32_t x = 0; x < out->worst5_n; x++)
		out->worst5[x] = scores[x];
	out->worst = out->pairs_n > 0 ? scores[0] : 0;
}

static void
duals_take(struct arena *a, const struct market *mk, const struct gauge *g,
    const struct solution *s, struct match_result *out)
{
	size_t un = (size_t)mk->n * g->k, vn = (size_t)mk->m * g->k;

	out->u_n = (uint32_t)un + U_HEAD;
	out->v_n = (uint32_t)vn;
	out->u = arena_alloc(a, out->u_n * sizeof(int64_t));
	out->v = arena_alloc(a, (vn + 1) * sizeof(int64_t));
	out->u[0] = mk->floor;
	out->u[1] = g->k;
	memcpy(out->u + U_HEAD, s->u, un * sizeof(int64_t));
	memcpy(out->v, s->v, vn * sizeof(int64_t));
}

int
match_solve(struct arena *a, const struct match_problem *p,
    match_progress_fn *progress, void *cookie, struct match_result *result,
    struct err *err)
{
	struct meter meter = {progress, cookie};
	struct match_result out = {0};
	enum match_step steps[8];
	uint32_t steps_n = match_steps(p, steps), at;
	struct market mk;
	struct gauge g;
	struct solution s = {0};

	if (market_init(a, p, &mk, err) < 0)
		return -1;
	at = floor_step(steps, steps_n);
	if (at < steps_n)
		fair_floor(a, &mk, steps, at);
	gauge_init(&mk, steps, steps_n, &g);
	if (g.k > 1) {
		/* Short weights find most of the candidates, sooner. */
		static const enum match_step easy[] = {
		    MATCH_STEP_CARDINALITY, MATCH_STEP_TOTAL};
		struct gauge first;

		gauge_init(&mk, easy, 2, &first);
		solve_market(a, &mk, &first, &meter, &s);
	}
	solve_market(a, &mk, &g, &meter, &s);
	pairs_take(a, &mk, &s, &out);
	duals_take(a, &mk, &g, &s, &out);
	out.rounds = s.rounds;
	if (match_verify(a, p, &out, &out.proof, err) < 0)
		return -1;
	if (!out.proof.ok)
		return err_set(err, ERR_STOP,
		    "the proof of the matching failed: %.*s",
		    (int)out.proof.why.n, out.proof.why.p);
	mk.floor = 0;
	figures_take(a, &out);
	unmatched_take(a, &mk, &out);
	blocking_count(a, &mk, &out);
	out.problems = mk.problems;
	out.problems_n = mk.problems_n;
	if (progress != NULL)
		progress(cookie, 1000);
	*result = out;
	return 0;
}

int
match_verify(struct arena *a, const struct match_problem *p,
    const struct match_result *r, struct match_proof *proof, struct err *err)
{
	enum match_step steps[8];
	uint32_t steps_n = match_steps(p, steps), at;
	struct market mk;
	struct gauge g;

	if (market_init(a, p, &mk, err) < 0)
		return -1;
	*proof = (struct match_proof){false, 0, 0, SPAN("")};
	at = floor_step(steps, steps_n);
	if (at < steps_n && fair_floor(a, &mk, steps, at) != r->u[0]) {
		proof->why = SPAN("the floor is not the highest");
		return 0;
	}
	gauge_init(&mk, steps, steps_n, &g);
	if (r->u_n < U_HEAD || r->u[1] != g.k ||
	    r->u_n != (uint64_t)mk.n * g.k + U_HEAD ||
	    r->v_n != (uint64_t)mk.m * g.k) {
		proof->why = SPAN("the duals belong to another problem");
		return 0;
	}
	proof_check(
	    a, &mk, &g, r->pairs, r->pairs_n, r->u + U_HEAD, r->v, proof);
	return 0;
}
