/*
 * Phrases, dates and numbers in the reader's language.  Every phrase that
 * code itself puts into a mail stands in templates/LOCALE/words, an ini file
 * without sections ("key = phrase with {name} places"), so that a language is
 * a folder and nothing else.  A phrase missing in one locale comes from its
 * fallback (the programme's locale, then English); one missing everywhere
 * shows its key in ‹›, which the tests look for.
 */
#ifndef MODEL_WORDS_H
#define MODEL_WORDS_H

#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/ini.h"
#include "base/span.h"
#include "base/zone.h"

struct words {
	struct span locale; /* "de" */
	const struct words *fallback;
	struct span *keys; /* sorted */
	struct span *phrases;
	size_t n;
};

/* A place {name} and what goes there. */
struct fill {
	const char *name;
	struct span text;
};

/*
 * In each phrase {role-mentor}, {role-mentors}, {role-mentee}, {role-mentees}
 * stand for what the programme calls them; {Role-...} begins with a capital.
 */
int words_parse(struct arena *, struct span locale, struct span file,
    struct span text, const struct words *fallback, struct words *,
    struct err *);
/* Puts a phrase of the programme's own in place of the file's. */
void words_set(
    struct arena *, struct words *, const char *key, struct span phrase);
/* A text with its {role-...} places filled. */
struct span words_roles(struct arena *, const struct words *, struct span text);
bool words_has(const struct words *, const char *key);
/* In the language itself, and not in the one that stands in for it? */
bool words_says(const struct words *, const char *key);
struct span words_get(const struct words *, const char *key);
struct span words_fill(struct arena *, const struct words *, const char *key,
    const struct fill *, size_t n);
/*
 * "key-one" or "key-many", with {n} filled: "1 session", "3 sessions".
 */
struct span words_count(
    struct arena *, const struct words *, const char *key, int64_t n);
/* "a", "a and b", "a, b and c". */
struct span words_join(
    struct arena *, const struct words *, const struct span *, size_t n);

/* value is in tenths, hundredths, ... as `decimals` says: 123, 1 -> 12.3 */
struct span words_number(
    struct arena *, const struct words *, int64_t value, int decimals);
/* "Thursday 3 December 2026"; short: "Thu 3 Dec". */
struct span words_date(struct arena *, const struct words *,
    const struct zone *, int64_t unix_time);
/* "Thursday 3 December": of a day so near that the year is known. */
struct span words_day(struct arena *, const struct words *, const struct zone *,
    int64_t unix_time);
struct span words_date_short(struct arena *, const struct words *,
    const struct zone *, int64_t unix_time);
/* "14:00" */
struct span words_clock(struct arena *, const struct words *,
    const struct zone *, int64_t unix_time);
/* "Berlin time (UTC+1)" */
struct span words_zone(struct arena *, const struct words *,
    const struct zone *, int64_t unix_time);
/* "Thursday 3 December 2026, 14:00 to 15:00, Berlin time (UTC+1)" */
struct span words_when(struct arena *, const struct words *,
    const struct zone *, int64_t start_unix, int64_t end_unix);

#endif
