/*
 * rmail quarantine list [--json] | show ID | release ID... | drop ID...
 * Mails that were held (for their owner or the lead) or parked (could not be
 * read or applied).  `release` hands one to the next run as if it had just
 * come, with the operator's word that the sender is who they say; `drop`
 * leaves it alone for good.
 */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/num.h"
#include "base/utf8.h"
#include "cli/cli_int.h"

enum { /* INBOX_COLUMNS */
	C_ID = 0,
	C_MESSAGE = 3,
	C_SENDER = 4,
	C_SUBJECT = 6,
	C_KIND = 7,
	C_SIZE = 8,
	C_ARRIVED = 9,
	C_STATE = 10,
	C_REASON = 11,
	C_ATTEMPTS = 14
};

static void
print_list(struct app *app, const struct rows *rows)
{
	struct sheet g;

	sheet_init(&g, &app->item, ">mail|arrived|from|subject|state|reason");
	for (size_t r = 0; r < rows->n; r++) {
		sheet_int(&g, cell(rows, r, C_ID)->i);
		sheet_add(&g, show_time(app, cell(rows, r, C_ARRIVED)->i));
		sheet_add(&g, cell(rows, r, C_SENDER)->t);
		sheet_add(&g, cell(rows, r, C_SUBJECT)->t);
		sheet_add(&g, cell(rows, r, C_STATE)->t);
		sheet_add(&g, cell(rows, r, C_REASON)->t);
	}
	sheet_print(&g);
	if (rows->n == 0)
		printf("no mail is in quarantine\n");
}

static void
json_list(struct app *app, const struct rows *rows)
{
	struct arena *a = &app->item;
	struct value *list = value_list(a);

	for (size_t r = 0; r < rows->n; r++) {
		struct value *m = value_push(a, list, value_object(a));

		value_set_int(a, m, "mail", cell(rows, r, C_ID)->i);
		json_time(a, m, "arrived", cell(rows, r, C_ARRIVED)->i);
		value_set_text(a, m, "from", cell(rows, r, C_SENDER)->t);
		value_set_text(a, m, "subject", cell(rows, r, C_SUBJECT)->t);
		value_set_text(a, m, "message-id", cell(rows, r, C_MESSAGE)->t);
		value_set_text(a, m, "kind", cell(rows, r, C_KIND)->t);
		value_set_int(a, m, "size", cell(rows, r, C_SIZE)->i);
		value_set_text(a, m, "state", cell(rows, r, C_STATE)->t);
		value_set_text(a, m, "reason", cell(rows, r, C_REASON)->t);
		value_set_int(a, m, "attempts", cell(rows, r, C_ATTEMPTS)->i);
	}
	show_json(a, list);
}

static int
list(struct app *app, bool json, struct err *err)
{
	struct rows rows;

	if (store_rows(app->store, &app->item, QUARANTINE, &rows, err, "") < 0)
		return -1;
	if (json)
		json_list(app, &rows);
	else
		print_list(app, &rows);
	return 0;
}

/* The mail as it came; on a terminal without what could command it. */
static int
show(struct app *app, int64_t id, struct err *err)
{
	struct rows rows;
	struct span raw;

	if (store_rows(app->store, &app->item, RAW_FIND, &rows, err, "i", id) <
	    0)
		return -1;
	if (rows.n == 0)
		return err_exit(err, ERR_ITEM, CLI_NO_INPUT,
		    "the text of mail %lld is not kept; see rmail quarantine "
		    "list",
		    (long long)id);
	if (store_unpack(app->store, &app->item, cell(&rows, 0, 1)->t,
		(size_t)cell(&rows, 0, 0)->i, &raw, err) < 0)
		return -1;
	show_span(isatty(STDOUT_FILENO) ? utf8_scrub(&app->item, raw) : raw);
	return 0;
}

static int
leave_one(struct app *app, int64_t id, bool release, struct err *err)
{
	struct inbox mail;
	int rc = inbox_find(app->store, &app->item, id, &mail, err);

	if (rc < 0)
		return -1;
	if (rc > 0 && release && span_is(mail.reason, "too-large"))
		return err_exit(err, ERR_ITEM, CLI_DATA,
		    "mail %lld was over [limits] mail-size: only its headers "
		    "are kept; ask the sender for a smaller one",
		    (long long)id);
	if (store_do(app->store, QUARANTINE_LEAVE, err, "itti", id,
		release ? SPAN("new") : SPAN("dropped"),
		release ? SPAN("released") : SPAN("by the operator"),
		app->world.now_unix) < 0)
		return -1;
	if (store_changes(app->store) == 0)
		return err_exit(err, ERR_ITEM, CLI_NO_INPUT,
		    "mail %lld is not in quarantine; see rmail quarantine list",
		    (long long)id);
	return 0;
}

/* All or none. */
static int
leave(struct app *app, const int64_t *ids, size_t n, bool release,
    struct err *err)
{
	if (store_begin(app->store, err) < 0)
		return -1;
	for (size_t i = 0; i < n; i++)
		if (leave_one(app, ids[i], release, err) < 0) {
			store_rollback(app->store);
			return -1;
		}
	return store_commit(app->store, err);
}

struct order {
	const char *verb, *dir;
	int64_t ids[64];
	size_t n;
};

static bool
changes(const struct order *o)
{
	return strcmp(o->verb, "release") == 0 || strcmp(o->verb, "drop") == 0;
}

/* Numbers of mails, then perhaps the folder. */
static bool
parse(int argc, char **argv, struct order *o)
{
	o->verb = argc > 0 ? argv[0] : "";
	o->dir = ".";
	for (int i = 1; i < argc; i++) {
		if (o->n < sizeof(o->ids) / sizeof(*o->ids) &&
		    num_int(span_of(argv[i]), 1, INT64_MAX, &o->ids[o->n]))
			o->n++;
		else if (i + 1 == argc)
			o->dir = argv[i];
		else
			return false;
	}
	if (strcmp(o->verb, "list") == 0)
		return o->n == 0;
	if (strcmp(o->verb, "show") == 0)
		return o->n == 1;
	return o->n > 0 && changes(o);
}

static int
act(struct app *app, const struct order *o, bool json, struct err *err)
{
	bool release = strcmp(o->verb, "release") == 0;

	if (strcmp(o->verb, "list") == 0)
		return list(app, json, err);
	if (!changes(o))
		return show(app, o->ids[0], err);
	if (leave(app, o->ids, o->n, release, err) < 0)
		return -1;
	printf("%zu %s%s\n", o->n, release ? "released" : "dropped",
	    release ? "; the next run reads it again" : "");
	return 0;
}

int
cli_quarantine(int argc, char **argv)
{
	int64_t now = 0;
	bool json = false;
	const struct cli_option options[] = {
	    {"--json", CLI_FLAG, &json}, {"--now", CLI_TIME, &now}};
	struct order o = {0};
	struct app app;
	struct err err = {0};
	int rc;

	if (cli_options("quarantine", &argc, argv, options, 2) < 0)
		return CLI_USAGE;
	if (!parse(argc, argv, &o))
		return cli_say(CLI_USAGE,
		    "usage: rmail quarantine list [--json] [FOLDER] | show ID "
		    "[FOLDER] | release ID... [FOLDER] | drop ID... [FOLDER]");
	if ((changes(&o) && cli_lock(o.dir, &err) < 0) ||
	    app_open(&app, o.dir, now, &err) < 0)
		return cli_fail(&err);
	rc = act(&app, &o, json, &err);
	app_close(&app);
	return rc < 0 ? cli_fail(&err) : CLI_OK;
}
