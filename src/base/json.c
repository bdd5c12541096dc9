/* A strict reader of JSON with a stack of its own. */
#include "base/json.h"

#include <math.h>
#include <string.h>

#include "base/num.h"
#include "base/utf8.h"

struct reader {
	struct arena *arena;
	struct span text;
	size_t at;
	struct value *open[JSON_DEPTH_MAX]; /* lists and objects around us */
	char *names[JSON_DEPTH_MAX];        /* the name read in each object */
	size_t depth;
	struct value *top;
	struct err *err;
};

static int
wrong(struct reader *r, const char *what)
{
	int line = 1, column = 1;

	for (size_t i = 0; i < r->at && i < r->text.n; i++) {
		column++;
		if (r->text.p[i] == '\n') {
			line++;
			column = 1;
		}
	}
	return err_set(r->err, ERR_ITEM, "%d:%d: %s", line, column, what);
}

static char
peek(const struct reader *r)
{
	return r->at < r->text.n ? r->text.p[r->at] : '\0';
}

static char
peek_past_blanks(struct reader *r)
{
	while (r->at < r->text.n && ascii_blank(r->text.p[r->at]))
		r->at++;
	return peek(r);
}

static int
read_hex4(struct reader *r, uint32_t *code)
{
	*code = 0;
	for (int i = 0; i < 4; i++, r->at++) {
		char c = ascii_lower(peek(r));

		if (ascii_digit(c))
			*code = *code * 16 + (uint32_t)(c - '0');
		else if (c >= 'a' && c <= 'f')
			*code = *code * 16 + (uint32_t)(c - 'a') + 10;
		else
			return wrong(r, "\\u needs four hexadecimal digits");
	}
	return 0;
}

/* Behind "\u"; a pair of surrogates is one character. */
static int
read_unicode(struct reader *r, struct str *out)
{
	uint32_t code, low;
	char buf[4];

	if (read_hex4(r, &code) < 0)
		return -1;
	if (code >= 0xd800 && code < 0xdc00) {
		if (peek(r) != '\\' || r->at + 1 >= r->text.n ||
		    r->text.p[r->at + 1] != 'u')
			return wrong(r, "half of a surrogate pair");
		r->at += 2;
		if (read_hex4(r, &low) < 0)
			return -1;
		if (low < 0xdc00 || low > 0xdfff)
			return wrong(r, "half of a surrogate pair");
		code = 0x10000 + ((code - 0xd800) << 10) + (low - 0xdc00);
	} else if (code >= 0xdc00 && code <= 0xdfff) {
		return wrong(r, "half of a surrogate pair");
	}
	if (code == 0)
		return wrong(r, "\\u0000 is no text");
	str_add(out, (struct span){buf, utf8_put(code, buf)});
	return 0;
}

static int
read_escape(struct reader *r, struct str *out)
{
	static const char from[] = "\"\\/bfnrt", to[] = "\"\\/\b\f\n\r\t";
	char c = peek(r);
	const char *hit = c != '\0' ? strchr(from, c) : NULL;

	if (c == 'u') {
		r->at++;
		return read_unicode(r, out);
	}
	if (hit == NULL)
		return wrong(r, "no such escape");
	str_addc(out, to[hit - from]);
	r->at++;
	return 0;
}

/* At the opening quote. */
static int
read_text(struct reader *r, struct span *out)
{
	struct str s;

	r->at++;
	str_init(&s, r->arena, r->text.n);
	for (;;) {
		size_t from = r->at;

		while (r->at < r->text.n && r->text.p[r->at] != '"' &&
		       r->text.p[r->at] != '\\' &&
		       (unsigned char)r->text.p[r->at] >= ' ')
			r->at++;
		str_add(&s, span_sub(r->text, from, r->at));
		if (r->at >= r->text.n)
			return wrong(r, "the text is not ended by \"");
		if (r->text.p[r->at] == '"')
			break;
		if (r->text.p[r->at] != '\\')
			return wrong(r, "a control character; write it as \\u");
		r->at++;
		if (read_escape(r, &s) < 0)
			return -1;
	}
	r->at++;
	*out = str_span(&s);
	return 0;
}

static size_t
digits(struct reader *r)
{
	size_t from = r->at;

	while (ascii_digit(peek(r)))
		r->at++;
	return r->at - from;
}

/* Digits, fraction and exponent have been checked; good to 15 digits. */
static double
real_of(struct span s)
{
	bool minus = s.p[0] == '-';
	double v = 0;
	int64_t exponent = 0, e;
	size_t i = minus ? 1 : 0;

	for (; i < s.n && ascii_digit(s.p[i]); i++)
		v = v * 10 + (s.p[i] - '0');
	if (i < s.n && s.p[i] == '.') {
		for (i++; i < s.n && ascii_digit(s.p[i]); i++, exponent--)
			v = v * 10 + (s.p[i] - '0');
	}
	if (i < s.n) {
		struct span tail = span_skip(s, i + 1);

		if (!num_int(tail, -100000, 100000, &e))
			e = tail.p[0] == '-' ? -100000 : 100000;
		exponent += e;
	}
	if (exponent < 0)
		v /= pow(10, (double)-exponent);
	else if (exponent > 0 && v > 0)
		v *= pow(10, (double)exponent);
	/* Minus nothing is written as nothing, so it is read as that. */
	return minus && v > 0 ? -v : v;
}

