/*
 * What must be true of the stored rows after every run, whatever happened
 * before it.
 */
#ifndef TESTS_SIM_CHECK_H
#define TESTS_SIM_CHECK_H

#include <string.h>

#include "base/limits.h"
#include "flow/flow.h"
#include "model/address.h"
#include "store/records.h"
#include "store/store.h"

struct table {
	struct rows rows; /* row 0 holds the names */
};

static inline struct table
table_load(struct store *s, struct arena *a, const char *name)
{
	struct table t = {0};
	struct err err = {0};

	if (store_table(s, a, span_of(name), &t.rows, &err) < 0)
		t.rows.n = 0;
	return t;
}

static inline const struct cell *
table_at(const struct table *t, size_t row, const char *name)
{
	for (size_t c = 0; c < t->rows.columns; c++)
		if (span_is(cell(&t->rows, 0, c)->t, name))
			return cell(&t->rows, row, c);
	return NULL;
}

static inline struct span
table_text(const struct table *t, size_t row, const char *name)
{
	return table_at(t, row, name)->t;
}

static inline int64_t
table_int(const struct table *t, size_t row, const char *name)
{
	return table_at(t, row, name)->i;
}

/* The row whose id that is, 0 none. */
static inline size_t
table_find(const struct table *t, int64_t id)
{
	for (size_t r = 1; r < t->rows.n; r++)
		if (table_int(t, r, "id") == id)
			return r;
	return 0;
}

static const char *
at_row(struct arena *a, const char *what, int64_t id, const char *wrong)
{
	return wrong == NULL
		   ? NULL
		   : arena_printf(a, "%s %lld: %s", what, (long long)id, wrong);
}

/* --- records --------------------------------------------------------------- */

static const char *
check_sessions(struct arena *a, const struct session *list, size_t n)
{
	const char *wrong = NULL;

	for (size_t i = 0; i < n && wrong == NULL; i++) {
		wrong =
		    at_row(a, "session", list[i].id, session_check(&list[i]));
		for (size_t j = 0; j < i && wrong == NULL; j++)
			if (list[i].pair_id != 0 &&
			    list[i].pair_id == list[j].pair_id &&
			    list[i].state < SESSION_OVER &&
			    list[j].state < SESSION_OVER)
				wrong = at_row(a, "session", list[i].id,
				    "is planned beside another of its pair");
	}
	return wrong;
}

/* Sessions are planned for two people who are there. */
static const char *
check_both_there(
    struct arena *a, const struct pair *p, const struct person *list, size_t n)
{
	for (size_t i = 0; i < n && p->state <= PAIR_ACTIVE; i++)
		if ((list[i].id == p->mentor_id ||
			list[i].id == p->mentee_id) &&
		    list[i].state != PERSON_READY)
			return at_row(
			    a, "pair", p->id, "goes on without one of the two");
	return NULL;
}

/* A paused or ended pair has no session in the future. */
static const char *
check_pairs(struct arena *a, const struct pair *list, size_t n,
    const struct session *sessions_list, size_t sessions_n)
{
	for (size_t i = 0; i < n; i++) {
		const char *wrong =
		    at_row(a, "pair", list[i].id, pair_check(&list[i]));

		if (wrong != NULL)
			return wrong;
		for (size_t j = 0; j < sessions_n; j++)
			if (sessions_list[j].pair_id == list[i].id &&
			    sessions_list[j].state < SESSION_OVER &&
			    list[i].state != PAIR_ACTIVE)
				return at_row(a, "pair", list[i].id,
				    "is not active and has a session to come");
	}
	return NULL;
}

