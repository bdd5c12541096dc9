/* What the programme lead does about a mail. */
#include "play/play_int.h"

static void
command(struct play *p, const struct received *r, struct span text)
{
	struct sheet s = {.who = &p->lead,
	    .to = r,
	    .text = text,
	    .at_unix = act_when(p, &p->lead, "command", r->id)};

	pen_send(p, &s);
}

int
chief_on(struct play *p, struct received *r, struct err *err)
{
	(void)err;
	if (span_is(r->template, "proposal"))
		command(p, r, SPAN("approve"));
	return 0;
}
