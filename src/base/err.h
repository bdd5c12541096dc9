/*
 * Errors, sorted by what the caller must do.  A function that can fail
 * returns int and takes struct err * last: 0 done, -1 failed; finders return
 * 1 found, 0 not there, -1 failed.  Outputs are untouched on failure.
 */
#ifndef BASE_ERR_H
#define BASE_ERR_H

#include <stddef.h>

enum err_kind {
	ERR_NONE,
	ERR_ITEM,  /* this mail or row is no good: park it and go on */
	ERR_LATER, /* the outside is not ready: change nothing, retry later */
	ERR_STOP,  /* we cannot trust our own state: roll back, end the run */
};

struct err {
	enum err_kind kind;
	int exit_code; /* sysexits; 0 = the default of the kind */
	char text[512];
};

/* Each sets the error and returns -1.  Text: outermost context first. */
int err_set(struct err *, enum err_kind, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));
int err_exit(struct err *, enum err_kind, int exit_code, const char *fmt, ...)
    __attribute__((format(printf, 4, 5)));
/* ": " and strerror(errno) behind the text. */
int err_errno(struct err *, enum err_kind, int exit_code, const char *fmt, ...)
    __attribute__((format(printf, 4, 5)));
/* Puts "context: " in front of what is there. */
int err_in(struct err *, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));
void err_clear(struct err *);
/* The process's exit code for this error. */
int err_code(const struct err *);

#endif
