/*
 * The list of steps as weights.  Each step adds digits; a digit's radix is
 * larger than what all lower digits of a matching can add up to, so that a
 * sum of weights compares as the list of steps does.  Digits share a 64-bit
 * word while they fit; further words are compared one after the other.
 *
 * Bands of scores ("fewest pairs in the worst band, then in the next ...")
 * would need a digit each, most of them for bands that stay empty.  So
 * neighbours share one digit, which counts the pairs of all of them.  That is
 * exact as long as, in the optimum, all but the last of those that share are
 * empty: a matching that is better band by band would have fewer pairs in
 * them together, too.  Where it turns out otherwise, they are told apart.
 */
#include "match/match_int.h"

#include <assert.h>
#include <string.h>

enum {
	DIGITS_FEW = 16, /* of all steps, but for bands */
	DIGITS_MAX = 2 * MATCH_SCORE_MAX + 2 + DIGITS_FEW,
	DIGIT_WORDS = 6 /* of a digit, stored */
};
/* Duals stay below twice the largest sum; so this cannot overflow. */
static const int64_t word_limit = (int64_t)1 << 59;

enum digit_kind {
	DIGIT_CARD,
	DIGIT_LEFT_OUT,
	DIGIT_BAND,  /* of the fair step */
	DIGIT_SCORE, /* of the leximin step */
	DIGIT_TOTAL,
	DIGIT_CHANGES
};

struct digit {
	enum digit_kind kind;
	int low, high; /* BAND, SCORE: scores */
	int64_t most;  /* largest amount in one pair */
	uint32_t word;
	int64_t unit;
};

struct digits {
	uint32_t n;
	struct digit d[];
};

/* --- bands told apart --------------------------------------------------------- */

static int
bands_points(enum match_step step)
{
	return step == MATCH_STEP_FAIR ? BAND_POINTS : 1;
}

static int
bands_end(const struct match_problem *p, enum match_step step)
{
	if (step == MATCH_STEP_LEXIMIN || p->good_enough > MATCH_SCORE_MAX)
		return MATCH_SCORE_MAX + 1;
	return p->good_enough > 0 ? p->good_enough : 0;
}

void
bands_init(const struct match_problem *p, enum match_step step, struct bands *b)
{
	*b = (struct bands){.points = bands_points(step)};
	if (bands_end(p, step) > 0)
		b->end[b->n++] = bands_end(p, step);
}

bool
bands_check(
    const struct match_problem *p, enum match_step step, const struct bands *b)
{
	int last = 0, end = bands_end(p, step);

	for (uint32_t i = 0; i < b->n; i++) {
		if (b->end[i] <= last || b->end[i] > end ||
		    (b->end[i] != end && b->end[i] % b->points != 0))
			return false;
		last = b->end[i];
	}
	return b->points == bands_points(step) && last == end;
}

bool
bands_split(struct bands *b, const uint32_t scores[MATCH_SCORE_MAX + 1])
{
	struct bands new = {.points = b->points};
	int low = 0;

	for (uint32_t i = 0; i < b->n; i++) {
		int end = b->end[i];

		while (low < end) {
			int high = low - low % b->points + b->points;
			bool any = false;

			high = high < end ? high : end;
			for (; low < high; low++)
				any = any || scores[low] > 0;
			if (any || low == end)
				new.end[new.n++] = low;
		}
	}
	low = new.n > b->n;
	*b = new;
	return low;
}

bool
bands_finer(struct bands *b)
{
	for (uint32_t i = b->n; i-- > 0;) {
		int low = i == 0 ? 0 : b->end[i - 1];
		int cut = (b->end[i] - 1) / b->points * b->points;

		if (cut <= low)
			continue;
		memmove(
		    &b->end[i + 1], &b->end[i], (b->n - i) * sizeof(b->end[0]));
		b->end[i] = cut;
		b->n++;
		return true;
	}
	return false;
}

/* --- digits --------------------------------------------------------------------- */

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
	ds->d[ds->n++] = (struct digit){kind, low, high, most, 0, 0};
}

static void
bands_add(struct digits *ds, enum digit_kind kind, const struct bands *b)
{
	for (uint32_t i = 0; i < b->n; i++)
		digit_add(ds, kind, i == 0 ? 0 : b->end[i - 1], b->end[i], 1);
}

