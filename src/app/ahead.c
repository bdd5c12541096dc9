/* The weekly digest: how the mail fares, and what comes next. */
#include "app/digest_int.h"

#include <stdlib.h>

enum {
	ANSWER_COLUMNS = 120 /* of a mail server's words */
};

/* "one ..." or "many ..."; nothing for none. */
static void
count_line(struct digest *d, struct value *out, const char *key, int64_t n)
{
	if (n > 0)
		value_push(d->arena, out,
		    value_text(
			d->arena, words_count(d->arena, d->words, key, n)));
}

/* --- how the mail fares ----------------------------------------------------------- */

static int
mail_counts(struct digest *d, struct value *out, struct err *err)
{
	int64_t since = d->app->world.now_unix - (int64_t)WEEK;
	int64_t sent = 0, came = 0;
	struct rows rows;
	struct fill fills[2];

	if (store_int(
		d->app->store, OUTBOX_SENT_SINCE, &sent, err, "i", since) < 0 ||
	    store_rows(d->app->store, d->arena, INBOX_COUNT, &rows, err, "i",
		since) < 0)
		return -1;
	for (size_t r = 0; r < rows.n; r++)
		came += cell(&rows, r, 1)->i;
	fills[0] = (struct fill){"sent", digest_number(d, sent)};
	fills[1] = (struct fill){"came", digest_number(d, came)};
	digest_line(d, out, "digest-mail-counts", fills, 2);
	return 0;
}

/* A mail that was not taken, with the server's own words. */
static int
mail_refused(struct digest *d, struct value *out, struct err *err)
{
	struct rows rows;

	if (store_rows(d->app->store, d->arena, OUTBOX_TROUBLE, &rows, err, "i",
		d->app->world.now_unix - (int64_t)WEEK) < 0)
		return -1;
	for (size_t r = 0; r < rows.n && r < LINES_MOST; r++) {
		struct span why = cell(&rows, r, 5)->t;
		struct fill fills[] = {{"to", cell(&rows, r, 1)->t},
		    {"why", why.n > 0
				? span_sub(why, 0, ANSWER_COLUMNS)
				: words_get(d->words, "digest-mail-old")}};

		digest_line(d, out, "digest-mail-refused", fills, 2);
	}
	return 0;
}

static int
mail_parked(struct digest *d, struct value *out, struct err *err)
{
	struct rows rows;
	struct fill fill = {"mail", SPAN("")};
	int64_t n = 0, older = 0;

	if (store_rows(d->app->store, d->arena, QUARANTINE, &rows, err, "") < 0)
		return -1;
	for (size_t r = 0; r < rows.n; r++) {
		if (!span_is(cell(&rows, r, 10)->t, "parked"))
			continue;
		if (!digest_is_new(d, cell(&rows, r, 9)->i) ||
		    n++ >= LINES_MOST) {
			older++;
			continue;
		}
		fill.text = held_line(d->app, d->words, &rows, r);
		digest_line(d, out, "digest-mail-parked", &fill, 1);
	}
	count_line(d, out, "digest-mail-parked-older", older);
	return 0;
}

int
digest_mail(struct digest *d, struct err *err)
{
	struct value *out = digest_lines(d, "mail");
	struct digest_names bounced = {.n = 0};
	size_t first;

	if (mail_counts(d, out, err) < 0)
		return -1;
	first = out->n;
	for (size_t i = 0; i < d->people_n; i++)
		if (digest_is_new(d, d->people[i].last_bounce_unix))
			digest_name_add(
			    &bounced, digest_name(d, d->people[i].id));
	digest_names(d, out, "digest-mail-bounced", &bounced);
	if (mail_refused(d, out, err) < 0 || mail_parked(d, out, err) < 0)
		return -1;
	value_set_bool(d->arena, d->v, "mail-well", out->n == first);
	return 0;
}

/* --- what comes next ---------------------------------------------------------------- */

static int
by_start(const void *a, const void *b)
{
	const struct session *x = a, *y = b;

	if (x->start_unix != y->start_unix)
		return x->start_unix < y->start_unix ? -1 : 1;
	return (x->id > y->id) - (x->id < y->id);
}

static struct span
session_text(struct digest *d, const struct session *s)
{
	const struct pair *p = digest_pair(d, s->pair_id);
	struct fill fills[] = {{"date", words_date_short(d->arena, d->words,
					    &d->app->zone, s->start_unix)},
	    {"clock",
		words_clock(d->arena, d->words, &d->app->zone, s->start_unix)},
	    {"mentor", p ? digest_name(d, p->mentor_id) : SPAN("")},
	    {"mentee", p ? digest_name(d, p->mentee_id) : SPAN("")}};

	return words_fill(d->arena, d->words,
	    s->state == SESSION_CONFIRMED ? "digest-next-session"
					  : "digest-next-session-open",
	    fills, 4);
}

