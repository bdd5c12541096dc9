/*
 * Candidates, ranking, reasons.  Each person's weekly hours become bits on
 * one grid of quarters, day by day by the rules of their zone; what is busy
 * (with the buffer) is cleared; the rest is an AND.  Only starts that are
 * left are looked at one by one.
 */
#include "plan/plan.h"

#include <stdlib.h>
#include <string.h>

#include "plan/plan_int.h"

/* What counts how much; a day off the target against an hour that suits. */
enum {
	POINTS_NEAR = 120,
	POINTS_DAY = 6, /* off for each day away from the target */
	POINTS_CORE_ALL = 30,
	POINTS_CORE_SENIOR = 15,
	POINTS_SAME_TIME = 25,
	POINTS_FULL_HOUR = 4,
	POINTS_REFUSED_DAY = 20, /* off: another hour of it will not do */
	NEAR_DAYS = 3,
	CORE_FROM = 10 * 60,
	CORE_TO = 16 * 60,
};

/* --- the grid ------------------------------------------------------------ */

static int64_t
floor_to(int64_t t, int64_t step)
{
	int64_t r = t % step;

	return t - (r < 0 ? r + step : r);
}

static int64_t
day_in(const struct zone *z, int64_t t)
{
	return floor_to(t + zone_at(z, t).offset, DAY) / DAY;
}

int64_t
plan_day(const struct plan_ask *a, int64_t t)
{
	return day_in(a->zone, t);
}

/* Whose clock tells days and full hours: the senior's, else the first's. */
static const struct zone *
home(const struct plan_ask *a)
{
	for (size_t i = 0; i < a->people_n; i++)
		if (a->people[i].senior)
			return a->people[i].zone;
	return a->people[0].zone;
}

static bool
is_closed(const struct plan_ask *a, int64_t day)
{
	size_t low = 0, high = a->closed_n;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (a->closed_days[mid] == day)
			return true;
		if (a->closed_days[mid] < day)
			low = mid + 1;
		else
			high = mid;
	}
	return false;
}

/* The instant after `days` working days, at the same time of day. */
static int64_t
after_notice(const struct plan_ask *a)
{
	struct civil c = zone_civil(a->zone, a->now_unix), d;
	int64_t day = plan_day(a, a->now_unix), out;
	int left = a->notice_days;

	for (int tries = 0; left > 0 && tries < PLAN_DAYS_MAX; tries++) {
		day++;
		if (civil_weekday(day) <= 5 && !is_closed(a, day))
			left--;
	}
	if (day == plan_day(a, a->now_unix))
		return a->now_unix;
	d = civil_of_days(day);
	d.hour = c.hour;
	d.minute = c.minute;
	d.second = c.second;
	zone_unix(a->zone, &d, &out);
	return out;
}

bool
grid_init(const struct plan_ask *a, struct grid *g)
{
	int64_t from = a->from_unix, to = a->to_unix, notice;

	if (a->minutes <= 0 || a->minutes > 24 * 60 || a->people_n == 0)
		return false;
	notice = after_notice(a);
	if (from < notice)
		from = notice;
	if (from <= a->now_unix)
		from = a->now_unix + 1;
	from = floor_to(from + QUARTER - 1, QUARTER);
	if (to > from + (int64_t)PLAN_DAYS_MAX * DAY)
		to = from + (int64_t)PLAN_DAYS_MAX * DAY;
	if (to - from < a->minutes * MINUTE)
		return false;
	g->begin = from;
	g->n = (size_t)((to - from) / QUARTER);
	g->need = (a->minutes * MINUTE + QUARTER - 1) / QUARTER;
	return true;
}

size_t
grid_words(const struct grid *g)
{
	return g->n / 64 + 1;
}

