/*
 * A busy feed -> busy times: events and VFREEBUSY between two instants, in
 * UTC, sorted and merged.  One pass collects the events that can matter, a
 * second one expands them under a bound of work; an override takes its
 * instance out of the series, even when it is itself free or cancelled.
 *
 * What we cannot place is never taken for free: a zone that nobody knows is
 * read as the owner's.
 */
#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "base/vec.h"
#include "cal/cal.h"
#include "cal/cal_int.h"

enum {
	FEED_LINE = 64 * 1024,
	FEED_DEPTH = 16,
	/* Steps of recurrence walking; 20,000 weekly events take 0.3 million. */
	FEED_WORK = 2000000,
	FEED_BUSY = 500000,
	EVENT_DATES = 2000,
	MEMO = 8,
};

struct date_list {
	struct cal_line *lines; /* EXDATE or RDATE as they stand */
	size_t n;
};

struct event {
	uint64_t uid;
	struct cal_time start, end, instance;
	const struct zone *start_zone, *end_zone;
	bool has_start, has_end, has_duration, free;
	bool override;
	int64_t duration;
	int64_t instance_unix;
	struct span rule;
	struct date_list except, extra;
};

struct override {
	uint64_t uid;
	int64_t at;
};

struct feed {
	struct arena *arena;
	const struct zone *owner;
	int64_t from, to, work;
	struct event *events;
	size_t events_n;
	struct override *overrides;
	size_t overrides_n;
	struct busy *busy;
	size_t busy_n;
	bool holidays; /* what is marked as free closes the day as well */
	bool over;
	/* The last few TZIDs: a feed has one or two. */
	struct {
		struct span name;
		const struct zone *zone;
	} memo[MEMO];
	size_t memo_n;
	/* VTIMEZONE names that mean a place: TZID, then X-LIC-LOCATION. */
	struct span zone_id;
};

/* --- small things -------------------------------------------------------- */

static uint64_t
hash(struct span s)
{
	uint64_t h = UINT64_C(14695981039346656037);

	for (size_t i = 0; i < s.n; i++)
		h = (h ^ (unsigned char)s.p[i]) * UINT64_C(1099511628211);
	return h;
}

static const struct zone *
zone_of(struct feed *f, struct span tzid)
{
	const struct zone *z = f->owner;

	if (tzid.n == 0)
		return f->owner;
	for (size_t i = 0; i < f->memo_n; i++)
		if (span_eq(f->memo[i].name, tzid))
			return f->memo[i].zone;
	z = cal_zone_find(tzid);
	if (z == NULL)
		z = f->owner;
	if (f->memo_n < MEMO) {
		f->memo[f->memo_n].name = tzid;
		f->memo[f->memo_n++].zone = z;
	}
	return z;
}

static int64_t
instant(const struct cal_time *t, const struct zone *z)
{
	int64_t out;

	if (t->utc)
		return civil_unix(&t->civil);
	zone_unix(z, &t->civil, &out);
	return out;
}

static int64_t
instant_of_wall(const struct zone *z, bool utc, int64_t wall)
{
	struct civil c;
	int64_t out;

	if (utc)
		return wall;
	c = civil_of_unix(wall);
	zone_unix(z, &c, &out);
	return out;
}

static void
add_busy(struct feed *f, int64_t start, int64_t end)
{
	if (start < f->from)
		start = f->from;
	if (end > f->to)
		end = f->to;
	if (end <= start)
		return;
	/* Meetings of one series follow each other; merge what touches. */
	if (f->busy_n > 0 && f->busy[f->busy_n - 1].start_unix <= start &&
	    f->busy[f->busy_n - 1].end_unix >= start) {
		if (f->busy[f->busy_n - 1].end_unix < end)
			f->busy[f->busy_n - 1].end_unix = end;
		return;
	}
	if (f->busy_n == FEED_BUSY) {
		f->over = true;
		return;
	}
	if (vec_room(f->arena, &f->busy, f->busy_n, sizeof(*f->busy)))
		f->busy[f->busy_n++] = (struct busy){start, end};
}

