/*
 * The mailboxes of a programme: opened one after the other, fetched from,
 * and told what became of their mails after the commits.  One that is away,
 * or keeps us out, holds up neither the others nor what is to be sent.
 */
#include <sysexits.h>

#include "app/box_int.h"
#include "base/file.h"
#include "base/log.h"

static struct mailin_settings
settings_of(struct app *app, const struct conf_box *b)
{
	const struct conf *c = &app->conf;

	return (struct mailin_settings){.url = app_url(app, b->url),
	    .user = b->user,
	    .ca_file = c->ca_file,
	    .pin_sha256 = b->pin,
	    .starttls = b->starttls,
	    .insecure = c->insecure,
	    .after = (enum mailin_after)b->after,
	    .done_folder = b->done_folder,
	    .parked_folder = b->parked_folder,
	    .timeout_seconds = (int)c->timeout_seconds,
	    .max_bytes = c->max_mail_bytes};
}

static bool
is_local(struct span url)
{
	return span_casestarts(url, "maildir:") ||
	       span_casestarts(url, "mbox:");
}

/* "maildir:in" is taken from the folder of the settings. */
struct span
app_url(struct app *app, struct span url)
{
	size_t colon = span_findc(url, ':');
	struct span path = span_skip(url, colon + 1);

	if (!is_local(url))
		return url;
	path = conf_path(&app->run, &app->conf, path);
	return arena_spanf(
	    &app->run, "%.*s:%.*s", (int)colon, url.p, (int)path.n, path.p);
}

struct span
box_key(const struct box *box, struct arena *arena, struct span key)
{
	if (box->prefix.n == 0)
		return key;
	return arena_spanf(arena, "%.*s%.*s", (int)box->prefix.n, box->prefix.p,
	    (int)key.n, key.p);
}

/* --- opening -------------------------------------------------------------- */

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
open_with(struct app *app, const struct conf_box *b,
    struct mailin_settings *settings, bool anew, struct login *login,
    struct mailin **out, struct err *err)
{
	if (login_get(app, LOGIN_IN, b, anew, login, err) < 0)
		return -1;
	settings->password = login->password;
	settings->token = login->token;
	return mailin_open(&app->run, settings, out, err);
}

static int
open_conf(struct app *app, const struct conf_box *b, struct mailin **out,
    struct err *err)
{
	struct mailin_settings settings = settings_of(app, b);
	struct login login = {0};
	int rc;

	if (!app->dry && make_maildir(app, settings.url, err) < 0)
		return -1;
	rc = open_with(app, b, &settings, false, &login, out, err);
	if (rc < 0 && login_again(&login, err)) {
		err_clear(err);
		rc = open_with(app, b, &settings, true, &login, out, err);
	}
	return rc;
}

/* A folder or file that is there. */
static bool
is_there(struct app *app, struct span url)
{
	size_t at;

	url = app_url(app, url);
	at = span_findc(url, ':');
	return is_local(url) &&
	       file_exists(arena_strdup(&app->run, span_skip(url, at + 1)));
}

/* --- all of them ------------------------------------------------------------ */

size_t
boxes_n(const struct app *app)
{
	return 1 + app->conf.boxes_n;
}

void
boxes_list(struct app *app)
{
	app->boxes = arena_alloc(&app->run, boxes_n(app) * sizeof(*app->boxes));
	for (size_t i = 0; i < boxes_n(app); i++) {
		const struct conf_box *b =
		    i == 0 ? &app->conf.in : &app->conf.boxes[i - 1];

		app->boxes[i] = (struct box){.app = app,
		    .conf = b,
		    .prefix = i == 0
				  ? SPAN("")
				  : arena_spanf(&app->run,
					"~%.*s:", (int)b->name.n, b->name.p)};
	}
}

int
box_open(struct box *box, struct err *err)
{
	struct app *app = box->app;

	/* A server would see us; folders and files may be looked into. */
	if (app->dry && !is_there(app, box->conf->url))
		return 0;
	return open_conf(app, box->conf, &box->source, err);
}

