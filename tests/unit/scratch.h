/* A scratch folder and an arena for the tests of one file; after cmocka.h. */
#ifndef TESTS_UNIT_SCRATCH_H
#define TESTS_UNIT_SCRATCH_H

#include <stdlib.h>

#include "base/arena.h"
#include "base/command.h"
#include "base/file.h"

static struct arena arena;
static char *top; /* the folder */

static inline void
scratch_open(const char *name)
{
	char *path;

	arena_init(&arena);
	path = arena_printf(&arena, "/tmp/rmail-%s-XXXXXX", name);
	assert_non_null(mkdtemp(path));
	top = path;
}

static inline void
scratch_close(void)
{
	char *argv[] = {(char[]){"rm"}, (char[]){"-rf"}, top, NULL};
	struct command c = {.argv = argv};
	struct command_result r;
	struct err err = {0};

	assert_int_equal(command_run(&arena, &c, &r, &err), 0);
	arena_release(&arena);
}

static inline const char *
in(const char *name)
{
	return file_join(&arena, top, name);
}

#endif
