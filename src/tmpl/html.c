/*
 * Markdown -> HTML for mail: inline styles only, tables where mail programs
 * need them, real text.  A paragraph of nothing but links becomes buttons.
 */
#include "tmpl/markdown_int.h"

#include "base/limits.h"
#include "base/utf8.h"
#include "base/vec.h"

#define INK  "color:#1f2328"
#define LINE "#d0d7de"

enum {
	SHORT_LABEL = 6, /* columns: such buttons stand side by side, */
	ROW_BUTTONS = 5, /* so many in a row: fits on 375 px */
};

struct link {
	struct span target, label; /* label: HTML */
};

struct html {
	struct arena *arena;
	const struct blocks *blocks;
	struct span accent;
	struct str out;
	struct str leaf; /* HTML of the paragraph or cell being read */
	struct str raw;  /* its text, for what it is made of */
	struct link *links;
	size_t links_n;
	size_t label_at, raw_at; /* where the open link began */
	struct span target;
	bool in_link, only_links, short_labels;
	size_t lists;
};

static void
begin_leaf(struct html *h)
{
	str_truncate(&h->leaf, 0);
	str_truncate(&h->raw, 0);
	h->links_n = 0;
	h->only_links = h->short_labels = true;
}

static void
add_button(struct html *h, const struct link *l)
{
	str_addf(&h->out,
	    "<td bgcolor=\"%.*s\" style=\"background-color:%.*s;"
	    "padding:12px 18px;text-align:center\"><a href=\"%.*s\" "
	    "style=\"color:#ffffff;font-size:16px;line-height:20px;"
	    "font-weight:bold;text-decoration:none\">",
	    (int)h->accent.n, h->accent.p, (int)h->accent.n, h->accent.p,
	    (int)l->target.n, l->target.p);
	str_add(&h->out, l->label);
	str_addz(&h->out, "</a></td>");
}

#define BUTTON_TABLE                                                        \
	"<table role=\"presentation\" cellpadding=\"0\" cellspacing=\"0\" " \
	"border=\"0\" style=\"margin:0\"><tr>"
#define SPACER_ROW                                                          \
	"<table role=\"presentation\" cellpadding=\"0\" cellspacing=\"0\" " \
	"border=\"0\"><tr><td height=\"%d\" "                               \
	"style=\"font-size:%dpx;line-height:%dpx\">&nbsp;</td></tr></table>\n"

/* Several short choices share a row; else each button has its own. */
static void
write_buttons(struct html *h)
{
	size_t per_row = h->short_labels ? ROW_BUTTONS : 1;

	for (size_t i = 0; i < h->links_n; i++) {
		if (i % per_row == 0)
			str_addz(&h->out, BUTTON_TABLE);
		else
			str_addz(&h->out, "<td width=\"8\">&nbsp;</td>");
		add_button(h, &h->links[i]);
		if (i % per_row == per_row - 1 || i + 1 == h->links_n) {
			int gap = i + 1 == h->links_n ? 16 : 8;

			str_addz(&h->out, "</tr></table>\n");
			str_addf(&h->out, SPACER_ROW, gap, gap, gap);
		}
	}
}

static void
leave_paragraph(struct html *h)
{
	const struct value *block = block_alone(str_span(&h->raw), h->blocks);

	if (block != NULL) {
		str_add(&h->out, block->html);
		str_addc(&h->out, '\n');
	} else if (h->links_n > 0 && h->only_links) {
		write_buttons(h);
	} else if (span_trim(str_span(&h->leaf)).n > 0) {
		str_addf(&h->out,
		    "<p style=\"margin:0 0 %dpx 0;font-size:16px;"
		    "line-height:24px;%s\">",
		    h->lists > 0 ? 8 : 16, INK);
		str_add(&h->out, str_span(&h->leaf));
		str_addz(&h->out, "</p>\n");
	}
	begin_leaf(h);
}

/* Text of a tight list's item, or of a heading: no paragraph around it. */
static void
flush(struct html *h)
{
	const struct value *block = block_alone(str_span(&h->raw), h->blocks);

	str_add(&h->out, block != NULL ? block->html : str_span(&h->leaf));
	begin_leaf(h);
}

