/* Answers of calendars: yes, no, another time. */
#include "base/str.h"
#include "play/play_int.h"

enum {
	ICS_MAX = 1 << 16,
	LINE_OCTETS = 74
};

/* RFC 5545 3.1: a line end and a blank within a line mean nothing. */
static struct span
unfolded(struct arena *arena, struct span ics)
{
	struct span line;
	struct str out;

	str_init(&out, arena, ICS_MAX);
	while (span_line(&ics, &line)) {
		bool on = line.n > 0 && (line.p[0] == ' ' || line.p[0] == '\t');

		if (!on && out.n > 0)
			str_addc(&out, '\n');
		str_add(&out, on ? span_skip(line, 1) : line);
	}
	return str_span(&out);
}

/* The event's line of that name, with its parameters; "" when none. */
static struct span
event_line(struct span ics, const char *name)
{
	struct span line;
	bool in_event = false;

	while (span_line(&ics, &line)) {
		struct span rest = span_skip(line, span_of(name).n);

		if (span_is(line, "BEGIN:VEVENT"))
			in_event = true;
		if (in_event && span_starts(line, name) && rest.n > 0 &&
		    (rest.p[0] == ':' || rest.p[0] == ';'))
			return line;
	}
	return SPAN("");
}

static void
add_folded(struct str *out, struct span line)
{
	while (line.n > LINE_OCTETS) {
		size_t n = LINE_OCTETS;

		/* Between two characters. */
		while (n > 1 && ((unsigned char)line.p[n] & 0xc0) == 0x80)
			n--;
		str_add(out, span_sub(line, 0, n));
		str_addz(out, "\r\n ");
		line = span_skip(line, n);
	}
	str_add(out, line);
	str_addz(out, "\r\n");
}

static void
add_line_of(struct str *out, struct span ics, const char *name)
{
	struct span line = event_line(ics, name);

	if (line.n > 0)
		add_folded(out, line);
}

static struct span
stamp(struct arena *arena, int64_t unix_time)
{
	struct civil c = civil_of_unix(unix_time);

	return arena_spanf(arena, "%04d%02d%02dT%02d%02d%02dZ", c.year, c.month,
	    c.day, c.hour, c.minute, c.second);
}

struct rsvp {
	const char *method, *partstat;
	int64_t start_unix, end_unix; /* of a counter-proposal, else 0 */
	int64_t at_unix;
	struct span attendee; /* "mailto:..." as it was invited */
};

static struct span
calendar_of(struct play *p, const struct actor *a, struct span ics,
    const struct rsvp *v)
{
	struct arena *arena = &p->item;
	struct span at = stamp(arena, v->at_unix);
	struct str out;

	str_init(&out, arena, ICS_MAX);
	str_addf(&out,
	    "BEGIN:VCALENDAR\r\nPRODID:-//Example//Calendar %d//EN\r\n"
	    "VERSION:2.0\r\nMETHOD:%s\r\nBEGIN:VEVENT\r\n",
	    (int)a->client, v->method);
	add_line_of(&out, ics, "UID");
	add_line_of(&out, ics, "SEQUENCE");
	str_addf(&out, "DTSTAMP:%.*s\r\n", (int)at.n, at.p);
	if (v->start_unix != 0) {
		struct span from = stamp(arena, v->start_unix);
		struct span to = stamp(arena, v->end_unix);

		str_addf(&out, "DTSTART:%.*s\r\nDTEND:%.*s\r\n", (int)from.n,
		    from.p, (int)to.n, to.p);
	} else {
		add_line_of(&out, ics, "DTSTART");
		add_line_of(&out, ics, "DTEND");
	}
	add_line_of(&out, ics, "SUMMARY");
	add_line_of(&out, ics, "ORGANIZER");
	add_folded(&out, arena_spanf(arena, "ATTENDEE;PARTSTAT=%s:mailto:%.*s",
			     v->partstat, (int)a->address.n, a->address.p));
	str_addz(&out, "END:VEVENT\r\nEND:VCALENDAR\r\n");
	return str_span(&out);
}

/* The calendar address of the line, behind its parameters. */
static struct span
attendee_of(struct span ics)
{
	struct span line = event_line(ics, "ATTENDEE");

	return span_skip(line, span_casefind(line, SPAN("mailto:")));
}

/* The next working day at another hour. */
static int64_t
other_time(struct play *p, const struct actor *a, const struct received *r,
    const struct session *s)
{
	int64_t days = 1 + roll(p, a, "other-day", r->id, 3);
	struct civil c = zone_civil(&p->app->zone, s->start_unix + days * DAY);
	int64_t day = civil_days(c.year, c.month, c.day);
	int64_t t = 0;

	while (civil_weekday(day) > 5)
		day++;
	c = civil_of_days(day);
	c.hour = 9 + (int)roll(p, a, "other-hour", r->id, 7);
	zone_unix(&p->app->zone, &c, &t);
	return t;
}

/* "move to 4 February 2027 14:00" */
static void
say_move(struct play *p, struct actor *a, const struct received *r,
    int64_t start_unix, int64_t at_unix)
{
	struct span move = word_say(p, a, SAYS_MOVE, r->id);
	struct span day = say_date(p, a, start_unix);
	struct civil c = zone_civil(&p->app->zone, start_unix);

	say_text(p, a, r,
	    arena_spanf(&p->item, "%.*s %.*s %02d:%02d", (int)move.n, move.p,
		(int)day.n, day.p, c.hour, c.minute),
	    at_unix);
}

static void
send_calendar(struct play *p, struct actor *a, const struct received *r,
    struct span ics, struct rsvp *v)
{
	struct sheet s = {.who = a, .to = r, .at_unix = v->at_unix};

	v->attendee = attendee_of(ics);
	s.ics = calendar_of(p, a, ics, v);
	s.method = v->method;
	pen_send(p, &s);
}

int
diary_on(struct play *p, struct actor *a, struct received *r, struct err *err)
{
	struct rsvp v = {.method = "REPLY", .partstat = "ACCEPTED"};
	struct span ics = unfolded(&p->item, r->ics);
	int64_t what = roll(p, a, "rsvp", r->id, 1000);
	const char *mumble;
	struct session s;
	int rc =
	    session_find(p->app->store, &p->item, r->thread.object_id, &s, err);

	if (rc <= 0)
		return rc;
	v.at_unix = say_when(p, a, "rsvp-at", r->id);
	if (!span_has(ics, "METHOD:REQUEST") || v.at_unix >= s.start_unix ||
	    r->for_assistant != a->assistant_answers)
		return 0;
	if (what < 80)
		v.partstat = "DECLINED";
	else if (what < 130)
		v.partstat = "TENTATIVE";
	else if (what < 190) {
		v.method = "COUNTER";
		v.partstat = "TENTATIVE";
		v.start_unix = other_time(p, a, r, &s);
		v.end_unix = v.start_unix + s.end_unix - s.start_unix;
	} else if (what < 240 && !r->for_assistant) {
		say_move(p, a, r, other_time(p, a, r, &s), v.at_unix);
		return 0;
	} else if (what < 340 && !r->for_assistant) {
		say_text(p, a, r, word_say(p, a, SAYS_YES, r->id), v.at_unix);
		return 0;
	} else if (what < 370)
		return 0;
	else if ((mumble = errand_answer(p)) != NULL)
		v.partstat = mumble;
	send_calendar(p, a, r, ics, &v);
	return 0;
}
