/*
 * Why this pair, why nobody: from shares and rules, in the reader's words.
 * Keys of phrases begin with "match-".  A private exclusion is never named.
 */
#include "match/match_int.h"

#include <string.h>

static const char *const why_keys[MATCH_CRITERIA] = {"match-why-skills",
    "match-why-hours", "match-why-ways", "match-why-kinds",
    "match-why-learning", "", "match-why-time", "match-why-credit",
    "match-why-picks"};

struct span
explain_name(const struct match_problem *p, uint32_t at, bool is_row)
{
	const struct span *names = is_row ? p->row_names : p->column_names;

	if (p->scores != NULL)
		return names != NULL ? names[at] : SPAN("");
	return p->people[at].name.n > 0 ? p->people[at].name
					: p->people[at].key;
}

/* The skills that the mentor has above the mentee's and the mentee wants. */
static struct span
skills_text(struct arena *a, const struct match_problem *p, uint32_t mentee,
    uint32_t mentor, const struct words *w)
{
	const struct match_person *x = &p->people[mentee];
	const struct match_person *y = &p->people[mentor];
	struct span *found = arena_alloc(a, MATCH_SKILLS * sizeof(*found));
	size_t n = 0;

	for (uint32_t s = 0; s < p->weights.skills_n && s < MATCH_SKILLS; s++)
		if (x->wanted[s] > x->now[s] && y->now[s] > x->now[s] &&
		    p->skill_names != NULL)
			found[n++] = p->skill_names[s];
	return n > 0 ? words_join(a, w, found, n) : SPAN("");
}

static struct span
reason(struct arena *a, const struct match_problem *p,
    const struct match_pair *q, int criterion, const struct words *w)
{
	const char *key = why_keys[criterion];
	const struct match_person *x = &p->people[q->mentee];
	const struct match_person *y = &p->people[q->mentor];
	int half = hours_shared(&x->hours, &y->hours);
	struct fill fills[] = {
	    {"mentee", explain_name(p, q->mentee, true)},
	    {"mentor", explain_name(p, q->mentor, false)},
	    {"points", words_number(a, w, q->shares[criterion], 0)},
	    {"skills", skills_text(a, p, q->mentee, q->mentor, w)},
	    {"hours", half % 2 == 0 ? words_number(a, w, half / 2, 0)
				    : words_number(a, w, half * 5, 1)},
	};

	/* Personality is private: it scores, and is never told. */
	if (criterion == 5)
		return SPAN("");
	if (criterion == 0 && fills[3].text.n == 0)
		return SPAN("");
	return words_fill(a, w, key, fills, sizeof(fills) / sizeof(*fills));
}

/* Of this, silence gives half; but nobody asks for a person by silence. */
static int
silence(const int part[MATCH_CRITERIA], int criterion)
{
	return criterion == 8 ? 0 : part[criterion];
}

/*
 * The shares of a score, which add up to it.  Personality was told to nobody:
 * its share hides among those of learning.
 */
static struct span
shares_text(struct arena *a, const struct match_pair *q, const struct words *w)
{
	static const struct {
		const char *key;
		int one, other; /* criteria; -1 none */
	} told[] = {
	    {"match-share-skills", 0, -1},
	    {"match-share-kinds", 3, -1},
	    {"match-share-ways", 2, -1},
	    {"match-share-time", 6, -1},
	    {"match-share-hours", 1, -1},
	    {"match-share-credit", 7, -1},
	    {"match-share-picks", 8, -1},
	    {"match-share-other", 4, 5},
	};
	struct span parts[MATCH_CRITERIA];
	size_t n = 0;

	for (size_t i = 0; i < sizeof(told) / sizeof(*told); i++) {
		int points = q->shares[told[i].one] +
			     (told[i].other < 0 ? 0 : q->shares[told[i].other]);
		struct fill fill = {"points", words_number(a, w, points, 0)};

		if (points > 0)
			parts[n++] = words_fill(a, w, told[i].key, &fill, 1);
	}
	return n > 0 ? words_join(a, w, parts, n) : SPAN("0");
}

void
match_explain_pair(struct arena *a, const struct match_problem *p,
    const struct match_result *r, uint32_t pair, const struct words *w,
    struct span **reasons, uint32_t *n)
{
	const struct match_pair *q = &r->pairs[pair];
	int part[MATCH_CRITERIA];
	bool told[MATCH_CRITERIA] = {false};
	struct fill fills[] = {
	    {"mentee", explain_name(p, q->mentee, true)},
	    {"mentor", explain_name(p, q->mentor, false)},
	    {"points", words_number(a, w, q->score, 0)},
	    {"shares", p->scores == NULL ? shares_text(a, q, w) : SPAN("-")},
	};

	*reasons = arena_alloc(a, (MATCH_CRITERIA + 2) * sizeof(**reasons));
	*n = 0;
	if (q->locked)
		(*reasons)[(*n)++] =
		    words_fill(a, w, "match-why-locked", fills, 3);
	score_parts(&p->weights, part);
	while (p->scores == NULL) {
		int best = -1;
		struct span text;

		/* A reason is what gives more than silence would. */
		for (int c = 0; c < MATCH_CRITERIA; c++)
			if (!told[c] && q->shares[c] * 2 > silence(part, c) &&
			    (best < 0 || q->shares[c] > q->shares[best]))
				best = c;
		if (!told[0] && q->shares[0] > 0 &&
		    (best < 0 || q->shares[0] > q->shares[best]))
			best = 0;
		if (best < 0)
			break;
		told[best] = true;
		text = reason(a, p, q, best, w);
		if (text.n > 0)
			(*reasons)[(*n)++] = text;
	}
	(*reasons)[(*n)++] = words_fill(a, w,
	    p->scores == NULL ? "match-why-score" : "match-why-points", fills,
	    4);
}

