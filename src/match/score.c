/*
 * Who should be paired: 0..1000, a sum of shares.  Each criterion's part of
 * the 1000 is fixed once by largest remainder; a criterion of which nothing
 * is known gives half of its part, so that silence neither helps nor harms.
 * This is the scalar scorer, plain to read; fast.c must agree with it.
 */
#include "match/match_int.h"

#include <assert.h>

void
score_parts(const struct match_weights *w, int parts[MATCH_CRITERIA])
{
	const int given[MATCH_CRITERIA] = {w->skills, w->hours, w->ways,
	    w->kinds, w->learning, w->personality, w->shared_time, w->credit,
	    w->picks};
	int64_t sum = 0, left[MATCH_CRITERIA];
	int rest = MATCH_SCORE_MAX;

	for (int i = 0; i < MATCH_CRITERIA; i++)
		sum += given[i];
	for (int i = 0; i < MATCH_CRITERIA; i++) {
		parts[i] = 0;
		left[i] = 0;
		if (sum == 0)
			continue;
		parts[i] = (int)((int64_t)given[i] * MATCH_SCORE_MAX / sum);
		left[i] = (int64_t)given[i] * MATCH_SCORE_MAX % sum;
		rest -= parts[i];
	}
	while (sum > 0 && rest-- > 0) {
		int best = 0;

		for (int i = 1; i < MATCH_CRITERIA; i++)
			if (left[i] > left[best])
				best = i;
		parts[best]++;
		left[best] = -1;
	}
}

/* Each of these gives 0..1000 of its criterion. */
int
score_hours(int a, int b)
{
	if (a <= 0 || b <= 0)
		return 500;
	return a < b ? a * 1000 / b : b * 1000 / a;
}

int
score_bits(uint32_t a, uint32_t b)
{
	if (a == 0 || b == 0)
		return 500;
	return (a & b) != 0 ? 500 + 500 * __builtin_popcount(a & b) /
					__builtin_popcount(a)
			    : 0;
}

int
score_learning(int a, int b)
{
	if (a == 0 || b == 0)
		return 500;
	return a == b ? 1000 : 250;
}

int
score_personality(enum match_personality policy, int a, int b)
{
	int known = 0, apart = 0;

	for (int i = 0; i < 8; i += 2) {
		int x = a >> i & 3, y = b >> i & 3;

		if (x == 0 || y == 0)
			continue;
		known += 2;
		apart += x < y ? y - x : x - y;
	}
	if (known == 0)
		return 500;
	return (policy == MATCH_DIVERSE ? apart : known - apart) * 1000 / known;
}

void
score_skills(const struct match_weights *w, int part,
    const struct match_person *mentee, int16_t points[MATCH_SKILLS][4])
{
	int64_t sum = 0, run = 0;
	uint32_t n = w->skills_n < MATCH_SKILLS ? w->skills_n : MATCH_SKILLS;

	for (uint32_t s = 0; s < MATCH_SKILLS; s++)
		for (int l = 0; l < 4; l++)
			points[s][l] = 0;
	for (uint32_t s = 0; s < n; s++)
		if (mentee->wanted[s] > mentee->now[s])
			sum +=
			    (int64_t)(mentee->wanted[s] - mentee->now[s]) *
			    (w->skill_weight[s] > 0 ? w->skill_weight[s] : 1);
	for (uint32_t s = 0; s < n; s++) {
		int gap = mentee->wanted[s] - mentee->now[s];
		int64_t before = sum > 0 ? part * run / sum : 0;
		int64_t full;

		if (gap <= 0)
			continue;
		run += (int64_t)gap *
		       (w->skill_weight[s] > 0 ? w->skill_weight[s] : 1);
		full = part * run / sum - before;
		for (int l = 0; l < 4; l++) {
			int above = l - mentee->now[s];

			above = above < 0 ? 0 : above > gap ? gap : above;
			points[s][l] = (int16_t)(full * above / gap);
		}
	}
}

static int
pick_of(const struct match_person *who, int64_t id)
{
	for (uint32_t i = 0; i < who->picks_n; i++)
		if (who->picks[i] == id)
			return i == 0 ? 500 : i == 1 ? 400 : i < 5 ? 300 : 0;
	return 0;
}

int
match_score(const struct match_problem *p, uint32_t mentee, uint32_t mentor,
    int shares[MATCH_CRITERIA])
{
	int own[MATCH_CRITERIA], part[MATCH_CRITERIA], q[MATCH_CRITERIA];
	const struct match_person *a, *b;
	int16_t points[MATCH_SKILLS][4];
	int sum = 0, time;

	if (shares == NULL)
		shares = own;
	for (int i = 0; i < MATCH_CRITERIA; i++)
		shares[i] = 0;
	if (p->scores != NULL)
		return shares[0] =
			   p->scores[(size_t)mentee * p->columns + mentor];
	a = &p->people[mentee];
	b = &p->people[mentor];
	score_parts(&p->weights, part);
	score_skills(&p->weights, part[0], a, points);
	for (uint32_t s = 0; s < MATCH_SKILLS; s++)
		shares[0] += points[s][b->now[s] & 3];
	q[1] = score_hours(a->hours_month, b->hours_month);
	q[2] = score_bits(a->ways, b->ways);
	q[3] = score_bits(a->kinds, b->kinds);
	q[4] = score_learning(a->learning, b->learning);
	q[5] = score_personality(
	    p->weights.personality_policy, a->personality, b->personality);
	time = hours_shared(&a->hours, &b->hours);
	time = time > SCORE_SHARED_FULL ? SCORE_SHARED_FULL : time;
	q[6] = hours_empty(&a->hours) || hours_empty(&b->hours)
		   ? 500
		   : time * 1000 / SCORE_SHARED_FULL;
	q[7] = (a->left_out > SCORE_CREDIT_FULL ? SCORE_CREDIT_FULL
						: a->left_out) *
	       1000 / SCORE_CREDIT_FULL;
	q[8] = pick_of(a, b->id) + pick_of(b, a->id);
	for (int i = 1; i < MATCH_CRITERIA; i++)
		shares[i] = part[i] * q[i] / 1000;
	for (int i = 0; i < MATCH_CRITERIA; i++)
		sum += shares[i];
	assert(sum >= 0 && sum <= MATCH_SCORE_MAX);
	return sum;
}
