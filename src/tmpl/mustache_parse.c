/* Mustache templates into tokens, in one pass. */
#include "tmpl/mustache_int.h"

#include <string.h>

#include "base/vec.h"

struct parser {
	struct arena *arena;
	struct span text;
	size_t at;      /* where the next literal begins */
	size_t counted; /* line and line_start are right for this offset */
	int line;
	size_t line_start;
	struct span open, close; /* delimiters */
	struct tokens tokens;
	size_t *sections; /* those not yet closed */
	size_t sections_n;
};

struct found {
	size_t begin, end; /* of the whole tag */
	char sigil;        /* 0 for a plain value */
	struct span name;
	int line, column;
};

static void
count_to(struct parser *p, size_t to)
{
	for (; p->counted < to; p->counted++) {
		if (p->text.p[p->counted] == '\n') {
			p->line++;
			p->line_start = p->counted + 1;
		}
	}
}

static struct token *
push(struct parser *p, enum tag tag, struct span text)
{
	struct token *t;

	vec_room(p->arena, &p->tokens.v, p->tokens.n, sizeof(*t));
	t = &p->tokens.v[p->tokens.n++];
	*t = (struct token){.tag = tag, .text = text};
	return t;
}

static int
wrong(const struct found *f, struct err *err, const char *what)
{
	return err_set(err, ERR_ITEM, "%d:%d: %s", f->line, f->column, what);
}

/* The next tag behind p->at: 1 found, 0 none left. */
static int
find_tag(struct parser *p, struct found *f, struct err *err)
{
	size_t begin = p->at + span_find(span_skip(p->text, p->at), p->open);
	struct span rest, end = p->close;
	size_t n;

	if (begin >= p->text.n)
		return 0;
	count_to(p, begin);
	*f = (struct found){.begin = begin, .line = p->line};
	f->column = (int)(begin - p->line_start) + 1;
	rest = span_skip(p->text, begin + p->open.n);
	if (rest.n > 0 && strchr("{&#^/>!=", rest.p[0]) != NULL &&
	    rest.p[0] != '\0') {
		f->sigil = rest.p[0];
		rest = span_skip(rest, 1);
	}
	if (f->sigil == '{' || f->sigil == '=')
		end = arena_spanf(p->arena, "%c%.*s",
		    f->sigil == '{' ? '}' : '=', (int)p->close.n, p->close.p);
	n = span_find(rest, end);
	if (n == rest.n)
		return wrong(f, err, "this tag is not closed");
	f->name = span_trim(span_sub(rest, 0, n));
	f->end = (size_t)(rest.p - p->text.p) + n + end.n;
	return 1;
}

/*
 * A tag that prints nothing and stands alone on its line takes the line with
 * it: *from and *to become the whole line.
 */
static bool
alone(const struct parser *p, const struct found *f, size_t *from, size_t *to)
{
	size_t a = f->begin, b = f->end;

	while (
	    a > p->at && (p->text.p[a - 1] == ' ' || p->text.p[a - 1] == '\t'))
		a--;
	if (a != p->line_start)
		return false;
	while (b < p->text.n && (p->text.p[b] == ' ' || p->text.p[b] == '\t'))
		b++;
	if (b + 1 < p->text.n && p->text.p[b] == '\r')
		b++;
	if (b < p->text.n && p->text.p[b] != '\n')
		return false;
	*from = a;
	*to = b < p->text.n ? b + 1 : b;
	return true;
}

static int
set_delimiters(struct parser *p, const struct found *f, struct err *err)
{
	struct span rest = f->name, open, close, more;

	if (!span_word(&rest, &open) || !span_word(&rest, &close) ||
	    span_word(&rest, &more) || span_has(open, "=") ||
	    span_has(close, "="))
		return wrong(f, err,
		    "new delimiters are two words without \"=\", as in "
		    "{{=<% %>=}}");
	p->open = open;
	p->close = close;
	return 0;
}

static int
close_section(struct parser *p, const struct found *f, struct err *err)
{
	struct token *t;

	if (p->sections_n == 0)
		return wrong(f, err, "nothing is open that could be closed");
	t = &p->tokens.v[p->sections[p->sections_n - 1]];
	if (!span_eq(t->text, f->name))
		return err_set(err, ERR_ITEM,
		    "%d:%d: {{/%.*s}} where {{/%.*s}} must come first, for "
		    "line %d",
		    f->line, f->column, (int)f->name.n, f->name.p,
		    (int)t->text.n, t->text.p, t->line);
	t->pair = p->tokens.n;
	p->sections_n--;
	push(p, TAG_CLOSE, f->name);
	return 0;
}

static int
check_name(const struct found *f, struct err *err)
{
	if (f->name.n == 0)
		return wrong(f, err, "this tag has no name");
	for (size_t i = 0; i < f->name.n; i++)
		if (ascii_blank(f->name.p[i]))
			return wrong(f, err, "a tag holds one name");
	return 0;
}

static int
add_tag(struct parser *p, const struct found *f, struct span indent,
    struct err *err)
{
	static const enum tag tags[] = {
	    ['{'] = TAG_RAW,
	    ['&'] = TAG_RAW,
	    ['#'] = TAG_SECTION,
	    ['^'] = TAG_INVERTED,
	    ['>'] = TAG_PARTIAL,
	};
	enum tag tag = f->sigil == 0 ? TAG_VALUE : tags[(int)f->sigil];
	struct token *t;

	if (f->sigil == '!')
		return 0;
	if (f->sigil == '=')
		return set_delimiters(p, f, err);
	if (check_name(f, err) < 0)
		return -1;
	if (f->sigil == '/')
		return close_section(p, f, err);
	if (tag == TAG_SECTION || tag == TAG_INVERTED) {
		vec_room(p->arena, &p->sections, p->sections_n,
		    sizeof(*p->sections));
		p->sections[p->sections_n++] = p->tokens.n;
	}
	t = push(p, tag, f->name);
	t->indent = indent;
	t->line = f->line;
	t->column = f->column;
	return 0;
}

static void
add_text(struct parser *p, size_t to)
{
	if (to > p->at)
		push(p, TAG_TEXT, span_sub(p->text, p->at, to));
}

int
mustache_parse(struct arena *arena, struct span text, int first_line,
    struct tokens *tokens, struct err *err)
{
	struct parser p = {.arena = arena,
	    .text = text,
	    .line = first_line,
	    .open = SPAN("{{"),
	    .close = SPAN("}}")};
	struct found f;
	int r;

	while ((r = find_tag(&p, &f, err)) > 0) {
		size_t from = f.begin, to = f.end;
		struct span indent = {0};

		if (f.sigil != 0 && strchr("{&", f.sigil) == NULL &&
		    alone(&p, &f, &from, &to))
			indent = span_sub(text, from, f.begin);
		add_text(&p, from);
		p.at = to;
		if (add_tag(&p, &f, indent, err) < 0)
			return -1;
	}
	if (r < 0)
		return -1;
	if (p.sections_n > 0) {
		struct token *t = &p.tokens.v[p.sections[p.sections_n - 1]];

		return err_set(err, ERR_ITEM, "%d:%d: {{%c%.*s}} is not closed",
		    t->line, t->column, t->tag == TAG_SECTION ? '#' : '^',
		    (int)t->text.n, t->text.p);
	}
	add_text(&p, text.n);
	*tokens = p.tokens;
	return 0;
}
