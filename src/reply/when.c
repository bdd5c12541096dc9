/*
 * Dates and times as people write them, English and German, with the month
 * and weekday names of French, Italian and Spanish.  A year that is not
 * given is the one that makes the date today or later.
 */
#include <string.h>

#include "reply/reply_int.h"

/* Two-letter weekdays and "sun", "mar" are words too: only before a number. */
static const char short_names[] =
    "mo di mi do fr sa so sun sat mar may mon wed dec due sept sei";
static const char next_words[] =
    "next coming following nächste nächsten nächster nächstem nächstes "
    "naechste naechsten naechster naechstem kommende kommenden kommender "
    "kommendem prochain prochaine prossimo prossima próximo próxima";
static const char this_words[] =
    "this diese diesen dieser diesem dieses ce cette";
static const char range_words[] = "- to bis until till à a";

static bool
is_word(const struct tokens *ts, int i)
{
	return i >= 0 && i < ts->n && ts->t[i].kind == TOKEN_WORD;
}

static bool
is_number(const struct tokens *ts, int i, int low, int high)
{
	return i >= 0 && i < ts->n && ts->t[i].kind == TOKEN_NUMBER &&
	       ts->t[i].number >= low && ts->t[i].number <= high;
}

static int
number_at(const struct tokens *ts, int i)
{
	if (is_number(ts, i, 0, 999))
		return ts->t[i].number;
	return is_word(ts, i) ? lexeme_of(&ts->t[i])->number : 0;
}

static int64_t
today_days(struct civil today)
{
	return civil_days(today.year, today.month, today.day);
}

static void
set_days(struct when *w, int64_t days)
{
	struct civil c = civil_of_days(days);

	w->has_date = true;
	w->year = c.year;
	w->month = c.month;
	w->day = c.day;
}

/* year 0: the next such day from today on. */
static bool
set_date(struct when *w, int year, int month, int day, struct civil today)
{
	struct civil c = {year, month, day, 0, 0, 0};

	if (year > 0 && year < 100)
		c.year = 2000 + year;
	if (year == 0) {
		c.year = today.year;
		if (month < today.month ||
		    (month == today.month && day < today.day))
			c.year++;
		if (month == 2 && day == 29)
			while (civil_month_days(c.year, 2) < 29)
				c.year++;
	}
	if (!civil_check(&c))
		return false;
	w->has_date = true;
	w->year = c.year;
	w->month = c.month;
	w->day = c.day;
	return true;
}

/* A year at i, maybe behind a comma; returns the index behind it, or i. */
static int
year_at(const struct tokens *ts, int i, int *year)
{
	int j = i;

	if (token_is(ts, j, ",") || token_in(ts, j, "of de"))
		j++;
	if (is_number(ts, j, 1970, 2999) && ts->t[j].digits == 4 &&
	    !token_in(ts, j + 1, ": uhr")) {
		*year = ts->t[j].number;
		return j + 1;
	}
	return i;
}

/* "1.5.", "01.05.2026", "4/5", "5/4/26", "2026-05-01" */
static int
numeric_date(const struct tokens *ts, int i, struct civil today,
    struct span locale, struct when *w)
{
	const struct token *t = ts->t;
	bool dot, slash, us = span_caseis(locale, "en-us");
	int a, b, year = 0, end = i + 3;

