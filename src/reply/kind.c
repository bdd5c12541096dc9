/*
 * What kind of mail is it?  The order of the questions is the point: a
 * calendar answer comes first, because Google's are Auto-Submitted and come
 * from a bounce address; reports come before header signs; words in subjects
 * last, and never in an answer ("Re: out of office").  What people's mails
 * carry as well decides nothing alone: Precedence: list, List-*,
 * X-Auto-Response-Suppress, inbox-rule loops, words of the body.
 */
#include <string.h>

#include "base/uni.h"
#include "reply/bounce_int.h"

/* "auto-replied (vacation); x=y" -> "auto-replied" */
static struct span
first_word(struct span value)
{
	size_t n = 0;

	value = span_trim(value);
	while (n < value.n && !ascii_blank(value.p[n]) && value.p[n] != ';' &&
	       value.p[n] != '(')
		n++;
	return span_sub(value, 0, n);
}

static bool
field_is(const struct mail *m, const char *name, const char *value)
{
	return span_caseis(first_word(mail_field(m, name)), value);
}

static bool
field_has(const struct mail *m, const char *name, const char *text)
{
	return span_casehas(mail_field(m, name), text);
}

static bool
starts_one_of(struct span s, const char *const *list, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (span_casestarts(s, list[i]))
			return true;
	return false;
}

#define ANY(list) list, sizeof(list) / sizeof(*(list))

/* Reply prefixes in the languages of the common clients. */
static const char *const reply_prefixes[] = {"re:", "re :", "re[", "re(",
    "aw:", "antw:", "sv:", "vs:", "odp:", "ynt:", "rv:", "res:", "rif:", "r:",
    "ref:", "tr:", "fw:", "fwd:", "wg:", "回复:", "回复：", "答复:", "答复：",
    "回覆:", "Отв:", "отв:", "на:", "ответ:"};

/* Subjects of out-of-office answers; folded. */
static const char *const away_subjects[] = {"automatic reply", "auto reply",
    "auto-reply", "autoreply", "auto response", "auto-response", "autoresponse",
    "automated reply", "automated response", "automatic response",
    "out of office", "out of the office", "out-of-office",
    "ooo:", "auto:", "on vacation", "vacation", "away from my mail",
    "automatische antwort", "automatisch antwoord", "automatische antw",
    "abwesenheit", "abwesend", "ich bin nicht im büro", "nicht im büro",
    "urlaub", "autoantwort", "außer haus", "réponse automatique",
    "réponse auto", "message d'absence", "absence du bureau", "absent",
    "notification d'absence", "respuesta automática", "respuesta automatica",
    "fuera de la oficina", "fuera de oficina", "ausente", "ausencia",
    "risposta automatica", "fuori sede", "fuori ufficio", "assenza",
    "resposta automática", "resposta automatica", "fora do escritório",
    "ausência", "afwezig", "automatisch bericht", "autosvar",
    "automatiskt svar", "automatisk svar", "frånvaro", "frånvarande", "fravær",
    "fraværende", "ikke til stede", "poissaolo", "automaattinen vastaus",
    "poissa", "automatyczna odpowiedź", "autoodpowiedź",
    "odpowiedź automatyczna", "nieobecność", "poza biurem",
    "automatická odpověď", "automatická odpoveď", "mimo kancelář",
    "nepřítomnost", "automatikus válasz", "házon kívül", "otomatik yanıt",
    "otomatik yanit", "ofis dışında", "автоответ", "автоматический ответ",
    "автоматична відповідь", "нет на месте", "自动回复", "自动答复", "自動回信",
    "自动应答", "自動回覆", "自動返信", "自動応答", "不在", "자동 회신",
    "부재중", "răspuns automat", "automatický", "αυτόματη απάντηση",
    "automatinis atsakymas", "automaatvastus", "respons automàtica",
    "trả lời tự động", "رد تلقائي", "מענה אוטומטי", "ตอบกลับอัตโนมัติ",
    "samodejni odgovor", "automatski odgovor", "автоматичен отговор",
    "automātiska atbilde", "balasan otomatis"};

