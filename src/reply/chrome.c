/*
 * What mail programs write around a reply, in the languages they speak:
 * attribution lines, headers of quoted mails, rulers, devices' signatures.
 * All of it tables (single words in chrome_words.c); the facts are those of
 * many programs' real mails.
 */
#include <string.h>

#include "base/utf8.h"
#include "reply/lines_int.h"

enum {
	LOOK_BYTES = 400
};

#define COUNT(list) (sizeof(list) / sizeof(*(list)))

static const char *const originals[] = {"original message", "original-message",
    "original appointment", "ursprünglicher termin", "rendez-vous d'origine",
    "cita original", "appuntamento originale", "oorspronkelijke afspraak",
    "originalnachricht", "ursprüngliche nachricht", "ursprungliche nachricht",
    "ursprüngliche mail", "ursprüngliche e-mail", "original-nachricht",
    "oprindelig meddelelse", "oprindelig besked", "oprindelig mail",
    "original meddelelse", "message d'origine", "message original",
    "message d’origine", "message initial", "mensaje original",
    "mensagem original", "messaggio originale", "oorspronkelijk bericht",
    "origineel bericht", "originalmeddelande", "ursprungligt meddelande",
    "ursprungligt brev", "opprinnelig melding", "original melding",
    "alkuperäinen viesti", "oryginalna wiadomość", "wiadomość oryginalna",
    "původní zpráva", "původní e-mail", "pôvodná správa", "eredeti üzenet",
    "orijinal ileti", "orjinal mesaj", "özgün ileti", "исходное сообщение",
    "оригинальное сообщение", "вихідне повідомлення",
    "первоначальное сообщение", "原始邮件", "原始郵件", "原始訊息",
    "元のメッセージ", "回复的原邮件", "回覆的原郵件", "원본 메시지",
    "원본 메일", "mesaj original", "mesajul original", "izvorna poruka",
    "izvorno sporočilo", "αρχικό μήνυμα", "הודעה מקורית", "original e-mail",
    "original email", "algne teade", "pesan asli", "thư gốc", "in reply to",
    "reply message", "antwort nachricht", "ответное сообщение"};

static const char *const forwards[] = {"forwarded message",
    "begin forwarded message", "forwarded by", "forwarded email",
    "weitergeleitete nachricht", "weitergeleitete mail",
    "anfang der weitergeleiteten nachricht",
    "anfang der weitergeleiteten e-mail", "message transféré",
    "début du message transféré", "début du message réexpédié",
    "mensaje reenviado", "inicio del mensaje reenviado", "mensagem encaminhada",
    "mensagem reencaminhada", "início da mensagem encaminhada",
    "messaggio inoltrato", "inizio messaggio inoltrato",
    "inizio del messaggio inoltrato", "doorgestuurd bericht",
    "begin doorgestuurd bericht", "vidarebefordrat meddelande",
    "vidarebefordrat brev", "vidarebefordrade meddelandet",
    "videresendt melding", "videresendt meddelelse", "videresendte meddelelse",
    "videresendt besked", "välitetty viesti", "edelleenlähetetty viesti",
    "przekazana wiadomość", "treść przekazanej wiadomości", "přeposlaná zpráva",
    "preposlaná správa", "továbbított levél", "továbbított üzenet",
    "iletilmiş mesaj", "i̇letilen ileti", "yönlendirilen ileti",
    "пересылаемое сообщение", "перенаправленное сообщение",
    "пересланное сообщение", "переслане повідомлення", "转发的邮件", "转发邮件",
    "转发的原邮件", "转发邮件信息", "轉寄的郵件", "轉寄訊息",
    "転送されたメッセージ", "전달된 메시지", "mesaj redirecționat",
    "proslijeđena poruka", "προωθημένο μήνυμα"};