static void
enter_cell(struct html *h, MD_BLOCKTYPE type, MD_ALIGN align)
{
	const char *side = align == MD_ALIGN_RIGHT    ? "right"
			   : align == MD_ALIGN_CENTER ? "center"
						      : "left";

	str_addf(&h->out,
	    "<%s align=\"%s\" valign=\"top\" style=\"padding:8px 12px 8px 0;"
	    "border-bottom:1px solid " LINE ";text-align:%s;font-size:16px;"
	    "line-height:22px;" INK "%s\">",
	    type == MD_BLOCK_TH ? "th scope=\"col\"" : "td", side, side,
	    type == MD_BLOCK_TH ? ";font-weight:bold" : "");
}

static void
enter_heading(struct html *h, unsigned level)
{
	static const int sizes[] = {24, 20, 18, 16, 16, 16};
	int size = sizes[level - 1];

	str_addf(&h->out,
	    "<h%u style=\"margin:%dpx 0 12px 0;font-size:%dpx;"
	    "line-height:%dpx;font-weight:bold;" INK "\">",
	    level, level == 1 ? 0 : 8, size, size + 8);
}

static int
enter_block(MD_BLOCKTYPE type, void *detail, void *cookie)
{
	struct html *h = cookie;

	flush(h);
	switch (type) {
	case MD_BLOCK_QUOTE:
		str_addz(&h->out,
		    "<blockquote style=\"margin:0 0 16px 0;padding:0 0 0 14px;"
		    "border-left:3px solid " LINE "\">");
		break;
	case MD_BLOCK_UL:
		h->lists++;
		str_addz(&h->out,
		    "<ul style=\"margin:0 0 16px 0;padding:0 0 0 24px\">\n");
		break;
	case MD_BLOCK_OL:
		h->lists++;
		str_addf(&h->out,
		    "<ol start=\"%u\" style=\"margin:0 0 16px 0;"
		    "padding:0 0 0 28px\">\n",
		    ((MD_BLOCK_OL_DETAIL *)detail)->start);
		break;
	case MD_BLOCK_LI:
		str_addz(&h->out, "<li style=\"margin:0 0 6px 0;font-size:16px;"
				  "line-height:24px;" INK "\">");
		break;
	case MD_BLOCK_H:
		enter_heading(h, ((MD_BLOCK_H_DETAIL *)detail)->level);
		break;
	case MD_BLOCK_CODE:
		str_addz(&h->out,
		    "<pre style=\"margin:0 0 16px 0;padding:12px;"
		    "background-color:#f3f4f6;font-family:Consolas,"
		    "'Courier New',monospace;font-size:15px;"
		    "line-height:22px;white-space:pre-wrap;" INK "\">");
		break;
	case MD_BLOCK_TABLE:
		str_addz(&h->out,
		    "<table cellpadding=\"0\" cellspacing=\"0\" border=\"0\" "
		    "width=\"100%\" style=\"width:100%;margin:0 0 16px 0;"
		    "border-collapse:collapse\">\n");
		break;
	case MD_BLOCK_TR:
		str_addz(&h->out, "<tr>");
		break;
	case MD_BLOCK_TH:
	case MD_BLOCK_TD:
		enter_cell(h, type, ((MD_BLOCK_TD_DETAIL *)detail)->align);
		break;
	default:
		break;
	}
	return 0;
}

static int
leave_block(MD_BLOCKTYPE type, void *detail, void *cookie)
{
	struct html *h = cookie;

	if (type == MD_BLOCK_P) {
		leave_paragraph(h);
		return 0;
	}
	flush(h);
	switch (type) {
	case MD_BLOCK_QUOTE:
		str_addz(&h->out, "</blockquote>\n");
		break;
	case MD_BLOCK_UL:
	case MD_BLOCK_OL:
		str_addz(&h->out, type == MD_BLOCK_UL ? "</ul>\n" : "</ol>\n");
		h->lists--;
		break;
	case MD_BLOCK_LI:
		str_addz(&h->out, "</li>\n");
		break;
	case MD_BLOCK_HR:
		str_addz(&h->out,
		    "<hr style=\"margin:8px 0 24px 0;border:0;border-top:1px "
		    "solid " LINE "\">\n");
		break;
	case MD_BLOCK_H:
		str_addf(
		    &h->out, "</h%u>\n", ((MD_BLOCK_H_DETAIL *)detail)->level);
		break;
	case MD_BLOCK_CODE:
		str_addz(&h->out, "</pre>\n");
		break;
	case MD_BLOCK_TABLE:
		str_addz(&h->out, "</table>\n");
		break;
	case MD_BLOCK_TR:
		str_addz(&h->out, "</tr>\n");
		break;
	case MD_BLOCK_TH:
		str_addz(&h->out, "</th>");
		break;
	case MD_BLOCK_TD:
		str_addz(&h->out, "</td>");
		break;
	default:
		break;
	}
	return 0;
}

