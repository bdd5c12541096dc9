/* Sessions: made, planned into both people's hours, invited, moved. */
#include "app/app.h"

#include <stdlib.h>

#include "base/digest.h"
#include "base/vec.h"
#include "model/address.h"
#include "plan/plan.h"

enum {
	OPTIONS_N = 3, /* times to choose from */
	UID_LETTERS = 26,
};

/* --- making -------------------------------------------------------------- */

/* Unguessable, and the same for the life of the session. */
static struct span
uid_make(struct app *app, int64_t id)
{
	uint8_t mac[WORLD_MAC_BYTES];
	struct span domain = address_domain(app->conf.address);
	struct span letters;

	world_mac(&app->world, "uid",
	    arena_spanf(&app->item, "session %lld", (long long)id), mac);
	letters = span_sub(base32_write(&app->item,
			       (struct span){(const char *)mac, sizeof(mac)}),
	    0, UID_LETTERS);
	return arena_spanf(&app->item, "rm-%lld-%.*s@%.*s", (long long)id,
	    (int)letters.n, letters.p, (int)domain.n, domain.p);
}

static int
session_insert(struct app *app, int64_t pair_id, int64_t number,
    const char *kind, const char *role, int64_t target_unix, int64_t *id,
    struct err *err)
{
	if (store_int(app->store, SESSION_NEXT_ID, id, err, "") < 0)
		return -1;
	return store_do(app->store, SESSION_INSERT, err, "iittitii", pair_id,
	    number, span_of(kind), span_of(role), target_unix,
	    uid_make(app, *id), app->world.now_unix, app->world.now_unix);
}

static int
attendee_add(struct app *app, int64_t session_id, const struct person *p,
    struct err *err)
{
	return store_do(app->store, ATTENDEE_INSERT, err, "iit", session_id,
	    p->id, p->address);
}

/* Kinds take turns among those both wish for; the first is a talk. */
static const char *
kind_of(int64_t number)
{
	static const char *const kinds[] = {
	    "instruction", "shadowing", "collaboration"};

	return kinds[(number - 1) % 3];
}

int
session_new(struct app *app, const struct pair *pair, int64_t target_unix,
    struct err *err)
{
	struct session *list;
	struct person mentor, mentee;
	size_t n;
	int64_t number = 1, id;

	if (sessions(app->store, &app->item, SESSIONS_OF, &list, &n, err,
		pair->id) < 0)
		return -1;
	for (size_t i = 0; i < n; i++) {
		/* One at a time; cancelled and missed ones are made up for. */
		if (list[i].state < SESSION_OVER)
			return 0;
		if (list[i].state == SESSION_OVER ||
		    list[i].state == SESSION_HELD)
			number++;
	}
	if (number > pair->sessions ||
	    app->programme.state == PROGRAMME_CLOSING ||
	    app->programme.state == PROGRAMME_ENDED)
		return 0;
	if (pair_persons(app, pair, &mentor, &mentee, err) < 0 ||
	    session_insert(app, pair->id, number, kind_of(number), "",
		target_unix, &id, err) < 0 ||
	    attendee_add(app, id, &mentor, err) < 0)
		return -1;
	return attendee_add(app, id, &mentee, err);
}

int
group_meeting(struct app *app, const char *role, struct err *err)
{
	struct person *list;
	size_t n, invited = 0;
	bool mentors = span_is(SPAN("mentors"), role);
	int64_t id = 0;

	if (persons(app->store, &app->item, PERSONS_READY, &list, &n, err, 0) <
	    0)
		return -1;
	for (size_t i = 0; i < n; i++) {
		if (list[i].matched_unix == 0 ||
		    !(mentors ? list[i].mentor : list[i].mentee))
			continue;
		if (invited++ == 0 &&
		    session_insert(app, 0, 1, "group", role,
			app->world.now_unix + 14 * DAY, &id, err) < 0)
			return -1;
		if (attendee_add(app, id, &list[i], err) < 0)
			return -1;
	}
	return 0;
}

