/*
 * The sponsor's governance report as a document.  It is made of what tell()
 * hands over and of nothing else of a person's: no answer, name or pair can
 * get in here.
 */
#include "base/vec.h"
#include "report/report_int.h"

struct writer {
	struct arena *arena;
	const struct facts *f;
	const struct words *w;
	struct document *doc;
};

static struct block *
add(struct writer *x, enum block_kind kind)
{
	struct document *d = x->doc;

	vec_room(x->arena, &d->blocks, d->blocks_n, sizeof(*d->blocks));
	d->blocks[d->blocks_n] = (struct block){.kind = kind};
	return &d->blocks[d->blocks_n++];
}

static void
heading(struct writer *x, int level, const char *key)
{
	struct block *b = add(x, BLOCK_HEADING);

	b->level = level;
	b->text = words_get(x->w, key);
}

static void
paragraph(struct writer *x, struct span text)
{
	add(x, BLOCK_TEXT)->text = text;
}

struct span
say_share(struct arena *arena, const struct words *w, int64_t permille,
    enum bound bound)
{
	/* A bound is rounded to its safe side. */
	int64_t percent = bound == BOUND_LEAST  ? permille / 10
			  : bound == BOUND_MOST ? (permille + 9) / 10
						: (permille + 5) / 10;
	struct span n = words_number(arena, w, percent, 0);
	struct fill fill = {
	    "value", arena_spanf(arena, "%.*s\xc2\xa0%%", (int)n.n, n.p)};

	if (bound == BOUND_NONE)
		return fill.text;
	return words_fill(arena, w,
	    bound == BOUND_LEAST ? "report-least" : "report-most", &fill, 1);
}

struct span
say_count(struct arena *arena, const struct words *w, const struct figure *fig)
{
	return fig->withheld ? words_get(w, "report-withheld")
			     : words_number(arena, w, fig->value, 0);
}

static struct table *
table(struct writer *x, uint32_t columns, uint32_t rows)
{
	struct table *t = &add(x, BLOCK_TABLE)->table;

	t->columns = columns;
	t->rows = rows;
	t->head = arena_alloc(x->arena, columns * sizeof(*t->head));
	t->right = arena_alloc(x->arena, columns * sizeof(*t->right));
	t->cells =
	    arena_alloc(x->arena, (size_t)columns * rows * sizeof(*t->cells));
	return t;
}

static void
head(struct writer *x, struct table *t, uint32_t column, const char *key,
    bool right)
{
	t->head[column] = words_get(x->w, key);
	t->right[column] = right;
}

/* ---- aims ---- */

static struct span
measure_text(struct writer *x, struct span measure)
{
	struct fill fill = {"id", measure};
	char *key;

	if (span_starts(measure, "question/"))
		fill.text = measure = span_skip(measure, 9);
	key = arena_printf(
	    x->arena, "report-measure-%.*s", (int)measure.n, measure.p);
	if (words_has(x->w, key))
		return words_get(x->w, key);
	return words_fill(x->arena, x->w, "report-measure-other", &fill, 1);
}

static struct span
trend_text(struct writer *x, const struct aim_state *a)
{
	int64_t change = a->now - a->first;
	struct fill fill = {
	    "first", say_share(x->arena, x->w, a->first, BOUND_NONE)};

	if (!a->shown)
		return SPAN("");
	if (!a->has_first)
		return words_get(x->w, "report-first");
	if (change > -10 && change < 10)
		return words_get(x->w, "report-level");
	return words_fill(
	    x->arena, x->w, change > 0 ? "report-up" : "report-down", &fill, 1);
}

static bool
met(const struct aim_state *a)
{
	return a->shown && a->bound != BOUND_MOST &&
	       a->now >= a->aim->target_permille;
}

