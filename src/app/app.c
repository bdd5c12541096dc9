/* Opening and closing a programme. */
#include "app/app.h"

#include <string.h>
#include <sysexits.h>

#include "base/digest.h"
#include "base/embed.h"
#include "base/file.h"
#include "base/limits.h"
#include "mailin/mailin.h"
#include "report/report.h"

static const char *
conf_file(struct arena *arena, const char *dir)
{
	return file_is_dir(dir) ? file_join(arena, dir, "rmail.conf")
				: arena_strdup(arena, span_of(dir));
}

/* --- languages ---------------------------------------------------------- */

/* The operator's file of that name: 1, 0, -1. */
static int
read_own(struct app *app, const char *path, struct span *file,
    struct span *text, struct err *err)
{
	const char *own = app->templates == NULL
			      ? NULL
			      : file_join(&app->run, app->templates, path);

	if (own == NULL || !file_exists(own))
		return 0;
	*file = span_of(own);
	return file_read(&app->run, own, LIMIT_TEMPLATE_BYTES, text, err) < 0
		   ? -1
		   : 1;
}

static int
read_template(struct app *app, const char *path, struct span *file,
    struct span *text, struct err *err)
{
	int rc = read_own(app, path, file, text, err);

	if (rc != 0)
		return rc;
	*file = arena_spanf(&app->run, "templates/%s", path);
	return embed_find(file->p, text) ? 1 : 0;
}

/*
 * With du (form-of-address = informal) what "de-informal" has stands before
 * "de"; but the operator's own words stand before ours in either.
 */
static int
read_localized(struct app *app, struct span locale, const char *name,
    struct span *file, struct span *text, struct err *err)
{
	const char *common =
	    arena_printf(&app->run, "%.*s/%s", (int)locale.n, locale.p, name);
	const char *informal = arena_printf(
	    &app->run, "%.*s-informal/%s", (int)locale.n, locale.p, name);
	int rc;

	if (app->conf.formality != CONF_INFORMAL)
		return read_template(app, common, file, text, err);
	rc = read_own(app, informal, file, text, err);
	if (rc == 0)
		rc = read_own(app, common, file, text, err);
	if (rc == 0)
		rc = read_template(app, informal, file, text, err);
	return rc != 0 ? rc : read_template(app, common, file, text, err);
}

int
app_template(struct app *app, struct span locale, const char *name,
    struct span *file, struct span *text, struct err *err)
{
	const struct span tries[] = {locale, app->conf.locale, SPAN("en")};

	for (size_t i = 0; i < 3; i++) {
		int rc = read_localized(app, tries[i], name, file, text, err);

		if (rc != 0)
			return rc < 0 ? -1 : 0;
	}
	return err_exit(
	    err, ERR_STOP, EX_CONFIG, "there is no template %s", name);
}

int
app_layout(struct app *app, struct span *text, struct err *err)
{
	struct span file;
	int rc = read_template(app, "layout.html", &file, text, err);

	if (rc == 0)
		return err_exit(
		    err, ERR_STOP, EX_SOFTWARE, "there is no layout.html");
	return rc < 0 ? -1 : 0;
}

/* The report's columns bear the roles' names where they have their own. */
static void
name_column(struct app *app, struct words *w, const char *key,
    const struct conf_text *own, const char *role)
{
	if (conf_text(own, w->locale).n > 0)
		words_set(&app->run, w, key,
		    words_roles(&app->run, w, span_of(role)));
}

/*
 * What the programme calls its roles stands before what the files say, and in
 * each phrase that names one.
 */
static void
name_roles(struct app *app, struct words *w)
{
	const struct conf *c = &app->conf;
	const struct {
		const char *key;
		const struct conf_text *text;
	} roles[] = {{"role-mentor", &c->mentor}, {"role-mentors", &c->mentors},
	    {"role-mentee", &c->mentee}, {"role-mentees", &c->mentees}};

	for (size_t i = 0; i < 4; i++) {
		struct span own = conf_text(roles[i].text, w->locale);

		if (own.n > 0)
			words_set(&app->run, w, roles[i].key, own);
	}
	name_column(app, w, "report-juniors", &c->mentors, "{Role-mentors}");
	name_column(app, w, "report-seniors", &c->mentees, "{Role-mentees}");
	for (size_t i = 0; i < w->n; i++)
		w->phrases[i] = words_roles(&app->run, w, w->phrases[i]);
}

