/*
 * rmail export TABLE [--json] [FOLDER]: a table as CSV or JSON
 * rmail export calendar [FOLDER]: all sessions with a time, as iCalendar
 * Left out, because nobody is to see it: keys of tokens, mail texts, secret
 * addresses of calendars, and every answer that was promised to be counted
 * only or private.
 */
#include <stdio.h>
#include <string.h>

#include "base/csv.h"
#include "base/vec.h"
#include "cal/cal.h"
#include "cli/cli_int.h"

enum {
	CSV_BYTES = 256 << 20
};

static const struct {
	const char *table, *column;
} hidden[] = {
    {"programme", "seed"},
    {"mail_raw", "bytes"},
    {"mail_out", "bytes"},
    {"round", "problem"},
    {"round", "duals"},
    {"feed", "url"},
    {"feed", "etag"},
    {"form", "text"},
    {"note", "text"},
    {"confirm", "word"},
    {"confirm", "argument"},
    {"token", "access"},
    {"token", "refresh"},
    {"token", "asked"},
};

static bool
is_hidden(const char *table, struct span column)
{
	for (size_t i = 0; i < sizeof(hidden) / sizeof(*hidden); i++)
		if (strcmp(hidden[i].table, table) == 0 &&
		    span_is(column, hidden[i].column))
			return true;
	return false;
}

static size_t
column_of(const struct rows *rows, const char *name)
{
	for (size_t c = 0; c < rows->columns; c++)
		if (span_is(cell(rows, 0, c)->t, name))
			return c;
	return rows->columns;
}

/* What was asked for by a person in private is no row for others. */
static bool
row_is_hidden(const char *table, const struct rows *rows, size_t r)
{
	size_t c = column_of(rows, "private");

	return strcmp(table, "pair_rule") == 0 && c < rows->columns &&
	       cell(rows, r, c)->i != 0;
}

/* An answer is shown by name when its class says so, and only then. */
static bool
cell_is_hidden(
    const char *table, const struct rows *rows, size_t r, size_t column)
{
	struct span name = cell(rows, 0, column)->t;
	size_t c = column_of(rows, "share");

	if (is_hidden(table, name))
		return true;
	if (strcmp(table, "answer") != 0 || c == rows->columns ||
	    (!span_is(name, "value") && !span_is(name, "raw")))
		return false;
	return !span_is(cell(rows, r, c)->t, "lead") &&
	       !span_is(cell(rows, r, c)->t, "partner");
}

static struct span
text_of(struct arena *arena, const struct cell *c)
{
	if (c->is_null || c->t.p != NULL)
		return c->t;
	return arena_spanf(arena, "%lld", (long long)c->i);
}

/* --- as CSV, as JSON --------------------------------------------------------- */

static void
as_csv(struct app *app, const char *table, const struct rows *rows)
{
	struct str out;

	str_init(&out, &app->item, CSV_BYTES);
	for (size_t r = 0; r < rows->n; r++) {
		if (r > 0 && row_is_hidden(table, rows, r))
			continue;
		for (size_t c = 0; c < rows->columns; c++)
			csv_write(&out,
			    r > 0 && cell_is_hidden(table, rows, r, c)
				? SPAN("")
				: text_of(&app->item, cell(rows, r, c)),
			    c == 0);
		csv_end_row(&out);
	}
	show_span(str_span(&out));
}

static struct value *
value_of(struct arena *arena, const struct cell *c)
{
	if (c->is_null)
		return value_null(arena);
	return c->t.p != NULL ? value_text(arena, c->t)
			      : value_int(arena, c->i);
}

static void
as_json(struct app *app, const char *table, const struct rows *rows)
{
	struct arena *a = &app->item;
	struct value *list = value_list(a);

	for (size_t r = 1; r < rows->n; r++) {
		struct value *item;

		if (row_is_hidden(table, rows, r))
			continue;
		item = value_push(a, list, value_object(a));
		for (size_t c = 0; c < rows->columns; c++)
			value_set(a, item, arena_strdup(a, cell(rows, 0, c)->t),
			    cell_is_hidden(table, rows, r, c)
				? value_null(a)
				: value_of(a, cell(rows, r, c)));
	}
	show_json(a, list);
}

/* --- calendar ---------------------------------------------------------------- */

static bool
has_time(const struct session *s)
{
	return s->start_unix != 0 &&
	       (s->state == SESSION_INVITED || s->state == SESSION_CONFIRMED ||
		   s->state == SESSION_OVER || s->state == SESSION_HELD);
}

static int
calendar(struct app *app, struct err *err)
{
	struct invite *events = NULL;
	struct session *list;
	struct span ics;
	size_t n, events_n = 0;

	if (sessions(app->store, &app->item, SESSIONS_ALL, &list, &n, err, 0) <
	    0)
		return -1;
	for (size_t i = 0; i < n; i++) {
		if (!has_time(&list[i]))
			continue;
		vec_room(&app->item, &events, events_n, sizeof(*events));
		events[events_n++] = session_listing(app, &list[i]);
	}
	if (cal_write_feed(
		&app->item, events, events_n, &app->zone, &ics, err) < 0)
		return -1;
	show_span(ics);
	return 0;
}

/* --- the whole ---------------------------------------------------------------- */

static int
no_table(struct app *app, const char *name, struct err *err)
{
	struct rows tables;
	struct str all;

	if (store_tables(app->store, &app->item, &tables, err) < 0)
		return -1;
	str_init(&all, &app->item, 400);
	for (size_t r = 0; r < tables.n; r++) {
		str_addz(&all, r > 0 ? ", " : "");
		str_add(&all, cell(&tables, r, 0)->t);
	}
	return err_exit(err, ERR_ITEM, CLI_USAGE,
	    "export: there is no table %s; there are calendar, %s", name,
	    all.p);
}

static int export(struct app *app, const char *what, bool json, struct err *err)
{
	struct rows rows;

	if (strcmp(what, "calendar") == 0)
		return calendar(app, err);
	if (store_table(app->store, &app->item, span_of(what), &rows, err) < 0)
		return err->kind == ERR_ITEM ? no_table(app, what, err) : -1;
	if (json)
		as_json(app, what, &rows);
	else
		as_csv(app, what, &rows);
	return 0;
}

int
cli_export(int argc, char **argv)
{
	bool json = false;
	const struct cli_option options[] = {{"--json", CLI_FLAG, &json}};
	struct app app;
	struct err err = {0};
	int rc;

	if (cli_options("export", &argc, argv, options, 1) < 0)
		return CLI_USAGE;
	if (argc < 1 || argc > 2)
		return cli_say(CLI_USAGE,
		    "usage: rmail export TABLE|calendar [--json] [FOLDER]");
	if (app_open(&app, argc > 1 ? argv[1] : ".", 0, &err) < 0)
		return cli_fail(&err);
	rc = export(&app, argv[0], json, &err);
	app_close(&app);
	return rc < 0 ? cli_fail(&err) : CLI_OK;
}
