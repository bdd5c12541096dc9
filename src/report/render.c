/* Document -> plain text and HTML. */
#include "base/colour.h"
#include "base/str.h"
#include "base/utf8.h"
#include "report/report_int.h"

enum {
	DOCUMENT_MAX = 4 << 20,
	COLUMNS = 72
};

static void
add_wrapped(struct str *out, struct span text)
{
	struct span line, word;

	while (span_line(&text, &line)) {
		size_t at = 0;

		while (span_word(&line, &word)) {
			size_t n = utf8_columns(word);

			if (at > 0 && at + 1 + n > COLUMNS) {
				str_addc(out, '\n');
				at = 0;
			}
			if (at > 0)
				str_addc(out, ' ');
			str_add(out, word);
			at += n + (at > 0);
		}
		str_addc(out, '\n');
	}
}

static void
add_title(struct str *out, struct span text, char under)
{
	size_t n = utf8_columns(text);

	add_wrapped(out, text);
	str_fill(out, under, n > COLUMNS ? COLUMNS : n);
	str_addc(out, '\n');
}

static void
add_tiles(struct str *out, const struct table *t)
{
	size_t width = 0;

	for (uint32_t c = 0; c < t->columns; c++) {
		size_t n = utf8_columns(t->head[c]);

		width = n > width ? n : width;
	}
	for (uint32_t c = 0; c < t->columns; c++) {
		str_add(out, t->head[c]);
		str_fill(out, ' ', width - utf8_columns(t->head[c]) + 2);
		str_add(out, t->cells[c]);
		str_addc(out, '\n');
	}
}

/* Too wide for a phone: the first cell, and the others in lines below it. */
static void
add_stacked(struct str *out, struct arena *arena, const struct table *t)
{
	for (uint32_t r = 0; r < t->rows; r++) {
		const struct span *cells = &t->cells[(size_t)r * t->columns];

		if (r > 0)
			str_addc(out, '\n');
		add_wrapped(out, cells[0]);
		for (uint32_t c = 1; c < t->columns; c++)
			if (cells[c].n > 0)
				add_wrapped(out,
				    arena_spanf(arena, "%.*s: %.*s",
					(int)t->head[c].n, t->head[c].p,
					(int)cells[c].n, cells[c].p));
	}
}

static void
add_table(struct str *out, struct arena *arena, const struct table *t)
{
	if (t->columns > TABLE_WIDE)
		add_stacked(out, arena, t);
	else
		str_add(out, table_text(arena, t, COLUMNS, false));
}

/* Its figures stand in a table beside it. */
static bool
told_by_table(const struct block *b)
{
	return b->kind == BLOCK_CHART && (b->chart.kind == CHART_AIMS ||
					     b->chart.kind == CHART_HEAT);
}

/* A chart's figures are written with the decimal point of its locale. */
struct words
plain_words(struct arena *arena, struct span locale)
{
	struct words w = {.locale = locale,
	    .n = 1,
	    .keys = arena_alloc(arena, sizeof(struct span)),
	    .phrases = arena_alloc(arena, sizeof(struct span))};

	w.keys[0] = SPAN("number-point");
	w.phrases[0] = span_starts(locale, "en") ? SPAN(".") : SPAN(",");
	return w;
}

struct span
document_text(struct arena *arena, const struct document *d)
{
	struct words w = plain_words(arena, d->locale);
	struct str out;

	str_init(&out, arena, DOCUMENT_MAX);
	add_title(&out, d->title, '=');
	add_wrapped(&out, d->subtitle);
	for (uint32_t i = 0; i < d->blocks_n; i++) {
		const struct block *b = &d->blocks[i];

		if (told_by_table(b))
			continue;
		str_addc(&out, '\n');
		switch (b->kind) {
		case BLOCK_HEADING:
			add_title(&out, b->text, b->level == 1 ? '-' : '.');
			break;
		case BLOCK_TEXT:
			add_wrapped(&out, b->text);
			break;
		case BLOCK_TABLE:
			add_table(&out, arena, &b->table);
			break;
		case BLOCK_CHART:
			str_add(&out, chart_text(arena, &b->chart, &w));
			break;
		case BLOCK_TILES:
			add_tiles(&out, &b->table);
			break;
		}
	}
	str_addc(&out, '\n');
	add_wrapped(&out, d->footer);
	return str_span(&out);
}

/* ---- HTML ---- */

static void
add_element(struct str *out, const char *tag, struct span text)
{
	str_addf(out, "<%s>", tag);
	str_add_html(out, text);
	str_addf(out, "</%s>\n", tag);
}

static void
add_cells(struct str *out, const struct table *t, const struct span *cells,
    const char *tag)
{
	str_addz(out, "<tr>");
	for (uint32_t c = 0; c < t->columns; c++) {
		bool right = t->right != NULL && t->right[c];

		str_addf(out, "<%s%s%s>", tag,
		    tag[1] == 'h' ? " scope=\"col\"" : "",
		    right ? " class=\"n\"" : "");
		str_add_html(out, cells[c]);
		str_addf(out, "</%s>", tag);
	}
	str_addz(out, "</tr>\n");
}

static void
add_html_table(struct str *out, const struct table *t)
{
	str_addz(out, "<table>\n<thead>");
	add_cells(out, t, t->head, "th");
	str_addz(out, "</thead>\n<tbody>\n");
	for (uint32_t r = 0; r < t->rows; r++)
		add_cells(out, t, &t->cells[(size_t)r * t->columns], "td");
	str_addz(out, "</tbody></table>\n");
}