static const char *
check_records(struct store *s, struct arena *a)
{
	struct person *people = NULL;
	struct pair *pair_list = NULL;
	struct session *session_list = NULL;
	struct sent_form *form_list = NULL;
	size_t people_n = 0, pairs_n = 0, sessions_n = 0, forms_n = 0;
	struct err err = {0};
	const char *wrong = NULL;

	if (persons(s, a, PERSONS_ALL, &people, &people_n, &err, 0) < 0 ||
	    pairs(s, a, PAIRS_ALL, &pair_list, &pairs_n, &err, 0) < 0 ||
	    sessions(s, a, SESSIONS_ALL, &session_list, &sessions_n, &err, 0) <
		0)
		return arena_printf(a, "%s", err.text);
	for (size_t i = 0; i < people_n && wrong == NULL; i++) {
		wrong =
		    at_row(a, "person", people[i].id, person_check(&people[i]));
		if (forms(s, a, FORMS_OF, &form_list, &forms_n, &err,
			people[i].id) < 0)
			return arena_printf(a, "%s", err.text);
		for (size_t f = 0; f < forms_n && wrong == NULL; f++)
			wrong = at_row(a, "form", form_list[f].id,
			    form_check(&form_list[f]));
	}
	if (wrong == NULL)
		wrong = check_sessions(a, session_list, sessions_n);
	for (size_t i = 0; i < pairs_n && wrong == NULL; i++)
		wrong = check_both_there(a, &pair_list[i], people, people_n);
	if (wrong == NULL)
		wrong = check_pairs(
		    a, pair_list, pairs_n, session_list, sessions_n);
	return wrong;
}

/* --- mails ----------------------------------------------------------------- */

static bool
is_known(struct store *s, struct arena *a, struct span address)
{
	/* Lead and sponsor of the stories and of the sample. */
	static const char *const office[] = {
	    "hanna@example.com", "sam@example.com", "hanna.lead@example.com"};
	struct span key = address_key(a, address);
	struct person p;
	struct err err = {0};

	for (size_t i = 0; i < sizeof(office) / sizeof(*office); i++)
		if (span_is(address, office[i]))
			return true;
	return person_find_key(s, a, key, &p, &err) > 0 ||
	       person_find_assistant(s, a, key, &p, &err) > 0;
}

/*
 * Every mail goes to somebody of the programme; the exceptions are asked
 * for: a new address that must prove itself, help for a stranger, and the
 * goodbye to those who are forgotten.
 */
static const char *
check_recipient(
    struct store *s, struct arena *a, const struct table *out, size_t r)
{
	static const char *const asked[] = {"confirm", "stranger", "forgotten"};
	struct span to = table_text(out, r, "recipient");
	struct span template = table_text(out, r, "template");

	for (size_t i = 0; i < sizeof(asked) / sizeof(*asked); i++)
		if (span_is(template, asked[i]))
			return NULL;
	if (to.n == 0 || is_known(s, a, to))
		return NULL;
	return at_row(
	    a, "mail", table_int(out, r, "id"), "goes to nobody we know");
}

static const char *
check_outbox(struct store *s, struct arena *a)
{
	struct table out = table_load(s, a, "outbox");
	struct table in = table_load(s, a, "inbox");
	struct table bytes = table_load(s, a, "mail_out");
	size_t kept = 0;

	for (size_t r = 1; r < out.rows.n; r++)
		kept += table_int(&out, r, "size") > 0;
	if (bytes.rows.n != kept + 1)
		return "a forgotten mail is there, or one that is not is gone";
	for (size_t r = 1; r < out.rows.n; r++) {
		int64_t id = table_int(&out, r, "id");
		int64_t cause = table_int(&out, r, "inbox_id");
		const char *wrong = check_recipient(s, a, &out, r);
		struct span kind;

		if (wrong != NULL)
			return wrong;
		if (span_is(table_text(&out, r, "state"), "claimed"))
			return at_row(a, "mail", id, "is still being sent");
		if (cause == 0)
			continue;
		kind = table_text(&in, table_find(&in, cause), "kind");
		if (!span_is(kind, "human") && !span_is(kind, "calendar"))
			return at_row(a, "mail", id, "answers a machine");
	}
	/*
	 * One that kills its reader waits for its next try, three times; one
	 * that was held and is released waits for the next run.
	 */
	for (size_t r = 1; r < in.rows.n; r++)
		if (span_is(table_text(&in, r, "state"), "new") &&
		    table_int(&in, r, "handled") == 0 &&
		    (table_int(&in, r, "attempts") == 0 ||
			table_int(&in, r, "attempts") > LIMIT_ATTEMPTS))
			return at_row(a, "inbox", table_int(&in, r, "id"),
			    "a mail without an end");
	return NULL;
}

