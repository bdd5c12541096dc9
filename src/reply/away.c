/*
 * When is somebody back who is out of office?  A sentence that says "back on"
 * names the day itself; one that says "until" names the last day away.  The
 * day stands behind such words, or before them where the language has it so
 * ("4.12. asti", "am 30. November wieder im Büro").
 */
#include <string.h>

#include "base/num.h"
#include "base/uni.h"
#include "base/utf8.h"
#include "reply/reply_int.h"

#define COUNT(list) (sizeof(list) / sizeof(*(list)))

enum {
	TEXT_BYTES = 8192,
	NEAR_BYTES = 120, /* from the words to the day behind them */
	BEFORE_BYTES = 48,
	PAST_DAYS =
	    120, /* a day without a year that lies so far back is past */
};

/* The day named is the day of return; folded. */
static const char *const returning[] = {"back on", "back in the office",
    "be back", "i'm back", "am back", "return on", "return to", "returning",
    "will return", "i return", "not return until", "not be back until",
    "available again", "available from", "back at work", "back from", "back by",
    "back ", "back to work", "resume work", "returns", "wieder da",
    "wieder im büro", "wieder im haus", "wieder erreichbar",
    "wieder für sie da", "wieder zur verfügung", "zurück am", "kehre zurück",
    "bin ich zurück", "wieder zurück", "wieder am", "ab dem",
    "erreichen sie mich wieder", "wieder ab", "wieder anwesend", "zurück im",
    "erst wieder", "de retour", "mon retour", "reviens", "regreso", "vuelvo",
    "volveré", "de vuelta", "reincorpor", "rientro", "rientrerò",
    "sarò di nuovo", "torno", "ritorno", "weer aanwezig", "terug op",
    "weer bereikbaar", "terug", "weer op kantoor", "tillbaka", "åter ",
    "tilbage", "tilbake", "retorno", "retornarei", "regresso", "volto",
    "wracam", "wrócę", "będę z powrotem", "takaisin", "palaan", "zpět",
    "vrátím se", "späť", "vrátim sa", "visszatérek", "mă întorc", "revin",
    "dönüş", "вернусь", "вернемся", "выйду", "буду на связи", "повернусь",
    "επιστρέφω", "επιστροφή", "grįšiu", "atgriezīšos", "tagasi", "trở lại",
    "kembali", "回到", "回来", "返回", "戻り", "復帰", "出社", "vraćam se",
    "povratak", "nazaj", "връщам се", "אחזור", "أعود", "سأعود"};
/* The day named is the last day away; folded. */
static const char *const lasting[] = {"until", "till", "through", "thru",
    "up to", "to and including", "bis", "einschließlich", "jusqu'", "hasta",
    "fino al", "fino a", "sino al", "tot en met", "t/m", "tot", "til og med",
    "till och med", "t.o.m", "t o m", "til", "até", "do dnia", "do", "aż do",
    "až do", "asti", "saakka", "to", "au", "al", "ao", "a", "zum", "-", "–",
    "—", "until:", "până", "pana la", "do kraja", "до", "по", "включительно",
    "μέχρι", "έως", "ως", "iki", "līdz", "kuni", "đến", "sampai", "hingga",
    "fins al", "fins a", "עד", "حتى", "إلى", "至", "到", "～", "〜", "~",
    "kadar", "まで", "까지"};
/* These stand behind the day. */
static const char *const behind_back[] = {"wieder", "zurück", "weer", "back",
    "de retour", "takaisin", "åter", "tillbaka", "tilbage", "tilbake", "回到",
    "回来", "出社", "복귀", "visszatérek", "vissza"};
static const char *const behind_last[] = {"asti", "saakka", "-ig", "ig ",
    "kadar", "まで", "까지", "休假", "inclus", "einschließlich"};

struct month_name {
	const char *name; /* the word begins so; folded */
	int month;
};