static void
add_tile_boxes(struct str *out, const struct table *t)
{
	str_addz(out, "<dl class=\"tiles\">\n");
	for (uint32_t c = 0; c < t->columns; c++) {
		str_addz(out, "<div><dt>");
		str_add_html(out, t->head[c]);
		str_addz(out, "</dt><dd>");
		str_add_html(out, t->cells[c]);
		str_addz(out, "</dd></div>\n");
	}
	str_addz(out, "</dl>\n");
}

static const char style[] =
    "body{font:16px/1.5 system-ui,'Segoe UI',Helvetica,Arial,sans-serif;"
    "color:#1d2329;background:#fff;max-width:760px;margin:2em auto;"
    "padding:0 1em}"
    "h1{font-size:1.9em;line-height:1.2;margin:0}"
    "h2{font-size:1.25em;margin:2em 0 .5em;padding-bottom:.2em;"
    "border-bottom:2px solid var(--accent)}"
    "h3{font-size:1.05em;margin:1.5em 0 .4em}"
    ".sub,footer{color:#566069}"
    "table{border-collapse:collapse;width:100%;margin:.8em 0}"
    "th{text-align:left;font-size:.85em;color:#566069;"
    "border-bottom:1px solid #8a939b}"
    "th,td{padding:.4em .8em .4em 0;vertical-align:top}"
    "td{border-bottom:1px solid #dde1e5}"
    ".n{text-align:right;font-variant-numeric:tabular-nums}"
    ".tiles{display:grid;grid-template-columns:repeat(auto-fit,"
    "minmax(150px,1fr));gap:12px;margin:1em 0}"
    ".tiles div{border-top:3px solid var(--accent);padding:.5em 0}"
    ".tiles dt{font-size:.85em;color:#566069}"
    ".tiles dd{margin:0;font-size:1.6em;line-height:1.3;font-weight:600}"
    "figure{margin:1em 0}figure svg{max-width:100%;height:auto;"
    "background:#fff}"
    "footer{font-size:.85em;margin-top:3em;border-top:1px solid #dde1e5;"
    "padding-top:1em}"
    "@page{size:A4;margin:20mm 18mm}"
    "@media print{body{margin:0;padding:0;max-width:none;font-size:10.5pt}"
    "h2,h3{break-after:avoid}tr,figure,.tiles{break-inside:avoid}"
    "thead{display:table-header-group}}"
    "@media (prefers-color-scheme:dark){body{background:#15191d;"
    "color:#e6e9ec}.sub,footer,th,.tiles dt{color:#a9b2ba}td{border-color:#39424a}}";

/* Only "#rrggbb" may stand in a style. */
struct span
accent_checked(struct span accent)
{
	struct colour c;

	return colour_parse(accent, &c) ? accent : SPAN(COLOUR_USUAL);
}

static void
add_chart(struct str *out, struct arena *arena, const struct document *d,
    const struct chart *c, chart_svg_fn *svg, void *cookie)
{
	struct words w = plain_words(arena, d->locale);
	struct span picture = svg != NULL ? svg(cookie, arena, c) : SPAN("");
	size_t at = span_find(picture, SPAN("<svg"));

	str_addz(out, "<figure role=\"group\" aria-label=\"");
	str_add_html(out, c->title);
	str_addz(out, "\">\n");
	if (at < picture.n)
		str_add(out, span_skip(picture, at)); /* no XML prologue */
	else
		add_element(out, "pre", chart_text(arena, c, &w));
	str_addz(out, "</figure>\n");
}

struct span
document_html(struct arena *arena, const struct document *d, struct span accent,
    chart_svg_fn *svg, void *cookie)
{
	struct str out;

	accent = accent_checked(accent);
	str_init(&out, arena, DOCUMENT_MAX);
	str_addz(&out, "<!DOCTYPE html>\n<html lang=\"");
	str_add_html(&out, d->locale);
	str_addz(&out, "\">\n<head>\n<meta charset=\"utf-8\">\n"
		       "<meta name=\"viewport\" "
		       "content=\"width=device-width, initial-scale=1\">\n");
	add_element(&out, "title", d->title);
	str_addf(&out, "<style>:root{--accent:%.*s}%s</style>\n</head>\n",
	    (int)accent.n, accent.p, style);
	str_addz(&out, "<body>\n");
	add_element(&out, "h1", d->title);
	str_addz(&out, "<p class=\"sub\">");
	str_add_html(&out, d->subtitle);
	str_addz(&out, "</p>\n");
	for (uint32_t i = 0; i < d->blocks_n; i++) {
		const struct block *b = &d->blocks[i];

		if (b->kind == BLOCK_HEADING)
			add_element(&out, b->level == 1 ? "h2" : "h3", b->text);
		else if (b->kind == BLOCK_TEXT)
			add_element(&out, "p", b->text);
		else if (b->kind == BLOCK_TABLE)
			add_html_table(&out, &b->table);
		else if (b->kind == BLOCK_TILES)
			add_tile_boxes(&out, &b->table);
		else
			add_chart(&out, arena, d, &b->chart, svg, cookie);
	}
	add_element(&out, "footer", d->footer);
	str_addz(&out, "</body>\n</html>\n");
	return str_span(&out);
}
