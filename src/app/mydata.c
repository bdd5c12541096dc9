/* My data: all that is stored of a person, as JSON. */
#include "app/app.h"

#include <string.h>

#include "base/str.h"

static void
set_time(struct app *app, struct value *v, const char *name, int64_t unix_time)
{
	if (unix_time != 0)
		value_set_text(&app->item, v, name,
		    civil_write_instant(&app->item, unix_time));
}

static bool
is_instant(const char *name)
{
	static const char *const names[] = {
	    "at", "created", "sent", "arrived", "fetched"};

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (strcmp(name, names[i]) == 0)
			return true;
	return false;
}

static void
export_rows(struct app *app, const struct rows *rows, const char *const *names,
    struct value *list)
{
	for (size_t r = 0; r < rows->n; r++) {
		struct value *item =
		    value_push(&app->item, list, value_object(&app->item));

		for (size_t c = 0; c < rows->columns; c++) {
			const struct cell *x = cell(rows, r, c);

			if (names[c] == NULL)
				continue;
			if (is_instant(names[c]))
				set_time(app, item, names[c], x->i);
			else if (x->t.p == NULL)
				value_set_int(&app->item, item, names[c], x->i);
			else
				value_set_text(
				    &app->item, item, names[c], x->t);
		}
	}
}

static void
export_person(struct app *app, const struct person *p, struct value *v)
{
	struct arena *a = &app->item;

	value_set_text(a, v, "address", p->address);
	value_set_text(a, v, "name", p->name);
	value_set_textz(a, v, "state", person_state_name(p->state));
	value_set_bool(a, v, "mentor", p->mentor);
	value_set_bool(a, v, "mentee", p->mentee);
	value_set_int(a, v, "level", p->level);
	value_set_int(a, v, "capacity", p->capacity);
	value_set_text(a, v, "department", p->department);
	value_set_text(a, v, "location", p->location);
	value_set_text(a, v, "manager", p->manager_key);
	value_set_text(a, v, "group", p->group);
	value_set_text(a, v, "zone", p->zone);
	value_set_text(a, v, "locale", p->locale);
	value_set_text(a, v, "assistant", p->assistant);
	value_set_int(a, v, "rounds-without-a-partner", p->left_out);
	set_time(app, v, "created", p->created_unix);
	set_time(app, v, "invited", p->invited_unix);
	set_time(app, v, "joined", p->joined_unix);
	set_time(app, v, "enrolled", p->ready_unix);
	set_time(app, v, "matched", p->matched_unix);
	set_time(app, v, "left", p->left_unix);
	set_time(app, v, "left-the-organisation", p->left_company_unix);
	set_time(app, v, "paused-until", p->paused_until_unix);
	set_time(app, v, "away-until", p->away_until_unix);
	set_time(app, v, "last-heard-of", p->last_heard_unix);
}

/* What their calendar said of a session. */
static int
export_session(struct app *app, const struct person *p, const struct session *s,
    struct value *list, struct err *err)
{
	struct value *v =
	    value_push(&app->item, list, value_object(&app->item));
	struct attendee *people;
	size_t n;

	if (attendees(app->store, &app->item, s->id, &people, &n, err) < 0)
		return -1;
	value_set_int(&app->item, v, "number", s->number);
	value_set_textz(&app->item, v, "state", session_state_name(s->state));
	set_time(app, v, "start", s->start_unix);
	set_time(app, v, "end", s->end_unix);
	for (size_t i = 0; i < n; i++) {
		if (people[i].person_id != p->id)
			continue;
		value_set_textz(&app->item, v, "your-answer",
		    partstat_name(people[i].partstat));
		value_set_text(&app->item, v, "your-note", people[i].note);
	}
	return 0;
}

static int
export_pair(struct app *app, const struct person *p, const struct pair *pair,
    struct value *list, struct err *err)
{
	struct value *v =
	    value_push(&app->item, list, value_object(&app->item));
	bool mentor = pair->mentor_id == p->id;
	struct person partner;
	struct session *met;
	struct value *sessions_list;
	size_t n;
	int rc = person_find(app->store, &app->item,
	    mentor ? pair->mentee_id : pair->mentor_id, &partner, err);

	if (rc < 0 || sessions(app->store, &app->item, SESSIONS_OF, &met, &n,
			  err, pair->id) < 0)
		return -1;
	value_set_int(&app->item, v, "number", pair->id);
	value_set_textz(
	    &app->item, v, "your-role", mentor ? "mentor" : "mentee");
	if (rc > 0)
		value_set_text(&app->item, v, "partner", partner.name);
	value_set_textz(&app->item, v, "state", pair_state_name(pair->state));
	set_time(app, v, "begun", pair->begun_unix);
	set_time(app, v, "you-agreed",
	    mentor ? pair->mentor_agreed_unix : pair->mentee_agreed_unix);
	set_time(app, v, "ended", pair->ended_unix);
	sessions_list =
	    value_set(&app->item, v, "sessions", value_list(&app->item));
	for (size_t i = 0; i < n; i++)
		if (export_session(app, p, &met[i], sessions_list, err) < 0)
			return -1;
	return 0;
}

static int
export_pairs(
    struct app *app, const struct person *p, struct value *v, struct err *err)
{
	struct value *list =
	    value_set(&app->item, v, "pairs", value_list(&app->item));
	struct pair *all;
	size_t n;

	if (pairs(app->store, &app->item, PAIRS_OF, &all, &n, err, p->id) < 0)
		return -1;
	for (size_t i = 0; i < n; i++)
		if (export_pair(app, p, &all[i], list, err) < 0)
			return -1;
	return 0;
}

static int
export_query(struct app *app, enum query q, const struct person *p,
    const char *const *columns, const char *name, struct value *v,
    struct err *err)
{
	struct rows rows;

	if (store_rows(app->store, &app->item, q, &rows, err, "i", p->id) < 0)
		return -1;
	export_rows(app, &rows, columns,
	    value_set(&app->item, v, name, value_list(&app->item)));
	return 0;
}

int
person_export(
    struct app *app, const struct person *p, struct str *out, struct err *err)
{
	static const char *const answers[] = {"survey", "question", "pair",
	    "session", "type", "who-sees-it", "value", "as-written", "at"};
	static const char *const mails[] = {NULL, "message-id", "template",
	    "subject", "state", "created", "sent", NULL};
	static const char *const aliases[] = {
	    "address", "learned-from-a-calendar"};
	static const char *const written[] = {
	    "arrived", "message-id", "from", "subject", "state", "reason"};
	static const char *const changes[] = {"at", "event", "was", "became"};
	static const char *const notes[] = {"at", "kind", "text"};
	static const char *const feeds[] = {"address", "fetched"};
	struct value *v = value_object(&app->item);

	export_person(app, p, v);
	if (export_query(app, ALIASES, p, aliases, "other-addresses", v, err) <
		0 ||
	    export_query(app, ANSWERS_OF, p, answers, "answers", v, err) < 0 ||
	    export_pairs(app, p, v, err) < 0 ||
	    export_query(app, FEED_DATA, p, feeds, "calendars", v, err) < 0 ||
	    export_query(app, OUTBOX_OF, p, mails, "mails", v, err) < 0 ||
	    export_query(
		app, INBOX_DATA, p, written, "mails-you-wrote", v, err) < 0 ||
	    export_query(app, NOTES_DATA, p, notes, "notes", v, err) < 0 ||
	    export_query(app, CHANGES_DATA, p, changes, "changes", v, err) < 0)
		return -1;
	value_write_json_pretty(v, out);
	str_addc(out, '\n');
	return 0;
}