	if (!is_number(ts, i, 1, 2999) || !is_number(ts, i + 2, 1, 99) ||
	    !t[i + 1].joined)
		return i;
	if (t[i].digits == 4) {
		if (!token_in(ts, i + 1, "- / .") ||
		    strcmp(t[i + 1].text, i + 3 < ts->n ? t[i + 3].text : "") ||
		    !is_number(ts, i + 4, 1, 31) ||
		    !set_date(w, t[i].number, t[i + 2].number, t[i + 4].number,
			today))
			return i;
		return i + 5;
	}
	dot = token_is(ts, i + 1, ".");
	slash = token_is(ts, i + 1, "/");
	if ((!dot && !slash && !token_is(ts, i + 1, "-")) || t[i].digits > 2 ||
	    (slash && !t[i + 2].joined))
		return i;
	a = t[i].number;
	b = t[i + 2].number;
	if (token_is(ts, i + 3, t[i + 1].text) && t[i + 3].joined) {
		end = i + 4;
		if (is_number(ts, end, 0, 2999) &&
		    (t[end].digits == 4 ||
			(t[end].digits == 2 && t[end].joined)) &&
		    !token_in(ts, end + 1, ":") &&
		    (!token_in(ts, end + 1, "uhr h") || t[end].digits == 4))
			year = t[end++].number;
		else if (!dot)
			return i;
	} else if (!dot && !slash) {
		return i; /* "9-12" is no date */
	} else if (token_in(ts, end, "uhr h am pm") ||
		   token_in(ts, i - 1, "at um gegen à from ab von @")) {
		return i; /* "14.30 Uhr" */
	}
	if (slash && us && a <= 12) {
		int swap = a;

		a = b;
		b = swap;
	}
	if (b > 12 && a <= 12 && slash) {
		int swap = a;

		a = b;
		b = swap;
	}
	if (b > 12 || !set_date(w, year, b, a, today))
		return i;
	return end;
}

/* "1st of May 2026", "1. Mai", "May 1st, 2026", "May" */
static int
named_date(const struct tokens *ts, int i, struct civil today, bool loose,
    struct when *w)
{
	int j = i, day = 1, month = 0, year = 0;
	bool bare = true;

	if (is_number(ts, j, 1, 31) && ts->t[j].digits <= 2) {
		day = ts->t[j++].number;
		bare = false;
		if (token_in(ts, j, ". st nd rd th er º"))
			j++;
		if (token_in(ts, j, "of de of the"))
			j++;
	}
	if (!is_word(ts, j) || (month = lexeme_of(&ts->t[j])->month) == 0)
		return i;
	j++;
	if (token_is(ts, j, ".") && ts->t[j].joined)
		j++;
	if (bare && is_number(ts, j, 1, 31) && ts->t[j].digits <= 2 &&
	    !token_in(ts, j + 1, ": uhr h pm am")) {
		day = ts->t[j++].number;
		bare = false;
		if (token_in(ts, j, "st nd rd th") ||
		    (token_is(ts, j, ".") && ts->t[j].joined && j + 1 < ts->n))
			j++;
	}
	j = year_at(ts, j, &year);
	if (bare && !loose && year == 0 &&
	    !token_in(
		ts, i - 1, "until till in bis ab im ende anfang mitte of"))
		return i;
	if (bare && token_in(ts, i - 1, "end ende fin of") &&
	    (token_in(ts, i - 1, "end ende fin") || token_is(ts, i - 2, "end")))
		day = civil_month_days(
		    year ? year : today.year + (month < today.month), month);
	if (bare && token_in(ts, i - 1, "mid mitte"))
		day = 15;
	if (bare && year == 0 && month == today.month && day < today.day &&
	    day == 1 && !loose)
		return i;
	return set_date(w, year, month, day, today) ? j : i;
}

static void
add_months(struct when *w, struct civil today, int n)
{
	int month = today.month - 1 + n;
	int year = today.year + month / 12, day = today.day;

	month = month % 12 + 1;
	if (day > civil_month_days(year, month))
		day = civil_month_days(year, month);
	set_date(w, year, month, day, today);
}

/* "in 2 weeks", "for a month", "zwei Wochen" */
static int
span_date(const struct tokens *ts, int i, struct civil today, bool loose,
    struct when *w)
{
	int j = i, n;

