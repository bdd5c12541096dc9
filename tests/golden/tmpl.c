/*
 * A template with its data: JSON, a line "%%", the template file.  Out come
 * subject, text part and HTML part, in the layout "{{{body}}}{{{footer}}}".
 */
#include "base/json.h"
#include "golden/golden.h"
#include "tmpl/tmpl.h"

static struct value *
blocks_of(struct arena *arena, struct value *data)
{
	const struct value *b = value_find(data, SPAN("blocks"));

	/* {"blocks": {"form": ["text", "html"]}}: blocks have no JSON. */
	for (size_t i = 0; b != NULL && i < b->n; i++)
		value_set(arena, data, arena_strdup(arena, b->names[i]),
		    value_block(arena, b->items[i]->items[0]->text,
			b->items[i]->items[1]->text));
	return data;
}

static void
run(struct arena *arena, const char *path, struct span in, struct str *out)
{
	size_t cut = span_find(in, SPAN("\n%%\n"));
	struct look look = {.layout = SPAN("{{{body}}}{{{footer}}}"),
	    .accent = SPAN("#0b5cad"),
	    .locale = SPAN("en")};
	struct value *data;
	struct template t;
	struct rendered r;
	struct err err = {0};

	(void)path;
	if (json_parse(arena, span_sub(in, 0, cut), &data, &err) < 0 ||
	    template_parse(
		arena, SPAN("in"), span_skip(in, cut + 4), &t, &err) < 0 ||
	    template_render(
		arena, &t, blocks_of(arena, data), &look, &r, &err) < 0) {
		str_addf(out, "error: %s\n", err.text);
		return;
	}
	str_addf(
	    out, "subject: %.*s\n--- text\n", (int)r.subject.n, r.subject.p);
	str_add(out, r.text);
	str_addz(out, "--- html\n");
	str_add(out, r.html);
}

int
main(void)
{
	return golden_main("tmpl", run);
}
