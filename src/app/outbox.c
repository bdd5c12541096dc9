/*
 * Committed intentions -> mail server.  Rows are claimed and the claim is
 * committed before any of them is handed over; the answers of many mails are
 * marked under one commit.  What dies in between is put again, byte for byte
 * the same, and the journal (mailout) answers for what was sent already.
 */
#include <assert.h>
#include <string.h>

#include "app/outbox_int.h"
#include "base/fault.h"

enum {
	/* Rows under one commit: the disk has it long before the senders
	 * have worked through them. */
	CHUNK = 256,
	/* A chunk, and what is under way of the one before it. */
	ANSWERS = 2 * CHUNK,
};

struct claimed {
	int64_t id;
	size_t domain;
};

/* One run's mails on their way. */
struct courier {
	struct app *app;
	struct mailout *sink;
	struct arena arena; /* of answers, until they are marked */
	struct domains domains;
	struct claimed chunk[CHUNK]; /* handed over up to `at` */
	size_t chunk_n, at;
	struct claimed before[CHUNK]; /* some of it may still be under way */
	size_t before_n;
	struct claimed resting[CHUNK]; /* passed over: their domain rests */
	size_t resting_n;
	int64_t last_unix, last_id; /* the queue was looked at up to here */
	struct mailout_answer answers[ANSWERS]; /* to be marked */
	size_t answers_n;
	int64_t left; /* how many may still go */
	int64_t done, of;
	bool over;
	struct err why; /* not ERR_NONE: nothing more is handed over */
};

/* --- marking and claiming ----------------------------------------------------- */

static int
mark_answers(struct courier *c, struct err *err)
{
	for (size_t i = 0; i < c->answers_n; i++) {
		if (posted(c->app, &c->answers[i], err) < 0)
			return -1;
		arena_reset(&c->app->item);
	}
	return 0;
}

/* What was claimed and never left is as if it had not been claimed. */
static int
unclaim(struct courier *c, struct err *err)
{
	struct store *store = c->app->store;

	for (; c->at < c->chunk_n; c->at++)
		if (store_do(store, OUTBOX_UNCLAIM, err, "i",
			c->chunk[c->at].id) < 0)
			return -1;
	for (size_t i = 0; i < c->resting_n; i++) {
		int64_t id = c->resting[i].id;
		struct domain *d = &c->domains.list[c->resting[i].domain];

		if (store_do(store, OUTBOX_UNCLAIM, err, "i", id) < 0 ||
		    store_do(store, OUTBOX_PUT_OFF, err, "ii", id,
			domain_turn(c->app, d)) < 0)
			return -1;
	}
	c->resting_n = 0;
	return 0;
}

static int
claim(struct courier *c, const struct rows *rows, size_t r, struct err *err)
{
	struct app *app = c->app;
	int64_t id = cell(rows, r, 0)->i;
	struct domain *d = domain_of(&c->domains, cell(rows, r, 1)->t);
	int64_t turn = domain_turn(app, d);

	c->last_id = id;
	c->last_unix = cell(rows, r, 2)->i;
	if (turn != 0)
		return store_do(
		    app->store, OUTBOX_PUT_OFF, err, "ii", id, turn);
	c->chunk[c->chunk_n++] =
	    (struct claimed){id, (size_t)(d - c->domains.list)};
	c->left--;
	return store_do(
	    app->store, OUTBOX_CLAIM, err, "ii", id, app->world.now_unix);
}

/* 1 there are some to hand over, 0 there are none. */
static int
claim_next(struct courier *c, struct err *err)
{
	struct app *app = c->app;
	struct rows rows;

	do {
		if (store_rows(app->store, &app->item, OUTBOX_WAITING, &rows,
			err, "iiii", app->world.now_unix, c->last_unix,
			c->last_id,
			c->left < CHUNK ? c->left : (int64_t)CHUNK) < 0)
			return -1;
		for (size_t r = 0; r < rows.n; r++)
			if (claim(c, &rows, r, err) < 0)
				return -1;
	} while (rows.n > 0 && c->chunk_n == 0);
	arena_reset(&app->item);
	return c->chunk_n > 0;
}

