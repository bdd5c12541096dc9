/* The first look at all pairs of a row, without a branch. */
#include "match/path_int.h"

#include <string.h>

void
search_all_pairs(struct search *q)
{
	const uint32_t n = q->mk->n, m = q->mk->m;

	q->whole = true;
	if (q->score != NULL)
		return;
	q->score = arena_alloc(q->arena, (m + 1) * sizeof(*q->score));
	q->free = arena_alloc(q->arena, (m + 1) * sizeof(*q->free));
	q->mark = arena_alloc(q->arena, ((size_t)n + m + 1) * sizeof(*q->mark));
	q->settled = arena_alloc(q->arena, m + 1);
	q->passes = arena_alloc(q->arena, m + sizeof(uint64_t));
}

void
sift_free(struct search *q)
{
	q->free_n = 0;
	for (uint32_t j = 0; j < q->mk->m; j++) {
		q->settled[j] = has_place(q, j);
		if (has_place(q, j))
			q->free[q->free_n++] = j;
	}
}

CLONES static void
sift(const int16_t *restrict score, const uint8_t *restrict settled, uint32_t m,
    int16_t least, uint8_t *restrict passes)
{
	for (uint32_t j = 0; j < m; j++)
		passes[j] = (score[j] >= least) & !settled[j];
}

/* A pair weighs more, the higher its score. */
void
sift_row(struct search *q, const int64_t *base)
{
	const uint32_t K = q->g->k;
	int low = 0, high = MATCH_SCORE_MAX + 1;

	while (low < high) {
		int mid = low + (high - low) / 2;
		const int64_t *t = &q->g->tab[(size_t)mid * K];
		int c = 0;

		for (uint32_t k = 0; k < K && c == 0; k++)
			c = (base[k] - t[k] > q->best[k]) -
			    (base[k] - t[k] < q->best[k]);
		if (c < 0)
			high = mid;
		else
			low = mid + 1;
	}
	sift(q->score, q->settled, q->mk->m, (int16_t)low, q->passes);
}
