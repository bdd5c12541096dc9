/*
 * Mails into the inbox table, each once; then each handled, ignored with a
 * reason, held, or parked.
 *
 * Mails go in lots.  One commit covers what a lot has changed and the rows of
 * the lot after it, whose attempts are counted with it: before a mail is
 * opened.  Between two commits the reader child reads mails of this lot while
 * we apply those it has read, and fetch the next.
 */
#include "app/box_int.h"

#include <string.h>

#include "base/digest.h"
#include "base/limits.h"
#include "base/log.h"
#include "base/str.h"

enum {
	/* What a lot may hold in memory, but for its last mail. */
	LOT_BYTES = 4 * 1024 * 1024,
};

/* Mails under one commit, and what is kept of them until then. */
struct lot {
	struct arena arena;
	struct inbox rows[LIMIT_BATCH_MAILS];
	struct span raw[LIMIT_BATCH_MAILS]; /* .p NULL: in the database */
	bool lost[LIMIT_BATCH_MAILS]; /* could not be given to the reader */
	size_t n;
	size_t fetched, bytes; /* with those that need no handling */
};

struct intake {
	struct app *app;
	struct box *box; /* in hand */
	struct lot *now, *next;
	size_t asked, taken; /* of now */
	struct arena loan;   /* a mail on its way to the reader */
	bool more;           /* the mailbox may hold more */
	struct err *away;    /* why it was not read to its end */
	int64_t done, left;  /* for the bar; left: of earlier runs */
};

/* --- fetching ------------------------------------------------------------ */

/* Fields that differ between two copies of one mail on its way to us. */
static bool
trace_field(struct span line)
{
	static const char *const names[] = {"received:", "delivered-to:",
	    "return-path:", "authentication-results:", "x-", "arc-",
	    "dkim-signature:", "envelope-to:"};

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (span_casestarts(line, names[i]))
			return true;
	return false;
}

/* All lines with the same end, also the last. */
static void
add_body(struct str *kept, struct span rest)
{
	while (rest.n > 0) {
		size_t n = span_findc(rest, '\r');

		str_add(kept, span_sub(rest, 0, n));
		if (n < rest.n)
			str_addc(kept, '\n');
		else if (rest.p[n - 1] != '\n')
			str_addc(kept, '\n');
		n += span_starts(span_skip(rest, n), "\r\n") ? 2 : 1;
		rest = span_skip(rest, n);
	}
}

/* Which mail is this, whatever way it came? */
static struct span
mail_digest(struct arena *arena, struct span raw)
{
	struct span rest = raw, line;
	struct str kept;
	uint8_t digest[DIGEST_BYTES];
	bool trace = false;

	str_init(&kept, arena, raw.n + 16);
	str_reserve(&kept, raw.n + 16);
	while (span_line(&rest, &line) && line.n > 0) {
		if (line.p[0] != ' ' && line.p[0] != '\t')
			trace = trace_field(line);
		if (trace)
			continue;
		str_add(&kept, line);
		str_addc(&kept, '\n');
	}
	str_addc(&kept, '\n');
	add_body(&kept, rest);
	digest_sha256(str_span(&kept), digest);
	return hex_write(
	    arena, (struct span){(const char *)digest, sizeof(digest)});
}

static bool
known_key(void *cookie, struct span key)
{
	const struct box *box = cookie;
	struct app *app = box->app;
	struct err err = {0};
	int64_t id;

	key = box_key(box, &app->item, key);
	/* A failure here comes again, with its error, at the insert. */
	return store_int(app->store, INBOX_KNOWN, &id, &err, "t", key) > 0;
}

static int
take_mail(struct box *box, struct lot *lot, const struct mailin_mail *m,
    struct err *err)
{
	struct app *app = box->app;
	struct span digest = mail_digest(&app->item, m->raw), packed;
	struct inbox *row = &lot->rows[lot->n];
	const char *reason = "";
	int64_t twin;
	int rc = store_int(app->store, INBOX_TWIN, &twin, err, "t", digest);

