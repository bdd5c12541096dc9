/* Deaths on demand. */
#include "base/fault.h"

#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/num.h"

static int64_t passed;
static int64_t die_at;

void
fault_arm(int64_t nth)
{
	die_at = passed + nth;
}

void
fault_disarm(void)
{
	die_at = 0;
}

int64_t
fault_passed(void)
{
	return passed;
}

void
fault_point(const char *where)
{
	(void)where; /* read in a debugger */
	if (++passed == die_at)
		kill(getpid(), SIGKILL);
}

void
fault_from_environment(void)
{
	int64_t nth;

	if (num_int(span_of(getenv("RMAIL_FAULT_AT")), 1, INT64_MAX, &nth))
		fault_arm(nth);
}
