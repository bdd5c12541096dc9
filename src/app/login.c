/*
 * Who we are to the mail servers: a password, what a command prints, or an
 * OAuth2 token.  Nothing of it is asked for before it is needed, and nothing
 * of it is logged.
 */
#include "app/app.h"

#include <sysexits.h>

#include "base/digest.h"
#include "base/log.h"
#include "base/secret.h"
#include "base/str.h"
#include "web/web.h"

static bool
is_server(struct span url)
{
	static const char *const schemes[] = {
	    "imap:", "imaps:", "pop3:", "pop3s:", "smtp:", "smtps:"};

	for (size_t i = 0; i < sizeof(schemes) / sizeof(*schemes); i++)
		if (span_casestarts(url, schemes[i]))
			return true;
	return false;
}

/* Other settings, another token. */
static struct span
settings_digest(struct app *app)
{
	const struct conf *c = &app->conf;
	const struct span parts[] = {c->oauth_url, c->oauth_client,
	    c->oauth_secret, c->oauth_scope, c->oauth_refresh};
	uint8_t digest[DIGEST_BYTES];
	struct hmac h;

	/* Keyed, so that the stored digest is no help in guessing. */
	hmac_begin(&h, (struct span){(const char *)app->world.seed,
			   sizeof(app->world.seed)});
	for (size_t i = 0; i < sizeof(parts) / sizeof(*parts); i++) {
		hmac_add(&h, parts[i]);
		hmac_add(&h, (struct span){"", 1});
	}
	hmac_end(&h, digest);
	return hex_write(
	    &app->run, (struct span){(const char *)digest, sizeof(digest)});
}

/*
 * Committed before it is used: a provider that hands out a new refresh token
 * may not take the old one again.
 */
static int
token_keep(struct app *app, struct span asked, const struct web_token *t,
    struct span refresh, struct err *err)
{
	if (store_begin(app->store, err) < 0)
		return -1;
	if (store_do(app->store, TOKEN_SET, err, "tttit", SPAN("mail"), asked,
		t->access, t->fresh_until_unix, refresh) < 0) {
		store_rollback(app->store);
		return -1;
	}
	return store_commit(app->store, err);
}

static int
token_ask(struct app *app, struct span refresh, struct web_token *out,
    struct err *err)
{
	const struct conf *c = &app->conf;
	struct web_token_ask ask = {.url = c->oauth_url,
	    .client = c->oauth_client,
	    .secret = c->oauth_secret,
	    .scope = c->oauth_scope,
	    .refresh = refresh.n > 0 ? refresh : c->oauth_refresh};
	struct web_settings settings = {0};
	struct web *web = web_open(&app->run, &settings);
	int rc = web_token(web, &app->run, &ask, app->world.now_unix, out, err);

	web_close(web);
	return rc;
}

static int
token_get(struct app *app, bool anew, struct login *out, struct err *err)
{
	struct span asked = settings_digest(app), refresh = SPAN("");
	struct web_token t;
	struct rows rows;

	if (store_rows(app->store, &app->run, TOKEN_FIND, &rows, err, "tt",
		SPAN("mail"), asked) < 0)
		return -1;
	if (rows.n > 0) {
		out->token = cell(&rows, 0, 0)->t;
		out->kept = cell(&rows, 0, 1)->i > app->world.now_unix;
		refresh = cell(&rows, 0, 2)->t;
	}
	if (out->kept && !anew)
		return 0;
	if (token_ask(app, refresh, &t, err) < 0 ||
	    token_keep(
		app, asked, &t, t.refresh.n > 0 ? t.refresh : refresh, err) < 0)
		return -1;
	log_line(LOG_EVENT, "token=mail fetched%s",
	    t.refresh.n > 0 ? " rotated" : "");
	out->token = t.access;
	out->kept = false;
	return 0;
}

int
login_get(struct app *app, enum login_where where, const struct conf_box *box,
    bool anew, struct login *out, struct err *err)
{
	const struct conf *c = &app->conf;
	bool in = where == LOGIN_IN;
	struct span password = in ? box->password : c->out_password;
	struct span command =
	    in ? box->password_command : c->out_password_command;
	struct span token_command =
	    in ? box->token_command : c->out_token_command;
	struct login l = {0};
	int rc = 0;

	if (is_server(in ? box->url : c->out_url) &&
	    (in ? box->user : c->out_user).n > 0) {
		if (token_command.n > 0)
			rc = command_secret(
			    &app->run, token_command, &l.token, err);
		else if (command.n > 0)
			rc = command_secret(
			    &app->run, command, &l.password, err);
		else if (password.n > 0)
			l.password = password;
		else if (c->oauth_url.n > 0)
			rc = token_get(app, anew, &l, err);
	}
	if (rc == 0)
		*out = l;
	return rc;
}

int
token_try(struct app *app, struct err *err)
{
	struct login l = {0};

	if (app->conf.oauth_url.n == 0)
		return 0;
	return token_get(app, true, &l, err) < 0 ? -1 : 1;
}

bool
login_again(const struct login *l, const struct err *err)
{
	return l->kept && err->exit_code == EX_NOPERM;
}
