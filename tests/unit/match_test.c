/*
 * The promises of matching: the best of all matchings, told by trying them
 * all; a proof that cannot be bent; the same pairs whatever the order.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "unit/match_tiny.h"

static void
check_best(struct arena *a, bool matrix, uint32_t list, uint32_t side)
{
	static struct tiny t;
	struct match_result r = {0};
	struct err err = {0};
	uint64_t was = seed;

	arena_reset(a);
	tiny_init(&t, matrix, list, side);
	if (match_solve(a, &t.p, NULL, NULL, &r, &err) < 0)
		fail_msg("%s, seed %llu: %s", lists[list].why,
		    (unsigned long long)was, err.text);
	if (!tiny_is_best(&t, &r))
		fail_msg("%s, seed %llu: not the best", lists[list].why,
		    (unsigned long long)was);
}

static void
is_best_of_all(void **state)
{
	struct arena a;

	(void)state;
	arena_init(&a);
	seed = 1;
	for (uint32_t k = 0; k < 96000; k++)
		check_best(&a, true, k % 6 == 4 && k % 5 ? 0 : k % 6, 3);
	for (uint32_t k = 0; k < 1200; k++)
		check_best(&a, true, k % 3, 5);
	for (uint32_t k = 0; k < 6000; k++)
		check_best(&a, false, k % 6, 4);
	arena_release(&a);
}

/* Each bent thing must be seen. */
static void
bent_proof_is_refused(void **state)
{
	static struct tiny t;
	struct arena a;
	struct err err = {0};
	uint32_t bent = 0;

	(void)state;
	arena_init(&a);
	seed = 5;
	for (uint32_t k = 0; k < 600; k++) {
		struct match_result r;
		struct match_proof proof;

		arena_reset(&a);
		tiny_init(&t, true, k % 3, SIDE);
		assert_int_equal(
		    match_solve(&a, &t.p, NULL, NULL, &r, &err), 0);
		if (r.pairs_n == 0)
			continue;
		switch (k % 5) {
		case 0:
			r.u[2 + pick(r.u_n - 2)] += 1;
			break;
		case 1:
			r.v[pick(r.v_n)] -= 1;
			break;
		case 2:
			r.pairs[0].score ^= 1;
			break;
		case 3:
			r.pairs_n--;
			if (r.pairs[r.pairs_n].score == 0 && k % 3 == 1)
				continue;
			break;
		case 4:
			r.pairs[0].mentee = r.pairs[r.pairs_n - 1].mentee;
			r.pairs[0].mentor = r.pairs[r.pairs_n - 1].mentor;
			if (r.pairs_n == 1)
				continue;
			break;
		}
		assert_int_equal(match_verify(&a, &t.p, &r, &proof, &err), 0);
		if (proof.ok)
			fail_msg("bent %u, instance %u passed", k % 5, k);
		assert_true(proof.why.n > 0);
		bent++;
	}
	assert_true(bent > 300);
	arena_release(&a);
}

/* Text that was kept, one digit in it changed. */
static struct span
scratch(struct arena *a, struct span text)
{
	char *p = arena_strdup(a, text);
	uint32_t at = pick((uint32_t)text.n);

	while (p[at] < '0' || p[at] > '9')
		at = pick((uint32_t)text.n);
	p[at] = (char)(p[at] == '9' ? '8' : p[at] + 1);
	return span_of(p);
}

static bool
same_pairs(const struct match_result *a, const struct match_result *b)
{
	return a->pairs_n == b->pairs_n && a->total == b->total;
}

