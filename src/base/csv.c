/* Tables in and out. */
#include "base/csv.h"

#include <string.h>

#include "base/limits.h"
#include "base/utf8.h"
#include "base/vec.h"

static char
guess_separator(struct span text)
{
	struct span line;
	size_t count[3] = {0};

	if (!span_line(&text, &line))
		return ',';
	for (size_t i = 0; i < line.n; i++) {
		count[0] += line.p[i] == ',';
		count[1] += line.p[i] == ';';
		count[2] += line.p[i] == '\t';
	}
	if (count[1] > count[0] && count[1] >= count[2])
		return ';';
	return count[2] > count[0] ? '\t' : ',';
}

/* windows-1252 above 0x7f; the five holes become U+FFFD. */
static const uint16_t cp1252[32] = {0x20ac, 0xfffd, 0x201a, 0x0192, 0x201e,
    0x2026, 0x2020, 0x2021, 0x02c6, 0x2030, 0x0160, 0x2039, 0x0152, 0xfffd,
    0x017d, 0xfffd, 0xfffd, 0x2018, 0x2019, 0x201c, 0x201d, 0x2022, 0x2013,
    0x2014, 0x02dc, 0x2122, 0x0161, 0x203a, 0x0153, 0xfffd, 0x017e, 0x0178};

static struct span
from_cp1252(struct arena *arena, struct span s)
{
	char *out = arena_alloc(arena, s.n * 3 + 1);
	size_t n = 0;

	for (size_t i = 0; i < s.n; i++) {
		unsigned char c = (unsigned char)s.p[i];

		n += utf8_put(c >= 0x80 && c < 0xa0 ? cp1252[c - 0x80] : c,
		    out + n);
	}
	return (struct span){out, n};
}

static uint32_t
unit_at(struct span s, size_t i, bool big)
{
	unsigned char a = (unsigned char)s.p[i], b = (unsigned char)s.p[i + 1];

	return big ? (uint32_t)a << 8 | b : (uint32_t)b << 8 | a;
}

static struct span
from_utf16(struct arena *arena, struct span s, bool big)
{
	char *out = arena_alloc(arena, s.n * 3 / 2 + 4);
	size_t n = 0;

	for (size_t i = 0; i + 1 < s.n; i += 2) {
		uint32_t c = unit_at(s, i, big), low;

		if (c >= 0xd800 && c < 0xdc00 && i + 3 < s.n) {
			low = unit_at(s, i + 2, big);
			if (low >= 0xdc00 && low < 0xe000) {
				c = 0x10000 + ((c - 0xd800) << 10) +
				    (low - 0xdc00);
				i += 2;
			}
		}
		if (c >= 0xd800 && c < 0xe000)
			c = 0xfffd;
		if (c != 0xfeff || i > 0)
			n += utf8_put(c, out + n);
	}
	return (struct span){out, n};
}

/*
 * UTF-16 says so by its mark, or by a NUL beside the first letter: no table
 * begins with one otherwise.
 */
static struct span
to_utf8(struct arena *arena, struct span text)
{
	if (span_starts(text, "\xef\xbb\xbf"))
		text = span_skip(text, 3);
	if (span_starts(text, "\xff\xfe") ||
	    (text.n > 3 && text.p[0] != 0 && text.p[1] == 0 && text.p[2] != 0))
		return from_utf16(arena, text, false);
	if (span_starts(text, "\xfe\xff") ||
	    (text.n > 3 && text.p[0] == 0 && text.p[1] != 0))
		return from_utf16(arena, text, true);
	return utf8_valid(text) ? text : from_cp1252(arena, text);
}

/* "sep=;" in the first line: what Excel itself goes by. */
static bool
said_separator(struct span *text, char *separator)
{
	struct span rest = *text, line;

	if (!span_line(&rest, &line))
		return false;
	line = span_trim(line);
	if (line.n != 5 || !span_casestarts(line, "sep="))
		return false;
	*separator = line.p[4];
	*text = rest;
	return true;
}

void
csv_open(struct csv *csv, struct arena *arena, struct span text)
{
	char separator;
	bool said;

	text = to_utf8(arena, text);
	said = said_separator(&text, &separator);
	*csv = (struct csv){.arena = arena, .rest = text,
	    .next_line = said ? 2 : 1,
	    .separator = said ? separator : guess_separator(text)};
}

