/* Mustache: tokens and values into text, with a stack of our own. */
#include "tmpl/mustache_int.h"

#include "base/limits.h"
#include "base/utf8.h"
#include "base/vec.h"

enum {
	DEPTH_MAX = 100,     /* sections and partials inside each other */
	STEPS_MAX = 4000000, /* lists in lists that print nothing */
};

/* One piece of a template being walked: all of it, a section, a partial. */
struct walk {
	const struct tokens *tokens;
	size_t start, at, end;
	const struct value *list; /* of a section over a list */
	size_t item;
	bool pushed; /* a context is taken off at the end */
};

struct known_partial {
	struct span name, indent;
	struct tokens tokens;
};

struct render {
	struct arena *arena;
	enum mustache_escape escape;
	mustache_partial_fn *partials;
	void *cookie;
	struct known_partial *known;
	size_t known_n;
	const struct value *contexts[DEPTH_MAX + 4];
	size_t contexts_n;
	struct walk walks[DEPTH_MAX];
	size_t walks_n;
	struct blocks *blocks;
	struct str out;
};

static const struct value *
lookup(const struct render *r, struct span name)
{
	const struct value *v = NULL;
	struct span part;

	if (span_is(name, "."))
		return r->contexts[r->contexts_n - 1];
	if (!span_part(&name, '.', &part))
		return NULL;
	for (size_t i = r->contexts_n; i > 0 && v == NULL; i--)
		v = value_find(r->contexts[i - 1], part);
	while (v != NULL && span_part(&name, '.', &part))
		v = value_find(v, part);
	return v;
}

static void
add_code(struct str *out, uint32_t code)
{
	char buf[4];

	str_add(out, (struct span){buf, utf8_put(code, buf)});
}

static void
add_opaque(struct arena *arena, struct span text, struct str *out)
{
	struct span s = span_trim(utf8_scrub(arena, text));
	uint32_t c;
	size_t n;

	for (; (n = utf8_next(s, &c)) > 0; s = span_skip(s, n)) {
		if (c < 0x80 && ascii_alnum((char)c)) {
			str_addc(out, (char)c);
			continue;
		}
		if (c >= OPAQUE_BYTE || (c >= 0xfdd0 && c <= 0xfdef))
			continue;
		if (c == '\t')
			c = ' ';
		if (c < 0x80 && !ascii_alnum((char)c))
			c += OPAQUE_BYTE;
		add_code(out, c);
	}
}

static void
add_block(struct render *r, const struct value *v)
{
	struct blocks *b = r->blocks;

	if (b == NULL || b->n >= OPAQUE_BLOCKS_MAX) {
		add_opaque(r->arena, v->text, &r->out);
		return;
	}
	add_code(&r->out, OPAQUE_BLOCK + (uint32_t)b->n);
	vec_room(r->arena, &b->v, b->n, sizeof(*b->v));
	b->v[b->n++] = v;
}

/* How a value reads; blocks by their text. */
static struct span
value_words(struct arena *arena, const struct value *v)
{
	switch (v->kind) {
	case VALUE_BOOL:
		return v->truth ? SPAN("true") : SPAN("false");
	case VALUE_INT:
		return arena_spanf(arena, "%lld", (long long)v->number);
	case VALUE_REAL:
		return arena_spanf(arena, "%.10g", v->real);
	case VALUE_TEXT:
	case VALUE_BLOCK:
		return v->text;
	case VALUE_NULL:
	case VALUE_LIST:
	case VALUE_OBJECT:
		break;
	}
	return SPAN("");
}

static void
print(struct render *r, const struct token *t)
{
	const struct value *v = lookup(r, t->text);
	struct span s;

	if (v == NULL)
		return;
	s = value_words(r->arena, v);
	switch (r->escape) {
	case MUSTACHE_RAW:
		str_add(&r->out, s);
		break;
	case MUSTACHE_HTML:
		if (v->kind == VALUE_BLOCK)
			str_add(&r->out, v->html);
		else if (t->tag == TAG_RAW)
			str_add(&r->out, s);
		else
			str_add_html(&r->out, s);
		break;
	case MUSTACHE_MARKDOWN:
		if (v->kind == VALUE_BLOCK)
			add_block(r, v);
		else
			add_opaque(r->arena, s, &r->out);
		break;
	case MUSTACHE_LINE:
		str_add(&r->out, utf8_line(r->arena, s));
		break;
	}
}

static int
too_deep(const struct token *t, struct err *err)
{
	return err_set(err, ERR_ITEM,
	    "%d:%d: sections and partials go deeper than %d", t->line,
	    t->column, DEPTH_MAX);
}

static int
enter_section(
    struct render *r, const struct walk *w, size_t at, struct err *err)
{
	const struct token *t = &w->tokens->v[at];
	const struct value *v = lookup(r, t->text);
	struct walk inner = {
	    .tokens = w->tokens, .start = at + 1, .at = at + 1, .end = t->pair};

	if (value_is_true(v) == (t->tag == TAG_INVERTED))
		return 0;
	if (r->walks_n == DEPTH_MAX)
		return too_deep(t, err);
	if (t->tag == TAG_SECTION) {
		inner.pushed = true;
		inner.list = v->kind == VALUE_LIST ? v : NULL;
		r->contexts[r->contexts_n++] =
		    v->kind == VALUE_LIST ? v->items[0] : v;
	}
	r->walks[r->walks_n++] = inner;
	return 0;
}

