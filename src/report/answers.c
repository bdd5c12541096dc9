/*
 * Answers -> cells.  With figures.c the only code that sees single answers;
 * private ones are skipped at the door (usable).
 */
#include <stdlib.h>
#include <string.h>

#include "base/digest.h"
#include "base/num.h"
#include "base/uni.h"
#include "base/vec.h"
#include "report/figures_int.h"

static bool
usable(const struct facts *f, const struct fact_answer *a)
{
	return a->share != SHARE_PRIVATE && a->person_id != 0 &&
	       a->at_unix <= f->now_unix;
}

struct place {
	int64_t id;
	size_t index;
};

static int
compare_places(const void *a, const void *b)
{
	const struct place *x = a, *y = b;

	return (x->id > y->id) - (x->id < y->id);
}

static struct place *
places(struct arena *arena, const struct facts *f)
{
	struct place *p = arena_alloc(arena, f->people_n * sizeof(*p));

	for (size_t i = 0; i < f->people_n; i++)
		p[i] = (struct place){f->people[i].id, i};
	if (f->people_n > 0)
		qsort(p, f->people_n, sizeof(*p), compare_places);
	return p;
}

static size_t
place_of(const struct place *p, size_t n, int64_t id)
{
	struct place key = {.id = id};
	const struct place *hit =
	    n > 0 ? bsearch(&key, p, n, sizeof(*p), compare_places) : NULL;

	return hit != NULL ? hit->index : SIZE_MAX;
}

static int64_t
level_of(struct span value)
{
	switch (value.n > 0 ? ascii_upper(value.p[0]) : 0) {
	case 'L':
		return 0;
	case 'M':
		return 1000;
	case 'H':
		return 2000;
	default:
		return -1;
	}
}

/* ---- learning gain ---- */

struct levels {
	int64_t *before, *after, *at; /* of each person; -1 = not told */
};

static struct levels
collect_levels(struct maker *m, const struct place *by_id, struct span skill)
{
	const struct facts *f = m->f;
	size_t bytes = f->people_n * sizeof(int64_t);
	struct levels l = {arena_alloc(m->arena, bytes),
	    arena_alloc(m->arena, bytes), arena_alloc(m->arena, bytes)};

	for (size_t i = 0; i < f->people_n; i++)
		l.before[i] = l.after[i] = -1;
	for (size_t i = 0; i < f->answers_n; i++) {
		const struct fact_answer *a = &f->answers[i];
		size_t p;

		if (!usable(f, a) || !span_starts(a->question, "levels/") ||
		    !span_eq(span_skip(a->question, 7), skill))
			continue;
		p = place_of(by_id, f->people_n, a->person_id);
		if (p == SIZE_MAX)
			continue;
		if (span_is(a->survey, "signup"))
			l.before[p] = level_of(a->value);
		else if (span_is(a->survey, "final"))
			l.after[p] = level_of(a->value);
		else
			continue;
		if (a->at_unix > l.at[p])
			l.at[p] = a->at_unix;
	}
	return l;
}

static void
make_skill(struct maker *m, const struct levels *l,
    const struct fact_skill *skill, struct level_row *row)
{
	const struct facts *f = m->f;
	static const char *const ends[] = {"mentor", "mentee"};
	struct result r[2][2];

	for (int time = 0; time < 2; time++) {
		struct crowd crowd =
		    crowd_new(m->arena, 2 * f->people_n, m->min);
		struct cell c[2];

		for (int k = 0; k < 2; k++)
			c[k] = cell_new(m, &crowd,
			    arena_spanf(m->arena, "level/%.*s/%s/%s",
				(int)skill->id.n, skill->id.p, ends[k],
				time == 0 ? "before" : "after"),
			    true);
		for (size_t i = 0; i < 2 * f->people_n; i++) {
			const struct fact_person *p = &f->people[i / 2];
			bool has = i % 2 == 0 ? p->mentor : p->mentee;

			crowd.who[i] = p->id;
			if (!has || l->before[i / 2] < 0 || l->after[i / 2] < 0)
				continue;
			c[i % 2].since[i] = l->at[i / 2];
			c[i % 2].value[i] =
			    time == 0 ? l->before[i / 2] : l->after[i / 2];
		}
		settle(m, &crowd, c, 2, r[time]);
	}
	*row = (struct level_row){.skill = skill->id, .name = skill->name};
	for (int k = 0; k < 2; k++) {
		struct level_cell *c = k == 0 ? &row->mentor : &row->mentee;

		/* Both ends of the arrow must be of the same people. */
		c->shown = !r[0][k].figure.withheld &&
			   !r[1][k].figure.withheld &&
			   r[0][k].figure.n == r[1][k].figure.n;
		c->before = r[0][k].figure.value;
		c->after = r[1][k].figure.value;
		c->n = r[0][k].figure.n;
	}
}

