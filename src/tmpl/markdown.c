/* What the two ways out of Markdown share: opaque values, link targets. */
#include "tmpl/markdown_int.h"

#include <string.h>

#include "base/limits.h"
#include "base/num.h"
#include "base/utf8.h"

enum {
	TARGET_MAX = 4096
};

int
opaque_block(uint32_t code, const struct blocks *blocks)
{
	if (blocks == NULL || code < OPAQUE_BLOCK ||
	    code - OPAQUE_BLOCK >= blocks->n)
		return -1;
	return (int)(code - OPAQUE_BLOCK);
}

const struct value *
block_alone(struct span s, const struct blocks *blocks)
{
	uint32_t code;
	int block;

	s = span_trim(s);
	if (s.n == 0 || utf8_next(s, &code) != s.n)
		return NULL;
	block = opaque_block(code, blocks);
	return block < 0 ? NULL : blocks->v[block];
}

static bool
is_opaque_byte(uint32_t code)
{
	return code >= OPAQUE_BYTE && code < OPAQUE_BYTE + 0x80;
}

/* Nothing of ours is ASCII. */
static size_t
ascii_run(struct span s)
{
	size_t i = 0;

	while (i < s.n && (unsigned char)s.p[i] < 0x80)
		i++;
	return i;
}

void
opaque_text(struct span s, const struct blocks *blocks, struct str *out)
{
	uint32_t code;
	size_t n;

	for (;; s = span_skip(s, n)) {
		size_t run = ascii_run(s);
		int block;

		str_add(out, span_sub(s, 0, run));
		s = span_skip(s, run);
		n = utf8_next(s, &code);
		if (n == 0)
			break;
		block = opaque_block(code, blocks);
		if (block >= 0)
			str_add(out, span_trim(blocks->v[block]->text));
		else if (is_opaque_byte(code))
			str_addc(out, (char)(code - OPAQUE_BYTE));
		else
			str_add(out, span_sub(s, 0, n));
	}
}

enum {
	LONG_WORD = 30 /* letters that fit beside each other on a phone */
};

/* In a word without end the line may break, and a copy does not show it. */
void
opaque_html(struct span s, const struct blocks *blocks, struct str *out)
{
	uint32_t code;
	size_t n, run = 0;

	for (; (n = utf8_next(s, &code)) > 0; s = span_skip(s, n)) {
		int block = opaque_block(code, blocks);
		char c = (char)(code - OPAQUE_BYTE);

		run = code == ' ' || code == '\n' || c == ' ' || c == '\n' ||
			      block >= 0
			  ? 0
			  : run + 1;
		if (run > LONG_WORD) {
			str_addz(out, "<wbr>");
			run = 1;
		}
		if (block >= 0)
			str_add(out, blocks->v[block]->html);
		else if (code == OPAQUE_BYTE + '\n')
			str_addz(out, "<br>");
		else if (is_opaque_byte(code))
			str_add_html(out, (struct span){&c, 1});
		else
			str_add_html(out, span_sub(s, 0, n));
	}
}

static uint32_t
hex_code(struct span s)
{
	uint32_t v = 0;

	for (size_t i = 0; i < s.n && v <= 0x10ffff; i++) {
		int digit = ascii_hex(s.p[i]);

		if (digit < 0)
			return 0;
		v = v * 16 + (uint32_t)digit;
	}
	return v;
}

/* The character of an entity, or 0. */
static uint32_t
entity_code(struct span s)
{
	static const struct {
		const char *name;
		uint32_t code;
	} named[] = {
	    {"&amp;", '&'},
	    {"&lt;", '<'},
	    {"&gt;", '>'},
	    {"&quot;", '"'},
	    {"&apos;", '\''},
	    {"&nbsp;", 0xa0},
	    {"&shy;", 0xad},
	    {"&copy;", 0xa9},
	    {"&middot;", 0xb7},
	    {"&ndash;", 0x2013},
	    {"&mdash;", 0x2014},
	    {"&hellip;", 0x2026},
	    {"&euro;", 0x20ac},
	    {"&larr;", 0x2190},
	    {"&rarr;", 0x2192},
	    {"&auml;", 0xe4},
	    {"&ouml;", 0xf6},
	    {"&uuml;", 0xfc},
	    {"&Auml;", 0xc4},
	    {"&Ouml;", 0xd6},
	    {"&Uuml;", 0xdc},
	    {"&szlig;", 0xdf},
	};
	int64_t n = 0;

	for (size_t i = 0; i < sizeof(named) / sizeof(named[0]); i++)
		if (span_is(s, named[i].name))
			return named[i].code;
	if (span_casestarts(s, "&#x"))
		n = hex_code(span_sub(s, 3, s.n - 1));
	else if (span_starts(s, "&#") &&
		 !num_int(span_sub(s, 2, s.n - 1), 1, 0x10ffff, &n))
		n = 0;
	/* Controls, surrogates and our own private characters are none. */
	if (n < 0x20 || n == 0x7f || (n >= 0xd800 && n < 0xe000) ||
	    n >= OPAQUE_BYTE)
		return 0;
	return (uint32_t)n;
}

void
entity_text(struct span s, struct str *out)
{
	uint32_t code = entity_code(s);
	char buf[4];

	if (code == 0)
		str_add(out, s);
	else
		str_add(out, (struct span){buf, utf8_put(code, buf)});
}

