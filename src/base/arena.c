/*
 * Blocks in a list, the newest in use.  A request larger than a block gets a
 * block of its own, so one big mail does not make every later block big.
 */
#include "base/arena.h"

#include <malloc.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define __SANITIZE_ADDRESS__ 1
#endif
#endif
#ifdef __SANITIZE_ADDRESS__
#include <sanitizer/asan_interface.h>
#define POISON(p, n)   __asan_poison_memory_region((p), (n))
#define UNPOISON(p, n) __asan_unpoison_memory_region((p), (n))
#else
#define POISON(p, n)   ((void)(p), (void)(n))
#define UNPOISON(p, n) ((void)(p), (void)(n))
#endif

enum {
	BLOCK_BYTES = 64 * 1024,
	ALIGN = 16,
};

struct arena_block {
	struct arena_block *older;
	size_t size, used;
	_Alignas(ALIGN) char data[];
};

void
arena_init(struct arena *a)
{
	*a = (struct arena){0};
}

static void
block_free(struct arena *a, struct arena_block *b)
{
	a->total_bytes -= b->size;
	UNPOISON(b->data, b->size);
	free(b);
}

void
arena_reset(struct arena *a)
{
	struct arena_block *keep = NULL, *b, *older;

	for (b = a->block; b != NULL; b = older) {
		older = b->older;
		if (keep == NULL && b->size == BLOCK_BYTES)
			keep = b;
		else
			block_free(a, b);
	}
	a->block = keep;
	if (keep != NULL) {
		keep->older = NULL;
		keep->used = 0;
		POISON(keep->data, keep->size);
	}
}

struct arena
arena_swap(struct arena *a)
{
	struct arena kept = *a;

	arena_init(a);
	return kept;
}

void
arena_swap_back(struct arena *a, struct arena kept)
{
	arena_release(a);
	*a = kept;
}

void
arena_release(struct arena *a)
{
	struct arena_block *b, *older;

	for (b = a->block; b != NULL; b = older) {
		older = b->older;
		block_free(a, b);
	}
	*a = (struct arena){0};
}

void
arena_trim(void)
{
	malloc_trim(0);
}

static void
out_of_memory(void)
{
	static const char text[] = "rmail: out of memory\n";

	if (write(STDERR_FILENO, text, sizeof(text) - 1) < 0)
		_exit(EX_OSERR);
	_exit(EX_OSERR);
}

static struct arena_block *
block_new(struct arena *a, size_t need)
{
	size_t size = need > BLOCK_BYTES ? need : BLOCK_BYTES;
	struct arena_block *b = NULL;

	if (size <= SIZE_MAX / 2)
		b = malloc(sizeof(*b) + size);
	if (b == NULL)
		out_of_memory();
	b->size = size;
	b->used = 0;
	a->total_bytes += size;
	/* An oversized block goes behind, so the current one stays in use. */
	if (a->block != NULL && size > BLOCK_BYTES) {
		b->older = a->block->older;
		a->block->older = b;
	} else {
		b->older = a->block;
		a->block = b;
	}
	POISON(b->data, b->size);
	return b;
}

char *
arena_bytes(struct arena *a, size_t n)
{
	struct arena_block *b = a->block;
	char *p;

	if (n > SIZE_MAX - ALIGN)
		out_of_memory();
	n = (n + ALIGN - 1) & ~(size_t)(ALIGN - 1);
	if (n == 0)
		n = ALIGN;
	if (b == NULL || b->size - b->used < n)
		b = block_new(a, n);
	p = b->data + b->used;
	b->used += n;
	UNPOISON(p, n);
	return p;
}

void *
arena_alloc(struct arena *a, size_t n)
{
	return memset(arena_bytes(a, n), 0, n);
}

char *
arena_strdup(struct arena *a, struct span s)
{
	char *p = arena_bytes(a, s.n + 1);

	if (s.n > 0)
		memcpy(p, s.p, s.n);
	p[s.n] = '\0';
	return p;
}

struct span
arena_span(struct arena *a, struct span s)
{
	return (struct span){arena_strdup(a, s), s.n};
}

struct span
arena_lower(struct arena *a, struct span s)
{
	char *p = arena_strdup(a, s);

	for (size_t i = 0; i < s.n; i++)
		p[i] = ascii_lower(p[i]);
	return (struct span){p, s.n};
}

static struct span
arena_vspanf(struct arena *a, const char *fmt, va_list ap)
{
	va_list again;
	char *p;
	int n;

	va_copy(again, ap);
	n = vsnprintf(NULL, 0, fmt, again);
	va_end(again);
	if (n < 0)
		n = 0;
	p = arena_bytes(a, (size_t)n + 1);
	vsnprintf(p, (size_t)n + 1, fmt, ap);
	return (struct span){p, (size_t)n};
}

char *
arena_printf(struct arena *a, const char *fmt, ...)
{
	struct span s;
	va_list ap;

	va_start(ap, fmt);
	s = arena_vspanf(a, fmt, ap);
	va_end(ap);
	return (char *)s.p;
}

struct span
arena_spanf(struct arena *a, const char *fmt, ...)
{
	struct span s;
	va_list ap;

	va_start(ap, fmt);
	s = arena_vspanf(a, fmt, ap);
	va_end(ap);
	return s;
}
