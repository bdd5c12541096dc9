/*
 * One seed, one world: invented people who answer late, twice, from another
 * address, out of office, never; hostile mail, bounces, runs that are killed
 * or find the server away.  After each day everything stored is looked at.
 *
 * usage: world_sim check|long
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/file.h"
#include "base/log.h"
#include "play/play.h"
#include "sim/check.h"

enum {
	PROBLEMS_TOLD = 5
};

struct world {
	struct arena day, before; /* sessions of the day before */
	const char *dir;
	int64_t seed, days;
	struct table sessions;
	int problems;
};

static void
problem(struct world *w, int64_t day, const char *what)
{
	if (w->problems++ < PROBLEMS_TOLD)
		printf("# seed %lld, day %lld: %s\n", (long long)w->seed,
		    (long long)day, what);
}

static void
look(void *cookie, int64_t day, int64_t of)
{
	struct world *w = cookie;
	struct store *s;
	struct table now;
	struct err err = {0};
	const char *wrong;

	(void)of;
	w->days++;
	arena_reset(&w->day);
	if (store_open(&w->day, file_join(&w->day, w->dir, "rmail.db"), false,
		false, &s, &err) < 0) {
		problem(w, day, err.text);
		return;
	}
	wrong = world_check(s, &w->day);
	now = table_load(s, &w->day, "session");
	if (wrong == NULL && w->sessions.rows.n > 0)
		wrong = check_later(&w->day, &w->sessions, &now);
	if (wrong != NULL)
		problem(w, day, wrong);
	arena_reset(&w->before);
	w->sessions = table_load(s, &w->before, "session");
	store_close(s);
}

/* Whether all went well. */
static bool
one_world(struct world *w, int64_t people, int64_t months)
{
	struct arena arena;
	struct play_result r = {0};
	struct err err = {0};
	struct play_ask ask = {.people = people,
	    .months = months,
	    .seed = w->seed,
	    .faults = true,
	    .dir = w->dir,
	    .progress = look,
	    .cookie = w};

	arena_init(&arena);
	w->sessions = (struct table){0};
	w->problems = 0;
	w->days = 0;
	if (play_stage(&arena, &ask, &err) < 0 ||
	    play(&arena, &ask, &r, &err) < 0)
		problem(w, w->days, err.text);
	if (r.astray != 0)
		problem(w, w->days, "a mail is lost or doubled");
	if (!r.ended)
		problem(w, w->days, "the programme has no end");
	printf("# seed %lld: %lld people, %lld days, %lld pairs, %lld mails "
	       "out, %lld in, %lld kills, %lld outages\n",
	    (long long)w->seed, (long long)r.people, (long long)w->days,
	    (long long)r.pairs, (long long)r.mails_out, (long long)r.mails_in,
	    (long long)r.kills, (long long)r.outages);
	arena_release(&arena);
	return w->problems == 0 && w->days > 0;
}

int
main(int argc, char **argv)
{
	char root[] = "/dev/shm/rmail-world-XXXXXX";
	char other[] = "/tmp/rmail-world-XXXXXX";
	char *made = mkdtemp(root);
	bool all = argc > 1 && strcmp(argv[1], "long") == 0;
	int64_t worlds = all ? 20 : 2;
	struct world w = {0};
	struct err err = {0};
	int bad = 0;

	if (made == NULL)
		made = mkdtemp(other);
	if (made == NULL) {
		printf("Bail out! no folder can be made\n");
		return 1;
	}
	w.dir = made;
	arena_init(&w.day);
	arena_init(&w.before);
	signal(SIGPIPE, SIG_IGN);
	log_set_level(LOG_QUIET);
	for (w.seed = 1; w.seed <= worlds; w.seed++) {
		bool ok = one_world(
		    &w, all ? 10 + 3 * w.seed : 8, all ? 3 + w.seed % 7 : 3);

		bad |= !ok;
		printf("%sok %lld - the world of seed %lld\n", ok ? "" : "not ",
		    (long long)w.seed, (long long)w.seed);
		fflush(stdout);
	}
	play_strike(made, &err);
	printf("1..%lld\n", (long long)worlds);
	arena_release(&w.day);
	arena_release(&w.before);
	return bad;
}
