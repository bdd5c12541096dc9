/*
 * Are the words, surveys and mails of all languages fit to be sent?  Asked by
 * `rmail check`, and by a run before it touches anything when the programme
 * has templates of its own.  Surveys were read by app_open already.
 */
#include <dirent.h>
#include <stdlib.h>
#include <string.h>

#include "app/app.h"
#include "base/embed.h"
#include "base/file.h"
#include "base/ini.h"
#include "base/limits.h"
#include "base/num.h"
#include "base/vec.h"
#include "tmpl/tmpl.h"

struct verify {
	struct app *app;
	verify_fn *tell;
	void *cookie;
	int64_t problems;
	/* of the template in hand */
	struct span file;
	int first_line;
	const char **known;
	size_t known_n;
	bool learning; /* names are taken in, not judged */
};

static void
problem(struct verify *v, struct span text)
{
	v->problems++;
	v->tell(v->cookie, text);
}

/* --- tags -------------------------------------------------------------------- */

static void
learn(struct verify *v, struct span name)
{
	vec_room(&v->app->item, &v->known, v->known_n, sizeof(*v->known));
	v->known[v->known_n++] = arena_strdup(&v->app->item, name);
}

/* What every mail has: those of letter_values, and the code of its thread. */
static void
learn_common(struct verify *v)
{
	const struct person nobody = {0};
	const struct value *values = letter_values(v->app, &nobody);

	v->known_n = 0;
	for (size_t i = 0; i < values->n; i++)
		learn(v, values->names[i]);
	learn(v, SPAN("code"));
	learn(v, SPAN("footer"));
}

static void
take_name(void *cookie, struct span name, int line)
{
	struct verify *v = cookie;
	struct span first = span_sub(name, 0, span_findc(name, '.'));
	const char *near;

	if (v->learning) {
		learn(v, first);
		return;
	}
	if (first.n == 0) /* {{.}}, the item of a list */
		return;
	for (size_t i = 0; i < v->known_n; i++)
		if (span_is(first, v->known[i]))
			return;
	near = ini_near(first, v->known, v->known_n);
	problem(v, arena_spanf(&v->app->item,
		       "%.*s:%d: there is no {{%.*s}} in this mail%s%s%s",
		       (int)v->file.n, v->file.p, v->first_line + line - 1,
		       (int)name.n, name.p, near ? "; did you mean {{" : "",
		       near ? near : "", near ? "}}?" : ""));
}

/* "2:7: text", counted from the piece's first line, by its place in the file */
static void
broken(struct verify *v, struct span text)
{
	int64_t line = 1;
	size_t n = num_lead(text, INT32_MAX, &line);

	problem(v, arena_spanf(&v->app->item, "%.*s:%lld%.*s", (int)v->file.n,
		       v->file.p, (long long)(v->first_line + line - 1),
		       (int)(text.n - n), text.p + n));
}

static void
walk(struct verify *v, struct span text, int first_line)
{
	struct err err = {0};

	v->first_line = first_line;
	if (mustache_names(&v->app->item, text, take_name, v, &err) < 0 &&
	    !v->learning)
		broken(v, span_of(err.text));
}

static void
walk_template(struct verify *v, struct span file, struct span text)
{
	struct template t;
	struct err err = {0};

	v->file = file;
	if (template_parse(&v->app->item, file, text, &t, &err) < 0) {
		if (!v->learning)
			problem(v, span_of(err.text));
		return;
	}
	if (template_header(&t, "Subject").n == 0 && !v->learning)
		problem(
		    v, arena_spanf(&v->app->item, "%.*s:1: there is no Subject",
			   (int)file.n, file.p));
	for (size_t i = 0; i < t.headers_n; i++)
		walk(v, t.values[i], (int)i + 1);
	walk(v, t.body, t.body_line);
}

/* One mail in one language, against the tags that English uses. */
static void
verify_mail(struct verify *v, struct span locale, const char *name)
{
	struct span file, text, english;
	struct err err = {0};

	learn_common(v);
	v->learning = true;
	if (embed_find(
		arena_printf(&v->app->item, "templates/en/%s", name), &english))
		walk_template(v, SPAN(""), english);
	v->learning = false;
	if (app_template(v->app, locale, name, &file, &text, &err) < 0)
		problem(v, span_of(err.text));
	else
		walk_template(v, file, text);
}

