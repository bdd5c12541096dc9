/*
 * Zones for calendars: the system's zones by name, read before the sandbox
 * is shut; Windows names; a minimal VTIMEZONE out of a POSIX footer.  A
 * VTIMEZONE that came by mail is never evaluated: one with an hourly rule
 * keeps libical busy for good.
 */
#include "cal/cal_int.h"

#include <stdlib.h>

#include "base/err.h"
#include "base/file.h"
#include "base/limits.h"
#include "base/vec.h"
#include "cal/cal.h"

struct named {
	struct span name;
	const struct zone *zone;
};

/*
 * The one thing that outlives its caller here: the sandbox forbids opening
 * files later, and a calendar part may name any zone.
 */
static struct {
	struct arena arena;
	struct named *all; /* sorted */
	size_t n;
} zones;

static int
by_name(const void *a, const void *b)
{
	const struct named *x = a, *y = b;

	return span_cmp(x->name, y->name);
}

static const struct zone *
find_exact(struct span name)
{
	struct named key = {name, NULL}, *hit;

	if (zones.n == 0)
		return NULL;
	hit = bsearch(&key, zones.all, zones.n, sizeof(key), by_name);
	return hit != NULL ? hit->zone : NULL;
}

static const struct zone *
add(struct span name)
{
	struct zone *z = arena_alloc(&zones.arena, sizeof(*z));
	struct err err = {0};

	if (zone_load(&zones.arena, name, z, &err) < 0)
		return NULL;
	if (vec_room(&zones.arena, &zones.all, zones.n, sizeof(*zones.all)))
		zones.all[zones.n++] =
		    (struct named){arena_span(&zones.arena, name), z};
	return z;
}

/* "Z NAME ..." and "L TARGET NAME" of the compact tz source. */
static void
add_listed(struct span list)
{
	struct span line, word, target, name;
	struct span rest = list;
	size_t zones_n;

	while (span_line(&rest, &line))
		if (span_starts(line, "Z ")) {
			line = span_skip(line, 2);
			if (span_word(&line, &word))
				add(word);
		}
	zones_n = zones.n;
	qsort(zones.all, zones.n, sizeof(*zones.all), by_name);
	rest = list;
	while (span_line(&rest, &line)) {
		struct named key, *hit;

		if (!span_starts(line, "L "))
			continue;
		line = span_skip(line, 2);
		if (!span_word(&line, &target) || !span_word(&line, &name))
			continue;
		key = (struct named){target, NULL};
		hit = bsearch(&key, zones.all, zones_n, sizeof(key), by_name);
		if (hit == NULL) {
			add(name); /* a link to a link */
			continue;
		}
		key = (struct named){arena_span(&zones.arena, name), hit->zone};
		if (vec_room(
			&zones.arena, &zones.all, zones.n, sizeof(*zones.all)))
			zones.all[zones.n++] = key;
	}
	qsort(zones.all, zones.n, sizeof(*zones.all), by_name);
}

void
cal_prepare(void)
{
	const char *dir = getenv("TZDIR");
	struct err err = {0};
	struct span list;
	size_t n;

	if (zones.n > 0)
		return;
	arena_init(&zones.arena);
	if (file_read(&zones.arena,
		arena_printf(&zones.arena, "%s/tzdata.zi",
		    dir != NULL ? dir : "/usr/share/zoneinfo"),
		LIMIT_CSV_BYTES, &list, &err) == 0)
		add_listed(list);
	/* A system without the list has these at least. */
	n = zones.n;
	for (size_t i = 0; n == 0 && i < windows_zones_n; i++)
		add(span_of(windows_zones[i].iana));
	if (find_exact(SPAN("UTC")) == NULL)
		add(SPAN("UTC"));
	qsort(zones.all, zones.n, sizeof(*zones.all), by_name);
}

static int
case_cmp(struct span a, const char *z)
{
	size_t i = 0;

	for (; i < a.n && z[i] != '\0'; i++) {
		int d = (unsigned char)ascii_lower(a.p[i]) -
			(unsigned char)ascii_lower(z[i]);

		if (d != 0)
			return d;
	}
	return i < a.n ? 1 : z[i] != '\0' ? -1 : 0;
}

struct span
cal_windows_zone(struct span name)
{
	size_t low = 0, high = windows_zones_n;

	while (low < high) {
		size_t mid = low + (high - low) / 2;
		int d = case_cmp(name, windows_zones[mid].windows);

		if (d == 0)
			return span_of(windows_zones[mid].iana);
		if (d < 0)
			high = mid;
		else
			low = mid + 1;
	}
	return SPAN("");
}

/* "/mozilla.org/20050126_1/Europe/Berlin": the name stands at the end. */
static const struct zone *
find_suffix(struct span s)
{
	const struct zone *z = NULL;

	while (z == NULL && span_has(s, "/")) {
		s = span_skip(s, span_findc(s, '/') + 1);
		z = find_exact(s);
	}
	return z;
}

