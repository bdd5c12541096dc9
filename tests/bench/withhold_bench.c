/* withhold_bench PROGRAMMES: attacks that many; prints what it found. */
#include <stdio.h>

#include "base/embed.h"
#include "base/num.h"
#include "unit/attack.h"

int
main(int argc, char **argv)
{
	struct arena keep, arena;
	struct words w;
	struct span text;
	struct err err = {0};
	size_t figures = 0, wrong = 0, found = 0;
	int64_t n = 10000;

	arena_init(&keep);
	arena_init(&arena);
	if (argc > 1 && !num_int(span_of(argv[1]), 1, 1000000, &n))
		return 64;
	if (!embed_find("templates/en/words", &text) ||
	    words_parse(
		&keep, SPAN("en"), SPAN("words"), text, NULL, &w, &err) < 0)
		return 70;
	for (int64_t seed = 1; seed <= n; seed++) {
		found += attack_run(
		    &arena, (uint64_t)seed, &w, false, &figures, &wrong);
		arena_reset(&arena);
	}
	printf("%lld programmes, %zu figures published, %zu wrong, "
	       "groups below the threshold recovered: %zu\n",
	    (long long)n, figures, wrong, found);
	arena_release(&arena);
	arena_release(&keep);
	return found + wrong > 0;
}
