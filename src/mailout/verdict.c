/*
 * What a server's answer means.  libcurl's own result codes mix 4yz and 5yz,
 * so the reply code decides, then the enhanced code, then the stage.
 */
#include "mailout/smtp_int.h"

struct span
smtp_enhanced(struct span text)
{
	size_t i = 1;

	if (text.n < 5 ||
	    (text.p[0] != '2' && text.p[0] != '4' && text.p[0] != '5'))
		return SPAN("");
	for (int part = 0; part < 2; part++) {
		size_t from = i + 1;

		if (i >= text.n || text.p[i] != '.')
			return SPAN("");
		for (i = from; i < text.n && ascii_digit(text.p[i]);)
			i++;
		if (i == from || i > from + 3)
			return SPAN("");
	}
	if (i < text.n && text.p[i] != ' ')
		return SPAN("");
	return span_sub(text, 0, i);
}

struct span
smtp_queue_id(struct span text)
{
	static const char *const marks[] = {
	    "queued as ", "queued with id ", "id="};
	struct span id = SPAN("");

	for (size_t i = 0; i < sizeof(marks) / sizeof(marks[0]); i++) {
		struct span mark = span_of(marks[i]);
		size_t at = span_casefind(text, mark);
		struct span rest = span_skip(text, at + mark.n);

		if (at < text.n && span_word(&rest, &id))
			return id;
	}
	return id;
}

/* Refusals of us, not of this mail: each further mail would meet the same. */
static bool
is_about_us(const struct smtp_outcome *o)
{
	static const char *const codes[] = {"5.7.8", "5.7.9", "5.7.11",
	    "5.7.14", "5.7.30", "5.7.57", "5.7.60", "5.7.515"};

	if (o->code == 530 || o->code == 534 || o->code == 535 ||
	    o->code == 538)
		return true;
	for (size_t i = 0; i < sizeof(codes) / sizeof(codes[0]); i++)
		if (span_is(o->enhanced, codes[i]))
			return true;
	/* Our sender address may not send here. */
	return o->stage <= SMTP_MAIL && span_starts(o->enhanced, "5.7.");
}

enum mailout_result
smtp_judge(const struct smtp_outcome *o)
{
	if (o->end == SMTP_END_OK && o->code / 100 == 2)
		return MAILOUT_SENT;
	/* "Come back later" wins over how the talk ended. */
	if (o->code / 100 == 4)
		return MAILOUT_LATER;
	if (o->end == SMTP_END_TLS || o->end == SMTP_END_AUTH)
		return MAILOUT_STOP;
	if (o->code == 354)
		return o->body_sent ? MAILOUT_UNKNOWN : MAILOUT_LATER;
	if (o->code / 100 != 5)
		return MAILOUT_LATER;
	if (is_about_us(o))
		return MAILOUT_STOP;
	if (o->stage < SMTP_MAIL)
		return MAILOUT_LATER; /* 554 in the greeting: no service */
	/* A full mailbox is emptied some day. */
	if (span_is(o->enhanced, "5.2.2"))
		return MAILOUT_LATER;
	return MAILOUT_REFUSED;
}
