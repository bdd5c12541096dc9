/*
 * What a participant wrote -> events.  A change needs the token or code of a
 * mail we sent and the address we know; without it the owner is asked.  A
 * doubtful sentence never changes anything: rmail says what it understood.
 */
#include "app/app.h"

#include "app/spoken_int.h"
#include "base/num.h"
#include "base/str.h"
#include "base/uni.h"
#include "compose/compose.h"
#include "model/address.h"

struct verdict
verdict_handled(const char *reason)
{
	return (struct verdict){INBOX_HANDLED, reason};
}

struct civil
mail_day(struct app *app, const struct inbound *in)
{
	int64_t at =
	    in->mail->date_unix ? in->mail->date_unix : app->world.now_unix;

	/* A date far from now is a broken clock, not a long journey. */
	if (at > app->world.now_unix + DAY ||
	    at < app->world.now_unix - 30 * DAY)
		at = app->world.now_unix;
	return zone_civil(person_zone(app, in->known ? &in->person : NULL), at);
}

static struct short_answer
short_of(struct app *app, const struct inbound *in)
{
	struct short_answer s = {0};

	reply_short(&app->item, in->reading->new_text, mail_day(app, in),
	    in->known ? in->person.locale : app->conf.locale, &s);
	/* "4/5" is a mark where a scale was asked for, else maybe a date. */
	if (s.out_of != 0 && in->thread.kind != THREAD_FORM)
		s.sure = false;
	return s;
}

static int64_t
day_start(struct app *app, const struct person *p, const struct when *w)
{
	struct civil c = {w->year, w->month, w->day, 0, 0, 0};
	int64_t t = 0;

	zone_unix(person_zone(app, p), &c, &t);
	return t;
}

/* --- answers to the sender ------------------------------------------------ */

/* At most a few a day to one address, whatever comes. */
static int
may_answer(struct app *app, struct span address, const char *template,
    bool *yes, struct err *err)
{
	int64_t n = 0;

	if (store_int(app->store, OUTBOX_RECENT_KIND, &n, err, "tit", address,
		app->world.now_unix - DAY, span_of(template)) < 0)
		return -1;
	*yes = n < app->conf.answers_per_day;
	return 0;
}

int
answer_send(struct app *app, struct inbound *in, const char *template,
    struct value *values, struct err *err)
{
	struct thread thread = in->thread;
	struct letter_ask ask = {.template = template,
	    .to = &in->person,
	    .thread = &thread,
	    .values = values,
	    .answer = true,
	    .at_once = true,
	    .in_reply_to = in->mail->message_id};
	bool yes;

	if (in->proof == PROOF_NONE &&
	    thread_get(app, THREAD_PERSON, in->person.id, in->person.id,
		&thread, err) < 0)
		return -1;
	if (in->assistant) {
		ask.to_address = in->inbox.sender;
		ask.to_name = SPAN("");
	}
	if (may_answer(app,
		in->assistant ? in->inbox.sender : in->person.address, template,
		&yes, err) < 0)
		return -1;
	return yes ? letter_send(app, &ask, NULL, err) : 0;
}

int
answer_not_understood(
    struct app *app, struct inbound *in, struct verdict *v, struct err *err)
{
	struct value *values = letter_values(app, &in->person);
	struct span text = in->reading->new_text;

	/* Outlook's winmail.dat alone, and nothing in it to read. */
	if (in->mail->tnef_unread && text.n == 0) {
		*v = verdict_handled("not-readable");
		return answer_send(app, in, "not-readable", values, err);
	}
	value_set_text(&app->item, values, "text", span_sub(text, 0, 300));
	*v = verdict_handled("not-understood");
	return answer_send(app, in, "not-understood", values, err);
}

/* --- confirmations -------------------------------------------------------- */

/* Asks the owner at the known address; a yes there does it. */
static int
ask_owner(struct app *app, const struct person *owner, const char *action,
    struct span argument, struct value *values, struct err *err)
{
	struct thread thread;
	struct letter_ask ask = {.template = "confirm",
	    .to = owner,
	    .thread = &thread,
	    .values = values,
	    .at_once = true,
	    .answer = true};

	if (store_do(app->store, CONFIRM_INSERT, err, "tittii", SPAN("yes"),
		owner->id, span_of(action), argument, app->world.now_unix,
		app->world.now_unix + 14 * DAY) < 0 ||
	    thread_get(app, THREAD_CONFIRM, store_last_id(app->store),
		owner->id, &thread, err) < 0)
		return -1;
	return letter_send(app, &ask, NULL, err);
}

