/* Days and dates; the day arithmetic is Howard Hinnant's, public domain. */
#include "base/civil.h"

#include "base/num.h"

int64_t
civil_days(int year, int month, int day)
{
	int64_t y = month <= 2 ? year - 1 : year;
	int64_t era = (y >= 0 ? y : y - 399) / 400;
	int64_t yoe = y - era * 400;
	int64_t doy = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 +
	    day - 1;
	int64_t doe = yoe * 365 + yoe / 4 - yoe / 100 + doy;

	return era * 146097 + doe - 719468;
}

struct civil
civil_of_days(int64_t days)
{
	int64_t z = days + 719468;
	int64_t era = (z >= 0 ? z : z - 146096) / 146097;
	int64_t doe = z - era * 146097;
	int64_t yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
	int64_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
	int64_t mp = (5 * doy + 2) / 153;
	struct civil c = {0};

	c.day = (int)(doy - (153 * mp + 2) / 5 + 1);
	c.month = (int)(mp < 10 ? mp + 3 : mp - 9);
	c.year = (int)(yoe + era * 400 + (c.month <= 2));
	return c;
}

int64_t
civil_unix(const struct civil *c)
{
	return civil_days(c->year, c->month, c->day) * DAY + c->hour * HOUR +
	    c->minute * MINUTE + c->second;
}

struct civil
civil_of_unix(int64_t t)
{
	int64_t days = t >= 0 ? t / DAY : -((-t + DAY - 1) / DAY);
	int64_t rest = t - days * DAY;
	struct civil c = civil_of_days(days);

	c.hour = (int)(rest / HOUR);
	c.minute = (int)(rest % HOUR / MINUTE);
	c.second = (int)(rest % MINUTE);
	return c;
}

int
civil_weekday(int64_t days)
{
	int64_t w = (days + 3) % 7; /* 1970-01-01 was a Thursday */

	return (int)(w < 0 ? w + 7 : w) + 1;
}

