/*
 * What calendars answer.  The body of a REPLY is trusted for one thing: the
 * answer.  Times in it are questions, and whose answer it is must be shown
 * by an address that was invited or is known.
 */
#include "app/app.h"

#include "app/spoken_int.h"
#include "model/address.h"

enum {
	NOTE_BYTES = 500,
};

/* --- whose ------------------------------------------------------------------ */

/* The answers that one part may hold: its attendees and what each says. */
struct heard {
	struct span keys[8];
	struct span addresses[8];
	enum partstat says[8];
	size_t n;
};

/* A counter-proposal may list the organizer too, whom nobody answers as. */
static void
hear(struct app *app, struct heard *h, struct span address, enum partstat says)
{
	if (address.n == 0 || span_caseeq(address, app->conf.address) ||
	    h->n == sizeof(h->says) / sizeof(*h->says))
		return;
	h->addresses[h->n] = address;
	h->keys[h->n] = address_key(&app->item, address);
	h->says[h->n++] = says;
}

/* The sender's own line first, then as they stand. */
static void
heard_of(struct app *app, const struct inbound *in, struct heard *h)
{
	const struct cal_answer *c = &in->mail->cal;

	h->n = 0;
	for (uint32_t i = 0; i < c->attendees_n; i++)
		if (span_eq(address_key(&app->item, c->attendees[i]),
			in->inbox.sender_key))
			hear(app, h, c->attendees[i], c->partstats[i]);
	hear(app, h, c->attendee, c->partstat);
	for (uint32_t i = 0; i < c->attendees_n; i++)
		hear(app, h, c->attendees[i], c->partstats[i]);
}

static struct attendee *
attendee_of(struct attendee *list, size_t n, int64_t person_id)
{
	for (size_t i = 0; i < n; i++)
		if (list[i].person_id == person_id)
			return &list[i];
	return NULL;
}

/* The invited person whose assistant has this address. */
static int
assisted(struct app *app, struct span key, struct attendee *list, size_t n,
    struct attendee **out, struct err *err)
{
	for (size_t i = 0; i < n && key.n > 0; i++) {
		struct person p;
		int rc = person_find(
		    app->store, &app->item, list[i].person_id, &p, err);

		if (rc < 0)
			return -1;
		if (rc > 0 && span_eq(p.assistant_key, key)) {
			*out = &list[i];
			return 1;
		}
	}
	return 0;
}

int
attendee_by_key(struct app *app, struct span key, struct attendee *list,
    size_t n, struct attendee **out, struct err *err)
{
	struct person p;
	int rc;

	if (key.n == 0)
		return 0;
	for (size_t i = 0; i < n; i++)
		if (span_eq(address_key(&app->item, list[i].address), key)) {
			*out = &list[i];
			return 1;
		}
	rc = person_find_key(app->store, &app->item, key, &p, err);
	if (rc < 0)
		return -1;
	if (rc > 0 && (*out = attendee_of(list, n, p.id)) != NULL)
		return 1;
	return assisted(app, key, list, n, out, err);
}

/*
 * Whose answer is it: an invited address, else the sender's token, else the
 * sender's known address, from which another one is learned.  Anybody else
 * is told to the lead and nothing is recorded.
 */
static int
answerer(struct app *app, const struct inbound *in, const struct session *s,
    struct attendee *list, size_t n, struct attendee **out,
    enum partstat *partstat, struct err *err)
{
	struct person other;
	struct heard h;
	int rc;

	heard_of(app, in, &h);
	*partstat = h.n > 0 ? h.says[0] : in->mail->cal.partstat;
	*out = NULL;
	for (size_t i = 0; i < h.n; i++) {
		rc = attendee_by_key(app, h.keys[i], list, n, out, err);
		if (rc > 0)
			*partstat = h.says[i];
		if (rc != 0)
			return rc < 0 ? -1 : 0;
	}
	if (in->proof == PROOF_TOKEN && in->thread.kind == THREAD_SESSION &&
	    in->thread.object_id == s->id) {
		*out = attendee_of(list, n, in->thread.person_id);
		if (*out != NULL)
			return 0;
	}
	rc = attendee_by_key(app, in->inbox.sender_key, list, n, out, err);
	if (rc <= 0)
		return rc;
	/* Only their own address is theirs: not what an assistant answers as. */
	if (h.n == 0 || !in->known || in->assistant ||
	    in->person.id != (*out)->person_id)
		return 0;
	/* And not one that is known as another's. */
	rc = person_find_key(app->store, &app->item, h.keys[0], &other, err);
	if (rc != 0)
		return rc < 0 ? -1 : 0;
	return store_do(app->store, ALIAS_INSERT, err, "titi", h.keys[0],
	    in->person.id, h.addresses[0], (int64_t)1);
}

