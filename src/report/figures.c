/*
 * Facts -> figures: the only code that sees single answers.  It knows the
 * sharing classes: a private answer enters nothing, a free text of any class
 * but `counted` is never quoted, and each set of people behind a figure has
 * been admitted by withhold.c against all that was ever published.
 */
#include "report/figures_int.h"

#include <stdlib.h>
#include <string.h>

#include "base/vec.h"

static int
at_least(int value, int floor)
{
	return value > floor ? value : floor;
}

int64_t
report_enough(const struct facts *f)
{
	return at_least(f->group_min, 5) + 2;
}

static int64_t
worth(const struct cell *c, const uint8_t *in, size_t n)
{
	int64_t sum = 0, count = 0;

	for (size_t i = 0; i < n; i++) {
		if (!in[i])
			continue;
		count++;
		sum += c->value != NULL ? c->value[i] : 0;
	}
	if (c->value == NULL || count == 0)
		return count;
	return (2 * sum + count) / (2 * count);
}

static uint8_t *
members(struct arena *arena, const struct cell *c, size_t n, int64_t at)
{
	uint8_t *in = arena_alloc(arena, n);

	for (size_t i = 0; i < n; i++)
		in[i] = c->since[i] <= at;
	return in;
}

static const struct fact_published *
latest(const struct facts *f, struct span key)
{
	const struct fact_published *best = NULL;

	for (size_t i = 0; i < f->published_n; i++)
		if (span_eq(f->published[i].key, key) &&
		    (best == NULL || f->published[i].at_unix > best->at_unix))
			best = &f->published[i];
	return best;
}

const struct fact_published *
earliest(const struct facts *f, struct span key)
{
	const struct fact_published *best = NULL;

	for (size_t i = 0; i < f->published_n; i++)
		if (span_eq(f->published[i].key, key) &&
		    (best == NULL || f->published[i].at_unix < best->at_unix))
			best = &f->published[i];
	return best;
}

static void
keep(struct arena *arena, struct figures *list, const struct figure *fig)
{
	for (size_t i = 0; i < list->n; i++)
		if (span_eq(list->items[i].key, fig->key))
			return;
	if (vec_room(arena, &list->items, list->n, sizeof(*fig)))
		list->items[list->n++] = *fig;
}

/* What earlier reports have shown of these cells. */
static void
recall(struct maker *m, struct crowd *crowd, const struct cell *cells, size_t n)
{
	const struct facts *f = m->f;

	for (size_t i = 0; i < f->published_n; i++)
		for (size_t k = 0; k < n; k++) {
			const struct fact_published *p = &f->published[i];
			uint8_t *in;

			if (!span_eq(p->key, cells[k].key))
				continue;
			in = members(m->arena, &cells[k], crowd->n, p->at_unix);
			crowd_publish(
			    crowd, in, crowd_people(crowd, in) != p->n);
		}
}

static void
settle_one(struct maker *m, struct crowd *crowd, const struct cell *c,
    struct result *r)
{
	const struct fact_published *p = latest(m->f, c->key);
	uint8_t *in = members(m->arena, c, crowd->n, m->f->now_unix);
	int64_t people = crowd_people(crowd, in);

	*r = (struct result){.at_unix = m->f->now_unix,
	    .figure.key = c->key,
	    .figure.withheld = true};
	if (p != NULL) {
		uint8_t *old = members(m->arena, c, crowd->n, p->at_unix);

		r->figure.withheld = false;
		r->figure.n = p->n;
		r->figure.value = p->value;
		r->at_unix = p->at_unix;
		if (people == p->n &&
		    (crowd->n == 0 || memcmp(in, old, crowd->n) == 0))
			goto done;
	}
	if (crowd_admits(crowd, in)) {
		r->figure.withheld = false;
		r->figure.n = people;
		r->figure.value = worth(c, in, crowd->n);
		r->at_unix = m->f->now_unix;
		crowd_publish(crowd, in, false);
		keep(m->arena, m->published, &r->figure);
	}
done:
	r->figure.decimals = c->value != NULL ? 3 : 0;
	keep(m->arena, m->all, &r->figure);
}

void
settle(struct maker *m, struct crowd *crowd, const struct cell *cells, size_t n,
    struct result *results)
{
	recall(m, crowd, cells, n);
	for (size_t i = 0; i < n; i++)
		settle_one(m, crowd, &cells[i], &results[i]);
}

