/*
 * Questions -> numbered slots -> the lines of a mail.  The text is plain
 * ASCII in its marks and at most 72 columns wide, because it comes back
 * quoted, re-wrapped and without its markup; each slot line carries its own
 * number, so that it can be found alone.
 */
#include "survey/survey.h"

#include "base/str.h"
#include "base/utf8.h"
#include "base/vec.h"

enum {
	COLUMNS = 72,
	FORM_BYTES = 256 * 1024
};

static bool
asked(const struct question *q, const struct form_for *who)
{
	if (q->asked_of == ASKED_BOTH)
		return true;
	return q->asked_of == ASKED_MENTOR ? who->mentor : who->mentee;
}

static bool
listed(const struct span *ids, size_t n, struct span id)
{
	for (size_t i = 0; i < n; i++)
		if (span_eq(ids[i], id))
			return true;
	return false;
}

static void
add_slot(struct arena *arena, struct form *out, const struct slot *s,
    const struct form_for *who)
{
	if (who->only != NULL && !listed(who->only, who->only_n, s->id))
		return;
	vec_room(arena, &out->slots, out->slots_n, sizeof(*s));
	out->slots[out->slots_n++] = *s;
}

/* "How well do you know {skill}?", or the skill's name behind the text. */
static struct span
skill_question(struct arena *arena, struct span text, struct span name)
{
	size_t at = span_find(text, SPAN("{skill}"));

	if (at == text.n)
		return arena_spanf(arena, "%.*s %.*s", (int)text.n, text.p,
		    (int)name.n, name.p);
	return arena_spanf(arena, "%.*s%.*s%.*s", (int)at, text.p, (int)name.n,
	    name.p, (int)(text.n - at - 7), text.p + at + 7);
}

static void
level_options(struct arena *arena, struct slot *s, const struct skill_text *k)
{
	if (k->low.n == 0 && k->medium.n == 0 && k->high.n == 0)
		return;
	s->options = arena_alloc(arena, 3 * sizeof(*s->options));
	s->options_n = 3;
	s->options[0] = (struct option){SPAN("L"), k->low};
	s->options[1] = (struct option){SPAN("M"), k->medium};
	s->options[2] = (struct option){SPAN("H"), k->high};
}

static void
add_levels(struct arena *arena, const struct question *q,
    const struct slot *common, const struct form_for *who, int *number,
    struct form *out)
{
	for (size_t i = 0; i < who->skills_n; i++) {
		const struct skill_text *k = &who->skills[i];
		struct slot s = *common;

		s.number = ++*number;
		s.id = arena_spanf(arena, "%.*s/%.*s", (int)q->id.n, q->id.p,
		    (int)k->id.n, k->id.p);
		s.text = skill_question(arena, q->text, k->name);
		s.wanted = q->wanted && who->mentee;
		level_options(arena, &s, k);
		add_slot(arena, out, &s, who);
	}
}

void
form_build(struct arena *arena, const struct survey *survey,
    const struct form_for *who, struct form *out)
{
	int number = 0;

	*out = (struct form){0};
	for (uint32_t i = 0; i < survey->questions_n; i++) {
		const struct question *q = &survey->questions[i];
		struct slot s = {.id = q->id,
		    .type = q->type,
		    .share = q->share,
		    .required = q->required,
		    .text = q->text,
		    .options = q->options,
		    .options_n = q->options_n,
		    .low = q->low,
		    .high = q->high,
		    .low_text = q->low_text,
		    .high_text = q->high_text};

		if (!asked(q, who) ||
		    listed(who->without, who->without_n, q->id))
			continue;
		if (q->type == QUESTION_LEVEL) {
			add_levels(arena, q, &s, who, &number, out);
			continue;
		}
		s.number = ++number;
		add_slot(arena, out, &s, who);
	}
}

/* --- lines, the same for text and HTML ----------------------------------- */

enum line_kind {
	LINE_QUESTION,
	LINE_HINT,
	LINE_OPTION, /* `value` is what a tap sends */
	LINE_TAP,    /* a short one; neighbours stand on one line */
	LINE_SLOT,
	LINE_BLANK,
	LINE_PLAIN,
};

struct line {
	enum line_kind kind;
	int number;
	struct span text;
	struct span value;
};

struct lines {
	struct arena *arena;
	const struct words *words;
	struct line *at;
	size_t n;
};

static void
add_line(struct lines *l, enum line_kind kind, int number, struct span text,
    struct span value)
{
	vec_room(l->arena, &l->at, l->n, sizeof(*l->at));
	l->at[l->n++] = (struct line){kind, number, text, value};
}