/*
 * One commit: what became of the mails that were answered, and the next ones
 * claimed unless it is time to stop.  1 there are some, 0, -1.
 */
static int
settle(struct courier *c, struct err *err)
{
	struct store *store = c->app->store;
	bool more = !c->over && c->why.kind == ERR_NONE && c->left > 0;
	int rc;

	if (store_begin(store, err) < 0)
		return -1;
	rc = mark_answers(c, err);
	if (rc == 0)
		rc = unclaim(c, err);
	memcpy(c->before, c->chunk, c->chunk_n * sizeof(*c->chunk));
	c->before_n = c->chunk_n;
	c->at = c->chunk_n = 0;
	if (rc == 0 && more)
		rc = claim_next(c, err);
	if (rc < 0) {
		store_rollback(store);
		return -1;
	}
	if (store_commit(store, err) < 0)
		return -1;
	c->done += (int64_t)c->answers_n;
	c->answers_n = 0;
	arena_reset(&c->arena);
	if (c->app->progress != NULL)
		c->app->progress("sending", c->done, c->of);
	return rc;
}

/* --- handing over and hearing -------------------------------------------------- */

/* "Too fast" is about all that goes to that domain. */
static void
count_refusal(struct courier *c, int64_t id)
{
	for (size_t i = 0; i < c->chunk_n; i++)
		if (c->chunk[i].id == id)
			c->domains.list[c->chunk[i].domain].refused++;
	for (size_t i = 0; i < c->before_n; i++)
		if (c->before[i].id == id)
			c->domains.list[c->before[i].domain].refused++;
}

static void
keep(struct courier *c, const struct mailout_answer *a)
{
	assert(c->answers_n < ANSWERS);
	if (is_slow_down(a))
		count_refusal(c, a->id);
	c->answers[c->answers_n++] = *a;
	/* Refused for good is worse news than away for now. */
	if (a->result == MAILOUT_STOP ||
	    ((a->away || a->enough) && c->why.kind == ERR_NONE))
		answer_err(a, &c->why);
}

/*
 * Waits for an answer and takes all that are there.  They outlive us before
 * anything else is done.  1, 0 none is under way, -1.
 */
static int
hear(struct courier *c, struct err *err)
{
	struct mailout_answer a;
	int rc = 1, heard = 0;

	while (heard == 0 || mailout_ready(c->sink)) {
		rc = mailout_take(c->sink, &c->arena, &a, err);
		if (rc <= 0)
			break;
		keep(c, &a);
		heard++;
	}
	if (rc < 0 || mailout_sync(c->sink, err) < 0)
		return -1;
	return heard > 0;
}

static int
load(struct courier *c, int64_t id, struct mailout_mail *m, struct err *err)
{
	struct app *app = c->app;
	struct rows rows;

	if (store_rows(
		app->store, &app->item, OUTBOX_MAIL, &rows, err, "i", id) < 0)
		return -1;
	if (rows.n == 0)
		return err_set(
		    err, ERR_STOP, "mail %lld is gone", (long long)id);
	*m = (struct mailout_mail){
	    .id = id, .from = cell(&rows, 0, 0)->t, .to = cell(&rows, 0, 1)->t};
	return store_unpack(app->store, &app->item, cell(&rows, 0, 3)->t,
	    (size_t)cell(&rows, 0, 2)->i, &m->bytes, err);
}

/* One that cannot be handed over keeps no other waiting. */
static int
put(struct courier *c, const struct mailout_mail *m, struct err *err)
{
	struct mailout_answer a = {.id = m->id, .result = MAILOUT_REFUSED};
	struct err why = {0};

	if (mailout_put(c->sink, m, &why) == 0)
		return 0;
	if (why.kind != ERR_ITEM) {
		*err = why;
		return -1;
	}
	a.text = arena_span(&c->arena, span_of(why.text));
	keep(c, &a);
	return 0;
}

