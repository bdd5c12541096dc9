/*
 * What people write but rarely, so that chance alone would seldom bring it up:
 * with faults, somebody in each programme does each of these once.
 */
#include "play/play_int.h"

static void
say(struct play *p, struct actor *a, const struct received *r, struct span text)
{
	say_text(p, a, r, text, say_when(p, a, "reply", r->id));
}

static void
name_assistant(struct play *p, struct actor *a, const struct received *r)
{
	a->assistant = arena_spanf(
	    p->arena, "desk.%lld@example.com", (long long)a->number);
	say(p, a, r,
	    arena_spanf(&p->item, "%s %.*s",
		a->german ? "meine Assistenz ist" : "my assistant is",
		(int)a->assistant.n, a->assistant.p));
}

/* A slip of the pen: that of the next one on the list. */
static void
take_address(struct play *p, struct actor *a, const struct received *r)
{
	const struct actor *other = &p->cast[(size_t)a->number % p->cast_n];
	struct span words = word_say(p, a, SAYS_ADDRESS, r->id);

	say(p, a, r,
	    arena_spanf(&p->item, "%.*s %.*s", (int)words.n, words.p,
		(int)other->address.n, other->address.p));
}

/* Neither of the two is heard of again. */
static int
fall_silent(struct play *p, const struct received *r, struct err *err)
{
	struct person mentor, mentee;
	struct actor *both[2];
	struct session s;
	struct pair pair;

	if (session_find(
		p->app->store, &p->item, r->thread.object_id, &s, err) <= 0 ||
	    pair_find(p->app->store, &p->item, s.pair_id, &pair, err) <= 0)
		return 0;
	if (pair_persons(p->app, &pair, &mentor, &mentee, err) < 0)
		return -1;
	both[0] = cast_find(p, mentor.address);
	both[1] = cast_find(p, mentee.address);
	for (int i = 0; i < 2; i++)
		if (both[i] != NULL)
			both[i]->silent_from_unix = p->now_unix;
	return 0;
}

/* What Outlook makes of a reply in its own format: a class, and no text. */
static void
send_winmail(struct play *p, const struct actor *a, const struct received *r)
{
	struct span to = p->app->conf.address, id = r->mail.message_id;
	struct span date = civil_write_mail(&p->item, p->now_unix);

	pen_post(p, p->now_unix + HOUR,
	    arena_spanf(&p->item,
		"From: <%.*s>\r\nTo: <%.*s>\r\nSubject: RE: winmail\r\n"
		"Date: %.*s\r\nMessage-ID: <winmail.%lld@outlook.example>\r\n"
		"In-Reply-To: <%.*s>\r\nMIME-Version: 1.0\r\n"
		"Content-Type: application/ms-tnef; name=winmail.dat\r\n"
		"Content-Transfer-Encoding: base64\r\n\r\n"
		"eJ8+IgEAAQaQCAAEAAAAAAABAAEAAQeQBgAIAAAA5AQAAAAAAADoAAEIgAcA"
		"CQAAAElQTS5Ob3RlAKoC\r\n",
		(int)a->address.n, a->address.p, (int)to.n, to.p, (int)date.n,
		date.p, (long long)r->id, (int)id.n, id.p));
}

/* A word that no standard knows, in place of yes, no or perhaps. */
const char *
errand_answer(struct play *p)
{
	if (!p->ask->faults || p->errands[ERRAND_MUMBLE])
		return NULL;
	p->errands[ERRAND_MUMBLE] = true;
	return "X-PERHAPS";
}

/* Out when the programme closes, and too late to come back. */
static void
join_late(struct play *p, struct actor *a, const struct received *r)
{
	say_text(
	    p, a, r, word_say(p, a, SAYS_LEAVE, r->id), p->now_unix + HOUR);
	say_text(p, a, r, a->german ? SPAN("beitreten") : SPAN("join"),
	    p->now_unix + 3 * DAY);
}

static int
run(struct play *p, struct actor *a, const struct received *r,
    enum errand errand, struct err *err)
{
	switch (errand) {
	case ERRAND_SILENCE:
		return fall_silent(p, r, err);
	case ERRAND_ASSISTANT:
		name_assistant(p, a, r);
		break;
	case ERRAND_ADDRESS:
		take_address(p, a, r);
		break;
	case ERRAND_STOP:
		say(p, a, r, a->german ? SPAN("stopp") : SPAN("stop"));
		break;
	case ERRAND_FORGET:
		say(p, a, r,
		    a->german ? SPAN("vergesst mich") : SPAN("forget me"));
		break;
	case ERRAND_PAUSE:
		say_pause(p, a, r);
		break;
	case ERRAND_STUCK:
		say(p, a, r, word_say(p, a, SAYS_STUCK, r->id));
		break;
	case ERRAND_DATA:
		say(p, a, r, a->german ? SPAN("meine Daten") : SPAN("my data"));
		break;
	case ERRAND_HELP:
		say(p, a, r, a->german ? SPAN("Hilfe") : SPAN("help"));
		break;
	case ERRAND_WINMAIL:
		send_winmail(p, a, r);
		break;
	case ERRAND_LEAVE:
		say(p, a, r, word_say(p, a, SAYS_LEAVE, r->id));
		break;
	case ERRAND_RETURN:
		say_text(p, a, r, a->german ? SPAN("beitreten") : SPAN("join"),
		    p->now_unix + 20 * DAY);
		break;
	case ERRAND_LATE:
		join_late(p, a, r);
		break;
	default:
		break;
	}
	return 0;
}

int
errand_on(struct play *p, struct actor *a, const struct received *r, bool *done,
    struct err *err)
{
	static const struct {
		enum errand errand;
		const char *at; /* the mail that is answered by it */
		int64_t permille;
	} when[] = {
	    {ERRAND_SILENCE, "prepare", 300},
	    {ERRAND_ASSISTANT, "survey-checkin", 300},
	    {ERRAND_ADDRESS, "survey-checkin", 300},
	    {ERRAND_STOP, "survey-checkin", 300},
	    {ERRAND_FORGET, "survey-checkin", 300},
	    {ERRAND_PAUSE, "survey-checkin", 300},
	    {ERRAND_STUCK, "survey-checkin", 300},
	    {ERRAND_DATA, "survey-checkin", 300},
	    {ERRAND_HELP, "survey-checkin", 300},
	    {ERRAND_WINMAIL, "survey-checkin", 300},
	    {ERRAND_LEAVE, "survey-checkin", 300},
	    {ERRAND_LATE, "survey-final", 300},
	    {ERRAND_RETURN, "goodbye", 1000},
	};

	*done = false;
	if (!p->ask->faults || r->for_assistant || !r->has_thread)
		return 0;
	for (size_t i = 0; i < sizeof(when) / sizeof(*when) && !*done; i++) {
		bool *was = &p->errands[when[i].errand];

		if (*was || !span_is(r->template, when[i].at) ||
		    (when[i].errand == ERRAND_LATE &&
			p->app->programme.state != PROGRAMME_CLOSING) ||
		    !chance(p, a, "errand", (int64_t)i, when[i].permille))
			continue;
		*was = *done = true;
		return run(p, a, r, when[i].errand, err);
	}
	return 0;
}
