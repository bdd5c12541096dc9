/*
 * Sessions into a calendar collection of the lead (CalDAV).  Each is put
 * under its UID; what is cancelled or moved away is taken out.  A put is the
 * same again, so a kill between server and commit costs one more put.
 */
#include "app/app.h"

#include "base/log.h"
#include "base/secret.h"
#include "cal/cal.h"
#include "web/web.h"

enum {
	RETRY_SECONDS = HOUR,
	RUN_MS = 60 * 1000,
	FAILURES_MAX = 3, /* in a run; then the rest waits as well */
};

struct collection {
	struct web *web;
	struct web_login login;
	int failures;
	struct err why; /* of the last failure */
};

/* --- a session as an event --------------------------------------------------- */

static struct span
name_of(struct app *app, int64_t person_id)
{
	struct person p;
	struct err none = {0};

	if (person_find(app->store, &app->item, person_id, &p, &none) <= 0 ||
	    p.state == PERSON_ERASED)
		return SPAN("-");
	return p.name.n > 0 ? p.name : p.address;
}

static struct span
summary(struct app *app, const struct session *s)
{
	struct pair p;
	struct err none = {0};
	struct span a, b;

	if (s->pair_id == 0 ||
	    pair_find(app->store, &app->item, s->pair_id, &p, &none) <= 0)
		return arena_spanf(&app->item, "%.*s: meeting of the %.*s",
		    (int)app->conf.name.text.n, app->conf.name.text.p,
		    (int)s->role.n, s->role.p);
	a = name_of(app, p.mentor_id);
	b = name_of(app, p.mentee_id);
	return arena_spanf(&app->item, "Session %lld: %.*s, %.*s",
	    (long long)s->number, (int)a.n, a.p, (int)b.n, b.p);
}

struct invite
session_listing(struct app *app, const struct session *s)
{
	return (struct invite){.uid = s->uid,
	    .sequence = s->sequence < 0 ? 0 : s->sequence,
	    .dtstamp_unix = s->dtstamp_unix,
	    .created_unix = s->created_unix,
	    .start_unix = s->start_unix,
	    .end_unix = s->end_unix,
	    .zone = app->zone.name,
	    .organizer_name = conf_text(&app->conf.name, app->conf.locale),
	    .organizer_address = app->conf.address,
	    .summary = summary(app, s)};
}

/* --- one resource -------------------------------------------------------------- */

static struct span
resource(struct app *app, struct span uid)
{
	struct span base = app->conf.caldav_url;

	return arena_spanf(&app->item, "%.*s%s%.*s.ics", (int)base.n, base.p,
	    span_ends(base, "/") ? "" : "/", (int)uid.n, uid.p);
}

/* The query's arguments are of the row that says what the server now has. */
static int
note_done(struct app *app, const struct session *s, bool gone, struct err *err)
{
	int rc;

	if (store_begin(app->store, err) < 0)
		return -1;
	rc = gone ? store_do(app->store, CALDAV_DROP, err, "i", s->id)
		  : store_do(app->store, CALDAV_SET, err, "iti", s->id, s->uid,
			s->sequence);
	if (rc < 0) {
		store_rollback(app->store);
		return -1;
	}
	return store_commit(app->store, err);
}

static int
put_one(struct app *app, struct collection *c, int64_t id, struct err *err)
{
	struct err why = {0};
	struct session s;
	struct invite event;
	struct span ics;
	int rc = session_find(app->store, &app->item, id, &s, err);

	if (rc <= 0)
		return rc;
	event = session_listing(app, &s);
	if (cal_write_feed(&app->item, &event, 1, &app->zone, &ics, &why) < 0 ||
	    web_put(c->web, resource(app, s.uid), &c->login, ics, &why) < 0) {
		c->why = why;
		c->failures++;
		return 0;
	}
	log_line(LOG_EVENT, "caldav session=%lld put", (long long)id);
	return note_done(app, &s, false, err);
}

static int
delete_one(struct app *app, struct collection *c, int64_t id, struct span uid,
    struct err *err)
{
	struct session s = {.id = id, .uid = uid};
	struct err why = {0};

	if (web_delete(c->web, resource(app, uid), &c->login, &why) < 0) {
		c->why = why;
		c->failures++;
		return 0;
	}
	log_line(LOG_EVENT, "caldav session=%lld deleted", (long long)id);
	return note_done(app, &s, true, err);
}

/* --- all of them --------------------------------------------------------------- */

static int
put_all(struct app *app, struct collection *c, const struct rows *rows,
    bool gone, struct err *err)
{
	int rc = 0;

	for (size_t r = 0; r < rows->n && rc == 0; r++) {
		if (c->failures >= FAILURES_MAX)
			break;
		rc = gone ? delete_one(app, c, cell(rows, r, 0)->i,
				cell(rows, r, 1)->t, err)
			  : put_one(app, c, cell(rows, r, 0)->i, err);
		arena_reset(&app->item);
	}
	return rc;
}

