/*
 * Somebody left: the repair is the best of all matchings that the steps allow,
 * whether it went on from stored duals or began anew; the fewest others move.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "match/match_int.h"
#include "unit/match_tiny.h"

/* The problem as it is without them, with the pairs that stand. */
static void
leave(struct tiny *t, const struct match_result *r, const int64_t *gone,
    uint32_t gone_n, struct match_pair_rule *pairs)
{
	static const enum match_step steps[] = {MATCH_STEP_CARDINALITY,
	    MATCH_STEP_CHANGES, MATCH_STEP_FAIR, MATCH_STEP_TOTAL};
	uint32_t n = 0;

	for (uint32_t k = 0; k < t->p.pairs_n; k++)
		if (t->pairs[k].kind != MATCH_STANDING)
			pairs[n++] = t->pairs[k];
	for (uint32_t x = 0; x < r->pairs_n; x++)
		pairs[n++] = (struct match_pair_rule){MATCH_STANDING,
		    t->people[r->pairs[x].mentee].id,
		    t->people[r->pairs[x].mentor].id, false};
	t->p.pairs = pairs;
	t->p.pairs_n = n;
	for (uint32_t g = 0; g < gone_n; g++)
		for (uint32_t i = 0; i < t->p.people_n; i++)
			if (t->people[i].id == gone[g])
				t->people[i].mentor = t->people[i].mentee =
				    false;
	memcpy(t->steps, steps, sizeof(steps));
	t->p.steps_n = 4;
	tiny_sides(t);
	/* A pair stands in match_tiny by t->pairs; these are others. */
	memset(t->stands, 0, sizeof(t->stands));
	for (uint32_t i = 0; i < t->n; i++)
		for (uint32_t j = 0; j < t->m; j++) {
			bool may =
			    match_may(&t->p, t->row[i], t->col[j]) == NULL;

			t->s[i][j] =
			    may ? match_score(&t->p, t->row[i], t->col[j], NULL)
				: -1;
			for (uint32_t x = 0; x < r->pairs_n; x++)
				if (r->pairs[x].mentee == t->row[i] &&
				    r->pairs[x].mentor == t->col[j])
					t->stands[i][j] = true;
		}
}

static void
repair_is_best(void **state)
{
	static struct tiny t, after;
	struct match_pair_rule pairs[64];
	struct arena a;
	uint32_t went_on = 0, tried = 0;

	(void)state;
	arena_init(&a);
	seed = 21;
	for (uint32_t k = 0; k < 4000; k++) {
		struct match_result r, next;
		struct repair repair;
		struct err err = {0};
		int64_t gone[2];
		uint32_t gone_n = 1 + k % 2;

		arena_reset(&a);
		tiny_init(&t, false, 2, SIDE);
		t.p.steps_n = 0;
		/* Inertia weighs the total, fewest changes come before. */
		t.p.inertia = 0;
		if (t.p.people_n == 0)
			continue;
		for (uint32_t g = 0; g < gone_n; g++)
			gone[g] = t.people[pick(t.p.people_n)].id;
		assert_int_equal(
		    match_solve(&a, &t.p, NULL, NULL, &r, &err), 0);
		if (match_repair(&a, &t.p, &r, gone, gone_n, &next, &err) < 0)
			fail_msg("repair %u: %s", k, err.text);
		assert_true(next.proof.ok);
		after = t;
		after.p.people = after.people;
		for (uint32_t i = 0; i < SIDE; i++)
			after.people[i].picks = after.picks[i];
		after.p.steps = after.steps;
		leave(&after, &r, gone, gone_n, pairs);
		if (!tiny_is_best(&after, &next))
			fail_msg("repair %u is not the best", k);
		for (uint32_t x = 0; x < next.pairs_n; x++)
			for (uint32_t g = 0; g < gone_n; g++) {
				assert_true(t.people[next.pairs[x].mentee].id !=
					    gone[g]);
				assert_true(t.people[next.pairs[x].mentor].id !=
					    gone[g]);
			}
		assert_int_equal(
		    repair_init(&a, &t.p, &r, gone, gone_n, &repair, &err), 0);
		if (repair.goes_on) {
			repair_search(&a, &repair);
			went_on +=
			    match_finish(&a, &repair.market, &repair.gauge,
				&repair.solution, &next, &err) == 0;
		}
		tried++;
	}
	assert_true(tried > 3000);
	/* Else it would be a full solution each time, and right as well. */
	assert_true(went_on * 100 >= tried * 99);
	arena_release(&a);
}

/* --- a programme of some size ------------------------------------------------- */

enum {
	PEOPLE = 120
};

