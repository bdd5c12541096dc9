/*
 * What mail programs write around a reply, in the languages they speak: each
 * attribution whole and wrapped, above a marked quote and an unmarked one;
 * each header block in the orders and dresses of the programs; each device's
 * line.  The answer must remain, and nothing else.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/str.h"
#include "reply/reply.h"

#define COUNT(list) (sizeof(list) / sizeof(*(list)))

static const char answer[] = "Fine.\nThanks for 2025";

static const char *const attributions[] = {
    "On Tue, Nov 24, 2026 at 9:00 AM Ann Example <ann@example.com> wrote:",
    "On Tue, Nov 24, 2026 at 9:00 AM Ann Example <ann@example.com> wrote:",
    "On Nov 24, 2026, at 9:00 AM, Ann Example <ann@example.com> wrote:",
    "On 24 Nov 2026, Ann Example writes:",
    "On 11/24/2026 9:00 AM, Ann Example wrote:",
    "At 09:00 24/11/2026, Ann Example wrote:",
    "On 2026-11-24 09:00, Ann Example said:",
    "Ann Example wrote on 24/11/2026 09:00:",
    "Am 24.11.2026 um 09:00 schrieb Ann Example:",
    "Am Di., 24. Nov. 2026 um 09:00 Uhr schrieb Ann Example <ann@example.com>:",
    "Am Dienstag, 24. November 2026, 09:00:00 CET schrieb Ann Example:",
    "Ann Example <ann@example.com> schrieb am Di., 24. Nov. 2026, 09:00:",
    "Ann Example <ann@example.com> schrieb:",
    "Ann Example schrieb am 24.11.2026 um 09:00:",
    "Le mar. 24 nov. 2026 à 09:00, Ann Example <ann@example.com> a écrit :",
    "Le 24/11/2026 à 09:00, Ann Example a écrit :",
    "Ann Example a écrit le 24/11/2026 à 09:00 :",
    "El mar, 24 nov 2026 a las 9:00, Ann Example (<ann@example.com>) escribió:",
    "El 24/11/2026 a las 9:00, Ann Example escribió:",
    "El 24 nov 2026, a les 9:00, Ann Example <ann@example.com> va escriure:",
    "Il giorno mar 24 nov 2026 alle ore 09:00 Ann Example <ann@example.com> ha scritto:",
    "Il 24/11/2026 09:00, Ann Example ha scritto:",
    "Em ter., 24 de nov. de 2026 às 09:00, Ann Example <ann@example.com> escreveu:",
    "Em 24/11/2026 09:00, Ann Example escreveu:",
    "A terça, 24/11/2026, 09:00, Ann Example <ann@example.com> escreveu:",
    "Op di 24 nov. 2026 om 09:00 schreef Ann Example <ann@example.com>:",
    "Op 24-11-2026 om 09:00 schreef Ann Example:",
    "Op 24 nov. 2026 om 09:00 heeft Ann Example <ann@example.com> het volgende geschreven:",
    "Den tis 24 nov. 2026 kl 09:00 skrev Ann Example <ann@example.com>:",
    "Den 24.11.2026 09:00, skrev Ann Example:",
    "tir. 24. nov. 2026 kl. 09:00 skrev Ann Example <ann@example.com>:",
    "På tirsdag 24. november 2026 kl. 09:00 skrev Ann Example <ann@example.com>:",
    "24 nov. 2026 kl. 09:00 skrev Ann Example <ann@example.com>:",
    "Den tirs. 24. nov. 2026 kl. 09.00 skrev Ann Example <ann@example.com>:",
    "ti 24. marrask. 2026 klo 9.00 Ann Example (ann@example.com) kirjoitti:",
    "Ann Example kirjoitti 24.11.2026 klo 9.00:",
    "24. marraskuuta 2026 9.00 Ann Example <ann@example.com> kirjoitti:",
    "wt., 24 lis 2026 o 09:00 Ann Example <ann@example.com> napisał(a):",
    "W dniu 24.11.2026 o 09:00, Ann Example pisze:",
    "Dnia 24 listopada 2026 09:00 Ann Example <ann@example.com> napisał(a):",
    "út 24. 11. 2026 v 9:00 odesílatel Ann Example <ann@example.com> napsal:",
    "Dne 24.11.2026 v 9:00 Ann Example napsal(a):",
    "ut 24. 11. 2026 o 9:00 Ann Example <ann@example.com> napísal(a):",
    "Ann Example <ann@example.com> ezt írta (időpont: 2026. nov. 24., K, 9:00):",
    "2026. 11. 24. 9:00 keltezéssel, Ann Example írta:",
    "24 Kas 2026 Sal 09:00 tarihinde Ann Example <ann@example.com> şunu yazdı:",
    "24.11.2026 09:00 tarihinde Ann Example yazdı:",
    "вт, 24 нояб. 2026 г. в 09:00, Ann Example <ann@example.com>:",
    "24 ноября 2026 г., 9:00, Ann Example <ann@example.com> написал(а):",
    "24.11.2026 09:00, Ann Example пишет:",
    "Вторник, 24 ноября 2026, 9:00 +03:00 от Ann Example <ann@example.com>:",
    "вт, 24 лист. 2026 р. о 09:00 Ann Example <ann@example.com> пише:",
    "在 2026年11月24日 星期二 09:00，Ann Example <ann@example.com> 写道：",
    "Ann Example <ann@example.com> 于2026年11月24日周二 09:00写道：",
    "在2026年11月24日 09:00，Ann Example 写道：",
    "Ann Example <ann@example.com> 於 2026年11月24日 週二 上午9:00寫道：",
    "2026年11月24日(火) 9:00 Ann Example <ann@example.com>:",
    "2026/11/24 9:00、Ann Example <ann@example.com>のメール:",
    "2026/11/24 9:00、Ann Example のメッセージ:",
    "2026年 11월 24일 (화) 오전 9:00, Ann Example <ann@example.com>님이 작성:",
    "2026. 11. 24. 오전 9:00, Ann Example <ann@example.com> 작성:",
    "Vào Th 3, 24 thg 11, 2026 vào lúc 09:00 Ann Example <ann@example.com> đã viết:",
    "Pada tanggal Sel, 24 Nov 2026 pukul 09.00 Ann Example <ann@example.com> menulis:",
    "mar., 24 nov. 2026 la 09:00, Ann Example <ann@example.com> a scris:",
    "Στις Τρί 24 Νοε 2026 στις 9:00 π.μ., ο/η Ann Example <ann@example.com> έγραψε:",
    "uto, 24. stu 2026. u 09:00 Ann Example <ann@example.com> napisao je:",
    "V V tor., 24. nov. 2026 ob 09:00 je oseba Ann Example <ann@example.com> napisala:",
    "Kuupäev T, 24. november 2026 kell 09:00 kirjutas kasutaja Ann Example <ann@example.com>:",
    "2026-11-24, an, 09:00 Ann Example <ann@example.com> rašė:",
    "otrd., 2026. g. 24. nov., plkst. 09:00 — lietotājs Ann Example (<ann@example.com>) rakstīja:",
    "На вт, 24.11.2026 г. в 9:00 Ann Example <ann@example.com> написа:",
    "2026-11-24 09:00 GMT+01:00 Ann Example <ann@example.com>:",
    "2026-11-24 9:00 Ann Example <ann@example.com>:",
    "Ann Example via Reverse Mentoring wrote:",
    "---- On Tue, 24 Nov 2026 09:00:00 +0100 Ann Example <ann@example.com> wrote ----",
    "-------- Ann Example wrote --------",
    "ב-יום ג׳, 24 בנוב׳ 2026 ב-9:00 מאת Ann Example <‪ann@example.com‬‏>:",
    "في الثلاثاء، 24 نوفمبر 2026 في 9:00 ص تمت كتابة ما يلي بواسطة Ann Example <ann@example.com>:",
    "เมื่อ อ. 24 พ.ย. 2026 เวลา 09:00 Ann Example <ann@example.com> เขียนว่า:",
    "Tue 24 Nov 2026 09:00, Ann Example <ann@example.com> wrote:",
};

/* From, date, to, subject */
static const char *const headers[][4] = {
    {"From", "Sent", "To", "Subject"},
    {"Von", "Gesendet", "An", "Betreff"},
    {"De", "Envoyé", "À", "Objet"},
    {"De", "Enviado", "Para", "Asunto"},
    {"De", "Enviado el", "Para", "Asunto"},
    {"De", "Enviada em", "Para", "Assunto"},
    {"Da", "Inviato", "A", "Oggetto"},
    {"Van", "Verzonden", "Aan", "Onderwerp"},
    {"Från", "Skickat", "Till", "Ämne"},
    {"Fra", "Sendt", "Til", "Emne"},
    {"Lähettäjä", "Lähetetty", "Vastaanottaja", "Aihe"},
    {"Od", "Wysłano", "Do", "Temat"},
    {"Od", "Odesláno", "Komu", "Předmět"},
    {"Od", "Odoslané", "Komu", "Predmet"},
    {"Feladó", "Elküldve", "Címzett", "Tárgy"},
    {"Kimden", "Gönderildi", "Kime", "Konu"},
    {"От", "Отправлено", "Кому", "Тема"},
    {"Від", "Надіслано", "Кому", "Тема"},
    {"发件人", "发送时间", "收件人", "主题"},
    {"寄件者", "寄件日期", "收件者", "主旨"},
    {"差出人", "送信日時", "宛先", "件名"},
    {"보낸 사람", "보낸 날짜", "받는 사람", "제목"},
    {"De la", "Trimis", "Către", "Subiect"},
    {"Pošiljatelj", "Poslano", "Prima", "Predmet"},
    {"Saatja", "Saadetud", "Saaja", "Teema"},
    {"Από", "Στάλθηκε", "Προς", "Θέμα"},
    {"מאת", "נשלח", "אל", "נושא"},
    {"Từ", "Đã gửi", "Đến", "Chủ đề"},
    {"Dari", "Dikirim", "Kepada", "Subjek"},
    {"من", "تم الإرسال", "إلى", "الموضوع"},
    {"จาก", "ส่ง", "ถึง", "เรื่อง"},
    {"Nuo", "Išsiųsta", "Kam", "Tema"},
    {"No", "Nosūtīts", "Kam", "Tēma"},
    {"Изпратено от", "Изпратено", "До", "Относно"},
    {"От", "Дата", "До", "Относно"},
    {"Pošiljatelj", "Poslano", "Za", "Zadeva"},
    {"Šalje", "Datum", "Za", "Naslov"},
    {"De", "Enviat", "Per a", "Assumpte"},
    {"Frá", "Sent", "Til", "Efni"},
};

