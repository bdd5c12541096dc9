/*
 * A reply + the form that was sent -> answers.
 *
 * First the whole text is walked line by line, quotes included: our own
 * lines say which question we are at, the rest of a slot line and what
 * follows up to our next line is its answer.  Then the new text alone is
 * read for numbered answers.  Each answer found is a candidate; equal ones
 * are one, different ones are asked back.  Nothing is made up: each
 * candidate's text stands in the mail.
 */
#include "survey/survey.h"

#include <string.h>

#include "base/limits.h"
#include "base/str.h"
#include "base/utf8.h"
#include "base/vec.h"
#include "survey/survey_int.h"

const struct slot *
read_slot(const struct read *r, int i)
{
	return &r->form->slots[i];
}

bool
read_parse(struct read *r, int slot, struct span raw, struct span *value)
{
	return answer_parse(
	    r->arena, read_slot(r, slot), raw, r->today, r->locale, value);
}

/* The answer itself; behind a name only when it can be read there. */
static struct span
core(struct read *r, int slot, struct span raw)
{
	struct span s = answer_core(raw), rest = answer_core(behind_name(s));
	struct span value, named = span_sub(s, 0, s.n - rest.n);

	if (read_slot(r, slot)->type != QUESTION_TEXT)
		while (s.n > 1 && strchr(".;!,", s.p[s.n - 1]) != NULL)
			s.n--;
	if (named.n == 0 || rest.n == 0)
		return s;
	if (read_slot(r, slot)->type == QUESTION_TEXT)
		return span_starts(s, "[") ? rest : s;
	return read_parse(r, slot, rest, &value) &&
		       !read_parse(r, slot, answer_core(named), &value)
		   ? rest
		   : s;
}

void
read_add(struct read *r, int slot, struct span raw)
{
	struct candidate c = {.slot = slot};

	c.raw = arena_span(r->arena, core(r, slot, raw));
	if (typed_empty(c.raw) || r->found_n == CANDIDATES)
		return;
	c.read = read_parse(r, slot, c.raw, &c.value);
	vec_room(r->arena, &r->found, r->found_n, sizeof(c));
	r->found[r->found_n++] = c;
}

bool
read_can(struct read *r, int slot, struct span raw)
{
	struct span value;
	bool can = answer_parse(
	    &r->scratch, read_slot(r, slot), raw, r->today, r->locale, &value);

	arena_reset(&r->scratch);
	return can;
}

size_t
read_entries(struct read *r, struct span line, struct entry e[ENTRIES],
    struct entry_line *what)
{
	size_t n = 0;

	*what = (struct entry_line){0};
	if (line.n > 0)
		n = entries_read(&r->scratch, r->form, line, r->today,
		    r->locale, false, e, what);
	arena_reset(&r->scratch);
	return n;
}

static void
add_piece(struct str *to, struct span s, char between)
{
	if (s.n == 0)
		return;
	if (to->n > 0)
		str_addc(to, between);
	str_add(to, s);
}

void
read_comment(struct read *r, struct span line)
{
	if (line.n > 0)
		add_piece(&r->comment, line, '\n');
}

/* --- at a slot ------------------------------------------------------------ */

static void
hand_clear(struct read *r)
{
	struct hand *h = &r->hand;

	h->slot = -1;
	h->closed_line = h->open = h->wrapped = false;
	str_truncate(&h->bracket, 0);
	str_truncate(&h->after, 0);
	str_truncate(&h->below, 0);
	h->below_n = 0;
}

struct span
read_first_line(struct span s)
{
	struct span line = s;

	s = span_trim(s);
	span_line(&s, &line);
	return span_trim(line);
}

static struct span
joined(struct read *r, struct span a, struct span b, char between)
{
	if (a.n == 0 || b.n == 0)
		return a.n > 0 ? a : b;
	return arena_spanf(
	    r->arena, "%.*s%c%.*s", (int)a.n, a.p, between, (int)b.n, b.p);
}

/* Below a slot: all of it, or its first line when the rest is a remark. */
static void
add_below(struct read *r, int slot, struct span text)
{
	struct span value, head = read_first_line(text);

	if (read_parse(r, slot, text, &value) ||
	    !read_parse(r, slot, head, &value))
		read_add(r, slot, text);
	else
		read_add(r, slot, head);
}

