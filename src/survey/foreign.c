/* Lines of a reply that no answer is made of. */
#include "survey/survey.h"

#include "reply/reply.h"
#include "survey/survey_int.h"

static bool
starts_any(struct span s, const char *const *list, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (span_casestarts(s, list[i]))
			return true;
	return false;
}

#define STARTS(s, list) starts_any(s, list, sizeof(list) / sizeof((list)[0]))

/* Lines that no answer is made of: signatures, devices, quoted headers. */
bool
line_is_chrome(struct span line)
{
	static const char *const starts[] = {"Sent from", "Get Outlook",
	    "Von meinem", "Gesendet von", "Envoyé de", "Envoyé depuis",
	    "Enviado des", "Inviato da",
	    "From:", "Von:", "De :", "De:", "Sent:", "Gesendet:", "To:", "An:",
	    "Subject:", "Betreff:", "Cc:", "-----", "_____", "*From:*",
	    "*Von:*", "Reply-To:", "Date:", "Datum:"};

	return span_is(line, "--") || span_is(line, "-- ") ||
	       STARTS(line, starts) || reply_is_chrome(line);
}

bool
line_is_signoff(struct span line)
{
	static const char *const starts[] = {"thanks", "thank you", "regards",
	    "best regards", "kind regards", "best,", "best wishes", "cheers",
	    "many thanks", "viele grüße", "gruß", "grüße", "mfg",
	    "mit freundlichen", "danke", "vielen dank", "beste grüße",
	    "liebe grüße", "lg", "vg", "merci", "cordialement", "sincerely",
	    "yours", "saludos", "saluti", "un saludo", "gracias", "grazie",
	    "cordiali saluti", "cordialmente", "bien à vous",
	    "bien cordialement", "obrigad", "atenciosamente", "abraço",
	    "cumprimentos", "groet", "met vriendelijke groet", "bedankt",
	    "dank je", "mvh", "med vänlig", "med venlig", "med vennlig",
	    "hälsningar", "venlig hilsen", "hilsen", "tack", "tak,", "takk",
	    "pozdrawiam", "z poważaniem", "dziękuję", "s pozdravem", "děkuji",
	    "üdvözlettel", "köszönöm", "cu stimă", "mulțumesc", "saygılarımla",
	    "teşekkürler", "с уважением", "спасибо", "ystäv", "terveisin",
	    "kiitos", "xoxo", "freundliche grüße", "schöne grüße",
	    "herzliche grüße", "besten dank", "bis dann", "cdlt", "rgds", "br,",
	    "kr,", "thx", "tnx", "ta,"};
	struct span rest = line, word;
	size_t words = 0;

	while (span_word(&rest, &word))
		words++;
	return words <= 4 && STARTS(line, starts);
}

/* "On ... wrote:", "Am ... schrieb Kim <kim@...>:" */
bool
line_is_attribution(struct span line)
{
	static const char *const verbs[] = {"wrote", "schrieb", "a écrit",
	    "escribió", "ha scritto", "schreef", "skrev", "escreveu", "napisał",
	    "writes"};

	for (size_t i = 0; i < sizeof(verbs) / sizeof(verbs[0]); i++)
		if (span_ends(line, ":") && span_has(line, verbs[i]) &&
		    (span_has(line, "@") || span_ends(line, "wrote:")))
			return true;
	return false;
}

/* Not a line of an answer, whatever bracket is open. */
bool
line_is_foreign(struct span line)
{
	return line_is_chrome(line) || line_is_attribution(line);
}