struct cell
cell_new(
    struct maker *m, const struct crowd *crowd, struct span key, bool has_value)
{
	struct cell c = {.key = key,
	    .since = arena_alloc(m->arena, crowd->n * sizeof(*c.since))};

	for (size_t i = 0; i < crowd->n; i++)
		c.since[i] = INT64_MAX;
	if (has_value)
		c.value = arena_alloc(m->arena, crowd->n * sizeof(*c.value));
	return c;
}

static int64_t
when(bool holds, int64_t at)
{
	return holds && at > 0 ? at : INT64_MAX;
}

static int64_t
later(int64_t a, int64_t b)
{
	return a > b ? a : b;
}

/* ---- people ---- */

static const char *const people_keys[] = {"people/joined", "people/target",
    "people/target-joined", "people/matched", "people/left-company"};
enum {
	JOINED,
	TARGET,
	TARGET_JOINED,
	MATCHED,
	LEFT,
	PEOPLE_CELLS
};

/* A share whose rest is too small to be told is told as a bound. */
static enum bound
bound_of(struct figure *share, int64_t yes, int64_t all, int min)
{
	if (all - yes < min) {
		share->withheld = false;
		share->value = all - (min - 1);
		return BOUND_LEAST;
	}
	if (share->withheld && yes < min) {
		share->withheld = false;
		share->value = min - 1;
		return BOUND_MOST;
	}
	return BOUND_NONE;
}

static enum bound
share(const struct figure *all, const struct figure *part, int64_t yes,
    int64_t whole, int min, struct figure *out)
{
	enum bound bound;

	*out = *part;
	out->n = all->n;
	out->value = 0;
	out->withheld = true;
	if (all->withheld || all->value <= 0 || whole <= 0)
		return BOUND_NONE;
	*out = *part;
	out->n = all->n;
	bound = bound_of(out, yes, all->value, min);
	if (out->withheld)
		return bound;
	if (out->value > all->value)
		out->value = all->value;
	if (out->value < 0)
		out->value = 0;
	out->value = (out->value * 2000 + all->value) / (2 * all->value);
	out->decimals = 1;
	out->unit = SPAN("%");
	return bound;
}

static void
make_people(struct maker *m, struct told *t)
{
	const struct facts *f = m->f;
	struct crowd crowd = crowd_new(m->arena, f->people_n, m->min);
	struct cell c[PEOPLE_CELLS];
	struct result r[PEOPLE_CELLS];
	int64_t count[PEOPLE_CELLS] = {0};
	struct figure left;

	for (int k = 0; k < PEOPLE_CELLS; k++)
		c[k] = cell_new(m, &crowd, span_of(people_keys[k]), false);
	for (size_t i = 0; i < f->people_n; i++) {
		const struct fact_person *p = &f->people[i];
		bool in = p->joined_unix > 0;

		crowd.who[i] = p->id;
		c[JOINED].since[i] = when(in, p->joined_unix);
		c[TARGET].since[i] = p->target_group
					 ? later(p->invited_unix, f->begin_unix)
					 : INT64_MAX;
		c[TARGET_JOINED].since[i] =
		    p->target_group && in
			? later(p->joined_unix, c[TARGET].since[i])
			: INT64_MAX;
		c[MATCHED].since[i] =
		    in && p->matched_unix > 0
			? later(p->joined_unix, p->matched_unix)
			: INT64_MAX;
		c[LEFT].since[i] =
		    in && p->left_company_unix > 0
			? later(p->joined_unix, p->left_company_unix)
			: INT64_MAX;
		for (int k = 0; k < PEOPLE_CELLS; k++)
			count[k] += c[k].since[i] <= f->now_unix;
	}
	settle(m, &crowd, c, PEOPLE_CELLS, r);
	t->joined = r[JOINED].figure;
	t->target = r[TARGET].figure;
	t->target_bound = share(&t->target, &r[TARGET_JOINED].figure,
	    count[TARGET_JOINED], count[TARGET], m->min, &t->target_joined);
	t->matched_bound = share(&t->joined, &r[MATCHED].figure, count[MATCHED],
	    count[JOINED], m->min, &t->matched);
	left = r[LEFT].figure;
	t->stayed_bound = share(
	    &t->joined, &left, count[LEFT], count[JOINED], m->min, &t->stayed);
	t->stayed.value = 1000 - t->stayed.value;
	if (t->stayed_bound != BOUND_NONE)
		t->stayed_bound =
		    t->stayed_bound == BOUND_MOST ? BOUND_LEAST : BOUND_MOST;
}

