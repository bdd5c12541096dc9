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
int form_reply(struct app *, struct inbound *, struct verdict *, struct err *);
int form_stop(struct app *, struct inbound *, struct err *);

#endif
