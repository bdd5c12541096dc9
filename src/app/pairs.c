/* Effects of pairs -> rows and mails. */
#include "app/app.h"

enum {
	TRAINING_PIECES = 4
};

int
pair_persons(struct app *app, const struct pair *pair, struct person *mentor,
    struct person *mentee, struct err *err)
{
	int rc =
	    person_find(app->store, &app->item, pair->mentor_id, mentor, err);

	if (rc > 0)
		rc = person_find(
		    app->store, &app->item, pair->mentee_id, mentee, err);
	if (rc == 0)
		return err_set(err, ERR_STOP, "pair %lld without its people",
		    (long long)pair->id);
	return rc < 0 ? -1 : 0;
}

struct value *
pair_values(struct app *app, const struct pair *pair, const struct person *to,
    const struct person *partner)
{
	struct value *v = letter_values(app, to);

	/* In this pair one is the mentor, whatever else they are. */
	value_set_bool(&app->item, v, "is-mentor", to->id == pair->mentor_id);
	value_set_bool(&app->item, v, "is-mentee", to->id == pair->mentee_id);
	partner_values(
	    app, v, partner->name.n ? partner->name : partner->address);
	value_set_text(&app->item, v, "partner-address", partner->address);
	value_set_text(
	    &app->item, v, "partner-department", partner->department);
	value_set_text(&app->item, v, "partner-location", partner->location);
	value_set_int(&app->item, v, "pair", pair->id);
	value_set_int(&app->item, v, "sessions", pair->sessions);
	value_set_text(&app->item, v, "sessions-count",
	    words_count(&app->item, &app_language(app, to->locale)->words,
		"count-sessions", pair->sessions));
	return v;
}

int
pair_tell_one(struct app *app, const struct pair *pair, const struct person *to,
    const struct person *partner, const char *template, struct value *more,
    struct err *err)
{
	struct thread thread;
	struct value *v = pair_values(app, pair, to, partner);
	struct letter_ask ask = {
	    .template = template, .to = to, .thread = &thread, .values = v};

	if (to->state == PERSON_ERASED || to->state == PERSON_LEFT)
		return 0;
	for (size_t i = 0; more != NULL && i < more->n; i++)
		value_set(&app->item, v,
		    arena_strdup(&app->item, more->names[i]), more->items[i]);
	if (thread_get(app, THREAD_PAIR, pair->id, to->id, &thread, err) < 0)
		return -1;
	return letter_send(app, &ask, NULL, err);
}

int
pair_tell(struct app *app, const struct pair *pair, const char *template,
    struct value *more, struct err *err)
{
	struct person mentor, mentee;

	if (pair_persons(app, pair, &mentor, &mentee, err) < 0 ||
	    pair_tell_one(app, pair, &mentor, &mentee, template, more, err) < 0)
		return -1;
	return pair_tell_one(app, pair, &mentee, &mentor, template, more, err);
}

/* Only those who have not agreed are reminded. */
static int
remind_rules(struct app *app, const struct pair *pair, struct err *err)
{
	struct person mentor, mentee;

	if (pair_persons(app, pair, &mentor, &mentee, err) < 0)
		return -1;
	if (pair->mentor_agreed_unix == 0 &&
	    pair_tell_one(
		app, pair, &mentor, &mentee, "rules-again", NULL, err) < 0)
		return -1;
	if (pair->mentee_agreed_unix == 0 &&
	    pair_tell_one(
		app, pair, &mentee, &mentor, "rules-again", NULL, err) < 0)
		return -1;
	return 0;
}

/* The next piece, in the words for each role. */
static int
training(struct app *app, struct pair *pair, struct err *err)
{
	struct person mentor, mentee;
	int64_t piece = pair->training + 1;

	if (piece > TRAINING_PIECES)
		return 0;
	if (pair_persons(app, pair, &mentor, &mentee, err) < 0 ||
	    pair_tell_one(app, pair, &mentor, &mentee,
		arena_printf(&app->item, "training-mentor-%d", (int)piece),
		NULL, err) < 0 ||
	    pair_tell_one(app, pair, &mentee, &mentor,
		arena_printf(&app->item, "training-mentee-%d", (int)piece),
		NULL, err) < 0)
		return -1;
	pair->training = piece;
	return pair_save(app, pair, err);
}

static int
cancel_sessions(struct app *app, const struct pair *pair, struct err *err)
{
	struct session *list;
	size_t n;

	if (sessions(app->store, &app->item, SESSIONS_OF, &list, &n, err,
		pair->id) < 0)
		return -1;
	for (size_t i = 0; i < n; i++) {
		bool begun = (list[i].state == SESSION_INVITED ||
				 list[i].state == SESSION_CONFIRMED) &&
			     list[i].start_unix <= app->world.now_unix;

		if (!begun &&
		    session_event(app, &list[i], EV_CANCELLED, err) < 0)
			return -1;
	}
	return 0;
}

