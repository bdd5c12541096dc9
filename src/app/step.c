/*
 * An event -> the new state.  The tables of flow/ decide; here the record is
 * stored, the change is written down beside the mail that caused it, and the
 * effects run, all in the transaction that the caller holds.
 */
#include "app/app.h"

enum {
	CLOSING_DAYS = 21,
	CARE_DAYS = 7
};

static int
change(struct app *app, const char *subject, int64_t id, enum flow_event event,
    const char *was, const char *became, struct err *err)
{
	return store_do(app->store, CHANGE_INSERT, err, "iitittt",
	    app->world.now_unix, app->inbox_id, span_of(subject), id,
	    span_of(flow_event_name(event)), span_of(was), span_of(became));
}

static struct flow_facts
facts(const struct app *app)
{
	const struct conf *c = &app->conf;

	return (struct flow_facts){.now_unix = app->world.now_unix,
	    .remind_times = c->remind_times,
	    .silence_seconds = c->silence_seconds,
	    .tries = c->tries,
	    .ask_times = c->times == CONF_TIMES_ASK,
	    .rolling = c->kind == CONF_ROLLING &&
		       app->programme.state == PROGRAMME_RUNNING,
	    .training_n = 4};
}

static int64_t
due_after(const struct app *app, enum flow_delay delay, int64_t was)
{
	const struct conf *c = &app->conf;
	int64_t now = app->world.now_unix;

	switch (delay) {
	case DELAY_NONE:
		return 0;
	case DELAY_NOW:
		return now;
	case DELAY_FIRST:
		return now + c->remind_first_seconds;
	case DELAY_AGAIN:
		return now + c->remind_again_seconds;
	case DELAY_INVITE:
		return now + c->invite_again_seconds;
	case DELAY_CARE:
		return now + (int64_t)CARE_DAYS * DAY;
	case DELAY_CLOSING:
		return now + (int64_t)CLOSING_DAYS * DAY;
	case DELAY_KEEP:
	case DELAY_UNTIL:
	case DELAY_PREPARE:
	case DELAY_OVER:
		break;
	}
	return was;
}

/* --- saving ------------------------------------------------------------- */

int
person_save(struct app *app, const struct person *p, struct err *err)
{
	return store_do(app->store, PERSON_SAVE, err,
	    "ittttiiittttttttiiiiiiiitiiiiiiii", p->id, p->address, p->key,
	    p->name, span_of(person_state_name(p->state)), (int64_t)p->mentor,
	    (int64_t)p->mentee, p->level, p->department, p->location,
	    p->manager_key, p->zone, p->locale, p->group, p->assistant,
	    p->assistant_key, p->capacity, p->invited_unix, p->joined_unix,
	    p->ready_unix, p->matched_unix, p->left_unix, p->left_company_unix,
	    p->paused_until_unix, p->paused_from, p->away_until_unix,
	    p->left_out, p->bad_address_unix, p->bounces, p->last_bounce_unix,
	    p->reminded, p->due_unix, p->last_heard_unix);
}

int
pair_save(struct app *app, const struct pair *p, struct err *err)
{
	return store_do(app->store, PAIR_SAVE, err, "itiiiititiiii", p->id,
	    span_of(pair_state_name(p->state)), p->mentor_agreed_unix,
	    p->mentee_agreed_unix, p->active_unix, p->ended_unix, p->ended_why,
	    p->training, p->flag, p->flag_unix, p->nudges, p->last_sign_unix,
	    p->due_unix);
}

int
session_save(struct app *app, const struct session *s, struct err *err)
{
	return store_do(app->store, SESSION_SAVE, err, "itiiiiiiiii", s->id,
	    span_of(session_state_name(s->state)), s->target_unix,
	    s->start_unix, s->end_unix, s->sequence, s->dtstamp_unix, s->tries,
	    s->moves, (int64_t)s->prepared, s->due_unix);
}

int
form_save(struct app *app, const struct sent_form *f, struct err *err)
{
	return store_do(app->store, FORM_SAVE, err, "ittiiii", f->id,
	    span_of(form_state_name(f->state)), f->text, f->answered_unix,
	    f->reminded, f->asked_again, f->due_unix);
}