void
make_levels(struct maker *m, struct told *t)
{
	const struct facts *f = m->f;
	struct place *by_id = places(m->arena, f);

	t->levels = arena_alloc(m->arena, f->skills_n * sizeof(*t->levels));
	t->levels_n = f->skills_n;
	for (size_t i = 0; i < f->skills_n; i++) {
		struct levels l = collect_levels(m, by_id, f->skills[i].id);

		make_skill(m, &l, &f->skills[i], &t->levels[i]);
	}
}

/* ---- satisfaction by month ---- */

static bool
is_satisfaction(const struct facts *f, const struct fact_answer *a)
{
	int64_t v;

	return usable(f, a) && a->type == QUESTION_SCALE &&
	       (span_is(a->question, "useful") ||
		   span_is(a->question, "satisfaction")) &&
	       num_int(a->value, 0, 100, &v);
}

static int
month_of(const struct facts *f, int64_t at)
{
	struct civil c =
	    f->zone != NULL ? zone_civil(f->zone, at) : civil_of_unix(at);

	return c.year * 12 + c.month - 1;
}

static struct span
month_key(struct arena *arena, int month)
{
	return arena_spanf(
	    arena, "satisfaction/%04d-%02d", month / 12, month % 12 + 1);
}

/*
 * Months that are over, joined with the next ones until enough people have
 * answered.  A block that a report has shown keeps its end for ever.
 */
static size_t
cut_months(struct maker *m, struct crowd *crowd, const int *month, int first,
    int last, struct cell *cells)
{
	uint8_t *in = arena_alloc(m->arena, crowd->n);
	size_t n = 0;

	for (int now = first; now <= last; now++) {
		struct span key = month_key(m->arena, now);

		for (size_t i = 0; i < crowd->n; i++)
			if (month[i] == now)
				in[i] = 1;
		if (earliest(m->f, key) == NULL &&
		    crowd_people(crowd, in) < m->min)
			continue;
		cells[n] = cell_new(m, crowd, key, true);
		for (size_t i = 0; i < crowd->n; i++)
			if (in[i])
				cells[n].since[i] = 0;
		memset(in, 0, crowd->n);
		n++;
	}
	return n;
}

void
make_months(struct maker *m, struct told *t)
{
	const struct facts *f = m->f;
	struct crowd crowd;
	size_t count = 0, k = 0;
	int first = month_of(f, f->begin_unix);
	int last = month_of(f, f->now_unix) - 1;
	int *month;
	int64_t *value;
	struct cell *cells;
	struct result *r;

	for (size_t i = 0; i < f->answers_n; i++)
		count += is_satisfaction(f, &f->answers[i]);
	if (last < first || count == 0 || last - first > 1200)
		return;
	crowd = crowd_new(m->arena, count, m->min);
	month = arena_alloc(m->arena, count * sizeof(*month));
	value = arena_alloc(m->arena, count * sizeof(*value));
	for (size_t i = 0; i < f->answers_n; i++) {
		const struct fact_answer *a = &f->answers[i];

		if (!is_satisfaction(f, a))
			continue;
		crowd.who[k] = a->person_id;
		month[k] = month_of(f, a->at_unix);
		num_int(a->value, 0, 100, &value[k]);
		value[k++] *= 1000;
	}
	cells =
	    arena_alloc(m->arena, (size_t)(last - first + 1) * sizeof(*cells));
	t->months_n = cut_months(m, &crowd, month, first, last, cells);
	r = arena_alloc(m->arena, t->months_n * sizeof(*r));
	t->months = arena_alloc(m->arena, t->months_n * sizeof(*t->months));
	for (size_t i = 0; i < t->months_n; i++)
		cells[i].value = value;
	settle(m, &crowd, cells, t->months_n, r);
	for (size_t i = 0; i < t->months_n; i++)
		t->months[i] = (struct month_mean){
		    .label = span_skip(cells[i].key, sizeof("satisfaction")),
		    .shown = !r[i].figure.withheld,
		    .value = r[i].figure.value,
		    .n = r[i].figure.n};
}

/* ---- any question ---- */