/* --- words ---------------------------------------------------------------- */

static int
say_stuck(
    struct app *app, struct inbound *in, struct span rest, struct err *err)
{
	struct pair *list;
	size_t n;
	bool told = false;

	if (pairs(app->store, &app->item, PAIRS_OF, &list, &n, err,
		in->person.id) < 0)
		return -1;
	for (size_t i = 0; i < n; i++) {
		if (list[i].state == PAIR_ENDED)
			continue;
		if (note_add(app, "stuck", in->person.id, list[i].id, rest,
			err) < 0 ||
		    pair_event(app, &list[i], EV_STUCK, err) < 0)
			return -1;
		told = true;
	}
	if (!told && note_add(app, "stuck", in->person.id, 0, rest, err) < 0)
		return -1;
	return answer_send(app, in, "stuck-noted", NULL, err);
}

static int
set_pause(struct app *app, struct inbound *in, const struct short_answer *s,
    struct err *err)
{
	struct person *p = &in->person;

	p->paused_until_unix =
	    s->when.has_date ? day_start(app, p, &s->when) : 0;
	if (p->paused_until_unix != 0 &&
	    p->paused_until_unix <= app->world.now_unix)
		p->paused_until_unix = 0;
	return person_event(app, p, EV_PAUSE, err);
}

static int
set_assistant(
    struct app *app, struct inbound *in, struct span address, struct err *err)
{
	struct person *p = &in->person;
	struct value *v = letter_values(app, p);

	p->assistant = address;
	p->assistant_key =
	    address.n ? address_key(&app->item, address) : SPAN("");
	if (person_save(app, p, err) < 0)
		return -1;
	value_set_text(&app->item, v, "assistant", address);
	return answer_send(app, in, "assistant-noted", v, err);
}

/* The new address must answer itself before anything goes there. */
static int
new_address(
    struct app *app, struct inbound *in, struct span address, struct err *err)
{
	struct person other, to = in->person;
	struct value *v = letter_values(app, &in->person);
	int rc = person_find_key(app->store, &app->item,
	    address_key(&app->item, address), &other, err);

	if (rc < 0)
		return -1;
	/* An own second address may become the first. */
	if (rc > 0 && other.id != in->person.id)
		return answer_send(app, in, "address-taken", v, err);
	value_set_bool(&app->item, v, "new-address", true);
	value_set_text(&app->item, v, "argument", address);
	to.address = address;
	return ask_owner(app, &to, "address", address, v, err);
}

static int
send_my_data(struct app *app, struct inbound *in, struct err *err)
{
	struct value *v = letter_values(app, &in->person);
	struct str json;
	struct letter_file *file = arena_alloc(&app->item, sizeof(*file));
	struct thread thread;
	struct letter_ask ask = {.template = "my-data",
	    .to = &in->person,
	    .thread = &thread,
	    .values = v,
	    .answer = true,
	    .at_once = true,
	    .in_reply_to = in->mail->message_id,
	    .files = file,
	    .files_n = 1};

	str_init(&json, &app->item, 1 << 22);
	if (person_export(app, &in->person, &json, err) < 0 ||
	    thread_get(app, THREAD_PERSON, in->person.id, in->person.id,
		&thread, err) < 0)
		return -1;
	*file = (struct letter_file){.type = SPAN("application/json"),
	    .name = SPAN("my-data.json"),
	    .bytes = str_span(&json)};
	return letter_send(app, &ask, NULL, err);
}

static int
ask_forget(struct app *app, struct inbound *in, struct err *err)
{
	struct value *v = letter_values(app, &in->person);

	value_set_bool(&app->item, v, "forget", true);
	return ask_owner(app, &in->person, "forget", SPAN(""), v, err);
}

/* --- joining ---------------------------------------------------------------- */

/*
 * Where the lead admits people, a word of their own does not bring back whom
 * the lead has refused or removed; who was invited may change their mind.
 */
static enum flow_event
way_in(const struct app *app, const struct person *p)
{
	bool invited = p->invited_unix != 0 && p->state == PERSON_DECLINED;

	if (app->conf.join == CONF_JOIN_LEAD && !invited &&
	    (p->state == PERSON_KNOWN || p->state == PERSON_DECLINED ||
		p->state == PERSON_LEFT))
		return EV_APPLY;
	return EV_JOIN;
}

static bool
is_over(const struct app *app)
{
	return app->programme.state == PROGRAMME_CLOSING ||
	       app->programme.state == PROGRAMME_ENDED;
}

