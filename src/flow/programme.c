/*
 * The programme's life.
 *
 *   setup --begin--> enrolling --first pairs--> running --close--> closing
 *                        |                      |    ^                |
 *                        +------- close --------+    midpoint         v
 *                                               |                   ended
 *                                               +-- rolling: runs on
 *
 * Invariants: nobody is invited in setup; matching rounds happen in
 * enrolling and running; nothing is sent by the clock in ended.
 */
#include "flow/flow.h"

static const struct flow_row rows[] = {
    {PROGRAMME_SETUP, EV_BEGIN, NULL, PROGRAMME_ENROLLING, DELAY_KEEP,
	{FX_INVITE_ALL}},
    {PROGRAMME_ENROLLING, EV_BEGIN, NULL, FLOW_SAME, DELAY_KEEP,
	{FX_INVITE_ALL}},
    {PROGRAMME_RUNNING, EV_BEGIN, NULL, FLOW_SAME, DELAY_KEEP, {FX_INVITE_ALL}},
    {PROGRAMME_SETUP, EV_PAIRED, NULL, PROGRAMME_RUNNING, DELAY_KEEP, {0}},
    {PROGRAMME_ENROLLING, EV_PAIRED, NULL, PROGRAMME_RUNNING, DELAY_KEEP, {0}},
    {PROGRAMME_RUNNING, EV_MIDPOINT, NULL, FLOW_SAME, DELAY_KEEP,
	{FX_MIDPOINT}},
    {PROGRAMME_ENROLLING, EV_CLOSE, NULL, PROGRAMME_CLOSING, DELAY_CLOSING,
	{FX_FINAL_SURVEYS}},
    {PROGRAMME_RUNNING, EV_CLOSE, NULL, PROGRAMME_CLOSING, DELAY_CLOSING,
	{FX_FINAL_SURVEYS}},
    {PROGRAMME_CLOSING, EV_DUE, NULL, PROGRAMME_ENDED, DELAY_NONE,
	{FX_FINAL_REPORT}},
};

struct flow_step
programme_step(enum programme_state state, enum flow_event event,
    const struct flow_facts *facts)
{
	return flow_take(
	    rows, sizeof(rows) / sizeof(*rows), (int)state, event, facts);
}
