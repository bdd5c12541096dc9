/* Forms out, answers in. */
#include "app/app.h"

#include <sysexits.h>

#include "base/num.h"
#include "base/str.h"
#include "base/vec.h"
#include "tmpl/tmpl.h"

/* --- slots in the database ----------------------------------------------- */

/* "key TAB text LF ..." */
static struct span
options_write(struct arena *arena, const struct slot *s)
{
	struct str out;

	str_init(&out, arena, 65536);
	for (uint32_t i = 0; i < s->options_n; i++) {
		str_add(&out, s->options[i].key);
		str_addc(&out, '\t');
		str_add(&out, s->options[i].text);
		str_addc(&out, '\n');
	}
	return str_span(&out);
}

static void
options_read(struct arena *arena, struct span text, struct slot *s)
{
	struct span line;

	while (span_line(&text, &line)) {
		size_t tab = span_findc(line, '\t');

		vec_room(arena, &s->options, s->options_n, sizeof(*s->options));
		s->options[s->options_n++] = (struct option){
		    span_sub(line, 0, tab), span_skip(line, tab + 1)};
	}
}

static int
slots_store(
    struct app *app, int64_t form_id, const struct form *form, struct err *err)
{
	for (uint32_t i = 0; i < form->slots_n; i++) {
		const struct slot *s = &form->slots[i];

		if (store_do(app->store, FORM_SLOT_INSERT, err, "iitttiiiitttt",
			form_id, (int64_t)s->number, s->id,
			span_of(question_type_name(s->type)),
			span_of(share_name(s->share)), (int64_t)s->required,
			(int64_t)s->wanted, (int64_t)s->low, (int64_t)s->high,
			s->text, s->low_text, s->high_text,
			options_write(&app->item, s)) < 0)
			return -1;
	}
	return 0;
}

int
form_load(struct app *app, int64_t form_id, struct form *out, struct err *err)
{
	struct rows rows;
	struct form form;

	if (store_rows(app->store, &app->item, FORM_SLOTS, &rows, err, "i",
		form_id) < 0)
		return -1;
	form.slots_n = (uint32_t)rows.n;
	form.slots = arena_alloc(&app->item, rows.n * sizeof(*form.slots));
	for (size_t r = 0; r < rows.n; r++) {
		struct slot *s = &form.slots[r];

		s->number = (int)cell(&rows, r, 0)->i;
		s->id = cell(&rows, r, 1)->t;
		if (!question_type_parse(cell(&rows, r, 2)->t, &s->type) ||
		    !share_parse(cell(&rows, r, 3)->t, &s->share))
			return err_exit(err, ERR_STOP, EX_SOFTWARE,
			    "form %lld holds an unknown word",
			    (long long)form_id);
		s->required = cell(&rows, r, 4)->i != 0;
		s->wanted = cell(&rows, r, 5)->i != 0;
		s->low = (int)cell(&rows, r, 6)->i;
		s->high = (int)cell(&rows, r, 7)->i;
		s->text = cell(&rows, r, 8)->t;
		s->low_text = cell(&rows, r, 9)->t;
		s->high_text = cell(&rows, r, 10)->t;
		options_read(&app->item, cell(&rows, r, 11)->t, s);
	}
	*out = form;
	return 0;
}

/* --- sending ------------------------------------------------------------- */

/* The day of the session that a form is about. */
static int
session_day(struct app *app, const struct person *p, int64_t session_id,
    struct value *v, struct err *err)
{
	const struct language *l = app_language(app, p->locale);
	struct session s;
	int rc = session_id == 0 ? 0
				 : session_find(app->store, &app->item,
				       session_id, &s, err);

	if (rc > 0 && s.start_unix != 0)
		value_set_text(&app->item, v, "date",
		    words_day(&app->item, &l->words, person_zone(app, p),
			s.start_unix));
	return rc < 0 ? -1 : 0;
}