static void
verify_mails(struct verify *v)
{
	struct span name, bytes;

	for (size_t nth = 0; embed_next(nth, &name, &bytes); nth++) {
		if (!span_starts(name, "templates/en/") ||
		    !span_ends(name, ".md"))
			continue;
		for (size_t i = 0; i < v->app->languages_n; i++) {
			verify_mail(v, v->app->languages[i].locale,
			    arena_strdup(&v->app->item,
				span_skip(name, strlen("templates/en/"))));
			arena_reset(&v->app->item);
			v->known = NULL;
			v->known_n = 0;
		}
	}
}

/* --- words -------------------------------------------------------------------- */

/* "templates/de/words", of the operator's with line and column of a phrase. */
static struct span
words_place(struct verify *v, struct span locale, struct span key)
{
	struct arena *a = &v->app->item;
	struct span text;
	struct ini ini;
	struct err err = {0};
	char *path;

	if (v->app->templates != NULL) {
		path = arena_printf(a, "%s/%.*s/words", v->app->templates,
		    (int)locale.n, locale.p);
		if (file_exists(path) &&
		    file_read(a, path, LIMIT_CONF_BYTES, &text, &err) == 0 &&
		    ini_parse(a, span_of(path), text, &ini, &err) == 0) {
			for (size_t i = 0; i < ini.n; i++)
				if (span_eq(ini.items[i].key, key))
					return arena_spanf(a, "%s:%d:1", path,
					    ini.items[i].line);
			return span_of(path);
		}
	}
	return arena_spanf(a, "templates/%.*s/words", (int)locale.n, locale.p);
}

static void
verify_phrases(struct verify *v, const struct language *l,
    const struct words *english, const char *const *keys)
{
	struct arena *a = &v->app->item;
	struct span place = words_place(v, l->locale, SPAN(""));

	const char *first = NULL;
	size_t missing = 0;

	for (size_t k = 0; k < english->n; k++)
		if (!words_says(&l->words, keys[k])) {
			first = first != NULL ? first : keys[k];
			missing++;
		}
	if (missing > 0 && l->words.n > 0)
		problem(
		    v, arena_spanf(a,
			   "%.*s: %zu of %zu phrases are missing, such as "
			   "\"%s\"; add them, translated from the installed "
			   "templates/en/words",
			   (int)place.n, place.p, missing, english->n, first));
	for (size_t k = 0; k < l->words.n; k++) {
		struct span key = l->words.keys[k];
		const char *near;

		if (words_has(english, arena_strdup(a, key)))
			continue;
		near = ini_near(key, keys, english->n);
		place = words_place(v, l->locale, key);
		problem(
		    v, arena_spanf(a, "%.*s: there is no phrase \"%.*s\"%s%s%s",
			   (int)place.n, place.p, (int)key.n, key.p,
			   near ? "; did you mean \"" : "", near ? near : "",
			   near ? "\"?" : ""));
	}
}

/* Every phrase that English has must be found; no other is asked for. */
static int
verify_words(struct verify *v, struct err *err)
{
	struct arena *a = &v->app->item;
	struct words english;
	struct span text;
	const char **keys;

	if (!embed_find("templates/en/words", &text) ||
	    words_parse(a, SPAN("en"), SPAN("templates/en/words"), text, NULL,
		&english, err) < 0)
		return -1;
	keys = arena_alloc(a, (english.n + 1) * sizeof(*keys));
	for (size_t k = 0; k < english.n; k++)
		keys[k] = arena_strdup(a, english.keys[k]);
	for (size_t i = 0; i < v->app->languages_n; i++)
		verify_phrases(v, &v->app->languages[i], &english, keys);
	return 0;
}

/* --- files that nothing reads ---------------------------------------------------- */