/* A quoted cell; the opening quote is at the front of rest. */
static struct span
quoted_cell(struct csv *csv, const char **wrong)
{
	struct str s;
	struct span *r = &csv->rest;

	str_init(&s, csv->arena, LIMIT_CSV_CELL);
	*r = span_skip(*r, 1);
	for (;;) {
		size_t q = span_findc(*r, '"');

		for (size_t i = 0; i < q; i++)
			csv->next_line += r->p[i] == '\n';
		str_add(&s, span_sub(*r, 0, q));
		if (q == r->n) {
			*wrong = "a quoted cell has no closing quote";
			*r = span_skip(*r, q);
			break;
		}
		*r = span_skip(*r, q + 1);
		if (r->n == 0 || r->p[0] != '"')
			break;
		str_addc(&s, '"');
		*r = span_skip(*r, 1);
	}
	/* Text between the closing quote and the separator is kept. */
	while (r->n > 0 && r->p[0] != csv->separator && r->p[0] != '\n' &&
	    r->p[0] != '\r') {
		str_addc(&s, r->p[0]);
		*r = span_skip(*r, 1);
	}
	if (s.cut)
		*wrong = "a cell is too long";
	return str_span(&s);
}

static struct span
bare_cell(struct csv *csv, const char **wrong)
{
	struct span *r = &csv->rest, cell;
	size_t i = 0;

	while (i < r->n && r->p[i] != csv->separator && r->p[i] != '\n' &&
	    r->p[i] != '\r')
		i++;
	cell = span_sub(*r, 0, i);
	*r = span_skip(*r, i);
	if (cell.n > LIMIT_CSV_CELL) {
		*wrong = "a cell is too long";
		cell = span_sub(cell, 0, 0);
	}
	return cell;
}

bool
csv_next(struct csv *csv, struct csv_row *out)
{
	struct csv_row row = {0};
	struct span *r = &csv->rest, cell, before;

	while (r->n > 0 && (r->p[0] == '\n' || r->p[0] == '\r')) {
		csv->next_line += r->p[0] == '\n';
		*r = span_skip(*r, 1);
	}
	if (r->n == 0)
		return false;
	row.line = csv->line = csv->next_line;
	for (;;) {
		before = *r;
		while (before.n > 0 && before.p[0] == ' ')
			before = span_skip(before, 1);
		if (before.n > 0 && before.p[0] == '"') {
			*r = span_skip(*r, (size_t)(before.p - r->p));
			cell = quoted_cell(csv, &row.wrong);
		} else {
			cell = bare_cell(csv, &row.wrong);
		}
		if (row.n < LIMIT_CSV_CELLS) {
			vec_room(csv->arena, &row.cells, row.n,
			    sizeof(*row.cells));
			row.cells[row.n++] = utf8_scrub(
			    csv->arena, span_trim(cell));
		} else {
			row.wrong = "a row has too many cells";
		}
		if (r->n == 0 || r->p[0] != csv->separator)
			break;
		*r = span_skip(*r, 1);
	}
	*out = row;
	return true;
}

static bool
is_formula(struct span cell)
{
	struct span s = span_ltrim(cell);

	/* Full-width forms run as well in some spreadsheets. */
	return cell.n > 0 &&
	    (strchr("=+-@\t\r", cell.p[0]) != NULL ||
	        (s.n > 0 && strchr("=+-@", s.p[0]) != NULL) ||
	        span_starts(s, "\xef\xbc\x9d") ||
	        span_starts(s, "\xef\xbc\x8b") ||
	        span_starts(s, "\xef\xbc\x8d") ||
	        span_starts(s, "\xef\xbc\xa0"));
}

/* Minus and digits: a number, not a formula. */
static bool
is_number(struct span cell)
{
	size_t i = cell.n > 0 && cell.p[0] == '-';

	if (i == cell.n)
		return false;
	for (; i < cell.n; i++)
		if (!ascii_digit(cell.p[i]) && cell.p[i] != '.')
			return false;
	return true;
}

void
csv_write(struct str *out, struct span cell, bool first)
{
	bool formula = is_formula(cell) && !is_number(cell);
	bool quote = formula;

	if (!first)
		str_addc(out, ',');
	for (size_t i = 0; i < cell.n && !quote; i++)
		quote = strchr(",;\"\n\r\t", cell.p[i]) != NULL;
	if (!quote) {
		str_add(out, cell);
		return;
	}
	str_addc(out, '"');
	if (formula)
		str_addc(out, '\'');
	for (size_t i = 0; i < cell.n; i++) {
		if (cell.p[i] == '"')
			str_addc(out, '"');
		str_addc(out, cell.p[i]);
	}
	str_addc(out, '"');
}

void
csv_end_row(struct str *out)
{
	str_addz(out, "\r\n");
}
