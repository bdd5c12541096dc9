/* The lead's weekly digest, the sponsor's report, "you said, we did". */
#include "app/app.h"

#include "base/vec.h"
#include "compose/compose.h"
#include "draw/draw.h"
#include "report/report.h"

/* --- facts ------------------------------------------------------------------- */

static int
fact_people(struct app *app, struct facts *f, struct err *err)
{
	struct person *list;
	size_t n;

	if (persons(app->store, &app->item, PERSONS_ALL, &list, &n, err, 0) < 0)
		return -1;
	f->people = arena_alloc(&app->item, n * sizeof(*f->people));
	f->people_n = n;
	for (size_t i = 0; i < n; i++)
		f->people[i] = (struct fact_person){.id = list[i].id,
		    .department = list[i].department,
		    .mentor = list[i].mentor,
		    .mentee = list[i].mentee,
		    .target_group =
			app->conf.target_level > 0
			    ? list[i].level >= app->conf.target_level
			    : list[i].mentee,
		    .invited_unix = list[i].invited_unix,
		    .joined_unix = list[i].joined_unix,
		    .ready_unix = list[i].ready_unix,
		    .matched_unix = list[i].matched_unix,
		    .left_unix = list[i].left_unix,
		    .left_company_unix = list[i].left_company_unix};
	return 0;
}

static int
fact_pairs(struct app *app, struct facts *f, struct err *err)
{
	struct pair *list;
	size_t n;

	if (pairs(app->store, &app->item, PAIRS_ALL, &list, &n, err, 0) < 0)
		return -1;
	f->pairs = arena_alloc(&app->item, n * sizeof(*f->pairs));
	f->pairs_n = n;
	for (size_t i = 0; i < n; i++)
		f->pairs[i] = (struct fact_pair){.id = list[i].id,
		    .mentor_id = list[i].mentor_id,
		    .mentee_id = list[i].mentee_id,
		    .begun_unix = list[i].begun_unix,
		    .active_unix = list[i].active_unix,
		    .ended_unix = list[i].ended_unix,
		    .ended_why = list[i].ended_why};
	return 0;
}

static struct span
session_word(enum session_state state)
{
	switch (state) {
	case SESSION_HELD:
		return SPAN("held");
	case SESSION_MISSED:
		return SPAN("missed");
	case SESSION_CANCELLED:
		return SPAN("cancelled");
	default:
		return SPAN("planned");
	}
}

static int
fact_sessions(struct app *app, struct facts *f, struct err *err)
{
	struct session *list;
	size_t n;

	if (sessions(app->store, &app->item, SESSIONS_ALL, &list, &n, err, 0) <
	    0)
		return -1;
	f->sessions = arena_alloc(&app->item, n * sizeof(*f->sessions));
	for (size_t i = 0; i < n; i++)
		if (list[i].pair_id != 0)
			f->sessions[f->sessions_n++] =
			    (struct fact_session){.id = list[i].id,
				.pair_id = list[i].pair_id,
				.kind = list[i].kind,
				.state = session_word(list[i].state),
				.start_unix = list[i].start_unix,
				.moves = (int)list[i].moves};
	return 0;
}

static int
fact_answers(struct app *app, struct facts *f, struct err *err)
{
	struct rows rows;

	if (store_rows(app->store, &app->item, ANSWERS_ALL, &rows, err, "") < 0)
		return -1;
	f->answers = arena_alloc(&app->item, rows.n * sizeof(*f->answers));
	for (size_t r = 0; r < rows.n; r++) {
		struct fact_answer *a = &f->answers[f->answers_n];

		a->person_id = cell(&rows, r, 0)->i;
		a->survey = cell(&rows, r, 1)->t;
		a->question = cell(&rows, r, 2)->t;
		a->pair_id = cell(&rows, r, 3)->i;
		a->session_id = cell(&rows, r, 4)->i;
		a->value = cell(&rows, r, 7)->t;
		a->at_unix = cell(&rows, r, 8)->i;
		f->answers_n +=
		    question_type_parse(cell(&rows, r, 5)->t, &a->type) &&
		    share_parse(cell(&rows, r, 6)->t, &a->share);
	}
	return 0;
}

