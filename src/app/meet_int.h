/* Shared by the files that plan sessions and agree on their times. */
#ifndef APP_MEET_INT_H
#define APP_MEET_INT_H

#include "app/app.h"
#include "plan/plan.h"

enum {
	OPTIONS_N = 3, /* times to choose from */
};

/* slot.number, where it is no number of an offer. */
enum {
	SLOT_REFUSED = 0, /* this start was declined */
	SLOT_WEEK = -1,   /* nothing in the week of it */
	SLOT_DAY = -2,    /* nothing on the day of it */
};

/* Everybody who was invited, whatever has become of them since. */
int session_invited(struct app *, const struct session *, struct person **,
    size_t *n, struct err *);
/* The question to plan/ for a time of this session. */
int session_ask(
    struct app *, const struct session *, struct plan_ask *, struct err *);
/* These times, in this order, in place of those offered before. */
int session_offer(struct app *, const struct session *,
    const struct slot_time *, size_t n, struct err *);
/* New times to choose from, as many as there are. */
int session_offer_new(struct app *, const struct session *, struct err *);

#endif
