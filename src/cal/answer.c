/*
 * What a calendar part answers.  The bytes come from anybody: limits first,
 * then one pass over the content lines that keeps the few properties an
 * answer needs.  RRULE and VTIMEZONE are never evaluated, alarms never
 * looked into.  libical's parser is not asked here: it drops Apple's
 * proposal parameter, reads SEQUENCE modulo 2^32 and takes 20261399 for a
 * date, and what an answer needs is a handful of lines.
 */
#include "base/limits.h"
#include "base/num.h"
#include "base/utf8.h"
#include "base/vec.h"
#include "cal/cal.h"
#include "cal/cal_int.h"
#include "model/address.h"

enum {
	LINE_MAX_BYTES = 16 * 1024,
	COMMENT_BYTES = 4096,
	UID_BYTES = 1000,
	ZONES_MAX = 16,
	ATTENDEES_MAX = LIMIT_ADDRESSES,
	EVENTS_MAX = 16,
};

enum place {
	IN_NOTHING,
	IN_CALENDAR,
	IN_MAIN,     /* a VEVENT */
	IN_ZONE,     /* VTIMEZONE */
	IN_ZONE_SUB, /* STANDARD, DAYLIGHT */
	IN_OTHER,    /* VALARM, VTODO, unknown: skipped */
};

struct when {
	struct span raw, tzid;
	bool set;
};

struct reading {
	struct arena *arena;
	struct cal_answer *a;
	enum place places[LIMIT_ICS_DEPTH + 1];
	int depth;
	int calendars, events;
	int wanted; /* which of the events is read, from 1 */
	struct span uids[EVENTS_MAX];
	bool instances[EVENTS_MAX]; /* it has a RECURRENCE-ID */
	struct when start, end;
	struct span duration;
	struct span proposed; /* Apple's parameter */
	struct span organizer;
	struct cal_vtimezone zones[ZONES_MAX];
	int zones_n;
};

static struct span
clean_line(struct arena *arena, struct span s, size_t max)
{
	return utf8_head(utf8_line(arena, s), max);
}

/* "MAILTO:x", "<x>", "mailto:j%C3%B6rg@x"; "" when it is no address. */
static struct span
read_address(struct arena *arena, struct span s)
{
	struct span out;

	s = span_trim(s);
	if (span_casestarts(s, "mailto:"))
		s = span_trim(span_skip(s, 7));
	if (s.n >= 2 && s.p[0] == '<' && s.p[s.n - 1] == '>')
		s = span_sub(s, 1, s.n - 1);
	s = span_sub(s, 0, span_findc(s, '?'));
	if (span_has(s, "%")) {
		struct str d;

		str_init(&d, arena, s.n);
		for (size_t i = 0; i < s.n; i++) {
			static const char hex[] = "0123456789abcdef";
			struct span h = span_of(hex);
			size_t hi = 16, lo = 16;

			if (s.p[i] == '%' && i + 2 < s.n) {
				hi = span_findc(h, ascii_lower(s.p[i + 1]));
				lo = span_findc(h, ascii_lower(s.p[i + 2]));
			}
			/* Only what an invite of ours would have encoded. */
			if (hi >= 8 && hi < 16 && lo < 16) {
				str_addc(&d, (char)(hi * 16 + lo));
				i += 2;
			} else {
				str_addc(&d, s.p[i]);
			}
		}
		s = str_span(&d);
	}
	return address_parse(arena, s, &out) ? out : SPAN("");
}

/* --- comments ------------------------------------------------------------ */

static void
take_comment(struct reading *r, struct span value)
{
	struct span text = span_trim(cal_text(r->arena, value));

	if (text.n > 0 && r->a->comment.n == 0)
		r->a->comment = utf8_head(text, COMMENT_BYTES);
}

/* --- properties of the event -------------------------------------------- */

static void
take_attendee(struct reading *r, const struct cal_line *l)
{
	struct cal_answer *a = r->a;
	struct span address = read_address(r->arena, l->value);
	struct span s;

	/* iCloud names people by a number and puts the address beside it. */
	if (address.n == 0)
		address = read_address(r->arena, cal_param(l, "EMAIL"));
	if (address.n == 0 || a->attendees_n >= ATTENDEES_MAX)
		return;
	/* One growth for two arrays that always have one length. */
	if (vec_room(
		r->arena, &a->attendees, a->attendees_n, sizeof(*a->attendees)))
		a->attendees[a->attendees_n] = address;
	if (vec_room(
		r->arena, &a->partstats, a->attendees_n, sizeof(*a->partstats)))
		a->partstats[a->attendees_n] =
		    partstat_parse(cal_param(l, "PARTSTAT"));
	a->attendees_n++;
	s = read_address(r->arena, cal_param(l, "DELEGATED-TO"));
	if (a->delegated_to.n == 0)
		a->delegated_to = s;
	s = read_address(r->arena, cal_param(l, "SENT-BY"));
	if (a->sent_by.n == 0)
		a->sent_by = s;
	take_comment(r, cal_param(l, "X-RESPONSE-COMMENT"));
	s = cal_param(l, "TO-ALL-PROPOSED-NEW-TIME");
	if (s.n == 0)
		s = cal_param(l, "X-CALENDARSERVER-PROPOSED-NEW-TIME");
	if (r->proposed.n == 0)
		r->proposed = s;
}

