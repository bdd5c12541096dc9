/*
 * What the lead is told of a matching: reasons, alternatives, what another
 * choice costs, why somebody is left out, where one more place would help; and
 * what programs are told.  Every number is compared with one found otherwise.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/embed.h"
#include "match/match.h"
#include "model/words.h"

/* Ana and Ben mentor; Cem, Dora and Eve want to learn. */
enum {
	ANA,
	BEN,
	CEM,
	DORA,
	EVE,
	ALL
};

static const struct span skills[] = {{"Go", 2}, {"video", 5}, {"data", 4}};

struct scene {
	struct arena a;
	struct words words;
	struct match_problem p;
	struct match_person people[ALL];
	struct match_pair_rule pairs[4];
	struct match_result r;
	struct err err;
};

static void
scene_open(struct scene *s)
{
	static const char *const names[] = {"Ana", "Ben", "Cem", "Dora", "Eve"};
	static const uint8_t now[ALL][3] = {
	    {3, 1, 0}, {1, 3, 0}, {0, 0, 0}, {0, 1, 0}, {1, 0, 0}};
	static const uint8_t wanted[ALL][3] = {
	    {0, 0, 0}, {0, 0, 0}, {3, 0, 0}, {0, 3, 0}, {2, 2, 2}};
	struct span text;

	memset(s, 0, sizeof(*s));
	arena_init(&s->a);
	assert_true(embed_find("templates/en/words", &text));
	assert_int_equal(words_parse(&s->a, SPAN("en"), SPAN("words"), text,
			     NULL, &s->words, &s->err),
	    0);
	for (uint32_t i = 0; i < ALL; i++) {
		struct match_person *x = &s->people[i];

		x->id = 10 + i;
		x->name = span_of(names[i]);
		x->key = arena_spanf(&s->a, "%s@x", names[i]);
		x->mentor = i <= BEN;
		x->mentee = !x->mentor;
		x->capacity = x->mentor;
		x->want = x->mentee;
		memcpy(x->now, now[i], 3);
		memcpy(x->wanted, wanted[i], 3);
	}
	s->p = (struct match_problem){.people = s->people,
	    .people_n = ALL,
	    .good_enough = 500,
	    .skill_names = skills,
	    .pairs = s->pairs,
	    .rules = {.no_manager = true, .no_earlier_pair = true},
	    .weights = {.skills = 9,
		.hours = 1,
		.skill_weight = {1, 1, 1},
		.skills_n = 3}};
}

static void
scene_solve(struct scene *s)
{
	if (match_solve(&s->a, &s->p, NULL, NULL, &s->r, &s->err) < 0)
		fail_msg("%s", s->err.text);
}

static bool
says(struct span text, const char *what)
{
	return span_find(text, span_of(what)) < text.n;
}

#define assert_says(text, what)                                          \
	do {                                                             \
		if (!says(text, what))                                   \
			fail_msg("\"%.*s\" lacks \"%s\"", (int)(text).n, \
			    (text).p, what);                             \
	} while (0)

static uint32_t
pair_of(const struct scene *s, uint32_t mentee)
{
	for (uint32_t x = 0; x < s->r.pairs_n; x++)
		if (s->r.pairs[x].mentee == mentee)
			return x;
	return UINT32_MAX;
}

