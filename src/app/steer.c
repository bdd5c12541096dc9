/*
 * The lead's commands.  Taken only from the lead's address and with the
 * token of a mail that rmail sent to the lead; the answer is a transcript of
 * each line with its result.
 */
#include "app/app.h"

#include "app/spoken_int.h"
#include "base/num.h"
#include "base/str.h"
#include "base/uni.h"
#include "match/match.h"
#include "model/address.h"

struct steer {
	struct app *app;
	const struct inbound *in;
	int64_t round_id; /* the proposal that waits, or 0 */
	struct value *lines;
	int errors;
	bool confirmed; /* the line in hand has been */
	bool changed;   /* rules: a waiting proposal is made anew */
	const struct words *words;
};

/* What a command did, as a phrase of the words file. */
static int
say(struct steer *s, const struct command *c, bool ok, const char *key,
    const struct fill *fills, size_t n)
{
	struct arena *a = &s->app->item;
	struct value *item = value_push(a, s->lines, value_object(a));

	value_set_text(a, item, "line", c->line);
	value_set_text(
	    a, item, "result", words_fill(a, s->words, key, fills, n));
	value_set_bool(a, item, "ok", ok);
	s->errors += !ok;
	return 0;
}

static int
wrong(
    struct steer *s, const struct command *c, const char *key, struct span what)
{
	struct fill fill = {"what", what};

	return say(s, c, false, key, &fill, 1);
}

static int
done(
    struct steer *s, const struct command *c, const char *key, struct span what)
{
	struct fill fill = {"what", what};

	return say(s, c, true, key, &fill, 1);
}

static struct span
person_name(const struct person *p)
{
	return p->name.n ? p->name : p->address;
}

/* An address, the part before the @, or a name.  1, 0, -1. */
static int
who(struct steer *s, struct span word, struct person *out, struct err *err)
{
	struct app *app = s->app;
	struct span address;

	if (address_parse(&app->item, word, &address))
		return person_find_key(app->store, &app->item,
		    address_key(&app->item, address), out, err);
	return person_find_name(
	    app->store, &app->item, uni_fold(&app->item, word), out, err);
}

/* Two people of a command, sorted into mentor and mentee; 1, 0 told, -1. */
static int
two(struct steer *s, const struct command *c, struct person *mentor,
    struct person *mentee, struct err *err)
{
	struct person a, b;
	int rc;

	if (c->args_n != 2)
		return wrong(s, c, "steer-two-people", SPAN(""));
	rc = who(s, c->args[0], &a, err);
	if (rc <= 0)
		return rc < 0 ? -1 : wrong(s, c, "steer-nobody", c->args[0]);
	rc = who(s, c->args[1], &b, err);
	if (rc <= 0)
		return rc < 0 ? -1 : wrong(s, c, "steer-nobody", c->args[1]);
	if (a.id == b.id)
		return wrong(s, c, "steer-same-person", c->args[0]);
	*mentor = a.mentor && b.mentee ? a : b;
	*mentee = a.mentor && b.mentee ? b : a;
	return 1;
}

/* --- rounds -------------------------------------------------------------------- */

static int
do_approve(struct steer *s, const struct command *c, struct err *err)
{
	if (s->round_id == 0)
		return wrong(s, c, "steer-no-proposal", SPAN(""));
	if (round_approve(s->app, s->round_id, err) < 0)
		return -1;
	s->round_id = 0;
	return done(s, c, "steer-approved", SPAN(""));
}

static int
do_reject(struct steer *s, const struct command *c, struct err *err)
{
	if (s->round_id == 0)
		return wrong(s, c, "steer-no-proposal", SPAN(""));
	if (c->args_n == 0)
		return wrong(s, c, "steer-which-number", SPAN(""));
	for (uint32_t i = 0; i < c->args_n; i++) {
		int64_t n;

		if (!num_int(c->args[i], 1, 1000000, &n))
			return wrong(s, c, "steer-which-number", c->args[i]);
		if (store_do(s->app->store, PROPOSAL_REJECT, err, "iii",
			s->round_id, n, (int64_t)1) < 0)
			return -1;
		if (store_changes(s->app->store) == 0)
			return wrong(s, c, "steer-no-such-pair", c->args[i]);
		if (undo_store(s->app, c->line,
			arena_spanf(&s->app->item, "reject %lld %lld 0",
			    (long long)s->round_id, (long long)n),
			err) < 0)
			return -1;
	}
	return done(s, c, "steer-rejected", c->rest);
}