/* ---- sessions ---- */

static const struct fact_pair *
pair_of(const struct facts *f, int64_t id)
{
	for (size_t i = 0; i < f->pairs_n; i++)
		if (f->pairs[i].id == id)
			return &f->pairs[i];
	return NULL;
}

static void
make_sessions(struct maker *m, struct told *t)
{
	const struct facts *f = m->f;
	struct crowd crowd = crowd_new(m->arena, f->sessions_n, m->min);
	struct cell c[4] = {cell_new(m, &crowd, SPAN("sessions/held"), false)};
	struct result r[4];

	t->kinds[0] = SPAN("shadowing");
	t->kinds[1] = SPAN("instruction");
	t->kinds[2] = SPAN("collaboration");
	for (int k = 0; k < 3; k++)
		c[k + 1] = cell_new(m, &crowd,
		    arena_spanf(m->arena, "sessions/held/%.*s",
			(int)t->kinds[k].n, t->kinds[k].p),
		    false);
	for (size_t i = 0; i < f->sessions_n; i++) {
		const struct fact_session *s = &f->sessions[i];
		const struct fact_pair *p = pair_of(f, s->pair_id);

		if (p == NULL || !span_is(s->state, "held"))
			continue;
		crowd.who[i] = p->mentor_id;
		crowd.whom[i] = p->mentee_id;
		c[0].since[i] = s->start_unix;
		for (int k = 0; k < 3; k++)
			if (span_eq(s->kind, t->kinds[k]))
				c[k + 1].since[i] = s->start_unix;
	}
	settle(m, &crowd, c, 4, r);
	t->held = r[0].figure;
	for (int k = 0; k < 3; k++)
		t->held_kind[k] = r[k + 1].figure;
}

static void
make_planned(struct maker *m, struct told *t)
{
	const struct facts *f = m->f;
	struct crowd crowd = crowd_new(m->arena, f->pairs_n, m->min);
	struct cell c = cell_new(m, &crowd, SPAN("pairs"), false);
	struct result r;

	for (size_t i = 0; i < f->pairs_n; i++) {
		crowd.who[i] = f->pairs[i].mentor_id;
		crowd.whom[i] = f->pairs[i].mentee_id;
		c.since[i] = when(true, f->pairs[i].begun_unix);
	}
	settle(m, &crowd, &c, 1, &r);
	t->planned = r.figure;
	t->planned.value *= f->sessions_planned_each;
}

static struct maker
maker_new(struct arena *arena, const struct facts *f, const struct words *w,
    struct figures *all, struct figures *published)
{
	struct maker m = {.arena = arena,
	    .f = f,
	    .words = w,
	    .all = all,
	    .published = published,
	    .min = (int)report_enough(f)};

	*all = *published = (struct figures){0};
	m.comment_min = at_least(at_least(f->comment_min, 10), m.min);
	return m;
}

void
tell_months(struct arena *arena, const struct facts *f, struct told *t,
    struct figures *published)
{
	struct figures all;
	struct maker m = maker_new(arena, f, NULL, &all, published);

	*t = (struct told){0};
	make_months(&m, t);
}

void
tell(struct arena *arena, const struct facts *f, const struct words *w,
    struct told *t, struct figures *all, struct figures *published)
{
	struct maker m = maker_new(arena, f, w, all, published);

	*t = (struct told){0};
	make_people(&m, t);
	make_sessions(&m, t);
	make_planned(&m, t);
	make_levels(&m, t);
	make_months(&m, t);
	make_said(&m, t);
	make_themes(&m, t);
	make_quotes(&m, t);
	make_aims(&m, t);
}

void
figures_make(struct arena *arena, const struct facts *f, struct figures *out)
{
	struct told t;
	struct figures published;

	tell(arena, f, NULL, &t, out, &published);
}

const struct figure *
figures_find(const struct figures *list, const char *key)
{
	for (size_t i = 0; i < list->n; i++)
		if (span_is(list->items[i].key, key))
			return &list->items[i];
	return NULL;
}
