/*
 * Calendars that are fetched: busy times of people, holidays of the
 * programme.  A calendar that cannot be read is unknown, not free: its last
 * good copy stays, and the lead reads of it once.
 */
#include "app/app.h"

#include "base/digest.h"
#include "base/file.h"
#include "base/limits.h"
#include "base/log.h"
#include "base/vec.h"
#include "web/web.h"

enum {
	/* Providers make a new copy every few hours. */
	AGAIN_SECONDS = 6 * HOUR,
	RETRY_SECONDS = 3 * HOUR,
	/* A copy reaches further than plans do, so that "not changed" can be
	 * believed for a while. */
	SPARE_SECONDS = 14 * DAY,
	/* For all feeds of a run: slow servers must not hold up the mail. */
	RUN_MS = 60 * 1000,
	BUSY_MAX = 20000,
};

struct feed {
	int64_t id, person_id;
	struct span url, etag;
	int64_t fetched_unix, covered_unix;
	bool failing, told;
};

struct copy {
	bool unchanged;
	struct span etag;
	struct busy *busy;
	size_t n;
	int64_t to_unix;
};

static bool
is_web(struct span url)
{
	return span_casestarts(url, "https://") ||
	       span_casestarts(url, "http://") ||
	       span_casestarts(url, "webcal://") ||
	       span_casestarts(url, "webcals://");
}

bool
feed_url_ok(struct span url)
{
	return span_casestarts(url, "https://") ||
	       span_casestarts(url, "webcal://") ||
	       span_casestarts(url, "webcals://");
}

/* How far ahead a session may be planned. */
static int64_t
reach(const struct app *app)
{
	return app->world.now_unix + app->conf.horizon_seconds +
	       app->conf.every_seconds;
}

/* --- one feed -------------------------------------------------------------- */

/* A file's etag is its digest. */
static int
read_file(struct app *app, struct span path, struct span etag,
    struct web_answer *out, struct err *err)
{
	uint8_t digest[DIGEST_BYTES];
	struct span bytes, mark;

	path = conf_path(&app->item, &app->conf, path);
	if (file_read(&app->item, arena_strdup(&app->item, path),
		LIMIT_FEED_BYTES, &bytes, err) < 0)
		return -1;
	digest_sha256(bytes, digest);
	mark = hex_write(
	    &app->item, (struct span){(const char *)digest, sizeof(digest)});
	*out = (struct web_answer){
	    .unchanged = span_eq(mark, etag), .body = bytes, .etag = mark};
	return 0;
}

static int
owner_zone(struct app *app, int64_t person_id, const struct zone **out,
    struct err *err)
{
	struct person p;
	int rc;

	*out = &app->zone;
	if (person_id <= 0)
		return 0;
	rc = person_find(app->store, &app->item, person_id, &p, err);
	if (rc > 0)
		*out = person_zone(app, &p);
	return rc < 0 ? -1 : 0;
}

static int
feed_read(struct app *app, struct web *web, const struct feed *f,
    struct copy *out, struct err *err)
{
	bool holidays = f->person_id <= 0;
	/* Behind what the copy covers everything would look free. */
	struct span etag = f->covered_unix >= reach(app) ? f->etag : SPAN("");
	struct copy c = {.to_unix = reach(app) + SPARE_SECONDS};
	struct web_answer a;
	const struct zone *zone;

	if (owner_zone(app, f->person_id, &zone, err) < 0 ||
	    (is_web(f->url) ? web_get(web, &app->item, f->url, etag, &a, err)
			    : read_file(app, f->url, etag, &a, err)) < 0)
		return -1;
	c.unchanged = a.unchanged;
	c.etag = a.etag;
	if (!c.unchanged &&
	    (holidays ? reader_holidays : reader_busy)(app->reader, &app->item,
		a.body, zone, app->world.now_unix - DAY, c.to_unix, &c.busy,
		&c.n, err) < 0)
		return -1;
	if (c.n > BUSY_MAX)
		return err_set(err, ERR_ITEM,
		    "the calendar has more than %d busy times", BUSY_MAX);
	*out = c;
	return 0;
}

