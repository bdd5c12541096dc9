/* Invites out, answers in, busy feeds in. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <libical/ical.h>
#include <string.h>

#include "base/err.h"
#include "base/limits.h"
#include "base/str.h"
#include "base/utf8.h"
#include "cal/cal.h"

static struct arena arena;

static int64_t
at(const char *z)
{
	int64_t t;

	assert_true(civil_parse_instant(span_of(z), &t));
	return t;
}

static struct zone
zone(const char *name)
{
	struct err err = {0};
	struct zone z;

	assert_int_equal(zone_load(&arena, span_of(name), &z, &err), 0);
	return z;
}

static struct invite
an_invite(void)
{
	return (struct invite){.method = INVITE_REQUEST,
	    .uid = SPAN("s17-3.k5x2q7vd@rmail.example.org"),
	    .dtstamp_unix = at("2026-11-23T09:00:00Z"),
	    .created_unix = at("2026-11-23T09:00:00Z"),
	    .start_unix = at("2026-12-03T13:00:00Z"),
	    .end_unix = at("2026-12-03T14:00:00Z"),
	    .zone = SPAN("Europe/Berlin"),
	    .organizer_name = SPAN("Mentoring"),
	    .organizer_address = SPAN("mentoring@example.org"),
	    .attendee_name = SPAN("Ann Example"),
	    .attendee_address = SPAN("ann@example.com"),
	    .summary = SPAN("Session 3 [RM-17-3]"),
	    .description = SPAN("Reply YES, NO, or a better time."),
	    .location = SPAN("https://video.example.org/17")};
}

static struct span
written(const struct invite *v, const char *zone_name)
{
	struct zone z = zone(zone_name);
	struct err err = {0};
	struct span ics = SPAN("");

	if (cal_write_invite(&arena, v, &z, &ics, &err) < 0)
		fail_msg("%s", err.text);
	return ics;
}

/* --- invites ------------------------------------------------------------- */

