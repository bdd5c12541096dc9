/*
 * JSON (RFC 8259) in, strictly: no comments, no trailing commas, no doubled
 * names, valid UTF-8.  Out: value_write_json.  The file is read without
 * recursion.
 */
#ifndef BASE_JSON_H
#define BASE_JSON_H

#include "base/arena.h"
#include "base/err.h"
#include "base/span.h"
#include "base/value.h"

enum {
	JSON_DEPTH_MAX = 64
};

/*
 * ERR_ITEM with "line:column: what".  A number without fraction and exponent
 * that fits is an INT, any other a REAL.  \u0000 is refused.
 */
int json_parse(
    struct arena *, struct span text, struct value **out, struct err *);

#endif
