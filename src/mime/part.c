/*
 * The tree of parts, by libetpan's MIME reader.
 *
 * That reader ends a part's header at the first odd line, takes a boundary
 * for another of which it is the beginning, scans the rest again for every
 * level, and is killed by an empty boundary.  So it is given a copy in which
 * this cannot happen: each header block is written anew with what the tree
 * needs and nothing else, boundaries get short names of one length, and
 * contents that nobody reads are left out.  The blocks are found by their
 * boundary lines alone; what belongs to what is libetpan's to say.
 */
#include <string.h>

#include <libetpan/mailmime.h>

#include "base/limits.h"
#include "base/num.h"
#include "base/str.h"
#include "base/vec.h"
#include "mime/mime_int.h"

enum {
	GUESS_LINES = 200,
	/* libetpan looks at each byte once for every multipart around it. */
	WORK_BYTES = 4 * LIMIT_MAIL_BYTES,
};

/* The copy that is being made. */
struct copy {
	struct arena *arena;
	struct str out;
	struct span boundaries[LIMIT_BOUNDARIES];
	struct span kinds[LIMIT_BOUNDARIES]; /* "mixed" */
	uint32_t boundaries_n, messages_n, lines_n;
	uint32_t open[LIMIT_BOUNDARIES]; /* multiparts, the innermost last */
	uint32_t open_n;
	bool skip; /* the part in hand is left out */
	struct parts *parts;
};

bool
part_is(const struct part *p, const char *type)
{
	return span_is(p->type.type, type);
}

static bool
named(const struct part *p, const char *ending)
{
	size_t n = strlen(ending);

	return p->name.n >= n &&
	       span_caseis(span_skip(p->name, p->name.n - n), ending);
}

bool
part_is_calendar(const struct part *p)
{
	return part_is(p, "text/calendar") || part_is(p, "application/ics") ||
	       part_is(p, "text/x-vcalendar") || named(p, ".ics") ||
	       /* What a gateway makes of a type that it does not know. */
	       (part_is(p, "application/octet-stream") && p->name.n == 0);
}

/* Is there a reader for its content?  All else is only listed. */
static bool
is_read(const struct part *p)
{
	return span_starts(p->type.type, "text/") ||
	       span_starts(p->type.type, "message/") || part_is_calendar(p) ||
	       part_is(p, "application/ms-tnef") ||
	       part_is(p, "application/vnd.ms-tnef") ||
	       named(p, "winmail.dat") || named(p, ".csv");
}

static enum part_encoding
encoding_of(struct span s)
{
	if (span_casestarts(s, "quoted"))
		return PART_QUOTED;
	return span_casestarts(s, "base64") ? PART_BASE64 : PART_PLAIN;
}

/* "text", "html" and nothing at all mean what was meant. */
static struct span
settled_type(struct span type)
{
	if (span_is(type, "html"))
		return SPAN("text/html");
	if (type.n == 0 || span_findc(type, '/') == type.n)
		return SPAN("text/plain");
	return type;
}

static void
describe(struct arena *arena, const struct header *h, struct part *p)
{
	*p = (struct part){.body = SPAN("")};
	content_parse(arena, header_find(h, "Content-Type"), &p->type);
	p->type.type = settled_type(p->type.type);
	content_parse(
	    arena, header_find(h, "Content-Disposition"), &p->disposition);
	p->encoding = encoding_of(header_find(h, "Content-Transfer-Encoding"));
	p->name = content_param(&p->disposition, "filename");
	if (p->name.n == 0)
		p->name = content_param(&p->type, "name");
}

/* No boundary was declared: the first line that looks like one. */
static struct span
guess_boundary(struct span body)
{
	struct span line, next, after, rest = body;

	for (int i = 0; i < GUESS_LINES && scan_line(&rest, &line); i++) {
		if (!span_starts(line, "--") || line.n < 3)
			continue;
		after = rest;
		if (scan_line(&after, &next) &&
		    span_casestarts(next, "Content-"))
			return span_skip(line, 2);
	}
	return SPAN("");
}

