/*
 * A reply as a mail program writes it: who it is from, what it answers, the
 * quote, the encodings.  Five programs, each with its own manners.
 */
#include "base/digest.h"
#include "base/str.h"
#include "base/utf8.h"
#include "base/vec.h"
#include "play/play_int.h"

enum {
	REPLY_MAX = 1 << 20,
	WORD_BYTES = 42, /* base64 of them fits an encoded word of 75 */
	FOLD_OCTETS = 74,
};

/* --- header values ------------------------------------------------------- */

struct span
pen_words(struct arena *arena, struct span text)
{
	struct str out;
	bool first = true;

	if (span_is_ascii(text))
		return text;
	str_init(&out, arena, REPLY_MAX);
	while (text.n > 0) {
		struct span head = utf8_head(text, WORD_BYTES);
		struct span b64 = base64_write(arena, head, 0);

		str_addf(&out, "%s=?UTF-8?B?%.*s?=", first ? "" : "\r\n ",
		    (int)b64.n, b64.p);
		text = span_skip(text, head.n);
		first = false;
	}
	return str_span(&out);
}

static struct span
reply_subject(struct arena *arena, const struct sheet *s)
{
	struct span subject = s->to->mail.subject;
	const char *re = s->who->client == CLIENT_OUTLOOK && s->who->german
			     ? "AW: "
			     : "Re: ";

	if (s->subject.n > 0)
		return s->subject;
	if (s->automatic)
		return arena_spanf(arena, "%.*s: %.*s", (int)s->text.n,
		    s->text.p, (int)subject.n, subject.p);
	if (s->ics.n > 0)
		re = s->who->german ? "Antwort: " : "Accepted: ";
	else if (span_casestarts(subject, "Re:"))
		re = "";
	return arena_spanf(arena, "%s%.*s", re, (int)subject.n, subject.p);
}

/* --- bodies -------------------------------------------------------------- */

struct span
pen_quote(struct arena *arena, struct span text)
{
	struct span line;
	struct str out;

	str_init(&out, arena, REPLY_MAX);
	while (span_line(&text, &line))
		str_addf(&out, "> %.*s\n", (int)line.n, line.p);
	return str_span(&out);
}

/* The day before the quote, as the programs say it. */
static void
attribution(struct str *out, struct arena *arena, const struct sheet *s)
{
	const struct received *to = s->to;
	struct span who = to->mail.from_n ? to->mail.from[0].name : SPAN("");
	struct span address =
	    to->mail.from_n ? to->mail.from[0].address : SPAN("");
	struct civil c = civil_of_unix(to->mail.date_unix);
	struct span day =
	    span_sub(civil_write_mail(arena, to->mail.date_unix), 0, 16);

	if (s->who->german)
		str_addf(out,
		    "Am %02d.%02d.%d um %02d:%02d schrieb %.*s <%.*s>:\n",
		    c.day, c.month, c.year, c.hour, c.minute, (int)who.n, who.p,
		    (int)address.n, address.p);
	else
		str_addf(out, "On %.*s at %02d:%02d, %.*s <%.*s> wrote:\n",
		    (int)day.n, day.p, c.hour, c.minute, (int)who.n, who.p,
		    (int)address.n, address.p);
}

static struct span
plain_body(struct arena *arena, const struct sheet *s)
{
	struct str out;

	str_init(&out, arena, REPLY_MAX);
	str_add(&out, s->text);
	if (s->automatic || s->subject.n > 0)
		return str_span(&out);
	if (s->who->client == CLIENT_PHONE) {
		str_addz(&out, s->who->german
				   ? "\n\nVon meinem iPhone gesendet\n"
				   : "\n\nSent from my iPhone\n");
		return str_span(&out);
	}
	if (s->text.n > 0)
		str_addz(&out, "\n\n");
	attribution(&out, arena, s);
	str_addz(&out, s->who->client == CLIENT_APPLE ? "\n" : "");
	str_add(&out,
	    s->quote.n > 0 ? s->quote : pen_quote(arena, s->to->mail.text));
	return str_span(&out);
}

static void
add_html(struct str *out, struct span text)
{
	struct span part;
	bool first = true;

	while (span_part(&text, '\n', &part)) {
		str_addz(out, first ? "" : "<br>\r\n");
		str_add_html(out, part);
		first = false;
	}
}

/* Outlook: own words in <p>, then a rule and the mail's header in bold. */
static struct span
outlook_body(struct arena *arena, const struct sheet *s)
{
	bool german = s->who->german;
	struct span subject = s->to->mail.subject;
	struct span date = civil_write_mail(arena, s->to->mail.date_unix);
	struct str out;

	str_init(&out, arena, REPLY_MAX);
	str_addz(&out, "<html><body lang=\"EN-US\"><div class=\"WordSection1\">"
		       "<p class=\"MsoNormal\">");
	add_html(&out, s->text);
	str_addz(&out, "<o:p></o:p></p>\r\n<div style=\"border:none;border-top:"
		       "solid #E1E1E1 1.0pt;padding:3.0pt 0cm 0cm 0cm\">"
		       "<p class=\"MsoNormal\"><b>");
	str_addz(&out, german ? "Von:</b> " : "From:</b> ");
	add_html(
	    &out, s->to->mail.from_n ? s->to->mail.from[0].name : SPAN(""));
	str_addf(&out, "<br>\r\n<b>%s</b> %.*s<br>\r\n<b>%s</b> ",
	    german ? "Gesendet:" : "Sent:", (int)date.n, date.p,
	    german ? "Betreff:" : "Subject:");
	add_html(&out, subject);
	str_addz(&out, "</p></div>\r\n<p class=\"MsoNormal\">");
	add_html(&out, s->to->mail.text);
	str_addz(&out, "</p></div></body></html>\r\n");
	return str_span(&out);
}