static void
write_aims(struct writer *x, const struct told *t)
{
	struct table *tab;

	if (t->aims_n == 0)
		return;
	heading(x, 1, "report-aims");
	tab = table(x, 6, (uint32_t)t->aims_n);
	head(x, tab, 0, "report-aim", false);
	head(x, tab, 1, "report-measure", false);
	head(x, tab, 2, "report-target", true);
	head(x, tab, 3, "report-now", true);
	head(x, tab, 4, "report-trend", false);
	head(x, tab, 5, "report-state", false);
	for (size_t i = 0; i < t->aims_n; i++) {
		const struct aim_state *a = &t->aims[i];
		struct span *cell = &tab->cells[i * 6];

		cell[0] = a->aim->text.n > 0 ? a->aim->text : a->aim->id;
		cell[1] = measure_text(x, a->aim->measure);
		cell[2] = say_share(
		    x->arena, x->w, a->aim->target_permille, BOUND_NONE);
		cell[3] = a->shown ? say_share(x->arena, x->w, a->now, a->bound)
				   : words_get(x->w, "report-withheld");
		cell[4] = trend_text(x, a);
		cell[5] = a->shown ? words_get(x->w,
					 met(a) ? "report-met" : "report-open")
				   : SPAN("");
	}
}

static void
write_summary(struct writer *x, const struct told *t)
{
	int64_t reached = 0;
	struct fill people[] = {
	    {"joined", say_count(x->arena, x->w, &t->joined)},
	    {"held", say_count(x->arena, x->w, &t->held)}};
	struct fill aims[2];

	for (size_t i = 0; i < t->aims_n; i++)
		reached += met(&t->aims[i]);
	aims[0] =
	    (struct fill){"met", words_number(x->arena, x->w, reached, 0)};
	aims[1] = (struct fill){
	    "all", words_number(x->arena, x->w, (int64_t)t->aims_n, 0)};
	heading(x, 1, "report-summary");
	if (!t->joined.withheld && !t->held.withheld)
		paragraph(x, words_fill(x->arena, x->w, "report-summary-people",
				 people, 2));
	if (t->aims_n > 0)
		paragraph(x,
		    words_fill(x->arena, x->w, "report-summary-aims", aims, 2));
}

/* ---- people and sessions ---- */

static void
figure_row(struct writer *x, struct table *t, uint32_t row, const char *key,
    struct span value)
{
	t->cells[row * 2] = words_get(x->w, key);
	t->cells[row * 2 + 1] = value;
}

static struct span
share_text(struct writer *x, const struct figure *fig, enum bound bound)
{
	return fig->withheld ? words_get(x->w, "report-withheld")
			     : say_share(x->arena, x->w, fig->value, bound);
}

static void
write_people(struct writer *x, const struct told *t)
{
	struct table *tab;

	heading(x, 1, "report-people");
	tab = table(x, 2, 7);
	head(x, tab, 0, "report-figure", false);
	head(x, tab, 1, "report-now", true);
	figure_row(x, tab, 0, "report-participants",
	    say_count(x->arena, x->w, &t->joined));
	figure_row(x, tab, 1, "report-matched",
	    share_text(x, &t->matched, t->matched_bound));
	figure_row(x, tab, 2, "report-target-group",
	    say_count(x->arena, x->w, &t->target));
	figure_row(x, tab, 3, "report-target-share",
	    share_text(x, &t->target_joined, t->target_bound));
	figure_row(x, tab, 4, "report-stayed",
	    share_text(x, &t->stayed, t->stayed_bound));
	figure_row(
	    x, tab, 5, "report-held", say_count(x->arena, x->w, &t->held));
	figure_row(x, tab, 6, "report-planned",
	    say_count(x->arena, x->w, &t->planned));
}

static struct chart *
chart(struct writer *x, enum chart_kind kind, const char *title, uint32_t n,
    uint32_t series_n)
{
	struct chart *c = &add(x, BLOCK_CHART)->chart;

	*c = (struct chart){.kind = kind,
	    .title = words_get(x->w, title),
	    .n = n,
	    .series_n = series_n,
	    .none_text = words_get(x->w, "chart-none"),
	    .point = words_get(x->w, "number-point")};
	c->labels = arena_alloc(x->arena, n * sizeof(*c->labels));
	c->series = arena_alloc(x->arena, series_n * sizeof(*c->series));
	return c;
}

