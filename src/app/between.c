/*
 * What lies between two people: locks, exclusions, earlier pairs, what
 * stands.  Before launch the last proposal stands, and its pairs get the
 * inertia of the settings.  Running pairs are left alone; in a repair they
 * stand, and are moved only where somebody would else have nobody.
 */
#include "app/problem_int.h"

struct between {
	struct match_problem *p;
	struct match_person *people;
	size_t people_n;
	struct match_pair_rule *rules;
	uint32_t rules_n;
	struct pair *all; /* every pair there ever was */
	size_t all_n;
	struct rows locks; /* and exclusions */
};

static void
rule_add(struct between *w, enum match_pair_kind kind, int64_t mentor_id,
    int64_t mentee_id, bool is_private)
{
	w->rules[w->rules_n++] =
	    (struct match_pair_rule){kind, mentee_id, mentor_id, is_private};
}

static bool
is_open(const struct pair *p)
{
	return p->state != PAIR_ENDED;
}

static bool
has_open(const struct between *w, int64_t mentor_id, int64_t mentee_id)
{
	for (size_t i = 0; i < w->all_n; i++)
		if (is_open(&w->all[i]) && w->all[i].mentor_id == mentor_id &&
		    w->all[i].mentee_id == mentee_id)
			return true;
	return false;
}

/* What the lead has locked is not moved. */
static bool
is_locked(const struct between *w, const struct pair *pair)
{
	for (size_t r = 0; r < w->locks.n; r++)
		if (span_is(cell(&w->locks, r, 0)->t, "locked") &&
		    cell(&w->locks, r, 1)->i == pair->mentor_id &&
		    cell(&w->locks, r, 2)->i == pair->mentee_id)
			return true;
	return false;
}

/* Locks of pairs that run already say nothing new. */
static void
take_rules(struct between *w, const struct rows *rejected)
{
	const struct rows *rows = &w->locks;

	for (size_t r = 0; r < rows->n; r++) {
		bool lock = span_is(cell(rows, r, 0)->t, "locked");

		if (!lock ||
		    !has_open(w, cell(rows, r, 1)->i, cell(rows, r, 2)->i))
			rule_add(w, lock ? MATCH_LOCKED : MATCH_EXCLUDED,
			    cell(rows, r, 1)->i, cell(rows, r, 2)->i,
			    cell(rows, r, 3)->i != 0);
	}
	for (size_t r = 0; r < rejected->n; r++)
		rule_add(w, MATCH_EXCLUDED, cell(rejected, r, 0)->i,
		    cell(rejected, r, 1)->i, false);
}

/* A pair that runs and is left alone: fewer places, or none. */
static void
take_place(struct match_person *mentor, struct match_person *mentee)
{
	if (mentor != NULL && mentor->capacity > 0)
		mentor->capacity--;
	if (mentee != NULL)
		mentee->mentee = false;
}

/* Whom a repair may move: pairs that are at work, break no rule, are free. */
static bool
may_move(const struct between *w, const struct pair *pair,
    const struct match_person *mentor, const struct match_person *mentee)
{
	return pair->state != PAIR_PAUSED && !is_locked(w, pair) &&
	       mentor != NULL && mentee != NULL && mentor->mentor &&
	       mentor->capacity > 0 && mentee->mentee &&
	       match_may(w->p, (uint32_t)(mentee - w->people),
		   (uint32_t)(mentor - w->people)) == NULL;
}

static void
take_pair(struct between *w, const struct pair *pair, bool repair)
{
	struct match_person *mentor =
	    problem_person(w->people, w->people_n, pair->mentor_id);
	struct match_person *mentee =
	    problem_person(w->people, w->people_n, pair->mentee_id);

	if (!is_open(pair))
		rule_add(
		    w, MATCH_EARLIER, pair->mentor_id, pair->mentee_id, false);
	else if (repair && may_move(w, pair, mentor, mentee))
		rule_add(
		    w, MATCH_STANDING, pair->mentor_id, pair->mentee_id, false);
	else
		take_place(mentor, mentee);
}

/* Those who have somebody come before those who wait: nobody loses a place. */
static void
keep_first(struct between *w)
{
	int most = 0;

	for (size_t i = 0; i < w->people_n; i++)
		if (w->people[i].left_out > most)
			most = w->people[i].left_out;
	for (uint32_t k = 0; k < w->rules_n; k++) {
		struct match_person *mentee = problem_person(
		    w->people, w->people_n, w->rules[k].mentee_id);

		if (w->rules[k].kind == MATCH_STANDING && mentee != NULL)
			mentee->left_out = most;
	}
}

int
problem_between(struct app *app, struct arena *arena, struct match_problem *p,
    struct match_person *people, size_t ready, bool repair, struct err *err)
{
	struct between w = {.p = p, .people = people, .people_n = ready};
	struct rows rejected, last;

	if (store_rows(app->store, arena, RULES, &w.locks, err, "") < 0 ||
	    store_rows(app->store, arena, PROPOSALS_REJECTED, &rejected, err,
		"") < 0 ||
	    store_rows(app->store, arena, PROPOSALS_LAST, &last, err, "") < 0 ||
	    pairs(app->store, arena, PAIRS_ALL, &w.all, &w.all_n, err, 0) < 0)
		return -1;
	w.rules = arena_alloc(arena,
	    (w.locks.n + rejected.n + last.n + w.all_n + 1) * sizeof(*w.rules));
	take_rules(&w, &rejected);
	p->pairs = w.rules;
	p->pairs_n = w.rules_n;
	for (size_t i = 0; i < w.all_n; i++)
		take_pair(&w, &w.all[i], repair);
	if (repair)
		keep_first(&w);
	for (size_t r = 0; r < last.n && !repair; r++)
		rule_add(&w, MATCH_STANDING, cell(&last, r, 0)->i,
		    cell(&last, r, 1)->i, false);
	p->pairs_n = w.rules_n;
	return 0;
}
