/*
 * What kind of mail is it?  The order of the questions is the point: a
 * calendar answer comes first, because Google's are Auto-Submitted and come
 * from a bounce address; reports come before header signs; words in subjects
 * last, and never in an answer ("Re: out of office").  What people's mails
 * carry as well decides nothing alone: Precedence: list, List-*,
 * X-Auto-Response-Suppress, inbox-rule loops, words of the body.
 */
#include <string.h>

#include "base/limits.h"
#include "base/uni.h"
#include "base/utf8.h"
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

/* Subjects that programs write and people do not; folded. */
static const char *const away_subjects[] = {"automatic reply", "auto reply",
    "auto-reply", "autoreply", "auto response", "auto-response", "autoresponse",
    "autorespons", "automated reply", "automated response",
    "automatic response", "away from my mail", "automatische antwort",
    "automatisch antwoord", "automatische antw", "abwesenheitsnotiz",
    "abwesenheitsnachricht", "abwesenheitsmeldung", "abwesenheitsassistent",
    "autoantwort", "réponse automatique", "réponse auto", "message d'absence",
    "absence du bureau", "notification d'absence", "avis d'absence",
    "respuesta automática", "respuesta automatica", "risposta automatica",
    "resposta automática", "resposta automatica", "resposta automàtica",
    "automatisch bericht", "afwezigheidsbericht", "autosvar",
    "automatiskt svar", "automatisk svar", "fraværsbesked",
    "automaattinen vastaus", "automatyczna odpowiedź", "autoodpowiedź",
    "odpowiedź automatyczna", "automatická odpověď", "automatická odpoveď",
    "automatikus válasz", "otomatik yanıt", "otomatik yanit", "автоответ",
    "автоматический ответ", "автоматична відповідь", "自动回复", "自动答复",
    "自動回信", "自动应答", "自動回覆", "自動返信", "自動応答", "자동 회신",
    "자동 응답", "자동회신", "부재중 자동", "răspuns automat",
    "αυτόματη απάντηση", "automatinis atsakymas", "automaatvastus",
    "respons automàtica", "trả lời tự động", "رد تلقائي", "الرد التلقائي",
    "מענה אוטומטי", "תשובה אוטומטית", "ตอบกลับอัตโนมัติ", "การตอบกลับอัตโนมัติ",
    "samodejni odgovor", "automatski odgovor", "аутоматски одговор",
    "автоматичен отговор", "автоматски одговор", "automātiska atbilde",
    "automātiskā atbilde", "balasan otomatis", "balasan automatik",
    "پاسخ خودکار", "sjálfvirkt svar", "erantzun automatikoa", "स्वचालित उत्तर"};

/*
 * What people write as well ("Vacation plans", "Auto: wer fährt?"): counts
 * when nothing but our own subject follows, or the text speaks as programs
 * do.
 */
static const char *const absent_subjects[] = {"out of office",
    "out of the office", "out-of-office", "ooo", "auto", "on vacation",
    "vacation", "abwesenheit", "abwesend", "ich bin nicht im büro",
    "nicht im büro", "urlaub", "außer haus", "ausser haus", "absent", "absence",
    "absente", "fuera de la oficina", "fuera de oficina", "ausente", "ausencia",
    "fuori sede", "fuori ufficio", "assenza", "fora do escritório", "ausência",
    "afwezig", "afwezigheid", "frånvaro", "frånvarande", "fravær", "fraværende",
    "ikke til stede", "poissaolo", "poissa", "nieobecność", "poza biurem",
    "mimo kancelář", "nepřítomnost", "házon kívül", "ofis dışında",
    "нет на месте", "отсутствую", "不在", "부재중", "休假", "外出",
    "εκτός γραφείου", "în concediu", "holiday", "on holiday", "on leave",
    "annual leave", "away"};

/* How vacation programs speak; folded. */
static const char *const program_words[] = {"thank you for your e",
    "thank you for your m", "thanks for your e", "thanks for your m",
    "thank you for contacting", "limited access", "no access to",
    "danke für ihre", "dank für ihre", "danke für deine", "dank für deine",
    "nicht erreichbar", "merci pour votre", "merci de votre", "gracias por su",
    "gracias por tu", "grazie per la", "grazie per il", "obrigad",
    "bedankt voor", "tack för", "tak for", "takk for", "automatic",
    "automatisch", "automatique", "automátic", "for urgent", "if urgent",
    "in urgent", "in dringenden", "en cas d'urgence", "dringend",
    "weitergeleitet", "out of the office until", "out of office until",
    "out of the office from", "i am currently out", "wieder erreichbar",
    "ihre e-mail wird", "ihre nachricht wird"};

