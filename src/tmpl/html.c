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

/* In px, for rows of buttons that fit on a phone of 375. */
enum {
	ROW_WIDTH = 319,    /* 375 without the margins of the layout */
	LETTER_WIDTH = 9,   /* bold, 16 px */
	BUTTON_MARGIN = 40, /* both sides of a label, with the border */
	BUTTON_GAP = 8,
	SHORT_LABEL = 6, /* columns: such buttons are equals, "1", "2", "yes" */
};

struct link {
	struct span target, label; /* label: HTML */
	size_t columns;            /* of the label */
};

struct html {
	struct arena *arena;
	const struct blocks *blocks;
	const struct taps *taps;
	struct span accent;
	struct str out;
	struct str leaf; /* HTML of the paragraph or cell being read */
	struct str raw;  /* its text, for what it is made of */
	struct link *links;
	size_t links_n;
	size_t label_at, raw_at; /* where the open link began */
	struct span target;
	bool in_link, only_links, short_labels;
	bool lost_taps; /* answers that have nowhere to go */
	size_t lists;
};

static void
begin_leaf(struct html *h)
{
	str_truncate(&h->leaf, 0);
	str_truncate(&h->raw, 0);
	h->links_n = 0;
	h->only_links = h->short_labels = true;
	h->lost_taps = false;
}

/* The first is the one to take; equals all look the same. */
static void
add_button(struct html *h, const struct link *l, bool filled)
{
	const char *paper = "#ffffff", *ink = h->accent.p;
	int paper_n = 7, ink_n = (int)h->accent.n;

	if (filled) {
		paper = h->accent.p;
		paper_n = (int)h->accent.n;
		ink = "#ffffff";
		ink_n = 7;
	}
	str_addf(&h->out,
	    "<td align=\"center\" bgcolor=\"%.*s\" style=\""
	    "background-color:%.*s;border:2px solid %.*s;padding:12px 18px;"
	    "line-height:20px\"><a href=\"%.*s\" style=\"color:%.*s;"
	    "font-weight:bold;text-decoration:none\">",
	    paper_n, paper, paper_n, paper, (int)h->accent.n, h->accent.p,
	    (int)l->target.n, l->target.p, ink_n, ink);
	str_add(&h->out, l->label);
	str_addz(&h->out, "</a></td>");
}

#define BUTTON_TABLE                                                        \
	"<table role=\"presentation\" cellpadding=\"0\" cellspacing=\"0\" " \
	"border=\"0\" style=\"margin:0\"><tr>"
#define SPACER_ROW                                                          \
	"<table role=\"presentation\" cellpadding=\"0\" cellspacing=\"0\" " \
	"border=\"0\"><tr><td height=\"%d\" "                               \
	"style=\"font-size:16px;line-height:%dpx\">&nbsp;</td></tr></table>\n"

static size_t
button_width(const struct link *l)
{
	return l->columns * LETTER_WIDTH + BUTTON_MARGIN;
}

/* As many in a row as fit. */
static void
write_buttons(struct html *h)
{
	size_t used = 0;

	for (size_t i = 0; i < h->links_n; i++) {
		size_t width = button_width(&h->links[i]);

		if (used > 0 && used + BUTTON_GAP + width > ROW_WIDTH) {
			str_addz(&h->out, "</tr></table>\n");
			str_addf(&h->out, SPACER_ROW, 8, 8);
			used = 0;
		}
		str_addz(&h->out,
		    used == 0 ? BUTTON_TABLE : "<td width=\"8\">&nbsp;</td>");
		used += width + (used == 0 ? 0 : BUTTON_GAP);
		add_button(h, &h->links[i], i == 0 || h->short_labels);
	}
	str_addz(&h->out, "</tr></table>\n");
	str_addf(&h->out, SPACER_ROW, 16, 16);
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
	} else if (h->lost_taps && h->only_links) {
		/* The words say how to answer without them. */
	} else if (span_trim(str_span(&h->leaf)).n > 0) {
		str_addf(&h->out, "<p style=\"margin:0 0 %dpx 0\">",
		    h->lists > 0 ? 8 : 16);
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
	    "border-bottom:1px solid " LINE "\">",
	    type == MD_BLOCK_TH ? "th scope=\"col\"" : "td", side);
}

static void
enter_heading(struct html *h, unsigned level)
{
	static const int sizes[] = {24, 20, 18, 16, 16, 16};
	int size = sizes[level - 1];

	str_addf(&h->out,
	    "<h%u style=\"margin:%dpx 0 12px 0;font-size:%dpx;"
	    "line-height:%dpx\">",
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
		str_addz(&h->out, "<li style=\"margin:0 0 6px 0\">");
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
		    "border-collapse:collapse;font-size:16px;"
		    "line-height:22px;" INK "\">\n");
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
	struct span word = tap_word(h->arena, &a->href);

	h->in_link = true;
	h->target = word.n > 0 ? tap_target(h->arena, h->taps, word)
			       : link_target(h->arena, &a->href);
	h->lost_taps |= word.n > 0 && h->target.n == 0;
	if (h->target.n > 0) {
		struct str s;

		str_init(&s, h->arena, 3 * LIMIT_FIELD_BYTES);
		str_add_html(&s, h->target);
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
		h->only_links &= h->lost_taps;
		return;
	}
	vec_room(h->arena, &h->links, h->links_n, sizeof(*h->links));
	h->links[h->links_n++] = (struct link){
	    h->target, arena_span(h->arena, label), utf8_columns(raw)};
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
    struct span accent, const struct blocks *blocks, const struct taps *taps)
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
	h->taps = taps;
	h->accent = accent_safe(arena, accent);
	str_init(&h->out, arena, LIMIT_RENDERED_BYTES);
	str_init(&h->leaf, arena, LIMIT_RENDERED_BYTES);
	str_init(&h->raw, arena, LIMIT_RENDERED_BYTES);
	begin_leaf(h);
	md_parse(markdown.p, (MD_SIZE)markdown.n, &parser, h);
	return str_span(&h->out);
}