/* --- reading ------------------------------------------------------------- */

static void
read_period(struct feed *f, struct span piece, const struct zone *z)
{
	size_t slash = span_findc(piece, '/');
	struct span after = span_skip(piece, slash + 1);
	struct cal_time a, b;
	int64_t length, start;

	if (!cal_parse_time(span_sub(piece, 0, slash), &a))
		return;
	start = instant(&a, z);
	if (cal_parse_time(after, &b))
		add_busy(f, start, instant(&b, z));
	else if (cal_parse_duration(after, &length))
		add_busy(f, start, start + length);
}

static void
read_freebusy(struct feed *f, const struct cal_line *l)
{
	struct span rest = l->value, piece;

	if (span_caseis(cal_param(l, "FBTYPE"), "FREE"))
		return;
	while (span_part(&rest, ',', &piece))
		read_period(f, piece, f->owner);
}

static void
read_time(struct feed *f, const struct cal_line *l, struct cal_time *t,
    const struct zone **z, bool *has)
{
	if (cal_parse_time(l->value, t)) {
		*z = zone_of(f, cal_param(l, "TZID"));
		*has = true;
	}
}

static void
keep_dates(struct feed *f, struct date_list *d, const struct cal_line *l)
{
	if (d->n < EVENT_DATES &&
	    vec_room(f->arena, &d->lines, d->n, sizeof(*d->lines)))
		d->lines[d->n++] = *l;
}

static bool
says_free(const struct feed *f, const struct cal_line *l)
{
	struct span n = l->name, v = span_trim(l->value);

	if (span_caseis(n, "STATUS"))
		return span_caseis(v, "CANCELLED");
	if (f->holidays)
		return false;
	if (span_caseis(n, "TRANSP"))
		return span_caseis(v, "TRANSPARENT");
	return span_caseis(n, "X-MICROSOFT-CDO-BUSYSTATUS") &&
	       (span_caseis(v, "FREE") || span_caseis(v, "WORKINGELSEWHERE"));
}

static void
read_event_line(struct feed *f, struct event *e, const struct cal_line *l)
{
	struct span n = l->name;
	const struct zone *z = f->owner;

	if (span_caseis(n, "DTSTART"))
		read_time(f, l, &e->start, &e->start_zone, &e->has_start);
	else if (span_caseis(n, "DTEND"))
		read_time(f, l, &e->end, &e->end_zone, &e->has_end);
	else if (span_caseis(n, "DURATION"))
		e->has_duration = cal_parse_duration(l->value, &e->duration);
	else if (span_caseis(n, "UID"))
		e->uid = hash(span_trim(l->value));
	else if (span_caseis(n, "RRULE"))
		e->rule = l->value;
	else if (span_caseis(n, "EXDATE"))
		keep_dates(f, &e->except, l);
	else if (span_caseis(n, "RDATE"))
		keep_dates(f, &e->extra, l);
	else if (span_caseis(n, "RECURRENCE-ID")) {
		read_time(f, l, &e->instance, &z, &e->override);
		if (e->override)
			e->instance_unix = instant(&e->instance, z);
	} else if (says_free(f, l))
		e->free = true;
}

/* Can this line matter?  Most of a feed is text that cannot. */
static bool
wanted(struct span rest)
{
	if (rest.n == 0)
		return false;
	switch (ascii_upper(rest.p[0])) {
	case 'B': /* BEGIN */
	case 'D': /* DTSTART DTEND DURATION */
	case 'E': /* END EXDATE */
	case 'F': /* FREEBUSY */
	case 'R': /* RRULE RDATE RECURRENCE-ID */
	case 'S': /* STATUS */
	case 'T': /* TRANSP TZID */
	case 'U': /* UID */
	case 'X':
		return !span_casestarts(rest, "DESCRIPTION") &&
		       !span_casestarts(rest, "SUMMARY") &&
		       !span_casestarts(rest, "DTSTAMP") &&
		       (ascii_upper(rest.p[0]) != 'X' ||
			   span_casestarts(rest, "X-MICROSOFT-CDO-BUSY") ||
			   span_casestarts(rest, "X-LIC-LOC"));
	default:
		return ascii_blank(rest.p[0]);
	}
}

