/*
 * Inside report/: crowds and what may be told of them.
 *
 * A crowd is a list of items (people, answers, sessions) that belong to one
 * variable; a published figure is the sum over a set of them.  All that a
 * reader of every report can work out by adding and subtracting lies in the
 * span of those sets.  A set is admitted only if each non-zero vector of the
 * span then touches an atom (items in the same published sets) of at least
 * `min` people, so no smaller group can be singled out, however many reports
 * are put side by side.
 *
 * `min` is two more than the settings ask for: whoever knows all about one
 * pair (the two themselves, a lead whom they told) can take these two out of
 * any sum, and must still face a group that is large enough.
 */
#ifndef REPORT_REPORT_INT_H
#define REPORT_REPORT_INT_H

#include "report/report.h"

struct crowd {
	struct arena *arena;
	size_t n;            /* items */
	int64_t *who, *whom; /* the people of an item; whom 0 = none */
	int min;
	uint8_t **rows;
	bool *gone; /* the row once had people who are not known any more */
	size_t rows_n;
};

struct crowd crowd_new(struct arena *, size_t n, int min);
/* Distinct people of the items in the set. */
int64_t crowd_people(const struct crowd *, const uint8_t *in);
bool crowd_admits(const struct crowd *, const uint8_t *in);
void crowd_publish(struct crowd *, uint8_t *in, bool gone);

/* What is behind one figure: from when each item belongs to it. */
struct cell {
	struct span key;
	int64_t *since; /* INT64_MAX = never */
	int64_t *value; /* thousandths, for a mean; NULL = counts items */
};

enum bound {
	BOUND_NONE,
	BOUND_LEAST,
	BOUND_MOST
};

struct level_cell {
	bool shown;
	int64_t before, after; /* 0..2000: L = 0, M = 1000, H = 2000 */
	int64_t n;
};

struct level_row {
	struct span skill, name;
	struct level_cell mentor, mentee;
};

struct month_mean {
	struct span label; /* "2026-11" */
	bool shown;
	int64_t value; /* thousandths */
	int64_t n;
};

struct aim_state {
	const struct fact_aim *aim;
	bool shown;
	int64_t now, first; /* permille of the measure's own scale */
	bool has_first;
	enum bound bound;
	int64_t n;
	bool points; /* a mean of 1 to 5, not a share */
};

/* A question of the surveys whose mean says what the programme did. */
struct said {
	const char *key; /* of its words */
	int64_t permille, n;
};

struct theme {
	struct span name;
	int64_t n;
};

struct told {
	struct figure joined, target, target_joined, matched, stayed;
	struct figure held, planned;
	struct span kinds[3];
	struct figure held_kind[3];
	enum bound target_bound, stayed_bound, matched_bound;
	struct level_row *levels;
	size_t levels_n;
	struct month_mean *months;
	size_t months_n;
	struct aim_state *aims;
	size_t aims_n;
	struct said said[4];
	size_t said_n;
	struct theme *themes, *wishes;
	size_t themes_n, wishes_n;
	struct span *quotes;
	size_t quotes_n;
};

/* figures.c: the only code that sees single answers. */
void tell(struct arena *, const struct facts *, const struct words *,
    struct told *, struct figures *all, struct figures *published);

/* The same, satisfaction only: for the digest. */
void tell_months(struct arena *, const struct facts *, struct told *,
    struct figures *published);

/* A figure in words: "84 %", "at least 96 %", "withheld". */
struct span say_share(
    struct arena *, const struct words *, int64_t permille, enum bound);
struct span say_count(
    struct arena *, const struct words *, const struct figure *);
/* "2027-02" -> "Feb 2027" */
struct span say_month(struct arena *, const struct words *, struct span month);
struct span say_value(
    struct arena *, const struct words *, const struct chart *, int64_t);

/* Columns of a table that fit on a phone and in a plain mail. */
enum { TABLE_WIDE = 3 };
/* Numbers as the locale writes them, and no other words. */
struct words plain_words(struct arena *, struct span locale);
/* "#rrggbb" and nothing else. */
struct span accent_checked(struct span);

#endif
