/*
 * rmail check [FOLDER]: is everything fit for a run?  Settings, words,
 * surveys, every mail of every language, folders, permissions, clock,
 * database, sandbox.  All mistakes of the settings are told, else all of
 * words and surveys, else all others.  Nothing is changed, and without --online nobody is
 * connected to.
 */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "cli/cli_int.h"
#include "model/address.h"

struct check {
	struct app *app;
	struct arena *arena;
	const char *folder;
	int problems;
	bool online, json;
	struct arena said;     /* what --json tells at the end */
	struct value *problem; /* its list */
	const char *send_test; /* an address, or NULL */
};

static void
tell(void *cookie, struct span problem)
{
	struct check *c = cookie;

	c->problems++;
	if (c->json)
		value_push(&c->said, c->problem,
		    value_text(&c->said, arena_span(&c->said, problem)));
	else
		cli_say(0, "%.*s", (int)problem.n, problem.p);
}

static void
tell_errno(struct check *c, const char *path, const char *what)
{
	tell(c,
	    arena_spanf(c->arena, "%s: %s: %s", path, what, strerror(errno)));
}

static char *
full_path(struct check *c, struct span path)
{
	return arena_strdup(c->arena, conf_path(c->arena, &c->app->conf, path));
}

/* --- files and folders ----------------------------------------------------------- */

/* A folder that is there must be ours to write; a missing one is made. */
static void
check_maildir(struct check *c, struct span url)
{
	char *path = full_path(c, span_skip(url, strlen("maildir:")));

	if (!file_exists(path)) {
		char *above = file_dir(c->arena, path);

		if (access(above, W_OK | X_OK) < 0)
			tell_errno(c, above, "a mail folder cannot be made");
		return;
	}
	if (!file_is_dir(path))
		tell(c,
		    arena_spanf(c->arena,
			"%s: this is a file; a maildir is a folder with tmp, "
			"new and cur",
			path));
	else if (access(path, R_OK | W_OK | X_OK) < 0)
		tell_errno(c, path, "the mail folder cannot be used");
}

static void
check_file(struct check *c, struct span path, const char *setting, int mode)
{
	char *full;

	if (path.n == 0 || span_has(path, "://"))
		return;
	full = full_path(c, path);
	if (access(full, mode) < 0)
		tell_errno(c, full, setting);
}

/* The program of a command line. */
static void
check_command(struct check *c, struct span command, const char *setting)
{
	struct span word;

	if (span_word(&command, &word))
		check_file(c, word, setting, X_OK);
}

static void
check_box_url(struct check *c, const struct conf_box *b, const char *setting)
{
	if (span_casestarts(b->url, "maildir:"))
		check_maildir(c, b->url);
	if (span_casestarts(b->url, "mbox:"))
		check_file(c, span_skip(b->url, strlen("mbox:")), setting,
		    R_OK | W_OK);
}

static void
check_urls(struct check *c)
{
	const struct conf *conf = &c->app->conf;

	check_box_url(c, &conf->in, "[mail] in");
	for (uint32_t i = 0; i < conf->boxes_n; i++)
		check_box_url(c, &conf->boxes[i], "[mailbox] in");
	if (span_casestarts(conf->out_url, "maildir:"))
		check_maildir(c, conf->out_url);
	if (span_casestarts(conf->out_url, "sendmail:"))
		check_command(c, span_skip(conf->out_url, strlen("sendmail:")),
		    "[mail] out");
}

static void
check_files(struct check *c)
{
	const struct conf *conf = &c->app->conf;

	check_file(c, conf->ca_file, "[mail] ca-file", R_OK);
	check_file(c, conf->logo, "[programme] logo", R_OK);
	for (uint32_t i = 0; i < conf->holidays_n; i++)
		check_file(c, conf->holidays[i], "[feeds] holidays", R_OK);
	check_command(
	    c, conf->in.password_command, "[mail] in-password-command");
	check_command(
	    c, conf->out_password_command, "[mail] out-password-command");
	check_command(c, conf->in.token_command, "[mail] in-token-command");
	check_command(c, conf->out_token_command, "[mail] out-token-command");
	check_command(c, conf->caldav_password_command,
	    "[feeds] caldav-password-command");
}

static void
check_permissions(struct check *c)
{
	char *db = file_join(c->arena, c->folder, "rmail.db");
	const char *wrong = file_check_private(c->arena, db);

	/* It holds names, answers and the key of all tokens. */
	if (wrong != NULL)
		tell(c, span_of(wrong));
	if (access(c->folder, W_OK | X_OK) < 0)
		tell_errno(
		    c, c->folder, "the lock and the database need this folder");
	if (file_is_remote(db))
		tell(c, arena_spanf(c->arena,
			    "%s: this lies on a network file system, where two "
			    "machines can spoil it; put it on a local disk",
			    db));
}

/* --- settings that are no mistake, but surprise --------------------------------- */

