/*
 * Numbered answers in new text: "1: 4", "1) b, 2) yes", "Q3 = often",
 * "1.b 2.c", "Answer 2: weekly".
 */
#include "survey/survey.h"

#include <string.h>

#include "base/num.h"
#include "base/utf8.h"
#include "survey/survey_int.h"

/* An answer that shares its line with others is no longer than this. */
enum {
	SHORT_BYTES = 80
};

struct head {
	int slot;
	size_t end; /* where the value begins */
	bool lettered;
	/* "1.4", "1-4", "1<TAB>4", "[1] 4": only in company */
	bool weak;
	bool listed; /* "1. ...", as in a list of one's own */
};

static int
slot_of(const struct form *form, int64_t number)
{
	for (uint32_t i = 0; i < form->slots_n; i++)
		if (form->slots[i].number == number)
			return (int)i;
	return -1;
}

static size_t
blanks_at(struct span s, size_t i)
{
	struct span rest = span_skip(s, i);

	return rest.n - wide_ltrim(rest).n;
}

/*
 * "Q", "Question ", "Answer Q", "Frage ", "#"; how many bytes.  *sure: the
 * answer may follow without any sign.
 */
static size_t
prefix(struct span s, bool *sure)
{
	static const char *const words[] = {"answer to question", "answer q",
	    "answer", "antwort q", "antwort", "question", "frage", "réponse q",
	    "réponse", "reponse", "respuesta", "risposta", "resposta",
	    "pregunta", "domanda", "pergunta", "questão", "vraag", "antwoord",
	    "fråga", "svar", "spørgsmål", "spørsmål", "kysymys", "vastaus",
	    "pytanie", "odpowiedź", "otázka", "odpověď", "kérdés", "întrebarea",
	    "soru", "вопрос", "ответ", "питання", "number", "nummer", "numéro",
	    "no.", "nr.", "n°", "q.", "q", "#"};
	static const char *const loose[] = {"ad", "zu", "re", "to", "item",
	    "punkt", "point", "punto", "a", "f", "p", "r", "d", "v"};
	size_t n;

	*sure = true;
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		n = strlen(words[i]);
		if (!span_casestarts(s, words[i]))
			continue;
		n += blanks_at(s, n);
		if (n < s.n && ascii_digit(s.p[n]))
			return n;
	}
	*sure = false;
	for (size_t i = 0; i < sizeof(loose) / sizeof(loose[0]); i++) {
		n = strlen(loose[i]);
		if (!span_casestarts(s, loose[i]))
			continue;
		if (n > 1)
			n += blanks_at(s, n);
		if (n < s.n && ascii_digit(s.p[n]))
			return n;
	}
	return 0;
}

/* "1st", "2nd", "3º": bytes behind the number. */
static size_t
ordinal(struct span s)
{
	static const char *const list[] = {
	    "st", "nd", "rd", "th", "º", "ª", "er", "e", "°"};

	for (size_t i = 0; i < sizeof(list) / sizeof(list[0]); i++) {
		size_t n = strlen(list[i]);

		if (span_casestarts(s, list[i]) && n < s.n &&
		    (s.p[n] == ':' || s.p[n] == ')'))
			return n;
	}
	return 0;
}

/* A sign of several bytes at the front; its length, or 0. */
static size_t
wide_sign(struct span s)
{
	static const char *const list[] = {"–", "—", "→", "：", "、", "．",
	    "）", "➔", "⇒", "️⃣", "⃣", "->", "=>"};

	for (size_t i = 0; i < sizeof(list) / sizeof(list[0]); i++)
		if (span_starts(s, list[i]))
			return strlen(list[i]);
	return 0;
}

static bool
is_dash(struct span s)
{
	return span_starts(s, "-") || span_starts(s, "–") ||
	       span_starts(s, "—");
}

/* No sign at all: a tab or a gap, as tables leave it. */
static bool
gap(struct span s, size_t i, size_t at, const struct head *h, bool sure)
{
	return (h->lettered && sure && at > i) || (h->lettered && at == s.n) ||
	       at > i + 1 || (at > i && s.p[i] == '\t');
}

