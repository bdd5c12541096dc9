/*
 * rmail check --online: every place that a run goes to, tried one by one,
 * and what is wrong in one line with its remedy.  Nothing is fetched and
 * nothing of the programme is sent; a token that is given is kept.
 */
#include <stdio.h>
#include <string.h>
#include <sysexits.h>

#include "cli/cli_int.h"
#include "model/address.h"

struct online {
	struct app *app;
	int worst; /* the first exit code that is not 0 */
};

/* --- what is said ----------------------------------------------------------- */

static void
good(const char *what, struct span where, const char *how)
{
	printf("%-12s %.*s: %s\n", what, (int)where.n, where.p, how);
	fflush(stdout);
}

static void
bad(struct online *o, const char *what, struct span where,
    const struct err *err, const char *remedy)
{
	int code = err_code(err);

	if (o->worst == 0)
		o->worst = code;
	cli_say(code, "%s %.*s: %s%s%s", what, (int)where.n, where.p, err->text,
	    *remedy != '\0' ? "; " : "", remedy);
}

/* "imaps://mail.example.com:993/INBOX" -> "mail.example.com" */
static struct span
url_host(struct span url)
{
	struct span host = span_skip(url, span_find(url, SPAN("://")) + 3);

	host = span_sub(host, 0, span_findc(host, '/'));
	return span_sub(host, 0, span_findc(host, ':'));
}

static bool
in_domain(struct span host, const char *domain)
{
	size_t n = strlen(domain);

	return span_caseis(host, domain) ||
	       (host.n > n && host.p[host.n - n - 1] == '.' &&
		   span_caseis(span_skip(host, host.n - n), domain));
}

static bool
at_google(struct span host)
{
	return in_domain(host, "gmail.com") || in_domain(host, "google.com") ||
	       in_domain(host, "googlemail.com");
}

static bool
at_microsoft(struct span host)
{
	return in_domain(host, "office365.com") ||
	       in_domain(host, "outlook.com");
}

/* What the operator can do; "" when the error says it already. */
static const char *
remedy(struct span url, bool in, int code)
{
	struct span host = url_host(url);

	switch (code) {
	case EX_TEMPFAIL:
		return in ? "see in = in [mail], the network and the firewall"
			  : "see out = in [mail], the network and the "
			    "firewall";
	case EX_PROTOCOL:
		return in ? "see in, in-starttls, ca-file and in-fingerprint"
			  : "see out, out-starttls, ca-file and "
			    "out-fingerprint";
	case EX_NOPERM:
		if (at_microsoft(host))
			return "Microsoft 365 takes tokens alone: see [oauth2] "
			       "in man rmail.conf";
		if (at_google(host))
			return "Google takes a token or an app password: see "
			       "[oauth2] in man rmail.conf";
		return in ? "see in-user and in-password-command"
			  : "see out-user and out-password-command, and that "
			    "this login may send as address";
	case EX_UNAVAILABLE:
		return "see address in [mail], and whether the recipient "
		       "exists";
	default:
		return "";
	}
}

/* --- the places ------------------------------------------------------------- */

static void
try_token(struct online *o)
{
	struct app *app = o->app;
	struct span host = url_host(app->conf.oauth_url);
	struct err err = {0};
	int rc = token_try(app, &err);

	if (rc > 0)
		good("token", host, "given");
	if (rc < 0)
		bad(o, "token", host, &err,
		    err_code(&err) == EX_NOPERM
			? "see client, secret, scope and refresh-token"
			: "see url in [oauth2], the network and the firewall");
}

/* Google's calendars send no answer to an organizer at Google. */
static void
warn_of_google(const struct app *app)
{
	const struct conf *c = &app->conf;
	struct span domain = address_domain(c->address);

	if (!at_google(url_host(c->in.url)) && !at_google(domain))
		return;
	cli_say(0,
	    "warning: the mailbox is at Google, and Google calendars send no "
	    "answer to an organizer there: an accepted or declined invite is "
	    "not heard of; take a mailbox elsewhere, or ask people to reply "
	    "yes or no");
}

