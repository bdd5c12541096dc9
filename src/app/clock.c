/* The system's clock: read once a run, here alone. */
#include <time.h>

#include "app/app.h"

int64_t
clock_now(void)
{
	return (int64_t)time(NULL);
}
