/* A survey's answers, as this person gives them. */
#include "base/str.h"
#include "play/play_int.h"

struct filling {
	struct play *play;
	const struct actor *who;
	int64_t occasion; /* the mail */
	const struct sent_form *sent;
};

static struct span
letter_of(struct filling *f, uint32_t option)
{
	return arena_spanf(&f->play->item, "%c", 'A' + (int)option);
}

static struct span
option_with(struct filling *f, const struct slot *s, const char *key)
{
	for (uint32_t i = 0; i < s->options_n; i++)
		if (span_is(s->options[i].key, key))
			return letter_of(f, i);
	return SPAN("");
}

static struct span
choose(struct filling *f, const struct slot *s)
{
	struct play *p = f->play;
	const struct actor *a = f->who;

	if (span_is(s->id, "role"))
		return option_with(f, s, a->mentor ? "mentor" : "mentee");
	if (span_is(s->id, "fit"))
		return option_with(f, s,
		    chance(p, a, "misfit", f->occasion, 60)      ? "not"
		    : chance(p, a, "deciding", f->occasion, 150) ? "deciding"
								 : "good");
	return letter_of(f, (uint32_t)roll(p, a, "choice",
				f->occasion * 64 + s->number, s->options_n));
}

static struct span
several(struct filling *f, const struct slot *s)
{
	struct play *p = f->play;
	struct str out;
	int64_t first = roll(
	    p, f->who, "several", f->occasion * 64 + s->number, s->options_n);

	if (span_is(s->id, "languages"))
		return f->who->german ? SPAN("A, B") : SPAN("A");
	str_init(&out, &p->item, 40);
	for (uint32_t i = 0; i < s->options_n; i++) {
		if (i != first &&
		    !chance(p, f->who, "too",
			(f->occasion * 64 + s->number) * 32 + i, 300))
			continue;
		str_addf(&out, "%s%c", out.n ? ", " : "", 'A' + (int)i);
	}
	return str_span(&out);
}

/* Executives begin low and want more; at the end most have got there. */
static struct span
level(struct filling *f, const struct slot *s)
{
	static const char *const words[] = {"L", "M", "H"};
	struct play *p = f->play;
	int64_t now = f->who->mentor
			  ? 1 + roll(p, f->who, "knows", s->number, 2)
			  : roll(p, f->who, "knows", s->number, 2);
	int64_t wants = now + 1 + roll(p, f->who, "wants", s->number, 2);

	if (wants > 2)
		wants = 2;
	if (!span_is(f->sent->survey, "signup"))
		return span_of(words[chance(p, f->who, "gained", s->number,
					 f->who->mentee ? 750 : 300)
					 ? wants
					 : now]);
	if (s->wanted && f->who->mentee)
		return arena_spanf(
		    &p->item, "%s -> %s", words[now], words[wants]);
	return span_of(words[now]);
}

static struct span
scale(struct filling *f, const struct slot *s)
{
	int64_t steps = s->high - s->low + 1;
	int64_t a =
	    roll(f->play, f->who, "scale", f->occasion * 64 + s->number, steps);
	int64_t b = roll(
	    f->play, f->who, "better", f->occasion * 64 + s->number, steps);

	/* The better of two throws: most are content, some are not. */
	return arena_spanf(
	    &f->play->item, "%lld", (long long)(s->low + (a > b ? a : b)));
}

/* Whether two people met is one fact, not two; a few remember it wrongly. */
static bool
did_meet(struct filling *f)
{
	bool met = !chance(f->play, NULL, "missed", f->sent->session_id, 70);

	return met != chance(f->play, f->who, "forgets", f->sent->id, 10);
}

static struct span
yesno(struct filling *f, const struct slot *s)
{
	bool is =
	    span_is(s->id, "consent") ||
	    (span_is(s->id, "met") ? did_meet(f)
				   : chance(f->play, f->who, "yesno",
					 f->occasion * 64 + s->number, 850));

	if (f->who->german)
		return is ? SPAN("ja") : SPAN("nein");
	return is ? SPAN("yes") : SPAN("no");
}

/* Some know whom they would like. */
static struct span
wish(struct filling *f)
{
	struct play *p = f->play;
	const struct actor *other =
	    &p->cast[roll(p, f->who, "wish", 0, (int64_t)p->cast_n)];

	if (!chance(p, f->who, "wishes", 0, 300) || other == f->who ||
	    other->mentor == f->who->mentor)
		return SPAN("");
	return other->name;
}

static struct span
words(struct filling *f, const struct slot *s)
{
	static const struct {
		const char *id;
		enum says says;
	} known[] = {{"goals", SAYS_GOALS}, {"action", SAYS_ACTION},
	    {"learned", SAYS_LEARNED}, {"themes", SAYS_GOALS},
	    {"ideas", SAYS_LEARNED}, {"improve", SAYS_IMPROVE}};

	if (span_is(s->id, "picks"))
		return wish(f);
	for (size_t i = 0; i < sizeof(known) / sizeof(*known); i++)
		if (span_is(s->id, known[i].id) &&
		    chance(f->play, f->who, "words",
			f->occasion * 64 + s->number, 600))
			return word_say(
			    f->play, f->who, known[i].says, f->occasion);
	return SPAN("");
}

static struct span
fill_slot(struct filling *f, const struct slot *s)
{
	switch (s->type) {
	case QUESTION_CHOICE:
		return choose(f, s);
	case QUESTION_SEVERAL:
		return several(f, s);
	case QUESTION_SCALE:
		return scale(f, s);
	case QUESTION_LEVEL:
		return level(f, s);
	case QUESTION_YESNO:
		return yesno(f, s);
	case QUESTION_NUMBER:
		return arena_spanf(&f->play->item, "%lld",
		    (long long)(s->low + roll(f->play, f->who, "number",
					     f->occasion * 64 + s->number,
					     s->high - s->low + 1)));
	case QUESTION_HOURS:
		return word_say(f->play, f->who, SAYS_HOURS, 0);
	case QUESTION_TEXT:
		return words(f, s);
	case QUESTION_DATE:
		break;
	}
	return SPAN("");
}

void
fill_form(struct play *p, const struct actor *a, const struct received *r,
    const struct sent_form *sent, const struct form *form, struct span *values)
{
	struct filling f = {p, a, sent->id, sent};

	for (uint32_t i = 0; i < form->slots_n; i++) {
		values[i] = fill_slot(&f, &form->slots[i]);
		/* Now and then an answer that is none. */
		if (form->slots[i].type != QUESTION_TEXT &&
		    form->slots[i].type != QUESTION_NUMBER &&
		    chance(p, a, "unclear", r->id * 64 + i, 6))
			values[i] = a->german ? SPAN("kommt darauf an")
					      : SPAN("it depends");
	}
}
