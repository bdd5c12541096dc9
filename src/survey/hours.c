/*
 * Hours of the week as people write them: "Mon-Thu 9-12, Fri pm", "Di und Do
 * vormittags", "any weekday after 3 pm".  A word that is not understood
 * makes the whole not understood: half an availability would be a wrong one.
 */
#include "survey/survey.h"

#include <string.h>

#include "base/limits.h"
#include "base/num.h"
#include "base/str.h"
#include "base/uni.h"
#include "survey/survey_int.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

struct name {
	const char *words;
	int value;
};

/* "all day" in a working week; nobody means midnight. */
enum {
	DAY_FROM = 9 * 60,
	DAY_TO = 17 * 60,
	EVENING_TO = 20 * 60
};

static const char *const day_names[] = {
    "mon monday mondays mo montag montags lun lundi lunes lunedì lunedi",
    "tue tues tuesday tuesdays di die dienstag dienstags mar mardi martes "
    "martedì martedi",
    "wed weds wednesday wednesdays mi mittwoch mittwochs mer mercredi "
    "miércoles miercoles mercoledì mercoledi",
    "thu thur thurs thursday thursdays do don donnerstag donnerstags jeu "
    "jeudi jueves giovedì giovedi",
    "fri friday fridays fr fre freitag freitags ven vendredi viernes "
    "venerdì venerdi",
    "sat saturday saturdays sa samstag samstags sonnabend sam samedi sábado "
    "sabato",
    "sun sunday sundays so sonntag sonntags dim dimanche domingo domenica",
};

static const char *const all_week =
    "daily everyday täglich taeglich jederzeit anytime weekdays weekday "
    "workdays workday werktags wochentags werktag werktage wochentage "
    "wochentag arbeitstags weekdays.";

struct part {
	const char *words;
	int from, to;
};

static const struct part parts[] = {
    {"morning mornings am vormittag vormittags morgens früh matin matins "
     "mañana mattina",
	9 * 60, 12 * 60},
    {"afternoon afternoons pm nachmittag nachmittags après-midi tarde "
     "pomeriggio",
	13 * 60, 17 * 60},
    {"evening evenings abend abends soir sera noche", 17 * 60, EVENING_TO},
    {"noon lunch lunchtime mittag mittags midi", 12 * 60, 13 * 60},
    {"allday ganztags ganztägig always immer", DAY_FROM, DAY_TO},
};

enum token_kind {
	TOKEN_DAY,
	TOKEN_ALL,   /* working days */
	TOKEN_PART,  /* of the day */
	TOKEN_CLOCK, /* minute */
	TOKEN_DASH,
	TOKEN_AND,
	TOKEN_BREAK,
	TOKEN_AFTER,
	TOKEN_BEFORE,
	TOKEN_NONE,
};

struct token {
	enum token_kind kind;
	int value, to;
	int half; /* CLOCK: 0 not said, 1 am, 2 pm */
};

enum {
	TOKENS = 200
};

static bool
among(const char *list, struct span word)
{
	struct span rest = span_of(list), one;

	while (span_word(&rest, &one))
		if (span_eq(one, word))
			return true;
	return false;
}

int
typed_weekday(struct span word)
{
	for (size_t i = 0; i < COUNT(day_names); i++)
		if (among(day_names[i], word))
			return (int)i + 1;
	return 0;
}

static bool
clock_token(struct span *s, struct token *t)
{
	int64_t h, m = 0;
	size_t k = num_lead(*s, 2400, &h);
	struct span rest = span_skip(*s, k);

	if (k == 0 || k > 2)
		return false;
	if (rest.n >= 3 &&
	    (rest.p[0] == ':' || rest.p[0] == '.' || rest.p[0] == 'h') &&
	    ascii_digit(rest.p[1]) && ascii_digit(rest.p[2])) {
		num_int(span_sub(rest, 1, 3), 0, 99, &m);
		rest = span_skip(rest, 3);
	}
	if (h > 24 || m > 59 || (h == 24 && m > 0))
		return false;
	*t = (struct token){.kind = TOKEN_CLOCK, .value = (int)(h * 60 + m)};
	*s = rest;
	return true;
}

static struct token
word_token(struct span w)
{
	struct token t = {.kind = TOKEN_NONE, .value = typed_weekday(w)};

	if (t.value > 0)
		t.kind = TOKEN_DAY;
	else if (among(all_week, w))
		t.kind = TOKEN_ALL;
	else if (among("to bis until till à through thru a", w))
		t.kind = TOKEN_DASH;
	else if (among("and und et y e & plus sowie or oder ou", w))
		t.kind = TOKEN_AND;
	else if (among("after from ab nach since après from", w))
		t.kind = TOKEN_AFTER;
	else if (among("before vor by avant", w))
		t.kind = TOKEN_BEFORE;
	for (size_t i = 0; i < COUNT(parts) && t.kind == TOKEN_NONE; i++)
		if (among(parts[i].words, w))
			t = (struct token){
			    TOKEN_PART, parts[i].from, parts[i].to, 0};
	return t;
}