/* Is the sign behind the number one that says "here comes the answer"? */
static bool
sign(struct span s, size_t i, bool sure, struct head *h)
{
	size_t at = i + blanks_at(s, i), n, digits = 0;
	struct span rest = span_skip(s, at);
	bool tight = at == i;

	n = wide_sign(rest);
	if (n == 0 && (rest.n == 0 || strchr(":.)=-|", rest.p[0]) == NULL)) {
		h->end = at;
		h->weak |= !(h->lettered && (sure || at == s.n));
		return gap(s, i, at, h, sure) || (h->lettered && at > i);
	}
	n = n > 0 ? n : 1;
	h->end = at + n;
	while (n + digits < rest.n && ascii_digit(rest.p[n + digits]))
		digits++;
	if (!h->lettered && tight && rest.p[0] == '.' && n < rest.n &&
	    blanks_at(rest, n) == 0) {
		/* 4.12, 4.3.2026 */
		if (digits > 1 || (digits == 1 && n + 1 < rest.n &&
				      strchr(" \t,;", rest.p[n + 1]) == NULL))
			return false;
		h->weak = true;
	}
	if (!h->lettered && rest.p[0] == ':' && digits == 2)
		return false; /* 9:30 */
	h->listed = !h->lettered && (rest.p[0] == '.' || rest.p[0] == ')');
	if (rest.p[0] == '|')
		h->weak = true;
	/* 3-4 */
	if (!h->lettered && tight && is_dash(rest) && blanks_at(rest, n) == 0)
		h->weak = true;
	/* "1.) b", "1):" */
	if (h->end < s.n && strchr(":)=", s.p[h->end]) != NULL)
		h->end++;
	return true;
}

/* ①..⑳ and their black and sans-serif sisters; the number, or 0. */
static int
circled(struct span s, size_t *n)
{
	uint32_t c;

	*n = utf8_next(s, &c);
	if (c >= 0x2460 && c <= 0x2473)
		return (int)(c - 0x2460) + 1;
	if (c >= 0x2776 && c <= 0x277f)
		return (int)(c - 0x2776) + 1;
	if (c >= 0x2780 && c <= 0x2793)
		return (int)(c - 0x2780) % 10 + 1;
	return 0;
}

static bool
head_at(const struct form *form, struct span s, size_t i, struct head *out)
{
	bool sure;
	size_t p = prefix(span_skip(s, i), &sure), k;
	int64_t v;
	char close = 0;
	int round = circled(span_skip(s, i), &k);

	*out = (struct head){.slot = -1, .lettered = p > 0};
	if (round > 0) {
		out->slot = slot_of(form, round);
		out->end = i + k;
		return out->slot >= 0;
	}
	if (p == 0 && i < s.n && (s.p[i] == '(' || s.p[i] == '[')) {
		close = s.p[i] == '(' ? ')' : ']';
		out->weak = s.p[i] == '[';
		i++;
	}
	k = num_lead(span_skip(s, i + p), 999, &v);
	if (k == 0 || k > 3)
		return false;
	out->slot = slot_of(form, v);
	if (out->slot < 0)
		return false;
	i += p + k;
	if (close == ']') {
		out->end = i + 1;
		return i + 1 < s.n && s.p[i] == ']';
	}
	if (close != 0 && (i >= s.n || s.p[i] != close))
		return false;
	return sign(s, i + ordinal(span_skip(s, i)), sure, out);
}

static bool
boundary(struct span s, size_t i)
{
	return i > 0 && strchr(" \t,;/", s.p[i - 1]) != NULL;
}

static bool
has_dots(enum question_type type)
{
	return type == QUESTION_TEXT || type == QUESTION_DATE ||
	       type == QUESTION_HOURS;
}

/* "is 4" as people dictate it; "b and" before the next one. */
static struct span
without_verb(struct span v)
{
	static const char *const verbs[] = {
	    "is ", "ist ", "est ", "es ", "was ", "war "};
	static const char *const joins[] = {" and", " und", " et", " y"};

	for (size_t i = 0; i < sizeof(verbs) / sizeof(verbs[0]); i++)
		if (span_casestarts(v, verbs[i]) && v.n < SHORT_BYTES / 4)
			v = span_ltrim(span_skip(v, strlen(verbs[i])));
	for (size_t i = 0; i < sizeof(joins) / sizeof(joins[0]); i++)
		if (span_ends(v, joins[i]))
			v = span_rtrim(span_sub(v, 0, v.n - strlen(joins[i])));
	return v;
}

