/* Sessions: made, planned into both people's hours, invited, moved. */
#include "app/app.h"

#include <stdlib.h>

#include "app/meet_int.h"
#include "base/digest.h"
#include "base/vec.h"
#include "model/address.h"

enum {
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

int
session_invited(struct app *app, const struct session *s, struct person **out,
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

	if (session_invited(app, s, &people, &count, err) < 0)
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

/* "Not that week": its seven days in the programme's zone; or the one. */
static void
refused_days(
    struct app *app, const struct rows *slots, int64_t **days, size_t *n)
{
	for (size_t r = 0; r < slots->n; r++) {
		int64_t what = cell(slots, r, 0)->i, first;
		struct civil c = zone_civil(&app->zone, cell(slots, r, 1)->i);
		int count = what == SLOT_WEEK ? 7 : what == SLOT_DAY ? 1 : 0;

		first = civil_days(c.year, c.month, c.day);
		if (what == SLOT_WEEK)
			first -= civil_weekday(first) - 1;
		for (int k = 0; k < count; k++) {
			vec_room(&app->item, days, *n, sizeof(**days));
			(*days)[(*n)++] = first + k;
		}
	}
}

/* Of the settings, holidays of calendars, and what was refused. */
static int
closed_days(struct app *app, const struct rows *slots, struct plan_ask *ask,
    struct err *err)
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
	refused_days(app, slots, &days, &n);
	if (n > 1)
		qsort(days, n, sizeof(*days), compare_days);
	ask->closed_days = days;
	ask->closed_n = n;
	return 0;
}

/* Whose preference counts first, and when the pair has met the last time. */
static int
pair_facts(struct app *app, const struct session *s,
    const struct person *people, struct plan_person *plans,
    struct plan_ask *ask, struct err *err)
{
	struct session *list;
	struct pair pair;
	size_t n;
	int rc = s->pair_id
		     ? pair_find(app->store, &app->item, s->pair_id, &pair, err)
		     : 0;

	if (rc <= 0)
		return rc;
	for (size_t i = 0; i < ask->people_n; i++)
		plans[i].senior = people[i].id == pair.mentee_id;
	if (sessions(app->store, &app->item, SESSIONS_OF, &list, &n, err,
		s->pair_id) < 0)
		return -1;
	for (size_t i = 0; i < n; i++)
		if (list[i].state >= SESSION_OVER &&
		    list[i].state != SESSION_CANCELLED &&
		    list[i].start_unix > ask->last_unix)
			ask->last_unix = list[i].start_unix;
	return 0;
}

int
session_ask(struct app *app, const struct session *s, struct plan_ask *ask,
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
		if (cell(&rows, i, 0)->i == SLOT_REFUSED)
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
	if (pair_facts(app, s, people, plans, ask, err) < 0)
		return -1;
	return closed_days(app, &rows, ask, err);
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
		if (store_do(app->store, ATTENDEE_SAVE, err, "iittiiitti",
			s->id, list[i].person_id, list[i].address,
			span_of(partstat_name(PARTSTAT_NEEDS_ACTION)),
			list[i].sequence, list[i].dtstamp_unix, (int64_t)0,
			SPAN(""), list[i].note, list[i].declined) < 0)
			return -1;
	return 0;
}

int
session_offer(struct app *app, const struct session *s,
    const struct slot_time *slots, size_t n, struct err *err)
{
	if (store_do(app->store, SLOTS_CLEAR, err, "i", s->id) < 0)
		return -1;
	for (size_t i = 0; i < n; i++)
		if (store_do(app->store, SLOT_OFFER, err, "iiii", s->id,
			(int64_t)i + 1, slots[i].start_unix,
			(int64_t)slots[i].reasons) < 0)
			return -1;
	return 0;
}

int
session_offer_new(struct app *app, const struct session *s, struct err *err)
{
	struct slot_time slots[OPTIONS_N];
	struct plan_ask ask;

	if (session_ask(app, s, &ask, err) < 0)
		return -1;
	return session_offer(
	    app, s, slots, plan_slots(&app->item, &ask, slots, OPTIONS_N), err);
}

int
session_plan(struct app *app, struct session *s, struct err *err)
{
	struct slot_time slots[OPTIONS_N];
	struct plan_ask ask;
	size_t n;
	bool choose = s->pair_id != 0 && (app->conf.times == CONF_TIMES_ASK ||
					     s->tries >= app->conf.tries);

	if (session_ask(app, s, &ask, err) < 0)
		return -1;
	n = s->pair_id == 0 ? (size_t)plan_group(&app->item, &ask, &slots[0])
			    : plan_slots(&app->item, &ask, slots, OPTIONS_N);
	if (n == 0)
		return session_event(app, s, EV_NO_SLOT, err);
	if (choose) {
		if (session_offer(app, s, slots, n, err) < 0)
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

	if (session_ask(app, s, &ask, err) < 0)
		return -1;
	*is_free = plan_free(
	    &ask, start_unix, start_unix + app->conf.minutes * MINUTE);
	return 0;
}
