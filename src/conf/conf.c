/* Settings files: sections and keys against the table. */
#include "conf/conf.h"

#include <stddef.h>
#include <string.h>
#include <sysexits.h>

#include "base/file.h"
#include "base/limits.h"
#include "base/num.h"
#include "base/vec.h"
#include "conf/conf_int.h"

struct span
conf_text(const struct conf_text *t, struct span locale)
{
	for (uint32_t i = 0; i < t->n; i++)
		if (span_eq(t->locales[i], locale))
			return t->texts[i];
	return t->text;
}

struct span
conf_path(struct arena *arena, const struct conf *c, struct span path)
{
	return span_of(file_join(
	    arena, arena_strdup(arena, c->folder), arena_strdup(arena, path)));
}

static const struct setting *
setting_find(struct span section, struct span key)
{
	for (size_t i = 0; i < conf_settings_n; i++)
		if (span_is(section, conf_settings[i].section) &&
		    span_is(key, conf_settings[i].key))
			return &conf_settings[i];
	return NULL;
}

static const char *const sections[] = {"programme", "mail", "oauth2", "limits",
    "sessions", "reminders", "match", "report", "feeds", "skill", "aim",
    "mailbox"};

static bool
section_known(struct span section)
{
	for (size_t i = 0; i < sizeof(sections) / sizeof(*sections); i++)
		if (span_is(section, sections[i]))
			return true;
	return false;
}

static int
unknown_section(
    const struct ini *ini, const struct ini_item *item, struct err *err)
{
	const char *near = ini_near(
	    item->section, sections, sizeof(sections) / sizeof(*sections));

	if (item->section.n == 0)
		return ini_error(ini, item, err,
		    "\"%.*s\" stands above the first [section]; put it below "
		    "[programme] or where it belongs",
		    (int)item->key.n, item->key.p);
	return ini_error(ini, item, err, "there is no section [%.*s]%s%s%s",
	    (int)item->section.n, item->section.p,
	    near ? "; did you mean [" : "", near ? near : "", near ? "]?" : "");
}

static int
unknown_key(struct arena *arena, const struct ini *ini,
    const struct ini_item *item, struct err *err)
{
	const char **keys = NULL;
	const char *near;
	size_t n = 0;

	for (size_t i = 0; i < conf_settings_n; i++)
		if (span_is(item->section, conf_settings[i].section)) {
			vec_room(arena, &keys, n, sizeof(*keys));
			keys[n++] = conf_settings[i].key;
		}
	if (n == 0)
		return unknown_section(ini, item, err);
	near = ini_near(item->key, keys, n);
	return ini_error(ini, item, err, "[%.*s] has no setting \"%.*s\"%s%s%s",
	    (int)item->section.n, item->section.p, (int)item->key.n,
	    item->key.p, near ? "; did you mean \"" : "", near ? near : "",
	    near ? "\"?" : "");
}

static void
text_set(struct arena *arena, const struct ini_item *item, struct conf_text *t)
{
	if (item->locale.n == 0) {
		t->text = item->value;
		return;
	}
	vec_room(arena, &t->locales, t->n, sizeof(*t->locales));
	vec_room(arena, &t->texts, t->n, sizeof(*t->texts));
	t->locales[t->n] = item->locale;
	t->texts[t->n++] = item->value;
}

static bool
label_ok(struct span label)
{
	for (size_t i = 0; i < label.n; i++)
		if (!ascii_alnum(label.p[i]) && label.p[i] != '-')
			return false;
	return label.n > 0 && label.n <= 60;
}

static int
take_skill(struct arena *arena, struct conf *c, const struct ini *ini,
    const struct ini_item *item, struct err *err)
{
	struct conf_skill *s = c->skills_n ? &c->skills[c->skills_n - 1] : NULL;

	if (!label_ok(item->label))
		return ini_error(ini, item, err,
		    "a skill's section needs a "
		    "short name of letters, digits and -, such as "
		    "[skill social-media]");
	if (s == NULL || !span_eq(s->id, item->label)) {
		vec_room(arena, &c->skills, c->skills_n, sizeof(*s));
		s = &c->skills[c->skills_n++];
		*s = (struct conf_skill){.id = item->label,
		    .weight = 1,
		    .name.text = item->label,
		    .line = item->line};
	}
	if (span_is(item->key, "name"))
		text_set(arena, item, &s->name);
	else if (span_is(item->key, "low"))
		text_set(arena, item, &s->low);
	else if (span_is(item->key, "medium"))
		text_set(arena, item, &s->medium);
	else if (span_is(item->key, "high"))
		text_set(arena, item, &s->high);
	else if (!span_is(item->key, "weight"))
		return ini_error(ini, item, err,
		    "a skill has name, weight, "
		    "low, medium and high, but no \"%.*s\"",
		    (int)item->key.n, item->key.p);
	else if (!num_int(item->value, 1, 10, &s->weight))
		return ini_error(ini, item, err,
		    "expected a whole number from 1 to 10, such as weight = 3");
	return 0;
}