static const struct month_name months[] = {{"jan", 1}, {"feb", 2}, {"fév", 2},
    {"fev", 2}, {"mar", 3}, {"mär", 3}, {"apr", 4}, {"abr", 4}, {"avr", 4},
    {"may", 5}, {"mai", 5}, {"maj", 5}, {"mag", 5}, {"mei", 5}, {"jun", 6},
    {"juin", 6}, {"jul", 7}, {"juil", 7}, {"aug", 8}, {"ago", 8}, {"aoû", 8},
    {"aou", 8}, {"sep", 9}, {"set", 9}, {"okt", 10}, {"oct", 10}, {"out", 10},
    {"ott", 10}, {"nov", 11}, {"dec", 12}, {"dez", 12}, {"dic", 12},
    {"des", 12}, {"déc", 12}, {"enero", 1}, {"ene", 1}, {"gen", 1}, {"giu", 6},
    {"lug", 7}, {"desem", 12}, {"märz", 3}, {"maart", 3}, {"mrt", 3},
    {"maggio", 5}, {"mayo", 5}, {"stycz", 1}, {"lut", 2}, {"kwie", 4},
    {"czerw", 6}, {"lip", 7}, {"sierp", 8}, {"wrze", 9}, {"paździer", 10},
    {"listop", 11}, {"grud", 12}, {"led", 1}, {"únor", 2}, {"břez", 3},
    {"dub", 4}, {"květ", 5}, {"červenc", 7}, {"červ", 6}, {"srp", 8},
    {"září", 9}, {"říj", 10}, {"prosin", 12}, {"máj", 5}, {"jún", 6},
    {"júl", 7}, {"már", 3}, {"ápr", 4}, {"szept", 9}, {"tammi", 1},
    {"helmi", 2}, {"maalis", 3}, {"huhti", 4}, {"touko", 5}, {"kesä", 6},
    {"heinä", 7}, {"elo", 8}, {"syys", 9}, {"loka", 10}, {"marras", 11},
    {"joulu", 12}, {"ian", 1}, {"mart", 3}, {"iun", 6}, {"iul", 7},
    {"noiem", 11}, {"ocak", 1}, {"şub", 2}, {"nis", 4}, {"may", 5}, {"haz", 6},
    {"tem", 7}, {"ağu", 8}, {"eyl", 9}, {"eki", 10}, {"kas", 11}, {"ara", 12},
    {"янв", 1}, {"фев", 2}, {"мар", 3}, {"апр", 4}, {"ма", 5}, {"июн", 6},
    {"июл", 7}, {"авг", 8}, {"сен", 9}, {"окт", 10}, {"ноя", 11}, {"дек", 12},
    {"ное", 11}, {"січ", 1}, {"лют", 2}, {"берез", 3}, {"квіт", 4}, {"трав", 5},
    {"черв", 6}, {"лип", 7}, {"серп", 8}, {"верес", 9}, {"жовт", 10},
    {"листоп", 11}, {"груд", 12}, {"юни", 6}, {"юли", 7}, {"септ", 9},
    {"ян", 1}, {"ιαν", 1}, {"φεβ", 2}, {"μαρ", 3}, {"απρ", 4}, {"μαΐ", 5},
    {"μαι", 5}, {"ιουν", 6}, {"ιουλ", 7}, {"αυγ", 8}, {"σεπ", 9}, {"οκτ", 10},
    {"νοε", 11}, {"δεκ", 12}, {"siječ", 1}, {"velj", 2}, {"ožuj", 3},
    {"trav", 4}, {"svib", 5}, {"lipnj", 6}, {"srpnj", 7}, {"kolov", 8},
    {"ruj", 9}, {"studen", 11}, {"jaan", 1}, {"veeb", 2}, {"juuni", 6},
    {"juuli", 7}, {"dets", 12}, {"saus", 1}, {"vasar", 2}, {"kov", 3},
    {"baland", 4}, {"geguž", 5}, {"birž", 6}, {"liep", 7}, {"rugpj", 8},
    {"rugs", 9}, {"spal", 10}, {"lapkr", 11}, {"gruodž", 12}, {"ינואר", 1},
    {"פברואר", 2}, {"מרץ", 3}, {"אפריל", 4}, {"מאי", 5}, {"יוני", 6},
    {"יולי", 7}, {"אוגוסט", 8}, {"ספטמבר", 9}, {"אוקטובר", 10}, {"נובמבר", 11},
    {"דצמבר", 12}, {"يناير", 1}, {"فبراير", 2}, {"مارس", 3}, {"أبريل", 4},
    {"مايو", 5}, {"يونيو", 6}, {"يوليو", 7}, {"أغسطس", 8}, {"سبتمبر", 9},
    {"أكتوبر", 10}, {"نوفمبر", 11}, {"ديسمبر", 12}, {"ธันวาคม", 12},
    {"มกราคม", 1}, {"พฤศจิกายน", 11}};

struct date {
	int year, month, day; /* year 0: not written */
	bool numeric;
	size_t to; /* behind it */
};

static bool
is_letter(char c)
{
	return ascii_alpha(c) || (unsigned char)c >= 0x80;
}

/* The month whose longest name begins the word; 0 for none. */
static int
month_of(struct span word)
{
	size_t best = 0;
	int month = 0;

	for (size_t i = 0; i < COUNT(months); i++) {
		size_t n = strlen(months[i].name);

		if (n > best && span_starts(word, months[i].name)) {
			best = n;
			month = months[i].month;
		}
	}
	return month;
}

