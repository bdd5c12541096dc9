/*
 * What a lead's change to the matching would cost, and who would move: told
 * before it counts.  A change that moves nobody is done at once.
 */
#include "app/steer_int.h"

#include <string.h>

#include "match/match.h"

static bool
has_side(const struct match_problem *p, const struct person *x, bool mentor)
{
	for (uint32_t i = 0; x != NULL && i < p->people_n; i++)
		if (p->people[i].id == x->id)
			return mentor ? p->people[i].mentor
				      : p->people[i].mentee;
	return x == NULL;
}

static bool
takes_part(const struct match_problem *p, const struct steer_change *x)
{
	return has_side(p, x->mentor, true) && has_side(p, x->mentee, false) &&
	       has_side(p, x->other_mentor, true) &&
	       has_side(p, x->other_mentee, false);
}

/* One more rule, or other places for one. */
static void
apply(struct arena *a, const struct steer_change *x,
    const struct match_problem *p, struct match_problem *with)
{
	struct match_pair_rule *rules =
	    arena_alloc(a, (p->pairs_n + 2) * sizeof(*rules));
	struct match_person *people =
	    arena_alloc(a, (p->people_n + 1) * sizeof(*people));

	*with = *p;
	memcpy(people, p->people, p->people_n * sizeof(*people));
	with->people = people;
	if (p->pairs_n > 0)
		memcpy(rules, p->pairs, p->pairs_n * sizeof(*rules));
	with->pairs = rules;
	if (x->mentee != NULL) {
		rules[with->pairs_n++] = (struct match_pair_rule){
		    x->lock ? MATCH_LOCKED : MATCH_EXCLUDED, x->mentee->id,
		    x->mentor->id, false};
		if (x->other_mentee != NULL)
			rules[with->pairs_n++] = (struct match_pair_rule){
			    MATCH_LOCKED, x->other_mentee->id,
			    x->other_mentor->id, false};
		return;
	}
	/* Places that running pairs have taken are not in the problem. */
	for (uint32_t i = 0; i < p->people_n; i++)
		if (people[i].id == x->mentor->id) {
			int64_t n = people[i].capacity + x->places -
				    x->mentor->capacity;

			people[i].capacity = n < 0 ? 0 : (int)n;
		}
}

/* The rule that a lock of these two breaks, before the text. */
static struct span
trouble_of(struct steer *s, const struct person *mentor,
    const struct person *mentee, const struct match_result *r, struct span text)
{
	struct arena *a = &s->app->item;

	for (uint32_t i = 0; mentee != NULL && i < r->troubles_n; i++) {
		const struct match_trouble *t = &r->troubles[i];
		struct fill fills[] = {{"mentee", person_called(mentee)},
		    {"mentor", person_called(mentor)},
		    {"rule", words_get(s->words,
				 arena_printf(a, "match-%s", t->why))}};
		struct span rule;

		if (t->mentor_id != mentor->id || t->mentee_id != mentee->id)
			continue;
		rule = words_fill(a, s->words, "match-if-rule", fills, 3);
		return arena_spanf(
		    a, "%.*s %.*s", (int)rule.n, rule.p, (int)text.n, text.p);
	}
	return text;
}

/* The rules that locks break, before what they cost. */
static struct span
with_trouble(struct steer *s, const struct steer_change *x,
    const struct match_result *r, struct span cost)
{
	cost = trouble_of(s, x->other_mentor, x->other_mentee, r, cost);
	return trouble_of(s, x->mentor, x->mentee, r, cost);
}

int
steer_cost(struct steer *s, const struct command *c,
    const struct steer_change *x, struct span line, struct span *cost,
    struct err *err)
{
	struct arena *a = &s->app->item;
	struct match_problem problem, with;
	struct match_result before, after;
	struct fill fills[2];
	struct span word, plain;
	bool still;

	*cost = SPAN("");
	if (s->confirmed)
		return 1;
	if (round_problem(s->app, a, s->repair, &problem, err) < 0)
		return -1;
	if (!takes_part(&problem, x))
		return 1;
	apply(a, x, &problem, &with);
	if (match_solve(a, &problem, NULL, NULL, &before, err) < 0 ||
	    match_solve(a, &with, NULL, NULL, &after, err) < 0)
		return -1;
	still = match_cost(a, &problem, &before, &after, s->words, &plain);
	*cost = with_trouble(s, x, &after, plain);
	if (still && cost->n == plain.n)
		return 1;
	if (confirm_ask(s->app, line, &word, err) < 0)
		return -1;
	s->asked = true;
	fills[0] = (struct fill){"what", *cost};
	fills[1] = (struct fill){"word", word};
	return steer_say(s, c, true, "steer-cost", fills, 2);
}

int
steer_done_cost(struct steer *s, const struct command *c, const char *key,
    struct span what, struct span cost)
{
	struct fill fill = {"what", what};
	struct fill fills[2];

	if (cost.n == 0)
		return steer_done(s, c, key, what);
	fills[0] = (struct fill){
	    "done", words_fill(&s->app->item, s->words, key, &fill, 1)};
	fills[1] = (struct fill){"cost", cost};
	return steer_say(s, c, true, "steer-done-cost", fills, 2);
}
