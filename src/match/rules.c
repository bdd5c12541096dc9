/* Who may be paired: the hard rules.  Each refusal is the key of a phrase. */
#include "match/match_int.h"

static const char *
may_report(const struct match_rules *r, const struct match_person *a,
    const struct match_person *b)
{
	if (r->no_manager &&
	    ((a->manager_id != 0 && a->manager_id == b->id) ||
		(b->manager_id != 0 && b->manager_id == a->id)))
		return "rule-manager";
	if (r->no_same_manager && a->manager_id != 0 &&
	    a->manager_id == b->manager_id)
		return "rule-same-manager";
	return NULL;
}

/* The manager of somebody's manager; 0 unknown. */
static int64_t
skip_of(const struct match_problem *p, const struct match_person *x)
{
	for (uint32_t i = 0; x->manager_id != 0 && i < p->people_n; i++)
		if (p->people[i].id == x->manager_id)
			return p->people[i].manager_id;
	return 0;
}

const char *
rules_skip(const struct match_rules *r, const struct match_person *a,
    int64_t a_skip, const struct match_person *b, int64_t b_skip)
{
	if (r->no_skip_manager && ((a_skip != 0 && a_skip == b->id) ||
				      (b_skip != 0 && b_skip == a->id)))
		return "rule-skip-manager";
	return NULL;
}

static const char *
may_level(const struct match_rules *r, const struct match_person *mentee,
    const struct match_person *mentor)
{
	int gap = mentee->level - mentor->level;

	if (mentee->level == 0 || mentor->level == 0)
		return NULL;
	if (r->min_level_gap != 0 && gap < r->min_level_gap)
		return "rule-level";
	if (r->max_level_gap > 0 && gap > r->max_level_gap)
		return "rule-level-far";
	return NULL;
}

const char *
rules_may(const struct match_problem *p, const struct match_person *mentee,
    const struct match_person *mentor)
{
	const struct match_rules *r = &p->rules;
	const char *why = NULL;

	if (mentee == mentor || mentee->id == mentor->id)
		return "rule-self";
	if ((why = may_level(r, mentee, mentor)) != NULL)
		return why;
	if (mentee->department.n > 0 && mentor->department.n > 0 &&
	    r->department != MATCH_DEPT_ANY &&
	    span_caseeq(mentee->department, mentor->department) !=
		(r->department == MATCH_DEPT_SAME))
		return "rule-department";
	if (r->shared_language && mentee->languages != 0 &&
	    mentor->languages != 0 &&
	    (mentee->languages & mentor->languages) == 0)
		return "rule-language";
	if (r->no_same_confidentiality && mentee->confidentiality.n > 0 &&
	    span_caseeq(mentee->confidentiality, mentor->confidentiality))
		return "rule-confidentiality";
	if (r->shared_half_hours > 0 && !hours_empty(&mentee->hours) &&
	    !hours_empty(&mentor->hours) &&
	    hours_shared(&mentee->hours, &mentor->hours) < r->shared_half_hours)
		return "rule-shared-time";
	return may_report(r, mentee, mentor);
}

const char *
match_may(const struct match_problem *p, uint32_t mentee, uint32_t mentor)
{
	int64_t a = mentee, b = mentor;

	if (p->scores != NULL) {
		if (p->scores[(size_t)mentee * p->columns + mentor] < 0)
			return "rule-forbidden";
	} else {
		const struct match_person *x = &p->people[mentee];
		const struct match_person *y = &p->people[mentor];
		const char *why = rules_may(p, x, y);

		if (why == NULL && p->rules.no_skip_manager)
			why = rules_skip(
			    &p->rules, x, skip_of(p, x), y, skip_of(p, y));
		if (why != NULL)
			return why;
		a = x->id;
		b = y->id;
	}
	for (uint32_t i = 0; i < p->pairs_n; i++) {
		const struct match_pair_rule *r = &p->pairs[i];
		bool same = r->mentee_id == a && r->mentor_id == b;
		bool swapped =
		    p->scores == NULL && r->mentee_id == b && r->mentor_id == a;

		if (r->kind == MATCH_EXCLUDED && (same || swapped))
			return r->is_private ? "rule-private" : "rule-excluded";
		if (r->kind == MATCH_EARLIER && same &&
		    p->rules.no_earlier_pair)
			return "rule-earlier";
	}
	return NULL;
}