/* A number of at most four digits; its length, or 0. */
static size_t
number(struct span s, size_t at, int *out)
{
	int64_t v;
	size_t n = num_lead(span_skip(s, at), 9999, &v);

	if (n == 0 || n > 4)
		return 0;
	*out = (int)v;
	return n;
}

/* Blanks and the marks and small words between day, month and year. */
static size_t
between(struct span s, size_t at)
{
	static const char *const small[] = {"de ", "di ", "del ", "of ", "st ",
	    "nd ", "rd ", "th ", "st,", "nd,", "rd,", "th,", "er ", "º", "ª",
	    "г.", "р."};

	for (;;) {
		struct span rest = span_skip(s, at);
		size_t n = 0;

		if (rest.n == 0)
			return at;
		if (strchr(" .,/", rest.p[0]) != NULL)
			n = 1;
		else if (span_starts(rest, "\xc2\xa0"))
			n = 2;
		for (size_t i = 0; n == 0 && i < COUNT(small); i++)
			if (span_starts(rest, small[i]))
				n = strlen(small[i]);
		if (n == 0)
			return at;
		at += n;
	}
}

static size_t
word_end(struct span s, size_t at)
{
	while (at < s.n && is_letter(s.p[at]))
		at++;
	return at;
}

/* A year of four digits, or of two behind a mark. */
static size_t
year_at(struct span s, size_t at, int *year)
{
	int v;
	size_t n = number(s, at, &v);

	if (n == 4 && v >= 2000 && v < 2100) {
		*year = v;
		return at + n;
	}
	if (n == 2 && at > 0 && strchr("./-", s.p[at - 1]) != NULL) {
		*year = 2000 + v;
		return at + n;
	}
	return 0;
}

/* "12月4日", "12월 4일" */
static bool
east_date(struct span s, size_t at, int month, struct date *d)
{
	size_t i = at, n;
	int day;

	if (span_starts(span_skip(s, i), "月") ||
	    span_starts(span_skip(s, i), "월"))
		i += 3;
	else
		return false;
	while (i < s.n && s.p[i] == ' ')
		i++;
	n = number(s, i, &day);
	if (n == 0)
		return false;
	d->month = month;
	d->day = day;
	d->to = i + n;
	return true;
}

/* "4.12.", "4/12/2026", "12/24/2026", "2026-12-04" */
static bool
numeric_date(struct span s, size_t at, int a, struct date *d)
{
	char sign = at < s.n ? s.p[at] : '\0';
	size_t i = at + 1, n;
	int b, c = 0;

	if (sign == '\0' || strchr("./-", sign) == NULL)
		return false;
	while (sign == '.' && i < s.n && s.p[i] == ' ')
		i++;
	n = number(s, i, &b);
	if (n == 0 || n > 2)
		return false;
	i += n;
	d->to = i;
	if (a > 31) { /* the year first */
		if (i + 1 >= s.n || number(s, i + 1, &c) == 0)
			return false;
		d->year = a;
		d->month = b;
		d->day = c;
		d->to = i + 1 + number(s, i + 1, &c);
		return a >= 2000;
	}
	if (i < s.n && s.p[i] == sign) {
		size_t k = i + 1;

		while (sign == '.' && k < s.n && s.p[k] == ' ')
			k++;
		if (year_at(s, k, &d->year) > 0)
			d->to = year_at(s, k, &d->year);
		else if (sign == '.')
			d->to = i + 1;
	} else if (sign == '-' || sign == '.') {
		return false; /* "24-27", "9.30" */
	}
	d->numeric = true;
	/* Day first, but where that cannot be. */
	d->day = b > 12 ? b : a;
	d->month = b > 12 ? a : b;
	return true;
}

/* The date that begins at `at`, where no digit or letter stands before. */
static bool
date_at(struct span s, size_t at, struct date *out)
{
	struct date d = {0};
	int a, day;
	size_t n = number(s, at, &a), i, end;

	if (n > 0) {
		i = at + n;
		if (east_date(s, i, a, &d) || numeric_date(s, i, a, &d))
			goto check;
		i = between(s, i);
		end = word_end(s, i);
		d.month = end > i ? month_of(span_sub(s, i, end)) : 0;
		if (d.month == 0)
			return false;
		d.day = a;
		d.to = end;
		i = between(s, end);
		if (year_at(s, i, &d.year) > 0)
			d.to = year_at(s, i, &d.year);
		goto check;
	}
	end = word_end(s, at);
	d.month = end > at + 2 ? month_of(span_sub(s, at, end)) : 0;
	if (d.month == 0)
		return false;
	i = between(s, end);
	n = number(s, i, &day);
	if (n == 0 || n > 2)
		return false;
	d.day = day;
	d.to = i + n;
	i = between(s, d.to);
	if (year_at(s, i, &d.year) > 0)
		d.to = year_at(s, i, &d.year);
check:
	if (d.month < 1 || d.month > 12 || d.day < 1 || d.day > 31)
		return false;
	*out = d;
	return true;
}