static void
add_option(struct lines *l, int number, struct span key, struct span text)
{
	add_line(l, LINE_OPTION, number,
	    arena_spanf(l->arena, "%.*s = %.*s", (int)key.n, key.p, (int)text.n,
		text.p),
	    key);
}

static struct span
letter_of(struct lines *l, uint32_t i)
{
	return arena_spanf(l->arena, "%c", (int)('A' + i % 26));
}

/* "1  2  3  4  5" to be tapped, and what the ends mean. */
static void
add_scale(struct lines *l, const struct slot *s)
{
	for (int v = s->low; v <= s->high; v++) {
		struct span key = arena_spanf(l->arena, "%d", v);

		add_line(l, LINE_TAP, s->number, key, key);
	}
	add_line(l, LINE_HINT, s->number,
	    s->low_text.n > 0 && s->high_text.n > 0
		? arena_spanf(l->arena, "(%d = %.*s, %d = %.*s)", s->low,
		      (int)s->low_text.n, s->low_text.p, s->high,
		      (int)s->high_text.n, s->high_text.p)
		: arena_spanf(l->arena, "(%d-%d)", s->low, s->high),
	    SPAN(""));
}

static void
add_yesno(struct lines *l, const struct slot *s)
{
	struct span yes = words_get(l->words, "answer-yes");
	struct span no = words_get(l->words, "answer-no");

	add_line(l, LINE_TAP, s->number, yes, yes);
	add_line(l, LINE_TAP, s->number, no, no);
}

static void
add_level(struct lines *l, const struct slot *s)
{
	static const char *const names[] = {
	    "answer-low", "answer-medium", "answer-high"};
	static const char *const keys[] = {"L", "M", "H"};

	for (uint32_t i = 0; i < 3; i++) {
		struct span text = words_get(l->words, names[i]);

		if (i < s->options_n && s->options[i].text.n > 0)
			text = arena_spanf(l->arena, "%.*s: %.*s", (int)text.n,
			    text.p, (int)s->options[i].text.n,
			    s->options[i].text.p);
		add_option(l, s->number, span_of(keys[i]), text);
	}
}

static const char *
hint_key(const struct slot *s)
{
	switch (s->type) {
	case QUESTION_SEVERAL:
		return "form-hint-several";
	case QUESTION_LEVEL:
		return s->wanted ? "form-hint-wanted" : NULL;
	case QUESTION_DATE:
		return "form-hint-date";
	case QUESTION_HOURS:
		return "form-hint-hours";
	case QUESTION_TEXT:
		return "form-hint-text";
	default:
		return NULL;
	}
}

static void
add_choices(struct lines *l, const struct slot *s)
{
	struct fill fills[2];

	switch (s->type) {
	case QUESTION_CHOICE:
	case QUESTION_SEVERAL:
		for (uint32_t i = 0; i < s->options_n; i++)
			add_option(
			    l, s->number, letter_of(l, i), s->options[i].text);
		break;
	case QUESTION_SCALE:
		add_scale(l, s);
		break;
	case QUESTION_LEVEL:
		add_level(l, s);
		break;
	case QUESTION_YESNO:
		add_yesno(l, s);
		break;
	case QUESTION_NUMBER:
		fills[0] =
		    (struct fill){"low", arena_spanf(l->arena, "%d", s->low)};
		fills[1] =
		    (struct fill){"high", arena_spanf(l->arena, "%d", s->high)};
		add_line(l, LINE_HINT, s->number,
		    words_fill(
			l->arena, l->words, "form-hint-number", fills, 2),
		    SPAN(""));
		break;
	default:
		break;
	}
}

static struct span
letters_of(struct lines *l, const struct slot *s, struct span value)
{
	struct str out;
	struct span key;

	str_init(&out, l->arena, 256);
	while (span_part(&value, ',', &key))
		for (uint32_t i = 0; i < s->options_n; i++)
			if (span_eq(s->options[i].key, key))
				str_addf(&out, "%s%c", out.n > 0 ? ", " : "",
				    (int)('A' + i % 26));
	return str_span(&out);
}

/* A known answer as the person would have typed it. */
static struct span
as_typed(struct lines *l, const struct slot *s, struct span value)
{
	switch (s->type) {
	case QUESTION_CHOICE:
	case QUESTION_SEVERAL:
		return letters_of(l, s, value);
	case QUESTION_YESNO:
	case QUESTION_HOURS:
		return answer_echo(l->arena, s, value, l->words);
	default:
		return utf8_line(l->arena, value);
	}
}