/* The line begins so, and what follows is short. */
static const char *const devices[] = {"sent from my", "sent from a", "sent via",
    "sent from mobile", "sent from outlook", "sent from mail", "sent from ios",
    "sent from samsung", "sent from android", "sent from yahoo",
    "sent from proton", "sent from aol", "sent from myphone",
    "sent from iphone", "sent from gmail", "sent from mailbird",
    "sent from hotmail", "sent from nylas", "sent from thunderbird",
    "sent from xfinity", "sent from windows", "sent from blue",
    "sent from fastmail", "sent from tutanota", "sent from mimestream",
    "sent from spark", "sent using", "sent on the", "sent with",
    "sent by mailbox", "sent from zoho", "sent from front", "get outlook",
    "get the new outlook", "outlook for ios", "hent outlook", "skaffa outlook",
    "outlook für", "obtenir outlook", "obtenga outlook", "obtener outlook",
    "scarica outlook", "ottieni outlook", "obter outlook", "outlook voor",
    "télécharger outlook", "téléchargez outlook", "von meinem", "von meiner",
    "von mein ", "von unterwegs", "gesendet von", "gesendet mit",
    "gesendet über", "gesendet aus", "diese nachricht wurde von meinem",
    "holen sie sich outlook", "laden sie outlook", "envoyé depuis",
    "envoyé de mon", "envoyé à partir", "envoyé avec", "envoyé via",
    "envoyé d'un", "envoyé de", "enviado desde", "enviado do meu",
    "enviado de mi", "enviado via", "enviado por samsung", "enviado a partir",
    "enviado com", "enviado con", "enviado da minha", "enviado pelo",
    "enviado del", "inviato da", "inviato dal", "inviato con", "verzonden met",
    "verzonden vanaf", "verzonden via", "verstuurd vanaf", "verstuurd met",
    "verzonden vanuit", "verstuurd via", "sendt fra", "skickat från",
    "skickat med", "skickat via", "sendt med", "lähetetty", "odesláno z",
    "odesláno pomocí", "odoslané z", "wysłane z", "wysłano z", "küldve",
    "iphone'umdan gönderildi", "iphone’umdan gönderildi", "trimis de pe",
    "отправлено с", "отправлено из", "надіслано з", "надіслано від",
    "отправлено через", "從我的", "从我的", "发自我的", "發自我的",
    "iphoneから送信", "自我的", "나의 iphone", "내 iphone", "iphone에서",
    "saatja: minu", "poslano s", "poslano z", "dikirim dari", "gửi từ",
    "στάλθηκε από", "נשלח מה", "pošiljateljica", "sent from", "get bluemail",
    "get typeapp", "obter o outlook", "hämta outlook", "hanki outlook",
    "pobierz aplikację outlook", "získat outlook", "stáhnout outlook",
    "来自我的", "來自我的", "enviat des del", "enviat del meu", "đã gửi từ",
    "ส่งจาก", "تم الإرسال من", "saadetud minu", "išsiųsta iš", "nosūtīts no",
    "изпратено от моя", "download outlook", "yahoo mail:", "typed on my",
    "written on my", "diktiert", "please excuse brevity",
    "please excuse typos"};

/* In scripts without blanks; anywhere. */
static const char *const glued_verbs[] = {"写道", "寫道", "写到", "写于",
    "작성", "のメッセージ", "書きました", "さんは書き", "님이 작성", "来信",
    "写信", "escribió:"};
static const char *const closing_verbs[] = {"<email>:", "write:", "wrote:"};

/* The line's first LOOK_BYTES, lowered; curly quotes made plain. */
struct look {
	char text[LOOK_BYTES * 2 + 8];
	size_t n;
};

static uint32_t
look_lower(uint32_t c)
{
	if (c < 0x80)
		return (uint32_t)(unsigned char)ascii_lower((char)c);
	if (c == 0x130) /* Turkish I with its dot */
		return 'i';
	if ((c >= 0xc0 && c <= 0xde && c != 0xd7) ||
	    (c >= 0x391 && c <= 0x3a9) || (c >= 0x410 && c <= 0x42f))
		return c + 32;
	if (c >= 0x400 && c <= 0x40f)
		return c + 80;
	if ((c >= 0x100 && c <= 0x137) || (c >= 0x14a && c <= 0x177))
		return c | 1;
	if ((c >= 0x139 && c <= 0x148) || (c >= 0x179 && c <= 0x17e))
		return c + (c & 1);
	return c;
}

