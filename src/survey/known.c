/*
 * Finding our own words in a reply.  Clients re-wrap quotes, drop or change
 * their marks and turn markup into stars, so lines are compared by their
 * letters only, and a line may begin wherever the last one ended.
 */
#include "survey/survey.h"

#include <string.h>

#include "base/utf8.h"
#include "base/vec.h"
#include "survey/survey_int.h"

enum {
	LINE_LETTERS = 2000
};

struct letters {
	char p[LINE_LETTERS + 8];
	size_t at[LINE_LETTERS + 8]; /* offset in the line behind the letter */
	size_t n;
};

static bool
dropped(uint32_t c)
{
	return c <= ' ' || c == '>' || c == '|' || c == '*' || c == '_' ||
	       c == '"' || c == '\'' || c == 0xA0 || c == 0x200B ||
	       c == 0x202F || c == 0xFEFF || (c >= 0x2018 && c <= 0x201F) ||
	       (c >= 0xFDD0 && c <= 0xFDD4);
}

/* Length of "<mailto:...>" or "[mailto:...]" at the front, else 0. */
static size_t
link_at(struct span s)
{
	size_t end;

	if (!span_starts(s, "<mailto:") && !span_starts(s, "[mailto:") &&
	    !span_starts(s, "<http"))
		return 0;
	end = span_findc(s, s.p[0] == '<' ? '>' : ']');
	return end < s.n ? end + 1 : 0;
}

static void
letters_of(struct span line, struct letters *out)
{
	size_t i = 0;

	out->n = 0;
	while (i < line.n && out->n < LINE_LETTERS) {
		char first = line.p[i];
		uint32_t c;
		size_t k = 0;

		if (ascii_alnum(first)) {
			out->p[out->n] = ascii_lower(first);
			out->at[out->n++] = ++i;
			continue;
		}
		if (first == '<' || first == '[')
			k = link_at(span_skip(line, i));
		if (k > 0) {
			i += k;
			continue;
		}
		k = utf8_next(span_skip(line, i), &c);
		if (!dropped(c)) {
			for (size_t j = 0; j < k; j++) {
				out->p[out->n] = ascii_lower(line.p[i + j]);
				out->at[out->n++] = i + k;
			}
		}
		i += k;
	}
}

struct span
dequote(struct span line)
{
	uint32_t c;
	size_t k;

	while ((k = utf8_next(line, &c)) > 0 &&
	       (c <= ' ' || c == '>' || c == '|' || c == 0xA0 || c == 0x2502 ||
		   (c >= 0xFDD0 && c <= 0xFDD4)))
		line = span_skip(line, k);
	return span_rtrim(line);
}

bool
same_letters(struct span a, struct span b)
{
	struct letters x, y;

	letters_of(a, &x);
	letters_of(b, &y);
	return x.n == y.n && memcmp(x.p, y.p, x.n) == 0;
}

static int
index_of(const struct form *form, int number)
{
	for (uint32_t i = 0; i < form->slots_n; i++)
		if (form->slots[i].number == number)
			return (int)i;
	return -1;
}

struct build {
	struct arena *arena;
	const struct form *form;
	struct known *k;
	int owner; /* question that the next lines belong to */
	int last;  /* slot that was last closed */
};

static void
add_label(struct build *b, struct span label, struct span content, size_t end)
{
	struct letters l;
	int number = label_number(label);
	int i = number > 0      ? index_of(b->form, number)
		: b->owner >= 0 ? b->owner
				: b->last + 1;

	if (i < 0 || (uint32_t)i >= b->form->slots_n)
		return;
	letters_of(label, &l);
	while (l.n > 0 && l.p[l.n - 1] == ':')
		l.n--;
	b->k->labels[i] =
	    (struct sent_label){arena_span(b->arena, (struct span){l.p, l.n}),
		content, end, number > 0};
	if (l.n > 0)
		b->k->begins[(unsigned char)l.p[0]] = true;
	b->last = i;
}

static void
add_sent_line(struct build *b, struct span line)
{
	struct known *k = b->k;
	struct span label, content;
	struct letters l;
	struct sent_line s = {.at = k->n};
	int number;

	letters_of(line, &l);
	if (l.n == 0)
		return;
	memcpy(k->p + k->n, l.p, l.n);
	k->n += l.n;
	s.end = k->n;
	k->ends[k->n] = true;
	if (question_head(line, &number) > 0 &&
	    index_of(b->form, number) >= 0) {
		b->owner = index_of(b->form, number);
		s.head = true;
	}
	s.owner = b->owner;
	if (slot_line(line, &label, &content)) {
		add_label(b, label, content, s.end);
		b->owner = -1;
	}
	vec_room(b->arena, &k->lines, k->lines_n, sizeof(s));
	k->lines[k->lines_n++] = s;
}

void
known_init(struct arena *arena, const struct form *form, struct span sent,
    struct known *out)
{
	struct known k = {0};
	struct build b = {arena, form, &k, -1, -1};
	struct span line;

	k.p = arena_alloc(arena, sent.n + 1);
	k.ends = arena_alloc(arena, sent.n + 1);
	k.labels_n = form->slots_n;
	k.labels = arena_alloc(arena, form->slots_n * sizeof(*k.labels));
	while (span_line(&sent, &line))
		add_sent_line(&b, dequote(line));
	*out = k;
}

