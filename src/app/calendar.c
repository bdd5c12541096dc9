/*
 * What calendars answer, and what people write about a session.  The body of
 * a REPLY is trusted for one thing: the answer.  Times in it are questions.
 */
#include "app/app.h"

#include "app/spoken_int.h"
#include "model/address.h"
#include "plan/plan.h"

/* --- recording ------------------------------------------------------------ */

static int
attendee_save(struct app *app, const struct attendee *a, struct err *err)
{
	return store_do(app->store, ATTENDEE_SAVE, err, "iittiiitt",
	    a->session_id, a->person_id, a->address,
	    span_of(partstat_name(a->partstat)), a->sequence, a->dtstamp_unix,
	    a->answered_unix, a->choice, a->note);
}

static bool
all_accepted(const struct attendee *list, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (list[i].partstat != PARTSTAT_ACCEPTED)
			return false;
	return n > 0;
}

static bool
to_come(const struct session *s)
{
	return s->state == SESSION_INVITED || s->state == SESSION_CONFIRMED;
}

/* A declined time is not proposed again, and another is sought at once. */
static int
declined(struct app *app, struct session *s, struct err *err)
{
	if (store_do(app->store, SLOT_INSERT, err, "iii", s->id, (int64_t)0,
		s->start_unix) < 0 ||
	    session_event(app, s, EV_DECLINED, err) < 0)
		return -1;
	return s->state == SESSION_PLANNED ? session_plan(app, s, err) : 0;
}

static int
sign_of_life(struct app *app, const struct session *s, struct err *err)
{
	struct pair pair;
	int rc;

	if (s->pair_id == 0)
		return 0;
	rc = pair_find(app->store, &app->item, s->pair_id, &pair, err);
	return rc <= 0 ? rc : pair_event(app, &pair, EV_SIGN, err);
}

static int
record(struct app *app, struct session *s, struct attendee *list, size_t n,
    struct attendee *a, enum partstat partstat, struct err *err)
{
	a->partstat = partstat;
	a->answered_unix = app->world.now_unix;
	if (attendee_save(app, a, err) < 0 || sign_of_life(app, s, err) < 0)
		return -1;
	if (!to_come(s))
		return 0;
	if (partstat == PARTSTAT_DECLINED)
		return declined(app, s, err);
	if (all_accepted(list, n))
		return session_event(app, s, EV_ACCEPTED, err);
	return 0;
}

/* --- calendar answers ------------------------------------------------------ */

static struct attendee *
attendee_of(struct attendee *list, size_t n, int64_t person_id)
{
	for (size_t i = 0; i < n; i++)
		if (list[i].person_id == person_id)
			return &list[i];
	return NULL;
}

/*
 * Whose answer is it: the invited address, else the sender's token or known
 * address.  Anybody else is told to the lead and nothing is recorded.
 */
static int
answerer(struct app *app, const struct inbound *in, const struct session *s,
    struct attendee *list, size_t n, struct attendee **out, struct err *err)
{
	struct span key = in->mail->cal.attendee.n
			      ? address_key(&app->item, in->mail->cal.attendee)
			      : SPAN("");
	struct person p;
	int rc;

	*out = NULL;
	for (size_t i = 0; i < n && key.n > 0; i++)
		if (span_eq(address_key(&app->item, list[i].address), key))
			*out = &list[i];
	if (*out != NULL)
		return 0;
	if (in->proof == PROOF_TOKEN && in->thread.kind == THREAD_SESSION &&
	    in->thread.object_id == s->id) {
		*out = attendee_of(list, n, in->thread.person_id);
		if (*out != NULL)
			return 0;
	}
	rc = key.n ? person_find_key(app->store, &app->item, key, &p, err) : 0;
	if (rc > 0)
		*out = attendee_of(list, n, p.id);
	if (rc < 0 || *out != NULL)
		return rc < 0 ? -1 : 0;
	/* From an invited person or their assistant, in another's name. */
	if (in->known)
		*out = attendee_of(list, n, in->person.id);
	if (*out != NULL && key.n > 0 && !in->assistant)
		return store_do(app->store, ALIAS_INSERT, err, "titi", key,
		    in->person.id, in->mail->cal.attendee, (int64_t)1);
	return 0;
}

