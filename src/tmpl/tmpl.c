/* Template files, and one letter's subject, text and HTML made of them. */
#include "tmpl/markdown_int.h"

#include "base/limits.h"
#include "base/utf8.h"
#include "base/vec.h"

enum {
	TEXT_COLUMNS = 72
};

static bool
header_name_ok(struct span s)
{
	if (s.n == 0 || !ascii_alpha(s.p[0]))
		return false;
	for (size_t i = 0; i < s.n; i++)
		if (!ascii_alnum(s.p[i]) && s.p[i] != '-')
			return false;
	return true;
}

static int
header_line(struct arena *arena, struct template *t, struct span line,
    int number, struct err *err)
{
	size_t colon = span_findc(line, ':');
	struct span name = span_sub(line, 0, colon);
	size_t n = t->headers_n;

	if (n > 0 && (line.p[0] == ' ' || line.p[0] == '\t')) {
		struct span v = t->values[n - 1], more = span_trim(line);

		t->values[n - 1] = arena_spanf(
		    arena, "%.*s %.*s", (int)v.n, v.p, (int)more.n, more.p);
		return 0;
	}
	if (colon == line.n || !header_name_ok(name))
		return err_set(err, ERR_ITEM,
		    "%.*s:%d:1: a template begins with lines such as "
		    "\"Subject: words\", then a blank line, then the text",
		    (int)t->file.n, t->file.p, number);
	for (size_t i = 0; i < n; i++)
		if (span_caseeq(t->names[i], name))
			return err_set(err, ERR_ITEM,
			    "%.*s:%d:1: a second %.*s: line; keep one",
			    (int)t->file.n, t->file.p, number, (int)name.n,
			    name.p);
	vec_room(arena, &t->names, n, sizeof(*t->names));
	vec_room(arena, &t->values, n, sizeof(*t->values));
	t->names[n] = name;
	t->values[n] = span_trim(span_skip(line, colon + 1));
	t->headers_n++;
	return 0;
}

int
template_parse(struct arena *arena, struct span file, struct span text,
    struct template *out, struct err *err)
{
	struct template t = {.file = file};
	struct span rest, line;
	int number = 0;

	if (text.n > LIMIT_TEMPLATE_BYTES)
		return err_set(err, ERR_ITEM, "%.*s: larger than %d bytes",
		    (int)file.n, file.p, LIMIT_TEMPLATE_BYTES);
	rest = utf8_scrub(arena, text);
	if (span_starts(rest, "\xef\xbb\xbf"))
		rest = span_skip(rest, 3);
	while (span_line(&rest, &line)) {
		number++;
		if (span_trim(line).n == 0)
			break;
		if (header_line(arena, &t, line, number, err) < 0)
			return -1;
	}
	if (template_header(&t, "Subject").n == 0)
		return err_set(err, ERR_ITEM,
		    "%.*s:1:1: there is no \"Subject: words\" line",
		    (int)file.n, file.p);
	t.body = rest;
	t.body_line = number + 1;
	*out = t;
	return 0;
}

struct span
template_header(const struct template *t, const char *name)
{
	for (size_t i = 0; i < t->headers_n; i++)
		if (span_caseis(t->names[i], name))
			return t->values[i];
	return SPAN("");
}

/* "file:" in front of "line:column: what", "file: " of anything else. */
static int
at_file(struct err *err, struct span file)
{
	struct err old = *err;

	return err_exit(err, old.kind, old.exit_code, "%.*s:%s%s", (int)file.n,
	    file.p, ascii_digit(old.text[0]) ? "" : " ", old.text);
}

struct fill_job {
	struct arena *arena;
	const struct value *data;
	const struct look *look;
	struct blocks blocks;
};

static int
fill_markdown(struct fill_job *j, struct span markdown, int line,
    struct span *out, struct err *err)
{
	return mustache_fill(j->arena, markdown, line, &j->data, 1,
	    MUSTACHE_MARKDOWN, j->look->partials, j->look->cookie, &j->blocks,
	    out, err);
}