static int
read_number(struct reader *r, struct value **out)
{
	size_t from = r->at;
	bool whole = true;
	struct span s;
	int64_t n;

	if (peek(r) == '-')
		r->at++;
	if (peek(r) == '0')
		r->at++;
	else if (digits(r) == 0)
		return wrong(r, "a value was expected");
	if (peek(r) == '.') {
		whole = false;
		r->at++;
		if (digits(r) == 0)
			return wrong(r, "a digit was expected");
	}
	if (peek(r) == 'e' || peek(r) == 'E') {
		whole = false;
		r->at++;
		if (peek(r) == '+' || peek(r) == '-')
			r->at++;
		if (digits(r) == 0)
			return wrong(r, "a digit was expected");
	}
	s = span_sub(r->text, from, r->at);
	if (whole && num_int(s, INT64_MIN, INT64_MAX, &n))
		*out = value_int(r->arena, n);
	else
		*out = value_real(r->arena, real_of(s));
	if ((*out)->kind == VALUE_REAL && !isfinite((*out)->real))
		return wrong(r, "this number is too large");
	return 0;
}

static int
read_word(
    struct reader *r, const char *word, struct value *v, struct value **out)
{
	if (!span_starts(span_skip(r->text, r->at), word))
		return wrong(r, "a value was expected");
	r->at += strlen(word);
	*out = v;
	return 0;
}

/* A value, or the beginning of one; *opened: a list or object. */
static int
read_value(struct reader *r, struct value **out, bool *opened)
{
	char c = peek_past_blanks(r);
	struct span text;

	*opened = c == '[' || c == '{';
	switch (c) {
	case '[':
	case '{':
		if (r->depth == JSON_DEPTH_MAX)
			return wrong(r, "nested too deep");
		r->at++;
		*out = c == '[' ? value_list(r->arena) : value_object(r->arena);
		return 0;
	case '"':
		if (read_text(r, &text) < 0)
			return -1;
		*out = value_text(r->arena, text);
		return 0;
	case 't':
		return read_word(r, "true", value_bool(r->arena, true), out);
	case 'f':
		return read_word(r, "false", value_bool(r->arena, false), out);
	case 'n':
		return read_word(r, "null", value_null(r->arena), out);
	default:
		return read_number(r, out);
	}
}

/* "name": in the object that is open. */
static int
read_name(struct reader *r)
{
	struct span name;

	if (peek_past_blanks(r) != '"')
		return wrong(r, "a name in quotes was expected");
	if (read_text(r, &name) < 0)
		return -1;
	if (value_find(r->open[r->depth - 1], name) != NULL)
		return wrong(r, "this name was there before");
	r->names[r->depth - 1] = arena_strdup(r->arena, name);
	if (peek_past_blanks(r) != ':')
		return wrong(r, "\":\" was expected");
	r->at++;
	return 0;
}

static void
place(struct reader *r, struct value *v)
{
	struct value *in = r->depth > 0 ? r->open[r->depth - 1] : NULL;

	if (in == NULL)
		r->top = v;
	else if (in->kind == VALUE_LIST)
		value_push(r->arena, in, v);
	else
		value_set(r->arena, in, r->names[r->depth - 1], v);
}

/*
 * Behind a value: "," asks for another, a bracket closes what is open.
 * 1: another value follows, 0: the text is complete.
 */
static int
after_value(struct reader *r)
{
	while (r->depth > 0) {
		struct value *in = r->open[r->depth - 1];
		char c = peek_past_blanks(r);

		if (c == ',') {
			r->at++;
			if (in->kind == VALUE_OBJECT && read_name(r) < 0)
				return -1;
			return 1;
		}
		if (c != (in->kind == VALUE_LIST ? ']' : '}'))
			return wrong(r, in->kind == VALUE_LIST
					    ? "\",\" or \"]\" was expected"
					    : "\",\" or \"}\" was expected");
		r->at++;
		r->depth--;
	}
	peek_past_blanks(r);
	return r->at < r->text.n ? wrong(r, "something follows the end") : 0;
}

/* Behind "[" or "{": 1 when a value follows, 0 when it is empty. */
static int
open_value(struct reader *r, struct value *v)
{
	char c;

	r->open[r->depth++] = v;
	c = peek_past_blanks(r);
	if (c == (v->kind == VALUE_LIST ? ']' : '}'))
		return 0;
	if (v->kind == VALUE_OBJECT && read_name(r) < 0)
		return -1;
	return 1;
}

int
json_parse(
    struct arena *arena, struct span text, struct value **out, struct err *err)
{
	struct reader *r = arena_alloc(arena, sizeof(*r));
	int more = 1;

	*r = (struct reader){.arena = arena, .text = text, .err = err};
	if (!utf8_valid(text))
		return err_set(err, ERR_ITEM, "this is no UTF-8 text");
	while (more > 0) {
		struct value *v = NULL;
		bool opened = false;

		if (read_value(r, &v, &opened) < 0)
			return -1;
		place(r, v);
		more = opened ? open_value(r, v) : 0;
		if (more == 0)
			more = after_value(r);
	}
	if (more < 0)
		return -1;
	*out = r->top;
	return 0;
}
