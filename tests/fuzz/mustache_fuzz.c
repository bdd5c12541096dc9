/*
 * Any template: it is filled or refused with a place, its values stay text,
 * and both ways out of Markdown end in clean text.  The bytes up to the first
 * NUL are the template, the rest is the value of {{x}}.
 */
#include <stdint.h>
#include <stdlib.h>

#include "base/limits.h"
#include "base/utf8.h"
#include "tmpl/tmpl.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static void
must(bool ok)
{
	if (!ok)
		abort();
}

static size_t
count(struct span s, const char *z)
{
	struct span needle = span_of(z);
	size_t n = 0;

	while (span_has(s, z)) {
		s = span_skip(s, span_find(s, needle) + needle.n);
		n++;
	}
	return n;
}

static void
nothing(void *cookie, struct span name, int line)
{
	must(name.n > 0 && line > 0);
	(void)cookie;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	static struct arena arena;
	struct span all = {(const char *)data, n}, text, out, html, plain;
	struct value *values, *list;
	struct err err = {0};
	int named, filled;

	if (n > 16384)
		return 0;
	arena_reset(&arena);
	text = utf8_scrub(&arena, span_sub(all, 0, span_findc(all, '\0')));
	values = value_object(&arena);
	value_set_text(&arena, values, "x",
	    utf8_scrub(&arena, span_skip(all, text.n + 1)));
	list = value_set(&arena, values, "l", value_list(&arena));
	value_push(&arena, list, value_int(&arena, 1));
	value_push(&arena, list, values->items[0]);
	value_set(&arena, values, "b",
	    value_block(&arena, SPAN("block"), SPAN("<b>block</b>")));
	named = mustache_names(&arena, text, nothing, NULL, &err);
	filled = mustache_render(
	    &arena, text, values, MUSTACHE_MARKDOWN, NULL, NULL, &out, &err);
	must(named == 0 || filled < 0);
	if (filled < 0) {
		must(err.kind == ERR_ITEM && err.text[0] != '\0');
		return 0;
	}
	html = markdown_html(&arena, out, SPAN("#0b5cad"));
	plain = markdown_text(&arena, out, 72);
	must(html.n <= LIMIT_RENDERED_BYTES && utf8_clean(html));
	must(utf8_clean(plain));
	must(!span_casehas(html, "<script") && !span_casehas(html, "<img"));
	must(!span_casehas(html, "href=\"javascript"));
	must(count(html, "<table") == count(html, "</table>"));
	must(count(html, "<p ") == count(html, "</p>"));
	return 0;
}