static void
hand_flush(struct read *r)
{
	struct hand *h = &r->hand;
	struct span in, after, below, value;
	bool text;

	if (h->slot < 0)
		return;
	text = read_slot(r, h->slot)->type == QUESTION_TEXT;
	in = span_trim(str_span(&h->bracket));
	after = span_trim(str_span(&h->after));
	below = span_trim(str_span(&h->below));
	if (typed_empty(in) ||
	    (r->known.labels[h->slot].content.n > 0 &&
		same_letters(in, r->known.labels[h->slot].content)))
		in = SPAN("");
	if (typed_empty(after))
		after = SPAN("");
	if (text && in.n > 0)
		read_add(r, h->slot, joined(r, in, after, ' '));
	else if (text)
		read_add(r, h->slot, joined(r, after, below, '\n'));
	else if (in.n > 0) {
		read_add(r, h->slot, in);
		if (after.n > 0 && read_parse(r, h->slot, after, &value))
			read_add(r, h->slot, after);
		else
			read_comment(r, after);
		read_comment(r, below);
	} else if (after.n > 0) {
		add_below(r, h->slot, joined(r, after, below, '\n'));
	} else if (below.n > 0)
		add_below(r, h->slot, below);
	hand_clear(r);
}

static void
took(struct read *r, struct span line)
{
	if (r->taken_n < TAKEN_LINES)
		r->taken[r->taken_n++] = line;
}

bool
read_was_taken(const struct read *r, struct span line)
{
	for (size_t i = 0; i < r->taken_n; i++)
		if (span_eq(r->taken[i], line))
			return true;
	return false;
}

/* The rest of a slot line: "[ 4 ]", "[ ] 4", "[4", "4", "4 ]". */
static void
take_slot(struct read *r, int slot, struct span line, struct span rest)
{
	struct hand *h = &r->hand;
	size_t close, at = r->known.labels[slot].end;
	struct found f;

	h->wrapped = line.n >= WRAPPED;
	if (h->slot != slot || h->closed_line) {
		hand_flush(r);
		h->slot = slot;
	}
	h->closed_line = true;
	r->last_slot = slot;
	r->at = r->known.labels[slot].end;
	took(r, line);
	rest = wide_trim(rest);
	if (!span_starts(rest, "[")) {
		if (span_ends(rest, "]") && span_findc(rest, '[') == rest.n)
			rest = span_sub(rest, 0, rest.n - 1);
		add_piece(&h->bracket, span_trim(rest), ' ');
		return;
	}
	rest = span_skip(rest, 1);
	close = span_findc(rest, ']');
	if (close < rest.n && !typed_empty(span_sub(rest, 0, close)))
		/* Own brackets inside: the last one closes. */
		while (span_ends(span_rtrim(rest), "]") &&
		       span_findc(span_skip(rest, close + 1), ']') <
			   rest.n - close - 1)
			close +=
			    1 + span_findc(span_skip(rest, close + 1), ']');
	h->open = close == rest.n;
	add_piece(&h->bracket, span_trim(span_sub(rest, 0, close)), ' ');
	rest = span_trim(span_skip(rest, close + 1));
	/* Markup that became one line: what follows is ours again. */
	if (known_find(&r->known, rest, &at, slot, &f) &&
	    f.at == r->known.labels[slot].end)
		rest = f.rest;
	add_piece(&h->after, rest, ' ');
}

/* A bracket that goes on over lines. */
static void
take_open(struct read *r, struct span line)
{
	struct hand *h = &r->hand;
	size_t close = span_findc(line, ']');

	took(r, line);
	add_piece(&h->bracket, span_trim(span_sub(line, 0, close)),
	    h->wrapped ? ' ' : '\n');
	h->wrapped = line.n >= WRAPPED;
	if (close == line.n)
		return;
	h->open = false;
	add_piece(&h->after, span_trim(span_skip(line, close + 1)), ' ');
}

static bool
is_numbered(struct read *r, struct span line)
{
	struct entry e[ENTRIES];
	struct entry_line what;
	size_t n = read_entries(r, line, e, &what);

	if (n == 0 || what.weak)
		return false;
	/* People number their own points in their own words. */
	return what.lettered || r->hand.slot < 0 ||
	       read_slot(r, r->hand.slot)->type != QUESTION_TEXT;
}

