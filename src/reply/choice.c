/*
 * Answers to an offer of several times: "1 or 3", "any", "none of these",
 * "Thu 14:00 or Fri 9:00".  A text that holds anything else is no choice.
 */
#include <string.h>

#include "reply/reply_int.h"

static const char between[] =
    "or and oder und ou et o e y of en , / . ) ( : ; - & \" ' ! * # "
    "option options vorschlag vorschläge proposal number nr nummer numéro time times zeit zeiten choice "
    "one works work suits suit fine would could are is them these those ones "
    "passt passen ginge gingen würde würden geht gehen sind ist von diesen";
static const char any[] = "any all either both alle beide egal each every";
static const char none[] = "none neither keine keins keiner aucun ninguna";

static bool
only_digits(const struct tokens *ts)
{
	for (int i = 0; i < ts->n; i++) {
		const struct token *t = &ts->t[i];

		if (t->kind == TOKEN_NUMBER
			? t->digits != 1
			: t->kind == TOKEN_WORD && !token_in(ts, i, "or oder"))
			return false;
	}
	return ts->n > 0;
}

/* 1..9, or 0: "2", "b", "second", "zweite" */
static unsigned
number_at(const struct tokens *ts, int i)
{
	static const char *const words[] = {
	    "first erste ersten erster premier primera primero",
	    "second zweite zweiten zweiter deuxième segunda segundo",
	    "third dritte dritten dritter troisième tercera tercero"};
	const struct token *t = &ts->t[i];

	if (t->kind == TOKEN_NUMBER)
		return t->digits == 1 ? (unsigned)t->number : 0;
	if (t->kind == TOKEN_WORD && t->text[1] == '\0' && t->text[0] >= 'a' &&
	    t->text[0] <= 'd')
		return (unsigned)(t->text[0] - 'a' + 1);
	for (unsigned n = 0; n < 3; n++)
		if (word_in(t->text, words[n]))
			return n + 1;
	return 0;
}

struct look {
	struct tokens ts;
	struct civil today;
	struct span locale;
	bool digits; /* "1/3" is no day then */
	bool no, question, wrong;
	struct choice out;
};

/* A time of one's own at token i. */
static bool
take_time(struct look *l, int *i)
{
	struct when w;
	int end = l->digits ? *i
			    : when_at(&l->ts, *i, l->today, l->locale,
				  l->out.times_n > 0, &w);

	if (end == *i)
		return false;
	if (l->out.times_n == CHOICE_TIMES)
		l->wrong = true;
	else
		l->out.times[l->out.times_n++] = w;
	*i = end;
	return true;
}

static bool
take_phrase(struct look *l, int *i, int least)
{
	int n;
	enum word word = words_longest(&l->ts, *i, &n);

	if (word == WORD_NONE || n < least)
		return false;
	switch (word) {
	case WORD_YES:
	case WORD_AGREE:
	case WORD_MOVE:
		break;
	case WORD_NO:
	case WORD_NOT_THEN:
		/* "Not on Thursday" is no wish for it. */
		l->wrong |= when_at(&l->ts, *i + n, l->today, l->locale, true,
				&(struct when){0}) > *i + n;
		l->no = true;
		break;
	default:
		l->wrong = true;
		break;
	}
	*i += n;
	return true;
}

static void
take(struct look *l, int *i)
{
	unsigned n;

	if (token_is(&l->ts, *i, "?")) {
		l->question = true;
		++*i;
	} else if (token_in(&l->ts, *i, any)) {
		l->out.all = true;
		++*i;
	} else if (token_in(&l->ts, *i, none)) {
		l->out.none = true;
		++*i;
	} else if (take_phrase(l, i, 2) || take_time(l, i)) {
		return;
	} else if ((n = number_at(&l->ts, *i)) > 0) {
		l->out.numbers |= 1U << n;
		++*i;
	} else if (!token_in(&l->ts, *i, between) && take_phrase(l, i, 1)) {
		return;
	} else {
		l->wrong |= !token_in(&l->ts, *i, between) &&
			    !words_is_idle(&l->ts, *i);
		++*i;
	}
}

bool
reply_choice(struct arena *arena, struct span new_text, struct civil today,
    struct span locale, struct choice *out)
{
	struct look l = {.today = today, .locale = locale};
	bool cut;
	int ways;

	tokens_read(words_content(arena, new_text, &cut), &l.ts);
	if (cut || l.ts.cut || l.ts.n == 0)
		return false;
	l.digits = only_digits(&l.ts);
	for (int i = 0; i < l.ts.n && !l.wrong;)
		take(&l, &i);
	/* "Both 1 and 3", "either 2 or 3" */
	l.out.all &= l.out.numbers == 0;
	/* "None of these, but Thu 14:00" is a time; "no, 2" is unclear. */
	l.out.none |= l.no && l.out.times_n == 0;
	l.out.none &= l.out.times_n == 0;
	ways =
	    l.out.all + l.out.none + (l.out.numbers != 0 || l.out.times_n > 0);
	if (l.wrong || ways != 1 || (l.question && l.out.times_n == 0))
		return false;
	*out = l.out;
	return true;
}