static int
join(struct app *app, struct inbound *in, struct err *err)
{
	/* A pause may end in the last weeks; nobody new comes in. */
	if (is_over(app) && in->person.state != PERSON_PAUSED &&
	    in->person.state != PERSON_READY)
		return answer_send(app, in, "too-late", NULL, err);
	return person_event(app, &in->person, way_in(app, &in->person), err);
}

/* Words that mean the same in every conversation.  1 done, 0 not one. */
static int
general_word(struct app *app, struct inbound *in, const struct short_answer *s,
    struct err *err)
{
	int rc;

	switch (s->word) {
	case WORD_JOIN:
		rc = join(app, in, err);
		break;
	case WORD_STUCK:
		rc = say_stuck(app, in, s->rest, err);
		break;
	case WORD_PAUSE:
		rc = set_pause(app, in, s, err);
		break;
	case WORD_RESUME:
		rc = person_event(app, &in->person, EV_RESUME, err);
		break;
	case WORD_LEAVE:
		rc = person_event(app, &in->person, EV_LEAVE, err);
		break;
	case WORD_HELP:
		rc = answer_send(app, in, "help", NULL, err);
		break;
	case WORD_MY_DATA:
		rc = send_my_data(app, in, err);
		break;
	case WORD_FORGET:
		rc = ask_forget(app, in, err);
		break;
	case WORD_ADDRESS:
		rc = new_address(app, in, s->address, err);
		break;
	case WORD_ASSISTANT:
		rc = set_assistant(app, in, s->address, err);
		break;
	default:
		return 0;
	}
	return rc < 0 ? -1 : 1;
}

/* --- pairs ---------------------------------------------------------------- */

static int
pair_agree(struct app *app, struct inbound *in, struct err *err)
{
	struct pair pair;
	int rc =
	    pair_find(app->store, &app->item, in->thread.object_id, &pair, err);

	if (rc <= 0)
		return rc;
	if (in->person.id == pair.mentor_id && pair.mentor_agreed_unix == 0)
		pair.mentor_agreed_unix = app->world.now_unix;
	if (in->person.id == pair.mentee_id && pair.mentee_agreed_unix == 0)
		pair.mentee_agreed_unix = app->world.now_unix;
	if (pair_save(app, &pair, err) < 0)
		return -1;
	return pair_event(app, &pair, EV_AGREED, err);
}

/* Words about time go to the session that is being planned. */
static int
pair_session(struct app *app, struct inbound *in, const struct pair *pair,
    const struct short_answer *s, struct verdict *v, struct err *err)
{
	struct session *list;
	size_t n;

	if (sessions(app->store, &app->item, SESSIONS_OF, &list, &n, err,
		pair->id) < 0)
		return -1;
	for (size_t i = 0; i < n; i++)
		if (list[i].state < SESSION_OVER) {
			in->thread.kind = THREAD_SESSION;
			in->thread.object_id = list[i].id;
			return session_reply(app, in, s, v, err);
		}
	return answer_not_understood(app, in, v, err);
}

static int
pair_reply(struct app *app, struct inbound *in, const struct short_answer *s,
    struct verdict *v, struct err *err)
{
	struct pair pair;
	bool yes = s->word == WORD_AGREE || s->word == WORD_YES;
	int rc =
	    pair_find(app->store, &app->item, in->thread.object_id, &pair, err);

	if (rc <= 0)
		return rc;
	if (!s->sure)
		return answer_not_understood(app, in, v, err);
	*v = verdict_handled(word_name(s->word));
	if (yes && pair.state == PAIR_ACTIVE)
		return pair_event(app, &pair, EV_SIGN, err);
	if (yes)
		return pair_agree(app, in, err);
	if (s->word == WORD_MOVE || s->word == WORD_TIME ||
	    s->word == WORD_CANCEL || s->word == WORD_NOT_THEN)
		return pair_session(app, in, &pair, s, v, err);
	return answer_not_understood(app, in, v, err);
}

/* --- invitations ---------------------------------------------------------- */

static int
person_reply(struct app *app, struct inbound *in, const struct short_answer *s,
    struct verdict *v, struct err *err)
{
	*v = verdict_handled(word_name(s->word));
	if (s->word == WORD_YES || s->word == WORD_AGREE)
		return join(app, in, err);
	if (s->word == WORD_NO)
		return person_event(app, &in->person, EV_NO, err);
	if (s->word == WORD_STOP)
		return person_event(app, &in->person, EV_LEAVE, err);
	return answer_not_understood(app, in, v, err);
}

