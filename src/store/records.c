/* Rows -> structs, column by column in the order of queries.def. */
#include "store/records.h"

#include <sysexits.h>

#include "base/uni.h"

/* A walk along one row. */
struct walk {
	const struct rows *rows;
	size_t row, column;
};

static int64_t
int_(struct walk *w)
{
	return cell(w->rows, w->row, w->column++)->i;
}

static struct span
text_(struct walk *w)
{
	return cell(w->rows, w->row, w->column++)->t;
}

static int
unknown_word(struct span word, struct err *err)
{
	return err_exit(err, ERR_STOP, EX_SOFTWARE,
	    "the database holds an unknown state \"%.*s\"", (int)word.n,
	    word.p);
}

int
programme_load(struct store *s, struct arena *arena, struct programme *out,
    struct err *err)
{
	struct programme p;
	struct rows rows;
	struct walk w = {&rows, 0, 0};
	struct span word;

	if (store_rows(s, arena, PROGRAMME_LOAD, &rows, err, "") < 0)
		return -1;
	if (rows.n == 0)
		return err_exit(err, ERR_STOP, EX_CONFIG,
		    "the database is empty; make one with: rmail init FOLDER");
	word = text_(&w);
	if (!programme_state_parse(word, &p.state))
		return unknown_word(word, err);
	p.created_unix = int_(&w);
	p.last_run_unix = int_(&w);
	p.begun_unix = int_(&w);
	p.midpoint_unix = int_(&w);
	p.closing_unix = int_(&w);
	p.ended_unix = int_(&w);
	p.next_digest_unix = int_(&w);
	p.next_match_unix = int_(&w);
	p.next_report_unix = int_(&w);
	p.next_review_unix = int_(&w);
	p.hold = int_(&w) != 0;
	p.trouble_since_unix = int_(&w);
	p.trouble_told_unix = int_(&w);
	p.trouble = text_(&w);
	*out = p;
	return 0;
}

static int
read_person(
    const struct rows *rows, size_t row, struct person *p, struct err *err)
{
	struct walk w = {rows, row, 0};
	struct span word;

	p->id = int_(&w);
	p->address = text_(&w);
	p->key = text_(&w);
	p->name = text_(&w);
	word = text_(&w);
	if (!person_state_parse(word, &p->state))
		return unknown_word(word, err);
	p->mentor = int_(&w) != 0;
	p->mentee = int_(&w) != 0;
	p->level = int_(&w);
	p->department = text_(&w);
	p->location = text_(&w);
	p->manager_key = text_(&w);
	p->zone = text_(&w);
	p->locale = text_(&w);
	p->group = text_(&w);
	p->assistant = text_(&w);
	p->assistant_key = text_(&w);
	p->capacity = int_(&w);
	p->created_unix = int_(&w);
	p->invited_unix = int_(&w);
	p->joined_unix = int_(&w);
	p->ready_unix = int_(&w);
	p->matched_unix = int_(&w);
	p->left_unix = int_(&w);
	p->left_company_unix = int_(&w);
	p->paused_until_unix = int_(&w);
	p->paused_from = text_(&w);
	p->away_until_unix = int_(&w);
	p->left_out = int_(&w);
	p->bad_address_unix = int_(&w);
	p->bounces = int_(&w);
	p->last_bounce_unix = int_(&w);
	p->reminded = int_(&w);
	p->due_unix = int_(&w);
	p->last_heard_unix = int_(&w);
	return 0;
}

static int
read_pair(const struct rows *rows, size_t row, struct pair *p, struct err *err)
{
	struct walk w = {rows, row, 0};
	struct span word;

	p->id = int_(&w);
	p->mentor_id = int_(&w);
	p->mentee_id = int_(&w);
	p->round_id = int_(&w);
	word = text_(&w);
	if (!pair_state_parse(word, &p->state))
		return unknown_word(word, err);
	p->score = int_(&w);
	p->begun_unix = int_(&w);
	p->mentor_agreed_unix = int_(&w);
	p->mentee_agreed_unix = int_(&w);
	p->active_unix = int_(&w);
	p->ended_unix = int_(&w);
	p->ended_why = text_(&w);
	p->sessions = int_(&w);
	p->training = int_(&w);
	p->flag = text_(&w);
	p->flag_unix = int_(&w);
	p->nudges = int_(&w);
	p->last_sign_unix = int_(&w);
	p->due_unix = int_(&w);
	return 0;
}

