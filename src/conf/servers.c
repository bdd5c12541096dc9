/* What is said of mail servers: who comes, with what, and whether in clear. */
#include <sysexits.h>

#include "conf/conf_int.h"

/* One server of the settings, and where they say so. */
struct side {
	const struct ini *ini;
	const char *section;
	struct span label;
	const char *url_key, *user_key, *secret_key, *starttls_key, *pin_key;
	struct span url, user, pin;
	bool starttls;
	int secrets; /* of password, password-command and token-command */
	bool oauth;
};

/* The setting, or the first one of its section, or NULL. */
static const struct ini_item *
item_of(const struct side *s, const char *key)
{
	const struct ini_item *first = NULL;

	for (size_t i = 0; i < s->ini->n; i++) {
		const struct ini_item *item = &s->ini->items[i];

		if (!span_is(item->section, s->section) ||
		    !span_eq(item->label, s->label))
			continue;
		if (span_is(item->key, key))
			return item;
		if (first == NULL)
			first = item;
	}
	return first;
}

static int
wrong(const struct side *s, const char *key, struct err *err, const char *text)
{
	const struct ini_item *item = item_of(s, key);

	if (item != NULL)
		return ini_error(s->ini, item, err, "%s", text);
	return err_exit(err, ERR_STOP, EX_CONFIG, "%.*s: [%s] %s: %s",
	    (int)s->ini->file.n, s->ini->file.p, s->section, key, text);
}

static bool
has_scheme(struct span url, const char *a, const char *b)
{
	struct span scheme = span_sub(url, 0, span_findc(url, ':'));

	return span_caseis(scheme, a) || span_caseis(scheme, b);
}

static bool
is_server(struct span url)
{
	return has_scheme(url, "imap", "imaps") ||
	       has_scheme(url, "pop3", "pop3s") ||
	       has_scheme(url, "smtp", "smtps");
}

static bool
is_encrypted(struct span url)
{
	return has_scheme(url, "imaps", "pop3s") ||
	       has_scheme(url, "smtps", "smtps");
}

static bool
is_loopback(struct span url)
{
	struct span host = span_skip(url, span_find(url, SPAN("//")) + 2);

	return span_casestarts(host, "localhost") ||
	       span_starts(host, "127.") || span_starts(host, "[::1]");
}

static bool
is_pin(struct span s)
{
	size_t digits = 0;

	for (size_t i = 0; i < s.n; i++) {
		char c = ascii_lower(s.p[i]);

		if (ascii_digit(c) || (c >= 'a' && c <= 'f'))
			digits++;
		else if (c != ':')
			return false;
	}
	return digits == 64;
}

static int
check_login(const struct side *s, struct err *err)
{
	if (s->secrets > 1)
		return wrong(s, s->secret_key, err,
		    "there are two secrets for one login; keep one of "
		    "password, password-command and token-command");
	if (is_server(s->url) && s->user.n == 0 && s->secrets > 0)
		return wrong(s, s->secret_key, err,
		    "a secret without a name to log in with; expected beside "
		    "it is a user, such as mentoring@example.com");
	if (!is_server(s->url) || s->user.n > 0)
		return 0;
	/* Some mail servers take mail from this machine without a login. */
	if (has_scheme(s->url, "smtp", "smtps"))
		return 0;
	return wrong(s, s->url_key, err,
	    "a server asks who comes; expected beside it is a user, such as "
	    "in-user = mentoring@example.com");
}

static int
check_secret(const struct side *s, struct err *err)
{
	if (!is_server(s->url) || s->user.n == 0 || s->secrets > 0 || s->oauth)
		return 0;
	return wrong(s, s->user_key, err,
	    "a login without a secret; expected is a command that prints it, "
	    "such as in-password-command or out-password-command = "
	    "/usr/bin/cat /etc/rmail/password, or [oauth2]");
}

static int
check_side(const struct side *s, bool insecure, struct err *err)
{
	if (check_login(s, err) < 0 || check_secret(s, err) < 0)
		return -1;
	if (s->starttls && (is_encrypted(s->url) || !is_server(s->url)))
		return wrong(s, s->starttls_key, err,
		    "STARTTLS belongs to imap://, pop3:// and smtp://; the "
		    "others are encrypted from the first byte, or no servers");
	if (is_server(s->url) && !is_encrypted(s->url) && !s->starttls &&
	    !insecure && !is_loopback(s->url))
		return wrong(s, s->url_key, err,
		    "login and mails would go in clear; expected is imaps://, "
		    "pop3s:// or smtps://, or STARTTLS, such as "
		    "in-starttls = yes or out-starttls = yes");
	if (s->pin.n > 0 && !is_pin(s->pin))
		return wrong(s, s->pin_key, err,
		    "expected are 64 hexadecimal digits, the SHA-256 of the "
		    "server's public key; man rmail.conf says how to get them");
	return 0;
}

