/*
 * Any bytes as a table of scores, as a roster, or as a proof that was kept:
 * read or refused; what was read is solved by one of the lists of steps, and
 * proven; when it is small, no other matching is better.  The first byte says
 * which; a NUL stands before the second text.
 */
#include <stdint.h>
#include <stdlib.h>

#include "match/match.h"
#include "unit/match_tiny.h"

enum {
	TRIED = 12 /* pairs of which all matchings are tried */
};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static void
refused(const struct err *err)
{
	if (err->kind != ERR_ITEM || err->text[0] == '\0')
		abort();
}

/* The problem as the search through all matchings wants it; if it is small. */
static bool
tiny_take(struct tiny *t, const struct match_problem *p)
{
	uint32_t n = 0, m = 0;

	*t = (struct tiny){.p = *p};
	for (uint32_t i = 0; i < p->people_n; i++) {
		n += p->people[i].mentee && p->people[i].want > 0;
		m += p->people[i].mentor && p->people[i].capacity > 0;
	}
	if (p->scores != NULL) {
		n = p->rows;
		m = p->columns;
	}
	if (n > SIDE || m > SIDE || n * m > TRIED || p->people_n > 2 * SIDE)
		return false;
	for (uint32_t i = 0; i < p->people_n; i++)
		t->people[i] = p->people[i];
	tiny_sides(t);
	for (uint32_t i = 0; p->scores != NULL && i < n; i++) {
		t->row[i] = i;
		t->want[i] = 1;
	}
	for (uint32_t j = 0; p->scores != NULL && j < m; j++) {
		t->col[j] = j;
		t->cap[j] = p->capacities == NULL ? 1 : p->capacities[j];
	}
	if (p->scores != NULL) {
		t->n = n;
		t->m = m;
	}
	tiny_scores(t);
	return true;
}

static void
solve(struct arena *a, struct match_problem *p, uint32_t list)
{
	static struct tiny tiny;
	struct match_result r;
	struct err err = {0};

	list %= sizeof(lists) / sizeof(*lists);
	p->steps = lists[list].steps;
	p->steps_n = lists[list].n;
	if (p->scores != NULL ? (uint64_t)p->rows * p->columns > 900
			      : p->people_n > 30)
		return;
	if (match_solve(a, p, NULL, NULL, &r, &err) < 0)
		refused(&err);
	else if (!r.proof.ok ||
		 (tiny_take(&tiny, p) && !tiny_is_best(&tiny, &r)))
		abort();
}

/* A proof that holds proves this very problem's best number of pairs. */
static void
verify(struct arena *a, struct span first, struct span second)
{
	struct match_problem p;
	struct match_result r, best;
	struct match_proof proof;
	struct err err = {0};

	if (match_kept_problem(a, first, &p, &err) < 0 ||
	    match_kept_proof(a, second, &p, &r, &err) < 0) {
		refused(&err);
		return;
	}
	if (p.people_n > 30)
		return;
	if (match_verify(a, &p, &r, &proof, &err) < 0) {
		refused(&err);
		return;
	}
	if (!proof.ok)
		return;
	if (match_solve(a, &p, NULL, NULL, &best, &err) < 0 ||
	    (p.steps[0] == MATCH_STEP_CARDINALITY && best.pairs_n != r.pairs_n))
		abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	static struct arena arena;
	struct span all = {(const char *)data, n}, first, second;
	struct match_problem p = {.good_enough = 500};
	struct err err = {0};

	if (n < 1 || n > 16384)
		return 0;
	arena_reset(&arena);
	first = span_sub(all, 1, 1 + span_findc(span_skip(all, 1), '\0'));
	second = span_skip(all, first.n + 2);
	if (all.p[0] == 'k') {
		verify(&arena, first, second);
	} else if (all.p[0] == 'r') {
		p.weights = (struct match_weights){.skills = 3, .hours = 1};
		if (match_read_people(&arena, first, second, &p, &err) < 0)
			refused(&err);
		else
			solve(&arena, &p, (uint32_t)n);
	} else if (match_read_matrix(&arena, first, second, &p, &err) < 0) {
		refused(&err);
	} else {
		solve(&arena, &p, (unsigned char)all.p[0]);
	}
	return 0;
}
