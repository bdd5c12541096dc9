/*
 * An attacker who keeps every report and adds and subtracts what stands in
 * them.  Knows which set is behind each figure (worked out here again, apart
 * from report/) and looks for a sum that hangs on fewer than five people:
 * all pairs and triples, and echelon forms in many orders of columns.
 */
#ifndef UNIT_ATTACK_H
#define UNIT_ATTACK_H

#include "base/num.h"
#include "unit/invent.h"

#define ATTACK_PRIME INT64_C(2147483629)

struct attack_row {
	struct span space; /* figures of one space can be added up */
	struct span key;
	int64_t *v; /* of each item of the space */
	size_t n;
	int64_t *who, *whom;
};

struct attack {
	struct arena *arena;
	struct facts full; /* all that ever happens */
	int64_t *erased;   /* when each person is erased; INT64_MAX never */
	struct attack_row *rows;
	size_t rows_n;
	size_t wrong; /* figures whose number of people was not as known */
	struct dice dice;
};

static inline size_t
attack_person(const struct attack *a, int64_t id)
{
	return (size_t)id - 1; /* invent() numbers them 1, 2, ... */
	(void)a;
}

static inline bool
attack_here(const struct attack *a, int64_t id, int64_t at)
{
	return id == 0 || a->erased[attack_person(a, id)] > at;
}

/* What the database holds at that time. */
static inline struct facts
attack_view(struct attack *a, int64_t at)
{
	struct facts f = a->full;
	struct arena *m = a->arena;

	f.now_unix = at;
	f.people = arena_alloc(m, f.people_n * sizeof(*f.people));
	f.pairs = arena_alloc(m, f.pairs_n * sizeof(*f.pairs));
	f.sessions = arena_alloc(m, f.sessions_n * sizeof(*f.sessions));
	f.answers = arena_alloc(m, f.answers_n * sizeof(*f.answers));
	f.people_n = f.pairs_n = f.sessions_n = f.answers_n = 0;
	for (size_t i = 0; i < a->full.people_n; i++) {
		struct fact_person p = a->full.people[i];

		if (!attack_here(a, p.id, at) || p.invited_unix > at)
			continue;
		p.joined_unix = p.joined_unix > at ? 0 : p.joined_unix;
		p.matched_unix = p.matched_unix > at ? 0 : p.matched_unix;
		if (p.left_company_unix > at)
			p.left_company_unix = 0;
		f.people[f.people_n++] = p;
	}
	for (size_t i = 0; i < a->full.pairs_n; i++)
		if (a->full.pairs[i].begun_unix <= at)
			f.pairs[f.pairs_n++] = a->full.pairs[i];
	for (size_t i = 0; i < a->full.sessions_n; i++)
		if (a->full.sessions[i].start_unix <= at)
			f.sessions[f.sessions_n++] = a->full.sessions[i];
	for (size_t i = 0; i < a->full.answers_n; i++)
		if (a->full.answers[i].at_unix <= at &&
		    attack_here(a, a->full.answers[i].person_id, at))
			f.answers[f.answers_n++] = a->full.answers[i];
	return f;
}

static inline struct attack_row *
attack_add(struct attack *a, const char *space, struct span key, size_t n)
{
	struct attack_row r = {.space = span_of(space),
	    .key = key,
	    .n = n,
	    .v = arena_alloc(a->arena, n * sizeof(int64_t)),
	    .who = arena_alloc(a->arena, n * sizeof(int64_t)),
	    .whom = arena_alloc(a->arena, n * sizeof(int64_t))};

	vec_room(a->arena, &a->rows, a->rows_n, sizeof(r));
	a->rows[a->rows_n] = r;
	return &a->rows[a->rows_n++];
}

static inline void
attack_people_row(struct attack *a, struct span key, int64_t at)
{
	struct attack_row *r = attack_add(a, "people", key, a->full.people_n);

	for (size_t i = 0; i < r->n; i++) {
		const struct fact_person *p = &a->full.people[i];
		bool in = p->joined_unix > 0 && p->joined_unix <= at;

		r->who[i] = p->id;
		if (span_ends(key, "target"))
			in = p->target_group && p->invited_unix <= at;
		else if (span_ends(key, "target-joined"))
			in = in && p->target_group;
		else if (span_ends(key, "matched"))
			in = in && p->matched_unix > 0 && p->matched_unix <= at;
		else if (span_ends(key, "left-company"))
			in = in && p->left_company_unix > 0 &&
			     p->left_company_unix <= at;
		r->v[i] = in && attack_here(a, p->id, at);
	}
}

