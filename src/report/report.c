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

/* A bound is rounded to its safe side. */
static int64_t
percent(int64_t permille, enum bound bound)
{
	return bound == BOUND_LEAST  ? permille / 10
	       : bound == BOUND_MOST ? (permille + 9) / 10
				     : (permille + 5) / 10;
}

struct span
say_share(struct arena *arena, const struct words *w, int64_t permille,
    enum bound bound)
{
	struct span n = words_number(arena, w, percent(permille, bound), 0);
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
table_of(
    struct writer *x, enum block_kind kind, uint32_t columns, uint32_t rows)
{
	struct table *t = &add(x, kind)->table;

	t->columns = columns;
	t->rows = rows;
	t->head = arena_alloc(x->arena, columns * sizeof(*t->head));
	t->right = arena_alloc(x->arena, columns * sizeof(*t->right));
	t->cells =
	    arena_alloc(x->arena, (size_t)columns * rows * sizeof(*t->cells));
	return t;
}

static struct table *
table(struct writer *x, uint32_t columns, uint32_t rows)
{
	return table_of(x, BLOCK_TABLE, columns, rows);
}

static void
head(struct writer *x, struct table *t, uint32_t column, const char *key,
    bool right)
{
	t->head[column] = words_get(x->w, key);
	t->right[column] = right;
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

/* Below its target for all that may be told, but perhaps not in truth. */
static bool
unclear(const struct aim_state *a)
{
	return a->bound == BOUND_LEAST && a->now < a->aim->target_permille;
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
		if (a->shown)
			cell[5] =
			    words_get(x->w, met(a)       ? "report-met"
					    : unclear(a) ? "report-unclear"
							 : "report-open");
	}
}

/* All aims at a glance; a withheld one has no bar. */
static void
write_targets(struct writer *x, const struct told *t)
{
	struct chart *c;
	int64_t *now = arena_alloc(x->arena, t->aims_n * sizeof(*now));
	int64_t *target = arena_alloc(x->arena, t->aims_n * sizeof(*target));

	if (t->aims_n == 0)
		return;
	c = chart(x, CHART_AIMS, "report-targets", (uint32_t)t->aims_n, 2);
	c->unit = SPAN("%");
	c->top = 100;
	c->said = arena_alloc(x->arena, t->aims_n * sizeof(*c->said));
	for (size_t i = 0; i < t->aims_n; i++) {
		const struct aim_state *a = &t->aims[i];

		c->said[i] = a->shown
				 ? say_share(x->arena, x->w, a->now, a->bound)
				 : words_get(x->w, "report-withheld");
		c->labels[i] = a->aim->text.n > 0 ? a->aim->text : a->aim->id;
		now[i] = a->shown ? percent(a->now, a->bound) : CHART_NONE;
		target[i] = percent(a->aim->target_permille, BOUND_NONE);
	}
	c->series[0] =
	    (struct chart_series){words_get(x->w, "report-now"), now};
	c->series[1] =
	    (struct chart_series){words_get(x->w, "report-target"), target};
}

/* ---- at a glance ---- */

static struct span
latest_satisfaction(struct writer *x, const struct told *t)
{
	for (size_t i = t->months_n; i > 0; i--)
		if (t->months[i - 1].shown)
			return words_number(x->arena, x->w,
			    (t->months[i - 1].value + 50) / 100, 1);
	return SPAN("");
}

/* Aims of which it may be told whether they are met. */
static size_t
aims_n(const struct told *t, bool only_met)
{
	size_t n = 0;

	for (size_t i = 0; i < t->aims_n; i++)
		n += t->aims[i].shown && !unclear(&t->aims[i]) &&
		     (!only_met || met(&t->aims[i]));
	return n;
}

static struct span
part_of(struct writer *x, struct span part, struct span all)
{
	struct fill fills[] = {{"part", part}, {"all", all}};

	return words_fill(x->arena, x->w, "chart-of", fills, 2);
}

/* Four figures that a board member remembers; what is withheld is left out. */
static void
write_tiles(struct writer *x, const struct told *t)
{
	struct span satisfaction = latest_satisfaction(x, t);
	struct table *tab = table_of(x, BLOCK_TILES, 4, 1);
	uint32_t n = 0;

	if (!t->joined.withheld) {
		tab->head[n] = words_get(x->w, "report-participants");
		tab->cells[n++] = say_count(x->arena, x->w, &t->joined);
	}
	if (!t->held.withheld) {
		tab->head[n] = words_get(x->w, "report-held");
		tab->cells[n++] =
		    t->planned.withheld
			? say_count(x->arena, x->w, &t->held)
			: part_of(x, say_count(x->arena, x->w, &t->held),
			      say_count(x->arena, x->w, &t->planned));
	}
	if (satisfaction.n > 0) {
		tab->head[n] = words_get(x->w, "report-satisfied");
		tab->cells[n++] = part_of(x, satisfaction, SPAN("5"));
	}
	if (aims_n(t, false) > 0) {
		tab->head[n] = words_get(x->w, "report-aims-met");
		tab->cells[n++] = part_of(x,
		    words_number(x->arena, x->w, (int64_t)aims_n(t, true), 0),
		    words_number(x->arena, x->w, (int64_t)aims_n(t, false), 0));
	}
	tab->columns = n;
	if (n == 0)
		x->doc->blocks_n--;
}

static struct span
quoted(struct writer *x, struct span text)
{
	struct fill fill = {"text", text};

	return words_fill(x->arena, x->w, "quoted", &fill, 1);
}

/* Which aims: the one sentence to read aloud. */
static void
write_verdict(
    struct writer *x, const struct told *t, bool reached, const char *key)
{
	struct span *names = arena_alloc(x->arena, t->aims_n * sizeof(*names));
	struct fill fill = {"aims", SPAN("")};
	size_t n = 0;

