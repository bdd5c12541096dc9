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

#include "match/match.h"

enum {
	SIDE = 6,
	WORDS = 1100
};

static uint64_t seed;

static uint32_t
pick(uint32_t below)
{
	seed = seed * 6364136223846793005u + 1442695040888963407u;
	return (uint32_t)((seed >> 33) % below);
}

struct tiny {
	struct match_problem p;
	struct match_person people[2 * SIDE];
	struct match_pair_rule pairs[8];
	int64_t picks[2 * SIDE][2];
	int32_t scores[SIDE * SIDE], caps[SIDE];
	struct span rows[SIDE], cols[SIDE];
	enum match_step steps[8];
	uint32_t n, m;
	uint32_t row[SIDE], col[SIDE];
	int want[SIDE], cap[SIDE];
	int s[SIDE][SIDE];
	bool stands[SIDE][SIDE];
};

static const char *const names[] = {"a@x", "b@x", "c@x", "d@x", "e@x", "f@x",
    "g@x", "h@x", "i@x", "j@x", "k@x", "l@x"};

static const struct {
	enum match_step steps[4];
	uint32_t n;
	const char *why;
} lists[] = {
    {{MATCH_STEP_CARDINALITY, MATCH_STEP_TOTAL}, 2, "most people, then sum"},
    {{MATCH_STEP_TOTAL}, 1, "the sum alone may leave people out"},
    {{MATCH_STEP_CARDINALITY, MATCH_STEP_FAIR, MATCH_STEP_TOTAL,
	 MATCH_STEP_CHANGES},
	4, "the usual list"},
    {{MATCH_STEP_CARDINALITY, MATCH_STEP_BOTTLENECK, MATCH_STEP_TOTAL}, 3,
	"only the worst pair is lifted"},
    {{MATCH_STEP_CARDINALITY, MATCH_STEP_LEXIMIN}, 2, "fair to the last"},
    {{MATCH_STEP_CARDINALITY, MATCH_STEP_CHANGES, MATCH_STEP_TOTAL}, 3,
	"few changes before sum"},
};

/* What a list of steps sees in a matching: compared word by word. */
static uint32_t
judge(const struct tiny *t, const bool taken[SIDE][SIDE], int out[WORDS])
{
	int card = 0, total = 0, kept = 0, worst = 1001, credit = 0;
	int at[1001] = {0};
	uint32_t k = 0;

	for (uint32_t i = 0; i < t->n; i++)
		for (uint32_t j = 0; j < t->m; j++) {
			if (!taken[i][j])
				continue;
			card++;
			total += t->s[i][j];
			kept += t->stands[i][j];
			at[t->s[i][j]]++;
			worst = t->s[i][j] < worst ? t->s[i][j] : worst;
			if (t->p.scores == NULL)
				credit += t->people[t->row[i]].left_out;
		}
	for (uint32_t x = 0; x < t->p.steps_n; x++) {
		switch (t->p.steps[x]) {
		case MATCH_STEP_CARDINALITY:
			out[k++] = card;
			out[k++] = credit;
			break;
		case MATCH_STEP_FAIR:
			for (int low = 0; low < t->p.good_enough; low += 25) {
				out[k] = 0;
				for (int s = low;
				     s < low + 25 && s < t->p.good_enough; s++)
					out[k] -= at[s];
				k++;
			}
			break;
		case MATCH_STEP_TOTAL:
			out[k++] = total + t->p.inertia * kept;
			break;
		case MATCH_STEP_CHANGES:
			out[k++] = kept;
			break;
		case MATCH_STEP_BOTTLENECK:
			out[k++] = worst;
			break;
		case MATCH_STEP_LEXIMIN:
			for (int s = 0; s <= 1000; s++)
				out[k++] = -at[s];
			break;
		}
	}
	return k;
}

static int
judge_cmp(const int *a, const int *b, uint32_t n)
{
	for (uint32_t k = 0; k < n; k++)
		if (a[k] != b[k])
			return a[k] < b[k] ? -1 : 1;
	return 0;
}

struct brute {
	const struct tiny *t;
	bool taken[SIDE][SIDE];
	int used[SIDE];
	int best[WORDS], now[WORDS];
	bool any;
};

