/*
 * Committed intentions -> mail server.  A row is claimed and committed
 * before it is handed over, and marked right after the server's answer; what
 * dies in between is sent again, byte for byte the same.
 */
#include "app/app.h"

#include <sysexits.h>

#include "base/fault.h"
#include "base/log.h"
#include "compose/compose.h"
#include "mailout/mailout.h"
#include "model/address.h"

enum {
	BATCH = 64,
	HOUR_LATER_FROM = 5
};

/* Why a mail, or all of them, did not go. */
static int
answer_err(const struct mailout_answer *a, struct err *err)
{
	int n = (int)a->text.n;
	const char *p = a->text.p;

	if (a->result == MAILOUT_STOP && a->code == 0)
		return err_exit(err, ERR_LATER, EX_PROTOCOL,
		    "no safe connection to the mail server: %.*s", n, p);
	if (a->result == MAILOUT_STOP)
		return err_exit(err, ERR_LATER, EX_NOPERM,
		    "the mail server refused us: %d %.*s", a->code, n, p);
	if (a->result == MAILOUT_REFUSED)
		return err_exit(err, ERR_ITEM, EX_UNAVAILABLE,
		    "the mail server refused the mail: %d %.*s", a->code, n, p);
	if (a->code == 0)
		return err_exit(err, ERR_LATER, EX_TEMPFAIL,
		    "the mail server cannot be reached: %.*s", n, p);
	return err_exit(err, ERR_LATER, EX_TEMPFAIL,
	    "the mail server says not now: %d %.*s", a->code, n, p);
}

static struct mailout_settings
sink_settings(struct app *app)
{
	const struct conf *c = &app->conf;
	struct mailout_settings s = {.url = c->out_url,
	    .user = c->out_user,
	    .ca_file = c->ca_file,
	    .pin_sha256 = c->out_pin,
	    .helo = c->helo,
	    .starttls = c->out_starttls,
	    .insecure = c->insecure,
	    .timeout_seconds = (int)c->timeout_seconds,
	    .connections = (int)c->connections,
	    .durable = app->world.durable};

	if (span_casestarts(s.url, "maildir:"))
		s.url = app_url(app, s.url);
	return s;
}

/* 5, 15, 30, 60, 120 minutes, then every 3 hours; spread by a fifth. */
static int64_t
retry_at(struct app *app, int64_t id, int64_t tries)
{
	static const int minutes[] = {5, 15, 30, 60, 120};
	int64_t wait = tries <= HOUR_LATER_FROM && tries > 0
			   ? minutes[tries - 1] * (int64_t)MINUTE
			   : 3 * (int64_t)HOUR;
	uint64_t spread = world_pick(&app->world, "retry",
	    arena_spanf(
		&app->item, "%lld %lld", (long long)id, (long long)tries),
	    (uint64_t)wait / 5 + 1);

	return app->world.now_unix + wait + (int64_t)spread;
}

struct row {
	int64_t id, tries, created;
};

static enum outbox_state
state_after(
    struct app *app, const struct row *r, const struct mailout_answer *a)
{
	switch (a->result) {
	case MAILOUT_SENT:
		return OUTBOX_SENT;
	case MAILOUT_REFUSED:
		return OUTBOX_FAILED;
	default:
		return app->world.now_unix - r->created >
			       app->conf.give_up_seconds
			   ? OUTBOX_FAILED
			   : OUTBOX_QUEUED;
	}
}

static int
mark(struct app *app, const struct row *r, const struct mailout_answer *a,
    struct err *err)
{
	enum outbox_state state = state_after(app, r, a);
	int64_t now = app->world.now_unix;

