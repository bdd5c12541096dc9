/*
 * plan: free slots of two (or many) calendars.  Pure; instants are UTC
 * seconds, hours are weekly wall times in each person's own zone.
 *
 *   file      purpose
 *   plan      candidates, ranking, reasons
 *   group     one slot for many people: the most of them can come
 */
#ifndef PLAN_PLAN_H
#define PLAN_PLAN_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/civil.h"
#include "base/zone.h"
#include "model/cal.h"
#include "model/hours.h"

struct plan_person {
	const struct zone *zone;
	struct hours hours;      /* when they have time */
	const struct busy *busy; /* sorted; invites, feeds, absences */
	size_t busy_n;
	bool senior; /* their preference counts first */
};

struct plan_ask {
	const struct plan_person *people;
	size_t people_n;
	const struct zone *zone;    /* the programme's, for holidays */
	const int64_t *closed_days; /* days since 1970 in that zone, sorted:
	                               holidays, blackout */
	size_t closed_n;
	int64_t now_unix;
	int64_t from_unix, to_unix; /* the window */
	int64_t target_unix;        /* as near to this as can be */
	int minutes;                /* length */
	int buffer_minutes;         /* kept free before and after */
	int notice_days;            /* working days from now */
	int64_t last_unix;          /* the session before, or 0 */
	const int64_t *refused;     /* start times that were declined */
	size_t refused_n;
};

enum plan_reason {
	PLAN_NEAR_TARGET = 1,
	PLAN_SAME_TIME = 2,  /* weekday and hour of the last session */
	PLAN_CORE_HOURS = 4, /* 10 to 16 for both */
};

struct slot_time {
	int64_t start_unix, end_unix;
	int score;
	unsigned reasons; /* enum plan_reason bits */
	int can_come;     /* group: how many have time */
};

/*
 * The best slots, best first, at most max, each on another day; returns how
 * many.  Never a slot that does not exist or exists twice in anybody's zone,
 * is in the past, or lies on a day that has a session.  Deterministic.
 */
size_t plan_slots(
    struct arena *, const struct plan_ask *, struct slot_time *out, size_t max);
/* For many people: the slot that suits most. */
bool plan_group(struct arena *, const struct plan_ask *, struct slot_time *);
/*
 * Is this time free for everybody?  (for counter-proposals)  Within hours,
 * not busy, an open day, not past, not refused; notice and window do not
 * count, since they asked for it themselves.  The session that is to be moved
 * must not be among their busy times.
 */
bool plan_free(const struct plan_ask *, int64_t start_unix, int64_t end_unix);

#endif
