/*
 * The new text of a reply: the lines are classed (page.c), blocks of several
 * lines found (blocks.c); then one walk decides where the sender's own words
 * end.  Linear in the text.
 */
#include <string.h>

#include "base/str.h"
#include "reply/lines_int.h"

/* A ruler with text right above and below underlines a heading or a table. */
static bool
is_underline(const struct page *p, size_t i)
{
	return p->lines[i].what == RULER && i > 0 && i + 1 < p->n &&
	       p->lines[i - 1].what == TEXT && p->lines[i + 1].what == TEXT;
}

/* Where the sender's words end for good. */
static size_t
end_of_words(const struct page *p)
{
	bool text = false;

	for (size_t i = 0; i < p->n; i++) {
		enum line_class c = p->lines[i].what;
		size_t next;

		text |= c == TEXT;
		if (c == HEADERS || c == ORIGINAL) {
			if (text)
				return i;
			continue;
		}
		if (c == FORWARD && text)
			return i;
		/* A company's lines below the device's own. */
		if (c == DEVICE && text) {
			next = page_next_full(p, i + 1);
			if (next < p->n && p->lines[next].what == TEXT)
				return i;
		}
		if (c == SIGNATURE && text)
			return i;
		if (c == RULER && text && !is_underline(p, i))
			return i;
		if (c != ATTRIBUTION)
			continue;
		while (i + 1 < p->n && p->lines[i + 1].what == ATTRIBUTION)
			i++;
		next = page_next_full(p, i + 1);
		if (next == p->n || !page_is_foreign(p, next)) {
			/* an unmarked quote follows */
			if (text)
				return i;
		}
	}
	return p->n;
}

/* Is the quoted block that ends before line i introduced by an attribution? */
static bool
is_attributed(const struct page *p, size_t i)
{
	while (i > 0 &&
	       (p->lines[i - 1].what == QUOTE || p->lines[i - 1].what == EMPTY))
		i--;
	return i > 0 && p->lines[i - 1].what == ATTRIBUTION;
}

/* Quoted blocks between texts: with an attribution above, and in all. */
static size_t
quote_blocks(const struct page *p, size_t to, size_t *attributed)
{
	size_t blocks = 0;
	bool in = false;

	*attributed = 0;
	for (size_t i = 0; i < to; i++) {
		enum line_class c = p->lines[i].what;

		if (c == QUOTE && !in) {
			blocks++;
			*attributed += is_attributed(p, i);
		}
		if (c == QUOTE || c == TEXT)
			in = c == QUOTE;
	}
	return blocks;
}

/*
 * Quotes below all words go.  Of those between words, one block under an
 * attribution is the quoted mail, answered above, below or both; more blocks
 * are questions answered one by one, and stay for the answers' sake.
 */
static void
keep(struct page *p)
{
	size_t last = end_of_words(p), blocks, attributed, first = 0;
	bool interleaved;

	while (last > 0 && p->lines[last - 1].what != TEXT)
		last--;
	while (first < last && p->lines[first].what != TEXT)
		first++;
	blocks = quote_blocks(p, last, &attributed);
	interleaved = blocks >= 2 && (attributed <= 1 || blocks >= 3);
	for (size_t i = 0; i < last; i++) {
		enum line_class c = p->lines[i].what;
		bool quote = c == QUOTE || c == ATTRIBUTION;

		if (attributed == 0)
			quote = c == QUOTE && i > first;
		else
			quote = quote && interleaved;
		p->lines[i].kept =
		    c == TEXT || c == EMPTY || quote || is_underline(p, i);
	}
}

struct span
without_marks(struct arena *arena, struct span text)
{
	struct str out;
	size_t from = 0;

	if (span_find(text, SPAN("\xef\xb7")) == text.n)
		return text;
	str_init(&out, arena, text.n + 1);
	for (size_t i = 0; i + 2 < text.n; i++) {
		if (text.p[i] != '\xef' || text.p[i + 1] != '\xb7' ||
		    (unsigned char)text.p[i + 2] < 0x90 ||
		    (unsigned char)text.p[i + 2] > 0x94)
			continue;
		str_add(&out, span_sub(text, from, i));
		from = i + 3;
		i += 2;
	}
	str_add(&out, span_skip(text, from));
	return str_span(&out);
}

static struct span
join(struct arena *arena, const struct page *p)
{
	struct str out;
	int gap = 0;

	str_init(&out, arena, p->text.n + 1);
	for (size_t i = 0; i < p->n; i++) {
		struct span line = span_rtrim(page_line(p, i));

		if (!p->lines[i].kept)
			continue;
		if (line.n == 0) {
			gap++;
			continue;
		}
		if (out.n > 0)
			str_fill(&out, '\n', gap > 0 ? 2 : 1);
		gap = 0;
		str_add(&out, line);
	}
	return span_trim(str_span(&out));
}

/*
 * Sent with nothing written: a quote under its attribution, or a device's
 * signature.  A forward is not that, nor is a mail all inside one region.
 */
static bool
is_only_quote(const struct page *p)
{
	bool quote = false;

	for (size_t i = 0; i < p->n; i++) {
		enum line_class c = p->lines[i].what;

		if (c == FORWARD || c == MARKED || c == ORIGINAL ||
		    c == HEADERS)
			return false;
		quote |= c == ATTRIBUTION || c == DEVICE;
	}
	return quote;
}

static bool
is_forward(const struct page *p)
{
	size_t first = page_next_full(p, 0);

	return first < p->n && p->lines[first].what == FORWARD;
}

/* One reading; false when nothing of the sender's own was found. */
static bool
read_text(struct arena *arena, struct span text, struct span *out)
{
	struct page p;

	page_read(arena, text, &p);
	page_find_blocks(&p);
	keep(&p);
	*out = join(arena, &p);
	return !is_forward(&p) && (out->n > 0 || is_only_quote(&p));
}

struct span
reply_new_text(struct arena *arena, struct span text)
{
	struct span out, plain;

	if (read_text(arena, text, &out))
		return out;
	/*
	 * A forward, or a whole mail inside one marked region: the marks were
	 * wrong, so what the lines say counts.
	 */
	plain = span_trim(without_marks(arena, text));
	if (plain.n < span_trim(text).n && read_text(arena, plain, &out))
		return out;
	return plain;
}

static bool
has_words(struct span s)
{
	for (size_t i = 0; i < s.n; i++)
		if (!ascii_blank(s.p[i]))
			return true;
	return false;
}

struct span
newtext_of_mail(struct arena *arena, const struct mail *m, struct span *whole)
{
	bool plain = has_words(m->text);

	*whole = plain ? m->text : without_marks(arena, m->html);
	return reply_new_text(arena, plain ? m->text : m->html);
}
