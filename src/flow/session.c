/*
 * A session's life.
 *
 *              slot                    all accept
 *   planned ----------> invited -----------------------> confirmed
 *     |  ^ options        |  ^ moved, common choice          |
 *     |  +-- declined ----+  |                               |
 *     +----> offered --------+          the end has passed   |
 *              ^                          +------------------+
 *              +-- declined too often     v        met
 *              (none of them: others)
 *                                        over -------------> held
 *   any before over --cancelled--> cancelled |               ^ met
 *                                            +--not met--> missed
 *
 * Invariants: invited and confirmed sessions have a start, an end and a
 * SEQUENCE that only grows; at most one session of a pair is before "over";
 * a session that is over is never moved or cancelled.
 */
#include "flow/flow.h"

static bool
tries_left(const struct flow_facts *f)
{
	return f->session->tries < f->tries;
}

/* So often that the pair does not find a time by itself. */
static bool
settling(const struct flow_facts *f)
{
	return f->session->tries < 2 * f->tries;
}

static bool
is_group(const struct flow_facts *f)
{
	return f->session->pair_id == 0;
}

/* The time that was declined still stands in somebody's calendar. */
static bool
in_calendars(const struct flow_facts *f)
{
	return f->session->sequence >= 0 && f->session->start_unix != 0;
}

