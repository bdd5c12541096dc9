/* Some hundred invented people with all that matching looks at. */
#ifndef UNIT_MATCH_CROWD_H
#define UNIT_MATCH_CROWD_H

#include "match/match.h"
#include "unit/match_tiny.h"

enum {
	CROWD = 260,
	CROWD_SKILLS = 8
};

static inline void
crowd_person(struct arena *a, struct match_person *x, uint32_t i, bool mentor)
{
	static const char *const departments[] = {"IT", "it", "HR", "Law", ""};
	static const char *const groups[] = {"", "", "G", "g", "H"};

	x->id = (int64_t)i * 3 + 1;
	x->key = x->name = arena_spanf(a, "p%04u@x", (i * 7919u) % 10000);
	x->mentor = mentor || pick(9) == 0;
	x->mentee = !mentor;
	x->capacity = (int)pick(4);
	x->want = 1 + (pick(12) == 0);
	x->level = (int)(mentor ? pick(6) : 3 + pick(7));
	x->department = span_of(departments[pick(5)]);
	x->confidentiality = span_of(groups[pick(5)]);
	x->manager_id = pick(3) ? (int64_t)pick(CROWD) * 3 + 1 : 0;
	x->languages = pick(8);
	x->hours_month = (int)pick(12);
	x->ways = (uint8_t)pick(16);
	x->kinds = (uint8_t)pick(8);
	x->learning = (uint8_t)pick(5);
	x->personality = (uint8_t)pick(256);
	x->left_out = pick(6) == 0 ? (int)pick(4) : 0;
	for (uint32_t k = pick(4); k > 0; k--) {
		int from = (int)pick(40) * 30;

		hours_add(&x->hours, 1 + (int)pick(7), from, from + 240);
	}
	for (int s = 0; s < CROWD_SKILLS; s++) {
		x->now[s] = (uint8_t)pick(4);
		x->wanted[s] = (uint8_t)pick(4);
	}
	x->picks_n = pick(5) == 0 ? 2 : 0;
	x->picks = arena_alloc(a, 2 * sizeof(*x->picks));
	for (int k = 0; k < 2; k++)
		x->picks[k] = (int64_t)pick(CROWD) * 3 + 1;
}

/* Mentors are the first of them. */
static inline void
people_crowd(struct arena *a, struct match_problem *p, uint32_t mentors)
{
	struct match_person *people = arena_alloc(a, CROWD * sizeof(*people));

	for (uint32_t i = 0; i < CROWD; i++)
		crowd_person(a, &people[i], i, i < mentors);
	*p = (struct match_problem){.people = people,
	    .people_n = CROWD,
	    .good_enough = 500,
	    .rules = {.no_manager = true,
		.no_skip_manager = true,
		.no_same_manager = true,
		.min_level_gap = 1,
		.max_level_gap = 8,
		.department = MATCH_DEPT_CROSS,
		.shared_language = true,
		.shared_half_hours = 2,
		.no_same_confidentiality = true},
	    .weights = {.skills = 40,
		.hours = 5,
		.ways = 10,
		.kinds = 10,
		.learning = 5,
		.personality = 5,
		.shared_time = 10,
		.credit = 5,
		.picks = 10,
		.personality_policy = MATCH_DIVERSE,
		.skill_weight = {1, 2, 3, 1, 2, 3, 1, 2},
		.skills_n = CROWD_SKILLS}};
}

#endif
