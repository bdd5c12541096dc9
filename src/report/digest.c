/* Charts of the lead's weekly digest, and any chart as text. */
#include "base/num.h"
#include "base/str.h"
#include "base/utf8.h"
#include "report/report_int.h"

enum {
	WEEKS = 8,
	BAR_COLUMNS = 24,
	TEXT_MAX = 1 << 20
};

static void
start(struct arena *arena, const struct words *w, struct chart *c,
    enum chart_kind kind, const char *title, size_t n, uint32_t series_n)
{
	*c = (struct chart){.kind = kind,
	    .title = words_get(w, title),
	    .n = (uint32_t)n,
	    .series_n = series_n,
	    .none_text = words_get(w, "chart-none"),
	    .point = words_get(w, "number-point")};
	c->labels = arena_alloc(arena, n * sizeof(*c->labels));
	c->series = arena_alloc(arena, series_n * sizeof(*c->series));
}

/*
 * The lead knows each of these by name; no answer is in it.
 */
static void
make_funnel(struct arena *arena, const struct facts *f, const struct words *w,
    struct chart *c)
{
	static const char *const keys[] = {"digest-invited", "digest-joined",
	    "digest-ready", "digest-matched"};
	int64_t *v = arena_alloc(arena, 4 * sizeof(*v));

	start(arena, w, c, CHART_FUNNEL, "digest-funnel", 4, 1);
	for (size_t i = 0; i < f->people_n; i++) {
		const struct fact_person *p = &f->people[i];
		bool matched = p->matched_unix > 0;
		bool ready = matched || p->ready_unix > 0;
		bool joined = ready || p->joined_unix > 0;

		v[0] += joined || p->invited_unix > 0;
		v[1] += joined;
		v[2] += ready;
		v[3] += matched;
	}
	for (int k = 0; k < 4; k++)
		c->labels[k] = words_get(w, keys[k]);
	c->series[0] = (struct chart_series){c->title, v};
}

/* The weeks back from the one that ends at `end`; -1 = to come, or cancelled. */
static int64_t
week_of(const struct fact_session *s, int64_t end)
{
	int64_t back = end - 1 - s->start_unix;

	return back < 0 || s->start_unix <= 0 || span_is(s->state, "cancelled")
		   ? -1
		   : back / WEEK;
}

/*
 * The last weeks, this one included, from the first that had a session on;
 * planned = all that stood there.
 */
static bool
make_weeks(struct arena *arena, const struct facts *f, const struct words *w,
    struct chart *c)
{
	struct zone utc = zone_utc();
	const struct zone *z = f->zone != NULL ? f->zone : &utc;
	int64_t *planned = arena_alloc(arena, WEEKS * sizeof(*planned));
	int64_t *held = arena_alloc(arena, WEEKS * sizeof(*held));
	int64_t day = zone_day_start(z, f->now_unix);
	struct civil now = zone_civil(z, f->now_unix);
	int weekday = civil_weekday(civil_days(now.year, now.month, now.day));
	/* Noon, so that summer time moves no week into another day. */
	int64_t monday = day - (weekday - 1) * DAY;
	int64_t weeks = 0, back;

	for (size_t i = 0; i < f->sessions_n; i++) {
		back = week_of(&f->sessions[i], monday + WEEK);
		weeks = back >= weeks ? back + 1 : weeks;
	}
	weeks = weeks > WEEKS ? WEEKS : weeks;
	if (weeks == 0)
		return false;
	start(arena, w, c, CHART_BARS, "digest-sessions", (size_t)weeks, 2);
	for (int64_t k = 0; k < weeks; k++)
		c->labels[k] = words_date_short(
		    arena, w, z, monday - (weeks - 1 - k) * WEEK + 12 * HOUR);
	for (size_t i = 0; i < f->sessions_n; i++) {
		const struct fact_session *s = &f->sessions[i];

		back = week_of(s, monday + WEEK);
		if (back < 0 || back >= weeks)
			continue;
		planned[weeks - 1 - back]++;
		held[weeks - 1 - back] += span_is(s->state, "held");
	}
	c->series[0] =
	    (struct chart_series){words_get(w, "digest-planned"), planned};
	c->series[1] = (struct chart_series){words_get(w, "digest-held"), held};
	return true;
}

struct span
say_month(struct arena *arena, const struct words *w, struct span month)
{
	int64_t n = 1;
	struct fill fills[] = {
	    {"year", span_sub(month, 0, 4)}, {"month", SPAN("")}};

	num_int(span_skip(month, 5), 1, 12, &n);
	fills[1].text =
	    words_get(w, arena_printf(arena, "month-short-%d", (int)n));
	return words_fill(arena, w, "month-year", fills, 2);
}

static void
make_trend(struct arena *arena, const struct words *w, const struct told *t,
    struct chart *c)
{
	int64_t *v = arena_alloc(arena, t->months_n * sizeof(*v));

	start(arena, w, c, CHART_LINES, "digest-satisfaction", t->months_n, 1);
	c->decimals = 1;
	c->top = 50;
	for (size_t i = 0; i < t->months_n; i++) {
		c->labels[i] = say_month(arena, w, t->months[i].label);
		v[i] = t->months[i].shown ? (t->months[i].value + 50) / 100
					  : CHART_NONE;
	}
	c->series[0] = (struct chart_series){
	    words_get(w, "digest-satisfaction-series"), v};
}

