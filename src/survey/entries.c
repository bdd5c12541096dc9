/*
 * Numbered answers in new text: "1: 4", "1) b, 2) yes", "Q3 = often",
 * "1.b 2.c", "Answer 2: weekly".
 */
#include "survey/survey.h"

#include <string.h>

#include "base/num.h"
#include "survey/survey_int.h"

/* An answer that shares its line with others is no longer than this. */
enum {
	SHORT_BYTES = 80
};

struct head {
	int slot;
	size_t end; /* where the value begins */
	bool lettered;
	bool dotted; /* "1.4": only in company */
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
	size_t k = i;

	for (;;) {
		if (k < s.n && (s.p[k] == ' ' || s.p[k] == '\t'))
			k++;
		else if (span_starts(span_skip(s, k), "\xc2\xa0"))
			k += 2;
		else
			return k - i;
	}
}

/* "Q", "Question ", "Answer Q", "Frage ", "#"; how many bytes. */
static size_t
prefix(struct span s)
{
	static const char *const words[] = {"answer to question", "answer q",
	    "answer", "antwort q", "antwort", "question", "frage", "réponse q",
	    "réponse", "respuesta", "no.", "nr.", "q.", "q", "f", "#"};

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		size_t n = strlen(words[i]);

		if (span_casestarts(s, words[i])) {
			n += blanks_at(s, n);
			if (n < s.n && ascii_digit(s.p[n]))
				return n;
		}
	}
	return 0;
}

/* Is the sign behind the number one that says "here comes the answer"? */
static bool
sign(struct span s, size_t i, bool lettered, bool *dotted, size_t *end)
{
	size_t at = i + blanks_at(s, i);
	size_t n = 1, digits = 0;

	if (at >= s.n)
		return false;
	if (span_starts(span_skip(s, at), "–") ||
	    span_starts(span_skip(s, at), "→"))
		n = 3;
	else if (span_starts(span_skip(s, at), "->"))
		n = 2;
	else if (strchr(":.)=-", s.p[at]) == NULL) {
		*end = at;
		return lettered && at > i; /* "Q1 4" */
	}
	while (at + n + digits < s.n && ascii_digit(s.p[at + n + digits]))
		digits++;
	*dotted = !lettered && at == i && s.p[at] == '.' && digits > 0;
	if (*dotted &&
	    (digits > 1 ||
		(at + 2 < s.n && strchr(" \t,;", s.p[at + 2]) == NULL)))
		return false; /* 4.12, 4.3.2026 */
	if (!lettered && s.p[at] == ':' && digits == 2)
		return false; /* 9:30 */
	if (!lettered && (s.p[at] == '-' || n == 3) && at == i)
		return false; /* 3-4 */
	*end = at + n;
	/* "1.) b", "1):" */
	if (*end < s.n && strchr(":)=", s.p[*end]) != NULL)
		++*end;
	return true;
}

static bool
head_at(const struct form *form, struct span s, size_t i, struct head *out)
{
	size_t p = prefix(span_skip(s, i)), k;
	int64_t v;
	bool open = false;

	if (p == 0 && i < s.n && s.p[i] == '(') {
		open = true;
		i++;
	}
	k = num_lead(span_skip(s, i + p), 999, &v);
	if (k == 0 || k > 3)
		return false;
	out->slot = slot_of(form, v);
	out->lettered = p > 0;
	if (open && (i + k >= s.n || s.p[i + k] != ')'))
		return false;
	return out->slot >= 0 &&
	       sign(s, i + p + k, p > 0, &out->dotted, &out->end);
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

static struct span
value_of(struct span s, size_t from, size_t to)
{
	struct span v = span_trim(span_sub(s, from, to));

	while (v.n > 0 && strchr(",;", v.p[v.n - 1]) != NULL)
		v = span_rtrim(span_sub(v, 0, v.n - 1));
	return v;
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

	if (i <= now->end || next->slot <= now->slot)
		return next->lettered && i > now->end;
	if (next->lettered)
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

size_t
entries_read(struct arena *arena, const struct form *form, struct span line,
    struct civil today, struct span locale, bool only_explicit,
    struct entry out[ENTRIES], bool *explicit_head)
{
	struct span s = span_trim(line);
	struct cut c = {arena, form, s, today, locale};
	struct head now = {0}, next = {0};
	bool dotted = false;
	struct span value;
	size_t n = 0;

	while (s.n > 2 && (s.p[0] == '*' || s.p[0] == '-' || s.p[0] == '+') &&
	       (s.p[1] == ' ' || s.p[0] == '*'))
		s = span_ltrim(span_skip(s, 1));
	if (span_starts(s, "•"))
		s = span_ltrim(span_skip(s, 3));
	c.line = s;
	if (!head_at(form, s, 0, &now) || (only_explicit && !now.lettered))
		return 0;
	*explicit_head = now.lettered;
	dotted = now.dotted;
	for (size_t i = now.end; i < s.n && i < 1000; i++) {
		if (!boundary(s, i) || !head_at(form, s, i, &next) ||
		    (only_explicit && !next.lettered) ||
		    !may_cut(&c, &now, i, &next))
			continue;
		if (n == ENTRIES - 1)
			break;
		out[n++] = (struct entry){now.slot, value_of(s, now.end, i)};
		now = next;
		dotted |= now.dotted;
		i = next.end;
	}
	out[n++] = (struct entry){now.slot, value_of(s, now.end, s.n)};
	if (form->slots[now.slot].type == QUESTION_TEXT)
		out[n - 1].raw = span_trim(span_skip(s, now.end));
	if (dotted && n < 2)
		return 0; /* 4.5 */
	for (size_t i = 0; dotted && i < n; i++)
		if (!answer_parse(arena, &form->slots[out[i].slot], out[i].raw,
			today, locale, &value))
			return 0;
	return n;
}
