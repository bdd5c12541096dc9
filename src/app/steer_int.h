/*
 * The lead's commands, shared between the files that carry them out.  Each
 * says what it did, as a line of the transcript, and returns 0; -1 is our own
 * trouble, never the lead's.
 */
#ifndef APP_STEER_INT_H
#define APP_STEER_INT_H

#include "app/app.h"

struct steer {
	struct app *app;
	const struct inbound *in;
	int64_t round_id; /* the proposal that waits and is answered, or 0 */
	bool replaced;    /* a newer one waits than is answered */
	int64_t waiting;  /* that newer one */
	struct value *lines;
	int errors;
	bool repair;    /* the proposal that waits is one */
	bool confirmed; /* the line in hand has been */
	bool asked;     /* a line above waits for its word */
	bool changed;   /* rules: a waiting proposal is made anew */
	const struct words *words;
};

/* steer_say.c */
/* What a command did, as a phrase of the words file. */
int steer_say(struct steer *, const struct command *, bool ok, const char *key,
    const struct fill *, size_t n);
int steer_wrong(
    struct steer *, const struct command *, const char *key, struct span what);
int steer_done(
    struct steer *, const struct command *, const char *key, struct span what);
struct span person_called(const struct person *);
/* The i-th word of a command as a person; 1, 0 told that nobody is, -1. */
int steer_who(struct steer *, const struct command *, uint32_t i,
    struct person *, struct err *);
/* Two people of a command, sorted into mentor and mentee; 1, 0 told, -1. */
int steer_two(struct steer *, const struct command *, struct person *mentor,
    struct person *mentee, struct err *);

/* steer_round.c */
int steer_approve(struct steer *, const struct command *, struct err *);
int steer_reject(struct steer *, const struct command *, struct err *);
int steer_lock(struct steer *, const struct command *, struct err *);
int steer_unlock(struct steer *, const struct command *, struct err *);
int steer_exclude(struct steer *, const struct command *, struct err *);
int steer_match(struct steer *, const struct command *, struct err *);
int steer_why(struct steer *, const struct command *, struct err *);
int steer_swap(struct steer *, const struct command *, struct err *);
/* A newer proposal is out than the one that this mail answers. */
void steer_renewed(struct steer *);
/* Which proposal waits, and whether this mail answers an older one. */
int steer_round(struct steer *, struct err *);

/*
 * A lock or an exclusion of two, or (no mentee) other places for one; with a
 * second pair, locks of both.
 */
struct steer_change {
	const struct person *mentor, *mentee;
	const struct person *other_mentor, *other_mentee;
	bool lock;
	int64_t places;
};
/*
 * steer_cost.c: 1 it may be done: it was confirmed, or moves nobody (then
 * *cost says so); 0 the lead was told what it costs and asked; -1.  `line` is
 * what counts once it is confirmed.
 */
int steer_cost(struct steer *, const struct command *,
    const struct steer_change *, struct span line, struct span *cost,
    struct err *);
/* What was done, and what it costs. */
int steer_done_cost(struct steer *, const struct command *, const char *key,
    struct span what, struct span cost);

/* steer_people.c */
int steer_people(struct steer *, const struct command *, struct err *);
int steer_capacity(struct steer *, const struct command *, struct err *);
int steer_end(struct steer *, const struct command *, bool again, struct err *);
/* Those that cannot be taken back: what would happen, and a word for it. */
bool steer_is_dangerous(enum verb);
int steer_ask_first(struct steer *, const struct command *, struct err *);
int steer_show(struct steer *, const struct command *, struct err *);
int steer_quarantine(struct steer *, const struct command *, struct err *);

#endif