static const char *const devices[] = {
    "Sent from my iPhone",
    "Sent from my Galaxy",
    "Sent from my mobile device",
    "Sent from my Samsung Galaxy smartphone.",
    "Sent from my T-Mobile 4G LTE Device",
    "Sent from Yahoo Mail for iPhone",
    "Sent from Yahoo Mail on Android",
    "Sent from Mail for Windows",
    "Sent from Mail for Windows 10",
    "Sent from Outlook for Android",
    "Sent from Outlook for iOS<https://aka.ms/o0ukef>",
    "Get Outlook for iOS<https://aka.ms/o0ukef>",
    "Get Outlook for Android",
    "Get BlueMail for Android",
    "Get TypeApp for Android",
    "Sent with Proton Mail secure email.",
    "Sent from Proton Mail mobile",
    "Sent from my BlackBerry 10 smartphone.",
    "Sent via BlackBerry by AT&T",
    "Sent from Gmail Mobile",
    "Von meinem iPhone gesendet",
    "Gesendet von meinem iPhone",
    "Von meinem Samsung Galaxy Smartphone gesendet.",
    "Gesendet mit der GMX Mail App",
    "Diese Nachricht wurde von meinem Android Mobiltelefon mit GMX Mail gesendet.",
    "Gesendet von Outlook für iOS",
    "Outlook für Android herunterladen",
    "Holen Sie sich Outlook für iOS",
    "Envoyé de mon iPhone",
    "Envoyé depuis mon iPhone",
    "Envoyé depuis mon appareil mobile",
    "Télécharger Outlook pour iOS",
    "Obtenir Outlook pour Android",
    "Envoyé à partir de Outlook pour Android",
    "Enviado desde mi iPhone",
    "Enviado do meu iPhone",
    "Enviado do meu smartphone Samsung Galaxy.",
    "Obtener Outlook para iOS",
    "Obter o Outlook para Android",
    "Inviato da iPhone",
    "Inviato dal mio iPhone",
    "Scarica Outlook per iOS",
    "Ottieni Outlook per Android",
    "Verstuurd vanaf mijn iPhone",
    "Verzonden vanaf mijn Samsung Galaxy-smartphone.",
    "Outlook voor iOS downloaden",
    "Download Outlook voor Android",
    "Sendt fra min iPhone",
    "Sendt fra Outlook til iOS",
    "Hent Outlook til Android",
    "Skickat från min iPhone",
    "Hämta Outlook för iOS",
    "Skaffa Outlook för Android",
    "Lähetetty iPhonesta",
    "Hanki Outlook for iOS",
    "Wysłane z iPhone'a",
    "Wysłane z mojego iPhone'a",
    "Pobierz aplikację Outlook dla systemu iOS",
    "Odesláno z iPhonu",
    "Odesláno z mého iPhonu",
    "Získat Outlook pro Android",
    "Odoslané z iPhonu",
    "iPhone-omról küldve",
    "Küldve az iPhone-omról",
    "iPhone'umdan gönderildi",
    "Отправлено с iPhone",
    "Отправлено с моего iPhone",
    "Отправлено из мобильной Почты Mail.ru",
    "Отправлено из Outlook для Android",
    "Надіслано з iPhone",
    "发自我的iPhone",
    "从我的 iPhone 发送",
    "從我的 iPhone 傳送",
    "来自我的iPhone",
    "iPhoneから送信",
    "나의 iPhone에서 보냄",
    "내 Galaxy에서 보냄",
    "Trimis de pe iPhone-ul meu",
    "Enviat des del meu iPhone",
    "Poslano s mog iPhonea",
    "Poslano z mojega iPhonea",
    "Dikirim dari iPhone saya",
    "Đã gửi từ iPhone của tôi",
    "ส่งจาก iPhone ของฉัน",
    "Στάλθηκε από το iPhone μου",
    "נשלח מה-iPhone שלי",
    "تم الإرسال من الـ iPhone",
    "Saadetud minu iPhone'ist",
    "Išsiųsta iš mano iPhone",
    "Nosūtīts no mana iPhone",
    "Изпратено от моя iPhone",
    "Sent from my Verizon, Samsung Galaxy smartphone",
    "Sent from Surface",
    "Sent from Superhuman",
    "Sent from Spike",
    "Sent via Superhuman iOS",
    "Sent from AOL on Android",
    "Sent from my iPad Pro",
    "Sent using Zoho Mail",
    "Sent with Shortwave",
    "Sent from Canary (https://canarymail.io)",
    "Sent from HEY",
};

