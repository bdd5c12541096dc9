/* Inside conf/: the table of settings and how one value is read. */
#ifndef CONF_INT_H
#define CONF_INT_H

#include "conf/conf.h"

enum setting_type {
	SET_TEXT,
	SET_LOCAL_TEXT, /* struct conf_text: may have a locale behind the key */
	SET_LIST,       /* words or texts separated by "," */
	SET_BOOL,
	SET_NUMBER,
	SET_DURATION, /* seconds */
	SET_BYTES,
	SET_WORD,    /* one of `words`; its index */
	SET_DATE,    /* days since 1970 */
	SET_PERSON,  /* "Name <address>": two spans, name first */
	SET_ADDRESS, /* canonical */
	SET_CLOCK,   /* "08:00", kept as text */
	SET_COLOUR,  /* "#0b5cad" */
	SET_MAIL_URL,
	SET_SECRET,
	SET_HOURS,
};

struct setting {
	const char *section, *key;
	enum setting_type type;
	size_t offset;
	size_t count; /* LIST: offset of its number of items */
	int64_t low, high;
	const char *words;    /* WORD: "a b c" */
	const char *standard; /* the default, or NULL */
	const char *example;
};

extern const struct setting conf_settings[];
extern const size_t conf_settings_n;

/* Reads one value into *conf; on failure *expected says what was wanted. */
bool conf_value(struct arena *, const struct setting *, struct span locale,
    struct span value, struct conf *, const char **expected);
/* Contradictions between settings; places by the ini. */
int conf_check(const struct ini *, const struct conf *, struct err *);
int conf_check_servers(const struct ini *, const struct conf *, struct err *);

#endif
