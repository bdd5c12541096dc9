/*
 * rmail why MESSAGE-ID|ADDRESS [--json] [FOLDER]
 * A mail: what caused it, back to the first mail or the clock, and what it
 * caused.  A person: all that happened to them, in order of time.  No mail
 * text and no answer is shown.
 */
#include <stdio.h>
#include <stdlib.h>

#include "base/vec.h"
#include "cli/cli_int.h"
#include "model/address.h"

enum {
	CHAIN_MOST = 100
};

enum side {
	SIDE_IN,
	SIDE_CHANGE,
	SIDE_OUT
};

/* One thing that happened. */
struct event {
	int64_t at_unix;
	enum side side;
	int64_t id; /* of the mail; CHANGE: of its subject */
	int64_t by; /* the mail that caused it, 0 = the clock or an operator */
	struct span what, detail;
	size_t order; /* as found */
};

struct why {
	struct app *app;
	struct arena *arena;
	struct event *events;
	size_t n;
};

static void
add(struct why *w, struct event e)
{
	e.order = w->n;
	vec_room(w->arena, &w->events, w->n, sizeof(*w->events));
	w->events[w->n++] = e;
}

static void
add_inbox(struct why *w, const struct inbox *m)
{
	add(w,
	    (struct event){
		.at_unix = m->handled_unix ? m->handled_unix : m->arrived_unix,
		.side = SIDE_IN,
		.id = m->id,
		.what = arena_spanf(w->arena, "%.*s from %.*s", (int)m->kind.n,
		    m->kind.p, (int)m->sender.n, m->sender.p),
		.detail = arena_spanf(w->arena, "%s%s%.*s",
		    disposition_name(m->state), m->reason.n ? ": " : "",
		    (int)m->reason.n, m->reason.p)});
}

/* Columns of CHANGES_OF, CHANGES_BY, CHANGES_AT. */
static void
add_changes(struct why *w, const struct rows *rows)
{
	for (size_t r = 0; r < rows->n; r++) {
		struct span subject = cell(rows, r, 2)->t;
		struct span event = cell(rows, r, 4)->t;
		struct span was = cell(rows, r, 5)->t;
		struct span became = cell(rows, r, 6)->t;

		add(w, (struct event){.at_unix = cell(rows, r, 0)->i,
			   .side = SIDE_CHANGE,
			   .id = cell(rows, r, 3)->i,
			   .by = cell(rows, r, 1)->i,
			   .what = arena_spanf(w->arena, "%.*s %lld: %.*s",
			       (int)subject.n, subject.p,
			       (long long)cell(rows, r, 3)->i, (int)event.n,
			       event.p),
			   .detail = span_eq(was, became)
					 ? arena_spanf(w->arena, "still %.*s",
					       (int)became.n, became.p)
					 : arena_spanf(w->arena, "%.*s > %.*s",
					       (int)was.n, was.p, (int)became.n,
					       became.p)});
	}
}

static struct span
sent_text(struct why *w, struct span state, int64_t sent)
{
	struct span when = show_time(w->app, sent);

	if (sent == 0)
		return state;
	return arena_spanf(
	    w->arena, "%.*s %.*s", (int)state.n, state.p, (int)when.n, when.p);
}

/* --- a person ------------------------------------------------------------- */

static int
changes_of(struct why *w, const char *subject, int64_t id, struct err *err)
{
	struct rows rows;

	if (store_rows(w->app->store, w->arena, CHANGES_OF, &rows, err, "ti",
		span_of(subject), id) < 0)
		return -1;
	add_changes(w, &rows);
	return 0;
}

static int
pair_changes(struct why *w, const struct pair *p, struct err *err)
{
	struct session *list;
	size_t n;

	if (changes_of(w, "pair", p->id, err) < 0 ||
	    sessions(w->app->store, w->arena, SESSIONS_OF, &list, &n, err,
		p->id) < 0)
		return -1;
	for (size_t i = 0; i < n; i++)
		if (changes_of(w, "session", list[i].id, err) < 0)
			return -1;
	return 0;
}