/* An option was crossed: "[x] B = monthly", "B = monthly  <--". */
static bool
is_cross(struct span s)
{
	static const char *const marks[] = {"x", "X", "[x]", "[X]", "(x)", "✓",
	    "✔", "✅", "<-", "<--", "<---", "<=", "←", "->", "=>", "(X)"};

	s = span_trim(s);
	if (s.n == 0 || s.n > 4)
		return false;
	for (size_t i = 0; i < sizeof(marks) / sizeof(marks[0]); i++)
		if (span_is(s, marks[i]))
			return true;
	return false;
}

static bool
is_optional(enum question_type type)
{
	return type == QUESTION_CHOICE || type == QUESTION_SEVERAL ||
	       type == QUESTION_YESNO || type == QUESTION_LEVEL;
}

static void
take_known(struct read *r, struct span line, const struct found *f)
{
	struct hand *h = &r->hand;
	struct span rest = f->rest;

	if (f->owner != h->slot || f->head) {
		hand_flush(r);
		h->slot = f->owner;
	}
	if (h->slot < 0)
		return;
	if (!f->head && is_optional(read_slot(r, h->slot)->type) &&
	    (is_cross(f->before) || is_cross(rest))) {
		add_piece(&h->below, f->matched, ',');
		h->below_n++;
		took(r, line);
		return;
	}
	if (rest.n == 0 || typed_empty(rest))
		return;
	took(r, line);
	add_piece(&h->below, rest, '\n');
	h->below_n++;
}

static void
take_other(struct read *r, struct span line, bool quoted)
{
	struct hand *h = &r->hand;
	struct span label, content;

	if (h->slot < 0) {
		/* Below a signature nobody answers by number. */
		if (quoted || r->signed_off || r->loose_n == ENTRIES ||
		    r->tried++ >= TRIED_LINES)
			return;
		r->signed_off = line_is_chrome(line);
		if (!r->signed_off && is_numbered(r, line))
			r->loose[r->loose_n++] = line;
		return;
	}
	/* The slot of another form: what was taken was its question. */
	if (!h->closed_line && slot_line(line, &label, &content)) {
		hand_clear(r);
		return;
	}
	if (line_is_foreign(line) || is_numbered(r, line) ||
	    line_is_signoff(line) || h->below_n == BELOW_LINES) {
		hand_flush(r);
		return;
	}
	took(r, line);
	add_piece(&h->below, line, '\n');
	h->below_n++;
}

static void
walk_line(struct read *r, struct span line)
{
	struct hand *h = &r->hand;
	struct span rest;
	struct found f;
	bool quoted;
	int slot;

	quoted = span_findc(span_sub(line, 0, 4), '>') < 4 &&
		 span_findc(line, '>') < line.n;
	line = dequote(line);
	if (line.n == 0)
		return;
	slot = known_slot(&r->known, line, h->closed_line ? -1 : h->slot,
	    r->last_slot, &rest);
	if (slot >= 0) {
		take_slot(r, slot, line, rest);
		return;
	}
	if (known_find(&r->known, line, &r->at, h->slot, &f)) {
		if (h->open)
			h->open = false;
		take_known(r, line, &f);
		return;
	}
	if (h->open && h->slot >= 0 && !line_is_foreign(line))
		take_open(r, line);
	else
		take_other(r, line, quoted);
}

/*
 * Where markup became one long line, each slot label and each question
 * begins a line again.
 */
static bool
breaks_here(const struct read *r, struct span line, size_t i)
{
	struct span rest = span_sub(line, i, i + 40), after;
	int number;

	if (line.p[i - 1] != ' ' && line.p[i - 1] != '\t' &&
	    line.p[i - 1] != ']')
		return false;
	if (rest.p[0] == 'Q' && question_head(rest, &number) > 0 &&
	    span_findc(rest, '[') > 8)
		return true;
	return span_findc(rest, '[') < 30 &&
	       known_slot(&r->known, rest, -1, -1, &after) >= 0 &&
	       span_starts(after, "[");
}

/* Where the label at the front of the line ends, if there is one. */
static size_t
front_label(const struct read *r, struct span line)
{
	struct span rest;

	if (known_slot(
		&r->known, span_sub(dequote(line), 0, 40), -1, -1, &rest) < 0)
		return 0;
	return span_findc(line, '[');
}

