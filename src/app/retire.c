/*
 * The retention clock.  A cohort's people are kept for [report] keep after
 * its end; in a rolling programme so are those who have left, declined or
 * were refused.  Then nothing is left of them but a number: what was only
 * counted stays, so that reports can still be made.
 */
#include "app/app.h"

enum {
	AT_ONCE = 500, /* people in one transaction */
	FEW = 20,      /* the thorough way reads the whole database for each */
};

/* Their rows in one sweep: no word of theirs is looked for one by one. */
static int
sweep(struct app *app, struct err *err)
{
	static const enum query sweeps[] = {RETIRE_ANSWERS, RETIRE_FORMS,
	    RETIRE_RAW, RETIRE_INBOX, RETIRE_OUTBOX, RETIRE_NOTES, RETIRE_RULES,
	    RETIRE_ATTENDEES, RETIRE_CONFIRMS, RETIRE_THREADS, RETIRE_BUSY,
	    RETIRE_FEEDS, RETIRE_PROPOSALS, RETIRE_PROBLEMS, RETIRE_UNDO, RETIRE_ALIASES,
	    RETIRE_MEMBERS};

	for (size_t i = 0; i < sizeof(sweeps) / sizeof(*sweeps); i++)
		if (store_do(app->store, sweeps[i], err, "") < 0)
			return -1;
	return 0;
}

static int
tell_lead(struct app *app, struct err *err)
{
	struct thread thread;

	if (thread_get(app, THREAD_LEAD, 0, 0, &thread, err) < 0)
		return -1;
	return letter_lead(
	    app, "kept-no-longer", &thread, letter_values(app, NULL), err);
}

static int
retire_cohort(struct app *app, struct err *err)
{
	const struct programme *p = &app->programme;
	struct person *list;
	size_t n;

	if (p->ended_unix == 0 ||
	    app->world.now_unix < p->ended_unix + app->conf.keep_seconds)
		return 0;
	if (persons(app->store, &app->item, PERSONS_NAMED, &list, &n, err,
		AT_ONCE) < 0)
		return -1;
	if (n == 0)
		return 0;
	for (size_t i = 0; i < n; i++)
		if (person_event(app, &list[i], EV_ERASE, err) < 0 ||
		    person_blank(app, &list[i], err) < 0)
			return -1;
	if (n == AT_ONCE) /* the next run goes on */
		return 0;
	return sweep(app, err) < 0 || tell_lead(app, err) < 0 ? -1 : 0;
}

/*
 * By a stone that is nobody's address, the mails to the lead that name them
 * are found as they are after a wish to be forgotten; the person themselves
 * may come back with a later roster.
 */
static int
retire_one(struct app *app, struct person *p, struct err *err)
{
	struct span stone =
	    arena_spanf(&app->item, "retired %lld", (long long)p->id);

	if (person_event(app, p, EV_ERASE, err) < 0 ||
	    store_do(app->store, TOMBSTONE_INSERT, err, "ti",
		tombstone_hash(app, stone), app->world.now_unix) < 0)
		return -1;
	return person_wipe(app, p, err);
}

/* Strangers who wrote are not kept for longer either. */
static int
retire_leavers(struct app *app, struct err *err)
{
	int64_t before = app->world.now_unix - app->conf.keep_seconds;
	struct person *list;
	size_t n;

	if (store_do(app->store, RETIRE_STRANGERS, err, "i", before) < 0)
		return -1;
	if (app->conf.kind != CONF_ROLLING || app->programme.ended_unix != 0)
		return 0;
	if (persons(app->store, &app->item, PERSONS_GONE_BEFORE, &list, &n, err,
		before) < 0)
		return -1;
	for (size_t i = 0; i < n && i < FEW; i++)
		if (retire_one(app, &list[i], err) < 0)
			return -1;
	return 0;
}

int
retire(struct app *app, struct err *err)
{
	return retire_cohort(app, err) < 0 ? -1 : retire_leavers(app, err);
}