/* Does the mail take a time out of the calendar?  An offer of others may. */
static bool
cancels(struct store *s, struct arena *a, const struct table *out, size_t r)
{
	struct span t = table_text(out, r, "template"), mail;
	struct rows rows;
	struct err err = {0};

	if (span_is(t, "cancelled"))
		return true;
	if (!span_is(t, "options") && !span_is(t, "ask-times"))
		return false;
	/* Later its bytes are wiped; it was looked at while they were there. */
	if (store_rows(s, a, OUTBOX_MAIL, &rows, &err, "i",
		table_int(out, r, "id")) < 0 ||
	    rows.n == 0)
		return true;
	return store_unpack(s, a, cell(&rows, 0, 3)->t,
		   (size_t)cell(&rows, 0, 2)->i, &mail, &err) == 0 &&
	       span_has(mail, "method=CANCEL");
}

/* The newest mail with an invite of that session to that address, 0 none. */
static size_t
last_invite(struct store *s, struct arena *a, const struct table *out,
    int64_t session_id, struct span to)
{
	size_t found = 0;

	for (size_t r = 1; r < out->rows.n; r++) {
		if (table_int(out, r, "session_id") == session_id &&
		    span_eq(table_text(out, r, "recipient"), to) &&
		    (span_is(table_text(out, r, "template"), "invite") ||
			cancels(s, a, out, r)))
			found = r;
	}
	return found;
}

/* Is it where somebody is written to now, and not where they were once? */
static bool
in_use(const struct table *people, struct span address)
{
	for (size_t r = 1; r < people->rows.n; r++)
		if (span_eq(table_text(people, r, "address"), address) ||
		    span_eq(table_text(people, r, "assistant"), address))
			return true;
	return false;
}

/* What is cancelled with us is cancelled in every calendar that has it. */
static const char *
check_calendars(struct store *s, struct arena *a)
{
	struct table out = table_load(s, a, "outbox");
	struct table list = table_load(s, a, "session");
	struct table people = table_load(s, a, "person");

	for (size_t r = 1; r < out.rows.n; r++) {
		int64_t id = table_int(&out, r, "session_id");
		struct span to = table_text(&out, r, "recipient");
		size_t session = id ? table_find(&list, id) : 0;
		size_t last;

		if (session == 0 || to.n == 0 || !in_use(&people, to) ||
		    !span_is(table_text(&list, session, "state"), "cancelled"))
			continue;
		last = last_invite(s, a, &out, id, to);
		if (last == 0 || cancels(s, a, &out, last))
			continue;
		return arena_printf(a,
		    "session %lld is cancelled, but not in the calendar of "
		    "%.*s",
		    (long long)id, (int)to.n, to.p);
	}
	return NULL;
}

/* Times to choose from lie ahead of the mail that offers them. */
static const char *
check_options(struct store *s, struct arena *a)
{
	struct table out = table_load(s, a, "outbox");
	struct table slots = table_load(s, a, "slot");
	struct table programme = table_load(s, a, "programme");
	int64_t now = table_int(&programme, 1, "last_run");

	for (size_t r = 1; r < out.rows.n; r++) {
		int64_t session = table_int(&out, r, "session_id");
		bool ahead = false;

		if (!span_is(table_text(&out, r, "template"), "options") ||
		    table_int(&out, r, "created") != now)
			continue;
		for (size_t i = 1; i < slots.rows.n; i++)
			ahead |=
			    table_int(&slots, i, "session_id") == session &&
			    table_int(&slots, i, "number") > 0 &&
			    table_int(&slots, i, "start") > now;
		if (!ahead)
			return at_row(a, "mail", table_int(&out, r, "id"),
			    "offers no time that is still to come");
	}
	return NULL;
}

/* SEQUENCE and DTSTAMP never go back. */
static const char *
check_later(
    struct arena *a, const struct table *before, const struct table *after)
{
	for (size_t r = 1; r < before->rows.n; r++) {
		int64_t id = table_int(before, r, "id");
		size_t now = table_find(after, id);

		if (now == 0)
			return at_row(a, "session", id, "is gone");
		if (table_int(after, now, "sequence") <
			table_int(before, r, "sequence") ||
		    table_int(after, now, "dtstamp") <
			table_int(before, r, "dtstamp"))
			return at_row(a, "session", id, "has an older invite");
	}
	return NULL;
}

/* NULL, or what is wrong. */
static const char *
world_check(struct store *s, struct arena *a)
{
	const char *wrong = store_check(s, a);

	if (wrong == NULL)
		wrong = check_records(s, a);
	if (wrong == NULL)
		wrong = check_outbox(s, a);
	if (wrong == NULL)
		wrong = check_calendars(s, a);
	if (wrong == NULL)
		wrong = check_options(s, a);
	return wrong;
}

#endif