static void
reasons_tell_shares(void **state)
{
	struct scene s;
	struct span *reasons;
	uint32_t n, x;
	int sum = 0;

	(void)state;
	scene_open(&s);
	scene_solve(&s);
	x = pair_of(&s, CEM);
	assert_true(x < s.r.pairs_n);
	assert_int_equal(s.r.pairs[x].mentor, ANA);
	for (int c = 0; c < MATCH_CRITERIA; c++)
		sum += s.r.pairs[x].shares[c];
	assert_int_equal(sum, s.r.pairs[x].score);
	match_explain_pair(&s.a, &s.p, &s.r, x, &s.words, &reasons, &n);
	assert_int_equal(n, 2);
	assert_says(reasons[0], "Ana knows Go, which Cem wants to learn");
	/* Nine tenths for Go from none to high; half of the rest: unknown. */
	assert_says(reasons[1], "950 of 1000 points");
	assert_says(reasons[1], "skills 900");
	assert_says(reasons[1], "hours a month 50");

	/* A pair that the lead has fixed says so first. */
	s.pairs[0] = (struct match_pair_rule){
	    MATCH_LOCKED, s.people[CEM].id, s.people[BEN].id, false};
	s.p.pairs_n = 1;
	scene_solve(&s);
	x = pair_of(&s, CEM);
	match_explain_pair(&s.a, &s.p, &s.r, x, &s.words, &reasons, &n);
	assert_says(reasons[0], "lead fixed this pair");
	arena_release(&s.a);
}

static void
alternatives_are_the_next_best(void **state)
{
	struct scene s;
	struct match_pair other[2];
	uint32_t n;

	(void)state;
	scene_open(&s);
	scene_solve(&s);
	match_alternatives(&s.a, &s.p, &s.r, CEM, true, other, &n);
	assert_int_equal(n, 1);
	assert_int_equal(other[0].mentor, BEN);
	assert_int_equal(other[0].score, match_score(&s.p, CEM, BEN, NULL));
	match_alternatives(&s.a, &s.p, &s.r, ANA, false, other, &n);
	assert_int_equal(n, 2);
	assert_true(other[0].score >= other[1].score);
	for (uint32_t k = 0; k < 2; k++)
		assert_true(other[k].mentee != CEM);

	/* Who is excluded is no alternative. */
	s.pairs[0] = (struct match_pair_rule){
	    MATCH_EXCLUDED, s.people[CEM].id, s.people[BEN].id, true};
	s.p.pairs_n = 1;
	scene_solve(&s);
	match_alternatives(&s.a, &s.p, &s.r, CEM, true, other, &n);
	assert_int_equal(n, 0);
	arena_release(&s.a);
}

static struct span
left_out(struct scene *s, uint32_t person)
{
	bool found = false;

	for (uint32_t x = 0; x < s->r.unmatched_n; x++)
		found = found || s->r.unmatched[x] == person;
	assert_true(found);
	return match_explain_unmatched(&s->a, &s->p, &s->r, person, &s->words);
}

static void
left_out_for_a_reason(void **state)
{
	struct scene s;

	(void)state;
	/* Three for two places. */
	scene_open(&s);
	scene_solve(&s);
	assert_int_equal(s.r.unmatched_n, 1);
	assert_true(span_is(s.r.unmatched_why[0], "why-no-place"));
	assert_says(left_out(&s, s.r.unmatched[0]),
	    "3 people, Eve among them, can have only the same 2 places");
	arena_release(&s.a);

	/* Both mentors barred: the rule is named. */
	scene_open(&s);
	s.people[EVE].manager_id = s.people[ANA].id;
	s.people[BEN].manager_id = s.people[EVE].id;
	scene_solve(&s);
	assert_true(span_is(s.r.unmatched_why[0], "why-rules"));
	assert_says(left_out(&s, EVE), "each of the 2 mentors");
	assert_says(left_out(&s, EVE), "one reports to the other");
	arena_release(&s.a);

	/* A wish that is private is never told. */
	scene_open(&s);
	for (uint32_t k = 0; k < 2; k++)
		s.pairs[k] = (struct match_pair_rule){
		    MATCH_EXCLUDED, s.people[EVE].id, s.people[k].id, true};
	s.p.pairs_n = 2;
	scene_solve(&s);
	assert_says(left_out(&s, EVE), "not available");
	assert_false(says(left_out(&s, EVE), "exclude"));
	arena_release(&s.a);

	scene_open(&s);
	s.people[ANA].capacity = s.people[BEN].capacity = 0;
	scene_solve(&s);
	assert_int_equal(s.r.unmatched_n, 3);
	assert_says(left_out(&s, CEM), "no mentor with a place");
	arena_release(&s.a);
}