int
note_add(struct app *app, const char *kind, int64_t person_id, int64_t pair_id,
    struct span text, struct err *err)
{
	return store_do(app->store, NOTE_INSERT, err, "itiit",
	    app->world.now_unix, span_of(kind), person_id, pair_id, text);
}

int
note_once(struct app *app, const char *kind, int64_t person_id, int64_t pair_id,
    struct span text, struct err *err)
{
	int64_t id;
	int rc = store_int(app->store, NOTE_KNOWN, &id, err, "tiit",
	    span_of(kind), person_id, pair_id, text);

	if (rc != 0)
		return rc < 0 ? -1 : 0;
	return note_add(app, kind, person_id, pair_id, text, err) < 0 ? -1 : 1;
}

/* --- events ------------------------------------------------------------- */

int
programme_event(struct app *app, enum flow_event event, struct err *err)
{
	struct programme *p = &app->programme;
	struct flow_facts f = facts(app);
	struct flow_step step = programme_step(p->state, event, &f);
	enum programme_state was = p->state;

	if (!step.known)
		return 0;
	p->state = (enum programme_state)step.next;
	if (event == EV_BEGIN && p->begun_unix == 0)
		p->begun_unix = app->world.now_unix;
	if (event == EV_MIDPOINT)
		p->midpoint_unix = app->world.now_unix;
	if (p->state == PROGRAMME_CLOSING && was != p->state)
		p->closing_unix = app->world.now_unix;
	if (p->state == PROGRAMME_ENDED)
		p->ended_unix = app->world.now_unix;
	if (programme_save(app, err) < 0 ||
	    change(app, "programme", 1, event, programme_state_name(was),
		programme_state_name(p->state), err) < 0)
		return -1;
	for (int i = 0; i < FLOW_EFFECTS && step.effects[i] != FX_NONE; i++)
		if (programme_effect(app, step.effects[i], err) < 0)
			return -1;
	return 0;
}

/* What the person's own columns say of the step. */
static void
person_mark(struct app *app, struct person *p, enum flow_event event,
    enum person_state was)
{
	int64_t now = app->world.now_unix;

	if (p->state == was && event != EV_DUE)
		return;
	switch (p->state) {
	case PERSON_INVITED:
		p->reminded = p->state == was ? p->reminded + 1 : 0;
		if (p->invited_unix == 0)
			p->invited_unix = now;
		break;
	case PERSON_ASKED:
		if (p->joined_unix == 0)
			p->joined_unix = now;
		p->left_unix = 0;
		break;
	case PERSON_READY:
		if (p->ready_unix == 0)
			p->ready_unix = now;
		break;
	case PERSON_PAUSED:
		p->paused_from = span_of(person_state_name(was));
		break;
	case PERSON_LEFT:
		p->left_unix = now;
		p->left_out = 0; /* whoever comes back waits anew */
		break;
	default:
		break;
	}
	if (was == PERSON_PAUSED && p->state != PERSON_PAUSED) {
		p->paused_from = SPAN("");
		p->paused_until_unix = 0;
	}
}

int
person_event(
    struct app *app, struct person *p, enum flow_event event, struct err *err)
{
	struct flow_facts f = facts(app);
	struct flow_step step;
	enum person_state was = p->state;

	f.person = p;
	step = person_step(p->state, event, &f);
	if (!step.known)
		return 0;
	p->state = (enum person_state)step.next;
	person_mark(app, p, event, was);
	p->due_unix = step.delay == DELAY_UNTIL
			  ? p->paused_until_unix
			  : due_after(app, step.delay, p->due_unix);
	if (person_save(app, p, err) < 0 ||
	    change(app, "person", p->id, event, person_state_name(was),
		person_state_name(p->state), err) < 0)
		return -1;
	for (int i = 0; i < FLOW_EFFECTS && step.effects[i] != FX_NONE; i++)
		if (person_effect(app, p, step.effects[i], err) < 0)
			return -1;
	return 0;
}

