/* Between figures.c and answers.c: how one set becomes one figure. */
#ifndef REPORT_FIGURES_INT_H
#define REPORT_FIGURES_INT_H

#include "report/report_int.h"

struct maker {
	struct arena *arena;
	const struct facts *f;
	const struct words *words; /* NULL: no themes */
	struct figures *all, *published;
	int min, comment_min;
};

struct result {
	struct figure figure;
	int64_t at_unix; /* the set behind it is the one of this time */
};

/*
 * Each cell in turn: shown anew when its set is admitted; as the latest
 * report had it when not; withheld when there is none.
 */
void settle(struct maker *, struct crowd *, const struct cell *, size_t n,
    struct result *);
struct cell cell_new(
    struct maker *, const struct crowd *, struct span key, bool has_value);
const struct fact_published *earliest(const struct facts *, struct span key);

/* answers.c; with figures.c the only code that sees single answers. */
void make_levels(struct maker *, struct told *);
void make_months(struct maker *, struct told *);
void make_themes(struct maker *, struct told *);
void make_quotes(struct maker *, struct told *);
void make_said(struct maker *, struct told *);
/* aims.c */
void make_aims(struct maker *, struct told *);
/* A question's mean as permille of its scale; false = withheld. */
bool make_question(struct maker *, struct span id, int64_t *permille,
    int64_t *first, bool *has_first, int64_t *n);

#endif