/* Somewhere in the subject: "Bert is out of the office until 3 May". */
static const char *const away_within[] = {" is out of the office",
    " is out of office", " will be out of the office", " is on vacation",
    " est absent", " ist nicht im büro", " ist abwesend", " nicht im haus",
    " ist außer haus", " ist ausser haus", "(automatic reply)", "[auto-reply]",
    "[autoreply]", "(auto-reply)", "[automatic", "auto-reply:", "autoreply:",
    "automatic reply:", "out of office:", "out of office reply",
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
has_one_of(struct span s, const char *const *list, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (span_has(s, list[i]))
			return true;
	return false;
}

/* The folded subject behind a word of absence; false when there is none. */
static bool
behind_absence(struct span folded, struct span *rest)
{
	size_t best = 0;

	for (size_t i = 0;
	     i < sizeof(absent_subjects) / sizeof(*absent_subjects); i++) {
		size_t n = strlen(absent_subjects[i]);

		if (n > best && span_starts(folded, absent_subjects[i]) &&
		    (n == folded.n || !ascii_alnum(folded.p[n])))
			best = n;
	}
	*rest = span_trim(span_skip(folded, best));
	return best > 0;
}

/*
 * "Frånvaro: Your session" in answer to a mail, "Urlaub" with the words of a
 * program below.
 */
static bool
says_absent(struct arena *arena, const struct mail *m, struct span folded)
{
	struct span rest, text;

	if (!behind_absence(folded, &rest))
		return false;
	if ((span_starts(rest, ":") || span_starts(rest, "：") ||
		span_starts(rest, "re:")) &&
	    (m->references_n > 0 || mail_has_field(m, "In-Reply-To") ||
		span_has(rest, "[rm-")))
		return true;
	text = m->text.n > 0 ? m->text : m->html;
	text = uni_fold(arena, utf8_head(text, 1500));
	return has_one_of(text, ANY(program_words));
}

static bool
subject_says_away(struct arena *arena, const struct mail *m)
{
	struct span folded = uni_fold(arena, span_trim(m->subject));

	if (is_reply_subject(m->subject))
		return false;
	return starts_one_of(folded, ANY(away_subjects)) ||
	       has_one_of(folded, ANY(away_within)) ||
	       says_absent(arena, m, folded);
}

/* "Gelesen: ..." of clients that send receipts as plain mails. */
static bool
is_plain_receipt(const struct mail *m)
{
	static const char *const subjects[] = {"read:", "not read:", "gelesen:",
	    "ungelesen", "lu :", "lu:", "leído:", "letto:", "lida:", "gelezen:",
	    "läst:", "læst:", "lest:", "luettu:", "przeczytano:", "přečteno:",
	    "прочитано:", "已读:", "read receipt", "return receipt",
	    "lesebestätigung", "accusé de lecture", "confirmation de lecture",
	    "conferma di lettura", "confirmación de lectura",
	    "ricevuta di ritorno"};
	static const char *const texts[] = {"was read on", "was displayed on",
	    "was deleted without being read", "gelesen am", "wurde am",
	    "a été lu le", "fue leído el", "è stato letto", "foi lida em",
	    "is gelezen op", "this is a return receipt",
	    "this is a receipt for", "dies ist eine empfangsbest",
	    "dies ist eine lesebest"};
	struct span text = span_sub(m->text, 0, 600);

	if (!starts_one_of(span_trim(m->subject), ANY(subjects)))
		return false;
	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++)
		if (span_casehas(text, texts[i]))
			return true;
	return false;
}