/* How many people stand behind a figure is said beside each question. */
static void
name_threshold(struct app *app, struct words *w)
{
	const struct fill fill = {"group-min",
	    arena_spanf(&app->run, "%d", (int)app->conf.group_min)};

	for (size_t i = 0; i < w->n; i++)
		if (span_is(w->keys[i], "share-counted"))
			w->phrases[i] =
			    words_fill(&app->run, w, "share-counted", &fill, 1);
}

/* One file of phrases on top of what there is; none changes nothing. */
static int
add_words(struct app *app, struct language *l, const char *path, bool own,
    const struct words **top, struct err *err)
{
	struct words *w = arena_alloc(&app->run, sizeof(*w));
	struct span file = arena_spanf(&app->run, "templates/%s", path), text;
	int rc = own ? read_own(app, path, &file, &text, err)
		     : embed_find(file.p, &text);

	if (rc <= 0)
		return rc;
	if (words_parse(&app->run, l->locale, file, text, *top, w, err) < 0)
		return -1;
	name_roles(app, w);
	name_threshold(app, w);
	*top = w;
	return 0;
}

/* The operator's phrases stand before ours, those with du before the rest. */
static int
load_words(struct app *app, struct language *l, const struct words *fallback,
    struct err *err)
{
	const struct words *top = fallback;
	char *common = arena_printf(
	    &app->run, "%.*s/words", (int)l->locale.n, l->locale.p);
	char *informal = arena_printf(
	    &app->run, "%.*s-informal/words", (int)l->locale.n, l->locale.p);

	for (int own = 0; own < 2; own++) {
		if (add_words(app, l, common, own, &top, err) < 0)
			return -1;
		if (app->conf.formality == CONF_INFORMAL &&
		    add_words(app, l, informal, own, &top, err) < 0)
			return -1;
	}
	/* A language without mails is known by having no phrases. */
	l->words = top != fallback ? *top
				   : (struct words){.locale = l->locale,
					 .fallback = fallback};
	return 0;
}

static const char *const survey_names[] = {
    "signup", "checkin", "fit", "midpoint", "final"};
enum {
	SURVEYS_N = sizeof(survey_names) / sizeof(*survey_names)
};

/* Questions and options name the roles as the programme does. */
static void
fill_survey(struct app *app, struct survey *s, const struct words *w)
{
	struct arena *a = &app->run;

	s->title = words_roles(a, w, s->title);
	for (uint32_t i = 0; i < s->questions_n; i++) {
		struct question *q = &s->questions[i];

		q->text = words_roles(a, w, q->text);
		for (uint32_t k = 0; k < q->options_n; k++)
			q->options[k].text =
			    words_roles(a, w, q->options[k].text);
	}
}

static int
load_survey(struct app *app, struct language *l, const struct survey *fallback,
    size_t i, struct err *err)
{
	char *name = arena_printf(&app->run, "surveys/%s", survey_names[i]);
	struct span file, text;
	int rc = read_localized(app, l->locale, name, &file, &text, err);

	if (rc < 0)
		return -1;
	if (rc == 0 && fallback == NULL)
		return err_exit(
		    err, ERR_STOP, EX_CONFIG, "there is no survey %s", name);
	if (rc == 0) {
		l->surveys[i] = *fallback;
		return 0;
	}
	if (survey_parse(&app->run, span_of(survey_names[i]), file, text,
		fallback, &l->surveys[i], err) < 0)
		return -1;
	fill_survey(app, &l->surveys[i], &l->words);
	return 0;
}

