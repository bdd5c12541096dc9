/* A reply to a form: answers stored, told back, and what they set going. */
#include "app/app.h"

#include "app/spoken_int.h"
#include "base/num.h"

/* The later answer counts; whom we do not know is told back to them. */
static int
exclude(
    struct app *app, const struct person *p, struct answer *a, struct err *err)
{
	struct span unknown;

	if (store_do(app->store, RULES_CLEAR_PRIVATE, err, "i", p->id) < 0 ||
	    exclude_named(app, p, a->value, &unknown, err) < 0)
		return -1;
	if (unknown.n > 0) {
		a->state = ANSWER_UNCLEAR;
		a->raw = unknown;
	}
	return 0;
}

/* Whom they would like; who that is, is looked up at each matching. */
static int
picks_named(struct app *app, struct answer *a, struct err *err)
{
	struct span unknown;
	int64_t *ids;
	uint32_t n;

	if (persons_named(app, &app->item, a->value, &ids, &n, &unknown, err) <
	    0)
		return -1;
	if (unknown.n > 0) {
		a->state = ANSWER_UNCLEAR;
		a->raw = unknown;
	}
	return 0;
}

/*
 * Free text that must mean something: a place without a time zone, and no
 * address of a calendar, are told back as not understood and change nothing.
 */
static void
settle(struct app *app, struct answer *a)
{
	if (a->state != ANSWER_TAKEN || says_none(app, a->value))
		return;
	if (span_is(a->id, "zone") && !zone_named(app, a->value, &a->value))
		a->state = ANSWER_UNCLEAR;
	if (span_is(a->id, "calendar") && !feed_url_ok(a->value))
		a->state = ANSWER_UNCLEAR;
}

/* What the sign-up survey says of the person's own columns. */
static int
signup_answer(
    struct app *app, struct person *p, struct answer *a, struct err *err)
{
	int64_t n;

	if (span_is(a->id, "role")) {
		p->mentor =
		    span_is(a->value, "mentor") || span_is(a->value, "both");
		p->mentee =
		    span_is(a->value, "mentee") || span_is(a->value, "both");
	} else if (span_is(a->id, "capacity") && num_int(a->value, 1, 20, &n))
		p->capacity = n;
	else if (span_is(a->id, "zone") && !says_none(app, a->value))
		p->zone = a->value;
	else if (span_is(a->id, "exclude"))
		return exclude(app, p, a, err);
	else if (span_is(a->id, "picks"))
		return picks_named(app, a, err);
	else if (span_is(a->id, "calendar"))
		return feed_url_ok(a->value)
			   ? store_do(app->store, FEED_SET, err, "it", p->id,
				 a->value)
			   : store_do(app->store, FEED_DROP, err, "i", p->id);
	return 0;
}

static int
store_answers(struct app *app, struct inbound *in, struct sent_form *f,
    const struct form *form, struct answer *answers, struct err *err)
{
	bool signup = span_is(f->survey, "signup");

	for (uint32_t i = 0; i < form->slots_n; i++) {
		struct answer *a = &answers[i];

		if (signup)
			settle(app, a);
		if (a->state != ANSWER_TAKEN)
			continue;
		if (store_do(app->store, ANSWER_SAVE, err, "ittiittttii",
			f->person_id, f->survey, a->id, f->pair_id,
			f->session_id,
			span_of(question_type_name(form->slots[i].type)),
			span_of(share_name(form->slots[i].share)), a->value,
			a->raw, app->world.now_unix, in->inbox.id) < 0)
			return -1;
		if (signup && signup_answer(app, &in->person, a, err) < 0)
			return -1;
	}
	return signup ? person_save(app, &in->person, err) : 0;
}

/* All that is needed, counting what was answered before. */
static int
form_complete(struct app *app, const struct sent_form *f,
    const struct form *form, bool *complete, struct err *err)
{
	struct rows rows;

	if (store_rows(app->store, &app->item, ANSWERS_OF, &rows, err, "i",
		f->person_id) < 0)
		return -1;
	*complete = true;
	for (uint32_t i = 0; i < form->slots_n; i++) {
		bool have = !form->slots[i].required;

		for (size_t r = 0; r < rows.n && !have; r++)
			have =
			    span_eq(cell(&rows, r, 0)->t, f->survey) &&
			    span_eq(cell(&rows, r, 1)->t, form->slots[i].id) &&
			    cell(&rows, r, 2)->i == f->pair_id &&
			    cell(&rows, r, 3)->i == f->session_id;
		*complete &= have;
	}
	return 0;
}

