/*
 * mime: raw mail -> struct mail, by libetpan, libxml2 and libytnef.  Runs
 * only in the reader child.
 *
 *   file      purpose
 *   mime      the whole: pre-scan, normalise, parse, collect
 *   scan      limits that are checked on bytes before any library (T14)
 *   header    header block repaired; fields, addresses, dates, RFC 2231/2047
 *   charset   bytes -> UTF-8: declared, then UTF-8, then windows-1252
 *   flowed    format=flowed with DelSp (RFC 3676)
 *   html      HTML -> text with marks (model/mail.h)
 *   tnef      winmail.dat: class, text
 *   report    delivery, disposition and feedback reports, returned mails
 */
#ifndef MIME_MIME_H
#define MIME_MIME_H

#include "base/arena.h"
#include "base/err.h"
#include "base/span.h"
#include "model/mail.h"

/* Opens the charset descriptors; once, before the sandbox is shut. */
void mime_prepare(void);
/*
 * Never fails: what cannot be read is said in mail.refused.  Calendar parts
 * are handed to `calendar` (may be NULL), best candidate first, until one
 * gives a kind other than CAL_NONE.
 */
typedef void mime_calendar_fn(struct arena *, struct span part,
    struct span method_parameter, struct cal_answer *out);
void mime_read(struct arena *, struct span raw, mime_calendar_fn *calendar,
    struct mail *out);
/* HTML alone, for tests and previews. */
struct span mime_html_text(struct arena *, struct span html);

#endif
