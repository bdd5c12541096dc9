/*
 * One line for each event: key=value pairs, no mail text, no answers, no
 * tokens.  Only app logs and cli speaks.  Silent at the level of cron unless
 * something needs a person.
 */
#ifndef BASE_LOG_H
#define BASE_LOG_H

#include "base/span.h"

enum log_level {
	LOG_QUIET,  /* nothing */
	LOG_ERROR,  /* what a person must see: the default */
	LOG_EVENT,  /* -v: one line for each mail and change */
	LOG_DETAIL, /* -vv */
};

void log_set_level(enum log_level);
enum log_level log_get_level(void);
/* Lines go to this file (opened by the caller) instead of standard error. */
void log_set_fd(int fd);

/*
 * Text arguments are escaped to one printable line of at most 2,000 bytes;
 * the line end is added.
 */
void log_line(enum log_level, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

#endif