	if (token_in(ts, j, "in for für fuer dans tra en"))
		j++;
	else if (!loose)
		return i;
	if (token_in(ts, j, "the den about ca etwa next nächsten"))
		j++;
	n = token_in(ts, j, "couple paar") ? 2 : number_at(ts, j);
	if (n <= 0 || n > 400)
		return i;
	j++;
	if (token_in(ts, j, "more weitere of"))
		j++;
	if (token_in(ts, j, "day days tag tage tagen jour jours"))
		set_days(w, today_days(today) + n);
	else if (token_in(ts, j,
		     "week weeks woche wochen semaine semaines fortnight"))
		set_days(w, today_days(today) +
				n * (token_is(ts, j, "fortnight") ? 14 : 7));
	else if (token_in(ts, j, "month months monat monate monaten mois"))
		add_months(w, today, n);
	else if (token_in(ts, j, "year years jahr jahre jahren"))
		add_months(w, today, n * 12);
	else
		return i;
	return j + 1;
}

static int64_t
monday_of(int64_t days)
{
	return days - (civil_weekday(days) - 1);
}

/* "today", "morgen", "day after tomorrow"; the index behind it, or i. */
static int
near_day(const struct tokens *ts, int i, int64_t now, struct when *w)
{
	static const char *const words[] = {"today heute tonight oggi hoy",
	    "tomorrow tmrw demain domani mañana", "übermorgen uebermorgen"};

	for (int n = 0; n < 3; n++)
		if (token_in(ts, i, words[n])) {
			set_days(w, now + n);
			return i + 1;
		}
	if (token_is(ts, i, "morgen") &&
	    !token_in(ts, i - 1, "guten am jeden")) {
		set_days(w, now + 1);
		return i + 1;
	}
	if (token_is(ts, i, "day") && token_is(ts, i + 1, "after") &&
	    token_is(ts, i + 2, "tomorrow")) {
		set_days(w, now + 2);
		return i + 3;
	}
	return i;
}

/* "next week", "nächsten Monat", "Tuesday", "next Tue", "tomorrow" */
static int
relative_date(const struct tokens *ts, int i, struct civil today, bool loose,
    struct when *w)
{
	int64_t now = today_days(today);
	bool next = token_in(ts, i, next_words);
	int j = i + (next || token_in(ts, i, this_words)), day;

	if (j >= ts->n)
		return i;
	if (j > i && token_in(ts, j, "week woche semaine settimana semana")) {
		w->week = true;
		set_days(w, monday_of(now) + (next ? 7 : 0));
		j++;
		if (is_word(ts, j) &&
		    (day = lexeme_of(&ts->t[j])->weekday) > 0) {
			w->week = false;
			set_days(w, monday_of(now) + (next ? 7 : 0) + day - 1);
			j++;
		}
		return j;
	}
	if (next && token_in(ts, j, "month monat mois")) {
		add_months(
		    w, (struct civil){today.year, today.month, 1, 0, 0, 0}, 1);
		return j + 1;
	}
	if (next && token_in(ts, j, "year jahr")) {
		set_date(w, today.year + 1, 1, 1, today);
		return j + 1;
	}
	if (j == i && (day = near_day(ts, i, now, w)) > i)
		return day;
	if (!is_word(ts, j) || (day = lexeme_of(&ts->t[j])->weekday) == 0)
		return i;
	if (j == i && !loose && token_in(ts, j, short_names) &&
	    !is_number(ts, j + 1, 0, 31) &&
	    !(token_in(ts, j + 1, ". ,") && is_number(ts, j + 2, 0, 31)))
		return i;
	set_days(w, now + 1 + (day - civil_weekday(now + 1) + 7) % 7);
	w->weekday = j == i;
	j++;
	if (token_is(ts, j, ".") && ts->t[j].joined)
		j++;
	if (token_in(ts, j, next_words) &&
	    token_in(ts, j + 1, "week woche semaine")) {
		w->weekday = false;
		set_days(w, monday_of(now) + 7 + day - 1);
		return j + 2;
	}
	return j;
}

