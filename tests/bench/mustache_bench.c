/*
 * Runs the public mustache specification's cases: JSON files of {"tests":
 * [{"name", "data", "template", "partials", "expected"}]}, as arguments.
 */
#include <stdio.h>

#include "base/file.h"
#include "base/json.h"
#include "tmpl/tmpl.h"

static struct span
partial(void *cookie, struct span name)
{
	const struct value *v = value_find(cookie, name);

	return v != NULL ? v->text : SPAN("");
}

static bool
run_case(struct arena *arena, const struct value *c)
{
	const struct value *partials = value_find(c, SPAN("partials"));
	struct span got = SPAN(""),
		    want = value_find(c, SPAN("expected"))->text;
	struct span name = value_find(c, SPAN("name"))->text;
	struct err err = {0};

	mustache_render(arena, value_find(c, SPAN("template"))->text,
	    value_find(c, SPAN("data")), MUSTACHE_HTML, partial,
	    (void *)partials, &got, &err);
	if (err.kind == ERR_NONE && span_eq(got, want))
		return true;
	printf("  %.*s: want \"%.*s\" got \"%.*s\" %s\n", (int)name.n, name.p,
	    (int)want.n, want.p, (int)got.n, got.p, err.text);
	return false;
}

int
main(int argc, char **argv)
{
	struct arena arena;
	int passed = 0, all = 0;

	arena_init(&arena);
	for (int i = 1; i < argc; i++) {
		const struct value *tests;
		struct err err = {0};
		struct value *top;
		struct span text;

		if (file_read(&arena, argv[i], 1 << 24, &text, &err) < 0 ||
		    json_parse(&arena, text, &top, &err) < 0) {
			printf("%s: %s\n", argv[i], err.text);
			return 1;
		}
		tests = value_find(top, SPAN("tests"));
		for (size_t k = 0; tests != NULL && k < tests->n; k++) {
			all++;
			passed += run_case(&arena, tests->items[k]);
		}
	}
	printf("mustache specification: %d of %d cases\n", passed, all);
	arena_release(&arena);
	return all == 0 || passed < all;
}
