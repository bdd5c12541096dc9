/*
 * Where one more place would help most: mentors who are full, by the exact
 * gain of one more place with them; skills, by what mentees still miss.
 */
#include "match/match_int.h"

#include <string.h>

enum {
	LINES = 5,
	TRIED = 5,
	PAIRS_TO_TRY = 250000
};

struct gain {
	uint32_t person;
	int64_t pairs, total;
};

/* Solves again with one more place; 0 when that fails, too. */
static struct gain
gain_of(struct arena *a, const struct match_problem *p,
    const struct match_result *r, uint32_t person)
{
	struct match_problem more = *p;
	struct match_person *people =
	    arena_alloc(a, p->people_n * sizeof(*people));
	struct match_result now;
	struct err err;
	struct gain g = {person, 0, 0};

	memcpy(people, p->people, p->people_n * sizeof(*people));
	people[person].capacity++;
	more.people = people;
	if (match_solve(a, &more, NULL, NULL, &now, &err) == 0) {
		g.pairs = (int64_t)now.pairs_n - r->pairs_n;
		g.total = now.total - r->total;
	}
	return g;
}

static bool
more_gain(struct gain a, struct gain b)
{
	return a.pairs != b.pairs ? a.pairs > b.pairs : a.total > b.total;
}

/* The full mentors whom the most mentees would rather have, best first. */
static uint32_t
full_mentors(struct arena *a, const struct match_problem *p,
    const struct match_result *r, uint32_t out[TRIED])
{
	int *used = arena_alloc(a, (p->people_n + 1) * sizeof(*used));
	int64_t wish[TRIED];
	uint32_t n = 0;

	for (uint32_t x = 0; x < r->pairs_n; x++)
		used[r->pairs[x].mentor]++;
	for (uint32_t j = 0; j < p->people_n; j++) {
		int64_t sum = 0;
		uint32_t at;

		if (used[j] == 0 || used[j] < p->people[j].capacity)
			continue;
		for (uint32_t x = 0; x < r->unmatched_n; x++)
			if (match_may(p, r->unmatched[x], j) == NULL)
				sum += 1000;
		for (uint32_t x = 0; x < r->pairs_n; x++)
			if (r->pairs[x].mentor == j)
				sum += r->pairs[x].score;
		if (n == TRIED && wish[n - 1] >= sum)
			continue;
		at = n < TRIED ? n++ : n - 1;
		for (; at > 0 && wish[at - 1] < sum; at--) {
			wish[at] = wish[at - 1];
			out[at] = out[at - 1];
		}
		wish[at] = sum;
		out[at] = j;
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

	*lines = arena_alloc(a, (TRIED + LINES) * sizeof(**lines));
	*n = 0;
	if (p->scores != NULL || p->weights.skills_n > MATCH_SKILLS)
		return;
	full_n = (uint64_t)p->people_n * p->people_n <= PAIRS_TO_TRY
		     ? full_mentors(a, p, r, full)
		     : 0;
	for (uint32_t x = 0; x < full_n; x++) {
		struct gain g = gain_of(a, p, r, full[x]);
		uint32_t at = x;

		for (; at > 0 && more_gain(g, gains[at - 1]); at--)
			gains[at] = gains[at - 1];
		gains[at] = g;
	}
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
