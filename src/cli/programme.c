/* init, run, import: what the operator calls. */
#include <signal.h>
#include <stdio.h>
#include <sysexits.h>
#include <unistd.h>

#include "app/app.h"
#include "base/file.h"
#include "base/limits.h"
#include "base/log.h"
#include "cli/cli_int.h"

int
cli_init(int argc, char **argv)
{
	int64_t now = 0;
	const struct cli_option options[] = {{"--now", CLI_TIME, &now}};
	struct err err = {0};

	if (cli_options("init", &argc, argv, options, 1) < 0)
		return CLI_USAGE;
	if (argc != 1)
		return cli_say(CLI_USAGE, "init: name the folder to make, "
					  "such as: rmail init mentoring");
	if (app_init(argv[0], now ? now : clock_now(), &err) < 0)
		return cli_fail(&err);
	printf("%s/rmail.conf is made. Edit it, then: rmail check %s\n",
	    argv[0], argv[0]);
	return CLI_OK;
}

enum {
	TROUBLE_QUIET = 2 * HOUR
};

static bool
is_refusal(const struct err *err)
{
	return err_code(err) == EX_NOPERM || err_code(err) == EX_PROTOCOL;
}

/*
 * The outside is not ready: no word for two hours, then one line, then one a
 * day, and one when it is over.  A refusal does not pass by itself and is
 * told at once.  True when this is a moment to speak.
 */
static bool
speak_of_trouble(struct app *app, const struct err *trouble)
{
	struct programme *p = &app->programme;
	int64_t now = app->world.now_unix;
	struct err err = {0};
	bool speak;

	if (trouble->kind == ERR_NONE) {
		speak = p->trouble_told_unix != 0;
		if (p->trouble_since_unix == 0)
			return false;
		p->trouble_since_unix = p->trouble_told_unix = 0;
		p->trouble = SPAN("");
	} else {
		if (p->trouble_since_unix == 0)
			p->trouble_since_unix = now;
		p->trouble = span_of(trouble->text);
		speak = (is_refusal(trouble) ||
			    now - p->trouble_since_unix >= TROUBLE_QUIET) &&
			now - p->trouble_told_unix >= DAY;
		if (speak)
			p->trouble_told_unix = now;
	}
	if (store_begin(app->store, &err) < 0)
		return true;
	if (programme_save(app, &err) < 0)
		store_rollback(app->store);
	else if (store_commit(app->store, &err) < 0)
		return true;
	return speak;
}

static void
first_problem(void *cookie, struct span problem)
{
	struct err *err = cookie;

	if (err->kind == ERR_NONE)
		err_exit(err, ERR_STOP, CLI_SETTINGS,
		    "%.*s; nothing was done (rmail check tells all)",
		    (int)problem.n, problem.p);
}

/* Templates of the operator's own are looked at before anything is done. */
static int
own_templates_ok(struct app *app, struct err *err)
{
	int rc = app->templates == NULL
		     ? 0
		     : templates_verify(app, first_problem, err, err);

	return rc == 0 ? 0 : -1;
}

/* Which mails it has read, and what has changed. */
static int
tell_trial(struct app *app, struct err *err)
{
	struct arena *a = &app->item;
	struct rows in, changes;

	if (store_rows(app->store, a, INBOX_HANDLED_AT, &in, err, "i",
		app->world.now_unix) < 0 ||
	    store_rows(app->store, a, CHANGES_SINCE, &changes, err, "i",
		app->world.now_unix) < 0)
		return -1;
	for (size_t r = 0; r < in.n; r++)
		printf("would read %s: %s (%s)\n",
		    arena_strdup(a, cell(&in, r, 0)->t),
		    arena_strdup(a, cell(&in, r, 1)->t),
		    arena_strdup(a, cell(&in, r, 2)->t));
	for (size_t r = 0; r < changes.n; r++)
		printf("would change %s %lld: %s to %s\n",
		    arena_strdup(a, cell(&changes, r, 0)->t),
		    (long long)cell(&changes, r, 1)->i,
		    arena_strdup(a, cell(&changes, r, 2)->t),
		    arena_strdup(a, cell(&changes, r, 3)->t));
	return 0;
}

