/* Settings files. */
#include "base/ini.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sysexits.h>

#include "base/limits.h"
#include "base/str.h"
#include "base/utf8.h"
#include "base/vec.h"

static int
line_error(struct err *err, struct span file, int line, const char *what)
{
	return err_exit(err, ERR_STOP, EX_CONFIG, "%.*s:%d:1: %s", (int)file.n,
	    file.p, line, what);
}

static bool
key_ok(struct span key)
{
	if (key.n == 0 || key.p[0] == '.')
		return false;
	for (size_t i = 0; i < key.n; i++)
		if (!ascii_alnum(key.p[i]) && strchr("-_.", key.p[i]) == NULL)
			return false;
	return true;
}

struct state {
	struct arena *arena;
	struct ini *ini;
	struct span section, label;
	struct str value; /* of the last item, while lines go on with it */
	int line;
};

static const char *
take_section(struct state *st, struct span line)
{
	struct span inner, word;

	if (line.p[line.n - 1] != ']')
		return "a section begins with [ and ends with ]";
	inner = span_trim(span_sub(line, 1, line.n - 1));
	if (!span_word(&inner, &word))
		return "a section needs a name between [ and ]";
	st->section = arena_lower(st->arena, word);
	st->label = arena_span(st->arena, span_trim(inner));
	return NULL;
}

static const char *
take_setting(struct state *st, struct span line)
{
	size_t eq = span_findc(line, '=');
	struct span key = span_trim(span_sub(line, 0, eq));
	struct span value = span_trim(span_skip(line, eq + 1));
	struct ini_item item = {
	    .section = st->section, .label = st->label, .line = st->line};
	size_t dot;

	if (eq == line.n)
		return "expected \"key = value\", \"[section]\" or a comment "
		       "after #";
	if (!key_ok(key))
		return "a key is made of letters, digits, \"-\", \"_\"";
	dot = span_findc(key, '.');
	item.key = arena_lower(st->arena, span_sub(key, 0, dot));
	item.locale = arena_lower(st->arena, span_skip(key, dot + 1));
	str_init(&st->value, st->arena, LIMIT_CONF_BYTES);
	str_add(&st->value, value);
	item.value = str_span(&st->value);
	item.column =
	    (int)((value.n > 0 ? (size_t)(value.p - line.p) : eq + 1) + 1);
	vec_room(st->arena, &st->ini->items, st->ini->n, sizeof(item));
	st->ini->items[st->ini->n++] = item;
	return NULL;
}

static const char *
take_line(struct state *st, struct span line)
{
	struct span trimmed = span_trim(line);
	struct ini_item *last;

	if (trimmed.n == 0 || trimmed.p[0] == '#' || trimmed.p[0] == ';')
		return NULL;
	if (line.p[0] == ' ' || line.p[0] == '\t') {
		if (st->ini->n == 0)
			return "the first line must not begin with a blank";
		last = &st->ini->items[st->ini->n - 1];
		if (last->value.n > 0)
			str_addc(&st->value, '\n');
		str_add(&st->value, trimmed);
		last->value = str_span(&st->value);
		return NULL;
	}
	if (trimmed.p[0] == '[')
		return take_section(st, trimmed);
	return take_setting(st, span_rtrim(line));
}

int
ini_parse(struct arena *arena, struct span file, struct span text,
    struct ini *out, struct err *err)
{
	struct ini ini = {.file = arena_span(arena, file)};
	struct state st = {.arena = arena,
	    .ini = &ini,
	    .section = SPAN(""),
	    .label = SPAN("")};
	struct span line;
	const char *wrong;

	if (span_starts(text, "\xef\xbb\xbf"))
		text = span_skip(text, 3);
	while (span_line(&text, &line)) {
		st.line++;
		if (!utf8_clean(line))
			return line_error(err, file, st.line,
			    "not UTF-8 text, or a control character");
		wrong = take_line(&st, line);
		if (wrong != NULL)
			return line_error(err, file, st.line, wrong);
	}
	*out = ini;
	return 0;
}

int
ini_error(const struct ini *ini, const struct ini_item *item, struct err *err,
    const char *fmt, ...)
{
	char text[400];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	return err_exit(err, ERR_STOP, EX_CONFIG, "%.*s:%d:%d: %s",
	    (int)ini->file.n, ini->file.p, item->line, item->column, text);
}

/* Edit distance (insert, delete, change), for words of at most 40 letters. */
static size_t
distance(struct span a, struct span b)
{
	size_t row[41], diagonal, above;

	if (a.n > 40 || b.n > 40)
		return 99;
	for (size_t j = 0; j <= b.n; j++)
		row[j] = j;
	for (size_t i = 1; i <= a.n; i++) {
		diagonal = row[0];
		row[0] = i;
		for (size_t j = 1; j <= b.n; j++) {
			size_t best = diagonal + (ascii_lower(a.p[i - 1]) !=
						     ascii_lower(b.p[j - 1]));

			above = row[j];
			if (above + 1 < best)
				best = above + 1;
			if (row[j - 1] + 1 < best)
				best = row[j - 1] + 1;
			diagonal = above;
			row[j] = best;
		}
	}
	return row[b.n];
}

const char *
ini_near(struct span word, const char *const *words, size_t n)
{
	const char *best = NULL;
	size_t least = word.n / 3 + 2;

	for (size_t i = 0; i < n; i++) {
		size_t d = distance(word, span_of(words[i]));

		if (d < least) {
			least = d;
			best = words[i];
		}
	}
	return best;
}
