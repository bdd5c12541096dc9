/*
 * Mails into the inbox table, each once; then each handled, ignored with a
 * reason, held, or parked.  A mail leaves its mailbox only after the commit
 * that covers it.
 */
#include "app/app.h"

#include <string.h>

#include "base/digest.h"
#include "base/file.h"
#include "base/limits.h"
#include "base/log.h"
#include "base/str.h"
#include "base/utf8.h"
#include "mailin/mailin.h"
#include "model/address.h"
#include "reply/reply.h"

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

/* Which mail is this, whatever way it came? */
static struct span
mail_digest(struct arena *arena, struct span raw)
{
	struct span rest = raw, line;
	struct str kept;
	uint8_t digest[DIGEST_BYTES];
	bool trace = false;

	str_init(&kept, arena, raw.n + 16);
	while (span_line(&rest, &line) && line.n > 0) {
		if (line.p[0] != ' ' && line.p[0] != '\t')
			trace = trace_field(line);
		if (trace)
			continue;
		str_add(&kept, line);
		str_addc(&kept, '\n');
	}
	str_addc(&kept, '\n');
	while (span_line(&rest, &line)) {
		str_add(&kept, line);
		str_addc(&kept, '\n');
	}
	digest_sha256(str_span(&kept), digest);
	return hex_write(
	    arena, (struct span){(const char *)digest, sizeof(digest)});
}

static bool
known_key(void *cookie, struct span key)
{
	struct app *app = cookie;
	struct err err = {0};
	int64_t id;

	/* A failure here comes again, with its error, at the insert. */
	return store_int(app->store, INBOX_KNOWN, &id, &err, "t", key) > 0;
}

static int
take_mail(struct app *app, const struct mailin_mail *m, struct err *err)
{
	struct span digest = mail_digest(&app->item, m->raw);
	struct span packed;
	int64_t twin;
	int rc = store_int(app->store, INBOX_TWIN, &twin, err, "t", digest);
	const char *state = rc > 0 ? "ignored" : "new";
	const char *reason = rc > 0 ? "duplicate" : "";

	if (rc < 0 ||
	    store_pack(app->store, &app->item, m->raw, &packed, err) < 0)
		return -1;
	if (m->headers_only) {
		state = "parked";
		reason = "too-large";
	}
	if (store_do(app->store, INBOX_INSERT, err, "ttiitt", m->key, digest,
		m->size_bytes,
		m->arrived_unix ? m->arrived_unix : app->world.now_unix,
		span_of(state), span_of(reason)) < 0)
		return -1;
	return store_do(app->store, RAW_INSERT, err, "iib",
	    store_last_id(app->store), (int64_t)m->raw.n, packed);
}

static struct mailin_settings
source_settings(const struct app *app)
{
	const struct conf *c = &app->conf;

	return (struct mailin_settings){.url = c->in_url,
	    .user = c->in_user,
	    .ca_file = c->ca_file,
	    .pin_sha256 = c->in_pin,
	    .starttls = c->in_starttls,
	    .insecure = c->insecure,
	    .after = (enum mailin_after)c->after,
	    .done_folder = c->done_folder,
	    .parked_folder = c->parked_folder,
	    .timeout_seconds = (int)c->timeout_seconds,
	    .max_bytes = c->max_mail_bytes};
}

/* "maildir:in" is taken from the folder of the settings. */
struct span
app_url(struct app *app, struct span url)
{
	size_t colon = span_findc(url, ':');
	struct span path = span_skip(url, colon + 1);

	if (!span_casestarts(url, "maildir:") && !span_casestarts(url, "mbox:"))
		return url;
	path = conf_path(&app->run, &app->conf, path);
	return arena_spanf(
	    &app->run, "%.*s:%.*s", (int)colon, url.p, (int)path.n, path.p);
}

/* What one commit may hold in memory at once. */
enum {
	BATCH_BYTES = 8 * 1024 * 1024
};

/*
 * One commit's worth.  When the mailbox fails in the middle, what came before
 * is kept: a mail that breaks the connection must not hold up those before
 * it for ever.
 */
