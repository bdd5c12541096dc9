/* TZif (RFC 8536) and the POSIX TZ rule of its footer (section 3.3). */
#include "base/zone.h"

#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/limits.h"
#include "base/num.h"

struct reader {
	struct span s;
	bool bad;
};

static struct span
take(struct reader *r, size_t n)
{
	struct span got = span_sub(r->s, 0, n);

	if (got.n < n)
		r->bad = true;
	r->s = span_skip(r->s, n);
	return got;
}

static uint32_t
be32(struct reader *r)
{
	struct span b = take(r, 4);
	uint32_t v = 0;

	for (size_t i = 0; i < b.n; i++)
		v = v << 8 | (unsigned char)b.p[i];
	return v;
}

static int64_t
be64(struct reader *r)
{
	uint64_t high = be32(r);

	return (int64_t)(high << 32 | be32(r));
}

struct counts {
	uint32_t isut, isstd, leap, time, type, chars;
};

static bool
read_header(struct reader *r, struct counts *c)
{
	if (!span_is(take(r, 4), "TZif"))
		return false;
	take(r, 16);
	c->isut = be32(r);
	c->isstd = be32(r);
	c->leap = be32(r);
	c->time = be32(r);
	c->type = be32(r);
	c->chars = be32(r);
	return !r->bad && c->time < 10000 && c->type < 256 && c->chars < 1024;
}

static void
read_types(struct reader *r, const struct counts *c, struct zone *z)
{
	struct span raw = take(r, (size_t)c->type * 6);
	struct span chars = take(r, c->chars);
	struct reader t = {.s = raw};

	for (size_t i = 0; i < c->type && !r->bad; i++) {
		struct zone_type *ty = &z->types[i];
		struct span two, abbr;

		ty->offset = (int32_t)be32(&t);
		two = take(&t, 2);
		ty->dst = two.p[0] != 0;
		abbr = span_skip(chars, (unsigned char)two.p[1]);
		abbr = span_sub(abbr, 0, span_findc(abbr, '\0'));
		abbr = span_sub(abbr, 0, sizeof(ty->abbr) - 1);
		memcpy(ty->abbr, abbr.p, abbr.n);
	}
}

int
zone_parse(struct arena *arena, struct span name, struct span bytes,
    struct zone *out, struct err *err)
{
	struct reader r = {.s = bytes};
	struct counts c;
	struct zone z = {.name = arena_span(arena, name)};
	struct span types;

	if (!read_header(&r, &c))
		goto bad;
	take(&r, c.time * 5 + c.type * 6 + c.chars + c.leap * 8 + c.isstd +
		     c.isut); /* the 32-bit block of version 1 */
	if (r.bad || !read_header(&r, &c) || c.type == 0)
		goto bad;
	z.at_n = c.time;
	z.types_n = c.type;
	z.at = arena_alloc(arena, c.time * sizeof(*z.at));
	z.type_at = arena_alloc(arena, c.time);
	z.types = arena_alloc(arena, c.type * sizeof(*z.types));
	for (size_t i = 0; i < c.time; i++)
		z.at[i] = be64(&r);
	types = take(&r, c.time);
	if (r.bad)
		goto bad;
	for (size_t i = 0; i < c.time; i++) {
		z.type_at[i] = (uint8_t)types.p[i];
		if (z.type_at[i] >= c.type || (i > 0 && z.at[i] <= z.at[i - 1]))
			goto bad;
	}
	read_types(&r, &c, &z);
	take(&r, (size_t)c.leap * 12 + c.isstd + c.isut);
	if (r.bad || r.s.n < 2 || r.s.p[0] != '\n')
		goto bad;
	r.s = span_skip(r.s, 1);
	z.footer = arena_span(arena, span_sub(r.s, 0, span_findc(r.s, '\n')));
	z.rule.valid = zone_parse_rule(z.footer, &z.rule);
	*out = z;
	return 0;
bad:
	return err_set(err, ERR_ITEM, "time zone %.*s: not a TZif 2 file",
	    (int)name.n, name.p);
}

static bool
name_ok(struct span name)
{
	if (name.n == 0 || name.n > 64 || name.p[0] == '/' ||
	    span_has(name, ".."))
		return false;
	for (size_t i = 0; i < name.n; i++)
		if (!ascii_alnum(name.p[i]) &&
		    strchr("/_+-", name.p[i]) == NULL)
			return false;
	return true;
}

