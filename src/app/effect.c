/*
 * Effects of persons, forms and the programme -> rows and mails.  Pairs and
 * sessions have files of their own.
 */
#include "app/app.h"

#include "compose/compose.h"
#include "model/address.h"

/* --- mails --------------------------------------------------------------- */

static int
tell(struct app *app, const struct person *p, const char *template,
    struct value *values, struct err *err)
{
	struct thread thread;
	struct letter_ask ask = {.template = template,
	    .to = p,
	    .thread = &thread,
	    .values = values,
	    .at_once = app->inbox_id != 0,
	    .answer = app->inbox_id != 0};

	if (p->state == PERSON_ERASED)
		return 0;
	if (thread_get(app, THREAD_PERSON, p->id, p->id, &thread, err) < 0)
		return -1;
	return letter_send(app, &ask, NULL, err);
}

static int
tell_paused(struct app *app, const struct person *p, struct err *err)
{
	struct value *v = letter_values(app, p);
	const struct language *l = app_language(app, p->locale);

	if (p->paused_until_unix != 0)
		value_set_text(&app->item, v, "until",
		    words_date(&app->item, &l->words, person_zone(app, p),
			p->paused_until_unix));
	return tell(app, p, "paused", v, err);
}

static int
each_pair(struct app *app, const struct person *p, enum flow_event event,
    const char *why, struct err *err)
{
	struct pair *list;
	size_t n;

	if (pairs(app->store, &app->item, PAIRS_OF, &list, &n, err, p->id) < 0)
		return -1;
	for (size_t i = 0; i < n; i++) {
		if (event == EV_END && list[i].state != PAIR_ENDED)
			list[i].ended_why = span_of(why);
		if (pair_event(app, &list[i], event, err) < 0)
			return -1;
	}
	return 0;
}

/* Where both have paused, the pair goes on when the second is back. */
static int
resume_pairs(struct app *app, const struct person *p, struct err *err)
{
	struct pair *list;
	size_t n;

	if (pairs(app->store, &app->item, PAIRS_OF, &list, &n, err, p->id) < 0)
		return -1;
	for (size_t i = 0; i < n; i++) {
		struct person partner;
		int rc = person_find(app->store, &app->item,
		    list[i].mentor_id == p->id ? list[i].mentee_id
					       : list[i].mentor_id,
		    &partner, err);

		if (rc > 0 && partner.state == PERSON_PAUSED)
			continue;
		if (rc < 0 || pair_event(app, &list[i], EV_RESUME, err) < 0)
			return -1;
	}
	return 0;
}

static int
close_forms(struct app *app, const struct person *p, struct err *err)
{
	struct sent_form *list;
	size_t n;

	if (forms(app->store, &app->item, FORMS_OF, &list, &n, err, p->id) < 0)
		return -1;
	for (size_t i = 0; i < n; i++)
		if (form_event(app, &list[i], EV_END, err) < 0)
			return -1;
	return 0;
}

int
person_effect(
    struct app *app, struct person *p, enum flow_effect effect, struct err *err)
{
	switch (effect) {
	case FX_INVITATION:
		return tell(app, p, "invitation", NULL, err);
	case FX_SIGNUP:
		return survey_send(app, p, "signup", 0, 0, err);
	case FX_APPLY_NOTED:
		return tell(app, p, "applied", NULL, err);
	case FX_APPLY_LEAD:
		return note_add(app, "applied", p->id, 0, SPAN(""), err);
	case FX_REFUSED:
		return tell(app, p, "refused", NULL, err);
	case FX_DECLINED_NOTED:
		return tell(app, p, "declined", NULL, err);
	case FX_WELCOME:
		return tell(app, p, "welcome", NULL, err);
	case FX_PAUSED_NOTED:
		return tell_paused(app, p, err);
	case FX_PAUSE_PAIRS:
		return each_pair(app, p, EV_PAUSE, "", err);
	case FX_RESUMED_NOTED:
		return tell(app, p, "resumed", NULL, err);
	case FX_RESUME_PAIRS:
		return resume_pairs(app, p, err);
	case FX_GOODBYE:
		return tell(app, p, "goodbye", NULL, err);
	case FX_END_PAIRS:
		return each_pair(app, p, EV_END, "left", err);
	case FX_LEFT_LEAD:
		return note_add(app, "left", p->id, 0, SPAN(""), err);
	case FX_CLOSE_FORMS:
		return close_forms(app, p, err);
	default:
		return 0;
	}
}