static int
fetch_batch(struct app *app, struct mailin *source, bool *more, struct err *err)
{
	struct mailin_mail m;
	struct err away = {0};
	size_t bytes = 0;
	int rc = 1, n = 0;

	if (store_begin(app->store, err) < 0)
		return -1;
	for (; n < LIMIT_BATCH_MAILS && bytes < BATCH_BYTES; n++) {
		rc = mailin_next(source, &app->item, known_key, app, &m, &away);
		if (rc < 0 && away.kind == ERR_ITEM) {
			log_line(LOG_ERROR, "in error=\"%s\"", away.text);
			err_clear(&away);
			continue;
		}
		if (rc <= 0)
			break;
		bytes += m.raw.n;
		if (take_mail(app, &m, err) < 0) {
			store_rollback(app->store);
			arena_reset(&app->item);
			return -1;
		}
	}
	*more = n == LIMIT_BATCH_MAILS || bytes >= BATCH_BYTES;
	arena_reset(&app->item);
	if (store_commit(app->store, err) < 0)
		return -1;
	if (away.kind == ERR_NONE)
		return 0;
	*err = away;
	return -1;
}

static int
mark_filed(struct app *app, const struct rows *rows, struct err *err)
{
	if (rows->n == 0)
		return 0;
	if (store_begin(app->store, err) < 0)
		return -1;
	for (size_t i = 0; i < rows->n; i++)
		if (store_do(app->store, INBOX_FILED, err, "i",
			cell(rows, i, 0)->i) < 0) {
			store_rollback(app->store);
			return -1;
		}
	return store_commit(app->store, err);
}

/*
 * A batch: the mailbox is told first, then ourselves; what is told twice is
 * harmless.  1 told, 0 the server will not do it now.
 */
static int
file_batch(struct app *app, struct mailin *source, const struct rows *rows,
    struct err *err)
{
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < rows->n; i++) {
		bool parked = span_is(cell(rows, i, 2)->t, "parked");

		rc = mailin_file(source, cell(rows, i, 1)->t,
		    parked ? MAILIN_PARKED : MAILIN_DONE, err);
	}
	if (rc == 0)
		rc = mailin_flush(source, err);
	if (rc == 0)
		return mark_filed(app, rows, err) < 0 ? -1 : 1;
	if (err->kind != ERR_LATER)
		return -1;
	log_line(LOG_EVENT, "in filing=later error=\"%s\"", err->text);
	err_clear(err);
	return 0;
}

static int
file_done(struct app *app, struct mailin *source, struct err *err)
{
	int rc = 1;

	while (rc > 0) {
		struct rows rows;

		if (store_rows(app->store, &app->item, INBOX_UNFILED, &rows,
			err, "") < 0)
			return -1;
		if (rows.n == 0)
			return 0;
		rc = file_batch(app, source, &rows, err);
		arena_reset(&app->item);
	}
	return rc;
}

/* A folder of our own, named by the settings, is made when it is missing. */
static int
make_maildir(struct app *app, struct span url, struct err *err)
{
	static const char *const parts[] = {"tmp", "new", "cur"};

	if (!span_casestarts(url, "maildir:"))
		return 0;
	for (size_t i = 0; i < 3; i++) {
		char *path = file_join(&app->run,
		    arena_strdup(&app->run, span_skip(url, 8)), parts[i]);

		if (!file_is_dir(path) && file_make_dir(path, err) < 0)
			return -1;
	}
	return 0;
}

static int
source_try(struct app *app, struct mailin_settings *settings, bool anew,
    struct login *login, struct mailin **out, struct err *err)
{
	if (login_get(app, LOGIN_IN, anew, login, err) < 0)
		return -1;
	settings->password = login->password;
	settings->token = login->token;
	return mailin_open(&app->run, settings, out, err);
}

static int
source_open(struct app *app, struct mailin_settings *settings,
    struct mailin **out, struct err *err)
{
	struct login login = {0};
	int rc = source_try(app, settings, false, &login, out, err);

	if (rc < 0 && login_again(&login, err)) {
		err_clear(err);
		rc = source_try(app, settings, true, &login, out, err);
	}
	return rc;
}

/* A folder or file that is there. */
static bool
is_local(struct app *app, struct span url)
{
	size_t at = span_findc(url, ':');

	return (span_casestarts(url, "maildir:") ||
		   span_casestarts(url, "mbox:")) &&
	       file_exists(arena_strdup(&app->run, span_skip(url, at + 1)));
}

