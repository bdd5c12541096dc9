/*
 * The lead's weekly digest: what needs a decision (decide.c), what changed,
 * who is silent, where the programme stands, how the mail fares, and what
 * comes next.  Said in two minutes; no news is said in one line.
 */
#include "app/digest_int.h"

#include <stdlib.h>

#include "compose/compose.h"
#include "draw/draw.h"
#include "report/report.h"

/* --- what changed ------------------------------------------------------------ */

static void
changed_people(struct digest *d, struct value *list)
{
	struct digest_names joined = {.n = 0}, ready = {.n = 0},
			    left = {.n = 0};

	for (size_t i = 0; i < d->people_n; i++) {
		const struct person *p = &d->people[i];
		struct span name = digest_name(d, p->id);

		if (digest_is_new(d, p->joined_unix) && p->ready_unix == 0)
			digest_name_add(&joined, name);
		if (digest_is_new(d, p->ready_unix))
			digest_name_add(&ready, name);
		if (digest_is_new(d, p->left_unix))
			digest_name_add(&left, name);
	}
	digest_names(d, list, "digest-new-joined", &joined);
	digest_names(d, list, "digest-new-ready", &ready);
	digest_names(d, list, "digest-new-left", &left);
}

static void
changed_pairs(struct digest *d, struct value *list)
{
	struct digest_names begun = {.n = 0}, complete = {.n = 0},
			    ended = {.n = 0};

	for (size_t i = 0; i < d->pairs_n; i++) {
		const struct pair *p = &d->pairs[i];

		if (digest_is_new(d, p->begun_unix))
			digest_name_add(&begun, digest_label(d, p));
		if (!digest_is_new(d, p->ended_unix))
			continue;
		digest_name_add(
		    span_is(p->ended_why, "complete") ? &complete : &ended,
		    digest_label(d, p));
	}
	digest_names(d, list, "digest-new-pairs", &begun);
	digest_names(d, list, "digest-new-complete", &complete);
	digest_names(d, list, "digest-new-ended", &ended);
}

/* Told among the decisions, for as long as they are needed. */
static bool
is_decision(struct span kind, int64_t pair_id)
{
	return span_is(kind, "applied") || span_is(kind, "bad-address") ||
	       (pair_id != 0 &&
		   (span_is(kind, "stuck") || span_is(kind, "rules") ||
		       span_is(kind, "no-time")));
}

static int
changed_notes(struct digest *d, struct value *list, struct err *err)
{
	struct rows rows;

	if (store_rows(d->app->store, d->arena, NOTES_UNTOLD, &rows, err, "") <
	    0)
		return -1;
	for (size_t r = 0; r < rows.n; r++) {
		struct span kind = cell(&rows, r, 2)->t;
		const struct pair *p = digest_pair(d, cell(&rows, r, 4)->i);
		struct fill fills[] = {
		    {"person", digest_name(d, cell(&rows, r, 3)->i)},
		    {"pair", p != NULL ? digest_label(d, p) : SPAN("–")},
		    {"text", cell(&rows, r, 5)->t}};

		/* "left" stands with its name in a line of its own. */
		if (span_is(kind, "left") || is_decision(kind, p ? p->id : 0))
			continue;
		digest_line(d, list,
		    arena_printf(d->arena, "note-%.*s", (int)kind.n, kind.p),
		    fills, 3);
	}
	return store_do(
	    d->app->store, NOTES_TELL, err, "i", d->app->world.now_unix);
}

/* --- who is silent ------------------------------------------------------------- */

struct silence {
	struct span who;
	int64_t days;
	const char *key;
};

static int
longest_first(const void *a, const void *b)
{
	const struct silence *x = a, *y = b;

	if (x->days != y->days)
		return (x->days < y->days) - (x->days > y->days);
	return span_cmp(x->who, y->who);
}

/*
 * Two weeks after the last reminder an invitation is answered, by silence:
 * named each week for a year it would hide those who fell silent since.
 */
static int64_t
invited_days(const struct conf *c)
{
	return (c->remind_times + 1) * c->invite_again_seconds / DAY + 14;
}