int
pair_event(
    struct app *app, struct pair *p, enum flow_event event, struct err *err)
{
	struct flow_facts f = facts(app);
	struct flow_step step;
	enum pair_state was = p->state;
	int64_t now = app->world.now_unix;

	if (event == EV_SIGN)
		p->last_sign_unix = now;
	f.pair = p;
	step = pair_step(p->state, event, &f);
	if (!step.known)
		return 0;
	p->state = (enum pair_state)step.next;
	p->due_unix = due_after(app, step.delay, p->due_unix);
	if (p->state != was)
		p->nudges = 0;
	else if (event == EV_DUE && was == PAIR_INTRODUCED)
		p->nudges++;
	if (p->state == PAIR_ACTIVE && was != PAIR_ACTIVE) {
		p->active_unix = p->active_unix ? p->active_unix : now;
		p->last_sign_unix = now;
	}
	if (p->state == PAIR_ENDED && was != PAIR_ENDED) {
		p->ended_unix = now;
		if (event == EV_COMPLETE)
			p->ended_why = SPAN("complete");
	}
	if (pair_save(app, p, err) < 0 ||
	    (event != EV_SIGN &&
		change(app, "pair", p->id, event, pair_state_name(was),
		    pair_state_name(p->state), err) < 0))
		return -1;
	for (int i = 0; i < FLOW_EFFECTS && step.effects[i] != FX_NONE; i++)
		if (pair_effect(app, p, step.effects[i], err) < 0)
			return -1;
	return 0;
}

/* Preparation comes before the start, but never before the invite is out. */
static int64_t
prepare_due(const struct app *app, const struct session *s)
{
	int64_t due = s->start_unix - app->conf.prepare_seconds;

	return due > app->world.now_unix ? due : app->world.now_unix + 1;
}

int
session_event(
    struct app *app, struct session *s, enum flow_event event, struct err *err)
{
	struct flow_facts f = facts(app);
	struct flow_step step;
	enum session_state was = s->state;

	f.session = s;
	step = session_step(s->state, event, &f);
	if (!step.known)
		return 0;
	s->state = (enum session_state)step.next;
	if (event == EV_DECLINED || (event == EV_DUE && was == SESSION_OFFERED))
		s->tries++;
	if (event == EV_MOVED)
		s->moves++;
	if (event == EV_PREPARE)
		s->prepared = true;
	s->due_unix = step.delay == DELAY_PREPARE ? prepare_due(app, s)
		      : step.delay == DELAY_OVER
			  ? s->end_unix
			  : due_after(app, step.delay, s->due_unix);
	if (step.delay == DELAY_PREPARE)
		s->prepared = false;
	if (session_save(app, s, err) < 0 ||
	    change(app, "session", s->id, event, session_state_name(was),
		session_state_name(s->state), err) < 0)
		return -1;
	for (int i = 0; i < FLOW_EFFECTS && step.effects[i] != FX_NONE; i++)
		if (session_effect(app, s, step.effects[i], err) < 0)
			return -1;
	return 0;
}

int
form_event(struct app *app, struct sent_form *form, enum flow_event event,
    struct err *err)
{
	struct flow_facts f = facts(app);
	struct flow_step step;
	enum form_state was = form->state;

	f.form = form;
	step = form_step(form->state, event, &f);
	if (!step.known)
		return 0;
	form->state = (enum form_state)step.next;
	form->due_unix = due_after(app, step.delay, form->due_unix);
	if (event == EV_DUE)
		form->reminded++;
	if (event == EV_PARTLY)
		form->asked_again++;
	if (form->state == FORM_ANSWERED && form->answered_unix == 0)
		form->answered_unix = app->world.now_unix;
	if (form_save(app, form, err) < 0 ||
	    change(app, "form", form->id, event, form_state_name(was),
		form_state_name(form->state), err) < 0)
		return -1;
	for (int i = 0; i < FLOW_EFFECTS && step.effects[i] != FX_NONE; i++)
		if (form_effect(app, form, step.effects[i], err) < 0)
			return -1;
	return 0;
}