static void
take_when(struct when *w, const struct cal_line *l)
{
	if (w->set)
		return;
	*w = (struct when){l->value, cal_param(l, "TZID"), true};
}

static void
take_stamp(struct reading *r, struct span value)
{
	struct cal_time t;

	if (cal_parse_time(value, &t) && !t.date && t.civil.year >= 1970)
		r->a->dtstamp_unix = civil_unix(&t.civil);
}

/*
 * A UID that was not Outlook's own is kept by it behind a header, the word
 * "vCal-Uid" and a number (MS-OXOCAL 2.2.1.27), and some answers give the
 * whole of it in hexadecimal.
 */
static struct span
inner_uid(struct arena *arena, struct span uid)
{
	static const char word[] = "7643616c2d556964";
	size_t at = span_casefind(uid, span_of(word));
	struct span hex = span_skip(uid, at + 24);
	struct str s;

	if (!span_starts(uid, "040000008200E00074C5B7101A82E008") ||
	    at == uid.n)
		return uid;
	str_init(&s, arena, uid.n);
	for (size_t i = 0; i + 1 < hex.n; i += 2) {
		int high = ascii_hex(hex.p[i]), low = ascii_hex(hex.p[i + 1]);
		int c = high * 16 + low;

		if (high < 0 || low < 0 || c == 0)
			break;
		if (c < 0x20 || c > 0x7e)
			return uid;
		str_addc(&s, (char)c);
	}
	return s.n > 0 ? str_span(&s) : uid;
}

static struct span
read_uid(struct arena *arena, struct span value)
{
	return inner_uid(arena, span_trim(clean_line(arena, value, UID_BYTES)));
}

static void
take_event_line(struct reading *r, const struct cal_line *l)
{
	struct cal_answer *a = r->a;
	struct span n = l->name;

	if (span_caseis(n, "UID") && a->uid.n == 0)
		a->uid = read_uid(r->arena, l->value);
	else if (span_caseis(n, "SEQUENCE"))
		num_int(span_trim(l->value), 0, INT32_MAX, &a->sequence);
	else if (span_caseis(n, "DTSTAMP"))
		take_stamp(r, l->value);
	else if (span_caseis(n, "ATTENDEE"))
		take_attendee(r, l);
	else if (span_caseis(n, "ORGANIZER"))
		r->organizer = read_address(r->arena, l->value);
	else if (span_caseis(n, "DTSTART"))
		take_when(&r->start, l);
	else if (span_caseis(n, "DTEND") || span_caseis(n, "DUE"))
		take_when(&r->end, l);
	else if (span_caseis(n, "DURATION"))
		r->duration = l->value;
	else if (span_caseis(n, "SUMMARY") && a->summary.n == 0)
		a->summary = clean_line(r->arena, cal_text(r->arena, l->value),
		    LIMIT_SUBJECT_BYTES);
	else if (span_caseis(n, "COMMENT") ||
		 span_caseis(n, "X-CALENDARSERVER-PRIVATE-COMMENT"))
		take_comment(r, l->value);
}

/* What tells one event from another. */
static void
take_identity(struct reading *r, const struct cal_line *l)
{
	int i = r->events - 1;

	if (i >= EVENTS_MAX)
		return;
	if (span_caseis(l->name, "UID") && r->uids[i].n == 0)
		r->uids[i] = read_uid(r->arena, l->value);
	else if (span_caseis(l->name, "RECURRENCE-ID"))
		r->instances[i] = true;
}

/* --- VTIMEZONE: names and one fixed offset only -------------------------- */

static bool
read_offset(struct span s, int32_t *out)
{
	int64_t v;

	s = span_trim(s);
	if (s.n < 5 || (s.p[0] != '+' && s.p[0] != '-') ||
	    !num_int(span_sub(s, 1, 5), 0, 1500, &v) || v % 100 > 59)
		return false;
	*out = (int32_t)(v / 100 * HOUR + v % 100 * MINUTE);
	if (s.p[0] == '-')
		*out = -*out;
	return true;
}