static struct value *
told_answer(struct app *app, const struct words *words, const struct slot *slot,
    const struct answer *a)
{
	struct value *v = value_object(&app->item);
	bool ok = a->state == ANSWER_TAKEN;

	value_set_int(&app->item, v, "number", a->number);
	value_set_text(&app->item, v, "question", slot->text);
	value_set_text(&app->item, v, "answer",
	    ok ? answer_echo(&app->item, slot, a->value, words) : a->raw);
	value_set_bool(&app->item, v, "twice", a->state == ANSWER_TWICE);
	return v;
}

/* Those of the answers taken that these people see. */
static void
add_recorded(struct app *app, const struct words *words, struct value *recorded,
    const struct form *form, const struct answer *answers, enum share share)
{
	struct span key =
	    arena_spanf(&app->item, "seen-%s", share_name(share));
	struct value *seen = value_object(&app->item);
	struct value *list =
	    value_set(&app->item, seen, "answers", value_list(&app->item));

	value_set_text(&app->item, seen, "who", words_get(words, key.p));
	for (uint32_t i = 0; i < form->slots_n; i++)
		if (answers[i].state == ANSWER_TAKEN &&
		    form->slots[i].share == share)
			value_push(&app->item, list,
			    told_answer(
				app, words, &form->slots[i], &answers[i]));
	if (list->n > 0)
		value_push(&app->item, recorded, seen);
}

static struct value *
receipt_values(struct app *app, struct inbound *in, const struct form *form,
    const struct answer *answers, struct span comment, bool *unclear)
{
	const struct words *words =
	    &app_language(app, in->person.locale)->words;
	struct value *v = letter_values(app, &in->person);
	struct value *recorded =
	    value_set(&app->item, v, "recorded", value_list(&app->item));
	struct value *open =
	    value_set(&app->item, v, "unclear", value_list(&app->item));

	for (int s = SHARE_PARTNER; s >= SHARE_PRIVATE; s--)
		add_recorded(app, words, recorded, form, answers, s);
	for (uint32_t i = 0; i < form->slots_n; i++)
		if (answers[i].state != ANSWER_TAKEN &&
		    answers[i].state != ANSWER_EMPTY)
			value_push(&app->item, open,
			    told_answer(
				app, words, &form->slots[i], &answers[i]));
	value_set_bool(&app->item, v, "any-unclear", open->n > 0);
	value_set_text(&app->item, v, "comment", span_sub(comment, 0, 300));
	*unclear = open->n > 0;
	return v;
}

static const struct answer *
answer_of(const struct form *form, const struct answer *answers, const char *id)
{
	for (uint32_t i = 0; i < form->slots_n; i++)
		if (span_is(answers[i].id, id) &&
		    answers[i].state == ANSWER_TAKEN)
			return &answers[i];
	return NULL;
}

static int
checkin_done(struct app *app, struct inbound *in, const struct sent_form *f,
    const struct form *form, const struct answer *answers, struct err *err)
{
	const struct answer *met = answer_of(form, answers, "met");
	const struct answer *note = answer_of(form, answers, "lead-note");
	struct session s;
	struct pair pair;
	bool yes, asked;
	int rc;

	if (note != NULL && note_add(app, "checkin", f->person_id, f->pair_id,
				note->value, err) < 0)
		return -1;
	if (met == NULL)
		return 0;
	rc = session_find(app->store, &app->item, f->session_id, &s, err);
	if (rc <= 0)
		return rc;
	yes = span_is(met->value, "yes");
	if (session_event(app, &s, yes ? EV_MET : EV_NOT_MET, err) < 0)
		return -1;
	rc = pair_find(app->store, &app->item, f->pair_id, &pair, err);
	if (rc <= 0)
		return rc;
	if (yes && pair_event(app, &pair, EV_SIGN, err) < 0)
		return -1;
	if (s.number != 1 || !yes)
		return 0;
	/* Once for a pair, however often the check-in is corrected. */
	if (survey_was_sent(app, &in->person, "fit", f->pair_id, &asked, err) <
	    0)
		return -1;
	return asked ? 0
		     : survey_send(app, &in->person, "fit", f->pair_id, 0, err);
}

static int
fit_done(struct app *app, const struct sent_form *f, const struct form *form,
    const struct answer *answers, struct err *err)
{
	const struct answer *fit = answer_of(form, answers, "fit");
	struct pair pair;
	int rc;

	if (fit == NULL || !span_is(fit->value, "not"))
		return 0;
	rc = pair_find(app->store, &app->item, f->pair_id, &pair, err);
	if (rc <= 0)
		return rc;
	return pair_event(app, &pair, EV_NOT_A_FIT, err);
}

static int
survey_done(struct app *app, struct inbound *in, const struct sent_form *f,
    const struct form *form, const struct answer *answers, bool complete,
    struct err *err)
{
	const struct answer *consent;

