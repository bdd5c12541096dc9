/* What a participant's mail says in short, and the answers to its sender. */
#include "app/spoken_int.h"

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

struct short_answer
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

/* At most a few a day to one address, whatever comes. */
int
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
