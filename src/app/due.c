/* What the clock alone has made due. */
#include "app/app.h"

#include "base/log.h"

/* --- the programme's dates -------------------------------------------------- */

static bool
day_reached(const struct app *app, int64_t day)
{
	struct civil now = zone_civil(&app->zone, app->world.now_unix);

	return day != 0 && civil_days(now.year, now.month, now.day) >= day;
}

/* The next time the wall clock shows that weekday and hour. */
static int64_t
next_digest(const struct app *app, int64_t after_unix)
{
	struct civil c = zone_civil(&app->zone, after_unix);
	int64_t day = civil_days(c.year, c.month, c.day);
	struct span clock = app->conf.digest_clock;
	int64_t t = 0;

	for (int i = 0; i < 9; i++, day++) {
		if (civil_weekday(day) != app->conf.digest_day + 1)
			continue;
		c = civil_of_days(day);
		c.hour = (clock.p[0] - '0') * 10 + (clock.p[1] - '0');
		c.minute = (clock.p[3] - '0') * 10 + (clock.p[4] - '0');
		zone_unix(&app->zone, &c, &t);
		if (t > after_unix)
			return t;
	}
	return after_unix + WEEK;
}

static int
due_begin(struct app *app, struct err *err)
{
	int64_t id;
	int rc;

	if (app->programme.state == PROGRAMME_SETUP &&
	    !day_reached(app, app->conf.begin_day))
		return 0;
	/* Also later: people who came onto the roster since. */
	rc = app->programme.state == PROGRAMME_SETUP
		 ? 1
		 : store_int(app->store, PERSON_ANY_KNOWN, &id, err, "");
	if (rc < 0)
		return -1;
	if (rc > 0 && app->programme.state <= PROGRAMME_RUNNING)
		return programme_event(app, EV_BEGIN, err);
	return 0;
}

static int
due_match(struct app *app, struct err *err)
{
	struct programme *p = &app->programme;

	if (p->state != PROGRAMME_ENROLLING && p->state != PROGRAMME_RUNNING)
		return 0;
	if (p->next_match_unix == 0) {
		/* Without a date of its own the first is like the others. */
		bool is_time =
		    app->conf.match_day != 0
			? day_reached(app, app->conf.match_day)
			: app->conf.kind == CONF_ROLLING &&
			      app->world.now_unix >=
				  p->begun_unix + app->conf.match_every_seconds;

		if (!is_time)
			return 0;
	} else if (app->conf.kind != CONF_ROLLING ||
		   app->world.now_unix < p->next_match_unix)
		return 0;
	p->next_match_unix =
	    app->world.now_unix + app->conf.match_every_seconds;
	if (programme_save(app, err) < 0)
		return -1;
	return round_propose(app, false, err) < 0 ? -1 : 0;
}

/*
 * Somebody has dropped out.  Of a proposal that waits: it is made anew, with
 * as few changes as can be.  Of a pair: who is left gets a new partner, and
 * others move only where there is no other way.
 */
static int
due_repair(struct app *app, struct err *err)
{
	int64_t found = 0;
	bool repair;
	int rc;

	if (app->programme.state != PROGRAMME_ENROLLING &&
	    app->programme.state != PROGRAMME_RUNNING)
		return 0;
	rc = store_int(app->store, PROPOSAL_OF_GONE, &found, err, "");
	if (rc < 0 || round_is_repair(app, &repair, err) < 0)
		return -1;
	if (rc == 0) {
		repair = true;
		rc = store_int(app->store, PAIR_LEFT_ALONE, &found, err, "");
	}
	if (rc <= 0)
		return rc;
	rc = round_propose(app, repair, err);
	/* Nobody is left to be matched: no proposal waits any more. */
	return rc == 0 ? store_do(app->store, ROUND_REPLACE, err, "")
		       : (rc < 0 ? -1 : 0);
}

static int
due_milestones(struct app *app, struct err *err)
{
	struct programme *p = &app->programme;

	/* The end first: after a long sleep there is no half-way any more. */
	if ((p->state == PROGRAMME_RUNNING ||
		p->state == PROGRAMME_ENROLLING) &&
	    app->conf.kind == CONF_COHORT &&
	    day_reached(app, app->conf.end_day))
		return programme_event(app, EV_CLOSE, err);
	if (p->midpoint_unix == 0 && p->state == PROGRAMME_RUNNING &&
	    day_reached(app, app->conf.midpoint_day))
		return programme_event(app, EV_MIDPOINT, err);
	if (p->state == PROGRAMME_CLOSING &&
	    app->world.now_unix >= p->closing_unix + 21 * DAY)
		return programme_event(app, EV_DUE, err);
	return 0;
}

/* The next instant of "05-01" in the programme's zone. */
static int64_t
next_review(const struct app *app)
{
	struct civil now = zone_civil(&app->zone, app->world.now_unix);
	struct span on = app->conf.review_on;
	int64_t t = 0;

	for (int year = now.year; year <= now.year + 1; year++) {
		struct civil c = {year, (on.p[0] - '0') * 10 + on.p[1] - '0',
		    (on.p[3] - '0') * 10 + on.p[4] - '0', 8, 0, 0};

		zone_unix(&app->zone, &c, &t);
		if (t > app->world.now_unix)
			break;
	}
	return t;
}

