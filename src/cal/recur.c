/*
 * Recurrence rules (RFC 5545 3.3.10) of busy feeds, walked under a bound of
 * work.  Days of a month are bits of one word, so that a month costs a few
 * operations; what lies before the window is skipped by arithmetic where the
 * rule allows it.  libical's iterator is not used: some rules keep it busy
 * for good, and counted ones are walked from their first day.
 */
#include "cal/cal_int.h"

#include "base/num.h"

static const char *const freq_names[] = {
    "YEARLY", "MONTHLY", "WEEKLY", "DAILY", "HOURLY", "MINUTELY", "SECONDLY"};
static const char *const day_names[] = {
    "MO", "TU", "WE", "TH", "FR", "SA", "SU"};

/* --- reading ------------------------------------------------------------- */

static int
weekday_of(struct span s)
{
	for (int i = 0; i < 7; i++)
		if (span_caseis(s, day_names[i]))
			return i + 1;
	return 0;
}

static bool
parse_list(struct span s, int low, int high, struct recur_list *l)
{
	struct span one;
	int64_t v;

	while (span_part(&s, ',', &one)) {
		if (l->n == RECUR_LIST ||
		    !num_int(span_trim(one), low, high, &v))
			return false;
		l->v[l->n++] = (int16_t)v;
	}
	return true;
}

static bool
parse_days(struct span s, struct recur *r)
{
	struct span one;

	while (span_part(&s, ',', &one)) {
		int64_t nth = 0;
		int day;

		one = span_trim(one);
		if (one.n < 2 || r->weekdays_n == RECUR_LIST)
			return false;
		day = weekday_of(span_skip(one, one.n - 2));
		if (day == 0 ||
		    (one.n > 2 &&
			!num_int(span_sub(one, 0, one.n - 2), -53, 53, &nth)))
			return false;
		r->weekday[r->weekdays_n] = (int8_t)day;
		r->nth[r->weekdays_n++] = (int8_t)nth;
	}
	return true;
}

static bool
parse_piece(struct span key, struct span v, struct recur *r)
{
	if (span_caseis(key, "FREQ")) {
		for (int i = 0; i < 7; i++)
			if (span_caseis(v, freq_names[i])) {
				r->freq = (enum recur_freq)i;
				return true;
			}
		return false;
	}
	if (span_caseis(key, "INTERVAL"))
		return num_int(v, 1, 100000, &r->interval);
	if (span_caseis(key, "COUNT"))
		return num_int(v, 1, 1000000, &r->count);
	if (span_caseis(key, "UNTIL"))
		return r->has_until = cal_parse_time(v, &r->until);
	if (span_caseis(key, "WKST"))
		return (r->wkst = weekday_of(v)) != 0;
	if (span_caseis(key, "BYDAY"))
		return parse_days(v, r);
	if (span_caseis(key, "BYMONTH"))
		return parse_list(v, 1, 12, &r->month);
	if (span_caseis(key, "BYMONTHDAY"))
		return parse_list(v, -31, 31, &r->monthday);
	if (span_caseis(key, "BYYEARDAY"))
		return parse_list(v, -366, 366, &r->yearday);
	if (span_caseis(key, "BYWEEKNO"))
		return parse_list(v, -53, 53, &r->weekno);
	if (span_caseis(key, "BYSETPOS"))
		return parse_list(v, -366, 366, &r->setpos);
	if (span_caseis(key, "BYHOUR"))
		return parse_list(v, 0, 23, &r->hour);
	if (span_caseis(key, "BYMINUTE"))
		return parse_list(v, 0, 59, &r->minute);
	if (span_caseis(key, "BYSECOND"))
		return parse_list(v, 0, 59, &r->second);
	return true; /* RSCALE, SKIP, X-: the plain reading */
}

bool
recur_parse(struct span rule, struct recur *out)
{
	struct recur r = {.interval = 1, .wkst = 1};
	struct span piece;

	if (!span_casehas(rule, "FREQ="))
		return false;
	while (span_part(&rule, ';', &piece)) {
		size_t eq = span_findc(piece, '=');

		if (!parse_piece(span_trim(span_sub(piece, 0, eq)),
			span_trim(span_skip(piece, eq + 1)), &r))
			return false;
	}
	*out = r;
	return true;
}

