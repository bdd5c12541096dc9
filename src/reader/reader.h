/*
 * reader: the sandboxed child that turns a raw mail (or a busy feed) into
 * plain data, and tells what the mail says.  No byte of a mail's body is parsed in the process that holds
 * the database.
 *
 *   file      purpose
 *   reader    the parent's side: start, ask, time out, validate, restart
 *   child     the child's side: limits, seccomp, the loop
 *   record    struct mail, struct reading, struct busy lists <-> flat bytes
 *
 * One child serves many mails; it is started again after it dies.  Rlimits,
 * no new privileges, seccomp with default action EPERM, iconv descriptors
 * opened before the door is shut.
 */
#ifndef READER_READER_H
#define READER_READER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/span.h"
#include "base/zone.h"
#include "model/cal.h"
#include "model/mail.h"
#include "reply/reply.h"

struct reader; /* owns the child process */

/* The child is started at the first question.  Never NULL. */
struct reader *reader_open(struct arena *);
/* Ends the child (kills it if it does not go). */
void reader_close(struct reader *);

/*
 * Reads one raw mail, which arrived then (0 = unknown): "until Friday" in a
 * mail without a date counts from it.  0: *out is filled and validated (content over a limit
 * gives mail.refused, never an error).  -1 ERR_ITEM: this mail killed or
 * stalled the child, or its record was invalid; the next question starts a
 * new child.  -1 ERR_STOP: no child can be started.
 */
int reader_mail(struct reader *, struct arena *, struct span raw,
    int64_t arrived_unix, struct mail *out, struct reading *, struct err *);
/*
 * Two steps of the same, so that the child reads some mails while the parent
 * works on one: ask, work, take, in the same order.  After a take that failed
 * none is asked any more, and those behind it must be asked again.
 */
int reader_ask(
    struct reader *, struct span raw, int64_t arrived_unix, struct err *);
/* Can one of this size be asked now?  Always where none is. */
bool reader_room(const struct reader *, size_t bytes);
int reader_take(struct reader *, struct arena *, struct mail *out,
    struct reading *, struct err *);

/*
 * Busy times of an iCalendar feed between two instants; all-day and floating
 * times belong to the owner's zone.  Sorted, merged.
 */
int reader_busy(struct reader *, struct arena *, struct span feed,
    const struct zone *owner, int64_t from_unix, int64_t to_unix,
    struct busy **out, size_t *n, struct err *);

/* The same, but what is marked as free counts: holidays are marked so. */
int reader_holidays(struct reader *, struct arena *, struct span feed,
    const struct zone *owner, int64_t from_unix, int64_t to_unix,
    struct busy **out, size_t *n, struct err *);

/* "on" or why the sandbox is not complete; for `rmail check`. */
const char *reader_self_test(struct reader *, struct arena *);

#endif
