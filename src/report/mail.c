/*
 * Document -> HTML for the body of a mail: tables and inline styles that all
 * mail programs know.  Every figure is real text, so nothing is lost with
 * pictures off, and the heat map is a table with coloured cells.
 */
#include "base/colour.h"
#include "base/str.h"
#include "report/report_int.h"

/* A table says how its letters look; elsewhere they look as the layout says. */
#define INK  "color:#1f2328"
#define LINE "#d0d7de"
#define TABLE                                                           \
	"<table cellpadding=\"0\" cellspacing=\"0\" border=\"0\" "      \
	"width=\"100%\" style=\"width:100%;margin:0 0 16px 0;"          \
	"border-collapse:collapse;font-size:16px;line-height:22px;" INK \
	"\">\n"

enum {
	MAIL_MAX = 1 << 20,
	BAR_PERCENT = 50
};

struct page {
	struct arena *arena;
	struct str out;
	struct span accent; /* "#rrggbb" */
	struct words words; /* of numbers only */
};

static void
add_text(struct page *p, const char *tag, const char *look, struct span text)
{
	str_addf(&p->out, "<%s style=\"%s\">", tag, look);
	str_add_html(&p->out, text);
	str_addf(&p->out, "</%s>\n", tag);
}

static void
add_cell(struct page *p, const char *tag, bool right, const char *more,
    struct span text)
{
	const char *side = right ? "right" : "left";

	str_addf(&p->out,
	    "<%s%s align=\"%s\" style=\"padding:8px %s;"
	    "border-bottom:1px solid " LINE "%s\">",
	    tag, tag[1] == 'h' ? " scope=\"col\"" : "", side,
	    right ? "0 8px 12px" : "12px 8px 0", more);
	str_add_html(&p->out, text);
	str_addf(&p->out, "</%s>", tag);
}

static void
add_table(struct page *p, const struct table *t)
{
	str_addz(&p->out, TABLE "<tr valign=\"top\">");
	for (uint32_t c = 0; c < t->columns; c++)
		add_cell(p, "th", t->right[c], "", t->head[c]);
	str_addz(&p->out, "</tr>\n");
	for (uint32_t r = 0; r < t->rows; r++) {
		str_addz(&p->out, "<tr valign=\"top\">");
		for (uint32_t c = 0; c < t->columns; c++)
			add_cell(p, "td", t->right[c], "",
			    t->cells[(size_t)r * t->columns + c]);
		str_addz(&p->out, "</tr>\n");
	}
	str_addz(&p->out, "</table>\n");
}

/* Too wide for a phone: each row a paragraph, its first cell in bold. */
static void
add_stacked(struct page *p, const struct table *t)
{
	for (uint32_t r = 0; r < t->rows; r++) {
		const struct span *cells = &t->cells[(size_t)r * t->columns];

		str_addz(&p->out, "<p style=\"margin:0 0 16px 0\"><strong>");
		str_add_html(&p->out, cells[0]);
		str_addz(&p->out, "</strong>");
		for (uint32_t c = 1; c < t->columns; c++) {
			if (cells[c].n == 0)
				continue;
			str_addz(&p->out, "<br>\n");
			str_add_html(&p->out, t->head[c]);
			str_addz(&p->out, ": ");
			str_add_html(&p->out, cells[c]);
		}
		str_addz(&p->out, "</p>\n");
	}
}

static void
add_tiles(struct page *p, const struct table *t)
{
	str_addz(&p->out, TABLE);
	for (uint32_t c = 0; c < t->columns; c++) {
		str_addz(&p->out, "<tr valign=\"top\">");
		add_cell(p, "td", false, "", t->head[c]);
		add_cell(p, "td", true, ";font-weight:bold", t->cells[c]);
		str_addz(&p->out, "</tr>\n");
	}
	str_addz(&p->out, "</table>\n");
}

/* ---- charts ---- */

static void
add_heat_cell(struct page *p, const struct chart *c, int64_t v)
{
	struct colour accent, none, at;
	struct span ground;

	colour_parse(p->accent, &accent);
	colour_parse(SPAN("#f3f4f6"), &none);
	at = v == CHART_NONE
		 ? none
		 : colour_tint(accent, 0.08 + 0.92 * (double)v / 1000);
	ground = colour_write(p->arena, at);

	str_addf(&p->out,
	    "<td align=\"center\" bgcolor=\"%.*s\" style=\"padding:8px 4px;"
	    "border:2px solid #ffffff;background-color:%.*s;"
	    "color:%s\">",
	    (int)ground.n, ground.p, (int)ground.n, ground.p,
	    colour_is_light(at) ? "#000000" : "#ffffff");
	str_add_html(&p->out,
	    v == CHART_NONE ? SPAN("–") : say_value(p->arena, &p->words, c, v));
	str_addz(&p->out, "</td>");
}