static void
add_slot_line(struct lines *l, const struct slot *s, const struct answer *known,
    size_t known_n)
{
	struct span value = SPAN(""), typed;
	struct span label = words_get(l->words, "form-answer");

	for (size_t i = 0; i < known_n; i++)
		if (span_eq(known[i].id, s->id) &&
		    known[i].state == ANSWER_TAKEN)
			value = known[i].value;
	typed = value.n > 0 ? as_typed(l, s, value) : value;
	add_line(l, LINE_SLOT, s->number,
	    arena_spanf(l->arena, "%.*s Q%d: [ %.*s%s]", (int)label.n, label.p,
		s->number, (int)typed.n, typed.p, typed.n > 0 ? " " : ""),
	    SPAN(""));
}

static void
add_slot_lines(struct lines *l, const struct slot *s,
    const struct answer *known, size_t known_n)
{
	char *share = arena_printf(l->arena, "share-%s", share_name(s->share));
	const char *hint = hint_key(s);

	add_line(l, LINE_QUESTION, s->number,
	    arena_spanf(
		l->arena, "Q%d. %.*s", s->number, (int)s->text.n, s->text.p),
	    SPAN(""));
	add_choices(l, s);
	if (hint != NULL)
		add_line(l, LINE_HINT, s->number, words_get(l->words, hint),
		    SPAN(""));
	add_line(l, LINE_HINT, s->number,
	    arena_spanf(l->arena, "(%.*s%s%.*s)",
		(int)words_get(l->words, share).n, words_get(l->words, share).p,
		s->required ? "; " : "",
		s->required ? (int)words_get(l->words, "form-required").n : 0,
		words_get(l->words, "form-required").p),
	    SPAN(""));
	add_slot_line(l, s, known, known_n);
	add_line(l, LINE_BLANK, 0, SPAN(""), SPAN(""));
}

static struct lines
lay(struct arena *arena, const struct form *form, struct span code,
    const struct words *words, const struct answer *known, size_t known_n)
{
	struct lines l = {.arena = arena, .words = words};
	struct fill fill = {"code", code};

	add_line(&l, LINE_PLAIN, 0,
	    words_get(
		words, form->slots_n == 1 ? "form-intro-one" : "form-intro"),
	    SPAN(""));
	add_line(&l, LINE_BLANK, 0, SPAN(""), SPAN(""));
	for (uint32_t i = 0; i < form->slots_n; i++)
		add_slot_lines(&l, &form->slots[i], known, known_n);
	add_line(&l, LINE_PLAIN, 0,
	    words_fill(arena, words, "form-end", &fill, 1), SPAN(""));
	return l;
}

/* --- text ----------------------------------------------------------------- */

static void
wrap(struct str *out, struct span text, size_t indent, bool hang)
{
	struct span word;
	size_t column = 0;

	for (size_t i = 0; i < text.n; i++)
		if (text.p[i] == '\n')
			((char *)text.p)[i] = ' ';
	str_fill(out, ' ', hang ? 0 : indent);
	column = hang ? 0 : indent;
	for (bool first = true; span_word(&text, &word); first = false) {
		size_t width = utf8_columns(word);

		if (!first && column + 1 + width > COLUMNS) {
			str_addc(out, '\n');
			str_fill(out, ' ', indent);
			column = indent;
		} else if (!first) {
			str_addc(out, ' ');
			column++;
		}
		str_add(out, word);
		column += width;
	}
	str_addc(out, '\n');
}

/*
 * Taps in a row, as the HTML shows them: what a mail program quotes of either
 * is then the same, and known again as ours.
 */
static void
add_taps(struct str *out, const struct lines *l, size_t *i)
{
	size_t first = *i;

	str_fill(out, ' ', 4);
	for (; *i < l->n && l->at[*i].kind == LINE_TAP; ++*i) {
		str_addz(out, *i > first ? "  " : "");
		str_add(out, l->at[*i].text);
	}
	str_addc(out, '\n');
	--*i;
}

struct span
form_text(struct arena *arena, const struct form *form, struct span code,
    const struct words *words, const struct answer *known, size_t known_n)
{
	struct lines l = lay(arena, form, code, words, known, known_n);
	struct str out;

	str_init(&out, arena, FORM_BYTES);
	for (size_t i = 0; i < l.n; i++) {
		struct line *at = &l.at[i];

		switch (at->kind) {
		case LINE_QUESTION:
			wrap(&out, arena_span(arena, at->text), 4, true);
			break;
		case LINE_TAP:
			add_taps(&out, &l, &i);
			break;
		case LINE_HINT:
		case LINE_OPTION:
			wrap(&out, arena_span(arena, at->text), 4, false);
			break;
		case LINE_BLANK:
			str_addc(&out, '\n');
			break;
		default:
			wrap(&out, arena_span(arena, at->text), 0, false);
			break;
		}
	}
	return str_span(&out);
}