/* Everybody who was invited, whatever has become of them since. */
static int
invited_people(struct app *app, const struct session *s, struct person **out,
    size_t *n, struct err *err)
{
	struct attendee *list;
	struct person *people;
	size_t count, kept = 0;

	if (attendees(app->store, &app->item, s->id, &list, &count, err) < 0)
		return -1;
	people = arena_alloc(&app->item, (count + 1) * sizeof(*people));
	for (size_t i = 0; i < count; i++) {
		int rc = person_find(app->store, &app->item, list[i].person_id,
		    &people[kept], err);

		if (rc < 0)
			return -1;
		kept += rc > 0 && people[kept].state != PERSON_ERASED;
	}
	*out = people;
	*n = kept;
	return 0;
}

int
session_people(struct app *app, const struct session *s, struct person **out,
    size_t *n, struct err *err)
{
	struct person *people;
	size_t count, kept = 0;

	if (invited_people(app, s, &people, &count, err) < 0)
		return -1;
	for (size_t i = 0; i < count; i++)
		if (people[i].state == PERSON_READY)
			people[kept++] = people[i];
	*out = people;
	*n = kept;
	return 0;
}

/* --- planning ------------------------------------------------------------ */

static int
compare_busy(const void *a, const void *b)
{
	const struct busy *x = a, *y = b;

	return (x->start_unix > y->start_unix) -
	       (x->start_unix < y->start_unix);
}

static int
busy_of(struct app *app, const struct person *p, const struct session * not,
    struct plan_person *out, struct err *err)
{
	struct session *list;
	struct rows rows;
	struct busy *busy;
	size_t n, k = 0;

	if (sessions(app->store, &app->item, SESSIONS_BUSY, &list, &n, err,
		p->id) < 0 ||
	    store_rows(app->store, &app->item, BUSY_OF, &rows, err, "ii", p->id,
		app->world.now_unix) < 0)
		return -1;
	busy = arena_alloc(&app->item, (n + rows.n + 1) * sizeof(*busy));
	for (size_t i = 0; i < n; i++)
		if (list[i].id != not ->id)
			busy[k++] =
			    (struct busy){list[i].start_unix, list[i].end_unix};
	for (size_t i = 0; i < rows.n; i++)
		busy[k++] =
		    (struct busy){cell(&rows, i, 0)->i, cell(&rows, i, 1)->i};
	if (p->away_until_unix > app->world.now_unix)
		busy[k++] =
		    (struct busy){app->world.now_unix, p->away_until_unix};
	qsort(busy, k, sizeof(*busy), compare_busy);
	out->busy = busy;
	out->busy_n = k;
	return 0;
}

static int
plan_person_of(struct app *app, const struct person *p, const struct session *s,
    struct plan_person *out, struct err *err)
{
	struct span value;
	int rc = answer_find(app, p->id, "signup", "hours", &value, err);

	if (rc < 0)
		return -1;
	out->hours = app->conf.hours;
	if (rc > 0)
		hours_parse(value, &out->hours);
	out->zone = person_zone(app, p);
	out->senior = p->mentee;
	return busy_of(app, p, s, out, err);
}

static int64_t
day_of(struct span text)
{
	struct civil c = {0};

	civil_parse(span_trim(text), &c);
	return civil_days(c.year, c.month, c.day);
}