int
zone_load(
    struct arena *arena, struct span name, struct zone *out, struct err *err)
{
	const char *dir = getenv("TZDIR");
	struct span bytes;
	struct err why = {0};
	char *path;

	if (span_is(name, "UTC") || span_is(name, "Etc/UTC")) {
		*out = zone_utc();
		return 0;
	}
	if (!name_ok(name))
		return err_set(err, ERR_ITEM,
		    "\"%.*s\" is no time zone name (expected one like "
		    "Europe/Berlin)",
		    (int)name.n, name.p);
	path = arena_printf(arena, "%s/%.*s",
	    dir != NULL ? dir : "/usr/share/zoneinfo", (int)name.n, name.p);
	if (file_read(arena, path, LIMIT_TEMPLATE_BYTES, &bytes, &why) < 0)
		return err_set(err, ERR_ITEM,
		    "the system does not know the time zone \"%.*s\" "
		    "(expected one like Europe/Berlin)",
		    (int)name.n, name.p);
	return zone_parse(arena, name, bytes, out, err);
}

struct zone
zone_utc(void)
{
	static struct zone_type utc = {0, false, "UTC"};
	struct zone z = {.name = SPAN("UTC"),
	    .footer = SPAN("UTC0"),
	    .types = &utc,
	    .types_n = 1};

	z.rule = (struct zone_rule){.valid = true, .standard = utc};
	return z;
}

/* --- the POSIX rule ---------------------------------------------------- */

static bool
rule_name(struct span *s, char abbr[12])
{
	size_t i = 0, n = 0;
	bool quoted = s->n > 0 && s->p[0] == '<';

	if (quoted)
		i = 1;
	for (; i < s->n; i++) {
		char c = s->p[i];

		if (quoted ? c == '>' : !ascii_alpha(c))
			break;
		if (n < 11)
			abbr[n++] = c;
	}
	abbr[n] = '\0';
	if (quoted && i < s->n)
		i++;
	*s = span_skip(*s, i);
	return n >= 3 || quoted;
}

static bool
rule_number(struct span *s, int *out)
{
	int64_t v;
	size_t n = num_lead(*s, 9999, &v);

	if (n == 0)
		return false;
	*out = (int)v;
	*s = span_skip(*s, n);
	return true;
}

/* [+-]hh[:mm[:ss]] */
static bool
rule_time(struct span *s, int32_t *seconds)
{
	int h, m = 0, sec = 0, sign = 1;

	if (s->n > 0 && (s->p[0] == '-' || s->p[0] == '+')) {
		sign = s->p[0] == '-' ? -1 : 1;
		*s = span_skip(*s, 1);
	}
	if (!rule_number(s, &h) || h > 167)
		return false;
	if (s->n > 0 && s->p[0] == ':') {
		*s = span_skip(*s, 1);
		if (!rule_number(s, &m))
			return false;
		if (s->n > 0 && s->p[0] == ':') {
			*s = span_skip(*s, 1);
			if (!rule_number(s, &sec))
				return false;
		}
	}
	*seconds = sign * (h * HOUR + m * MINUTE + sec);
	return m < 60 && sec < 60;
}

static bool
rule_change(struct span *s, struct zone_change *c)
{
	*c = (struct zone_change){.kind = 'N', .seconds = 2 * HOUR};
	if (s->n == 0 || s->p[0] != ',')
		return false;
	*s = span_skip(*s, 1);
	if (s->n > 0 && s->p[0] == 'M') {
		c->kind = 'M';
		*s = span_skip(*s, 1);
		if (!rule_number(s, &c->month) || s->n == 0)
			return false;
		*s = span_skip(*s, 1);
		if (!rule_number(s, &c->week) || s->n == 0)
			return false;
		*s = span_skip(*s, 1);
		if (!rule_number(s, &c->day) || c->month < 1 || c->month > 12 ||
		    c->week < 1 || c->week > 5 || c->day > 6)
			return false;
	} else {
		if (s->n > 0 && s->p[0] == 'J') {
			c->kind = 'J';
			*s = span_skip(*s, 1);
		}
		if (!rule_number(s, &c->day) || c->day > 365)
			return false;
	}
	if (s->n > 0 && s->p[0] == '/') {
		*s = span_skip(*s, 1);
		return rule_time(s, &c->seconds);
	}
	return true;
}

