/*
 * rmail person show|export|erase ADDRESS [FOLDER]
 * `show` says how a person stands, `export` gives all that is stored of them
 * as JSON, `erase --yes` leaves no more of them than a number.
 */
#include <stdio.h>
#include <string.h>

#include "cli/cli_int.h"
#include "model/address.h"

enum {
	EXPORT_BYTES = 64 << 20
};

static int
find(struct app *app, const char *word, struct person *p, struct err *err)
{
	struct span address;
	int rc;

	if (!address_parse(&app->run, span_of(word), &address))
		return err_exit(err, ERR_ITEM, CLI_USAGE,
		    "person: %s is no mail address, such as ann@example.com",
		    word);
	rc = person_find_key(
	    app->store, &app->run, address_key(&app->run, address), p, err);
	if (rc == 0)
		return err_exit(err, ERR_ITEM, CLI_NO_INPUT,
		    "person: nobody here has the address %s", word);
	return rc < 0 ? -1 : 0;
}

/* --- show ------------------------------------------------------------------ */

static void
line(const char *name, struct span text)
{
	if (text.n > 0 && !span_is(text, "-"))
		printf("%-13s %.*s\n", name, (int)text.n, text.p);
}

static struct span
roles(const struct person *p)
{
	if (p->mentor && p->mentee)
		return SPAN("mentor and mentee");
	return p->mentor   ? SPAN("mentor")
	       : p->mentee ? SPAN("mentee")
			   : SPAN("");
}

static void
show_fields(struct app *app, const struct person *p)
{
	line("address", p->address);
	line("name", p->name);
	line("state", span_of(person_state_name(p->state)));
	line("role", roles(p));
	line("level", p->level
			  ? arena_spanf(&app->item, "%lld", (long long)p->level)
			  : SPAN(""));
	line("department", p->department);
	line("location", p->location);
	line("manager", p->manager_key);
	line("zone", p->zone);
	line("locale", p->locale);
	line("assistant", p->assistant);
	line("capacity",
	    arena_spanf(&app->item, "%lld", (long long)p->capacity));
	line("invited", show_time(app, p->invited_unix));
	line("joined", show_time(app, p->joined_unix));
	line("enrolled", show_time(app, p->ready_unix));
	line("matched", show_time(app, p->matched_unix));
	line("left", show_time(app, p->left_unix));
	line("paused until", show_time(app, p->paused_until_unix));
	line("away until", show_time(app, p->away_until_unix));
	line("bad address", show_time(app, p->bad_address_unix));
	line("last heard", show_time(app, p->last_heard_unix));
	line("due", show_time(app, p->due_unix));
}

static int
show_pairs(struct app *app, const struct person *p, struct err *err)
{
	struct pair *list;
	struct sheet g;
	size_t n;

	if (pairs(app->store, &app->item, PAIRS_OF, &list, &n, err, p->id) < 0)
		return -1;
	if (n > 0)
		show_heading("Pairs");
	sheet_init(&g, &app->item, ">pair|partner|state|since|ended|why");
	for (size_t i = 0; i < n; i++) {
		sheet_int(&g, list[i].id);
		sheet_add(&g, show_person(app, list[i].mentor_id == p->id
						   ? list[i].mentee_id
						   : list[i].mentor_id));
		sheet_addz(&g, pair_state_name(list[i].state));
		sheet_add(&g, show_time(app, list[i].begun_unix));
		sheet_add(&g, show_time(app, list[i].ended_unix));
		sheet_add(&g, list[i].ended_why);
	}
	sheet_print(&g);
	return 0;
}

