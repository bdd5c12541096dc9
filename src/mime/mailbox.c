/*
 * Address lists and message identifiers.  One pass with a counter for
 * comments instead of recursion: a million "(" must not use up the stack.
 * A display name is never taken for an address, whatever it looks like.
 */
#include <string.h>

#include "base/limits.h"
#include "base/str.h"
#include "base/utf8.h"
#include "base/vec.h"
#include "mime/mime_int.h"
#include "model/address.h"

/* What has been seen of one mailbox. */
struct box {
	struct str phrase; /* words outside <>, quotes undone */
	struct str bare;   /* the same without blanks: a bare addr-spec */
	struct str comment;
	struct str angle;
	bool has_angle, quoted;
};

static void
box_clear(struct box *b)
{
	str_truncate(&b->phrase, 0);
	str_truncate(&b->bare, 0);
	str_truncate(&b->comment, 0);
	str_truncate(&b->angle, 0);
	b->has_angle = b->quoted = false;
}

/* "@relay,@relay:ann@example.com": the route is dropped (RFC 5322 4.4). */
static struct span
without_route(struct span s)
{
	size_t colon;

	s = span_trim(s);
	if (s.n == 0 || s.p[0] != '@')
		return s;
	colon = span_findc(s, ':');
	return colon < s.n ? span_skip(s, colon + 1) : s;
}

/* The text that should be an address; words with blanks between are none. */
static struct span
box_address(const struct box *b)
{
	struct span s = str_span(&b->bare);

	if (b->has_angle)
		s = without_route(str_span(&b->angle));
	else if (b->quoted || span_trim(str_span(&b->phrase)).n != s.n)
		return SPAN("");
	return span_casestarts(s, "mailto:") ? span_skip(s, 7) : s;
}

/* Of "Ann <a@b>" and "MAILER-DAEMON (x)" the words, of "a@b (Ann)" the rest. */
static struct span
box_name(const struct box *b, bool has_address)
{
	struct span words = span_trim(str_span(&b->phrase));

	if (words.n > 0 && (b->has_angle || !has_address))
		return words;
	return span_trim(str_span(&b->comment));
}

static void
box_end(
    struct arena *arena, struct box *b, struct mail_address **list, uint32_t *n)
{
	struct mail_address out = {.address = SPAN("")};
	bool found = address_parse(arena, box_address(b), &out.address);

	if (!found)
		out.address = SPAN("");
	out.name = word_decode(arena, arena_span(arena, box_name(b, found)));
	out.name = utf8_head(out.name, LIMIT_NAME_BYTES);
	if ((found || b->has_angle || b->bare.n > 0) && *n < LIMIT_ADDRESSES &&
	    vec_room(arena, list, *n, sizeof(**list)))
		(*list)[(*n)++] = out;
	box_clear(b);
}

/* A quoted string from its first quote on; returns its end. */
static size_t
take_quoted(struct span s, size_t i, struct str *out)
{
	for (i++; i < s.n && s.p[i] != '"'; i++) {
		if (s.p[i] == '\\' && i + 1 < s.n)
			i++;
		str_addc(out, s.p[i]);
	}
	return i;
}

static size_t
take_comment(struct span s, size_t i, struct str *out)
{
	int depth = 0;

	for (; i < s.n; i++) {
		char c = s.p[i];

		if (c == '\\' && i + 1 < s.n)
			c = s.p[++i];
		else if (c == '(' && depth++ == 0)
			continue;
		else if (c == ')' && --depth == 0)
			break;
		str_addc(out, c);
	}
	return i;
}

/* Between < and >; comments and blanks at its ends do not count. */
static size_t
take_angle(struct span s, size_t i, struct box *b)
{
	b->has_angle = true;
	for (i++; i < s.n && s.p[i] != '>'; i++) {
		if (s.p[i] == '(') {
			i = take_comment(s, i, &b->comment);
			continue;
		}
		str_addc(&b->angle, s.p[i]);
	}
	return i;
}

void
mailbox_list(
    struct arena *arena, struct span s, struct mail_address **list, uint32_t *n)
{
	struct box b = {0};

	str_init(&b.phrase, arena, LIMIT_NAME_BYTES * 8);
	str_init(&b.bare, arena, LIMIT_NAME_BYTES * 8);
	str_init(&b.comment, arena, LIMIT_NAME_BYTES * 8);
	str_init(&b.angle, arena, LIMIT_ADDRESS_BYTES * 4);
	for (size_t i = 0; i < s.n; i++) {
		switch (s.p[i]) {
		case '"':
			i = take_quoted(s, i, &b.phrase);
			str_addc(&b.bare, '"');
			b.quoted = true;
			break;
		case '(':
			i = take_comment(s, i, &b.comment);
			break;
		case '<':
			if (b.has_angle) /* two in one: both are told */
				box_end(arena, &b, list, n);
			i = take_angle(s, i, &b);
			break;
		case ',':
		case ';':
			box_end(arena, &b, list, n);
			break;
		case ':': /* the name of a group */
			if (!span_caseis(str_span(&b.bare), "mailto"))
				box_clear(&b);
			break;
		default:
			str_addc(&b.phrase, s.p[i]);
			if (!ascii_blank(s.p[i]))
				str_addc(&b.bare, s.p[i]);
		}
	}
	box_end(arena, &b, list, n);
}

uint32_t
mailbox_ids(struct arena *arena, struct span s, struct span *ids, uint32_t max)
{
	uint32_t n = 0;

	while (n < max) {
		size_t open = span_findc(s, '<'), close;
		struct span id, one = SPAN("");
		struct str clean;

		s = span_skip(s, open + 1);
		close = span_findc(s, '>');
		if (s.n == 0 || close == s.n)
			break;
		id = span_sub(s, 0, close);
		s = span_skip(s, close + 1);
		/* A fold inside an identifier leaves a blank. */
		str_init(&clean, arena, 998);
		for (size_t i = 0; i < id.n; i++)
			if (!ascii_blank(id.p[i]))
				str_addc(&clean, id.p[i]);
		one = charset_clean(arena, str_span(&clean), true);
		if (one.n > 0)
			ids[n++] = one;
	}
	return n;
}
