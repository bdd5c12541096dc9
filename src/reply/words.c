/*
 * Short answers.  A text is cut into words; phrases of a table are looked
 * for, and what is left must be courtesy.  Anything else left over makes the
 * answer unsure: rmail then asks instead of acting.
 */
#include <string.h>

#include "base/str.h"
#include "model/address.h"
#include "reply/reply_int.h"

/* More than this is no short answer. */
enum {
	CONTENT_BYTES = 2000
};

static const char marks[] = ".,!;:-()\"/*_~'+";

struct scan {
	struct tokens ts;
	struct civil today;
	struct span locale, text;
	enum word word;
	bool mixed, doubt, question;
	int left;  /* tokens that are neither phrase nor courtesy */
	int first; /* index of the first phrase */
	int behind;
	struct when when;
	bool has_when;
	int number, out_of;
	bool has_number;
	struct span address;
};

/* How many tokens from i the phrase covers; 0 when it does not stand there. */
static int
phrase_at(const struct tokens *ts, int i, struct span rest)
{
	struct span word;
	int n = 0;

	while (span_word(&rest, &word)) {
		/* "yes, we did": a comma between is no matter */
		if (n > 0 && token_in(ts, i + n, ", '") && !span_is(word, ","))
			n++;
		if (i + n >= ts->n || !span_is(word, ts->t[i + n].text))
			return 0;
		n++;
	}
	return n;
}

enum word
words_longest(const struct tokens *ts, int i, int *n)
{
	enum word best = WORD_NONE;
	size_t first, count = phrases_of(ts->t[i].text, &first);

	*n = 0;
	for (size_t k = first; k < first + count; k++) {
		int len = phrase_at(ts, i, span_of(phrases[k].text));

		/* One that says nothing hides what stands in it. */
		if (len > *n) {
			*n = len;
			best = phrases[k].word;
		}
	}
	return best;
}

/* Yes and no are part of many sentences; a word of more substance wins. */
static void
take_word(struct scan *s, enum word word, int i, int n)
{
	bool yes_no = word == WORD_YES || word == WORD_NO;
	bool had_yes_no = s->word == WORD_YES || s->word == WORD_NO;

	if (s->word == WORD_NONE) {
		s->first = i;
		s->behind = i + n;
		s->word = word;
	} else if (s->word == word) {
		if (s->behind == i)
			s->behind = i + n;
	} else if (yes_no && had_yes_no) {
		s->mixed = true;
	} else if (yes_no) {
		/* "agree, no" */
		if (s->word == WORD_AGREE || s->word == WORD_JOIN)
			s->mixed |= word == WORD_NO;
	} else if (had_yes_no) {
		if (s->word == WORD_NO &&
		    (word == WORD_AGREE || word == WORD_JOIN ||
			word == WORD_HELP))
			s->mixed = true;
		s->word = word;
		s->first = i;
		s->behind = i + n;
	} else if (word == WORD_MOVE &&
		   (s->word == WORD_CANCEL || s->word == WORD_NOT_THEN)) {
		s->word = word; /* "not then, move to ..." */
	} else if (!(s->word == WORD_MOVE && word == WORD_NOT_THEN)) {
		s->mixed = true;
	}
}

static bool
take_when(struct scan *s, int *i)
{
	struct when w;
	bool loose = s->word == WORD_PAUSE || s->word == WORD_MOVE ||
		     s->word == WORD_NOT_THEN;
	int end = when_at(&s->ts, *i, s->today, s->locale, loose, &w);

	if (end == *i)
		return false;
	if (!s->has_when)
		s->when = w;
	else
		s->mixed = true;
	s->has_when = true;
	*i = end;
	return true;
}

static bool
take_number(struct scan *s, int *i)
{
	const struct token *t = &s->ts.t[*i];
	int n;

	if (t->kind == TOKEN_NUMBER && t->digits <= 3)
		n = t->number;
	else if (t->kind == TOKEN_WORD && t->text[1] == '\0' &&
		 t->text[0] >= 'a' && t->text[0] <= 'z' && t->text[0] != 'i' &&
		 (s->ts.n <= 2 ||
		     token_in(&s->ts, *i - 1, "option answer antwort") ||
		     token_in(&s->ts, *i + 1, ") .")))
		n = t->text[0] - 'a' + 1;
	else
		return false;
	if (s->has_number)
		s->mixed = true;
	s->has_number = true;
	s->number = n;
	++*i;
	/* "4/5", "4 out of 5", "4 von 5" */
	if (token_in(&s->ts, *i, "/ of von") &&
	    s->ts.t[*i + 1 < s->ts.n ? *i + 1 : *i].kind == TOKEN_NUMBER) {
		s->out_of = s->ts.t[*i + 1].number;
		*i += 2;
	}
	return true;
}