static void
begin_multipart(struct copy *c, const struct part *p, struct span body)
{
	struct span boundary = span_rtrim(content_param(&p->type, "boundary"));

	if (boundary.n == 0)
		boundary = span_rtrim(guess_boundary(body));
	if (boundary.n > LIMIT_BOUNDARY_BYTES)
		c->parts->over = "a boundary is longer than 200 bytes";
	else if (c->boundaries_n == LIMIT_BOUNDARIES)
		c->parts->over = "more than 50 multiparts";
	if (c->parts->over != NULL)
		return;
	c->kinds[c->boundaries_n] = span_skip(p->type.type, 10);
	c->boundaries[c->boundaries_n] = boundary;
	c->open[c->open_n++] = c->boundaries_n;
	str_addf(&c->out,
	    "Content-Type: multipart/mixed; boundary=\"=_%04u\"\n\n",
	    c->boundaries_n++);
	c->skip = false;
}

/* The innermost alternative that is open. */
static void
find_alternative(const struct copy *c, struct part *p)
{
	for (uint32_t i = c->open_n; i-- > 0;)
		if (span_is(c->kinds[c->open[i]], "alternative")) {
			p->alternative = c->open[i] + 1;
			p->is_choice = i == c->open_n - 1;
			return;
		}
}

static void
begin_leaf(struct copy *c, struct part p)
{
	struct parts *parts = c->parts;

	if (span_starts(p.type.type, "message/rfc822") &&
	    ++c->messages_n > LIMIT_RFC822_PARTS)
		parts->over = "more than 50 mails inside";
	if (parts->n == LIMIT_MIME_PARTS)
		parts->over = "more than 500 parts";
	if (parts->over != NULL)
		return;
	c->skip = !is_read(&p);
	find_alternative(c, &p);
	str_addf(&c->out,
	    "Content-Type: application/octet-stream\nContent-ID: <%u>\n\n",
	    parts->n);
	if (vec_room(c->arena, &parts->list, parts->n, sizeof(p)))
		parts->list[parts->n++] = p;
}

/* Writes what the tree needs of one header block. */
static void
begin(struct copy *c, const struct header *h)
{
	struct part p;

	describe(c->arena, h, &p);
	if (h->over != NULL)
		c->parts->over = h->over;
	else if (span_starts(p.type.type, "multipart/"))
		begin_multipart(c, &p, h->body);
	else
		begin_leaf(c, p);
}

static void
add_content(struct copy *c, struct span s)
{
	struct part *p;

	if (!c->skip || c->parts->n == 0) {
		str_add(&c->out, s);
		return;
	}
	p = &c->parts->list[c->parts->n - 1];
	p->skipped_bytes += p->encoding == PART_BASE64
				? (int64_t)transfer_letters(s) * 3 / 4
				: (int64_t)s.n;
}

/* Which open multipart's boundary a line is: its number, or -1. */
static int
boundary_of(const struct copy *c, struct span line, bool *last)
{
	line = span_rtrim(span_skip(line, 2));
	*last = false;
	if (line.n == 0)
		return -1;
	for (int closing = 0; closing < 2; closing++) {
		*last = closing == 1;
		for (uint32_t i = c->open_n; i-- > 0;)
			if (span_eq(line, c->boundaries[c->open[i]]))
				return (int)c->open[i];
		if (!span_ends(line, "--"))
			break;
		line.n -= 2;
	}
	return -1;
}

/* The next line that begins with "--"; false when there is none. */
static bool
next_dashes(struct span s, bool at_start, size_t *at)
{
	if (at_start && s.n > 1 && s.p[0] == '-' && s.p[1] == '-') {
		*at = 0;
		return true;
	}
	*at = span_find(s, SPAN("\n--")) + 1;
	return *at <= s.n;
}

/*
 * Ends the multiparts inside number `number`, which a cut or careless mail
 * leaves open: libetpan drops the last part of one that does not end.
 */
