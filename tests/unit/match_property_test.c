/*
 * What must hold whatever the people: promises between several results, on
 * crowds that no brute force could try.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "match/match_int.h"
#include "unit/match_crowd.h"

static const enum match_step plain[] = {
    MATCH_STEP_CARDINALITY, MATCH_STEP_TOTAL};

static void
solve(struct arena *a, const struct match_problem *p, struct match_result *r)
{
	struct err err = {0};

	if (match_solve(a, p, NULL, NULL, r, &err) < 0)
		fail_msg("%s", err.text);
	assert_true(r->proof.ok);
}

static void
with_steps(struct match_problem *p, const enum match_step *steps, uint32_t n)
{
	p->steps = steps;
	p->steps_n = n;
}

static bool
has_pair(const struct match_result *r, uint32_t mentee, uint32_t mentor)
{
	for (uint32_t x = 0; x < r->pairs_n; x++)
		if (r->pairs[x].mentee == mentee &&
		    r->pairs[x].mentor == mentor)
			return true;
	return false;
}

/* Nobody below "good enough": the fair step decides nothing. */
static void
fairness_of_nothing_is_the_sum(void **state)
{
	struct match_problem p;
	struct match_result fair, sum;
	struct arena a;

	(void)state;
	arena_init(&a);
	seed = 51;
	for (int k = 0; k < 4; k++) {
		arena_reset(&a);
		people_crowd(&a, &p, 100 + (uint32_t)k * 30);
		p.good_enough = 0;
		solve(&a, &p, &fair);
		with_steps(&p, plain, 2);
		solve(&a, &p, &sum);
		assert_int_equal(fair.pairs_n, sum.pairs_n);
		assert_int_equal(fair.total, sum.total);
	}
	arena_release(&a);
}

/* Each way to be fair lifts what it promises to lift, and none costs people. */
static void
fair_lifts_the_worst(void **state)
{
	static const enum match_step ways[3][3] = {
	    {MATCH_STEP_CARDINALITY, MATCH_STEP_BOTTLENECK, MATCH_STEP_TOTAL},
	    {MATCH_STEP_CARDINALITY, MATCH_STEP_LEXIMIN, MATCH_STEP_TOTAL},
	    {MATCH_STEP_CARDINALITY, MATCH_STEP_FAIR, MATCH_STEP_TOTAL}};
	struct match_problem p;
	struct match_result r[3], sum;
	struct arena a;

	(void)state;
	arena_init(&a);
	seed = 52;
	for (int k = 0; k < 3; k++) {
		arena_reset(&a);
		people_crowd(&a, &p, 130);
		with_steps(&p, plain, 2);
		solve(&a, &p, &sum);
		for (int l = 0; l < 3; l++) {
			with_steps(&p, ways[l], 3);
			solve(&a, &p, &r[l]);
			assert_int_equal(r[l].pairs_n, sum.pairs_n);
			assert_true(r[l].total <= sum.total);
		}
		assert_int_equal(r[0].worst, r[1].worst);
		assert_true(r[0].worst >= sum.worst);
		assert_true(r[0].worst >= r[2].worst);
		assert_true(r[0].total >= r[1].total);
	}
	arena_release(&a);
}

static int64_t
value_of(const struct gauge *g, const struct match_result *r)
{
	int64_t sum = 0;

	for (uint32_t x = 0; x < r->pairs_n; x++)
		sum += g->tab[r->pairs[x].score];
	return sum;
}

