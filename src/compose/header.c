/*
 * The one header writer.  libcurl, libetpan and libical all let CR LF
 * through; nothing gets into a header but by these functions.
 */
#include "compose/compose_int.h"

#include <string.h>

#include "base/digest.h"
#include "base/limits.h"
#include "base/utf8.h"

enum {
	COLUMN_MAX = 76,
	WORD_AROUND = 12, /* "=?UTF-8?B?" and "?=" */
	CHUNK_MAX = 45,   /* bytes in one: it has 75 at most (RFC 2047 2) */
	CHUNK_LEAST = 6,  /* less is not worth the line's rest */
	LINE_MAX_OCTETS = 998,
	PART_MAX = 60, /* of a parameter's value on one line */
};

struct line {
	struct str *out;
	size_t column;
};

static void
begin(struct line *l, struct str *out, const char *name)
{
	str_addf(out, "%s:", name);
	*l = (struct line){out, strlen(name) + 1};
}

/* A blank and a word, on a new line where the old one is full. */
static void
add_word(struct line *l, struct span word)
{
	if (l->column + 1 + word.n > COLUMN_MAX && l->column > 1) {
		str_addz(l->out, "\r\n");
		l->column = 0;
	}
	str_addc(l->out, ' ');
	str_add(l->out, word);
	l->column += 1 + word.n;
}

static void
end(struct line *l)
{
	str_addz(l->out, "\r\n");
}

static bool
is_ascii(struct span s)
{
	for (size_t i = 0; i < s.n; i++)
		if ((unsigned char)s.p[i] >= 0x7f)
			return false;
	return true;
}

/* Words that would be too long, or read as encoded, are encoded. */
static bool
is_plain(struct span text)
{
	struct span word;

	if (!is_ascii(text) || span_has(text, "=?"))
		return false;
	while (span_word(&text, &word))
		if (word.n > LINE_MAX_OCTETS - 100)
			return false;
	return true;
}

/*
 * Each encoded word is made as long as its line has room for: a fold right
 * behind the field's name would be read by some as a blank in front.
 */
static void
add_encoded(struct arena *arena, struct line *l, struct span text)
{
	while (text.n > 0) {
		size_t room =
		    l->column + 1 < COLUMN_MAX ? COLUMN_MAX - l->column - 1 : 0;
		size_t n =
		    room > WORD_AROUND ? (room - WORD_AROUND) / 4 * 3 : 0;
		struct span chunk, coded;

		if (n < CHUNK_LEAST || n > CHUNK_MAX)
			n = CHUNK_MAX;
		chunk = utf8_head(text, n);
		coded = base64_write(arena, chunk, 0);
		add_word(l, arena_spanf(arena, "=?UTF-8?B?%.*s?=", (int)coded.n,
				coded.p));
		text = span_skip(text, chunk.n);
	}
}

void
header_text(
    struct arena *arena, struct str *out, const char *name, struct span value)
{
	struct span text = utf8_line(arena, value), word;
	struct line l;

	begin(&l, out, name);
	if (is_plain(text))
		while (span_word(&text, &word))
			add_word(&l, word);
	else
		add_encoded(arena, &l, text);
	end(&l);
}

void
header_words(struct str *out, const char *name, struct span words)
{
	struct span word;
	struct line l;

	begin(&l, out, name);
	while (span_word(&words, &word))
		add_word(&l, word);
	end(&l);
}

/* RFC 5322 3.2.3, with blanks: a phrase that needs no quotes. */
static bool
is_phrase(struct span s)
{
	for (size_t i = 0; i < s.n; i++)
		if (!ascii_alnum(s.p[i]) &&
		    strchr(" !#$%&'*+-/=?^_`{|}~", s.p[i]) == NULL)
			return false;
	return true;
}

static struct span
quoted(struct arena *arena, struct span s)
{
	struct str q;

	str_init(&q, arena, LINE_MAX_OCTETS);
	str_addc(&q, '"');
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] == '"' || s.p[i] == '\\')
			str_addc(&q, '\\');
		str_addc(&q, s.p[i]);
	}
	str_addc(&q, '"');
	return str_span(&q);
}

void
header_address(struct arena *arena, struct str *out, const char *name,
    struct span display, struct span address)
{
	struct span text = utf8_line(arena, display), word;
	struct line l;

	text = utf8_head(text, LIMIT_NAME_BYTES);
	begin(&l, out, name);
	if (!is_ascii(text) || span_has(text, "=?") || text.n > 60)
		add_encoded(arena, &l, text);
	else if (!is_phrase(text))
		add_word(&l, quoted(arena, text));
	else
		while (span_word(&text, &word))
			add_word(&l, word);
	add_word(&l, arena_spanf(arena, "<%.*s>", (int)address.n, address.p));
	end(&l);
}

/* RFC 2045 5.1 token */
static bool
is_token(struct span s)
{
	for (size_t i = 0; i < s.n; i++)
		if (!ascii_alnum(s.p[i]) &&
		    strchr("!#$%&'*+-.^_`{|}~", s.p[i]) == NULL)
			return false;
	return s.n > 0;
}

/* RFC 2231 4: name*0*=utf-8''...; a part of it on each line. */
static void
add_extended(
    struct arena *arena, struct line *l, const struct parameter *p, bool more)
{
	struct span rest = p->value;
	struct str part;

	for (int i = 0; rest.n > 0; i++) {
		str_init(&part, arena, 512);
		str_addf(&part, "%s*%d*=", p->name, i);
		if (i == 0)
			str_addz(&part, "utf-8''");
		for (; rest.n > 0 && part.n < PART_MAX;
		     rest = span_skip(rest, 1)) {
			char c = rest.p[0];

			if (ascii_alnum(c) || c == '.' || c == '-' || c == '_')
				str_addc(&part, c);
			else
				str_addf(&part, "%%%02X",
				    (unsigned)(unsigned char)c);
		}
		if (rest.n > 0 || more)
			str_addc(&part, ';');
		add_word(l, str_span(&part));
	}
}

static void
add_parameter(
    struct arena *arena, struct line *l, const struct parameter *p, bool more)
{
	struct span v = p->value;

	if (!is_ascii(v) || v.n > PART_MAX) {
		add_extended(arena, l, p, more);
		return;
	}
	if (!is_token(v))
		v = quoted(arena, v);
	add_word(l, arena_spanf(arena, "%s=%.*s%s", p->name, (int)v.n, v.p,
			more ? ";" : ""));
}

void
header_typed(struct arena *arena, struct str *out, const char *name,
    struct span value, const struct parameter *p, size_t n)
{
	struct line l;

	begin(&l, out, name);
	add_word(&l, arena_spanf(arena, "%.*s%s", (int)value.n, value.p,
			 n > 0 ? ";" : ""));
	for (size_t i = 0; i < n; i++)
		add_parameter(arena, &l, &p[i], i + 1 < n);
	end(&l);
}

bool
header_name_ok(const char *name)
{
	size_t n = strlen(name);

	for (size_t i = 0; i < n; i++)
		if (name[i] <= ' ' || name[i] >= 0x7f || name[i] == ':')
			return false;
	return n > 0 && n <= COLUMN_MAX;
}

bool
message_id_ok(struct span id)
{
	size_t at = 0;

	for (size_t i = 0; i < id.n; i++) {
		if (id.p[i] <= ' ' || id.p[i] >= 0x7f || id.p[i] == '<' ||
		    id.p[i] == '>')
			return false;
		at += id.p[i] == '@';
	}
	return at == 1 && id.n <= 900 && id.p[0] != '@' &&
	       id.p[id.n - 1] != '@';
}