/* "Pat would like to recall the message ..." */
static bool
is_recall(const struct mail *m)
{
	static const char *const words[] = {"would like to recall the message",
	    "möchte die nachricht", "souhaite rappeler le message",
	    "desidera richiamare il messaggio", "quiere recuperar el mensaje"};

	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (span_casehas(m->subject, words[i]))
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
	       /* rules that forward a person's mail set these as well */
	       (!is_reply_subject(m->subject) &&
		   (mail_has_field(
			m, "X-MS-Exchange-Generated-Message-Source") ||
		       (mail_has_field(m, "X-MS-Exchange-Inbox-Rules-Loop") &&
			   field_is(m, "X-Auto-Response-Suppress", "All"))));
}

static bool
header_says_robot(const struct mail *m)
{
	return field_is(m, "Auto-Submitted", "auto-generated") ||
	       field_is(m, "Auto-Submitted", "auto-notified") ||
	       field_is(m, "X-Auto-Submitted", "auto-generated") ||
	       field_is(m, "X-Autogenerated", "yes") ||
	       field_is(m, "X-List-Administrivia", "yes") ||
	       field_is(m, "X-ServiceNow-Generated", "true") ||
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
	static const char *const managers[] = {"-request", "-bounces", "-owner",
	    "listserv", "majordomo", "mailman"};
	static const char *const names[] = {"no-reply", "noreply", "no_reply",
	    "donotreply", "do-not-reply", "do_not_reply"};

	struct span local;

	if (m->from_n == 0 || m->references_n > 0 ||
	    is_reply_subject(m->subject))
		return false;
	local = local_part(m->from[0].address);
	for (size_t i = 0; i < sizeof(managers) / sizeof(*managers); i++)
		if (span_casefind(local, span_of(managers[i])) +
			strlen(managers[i]) ==
		    local.n)
			return true;
	return !via_list && starts_one_of(local, ANY(names));
}

/* What challenge-response programs ask for in their text. */
static bool
text_wants_proof(const struct mail *m)
{
	static const char *const words[] = {"complete the verification",
	    "verify that you", "verify your e", "prove that you are",
	    "prove you are", "click the link below to", "confirm your message",
	    "confirme sua mensagem", "reply to this mail to confirm",
	    "reply to this message to confirm", "list of allowed senders",
	    "waiting for your approval", "add your email address to a list",
	    "deliver your message", "confirm that you sent",
	    "bestätigen sie ihre nachricht"};
	struct span text = span_sub(m->text.n > 0 ? m->text : m->html, 0, 1500);

	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (span_casehas(text, words[i]))
			return true;
	return false;
}

static bool
asks_for_proof(const struct mail *m)
{
	static const char *const words[] = {"verify", "confirm your",
	    "confirmation required", "please confirm", "spamarrest",
	    "sender verification", "verification required", "action required",
	    "verification)", "challenge"};
	bool bulk = field_is(m, "Precedence", "bulk") ||
		    field_is(m, "Precedence", "junk");
	bool marked = mail_has_field(m, "X-Spam-Arrest") ||
		      mail_has_field(m, "X-Challenge") ||
		      field_has(m, "X-Delivery-Agent", "TMDA");

	if (marked)
		return true;
	if (field_is(m, "Auto-Submitted", "auto-replied"))
		return text_wants_proof(m);
	if (!bulk || is_reply_subject(m->subject))
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

/* A newsletter has List-Unsubscribe as well, but no list to post to. */
static bool
is_list_post(const struct mail *m)
{
	return mail_has_field(m, "List-Id") || mail_has_field(m, "List-Post") ||
	       mail_has_field(m, "X-Mailing-List") ||
	       mail_has_field(m, "Mailing-List");
}

/* More hops than any way has: somebody sends it on to where it came from. */
static bool
goes_round(const struct mail *m)
{
	uint32_t hops = 0;

	for (uint32_t i = 0; i < m->fields_n; i++)
		hops += span_caseis(m->fields[i].name, "Received");
	return hops > LIMIT_RECEIVED;
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
	if (goes_round(m))
		return MAIL_AUTO_GENERATED;
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
	if (asks_for_proof(m)) {
		*challenge = true;
		return MAIL_AUTO_REPLY;
	}
	if (header_says_reply(m) || subject_says_away(arena, m))
		return MAIL_AUTO_REPLY;
	if (is_plain_receipt(m))
		return MAIL_MDN;
	if (header_says_robot(m) || from_daemon(m) || is_recall(m) ||
	    from_nobody(m, is_list_post(m)))
		return MAIL_AUTO_GENERATED;
	return MAIL_HUMAN;
}