static void
look_read(struct span s, struct look *l)
{
	size_t at = 0, eaten;
	uint32_t c;

	s = span_sub(span_trim(s), 0, LOOK_BYTES);
	l->n = 0;
	for (; at < s.n; at += eaten) {
		unsigned char b = (unsigned char)s.p[at];

		if (b > ' ' && b < 0x80) {
			l->text[l->n++] = ascii_lower((char)b);
			eaten = 1;
			continue;
		}
		eaten = utf8_next(span_skip(s, at), &c);
		if (c == 0x2018 || c == 0x2019)
			c = '\'';
		else if (c == 0xa0 || c == 0x202f || c == '\t')
			c = ' ';
		else if (c == 0xff1a)
			c = ':';
		else if (c >= 0x660 && c <= 0x669)
			c = c - 0x660 + '0';
		else if (c >= 0x6f0 && c <= 0x6f9)
			c = c - 0x6f0 + '0';
		else if (c >= 0xff10 && c <= 0xff19)
			c = c - 0xff10 + '0';
		else if (c == 0x200b || c == 0x200e || c == 0x200f ||
			 c == 0xfeff || c == 0xfffd)
			continue;
		if (c == ' ' && l->n > 0 && l->text[l->n - 1] == ' ')
			continue;
		l->n += utf8_put(look_lower(c), l->text + l->n);
	}
	while (l->n > 0 && l->text[l->n - 1] == ' ')
		l->n--;
	l->text[l->n] = '\0';
}

static struct span
look_span(const struct look *l)
{
	return (struct span){l->text, l->n};
}

static struct span
strip_marks(struct span s, const char *marks)
{
	while (s.n > 0 && strchr(marks, s.p[0]) != NULL)
		s = span_skip(s, 1);
	while (s.n > 0 && strchr(marks, s.p[s.n - 1]) != NULL)
		s.n--;
	return s;
}

enum header_key
chrome_header(struct span line)
{
	struct look l;
	struct span s, key;
	size_t colon;

	line = span_trim(line);
	if (line.n == 0 || span_findc(span_sub(line, 0, 60), ':') == 60)
		return HEADER_NONE;
	look_read(span_sub(line, 0, 64), &l);
	s = strip_marks(look_span(&l), "*_>| ");
	colon = span_findc(s, ':');
	if (colon == s.n || colon > 40)
		return HEADER_NONE;
	key = strip_marks(span_trim(span_sub(s, 0, colon)), "* ");
	return header_word(key);
}

static bool
is_decorated(struct span line)
{
	char first = line.p[0], last = line.p[line.n - 1];

	return strchr("-_*=:>.#", first) != NULL ||
	       strchr("-_*=:>.#", last) != NULL || first == '\xe2' ||
	       first == '\xef' || (unsigned char)last >= 0x80;
}

/* Is the line one of the phrases, with dashes or colons around? */
static bool
is_phrase(struct span line, const char *const *list, size_t n, bool dashes)
{
	struct look l;
	struct span s, core;

	line = span_trim(line);
	if (line.n < 4 || line.n > 200)
		return false;
	/* A phrase without dashes, stars or a colon is a sentence. */
	if (dashes && !is_decorated(line))
		return false;
	look_read(line, &l);
	s = look_span(&l);
	core = strip_marks(s, "-_*=:>.# \xe2\x80\x90");
	for (size_t i = 0; i < n && core.n > 0; i++) {
		size_t len;

		if (list[i][0] != core.p[0] || !span_starts(core, list[i]))
			continue;
		len = strlen(list[i]);
		if (core.n == len)
			return !dashes || s.n > len + 1 || s.p[s.n - 1] == ':';
		/* "Forwarded message from Ann", "Original message on 3 May" */
		if (span_starts(s, "--") && core.n < len + 100)
			return true;
	}
	return false;
}