/* Drops a line (and its folds) that nobody will look at. */
static void
skip_line(struct span *rest)
{
	do {
		const char *lf = memchr(rest->p, '\n', rest->n);

		*rest = lf == NULL
			    ? SPAN("")
			    : span_skip(*rest, (size_t)(lf - rest->p) + 1);
	} while (rest->n > 0 && (rest->p[0] == ' ' || rest->p[0] == '\t'));
}

/* A series, or something that touches the window. */
static bool
matters(const struct feed *f, const struct event *e)
{
	int64_t day = civil_unix(&e->start.civil);

	if (!e->has_start)
		return false;
	if (e->override || e->rule.n > 0 || e->extra.n > 0)
		return true;
	if (e->free || day > f->to + 2 * DAY)
		return false;
	if (e->has_end)
		return civil_unix(&e->end.civil) + 2 * DAY >= f->from;
	return day + e->duration + 3 * DAY >= f->from;
}

static void
end_event(struct feed *f, const struct event *e)
{
	if (!matters(f, e))
		return;
	if (e->override && vec_room(f->arena, &f->overrides, f->overrides_n,
			       sizeof(*f->overrides)))
		f->overrides[f->overrides_n++] =
		    (struct override){e->uid, e->instance_unix};
	if (vec_room(f->arena, &f->events, f->events_n, sizeof(*f->events)))
		f->events[f->events_n++] = *e;
}

static void
read_zone_line(struct feed *f, const struct cal_line *l)
{
	const struct zone *z = f->owner;

	if (span_caseis(l->name, "TZID")) {
		f->zone_id = span_trim(l->value);
	} else if (span_caseis(l->name, "X-LIC-LOCATION") && f->memo_n < MEMO &&
		   cal_zone_find(f->zone_id) == NULL &&
		   (z = cal_zone_find(l->value)) != NULL) {
		f->memo[f->memo_n].name = f->zone_id;
		f->memo[f->memo_n++].zone = z;
	}
}

enum part {
	OUTSIDE,
	CALENDAR,
	EVENT,
	FREEBUSY,
	ZONE,
	SKIPPED
};

static enum part
part_of(enum part up, struct span name)
{
	if (span_caseis(name, "VCALENDAR"))
		return up == OUTSIDE ? CALENDAR : SKIPPED;
	if (up != CALENDAR)
		return SKIPPED;
	if (span_caseis(name, "VEVENT"))
		return EVENT;
	if (span_caseis(name, "VFREEBUSY"))
		return FREEBUSY;
	return span_caseis(name, "VTIMEZONE") ? ZONE : SKIPPED;
}

/* NULL, or why this is no whole calendar. */
static const char *
read_lines(struct feed *f, struct span rest)
{
	enum part stack[FEED_DEPTH] = {OUTSIDE};
	int depth = 0;
	struct event e = {0};
	struct cal_line l;

	while (rest.n > 0) {
		if (!wanted(rest)) {
			skip_line(&rest);
			continue;
		}
		if (!cal_line_next(f->arena, &rest, FEED_LINE, &l))
			break;
		if (span_caseis(l.name, "BEGIN")) {
			if (depth + 1 == FEED_DEPTH)
				return "nested too deeply";
			stack[depth + 1] =
			    part_of(stack[depth], span_trim(l.value));
			if (stack[++depth] == EVENT)
				e = (struct event){0};
		} else if (span_caseis(l.name, "END")) {
			if (depth == 0)
				return "unbalanced";
			if (stack[depth--] == EVENT)
				end_event(f, &e);
		} else if (stack[depth] == EVENT) {
			read_event_line(f, &e, &l);
		} else if (stack[depth] == FREEBUSY &&
			   span_caseis(l.name, "FREEBUSY")) {
			read_freebusy(f, &l);
		} else if (stack[depth] == ZONE) {
			read_zone_line(f, &l);
		}
	}
	return depth != 0 ? "cut short" : NULL;
}

