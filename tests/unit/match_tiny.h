/*
 * Tiny matching problems and all their matchings: what the best one is, told
 * by trying them all.
 */
#ifndef UNIT_MATCH_TINY_H
#define UNIT_MATCH_TINY_H

#include <stdint.h>
#include <string.h>

#include "match/match.h"

enum {
	SIDE = 6,
	WORDS = 1100
};

static uint64_t seed;

static inline uint32_t
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
static inline uint32_t
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

static inline int
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

static inline void
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

static inline void
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

static inline void
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

/* Who takes part, on which side. */
static inline void
tiny_sides(struct tiny *t)
{
	t->n = t->m = 0;
	for (uint32_t i = 0; i < t->p.people_n; i++) {
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

static inline void
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
	tiny_sides(t);
}

static inline int64_t
id_of(const struct tiny *t, uint32_t at)
{
	return t->p.scores != NULL ? (int64_t)at : t->people[at].id;
}

/* What each pair scores, and whether it stands. */
static inline void
tiny_scores(struct tiny *t)
{
	memset(t->stands, 0, sizeof(t->stands));
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

static inline void
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
	tiny_scores(t);
}

/* Is the result as good as the best of all matchings? */
static inline bool
tiny_is_best(const struct tiny *t, const struct match_result *r)
{
	static struct brute b;
	bool taken[SIDE][SIDE] = {{false}};
	int got[WORDS];
	uint32_t n;

	for (uint32_t x = 0; x < r->pairs_n; x++)
		for (uint32_t i = 0; i < t->n; i++)
			for (uint32_t j = 0; j < t->m; j++)
				if (t->row[i] == r->pairs[x].mentee &&
				    t->col[j] == r->pairs[x].mentor)
					taken[i][j] = true;
	memset(&b, 0, sizeof(b));
	b.t = t;
	brute_from(&b, 0, 0, t->n > 0 ? t->want[0] : 0);
	n = judge(t, taken, got);
	return judge_cmp(got, b.best, n) == 0;
}

#endif