static int
begin_sessions(struct app *app, const struct pair *pair, struct err *err)
{
	int64_t soon = app->world.now_unix + 7 * DAY;

	return session_new(app, pair, soon, err);
}

/* The partner who is not paused hears of it; a reason is never told. */
static int
tell_partner(struct app *app, const struct pair *pair, const char *template,
    struct err *err)
{
	struct person mentor, mentee;

	if (pair_persons(app, pair, &mentor, &mentee, err) < 0)
		return -1;
	if (mentor.state != PERSON_PAUSED)
		if (pair_tell_one(
			app, pair, &mentor, &mentee, template, NULL, err) < 0)
			return -1;
	if (mentee.state != PERSON_PAUSED)
		return pair_tell_one(
		    app, pair, &mentee, &mentor, template, NULL, err);
	return 0;
}

/* Where the programme runs on, each pair has an end of its own. */
static int
complete(struct app *app, const struct pair *pair, struct err *err)
{
	struct person both[2];

	if (pair_persons(app, pair, &both[0], &both[1], err) < 0 ||
	    pair_tell(app, pair, "pair-complete", NULL, err) < 0)
		return -1;
	for (int i = 0; i < 2; i++)
		if (both[i].state == PERSON_READY &&
		    survey_send(app, &both[i], "final", pair->id, 0, err) < 0)
			return -1;
	return 0;
}

static int
set_flag(struct app *app, struct pair *pair, const char *flag, struct err *err)
{
	pair->flag = span_of(flag);
	pair->flag_unix = *flag ? app->world.now_unix : 0;
	return pair_save(app, pair, err);
}

/* What they wrote beside "stuck", a moment ago; "" for nothing. */
static int
stuck_words(
    struct app *app, const struct pair *pair, struct span *out, struct err *err)
{
	struct rows rows;

	*out = SPAN("");
	if (store_rows(app->store, &app->item, NOTES_SINCE, &rows, err, "i",
		app->world.now_unix - 1) < 0)
		return -1;
	for (size_t r = 0; r < rows.n && out->n == 0; r++)
		if (span_is(cell(&rows, r, 1)->t, "stuck") &&
		    cell(&rows, r, 3)->i == pair->id)
			*out = span_trim(cell(&rows, r, 4)->t);
	return 0;
}

/* Reaches the lead alone, at once. */
static int
alert(
    struct app *app, const struct pair *pair, const char *kind, struct err *err)
{
	struct person mentor, mentee;
	struct thread thread;
	struct value *v = letter_values(app, NULL);
	struct span words;

	if (pair_persons(app, pair, &mentor, &mentee, err) < 0 ||
	    stuck_words(app, pair, &words, err) < 0 ||
	    thread_get(app, THREAD_LEAD, pair->id, 0, &thread, err) < 0)
		return -1;
	value_set_text(&app->item, v, "mentor-name", mentor.name);
	value_set_text(&app->item, v, "mentee-name", mentee.name);
	value_set_int(&app->item, v, "pair", pair->id);
	value_set_bool(&app->item, v, kind, true);
	value_set_text(&app->item, v, "words", words);
	return letter_lead(app, "alert", &thread, v, err);
}

int
pair_effect(struct app *app, struct pair *pair, enum flow_effect effect,
    struct err *err)
{
	switch (effect) {
	case FX_RULES_AGAIN:
		return remind_rules(app, pair, err);
	case FX_RULES_LEAD:
		return note_add(app, "rules", 0, pair->id, SPAN(""), err);
	case FX_BEGIN_SESSIONS:
		return begin_sessions(app, pair, err);
	case FX_TRAINING:
		return training(app, pair, err);
	case FX_FLAG_SILENT:
		return set_flag(app, pair, "silent", err);
	case FX_ASK_BOTH:
		if (set_flag(app, pair, "asked", err) < 0)
			return -1;
		return pair_tell(app, pair, "silent", NULL, err);
	case FX_SILENT_LEAD:
		if (set_flag(app, pair, "told", err) < 0)
			return -1;
		return alert(app, pair, "silent", err);
	case FX_CLEAR_FLAG:
		return pair->flag.n ? set_flag(app, pair, "", err) : 0;
	case FX_STUCK_LEAD:
		return alert(app, pair, "stuck", err);
	case FX_FIT_LEAD:
		return alert(app, pair, "not-a-fit", err);
	case FX_CANCEL_SESSIONS:
		return cancel_sessions(app, pair, err);
	case FX_PARTNER_PAUSED:
		return tell_partner(app, pair, "partner-paused", err);
	case FX_PARTNER_BACK:
		return tell_partner(app, pair, "partner-back", err);
	case FX_PAIR_ENDED:
		return pair_tell(app, pair, "pair-ended", NULL, err);
	case FX_PAIR_COMPLETE:
		return complete(app, pair, err);
	default:
		return 0;
	}
}
