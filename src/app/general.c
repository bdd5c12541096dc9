/* Words that mean the same in every conversation: join, pause, stuck, ... */
#include "app/spoken_int.h"

#include "base/str.h"
#include "compose/compose.h"
#include "model/address.h"

/* Asks the owner at the known address; a yes there does it. */
int
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

static int64_t
day_start(struct app *app, const struct person *p, const struct when *w)
{
	struct civil c = {w->year, w->month, w->day, 0, 0, 0};
	int64_t t = 0;

	zone_unix(person_zone(app, p), &c, &t);
	return t;
}

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
enum flow_event
way_in(const struct app *app, const struct person *p)
{
	bool invited = p->invited_unix != 0 && p->state == PERSON_DECLINED;

	if (app->conf.join == CONF_JOIN_LEAD && !invited &&
	    (p->state == PERSON_KNOWN || p->state == PERSON_DECLINED ||
		p->state == PERSON_LEFT))
		return EV_APPLY;
	return EV_JOIN;
}

bool
is_over(const struct app *app)
{
	return app->programme.state == PROGRAMME_CLOSING ||
	       app->programme.state == PROGRAMME_ENDED;
}

int
join(struct app *app, struct inbound *in, struct err *err)
{
	/* A pause may end in the last weeks; nobody new comes in. */
	if (is_over(app) && in->person.state != PERSON_PAUSED &&
	    in->person.state != PERSON_READY)
		return answer_send(app, in, "too-late", NULL, err);
	return person_event(app, &in->person, way_in(app, &in->person), err);
}

/* Words that mean the same in every conversation.  1 done, 0 not one. */
int
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
