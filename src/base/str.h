/*
 * struct str: text being built in an arena.  Always NUL-ended; never longer
 * than its maximum.  What does not fit is dropped and `cut` is set, so a
 * caller that cares checks once at the end instead of at each step.
 */
#ifndef BASE_STR_H
#define BASE_STR_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/span.h"

struct str {
	char *p;
	size_t n;
	size_t cap, max;
	bool cut;
	struct arena *arena;
};

void str_init(struct str *, struct arena *, size_t max_bytes);
/* Room for n more bytes at once, for what is known to become long. */
void str_reserve(struct str *, size_t n);
void str_add(struct str *, struct span);
void str_addz(struct str *, const char *z);
static inline void
str_addc(struct str *s, char c)
{
	if (s->n + 1 < s->cap && s->n < s->max) {
		s->p[s->n++] = c;
		s->p[s->n] = '\0';
	} else
		str_add(s, (struct span){&c, 1});
}
/* As text of HTML or value of an attribute: < > & and quotes escaped. */
void str_add_html(struct str *, struct span);
/* As a part of a URL: %XX but for letters, digits and "-._". */
void str_add_percent(struct str *, struct span);
/* The same byte n times. */
void str_fill(struct str *, char c, size_t n);
void str_addf(struct str *, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));
/* Forgets all behind the first n bytes. */
void str_truncate(struct str *, size_t n);
struct span str_span(const struct str *);

#endif
