/* What is stored -> the facts that report/ makes its figures of. */
#include "app/app.h"

#include "report/report.h"

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

static void
fact_tongues(struct app *app, struct facts *f)
{
	f->tongues =
	    arena_alloc(&app->item, app->languages_n * sizeof(*f->tongues));
	for (size_t i = 0; i < app->languages_n; i++)
		f->tongues[f->tongues_n++] = &app->languages[i].words;
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

/*
 * A rolling programme is reviewed each year on its date; one with an end at
 * its half and at its end.  0: this was the last one.
 */
static int64_t
next_review(const struct app *app)
{
	const struct conf *c = &app->conf;
	const int64_t days[] = {c->midpoint_day, c->end_day};

	if (app->programme.next_review_unix != 0 ||
	    app->programme.state >= PROGRAMME_CLOSING)
		return app->programme.next_review_unix;
	for (size_t i = 0; i < 2; i++) {
		struct civil day = civil_of_days(days[i]);
		int64_t t = 0;

		if (days[i] != 0)
			zone_unix(&app->zone, &day, &t);
		if (t > app->world.now_unix)
			return t;
	}
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
	    .mentors = conf_text(&c->mentors, c->locale),
	    .mentees = conf_text(&c->mentees, c->locale),
	    .zone = &app->zone,
	    .group_min = (int)c->group_min,
	    .comment_min = (int)c->comment_min,
	    .sessions_planned_each = (int)c->sessions,
	    .next_review_unix = next_review(app),
	    .last = app->programme.state >= PROGRAMME_CLOSING};
	fact_settings(app, f);
	fact_tongues(app, f);
	if (fact_people(app, f, err) < 0 || fact_pairs(app, f, err) < 0 ||
	    fact_sessions(app, f, err) < 0 || fact_answers(app, f, err) < 0 ||
	    fact_notes(app, "improvement", &f->improvements, &f->improvements_n,
		err) < 0 ||
	    fact_notes(app, "action", &f->actions, &f->actions_n, err) < 0)
		return -1;
	return fact_published(app, f, err);
}
