/* Lines that are form, not content: greetings and sign-offs. */
#include <string.h>

#include "reply/reply_int.h"

static const char *const greetings[] = {"hi", "hello", "hey", "dear", "hallo",
    "liebe", "lieber", "liebes", "guten", "good morning", "good afternoon",
    "good evening", "sehr geehrte", "sehr geehrter", "servus", "moin",
    "bonjour", "salut", "cher", "chère", "hola", "buenos", "estimado",
    "estimada", "ciao", "buongiorno", "gentile", "grüß gott", "grüezi", "hej",
    "hei", "olá", "greetings", "to whom"};

static const char *const sign_offs[] = {"thanks", "thank you", "thx",
    "many thanks", "cheers", "regards", "best", "kind regards", "best regards",
    "warm regards", "warmly", "yours", "sincerely", "bye", "all the best", "br",
    "kr", "rgds", "take care", "danke", "vielen dank", "besten dank",
    "herzlichen dank", "viele grüße", "viele gruesse", "liebe grüße",
    "liebe gruesse", "beste grüße", "beste gruesse", "schöne grüße",
    "herzliche grüße", "freundliche grüße", "mit freundlichen grüßen",
    "mit freundlichen gruessen", "mit besten grüßen", "mit freundlichem gruß",
    "mfg", "vg", "lg", "gruß", "grüße", "gruss", "gruesse", "bis dann",
    "tschüss", "merci", "cordialement", "bien à vous", "bien cordialement",
    "gracias", "saludos", "un saludo", "grazie", "cordiali saluti", "saluti",
    "--"};

static bool
starts_word(const char *line, size_t n, const char *z)
{
	size_t len = strlen(z);

	if (n < len || memcmp(line, z, len) != 0)
		return false;
	return n == len || line[len] == ' ' || strchr(",.!:-", line[len]);
}

/* The line's words, lowered, one blank between; "" when longer than cap. */
static size_t
flat(struct span line, char *out, size_t cap, int *words)
{
	struct tokens ts;
	size_t n = 0;

	tokens_read(line, &ts);
	*words = 0;
	for (int i = 0; i < ts.n; i++) {
		size_t len = strlen(ts.t[i].text);

		if (n + len + 2 > cap)
			return 0;
		if (n > 0 && ts.t[i].kind != TOKEN_MARK)
			out[n++] = ' ';
		memcpy(out + n, ts.t[i].text, len);
		n += len;
		*words += ts.t[i].kind != TOKEN_MARK;
	}
	return n;
}

static bool
is_one_of(struct span line, const char *const *list, size_t n, int max_words)
{
	char text[128];
	int words;
	size_t len = flat(span_sub(line, 0, 256), text, sizeof(text), &words);

	if (len == 0 || words > max_words)
		return false;
	for (size_t i = 0; i < n; i++)
		if (starts_word(text, len, list[i]))
			return true;
	return false;
}

bool
line_is_greeting(struct span line)
{
	struct span s = span_trim(line);

	if (!is_one_of(
		line, greetings, sizeof(greetings) / sizeof(*greetings), 6))
		return false;
	/* "Hello, yes" says something. */
	return s.n > 0 && (strchr(",!.:-", s.p[s.n - 1]) != NULL ||
			      span_findc(s, ',') == s.n);
}

bool
line_is_sign_off(struct span line)
{
	struct span s = span_trim(line);

	if (span_is(s, "--") || span_is(s, "-- "))
		return true;
	return is_one_of(
	    line, sign_offs, sizeof(sign_offs) / sizeof(*sign_offs), 6);
}
