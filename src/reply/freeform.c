/*
 * Bounces without a report: recognised by who sends them and what they say,
 * read by looking for the phrases of mail servers and the addresses beside
 * them.
 */
#include <string.h>

#include "base/str.h"
#include "base/vec.h"
#include "model/address.h"
#include "reply/bounce_int.h"

#define COUNT(list) (sizeof(list) / sizeof(*(list)))

/* Subjects of bounces, lower case; anywhere in the subject. */
static const char *const subjects[] = {"undeliver", "undelivered",
    "delivery status notif", "delivery failure", "delivery failed",
    "delivery report", "delivery notification", "failure notice",
    "failure notification", "returned mail", "mail delivery failed",
    "mail delivery failure", "mail failure", "mail system error",
    "message delivery failure", "could not be delivered",
    "could not send message", "delivery has failed", "delivery problem",
    "delivery error", "nondeliverable", "non-deliverable", "non deliverable",
    "not deliverable", "unable to deliver", "unzustellbar", "nicht zugestellt",
    "nicht zustellbar", "unzustellbarkeit", "mail could not",
    "message could not", "message not delivered", "mail not delivered",
    "non recapitabile", "mancato recapito", "non remis", "échec de la remise",
    "no se puede entregar", "warning: message",
    "delivery temporarily suspended", "mail returned", "returned to sender",
    "error sending", "error in delivery", "bounced mail", "user unknown",
    "delivery status", "mail warning", "delayed mail",
    "warning: could not send", "delivery delayed", "delivery attempt",
    "email returned", "postmaster notify", "message status",
    "permanent delivery", "delivery to the following", "underreverable",
    "mail error", "nondelivery", "non-delivery", "no recipient", "mailbox full",
    "ndn:", "ndr:", "mail delivery", "email error", "failed delivery",
    "failed mail", "unroutable mail", "配信不能", "送信できません", "无法投递",
    "系统退信", "退信", "kan ikke leveres", "kunne ikke leveres",
    "kunde inte levereras", "kunde inte skickas", "onbestelbaar",
    "não entregue", "не доставлено", "недоставленное", "возвращена",
    "niedostarczona", "doručení", "echec de remise", "échec de remise",
    "échec d'acheminement", "non distribuable", "mensaje no entregado",
    "no se ha podido entregar", "no se pudo entregar", "nie dostarczono",
    "nedoručitelná", "nedoručiteľná", "kézbesíthetetlen", "teslim edilemedi",
    "iletilemedi", "toimittaminen epäonnistui", "toimitusvirhe",
    "impossibile consegnare", "não foi possível entregar", "falha na entrega",
    "kan niet worden bezorgd", "niet bezorgd", "배달 실패", "반송", "返送",
    "郵件傳送失敗", "无法传递", "не вдалося доставити", "ошибка доставки"};

/* What mail servers say of a mail that did not arrive. */
static const char *const sayings[] = {"delivery has failed",
    "could not be delivered", "couldn't be delivered", "not be delivered",
    "permanent error", "permanent fatal errors", "undeliverable", "undelivered",
    "delivery failed", "delivery to the following", "unable to deliver",
    "wasn't able to deliver", "was not able to deliver", "cannot be delivered",
    "did not reach", "not delivered", "user unknown", "unknown user",
    "mailbox full", "mailbox unavailable", "no such user", "delivery attempts",
    "following recipient", "failed recipient", "message was not delivered",
    "mail was undeliverable", "failure notice", "does not exist",
    "mail delivery fail", "was rejected", "is rejected", "rejecting your",
    "mailbox is full", "over quota", "quota exceeded", "could not deliver",
    "failed to deliver", "returned to sender", "message was returned",
    "unbekannt", "nicht zugestellt", "not found in", "transcript of session",
    "fatal errors", "can't be delivered", "host unknown", "not listed",
    "rejected your message", "error from", "配信", "送信でき",
    "your message to", "unknown or invalid", "non-deliver", "address error",
    "mail to the following", "do not exist", "failed for",
    "account has been disabled", "will not be delivered", "can not deliver",
    "following addresses", "sender denied", "unrouteable", "not accepting",
    "problem delivering", "invalid user", "recipient address",
    "does not like recipient", "n'a pas pu être remis", "adresse inconnue",
    "utilisateur inconnu", "no se ha podido entregar", "no existe",
    "inesistente", "non è stato possibile", "nicht vorhanden",
    "не удалось доставить", "退回", "不存在"};