/* The indentation of a partial's tag stands before each of its lines. */
static struct span
indented(struct arena *arena, struct span text, struct span indent)
{
	struct str s;

	if (indent.n == 0)
		return text;
	str_init(&s, arena, LIMIT_RENDERED_BYTES);
	while (text.n > 0) {
		size_t n = span_findc(text, '\n');

		str_add(&s, indent);
		str_add(&s, span_sub(text, 0, n + 1));
		text = span_skip(text, n + 1);
	}
	return str_span(&s);
}

static int
partial_tokens(struct render *r, const struct token *t,
    const struct tokens **out, struct err *err)
{
	struct known_partial *k;
	struct span text = SPAN("");

	for (size_t i = 0; i < r->known_n; i++) {
		k = &r->known[i];
		if (span_eq(k->name, t->text) &&
		    span_eq(k->indent, t->indent)) {
			/* The array may move; its tokens do not. */
			*out = arena_alloc(r->arena, sizeof(**out));
			*(struct tokens *)*out = k->tokens;
			return 0;
		}
	}
	if (r->partials != NULL)
		text = r->partials(r->cookie, t->text);
	vec_room(r->arena, &r->known, r->known_n, sizeof(*r->known));
	k = &r->known[r->known_n];
	*k = (struct known_partial){.name = t->text, .indent = t->indent};
	if (mustache_parse(r->arena, indented(r->arena, text, t->indent), 1,
		&k->tokens, err) < 0)
		return err_in(err, "%.*s", (int)t->text.n, t->text.p);
	r->known_n++;
	*out = arena_alloc(r->arena, sizeof(**out));
	*(struct tokens *)*out = k->tokens;
	return 0;
}

static int
enter_partial(struct render *r, const struct token *t, struct err *err)
{
	const struct tokens *tokens = NULL;

	if (r->walks_n == DEPTH_MAX)
		return too_deep(t, err);
	if (partial_tokens(r, t, &tokens, err) < 0)
		return -1;
	r->walks[r->walks_n++] =
	    (struct walk){.tokens = tokens, .end = tokens->n};
	return 0;
}

/* At the end of a piece: the list's next item, or back to what is around. */
static void
leave(struct render *r)
{
	struct walk *w = &r->walks[r->walks_n - 1];

	if (w->list != NULL && ++w->item < w->list->n) {
		r->contexts[r->contexts_n - 1] = w->list->items[w->item];
		w->at = w->start;
		return;
	}
	if (w->pushed)
		r->contexts_n--;
	r->walks_n--;
}

static int
step(struct render *r, struct err *err)
{
	struct walk *w = &r->walks[r->walks_n - 1];
	size_t at = w->at;
	const struct token *t = &w->tokens->v[at];

	w->at = at + 1;
	switch (t->tag) {
	case TAG_TEXT:
		str_add(&r->out, t->text);
		break;
	case TAG_VALUE:
	case TAG_RAW:
		print(r, t);
		break;
	case TAG_SECTION:
	case TAG_INVERTED:
		w->at = t->pair + 1;
		return enter_section(r, w, at, err);
	case TAG_PARTIAL:
		return enter_partial(r, t, err);
	case TAG_CLOSE:
		break;
	}
	return 0;
}

int
mustache_fill(struct arena *arena, struct span text, int first_line,
    const struct value *const *data, size_t data_n, enum mustache_escape escape,
    mustache_partial_fn *partials, void *cookie, struct blocks *blocks,
    struct span *out, struct err *err)
{
	struct render *r = arena_alloc(arena, sizeof(*r));
	struct tokens tokens = {0};

	*r = (struct render){.arena = arena,
	    .escape = escape,
	    .partials = partials,
	    .cookie = cookie,
	    .blocks = blocks};
	if (mustache_parse(arena, text, first_line, &tokens, err) < 0)
		return -1;
	for (size_t i = 0; i < data_n && i < 4; i++)
		r->contexts[r->contexts_n++] = data[i];
	str_init(&r->out, arena, LIMIT_RENDERED_BYTES);
	r->walks[r->walks_n++] =
	    (struct walk){.tokens = &tokens, .end = tokens.n};
	for (long steps = 0; r->walks_n > 0; steps++) {
		struct walk *w = &r->walks[r->walks_n - 1];

		if (steps > STEPS_MAX || r->out.cut)
			return err_set(err, ERR_ITEM,
			    "the filled template is larger than %d bytes",
			    LIMIT_RENDERED_BYTES);
		if (w->at == w->end)
			leave(r);
		else if (step(r, err) < 0)
			return -1;
	}
	*out = str_span(&r->out);
	return 0;
}

int
mustache_render(struct arena *arena, struct span text, const struct value *data,
    enum mustache_escape escape, mustache_partial_fn *partials, void *cookie,
    struct span *out, struct err *err)
{
	return mustache_fill(
	    arena, text, 1, &data, 1, escape, partials, cookie, NULL, out, err);
}

int
mustache_names(struct arena *arena, struct span text, mustache_name_fn *fn,
    void *cookie, struct err *err)
{
	struct tokens tokens;

	if (mustache_parse(arena, text, 1, &tokens, err) < 0)
		return -1;
	for (size_t i = 0; i < tokens.n; i++) {
		const struct token *t = &tokens.v[i];

		if (t->tag != TAG_TEXT && t->tag != TAG_CLOSE &&
		    t->tag != TAG_PARTIAL)
			fn(cookie, t->text, t->line);
	}
	return 0;
}
