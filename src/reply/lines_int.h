/*
 * Shared inside reply/: what a line of a mail's text is (page.c, blocks.c,
 * newtext.c), what programs write (chrome.c), and the words that say so
 * (chrome_words.c).
 */
#ifndef REPLY_LINES_INT_H
#define REPLY_LINES_INT_H

#include "reply/reply_int.h"

/*
 * The questions are about one line without its blanks at both ends; they are
 * linear in its length, and look at no more than its first 400 bytes.
 */
enum header_key {
	HEADER_NONE,
	HEADER_FROM,
	HEADER_DATE,
	HEADER_TO,
	HEADER_SUBJECT,
	HEADER_OTHER, /* Cc, Reply-To, Importance, ... */
};

struct header_name {
	const char *word;
	enum header_key key;
};

extern const struct header_name header_names[];
extern const char *const openers[];
extern const struct span verbs[];
extern const size_t header_names_n, openers_n, verbs_n;

enum header_key header_word(struct span word);
bool is_opener(struct span word);
/* The first verb that may begin as the text does. */
size_t verbs_from(struct span text);

/* Those of Arabic and Persian too. */
static inline int
digits_in(struct span s)
{
	int n = 0;

	for (size_t i = 0; i < s.n; i++)
		if (ascii_digit(s.p[i]))
			n++;
		else if (s.p[i] == '\xd9' || s.p[i] == '\xdb')
			n += i + 1 < s.n &&
			     (unsigned char)s.p[i + 1] % 16 <= 9 &&
			     (unsigned char)s.p[i + 1] / 16 ==
				 (s.p[i] == '\xd9' ? 10 : 11);
	return n;
}

enum header_key chrome_header(struct span line);
/* "-----Original Message-----" and its like in all languages. */
bool chrome_original(struct span line);
/* "Begin forwarded message:" */
bool chrome_forward(struct span line);
/* "Sent from my iPhone", "Get Outlook for iOS" */
bool chrome_device(struct span line);
/* "____", "-----", "=====": nothing but a ruler. */
bool chrome_ruler(struct span line);
/* What PGP writes above a signed text. */
bool chrome_armour(struct span line);
/* "-- " with or without its blank; PGP's signature below the text. */
bool chrome_signature(struct span line);
/* May an attribution begin here, so that lines below are worth joining? */
bool chrome_may_open(struct span line);

/* May one end here?  Cheap: asked of each line that is joined. */
bool chrome_may_close(struct span line);

enum attribution {
	ATTRIBUTION_NONE,
	ATTRIBUTION_WEAK, /* counts when a quoted line follows */
	ATTRIBUTION_SURE,
};

/* Of one line, or of up to five joined by blanks. */
/* Holds a year, 19.. or 20.. */
bool chrome_has_year(struct span);
enum attribution chrome_attribution(struct span text);

/* "1998", "2026": four digits that may be a year. */
bool chrome_has_year(struct span);

enum line_class {
	EMPTY,
	TEXT,
	QUOTE,       /* "> ..." */
	MARKED,      /* inside a region that the client marks as a message */
	SIGNED,      /* inside a marked signature */
	ATTRIBUTION, /* and the lines it wraps over */
	HEADERS,     /* header block of a quoted mail */
	ORIGINAL,    /* "-----Original Message-----" */
	FORWARD,     /* "---------- Forwarded message ---------" */
	DEVICE,
	RULER,
	SIGNATURE, /* "-- " */
	DROPPED,
};

struct line {
	uint32_t from, n;
	uint8_t what; /* enum line_class */
	uint8_t kept;
	uint8_t key;    /* enum header_key, plus one when it is known */
	uint8_t closes; /* may it end an attribution: 0 unknown, 1 no, 2 yes */
};

struct page {
	struct span text;
	struct line *lines;
	size_t n;
};

static inline struct span
page_line(const struct page *p, size_t i)
{
	return span_sub(p->text, p->lines[i].from,
	    (size_t)p->lines[i].from + p->lines[i].n);
}

static inline bool
page_is_gap(const struct page *p, size_t i)
{
	return p->lines[i].what == EMPTY;
}

/* The first line from i on that is not empty; p->n when there is none. */
static inline size_t
page_next_full(const struct page *p, size_t i)
{
	while (i < p->n && page_is_gap(p, i))
		i++;
	return i;
}

/* Not the sender's: quoted, or in a region that the client marks. */
static inline bool
page_is_foreign(const struct page *p, size_t i)
{
	return p->lines[i].what == QUOTE || p->lines[i].what == MARKED;
}

/* Cuts the text into lines and pieces, and classes each by itself. */
void page_read(struct arena *, struct span text, struct page *);
/* Finds what stands on several lines: attributions, headers, torn quotes. */
void page_find_blocks(struct page *);

#endif
