/*
 * What the sender wrote above or below our form: numbered answers, the bare
 * answer to a mail of one question, as many lines as questions.  All that is
 * left is the comment.
 */
#include "survey/survey.h"

#include <string.h>

#include "base/limits.h"
#include "base/str.h"
#include "base/vec.h"
#include "survey/survey_int.h"

struct fresh {
	struct span *lines; /* neither ours nor used; "" = blank line */
	size_t n;
	size_t used; /* non-blank ones */
};

/* Lines of the new text that are the sender's own and not yet used. */
static struct fresh
fresh_lines(struct read *r, struct span text)
{
	struct fresh out = {0};
	struct span line, rest;
	struct found f;
	size_t at = 0;

	while (out.n < TRIED_LINES && span_line(&text, &line)) {
		line = dequote(line);
		if (line.n > 0 &&
		    (read_was_taken(r, line) ||
			known_slot(&r->known, line, -1, -1, &rest) >= 0 ||
			known_find(&r->known, line, &at, -1, &f)))
			continue;
		if (line_is_foreign(line))
			break;
		vec_room(r->arena, &out.lines, out.n, sizeof(line));
		out.lines[out.n++] = line;
		out.used += line.n > 0;
	}
	return out;
}

/* The line's numbered answers that count. */
static size_t
entries(struct read *r, struct span line, struct entry e[ENTRIES])
{
	struct entry_line what;
	size_t n = read_entries(r, line, e, &what);

	return n > 0 && what.weak && !r->company ? 0 : n;
}

/* How many of the next lines belong to this free answer. */
static size_t
text_goes_on(struct read *r, const struct fresh *f, size_t from, bool begun)
{
	struct entry e[ENTRIES];
	bool blank = false;
	size_t i = from, last = from;

	for (; i < f->n && i < from + BELOW_LINES; i++) {
		if (f->lines[i].n == 0) {
			blank = begun || last > from;
			continue;
		}
		if (entries(r, f->lines[i], e) > 0)
			return i - from;
		if (line_is_signoff(f->lines[i]))
			break;
		if (!blank)
			last = i + 1;
	}
	return last - from;
}

static struct span
with_lines(struct read *r, const struct fresh *f, struct span first,
    size_t from, size_t n)
{
	struct str out;

	str_init(&out, r->arena, LIMIT_ANSWER_BYTES);
	str_add(&out, first);
	for (size_t i = from; i < from + n; i++) {
		if (out.n > 0)
			str_addc(&out, '\n');
		str_add(&out, f->lines[i]);
	}
	return span_trim(str_span(&out));
}

/*
 * "1.4", "2.b" on lines of their own count when two of them stand for
 * different questions; "1. The room was too small" is no answer where no
 * other line is one.
 */
static void
look_around(struct read *r, const struct fresh *f)
{
	struct entry e[ENTRIES];
	int first = -1;

	for (size_t i = 0; i < f->n && !(r->company && r->answered); i++) {
		struct entry_line what;
		size_t n = read_entries(r, f->lines[i], e, &what);

		if (n == 1 && what.weak) {
			r->company |= first >= 0 && e[0].slot != first;
			first = e[0].slot;
		}
		for (size_t k = 0; k < n && !r->answered && !what.weak; k++)
			r->answered =
			    read_slot(r, e[k].slot)->type != QUESTION_TEXT &&
			    read_can(r, e[k].slot, e[k].raw);
	}
}

static bool
is_own_point(struct read *r, struct span line, const struct entry *e)
{
	struct entry o[ENTRIES];
	struct entry_line what;

	if (r->answered || read_slot(r, e->slot)->type == QUESTION_TEXT ||
	    typed_empty(e->raw) || read_can(r, e->slot, e->raw))
		return false;
	read_entries(r, line, o, &what);
	return what.listed;
}

static void
leave(struct read *r, struct fresh *left, struct span line)
{
	vec_room(r->arena, &left->lines, left->n, sizeof(*left->lines));
	left->lines[left->n++] = line;
	left->used += line.n > 0;
}

