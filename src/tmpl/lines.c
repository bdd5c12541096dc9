/* Lines of plain text: words wrapped, tables aligned. */
#include "tmpl/text_int.h"

#include "base/limits.h"
#include "base/utf8.h"

enum {
	GAP = 2,         /* blanks between columns */
	WIDTH_LEAST = 8, /* a column is not made narrower than this */
	COLUMNS_MAX = 24,
	LONG_WORD = 40, /* columns; a longer one is broken where it must */
};

void
text_line(struct str *out, struct span prefix, struct span line)
{
	struct span s;

	line = span_rtrim(line);
	s = line.n > 0 ? prefix : span_rtrim(prefix);
	str_add(out, s);
	str_add(out, line);
	str_addc(out, '\n');
}

/* As many bytes of a word as fit; all of an address, which must stay whole. */
static size_t
break_word(struct span word, size_t width)
{
	size_t end = 0, used = 0, n;
	uint32_t code;

	if (span_findc(word, '@') < word.n || span_has(word, "://"))
		return word.n;
	while ((n = utf8_next(span_skip(word, end), &code)) > 0) {
		used += (size_t)utf8_width(code);
		if (used > width && end > 0)
			break;
		end += n;
	}
	return end;
}

/* One line off *rest (without line ends): what fits, at least one letter. */
static struct span
take_line(struct span *rest, size_t width)
{
	struct span s = *rest, left;
	size_t used = 0, end = 0, at = 0;

	while (at < s.n) {
		size_t from = at, columns;

		while (at < s.n && s.p[at] == ' ')
			at++;
		while (at < s.n && s.p[at] != ' ')
			at++;
		columns = utf8_columns(span_sub(s, from, at));
		if (end > 0 && used + columns > width)
			break;
		if (columns > width && columns > LONG_WORD) {
			end = break_word(span_sub(s, from, at), width);
			break;
		}
		used += columns;
		end = at;
	}
	left = span_skip(s, end);
	*rest = span_ltrim(left);
	return span_sub(s, 0, end);
}

void
text_wrap(struct str *out, struct span text, size_t columns, struct span first,
    struct span rest)
{
	struct span line, prefix = first;

	while (span_line(&text, &line)) {
		do {
			size_t used = utf8_columns(prefix);
			size_t width =
			    used + 16 < columns ? columns - used : 16;

			text_line(out, prefix, take_line(&line, width));
			prefix = rest;
		} while (line.n > 0);
	}
}

static void
pad(struct str *out, size_t n)
{
	str_fill(out, ' ', n);
}

/* One row of cells, each wrapped in its width. */
static void
write_row(struct arena *arena, struct str *out, const struct cell *cells,
    size_t n, const size_t *width, struct span prefix)
{
	struct span rest[COLUMNS_MAX];
	bool more = true;

	for (size_t i = 0; i < n; i++)
		rest[i] = cells[i].text;
	while (more) {
		struct str line;

		more = false;
		str_init(&line, arena, LIMIT_TEXT_BYTES);
		for (size_t i = 0; i < n; i++) {
			size_t lf = span_findc(rest[i], '\n');
			struct span all = span_sub(rest[i], 0, lf);
			struct span head = take_line(&all, width[i]);
			size_t used = utf8_columns(head);
			size_t room = used < width[i] ? width[i] - used : 0;

			rest[i] = all.n > 0 ? span_skip(rest[i],
						  (size_t)(all.p - rest[i].p))
					    : span_skip(rest[i], lf + 1);
			more = more || rest[i].n > 0;
			if (i > 0)
				pad(&line, GAP);
			if (cells[i].right)
				pad(&line, room);
			str_add(&line, head);
			if (!cells[i].right)
				pad(&line, room);
		}
		text_line(out, prefix, str_span(&line));
	}
}

static void
write_rule(struct arena *arena, struct str *out, const size_t *width, size_t n,
    struct span prefix)
{
	struct str line;

	str_init(&line, arena, LIMIT_TEXT_BYTES);
	for (size_t i = 0; i < n; i++) {
		if (i > 0)
			pad(&line, GAP);
		str_fill(&line, '-', width[i]);
	}
	text_line(out, prefix, str_span(&line));
}

static size_t
cell_columns(struct span s)
{
	struct span line;
	size_t most = 0;

	while (span_line(&s, &line))
		if (utf8_columns(line) > most)
			most = utf8_columns(line);
	return most;
}

/* The widest columns are narrowed until all fit; false when they cannot. */
static bool
fit(size_t *width, size_t n, size_t columns)
{
	for (;;) {
		size_t sum = (n - 1) * GAP, widest = 0;

		for (size_t i = 0; i < n; i++) {
			sum += width[i];
			if (width[i] > width[widest])
				widest = i;
		}
		if (sum <= columns)
			return true;
		if (width[widest] <= WIDTH_LEAST)
			return false;
		width[widest]--;
	}
}

/* A table that is too wide: each row as lines of "head: cell". */
static void
write_list(struct arena *arena, struct str *out, const struct cell *cells,
    size_t cells_n, size_t n, size_t columns, struct span prefix)
{
	struct span rest =
	    arena_spanf(arena, "%.*s  ", (int)prefix.n, prefix.p);

	for (size_t i = n; i < cells_n; i++) {
		struct span head = cells[i % n].text;
		struct span line = arena_spanf(arena, "%.*s: %.*s", (int)head.n,
		    head.p, (int)cells[i].text.n, cells[i].text.p);

		if (i % n == 0 && i > n)
			text_line(out, prefix, SPAN(""));
		if (cells[i].text.n > 0)
			text_wrap(out, head.n > 0 ? line : cells[i].text,
			    columns, prefix, rest);
	}
}

void
text_table(struct arena *arena, struct str *out, const struct cell *cells,
    size_t cells_n, size_t n, size_t columns, struct span prefix)
{
	size_t width[COLUMNS_MAX] = {0};
	size_t used = utf8_columns(prefix);

	if (n == 0)
		return;
	columns = used + 16 < columns ? columns - used : 16;
	if (n <= COLUMNS_MAX) {
		for (size_t i = 0; i < cells_n; i++) {
			size_t w = cell_columns(cells[i].text);

			if (w > width[i % n])
				width[i % n] = w;
		}
	}
	if (n > COLUMNS_MAX || !fit(width, n, columns)) {
		write_list(
		    arena, out, cells, cells_n, n, columns + used, prefix);
		return;
	}
	write_row(arena, out, cells, n, width, prefix);
	write_rule(arena, out, width, n, prefix);
	for (size_t i = n; i + n <= cells_n; i += n)
		write_row(arena, out, cells + i, n, width, prefix);
}