int
intake_fetch(struct app *app, struct err *err)
{
	struct mailin_settings settings = source_settings(app);
	bool more = true;
	int rc = 0;

	settings.url = app_url(app, settings.url);
	/* A server would see us; folders and files may be looked into. */
	if (app->dry && !is_local(app, settings.url))
		return 0;
	if ((!app->dry && make_maildir(app, settings.url, err) < 0) ||
	    source_open(app, &settings, &app->source, err) < 0)
		return -1;
	while (rc == 0 && more)
		rc = fetch_batch(app, app->source, &more, err);
	return rc;
}

static bool
every_key(void *cookie, struct span key)
{
	(void)cookie;
	(void)key;
	return true;
}

int
mailbox_try(struct app *app, struct err *err)
{
	struct mailin_settings settings = source_settings(app);
	struct mailin *source;
	struct mailin_mail none;
	int rc;

	settings.url = app_url(app, settings.url);
	if (make_maildir(app, settings.url, err) < 0 ||
	    source_open(app, &settings, &source, err) < 0)
		return -1;
	/* All mails are known: each folder is looked into, none is fetched. */
	rc = mailin_next(source, &app->item, every_key, NULL, &none, err);
	mailin_close(source);
	return rc < 0 ? -1 : 0;
}

int
intake_file(struct app *app, struct err *err)
{
	int rc;

	if (app->source == NULL)
		return 0;
	rc = app->dry ? 0 : file_done(app, app->source, err);
	mailin_close(app->source);
	app->source = NULL;
	return rc;
}

/* --- whose ---------------------------------------------------------------- */

static int
sender_find(struct app *app, struct inbound *in, struct err *err)
{
	struct span key = in->inbox.sender_key;
	int rc;

	if (key.n == 0)
		return 0;
	in->lead =
	    span_eq(key, address_key(&app->item, app->conf.lead_address));
	rc = person_find_key(app->store, &app->item, key, &in->person, err);
	if (rc < 0)
		return -1;
	in->known = rc > 0;
	if (in->known &&
	    (in->proof == PROOF_NONE || in->thread.person_id == in->person.id))
		return 0;
	/*
	 * An assistant, who may be a participant too, or serve several,
	 * answers for the one the mail is about.
	 */
	if (in->proof != PROOF_NONE) {
		struct person owner;

		rc = person_find(
		    app->store, &app->item, in->thread.person_id, &owner, err);
		if (rc < 0)
			return -1;
		if (rc > 0 && span_eq(owner.assistant_key, key)) {
			in->person = owner;
			in->known = in->assistant = true;
			return 0;
		}
	}
	if (in->known)
		return 0;
	rc = person_find_assistant(
	    app->store, &app->item, key, &in->person, err);
	if (rc < 0)
		return -1;
	in->known = in->assistant = rc > 0;
	return 0;
}

static bool
is_released(const struct inbound *in)
{
	return span_is(in->inbox.reason, "released");
}

/*
 * The operator let this mail out of quarantine: who wrote it is who its code
 * belongs to, and who is known needs no code.
 */
static int
vouch(struct app *app, struct inbound *in, struct err *err)
{
	int64_t owner = in->thread.person_id;

	if (in->proof != PROOF_NONE && owner != 0 &&
	    (!in->known || in->person.id != owner)) {
		int rc = person_find(
		    app->store, &app->item, owner, &in->person, err);

		in->known = rc > 0;
		in->assistant = false;
		return rc < 0 ? -1 : 0;
	}
	if (in->proof == PROOF_TOKEN || !(in->lead || in->known))
		return 0;
	in->proof = PROOF_TOKEN;
	if (in->lead)
		return thread_get(app, THREAD_LEAD, 0, 0, &in->thread, err);
	return thread_get(
	    app, THREAD_PERSON, in->person.id, in->person.id, &in->thread, err);
}

static int
read_headers(struct app *app, struct inbound *in, struct err *err)
{
	const struct mail *m = in->mail;

	if (m->from_n == 1 && m->from_fields <= 1 && m->from[0].address.n > 0) {
		in->inbox.sender = m->from[0].address;
		in->inbox.sender_key =
		    address_key(&app->item, m->from[0].address);
	}
	in->inbox.message_id = m->message_id;
	in->inbox.subject = utf8_head(m->subject, LIMIT_SUBJECT_BYTES);
	if (store_do(app->store, INBOX_READ, err, "ittttt", in->inbox.id,
		in->inbox.message_id, in->inbox.sender, in->inbox.sender_key,
		in->inbox.subject,
		span_of(mail_kind_name(in->reading->kind))) < 0)
		return -1;
	if (thread_of_mail(app, m, &in->thread, &in->proof, err) < 0 ||
	    sender_find(app, in, err) < 0)
		return -1;
	return is_released(in) ? vouch(app, in, err) : 0;
}