	log_line(LOG_EVENT, "out mail=%lld state=%s code=%d", (long long)r->id,
	    outbox_state_name(state), a->code);
	if (store_begin(app->store, err) < 0)
		return -1;
	if (store_do(app->store, OUTBOX_DONE, err, "itiittti", r->id,
		span_of(outbox_state_name(state)),
		state == OUTBOX_SENT ? now : (int64_t)0, (int64_t)a->code,
		a->enhanced, a->text, a->queue_id,
		retry_at(app, r->id, r->tries + 1)) < 0 ||
	    (state == OUTBOX_FAILED &&
		note_add(app, "not-sent", 0, 0,
		    arena_spanf(&app->item, "%lld: %.*s", (long long)r->id,
			(int)a->text.n, a->text.p),
		    err) < 0)) {
		store_rollback(app->store);
		return -1;
	}
	return store_commit(app->store, err);
}

static int
claim(struct app *app, int64_t id, struct err *err)
{
	if (store_begin(app->store, err) < 0)
		return -1;
	if (store_do(app->store, OUTBOX_CLAIM, err, "ii", id,
		app->world.now_unix) < 0) {
		store_rollback(app->store);
		return -1;
	}
	return store_commit(app->store, err);
}

static const struct row *
row_of(const struct row *rows, size_t n, int64_t id)
{
	for (size_t i = 0; i < n; i++)
		if (rows[i].id == id)
			return &rows[i];
	return NULL;
}

/* One answer taken and marked; *stop when the whole queue must wait. */
static int
take(struct app *app, struct mailout *sink, const struct row *list, size_t n,
    bool *stop, struct err *err)
{
	struct mailout_answer a;
	const struct row *r;
	int rc = mailout_take(sink, &app->item, &a, err);

	if (rc <= 0)
		return rc;
	r = row_of(list, n, a.id);
	if (r != NULL && mark(app, r, &a, err) < 0)
		return -1;
	if (a.result == MAILOUT_STOP) {
		*stop = true;
		return answer_err(&a, err);
	}
	return 1;
}

static int
send_batch(struct app *app, struct mailout *sink, const struct rows *rows,
    struct err *err)
{
	struct row *list = arena_alloc(&app->item, rows->n * sizeof(*list));
	bool stop = false;
	int rc = 1;

	for (size_t i = 0; i < rows->n; i++) {
		struct mailout_mail m = {.id = cell(rows, i, 0)->i,
		    .from = cell(rows, i, 1)->t,
		    .to = cell(rows, i, 2)->t};

		list[i] = (struct row){
		    m.id, cell(rows, i, 3)->i, cell(rows, i, 4)->i};
		if (store_unpack(&app->item, cell(rows, i, 6)->t,
			(size_t)cell(rows, i, 5)->i, &m.bytes, err) < 0)
			return -1;
		while (mailout_room(sink) == 0)
			if (take(app, sink, list, i + 1, &stop, err) < 0)
				return -1;
		if (claim(app, m.id, err) < 0)
			return -1;
		fault_point("before send");
		if (mailout_put(sink, &m, err) < 0)
			return -1;
		fault_point("after send");
	}
	while (rc > 0)
		rc = take(app, sink, list, rows->n, &stop, err);
	return rc;
}

/* How many may go out in this run: the least of what the settings allow. */
static int
run_budget(struct app *app, int64_t *left, struct err *err)
{
	const struct conf *c = &app->conf;
	int64_t now = app->world.now_unix, today = 0, minutes;

	*left = c->mails_per_run;
	minutes = (now - app->sent_before_unix) / MINUTE;
	if (c->mails_per_minute > 0 && minutes < 60) {
		int64_t most =
		    c->mails_per_minute * (minutes > 0 ? minutes : 1);

		*left = most < *left ? most : *left;
	}
	if (c->mails_per_day == 0)
		return 0;
	if (store_int(
		app->store, OUTBOX_SENT_SINCE, &today, err, "i", now - DAY) < 0)
		return -1;
	if (c->mails_per_day - today < *left)
		*left = c->mails_per_day - today;
	return 0;
}

/* All that waits and may go now. */
static int
send_waiting(
    struct app *app, struct mailout *sink, int64_t *left, struct err *err)
{
	int64_t done = 0, of = 0;
	int rc = 0;