	if (rc < 0 ||
	    store_pack(app->store, &app->item, m->raw, &packed, err) < 0)
		return -1;
	*row = (struct inbox){.key = box_key(box, &lot->arena, m->key),
	    .digest = arena_span(&lot->arena, digest),
	    .size_bytes = m->size_bytes,
	    .arrived_unix =
		m->arrived_unix ? m->arrived_unix : app->world.now_unix,
	    .state = INBOX_NEW,
	    .attempts = 1};
	if (rc > 0) {
		row->state = INBOX_IGNORED;
		reason = "duplicate";
	}
	if (m->headers_only) {
		row->state = INBOX_PARKED;
		reason = "too-large";
	}
	if (row->state != INBOX_NEW)
		row->attempts = 0;
	if (store_do(app->store, INBOX_INSERT, err, "ttiitti", row->key,
		row->digest, row->size_bytes, row->arrived_unix,
		span_of(disposition_name(row->state)), span_of(reason),
		row->attempts) < 0)
		return -1;
	row->id = store_last_id(app->store);
	if (row->state == INBOX_NEW)
		lot->raw[lot->n++] = m->raw;
	return store_do(app->store, RAW_INSERT, err, "iib", row->id,
	    (int64_t)m->raw.n, packed);
}

/*
 * When the mailbox fails in the middle, what came before is kept: a mail that
 * breaks the connection must not hold up those before it for ever.
 */
static int
fetch_one(struct intake *in, struct err *err)
{
	struct app *app = in->app;
	struct lot *lot = in->next;
	struct mailin_mail m;
	struct err why = {0};
	int rc = mailin_next(
	    in->box->source, &lot->arena, known_key, in->box, &m, &why);

	lot->fetched++;
	if (rc < 0 && why.kind == ERR_ITEM) {
		log_line(LOG_ERROR, "in error=\"%s\"", why.text);
		return 0;
	}
	if (rc <= 0) {
		if (rc < 0)
			*in->away = why;
		in->more = false;
		return 0;
	}
	lot->bytes += m.raw.n;
	rc = take_mail(in->box, lot, &m, err);
	arena_reset(&app->item);
	return rc;
}

static bool
may_fetch(const struct intake *in)
{
	return in->more && in->next->fetched < LIMIT_BATCH_MAILS &&
	       in->next->bytes < LOT_BYTES;
}

/* --- one mail ------------------------------------------------------------- */

static int
park(struct app *app, int64_t id, const char *reason, struct err *err)
{
	if (store_begin(app->store, err) < 0)
		return -1;
	if (store_do(app->store, INBOX_DECIDE, err, "ittiii", id,
		SPAN("parked"), span_of(reason), (int64_t)0, (int64_t)0,
		app->world.now_unix) < 0) {
		store_rollback(app->store);
		return -1;
	}
	return store_commit(app->store, err);
}

static int
load_raw(struct app *app, struct arena *arena, int64_t id, struct span *raw,
    struct err *err)
{
	struct rows rows;

	if (store_rows(app->store, arena, RAW_FIND, &rows, err, "i", id) < 0)
		return -1;
	if (rows.n == 0)
		return err_set(err, ERR_ITEM, "its text is gone");
	return store_unpack(app->store, arena, cell(&rows, 0, 1)->t,
	    (size_t)cell(&rows, 0, 0)->i, raw, err);
}

/* A mail that cannot be applied stays new, and is tried by the next run. */
static int
apply_or_leave(struct app *app, const struct inbox *row,
    const struct mail *mail, const struct reading *reading, struct err *err)
{
	struct err why = {0};

	if (store_mark(app->store, err) < 0)
		return -1;
	if (mail_handle(app, row, mail, reading, &why) == 0)
		return store_keep(app->store, err);
	if (why.kind != ERR_ITEM) {
		*err = why;
		return -1;
	}
	log_line(LOG_EVENT, "in mail=%lld error=\"%s\"", (long long)row->id,
	    why.text);
	/* What was loaded of the programme may be half changed. */
	if (store_undo(app->store, err) < 0)
		return -1;
	return programme_load(app->store, &app->run, &app->programme, err);
}

