/*
 * The mailbox of a programme: opened by its settings, tried, and told what
 * became of its mails once that is committed.
 */
#include "app/app.h"

#include "base/file.h"
#include "base/log.h"
#include "mailin/mailin.h"

/* --- opening ------------------------------------------------------------- */

static struct mailin_settings
source_settings(const struct app *app)
{
	const struct conf *c = &app->conf;

	return (struct mailin_settings){.url = c->in_url,
	    .user = c->in_user,
	    .ca_file = c->ca_file,
	    .pin_sha256 = c->in_pin,
	    .starttls = c->in_starttls,
	    .insecure = c->insecure,
	    .after = (enum mailin_after)c->after,
	    .done_folder = c->done_folder,
	    .parked_folder = c->parked_folder,
	    .timeout_seconds = (int)c->timeout_seconds,
	    .max_bytes = c->max_mail_bytes};
}

/* "maildir:in" is taken from the folder of the settings. */
struct span
app_url(struct app *app, struct span url)
{
	size_t colon = span_findc(url, ':');
	struct span path = span_skip(url, colon + 1);

	if (!span_casestarts(url, "maildir:") && !span_casestarts(url, "mbox:"))
		return url;
	path = conf_path(&app->run, &app->conf, path);
	return arena_spanf(
	    &app->run, "%.*s:%.*s", (int)colon, url.p, (int)path.n, path.p);
}

/* A folder of our own, named by the settings, is made when it is missing. */
static int
make_maildir(struct app *app, struct span url, struct err *err)
{
	static const char *const parts[] = {"tmp", "new", "cur"};

	if (!span_casestarts(url, "maildir:"))
		return 0;
	for (size_t i = 0; i < 3; i++) {
		char *path = file_join(&app->run,
		    arena_strdup(&app->run, span_skip(url, 8)), parts[i]);

		if (!file_is_dir(path) && file_make_dir(path, err) < 0)
			return -1;
	}
	return 0;
}

static int
source_try(struct app *app, struct mailin_settings *settings, bool anew,
    struct login *login, struct mailin **out, struct err *err)
{
	if (login_get(app, LOGIN_IN, anew, login, err) < 0)
		return -1;
	settings->password = login->password;
	settings->token = login->token;
	return mailin_open(&app->run, settings, out, err);
}

static int
source_open(struct app *app, struct mailin_settings *settings,
    struct mailin **out, struct err *err)
{
	struct login login = {0};
	int rc = source_try(app, settings, false, &login, out, err);

	if (rc < 0 && login_again(&login, err)) {
		err_clear(err);
		rc = source_try(app, settings, true, &login, out, err);
	}
	return rc;
}

/* A folder or file that is there. */
static bool
is_local(struct app *app, struct span url)
{
	size_t at = span_findc(url, ':');

	return (span_casestarts(url, "maildir:") ||
		   span_casestarts(url, "mbox:")) &&
	       file_exists(arena_strdup(&app->run, span_skip(url, at + 1)));
}

int
mailbox_open(struct app *app, struct err *err)
{
	struct mailin_settings settings = source_settings(app);

	settings.url = app_url(app, settings.url);
	/* A server would see us; folders and files may be looked into. */
	if (app->dry && !is_local(app, settings.url))
		return 0;
	if (!app->dry && make_maildir(app, settings.url, err) < 0)
		return -1;
	return source_open(app, &settings, &app->source, err);
}

static bool
every_key(void *cookie, struct span key)
{
	(void)cookie;
	(void)key;
	return true;
}

int
mailbox_try(struct app *app, struct err *err)
{
	struct mailin_settings settings = source_settings(app);
	struct mailin *source;
	struct mailin_mail none;
	int rc;

	settings.url = app_url(app, settings.url);
	if (make_maildir(app, settings.url, err) < 0 ||
	    source_open(app, &settings, &source, err) < 0)
		return -1;
	/* All mails are known: each folder is looked into, none is fetched. */
	rc = mailin_next(source, &app->item, every_key, NULL, &none, err);
	mailin_close(source);
	return rc < 0 ? -1 : 0;
}

/* --- filing --------------------------------------------------------------- */

static int
mark_filed(struct app *app, const struct rows *rows, struct err *err)
{
	if (rows->n == 0)
		return 0;
	if (store_begin(app->store, err) < 0)
		return -1;
	for (size_t i = 0; i < rows->n; i++)
		if (store_do(app->store, INBOX_FILED, err, "i",
			cell(rows, i, 0)->i) < 0) {
			store_rollback(app->store);
			return -1;
		}
	return store_commit(app->store, err);
}

/*
 * A batch: the mailbox is told first, then ourselves; what is told twice is
 * harmless.  1 told, 0 the server will not do it now.
 */
static int
file_batch(struct app *app, struct mailin *source, const struct rows *rows,
    struct err *err)
{
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < rows->n; i++) {
		bool parked = span_is(cell(rows, i, 2)->t, "parked");

		rc = mailin_file(source, cell(rows, i, 1)->t,
		    parked ? MAILIN_PARKED : MAILIN_DONE, err);
	}
	if (rc == 0)
		rc = mailin_flush(source, err);
	if (rc == 0)
		return mark_filed(app, rows, err) < 0 ? -1 : 1;
	if (err->kind != ERR_LATER)
		return -1;
	log_line(LOG_EVENT, "in filing=later error=\"%s\"", err->text);
	err_clear(err);
	return 0;
}

static int
file_done(struct app *app, struct mailin *source, struct err *err)
{
	int rc = 1;

	while (rc > 0) {
		struct rows rows;

		if (store_rows(app->store, &app->item, INBOX_UNFILED, &rows,
			err, "") < 0)
			return -1;
		if (rows.n == 0)
			return 0;
		rc = file_batch(app, source, &rows, err);
		arena_reset(&app->item);
	}
	return rc;
}

int
intake_file(struct app *app, struct err *err)
{
	int rc;

	if (app->source == NULL)
		return 0;
	rc = app->dry ? 0 : file_done(app, app->source, err);
	mailin_close(app->source);
	app->source = NULL;
	return rc;
}