static bool
filler(struct span w)
{
	return among("on at in the any every each all day days week between "
		     "zwischen am um uhr h hrs hours hour o'clock jeden jede "
		     "jeder alle tag tage tags immer always usually meist "
		     "meistens i can ich kann time free frei is are best "
		     "ist von de du le les entre of only nur also auch den "
		     "der local my meine zeit best possible möglich works "
		     "work gut good passt please bitte preferably gerne "
		     "uhr. midday",
	    w);
}

static bool
one_token(struct span *s, struct token *t)
{
	size_t n = 0;
	struct span word;

	if (strchr(",;\n/|", s->p[0]) != NULL) {
		*t = (struct token){
		    .kind = s->p[0] == '/' ? TOKEN_AND : TOKEN_BREAK};
		*s = span_skip(*s, 1);
		return true;
	}
	if (s->p[0] == '-' || span_starts(*s, "–") || span_starts(*s, "—")) {
		*s = span_skip(*s, s->p[0] == '-' ? 1 : 3);
		*t = (struct token){.kind = TOKEN_DASH};
		return true;
	}
	if (strchr(":.()&+*!", s->p[0]) != NULL) {
		*t = (struct token){.kind = s->p[0] == '&' || s->p[0] == '+'
						? TOKEN_AND
						: TOKEN_NONE};
		*s = span_skip(*s, 1);
		return true;
	}
	if (ascii_digit(s->p[0]))
		return clock_token(s, t);
	while (n < s->n && strchr(" \t,;\n/|:.()&+*!", s->p[n]) == NULL &&
	       !ascii_digit(s->p[n]) && !span_starts(span_skip(*s, n), "–") &&
	       (s->p[n] != '-' || span_starts(*s, "après")))
		n++;
	word = span_sub(*s, 0, n);
	*t = word_token(word);
	if (word.n == 0 || (t->kind == TOKEN_NONE && !filler(word)))
		return false;
	*s = span_skip(*s, n);
	return true;
}

/* "3 pm": the half of the day belongs to the clock before it. */
static bool
half_of_day(struct span *s, struct token *last)
{
	static const char *const marks[] = {"a.m.", "p.m.", "am", "pm"};

	for (size_t i = 0; i < COUNT(marks); i++) {
		size_t n = strlen(marks[i]);

		if (!span_starts(*s, marks[i]) ||
		    (s->n > n && ascii_alpha(s->p[n])))
			continue;
		last->half = (int)(i % 2) + 1;
		if (last->half == 2 && last->value < 12 * 60)
			last->value += 12 * 60;
		if (last->half == 1 && last->value >= 12 * 60)
			last->value -= 12 * 60;
		*s = span_skip(*s, n);
		return true;
	}
	return false;
}

static bool
tokens_of(struct span s, struct token *out, size_t *n)
{
	*n = 0;
	while (s.n > 0) {
		if (s.p[0] == ' ' || s.p[0] == '\t' ||
		    span_starts(s, "\xc2\xa0")) {
			s = span_skip(
			    s, s.p[0] == ' ' || s.p[0] == '\t' ? 1 : 2);
			continue;
		}
		if (*n > 0 && out[*n - 1].kind == TOKEN_CLOCK &&
		    half_of_day(&s, &out[*n - 1]))
			continue;
		if (*n == TOKENS || !one_token(&s, &out[*n]))
			return false;
		if (out[*n].kind != TOKEN_NONE)
			++*n;
	}
	return *n > 0;
}

/* --- the sentence --------------------------------------------------------- */

struct sentence {
	struct token *at;
	size_t n, i;
	unsigned days;  /* bits 1..7 of the group in hand */
	bool had_hours; /* the group has hours: a new day begins another */
	struct hours *out;
};

static enum token_kind
peek(const struct sentence *s, size_t ahead)
{
	return s->i + ahead < s->n ? s->at[s->i + ahead].kind : TOKEN_NONE;
}

static void
give(struct sentence *s, int from, int to)
{
	unsigned days = s->days != 0 ? s->days : 0x3E;

	for (int d = 1; d <= 7; d++)
		if ((days >> d & 1) != 0)
			hours_add(s->out, d, from, to);
	s->had_hours = true;
}

static void
flush(struct sentence *s)
{
	if (s->days != 0 && !s->had_hours)
		give(s, DAY_FROM, DAY_TO);
	s->days = 0;
	s->had_hours = false;
}