static void
break_line(const struct read *r, struct span line, struct str *out)
{
	size_t from = SIZE_MAX, done = 0; /* from: not looked for yet */

	for (size_t i = 1; line.n > 40 && i < line.n && i < 8000; i++) {
		if (!breaks_here(r, line, i))
			continue;
		if (from == SIZE_MAX)
			from = front_label(r, line);
		if (i <= from)
			continue;
		str_add(out, span_sub(line, done, i));
		str_addc(out, '\n');
		done = i;
	}
	str_add(out, span_skip(line, done));
	str_addc(out, '\n');
}

static struct span
broken(struct read *r, struct span text)
{
	struct str out;
	struct span line;

	if (span_find(text, SPAN("[")) == text.n)
		return text;
	str_init(&out, r->arena, LIMIT_TEXT_BYTES + LIMIT_TEXT_BYTES / 8);
	str_reserve(&out, text.n + text.n / 8);
	while (span_line(&text, &line))
		break_line(r, line, &out);
	return str_span(&out);
}

static void
walk(struct read *r, struct span text)
{
	struct span line;

	while (span_line(&text, &line))
		walk_line(r, line);
	hand_flush(r);
}

/* "[RM-7F3K2Q] Q1=4": a tap on a choice. */
static void
read_subject(struct read *r, struct span subject)
{
	struct entry e[ENTRIES];
	struct entry_line what;
	size_t close = span_findc(subject, ']'), n;

	if (close == subject.n)
		return;
	n = entries_read(r->arena, r->form, span_skip(subject, close + 1),
	    r->today, r->locale, true, e, &what);
	for (size_t i = 0; i < n; i++)
		if (read_slot(r, e[i].slot)->type != QUESTION_TEXT)
			read_add(r, e[i].slot, e[i].raw);
}

/* --- the end ---------------------------------------------------------------- */

static bool
within(struct span a, struct span b)
{
	return a.n <= b.n && span_find(b, a) < b.n;
}

/* One more candidate for an answer that has one. */
static void
merge(struct read *r, struct answer *a, const struct candidate *c)
{
	bool text = read_slot(r, c->slot)->type == QUESTION_TEXT;

	if (a->state == ANSWER_EMPTY) {
		a->state = c->read ? ANSWER_TAKEN : ANSWER_UNCLEAR;
		a->raw = c->raw;
		a->value = c->read ? c->value : SPAN("");
		return;
	}
	if (same_letters(a->raw, c->raw) ||
	    (c->read && a->state == ANSWER_TAKEN &&
		span_eq(a->value, c->value)))
		return;
	if (text && c->read && within(c->value, a->value))
		return;
	if (text && c->read && a->state == ANSWER_TAKEN &&
	    within(a->value, c->value)) {
		a->raw = c->raw;
		a->value = c->value;
		return;
	}
	a->state = ANSWER_TWICE;
	a->raw = joined(r, a->raw, c->raw, '\n');
	a->value = SPAN("");
}

void
form_read(struct arena *arena, const struct form *form, struct span sent,
    const struct reading *reading, struct span subject, struct civil today,
    struct span locale, struct answer **out, struct span *said)
{
	struct read *r = arena_alloc(arena, sizeof(*r));
	struct answer *a = arena_alloc(arena, form->slots_n * sizeof(*a));

	*r = (struct read){.arena = arena,
	    .form = form,
	    .today = today,
	    .locale = locale,
	    .last_slot = -1};
	str_init(&r->hand.bracket, arena, LIMIT_ANSWER_BYTES);
	str_init(&r->hand.after, arena, LIMIT_ANSWER_BYTES);
	str_init(&r->hand.below, arena, LIMIT_ANSWER_BYTES);
	str_init(&r->comment, arena, LIMIT_ANSWER_BYTES);
	hand_clear(r);
	arena_init(&r->scratch);
	known_init(arena, form, sent, &r->known);
	if (form->slots_n > 0) {
		read_subject(r, subject);
		walk(r, broken(r, reading->whole_text));
		read_fresh(r, broken(r, reading->new_text));
	}
	arena_release(&r->scratch);
	for (uint32_t i = 0; i < form->slots_n; i++)
		a[i] = (struct answer){
		    .number = form->slots[i].number, .id = form->slots[i].id};
	for (size_t i = 0; i < r->found_n; i++)
		merge(r, &a[r->found[i].slot], &r->found[i]);
	*out = a;
	*said = span_trim(str_span(&r->comment));
}
