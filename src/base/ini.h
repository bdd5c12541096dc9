/*
 * Files of sections and settings, as the operator and the lead write them:
 *
 *	# a comment
 *	[section]            or [section name]
 *	key = value
 *	    a line that begins with a blank goes on with the value
 *	key.de = value       the same key for one locale
 *
 * Everything keeps its place, so that messages can say file:line:column.
 */
#ifndef BASE_INI_H
#define BASE_INI_H

#include "base/arena.h"
#include "base/err.h"
#include "base/span.h"

struct ini_item {
	struct span section; /* first word of [section name], lower case */
	struct span label;   /* the rest: "" in [section] */
	struct span key;     /* lower case, without the locale */
	struct span locale;  /* "" or "de" */
	struct span value;   /* trimmed; continued lines joined by LF */
	int line;            /* of the key, from 1 */
	int column;          /* of the value, from 1 */
};

struct ini {
	struct span file; /* for messages */
	struct ini_item *items;
	size_t n;
};

/* A line that is no comment, section or setting is an error with its place. */
int ini_parse(struct arena *, struct span file, struct span text,
    struct ini *, struct err *);
/* "file:line:column: " in front of the text, ERR_STOP, exit 78. */
int ini_error(const struct ini *, const struct ini_item *, struct err *,
    const char *fmt, ...) __attribute__((format(printf, 4, 5)));
/* The word of the list that is most like `word`, or NULL: "did you mean". */
const char *ini_near(struct span word, const char *const *words, size_t n);

#endif