static int
compare_days(const void *a, const void *b)
{
	const int64_t *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

/* Of the settings, and holidays of calendars. */
static int
closed_days(struct app *app, struct plan_ask *ask, struct err *err)
{
	int64_t *days = NULL;
	size_t n = 0;

	for (uint32_t i = 0; i < app->conf.closed_n; i++) {
		struct span range = app->conf.closed[i];
		size_t dots = span_find(range, SPAN(".."));
		int64_t from = day_of(span_sub(range, 0, dots));
		int64_t to =
		    dots < range.n ? day_of(span_skip(range, dots + 2)) : from;

		for (int64_t d = from; d <= to && d < from + 366; d++) {
			vec_room(&app->item, &days, n, sizeof(*days));
			days[n++] = d;
		}
	}
	if (holiday_days(app, &days, &n, err) < 0)
		return -1;
	if (n > 1)
		qsort(days, n, sizeof(*days), compare_days);
	ask->closed_days = days;
	ask->closed_n = n;
	return 0;
}

static int
ask_build(struct app *app, const struct session *s, struct plan_ask *ask,
    struct err *err)
{
	struct person *people;
	struct plan_person *plans;
	struct rows rows;
	int64_t *refused;
	size_t n, k = 0;

	if (session_people(app, s, &people, &n, err) < 0 ||
	    store_rows(app->store, &app->item, SLOTS, &rows, err, "i", s->id) <
		0)
		return -1;
	plans = arena_alloc(&app->item, (n + 1) * sizeof(*plans));
	for (size_t i = 0; i < n; i++)
		if (plan_person_of(app, &people[i], s, &plans[i], err) < 0)
			return -1;
	refused = arena_alloc(&app->item, (rows.n + 1) * sizeof(*refused));
	for (size_t i = 0; i < rows.n; i++)
		if (cell(&rows, i, 0)->i == 0)
			refused[k++] = cell(&rows, i, 1)->i;
	*ask = (struct plan_ask){.people = plans,
	    .people_n = n,
	    .zone = &app->zone,
	    .now_unix = app->world.now_unix,
	    .from_unix = app->world.now_unix,
	    .to_unix =
		(s->target_unix > app->world.now_unix ? s->target_unix
						      : app->world.now_unix) +
		app->conf.horizon_seconds / 2,
	    .target_unix = s->target_unix,
	    .minutes = (int)app->conf.minutes,
	    .buffer_minutes = (int)app->conf.buffer_minutes,
	    .notice_days = (int)app->conf.notice_days,
	    .refused = refused,
	    .refused_n = k};
	return closed_days(app, ask, err);
}

void
session_set_time(struct app *app, struct session *s, int64_t start_unix)
{
	int64_t stamp = app->world.now_unix;

	s->start_unix = start_unix;
	s->end_unix = start_unix + app->conf.minutes * MINUTE;
	s->sequence++;
	s->dtstamp_unix = stamp > s->dtstamp_unix ? stamp : s->dtstamp_unix + 1;
}

int
session_clear_answers(struct app *app, const struct session *s, struct err *err)
{
	struct attendee *list;
	size_t n;

	if (attendees(app->store, &app->item, s->id, &list, &n, err) < 0)
		return -1;
	for (size_t i = 0; i < n; i++)
		if (store_do(app->store, ATTENDEE_SAVE, err, "iittiiitt", s->id,
			list[i].person_id, list[i].address,
			span_of(partstat_name(PARTSTAT_NEEDS_ACTION)),
			list[i].sequence, list[i].dtstamp_unix, (int64_t)0,
			SPAN(""), list[i].note) < 0)
			return -1;
	return 0;
}

static int
store_options(struct app *app, const struct session *s,
    const struct slot_time *slots, size_t n, struct err *err)
{
	if (store_do(app->store, SLOTS_CLEAR, err, "i", s->id) < 0)
		return -1;
	for (size_t i = 0; i < n; i++)
		if (store_do(app->store, SLOT_INSERT, err, "iii", s->id,
			(int64_t)i + 1, slots[i].start_unix) < 0)
			return -1;
	return 0;
}

int
session_plan(struct app *app, struct session *s, struct err *err)
{
	struct slot_time slots[OPTIONS_N];
	struct plan_ask ask;
	size_t n;
	bool choose = s->pair_id != 0 && (app->conf.times == CONF_TIMES_ASK ||
					     s->tries >= app->conf.tries);

	if (ask_build(app, s, &ask, err) < 0)
		return -1;
	n = s->pair_id == 0 ? (size_t)plan_group(&app->item, &ask, &slots[0])
			    : plan_slots(&app->item, &ask, slots, OPTIONS_N);
	if (n == 0)
		return session_event(app, s, EV_NO_SLOT, err);
	if (choose) {
		if (store_options(app, s, slots, n, err) < 0)
			return -1;
		return session_event(app, s, EV_OPTIONS, err);
	}
	session_set_time(app, s, slots[0].start_unix);
	if (session_clear_answers(app, s, err) < 0)
		return -1;
	return session_event(app, s, EV_SLOT, err);
}

int
session_is_free(struct app *app, const struct session *s, int64_t start_unix,
    bool *is_free, struct err *err)
{
	struct plan_ask ask;

	if (ask_build(app, s, &ask, err) < 0)
		return -1;
	*is_free = plan_free(
	    &ask, start_unix, start_unix + app->conf.minutes * MINUTE);
	return 0;
}

/* --- mails of a session -------------------------------------------------- */

static struct span
partner_names(const struct person *people, size_t n, const struct person *me)
{
	for (size_t i = 0; i < n; i++)
		if (people[i].id != me->id)
			return people[i].name.n ? people[i].name
						: people[i].address;
	return SPAN("");
}

static struct span
place_of(struct app *app, const struct session *s)
{
	struct span place = app->conf.place;
	size_t at = span_find(place, SPAN("{pair}"));

	if (at == place.n)
		return place;
	return arena_spanf(&app->item, "%.*s%lld%.*s", (int)at, place.p,
	    (long long)s->pair_id, (int)(place.n - at - 6), place.p + at + 6);
}

static struct value *
session_values(struct app *app, const struct session *s,
    const struct person *people, size_t n, const struct person *to)
{
	const struct language *l = app_language(app, to->locale);
	struct value *v = letter_values(app, to);
	struct span key = arena_spanf(
	    &app->item, "session-kind-%.*s", (int)s->kind.n, s->kind.p);

	if (s->start_unix != 0)
		value_set_text(&app->item, v, "when",
		    words_when(&app->item, &l->words, person_zone(app, to),
			s->start_unix, s->end_unix));
	value_set_int(&app->item, v, "number", s->number);
	value_set_text(&app->item, v, "kind", words_get(&l->words, key.p));
	value_set_text(&app->item, v, "place", place_of(app, s));
	value_set_bool(&app->item, v, "group", s->pair_id == 0);
	value_set_bool(&app->item, v, "moved", s->sequence > 0);
	if (s->pair_id != 0)
		value_set_text(
		    &app->item, v, "partner", partner_names(people, n, to));
	return v;
}

static struct invite
invite_of(struct app *app, const struct session *s, struct value *v,
    const struct person *to, struct span address, const struct thread *thread)
{
	const struct language *l = app_language(app, to->locale);
	const struct value *partner = value_find(v, SPAN("partner"));
	struct fill fills[] = {{"partner", partner ? partner->text : SPAN("")},
	    {"programme", conf_text(&app->conf.name, l->locale)},
	    {"code", thread_code(&app->item, thread)},
	    {"place", place_of(app, s)}};

	return (struct invite){.method = INVITE_REQUEST,
	    .uid = s->uid,
	    .sequence = s->sequence,
	    .dtstamp_unix = s->dtstamp_unix,
	    .created_unix = s->created_unix,
	    .start_unix = s->start_unix,
	    .end_unix = s->end_unix,
	    .zone = person_zone(app, to)->name,
	    .organizer_name = conf_text(&app->conf.name, l->locale),
	    .organizer_address = app->conf.address,
	    .attendee_name = to->name,
	    .attendee_address = address,
	    .summary = words_fill(&app->item, &l->words,
		s->pair_id ? "session-summary" : "group-summary", fills, 4),
	    .description = words_fill(
		&app->item, &l->words, "session-description", fills, 4),
	    .location = place_of(app, s)};
}

/* To the person, and for the calendar's sake to the assistant. */
static int
session_mail(struct app *app, const struct session *s,
    const struct person *people, size_t n, const struct person *to,
    const char *template, enum invite_method method, bool with_invite,
    struct value *more, struct err *err)
{
	struct thread thread;
	struct value *v = session_values(app, s, people, n, to);
	struct invite invite;
	struct letter_ask ask = {.template = template,
	    .to = to,
	    .thread = &thread,
	    .values = v,
	    .session_id = s->id,
	    .at_once = with_invite};

	for (size_t i = 0; more != NULL && i < more->n; i++)
		value_set(&app->item, v,
		    arena_strdup(&app->item, more->names[i]), more->items[i]);
	if (thread_get(app, THREAD_SESSION, s->id, to->id, &thread, err) < 0)
		return -1;
	invite = invite_of(app, s, v, to, to->address, &thread);
	invite.method = method;
	if (with_invite)
		ask.invite = &invite;
	if (letter_send(app, &ask, NULL, err) < 0)
		return -1;
	if (!with_invite || to->assistant.n == 0)
		return 0;
	ask.to_name = SPAN("");
	ask.to_address = to->assistant;
	invite.attendee_name = SPAN("");
	invite.attendee_address = to->assistant;
	value_set_bool(&app->item, v, "for-assistant", true);
	return letter_send(app, &ask, NULL, err);
}

static int
session_mails(struct app *app, const struct session *s, const char *template,
    enum invite_method method, bool with_invite, struct value *more,
    struct err *err)
{
	struct person *people;
	size_t n;

	if (session_people(app, s, &people, &n, err) < 0)
		return -1;
	for (size_t i = 0; i < n; i++)
		if (session_mail(app, s, people, n, &people[i], template,
			method, with_invite, more, err) < 0)
			return -1;
	return 0;
}

static bool
is_ahead(const struct app *app, const struct rows *slots, size_t r)
{
	return cell(slots, r, 0)->i > 0 &&
	       cell(slots, r, 1)->i > app->world.now_unix;
}

/* The times that are offered; where none lies ahead any more, new ones. */
static int
options_ahead(struct app *app, const struct session *s, struct rows *rows,
    struct err *err)
{
	struct slot_time slots[OPTIONS_N];
	struct plan_ask ask;

	if (store_rows(app->store, &app->item, SLOTS, rows, err, "i", s->id) <
	    0)
		return -1;
	for (size_t r = 0; r < rows->n; r++)
		if (is_ahead(app, rows, r))
			return 0;
	/* A choice among the old ones says nothing of the new. */
	if (ask_build(app, s, &ask, err) < 0 ||
	    session_clear_answers(app, s, err) < 0 ||
	    store_options(app, s, slots,
		plan_slots(&app->item, &ask, slots, OPTIONS_N), err) < 0)
		return -1;
	return store_rows(app->store, &app->item, SLOTS, rows, err, "i", s->id);
}

static int
send_options(struct app *app, const struct session *s, struct err *err)
{
	struct person *people;
	struct rows rows;
	size_t n;
	bool any = false;

	if (session_people(app, s, &people, &n, err) < 0 ||
	    options_ahead(app, s, &rows, err) < 0)
		return -1;
	for (size_t r = 0; r < rows.n; r++)
		any |= is_ahead(app, &rows, r);
	if (!any)
		return session_mails(
		    app, s, "ask-times", INVITE_REQUEST, false, NULL, err);
	for (size_t p = 0; p < n; p++) {
		const struct language *l = app_language(app, people[p].locale);
		struct value *more = value_object(&app->item);
		struct value *list = value_set(
		    &app->item, more, "options", value_list(&app->item));

		for (size_t i = 0; i < rows.n; i++) {
			int64_t start = cell(&rows, i, 1)->i;
			struct value *item;

			if (!is_ahead(app, &rows, i))
				continue;
			item = value_push(
			    &app->item, list, value_object(&app->item));
			value_set_int(
			    &app->item, item, "number", cell(&rows, i, 0)->i);
			value_set_text(&app->item, item, "when",
			    words_when(&app->item, &l->words,
				person_zone(app, &people[p]), start,
				start + app->conf.minutes * MINUTE));
		}
		if (session_mail(app, s, people, n, &people[p], "options",
			INVITE_REQUEST, false, more, err) < 0)
			return -1;
	}
	return 0;
}

/*
 * A cancelled invite must win: same UID, SEQUENCE one higher.  It goes to
 * those who paused or left, too: theirs is the calendar it must leave.
 */
static int
cancel_invites(struct app *app, struct session *s, struct err *err)
{
	int64_t stamp = app->world.now_unix;
	struct person *people;
	size_t n;

	s->sequence++;
	s->dtstamp_unix = stamp > s->dtstamp_unix ? stamp : s->dtstamp_unix + 1;
	if (session_save(app, s, err) < 0)
		return -1;
	if (invited_people(app, s, &people, &n, err) < 0)
		return -1;
	for (size_t i = 0; i < n; i++)
		if (session_mail(app, s, people, n, &people[i], "cancelled",
			INVITE_CANCEL, true, NULL, err) < 0)
			return -1;
	if (s->state == SESSION_CANCELLED)
		return 0;
	/* What goes on without a time has none to cancel again. */
	s->start_unix = s->end_unix = 0;
	return session_save(app, s, err);
}

int
session_ask_partner(struct app *app, struct session *s,
    const struct person *asker, int64_t start_unix, struct err *err)
{
	struct slot_time slot = {.start_unix = start_unix};

	/* Its calendar entry goes; the offer stands in its place. */
	if (s->state == SESSION_INVITED || s->state == SESSION_CONFIRMED)
		if (cancel_invites(app, s, err) < 0)
			return -1;
	s->state = SESSION_PLANNED;
	if (session_clear_answers(app, s, err) < 0 ||
	    store_options(app, s, &slot, 1, err) < 0 ||
	    store_do(app->store, ATTENDEE_CHOOSE, err, "iit", s->id, asker->id,
		SPAN("1")) < 0)
		return -1;
	return session_event(app, s, EV_OPTIONS, err);
}

/* With the action agreed last time, which both may see. */
static int
prepare(struct app *app, const struct session *s, struct err *err)
{
	struct value *more = value_object(&app->item);
	struct rows rows;

	if (store_rows(app->store, &app->item, ACTION_LAST, &rows, err, "i",
		s->pair_id) < 0)
		return -1;
	if (rows.n > 0)
		value_set_text(
		    &app->item, more, "action", cell(&rows, 0, 0)->t);
	return session_mails(
	    app, s, "prepare", INVITE_REQUEST, false, more, err);
}

static int
checkin(struct app *app, const struct session *s, struct err *err)
{
	struct person *people;
	size_t n;

	if (session_people(app, s, &people, &n, err) < 0)
		return -1;
	for (size_t i = 0; i < n; i++)
		if (survey_send(
			app, &people[i], "checkin", s->pair_id, s->id, err) < 0)
			return -1;
	return 0;
}

static int
next_session(
    struct app *app, const struct session *s, int64_t after, struct err *err)
{
	struct pair pair;
	int64_t from = s->start_unix ? s->start_unix : app->world.now_unix;
	int rc;

	if (s->pair_id == 0)
		return 0;
	rc = pair_find(app->store, &app->item, s->pair_id, &pair, err);
	if (rc <= 0 || pair.state != PAIR_ACTIVE)
		return rc < 0 ? -1 : 0;
	return session_new(app, &pair, from + after, err);
}

int
session_effect(struct app *app, struct session *s, enum flow_effect effect,
    struct err *err)
{
	switch (effect) {
	case FX_SEND_INVITES:
		return session_mails(
		    app, s, "invite", INVITE_REQUEST, true, NULL, err);
	case FX_SEND_OPTIONS:
		return send_options(app, s, err);
	case FX_ASK_TIMES:
		return session_mails(
		    app, s, "ask-times", INVITE_REQUEST, false, NULL, err);
	case FX_NO_TIME_LEAD:
		return note_add(app, "no-time", 0, s->pair_id, SPAN(""), err);
	case FX_CANCEL_INVITES:
		return cancel_invites(app, s, err);
	case FX_PREPARE:
		return s->pair_id ? prepare(app, s, err) : 0;
	case FX_CHECKIN:
		return checkin(app, s, err);
	case FX_NEXT_SESSION:
		return next_session(app, s, app->conf.every_seconds, err);
	case FX_REPLACE_SESSION:
		return next_session(app, s, 7 * DAY, err);
	case FX_CONTRADICTION:
		return note_add(
		    app, "contradiction", 0, s->pair_id, SPAN(""), err);
	default:
		return 0;
	}
}
