/* Shared inside reply/ only: tokens of a short text, and line questions. */
#ifndef REPLY_REPLY_INT_H
#define REPLY_REPLY_INT_H

#include "reply/reply.h"

enum {
	TOKENS_MAX = 96,
	TOKEN_BYTES = 36,
};

enum token_kind {
	TOKEN_WORD,
	TOKEN_NUMBER,
	TOKEN_MARK
};

/* A word (lowered), a run of digits, or one mark ("mark" = its byte). */
struct token {
	enum token_kind kind;
	char text[TOKEN_BYTES]; /* NUL-ended; a longer word is cut */
	int number, digits;     /* NUMBER; number is -1 beyond 9 digits */
	bool joined;            /* no blank before it */
	size_t start, end;      /* in the span */
};

struct tokens {
	struct token t[TOKENS_MAX];
	int n;
	bool cut; /* the text held more */
};

/*
 * Letters are lowered (ASCII, Latin-1, Greek and Cyrillic capitals), curly
 * quotes and dashes made plain, emoji become words of their own.
 */
void tokens_read(struct span, struct tokens *);
bool token_is(const struct tokens *, int i, const char *word);
/* Is it one of the words of this blank-separated list? */
bool token_in(const struct tokens *, int i, const char *words);
bool word_in(const char *word, const char *words);

/* The languages that can be told apart, and what else a word may say. */
enum {
	IN_EN = 1,
	IN_DE = 1 << 1,
	IN_FR = 1 << 2,
	IN_ES = 1 << 3,
	IN_IT = 1 << 4,
	IN_NL = 1 << 5,
	IN_PT = 1 << 6,
	IN_SV = 1 << 7,
	IN_DA = 1 << 8,
	IN_PL = 1 << 9,
	LANGUAGES = 10,

	COURTESY = 1,   /* or of the subject: changes nothing */
	DOUBT = 1 << 1, /* turns the sense round, or makes a condition */
	OPENS = 1 << 2, /* a date or a time may begin with it */
};

/* lexicon.c */
struct lexeme {
	char word[16];
	uint16_t in;                    /* languages */
	uint8_t is;                     /* COURTESY, ... */
	uint8_t month, weekday, number; /* 0 = none */
};

extern const struct lexeme lexicon[];
extern const size_t lexicon_n;
/* Never NULL; all zero for a word that is not in it. */
const struct lexeme *lexeme_of(const struct token *);

/* A phrase of a short answer; phrases.c. */
struct phrase {
	const char *text;
	enum word word;
};

extern const struct phrase phrases[];
extern const size_t phrases_n;
/* Those that begin with the word: their number, and the first's index. */
size_t phrases_of(const char *word, size_t *first);

/*
 * The date, time or both that begin at token i; returns the index behind it,
 * or i when there is none.  `loose`: a bare month or number may stand for a
 * date or hour.
 */
int when_at(const struct tokens *, int i, struct civil today,
    struct span locale, bool loose, struct when *);

/* words.c: the lines that count, without greeting, sign-off and name. */
struct span words_content(struct arena *, struct span text, bool *cut);
/* The word whose longest phrase stands at token i; *n: how many tokens. */
enum word words_longest(const struct tokens *, int i, int *n);
/* Courtesy or punctuation: it changes nothing. */
bool words_is_idle(const struct tokens *, int i);

/* "Hi Anna," / "Best regards" / "-- ": lines that are form, not content. */
bool line_is_greeting(struct span);
bool line_is_sign_off(struct span);

enum mail_kind kind_of(
    struct arena *, const struct mail *, bool *challenge, bool *via_list);
struct span newtext_of_mail(
    struct arena *, const struct mail *, struct span *whole);
/* The text of an HTML part without the marks of model/mail.h. */
struct span without_marks(struct arena *, struct span);
void bounce_read(struct arena *, const struct mail *, struct reading *);
/* Does the mail look like a bounce that carries no report? */
bool bounce_is_free_form(const struct mail *);
struct span language_of(struct span text);
/* Start of the day of return, or 0. */
int64_t away_until(struct arena *, const struct mail *, struct span text);

#endif