static inline const struct fact_pair *
attack_pair(const struct attack *a, int64_t id)
{
	return &a->full.pairs[id - 1];
}

static inline void
attack_session_row(struct attack *a, struct span key, int64_t at)
{
	struct attack_row *r =
	    attack_add(a, "sessions", key, a->full.sessions_n);
	struct span kind = span_skip(key, sizeof("sessions/held/") - 1);

	for (size_t i = 0; i < r->n; i++) {
		const struct fact_session *s = &a->full.sessions[i];
		const struct fact_pair *p = attack_pair(a, s->pair_id);

		r->who[i] = p->mentor_id;
		r->whom[i] = p->mentee_id;
		r->v[i] = s->start_unix <= at && span_is(s->state, "held") &&
			  (kind.n == 0 || span_eq(s->kind, kind));
	}
}

static inline void
attack_pairs_row(struct attack *a, struct span key, int64_t at)
{
	struct attack_row *r = attack_add(a, "pairs", key, a->full.pairs_n);

	for (size_t i = 0; i < r->n; i++) {
		r->who[i] = a->full.pairs[i].mentor_id;
		r->whom[i] = a->full.pairs[i].mentee_id;
		r->v[i] = a->full.pairs[i].begun_unix <= at;
	}
}

static inline int64_t
attack_level(const struct attack *a, int64_t person, const char *survey,
    struct span skill, int64_t at)
{
	for (size_t i = 0; i < a->full.answers_n; i++) {
		const struct fact_answer *x = &a->full.answers[i];

		if (x->person_id == person && x->at_unix <= at &&
		    span_is(x->survey, survey) &&
		    span_eq(span_skip(x->question, 7), skill))
			return x->at_unix;
	}
	return 0;
}

static inline void
attack_level_row(struct attack *a, struct span key, int64_t at)
{
	struct span rest = span_skip(key, 6), skill, end;
	struct attack_row *r;
	size_t n = a->full.people_n;
	char *space;

	span_part(&rest, '/', &skill);
	span_part(&rest, '/', &end);
	space = arena_printf(a->arena, "level/%.*s/%.*s", (int)skill.n, skill.p,
	    (int)rest.n, rest.p);
	r = attack_add(a, space, key, 2 * n);
	for (size_t i = 0; i < 2 * n; i++) {
		const struct fact_person *p = &a->full.people[i / 2];
		bool mentor = i % 2 == 0;

		r->who[i] = p->id;
		r->v[i] = span_is(end, mentor ? "mentor" : "mentee") &&
			  (mentor ? p->mentor : p->mentee) &&
			  attack_here(a, p->id, at) && p->invited_unix <= at &&
			  attack_level(a, p->id, "signup", skill, at) > 0 &&
			  attack_level(a, p->id, "final", skill, at) > 0;
	}
}

static inline bool
attack_answer_in(const struct attack *a, const struct fact_answer *x,
    struct span key, int64_t from, int64_t to)
{
	(void)a;
	if (span_starts(key, "satisfaction/"))
		return span_is(x->question, "useful") && x->at_unix >= from &&
		       x->at_unix < to;
	if (span_is(key, "quotes"))
		return x->type == QUESTION_TEXT && x->share == SHARE_COUNTED &&
		       !span_is(x->question, "improve");
	return span_eq(x->question, span_skip(key, sizeof("question")));
}

/* First instant of the month behind "2026-03". */
static inline int64_t
attack_month_end(struct span label)
{
	struct civil c = {.day = 1};
	const char *p = label.p;

	c.year = (p[0] - '0') * 1000 + (p[1] - '0') * 100 + (p[2] - '0') * 10 +
		 (p[3] - '0');
	c.month = (p[5] - '0') * 10 + (p[6] - '0') + 1;
	if (c.month > 12) {
		c.month = 1;
		c.year++;
	}
	return civil_unix(&c);
}

static inline void
attack_answer_row(struct attack *a, struct span key, int64_t at)
{
	bool month = span_starts(key, "satisfaction/");
	bool useful = month || span_is(key, "question/useful");
	char *space =
	    arena_strdup(a->arena, useful ? SPAN("satisfaction") : key);
	int64_t from = 0, to = INT64_MAX;
	struct attack_row *r;

	if (month) {
		to = attack_month_end(span_skip(key, 13));
		/* From the end of the block published before it. */
		for (size_t i = 0; i < a->rows_n; i++) {
			int64_t end;

			if (!span_starts(a->rows[i].key, "satisfaction/"))
				continue;
			end = attack_month_end(span_skip(a->rows[i].key, 13));
			if (end < to && end > from)
				from = end;
		}
	}
	r = attack_add(a, space, key, a->full.answers_n);
	for (size_t i = 0; i < r->n; i++) {
		const struct fact_answer *x = &a->full.answers[i];

		r->who[i] = x->person_id;
		r->v[i] = x->at_unix <= at &&
			  attack_here(a, x->person_id, at) &&
			  attack_answer_in(a, x, key, from, to);
	}
}