static void
digits_init(struct digits *ds, const struct market *mk,
    const enum match_step *steps, uint32_t n, const struct bands bands[2])
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
		} else if (steps[s] == MATCH_STEP_FAIR) {
			bands_add(ds, DIGIT_BAND, &bands[0]);
		} else if (steps[s] == MATCH_STEP_LEXIMIN) {
			bands_add(ds, DIGIT_SCORE, &bands[1]);
		} else if (steps[s] == MATCH_STEP_TOTAL) {
			digit_add(
			    ds, DIGIT_TOTAL, 0, 0, MATCH_SCORE_MAX + bonus);
		} else if (steps[s] == MATCH_STEP_CHANGES &&
			   mk->standing_n > 0) {
			digit_add(ds, DIGIT_CHANGES, 0, 0, 1);
		}
	}
}

/*
 * From the lowest digit up: fill words; number them from the top after.  Duals
 * lie between 0 and the largest weight, so that the first digit needs room
 * for one pair only.  "Most people" gets twice the unit: what the digits below
 * it add to a dual then never reaches half of it (see the proof's cover).
 */
static uint32_t
digits_pack(struct digits *ds, int64_t pairs)
{
	int64_t unit = 1;
	uint32_t word = 0;

	for (uint32_t i = ds->n; i-- > 0;) {
		struct digit *d = &ds->d[i];
		int64_t radix = pairs * d->most + 1;

		assert(radix > 0 && radix < word_limit);
		if (i == 0)
			radix = d->most * 2;
		if (unit > word_limit / radix) {
			word++;
			unit = 1;
		}
		if (d->kind == DIGIT_CARD && unit > 1)
			unit *= 2;
		d->word = word;
		d->unit = unit;
		unit *= radix;
	}
	for (uint32_t i = 0; i < ds->n; i++)
		ds->d[i].word = word - ds->d[i].word;
	return word + 1;
}

static bool
is_band(const struct digit *d)
{
	return d->kind == DIGIT_BAND || d->kind == DIGIT_SCORE;
}

