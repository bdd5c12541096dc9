/*
 * Single words of what mail programs write: names of header fields, first
 * words and verbs of attributions.  Lower case, in the order of their bytes,
 * for halving; a test checks the order.
 */
#include "reply/lines_int.h"

const struct header_name header_names[] = {
    {"a", HEADER_TO},
    {"aan", HEADER_TO},
    {"absender", HEADER_FROM},
    {"adresat", HEADER_TO},
    {"adresāts", HEADER_TO},
    {"afsender", HEADER_FROM},
    {"afzender", HEADER_FROM},
    {"aihe", HEADER_SUBJECT},
    {"alıcı", HEADER_TO},
    {"am", HEADER_DATE},
    {"an", HEADER_TO},
    {"anlagen", HEADER_OTHER},
    {"antwort an", HEADER_OTHER},
    {"antworten an", HEADER_OTHER},
    {"assumpte", HEADER_SUBJECT},
    {"assunto", HEADER_SUBJECT},
    {"asunto", HEADER_SUBJECT},
    {"attachments", HEADER_OTHER},
    {"avsender", HEADER_FROM},
    {"avsändare", HEADER_FROM},
    {"bcc", HEADER_OTHER},
    {"betr.", HEADER_SUBJECT},
    {"betreff", HEADER_SUBJECT},
    {"betrifft", HEADER_SUBJECT},
    {"bijlagen", HEADER_OTHER},
    {"bilgi", HEADER_OTHER},
    {"cc", HEADER_OTHER},
    {"chủ đề", HEADER_SUBJECT},
    {"content-type", HEADER_OTHER},
    {"copia", HEADER_OTHER},
    {"copie", HEADER_OTHER},
    {"címzett", HEADER_TO},
    {"cópia", HEADER_OTHER},
    {"către", HEADER_TO},
    {"da", HEADER_FROM},
    {"dari", HEADER_FROM},
    {"data", HEADER_DATE},
    {"data i godzina", HEADER_DATE},
    {"data wysłania", HEADER_DATE},
    {"date", HEADER_DATE},
    {"dato", HEADER_DATE},
    {"datum", HEADER_DATE},
    {"de", HEADER_FROM},
    {"de la", HEADER_FROM},
    {"destinataire", HEADER_TO},
    {"destinatario", HEADER_TO},
    {"destinatário", HEADER_TO},
    {"di", HEADER_FROM},
    {"dikirim", HEADER_DATE},
    {"do", HEADER_TO},
    {"dátum", HEADER_DATE},
    {"efni", HEADER_SUBJECT},
    {"elküldve", HEADER_DATE},
    {"emne", HEADER_SUBJECT},
    {"empfänger", HEADER_TO},
    {"enviada", HEADER_DATE},
    {"enviada em", HEADER_DATE},
    {"enviado", HEADER_DATE},
    {"enviado el", HEADER_DATE},
    {"enviado em", HEADER_DATE},
    {"enviat", HEADER_DATE},
    {"envoye", HEADER_DATE},
    {"envoyé", HEADER_DATE},
    {"envoyé le", HEADER_DATE},
    {"expéditeur", HEADER_FROM},
    {"fecha", HEADER_DATE},
    {"feladó", HEADER_FROM},
    {"fra", HEADER_FROM},
    {"from", HEADER_FROM},
    {"frá", HEADER_FROM},
    {"från", HEADER_FROM},
    {"gesendet", HEADER_DATE},
    {"gönderildi", HEADER_DATE},
    {"gönderilme tarihi", HEADER_DATE},
    {"importance", HEADER_OTHER},
    {"in-reply-to", HEADER_OTHER},
    {"inviato", HEADER_DATE},
    {"išsiųsta", HEADER_DATE},
    {"kam", HEADER_TO},
    {"kepada", HEADER_TO},
    {"kieno", HEADER_FROM},
    {"kimden", HEADER_FROM},
    {"kime", HEADER_TO},
    {"komu", HEADER_TO},
    {"konu", HEADER_SUBJECT},
    {"kopi", HEADER_OTHER},
    {"kopia", HEADER_OTHER},
    {"kopia do", HEADER_OTHER},
    {"kopie", HEADER_OTHER},
    {"kopio", HEADER_OTHER},
    {"kópia", HEADER_OTHER},
    {"küldve", HEADER_DATE},
    {"lähetetty", HEADER_DATE},
    {"lähettäjä", HEADER_FROM},
    {"mailed-by", HEADER_OTHER},
    {"message-id", HEADER_OTHER},
    {"mime-version", HEADER_OTHER},
    {"mittente", HEADER_FROM},
    {"modtager", HEADER_TO},
    {"mottagare", HEADER_TO},
    {"mottaker", HEADER_TO},
    {"másolat", HEADER_OTHER},
    {"nadawca", HEADER_FROM},
    {"naslov", HEADER_SUBJECT},
    {"ngày", HEADER_DATE},
    {"no", HEADER_FROM},
    {"nosūtīts", HEADER_DATE},
    {"nuo", HEADER_FROM},
    {"objet", HEADER_SUBJECT},
    {"od", HEADER_FROM},
    {"odesláno", HEADER_DATE},
    {"odesílatel", HEADER_FROM},
    {"odoslané", HEADER_DATE},
    {"oggetto", HEADER_SUBJECT},
    {"onderwerp", HEADER_SUBJECT},
    {"ontvanger", HEADER_TO},
    {"organization", HEADER_OTHER},
    {"para", HEADER_TO},
    {"per a", HEADER_TO},
    {"perihal", HEADER_SUBJECT},
    {"poslano", HEADER_DATE},
    {"pour", HEADER_TO},
    {"pošiljatelj", HEADER_FROM},
    {"predmet", HEADER_SUBJECT},
    {"prima", HEADER_TO},
    {"priority", HEADER_OTHER},
    {"priorität", HEADER_OTHER},
    {"päivämäärä", HEADER_DATE},
    {"päiväys", HEADER_DATE},
    {"předmět", HEADER_SUBJECT},
    {"příjemce", HEADER_TO},
    {"re", HEADER_SUBJECT},
    {"remetente", HEADER_FROM},
    {"remitente", HEADER_FROM},
    {"reply to", HEADER_OTHER},
    {"reply-to", HEADER_OTHER},
    {"responder a", HEADER_OTHER},
    {"répondre à", HEADER_OTHER},
    {"saadetud", HEADER_DATE},
    {"saaja", HEADER_TO},
    {"saatja", HEADER_FROM},
    {"sendt", HEADER_DATE},
    {"sent", HEADER_DATE},
    {"sent on", HEADER_DATE},
    {"skickat", HEADER_DATE},
    {"subiect", HEADER_SUBJECT},
    {"subject", HEADER_SUBJECT},
    {"subjek", HEADER_SUBJECT},
    {"sujet", HEADER_SUBJECT},
    {"tanggal", HEADER_DATE},
    {"tarehe", HEADER_DATE},
    {"tarih", HEADER_DATE},
    {"teema", HEADER_SUBJECT},
    {"tema", HEADER_SUBJECT},
    {"temat", HEADER_SUBJECT},
    {"til", HEADER_TO},
    {"till", HEADER_TO},
    {"to", HEADER_TO},
    {"trimis", HEADER_DATE},
    {"tárgy", HEADER_SUBJECT},
    {"tēma", HEADER_SUBJECT},
    {"tới", HEADER_TO},
    {"từ", HEADER_FROM},
    {"van", HEADER_FROM},
    {"vastaanottaja", HEADER_TO},
    {"vers", HEADER_TO},
    {"verzonden", HEADER_DATE},
    {"von", HEADER_FROM},
    {"when", HEADER_DATE},
    {"wichtig", HEADER_OTHER},
    {"wichtigkeit", HEADER_OTHER},
    {"wysłane", HEADER_DATE},
    {"wysłano", HEADER_DATE},
    {"x-mailer", HEADER_OTHER},
    {"za", HEADER_TO},
    {"zadeva", HEADER_SUBJECT},
    {"à", HEADER_TO},
    {"ämne", HEADER_SUBJECT},
    {"đã gửi", HEADER_DATE},
    {"đến", HEADER_TO},
    {"šalje", HEADER_FROM},
    {"από", HEADER_FROM},
    {"ημερομηνία", HEADER_DATE},
    {"θέμα", HEADER_SUBJECT},
    {"προς", HEADER_TO},
    {"στάλθηκε", HEADER_DATE},
    {"від", HEADER_FROM},
    {"дата", HEADER_DATE},
    {"дата отправки", HEADER_DATE},
    {"до", HEADER_TO},
    {"изпратено", HEADER_DATE},
    {"изпратено от", HEADER_FROM},
    {"кому", HEADER_TO},
    {"копия", HEADER_OTHER},
    {"копія", HEADER_OTHER},
    {"надіслано", HEADER_DATE},
    {"от", HEADER_FROM},
    {"от кого", HEADER_FROM},
    {"относно", HEADER_SUBJECT},
    {"отправитель", HEADER_FROM},
    {"отправлено", HEADER_DATE},
    {"тема", HEADER_SUBJECT},
    {"אל", HEADER_TO},
    {"מאת", HEADER_FROM},
    {"נושא", HEADER_SUBJECT},
    {"נשלח", HEADER_DATE},
    {"תאריך", HEADER_DATE},
    {"إلى", HEADER_TO},
    {"التاريخ", HEADER_DATE},
    {"الموضوع", HEADER_SUBJECT},
    {"تم الإرسال", HEADER_DATE},
    {"من", HEADER_FROM},
    {"จาก", HEADER_FROM},
    {"ถึง", HEADER_TO},
    {"วันที่", HEADER_DATE},
    {"ส่ง", HEADER_DATE},
    {"เรื่อง", HEADER_SUBJECT},
    {"主旨", HEADER_SUBJECT},
    {"主題", HEADER_SUBJECT},
    {"主题", HEADER_SUBJECT},
    {"件名", HEADER_SUBJECT},
    {"傳送時間", HEADER_DATE},
    {"副本", HEADER_OTHER},
    {"参照", HEADER_OTHER},
    {"发件人", HEADER_FROM},
    {"发送时间", HEADER_DATE},
    {"宛先", HEADER_TO},
    {"寄件人", HEADER_FROM},
    {"寄件日期", HEADER_DATE},
    {"寄件者", HEADER_FROM},
    {"差出人", HEADER_FROM},
    {"抄送", HEADER_OTHER},
    {"收件人", HEADER_TO},
    {"收件者", HEADER_TO},
    {"日付", HEADER_DATE},
    {"日時", HEADER_DATE},
    {"日期", HEADER_DATE},
    {"發件人", HEADER_FROM},
    {"發送時間", HEADER_DATE},
    {"送信元", HEADER_FROM},
    {"送信日時", HEADER_DATE},
    {"送信者", HEADER_FROM},
    {"날짜", HEADER_DATE},
    {"받는 사람", HEADER_TO},
    {"받는사람", HEADER_TO},
    {"보낸 날짜", HEADER_DATE},
    {"보낸 사람", HEADER_FROM},
    {"보낸사람", HEADER_FROM},
    {"제목", HEADER_SUBJECT},
    {"참조", HEADER_OTHER},
};
const size_t header_names_n = sizeof(header_names) / sizeof(*header_names);

