/*
 * rmail status [--json] [FOLDER]: how far people are, the pairs, what is due,
 * what waits for the lead.  Changes nothing.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "base/vec.h"
#include "cli/cli_int.h"

enum {
	DUE_SHOWN = 15
};

struct status {
	struct app *app;
	struct arena *arena;
	struct person *people;
	struct pair *pairs;
	size_t people_n, pairs_n;
	struct rows counts, due, quarantine, failed, round, queue, notes;
	int64_t round_pairs;
};

static int
load(struct status *s, struct err *err)
{
	struct store *store = s->app->store;
	int64_t now = s->app->world.now_unix;
	struct rows proposals = {0};

	if (persons(store, s->arena, PERSONS_ALL, &s->people, &s->people_n, err,
		0) < 0 ||
	    pairs(store, s->arena, PAIRS_ALL, &s->pairs, &s->pairs_n, err, 0) <
		0 ||
	    store_rows(store, s->arena, SESSION_COUNTS, &s->counts, err, "") <
		0 ||
	    store_rows(
		store, s->arena, DUE_NEXT, &s->due, err, "i", now + WEEK) < 0 ||
	    store_rows(store, s->arena, QUARANTINE, &s->quarantine, err, "") <
		0 ||
	    store_rows(store, s->arena, OUTBOX_TROUBLE, &s->failed, err, "i",
		now - WEEK) < 0 ||
	    store_rows(store, s->arena, ROUND_LAST, &s->round, err, "") < 0 ||
	    store_rows(store, s->arena, OUTBOX_QUEUE, &s->queue, err, "") < 0 ||
	    store_rows(store, s->arena, NOTES_UNTOLD, &s->notes, err, "") < 0)
		return -1;
	if (s->round.n == 0 || !span_is(cell(&s->round, 0, 1)->t, "proposed")) {
		s->round.n = 0;
		return 0;
	}
	if (store_rows(store, s->arena, PROPOSALS, &proposals, err, "i",
		cell(&s->round, 0, 0)->i) < 0)
		return -1;
	for (size_t r = 0; r < proposals.n; r++)
		s->round_pairs += cell(&proposals, r, 5)->i == 0;
	return 0;
}

/* --- the funnel ----------------------------------------------------------- */

static bool
is_paired(const struct status *s, int64_t person_id)
{
	for (size_t i = 0; i < s->pairs_n; i++)
		if (s->pairs[i].state != PAIR_ENDED &&
		    (s->pairs[i].mentor_id == person_id ||
			s->pairs[i].mentee_id == person_id))
			return true;
	return false;
}

struct stage {
	const char *key, *name;
	int64_t all, mentors, mentees;
};

enum {
	ROSTER,
	INVITED,
	JOINED,
	READY,
	PAIRED,
	GONE,
	STAGES_N
};

static void
count(struct stage *stage, const struct person *p, bool yes)
{
	if (!yes)
		return;
	stage->all++;
	stage->mentors += p->mentor;
	stage->mentees += p->mentee;
}

static void
funnel(const struct status *s, struct stage out[STAGES_N])
{
	static const struct stage stages[STAGES_N] = {
	    {"roster", "on the roster", 0, 0, 0},
	    {"invited", "invited", 0, 0, 0}, {"joined", "joined", 0, 0, 0},
	    {"enrolled", "enrolled", 0, 0, 0},
	    {"paired", "in a pair now", 0, 0, 0},
	    {"gone", "declined or left", 0, 0, 0}};

	memcpy(out, stages, sizeof(stages));
	for (size_t i = 0; i < s->people_n; i++) {
		const struct person *p = &s->people[i];

		count(&out[ROSTER], p, p->state != PERSON_ERASED);
		count(&out[INVITED], p, p->invited_unix || p->joined_unix);
		count(&out[JOINED], p, p->joined_unix != 0);
		count(&out[READY], p, p->ready_unix != 0);
		count(&out[PAIRED], p, is_paired(s, p->id));
		count(&out[GONE], p,
		    p->state == PERSON_DECLINED || p->state == PERSON_LEFT ||
			p->state == PERSON_ERASED);
	}
}

static void
print_funnel(struct status *s)
{
	struct stage stages[STAGES_N];
	struct sheet g;

	funnel(s, stages);
	show_heading("People");
	sheet_init(&g, s->arena, "|>all|>mentors|>mentees");
	for (size_t i = 0; i < STAGES_N; i++) {
		sheet_addz(&g, stages[i].name);
		sheet_int(&g, stages[i].all);
		sheet_int(&g, stages[i].mentors);
		sheet_int(&g, stages[i].mentees);
	}
	sheet_print(&g);
}