int
feed_try(struct app *app, int64_t person_id, struct span url, size_t *busy,
    struct err *err)
{
	struct web_settings settings = {
	    .private_addresses = app->conf.private_addresses};
	struct feed f = {.person_id = person_id, .url = url};
	struct web *web = web_open(&app->item, &settings);
	struct copy c = {0};
	int rc = feed_read(app, web, &f, &c, err);

	web_close(web);
	if (rc == 0)
		*busy = c.n;
	return rc;
}

static int
feed_keep(struct app *app, const struct feed *f, const struct copy *c,
    struct err *err)
{
	int64_t now = app->world.now_unix;
	/* Files cost nothing to look at, and people edit them. */
	int64_t next = is_web(f->url) ? now + AGAIN_SECONDS : 0;

	if (c->unchanged)
		return store_do(
		    app->store, FEED_SAME, err, "iii", f->id, now, next);
	if (store_do(app->store, BUSY_CLEAR, err, "i", f->id) < 0)
		return -1;
	for (size_t i = 0; i < c->n; i++)
		if (store_do(app->store, BUSY_INSERT, err, "iii", f->id,
			c->busy[i].start_unix, c->busy[i].end_unix) < 0)
			return -1;
	return store_do(app->store, FEED_DONE, err, "itiii", f->id, c->etag,
	    now, next, c->to_unix);
}

static int
tell_lead(struct app *app, const struct feed *f, const struct err *why,
    struct err *err)
{
	const struct language *l = app_language(app, app->conf.locale);
	struct span date = f->fetched_unix == 0
			       ? SPAN("-")
			       : words_date(&app->item, &l->words, &app->zone,
				     f->fetched_unix);
	bool holidays = f->person_id <= 0;

	return note_add(app, holidays ? "holidays" : "feed",
	    holidays ? 0 : f->person_id, 0,
	    arena_spanf(
		&app->item, "%s (%.*s)", why->text, (int)date.n, date.p),
	    err);
}

/* The second failure in a row, once the copy is a day old, is told; once. */
static int
feed_failed(struct app *app, const struct feed *f, const struct err *why,
    struct err *err)
{
	int64_t now = app->world.now_unix;
	bool tell = !f->told && f->failing && now - f->fetched_unix >= DAY;

	if (tell && tell_lead(app, f, why, err) < 0)
		return -1;
	return store_do(app->store, FEED_FAILED, err, "itii", f->id,
	    span_of(why->text), now + RETRY_SECONDS,
	    (int64_t)(f->told || tell));
}

static int
feed_one(
    struct app *app, struct web *web, const struct feed *f, struct err *err)
{
	struct err why = {0};
	struct copy c = {0};
	int rc = feed_read(app, web, f, &c, &why);

	/* Not the feed's fault, and no reason to wait for it. */
	if (rc < 0 && web_is_over(web) && why.kind == ERR_LATER)
		return 0;
	log_line(LOG_EVENT, "feed=%lld person=%lld %s busy=%zu",
	    (long long)f->id, (long long)f->person_id,
	    rc < 0        ? "failed"
	    : c.unchanged ? "unchanged"
			  : "read",
	    c.n);
	if (store_begin(app->store, err) < 0)
		return -1;
	if ((rc < 0 ? feed_failed(app, f, &why, err)
		    : feed_keep(app, f, &c, err)) < 0) {
		store_rollback(app->store);
		return -1;
	}
	return store_commit(app->store, err);
}

/* --- which ------------------------------------------------------------------ */