static void
enter_link(struct html *h, MD_SPAN_A_DETAIL *a)
{
	h->in_link = true;
	h->target = link_target(h->arena, &a->href);
	if (h->target.n > 0) {
		struct str s;

		str_init(&s, h->arena, 3 * LIMIT_FIELD_BYTES);
		html_escape(h->target, &s);
		h->target = str_span(&s);
		str_addf(&h->leaf, "<a href=\"%.*s\" style=\"color:%.*s\">",
		    (int)h->target.n, h->target.p, (int)h->accent.n,
		    h->accent.p);
	}
	h->label_at = h->leaf.n;
	h->raw_at = h->raw.n;
}

static void
leave_link(struct html *h)
{
	struct span label = span_skip(str_span(&h->leaf), h->label_at);
	struct span raw = span_skip(str_span(&h->raw), h->raw_at);

	h->in_link = false;
	if (h->target.n == 0) {
		h->only_links = false;
		return;
	}
	vec_room(h->arena, &h->links, h->links_n, sizeof(*h->links));
	h->links[h->links_n++] =
	    (struct link){h->target, arena_span(h->arena, label)};
	if (utf8_columns(raw) > SHORT_LABEL)
		h->short_labels = false;
	str_addz(&h->leaf, "</a>");
}

static int
enter_span(MD_SPANTYPE type, void *detail, void *cookie)
{
	struct html *h = cookie;

	if (type == MD_SPAN_A)
		enter_link(h, detail);
	else if (type == MD_SPAN_STRONG)
		str_addz(&h->leaf, "<strong>");
	else if (type == MD_SPAN_EM)
		str_addz(&h->leaf, "<em>");
	else if (type == MD_SPAN_CODE)
		str_addz(&h->leaf,
		    "<span style=\"font-family:Consolas,'Courier New',"
		    "monospace\">");
	return 0;
}

static int
leave_span(MD_SPANTYPE type, void *detail, void *cookie)
{
	struct html *h = cookie;

	(void)detail;
	if (type == MD_SPAN_A)
		leave_link(h);
	else if (type == MD_SPAN_STRONG)
		str_addz(&h->leaf, "</strong>");
	else if (type == MD_SPAN_EM)
		str_addz(&h->leaf, "</em>");
	else if (type == MD_SPAN_CODE)
		str_addz(&h->leaf, "</span>");
	return 0;
}

static int
add_text(MD_TEXTTYPE type, const MD_CHAR *p, MD_SIZE n, void *cookie)
{
	struct html *h = cookie;
	struct span s = {p, n};

	switch (type) {
	case MD_TEXT_NULLCHAR:
		return 0;
	case MD_TEXT_BR:
		str_addz(&h->leaf, "<br>\n");
		return 0;
	case MD_TEXT_SOFTBR:
		str_addc(&h->leaf, '\n');
		return 0;
	case MD_TEXT_ENTITY: {
		struct str plain;

		str_init(&plain, h->arena, 64);
		entity_text(s, &plain);
		s = str_span(&plain);
		break;
	}
	default:
		break;
	}
	if (!h->in_link && span_trim(s).n > 0)
		h->only_links = false;
	str_add(&h->raw, s);
	opaque_html(s, h->blocks, &h->leaf);
	return 0;
}

struct span
markdown_html_blocks(struct arena *arena, struct span markdown,
    struct span accent, const struct blocks *blocks)
{
	static const MD_PARSER parser = {.flags = MARKDOWN_FLAGS,
	    .enter_block = enter_block,
	    .leave_block = leave_block,
	    .enter_span = enter_span,
	    .leave_span = leave_span,
	    .text = add_text};
	struct html *h = arena_alloc(arena, sizeof(*h));

	h->arena = arena;
	h->blocks = blocks;
	h->accent = accent_safe(arena, accent);
	str_init(&h->out, arena, LIMIT_RENDERED_BYTES);
	str_init(&h->leaf, arena, LIMIT_RENDERED_BYTES);
	str_init(&h->raw, arena, LIMIT_RENDERED_BYTES);
	begin_leaf(h);
	md_parse(markdown.p, (MD_SIZE)markdown.n, &parser, h);
	return str_span(&h->out);
}
