/*
 * One mail that the reader has read: whose it is, which module decides what
 * it means, and what becomes of it.  Inside the caller's transaction.
 */
#include "app/app.h"

#include "base/limits.h"
#include "base/log.h"
#include "base/utf8.h"
#include "model/address.h"
#include "reply/reply.h"

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

int
mail_handle(struct app *app, const struct inbox *row, const struct mail *mail,
    const struct reading *reading, struct err *err)
{
	struct inbound in = {.mail = mail, .reading = reading, .inbox = *row};
	int rc;

	app->inbox_id = row->id;
	rc = handle_read(app, &in, err);
	app->inbox_id = 0;
	return rc;
}
