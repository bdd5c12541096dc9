/* rehearse: a programme played with invented people on a virtual clock. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "cli/cli_int.h"
#include "play/play.h"

enum {
	BAR = 40
};

static void
show_progress(void *cookie, int64_t done, int64_t of)
{
	int full = (int)(done * BAR / (of > 0 ? of : 1));

	(void)cookie;
	fprintf(stderr, "\r[%.*s%*s] %3d %%", full,
	    "########################################", BAR - full, "",
	    (int)(done * 100 / (of > 0 ? of : 1)));
	fflush(stderr);
}

static void
row(const char *what, int64_t n, const char *more)
{
	printf("  %-28s %6lld  %s\n", what, (long long)n, more);
}

/* tenths: 42 -> "4.2 of 5" */
static void
row_mean(const char *what, int64_t sum, int64_t n, const char *unit)
{
	int64_t tenths = n > 0 ? (sum * 10 + n / 2) / n : 0;

	if (n == 0) {
		printf("  %-28s %6s  %s\n", what, "-", "nobody has said");
		return;
	}
	printf("  %-28s %4lld.%lld  %s\n", what, (long long)(tenths / 10),
	    (long long)(tenths % 10), unit);
}

static void
faults(const struct play_result *r)
{
	row("runs killed", r->kills, "each done again by the next");
	row("runs that could not send", r->outages, "sent by the next");
	row("unwanted mails", r->unwanted, "noise, forgeries, traps");
	row("mails that came back", r->bounced, "");
}

static void
summary(const struct play_ask *ask, const struct play_result *r)
{
	char more[120];

	printf(
	    "A rehearsal with %lld invented people, %lld days, seed %lld\n\n",
	    (long long)r->people, (long long)r->days, (long long)ask->seed);
	row("invited", r->invited, "");
	snprintf(more, sizeof(more), "%lld declined, %lld left later",
	    (long long)r->declined, (long long)r->left);
	row("signed up", r->signed_up, more);
	snprintf(more, sizeof(more), "%lld to the end, %lld ended early",
	    (long long)(r->pairs_complete + r->pairs_active),
	    (long long)r->pairs_ended_early);
	row("pairs", r->pairs, more);
	snprintf(more, sizeof(more),
	    "of %lld planned; %lld missed, %lld cancelled, %lld moved",
	    (long long)r->sessions_agreed, (long long)r->sessions_missed,
	    (long long)r->sessions_cancelled, (long long)r->moves);
	row("sessions held", r->sessions_held, more);
	row("reminders", r->reminders, "");
	snprintf(more, sizeof(more), "in %lld runs", (long long)r->runs);
	row("mails sent", r->mails_out, more);
	snprintf(more, sizeof(more), "%lld of them not acted on",
	    (long long)r->refused);
	row("mails received", r->mails_in, more);
	row("mails lost or doubled", r->astray, "");
	row_mean("mails for each person", r->mails_to_people, r->people, "");
	row_mean("usefulness of a session", r->useful_sum, r->useful_n,
	    "of 5, by check-ins");
	row_mean("satisfaction at the end", r->satisfaction_sum,
	    r->satisfaction_n, "of 5, by the final survey");
	if (ask->faults)
		faults(r);
	if (!r->ended)
		printf("\nThe programme goes on; the rehearsal ends here.\n");
}

