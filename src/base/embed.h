/*
 * Files that were built into the program: templates, surveys, phrases, the
 * schema, the sample settings.  Names are paths in the source tree, such as
 * "templates/en/intro-mentor.md".
 */
#ifndef BASE_EMBED_H
#define BASE_EMBED_H

#include <stdbool.h>

#include "base/span.h"

bool embed_find(const char *name, struct span *bytes);
/* The nth file (from 0) in order of names; false behind the last. */
bool embed_next(size_t nth, struct span *name, struct span *bytes);

#endif