/* Who has said words of that theme so far. */
static inline void
attack_theme_row(struct attack *a, struct span key, int64_t at)
{
	struct attack_row *r = attack_add(a, key.p, key, a->full.people_n);
	struct span number = span_skip(key, span_findc(key, '/') + 1);
	bool wish = span_starts(key, "wish/");
	const char *said = NULL;

	for (size_t k = 0; k < INVENT_SAID; k++)
		if (span_is(number, invent_themes[k]))
			said = invent_said[k];
	for (size_t i = 0; i < r->n; i++)
		r->who[i] = a->full.people[i].id;
	for (size_t i = 0; i < a->full.answers_n && said != NULL; i++) {
		const struct fact_answer *x = &a->full.answers[i];

		if (x->type == QUESTION_TEXT && x->at_unix <= at &&
		    attack_here(a, x->person_id, at) &&
		    span_is(x->question, "improve") == wish &&
		    span_is(x->value, said))
			r->v[attack_person(a, x->person_id)] = 1;
	}
	a->wrong += said == NULL;
}

static inline void
attack_learn(struct attack *a, struct span key, int64_t at)
{
	key = arena_span(a->arena, key);
	if (span_starts(key, "people/"))
		attack_people_row(a, key, at);
	else if (span_starts(key, "sessions/"))
		attack_session_row(a, key, at);
	else if (span_is(key, "pairs"))
		attack_pairs_row(a, key, at);
	else if (span_starts(key, "level/"))
		attack_level_row(a, key, at);
	else if (span_starts(key, "theme/") || span_starts(key, "wish/"))
		attack_theme_row(a, key, at);
	else if (span_starts(key, "satisfaction/") ||
		 span_starts(key, "question/") || span_is(key, "quotes"))
		attack_answer_row(a, key, at);
	else
		a->wrong++; /* a figure that this attack does not know */
}

/* Distinct people behind the items that are not 0; 0 when all are. */
static inline int
attack_support(
    const struct attack_row *r, const int64_t *v, int enough, int64_t *out)
{
	int64_t seen[64];
	int n = 0;

	for (size_t i = 0; i < r->n && n < enough; i++) {
		int64_t ids[2] = {r->who[i], r->whom[i]};

		for (int k = 0; k < 2 && v[i] != 0; k++) {
			int at = 0;

			while (at < n && seen[at] != ids[k])
				at++;
			if (ids[k] != 0 && at == n)
				seen[n++] = ids[k];
		}
	}
	if (out != NULL)
		memcpy(out, seen, (size_t)n * sizeof(*seen));
	return n;
}

/*
 * Fewer than five are left, also when all is known of the two of one pair:
 * the attacker may be the lead, or one of the two.
 */
static inline bool
attack_small(
    const struct attack *a, const struct attack_row *r, const int64_t *v)
{
	int64_t ids[8]; /* an item may add two */
	int n = attack_support(r, v, 7, ids);

	if (n == 0 || n >= 7)
		return false;
	for (size_t i = 0; i < a->full.pairs_n && n >= 5; i++) {
		int left = n;

		for (int k = 0; k < n; k++)
			left -= ids[k] == a->full.pairs[i].mentor_id ||
				ids[k] == a->full.pairs[i].mentee_id;
		if (left < 5)
			return true;
	}
	return n < 5;
}

static inline int64_t
attack_inverse(int64_t x)
{
	int64_t result = 1;

	for (int64_t e = ATTACK_PRIME - 2; e > 0; e >>= 1) {
		if (e & 1)
			result = result * x % ATTACK_PRIME;
		x = x * x % ATTACK_PRIME;
	}
	return result;
}

