/* Shared by the files that read what participants write. */
#ifndef APP_SPOKEN_INT_H
#define APP_SPOKEN_INT_H

#include "app/app.h"

/* respond.c */
struct verdict verdict_handled(const char *reason);
/* The new text as a short answer, on the mail's day, in the sender's tongue. */
struct short_answer short_of(struct app *, const struct inbound *);
/* At most a few a day to one address, whatever comes. */
int may_answer(struct app *, struct span address, const char *template,
    bool *yes, struct err *);
/* The day of the mail in the sender's zone. */
struct civil mail_day(struct app *, const struct inbound *);
/* Answers the sender, within the daily bound; values may be NULL. */
int answer_send(struct app *, struct inbound *, const char *template,
    struct value *values, struct err *);
int answer_not_understood(
    struct app *, struct inbound *, struct verdict *, struct err *);

/* general.c */
/* Asks the owner at the known address; a yes there does it. */
int ask_owner(struct app *, const struct person *owner, const char *action,
    struct span argument, struct value *, struct err *);
int join(struct app *, struct inbound *, struct err *);
/* As a word of their own brings them in: EV_JOIN, or EV_APPLY to the lead. */
enum flow_event way_in(const struct app *, const struct person *);
/* Does nobody new come in any more? */
bool is_over(const struct app *);
/* 1 done, 0 not one of these words, -1. */
int general_word(
    struct app *, struct inbound *, const struct short_answer *, struct err *);

/* stranger.c */
int stranger(struct app *, struct inbound *, struct verdict *, struct err *);
int without_code(
    struct app *, struct inbound *, struct verdict *, struct err *);
int confirm_reply(struct app *, struct inbound *, const struct short_answer *,
    struct verdict *, struct err *);

/* agree.c */
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

/* answers.c */
int form_reply(struct app *, struct inbound *, struct verdict *, struct err *);
int form_stop(struct app *, struct inbound *, struct err *);

#endif