static bool
first_date(struct span s, struct date *out)
{
	for (size_t i = 0; i < s.n; i++) {
		char before = i > 0 ? s.p[i - 1] : ' ';
		bool digit = ascii_digit(s.p[i]);

		if (!digit && !is_letter(s.p[i]))
			continue;
		if (ascii_digit(before) || (!digit && is_letter(before)))
			continue;
		if (date_at(s, i, out))
			return true;
	}
	return false;
}

/* The day as days since 1970; 0 when it cannot be the end of an absence. */
static int64_t
days_of(struct date d, struct civil today)
{
	int64_t now = civil_days(today.year, today.month, today.day), days;

	days = civil_days(d.year > 0 ? d.year : today.year, d.month, d.day);
	if (d.year == 0 && days < now - PAST_DAYS)
		days = civil_days(today.year + 1, d.month, d.day);
	if (days >= now && days <= now + 400)
		return days;
	/* "12/04/2026" of an American, in November */
	if (!d.numeric || d.day > 12 || d.year == 0)
		return 0;
	days = civil_days(d.year, d.day, d.month);
	return days >= now && days <= now + 400 ? days : 0;
}

static int64_t
day_behind(struct span s, size_t at, struct civil today)
{
	struct span rest = span_sub(s, at, at + NEAR_BYTES);
	struct date d;
	struct when w;
	int64_t now = civil_days(today.year, today.month, today.day), days;

	if (first_date(rest, &d))
		return days_of(d, today);
	if (!when_find(rest, today, SPAN("de"), &w) || !w.has_date)
		return 0;
	days = civil_days(w.year, w.month, w.day);
	return days >= now && days <= now + 400 ? days : 0;
}

static int64_t
day_before(struct span s, size_t at, struct civil today)
{
	size_t from = at > BEFORE_BYTES ? at - BEFORE_BYTES : 0;
	struct span rest = span_sub(s, from, at);
	struct date d;
	int64_t days = 0;

	/* The last one: "from 24 Nov to 4 Dec inclusive" */
	while (first_date(rest, &d)) {
		days = days_of(d, today);
		rest = span_skip(rest, d.to);
	}
	return days;
}

/* Where the words begin in s from `from` on; s.n when they do not. */
static size_t
words_at(struct span s, size_t from, const char *z)
{
	size_t n = strlen(z);

	for (;;) {
		size_t at = from + span_find(span_skip(s, from), span_of(z));

		if (at >= s.n)
			return s.n;
		if ((at == 0 || !is_letter(z[0]) || (z[0] & 0x80) != 0 ||
			!is_letter(s.p[at - 1])) &&
		    (n > 3 || at + n >= s.n || !is_letter(z[n - 1]) ||
			!is_letter(s.p[at + n]) || (z[0] & 0x80) != 0))
			return at;
		from = at + 1;
	}
}

static int64_t
search(struct span text, const char *const *list, size_t n, bool before,
    struct civil today)
{
	struct span line;

	while (span_line(&text, &line))
		for (size_t i = 0; i < n; i++) {
			size_t at = words_at(line, 0, list[i]);
			int64_t days;

			for (int k = 0; at < line.n && k < 8; k++) {
				days = before
					   ? day_before(line, at, today)
					   : day_behind(line,
						 at + strlen(list[i]), today);
				if (days > 0)
					return days;
				at = words_at(line, at + 1, list[i]);
			}
		}
	return 0;
}

static int64_t
search_both(struct span text, struct span subject, const char *const *list,
    size_t n, bool before, struct civil today)
{
	int64_t days = search(text, list, n, before, today);

	return days > 0 ? days : search(subject, list, n, before, today);
}

int64_t
away_until(struct arena *arena, const struct mail *m, struct span text)
{
	struct civil today = civil_of_unix(m->date_unix);
	struct span subject;
	int64_t days;

	if (m->date_unix <= 0)
		return 0;
	text = uni_fold(arena, utf8_head(text, TEXT_BYTES));
	subject = uni_fold(arena, utf8_head(m->subject, 500));
	days = search_both(
	    text, subject, returning, COUNT(returning), false, today);
	if (days == 0)
		days = search_both(text, subject, behind_back,
		    COUNT(behind_back), true, today);
	if (days == 0) {
		days = search_both(text, subject, behind_last,
		    COUNT(behind_last), true, today);
		if (days == 0)
			days = search_both(text, subject, lasting,
			    COUNT(lasting), false, today);
		days += days > 0;
	}
	return days * DAY;
}