static const struct flow_row rows[] = {
    {SESSION_PLANNED, EV_SLOT, NULL, SESSION_INVITED, DELAY_PREPARE,
	{FX_SEND_INVITES}},
    {SESSION_PLANNED, EV_OPTIONS, in_calendars, SESSION_OFFERED, DELAY_FIRST,
	{FX_CANCEL_INVITES, FX_SEND_OPTIONS}},
    {SESSION_PLANNED, EV_OPTIONS, NULL, SESSION_OFFERED, DELAY_FIRST,
	{FX_SEND_OPTIONS}},
    {SESSION_PLANNED, EV_NO_SLOT, in_calendars, SESSION_OFFERED, DELAY_FIRST,
	{FX_CANCEL_INVITES, FX_ASK_TIMES}},
    {SESSION_PLANNED, EV_NO_SLOT, NULL, SESSION_OFFERED, DELAY_FIRST,
	{FX_ASK_TIMES}},
    {SESSION_PLANNED, EV_MOVED, NULL, SESSION_INVITED, DELAY_PREPARE,
	{FX_SEND_INVITES}},

    {SESSION_OFFERED, EV_MOVED, NULL, SESSION_INVITED, DELAY_PREPARE,
	{FX_SEND_INVITES}},
    {SESSION_OFFERED, EV_SLOT, NULL, SESSION_INVITED, DELAY_PREPARE,
	{FX_SEND_INVITES}},
    {SESSION_OFFERED, EV_DECLINED, tries_left, FLOW_SAME, DELAY_FIRST,
	{FX_SEND_OPTIONS}},
    {SESSION_OFFERED, EV_DECLINED, settling, FLOW_SAME, DELAY_FIRST,
	{FX_ASK_TIMES}},
    {SESSION_OFFERED, EV_DECLINED, NULL, SESSION_CANCELLED, DELAY_NONE,
	{FX_NO_TIME_LEAD, FX_NEXT_SESSION}},
    {SESSION_OFFERED, EV_DUE, tries_left, FLOW_SAME, DELAY_AGAIN,
	{FX_SEND_OPTIONS}},
    {SESSION_OFFERED, EV_DUE, NULL, SESSION_CANCELLED, DELAY_NONE,
	{FX_NO_TIME_LEAD, FX_NEXT_SESSION}},

    {SESSION_INVITED, EV_ACCEPTED, NULL, SESSION_CONFIRMED, DELAY_KEEP, {0}},
    {SESSION_INVITED, EV_DECLINED, is_group, FLOW_SAME, DELAY_KEEP, {0}},
    {SESSION_CONFIRMED, EV_DECLINED, is_group, FLOW_SAME, DELAY_KEEP, {0}},
    {SESSION_INVITED, EV_DECLINED, tries_left, SESSION_PLANNED, DELAY_NOW, {0}},
    {SESSION_CONFIRMED, EV_DECLINED, tries_left, SESSION_PLANNED, DELAY_NOW,
	{0}},
    {SESSION_INVITED, EV_DECLINED, NULL, SESSION_OFFERED, DELAY_FIRST,
	{FX_CANCEL_INVITES, FX_SEND_OPTIONS}},
    {SESSION_CONFIRMED, EV_DECLINED, NULL, SESSION_OFFERED, DELAY_FIRST,
	{FX_CANCEL_INVITES, FX_SEND_OPTIONS}},
    {SESSION_INVITED, EV_MOVED, NULL, FLOW_SAME, DELAY_PREPARE,
	{FX_SEND_INVITES}},
    {SESSION_CONFIRMED, EV_MOVED, NULL, SESSION_INVITED, DELAY_PREPARE,
	{FX_SEND_INVITES}},
    {SESSION_INVITED, EV_PREPARE, NULL, FLOW_SAME, DELAY_OVER, {FX_PREPARE}},
    {SESSION_CONFIRMED, EV_PREPARE, NULL, FLOW_SAME, DELAY_OVER, {FX_PREPARE}},
    {SESSION_INVITED, EV_DUE, is_group, SESSION_HELD, DELAY_NONE, {0}},
    {SESSION_CONFIRMED, EV_DUE, is_group, SESSION_HELD, DELAY_NONE, {0}},
    {SESSION_INVITED, EV_DUE, NULL, SESSION_OVER, DELAY_NONE,
	{FX_CHECKIN, FX_NEXT_SESSION}},
    {SESSION_CONFIRMED, EV_DUE, NULL, SESSION_OVER, DELAY_NONE,
	{FX_CHECKIN, FX_NEXT_SESSION}},

    {SESSION_PLANNED, EV_CANCELLED, NULL, SESSION_CANCELLED, DELAY_NONE, {0}},
    {SESSION_OFFERED, EV_CANCELLED, NULL, SESSION_CANCELLED, DELAY_NONE, {0}},
    {SESSION_INVITED, EV_CANCELLED, NULL, SESSION_CANCELLED, DELAY_NONE,
	{FX_CANCEL_INVITES}},
    {SESSION_CONFIRMED, EV_CANCELLED, NULL, SESSION_CANCELLED, DELAY_NONE,
	{FX_CANCEL_INVITES}},

    {SESSION_OVER, EV_MET, NULL, SESSION_HELD, DELAY_NONE, {0}},
    {SESSION_MISSED, EV_MET, NULL, SESSION_HELD, DELAY_NONE,
	{FX_CONTRADICTION}},
    {SESSION_OVER, EV_NOT_MET, NULL, SESSION_MISSED, DELAY_NONE,
	{FX_REPLACE_SESSION}},
    {SESSION_HELD, EV_NOT_MET, NULL, FLOW_SAME, DELAY_NONE, {FX_CONTRADICTION}},
};

struct flow_step
session_step(enum session_state state, enum flow_event event,
    const struct flow_facts *facts)
{
	return flow_take(
	    rows, sizeof(rows) / sizeof(*rows), (int)state, event, facts);
}

const char *
session_check(const struct session *s)
{
	bool timed = s->state == SESSION_INVITED ||
		     s->state == SESSION_CONFIRMED ||
		     s->state == SESSION_OVER || s->state == SESSION_HELD ||
		     s->state == SESSION_MISSED;

	if (timed && (s->start_unix == 0 || s->end_unix <= s->start_unix))
		return "a session with an invite has no time";
	if (timed && s->sequence < 0)
		return "a session with a time was never sent";
	if ((s->state == SESSION_INVITED || s->state == SESSION_CONFIRMED) &&
	    s->due_unix == 0)
		return "a session to come that the clock has forgotten";
	return NULL;
}