static int
fact_notes(struct app *app, const char *kind, struct fact_note **out, size_t *n,
    struct err *err)
{
	struct rows rows;

	if (store_rows(app->store, &app->item, IMPROVEMENTS, &rows, err, "t",
		span_of(kind)) < 0)
		return -1;
	*out = arena_alloc(&app->item, rows.n * sizeof(**out));
	*n = rows.n;
	for (size_t r = 0; r < rows.n; r++)
		(*out)[r] = (struct fact_note){.at_unix = cell(&rows, r, 1)->i,
		    .text = cell(&rows, r, 2)->t,
		    .done = cell(&rows, r, 3)->i != 0};
	return 0;
}

static void
fact_settings(struct app *app, struct facts *f)
{
	const struct conf *c = &app->conf;

	f->skills = arena_alloc(&app->item, c->skills_n * sizeof(*f->skills));
	f->skills_n = c->skills_n;
	for (uint32_t i = 0; i < c->skills_n; i++)
		f->skills[i] = (struct fact_skill){c->skills[i].id,
		    conf_text(&c->skills[i].name, c->locale),
		    (int)c->skills[i].weight};
	f->aims = arena_alloc(&app->item, c->aims_n * sizeof(*f->aims));
	f->aims_n = c->aims_n;
	for (uint32_t i = 0; i < c->aims_n; i++)
		f->aims[i] = (struct fact_aim){c->aims[i].id,
		    conf_text(&c->aims[i].text, c->locale), c->aims[i].measure,
		    (int)c->aims[i].target_permille};
}

static int
fact_published(struct app *app, struct facts *f, struct err *err)
{
	struct rows rows;

	if (store_rows(app->store, &app->item, PUBLISHED, &rows, err, "") < 0)
		return -1;
	f->published = arena_alloc(&app->item, rows.n * sizeof(*f->published));
	f->published_n = rows.n;
	for (size_t r = 0; r < rows.n; r++)
		f->published[r] =
		    (struct fact_published){.key = cell(&rows, r, 0)->t,
			.at_unix = cell(&rows, r, 1)->i,
			.n = cell(&rows, r, 2)->i,
			.value = cell(&rows, r, 3)->i};
	return 0;
}

int
facts_load(struct app *app, struct facts *f, struct err *err)
{
	const struct conf *c = &app->conf;

	*f = (struct facts){.now_unix = app->world.now_unix,
	    .begin_unix = app->programme.begun_unix,
	    .midpoint_unix = app->programme.midpoint_unix,
	    .end_unix = c->end_day * DAY,
	    .programme = conf_text(&c->name, c->locale),
	    .zone = &app->zone,
	    .group_min = (int)c->group_min,
	    .comment_min = (int)c->comment_min,
	    .sessions_planned_each = (int)c->sessions,
	    .next_review_unix = app->programme.next_review_unix};
	fact_settings(app, f);
	if (fact_people(app, f, err) < 0 || fact_pairs(app, f, err) < 0 ||
	    fact_sessions(app, f, err) < 0 || fact_answers(app, f, err) < 0 ||
	    fact_notes(app, "improvement", &f->improvements, &f->improvements_n,
		err) < 0 ||
	    fact_notes(app, "action", &f->actions, &f->actions_n, err) < 0)
		return -1;
	return fact_published(app, f, err);
}

/* --- the digest ---------------------------------------------------------------- */

static struct span
person_label(struct app *app, int64_t id)
{
	struct person p;
	struct err none = {0};

	if (id == 0 || person_find(app->store, &app->item, id, &p, &none) <= 0)
		return SPAN("");
	return p.name.n ? p.name : p.address;
}

static struct span
pair_label(struct app *app, int64_t id)
{
	struct pair p;
	struct person a, b;
	struct err none = {0};

	if (id == 0 || pair_find(app->store, &app->item, id, &p, &none) <= 0 ||
	    pair_persons(app, &p, &a, &b, &none) < 0)
		return SPAN("");
	return arena_spanf(&app->item, "%lld (%.*s, %.*s)", (long long)id,
	    (int)a.name.n, a.name.p, (int)b.name.n, b.name.p);
}