/* All that is claimed, as long as the server takes mail. */
static int
hand_over(struct courier *c, struct err *err)
{
	for (; c->at < c->chunk_n; c->at++) {
		struct mailout_mail m;

		if (domain_rests(&c->domains.list[c->chunk[c->at].domain])) {
			c->resting[c->resting_n++] = c->chunk[c->at];
			continue;
		}
		if (load(c, c->chunk[c->at].id, &m, err) < 0)
			return -1;
		while (c->why.kind == ERR_NONE &&
		       !mailout_room(c->sink, m.bytes.n))
			if (hear(c, err) < 0)
				return -1;
		if (c->why.kind != ERR_NONE)
			break;
		fault_point("before send");
		if (put(c, &m, err) < 0)
			return -1;
		fault_point("after send");
		arena_reset(&c->app->item);
	}
	arena_reset(&c->app->item);
	return 0;
}

static int
deliver(struct courier *c, struct err *err)
{
	int64_t id;
	int rc;

	while ((rc = settle(c, err)) > 0)
		if (hand_over(c, err) < 0)
			return -1;
	while (rc == 0 && (rc = hear(c, err)) > 0)
		rc = 0;
	if (rc < 0)
		return -1;
	/* The last ones, and what was given back. */
	c->over = true;
	if (settle(c, err) < 0)
		return -1;
	rc = store_int(c->app->store, OUTBOX_ANY_CLAIMED, &id, err, "i",
	    c->app->world.now_unix);
	/* One that is still claimed may be in it. */
	if (rc == 0)
		rc = mailout_forget(c->sink, err);
	if (rc >= 0 && c->why.kind != ERR_NONE) {
		*err = c->why;
		return -1;
	}
	return rc < 0 ? -1 : 0;
}

/* --- how many, and as whom -------------------------------------------------------- */

/* How many may go out in this run: the least of what the settings allow. */
static int
run_budget(struct app *app, int64_t *left, struct err *err)
{
	const struct conf *c = &app->conf;
	const struct {
		int64_t most, seconds;
	} budgets[] = {{c->mails_per_minute, MINUTE}, {c->mails_per_day, DAY}};
	int64_t now = app->world.now_unix, sent = 0;

	*left = c->mails_per_run;
	for (size_t i = 0; i < sizeof(budgets) / sizeof(*budgets); i++) {
		if (budgets[i].most == 0)
			continue;
		if (store_int(app->store, OUTBOX_SENT_SINCE, &sent, err, "i",
			now - budgets[i].seconds) < 0)
			return -1;
		if (budgets[i].most - sent < *left)
			*left = budgets[i].most - sent;
	}
	return 0;
}

static int
send_as(
    struct app *app, const struct login *login, int64_t *left, struct err *err)
{
	struct mailout_settings settings = sink_settings(app);
	struct courier *c = arena_alloc(&app->run, sizeof(*c));
	int rc;

	settings.password = login->password;
	settings.token = login->token;
	*c =
	    (struct courier){.app = app, .left = *left, .last_unix = INT64_MIN};
	if (app->progress != NULL &&
	    store_int(app->store, OUTBOX_WAITING_COUNT, &c->of, err, "i",
		app->world.now_unix) < 0)
		return -1;
	if (mailout_open(&app->run, &settings, &c->sink, err) < 0)
		return -1;
	arena_init(&c->arena);
	c->domains.arena = &app->run;
	rc = deliver(c, err);
	*left = c->left;
	mailout_close(c->sink);
	arena_release(&c->arena);
	return rc;
}

int
outbox_send(struct app *app, struct err *err)
{
	struct login login = {0};
	int64_t left, id;
	int rc;

	if (app->dry || app->programme.hold)
		return 0;
	if (run_budget(app, &left, err) < 0)
		return -1;
	/* No command is run and no token fetched for an empty queue. */
	rc = store_int(
	    app->store, OUTBOX_ANY_WAITING, &id, err, "i", app->world.now_unix);
	if (rc <= 0)
		return rc;
	if (login_get(app, LOGIN_OUT, NULL, false, &login, err) < 0)
		return -1;
	rc = send_as(app, &login, &left, err);
	if (rc < 0 && login_again(&login, err)) {
		err_clear(err);
		rc = login_get(app, LOGIN_OUT, NULL, true, &login, err);
		if (rc == 0)
			rc = send_as(app, &login, &left, err);
	}
	return rc;
}
