/*
 * The list of steps as weights.  Each step adds digits; a digit's radix is
 * larger than what all lower digits of a matching can add up to, so that a
 * sum of weights compares as the list of steps does.  Digits share a 64-bit
 * word while they fit; further words are compared one after the other.
 */
#include "match/match_int.h"

#include <assert.h>

enum {
	DIGITS_MAX = 2 * MATCH_SCORE_MAX + 64
};
/* Duals stay below twice the largest sum; so this cannot overflow. */
static const int64_t word_limit = (int64_t)1 << 59;

enum digit_kind {
	DIGIT_CARD,
	DIGIT_LEFT_OUT,
	DIGIT_BAND,
	DIGIT_TOTAL,
	DIGIT_CHANGES
};

struct digit {
	enum digit_kind kind;
	int low, high; /* BAND: scores */
	int64_t most;  /* largest amount in one pair */
	uint32_t word;
	int64_t unit;
};

struct digits {
	struct digit d[DIGITS_MAX];
	uint32_t n;
};

uint32_t
match_steps(const struct match_problem *p, enum match_step out[8])
{
	static const enum match_step usual[] = {MATCH_STEP_CARDINALITY,
	    MATCH_STEP_FAIR, MATCH_STEP_TOTAL, MATCH_STEP_CHANGES};
	const enum match_step *from = p->steps_n > 0 ? p->steps : usual;
	uint32_t n = p->steps_n > 0 ? p->steps_n : 4, k = 0;
	bool fair = false, card = false;

	for (uint32_t i = 0; i < n; i++) {
		bool seen = false;

		/* Fairness without numbers would leave people out. */
		fair = from[i] == MATCH_STEP_FAIR ||
		       from[i] == MATCH_STEP_LEXIMIN ||
		       from[i] == MATCH_STEP_BOTTLENECK;
		card = card || from[i] == MATCH_STEP_CARDINALITY;
		if (fair && !card) {
			out[k++] = MATCH_STEP_CARDINALITY;
			card = true;
		}
		for (uint32_t j = 0; j < k; j++)
			seen = seen || out[j] == from[i];
		if (!seen && k < 8)
			out[k++] = from[i];
	}
	return k;
}

static void
digit_add(
    struct digits *ds, enum digit_kind kind, int low, int high, int64_t most)
{
	assert(ds->n < DIGITS_MAX);
	ds->d[ds->n++] = (struct digit){kind, low, high, most, 0, 0};
}

static void
bands_add(struct digits *ds, const struct market *mk, bool full)
{
	int points = full ? 1 : BAND_POINTS;
	int end = full ? MATCH_SCORE_MAX + 1 : mk->p->good_enough;
	bool used[MATCH_SCORE_MAX + 1] = {false};
	int16_t *row = arena_alloc(mk->arena, (mk->m + 1) * sizeof(*row));

	for (uint32_t i = 0; i < mk->n; i++) {
		market_row(mk, i, row);
		for (uint32_t j = 0; j < mk->m; j++)
			if (row[j] >= 0)
				used[row[j]] = true;
	}
	if (end > MATCH_SCORE_MAX + 1)
		end = MATCH_SCORE_MAX + 1;
	for (int low = 0; low < end; low += points) {
		int high = low + points < end ? low + points : end;
		bool any = false;

		for (int s = low; s < high; s++)
			any = any || used[s];
		if (any)
			digit_add(ds, DIGIT_BAND, low, high, 1);
	}
}

