/*
 * In which language is a text?  Small words decide; a text too short to say
 * gives "", and the sender's stored locale is used.
 */
#include "reply/reply_int.h"

enum {
	LINES = 40,
	WORDS = 200, /* more change nothing */
};

static const char *const codes[LANGUAGES] = {
    "en", "de", "fr", "es", "it", "nl", "pt", "sv", "da", "pl"};

static int
count_words(struct span line, int *score)
{
	struct tokens ts;

	tokens_read(line, &ts);
	for (int i = 0; i < ts.n; i++) {
		unsigned in = lexeme_of(&ts.t[i])->in;

		for (int k = 0; in != 0; k++, in >>= 1)
			score[k] += (int)(in & 1);
	}
	return ts.n;
}

struct span
language_of(struct span text)
{
	int score[LANGUAGES] = {0}, best = 0, second = 0;
	int lines = 0, words = 0;
	struct span line;

	while (lines < LINES && words < WORDS && span_line(&text, &line)) {
		line = span_trim(line);
		if (line.n == 0 || line.p[0] == '>')
			continue;
		lines++;
		words += count_words(line, score);
	}
	for (int k = 1; k < LANGUAGES; k++)
		if (score[k] > score[best])
			best = k;
	for (int k = 0; k < LANGUAGES; k++)
		if (k != best && score[k] > second)
			second = score[k];
	if (score[best] == 0 || score[best] == second)
		return SPAN("");
	return span_of(codes[best]);
}
