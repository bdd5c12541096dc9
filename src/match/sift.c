/* The first look at all pairs of a row, without a branch. */
#include "match/path_int.h"

#include <string.h>

static void
sieve_room(struct search *q)
{
	const uint32_t m = q->mk->m;
	struct sieve *f = &q->sieve;

	q->score = arena_alloc(q->arena, (m + 1) * sizeof(*q->score));
	q->mark = arena_alloc(
	    q->arena, ((size_t)q->mk->n + m + 1) * sizeof(*q->mark));
	f->passes = arena_alloc(q->arena, m + sizeof(uint64_t));
	for (uint32_t k = 0; k < 2; k++) {
		f->price[k] = arena_alloc(q->arena, (m + 1) * sizeof(int64_t));
		f->limit[k] = arena_alloc(q->arena, (m + 1) * sizeof(int64_t));
		f->tab[k] = arena_alloc(
		    q->arena, (MATCH_SCORE_MAX + 2) * sizeof(int64_t));
		f->tab[k]++;
	}
}

void
search_all_pairs(struct search *q)
{
	const uint32_t K = q->g->k;

	if (q->score == NULL)
		sieve_room(q);
	q->whole = true;
	for (uint32_t k = 0; k < K && k < 2; k++)
		for (int score = -1; score <= MATCH_SCORE_MAX; score++)
			q->sieve.tab[k][score] =
			    q->g->tab[(ptrdiff_t)score * K + k];
}

void
sieve_reset(struct search *q)
{
	const uint32_t K = q->g->k, m = q->mk->m;
	struct sieve *f = &q->sieve;

	for (uint32_t j = 0; j < m; j++)
		f->limit[0][j] = INT64_MAX;
	for (uint32_t k = 0; k < K && k < 2; k++)
		for (uint32_t j = 0; j < m; j++)
			f->price[k][j] = q->s->v[(size_t)j * K + k];
}

CLONES static void
sift(const struct sieve *f, const int16_t *restrict score, uint32_t m,
    const int64_t base[2], const int64_t best[2], int64_t more,
    uint8_t *restrict passes)
{
	const int64_t *price0 = f->price[0], *price1 = f->price[1];
	const int64_t *limit0 = f->limit[0], *limit1 = f->limit[1];
	const int64_t *tab0 = f->tab[0], *tab1 = f->tab[1];

	for (uint32_t j = 0; j < m; j++) {
		int64_t a = base[0] + price0[j] - tab0[score[j]];
		int64_t b = base[1] + price1[j] - tab1[score[j]];

		passes[j] =
		    ((a < limit0[j]) |
			((a == limit0[j]) & (b - more < limit1[j]))) &
		    ((a < best[0]) | ((a == best[0]) & (b <= best[1])));
	}
}

void
sieve_row(struct search *q, const int64_t *base)
{
	const uint32_t K = q->g->k;
	const int64_t from[2] = {base[0], K > 1 ? base[1] : 0};
	const int64_t best[2] = {q->best[0], K > 1 ? q->best[1] : 0};

	/* With further words equal ones pass as well. */
	sift(&q->sieve, q->score, q->mk->m, from, best, K > 2,
	    q->sieve.passes);
}