static void
crowd_init(struct arena *a, struct match_problem *p, uint32_t mentors)
{
	struct match_person *people = arena_alloc(a, PEOPLE * sizeof(*people));

	for (uint32_t i = 0; i < PEOPLE; i++) {
		struct match_person *x = &people[i];

		x->id = (int64_t)i + 1;
		x->key = x->name = arena_spanf(a, "p%03u@x", i);
		x->mentor = i < mentors;
		x->mentee = !x->mentor;
		x->capacity = 1 + (int)pick(2);
		x->want = 1;
		x->level = x->mentee ? 3 + (int)pick(4) : 1 + (int)pick(5);
		for (int s = 0; s < 6; s++) {
			x->now[s] = (uint8_t)pick(4);
			x->wanted[s] = (uint8_t)pick(4);
		}
		x->personality = (uint8_t)pick(256);
	}
	*p = (struct match_problem){.people = people,
	    .people_n = PEOPLE,
	    .good_enough = 500,
	    .rules = {.min_level_gap = 1},
	    .weights = {.skills = 8,
		.personality = 2,
		.skill_weight = {1, 1, 1, 1, 1, 1},
		.skills_n = 6}};
}

static uint32_t
kept_count(const struct match_result *a, const struct match_result *b)
{
	uint32_t n = 0;

	for (uint32_t x = 0; x < a->pairs_n; x++)
		for (uint32_t y = 0; y < b->pairs_n; y++)
			n += a->pairs[x].mentee == b->pairs[y].mentee &&
			     a->pairs[x].mentor == b->pairs[y].mentor;
	return n;
}

/* From stored duals or from nothing: as many kept, as many points. */
static void
same_as_anew(void **state)
{
	struct arena a;

	(void)state;
	arena_init(&a);
	seed = 31;
	for (uint32_t k = 0; k < 12; k++) {
		struct match_problem p;
		struct match_result r, next, anew;
		struct repair repair;
		struct err err = {0};
		int64_t gone;

		arena_reset(&a);
		/* Few, enough and many mentors; each kind leaves in turn. */
		crowd_init(&a, &p, 30 + k % 3 * 20);
		assert_int_equal(match_solve(&a, &p, NULL, NULL, &r, &err), 0);
		gone = k % 2 ? p.people[r.pairs[k].mentor].id
			     : p.people[r.pairs[k].mentee].id;
		if (match_repair(&a, &p, &r, &gone, 1, &next, &err) < 0)
			fail_msg("repair %u: %s", k, err.text);
		assert_int_equal(
		    repair_init(&a, &p, &r, &gone, 1, &repair, &err), 0);
		assert_true(repair.goes_on);
		assert_int_equal(
		    match_solve(&a, &repair.with, NULL, NULL, &anew, &err), 0);
		assert_int_equal(next.pairs_n, anew.pairs_n);
		assert_int_equal(next.total, anew.total);
		assert_int_equal(next.worst, anew.worst);
		assert_int_equal(kept_count(&r, &next), kept_count(&r, &anew));
		/* And a repair can be repaired. */
		p = repair.with;
		gone = p.people[next.pairs[0].mentee].id;
		assert_int_equal(
		    match_repair(&a, &p, &next, &gone, 1, &anew, &err), 0);
		assert_true(anew.proof.ok);
	}
	arena_release(&a);
}

/* Nobody is gone: nothing moves.  Back again: the same value as before. */
static void
nothing_moves_without_need(void **state)
{
	struct match_problem p;
	struct match_result r, same;
	struct match_person *people;
	struct arena a;
	struct err err = {0};

	(void)state;
	arena_init(&a);
	seed = 41;
	crowd_init(&a, &p, 60);
	assert_int_equal(match_solve(&a, &p, NULL, NULL, &r, &err), 0);
	assert_int_equal(match_repair(&a, &p, &r, NULL, 0, &same, &err), 0);
	assert_int_equal(same.pairs_n, r.pairs_n);
	assert_int_equal(kept_count(&r, &same), r.pairs_n);
	assert_int_equal(same.total, r.total);

	/* Stored duals of another problem: all is solved anew, and proven. */
	people = arena_alloc(&a, PEOPLE * sizeof(*people));
	memcpy(people, p.people, PEOPLE * sizeof(*people));
	for (uint32_t i = 0; i < PEOPLE; i++)
		for (int s = 0; s < 6; s++)
			people[i].now[s] = (uint8_t)pick(4);
	p.people = people;
	assert_int_equal(match_repair(&a, &p, &r, NULL, 0, &same, &err), 0);
	assert_true(same.proof.ok);
	/* Damaged ones likewise. */
	for (uint32_t i = 0; i < r.u_n; i += 3)
		r.u[i] = -7;
	assert_int_equal(match_repair(&a, &p, &r, NULL, 0, &same, &err), 0);
	assert_true(same.proof.ok);
	/* A matrix has nobody who could leave. */
	p = (struct match_problem){
	    .scores = (const int32_t[]){1}, .rows = 1, .columns = 1};
	assert_int_equal(match_repair(&a, &p, &r, NULL, 0, &same, &err), -1);
	assert_int_equal(err.kind, ERR_ITEM);
	arena_release(&a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(repair_is_best),
	    cmocka_unit_test(same_as_anew),
	    cmocka_unit_test(nothing_moves_without_need),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