/* The same day of the next month, at eight; the 28th for a later day. */
static int64_t
next_month(const struct app *app)
{
	struct civil c = zone_civil(&app->zone, app->world.now_unix);
	struct civil next = {c.month == 12 ? c.year + 1 : c.year,
	    c.month == 12 ? 1 : c.month + 1, c.day > 28 ? 28 : c.day, 8, 0, 0};
	int64_t t = 0;

	zone_unix(&app->zone, &next, &t);
	return t;
}

/* Monthly, and at the yearly review of a rolling programme. */
static int
due_report(struct app *app, struct err *err)
{
	struct programme *p = &app->programme;
	int64_t now = app->world.now_unix;
	bool send = false;

	if (p->state != PROGRAMME_RUNNING)
		return 0;
	if (app->conf.report == CONF_REPORT_MONTHLY) {
		send = p->next_report_unix != 0 && now >= p->next_report_unix;
		if (send || p->next_report_unix == 0)
			p->next_report_unix = next_month(app);
	}
	if (app->conf.review_on.n > 0) {
		send |= p->next_review_unix != 0 && now >= p->next_review_unix;
		if (p->next_review_unix <= now)
			p->next_review_unix = next_review(app);
	}
	if (programme_save(app, err) < 0)
		return -1;
	return send ? report_send(app, err) : 0;
}

static int
due_digest(struct app *app, struct err *err)
{
	struct programme *p = &app->programme;

	if (p->state == PROGRAMME_SETUP || p->state == PROGRAMME_ENDED)
		return 0;
	if (p->next_digest_unix != 0 &&
	    app->world.now_unix < p->next_digest_unix)
		return 0;
	if (p->next_digest_unix != 0 && digest_send(app, err) < 0)
		return -1;
	p->next_digest_unix = next_digest(app, app->world.now_unix);
	return programme_save(app, err);
}

/* --- people, pairs, sessions, forms ------------------------------------------ */

/*
 * Each due row in a transaction of its own, until none is due: what one row
 * makes due is done before anything else begins, as it would be if we died
 * in between.  A row that stays due ends the walk.
 */
#define DUE(name, type, list, query, act)                                   \
	static int name(struct app *app, struct err *err)                   \
	{                                                                   \
		struct arena batch;                                         \
		struct type *x;                                             \
		size_t n = 1;                                               \
		int64_t first = 0;                                          \
		int rc = 0;                                                 \
		arena_init(&batch);                                         \
		while (rc == 0 && n > 0) {                                  \
			rc = list(app->store, &batch, query, &x, &n, err,   \
			    app->world.now_unix);                           \
			if (rc < 0 || n == 0 || x[0].id == first)           \
				break;                                      \
			first = x[0].id;                                    \
			for (size_t i = 0; rc == 0 && i < n; i++) {         \
				rc = store_begin(app->store, err);          \
				if (rc == 0)                                \
					rc = act(app, &x[i], err);          \
				if (rc < 0)                                 \
					store_rollback(app->store);         \
				else                                        \
					rc = store_commit(app->store, err); \
				arena_reset(&app->item);                    \
			}                                                   \
			arena_reset(&batch);                                \
		}                                                           \
		arena_release(&batch);                                      \
		return rc;                                                  \
	}

static int
person_due(struct app *app, struct person *p, struct err *err)
{
	if (p->bad_address_unix != 0) {
		p->due_unix = 0;
		return person_save(app, p, err);
	}
	return person_event(app, p, EV_DUE, err);
}

/*
 * How many mails the clock may still send this person this week.  What can
 * wait, waits: a full week is the reason why mails are no longer read.
 */
static int
week_is_full(struct app *app, int64_t person_id, bool *full, struct err *err)
{
	int64_t n = 0;

	if (store_int(app->store, OUTBOX_RECENT_NUDGES, &n, err, "ii",
		person_id, app->world.now_unix - WEEK) < 0)
		return -1;
	*full = n >= app->conf.mails_per_person_week;
	return 0;
}

/*
 * A pair that has had all its sessions owes none: it cannot fall silent.
 * *last is when the last one was over.
 */
static int
pair_has_all(struct app *app, const struct pair *p, bool *all, int64_t *last,
    struct err *err)
{
	struct session *list;
	size_t n;
	int64_t had = 0;

	if (sessions(
		app->store, &app->item, SESSIONS_OF, &list, &n, err, p->id) < 0)
		return -1;
	*last = 0;
	for (size_t i = 0; i < n; i++) {
		if (list[i].state != SESSION_OVER &&
		    list[i].state != SESSION_HELD)
			continue;
		had++;
		if (list[i].end_unix > *last)
			*last = list[i].end_unix;
	}
	*all = had >= p->sessions;
	return 0;
}

