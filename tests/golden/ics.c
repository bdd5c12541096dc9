/* Calendar parts as clients send them -> what they answer. */
#include "golden/golden.h"

#include "base/civil.h"
#include "cal/cal.h"

static void
field(struct str *out, const char *name, struct span v)
{
	if (v.n > 0)
		str_addf(out, "%s: %.*s\n", name, (int)v.n, v.p);
}

static void
ics(struct arena *arena, const char *path, struct span in, struct str *out)
{
	static const char *const kinds[] = {
	    "none", "reply", "proposal", "other"};
	struct cal_answer a;

	(void)path;
	cal_prepare();
	/* The parameter says REPLY throughout, as Google's does wrongly. */
	cal_read_answer(arena, in, SPAN("REPLY"), &a);
	str_addf(out, "kind: %s\n", kinds[a.kind]);
	field(out, "method", a.method);
	field(out, "uid", a.uid);
	str_addf(out, "sequence: %lld\n", (long long)a.sequence);
	if (a.dtstamp_unix != 0)
		field(
		    out, "dtstamp", civil_write_instant(arena, a.dtstamp_unix));
	field(out, "attendee", a.attendee);
	field(out, "partstat", span_of(partstat_name(a.partstat)));
	field(out, "sent-by", a.sent_by);
	field(out, "delegated-to", a.delegated_to);
	for (uint32_t i = 0; i < a.attendees_n; i++)
		str_addf(out, "of: %.*s %s\n", (int)a.attendees[i].n,
		    a.attendees[i].p, partstat_name(a.partstats[i]));
	if (a.proposed_start_unix != 0)
		field(out, "start",
		    civil_write_instant(arena, a.proposed_start_unix));
	if (a.proposed_end_unix != 0)
		field(out, "end",
		    civil_write_instant(arena, a.proposed_end_unix));
	field(out, "start as written", a.proposed_text);
	field(out, "summary", a.summary);
	field(out, "comment", a.comment);
}

int
main(void)
{
	return golden_main("ics", ics);
}