bool
chrome_original(struct span line)
{
	/* GroupWise: ">>> Ann <ann@example.org> 24/11/2026 9:12 >>>" */
	line = span_trim(line);
	if (span_starts(line, ">>> ") && span_ends(line, " >>>"))
		return digits_in(line) >= 6;
	return is_phrase(line, originals, COUNT(originals), true);
}

bool
chrome_forward(struct span line)
{
	return is_phrase(line, forwards, COUNT(forwards), true);
}

/* "Sent from my Verizon, Samsung Galaxy smartphone" */
static bool
names_device(struct span rest)
{
	static const char *const words[] = {"http", "phone", "galaxy",
	    "android", "ipad", "tablet", "samsung", "blackberry"};

	for (size_t i = 0; i < COUNT(words); i++)
		if (span_has(rest, words[i]))
			return true;
	return false;
}

bool
chrome_device(struct span line)
{
	struct look l;
	struct span s, rest, word;
	int words = 0;

	line = span_trim(line);
	if (line.n < 8 || line.n > 200)
		return false;
	look_read(line, &l);
	s = strip_marks(look_span(&l), "*_<>[]()~- ");
	for (size_t i = 0; i < COUNT(devices); i++) {
		if (s.n == 0 || devices[i][0] != s.p[0] ||
		    !span_starts(s, devices[i]))
			continue;
		rest = span_skip(s, strlen(devices[i]));
		if (rest.n > 0 && ascii_alpha(rest.p[0]) &&
		    ascii_alpha(rest.p[-1]))
			continue;
		/* "Sent from my desk, is much easier": a sentence. */
		if (span_has(rest, ", ") && !names_device(rest))
			return false;
		/* "Lähetetty: 24.11.2026" of a quoted mail's header */
		if (chrome_header(line) != HEADER_NONE)
			return false;
		while (span_word(&rest, &word))
			if (!span_has(word, "http") && !span_has(word, "<"))
				words++;
		return words <= 6;
	}
	if (span_is_ascii(s))
		return false;
	return (span_has(s, "gönderildi") || span_has(s, "から送信") ||
		   span_has(s, "傳送") || span_has(s, "에서 보냄") ||
		   span_ends(s, " küldve")) &&
	       s.n < 80 && chrome_header(line) == HEADER_NONE;
}

bool
chrome_armour(struct span line)
{
	return span_starts(line, "-----BEGIN PGP SIGNED MESSAGE") ||
	       span_starts(line, "Hash: SHA") || span_is(line, "Hash: MD5");
}

bool
chrome_signature(struct span line)
{
	struct span s = span_trim(line);

	if (span_starts(s, "-----BEGIN PGP SIGNATURE") ||
	    span_starts(s, "-----BEGIN PGP PUBLIC KEY"))
		return true;

	return span_is(s, "--") || span_is(s, "\xe2\x80\x93") ||
	       span_is(s, "\xe2\x80\x94") || span_is(s, "- --") ||
	       span_is(s, "__");
}

bool
chrome_ruler(struct span line)
{
	static const char *const wide[] = {"\xe1\xa7\x90", "\xe2\x80\x94",
	    "\xe2\x80\x93", "\xe2\x80\x95", "\xe2\x94\x80", "\xe2\x80\x90"};
	struct span s = span_trim(line);
	size_t n = 0;

	if (s.n > 300)
		return false;
	while (s.n > 0) {
		size_t eaten = 0;

		if (strchr("-_,=+~#*", s.p[0]) != NULL && s.p[0] != '\0')
			eaten = 1;
		for (size_t i = 0; eaten == 0 && i < COUNT(wide); i++)
			if (span_starts(s, wide[i]))
				eaten = 3;
		if (eaten == 0)
			return false;
		s = span_skip(s, eaten);
		n += eaten;
	}
	return n >= 2;
}