/* --- forms --------------------------------------------------------------- */

int
form_effect(struct app *app, struct sent_form *form, enum flow_effect effect,
    struct err *err)
{
	if (effect == FX_FORM_AGAIN || effect == FX_ASK_MISSING)
		return survey_again(app, form, effect == FX_ASK_MISSING, err);
	return 0;
}

/* --- the programme ------------------------------------------------------- */

static int
invite_all(struct app *app, struct err *err)
{
	struct person *list;
	size_t n;

	/* In portions: due_all comes back while somebody is left. */
	if (persons(app->store, &app->item, PERSONS_KNOWN, &list, &n, err, 0) <
	    0)
		return -1;
	for (size_t i = 0; i < n; i++) {
		struct arena kept = arena_swap(&app->item);
		int rc = person_event(app, &list[i], EV_INVITE, err);

		arena_swap_back(&app->item, kept);
		if (rc < 0)
			return -1;
	}
	return 0;
}

int
survey_all(struct app *app, const char *survey, struct err *err)
{
	struct person *list;
	size_t n;

	if (persons(app->store, &app->item, PERSONS_READY, &list, &n, err, 0) <
	    0)
		return -1;
	for (size_t i = 0; i < n; i++) {
		struct arena kept;
		int64_t open = 1;
		int rc;

		if (list[i].matched_unix == 0)
			continue;
		/* There, who has looked back on a pair has done so. */
		if (app->conf.kind == CONF_ROLLING &&
		    store_int(app->store, PAIRS_OPEN_WITH, &open, err, "i",
			list[i].id) < 0)
			return -1;
		kept = arena_swap(&app->item);
		rc = open > 0 ? survey_send(app, &list[i], survey, 0, 0, err)
			      : 0;
		arena_swap_back(&app->item, kept);
		if (rc < 0)
			return -1;
	}
	return 0;
}

static int
complete_pairs(struct app *app, struct err *err)
{
	struct pair *list;
	size_t n;

	if (pairs(app->store, &app->item, PAIRS_OPEN, &list, &n, err, 0) < 0)
		return -1;
	for (size_t i = 0; i < n; i++) {
		struct arena kept = arena_swap(&app->item);
		int rc = pair_event(app, &list[i], EV_COMPLETE, err);

		arena_swap_back(&app->item, kept);
		if (rc < 0)
			return -1;
	}
	return 0;
}

static int
certificate(struct app *app, const struct person *p, struct err *err)
{
	struct value *v = letter_values(app, p);
	const struct language *l = app_language(app, p->locale);

	value_set_text(&app->item, v, "date",
	    words_date(&app->item, &l->words, person_zone(app, p),
		app->world.now_unix));
	return tell(app, p, "certificate", v, err);
}

/* A thank-you with the certificate to everybody who stayed to the end. */
static int
certificates(struct app *app, struct err *err)
{
	struct person *list;
	size_t n;

	if (persons(app->store, &app->item, PERSONS_READY, &list, &n, err, 0) <
	    0)
		return -1;
	for (size_t i = 0; i < n; i++) {
		struct arena kept = arena_swap(&app->item);
		int rc = list[i].matched_unix != 0
			     ? certificate(app, &list[i], err)
			     : 0;

		arena_swap_back(&app->item, kept);
		if (rc < 0)
			return -1;
	}
	return 0;
}

int
programme_effect(struct app *app, enum flow_effect effect, struct err *err)
{
	switch (effect) {
	case FX_INVITE_ALL:
		return invite_all(app, err);
	case FX_MIDPOINT:
		if (survey_all(app, "midpoint", err) < 0 ||
		    group_meeting(app, "mentors", err) < 0)
			return -1;
		if (group_meeting(app, "mentees", err) < 0)
			return -1;
		return report_send(app, err);
	case FX_FINAL_SURVEYS:
		if (survey_all(app, "final", err) < 0)
			return -1;
		return complete_pairs(app, err);
	case FX_FINAL_REPORT:
		if (certificates(app, err) < 0 || did_send(app, err) < 0)
			return -1;
		return report_send(app, err);
	default:
		return 0;
	}
}
