/*
 * A tree of data: what templates are filled with, and what --json prints.
 * Values live in arenas and are never changed once handed on.
 */
#ifndef BASE_VALUE_H
#define BASE_VALUE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/span.h"
#include "base/str.h"

enum value_kind {
	VALUE_NULL,
	VALUE_BOOL,
	VALUE_INT,
	VALUE_REAL,
	VALUE_TEXT,  /* escaped by where it lands */
	VALUE_BLOCK, /* ready text and ready HTML: a form, a table, a chart */
	VALUE_LIST,
	VALUE_OBJECT,
};

struct value {
	enum value_kind kind;
	bool truth;
	int64_t number;
	double real;
	struct span text; /* TEXT; BLOCK: its plain text */
	struct span html; /* BLOCK: its HTML */
	struct value **items;
	struct span *names; /* OBJECT: parallel to items */
	size_t n;
};

struct value *value_null(struct arena *);
struct value *value_bool(struct arena *, bool);
struct value *value_int(struct arena *, int64_t);
struct value *value_real(struct arena *, double);
/* Text is copied. */
struct value *value_text(struct arena *, struct span);
struct value *value_textz(struct arena *, const char *);
struct value *value_block(
    struct arena *, struct span text, struct span html);
struct value *value_list(struct arena *);
struct value *value_object(struct arena *);
/* Appends; returns the item. */
struct value *value_push(
    struct arena *, struct value *list, struct value *item);
/* Sets or replaces; the name is copied; returns the item. */
struct value *value_set(
    struct arena *, struct value *object, const char *name, struct value *);
/* Shorthands for value_set with a new value. */
void value_set_text(
    struct arena *, struct value *object, const char *name, struct span);
void value_set_textz(
    struct arena *, struct value *object, const char *name, const char *);
void value_set_int(
    struct arena *, struct value *object, const char *name, int64_t);
void value_set_bool(
    struct arena *, struct value *object, const char *name, bool);
/* NULL when there is none. */
const struct value *value_find(const struct value *object, struct span name);
/* Mustache's truth: not null, not false, not an empty list or text. */
bool value_is_true(const struct value *);

/* RFC 8259, one line; invalid UTF-8 is replaced.  BLOCK writes its text. */
void value_write_json(const struct value *, struct str *out);
/* The same indented by two blanks, for people. */
void value_write_json_pretty(const struct value *, struct str *out);
/* A JSON string with its quotes. */
void json_write_text(struct span, struct str *out);

#endif