void
digest_charts(struct arena *arena, const struct facts *f, const struct words *w,
    struct chart **out, size_t *n, struct figures *published)
{
	struct chart *c = arena_alloc(arena, 3 * sizeof(*c));
	struct told t;

	size_t k = 1;

	tell_months(arena, f, &t, published);
	make_funnel(arena, f, w, &c[0]);
	k += make_weeks(arena, f, w, &c[k]);
	if (t.months_n > 0)
		make_trend(arena, w, &t, &c[k++]);
	*out = c;
	*n = k;
}

/* ---- charts as text ---- */

struct span
say_value(struct arena *arena, const struct words *w, const struct chart *c,
    int64_t value)
{
	struct span s;

	if (value == CHART_NONE)
		return c->none_text;
	if (c->kind == CHART_HEAT)
		return words_number(arena, w, (value + 25) / 50, 1);
	s = words_number(arena, w, value, c->decimals);
	return c->unit.n == 0 ? s
			      : arena_spanf(arena, "%.*s %.*s", (int)s.n, s.p,
				    (int)c->unit.n, c->unit.p);
}

static struct table
as_table(struct arena *arena, const struct chart *c, const struct words *w)
{
	bool heat = c->kind == CHART_HEAT;
	uint32_t rows = heat ? c->series_n : c->n;
	uint32_t columns = 1 + (heat ? c->n : c->series_n);
	struct table t = {.columns = columns,
	    .rows = rows,
	    .head = arena_alloc(arena, columns * sizeof(*t.head)),
	    .right = arena_alloc(arena, columns * sizeof(*t.right)),
	    .cells =
		arena_alloc(arena, (size_t)rows * columns * sizeof(*t.cells))};

	for (uint32_t k = 1; k < columns; k++) {
		t.head[k] = heat ? c->labels[k - 1] : c->series[k - 1].name;
		t.right[k] = true;
	}
	for (uint32_t r = 0; r < rows; r++) {
		t.cells[r * columns] = heat ? c->series[r].name : c->labels[r];
		for (uint32_t k = 1; k < columns; k++)
			t.cells[r * columns + k] = say_value(arena, w, c,
			    heat ? c->series[r].values[k - 1]
				 : c->series[k - 1].values[r]);
	}
	return t;
}

/* One series: a bar beside each figure says at a glance what a table hides. */
static void
add_bars(struct str *out, struct arena *arena, const struct chart *c,
    const struct words *w)
{
	const int64_t *v = c->series[0].values;
	int64_t top = c->top;
	size_t label = 0, number = 0;

	for (uint32_t i = 0; i < c->n; i++) {
		size_t a = utf8_columns(c->labels[i]);
		size_t b = utf8_columns(say_value(arena, w, c, v[i]));

		label = a > label ? a : label;
		number = b > number ? b : number;
		top = v[i] > top ? v[i] : top;
	}
	label = label > 30 ? 30 : label;
	for (uint32_t i = 0; i < c->n; i++) {
		struct span text = say_value(arena, w, c, v[i]);
		size_t a = utf8_columns(c->labels[i]);
		int64_t bar = v[i] <= 0 || top <= 0
				  ? 0
				  : (v[i] * BAR_COLUMNS * 2 + top) / (2 * top);

		str_add(out, c->labels[i]);
		str_fill(out, ' ', a < label ? label - a + 2 : 2);
		str_fill(out, ' ', number - utf8_columns(text));
		str_add(out, text);
		str_addz(out, bar > 0 ? "  " : "");
		str_fill(out, '#', (size_t)bar);
		str_addc(out, '\n');
	}
}

struct span
chart_text(struct arena *arena, const struct chart *c, const struct words *w)
{
	struct table t;
	struct str out;

	str_init(&out, arena, TEXT_MAX);
	str_add(&out, c->title);
	str_addz(&out, "\n");
	if (c->kind != CHART_HEAT && c->series_n == 1) {
		add_bars(&out, arena, c, w);
	} else {
		t = as_table(arena, c, w);
		str_add(&out, table_text(arena, &t, 72, true));
	}
	return str_span(&out);
}

/* ---- charts as pictures in a mail ---- */

/* All figures on one line: nothing is lost where pictures are not shown. */
static struct span
chart_line(struct arena *arena, const struct chart *c, const struct words *w)
{
	struct str out;

	str_init(&out, arena, TEXT_MAX);
	str_add(&out, c->title);
	for (uint32_t i = 0; i < c->n; i++) {
		str_addz(&out, i == 0 ? ": " : "; ");
		str_add(&out, c->labels[i]);
		for (uint32_t s = 0; s < c->series_n; s++) {
			struct span v =
			    say_value(arena, w, c, c->series[s].values[i]);

			str_addz(&out, s == 0 ? " " : ", ");
			if (c->series_n > 1)
				str_addf(&out, "%.*s ",
				    (int)c->series[s].name.n,
				    c->series[s].name.p);
			str_add(&out, v);
		}
	}
	return str_span(&out);
}

struct span
chart_img(struct arena *arena, const struct chart *c, struct span content_id,
    const struct words *w)
{
	struct str out;

	str_init(&out, arena, TEXT_MAX);
	str_addf(&out,
	    "<p style=\"margin:0 0 16px 0\"><img src=\"cid:%.*s\" "
	    "alt=\"",
	    (int)content_id.n, content_id.p);
	str_add_html(&out, chart_line(arena, c, w));
	str_addz(&out, "\" width=\"560\" style=\"width:100%;"
		       "max-width:560px\"></p>");
	return str_span(&out);
}
