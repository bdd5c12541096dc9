/*
 * Where one more place would help most: mentors whose places have a price, by
 * the exact gain of one more place with them; skills, by what mentees still
 * miss.
 */
#include "match/match_int.h"

#include <string.h>

enum {
	LINES = 5,
	TRIED = 5,
	PEOPLE_TO_TRY = 4000 /* each of those tried is solved anew */
};

struct gain {
	uint32_t person;
	int64_t pairs, total;
};

/* The same problem with one more place with a mentor (or column). */
static struct match_problem
one_more(struct arena *a, const struct match_problem *p, uint32_t mentor)
{
	struct match_problem more = *p;
	struct match_person *people;
	int32_t *capacities;

	if (p->scores == NULL) {
		people = arena_alloc(a, p->people_n * sizeof(*people));
		memcpy(people, p->people, p->people_n * sizeof(*people));
		people[mentor].capacity++;
		more.people = people;
		return more;
	}
	capacities = arena_alloc(a, (p->columns + 1) * sizeof(*capacities));
	for (uint32_t j = 0; j < p->columns; j++)
		capacities[j] = p->capacities != NULL ? p->capacities[j] : 1;
	capacities[mentor]++;
	more.capacities = capacities;
	return more;
}

int
match_one_more(struct arena *a, const struct match_problem *p,
    const struct match_result *r, uint32_t mentor, int64_t *pairs,
    int64_t *points, struct err *err)
{
	struct match_problem more = one_more(a, p, mentor);
	struct match_result now;

	if (match_solve(a, &more, NULL, NULL, &now, err) < 0)
		return -1;
	*pairs = (int64_t)now.pairs_n - r->pairs_n;
	*points = now.total - r->total;
	return 0;
}

/* 0 when that fails, too.  Of the whole solution two numbers are kept. */
static struct gain
gain_of(const struct match_problem *p, const struct match_result *r,
    uint32_t person, struct arena *scratch)
{
	struct gain g = {person, 0, 0};
	struct err err;

	match_one_more(scratch, p, r, person, &g.pairs, &g.total, &err);
	arena_reset(scratch);
	return g;
}

static bool
more_gain(struct gain a, struct gain b)
{
	return a.pairs != b.pairs ? a.pairs > b.pairs : a.total > b.total;
}

/*
 * The mentors whose places have the highest prices, best first: a price is
 * the most that one more place with them can gain.  0 of them without one.
 */
static uint32_t
dear_mentors(struct arena *a, const struct match_problem *p,
    const struct match_result *r, uint32_t out[TRIED])
{
	const int64_t *price[TRIED];
	struct market mk;
	struct err err;
	uint32_t n = 0, k;

	if (market_init(a, p, &mk, &err) < 0 || r->u_n < 2 || r->u[1] < 1 ||
	    r->v_n != (uint64_t)mk.m * (uint64_t)r->u[1])
		return 0;
	k = (uint32_t)r->u[1];
	for (uint32_t j = 0; j < mk.m; j++) {
		const int64_t *v = &r->v[(size_t)j * k];
		uint32_t at;
		bool zero = true;

		for (uint32_t x = 0; x < k; x++)
			zero = zero && v[x] == 0;
		if (zero || (n == TRIED && words_cmp(price[n - 1], v, k) >= 0))
			continue;
		at = n < TRIED ? n++ : n - 1;
		for (; at > 0 && words_cmp(price[at - 1], v, k) < 0; at--) {
			price[at] = price[at - 1];
			out[at] = out[at - 1];
		}
		price[at] = v;
		out[at] = mk.col_person[j];
	}
	return n;
}

/* Points of wanted levels nobody brings to the mentees of this result. */
static void
missing(const struct match_problem *p, const struct match_result *r,
    int64_t out[MATCH_SKILLS])
{
	for (uint32_t s = 0; s < MATCH_SKILLS; s++)
		out[s] = 0;
	for (uint32_t i = 0; i < p->people_n; i++) {
		const struct match_person *x = &p->people[i];

		if (!x->mentee || x->want == 0)
			continue;
		for (uint32_t s = 0; s < p->weights.skills_n; s++)
			if (x->wanted[s] > x->now[s])
				out[s] += x->wanted[s] - x->now[s];
	}
	for (uint32_t k = 0; k < r->pairs_n; k++) {
		const struct match_person *x = &p->people[r->pairs[k].mentee];
		const struct match_person *y = &p->people[r->pairs[k].mentor];

		for (uint32_t s = 0; s < p->weights.skills_n; s++) {
			int top =
			    y->now[s] < x->wanted[s] ? y->now[s] : x->wanted[s];

			if (top > x->now[s])
				out[s] -= top - x->now[s];
		}
	}
}

void
match_recruiting(struct arena *a, const struct match_problem *p,
    const struct match_result *r, const struct words *w, struct span **lines,
    uint32_t *n)
{
	uint32_t full[TRIED], full_n;
	struct gain gains[TRIED];
	int64_t miss[MATCH_SKILLS];
	struct arena scratch;

	*lines = arena_alloc(a, (TRIED + LINES) * sizeof(**lines));
	*n = 0;
	if (p->scores != NULL || p->weights.skills_n > MATCH_SKILLS)
		return;
	full_n = p->people_n <= PEOPLE_TO_TRY ? dear_mentors(a, p, r, full) : 0;
	arena_init(&scratch);
	for (uint32_t x = 0; x < full_n; x++) {
		struct gain g = gain_of(p, r, full[x], &scratch);
		uint32_t at = x;

		for (; at > 0 && more_gain(g, gains[at - 1]); at--)
			gains[at] = gains[at - 1];
		gains[at] = g;
	}
	arena_release(&scratch);
	for (uint32_t x = 0; x < full_n; x++) {
		struct fill fills[] = {
		    {"mentor", p->people[gains[x].person].name},
		    {"points", words_number(a, w, gains[x].total, 0)},
		    {"n", words_number(a, w, gains[x].pairs, 0)},
		};

		if (gains[x].pairs > 0)
			(*lines)[(*n)++] =
			    words_fill(a, w, "match-recruit-person", fills, 3);
		else if (gains[x].total > 0)
			(*lines)[(*n)++] =
			    words_fill(a, w, "match-recruit-points", fills, 3);
	}
	missing(p, r, miss);
	for (int k = 0; k < LINES && p->skill_names != NULL; k++) {
		uint32_t best = 0;
		struct fill fills[2];

		for (uint32_t s = 1; s < p->weights.skills_n; s++)
			if (miss[s] > miss[best])
				best = s;
		if (p->weights.skills_n == 0 || miss[best] <= 0)
			break;
		fills[0] = (struct fill){"skill", p->skill_names[best]};
		fills[1] =
		    (struct fill){"n", words_number(a, w, miss[best], 0)};
		(*lines)[(*n)++] =
		    words_fill(a, w, "match-recruit-skill", fills, 2);
		miss[best] = 0;
	}
}
