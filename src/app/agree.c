/*
 * Agreeing on a session's time: yes and no, choices among what was offered,
 * other times, in words or by calendar.  Another time that is free for all
 * is taken; else the partner is asked.  What has begun is never changed.
 */
#include "app/app.h"

#include "app/meet_int.h"
#include "app/spoken_int.h"

enum {
	/* The notice that a proposed time must give, and its limit. */
	NOTICE_SECONDS = HOUR,
	AHEAD_DAYS_MOST = 366,
};

int
attendee_save(struct app *app, const struct attendee *a, struct err *err)
{
	return store_do(app->store, ATTENDEE_SAVE, err, "iittiiitti",
	    a->session_id, a->person_id, a->address,
	    span_of(partstat_name(a->partstat)), a->sequence, a->dtstamp_unix,
	    a->answered_unix, a->choice, a->note, a->declined);
}

/* A time stands in calendars and has not come yet. */
static bool
to_come(const struct app *app, const struct session *s)
{
	return (s->state == SESSION_INVITED || s->state == SESSION_CONFIRMED) &&
	       s->start_unix > app->world.now_unix;
}

/* Begun or past: whatever is said now changes no time any more. */
static bool
is_past(const struct app *app, const struct session *s)
{
	return s->state >= SESSION_OVER ||
	       ((s->state == SESSION_INVITED ||
		    s->state == SESSION_CONFIRMED) &&
		   !to_come(app, s));
}

