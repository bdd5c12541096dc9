/*
 * The new text of a reply.  Each line is classed once (quoted, attribution,
 * header of a quoted mail, ruler, device's signature, text); then one walk
 * decides where the sender's own words end.  Linear in the text: no line is
 * joined with more than four below it.
 */
#include <string.h>

#include "base/str.h"
#include "base/vec.h"
#include "reply/lines_int.h"

enum line_class {
	EMPTY,
	TEXT,
	QUOTE,       /* "> ..." */
	MARKED,      /* inside a region that the client marks as a message */
	SIGNED,      /* inside a marked signature */
	ATTRIBUTION, /* and the lines it wraps over */
	HEADERS,     /* header block of a quoted mail */
	ORIGINAL,    /* "-----Original Message-----" */
	FORWARD,     /* "---------- Forwarded message ---------" */
	DEVICE,
	RULER,
	SIGNATURE, /* "-- " */
	DROPPED,
};

struct line {
	uint32_t from, n;
	uint8_t what; /* enum line_class */
	uint8_t kept;
	uint8_t key;    /* enum header_key, plus one when it is known */
	uint8_t closes; /* may it end an attribution: 0 unknown, 1 no, 2 yes */
};

struct page {
	struct span text;
	struct line *lines;
	size_t n;
};

static struct span
at(const struct page *p, size_t i)
{
	return span_sub(p->text, p->lines[i].from,
	    (size_t)p->lines[i].from + p->lines[i].n);
}

/* --- lines and marked regions ------------------------------------------- */

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
		return QUOTE;
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

static void
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
		struct regions before = r;

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

/* --- attributions and header blocks ------------------------------------- */

static bool
is_gap(const struct page *p, size_t i)
{
	return p->lines[i].what == EMPTY;
}

static size_t
next_full(const struct page *p, size_t i)
{
	while (i < p->n && is_gap(p, i))
		i++;
	return i;
}

static bool
is_foreign(enum line_class c)
{
	return c == QUOTE || c == MARKED;
}

static int
digits_in(struct span s)
{
	int n = 0;

	for (size_t i = 0; i < s.n; i++)
		n += ascii_digit(s.p[i]);
	return n;
}

/*
 * May the line below belong to this one's attribution?  Only when this one
 * begins like an attribution, or holds a date or half an address.
 */
static bool
may_wrap(struct span line, bool open)
{
	if (open)
		return line.n < 300 && (digits_in(line) > 0 || line.n < 12);
	return line.n < 200 &&
	       (digits_in(line) >= 4 || span_findc(line, '<') < line.n ||
		   span_findc(line, '@') < line.n);
}

static bool
joins(const struct page *p, size_t k, size_t from, bool open)
{
	enum line_class c = p->lines[k].what;

	if (c == TEXT)
		return true;
	/* "On Tue, John Smith", "<", "mailto:...", "> wrote:" */
	if (c == EMPTY)
		return k > from && open;
	if (c == QUOTE && k > from && span_ends(span_trim(at(p, k)), ">:"))
		return true;
	return c == QUOTE && k > from &&
	       chrome_attribution(span_skip(span_trim(at(p, k)), 1)) !=
		   ATTRIBUTION_NONE;
}

/* "4: ", "4) ", "4. More time": an answer by its number, not a date. */
static bool
is_numbered(struct span line)
{
	size_t n = 0;

	while (n < line.n && n < 3 && ascii_digit(line.p[n]))
		n++;
	if (n == 0 || n == 3 || n == line.n)
		return false;
	if (strchr(":)=", line.p[n]) != NULL)
		return n + 1 == line.n || !ascii_digit(line.p[n + 1]);
	return line.p[n] == '.' && digits_in(line) < 4;
}

/* "On Tue, 3 May 2016", "2016-05-03 15:00": begins with a whole date. */
static bool
opens_dated(struct span line)
{
	if (!chrome_may_open(line))
		return false;
	return digits_in(line) >= (ascii_digit(line.p[0]) ? 8 : 3);
}

/*
 * Does an attribution that ends with line k begin below line i?  Then line i
 * is the end of the sender's words, and was joined to it for its looks.
 */
