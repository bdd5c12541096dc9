/*
 * Invites, updates, cancels and published events as bytes, by the rules that
 * hold in every client (one VEVENT, one attendee, own folding).  Written by
 * hand: libical 3.0.16 folds some lines into a blank one, and lets CR LF in
 * an address through.
 */
#include <string.h>

#include "base/limits.h"
#include "base/utf8.h"
#include "cal/cal.h"
#include "cal/cal_int.h"
#include "model/address.h"

enum {
	LINE_OCTETS = 75,
	UID_MAX = 199,
	ICS_MAX = 64 * 1024,
	/* A continuation of blanks only reads as an empty line. */
	BLANKS_MAX = 40,
};

/* --- lines --------------------------------------------------------------- */

/* Appends one content line, folded at 75 octets between characters. */
static void
put(struct str *out, struct span line)
{
	size_t room = LINE_OCTETS;

	while (line.n > room) {
		struct span head = utf8_head(line, room);

		str_add(out, head);
		str_addz(out, "\r\n ");
		line = span_skip(line, head.n);
		room = LINE_OCTETS - 1;
	}
	str_add(out, line);
	str_addz(out, "\r\n");
}

/*
 * TEXT (RFC 5545 3.3.11).  The Unicode line ends become plain ones, since
 * some readers break lines at them.  A backslash becomes a slash: an escaped
 * one before an n is shown as a line end by readers that undo it twice.
 */
static void
add_text(struct arena *arena, struct str *s, struct span text)
{
	size_t i = 0, blanks = 0, n;
	uint32_t c;

	text = span_trim(utf8_scrub(arena, text));
	for (; (n = utf8_next(span_skip(text, i), &c)) > 0; i += n) {
		blanks = c == ' ' || c == '\t' ? blanks + 1 : 0;
		if (blanks > BLANKS_MAX)
			continue;
		if (c == '\n' || c == 0x85 || c == 0x2028 || c == 0x2029) {
			str_addz(s, "\\n");
			continue;
		}
		if (c == '\\') {
			str_addc(s, '/');
			continue;
		}
		if (c == ';' || c == ',')
			str_addc(s, '\\');
		str_add(s, span_sub(text, i, i + n));
	}
}

static void
put_text(
    struct arena *arena, struct str *out, const char *name, struct span text)
{
	struct str s;

	if (span_trim(text).n == 0)
		return;
	str_init(&s, arena, ICS_MAX);
	str_addf(&s, "%s:", name);
	add_text(arena, &s, text);
	put(out, str_span(&s));
}

/* No quote can stand in a quoted value, and old clients show ^' raw. */
static void
add_cn(struct arena *arena, struct str *s, struct span name)
{
	size_t start;

	name = utf8_line(arena, name);
	name = span_trim(utf8_head(name, LIMIT_NAME_BYTES));
	str_addz(s, ";CN=\"");
	start = s->n;
	for (size_t i = 0, n; i < name.n; i += n) {
		uint32_t c;

		n = utf8_next(span_skip(name, i), &c);
		if (c == 0x85 || c == 0x2028 || c == 0x2029)
			str_addc(s, ' ');
		else if (c != '"' && c != '^' && !(c >= 0x80 && c < 0xa0))
			str_add(s, span_sub(name, i, i + n));
	}
	if (span_trim(span_skip(str_span(s), start)).n == 0) {
		str_truncate(s, start - strlen(";CN=\""));
		return;
	}
	str_addc(s, '"');
}

/* A mailto URI (RFC 6068): letters beyond ASCII as octets. */
static void
add_mailto(struct str *s, struct span address)
{
	str_addz(s, ":mailto:");
	for (size_t i = 0; i < address.n; i++) {
		unsigned char c = (unsigned char)address.p[i];

		if (c >= 0x80)
			str_addf(s, "%%%02X", c);
		else
			str_addc(s, (char)c);
	}
}

static void
add_utc(struct str *s, const char *name, int64_t t)
{
	struct civil c = civil_of_unix(t);

	str_addf(s, "%s:%04d%02d%02dT%02d%02d%02dZ\r\n", name, c.year, c.month,
	    c.day, c.hour, c.minute, c.second);
}

static void
add_wall(struct str *s, const char *name, const struct zone *z, int64_t t)
{
	struct civil c = zone_civil(z, t);

	str_addf(s, "%s;TZID=%.*s:%04d%02d%02dT%02d%02d%02d\r\n", name,
	    (int)z->name.n, z->name.p, c.year, c.month, c.day, c.hour, c.minute,
	    c.second);
}

/* --- checks -------------------------------------------------------------- */

static bool
uid_ok(struct span uid)
{
	for (size_t i = 0; i < uid.n; i++)
		if (!ascii_alnum(uid.p[i]) && strchr("._@-", uid.p[i]) == NULL)
			return false;
	return uid.n >= 8 && uid.n <= UID_MAX;
}

static const char *
check_event(const struct invite *v)
{
	if (!uid_ok(v->uid))
		return "its UID is not 8 to 199 of A-Z a-z 0-9 . _ @ -";
	if (v->sequence < 0 || v->sequence > 999999999)
		return "its SEQUENCE is out of bounds";
	if (v->start_unix < 0 || v->end_unix <= v->start_unix ||
	    v->end_unix > INT64_C(32472144000)) /* 2999 */
		return "its end is not after its start, or it is out of time";
	if (v->dtstamp_unix < 0 || v->created_unix < 0 ||
	    v->dtstamp_unix > INT64_C(32472144000) ||
	    v->created_unix > INT64_C(32472144000))
		return "it was made out of time";
	if (span_trim(v->summary).n == 0)
		return "it has no summary";
	return NULL;
}

