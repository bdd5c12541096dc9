/*
 * An arena: memory that is given back all at once.  Who gives the arena
 * decides how long its contents live; a function without an arena parameter
 * does not allocate.  Out of memory ends the process (exit 71): the open
 * transaction dies with it, and the next run starts clean.
 */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include <stddef.h>

#include "base/span.h"

struct arena_block;

struct arena {
	struct arena_block *block; /* newest first */
	size_t total_bytes;        /* held from libc */
};

/* Memory is taken from libc on first use. */
void arena_init(struct arena *);
/* Forgets the contents, keeps one block (poisoned under ASan). */
void arena_reset(struct arena *);
void arena_release(struct arena *);
/* Gives what all arenas have released back to the system. */
void arena_trim(void);

/*
 * One of many in a long loop: an arena of its own in place of this one, given
 * back by the second, which puts the first in its place again.
 */
struct arena arena_swap(struct arena *);
void arena_swap_back(struct arena *, struct arena kept);

/* Zeroed, aligned to 16 bytes; never NULL.  n may be 0. */
void *arena_alloc(struct arena *, size_t n);
/* Bytes that are not zeroed: for what is written over at once. */
char *arena_bytes(struct arena *, size_t n);
/* NUL-ended copies. */
char *arena_strdup(struct arena *, struct span);
struct span arena_span(struct arena *, struct span);
/* With ASCII letters in small. */
struct span arena_lower(struct arena *, struct span);
char *arena_printf(struct arena *, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));
struct span arena_spanf(struct arena *, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

#endif