/* What was kept says the same later, and nothing else. */
static void
proof_is_kept(void **state)
{
	static struct tiny t;
	struct arena a;
	struct err err = {0};
	uint32_t bent = 0, refused = 0;

	(void)state;
	arena_init(&a);
	seed = 13;
	for (uint32_t k = 0; k < 900; k++) {
		struct match_problem p;
		struct match_result r, kept, anew;
		struct match_proof proof;
		struct str problem, duals;

		arena_reset(&a);
		tiny_init(&t, false, k % 6, SIDE);
		assert_int_equal(
		    match_solve(&a, &t.p, NULL, NULL, &r, &err), 0);
		str_init(&problem, &a, 1 << 20);
		str_init(&duals, &a, 1 << 20);
		match_keep_problem(&a, &t.p, &problem);
		match_keep_proof(&t.p, &r, &duals);
		assert_false(span_has(str_span(&problem), "@"));
		if (match_kept_problem(&a, str_span(&problem), &p, &err) < 0 ||
		    match_kept_proof(&a, str_span(&duals), &p, &kept, &err) < 0)
			fail_msg("%s", err.text);
		assert_int_equal(match_verify(&a, &p, &kept, &proof, &err), 0);
		if (!proof.ok)
			fail_msg("instance %u: %.*s", k, (int)proof.why.n,
			    proof.why.p);
		assert_int_equal(proof.pairs_checked, r.proof.pairs_checked);
		assert_int_equal(
		    match_solve(&a, &p, NULL, NULL, &anew, &err), 0);
		assert_int_equal(anew.pairs_n, r.pairs_n);
		for (uint32_t x = 0; x < r.pairs_n; x++) {
			assert_int_equal(p.people[anew.pairs[x].mentor].id,
			    t.people[r.pairs[x].mentor].id);
			assert_int_equal(p.people[anew.pairs[x].mentee].id,
			    t.people[r.pairs[x].mentee].id);
		}
		if (r.pairs_n == 0)
			continue;
		bent++;
		if (match_kept_proof(&a, scratch(&a, str_span(&duals)), &p,
			&kept, &err) < 0) {
			assert_int_equal(err.kind, ERR_ITEM);
			err_clear(&err);
			refused++;
			continue;
		}
		assert_int_equal(match_verify(&a, &p, &kept, &proof, &err), 0);
		refused += !proof.ok;
		/* Several places have more than one price that proves them. */
		assert_true(!proof.ok || same_pairs(&r, &kept));
	}
	assert_true(bent > 200);
	assert_true(refused >= bent - bent / 100);
	arena_release(&a);
}

/* None of these may be taken for a problem. */
static void
damage_is_told(void **state)
{
	static const char *const cases[] = {"", "{}", "[1]", "{\"steps\":[]}",
	    "{\"steps\":[\"best\"],\"good_enough\":500,\"inertia\":50}",
	    "{\"steps\":[\"total\"],\"good_enough\":-1,\"inertia\":50}"};
	struct match_problem p;
	struct match_result r;
	struct arena a;

	(void)state;
	arena_init(&a);
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct err err = {0};

		assert_int_equal(
		    match_kept_problem(&a, span_of(cases[i]), &p, &err), -1);
		assert_int_equal(err.kind, ERR_ITEM);
		err_clear(&err);
		assert_int_equal(
		    match_kept_proof(&a, span_of(cases[i]), &p, &r, &err), -1);
	}
	arena_release(&a);
}

/* The same people in another order: the same pairs, by name. */
static void
order_does_not_matter(void **state)
{
	static struct tiny t, other;
	struct arena a;
	struct err err = {0};

	(void)state;
	arena_init(&a);
	seed = 9;
	for (uint32_t k = 0; k < 500; k++) {
		struct match_result r, s;
		uint32_t n;

		arena_reset(&a);
		tiny_init(&t, false, 2, SIDE);
		n = t.p.people_n;
		other = t;
		other.p.people = other.people;
		for (uint32_t i = 0; i < n; i++)
			other.people[i] = t.people[n - 1 - i];
		assert_int_equal(
		    match_solve(&a, &t.p, NULL, NULL, &r, &err), 0);
		assert_int_equal(
		    match_solve(&a, &other.p, NULL, NULL, &s, &err), 0);
		assert_int_equal(r.pairs_n, s.pairs_n);
		for (uint32_t x = 0; x < r.pairs_n; x++) {
			assert_int_equal(t.people[r.pairs[x].mentee].id,
			    other.people[s.pairs[x].mentee].id);
			assert_int_equal(t.people[r.pairs[x].mentor].id,
			    other.people[s.pairs[x].mentor].id);
		}
	}
	arena_release(&a);
}

