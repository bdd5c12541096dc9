/*
 * Each type of answer, read generously but never guessed: what could mean
 * two things is not understood, and is asked back.
 */
#include "survey/survey.h"

#include <string.h>

#include "base/limits.h"
#include "base/num.h"
#include "base/str.h"
#include "base/uni.h"
#include "base/utf8.h"
#include "survey/survey_int.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

enum {
	WORDS = 40
};

static const char *const yes_words[] = {"yes", "y", "yep", "yeah", "yup",
    "sure", "certainly", "definitely", "absolutely", "ja", "j", "jo", "jep",
    "jawohl", "klar", "gerne", "natürlich", "selbstverständlich", "oui", "si",
    "sí", "sì", "sim", "tak", "да", "igen", "kyllä", "ano", "ok", "okay",
    "agree", "agreed", "true", "👍", "✓", "✔", "✅", "☑"};
static const char *const no_words[] = {"no", "n", "nope", "nein", "ne", "nö",
    "nee", "non", "não", "nie", "нет", "nem", "nej", "false", "never", "👎", "✗",
    "✘", "❌"};
static const char *const not_yet[] = {
    "not yet", "noch nicht", "pas encore", "todavía no", "non ancora"};
/* Words that turn the sense of what stands beside them. */
static const char *const turn_words[] = {"not", "nicht", "kein", "keine", "pas",
    "but", "aber", "mais", "if", "wenn", "falls", "unless", "or", "oder", "ou",
    "maybe", "vielleicht", "perhaps", "neither", "weder", "don't", "hardly",
    "kaum", "except", "außer", "without", "ohne"};

static bool
in_list(struct span word, const char *const *list, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (span_is(word, list[i]))
			return true;
	return false;
}

static bool
is_edge(uint32_t c)
{
	return c < 128 ? c <= ' ' || strchr("*_\"'`.,;!()[]{}|", (int)c) != NULL
		       : c == 0xA0 || (c >= 0x2018 && c <= 0x201F) ||
			     c == 0xAB || c == 0xBB || c == 0x200B ||
			     c == 0xFEFF || c == 0xFE0F || c == 0x3002;
}

static struct span
strip_edges(struct span s)
{
	uint32_t c;
	size_t k;

	while ((k = utf8_next(s, &c)) > 0 && is_edge(c))
		s = span_skip(s, k);
	while (s.n > 0) {
		size_t at = s.n - 1;

		while (at > 0 && ((unsigned char)s.p[at] & 0xC0) == 0x80)
			at--;
		utf8_next(span_skip(s, at), &c);
		if (!is_edge(c))
			break;
		s.n = at;
	}
	return s;
}

struct span
typed_fold(struct arena *arena, struct span raw)
{
	struct span s = strip_edges(raw), word;
	struct str out;

	s = uni_fold(arena, utf8_line(arena, s));
	str_init(&out, arena, LIMIT_ANSWER_BYTES);
	while (span_word(&s, &word)) {
		if (out.n > 0)
			str_addc(&out, ' ');
		str_add(&out, word);
	}
	return strip_edges(str_span(&out));
}

bool
typed_empty(struct span s)
{
	uint32_t c;
	size_t k;

	for (; (k = utf8_next(s, &c)) > 0; s = span_skip(s, k))
		if (!is_edge(c) && c != '-' && c != ':' && c != '>' &&
		    c != 0x2013 && c != 0x2014 && c != 0x2026)
			return false;
	return true;
}

/* The words of a folded text, without the marks around them. */
static size_t
split(struct span s, struct span words[WORDS])
{
	struct span word;
	size_t n = 0;

	while (n < WORDS && span_word(&s, &word)) {
		word = strip_edges(word);
		if (word.n > 0)
			words[n++] = word;
	}
	return n;
}

static bool
turned(struct span s)
{
	struct span words[WORDS];
	size_t n = split(s, words);

	for (size_t i = 0; i < n; i++)
		if (in_list(words[i], turn_words, COUNT(turn_words)))
			return true;
	return false;
}

int
typed_number(struct span word)
{
	static const char *const names[] = {"zero null zéro cero",
	    "one ein eins eine un une uno", "two zwei deux dos due",
	    "three drei trois tres tre", "four vier quatre cuatro quattro",
	    "five fünf cinq cinco cinque", "six sechs seis sei",
	    "seven sieben sept siete sette", "eight acht huit ocho otto",
	    "nine neun neuf nueve nove", "ten zehn dix diez dieci",
	    "eleven elf onze once undici", "twelve zwölf douze doce dodici"};
	struct span list, one;

	for (size_t i = 0; i < COUNT(names); i++) {
		list = span_of(names[i]);
		while (span_word(&list, &one))
			if (span_eq(one, word))
				return (int)i;
	}
	return -1;
}