static bool
is_older(const struct app *app, const struct session *s,
    const struct attendee *a, const struct cal_answer *c, int64_t *stamp)
{
	*stamp = c->dtstamp_unix;
	if (*stamp > app->world.now_unix + DAY || *stamp == 0)
		*stamp = app->world.now_unix;
	if (c->sequence >= 0 && c->sequence < s->sequence &&
	    c->partstat != PARTSTAT_DECLINED)
		return true; /* a yes to the old time is no yes */
	return a->answered_unix != 0 && *stamp < a->dtstamp_unix;
}

/* Free for both: taken.  Else the partner is asked. */
static int
proposal(struct app *app, struct inbound *in, struct session *s,
    int64_t start_unix, struct verdict *v, struct err *err)
{
	bool is_free = false;

	if (start_unix <= app->world.now_unix + HOUR || s->pair_id == 0) {
		*v = verdict_handled("proposal-not-possible");
		return answer_send(app, in, "time-not-possible", NULL, err);
	}
	if (session_is_free(app, s, start_unix, &is_free, err) < 0)
		return -1;
	if (is_free) {
		session_set_time(app, s, start_unix);
		*v = verdict_handled("proposal-accepted");
		if (session_clear_answers(app, s, err) < 0)
			return -1;
		return session_event(app, s, EV_MOVED, err);
	}
	*v = verdict_handled("proposal-asked");
	return session_ask_partner(app, s, &in->person, start_unix, err);
}

int
calendar_mail(
    struct app *app, struct inbound *in, struct verdict *v, struct err *err)
{
	const struct cal_answer *c = &in->mail->cal;
	struct session s;
	struct attendee *list, *a;
	size_t n;
	int64_t stamp;
	int rc = session_find_uid(app->store, &app->item, c->uid, &s, err);

	if (rc < 0)
		return -1;
	*v = (struct verdict){INBOX_IGNORED, "not-our-event"};
	if (rc == 0)
		return 0;
	*v = (struct verdict){INBOX_IGNORED, "no-calendar-answer"};
	if (c->kind == CAL_OTHER || c->kind == CAL_NONE)
		return 0;
	if (attendees(app->store, &app->item, s.id, &list, &n, err) < 0 ||
	    answerer(app, in, &s, list, n, &a, err) < 0)
		return -1;
	if (a == NULL) {
		*v = (struct verdict){INBOX_HELD, "uninvited-answer"};
		return note_add(
		    app, "uninvited", 0, s.pair_id, in->inbox.sender, err);
	}
	if (person_find(
		app->store, &app->item, a->person_id, &in->person, err) < 0)
		return -1;
	in->known = true;
	*v = (struct verdict){INBOX_IGNORED, "older-answer"};
	if (is_older(app, &s, a, c, &stamp))
		return 0;
	a->dtstamp_unix = stamp;
	a->sequence = s.sequence;
	if (c->comment.n > 0)
		a->note = span_sub(c->comment, 0, 500);
	if (c->kind == CAL_PROPOSAL && to_come(&s)) {
		if (attendee_save(app, a, err) < 0)
			return -1;
		return proposal(app, in, &s, c->proposed_start_unix, v, err);
	}
	*v = verdict_handled("rsvp");
	if (c->partstat == PARTSTAT_NONE ||
	    c->partstat == PARTSTAT_NEEDS_ACTION) {
		*v = (struct verdict){INBOX_IGNORED, "no-answer-in-it"};
		return attendee_save(app, a, err);
	}
	if (c->partstat == PARTSTAT_DELEGATED &&
	    note_add(app, "delegated", a->person_id, s.pair_id, c->delegated_to,
		err) < 0)
		return -1;
	return record(app, &s, list, n, a, c->partstat, err);
}