static size_t
common(const struct known *k, size_t at, const struct letters *l, size_t from)
{
	size_t n = 0;

	while (
	    at + n < k->n && from + n < l->n && k->p[at + n] == l->p[from + n])
		n++;
	return n;
}

static const struct sent_line *
line_at(const struct known *k, size_t at)
{
	size_t low = 0, high = k->lines_n;

	/* They stand in order, end to end. */
	while (low < high) {
		size_t i = low + (high - low) / 2;

		if (at >= k->lines[i].end)
			low = i + 1;
		else if (at < k->lines[i].at)
			high = i;
		else
			return &k->lines[i];
	}
	return NULL;
}

/* How far ours goes from this place; 0 = it is not ours. */
static size_t
accept(const struct known *k, size_t at, const struct letters *l, size_t from,
    bool fresh)
{
	size_t n = common(k, at, l, from);
	bool whole = from + n == l->n, end = k->ends[at + n];

	if (n == 0)
		return 0;
	if (whole && (!fresh || end || n >= 12))
		return n;
	return end && n >= (fresh ? 8u : 3u) ? n : 0;
}

/*
 * Behind a slot line, the same question's options again are somebody's
 * answer, so going back is only for a second copy of the form.
 */
static bool
may_start(const struct sent_line *s, size_t at, int cur)
{
	return s->at >= at || cur < 0 || s->head;
}

static size_t
seek(const struct known *k, const struct letters *l, size_t from, size_t at,
    int cur, size_t *n)
{
	size_t best = 0, place = 0;
	const struct sent_line *here = line_at(k, at);

	if (at < k->n) {
		best = accept(k, at, l, from, here != NULL && here->at == at);
		place = at;
	}
	for (size_t i = 0; i < k->lines_n && from + best < l->n; i++) {
		const struct sent_line *s = &k->lines[i];
		size_t m;

		if (k->p[s->at] != l->p[from] || !may_start(s, at, cur))
			continue;
		m = accept(k, s->at, l, from, true);
		if (m > best) {
			best = m;
			place = s->at;
		}
	}
	*n = best;
	return place;
}

/* Letters of a mark in front: "[x]", "(x)", "x", "->". */
static size_t
mark_letters(const struct letters *l)
{
	static const char *const marks[] = {"[x]", "(x)", "->", "=>",
	    "\xe2\x9c\x93", "\xe2\x9c\x94", "\xe2\x9c\x85"};

	for (size_t i = 0; i < sizeof(marks) / sizeof(marks[0]); i++) {
		size_t n = strlen(marks[i]);

		if (l->n > n && memcmp(l->p, marks[i], n) == 0)
			return n;
	}
	return 0;
}

bool
known_find(const struct known *k, struct span line, size_t *at, int cur,
    struct found *out)
{
	struct letters l;
	size_t from = 0, n, place;
	const struct sent_line *s;

	letters_of(line, &l);
	if (l.n == 0 || k->n == 0)
		return false;
	place = seek(k, &l, 0, *at, cur, &n);
	if (n == 0 && (from = mark_letters(&l)) > 0)
		place = seek(k, &l, from, *at, cur, &n);
	if (n == 0)
		return false;
	s = line_at(k, place);
	*out = (struct found){.at = place,
	    .end = place + n,
	    .owner = s != NULL ? s->owner : -1,
	    .head = s != NULL && s->head && s->at == place};
	out->before = span_sub(line, 0, from > 0 ? l.at[from - 1] : 0);
	out->matched = span_trim(
	    span_sub(line, from > 0 ? l.at[from - 1] : 0, l.at[from + n - 1]));
	out->rest = span_trim(span_skip(line, l.at[from + n - 1]));
	out->rest = span_trim(span_skip(out->rest, link_at(out->rest)));
	*at = place + n;
	return true;
}

/* The line behind the label, or false. */
static bool
behind_label(const struct letters *l, struct span line, struct span norm,
    struct span *rest)
{
	if (norm.n == 0 || l->n < norm.n || memcmp(l->p, norm.p, norm.n) != 0)
		return false;
	/* "Answer Q1" is not the label of Q12; "Answered" no label. */
	if (l->n > norm.n && l->p[norm.n] != ':' && l->p[norm.n] != '[' &&
	    (!ascii_digit(norm.p[norm.n - 1]) || ascii_digit(l->p[norm.n]) ||
		ascii_alpha(l->p[norm.n])))
		return false;
	*rest = span_skip(line, l->at[norm.n - 1]);
	*rest = wide_ltrim(*rest);
	if (span_starts(*rest, ":"))
		*rest = wide_ltrim(span_skip(*rest, 1));
	else if (span_starts(*rest, "："))
		*rest = wide_ltrim(span_skip(*rest, 3));
	return true;
}

int
known_slot(const struct known *k, struct span line, int cur, int last,
    struct span *rest)
{
	struct letters l;

	/* Most lines need no closer look. */
	if (line.n > 0 && ascii_alnum(line.p[0]) &&
	    !k->begins[(unsigned char)ascii_lower(line.p[0])])
		return -1;
	letters_of(line, &l);
	for (uint32_t i = 0; i < k->labels_n; i++) {
		const struct sent_label *s = &k->labels[i];

		if (!behind_label(&l, line, s->norm, rest))
			continue;
		if (s->numbered)
			return (int)i;
		if (cur >= 0 && cur != last)
			return cur;
		return last + 1 < (int)k->labels_n ? last + 1 : -1;
	}
	return -1;
}
