/* Inside of tmpl: what the two ways out of Markdown share. */
#ifndef TMPL_MARKDOWN_INT_H
#define TMPL_MARKDOWN_INT_H

#include <md4c.h>
#include <stdint.h>

#include "base/str.h"
#include "tmpl/mustache_int.h"

/* Tables yes; HTML, and code by indentation, no. */
#define MARKDOWN_FLAGS                                                    \
	(MD_FLAG_TABLES | MD_FLAG_NOHTML | MD_FLAG_NOINDENTEDCODEBLOCKS | \
	    MD_FLAG_COLLAPSEWHITESPACE)

/* The number of the ready block that this character stands for, or -1. */
int opaque_block(uint32_t code, const struct blocks *);
/* The block that is all there is in this text, or NULL. */
const struct value *block_alone(struct span, const struct blocks *);
/* Text with its opaque characters and blocks made plain. */
void opaque_text(struct span, const struct blocks *, struct str *out);
/* The same for HTML. */
void opaque_html(struct span, const struct blocks *, struct str *out);
/* "&amp;", "&#8364;" as text; an unknown name stays as it is. */
void entity_text(struct span, struct str *out);
/*
 * A link's target, ready for use, or empty when its scheme is none of http,
 * https, mailto.  A value inside a target that the template wrote is
 * percent-encoded; a value that is the whole target keeps its structure.
 */
struct span link_target(struct arena *, const MD_ATTRIBUTE *);
/* The word of a one-tap answer, "reply:yes"; "" when the link is no such. */
struct span tap_word(struct arena *, const MD_ATTRIBUTE *);
/* The mailto: link that says it; "" when there is nowhere to send it. */
struct span tap_target(struct arena *, const struct taps *, struct span word);

struct span markdown_text_blocks(struct arena *, struct span markdown,
    size_t columns, const struct blocks *);
struct span markdown_html_blocks(struct arena *, struct span markdown,
    struct span accent, const struct blocks *, const struct taps *);

#endif