static void
brute_from(struct brute *b, uint32_t i, uint32_t j, int left)
{
	const struct tiny *t = b->t;
	uint32_t n;

	if (i == t->n) {
		n = judge(t, b->taken, b->now);
		if (!b->any || judge_cmp(b->now, b->best, n) > 0)
			memcpy(b->best, b->now, n * sizeof(int));
		b->any = true;
		return;
	}
	if (j == t->m || left == 0) {
		brute_from(b, i + 1, 0, i + 1 < t->n ? t->want[i + 1] : 0);
		return;
	}
	brute_from(b, i, j + 1, left);
	if (t->s[i][j] < 0 || b->used[j] == t->cap[j])
		return;
	b->used[j]++;
	b->taken[i][j] = true;
	brute_from(b, i, j + 1, left - 1);
	b->taken[i][j] = false;
	b->used[j]--;
}

static void
tiny_matrix(struct tiny *t, uint32_t side, uint32_t levels)
{
	uint32_t coarse = pick(3) == 0 ? 1 : pick(2) ? 25 : 1000 / levels;

	t->n = pick(side + 1);
	t->m = pick(side + 1);
	for (uint32_t i = 0; i < t->n * t->m; i++)
		t->scores[i] =
		    pick(3) == 0 ? -1 : (int32_t)(pick(levels) * coarse % 1001);
	for (uint32_t j = 0; j < t->m; j++)
		t->caps[j] = (int32_t)pick(4);
	t->p.scores = t->scores;
	t->p.capacities = t->caps;
	t->p.row_names = t->rows;
	t->p.column_names = t->cols;
	t->p.rows = t->n;
	t->p.columns = t->m;
	for (uint32_t i = 0; i < t->n; i++) {
		t->rows[i] = span_of(names[i]);
		t->row[i] = i;
		t->want[i] = 1;
	}
	for (uint32_t j = 0; j < t->m; j++) {
		t->cols[j] = span_of(names[j]);
		t->col[j] = j;
		t->cap[j] = t->caps[j];
	}
}

static void
person_init(struct tiny *t, uint32_t i)
{
	struct match_person *x = &t->people[i];

	x->id = (int64_t)i * 7 + 3;
	x->key = x->name = span_of(names[i]);
	x->mentee = pick(3) > 0;
	x->mentor = pick(3) > 0;
	x->level = (int)pick(5);
	x->department = pick(3) ? SPAN("IT") : pick(2) ? SPAN("hr") : SPAN("");
	x->confidentiality = pick(4) ? SPAN("") : SPAN("G");
	x->manager_id = pick(3) ? 0 : (int64_t)pick(8) * 7 + 3;
	x->languages = pick(4);
	for (int d = 0; d < 3; d++)
		x->hours.day[d] = pick(2) ? 0 : pick(256);
	x->hours_month = (int)pick(6);
	x->ways = (uint8_t)pick(16);
	x->kinds = (uint8_t)pick(8);
	x->learning = (uint8_t)pick(4);
	x->personality = (uint8_t)pick(256);
	for (int s = 0; s < 4; s++) {
		x->now[s] = (uint8_t)pick(4);
		x->wanted[s] = (uint8_t)pick(4);
	}
	x->capacity = (int)pick(3);
	x->want = pick(3) ? 1 : (int)pick(4);
	x->left_out = pick(4) ? 0 : (int)pick(3);
	x->picks = t->picks[i];
	x->picks_n = pick(3);
	for (uint32_t k = 0; k < 2; k++)
		x->picks[k] = (int64_t)pick(8) * 7 + 3;
}

static void
tiny_people(struct tiny *t)
{
	struct match_rules *r = &t->p.rules;
	struct match_weights *w = &t->p.weights;
	uint32_t n = pick(SIDE + 1);

	for (uint32_t i = 0; i < n; i++)
		person_init(t, i);
	t->p.people = t->people;
	t->p.people_n = n;
	r->no_manager = pick(2);
	r->no_skip_manager = pick(2);
	r->no_same_manager = pick(3) == 0;
	r->min_level_gap = pick(3) ? 0 : 1;
	r->max_level_gap = pick(3) ? 0 : 2;
	r->department = (enum match_department)(pick(4) ? 0 : pick(3));
	r->shared_language = pick(3) == 0;
	r->shared_half_hours = pick(3) ? 0 : 2;
	r->no_earlier_pair = pick(2);
	r->no_same_confidentiality = pick(2);
	*w = (struct match_weights){(int)pick(9), (int)pick(3), (int)pick(3),
	    (int)pick(3), (int)pick(3), (int)pick(3), (int)pick(3),
	    (int)pick(2), (int)pick(3), pick(2) ? MATCH_ALIKE : MATCH_DIVERSE,
	    {1, 2, 3, 4}, 4};
	for (uint32_t i = 0; i < n; i++) {
		if (t->people[i].mentee && t->people[i].want > 0) {
			t->want[t->n] = t->people[i].want;
			t->row[t->n++] = i;
		}
		if (t->people[i].mentor && t->people[i].capacity > 0) {
			t->cap[t->m] = t->people[i].capacity;
			t->col[t->m++] = i;
		}
	}
}

