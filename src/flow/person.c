/*
 * A person's life in the programme.
 *
 *   known --invite--> invited --join--> asked --enrolled--> ready
 *     |                 | no               ^                 |  ^
 *     +--join-----------|------------------+      pause      v  | resume
 *     |                 v                  |               paused
 *     +--apply--> applied --admit----------+
 *                    | refuse
 *                    v
 *                 declined                 any --leave--> left
 *
 * Invariants: ready persons have a complete sign-up survey and a role;
 * nobody but ready ones is matched; left, declined and erased ones get no
 * mail by the clock.  Everybody may join again.
 */
#include "flow/flow.h"

static bool
may_remind(const struct flow_facts *f)
{
	return f->person->reminded < f->remind_times;
}

static bool
was_ready(const struct flow_facts *f)
{
	return span_is(f->person->paused_from, "ready");
}

static bool
was_asked(const struct flow_facts *f)
{
	return span_is(f->person->paused_from, "asked");
}

static const struct flow_row rows[] = {
    {PERSON_KNOWN, EV_INVITE, NULL, PERSON_INVITED, DELAY_INVITE,
	{FX_INVITATION}},
    {PERSON_DECLINED, EV_INVITE, NULL, PERSON_INVITED, DELAY_INVITE,
	{FX_INVITATION}},
    {PERSON_LEFT, EV_INVITE, NULL, PERSON_INVITED, DELAY_INVITE,
	{FX_INVITATION}},
    {PERSON_INVITED, EV_DUE, may_remind, FLOW_SAME, DELAY_INVITE,
	{FX_INVITATION}},
    {PERSON_INVITED, EV_DUE, NULL, FLOW_SAME, DELAY_NONE, {0}},

    {PERSON_KNOWN, EV_JOIN, NULL, PERSON_ASKED, DELAY_NONE, {FX_SIGNUP}},
    {PERSON_INVITED, EV_JOIN, NULL, PERSON_ASKED, DELAY_NONE, {FX_SIGNUP}},
    {PERSON_APPLIED, EV_ADMIT, NULL, PERSON_ASKED, DELAY_NONE, {FX_SIGNUP}},
    {PERSON_DECLINED, EV_JOIN, NULL, PERSON_ASKED, DELAY_NONE, {FX_SIGNUP}},
    {PERSON_LEFT, EV_JOIN, NULL, PERSON_ASKED, DELAY_NONE, {FX_SIGNUP}},
    {PERSON_ASKED, EV_JOIN, NULL, FLOW_SAME, DELAY_NONE, {FX_SIGNUP}},
    {PERSON_PAUSED, EV_JOIN, was_ready, PERSON_READY, DELAY_NONE,
	{FX_RESUME_PAIRS, FX_RESUMED_NOTED}},

    {PERSON_KNOWN, EV_APPLY, NULL, PERSON_APPLIED, DELAY_NONE,
	{FX_APPLY_NOTED, FX_APPLY_LEAD}},
    {PERSON_DECLINED, EV_APPLY, NULL, PERSON_APPLIED, DELAY_NONE,
	{FX_APPLY_NOTED, FX_APPLY_LEAD}},
    {PERSON_LEFT, EV_APPLY, NULL, PERSON_APPLIED, DELAY_NONE,
	{FX_APPLY_NOTED, FX_APPLY_LEAD}},
    {PERSON_APPLIED, EV_REFUSE, NULL, PERSON_DECLINED, DELAY_NONE,
	{FX_REFUSED}},
    {PERSON_KNOWN, EV_ADMIT, NULL, PERSON_ASKED, DELAY_NONE, {FX_SIGNUP}},

    {PERSON_INVITED, EV_NO, NULL, PERSON_DECLINED, DELAY_NONE,
	{FX_DECLINED_NOTED}},
    {PERSON_ASKED, EV_NO, NULL, PERSON_DECLINED, DELAY_NONE,
	{FX_CLOSE_FORMS, FX_DECLINED_NOTED}},
    {PERSON_APPLIED, EV_NO, NULL, PERSON_DECLINED, DELAY_NONE,
	{FX_DECLINED_NOTED}},

    {PERSON_ASKED, EV_ENROLLED, NULL, PERSON_READY, DELAY_NONE, {FX_WELCOME}},

    {PERSON_READY, EV_PAUSE, NULL, PERSON_PAUSED, DELAY_UNTIL,
	{FX_PAUSE_PAIRS, FX_PAUSED_NOTED}},
    {PERSON_ASKED, EV_PAUSE, NULL, PERSON_PAUSED, DELAY_UNTIL,
	{FX_PAUSED_NOTED}},
    {PERSON_INVITED, EV_PAUSE, NULL, PERSON_PAUSED, DELAY_UNTIL,
	{FX_PAUSED_NOTED}},
    {PERSON_PAUSED, EV_PAUSE, NULL, FLOW_SAME, DELAY_UNTIL, {FX_PAUSED_NOTED}},
    {PERSON_PAUSED, EV_RESUME, was_ready, PERSON_READY, DELAY_NONE,
	{FX_RESUME_PAIRS, FX_RESUMED_NOTED}},
    {PERSON_PAUSED, EV_DUE, was_ready, PERSON_READY, DELAY_NONE,
	{FX_RESUME_PAIRS, FX_RESUMED_NOTED}},
    {PERSON_PAUSED, EV_RESUME, was_asked, PERSON_ASKED, DELAY_NONE,
	{FX_SIGNUP}},
    {PERSON_PAUSED, EV_DUE, was_asked, PERSON_ASKED, DELAY_NONE, {FX_SIGNUP}},
    {PERSON_PAUSED, EV_RESUME, NULL, PERSON_INVITED, DELAY_INVITE,
	{FX_INVITATION}},
    {PERSON_PAUSED, EV_DUE, NULL, PERSON_INVITED, DELAY_INVITE,
	{FX_INVITATION}},

    {PERSON_LEFT, EV_LEAVE, NULL, FLOW_SAME, DELAY_NONE, {0}},
    {PERSON_ERASED, EV_LEAVE, NULL, FLOW_SAME, DELAY_NONE, {0}},
    {PERSON_READY, EV_LEAVE, NULL, PERSON_LEFT, DELAY_NONE,
	{FX_CLOSE_FORMS, FX_END_PAIRS, FX_GOODBYE, FX_LEFT_LEAD}},
    {PERSON_PAUSED, EV_LEAVE, NULL, PERSON_LEFT, DELAY_NONE,
	{FX_CLOSE_FORMS, FX_END_PAIRS, FX_GOODBYE, FX_LEFT_LEAD}},
    {FLOW_ANY, EV_LEAVE, NULL, PERSON_LEFT, DELAY_NONE,
	{FX_CLOSE_FORMS, FX_GOODBYE}},

    {FLOW_ANY, EV_ERASE, NULL, PERSON_ERASED, DELAY_NONE,
	{FX_CLOSE_FORMS, FX_END_PAIRS}},
};

struct flow_step
person_step(enum person_state state, enum flow_event event,
    const struct flow_facts *facts)
{
	return flow_take(
	    rows, sizeof(rows) / sizeof(*rows), (int)state, event, facts);
}

const char *
person_check(const struct person *p)
{
	if (p->state == PERSON_READY && !p->mentor && !p->mentee)
		return "a ready person has no role";
	if (p->state == PERSON_READY && p->ready_unix == 0)
		return "a ready person was never enrolled";
	if (p->state == PERSON_PAUSED && p->paused_from.n == 0)
		return "a paused person has nothing to come back to";
	if ((p->state == PERSON_LEFT || p->state == PERSON_DECLINED ||
		p->state == PERSON_ERASED) &&
	    p->due_unix != 0)
		return "a person who is gone has something due";
	if (p->state == PERSON_ERASED && (p->name.n > 0 || p->level != 0))
		return "an erased person has left traces";
	return NULL;
}