int
civil_month_days(int year, int month)
{
	static const int days[] = {
	    31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

	return month == 2 && leap ? 29 : days[month - 1];
}

bool
civil_check(const struct civil *c)
{
	return c->year >= 1970 && c->year <= 2999 && c->month >= 1 &&
	    c->month <= 12 && c->day >= 1 &&
	    c->day <= civil_month_days(c->year, c->month) && c->hour >= 0 &&
	    c->hour <= 23 && c->minute >= 0 && c->minute <= 59 &&
	    c->second >= 0 && c->second <= 59;
}

/* Exactly `width` digits off the front. */
static bool
digits(struct span *s, size_t width, int *out)
{
	int64_t v;

	if (num_lead(span_sub(*s, 0, width), 9999, &v) != width)
		return false;
	*s = span_skip(*s, width);
	*out = (int)v;
	return true;
}

static bool
eat(struct span *s, char c)
{
	if (s->n == 0 || s->p[0] != c)
		return false;
	*s = span_skip(*s, 1);
	return true;
}

/* Leaves the rest (a zone, or nothing) in *s. */
static bool
parse_front(struct span *s, struct civil *out)
{
	struct civil c = {0};

	if (!digits(s, 4, &c.year) || !eat(s, '-') ||
	    !digits(s, 2, &c.month) || !eat(s, '-') || !digits(s, 2, &c.day))
		return false;
	if (eat(s, 'T') || eat(s, 't') || eat(s, ' ')) {
		if (!digits(s, 2, &c.hour) || !eat(s, ':') ||
		    !digits(s, 2, &c.minute))
			return false;
		if (eat(s, ':') && !digits(s, 2, &c.second))
			return false;
	}
	if (!civil_check(&c))
		return false;
	*out = c;
	return true;
}

bool
civil_parse(struct span s, struct civil *out)
{
	struct civil c;

	s = span_trim(s);
	if (!parse_front(&s, &c) || s.n > 0)
		return false;
	*out = c;
	return true;
}

/* "+01:00", "-0530" */
static bool
parse_offset(struct span s, int *seconds)
{
	int h, m;
	bool minus = s.n > 0 && s.p[0] == '-';

	if (!eat(&s, '+') && !eat(&s, '-'))
		return false;
	if (!digits(&s, 2, &h))
		return false;
	eat(&s, ':');
	if (!digits(&s, 2, &m) || s.n > 0 || h > 15 || m > 59)
		return false;
	*seconds = (h * 3600 + m * 60) * (minus ? -1 : 1);
	return true;
}

bool
civil_parse_instant(struct span s, int64_t *unix_time)
{
	struct civil c;
	int offset = 0;

	s = span_trim(s);
	if (!parse_front(&s, &c))
		return false;
	if (s.n > 0 && !span_caseis(s, "Z") && !parse_offset(s, &offset))
		return false;
	*unix_time = civil_unix(&c) - offset;
	return true;
}

struct span
civil_write_date(struct arena *arena, int64_t t)
{
	struct civil c = civil_of_unix(t);

	return arena_spanf(arena, "%04d-%02d-%02d", c.year, c.month, c.day);
}

struct span
civil_write_instant(struct arena *arena, int64_t t)
{
	struct civil c = civil_of_unix(t);

	return arena_spanf(arena, "%04d-%02d-%02dT%02d:%02d:%02dZ", c.year,
	    c.month, c.day, c.hour, c.minute, c.second);
}

static const char day_names[][4] = {
    "Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};
static const char month_names[][4] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
    "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

struct span
civil_write_mail(struct arena *arena, int64_t t)
{
	struct civil c = civil_of_unix(t);
	int w = civil_weekday(civil_days(c.year, c.month, c.day));

	return arena_spanf(arena, "%s, %d %s %04d %02d:%02d:%02d +0000",
	    day_names[w - 1], c.day, month_names[c.month - 1], c.year, c.hour,
	    c.minute, c.second);
}

static bool
month_of(struct span s, int *month)
{
	if (s.n < 3)
		return false;
	for (int i = 0; i < 12; i++) {
		if (span_caseis(span_sub(s, 0, 3), month_names[i])) {
			*month = i + 1;
			return true;
		}
	}
	return false;
}

static int
named_offset(struct span s)
{
	static const struct {
		const char *name;
		int hours;
	} zones[] = {{"EST", -5}, {"EDT", -4}, {"CST", -6}, {"CDT", -5},
	    {"MST", -7}, {"MDT", -6}, {"PST", -8}, {"PDT", -7}, {"CET", 1},
	    {"CEST", 2}, {"MET", 1}, {"MEST", 2}, {"BST", 1}, {"JST", 9}};

	for (size_t i = 0; i < sizeof(zones) / sizeof(*zones); i++)
		if (span_caseis(s, zones[i].name))
			return zones[i].hours * HOUR;
	return 0;
}

static bool
parse_clock(struct span s, struct civil *c)
{
	struct span part;
	int *fields[] = {&c->hour, &c->minute, &c->second};
	int64_t v;

	for (int i = 0; i < 3 && span_part(&s, ':', &part); i++) {
		if (!num_int(part, 0, 60, &v))
			return false;
		*fields[i] = v == 60 ? 59 : (int)v;
	}
	return s.p == NULL;
}

/* Comments are blanked out in a copy; nesting is counted, not recursed. */
static struct span
without_comments(char *out, size_t cap, struct span s)
{
	size_t n = 0;
	int depth = 0;

	for (size_t i = 0; i < s.n && n < cap; i++) {
		if (s.p[i] == '(')
			depth++;
		else if (s.p[i] == ')' && depth > 0)
			depth--;
		else if (depth == 0)
			out[n++] = s.p[i] == ',' ? ' ' : s.p[i];
	}
	return (struct span){out, n};
}

bool
civil_parse_mail(struct span s, int64_t *unix_time)
{
	char buf[128];
	struct span word, rest = without_comments(buf, sizeof(buf), s);
	struct civil c = {0};
	int offset = 0;
	int64_t v;

	if (!span_word(&rest, &word))
		return false;
	if (word.n > 0 && ascii_alpha(word.p[0]) && !span_word(&rest, &word))
		return false; /* the day of the week is skipped */
	if (!num_int(word, 1, 31, &v))
		return false;
	c.day = (int)v;
	if (!span_word(&rest, &word) || !month_of(word, &c.month))
		return false;
	if (!span_word(&rest, &word) || !num_int(word, 0, 9999, &v))
		return false;
	c.year = (int)(word.n == 2 ? (v < 50 ? 2000 + v : 1900 + v) : v);
	if (span_word(&rest, &word) && !parse_clock(word, &c))
		return false;
	if (span_word(&rest, &word) && !parse_offset(word, &offset))
		offset = named_offset(word);
	if (!civil_check(&c))
		return false;
	*unix_time = civil_unix(&c) - offset;
	return true;
}
