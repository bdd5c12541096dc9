/*
 * The mails of a session: invites, offers of times, cancels, preparation.
 * One change is one mail to each: an offer that takes the place of an invite
 * carries the cancel of it.
 */
#include "app/app.h"

#include "app/meet_int.h"

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

/* In this pair one is the mentor, whatever else they are. */
static void
pair_role(struct app *app, const struct session *s, const struct person *to,
    struct value *v)
{
	struct pair pair;
	struct err none = {0};

	if (s->pair_id == 0 ||
	    pair_find(app->store, &app->item, s->pair_id, &pair, &none) <= 0)
		return;
	value_set_bool(&app->item, v, "is-mentor", to->id == pair.mentor_id);
	value_set_bool(&app->item, v, "is-mentee", to->id == pair.mentee_id);
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
	if (span_casestarts(place_of(app, s), "https://"))
		value_set_text(&app->item, v, "link", place_of(app, s));
	value_set_bool(&app->item, v, "first", s->number == 1);
	value_set_bool(&app->item, v, "again", s->state != SESSION_CANCELLED);
	value_set_bool(&app->item, v, "group", s->pair_id == 0);
	value_set_bool(&app->item, v, "moved", s->sequence > 0);
	pair_role(app, s, to, v);
	if (s->pair_id != 0)
		partner_values(app, v, partner_names(people, n, to));
	return v;
}

/* Some calendars show the first line alone, and there the link can be used. */
static struct span
description_of(struct app *app, const struct session *s, struct span words)
{
	struct span place = place_of(app, s);

	return place.n == 0 ? words
			    : arena_spanf(&app->item, "%.*s\n%.*s",
				  (int)place.n, place.p, (int)words.n, words.p);
}

static struct invite
invite_of(struct app *app, const struct session *s, struct value *v,
    const struct person *to, struct span address, const struct thread *thread)
{
	const struct language *l = app_language(app, to->locale);
	const struct value *partner = value_find(v, SPAN("partner"));
	struct fill fills[] = {{"partner", partner ? partner->text : SPAN("")},
	    {"programme", conf_text(&app->conf.name, l->locale)},
	    {"code", thread_code(&app->item, thread)}};

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
		s->pair_id ? "session-summary" : "group-summary", fills, 3),
	    .description = description_of(app, s,
		words_fill(
		    &app->item, &l->words, "session-description", fills, 3)),
	    .location = place_of(app, s)};
}

/* What one change tells everybody. */
struct news {
	const char *template;
	bool with_invite;
	enum invite_method method;
	struct value *more; /* may be NULL */
};

static int
wall_note(struct app *app, const struct session *s, const struct person *to,
    struct err *err)
{
	return store_do(app->store, ATTENDEE_WALL, err, "iit", s->id, to->id,
	    wall_text(&app->item, person_zone(app, to), s->start_unix));
}

/*
 * To the person; what is about a time goes to the assistant as well, who
 * answers it for them.
 */
static int
session_mail(struct app *app, const struct session *s,
    const struct person *people, size_t n, const struct person *to,
    const struct news *news, struct err *err)
{
	struct thread thread;
	struct value *v = session_values(app, s, people, n, to);
	struct invite invite;
	struct letter_ask ask = {.template = news->template,
	    .to = to,
	    .thread = &thread,
	    .values = v,
	    .session_id = s->id,
	    .at_once = news->with_invite};
	bool prepares = span_is(SPAN("prepare"), news->template);

	for (size_t i = 0; news->more != NULL && i < news->more->n; i++)
		value_set(&app->item, v,
		    arena_strdup(&app->item, news->more->names[i]),
		    news->more->items[i]);
	if (thread_get(app, THREAD_SESSION, s->id, to->id, &thread, err) < 0)
		return -1;
	invite = invite_of(app, s, v, to, to->address, &thread);
	invite.method = news->method;
	if (news->with_invite)
		ask.invite = &invite;
	if (news->with_invite && news->method == INVITE_REQUEST &&
	    wall_note(app, s, to, err) < 0)
		return -1;
	if (letter_send(app, &ask, NULL, err) < 0)
		return -1;
	if (prepares || to->assistant.n == 0)
		return 0;
	ask.to_name = SPAN("");
	ask.to_address = to->assistant;
	invite.attendee_name = SPAN("");
	invite.attendee_address = to->assistant;
	value_set_bool(&app->item, v, "for-assistant", true);
	return letter_send(app, &ask, NULL, err);
}