	if (span_is(f->survey, "checkin"))
		return checkin_done(app, in, f, form, answers, err);
	if (span_is(f->survey, "fit"))
		return fit_done(app, f, form, answers, err);
	if (!span_is(f->survey, "signup"))
		return 0;
	consent = answer_of(form, answers, "consent");
	if (consent != NULL && span_is(consent->value, "no"))
		return person_event(app, &in->person, EV_NO, err);
	return complete ? person_event(app, &in->person, EV_ENROLLED, err) : 0;
}

static void
take(struct form *form, struct answer *answers, enum question_type type,
    struct span value)
{
	for (uint32_t i = 0; i < form->slots_n; i++)
		if (form->slots[i].type == type) {
			answers[i].state = ANSWER_TAKEN;
			answers[i].raw = answers[i].value = value;
			return;
		}
}

/*
 * A check-in is answered by a digit or a word: "yes" and "no" say whether
 * they met, a digit how useful it was; who rates a session has had it.
 */
static void
take_short(struct app *app, const struct inbound *in, struct form *form,
    struct answer *answers)
{
	struct short_answer s = {0};
	struct span digit;

	reply_short(&app->item, in->reading->new_text, mail_day(app, in),
	    in->person.locale, &s);
	if (!s.sure)
		return;
	digit = arena_spanf(&app->item, "%d", s.number);
	for (uint32_t i = 0; i < form->slots_n; i++) {
		const struct slot *slot = &form->slots[i];

		if (s.word != WORD_OPTION || slot->type != QUESTION_SCALE)
			continue;
		/* A letter is no digit, whatever its number. */
		if (s.number < slot->low || s.number > slot->high ||
		    (s.out_of != 0 && s.out_of != slot->high) ||
		    !span_starts(span_trim(in->reading->new_text), digit.p))
			return;
		take(form, answers, QUESTION_SCALE, digit);
		take(form, answers, QUESTION_YESNO, SPAN("yes"));
		return;
	}
	if (s.word == WORD_YES)
		take(form, answers, QUESTION_YESNO, SPAN("yes"));
	if (s.word == WORD_NO)
		take(form, answers, QUESTION_YESNO, SPAN("no"));
}

/* What of the form is answered, and what is written but not understood. */
static void
count(const struct form *form, const struct answer *answers, uint32_t *taken,
    uint32_t *open)
{
	*taken = *open = 0;
	for (uint32_t i = 0; i < form->slots_n; i++) {
		*taken += answers[i].state == ANSWER_TAKEN;
		*open += answers[i].state == ANSWER_UNCLEAR ||
			 answers[i].state == ANSWER_TWICE;
	}
}

int
form_reply(
    struct app *app, struct inbound *in, struct verdict *v, struct err *err)
{
	struct sent_form f;
	struct form form;
	struct answer *answers;
	struct span comment;
	struct value *values;
	uint32_t taken, open;
	bool complete, unclear;
	int rc =
	    form_find(app->store, &app->item, in->thread.object_id, &f, err);

	if (rc <= 0)
		return rc;
	if (form_load(app, f.id, &form, err) < 0)
		return -1;
	form_read(&app->item, &form, f.text, in->reading, in->mail->subject,
	    mail_day(app, in), f.locale, &answers, &comment);
	count(&form, answers, &taken, &open);
	if (taken == 0 && open == 0 && span_is(f.survey, "checkin")) {
		take_short(app, in, &form, answers);
		count(&form, answers, &taken, &open);
	}
	if (taken == 0 && open == 0)
		return answer_not_understood(app, in, v, err);
	if (store_answers(app, in, &f, &form, answers, err) < 0 ||
	    form_complete(app, &f, &form, &complete, err) < 0)
		return -1;
	values = receipt_values(app, in, &form, answers, comment, &unclear);
	value_set_bool(&app->item, values, "complete", complete);
	/* A digit for a check-in needs no letter back; a doubt does. */
	if ((unclear || span_is(f.survey, "signup")) &&
	    answer_send(app, in, "receipt", values, err) < 0)
		return -1;
	if (form_event(app, &f, complete ? EV_ANSWERED : EV_PARTLY, err) < 0)
		return -1;
	*v = verdict_handled(complete ? "answered" : "partly");
	return survey_done(app, in, &f, &form, answers, complete, err);
}

int
form_stop(struct app *app, struct inbound *in, struct err *err)
{
	struct sent_form f;
	int rc =
	    form_find(app->store, &app->item, in->thread.object_id, &f, err);

	if (rc <= 0)
		return rc;
	if (form_event(app, &f, EV_STOP, err) < 0)
		return -1;
	return answer_send(app, in, "stopped", NULL, err);
}