static const char *
check_people(struct arena *arena, const struct invite *v)
{
	struct span ours;

	if (!address_parse(arena, v->organizer_address, &ours))
		return "the organizer's address is none";
	if (!address_parse(arena, v->attendee_address, &ours))
		return "the attendee's address is none";
	return NULL;
}

static bool
in_zone(const struct invite *v, const struct zone *z)
{
	return !span_is(z->name, "UTC") &&
	       cal_zone_plain(z, v->start_unix, v->end_unix);
}

/* --- the event ----------------------------------------------------------- */

static void
put_times(struct str *out, const struct invite *v, const struct zone *z)
{
	if (in_zone(v, z)) {
		add_wall(out, "DTSTART", z, v->start_unix);
		add_wall(out, "DTEND", z, v->end_unix);
	} else {
		add_utc(out, "DTSTART", v->start_unix);
		add_utc(out, "DTEND", v->end_unix);
	}
	add_utc(out, "DTSTAMP", v->dtstamp_unix);
}

static void
put_people(struct arena *arena, struct str *out, const struct invite *v)
{
	struct str s;

	str_init(&s, arena, ICS_MAX);
	str_addz(&s, "ORGANIZER");
	add_cn(arena, &s, v->organizer_name);
	add_mailto(&s, v->organizer_address);
	put(out, str_span(&s));
	str_truncate(&s, 0);
	str_addz(&s, "ATTENDEE;CUTYPE=INDIVIDUAL;ROLE=REQ-PARTICIPANT;"
		     "PARTSTAT=NEEDS-ACTION;RSVP=TRUE");
	add_cn(arena, &s, v->attendee_name);
	add_mailto(&s, v->attendee_address);
	put(out, str_span(&s));
}

static void
put_event(struct arena *arena, struct str *out, const struct invite *v,
    const struct zone *z, bool people)
{
	bool cancel = v->method == INVITE_CANCEL;

	str_addz(out, "BEGIN:VEVENT\r\n");
	put_times(out, v, z);
	if (people)
		put_people(arena, out, v);
	put(out, arena_spanf(arena, "UID:%.*s", (int)v->uid.n, v->uid.p));
	add_utc(out, "CREATED", v->created_unix);
	add_utc(out, "LAST-MODIFIED", v->dtstamp_unix);
	put_text(arena, out, "DESCRIPTION", v->description);
	put_text(arena, out, "LOCATION", v->location);
	str_addf(out, "SEQUENCE:%lld\r\n", (long long)v->sequence);
	str_addf(out, "STATUS:%s\r\n", cancel ? "CANCELLED" : "CONFIRMED");
	put_text(arena, out, "SUMMARY", v->summary);
	str_addz(out, "TRANSP:OPAQUE\r\nCLASS:PUBLIC\r\nEND:VEVENT\r\n");
}

static void
put_head(struct str *out, const char *method)
{
	str_addz(out,
	    "BEGIN:VCALENDAR\r\nPRODID:-//rmail//reverse mentoring//EN\r\n"
	    "VERSION:2.0\r\nCALSCALE:GREGORIAN\r\n");
	if (method != NULL)
		str_addf(out, "METHOD:%s\r\n", method);
}

int
cal_write_invite(struct arena *arena, const struct invite *v,
    const struct zone *z, struct span *ics, struct err *err)
{
	const char *wrong = check_event(v);
	struct str out;

	if (wrong == NULL)
		wrong = check_people(arena, v);
	if (wrong != NULL)
		return err_set(err, ERR_ITEM, "invite %.*s: %s",
		    (int)span_sub(v->uid, 0, 80).n, v->uid.p, wrong);
	str_init(&out, arena, ICS_MAX);
	put_head(&out, v->method == INVITE_CANCEL ? "CANCEL" : "REQUEST");
	if (in_zone(v, z))
		cal_zone_write(&out, z);
	put_event(arena, &out, v, z, true);
	str_addz(&out, "END:VCALENDAR\r\n");
	if (out.cut)
		return err_set(err, ERR_ITEM,
		    "invite %.*s: its texts are too long", (int)v->uid.n,
		    v->uid.p);
	*ics = str_span(&out);
	return 0;
}

int
cal_write_feed(struct arena *arena, const struct invite *events, size_t n,
    const struct zone *z, struct span *ics, struct err *err)
{
	struct str out;
	bool zone = false;

	str_init(&out, arena, LIMIT_CSV_BYTES);
	put_head(&out, NULL);
	for (size_t i = 0; i < n; i++) {
		const char *wrong = check_event(&events[i]);

		if (wrong != NULL)
			return err_set(err, ERR_ITEM, "event %.*s: %s",
			    (int)span_sub(events[i].uid, 0, 80).n,
			    events[i].uid.p, wrong);
		zone = zone || in_zone(&events[i], z);
	}
	if (zone)
		cal_zone_write(&out, z);
	for (size_t i = 0; i < n; i++)
		put_event(arena, &out, &events[i], z, false);
	str_addz(&out, "END:VCALENDAR\r\n");
	if (out.cut)
		return err_set(err, ERR_ITEM, "the calendar is too long");
	*ics = str_span(&out);
	return 0;
}
