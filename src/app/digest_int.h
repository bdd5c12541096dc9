/*
 * Shared by digest.c, decide.c, aims.c and ahead.c: a digest while it is
 * written.
 */
#ifndef APP_DIGEST_INT_H
#define APP_DIGEST_INT_H

#include "app/app.h"

enum {
	DIGEST_NAMES = 6, /* as many as are read at a glance */
	LINES_MOST = 10
};

struct digest {
	struct app *app;
	struct arena *arena;
	const struct words *words;
	struct thread thread; /* in which the lead answers */
	struct value *v;
	struct person *people; /* by number */
	struct pair *pairs;
	struct session *sessions;
	size_t people_n, pairs_n, sessions_n;
	bool *asked;           /* of each pair: it is among the decisions */
	size_t decisions_left; /* for which there was no room */
};

/* digest_line.c */
/* NULL when there is none. */
const struct person *digest_person(const struct digest *, int64_t id);
const struct pair *digest_pair(const struct digest *, int64_t id);
/* The name, else the address; "" for nobody. */
struct span digest_name(const struct digest *, int64_t id);
/* "7 (Anna Berg, Bert Cho)" */
struct span digest_label(const struct digest *, const struct pair *);
struct span digest_number(const struct digest *, int64_t n);
/* Whole days from then until now. */
int64_t digest_days(const struct digest *, int64_t since_unix);
/* The next session of a pair that stands in calendars, 0 = none. */
int64_t digest_next_session(const struct digest *, int64_t pair_id);

/* Its time is in both calendars, and to come. */
bool digest_stands(const struct digest *, const struct session *);
/* Within the last seven days. */
bool digest_is_new(const struct digest *, int64_t unix_time);

/* A new list of lines for the template, and a line of it. */
struct value *digest_lines(struct digest *, const char *name);
void digest_line(struct digest *, struct value *list, const char *key,
    const struct fill *, size_t n);

/* Names for one line; what does not fit is counted. */
struct digest_names {
	struct span at[DIGEST_NAMES];
	size_t n, all;
};
void digest_name_add(struct digest_names *, struct span name);
/* No line when there are no names. */
void digest_names(struct digest *, struct value *list, const char *key,
    const struct digest_names *);

/* What needs a decision, each with the replies that take it. */
int digest_decisions(struct digest *, struct err *);
/* How the mail fares; "mail-well" when nothing went wrong. */
int digest_mail(struct digest *, struct err *);
struct facts;
struct chart;
/* Each aim beside its target; trend: satisfaction by months, or NULL. */
void digest_aims(struct digest *, const struct facts *,
    const struct chart *trend, struct value *list);
/* What rmail does in the next seven days. */
int digest_next(struct digest *, struct err *);

#endif