/* Reduced echelon form, pivots taken in the given order of columns. */
static inline size_t
attack_echelon(struct attack *a, const struct attack_row *like, int64_t **m,
    size_t rows, const size_t *order)
{
	size_t rank = 0, found = 0;

	for (size_t k = 0; k < like->n && rank < rows; k++) {
		size_t col = order[k], p = rank;
		int64_t *t, inv;

		while (p < rows && m[p][col] == 0)
			p++;
		if (p == rows)
			continue;
		t = m[p];
		m[p] = m[rank];
		m[rank] = t;
		inv = attack_inverse(t[col]);
		for (size_t i = 0; i < like->n; i++)
			t[i] = t[i] * inv % ATTACK_PRIME;
		for (size_t r = 0; r < rows; r++) {
			int64_t f = m[r][col];

			for (size_t i = 0; r != rank && f != 0 && i < like->n;
			     i++)
				if (t[i] != 0)
					m[r][i] =
					    (m[r][i] +
						(ATTACK_PRIME - f) * t[i]) %
					    ATTACK_PRIME;
		}
		rank++;
	}
	for (size_t r = 0; r < rows; r++)
		found += attack_small(a, like, m[r]);
	return found;
}

static inline size_t
attack_orders(struct attack *a, const struct attack_row **rows, size_t n)
{
	const struct attack_row *like = rows[0];
	size_t *order = arena_alloc(a->arena, like->n * sizeof(*order));
	int64_t **m = arena_alloc(a->arena, n * sizeof(*m));
	size_t found = 0;

	for (size_t i = 0; i < like->n; i++)
		order[i] = i;
	for (size_t r = 0; r < n; r++)
		m[r] = arena_alloc(a->arena, like->n * sizeof(**m));
	for (int turn = 0; turn < 4; turn++) {
		for (size_t r = 0; r < n; r++)
			memcpy(m[r], rows[r]->v, like->n * sizeof(**m));
		found += attack_echelon(a, like, m, n, order);
		for (size_t i = like->n; i > 1; i--) {
			size_t k = (size_t)dice_below(&a->dice, (int64_t)i);
			size_t t = order[i - 1];

			order[i - 1] = order[k];
			order[k] = t;
		}
	}
	return found;
}

/* c0 x + c1 y + c2 z with each c in -1, 0, 1. */
static inline size_t
attack_sums(struct attack *a, const struct attack_row **rows, size_t n)
{
	int64_t *v = arena_alloc(a->arena, rows[0]->n * sizeof(*v));
	size_t found = 0;

	for (size_t x = 0; x < n; x++)
		for (size_t y = x; y < n; y++)
			for (size_t z = y; z < n && z < y + 6; z++)
				for (int c = 0; c < 9; c++) {
					for (size_t i = 0; i < rows[0]->n; i++)
						v[i] =
						    rows[x]->v[i] +
						    (c / 3 - 1) *
							rows[y]->v[i] +
						    (c % 3 - 1) * rows[z]->v[i];
					found += attack_small(a, rows[0], v);
				}
	return found;
}

static inline size_t
attack_solve(struct attack *a)
{
	const struct attack_row **rows =
	    arena_alloc(a->arena, a->rows_n * sizeof(*rows));
	size_t found = 0;

	for (size_t i = 0; i < a->rows_n; i++) {
		size_t n = 0;
		bool first = true;

		for (size_t k = 0; k < a->rows_n; k++) {
			if (!span_eq(a->rows[k].space, a->rows[i].space))
				continue;
			first &= k >= i;
			rows[n++] = &a->rows[k];
		}
		if (!first)
			continue;
		found += attack_orders(a, rows, n);
		found += attack_sums(a, rows, n > 12 ? 12 : n);
	}
	return found;
}

/* What one report or digest has told, remembered as the program does. */
static inline size_t
attack_take(struct attack *a, const struct facts *f, const struct figures *told,
    int64_t at)
{
	(void)f;
	for (size_t i = 0; i < told->n; i++) {
		struct fact_published p = {.key = told->items[i].key,
		    .n = told->items[i].n,
		    .value = told->items[i].value,
		    .at_unix = at};
		size_t before = a->rows_n;
		int n;

		vec_room(a->arena, &a->full.published, a->full.published_n,
		    sizeof(p));
		a->full.published[a->full.published_n++] = p;
		attack_learn(a, p.key, at);
		n = a->rows_n > before ? attack_support(&a->rows[before],
					     a->rows[before].v, 60, NULL)
				       : -1;
		a->wrong += n != (p.n > 60 ? 60 : p.n);
		a->wrong += p.n < 5 || told->items[i].withheld;
	}
	return told->n;
}

