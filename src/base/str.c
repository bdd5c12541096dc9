/* Text builders. */
#include "base/str.h"

#include <stdio.h>
#include <string.h>

void
str_init(struct str *s, struct arena *arena, size_t max_bytes)
{
	*s = (struct str){.arena = arena, .max = max_bytes};
	s->cap = 64;
	s->p = arena_alloc(arena, s->cap);
}

/* Room for n more bytes and the NUL, or as many as the maximum allows. */
static size_t
room(struct str *s, size_t n)
{
	size_t cap;
	char *p;

	if (n > s->max - s->n) {
		n = s->max - s->n;
		s->cut = true;
	}
	if (s->n + n + 1 > s->cap) {
		cap = s->cap * 2;
		if (cap < s->n + n + 1)
			cap = s->n + n + 1;
		p = arena_bytes(s->arena, cap);
		memcpy(p, s->p, s->n + 1);
		s->p = p;
		s->cap = cap;
	}
	return n;
}

void
str_reserve(struct str *s, size_t n)
{
	bool cut = s->cut;

	room(s, n);
	s->cut = cut;
}

void
str_add(struct str *s, struct span t)
{
	size_t n = room(s, t.n);

	if (n > 0)
		memcpy(s->p + s->n, t.p, n);
	s->n += n;
	s->p[s->n] = '\0';
}

void
str_addz(struct str *s, const char *z)
{
	str_add(s, span_of(z));
}

void
str_add_html(struct str *out, struct span s)
{
	for (size_t i = 0; i < s.n; i++) {
		switch (s.p[i]) {
		case '&':
			str_addz(out, "&amp;");
			break;
		case '<':
			str_addz(out, "&lt;");
			break;
		case '>':
			str_addz(out, "&gt;");
			break;
		case '"':
			str_addz(out, "&quot;");
			break;
		case '\'':
			str_addz(out, "&#39;");
			break;
		default:
			str_addc(out, s.p[i]);
		}
	}
}

void
str_add_percent(struct str *out, struct span text)
{
	for (size_t i = 0; i < text.n; i++) {
		unsigned char c = (unsigned char)text.p[i];

		if (ascii_alnum((char)c) || c == '-' || c == '.' || c == '_')
			str_addc(out, (char)c);
		else
			str_addf(out, "%%%02X", c);
	}
}

void
str_fill(struct str *s, char c, size_t n)
{
	n = room(s, n);
	memset(s->p + s->n, c, n);
	s->n += n;
	s->p[s->n] = '\0';
}

void
str_addf(struct str *s, const char *fmt, ...)
{
	char small[256];
	va_list ap;
	size_t got;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(small, sizeof(small), fmt, ap);
	va_end(ap);
	if (n < 0)
		return;
	if ((size_t)n < sizeof(small)) {
		str_add(s, (struct span){small, (size_t)n});
		return;
	}
	got = room(s, (size_t)n);
	va_start(ap, fmt);
	vsnprintf(s->p + s->n, got + 1, fmt, ap);
	va_end(ap);
	s->n += got;
}

void
str_truncate(struct str *s, size_t n)
{
	if (n < s->n) {
		s->n = n;
		s->p[n] = '\0';
	}
}

struct span
str_span(const struct str *s)
{
	return (struct span){s->p, s->n};
}