/* --- expanding ----------------------------------------------------------- */

struct expand {
	struct feed *f;
	const struct event *e;
	int64_t length;  /* seconds; for dates, whole days */
	int64_t *except; /* sorted instants */
	size_t except_n;
};

static int
by_number(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return (x > y) - (x < y);
}

static int
by_override(const void *a, const void *b)
{
	const struct override *x = a, *y = b;

	if (x->uid != y->uid)
		return x->uid < y->uid ? -1 : 1;
	return by_number(&x->at, &y->at);
}

static bool
is_excepted(const struct expand *x, int64_t at)
{
	struct override key = {x->e->uid, at};

	if (x->except_n > 0 &&
	    bsearch(&at, x->except, x->except_n, sizeof(at), by_number) != NULL)
		return true;
	return x->f->overrides_n > 0 && !x->e->override &&
	       bsearch(&key, x->f->overrides, x->f->overrides_n, sizeof(key),
		   by_override) != NULL;
}

static void
add_instance(void *data, int64_t wall)
{
	struct expand *x = data;
	const struct event *e = x->e;
	int64_t start = instant_of_wall(e->start_zone, e->start.utc, wall);

	if (is_excepted(x, start))
		return;
	add_busy(x->f, start,
	    e->start.date
		? instant_of_wall(e->start_zone, false, wall + x->length)
		: start + x->length);
}

static int64_t
length_of(const struct event *e)
{
	int64_t length = 0;

	if (e->has_duration)
		length = e->duration;
	else if (e->has_end && e->start.date)
		length = civil_unix(&e->end.civil) / DAY * DAY -
			 civil_unix(&e->start.civil);
	else if (e->has_end)
		length = instant(&e->end, e->end_zone) -
			 instant(&e->start, e->start_zone);
	if (e->start.date && length < DAY)
		length = DAY;
	return length < 0 ? 0 : length;
}

static void
set_except(struct expand *x)
{
	struct feed *f = x->f;
	const struct date_list *d = &x->e->except;

	for (size_t i = 0; i < d->n; i++) {
		struct span rest = d->lines[i].value, piece;
		const struct zone *z =
		    zone_of(f, cal_param(&d->lines[i], "TZID"));
		struct cal_time t;

		while (
		    span_part(&rest, ',', &piece) && x->except_n < EVENT_DATES)
			if (cal_parse_time(piece, &t) &&
			    vec_room(f->arena, &x->except, x->except_n,
				sizeof(*x->except))) {
				/* A bare date takes out that day's start. */
				if (t.date && !x->e->start.date) {
					t.civil.hour = x->e->start.civil.hour;
					t.civil.minute =
					    x->e->start.civil.minute;
					t.civil.second =
					    x->e->start.civil.second;
					t.utc = x->e->start.utc;
					z = x->e->start_zone;
				}
				x->except[x->except_n++] = instant(&t, z);
			}
	}
	if (x->except_n > 1)
		qsort(x->except, x->except_n, sizeof(*x->except), by_number);
}

static void
add_extra(struct expand *x)
{
	const struct date_list *d = &x->e->extra;

	for (size_t i = 0; i < d->n; i++) {
		struct span rest = d->lines[i].value, piece;
		const struct zone *z =
		    zone_of(x->f, cal_param(&d->lines[i], "TZID"));
		struct cal_time t;

		while (span_part(&rest, ',', &piece)) {
			int64_t at;

			x->f->work--;
			if (span_has(piece, "/")) {
				read_period(x->f, piece, z);
			} else if (cal_parse_time(piece, &t)) {
				at = instant(&t, z);
				if (!is_excepted(x, at))
					add_busy(x->f, at, at + x->length);
			}
		}
	}
}

/* UNTIL as a wall time of the event. */
static int64_t
until_wall(const struct event *e, const struct recur *r)
{
	int64_t t;

	if (!r->has_until)
		return INT64_MAX - 1;
	t = civil_unix(&r->until.civil);
	if (r->until.date)
		return t + DAY - 1;
	if (r->until.utc && !e->start.utc)
		return t + zone_at(e->start_zone, t).offset;
	return t;
}