/* Thousandths of the answer's scale; -1 = cannot be measured. */
static int64_t
permille_of(const struct fact_answer *a)
{
	int64_t v;

	switch (a->type) {
	case QUESTION_SCALE:
		return num_int(a->value, 0, 5, &v) ? v * 200 : -1;
	case QUESTION_YESNO:
		return span_is(a->value, "yes")  ? 1000
		       : span_is(a->value, "no") ? 0
						 : -1;
	case QUESTION_LEVEL:
		v = level_of(a->value);
		return v < 0 ? -1 : v / 2;
	case QUESTION_NUMBER:
		return num_int(a->value, 0, 100, &v) ? v * 10 : -1;
	default:
		return -1;
	}
}

bool
make_question(struct maker *m, struct span id, int64_t *permille,
    int64_t *first, bool *has_first, int64_t *n)
{
	const struct facts *f = m->f;
	struct span key =
	    arena_spanf(m->arena, "question/%.*s", (int)id.n, id.p);
	struct crowd crowd = crowd_new(m->arena, f->answers_n, m->min);
	struct cell c = cell_new(m, &crowd, key, true);
	const struct fact_published *old = earliest(f, key);
	struct result r;

	for (size_t i = 0; i < f->answers_n; i++) {
		const struct fact_answer *a = &f->answers[i];

		if (!usable(f, a) || !span_eq(a->question, id) ||
		    permille_of(a) < 0)
			continue;
		crowd.who[i] = a->person_id;
		c.since[i] = a->at_unix;
		c.value[i] = permille_of(a);
	}
	settle(m, &crowd, &c, 1, &r);
	*permille = r.figure.value;
	*n = r.figure.n;
	*has_first = old != NULL && old->at_unix < r.at_unix;
	*first = old != NULL ? old->value : 0;
	return !r.figure.withheld;
}

void
make_said(struct maker *m, struct told *t)
{
	static const struct {
		const char *id, *key;
	} asked[] = {{"advocate", "report-said-advocate"},
	    {"confidence", "report-said-confidence"},
	    {"open", "report-said-open"}};

	for (size_t i = 0; i < sizeof(asked) / sizeof(*asked); i++) {
		struct said *s = &t->said[t->said_n];
		int64_t first;
		bool has_first;

		s->key = asked[i].key;
		t->said_n += make_question(m, span_of(asked[i].id),
		    &s->permille, &first, &has_first, &s->n);
	}
}

/* ---- own words ---- */

/* A word of the list "a, b, c" begins some word of the text. */
static bool
mentions(struct span text, struct span list)
{
	struct span word;

	while (span_part(&list, ',', &word)) {
		struct span rest = text;

		word = span_trim(word);
		while (word.n > 0 && rest.n > 0) {
			size_t at = span_find(rest, word);
			const char *hit = rest.p + at;

			if (at == rest.n)
				break;
			if (hit == text.p ||
			    !(ascii_alnum(hit[-1]) || (hit[-1] & 0x80)))
				return true;
			rest = span_skip(rest, at + 1);
		}
	}
	return false;
}

/* "Digital tools and data: digital, tool, ..." of one language. */
static bool
mentions_in(struct arena *arena, const struct words *w, const char *key,
    struct span text)
{
	for (; w != NULL; w = w->fallback) {
		struct words alone = *w;
		struct span list;

		alone.fallback = NULL;
		if (!words_has(&alone, key))
			continue;
		list = words_get(&alone, key);
		list =
		    uni_fold(arena, span_skip(list, span_findc(list, ':') + 1));
		if (mentions(text, list))
			return true;
	}
	return false;
}

/* People answer in their own language, whatever the report's is. */
static bool
mentions_theme(struct maker *m, const char *key, struct span text)
{
	if (mentions_in(m->arena, m->words, key, text))
		return true;
	for (size_t i = 0; i < m->f->tongues_n; i++)
		if (mentions_in(m->arena, m->f->tongues[i], key, text))
			return true;
	return false;
}

static bool
is_own_words(const struct facts *f, const struct fact_answer *a)
{
	return usable(f, a) && a->type == QUESTION_TEXT && a->value.n > 0 &&
	       (span_is(a->survey, "final") || span_is(a->survey, "midpoint"));
}

/* What they would do better is no gain, and is told apart. */
static bool
is_wish(const struct fact_answer *a)
{
	return span_is(a->question, "improve");
}

struct theming {
	struct place *by_id;
	struct span *folded; /* of each answer; empty for those not looked at */
	bool wishes;
	struct theme *list;
	size_t n;
};