static int
digest_notes(
    struct app *app, const struct words *w, struct value *v, struct err *err)
{
	struct value *list =
	    value_set(&app->item, v, "notes", value_list(&app->item));
	struct rows rows;

	if (store_rows(app->store, &app->item, NOTES_UNTOLD, &rows, err, "") <
	    0)
		return -1;
	for (size_t r = 0; r < rows.n; r++) {
		struct span key = arena_spanf(&app->item, "note-%.*s",
		    (int)cell(&rows, r, 2)->t.n, cell(&rows, r, 2)->t.p);
		struct fill fills[] = {
		    {"person", person_label(app, cell(&rows, r, 3)->i)},
		    {"pair", pair_label(app, cell(&rows, r, 4)->i)},
		    {"text", cell(&rows, r, 5)->t}};

		value_push(&app->item, list,
		    value_text(&app->item,
			words_fill(&app->item, w, key.p, fills, 3)));
	}
	return store_do(app->store, NOTES_TELL, err, "i", app->world.now_unix);
}

static int
digest_silent(struct app *app, struct value *v, struct err *err)
{
	struct value *list =
	    value_set(&app->item, v, "silent", value_list(&app->item));
	struct pair *open;
	size_t n;

	if (pairs(app->store, &app->item, PAIRS_OPEN, &open, &n, err, 0) < 0)
		return -1;
	for (size_t i = 0; i < n; i++) {
		struct value *item;

		if (open[i].flag.n == 0)
			continue;
		item = value_push(&app->item, list, value_object(&app->item));
		value_set_int(&app->item, item, "number", open[i].id);
		value_set_text(
		    &app->item, item, "pair", pair_label(app, open[i].id));
		value_set_int(&app->item, item, "days",
		    (app->world.now_unix - open[i].last_sign_unix) / DAY);
	}
	return 0;
}

static int
digest_counts(struct app *app, struct value *v, struct err *err)
{
	struct rows rows;

	if (store_rows(app->store, &app->item, PERSON_COUNT_STATES, &rows, err,
		"") < 0)
		return -1;
	for (size_t r = 0; r < rows.n; r++)
		value_set_int(&app->item, v,
		    arena_printf(&app->item, "people-%.*s",
			(int)cell(&rows, r, 0)->t.n, cell(&rows, r, 0)->t.p),
		    cell(&rows, r, 1)->i);
	if (store_rows(app->store, &app->item, INBOX_COUNT, &rows, err, "i",
		app->world.now_unix - WEEK) < 0)
		return -1;
	for (size_t r = 0; r < rows.n; r++)
		value_set_int(&app->item, v,
		    arena_printf(&app->item, "mails-%.*s",
			(int)cell(&rows, r, 0)->t.n, cell(&rows, r, 0)->t.p),
		    cell(&rows, r, 1)->i);
	return 0;
}

/* Who comes to a group meeting, in figures. */
static int
head_count(struct app *app, const struct session *s, struct value *item,
    struct err *err)
{
	int64_t said[PARTSTAT_DELEGATED + 1] = {0};
	struct attendee *list;
	size_t n;

	if (attendees(app->store, &app->item, s->id, &list, &n, err) < 0)
		return -1;
	for (size_t i = 0; i < n; i++)
		said[list[i].partstat]++;
	value_set_int(&app->item, item, "yes", said[PARTSTAT_ACCEPTED]);
	value_set_int(&app->item, item, "no", said[PARTSTAT_DECLINED]);
	if (said[PARTSTAT_TENTATIVE] > 0)
		value_set_int(
		    &app->item, item, "maybe", said[PARTSTAT_TENTATIVE]);
	value_set_int(&app->item, item, "open",
	    (int64_t)n - said[PARTSTAT_ACCEPTED] - said[PARTSTAT_DECLINED] -
		said[PARTSTAT_TENTATIVE]);
	return 0;
}

static int
digest_groups(
    struct app *app, const struct language *l, struct value *v, struct err *err)
{
	struct value *list =
	    value_set(&app->item, v, "groups", value_list(&app->item));
	struct session *groups;
	size_t n;

