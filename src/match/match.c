/*
 * The whole: problem in, result out, proof checked before anybody sees it.
 * A result's u begins with the floor of the bottleneck step (0 none) and the
 * gauge; then come the rows' duals; v holds the columns'.
 */
#include "match/match_int.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

/* Pairs that are all judged by the scalar scorer: at once, and later. */
static const uint64_t scalar_at_once = 100000, scalar_later = 200000000;

/* Up to the bottleneck step, which sets a floor. */
static uint32_t
floor_step(const enum match_step *steps, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++)
		if (steps[i] == MATCH_STEP_BOTTLENECK)
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

/*
 * The worst partner of each, or -1 with a place free: what they would leave.
 * Nobody wants to leave a place that a lock has taken.
 */
static void
envy_init(struct arena *a, const struct market *mk, const struct solution *s,
    struct envy *e)
{
	e->row = arena_alloc(a, (mk->n + 1) * sizeof(*e->row));
	e->col = arena_alloc(a, (mk->m + 1) * sizeof(*e->col));
	e->n = 0;
	for (uint32_t j = 0; j < mk->m; j++)
		e->col[j] = s->used != NULL && s->used[j] == mk->cap[j]
				? MATCH_SCORE_MAX
				: -1;
	for (uint32_t i = 0; i < mk->n; i++) {
		e->row[i] = s->placed != NULL && s->placed[i] == mk->demand[i]
				? MATCH_SCORE_MAX
				: -1;
		for (uint32_t x = 0; x < s->edges_n[i]; x++) {
			struct edge q = s->edges[i][x];

			if (!(q.flags & EDGE_MATCHED))
				continue;
			if (q.score < e->row[i])
				e->row[i] = q.score;
			if (q.score < e->col[q.col])
				e->col[q.col] = q.score;
		}
	}
}