static bool
begins_below(const struct page *p, size_t i, size_t k)
{
	struct span first = span_trim(at(p, i));
	bool word = chrome_may_open(first) && !ascii_digit(first.p[0]);
	char joined[420];

	/* "On Tuesday," and "On Tue, 3 May 2016" go on below. */
	if (word && (digits_in(first) >= 3 || first.n < 16))
		return false;
	for (size_t j = i + 1; j <= k; j++) {
		struct span below = span_trim(at(p, j));
		size_t n = 0;

		if (!opens_dated(below))
			continue;
		/* "On Tuesday, the 3rd of May" / "2016 at 15:00, Ann wrote:" */
		if (word && (ascii_digit(below.p[0]) || digits_in(below) < 5))
			continue;
		for (size_t m = j; m <= k; m++) {
			struct span line = span_trim(at(p, m));

			if (n > 0)
				joined[n++] = ' ';
			memcpy(joined + n, line.p, line.n);
			n += line.n;
		}
		if (chrome_attribution((struct span){joined, n}) !=
		    ATTRIBUTION_NONE)
			return true;
	}
	return false;
}

/* A sentence has ended and a gap follows: nothing goes on below. */
static bool
is_closed(const struct page *p, size_t i)
{
	struct span line = span_trim(at(p, i));

	return i + 1 < p->n && is_gap(p, i + 1) && line.n > 0 &&
	       strchr(".!?", line.p[line.n - 1]) != NULL;
}

/* Asked again for each line above that it may belong to. */
static bool
closes(struct page *p, size_t i)
{
	if (p->lines[i].closes == 0)
		p->lines[i].closes = chrome_may_close(at(p, i)) ? 2 : 1;
	return p->lines[i].closes == 2;
}

/* "27 January 10:00", a gap, "On Monday Ann wrote:": two things. */
static bool
stands_apart(const struct page *p, size_t i, size_t k)
{
	struct span first = span_trim(at(p, i)), line = span_trim(at(p, k));

	return is_gap(p, k - 1) && first.n > 0 && ascii_digit(first.p[0]) &&
	       line.n > 0 && !ascii_digit(line.p[0]) && chrome_may_open(line);
}

/* The attribution that begins at line i; its number of lines, or 0. */
static size_t
attribution_at(struct page *p, size_t i)
{
	char joined[420];
	size_t n = 0, lines = 0;
	bool open = chrome_may_open(at(p, i));

	for (size_t k = i; k < p->n && k < i + 7 && lines < 5; k++) {
		struct span line = span_trim(at(p, k));
		enum attribution a;

		if (!joins(p, k, i, open) || n + line.n + 2 > sizeof(joined))
			return 0;
		if (line.n == 0)
			continue;
		/* The line below is one by itself: this one is text. */
		if (lines++ > 0 && closes(p, k) &&
		    (digits_in((struct span){joined, n}) < 3 ||
			stands_apart(p, i, k)) &&
		    chrome_attribution(line) != ATTRIBUTION_NONE)
			return 0;
		if (n > 0)
			joined[n++] = ' ';
		memcpy(joined + n, line.p, line.n);
		n += line.n;
		a = ATTRIBUTION_NONE;
		if (closes(p, k))
			a = chrome_attribution((struct span){joined, n});
		if (a == ATTRIBUTION_WEAK) {
			size_t next = next_full(p, k + 1);

			if (next == p->n || !is_foreign(p->lines[next].what))
				a = ATTRIBUTION_NONE;
		}
		if (a != ATTRIBUTION_NONE)
			return begins_below(p, i, k) ? 0 : k - i + 1;
		if (k == i && (!may_wrap(line, open) || is_numbered(line) ||
				  is_closed(p, i)))
			return 0;
	}
	return 0;
}

/*
 * "... reply On Wed, Apr 4, 2012 at 3:59 PM, Bob wrote:" with a quote below:
 * the attribution shares the line with text.  Cuts the line before it.
 */
static bool
split_shared(struct page *p, size_t i)
{
	struct span line = at(p, i), tail;
	size_t next = next_full(p, i + 1), on;

	if (line.n > 400 || !span_ends(span_rtrim(line), ":") || next == p->n ||
	    !is_foreign(p->lines[next].what))
		return false;
	on = span_find(line, SPAN(" On "));
	if (on == line.n)
		return false;
	tail = span_skip(line, on + 1);
	if (chrome_attribution(tail) != ATTRIBUTION_SURE)
		return false;
	while (on > 0 && (line.p[on - 1] == '-' || line.p[on - 1] == ' '))
		on--;
	p->lines[i].n = (uint32_t)on;
	for (size_t k = i + 1; k < next; k++)
		p->lines[k].what = ATTRIBUTION;
	return true;
}

/* Asked again for each block that may begin above: kept once known. */
static enum header_key
key_at(struct page *p, size_t i)
{
	if (p->lines[i].key == 0)
		p->lines[i].key = (uint8_t)(chrome_header(at(p, i)) + 1);
	return (enum header_key)(p->lines[i].key - 1);
}