static void
write_kinds(struct writer *x, const struct told *t)
{
	struct chart *c;
	int64_t *values = arena_alloc(x->arena, 3 * sizeof(*values));

	if (t->held.withheld)
		return;
	c = chart(x, CHART_BARS, "report-sessions", 3, 1);
	for (int k = 0; k < 3; k++) {
		c->labels[k] =
		    words_get(x->w, arena_printf(x->arena, "report-kind-%.*s",
					(int)t->kinds[k].n, t->kinds[k].p));
		values[k] = t->held_kind[k].withheld ? CHART_NONE
						     : t->held_kind[k].value;
	}
	c->series[0] =
	    (struct chart_series){words_get(x->w, "report-held"), values};
}

/* ---- learning ---- */

static struct span
level_text(struct writer *x, const struct level_cell *c)
{
	struct span a, b, gain;

	if (!c->shown)
		return words_get(x->w, "report-withheld");
	a = words_number(x->arena, x->w, (c->before + 50) / 100, 1);
	b = words_number(x->arena, x->w, (c->after + 50) / 100, 1);
	gain = words_number(
	    x->arena, x->w, (c->after + 50) / 100 - (c->before + 50) / 100, 1);
	return arena_spanf(x->arena, "%.*s → %.*s (%s%.*s)", (int)a.n, a.p,
	    (int)b.n, b.p, c->after >= c->before ? "+" : "", (int)gain.n,
	    gain.p);
}

static void
write_heat(struct writer *x, const struct told *t, uint32_t shown)
{
	static const char *const ends[] = {"report-juniors", "report-seniors"};
	static const char *const times[] = {"report-before", "report-after"};
	struct chart *c = chart(x, CHART_HEAT, "report-heat", 4, shown);
	uint32_t row = 0;

	for (int k = 0; k < 4; k++) {
		struct span a = words_get(x->w, ends[k / 2]);
		struct span b = words_get(x->w, times[k % 2]);

		c->labels[k] = arena_spanf(
		    x->arena, "%.*s %.*s", (int)a.n, a.p, (int)b.n, b.p);
	}
	for (size_t i = 0; i < t->levels_n; i++) {
		const struct level_row *l = &t->levels[i];
		int64_t *v;

		if (!l->mentor.shown && !l->mentee.shown)
			continue;
		v = arena_alloc(x->arena, 4 * sizeof(*v));
		v[0] = l->mentor.shown ? l->mentor.before / 2 : CHART_NONE;
		v[1] = l->mentor.shown ? l->mentor.after / 2 : CHART_NONE;
		v[2] = l->mentee.shown ? l->mentee.before / 2 : CHART_NONE;
		v[3] = l->mentee.shown ? l->mentee.after / 2 : CHART_NONE;
		c->series[row++] = (struct chart_series){l->name, v};
	}
}

static void
write_learning(struct writer *x, const struct told *t)
{
	struct table *tab;
	uint32_t shown = 0, row = 0;

	heading(x, 1, "report-learning");
	for (size_t i = 0; i < t->levels_n; i++)
		shown += t->levels[i].mentor.shown || t->levels[i].mentee.shown;
	if (shown == 0) {
		paragraph(x, words_get(x->w, "report-learning-none"));
		return;
	}
	paragraph(x, words_get(x->w, "report-learning-text"));
	write_heat(x, t, shown);
	tab = table(x, 3, shown);
	head(x, tab, 0, "report-skill", false);
	head(x, tab, 1, "report-juniors", true);
	head(x, tab, 2, "report-seniors", true);
	for (size_t i = 0; i < t->levels_n; i++) {
		const struct level_row *l = &t->levels[i];

		if (!l->mentor.shown && !l->mentee.shown)
			continue;
		tab->cells[row * 3] = l->name;
		tab->cells[row * 3 + 1] = level_text(x, &l->mentor);
		tab->cells[row++ * 3 + 2] = level_text(x, &l->mentee);
	}
}

/* ---- what they say ---- */