bool
chrome_may_open(struct span line)
{
	struct look l;
	struct span s;
	size_t n = 0;

	line = span_trim(line);
	if (line.n < 2 || line.n > 1000)
		return false;
	look_read(span_sub(line, 0, 24), &l);
	s = strip_marks(look_span(&l), "*_>-[ ");
	if (s.n > 0 && ascii_digit(s.p[0]))
		return true;
	while (n < s.n && s.p[n] != ' ' && s.p[n] != '.' && s.p[n] != ',')
		n++;
	if (n == s.n && s.n > 14)
		return false;
	return is_opener(span_sub(s, 0, n)) || span_starts(s, "w dniu") ||
	       span_starts(s, "excerpts") || span_starts(s, "quoting") ||
	       span_starts(s, "在");
}

static bool
edge(struct span s, size_t at)
{
	unsigned char c;

	if (at >= s.n)
		return true;
	c = (unsigned char)s.p[at];
	return !ascii_alnum((char)c) && c < 0x80;
}

/* A verb that stands as a word at the front of s; its length, or 0. */
static size_t
verb_here(struct span s)
{
	size_t best = 0;

	for (size_t i = verbs_from(s); i < verbs_n; i++) {
		struct span v = verbs[i];

		if (v.p[0] != s.p[0])
			break;
		if (span_eq(span_sub(s, 0, v.n), v) && edge(s, v.n) &&
		    v.n > best)
			best = v.n;
	}
	return best;
}

/* A phrase that stands behind *best moves it there. */
static void
last_of(
    struct span s, const char *const *list, size_t n, size_t *best, size_t *end)
{
	for (size_t i = 0; i < n; i++) {
		size_t at = span_find(s, span_of(list[i]));

		if (at < s.n && (*best == s.n || at > *best)) {
			*best = at;
			*end = at + strlen(list[i]);
		}
	}
}

/* The last place where a verb stands as a word; s.n when there is none. */
static size_t
verb_at(struct span s, size_t *end)
{
	size_t best = s.n;

	for (size_t i = 0; i < s.n; i++) {
		size_t n;

		if (i > 0 && !edge(s, i - 1))
			continue;
		n = verb_here(span_skip(s, i));
		if (n > 0) {
			best = i;
			*end = i + n;
		}
	}
	last_of(s, closing_verbs, COUNT(closing_verbs), &best, end);
	if (!span_is_ascii(s))
		last_of(s, glued_verbs, COUNT(glued_verbs), &best, end);
	return best;
}

bool
chrome_may_close(struct span line)
{
	struct look l;
	struct span s;
	size_t from;

	line = span_trim(line);
	if (line.n == 0)
		return false;
	if (strchr(":>-*_~", line.p[line.n - 1]) != NULL ||
	    (unsigned char)line.p[line.n - 1] >= 0x80)
		return true;
	/* The letters in which the verbs end. */
	if (strchr("esdtbnoufvliaESDTBNOUFVLIA)", line.p[line.n - 1]) == NULL)
		return false;
	from = line.n > 24 ? line.n - 24 : 0;
	look_read(span_skip(line, from), &l);
	s = look_span(&l);
	for (size_t i = 0; i < verbs_n; i++) {
		struct span v = verbs[i];

		if (v.n <= s.n && v.p[v.n - 1] == s.p[s.n - 1] &&
		    span_eq(span_skip(s, s.n - v.n), v))
			return true;
	}
	return s.p[s.n - 1] == ')';
}

/* "2016-03-03 17:21 GMT+01:00 Name <a@b>:", "2013/10/2 name <a@b>" */
static bool
dated_address(struct span s)
{
	return s.n > 12 && ascii_digit(s.p[0]) && digits_in(s) >= 5 &&
	       span_has(s, "@") &&
	       (s.p[s.n - 1] == ':' || s.p[s.n - 1] == '>') &&
	       (span_has(s, "<") || s.p[s.n - 1] == ':');
}

bool
chrome_has_year(struct span s)
{
	for (size_t i = 0; i + 4 <= s.n; i++)
		if ((span_starts(span_skip(s, i), "20") ||
			span_starts(span_skip(s, i), "19")) &&
		    ascii_digit(s.p[i + 2]) && ascii_digit(s.p[i + 3]) &&
		    (i == 0 || !ascii_digit(s.p[i - 1])) &&
		    (i + 4 == s.n || !ascii_digit(s.p[i + 4])))
			return true;
	return false;
}

