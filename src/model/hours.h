/*
 * The hours of a week in which somebody has time: half hours of local wall
 * time, Monday first, never instants (a time zone turns them into instants,
 * day by day, so that summer time cannot move them).
 */
#ifndef MODEL_HOURS_H
#define MODEL_HOURS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/span.h"

enum { HOURS_PER_DAY = 48 };

struct hours {
	uint64_t day[7]; /* Monday..Sunday; bit i = from i*30 minutes on */
};

/* weekday 1..7 (Monday first), minutes of the day 0..1440, step 30. */
void hours_add(struct hours *, int weekday, int from_minute, int to_minute);
bool hours_has(const struct hours *, int weekday, int from_minute,
    int to_minute);
bool hours_empty(const struct hours *);
/* Half hours in all, and in both. */
int hours_count(const struct hours *);
int hours_shared(const struct hours *, const struct hours *);
/* "1 09:00-12:00,14:00-17:00; 3 09:00-12:00": for the database. */
struct span hours_write(struct arena *, const struct hours *);
bool hours_parse(struct span, struct hours *);

#endif
