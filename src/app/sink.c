/* Where mail goes, by the settings; and a try of it. */
#include <sysexits.h>

#include "app/outbox_int.h"
#include "base/file.h"
#include "compose/compose.h"
#include "model/address.h"

struct mailout_settings
sink_settings(struct app *app)
{
	const struct conf *c = &app->conf;
	struct mailout_settings s = {.url = c->out_url,
	    .user = c->out_user,
	    .ca_file = c->ca_file,
	    .pin_sha256 = c->out_pin,
	    .helo = c->helo,
	    .starttls = c->out_starttls,
	    .insecure = c->insecure,
	    .timeout_seconds = (int)c->timeout_seconds,
	    .connections = (int)c->connections,
	    .durable = app->world.durable};

	if (span_casestarts(s.url, "maildir:"))
		s.url = app_url(app, s.url);
	if (app->world.durable)
		s.journal = conf_path(&app->run, c, SPAN("rmail.sent"));
	return s;
}

int
answer_err(const struct mailout_answer *a, struct err *err)
{
	int n = (int)a->text.n;
	const char *p = a->text.p;

	if (a->result == MAILOUT_STOP && a->code == 0)
		return err_exit(err, ERR_LATER, EX_PROTOCOL,
		    "no safe connection to the mail server: %.*s", n, p);
	if (a->result == MAILOUT_STOP)
		return err_exit(err, ERR_LATER, EX_NOPERM,
		    "the mail server refused us: %d %.*s", a->code, n, p);
	if (a->result == MAILOUT_REFUSED)
		return err_exit(err, ERR_ITEM, EX_UNAVAILABLE,
		    "the mail server refused the mail: %d %.*s", a->code, n, p);
	if (a->result == MAILOUT_UNKNOWN)
		return err_exit(err, ERR_LATER, EX_TEMPFAIL,
		    "the mail server took a mail and did not say so: %.*s", n,
		    p);
	if (a->code == 0)
		return err_exit(err, ERR_LATER, EX_TEMPFAIL,
		    "the mail server cannot be reached: %.*s", n, p);
	return err_exit(err, ERR_LATER, EX_TEMPFAIL,
	    "the mail server says not now: %d %.*s", a->code, n, p);
}

/* --- a try ------------------------------------------------------------------ */

static int
test_mail(
    struct app *app, struct span to, struct mailout_mail *out, struct err *err)
{
	struct span from = app->conf.address, domain = address_domain(from);
	struct letter l = {.from_name = app->conf.name.text,
	    .from_address = from,
	    .to_address = to,
	    .subject = SPAN("A test of rmail"),
	    .date_unix = app->world.now_unix,
	    .text = SPAN("This mail was asked for by: rmail check --send-test\n"
			 "When it has come, mails of the programme do.\n")};
	struct letter_field fields[] = {
	    {"Auto-Submitted", SPAN("auto-generated")},
	    {"X-Auto-Response-Suppress", SPAN("All")}};
	uint8_t mac[WORLD_MAC_BYTES];

	l.message_id = arena_spanf(&app->item, "rm.test.%lld@%.*s",
	    (long long)app->world.now_unix, (int)domain.n, domain.p);
	l.fields = fields;
	l.fields_n = sizeof(fields) / sizeof(*fields);
	world_mac(&app->world, "boundary", l.message_id, mac);
	l.boundary_seed = (struct span){(const char *)mac, sizeof(mac)};
	*out = (struct mailout_mail){.from = from, .to = to};
	return compose(&app->item, &l, &out->bytes, err);
}

int
sink_try(struct app *app, struct span test_address, struct span *said,
    struct err *err)
{
	struct mailout_settings settings = sink_settings(app);
	struct mailout_answer a;
	struct mailout_mail mail;
	struct login login = {0};
	struct mailout *sink;
	int rc;

	if (login_get(app, LOGIN_OUT, NULL, false, &login, err) < 0)
		return -1;
	settings.journal = SPAN(""); /* it is no mail of the outbox */
	settings.password = login.password;
	settings.token = login.token;
	if (mailout_open(&app->item, &settings, &sink, err) < 0)
		return -1;
	rc = mailout_try(sink, &app->item, &a, err);
	if (rc == 0 && a.result == MAILOUT_SENT && test_address.n > 0) {
		rc = test_mail(app, test_address, &mail, err);
		if (rc == 0)
			rc = mailout_put(sink, &mail, err);
		if (rc == 0)
			rc = mailout_take(sink, &app->item, &a, err) < 0;
	}
	mailout_close(sink);
	if (rc != 0)
		return -1;
	if (a.result != MAILOUT_SENT)
		return answer_err(&a, err);
	*said = a.text;
	return 0;
}