/* From now on the mail is that person's, and about this session. */
static int
take_sender(struct app *app, struct inbound *in, const struct session *s,
    const struct attendee *a, struct err *err)
{
	if (person_find(
		app->store, &app->item, a->person_id, &in->person, err) < 0)
		return -1;
	in->known = true;
	in->assistant = in->person.assistant_key.n > 0 &&
			span_eq(in->person.assistant_key, in->inbox.sender_key);
	if (thread_get(
		app, THREAD_SESSION, s->id, a->person_id, &in->thread, err) < 0)
		return -1;
	if (in->proof == PROOF_NONE)
		in->proof = PROOF_CODE;
	return 0;
}

/* --- which ------------------------------------------------------------------ */

/*
 * The same answer again, or one that a newer one has overtaken.  A yes to an
 * older time is no yes; a no to it still counts, but once, and not against a
 * time that has been set since by a mail of this very run.
 */
static bool
is_older(const struct app *app, const struct session *s,
    const struct attendee *a, const struct cal_answer *c,
    enum partstat partstat, int64_t *stamp)
{
	bool no = partstat == PARTSTAT_DECLINED;

	*stamp = c->dtstamp_unix;
	if (*stamp > app->world.now_unix + DAY || *stamp == 0)
		*stamp = app->world.now_unix;
	if (no && c->sequence >= 0 && c->sequence <= a->declined)
		return true;
	if (no && c->sequence < 0 && a->declined >= 0 &&
	    *stamp <= a->dtstamp_unix)
		return true;
	if (c->sequence >= 0 && c->sequence < s->sequence &&
	    (!no || s->dtstamp_unix >= app->world.now_unix))
		return true;
	return a->answered_unix != 0 && *stamp < a->dtstamp_unix;
}

/* --- what ------------------------------------------------------------------- */

/* It is kept as one about this session: its bytes name who was invited. */
static int
uninvited(struct app *app, struct inbound *in, const struct session *s,
    const struct attendee *list, size_t n, struct verdict *v, struct err *err)
{
	*v = (struct verdict){INBOX_HELD, "uninvited-answer"};
	if (in->proof == PROOF_NONE && n > 0) {
		if (thread_get(app, THREAD_SESSION, s->id, list[0].person_id,
			&in->thread, err) < 0)
			return -1;
		in->proof = PROOF_CODE;
	}
	return note_once(
		   app, "uninvited", 0, s->pair_id, in->inbox.sender, err) < 0
		   ? -1
		   : 0;
}

/* What makes a note one of this session; the digest does not show it. */
static struct span
session_text(struct app *app, const struct session *s)
{
	return arena_spanf(&app->item, "session %lld", (long long)s->id);
}

/* The answer could not be read: the lead is told, and the sender asked. */
static int
unclear(struct app *app, struct inbound *in, const struct session *s,
    struct verdict *v, struct err *err)
{
	int rc = note_once(app, "unclear-answer", in->person.id, s->pair_id,
	    session_text(app, s), err);

	*v = verdict_handled("unclear-answer");
	return rc <= 0 ? rc : answer_send(app, in, "answer-unclear", NULL, err);
}

static int
proposal(struct app *app, struct inbound *in, struct session *s,
    struct attendee *a, struct verdict *v, struct err *err)
{
	const struct cal_answer *c = &in->mail->cal;

	if (attendee_save(app, a, err) < 0)
		return -1;
	if (c->proposed_start_unix == 0)
		return unclear(app, in, s, v, err);
	if (session_propose(app, in, s, c->proposed_start_unix, v, err) < 0)
		return -1;
	if (!span_is(span_of(v->reason), "time-not-possible"))
		return 0;
	return note_once(app, "proposal-not-possible", in->person.id,
		   s->pair_id, session_text(app, s), err) < 0
		   ? -1
		   : 0;
}

static int
answer(struct app *app, struct inbound *in, struct session *s,
    struct attendee *list, size_t n, struct attendee *a, enum partstat partstat,
    struct verdict *v, struct err *err)
{
	const struct cal_answer *c = &in->mail->cal;