static int
take_aim(struct arena *arena, struct conf *c, const struct ini *ini,
    const struct ini_item *item, struct err *err)
{
	struct conf_aim *a = c->aims_n ? &c->aims[c->aims_n - 1] : NULL;

	if (!label_ok(item->label))
		return ini_error(ini, item, err,
		    "an aim's section needs a "
		    "short name, such as [aim retention]");
	if (a == NULL || !span_eq(a->id, item->label)) {
		vec_room(arena, &c->aims, c->aims_n, sizeof(*a));
		a = &c->aims[c->aims_n++];
		*a = (struct conf_aim){.id = item->label,
		    .text.text = item->label,
		    .line = item->line};
	}
	if (span_is(item->key, "text"))
		text_set(arena, item, &a->text);
	else if (span_is(item->key, "measure"))
		a->measure = item->value;
	else if (!span_is(item->key, "target"))
		return ini_error(ini, item, err,
		    "an aim has text, measure and "
		    "target, but no \"%.*s\"",
		    (int)item->key.n, item->key.p);
	else {
		struct span v = item->value;
		bool percent = span_ends(v, "%");

		if (percent)
			v = span_trim(span_sub(v, 0, v.n - 1));
		if (!num_int(v, 0, percent ? 100 : 1000, &a->target_permille))
			return ini_error(ini, item, err,
			    "expected a share such as target = 80 %%");
		if (percent)
			a->target_permille *= 10;
	}
	return 0;
}

/* What [mail] says of its mailbox, a further mailbox says of itself. */
static const struct setting *
box_setting(struct span key)
{
	const struct setting *s = setting_find(SPAN("mail"), key);
	size_t from = offsetof(struct conf, in);

	return s != NULL && s->offset >= from &&
		       s->offset < from + sizeof(struct conf_box)
		   ? s
		   : NULL;
}

static int
take_box(struct arena *arena, struct conf *c, const struct ini *ini,
    const struct ini_item *item, struct err *err)
{
	struct conf_box *b = c->boxes_n ? &c->boxes[c->boxes_n - 1] : NULL;
	const struct setting *s = box_setting(item->key);
	struct conf whole = {0};
	const char *expected;

	if (!label_ok(item->label))
		return ini_error(ini, item, err,
		    "a further mailbox needs a short name of letters, digits "
		    "and -, such as [mailbox team-b]");
	if (b == NULL || !span_eq(b->name, item->label)) {
		if (c->boxes_n == LIMIT_MAILBOXES)
			return ini_error(ini, item, err,
			    "there are more than %d mailboxes",
			    LIMIT_MAILBOXES);
		vec_room(arena, &c->boxes, c->boxes_n, sizeof(*b));
		b = &c->boxes[c->boxes_n++];
		*b = (struct conf_box){.name = item->label};
	}
	if (s == NULL)
		return ini_error(ini, item, err,
		    "a mailbox has in, in-user, in-password-command, "
		    "in-starttls, after and the like, but no \"%.*s\"",
		    (int)item->key.n, item->key.p);
	whole.in = *b;
	if (!conf_value(arena, s, item->locale, item->value, &whole, &expected))
		return ini_error(ini, item, err, "%s = %.*s: expected %s",
		    s->key, s->type == SET_SECRET ? 0 : (int)item->value.n,
		    item->value.p, expected);
	*b = whole.in;
	return 0;
}

static int
take_item(struct arena *arena, struct conf *c, const struct ini *ini,
    const struct ini_item *item, struct err *err)
{
	const struct setting *s;
	const char *expected;

	if (span_is(item->section, "skill"))
		return take_skill(arena, c, ini, item, err);
	if (span_is(item->section, "aim"))
		return take_aim(arena, c, ini, item, err);
	if (span_is(item->section, "mailbox"))
		return take_box(arena, c, ini, item, err);
	s = setting_find(item->section, item->key);
	if (s == NULL)
		return unknown_key(arena, ini, item, err);
	if (!conf_value(arena, s, item->locale, item->value, c, &expected))
		return ini_error(ini, item, err, "%s = %.*s: expected %s",
		    s->key, s->type == SET_SECRET ? 0 : (int)item->value.n,
		    item->value.p, expected);
	return 0;
}

/* Where mistakes go: to the caller at the first, or told one by one. */
struct faults {
	conf_tell *tell; /* NULL: the first ends it */
	void *cookie;
	int n;
};

/* -1: this mistake is the end. */
static int
fault(struct faults *f, struct err *err)
{
	if (f->tell == NULL || err->exit_code != EX_CONFIG)
		return -1;
	f->tell(f->cookie, span_of(err->text));
	f->n++;
	err_clear(err);
	return 0;
}

