/* Shared by bounce.c (reports), freeform.c (texts) and notice.c (others). */
#ifndef REPLY_BOUNCE_INT_H
#define REPLY_BOUNCE_INT_H

#include "reply/reply_int.h"

/* recipient.c */
bool bounce_address(struct arena *, struct span value, struct span *out);
/* The first enhanced status code in the text, or "". */
struct span bounce_status(struct span);
/* The first SMTP code 4xx or 5xx, or 0. */
int bounce_code(struct span);
/* That recipient's entry, made when new; NULL when there are too many. */
struct bounced *bounce_add(
    struct arena *, struct reading *, struct span address);
/* Status and permanence from what the server said. */
void bounce_judge(struct arena *, struct bounced *, struct span diagnostic);
/* Fields of RFC 3464 anywhere in a text, one entry for each recipient. */
void bounce_groups(struct arena *, struct span text, struct reading *);
/* An Action field that tells of no failure. */
bool bounce_is_success(struct span action);
/* One field of a header block; "" when absent. */
struct span bounce_header(struct span header, const char *name);
/* notice.c */
/*
 * BOUNCE or FBL of a bounce in other clothes, AUTO_GENERATED of another notice
 * that a machine writes as JSON; else HUMAN: it cannot say.
 */
enum mail_kind notice_kind(struct arena *, const struct mail *);
void notice_read(struct arena *, const struct mail *, struct reading *);
/* Is the returned mail a bounce itself? */
bool notice_is_nested(const struct mail *);
/* freeform.c */
/* Adds what the report did not say. */
void freeform_read(struct arena *, const struct mail *, struct reading *);

#endif
