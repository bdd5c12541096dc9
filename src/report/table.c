/*
 * Tables for terminals and plain-text mail: columns as wide as they need,
 * the widest wrapped until all fit.
 */
#include "base/str.h"
#include "base/utf8.h"
#include "report/report_int.h"

enum {
	TEXT_MAX = 1 << 20,
	GAP = 2,
	NARROWEST = 6
};

static void
measure(const struct table *t, size_t *width)
{
	for (uint32_t c = 0; c < t->columns; c++) {
		width[c] = utf8_columns(t->head[c]);
		for (uint32_t r = 0; r < t->rows; r++) {
			size_t n = utf8_columns(t->cells[r * t->columns + c]);

			if (n > width[c])
				width[c] = n;
		}
	}
}

/* The longest word of a column: narrower than that tears words apart. */
static size_t
longest_word(const struct table *t, uint32_t column)
{
	size_t longest = NARROWEST;

	for (uint32_t r = 0; r <= t->rows; r++) {
		struct span s = r == 0
				    ? t->head[column]
				    : t->cells[(r - 1) * t->columns + column];
		struct span word;

		while (span_word(&s, &word)) {
			size_t n = utf8_columns(word);

			longest = n > longest ? n : longest;
		}
	}
	return longest;
}

/* The widest column that may still give; -1 = none may. */
static int
widest(const size_t *width, const size_t *floor, uint32_t n)
{
	int best = -1;

	for (uint32_t c = 0; c < n; c++)
		if (width[c] > floor[c] && (best < 0 || width[c] > width[best]))
			best = (int)c;
	return best;
}

static void
squeeze(
    struct arena *arena, const struct table *t, size_t *width, size_t columns)
{
	size_t *floor = arena_alloc(arena, t->columns * sizeof(*floor));
	size_t sum = t->columns > 0 ? (t->columns - 1) * GAP : 0;
	bool torn = false;

	for (uint32_t c = 0; c < t->columns; c++) {
		floor[c] = longest_word(t, c);
		sum += width[c];
	}
	while (sum > columns) {
		int c = widest(width, floor, t->columns);

		if (c >= 0) {
			width[c]--;
			sum--;
		} else if (torn) {
			return;
		} else {
			torn = true;
			for (uint32_t k = 0; k < t->columns; k++)
				floor[k] = NARROWEST;
		}
	}
}

/* The next piece of at most `width` columns, cut at a blank if it can be. */
static struct span
piece(struct span *rest, size_t width)
{
	struct span s = *rest, head;
	size_t n = 0, columns = 0, blank = 0;

	while (n < s.n) {
		uint32_t code;
		size_t k = utf8_next(span_skip(s, n), &code);
		int w = utf8_width(code);

		if (code == '\n' || (columns + (size_t)w > width && n > 0))
			break;
		if (code == ' ')
			blank = n;
		columns += (size_t)w;
		n += k;
	}
	if (n < s.n && s.p[n] != ' ' && s.p[n] != '\n' && blank > 0)
		n = blank;
	head = span_sub(s, 0, n);
	*rest = span_ltrim(span_skip(s, n));
	return span_rtrim(head);
}

static void
add_row(struct str *out, struct arena *arena, const struct table *t,
    const struct span *cells, const size_t *width)
{
	struct span *rest = arena_alloc(arena, t->columns * sizeof(*rest));
	bool more = true;

	for (uint32_t c = 0; c < t->columns; c++)
		rest[c] = span_trim(cells[c]);
	while (more) {
		size_t pad = 0;

		more = false;
		for (uint32_t c = 0; c < t->columns; c++) {
			struct span s = piece(&rest[c], width[c]);
			size_t n = utf8_columns(s);
			size_t left = n < width[c] ? width[c] - n : 0;

			if (s.n == 0) {
				pad += width[c] + GAP;
			} else {
				bool right = t->right != NULL && t->right[c];

				str_fill(out, ' ', pad + (right ? left : 0));
				str_add(out, s);
				pad = GAP + (right ? 0 : left);
			}
			more |= rest[c].n > 0;
		}
		str_addc(out, '\n');
	}
}

struct span
table_text(
    struct arena *arena, const struct table *t, size_t columns, bool utf8)
{
	size_t *width = arena_alloc(arena, t->columns * sizeof(*width));
	struct str out;

	str_init(&out, arena, TEXT_MAX);
	measure(t, width);
	squeeze(arena, t, width, columns);
	add_row(&out, arena, t, t->head, width);
	for (uint32_t c = 0; c < t->columns; c++) {
		if (c > 0)
			str_fill(&out, ' ', GAP);
		for (size_t i = 0; i < width[c]; i++)
			str_addz(&out, utf8 ? "─" : "-");
	}
	str_addc(&out, '\n');
	for (uint32_t r = 0; r < t->rows; r++)
		add_row(
		    &out, arena, t, &t->cells[(size_t)r * t->columns], width);
	return str_span(&out);
}
