/*
 * Rows -> the structs of model/record.h.  Finders return 1, 0, -1.  Lists
 * are whole and in a fixed order.
 */
#ifndef STORE_RECORDS_H
#define STORE_RECORDS_H

#include "model/record.h"
#include "store/store.h"

int programme_load(
    struct store *, struct arena *, struct programme *, struct err *);

int person_find(
    struct store *, struct arena *, int64_t id, struct person *, struct err *);
/* By address key: own address, then aliases. */
int person_find_key(struct store *, struct arena *, struct span key,
    struct person *, struct err *);
/* The person whose assistant has this key (the first by id). */
int person_find_assistant(struct store *, struct arena *, struct span key,
    struct person *, struct err *);
int person_find_name(struct store *, struct arena *, struct span folded_name,
    struct person *, struct err *);
int persons(struct store *, struct arena *, enum query, struct person **,
    size_t *n, struct err *, int64_t argument);

int pair_find(
    struct store *, struct arena *, int64_t id, struct pair *, struct err *);
/* Queries with one integer argument (a person, a time, 0). */
int pairs(struct store *, struct arena *, enum query, struct pair **, size_t *n,
    struct err *, int64_t argument);

int session_find(
    struct store *, struct arena *, int64_t id, struct session *, struct err *);
int session_find_uid(struct store *, struct arena *, struct span uid,
    struct session *, struct err *);
int sessions(struct store *, struct arena *, enum query, struct session **,
    size_t *n, struct err *, int64_t argument);
int attendees(struct store *, struct arena *, int64_t session_id,
    struct attendee **, size_t *n, struct err *);

int form_find(struct store *, struct arena *, int64_t id, struct sent_form *,
    struct err *);
int forms(struct store *, struct arena *, enum query, struct sent_form **,
    size_t *n, struct err *, int64_t argument);

int thread_find(
    struct store *, struct arena *, int64_t id, struct thread *, struct err *);
int thread_find_code(struct store *, struct arena *, struct span code,
    struct thread *, struct err *);
int thread_find_object(struct store *, struct arena *, enum thread_kind,
    int64_t object_id, int64_t person_id, struct thread *, struct err *);

int inbox_find(
    struct store *, struct arena *, int64_t id, struct inbox *, struct err *);

#endif