static void
json_funnel(struct status *s, struct value *v)
{
	struct stage stages[STAGES_N];
	struct value *list =
	    value_set(s->arena, v, "people", value_object(s->arena));

	funnel(s, stages);
	for (size_t i = 0; i < STAGES_N; i++) {
		struct value *item = value_set(
		    s->arena, list, stages[i].key, value_object(s->arena));

		value_set_int(s->arena, item, "all", stages[i].all);
		value_set_int(s->arena, item, "mentors", stages[i].mentors);
		value_set_int(s->arena, item, "mentees", stages[i].mentees);
	}
}

/* --- the pairs ------------------------------------------------------------- */

struct tally {
	int64_t held, planned, next_unix;
};

static struct tally
tally_of(const struct status *s, int64_t pair_id)
{
	for (size_t r = 0; r < s->counts.n; r++)
		if (cell(&s->counts, r, 0)->i == pair_id)
			return (struct tally){cell(&s->counts, r, 1)->i,
			    cell(&s->counts, r, 2)->i,
			    cell(&s->counts, r, 3)->i};
	return (struct tally){0};
}

static void
print_pairs(struct status *s)
{
	int64_t by_state[PAIR_STATES_N] = {0};
	struct sheet g;

	for (size_t i = 0; i < s->pairs_n; i++)
		by_state[s->pairs[i].state]++;
	show_heading("Pairs");
	printf("%lld introduced, %lld active, %lld paused, %lld ended\n",
	    (long long)by_state[PAIR_INTRODUCED],
	    (long long)by_state[PAIR_ACTIVE], (long long)by_state[PAIR_PAUSED],
	    (long long)by_state[PAIR_ENDED]);
	sheet_init(
	    &g, s->arena, ">pair|mentor|mentee|state|>held|next session|flag");
	for (size_t i = 0; i < s->pairs_n; i++) {
		const struct pair *p = &s->pairs[i];
		struct tally t = tally_of(s, p->id);

		if (p->state == PAIR_ENDED)
			continue;
		sheet_int(&g, p->id);
		sheet_add(&g, show_person(s->app, p->mentor_id));
		sheet_add(&g, show_person(s->app, p->mentee_id));
		sheet_addz(&g, pair_state_name(p->state));
		sheet_add(&g, arena_spanf(s->arena, "%lld/%lld",
				  (long long)t.held, (long long)p->sessions));
		sheet_add(&g, show_time(s->app, t.next_unix));
		sheet_add(&g, p->flag);
	}
	sheet_print(&g);
}

static void
json_pairs(struct status *s, struct value *v)
{
	struct arena *a = s->arena;
	struct value *list = value_set(a, v, "pairs", value_list(a));

	for (size_t i = 0; i < s->pairs_n; i++) {
		const struct pair *p = &s->pairs[i];
		struct value *item = value_push(a, list, value_object(a));
		struct tally t = tally_of(s, p->id);

		value_set_int(a, item, "pair", p->id);
		value_set_text(
		    a, item, "mentor", show_person(s->app, p->mentor_id));
		value_set_text(
		    a, item, "mentee", show_person(s->app, p->mentee_id));
		value_set_textz(a, item, "state", pair_state_name(p->state));
		value_set_int(a, item, "sessions-agreed", p->sessions);
		value_set_int(a, item, "sessions-held", t.held);
		json_time(a, item, "next-session", t.next_unix);
		json_time(a, item, "last-sign", p->last_sign_unix);
		value_set_text(a, item, "flag", p->flag);
	}
}

/* --- what is due ----------------------------------------------------------- */

struct plan {
	const char *what;
	int64_t at_unix;
};

/* A date of the settings as the instant its day begins. */
static int64_t
day_unix(const struct status *s, int64_t day)
{
	struct civil c = civil_of_days(day);
	int64_t t = 0;

	if (day != 0)
		zone_unix(&s->app->zone, &c, &t);
	return t;
}

static int
by_time(const void *a, const void *b)
{
	const struct plan *x = a, *y = b;

	return (x->at_unix > y->at_unix) - (x->at_unix < y->at_unix);
}

/* A cohort is matched once by date, a rolling programme again and again. */
static int64_t
next_match(const struct status *s)
{
	const struct programme *p = &s->app->programme;

	if (p->state == PROGRAMME_SETUP || p->next_match_unix == 0)
		return day_unix(s, s->app->conf.match_day);
	return s->app->conf.kind == CONF_ROLLING ? p->next_match_unix : 0;
}

