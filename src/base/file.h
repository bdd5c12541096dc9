/* Whole files in and out, locks, permissions. */
#ifndef BASE_FILE_H
#define BASE_FILE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/span.h"

/* The whole file; larger than the limit is an error.  "-" reads stdin. */
int file_read(struct arena *, const char *path, size_t limit_bytes,
    struct span *out, struct err *);
/*
 * All or nothing: written beside, synced if durable, renamed, folder synced.
 * Mode 0600.
 */
int file_write(
    const char *path, struct span bytes, bool durable, struct err *);
bool file_exists(const char *path);
bool file_is_dir(const char *path);
/* mkdir -p with mode 0700. */
int file_make_dir(const char *path, struct err *);
/*
 * NULL when the file belongs to us and nobody else can read it, else what is
 * wrong and the remedy.
 */
const char *file_check_private(struct arena *, const char *path);
/* fsync of a folder, so that a rename in it lasts. */
int file_sync_dir(const char *path, struct err *);
/*
 * A lock that dies with the process.  1 taken (*fd stays open), 0 another
 * holds it.
 */
int file_lock(const char *path, int *fd, struct err *);
/* "dir/name", or name alone when it is absolute or dir is empty. */
char *file_join(struct arena *, const char *dir, const char *name);
/* The folder a path lies in; "." when it names none. */
char *file_dir(struct arena *, const char *path);
/* True on a network file system, where SQLite's WAL must not be used. */
bool file_is_remote(const char *path);

#endif
