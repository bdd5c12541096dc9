/*
 * Golden tests: each tests/golden/AREA/NAME.in goes through a function, and
 * what comes out must equal NAME.want to the byte.  UPDATE=1 rewrites the
 * wanted files; the difference is read by a person before it is committed.
 */
#ifndef GOLDEN_H
#define GOLDEN_H

#include "base/arena.h"
#include "base/span.h"
#include "base/str.h"

/* `path` is the .in file, for a case that keeps more files beside it. */
typedef void golden_fn(
    struct arena *, const char *path, struct span in, struct str *out);

/* The main of one area; returns the exit code.  Prints TAP. */
int golden_main(const char *area, golden_fn *fn);

#endif
