/* Inside of tmpl: lines of plain text. */
#ifndef TMPL_TEXT_INT_H
#define TMPL_TEXT_INT_H

#include "base/str.h"
#include "tmpl/tmpl.h"

struct cell {
	struct span text;
	bool right;
};

/*
 * Words of `text` on lines of at most `columns`, the first behind `first`, the
 * others behind `rest`; LF in the text ends a line.  A longer word has a line
 * of its own.
 */
void text_wrap(struct str *out, struct span text, size_t columns,
    struct span first, struct span rest);
/* head_n cells of the head, then the rows; ends with LF. */
void text_table(struct arena *, struct str *out, const struct cell *cells,
    size_t cells_n, size_t head_n, size_t columns, struct span prefix);
/* Takes the line without blanks at its right end. */
void text_line(struct str *out, struct span prefix, struct span line);

#endif