/* An attribution's first words. */
const char *const openers[] = {"--", "0", "1", "2", "3", "4", "5", "6", "7",
    "8", "9", "a", "am", "at", "czw", "czwartek", "den", "di", "dia",
    "dienstag", "dim", "dimanche", "dinsdag", "dne", "dnia", "do", "dom",
    "domenica", "domingo", "donderdag", "donnerstag", "dňa", "el", "el día",
    "em", "fr", "fre", "fredag", "freitag", "fri", "friday", "gio", "giovedì",
    "il", "il giorno", "je", "jeu", "jeudi", "jue", "jueves", "kl", "la", "le",
    "lu", "lun", "lundi", "lunedì", "lunes", "lör", "lördag", "lør", "lørdag",
    "ma", "maandag", "man", "mandag", "mar", "mardi", "martedì", "martes", "me",
    "mer", "mercoledì", "mercredi", "mi", "missatge", "mittwoch", "mié",
    "miércoles", "mo", "mon", "monday", "montag", "måndag", "ne", "neděle",
    "niedz", "niedziela", "on", "ons", "onsdag", "op", "pada", "pe", "piątek",
    "po", "pon", "pondělí", "poniedziałek", "pt", "pá", "pátek", "på", "qua",
    "quarta-feira", "qui", "quinta-feira", "sa", "sabato", "sam", "samedi",
    "samstag", "sat", "saturday", "seg", "segunda-feira", "sex", "sexta-feira",
    "so", "sob", "sobota", "sonntag", "st", "středa", "sun", "sunday", "sáb",
    "sábado", "sön", "söndag", "søn", "søndag", "ter", "terça-feira", "thu",
    "thursday", "ti", "tir", "tirsdag", "tisdag", "tor", "tors", "torsdag",
    "tue", "tuesday", "ve", "ven", "vendredi", "venerdì", "vie", "viernes",
    "vrijdag", "vào", "w dniu", "wed", "wednesday", "woensdag", "wt", "wtorek",
    "zaterdag", "zondag", "în", "út", "úterý", "čt", "čtvrtek", "śr", "środa",
    "στις", "в", "во", "воскресенье", "вс", "вт", "вторник", "вівторок",
    "неділя", "пн", "понедельник", "понеділок", "пт", "пятница", "сб", "середа",
    "ср", "ср.", "среда", "суббота", "субота", "четверг", "чт", "ב", "在"};