static int
load_surveys(struct app *app, struct language *l,
    const struct language *fallback, struct err *err)
{
	l->surveys = arena_alloc(&app->run, SURVEYS_N * sizeof(*l->surveys));
	l->surveys_n = SURVEYS_N;
	for (size_t i = 0; i < SURVEYS_N; i++)
		if (load_survey(app, l, fallback ? &fallback->surveys[i] : NULL,
			i, err) < 0)
			return -1;
	return 0;
}

static void
load_skills(struct app *app, struct language *l)
{
	const struct conf *c = &app->conf;

	l->skills = arena_alloc(&app->run, c->skills_n * sizeof(*l->skills));
	for (uint32_t i = 0; i < c->skills_n; i++)
		l->skills[i] = (struct skill_text){
		    .id = c->skills[i].id,
		    .name = conf_text(&c->skills[i].name, l->locale),
		    .low = conf_text(&c->skills[i].low, l->locale),
		    .medium = conf_text(&c->skills[i].medium, l->locale),
		    .high = conf_text(&c->skills[i].high, l->locale),
		};
}

/* English first: it is what all others fall back to. */
static void
list_languages(struct app *app)
{
	const struct conf *c = &app->conf;
	size_t n = 0;

	app->languages = arena_alloc(
	    &app->run, (c->locales_n + 1) * sizeof(*app->languages));
	app->languages[n++].locale = SPAN("en");
	for (uint32_t i = 0; i < c->locales_n; i++)
		if (!span_is(c->locales[i], "en"))
			app->languages[n++].locale = c->locales[i];
	app->languages_n = n;
}

static int
load_languages(struct app *app, struct err *err)
{
	list_languages(app);
	for (size_t i = 0; i < app->languages_n; i++) {
		struct language *l = &app->languages[i];
		struct language *first = i > 0 ? &app->languages[0] : NULL;

		if (load_words(app, l, first ? &first->words : NULL, err) < 0 ||
		    load_surveys(app, l, first, err) < 0)
			return -1;
		load_skills(app, l);
	}
	return 0;
}

const struct language *
app_language(const struct app *app, struct span locale)
{
	const struct span tries[] = {locale, app->conf.locale};

	for (size_t t = 0; t < 2; t++)
		for (size_t i = 0; i < app->languages_n; i++)
			if (span_eq(app->languages[i].locale, tries[t]))
				return &app->languages[i];
	return &app->languages[0];
}

const struct survey *
app_survey(const struct language *l, const char *name)
{
	for (size_t i = 0; i < l->surveys_n; i++)
		if (span_is(l->surveys[i].name, name))
			return &l->surveys[i];
	return NULL;
}

const struct zone *
person_zone(struct app *app, const struct person *p)
{
	struct zone *zone;
	struct err err = {0};

	if (p == NULL || p->zone.n == 0 || span_eq(p->zone, app->zone.name))
		return &app->zone;
	zone = arena_alloc(&app->item, sizeof(*zone));
	/* A zone that has gone from the system is no reason to stop. */
	if (zone_load(&app->item, p->zone, zone, &err) < 0)
		return &app->zone;
	return zone;
}

/* --- the picture above each mail ----------------------------------------- */

/* By its first bytes: a name may say anything. */
static struct span
picture_type(struct span bytes)
{
	if (span_starts(bytes, "\x89PNG\r\n"))
		return SPAN("image/png");
	if (span_starts(bytes, "\xff\xd8\xff"))
		return SPAN("image/jpeg");
	if (span_starts(bytes, "GIF8"))
		return SPAN("image/gif");
	return SPAN("");
}

static int
load_logo(struct app *app, struct err *err)
{
	const struct span name = app->conf.logo;
	struct span path = conf_path(&app->run, &app->conf, name);

	if (name.n == 0)
		return 0;
	if (file_read(&app->run, path.p, LIMIT_LOGO_BYTES, &app->logo, err) < 0)
		return err_exit(err, ERR_STOP, EX_CONFIG,
		    "logo = %.*s: cannot be read; name a PNG, JPEG or GIF of "
		    "at most %d bytes",
		    (int)name.n, name.p, LIMIT_LOGO_BYTES);
	app->logo_type = picture_type(app->logo);
	if (app->logo_type.n == 0)
		return err_exit(err, ERR_STOP, EX_CONFIG,
		    "logo = %.*s: is no PNG, JPEG or GIF", (int)name.n, name.p);
	return 0;
}

