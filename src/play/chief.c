/* What the programme lead does about a mail: one line at a time. */
#include "base/num.h"
#include "play/play_int.h"

static void
command(struct play *p, const struct received *r, struct span text)
{
	struct sheet s = {.who = &p->lead,
	    .to = r,
	    .text = text,
	    .at_unix = say_when(p, &p->lead, "command", r->id)};

	pen_send(p, &s);
}

/* The first number in the subject: the pair an alert is about. */
static int64_t
number_in(struct span subject)
{
	int64_t n = 0;

	for (size_t i = 0; i < subject.n; i++)
		if (ascii_digit(subject.p[i]) &&
		    num_lead(span_skip(subject, i), INT32_MAX, &n) > 0)
			return n;
	return 0;
}

/* The first proposal loses its first pair, so that there is a second one. */
static void
on_proposal(struct play *p, const struct received *r)
{
	if (!p->approved && chance(p, &p->lead, "picky", 0, 500))
		command(p, r, SPAN("Hello,\n\nreject 1\napprove\n\nThanks"));
	else
		command(p, r, SPAN("approve"));
	p->approved = true;
}

static void
on_alert(struct play *p, const struct received *r)
{
	int64_t pair = number_in(r->mail.subject);

	/* Sometimes a word in the corridor is enough. */
	if (pair == 0 || chance(p, &p->lead, "corridor", r->id, 400))
		return;
	command(p, r,
	    arena_spanf(&p->item, "%s %lld",
		chance(p, &p->lead, "rematch", r->id, 600) ? "rematch" : "end",
		(long long)pair));
}

/* "refuse PERSON" in the digest, and whether it was so; else they come in. */
static bool
decide_on_applicant(struct play *p, const struct received *r)
{
	static const char *const words[][2] = {
	    {"admit ", "refuse "}, {"zulassen ", "abweisen "}};
	bool refuse = p->applicants % 2 == 0;

	for (size_t i = 0; i < 2; i++) {
		const char *word = words[i][refuse];
		struct span rest = r->mail.text, line;
		size_t at = span_find(rest, span_of(word));

		rest = span_skip(rest, at);
		if (!span_line(&rest, &line))
			continue;
		command(p, r, span_sub(line, 0, span_findc(line, ',')));
		p->applicants++;
		return true;
	}
	return false;
}

static void
on_digest(struct play *p, const struct received *r)
{
	static const char *const improvements[] = {
	    "improve Fewer questions after a session",
	    "improve A quiet room is kept for sessions",
	    "improve More time to prepare"};
	int64_t week = (p->now_unix / DAY) / 7 % 8;

	if (p->ask->faults && decide_on_applicant(p, r))
		return;

	/* Those left over get a second round. */
	if (p->approved && !p->matched_again && week == 2) {
		command(p, r, SPAN("match"));
		p->matched_again = true;
	} else if (week == 3 && p->improvements < 3)
		command(p, r, span_of(improvements[p->improvements++]));
	else if (week == 7 && !p->improved) {
		command(p, r, SPAN("send improvements"));
		p->improved = true;
	}
}

/* A dangerous line is done once its word is repeated. */
static void
on_transcript(struct play *p, const struct received *r)
{
	static const char *const asks[] = {"confirm ", "bestätige "};
	struct span word, text = r->mail.text;

	for (size_t i = 0; i < 2; i++) {
		struct span rest = span_skip(text,
		    span_find(text, span_of(asks[i])) + span_of(asks[i]).n);

		if (!span_word(&rest, &word))
			continue;
		word = span_sub(word, 0, span_findc(word, '\n'));
		command(p, r,
		    arena_spanf(&p->item, "confirm %.*s", (int)word.n, word.p));
		return;
	}
}

int
chief_on(struct play *p, struct received *r, struct err *err)
{
	(void)err;
	if (span_is(r->template, "proposal"))
		on_proposal(p, r);
	else if (span_is(r->template, "alert"))
		on_alert(p, r);
	else if (span_is(r->template, "transcript"))
		on_transcript(p, r);
	else if (span_is(r->template, "digest"))
		on_digest(p, r);
	return 0;
}