static void
digits_init(struct digits *ds, struct market *mk, const enum match_step *steps,
    uint32_t n)
{
	int64_t bonus =
	    mk->standing_n > 0 && mk->p->inertia > 0 ? mk->p->inertia : 0;
	int left = 0;

	for (uint32_t i = 0; i < mk->n && mk->p->scores == NULL; i++) {
		int l = mk->p->people[mk->row_person[i]].left_out;

		left = l > left ? l : left;
	}
	ds->n = 0;
	for (uint32_t s = 0; s < n; s++) {
		if (steps[s] == MATCH_STEP_CARDINALITY) {
			digit_add(ds, DIGIT_CARD, 0, 0, 1);
			if (left > 0)
				digit_add(ds, DIGIT_LEFT_OUT, 0, 0,
				    left < 15 ? left : 15);
		} else if (steps[s] == MATCH_STEP_FAIR ||
			   steps[s] == MATCH_STEP_LEXIMIN) {
			bands_add(ds, mk, steps[s] == MATCH_STEP_LEXIMIN);
		} else if (steps[s] == MATCH_STEP_TOTAL) {
			digit_add(
			    ds, DIGIT_TOTAL, 0, 0, MATCH_SCORE_MAX + bonus);
		} else if (steps[s] == MATCH_STEP_CHANGES &&
			   mk->standing_n > 0) {
			digit_add(ds, DIGIT_CHANGES, 0, 0, 1);
		}
	}
}

/* From the lowest digit up: fill words; number them from the top after. */
static uint32_t
digits_pack(struct digits *ds, int64_t pairs)
{
	int64_t unit = 1;
	uint32_t word = 0;

	for (uint32_t i = ds->n; i-- > 0;) {
		struct digit *d = &ds->d[i];
		int64_t radix = pairs * d->most * 2 + 1;

		assert(radix > 0 && radix < word_limit);
		if (unit > word_limit / radix) {
			word++;
			unit = 1;
		}
		d->word = word;
		d->unit = unit;
		unit *= radix;
	}
	for (uint32_t i = 0; i < ds->n; i++)
		ds->d[i].word = word - ds->d[i].word;
	return word + 1;
}

static void
digit_fill(struct gauge *g, const struct market *mk, const struct digit *d,
    const struct digit *first)
{
	for (int s = 0; s <= MATCH_SCORE_MAX; s++) {
		int64_t *w = &g->tab[(size_t)s * g->k + d->word];

		if (d->kind == DIGIT_CARD)
			*w += d->unit;
		else if (d->kind == DIGIT_BAND && s >= d->low && s < d->high)
			*w -= d->unit;
		else if (d->kind == DIGIT_TOTAL)
			*w += d->unit * s;
	}
	if (d->kind == DIGIT_CARD && d == first)
		g->card_unit = d->unit;
	if (d->kind == DIGIT_TOTAL && mk->standing_n > 0)
		g->stand[d->word] += d->unit * mk->p->inertia;
	if (d->kind == DIGIT_CHANGES)
		g->stand[d->word] += d->unit;
	for (uint32_t i = 0; i < mk->n && d->kind == DIGIT_LEFT_OUT; i++) {
		int l = mk->p->people[mk->row_person[i]].left_out;

		g->row_add[(size_t)i * g->k + d->word] +=
		    d->unit * (l < 15 ? l : 15);
	}
}

void
gauge_init(struct market *mk, const enum match_step *steps, uint32_t steps_n,
    struct gauge *g)
{
	struct digits *ds = arena_alloc(mk->arena, sizeof(*ds));
	int64_t rows = 0, cols = 0;

	for (uint32_t i = 0; i < mk->n; i++)
		rows += mk->demand[i];
	for (uint32_t j = 0; j < mk->m; j++)
		cols += mk->cap[j];
	digits_init(ds, mk, steps, steps_n);
	*g = (struct gauge){0};
	g->k = digits_pack(ds, (rows < cols ? rows : cols) + 1);
	g->tab = arena_alloc(
	    mk->arena, (size_t)(MATCH_SCORE_MAX + 2) * g->k * sizeof(int64_t));
	g->tab[0] = -2 * word_limit;
	g->tab += g->k;
	g->row_add = arena_alloc(
	    mk->arena, ((size_t)mk->n + 1) * g->k * sizeof(int64_t));
	g->stand = arena_alloc(mk->arena, g->k * sizeof(int64_t));
	for (uint32_t i = 0; i < ds->n; i++)
		digit_fill(g, mk, &ds->d[i], &ds->d[0]);
}