/* --- open, close -------------------------------------------------------- */

static int
load_seed(struct app *app, struct err *err)
{
	struct rows rows;

	if (store_rows(app->store, &app->run, PROGRAMME_SEED, &rows, err, "") <
	    0)
		return -1;
	if (rows.n != 1 || cell(&rows, 0, 0)->t.n != WORLD_SEED_BYTES)
		return err_exit(err, ERR_STOP, EX_CONFIG,
		    "the database is empty; make one with: rmail init FOLDER");
	memcpy(app->world.seed, cell(&rows, 0, 0)->t.p, WORLD_SEED_BYTES);
	return 0;
}

/* conf/ takes any measure; report/ knows which ones there are. */
static int
check_measures(const struct conf *c, const char *file, struct err *err)
{
	for (uint32_t i = 0; i < c->aims_n; i++)
		if (!report_measure_known(c->aims[i].measure))
			return err_exit(err, ERR_STOP, EX_CONFIG,
			    "%s:%d: aim %.*s: \"%.*s\" is no measure; use "
			    "retention, coverage, satisfaction, sessions, "
			    "learning, matched, confidence, digital, "
			    "learning/SKILL or question/ID",
			    file, c->aims[i].line, (int)c->aims[i].id.n,
			    c->aims[i].id.p, (int)c->aims[i].measure.n,
			    c->aims[i].measure.p);
	return 0;
}

static void
find_templates(struct app *app, const char *file)
{
	char *own =
	    file_join(&app->run, file_dir(&app->run, file), "templates");

	app->templates = file_is_dir(own) ? own : NULL;
}

static int
open_all(struct app *app, const char *dir, struct err *err)
{
	const char *file = conf_file(&app->run, dir);

	if (conf_read(&app->run, file, &app->conf, err) < 0 ||
	    check_measures(&app->conf, file, err) < 0 ||
	    zone_load(&app->run, app->conf.zone, &app->zone, err) < 0)
		return -1;
	find_templates(app, file);
	if (load_languages(app, err) < 0 || load_logo(app, err) < 0)
		return -1;
	if (store_open(&app->run,
		file_join(&app->run, file_dir(&app->run, file), "rmail.db"),
		false, app->world.durable, &app->store, err) < 0)
		return -1;
	if (load_seed(app, err) < 0 ||
	    programme_load(app->store, &app->run, &app->programme, err) < 0) {
		store_close(app->store);
		return -1;
	}
	return 0;
}

/* Words and surveys of all languages; one that is broken spoils no other. */
static int
language_faults(struct app *app, verify_fn *tell, void *cookie)
{
	struct err err = {0};
	int n = 0;

	list_languages(app);
	for (size_t k = 0; k < app->languages_n; k++) {
		struct language *l = &app->languages[k];
		struct language *first = &app->languages[0];

		if (load_words(app, l, k > 0 ? &first->words : NULL, &err) < 0)
			n++, tell(cookie, span_of(err.text));
		err_clear(&err);
		l->surveys =
		    arena_alloc(&app->run, SURVEYS_N * sizeof(*l->surveys));
		for (size_t i = 0; i < SURVEYS_N; i++) {
			struct survey *fallback =
			    k > 0 ? &first->surveys[i] : NULL;

			if (k > 0 && fallback->questions_n == 0)
				continue;
			if (load_survey(app, l, fallback, i, &err) < 0)
				n++, tell(cookie, span_of(err.text));
			err_clear(&err);
		}
	}
	return n;
}

