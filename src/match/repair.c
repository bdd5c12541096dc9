/*
 * After somebody left: the standing pairs are what may not change without
 * need.  With no steps given, few changes come right after numbers.
 *
 * The search goes on from the stored duals.  They still hold: whoever is gone
 * takes constraints along, and the bonus of a standing pair only lifts what
 * is matched.  So only those who lost somebody search, over all pairs.  Should
 * the problem have changed otherwise, the proof tells, and all is solved anew.
 */
#include "match/path_int.h"

#include <stdlib.h>
#include <string.h>

enum {
	WORDS = 3 /* of duals: as many as are compared quickly */
};

static bool
is_gone(const int64_t *gone, uint32_t n, int64_t id)
{
	for (uint32_t i = 0; i < n; i++)
		if (gone[i] == id)
			return true;
	return false;
}

/* Without those who are gone and locks on them; pairs that stand. */
static void
problem_init(struct arena *a, const struct match_problem *p,
    const struct match_result *standing, const int64_t *gone, uint32_t gone_n,
    struct repair *r)
{
	static const enum match_step usual[] = {MATCH_STEP_CARDINALITY,
	    MATCH_STEP_CHANGES, MATCH_STEP_FAIR, MATCH_STEP_TOTAL};
	struct match_person *people =
	    arena_alloc(a, (p->people_n + 1) * sizeof(*people));
	struct match_pair_rule *pairs = arena_alloc(
	    a, ((size_t)p->pairs_n + standing->pairs_n + 1) * sizeof(*pairs));
	uint32_t n = 0;

	if (p->people_n > 0)
		memcpy(people, p->people, p->people_n * sizeof(*people));
	for (uint32_t i = 0; i < p->people_n; i++)
		if (is_gone(gone, gone_n, people[i].id))
			people[i].mentor = people[i].mentee = false;
	for (uint32_t k = 0; k < p->pairs_n; k++)
		if (p->pairs[k].kind != MATCH_STANDING &&
		    !(p->pairs[k].kind == MATCH_LOCKED &&
			(is_gone(gone, gone_n, p->pairs[k].mentee_id) ||
			    is_gone(gone, gone_n, p->pairs[k].mentor_id))))
			pairs[n++] = p->pairs[k];
	for (uint32_t x = 0; x < standing->pairs_n; x++)
		pairs[n++] = (struct match_pair_rule){MATCH_STANDING,
		    p->people[standing->pairs[x].mentee].id,
		    p->people[standing->pairs[x].mentor].id, false};
	r->with = *p;
	r->with.people = people;
	r->with.pairs = pairs;
	r->with.pairs_n = n;
	if (p->steps_n == 0) {
		r->with.steps = usual;
		r->with.steps_n = 4;
	}
	r->steps_n = match_steps(&r->with, r->steps);
}

/* --- duals that still hold ---------------------------------------------------- */

static int
person_cmp(const void *pa, const void *pb)
{
	const struct match_person *a = *(const struct match_person *const *)pa;
	const struct match_person *b = *(const struct match_person *const *)pb;
	int c = span_cmp(a->key, b->key);

	if (c != 0)
		return c;
	return (a->id > b->id) - (a->id < b->id);
}

static bool
takes_part(const struct match_person *x, bool as_row)
{
	return as_row ? x->mentee && x->want > 0 : x->mentor && x->capacity > 0;
}

/*
 * The duals of one side without those who are gone: rows (and columns) are in
 * the order of keys, before and after.  NULL when their number is another.
 */
static int64_t *
duals_left(struct arena *a, const struct match_problem *p,
    const struct repair *r, bool rows, const int64_t *duals, uint64_t duals_n)
{
	uint32_t left = rows ? r->market.n : r->market.m, k = r->before.k;
	uint32_t n = 0, gone_n = 0, was = 0;
	const uint32_t *person =
	    rows ? r->market.row_person : r->market.col_person;
	const struct match_person **gone =
	    arena_alloc(a, (p->people_n + 1) * sizeof(*gone));
	int64_t *out = arena_alloc(a, ((size_t)left + 1) * k * sizeof(*out));

	for (uint32_t i = 0; i < p->people_n; i++)
		if (takes_part(&p->people[i], rows)) {
			n++;
			if (!takes_part(&r->with.people[i], rows))
				gone[gone_n++] = &p->people[i];
		}
	if (duals_n != (uint64_t)n * k)
		return NULL;
	if (gone_n > 0)
		qsort(gone, gone_n, sizeof(*gone), person_cmp);
	for (uint32_t i = 0, g = 0; i < left; i++, was++) {
		const struct match_person *x = &p->people[person[i]];

		for (; g < gone_n && person_cmp(&gone[g], &x) < 0; g++)
			was++;
		memcpy(out + (size_t)i * k, duals + (size_t)was * k,
		    k * sizeof(*out));
	}
	return out;
}

/* Who has whom, as candidates that are matched. */
static void
pairs_place(struct arena *a, const struct match_problem *p,
    const struct match_result *standing, struct repair *r)
{
	struct solution *s = &r->solution;
	const struct market *mk = &r->market;
	size_t bytes = (p->people_n + 1) * sizeof(uint32_t);
	uint32_t *row_of = arena_alloc(a, bytes);
	uint32_t *col_of = arena_alloc(a, bytes);

	for (uint32_t i = 0; i < mk->n; i++)
		row_of[mk->row_person[i]] = i + 1;
	for (uint32_t j = 0; j < mk->m; j++)
		col_of[mk->col_person[j]] = j + 1;
	solution_init(a, mk, s);
	for (uint32_t x = 0; x < standing->pairs_n; x++) {
		uint32_t i = row_of[standing->pairs[x].mentee] - 1;
		uint32_t j = col_of[standing->pairs[x].mentor] - 1;
		struct slot slot;
		int score;

		if (i == UINT32_MAX || j == UINT32_MAX)
			continue;
		score = market_score(mk, i, j);
		if (score < 0 || s->placed[i] == mk->demand[i] ||
		    s->used[j] == mk->cap[j])
			continue;
		slot = (struct slot){i, s->edges_n[i]};
		solution_add(a, mk, s, i, j, score);
		s->edges[i][slot.edge].flags |= EDGE_MATCHED;
		s->placed[i]++;
		s->slots[j][s->used[j]++] = slot;
	}
}

