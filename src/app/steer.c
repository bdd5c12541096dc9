/*
 * The lead's commands.  Taken only from the lead's address and with the
 * token of a mail that rmail sent to the lead; the answer is a transcript of
 * each line with its result.
 */
#include "app/steer_int.h"

#include "app/spoken_int.h"

static int
do_text(
    struct steer *s, const struct command *c, const char *kind, struct err *err)
{
	if (c->rest.n == 0)
		return steer_wrong(s, c, "steer-text-missing", SPAN(""));
	if (store_do(s->app->store, IMPROVEMENT_INSERT, err, "itt",
		s->app->world.now_unix, span_of(kind), c->rest) < 0)
		return -1;
	return steer_done(s, c, "steer-noted", c->rest);
}

static int
do_send(struct steer *s, const struct command *c, struct err *err)
{
	struct span what = c->args_n ? c->args[0] : SPAN("");
	struct span which = c->args_n > 1 ? c->args[1] : SPAN("");
	int rc;

	if (span_casestarts(what, "improvement") ||
	    span_casestarts(what, "verbesserung"))
		rc = did_send(s->app, err);
	else if (span_caseis(what, "report") || span_caseis(what, "bericht"))
		rc = report_send(s->app, err);
	else if (span_caseis(what, "digest") || span_caseis(what, "überblick"))
		rc = digest_send(s->app, err);
	else if ((span_caseis(what, "survey") ||
		     span_caseis(what, "umfrage")) &&
		 (span_caseis(which, "midpoint") ||
		     span_caseis(which, "final")))
		rc = survey_all(s->app,
		    span_caseis(which, "final") ? "final" : "midpoint", err);
	else
		return steer_wrong(s, c, "steer-send-what", what);
	return rc < 0 ? -1 : steer_done(s, c, "steer-sent", what);
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
			return steer_wrong(
			    s, c, "steer-roster-bad", span_of(text));
		}
		text = arena_printf(a, "%lld + %lld (%lld)", (long long)r.added,
		    (long long)r.changed, (long long)r.unchanged);
		for (uint32_t e = 0; e < r.errors_n && e < 50; e++)
			steer_wrong(s, c, "steer-roster-row", r.errors[e]);
		return steer_done(s, c, "steer-roster", span_of(text));
	}
	if (m->attachments_n > 0)
		return steer_wrong(
		    s, c, "steer-roster-other", m->attachments[0].name);
	return steer_wrong(s, c, "steer-roster-none", SPAN(""));
}

/* A table and not one command: then the table is what the mail is about. */
static bool
is_table_alone(const struct mail *m, const struct command *list, uint32_t n)
{
	bool table = false;

	for (uint32_t i = 0; i < n; i++)
		if (list[i].verb != VERB_UNKNOWN)
			return false;
	for (uint32_t i = 0; i < m->attachments_n; i++)
		table |= m->attachments[i].bytes.n > 0;
	return table;
}

static int
do_hold(struct steer *s, const struct command *c, bool hold, struct err *err)
{
	s->app->programme.hold = hold;
	if (undo_store(s->app, c->line, hold ? SPAN("hold 0") : SPAN("hold 1"),
		err) < 0 ||
	    programme_save(s->app, err) < 0)
		return -1;
	return steer_done(s, c, hold ? "steer-held" : "steer-goes", SPAN(""));
}

static int
do_programme(struct steer *s, const struct command *c, enum flow_event event,
    const char *key, struct err *err)
{
	enum programme_state was = s->app->programme.state;

	if (programme_event(s->app, event, err) < 0)
		return -1;
	if (s->app->programme.state == was &&
	    (event == EV_CLOSE || was >= PROGRAMME_CLOSING))
		return steer_wrong(s, c, "steer-not-running", SPAN(""));
	return steer_done(s, c, key, SPAN(""));
}

static int
do_undo(struct steer *s, const struct command *c, struct err *err)
{
	struct span line = SPAN("");
	int rc = undo_last(s->app, &line, err);

	if (rc <= 0)
		return rc < 0 ? -1
			      : steer_wrong(s, c, "steer-nothing-undone", line);
	s->changed = true;
	return steer_done(s, c, "steer-undone", line);
}

static int obey(struct steer *, const struct command *, struct err *);

/* Those that may have been asked about before they were done. */
static bool
may_wait(enum verb verb)
{
	return steer_is_dangerous(verb) || verb == VERB_MATCH ||
	       verb == VERB_LOCK || verb == VERB_EXCLUDE ||
	       verb == VERB_CAPACITY || verb == VERB_SWAP;
}

