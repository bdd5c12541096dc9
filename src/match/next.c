/* Who else would do: the next best partners of each person. */
#include "match/match_int.h"

#include <string.h>

static bool
is_pair(const struct match_result *r, uint32_t mentee, uint32_t mentor)
{
	for (uint32_t x = 0; x < r->pairs_n; x++)
		if (r->pairs[x].mentee == mentee &&
		    r->pairs[x].mentor == mentor)
			return true;
	return false;
}

static bool
better(const struct match_problem *p, const struct match_pair *a,
    const struct match_pair *b, bool as_mentee)
{
	if (a->score != b->score)
		return a->score > b->score;
	return span_cmp(explain_name(
			    p, as_mentee ? a->mentor : a->mentee, !as_mentee),
		   explain_name(
		       p, as_mentee ? b->mentor : b->mentee, !as_mentee)) < 0;
}

/* Among the best two, if it is one of them. */
static void
next_add(const struct match_problem *p, struct match_next *to,
    const struct match_pair *q, bool as_mentee)
{
	if (to->n > 0 && better(p, q, &to->best[0], as_mentee)) {
		to->best[1] = to->best[0];
		to->best[0] = *q;
		to->n = 2;
	} else if (to->n < 2) {
		to->best[to->n++] = *q;
	} else if (better(p, q, &to->best[1], as_mentee)) {
		to->best[1] = *q;
	}
}

void
match_alternatives(struct arena *a, const struct match_problem *p,
    const struct match_result *r, uint32_t person, bool as_mentee,
    struct match_pair out[2], uint32_t *n)
{
	struct match_next next = {.n = 0};

	(void)a;
	for (uint32_t k = 0; k < explain_side(p, !as_mentee); k++) {
		struct match_pair q = {.mentee = as_mentee ? person : k,
		    .mentor = as_mentee ? k : person};

		if (!explain_takes_part(p, k, !as_mentee) ||
		    match_may(p, q.mentee, q.mentor) != NULL ||
		    is_pair(r, q.mentee, q.mentor))
			continue;
		q.score = match_score(p, q.mentee, q.mentor, q.shares);
		next_add(p, &next, &q, as_mentee);
	}
	memcpy(out, next.best, next.n * sizeof(*out));
	*n = next.n;
}

int
match_nexts(struct arena *a, const struct match_problem *p,
    const struct match_result *r, struct match_next **as_mentee,
    struct match_next **as_mentor, struct err *err)
{
	uint32_t rows = explain_side(p, true), cols = explain_side(p, false);
	struct match_next *mentee =
	    arena_alloc(a, (rows + 1) * sizeof(*mentee));
	struct match_next *mentor =
	    arena_alloc(a, (cols + 1) * sizeof(*mentor));
	struct market mk;
	int16_t *score;
	uint32_t *has;

	if (market_init(a, p, &mk, err) < 0)
		return -1;
	score = arena_alloc(a, (mk.m + 1) * sizeof(*score));
	has = arena_alloc(a, (rows + 1) * sizeof(*has));
	for (uint32_t x = 0; x < r->pairs_n; x++)
		has[r->pairs[x].mentee]++;
	for (uint32_t i = 0; i < mk.n && mk.m > 0; i++) {
		uint32_t at = mk.row_person[i];

		market_row(&mk, i, score);
		for (uint32_t j = 0; j < mk.m; j++) {
			struct match_pair q = {.mentee = at,
			    .mentor = mk.col_person[j],
			    .score = score[j]};

			if (q.score < 0 ||
			    (mentee[at].n == 2 && mentor[q.mentor].n == 2 &&
				q.score < mentee[at].best[1].score &&
				q.score < mentor[q.mentor].best[1].score) ||
			    (has[at] > 0 && is_pair(r, at, q.mentor)))
				continue;
			next_add(p, &mentee[at], &q, true);
			next_add(p, &mentor[q.mentor], &q, false);
		}
	}
	*as_mentee = mentee;
	*as_mentor = mentor;
	return 0;
}