static bool
says(struct span text, const char *const *list, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (span_casehas(text, list[i]))
			return true;
	return false;
}

/* The first part of the text is enough: servers say it at once. */
static struct span
head_of(const struct mail *m)
{
	struct span s = m->text.n > 0 ? m->text : m->html;

	return span_sub(s, 0, 8192);
}

static bool
sender_is_system(const struct mail *m)
{
	static const char *const names[] = {"mailer-daemon", "postmaster",
	    "mail-daemon", "maildaemon", "mailerdaemon", "mailer_daemon",
	    "mdaemon", "mailsystem", "mail-system", "mmdf", "daemon", "uucp",
	    "bounce", "mailadmin", "mail.daemon", "root", "smtp",
	    "undeliverable", "mailgateway", "mailmaster", "post_master",
	    "mail_daemon", "microsoftexchange", "imss", "mail delivery",
	    "mail admin", "system administrator", "systemadministrator",
	    "mail system", "mail router", "administrator", "mailrouter",
	    "no-reply", "noreply", "internet mail", "errors",
	    "mail administrator"};
	struct span local, name;

	if (m->from_n == 0)
		return true;
	local = span_sub(
	    m->from[0].address, 0, span_findc(m->from[0].address, '@'));
	name = m->from[0].name;
	if (local.n == 0 && name.n == 0)
		return true;
	return says(local, names, COUNT(names)) ||
	       says(name, names, COUNT(names));
}

static bool
is_answer(const struct mail *m)
{
	return span_casestarts(m->subject, "re:") ||
	       span_casestarts(m->subject, "aw:") ||
	       span_casestarts(m->subject, "fwd:") ||
	       span_casestarts(m->subject, "fw:");
}

/* Does the text say so?  Dear, so asked last. */
static bool
text_says(const struct mail *m)
{
	return says(head_of(m), sayings, COUNT(sayings));
}

bool
bounce_is_free_form(const struct mail *m)
{
	bool null_path = m->has_return_path && m->return_path.n == 0;
	bool failed = mail_has_field(m, "X-Failed-Recipients");
	bool system = sender_is_system(m);
	bool subject;

	if (!null_path && !failed && !system && !m->returned.present)
		return false;
	subject = says(m->subject, subjects, COUNT(subjects));
	if (failed && (system || null_path || text_says(m)))
		return true;
	/* An answer that a system sends with a code of refusal. */
	if (is_answer(m) && !null_path)
		return system && !span_casestarts(m->subject, "fw") &&
		       bounce_code(head_of(m)) > 0 && text_says(m);
	if (system)
		return subject ||
		       ((m->returned.present || null_path) && text_says(m));
	if (null_path)
		return m->returned.present ? subject || text_says(m)
					   : subject && text_says(m);
	return subject && m->returned.present && text_says(m);
}

/* --- addresses in the text ---------------------------------------------- */

static bool
is_address_byte(char c)
{
	return ascii_alnum(c) || (unsigned char)c >= 0x80 ||
	       (c != '\0' && strchr("!#$%&'*+-/=?^_`{|}~.@", c) != NULL);
}

/* The next address in *rest; *from is its offset there. */
static bool
next_address(struct arena *arena, struct span *rest, struct span *out)
{
	size_t i;

	while ((i = span_findc(*rest, '@')) < rest->n) {
		size_t a = i, b = i + 1;
		struct span word;

		while (a > 0 && i - a < 70 && is_address_byte(rest->p[a - 1]))
			a--;
		while (b < rest->n && b - i < 256 &&
		       (ascii_alnum(rest->p[b]) || rest->p[b] == '.' ||
			   rest->p[b] == '-' || rest->p[b] == '_' ||
			   (unsigned char)rest->p[b] >= 0x80))
			b++;
		word = span_sub(*rest, a, b);
		*rest = span_skip(*rest, b);
		if (bounce_address(arena, word, out) &&
		    span_findc(address_domain(*out), '.') <
			address_domain(*out).n)
			return true;
	}
	return false;
}

static bool
is_ours(struct arena *arena, const struct mail *m, struct span address)
{
	struct span key = address_key(arena, address);
	struct span local = span_sub(key, 0, span_findc(key, '@'));

	if (span_is(local, "postmaster") || span_is(local, "mailer-daemon"))
		return true;
	for (uint32_t i = 0; i < m->to_n; i++)
		if (span_caseeq(m->to[i].address, address))
			return true;
	return m->from_n > 0 && span_caseeq(m->from[0].address, address);
}