int
app_faults(const char *dir, verify_fn *tell, void *cookie, struct err *err)
{
	struct app app = {0};
	const char *file;
	int n;

	arena_init(&app.run);
	arena_init(&app.item);
	file = conf_file(&app.run, dir);
	n = conf_faults(&app.run, file, tell, cookie, err);
	if (n == 0 && conf_read(&app.run, file, &app.conf, err) < 0)
		n = -1;
	if (n == 0) {
		find_templates(&app, file);
		n = language_faults(&app, tell, cookie);
	}
	arena_release(&app.run);
	arena_release(&app.item);
	return n;
}

static int
open_world(struct app *app, const char *dir, int64_t now_unix, bool durable,
    struct err *err)
{
	memset(app, 0, sizeof(*app));
	arena_init(&app->run);
	arena_init(&app->item);
	app->world.now_unix = now_unix ? now_unix : clock_now();
	app->world.durable = durable;
	if (open_all(app, dir, err) < 0) {
		arena_release(&app->run);
		arena_release(&app->item);
		return -1;
	}
	app->reader = reader_open(&app->run);
	return 0;
}

int
app_open(struct app *app, const char *dir, int64_t now_unix, struct err *err)
{
	return open_world(app, dir, now_unix, true, err);
}

int
app_open_rehearsal(
    struct app *app, const char *dir, int64_t now_unix, struct err *err)
{
	return open_world(app, dir, now_unix, false, err);
}

void
app_close(struct app *app)
{
	boxes_close(app);
	reader_close(app->reader);
	store_close(app->store);
	arena_release(&app->item);
	arena_release(&app->run);
}

int
app_try(struct app *app, struct err *err)
{
	app->dry = true;
	return store_detach(app->store, err);
}

int
programme_save(struct app *app, struct err *err)
{
	const struct programme *p = &app->programme;

	return store_do(app->store, PROGRAMME_SAVE, err, "tiiiiiiiiiiiit",
	    span_of(programme_state_name(p->state)), p->last_run_unix,
	    p->begun_unix, p->midpoint_unix, p->closing_unix, p->ended_unix,
	    p->next_digest_unix, p->next_match_unix, p->next_report_unix,
	    p->next_review_unix, (int64_t)p->hold, p->trouble_since_unix,
	    p->trouble_told_unix, p->trouble);
}

/* --- init --------------------------------------------------------------- */

static int
fill_database(struct store *store, int64_t now_unix, struct err *err)
{
	uint8_t seed[WORLD_SEED_BYTES];
	int64_t n;
	int rc = store_int(store, PROGRAMME_SEED, &n, err, "");

	if (rc != 0)
		return rc < 0 ? -1 : 0;
	if (digest_random(seed, sizeof(seed), err) < 0 ||
	    store_begin(store, err) < 0)
		return -1;
	if (store_do(store, PROGRAMME_INSERT, err, "bi",
		(struct span){(const char *)seed, sizeof(seed)},
		now_unix) < 0 ||
	    store_commit(store, err) < 0) {
		store_rollback(store);
		return -1;
	}
	return 0;
}

int
app_init(const char *dir, int64_t now_unix, struct err *err)
{
	struct arena arena;
	struct store *store;
	struct span sample;
	char *conf;
	int rc = -1;

	arena_init(&arena);
	conf = file_join(&arena, dir, "rmail.conf");
	if (file_exists(conf)) {
		err_exit(err, ERR_STOP, EX_CANTCREAT,
		    "%s is there already; nothing was changed", conf);
		goto out;
	}
	if (!embed_find("rmail.conf.sample", &sample)) {
		err_exit(err, ERR_STOP, EX_SOFTWARE, "the sample is missing");
		goto out;
	}
	/* The settings last: where they are, everything is. */
	if (file_make_dir(dir, err) < 0 ||
	    store_open(&arena, file_join(&arena, dir, "rmail.db"), true, true,
		&store, err) < 0)
		goto out;
	rc = fill_database(store, now_unix, err);
	store_close(store);
	if (rc == 0)
		rc = file_write(conf, sample, true, err);
out:
	arena_release(&arena);
	return rc;
}