/* --- HTML ----------------------------------------------------------------- */

/*
 * One line in the body: iOS once turned encoded line ends into "<BR>".
 * Blanks are %20, since some clients keep a plus sign as it is.
 */
static void
tap(struct str *out, const struct line *line, struct span code,
    struct span mailto, const char *style)
{
	struct span local = span_sub(mailto, 0, span_findc(mailto, '@'));

	str_addz(out, "<a href=\"mailto:");
	for (size_t i = 0; i < local.n; i++)
		if (local.p[i] == '+')
			str_addc(out, '+');
		else
			str_add_percent(out, span_sub(local, i, i + 1));
	str_add_html(out, span_skip(mailto, local.n));
	str_addz(out, "?subject=%5B");
	str_add_percent(out, code);
	str_addf(out, "%%5D%%20Q%d%%3D", line->number);
	str_add_percent(out, line->value);
	str_addf(out, "&amp;body=Q%d%%3D", line->number);
	str_add_percent(out, line->value);
	str_addf(out, "\" style=\"%s\">", style);
	str_add_html(out, line->text);
	str_addz(out, "</a>");
}

/*
 * Places to tap, 44 px high.  They stand in paragraphs of their own or side
 * by side in one, not in table cells: a quoted cell would come back as a line
 * of its own, and look like an answer.  Outlook on Windows ignores the room
 * around the words and shows links.
 */
#define TAP_BOX                                                 \
	"display:inline-block;font-size:16px;line-height:20px;" \
	"text-decoration:none;color:%.*s;border:2px solid %.*s;"
#define TAP_SHORT \
	TAP_BOX "padding:10px 16px;margin:0 4px 8px 0;font-weight:bold"
#define TAP_LONG TAP_BOX "padding:10px 14px"

struct html {
	struct str out;
	struct span code, mailto;
	const char *tap_short, *tap_long;
};

static void
paragraph(struct html *h, const char *style, struct span text)
{
	str_addf(&h->out, "<p style=\"margin:%s\">", style);
	str_add_html(&h->out, text);
	str_addz(&h->out, "</p>\n");
}

static void
html_taps(struct html *h, const struct lines *l, size_t *i)
{
	size_t first = *i;

	str_addz(&h->out, "<p style=\"margin:8px 0 0 0\">");
	for (; *i < l->n && l->at[*i].kind == LINE_TAP; ++*i) {
		str_addz(&h->out, *i > first ? "&nbsp; " : "");
		if (h->mailto.n > 0)
			tap(&h->out, &l->at[*i], h->code, h->mailto,
			    h->tap_short);
		else
			str_add_html(&h->out, l->at[*i].text);
	}
	str_addz(&h->out, "</p>\n");
	--*i;
}

static void
html_option(struct html *h, const struct line *at)
{
	if (h->mailto.n == 0) {
		paragraph(h, "4px 0", at->text);
		return;
	}
	str_addz(&h->out, "<p style=\"margin:8px 0 0 0\">");
	tap(&h->out, at, h->code, h->mailto, h->tap_long);
	str_addz(&h->out, "</p>\n");
}

static void
html_line(struct html *h, const struct lines *l, size_t *i)
{
	const struct line *at = &l->at[*i];

	switch (at->kind) {
	case LINE_BLANK:
		break;
	case LINE_QUESTION:
		str_addz(&h->out, "<p style=\"margin:28px 0 4px 0\"><b>");
		str_add_html(&h->out, at->text);
		str_addz(&h->out, "</b></p>\n");
		break;
	case LINE_TAP:
		html_taps(h, l, i);
		break;
	case LINE_OPTION:
		html_option(h, at);
		break;
	case LINE_HINT:
	case LINE_SLOT:
		paragraph(h, "6px 0 0 0;color:#57606a", at->text);
		break;
	default:
		paragraph(h, "16px 0 0 0", at->text);
	}
}

struct span
form_html(struct arena *arena, const struct form *form, struct span code,
    const struct words *words, const struct answer *known, size_t known_n,
    struct span mailto, struct span accent)
{
	struct lines l = lay(arena, form, code, words, known, known_n);
	struct html h = {.code = code, .mailto = mailto};

	if (accent.n == 0)
		accent = SPAN("#1f2328");
	h.tap_short = arena_printf(
	    arena, TAP_SHORT, (int)accent.n, accent.p, (int)accent.n, accent.p);
	h.tap_long = arena_printf(
	    arena, TAP_LONG, (int)accent.n, accent.p, (int)accent.n, accent.p);
	str_init(&h.out, arena, FORM_BYTES);
	for (size_t i = 0; i < l.n; i++)
		html_line(&h, &l, &i);
	return str_span(&h.out);
}