/* Pairs without a sign of life, people without an answer to us. */
static size_t
silences(struct digest *d, struct silence *out)
{
	int64_t long_days = d->app->conf.silence_seconds / DAY / 2;
	int64_t asked_days = d->app->conf.remind_first_seconds / DAY;
	size_t n = 0;

	for (size_t i = 0; i < d->pairs_n; i++) {
		const struct pair *p = &d->pairs[i];
		int64_t days = digest_days(d, p->last_sign_unix);

		if (p->state == PAIR_ENDED || p->state == PAIR_PAUSED ||
		    span_is(p->flag, "told") ||
		    (days < long_days && p->flag.n == 0) ||
		    digest_next_session(d, p->id) != 0)
			continue;
		out[n++] = (struct silence){digest_label(d, p), days,
		    span_is(p->flag, "asked") ? "digest-silent-asked"
					      : "digest-silent-pair"};
	}
	for (size_t i = 0; i < d->people_n; i++) {
		const struct person *p = &d->people[i];
		int64_t since = p->state == PERSON_ASKED     ? p->joined_unix
				: p->state == PERSON_INVITED ? p->invited_unix
							     : 0;

		if (since == 0 || digest_days(d, since) < asked_days ||
		    (p->state == PERSON_INVITED &&
			digest_days(d, since) > invited_days(&d->app->conf)))
			continue;
		out[n++] = (struct silence){digest_name(d, p->id),
		    digest_days(d, since),
		    p->state == PERSON_ASKED ? "digest-silent-survey"
					     : "digest-silent-invited"};
	}
	return n;
}

static void
tell_silence(struct digest *d)
{
	struct silence *list =
	    arena_alloc(d->arena, (d->pairs_n + d->people_n) * sizeof(*list));
	size_t n = silences(d, list);
	struct value *out = digest_lines(d, "silent");

	value_set_bool(d->arena, d->v, "any-silence", n > 0);
	if (n > 1)
		qsort(list, n, sizeof(*list), longest_first);
	for (size_t i = 0; i < n && i < LINES_MOST; i++) {
		struct fill fills[] = {{"who", list[i].who},
		    {"days", words_count(d->arena, d->words, "digest-days",
				 list[i].days)}};

		digest_line(d, out, list[i].key, fills, 2);
	}
	if (n > LINES_MOST) {
		struct fill fill = {
		    "n", digest_number(d, (int64_t)(n - LINES_MOST))};

		digest_line(d, out, "digest-silent-more", &fill, 1);
	}
}

/* --- where it stands ------------------------------------------------------------ */

struct stand {
	int64_t held, planned; /* of those whose time has come */
};

static struct stand
stand_since(const struct digest *d, int64_t from_unix)
{
	struct stand s = {0};

	for (size_t i = 0; i < d->sessions_n; i++) {
		const struct session *x = &d->sessions[i];

		if (x->pair_id == 0 || x->state == SESSION_CANCELLED ||
		    x->start_unix <= from_unix ||
		    x->start_unix > d->app->world.now_unix)
			continue;
		s.planned++;
		s.held += x->state == SESSION_HELD;
	}
	return s;
}

static void
tell_sessions(struct digest *d, struct value *out)
{
	struct stand week =
	    stand_since(d, d->app->world.now_unix - (int64_t)WEEK);
	struct stand all = stand_since(d, 0);
	int64_t agreed = 0;
	struct fill fills[5];

	/* An ended pair has agreed to no more than it has had. */
	for (size_t i = 0; i < d->pairs_n; i++)
		if (d->pairs[i].state != PAIR_ENDED)
			agreed += d->pairs[i].sessions;
	for (size_t i = 0; i < d->sessions_n; i++) {
		const struct session *s = &d->sessions[i];
		const struct pair *p = digest_pair(d, s->pair_id);

		agreed += p != NULL && p->state == PAIR_ENDED &&
			  s->state == SESSION_HELD;
	}
	fills[0] = (struct fill){"held", digest_number(d, week.held)};
	fills[1] = (struct fill){"planned", digest_number(d, week.planned)};
	fills[2] = (struct fill){"all-held", digest_number(d, all.held)};
	fills[3] = (struct fill){"all-planned", digest_number(d, all.planned)};
	fills[4] = (struct fill){"agreed", digest_number(d, agreed)};
	if (d->pairs_n > 0)
		digest_line(d, out,
		    all.planned > 0 ? "digest-stand-sessions"
				    : "digest-stand-no-sessions",
		    fills, 5);
}

static void
tell_satisfaction(
    struct digest *d, const struct chart *trend, struct value *out)
{
	static const char *const names[] = {
	    "now", "month", "before", "month-before"};
	struct fill fills[4];
	size_t n = 0;

	for (uint32_t i = trend != NULL ? trend->n : 0; i > 0 && n < 4; i--) {
		int64_t v = trend->series[0].values[i - 1];

		if (v == CHART_NONE)
			continue;
		fills[n].name = names[n];
		fills[n++].text = words_number(d->arena, d->words, v, 1);
		fills[n].name = names[n];
		fills[n++].text = trend->labels[i - 1];
	}
	if (n == 0 && d->pairs_n > 0)
		digest_line(d, out, "digest-stand-no-satisfaction", NULL, 0);
	else if (n > 0)
		digest_line(d, out,
		    n == 2 ? "digest-stand-satisfaction"
			   : "digest-stand-satisfaction-trend",
		    fills, n);
}

