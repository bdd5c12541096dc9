/*
 * An attacker who keeps every report and adds and subtracts what stands in
 * them.  Knows which set is behind each figure (worked out here again, apart
 * from report/) and looks for a sum that hangs on fewer than five people:
 * all pairs and triples, and echelon forms in many orders of columns.
 */
#ifndef UNIT_ATTACK_H
#define UNIT_ATTACK_H

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
		return x->type == QUESTION_TEXT && x->share == SHARE_COUNTED;
	return span_is(x->question, "confidence");
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
	char *space =
	    arena_strdup(a->arena, month ? SPAN("satisfaction") : key);
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
	else if (!span_starts(key, "theme/"))
		attack_answer_row(a, key, at);
}

/* Distinct people behind the items that are not 0; 0 when all are. */
static inline int
attack_support(const struct attack_row *r, const int64_t *v, int enough)
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
	return n;
}

static inline bool
attack_small(const struct attack_row *r, const int64_t *v)
{
	int n = attack_support(r, v, 5);

	return n > 0 && n < 5;
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
	(void)a;
	for (size_t r = 0; r < rows; r++)
		found += attack_small(like, m[r]);
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
					found += attack_small(rows[0], v);
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

		if (naive) {
			for (size_t k = 0; k < 6; k++) {
				attack_learn(&a, span_of(keys[k]), at);
				if (attack_support(&a.rows[a.rows_n - 1],
					a.rows[a.rows_n - 1].v, 5) < 5)
					a.rows_n--;
			}
			continue;
		}
		report_build(arena, &f, w, &doc, &told);
		for (size_t i = 0; i < told.n; i++) {
			struct fact_published p = {.key = told.items[i].key,
			    .n = told.items[i].n,
			    .value = told.items[i].value,
			    .at_unix = at};
			size_t before = a.rows_n;

			vec_room(arena, &a.full.published, a.full.published_n,
			    sizeof(p));
			a.full.published[a.full.published_n++] = p;
			attack_learn(&a, p.key, at);
			if (a.rows_n > before)
				*wrong += attack_support(&a.rows[before],
					      a.rows[before].v,
					      60) != (p.n > 60 ? 60 : p.n);
			*wrong += p.n < 5 || told.items[i].withheld;
		}
		*figures += told.n;
	}
	return attack_solve(&a);
}

#endif