static int
read_session(
    const struct rows *rows, size_t row, struct session *s, struct err *err)
{
	struct walk w = {rows, row, 0};
	struct span word;

	s->id = int_(&w);
	s->pair_id = int_(&w);
	s->number = int_(&w);
	s->kind = text_(&w);
	s->role = text_(&w);
	word = text_(&w);
	if (!session_state_parse(word, &s->state))
		return unknown_word(word, err);
	s->target_unix = int_(&w);
	s->start_unix = int_(&w);
	s->end_unix = int_(&w);
	s->uid = text_(&w);
	s->sequence = int_(&w);
	s->dtstamp_unix = int_(&w);
	s->tries = int_(&w);
	s->moves = int_(&w);
	s->prepared = int_(&w) != 0;
	s->created_unix = int_(&w);
	s->due_unix = int_(&w);
	return 0;
}

static int
read_form(
    const struct rows *rows, size_t row, struct sent_form *f, struct err *err)
{
	struct walk w = {rows, row, 0};
	struct span word;

	f->id = int_(&w);
	f->person_id = int_(&w);
	f->survey = text_(&w);
	f->pair_id = int_(&w);
	f->session_id = int_(&w);
	word = text_(&w);
	if (!form_state_parse(word, &f->state))
		return unknown_word(word, err);
	f->locale = text_(&w);
	f->text = text_(&w);
	f->sent_unix = int_(&w);
	f->answered_unix = int_(&w);
	f->reminded = int_(&w);
	f->asked_again = int_(&w);
	f->due_unix = int_(&w);
	return 0;
}

static int
read_thread(
    const struct rows *rows, size_t row, struct thread *t, struct err *err)
{
	struct walk w = {rows, row, 0};
	struct span word;

	t->id = int_(&w);
	t->code = text_(&w);
	word = text_(&w);
	if (!thread_kind_parse(word, &t->kind))
		return unknown_word(word, err);
	t->object_id = int_(&w);
	t->person_id = int_(&w);
	t->subject = text_(&w);
	t->root = text_(&w);
	t->last = text_(&w);
	t->created_unix = int_(&w);
	t->expires_unix = int_(&w);
	return 0;
}

static int
read_inbox(
    const struct rows *rows, size_t row, struct inbox *m, struct err *err)
{
	struct walk w = {rows, row, 0};
	struct span word;

	m->id = int_(&w);
	m->key = text_(&w);
	m->digest = text_(&w);
	m->message_id = text_(&w);
	m->sender = text_(&w);
	m->sender_key = text_(&w);
	m->subject = text_(&w);
	m->kind = text_(&w);
	m->size_bytes = int_(&w);
	m->arrived_unix = int_(&w);
	word = text_(&w);
	if (!disposition_parse(word, &m->state))
		return unknown_word(word, err);
	m->reason = text_(&w);
	m->person_id = int_(&w);
	m->thread_id = int_(&w);
	m->attempts = int_(&w);
	m->handled_unix = int_(&w);
	m->filed = int_(&w);
	return 0;
}

static int
read_attendee(
    const struct rows *rows, size_t row, struct attendee *a, struct err *err)
{
	struct walk w = {rows, row, 0};

	(void)err;
	a->session_id = int_(&w);
	a->person_id = int_(&w);
	a->address = text_(&w);
	a->partstat = partstat_parse(text_(&w));
	a->sequence = int_(&w);
	a->dtstamp_unix = int_(&w);
	a->answered_unix = int_(&w);
	a->choice = text_(&w);
	a->note = text_(&w);
	a->declined = int_(&w);
	a->wall = text_(&w);
	return 0;
}

/* The first row as one record, or all rows as an array. */
#define ONE(type, reader)                                               \
	static int one_##type(                                          \
	    const struct rows *rows, struct type *out, struct err *err) \
	{                                                               \
		struct type x = {0};                                    \
		if (rows->n == 0)                                       \
			return 0;                                       \
		if (reader(rows, 0, &x, err) < 0)                       \
			return -1;                                      \
		*out = x;                                               \
		return 1;                                               \
	}
#define ALL(type, reader)                                                   \
	static int all_##type(struct arena *arena, const struct rows *rows, \
	    struct type **out, size_t *n, struct err *err)                  \
	{                                                                   \
		struct type *x = arena_alloc(arena, rows->n * sizeof(*x));  \
		for (size_t i = 0; i < rows->n; i++)                        \
			if (reader(rows, i, &x[i], err) < 0)                \
				return -1;                                  \
		*out = x;                                                   \
		*n = rows->n;                                               \
		return 0;                                                   \
	}
ONE(person, read_person)
ALL(person, read_person)
ONE(pair, read_pair)
ALL(pair, read_pair)
ONE(session, read_session)
ALL(session, read_session)
ONE(sent_form, read_form)
ALL(sent_form, read_form)
ONE(thread, read_thread)
ONE(inbox, read_inbox)
ALL(attendee, read_attendee)

