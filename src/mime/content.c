/*
 * Content-Type and Content-Disposition with their parameters, read the way
 * mail programs write them: a missing ";", blanks in a name without quotes,
 * RFC 2231 pieces and charsets, encoded words where none belong.
 */
#include <string.h>

#include "base/num.h"
#include "base/str.h"
#include "base/utf8.h"
#include "base/vec.h"
#include "mime/mime_int.h"

enum {
	PIECES_MAX = 64,
	PARAMS_MAX = 64,
	VALUE_MAX = 4096,
};

/* A parameter before its pieces are put together. */
struct piece {
	struct span name; /* without *0* */
	struct span value;
	int64_t number; /* of name*N, or -1 */
	bool encoded;   /* name*: %XX, and a charset in the first piece */
};

/* Skips blanks and comments. */
static void
skip_blank(struct span *s)
{
	int depth = 0;
	size_t i;

	for (i = 0; i < s->n; i++) {
		char c = s->p[i];

		if (c == '(')
			depth++;
		else if (c == ')' && depth > 0)
			depth--;
		else if (depth == 0 && !ascii_blank(c))
			break;
	}
	*s = span_skip(*s, i);
}

/* "a\"b" from its first quote on; the closing one may be missing. */
static struct span
take_quoted(struct arena *arena, struct span *s)
{
	char *p = arena_alloc(arena, s->n + 1);
	size_t n = 0, i;

	for (i = 1; i < s->n && s->p[i] != '"'; i++) {
		/* Windows paths: a backslash before a letter is no escape. */
		if (s->p[i] == '\\' && i + 1 < s->n &&
		    (s->p[i + 1] == '"' || s->p[i + 1] == '\\'))
			i++;
		p[n++] = s->p[i];
	}
	*s = span_skip(*s, i + 1);
	return (struct span){p, n};
}

static struct span
take_value(struct arena *arena, struct span *s)
{
	struct span value;
	size_t i = 0;

	skip_blank(s);
	if (s->n > 0 && s->p[0] == '"')
		return take_quoted(arena, s);
	while (i < s->n && s->p[i] != ';')
		i++;
	value = span_trim(span_sub(*s, 0, i));
	*s = span_skip(*s, i);
	return value;
}

/* One "name=value"; false when nothing more is there. */
static bool
take_piece(struct arena *arena, struct span *s, struct piece *out)
{
	struct span name;
	size_t i, star;

	for (;;) {
		skip_blank(s);
		if (s->n == 0)
			return false;
		if (s->p[0] == ';' || s->p[0] == ',') {
			*s = span_skip(*s, 1);
			continue;
		}
		i = 0;
		while (i < s->n && s->p[i] != '=' && s->p[i] != ';')
			i++;
		if (i < s->n && s->p[i] == '=')
			break;
		*s = span_skip(*s, i + 1); /* a word without a value */
	}
	name = span_trim(span_sub(*s, 0, i));
	*s = span_skip(*s, i + 1);
	*out = (struct piece){.number = -1};
	out->value = span_sub(take_value(arena, s), 0, VALUE_MAX);
	if (name.n > 1 && name.p[name.n - 1] == '*') {
		out->encoded = true;
		name.n--;
	}
	star = span_findc(name, '*');
	if (star < name.n) {
		if (!num_int(
			span_skip(name, star + 1), 0, PIECES_MAX, &out->number))
			out->number = -1;
		name = span_sub(name, 0, star);
	}
	out->name = arena_lower(arena, name);
	return true;
}

static void
add_percent(struct str *out, struct span s)
{
	for (size_t i = 0; i < s.n; i++) {
		int high =
		    i + 2 < s.n && s.p[i] == '%' ? scan_hex(s.p[i + 1]) : -1;
		int low = high >= 0 ? scan_hex(s.p[i + 2]) : -1;

		if (low < 0) {
			str_addc(out, s.p[i]);
			continue;
		}
		str_addc(out, (char)(high << 4 | low));
		i += 2;
	}
}

/* RFC 2231 4: takes "charset'language'" off the front. */
static struct span
take_charset(struct span *s)
{
	size_t first = span_findc(*s, '\'');
	struct span charset = span_sub(*s, 0, first), rest;
	size_t second;

	if (first == s->n)
		return SPAN("");
	rest = span_skip(*s, first + 1);
	second = span_findc(rest, '\'');
	if (second == rest.n)
		return SPAN("");
	*s = span_skip(rest, second + 1);
	return charset;
}

/* All pieces of one name, in the order of their numbers. */
static struct span
join(struct arena *arena, const struct piece *pieces, uint32_t n,
    struct span name)
{
	struct span charset = SPAN("");
	bool encoded = false;
	struct str s;

	str_init(&s, arena, VALUE_MAX);
	for (int64_t number = -1; number <= PIECES_MAX; number++) {
		bool found = false;

		for (uint32_t i = 0; i < n && !found; i++) {
			struct span value = pieces[i].value;

			if (pieces[i].number != number ||
			    !span_eq(pieces[i].name, name))
				continue;
			found = true;
			if (!pieces[i].encoded) {
				str_add(&s, value);
				continue;
			}
			if (number <= 0) {
				charset = take_charset(&value);
				encoded = true;
			}
			add_percent(&s, value);
		}
		if ((number == -1 && found) || (number >= 0 && !found))
			break;
	}
	if (encoded)
		return charset_clean(
		    arena, charset_text(arena, str_span(&s), charset), true);
	return word_decode(arena, str_span(&s));
}

static bool
has_param(const struct content *c, struct span name)
{
	for (uint32_t i = 0; i < c->n; i++)
		if (span_eq(c->params[i].name, name))
			return true;
	return false;
}

void
content_parse(struct arena *arena, struct span value, struct content *out)
{
	struct piece *pieces = NULL;
	uint32_t n = 0;
	size_t i = 0;

	*out = (struct content){.type = SPAN("")};
	skip_blank(&value);
	/* "multipart/mixed boundary=x": the ";" may be missing. */
	while (i < value.n && value.p[i] != ';' && value.p[i] != '(' &&
	       !ascii_blank(value.p[i]))
		i++;
	out->type = arena_lower(arena, span_sub(value, 0, i));
	value = span_skip(value, i);
	while (n < PARAMS_MAX) {
		if (!vec_room(arena, &pieces, n, sizeof(*pieces)) ||
		    !take_piece(arena, &value, &pieces[n]))
			break;
		n++;
	}
	for (uint32_t k = 0; k < n; k++) {
		struct content_param p = {.name = pieces[k].name};

		if (has_param(out, p.name))
			continue;
		p.value = join(arena, pieces, n, p.name);
		if (vec_room(arena, &out->params, out->n, sizeof(p)))
			out->params[out->n++] = p;
	}
}

struct span
content_param(const struct content *c, const char *name)
{
	for (uint32_t i = 0; i < c->n; i++)
		if (span_is(c->params[i].name, name))
			return c->params[i].value;
	return SPAN("");
}
