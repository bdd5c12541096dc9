/*
 * Header blocks as they come: fields without a colon, blanks before it,
 * "From " lines of mbox files, blocks that begin with an empty line.  A
 * parser that ends the block at the first odd line loses Subject and
 * Content-Type (libetpan does), so the block is taken apart here.
 */
#include <string.h>

#include "base/limits.h"
#include "base/num.h"
#include "base/vec.h"
#include "mime/mime_int.h"

enum {
	LOOK_AHEAD = 30
};

/* "Name:", blanks before the colon forgiven. */
static bool
field_split(struct span line, struct span *name, struct span *value)
{
	size_t i = 0, n;

	while (i < line.n && line.p[i] > ' ' && line.p[i] < 127 &&
	       line.p[i] != ':')
		i++;
	n = i;
	while (i < line.n && (line.p[i] == ' ' || line.p[i] == '\t'))
		i++;
	if (n == 0 || n > 100 || i == line.n || line.p[i] != ':')
		return false;
	*name = span_sub(line, 0, n);
	*value = span_trim(span_skip(line, i + 1));
	return true;
}

/* Names that prove that the block goes on; a body may hold "Note: x". */
static bool
field_known(struct span name)
{
	static const char *const known[] = {"from", "to", "cc", "bcc",
	    "subject", "date", "message-id", "in-reply-to", "references",
	    "reply-to", "sender", "return-path", "received", "mime-version",
	    "delivered-to", "content-", "x-", "list-", "dkim-", "arc-",
	    "authentication-", "auto-submitted", "precedence", "user-agent",
	    "thread-"};

	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		size_t n = strlen(known[i]);

		if (span_caseis(name, known[i]) ||
		    (known[i][n - 1] == '-' && span_casestarts(name, known[i])))
			return true;
	}
	return false;
}

/*
 * Does a known field follow among the next lines, before an empty line or a
 * boundary?
 */
static bool
block_goes_on(struct span rest, int lines)
{
	struct span line, name, value;

	for (int i = 0; i < lines && scan_line(&rest, &line); i++) {
		if (line.n == 0 || span_starts(line, "--"))
			return false;
		if (field_split(line, &name, &value) && field_known(name))
			return true;
	}
	return false;
}

/* Joins the lines of one field; a line end goes, the blank behind it stays. */
static struct span
unfold(struct arena *arena, struct span lines)
{
	struct span line, rest = lines;
	char *p = arena_alloc(arena, lines.n + 1);
	size_t n = 0;

	while (scan_line(&rest, &line)) {
		if (line.n > 0)
			memcpy(p + n, line.p, line.n);
		n += line.n;
	}
	return span_trim((struct span){p, n});
}

static void
field_add(
    struct arena *arena, struct header *h, struct span name, struct span value)
{
	if (value.n > LIMIT_FIELD_BYTES) {
		h->over = "a header field is longer than 32 KiB";
		value.n = LIMIT_FIELD_BYTES;
	}
	if (h->n == LIMIT_FIELDS) {
		h->over = "more than 1,000 header fields";
		return;
	}
	if (vec_room(arena, &h->fields, h->n, sizeof(*h->fields)))
		h->fields[h->n++] = (struct header_field){name, value};
}

/* Takes the lines that go on with a field; true when there were any. */
static bool
take_folded(struct span *rest)
{
	bool any = false;
	struct span after, line;

	while (rest->n > 0 && (rest->p[0] == ' ' || rest->p[0] == '\t')) {
		after = *rest;
		scan_line(&after, &line);
		/* Blanks alone are an empty line to some mailers. */
		if (span_trim(line).n == 0 && !block_goes_on(after, 1))
			break;
		*rest = after;
		any = true;
	}
	return any;
}

static bool
is_mbox_line(struct span line)
{
	return span_starts(line, "From ") || span_starts(line, ">From ");
}

struct span
header_start(struct span raw)
{
	struct span rest = raw, after, line;

	while (scan_line(&rest, &line) && line.n == 0) {
		after = rest;
		if (scan_line(&after, &line) && !is_mbox_line(line))
			after = rest;
		if (block_goes_on(after, 1))
			return rest;
	}
	return raw;
}

void
header_read(struct arena *arena, struct span text, struct header *h)
{
	struct span rest = text, at, line, name, value, start;

	*h = (struct header){0};
	for (;;) {
		at = rest;
		if (!scan_line(&rest, &line))
			break;
		if ((size_t)(rest.p - text.p) > LIMIT_HEADER_BYTES) {
			h->over = "the header is longer than 256 KiB";
			rest = (struct span){text.p + text.n, 0};
			break;
		}
		/* Blanks alone are an empty line unless a field follows. */
		if (line.n == 0 ||
		    (span_trim(line).n == 0 && !block_goes_on(rest, 1)))
			break;
		start = line;
		if (field_split(line, &name, &value)) {
			if (take_folded(&rest)) {
				start.p =
				    value.n > 0 ? value.p : line.p + line.n;
				start.n = (size_t)(rest.p - start.p);
				value = unfold(arena, start);
			}
			field_add(arena, h, name, value);
			continue;
		}
		if (!block_goes_on(rest, LOOK_AHEAD)) {
			/* No empty line before the body: this is its first. */
			if (!is_mbox_line(line))
				rest = at;
			break;
		}
		take_folded(&rest);
	}
	h->body = rest;
}

struct span
header_find(const struct header *h, const char *name)
{
	for (uint32_t i = 0; i < h->n; i++)
		if (span_caseis(h->fields[i].name, name))
			return h->fields[i].value;
	return SPAN("");
}

bool
header_has(const struct header *h, const char *name)
{
	for (uint32_t i = 0; i < h->n; i++)
		if (span_caseis(h->fields[i].name, name))
			return true;
	return false;
}
