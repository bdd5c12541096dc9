/* Inside cli/: a programme opened, tables and JSON for people to read. */
#ifndef CLI_INT_H
#define CLI_INT_H

#include "app/app.h"
#include "cli/cli.h"
#include "model/chart.h"

/*
 * The lock that a run holds, waited for half a minute; taken before the
 * programme is opened, kept until the process ends.  -1, ERR_LATER: a run is
 * still going on.
 */
int cli_lock(const char *dir, struct err *);

/*
 * Tries every place that a run goes to and tells of each in one line.  The
 * exit code of the first that will not do, 0, or -1.  With an address one
 * test mail is sent.
 */
int check_online(struct app *, struct span test_address, struct err *);

/* What `rmail queue` shows. */
int queue_print(struct app *, struct err *);

/* Told one line for each problem. */
typedef void check_fn(void *cookie, struct span problem);
/* check_match.c: rules and locks against the people who are enrolled. */
int check_match(struct app *, check_fn *, void *cookie, struct err *);

/* --- tables --------------------------------------------------------------- */

struct sheet {
	struct arena *arena;
	struct table t;
	size_t cells_n;
};

/* Heads separated by "|"; one that begins with ">" is a column of numbers. */
void sheet_init(struct sheet *, struct arena *, const char *heads);
/* The next cell, on one line and free of controls. */
void sheet_add(struct sheet *, struct span);
void sheet_addz(struct sheet *, const char *);
void sheet_int(struct sheet *, int64_t);
void sheet_print(struct sheet *);

/* --- words ---------------------------------------------------------------- */

/* "2027-01-11 09:00" in the programme's zone; "-" for never. */
struct span show_time(struct app *, int64_t unix_time);
/* A line by itself; bold on a terminal unless NO_COLOR is set. */
void show_heading(const char *);
void show_span(struct span);
/* Words for people: in ASCII where the terminal has no more. */
void show_text(struct arena *, struct span);
/* The name, else the address; "-" when there is no such person. */
struct span show_person(struct app *, int64_t id);
/* "1 mail held", "2 mails held". */
struct span show_count(
    struct arena *, size_t n, const char *thing, const char *rest);
/* On standard error, over itself; gone when it is full. */
void show_bar(const char *what, int64_t done, int64_t of);
bool show_utf8(void);
size_t show_columns(void);
void show_json(struct arena *, const struct value *);
/* An instant as ISO 8601, or null. */
void json_time(
    struct arena *, struct value *object, const char *name, int64_t unix_time);

#endif