static int
pair_due(struct app *app, struct pair *p, struct err *err)
{
	bool mentor_full, mentee_full, all;
	int64_t last;

	if (pair_has_all(app, p, &all, &last, err) < 0)
		return -1;
	/* A week for the last check-in; a cohort waits for its own end. */
	if (all && p->state == PAIR_ACTIVE && app->conf.kind == CONF_ROLLING &&
	    app->world.now_unix >= last + 7 * DAY)
		return pair_event(app, p, EV_COMPLETE, err);
	if (all)
		p->last_sign_unix = app->world.now_unix;
	if (week_is_full(app, p->mentor_id, &mentor_full, err) < 0 ||
	    week_is_full(app, p->mentee_id, &mentee_full, err) < 0)
		return -1;
	if (mentor_full || mentee_full) {
		p->due_unix = app->world.now_unix + DAY;
		return pair_save(app, p, err);
	}
	return pair_event(app, p, EV_DUE, err);
}

static int
session_due(struct app *app, struct session *s, struct err *err)
{
	if (s->state == SESSION_PLANNED)
		return session_plan(app, s, err);
	/* After a long sleep the session may be over before its preparation. */
	if ((s->state == SESSION_INVITED || s->state == SESSION_CONFIRMED) &&
	    !s->prepared && app->world.now_unix < s->start_unix)
		return session_event(app, s, EV_PREPARE, err);
	if ((s->state == SESSION_INVITED || s->state == SESSION_CONFIRMED) &&
	    app->world.now_unix < s->end_unix) {
		s->due_unix = s->end_unix;
		return session_save(app, s, err);
	}
	return session_event(app, s, EV_DUE, err);
}

/* Nobody is reminded while they are away or paused. */
static int
form_due(struct app *app, struct sent_form *f, struct err *err)
{
	struct person p;
	bool full;
	int rc = person_find(app->store, &app->item, f->person_id, &p, err);

	if (rc < 0)
		return -1;
	if (rc > 0 && p.away_until_unix > app->world.now_unix) {
		f->due_unix = p.away_until_unix + DAY;
		return form_save(app, f, err);
	}
	if (week_is_full(app, f->person_id, &full, err) < 0)
		return -1;
	if (full) {
		f->due_unix = app->world.now_unix + DAY;
		return form_save(app, f, err);
	}
	if (rc > 0 && (p.state == PERSON_PAUSED || p.bad_address_unix != 0)) {
		f->due_unix = app->world.now_unix + 7 * DAY;
		return form_save(app, f, err);
	}
	return form_event(app, f, EV_DUE, err);
}

DUE(due_persons, person, persons, PERSONS_DUE, person_due)
DUE(due_pairs, pair, pairs, PAIRS_DUE, pair_due)
DUE(due_sessions, session, sessions, SESSIONS_DUE, session_due)
DUE(due_forms, sent_form, forms, FORMS_DUE, form_due)

static int
in_transaction(
    struct app *app, int (*act)(struct app *, struct err *), struct err *err)
{
	if (store_begin(app->store, err) < 0)
		return -1;
	if (act(app, err) < 0) {
		store_rollback(app->store);
		return -1;
	}
	arena_reset(&app->item);
	return store_commit(app->store, err);
}

/*
 * A clock that has jumped would send a year's reminders at once, or none for
 * a year.  We wait until a person has looked.
 */
static bool
clock_jumped(const struct app *app)
{
	int64_t last = app->programme.last_run_unix;

	return last != 0 && app->world.now_unix < last - HOUR;
}

/* Raw and rendered mails are kept for a while only. */
static int
prune(struct app *app, struct err *err)
{
	int64_t before = app->world.now_unix - app->conf.keep_raw_seconds;

	if (store_do(app->store, RAW_PRUNE, err, "i", before) < 0 ||
	    store_do(app->store, OUTBOX_PRUNE, err, "i", before) < 0)
		return -1;
	return erase_leavings(app, err) < 0 ? -1 : retire(app, err);
}

static int
note_run(struct app *app, struct err *err)
{
	app->programme.last_run_unix = app->world.now_unix;
	return programme_save(app, err);
}

int
due_all(struct app *app, struct err *err)
{
	static int (*const dates[])(struct app *, struct err *) = {
	    due_begin, due_match, due_repair, due_milestones};
	static int (*const rest[])(struct app *, struct err *) = {
	    due_report, due_digest, prune, note_run};

	if (clock_jumped(app)) {
		log_line(LOG_ERROR,
		    "the clock shows a time before the last "
		    "run; nothing is sent by the clock until it is right");
		return 0;
	}
	if (in_transaction(app, rules_follow, err) < 0 ||
	    due_persons(app, err) < 0 || due_forms(app, err) < 0 ||
	    due_pairs(app, err) < 0 || due_sessions(app, err) < 0)
		return -1;
	for (size_t i = 0; i < sizeof(dates) / sizeof(*dates); i++)
		if (in_transaction(app, dates[i], err) < 0)
			return -1;
	/* What the dates have planned is due too, and stands in the digest;
	 * the rules that new sessions were planned by are the known ones. */
	if (due_sessions(app, err) < 0 ||
	    in_transaction(app, rules_follow, err) < 0)
		return -1;
	for (size_t i = 0; i < sizeof(rest) / sizeof(*rest); i++)
		if (in_transaction(app, rest[i], err) < 0)
			return -1;
	return 0;
}