static void
close_inner(struct copy *c, int number)
{
	while (c->open_n > 0 && (int)c->open[c->open_n - 1] != number)
		str_addf(&c->out, "\n--=_%04u--\n", c->open[--c->open_n]);
}

/* A boundary line and, unless it is the last of its kind, a part's head. */
static struct span
copy_boundary(struct copy *c, int number, bool last, struct span rest)
{
	struct header h;

	c->lines_n++;
	close_inner(c, number);
	str_addf(&c->out, "--=_%04d%s\n", number, last ? "--" : "");
	if (last) {
		c->open_n--;
		return rest;
	}
	header_read(c->arena, rest, &h);
	begin(c, &h);
	return h.body;
}

/* The line end in front of a boundary is part of the boundary. */
static struct span
without_line_end(struct span s)
{
	if (s.n > 0 && s.p[s.n - 1] == '\n')
		s.n--;
	if (s.n > 0 && s.p[s.n - 1] == '\r')
		s.n--;
	return s;
}

static void
copy_body(struct copy *c, struct span body)
{
	struct span rest = body, held = body, line;
	bool fresh = true, last;
	size_t at;

	while (c->parts->over == NULL && next_dashes(rest, fresh, &at)) {
		int number;

		rest = span_skip(rest, at);
		held.n = (size_t)(rest.p - held.p); /* not copied yet */
		line = rest;
		scan_line(&rest, &line);
		fresh = true;
		number = boundary_of(c, line, &last);
		/*
		 * Ours, which count to LIMIT_BOUNDARIES, must not be met by
		 * chance or by malice.  Many programs' begin with "=_", and
		 * in a mail that is given back they are still needed.
		 */
		if (number < 0 && !span_starts(line, "--=_00"))
			continue;
		add_content(
		    c, c->skip && number >= 0 ? without_line_end(held) : held);
		if (number >= 0)
			rest = copy_boundary(c, number, last, rest);
		else
			str_addc(&c->out, ' ');
		held.p = number >= 0 ? rest.p : line.p;
	}
	held.n = (size_t)(rest.p + rest.n - held.p);
	add_content(c, held);
	close_inner(c, -1);
}

/* --- libetpan's tree ---------------------------------------------------- */

static int64_t
leaf_number(const struct mailmime *m)
{
	clistiter *it;
	int64_t number = -1;

	if (m->mm_mime_fields == NULL)
		return -1;
	for (it = clist_begin(m->mm_mime_fields->fld_list); it != NULL;
	     it = clist_next(it)) {
		const struct mailmime_field *f = clist_content(it);

		if (f->fld_type == MAILMIME_FIELD_ID)
			num_int(span_of(f->fld_data.fld_id), 0,
			    LIMIT_MIME_PARTS, &number);
	}
	return number;
}

static void
take_leaf(struct copy *c, const struct mailmime *m)
{
	const struct mailmime_data *d = m->mm_data.mm_single;
	int64_t number = leaf_number(m);
	struct part *p;

	if (number < 0 || number >= c->parts->n || d == NULL ||
	    d->dt_type != MAILMIME_DATA_TEXT)
		return;
	p = &c->parts->list[number];
	p->body = (struct span){
	    d->dt_data.dt_text.dt_data, d->dt_data.dt_text.dt_length};
}

/* Depth first, with a stack of its own. */
static void
walk(struct copy *c, struct mailmime *top)
{
	clistiter *stack[LIMIT_MIME_DEPTH];
	struct mailmime *m = top;
	int depth = 0;

	for (;;) {
		clist *children = NULL;

		if (m->mm_type == MAILMIME_SINGLE)
			take_leaf(c, m);
		else if (m->mm_type == MAILMIME_MULTIPLE)
			children = m->mm_data.mm_multipart.mm_mp_list;
		if (children != NULL && clist_begin(children) != NULL) {
			if (depth == LIMIT_MIME_DEPTH) {
				c->parts->over = "parts nested deeper than 32";
				return;
			}
			stack[depth++] = clist_begin(children);
		} else {
			while (depth > 0 && (stack[depth - 1] = clist_next(
						 stack[depth - 1])) == NULL)
				depth--;
			if (depth == 0)
				return;
		}
		m = clist_content(stack[depth - 1]);
	}
}

