/*
 * What a participant wrote -> events.  A change needs the token or code of a
 * mail we sent and the address we know; without it the owner is asked.  A
 * doubtful sentence never changes anything: rmail says what it understood.
 */
#include "app/spoken_int.h"

/* --- pairs ---------------------------------------------------------------- */

static int
pair_agree(struct app *app, struct inbound *in, struct err *err)
{
	struct pair pair;
	int rc =
	    pair_find(app->store, &app->item, in->thread.object_id, &pair, err);

	if (rc <= 0)
		return rc;
	if (in->person.id == pair.mentor_id && pair.mentor_agreed_unix == 0)
		pair.mentor_agreed_unix = app->world.now_unix;
	if (in->person.id == pair.mentee_id && pair.mentee_agreed_unix == 0)
		pair.mentee_agreed_unix = app->world.now_unix;
	if (pair_save(app, &pair, err) < 0)
		return -1;
	return pair_event(app, &pair, EV_AGREED, err);
}

/* Words about time go to the session that is being planned. */
static int
pair_session(struct app *app, struct inbound *in, const struct pair *pair,
    const struct short_answer *s, struct verdict *v, struct err *err)
{
	struct session *list;
	size_t n;

	if (sessions(app->store, &app->item, SESSIONS_OF, &list, &n, err,
		pair->id) < 0)
		return -1;
	for (size_t i = 0; i < n; i++)
		if (list[i].state < SESSION_OVER) {
			in->thread.kind = THREAD_SESSION;
			in->thread.object_id = list[i].id;
			return session_reply(app, in, s, v, err);
		}
	return answer_not_understood(app, in, v, err);
}

static int
pair_reply(struct app *app, struct inbound *in, const struct short_answer *s,
    struct verdict *v, struct err *err)
{
	struct pair pair;
	bool yes = s->word == WORD_AGREE || s->word == WORD_YES;
	int rc =
	    pair_find(app->store, &app->item, in->thread.object_id, &pair, err);

	if (rc <= 0)
		return rc;
	if (!s->sure)
		return answer_not_understood(app, in, v, err);
	*v = verdict_handled(word_name(s->word));
	if (yes && pair.state == PAIR_ACTIVE)
		return pair_event(app, &pair, EV_SIGN, err);
	if (yes)
		return pair_agree(app, in, err);
	if (s->word == WORD_MOVE || s->word == WORD_TIME ||
	    s->word == WORD_CANCEL || s->word == WORD_NOT_THEN)
		return pair_session(app, in, &pair, s, v, err);
	return answer_not_understood(app, in, v, err);
}

/* --- invitations ---------------------------------------------------------- */

static int
person_reply(struct app *app, struct inbound *in, const struct short_answer *s,
    struct verdict *v, struct err *err)
{
	*v = verdict_handled(word_name(s->word));
	if (s->word == WORD_YES || s->word == WORD_AGREE)
		return join(app, in, err);
	if (s->word == WORD_NO)
		return person_event(app, &in->person, EV_NO, err);
	if (s->word == WORD_STOP)
		return person_event(app, &in->person, EV_LEAVE, err);
	return answer_not_understood(app, in, v, err);
}

/* --- the whole ------------------------------------------------------------ */

static int
by_thread(struct app *app, struct inbound *in, const struct short_answer *s,
    struct verdict *v, struct err *err)
{
	switch (in->thread.kind) {
	case THREAD_FORM:
		if (s->word == WORD_STOP && s->sure) {
			*v = verdict_handled("stop");
			return form_stop(app, in, err);
		}
		return form_reply(app, in, v, err);
	case THREAD_SESSION:
		return session_reply(app, in, s, v, err);
	case THREAD_PAIR:
		return pair_reply(app, in, s, v, err);
	case THREAD_CONFIRM:
		if (!s->sure)
			return answer_not_understood(app, in, v, err);
		return confirm_reply(app, in, s, v, err);
	default:
		if (!s->sure)
			return answer_not_understood(app, in, v, err);
		return person_reply(app, in, s, v, err);
	}
}

int
spoken_mail(
    struct app *app, struct inbound *in, struct verdict *v, struct err *err)
{
	struct short_answer s;
	int rc;

	if (!in->known)
		return stranger(app, in, v, err);
	if (in->proof != PROOF_NONE && in->thread.person_id != in->person.id) {
		*v = (struct verdict){INBOX_HELD, "other-person"};
		return note_add(app, "other-person", in->person.id, 0,
		    in->inbox.subject, err);
	}
	if (in->assistant &&
	    (in->proof == PROOF_NONE || in->thread.kind != THREAD_SESSION)) {
		*v = (struct verdict){INBOX_IGNORED, "assistant"};
		return 0;
	}
	in->person.last_heard_unix = app->world.now_unix;
	in->person.away_until_unix = 0;
	if (person_save(app, &in->person, err) < 0)
		return -1;
	if (in->proof == PROOF_NONE)
		return without_code(app, in, v, err);
	s = short_of(app, in);
	if (s.sure && !in->assistant) {
		rc = general_word(app, in, &s, err);
		if (rc != 0) {
			*v = verdict_handled(word_name(s.word));
			return rc < 0 ? -1 : 0;
		}
	}
	return by_thread(app, in, &s, v, err);
}