/* It was them: the address is theirs, and what they wrote is read again. */
static int
take_alias(
    struct app *app, struct inbound *in, struct span address, struct err *err)
{
	struct span key = address_key(&app->item, address);

	if (store_do(app->store, ALIAS_INSERT, err, "titi", key, in->person.id,
		address, (int64_t)0) < 0)
		return -1;
	return store_do(app->store, INBOX_RELEASE, err, "t", key);
}

static int
confirm_reply(struct app *app, struct inbound *in, const struct short_answer *s,
    struct verdict *v, struct err *err)
{
	struct rows rows;
	struct span action, argument;

	*v = verdict_handled("confirmed");
	if (s->word != WORD_YES && s->word != WORD_AGREE) {
		*v = verdict_handled("not-confirmed");
		return 0;
	}
	if (store_rows(app->store, &app->item, CONFIRM_BY_ID, &rows, err, "i",
		in->thread.object_id) < 0)
		return -1;
	if (rows.n == 0 || cell(&rows, 0, 6)->i != 0 ||
	    cell(&rows, 0, 5)->i < app->world.now_unix) {
		*v = verdict_handled("confirmation-expired");
		return 0;
	}
	action = cell(&rows, 0, 3)->t;
	argument = cell(&rows, 0, 4)->t;
	if (store_do(app->store, CONFIRM_DONE, err, "ii", in->thread.object_id,
		app->world.now_unix) < 0)
		return -1;
	if (span_is(action, "forget"))
		return person_erase(app, &in->person, err);
	if (span_is(action, "address"))
		return person_move(app, &in->person, argument, err);
	if (span_is(action, "alias"))
		return take_alias(app, in, argument, err);
	if (span_is(action, "word"))
		return person_word(app, in, argument, v, err);
	return 0;
}

/* --- strangers ------------------------------------------------------------ */

static bool
domain_allowed(const struct app *app, struct span address)
{
	struct span domain = address_domain(address);

	for (uint32_t i = 0; i < app->conf.domains_n; i++)
		if (span_caseeq(domain, app->conf.domains[i]))
			return true;
	return false;
}

static int
person_add(struct app *app, struct inbound *in, struct err *err)
{
	struct span name = in->mail->from_n ? in->mail->from[0].name : SPAN("");
	struct span locale = app_language(app, in->reading->language)->locale;

	if (store_do(app->store, PERSON_INSERT, err, "tttitt", in->inbox.sender,
		in->inbox.sender_key, name, app->world.now_unix, locale,
		app->conf.zone) < 0)
		return -1;
	in->known = true;
	return person_find(app->store, &app->item, store_last_id(app->store),
		   &in->person, err) < 0
		   ? -1
		   : 0;
}

/*
 * The new address that somebody asked us to use answers the very mail by
 * which we asked it: that is the proof.  1 yes, 0, -1.
 */
static int
is_new_address(struct app *app, const struct inbound *in, struct err *err)
{
	struct rows rows;

	if (in->thread.kind != THREAD_CONFIRM)
		return 0;
	if (store_rows(app->store, &app->item, CONFIRM_BY_ID, &rows, err, "i",
		in->thread.object_id) < 0)
		return -1;
	return rows.n > 0 && span_is(cell(&rows, 0, 3)->t, "address") &&
	       span_eq(address_key(&app->item, cell(&rows, 0, 4)->t),
		   in->inbox.sender_key);
}

/* Somebody else writes with a person's code. */
static int
other_address(
    struct app *app, struct inbound *in, struct verdict *v, struct err *err)
{
	struct short_answer s = short_of(app, in);
	struct person owner;
	struct value *values;
	int rc = person_find(
	    app->store, &app->item, in->thread.person_id, &owner, err);

	if (rc <= 0)
		return rc;
	rc = is_new_address(app, in, err);
	if (rc < 0)
		return -1;
	if (rc > 0) {
		in->person = owner;
		in->known = true;
		return s.sure ? confirm_reply(app, in, &s, v, err)
			      : answer_not_understood(app, in, v, err);
	}
	*v = (struct verdict){INBOX_HELD, "other-address"};
	values = letter_values(app, &owner);
	value_set_bool(&app->item, values, "other", true);
	value_set_text(&app->item, values, "argument", in->inbox.sender);
	return ask_owner(app, &owner, "alias", in->inbox.sender, values, err);
}

static int
stranger(
    struct app *app, struct inbound *in, struct verdict *v, struct err *err)
{
	struct short_answer s = short_of(app, in);
	bool yes;