static int
person_changes(struct why *w, int64_t id, struct err *err)
{
	struct sent_form *list;
	struct pair *of;
	size_t n;

	if (changes_of(w, "person", id, err) < 0 ||
	    forms(w->app->store, w->arena, FORMS_OF, &list, &n, err, id) < 0)
		return -1;
	for (size_t i = 0; i < n; i++)
		if (changes_of(w, "form", list[i].id, err) < 0)
			return -1;
	if (pairs(w->app->store, w->arena, PAIRS_OF, &of, &n, err, id) < 0)
		return -1;
	for (size_t i = 0; i < n; i++)
		if (pair_changes(w, &of[i], err) < 0)
			return -1;
	return 0;
}

static int
person_mails(struct why *w, int64_t id, struct err *err)
{
	struct rows rows;

	if (store_rows(w->app->store, w->arena, INBOX_OF, &rows, err, "i", id) <
	    0)
		return -1;
	for (size_t r = 0; r < rows.n; r++) {
		struct inbox m;

		if (inbox_find(w->app->store, w->arena, cell(&rows, r, 0)->i,
			&m, err) < 0)
			return -1;
		add_inbox(w, &m);
	}
	if (store_rows(
		w->app->store, w->arena, OUTBOX_OF, &rows, err, "i", id) < 0)
		return -1;
	for (size_t r = 0; r < rows.n; r++)
		add(w, (struct event){.at_unix = cell(&rows, r, 5)->i,
			   .side = SIDE_OUT,
			   .id = cell(&rows, r, 0)->i,
			   .by = cell(&rows, r, 7)->i,
			   .what = cell(&rows, r, 2)->t,
			   .detail = sent_text(
			       w, cell(&rows, r, 4)->t, cell(&rows, r, 6)->i)});
	return 0;
}

static int
by_time(const void *a, const void *b)
{
	const struct event *x = a, *y = b;

	if (x->at_unix != y->at_unix)
		return x->at_unix < y->at_unix ? -1 : 1;
	if (x->side != y->side)
		return x->side < y->side ? -1 : 1;
	return x->order < y->order ? -1 : 1;
}

/* --- a mail --------------------------------------------------------------- */

struct out_mail {
	int64_t id, person_id, thread_id, session_id, inbox_id, created_unix;
};

static int
out_find(
    struct why *w, struct span message_id, struct out_mail *m, struct err *err)
{
	struct rows rows;
	struct span to, answer;

	if (store_rows(w->app->store, w->arena, OUTBOX_WHY, &rows, err, "t",
		message_id) < 0)
		return -1;
	if (rows.n == 0)
		return 0;
	*m = (struct out_mail){.id = cell(&rows, 0, 0)->i,
	    .person_id = cell(&rows, 0, 1)->i,
	    .thread_id = cell(&rows, 0, 4)->i,
	    .session_id = cell(&rows, 0, 5)->i,
	    .inbox_id = cell(&rows, 0, 6)->i,
	    .created_unix = cell(&rows, 0, 8)->i};
	to = cell(&rows, 0, 2)->t;
	answer = cell(&rows, 0, 12)->t;
	add(w,
	    (struct event){.at_unix = m->created_unix,
		.side = SIDE_OUT,
		.id = m->id,
		.by = m->inbox_id,
		.what = arena_spanf(w->arena, "%.*s to %.*s",
		    (int)cell(&rows, 0, 3)->t.n, cell(&rows, 0, 3)->t.p,
		    (int)to.n, to.p),
		.detail = arena_spanf(w->arena, "%.*s%s%.*s",
		    (int)sent_text(
			w, cell(&rows, 0, 7)->t, cell(&rows, 0, 9)->i)
			.n,
		    sent_text(w, cell(&rows, 0, 7)->t, cell(&rows, 0, 9)->i).p,
		    answer.n ? ": " : "", (int)answer.n, answer.p)});
	return 1;
}

