/*
 * After somebody left or came: the standing pairs are what may not change
 * without need.  With no steps given, few changes come right after numbers.
 */
#include "match/match_int.h"

#include <string.h>

static bool
is_gone(const int64_t *gone, uint32_t n, int64_t id)
{
	for (uint32_t i = 0; i < n; i++)
		if (gone[i] == id)
			return true;
	return false;
}

int
match_repair(struct arena *a, const struct match_problem *p,
    const struct match_result *standing, const int64_t *gone, uint32_t gone_n,
    struct match_result *result, struct err *err)
{
	static const enum match_step usual[] = {MATCH_STEP_CARDINALITY,
	    MATCH_STEP_CHANGES, MATCH_STEP_FAIR, MATCH_STEP_TOTAL};
	struct match_problem with = *p;
	struct match_person *people =
	    arena_alloc(a, (p->people_n + 1) * sizeof(*people));
	struct match_pair_rule *pairs = arena_alloc(
	    a, ((size_t)p->pairs_n + standing->pairs_n + 1) * sizeof(*pairs));
	uint32_t n = 0;

	if (p->scores != NULL)
		return err_set(err, ERR_ITEM,
		    "a matrix of scores has nobody who could leave");
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
	with.people = people;
	with.pairs = pairs;
	with.pairs_n = n;
	if (p->steps_n == 0) {
		with.steps = usual;
		with.steps_n = 4;
	}
	return match_solve(a, &with, NULL, NULL, result, err);
}
