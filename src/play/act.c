/* What a participant does about a mail. */
#include "base/num.h"
#include "base/str.h"
#include "play/play_int.h"

enum {
	TEXT_MAX = 1 << 20
};

/* --- when ---------------------------------------------------------------- */

/* Nobody writes at night or at the weekend; people on holiday write later. */
int64_t
act_when(
    struct play *p, const struct actor *a, const char *what, int64_t occasion)
{
	int64_t hours = a->pace_hours;
	int64_t t = p->now_unix + 20 * MINUTE +
		    roll(p, a, what, occasion, hours * HOUR + 1);

	if (t >= a->away_from_unix && t < a->away_until_unix)
		t = a->away_until_unix + 9 * HOUR +
		    roll(p, a, "back", occasion, 6 * HOUR);
	for (int i = 0; i < 4; i++) {
		struct civil c = zone_civil(&p->app->zone, t);
		int weekday = civil_weekday(civil_days(c.year, c.month, c.day));

		if (weekday <= 5 && c.hour >= 7 && c.hour < 20)
			break;
		t = zone_day_start(
			&p->app->zone, zone_day_start(&p->app->zone, t) +
					   (c.hour < 7 ? 2 : 26) * HOUR) +
		    8 * HOUR + roll(p, a, "morning", occasion, 2 * HOUR);
	}
	return t;
}

static bool
is_silent(const struct play *p, const struct actor *a)
{
	return a->has_left ||
	       (a->silent_from_unix != 0 && p->now_unix >= a->silent_from_unix);
}

/* --- saying -------------------------------------------------------------- */

static void
say(struct play *p, struct actor *a, const struct received *r, struct span text)
{
	struct sheet s = {.who = a,
	    .to = r,
	    .text = text,
	    .at_unix = act_when(p, a, "reply", r->id)};

	pen_send(p, &s);
}

/* --- forms --------------------------------------------------------------- */

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

static int
answer_form(
    struct play *p, struct actor *a, const struct received *r, struct err *err)
{
	struct sheet s = {.who = a,
	    .to = r,
	    .text = SPAN(""),
	    .at_unix = act_when(p, a, "form", r->id)};
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
	fill_form(p, a, r, sent.survey, &form, values);
	if (a->habit == HABIT_TOP)
		s.text = answers_on_top(p, &form, values);
	else
		s.quote = answers_in_quote(p, a, r, &form, values);
	pen_send(p, &s);
	return 0;
}

/* --- the whole ------------------------------------------------------------ */

static void
answer_invitation(struct play *p, struct actor *a, const struct received *r)
{
	/* Some never answer, some only when asked again. */
	if (chance(p, a, "deaf", 0, 50) ||
	    (!r->reminder && chance(p, a, "later", 0, 150)))
		return;
	say(p, a, r,
	    word_say(p, a, chance(p, a, "declines", 0, 60) ? SAYS_NO : SAYS_YES,
		r->id));
}

int
act_on(struct play *p, struct actor *a, struct received *r, struct err *err)
{
	int rc = 0;

	if (is_silent(p, a))
		return 0;
	if (span_starts(r->template, "survey-"))
		rc = answer_form(p, a, r, err);
	else if (span_is(r->template, "invite"))
		rc = diary_on(p, a, r, err);
	else if (span_is(r->template, "invitation"))
		answer_invitation(p, a, r);
	else if (span_is(r->template, "introduction") ||
		 span_is(r->template, "rules-again"))
		say(p, a, r, word_say(p, a, SAYS_AGREE, r->id));
	else if (span_is(r->template, "options"))
		say(p, a, r,
		    chance(p, a, "option", r->id, 500) ? SPAN("1") : SPAN("2"));
	else if (span_is(r->template, "confirm"))
		say(p, a, r, a->german ? SPAN("ja") : SPAN("yes"));
	else if (span_is(r->template, "goodbye"))
		a->has_left = true;
	return rc;
}
