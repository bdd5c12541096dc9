/* Markdown -> plain text that a person would have typed. */
#include "tmpl/markdown_int.h"

#include "base/limits.h"
#include "base/utf8.h"
#include "base/vec.h"
#include "tmpl/text_int.h"

enum {
	LEVELS_MAX = 24
};

struct level {
	MD_BLOCKTYPE type;
	bool tight;
	unsigned number;         /* OL: of the next item */
	struct span first, rest; /* LI, QUOTE: before its lines */
	bool pending;            /* `first` has not been used */
};

struct text {
	struct arena *arena;
	const struct blocks *blocks;
	size_t columns;
	struct str out;
	struct str raw; /* of the leaf block being read, values opaque */
	struct level levels[LEVELS_MAX];
	size_t levels_n, levels_over; /* deeper ones share the last level */
	bool gap; /* a blank line comes before the next block */
	bool in_code, in_table;
	struct cell *cells;
	size_t cells_n, head_n;
	struct span target; /* of the link being read */
	size_t link_at;     /* where its text begins in `raw` */
	size_t taps;        /* one-tap answers in the leaf block being read */
	bool in_tap, only_taps;
};

static struct span
prefix(struct text *t, bool first)
{
	struct str s;

	str_init(&s, t->arena, 512);
	for (size_t i = 0; i < t->levels_n; i++) {
		struct level *l = &t->levels[i];

		str_add(&s, first && l->pending ? l->first : l->rest);
		if (first)
			l->pending = false;
	}
	return str_span(&s);
}

static void
take_gap(struct text *t)
{
	if (t->gap && t->out.n > 0)
		text_line(&t->out, prefix(t, false), SPAN(""));
	t->gap = false;
}

static struct span
plain(struct text *t, struct span raw)
{
	struct str s;

	str_init(&s, t->arena, LIMIT_RENDERED_BYTES);
	opaque_text(raw, t->blocks, &s);
	return span_trim(str_span(&s));
}

static void
write_verbatim(struct text *t, struct span block, const char *indent)
{
	struct span line;

	while (block.n > 0 && block.p[block.n - 1] == '\n')
		block.n--;
	while (span_line(&block, &line)) {
		struct span p = prefix(t, true);

		text_line(&t->out,
		    arena_spanf(t->arena, "%.*s%s", (int)p.n, p.p, indent),
		    line);
	}
}

/* What was read since the last block becomes lines. */
static void
flush(struct text *t)
{
	const struct value *block = block_alone(str_span(&t->raw), t->blocks);
	struct span s = span_trim(str_span(&t->raw)), first;

	bool taps = t->taps > 0 && t->only_taps;

	t->taps = 0;
	t->only_taps = true;
	if (s.n == 0 || t->in_table)
		return;
	if (taps || (block != NULL && block->text.n == 0)) {
		str_truncate(&t->raw, 0);
		return;
	}
	take_gap(t);
	if (block != NULL) {
		write_verbatim(t, block->text, "");
		t->gap = true;
	} else {
		first = prefix(t, true);
		text_wrap(
		    &t->out, plain(t, s), t->columns, first, prefix(t, false));
	}
	str_truncate(&t->raw, 0);
}

static void
push_level(struct text *t, struct level l)
{
	if (t->levels_n < LEVELS_MAX)
		t->levels[t->levels_n++] = l;
	else
		t->levels_over++;
}

static void
pop_level(struct text *t)
{
	if (t->levels_over > 0)
		t->levels_over--;
	else if (t->levels_n > 0)
		t->levels_n--;
}

static void
enter_item(struct text *t)
{
	struct level *list =
	    t->levels_n > 0 ? &t->levels[t->levels_n - 1] : NULL;
	struct level l = {.type = MD_BLOCK_LI, .pending = true};
	struct str s;

	l.first = SPAN("- ");
	if (list != NULL && list->type == MD_BLOCK_OL)
		l.first = arena_spanf(t->arena, "%u. ", list->number++);
	str_init(&s, t->arena, 32);
	str_fill(&s, ' ', l.first.n);
	l.rest = str_span(&s);
	push_level(t, l);
}

static int
enter_block(MD_BLOCKTYPE type, void *detail, void *cookie)
{
	struct text *t = cookie;
	MD_BLOCK_OL_DETAIL *ol = detail;
	MD_BLOCK_UL_DETAIL *ul = detail;

	flush(t);
	switch (type) {
	case MD_BLOCK_QUOTE:
		take_gap(t);
		push_level(t, (struct level){.type = type, .rest = SPAN("| ")});
		break;
	case MD_BLOCK_UL:
		push_level(t,
		    (struct level){.type = type, .tight = ul->is_tight != 0});
		break;
	case MD_BLOCK_OL:
		push_level(t, (struct level){.type = type,
				  .tight = ol->is_tight != 0,
				  .number = ol->start});
		break;
	case MD_BLOCK_LI:
		enter_item(t);
		break;
	case MD_BLOCK_CODE:
		t->in_code = true;
		break;
	case MD_BLOCK_TABLE:
		take_gap(t);
		t->in_table = true;
		t->cells_n = t->head_n = 0;
		break;
	default:
		break;
	}
	return 0;
}

static void
leave_list(struct text *t)
{
	bool inner = false, tight = true;

	pop_level(t);
	for (size_t i = 0; i < t->levels_n; i++) {
		MD_BLOCKTYPE type = t->levels[i].type;

		if (type == MD_BLOCK_UL || type == MD_BLOCK_OL) {
			inner = true;
			tight = t->levels[i].tight;
		}
	}
	t->gap = !inner || !tight;
}

