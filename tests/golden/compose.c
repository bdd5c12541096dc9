/*
 * A letter as JSON -> its bytes, with "\r\n" shown as line ends.  Members are
 * those of struct letter; files are lists of [type, name, content_id, bytes].
 */
#include "base/json.h"
#include "compose/compose.h"
#include "golden/golden.h"

static struct span
get(const struct value *v, const char *name)
{
	const struct value *found = value_find(v, span_of(name));

	return found != NULL && found->kind == VALUE_TEXT ? found->text
							  : SPAN("");
}

static void
fill_lists(struct arena *arena, const struct value *v, struct letter *l)
{
	const struct value *f = value_find(v, SPAN("fields"));
	const struct value *files = value_find(v, SPAN("files"));
	const struct value *refs = value_find(v, SPAN("references"));

	l->fields_n = f != NULL ? (uint32_t)f->n : 0;
	l->fields = arena_alloc(arena, l->fields_n * sizeof(*l->fields));
	for (uint32_t i = 0; i < l->fields_n; i++)
		l->fields[i] = (struct letter_field){
		    arena_strdup(arena, f->names[i]), f->items[i]->text};
	l->files_n = files != NULL ? (uint32_t)files->n : 0;
	l->files = arena_alloc(arena, l->files_n * sizeof(*l->files));
	for (uint32_t i = 0; i < l->files_n; i++) {
		struct value **x = files->items[i]->items;

		l->files[i] = (struct letter_file){
		    x[0]->text, x[1]->text, x[2]->text, x[3]->text};
	}
	l->references_n = refs != NULL ? (uint32_t)refs->n : 0;
	l->references =
	    arena_alloc(arena, l->references_n * sizeof(*l->references));
	for (uint32_t i = 0; i < l->references_n; i++)
		l->references[i] = refs->items[i]->text;
}

static void
run(struct arena *arena, const char *path, struct span in, struct str *out)
{
	struct letter l = {.date_unix = 1767225600};
	struct value *v;
	struct span bytes, line;
	struct err err = {0};

	(void)path;
	if (json_parse(arena, in, &v, &err) < 0) {
		str_addf(out, "error: %s\n", err.text);
		return;
	}
	l.from_name = get(v, "from_name");
	l.from_address = get(v, "from_address");
	l.to_name = get(v, "to_name");
	l.to_address = get(v, "to_address");
	l.reply_to = get(v, "reply_to");
	l.subject = get(v, "subject");
	l.message_id = get(v, "message_id");
	l.in_reply_to = get(v, "in_reply_to");
	l.text = get(v, "text");
	l.html = get(v, "html");
	l.ics = get(v, "ics");
	l.ics_method = l.ics.n > 0 ? "REQUEST" : NULL;
	l.boundary_seed = get(v, "boundary_seed");
	fill_lists(arena, v, &l);
	if (compose(arena, &l, &bytes, &err) < 0) {
		str_addf(out, "error: %s\n", err.text);
		return;
	}
	while (span_line(&bytes, &line)) {
		str_add(out, line);
		str_addc(out, '\n');
	}
}

int
main(void)
{
	return golden_main("compose", run);
}