/* What a pair lacks by the prices is the least that forcing it costs. */
static void
prices_bound_the_loss(void **state)
{
	struct match_problem p;
	struct match_result r, forced;
	struct match_pair_rule lock = {.kind = MATCH_LOCKED};
	struct market mk;
	struct gauge g;
	struct bands bands[2];
	struct arena a;
	struct err err = {0};
	uint32_t tried = 0, exact = 0;

	(void)state;
	arena_init(&a);
	seed = 53;
	people_crowd(&a, &p, 120);
	for (uint32_t i = 0; i < p.people_n; i++) {
		struct match_person *x = (struct match_person *)&p.people[i];

		x->left_out = 0;
		x->want = 1;
	}
	with_steps(&p, plain, 2);
	solve(&a, &p, &r);
	assert_int_equal(market_init(&a, &p, &mk, &err), 0);
	fair_bands(&p, bands);
	gauge_init(&mk, plain, 2, bands, &g);
	assert_int_equal(g.k, 1);
	for (uint32_t k = 0; k < 4000 && tried < 60; k++) {
		uint32_t i = pick(mk.n), j = pick(mk.m);
		int score = market_score(&mk, i, j);
		int64_t lacks, loss;

		if (score < 0 ||
		    has_pair(&r, mk.row_person[i], mk.col_person[j]))
			continue;
		lacks = r.u[1 + gauge_written(&g) + i] + r.v[j] - g.tab[score];
		assert_true(lacks >= 0);
		lock.mentee_id = p.people[mk.row_person[i]].id;
		lock.mentor_id = p.people[mk.col_person[j]].id;
		p.pairs = &lock;
		p.pairs_n = 1;
		solve(&a, &p, &forced);
		p.pairs_n = 0;
		loss = value_of(&g, &r) - value_of(&g, &forced);
		assert_true(loss >= lacks);
		exact += loss == lacks;
		tried++;
	}
	assert_int_equal(tried, 60);
	assert_true(exact > 0);
	arena_release(&a);
}

static uint32_t
kept(const struct match_result *a, const struct match_result *b)
{
	uint32_t n = 0;

	for (uint32_t x = 0; x < a->pairs_n; x++)
		n += has_pair(b, a->pairs[x].mentee, a->pairs[x].mentor);
	return n;
}

static void
let_stand(
    struct arena *a, struct match_problem *p, const struct match_result *r)
{
	struct match_pair_rule *pairs =
	    arena_alloc(a, (r->pairs_n + 1) * sizeof(*pairs));

	for (uint32_t x = 0; x < r->pairs_n; x++)
		pairs[x] = (struct match_pair_rule){MATCH_STANDING,
		    p->people[r->pairs[x].mentee].id,
		    p->people[r->pairs[x].mentor].id, false};
	p->pairs = pairs;
	p->pairs_n = r->pairs_n;
}

/* A bonus that is worth more than all points is "few changes first". */
static void
much_inertia_is_few_changes(void **state)
{
	static const enum match_step few[] = {
	    MATCH_STEP_CARDINALITY, MATCH_STEP_CHANGES, MATCH_STEP_TOTAL};
	struct match_problem p;
	struct match_result before, lazy, still, anew;
	struct match_person *people;
	struct arena a;

	(void)state;
	arena_init(&a);
	seed = 54;
	people_crowd(&a, &p, 120);
	people = (struct match_person *)p.people;
	with_steps(&p, plain, 2);
	solve(&a, &p, &before);
	for (uint32_t i = 0; i < 20; i++)
		people[before.pairs[i * 3].mentee].level = (int)pick(10);
	people[before.pairs[1].mentor].capacity = 0;
	solve(&a, &p, &anew);
	let_stand(&a, &p, &before);
	p.inertia = 1000000;
	solve(&a, &p, &lazy);
	p.inertia = 0;
	with_steps(&p, few, 3);
	solve(&a, &p, &still);
	assert_int_equal(lazy.pairs_n, still.pairs_n);
	assert_int_equal(lazy.total, still.total);
	assert_int_equal(kept(&before, &lazy), kept(&before, &still));
	assert_true(kept(&before, &still) >= kept(&before, &anew));
	assert_true(still.total <= anew.total);
	assert_int_equal(still.pairs_n, anew.pairs_n);
	arena_release(&a);
}