static struct span
what_if(struct scene *s, uint32_t mentee, uint32_t mentor)
{
	struct span text;

	if (match_what_if(&s->a, &s->p, &s->r, s->people[mentee].id,
		s->people[mentor].id, &s->words, &text, &s->err) < 0)
		fail_msg("%s", s->err.text);
	return text;
}

/* What a lock costs, told before it counts; the same as when it does. */
static void
another_choice_has_its_price(void **state)
{
	struct scene s;
	struct match_result before;
	struct span text;
	const char *cost;

	(void)state;
	scene_open(&s);
	scene_solve(&s);
	before = s.r;
	assert_says(
	    what_if(&s, CEM, ANA), "what the matching would choose too");
	text = what_if(&s, CEM, BEN);
	s.pairs[0] = (struct match_pair_rule){
	    MATCH_LOCKED, s.people[CEM].id, s.people[BEN].id, false};
	s.p.pairs_n = 1;
	scene_solve(&s);
	assert_true(s.r.total < before.total);
	cost = arena_printf(&s.a, "costs the programme %lld points",
	    (long long)(before.total - s.r.total));
	assert_says(text, cost);
	assert_says(text, "Cem gets Ben instead of Ana");
	assert_says(text, "Dora");
	s.p.pairs_n = 0;
	s.r = before;

	/* A rule in the way is named; a private one is not. */
	s.people[CEM].manager_id = s.people[BEN].id;
	assert_says(what_if(&s, CEM, BEN), "one reports to the other");
	s.people[CEM].manager_id = 0;
	s.pairs[0] = (struct match_pair_rule){
	    MATCH_EXCLUDED, s.people[CEM].id, s.people[BEN].id, true};
	s.p.pairs_n = 1;
	assert_says(what_if(&s, CEM, BEN), "not available");
	s.p.pairs_n = 0;

	/* Ben is the only one for Dora: forcing Cem on him leaves her out. */
	s.people[DORA].manager_id = s.people[ANA].id;
	s.people[EVE].want = 0;
	scene_solve(&s);
	assert_int_equal(s.r.pairs_n, 2);
	assert_says(what_if(&s, CEM, BEN), "leaves 1 more without a partner");

	/* Nobody of that number. */
	assert_int_equal(
	    match_what_if(&s.a, &s.p, &s.r, 99, 10, &s.words, &text, &s.err),
	    -1);
	assert_int_equal(s.err.kind, ERR_ITEM);
	arena_release(&s.a);
}

static void
one_more_place_helps(void **state)
{
	struct scene s;
	struct match_result before;
	struct span *lines;
	uint32_t n, people = 0, points = 0, missing = 0;
	const char *gain;

	(void)state;
	scene_open(&s);
	scene_solve(&s);
	match_recruiting(&s.a, &s.p, &s.r, &s.words, &lines, &n);
	for (uint32_t x = 0; x < n; x++) {
		people += says(lines[x], "would give 1 more a partner");
		missing += says(lines[x], "Wanted and not yet found: data");
	}
	/* Eve would have either; nobody has data. */
	assert_int_equal(people, 2);
	assert_int_equal(missing, 1);

	/* All have a place: the gain is in points, and exact. */
	s.people[EVE].want = 0;
	s.people[DORA].wanted[0] = 3;
	s.people[DORA].wanted[1] = 0;
	scene_solve(&s);
	before = s.r;
	match_recruiting(&s.a, &s.p, &s.r, &s.words, &lines, &n);
	s.people[ANA].capacity = 2;
	scene_solve(&s);
	gain = arena_printf(&s.a, "One more place with Ana would gain %lld",
	    (long long)(s.r.total - before.total));
	for (uint32_t x = 0; x < n; x++)
		points += says(lines[x], gain);
	assert_int_equal(points, 1);
	arena_release(&s.a);
}

