/*
 * cli: one file for each subcommand; the only place that speaks to a
 * terminal.  Each takes the words behind its name and returns the exit code
 * (sysexits).
 *
 *   file        purpose
 *   args        options and their errors; errors told in one line
 *   show        tables, times and JSON as all of them print it
 *   programme   init, import, run
 *   check       is everything fit for a run?
 *   check_match  rules of matching against the people
 *   online      is every server there, and does it let us in?
 *   inspect     how a mail is understood
 *   match       a matching, with or without a programme
 *   match_programme  a proposal, its explanations, its proof again
 *   preview     one template filled with given data
 *   status      people, pairs, what is due, what waits for the lead
 *   why         what led to a mail, what happened to a person
 *   queue       mails that wait to be sent
 *   quarantine  mails held or parked: list, show, release, drop
 *   person      one person: show, export, erase
 *   report      the governance report in five formats
 *   export      tables and the calendar
 *   backup      a whole copy of the database
 *   rehearse    a programme played with invented people
 */
#ifndef CLI_CLI_H
#define CLI_CLI_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

enum cli_exit {
	CLI_OK = 0,
	CLI_USAGE = 64,
	CLI_DATA = 65, /* the input is no good */
	CLI_NO_INPUT = 66,
	CLI_BUG = 70,
	CLI_SETTINGS = 78,
};

enum cli_kind {
	CLI_FLAG,   /* bool * */
	CLI_TEXT,   /* const char ** */
	CLI_NUMBER, /* int64_t *, not negative */
	CLI_TIME,   /* int64_t *: ISO 8601 instant */
};

struct cli_option {
	const char *name; /* "--json" */
	enum cli_kind kind;
	void *out;
};

/*
 * Takes the options out of argv (anywhere; "--" ends them); what is left
 * are the plain words, counted in *argc.  "--name=value" works too.
 * -1 after telling what is wrong (then return CLI_USAGE).
 */
int cli_options(const char *command, int *argc, char **argv,
    const struct cli_option *options, size_t n);
/* Tells the error in one line on standard error; returns its exit code. */
int cli_fail(const struct err *);
/* "rmail COMMAND: text" on standard error; returns the code. */
int cli_say(int code, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

int cli_preview(int argc, char **argv);
int cli_inspect(int argc, char **argv);

int cli_match(int argc, char **argv);

int cli_init(int argc, char **argv);
int cli_check(int argc, char **argv);
int cli_import(int argc, char **argv);
int cli_run(int argc, char **argv);

int cli_status(int argc, char **argv);
int cli_why(int argc, char **argv);
int cli_queue(int argc, char **argv);
int cli_quarantine(int argc, char **argv);
int cli_person(int argc, char **argv);
int cli_report(int argc, char **argv);
int cli_export(int argc, char **argv);
int cli_backup(int argc, char **argv);
int cli_rehearse(int argc, char **argv);

#endif
