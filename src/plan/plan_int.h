/* The inside of plan/. */
#ifndef PLAN_INT_H
#define PLAN_INT_H

#include "plan/plan.h"

/*
 * The window as quarters of an hour: bit i is the quarter from
 * begin + i * 15 minutes on.  Every zone's offset is a multiple of a quarter
 * today; where one is not, only whole free quarters count.
 */
struct grid {
	int64_t begin;
	size_t n; /* quarters */
	int need; /* quarters of one session */
};

enum {
	QUARTER = 900,
	PLAN_DAYS_MAX = 400
};

/* False when the window is empty or the length is nonsense. */
bool grid_init(const struct plan_ask *, struct grid *);
size_t grid_words(const struct grid *);
/* The quarters in which this person has time. */
void grid_person(const struct grid *, const struct plan_ask *,
    const struct plan_person *, uint64_t *bits);
/* Turns free quarters into quarters at which a session can begin. */
void grid_starts(const struct grid *, uint64_t *bits);

/* Is the day of this time open, not of the last session, not refused? */
bool plan_day_open(const struct plan_ask *, int64_t start, int64_t end);
/* Both ends exist once in this zone, and no clock moves between. */
bool plan_steady(const struct zone *, int64_t start, int64_t end);
/* Score and reasons. */
void plan_rate(const struct plan_ask *, struct slot_time *);
/* The day number of an instant in the programme's zone. */
int64_t plan_day(const struct plan_ask *, int64_t t);

#endif
