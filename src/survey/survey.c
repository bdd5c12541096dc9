/*
 * Survey files -> struct survey.  The fallback locale's file says what is
 * asked; the files of other locales only say it in other words, so that no
 * translation can change who sees an answer.
 */
#include "survey/survey.h"

#include <string.h>

#include "base/ini.h"
#include "base/num.h"
#include "base/vec.h"

static const char *const key_names[] = {"type", "share", "ask", "required",
    "text", "option", "options", "low", "high", "low-text", "high-text",
    "wanted"};
static const char *const types[] = {"choice", "several", "scale", "level",
    "yesno", "number", "date", "hours", "text"};
static const char *const shares[] = {"private", "counted", "lead", "partner"};
static const char *const asks[] = {"both", "mentor", "mentee"};

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

struct parse {
	struct arena *arena;
	const struct ini *ini;
	const struct survey *structure;
	struct survey *out;
	struct err *err;
};

static int
wrong_word(struct parse *p, const struct ini_item *item, struct span word,
    const char *what, const char *const *words, size_t n)
{
	const char *near = ini_near(word, words, n);

	return ini_error(p->ini, item, p->err, "unknown %s \"%.*s\"%s%s%s",
	    what, (int)word.n, word.p, near != NULL ? ", did you mean \"" : "",
	    near != NULL ? near : "", near != NULL ? "\"?" : "");
}

static struct question *
find_question(const struct survey *s, struct span id)
{
	for (uint32_t i = 0; s != NULL && i < s->questions_n; i++)
		if (span_eq(s->questions[i].id, id))
			return &s->questions[i];
	return NULL;
}

static struct option *
find_option(struct question *q, struct span key)
{
	for (uint32_t i = 0; i < q->options_n; i++)
		if (span_eq(q->options[i].key, key))
			return &q->options[i];
	return NULL;
}

static bool
id_ok(struct span id)
{
	for (size_t i = 0; i < id.n; i++)
		if (!ascii_digit(id.p[i]) && id.p[i] != '-' &&
		    !(id.p[i] >= 'a' && id.p[i] <= 'z'))
			return false;
	return id.n > 0 && id.n <= 40;
}

/* Wording that knows its structure starts from a copy of it. */
static void
copy_question(struct parse *p, struct question *q, const struct question *s)
{
	*q = *s;
	q->options = arena_alloc(p->arena, s->options_n * sizeof(*s->options));
	for (uint32_t i = 0; i < s->options_n; i++)
		q->options[i] = s->options[i];
}

static int
no_question(struct parse *p, const struct ini_item *item)
{
	const char **ids =
	    arena_alloc(p->arena, p->out->questions_n * sizeof(*ids));

	for (uint32_t i = 0; i < p->out->questions_n; i++)
		ids[i] = arena_strdup(p->arena, p->out->questions[i].id);
	return wrong_word(
	    p, item, item->label, "question", ids, p->out->questions_n);
}

/* The question that a setting belongs to; made when it is new. */
static int
question_of(struct parse *p, const struct ini_item *item, struct question **q)
{
	struct survey *out = p->out;

	*q = find_question(out, item->label);
	if (*q != NULL)
		return 0;
	if (p->structure != NULL)
		return no_question(p, item);
	if (!id_ok(item->label))
		return ini_error(p->ini, item, p->err,
		    "a question is named with small letters, digits and "
		    "\"-\": \"%.*s\" is not",
		    (int)item->label.n, item->label.p);
	vec_room(p->arena, &out->questions, out->questions_n, sizeof(**q));
	*q = &out->questions[out->questions_n++];
	**q = (struct question){.id = item->label,
	    .type = QUESTION_TEXT,
	    .share = SHARE_PRIVATE,
	    .line = item->line,
	    .low = 1,
	    .high = 5};
	return 0;
}

