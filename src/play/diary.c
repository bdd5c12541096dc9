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

int
diary_on(struct play *p, struct actor *a, struct received *r, struct err *err)
{
	struct rsvp v = {.method = "REPLY",
	    .partstat = "ACCEPTED",
	    .at_unix = act_when(p, a, "rsvp", r->id)};
	struct sheet s = {.who = a, .to = r, .at_unix = v.at_unix};
	struct span ics = unfolded(&p->item, r->ics);

	(void)err;
	if (!span_has(ics, "METHOD:REQUEST") || r->for_assistant)
		return 0;
	s.ics = calendar_of(p, a, ics, &v);
	s.method = v.method;
	pen_send(p, &s);
	return 0;
}