static void
check_sense(struct check *c)
{
	const struct app *app = c->app;
	const struct conf *conf = &app->conf;

	if (conf->skills_n == 0)
		tell(c,
		    arena_spanf(c->arena,
			"%.*s: there is no [skill ...]: nobody can be matched "
			"by what they want to learn",
			(int)conf->file.n, conf->file.p));
	if (app->world.now_unix < app->programme.last_run_unix - HOUR)
		tell(c,
		    SPAN("the clock shows a time before the last run; nothing "
			 "is sent by the clock until it is right"));
	for (uint32_t i = 0; i < conf->locales_n; i++)
		if (app_language(app, conf->locales[i])->words.n == 0)
			tell(c,
			    arena_spanf(c->arena,
				"%.*s: [programme] locales: there are no mails "
				"in %.*s; make templates/%.*s or leave it out",
				(int)conf->file.n, conf->file.p,
				(int)conf->locales[i].n, conf->locales[i].p,
				(int)conf->locales[i].n, conf->locales[i].p));
}

static int
check_database(struct check *c)
{
	const char *wrong = store_check(c->app->store, c->arena);

	if (wrong == NULL)
		return 0;
	return cli_say(
	    74, "the database is damaged: %s; restore a backup", wrong);
}

static int
go_online(struct check *c, struct err *err)
{
	struct span address = SPAN("");

	if (c->send_test != NULL &&
	    !address_parse(&c->app->run, span_of(c->send_test), &address)) {
		cli_say(0, "--send-test takes an address such as you@%.*s",
		    (int)address_domain(c->app->conf.address).n,
		    address_domain(c->app->conf.address).p);
		return CLI_USAGE;
	}
	return check_online(c->app, address, err);
}

static int
check(struct check *c, struct err *err)
{
	int code = check_database(c);

	if (code != 0)
		return code;
	if (templates_verify(c->app, tell, c, err) < 0)
		return cli_fail(err);
	check_urls(c);
	check_files(c);
	check_permissions(c);
	check_sense(c);
	if (check_match(c->app, tell, c, err) < 0)
		return cli_fail(err);
	if (c->online)
		code = go_online(c, err);
	if (code < 0)
		return cli_fail(err);
	if (c->problems > 0 || code > 0)
		return c->problems > 0 ? CLI_SETTINGS : code;
	if (!c->json)
		printf(
		    "settings, mails, surveys, folders and database are sound; "
		    "%zu languages; sandbox %s\n",
		    c->app->languages_n,
		    reader_self_test(c->app->reader, &c->app->run));
	return CLI_OK;
}

/* It cannot be opened: all mistakes of its files, or what else it is. */
static int
tell_faults(struct check *c, const char *dir, const struct err *why)
{
	struct err err = {0};
	struct arena arena;
	int n;

	arena_init(&arena);
	c->arena = &arena;
	n = app_faults(dir, tell, c, &err);
	if (n <= 0 && c->json)
		tell(c, span_of(why->text));
	arena_release(&arena);
	return n > 0 ? CLI_SETTINGS : cli_fail(why);
}

static void
json_verdict(struct check *c, int code)
{
	struct value *v = value_object(&c->said);

	value_set_bool(&c->said, v, "ok", code == CLI_OK);
	value_set_int(&c->said, v, "exit", code);
	value_set(&c->said, v, "problems", c->problem);
	show_json(&c->said, v);
}

int
cli_check(int argc, char **argv)
{
	int64_t now = 0;
	struct app app;
	struct check c = {.app = &app, .arena = &app.run};
	const struct cli_option options[] = {{"--now", CLI_TIME, &now},
	    {"--online", CLI_FLAG, &c.online},
	    {"--send-test", CLI_TEXT, &c.send_test},
	    {"--json", CLI_FLAG, &c.json}};
	struct err err = {0};
	const char *dir;
	int code;

	if (cli_options("check", &argc, argv, options, 4) < 0)
		return CLI_USAGE;
	if (c.json && (c.online || c.send_test != NULL))
		return cli_say(CLI_USAGE,
		    "check: --json tells of settings and files, and "
		    "--online of servers: one of the two");
	if (argc > 1)
		return cli_say(CLI_USAGE,
		    "usage: rmail check [--json] [--online] "
		    "[--send-test ADDRESS] [FOLDER]");
	dir = argc > 0 ? argv[0] : ".";
	c.online |= c.send_test != NULL;
	if (c.online)
		signal(SIGPIPE, SIG_IGN);
	/* A new token, and a POP3 mailbox, are for one of us at a time. */
	if (c.online && cli_lock(dir, &err) < 0)
		return cli_fail(&err);
	arena_init(&c.said);
	c.problem = value_list(&c.said);
	if (app_open(&app, dir, now, &err) < 0) {
		code = tell_faults(&c, dir, &err);
	} else {
		c.folder = file_is_dir(dir) ? dir : file_dir(&app.run, dir);
		code = check(&c, &err);
		app_close(&app);
	}
	if (c.json)
		json_verdict(&c, code);
	arena_release(&c.said);
	return code;
}