/* --- yes and no ----------------------------------------------------------- */

static bool
read_yesno(struct span s, struct span *value)
{
	struct span words[WORDS];
	size_t n, yes = 0, no = 0;
	bool first;

	for (size_t i = 0; i < COUNT(not_yet); i++) {
		if (span_is(s, not_yet[i])) {
			*value = SPAN("no");
			return true;
		}
	}
	n = split(s, words);
	for (size_t i = 0; i < n; i++) {
		struct span w = words[i];

		if (span_findc(w, '/') < w.n)
			return false;
		yes += in_list(w, yes_words, COUNT(yes_words)) ||
		       span_starts(w, "👍");
		no += in_list(w, no_words, COUNT(no_words)) ||
		      span_starts(w, "👎");
	}
	if (n == 0 || n > 12 || (yes > 0) == (no > 0))
		return false;
	first = in_list(words[0], yes_words, COUNT(yes_words)) ||
		in_list(words[0], no_words, COUNT(no_words)) ||
		span_starts(words[0], "👍") || span_starts(words[0], "👎");
	if ((!first && n > 2) || (n > 1 && yes > 0 && turned(s)))
		return false;
	*value = yes > 0 ? SPAN("yes") : SPAN("no");
	return true;
}

/* --- numbers -------------------------------------------------------------- */

static bool
stars(struct span s, int64_t *out)
{
	int64_t n = 0;
	uint32_t c;
	size_t k;

	for (; (k = utf8_next(s, &c)) > 0; s = span_skip(s, k)) {
		if (c == 0x2B50 || c == 0x2605)
			n++;
		else if (c != 0x2606 && c != 0xFE0F && c != ' ')
			return false;
	}
	*out = n;
	return n > 0;
}

/* "3h" */
static bool
is_hour_unit(struct span s)
{
	static const char *const list[] = {
	    "h", "hr", "hrs", "hours", "std", "stunden", "heures", "x"};

	return in_list(s, list, COUNT(list));
}

/* Digits, a number word, "4/5", "4.0"; false for anything else. */
static bool
one_number(struct span w, const struct slot *slot, int64_t *out)
{
	int64_t n, of;
	size_t k = num_lead(w, 100000, &n);
	struct span rest = span_skip(w, k);

	if (k == 0) {
		int word = typed_number(w);

		*out = word;
		return word >= 0;
	}
	if (span_starts(rest, "\xef\xb8\x8f"))
		rest = span_skip(rest, 3);
	if (span_starts(rest, "\xe2\x83\xa3")) /* a key-cap */
		rest = span_skip(rest, 3);
	if (span_starts(rest, "/") &&
	    num_int(span_skip(rest, 1), 1, 100, &of)) {
		if (of != slot->high)
			return false;
		rest = SPAN("");
	}
	if (span_is(rest, ".0") || span_is(rest, ",0") ||
	    (slot->type == QUESTION_NUMBER && is_hour_unit(rest)))
		rest = SPAN("");
	*out = n;
	return rest.n == 0;
}

static bool
has_digit(struct span s)
{
	for (size_t i = 0; i < s.n; i++)
		if (ascii_digit(s.p[i]))
			return true;
	return false;
}

static bool
is_of(struct span w)
{
	static const char *const list[] = {
	    "of", "von", "sur", "de", "su", "out", "/"};

	return in_list(w, list, COUNT(list));
}

/* How many numbers stand among the words; "4 of 5" is one. */
static size_t
find_numbers(const struct slot *slot, const struct span *w, size_t n,
    int64_t *out, bool *bad)
{
	size_t found = 0;
	int64_t v = 0;

	for (size_t i = 0; i < n; i++) {
		if (!one_number(w[i], slot, &v)) {
			*bad |= has_digit(w[i]);
			continue;
		}
		if (found == 1 && v == slot->high && is_of(w[i - 1]))
			continue;
		if (found == 0 || v != *out)
			found++;
		if (found == 1)
			*out = v;
	}
	return found;
}

static bool
read_number(struct arena *arena, const struct slot *slot, struct span s,
    struct span *value)
{
	struct span words[WORDS];
	int64_t v = 0;
	bool bad = false;
	size_t n = split(s, words);