static void
take_zone_line(struct reading *r, const struct cal_line *l, bool sub)
{
	struct cal_vtimezone *z = &r->zones[r->zones_n - 1];

	if (!sub && span_caseis(l->name, "TZID"))
		z->tzid = span_trim(l->value);
	else if (!sub && span_caseis(l->name, "X-LIC-LOCATION"))
		z->location = span_trim(l->value);
	else if (sub && (span_caseis(l->name, "RRULE") ||
			    span_caseis(l->name, "RDATE")))
		z->rules = true;
	else if (sub && span_caseis(l->name, "TZOFFSETTO"))
		z->has_offset = read_offset(l->value, &z->offset);
}

/* --- walking ------------------------------------------------------------- */

static enum place
place_of(struct reading *r, struct span name)
{
	enum place up = r->depth > 0 ? r->places[r->depth - 1] : IN_NOTHING;

	if (up == IN_NOTHING && span_caseis(name, "VCALENDAR")) {
		r->calendars++;
		return IN_CALENDAR;
	}
	/* A session is an event: a task's UID is never one of ours. */
	if (up == IN_CALENDAR && span_caseis(name, "VEVENT")) {
		r->events++;
		return IN_MAIN;
	}
	if (up == IN_CALENDAR && span_caseis(name, "VTIMEZONE") &&
	    r->zones_n < ZONES_MAX) {
		r->zones[r->zones_n++] = (struct cal_vtimezone){0};
		return IN_ZONE;
	}
	if (up == IN_ZONE) {
		r->zones[r->zones_n - 1].subs++;
		return IN_ZONE_SUB;
	}
	return IN_OTHER;
}

static void
take_line(struct reading *r, const struct cal_line *l)
{
	enum place at = r->depth > 0 ? r->places[r->depth - 1] : IN_NOTHING;

	if (span_caseis(l->name, "BEGIN")) {
		if (r->depth < LIMIT_ICS_DEPTH) {
			enum place p = place_of(r, span_trim(l->value));

			r->places[r->depth++] = p;
		}
	} else if (span_caseis(l->name, "END")) {
		if (r->depth > 0)
			r->depth--;
	} else if (at == IN_CALENDAR && span_caseis(l->name, "METHOD")) {
		r->a->method = clean_line(r->arena, l->value, 40);
	} else if (at == IN_MAIN) {
		take_identity(r, l);
		if (r->events == r->wanted)
			take_event_line(r, l);
	} else if (at == IN_ZONE || at == IN_ZONE_SUB) {
		take_zone_line(r, l, at == IN_ZONE_SUB);
	}
}

/* --- proposed times ------------------------------------------------------ */

static bool
instant_in_fixed(const struct reading *r, struct span tzid,
    const struct civil *c, int64_t *out)
{
	for (int i = 0; i < r->zones_n; i++) {
		const struct cal_vtimezone *z = &r->zones[i];
		const struct zone *known;

		if (!span_eq(z->tzid, tzid))
			continue;
		known = cal_zone_find(z->location);
		if (known != NULL)
			return zone_unix(known, c, out) != ZONE_NEVER;
		if (z->subs != 1 || z->rules || !z->has_offset)
			return false;
		*out = civil_unix(c) - z->offset;
		return true;
	}
	return false;
}

/* False: no instant that could be trusted. */
static bool
instant_of(const struct reading *r, const struct when *w, int64_t *out)
{
	struct cal_time t;
	const struct zone *z;

	if (!w->set || !cal_parse_time(w->raw, &t) || t.date ||
	    t.civil.year < 1971)
		return false;
	if (t.utc) {
		*out = civil_unix(&t.civil);
		return true;
	}
	if (w->tzid.n == 0)
		return false;
	z = cal_zone_find(w->tzid);
	if (z != NULL)
		return zone_unix(z, &t.civil, out) != ZONE_NEVER;
	return instant_in_fixed(r, w->tzid, &t.civil, out);
}

/* "DTSTART:20201225T083000Z;STATUS:;"; a TZID belongs to the name before. */
static void
take_apple(struct reading *r)
{
	struct span rest = r->proposed, piece;
	struct when *last = NULL;

	r->start = r->end = (struct when){0};
	r->duration = SPAN("");
	while (span_part(&rest, ';', &piece)) {
		size_t colon = span_findc(piece, ':');
		struct span name = span_trim(span_sub(piece, 0, colon));
		struct span value = span_skip(piece, colon + 1);

		if (span_caseis(name, "DTSTART"))
			last = &r->start;
		else if (span_caseis(name, "DTEND"))
			last = &r->end;
		else if (span_casestarts(name, "TZID=") && last != NULL)
			last->tzid = span_skip(name, 5);
		else
			last = NULL;
		if (last != NULL && value.n > 0) {
			last->raw = value;
			last->set = true;
		}
	}
}