static size_t
plans(const struct status *s, struct plan *out)
{
	const struct programme *p = &s->app->programme;
	const struct conf *c = &s->app->conf;
	const struct plan all[] = {
	    {"begin: invitations",
		p->begun_unix ? 0 : day_unix(s, c->begin_day)},
	    {"matching", next_match(s)},
	    {"mid-point", p->midpoint_unix ? 0 : day_unix(s, c->midpoint_day)},
	    {"digest to the lead", p->next_digest_unix},
	    {"report", p->next_report_unix}, {"review", p->next_review_unix},
	    {"end: final surveys",
		p->closing_unix ? 0 : day_unix(s, c->end_day)}};
	size_t n = 0;

	for (size_t i = 0;
	     i < sizeof(all) / sizeof(*all) && p->state != PROGRAMME_ENDED; i++)
		if (all[i].at_unix != 0)
			out[n++] = all[i];
	qsort(out, n, sizeof(*out), by_time);
	return n;
}

static void
print_due(struct status *s)
{
	struct plan list[8];
	size_t n = plans(s, list);
	size_t shown = s->due.n < DUE_SHOWN ? s->due.n : DUE_SHOWN;
	struct sheet g;

	show_heading("Due");
	sheet_init(&g, s->arena, "when|what");
	for (size_t r = 0, i = 0; i < n || r < shown;) {
		if (r == shown ||
		    (i < n && list[i].at_unix <= cell(&s->due, r, 0)->i)) {
			sheet_add(&g, show_time(s->app, list[i].at_unix));
			sheet_addz(&g, list[i++].what);
			continue;
		}
		sheet_add(&g, show_time(s->app, cell(&s->due, r, 0)->i));
		sheet_add(&g,
		    arena_spanf(s->arena, "%.*s %lld",
			(int)cell(&s->due, r, 1)->t.n, cell(&s->due, r, 1)->t.p,
			(long long)cell(&s->due, r, 2)->i));
		r++;
	}
	sheet_print(&g);
	if (s->due.n > DUE_SHOWN)
		printf("and %zu more within a week\n", s->due.n - DUE_SHOWN);
	else if (g.t.rows == 0)
		printf("nothing within a week\n");
	if (s->queue.n > 0)
		printf("mails that wait to be sent: %zu (rmail queue)\n",
		    s->queue.n);
}

static void
json_due(struct status *s, struct value *v)
{
	struct arena *a = s->arena;
	struct value *due = value_set(a, v, "due", value_list(a));
	struct value *dates = value_set(a, v, "dates", value_object(a));
	struct plan list[8];
	size_t n = plans(s, list);

	for (size_t i = 0; i < n; i++)
		json_time(a, dates, list[i].what, list[i].at_unix);
	for (size_t r = 0; r < s->due.n; r++) {
		struct value *item = value_push(a, due, value_object(a));

		json_time(a, item, "at", cell(&s->due, r, 0)->i);
		value_set_text(a, item, "what", cell(&s->due, r, 1)->t);
		value_set_int(a, item, "number", cell(&s->due, r, 2)->i);
	}
	value_set_int(a, v, "mails-queued", (int64_t)s->queue.n);
}

/* --- what waits for the lead ----------------------------------------------- */

struct waiting {
	struct span what, remedy;
};

static void
wait_for(struct status *s, struct waiting **list, size_t *n, struct span what,
    struct span remedy)
{
	vec_room(s->arena, list, *n, sizeof(**list));
	(*list)[(*n)++] = (struct waiting){what, remedy};
}

static size_t
waits(struct status *s, struct waiting **list)
{
	struct arena *a = s->arena;
	size_t n = 0;

	*list = NULL;
	if (s->round.n > 0)
		wait_for(s, list, &n,
		    arena_spanf(a, "proposal %lld with %lld pairs",
			(long long)cell(&s->round, 0, 0)->i,
			(long long)s->round_pairs),
		    SPAN("the lead replies: approve"));
	for (size_t i = 0; i < s->people_n; i++)
		if (s->people[i].state == PERSON_APPLIED)
			wait_for(s, list, &n,
			    arena_spanf(a, "%.*s asks to join",
				(int)s->people[i].address.n,
				s->people[i].address.p),
			    SPAN("the lead replies: admit or refuse"));
	for (size_t i = 0; i < s->pairs_n; i++)
		if (s->pairs[i].flag.n > 0 && s->pairs[i].state != PAIR_ENDED)
			wait_for(s, list, &n,
			    arena_spanf(a, "pair %lld: %.*s",
				(long long)s->pairs[i].id,
				(int)s->pairs[i].flag.n, s->pairs[i].flag.p),
			    arena_spanf(a, "the lead replies: end %lld",
				(long long)s->pairs[i].id));
	if (s->app->programme.hold)
		wait_for(s, list, &n, SPAN("sending is stopped"),
		    SPAN("the lead replies: go"));
	if (s->quarantine.n > 0)
		wait_for(s, list, &n,
		    show_count(a, s->quarantine.n, "mail", "in quarantine"),
		    SPAN("rmail quarantine list"));
	if (s->failed.n > 0)
		wait_for(s, list, &n,
		    arena_spanf(
			a, "%zu mails of this week not delivered", s->failed.n),
		    SPAN("rmail queue"));
	if (s->notes.n > 0)
		wait_for(s, list, &n,
		    show_count(a, s->notes.n, "note", "for the lead"),
		    SPAN("in the next digest"));
	return n;
}