	if (slot->type == QUESTION_SCALE) {
		struct span low = typed_fold(arena, slot->low_text);
		struct span high = typed_fold(arena, slot->high_text);

		if (low.n > 0 && span_eq(s, low) && !span_eq(low, high))
			v = slot->low;
		else if (high.n > 0 && span_eq(s, high))
			v = slot->high;
		else if (stars(s, &v))
			;
		else
			goto words;
		goto done;
	}
words:
	if (n == 0 || n > 8 || find_numbers(slot, words, n, &v, &bad) != 1 ||
	    bad)
		return false;
	if (turned(s) && !one_number(words[0], slot, &(int64_t){0}))
		return false;
	/* A number in the middle of a sentence is about something else. */
	if (n > 4 && !one_number(words[0], slot, &(int64_t){0}))
		return false;
	if (n > 1 && turned(words[1]))
		return false;
done:
	if (v < slot->low || v > slot->high)
		return false;
	*value = arena_spanf(arena, "%d", (int)v);
	return true;
}

/* --- options -------------------------------------------------------------- */

/* Whole words only: "weekly" is not in "biweekly". */
static bool
holds(struct span text, struct span what)
{
	size_t from = 0;

	if (what.n < 3)
		return false;
	for (;;) {
		size_t at = from + span_find(span_skip(text, from), what);
		size_t end = at + what.n;

		if (at >= text.n)
			return false;
		if ((at == 0 || text.p[at - 1] == ' ' ||
			text.p[at - 1] == '(' || text.p[at - 1] == ',') &&
		    (end == text.n || !(ascii_alnum(text.p[end]) ||
					  (text.p[end] & 0x80) != 0)))
			return true;
		from = at + 1;
	}
}

static struct span
option_text(struct arena *arena, const struct slot *slot, uint32_t i)
{
	return typed_fold(arena, slot->options[i].text);
}

/* The one option whose text this is, begins, or stands in; else -1. */
static int
by_text(struct arena *arena, const struct slot *slot, struct span s)
{
	int exact = -1, prefix = -1, inside = -1, around = -1;
	int prefixes = 0, insides = 0, arounds = 0;

	for (uint32_t i = 0; i < slot->options_n; i++) {
		struct span text = option_text(arena, slot, i);
		struct span key = typed_fold(arena, slot->options[i].key);

		if (text.n == 0)
			continue;
		if (span_eq(text, s) || (key.n > 1 && span_eq(key, s)))
			exact = (int)i;
		if (s.n >= 3 && text.n >= s.n &&
		    memcmp(text.p, s.p, s.n) == 0) {
			prefix = (int)i;
			prefixes++;
		}
		if (holds(s, text)) {
			inside = (int)i;
			insides++;
		}
		if (s.n >= 4 && holds(text, s)) {
			around = (int)i;
			arounds++;
		}
	}
	if (exact >= 0)
		return exact;
	if (prefixes == 1)
		return prefix;
	if (prefixes == 0 && insides == 1 && !turned(s))
		return inside;
	return prefixes == 0 && insides == 0 && arounds == 1 ? around : -1;
}

static bool
exactly(struct arena *arena, const struct slot *slot, int i, struct span s)
{
	struct span text = option_text(arena, slot, (uint32_t)i);

	return text.n >= s.n && memcmp(text.p, s.p, s.n) == 0;
}

/* A letter or a digit that names an option by its place; else -1. */
static int
by_place(const struct slot *slot, struct span word)
{
	int64_t n;

	if (word.n == 1 && word.p[0] >= 'a' &&
	    (uint32_t)(word.p[0] - 'a') < slot->options_n)
		return word.p[0] - 'a';
	if (num_int(word, 1, slot->options_n, &n))
		return (int)n - 1;
	return -1;
}

static struct span
skip_marks(struct span s)
{
	while (s.n > 0 && strchr(" .:)=-(,", s.p[0]) != NULL)
		s = span_skip(s, 1);
	return s;
}

static int
read_option(struct arena *arena, const struct slot *slot, struct span s)
{
	size_t end = 0;
	int place, text = by_text(arena, slot, s);
	struct span rest;

	if (span_starts(s, "option "))
		s = span_skip(s, 7);
	while (end < s.n && (ascii_alnum(s.p[end]) || (s.p[end] & 0x80) != 0))
		end++;
	place = by_place(slot, span_sub(s, 0, end));
	/* "B weekly", where weekly is A, says two things. */
	if (text >= 0)
		return place < 0 || place == text ||
			       exactly(arena, slot, text, s)
			   ? text
			   : -1;
	rest = skip_marks(span_skip(s, end));
	if (place < 0)
		return -1;
	if (rest.n == 0)
		return place;
	text = by_text(arena, slot, strip_edges(rest));
	if (text >= 0)
		return text == place ? place : -1;
	/* "a bit of everything" is no option A. */
	if (end == s.n || s.p[end] == ' ') {
		size_t k = end;

		while (k < s.n && s.p[k] == ' ')
			k++;
		if (k < s.n && strchr("-=:()", s.p[k]) == NULL)
			return -1;
	}
	if (s.p[end] == '/' || s.p[end] == '+' || s.p[end] == '&' ||
	    turned(rest))
		return -1;
	/* "A, B" chooses twice. */
	return rest.n <= 2 ? -1 : place;
}