static void
set_proposal(struct reading *r)
{
	struct cal_answer *a = r->a;
	int64_t start, end, length;
	const struct when *w = &r->start;

	if (r->proposed.n > 0)
		take_apple(r);
	if (!instant_of(r, w, &start)) {
		a->proposed_text = clean_line(r->arena,
		    w->tzid.n > 0
			? arena_spanf(r->arena, "%.*s %.*s", (int)w->raw.n,
			      w->raw.p, (int)w->tzid.n, w->tzid.p)
			: w->raw,
		    LIMIT_NAME_BYTES);
		return;
	}
	a->proposed_start_unix = start;
	if (instant_of(r, &r->end, &end) && end > start)
		a->proposed_end_unix = end;
	else if (cal_parse_duration(r->duration, &length) && length > 0 &&
		 length <= 7 * DAY)
		a->proposed_end_unix = start + length;
}

/* --- the whole ----------------------------------------------------------- */

/* Whom the answer is from, as far as the part tells. */
static void
set_attendee(struct reading *r)
{
	struct cal_answer *a = r->a;
	uint32_t pick = 0;

	if (a->attendees_n == 0)
		return;
	/* A COUNTER that lists everybody lists the organizer too. */
	while (pick + 1 < a->attendees_n && r->organizer.n > 0 &&
	       span_caseeq(a->attendees[pick], r->organizer))
		pick++;
	a->attendee = a->attendees[pick];
	a->partstat = a->partstats[pick];
	if (a->attendees_n == 1) {
		a->attendees = NULL;
		a->partstats = NULL;
		a->attendees_n = 0;
	}
}

static void
set_method(struct reading *r, struct span parameter)
{
	struct span m = r->a->method.n > 0
			    ? r->a->method
			    : clean_line(r->arena, parameter, 40);
	struct str s;

	str_init(&s, r->arena, 40);
	for (size_t i = 0; i < m.n; i++)
		str_addc(&s, ascii_upper(m.p[i]));
	r->a->method = str_span(&s);
}

/* Several are one when they are a series and its exceptions. */
static bool
one_event(const struct reading *r)
{
	int masters = 0;

	if (r->events < 1 || r->events > EVENTS_MAX)
		return false;
	for (int i = 0; i < r->events; i++) {
		if (!span_caseeq(r->uids[i], r->uids[0]))
			return false;
		masters += !r->instances[i];
	}
	return masters <= 1;
}

static enum cal_kind
kind_of(const struct reading *r)
{
	const struct cal_answer *a = r->a;

	if (r->calendars != 1 || a->uid.n == 0 || !one_event(r))
		return CAL_OTHER;
	if (span_is(a->method, "COUNTER"))
		return CAL_PROPOSAL;
	if (!span_is(a->method, "REPLY"))
		return CAL_OTHER;
	return r->proposed.n > 0 ? CAL_PROPOSAL : CAL_REPLY;
}

static void
walk(struct reading *r, struct span part)
{
	struct cal_line line;

	while (cal_line_next(r->arena, &part, LINE_MAX_BYTES, &line))
		take_line(r, &line);
}

/* We send no series, so what is said of the whole is said of ours. */
static int
master_of(const struct reading *r)
{
	for (int i = 0; i < r->events && i < EVENTS_MAX; i++)
		if (!r->instances[i])
			return i + 1;
	return 1;
}

void
cal_read_answer(struct arena *arena, struct span part,
    struct span method_parameter, struct cal_answer *out)
{
	struct reading r = {.arena = arena, .a = out, .wanted = 1};
	int master;

	*out = (struct cal_answer){.sequence = -1};
	if (part.n == 0 || !span_casehas(part, "BEGIN:VCALENDAR"))
		return;
	out->kind = CAL_OTHER;
	if (cal_scan(part) != NULL)
		return;
	part = span_skip(part, span_casefind(part, SPAN("BEGIN:VCALENDAR")));
	walk(&r, part);
	master = master_of(&r);
	if (master != 1) {
		*out = (struct cal_answer){.kind = CAL_OTHER, .sequence = -1};
		r = (struct reading){
		    .arena = arena, .a = out, .wanted = master};
		walk(&r, part);
	}
	set_method(&r, method_parameter);
	set_attendee(&r);
	out->kind = kind_of(&r);
	if (out->kind == CAL_PROPOSAL)
		set_proposal(&r);
}
