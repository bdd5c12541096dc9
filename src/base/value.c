/* Trees of data and their JSON. */
#include "base/value.h"

#include <math.h>

#include "base/utf8.h"
#include "base/vec.h"

static struct value *
value_new(struct arena *a, enum value_kind kind)
{
	struct value *v = arena_alloc(a, sizeof(*v));

	v->kind = kind;
	return v;
}

struct value *
value_null(struct arena *a)
{
	return value_new(a, VALUE_NULL);
}

struct value *
value_bool(struct arena *a, bool truth)
{
	struct value *v = value_new(a, VALUE_BOOL);

	v->truth = truth;
	return v;
}

struct value *
value_int(struct arena *a, int64_t number)
{
	struct value *v = value_new(a, VALUE_INT);

	v->number = number;
	return v;
}

struct value *
value_real(struct arena *a, double real)
{
	struct value *v = value_new(a, VALUE_REAL);

	v->real = real;
	return v;
}

struct value *
value_text(struct arena *a, struct span text)
{
	struct value *v = value_new(a, VALUE_TEXT);

	v->text = arena_span(a, text);
	return v;
}

struct value *
value_textz(struct arena *a, const char *z)
{
	return value_text(a, span_of(z));
}

struct value *
value_block(struct arena *a, struct span text, struct span html)
{
	struct value *v = value_new(a, VALUE_BLOCK);

	v->text = arena_span(a, text);
	v->html = arena_span(a, html);
	return v;
}

struct value *
value_list(struct arena *a)
{
	return value_new(a, VALUE_LIST);
}

struct value *
value_object(struct arena *a)
{
	return value_new(a, VALUE_OBJECT);
}

struct value *
value_push(struct arena *a, struct value *list, struct value *item)
{
	vec_room(a, &list->items, list->n, sizeof(*list->items));
	list->items[list->n++] = item;
	return item;
}

struct value *
value_set(
    struct arena *a, struct value *object, const char *name, struct value *v)
{
	for (size_t i = 0; i < object->n; i++) {
		if (span_is(object->names[i], name)) {
			object->items[i] = v;
			return v;
		}
	}
	vec_room(a, &object->items, object->n, sizeof(*object->items));
	vec_room(a, &object->names, object->n, sizeof(*object->names));
	object->names[object->n] = arena_span(a, span_of(name));
	object->items[object->n++] = v;
	return v;
}

void
value_set_text(
    struct arena *a, struct value *object, const char *name, struct span s)
{
	value_set(a, object, name, value_text(a, s));
}

void
value_set_textz(
    struct arena *a, struct value *object, const char *name, const char *z)
{
	value_set(a, object, name, value_textz(a, z));
}

void
value_set_int(
    struct arena *a, struct value *object, const char *name, int64_t n)
{
	value_set(a, object, name, value_int(a, n));
}

void
value_set_bool(
    struct arena *a, struct value *object, const char *name, bool truth)
{
	value_set(a, object, name, value_bool(a, truth));
}

const struct value *
value_find(const struct value *object, struct span name)
{
	if (object == NULL || object->kind != VALUE_OBJECT)
		return NULL;
	for (size_t i = 0; i < object->n; i++)
		if (span_eq(object->names[i], name))
			return object->items[i];
	return NULL;
}

bool
value_is_true(const struct value *v)
{
	if (v == NULL)
		return false;
	switch (v->kind) {
	case VALUE_NULL:
		return false;
	case VALUE_BOOL:
		return v->truth;
	case VALUE_TEXT:
	case VALUE_BLOCK:
		return v->text.n > 0;
	case VALUE_LIST:
		return v->n > 0;
	case VALUE_INT:
	case VALUE_REAL:
	case VALUE_OBJECT:
		return true;
	}
	return false;
}

void
json_write_text(struct span s, struct str *out)
{
	char buf[4];
	uint32_t c;
	size_t n;

	str_addc(out, '"');
	for (; (n = utf8_next(s, &c)) > 0; s = span_skip(s, n)) {
		if (c == '"' || c == '\\') {
			str_addc(out, '\\');
			str_addc(out, (char)c);
		} else if (c == '\n') {
			str_addz(out, "\\n");
		} else if (c == '\t') {
			str_addz(out, "\\t");
		} else if (c < 0x20 || c == 0x7f) {
			str_addf(out, "\\u%04x", c);
		} else {
			str_add(out, (struct span){buf, utf8_put(c, buf)});
		}
	}
	str_addc(out, '"');
}

static void
write_real(double real, struct str *out)
{
	if (isfinite(real))
		str_addf(out, "%.10g", real);
	else
		str_addz(out, "null");
}

static void
newline(struct str *out, int indent)
{
	if (indent >= 0) {
		str_addc(out, '\n');
		str_fill(out, ' ', (size_t)indent * 2);
	}
}

/* Recursion is bounded: we build these trees ourselves, a few levels deep. */
static void
write_value(const struct value *v, struct str *out, int indent)
{
	int inner = indent < 0 ? -1 : indent + 1;
	bool object = v->kind == VALUE_OBJECT;

	switch (v->kind) {
	case VALUE_NULL:
		str_addz(out, "null");
		return;
	case VALUE_BOOL:
		str_addz(out, v->truth ? "true" : "false");
		return;
	case VALUE_INT:
		str_addf(out, "%lld", (long long)v->number);
		return;
	case VALUE_REAL:
		write_real(v->real, out);
		return;
	case VALUE_TEXT:
	case VALUE_BLOCK:
		json_write_text(v->text, out);
		return;
	case VALUE_LIST:
	case VALUE_OBJECT:
		break;
	}
	str_addc(out, object ? '{' : '[');
	for (size_t i = 0; i < v->n; i++) {
		if (i > 0)
			str_addc(out, ',');
		newline(out, inner);
		if (object) {
			json_write_text(v->names[i], out);
			str_addz(out, indent < 0 ? ":" : ": ");
		}
		write_value(v->items[i], out, inner);
	}
	if (v->n > 0)
		newline(out, indent);
	str_addc(out, object ? '}' : ']');
}

void
value_write_json(const struct value *v, struct str *out)
{
	write_value(v, out, -1);
}

void
value_write_json_pretty(const struct value *v, struct str *out)
{
	write_value(v, out, 0);
	str_addc(out, '\n');
}