static void
make_theme(struct maker *m, struct theming *x, int number)
{
	const struct facts *f = m->f;
	struct crowd crowd = crowd_new(m->arena, f->people_n, m->min);
	char *key = arena_printf(m->arena, "report-theme-%d", number);
	struct span phrase = words_get(m->words, key);
	struct cell c = cell_new(m, &crowd,
	    arena_spanf(
		m->arena, "%s/%d", x->wishes ? "wish" : "theme", number),
	    false);
	struct result r;

	for (size_t i = 0; i < f->people_n; i++)
		crowd.who[i] = f->people[i].id;
	for (size_t i = 0; i < f->answers_n; i++) {
		const struct fact_answer *a = &f->answers[i];
		size_t p;

		if (x->folded[i].n == 0 || is_wish(a) != x->wishes ||
		    !mentions_theme(m, key, x->folded[i]))
			continue;
		p = place_of(x->by_id, f->people_n, a->person_id);
		if (p != SIZE_MAX && a->at_unix < c.since[p])
			c.since[p] = a->at_unix;
	}
	settle(m, &crowd, &c, 1, &r);
	if (!r.figure.withheld &&
	    vec_room(m->arena, &x->list, x->n, sizeof(*x->list)))
		x->list[x->n++] =
		    (struct theme){span_sub(phrase, 0, span_findc(phrase, ':')),
			r.figure.value};
}

static int
compare_themes(const void *a, const void *b)
{
	const struct theme *x = a, *y = b;

	return x->n != y->n ? (x->n < y->n) - (x->n > y->n)
			    : span_cmp(x->name, y->name);
}

static void
make_list(struct maker *m, struct theming *x)
{
	for (int k = 1; k < 100; k++) {
		if (!words_has(
			m->words, arena_printf(m->arena, "report-theme-%d", k)))
			break;
		make_theme(m, x, k);
	}
	if (x->n > 0)
		qsort(x->list, x->n, sizeof(*x->list), compare_themes);
}

void
make_themes(struct maker *m, struct told *t)
{
	const struct facts *f = m->f;
	struct theming x = {.by_id = places(m->arena, f),
	    .folded = arena_alloc(m->arena, f->answers_n * sizeof(*x.folded))};
	struct theming wishes;

	if (m->words == NULL)
		return;
	for (size_t i = 0; i < f->answers_n; i++)
		if (is_own_words(f, &f->answers[i]))
			x.folded[i] = uni_fold(m->arena, f->answers[i].value);
	wishes = x;
	wishes.wishes = true;
	make_list(m, &x);
	make_list(m, &wishes);
	t->themes = x.list;
	t->themes_n = x.n;
	t->wishes = wishes.list;
	t->wishes_n = wishes.n;
}

struct quote {
	uint8_t mark[DIGEST_BYTES];
	struct span text;
};

static int
compare_quotes(const void *a, const void *b)
{
	return memcmp(((const struct quote *)a)->mark,
	    ((const struct quote *)b)->mark, DIGEST_BYTES);
}

/* Short ones without an address; the order is the digest's, not time's. */
static void
pick_quotes(struct maker *m, struct told *t, const struct cell *c, int64_t at)
{
	const struct facts *f = m->f;
	struct quote *q = arena_alloc(m->arena, f->answers_n * sizeof(*q));
	size_t n = 0;

	for (size_t i = 0; i < f->answers_n; i++) {
		struct span text = span_trim(f->answers[i].value);

		if (c->since[i] > at || text.n < 12 || text.n > 240 ||
		    span_has(text, "@"))
			continue;
		digest_sha256(text, q[n].mark);
		q[n++].text = text;
	}
	if (n > 0)
		qsort(q, n, sizeof(*q), compare_quotes);
	t->quotes = arena_alloc(m->arena, n * sizeof(*t->quotes));
	for (size_t i = 0; i < n && t->quotes_n < 5; i++)
		if (i == 0 || compare_quotes(&q[i - 1], &q[i]) != 0)
			t->quotes[t->quotes_n++] = q[i].text;
}

void
make_quotes(struct maker *m, struct told *t)
{
	const struct facts *f = m->f;
	struct crowd crowd = crowd_new(m->arena, f->answers_n, m->comment_min);
	struct cell c = cell_new(m, &crowd, SPAN("quotes"), false);
	struct result r;

	for (size_t i = 0; i < f->answers_n; i++) {
		const struct fact_answer *a = &f->answers[i];

		if (!is_own_words(f, a) || is_wish(a) ||
		    a->share != SHARE_COUNTED)
			continue;
		crowd.who[i] = a->person_id;
		c.since[i] = a->at_unix;
	}
	settle(m, &crowd, &c, 1, &r);
	if (!r.figure.withheld)
		pick_quotes(m, t, &c, r.at_unix);
}