static void
write_months(struct writer *x, const struct told *t)
{
	struct chart *c;
	int64_t *v = arena_alloc(x->arena, t->months_n * sizeof(*v));

	heading(x, 1, "report-satisfaction");
	if (t->months_n == 0) {
		paragraph(x, words_get(x->w, "report-satisfaction-none"));
		return;
	}
	c = chart(x, CHART_LINES, "digest-satisfaction-series",
	    (uint32_t)t->months_n, 1);
	c->decimals = 1;
	c->top = 50;
	for (size_t i = 0; i < t->months_n; i++) {
		c->labels[i] = say_month(x->arena, x->w, t->months[i].label);
		v[i] = t->months[i].shown ? (t->months[i].value + 50) / 100
					  : CHART_NONE;
	}
	c->series[0] = (struct chart_series){
	    words_get(x->w, "digest-satisfaction-series"), v};
}

static void
write_themes(struct writer *x, const struct told *t)
{
	struct table *tab;

	heading(x, 1, "report-themes");
	if (t->themes_n == 0) {
		paragraph(x, words_get(x->w, "report-themes-none"));
	} else {
		tab = table(x, 2, (uint32_t)t->themes_n);
		head(x, tab, 0, "report-theme", false);
		head(x, tab, 1, "report-people-n", true);
		for (size_t i = 0; i < t->themes_n; i++) {
			tab->cells[i * 2] = t->themes[i].name;
			tab->cells[i * 2 + 1] =
			    words_number(x->arena, x->w, t->themes[i].n, 0);
		}
	}
	if (t->quotes_n == 0)
		return;
	heading(x, 2, "report-quotes");
	for (size_t i = 0; i < t->quotes_n; i++)
		paragraph(x, arena_spanf(x->arena, "“%.*s”",
				 (int)t->quotes[i].n, t->quotes[i].p));
}

static void
write_notes(struct writer *x, const char *title, const struct fact_note *notes,
    size_t n)
{
	struct table *tab;

	if (n == 0)
		return;
	heading(x, 1, title);
	tab = table(x, 2, (uint32_t)n);
	head(x, tab, 0, "report-improvement", false);
	head(x, tab, 1, "report-state", false);
	for (size_t i = 0; i < n; i++) {
		tab->cells[i * 2] = notes[i].text;
		tab->cells[i * 2 + 1] = words_get(x->w,
		    notes[i].done ? "report-done" : "report-planned-word");
	}
}

static void
write_review(struct writer *x)
{
	struct fill fill;

	heading(x, 1, "report-review");
	if (x->f->next_review_unix == 0) {
		paragraph(x, words_get(x->w, "report-review-none"));
		return;
	}
	fill = (struct fill){"date",
	    words_date(x->arena, x->w, x->f->zone, x->f->next_review_unix)};
	paragraph(
	    x, words_fill(x->arena, x->w, "report-review-date", &fill, 1));
}

void
report_build(struct arena *arena, const struct facts *f, const struct words *w,
    struct document *out, struct figures *published)
{
	struct told t;
	struct figures all;
	struct document doc = {.locale = w->locale,
	    .page_word = words_get(w, "report-page"),
	    .of_word = words_get(w, "report-of")};
	struct writer x = {arena, f, w, &doc};
	struct fill name = {"programme", f->programme};
	struct fill date = {"date", words_date(arena, w, f->zone, f->now_unix)};
	struct fill min = {"n", words_number(arena, w, report_enough(f), 0)};

	doc.title = words_fill(arena, w, "report-title", &name, 1);
	doc.subtitle = words_fill(arena, w, "report-subtitle", &date, 1);
	doc.footer = words_fill(arena, w, "report-footer", &min, 1);
	tell(arena, f, w, &t, &all, published);
	write_summary(&x, &t);
	write_aims(&x, &t);
	write_people(&x, &t);
	write_kinds(&x, &t);
	write_learning(&x, &t);
	write_months(&x, &t);
	write_themes(&x, &t);
	write_notes(
	    &x, "report-improvements", f->improvements, f->improvements_n);
	write_notes(&x, "report-actions", f->actions, f->actions_n);
	write_review(&x);
	*out = doc;
}