bool
box_is_away(const struct err *err)
{
	return err->kind == ERR_LATER || err->exit_code == EX_PROTOCOL ||
	       err->exit_code == EX_NOPERM;
}

/* Refused is worse than away. */
void
box_keep_worst(struct err *worst, struct err *err)
{
	err->kind = ERR_LATER;
	if (worst->kind == ERR_NONE ||
	    (err_code(worst) == EX_TEMPFAIL && err_code(err) != EX_TEMPFAIL))
		*worst = *err;
	err_clear(err);
}

/* Nobody would wonder otherwise why mails stay where they are. */
static void
warn_read_only(const struct box *box)
{
	if (mailin_is_read_only(box->source) &&
	    box->conf->after != CONF_AFTER_KEEP)
		log_line(LOG_ERROR,
		    "in error=\"%.*s is open to reading alone: nothing is "
		    "moved or deleted there\"",
		    (int)box->conf->url.n, box->conf->url.p);
}

/* --- filing ----------------------------------------------------------------- */

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
file_batch(struct box *box, const struct rows *rows, struct err *err)
{
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < rows->n; i++) {
		bool parked = span_is(cell(rows, i, 2)->t, "parked");

		rc = mailin_file(box->source,
		    span_skip(cell(rows, i, 1)->t, box->prefix.n),
		    parked ? MAILIN_PARKED : MAILIN_DONE, err);
	}
	if (rc == 0)
		rc = mailin_flush(box->source, err);
	if (rc == 0)
		return mark_filed(box->app, rows, err) < 0 ? -1 : 1;
	if (err->kind != ERR_LATER)
		return -1;
	log_line(LOG_EVENT, "in filing=later error=\"%s\"", err->text);
	err_clear(err);
	return 0;
}

/* The keys of a box are all those between these two. */
static void
key_range(const struct box *box, struct arena *arena, struct span *from,
    struct span *to)
{
	struct span name = box->conf->name;

	*from = box->prefix.n > 0 ? box->prefix : SPAN("");
	*to = box->prefix.n > 0
		  ? arena_spanf(arena, "~%.*s;", (int)name.n, name.p)
		  : SPAN("~");
}

static int
file_done(struct box *box, struct err *err)
{
	struct app *app = box->app;
	struct span from, to;
	int rc = 1;

	key_range(box, &app->run, &from, &to);
	while (rc > 0) {
		struct rows rows;

		if (store_rows(app->store, &app->item, INBOX_UNFILED, &rows,
			err, "tt", from, to) < 0)
			return -1;
		if (rows.n == 0)
			return 0;
		rc = file_batch(box, &rows, err);
		arena_reset(&app->item);
	}
	return rc;
}

int
intake_file(struct app *app, struct err *err)
{
	struct err worst = {0};

	for (size_t i = 0; app->boxes != NULL && i < boxes_n(app); i++) {
		struct box *box = &app->boxes[i];

		if (box->source == NULL || app->dry)
			continue;
		warn_read_only(box);
		if (file_done(box, err) == 0)
			continue;
		if (!box_is_away(err))
			return -1;
		box_keep_worst(&worst, err);
	}
	boxes_close(app);
	if (worst.kind == ERR_NONE)
		return 0;
	*err = worst;
	return -1;
}

void
boxes_close(struct app *app)
{
	for (size_t i = 0; app->boxes != NULL && i < boxes_n(app); i++)
		if (app->boxes[i].source != NULL)
			mailin_close(app->boxes[i].source);
	app->boxes = NULL;
}

/* --- a try ------------------------------------------------------------------ */

static bool
every_key(void *cookie, struct span key)
{
	(void)cookie;
	(void)key;
	return true;
}

int
mailbox_try(
    struct app *app, const struct conf_box *b, bool *read_only, struct err *err)
{
	struct mailin *source;
	struct mailin_mail none;
	int rc;

	if (open_conf(app, b, &source, err) < 0)
		return -1;
	/* All mails are known: each folder is looked into, none is fetched. */
	rc = mailin_next(source, &app->item, every_key, NULL, &none, err);
	*read_only = mailin_is_read_only(source);
	mailin_close(source);
	return rc < 0 ? -1 : 0;
}