static int
take_option(struct parse *p, const struct ini_item *item, struct question *q)
{
	struct option *o = find_option(q, item->locale);

	if (o == NULL && p->structure != NULL) {
		const char **keys =
		    arena_alloc(p->arena, q->options_n * sizeof(*keys));

		for (uint32_t i = 0; i < q->options_n; i++)
			keys[i] = arena_strdup(p->arena, q->options[i].key);
		return wrong_word(
		    p, item, item->locale, "option", keys, q->options_n);
	}
	if (o == NULL) {
		if (q->options_n == 26)
			return ini_error(p->ini, item, p->err,
			    "at most 26 options have letters");
		vec_room(p->arena, &q->options, q->options_n, sizeof(*o));
		o = &q->options[q->options_n++];
		o->key = item->locale;
	}
	o->text = item->value;
	return 0;
}

/* "weekly, fortnightly": each is its own key and, for now, its own text. */
static int
take_options(struct parse *p, const struct ini_item *item, struct question *q)
{
	struct span rest = item->value, part;
	struct ini_item one = *item;

	while (span_part(&rest, ',', &part)) {
		one.locale = one.value = span_trim(part);
		if (!id_ok(one.locale))
			return ini_error(p->ini, item, p->err,
			    "an option's key is made of small letters, "
			    "digits and \"-\"");
		if (find_option(q, one.locale) == NULL &&
		    take_option(p, &one, q) < 0)
			return -1;
	}
	return 0;
}

static int
take_bool(struct parse *p, const struct ini_item *item, bool *out)
{
	if (!span_is(item->value, "yes") && !span_is(item->value, "no"))
		return ini_error(p->ini, item, p->err, "expected yes or no");
	*out = span_is(item->value, "yes");
	return 0;
}

static int
take_int(struct parse *p, const struct ini_item *item, int *out)
{
	int64_t n;

	if (!num_int(item->value, 0, 1000, &n))
		return ini_error(p->ini, item, p->err,
		    "expected a whole number between 0 and 1000");
	*out = (int)n;
	return 0;
}

static int
take_structure(struct parse *p, const struct ini_item *item, struct question *q)
{
	struct span v = item->value;

	if (span_is(item->key, "type") && !question_type_parse(v, &q->type))
		return wrong_word(p, item, v, "type", types, COUNT(types));
	if (span_is(item->key, "share") && !share_parse(v, &q->share))
		return wrong_word(p, item, v, "share", shares, COUNT(shares));
	if (span_is(item->key, "ask")) {
		size_t i = 0;

		while (i < COUNT(asks) && !span_is(v, asks[i]))
			i++;
		if (i == COUNT(asks))
			return wrong_word(p, item, v, "ask", asks, COUNT(asks));
		q->asked_of = (enum asked_of)i;
	}
	if (span_is(item->key, "required"))
		return take_bool(p, item, &q->required);
	if (span_is(item->key, "wanted"))
		return take_bool(p, item, &q->wanted);
	if (span_is(item->key, "low"))
		return take_int(p, item, &q->low);
	if (span_is(item->key, "high"))
		return take_int(p, item, &q->high);
	if (span_is(item->key, "options"))
		return take_options(p, item, q);
	return 0;
}

static bool
same_structure(const struct question *a, const struct question *b)
{
	return a->type == b->type && a->share == b->share &&
	       a->asked_of == b->asked_of && a->required == b->required &&
	       a->wanted == b->wanted && a->low == b->low &&
	       a->high == b->high && a->options_n == b->options_n;
}