static void
leave_heading(struct text *t, unsigned level)
{
	struct span s = plain(t, str_span(&t->raw)), p;
	size_t n = utf8_columns(s);
	struct str rule;

	flush(t);
	t->gap = level > 2;
	if (level > 2 || n == 0)
		return;
	str_init(&rule, t->arena, 256);
	str_fill(&rule, level == 1 ? '=' : '-', n < 72 ? n : 72);
	p = prefix(t, false);
	text_line(&t->out, p, str_span(&rule));
	t->gap = true;
}

static void
leave_cell(struct text *t, MD_BLOCKTYPE type, MD_ALIGN align)
{
	vec_room(t->arena, &t->cells, t->cells_n, sizeof(*t->cells));
	t->cells[t->cells_n].text = plain(t, str_span(&t->raw));
	t->cells[t->cells_n++].right = align == MD_ALIGN_RIGHT;
	if (type == MD_BLOCK_TH)
		t->head_n++;
	str_truncate(&t->raw, 0);
}

static int
leave_block(MD_BLOCKTYPE type, void *detail, void *cookie)
{
	struct text *t = cookie;

	switch (type) {
	case MD_BLOCK_H:
		leave_heading(t, ((MD_BLOCK_H_DETAIL *)detail)->level);
		break;
	case MD_BLOCK_P:
		flush(t);
		t->gap = true;
		break;
	case MD_BLOCK_HR:
		take_gap(t);
		text_line(&t->out, prefix(t, true), SPAN("* * *"));
		t->gap = true;
		break;
	case MD_BLOCK_CODE:
		take_gap(t);
		write_verbatim(t, plain(t, str_span(&t->raw)), "    ");
		str_truncate(&t->raw, 0);
		t->in_code = false;
		t->gap = true;
		break;
	case MD_BLOCK_UL:
	case MD_BLOCK_OL:
		flush(t);
		leave_list(t);
		break;
	case MD_BLOCK_LI:
		flush(t);
		pop_level(t);
		break;
	case MD_BLOCK_QUOTE:
		flush(t);
		pop_level(t);
		t->gap = true;
		break;
	case MD_BLOCK_TH:
	case MD_BLOCK_TD:
		leave_cell(t, type, ((MD_BLOCK_TD_DETAIL *)detail)->align);
		break;
	case MD_BLOCK_TABLE:
		t->in_table = false;
		text_table(t->arena, &t->out, t->cells, t->cells_n, t->head_n,
		    t->columns, prefix(t, true));
		t->gap = true;
		break;
	default:
		break;
	}
	return 0;
}

static int
enter_span(MD_SPANTYPE type, void *detail, void *cookie)
{
	struct text *t = cookie;

	if (type == MD_SPAN_A) {
		MD_SPAN_A_DETAIL *a = detail;

		t->target = link_target(t->arena, &a->href);
		t->link_at = t->raw.n;
		t->in_tap = tap_word(t->arena, &a->href).n > 0;
		t->taps += t->in_tap;
	}
	return 0;
}

/*
 * Behind a link's text comes its target, unless it says the same.  A one-tap
 * answer (mailto: with a subject or text) shows its text alone: the plain
 * text says how to answer, and such a target is nothing to read.
 */
static int
leave_span(MD_SPANTYPE type, void *detail, void *cookie)
{
	struct text *t = cookie;
	struct span shown, target = t->target;

	(void)detail;
	if (type == MD_SPAN_A)
		t->in_tap = false;
	if (type != MD_SPAN_A || target.n == 0)
		return 0;
	shown = plain(t, span_skip(str_span(&t->raw), t->link_at));
	if (span_casestarts(target, "mailto:")) {
		target = span_skip(target, 7);
		if (span_has(target, "?"))
			return 0;
	}
	if (span_caseeq(shown, target) || span_caseeq(shown, t->target))
		return 0;
	if (shown.n > 0)
		str_addc(&t->raw, ' ');
	str_addc(&t->raw, '<');
	str_add(&t->raw, target);
	str_addc(&t->raw, '>');
	return 0;
}

static int
add_text(MD_TEXTTYPE type, const MD_CHAR *p, MD_SIZE n, void *cookie)
{
	struct text *t = cookie;
	struct span s = {p, n};

	if (!t->in_tap && span_trim(s).n > 0)
		t->only_taps = false;
	switch (type) {
	case MD_TEXT_NULLCHAR:
		break;
	case MD_TEXT_BR:
		str_addc(&t->raw, '\n');
		break;
	case MD_TEXT_SOFTBR:
		str_addc(&t->raw, ' ');
		break;
	case MD_TEXT_ENTITY:
		entity_text(s, &t->raw);
		break;
	default:
		str_add(&t->raw, s);
	}
	return 0;
}

struct span
markdown_text_blocks(struct arena *arena, struct span markdown, size_t columns,
    const struct blocks *blocks)
{
	static const MD_PARSER parser = {.flags = MARKDOWN_FLAGS,
	    .enter_block = enter_block,
	    .leave_block = leave_block,
	    .enter_span = enter_span,
	    .leave_span = leave_span,
	    .text = add_text};
	struct text *t = arena_alloc(arena, sizeof(*t));

	t->arena = arena;
	t->blocks = blocks;
	t->columns = columns;
	t->only_taps = true;
	str_init(&t->out, arena, LIMIT_RENDERED_BYTES);
	str_init(&t->raw, arena, LIMIT_RENDERED_BYTES);
	md_parse(markdown.p, (MD_SIZE)markdown.n, &parser, t);
	return str_span(&t->out);
}