/* "week of 4 May", "week 20", "KW 20" */
static int
week_number(const struct tokens *ts, int i, struct civil today, struct when *w)
{
	int64_t first;
	int j = i + 1, year = today.year;

	if (!token_in(ts, i, "week kw kalenderwoche woche cw") ||
	    !is_number(ts, j, 1, 53))
		return i;
	/* ISO 8601: week 1 holds 4 January. */
	for (int n = 0; n < 2; n++, year++) {
		first = monday_of(civil_days(year, 1, 4)) +
			(ts->t[j].number - 1) * 7;
		if (first + 6 >= today_days(today))
			break;
	}
	set_days(w, first);
	w->week = true;
	return j + 1;
}

static int
date_at(const struct tokens *ts, int i, struct civil today, struct span locale,
    bool loose, struct when *w)
{
	int end;

	if ((end = numeric_date(ts, i, today, locale, w)) > i ||
	    (end = named_date(ts, i, today, loose, w)) > i ||
	    (end = span_date(ts, i, today, loose, w)) > i ||
	    (end = week_number(ts, i, today, w)) > i)
		return end;
	return relative_date(ts, i, today, loose, w);
}

/* --- clocks ------------------------------------------------------------- */

struct clock {
	int hour, minute;
	bool sure; /* has minutes, "pm", "Uhr": not a bare number */
	bool half; /* "am" or "pm" was said */
};

static bool
meridiem(const struct tokens *ts, int *i, struct clock *c)
{
	int j = *i;
	bool pm;

	if (token_in(ts, j, "am pm"))
		pm = token_is(ts, j++, "pm");
	else if (token_in(ts, j, "a p") && token_is(ts, j + 1, ".") &&
		 token_is(ts, j + 2, "m")) {
		pm = token_is(ts, j, "p");
		j += 3;
		if (token_is(ts, j, ".") && ts->t[j].joined)
			j++;
	} else {
		return false;
	}
	/* "14 am 3. Mai" is German. */
	if (c->hour > 12 || c->hour == 0)
		return false;
	c->hour = c->hour % 12 + (pm ? 12 : 0);
	c->sure = c->half = true;
	*i = j;
	return true;
}

/* "half past two", "halb drei", "viertel nach 3", "quarter to 5", "noon" */
static int
spoken_clock(const struct tokens *ts, int i, struct clock *c)
{
	int hour, j = i;
	bool quarter = token_in(ts, i, "quarter viertel");

	if (token_in(ts, i, "noon midday mittag mittags midi")) {
		*c = (struct clock){12, 0, true, true};
		return i + 1;
	}
	if (token_is(ts, i, "halb") && (hour = number_at(ts, i + 1)) > 0 &&
	    hour <= 12) {
		*c = (struct clock){hour == 1 ? 12 : hour - 1, 30, true, false};
		return i + 2;
	}
	if (token_is(ts, i, "half") &&
	    (hour = number_at(ts, i + 1 + token_is(ts, i + 1, "past"))) > 0 &&
	    hour <= 12) {
		*c = (struct clock){hour, 30, true, false};
		return i + 2 + token_is(ts, i + 1, "past");
	}
	if (!quarter || !token_in(ts, j + 1, "past after to before nach vor"))
		return i;
	hour = number_at(ts, j + 2);
	if (hour < 1 || hour > 23)
		return i;
	*c = (struct clock){hour, 15, true, false};
	if (token_in(ts, j + 1, "to before vor"))
		*c = (struct clock){hour == 1 ? 12 : hour - 1, 45, true, false};
	return j + 3;
}

/* "4 nachmittags", "8 früh", "24"; the index behind it. */
static int
part_of_day(const struct tokens *ts, int j, struct clock *c)
{
	if (token_in(ts, j, "nachmittags abends") && c->hour < 12) {
		c->hour += 12;
		c->sure = c->half = true;
		j++;
	} else if (token_in(ts, j, "morgens vormittags früh") ||
		   c->hour == 24) {
		c->hour %= 24;
		j += c->hour > 0 && j < ts->n;
		c->half = true;
	}
	return j;
}

