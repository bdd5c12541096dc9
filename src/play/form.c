/* A form is answered: on top, in the quote, by taps, or in one word. */
#include "base/num.h"
#include "base/str.h"
#include "play/play_int.h"

enum {
	TEXT_MAX = 1 << 20
};

static struct span
answers_on_top(
    struct play *p, const struct form *form, const struct span *values)
{
	struct str out;

	str_init(&out, &p->item, TEXT_MAX);
	for (uint32_t i = 0; i < form->slots_n; i++)
		if (values[i].n > 0)
			str_addf(&out, "%s%d: %.*s", out.n ? "\n" : "",
			    form->slots[i].number, (int)values[i].n,
			    values[i].p);
	return str_span(&out);
}

/* "Answer Q12: [ ]" -> 12 */
static int
bracket_number(struct span line)
{
	size_t at = span_find(line, SPAN(": [ ]"));
	int64_t number = 0;

	line = span_sub(line, 0, at == line.n ? 0 : at);
	while (line.n > 0 && ascii_digit(line.p[line.n - 1]))
		line.n--;
	return num_lead(span_skip((struct span){line.p, at}, line.n), 10000,
		   &number) > 0
		   ? (int)number
		   : 0;
}

static struct span
value_of(const struct form *form, const struct span *values, int number)
{
	for (uint32_t i = 0; i < form->slots_n; i++)
		if (form->slots[i].number == number)
			return values[i];
	return SPAN("");
}

/* The mail as a quote, each answer in its brackets or below them. */
static struct span
answers_in_quote(struct play *p, const struct actor *a,
    const struct received *r, const struct form *form,
    const struct span *values)
{
	struct span rest = r->mail.text, line;
	struct str out;

	str_init(&out, &p->item, TEXT_MAX);
	while (span_line(&rest, &line)) {
		int number = bracket_number(line);
		struct span v = value_of(form, values, number);

		if (number == 0 || v.n == 0)
			str_addf(&out, "> %.*s\n", (int)line.n, line.p);
		else if (a->habit == HABIT_BRACKETS)
			str_addf(&out, "> %.*s[%.*s]\n",
			    (int)span_find(line, SPAN("[ ]")), line.p, (int)v.n,
			    v.p);
		else
			str_addf(&out, "> %.*s\n\n%.*s\n\n", (int)line.n,
			    line.p, (int)v.n, v.p);
	}
	return str_span(&out);
}

/* Only what is asked in this mail; some stop half way through a long form. */
static void
keep_visible(struct play *p, const struct actor *a, const struct received *r,
    const struct form *form, struct span *values)
{
	bool halves = form->slots_n > 10 && !r->reminder &&
		      !span_is(r->template, "survey-missing") &&
		      chance(p, a, "half", r->id, 150);

	for (uint32_t i = 0; i < form->slots_n; i++) {
		struct span rest = r->mail.text, line;
		bool asked = false;

		while (!asked && span_line(&rest, &line))
			asked = bracket_number(line) == form->slots[i].number;
		if (!asked || (halves && i > form->slots_n / 2))
			values[i] = SPAN("");
	}
}

static bool
are_all_empty(const struct form *form, const struct span *values)
{
	for (uint32_t i = 0; i < form->slots_n; i++)
		if (values[i].n > 0)
			return false;
	return true;
}

/* "[RM-ABCDEF]" of the mail, as its mailto: links have it. */
static struct span
code_in(struct span subject)
{
	size_t at = span_find(subject, SPAN("[RM-"));

	return span_sub(
	    subject, at, at + span_findc(span_skip(subject, at), ']') + 1);
}

/* One tap a question: each opens a mail that has the answer in it. */
static void
tap_answers(struct play *p, const struct sheet *sheet, const struct form *form,
    const struct span *values)
{
	struct sheet s = *sheet;
	struct span code = code_in(s.to->mail.subject);

	for (uint32_t i = 0; i < form->slots_n; i++) {
		const struct slot *slot = &form->slots[i];

		if (values[i].n == 0 || (slot->type != QUESTION_YESNO &&
					    slot->type != QUESTION_SCALE &&
					    slot->type != QUESTION_CHOICE))
			continue;
		s.text = arena_spanf(&p->item, "Q%d=%.*s", slot->number,
		    (int)values[i].n, values[i].p);
		s.subject = arena_spanf(&p->item, "%.*s %.*s", (int)code.n,
		    code.p, (int)s.text.n, s.text.p);
		s.at_unix += MINUTE;
		pen_send(p, &s);
	}
}

/* "5", or "no" when they have not met. */
static struct span
shortest(const struct form *form, const struct span *values)
{
	for (uint32_t i = 0; i < form->slots_n; i++) {
		if (form->slots[i].type == QUESTION_SCALE)
			return values[i];
		if (span_is(values[i], "no") || span_is(values[i], "nein"))
			return values[i];
	}
	return values[0];
}

/* How they write it down. */
static void
write_form(struct play *p, const struct actor *a, struct sheet *s,
    const struct sent_form *sent, const struct form *form,
    const struct span *values)
{
	bool checkin = span_is(sent->survey, "checkin");
	int64_t id = s->to->id;

	if (checkin && chance(p, a, "taps", id, 150)) {
		tap_answers(p, s, form, values);
		return;
	}
	if (checkin && chance(p, a, "short", id, 250))
		s->text = shortest(form, values);
	else if (a->habit == HABIT_TOP)
		s->text = answers_on_top(p, form, values);
	else
		s->quote = answers_in_quote(p, a, s->to, form, values);
	say_send(p, a, s);
}

int
form_answer(
    struct play *p, struct actor *a, const struct received *r, struct err *err)
{
	struct sheet s = {.who = a,
	    .to = r,
	    .text = SPAN(""),
	    .at_unix = say_when(p, a, "form", r->id)};
	struct sent_form sent;
	struct form form;
	struct span *values;
	int rc =
	    form_find(p->app->store, &p->item, r->thread.object_id, &sent, err);

	if (rc <= 0)
		return rc;
	if (form_load(p->app, sent.id, &form, err) < 0)
		return -1;
	values = arena_alloc(&p->item, form.slots_n * sizeof(*values));
	fill_form(p, a, r, &sent, &form, values);
	keep_visible(p, a, r, &form, values);
	if (are_all_empty(&form, values))
		return 0;
	write_form(p, a, &s, &sent, &form, values);
	return 0;
}
