/*
 * What stands on several lines of a text: attributions and how they wrap,
 * header blocks of quoted mails, quoted lines torn in two.  Linear in the
 * text: no line is joined with more than four below it.
 */
#include <string.h>

#include "reply/lines_int.h"

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
	if (c == QUOTE && k > from &&
	    span_ends(span_trim(page_line(p, k)), ">:"))
		return true;
	return c == QUOTE && k > from &&
	       chrome_attribution(span_skip(span_trim(page_line(p, k)), 1)) !=
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

/* Digits of a text, those of addresses left out. */
static int
digits_outside(struct span s)
{
	struct span word;
	int n = 0;

	while (span_word(&s, &word))
		if (!span_has(word, "@"))
			n += digits_in(word);
	return n;
}

/* "24.11.2026 ...", "2026-11-24 ...": no second half of a date. */
static bool
opens_with_whole_date(struct span s)
{
	size_t n = 0, from;

	while (n < s.n && ascii_digit(s.p[n]))
		n++;
	if (n == 0 || n > 4 || n == s.n)
		return false;
	if (n == 4)
		return strchr("-/.", s.p[n]) != NULL ||
		       (unsigned char)s.p[n] >= 0x80;
	from = n;
	while (n < s.n && n < from + 24 && !ascii_digit(s.p[n]))
		n++;
	return n < s.n && digits_in(span_sub(s, n, n + 8)) >= 4;
}

/*
 * Is what stands below line `first` an attribution by itself, so that the
 * line above it is the end of the sender's words?
 */
static bool
is_whole(struct span first, struct span below, struct span joined)
{
	bool word = chrome_may_open(first) && !ascii_digit(first.p[0]);
	int digits = digits_outside(joined);
	bool dated = digits >= (chrome_has_year(joined) ? 6 : 9);

	if (span_findc(joined, '>') < span_findc(joined, '<') ||
	    chrome_attribution(joined) != ATTRIBUTION_SURE)
		return false;
	if (!dated)
		return !chrome_may_open(first) && digits_in(first) > 0 &&
		       !ascii_digit(below.p[0]);
	if (!ascii_digit(below.p[0]))
		return !word || chrome_may_open(below) || digits_in(first) > 0;
	/* "On Tuesday," / "24 November 2026", "Tue, Nov 24," / "2026 at" */
	return opens_with_whole_date(below) && (!word || digits_in(first) > 0);
}

/*
 * Does an attribution that ends with line k begin below line i?  Then line i
 * is the end of the sender's words, and was joined to it for its looks.
 */
static bool
begins_below(const struct page *p, size_t i, size_t k)
{
	struct span first = span_trim(page_line(p, i));
	char joined[420];

	for (size_t j = i + 1; j <= k; j++) {
		struct span below = span_trim(page_line(p, j));
		size_t n = 0;

		if (below.n == 0)
			continue;
		for (size_t m = j; m <= k; m++) {
			struct span line = span_trim(page_line(p, m));

			if (n > 0)
				joined[n++] = ' ';
			memcpy(joined + n, line.p, line.n);
			n += line.n;
		}
		if (is_whole(first, below, (struct span){joined, n}))
			return true;
	}
	return false;
}

/* A sentence has ended and a gap follows: nothing goes on below. */
static bool
is_closed(const struct page *p, size_t i)
{
	struct span line = span_trim(page_line(p, i));

	return i + 1 < p->n && page_is_gap(p, i + 1) && line.n > 0 &&
	       strchr(".!?", line.p[line.n - 1]) != NULL;
}

/* Asked again for each line above that it may belong to. */
static bool
closes(struct page *p, size_t i)
{
	if (p->lines[i].closes == 0)
		p->lines[i].closes = chrome_may_close(page_line(p, i)) ? 2 : 1;
	return p->lines[i].closes == 2;
}

/* "at 15:00, Ann wrote:": the rest of a date above. */
static bool
goes_on(struct span line)
{
	return span_casestarts(line, "at ") || span_casestarts(line, "um ") ||
	       span_casestarts(line, "kl ") || span_casestarts(line, "à ");
}

/*
 * "27 January 10:00" or "Thursday 28 Jan works for me", a gap, "On Monday Ann
 * wrote:": two things.  Where the first begins with a word, the second must
 * have a date of its own.
 */
static bool
stands_apart(const struct page *p, size_t i, size_t k)
{
	struct span first = span_trim(page_line(p, i));
	struct span line = span_trim(page_line(p, k));

	if (!page_is_gap(p, k - 1) || first.n == 0 || line.n == 0 ||
	    ascii_digit(line.p[0]))
		return false;
	/* "Ann <ann@example.com> schrieb am Mo., 11. Jan. 2027, 10:00:" */
	if (chrome_attribution(line) == ATTRIBUTION_SURE &&
	    (digits_in(line) >= 6 ||
		(!chrome_has_year(first) && !span_ends(first, ","))))
		return true;
	return chrome_may_open(line) &&
	       (ascii_digit(first.p[0]) ||
		   (digits_in(line) >= 3 && !goes_on(line)));
}