	if (sessions(app->store, &app->item, SESSIONS_OF, &groups, &n, err, 0) <
	    0)
		return -1;
	for (size_t i = 0; i < n; i++) {
		const struct session *s = &groups[i];
		const struct value *who = value_find(v, s->role);
		struct value *item;

		if ((s->state != SESSION_INVITED &&
			s->state != SESSION_CONFIRMED) ||
		    s->start_unix <= app->world.now_unix)
			continue;
		item = value_push(&app->item, list, value_object(&app->item));
		value_set_text(
		    &app->item, item, "who", who != NULL ? who->text : s->role);
		value_set_text(&app->item, item, "when",
		    words_when(&app->item, &l->words, &app->zone, s->start_unix,
			s->end_unix));
		if (head_count(app, s, item, err) < 0)
			return -1;
	}
	return 0;
}

static int
digest_waiting(struct app *app, struct value *v, struct err *err)
{
	struct rows rows;
	struct person *list;
	size_t n;

	if (store_rows(app->store, &app->item, ROUND_LAST, &rows, err, "") < 0)
		return -1;
	value_set_bool(&app->item, v, "proposal-waits",
	    rows.n > 0 && span_is(cell(&rows, 0, 1)->t, "proposed"));
	if (persons(
		app->store, &app->item, PERSONS_APPLIED, &list, &n, err, 0) < 0)
		return -1;
	value_set(&app->item, v, "applied", value_list(&app->item));
	for (size_t i = 0; i < n; i++)
		value_push(&app->item,
		    (struct value *)value_find(v, SPAN("applied")),
		    value_text(&app->item, list[i].address));
	return 0;
}

/* Charts as inline pictures, each with its figures in text beside it. */
static int
digest_pictures(struct app *app, const struct facts *f, const struct words *w,
    struct value *v, struct letter_file **files, uint32_t *files_n,
    struct err *err)
{
	struct draw_style style = {app->conf.accent, 640, 300};
	struct value *list =
	    value_set(&app->item, v, "charts", value_list(&app->item));
	struct chart *charts;
	size_t n;

	digest_charts(&app->item, f, w, &charts, &n);
	*files = arena_alloc(&app->item, n * sizeof(**files));
	*files_n = 0;
	for (size_t i = 0; i < n; i++) {
		struct span text = chart_text(&app->item, &charts[i], w);
		struct span cid = arena_spanf(&app->item, "chart%zu@rmail", i);
		struct value *item =
		    value_push(&app->item, list, value_object(&app->item));
		struct letter_file file = {.type = SPAN("image/png"),
		    .name = arena_spanf(&app->item, "chart%zu.png", i),
		    .content_id = cid};

		if (draw_png(&app->item, &charts[i], &style, &file.bytes, err) <
		    0)
			return -1;
		(*files)[(*files_n)++] = file;
		value_set_text(&app->item, item, "title", charts[i].title);
		value_set(&app->item, item, "picture",
		    value_block(&app->item, text,
			arena_spanf(&app->item,
			    "<p><img src=\"cid:%.*s\" "
			    "alt=\"%.*s\" width=\"560\" "
			    "style=\"width:100%%;max-width:560px\"></p>",
			    (int)cid.n, cid.p, (int)charts[i].title.n,
			    charts[i].title.p)));
	}
	return 0;
}

int
digest_send(struct app *app, struct err *err)
{
	const struct language *l = app_language(app, app->conf.locale);
	struct value *v = letter_values(app, NULL);
	struct thread thread;
	struct facts f;
	struct letter_ask ask = {.template = "digest",
	    .thread = &thread,
	    .to_name = app->conf.lead_name,
	    .to_address = app->conf.lead_address,
	    .locale = app->conf.locale,
	    .values = v,
	    .at_once = true};

	if (facts_load(app, &f, err) < 0 || digest_waiting(app, v, err) < 0 ||
	    digest_silent(app, v, err) < 0 || digest_counts(app, v, err) < 0 ||
	    digest_notes(app, &l->words, v, err) < 0 ||
	    digest_groups(app, l, v, err) < 0 ||
	    digest_pictures(
		app, &f, &l->words, v, &ask.files, &ask.files_n, err) < 0 ||
	    thread_get(app, THREAD_LEAD, 0, 0, &thread, err) < 0)
		return -1;
	value_set_text(&app->item, v, "date",
	    words_date(&app->item, &l->words, &app->zone, app->world.now_unix));
	return letter_send(app, &ask, NULL, err);
}