static void
add_heat(struct page *p, const struct chart *c)
{
	str_addz(&p->out, TABLE "<tr valign=\"top\"><td></td>");
	for (uint32_t k = 0; k < c->n; k++) {
		str_addz(&p->out,
		    "<th scope=\"col\" align=\"center\" style=\""
		    "padding:4px;font-size:14px;line-height:20px\">");
		str_add_html(&p->out, c->labels[k]);
		str_addz(&p->out, "</th>");
	}
	str_addz(&p->out, "</tr>\n");
	for (uint32_t s = 0; s < c->series_n; s++) {
		str_addz(&p->out, "<tr valign=\"top\">");
		add_cell(p, "td", false, "", c->series[s].name);
		for (uint32_t k = 0; k < c->n; k++)
			add_heat_cell(p, c, c->series[s].values[k]);
		str_addz(&p->out, "</tr>\n");
	}
	str_addz(&p->out, "</table>\n");
}

static void
add_bar(struct page *p, int64_t v, int64_t top)
{
	int64_t percent = v > 0 && top > 0 ? v * 100 / top : 0;

	str_addf(&p->out,
	    "<td width=\"%d%%\" style=\"padding:8px 0;"
	    "border-bottom:1px solid " LINE "\">",
	    BAR_PERCENT);
	if (percent > 0)
		str_addf(&p->out,
		    "<table role=\"presentation\" cellpadding=\"0\" "
		    "cellspacing=\"0\" border=\"0\" width=\"%lld%%\">"
		    "<tr><td bgcolor=\"%.*s\" style=\"font-size:14px;"
		    "line-height:14px\">&nbsp;</td></tr></table>",
		    (long long)percent, (int)p->accent.n, p->accent.p);
	str_addz(&p->out, "</td>");
}

static void
add_bars(struct page *p, const struct chart *c)
{
	const int64_t *v = c->series[0].values;
	int64_t top = c->top;

	for (uint32_t i = 0; i < c->n; i++)
		top = v[i] > top ? v[i] : top;
	str_addz(&p->out, TABLE);
	for (uint32_t i = 0; i < c->n; i++) {
		str_addz(&p->out, "<tr valign=\"top\">");
		add_cell(p, "td", false, "", c->labels[i]);
		add_bar(p, v[i], top);
		add_cell(p, "td", true, ";font-weight:bold",
		    say_value(p->arena, &p->words, c, v[i]));
		str_addz(&p->out, "</tr>\n");
	}
	str_addz(&p->out, "</table>\n");
}

static void
add_chart(struct page *p, const struct chart *c)
{
	if (c->kind == CHART_AIMS || c->n == 0)
		return; /* its figures stand in the aims above it */
	add_text(p, "p", "margin:0 0 4px 0;font-weight:bold", c->title);
	if (c->kind == CHART_HEAT)
		add_heat(p, c);
	else
		add_bars(p, c);
}

static void
add_block(struct page *p, const struct block *b)
{
	switch (b->kind) {
	case BLOCK_HEADING:
		add_text(p, b->level == 1 ? "h2" : "h3",
		    b->level == 1 ? "margin:24px 0 12px 0;font-size:20px;"
				    "line-height:28px"
				  : "margin:8px 0 8px 0;font-size:18px;"
				    "line-height:26px",
		    b->text);
		break;
	case BLOCK_TEXT:
		add_text(p, "p", "margin:0 0 16px 0", b->text);
		break;
	case BLOCK_TABLE:
		if (b->table.columns > TABLE_WIDE)
			add_stacked(p, &b->table);
		else
			add_table(p, &b->table);
		break;
	case BLOCK_TILES:
		add_tiles(p, &b->table);
		break;
	case BLOCK_CHART:
		add_chart(p, &b->chart);
		break;
	}
}

struct span
document_mail(struct arena *arena, const struct document *d, struct span accent)
{
	struct page p = {.arena = arena,
	    .accent = accent_checked(accent),
	    .words = plain_words(arena, d->locale)};

	str_init(&p.out, arena, MAIL_MAX);
	add_text(&p, "h1", "margin:0 0 4px 0;font-size:24px;line-height:32px",
	    d->title);
	add_text(&p, "p", "margin:0 0 16px 0", d->subtitle);
	for (uint32_t i = 0; i < d->blocks_n; i++)
		add_block(&p, &d->blocks[i]);
	add_text(&p, "p",
	    "margin:24px 0 16px 0;font-size:14px;line-height:22px", d->footer);
	return str_span(&p.out);
}