/* --- days ---------------------------------------------------------------- */

struct walk {
	const struct recur *r;
	struct civil first;
	int64_t first_wall, first_day;
	int first_weekday;
	int64_t low, high; /* walls, high exclusive */
	int64_t left;      /* of COUNT; INT64_MAX without */
	int64_t *work;
	recur_fn *fn;
	void *data;
	bool over;
	/* Seconds of the day at which it happens. */
	int32_t times[RECUR_TIMES];
	int times_n;
};

static bool
in_list(const struct recur_list *l, int v, int length)
{
	for (int i = 0; i < l->n; i++)
		if (l->v[i] == v || l->v[i] == v - length - 1)
			return true;
	return false;
}

static bool
month_ok(const struct recur *r, int month)
{
	return r->month.n == 0 || in_list(&r->month, month, 100);
}

/* The number of the week (by wkst) that holds the day, and of its year. */
static int
week_number(int64_t day, int wkst, int *weeks)
{
	int back = (civil_weekday(day) - wkst + 7) % 7;
	int64_t begin = day - back;
	int year = civil_of_days(begin + 3).year;
	int64_t jan4 = civil_days(year, 1, 4);
	int64_t next4 = civil_days(year + 1, 1, 4);
	int64_t week1 = jan4 - (civil_weekday(jan4) - wkst + 7) % 7;
	int64_t next1 = next4 - (civil_weekday(next4) - wkst + 7) % 7;

	*weeks = (int)((next1 - week1) / 7);
	return (int)((begin - week1) / 7) + 1;
}

/* The bits of a month on which weekday falls; bit 0 is the first. */
static uint32_t
weekday_bits(int first_weekday, int weekday)
{
	return (uint32_t)(UINT64_C(0x10204081)
			  << ((weekday - first_weekday + 7) % 7)) &
	       UINT32_C(0x7fffffff);
}

static uint32_t
nth_bit(uint32_t bits, int nth)
{
	if (nth > 0) {
		while (--nth > 0 && bits != 0)
			bits &= bits - 1;
		return bits & -bits;
	}
	while (++nth < 0 && bits != 0)
		bits &= ~(UINT32_C(1) << (31 - __builtin_clz(bits)));
	return bits == 0 ? 0 : UINT32_C(1) << (31 - __builtin_clz(bits));
}

static uint32_t
byday_bits(const struct recur *r, int first_weekday, int length, bool by_year,
    int64_t month_day, int year)
{
	uint32_t all =
	    length >= 31 ? UINT32_C(0x7fffffff) : (UINT32_C(1) << length) - 1;
	uint32_t got = 0;
	int64_t jan1 = civil_days(year, 1, 1);
	int64_t dec31 = civil_days(year, 12, 31);

	for (int i = 0; i < r->weekdays_n; i++) {
		uint32_t bits =
		    weekday_bits(first_weekday, r->weekday[i]) & all;
		int nth = r->nth[i];
		int64_t day;

		if (nth == 0) {
			got |= bits;
		} else if (!by_year) {
			got |= nth_bit(bits, nth);
		} else {
			/* The nth of the year: one day; is it in here? */
			if (nth > 0)
				day =
				    jan1 +
				    (r->weekday[i] - civil_weekday(jan1) + 7) %
					7 +
				    (nth - 1) * 7;
			else
				day =
				    dec31 -
				    (civil_weekday(dec31) - r->weekday[i] + 7) %
					7 +
				    (nth + 1) * 7;
			if (day >= month_day && day < month_day + length)
				got |= UINT32_C(1) << (day - month_day);
		}
	}
	return got;
}

