/*
 * A pair's life.
 *
 *   (approved by the lead)
 *        |
 *        v            both agree
 *   introduced ------------------------> active ----complete----> ended
 *        |   ^ resume (not yet agreed)   |    ^                     ^
 *        |   |                     pause |    | resume (agreed)     |
 *        |   +---------- paused <--------+----+                     |
 *        +------------------------- end / leave -------------------+
 *
 * Invariants: sessions are planned only in active; a paused or ended pair
 * has no session in the future; "stuck" and "not a fit" change no state,
 * reach only the lead, and leave nothing that the partner could see.
 */
#include "flow/flow.h"

static bool
both_agreed(const struct flow_facts *f)
{
	return f->pair->mentor_agreed_unix != 0 &&
	       f->pair->mentee_agreed_unix != 0;
}

static bool
may_nudge(const struct flow_facts *f)
{
	return f->pair->nudges < f->remind_times;
}

static bool
just_past_nudges(const struct flow_facts *f)
{
	return f->pair->nudges == f->remind_times;
}

static bool
training_left(const struct flow_facts *f)
{
	return f->pair->training < f->training_n;
}

static int64_t
silence(const struct flow_facts *f)
{
	return f->now_unix - f->pair->last_sign_unix;
}

/* First a flag in the digest, a week later a mail to both, then the lead. */
static bool
silent_flag(const struct flow_facts *f)
{
	return f->pair->flag.n == 0 && silence(f) >= f->silence_seconds;
}

static bool
silent_ask(const struct flow_facts *f)
{
	return span_is(f->pair->flag, "silent") &&
	       silence(f) >= f->silence_seconds + 7 * 86400;
}

static bool
silent_tell(const struct flow_facts *f)
{
	return span_is(f->pair->flag, "asked") &&
	       silence(f) >= f->silence_seconds + 14 * 86400;
}

static bool
runs_on(const struct flow_facts *f)
{
	return f->rolling;
}

static const struct flow_row rows[] = {
    {PAIR_INTRODUCED, EV_AGREED, both_agreed, PAIR_ACTIVE, DELAY_CARE,
	{FX_TRAINING, FX_BEGIN_SESSIONS}},
    {PAIR_INTRODUCED, EV_AGREED, NULL, FLOW_SAME, DELAY_KEEP, {0}},
    {PAIR_INTRODUCED, EV_DUE, may_nudge, FLOW_SAME, DELAY_AGAIN,
	{FX_RULES_AGAIN}},
    {PAIR_INTRODUCED, EV_DUE, just_past_nudges, FLOW_SAME, DELAY_AGAIN,
	{FX_RULES_LEAD}},
    {PAIR_INTRODUCED, EV_DUE, NULL, FLOW_SAME, DELAY_NONE, {0}},

    {PAIR_ACTIVE, EV_DUE, silent_tell, FLOW_SAME, DELAY_CARE, {FX_SILENT_LEAD}},
    {PAIR_ACTIVE, EV_DUE, silent_ask, FLOW_SAME, DELAY_CARE, {FX_ASK_BOTH}},
    {PAIR_ACTIVE, EV_DUE, silent_flag, FLOW_SAME, DELAY_CARE, {FX_FLAG_SILENT}},
    {PAIR_ACTIVE, EV_DUE, training_left, FLOW_SAME, DELAY_CARE, {FX_TRAINING}},
    {PAIR_ACTIVE, EV_DUE, NULL, FLOW_SAME, DELAY_CARE, {0}},
    {PAIR_ACTIVE, EV_SIGN, NULL, FLOW_SAME, DELAY_KEEP, {FX_CLEAR_FLAG}},

    {PAIR_ACTIVE, EV_PAUSE, NULL, PAIR_PAUSED, DELAY_NONE,
	{FX_CANCEL_SESSIONS, FX_PARTNER_PAUSED}},
    {PAIR_INTRODUCED, EV_PAUSE, NULL, PAIR_PAUSED, DELAY_NONE,
	{FX_PARTNER_PAUSED}},
    {PAIR_PAUSED, EV_RESUME, both_agreed, PAIR_ACTIVE, DELAY_CARE,
	{FX_PARTNER_BACK, FX_BEGIN_SESSIONS}},
    {PAIR_PAUSED, EV_RESUME, NULL, PAIR_INTRODUCED, DELAY_NOW,
	{FX_PARTNER_BACK}},

    {PAIR_ENDED, EV_STUCK, NULL, FLOW_SAME, DELAY_KEEP, {FX_STUCK_LEAD}},
    {FLOW_ANY, EV_STUCK, NULL, FLOW_SAME, DELAY_KEEP, {FX_STUCK_LEAD}},
    {PAIR_ENDED, EV_NOT_A_FIT, NULL, FLOW_SAME, DELAY_KEEP, {0}},
    {FLOW_ANY, EV_NOT_A_FIT, NULL, FLOW_SAME, DELAY_KEEP, {FX_FIT_LEAD}},

    {PAIR_ENDED, EV_END, NULL, FLOW_SAME, DELAY_NONE, {0}},
    {FLOW_ANY, EV_END, NULL, PAIR_ENDED, DELAY_NONE,
	{FX_CANCEL_SESSIONS, FX_PAIR_ENDED}},
    {PAIR_ENDED, EV_COMPLETE, NULL, FLOW_SAME, DELAY_NONE, {0}},
    {PAIR_ACTIVE, EV_COMPLETE, runs_on, PAIR_ENDED, DELAY_NONE,
	{FX_CANCEL_SESSIONS, FX_PAIR_COMPLETE}},
    {FLOW_ANY, EV_COMPLETE, NULL, PAIR_ENDED, DELAY_NONE, {FX_CANCEL_SESSIONS}},
};

struct flow_step
pair_step(enum pair_state state, enum flow_event event,
    const struct flow_facts *facts)
{
	return flow_take(
	    rows, sizeof(rows) / sizeof(*rows), (int)state, event, facts);
}

const char *
pair_check(const struct pair *p)
{
	bool agreed = p->mentor_agreed_unix != 0 && p->mentee_agreed_unix != 0;

	if (p->mentor_id == p->mentee_id)
		return "a pair of one person";
	if (p->state == PAIR_ACTIVE && !agreed)
		return "an active pair has not agreed the ground rules";
	if (p->state == PAIR_INTRODUCED && agreed)
		return "a pair that has agreed is not active";
	if (p->state == PAIR_ENDED && (p->due_unix != 0 || p->ended_unix == 0))
		return "an ended pair has something due, or no end";
	if (p->state == PAIR_ACTIVE && p->due_unix == 0)
		return "an active pair that nobody looks after";
	return NULL;
}
