/* No sum or difference of published figures hangs on fewer than five. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/embed.h"
#include "unit/attack.h"

enum {
	PROGRAMMES = 500
};

static void
load(struct arena *arena, struct words *w)
{
	struct span text;
	struct err err = {0};

	assert_true(embed_find("templates/en/words", &text));
	assert_int_equal(
	    words_parse(arena, SPAN("en"), SPAN("words"), text, NULL, w, &err),
	    0);
}

static void
nobody_is_singled_out(void **state)
{
	struct arena keep, arena;
	struct words w;
	size_t figures = 0, wrong = 0;

	(void)state;
	arena_init(&keep);
	arena_init(&arena);
	load(&keep, &w);
	for (uint64_t seed = 1; seed <= PROGRAMMES; seed++) {
		size_t found =
		    attack_run(&arena, seed, &w, false, &figures, &wrong);

		if (found > 0 || wrong > 0)
			print_message("# seed %d: %d groups, %d wrong\n",
			    (int)seed, (int)found, (int)wrong);
		assert_int_equal(found, 0);
		assert_int_equal(wrong, 0);
		arena_reset(&arena);
	}
	/* Reports that told nothing would prove nothing. */
	assert_true(figures > PROGRAMMES * 10);
	arena_release(&arena);
	arena_release(&keep);
}

/* The same attack finds people where only a threshold guards them. */
static void
a_threshold_alone_would_not_do(void **state)
{
	struct arena arena;
	size_t found = 0, figures = 0, wrong = 0;

	(void)state;
	arena_init(&arena);
	for (uint64_t seed = 1; seed <= 10; seed++)
		found += attack_run(&arena, seed, NULL, true, &figures, &wrong);
	assert_true(found > 10);
	arena_release(&arena);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(nobody_is_singled_out),
	    cmocka_unit_test(a_threshold_alone_would_not_do),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