/* Sets or clears the quarters [from, to). */
static void
fill(uint64_t *bits, size_t from, size_t to, bool value)
{
	while (from < to) {
		size_t w = from / 64, low = from % 64;
		size_t n = 64 - low < to - from ? 64 - low : to - from;
		uint64_t mask =
		    (n == 64 ? ~UINT64_C(0) : (UINT64_C(1) << n) - 1) << low;

		if (value)
			bits[w] |= mask;
		else
			bits[w] &= ~mask;
		from += n;
	}
}

/* Quarters that lie wholly inside. */
static void
add_free(const struct grid *g, uint64_t *bits, int64_t start, int64_t end)
{
	int64_t a = floor_to(start - g->begin + QUARTER - 1, QUARTER) / QUARTER;
	int64_t b = floor_to(end - g->begin, QUARTER) / QUARTER;

	if (a < 0)
		a = 0;
	if (b > (int64_t)g->n)
		b = (int64_t)g->n;
	if (a < b)
		fill(bits, (size_t)a, (size_t)b, true);
}

/* Quarters that are touched at all. */
static void
clear_busy(const struct grid *g, uint64_t *bits, int64_t start, int64_t end)
{
	int64_t a = floor_to(start - g->begin, QUARTER) / QUARTER;
	int64_t b = floor_to(end - g->begin + QUARTER - 1, QUARTER) / QUARTER;

	if (a < 0)
		a = 0;
	if (b > (int64_t)g->n)
		b = (int64_t)g->n;
	if (a < b)
		fill(bits, (size_t)a, (size_t)b, false);
}

/* One local day's hours.  A day on which clocks move goes cell by cell. */
static void
add_day(const struct grid *g, const struct plan_person *p, int64_t day,
    uint64_t *bits)
{
	uint64_t hours = p->hours.day[civil_weekday(day) - 1];
	int32_t before = zone_at(p->zone, day * DAY - DAY).offset;
	bool plain = before == zone_at(p->zone, day * DAY + 2 * DAY).offset;

	for (int i = 0; hours != 0 && i < HOURS_PER_DAY; i++) {
		int from = i;
		struct civil c = civil_of_days(day);
		int64_t t;

		if ((hours >> i & 1) == 0)
			continue;
		if (plain) {
			while (i + 1 < HOURS_PER_DAY &&
			       (hours >> (i + 1) & 1) != 0)
				i++;
			t = day * DAY - before;
			add_free(g, bits, t + from * 1800, t + (i + 1) * 1800);
			continue;
		}
		c.hour = i / 2;
		c.minute = i % 2 * 30;
		if (zone_unix(p->zone, &c, &t) == ZONE_ONCE)
			add_free(g, bits, t, t + 1800);
	}
}

void
grid_person(const struct grid *g, const struct plan_ask *a,
    const struct plan_person *p, uint64_t *bits)
{
	int64_t end = g->begin + (int64_t)g->n * QUARTER;
	int64_t first = floor_to(g->begin, DAY) / DAY - 1;
	int64_t last = floor_to(end, DAY) / DAY + 1;
	int64_t buffer = (int64_t)a->buffer_minutes * MINUTE;

	memset(bits, 0, grid_words(g) * sizeof(*bits));
	for (int64_t day = first; day <= last; day++)
		add_day(g, p, day, bits);
	for (size_t i = 0; i < p->busy_n; i++)
		clear_busy(g, bits, p->busy[i].start_unix - buffer,
		    p->busy[i].end_unix + buffer);
}

void
grid_starts(const struct grid *g, uint64_t *bits)
{
	size_t words = grid_words(g);
	int have = 1;

	/* Runs of `need`: each step doubles the run that is known. */
	while (have < g->need) {
		int shift = have < g->need - have ? have : g->need - have;

		for (size_t w = 0; w < words; w++) {
			size_t far = w + (size_t)shift / 64;
			int low = shift % 64;
			uint64_t next = far < words ? bits[far] >> low : 0;

			if (low != 0 && far + 1 < words)
				next |= bits[far + 1] << (64 - low);
			bits[w] &= next;
		}
		have += shift;
	}
}

/* --- days ---------------------------------------------------------------- */