/*
 * A header block: three or more different fields one under another, or two
 * of them with an address or a ruler above.  Returns the lines it covers.
 */
static size_t
headers_at(struct page *p, size_t i)
{
	unsigned seen = 0;
	size_t k = i, last = i, fields = 0, others = 0;
	bool address = false, dated = false;

	for (; k < p->n && k < i + 24; k++) {
		enum header_key key;

		if (p->lines[k].what != TEXT) {
			if (p->lines[k].what == EMPTY && others == 0 &&
			    k + 1 < p->n && key_at(p, k + 1))
				continue;
			break;
		}
		key = key_at(p, k);
		if (key == HEADER_NONE) {
			/* a continued list of addresses */
			if (fields == 0 || ++others > 3)
				break;
			continue;
		}
		if (key != HEADER_OTHER && (seen & 1u << key) != 0)
			break;
		address |= span_has(at(p, k), "@");
		dated |= key == HEADER_DATE && digits_in(at(p, k)) >= 6;
		others = 0;
		seen |= 1u << key;
		fields++;
		last = k;
	}
	/* "Date: ..., To: a@b" without a sender */
	if (fields >= 2 && address && dated && (seen & (1u << HEADER_TO)) != 0)
		return last - i + 1;
	if ((seen & (1u << HEADER_FROM)) == 0 || fields < 2)
		return 0;
	if (fields >= 3 && (seen & (1u << HEADER_DATE | 1u << HEADER_TO |
				       1u << HEADER_SUBJECT)) != 0)
		return last - i + 1;
	if (address && (seen & (1u << HEADER_DATE)) != 0)
		return last - i + 1;
	return 0;
}

/*
 * A mail program that wraps a quoted line leaves its second half without the
 * '>'.  Such a half stands right between two quoted lines, the upper one is
 * long or ends in an address, and it goes on in the middle of a sentence.
 */
static bool
is_torn(const struct page *p, size_t i)
{
	struct span line, above;
	char first, end;

	if (i == 0 || i + 1 >= p->n || p->lines[i].what != TEXT ||
	    p->lines[i - 1].what != QUOTE || p->lines[i + 1].what != QUOTE)
		return false;
	line = span_trim(at(p, i));
	above = span_rtrim(at(p, i - 1));
	if (above.n == 0)
		return false;
	first = line.p[0];
	end = above.p[above.n - 1];
	if (span_starts(line, "(http") || span_starts(line, "<http") ||
	    span_starts(line, "http"))
		return true;
	if (span_has(above, "http") && span_findc(line, ' ') == line.n &&
	    above.n > 30)
		return true;
	return above.n >= 55 && first >= 'a' && first <= 'z' &&
	       strchr(".?!:])", end) == NULL;
}

static void
mend_quotes(struct page *p)
{
	for (size_t i = 0; i < p->n; i++)
		if (is_torn(p, i))
			p->lines[i].what = QUOTE;
}

static void
find_chrome(struct page *p)
{
	for (size_t i = 0; i < p->n; i++) {
		size_t n;

		if (p->lines[i].what != TEXT)
			continue;
		n = key_at(p, i) != HEADER_NONE ? headers_at(p, i) : 0;
		if (n > 0) {
			for (size_t k = 0; k < n; k++)
				p->lines[i + k].what = HEADERS;
			i += n - 1;
			continue;
		}
		if (split_shared(p, i))
			continue;
		n = attribution_at(p, i);
		for (size_t k = 0; k < n; k++)
			p->lines[i + k].what = ATTRIBUTION;
		if (n > 0)
			i += n - 1;
	}
}

/* --- what is kept ------------------------------------------------------- */

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
			next = next_full(p, i + 1);
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
		next = next_full(p, i + 1);
		if (next == p->n || !is_foreign(p->lines[next].what)) {
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

static struct span
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
		struct span line = span_rtrim(at(p, i));

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
	size_t first = next_full(p, 0);

	return first < p->n && p->lines[first].what == FORWARD;
}

struct span
reply_new_text(struct arena *arena, struct span text)
{
	struct page p;
	struct span out;

	page_read(arena, text, &p);
	mend_quotes(&p);
	find_chrome(&p);
	keep(&p);
	out = join(arena, &p);
	/* A forward, or a whole mail inside one marked region. */
	if (is_forward(&p) || (out.n == 0 && !is_only_quote(&p)))
		return span_trim(without_marks(arena, text));
	return out;
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
