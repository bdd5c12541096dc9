/* Between the three files that turn HTML into text. */
#ifndef MIME_HTML_INT_H
#define MIME_HTML_INT_H

#include "base/arena.h"
#include "base/span.h"

/* What a mail client's markup says about an element. */
enum mark {
	MARK_NONE,
	MARKS_QUOTE,     /* the element is a quoted or forwarded message */
	MARKS_FROM_HERE, /* it and all behind it in its parent are one */
	MARKS_BLOCK,     /* a block quote: what it is, its place tells */
	MARKS_INDENT,    /* one that only indents */
	MARKS_SIGNATURE,
	MARKS_GMAIL, /* a quote in which one answers between block quotes */
};

/* html_mark.c.  attributes: name, value, ..., NULL; may be NULL. */
enum mark html_mark(const char *tag, const char *const *attributes);
/* The value of an attribute, or "". */
struct span html_attribute(const char *const *attributes, const char *name);
/* Invisible on purpose, or no text at all (style, script). */
bool html_hidden(const char *tag, const char *const *attributes);

/*
 * In front of all HTML: without it libxml2 puts a paragraph around text that
 * stands alone.  A second one is ignored.
 */
#define HTML_BODY "<body>"
/*
 * html_trim.c: a copy behind HTML_BODY, without comments, "<![if ...]>" and
 * "<?...>", and without tags so long that only an attack or an embedded
 * picture makes them.
 */
struct span html_trim(struct arena *, struct span html);

#endif
