/*
 * Tokens of short texts: what dates, short answers and commands are read
 * from.  No memory is taken: a short answer fits, and what does not fit is
 * no short answer.
 */
#include <string.h>

#include "base/utf8.h"
#include "reply/reply_int.h"

enum letter {
	BLANK,
	DROPPED,
	LETTER,
	DIGIT,
	MARK,
	PICTURE
};

static uint32_t
lower(uint32_t c)
{
	if (c < 0x80)
		return (uint32_t)(unsigned char)ascii_lower((char)c);
	if ((c >= 0xc0 && c <= 0xde && c != 0xd7) ||
	    (c >= 0x391 && c <= 0x3a9) || (c >= 0x410 && c <= 0x42f))
		return c + 32;
	if (c >= 0x400 && c <= 0x40f)
		return c + 80;
	/* Latin Extended-A: pairs, capital on the even side but for two runs */
	if ((c >= 0x100 && c <= 0x137) || (c >= 0x14a && c <= 0x177))
		return c | 1;
	if ((c >= 0x139 && c <= 0x148) || (c >= 0x179 && c <= 0x17e))
		return c + (c & 1);
	if (c >= 0xff10 && c <= 0xff19) /* full-width digits */
		return c - 0xff10 + '0';
	return c;
}

static uint32_t
plain(uint32_t c)
{
	switch (c) {
	case 0x2018:
	case 0x2019:
	case 0x201b:
	case 0x60:
	case 0xb4:
		return '\'';
	case 0x201c:
	case 0x201d:
	case 0x201e:
	case 0xab:
	case 0xbb:
		return '"';
	case 0x2010:
	case 0x2011:
	case 0x2012:
	case 0x2013:
	case 0x2014:
	case 0x2212:
		return '-';
	case 0x2026:
		return '.';
	case 0x2192:
		return '>';
	case 0xff1a:
		return ':';
	default:
		return lower(c);
	}
}

static enum letter
class_of(uint32_t c)
{
	if (c <= ' ' || c == 0xa0 || c == 0x202f ||
	    (c >= 0x2000 && c <= 0x200a) || c == 0x3000)
		return BLANK;
	if (c < 0x80) {
		if (ascii_digit((char)c))
			return DIGIT;
		return ascii_alpha((char)c) ? LETTER : MARK;
	}
	if ((c >= 0x200b && c <= 0x200f) || c == 0xfeff || c == 0xad ||
	    (c >= 0xfe00 && c <= 0xfe0f) || (c >= 0x1f3fb && c <= 0x1f3ff))
		return DROPPED;
	if (c < 0xc0)
		return c == 0xaa || c == 0xba || c == 0xb5 ? LETTER : MARK;
	if (c >= 0x2010 && c < 0x2190)
		return MARK;
	if ((c >= 0x2190 && c < 0x2c00) || c >= 0x1f000)
		return PICTURE;
	if ((c >= 0x3001 && c <= 0x3030) || (c >= 0xff01 && c <= 0xff0f))
		return MARK;
	return LETTER;
}

/* *have: the length of its text. */
static void
token_add(struct token *t, uint32_t c, size_t *have)
{
	char bytes[4];
	size_t n = utf8_put(c, bytes);

	if (*have + n >= sizeof(t->text))
		return;
	memcpy(t->text + *have, bytes, n);
	*have += n;
}

static bool
continues(const struct tokens *ts, enum letter what, uint32_t c, bool joined)
{
	const struct token *t;

	if (ts->n == 0 || !joined)
		return false;
	t = &ts->t[ts->n - 1];
	if (t->kind == TOKEN_NUMBER)
		return what == DIGIT;
	if (t->kind == TOKEN_WORD)
		return what == LETTER || (what == MARK && c == '\'');
	return false;
}

static void
number_add(struct token *t, uint32_t c)
{
	t->digits++;
	if (t->digits > 9)
		t->number = -1;
	else
		t->number = t->number * 10 + (int)(c - '0');
}

void
tokens_read(struct span s, struct tokens *ts)
{
	size_t at = 0, eaten, have = 0;
	bool joined = false, picture = false;
	uint32_t c;

	ts->n = 0;
	ts->cut = false;
	for (; (eaten = utf8_next(span_skip(s, at), &c)) > 0; at += eaten) {
		enum letter what;

		c = plain(c);
		what = class_of(c);
		if (what == DROPPED)
			continue;
		if (what == BLANK) {
			joined = false;
			continue;
		}
		if (picture || !continues(ts, what, c, joined)) {
			struct token *t;

			if (ts->n == TOKENS_MAX) {
				ts->cut = true;
				return;
			}
			t = &ts->t[ts->n++];
			have = 0;
			*t = (struct token){.start = at, .joined = joined};
			t->kind = what == DIGIT  ? TOKEN_NUMBER
				  : what == MARK ? TOKEN_MARK
						 : TOKEN_WORD;
		}
		token_add(&ts->t[ts->n - 1], c, &have);
		if (what == DIGIT)
			number_add(&ts->t[ts->n - 1], c);
		ts->t[ts->n - 1].end = at + eaten;
		joined = true;
		picture = what == PICTURE;
	}
}

bool
word_in(const char *word, const char *words)
{
	size_t n = strlen(word);
	const char *p = words;

	if (n == 0)
		return false;
	while ((p = strstr(p, word)) != NULL) {
		if ((p == words || p[-1] == ' ') &&
		    (p[n] == ' ' || p[n] == '\0'))
			return true;
		p += n;
	}
	return false;
}

bool
token_is(const struct tokens *ts, int i, const char *word)
{
	return i >= 0 && i < ts->n && strcmp(ts->t[i].text, word) == 0;
}

bool
token_in(const struct tokens *ts, int i, const char *words)
{
	return i >= 0 && i < ts->n && word_in(ts->t[i].text, words);
}