static void
invite_lines(void **state)
{
	static const struct {
		const char *zone, *start, *has, *why;
	} cases[] = {
	    {"Europe/Berlin", "2026-12-03T13:00:00Z",
		"DTSTART;TZID=Europe/Berlin:20261203T140000\r\n",
		"a wall time in the zone"},
	    {"Europe/Berlin", "2026-12-03T13:00:00Z",
		"BEGIN:DAYLIGHT\r\nTZOFFSETFROM:+0100\r\nTZOFFSETTO:+0200\r\n"
		"TZNAME:CEST\r\nDTSTART:19700329T020000\r\n"
		"RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU\r\nEND:DAYLIGHT\r\n",
		"the minimal VTIMEZONE, as Google writes it"},
	    {"Asia/Kolkata", "2026-12-03T13:00:00Z",
		"DTSTART;TZID=Asia/Kolkata:20261203T183000\r\n",
		"a zone without summer time"},
	    {"Europe/Dublin", "2026-07-03T13:00:00Z",
		"BEGIN:DAYLIGHT\r\nTZOFFSETFROM:+0000\r\nTZOFFSETTO:+0100\r\n",
		"Dublin's negative summer time is turned round"},
	    {"America/Santiago", "2026-12-03T13:00:00Z",
		"DTSTART:20261203T130000Z\r\n",
		"a rule at 24:00 cannot be said plainly"},
	    {"Asia/Jerusalem", "2026-12-03T13:00:00Z",
		"DTSTART:20261203T130000Z\r\n", "nor one at 26:00"},
	    {"Africa/Casablanca", "2027-02-20T13:00:00Z",
		"DTSTART:20270220T130000Z\r\n",
		"Ramadan is in the list, not in the rule"},
	    {"Europe/Berlin", "2026-10-25T00:30:00Z",
		"DTSTART:20261025T003000Z\r\n",
		"a time that exists twice is sent as UTC"},
	    {"UTC", "2026-12-03T13:00:00Z", "DTSTART:20261203T130000Z\r\n",
		"UTC needs no zone"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct invite v = an_invite();
		struct span ics;

		v.start_unix = at(cases[i].start);
		v.end_unix = v.start_unix + HOUR;
		ics = written(&v, cases[i].zone);
		if (!span_has(ics, cases[i].has))
			fail_msg("%s: %s\n%.*s", cases[i].zone, cases[i].why,
			    (int)ics.n, ics.p);
		assert_true(span_has(ics, "BEGIN:VTIMEZONE") ==
			    span_has(ics, ";TZID="));
	}
}

static void
invite_refused(void **state)
{
	struct zone z = zone("Europe/Berlin");

	(void)state;
	for (int i = 0; i < 7; i++) {
		struct invite v = an_invite();
		struct err err = {0};
		struct span ics = SPAN("as it was");

		switch (i) {
		case 0:
			v.attendee_address = SPAN("a@b.example\r\nX:y");
			break;
		case 1:
			v.organizer_address = SPAN("nobody");
			break;
		case 2:
			v.uid = SPAN("two words@example.org");
			break;
		case 3:
			v.end_unix = v.start_unix;
			break;
		case 4:
			v.sequence = -1;
			break;
		case 5:
			v.start_unix = v.end_unix = INT64_C(99999999999);
			break;
		case 6:
			v.summary = SPAN("  ");
			break;
		}
		assert_int_equal(
		    cal_write_invite(&arena, &v, &z, &ics, &err), -1);
		assert_int_equal(err.kind, ERR_ITEM);
		assert_true(span_is(ics, "as it was"));
	}
}

/* Lines of 75 octets, whole letters, nothing blank, CR LF everywhere. */
static void
invite_folded(void **state)
{
	(void)state;
	for (size_t n = 0; n < 300; n++) {
		struct invite v = an_invite();
		struct str s;
		struct span ics, line;

		str_init(&s, &arena, 4096);
		for (size_t i = 0; i < n; i++)
			str_addz(&s, i % 7 == 3    ? "é"
				     : i % 11 == 5 ? "    "
						   : "x");
		str_addz(&s, "\r\nB, c; d\\ \x07 \xe2\x80\xa8 end   ");
		v.description = v.summary = v.attendee_name = str_span(&s);
		ics = written(&v, "Europe/Berlin");
		assert_true(span_ends(ics, "END:VCALENDAR\r\n"));
		while (ics.n > 0) {
			size_t end = span_find(ics, SPAN("\r\n"));

			line = span_sub(ics, 0, end);
			assert_true(line.n <= 75 && span_trim(line).n > 0);
			assert_true(utf8_valid(line));
			assert_int_equal(span_findc(line, '\n'), line.n);
			ics = span_skip(ics, end + 2);
		}
	}
}

/* libical as the judge of what we write. */
static void
invite_judged(void **state)
{
	static const enum invite_method methods[] = {
	    INVITE_REQUEST, INVITE_CANCEL};

	(void)state;
	for (int i = 0; i < 2; i++) {
		struct invite v = an_invite();
		struct span ics;
		icalcomponent *c, *e;

		v.method = methods[i];
		v.attendee_name = SPAN("O'Neil, \"Bob\" ^; \xc3\x84nn");
		v.description = SPAN("one\ntwo, three; four\\");
		ics = written(&v, "Europe/Berlin");
		c = icalparser_parse_string(arena_strdup(&arena, ics));
		assert_non_null(c);
		assert_int_equal(icalcomponent_count_errors(c), 0);
		assert_int_equal(icalrestriction_check(c), 1);
		e = icalcomponent_get_first_component(c, ICAL_VEVENT_COMPONENT);
		assert_string_equal(
		    icalcomponent_get_description(e), "one\ntwo, three; four/");
		icalcomponent_free(c);
	}
}

static void
invite_same_bytes(void **state)
{
	struct invite v = an_invite();

	(void)state;
	assert_true(span_eq(
	    written(&v, "Europe/Berlin"), written(&v, "Europe/Berlin")));
}

static void
feed_written(void **state)
{
	struct invite v[2] = {an_invite(), an_invite()};
	struct zone z = zone("America/New_York");
	struct err err = {0};
	struct span ics;
	struct busy *busy;
	size_t n;

	(void)state;
	v[1].uid = SPAN("s17-4.aaaaaaaa@rmail.example.org");
	v[1].start_unix += DAY;
	v[1].end_unix += DAY;
	assert_int_equal(cal_write_feed(&arena, v, 2, &z, &ics, &err), 0);
	assert_false(span_has(ics, "METHOD"));
	assert_false(span_has(ics, "ATTENDEE"));
	assert_int_equal(cal_read_feed(&arena, ics, &z, v[0].start_unix - DAY,
			     v[1].end_unix + DAY, &busy, &n, &err),
	    0);
	assert_int_equal(n, 2);
	assert_int_equal(busy[0].start_unix, v[0].start_unix);
	assert_int_equal(busy[1].end_unix, v[1].end_unix);
}

/* --- answers ------------------------------------------------------------- */

#define REPLY(method, lines)                           \
	"BEGIN:VCALENDAR\r\nVERSION:2.0\r\n" method    \
	"BEGIN:VEVENT\r\nUID:u1@example.org\r\n" lines \
	"END:VEVENT\r\nEND:VCALENDAR\r\n"

static void
answers(void **state)
{
	static const struct {
		const char *part, *parameter;
		enum cal_kind kind;
		enum partstat partstat;
		const char *attendee, *proposed, *why;
	} cases[] = {
	    {"<html>", "REPLY", CAL_NONE, 0, "", "", "no calendar"},
	    {REPLY("METHOD:REPLY\r\n",
		 "ATTENDEE;PARTSTAT=ACCEPTED:mailto:Ann@Example.com\r\n"),
		"", CAL_REPLY, PARTSTAT_ACCEPTED, "Ann@example.com", "",
		"no ORGANIZER, as Microsoft 365 answers"},
	    {REPLY("", "ATTENDEE;PARTSTAT=DECLINED:MAILTO:ann@example.com\n"),
		"reply", CAL_REPLY, PARTSTAT_DECLINED, "ann@example.com", "",
		"the parameter counts where the body has no METHOD"},
	    {REPLY("METHOD:COUNTER\r\n",
		 "ATTENDEE;PARTSTAT=TENTATIVE:mailto:ann@example.com\r\n"
		 "DTSTART:20261204T100000Z\r\nDTEND:20261204T110000Z\r\n"),
		"REPLY", CAL_PROPOSAL, PARTSTAT_TENTATIVE, "ann@example.com",
		"2026-12-04T10:00:00Z", "Google's wrong parameter"},
	    {REPLY("METHOD:REPLY\r\n",
		 "ATTENDEE;PARTSTAT=TENTATIVE;TO-ALL-PROPOSED-NEW-TIME=\"DTST"
		 "\r\n ART:20261225T083000Z;STATUS:;\":mailto:ann@example.com"
		 "\r\n"),
		"REPLY", CAL_PROPOSAL, PARTSTAT_TENTATIVE, "ann@example.com",
		"2026-12-25T08:30:00Z", "Apple's proposal, folded"},
	    {REPLY("METHOD:COUNTER\r\n",
		 "ATTENDEE;PARTSTAT=TENTATIVE:mailto:ann@example.com\r\n"
		 "DTSTART;TZID=\"W. Europe Standard Time\":20261204T100000\r\n"
		 "X-MS-OLK-ORIGINALSTART:20261203T130000Z\r\n"),
		"COUNTER", CAL_PROPOSAL, PARTSTAT_TENTATIVE, "ann@example.com",
		"2026-12-04T09:00:00Z", "Outlook's zone name"},
	    {REPLY("METHOD:REPLY\r\n",
		 "ATTENDEE;PARTSTAT=TENTATIVE;TO-ALL-PROPOSED-NEW-TIME=\"DTST"
		 "ART;TZID=Europe/Berlin:20261225T083000;STATUS:;\":mailto:ann@"
		 "example.com\r\n"),
		"REPLY", CAL_PROPOSAL, PARTSTAT_TENTATIVE, "ann@example.com",
		"2026-12-25T07:30:00Z", "Apple's proposal with a zone"},
	    {REPLY("METHOD:COUNTER\r\n",
		 "ATTENDEE;PARTSTAT=TENTATIVE:mailto:ann@example.com\r\n"
		 "DTSTART;TZID=Our Own Zone:20261204T100000\r\n"),
		"", CAL_PROPOSAL, PARTSTAT_TENTATIVE, "ann@example.com", "",
		"an unknown zone gives no instant"},
	    {"BEGIN:VCALENDAR\nMETHOD:COUNTER\nBEGIN:VTIMEZONE\nTZID:Fix\n"
	     "BEGIN:STANDARD\nTZOFFSETTO:+0300\nEND:STANDARD\n"
	     "END:VTIMEZONE\nBEGIN:VEVENT\nUID:u1\n"
	     "DTSTART;TZID=Fix:20261204T100000\n"
	     "ATTENDEE:mailto:ann@example.com\nEND:VEVENT\nEND:VCALENDAR\n",
		"", CAL_PROPOSAL, PARTSTAT_NONE, "ann@example.com",
		"2026-12-04T07:00:00Z", "a zone of one offset can be read"},
	    {"BEGIN:VCALENDAR\nMETHOD:COUNTER\nBEGIN:VTIMEZONE\nTZID:Fix\n"
	     "BEGIN:STANDARD\nTZOFFSETTO:+0300\nRRULE:FREQ=HOURLY\n"
	     "END:STANDARD\nEND:VTIMEZONE\nBEGIN:VEVENT\nUID:u1\n"
	     "DTSTART;TZID=Fix:20261204T100000\n"
	     "ATTENDEE:mailto:ann@example.com\nEND:VEVENT\nEND:VCALENDAR\n",
		"", CAL_PROPOSAL, PARTSTAT_NONE, "ann@example.com", "",
		"a zone with a rule is not evaluated"},
	    {REPLY("METHOD:REPLY\r\n",
		 "ATTENDEE;PARTSTAT=X-LATER:mailto:ann@example.com\r\n"
		 "BEGIN:VALARM\r\nATTENDEE;PARTSTAT=ACCEPTED:mailto:eve@x.y\r"
		 "\nUID:other\r\nEND:VALARM\r\n"),
		"", CAL_REPLY, PARTSTAT_NONE, "ann@example.com", "",
		"an alarm's lines are not the event's"},
	    {REPLY("METHOD:REQUEST\r\n",
		 "ATTENDEE;PARTSTAT=ACCEPTED:mailto:ann@example.com\r\n"),
		"REPLY", CAL_OTHER, PARTSTAT_ACCEPTED, "ann@example.com", "",
		"a REQUEST to us is no answer"},
	    {REPLY("METHOD:DECLINECOUNTER\r\n", ""), "", CAL_OTHER, 0, "", "",
		"nor this"},
	    {REPLY("METHOD:REPLY\r\n",
		 "END:VEVENT\r\nBEGIN:VEVENT\r\nUID:u2\r\n"),
		"", CAL_OTHER, 0, "", "", "two events are no answer"},
	    {REPLY("METHOD:REPLY\r\n", "ATTENDEE:mailto:\r\n"), "", CAL_REPLY,
		0, "", "", "nobody named: the sender is asked"},
	    {"BEGIN:VCALENDAR\nMETHOD:REPLY\nBEGIN:VEVENT\nEND:VEVENT\n"
	     "END:VCALENDAR\n",
		"", CAL_OTHER, 0, "", "", "no UID"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct cal_answer a;
		int64_t want =
		    cases[i].proposed[0] != '\0' ? at(cases[i].proposed) : 0;

		cal_read_answer(&arena, span_of(cases[i].part),
		    span_of(cases[i].parameter), &a);
		if (a.kind != cases[i].kind ||
		    a.partstat != cases[i].partstat ||
		    !span_is(a.attendee, cases[i].attendee) ||
		    a.proposed_start_unix != want)
			fail_msg("%s: kind %d partstat %d attendee %.*s "
				 "proposed %lld",
			    cases[i].why, (int)a.kind, (int)a.partstat,
			    (int)a.attendee.n, a.attendee.p,
			    (long long)a.proposed_start_unix);
	}
}

static void
answer_fields(void **state)
{
	struct cal_answer a;

	(void)state;
	cal_read_answer(&arena,
	    SPAN(REPLY("METHOD:REPLY\r\n",
		"SEQUENCE:2\r\nDTSTAMP:20261123T090000Z\r\n"
		"SUMMARY;LANGUAGE=fr:Accept\xc3\xa9 : a\\, b [RM-1-2]\r\n"
		"COMMENT;LANGUAGE=de:\\n\r\n"
		"ATTENDEE;SENT-BY=\"mailto:sec@example.com\";PARTSTAT=DELEGATED"
		";DELEGATED-TO=\"mailto:bob@example.com\";X-RESPONSE-COMMENT="
		"\"Not me: Bob\":mailto:ann@example.com\r\n"
		"ATTENDEE;DELEGATED-FROM=\"mailto:ann@example.com\":mailto:bob"
		"@example.com\r\n")),
	    SPAN(""), &a);
	assert_int_equal(a.kind, CAL_REPLY);
	assert_int_equal(a.sequence, 2);
	assert_int_equal(a.dtstamp_unix, at("2026-11-23T09:00:00Z"));
	assert_true(span_is(a.summary, "Accept\xc3\xa9 : a, b [RM-1-2]"));
	assert_true(span_is(a.comment, "Not me: Bob"));
	assert_true(span_is(a.sent_by, "sec@example.com"));
	assert_true(span_is(a.delegated_to, "bob@example.com"));
	assert_int_equal(a.partstat, PARTSTAT_DELEGATED);
	assert_int_equal(a.attendees_n, 2);
	assert_true(span_is(a.attendees[1], "bob@example.com"));
}

/* Each limit on both sides: at it is read, above it is no answer. */
static void
answer_limits(void **state)
{
	(void)state;
	for (int above = 0; above < 2; above++) {
		for (int kind = 0; kind < 4; kind++) {
			struct cal_answer a;
			struct str s;
			size_t n;

			str_init(&s, &arena, 2 * LIMIT_ICS_BYTES);
			str_addz(&s, "BEGIN:VCALENDAR\nMETHOD:REPLY\n"
				     "BEGIN:VEVENT\nUID:u1\n");
			if (kind == 0) {
				str_addz(&s, "X:");
				str_fill(&s, 'x', LIMIT_ICS_BYTES - 200);
				str_addc(&s, '\n');
			} else if (kind == 1) {
				n = LIMIT_ICS_DEPTH - 2 + above;
				for (size_t i = 0; i < n; i++)
					str_addz(&s, "BEGIN:X\n");
				for (size_t i = 0; i < n; i++)
					str_addz(&s, "END:X\n");
			} else if (kind == 2) {
				n = LIMIT_ICS_COMPONENTS - 2 + above;
				for (size_t i = 0; i < n; i++)
					str_addz(&s, "BEGIN:X\nEND:X\n");
			} else {
				n = LIMIT_ICS_LINES - 6 + above;
				for (size_t i = 0; i < n; i++)
					str_addz(&s, "X:y\n");
			}
			str_addz(&s, "END:VEVENT\nEND:VCALENDAR\n");
			if (kind == 0)
				str_fill(&s, '\n',
				    LIMIT_ICS_BYTES + (size_t)above - s.n);
			cal_read_answer(&arena, str_span(&s), SPAN(""), &a);
			if ((a.kind == CAL_REPLY) != !above)
				fail_msg("limit %d, above %d: kind %d", kind,
				    above, (int)a.kind);
		}
	}
}

static void
windows_names(void **state)
{
	(void)state;
	assert_true(span_is(cal_windows_zone(SPAN("W. Europe Standard Time")),
	    "Europe/Berlin"));
	assert_true(span_is(cal_windows_zone(SPAN("eastern standard time")),
	    "America/New_York"));
	assert_int_equal(cal_windows_zone(SPAN("Middle-earth")).n, 0);
}

/* --- feeds --------------------------------------------------------------- */

#define FEED(lines)                                          \
	"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:a\r\n" lines \
	"END:VEVENT\r\nEND:VCALENDAR\r\n"

static void
feeds(void **state)
{
	/* The window is 1 to 31 December 2026, the owner lives in Berlin. */
	static const struct {
		const char *feed, *want, *why;
	} cases[] = {
	    {FEED("DTSTART:20261203T130000Z\r\nDTEND:20261203T140000Z\r\n"),
		"03T13:00-03T14:00 ", "one event"},
	    {FEED("DTSTART:20261203T130000\r\nDURATION:PT90M\r\n"),
		"03T12:00-03T13:30 ", "floating is the owner's time"},
	    {FEED("DTSTART;VALUE=DATE:20261203\r\n"), "02T23:00-03T23:00 ",
		"a day is the owner's day"},
	    {FEED("DTSTART;TZID=Eastern Standard Time:20261203T130000\r\n"
		  "DTEND;TZID=Eastern Standard Time:20261203T140000\r\n"),
		"03T18:00-03T19:00 ", "a Windows zone without VTIMEZONE"},
	    {FEED("DTSTART:20261203T130000Z\r\nDTEND:20261203T140000Z\r\n"
		  "TRANSP:TRANSPARENT\r\n"),
		"", "transparent is free"},
	    {FEED("DTSTART:20261203T130000Z\r\nDTEND:20261203T140000Z\r\n"
		  "STATUS:CANCELLED\r\n"),
		"", "cancelled is free"},
	    {FEED("DTSTART:20261203T130000Z\r\nDTEND:20261203T140000Z\r\n"
		  "X-MICROSOFT-CDO-BUSYSTATUS:FREE\r\n"),
		"", "so is FREE"},
	    {FEED("DTSTART;TZID=Europe/Berlin:20150101T090000\r\n"
		  "DTEND;TZID=Europe/Berlin:20150101T100000\r\n"
		  "RRULE:FREQ=WEEKLY;BYDAY=TH;UNTIL=20261211T000000Z\r\n"
		  "EXDATE;TZID=Europe/Berlin:20261203T090000\r\n"),
		"10T08:00-10T09:00 ", "weekly since 2015, one taken out"},
	    {FEED("DTSTART:20261102T090000Z\r\nDTEND:20261102T100000Z\r\n"
		  "RRULE:FREQ=WEEKLY;COUNT=6\r\n"),
		"07T09:00-07T10:00 ", "the count is kept when skipping"},
	    {FEED("DTSTART:20261104T090000Z\r\nDTEND:20261104T100000Z\r\n"
		  "RRULE:FREQ=WEEKLY;BYDAY=MO,WE;COUNT=9\r\n"),
		"02T09:00-02T10:00 ", "in a week cut in two as well"},
	    {FEED("DTSTART:20261120T090000Z\r\nDTEND:20261120T100000Z\r\n"
		  "RRULE:FREQ=DAILY;COUNT=13\r\n"),
		"01T09:00-01T10:00 02T09:00-02T10:00 ", "daily by count"},
	    {FEED("DTSTART:20260105T090000Z\r\nDTEND:20260105T100000Z\r\n"
		  "RRULE:FREQ=MONTHLY;BYDAY=-1FR\r\n"),
		"25T09:00-25T10:00 ", "the last Friday"},
	    {FEED("DTSTART:20260131T090000Z\r\nDTEND:20260131T100000Z\r\n"
		  "RRULE:FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=2\r\n"),
		"02T09:00-02T10:00 ", "the second working day"},
	    {FEED("DTSTART;VALUE=DATE:19801224\r\n"
		  "RRULE:FREQ=YEARLY\r\n"),
		"23T23:00-24T23:00 ", "each year"},
	    {FEED("DTSTART;VALUE=DATE:19341224\r\nRRULE:FREQ=YEARLY\r\n"),
		"23T23:00-24T23:00 ", "since long before 1970"},
	    {FEED("DTSTART:20261201T000000Z\r\nDTEND:20261201T000100Z\r\n"
		  "RRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=31\r\n"),
		"01T00:00-01T00:01 ", "a day that never comes ends"},
	    {"BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:a\nDTSTART:20261201T090000Z\n"
	     "DURATION:PT1H\nRRULE:FREQ=WEEKLY;COUNT=3\nEND:VEVENT\n"
	     "BEGIN:VEVENT\nUID:a\nRECURRENCE-ID:20261208T090000Z\n"
	     "DTSTART:20261209T110000Z\nDURATION:PT1H\nEND:VEVENT\n"
	     "BEGIN:VEVENT\nUID:a\nRECURRENCE-ID:20261215T090000Z\n"
	     "DTSTART:20261215T090000Z\nDURATION:PT1H\nSTATUS:CANCELLED\n"
	     "END:VEVENT\nEND:VCALENDAR\n",
		"01T09:00-01T10:00 09T11:00-09T12:00 ",
		"overrides leave the series, a cancelled one for good"},
	    {"BEGIN:VCALENDAR\nBEGIN:VFREEBUSY\n"
	     "FREEBUSY;FBTYPE=BUSY:20261203T130000Z/PT1H,20261203T140000Z/"
	     "20261203T150000Z\nFREEBUSY;FBTYPE=FREE:20261204T130000Z/PT1H\n"
	     "END:VFREEBUSY\nEND:VCALENDAR\n",
		"03T13:00-03T15:00 ", "free/busy, merged where it touches"},
	    {FEED("DTSTART:20261203T130000Z\r\nDTEND:20261203T140000Z\r\n"
		  "RDATE:20261205T130000Z\r\n"),
		"03T13:00-03T14:00 05T13:00-05T14:00 ", "an extra date"},
	};
	struct zone berlin = zone("Europe/Berlin");

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct err err = {0};
		struct busy *b;
		struct str s;
		size_t n;

		if (cal_read_feed(&arena, span_of(cases[i].feed), &berlin,
			at("2026-12-01T00:00:00Z"), at("2026-12-31T00:00:00Z"),
			&b, &n, &err) < 0)
			fail_msg("%s: %s", cases[i].why, err.text);
		str_init(&s, &arena, 4096);
		for (size_t k = 0; k < n; k++) {
			struct civil f = civil_of_unix(b[k].start_unix);
			struct civil t = civil_of_unix(b[k].end_unix);

			str_addf(&s, "%02dT%02d:%02d-%02dT%02d:%02d ", f.day,
			    f.hour, f.minute, t.day, t.hour, t.minute);
		}
		if (!span_is(str_span(&s), cases[i].want))
			fail_msg("%s: want %s got %s", cases[i].why,
			    cases[i].want, s.p);
	}
}

static void
feeds_refused(void **state)
{
	static const char *const bad[] = {"", "<html>not found</html>",
	    "BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART:2026",
	    FEED("DTSTART:20261201T000000Z\r\nDURATION:PT1S\r\n"
		 "RRULE:FREQ=SECONDLY;BYMONTH=2;BYMONTHDAY=31;COUNT=9999\r\n")};
	struct zone utc = zone_utc();

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct err err = {0};
		struct busy *b;
		size_t n;
		int got = cal_read_feed(&arena, span_of(bad[i]), &utc,
		    at("2026-12-01T00:00:00Z"), at("2027-12-31T00:00:00Z"), &b,
		    &n, &err);

		if (got != -1 || err.kind != ERR_ITEM)
			fail_msg("%s", bad[i]);
	}
}