/* Does the table hold the holidays of the settings, in their order? */
static bool
holidays_stand(const struct app *app, const struct rows *rows)
{
	if (rows->n != app->conf.holidays_n)
		return false;
	for (size_t i = 0; i < rows->n; i++)
		if (cell(rows, i, 0)->i != -(int64_t)i ||
		    !span_eq(cell(rows, i, 1)->t, app->conf.holidays[i]))
			return false;
	return true;
}

static int
holidays_write(struct app *app, const struct rows *rows, struct err *err)
{
	for (size_t i = app->conf.holidays_n; i < rows->n; i++)
		if (store_do(app->store, FEED_DROP, err, "i",
			cell(rows, i, 0)->i) < 0)
			return -1;
	for (size_t i = 0; i < app->conf.holidays_n; i++)
		if (store_do(app->store, FEED_SET, err, "it", -(int64_t)i,
			app->conf.holidays[i]) < 0)
			return -1;
	return 0;
}

static int
holidays_sync(struct app *app, struct err *err)
{
	struct rows rows;

	if (store_rows(app->store, &app->item, FEED_HOLIDAYS, &rows, err, "") <
	    0)
		return -1;
	if (holidays_stand(app, &rows))
		return 0;
	if (store_begin(app->store, err) < 0)
		return -1;
	if (holidays_write(app, &rows, err) < 0) {
		store_rollback(app->store);
		return -1;
	}
	return store_commit(app->store, err);
}

int
feeds_fetch(struct app *app, struct err *err)
{
	struct web_settings settings = {
	    .private_addresses = app->conf.private_addresses,
	    .total_ms = RUN_MS};
	struct web *web;
	struct arena list;
	struct rows rows;
	int rc;

	/* Nothing is planned any more: their calendars are their own. */
	if (app->dry || app->programme.state == PROGRAMME_ENDED)
		return 0;
	if (holidays_sync(app, err) < 0)
		return -1;
	arena_init(&list);
	web = web_open(&list, &settings);
	rc = store_rows(app->store, &list, FEEDS_DUE, &rows, err, "ii",
	    app->world.now_unix, (int64_t)app->conf.feeds);
	for (size_t r = 0; rc == 0 && r < rows.n && !web_is_over(web); r++) {
		struct feed f = {.id = cell(&rows, r, 0)->i,
		    .person_id = cell(&rows, r, 1)->i,
		    .url = cell(&rows, r, 2)->t,
		    .etag = cell(&rows, r, 3)->t,
		    .fetched_unix = cell(&rows, r, 4)->i,
		    .covered_unix = cell(&rows, r, 5)->i,
		    .failing = cell(&rows, r, 6)->t.n > 0,
		    .told = cell(&rows, r, 7)->i != 0};

		rc = feed_one(app, web, &f, err);
		arena_reset(&app->item);
	}
	web_close(web);
	arena_release(&list);
	return rc;
}

/* --- holidays ---------------------------------------------------------------- */

/*
 * Whole days only: half a holiday closes nothing.  An event that lasts longer
 * than a year is somebody's mistake.
 */
int
holiday_days(struct app *app, int64_t **days, size_t *n, struct err *err)
{
	struct rows rows;

	if (store_rows(app->store, &app->item, HOLIDAYS, &rows, err, "i",
		app->world.now_unix - DAY) < 0)
		return -1;
	for (size_t r = 0; r < rows.n; r++) {
		int64_t end = cell(&rows, r, 1)->i;
		int64_t at = cell(&rows, r, 0)->i;
		int64_t first = zone_day_start(&app->zone, at);

		if (first < at)
			first = zone_day_start(&app->zone, first + 36 * HOUR);
		for (int i = 0; i < 366; i++) {
			int64_t next =
			    zone_day_start(&app->zone, first + 36 * HOUR);
			struct civil c = zone_civil(&app->zone, first);

			if (next > end)
				break;
			vec_room(&app->item, days, *n, sizeof(**days));
			(*days)[(*n)++] = civil_days(c.year, c.month, c.day);
			first = next;
		}
	}
	return 0;
}
