/*
 * HTML to text, by libxml2's parser and no tree: blocks become lines, lists
 * get their numbers, cells of a row are kept apart by tabs, and what a mail
 * client's markup calls a quote or a signature is put between marks
 * (model/mail.h).  A mark stands at the start of a line, MARK_END behind the
 * last letter of its region.
 *
 * libxml2 compares each end tag with all open elements, so depth is bounded:
 * at DEPTH open elements the parser is stopped and another one goes on with
 * the rest.
 */
#include <string.h>
#include <strings.h>

#include <libxml/HTMLparser.h>
#include <libxml/xmlerror.h>

#include "base/limits.h"
#include "base/num.h"
#include "base/str.h"
#include "base/utf8.h"
#include "mime/html_int.h"
#include "mime/mime.h"
#include "mime/mime_int.h"

enum {
	DEPTH = 400,
	ATTRIBUTION_BYTES = 600,
	EMOJI_BYTES = 20,
};

/* An open element. */
struct element {
	char tag[12];
	bool hidden, pre, list, ordered;
	int breaks;       /* line ends around it */
	int regions;      /* regions that end with it */
	bool from_here;   /* one of them began at a child */
	size_t from_end;  /* visible text when that child ended */
	bool gmail;       /* a gmail_quote ... */
	bool gmail_open;  /* ... whose region is open ... */
	bool gmail_after; /* ... and whose first block quote has ended */
	size_t gmail_from, gmail_at; /* letters, bytes before its text */
	bool first_quote; /* the first block quote of a gmail_quote */
	int number;       /* of the next item of an ordered list */
	int cells;        /* of a row */
	bool one_line;    /* the last cell of a row had one line */
	int lines;        /* when a cell began */
};

struct html {
	struct str out;
	htmlParserCtxtPtr parser;
	struct element stack[DEPTH];
	int depth;
	int hidden, pre;     /* open elements of that kind */
	int regions;         /* open regions */
	int waiting;         /* gmail_quotes whose region ends at a letter */
	int breaks;          /* line ends owed before the next letter */
	bool blank;          /* a blank is owed */
	bool cell_start;     /* the first block of a cell makes no line */
	int lines;           /* line ends written */
	size_t visible;      /* letters written, marks not counted */
	size_t line_letters; /* of them on this line */
	bool stopped;        /* too deep: go on at `resume` */
	long resume;
};

static bool
is(const char *tag, const char *name)
{
	return strcasecmp(tag, name) == 0;
}

/* --- writing ------------------------------------------------------------ */

/* Pays the line ends that are owed. */
static void
flush_breaks(struct html *h)
{
	if (h->breaks > 0 && h->out.n > 0) {
		while (h->out.n > 0 && h->out.p[h->out.n - 1] == ' ')
			str_truncate(&h->out, h->out.n - 1);
		str_fill(&h->out, '\n', (size_t)h->breaks);
		h->lines += h->breaks;
		h->line_letters = 0;
		h->blank = false;
	}
	h->breaks = 0;
}

static void
owe_breaks(struct html *h, int n)
{
	if (h->cell_start)
		return;
	/* A fresh line needs no other. */
	if (n > h->breaks && (h->line_letters > 0 || h->breaks > 0))
		h->breaks = n;
	h->blank = false;
}

static void
add_code(struct html *h, uint32_t c)
{
	char bytes[4];

	str_add(&h->out, (struct span){bytes, utf8_put(c, bytes)});
	h->visible++;
	h->line_letters++;
	h->cell_start = false;
}

static void
open_region(struct html *h, const char *mark)
{
	h->cell_start = false;
	owe_breaks(h, 1);
	flush_breaks(h);
	str_addz(&h->out, mark);
	h->regions++;
}

static void
close_region(struct html *h)
{
	if (h->regions == 0)
		return;
	h->regions--;
	while (h->out.n > 0 && h->out.p[h->out.n - 1] == ' ')
		str_truncate(&h->out, h->out.n - 1);
	str_addz(&h->out, MARK_END);
	h->breaks = h->breaks > 0 ? h->breaks : 1;
	h->blank = false;
}

/* The gmail_quote around the element in hand, if no quote is between. */
static struct element *
gmail_around(struct html *h)
{
	for (int i = h->depth; i-- > 0;) {
		if (h->stack[i].gmail)
			return &h->stack[i];
		if (is(h->stack[i].tag, "blockquote"))
			return NULL;
	}
	return NULL;
}