/* Less than a day, summer's hour included: on that zone_unix builds. */
static bool
rule_offset(struct span *s, int32_t *out)
{
	int32_t offset;

	if (!rule_time(s, &offset) || offset > DAY - HOUR ||
	    offset < HOUR - DAY)
		return false;
	*out = offset;
	return true;
}

bool
zone_parse_rule(struct span s, struct zone_rule *out)
{
	struct zone_rule r = {.valid = true};

	if (!rule_name(&s, r.standard.abbr) ||
	    !rule_offset(&s, &r.standard.offset))
		return false;
	r.standard.offset = -r.standard.offset; /* POSIX counts westward */
	if (s.n > 0) {
		r.has_summer = true;
		r.summer.dst = true;
		if (!rule_name(&s, r.summer.abbr))
			return false;
		r.summer.offset = r.standard.offset + HOUR;
		if (s.n > 0 && s.p[0] != ',') {
			if (!rule_offset(&s, &r.summer.offset))
				return false;
			r.summer.offset = -r.summer.offset;
		}
		if (!rule_change(&s, &r.to_summer) ||
		    !rule_change(&s, &r.to_standard) || s.n > 0)
			return false;
	}
	*out = r;
	return true;
}

/* Local wall seconds since 1970 at which the change happens in that year. */
static int64_t
change_in_year(const struct zone_change *c, int year)
{
	int64_t day;
	bool leap = civil_month_days(year, 2) == 29;

	if (c->kind == 'M') {
		int64_t first = civil_days(year, c->month, 1);
		int wanted = c->day == 0 ? 7 : c->day;

		day = first + (wanted - civil_weekday(first) + 7) % 7 +
		      (c->week - 1) * 7;
		if (day >= first + civil_month_days(year, c->month))
			day -= 7;
	} else {
		day = civil_days(year, 1, 1) + c->day;
		if (c->kind == 'J' && !(leap && c->day >= 60))
			day--;
	}
	return day * DAY + c->seconds;
}

static struct zone_type
rule_at(const struct zone_rule *r, int64_t t)
{
	int year;
	int64_t begin, end;
	bool summer;

	if (!r->has_summer)
		return r->standard;
	year = civil_of_unix(t + r->standard.offset).year;
	begin = change_in_year(&r->to_summer, year) - r->standard.offset;
	end = change_in_year(&r->to_standard, year) - r->summer.offset;
	if (begin < end)
		summer = t >= begin && t < end;
	else
		summer = t >= begin || t < end;
	return summer ? r->summer : r->standard;
}

struct zone_type
zone_at(const struct zone *z, int64_t t)
{
	size_t low = 0, high = z->at_n;

	if (z->at_n == 0 || t >= z->at[z->at_n - 1]) {
		if (z->rule.valid)
			return rule_at(&z->rule, t);
		return z->types[z->at_n > 0 ? z->type_at[z->at_n - 1] : 0];
	}
	if (t < z->at[0])
		return z->types[0];
	while (high - low > 1) {
		size_t mid = low + (high - low) / 2;

		if (z->at[mid] <= t)
			low = mid;
		else
			high = mid;
	}
	return z->types[z->type_at[low]];
}

struct civil
zone_civil(const struct zone *z, int64_t t)
{
	return civil_of_unix(t + zone_at(z, t).offset);
}

enum zone_times
zone_unix(const struct zone *z, const struct civil *c, int64_t *unix_time)
{
	int64_t wall = civil_unix(c);
	/* No zone is further than a day from UTC. */
	int32_t before = zone_at(z, wall - DAY).offset;
	int32_t after = zone_at(z, wall + DAY).offset;
	int64_t early = wall - before, late = wall - after;
	bool early_ok = zone_at(z, early).offset == before;
	bool late_ok = zone_at(z, late).offset == after;

	if (early_ok && late_ok && early != late) {
		*unix_time = early < late ? early : late;
		return ZONE_TWICE;
	}
	if (early_ok || late_ok) {
		*unix_time = early_ok ? early : late;
		return ZONE_ONCE;
	}
	*unix_time = early;
	return ZONE_NEVER;
}

int64_t
zone_day_start(const struct zone *z, int64_t t)
{
	struct civil c = zone_civil(z, t);
	int64_t start;

	c.hour = c.minute = c.second = 0;
	zone_unix(z, &c, &start);
	return start;
}
