/* The matching problem, shared between the files that put it together. */
#ifndef APP_PROBLEM_INT_H
#define APP_PROBLEM_INT_H

#include "app/app.h"
#include "match/match.h"

/* Those of a person, found by number; NULL: not among the n first. */
struct match_person *problem_person(
    struct match_person *, size_t n, int64_t id);
/*
 * between.c: rules between two people, what stands, places that are taken.
 * The first `ready` people are in order of their numbers; rules and weights
 * are set.
 */
int problem_between(struct app *, struct arena *, struct match_problem *,
    struct match_person *, size_t ready, bool repair, struct err *);

#endif