static uint32_t
filter_days(const struct recur *r, uint32_t bits, int64_t month_day, int year)
{
	uint32_t rest = bits;
	int64_t jan1 = civil_days(year, 1, 1);
	int length = (int)(civil_days(year + 1, 1, 1) - jan1);

	for (; rest != 0; rest &= rest - 1) {
		int i = __builtin_ctz(rest), weeks, week;
		int64_t day = month_day + i;
		bool ok = r->yearday.n == 0 ||
			  in_list(&r->yearday, (int)(day - jan1) + 1, length);

		if (ok && r->weekno.n > 0) {
			week = week_number(day, r->wkst, &weeks);
			ok = in_list(&r->weekno, week, weeks);
		}
		if (!ok)
			bits &= ~(UINT32_C(1) << i);
	}
	return bits;
}

/* The days of a month on which a YEARLY or MONTHLY rule happens. */
static uint32_t
month_bits(const struct walk *w, int year, int month)
{
	const struct recur *r = w->r;
	int length = civil_month_days(year, month);
	int64_t day1 = civil_days(year, month, 1);
	uint32_t bits =
	    length >= 31 ? UINT32_C(0x7fffffff) : (UINT32_C(1) << length) - 1;
	bool year_days = r->yearday.n > 0 || r->weekno.n > 0;

	if (!month_ok(r, month))
		return 0;
	/* A YEARLY rule that names no day means the first one's date. */
	if (r->freq == FREQ_YEARLY && r->month.n == 0 && !year_days &&
	    r->monthday.n == 0 && r->weekdays_n == 0 && month != w->first.month)
		return 0;
	if (r->monthday.n > 0) {
		uint32_t some = 0;

		for (int i = 0; i < r->monthday.n; i++) {
			int d = r->monthday.v[i];

			if (d < 0)
				d = length + 1 + d;
			if (d >= 1 && d <= length)
				some |= UINT32_C(1) << (d - 1);
		}
		bits &= some;
	}
	if (r->weekdays_n > 0)
		bits &= byday_bits(r, civil_weekday(day1), length,
		    r->freq == FREQ_YEARLY && r->month.n == 0, day1, year);
	if (year_days)
		bits = filter_days(r, bits, day1, year);
	if (r->weekdays_n == 0 && r->monthday.n == 0 && r->yearday.n == 0) {
		if (r->weekno.n > 0)
			bits &=
			    weekday_bits(civil_weekday(day1), w->first_weekday);
		else
			bits &= UINT32_C(1) << (w->first.day - 1);
	}
	return bits;
}

static bool
day_ok(const struct walk *w, int64_t day)
{
	const struct recur *r = w->r;
	struct civil c;
	bool ok = r->weekdays_n == 0;
	int length;

	for (int i = 0; i < r->weekdays_n && !ok; i++)
		ok = r->weekday[i] == civil_weekday(day);
	if (!ok || (r->month.n == 0 && r->monthday.n == 0 && r->yearday.n == 0))
		return ok;
	c = civil_of_days(day);
	length = civil_month_days(c.year, c.month);
	return month_ok(r, c.month) &&
	       (r->monthday.n == 0 || in_list(&r->monthday, c.day, length)) &&
	       (r->yearday.n == 0 ||
		   in_list(&r->yearday,
		       (int)(day - civil_days(c.year, 1, 1)) + 1,
		       civil_month_days(c.year, 2) == 29 ? 366 : 365));
}

/* --- walking ------------------------------------------------------------- */

static void
happen(struct walk *w, int64_t wall)
{
	if (w->over || wall < w->first_wall)
		return;
	if (wall >= w->high || w->left-- <= 0) {
		w->over = true;
		return;
	}
	--*w->work;
	if (wall >= w->low)
		w->fn(w->data, wall);
}

static void
happen_day(struct walk *w, int64_t day)
{
	for (int i = 0; i < w->times_n; i++)
		happen(w, day * DAY + w->times[i]);
}

/* One period's days; BYSETPOS picks among all its times. */
static void
happen_days(struct walk *w, const int64_t *days, int n)
{
	int total = n * w->times_n;

	if (w->r->setpos.n == 0) {
		for (int i = 0; i < n && !w->over; i++)
			happen_day(w, days[i]);
		return;
	}
	for (int i = 0; i < total && !w->over; i++)
		if (in_list(&w->r->setpos, i + 1, total))
			happen(w, days[i / w->times_n] * DAY +
				      w->times[i % w->times_n]);
	*w->work -= total;
}