/* --- larger problems, where most pairs are never candidates ------------- */

enum {
	LARGE = 90
};

struct large {
	struct match_problem p;
	int32_t scores[LARGE * LARGE], caps[LARGE];
	struct match_pair_rule pairs[2 * LARGE];
	enum match_step steps[4];
};

static void
large_init(struct large *l, uint32_t kind)
{
	memset(l, 0, sizeof(*l));
	for (uint32_t i = 0; i < LARGE * LARGE; i++) {
		uint32_t a = i / LARGE, b = i % LARGE;

		l->scores[i] = (int32_t)(kind == 0   ? pick(1001)
					 : kind == 1 ? a * b / 9
					 : kind == 2 ? 500
						     : a + b + pick(20));
		if (pick(3) == 0)
			l->scores[i] = -1;
	}
	for (uint32_t j = 0; j < LARGE; j++)
		l->caps[j] = (int32_t)pick(3);
	l->p.scores = l->scores;
	l->p.capacities = l->caps;
	l->p.rows = l->p.columns = LARGE;
	l->p.pairs = l->pairs;
	l->p.steps = l->steps;
	l->p.good_enough = 500;
	memcpy(l->steps, lists[2].steps, sizeof(l->steps));
	l->p.steps_n = 4;
}

static void
solve_large(struct arena *a, const struct large *l, struct match_result *r)
{
	struct err err = {0};

	if (match_solve(a, &l->p, NULL, NULL, r, &err) < 0)
		fail_msg("%s", err.text);
	assert_true(r->proof.ok);
	assert_int_equal(r->proof.cover, r->pairs_n);
	assert_int_equal(r->proof.pairs_checked % LARGE, 0);
}

static void
standing_is_kept(struct large *l, const struct match_result *r)
{
	l->p.pairs_n = r->pairs_n;
	for (uint32_t x = 0; x < r->pairs_n; x++)
		l->pairs[x] = (struct match_pair_rule){MATCH_STANDING,
		    r->pairs[x].mentee, r->pairs[x].mentor, false};
}

static void
properties_hold(void **state)
{
	static struct large l;
	struct match_result first, next;
	struct arena a;

	(void)state;
	arena_init(&a);
	seed = 11;
	for (uint32_t kind = 0; kind < 4; kind++) {
		arena_reset(&a);
		large_init(&l, kind);
		solve_large(&a, &l, &first);

		/* Matching again with no change changes nothing. */
		standing_is_kept(&l, &first);
		solve_large(&a, &l, &next);
		assert_int_equal(first.total, next.total);
		for (uint32_t x = 0; x < first.pairs_n; x++)
			assert_int_equal(
			    first.pairs[x].mentor, next.pairs[x].mentor);

		/* A lock of a pair of the best result costs nothing. */
		l.pairs[0].kind = MATCH_LOCKED;
		solve_large(&a, &l, &next);
		assert_int_equal(first.total, next.total);
		assert_int_equal(next.troubles_n, 0);

		/* Another place never lowers the number of people. */
		l.p.pairs_n = 0;
		l.caps[5]++;
		solve_large(&a, &l, &next);
		assert_true(next.pairs_n >= first.pairs_n);
		l.caps[5]--;

		/* With nothing "not good enough", fairness costs nothing. */
		l.p.good_enough = 0;
		solve_large(&a, &l, &next);
		assert_true(next.total >= first.total);
		assert_int_equal(next.pairs_n, first.pairs_n);
	}
	arena_release(&a);
}

/* A mentor of two places is two mentors of one. */
static void
clones_init(struct arena *a, const struct large *l, struct match_problem *p)
{
	uint32_t n = 0;
	int32_t *scores = arena_alloc(a, sizeof(*scores) * LARGE * LARGE * 2);

	for (uint32_t j = 0; j < LARGE; j++)
		n += (uint32_t)l->caps[j];
	*p = l->p;
	p->capacities = NULL;
	p->columns = 0;
	for (uint32_t j = 0; j < LARGE; j++)
		for (int32_t c = 0; c < l->caps[j]; c++, p->columns++)
			for (uint32_t i = 0; i < LARGE; i++)
				scores[i * n + p->columns] =
				    l->scores[i * LARGE + j];
	p->scores = scores;
}