static bool
all_accepted(const struct attendee *list, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (list[i].partstat != PARTSTAT_ACCEPTED)
			return false;
	return n > 0;
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

/* --- yes and no ----------------------------------------------------------- */

/*
 * A declined time is not proposed again, and another is sought at once.  A
 * group meeting goes on without the one.
 */
static int
declined(struct app *app, struct session *s, int64_t what, struct err *err)
{
	if (s->pair_id != 0 && store_do(app->store, SLOT_INSERT, err, "iii",
				   s->id, what, s->start_unix) < 0)
		return -1;
	if (session_event(app, s, EV_DECLINED, err) < 0)
		return -1;
	return s->state == SESSION_PLANNED ? session_plan(app, s, err) : 0;
}

static int
record_no(struct app *app, struct session *s, int64_t what, struct attendee *a,
    struct err *err)
{
	a->partstat = PARTSTAT_DECLINED;
	a->declined = s->sequence;
	a->answered_unix = app->world.now_unix;
	if (attendee_save(app, a, err) < 0 || sign_of_life(app, s, err) < 0)
		return -1;
	return to_come(app, s) ? declined(app, s, what, err) : 0;
}

int
session_record(struct app *app, struct session *s, struct attendee *list,
    size_t n, struct attendee *a, enum partstat partstat, struct err *err)
{
	if (partstat == PARTSTAT_DECLINED)
		return record_no(app, s, SLOT_REFUSED, a, err);
	a->partstat = partstat;
	a->answered_unix = app->world.now_unix;
	if (attendee_save(app, a, err) < 0 || sign_of_life(app, s, err) < 0)
		return -1;
	return to_come(app, s) && all_accepted(list, n)
		   ? session_event(app, s, EV_ACCEPTED, err)
		   : 0;
}

/* --- another time ----------------------------------------------------------- */

static bool
may_propose(const struct app *app, int64_t start_unix)
{
	int64_t now = app->world.now_unix;

	return start_unix > now + NOTICE_SECONDS &&
	       start_unix < now + (int64_t)AHEAD_DAYS_MOST * DAY;
}

static int
take_time(
    struct app *app, struct session *s, int64_t start_unix, struct err *err)
{
	session_set_time(app, s, start_unix);
	if (session_clear_answers(app, s, err) < 0)
		return -1;
	return session_event(app, s, EV_MOVED, err);
}

static int
not_possible(
    struct app *app, struct inbound *in, struct verdict *v, struct err *err)
{
	*v = verdict_handled("time-not-possible");
	return answer_send(app, in, "time-not-possible", NULL, err);
}

/* Free for all: taken.  Else the partner is asked. */
int
session_propose(struct app *app, struct inbound *in, struct session *s,
    int64_t start_unix, struct verdict *v, struct err *err)
{
	bool is_free = false;

	*v = verdict_handled("proposal-stands");
	if (to_come(app, s) && start_unix == s->start_unix)
		return 0;
	if (is_past(app, s) || s->pair_id == 0 ||
	    !may_propose(app, start_unix) || s->state == SESSION_CANCELLED)
		return not_possible(app, in, v, err);
	if (session_is_free(app, s, start_unix, &is_free, err) < 0 ||
	    sign_of_life(app, s, err) < 0)
		return -1;
	if (is_free) {
		*v = verdict_handled("proposal-accepted");
		return take_time(app, s, start_unix, err);
	}
	*v = verdict_handled("proposal-asked");
	return session_ask_partner(app, s, &in->person, start_unix, err);
}

/* --- choices ----------------------------------------------------------------- */

/* A conversation about one session, as one of its people sees it. */
struct talk {
	struct app *app;
	struct inbound *in;
	struct session s;
	struct attendee *list, *me;
	size_t n;
	struct rows slots;
	struct verdict *v;
};

/* The start of the numbered option; 0 when there is none. */
static int64_t
option_start(const struct talk *t, int64_t number)
{
	for (size_t r = 0; r < t->slots.n; r++)
		if (number > 0 && cell(&t->slots, r, 0)->i == number)
			return cell(&t->slots, r, 1)->i;
	return 0;
}

/* Bits of the options that still lie ahead. */
static unsigned
options_open(const struct talk *t)
{
	unsigned open = 0;

	for (int64_t n = 1; n <= CHOICE_NUMBERS; n++)
		if (option_start(t, n) > t->app->world.now_unix)
			open |= 1U << n;
	return open;
}

static struct span
choice_text(struct arena *arena, unsigned bits)
{
	char *p = arena_alloc(arena, 2 * CHOICE_NUMBERS);
	size_t n = 0;

	for (int k = 1; k <= CHOICE_NUMBERS; k++) {
		if ((bits & 1U << k) == 0)
			continue;
		if (n > 0)
			p[n++] = ',';
		p[n++] = (char)('0' + k);
	}
	return (struct span){p, n};
}

/* The first option that all have named; 0 none yet. */
static int64_t
common_choice(const struct attendee *list, size_t n)
{
	for (int64_t number = 1; number <= CHOICE_NUMBERS; number++) {
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

/* None of what was offered suits: other times, or the pair settles it. */
static int
refuse_offer(struct talk *t, int64_t what, struct err *err)
{
	struct app *app = t->app;
	int64_t first = option_start(t, 1);

	t->me->answered_unix = app->world.now_unix;
	if (attendee_save(app, t->me, err) < 0 ||
	    sign_of_life(app, &t->s, err) < 0 ||
	    (what != SLOT_REFUSED && first != 0 &&
		store_do(app->store, SLOT_INSERT, err, "iii", t->s.id, what,
		    first) < 0) ||
	    store_do(app->store, SLOTS_REFUSE, err, "i", t->s.id) < 0 ||
	    store_do(app->store, SLOTS_CLEAR, err, "i", t->s.id) < 0 ||
	    session_clear_answers(app, &t->s, err) < 0)
		return -1;
	return session_event(app, &t->s, EV_DECLINED, err);
}

/* Has everybody named something, and nobody the same? */
static bool
all_chose(const struct talk *t)
{
	for (size_t i = 0; i < t->n; i++)
		if (t->list[i].choice.n == 0)
			return false;
	return t->n > 1;
}

/* Stores the choice; *common: an option that all have named has been taken. */
static int
choice_take(struct talk *t, unsigned bits, bool *common, struct err *err)
{
	struct app *app = t->app;
	int64_t number, start;

	t->me->choice = choice_text(&app->item, bits);
	t->me->answered_unix = app->world.now_unix;
	if (attendee_save(app, t->me, err) < 0 ||
	    sign_of_life(app, &t->s, err) < 0)
		return -1;
	number = common_choice(t->list, t->n);
	*common = number != 0;
	if (number == 0)
		return 0;
	start = option_start(t, number);
	/* Chosen too late: others are offered. */
	if (start <= app->world.now_unix)
		return session_effect(app, &t->s, FX_SEND_OPTIONS, err);
	session_set_time(app, &t->s, start);
	if (session_clear_answers(app, &t->s, err) < 0)
		return -1;
	return session_event(app, &t->s, EV_SLOT, err);
}

static int
choose(struct talk *t, unsigned bits, struct err *err)
{
	bool common;

	if (choice_take(t, bits, &common, err) < 0)
		return -1;
	return !common && all_chose(t) ? refuse_offer(t, SLOT_REFUSED, err) : 0;
}

/* --- times in words ---------------------------------------------------------- */

/*
 * "Thursday", said of a session: the one of its week, or that of the first
 * time offered, unless that is gone.  Anything else is as it was read.
 */
static struct when
of_its_week(const struct talk *t, const struct when *w)
{
	const struct zone *zone = person_zone(t->app, &t->in->person);
	int64_t near = t->s.start_unix ? t->s.start_unix : option_start(t, 1);
	struct civil c = zone_civil(zone, near ? near : t->s.target_unix);
	struct civil now = zone_civil(zone, t->app->world.now_unix);
	int64_t day = civil_days(c.year, c.month, c.day);
	struct when out = *w;

	if (!w->weekday)
		return out;
	day += civil_weekday(civil_days(w->year, w->month, w->day)) -
	       civil_weekday(day);
	if (day <= civil_days(now.year, now.month, now.day))
		return out;
	c = civil_of_days(day);
	out.year = c.year;
	out.month = c.month;
	out.day = c.day;
	return out;
}

/*
 * The instant of what they wrote, in their own zone.  A clock alone means the
 * day of the session, a day alone its hour; 0 when neither helps.
 */
static int64_t
when_unix(const struct talk *t, const struct when *said)
{
	const struct zone *zone = person_zone(t->app, &t->in->person);
	const struct when near = of_its_week(t, said), *w = &near;
	int64_t now = t->s.start_unix ? t->s.start_unix : t->s.target_unix;
	struct civil c = zone_civil(zone, now);
	int64_t start = 0;

	if (!w->has_clock && (t->s.start_unix == 0 || w->week || !w->has_date))
		return 0;
	if (w->has_date) {
		c.year = w->year;
		c.month = w->month;
		c.day = w->day;
	}
	if (w->has_clock) {
		c.hour = w->hour;
		c.minute = w->minute;
	}
	c.second = 0;
	if (!civil_check(&c) || zone_unix(zone, &c, &start) != ZONE_ONCE)
		return 0;
	return start;
}

/* The first that can be; *start 0 when none can. */
static int
first_free(const struct talk *t, const struct choice *c, int64_t *start,
    bool *is_free, struct err *err)
{
	int64_t first = 0;

	*is_free = false;
	*start = 0;
	for (size_t i = 0; i < c->times_n && !*is_free; i++) {
		int64_t at = when_unix(t, &c->times[i]);

		if (!may_propose(t->app, at))
			continue;
		if (first == 0)
			first = at;
		if (session_is_free(t->app, &t->s, at, is_free, err) < 0)
			return -1;
		if (*is_free)
			first = at;
	}
	*start = first;
	return 0;
}

/* The number of this start among the options, added when there is room. */
static int
option_add(struct talk *t, int64_t start, unsigned *bits, struct err *err)
{
	int64_t number;

	for (number = 1; number < CHOICE_NUMBERS; number++) {
		int64_t has = option_start(t, number);

		if (has == start)
			break;
		if (has != 0)
			continue;
		if (store_do(t->app->store, SLOT_INSERT, err, "iii", t->s.id,
			number, start) < 0)
			return -1;
		break;
	}
	*bits |= 1U << number;
	return store_rows(
	    t->app->store, &t->app->item, SLOTS, &t->slots, err, "i", t->s.id);
}

/* What they named before is no answer to the new time. */
static int
ask_the_others(struct talk *t, struct err *err)
{
	for (size_t i = 0; i < t->n; i++)
		if (&t->list[i] != t->me &&
		    store_do(t->app->store, ATTENDEE_CHOOSE, err, "iit",
			t->s.id, t->list[i].person_id, SPAN("")) < 0)
			return -1;
	return session_effect(t->app, &t->s, FX_SEND_OPTIONS, err);
}

/*
 * Times of one's own in answer to an offer: one that is free for all is
 * taken, else they join the options and the partner is asked.
 */
static int
own_times(struct talk *t, const struct choice *c, struct err *err)
{
	unsigned bits = c->numbers & options_open(t);
	int64_t start;
	bool is_free, common;

	if (first_free(t, c, &start, &is_free, err) < 0)
		return -1;
	if (start == 0)
		return not_possible(t->app, t->in, t->v, err);
	if (is_free) {
		*t->v = verdict_handled("proposal-accepted");
		return take_time(t->app, &t->s, start, err);
	}
	*t->v = verdict_handled("proposal-asked");
	for (size_t i = 0; i < c->times_n; i++) {
		start = when_unix(t, &c->times[i]);
		if (may_propose(t->app, start) &&
		    option_add(t, start, &bits, err) < 0)
			return -1;
	}
	if (choice_take(t, bits, &common, err) < 0)
		return -1;
	return common ? 0 : ask_the_others(t, err);
}

/* --- words about an offer ------------------------------------------------------ */

static int
say_cancel(struct talk *t, struct err *err)
{
	bool talked = t->s.state == SESSION_OFFERED;

	*t->v = verdict_handled("cancel");
	if (session_event(t->app, &t->s, EV_CANCELLED, err) < 0)
		return -1;
	if (talked && session_effect(t->app, &t->s, FX_TELL_CANCELLED, err) < 0)
		return -1;
	return session_effect(t->app, &t->s, FX_NEXT_SESSION, err);
}

static int64_t
refused_span(const struct short_answer *w)
{
	return w->whole_week || w->when.week ? SLOT_WEEK
	       : w->whole_day                ? SLOT_DAY
					     : SLOT_REFUSED;
}

static int
offered(struct talk *t, const struct short_answer *w, const struct choice *c,
    struct err *err)
{
	unsigned open = options_open(t);

	if (w->sure && w->word == WORD_CANCEL)
		return say_cancel(t, err);
	if (c->none || (w->sure && w->word == WORD_NO)) {
		*t->v = verdict_handled("none-of-them");
		return refuse_offer(t, refused_span(w), err);
	}
	if (w->sure && w->word == WORD_NOT_THEN && !w->when.has_clock) {
		*t->v = verdict_handled("not-then");
		return refuse_offer(t, refused_span(w), err);
	}
	if (c->times_n > 0)
		return own_times(t, c, err);
	*t->v = verdict_handled("option");
	if ((c->numbers & open) != 0 && (c->numbers & ~open) == 0)
		return choose(t, c->numbers, err);
	if (c->all && open != 0)
		return choose(t, open, err);
	/* "Yes" means something where there is one thing to say yes to. */
	if (w->sure && (w->word == WORD_YES || w->word == WORD_AGREE) &&
	    open != 0 && (open & (open - 1)) == 0)
		return choose(t, open, err);
	return answer_not_understood(t->app, t->in, t->v, err);
}

/* --- words about a time that stands ----------------------------------------- */

/* Does the session lie in the week, or on the day, that they named? */
static bool
is_then(const struct talk *t, const struct when *w)
{
	struct civil c =
	    zone_civil(person_zone(t->app, &t->in->person), t->s.start_unix);
	int64_t day = civil_days(c.year, c.month, c.day);
	int64_t named = civil_days(w->year, w->month, w->day);

	return w->week ? day >= named && day < named + 7 : day == named;
}

/*
 * The week or day of the session.  "Not this week" about one that is later
 * means its week too; another week or day, named, is no answer to it.
 */
static int
not_then(struct talk *t, const struct short_answer *a, struct err *err)
{
	const struct when w = of_its_week(t, &a->when);
	int64_t what = refused_span(a);
	struct civil today = mail_day(t->app, t->in);
	int64_t ago = civil_days(today.year, today.month, today.day) -
		      civil_days(w.year, w.month, w.day);

	if (w.has_date && !is_then(t, &w) && !(w.week && ago >= 0 && ago < 7)) {
		*t->v = verdict_handled("not-then");
		return answer_not_understood(t->app, t->in, t->v, err);
	}
	if (w.has_date && what == SLOT_REFUSED)
		what = SLOT_DAY;
	*t->v = verdict_handled("not-then");
	return record_no(t->app, &t->s, what, t->me, err);
}

/* "Move to next week": its Monday is the aim, this week is out. */
static int
move_week(struct talk *t, const struct when *w, struct err *err)
{
	struct civil c = {w->year, w->month, w->day, 12, 0, 0};
	int64_t start = 0;

	*t->v = verdict_handled("move");
	if (civil_check(&c))
		zone_unix(person_zone(t->app, &t->in->person), &c, &start);
	if (!may_propose(t->app, start))
		return not_possible(t->app, t->in, t->v, err);
	t->s.target_unix = start + 2 * DAY;
	return record_no(t->app, &t->s, SLOT_WEEK, t->me, err);
}

static int
late_choice(struct talk *t, const struct choice *c, struct err *err)
{
	for (int64_t number = 1; number <= CHOICE_NUMBERS; number++)
		if ((c->numbers & 1U << number) != 0 &&
		    option_start(t, number) == t->s.start_unix)
			return session_record(t->app, &t->s, t->list, t->n,
			    t->me, PARTSTAT_ACCEPTED, err);
	return answer_not_understood(t->app, t->in, t->v, err);
}

/* Yes or no, and for a group all that amounts to a no.  1 it was one, 0, -1. */
static int
yes_or_no(struct talk *t, const struct short_answer *w, struct err *err)
{
	bool yes = w->word == WORD_YES || w->word == WORD_AGREE;
	bool no = w->word == WORD_NO ||
		  (t->s.pair_id == 0 &&
		      (w->word == WORD_CANCEL || w->word == WORD_NOT_THEN));

	if (!w->sure || (!yes && !no))
		return 0;
	*t->v = verdict_handled(word_name(w->word));
	if (session_record(t->app, &t->s, t->list, t->n, t->me,
		yes ? PARTSTAT_ACCEPTED : PARTSTAT_DECLINED, err) < 0)
		return -1;
	return 1;
}

static int
standing(struct talk *t, const struct short_answer *w, const struct choice *c,
    struct err *err)
{
	int64_t start;
	bool is_free;
	int rc = yes_or_no(t, w, err);

	if (rc != 0)
		return rc < 0 ? -1 : 0;
	if (w->sure && w->word == WORD_CANCEL)
		return say_cancel(t, err);
	if (w->sure && w->word == WORD_NOT_THEN && !w->when.has_clock)
		return not_then(t, w, err);
	if (w->sure && (w->word == WORD_MOVE || w->word == WORD_TIME) &&
	    w->when.week && !w->when.has_clock)
		return move_week(t, &w->when, err);
	if (c->times_n > 0) {
		if (first_free(t, c, &start, &is_free, err) < 0)
			return -1;
		return start ? session_propose(
				   t->app, t->in, &t->s, start, t->v, err)
			     : not_possible(t->app, t->in, t->v, err);
	}
	*t->v = verdict_handled("option");
	if (c->numbers != 0)
		return late_choice(t, c, err);
	return answer_not_understood(t->app, t->in, t->v, err);
}

/* What they wrote as times or numbers, whichever way it was read. */
static void
choice_of_words(
    const struct talk *t, const struct short_answer *w, struct choice *c)
{
	const struct inbound *in = t->in;

	*c = (struct choice){0};
	if (reply_choice(&t->app->item, in->reading->new_text,
		mail_day(t->app, in), in->person.locale, c) ||
	    !w->sure)
		return;
	if ((w->word == WORD_MOVE || w->word == WORD_TIME) &&
	    (w->when.has_clock || w->when.has_date)) {
		c->times[0] = w->when;
		c->times_n = 1;
	}
}

/* Nothing was written: the subject of a calendar program may say it. */
static int
by_subject(struct talk *t, struct err *err)
{
	enum partstat says = reply_rsvp(t->in->mail->subject);

	if (says == PARTSTAT_NONE || t->in->reading->new_text.n > 0)
		return 0;
	*t->v = verdict_handled("rsvp-subject");
	if (session_record(t->app, &t->s, t->list, t->n, t->me, says, err) < 0)
		return -1;
	return 1;
}

int
session_reply(struct app *app, struct inbound *in, const struct short_answer *w,
    struct verdict *v, struct err *err)
{
	struct talk t = {.app = app, .in = in, .v = v};
	struct choice c;
	int rc = session_find(
	    app->store, &app->item, in->thread.object_id, &t.s, err);

	if (rc <= 0)
		return rc;
	if (attendees(app->store, &app->item, t.s.id, &t.list, &t.n, err) < 0 ||
	    store_rows(
		app->store, &app->item, SLOTS, &t.slots, err, "i", t.s.id) < 0)
		return -1;
	for (size_t i = 0; i < t.n; i++)
		if (t.list[i].person_id == in->person.id)
			t.me = &t.list[i];
	if (t.me == NULL)
		return answer_not_understood(app, in, v, err);
	if ((rc = by_subject(&t, err)) != 0)
		return rc < 0 ? -1 : 0;
	choice_of_words(&t, w, &c);
	if (!w->sure && c.numbers == 0 && c.times_n == 0 && !c.all && !c.none)
		return answer_not_understood(app, in, v, err);
	if (is_past(app, &t.s)) {
		rc = yes_or_no(&t, w, err);
		if (rc == 0)
			rc = not_possible(app, in, v, err);
		return rc < 0 ? -1 : 0;
	}
	if (t.s.state == SESSION_OFFERED)
		return offered(&t, w, &c, err);
	return standing(&t, w, &c, err);
}
