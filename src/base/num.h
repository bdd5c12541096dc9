/* Numbers from outside: the whole span must be a number within the bounds. */
#ifndef BASE_NUM_H
#define BASE_NUM_H

#include <stdbool.h>
#include <stdint.h>

#include "base/span.h"

/* Decimal, optional sign; false leaves *out alone. */
bool num_int(struct span, int64_t low, int64_t high, int64_t *out);
/* Decimal digits at the front; returns how many bytes were eaten (0 none). */
size_t num_lead(struct span, int64_t high, int64_t *out);
/*
 * "7 days", "4 weeks", "90 min", "2 h", "1 day": seconds.  Units: s sec
 * second(s), min minute(s), h hour(s), d day(s), w week(s).  A bare number
 * is refused: a unit says what is meant.
 */
bool num_duration(struct span, int64_t *seconds);
/* "10 MB", "64 KiB", "500": bytes. */
bool num_bytes(struct span, int64_t *bytes);

#endif