/* --- one mail ------------------------------------------------------------- */

static struct verdict
ignored(const char *reason)
{
	return (struct verdict){INBOX_IGNORED, reason};
}

static int
flooded(struct app *app, const struct inbound *in, bool *yes, struct err *err)
{
	int64_t n = 0;

	if (store_int(app->store, INBOX_RECENT_FROM, &n, err, "ti",
		in->inbox.sender_key, app->world.now_unix - HOUR) < 0)
		return -1;
	*yes = n > app->conf.inbound_per_hour;
	return 0;
}

static int
decide_human(
    struct app *app, struct inbound *in, struct verdict *v, struct err *err)
{
	bool flood = false;

	if (in->mail->from_fields > 1 || in->inbox.sender_key.n == 0) {
		*v = ignored("no-single-sender");
		return 0;
	}
	if (flooded(app, in, &flood, err) < 0)
		return -1;
	if (flood && !is_released(in)) {
		*v = (struct verdict){INBOX_PARKED, "too-many"};
		return 0;
	}
	if (in->lead && (in->proof == PROOF_NONE || in->thread.person_id == 0))
		return steer_mail(app, in, v, err);
	return spoken_mail(app, in, v, err);
}

static int
decide(struct app *app, struct inbound *in, struct verdict *v, struct err *err)
{
	switch (in->reading->kind) {
	case MAIL_REFUSED:
		*v = (struct verdict){
		    INBOX_PARKED, arena_strdup(&app->item, in->mail->refused)};
		return 0;
	case MAIL_OWN:
		*v = ignored("own");
		return 0;
	case MAIL_CALENDAR:
		return calendar_mail(app, in, v, err);
	case MAIL_HUMAN:
		return decide_human(app, in, v, err);
	default:
		return machine_mail(app, in, v, err);
	}
}

static int
handle_read(struct app *app, struct inbound *in, struct err *err)
{
	struct verdict v = ignored("nothing-to-do");

	if (message_is_ours(app, in->mail->message_id)) {
		v = ignored("own");
		if (read_headers(app, in, err) < 0)
			return -1;
	} else if (read_headers(app, in, err) < 0 ||
		   decide(app, in, &v, err) < 0)
		return -1;
	log_line(LOG_EVENT, "in mail=%lld kind=%s state=%s reason=%s",
	    (long long)in->inbox.id, mail_kind_name(in->reading->kind),
	    disposition_name(v.state), v.reason);
	return store_do(app->store, INBOX_DECIDE, err, "ittiii", in->inbox.id,
	    span_of(disposition_name(v.state)), span_of(v.reason),
	    in->known ? in->person.id : (int64_t)0,
	    in->proof != PROOF_NONE ? in->thread.id : (int64_t)0,
	    app->world.now_unix);
}

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
	return store_unpack(arena, cell(&rows, 0, 1)->t,
	    (size_t)cell(&rows, 0, 0)->i, raw, err);
}

static int
apply(struct app *app, int64_t id, struct mail *mail, struct err *err)
{
	struct inbound in = {.mail = mail};
	struct reading reading;
	int rc;

	if (inbox_find(app->store, &app->item, id, &in.inbox, err) < 0)
		return -1;
	/* "until Friday" in a mail without a date counts from its arrival. */
	if (mail->date_unix == 0)
		mail->date_unix = in.inbox.arrived_unix;
	reply_read(&app->item, mail, &reading);
	in.reading = &reading;
	app->inbox_id = id;
	rc = handle_read(app, &in, err);
	app->inbox_id = 0;
	return rc;
}

/* A mail that cannot be applied stays new, and is tried by the next run. */
static int
apply_or_leave(struct app *app, int64_t id, struct mail *mail, struct err *err)
{
	struct err why = {0};

	if (store_mark(app->store, err) < 0)
		return -1;
	if (apply(app, id, mail, &why) == 0)
		return store_keep(app->store, err);
	if (why.kind != ERR_ITEM) {
		*err = why;
		return -1;
	}
	log_line(
	    LOG_EVENT, "in mail=%lld error=\"%s\"", (long long)id, why.text);
	/* What was loaded of the programme may be half changed. */
	if (store_undo(app->store, err) < 0)
		return -1;
	return programme_load(app->store, &app->run, &app->programme, err);
}

