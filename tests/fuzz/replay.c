/*
 * Runs a fuzz target over its seeds, and over each seed cut short and with
 * single bytes changed, so that the target and its property stay alive in
 * `make check` without a fuzzer.
 */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/file.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static void
run_variants(struct span seed)
{
	char *copy = malloc(seed.n + 1);
	uint32_t dice = 2463534242u;

	if (copy == NULL)
		abort();
	LLVMFuzzerTestOneInput((const uint8_t *)seed.p, seed.n);
	for (int i = 0; i < 64 && seed.n > 0; i++) {
		memcpy(copy, seed.p, seed.n);
		dice ^= dice << 13;
		dice ^= dice >> 17;
		dice ^= dice << 5;
		if (i % 4 == 0) {
			LLVMFuzzerTestOneInput(
			    (const uint8_t *)copy, dice % seed.n);
			continue;
		}
		copy[dice % seed.n] = (char)(dice >> 24);
		LLVMFuzzerTestOneInput((const uint8_t *)copy, seed.n);
	}
	free(copy);
}

int
main(int argc, char **argv)
{
	char dir[512], path[1024];
	const char *name = strrchr(argv[0], '/') + 1;
	struct dirent **names;
	struct arena arena;
	int n;

	(void)argc;
	snprintf(dir, sizeof(dir), "tests/fuzz/seeds/%.*s",
	    (int)(strlen(name) - strlen("_fuzz")), name);
	n = scandir(dir, &names, NULL, alphasort);
	arena_init(&arena);
	LLVMFuzzerTestOneInput((const uint8_t *)"", 0);
	for (int i = 0; i < n; i++) {
		struct span seed;
		struct err err = {0};

		snprintf(path, sizeof(path), "%s/%s", dir, names[i]->d_name);
		free(names[i]);
		if (file_is_dir(path))
			continue;
		if (file_read(&arena, path, 1 << 24, &seed, &err) == 0)
			run_variants(seed);
		arena_reset(&arena);
	}
	if (n > 0)
		free(names);
	arena_release(&arena);
	printf("ok 1 - %s over %d seeds\n1..1\n", name, n > 2 ? n - 2 : 0);
	return 0;
}
