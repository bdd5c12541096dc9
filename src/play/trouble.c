/*
 * What goes wrong when faults are asked for: mails that nobody wants, mails
 * that come back, runs that are killed, a mail server that is away.
 */
#include <signal.h>
#include <stdio.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <sysexits.h>
#include <unistd.h>

#include "base/fault.h"
#include "base/file.h"
#include "base/str.h"
#include "play/play_int.h"

enum {
	MAIL_MAX = 1 << 18,
	NOISE_BYTES = 4000,
	NESTED = 300,
	POINTS = 60, /* a run passes more when there is mail */
	KILL_TRIES = 3,
};

/* --- mails nobody wants ----------------------------------------------------- */

static void
head(struct str *out, struct play *p, const char *from, const char *subject)
{
	struct span to = p->app->conf.address;
	struct span date = civil_write_mail(&p->item, p->now_unix);

	str_addf(out,
	    "From: %s\r\nTo: <%.*s>\r\nSubject: %s\r\nDate: %.*s\r\n"
	    "Message-ID: <trouble.%lld@elsewhere.example>\r\n"
	    "MIME-Version: 1.0\r\n",
	    from, (int)to.n, to.p, subject, (int)date.n, date.p,
	    (long long)p->posts_made + 1);
}

static void
noise(struct str *out, struct play *p)
{
	for (int i = 0; i < NOISE_BYTES; i++)
		str_addc(out, (char)roll(p, NULL, "noise",
				  p->posts_made * NOISE_BYTES + i, 256));
}

static void
advert(struct str *out, struct play *p)
{
	head(out, p, "Prize Office <win@prizes.example>", "You have won");
	str_addz(out, "Content-Type: text/html; charset=utf-8\r\n\r\n"
		      "<table><tr><td><b>yes</b><td>Claim it today!\r\n");
}

/* The lead's address alone proves nothing. */
static void
forgery(struct str *out, struct play *p)
{
	char *from = arena_printf(
	    &p->item, "<%.*s>", (int)p->lead.address.n, p->lead.address.p);

	head(out, p, from, "Re: proposal");
	str_addz(out, "Content-Type: text/plain\r\n\r\nclose\r\n");
}

static void
nested(struct str *out, struct play *p)
{
	head(out, p, "Nest <nest@elsewhere.example>", "parts in parts");
	for (int i = 0; i < NESTED; i++)
		str_addf(out,
		    "Content-Type: multipart/mixed; boundary=b%d\r\n\r\n"
		    "--b%d\r\n",
		    i, i);
	str_addz(out, "Content-Type: text/plain\r\n\r\nyes\r\n");
}

static void
endless(struct str *out, struct play *p)
{
	head(out, p, "Cal <cal@elsewhere.example>", "every second");
	str_addz(out,
	    "Content-Type: text/calendar; method=REPLY\r\n\r\n"
	    "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nMETHOD:REPLY\r\n"
	    "BEGIN:VEVENT\r\nUID:rm-1-aaaa@example.com\r\nDTSTART:"
	    "19700101T000000Z\r\nRRULE:FREQ=SECONDLY\r\nATTENDEE;PARTSTAT="
	    "ACCEPTED:mailto:cal@elsewhere.example\r\nEND:VEVENT\r\n"
	    "END:VCALENDAR\r\n");
}

static void
two_senders(struct str *out, struct play *p)
{
	const struct actor *a = &p->cast[roll(
	    p, NULL, "victim", p->posts_made, (int64_t)p->cast_n)];

	str_addf(out, "From: <%.*s>\r\n", (int)a->address.n, a->address.p);
	head(out, p, "Other <other@elsewhere.example>", "leave");
	str_addz(out, "Content-Type: text/plain\r\n\r\nleave\r\n");
}

void
trouble_mails(struct play *p)
{
	static void (*const kinds[])(struct str *, struct play *) = {
	    noise, advert, forgery, nested, endless, two_senders};
	struct str out;

	if (!p->ask->faults || !chance(p, NULL, "unwanted", p->now_unix, 200))
		return;
	str_init(&out, &p->item, MAIL_MAX);
	kinds[roll(p, NULL, "kind", p->now_unix,
	    sizeof(kinds) / sizeof(*kinds))](&out, p);
	pen_post(p, p->now_unix, str_span(&out));
	p->result->unwanted++;
}