static void
read_tree(struct copy *c)
{
	struct mailmime *top = NULL;
	size_t at = 0;

	if (c->out.n > WORK_BYTES / c->boundaries_n) {
		c->parts->over = "too many multiparts around too much";
		return;
	}
	if (mailmime_parse(c->out.p, c->out.n, &at, &top) != MAILIMF_NO_ERROR ||
	    top == NULL) {
		c->parts->over = "its parts cannot be told apart";
		return;
	}
	walk(c, top->mm_type == MAILMIME_MESSAGE &&
			top->mm_data.mm_message.mm_msg_mime != NULL
		    ? top->mm_data.mm_message.mm_msg_mime
		    : top);
	mailmime_free(top);
}

/* One leaf, its body as it is. */
static void
single(struct copy *c, const struct header *h, bool as_text)
{
	struct part p;

	describe(c->arena, h, &p);
	if (as_text)
		p.type = (struct content){.type = SPAN("text/plain")};
	if (is_read(&p) || as_text)
		p.body = h->body;
	else
		p.skipped_bytes =
		    p.encoding == PART_BASE64
			? (int64_t)transfer_letters(h->body) * 3 / 4
			: (int64_t)h->body.n;
	c->parts->n = 0;
	if (vec_room(c->arena, &c->parts->list, 0, sizeof(p)))
		c->parts->list[c->parts->n++] = p;
}

void
part_read(struct arena *arena, const struct header *h, struct parts *out)
{
	struct copy *c = arena_alloc(arena, sizeof(*c));
	struct part top;

	*out = (struct parts){0};
	c->arena = arena;
	c->parts = out;
	describe(arena, h, &top);
	if (!span_starts(top.type.type, "multipart/")) {
		single(c, h, false);
		return;
	}
	str_init(
	    &c->out, arena, h->body.n + (size_t)LIMIT_MIME_PARTS * 128 + 65536);
	str_reserve(&c->out, h->body.n + 4096);
	begin(c, h);
	copy_body(c, h->body);
	if (out->over != NULL)
		return;
	if (c->lines_n == 0)
		single(c, h, true); /* none of its parts ever begins */
	else
		read_tree(c);
}

/* --- contents ----------------------------------------------------------- */

struct span
part_bytes(struct arena *arena, const struct part *p)
{
	if (p->encoding == PART_BASE64)
		return transfer_base64(arena, p->body);
	if (p->encoding == PART_QUOTED)
		return transfer_quoted(arena, p->body);
	return p->body;
}

/*
 * Bytes of a text part, with transfer encodings that went wrong put right.
 * Of a body that is far too long only the head is looked at.
 */
static struct span
text_bytes(struct arena *arena, const struct part *p, size_t limit)
{
	struct part head = *p;
	struct span bytes;

	head.body = span_sub(p->body, 0, 4 * limit);
	bytes = part_bytes(arena, &head);
	if (p->encoding == PART_BASE64) {
		/* Called base64, but plain. */
		if (!transfer_is_base64(head.body))
			bytes = head.body;
	} else if (transfer_looks_quoted(bytes)) {
		/* Encoded and not said so, or encoded twice. */
		bytes = transfer_quoted(arena, bytes);
	}
	return span_sub(bytes, 0, limit);
}

struct span
part_text(struct arena *arena, const struct part *p, bool *flowed)
{
	struct span text = text_bytes(arena, p,
	    part_is(p, "text/html") ? LIMIT_HTML_BYTES : LIMIT_TEXT_BYTES);

	text = charset_text(arena, text, content_param(&p->type, "charset"));
	if (part_is(p, "text/plain") &&
	    span_caseis(content_param(&p->type, "format"), "flowed")) {
		*flowed = true;
		text = flowed_undo(arena, text,
		    span_caseis(content_param(&p->type, "delsp"), "yes"));
	}
	return text;
}