	if (app->progress != NULL &&
	    store_int(app->store, OUTBOX_WAITING_COUNT, &of, err, "i",
		app->world.now_unix) < 0)
		return -1;
	while (rc == 0 && *left > 0) {
		struct rows rows;

		rc = store_rows(app->store, &app->item, OUTBOX_WAITING, &rows,
		    err, "ii", app->world.now_unix,
		    *left < BATCH ? *left : (int64_t)BATCH);
		if (rc < 0 || rows.n == 0)
			break;
		*left -= (int64_t)rows.n;
		done += (int64_t)rows.n;
		rc = send_batch(app, sink, &rows, err);
		arena_reset(&app->item);
		if (app->progress != NULL)
			app->progress("sending", done, of);
	}
	return rc;
}

static int
send_as(
    struct app *app, const struct login *login, int64_t *left, struct err *err)
{
	struct mailout_settings settings = sink_settings(app);
	struct mailout *sink;
	int rc;

	settings.password = login->password;
	settings.token = login->token;
	if (mailout_open(&app->run, &settings, &sink, err) < 0)
		return -1;
	rc = send_waiting(app, sink, left, err);
	mailout_close(sink);
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
	if (rc < 0 ||
	    (rc > 0 && login_get(app, LOGIN_OUT, false, &login, err) < 0))
		return -1;
	rc = send_as(app, &login, &left, err);
	if (rc < 0 && login_again(&login, err)) {
		err_clear(err);
		rc = login_get(app, LOGIN_OUT, true, &login, err);
		if (rc == 0)
			rc = send_as(app, &login, &left, err);
	}
	return rc;
}

/* --- a try ------------------------------------------------------------------ */

static int
test_mail(
    struct app *app, struct span to, struct mailout_mail *out, struct err *err)
{
	struct span from = app->conf.address, domain = address_domain(from);
	struct letter l = {.from_name = app->conf.name.text,
	    .from_address = from,
	    .to_address = to,
	    .subject = SPAN("A test of rmail"),
	    .date_unix = app->world.now_unix,
	    .text = SPAN("This mail was asked for by: rmail check --send-test\n"
			 "When it has come, mails of the programme do.\n")};
	struct letter_field fields[] = {
	    {"Auto-Submitted", SPAN("auto-generated")},
	    {"X-Auto-Response-Suppress", SPAN("All")}};
	uint8_t mac[WORLD_MAC_BYTES];

	l.message_id = arena_spanf(&app->item, "rm.test.%lld@%.*s",
	    (long long)app->world.now_unix, (int)domain.n, domain.p);
	l.fields = fields;
	l.fields_n = sizeof(fields) / sizeof(*fields);
	world_mac(&app->world, "boundary", l.message_id, mac);
	l.boundary_seed = (struct span){(const char *)mac, sizeof(mac)};
	*out = (struct mailout_mail){.from = from, .to = to};
	return compose(&app->item, &l, &out->bytes, err);
}

int
sink_try(struct app *app, struct span test_address, struct span *said,
    struct err *err)
{
	struct mailout_settings settings = sink_settings(app);
	struct mailout_answer a;
	struct mailout_mail mail;
	struct login login = {0};
	struct mailout *sink;
	int rc;

	if (login_get(app, LOGIN_OUT, false, &login, err) < 0)
		return -1;
	settings.password = login.password;
	settings.token = login.token;
	if (mailout_open(&app->item, &settings, &sink, err) < 0)
		return -1;
	rc = mailout_try(sink, &app->item, &a, err);
	if (rc == 0 && a.result == MAILOUT_SENT && test_address.n > 0) {
		rc = test_mail(app, test_address, &mail, err);
		if (rc == 0)
			rc = mailout_put(sink, &mail, err);
		if (rc == 0)
			rc = mailout_take(sink, &app->item, &a, err) < 0;
	}
	mailout_close(sink);
	if (rc != 0)
		return -1;
	if (a.result != MAILOUT_SENT)
		return answer_err(&a, err);
	*said = a.text;
	return 0;
}