static bool
has_floor(const struct repair *r)
{
	for (uint32_t i = 0; i < r->steps_n; i++)
		if (r->steps[i] == MATCH_STEP_BOTTLENECK)
			return true;
	return false;
}

static bool
goes_on(struct arena *a, const struct match_problem *p,
    const struct match_result *standing, struct repair *r)
{
	uint32_t head;

	fair_bands(p, r->bands);
	if (standing->u_n == 0 || standing->u[0] != 0 || has_floor(r) ||
	    !gauge_read(
		a, standing->u + 1, standing->u_n - 1, &r->before, r->bands) ||
	    !bands_check(p, MATCH_STEP_FAIR, &r->bands[0]) ||
	    !bands_check(p, MATCH_STEP_LEXIMIN, &r->bands[1]))
		return false;
	head = 1 + gauge_written(&r->before);
	r->solution.u =
	    duals_left(a, p, r, true, standing->u + head, standing->u_n - head);
	r->solution.v = duals_left(a, p, r, false, standing->v, standing->v_n);
	return r->solution.u != NULL && r->solution.v != NULL;
}

/* Of those who lost somebody: the best they get if nobody else moves. */
static void
best_free(struct arena *a, const struct repair *r,
    uint32_t scores[MATCH_SCORE_MAX + 1])
{
	const struct market *mk = &r->market;
	const struct solution *s = &r->solution;
	int16_t *score = arena_alloc(a, (mk->m + 1) * sizeof(*score));

	for (uint32_t i = 0; i < mk->n; i++) {
		int best = -1;

		if (s->placed[i] == mk->demand[i] ||
		    !positive(&s->u[(size_t)i * r->before.k], r->before.k))
			continue;
		market_row(mk, i, score);
		for (uint32_t j = 0; j < mk->m; j++)
			if (s->used[j] < mk->cap[j] && score[j] > best)
				best = score[j];
		if (best >= 0)
			scores[best]++;
	}
}

/*
 * Bands told apart before a solution shows the need: one round does then more
 * often.
 */
static void
foresee(struct arena *a, struct repair *r)
{
	uint32_t scores[MATCH_SCORE_MAX + 1] = {0};
	uint32_t words = r->before.k > WORDS ? r->before.k : WORDS;

	best_free(a, r, scores);
	fair_foresee(&r->market, r->steps, r->steps_n, &r->solution, scores,
	    words, r->bands);
}

/* The duals of one side as the new gauge has them, in their place if it can. */
static void
duals_turn(struct arena *a, const struct repair *r, int64_t **duals, uint32_t n)
{
	int64_t *to = *duals;

	if (r->gauge.k != r->before.k)
		to = arena_alloc(a, ((size_t)n + 1) * r->gauge.k * sizeof(*to));
	gauge_convert(&r->before, *duals, n, &r->gauge, to);
	*duals = to;
}

/* The gauge for the bands as they are, and the pairs that are best by it. */
static void
gauge_next(struct arena *a, struct repair *r)
{
	const struct market *mk = &r->market;

	gauge_init(mk, r->steps, r->steps_n, r->bands, &r->gauge);
	duals_turn(a, r, &r->solution.u, mk->n);
	duals_turn(a, r, &r->solution.v, mk->m);
	r->solution.rounds++;
	if (r->search == NULL || r->gauge.k != r->before.k)
		r->search = search_new(a, mk, &r->gauge, NULL, &r->solution);
	search_all_pairs(r->search);
	search_drop(r->search);
	r->before = r->gauge;
}

int
repair_init(struct arena *a, const struct match_problem *p,
    const struct match_result *standing, const int64_t *gone, uint32_t gone_n,
    struct repair *r, struct err *err)
{
	*r = (struct repair){.goes_on = false};
	if (p->scores != NULL)
		return err_set(err, ERR_ITEM,
		    "a matrix of scores has nobody who could leave");
	problem_init(a, p, standing, gone, gone_n, r);
	if (market_init(a, &r->with, &r->market, err) < 0)
		return -1;
	r->goes_on = goes_on(a, p, standing, r);
	if (r->goes_on) {
		pairs_place(a, p, standing, r);
		foresee(a, r);
		gauge_next(a, r);
	}
	return 0;
}

void
repair_search(struct arena *a, struct repair *r)
{
	search_mend(r->search);
	while (fair_split(
	    &r->market, r->steps, r->steps_n, &r->solution, r->bands)) {
		gauge_next(a, r);
		search_mend(r->search);
	}
	search_tighten(r->search);
}

int
match_repair(struct arena *a, const struct match_problem *p,
    const struct match_result *standing, const int64_t *gone, uint32_t gone_n,
    struct match_result *result, struct err *err)
{
	struct repair *r = arena_alloc(a, sizeof(*r));
	struct err proof = {0};

	if (repair_init(a, p, standing, gone, gone_n, r, err) < 0)
		return -1;
	if (r->goes_on) {
		repair_search(a, r);
		if (match_finish(a, &r->market, &r->gauge, &r->solution, result,
			&proof) == 0)
			return 0;
	}
	return match_solve(a, &r->with, NULL, NULL, result, err);
}