static int
take_setting(struct parse *p, const struct ini_item *item)
{
	struct question *q, before;

	if (!span_is(item->section, "question"))
		return ini_error(p->ini, item, p->err,
		    "unknown section \"%.*s\", did you mean "
		    "\"[question ID]\"?",
		    (int)item->section.n, item->section.p);
	if (question_of(p, item, &q) < 0)
		return -1;
	if (item->locale.n > 0 && !span_is(item->key, "option"))
		return ini_error(p->ini, item, p->err,
		    "each locale has its own file, no \".%.*s\" here",
		    (int)item->locale.n, item->locale.p);
	if (span_is(item->key, "text"))
		q->text = item->value;
	else if (span_is(item->key, "low-text"))
		q->low_text = item->value;
	else if (span_is(item->key, "high-text"))
		q->high_text = item->value;
	else if (span_is(item->key, "option"))
		return take_option(p, item, q);
	else {
		size_t i = 0;

		while (
		    i < COUNT(key_names) && !span_is(item->key, key_names[i]))
			i++;
		if (i == COUNT(key_names))
			return wrong_word(p, item, item->key, "key", key_names,
			    COUNT(key_names));
		before = *q;
		if (take_structure(p, item, q) < 0)
			return -1;
		if (p->structure != NULL && !same_structure(&before, q))
			return ini_error(p->ini, item, p->err,
			    "\"%s\" differs from the fallback locale's file, "
			    "which decides it",
			    key_names[i]);
	}
	return 0;
}

/* What is wrong with a whole question, or NULL. */
static const char *
question_wrong(const struct question *q)
{
	bool chosen = q->type == QUESTION_CHOICE || q->type == QUESTION_SEVERAL;
	bool numbered = q->type == QUESTION_SCALE || q->type == QUESTION_NUMBER;

	if (q->text.n == 0)
		return "has no text";
	if (chosen && q->options_n < 2)
		return "needs at least two options (option.KEY = text)";
	if (!chosen && q->options_n > 0)
		return "has options, but its type is no choice or several";
	if (numbered && q->low >= q->high)
		return "needs low to be less than high";
	if (q->type == QUESTION_SCALE && q->high - q->low > 10)
		return "is a scale of more than eleven steps";
	if (q->wanted && q->type != QUESTION_LEVEL)
		return "says wanted, which only a level can be";
	return NULL;
}

static int
check(struct parse *p)
{
	for (uint32_t i = 0; i < p->out->questions_n; i++) {
		struct question *q = &p->out->questions[i];
		struct ini_item place = {.line = q->line, .column = 1};
		const char *wrong = question_wrong(q);

		if (wrong != NULL)
			return ini_error(p->ini, &place, p->err,
			    "question \"%.*s\" %s", (int)q->id.n, q->id.p,
			    wrong);
	}
	if (p->out->questions_n == 0)
		return err_exit(p->err, ERR_STOP, 78,
		    "%.*s:1:1: no question; a survey needs [question ID]",
		    (int)p->ini->file.n, p->ini->file.p);
	return 0;
}

static void
start(struct parse *p, struct span name)
{
	struct survey *out = p->out;

	out->name = arena_span(p->arena, name);
	if (p->structure == NULL)
		return;
	out->title = p->structure->title;
	out->questions_n = p->structure->questions_n;
	out->questions =
	    arena_alloc(p->arena, out->questions_n * sizeof(*out->questions));
	for (uint32_t i = 0; i < out->questions_n; i++)
		copy_question(
		    p, &out->questions[i], &p->structure->questions[i]);
}

int
survey_parse(struct arena *arena, struct span name, struct span file,
    struct span text, const struct survey *structure, struct survey *out,
    struct err *err)
{
	struct ini ini;
	struct survey s = {0};
	struct parse p = {arena, &ini, structure, &s, err};

	if (ini_parse(arena, file, text, &ini, err) < 0)
		return -1;
	start(&p, name);
	for (size_t i = 0; i < ini.n; i++) {
		const struct ini_item *item = &ini.items[i];

		if (item->section.n == 0 && span_is(item->key, "title"))
			s.title = item->value;
		else if (item->section.n == 0)
			return ini_error(&ini, item, err,
			    "unknown key \"%.*s\" above the first question, "
			    "did you mean \"title\"?",
			    (int)item->key.n, item->key.p);
		else if (take_setting(&p, item) < 0)
			return -1;
	}
	if (check(&p) < 0)
		return -1;
	*out = s;
	return 0;
}