/* An address at token i: the text between blanks around an '@'. */
static bool
take_address(struct arena *arena, struct scan *s, int *i)
{
	size_t from = s->ts.t[*i].start, to = from;
	struct span word, found;
	int end = *i;

	while (to < s->text.n && !ascii_blank(s->text.p[to]))
		to++;
	word = span_sub(s->text, from, to);
	while (word.n > 0 && strchr("<([\"'", word.p[0]) != NULL)
		word = span_skip(word, 1);
	if (span_casestarts(word, "mailto:"))
		word = span_skip(word, 7);
	while (word.n > 0 && strchr(">)].,;!\"'", word.p[word.n - 1]) != NULL)
		word.n--;
	if (!span_has(word, "@") || !address_parse(arena, word, &found))
		return false;
	if (s->address.n > 0 && !span_caseeq(s->address, found))
		s->mixed = true;
	s->address = found;
	while (end < s->ts.n && s->ts.t[end].start < to)
		end++;
	*i = end;
	return true;
}

/* "4/5" and "7 / 10" alone are marks out of so many, not days. */
static bool
is_score(const struct tokens *ts, int i)
{
	return i == 0 && ts->n <= 4 && ts->n >= 3 && token_is(ts, 1, "/") &&
	       token_in(ts, 2, "5 10") && ts->t[0].kind == TOKEN_NUMBER &&
	       ts->t[0].number >= 0 && ts->t[0].number <= ts->t[2].number;
}

bool
words_is_idle(const struct tokens *ts, int i)
{
	const struct token *t = &ts->t[i];

	if (t->kind == TOKEN_MARK)
		return t->text[1] == '\0' && strchr(marks, t->text[0]) != NULL;
	return (lexeme_of(t)->is & COURTESY) != 0;
}

static void
scan_tokens(struct arena *arena, struct scan *s)
{
	for (int i = 0; i < s->ts.n;) {
		enum word p;
		int n;

		if (take_address(arena, s, &i))
			continue;
		p = words_longest(&s->ts, i, &n);
		if (p != WORD_NONE && s->ts.t[i].text[1] == '\0' &&
		    s->ts.n > 2 && n == 1)
			p = WORD_NONE; /* "y" and "n" only alone */
		if (p == WORD_NONE && n > 1) {
			s->left += n; /* "leave it", "stuck in traffic" */
			i += n;
			continue;
		}
		if (p != WORD_NONE) {
			struct when w;

			/* "not this week", "halt": a date may be longer */
			if (p == WORD_NOT_THEN &&
			    when_at(&s->ts, i + 1, s->today, s->locale, true,
				&w) > i + 1)
				n = 1;
			take_word(s, p, i, n);
			i += n;
			continue;
		}
		if (!is_score(&s->ts, i) && take_when(s, &i))
			continue;
		if (token_is(&s->ts, i, "?"))
			s->question = true;
		else if ((lexeme_of(&s->ts.t[i])->is & DOUBT) != 0)
			s->doubt = true;
		if (take_number(s, &i))
			continue;
		if (!words_is_idle(&s->ts, i) && !token_is(&s->ts, i, "?"))
			s->left++;
		i++;
	}
}

/* --- which lines count -------------------------------------------------- */

/* A short line of capitalised words under the answer: a name. */
static bool
is_name(struct span line)
{
	struct span rest = line, word;
	int n = 0;

	while (span_word(&rest, &word)) {
		unsigned char c = (unsigned char)word.p[0];

		if ((c < 0x80 && !(c >= 'A' && c <= 'Z')) ||
		    span_has(word, "@") || span_has(word, ":"))
			return false;
		n++;
	}
	return n > 0 && n <= 3;
}

struct span
words_content(struct arena *arena, struct span text, bool *cut)
{
	struct span line;
	struct str out;
	int n = 0;

	*cut = false;
	str_init(&out, arena, CONTENT_BYTES);
	while (span_line(&text, &line)) {
		if (out.n + line.n > CONTENT_BYTES) {
			*cut = true;
			break;
		}
		line = span_trim(line);
		if (line.n == 0 || line.p[0] == '>')
			continue;
		if (n == 0 && line_is_greeting(line) && text.n > 0)
			continue;
		if (n > 0 && line_is_sign_off(line))
			break;
		if (n > 0 && is_name(line) && span_trim(text).n == 0) {
			struct tokens ts;
			int len;

			tokens_read(line, &ts);
			if (ts.n > 0 &&
			    words_longest(&ts, 0, &len) == WORD_NONE)
				break;
		}
		if (n++ > 0)
			str_addc(&out, '\n');
		str_add(&out, line);
	}
	return str_span(&out);
}

static const char own_address[] = "address email mail adresse e-mail e";
static const char assistant[] =
    "assistant pa ea secretary assistent assistenz assistentin sekretariat "
    "sekretärin sekretär assistente";

static bool
has_word(const struct tokens *ts, const char *words)
{
	for (int i = 0; i < ts->n; i++)
		if (token_in(ts, i, words))
			return true;
	return false;
}