static struct span
value_of(struct span s, size_t from, size_t to)
{
	struct span v = span_trim(span_sub(s, from, to));

	while (v.n > 0 && strchr(",;/|", v.p[v.n - 1]) != NULL)
		v = span_rtrim(span_sub(v, 0, v.n - 1));
	return without_verb(v);
}

struct cut {
	struct arena *arena;
	const struct form *form;
	struct span line;
	struct civil today;
	struct span locale;
};

/*
 * May a next answer begin here?  Inside somebody's own words only when it
 * is the next number, comes behind a comma and can be read.
 */
static bool
may_cut(const struct cut *c, const struct head *now, size_t i,
    const struct head *next)
{
	const struct slot *here = &c->form->slots[now->slot];
	const struct slot *there = &c->form->slots[next->slot];
	struct span value, rest = span_skip(c->line, next->end);
	size_t k = 0;

	if (next->weak && next->slot != now->slot + 1)
		return false;
	if (i <= now->end || next->slot <= now->slot)
		return next->lettered && i > now->end;
	if (next->lettered && !next->weak)
		return true;
	if (!has_dots(here->type))
		return i - now->end <= SHORT_BYTES &&
		       answer_parse(c->arena, here,
			   value_of(c->line, now->end, i), c->today, c->locale,
			   &value);
	if (next->slot != now->slot + 1 || there->type == QUESTION_TEXT)
		return false;
	while (k < rest.n && k < SHORT_BYTES && strchr(",;", rest.p[k]) == NULL)
		k++;
	return answer_parse(
	    c->arena, there, span_sub(rest, 0, k), c->today, c->locale, &value);
}

/* All of them can be read, and none is a link. */
static bool
all_read(const struct cut *c, const struct entry *e, size_t n)
{
	struct span value;

	for (size_t i = 0; i < n; i++)
		if (span_casestarts(e[i].raw, "http") ||
		    !answer_parse(c->arena, &c->form->slots[e[i].slot],
			e[i].raw, c->today, c->locale, &value))
			return false;
	return true;
}

static struct span
without_bullet(struct span s)
{
	while (s.n > 2 && (s.p[0] == '*' || s.p[0] == '-' || s.p[0] == '+') &&
	       (s.p[1] == ' ' || s.p[0] == '*'))
		s = span_ltrim(span_skip(s, 1));
	if (span_starts(s, "•"))
		s = span_ltrim(span_skip(s, 3));
	return s;
}

size_t
entries_read(struct arena *arena, const struct form *form, struct span line,
    struct civil today, struct span locale, bool only_explicit,
    struct entry out[ENTRIES], struct entry_line *what)
{
	struct span s = without_bullet(span_trim(line));
	struct cut c = {arena, form, s, today, locale};
	struct head now = {0}, next = {0};
	size_t n = 0;

	*what = (struct entry_line){0};
	if (!head_at(form, s, 0, &now) || (only_explicit && !now.lettered))
		return 0;
	what->lettered = now.lettered && !now.weak;
	what->weak = now.weak;
	what->listed = now.listed;
	for (size_t i = now.end; i < s.n && i < 1000; i++) {
		if (!boundary(s, i) || !head_at(form, s, i, &next) ||
		    (only_explicit && !next.lettered) ||
		    !may_cut(&c, &now, i, &next))
			continue;
		if (n == ENTRIES - 1)
			break;
		out[n++] = (struct entry){now.slot, value_of(s, now.end, i)};
		now = next;
		what->weak |= now.weak;
		i = next.end;
	}
	out[n++] = (struct entry){now.slot, value_of(s, now.end, s.n)};
	if (form->slots[now.slot].type == QUESTION_TEXT)
		out[n - 1].raw = span_trim(span_skip(s, now.end));
	if (what->weak && !all_read(&c, out, n))
		return 0;
	if (n > 1)
		what->weak = false;
	return n;
}
