/*
 * Other programs, started without a shell: sendmail, and the commands that
 * print a password or a token.
 */
#ifndef BASE_COMMAND_H
#define BASE_COMMAND_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/secret.h"
#include "base/span.h"

struct command {
	char *const *argv;   /* NULL-ended; argv[0] is looked up in PATH */
	struct span input;   /* its standard input */
	size_t output_max;   /* what it writes beyond is read and dropped */
	int timeout_seconds; /* then it is killed; 0 = 60 */
	bool with_errors;    /* standard error counts as output */
};

struct command_result {
	int exit_code; /* -1 when a signal ended it */
	int signal;
	bool timed_out;
	bool input_taken; /* it read all of the input */
	struct span output;
};

/*
 * Runs it to its end.  -1 only when it could not be started (ERR_STOP, 78);
 * how it ended is the caller's to judge.
 */
int command_run(struct arena *, const struct command *, struct command_result *,
    struct err *);
/*
 * Splits a line into words: blanks part, '...' and "..." hold together, a
 * backslash takes the next byte as it is.  No other shell meaning.  NULL
 * when a quote is left open or nothing is there.
 */
char **command_split(struct arena *, struct span line);

#endif
