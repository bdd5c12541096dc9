/*
 * Mail without proof: from strangers, from other addresses than the known
 * one, without a code of ours.  The owner is asked at the known address, and
 * what the owner confirms is done.
 */
#include "app/spoken_int.h"

#include "model/address.h"

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

int
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

int
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

/*
 * The known address, but no code of ours: enough to join or to get help, for
 * the rest the owner confirms by answering a mail that has the code.
 */
int
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