static int
session_mails(struct app *app, const struct session *s, const struct news *news,
    struct err *err)
{
	struct person *people;
	size_t n;

	if (session_people(app, s, &people, &n, err) < 0)
		return -1;
	for (size_t i = 0; i < n; i++)
		if (session_mail(app, s, people, n, &people[i], news, err) < 0)
			return -1;
	return 0;
}

/* --- taking a time out of calendars --------------------------------------- */

/* A cancelled invite must win: same UID, SEQUENCE one higher. */
static int
cancel_begin(struct app *app, struct session *s, struct err *err)
{
	int64_t stamp = app->world.now_unix;

	s->sequence++;
	s->dtstamp_unix = stamp > s->dtstamp_unix ? stamp : s->dtstamp_unix + 1;
	return session_save(app, s, err);
}

/* What goes on without a time has none to cancel again. */
static int
cancel_end(struct app *app, struct session *s, struct err *err)
{
	s->start_unix = s->end_unix = 0;
	return session_save(app, s, err);
}

/* Also to those who paused or left: theirs is the calendar it must leave. */
static int
cancel_mails(
    struct app *app, const struct session *s, bool only_gone, struct err *err)
{
	static const struct news news = {
	    "cancelled", true, INVITE_CANCEL, NULL};
	struct person *people;
	size_t n;

	if (session_invited(app, s, &people, &n, err) < 0)
		return -1;
	for (size_t i = 0; i < n; i++)
		if ((!only_gone || people[i].state != PERSON_READY) &&
		    session_mail(app, s, people, n, &people[i], &news, err) < 0)
			return -1;
	return 0;
}

/* Where an offer follows, the offer itself takes the time out. */
static int
cancel_invites(struct app *app, struct session *s, struct err *err)
{
	if (cancel_begin(app, s, err) < 0)
		return -1;
	return cancel_mails(app, s, s->state == SESSION_OFFERED, err);
}

/* --- offering times -------------------------------------------------------- */

static bool
is_ahead(const struct app *app, const struct rows *slots, size_t r)
{
	return cell(slots, r, 0)->i > 0 &&
	       cell(slots, r, 1)->i > app->world.now_unix;
}

/* The times that are offered; where none lies ahead any more, new ones. */
static int
options_ahead(struct app *app, const struct session *s, struct rows *rows,
    bool *any, struct err *err)
{
	*any = false;
	for (int tried = 0; !*any && tried < 2; tried++) {
		/* A choice among the old ones says nothing of the new. */
		if (tried > 0 && (session_clear_answers(app, s, err) < 0 ||
				     session_offer_new(app, s, err) < 0))
			return -1;
		if (store_rows(app->store, &app->item, SLOTS, rows, err, "i",
			s->id) < 0)
			return -1;
		for (size_t r = 0; r < rows->n; r++)
			*any |= is_ahead(app, rows, r);
	}
	return 0;
}

/* The strongest reason for a time; one that a person named has none. */
static const char *
reason_name(int64_t reasons)
{
	if (reasons & PLAN_SAME_TIME)
		return "as-last-time";
	if (reasons & PLAN_NEAR_TARGET)
		return "near-plan";
	return reasons & PLAN_CORE_HOURS ? "core-hours" : NULL;
}

static struct value *
option_values(struct app *app, const struct rows *rows, const struct person *p,
    struct span choice)
{
	const struct language *l = app_language(app, p->locale);
	const struct zone *zone = person_zone(app, p);
	struct value *more = value_object(&app->item);
	struct value *list =
	    value_set(&app->item, more, "options", value_list(&app->item));

