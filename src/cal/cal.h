/*
 * cal: iCalendar.  Invites out, answers in, busy feeds in.
 *
 *   file      purpose
 *   invite    struct invite -> bytes, folded and checked by ourselves
 *   tz        VTIMEZONE from a zone's POSIX footer; zones by name
 *   windows   Windows zone names -> IANA names (data)
 *   answer    a calendar part -> struct cal_answer (in the reader child)
 *   feed      a busy feed -> busy times (in the reader child)
 *   recur     recurrence rules, walked under a bound of work
 *   scan      limits on bytes, content lines, simple values
 *
 * libical does not read or write here, it judges in the tests: what an answer
 * needs is a few lines of text, and 3.0.16 hangs on hostile rules, drops
 * Apple's proposals, and folds some lines into a blank one.
 */
#ifndef CAL_CAL_H
#define CAL_CAL_H

#include "base/arena.h"
#include "base/err.h"
#include "base/span.h"
#include "base/zone.h"
#include "model/cal.h"

/* knowledge: calendar rules A1-A18.  Same invite, same bytes. */
int cal_write_invite(struct arena *, const struct invite *, const struct zone *,
    struct span *ics, struct err *);
/*
 * The given events for export and CalDAV: no METHOD (RFC 4791 4.1 forbids it)
 * and no people (a scheduling server would write to them).
 */
int cal_write_feed(struct arena *, const struct invite *, size_t n,
    const struct zone *, struct span *ics, struct err *);

/* --- in the reader child only ------------------------------------------- */

/*
 * Once, before the sandbox is shut: reads the system's time zones, which a
 * calendar part may name.  Without it no zone is known.
 */
void cal_prepare(void);
void cal_read_answer(struct arena *, struct span part,
    struct span method_parameter, struct cal_answer *out);
/* ERR_ITEM: no calendar, or over a limit of size, work or time. */
int cal_read_feed(struct arena *, struct span feed, const struct zone *owner,
    int64_t from_unix, int64_t to_unix, struct busy **out, size_t *n,
    struct err *);
/* The same, but what is marked as free counts: holidays are marked so. */
int cal_read_holidays(struct arena *, struct span feed,
    const struct zone *owner, int64_t from_unix, int64_t to_unix,
    struct busy **out, size_t *n, struct err *);
/* The IANA name of a Windows zone ("W. Europe Standard Time"), or "". */
struct span cal_windows_zone(struct span name);

#endif