bool
plan_day_open(const struct plan_ask *a, int64_t start, int64_t end)
{
	int64_t day = plan_day(a, start);

	if (is_closed(a, day) || is_closed(a, plan_day(a, end - 1)))
		return false;
	if (a->last_unix > 0 && day == plan_day(a, a->last_unix))
		return false;
	for (size_t i = 0; i < a->refused_n; i++)
		if (start < a->refused[i] + (end - start) &&
		    a->refused[i] < end)
			return false;
	return true;
}

bool
plan_steady(const struct zone *z, int64_t start, int64_t end)
{
	struct civil a = zone_civil(z, start), b = zone_civil(z, end);
	int64_t t;

	return zone_at(z, start).offset == zone_at(z, end).offset &&
	       zone_unix(z, &a, &t) == ZONE_ONCE && t == start &&
	       zone_unix(z, &b, &t) == ZONE_ONCE && t == end;
}

/* --- rating -------------------------------------------------------------- */

static int
minute_of_day(const struct zone *z, int64_t t)
{
	struct civil c = zone_civil(z, t);

	return c.hour * 60 + c.minute;
}

static bool
in_core(const struct zone *z, int64_t start, int64_t end)
{
	int from = minute_of_day(z, start);

	return from >= CORE_FROM && from + (end - start) / MINUTE <= CORE_TO;
}

static bool
same_time(const struct plan_ask *a, const struct zone *z, int64_t start)
{
	if (a->last_unix <= 0)
		return false;
	return civil_weekday(day_in(z, start)) ==
		   civil_weekday(day_in(z, a->last_unix)) &&
	       minute_of_day(z, start) == minute_of_day(z, a->last_unix);
}

void
plan_rate(const struct plan_ask *a, struct slot_time *s)
{
	const struct zone *z = home(a);
	int64_t away = day_in(z, s->start_unix) - day_in(z, a->target_unix);
	bool core = true, core_senior = false;

	if (away < 0)
		away = -away;
	s->score = away * POINTS_DAY > 10000
		       ? -10000
		       : POINTS_NEAR - (int)away * POINTS_DAY;
	s->reasons = away <= NEAR_DAYS ? PLAN_NEAR_TARGET : 0;
	for (size_t i = 0; i < a->people_n; i++) {
		bool in =
		    in_core(a->people[i].zone, s->start_unix, s->end_unix);

		core = core && in;
		core_senior = core_senior || (in && a->people[i].senior);
	}
	if (core) {
		s->score += POINTS_CORE_ALL;
		s->reasons |= PLAN_CORE_HOURS;
	}
	if (core_senior)
		s->score += POINTS_CORE_SENIOR;
	if (same_time(a, z, s->start_unix)) {
		s->score += POINTS_SAME_TIME;
		s->reasons |= PLAN_SAME_TIME;
	}
	if (minute_of_day(z, s->start_unix) % 60 == 0)
		s->score += POINTS_FULL_HOUR;
	for (size_t i = 0; i < a->refused_n; i++)
		if (day_in(z, a->refused[i]) == day_in(z, s->start_unix)) {
			s->score -= POINTS_REFUSED_DAY;
			break;
		}
}

/* --- the best ------------------------------------------------------------ */

/* Better first; of equals the earlier one. */
static int
by_score(const void *a, const void *b)
{
	const struct slot_time *x = a, *y = b;

	if (x->score != y->score)
		return x->score > y->score ? -1 : 1;
	return (x->start_unix > y->start_unix) -
	       (x->start_unix < y->start_unix);
}

/* No clock moves within a day before or two days after, for anybody. */
static bool
is_calm(const struct plan_ask *a, int64_t t)
{
	for (size_t i = 0; i <= a->people_n; i++) {
		const struct zone *z =
		    i < a->people_n ? a->people[i].zone : a->zone;

		if (zone_at(z, t - DAY).offset !=
		    zone_at(z, t + 2 * DAY).offset)
			return false;
	}
	return true;
}