/* --- parts ---------------------------------------------------------------- */

/* Lines of base64; anything may stand in them. */
static void
add_part(
    struct str *out, struct arena *arena, const char *type, struct span bytes)
{
	str_addf(out,
	    "Content-Type: %s\r\nContent-Transfer-Encoding: base64\r\n\r\n",
	    type);
	str_add(out, base64_write(arena, bytes, 76));
}

/* As it is, with CR LF. */
static void
add_plain(struct str *out, struct span body)
{
	struct span line;

	str_addz(out, "Content-Type: text/plain; charset=utf-8\r\n"
		      "Content-Transfer-Encoding: 8bit\r\n\r\n");
	while (span_line(&body, &line)) {
		str_add(out, line);
		str_addz(out, "\r\n");
	}
}

static void
add_calendar(struct str *out, struct arena *arena, const struct sheet *s)
{
	char *type = arena_printf(
	    arena, "text/calendar; charset=utf-8; method=%s", s->method);

	/* Some send the calendar part alone, some with words beside it. */
	if (s->who->client == CLIENT_OUTLOOK) {
		add_part(out, arena, type, s->ics);
		return;
	}
	str_addz(out, "Content-Type: multipart/alternative; "
		      "boundary=\"=_rsvp\"\r\n\r\n--=_rsvp\r\n");
	add_plain(out, s->text.n > 0 ? s->text : SPAN("See the calendar.\n"));
	str_addz(out, "--=_rsvp\r\n");
	add_part(out, arena, type, s->ics);
	str_addz(out, "--=_rsvp--\r\n");
}

static void
add_body(struct str *out, struct arena *arena, const struct sheet *s)
{
	if (s->ics.n > 0)
		add_calendar(out, arena, s);
	else if (s->who->client == CLIENT_OUTLOOK && !s->automatic &&
		 s->subject.n == 0 && s->quote.n == 0)
		add_part(out, arena, "text/html; charset=utf-8",
		    outlook_body(arena, s));
	else if (s->who->client == CLIENT_APPLE)
		add_part(out, arena, "text/plain; charset=utf-8",
		    plain_body(arena, s));
	else
		add_plain(out, plain_body(arena, s));
}

/* --- the whole ------------------------------------------------------------ */

static void
add_threading(struct str *out, const struct sheet *s)
{
	const struct mail *m = &s->to->mail;

	/* A calendar answers without saying what it answers. */
	if (s->ics.n > 0 || s->subject.n > 0)
		return;
	str_addf(out,
	    "In-Reply-To: <%.*s>\r\nReferences:", (int)m->message_id.n,
	    m->message_id.p);
	for (uint32_t i = m->references_n; i > 0; i--)
		str_addf(out, " <%.*s>\r\n", (int)m->references[i - 1].n,
		    m->references[i - 1].p);
	str_addf(out, " <%.*s>\r\n", (int)m->message_id.n, m->message_id.p);
}

static void
add_from(struct str *out, struct arena *arena, const struct sheet *s)
{
	const struct actor *a = s->who;
	struct span name = pen_words(arena, a->name);
	struct span to =
	    s->to->mail.to_n ? s->to->mail.to[0].address : a->address;
	/* From where the mail went, unless another account was open. */
	struct span address = !s->from_alias          ? to
			      : span_eq(to, a->alias) ? a->address
						      : a->alias;

	if (s->to->for_assistant)
		name = SPAN("");
	str_addf(out, "From: %s%.*s%s <%.*s>\r\n",
	    span_is_ascii(a->name) && name.n ? "\"" : "", (int)name.n, name.p,
	    span_is_ascii(a->name) && name.n ? "\"" : "", (int)address.n,
	    address.p);
}

void
pen_post(struct play *p, int64_t at_unix, struct span bytes)
{
	vec_room(p->arena, &p->posts, p->posts_n, sizeof(*p->posts));
	p->posts[p->posts_n++] = (struct post){.at_unix = at_unix,
	    .number = ++p->posts_made,
	    .bytes = arena_span(p->arena, bytes)};
}

void
pen_send(struct play *p, const struct sheet *s)
{
	static const char *const hosts[CLIENTS_N] = {"mail.gmail.example",
	    "outlook.example", "apple.example", "thunderbird.example",
	    "phone.example"};
	struct arena *arena = &p->item;
	const struct mail *m = &s->to->mail;
	struct span to = m->reply_to_n ? m->reply_to[0].address
			 : m->from_n   ? m->from[0].address
				       : SPAN("");
	struct span subject = pen_words(arena, reply_subject(arena, s));
	struct span date = civil_write_mail(arena, s->at_unix);
	struct str out;

	str_init(&out, arena, REPLY_MAX);
	add_from(&out, arena, s);
	str_addf(&out, "To: <%.*s>\r\nSubject: %.*s\r\nDate: %.*s\r\n",
	    (int)to.n, to.p, (int)subject.n, subject.p, (int)date.n, date.p);
	str_addf(&out, "Message-ID: <%lld.%lld@%s>\r\n",
	    (long long)p->posts_made + 1, (long long)s->at_unix,
	    hosts[s->who->client]);
	add_threading(&out, s);
	if (s->automatic)
		str_addz(&out, "Auto-Submitted: auto-replied\r\n"
			       "X-Auto-Response-Suppress: All\r\n");
	str_addz(&out, "MIME-Version: 1.0\r\n");
	add_body(&out, arena, s);
	pen_post(p, s->at_unix, str_span(&out));
}