static int
rule(struct steer *s, const struct command *c, const char *kind,
    const char *key, struct err *err)
{
	struct person mentor, mentee;
	int rc = two(s, c, &mentor, &mentee, err);

	if (rc <= 0)
		return rc;
	if (store_do(s->app->store, RULE_INSERT, err, "tiii", span_of(kind),
		mentor.id, mentee.id, (int64_t)0) < 0 ||
	    undo_store(s->app, c->line,
		arena_spanf(&s->app->item, "unrule %s %lld %lld", kind,
		    (long long)mentor.id, (long long)mentee.id),
		err) < 0)
		return -1;
	s->changed = true;
	return done(s, c, key, c->rest);
}

static int
unrule(struct steer *s, const struct command *c, struct err *err)
{
	struct person mentor, mentee;
	int rc = two(s, c, &mentor, &mentee, err);

	if (rc <= 0)
		return rc;
	if (store_do(s->app->store, RULE_DELETE, err, "tii", SPAN("locked"),
		mentor.id, mentee.id) < 0 ||
	    undo_store(s->app, c->line,
		arena_spanf(&s->app->item, "rule locked %lld %lld",
		    (long long)mentor.id, (long long)mentee.id),
		err) < 0)
		return -1;
	s->changed = true;
	return done(s, c, "steer-unlocked", c->rest);
}

/* "lock 7": the pair with that number in the proposal. */
static int
do_lock(struct steer *s, const struct command *c, struct err *err)
{
	struct rows rows;
	int64_t n;

	if (c->args_n != 1)
		return rule(s, c, "locked", "steer-locked", err);
	if (!num_int(c->args[0], 1, 1000000, &n) || s->round_id == 0)
		return wrong(s, c, "steer-which-number", c->args[0]);
	if (store_rows(s->app->store, &s->app->item, PROPOSALS, &rows, err, "i",
		s->round_id) < 0)
		return -1;
	for (size_t r = 0; r < rows.n; r++)
		if (cell(&rows, r, 0)->i == n) {
			if (store_do(s->app->store, RULE_INSERT, err, "tiii",
				SPAN("locked"), cell(&rows, r, 1)->i,
				cell(&rows, r, 2)->i, (int64_t)0) < 0)
				return -1;
			return done(s, c, "steer-locked", c->rest);
		}
	return wrong(s, c, "steer-no-such-pair", c->args[0]);
}

/* What forcing a pair costs and who would move, before it counts. */
static int
cost_first(struct steer *s, const struct command *c,
    const struct person *mentor, const struct person *mentee, struct err *err)
{
	struct arena *a = &s->app->item;
	struct match_problem problem;
	struct match_result result;
	struct span cost, word;
	struct fill fills[2];

	if (round_problem(s->app, a, &problem, err) < 0 ||
	    match_solve(a, &problem, NULL, NULL, &result, err) < 0)
		return -1;
	if (match_what_if(a, &problem, &result, mentee->id, mentor->id,
		s->words, &cost, err) < 0) {
		if (err->kind != ERR_ITEM)
			return -1;
		err_clear(err);
		return wrong(s, c, "steer-not-free", c->rest);
	}
	if (confirm_ask(s->app, c->line, &word, err) < 0)
		return -1;
	fills[0] = (struct fill){"what", cost};
	fills[1] = (struct fill){"word", word};
	return say(s, c, true, "steer-cost", fills, 2);
}

/* "match": a new round.  "match a b": that pair, locked, and a new round. */
static int
do_match(struct steer *s, const struct command *c, struct err *err)
{
	if (c->args_n > 0) {
		struct person mentor, mentee;
		int rc = two(s, c, &mentor, &mentee, err);

		if (rc <= 0)
			return rc;
		if (!s->confirmed)
			return cost_first(s, c, &mentor, &mentee, err);
		if (store_do(s->app->store, RULE_INSERT, err, "tiii",
			SPAN("locked"), mentor.id, mentee.id, (int64_t)0) < 0)
			return -1;
	}
	if (round_propose(s->app, err) < 0)
		return -1;
	return done(s, c, "steer-matching", SPAN(""));
}

/* --- people and pairs ------------------------------------------------------------ */

static int
each_person(struct steer *s, const struct command *c, enum flow_event event,
    const char *key, struct err *err)
{
	if (c->args_n == 0)
		return wrong(s, c, "steer-who", SPAN(""));
	for (uint32_t i = 0; i < c->args_n; i++) {
		struct person p;
		int rc = who(s, c->args[i], &p, err);

		if (rc < 0)
			return -1;
		if (rc == 0)
			return wrong(s, c, "steer-nobody", c->args[i]);
		if (person_event(s->app, &p, event, err) < 0)
			return -1;
	}
	return done(s, c, key, c->rest);
}