static int
do_confirm(struct steer *s, const struct command *c, struct err *err)
{
	struct span word = c->args_n ? c->args[0] : SPAN(""), line, stopped;
	struct command *list;
	uint32_t n;
	int rc = confirm_take(s->app, word, &line, err);

	if (rc <= 0)
		return rc < 0 ? -1
			      : steer_wrong(s, c, "steer-no-confirm", word);
	reply_commands(&s->app->item, line, &list, &n, &stopped);
	/* A confirmed line is never a confirmation: this ends here. */
	if (n != 1 || !may_wait(list[0].verb))
		return steer_wrong(s, c, "steer-no-confirm", word);
	s->confirmed = true;
	rc = obey(s, &list[0], err);
	s->confirmed = false;
	return rc;
}

static int
obey(struct steer *s, const struct command *c, struct err *err)
{
	if (steer_is_dangerous(c->verb) && !s->confirmed)
		return steer_ask_first(s, c, err);
	switch (c->verb) {
	case VERB_CONFIRM:
		return do_confirm(s, c, err);
	case VERB_UNDO:
		return do_undo(s, c, err);
	case VERB_WHY:
		return steer_why(s, c, err);
	case VERB_SWAP:
		return steer_swap(s, c, err);
	case VERB_HELP:
		return steer_done(s, c, "steer-help", SPAN(""));
	case VERB_APPROVE:
		return steer_approve(s, c, err);
	case VERB_REJECT:
		return steer_reject(s, c, err);
	case VERB_LOCK:
		return steer_lock(s, c, err);
	case VERB_UNLOCK:
		return steer_unlock(s, c, err);
	case VERB_EXCLUDE:
		return steer_exclude(s, c, err);
	case VERB_MATCH:
		return steer_match(s, c, err);
	case VERB_CAPACITY:
		return steer_capacity(s, c, err);
	case VERB_SHOW:
		return steer_show(s, c, err);
	case VERB_RELEASE:
	case VERB_DROP:
		return steer_quarantine(s, c, err);
	case VERB_END:
		return steer_end(s, c, false, err);
	case VERB_REMATCH:
		return steer_end(s, c, true, err);
	case VERB_ADMIT:
	case VERB_REFUSE:
	case VERB_INVITE:
	case VERB_PAUSE:
	case VERB_RESUME:
	case VERB_REMOVE:
		return steer_people(s, c, err);
	case VERB_IMPROVE:
		return do_text(s, c, "improvement", err);
	case VERB_ACTION:
		return do_text(s, c, "action", err);
	case VERB_SEND:
		return do_send(s, c, err);
	case VERB_STATUS:
		if (digest_send(s->app, err) < 0)
			return -1;
		return steer_done(s, c, "steer-sent", SPAN(""));
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
		return steer_wrong(s, c, "steer-unknown", c->line);
	}
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

/* A limit in the lead's words, else the line that ended the reading. */
static struct span
stopped_by(struct steer *s, struct span stopped)
{
	if (span_is(stopped, "too many commands"))
		return words_get(s->words, "steer-stop-commands");
	if (span_is(stopped, "too many unknown lines"))
		return words_get(s->words, "steer-stop-unknown");
	return stopped;
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
	if (steer_round(&s, err) < 0)
		return -1;
	reply_commands(&app->item, in->reading->new_text, &list, &n, &stopped);
	if (is_table_alone(in->mail, list, n)) {
		list = arena_alloc(&app->item, sizeof(*list));
		*list = (struct command){
		    .verb = VERB_ROSTER, .line = SPAN("roster")};
		n = 1;
		stopped = SPAN("");
	}
	for (uint32_t i = 0; i < n; i++)
		if (obey(&s, &list[i], err) < 0)
			return -1;
	/* Rules were changed under a waiting proposal: here is the new one. */
	if (s.changed && (s.round_id != 0 || s.waiting != 0) &&
	    round_propose(app, s.repair, err) < 0)
		return -1;
	/* A zero would be a value like any other. */
	if (s.errors > 0)
		value_set_int(&app->item, values, "errors", s.errors);
	value_set_bool(&app->item, values, "nothing", n == 0);
	value_set_text(&app->item, values, "stopped", stopped_by(&s, stopped));
	*v = verdict_handled("commands");
	return letter_lead(app, "transcript", &thread, values, err);
}