/* One record by one integer or one text. */
#define BY_INT(name, type, q)                                         \
	int name(struct store *s, struct arena *arena, int64_t id,    \
	    struct type *out, struct err *err)                        \
	{                                                             \
		struct rows rows;                                     \
		if (store_rows(s, arena, q, &rows, err, "i", id) < 0) \
			return -1;                                    \
		return one_##type(&rows, out, err);                   \
	}
#define BY_TEXT(name, type, q)                                          \
	int name(struct store *s, struct arena *arena, struct span key, \
	    struct type *out, struct err *err)                          \
	{                                                               \
		struct rows rows;                                       \
		if (store_rows(s, arena, q, &rows, err, "t", key) < 0)  \
			return -1;                                      \
		return one_##type(&rows, out, err);                     \
	}
#define LIST(name, type)                                                     \
	int name(struct store *s, struct arena *arena, enum query q,         \
	    struct type **out, size_t *n, struct err *err, int64_t argument) \
	{                                                                    \
		struct rows rows;                                            \
		if (store_rows(s, arena, q, &rows, err, "i", argument) < 0)  \
			return -1;                                           \
		return all_##type(arena, &rows, out, n, err);                \
	}
BY_INT(person_find, person, PERSON_BY_ID)
BY_TEXT(person_find_assistant, person, PERSON_BY_ASSISTANT)
LIST(persons, person)
BY_INT(pair_find, pair, PAIR_BY_ID)
LIST(pairs, pair)
BY_INT(session_find, session, SESSION_BY_ID)
BY_TEXT(session_find_uid, session, SESSION_BY_UID)
LIST(sessions, session)
BY_INT(form_find, sent_form, FORM_BY_ID)
LIST(forms, sent_form)
BY_INT(thread_find, thread, THREAD_BY_ID)
BY_TEXT(thread_find_code, thread, THREAD_BY_CODE)
BY_INT(inbox_find, inbox, INBOX_BY_ID)

int
person_find_key(struct store *s, struct arena *arena, struct span key,
    struct person *out, struct err *err)
{
	struct rows rows;
	int rc;

	if (store_rows(s, arena, PERSON_BY_KEY, &rows, err, "t", key) < 0)
		return -1;
	rc = one_person(&rows, out, err);
	if (rc != 0)
		return rc;
	if (store_rows(s, arena, PERSON_BY_ALIAS, &rows, err, "t", key) < 0)
		return -1;
	return one_person(&rows, out, err);
}

/* SQLite folds ASCII alone: "özlem" is not found by it in "Özlem". */
static int
find_folded(struct store *s, struct arena *arena, struct span folded_name,
    struct person *out, struct err *err)
{
	struct rows rows;
	int64_t id = 0;

	if (store_rows(s, arena, PERSON_NAMES, &rows, err, "") < 0)
		return -1;
	for (size_t r = 0; r < rows.n; r++) {
		if (!span_eq(
			uni_fold(arena, cell(&rows, r, 1)->t), folded_name))
			continue;
		if (id != 0)
			return 0;
		id = cell(&rows, r, 0)->i;
	}
	return id == 0 ? 0 : person_find(s, arena, id, out, err);
}

int
person_find_name(struct store *s, struct arena *arena, struct span folded_name,
    struct person *out, struct err *err)
{
	struct rows rows;

	if (store_rows(s, arena, PERSON_BY_NAME, &rows, err, "t", folded_name) <
	    0)
		return -1;
	for (size_t i = 0; rows.n == 0 && i < folded_name.n; i++)
		if ((unsigned char)folded_name.p[i] >= 0x80)
			return find_folded(s, arena, folded_name, out, err);
	/* Two of that name: we do not guess. */
	return rows.n > 1 ? 0 : one_person(&rows, out, err);
}

int
attendees(struct store *s, struct arena *arena, int64_t session_id,
    struct attendee **out, size_t *n, struct err *err)
{
	struct rows rows;

	if (store_rows(s, arena, ATTENDEES, &rows, err, "i", session_id) < 0)
		return -1;
	return all_attendee(arena, &rows, out, n, err);
}

int
thread_find_object(struct store *s, struct arena *arena, enum thread_kind kind,
    int64_t object_id, int64_t person_id, struct thread *out, struct err *err)
{
	struct rows rows;

	if (store_rows(s, arena, THREAD_BY_OBJECT, &rows, err, "tii",
		span_of(thread_kind_name(kind)), object_id, person_id) < 0)
		return -1;
	return one_thread(&rows, out, err);
}
