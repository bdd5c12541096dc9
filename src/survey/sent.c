/*
 * The text of a sent mail -> its slots.  A slot line is a line that ends in
 * a bracket ("Answer Q1: [ ]", "Answer: [ ]"); what stands above it since
 * the last slot is the question, and how it is worded tells the type.
 */
#include "survey/survey.h"

#include <string.h>

#include "base/num.h"
#include "base/str.h"
#include "base/vec.h"
#include "survey/survey_int.h"

struct draft {
	struct arena *arena;
	struct str question; /* lines since the last slot, one blank between */
	int number;          /* of "Q3.", 0 = none seen */
};

static bool
marker(struct span text, size_t at, struct span *key, size_t *end)
{
	size_t i = at, k;

	if (at > 0 && strchr(" (\n,;", text.p[at - 1]) == NULL)
		return false;
	while (i < text.n && ascii_digit(text.p[i]) && i < at + 3)
		i++;
	if (i == at && text.p[at] >= 'A' && text.p[at] <= 'Z')
		i++;
	k = i;
	while (k < text.n && text.p[k] == ' ')
		k++;
	if (i == at || k >= text.n || text.p[k] != '=')
		return false;
	*key = span_sub(text, at, i);
	*end = k + 1;
	return true;
}

/* Up to the next marker or the end of the list. */
static struct span
marker_text(struct span text, size_t from)
{
	struct span key;
	size_t i = from, end;

	while (i < text.n && text.p[i] != ')' && text.p[i] != '\n' &&
	       !(i > from && marker(text, i, &key, &end)))
		i++;
	end = i;
	while (end > from && strchr(" ,;.", text.p[end - 1]) != NULL)
		end--;
	return span_trim(span_sub(text, from, end));
}

static void
take_markers(struct arena *arena, struct span text, struct slot *s)
{
	struct span key;
	size_t end;
	int64_t v;

	for (size_t i = 0; i < text.n; i++) {
		if (!marker(text, i, &key, &end))
			continue;
		if (num_int(key, 0, 100, &v)) {
			bool first = s->type != QUESTION_SCALE;

			if (first || v < s->low) {
				s->low = (int)v;
				s->low_text = marker_text(text, end);
			}
			if (first || v > s->high) {
				s->high = (int)v;
				s->high_text = marker_text(text, end);
			}
			s->type = QUESTION_SCALE;
		} else if (s->type != QUESTION_SCALE && s->options_n < 26) {
			struct option o = {key, marker_text(text, end)};

			vec_room(arena, &s->options, s->options_n, sizeof(o));
			s->options[s->options_n++] = o;
			s->type = QUESTION_CHOICE;
		}
		i = end - 1;
	}
}

static bool
is_level(const struct slot *s)
{
	return s->options_n == 3 && span_is(s->options[0].key, "L") &&
	       span_is(s->options[1].key, "M") &&
	       span_is(s->options[2].key, "H");
}

static bool
has_any(struct span text, const char *const *words, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (span_casehas(text, words[i]))
			return true;
	return false;
}

#define ANY(text, ...)                                    \
	has_any(text, (const char *const[]){__VA_ARGS__}, \
	    sizeof((const char *const[]){__VA_ARGS__}) / sizeof(char *))

/* "A number from 1 to 10", "(0-10)". */
static bool
range(struct span text, int *low, int *high)
{
	for (size_t i = 0; i < text.n; i++) {
		int64_t a, b;
		size_t k = num_lead(span_skip(text, i), 10000, &a), m;
		struct span rest;

		if (k == 0 || (i > 0 && ascii_alnum(text.p[i - 1])))
			continue;
		rest = span_skip(text, i + k);
		m = span_starts(rest, "-")       ? 1
		    : span_starts(rest, "–")     ? 3
		    : span_starts(rest, " to ")  ? 4
		    : span_starts(rest, " bis ") ? 5
		    : span_starts(rest, "..")    ? 2
		    : span_starts(rest, " - ")   ? 3
						 : 0;
		if (m > 0 && num_lead(span_skip(rest, m), 10000, &b) > 0 &&
		    a < b) {
			*low = (int)a;
			*high = (int)b;
			return true;
		}
		i += k - 1;
	}
	return false;
}