static bool
all_steady(const struct plan_ask *a, int64_t start, int64_t end)
{
	for (size_t i = 0; i < a->people_n; i++)
		if (!plan_steady(a->people[i].zone, start, end))
			return false;
	return plan_steady(a->zone, start, end);
}

/* The best slot of each day, in order of days; returns how many. */
static size_t
best_of_days(const struct plan_ask *a, const struct grid *g,
    const uint64_t *starts, struct slot_time *days)
{
	const struct zone *z = home(a);
	size_t n = 0;
	int64_t day = INT64_MIN, calm_until = INT64_MIN;

	for (size_t w = 0; w < grid_words(g); w++) {
		uint64_t bits = starts[w];

		for (; bits != 0; bits &= bits - 1) {
			size_t i = w * 64 + (size_t)__builtin_ctzll(bits);
			struct slot_time s = {.can_come = (int)a->people_n};
			int64_t d;

			s.start_unix = g->begin + (int64_t)i * QUARTER;
			s.end_unix = s.start_unix + a->minutes * MINUTE;
			if (minute_of_day(z, s.start_unix) % 30 != 0)
				continue;
			if (s.end_unix > calm_until && is_calm(a, s.start_unix))
				calm_until = s.start_unix + DAY;
			if ((s.end_unix > calm_until &&
				!all_steady(a, s.start_unix, s.end_unix)) ||
			    !plan_day_open(a, s.start_unix, s.end_unix))
				continue;
			plan_rate(a, &s);
			d = day_in(z, s.start_unix);
			if (d != day) {
				days[n++] = s;
				day = d;
			} else if (by_score(&s, &days[n - 1]) < 0) {
				days[n - 1] = s;
			}
		}
	}
	return n;
}

size_t
plan_slots(struct arena *arena, const struct plan_ask *a, struct slot_time *out,
    size_t max)
{
	struct grid g;
	uint64_t *all, *one;
	struct slot_time *days;
	size_t words, n;

	if (!grid_init(a, &g))
		return 0;
	words = grid_words(&g);
	all = arena_alloc(arena, words * sizeof(*all));
	one = arena_alloc(arena, words * sizeof(*one));
	for (size_t i = 0; i < a->people_n; i++) {
		grid_person(&g, a, &a->people[i], i == 0 ? all : one);
		for (size_t w = 0; i > 0 && w < words; w++)
			all[w] &= one[w];
	}
	grid_starts(&g, all);
	days = arena_alloc(arena, (g.n / 80 + 4) * sizeof(*days));
	n = best_of_days(a, &g, all, days);
	qsort(days, n, sizeof(*days), by_score);
	if (n > max)
		n = max;
	if (n > 0)
		memcpy(out, days, n * sizeof(*days));
	return n;
}

/* Every half hour of the wall clock that the slot touches is theirs. */
static bool
in_hours(const struct plan_person *p, int64_t start, int64_t end)
{
	for (int64_t t = floor_to(start, QUARTER); t < end; t += QUARTER) {
		int64_t wall = t + zone_at(p->zone, t).offset;
		int64_t day = floor_to(wall, DAY) / DAY;
		int cell = (int)((wall - day * DAY) / 1800);

		if ((p->hours.day[civil_weekday(day) - 1] >> cell & 1) == 0)
			return false;
	}
	return true;
}

bool
plan_free(const struct plan_ask *a, int64_t start, int64_t end)
{
	int64_t buffer = (int64_t)a->buffer_minutes * MINUTE;

	if (start <= a->now_unix || end <= start || end - start > DAY ||
	    !plan_day_open(a, start, end))
		return false;
	for (size_t i = 0; i < a->people_n; i++) {
		const struct plan_person *p = &a->people[i];

		if (!plan_steady(p->zone, start, end) ||
		    !in_hours(p, start, end))
			return false;
		for (size_t k = 0; k < p->busy_n; k++)
			if (start < p->busy[k].end_unix + buffer &&
			    p->busy[k].start_unix - buffer < end)
				return false;
	}
	return true;
}
