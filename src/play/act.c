/* What a participant does about a mail. */
#include "play/play_int.h"

static bool
is_silent(const struct play *p, const struct actor *a)
{
	return a->has_left ||
	       (a->silent_from_unix != 0 && p->now_unix >= a->silent_from_unix);
}

static void
say(struct play *p, struct actor *a, const struct received *r, struct span text)
{
	say_text(p, a, r, text, say_when(p, a, "reply", r->id));
}

/* Once an absence, as such programs do. */
static void
answer_away(struct play *p, struct actor *a, const struct received *r)
{
	struct span back = word_say(p, a, SAYS_BACK, r->id);
	struct span day = say_date(p, a, a->away_until_unix + 12 * HOUR);
	struct sheet s = {.who = a,
	    .to = r,
	    .automatic = true,
	    .at_unix = p->now_unix + MINUTE};

	a->away_told = true;
	s.text = arena_spanf(
	    &p->item, "%.*s %.*s.\n", (int)back.n, back.p, (int)day.n, day.p);
	pen_send(p, &s);
}

/* --- the rest of life ------------------------------------------------------ */

static void
answer_invitation(struct play *p, struct actor *a, const struct received *r)
{
	/* Some never answer, some only when asked again. */
	if (chance(p, a, "deaf", 0, 50) ||
	    (!r->reminder && chance(p, a, "later", 0, 150)))
		return;
	say(p, a, r,
	    word_say(p, a, chance(p, a, "declines", 0, 60) ? SAYS_NO : SAYS_YES,
		r->id));
}

static void
say_address(struct play *p, struct actor *a, const struct received *r)
{
	struct span text = word_say(p, a, SAYS_ADDRESS, r->id);

	say(p, a, r,
	    arena_spanf(&p->item, "%.*s %.*s", (int)text.n, text.p,
		(int)a->alias.n, a->alias.p));
}

/* What comes up on the way; true: that, and not what the mail asked for. */
static bool
say_aside(struct play *p, struct actor *a, const struct received *r)
{
	int64_t what = roll(p, a, "aside", r->id, 1000);

	if (what < 8)
		say(p, a, r, word_say(p, a, SAYS_LEAVE, r->id));
	else if (what < 20)
		say(p, a, r, word_say(p, a, SAYS_STUCK, r->id));
	else if (what < 32)
		say_pause(p, a, r);
	else if (what < 36)
		say_address(p, a, r);
	else if (what < 40)
		say(p, a, r, a->german ? SPAN("meine Daten") : SPAN("my data"));
	else if (what < 42)
		say(p, a, r, SPAN("forget me"));
	else if (what < 46)
		say(p, a, r, a->german ? SPAN("Hilfe") : SPAN("help"));
	else if (what < 60)
		say(p, a, r, word_say(p, a, SAYS_CHAT, r->id));
	else
		return false;
	/* Questions are no answer; the mail itself is answered too. */
	return what < 36 || what >= 46;
}

/* They look again at what was asked, and say just that; but only once. */
static int
answer_doubt(
    struct play *p, struct actor *a, const struct received *r, struct err *err)
{
	if (a->was_doubtful || !r->has_thread)
		return 0;
	a->was_doubtful = true;
	switch (r->thread.kind) {
	case THREAD_FORM:
		return form_answer(p, a, r, err);
	case THREAD_PAIR:
		say(p, a, r, word_say(p, a, SAYS_AGREE, 0));
		break;
	case THREAD_SESSION:
	case THREAD_PERSON:
		say(p, a, r, a->german ? SPAN("ja") : SPAN("yes"));
		break;
	default:
		break;
	}
	return 0;
}

static void
answer_goodbye(struct play *p, struct actor *a, const struct received *r)
{
	if (!chance(p, a, "comes-back", 0, 300)) {
		a->has_left = true;
		return;
	}
	say_text(p, a, r, a->german ? SPAN("beitreten") : SPAN("join"),
	    p->now_unix + 20 * DAY);
}

/* One time is a question, several are numbered. */
static void
answer_options(struct play *p, struct actor *a, const struct received *r)
{
	bool first = chance(p, a, "option", r->id, 600);

	if (span_has(r->mail.text, "\n- 2: "))
		say(p, a, r, first ? SPAN("1") : SPAN("2"));
	else
		say(p, a, r, word_say(p, a, first ? SAYS_YES : SAYS_NO, r->id));
}

static int
answer(struct play *p, struct actor *a, struct received *r, struct err *err)
{
	struct span t = r->template;

	if (span_starts(t, "survey-")) {
		if (span_is(t, "survey-checkin") && say_aside(p, a, r))
			return 0;
		a->was_doubtful = false;
		return form_answer(p, a, r, err);
	}
	if (span_is(t, "invite"))
		return diary_on(p, a, r, err);
	if (span_is(t, "not-understood"))
		return answer_doubt(p, a, r, err);
	if (span_is(t, "invitation"))
		answer_invitation(p, a, r);
	else if (span_is(t, "introduction") || span_is(t, "rules-again"))
		say(p, a, r, word_say(p, a, SAYS_AGREE, r->id));
	else if (span_is(t, "options"))
		answer_options(p, a, r);
	else if (span_is(t, "confirm") || span_is(t, "silent"))
		say(p, a, r, a->german ? SPAN("ja") : SPAN("yes"));
	else if (span_is(t, "goodbye"))
		answer_goodbye(p, a, r);
	return 0;
}

int
act_on(struct play *p, struct actor *a, struct received *r, struct err *err)
{
	bool away = p->now_unix >= a->away_from_unix &&
		    p->now_unix < a->away_until_unix;
	bool done;

	if (is_silent(p, a))
		return 0;
	if (away && !a->away_told && !r->for_assistant)
		answer_away(p, a, r);
	if (errand_on(p, a, r, &done, err) < 0)
		return -1;
	return done ? 0 : answer(p, a, r, err);
}