static int
do_capacity(struct steer *s, const struct command *c, struct err *err)
{
	struct person p;
	int64_t n;
	int rc;

	if (c->args_n != 2 || !num_int(c->args[1], 0, 20, &n))
		return wrong(s, c, "steer-capacity-form", SPAN(""));
	rc = who(s, c->args[0], &p, err);
	if (rc <= 0)
		return rc < 0 ? -1 : wrong(s, c, "steer-nobody", c->args[0]);
	if (undo_store(s->app, c->line,
		arena_spanf(&s->app->item, "capacity %lld %lld",
		    (long long)p.id, (long long)p.capacity),
		err) < 0)
		return -1;
	p.capacity = n;
	s->changed = true;
	if (person_save(s->app, &p, err) < 0)
		return -1;
	return done(s, c, "steer-capacity", person_name(&p));
}

static int
do_end(struct steer *s, const struct command *c, bool again, struct err *err)
{
	struct pair pair;
	int64_t n;
	int rc;

	if (c->args_n != 1 || !num_int(c->args[0], 1, INT64_MAX / 2, &n))
		return wrong(s, c, "steer-which-number", SPAN(""));
	rc = pair_find(s->app->store, &s->app->item, n, &pair, err);
	if (rc <= 0)
		return rc < 0 ? -1
			      : wrong(s, c, "steer-no-such-pair", c->args[0]);
	pair.ended_why = SPAN("lead");
	if (pair_event(s->app, &pair, EV_END, err) < 0)
		return -1;
	if (again && round_propose(s->app, err) < 0)
		return -1;
	return done(s, c, again ? "steer-rematching" : "steer-ended", c->rest);
}

static int
do_text(
    struct steer *s, const struct command *c, const char *kind, struct err *err)
{
	if (c->rest.n == 0)
		return wrong(s, c, "steer-text-missing", SPAN(""));
	if (store_do(s->app->store, IMPROVEMENT_INSERT, err, "itt",
		s->app->world.now_unix, span_of(kind), c->rest) < 0)
		return -1;
	return done(s, c, "steer-noted", c->rest);
}

static int
do_send(struct steer *s, const struct command *c, struct err *err)
{
	struct span what = c->args_n ? c->args[0] : SPAN("");
	int rc;

	if (span_casestarts(what, "improvement") ||
	    span_casestarts(what, "verbesserung"))
		rc = did_send(s->app, err);
	else if (span_caseis(what, "report") || span_caseis(what, "bericht"))
		rc = report_send(s->app, err);
	else if (span_caseis(what, "digest") || span_caseis(what, "überblick"))
		rc = digest_send(s->app, err);
	else
		return wrong(s, c, "steer-send-what", what);
	return rc < 0 ? -1 : done(s, c, "steer-sent", what);
}

static int
do_roster(struct steer *s, const struct command *c, struct err *err)
{
	const struct mail *m = s->in->mail;
	struct arena *a = &s->app->item;
	struct roster_result r;
	char *text;

	for (uint32_t i = 0; i < m->attachments_n; i++) {
		if (m->attachments[i].bytes.n == 0)
			continue;
		if (roster_import(s->app, a, m->attachments[i].bytes, &r, err) <
		    0) {
			if (err->kind != ERR_ITEM)
				return -1;
			text = arena_printf(a, "%s", err->text);
			err_clear(err);
			return wrong(s, c, "steer-roster-bad", span_of(text));
		}
		text = arena_printf(a, "%lld + %lld (%lld)", (long long)r.added,
		    (long long)r.changed, (long long)r.unchanged);
		for (uint32_t e = 0; e < r.errors_n && e < 50; e++)
			wrong(s, c, "steer-roster-row", r.errors[e]);
		return done(s, c, "steer-roster", span_of(text));
	}
	return wrong(s, c, "steer-roster-none", SPAN(""));
}

static int
do_hold(struct steer *s, const struct command *c, bool hold, struct err *err)
{
	s->app->programme.hold = hold;
	if (undo_store(s->app, c->line, hold ? SPAN("hold 0") : SPAN("hold 1"),
		err) < 0 ||
	    programme_save(s->app, err) < 0)
		return -1;
	return done(s, c, hold ? "steer-held" : "steer-goes", SPAN(""));
}

static int
do_programme(struct steer *s, const struct command *c, enum flow_event event,
    const char *key, struct err *err)
{
	if (programme_event(s->app, event, err) < 0)
		return -1;
	return done(s, c, key, SPAN(""));
}