/* --- a lot ---------------------------------------------------------------- */

static void
lot_reset(struct lot *lot)
{
	arena_reset(&lot->arena);
	lot->n = lot->fetched = lot->bytes = 0;
}

/* 1 the reader has it, 0 it has enough for now, -1. */
static int
ask_one(struct intake *in, struct err *err)
{
	struct reader *reader = in->app->reader;
	struct lot *lot = in->now;
	size_t i = in->asked;
	struct span raw = lot->raw[i];
	struct err why = {0};
	int rc = 0;

	if (!reader_room(reader, raw.n))
		return 0;
	if (raw.p == NULL)
		rc = load_raw(in->app, &in->loan, lot->rows[i].id, &raw, &why);
	if (rc == 0 && !reader_room(reader, raw.n)) {
		arena_reset(&in->loan);
		return 0;
	}
	if (rc == 0)
		rc = reader_ask(reader, raw, lot->rows[i].arrived_unix, &why);
	arena_reset(&in->loan);
	if (rc < 0 && why.kind != ERR_ITEM) {
		*err = why;
		return -1;
	}
	lot->lost[i] = rc < 0;
	in->asked++;
	return 1;
}

/* Gives the reader as much as it can have, so that it works while we do. */
static int
ask_ahead(struct intake *in, struct err *err)
{
	int rc = 1;

	while (rc > 0 && in->asked < in->now->n)
		rc = ask_one(in, err);
	return rc < 0 ? -1 : 0;
}

static int
work_one(struct intake *in, struct err *err)
{
	struct app *app = in->app;
	size_t i = in->taken++;
	struct err why = {0};
	struct reading reading;
	struct mail mail;

	if (in->now->lost[i])
		return 0;
	if (reader_take(app->reader, &app->item, &mail, &reading, &why) < 0) {
		if (why.kind != ERR_ITEM) {
			*err = why;
			return -1;
		}
		/* Those behind it were lost with the child. */
		in->asked = in->taken;
		return 0;
	}
	if (ask_ahead(in, err) < 0)
		return -1;
	return apply_or_leave(app, &in->now->rows[i], &mail, &reading, err);
}

static int
work_through(struct intake *in, struct err *err)
{
	in->asked = in->taken = 0;
	while (in->taken < in->now->n) {
		if (ask_ahead(in, err) < 0 || work_one(in, err) < 0)
			return -1;
		arena_reset(&in->app->item);
		if (may_fetch(in) && fetch_one(in, err) < 0)
			return -1;
	}
	while (may_fetch(in))
		if (fetch_one(in, err) < 0)
			return -1;
	return 0;
}

static void
show_progress(const struct intake *in)
{
	int64_t of = in->done + in->left;

	if (in->app->progress == NULL || in->done == 0)
		return;
	if (in->more)
		of += (int64_t)(in->next->n + mailin_left(in->box->source));
	in->app->progress("reading", in->done, of);
}

static int
handle_lot(struct intake *in, struct err *err)
{
	struct app *app = in->app;

	if (store_begin(app->store, err) < 0)
		return -1;
	if (work_through(in, err) < 0) {
		store_rollback(app->store);
		arena_reset(&app->item);
		return -1;
	}
	if (store_commit(app->store, err) < 0)
		return -1;
	in->done += (int64_t)in->now->n;
	return 0;
}

/* --- what earlier runs left ------------------------------------------------ */

/*
 * Count the attempts and commit before the mails are opened.  A mail that
 * kills us while being read is then known to have been tried, and is parked
 * after the third time; without this it would kill every run from now on.
 */
static int
count_attempts(struct app *app, const struct lot *lot, struct err *err)
{
	if (store_begin(app->store, err) < 0)
		return -1;
	for (size_t i = 0; i < lot->n; i++)
		if (store_do(app->store, INBOX_TRY, err, "i", lot->rows[i].id) <
		    0) {
			store_rollback(app->store);
			return -1;
		}
	return store_commit(app->store, err);
}