/* The second failure in a row is told, once. */
static int
mark_failure(struct app *app, const struct rows *was, const struct err *why,
    struct err *err)
{
	int64_t now = app->world.now_unix;
	bool told = was->n > 0 && cell(was, 0, 2)->i != 0;
	bool tell = was->n > 0 && !told;

	if (tell && note_add(app, "caldav", 0, 0, span_of(why->text), err) < 0)
		return -1;
	return store_do(app->store, OUTSIDE_SET, err, "tiiit", SPAN("caldav"),
	    was->n > 0 ? cell(was, 0, 0)->i : now, now + RETRY_SECONDS,
	    (int64_t)(told || tell), span_of(why->text));
}

static int
mark(struct app *app, const struct collection *c, const struct rows *was,
    struct err *err)
{
	int rc;

	if (c->failures == 0 && was->n == 0)
		return 0;
	if (store_begin(app->store, err) < 0)
		return -1;
	rc = c->failures > 0
		 ? mark_failure(app, was, &c->why, err)
		 : store_do(app->store, OUTSIDE_BACK, err, "t", SPAN("caldav"));
	if (rc < 0) {
		store_rollback(app->store);
		return -1;
	}
	return store_commit(app->store, err);
}

static int
collection_open(struct app *app, struct arena *arena,
    const struct web_settings *settings, struct collection *c, struct err *err)
{
	struct span command = app->conf.caldav_password_command;

	*c = (struct collection){.web = web_open(arena, settings),
	    .login.user = app->conf.caldav_user};
	return command.n > 0
		   ? command_secret(arena, command, &c->login.password, err)
		   : 0;
}

static int
publish(struct app *app, struct arena *arena, const struct rows *was,
    const struct rows *todo, struct err *err)
{
	struct web_settings settings = {.total_ms = RUN_MS};
	struct collection c;
	struct err why = {0};
	int rc = 0;

	if (collection_open(app, arena, &settings, &c, &why) < 0) {
		c.failures = FAILURES_MAX;
		c.why = why;
	}
	for (int i = 0; i < 3 && rc == 0; i++)
		rc = put_all(app, &c, &todo[i], i == 0, err);
	web_close(c.web);
	return rc < 0 ? -1 : mark(app, &c, was, err);
}

int
sessions_publish(struct app *app, struct err *err)
{
	/* What is gone first: it may be in somebody's way. */
	static const enum query queries[] = {
	    CALDAV_GONE, CALDAV_DUE, CALDAV_RENAMED};
	struct rows was, todo[3];
	struct arena arena;
	size_t n = 0;
	int rc;

	if (app->dry || app->conf.caldav_url.n == 0)
		return 0;
	arena_init(&arena);
	rc = store_rows(
	    app->store, &arena, OUTSIDE_FIND, &was, err, "t", SPAN("caldav"));
	for (int i = 0; i < 3 && rc == 0; i++) {
		rc = store_rows(
		    app->store, &arena, queries[i], &todo[i], err, "");
		n += rc == 0 ? todo[i].n : 0;
	}
	if (rc == 0 && n > 0 &&
	    (was.n == 0 || cell(&was, 0, 1)->i <= app->world.now_unix))
		rc = publish(app, &arena, &was, todo, err);
	arena_release(&arena);
	return rc;
}

int
collection_try(struct app *app, struct err *err)
{
	struct web_settings settings = {.total_ms = RUN_MS};
	struct session s = {.uid = SPAN("rmail-check"),
	    .dtstamp_unix = app->world.now_unix,
	    .created_unix = app->world.now_unix,
	    .start_unix = app->world.now_unix,
	    .end_unix = app->world.now_unix + MINUTE};
	struct invite event = session_listing(app, &s);
	struct collection c;
	struct span ics;
	int rc;

	event.summary = app->conf.name.text;
	rc = collection_open(app, &app->item, &settings, &c, err);
	if (rc == 0)
		rc = cal_write_feed(
		    &app->item, &event, 1, &app->zone, &ics, err);
	if (rc == 0)
		rc = web_put(c.web, resource(app, s.uid), &c.login, ics, err);
	if (rc == 0)
		rc = web_delete(c.web, resource(app, s.uid), &c.login, err);
	web_close(c.web);
	return rc;
}

void
run_ping(struct app *app)
{
	struct web_settings settings = {.timeout_ms = 10 * 1000};
	struct err err = {0};
	struct web *web;

	if (app->dry || app->conf.ping_url.n == 0)
		return;
	web = web_open(&app->run, &settings);
	/* Whoever watches will notice that it did not come. */
	if (web_ping(web, app->conf.ping_url, &err) < 0)
		log_line(LOG_EVENT, "ping error=\"%s\"", err.text);
	web_close(web);
}