static int
one_clock(const struct tokens *ts, int i, struct clock *c)
{
	int j;

	if ((j = spoken_clock(ts, i, c)) > i) {
		meridiem(ts, &j, c);
		if (!c->half && c->hour < 7)
			c->hour += 12;
		return j;
	}
	*c = (struct clock){0};
	if (is_word(ts, i) && token_in(ts, i + 1, "uhr o'clock pm am"))
		c->hour = lexeme_of(&ts->t[i])->number;
	else if (is_number(ts, i, 0, 24) && ts->t[i].digits <= 2)
		c->hour = ts->t[i].number;
	else if (is_number(ts, i, 100, 2359) && ts->t[i].digits >= 3 &&
		 ts->t[i].number % 100 < 60 &&
		 (token_in(ts, i + 1, "uhr h hrs hours pm am")) &&
		 ts->t[i].digits <= 4) {
		c->hour = ts->t[i].number / 100;
		c->minute = ts->t[i].number % 100;
		c->sure = true;
	} else
		return i;
	if (c->hour == 0 && !is_number(ts, i, 0, 2359))
		return i;
	j = i + 1;
	if (token_in(ts, j, ": .") && ts->t[j].joined &&
	    is_number(ts, j + 1, 0, 59) && ts->t[j + 1].digits == 2 &&
	    ts->t[j + 1].joined && !c->sure) {
		bool dot = token_is(ts, j, ".");

		c->minute = ts->t[j + 1].number;
		j += 2;
		if (token_is(ts, j, ":") && is_number(ts, j + 1, 0, 59))
			j += 2;
		/* "9.10." is a date; "9.10" alone may be */
		c->sure = !dot || !token_is(ts, j, ".");
	} else if (token_is(ts, j, "h") && ts->t[j].joined) {
		j++;
		c->sure = true;
		if (is_number(ts, j, 0, 59) && ts->t[j].joined)
			c->minute = ts->t[j++].number;
	}
	if (token_in(ts, j, "uhr o'clock h hrs hours")) {
		j++;
		c->sure = true;
		if (is_number(ts, j, 0, 59) && ts->t[j].digits == 2 &&
		    c->minute == 0 && !token_in(ts, j + 1, ". - : /"))
			c->minute = ts->t[j++].number;
	}
	meridiem(ts, &j, c);
	return part_of_day(ts, j, c);
}

/* A clock or a range of two; `said`: "at" or a date stands before it. */
static int
clock_at(const struct tokens *ts, int i, bool said, struct when *w)
{
	struct clock a, b;
	int j = one_clock(ts, i, &a), k;

	if (j == i || token_is(ts, j, "%"))
		return i;
	if (!a.sure &&
	    token_in(ts, j, "days weeks day week tage wochen times x"))
		return i;
	k = j;
	if (token_in(ts, k, range_words) &&
	    (k = one_clock(ts, j + 1, &b)) > j + 1 &&
	    (a.sure || b.sure || said)) {
		if (b.half && !a.half && b.hour >= 12 && a.hour < 12 &&
		    a.hour + 12 < b.hour + (b.minute > 0))
			a.hour += 12;
		if (!b.half && b.hour < a.hour && b.hour + 12 > a.hour &&
		    b.hour < 12)
			b.hour += 12;
		if (!a.half && !b.half && !a.sure && a.hour < 7 && b.hour < 8) {
			a.hour += 12;
			b.hour += 12;
		}
		w->has_end = true;
		w->end_hour = b.hour;
		w->end_minute = b.minute;
		j = k;
	} else if (!a.sure && !said) {
		return i;
	} else if (!a.sure && a.hour >= 1 && a.hour < 7) {
		a.hour += 12; /* "at 3" is no time of night for a meeting */
	}
	w->has_clock = true;
	w->hour = a.hour;
	w->minute = a.minute;
	return j;
}

