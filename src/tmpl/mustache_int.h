/* Inside of tmpl: templates as a flat list of tokens, and opaque values. */
#ifndef TMPL_MUSTACHE_INT_H
#define TMPL_MUSTACHE_INT_H

#include <stdint.h>

#include "base/str.h"
#include "tmpl/tmpl.h"

enum tag {
	TAG_TEXT,
	TAG_VALUE,
	TAG_RAW, /* {{{x}}} and {{&x}} */
	TAG_SECTION,
	TAG_INVERTED,
	TAG_CLOSE,
	TAG_PARTIAL,
};

struct token {
	enum tag tag;
	struct span text;   /* TEXT: the text; else the name */
	struct span indent; /* PARTIAL on a line of its own */
	size_t pair;        /* SECTION, INVERTED: its CLOSE */
	int line, column;
};

struct tokens {
	struct token *v;
	size_t n;
};

int mustache_parse(struct arena *, struct span text, int first_line,
    struct tokens *, struct err *);

/*
 * In Markdown, a value must be text and nothing else wherever it lands: in a
 * heading, a table, a list, a link's target.  Backslashes do not do in all
 * these places and line ends in none, so each byte of a value that is no
 * letter or digit travels through the Markdown pass as a private character
 * (U+10F000 + byte), and each ready block as one more (U+10F800 + its
 * number).  Private characters in values themselves are dropped first.
 */
enum {
	OPAQUE_BYTE = 0x10f000,
	OPAQUE_BLOCK = 0x10f800,
	OPAQUE_BLOCKS_MAX = 0x700,
};

struct blocks {
	const struct value **v;
	size_t n;
};

/* As mustache_render; MARKDOWN puts VALUE_BLOCKs into *blocks (may be NULL). */
int mustache_fill(struct arena *, struct span text, int first_line,
    const struct value *const *data, size_t data_n, enum mustache_escape,
    mustache_partial_fn *, void *cookie, struct blocks *, struct span *out,
    struct err *);

#endif
