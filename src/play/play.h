/*
 * play: a programme rehearsed with invented people on a virtual clock.  They
 * read what rmail really wrote into its folder and answer with real mails
 * into its mailbox; between the two nothing runs but what `rmail run` runs.
 *
 *   file      purpose
 *   play      the clock: deliver, run, read, until the programme has ended
 *   stage     the scratch folder: settings, database, roster
 *   cast      the invented people and their habits
 *   watch     the sent mails, read by those they were sent to
 *   act       what a participant does about a mail
 *   say       when and how often somebody writes
 *   form      how the answers to a form are written down
 *   fill      a survey's answers
 *   diary     answers of calendars
 *   chief     what the programme lead does about a mail
 *   pen       a reply as one of several mail programs writes it
 *   word      the words people use, in their language
 *   errand    what people write but rarely
 *   trouble   what goes wrong when faults are asked for
 *   tally     the figures at the end
 *
 * All chance comes from the seed: the same seed plays the same programme.
 */
#ifndef PLAY_PLAY_H
#define PLAY_PLAY_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/span.h"

enum {
	PLAY_PEOPLE_MAX = 2000
};

struct play_ask {
	int64_t people; /* 2..PLAY_PEOPLE_MAX */
	int64_t months; /* 0: as the settings say, nine for the sample */
	int64_t seed;
	bool faults;        /* hostile mail, bounces, runs that are killed */
	const char *dir;    /* the scratch folder, made by play_stage */
	const char *folder; /* its settings are played; NULL: the sample */
	/* Called after each run; of is an estimate. */
	void (*progress)(void *cookie, int64_t done, int64_t of);
	void *cookie;
};

struct play_result {
	int64_t people, mentors, mentees, invited, signed_up, declined, left;
	int64_t pairs, pairs_active, pairs_complete, pairs_ended_early;
	int64_t sessions_agreed, sessions_held, sessions_missed,
	    sessions_cancelled, moves;
	int64_t mails_out, mails_in, reminders, refused;
	/* Lost or doubled on either way; 0 or there is a bug. */
	int64_t astray;
	/* Mails to participants and their assistants. */
	int64_t mails_to_people;
	/* Answers 1 to 5, added up. */
	int64_t satisfaction_sum, satisfaction_n, useful_sum, useful_n;
	int64_t runs, days;
	/* With faults. */
	int64_t kills, outages, unwanted, bounced;
	bool ended;         /* the programme came to its end */
	struct span digest; /* files of the last of their kind, or "" */
	struct span report;
};

/*
 * Makes the scratch folder.  One that an earlier rehearsal made is emptied;
 * anything else that is there already is ERR_STOP (73).
 */
int play_stage(struct arena *, const struct play_ask *, struct err *);
int play(struct arena *, const struct play_ask *, struct play_result *,
    struct err *);
/* Takes a scratch folder away again. */
int play_strike(const char *dir, struct err *);

#endif
