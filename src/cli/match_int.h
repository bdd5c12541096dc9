/* rmail match: what its files share. */
#ifndef CLI_MATCH_INT_H
#define CLI_MATCH_INT_H

#include "cli/cli_int.h"
#include "match/match.h"
#include "model/words.h"

struct options {
	const char *people, *answers, *scores, *capacity, *objective, *dimacs,
	    *explain, *locale;
	int64_t good_enough, verify; /* -1: not given */
	int64_t now_unix;
	bool json, max, dry;
};

struct task {
	struct arena arena;
	struct options o;
	struct app *app; /* NULL: without a programme */
	struct match_problem p;
	struct match_result r;
	struct words english, words;
	enum match_step steps[8];
	uint32_t steps_n;
	int64_t milliseconds;
};

struct bar {
	int64_t begin_ms;
	bool shown;
};

/* What the options change in the problem. */
void match_choices(struct task *);
/* Solves and tells, or explains, or writes the problem for other solvers. */
int match_tell(struct task *, const char *second, struct err *);
/* match_programme.c: the exit code, or -1. */
int match_programme(struct task *, int argc, char **argv, struct err *);

#endif
