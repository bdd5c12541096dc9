/* What machines write: bounces, absences, receipts, abuse reports. */
#include "app/app.h"

#include "app/spoken_int.h"
#include "model/address.h"

enum {
	BOUNCE_DAYS = 7,
	AWAY_DAYS_MOST = 120
};

static struct verdict
ignored(const char *reason)
{
	return (struct verdict){INBOX_IGNORED, reason};
}

/* --- bounces --------------------------------------------------------------- */

/*
 * A bounce counts only when it is about a mail of ours to that person: by
 * the token it came back to, or by the Message-ID it quotes.  Anybody can
 * write a bounce; nobody can write our tokens.
 */
static int
bounced_person(struct app *app, const struct inbound *in, struct person *out,
    struct err *err)
{
	struct rows rows;

	if (in->reading->original_id.n > 0) {
		if (store_rows(app->store, &app->item, OUTBOX_BY_MESSAGE, &rows,
			err, "t", in->reading->original_id) < 0)
			return -1;
		if (rows.n > 0 && cell(&rows, 0, 1)->i > 0)
			return person_find(app->store, &app->item,
			    cell(&rows, 0, 1)->i, out, err);
	}
	if (in->proof == PROOF_TOKEN && in->thread.person_id > 0)
		return person_find(
		    app->store, &app->item, in->thread.person_id, out, err);
	return 0;
}

/* The next address we know, or none. */
static int
use_alternate(struct app *app, struct person *p, bool *used, struct err *err)
{
	struct rows rows;

	*used = false;
	if (store_rows(
		app->store, &app->item, ALIASES, &rows, err, "i", p->id) < 0)
		return -1;
	for (size_t r = 0; r < rows.n; r++) {
		struct span address = cell(&rows, r, 0)->t;

		if (cell(&rows, r, 1)->i != 0 ||
		    span_eq(address_key(&app->item, address), p->key))
			continue;
		*used = true;
		return person_move(app, p, address, err);
	}
	return 0;
}

int
person_unreachable(struct app *app, struct person *p, struct err *err)
{
	bool used;

	if (use_alternate(app, p, &used, err) < 0)
		return -1;
	if (used) {
		p->bounces = 0;
		if (person_save(app, p, err) < 0)
			return -1;
		return note_add(app, "alternate", p->id, 0, p->address, err);
	}
	p->bad_address_unix = app->world.now_unix;
	if (person_save(app, p, err) < 0)
		return -1;
	return note_add(app, "bad-address", p->id, 0, p->address, err);
}

static bool
unknown_user(struct span status)
{
	return span_starts(status, "5.1.1") || span_starts(status, "5.1.10") ||
	       span_starts(status, "5.1.6");
}

/*
 * One of our invites has come back: by its UID, which nobody can guess.  It
 * is marked and told; whether the address is bad is another question.
 */
static int
mark_invite(struct app *app, const struct inbound *in, struct err *err)
{
	struct span uid = in->mail->returned.uid;
	struct attendee *list, *a;
	struct session s;
	size_t n;
	int rc =
	    uid.n ? session_find_uid(app->store, &app->item, uid, &s, err) : 0;

	if (rc <= 0)
		return rc;
	if (attendees(app->store, &app->item, s.id, &list, &n, err) < 0)
		return -1;
	for (uint32_t i = 0; i < in->reading->bounced_n; i++) {
		const struct bounced *b = &in->reading->bounced[i];

		if (b->delayed || !b->permanent)
			continue;
		rc = attendee_by_key(
		    app, address_key(&app->item, b->address), list, n, &a, err);
		if (rc < 0)
			return -1;
		if (rc == 0)
			continue;
		a->note = arena_spanf(
		    &app->item, "bounced %.*s", (int)b->status.n, b->status.p);
		if (attendee_save(app, a, err) < 0 ||
		    note_once(app, "invite-bounced", a->person_id, s.pair_id,
			b->address, err) < 0)
			return -1;
	}
	return 0;
}

static int
bounce(struct app *app, struct inbound *in, struct verdict *v, struct err *err)
{
	const struct bounced *b = NULL;
	struct person p;
	bool recent;
	int rc;

	*v = ignored("foreign-bounce");
	if (mark_invite(app, in, err) < 0)
		return -1;
	rc = bounced_person(app, in, &p, err);
	if (rc <= 0)
		return rc;
	in->person = p;
	in->known = true;
	*v = ignored("bounce-of-another-address");
	for (uint32_t i = 0; i < in->reading->bounced_n; i++)
		if (span_eq(address_key(
				&app->item, in->reading->bounced[i].address),
			p.key))
			b = &in->reading->bounced[i];
	if (b == NULL)
		return 0;
	*v = verdict_handled("bounce");
	if (b->delayed || !b->permanent)
		return 0;
	recent = p.last_bounce_unix >
		 app->world.now_unix - (int64_t)BOUNCE_DAYS * DAY;
	p.bounces = recent ? p.bounces + 1 : 1;
	p.last_bounce_unix = app->world.now_unix;
	if (p.bad_address_unix == 0 &&
	    (p.bounces >= 2 || unknown_user(b->status)))
		return person_unreachable(app, &p, err);
	return person_save(app, &p, err);
}

/* --- absences -------------------------------------------------------------- */

/* Until they are back they are not reminded; nothing else is read into it. */
static int
away(struct app *app, struct inbound *in, struct verdict *v, struct err *err)
{
	int64_t until = in->reading->away_until_unix;
	int64_t most = app->world.now_unix + (int64_t)AWAY_DAYS_MOST * DAY;

	*v = ignored("automatic");
	if (!in->known || in->assistant || until <= app->world.now_unix)
		return 0;
	*v = verdict_handled("away");
	in->person.away_until_unix = until < most ? until : most;
	return person_save(app, &in->person, err);
}

int
machine_mail(
    struct app *app, struct inbound *in, struct verdict *v, struct err *err)
{
	switch (in->reading->kind) {
	case MAIL_BOUNCE:
		return bounce(app, in, v, err);
	case MAIL_AUTO_REPLY:
		if (in->reading->challenge) {
			*v = verdict_handled("challenge");
			return note_add(app, "challenge",
			    in->known ? in->person.id : (int64_t)0, 0,
			    in->inbox.sender, err);
		}
		return away(app, in, v, err);
	case MAIL_FBL:
		*v = verdict_handled("abuse-report");
		return note_add(
		    app, "abuse-report", 0, 0, in->inbox.subject, err);
	case MAIL_MDN:
		*v = ignored("receipt");
		return 0;
	default:
		*v = ignored("automatic");
		return 0;
	}
}