	for (size_t i = 0; i < rows->n; i++) {
		int64_t number = cell(rows, i, 0)->i;
		int64_t start = cell(rows, i, 1)->i;
		const char *reason;
		struct value *item;

		if (!is_ahead(app, rows, i))
			continue;
		item = value_push(&app->item, list, value_object(&app->item));
		value_set_int(&app->item, item, "number", number);
		value_set_text(&app->item, item, "when",
		    words_when(&app->item, &l->words, zone, start,
			start + app->conf.minutes * MINUTE));
		reason = reason_name(cell(rows, i, 2)->i);
		if (reason != NULL)
			value_set_bool(&app->item, item, reason, true);
		value_set_bool(&app->item, item, "chosen",
		    span_findc(choice, (char)('0' + number)) < choice.n);
	}
	value_set_bool(&app->item, more, "one", list->n == 1);
	value_set_bool(&app->item, more, "asked", choice.n > 0);
	return more;
}

static struct span
choice_of(const struct attendee *list, size_t n, int64_t person_id)
{
	for (size_t i = 0; i < n; i++)
		if (list[i].person_id == person_id)
			return list[i].choice;
	return SPAN("");
}

/*
 * The offer, or the question when there is nothing to offer.  A time that
 * still stands in calendars is taken out by the same mail.
 */
static int
send_options(struct app *app, struct session *s, bool settle, struct err *err)
{
	struct news news = {.template = "ask-times",
	    .with_invite = s->start_unix != 0,
	    .method = INVITE_CANCEL};
	struct person *people;
	struct attendee *list;
	struct rows rows;
	size_t n, list_n;
	bool any = false;

	if (session_people(app, s, &people, &n, err) < 0 ||
	    (!settle && options_ahead(app, s, &rows, &any, err) < 0) ||
	    attendees(app->store, &app->item, s->id, &list, &list_n, err) < 0)
		return -1;
	for (size_t p = 0; p < n; p++) {
		struct span choice = choice_of(list, list_n, people[p].id);

		/* The clock reminds those who have not chosen. */
		if (any && app->inbox_id == 0 && choice.n > 0)
			continue;
		if (any) {
			news.template = "options";
			news.more =
			    option_values(app, &rows, &people[p], choice);
		} else {
			news.more = value_object(&app->item);
		}
		value_set_bool(
		    &app->item, news.more, "withdrawn", news.with_invite);
		if (session_mail(app, s, people, n, &people[p], &news, err) < 0)
			return -1;
	}
	return news.with_invite ? cancel_end(app, s, err) : 0;
}

int
session_ask_partner(struct app *app, struct session *s,
    const struct person *asker, int64_t start_unix, struct err *err)
{
	struct slot_time slot = {.start_unix = start_unix};

	/* Its calendar entry goes; the offer stands in its place. */
	s->state = SESSION_PLANNED;
	if (session_clear_answers(app, s, err) < 0 ||
	    session_offer(app, s, &slot, 1, err) < 0 ||
	    store_do(app->store, ATTENDEE_CHOOSE, err, "iit", s->id, asker->id,
		SPAN("1")) < 0)
		return -1;
	return session_event(app, s, EV_OPTIONS, err);
}

/* --- around a session ------------------------------------------------------ */

/* With the action agreed last time, which both may see. */
static int
prepare(struct app *app, const struct session *s, struct err *err)
{
	struct news news = {.template = "prepare"};
	struct value *more = value_object(&app->item);
	struct rows rows;

	if (store_rows(app->store, &app->item, ACTION_LAST, &rows, err, "i",
		s->pair_id) < 0)
		return -1;
	if (rows.n > 0)
		value_set_text(
		    &app->item, more, "action", cell(&rows, 0, 0)->t);
	news.more = more;
	return session_mails(app, s, &news, err);
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
	static const struct news cancelled = {.template = "cancelled"};
	static const struct news invite = {
	    "invite", true, INVITE_REQUEST, NULL};

	switch (effect) {
	case FX_SEND_INVITES:
		return session_mails(app, s, &invite, err);
	case FX_SEND_OPTIONS:
		return send_options(app, s, false, err);
	case FX_ASK_TIMES:
		return send_options(app, s, true, err);
	case FX_NO_TIME_LEAD:
		return note_add(app, "no-time", 0, s->pair_id, SPAN(""), err);
	case FX_CANCEL_INVITES:
		return cancel_invites(app, s, err);
	case FX_TELL_CANCELLED:
		return session_mails(app, s, &cancelled, err);
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
