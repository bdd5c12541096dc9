/* The one function that reads a table. */
#include "flow/flow.h"

#include <string.h>

#define EVENT_WORD(id, word) word,
static const char *const words[] = {FLOW_EVENTS(EVENT_WORD)};

const char *
flow_event_name(enum flow_event event)
{
	return words[event];
}

struct flow_step
flow_take(const struct flow_row *rows, size_t n, int state,
    enum flow_event event, const struct flow_facts *facts)
{
	struct flow_step step = {.next = state};

	for (size_t i = 0; i < n; i++) {
		const struct flow_row *r = &rows[i];

		if ((r->state != FLOW_ANY && r->state != state) ||
		    r->event != event || (r->guard != NULL && !r->guard(facts)))
			continue;
		step.known = true;
		if (r->next != FLOW_SAME)
			step.next = r->next;
		step.delay = r->delay;
		memcpy(step.effects, r->effects, sizeof(step.effects));
		return step;
	}
	return step;
}
