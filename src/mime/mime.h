/*
 * mime: raw mail -> struct mail, by libetpan, libxml2 and libytnef.  Runs
 * only in the reader child.
 *
 *   file      purpose
 *   mime      the whole: header, parts, texts, attachments, calendar
 *   scan      lines, and counts that are taken before any library (T14)
 *   header    header blocks taken apart, however broken
 *   content   Content-Type and its parameters, RFC 2231
 *   word      encoded words, RFC 2047
 *   mailbox   address lists and message identifiers
 *   part      the tree of parts by libetpan, and what it is given to read
 *   body      which parts are the text, joined
 *   transfer  quoted-printable and base64 gone wrong
 *   charset   bytes -> UTF-8: declared, then UTF-8, then windows-1252
 *   flowed    format=flowed with DelSp (RFC 3676)
 *   html      HTML -> text with marks (model/mail.h)
 *   html_mark the marks that mail programs leave in HTML
 *   html_trim HTML relieved of what libxml2 cannot digest
 *   tnef      winmail.dat: class, text
 *   rtf       RTF -> text, for winmail.dat
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
 * gives a kind other than CAL_NONE; an answer goes before its equals.
 */
typedef void mime_calendar_fn(struct arena *, struct span part,
    struct span method_parameter, struct cal_answer *out);
void mime_read(struct arena *, struct span raw, mime_calendar_fn *calendar,
    struct mail *out);
/* HTML alone, for tests and previews. */
struct span mime_html_text(struct arena *, struct span html);

#endif
