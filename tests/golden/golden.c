/* The runner of golden tests. */
#include "golden/golden.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/file.h"

enum { MAX_BYTES = 16 * 1024 * 1024 };

static int
is_case(const struct dirent *d)
{
	return span_ends(span_of(d->d_name), ".in");
}

static void
show_difference(struct span want, struct span got)
{
	struct span a, b;
	int line = 0;

	do {
		a = b = SPAN("");
		line++;
		if (!span_line(&want, &a) & !span_line(&got, &b))
			break;
	} while (span_eq(a, b));
	printf("# line %d\n# want: %.*s\n# got:  %.*s\n", line, (int)a.n, a.p,
	    (int)b.n, b.p);
}

static bool
run_case(const char *dir, const char *file, golden_fn *fn)
{
	struct arena arena;
	struct err err = {0};
	struct span in, want;
	struct str out;
	char *path, *want_path;
	bool ok;

	arena_init(&arena);
	path = file_join(&arena, dir, file);
	want_path = arena_printf(
	    &arena, "%.*s.want", (int)(strlen(path) - 3), path);
	str_init(&out, &arena, MAX_BYTES);
	if (file_read(&arena, path, MAX_BYTES, &in, &err) < 0) {
		printf("# %s\n", err.text);
		return false;
	}
	fn(&arena, path, in, &out);
	if (getenv("UPDATE") != NULL)
		file_write(want_path, str_span(&out), false, &err);
	if (file_read(&arena, want_path, MAX_BYTES, &want, &err) < 0)
		want = SPAN("(no .want file)");
	ok = span_eq(want, str_span(&out));
	if (!ok)
		show_difference(want, str_span(&out));
	arena_release(&arena);
	return ok;
}

int
golden_main(const char *area, golden_fn *fn)
{
	char dir[256];
	struct dirent **names;
	int n, bad = 0;

	snprintf(dir, sizeof(dir), "tests/golden/%s", area);
	n = scandir(dir, &names, is_case, alphasort);
	for (int i = 0; i < n; i++) {
		bool ok = run_case(dir, names[i]->d_name, fn);

		printf("%sok %d - %s/%s\n", ok ? "" : "not ", i + 1, area,
		    names[i]->d_name);
		bad += !ok;
		free(names[i]);
	}
	if (n <= 0) {
		printf("not ok 1 - %s has no cases\n", dir);
		return 1;
	}
	free(names);
	printf("1..%d\n", n);
	return bad > 0;
}