static bool
read_choice(struct arena *arena, const struct slot *slot, struct span s,
    struct span *value)
{
	int i = read_option(arena, slot, s);

	if (i < 0)
		return false;
	*value = slot->options[i].key;
	return true;
}

/* One piece of a list: an option, "abd", "a c"; sets bits. */
static bool
read_piece(struct arena *arena, const struct slot *slot, struct span piece,
    uint32_t *bits)
{
	struct span s = strip_edges(piece), words[WORDS];
	int i;
	size_t n;

	if (s.n == 0)
		return true;
	i = read_option(arena, slot, s);
	if (i >= 0) {
		*bits |= UINT32_C(1) << i;
		return true;
	}
	n = split(s, words);
	for (size_t k = 0; k < n; k++) {
		i = by_place(slot, words[k]);
		if (i < 0)
			return false;
		*bits |= UINT32_C(1) << i;
	}
	return n > 0;
}

static bool
run_of_letters(const struct slot *slot, struct span s, uint32_t *bits)
{
	uint32_t b = 0;

	for (size_t i = 0; i < s.n; i++) {
		int place = by_place(slot, span_sub(s, i, i + 1));

		if (place < 0 || ascii_digit(s.p[i]) || (b >> place & 1) != 0)
			return false;
		b |= UINT32_C(1) << place;
	}
	*bits |= b;
	return s.n > 1 && s.n <= slot->options_n;
}

/* " and ", "&", ";" and the like become commas. */
static struct span
commas(struct arena *arena, struct span s)
{
	static const char *const joins[] = {" and ", " und ", " et ", " y ",
	    " e ", " sowie ", " & ", " + ", "; ", ";", "/", "+", "&", " | "};
	struct str out;

	str_init(&out, arena, LIMIT_ANSWER_BYTES);
	while (s.n > 0) {
		size_t i = 0;

		while (i < COUNT(joins) && !span_starts(s, joins[i]))
			i++;
		str_addc(&out, i < COUNT(joins) ? ',' : s.p[0]);
		s = span_skip(s, i < COUNT(joins) ? strlen(joins[i]) : 1);
	}
	return str_span(&out);
}

static bool
is_all(struct span s)
{
	static const char *const list[] = {"all", "all of them", "alle",
	    "alles", "all of the above", "tous", "toutes", "tout", "todos",
	    "tutti", "everything", "any", "alle davon"};

	return in_list(s, list, COUNT(list));
}

static bool
read_several(struct arena *arena, const struct slot *slot, struct span raw,
    struct span *value)
{
	struct span s = typed_fold(arena, raw), rest, piece;
	uint32_t bits = 0;
	struct str out;
	int whole = by_text(arena, slot, s);

	if (is_all(s))
		bits = (uint32_t)((UINT64_C(1) << slot->options_n) - 1);
	else if (whole >= 0 && span_findc(s, ',') == s.n)
		bits = UINT32_C(1) << whole;
	else if (!run_of_letters(slot, s, &bits)) {
		bits = 0;
		rest = commas(arena, s);
		while (span_part(&rest, ',', &piece))
			if (!read_piece(arena, slot, piece, &bits))
				return false;
	}
	str_init(&out, arena, LIMIT_ANSWER_BYTES);
	for (uint32_t i = 0; i < slot->options_n; i++) {
		if ((bits >> i & 1) == 0)
			continue;
		if (out.n > 0)
			str_addc(&out, ',');
		str_add(&out, slot->options[i].key);
	}
	*value = str_span(&out);
	return bits != 0;
}

/* --- levels --------------------------------------------------------------- */

static char
level_of(struct span w)
{
	static const char *const low[] = {"l", "low", "niedrig", "gering",
	    "wenig", "beginner", "anfänger", "anfängerin", "faible", "bajo",
	    "basso", "baixo", "none", "keine", "little"};
	static const char *const medium[] = {"m", "medium", "mid", "middle",
	    "med", "mittel", "intermediate", "moyen", "medio", "médio",
	    "fortgeschritten"};
	static const char *const high[] = {"h", "high", "hoch", "viel",
	    "expert", "experte", "expertin", "advanced", "élevé", "haut",
	    "alto"};

	if (in_list(w, low, COUNT(low)))
		return 'L';
	if (in_list(w, medium, COUNT(medium)))
		return 'M';
	return in_list(w, high, COUNT(high)) ? 'H' : 0;
}