/* The size limit on both sides. */
static void
feed_size(void **state)
{
	struct zone utc = zone_utc();
	struct err err = {0};
	struct str s;
	struct busy *b;
	size_t n;

	(void)state;
	str_init(&s, &arena, LIMIT_FEED_BYTES + 1);
	str_addz(&s, "BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n");
	str_fill(&s, '\n', LIMIT_FEED_BYTES - s.n);
	assert_int_equal(
	    cal_read_feed(&arena, str_span(&s), &utc, 0, DAY, &b, &n, &err), 0);
	assert_int_equal(n, 0);
	str_addc(&s, '\n');
	assert_int_equal(
	    cal_read_feed(&arena, str_span(&s), &utc, 0, DAY, &b, &n, &err),
	    -1);
	assert_int_equal(err.kind, ERR_ITEM);
}

/* Weekly at 14:00 for three years: the same wall time, and back by reading. */
static void
three_years(void **state)
{
	static const char *const names[] = {"Europe/Berlin", "America/New_York",
	    "Asia/Kolkata", "Pacific/Chatham", "Australia/Lord_Howe"};

	(void)state;
	for (size_t i = 0; i < 5; i++) {
		struct zone z = zone(names[i]);
		int64_t day = civil_days(2026, 1, 7);

		for (int week = 0; week < 156; week++, day += 7) {
			struct invite v = an_invite();
			struct civil c = civil_of_days(day);
			struct err err = {0};
			struct span ics;
			struct busy *b;
			size_t n;

			c.hour = 14;
			assert_int_equal(
			    zone_unix(&z, &c, &v.start_unix), ZONE_ONCE);
			v.end_unix = v.start_unix + HOUR;
			ics = written(&v, names[i]);
			assert_true(span_has(ics, "T140000\r\n"));
			assert_int_equal(
			    cal_read_feed(&arena, ics, &z, v.start_unix - DAY,
				v.start_unix + DAY, &b, &n, &err),
			    0);
			assert_int_equal(n, 1);
			assert_int_equal(b[0].start_unix, v.start_unix);
			assert_int_equal(b[0].end_unix, v.end_unix);
		}
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(invite_lines),
	    cmocka_unit_test(invite_refused),
	    cmocka_unit_test(invite_folded),
	    cmocka_unit_test(invite_judged),
	    cmocka_unit_test(invite_same_bytes),
	    cmocka_unit_test(feed_written),
	    cmocka_unit_test(answers),
	    cmocka_unit_test(answer_fields),
	    cmocka_unit_test(answer_limits),
	    cmocka_unit_test(windows_names),
	    cmocka_unit_test(feeds),
	    cmocka_unit_test(feeds_refused),
	    cmocka_unit_test(feed_size),
	    cmocka_unit_test(three_years),
	};
	int bad;

	cmocka_set_message_output(CM_OUTPUT_TAP);
	arena_init(&arena);
	cal_prepare();
	bad = cmocka_run_group_tests(tests, NULL, NULL);
	arena_release(&arena);
	return bad;
}