/* Is this change about what the mail is about? */
static bool
concerns(const struct out_mail *m, const struct thread *t, struct span subject,
    int64_t id)
{
	if (span_is(subject, "person"))
		return id == m->person_id;
	if (span_is(subject, "session") && m->session_id != 0)
		return id == m->session_id;
	if (span_is(subject, "programme"))
		return m->person_id == 0;
	return t->id != 0 && span_is(subject, thread_kind_name(t->kind)) &&
	       id == t->object_id;
}

/* By the clock: what changed at that moment for the same thing. */
static int
clock_changes(struct why *w, const struct out_mail *m, const struct thread *t,
    struct err *err)
{
	struct rows rows, one;

	if (store_rows(w->app->store, w->arena, CHANGES_AT, &rows, err, "i",
		m->created_unix) < 0)
		return -1;
	for (size_t r = 0; r < rows.n; r++) {
		if (!concerns(m, t, cell(&rows, r, 2)->t, cell(&rows, r, 3)->i))
			continue;
		one = rows;
		one.cells = &rows.cells[r * rows.columns];
		one.n = 1;
		add_changes(w, &one);
	}
	return 0;
}

/* What a mail that came in brought about: changes, then mails. */
static int
effects(struct why *w, int64_t inbox_id, struct err *err)
{
	struct rows rows;

	if (store_rows(w->app->store, w->arena, CHANGES_BY, &rows, err, "i",
		inbox_id) < 0)
		return -1;
	add_changes(w, &rows);
	if (store_rows(w->app->store, w->arena, OUTBOX_OF_INBOX, &rows, err,
		"i", inbox_id) < 0)
		return -1;
	for (size_t r = 0; r < rows.n; r++)
		add(w,
		    (struct event){.at_unix = cell(&rows, r, 6)->i,
			.side = SIDE_OUT,
			.id = cell(&rows, r, 0)->i,
			.by = inbox_id,
			.what = arena_spanf(w->arena, "%.*s to %.*s",
			    (int)cell(&rows, r, 2)->t.n, cell(&rows, r, 2)->t.p,
			    (int)cell(&rows, r, 3)->t.n,
			    cell(&rows, r, 3)->t.p),
			.detail = sent_text(
			    w, cell(&rows, r, 5)->t, cell(&rows, r, 7)->i)});
	return 0;
}

static bool
seen(const struct why *w, enum side side, int64_t id)
{
	for (size_t i = 0; i < w->n; i++)
		if (w->events[i].side == side && w->events[i].id == id)
			return true;
	return false;
}

/* The first mail of the conversation, of which this one is a part. */
static int
root_of(struct why *w, int64_t thread_id, struct thread *t, struct err *err)
{
	*t = (struct thread){0};
	if (thread_id == 0)
		return 0;
	return thread_find(w->app->store, w->arena, thread_id, t, err) < 0 ? -1
									   : 0;
}

/*
 * Back from one mail to the next: a mail that went out was caused by one that
 * came in, or by the clock; one that came in answers a conversation, which
 * its first mail began.
 */
static int
chain(struct why *w, struct span message_id, int64_t inbox_id, struct err *err)
{
	for (int i = 0; i < CHAIN_MOST; i++) {
		struct out_mail m;
		struct inbox in;
		struct thread t;
		int rc;

		if (inbox_id == 0) {
			rc = out_find(w, message_id, &m, err);
			if (rc <= 0)
				return rc;
			if (root_of(w, m.thread_id, &t, err) < 0)
				return -1;
			if (m.inbox_id == 0)
				return clock_changes(w, &m, &t, err);
			inbox_id = m.inbox_id;
		}
		if (seen(w, SIDE_IN, inbox_id))
			return 0;
		rc = inbox_find(w->app->store, w->arena, inbox_id, &in, err);
		if (rc <= 0)
			return rc;
		add_inbox(w, &in);
		if (root_of(w, in.thread_id, &t, err) < 0)
			return -1;
		if (t.root.n == 0)
			return 0;
		message_id = t.root;
		inbox_id = 0;
	}
	return 0;
}