static bool
language_is_used(const struct app *app, const char *name)
{
	struct span common = span_of(name);

	if (span_ends(common, "-informal"))
		common.n -= strlen("-informal");
	for (size_t i = 0; i < app->languages_n; i++)
		if (span_eq(app->languages[i].locale, common))
			return true;
	return false;
}

static int
by_name(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* Names in a folder, in order; hidden ones and editors' copies left out. */
static size_t
list_folder(struct arena *arena, const char *path, char ***names)
{
	DIR *dir = opendir(path);
	struct dirent *d;
	size_t n = 0;

	*names = NULL;
	if (dir == NULL)
		return 0;
	while ((d = readdir(dir)) != NULL) {
		struct span name = span_of(d->d_name);

		if (name.p[0] == '.' || span_ends(name, "~"))
			continue;
		vec_room(arena, names, n, sizeof(**names));
		(*names)[n++] = arena_strdup(arena, name);
	}
	closedir(dir);
	if (n > 1)
		qsort(*names, n, sizeof(**names), by_name);
	return n;
}

/* A file of ours by that name would be read; any other is a misprint. */
static void
verify_name(
    struct verify *v, const char *folder, const char *below, const char *name)
{
	struct arena *a = &v->app->item;
	struct span ours, bytes;
	const char **all = NULL, *near;
	size_t n = 0, skip;
	char *prefix = arena_printf(a, "templates/en/%s", below);

	skip = strlen(prefix);
	for (size_t nth = 0; embed_next(nth, &ours, &bytes); nth++) {
		if (!span_starts(ours, prefix))
			continue;
		ours = span_skip(ours, skip);
		if (span_findc(ours, '/') < ours.n)
			continue;
		if (span_is(ours, name))
			return;
		vec_room(a, &all, n, sizeof(*all));
		all[n++] = arena_strdup(a, ours);
	}
	near = ini_near(span_of(name), all, n);
	problem(v, arena_spanf(a, "%s/%s: nothing reads this file%s%s%s",
		       folder, name, near ? "; did you mean " : "",
		       near ? near : "", near ? "?" : ""));
}

static void
verify_folder(struct verify *v, const char *folder, const char *below)
{
	char **names;
	size_t n = list_folder(&v->app->item, folder, &names);

	for (size_t i = 0; i < n; i++)
		if (*below != '\0' || strcmp(names[i], "surveys") != 0)
			verify_name(v, folder, below, names[i]);
}

static void
verify_files(struct verify *v)
{
	struct arena *a = &v->app->item;
	char **names;
	size_t n = list_folder(a, v->app->templates, &names);

	for (size_t i = 0; i < n; i++) {
		char *path = file_join(a, v->app->templates, names[i]);

		if (strcmp(names[i], "layout.html") == 0)
			continue;
		if (!file_is_dir(path) || !language_is_used(v->app, names[i])) {
			problem(v,
			    arena_spanf(a,
				"%s: nothing reads this; a folder here is one "
				"of [programme] locales",
				path));
			continue;
		}
		verify_folder(v, path, "");
		verify_folder(v, file_join(a, path, "surveys"), "surveys/");
	}
}

static void
verify_layout(struct verify *v)
{
	struct span text;
	struct err err = {0};

	if (app_layout(v->app, &text, &err) < 0) {
		problem(v, span_of(err.text));
		return;
	}
	v->learning = true;
	v->file = SPAN("layout.html");
	if (mustache_names(&v->app->item, text, take_name, v, &err) < 0)
		problem(
		    v, arena_spanf(&v->app->item, "layout.html: %s", err.text));
	for (size_t i = 0; i < v->known_n; i++)
		if (strcmp(v->known[i], "body") == 0)
			return;
	problem(v, SPAN("layout.html: there is no {{{body}}} in it"));
}

int
templates_verify(
    struct app *app, verify_fn *tell, void *cookie, struct err *err)
{
	struct verify v = {.app = app, .tell = tell, .cookie = cookie};

	verify_mails(&v);
	if (verify_words(&v, err) < 0)
		return -1;
	verify_layout(&v);
	if (app->templates != NULL)
		verify_files(&v);
	arena_reset(&app->item);
	return v.problems > 0;
}
