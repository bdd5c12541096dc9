/*
 * rmail preview TEMPLATE --data FILE.json [--part eml|text|html]
 *     [--locale LOCALE] [--templates DIR]
 * One template filled with the data of a JSON file.
 */
#include <stdio.h>
#include <string.h>

#include "base/embed.h"
#include "base/file.h"
#include "base/json.h"
#include "base/limits.h"
#include "cli/cli.h"
#include "compose/compose.h"
#include "tmpl/tmpl.h"

struct preview {
	struct arena arena;
	const char *locale, *folder;
};

static bool
name_ok(struct span s)
{
	for (size_t i = 0; i < s.n; i++)
		if (!ascii_alnum(s.p[i]) && s.p[i] != '-' && s.p[i] != '_')
			return false;
	return s.n > 0;
}

/* A file of the folder given, else the one that was built in. */
static bool
find_file(struct preview *p, const char *place, struct span *out)
{
	struct err err = {0};

	if (p->folder != NULL &&
	    file_read(&p->arena, file_join(&p->arena, p->folder, place),
		LIMIT_TEMPLATE_BYTES, out, &err) == 0)
		return true;
	return embed_find(arena_printf(&p->arena, "templates/%s", place), out);
}

/* In the locale asked for, else in English. */
static bool
find_template(
    struct preview *p, struct span name, struct span *place, struct span *out)
{
	const char *locales[] = {p->locale, "en"};

	if (!name_ok(name) || !name_ok(span_of(p->locale)))
		return false;
	for (size_t i = 0; i < 2; i++) {
		char *at = arena_printf(
		    &p->arena, "%s/%.*s.md", locales[i], (int)name.n, name.p);

		if (find_file(p, at, out)) {
			*place = span_of(at);
			return true;
		}
	}
	return false;
}

static struct span
partial(void *cookie, struct span name)
{
	struct span place, text;

	return find_template(cookie, name, &place, &text) ? text : SPAN("");
}

static int
read_data(
    struct preview *p, const char *path, struct value **out, struct err *err)
{
	struct span text;

	*out = value_object(&p->arena);
	if (path == NULL)
		return 0;
	if (file_read(&p->arena, path, LIMIT_CONF_BYTES, &text, err) < 0)
		return -1;
	if (json_parse(&p->arena, text, out, err) < 0) {
		struct err old = *err;

		return err_exit(
		    err, ERR_ITEM, CLI_DATA, "%s:%s", path, old.text);
	}
	return 0;
}

static struct span
data_text(const struct value *data, const char *name, struct span other)
{
	const struct value *v = value_find(data, span_of(name));

	return v != NULL && v->kind == VALUE_TEXT ? v->text : other;
}

static int
render(struct preview *p, const char *name, const struct value *data,
    struct rendered *out, struct err *err)
{
	struct template t;
	struct look look = {.accent = data_text(data, "accent", SPAN("")),
	    .logo = data_text(data, "logo", SPAN("")),
	    .locale = span_of(p->locale),
	    .partials = partial,
	    .cookie = p};
	struct span place, text;

	if (!find_template(p, span_of(name), &place, &text))
		return err_exit(err, ERR_ITEM, CLI_NO_INPUT,
		    "there is no template %s", name);
	if (!find_file(p, "layout.html", &look.layout))
		return err_exit(err, ERR_ITEM, CLI_NO_INPUT,
		    "there is no layout.html in the templates");
	if (template_parse(&p->arena, place, text, &t, err) < 0)
		return -1;
	return template_render(&p->arena, &t, data, &look, out, err);
}

/* A whole mail; date and identifiers are those of a sample. */
static int
as_mail(struct preview *p, const struct rendered *r, const struct value *data,
    struct span *out, struct err *err)
{
	struct letter l = {
	    .from_name = data_text(data, "from_name", SPAN("rmail")),
	    .from_address =
		data_text(data, "from", SPAN("programme@example.com")),
	    .to_name = data_text(data, "name", SPAN("")),
	    .to_address = data_text(data, "to", SPAN("person@example.com")),
	    .subject = r->subject,
	    .date_unix = 1767225600,
	    .message_id = SPAN("preview@example.com"),
	    .text = r->text,
	    .html = r->html,
	    .boundary_seed = SPAN("preview"),
	};

	return compose(&p->arena, &l, out, err);
}

static int
preview(struct preview *p, const char *name, const char *data_path,
    const char *part, struct err *err)
{
	struct value *data;
	struct rendered r;
	struct span out;

	if (read_data(p, data_path, &data, err) < 0 ||
	    render(p, name, data, &r, err) < 0)
		return -1;
	if (strcmp(part, "text") == 0)
		out = r.text;
	else if (strcmp(part, "html") == 0)
		out = r.html;
	else if (as_mail(p, &r, data, &out, err) < 0)
		return -1;
	fwrite(out.p, 1, out.n, stdout);
	return 0;
}

int
cli_preview(int argc, char **argv)
{
	struct preview p = {.locale = "en"};
	const char *data = NULL, *part = "text";
	const struct cli_option options[] = {
	    {"--data", CLI_TEXT, &data},
	    {"--part", CLI_TEXT, &part},
	    {"--locale", CLI_TEXT, &p.locale},
	    {"--templates", CLI_TEXT, &p.folder},
	};
	struct err err = {0};
	int code;

	if (cli_options("preview", &argc, argv, options, 4) < 0)
		return CLI_USAGE;
	if (argc != 1 ||
	    (strcmp(part, "eml") != 0 && strcmp(part, "text") != 0 &&
		strcmp(part, "html") != 0))
		return cli_say(CLI_USAGE,
		    "usage: rmail preview TEMPLATE --data FILE.json "
		    "--part eml|text|html [--locale LOCALE] "
		    "[--templates DIR]");
	arena_init(&p.arena);
	code = preview(&p, argv[0], data, part, &err) < 0 ? cli_fail(&err)
							  : CLI_OK;
	arena_release(&p.arena);
	return code;
}