static bool
opens_with_date_word(struct span s)
{
	size_t n = 0;

	while (n < s.n && s.p[n] != ' ' && s.p[n] != '.' && s.p[n] != ',')
		n++;
	return is_opener(span_sub(s, 0, n)) ||
	       (s.n > 0 && ascii_digit(s.p[0])) || span_starts(s, "w dniu") ||
	       span_starts(s, "在");
}

static bool
quotes_by_name(struct span s, bool colon)
{
	static const char *const starts[] = {"excerpts from ", "quoting ",
	    "zitat von ", "citando a ", "citando ", "citation de "};

	for (size_t i = 0; i < COUNT(starts); i++)
		if (span_starts(s, starts[i]))
			return (colon || span_ends(s, ")")) &&
			       (span_has(s, "@") || digits_in(s) >= 8);
	return false;
}

enum attribution
chrome_attribution(struct span text)
{
	struct look l;
	struct span s, tail;
	size_t at, end = 0;
	bool colon, address, opened;
	int digits;

	if (text.n < 6 || text.n > LOOK_BYTES)
		return ATTRIBUTION_NONE;
	look_read(text, &l);
	s = strip_marks(look_span(&l), "*_ ");
	while (s.n > 0 && (s.p[0] == '>' || s.p[0] == ' '))
		s = span_skip(s, 1);
	if (s.n < 6)
		return ATTRIBUTION_NONE;
	/* "---- Ann wrote ----" */
	if (span_starts(s, "--") && span_ends(s, "--"))
		s = strip_marks(s, "- ");
	colon = s.n > 0 && s.p[s.n - 1] == ':';
	address = span_has(s, "@");
	digits = digits_in(s);
	opened = opens_with_date_word(s);
	/* "Quoting Ann (2026-11-24 09:12)", of terminal programs */
	if (quotes_by_name(s, colon))
		return ATTRIBUTION_SURE;
	at = verb_at(s, &end);
	if (at == s.n) {
		if (dated_address(s))
			return ATTRIBUTION_SURE;
		/* "в 23:39, Name <a@b>:", "On 3 May 2016, Name <a@b>:" */
		if (colon && opened && address && digits >= 3)
			return ATTRIBUTION_SURE;
		/* in a language that is not in the tables */
		if (colon && address && span_has(s, "<") && digits >= 7 &&
		    chrome_has_year(s))
			return ATTRIBUTION_SURE;
		return colon && (address || (opened && digits >= 5))
			   ? ATTRIBUTION_WEAK
			   : ATTRIBUTION_NONE;
	}
	tail = span_trim(span_skip(s, end));
	/* The verb ends the line, or a name and an address follow it. */
	if (tail.n > 0 && !colon && !span_is(tail, ">") &&
	    !span_ends(tail, ">"))
		return ATTRIBUTION_NONE;
	if (opened && (colon || tail.n == 0) && digits >= (colon ? 3 : 4))
		return ATTRIBUTION_SURE;
	if (address && (colon || tail.n == 0))
		return ATTRIBUTION_SURE;
	if (!span_eq(look_span(&l), s) && span_starts(look_span(&l), "--"))
		return ATTRIBUTION_SURE;
	if (digits >= 6 && colon)
		return ATTRIBUTION_SURE;
	if (span_has(s, " via ") && colon)
		return ATTRIBUTION_SURE;
	return colon ? ATTRIBUTION_WEAK : ATTRIBUTION_NONE;
}

bool
reply_is_chrome(struct span line)
{
	return chrome_device(line) || chrome_original(line) ||
	       chrome_armour(line) || chrome_signature(line) ||
	       chrome_forward(line) ||
	       chrome_attribution(line) == ATTRIBUTION_SURE ||
	       (chrome_header(line) == HEADER_FROM && span_has(line, "@"));
}