/*
 * In Gmail one answers below the quoted lines inside the gmail_quote: its
 * region ends at the first letter behind its first block quote.
 */
static void
before_letter(struct html *h)
{
	struct element *g = h->waiting > 0 ? gmail_around(h) : NULL;
	int deeper = 0;

	if (g == NULL || !g->gmail_after || !g->gmail_open)
		return;
	for (int i = (int)(g - h->stack) + 1; i < h->depth; i++)
		deeper += h->stack[i].regions;
	if (deeper > 0 || g->regions == 0)
		return;
	g->gmail_open = false;
	h->waiting--;
	g->regions--;
	close_region(h);
}

static void
put_letter(struct html *h, uint32_t c)
{
	before_letter(h);
	flush_breaks(h);
	if (h->blank && h->line_letters > 0 && h->out.p[h->out.n - 1] != ' ' &&
	    h->out.p[h->out.n - 1] != '\t')
		str_addc(&h->out, ' ');
	h->blank = false;
	add_code(h, c);
}

static void
put_text(struct html *h, struct span s)
{
	uint32_t c;
	size_t n;

	for (; (n = utf8_next(s, &c)) > 0; s = span_skip(s, n)) {
		if (c == 0x200b || c == 0xad)
			continue; /* zero width, soft hyphen */
		if (c == '\r')
			c = '\n';
		c = charset_code(c);
		if (c == 0)
			continue;
		if (h->pre > 0 && c == '\n') {
			h->breaks++;
			continue;
		}
		if (h->pre > 0 && (c == ' ' || c == '\t')) {
			flush_breaks(h);
			str_addc(&h->out, (char)c);
			continue;
		}
		if (c == ' ' || c == '\t' || c == '\n') {
			h->blank = true;
			continue;
		}
		if (c == 0xa0) { /* a blank that stays */
			flush_breaks(h);
			str_addc(&h->out, ' ');
			h->line_letters++;
			h->cell_start = false;
			continue;
		}
		put_letter(h, c);
	}
}

/* --- elements ----------------------------------------------------------- */

/* Line ends around a block: 0 = no block, 2 = with an empty line. */
static int
block_breaks(const char *tag, const char *const *attributes)
{
	static const char *const lines[] = {"div", "li", "tr", "table", "tbody",
	    "thead", "tfoot", "address", "article", "aside", "body", "caption",
	    "center", "dd", "dt", "fieldset", "figcaption", "figure", "footer",
	    "form", "header", "html", "legend", "main", "nav", "option",
	    "section", "blockquote", "hr"};
	static const char *const paragraphs[] = {
	    "p", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "dl", "pre"};

	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++)
		if (is(tag, lines[i]))
			return 1;
	for (size_t i = 0; i < sizeof(paragraphs) / sizeof(paragraphs[0]); i++)
		if (is(tag, paragraphs[i])) /* Word's have no margins */
			return span_casestarts(
				   html_attribute(attributes, "class"), "Mso")
				   ? 1
				   : 2;
	return 0;
}

/* The number or dot in front of a list item. */
static void
begin_item(struct html *h)
{
	struct element *list = NULL;

	for (int i = h->depth; i-- > 0 && list == NULL;)
		if (h->stack[i].list)
			list = &h->stack[i];
	before_letter(h);
	flush_breaks(h);
	if (list != NULL && list->ordered)
		str_addf(&h->out, "%d. ", list->number++);
	else
		str_addz(&h->out, "- ");
	h->line_letters++;
	h->cell_start = true; /* the text begins on this line */
}

/* A tab in front of all cells but the first, if the one before had one line. */
static void
begin_cell(struct html *h, struct element *e)
{
	struct element *row = NULL;

	for (int i = h->depth; i-- > 0 && row == NULL;)
		if (is(h->stack[i].tag, "tr"))
			row = &h->stack[i];
	if (row != NULL && row->cells++ > 0) {
		if (row->one_line) {
			h->breaks = 0;
			str_addc(&h->out, '\t');
			h->line_letters++;
		} else {
			owe_breaks(h, 1);
		}
	}
	h->blank = false;
	flush_breaks(h);
	e->lines = h->lines;
	h->cell_start = true;
}

static void
end_cell(struct html *h, const struct element *e)
{
	for (int i = h->depth; i-- > 0;)
		if (is(h->stack[i].tag, "tr")) {
			h->stack[i].one_line = h->lines == e->lines;
			break;
		}
	/* Margins inside a cell do not part rows. */
	h->breaks = h->breaks > 1 ? 1 : h->breaks;
	h->cell_start = false;
	h->blank = false;
}