/* --- the report ------------------------------------------------------------------ */

struct svg_cookie {
	struct draw_style style;
};

static struct span
svg_of(void *cookie, struct arena *arena, const struct chart *chart)
{
	const struct svg_cookie *c = cookie;
	struct span svg = SPAN("");
	struct err none = {0};

	if (draw_svg(arena, chart, &c->style, &svg, &none) < 0)
		return SPAN("");
	return svg;
}

struct span
report_html(struct app *app, const struct document *d)
{
	struct svg_cookie cookie = {{app->conf.accent, 640, 320}};

	return document_html(&app->item, d, app->conf.accent, svg_of, &cookie);
}

int
report_publish(
    struct app *app, const struct figures *published, struct err *err)
{
	for (size_t i = 0; i < published->n; i++)
		if (!published->items[i].withheld &&
		    store_do(app->store, PUBLISH, err, "tiii",
			published->items[i].key, app->world.now_unix,
			published->items[i].n, published->items[i].value) < 0)
			return -1;
	return 0;
}

int
report_send(struct app *app, struct err *err)
{
	const struct language *l = app_language(app, app->conf.locale);
	struct value *v = letter_values(app, NULL);
	struct draw_style style = {app->conf.accent, 640, 320};
	struct letter_file *files = arena_alloc(&app->item, 2 * sizeof(*files));
	struct letter_ask ask = {.template = "report",
	    .values = v,
	    .to_name = app->conf.sponsor_name,
	    .to_address = app->conf.sponsor_address,
	    .locale = app->conf.locale,
	    .at_once = true,
	    .files = files,
	    .files_n = 2};
	struct figures published;
	struct document d;
	struct facts f;

	if (ask.to_address.n == 0) {
		ask.to_name = app->conf.lead_name;
		ask.to_address = app->conf.lead_address;
	}
	if (facts_load(app, &f, err) < 0)
		return -1;
	report_build(&app->item, &f, &l->words, &d, &published);
	value_set(&app->item, v, "report",
	    value_block(&app->item, document_text(&app->item, &d), SPAN("")));
	files[0] = (struct letter_file){
	    .type = SPAN("application/pdf"), .name = SPAN("report.pdf")};
	files[1] =
	    (struct letter_file){.type = SPAN("text/html; charset=utf-8"),
		.name = SPAN("report.html"),
		.bytes = report_html(app, &d)};
	if (draw_pdf(&app->item, &d, &style, &files[0].bytes, err) < 0 ||
	    report_publish(app, &published, err) < 0)
		return -1;
	return letter_send(app, &ask, NULL, err);
}

/* --- you said, we did -------------------------------------------------------------- */

int
did_send(struct app *app, struct err *err)
{
	struct person *list;
	struct rows rows;
	size_t n, open = 0;

	if (store_rows(app->store, &app->item, IMPROVEMENTS, &rows, err, "t",
		SPAN("improvement")) < 0 ||
	    persons(app->store, &app->item, PERSONS_READY, &list, &n, err, 0) <
		0)
		return -1;
	for (size_t r = 0; r < rows.n; r++)
		open += cell(&rows, r, 3)->i == 0;
	for (size_t i = 0; i < n && open > 0; i++) {
		struct value *v = letter_values(app, &list[i]);
		struct value *items = value_set(
		    &app->item, v, "improvements", value_list(&app->item));
		struct thread thread;

		for (size_t r = 0; r < rows.n; r++)
			if (cell(&rows, r, 3)->i == 0)
				value_push(&app->item, items,
				    value_text(
					&app->item, cell(&rows, r, 2)->t));
		if (thread_get(app, THREAD_PERSON, list[i].id, list[i].id,
			&thread, err) < 0 ||
		    letter_send(app,
			&(struct letter_ask){.template = "we-did",
			    .to = &list[i],
			    .thread = &thread,
			    .values = v},
			NULL, err) < 0)
			return -1;
	}
	return store_do(
	    app->store, IMPROVEMENTS_SENT, err, "i", app->world.now_unix);
}
