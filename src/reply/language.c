/*
 * In which language is a text?  Small words decide; a text too short to say
 * gives "", and the sender's stored locale is used.
 */
#include <string.h>

#include "reply/reply_int.h"

static const struct {
	const char *code, *words;
} languages[] = {
    {"en",
	"the and is are was have has i you we my your this that with for not "
	"be will can would it of to in on at please thanks yes but from me our "
	"as do don't i'm it's"},
    {"de",
	"der die das und ist sind war habe hat ich du sie wir mein dein ihr "
	"dieser mit für nicht sein wird kann würde es von zu im am bitte danke "
	"ja nein aber aus mir unser als auch ein eine einen auf dem den bin uns"},
    {"fr",
	"le la les et est sont je vous nous mon ma votre ce cette avec pour pas "
	"être peut de du des à au s'il merci oui non mais un une sur dans que "
	"qui j'ai c'est"},
    {"es",
	"el la los las y es son yo usted nosotros mi su este esta con para no "
	"ser puede de del por favor gracias sí pero un una en que muy me lo"},
    {"it", "il lo la gli e è sono io lei noi mio suo questo questa con per non "
	   "essere può di del grazie sì ma un una in che molto mi della nel"},
    {"nl",
	"de het en is zijn was heb heeft ik jij u wij mijn uw dit dat met voor "
	"niet wordt kan van te in op graag bedankt ja nee maar een naar ook"},
    {"pt",
	"o os as e é são eu você nós meu seu este esta com para não ser pode de "
	"do da por favor obrigado sim mas um uma em que muito me no na"},
    {"sv",
	"och är var har jag du vi min din detta med för inte kan av till i på "
	"tack ja nej men en ett som att det den om"},
    {"da",
	"og er var har jeg du vi min din dette med for ikke kan af til i på tak "
	"ja nej men en et som at det den om også"},
    {"pl",
	"i jest są był mam ja ty my mój ten to z dla nie może od do w na proszę "
	"dziękuję tak ale się że jak"},
};

struct span
language_of(struct span text)
{
	int score[sizeof(languages) / sizeof(*languages)] = {0};
	size_t n = sizeof(languages) / sizeof(*languages), best = 0;
	int second = 0, looked = 0;
	struct span line;

	while (looked < 40 && span_line(&text, &line)) {
		struct tokens ts;

		line = span_trim(line);
		if (line.n == 0 || line.p[0] == '>')
			continue;
		looked++;
		tokens_read(line, &ts);
		for (int i = 0; i < ts.n; i++)
			for (size_t k = 0; k < n; k++)
				score[k] +=
				    token_in(&ts, i, languages[k].words);
	}
	for (size_t k = 1; k < n; k++)
		if (score[k] > score[best])
			best = k;
	for (size_t k = 0; k < n; k++)
		if (k != best && score[k] > second)
			second = score[k];
	if (score[best] == 0 || score[best] == second)
		return SPAN("");
	return span_of(languages[best].code);
}
