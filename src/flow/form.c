/*
 * A survey that was sent to one person.
 *
 *   open --partly--> partial --answered--> answered
 *     |  \             | due, due, ...        ^
 *     |   +------------|----- answered -------+
 *     | due, due, ...  v                      |
 *     +------------> closed ---- answered ----+
 *   any --stop--> stopped
 *
 * Invariants: answers are stored in every state, whatever the reminders do;
 * the missing answers are asked for once; an answered form reminds nobody.
 */
#include "flow/flow.h"

static bool
may_remind(const struct flow_facts *f)
{
	return f->form->reminded < f->remind_times;
}

static bool
never_asked(const struct flow_facts *f)
{
	return f->form->asked_again == 0;
}

static const struct flow_row rows[] = {
    {FORM_OPEN, EV_ANSWERED, NULL, FORM_ANSWERED, DELAY_NONE, {0}},
    {FORM_PARTIAL, EV_ANSWERED, NULL, FORM_ANSWERED, DELAY_NONE, {0}},
    {FORM_CLOSED, EV_ANSWERED, NULL, FORM_ANSWERED, DELAY_NONE, {0}},
    {FORM_STOPPED, EV_ANSWERED, NULL, FORM_ANSWERED, DELAY_NONE, {0}},
    {FORM_OPEN, EV_PARTLY, never_asked, FORM_PARTIAL, DELAY_AGAIN,
	{FX_ASK_MISSING}},
    {FORM_OPEN, EV_PARTLY, NULL, FORM_PARTIAL, DELAY_AGAIN, {0}},
    {FORM_CLOSED, EV_PARTLY, never_asked, FORM_PARTIAL, DELAY_AGAIN,
	{FX_ASK_MISSING}},
    {FORM_OPEN, EV_DUE, may_remind, FLOW_SAME, DELAY_AGAIN, {FX_FORM_AGAIN}},
    {FORM_PARTIAL, EV_DUE, may_remind, FLOW_SAME, DELAY_AGAIN, {FX_FORM_AGAIN}},
    {FORM_OPEN, EV_DUE, NULL, FORM_CLOSED, DELAY_NONE, {0}},
    {FORM_PARTIAL, EV_DUE, NULL, FORM_CLOSED, DELAY_NONE, {0}},
    {FORM_OPEN, EV_STOP, NULL, FORM_STOPPED, DELAY_NONE, {0}},
    {FORM_PARTIAL, EV_STOP, NULL, FORM_STOPPED, DELAY_NONE, {0}},
    {FORM_OPEN, EV_END, NULL, FORM_CLOSED, DELAY_NONE, {0}},
    {FORM_PARTIAL, EV_END, NULL, FORM_CLOSED, DELAY_NONE, {0}},
};

struct flow_step
form_step(enum form_state state, enum flow_event event,
    const struct flow_facts *facts)
{
	return flow_take(
	    rows, sizeof(rows) / sizeof(*rows), (int)state, event, facts);
}

const char *
form_check(const struct sent_form *f)
{
	bool open = f->state == FORM_OPEN || f->state == FORM_PARTIAL;

	if (open && f->due_unix == 0)
		return "an open form that the clock has forgotten";
	if (!open && f->due_unix != 0)
		return "a form that is done has something due";
	if (f->state == FORM_ANSWERED && f->answered_unix == 0)
		return "an answered form without a time";
	return NULL;
}
