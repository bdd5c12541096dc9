/* A password or a token from the command that the settings name. */
#ifndef BASE_SECRET_H
#define BASE_SECRET_H

#include "base/arena.h"
#include "base/err.h"
#include "base/span.h"

/*
 * The first line that the command of this line prints: a password or a
 * token.  ERR_STOP (77) when it fails or prints nothing; its output is never
 * part of the error.
 */
int command_secret(
    struct arena *, struct span line, struct span *out, struct err *);

#endif
