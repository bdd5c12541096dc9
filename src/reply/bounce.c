/*
 * Bounces: delivery reports of RFC 3464, however loosely they keep to it,
 * and the message it is about.  Free-form ones are in freeform.c.
 */
#include <string.h>

#include "reply/bounce_int.h"

static struct span
without_angles(struct span s)
{
	size_t open = span_findc(s, '<');

	if (open == s.n)
		return span_trim(s);
	s = span_skip(s, open + 1);
	return span_trim(span_sub(s, 0, span_findc(s, '>')));
}

static struct span
original_id(const struct mail *m)
{
	struct span id = SPAN("");

	if (m->returned.present)
		id = without_angles(
		    bounce_header(m->returned.header, "Message-ID"));
	if (id.n == 0)
		id = without_angles(bounce_header(
		    m->report.disposition, "Original-Message-ID"));
	if (id.n == 0 && m->references_n > 0)
		id = m->references[0];
	return id;
}

/* A report of success alone, as some ask for: nobody has failed. */
static bool
has_arrived(struct span report)
{
	struct span line;
	bool arrived = false;

	while (span_line(&report, &line)) {
		struct span value = span_trim(span_skip(line, 7));

		if (!span_casestarts(line, "Action:"))
			continue;
		if (!bounce_is_success(value))
			return false;
		arrived = true;
	}
	return arrived;
}

void
bounce_read(struct arena *arena, const struct mail *m, struct reading *r)
{
	r->original_id = original_id(m);
	if (r->kind != MAIL_BOUNCE)
		return;
	bounce_groups(arena, m->report.delivery, r);
	if (r->bounced_n == 0)
		notice_read(arena, m, r);
	if (!has_arrived(m->report.delivery))
		freeform_read(arena, m, r);
}