static int64_t
id_of(const struct tiny *t, uint32_t at)
{
	return t->p.scores != NULL ? (int64_t)at : t->people[at].id;
}

static void
tiny_init(struct tiny *t, bool matrix, uint32_t list, uint32_t side)
{
	memset(t, 0, sizeof(*t));
	if (matrix)
		tiny_matrix(t, side, 1 + pick(12));
	else
		tiny_people(t);
	for (uint32_t k = 0; k < 4 && t->n > 0 && t->m > 0 && pick(2); k++)
		t->pairs[t->p.pairs_n++] = (struct match_pair_rule){
		    pick(3) ? MATCH_STANDING : MATCH_EXCLUDED,
		    id_of(t, t->row[pick(t->n)]), id_of(t, t->col[pick(t->m)]),
		    false};
	t->p.pairs = t->pairs;
	memcpy(t->steps, lists[list].steps, sizeof(lists[list].steps));
	t->p.steps = t->steps;
	t->p.steps_n = lists[list].n;
	t->p.good_enough = 500;
	t->p.inertia = pick(3) ? 0 : 50;
	for (uint32_t i = 0; i < t->n; i++)
		for (uint32_t j = 0; j < t->m; j++)
			t->s[i][j] =
			    match_may(&t->p, t->row[i], t->col[j]) == NULL
				? match_score(&t->p, t->row[i], t->col[j], NULL)
				: -1;
	for (uint32_t k = 0; k < t->p.pairs_n; k++)
		for (uint32_t i = 0; i < t->n; i++)
			for (uint32_t j = 0; j < t->m; j++)
				if (t->pairs[k].kind == MATCH_STANDING &&
				    id_of(t, t->row[i]) ==
					t->pairs[k].mentee_id &&
				    id_of(t, t->col[j]) ==
					t->pairs[k].mentor_id)
					t->stands[i][j] = true;
}

static void
check_best(struct arena *a, bool matrix, uint32_t list, uint32_t side)
{
	static struct tiny t;
	static struct brute b;
	struct match_result r = {0};
	struct err err = {0};
	bool taken[SIDE][SIDE] = {{false}};
	int got[WORDS];
	uint32_t n;
	uint64_t was = seed;

	arena_reset(a);
	tiny_init(&t, matrix, list, side);
	if (match_solve(a, &t.p, NULL, NULL, &r, &err) < 0)
		fail_msg("%s, seed %llu: %s", lists[list].why,
		    (unsigned long long)was, err.text);
	for (uint32_t x = 0; x < r.pairs_n; x++)
		for (uint32_t i = 0; i < t.n; i++)
			for (uint32_t j = 0; j < t.m; j++)
				if (t.row[i] == r.pairs[x].mentee &&
				    t.col[j] == r.pairs[x].mentor)
					taken[i][j] = true;
	memset(&b, 0, sizeof(b));
	b.t = &t;
	brute_from(&b, 0, 0, t.n > 0 ? t.want[0] : 0);
	n = judge(&t, taken, got);
	if (judge_cmp(got, b.best, n) != 0)
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
		assert_int_equal(next.problems_n, 0);

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

static void
odd_input(void **state)
{
	static struct large l;
	struct match_result r;
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
	/* An impossible lock is told, and kept. */
	l.caps[2] = 1;
	l.pairs[0] = (struct match_pair_rule){MATCH_LOCKED, 1, 2, false};
	l.p.pairs_n = 1;
	solve_large(&a, &l, &r);
	assert_int_equal(r.pairs_n, 1);
	assert_int_equal(r.problems_n, 1);
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
	}
	arena_release(&a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(is_best_of_all),
	    cmocka_unit_test(bent_proof_is_refused),
	    cmocka_unit_test(order_does_not_matter),
	    cmocka_unit_test(properties_hold),
	    cmocka_unit_test(odd_input),
	    cmocka_unit_test(reads_tables),
	    cmocka_unit_test(reads_rosters),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