static void
add_percent(struct str *out, char c)
{
	str_addf(out, "%%%02X", (unsigned)(unsigned char)c);
}

/* Bytes that may stand in any target as they are. */
static bool
is_target(char c)
{
	return ascii_alnum(c) ||
	       (c != '\0' && strchr("-._~:/?#@!$&*+,;=%", c) != NULL);
}

/*
 * `whole`: still inside a value that began the target with "scheme:"; `query`
 * is set by the first "?" of the template.
 */
struct target {
	struct str out;
	bool begun, whole, query;
};

static void
target_char(struct target *t, uint32_t code, struct span raw)
{
	bool value = is_opaque_byte(code);
	char c = value ? (char)(code - OPAQUE_BYTE) : raw.p[0];

	if (code >= OPAQUE_BYTE && !value)
		return; /* a block is no target */
	if (code >= 0x80 && !value) {
		for (size_t i = 0; i < raw.n; i++)
			add_percent(&t->out, raw.p[i]);
		return;
	}
	if (!ascii_alnum(c) && !t->begun) {
		t->begun = true;
		t->whole = value && c == ':';
	}
	if (!value && !ascii_alnum(c))
		t->whole = false;
	if (!value && c == '?')
		t->query = true;
	if (is_target(c) && (!value || t->whole || strchr("-._~@", c) != NULL ||
				(c == '+' && !t->query) || ascii_alnum(c)))
		str_addc(&t->out, c);
	else
		add_percent(&t->out, c);
}

static bool
scheme_ok(struct span s)
{
	return span_casestarts(s, "https://") ||
	       span_casestarts(s, "http://") || span_casestarts(s, "mailto:");
}

/* A link's target as text, values and all. */
static struct span
target_text(struct arena *arena, const MD_ATTRIBUTE *a)
{
	struct span all = {a->text, a->size};
	struct str raw, out;

	str_init(&raw, arena, TARGET_MAX);
	for (size_t i = 0; a->size > 0 && a->substr_offsets[i] < a->size; i++) {
		struct span s = span_sub(
		    all, a->substr_offsets[i], a->substr_offsets[i + 1]);

		if (a->substr_types[i] == MD_TEXT_ENTITY)
			entity_text(s, &raw);
		else
			str_add(&raw, s);
	}
	str_init(&out, arena, TARGET_MAX);
	opaque_text(str_span(&raw), NULL, &out);
	return str_span(&out);
}

struct span
tap_word(struct arena *arena, const MD_ATTRIBUTE *a)
{
	struct span all = {a->text, a->size};

	if (!span_starts(all, "reply:"))
		return SPAN("");
	return span_skip(target_text(arena, a), 6);
}

static void
add_encoded(struct str *out, struct span s)
{
	for (size_t i = 0; i < s.n; i++)
		if (ascii_alnum(s.p[i]) ||
		    (s.p[i] != '\0' && strchr("-._~", s.p[i]) != NULL))
			str_addc(out, s.p[i]);
		else
			add_percent(out, s.p[i]);
}

/* Blanks are %20, since some mail programs keep a plus sign as it is. */
struct span
tap_target(struct arena *arena, const struct taps *taps, struct span word)
{
	struct str out;

	if (taps == NULL || taps->address.n == 0 || taps->code.n == 0)
		return SPAN("");
	str_init(&out, arena, TARGET_MAX);
	str_addz(&out, "mailto:");
	for (size_t i = 0; i < taps->address.n; i++)
		if (strchr("+@", taps->address.p[i]) != NULL)
			str_addc(&out, taps->address.p[i]);
		else
			add_encoded(&out, span_sub(taps->address, i, i + 1));
	str_addz(&out, "?subject=%5B");
	add_encoded(&out, taps->code);
	str_addz(&out, "%5D%20");
	add_encoded(&out, word);
	str_addz(&out, "&body=");
	add_encoded(&out, word);
	return out.cut ? SPAN("") : str_span(&out);
}

struct span
link_target(struct arena *arena, const MD_ATTRIBUTE *a)
{
	struct span all = {a->text, a->size};
	struct target t = {0};
	struct span s, out;
	uint32_t code;
	size_t n;

	str_init(&t.out, arena, TARGET_MAX);
	for (size_t i = 0; a->size > 0 && a->substr_offsets[i] < a->size; i++) {
		struct str plain;

		s = span_sub(
		    all, a->substr_offsets[i], a->substr_offsets[i + 1]);
		str_init(&plain, arena, TARGET_MAX);
		if (a->substr_types[i] == MD_TEXT_ENTITY)
			entity_text(s, &plain);
		else
			str_add(&plain, s);
		s = str_span(&plain);
		for (; (n = utf8_next(s, &code)) > 0; s = span_skip(s, n))
			target_char(&t, code, span_sub(s, 0, n));
	}
	out = str_span(&t.out);
	return scheme_ok(out) && !t.out.cut ? out : SPAN("");
}

struct span
markdown_text(struct arena *arena, struct span markdown, size_t columns)
{
	return markdown_text_blocks(arena, markdown, columns, NULL);
}

struct span
markdown_html(struct arena *arena, struct span markdown, struct span accent)
{
	return markdown_html_blocks(arena, markdown, accent, NULL, NULL);
}
