/* The programme's aims: which measures there are, and where each stands. */
#include "report/figures_int.h"

static const char *const measures[] = {"retention", "coverage", "satisfaction",
    "sessions", "learning", "matched", "confidence", "digital"};

bool
report_measure_known(struct span measure)
{
	for (size_t i = 0; i < sizeof(measures) / sizeof(*measures); i++)
		if (span_is(measure, measures[i]))
			return true;
	if (!span_starts(measure, "question/") &&
	    !span_starts(measure, "learning/"))
		return false;
	measure = span_skip(measure, 9);
	for (size_t i = 0; i < measure.n; i++)
		if (!ascii_alnum(measure.p[i]) && measure.p[i] != '-')
			return false;
	return measure.n > 0;
}

/*
 * Mean gain over the cells that are shown, never over all: a mean over all
 * would give a withheld cell away.  `skill` "" = every skill.
 */
static void
from_levels(struct aim_state *a, const struct told *t, struct span skill)
{
	int64_t sum = 0, n = 0;

	for (size_t i = 0; i < t->levels_n; i++) {
		const struct level_cell *c[2] = {
		    &t->levels[i].mentor, &t->levels[i].mentee};

		if (skill.n > 0 && !span_eq(t->levels[i].skill, skill))
			continue;
		for (int k = 0; k < 2; k++) {
			if (!c[k]->shown)
				continue;
			sum += (c[k]->after - c[k]->before) * c[k]->n;
			n += c[k]->n;
			if (c[k]->n > a->n)
				a->n = c[k]->n;
		}
	}
	a->shown = n > 0;
	a->now = n > 0 ? sum / n / 2 : 0;
}

/* "digital" is the skill of that name, or the first that has it in it. */
static struct span
digital_skill(const struct told *t)
{
	for (size_t i = 0; i < t->levels_n; i++)
		if (span_is(t->levels[i].skill, "digital"))
			return t->levels[i].skill;
	for (size_t i = 0; i < t->levels_n; i++)
		if (span_casehas(t->levels[i].skill, "digital") ||
		    span_casehas(t->levels[i].name, "digital"))
			return t->levels[i].skill;
	return SPAN("-");
}

/*
 * What the first report to tell both numbers told.  A bound has no trend: it
 * is no figure.
 */
static void
first_share(
    struct maker *m, struct aim_state *a, const char *part, const char *whole)
{
	const struct fact_published *p = earliest(m->f, span_of(part));
	const struct fact_published *w = NULL;

	for (size_t i = 0; p != NULL && i < m->f->published_n; i++) {
		const struct fact_published *x = &m->f->published[i];

		if (span_is(x->key, whole) && x->at_unix <= p->at_unix &&
		    (w == NULL || x->at_unix > w->at_unix))
			w = x;
	}
	if (w == NULL || w->value <= 0 || a->bound != BOUND_NONE)
		return;
	a->has_first = true;
	a->first = (p->value * 2000 + w->value) / (2 * w->value);
}

static void
from_share(struct aim_state *a, const struct figure *fig, enum bound bound)
{
	a->shown = !fig->withheld;
	a->now = fig->value;
	a->n = fig->n;
	a->bound = bound;
}

static void
from_months(struct aim_state *a, const struct told *t)
{
	a->points = true;
	for (size_t i = 0; i < t->months_n; i++) {
		const struct month_mean *m = &t->months[i];

		if (!m->shown)
			continue;
		if (!a->shown)
			a->first = m->value / 5;
		else
			a->has_first = true;
		a->shown = true;
		a->now = m->value / 5;
		a->n = m->n;
	}
}

static void
from_sessions(struct aim_state *a, const struct told *t)
{
	a->shown =
	    !t->held.withheld && !t->planned.withheld && t->planned.value > 0;
	a->now = a->shown ? t->held.value * 1000 / t->planned.value : 0;
	a->n = t->held.n;
}

static void
from_question(struct maker *m, struct aim_state *a, struct span id)
{
	a->shown =
	    make_question(m, id, &a->now, &a->first, &a->has_first, &a->n);
}

/*
 * These answers are told month by month.  A mean over all of them beside the
 * months would tell, by subtraction, what the few of this month have said.
 */
static bool
is_monthly(struct span measure)
{
	return span_is(measure, "satisfaction") ||
	       span_is(measure, "question/useful") ||
	       span_is(measure, "question/satisfaction");
}

static void
make_aim(struct maker *m, const struct told *t, struct aim_state *a)
{
	struct span measure = a->aim->measure;

	if (span_is(measure, "retention")) {
		from_share(a, &t->stayed, t->stayed_bound);
		first_share(m, a, "people/left-company", "people/joined");
		a->first = 1000 - a->first;
	} else if (span_is(measure, "coverage")) {
		from_share(a, &t->target_joined, t->target_bound);
		first_share(m, a, "people/target-joined", "people/target");
	} else if (span_is(measure, "matched")) {
		from_share(a, &t->matched, t->matched_bound);
		first_share(m, a, "people/matched", "people/joined");
	}
	if (is_monthly(measure))
		from_months(a, t);
	else if (span_is(measure, "sessions"))
		from_sessions(a, t);
	else if (span_is(measure, "learning"))
		from_levels(a, t, SPAN(""));
	else if (span_is(measure, "digital"))
		from_levels(a, t, digital_skill(t));
	else if (span_starts(measure, "learning/"))
		from_levels(a, t, span_skip(measure, 9));
	else if (span_starts(measure, "question/"))
		from_question(m, a, span_skip(measure, 9));
	else if (!span_is(measure, "retention") &&
		 !span_is(measure, "coverage") && !span_is(measure, "matched"))
		from_question(m, a, measure);
}

/* Two aims may have the same question: it is settled once. */
void
make_aims(struct maker *m, struct told *t)
{
	const struct facts *f = m->f;

	t->aims = arena_alloc(m->arena, f->aims_n * sizeof(*t->aims));
	t->aims_n = f->aims_n;
	for (size_t i = 0; i < f->aims_n; i++) {
		size_t k = 0;

		while (
		    k < i && !span_eq(f->aims[k].measure, f->aims[i].measure))
			k++;
		t->aims[i] = (struct aim_state){0};
		if (k < i)
			t->aims[i] = t->aims[k];
		t->aims[i].aim = &f->aims[i];
		if (k == i)
			make_aim(m, t, &t->aims[i]);
	}
}