/* <img alt="emoji">: what Gmail and Outlook make of a thumb. */
static void
put_image(struct html *h, const char *const *attributes)
{
	struct span alt = html_attribute(attributes, "alt");

	if (alt.n > 0 && alt.n <= EMOJI_BYTES &&
	    (unsigned char)alt.p[0] >= 0xe2 && utf8_valid(alt))
		put_text(h, alt);
}

/*
 * Is a block quote in a gmail_quote the answered mail?  Then little more than
 * an attribution stands before it; a forward begins with a row of dashes.
 */
static bool
is_answered(const struct html *h, const struct element *gmail)
{
	struct span before = span_skip(str_span(&h->out), gmail->gmail_at);

	return gmail->gmail_open && !span_starts(span_trim(before), "--") &&
	       h->visible - gmail->gmail_from <= ATTRIBUTION_BYTES;
}

static void
open_marks(struct html *h, struct element *e, enum mark mark)
{
	struct element *around;

	switch (mark) {
	case MARK_NONE:
		return;
	case MARKS_QUOTE:
		open_region(h, MARK_QUOTE);
		e->regions++;
		return;
	case MARKS_SIGNATURE:
		open_region(h, MARK_SIGNATURE);
		e->regions++;
		return;
	case MARKS_INDENT:
		open_region(h, MARK_INDENT);
		e->regions++;
		return;
	case MARKS_BLOCK:
		around = gmail_around(h);
		open_region(h, around != NULL ? MARK_QUOTE : MARK_INDENT);
		e->regions++;
		e->first_quote = around != NULL && is_answered(h, around);
		return;
	case MARKS_GMAIL:
		open_region(h, MARK_QUOTE);
		e->regions++;
		e->gmail = e->gmail_open = true;
		e->gmail_from = h->visible;
		e->gmail_at = h->out.n;
		return;
	case MARKS_FROM_HERE:
		open_region(h, MARK_QUOTE);
		if (h->depth > 0) {
			h->stack[h->depth - 1].regions++;
			h->stack[h->depth - 1].from_here = true;
			h->stack[h->depth - 1].from_end = (size_t)-1;
		}
		return;
	}
}

static void
begin_list(struct element *e, const char *const *attributes)
{
	int64_t start = 1;

	e->list = true;
	e->ordered = is(e->tag, "ol");
	num_int(html_attribute(attributes, "start"), 0, 9999, &start);
	e->number = (int)start;
}

static void
stop_here(struct html *h)
{
	h->stopped = true;
	h->resume = xmlByteConsumed(h->parser);
	xmlStopParser(h->parser);
}

static void
on_start(void *user, const xmlChar *name, const xmlChar **attrs)
{
	const char *const *attributes = (const char *const *)attrs;
	struct html *h = user;
	struct element *e;

	if (h->stopped)
		return;
	if (h->depth == DEPTH || h->out.cut) {
		stop_here(h);
		return;
	}
	e = &h->stack[h->depth];
	*e = (struct element){0};
	memcpy(e->tag, name, strnlen((const char *)name, sizeof(e->tag) - 1));
	e->hidden = html_hidden(e->tag, attributes);
	if (h->hidden == 0 && !e->hidden) {
		e->breaks = block_breaks(e->tag, attributes);
		if (e->breaks > 0)
			owe_breaks(h, e->breaks);
		open_marks(h, e, html_mark(e->tag, attributes));
		if (is(e->tag, "br")) {
			h->cell_start = h->blank = false;
			h->breaks++;
		} else if (is(e->tag, "hr")) {
			owe_breaks(h, 1);
			flush_breaks(h);
			str_addz(&h->out, MARK_RULE);
			h->line_letters++;
		} else if (is(e->tag, "img")) {
			put_image(h, attributes);
		} else if (is(e->tag, "li")) {
			begin_item(h);
		} else if (is(e->tag, "ul") || is(e->tag, "ol")) {
			begin_list(e, attributes);
		} else if (is(e->tag, "td") || is(e->tag, "th")) {
			begin_cell(h, e);
		}
	}
	e->pre = is(e->tag, "pre") || is(e->tag, "textarea");
	h->pre += e->pre;
	h->hidden += e->hidden;
	h->depth++;
}

/*
 * Regions that end with an element.  One that began at a child as "from
 * here on" goes over to the parent when nothing stood behind that child:
 * Outlook wraps the header block of the quoted mail in a box of its own.
 */