static void
digit_fill(struct gauge *g, const struct market *mk, const struct digit *d,
    const struct digit *first)
{
	for (int s = 0; s <= MATCH_SCORE_MAX; s++) {
		int64_t *w = &g->tab[(size_t)s * g->k + d->word];

		if (d->kind == DIGIT_CARD)
			*w += d->unit;
		else if (is_band(d) && s >= d->low && s < d->high)
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

/* The digits, packed; how many words they take. */
static uint32_t
digits_of(const struct market *mk, const enum match_step *steps,
    uint32_t steps_n, const struct bands bands[2], struct digits **out)
{
	size_t room = DIGITS_FEW + bands[0].n + bands[1].n;
	struct digits *ds =
	    arena_alloc(mk->arena, sizeof(*ds) + room * sizeof(struct digit));
	int64_t rows = 0, cols = 0;

	for (uint32_t i = 0; i < mk->n; i++)
		rows += mk->demand[i];
	for (uint32_t j = 0; j < mk->m; j++)
		cols += mk->cap[j];
	digits_init(ds, mk, steps, steps_n, bands);
	*out = ds;
	return digits_pack(ds, (rows < cols ? rows : cols) + 1);
}

uint32_t
gauge_words(const struct market *mk, const enum match_step *steps,
    uint32_t steps_n, const struct bands bands[2])
{
	struct digits *ds;

	return digits_of(mk, steps, steps_n, bands, &ds);
}

void
gauge_init(const struct market *mk, const enum match_step *steps,
    uint32_t steps_n, const struct bands bands[2], struct gauge *g)
{
	struct digits *ds;
	uint32_t k = digits_of(mk, steps, steps_n, bands, &ds);

	*g = (struct gauge){.digits = ds, .k = k};
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

/*
 * For each digit, the one of the other gauge that counts it, or NULL.  Of
 * bands that shared a digit, the last takes its amounts: then duals that held
 * for all pairs still do, for pairs in the others weigh less than before.
 */
static void
digits_map(const struct digits *to, const struct digits *from,
    const struct digit *map[DIGITS_MAX])
{
	for (uint32_t i = 0; i < to->n; i++) {
		const struct digit *d = &to->d[i];

		map[i] = NULL;
		for (uint32_t j = 0; j < from->n && map[i] == NULL; j++) {
			const struct digit *x = &from->d[j];

			if (x->kind == d->kind &&
			    (!is_band(d) || x->high == d->high))
				map[i] = x;
		}
	}
}

/* Amounts of the digits, each rounded to the nearest, from the first on. */
static void
amounts_of(const struct gauge *g, const int64_t *dual, int64_t *amounts)
{
	int64_t rest = 0;

	for (uint32_t i = 0; i < g->digits->n; i++) {
		const struct digit *d = &g->digits->d[i];
		int64_t half = d->unit / 2;

		if (i == 0 || d->word != g->digits->d[i - 1].word)
			rest = dual[d->word];
		amounts[i] = (rest >= 0 ? rest + half : rest - half) / d->unit;
		rest -= amounts[i] * d->unit;
	}
}

void
gauge_convert(const struct gauge *from, const int64_t *duals, uint32_t n,
    const struct gauge *to, int64_t *out)
{
	const struct digit *map[DIGITS_MAX];
	int64_t amounts[DIGITS_MAX], *o = out;

	digits_map(to->digits, from->digits, map);
	for (uint32_t i = 0; i < n; i++, o += to->k) {
		uint32_t k = 0;

		amounts_of(from, &duals[(size_t)i * from->k], amounts);
		memset(o, 0, to->k * sizeof(*o));
		for (uint32_t x = 0; x < to->digits->n; x++)
			if (map[x] != NULL)
				o[to->digits->d[x].word] +=
				    amounts[map[x] - from->digits->d] *
				    to->digits->d[x].unit;
		while (k < to->k && o[k] == 0)
			k++;
		if (k < to->k && o[k] < 0)
			memset(o, 0, to->k * sizeof(*o));
	}
}

/* --- stored beside duals ---------------------------------------------------- */

uint32_t
gauge_written(const struct gauge *g)
{
	return 2 + g->digits->n * DIGIT_WORDS;
}

void
gauge_write(const struct gauge *g, int64_t *out)
{
	*out++ = g->k;
	*out++ = g->digits->n;
	for (uint32_t i = 0; i < g->digits->n; i++) {
		const struct digit *d = &g->digits->d[i];
		const int64_t words[DIGIT_WORDS] = {
		    d->kind, d->low, d->high, d->most, d->word, d->unit};

		memcpy(out, words, sizeof(words));
		out += DIGIT_WORDS;
	}
}

/* Each number within what gauge_write writes? */
static bool
digit_read(const int64_t *from, int64_t k, struct digit *d)
{
	if (from[0] < DIGIT_CARD || from[0] > DIGIT_CHANGES || from[1] < 0 ||
	    from[1] > MATCH_SCORE_MAX || from[2] < 0 ||
	    from[2] > MATCH_SCORE_MAX + 1 || from[4] < 0 || from[4] >= k ||
	    from[5] < 1 || from[5] > word_limit)
		return false;
	*d = (struct digit){(enum digit_kind)from[0], (int)from[1],
	    (int)from[2], from[3], (uint32_t)from[4], from[5]};
	return true;
}

bool
gauge_read(struct arena *a, const int64_t *from, uint32_t n, struct gauge *g,
    struct bands bands[2])
{
	struct digits *ds;
	uint32_t met[2] = {0, 0};

	/* No digits at all (no change to count) are one word of nothing. */
	if (n < 2 || from[0] < 1 || from[0] > from[1] + 1 || from[1] < 0 ||
	    from[1] > DIGITS_MAX || n < 2 + from[1] * DIGIT_WORDS)
		return false;
	ds = arena_alloc(
	    a, sizeof(*ds) + (size_t)from[1] * sizeof(struct digit));
	for (; ds->n < from[1]; ds->n++) {
		struct digit *d = &ds->d[ds->n];
		struct bands *b;

		if (!digit_read(&from[2 + ds->n * DIGIT_WORDS], from[0], d))
			return false;
		if (!is_band(d))
			continue;
		b = &bands[d->kind == DIGIT_SCORE];
		if (met[d->kind == DIGIT_SCORE] > MATCH_SCORE_MAX)
			return false;
		b->n = ++met[d->kind == DIGIT_SCORE];
		b->end[b->n - 1] = d->high;
	}
	*g = (struct gauge){.digits = ds, .k = (uint32_t)from[0]};
	return true;
}

bool
gauge_is(const struct gauge *a, const struct gauge *b)
{
	if (a->k != b->k || a->digits->n != b->digits->n)
		return false;
	for (uint32_t i = 0; i < a->digits->n; i++) {
		const struct digit *x = &a->digits->d[i];
		const struct digit *y = &b->digits->d[i];

		if (x->kind != y->kind || x->low != y->low ||
		    x->high != y->high || x->most != y->most ||
		    x->word != y->word || x->unit != y->unit)
			return false;
	}
	return true;
}