/* Lines that open the returned mail inside the text. */
static const char *const returned_marks[] = {"--- below this line",
    "original message follows", "copy of your message", "copy of the message",
    "copy of the original message", "original mail as follows",
    "message header follows", "original message header", "unsent message",
    "returned message", "------ this is a copy", "--- returned message",
    "message headers follow", "original headers", "--- header",
    "message text follows", "--- original message", "-----original message",
    "----- message header", "the original message was", "received: from",
    "return-path:", "original message headers", "failed message",
    "start of returned", "begin message", "--- the header of",
    "message header:", "headers of the original", "your original message"};

/* The part of the text that the server itself wrote. */
static struct span
own_part(struct span text)
{
	struct span rest = text, line;
	bool seen = false;

	while (span_line(&rest, &line)) {
		struct span s = span_trim(line);

		if (seen && s.n > 0 && s.n < 120 &&
		    says(span_sub(s, 0, 60), returned_marks,
			COUNT(returned_marks)) &&
		    !span_casehas(s, "the original message was received"))
			return span_sub(text, 0, (size_t)(line.p - text.p));
		seen |= span_has(line, "@");
	}
	return text;
}

/* Lines with addresses of helpers, and of mails, not of recipients. */
static bool
is_aside(struct span line)
{
	static const char *const words[] = {"message-id", "contact",
	    "assistance", "support@", "questions", "http://", "https://",
	    "sender:", "from:", "return-path:", "reply-to", "report to",
	    "references:", "in-reply-to:", "mail from", "you sent to",
	    "helpdesk", "abuse@", "subject:"};

	return says(span_sub(line, 0, 200), words, COUNT(words));
}

enum tier {
	TIER_OPENS, /* the line begins with the address */
	TIER_SAYS,  /* it says that something failed */
	TIER_ANY,
};

/* "<a@b>:", "a@b: 550 ...", "\"a@b\":", "To: a@b", "  a@b" */
static bool
opens_with_address(struct span s)
{
	size_t n = 0;

	if (span_casestarts(s, "to:") || span_casestarts(s, "recipient:"))
		return true;
	/* "554 <a@b>... Host unknown" of a transcript */
	if (s.n > 5 && (s.p[0] == '4' || s.p[0] == '5') && s.p[3] == ' ' &&
	    s.p[4] == '<' && bounce_code(span_sub(s, 0, 4)) > 0)
		s = span_skip(s, 4);
	while (s.n > 0 && strchr("<\"'([-*", s.p[0]) != NULL)
		s = span_skip(s, 1);
	s = span_ltrim(s);
	if (span_casestarts(s, "mailto:"))
		return true;
	while (n < s.n && is_address_byte(s.p[n]))
		n++;
	return span_findc(span_sub(s, 0, n), '@') < n;
}

/* Up to the blank behind the first address. */
static struct span
through_address(struct span s)
{
	size_t at = span_findc(s, '@');

	return span_sub(s, 0, at + span_findc(span_skip(s, at), ' '));
}

static bool
is_of_tier(struct span s, enum tier tier)
{
	/* "a@b: 550 see http://..." is about a@b whatever follows. */
	if (tier == TIER_OPENS && opens_with_address(s))
		return !is_aside(through_address(s));
	if (is_aside(s))
		return tier == TIER_ANY && !span_casehas(s, "message-id") &&
		       !span_casehas(s, "contact") &&
		       !span_casehas(s, "support");
	switch (tier) {
	case TIER_OPENS:
		return false;
	case TIER_SAYS:
		return s.p[0] == '<' || says(s, sayings, COUNT(sayings)) ||
		       bounce_code(s) > 0 || span_findc(s, ' ') == s.n;
	case TIER_ANY:
		return true;
	}
	return false;
}

static bool
is_temporary(struct span text)
{
	static const char *const words[] = {"will retry", "will be retried",
	    "warning message only", "will keep trying", "will continue to be",
	    "do not need to resend", "no need to resend", "still trying",
	    "delivery attempts will continue", "will be attempted"};

	return says(text, words, COUNT(words));
}

/* Given up for lack of an answer: the address itself may be good. */
static bool
is_passing(struct span text)
{
	static const char *const words[] = {"retry timeout", "retry time not",
	    "failing for a long time", "timed out while", "try again later"};

	return says(text, words, COUNT(words));
}