static int
show_forms(struct app *app, const struct person *p, struct err *err)
{
	struct sent_form *list;
	struct sheet g;
	size_t n;

	if (forms(app->store, &app->item, FORMS_OF, &list, &n, err, p->id) < 0)
		return -1;
	if (n > 0)
		show_heading("Surveys");
	sheet_init(
	    &g, &app->item, ">form|survey|state|sent|answered|>reminded");
	for (size_t i = 0; i < n; i++) {
		sheet_int(&g, list[i].id);
		sheet_add(&g, list[i].survey);
		sheet_addz(&g, form_state_name(list[i].state));
		sheet_add(&g, show_time(app, list[i].sent_unix));
		sheet_add(&g, show_time(app, list[i].answered_unix));
		sheet_int(&g, list[i].reminded);
	}
	sheet_print(&g);
	return 0;
}

static int
show(struct app *app, const struct person *p, struct err *err)
{
	struct rows aliases;

	if (store_rows(
		app->store, &app->item, ALIASES, &aliases, err, "i", p->id) < 0)
		return -1;
	show_fields(app, p);
	for (size_t r = 0; r < aliases.n; r++)
		line("also", cell(&aliases, r, 0)->t);
	if (show_pairs(app, p, err) < 0)
		return -1;
	return show_forms(app, p, err);
}

/* --- export, erase ---------------------------------------------------------- */

static int export(struct app *app, const struct person *p, struct err *err)
{
	struct str out;

	str_init(&out, &app->item, EXPORT_BYTES);
	if (person_export(app, p, &out, err) < 0)
		return -1;
	show_span(span_rtrim(str_span(&out)));
	putchar('\n');
	return 0;
}

static int
erase(struct app *app, struct person *p, struct err *err)
{
	if (store_begin(app->store, err) < 0)
		return -1;
	if (person_erase(app, p, err) < 0) {
		store_rollback(app->store);
		return -1;
	}
	if (store_commit(app->store, err) < 0)
		return -1;
	/* Deleted bytes stay in a database file until it is written anew. */
	return store_vacuum(app->store, err);
}

static int
erase_asked(struct app *app, struct person *p, bool yes, struct err *err)
{
	int64_t id = p->id;

	if (p->state == PERSON_ERASED)
		return err_exit(
		    err, ERR_ITEM, CLI_DATA, "person: this one is erased");
	if (!yes)
		return err_exit(err, ERR_ITEM, CLI_USAGE,
		    "person: this cannot be undone: pairs end, sessions are "
		    "cancelled, answers and mails are deleted; to do it, add "
		    "--yes");
	if (erase(app, p, err) < 0)
		return -1;
	printf("erased; person %lld is a number now. A last mail tells them "
	       "with the next run, and is then erased too. Old backups still "
	       "hold them.\n",
	    (long long)id);
	return 0;
}

int
cli_person(int argc, char **argv)
{
	int64_t now = 0;
	bool yes = false;
	const struct cli_option options[] = {
	    {"--yes", CLI_FLAG, &yes}, {"--now", CLI_TIME, &now}};
	const char *verb, *dir;
	struct person p;
	struct app app;
	struct err err = {0};
	int rc;

	if (cli_options("person", &argc, argv, options, 2) < 0)
		return CLI_USAGE;
	verb = argc > 0 ? argv[0] : "";
	if (argc < 2 || argc > 3 ||
	    (strcmp(verb, "show") != 0 && strcmp(verb, "export") != 0 &&
		strcmp(verb, "erase") != 0))
		return cli_say(CLI_USAGE,
		    "usage: rmail person show|export|erase ADDRESS [--yes] "
		    "[FOLDER]");
	dir = argc > 2 ? argv[2] : ".";
	if ((yes && cli_lock(dir, &err) < 0) ||
	    app_open(&app, dir, now, &err) < 0)
		return cli_fail(&err);
	rc = find(&app, argv[1], &p, &err);
	if (rc == 0 && strcmp(verb, "show") == 0)
		rc = show(&app, &p, &err);
	else if (rc == 0 && strcmp(verb, "export") == 0)
		rc = export(&app, &p, &err);
	else if (rc == 0)
		rc = erase_asked(&app, &p, yes, &err);
	app_close(&app);
	return rc < 0 ? cli_fail(&err) : CLI_OK;
}
