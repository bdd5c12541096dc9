/*
 * rmail queue [--json] [FOLDER]: mails that wait to be sent, and those of the
 * last week that could not be delivered.
 */
#include <stdio.h>

#include "cli/cli_int.h"

struct queue {
	struct rows waiting, failed, counts;
};

static int
load(struct app *app, struct queue *q, struct err *err)
{
	if (store_rows(app->store, &app->item, OUTBOX_QUEUE, &q->waiting, err,
		"") < 0 ||
	    store_rows(app->store, &app->item, OUTBOX_TROUBLE, &q->failed, err,
		"i", app->world.now_unix - WEEK) < 0)
		return -1;
	return store_rows(
	    app->store, &app->item, OUTBOX_COUNT, &q->counts, err, "");
}

static void
print(struct app *app, const struct queue *q)
{
	struct sheet g;

	sheet_init(
	    &g, &app->item, ">mail|to|template|not before|>tries|answer");
	for (size_t r = 0; r < q->waiting.n; r++) {
		sheet_int(&g, cell(&q->waiting, r, 0)->i);
		sheet_add(&g, cell(&q->waiting, r, 1)->t);
		sheet_add(&g, cell(&q->waiting, r, 2)->t);
		sheet_add(&g, show_time(app, cell(&q->waiting, r, 6)->i));
		sheet_int(&g, cell(&q->waiting, r, 7)->i);
		sheet_add(&g, cell(&q->waiting, r, 9)->t);
	}
	sheet_print(&g);
	printf("waiting: %zu%s\n", q->waiting.n,
	    app->programme.hold ? "; the lead has stopped sending" : "");
	if (q->failed.n == 0)
		return;
	show_heading("Not delivered in the last week");
	sheet_init(&g, &app->item, ">mail|to|template|>code|answer");
	for (size_t r = 0; r < q->failed.n; r++) {
		sheet_int(&g, cell(&q->failed, r, 0)->i);
		sheet_add(&g, cell(&q->failed, r, 1)->t);
		sheet_add(&g, cell(&q->failed, r, 2)->t);
		sheet_int(&g, cell(&q->failed, r, 4)->i);
		sheet_add(&g, cell(&q->failed, r, 5)->t);
	}
	sheet_print(&g);
}

int
queue_print(struct app *app, struct err *err)
{
	struct queue q;

	if (load(app, &q, err) < 0)
		return -1;
	print(app, &q);
	return 0;
}

static void
json_queue(struct app *app, const struct queue *q)
{
	struct arena *a = &app->item;
	struct value *v = value_object(a);
	struct value *counts = value_set(a, v, "counts", value_object(a));
	struct value *waiting = value_set(a, v, "waiting", value_list(a));
	struct value *failed = value_set(a, v, "failed", value_list(a));

	value_set_bool(a, v, "sending-stopped", app->programme.hold);
	for (size_t r = 0; r < q->counts.n; r++)
		value_set_int(a, counts,
		    arena_strdup(a, cell(&q->counts, r, 0)->t),
		    cell(&q->counts, r, 1)->i);
	for (size_t r = 0; r < q->waiting.n; r++) {
		struct value *m = value_push(a, waiting, value_object(a));

		value_set_int(a, m, "mail", cell(&q->waiting, r, 0)->i);
		value_set_text(a, m, "to", cell(&q->waiting, r, 1)->t);
		value_set_text(a, m, "template", cell(&q->waiting, r, 2)->t);
		value_set_text(a, m, "subject", cell(&q->waiting, r, 3)->t);
		value_set_text(a, m, "state", cell(&q->waiting, r, 4)->t);
		json_time(a, m, "created", cell(&q->waiting, r, 5)->i);
		json_time(a, m, "not-before", cell(&q->waiting, r, 6)->i);
		value_set_int(a, m, "tries", cell(&q->waiting, r, 7)->i);
		value_set_int(a, m, "code", cell(&q->waiting, r, 8)->i);
		value_set_text(a, m, "answer", cell(&q->waiting, r, 9)->t);
	}
	for (size_t r = 0; r < q->failed.n; r++) {
		struct value *m = value_push(a, failed, value_object(a));

		value_set_int(a, m, "mail", cell(&q->failed, r, 0)->i);
		value_set_text(a, m, "to", cell(&q->failed, r, 1)->t);
		value_set_text(a, m, "template", cell(&q->failed, r, 2)->t);
		value_set_text(a, m, "subject", cell(&q->failed, r, 3)->t);
		value_set_int(a, m, "code", cell(&q->failed, r, 4)->i);
		value_set_text(a, m, "answer", cell(&q->failed, r, 5)->t);
	}
	show_json(a, v);
}

int
cli_queue(int argc, char **argv)
{
	int64_t now = 0;
	bool json = false;
	const struct cli_option options[] = {
	    {"--json", CLI_FLAG, &json}, {"--now", CLI_TIME, &now}};
	struct app app;
	struct queue q;
	struct err err = {0};
	int rc;

	if (cli_options("queue", &argc, argv, options, 2) < 0)
		return CLI_USAGE;
	if (argc > 1)
		return cli_say(
		    CLI_USAGE, "usage: rmail queue [--json] [FOLDER]");
	if (app_open(&app, argc > 0 ? argv[0] : ".", now, &err) < 0)
		return cli_fail(&err);
	rc = load(&app, &q, &err);
	if (rc == 0 && json)
		json_queue(&app, &q);
	else if (rc == 0)
		print(&app, &q);
	app_close(&app);
	return rc < 0 ? cli_fail(&err) : CLI_OK;
}
