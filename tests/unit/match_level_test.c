/*
 * The same scores on every processor: the fast scorer, compiled for each of
 * those it has a copy for, against the scalar one, for all pairs.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "match/fast_int.h"
#include "unit/match_crowd.h"

#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__)
#pragma GCC push_options
#pragma GCC optimize("O3")
#pragma GCC target("arch=x86-64")
#define LEVEL(name) name##_v1
#include "unit/match_level.h"
#pragma GCC pop_options
#pragma GCC push_options
#pragma GCC optimize("O3")
#pragma GCC target("arch=x86-64-v2")
#define LEVEL(name) name##_v2
#include "unit/match_level.h"
#pragma GCC pop_options
#pragma GCC push_options
#pragma GCC optimize("O3")
#pragma GCC target("arch=x86-64-v3")
#define LEVEL(name) name##_v3
#include "unit/match_level.h"
#pragma GCC pop_options
#pragma GCC push_options
#pragma GCC optimize("O3")
#pragma GCC target("arch=x86-64-v4")
#define LEVEL(name) name##_v4
#include "unit/match_level.h"
#pragma GCC pop_options
#define LEVELS 1
#endif

typedef void row_fn(const struct market *, uint32_t row, int16_t *out);

static void
check(const struct market *mk, row_fn *row, const char *why)
{
	int16_t score[CROWD];

	for (uint32_t i = 0; i < mk->n; i++) {
		row(mk, i, score);
		for (uint32_t j = 0; j < mk->m; j++)
			if (score[j] != market_score(mk, i, j))
				fail_msg("%s: row %u, column %u: %d, not %d",
				    why, i, j, score[j],
				    market_score(mk, i, j));
	}
}

/* What this processor can, of the list. */
static void
check_levels(const struct market *mk)
{
	check(mk, fast_row, "as built");
#ifdef LEVELS
	check(mk, fast_row_v1, "any");
	if (__builtin_cpu_supports("sse4.2") &&
	    __builtin_cpu_supports("popcnt"))
		check(mk, fast_row_v2, "v2");
	if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi2") &&
	    __builtin_cpu_supports("fma"))
		check(mk, fast_row_v3, "v3");
	if (__builtin_cpu_supports("avx512f") &&
	    __builtin_cpu_supports("avx512bw") &&
	    __builtin_cpu_supports("avx512cd") &&
	    __builtin_cpu_supports("avx512dq") &&
	    __builtin_cpu_supports("avx512vl"))
		check(mk, fast_row_v4, "v4");
#endif
}

static void
all_score_the_same(void **state)
{
	struct arena a;

	(void)state;
	arena_init(&a);
	seed = 3;
	for (uint32_t k = 0; k < 12; k++) {
		struct match_problem p;
		struct market mk;
		struct err err = {0};

		arena_reset(&a);
		people_crowd(&a, &p, 60 + k * 15);
		p.rules.department = (enum match_department)(k % 3);
		p.rules.shared_half_hours = (int)(k % 4) * 8;
		p.weights.personality_policy =
		    k % 2 ? MATCH_ALIKE : MATCH_DIVERSE;
		if (market_init(&a, &p, &mk, &err) < 0)
			fail_msg("%s", err.text);
		assert_true(mk.n > 20 && mk.m > 20);
		check_levels(&mk);
	}
	arena_release(&a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(all_score_the_same),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
