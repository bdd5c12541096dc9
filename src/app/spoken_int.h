/* Shared by the files that read what participants write. */
#ifndef APP_SPOKEN_INT_H
#define APP_SPOKEN_INT_H

#include "app/app.h"

struct verdict verdict_handled(const char *reason);
/* The day of the mail in the sender's zone. */
struct civil mail_day(struct app *, const struct inbound *);
/* Answers the sender, within the daily bound; values may be NULL. */
int answer_send(struct app *, struct inbound *, const char *template,
    struct value *values, struct err *);
int answer_not_understood(
    struct app *, struct inbound *, struct verdict *, struct err *);
/* What an attendee said to the time that stands; a no seeks another. */
int session_record(struct app *, struct session *, struct attendee *list,
    size_t n, struct attendee *, enum partstat, struct err *);
int attendee_save(struct app *, const struct attendee *, struct err *);
/* An address that is invited, an alias, or an assistant's.  1, 0, -1. */
int attendee_by_key(struct app *, struct span key, struct attendee *list,
    size_t n, struct attendee **, struct err *);
/* Another time, as in->person asks for it. */
int session_propose(struct app *, struct inbound *, struct session *,
    int64_t start_unix, struct verdict *, struct err *);
int form_reply(struct app *, struct inbound *, struct verdict *, struct err *);
int form_stop(struct app *, struct inbound *, struct err *);

#endif