/* Each of the next sessions; of many the first ones. */
static void
next_sessions(struct digest *d, struct value *out)
{
	int64_t until = d->app->world.now_unix + WEEK;
	struct session *list =
	    arena_alloc(d->arena, d->sessions_n * sizeof(*list));
	struct value *each = digest_lines(d, "next-sessions");
	size_t n = 0;

	for (size_t i = 0; i < d->sessions_n; i++)
		if (d->sessions[i].pair_id != 0 &&
		    digest_stands(d, &d->sessions[i]) &&
		    d->sessions[i].start_unix <= until)
			list[n++] = d->sessions[i];
	if (n > 1)
		qsort(list, n, sizeof(*list), by_start);
	if (n > 0)
		count_line(d, out, "digest-next-sessions", (int64_t)n);
	for (size_t i = 0; i < n && i < LINES_MOST; i++)
		value_push(d->arena, each,
		    value_text(d->arena, session_text(d, &list[i])));
	if (n > LINES_MOST) {
		struct fill fill = {
		    "n", digest_number(d, (int64_t)(n - LINES_MOST))};

		digest_line(d, each, "digest-next-more", &fill, 1);
	}
}

static int
next_people(struct digest *d, struct value *out, struct err *err)
{
	int64_t until = d->app->world.now_unix + WEEK;
	int64_t forms = 0, again = 0, seeking = 0;
	struct digest_names back = {.n = 0};

	if (store_int(d->app->store, FORMS_DUE_COUNT, &forms, err, "i", until) <
	    0)
		return -1;
	for (size_t i = 0; i < d->people_n; i++) {
		const struct person *p = &d->people[i];

		again += p->state == PERSON_INVITED && p->due_unix > 0 &&
			 p->due_unix <= until;
		if (p->state == PERSON_PAUSED && p->paused_until_unix > 0 &&
		    p->paused_until_unix <= until)
			digest_name_add(&back, digest_name(d, p->id));
	}
	for (size_t i = 0; i < d->sessions_n; i++)
		seeking += d->sessions[i].state == SESSION_PLANNED ||
			   d->sessions[i].state == SESSION_OFFERED;
	count_line(d, out, "digest-next-invites", again);
	count_line(d, out, "digest-next-reminders", forms);
	count_line(d, out, "digest-next-seeking", seeking);
	digest_names(d, out, "digest-next-back", &back);
	return 0;
}

static int64_t
day_unix(const struct digest *d, int64_t day)
{
	struct civil c = civil_of_days(day);
	int64_t t = 0;

	c.hour = 8;
	if (day != 0)
		zone_unix(&d->app->zone, &c, &t);
	return t;
}

/* The programme's own dates of the next seven days. */
static void
next_dates(struct digest *d, struct value *out)
{
	const struct programme *p = &d->app->programme;
	const struct conf *c = &d->app->conf;
	const struct {
		const char *key;
		int64_t at_unix;
	} dates[] = {
	    {"digest-next-matching",
		p->next_match_unix == 0   ? day_unix(d, c->match_day)
		: c->kind == CONF_ROLLING ? p->next_match_unix
					  : 0},
	    {"digest-next-midpoint",
		p->midpoint_unix == 0 ? day_unix(d, c->midpoint_day) : 0},
	    {"digest-next-report", p->next_report_unix},
	    {"digest-next-review", p->next_review_unix},
	    {"digest-next-end",
		p->closing_unix == 0 ? day_unix(d, c->end_day) : 0},
	    {"digest-next-closing", p->state == PROGRAMME_CLOSING
					? p->closing_unix + 21 * (int64_t)DAY
					: 0},
	};

	for (size_t i = 0; i < sizeof(dates) / sizeof(*dates); i++) {
		struct fill fill = {"date", SPAN("")};

		if (dates[i].at_unix <= d->app->world.now_unix ||
		    dates[i].at_unix > d->app->world.now_unix + WEEK)
			continue;
		fill.text = words_date(
		    d->arena, d->words, &d->app->zone, dates[i].at_unix);
		digest_line(d, out, dates[i].key, &fill, 1);
	}
}

/* Who comes to a group meeting, in figures. */
static int
head_count(struct digest *d, const struct session *s, struct fill *fills,
    struct err *err)
{
	int64_t said[PARTSTAT_DELEGATED + 1] = {0};
	struct attendee *list;
	size_t n;

	if (attendees(d->app->store, d->arena, s->id, &list, &n, err) < 0)
		return -1;
	for (size_t i = 0; i < n; i++)
		said[list[i].partstat]++;
	fills[0] =
	    (struct fill){"yes", digest_number(d, said[PARTSTAT_ACCEPTED])};
	fills[1] =
	    (struct fill){"no", digest_number(d, said[PARTSTAT_DECLINED])};
	fills[2] = (struct fill){
	    "open", digest_number(d, (int64_t)n - said[PARTSTAT_ACCEPTED] -
					 said[PARTSTAT_DECLINED])};
	return 0;
}

static int
next_groups(struct digest *d, struct value *out, struct err *err)
{
	for (size_t i = 0; i < d->sessions_n; i++) {
		const struct session *s = &d->sessions[i];
		const struct value *who = value_find(d->v, s->role);
		struct fill fills[5];

		if (s->pair_id != 0 || !digest_stands(d, s))
			continue;
		if (head_count(d, s, fills, err) < 0)
			return -1;
		fills[3] =
		    (struct fill){"who", who != NULL ? who->text : s->role};
		fills[4] = (struct fill){
		    "when", words_when(d->arena, d->words, &d->app->zone,
				s->start_unix, s->end_unix)};
		digest_line(d, out, "digest-next-group", fills, 5);
	}
	return 0;
}

int
digest_next(struct digest *d, struct err *err)
{
	struct value *out = digest_lines(d, "next");

	next_dates(d, out);
	if (next_groups(d, out, err) < 0)
		return -1;
	if (next_people(d, out, err) < 0)
		return -1;
	next_sessions(d, out);
	return 0;
}
