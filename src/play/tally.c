/* The figures at the end. */
#include "base/num.h"
#include "play/play_int.h"

static int
count_people(struct play *p, struct err *err)
{
	struct play_result *r = p->result;
	struct person *list;
	size_t n;

	if (persons(p->app->store, &p->app->item, PERSONS_ALL, &list, &n, err,
		0) < 0)
		return -1;
	for (size_t i = 0; i < n; i++) {
		r->people++;
		r->mentors += list[i].mentor;
		r->mentees += list[i].mentee;
		r->declined += list[i].state == PERSON_DECLINED;
		r->left += list[i].state == PERSON_LEFT ||
			   list[i].state == PERSON_ERASED;
	}
	/* By their mails: of the erased the database knows no more. */
	for (size_t i = 0; i < p->cast_n; i++) {
		r->invited += p->cast[i].was_invited;
		r->signed_up += p->cast[i].was_enrolled;
	}
	return 0;
}

static int
count_pairs(struct play *p, struct err *err)
{
	struct play_result *r = p->result;
	struct pair *list;
	size_t n;

	if (pairs(p->app->store, &p->app->item, PAIRS_ALL, &list, &n, err, 0) <
	    0)
		return -1;
	for (size_t i = 0; i < n; i++) {
		bool ended = list[i].state == PAIR_ENDED;
		bool complete = span_is(list[i].ended_why, "complete");

		r->pairs++;
		r->pairs_active += list[i].state == PAIR_ACTIVE;
		r->pairs_complete += ended && complete;
		r->pairs_ended_early += ended && !complete;
		r->sessions_agreed += list[i].sessions;
	}
	return 0;
}

static int
count_sessions(struct play *p, struct err *err)
{
	struct play_result *r = p->result;
	struct session *list;
	size_t n;

	if (sessions(p->app->store, &p->app->item, SESSIONS_ALL, &list, &n, err,
		0) < 0)
		return -1;
	for (size_t i = 0; i < n; i++) {
		if (list[i].pair_id == 0)
			continue;
		r->sessions_held += list[i].state == SESSION_HELD;
		r->sessions_missed += list[i].state == SESSION_MISSED;
		r->sessions_cancelled += list[i].state == SESSION_CANCELLED;
		r->moves += list[i].moves;
	}
	return 0;
}

static int
count_answers(struct play *p, struct err *err)
{
	struct play_result *r = p->result;
	struct rows rows;

	if (store_rows(
		p->app->store, &p->app->item, ANSWERS_ALL, &rows, err, "") < 0)
		return -1;
	for (size_t i = 0; i < rows.n; i++) {
		struct span survey = cell(&rows, i, 1)->t;
		struct span question = cell(&rows, i, 2)->t;
		int64_t v;

		if (!num_int(cell(&rows, i, 7)->t, 1, 5, &v))
			continue;
		if (span_is(survey, "final") &&
		    span_is(question, "satisfaction")) {
			r->satisfaction_sum += v;
			r->satisfaction_n++;
		}
		if (span_is(survey, "checkin") && span_is(question, "useful")) {
			r->useful_sum += v;
			r->useful_n++;
		}
	}
	return 0;
}

static int
count_inbox(struct play *p, struct err *err)
{
	struct rows rows;

	if (store_rows(p->app->store, &p->app->item, INBOX_COUNT, &rows, err,
		"i", (int64_t)0) < 0)
		return -1;
	for (size_t i = 0; i < rows.n; i++) {
		bool handled = span_is(cell(&rows, i, 0)->t, "handled");

		p->result->mails_in += cell(&rows, i, 1)->i;
		if (!handled)
			p->result->refused += cell(&rows, i, 1)->i;
	}
	return 0;
}

/* What was written against what was read, on both ways. */
static int
count_astray(struct play *p, struct err *err)
{
	struct play_result *r = p->result;
	struct rows rows;
	int64_t sent = 0;

	if (store_rows(
		p->app->store, &p->app->item, OUTBOX_COUNT, &rows, err, "") < 0)
		return -1;
	for (size_t i = 0; i < rows.n; i++)
		if (span_is(cell(&rows, i, 0)->t, "sent"))
			sent += cell(&rows, i, 1)->i;
	r->astray =
	    (sent > r->mails_out ? sent - r->mails_out : r->mails_out - sent) +
	    (p->delivered > r->mails_in ? p->delivered - r->mails_in
					: r->mails_in - p->delivered);
	return 0;
}

int
tally(struct play *p, struct err *err)
{
	p->result->ended = p->app->programme.state == PROGRAMME_ENDED;
	if (count_people(p, err) < 0 || count_pairs(p, err) < 0 ||
	    count_sessions(p, err) < 0 || count_answers(p, err) < 0 ||
	    count_inbox(p, err) < 0 || count_astray(p, err) < 0)
		return -1;
	arena_reset(&p->app->item);
	return 0;
}