static int
add_left(struct app *app, struct lot *lot, int64_t id, struct err *err)
{
	if (inbox_find(app->store, &lot->arena, id, &lot->rows[lot->n], err) <
	    0)
		return -1;
	lot->raw[lot->n++] = (struct span){NULL, 0};
	return 0;
}

/*
 * Mails that were never tried go together under one commit; one that was
 * tried before may have been what killed its lot, and goes alone.  1, 0 there
 * are no more, -1.
 */
static int
next_left(struct app *app, int64_t *last, struct lot *lot, struct err *err)
{
	struct rows rows;
	int rc;

	lot_reset(lot);
	rc = store_rows(app->store, &lot->arena, INBOX_NEXT, &rows, err, "ii",
	    *last, (int64_t)LIMIT_BATCH_MAILS);
	for (size_t i = 0; rc == 0 && i < rows.n; i++) {
		int64_t id = cell(&rows, i, 0)->i;
		int64_t attempts = cell(&rows, i, 1)->i;

		if (attempts > 0 && lot->n > 0)
			break;
		*last = id;
		if (attempts >= LIMIT_ATTEMPTS) {
			rc = park(app, id, "unreadable", err);
			continue;
		}
		rc = add_left(app, lot, id, err);
		if (attempts > 0)
			break;
	}
	if (rc < 0)
		return -1;
	return rows.n > 0;
}

static int
handle_left(struct intake *in, struct err *err)
{
	struct app *app = in->app;
	int64_t last = 0;
	int rc;

	if (app->progress != NULL &&
	    store_int(app->store, INBOX_NEW_COUNT, &in->left, err, "") < 0)
		return -1;
	while ((rc = next_left(app, &last, in->now, err)) > 0) {
		if (in->now->n == 0)
			continue;
		if (count_attempts(app, in->now, err) < 0 ||
		    handle_lot(in, err) < 0)
			return -1;
		in->left -= (int64_t)in->now->n;
		show_progress(in);
	}
	lot_reset(in->now);
	in->left = 0;
	return rc;
}

/* --- the whole ------------------------------------------------------------- */

static int
handle_mailbox(struct intake *in, struct err *err)
{
	in->more = true;
	while (in->more || in->now->n > 0) {
		struct lot *done = in->now;

		if (handle_lot(in, err) < 0)
			return -1;
		show_progress(in);
		lot_reset(done);
		in->now = in->next;
		in->next = done;
	}
	return 0;
}

static struct lot *
lot_new(struct app *app)
{
	struct lot *lot = arena_alloc(&app->run, sizeof(*lot));

	arena_init(&lot->arena);
	return lot;
}

/* One that is away, or keeps us out, keeps nobody else waiting. */
static int
handle_box(struct intake *in, struct err *worst, struct err *err)
{
	struct err away = {0};

	in->away = &away;
	if (box_open(in->box, &away) == 0 && in->box->source != NULL &&
	    handle_mailbox(in, err) < 0)
		return -1;
	if (away.kind == ERR_NONE)
		return 0;
	if (!box_is_away(&away)) {
		*err = away;
		return -1;
	}
	box_keep_worst(worst, &away);
	return 0;
}

int
intake_all(struct app *app, struct err *away, struct err *err)
{
	struct intake in = {.app = app};
	int rc;

	boxes_list(app);
	in.now = lot_new(app);
	in.next = lot_new(app);
	arena_init(&in.loan);
	rc = handle_left(&in, err);
	for (size_t i = 0; rc == 0 && i < boxes_n(app); i++) {
		in.box = &app->boxes[i];
		rc = handle_box(&in, away, err);
	}
	arena_release(&in.now->arena);
	arena_release(&in.next->arena);
	arena_release(&in.loan);
	store_relax(app->store);
	arena_trim();
	return rc;
}