static struct span
json_of(struct arena *a, const struct match_problem *p,
    const struct match_result *r)
{
	struct str out;

	str_init(&out, a, 1 << 20);
	match_json(p, r, 7, &out);
	return str_span(&out);
}

static void
programs_are_told(void **state)
{
	static const enum match_step steps[] = {
	    MATCH_STEP_CARDINALITY, MATCH_STEP_TOTAL};
	static const int32_t scores[] = {700, 400, 600, -1, 100, -1};
	static const struct span rows[] = {{"r\"1", 3}, {"r2", 2}, {"r3", 2}};
	static const struct span cols[] = {{"c1", 2}, {"c2", 2}};
	struct match_problem p = {.scores = scores,
	    .rows = 3,
	    .columns = 2,
	    .row_names = rows,
	    .column_names = cols,
	    .steps = steps,
	    .steps_n = 2};
	struct match_result r;
	struct arena a;
	struct err err = {0};
	struct scene s;
	struct span text;

	(void)state;
	arena_init(&a);
	assert_int_equal(match_solve(&a, &p, NULL, NULL, &r, &err), 0);
	r.rounds = 1;
	text = json_of(&a, &p, &r);
	/* r1 and c1 would rather have each other. */
	assert_string_equal(text.p,
	    "{\"matched\":2,\"total\":1000,\"worst\":400,"
	    "\"worst5\":[400,600],"
	    "\"objective\":[\"cardinality\",\"total\"],"
	    "\"pairs\":["
	    "{\"mentee\":\"r\\\"1\",\"mentor\":\"c2\",\"score\":400,"
	    "\"shares\":{}},"
	    "{\"mentee\":\"r2\",\"mentor\":\"c1\",\"score\":600,"
	    "\"shares\":{}}],"
	    "\"unmatched\":[{\"person\":\"r3\",\"why\":\"why-no-place\"}],"
	    "\"problems\":[],"
	    "\"proof\":{\"ok\":true,\"pairs_checked\":6,\"cover\":2},"
	    "\"blocking_pairs\":1,\"rounds\":1,\"ms\":7}");
	arena_release(&a);

	scene_open(&s);
	s.pairs[0] = (struct match_pair_rule){
	    MATCH_LOCKED, s.people[CEM].id, s.people[BEN].id, false};
	s.p.pairs_n = 1;
	scene_solve(&s);
	text = json_of(&s.a, &s.p, &s.r);
	assert_says(text, "\"objective\":[\"cardinality\",\"fair\","
			  "\"total\",\"changes\"]");
	assert_says(text, "\"shares\":{\"skills\":300,\"hours\":50,");
	assert_says(text, "\"locked\":true");
	arena_release(&s.a);
}

/* "p min" of two mentees and two mentors, one pair of them forbidden. */
static void
other_solvers_are_told(void **state)
{
	static const int32_t scores[] = {700, 400, 600, -1}, caps[] = {2, 1};
	struct match_problem p = {
	    .scores = scores, .rows = 2, .columns = 2, .capacities = caps};
	struct arena a;
	struct str out;

	(void)state;
	arena_init(&a);
	str_init(&out, &a, 4096);
	match_dimacs(&p, &out);
	assert_string_equal(out.p, "p min 6 9\n"
				   "n 1 2\nn 6 -2\n"
				   "a 1 2 0 1 0\na 2 6 0 1 3003\n"
				   "a 2 4 0 1 300\na 2 5 0 1 600\n"
				   "a 1 3 0 1 0\na 3 6 0 1 3003\n"
				   "a 3 4 0 1 400\n"
				   "a 4 6 0 2 0\na 5 6 0 1 0\n");
	arena_release(&a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(reasons_tell_shares),
	    cmocka_unit_test(alternatives_are_the_next_best),
	    cmocka_unit_test(left_out_for_a_reason),
	    cmocka_unit_test(another_choice_has_its_price),
	    cmocka_unit_test(one_more_place_helps),
	    cmocka_unit_test(programs_are_told),
	    cmocka_unit_test(other_solvers_are_told),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
