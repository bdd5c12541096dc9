/*
 * A text as lines: each is classed by itself (quoted, ruler, device's
 * signature, text) and by the region it lies in, as the reader marked it.
 */
#include <string.h>

#include "reply/lines_int.h"

/* "> ", "| ", ">>", " >", "ann>" at the front: a quoted line. */
static bool
is_quoted(struct span s)
{
	size_t n = 0;

	s = span_ltrim(s);
	if (s.n == 0)
		return false;
	if (s.p[0] == '>' || span_starts(s, "&gt;"))
		return true;
	if (s.p[0] == '|')
		return s.n == 1 || s.p[1] == ' ' || s.p[1] == '|';
	while (n < s.n && n < 4 && ascii_alnum(s.p[n]))
		n++;
	return n > 0 && n < s.n && s.p[n] == '>' &&
	       (n + 1 == s.n || s.p[n + 1] == ' ' || s.p[n + 1] == '>') &&
	       s.p[0] >= 'A' && s.p[0] <= 'Z';
}

enum {
	REGIONS_MAX = 64
};

struct regions {
	char kind[REGIONS_MAX]; /* 'q', 's', 'i' */
	int n, deeper;          /* beyond the stack: as the top one */
	int quotes, signatures;
};

static void
region_open(struct regions *r, char kind)
{
	if (r->n == REGIONS_MAX) {
		r->deeper++;
		return;
	}
	r->kind[r->n++] = kind;
	r->quotes += kind == 'q';
	r->signatures += kind == 's';
}

static void
region_close(struct regions *r)
{
	char kind;

	if (r->deeper > 0) {
		r->deeper--;
		return;
	}
	if (r->n == 0)
		return;
	kind = r->kind[--r->n];
	r->quotes -= kind == 'q';
	r->signatures -= kind == 's';
}

/* A mark at the front of s?  Applies it; returns its length, or 0. */
static size_t
mark_at(struct span s, struct regions *r, bool *rule)
{
	if (s.n < 3 || s.p[0] != '\xef' || s.p[1] != '\xb7')
		return 0;
	switch ((unsigned char)s.p[2]) {
	case 0x90:
		region_open(r, 'q');
		return 3;
	case 0x91:
		region_open(r, 's');
		return 3;
	case 0x92:
		region_open(r, 'i');
		return 3;
	case 0x93:
		region_close(r);
		return 3;
	case 0x94:
		*rule = true;
		return 3;
	default:
		return 0;
	}
}

static enum line_class
class_of(struct span line, const struct regions *r)
{
	struct span s = span_trim(line);

	if (s.n == 0)
		return EMPTY;
	if (r->quotes > 0)
		return MARKED;
	if (r->signatures > 0)
		return SIGNED;
	if (is_quoted(s))
		return chrome_original(s) ? ORIGINAL : QUOTE;
	if (chrome_armour(s))
		return DROPPED;
	if (chrome_signature(s))
		return SIGNATURE;
	if (chrome_ruler(s))
		return RULER;
	if (chrome_original(s))
		return ORIGINAL;
	if (chrome_forward(s))
		return FORWARD;
	if (chrome_device(s))
		return DEVICE;
	return TEXT;
}

/* How far it is to the end of the line, or to what may be a mark. */
static size_t
plain_run(struct span s)
{
	return span_findc(span_sub(s, 0, span_findc(s, '\n')), '\xef');
}

void
page_read(struct arena *arena, struct span text, struct page *p)
{
	struct regions r = {0};
	size_t from = 0, i = 0, pieces = 1;
	bool rule = false;

	for (size_t k = 0; k < text.n; k++)
		pieces += text.p[k] == '\n' || text.p[k] == '\xef';
	*p = (struct page){.text = text};
	p->lines = arena_alloc(arena, (pieces * 2 + 2) * sizeof(*p->lines));
	while (i <= text.n) {
		size_t mark = 0;
		bool end = i == text.n || text.p[i] == '\n';
		struct regions before;

		if (!end && text.p[i] != '\xef') {
			i += plain_run(span_skip(text, i));
			continue;
		}
		before = r;
		if (!end)
			mark = mark_at(span_skip(text, i), &r, &rule);
		if (!end && mark == 0) {
			i++;
			continue;
		}
		/* A mark inside a line ends the piece before it. */
		if (end || i > from) {
			struct line *l = &p->lines[p->n++];

			*l = (struct line){
			    .from = (uint32_t)from, .n = (uint32_t)(i - from)};
			l->what =
			    (uint8_t)class_of(span_sub(text, from, i), &before);
		}
		i += end ? 1 : mark;
		from = i;
		if (rule)
			p->lines[p->n++] = (struct line){.from = (uint32_t)from,
			    .what = r.quotes > 0 ? MARKED : RULER};
		rule = false;
	}
}