const size_t openers_n = sizeof(openers) / sizeof(*openers);

/* Verbs of attributions, in scripts that part words. */
const char *const verbs[] = {"a ecrit", "a envoyé", "a scris", "a scritto",
    "a écrit", "escreveu", "escribe", "escribieron", "escribio", "escribió",
    "ezt írta", "geschreven", "geschrieben", "ha escrit", "ha scritto",
    "hat geschrieben", "heeft geschreven", "je napisal/a", "je napisao",
    "kirjoitti", "kirjutas", "menulis", "napisao", "napisao/la", "napisał",
    "napisał(a)", "napisał/a", "napisała", "napsal", "napsal(a)", "napsala",
    "napísal", "napísal(a)", "pisze", "posted", "píše", "rakstīja", "rašė",
    "said", "schreef", "schreibt", "schreifs", "schreven", "schrieb", "scris",
    "scrive", "sent", "shkroi", "skrev", "skrifaði", "thus spake",
    "va escriure", "writes", "wrote", "yazdı", "yazmış", "écrit", "écrivait",
    "írta", "đã viết", "şunları yazdı", "şunu yazdı", "έγραψε", "написа",
    "написав", "написал", "написал(а)", "написала", "писал", "писал(а)", "пише",
    "пишет", "כתב", "كتب"};