	for (size_t i = 0; i < t->aims_n; i++) {
		const struct aim_state *a = &t->aims[i];

		if (a->shown && met(a) == reached && !unclear(a))
			names[n++] = a->aim->text.n > 0
					 ? quoted(x, a->aim->text)
					 : a->aim->id;
	}
	if (n == 0)
		return;
	fill.text = words_join(x->arena, x->w, names, n);
	paragraph(x, words_fill(x->arena, x->w, key, &fill, 1));
}

static void
write_summary(struct writer *x, const struct told *t)
{
	struct fill date;

	heading(x, 1, "report-summary");
	write_tiles(x, t);
	write_verdict(x, t, true, "report-verdict-met");
	write_verdict(x, t, false, "report-verdict-open");
	if (x->f->next_review_unix == 0)
		return;
	date = (struct fill){"date",
	    words_date(x->arena, x->w, x->f->zone, x->f->next_review_unix)};
	paragraph(
	    x, words_fill(x->arena, x->w, "report-review-date", &date, 1));
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

/* What the two ends of a pair are called here. */
static struct span
end_name(struct writer *x, int end)
{
	struct span own = end == 0 ? x->f->mentors : x->f->mentees;

	return own.n > 0 ? own
			 : words_get(x->w,
			       end == 0 ? "report-juniors" : "report-seniors");
}

static void
write_heat(struct writer *x, const struct told *t, uint32_t shown)
{
	static const char *const times[] = {"report-before", "report-after"};
	struct chart *c = chart(x, CHART_HEAT, "report-heat", 4, shown);
	uint32_t row = 0;

	for (int k = 0; k < 4; k++) {
		struct span a = end_name(x, k / 2);
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
	tab->head[1] = end_name(x, 0);
	tab->head[2] = end_name(x, 1);
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
write_said(struct writer *x, const struct told *t)
{
	struct table *tab;

	heading(x, 1, "report-themes");
	if (t->said_n == 0)
		return;
	tab = table(x, 2, (uint32_t)t->said_n);
	head(x, tab, 0, "report-said", false);
	head(x, tab, 1, "report-now", true);
	for (size_t i = 0; i < t->said_n; i++)
		figure_row(x, tab, (uint32_t)i, t->said[i].key,
		    say_share(x->arena, x->w, t->said[i].permille, BOUND_NONE));
}

static void
write_theme_table(
    struct writer *x, const struct theme *list, size_t n, const char *title)
{
	struct table *tab;

	if (n == 0)
		return;
	tab = table(x, 2, (uint32_t)n);
	head(x, tab, 0, title, false);
	head(x, tab, 1, "report-people-n", true);
	for (size_t i = 0; i < n; i++) {
		tab->cells[i * 2] = list[i].name;
		tab->cells[i * 2 + 1] =
		    words_number(x->arena, x->w, list[i].n, 0);
	}
}

static void
write_themes(struct writer *x, const struct told *t)
{
	if (t->themes_n == 0)
		paragraph(x, words_get(x->w, "report-themes-none"));
	write_theme_table(x, t->themes, t->themes_n, "report-theme");
	write_theme_table(x, t->wishes, t->wishes_n, "report-wish");
	if (t->quotes_n == 0)
		return;
	heading(x, 2, "report-quotes");
	for (size_t i = 0; i < t->quotes_n; i++)
		paragraph(x, quoted(x, t->quotes[i]));
}

/* Is there a later note of the same words? */
static bool
is_repeated(const struct fact_note *notes, size_t n, size_t i)
{
	for (size_t k = i + 1; k < n; k++)
		if (span_eq(notes[k].text, notes[i].text))
			return true;
	return false;
}

static struct span
month_of(struct writer *x, int64_t unix_time)
{
	struct civil c = x->f->zone != NULL ? zone_civil(x->f->zone, unix_time)
					    : civil_of_unix(unix_time);

	return say_month(x->arena, x->w,
	    arena_spanf(x->arena, "%04d-%02d", c.year, c.month));
}

static void
note_rows(struct writer *x, struct table *tab, const struct fact_note *notes,
    size_t n, const char *key)
{
	for (size_t i = 0; i < n; i++) {
		struct fill fill;
		struct span *cell = &tab->cells[(size_t)tab->rows * 2];

		if (is_repeated(notes, n, i))
			continue;
		fill = (struct fill){"date", month_of(x, notes[i].at_unix)};
		cell[0] = notes[i].text;
		cell[1] = words_fill(x->arena, x->w, key, &fill, 1);
		tab->rows++;
	}
}

/* What was improved, and what the leaders have taken on. */
static void
write_notes(struct writer *x)
{
	const struct facts *f = x->f;
	struct table *tab;

	heading(x, 1, "report-improvements");
	if (f->improvements_n + f->actions_n == 0) {
		paragraph(x, words_get(x->w, "report-improvements-none"));
		return;
	}
	tab = table(x, 2, (uint32_t)(f->improvements_n + f->actions_n));
	tab->rows = 0;
	head(x, tab, 0, "report-improvement", false);
	head(x, tab, 1, "report-state", false);
	note_rows(x, tab, f->improvements, f->improvements_n, "report-done");
	note_rows(x, tab, f->actions, f->actions_n, "report-planned-word");
}

static void
write_review(struct writer *x)
{
	struct fill fill;

	heading(x, 1, "report-review");
	if (x->f->next_review_unix == 0) {
		paragraph(
		    x, words_get(x->w, x->f->last ? "report-review-last"
						  : "report-review-none"));
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
	write_targets(&x, &t);
	write_people(&x, &t);
	write_kinds(&x, &t);
	write_learning(&x, &t);
	write_months(&x, &t);
	write_said(&x, &t);
	write_themes(&x, &t);
	write_notes(&x);
	write_review(&x);
	*out = doc;
}