/* Somebody goes and comes back: the value is the same as before. */
static void
back_again_is_as_before(void **state)
{
	struct match_problem p;
	struct match_result first, without, again;
	struct arena a;
	struct err err = {0};
	int64_t gone;

	(void)state;
	arena_init(&a);
	seed = 55;
	people_crowd(&a, &p, 120);
	solve(&a, &p, &first);
	for (uint32_t x = 0; x < first.pairs_n; x += first.pairs_n / 6) {
		gone = p.people[first.pairs[x].mentor].id;
		p.pairs_n = 0;
		assert_int_equal(
		    match_repair(&a, &p, &first, &gone, 1, &without, &err), 0);
		assert_true(without.pairs_n <= first.pairs_n);
		let_stand(&a, &p, &without);
		solve(&a, &p, &again);
		assert_int_equal(again.pairs_n, first.pairs_n);
		assert_int_equal(again.total, first.total);
		assert_int_equal(again.worst, first.worst);
	}
	arena_release(&a);
}

static void
same_next(
    const struct match_next *one, const struct match_pair other[2], uint32_t n)
{
	assert_int_equal(one->n, n);
	for (uint32_t k = 0; k < n; k++) {
		assert_int_equal(one->best[k].mentee, other[k].mentee);
		assert_int_equal(one->best[k].mentor, other[k].mentor);
		assert_int_equal(one->best[k].score, other[k].score);
	}
}

/* For all at once, or for each alone. */
static void
who_else_is_found_both_ways(void **state)
{
	struct match_problem p;
	struct match_result r;
	struct match_next *mentee, *mentor;
	struct match_pair other[2];
	struct arena a;
	struct err err = {0};
	uint32_t n;

	(void)state;
	arena_init(&a);
	seed = 56;
	people_crowd(&a, &p, 120);
	solve(&a, &p, &r);
	assert_int_equal(match_nexts(&a, &p, &r, &mentee, &mentor, &err), 0);
	for (uint32_t i = 0; i < p.people_n; i++) {
		const struct match_person *x = &p.people[i];

		if (x->mentee) {
			match_alternatives(&a, &p, &r, i, true, other, &n);
			same_next(&mentee[i], other, n);
		}
		if (x->mentor && x->capacity > 0) {
			match_alternatives(&a, &p, &r, i, false, other, &n);
			same_next(&mentor[i], other, n);
		}
	}
	arena_release(&a);
}

/* The smallest and the flattest of problems. */
static void
odd_shapes(void **state)
{
	static const struct {
		uint32_t rows, columns;
		int32_t score, capacity;
		uint32_t pairs;
		const char *why;
	} cases[] = {
	    {1, 1, 0, 1, 1, "one pair of no points"},
	    {1, 50, 700, 1, 1, "one mentee"},
	    {50, 1, 700, 1, 1, "one mentor"},
	    {50, 1, 700, 50, 50, "one mentor for all"},
	    {50, 1, 700, 1000, 50, "and places left"},
	    {50, 20, 1000, 0, 0, "no place at all"},
	    {40, 40, 500, 1, 40, "all the same"},
	    {40, 40, -1, 1, 0, "all forbidden"},
	    {40, 9, 0, 3, 27, "no points for anybody"},
	    {0, 5, 0, 1, 0, "no mentees"},
	    {5, 0, 0, 1, 0, "no mentors"},
	};
	struct arena a;

	(void)state;
	arena_init(&a);
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		int32_t scores[2500], caps[50];
		struct match_problem p = {.scores = scores,
		    .capacities = caps,
		    .rows = cases[i].rows,
		    .columns = cases[i].columns,
		    .good_enough = 500};
		struct match_result r;

		for (int k = 0; k < 2500; k++)
			scores[k] = cases[i].score;
		for (int k = 0; k < 50; k++)
			caps[k] = cases[i].capacity;
		solve(&a, &p, &r);
		if (r.pairs_n != cases[i].pairs ||
		    r.unmatched_n != cases[i].rows - cases[i].pairs)
			fail_msg("%s: %u pairs", cases[i].why, r.pairs_n);
	}
	arena_release(&a);
}

/* --- one more mentor ------------------------------------------------------------ */