static int
month_days(const struct walk *w, int year, int month, int64_t *days, int n)
{
	uint32_t bits = month_bits(w, year, month);
	int64_t day1;

	if (bits == 0)
		return n;
	day1 = civil_days(year, month, 1);
	for (; bits != 0; bits &= bits - 1)
		days[n++] = day1 + __builtin_ctz(bits);
	return n;
}

static void
walk_months(struct walk *w)
{
	int64_t step = w->r->interval, k = 0;
	struct civil low = civil_of_unix(w->low);
	int64_t origin = (int64_t)w->first.year * 12 + w->first.month - 1;
	int64_t days[31];

	if (w->left == INT64_MAX)
		k = ((int64_t)low.year * 12 + low.month - 2 - origin) / step;
	for (k = k < 0 ? 0 : k; !w->over && *w->work > 0; k++) {
		int64_t m = origin + k * step;
		int n;

		if (civil_days((int)(m / 12), (int)(m % 12) + 1, 1) * DAY >=
		    w->high)
			return;
		*w->work -= 1;
		n = month_days(w, (int)(m / 12), (int)(m % 12) + 1, days, 0);
		happen_days(w, days, n);
	}
}

static void
walk_years(struct walk *w)
{
	int64_t step = w->r->interval, k = 0;
	struct civil low = civil_of_unix(w->low);
	int64_t days[366];

	if (w->left == INT64_MAX)
		k = (low.year - 1 - w->first.year) / step;
	for (k = k < 0 ? 0 : k; !w->over && *w->work > 0; k++) {
		int64_t year = w->first.year + k * step;
		int n = 0;

		if (year > 3000 || civil_days((int)year, 1, 1) * DAY >= w->high)
			return;
		*w->work -= 12;
		for (int m = 1; m <= 12; m++)
			n = month_days(w, (int)year, m, days, n);
		happen_days(w, days, n);
	}
}

static void
walk_weeks(struct walk *w)
{
	const struct recur *r = w->r;
	int64_t begin = w->first_day - (w->first_weekday - r->wkst + 7) % 7;
	int64_t step = r->interval * 7, k = 0;
	bool plain = r->month.n == 0 && r->setpos.n == 0;
	uint32_t set = 0; /* days after wkst */
	int64_t days[7];

	for (int i = 0; i < r->weekdays_n; i++)
		set |= UINT32_C(1) << ((r->weekday[i] - r->wkst + 7) % 7);
	if (r->weekdays_n == 0)
		set = UINT32_C(1) << (w->first_day - begin);
	if (w->left == INT64_MAX || plain) {
		k = (w->low / DAY - 7 - begin) / step;
		if (k < 0)
			k = 0;
		if (k > 0 && w->left != INT64_MAX) {
			/* The first week may have been a part of one. */
			int part =
			    __builtin_popcount(set >> (w->first_day - begin));

			w->left -= (part + (k - 1) * __builtin_popcount(set)) *
				   w->times_n;
		}
	}
	for (; !w->over && *w->work > 0; k++) {
		int64_t week = begin + k * step;
		int n = 0;

		if (week * DAY >= w->high)
			return;
		*w->work -= 1;
		for (int i = 0; i < 7; i++)
			if ((set >> i & 1) != 0 &&
			    (r->month.n == 0 ||
				month_ok(r, civil_of_days(week + i).month)))
				days[n++] = week + i;
		happen_days(w, days, n);
	}
}