/* "my assistant is x@y", "my address is now x@y", "assistant: none" */
static bool
address_word(struct scan *s, struct short_answer *out)
{
	bool helper = has_word(&s->ts, assistant);
	bool says = has_word(&s->ts,
	    "is ist now jetzt new neue neu : changed geändert lautet use "
	    "change ändern");

	if (helper && s->address.n > 0 && s->ts.n <= 40) {
		out->word = WORD_ASSISTANT;
	} else if (helper && s->ts.n <= 8 &&
		   has_word(
		       &s->ts, "none no keine keinen kein niemand nobody")) {
		*out = (struct short_answer){
		    .word = WORD_ASSISTANT, .address = SPAN("")};
		out->sure = !s->question;
		return true;
	} else if (s->address.n > 0 && says && has_word(&s->ts, own_address) &&
		   s->ts.n <= 40) {
		out->word = WORD_ADDRESS;
	} else {
		return false;
	}
	out->address = s->address;
	out->sure = !s->mixed && !s->doubt && !s->question && s->left <= 8;
	return true;
}

/* What may stand behind the word as the sender's own reason. */
static bool
takes_rest(const struct scan *s, struct short_answer *out)
{
	size_t at;
	struct span rest;

	if (s->word != WORD_STUCK && s->word != WORD_LEAVE)
		return false;
	at = s->behind < s->ts.n ? s->ts.t[s->behind].start : s->text.n;
	rest = span_skip(s->text, at);
	if (s->word == WORD_LEAVE && s->left > 0 &&
	    !token_in(
		&s->ts, s->behind, ". , : - ; ! ( because as since weil da") &&
	    span_findc(span_sub(s->text, s->ts.t[s->behind - 1].end, at),
		'\n') == at - s->ts.t[s->behind - 1].end)
		return false;
	while (rest.n > 0 && strchr(".,:-;! \n", rest.p[0]) != NULL)
		rest = span_skip(rest, 1);
	out->rest = span_trim(rest);
	/* The word must open the text. */
	for (int i = 0; i < s->first; i++)
		if (!words_is_idle(&s->ts, i))
			return false;
	return !s->ts.cut || s->word == WORD_STUCK;
}

static enum word
word_of(const struct scan *s)
{
	if (s->word == WORD_NONE) {
		if (s->has_when)
			return s->word == WORD_NONE ? WORD_TIME : WORD_YES;
		if (s->has_number)
			return WORD_OPTION;
	}
	return s->word;
}

void
reply_short(struct arena *arena, struct span new_text, struct civil today,
    struct span locale, struct short_answer *out)
{
	struct scan s = {.today = today, .locale = locale};
	struct short_answer a = {0};
	bool cut;

	s.text = words_content(arena, new_text, &cut);
	tokens_read(s.text, &s.ts);
	s.ts.cut |= cut;
	scan_tokens(arena, &s);
	if (address_word(&s, &a)) {
		*out = a;
		return;
	}
	a.word = word_of(&s);
	a.number = s.has_number ? s.number : 0;
	a.out_of = a.word == WORD_OPTION ? s.out_of : 0;
	if (s.has_when)
		a.when = s.when;
	a.sure = a.word != WORD_NONE && !s.mixed && !s.doubt && !s.ts.cut &&
		 s.left == 0 && s.address.n == 0;
	/* "can we move to Thursday?" is a wish; "yes?" is none. */
	if (s.question && a.word != WORD_MOVE && a.word != WORD_HELP &&
	    a.word != WORD_TIME && a.word != WORD_JOIN)
		a.sure = false;
	if (s.has_number && a.word != WORD_OPTION)
		a.sure = false;
	if (s.has_when && a.word != WORD_PAUSE && a.word != WORD_MOVE &&
	    a.word != WORD_NOT_THEN && a.word != WORD_TIME)
		a.sure = false;
	if ((a.word == WORD_MOVE || a.word == WORD_NOT_THEN) && s.left == 0 &&
	    s.has_when && !s.mixed && !s.ts.cut)
		a.sure = !s.doubt || a.word == WORD_NOT_THEN;
	a.whole_week = a.word == WORD_NOT_THEN &&
		       has_word(&s.ts, "week woche semaine semana settimana");
	a.whole_day = a.word == WORD_NOT_THEN && !a.whole_week &&
		      has_word(&s.ts, "day tag jour día giorno");
	if (takes_rest(&s, &a))
		a.sure = a.word == WORD_STUCK || (!s.question && !s.ts.cut);
	*out = a;
}

const char *
word_name(enum word word)
{
	static const char *const names[] = {"none", "yes", "no", "agree",
	    "join", "stop", "stuck", "pause", "resume", "leave", "help",
	    "my-data", "forget", "move", "cancel", "not-then", "option", "time",
	    "address", "assistant"};

	return names[word];
}