/* What a run would do, and which mails would wait then. */
static int
try_run(struct app *app, struct err *err)
{
	if (app_try(app, err) < 0 || app_run(app, err) < 0 ||
	    tell_trial(app, err) < 0)
		return -1;
	show_heading("The queue after such a run; nothing was kept or sent");
	return queue_print(app, err);
}

static int
real_run(struct app *app, struct err *err)
{
	int rc = app_run(app, err);
	bool speak;

	if (rc < 0 && err->kind != ERR_LATER && !is_refusal(err))
		return -1;
	speak = speak_of_trouble(app, err);
	if (rc == 0 && speak)
		cli_say(0, "the mail server is back again");
	return rc < 0 && !speak ? err_code(err) : rc;
}

static int
run_locked(const char *dir, int64_t now, bool dry, struct err *err)
{
	struct app app;
	int rc;

	if (app_open(&app, dir, now, err) < 0)
		return -1;
	if (isatty(STDERR_FILENO))
		app.progress = show_bar;
	rc = own_templates_ok(&app, err);
	if (rc == 0)
		rc = dry ? try_run(&app, err) : real_run(&app, err);
	app_close(&app);
	return rc;
}

int
cli_run(int argc, char **argv)
{
	int64_t now = 0;
	bool dry = false, loud = false;
	const struct cli_option options[] = {{"--now", CLI_TIME, &now},
	    {"--dry-run", CLI_FLAG, &dry}, {"-v", CLI_FLAG, &loud}};
	struct arena arena;
	struct err err = {0};
	const char *dir;
	int fd, rc;

	if (cli_options("run", &argc, argv, options, 3) < 0)
		return CLI_USAGE;
	if (loud)
		log_set_level(LOG_EVENT);
	signal(SIGPIPE, SIG_IGN);
	dir = argc > 0 ? argv[0] : ".";
	arena_init(&arena);
	rc = file_lock(
	    file_join(&arena, file_is_dir(dir) ? dir : file_dir(&arena, dir),
		"rmail.lock"),
	    &fd, &err);
	arena_release(&arena);
	if (rc < 0)
		return cli_fail(&err);
	if (rc == 0) /* another run has it; that one does the work */
		return CLI_OK;
	rc = run_locked(dir, now, dry, &err);
	return rc < 0 ? cli_fail(&err) : rc;
}

static int
import(struct app *app, const char *path, struct err *err)
{
	struct roster_result r;
	struct span text;

	if (file_read(&app->run, path, LIMIT_CSV_BYTES, &text, err) < 0 ||
	    store_begin(app->store, err) < 0)
		return -1;
	if (roster_import(app, &app->run, text, &r, err) < 0) {
		store_rollback(app->store);
		return err_in(err, "%s", path);
	}
	if (store_commit(app->store, err) < 0)
		return -1;
	for (uint32_t i = 0; i < r.errors_n; i++)
		fprintf(stderr, "%s: %.*s\n", path, (int)r.errors[i].n,
		    r.errors[i].p);
	printf("%lld added, %lld changed, %lld unchanged, %u refused\n",
	    (long long)r.added, (long long)r.changed, (long long)r.unchanged,
	    r.errors_n);
	return r.errors_n > 0;
}

int
cli_import(int argc, char **argv)
{
	int64_t now = 0;
	const struct cli_option options[] = {{"--now", CLI_TIME, &now}};
	const char *dir;
	struct app app;
	struct err err = {0};
	int rc;

	if (cli_options("import", &argc, argv, options, 1) < 0)
		return CLI_USAGE;
	if (argc < 1 || argc > 2)
		return cli_say(
		    CLI_USAGE, "import: rmail import ROSTER.csv [FOLDER]");
	dir = argc > 1 ? argv[1] : ".";
	if (cli_lock(dir, &err) < 0 || app_open(&app, dir, now, &err) < 0)
		return cli_fail(&err);
	rc = import(&app, argv[0], &err);
	app_close(&app);
	return rc < 0 ? cli_fail(&err) : rc > 0 ? CLI_DATA : CLI_OK;
}