static bool
expand(struct feed *f, const struct event *e)
{
	struct expand x = {.f = f, .e = e, .length = length_of(e)};
	int64_t wall = civil_unix(&e->start.civil);
	struct recur r;
	int64_t until;

	if (e->free || x.length == 0)
		return true;
	if (e->except.n > 0)
		set_except(&x);
	if (e->extra.n > 0)
		add_extra(&x);
	if (e->override || e->rule.n == 0 || !recur_parse(e->rule, &r)) {
		if (wall <= f->to + 2 * DAY &&
		    wall + x.length >= f->from - 2 * DAY)
			add_instance(&x, wall);
		return f->work > 0;
	}
	/* The first one always happens, even where the rule leaves it out. */
	if (wall >= f->from - 2 * DAY - x.length && wall <= f->to + 2 * DAY)
		add_instance(&x, wall);
	until = until_wall(e, &r);
	return recur_walk(&r, wall, f->from - 2 * DAY - x.length,
	    f->to + 2 * DAY, until, &f->work, add_instance, &x);
}

static int
by_start(const void *a, const void *b)
{
	const struct busy *x = a, *y = b;

	if (x->start_unix != y->start_unix)
		return x->start_unix < y->start_unix ? -1 : 1;
	return by_number(&x->end_unix, &y->end_unix);
}

static size_t
merge(struct busy *b, size_t n)
{
	size_t k = 0;

	if (n == 0)
		return 0;
	qsort(b, n, sizeof(*b), by_start);
	for (size_t i = 1; i < n; i++) {
		if (b[i].start_unix > b[k].end_unix)
			b[++k] = b[i];
		else if (b[i].end_unix > b[k].end_unix)
			b[k].end_unix = b[i].end_unix;
	}
	return k + 1;
}

static int
read_feed(struct arena *arena, struct span feed, bool holidays,
    const struct zone *owner, int64_t from_unix, int64_t to_unix,
    struct busy **out, size_t *n, struct err *err)
{
	struct feed f = {.arena = arena,
	    .holidays = holidays,
	    .owner = owner,
	    .from = from_unix,
	    .to = to_unix,
	    .work = FEED_WORK};
	const char *wrong;

	if (feed.n == 0)
		return err_set(err, ERR_ITEM, "busy feed: it is empty");
	if (feed.n > LIMIT_FEED_BYTES)
		return err_set(err, ERR_ITEM, "busy feed: larger than %d MiB",
		    LIMIT_FEED_BYTES >> 20);
	feed = span_skip(feed, span_casefind(feed, SPAN("BEGIN:VCALENDAR")));
	if (feed.n == 0)
		return err_set(err, ERR_ITEM, "busy feed: it is no calendar");
	wrong = read_lines(&f, feed);
	if (wrong != NULL)
		return err_set(err, ERR_ITEM, "busy feed: %s", wrong);
	if (f.overrides_n > 1)
		qsort(f.overrides, f.overrides_n, sizeof(*f.overrides),
		    by_override);
	for (size_t i = 0; i < f.events_n; i++)
		if (!expand(&f, &f.events[i]) || f.over)
			return err_set(err, ERR_ITEM,
			    "busy feed: too much work to expand");
	*n = merge(f.busy, f.busy_n);
	*out = f.busy;
	return 0;
}

int
cal_read_feed(struct arena *arena, struct span feed, const struct zone *owner,
    int64_t from_unix, int64_t to_unix, struct busy **out, size_t *n,
    struct err *err)
{
	return read_feed(
	    arena, feed, false, owner, from_unix, to_unix, out, n, err);
}

int
cal_read_holidays(struct arena *arena, struct span feed,
    const struct zone *owner, int64_t from_unix, int64_t to_unix,
    struct busy **out, size_t *n, struct err *err)
{
	return read_feed(
	    arena, feed, true, owner, from_unix, to_unix, out, n, err);
}