/* "1, 2 and 12"; nothing where every answer is needed, or none is. */
static struct span
needed_numbers(
    struct app *app, const struct words *words, const struct form *form)
{
	struct span *numbers =
	    arena_alloc(&app->item, form->slots_n * sizeof(*numbers));
	size_t n = 0;

	for (uint32_t i = 0; i < form->slots_n; i++)
		if (form->slots[i].required)
			numbers[n++] = arena_spanf(
			    &app->item, "%d", form->slots[i].number);
	return n < form->slots_n ? words_join(&app->item, words, numbers, n)
				 : SPAN("");
}

static int
form_mail(struct app *app, const struct person *p, struct sent_form *sent,
    const struct form *form, const char *template, struct err *err)
{
	const struct language *l = app_language(app, p->locale);
	struct thread thread;
	struct value *v = letter_values(app, p);
	struct letter_ask ask = {.template = template,
	    .to = p,
	    .thread = &thread,
	    .values = v,
	    .session_id = sent->session_id};
	struct span code, text;

	if (thread_get(app, THREAD_FORM, sent->id, p->id, &thread, err) < 0)
		return -1;
	code = thread_code(&app->item, &thread);
	value_set(&app->item, v, "form",
	    value_block(&app->item,
		form_text(&app->item, form, code, &l->words, NULL, 0),
		form_html(&app->item, form, code, &l->words, NULL, 0,
		    thread_address(app, &thread),
		    accent_safe(&app->item, app->conf.accent))));
	value_set_text(
	    &app->item, v, "needed", needed_numbers(app, &l->words, form));
	if (sent->session_id != 0 && app->inbox_id == 0)
		value_set_int(&app->item, v, "session", sent->session_id);
	if (sent->pair_id != 0) {
		struct pair pair;
		struct person mentor, mentee;

		if (pair_find(app->store, &app->item, sent->pair_id, &pair,
			err) < 0 ||
		    pair_persons(app, &pair, &mentor, &mentee, err) < 0)
			return -1;
		partner_values(
		    app, v, p->id == mentor.id ? mentee.name : mentor.name);
	}
	if (session_day(app, p, sent->session_id, v, err) < 0 ||
	    letter_send(app, &ask, &text, err) < 0)
		return -1;
	/* Replies may quote any of the mails; the whole form is the first. */
	if (sent->text.n == 0)
		sent->text = text;
	return form_save(app, sent, err);
}

static int
form_open(struct app *app, const struct person *p, const char *survey,
    int64_t pair_id, int64_t session_id, struct sent_form *out, bool *open,
    struct err *err)
{
	struct sent_form *list;
	size_t n;

	*open = false;
	if (forms(app->store, &app->item, FORMS_OF, &list, &n, err, p->id) < 0)
		return -1;
	for (size_t i = 0; i < n; i++)
		if (span_is(list[i].survey, survey) &&
		    list[i].pair_id == pair_id &&
		    list[i].session_id == session_id &&
		    (list[i].state == FORM_OPEN ||
			list[i].state == FORM_PARTIAL)) {
			*out = list[i];
			*open = true;
		}
	return 0;
}

int
survey_was_sent(struct app *app, const struct person *p, const char *survey,
    int64_t pair_id, bool *yes, struct err *err)
{
	struct sent_form *list;
	size_t n;

	*yes = false;
	if (forms(app->store, &app->item, FORMS_OF, &list, &n, err, p->id) < 0)
		return -1;
	for (size_t i = 0; i < n; i++)
		*yes |= span_is(list[i].survey, survey) &&
			list[i].pair_id == pair_id;
	return 0;
}

/* "stop" to a kind of question is kept to for good. */
static int
form_stopped(struct app *app, const struct person *p, const char *survey,
    bool *stopped, struct err *err)
{
	struct sent_form *list;
	size_t n;

	*stopped = false;
	if (forms(app->store, &app->item, FORMS_OF, &list, &n, err, p->id) < 0)
		return -1;
	for (size_t i = 0; i < n; i++)
		if (span_is(list[i].survey, survey) &&
		    list[i].state == FORM_STOPPED)
			*stopped = true;
	return 0;
}