/* "Ann <ann@example.com> schrieb am Di.,": all there but the date. */
static bool
wants_date(char *joined, size_t n)
{
	joined[n] = ':';
	return chrome_attribution((struct span){joined, n + 1}) ==
	       ATTRIBUTION_SURE;
}

/* One by itself; "2026 at 9:12:" is one only when no date goes on in it. */
static bool
is_own(struct span line, bool goes_on)
{
	enum attribution a = chrome_attribution(line);

	return a == ATTRIBUTION_SURE || (a == ATTRIBUTION_WEAK && !goes_on);
}

/* "... napisao" / "je:", "... a" / "ecrit :": the verb's second word. */
static size_t
verb_goes_on(const struct page *p, size_t k)
{
	struct span line = span_rtrim(page_line(p, k)), next;

	if (k + 1 >= p->n || p->lines[k + 1].what != TEXT ||
	    span_ends(line, ":"))
		return 0;
	next = span_trim(page_line(p, k + 1));
	return next.n <= 12 && span_ends(next, ":") &&
	       span_findc(next, ' ') + 2 >= next.n;
}

/* The attribution that begins at line i; its number of lines, or 0. */
static size_t
attribution_at(struct page *p, size_t i)
{
	char joined[420];
	size_t n = 0, lines = 0;
	bool open = chrome_may_open(page_line(p, i));

	for (size_t k = i; k < p->n && k < i + 7 && lines < 5; k++) {
		struct span line = span_trim(page_line(p, k));
		enum attribution a;

		if (!joins(p, k, i, open) || n + line.n + 2 > sizeof(joined))
			return 0;
		if (line.n == 0)
			continue;
		/* The line below is one by itself: this one is text. */
		if (lines++ > 0 && closes(p, k) &&
		    (digits_in((struct span){joined, n}) < 3 ||
			stands_apart(p, i, k)) &&
		    is_own(line, open &&
				     digits_in((struct span){joined, n}) > 0 &&
				     !stands_apart(p, i, k)) &&
		    !wants_date(joined, n))
			return 0;
		if (n > 0)
			joined[n++] = ' ';
		memcpy(joined + n, line.p, line.n);
		n += line.n;
		a = ATTRIBUTION_NONE;
		if (closes(p, k))
			a = chrome_attribution((struct span){joined, n});
		if (a == ATTRIBUTION_WEAK) {
			size_t next = page_next_full(p, k + 1);

			if (next == p->n || !page_is_foreign(p, next))
				a = ATTRIBUTION_NONE;
		}
		if (a != ATTRIBUTION_NONE)
			return begins_below(p, i, k)
				   ? 0
				   : k - i + 1 + verb_goes_on(p, k);
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
	struct span line = page_line(p, i), tail;
	size_t next = page_next_full(p, i + 1), on;

	if (line.n > 400 || !span_ends(span_rtrim(line), ":") || next == p->n ||
	    !page_is_foreign(p, next))
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
		p->lines[i].key = (uint8_t)(chrome_header(page_line(p, i)) + 1);
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
		address |= span_has(page_line(p, k), "@");
		dated |= key == HEADER_DATE && digits_in(page_line(p, k)) >= 6;
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
	line = span_trim(page_line(p, i));
	above = span_rtrim(page_line(p, i - 1));
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

/*
 * "Ann Example <" / "ann@example.com> wrote:", "Ann <ann@example.com>" / "on
 * 24.11.2026 wrote:": does the line above hold the name that belongs to the
 * attribution at line i?
 */
static bool
name_above(const struct page *p, size_t i)
{
	struct span line = span_trim(page_line(p, i)), above;
	size_t open = span_findc(line, '<'), close = span_findc(line, '>');

	if (i == 0 || p->lines[i - 1].what != TEXT)
		return false;
	above = span_trim(page_line(p, i - 1));
	if (close < line.n && open > close)
		return span_ends(above, "<");
	/* A name alone, in a paragraph of its own. */
	if (above.n > 80 || (i > 1 && !page_is_gap(p, i - 2)) ||
	    strchr(".?!:,;", above.p[above.n - 1]) != NULL)
		return false;
	if (open == 0 && close < line.n)
		return true;
	return span_findc(line, '@') == line.n &&
	       span_findc(above, '<') < span_findc(above, '@') &&
	       span_findc(above, '>') + 5 >= above.n &&
	       span_findc(above, '>') < above.n;
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
		if (n == 0)
			continue;
		for (size_t k = 0; k < n; k++)
			p->lines[i + k].what = ATTRIBUTION;
		if (name_above(p, i))
			p->lines[i - 1].what = ATTRIBUTION;
		i += n - 1;
	}
}

void
page_find_blocks(struct page *p)
{
	mend_quotes(p);
	find_chrome(p);
}