/* --- mails that come back ----------------------------------------------------- */

/* A mailbox that is full for a while, or an address that has gone. */
bool
trouble_bounce(struct play *p, const struct actor *a, const struct received *r)
{
	bool gone = chance(p, a, "gone", 0, 20);
	struct span id = r->mail.message_id;
	struct span to = r->mail.to[0].address;
	struct str out;

	if (!p->ask->faults ||
	    !(gone ? chance(p, a, "gone-now", r->id / 400, 300)
		   : chance(p, a, "full", r->id / 20, 10)))
		return false;
	str_init(&out, &p->item, MAIL_MAX);
	head(&out, p, "Mail Delivery System <MAILER-DAEMON@mx.example.com>",
	    "Undelivered Mail Returned to Sender");
	str_addf(&out,
	    "Auto-Submitted: auto-replied\r\nContent-Type: multipart/report; "
	    "report-type=delivery-status; boundary=dsn\r\n\r\n--dsn\r\n"
	    "Content-Type: text/plain\r\n\r\nYour mail came back.\r\n--dsn\r\n"
	    "Content-Type: message/delivery-status\r\n\r\n"
	    "Reporting-MTA: dns; mx.example.com\r\n\r\n"
	    "Final-Recipient: rfc822; %.*s\r\nAction: failed\r\nStatus: %s\r\n"
	    "\r\n--dsn\r\nContent-Type: text/rfc822-headers\r\n\r\n"
	    "Message-ID: <%.*s>\r\n\r\n--dsn--\r\n",
	    (int)to.n, to.p, gone ? "5.1.1" : "4.2.2", (int)id.n, id.p);
	pen_post(p, p->now_unix + MINUTE, str_span(&out));
	p->result->bounced++;
	return true;
}

/* --- runs that do not end well ------------------------------------------------ */

static void
run_and_die(const struct play *p, int64_t point)
{
	struct app app;
	struct err err = {0};

	fault_arm(point);
	if (app_open_rehearsal(&app, p->ask->dir, p->now_unix, &err) == 0) {
		app_run(&app, &err);
		app_close(&app);
	}
	_exit(0);
}

/* Killed at some write, commit or rename; what comes next must not show it. */
static int
kill_run(struct play *p, int64_t try, struct err *err)
{
	int64_t point = 1 + roll(p, NULL, "point", p->now_unix + try, POINTS);
	pid_t child = fork();
	int status;

	if (child < 0)
		return err_errno(
		    err, ERR_LATER, EX_OSERR, "cannot start a run to kill");
	if (child == 0)
		run_and_die(p, point);
	if (waitpid(child, &status, 0) < 0)
		return err_errno(
		    err, ERR_STOP, EX_OSERR, "cannot wait for a run");
	p->result->kills += WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL;
	return 0;
}

/* A file stands where the server's folder was; the run fails and says so. */
static int
lose_server(struct play *p, struct err *err)
{
	char *out = file_join(&p->item, p->ask->dir, "out");
	char *away = file_join(&p->item, p->ask->dir, "out.away");
	struct app app;
	struct err expected = {0};

	if (rename(out, away) < 0)
		return 0; /* nothing was sent yet */
	if (file_write(out, SPAN("away\n"), false, err) < 0)
		return -1;
	if (app_open_rehearsal(&app, p->ask->dir, p->now_unix, &expected) ==
	    0) {
		p->result->outages += app_run(&app, &expected) < 0;
		app_close(&app);
	}
	if (unlink(out) < 0 || rename(away, out) < 0)
		return err_errno(
		    err, ERR_STOP, EX_IOERR, "cannot put %s back", out);
	return 0;
}

int
trouble_runs(struct play *p, struct err *err)
{
	if (!p->ask->faults)
		return 0;
	for (int64_t i = 0; i < KILL_TRIES; i++)
		if (chance(p, NULL, "kill", p->now_unix + i, 150) &&
		    kill_run(p, i, err) < 0)
			return -1;
	if (chance(p, NULL, "outage", p->now_unix, 20))
		return lose_server(p, err);
	return 0;
}