/* Numbered lines; all else is left for a bare answer or a comment. */
static struct fresh
numbered(struct read *r, const struct fresh *f)
{
	struct fresh left = {0};
	struct entry e[ENTRIES];

	for (size_t i = 0; i < f->n; i++) {
		size_t n = entries(r, f->lines[i], e);

		if (n == 0 || (n == 1 && is_own_point(r, f->lines[i], &e[0]))) {
			leave(r, &left, f->lines[i]);
			continue;
		}
		for (size_t j = 0; j + 1 < n; j++)
			read_add(r, e[j].slot, e[j].raw);
		if (read_slot(r, e[n - 1].slot)->type == QUESTION_TEXT ||
		    typed_empty(e[n - 1].raw)) {
			size_t more = text_goes_on(
			    r, f, i + 1, !typed_empty(e[n - 1].raw));

			read_add(r, e[n - 1].slot,
			    with_lines(r, f, e[n - 1].raw, i + 1, more));
			i += more;
		} else
			read_add(r, e[n - 1].slot, e[n - 1].raw);
	}
	return left;
}

static struct span
all_lines(struct read *r, const struct fresh *f)
{
	size_t n = 0;

	while (n < f->n && !line_is_signoff(f->lines[n]))
		n++;
	return with_lines(r, f, SPAN(""), 0, n);
}

/* A mail of one question: the bare answer is enough. */
static bool
bare_one(struct read *r, const struct fresh *f)
{
	struct span all = all_lines(r, f), head = read_first_line(all), value;

	if (r->form->slots_n != 1 || r->found_n > 0 || all.n == 0)
		return false;
	if (read_parse(r, 0, all, &value)) {
		read_add(r, 0, all);
		return true;
	}
	if (read_parse(r, 0, head, &value))
		read_add(r, 0, head);
	return false;
}

/* As many lines (or pieces) as questions, each of which can be read. */
static bool
bare_all(struct read *r, const struct span *raw, size_t n)
{
	struct span value, rest, word;
	size_t words, types = 0;

	if (n < 2 || n != r->form->slots_n)
		return false;
	for (size_t i = 0; i < n; i++) {
		if (!read_parse(r, (int)i, raw[i], &value))
			return false;
		types += i > 0 && read_slot(r, (int)i)->type !=
				      read_slot(r, (int)i - 1)->type;
		rest = raw[i];
		for (words = 0; span_word(&rest, &word);)
			words++;
		if (read_slot(r, (int)i)->type == QUESTION_TEXT && words < 3)
			return false;
	}
	if (types == 0 && n > 6)
		return false;
	for (size_t i = 0; i < n; i++)
		read_add(r, (int)i, raw[i]);
	return true;
}

static bool
bare_many(struct read *r, const struct fresh *f)
{
	struct span raw[ENTRIES] = {0}, piece, rest;
	size_t n = 0;

	if (r->found_n > 0 || r->form->slots_n > ENTRIES)
		return false;
	for (size_t i = 0; i < f->n && !line_is_signoff(f->lines[i]); i++)
		if (f->lines[i].n > 0 && n < ENTRIES)
			raw[n++] = f->lines[i];
	if (bare_all(r, raw, n))
		return true;
	if (n == 0)
		return false;
	rest = raw[0];
	for (n = 0; n < ENTRIES && span_part(&rest, ',', &piece);)
		raw[n++] = span_trim(piece);
	return bare_all(r, raw, n);
}

static void
add_loose(struct read *r, const struct fresh *f, struct span line)
{
	struct entry e[ENTRIES];
	size_t n;

	for (size_t i = 0; i < f->n; i++)
		if (span_eq(f->lines[i], line))
			return;
	n = entries(r, line, e);
	for (size_t i = 0; i < n; i++)
		read_add(r, e[i].slot, e[i].raw);
}

void
read_fresh(struct read *r, struct span text)
{
	struct fresh f = fresh_lines(r, text), left;
	bool used;

	look_around(r, &f);
	left = numbered(r, &f);
	for (size_t i = 0; i < r->loose_n; i++)
		add_loose(r, &f, r->loose[i]);
	used = bare_one(r, &left) || bare_many(r, &left);

	for (size_t i = 0; i < left.n && !used; i++)
		read_comment(r, left.lines[i]);
}
