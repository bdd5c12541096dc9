/*
 * Where the tests may kill us.  fault_point() stands before and after every
 * commit, file write, rename and send; the simulator arms it in a child
 * process and looks at what is left.  Disarmed it costs one comparison.
 */
#ifndef BASE_FAULT_H
#define BASE_FAULT_H

#include <stdint.h>

/* The process dies by SIGKILL at the nth point from now (1 = the next). */
void fault_arm(int64_t nth);
void fault_disarm(void);
/* How many points have been passed since the process began. */
int64_t fault_passed(void);
/* `where` says what is about to happen or just has; for the test's report. */
void fault_point(const char *where);
/*
 * Reads RMAIL_FAULT_AT from the environment, for tests that run the real
 * binary: a number as for fault_arm.  No-op when it is not set.
 */
void fault_from_environment(void);

#endif