static int
check_box(const struct ini *ini, const struct conf *c, const struct conf_box *b,
    struct err *err)
{
	struct side s = {.ini = ini,
	    .section = b->name.n > 0 ? "mailbox" : "mail",
	    .label = b->name,
	    .url_key = "in",
	    .user_key = "in-user",
	    .secret_key = b->password.n > 0           ? "in-password"
			  : b->password_command.n > 0 ? "in-password-command"
						      : "in-token-command",
	    .starttls_key = "in-starttls",
	    .pin_key = "in-fingerprint",
	    .url = b->url,
	    .user = b->user,
	    .pin = b->pin,
	    .starttls = b->starttls,
	    .secrets = (b->password.n > 0) + (b->password_command.n > 0) +
		       (b->token_command.n > 0),
	    .oauth = c->oauth_url.n > 0};

	if (b->url.n == 0)
		return wrong(&s, "in", err,
		    "a mailbox needs its place, such as in = "
		    "imaps://mail.example.com/INBOX");
	if (b->after == CONF_AFTER_MOVE && has_scheme(b->url, "pop3", "pop3s"))
		return wrong(&s, "after", err,
		    "POP3 knows no folders to move mails to; expected is "
		    "after = keep or after = delete");
	if (b->after == CONF_AFTER_MOVE &&
	    (b->done_folder.n == 0 || b->parked_folder.n == 0))
		return wrong(&s, "after", err,
		    "after = move needs done-folder and parked-folder, such as "
		    "done-folder = rmail/done");
	return check_side(&s, c->insecure, err);
}

static int
check_out(const struct ini *ini, const struct conf *c, struct err *err)
{
	struct side s = {.ini = ini,
	    .section = "mail",
	    .label = SPAN(""),
	    .url_key = "out",
	    .user_key = "out-user",
	    .secret_key = c->out_password.n > 0 ? "out-password"
			  : c->out_password_command.n > 0
			      ? "out-password-command"
			      : "out-token-command",
	    .starttls_key = "out-starttls",
	    .pin_key = "out-fingerprint",
	    .url = c->out_url,
	    .user = c->out_user,
	    .pin = c->out_pin,
	    .starttls = c->out_starttls,
	    .secrets = (c->out_password.n > 0) +
		       (c->out_password_command.n > 0) +
		       (c->out_token_command.n > 0),
	    .oauth = c->oauth_url.n > 0};

	for (size_t i = 0; i < c->helo.n; i++)
		if (!ascii_alnum(c->helo.p[i]) && c->helo.p[i] != '.' &&
		    c->helo.p[i] != '-')
			return wrong(&s, "helo", err,
			    "expected is the name of this machine, such as "
			    "helo = mentoring.example.com");
	return check_side(&s, c->insecure, err);
}

static int
check_oauth(const struct ini *ini, const struct conf *c, struct err *err)
{
	struct side s = {.ini = ini, .section = "oauth2", .label = SPAN("")};

	if (item_of(&s, "") == NULL)
		return 0;
	if (c->oauth_url.n == 0)
		return wrong(&s, "url", err,
		    "[oauth2] needs the address that gives tokens, such as url "
		    "= https://login.microsoftonline.com/TENANT/oauth2/v2.0/"
		    "token");
	if (!span_casestarts(c->oauth_url, "https://") &&
	    !is_loopback(c->oauth_url))
		return wrong(&s, "url", err,
		    "secrets would go in clear; expected is https://, such as "
		    "url = https://oauth2.googleapis.com/token");
	if (c->oauth_client.n == 0)
		return wrong(&s, "client", err,
		    "[oauth2] needs the application's id, such as client = "
		    "01234567-89ab-cdef-0123-456789abcdef");
	if (c->oauth_secret.n == 0 && c->oauth_refresh.n == 0)
		return wrong(&s, "secret", err,
		    "[oauth2] needs the application's secret, or a "
		    "refresh-token of the mailbox's owner");
	return 0;
}

int
conf_check_servers(const struct ini *ini, const struct conf *c, struct err *err)
{
	if (check_box(ini, c, &c->in, err) < 0 || check_out(ini, c, err) < 0 ||
	    check_oauth(ini, c, err) < 0)
		return -1;
	for (uint32_t i = 0; i < c->boxes_n; i++)
		if (check_box(ini, c, &c->boxes[i], err) < 0)
			return -1;
	return 0;
}