static void
try_mailbox(struct online *o, const struct conf_box *b)
{
	struct err err = {0};
	bool read_only = false;

	if (mailbox_try(o->app, b, &read_only, &err) < 0) {
		bad(o, "mailbox", b->url, &err,
		    remedy(b->url, true, err_code(&err)));
		return;
	}
	good("mailbox", b->url, "login and folders are fine");
	if (read_only)
		cli_say(0,
		    "warning: mailbox %.*s is open to reading alone: mails "
		    "are fetched, but none is marked, moved or deleted; give "
		    "this login the rights to write",
		    (int)b->url.n, b->url.p);
}

static void
try_mailboxes(struct online *o)
{
	const struct conf *c = &o->app->conf;

	try_mailbox(o, &c->in);
	for (uint32_t i = 0; i < c->boxes_n; i++)
		try_mailbox(o, &c->boxes[i]);
	warn_of_google(o->app);
}

/* The test mail shows the way as well: one line tells both. */
static void
try_sink(struct online *o, struct span address)
{
	struct app *app = o->app;
	struct span url = app->conf.out_url, said = SPAN("");
	struct err err = {0};

	if (sink_try(app, SPAN(""), &said, &err) < 0) {
		bad(o, "mail server", url, &err,
		    remedy(url, false, err_code(&err)));
		return;
	}
	good("mail server", url, "would take mail");
	if (address.n == 0)
		return;
	if (sink_try(app, address, &said, &err) < 0)
		bad(o, "test mail", address, &err,
		    remedy(url, false, err_code(&err)));
	else
		good("test mail", address,
		    arena_printf(&app->item, "sent%s%.*s",
			said.n > 0 ? ", " : "", (int)said.n, said.p));
}

/* Addresses of calendars are secrets of their owners. */
static struct span
feed_name(struct app *app, int64_t person_id, struct span url)
{
	struct person p;
	struct err err = {0};

	if (person_id <= 0)
		return url;
	return person_find(app->store, &app->run, person_id, &p, &err) > 0
		   ? p.address
		   : url_host(url);
}

static void
try_holidays(struct online *o, struct span url)
{
	struct err err = {0};
	size_t days;

	if (feed_try(o->app, 0, url, &days, &err) == 0)
		good("holidays", url,
		    arena_printf(&o->app->run, "%zu days or spans", days));
	/* A file that is missing has been told of. */
	else if (err_code(&err) != EX_NOINPUT)
		bad(o, "holidays", url, &err, "see holidays in [feeds]");
	arena_reset(&o->app->item);
}

static int
try_feeds(struct online *o, struct err *err)
{
	struct app *app = o->app;
	struct rows rows;

	for (uint32_t i = 0; i < app->conf.holidays_n; i++)
		try_holidays(o, app->conf.holidays[i]);
	if (store_rows(app->store, &app->run, FEEDS_OF_PEOPLE, &rows, err, "i",
		(int64_t)app->conf.feeds) < 0)
		return -1;
	for (size_t r = 0; r < rows.n; r++) {
		int64_t id = cell(&rows, r, 0)->i;
		struct span url = cell(&rows, r, 1)->t;
		struct span name = feed_name(app, id, url);
		struct err why = {0};
		size_t busy;

		if (feed_try(app, id, url, &busy, &why) < 0)
			bad(o, "calendar of", name, &why,
			    "its owner can send another address");
		else
			good("calendar of", name,
			    arena_printf(&app->run, "%zu busy times", busy));
		arena_reset(&app->item);
	}
	return 0;
}

static void
try_collection(struct online *o)
{
	struct app *app = o->app;
	struct span url = app->conf.caldav_url;
	struct err err = {0};

	if (url.n == 0)
		return;
	if (collection_try(app, &err) == 0)
		good("calendar", url, "an event can be put and taken out");
	else
		bad(o, "calendar", url, &err,
		    "see caldav, caldav-user and caldav-password-command");
}

int
check_online(struct app *app, struct span address, struct err *err)
{
	struct online o = {.app = app};

	/* First: mailbox and mail server may need it. */
	try_token(&o);
	arena_reset(&app->item);
	try_mailboxes(&o);
	arena_reset(&app->item);
	try_sink(&o, address);
	arena_reset(&app->item);
	if (try_feeds(&o, err) < 0)
		return -1;
	arena_reset(&app->item);
	try_collection(&o);
	return o.worst;
}
