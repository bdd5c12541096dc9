/* Inside app/: all pairs of a large proposal as a table to print. */
#ifndef APP_PROPOSE_INT_H
#define APP_PROPOSE_INT_H

#include "app/app.h"
#include "match/match.h"

/* A pair of the proposal; number 0: one who has nobody, and why. */
struct proposed {
	uint32_t pair; /* index in the result */
	uint32_t number;
	int score;
	const struct match_pair_rule *from; /* whom the mentee leaves */
	struct span mentor, mentee, why;
	bool shown; /* in the mail itself */
};

int proposal_pdf(struct app *, const struct words *, int64_t round_id,
    const struct proposed *, size_t n, struct span *pdf, struct err *);

#endif