static void
value_is_one(void **state)
{
	static struct large l;
	struct match_result r, same;
	struct match_problem clones;
	struct arena a;
	struct err err = {0};

	(void)state;
	arena_init(&a);
	seed = 17;
	for (uint32_t kind = 0; kind < 4; kind++) {
		arena_reset(&a);
		large_init(&l, kind);
		solve_large(&a, &l, &r);
		clones_init(&a, &l, &clones);
		assert_int_equal(
		    match_solve(&a, &clones, NULL, NULL, &same, &err), 0);
		assert_int_equal(r.pairs_n, same.pairs_n);
		assert_int_equal(r.total, same.total);
		assert_int_equal(r.worst, same.worst);

		/* Ten points more for all: as many pairs, ten more for each. */
		l.p.steps = lists[0].steps;
		l.p.steps_n = 2;
		for (uint32_t i = 0; i < LARGE * LARGE; i++)
			if (l.scores[i] > 990)
				l.scores[i] = 990;
		solve_large(&a, &l, &r);
		for (uint32_t i = 0; i < LARGE * LARGE; i++)
			l.scores[i] += l.scores[i] >= 0 ? 10 : 0;
		solve_large(&a, &l, &same);
		assert_int_equal(r.pairs_n, same.pairs_n);
		assert_int_equal(r.total + 10 * r.pairs_n, same.total);

		/* A rule that is given up never costs anybody a place. */
		for (uint32_t i = 0; i < LARGE * LARGE; i++)
			if (l.scores[i] < 0 && pick(2))
				l.scores[i] = 0;
		solve_large(&a, &l, &r);
		assert_true(r.pairs_n >= same.pairs_n);
		assert_true(r.pairs_n > same.pairs_n || r.total >= same.total);
	}
	arena_release(&a);
}

static void
odd_input(void **state)
{
	static struct large l;
	struct match_result r;
	struct match_proof proof;
	struct match_person twins[2] = {{.id = 1, .mentee = true, .want = 1},
	    {.id = 1, .mentor = true, .capacity = 1}};
	struct match_problem p = {0};
	struct arena a;
	struct err err = {0};

	(void)state;
	arena_init(&a);
	assert_int_equal(match_solve(&a, &p, NULL, NULL, &r, &err), 0);
	assert_int_equal(r.pairs_n, 0);
	p.people = twins;
	p.people_n = 2;
	assert_int_equal(match_solve(&a, &p, NULL, NULL, &r, &err), -1);
	assert_int_equal(err.kind, ERR_ITEM);
	twins[1].id = 2;
	assert_int_equal(match_solve(&a, &p, NULL, NULL, &r, &err), 0);
	assert_int_equal(r.pairs_n, 1);

	large_init(&l, 0);
	for (uint32_t i = 0; i < LARGE * LARGE; i++)
		l.scores[i] = -1;
	solve_large(&a, &l, &r);
	assert_int_equal(r.pairs_n, 0);
	assert_int_equal(r.unmatched_n, LARGE);
	assert_true(span_is(r.unmatched_why[0], "why-rules"));
	/* Few changes of nothing: any matching will do. */
	l.p.steps_n = 1;
	l.steps[0] = MATCH_STEP_CHANGES;
	solve_large(&a, &l, &r);
	memcpy(l.steps, lists[2].steps, sizeof(l.steps));
	l.p.steps_n = 4;
	/* An impossible lock is told, and kept. */
	l.caps[2] = 1;
	l.pairs[0] = (struct match_pair_rule){MATCH_LOCKED, 1, 2, false};
	l.p.pairs_n = 1;
	solve_large(&a, &l, &r);
	assert_int_equal(r.pairs_n, 1);
	assert_int_equal(r.troubles_n, 1);
	/* One lock twice is not two. */
	l.pairs[1] = (struct match_pair_rule){MATCH_LOCKED, 3, 4, false};
	l.caps[4] = 1;
	l.p.pairs_n = 2;
	solve_large(&a, &l, &r);
	assert_int_equal(r.pairs_n, 2);
	r.pairs[1] = r.pairs[0];
	assert_int_equal(match_verify(&a, &l.p, &r, &proof, &err), 0);
	assert_false(proof.ok);
	l.scores[4] = 1001;
	assert_int_equal(match_solve(&a, &l.p, NULL, NULL, &r, &err), -1);
	l.scores[4] = 0;
	l.caps[0] = -1;
	assert_int_equal(match_solve(&a, &l.p, NULL, NULL, &r, &err), -1);
	arena_release(&a);
}

