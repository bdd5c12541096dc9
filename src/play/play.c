/* The clock: deliver, run, read, until the programme has ended. */
#include "play/play.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <sysexits.h>

#include "base/digest.h"
#include "base/file.h"
#include "mime/mime.h"
#include "play/play_int.h"

enum {
	RUNS_A_DAY = 2,
	AFTER_DAYS = 35, /* the closing, and a little */
};

static const int run_hours[RUNS_A_DAY] = {9, 14};

/* --- before ---------------------------------------------------------------- */

static int
open_at(struct play *p, struct app *app, struct err *err)
{
	if (app_open_rehearsal(app, p->ask->dir, p->now_unix, err) < 0)
		return -1;
	p->app = app;
	return 0;
}

static int
take_roster(struct play *p, struct err *err)
{
	struct app *app = p->app;
	struct roster_result r;

	if (store_begin(app->store, err) < 0)
		return -1;
	if (roster_import(app, &app->run, cast_roster(&app->run, p), &r, err) <
	    0) {
		store_rollback(app->store);
		return -1;
	}
	if (r.errors_n > 0) {
		store_rollback(app->store);
		return err_exit(err, ERR_STOP, EX_SOFTWARE,
		    "the invented roster: %.*s", (int)r.errors[0].n,
		    r.errors[0].p);
	}
	return store_commit(app->store, err);
}

/* The first and the last day, and how long it will be. */
static int64_t
last_day(const struct play *p, const struct conf *c)
{
	int64_t months = p->ask->months > 0 ? p->ask->months : 9;

	if (c->kind == CONF_COHORT && c->end_day != 0)
		return c->end_day;
	return c->begin_day + months * 61 / 2;
}

static int
prepare(struct play *p, int64_t *begin_day, int64_t *end_day, struct err *err)
{
	struct app app;
	int rc;

	p->now_unix = DAY;
	if (open_at(p, &app, err) < 0)
		return -1;
	*begin_day =
	    app.conf.begin_day ? app.conf.begin_day : civil_days(2027, 1, 11);
	*end_day = last_day(p, &app.conf);
	app.world.now_unix = p->now_unix = (*begin_day - 1) * DAY;
	p->result->days = *end_day - *begin_day;
	cast_invent(p, &app.conf);
	rc = take_roster(p, err);
	app_close(&app);
	return rc;
}

/* --- one step --------------------------------------------------------------- */

static int
deliver_one(struct play *p, const struct post *post, struct err *err)
{
	char *path = arena_printf(&p->item, "%s/in/new/%lld.%lld.play",
	    p->ask->dir, (long long)post->at_unix, (long long)post->number);
	struct timespec times[2] = {
	    {.tv_sec = post->at_unix}, {.tv_sec = post->at_unix}};

	if (file_write(path, post->bytes, false, err) < 0)
		return -1;
	p->delivered++;
	/* It came when it was written, not when this was played. */
	if (utimensat(AT_FDCWD, path, times, 0) < 0)
		return err_errno(
		    err, ERR_STOP, EX_IOERR, "cannot date %s", path);
	return 0;
}

static int
deliver(struct play *p, struct err *err)
{
	size_t kept = 0;

	for (size_t i = 0; i < p->posts_n; i++) {
		if (p->posts[i].at_unix > p->now_unix) {
			p->posts[kept++] = p->posts[i];
			continue;
		}
		if (deliver_one(p, &p->posts[i], err) < 0)
			return -1;
		arena_reset(&p->item);
	}
	p->posts_n = kept;
	return 0;
}

static int
step(struct play *p, bool *ended, struct err *err)
{
	struct app app;
	int rc;

	if (deliver(p, err) < 0 || trouble_runs(p, err) < 0 ||
	    open_at(p, &app, err) < 0)
		return -1;
	rc = app_run(&app, err);
	if (rc == 0)
		rc = watch_mails(p, err);
	if (rc == 0)
		trouble_mails(p);
	*ended = app.programme.state == PROGRAMME_ENDED;
	app_close(&app);
	p->result->runs++;
	return rc;
}

/* --- the whole --------------------------------------------------------------- */

static int64_t
clock_of(const struct zone *zone, int64_t day, int hour)
{
	struct civil c = civil_of_days(day);
	int64_t t = 0;

	c.hour = hour;
	c.minute = 5;
	zone_unix(zone, &c, &t);
	return t;
}

static int
load_zone(struct play *p, struct zone *zone, struct err *err)
{
	return zone_load(p->arena, p->cast[0].zone, zone, err);
}

static int
play_days(struct play *p, int64_t begin_day, int64_t end_day, struct err *err)
{
	int64_t days = end_day + AFTER_DAYS - begin_day, done = 0;
	struct zone zone;
	bool ended = false;

	if (load_zone(p, &zone, err) < 0)
		return -1;
	for (int64_t day = begin_day; day < begin_day + days && !ended; day++) {
		done++;
		if (civil_weekday(day) > 5)
			continue;
		for (int i = 0; i < RUNS_A_DAY; i++) {
			p->now_unix = clock_of(&zone, day, run_hours[i]);
			if (step(p, &ended, err) < 0)
				return -1;
		}
		if (p->ask->progress != NULL)
			p->ask->progress(p->ask->cookie, done, days);
	}
	return 0;
}

static int
count(struct play *p, struct err *err)
{
	struct app app;
	int rc;

	if (open_at(p, &app, err) < 0)
		return -1;
	rc = tally(p, err);
	app_close(&app);
	return rc;
}

int
play(struct arena *arena, const struct play_ask *ask, struct play_result *out,
    struct err *err)
{
	struct play_result result = {0};
	struct play p = {.arena = arena, .ask = ask, .result = &result};
	int64_t begin_day, end_day;
	int rc;

	arena_init(&p.item);
	digest_sha256(
	    arena_spanf(arena, "dice %lld", (long long)ask->seed), p.dice.seed);
	mime_prepare();
	rc = file_make_dir(arena_printf(arena, "%s/in/new", ask->dir), err);
	if (rc == 0)
		rc = prepare(&p, &begin_day, &end_day, err);
	if (rc == 0)
		rc = play_days(&p, begin_day, end_day, err);
	if (rc == 0)
		rc = count(&p, err);
	arena_release(&p.item);
	if (rc == 0)
		*out = result;
	return rc;
}