/* Only a floor keeps the proof from seeing all pairs. */
static void
envy_count(struct arena *a, struct market *mk, struct envy *e)
{
	int16_t *score = arena_alloc(a, (mk->m + 1) * sizeof(*score));

	mk->floor = 0;
	for (uint32_t i = 0; i < mk->n && mk->m > 0; i++) {
		market_row(mk, i, score);
		for (uint32_t j = 0; j < mk->m; j++)
			e->n += (score[j] > e->row[i]) & (score[j] > e->col[j]);
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
	uint32_t head = 1 + gauge_written(g);

	out->u_n = (uint32_t)un + head;
	out->v_n = (uint32_t)vn;
	out->u = arena_alloc(a, out->u_n * sizeof(int64_t));
	out->v = arena_alloc(a, (vn + 1) * sizeof(int64_t));
	out->u[0] = mk->floor;
	gauge_write(g, out->u + 1);
	memcpy(out->u + head, s->u, un * sizeof(int64_t));
	memcpy(out->v, s->v, vn * sizeof(int64_t));
}

/* Are all bands but the last of those that share a digit empty? */
static bool
bands_hold(const struct match_result *r, const enum match_step *steps,
    uint32_t steps_n, const struct bands bands[2])
{
	uint32_t scores[MATCH_SCORE_MAX + 1] = {0};

	for (uint32_t x = 0; x < r->pairs_n; x++)
		if (!r->pairs[x].locked)
			scores[r->pairs[x].score]++;
	for (uint32_t i = 0; i < steps_n; i++) {
		struct bands b = bands[steps[i] == MATCH_STEP_LEXIMIN];

		if ((steps[i] == MATCH_STEP_LEXIMIN ||
			steps[i] == MATCH_STEP_FAIR) &&
		    bands_split(&b, scores))
			return false;
	}
	return true;
}

static int
verify(struct arena *a, struct market *mk, const struct match_result *r,
    uint64_t scalar, struct envy *envy, struct match_proof *proof)
{
	enum match_step steps[8];
	uint32_t steps_n = match_steps(mk->p, steps), at, head;
	struct bands bands[2];
	struct gauge g, said;

	*proof = (struct match_proof){false, 0, 0, SPAN("")};
	fair_bands(mk->p, bands);
	if (r->u_n == 0 || !gauge_read(a, r->u + 1, r->u_n - 1, &said, bands) ||
	    !bands_check(mk->p, MATCH_STEP_FAIR, &bands[0]) ||
	    !bands_check(mk->p, MATCH_STEP_LEXIMIN, &bands[1])) {
		proof->why = SPAN("the duals are damaged");
		return 0;
	}
	gauge_init(mk, steps, steps_n, bands, &g);
	head = 1 + gauge_written(&g);
	if (!gauge_is(&g, &said) || r->u_n != (uint64_t)mk->n * g.k + head ||
	    r->v_n != (uint64_t)mk->m * g.k) {
		proof->why = SPAN("the duals belong to another problem");
		return 0;
	}
	at = floor_step(steps, steps_n);
	if (at == steps_n ? r->u[0] != 0
			  : !fair_is_floor(a, mk, steps, at, (int)r->u[0])) {
		proof->why = SPAN("the floor is not the highest");
		return 0;
	}
	mk->floor = at < steps_n ? (int)r->u[0] : 0;
	if (proof_check(a, mk, &g, r->pairs, r->pairs_n, r->u + head, r->v,
		scalar, envy, proof) == 0 &&
	    !bands_hold(r, steps, steps_n, bands)) {
		proof->ok = false;
		proof->why = SPAN("bands of scores are not told apart");
	}
	return 0;
}

int
match_finish(struct arena *a, struct market *mk, const struct gauge *g,
    const struct solution *s, struct match_result *result, struct err *err)
{
	struct match_result out = {0};
	struct market again;
	struct envy envy;

	pairs_take(a, mk, s, &out);
	duals_take(a, mk, g, s, &out);
	out.rounds = s->rounds;
	envy_init(a, mk, s, &envy);
	/* Nothing of how the result was found may help the proof. */
	if (market_init(a, mk->p, &again, err) < 0 ||
	    verify(a, &again, &out, scalar_at_once,
		mk->floor > 0 ? NULL : &envy, &out.proof) < 0)
		return -1;
	if (!out.proof.ok)
		return err_set(err, ERR_STOP,
		    "the proof of the matching failed: %.*s",
		    (int)out.proof.why.n, out.proof.why.p);
	if (mk->floor > 0)
		envy_count(a, mk, &envy);
	out.blocking_pairs = envy.n;
	figures_take(a, &out);
	unmatched_take(a, mk, &out);
	out.troubles = mk->troubles;
	out.troubles_n = mk->troubles_n;
	*result = out;
	return 0;
}

int
match_solve(struct arena *a, const struct match_problem *p,
    match_progress_fn *progress, void *cookie, struct match_result *result,
    struct err *err)
{
	struct meter meter = {progress, cookie};
	enum match_step steps[8];
	uint32_t steps_n = match_steps(p, steps), at;
	struct bands bands[2];
	struct market mk;
	struct gauge g = {0};
	struct solution s = {0};

	if (market_init(a, p, &mk, err) < 0)
		return -1;
	at = floor_step(steps, steps_n);
	if (at < steps_n)
		fair_floor(a, &mk, steps, at);
	fair_bands(p, bands);
	fair_solve(a, &mk, steps, steps_n, bands, &meter, &g, &s);
	if (match_finish(a, &mk, &g, &s, result, err) < 0)
		return -1;
	if (progress != NULL)
		progress(cookie, 1000);
	return 0;
}

int
match_verify(struct arena *a, const struct match_problem *p,
    const struct match_result *r, struct match_proof *proof, struct err *err)
{
	struct market mk;

	if (market_init(a, p, &mk, err) < 0)
		return -1;
	return verify(a, &mk, r, scalar_later, NULL, proof);
}