static void
tell_people(struct digest *d)
{
	int64_t counts[PERSON_STATES_N] = {0};

	for (size_t i = 0; i < d->people_n; i++)
		counts[d->people[i].state]++;
	for (int k = 0; k < PERSON_STATES_N; k++)
		if (counts[k] > 0)
			value_set_int(d->arena, d->v,
			    arena_printf(d->arena, "people-%s",
				person_state_name((enum person_state)k)),
			    counts[k]);
}

/* --- the mail --------------------------------------------------------------------------- */

/* Charts as inline pictures, each with its figures in text beside it. */
static int
pictures(struct digest *d, const struct chart *charts, size_t n,
    struct letter_ask *ask, struct err *err)
{
	struct draw_style style = {d->app->conf.accent, 560, 0};
	struct value *list = digest_lines(d, "charts");

	ask->files = arena_alloc(d->arena, n * sizeof(*ask->files));
	ask->files_n = 0;
	for (size_t i = 0; i < n; i++) {
		struct span text = chart_text(d->arena, &charts[i], d->words);
		struct span cid = arena_spanf(d->arena, "chart%zu@rmail", i);
		struct value *item =
		    value_push(d->arena, list, value_object(d->arena));
		struct letter_file file = {.type = SPAN("image/png"),
		    .name = arena_spanf(d->arena, "chart%zu.png", i),
		    .content_id = cid};

		if (draw_png(d->arena, &charts[i], &style, &file.bytes, err) <
		    0)
			return -1;
		ask->files[ask->files_n++] = file;
		value_set_text(d->arena, item, "title", charts[i].title);
		value_set(d->arena, item, "picture",
		    value_block(d->arena, text,
			chart_img(d->arena, &charts[i], cid, d->words)));
	}
	return 0;
}

static int
load(struct digest *d, struct err *err)
{
	return persons(d->app->store, d->arena, PERSONS_ALL, &d->people,
		   &d->people_n, err, 0) < 0 ||
		       pairs(d->app->store, d->arena, PAIRS_ALL, &d->pairs,
			   &d->pairs_n, err, 0) < 0 ||
		       sessions(d->app->store, d->arena, SESSIONS_ALL,
			   &d->sessions, &d->sessions_n, err, 0) < 0 ||
		       thread_get(d->app, THREAD_LEAD, 0, 0, &d->thread, err) <
			   0
		   ? -1
		   : 0;
}

static int
tell(struct digest *d, struct err *err)
{
	struct value *changed = digest_lines(d, "changed");
	size_t decisions;

	if (digest_decisions(d, err) < 0)
		return -1;
	changed_people(d, changed);
	changed_pairs(d, changed);
	if (changed_notes(d, changed, err) < 0)
		return -1;
	decisions = value_find(d->v, SPAN("decisions"))->n;
	value_set_bool(d->arena, d->v, "no-news", changed->n + decisions == 0);
	value_set_bool(d->arena, d->v, "any-decision", decisions > 0);
	value_set_bool(d->arena, d->v, "any-change", changed->n > 0);
	tell_silence(d);
	tell_people(d);
	return digest_mail(d, err) < 0 || digest_next(d, err) < 0 ? -1 : 0;
}

int
digest_send(struct app *app, struct err *err)
{
	struct digest d = {.app = app,
	    .arena = &app->item,
	    .words = &app_language(app, app->conf.locale)->words,
	    .v = letter_values(app, NULL)};
	struct letter_ask ask =
	    letter_to_lead(app, "digest", &d.thread, d.v);
	struct value *stand;
	struct figures published;
	struct chart *charts, *trend;
	struct facts f;
	size_t n;

	if (load(&d, err) < 0 || tell(&d, err) < 0 ||
	    facts_load(app, &f, err) < 0)
		return -1;
	digest_charts(d.arena, &f, d.words, &charts, &n, &published);
	stand = digest_lines(&d, "stand");
	tell_sessions(&d, stand);
	trend = charts[n - 1].kind == CHART_LINES ? &charts[n - 1] : NULL;
	tell_satisfaction(&d, trend, stand);
	digest_aims(&d, &f, trend, stand);
	value_set_text(d.arena, d.v, "date",
	    words_date(d.arena, d.words, &app->zone, app->world.now_unix));
	if (pictures(&d, charts, n, &ask, err) < 0 ||
	    report_publish(app, &published, err) < 0)
		return -1;
	return letter_send(app, &ask, NULL, err);
}