static int
must_be_answer(struct arena *arena, struct str *text)
{
	struct span got = reply_new_text(arena, str_span(text));
	bool right = span_is(got, answer);

	if (!right)
		print_error("--- of\n%.*s\n--- remains\n%.*s\n", (int)text->n,
		    text->p, (int)got.n, got.p);
	arena_reset(arena);
	return !right;
}

/* Puts LF for the last blank that leaves lines within the width. */
static void
add_wrapped(struct str *out, struct span text, size_t width)
{
	while (text.n > width) {
		size_t cut = width;

		while (cut > 0 && text.p[cut] != ' ')
			cut--;
		if (cut == 0)
			break;
		str_add(out, span_sub(text, 0, cut));
		str_addc(out, '\n');
		text = span_skip(text, cut + 1);
	}
	str_add(out, text);
}

static int
one_attribution(
    struct arena *arena, struct span line, size_t width, const char *mark)
{
	struct str text;

	str_init(&text, arena, 2000);
	str_addf(&text, "%s\n\n", answer);
	add_wrapped(&text, line, width);
	str_addf(&text, "\n\n%sDo you agree with us?\n%sAnn\n", mark, mark);
	return must_be_answer(arena, &text);
}

static void
attributions_go(void **state)
{
	static const size_t widths[] = {1000, 72, 60, 48};
	struct arena arena;
	int bad = 0;

	(void)state;
	arena_init(&arena);
	for (size_t i = 0; i < COUNT(attributions); i++)
		for (size_t w = 0; w < COUNT(widths); w++) {
			struct span line = span_of(attributions[i]);

			bad += one_attribution(&arena, line, widths[w], "> ");
			bad += one_attribution(&arena, line, widths[w], "");
		}
	arena_release(&arena);
	assert_int_equal(bad, 0);
}