static void
print_waiting(struct status *s)
{
	struct waiting *list;
	size_t n = waits(s, &list);
	struct sheet g;

	show_heading("Waits for a person");
	if (n == 0)
		printf("nothing\n");
	sheet_init(&g, s->arena, "what|how it goes on");
	for (size_t i = 0; i < n; i++) {
		sheet_add(&g, list[i].what);
		sheet_add(&g, list[i].remedy);
	}
	sheet_print(&g);
}

static void
json_waiting(struct status *s, struct value *v)
{
	struct value *out =
	    value_set(s->arena, v, "waiting", value_list(s->arena));
	struct waiting *list;
	size_t n = waits(s, &list);

	for (size_t i = 0; i < n; i++) {
		struct value *item =
		    value_push(s->arena, out, value_object(s->arena));

		value_set_text(s->arena, item, "what", list[i].what);
		value_set_text(s->arena, item, "remedy", list[i].remedy);
	}
}

/* --- the whole ------------------------------------------------------------- */

static void
print_head(struct status *s)
{
	const struct programme *p = &s->app->programme;
	struct span name = conf_text(&s->app->conf.name, s->app->conf.locale);

	show_text(s->arena, utf8_line(s->arena, name));
	printf(": %s", programme_state_name(p->state));
	if (p->last_run_unix != 0) {
		struct span last = show_time(s->app, p->last_run_unix);

		printf(", last run %.*s", (int)last.n, last.p);
	} else
		printf(", never run");
	putchar('\n');
	if (p->trouble.n > 0) {
		struct span since = show_time(s->app, p->trouble_since_unix);

		printf("trouble since %.*s: %.*s\n", (int)since.n, since.p,
		    (int)p->trouble.n, p->trouble.p);
	}
}

static void
json_all(struct status *s)
{
	const struct programme *p = &s->app->programme;
	struct arena *a = s->arena;
	struct value *v = value_object(a);

	value_set_text(a, v, "programme",
	    conf_text(&s->app->conf.name, s->app->conf.locale));
	value_set_textz(a, v, "state", programme_state_name(p->state));
	json_time(a, v, "last-run", p->last_run_unix);
	value_set_bool(a, v, "sending-stopped", p->hold);
	value_set_text(a, v, "trouble", p->trouble);
	json_funnel(s, v);
	json_pairs(s, v);
	json_due(s, v);
	json_waiting(s, v);
	value_set_int(a, v, "quarantine", (int64_t)s->quarantine.n);
	show_json(a, v);
}

static int
status(struct app *app, bool json, struct err *err)
{
	struct status s = {.app = app, .arena = &app->item};

	if (load(&s, err) < 0)
		return -1;
	if (json) {
		json_all(&s);
		return 0;
	}
	print_head(&s);
	print_funnel(&s);
	print_pairs(&s);
	print_due(&s);
	print_waiting(&s);
	return 0;
}

int
cli_status(int argc, char **argv)
{
	int64_t now = 0;
	bool json = false;
	const struct cli_option options[] = {
	    {"--json", CLI_FLAG, &json}, {"--now", CLI_TIME, &now}};
	struct app app;
	struct err err = {0};
	int rc;

	if (cli_options("status", &argc, argv, options, 2) < 0)
		return CLI_USAGE;
	if (argc > 1)
		return cli_say(
		    CLI_USAGE, "usage: rmail status [--json] [FOLDER]");
	if (app_open(&app, argc > 0 ? argv[0] : ".", now, &err) < 0)
		return cli_fail(&err);
	rc = status(&app, json, &err);
	app_close(&app);
	return rc < 0 ? cli_fail(&err) : CLI_OK;
}