static int
mail_events(struct why *w, struct span message_id, struct err *err)
{
	struct rows rows;

	if (chain(w, message_id, 0, err) < 0 ||
	    store_rows(w->app->store, w->arena, INBOX_BY_MESSAGE, &rows, err,
		"t", message_id) < 0)
		return -1;
	for (size_t r = 0; r < rows.n; r++) {
		int64_t id = cell(&rows, r, 0)->i;

		if (chain(w, SPAN(""), id, err) < 0 || effects(w, id, err) < 0)
			return -1;
	}
	return w->n > 0;
}

/* --- the whole ------------------------------------------------------------- */

static const char *const side_names[] = {"in", "change", "out"};

static void
print_events(struct why *w)
{
	struct sheet g;

	sheet_init(&g, w->arena, "when|mail|what|and then|because of");
	for (size_t i = 0; i < w->n; i++) {
		const struct event *e = &w->events[i];

		sheet_add(&g, show_time(w->app, e->at_unix));
		sheet_add(&g, e->side == SIDE_CHANGE
				  ? SPAN("")
				  : arena_spanf(w->arena, "%s %lld",
					side_names[e->side], (long long)e->id));
		sheet_add(&g, e->what);
		sheet_add(&g, e->detail);
		sheet_add(&g, e->by != 0 ? arena_spanf(w->arena, "in %lld",
					       (long long)e->by)
			      : e->side == SIDE_IN ? SPAN("")
						   : SPAN("the clock"));
	}
	sheet_print(&g);
}

static void
json_events(struct why *w)
{
	struct arena *a = w->arena;
	struct value *list = value_list(a);

	for (size_t i = 0; i < w->n; i++) {
		const struct event *e = &w->events[i];
		struct value *v = value_push(a, list, value_object(a));

		json_time(a, v, "at", e->at_unix);
		value_set_textz(a, v, "side", side_names[e->side]);
		value_set_int(a, v, "number", e->id);
		value_set_text(a, v, "what", e->what);
		value_set_text(a, v, "detail", e->detail);
		value_set(a, v, "because-of-mail",
		    e->by ? value_int(a, e->by) : value_null(a));
	}
	show_json(a, list);
}

/* 1 found, 0 not there, -1. */
static int
find(struct why *w, struct span word, struct err *err)
{
	struct person p;
	struct span address;
	int rc = 0;

	if (word.n > 1 && word.p[0] == '<' && word.p[word.n - 1] == '>')
		word = span_sub(word, 1, word.n - 1);
	if (address_parse(w->arena, word, &address))
		rc = person_find_key(w->app->store, w->arena,
		    address_key(w->arena, address), &p, err);
	if (rc < 0)
		return -1;
	if (rc == 0)
		return mail_events(w, word, err);
	if (person_mails(w, p.id, err) < 0 || person_changes(w, p.id, err) < 0)
		return -1;
	return 1;
}

int
cli_why(int argc, char **argv)
{
	bool json = false;
	const struct cli_option options[] = {{"--json", CLI_FLAG, &json}};
	struct app app;
	struct why w = {.app = &app, .arena = &app.item};
	struct err err = {0};
	int rc;

	if (cli_options("why", &argc, argv, options, 1) < 0)
		return CLI_USAGE;
	if (argc < 1 || argc > 2)
		return cli_say(CLI_USAGE,
		    "usage: rmail why MESSAGE-ID|ADDRESS [--json] [FOLDER]");
	if (app_open(&app, argc > 1 ? argv[1] : ".", 0, &err) < 0)
		return cli_fail(&err);
	rc = find(&w, span_of(argv[0]), &err);
	if (w.n > 1)
		qsort(w.events, w.n, sizeof(*w.events), by_time);
	if (rc > 0 && json)
		json_events(&w);
	else if (rc > 0)
		print_events(&w);
	app_close(&app);
	if (rc == 0)
		return cli_say(CLI_NO_INPUT,
		    "why: no person has this address, and no mail this "
		    "Message-ID: %s",
		    argv[0]);
	return rc < 0 ? cli_fail(&err) : CLI_OK;
}