/* Is the second at least as good, by numbers, then as the steps say? */
static bool
no_worse(
    const struct match_result *a, const struct match_result *b, bool leximin)
{
	int at[MATCH_SCORE_MAX + 1] = {0};

	if (a->pairs_n != b->pairs_n)
		return b->pairs_n > a->pairs_n;
	for (uint32_t x = 0; x < a->pairs_n; x++) {
		at[a->pairs[x].score]++;
		at[b->pairs[x].score]--;
	}
	for (int score = 0; leximin && score <= MATCH_SCORE_MAX; score++)
		if (at[score] != 0)
			return at[score] > 0;
	return b->total >= a->total;
}

/* Somebody more who mentors takes nothing from anybody. */
static void
another_mentor_never_lowers(void **state)
{
	static const enum match_step ways[2][2] = {
	    {MATCH_STEP_CARDINALITY, MATCH_STEP_TOTAL},
	    {MATCH_STEP_CARDINALITY, MATCH_STEP_LEXIMIN}};
	struct match_problem p;
	struct match_result without, with;
	struct arena a;
	uint32_t tried = 0;

	(void)state;
	arena_init(&a);
	seed = 57;
	for (uint32_t k = 0; k < 8; k++) {
		struct match_person *people;

		arena_reset(&a);
		people_crowd(&a, &p, 90 + k % 4 * 20);
		people = (struct match_person *)p.people;
		for (uint32_t i = 0; i < p.people_n; i++)
			people[i].left_out = 0;
		for (uint32_t x = 0; x < 4; x++) {
			struct match_person *one = &people[pick(90)];
			int places = one->capacity;

			if (places == 0)
				continue;
			with_steps(&p, ways[k % 2], 2);
			solve(&a, &p, &with);
			one->capacity = 0;
			solve(&a, &p, &without);
			one->capacity = places;
			assert_true(no_worse(&without, &with, k % 2));
			tried++;
		}
	}
	assert_true(tried > 15);
	arena_release(&a);
}

/* --- the same table, written otherwise ------------------------------------------ */

enum {
	TABLE = 25
};

/* Scores of names, rows and columns in these orders. */
static struct span
table_write(struct arena *a, const uint32_t rows[TABLE],
    const uint32_t cols[TABLE], int32_t scores[TABLE][TABLE], const char *end)
{
	struct str out;

	str_init(&out, a, 1 << 20);
	str_addf(&out, "mentee");
	for (uint32_t j = 0; j < TABLE; j++)
		str_addf(&out, ",m%02u", cols[j]);
	for (uint32_t i = 0; i < TABLE; i++) {
		str_addf(&out, "%se%02u", end, rows[i]);
		for (uint32_t j = 0; j < TABLE; j++) {
			int32_t score = scores[rows[i]][cols[j]];

			if (score < 0)
				str_addf(&out, ",");
			else
				str_addf(&out, ",%d", (int)score);
		}
	}
	str_addf(&out, "%s", end);
	return str_span(&out);
}

static struct span
table_answer(struct arena *a, struct span table, uint32_t list)
{
	struct match_problem p = {.good_enough = 500};
	struct match_result r;
	struct str out, places;
	struct err err = {0};

	str_init(&places, a, 1 << 16);
	str_addf(&places, "mentor,capacity\n");
	for (uint32_t j = 0; j < TABLE; j++)
		str_addf(&places, "m%02u,%u\n", j, 1 + j % 3 / 2);
	if (match_read_matrix(a, table, str_span(&places), &p, &err) < 0)
		fail_msg("%s", err.text);
	with_steps(&p, lists[list].steps, lists[list].n);
	solve(a, &p, &r);
	str_init(&out, a, 1 << 20);
	match_json(&p, &r, 0, &out);
	return str_span(&out);
}

