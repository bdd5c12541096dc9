/*
 * tmpl: template + values -> subject, text and HTML.  Pure.
 *
 *   file            purpose
 *   tmpl            template files; one letter's subject, text and HTML
 *   mustache_parse  templates into tokens
 *   mustache        tags filled (mustache spec 1.4: interpolation, sections,
 *                   inverted, comments, partials, delimiters)
 *   markdown        what both ways out share: values, link targets
 *   html            Markdown -> HTML with inline styles
 *   text, lines     Markdown -> plain text of at most 72 columns
 *   colour          the accent colour, kept readable
 */
#ifndef TMPL_TMPL_H
#define TMPL_TMPL_H

#include "base/arena.h"
#include "base/err.h"
#include "base/span.h"
#include "base/value.h"

enum mustache_escape {
	MUSTACHE_RAW,
	MUSTACHE_HTML, /* & < > " ' */
	/*
	 * So that a value can be no markup and no HTML; the output is for
	 * markdown_text and markdown_html only.  {{{x}}} is escaped as well.
	 */
	MUSTACHE_MARKDOWN,
	MUSTACHE_LINE, /* one line without controls, for header lines */
};

/* Gives a partial's text, or an empty span. */
typedef struct span mustache_partial_fn(void *cookie, struct span name);

/* ERR_ITEM with line:column for an unclosed or misplaced tag. */
int mustache_render(struct arena *, struct span text, const struct value *data,
    enum mustache_escape, mustache_partial_fn *partials, void *cookie,
    struct span *out, struct err *);
/*
 * Names of tags that are used (dotted, sections too), for `rmail check`:
 * calls back for each with its line.
 */
typedef void mustache_name_fn(void *cookie, struct span name, int line);
int mustache_names(struct arena *, struct span text, mustache_name_fn *,
    void *cookie, struct err *);

struct template
{
	struct span file;            /* for messages */
	struct span *names, *values; /* header lines: "Subject", ... */
	size_t headers_n;
	struct span body;
	int body_line;
};

/*
 * Where a one-tap answer goes: a link "[Yes](reply:yes)" opens a mail to this
 * address that says the word, with the code in its Subject.  Without them
 * such links are left out.
 */
struct taps {
	struct span address; /* "mentoring+tag@example.com" */
	struct span code;    /* "RM-ABCDEF" */
};

/* How the HTML twin looks. */
struct look {
	struct span layout; /* layout.html with {{{body}}} and more */
	struct span accent; /* "#0b5cad" */
	struct span logo;   /* cid: or "" */
	struct span locale;
	struct taps taps;
	mustache_partial_fn *partials;
	void *cookie;
};

struct rendered {
	struct span subject;
	struct span text; /* UTF-8, LF, at most 72 columns but for URLs */
	struct span html;
};

int template_parse(struct arena *, struct span file, struct span text,
    struct template *, struct err *);
struct span template_header(const struct template *, const char *name);
/*
 * {{x}} lands Markdown-escaped in the body and one-lined in the subject; a
 * VALUE_BLOCK on a line of its own becomes its text in the text part and its
 * HTML in the HTML part.  Links other than http, https and mailto lose their
 * target.  The value "footer" (text or block), or else the partial of that
 * name, is the footer of both parts.  In the HTML part a paragraph of nothing
 * but links becomes buttons; one of nothing but one-tap answers is left out
 * of the text part, whose words say how to answer.  The layout gets {{lang}}, {{title}}, {{accent}}
 * (darkened to a contrast of 4.5 against white), {{logo}}, {{{body}}},
 * {{{footer}}} and the data ({{programme}} is the logo's text).
 */
int template_render(struct arena *, const struct template *,
    const struct value *data, const struct look *, struct rendered *,
    struct err *);
/* "#rrggbb", darkened until white text on it has a contrast of 4.5. */
struct span accent_safe(struct arena *, struct span accent);
/* Markdown alone, for pieces that are put together. */
struct span markdown_text(struct arena *, struct span markdown, size_t columns);
struct span markdown_html(
    struct arena *, struct span markdown, struct span accent);

#endif