static int
do_undo(struct steer *s, const struct command *c, struct err *err)
{
	struct span line = SPAN("");
	int rc = undo_last(s->app, &line, err);

	if (rc <= 0)
		return rc < 0 ? -1 : wrong(s, c, "steer-nothing-undone", line);
	s->changed = true;
	return done(s, c, "steer-undone", line);
}

/* What cannot be taken back is done only with the word we send for it. */
static bool
is_dangerous(enum verb verb)
{
	return verb == VERB_END || verb == VERB_REMATCH ||
	       verb == VERB_REMOVE || verb == VERB_CLOSE;
}

static int
ask_first(struct steer *s, const struct command *c, struct err *err)
{
	struct span word;

	if (confirm_ask(s->app, c->line, &word, err) < 0)
		return -1;
	return done(s, c, "steer-confirm", word);
}

/* "why 3": the reasons of a proposed pair. */
static int
do_why(struct steer *s, const struct command *c, struct err *err)
{
	struct rows rows;
	int64_t n;

	if (c->args_n != 1 || !num_int(c->args[0], 1, 1000000, &n) ||
	    s->round_id == 0)
		return wrong(s, c, "steer-which-number", SPAN(""));
	if (store_rows(s->app->store, &s->app->item, PROPOSALS, &rows, err, "i",
		s->round_id) < 0)
		return -1;
	for (size_t r = 0; r < rows.n; r++)
		if (cell(&rows, r, 0)->i == n)
			return done(s, c, "steer-why",
			    reasons_text(s->app, cell(&rows, r, 6)->t,
				s->app->conf.locale));
	return wrong(s, c, "steer-no-such-pair", c->args[0]);
}

/* Two pairs of the proposal exchange their mentors: locked, made anew. */
static int
do_swap(struct steer *s, const struct command *c, struct err *err)
{
	int64_t number[2], mentor[2] = {0}, mentee[2] = {0};
	struct rows rows;

	if (c->args_n != 2 || s->round_id == 0 ||
	    !num_int(c->args[0], 1, 1000000, &number[0]) ||
	    !num_int(c->args[1], 1, 1000000, &number[1]))
		return wrong(s, c, "steer-which-number", SPAN(""));
	if (store_rows(s->app->store, &s->app->item, PROPOSALS, &rows, err, "i",
		s->round_id) < 0)
		return -1;
	for (size_t r = 0; r < rows.n; r++)
		for (int k = 0; k < 2; k++)
			if (cell(&rows, r, 0)->i == number[k]) {
				mentor[k] = cell(&rows, r, 1)->i;
				mentee[k] = cell(&rows, r, 2)->i;
			}
	if (mentor[0] == 0 || mentor[1] == 0 || number[0] == number[1])
		return wrong(s, c, "steer-no-such-pair", c->rest);
	for (int k = 0; k < 2; k++)
		if (store_do(s->app->store, RULE_INSERT, err, "tiii",
			SPAN("locked"), mentor[k], mentee[1 - k],
			(int64_t)0) < 0)
			return -1;
	if (undo_store(s->app, c->line,
		arena_spanf(&s->app->item,
		    "unrule locked %lld %lld;unrule locked %lld %lld",
		    (long long)mentor[0], (long long)mentee[1],
		    (long long)mentor[1], (long long)mentee[0]),
		err) < 0)
		return -1;
	s->changed = true;
	return done(s, c, "steer-swapped", c->rest);
}

static int obey(struct steer *, const struct command *, struct err *);

static int
do_confirm(struct steer *s, const struct command *c, struct err *err)
{
	struct span word = c->args_n ? c->args[0] : SPAN(""), line, stopped;
	struct command *list;
	uint32_t n;
	int rc = confirm_take(s->app, word, &line, err);

	if (rc <= 0)
		return rc < 0 ? -1 : wrong(s, c, "steer-no-confirm", word);
	reply_commands(&s->app->item, line, &list, &n, &stopped);
	/* A confirmed line is never a confirmation: this ends here. */
	if (n != 1 ||
	    (!is_dangerous(list[0].verb) && list[0].verb != VERB_MATCH))
		return wrong(s, c, "steer-no-confirm", word);
	s->confirmed = true;
	rc = obey(s, &list[0], err);
	s->confirmed = false;
	return rc;
}