const struct zone *
cal_zone_find(struct span tzid)
{
	const struct zone *z;
	struct span windows;

	tzid = span_trim(tzid);
	if (tzid.n >= 2 && tzid.p[0] == '"' && tzid.p[tzid.n - 1] == '"')
		tzid = span_sub(tzid, 1, tzid.n - 1);
	if (tzid.n == 0 || tzid.n > 200)
		return NULL;
	if ((z = find_exact(tzid)) != NULL)
		return z;
	windows = cal_windows_zone(tzid);
	if (windows.n > 0)
		return find_exact(windows);
	if (span_caseis(tzid, "Z") ||
	    span_caseis(tzid, "Coordinated Universal Time") ||
	    span_casestarts(tzid, "tzone://Microsoft/Utc"))
		return find_exact(SPAN("UTC"));
	return find_suffix(tzid);
}

/* --- out ----------------------------------------------------------------- */

static bool
change_plain(const struct zone_change *c)
{
	return c->kind == 'M' && c->seconds >= 0 && c->seconds < DAY;
}

static bool
rule_plain(const struct zone_rule *r)
{
	if (!r->valid || r->standard.offset % 60 != 0)
		return false;
	return !r->has_summer ||
	       (r->summer.offset % 60 == 0 && change_plain(&r->to_summer) &&
		   change_plain(&r->to_standard));
}

bool
cal_zone_plain(const struct zone *z, int64_t start, int64_t end)
{
	struct zone by_rule = {.name = z->name, .rule = z->rule};
	int64_t at[2] = {start, end};

	if (!rule_plain(&z->rule))
		return false;
	/*
	 * Morocco's footer says one offset while its transitions are listed
	 * for decades; a new rule may not be in force yet.
	 */
	for (int i = 0; i < 2; i++) {
		struct civil c = zone_civil(z, at[i]);
		int64_t back;

		if (zone_at(z, at[i]).offset !=
			zone_at(&by_rule, at[i]).offset ||
		    zone_unix(z, &c, &back) != ZONE_ONCE || back != at[i])
			return false;
	}
	return true;
}

static void
write_offset(struct str *s, const char *name, int32_t offset)
{
	int32_t o = offset < 0 ? -offset : offset;

	str_addf(s, "%s:%c%02d%02d\r\n", name, offset < 0 ? '-' : '+', o / HOUR,
	    o % HOUR / MINUTE);
}

static void
write_change(struct str *s, const struct zone_change *c)
{
	static const char *const days[] = {
	    "SU", "MO", "TU", "WE", "TH", "FR", "SA"};
	int64_t first = civil_days(1970, c->month, 1);
	int wanted = c->day == 0 ? 7 : c->day;
	int64_t day =
	    first + (wanted - civil_weekday(first) + 7) % 7 + (c->week - 1) * 7;
	struct civil d;

	if (day >= first + civil_month_days(1970, c->month))
		day -= 7;
	d = civil_of_days(day);
	str_addf(s, "DTSTART:%04d%02d%02dT%02d%02d%02d\r\n", d.year, d.month,
	    d.day, c->seconds / HOUR, c->seconds % HOUR / MINUTE,
	    c->seconds % MINUTE);
	str_addf(s, "RRULE:FREQ=YEARLY;BYMONTH=%d;BYDAY=%d%s\r\n", c->month,
	    c->week == 5 ? -1 : c->week, days[c->day]);
}

static void
write_sub(struct str *s, const char *kind, const struct zone_type *from,
    const struct zone_type *to, const struct zone_change *c)
{
	str_addf(s, "BEGIN:%s\r\n", kind);
	write_offset(s, "TZOFFSETFROM", from->offset);
	write_offset(s, "TZOFFSETTO", to->offset);
	str_addf(s, "TZNAME:%s\r\n", to->abbr);
	if (c != NULL)
		write_change(s, c);
	else
		str_addz(s, "DTSTART:19700101T000000\r\n");
	str_addf(s, "END:%s\r\n", kind);
}

void
cal_zone_write(struct str *s, const struct zone *z)
{
	const struct zone_rule *r = &z->rule;

	str_addf(s, "BEGIN:VTIMEZONE\r\nTZID:%.*s\r\nX-LIC-LOCATION:%.*s\r\n",
	    (int)z->name.n, z->name.p, (int)z->name.n, z->name.p);
	if (!r->has_summer) {
		write_sub(s, "STANDARD", &r->standard, &r->standard, NULL);
	} else {
		/* Dublin's law calls winter the exception; clients do not. */
		bool odd = r->summer.offset < r->standard.offset;

		write_sub(s, odd ? "STANDARD" : "DAYLIGHT", &r->standard,
		    &r->summer, &r->to_summer);
		write_sub(s, odd ? "DAYLIGHT" : "STANDARD", &r->summer,
		    &r->standard, &r->to_standard);
	}
	str_addz(s, "END:VTIMEZONE\r\n");
}