static void
reads_tables(void **state)
{
	static const struct {
		const char *scores, *caps;
		int rc;
		const char *why;
	} cases[] = {
	    {"mentee,m1,m2\na,5,\nb,,1000\n", "mentor,capacity\nm1,1\nm2,0\n",
		0, "blank is forbidden"},
	    {"mentee,m1,m2\r\na,5,\r\n", "", 0, "lines end as they like"},
	    {"mentee,m1,m2\na,5\n", "", -1, "ragged"},
	    {"mentee,m1\na,5,6\n", "", -1, "ragged the other way"},
	    {"mentee,m1\na,1001\n", "", -1, "out of range"},
	    {"mentee,m1\na,x\n", "", -1, "no number"},
	    {"mentee,m1\na,1\na,2\n", "", -1, "one mentee twice"},
	    {"mentee,m1\na,1\n", "mentor,capacity\nm1,-1\n", -1, "below zero"},
	    {"mentee,m1\na,1\n", "mentor,capacity\nm2,1\n", -1, "unknown"},
	    {"", "", -1, "empty"},
	};
	struct arena a;

	(void)state;
	arena_init(&a);
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct match_problem p = {0};
		struct err err = {0};

		if (match_read_matrix(&a, span_of(cases[i].scores),
			span_of(cases[i].caps), &p, &err) != cases[i].rc)
			fail_msg("%s: %s", cases[i].why, err.text);
	}
	arena_release(&a);
}

static void
reads_rosters(void **state)
{
	static const struct {
		const char *text;
		int rc;
		const char *why;
	} cases[] = {
	    {"Address;NAME;role;level;have;want;availability\n"
	     "a@x;A;mentee;7;;Go:H;Mon-Fri 9-12, 14-17\n",
		0, "columns in any order and case"},
	    {"address\na@x\rb@x\nc@x\rd@x\ne@x\rf@x\n\rg@x\r\nh@x", 0,
		"each line ends in its own way"},
	    {"address,level\na@x,11\n", -1, "level"},
	    {"address\na@x\nA@X\n", -1, "two people, one address"},
	    {"address,capacity\na@x,-1\n", -1, "capacity below zero"},
	    {"address,colour\na@x,red\n", -1, "unknown column"},
	    {"address,role\na@x,boss\n", -1, "role"},
	    {"address,availability\na@x,Mon 12-9\n", -1, "hours"},
	    {"name\nA\n", -1, "no address"},
	};
	struct arena a;

	(void)state;
	arena_init(&a);
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct match_problem p = {0};
		struct err err = {0};

		if (match_read_people(&a, span_of(cases[i].text), SPAN(""), &p,
			&err) != cases[i].rc)
			fail_msg("%s: %s", cases[i].why, err.text);
		for (uint32_t k = 0; k < p.people_n; k++)
			assert_true(p.people[k].id == (int64_t)k + 1 &&
				    p.people[k].key.n == 3);
	}
	arena_release(&a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(is_best_of_all),
	    cmocka_unit_test(bent_proof_is_refused),
	    cmocka_unit_test(proof_is_kept),
	    cmocka_unit_test(damage_is_told),
	    cmocka_unit_test(order_does_not_matter),
	    cmocka_unit_test(properties_hold),
	    cmocka_unit_test(value_is_one),
	    cmocka_unit_test(odd_input),
	    cmocka_unit_test(reads_tables),
	    cmocka_unit_test(reads_rosters),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