static const struct ini_item *
same_before(const struct ini *ini, size_t i)
{
	const struct ini_item *a = &ini->items[i];

	for (size_t j = 0; j < i; j++) {
		const struct ini_item *b = &ini->items[j];

		if (span_eq(a->section, b->section) &&
		    span_eq(a->label, b->label) && span_eq(a->key, b->key) &&
		    span_eq(a->locale, b->locale))
			return b;
	}
	return NULL;
}

static int
doubled(const struct ini *ini, struct faults *f, struct err *err)
{
	for (size_t i = 0; i < ini->n; i++) {
		const struct ini_item *a = &ini->items[i];
		const struct ini_item *first = same_before(ini, i);

		if (first == NULL)
			continue;
		ini_error(ini, a, err,
		    "\"%.*s\" stands here for the second time; the first is "
		    "in line %d",
		    (int)a->key.n, a->key.p, first->line);
		if (fault(f, err) < 0)
			return -1;
	}
	return 0;
}

static int
parse(struct arena *arena, struct span file, struct span text, struct faults *f,
    struct conf *out, struct err *err)
{
	struct conf c = {.file = arena_span(arena, file)};
	struct ini ini;
	const char *expected;

	c.folder = span_of(file_dir(arena, arena_strdup(arena, file)));
	for (size_t i = 0; i < conf_settings_n; i++)
		if (conf_settings[i].standard != NULL &&
		    !conf_value(arena, &conf_settings[i], SPAN(""),
			span_of(conf_settings[i].standard), &c, &expected))
			return err_exit(err, ERR_STOP, EX_SOFTWARE,
			    "the default of %s is wrong", conf_settings[i].key);
	if (ini_parse(arena, c.file, text, &ini, err) < 0)
		return fault(f, err);
	if (doubled(&ini, f, err) < 0)
		return -1;
	for (size_t i = 0; i < ini.n; i++) {
		/* Of a section that is none once is enough. */
		if (f->n > 0 && i > 0 && !section_known(ini.items[i].section) &&
		    span_eq(ini.items[i].section, ini.items[i - 1].section))
			continue;
		if (take_item(arena, &c, &ini, &ini.items[i], err) < 0 &&
		    fault(f, err) < 0)
			return -1;
	}
	/* What contradicts itself is only known when all was read. */
	if (f->n == 0 && conf_check(&ini, &c, err) < 0 && fault(f, err) < 0)
		return -1;
	*out = c;
	return 0;
}

int
conf_parse(struct arena *arena, struct span file, struct span text,
    struct conf *out, struct err *err)
{
	struct faults first = {0};

	return parse(arena, file, text, &first, out, err);
}

static bool
has_secret(const struct conf *c)
{
	for (uint32_t i = 0; i < c->boxes_n; i++)
		if (c->boxes[i].password.n > 0)
			return true;
	return c->in.password.n || c->out_password.n || c->oauth_secret.n ||
	       c->oauth_refresh.n;
}

static int
read_conf(struct arena *arena, const char *path, struct faults *f,
    struct conf *out, struct err *err)
{
	struct span text;
	const char *wrong;

	if (!file_exists(path))
		return err_exit(err, ERR_STOP, EX_CONFIG,
		    "%s: there is no settings file; make one with: rmail init "
		    "FOLDER",
		    path);
	if (file_read(arena, path, LIMIT_CONF_BYTES, &text, err) < 0 ||
	    parse(arena, span_of(path), text, f, out, err) < 0)
		return -1;
	wrong = file_check_private(arena, path);
	if (wrong != NULL && has_secret(out))
		return err_exit(err, ERR_STOP, EX_NOPERM,
		    "%s: it holds a secret and %s", path, wrong);
	return 0;
}

int
conf_read(
    struct arena *arena, const char *path, struct conf *out, struct err *err)
{
	struct faults first = {0};

	return read_conf(arena, path, &first, out, err);
}

int
conf_faults(struct arena *arena, const char *path, conf_tell *tell,
    void *cookie, struct err *err)
{
	struct faults f = {.tell = tell, .cookie = cookie};
	struct conf c = {0};

	return read_conf(arena, path, &f, &c, err) < 0 ? -1 : f.n;
}

int
conf_line(struct arena *arena, const struct conf *c, const char *section,
    const char *key, int *line, struct err *err)
{
	struct span text;
	struct ini ini;

	*line = 0;
	if (file_read(arena, arena_strdup(arena, c->file), LIMIT_CONF_BYTES,
		&text, err) < 0 ||
	    ini_parse(arena, c->file, text, &ini, err) < 0)
		return -1;
	for (size_t i = 0; i < ini.n; i++)
		if (span_is(ini.items[i].section, section) &&
		    span_is(ini.items[i].key, key))
			*line = ini.items[i].line;
	return 0;
}