static void
walk_days(struct walk *w)
{
	const struct recur *r = w->r;
	bool plain = r->month.n == 0 && r->monthday.n == 0 &&
		     r->weekdays_n == 0 && r->yearday.n == 0 &&
		     r->setpos.n == 0;
	int64_t k = 0;

	if (w->left == INT64_MAX || plain) {
		k = (w->low / DAY - 1 - w->first_day) / r->interval;
		if (k < 0)
			k = 0;
		if (k > 0 && w->left != INT64_MAX)
			w->left -= k * w->times_n;
	}
	for (; !w->over && *w->work > 0; k++) {
		int64_t day = w->first_day + k * r->interval;

		if (day * DAY >= w->high)
			return;
		*w->work -= 1;
		if (day_ok(w, day))
			happen_days(w, &day, 1);
	}
}

/* HOURLY and finer: a steady step, filtered. */
static void
walk_steps(struct walk *w)
{
	const struct recur *r = w->r;
	int64_t unit = r->freq == FREQ_HOURLY     ? HOUR
		       : r->freq == FREQ_MINUTELY ? MINUTE
						  : 1;
	int64_t step = unit * r->interval, k = 0;
	bool plain = r->month.n + r->monthday.n + r->weekdays_n + r->yearday.n +
			 r->hour.n + r->minute.n + r->second.n ==
		     0;

	if (w->left == INT64_MAX || plain) {
		k = (w->low - w->first_wall) / step;
		if (k < 0)
			k = 0;
		if (w->left != INT64_MAX)
			w->left -= k;
	}
	for (; !w->over && *w->work > 0; k++) {
		int64_t wall = w->first_wall + k * step;
		int64_t second = ((wall % DAY) + DAY) % DAY;

		*w->work -= 1;
		if (wall >= w->high)
			return;
		if (!plain &&
		    (!day_ok(w, (wall - second) / DAY) ||
			(r->hour.n > 0 &&
			    !in_list(&r->hour, (int)(second / HOUR), 1000)) ||
			(r->minute.n > 0 &&
			    !in_list(&r->minute, (int)(second / MINUTE % 60),
				1000)) ||
			(r->second.n > 0 &&
			    !in_list(&r->second, (int)(second % 60), 1000))))
			continue;
		happen(w, wall);
	}
}

static int
value_at(const struct recur_list *l, int i, int otherwise)
{
	return l->n > 0 ? l->v[i] : otherwise;
}

/* BYHOUR x BYMINUTE x BYSECOND, ascending, or the first one's time. */
static void
set_times(struct walk *w)
{
	const struct recur *r = w->r;

	for (int h = 0; h < (r->hour.n > 0 ? r->hour.n : 1); h++)
		for (int m = 0; m < (r->minute.n > 0 ? r->minute.n : 1); m++)
			for (int s = 0; s < (r->second.n > 0 ? r->second.n : 1);
			     s++) {
				int32_t t =
				    value_at(&r->hour, h, w->first.hour) *
					HOUR +
				    value_at(&r->minute, m, w->first.minute) *
					MINUTE +
				    value_at(&r->second, s, w->first.second);
				int i = w->times_n;

				if (i == RECUR_TIMES)
					return;
				for (; i > 0 && w->times[i - 1] > t; i--)
					w->times[i] = w->times[i - 1];
				w->times[i] = t;
				w->times_n++;
			}
}

bool
recur_walk(const struct recur *r, int64_t first_wall, int64_t low, int64_t high,
    int64_t until_wall, int64_t *work, recur_fn *fn, void *data)
{
	struct walk w = {.r = r,
	    .first_wall = first_wall,
	    .low = low,
	    .high = until_wall < high ? until_wall + 1 : high,
	    .left = r->count > 0 ? r->count : INT64_MAX,
	    .work = work,
	    .fn = fn,
	    .data = data};

	w.first = civil_of_unix(first_wall);
	w.first_day = civil_days(w.first.year, w.first.month, w.first.day);
	w.first_weekday = civil_weekday(w.first_day);
	set_times(&w);
	switch (r->freq) {
	case FREQ_YEARLY:
		walk_years(&w);
		break;
	case FREQ_MONTHLY:
		walk_months(&w);
		break;
	case FREQ_WEEKLY:
		walk_weeks(&w);
		break;
	case FREQ_DAILY:
		walk_days(&w);
		break;
	default:
		walk_steps(&w);
		break;
	}
	return *work > 0;
}