/* Somewhere in the subject: "Bert is out of the office until 3 May". */
static const char *const away_within[] = {" is out of the office",
    " is out of office", " will be out of the office", " is on vacation",
    " est absent", " ist nicht im büro", " ist abwesend", " nicht im haus",
    "(automatic reply)", "[auto-reply]", "[autoreply]", "(auto-reply)",
    "[automatic",
    "auto-reply:", "automatic reply:", "out of office:", "out of office reply",
    "out of office autoreply", "abwesenheitsnotiz",
    "i am currently out of the office", "i'm out of the office",
    " är inte på kontoret", " er ikke på kontoret", " está fuera de la oficina",
    " está ausente", " è fuori ufficio", " is afwezig", "vacation reply",
    "away from the office", "i am out of the office"};

static bool
is_reply_subject(struct span subject)
{
	return starts_one_of(span_trim(subject), ANY(reply_prefixes));
}

static bool
subject_says_away(struct arena *arena, struct span subject)
{
	struct span folded = uni_fold(arena, span_trim(subject));

	if (is_reply_subject(subject))
		return false;
	if (starts_one_of(folded, ANY(away_subjects)))
		return true;
	for (size_t i = 0; i < sizeof(away_within) / sizeof(*away_within); i++)
		if (span_has(folded, away_within[i]))
			return true;
	return false;
}

/* The headers that vacation programs set, and no person's client does. */
static bool
header_says_reply(const struct mail *m)
{
	static const char *const present[] = {"X-Autorespond",
	    "X-AutoReply-From", "X-Mail-Autoreply", "X-Autoresponse",
	    "X-Autoresponder", "X-Autoreply-Domain", "X-FC-MachineGenerated",
	    "X-Auto-Reply-From", "X-Vacation", "X-Autoresponder-Id"};

	for (size_t i = 0; i < sizeof(present) / sizeof(*present); i++)
		if (mail_has_field(m, present[i]))
			return true;
	return field_is(m, "Auto-Submitted", "auto-replied") ||
	       field_is(m, "X-Autoreply", "yes") ||
	       field_is(m, "X-Auto-Reply", "yes") ||
	       field_is(m, "X-Autogenerated", "Reply") ||
	       field_is(m, "Precedence", "auto_reply") ||
	       field_is(m, "X-Precedence", "auto_reply") ||
	       field_is(m, "Precedence", "auto-reply") ||
	       field_has(m, "Delivered-To", "Autoresponder") ||
	       field_is(m, "X-Apple-Action", "VACATION") ||
	       mail_has_field(m, "X-MS-Exchange-Generated-Message-Source") ||
	       (mail_has_field(m, "X-MS-Exchange-Inbox-Rules-Loop") &&
		   field_is(m, "X-Auto-Response-Suppress", "All"));
}

static bool
header_says_robot(const struct mail *m)
{
	return field_is(m, "Auto-Submitted", "auto-generated") ||
	       field_is(m, "Auto-Submitted", "auto-notified") ||
	       field_is(m, "X-Auto-Submitted", "auto-generated") ||
	       field_is(m, "X-Autogenerated", "yes") ||
	       field_is(m, "X-Mailer-Daemon", "yes");
}

static struct span
local_part(struct span address)
{
	return span_sub(address, 0, span_findc(address, '@'));
}

static bool
from_daemon(const struct mail *m)
{
	static const char *const names[] = {"mailer-daemon", "postmaster",
	    "mail-daemon", "maildaemon", "mailerdaemon", "mailer_daemon",
	    "mdaemon", "bounce-", "bounces"};

	if (m->from_n == 0)
		return false;
	return starts_one_of(local_part(m->from[0].address), ANY(names)) ||
	       span_casehas(m->from[0].name, "mailer-daemon") ||
	       span_casehas(m->from[0].name, "mail delivery s") ||
	       span_casehas(m->from[0].name, "mail delivery sub");
}