	*v = (struct verdict){INBOX_IGNORED, "unknown-sender"};
	if (in->proof != PROOF_NONE)
		return other_address(app, in, v, err);
	if (s.word == WORD_JOIN && s.sure && !is_over(app) &&
	    app->conf.join != CONF_JOIN_ROSTER &&
	    (app->conf.join != CONF_JOIN_DOMAIN ||
		domain_allowed(app, in->inbox.sender))) {
		if (person_add(app, in, err) < 0)
			return -1;
		*v = verdict_handled("join");
		return person_event(
		    app, &in->person, way_in(app, &in->person), err);
	}
	if (app->conf.unknown == CONF_UNKNOWN_SILENT)
		return 0;
	if (may_answer(app, in->inbox.sender, "stranger", &yes, err) < 0)
		return -1;
	if (!yes)
		return 0;
	return letter_send(app,
	    &(struct letter_ask){.template = "stranger",
		.to_address = in->inbox.sender,
		.locale = in->reading->language,
		.in_reply_to = in->mail->message_id,
		.answer = true,
		.at_once = true},
	    NULL, err);
}

/* --- the whole ------------------------------------------------------------ */

/*
 * The known address, but no code of ours: enough to join or to get help, for
 * the rest the owner confirms by answering a mail that has the code.
 */
static int
without_code(
    struct app *app, struct inbound *in, struct verdict *v, struct err *err)
{
	struct short_answer s = short_of(app, in);
	struct value *values;

	if (!s.sure || s.word == WORD_NONE)
		return answer_not_understood(app, in, v, err);
	*v = verdict_handled(word_name(s.word));
	if (s.word == WORD_JOIN)
		return join(app, in, err);
	if (s.word == WORD_HELP)
		return answer_send(app, in, "help", NULL, err);
	*v = (struct verdict){INBOX_HELD, "no-code"};
	values = letter_values(app, &in->person);
	value_set_bool(&app->item, values, "no-code", true);
	value_set_text(&app->item, values, "argument", in->reading->new_text);
	return ask_owner(
	    app, &in->person, "word", in->reading->new_text, values, err);
}

static int
by_thread(struct app *app, struct inbound *in, const struct short_answer *s,
    struct verdict *v, struct err *err)
{
	switch (in->thread.kind) {
	case THREAD_FORM:
		if (s->word == WORD_STOP && s->sure) {
			*v = verdict_handled("stop");
			return form_stop(app, in, err);
		}
		return form_reply(app, in, v, err);
	case THREAD_SESSION:
		return session_reply(app, in, s, v, err);
	case THREAD_PAIR:
		return pair_reply(app, in, s, v, err);
	case THREAD_CONFIRM:
		if (!s->sure)
			return answer_not_understood(app, in, v, err);
		return confirm_reply(app, in, s, v, err);
	default:
		if (!s->sure)
			return answer_not_understood(app, in, v, err);
		return person_reply(app, in, s, v, err);
	}
}

int
person_word(struct app *app, struct inbound *in, struct span text,
    struct verdict *v, struct err *err)
{
	struct short_answer s = {0};
	int rc;

	reply_short(&app->item, text, mail_day(app, in), in->person.locale, &s);
	rc = s.sure ? general_word(app, in, &s, err) : 0;
	if (rc == 0)
		return answer_not_understood(app, in, v, err);
	if (rc < 0)
		return -1;
	*v = verdict_handled(word_name(s.word));
	return 0;
}

int
spoken_mail(
    struct app *app, struct inbound *in, struct verdict *v, struct err *err)
{
	struct short_answer s;
	int rc;

	if (!in->known)
		return stranger(app, in, v, err);
	if (in->proof != PROOF_NONE && in->thread.person_id != in->person.id) {
		*v = (struct verdict){INBOX_HELD, "other-person"};
		return note_add(app, "other-person", in->person.id, 0,
		    in->inbox.subject, err);
	}
	if (in->assistant &&
	    (in->proof == PROOF_NONE || in->thread.kind != THREAD_SESSION)) {
		*v = (struct verdict){INBOX_IGNORED, "assistant"};
		return 0;
	}
	in->person.last_heard_unix = app->world.now_unix;
	in->person.away_until_unix = 0;
	if (person_save(app, &in->person, err) < 0)
		return -1;
	if (in->proof == PROOF_NONE)
		return without_code(app, in, v, err);
	s = short_of(app, in);
	if (s.sure && !in->assistant) {
		rc = general_word(app, in, &s, err);
		if (rc != 0) {
			*v = verdict_handled(word_name(s.word));
			return rc < 0 ? -1 : 0;
		}
	}
	return by_thread(app, in, &s, v, err);
}