enum dress {
	PLAIN,
	BOLD,
	RULED,
	SPACED,
	DRESSES
};

static int
one_block(struct arena *arena, const char *const *names, enum dress dress,
    bool subject_second)
{
	static const char *const values[] = {"Ann Example <ann@example.com>",
	    "24.11.2026 09:00", "Bob Example <bob@example.com>",
	    "Do you agree?"};
	static const int orders[2][4] = {{0, 1, 2, 3}, {0, 3, 1, 2}};
	struct str text;

	str_init(&text, arena, 2000);
	str_addf(&text, "%s\n\n", answer);
	if (dress == RULED)
		str_addz(&text, "________________________________\n");
	for (int i = 0; i < 4; i++) {
		int k = orders[subject_second][i];

		switch (dress) {
		case BOLD:
			str_addf(&text, "*%s:* %s\n", names[k], values[k]);
			break;
		case SPACED:
			str_addf(&text, "%s : %s\n", names[k], values[k]);
			break;
		default:
			str_addf(&text, "%s: %s\n", names[k], values[k]);
		}
	}
	str_addz(&text, "\nDo you agree with us?\nAnn\n");
	return must_be_answer(arena, &text);
}

static void
header_blocks_go(void **state)
{
	struct arena arena;
	int bad = 0;

	(void)state;
	arena_init(&arena);
	for (size_t i = 0; i < COUNT(headers); i++)
		for (int d = 0; d < DRESSES; d++) {
			bad +=
			    one_block(&arena, headers[i], (enum dress)d, false);
			bad +=
			    one_block(&arena, headers[i], (enum dress)d, true);
		}
	arena_release(&arena);
	assert_int_equal(bad, 0);
}

static void
device_lines_go(void **state)
{
	struct arena arena;
	int bad = 0;

	(void)state;
	arena_init(&arena);
	for (size_t i = 0; i < COUNT(devices); i++) {
		struct str text;

		str_init(&text, &arena, 2000);
		str_addf(&text, "%s\n\n%s\n", answer, devices[i]);
		bad += must_be_answer(&arena, &text);
	}
	arena_release(&arena);
	assert_int_equal(bad, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(attributions_go),
	    cmocka_unit_test(header_blocks_go),
	    cmocka_unit_test(device_lines_go),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