/* Rows, columns, line ends: not a byte of the answer changes. */
static void
same_bytes_whatever_the_order(void **state)
{
	struct arena a;

	(void)state;
	arena_init(&a);
	seed = 58;
	for (uint32_t k = 0; k < 36; k++) {
		int32_t scores[TABLE][TABLE];
		uint32_t rows[TABLE], cols[TABLE];
		struct span first, other;

		arena_reset(&a);
		/* Few different scores: many matchings are as good. */
		for (uint32_t i = 0; i < TABLE; i++)
			for (uint32_t j = 0; j < TABLE; j++)
				scores[i][j] =
				    pick(3) == 0 ? -1 : (int32_t)pick(4) * 250;
		for (uint32_t i = 0; i < TABLE; i++)
			rows[i] = cols[i] = i;
		first = table_answer(
		    &a, table_write(&a, rows, cols, scores, "\n"), k % 6);
		for (uint32_t i = TABLE - 1; i > 0; i--) {
			uint32_t x = pick(i + 1), y = pick(i + 1), t = rows[i];

			rows[i] = rows[x];
			rows[x] = t;
			t = cols[i];
			cols[i] = cols[y];
			cols[y] = t;
		}
		other = table_answer(&a,
		    table_write(&a, rows, cols, scores, k % 2 ? "\r\n" : "\n"),
		    k % 6);
		if (!span_eq(first, other))
			fail_msg("table %u:\n%.*s\n%.*s", k, (int)first.n,
			    first.p, (int)other.n, other.p);
	}
	arena_release(&a);
}

/* A place fewer than the result has taken: its proof holds no longer. */
static void
fewer_places_refuse_the_proof(void **state)
{
	static struct tiny t;
	struct arena a;
	struct err err = {0};
	uint32_t tried = 0;

	(void)state;
	arena_init(&a);
	seed = 59;
	for (uint32_t k = 0; k < 300; k++) {
		struct match_result r;
		struct match_proof proof;
		int32_t used = 0;

		arena_reset(&a);
		tiny_init(&t, true, k % 6, SIDE);
		solve(&a, &t.p, &r);
		if (r.pairs_n == 0)
			continue;
		for (uint32_t x = 0; x < r.pairs_n; x++)
			used += r.pairs[x].mentor == r.pairs[0].mentor;
		t.caps[r.pairs[0].mentor] = used - 1;
		assert_int_equal(match_verify(&a, &t.p, &r, &proof, &err), 0);
		assert_false(proof.ok);
		tried++;
	}
	assert_true(tried > 150);
	arena_release(&a);
}

static void
bands_from_the_top(void **state)
{
	struct match_problem p = {.good_enough = 480};
	struct bands bands;
	uint32_t n = 1;

	(void)state;
	bands_init(&p, MATCH_STEP_FAIR, &bands);
	assert_true(bands_finer(&bands));
	assert_int_equal(bands.n, 2);
	assert_int_equal(bands.end[0], 475);
	assert_int_equal(bands.end[1], 480);
	while (bands_finer(&bands)) {
		n++;
		assert_true(bands_check(&p, MATCH_STEP_FAIR, &bands));
	}
	assert_int_equal(bands.n, 20);
	assert_int_equal(n + 1, bands.n);
	assert_int_equal(bands.end[0], 25);

	/* Nothing is below what is good enough: nothing to tell apart. */
	p.good_enough = 0;
	bands_init(&p, MATCH_STEP_FAIR, &bands);
	assert_false(bands_finer(&bands));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(fairness_of_nothing_is_the_sum),
	    cmocka_unit_test(fair_lifts_the_worst),
	    cmocka_unit_test(prices_bound_the_loss),
	    cmocka_unit_test(much_inertia_is_few_changes),
	    cmocka_unit_test(back_again_is_as_before),
	    cmocka_unit_test(who_else_is_found_both_ways),
	    cmocka_unit_test(odd_shapes),
	    cmocka_unit_test(another_mentor_never_lowers),
	    cmocka_unit_test(same_bytes_whatever_the_order),
	    cmocka_unit_test(fewer_places_refuse_the_proof),
	    cmocka_unit_test(bands_from_the_top),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