/* The footer: a value of that name, else the partial of that name. */
static int
fill_footer(struct fill_job *j, struct span *out, struct err *err)
{
	struct span text = SPAN("");
	const struct value *v = value_find(j->data, SPAN("footer"));

	if (v != NULL)
		text = SPAN("{{footer}}");
	else if (j->look->partials != NULL)
		text = j->look->partials(j->look->cookie, SPAN("footer"));
	if (fill_markdown(j, text, 1, out, err) < 0)
		return at_file(err, SPAN("footer"));
	return 0;
}

/* The footer stands below "-- ", where mail programs look for such things. */
static struct span
join_text(const struct fill_job *j, struct span body, struct span footer)
{
	struct span below =
	    markdown_text_blocks(j->arena, footer, TEXT_COLUMNS, &j->blocks);
	struct str s;

	str_init(&s, j->arena, LIMIT_RENDERED_BYTES);
	str_add(
	    &s, markdown_text_blocks(j->arena, body, TEXT_COLUMNS, &j->blocks));
	if (below.n > 0) {
		str_addz(&s, "\n-- \n");
		str_add(&s, below);
	}
	return str_span(&s);
}

static int
lay_out(const struct fill_job *j, struct span subject, struct span body,
    struct span footer, struct span *html, struct err *err)
{
	struct arena *a = j->arena;
	struct span accent = accent_safe(a, j->look->accent);
	struct value *own = value_object(a);
	const struct value *data[2] = {j->data, own};
	struct span foot =
	    markdown_html_blocks(a, footer, SPAN("#57606a"), &j->blocks, NULL);

	value_set_text(a, own, "lang",
	    j->look->locale.n > 0 ? j->look->locale : SPAN("en"));
	value_set_text(a, own, "title", subject);
	value_set_text(a, own, "accent", accent);
	value_set_text(a, own, "logo", j->look->logo);
	value_set(a, own, "body",
	    value_block(a, SPAN("body"),
		markdown_html_blocks(
		    a, body, accent, &j->blocks, &j->look->taps)));
	value_set(a, own, "footer",
	    value_block(
		a, span_trim(foot).n > 0 ? SPAN("footer") : SPAN(""), foot));
	if (mustache_fill(a, j->look->layout, 1, data, 2, MUSTACHE_HTML,
		j->look->partials, j->look->cookie, NULL, html, err) < 0)
		return at_file(err, SPAN("layout.html"));
	return 0;
}

int
template_render(struct arena *arena, const struct template *t,
    const struct value *data, const struct look *look, struct rendered *out,
    struct err *err)
{
	struct fill_job j = {.arena = arena, .data = data, .look = look};
	struct span body, footer, subject, html, text;

	if (mustache_fill(arena, template_header(t, "Subject"), 1, &data, 1,
		MUSTACHE_LINE, look->partials, look->cookie, NULL, &subject,
		err) < 0)
		return err_in(err, "%.*s: Subject", (int)t->file.n, t->file.p);
	if (fill_markdown(&j, t->body, t->body_line, &body, err) < 0)
		return at_file(err, t->file);
	if (fill_footer(&j, &footer, err) < 0)
		return err_in(err, "%.*s", (int)t->file.n, t->file.p);
	subject = utf8_line(arena, subject);
	subject = utf8_head(subject, LIMIT_SUBJECT_BYTES);
	if (lay_out(&j, subject, body, footer, &html, err) < 0)
		return err_in(err, "%.*s", (int)t->file.n, t->file.p);
	text = join_text(&j, body, footer);
	if (text.n >= LIMIT_RENDERED_BYTES)
		return err_set(err, ERR_ITEM, "%.*s: the text is too long",
		    (int)t->file.n, t->file.p);
	out->subject = subject;
	out->text = text;
	out->html = html;
	return 0;
}
