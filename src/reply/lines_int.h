/*
 * Shared inside reply/: what a line of a mail's text is (newtext.c, chrome.c),
 * and the words that say so (chrome_words.c).
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
extern const char *const openers[], *const verbs[];
extern const size_t header_names_n, openers_n, verbs_n;

enum header_key header_word(struct span word);
bool is_opener(struct span word);
/* The first verb that may begin as the text does. */
size_t verbs_from(struct span text);

enum header_key chrome_header(struct span line);
/* "-----Original Message-----" and its like in all languages. */
bool chrome_original(struct span line);
/* "Begin forwarded message:" */
bool chrome_forward(struct span line);
/* "Sent from my iPhone", "Get Outlook for iOS" */
bool chrome_device(struct span line);
/* "____", "-----", "=====": nothing but a ruler. */
bool chrome_ruler(struct span line);
/* "-- " with or without its blank. */
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
enum attribution chrome_attribution(struct span text);

#endif