static void
json_summary(struct arena *a, const struct play_ask *ask,
    const struct play_result *r, bool keep)
{
	const struct {
		const char *name;
		int64_t n;
	} figures[] = {{"people", r->people}, {"days", r->days},
	    {"seed", ask->seed}, {"invited", r->invited},
	    {"declined", r->declined}, {"left", r->left},
	    {"signed-up", r->signed_up}, {"pairs", r->pairs},
	    {"pairs-ended-early", r->pairs_ended_early},
	    {"sessions-planned", r->sessions_agreed},
	    {"sessions-held", r->sessions_held},
	    {"sessions-missed", r->sessions_missed},
	    {"sessions-cancelled", r->sessions_cancelled},
	    {"sessions-moved", r->moves}, {"reminders", r->reminders},
	    {"runs", r->runs}, {"mails-sent", r->mails_out},
	    {"mails-received", r->mails_in}, {"mails-not-acted-on", r->refused},
	    {"mails-lost-or-doubled", r->astray},
	    {"mails-to-people", r->mails_to_people},
	    {"useful-sum", r->useful_sum}, {"useful-answers", r->useful_n},
	    {"satisfaction-sum", r->satisfaction_sum},
	    {"satisfaction-answers", r->satisfaction_n}, {"kills", r->kills},
	    {"outages", r->outages}, {"unwanted", r->unwanted},
	    {"bounced", r->bounced}};
	struct value *v = value_object(a);

	for (size_t i = 0; i < sizeof(figures) / sizeof(figures[0]); i++)
		value_set_int(a, v, figures[i].name, figures[i].n);
	value_set_bool(a, v, "ended", r->ended);
	if (keep) {
		value_set_text(a, v, "folder", span_of(ask->dir));
		value_set_text(a, v, "digest", r->digest);
		value_set_text(a, v, "report", r->report);
	}
	show_json(a, v);
}

static void
where(const struct play_ask *ask, const struct play_result *r, bool kept)
{
	if (!kept) {
		printf("\nThe mails are gone; --keep DIR keeps them.\n");
		return;
	}
	printf("\nMails from rmail  %s/out\nMails to rmail    %s/in\n",
	    ask->dir, ask->dir);
	if (r->digest.n > 0)
		printf(
		    "The last digest   %.*s\n", (int)r->digest.n, r->digest.p);
	if (r->report.n > 0)
		printf(
		    "The report        %.*s\n", (int)r->report.n, r->report.p);
	printf(
	    "(%s are Maildirs: most mail programs open them.)\n", "in and out");
}

static int
rehearse(struct arena *arena, struct play_ask *ask, bool keep, bool json,
    struct err *err)
{
	struct play_result result;
	int rc = play_stage(arena, ask, err);

	if (rc == 0)
		rc = play(arena, ask, &result, err);
	if (ask->progress != NULL)
		fprintf(stderr, "\r%*s\r", BAR + 10, "");
	if (rc < 0)
		return -1;
	if (json) {
		json_summary(arena, ask, &result, keep);
	} else {
		summary(ask, &result);
		where(ask, &result, keep);
	}
	return keep ? 0 : play_strike(ask->dir, err);
}

int
cli_rehearse(int argc, char **argv)
{
	struct play_ask ask = {.people = 40, .seed = 1};
	bool json = false;
	char scratch[] = "/tmp/rmail-rehearsal-XXXXXX";
	const struct cli_option options[] = {
	    {"--people", CLI_NUMBER, &ask.people},
	    {"--months", CLI_NUMBER, &ask.months},
	    {"--seed", CLI_NUMBER, &ask.seed},
	    {"--faults", CLI_FLAG, &ask.faults}, {"--keep", CLI_TEXT, &ask.dir},
	    {"--json", CLI_FLAG, &json}};
	struct arena arena;
	struct err err = {0};
	bool keep;
	int rc;

	if (cli_options("rehearse", &argc, argv, options, 6) < 0)
		return CLI_USAGE;
	if (argc > 1)
		return cli_say(CLI_USAGE, "rehearse: name one folder at most");
	if (ask.people < 2 || ask.people > PLAY_PEOPLE_MAX || ask.months > 60)
		return cli_say(CLI_USAGE,
		    "rehearse: --people takes 2 to %d, --months up to 60",
		    PLAY_PEOPLE_MAX);
	ask.folder = argc > 0 ? argv[0] : NULL;
	keep = ask.dir != NULL;
	if (!keep && (ask.dir = mkdtemp(scratch)) == NULL)
		return cli_say(73, "rehearse: cannot make a folder in /tmp");
	if (isatty(STDERR_FILENO))
		ask.progress = show_progress;
	signal(SIGPIPE, SIG_IGN);
	arena_init(&arena);
	rc = rehearse(&arena, &ask, keep, json, &err);
	arena_release(&arena);
	return rc < 0 ? cli_fail(&err) : CLI_OK;
}