int
survey_send(struct app *app, const struct person *p, const char *survey,
    int64_t pair_id, int64_t session_id, struct err *err)
{
	const struct language *l = app_language(app, p->locale);
	const struct survey *def = app_survey(l, survey);
	struct form_for who = {.mentor = p->mentor,
	    .mentee = p->mentee,
	    .skills = l->skills,
	    .skills_n = app->conf.skills_n};
	struct sent_form sent = {.person_id = p->id,
	    .survey = span_of(survey),
	    .pair_id = pair_id,
	    .session_id = session_id,
	    .state = FORM_OPEN,
	    .locale = l->locale,
	    .sent_unix = app->world.now_unix,
	    .due_unix = app->world.now_unix + app->conf.remind_first_seconds};
	struct form form;
	bool open, stopped;

	if (form_open(app, p, survey, pair_id, session_id, &sent, &open, err) <
		0 ||
	    form_stopped(app, p, survey, &stopped, err) < 0)
		return -1;
	if (stopped)
		return 0;
	if (!who.mentor && !who.mentee)
		who.mentor = who.mentee = true;
	if (!open) {
		form_build(&app->item, def, &who, &form);
		if (store_do(app->store, FORM_INSERT, err, "itiittii", p->id,
			sent.survey, pair_id, session_id, sent.locale, SPAN(""),
			sent.sent_unix, sent.due_unix) < 0)
			return -1;
		sent.id = store_last_id(app->store);
		if (slots_store(app, sent.id, &form, err) < 0)
			return -1;
	} else if (form_load(app, sent.id, &form, err) < 0)
		return -1;
	return form_mail(app, p, &sent, &form,
	    arena_printf(&app->item, "survey-%s", survey), err);
}

/* --- once more ------------------------------------------------------------ */

static int
answered(struct app *app, const struct sent_form *f, const struct slot *s,
    bool *yes, struct err *err)
{
	struct rows rows;

	*yes = false;
	if (store_rows(app->store, &app->item, ANSWERS_OF, &rows, err, "i",
		f->person_id) < 0)
		return -1;
	for (size_t r = 0; r < rows.n; r++)
		if (span_eq(cell(&rows, r, 0)->t, f->survey) &&
		    span_eq(cell(&rows, r, 1)->t, s->id) &&
		    cell(&rows, r, 2)->i == f->pair_id &&
		    cell(&rows, r, 3)->i == f->session_id)
			*yes = true;
	return 0;
}

int
survey_again(
    struct app *app, struct sent_form *f, bool missing, struct err *err)
{
	struct form form, rest = {0};
	struct person p;
	int rc = person_find(app->store, &app->item, f->person_id, &p, err);

	if (rc == 0)
		return err_set(err, ERR_STOP, "form %lld without its person",
		    (long long)f->id);
	if (rc < 0 || form_load(app, f->id, &form, err) < 0)
		return -1;
	rest.slots =
	    arena_alloc(&app->item, form.slots_n * sizeof(*rest.slots));
	for (uint32_t i = 0; i < form.slots_n; i++) {
		bool have;

		if (answered(app, f, &form.slots[i], &have, err) < 0)
			return -1;
		if (!have && (form.slots[i].required || !missing))
			rest.slots[rest.slots_n++] = form.slots[i];
	}
	return form_mail(app, &p, f, rest.slots_n ? &rest : &form,
	    missing ? "survey-missing" : "survey-again", err);
}

int
answer_find(struct app *app, int64_t person_id, const char *survey,
    const char *question, struct span *value, struct err *err)
{
	struct rows rows;

	if (store_rows(app->store, &app->item, ANSWERS_OF, &rows, err, "i",
		person_id) < 0)
		return -1;
	for (size_t r = 0; r < rows.n; r++)
		if (span_is(cell(&rows, r, 0)->t, survey) &&
		    span_is(cell(&rows, r, 1)->t, question)) {
			*value = cell(&rows, r, 6)->t;
			return 1;
		}
	return 0;
}