	if (c->kind == CAL_PROPOSAL)
		return proposal(app, in, s, a, v, err);
	if (partstat == PARTSTAT_NONE)
		return unclear(app, in, s, v, err);
	*v = (struct verdict){INBOX_IGNORED, "no-answer-in-it"};
	if (partstat == PARTSTAT_NEEDS_ACTION)
		return attendee_save(app, a, err);
	*v = verdict_handled("rsvp");
	if (partstat == PARTSTAT_DELEGATED &&
	    note_add(app, "delegated", a->person_id, s->pair_id,
		c->delegated_to, err) < 0)
		return -1;
	return session_record(app, s, list, n, a, partstat, err);
}

/* --- without a calendar part ---------------------------------------------------- */

/*
 * winmail.dat: the class says what, the code in the Subject which session,
 * the sender's known address who.
 */
static int
class_answer(
    struct app *app, struct inbound *in, struct verdict *v, struct err *err)
{
	enum partstat says = partstat_of_class(in->mail->tnef_class);
	struct attendee *list, *a = NULL;
	struct session s;
	size_t n;
	int rc;

	*v = (struct verdict){INBOX_IGNORED, "not-our-event"};
	if (in->proof == PROOF_NONE || in->thread.kind != THREAD_SESSION ||
	    (rc = session_find(
		 app->store, &app->item, in->thread.object_id, &s, err)) == 0)
		return 0;
	if (rc < 0 ||
	    attendees(app->store, &app->item, s.id, &list, &n, err) < 0 ||
	    attendee_by_key(app, in->inbox.sender_key, list, n, &a, err) < 0)
		return -1;
	if (a == NULL)
		return uninvited(app, in, &s, list, n, v, err);
	if (take_sender(app, in, &s, a, err) < 0)
		return -1;
	if (says == PARTSTAT_NONE)
		return unclear(app, in, &s, v, err);
	if (in->reading->new_text.n > 0)
		a->note = span_sub(in->reading->new_text, 0, NOTE_BYTES);
	*v = verdict_handled("rsvp-class");
	return session_record(app, &s, list, n, a, says, err);
}

/* --- the whole ------------------------------------------------------------------ */

/* An answer to somebody else's event, sent to us by mistake. */
static int
foreign(struct app *app, const struct inbound *in, struct verdict *v,
    struct err *err)
{
	*v = (struct verdict){INBOX_IGNORED, "not-our-event"};
	return note_once(app, "foreign-event",
		   in->known && !in->assistant ? in->person.id : (int64_t)0, 0,
		   SPAN(""), err) < 0
		   ? -1
		   : 0;
}

int
calendar_mail(
    struct app *app, struct inbound *in, struct verdict *v, struct err *err)
{
	const struct cal_answer *c = &in->mail->cal;
	struct session s;
	struct attendee *list, *a;
	enum partstat partstat;
	size_t n;
	int64_t stamp;
	int rc;

	if (c->kind == CAL_NONE)
		return class_answer(app, in, v, err);
	rc = session_find_uid(app->store, &app->item, c->uid, &s, err);
	if (rc <= 0)
		return rc < 0 ? -1 : foreign(app, in, v, err);
	if (attendees(app->store, &app->item, s.id, &list, &n, err) < 0 ||
	    answerer(app, in, &s, list, n, &a, &partstat, err) < 0)
		return -1;
	if (a == NULL)
		return uninvited(app, in, &s, list, n, v, err);
	if (take_sender(app, in, &s, a, err) < 0)
		return -1;
	if (c->kind == CAL_OTHER) {
		*v = (struct verdict){INBOX_IGNORED, "no-calendar-answer"};
		return note_once(app, "calendar-change", in->person.id,
			   s.pair_id, c->method, err) < 0
			   ? -1
			   : 0;
	}
	*v = (struct verdict){INBOX_IGNORED, "older-answer"};
	if (is_older(app, &s, a, c, partstat, &stamp))
		return 0;
	a->dtstamp_unix = stamp;
	a->sequence = c->sequence >= 0 ? c->sequence : s.sequence;
	if (c->comment.n > 0)
		a->note = span_sub(c->comment, 0, NOTE_BYTES);
	return answer(app, in, &s, list, n, a, partstat, v, err);
}
