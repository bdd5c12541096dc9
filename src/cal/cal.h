/*
 * cal: libical.  Invites out, answers in, busy feeds in.
 *
 *   file      purpose
 *   invite    struct invite -> bytes, folded and checked by ourselves
 *   tz        VTIMEZONE from a zone's POSIX footer; Windows zone names
 *   answer    a calendar part -> struct cal_answer (in the reader child)
 *   feed      a busy feed -> busy times (in the reader child)
 *   scan      limits on bytes before libical sees them
 */
#ifndef CAL_CAL_H
#define CAL_CAL_H

#include "base/arena.h"
#include "base/err.h"
#include "base/span.h"
#include "base/zone.h"
#include "model/cal.h"

/* knowledge: calendar rules A1-A18.  Same invite, same bytes. */
int cal_write_invite(struct arena *, const struct invite *,
    const struct zone *, struct span *ics, struct err *);
/* A feed of the given events (METHOD:PUBLISH), for export and CalDAV. */
int cal_write_feed(struct arena *, const struct invite *, size_t n,
    const struct zone *, struct span *ics, struct err *);

/* --- in the reader child only ------------------------------------------- */

/* Once, before anything else of libical. */
void cal_prepare(void);
void cal_read_answer(struct arena *, struct span part,
    struct span method_parameter, struct cal_answer *out);
/* ERR_ITEM: no calendar, or over a limit of size, work or time. */
int cal_read_feed(struct arena *, struct span feed, const struct zone *owner,
    int64_t from_unix, int64_t to_unix, struct busy **out, size_t *n,
    struct err *);
/* The IANA name of a Windows zone ("W. Europe Standard Time"), or "". */
struct span cal_windows_zone(struct span name);

#endif