static void
infer(struct arena *arena, struct span text, struct slot *s)
{
	s->type = QUESTION_TEXT;
	take_markers(arena, text, s);
	if (s->type == QUESTION_CHOICE && s->options_n < 2) {
		s->type = QUESTION_TEXT;
		s->options_n = 0;
	}
	if (s->type == QUESTION_SCALE && s->low >= s->high) {
		s->type = QUESTION_NUMBER;
		s->low = 0;
		s->high = 10000;
	}
	if (is_level(s)) {
		s->type = QUESTION_LEVEL;
		s->wanted = span_has(text, "->");
	} else if (s->type == QUESTION_CHOICE &&
		   ANY(text, "name several", "choose several", "(several",
		       "several answers", "several are", "all that apply",
		       "one or more", "mehrere sind", "mehrere antworten",
		       "(mehrere", "plusieurs réponses", "(plusieurs"))
		s->type = QUESTION_SEVERAL;
	if (s->type != QUESTION_TEXT)
		return;
	if (ANY(text, "yes / no", "yes/no", "yes or no", "ja / nein", "ja/nein",
		"oui / non", "oui/non", "y/n", "yes no (", "ja nein (",
		"yes no", "ja nein"))
		s->type = QUESTION_YESNO;
	else if (ANY(text, "free text", "own words", "freitext",
		     "eigenen worten", "texte libre"))
		s->type = QUESTION_TEXT;
	else if (ANY(text, "Mon-", "Mo-Do", "hours of the week"))
		s->type = QUESTION_HOURS;
	else if (range(text, &s->low, &s->high))
		s->type = QUESTION_NUMBER;
	else if (ANY(text, "(date", "a date", "ein datum", "(datum",
		     "yyyy-mm-dd", "dd.mm."))
		s->type = QUESTION_DATE;
	else if (ANY(text, "(number", "(a number", "(zahl", "how many"))
		s->type = QUESTION_NUMBER, s->low = 0, s->high = 10000;
}

/* "Q3. How often ..."; the number and where the text begins. */
size_t
question_head(struct span line, int *number)
{
	static const char *const heads[] = {
	    "question ", "frage ", "q", "f", "#", ""};

	for (size_t i = 0; i < sizeof(heads) / sizeof(heads[0]); i++) {
		size_t n = strlen(heads[i]), k;
		int64_t v;

		if (!span_casestarts(line, heads[i]))
			continue;
		k = num_lead(span_skip(line, n), 999, &v);
		if (k == 0 || n + k >= line.n ||
		    strchr(".:)", line.p[n + k]) == NULL)
			continue;
		/* "4.3.2026" and "10:30" are no heads. */
		if (n + k + 1 < line.n && line.p[n + k + 1] != ' ' &&
		    line.p[n + k + 1] != '\t')
			continue;
		*number = (int)v;
		return n + k + 1;
	}
	return 0;
}

bool
slot_line(struct span line, struct span *label, struct span *content)
{
	struct span s = span_trim(line);
	size_t open = span_findc(s, '[');

	if (s.n < 2 || s.p[s.n - 1] != ']' || open == s.n || open > 60)
		return false;
	*label = span_trim(span_sub(s, 0, open));
	*content = span_trim(span_sub(s, open + 1, s.n - 1));
	/* "[RM-7F3K2Q]" alone is a code, and a label ends in ":" or a number. */
	if (label->n == 0)
		return content->n == 0;
	return label->p[label->n - 1] == ':' ||
	       ascii_digit(label->p[label->n - 1]) || content->n == 0;
}

int
label_number(struct span label)
{
	int64_t v;

	for (size_t i = 0; i < label.n; i++)
		if (ascii_digit(label.p[i]) &&
		    num_lead(span_skip(label, i), 999, &v) > 0)
			return (int)v;
	return 0;
}

/* One blank between words, however they were laid out. */
static void
add_line(struct str *question, struct span line)
{
	struct span word;

	while (span_word(&line, &word)) {
		if (question->n > 0)
			str_addc(question, ' ');
		str_add(question, word);
	}
}

void
form_from_text(struct arena *arena, struct span sent, struct form *out)
{
	struct draft d = {.arena = arena};
	struct span line, label, content;

	*out = (struct form){0};
	str_init(&d.question, arena, 64 * 1024);
	while (span_line(&sent, &line)) {
		struct slot s = {.low = 0, .high = 0};
		int number = 0;

		line = span_trim(line);
		while (line.n > 0 && (line.p[0] == '>' || line.p[0] == '|'))
			line = span_ltrim(span_skip(line, 1));
		if (slot_line(line, &label, &content)) {
			int own = label_number(label);

			s.number = own > 0        ? own
				   : d.number > 0 ? d.number
						  : (int)out->slots_n + 1;
			s.id = arena_spanf(arena, "%d", s.number);
			s.text = arena_span(arena, str_span(&d.question));
			infer(arena, s.text, &s);
			vec_room(arena, &out->slots, out->slots_n, sizeof(s));
			out->slots[out->slots_n++] = s;
			str_truncate(&d.question, 0);
			d.number = 0;
			continue;
		}
		if (question_head(line, &number) > 0) {
			d.number = number;
			str_truncate(&d.question, 0);
		}
		add_line(&d.question, line);
	}
}