bool
explain_takes_part(const struct match_problem *p, uint32_t at, bool as_mentee)
{
	if (p->scores != NULL)
		return as_mentee || p->capacities == NULL ||
		       p->capacities[at] > 0;
	return as_mentee ? p->people[at].mentee && p->people[at].want > 0
			 : p->people[at].mentor && p->people[at].capacity > 0;
}

uint32_t
explain_side(const struct match_problem *p, bool rows)
{
	if (p->scores == NULL)
		return p->people_n;
	return rows ? p->rows : p->columns;
}

/* --- why nobody ----------------------------------------------------------- */

/* The rule that stands most often in the way, its phrase. */
static struct span
hardest_rule(struct arena *a, const struct match_problem *p, uint32_t person,
    const struct words *w, uint32_t *mentors)
{
	const char *keys[32];
	uint32_t count[32] = {0}, n = 0, best = 0;

	*mentors = 0;
	for (uint32_t j = 0; j < explain_side(p, false); j++) {
		const char *why;
		uint32_t k = 0;

		if (!explain_takes_part(p, j, false) ||
		    (p->scores == NULL && j == person))
			continue;
		(*mentors)++;
		why = match_may(p, person, j);
		if (why == NULL)
			continue;
		while (k < n && strcmp(keys[k], why) != 0)
			k++;
		if (k == n && n < 32)
			keys[n++] = why;
		if (k < 32)
			count[k]++;
	}
	for (uint32_t k = 1; k < n; k++)
		if (count[k] > count[best])
			best = k;
	if (n == 0)
		return SPAN("");
	return words_get(w, arena_printf(a, "match-%s", keys[best]));
}

/* Pairs of a result by mentor: of mentor x, mentee[at[x]..at[x + 1]]. */
struct seats {
	uint32_t *at, *mentee;
};

static struct seats
seats_init(struct arena *a, const struct match_result *r, uint32_t mentors)
{
	struct seats s = {
	    arena_alloc(a, ((size_t)mentors + 2) * sizeof(uint32_t)),
	    arena_alloc(a, ((size_t)r->pairs_n + 1) * sizeof(uint32_t))};

	for (uint32_t x = 0; x < r->pairs_n; x++)
		s.at[r->pairs[x].mentor + 2]++;
	for (uint32_t j = 0; j < mentors; j++)
		s.at[j + 2] += s.at[j + 1];
	for (uint32_t x = 0; x < r->pairs_n; x++)
		s.mentee[s.at[r->pairs[x].mentor + 1]++] = r->pairs[x].mentee;
	return s;
}

static int64_t
places_of(const struct match_problem *p, uint32_t mentor)
{
	if (p->scores == NULL)
		return p->people[mentor].capacity;
	return p->capacities != NULL ? p->capacities[mentor] : 1;
}

/*
 * All who compete for the places this person could have: who may sit there
 * instead, and whom those could replace, until nothing is added.  They are
 * more than the places: that is the reason.
 */
static void
crowd(struct arena *a, const struct match_problem *p,
    const struct match_result *r, uint32_t person, uint32_t *people,
    int64_t *places)
{
	uint32_t rows = explain_side(p, true), cols = explain_side(p, false),
		 n = 0;
	uint32_t *queue = arena_alloc(a, (rows + 1) * sizeof(*queue));
	uint32_t *row_of = arena_alloc(a, (rows + 1) * sizeof(*row_of));
	uint8_t *in = arena_alloc(a, rows + 1);
	uint8_t *seen = arena_alloc(a, cols + 1);
	struct seats seats = seats_init(a, r, cols);
	int16_t *score = arena_alloc(a, (cols + 1) * sizeof(*score));
	struct market mk;
	struct err err;

	*places = 0;
	*people = 1;
	if (market_init(a, p, &mk, &err) < 0)
		return;
	for (uint32_t i = 0; i < mk.n; i++)
		row_of[mk.row_person[i]] = i;
	queue[n++] = person;
	in[person] = 1;
	for (uint32_t at = 0; at < n && mk.m > 0; at++) {
		market_row(&mk, row_of[queue[at]], score);
		for (uint32_t x = 0; x < mk.m; x++) {
			uint32_t j = mk.col_person[x];

			if (seen[j] || score[x] < 0)
				continue;
			seen[j] = 1;
			*places += places_of(p, j);
			for (uint32_t y = seats.at[j]; y < seats.at[j + 1];
			     y++) {
				uint32_t i = seats.mentee[y];

				if (!in[i])
					queue[n++] = i;
				in[i] = 1;
			}
		}
	}
	*people = n;
}

struct span
match_explain_unmatched(struct arena *a, const struct match_problem *p,
    const struct match_result *r, uint32_t person, const struct words *w)
{
	uint32_t mentors, people;
	int64_t places;
	struct span rule = hardest_rule(a, p, person, w, &mentors);
	struct fill fills[] = {
	    {"mentee", explain_name(p, person, true)},
	    {"rule", rule},
	    {"n", words_number(a, w, mentors, 0)},
	    {"people", SPAN("")},
	    {"places", SPAN("")},
	};

	if (mentors == 0)
		return words_fill(a, w, "match-left-no-mentors", fills, 5);
	crowd(a, p, r, person, &people, &places);
	if (places == 0)
		return words_fill(a, w, "match-left-rules", fills, 5);
	fills[3].text = words_number(a, w, people, 0);
	fills[4].text = words_number(a, w, places, 0);
	return words_fill(a, w,
	    rule.n > 0 ? "match-left-crowd-rule" : "match-left-crowd", fills,
	    5);
}
