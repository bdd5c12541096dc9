/* Between sending, what it leads to, and where it goes; private to app/. */
#ifndef APP_OUTBOX_INT_H
#define APP_OUTBOX_INT_H

#include "app/app.h"
#include "mailout/mailout.h"

/* --- sink: where mail goes ------------------------------------------------- */

/* With a journal unless it is a rehearsal; login and password not yet. */
struct mailout_settings sink_settings(struct app *);
/* Why a mail, or all of them, did not go; -1. */
int answer_err(const struct mailout_answer *, struct err *);

/* --- posted: what an answer leads to ---------------------------------------- */

struct domain {
	struct span name;
	int64_t taken;   /* by this run, and what was put off */
	int64_t refused; /* "too fast" and the like */
};
/* What this run has given to each domain of recipients. */
struct domains {
	struct arena *arena; /* lives as long */
	struct domain *list;
	size_t n;
};
struct domain *domain_of(struct domains *, struct span recipient);
/* When a mail to it may go: 0 now, else the time it is put off to. */
int64_t domain_turn(struct app *, struct domain *);
/* It has said "too fast" often enough. */
bool domain_rests(const struct domain *);
/* They ask for patience, not for another try. */
bool is_slow_down(const struct mailout_answer *);

/* Inside a transaction: the row, the person, the note for the lead. */
int posted(struct app *, const struct mailout_answer *, struct err *);

#endif