static void
judge_text(struct arena *arena, struct bounced *b, struct span about)
{
	b->permanent = !is_passing(about);
	bounce_judge(arena, b, about);
}

static uint32_t
add_from(struct arena *arena, const struct mail *m, struct reading *r,
    struct span line, struct span about, bool ours)
{
	struct span address;
	uint32_t before = r->bounced_n;

	while (next_address(arena, &line, &address)) {
		uint32_t had = r->bounced_n;
		struct bounced *b;

		if (!ours && is_ours(arena, m, address))
			continue;
		b = bounce_add(arena, r, address);
		if (b != NULL && r->bounced_n > had)
			judge_text(arena, b, about);
	}
	return r->bounced_n - before;
}

/* From the line on, up to the next line of an address, ten at most. */
static struct span
said_about(struct span text, struct span line)
{
	struct span rest = span_skip(text, (size_t)(line.p - text.p)), next;
	const char *from = line.p, *to = line.p + line.n;

	span_line(&rest, &next);
	for (int i = 0; i < 10 && span_line(&rest, &next); i++) {
		if (opens_with_address(span_trim(next)))
			break;
		to = next.p + next.n;
	}
	return (struct span){from, (size_t)(to - from)};
}

static void
scan_lines(struct arena *arena, const struct mail *m, struct reading *r,
    struct span text, enum tier tier, bool ours)
{
	struct span rest = text, line;

	while (span_line(&rest, &line)) {
		struct span s = span_trim(line);
		struct span only = s, about;

		if (s.n == 0 || span_findc(s, '@') == s.n ||
		    !is_of_tier(s, tier))
			continue;
		about = said_about(text, line);
		/* Behind "a@b: 550 <a@b>..." stand hosts and message ids. */
		if (tier == TIER_OPENS && span_findc(s, ':') < s.n &&
		    span_findc(s, '@') < span_findc(s, ':'))
			only = span_sub(s, 0, span_findc(s, ':'));
		else if (tier == TIER_OPENS && !span_casestarts(s, "to:"))
			only = through_address(s);
		add_from(arena, m, r, only, about, ours);
		if (tier != TIER_OPENS && r->bounced_n > 0)
			return;
	}
}

/*
 * Exchange first tells of the mail ("To: ..."), then of the recipients; only
 * these have failed.
 */
static struct span
list_part(struct span text)
{
	static const char *const words[] = {"the following recipient(s)",
	    "following recipients:", "folgende(r) empf", "folgende empf"};
	struct span rest = text, line;

	while (span_line(&rest, &line)) {
		struct span after = rest, s;

		if (!says(span_sub(line, 0, 200), words, COUNT(words)))
			continue;
		while (span_line(&after, &s)) {
			s = span_trim(s);
			if (s.n > 0 && opens_with_address(s) &&
			    span_findc(s, '@') < s.n)
				return rest;
		}
	}
	return text;
}

static void
scan_text(struct arena *arena, const struct mail *m, struct reading *r,
    struct span text)
{
	text = list_part(text);
	for (int ours = 0; ours < 2; ours++)
		for (int tier = TIER_OPENS; tier <= TIER_ANY; tier++)
			if (r->bounced_n == 0)
				scan_lines(arena, m, r, text, (enum tier)tier,
				    ours != 0);
}

void
freeform_read(struct arena *arena, const struct mail *m, struct reading *r)
{
	struct span head = head_of(m), text = own_part(head);
	struct span failed = mail_field(m, "X-Failed-Recipients");

	if (r->bounced_n > 0)
		return;
	if (failed.n > 0)
		add_from(arena, m, r, failed, text, true);
	/* A report inside the text of another mail. */
	if (r->bounced_n == 0 && span_casehas(head, "Final-Recipient:"))
		bounce_groups(arena, head, r);
	scan_text(arena, m, r, text);
	if (r->bounced_n == 0 && notice_is_nested(m))
		scan_text(arena, m, r, own_part(m->returned.text));
	if (r->bounced_n == 0 && m->returned.present)
		add_from(arena, m, r, bounce_header(m->returned.header, "To"),
		    text, true);
	if (!is_temporary(text))
		return;
	for (uint32_t i = 0; i < r->bounced_n; i++) {
		r->bounced[i].delayed = true;
		r->bounced[i].permanent = false;
	}
}