static const char joiners[] =
    ", at on um am the den der dem from von ab @ around about gegen à le il "
    "el by - ( ) i'm ca approx";
static const char behind[] =
    "cet cest utc gmt bst mez mesz est edt pst pdt ist time uhr morning "
    "afternoon evening vormittag nachmittag abend früh vormittags "
    "nachmittags local ortszeit";

/* Part of a day: "tomorrow morning" has no clock, yet the words belong. */
static int
tail(const struct tokens *ts, int i)
{
	while (token_in(ts, i, behind))
		i++;
	return i;
}

/* Most words of a text begin no date and no time. */
static bool
opens(const struct tokens *ts, int i)
{
	const struct lexeme *l;

	if (i >= ts->n || ts->t[i].kind == TOKEN_MARK)
		return token_is(ts, i, "@");
	if (ts->t[i].kind == TOKEN_NUMBER)
		return true;
	l = lexeme_of(&ts->t[i]);
	return (l->is & OPENS) != 0 || l->month + l->weekday + l->number > 0;
}

/*
 * A second date behind the first.  Its weekday says nothing new of a day, but
 * which day of a week.
 */
static void
narrow(struct when *w, const struct when *second)
{
	int64_t day = civil_days(second->year, second->month, second->day);
	int64_t first = civil_days(w->year, w->month, w->day);

	if (!second->weekday || w->weekday) {
		*w = *second;
	} else if (w->week) {
		set_days(w, monday_of(first) + civil_weekday(day) - 1);
		w->week = false;
	}
}

int
when_at(const struct tokens *ts, int i, struct civil today, struct span locale,
    bool loose, struct when *out)
{
	struct when w = {0};
	int at = i, end = i;

	if (!opens(ts, i))
		return i;
	while (at < ts->n) {
		bool said = w.has_date ||
			    token_in(ts, at - 1, "at um gegen à @ from von ab");
		int next = at;

		if (!w.has_date) {
			struct when d = w;

			next = date_at(ts, at, today, locale, loose, &d);
			if (next > at)
				w = d;
		} else if (!w.week || !w.has_clock) {
			/* "Thursday, 3 December": the named day wins */
			struct when d = w;

			d.weekday = false;
			next = at;
			if (is_number(ts, at, 1, 2999) || is_word(ts, at))
				next = numeric_date(ts, at, today, locale, &d);
			if (next == at)
				next = named_date(ts, at, today, false, &d);
			if (next == at)
				next = relative_date(ts, at, today, false, &d);
			if (next > at && !w.has_clock && !d.week)
				narrow(&w, &d);
			else
				next = at;
		}
		if (next == at && !w.has_clock)
			next = clock_at(ts, at, said, &w);
		if (next > at) {
			at = end = tail(ts, next);
			continue;
		}
		if (!token_in(ts, at, joiners) ||
		    (at == i && !token_in(ts, at, "at um on am @")))
			break;
		at++;
	}
	if (end > i)
		*out = w;
	return end;
}

bool
when_parse(
    struct span s, struct civil today, struct span locale, struct when *out)
{
	struct tokens ts;
	struct when w;
	int i = 0, end;

	tokens_read(s, &ts);
	while (token_in(&ts, i,
		   "on at am um by until till bis from von ab the den dem der "
		   "zum to end of ende anfang mitte mid") ||
	       (token_is(&ts, i, "week") && token_is(&ts, i + 1, "of")))
		i++;
	end = when_at(&ts, i, today, locale, true, &w);
	if (end == i || ts.cut)
		return false;
	while (token_in(&ts, end, ". , ! ) please bitte"))
		end++;
	if (end < ts.n)
		return false;
	*out = w;
	return true;
}

bool
when_find(
    struct span s, struct civil today, struct span locale, struct when *out)
{
	struct tokens ts;

	tokens_read(s, &ts);
	for (int i = 0; i < ts.n; i++)
		if (when_at(&ts, i, today, locale, false, out) > i)
			return true;
	return false;
}