/* --- words ---------------------------------------------------------------- */

/* The first option that all have named; 0 none yet. */
static int64_t
common_choice(const struct attendee *list, size_t n)
{
	for (int64_t number = 1; number <= 9; number++) {
		char digit = (char)('0' + number);
		bool all = n > 0;

		for (size_t i = 0; i < n; i++)
			all &= span_findc(list[i].choice, digit) <
			       list[i].choice.n;
		if (all)
			return number;
	}
	return 0;
}

static int
choose(struct app *app, struct session *s, struct attendee *list, size_t n,
    struct attendee *a, struct span digits, struct err *err)
{
	struct rows rows;
	int64_t number;

	a->choice = digits;
	a->answered_unix = app->world.now_unix;
	if (attendee_save(app, a, err) < 0 || sign_of_life(app, s, err) < 0)
		return -1;
	number = common_choice(list, n);
	if (number == 0 || s->state != SESSION_OFFERED)
		return 0;
	if (store_rows(app->store, &app->item, SLOTS, &rows, err, "i", s->id) <
	    0)
		return -1;
	for (size_t r = 0; r < rows.n; r++)
		if (cell(&rows, r, 0)->i == number) {
			/* Chosen too late: others are offered. */
			if (cell(&rows, r, 1)->i <= app->world.now_unix)
				return session_effect(
				    app, s, FX_SEND_OPTIONS, err);
			session_set_time(app, s, cell(&rows, r, 1)->i);
			if (session_clear_answers(app, s, err) < 0)
				return -1;
			return session_event(app, s, EV_SLOT, err);
		}
	return 0;
}

static int64_t
when_unix(struct app *app, const struct inbound *in, const struct session *s,
    const struct when *w)
{
	const struct zone *zone = person_zone(app, &in->person);
	struct civil c =
	    zone_civil(zone, s->start_unix ? s->start_unix : s->target_unix);
	int64_t t = 0;

	if (!w->has_clock)
		return 0;
	if (w->has_date) {
		c.year = w->year;
		c.month = w->month;
		c.day = w->day;
	}
	c.hour = w->hour;
	c.minute = w->minute;
	c.second = 0;
	if (!civil_check(&c) || zone_unix(zone, &c, &t) != ZONE_ONCE)
		return 0;
	return t;
}

int
session_reply(struct app *app, struct inbound *in, const struct short_answer *w,
    struct verdict *v, struct err *err)
{
	struct session s;
	struct attendee *list, *a;
	size_t n;
	int64_t start;
	int rc =
	    session_find(app->store, &app->item, in->thread.object_id, &s, err);

	if (rc <= 0)
		return rc;
	if (attendees(app->store, &app->item, s.id, &list, &n, err) < 0)
		return -1;
	a = attendee_of(list, n, in->person.id);
	if (a == NULL || !w->sure)
		return answer_not_understood(app, in, v, err);
	*v = verdict_handled(word_name(w->word));
	start = when_unix(app, in, &s, &w->when);
	switch (w->word) {
	case WORD_YES:
	case WORD_AGREE:
		return record(app, &s, list, n, a, PARTSTAT_ACCEPTED, err);
	case WORD_NO:
	case WORD_NOT_THEN:
		return record(app, &s, list, n, a, PARTSTAT_DECLINED, err);
	case WORD_OPTION:
		return choose(app, &s, list, n, a,
		    arena_spanf(&app->item, "%d", w->number), err);
	case WORD_CANCEL:
		if (session_event(app, &s, EV_CANCELLED, err) < 0)
			return -1;
		return session_effect(app, &s, FX_NEXT_SESSION, err);
	case WORD_MOVE:
	case WORD_TIME:
		if (start != 0 && s.state <= SESSION_CONFIRMED)
			return proposal(app, in, &s, start, v, err);
		return answer_not_understood(app, in, v, err);
	default:
		return answer_not_understood(app, in, v, err);
	}
}