const size_t verbs_n = sizeof(verbs) / sizeof(*verbs);

/* Below 0, 0 or above, as the word stands before, at or behind z. */
static int
compare(struct span word, const char *z)
{
	for (size_t i = 0; i < word.n; i++)
		if (z[i] == '\0') /* text may hold NUL */
			return 1;
		else if (word.p[i] != z[i])
			return (unsigned char)word.p[i] < (unsigned char)z[i]
				   ? -1
				   : 1;
	return z[word.n] == '\0' ? 0 : -1;
}

enum header_key
header_word(struct span word)
{
	size_t low = 0, high = header_names_n;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		int r = compare(word, header_names[middle].word);

		if (r == 0)
			return header_names[middle].key;
		if (r > 0)
			low = middle + 1;
		else
			high = middle;
	}
	return HEADER_NONE;
}

bool
is_opener(struct span word)
{
	size_t low = 0, high = openers_n;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		int r = compare(word, openers[middle]);

		if (r == 0)
			return true;
		if (r > 0)
			low = middle + 1;
		else
			high = middle;
	}
	return false;
}

size_t
verbs_from(struct span text)
{
	size_t low = 0, high = verbs_n;

	if (text.n == 0)
		return verbs_n;
	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if ((unsigned char)verbs[middle][0] < (unsigned char)text.p[0])
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}