static void
take_day(struct sentence *s)
{
	int from = s->at[s->i].value, to = from;

	if (s->had_hours)
		flush(s);
	s->i++;
	if (peek(s, 0) == TOKEN_DASH && peek(s, 1) == TOKEN_DAY) {
		to = s->at[s->i + 1].value;
		s->i += 2;
	}
	for (int d = from;; d = d % 7 + 1) {
		s->days |= 1u << d;
		if (d == to)
			break;
	}
}

/* "1-5" and "9-5" mean the afternoon where they say no half of the day. */
static bool
take_range(struct sentence *s)
{
	struct token a = s->at[s->i], b;

	if (peek(s, 1) != TOKEN_DASH && peek(s, 1) != TOKEN_AND)
		return false;
	if (peek(s, 2) != TOKEN_CLOCK)
		return false;
	b = s->at[s->i + 2];
	if (a.half == 0 && b.half == 2 && a.value + 12 * 60 < b.value &&
	    a.value < 7 * 60)
		a.value += 12 * 60;
	if (a.half == 0 && b.half == 0 && a.value < 7 * 60 &&
	    b.value <= 8 * 60) {
		a.value += 12 * 60;
		b.value += 12 * 60;
	}
	if (b.half == 0 && b.value <= a.value && b.value < 12 * 60)
		b.value += 12 * 60;
	if (b.value <= a.value)
		return false;
	give(s, a.value, b.value);
	s->i += 3;
	return true;
}

static bool
take_open(struct sentence *s)
{
	enum token_kind kind = s->at[s->i].kind;
	struct token t;

	if (peek(s, 1) != TOKEN_CLOCK)
		return false;
	t = s->at[s->i + 1];
	if (kind == TOKEN_AFTER &&
	    (peek(s, 2) == TOKEN_DASH && peek(s, 3) == TOKEN_CLOCK)) {
		s->i++;
		return take_range(s);
	}
	if (t.half == 0 && t.value < 7 * 60)
		t.value += 12 * 60;
	if (kind == TOKEN_AFTER)
		give(s, t.value,
		    t.value < DAY_TO ? DAY_TO + 60 : EVENING_TO + 60);
	else if (t.value > DAY_FROM)
		give(s, DAY_FROM, t.value);
	else
		give(s, t.value - 60, t.value);
	s->i += 2;
	return true;
}

static bool
take(struct sentence *s)
{
	struct token t = s->at[s->i];

	switch (t.kind) {
	case TOKEN_DAY:
		take_day(s);
		return true;
	case TOKEN_ALL:
		if (s->had_hours)
			flush(s);
		s->days |= 0x3E;
		s->i++;
		return true;
	case TOKEN_PART:
		give(s, t.value, t.to);
		s->i++;
		return true;
	case TOKEN_CLOCK:
		return take_range(s);
	case TOKEN_AFTER:
	case TOKEN_BEFORE:
		return take_open(s);
	case TOKEN_AND:
	case TOKEN_BREAK:
		s->i++;
		return true;
	default:
		return false;
	}
}

/* "mittwochnachmittag" -> "mittwoch nachmittag" */
static struct span
parted(struct arena *arena, struct span s)
{
	static const char *const day_parts[] = {
	    "vormittag", "nachmittag", "morgen", "mittag", "abend"};
	struct str out;

	str_init(&out, arena, LIMIT_ANSWER_BYTES * 2);
	for (size_t i = 0; i < s.n; i++) {
		struct span before = span_sub(s, 0, i);

		for (size_t k = 0; k < COUNT(day_parts); k++)
			if (span_starts(span_skip(s, i), day_parts[k]) &&
			    (span_ends(before, "tag") ||
				span_ends(before, "woch")) &&
			    !span_ends(before, "vormittag") &&
			    !span_ends(before, "nachmittag"))
				str_addc(&out, ' ');
		str_addc(&out, s.p[i]);
	}
	return str_span(&out);
}

bool
hours_read(struct arena *arena, struct span text, struct span locale,
    struct hours *out)
{
	struct hours h = {0};
	struct sentence s = {.out = &h};
	struct span folded =
	    uni_fold(arena, span_trim(span_sub(text, 0, LIMIT_ANSWER_BYTES)));

	(void)locale; /* all languages are read whatever the locale */
	s.at = arena_alloc(arena, TOKENS * sizeof(*s.at));
	if (!tokens_of(parted(arena, folded), s.at, &s.n))
		return false;
	while (s.i < s.n)
		if (!take(&s))
			return false;
	flush(&s);
	if (hours_empty(&h))
		return false;
	*out = h;
	return true;
}