static bool
level_filler(struct span w)
{
	static const char *const list[] = {"to", "bis", "nach", "auf", "zu",
	    "now", "jetzt", "wanted", "gewünscht", "from", "von", "want", "à",
	    "a", "level", "level:", "currently", "then", "dann", "and", "und",
	    "heute", "ziel", "goal", "goal:", "target", "now:", "please", "pls",
	    "bitte", "still", "noch", "immer", "later", "später", "future",
	    "künftig", "would", "like", "möchte", "i", "ich", "am", "bin", "my",
	    "is", "ist", "at", "ok", "unchanged", "unverändert", "derzeit",
	    "aktuell", "actually", "actuellement"};

	return in_list(w, list, COUNT(list));
}

/* Arrows, dashes and commas become blanks. */
static struct span
blanks(struct arena *arena, struct span s)
{
	static const char *const marks[] = {"-", ">", "=", "/", ",", ";", "→",
	    "➔", "⇒", "➜", "–", "—", ":", "(", ")"};
	struct str out;

	str_init(&out, arena, LIMIT_ANSWER_BYTES);
	while (s.n > 0) {
		size_t i = 0;

		while (i < COUNT(marks) && !span_starts(s, marks[i]))
			i++;
		str_addc(&out, i < COUNT(marks) ? ' ' : s.p[0]);
		s = span_skip(s, i < COUNT(marks) ? strlen(marks[i]) : 1);
	}
	return str_span(&out);
}

static bool
read_level(struct arena *arena, const struct slot *slot, struct span s,
    struct span *value)
{
	struct span words[WORDS];
	char found[2] = {0};
	size_t levels = 0, n = split(blanks(arena, s), words);
	bool slash = span_findc(s, '/') < s.n;

	for (size_t i = 0; i < n; i++) {
		char c = level_of(words[i]);

		if (c == 0 && !level_filler(words[i]))
			return false;
		if (c == 0)
			continue;
		if (levels == 2)
			return false;
		found[levels++] = c;
	}
	if (levels == 1) {
		*value = arena_spanf(arena, "%c", found[0]);
		return true;
	}
	/* Nobody wants to know less than now: then it was meant otherwise. */
	if (levels != 2 || !slot->wanted ||
	    strchr("LMH", found[0]) > strchr("LMH", found[1]))
		return false;
	/* "medium/high" is something between as well as from and to. */
	if (slash && found[0] != found[1] &&
	    !(found[0] == 'L' && found[1] == 'H'))
		return false;
	*value = arena_spanf(arena, "%c>%c", found[0], found[1]);
	return true;
}

/* --- dates ---------------------------------------------------------------- */

static bool
read_date(struct arena *arena, struct span raw, struct civil today,
    struct span locale, struct span *value)
{
	struct when when = {0};

	if (!when_parse(span_trim(raw), today, locale, &when) ||
	    !when.has_date || when.week)
		return false;
	*value = arena_spanf(
	    arena, "%04d-%02d-%02d", when.year, when.month, when.day);
	return true;
}

/* --- all ------------------------------------------------------------------ */

bool
answer_parse(struct arena *arena, const struct slot *slot, struct span raw,
    struct civil today, struct span locale, struct span *value)
{
	struct span s =
	    typed_fold(arena, utf8_head(raw, LIMIT_ANSWER_BYTES / 2));
	struct hours hours;

	if (typed_empty(raw) && s.n == 0)
		return false;
	switch (slot->type) {
	case QUESTION_CHOICE:
		return read_choice(arena, slot, s, value);
	case QUESTION_SEVERAL:
		return read_several(arena, slot, raw, value);
	case QUESTION_SCALE:
	case QUESTION_NUMBER:
		return read_number(arena, slot, s, value);
	case QUESTION_LEVEL:
		return read_level(arena, slot, s, value);
	case QUESTION_YESNO:
		return read_yesno(s, value);
	case QUESTION_DATE:
		return read_date(arena, raw, today, locale, value);
	case QUESTION_HOURS:
		if (!hours_read(arena, raw, locale, &hours))
			return false;
		*value = hours_write(arena, &hours);
		return true;
	case QUESTION_TEXT:
		*value = utf8_head(span_trim(raw), LIMIT_ANSWER_BYTES);
		return value->n > 0;
	}
	return false;
}