/* --- a batch --------------------------------------------------------------- */

struct batch {
	int64_t ids[LIMIT_BATCH_MAILS];
	size_t n;
	struct arena next; /* holds the mail that the reader has */
	bool asked;        /* the reader is at work on ids[at] */
	size_t at;
};

/* Hands the next readable mail to the child, while we work on another. */
static int
ask_next(struct app *app, struct batch *b, struct err *err)
{
	b->asked = false;
	for (; b->at < b->n && !b->asked; b->at += !b->asked) {
		struct err why = {0};
		struct span raw;

		arena_reset(&b->next);
		if (load_raw(app, &b->next, b->ids[b->at], &raw, &why) == 0 &&
		    reader_ask(app->reader, raw, &why) == 0)
			b->asked = true;
		else if (why.kind != ERR_ITEM) {
			*err = why;
			return -1;
		}
	}
	return 0;
}

static int
work_through(struct app *app, struct batch *b, struct err *err)
{
	if (ask_next(app, b, err) < 0)
		return -1;
	while (b->asked) {
		int64_t id = b->ids[b->at];
		struct err why = {0};
		struct mail mail;
		bool read =
		    reader_take(app->reader, &app->item, &mail, &why) == 0;

		if (!read && why.kind != ERR_ITEM) {
			*err = why;
			return -1;
		}
		b->at++;
		if (ask_next(app, b, err) < 0 ||
		    (read && apply_or_leave(app, id, &mail, err) < 0))
			return -1;
		arena_reset(&app->item);
	}
	return 0;
}

/*
 * Count the attempts and commit before the mails are opened.  A mail that
 * kills us while being read is then known to have been tried, and is parked
 * after the third time; without this it would kill every run from now on.
 */
static int
count_attempts(struct app *app, const struct batch *b, struct err *err)
{
	if (store_begin(app->store, err) < 0)
		return -1;
	for (size_t i = 0; i < b->n; i++)
		if (store_do(app->store, INBOX_TRY, err, "i", b->ids[i]) < 0) {
			store_rollback(app->store);
			return -1;
		}
	return store_commit(app->store, err);
}

static int
handle_batch(struct app *app, struct batch *b, struct err *err)
{
	int rc;

	if (count_attempts(app, b, err) < 0 || store_begin(app->store, err) < 0)
		return -1;
	arena_init(&b->next);
	b->at = 0;
	rc = work_through(app, b, err);
	arena_release(&b->next);
	if (rc < 0) {
		store_rollback(app->store);
		return -1;
	}
	return store_commit(app->store, err);
}

/*
 * Mails that were never tried go together under one commit; one that was
 * tried before may have been what killed the batch, and goes alone.
 */
static int
next_batch(struct app *app, int64_t *last, struct batch *b, struct err *err)
{
	struct arena arena;
	struct rows rows;
	int rc;

	arena_init(&arena);
	b->n = 0;
	rc = store_rows(app->store, &arena, INBOX_NEXT, &rows, err, "ii", *last,
	    (int64_t)LIMIT_BATCH_MAILS);
	for (size_t i = 0; rc == 0 && i < rows.n; i++) {
		int64_t id = cell(&rows, i, 0)->i;
		int64_t attempts = cell(&rows, i, 1)->i;

		if (attempts > 0 && b->n > 0)
			break;
		*last = id;
		if (attempts >= LIMIT_ATTEMPTS) {
			rc = park(app, id, "unreadable", err);
			continue;
		}
		b->ids[b->n++] = id;
		if (attempts > 0)
			break;
	}
	if (rc == 0)
		rc = rows.n > 0;
	arena_release(&arena);
	return rc;
}

int
intake_all(struct app *app, struct err *err)
{
	struct batch batch;
	int64_t last = 0, done = 0, of = 0;
	int rc;

	if (app->progress != NULL &&
	    store_int(app->store, INBOX_NEW_COUNT, &of, err, "") < 0)
		return -1;
	while ((rc = next_batch(app, &last, &batch, err)) > 0) {
		if (batch.n > 0 && handle_batch(app, &batch, err) < 0)
			return -1;
		done += (int64_t)batch.n;
		if (app->progress != NULL)
			app->progress("reading", done, of);
	}
	return rc;
}