/* Nothing is shown but what was published, now or earlier. */
static inline void
attack_shown(struct attack *a, const struct facts *f)
{
	struct figures shown;
	struct facts now = *f;

	now.published = a->full.published;
	now.published_n = a->full.published_n;
	figures_make(a->arena, &now, &shown);
	for (size_t i = 0; i < shown.n; i++) {
		const struct figure *g = &shown.items[i];
		size_t k = 0;

		while (k < now.published_n &&
		       !(span_eq(now.published[k].key, g->key) &&
			   now.published[k].n == g->n &&
			   now.published[k].value == g->value))
			k++;
		a->wrong += !g->withheld && k == now.published_n;
	}
}

static inline bool
attack_told(
    const struct attack *a, const char *key, int64_t value, int64_t unit)
{
	for (size_t i = 0; i < a->full.published_n; i++) {
		const struct fact_published *p = &a->full.published[i];

		if (span_starts(p->key, key) &&
		    (p->value / unit == value ||
			(p->value + unit / 2) / unit == value))
			return true;
	}
	return false;
}

/* The same of the page itself: each number of a chart, and of the themes. */
static inline void
attack_page(struct attack *a, const struct document *doc, const struct words *w)
{
	static const struct {
		const char *key;
		int64_t unit;
	} behind[] = {[CHART_BARS] = {"sessions/held/", 1},
	    [CHART_LINES] = {"satisfaction/", 100},
	    [CHART_HEAT] = {"level/", 2},
	    [CHART_AIMS] = {NULL, 1}};

	for (uint32_t i = 0; i < doc->blocks_n; i++) {
		const struct block *b = &doc->blocks[i];
		const struct chart *c = &b->chart;
		int64_t n = 0;

		for (uint32_t k = 0;
		     b->kind == BLOCK_CHART && k < c->n * c->series_n; k++) {
			int64_t v = c->series[k / c->n].values[k % c->n];

			a->wrong += v != CHART_NONE &&
				    behind[c->kind].key != NULL &&
				    !attack_told(a, behind[c->kind].key, v,
					behind[c->kind].unit);
		}
		if (b->kind != BLOCK_TABLE || b->table.columns != 2 ||
		    !span_eq(b->table.head[1], words_get(w, "report-people-n")))
			continue;
		for (uint32_t r = 0; r < b->table.rows; r++)
			a->wrong +=
			    !num_int(b->table.cells[r * 2 + 1], 7, 1000, &n) ||
			    (!attack_told(a, "theme/", n, 1) &&
				!attack_told(a, "wish/", n, 1));
	}
}

/*
 * One programme's life.  `naive`: what a publisher would tell who only asks
 * that five people stand behind a figure.
 */
static inline size_t
attack_run(struct arena *arena, uint64_t seed, const struct words *w,
    bool naive, size_t *figures, size_t *wrong)
{
	struct attack a = {.arena = arena, .dice = {seed}};
	struct zone utc = zone_utc();
	int people = 8 + (int)dice_below(&a.dice, 40);
	int months = 3 + (int)dice_below(&a.dice, 5);
	int64_t step = (10 + dice_below(&a.dice, 25)) * DAY;
	static const char *const keys[] = {"people/joined", "people/target",
	    "people/target-joined", "people/matched", "people/left-company",
	    "question/confidence"};

	a.full = invent(arena, seed, people, months);
	a.full.zone = &utc;
	a.erased = arena_alloc(arena, (size_t)people * sizeof(*a.erased));
	for (int i = 0; i < people; i++)
		a.erased[i] = dice_below(&a.dice, 15) > 0
				  ? INT64_MAX
				  : a.full.begin_unix +
					dice_below(&a.dice, months * 30) * DAY;
	for (int64_t at = a.full.begin_unix + 20 * DAY;
	     at < a.full.end_unix + 60 * DAY; at += step) {
		struct facts f = attack_view(&a, at);
		struct figures told = {0};
		struct document doc;
		struct chart *charts;
		size_t charts_n;

		if (naive) {
			for (size_t k = 0; k < 6; k++) {
				attack_learn(&a, span_of(keys[k]), at);
				if (attack_support(&a.rows[a.rows_n - 1],
					a.rows[a.rows_n - 1].v, 5, NULL) < 5)
					a.rows_n--;
			}
			continue;
		}
		report_build(arena, &f, w, &doc, &told);
		*figures += attack_take(&a, &f, &told, at);
		attack_shown(&a, &f);
		attack_page(&a, &doc, w);
		/* The lead's digest between two reports tells the trend. */
		f = attack_view(&a, at + WEEK);
		digest_charts(arena, &f, w, &charts, &charts_n, &told);
		*figures += attack_take(&a, &f, &told, at + WEEK);
	}
	*wrong += a.wrong;
	return attack_solve(&a);
}

#endif