/*
 * Nobody reads what is sent there, so nobody wrote from there.  Lists and
 * ticket systems put their own such address before a person's words: those
 * answer something.
 */
static bool
from_nobody(const struct mail *m, bool via_list)
{
	static const char *const names[] = {"no-reply", "noreply", "no_reply",
	    "donotreply", "do-not-reply", "do_not_reply"};

	return m->from_n > 0 && !via_list && m->references_n == 0 &&
	       starts_one_of(local_part(m->from[0].address), ANY(names));
}

static bool
asks_for_proof(const struct mail *m)
{
	static const char *const words[] = {"verify", "confirm your",
	    "confirmation required", "please confirm", "spamarrest",
	    "sender verification", "verification required", "action required",
	    "challenge"};
	bool bulk = field_is(m, "Precedence", "bulk") ||
		    field_is(m, "Precedence", "junk");

	if (is_reply_subject(m->subject))
		bulk = bulk && mail_has_field(m, "X-Spam-Arrest");
	if (!bulk)
		return false;
	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (span_casehas(m->subject, words[i]))
			return true;
	return false;
}

static enum mail_kind
report_kind(const struct mail *m)
{
	if (m->report.feedback.n > 0 ||
	    span_is(m->report.type, "feedback-report"))
		return MAIL_FBL;
	/* Hotmail's old ones, and Apple's on a reader's behalf. */
	if ((m->returned.present &&
		span_casestarts(m->subject, "complaint about message from")) ||
	    field_is(m, "X-Apple-Unsubscribe", "true"))
		return MAIL_FBL;
	if (m->report.delivery.n > 0 ||
	    span_is(m->report.type, "delivery-status"))
		return MAIL_BOUNCE;
	if (m->report.disposition.n > 0 ||
	    span_is(m->report.type, "disposition-notification"))
		return MAIL_MDN;
	return MAIL_HUMAN;
}

static bool
is_calendar_answer(const struct mail *m)
{
	return m->cal.kind == CAL_REPLY || m->cal.kind == CAL_PROPOSAL ||
	       span_casehas(m->tnef_class, "Meeting.Resp") ||
	       span_casehas(m->tnef_class, "MtgResp");
}

enum mail_kind
kind_of(
    struct arena *arena, const struct mail *m, bool *challenge, bool *via_list)
{
	enum mail_kind kind;

	*challenge = false;
	*via_list = field_is(m, "Precedence", "list") ||
		    mail_has_field(m, "List-Id") ||
		    mail_has_field(m, "List-Post") ||
		    mail_has_field(m, "List-Unsubscribe") ||
		    mail_has_field(m, "X-Mailing-List") ||
		    mail_has_field(m, "Mailing-List");
	if (is_calendar_answer(m))
		return MAIL_CALENDAR;
	if ((kind = report_kind(m)) != MAIL_HUMAN)
		return kind;
	if (bounce_is_free_form(m))
		return MAIL_BOUNCE;
	if ((kind = notice_kind(arena, m)) != MAIL_HUMAN)
		return kind;
	if (mail_has_field(m, "X-RMAIL-Loop"))
		return MAIL_OWN;
	if (m->cal.kind == CAL_OTHER && !header_says_reply(m))
		return MAIL_CALENDAR;
	if (header_says_reply(m))
		return MAIL_AUTO_REPLY;
	if (subject_says_away(arena, m->subject))
		return MAIL_AUTO_REPLY;
	if (asks_for_proof(m)) {
		*challenge = true;
		return MAIL_AUTO_REPLY;
	}
	if (header_says_robot(m) || from_daemon(m) || from_nobody(m, *via_list))
		return MAIL_AUTO_GENERATED;
	return MAIL_HUMAN;
}
