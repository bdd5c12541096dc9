/*
 * What a mail server's answer leads to: the row's new state, when it is
 * tried again, an address known to be bad, a note for the lead.
 */
#include "app/outbox_int.h"
#include "base/log.h"
#include "base/vec.h"
#include "model/address.h"

enum {
	SLOW_REFUSALS = 3, /* "too fast" so often: the domain rests */
	REST_SECONDS = 15 * 60,
	LATE_SECONDS = 2 * HOUR, /* before a session its invite is too late */
};

struct row {
	int64_t id, tries, created, person_id, start_unix;
	struct span recipient;
};

/* --- domains -------------------------------------------------------------------- */

struct domain *
domain_of(struct domains *d, struct span recipient)
{
	struct span name = address_domain(recipient);

	for (size_t i = 0; i < d->n; i++)
		if (span_eq(d->list[i].name, name))
			return &d->list[i];
	vec_room(d->arena, &d->list, d->n, sizeof(*d->list));
	d->list[d->n] = (struct domain){.name = arena_span(d->arena, name)};
	return &d->list[d->n++];
}

bool
domain_rests(const struct domain *d)
{
	return d->refused >= SLOW_REFUSALS;
}

/* So many in this run, the others in the minutes to come at the same rate. */
int64_t
domain_turn(struct app *app, struct domain *d)
{
	int64_t rate = app->conf.mails_per_domain_minute;
	int64_t now = app->world.now_unix;

	if (domain_rests(d))
		return now + REST_SECONDS;
	if (rate == 0)
		return 0;
	d->taken++;
	if (d->taken <= rate)
		return 0;
	return now + ((d->taken - 1) / rate) * MINUTE;
}

/* --- again, and when --------------------------------------------------------------- */

bool
is_slow_down(const struct mailout_answer *a)
{
	return span_starts(a->enhanced, "4.7.");
}

/* 5, 15, 30, 60, 120 minutes, then every 3 hours; spread by a fifth. */
static int64_t
retry_at(struct app *app, const struct row *r, bool slow)
{
	static const int minutes[] = {5, 15, 30, 60, 120};
	int64_t step = r->tries - 1 + (slow ? 1 : 0);
	int64_t wait = step >= 0 && step < 5 ? minutes[step] * (int64_t)MINUTE
					     : 3 * (int64_t)HOUR;
	uint64_t spread = world_pick(&app->world, "retry",
	    arena_spanf(
		&app->item, "%lld %lld", (long long)r->id, (long long)r->tries),
	    (uint64_t)wait / 5 + 1);

	return app->world.now_unix + wait + (int64_t)spread;
}

/* A word about a session is worth nothing when the session is at hand. */
static bool
is_too_late(const struct app *app, const struct row *r)
{
	int64_t last = r->start_unix - LATE_SECONDS;

	return r->start_unix > 0 && r->created < last &&
	       app->world.now_unix >= last;
}

/* The server was not there, or would have none of us. */
static bool
is_about_server(const struct mailout_answer *a)
{
	return a->away || a->result == MAILOUT_STOP;
}

static enum outbox_state
state_after(
    struct app *app, const struct row *r, const struct mailout_answer *a)
{
	bool old = app->world.now_unix - r->created > app->conf.give_up_seconds;

	if (a->result == MAILOUT_REFUSED || is_too_late(app, r))
		return OUTBOX_FAILED;
	/* That lies with the operator, who is told each day. */
	if (is_about_server(a))
		return OUTBOX_QUEUED;
	return old ? OUTBOX_FAILED : OUTBOX_QUEUED;
}

/* --- one answer --------------------------------------------------------------------- */

static int
done(struct app *app, const struct mailout_answer *a, enum outbox_state state,
    int64_t again_unix, struct err *err)
{
	log_line(LOG_EVENT, "out mail=%lld state=%s code=%d", (long long)a->id,
	    outbox_state_name(state), a->code);
	return store_do(app->store, OUTBOX_DONE, err, "itiittti", a->id,
	    span_of(outbox_state_name(state)),
	    state == OUTBOX_SENT ? app->world.now_unix : (int64_t)0,
	    (int64_t)a->code, a->enhanced, a->text, a->queue_id, again_unix);
}

/* The server knows at once what else a bounce would have told. */
static int
bad_address(struct app *app, const struct row *r, struct err *err)
{
	struct person p;
	int rc;

	if (r->person_id == 0)
		return 0;
	rc = person_find(app->store, &app->item, r->person_id, &p, err);
	if (rc <= 0)
		return rc;
	/* The assistant's address is not the person's. */
	if (!span_eq(address_key(&app->item, r->recipient), p.key))
		return 0;
	return person_unreachable(app, &p, err);
}

static int
row_get(struct app *app, int64_t id, struct row *r, struct err *err)
{
	struct rows rows;

	if (store_rows(
		app->store, &app->item, OUTBOX_ROW, &rows, err, "i", id) < 0)
		return -1;
	if (rows.n == 0)
		return 0;
	*r = (struct row){.id = id,
	    .tries = cell(&rows, 0, 0)->i,
	    .created = cell(&rows, 0, 1)->i,
	    .person_id = cell(&rows, 0, 2)->i,
	    .recipient = cell(&rows, 0, 3)->t,
	    .start_unix = cell(&rows, 0, 4)->i};
	return 1;
}

static int
not_sent(struct app *app, const struct mailout_answer *a, struct err *err)
{
	enum outbox_state state;
	struct row r;
	int rc = row_get(app, a->id, &r, err);

	if (rc <= 0)
		return rc;
	state = state_after(app, &r, a);
	/* Nothing was tried: the next run asks for the server with it again. */
	if (is_about_server(a) && state == OUTBOX_QUEUED)
		return store_do(app->store, OUTBOX_UNCLAIM, err, "i", a->id);
	if (done(app, a, state, retry_at(app, &r, is_slow_down(a)), err) < 0 ||
	    (a->bad_address && bad_address(app, &r, err) < 0))
		return -1;
	if (state != OUTBOX_FAILED)
		return 0;
	return note_add(app, "not-sent", r.person_id, 0,
	    arena_spanf(&app->item, "%lld: %.*s", (long long)r.id,
		(int)a->text.n, a->text.p),
	    err);
}

int
posted(struct app *app, const struct mailout_answer *a, struct err *err)
{
	switch (a->result) {
	case MAILOUT_SENT:
		return done(app, a, OUTBOX_SENT, 0, err);
	case MAILOUT_BACK:
		return store_do(app->store, OUTBOX_UNCLAIM, err, "i", a->id);
	default:
		return not_sent(app, a, err);
	}
}