static void
end_regions(struct html *h, struct element *e)
{
	struct element *parent = h->depth > 0 ? &h->stack[h->depth - 1] : NULL;

	if (e->from_here && parent != NULL && e->regions == 1 &&
	    e->from_end == h->visible && !is(e->tag, "body")) {
		parent->regions++;
		parent->from_here = true;
		parent->from_end = h->visible;
		return;
	}
	while (e->regions > 0) {
		e->regions--;
		close_region(h);
	}
}

static void
on_end(void *user, const xmlChar *name)
{
	struct html *h = user;
	struct element *e, *parent;

	(void)name;
	if (h->stopped || h->depth == 0)
		return;
	e = &h->stack[--h->depth];
	parent = h->depth > 0 ? &h->stack[h->depth - 1] : NULL;
	h->hidden -= e->hidden;
	h->pre -= e->pre;
	if (h->hidden > 0 || e->hidden)
		return;
	h->waiting -= e->gmail_after && e->gmail_open;
	if (is(e->tag, "td") || is(e->tag, "th"))
		end_cell(h, e);
	end_regions(h, e);
	if (parent != NULL && parent->from_here &&
	    parent->from_end == (size_t)-1)
		parent->from_end = h->visible;
	if (e->first_quote) {
		struct element *g = gmail_around(h);

		if (g != NULL && !g->gmail_after) {
			g->gmail_after = true;
			h->waiting += g->gmail_open;
		}
	}
	if (is(e->tag, "li"))
		h->cell_start = false;
	if (e->breaks > 0)
		owe_breaks(h, e->breaks);
}

static void
on_text(void *user, const xmlChar *text, int n)
{
	struct html *h = user;

	if (h->stopped || h->hidden > 0)
		return;
	put_text(h, (struct span){(const char *)text, (size_t)n});
}

/* --- the whole ---------------------------------------------------------- */

static void
on_error(void *user, const char *format, ...)
{
	(void)user;
	(void)format;
}

/* Parses until the end or until too many elements are open. */
static void
parse(struct html *h, struct span text)
{
	h->parser = htmlNewParserCtxt();
	if (h->parser == NULL)
		return;
	*h->parser->sax = (xmlSAXHandler){.startElement = on_start,
	    .endElement = on_end,
	    .characters = on_text,
	    .ignorableWhitespace = on_text,
	    .error = on_error,
	    .warning = on_error};
	h->parser->userData = h;
	h->stopped = false;
	htmlCtxtReadMemory(h->parser, text.p, (int)text.n, NULL, "UTF-8",
	    HTML_PARSE_RECOVER | HTML_PARSE_NOERROR | HTML_PARSE_NOWARNING |
		HTML_PARSE_NONET | HTML_PARSE_NOIMPLIED |
		HTML_PARSE_IGNORE_ENC);
	htmlFreeParserCtxt(h->parser);
	h->parser = NULL;
}

/* The rest of a tag whose beginning has been seen. */
static struct span
behind_tag(struct span s)
{
	size_t i = 0;

	while (i < s.n && (ascii_blank(s.p[i]) || s.p[i] == '/'))
		i++;
	return i < s.n && s.p[i] == '>' ? span_skip(s, i + 1) : s;
}

struct span
html_text(struct arena *arena, struct span html)
{
	struct html *h = arena_alloc(arena, sizeof(*h));
	struct span rest =
	    utf8_head(html_trim(arena, html), LIMIT_MARKUP_BYTES);

	str_init(&h->out, arena, LIMIT_TEXT_BYTES);
	for (;;) {
		h->depth = h->hidden = h->pre = h->waiting = 0;
		parse(h, rest);
		if (!h->stopped || h->out.cut ||
		    h->resume < (long)sizeof(HTML_BODY))
			break;
		rest = behind_tag(span_skip(rest, (size_t)h->resume));
		/* Over what has been read already. */
		rest.p -= sizeof(HTML_BODY) - 1;
		rest.n += sizeof(HTML_BODY) - 1;
		memcpy((char *)rest.p, HTML_BODY, sizeof(HTML_BODY) - 1);
	}
	while (h->regions > 0)
		close_region(h);
	rest = span_rtrim(str_span(&h->out));
	while (rest.n > 0 && (rest.p[0] == '\n' || rest.p[0] == ' '))
		rest = span_skip(rest, 1);
	return rest;
}

struct span
mime_html_text(struct arena *arena, struct span html)
{
	return html_text(arena,
	    charset_clean(arena, utf8_head(html, LIMIT_HTML_BYTES), false));
}