static int
obey(struct steer *s, const struct command *c, struct err *err)
{
	if (is_dangerous(c->verb) && !s->confirmed)
		return ask_first(s, c, err);
	switch (c->verb) {
	case VERB_CONFIRM:
		return do_confirm(s, c, err);
	case VERB_UNDO:
		return do_undo(s, c, err);
	case VERB_WHY:
		return do_why(s, c, err);
	case VERB_SWAP:
		return do_swap(s, c, err);
	case VERB_HELP:
		return done(s, c, "steer-help", SPAN(""));
	case VERB_APPROVE:
		return do_approve(s, c, err);
	case VERB_REJECT:
		return do_reject(s, c, err);
	case VERB_LOCK:
		return do_lock(s, c, err);
	case VERB_UNLOCK:
		return unrule(s, c, err);
	case VERB_EXCLUDE:
		return rule(s, c, "excluded", "steer-excluded", err);
	case VERB_MATCH:
		return do_match(s, c, err);
	case VERB_CAPACITY:
		return do_capacity(s, c, err);
	case VERB_END:
		return do_end(s, c, false, err);
	case VERB_REMATCH:
		return do_end(s, c, true, err);
	case VERB_ADMIT:
		return each_person(s, c, EV_ADMIT, "steer-admitted", err);
	case VERB_REFUSE:
		return each_person(s, c, EV_REFUSE, "steer-refused", err);
	case VERB_INVITE:
		return each_person(s, c, EV_INVITE, "steer-invited", err);
	case VERB_PAUSE:
		return each_person(s, c, EV_PAUSE, "steer-paused", err);
	case VERB_RESUME:
		return each_person(s, c, EV_RESUME, "steer-resumed", err);
	case VERB_REMOVE:
		return each_person(s, c, EV_LEAVE, "steer-removed", err);
	case VERB_IMPROVE:
		return do_text(s, c, "improvement", err);
	case VERB_ACTION:
		return do_text(s, c, "action", err);
	case VERB_SEND:
		return do_send(s, c, err);
	case VERB_STATUS:
		if (digest_send(s->app, err) < 0)
			return -1;
		return done(s, c, "steer-sent", SPAN(""));
	case VERB_ROSTER:
		return do_roster(s, c, err);
	case VERB_START:
		return do_programme(s, c, EV_BEGIN, "steer-started", err);
	case VERB_CLOSE:
		return do_programme(s, c, EV_CLOSE, "steer-closed", err);
	case VERB_HOLD:
		return do_hold(s, c, true, err);
	case VERB_GO:
		return do_hold(s, c, false, err);
	default:
		return wrong(s, c, "steer-unknown", c->line);
	}
}

static int
waiting_round(struct app *app, int64_t *id, struct err *err)
{
	struct rows rows;

	*id = 0;
	if (store_rows(app->store, &app->item, ROUND_LAST, &rows, err, "") < 0)
		return -1;
	if (rows.n > 0 && span_is(cell(&rows, 0, 1)->t, "proposed"))
		*id = cell(&rows, 0, 0)->i;
	return 0;
}

/* Sends the lead a mail with a token, by which the command can be given. */
static int
offer_token(struct app *app, struct thread *thread, struct err *err)
{
	int64_t n = 0;

	if (store_int(app->store, OUTBOX_RECENT_KIND, &n, err, "tit",
		app->conf.lead_address, app->world.now_unix - DAY,
		SPAN("steer-token")) < 0)
		return -1;
	if (n >= 3)
		return 0;
	return letter_lead(
	    app, "steer-token", thread, letter_values(app, NULL), err);
}

int
steer_mail(
    struct app *app, struct inbound *in, struct verdict *v, struct err *err)
{
	struct steer s = {.app = app,
	    .in = in,
	    .words = &app_language(app, app->conf.locale)->words};
	struct value *values = letter_values(app, NULL);
	struct thread thread = in->thread;
	struct command *list;
	struct span stopped;
	uint32_t n;

	if (in->proof != PROOF_TOKEN) {
		*v = (struct verdict){INBOX_HELD, "lead-without-token"};
		if (thread_get(app, THREAD_LEAD, 0, 0, &thread, err) < 0)
			return -1;
		return offer_token(app, &thread, err);
	}
	s.lines =
	    value_set(&app->item, values, "lines", value_list(&app->item));
	if (waiting_round(app, &s.round_id, err) < 0)
		return -1;
	reply_commands(&app->item, in->reading->new_text, &list, &n, &stopped);
	for (uint32_t i = 0; i < n; i++)
		if (obey(&s, &list[i], err) < 0)
			return -1;
	/* Rules were changed under a waiting proposal: here is the new one. */
	if (s.changed && s.round_id != 0 && round_propose(app, err) < 0)
		return -1;
	value_set_int(&app->item, values, "errors", s.errors);
	value_set_bool(&app->item, values, "nothing", n == 0);
	value_set_text(&app->item, values, "stopped", stopped);
	*v = verdict_handled("commands");
	return letter_lead(app, "transcript", &thread, values, err);
}
