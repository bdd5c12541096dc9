/*
 * Killed at any instruction, rmail goes on as if nothing had happened.
 *
 * A story is played step by step: mails come in, one run is made.  Then each
 * step is played again from a copy of its folder, killed before or after a
 * commit, a file write, a rename or a send, and simply run once more: the
 * tables and the mails must be those of the undisturbed run.  Since every
 * step begins with the same tables, the same holds for any chain of kills.
 *
 * usage: crash_sim check|long    a sample of the points, or all of them and
 *                                kills while recovering from a kill
 */
#include <signal.h>
#include <stdarg.h>
#include <sys/prctl.h>
#include <sys/wait.h>

#include "app/app.h"
#include "base/fault.h"
#include "base/log.h"
#include "sim/check.h"
#include "sim/folder.h"
#include "sim/story.h"

enum {
	SAMPLE = 97,     /* in check mode one point of so many */
	LOOK_INSIDE = 5, /* one kill of so many: what is left, as it is */
	DOUBLE = 4,      /* long: one point of so many is killed again */
	TOLD_MOST = 10,
	DUMPED_BYTES = 500,
};

enum promise {
	SAME_TABLES,
	SAME_MAILS,
	NOTHING_WRONG,
	NOTHING_AHEAD,
	FIXED_POINT,
	SAME_SEED,
	PROMISES_N
};

static const char *const promise_text[] = {
    "the same tables after every kill",
    "the same mails after every kill, none lost, none changed",
    "no row is ever what it must not be",
    "no mail leaves the mailbox before its row is committed",
    "when nothing comes in, nothing changes",
    "the same seed gives the same tables and mails",
};

struct sim {
	struct arena arena; /* of the step */
	bool all;
	const struct story *story;
	char now[64], before[64], try[64], look[64];
	int64_t mails_in; /* names of the mails that come in */
	int64_t points, kills, twice, sampled;
	int broken[PROMISES_N];
	int told;
};

/* What a run must end with. */
struct end {
	struct span dump;
	struct sent_mails mails;
	struct table sessions;
};

static void __attribute__((format(printf, 4, 5))) broken(struct sim *sim,
    enum promise p, const struct step *step, const char *fmt, ...)
{
	va_list ap;

	sim->broken[p]++;
	if (sim->told++ >= TOLD_MOST)
		return;
	printf("# %s, %s: ", sim->story->name, step->now);
	va_start(ap, fmt);
	vprintf(fmt, ap);
	va_end(ap);
	printf("\n");
}

static int64_t
instant(const char *text)
{
	int64_t t = 0;

	must(civil_parse_instant(span_of(text), &t), "no time:", text);
	return t;
}

static struct store *
open_store(struct arena *a, const char *folder)
{
	struct store *s = NULL;
	struct err err = {0};

	must(store_open(a, arena_printf(a, "%s/rmail.db", folder), false, false,
		 &s, &err) == 0,
	    "cannot open the database:", err.text);
	return s;
}

/* --- one run, in a child ----------------------------------------------------- */

static int
play(const char *folder, const struct step *step, struct err *err)
{
	struct app app;
	int fd, rc = 0;

	if (chdir(folder) < 0 || file_lock("rmail.lock", &fd, err) <= 0)
		return err_set(err, ERR_STOP, "the lock is still held");
	if (app_open(&app, ".", instant(step->now), err) < 0)
		return -1;
	if (step->roster != NULL) {
		struct roster_result r;

		rc = store_begin(app.store, err);
		if (rc == 0)
			rc = roster_import(
			    &app, &app.run, span_of(step->roster), &r, err);
		if (rc == 0)
			rc = store_commit(app.store, err);
	}
	if (rc == 0)
		rc = app_run(&app, err);
	app_close(&app);
	return rc;
}

/*
 * Runs the step; kill_at 0: undisturbed.  Returns the points passed, -1 when
 * it was killed.
 */
static int64_t
run_child(struct sim *sim, const char *folder, const struct step *step,
    int64_t kill_at)
{
	int64_t passed = -1;
	int report[2], status = 0;
	pid_t pid;

	must(pipe2(report, O_CLOEXEC) == 0, "no", "pipe");
	fflush(stdout);
	pid = fork();
	must(pid >= 0, "no", "child");
	if (pid == 0) {
		struct err err = {0};

		int64_t before = fault_passed();

		if (kill_at > 0)
			fault_arm(kill_at);
		if (play(folder, step, &err) < 0) {
			printf("# %s, %s: %s\n", sim->story->name, step->now,
			    err.text);
			fflush(stdout);
			_exit(1);
		}
		passed = fault_passed() - before;
		_exit(write(report[1], &passed, sizeof(passed)) !=
		      sizeof(passed));
	}
	close(report[1]);
	if (read(report[0], &passed, sizeof(passed)) != sizeof(passed))
		passed = -1;
	close(report[0]);
	while (waitpid(pid, &status, 0) < 0)
		continue;
	/* What a killed run leaves behind, the reader, comes to us. */
	while (waitpid(-1, NULL, WNOHANG) > 0)
		continue;
	if (kill_at > 0 && WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL)
		return -1;
	must(WIFEXITED(status) && WEXITSTATUS(status) == 0,
	    "a run failed:", step->now);
	return passed;
}

/* --- what a run ends with ------------------------------------------------------ */

/* Attempts are counted, and a kill costs one. */
static bool
counts_attempts(struct span table, struct span column)
{
	return (span_is(table, "inbox") && span_is(column, "attempts")) ||
	       (span_is(table, "outbox") &&
		   (span_is(column, "tries") || span_is(column, "claimed")));
}

/* Long texts and bytes stand as their digest. */
static void
dump_text(struct str *out, struct span text)
{
	uint8_t sum[DIGEST_BYTES];

	if (text.n > DUMPED_BYTES) {
		digest_sha256(text, sum);
		text = hex_write(
		    out->arena, (struct span){(const char *)sum, sizeof(sum)});
	}
	for (size_t i = 0; i < text.n; i++)
		str_addc(out,
		    text.p[i] >= ' ' && text.p[i] != '|' ? text.p[i] : '~');
}

static void
dump_table(struct str *out, const struct table *t, struct span name)
{
	for (size_t r = 1; r < t->rows.n; r++) {
		str_add(out, name);
		for (size_t c = 0; c < t->rows.columns; c++) {
			const struct cell *x = cell(&t->rows, r, c);

			str_addc(out, '|');
			if (counts_attempts(name, cell(&t->rows, 0, c)->t))
				continue;
			if (x->t.p == NULL)
				str_addf(out, "%lld", (long long)x->i);
			else
				dump_text(out, x->t);
		}
		str_addc(out, '\n');
	}
}

static struct span
dump(struct store *s, struct arena *a)
{
	struct rows tables;
	struct str out;
	struct err err = {0};

	str_init(&out, a, 1 << 28);
	must(store_tables(s, a, &tables, &err) == 0, "no tables:", err.text);
	for (size_t i = 0; i < tables.n; i++) {
		struct span name = cell(&tables, i, 0)->t;
		struct table t = table_load(s, a, arena_strdup(a, name));

		dump_table(&out, &t, name);
	}
	return str_span(&out);
}

static void
end_read(struct arena *a, const char *folder, struct end *out)
{
	struct store *s = open_store(a, folder);

	out->dump = dump(s, a);
	out->sessions = table_load(s, a, "session");
	store_close(s);
	out->mails.arena = a;
	out->mails.n = 0;
	folder_each(
	    arena_printf(a, "%s/out/new", folder), note_mail, &out->mails);
	folder_each(arena_printf(a, "%s/sent", folder), note_mail, &out->mails);
}

static const char *
first_difference(struct arena *a, struct span want, struct span got)
{
	struct span x = SPAN(""), y = SPAN("");

	for (;;) {
		bool more_x = span_line(&want, &x),
		     more_y = span_line(&got, &y);

		if (!more_x)
			x = SPAN("(nothing)");
		if (!more_y)
			y = SPAN("(nothing)");
		if (!span_eq(x, y))
			return arena_printf(a, "\n#  want %.*s\n#  have %.*s",
			    (int)x.n, x.p, (int)y.n, y.p);
		if (!more_x && !more_y)
			return NULL;
	}
}

static void
check_world(struct sim *sim, const struct step *step, struct arena *a,
    const char *folder, const struct table *before)
{
	struct store *s = open_store(a, folder);
	struct table after = table_load(s, a, "session");
	const char *wrong = world_check(s, a);

	if (wrong == NULL && before != NULL)
		wrong = check_later(a, before, &after);
	if (wrong != NULL)
		broken(sim, NOTHING_WRONG, step, "%s", wrong);
	store_close(s);
}

/* --- kills ---------------------------------------------------------------------- */

struct ahead {
	struct sim *sim;
	const struct step *step;
	struct arena *arena;
	struct table inbox;
	const char *kept; /* the folder as it was before the run */
};

static bool
lies_in(struct arena *a, const char *folder, const char *name)
{
	static const char *const places[] = {"in/new", "in/cur"};

	for (size_t i = 0; i < 2; i++) {
		if (file_exists(
			arena_printf(a, "%s/%s/%s", folder, places[i], name)) ||
		    file_exists(arena_printf(
			a, "%s/%s/%s:2,S", folder, places[i], name)) ||
		    file_exists(arena_printf(
			a, "%s/%s/%s:2,FS", folder, places[i], name)))
			return true;
	}
	return false;
}

static void
still_there(void *cookie, const char *path, const char *name)
{
	struct ahead *x = cookie;
	struct span key = arena_spanf(x->arena, "maildir:%s", name);

	(void)path;
	for (size_t r = 1; r < x->inbox.rows.n; r++)
		if (span_eq(table_text(&x->inbox, r, "key"), key))
			return;
	if (!lies_in(x->arena, x->sim->look, name))
		broken(x->sim, NOTHING_AHEAD, x->step, "%s is lost", name);
}

/* What lies there in the moment of death, seen in a copy. */
static void
look_inside(struct sim *sim, const struct step *step, struct arena *a)
{
	struct ahead x = {.sim = sim, .step = step, .arena = a};
	struct store *s;
	const char *wrong;

	folder_copy(sim->try, sim->look);
	s = open_store(a, sim->look);
	x.inbox = table_load(s, a, "inbox");
	wrong = store_check(s, a);
	if (wrong == NULL)
		wrong = check_records(s, a);
	if (wrong != NULL)
		broken(sim, NOTHING_WRONG, step, "in the middle: %s", wrong);
	store_close(s);
	folder_each(arena_printf(a, "%s/in/new", sim->before), still_there, &x);
}

static void
compare(struct sim *sim, const struct step *step, struct arena *a,
    const struct end *want, int64_t at, size_t kills)
{
	struct end *got = arena_alloc(a, sizeof(*got));
	const char *wrong;

	end_read(a, sim->try, got);
	wrong = first_difference(a, want->dump, got->dump);
	if (wrong != NULL)
		broken(sim, SAME_TABLES, step, "killed at point %lld: %s",
		    (long long)at, wrong);
	wrong = mails_differ(a, &want->mails, &got->mails, 1 + kills);
	if (wrong != NULL)
		broken(sim, SAME_MAILS, step, "killed at point %lld: %s",
		    (long long)at, wrong);
}

/* Killed at a point, and (more > 0) once more on the way back. */
static void
kill_at(struct sim *sim, const struct step *step, const struct end *want,
    int64_t at, int64_t more)
{
	size_t kills = 1;
	struct arena a;

	arena_init(&a);
	folder_copy(sim->before, sim->try);
	if (run_child(sim, sim->try, step, at) >= 0)
		broken(sim, SAME_TABLES, step, "point %lld is not passed",
		    (long long)at);
	sim->kills++;
	if (sim->kills % LOOK_INSIDE == 0)
		look_inside(sim, step, &a);
	if (more > 0 && run_child(sim, sim->try, step, more) < 0) {
		sim->twice++;
		sim->kills++;
		kills++;
	}
	run_child(sim, sim->try, step, 0);
	compare(sim, step, &a, want, at, kills);
	check_world(sim, step, &a, sim->try, NULL);
	arena_release(&a);
}

static void
kill_all(struct sim *sim, const struct step *step, const struct end *want,
    int64_t points)
{
	for (int64_t at = 1; at <= points; at++) {
		sim->points++;
		if (!sim->all && ++sim->sampled % SAMPLE != 0)
			continue;
		kill_at(sim, step, want, at, 0);
		if (sim->all && at % DOUBLE == 0)
			kill_at(sim, step, want, at,
			    1 + at * 7 % (points - at + 1));
	}
}

/* --- what comes in ---------------------------------------------------------------- */

struct post {
	struct sim *sim;
	struct store *store;
	struct arena *arena;
	const struct step *step;
	struct table outbox, sessions;
	struct span last; /* the mail before this one */
};

/* The newest mail of that template to that address, 0 none. */
static size_t
newest(const struct post *p, const struct said *w)
{
	size_t found = 0;

	for (size_t r = 1; r < p->outbox.rows.n; r++)
		if (span_is(table_text(&p->outbox, r, "recipient"), w->from) &&
		    span_is(table_text(&p->outbox, r, "template"), w->about) &&
		    span_is(table_text(&p->outbox, r, "state"), "sent"))
			found = r;
	return found;
}

static void
write_head(struct str *out, struct post *p, const struct said *w, size_t about)
{
	int64_t now = instant(p->step->now);

	str_addf(out,
	    "Received: from client.example by mx.example.com; %.*s\r\n"
	    "From: <%s>\r\n"
	    "To: mentoring@example.com\r\n"
	    "Message-ID: <%lld@client.example>\r\n",
	    (int)civil_write_mail(p->arena, now).n,
	    civil_write_mail(p->arena, now).p, w->from,
	    (long long)p->sim->mails_in);
	str_addf(out, "Date: %.*s\r\n", (int)civil_write_mail(p->arena, now).n,
	    civil_write_mail(p->arena, now).p);
	if (about == 0) {
		str_addz(out, "Subject: Mentoring\r\n");
		return;
	}
	str_addf(out,
	    "Subject: Re: your mail\r\n"
	    "In-Reply-To: <%.*s>\r\n"
	    "References: <%.*s>\r\n",
	    (int)table_text(&p->outbox, about, "message_id").n,
	    table_text(&p->outbox, about, "message_id").p,
	    (int)table_text(&p->outbox, about, "message_id").n,
	    table_text(&p->outbox, about, "message_id").p);
}

static struct span
ics_time(struct arena *a, int64_t t)
{
	struct civil c = civil_of_unix(t);

	return arena_spanf(a, "%04d%02d%02dT%02d%02d%02dZ", c.year, c.month,
	    c.day, c.hour, c.minute, c.second);
}

static void
write_calendar(struct str *out, struct post *p, const struct said *w,
    size_t about, struct span partstat)
{
	size_t s = table_find(
	    &p->sessions, table_int(&p->outbox, about, "session_id"));

	must(s != 0, "no session for", w->from);
	str_addf(out,
	    "MIME-Version: 1.0\r\n"
	    "Content-Type: text/calendar; method=REPLY; charset=utf-8\r\n\r\n"
	    "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//test//EN\r\n"
	    "METHOD:REPLY\r\nBEGIN:VEVENT\r\nUID:%.*s\r\n"
	    "SEQUENCE:%lld\r\nDTSTAMP:%.*s\r\nDTSTART:%.*s\r\n"
	    "ORGANIZER:mailto:mentoring@example.com\r\n"
	    "ATTENDEE;PARTSTAT=%.*s:mailto:%s\r\n"
	    "END:VEVENT\r\nEND:VCALENDAR\r\n",
	    (int)table_text(&p->sessions, s, "uid").n,
	    table_text(&p->sessions, s, "uid").p,
	    (long long)table_int(&p->sessions, s, "sequence"),
	    (int)ics_time(p->arena, instant(p->step->now)).n,
	    ics_time(p->arena, instant(p->step->now)).p,
	    (int)ics_time(p->arena, table_int(&p->sessions, s, "start")).n,
	    ics_time(p->arena, table_int(&p->sessions, s, "start")).p,
	    (int)partstat.n, partstat.p, w->from);
}

static void
write_bounce(struct str *out, struct post *p, const struct said *w,
    size_t about, struct span status)
{
	struct span id = table_text(&p->outbox, about, "message_id");

	str_addf(out,
	    "From: MAILER-DAEMON@mx.example.com\r\n"
	    "To: mentoring@example.com\r\n"
	    "Subject: Undelivered Mail Returned to Sender\r\n"
	    "Message-ID: <%lld@mx.example.com>\r\n"
	    "Auto-Submitted: auto-replied\r\n"
	    "MIME-Version: 1.0\r\n"
	    "Content-Type: multipart/report; report-type=delivery-status;"
	    " boundary=b\r\n\r\n"
	    "--b\r\nContent-Type: text/plain\r\n\r\nNot delivered.\r\n"
	    "--b\r\nContent-Type: message/delivery-status\r\n\r\n"
	    "Reporting-MTA: dns; mx.example.com\r\n\r\n"
	    "Final-Recipient: rfc822; %s\r\nAction: failed\r\n"
	    "Status: %.*s\r\n\r\n"
	    "--b\r\nContent-Type: text/rfc822-headers\r\n\r\n"
	    "Message-ID: <%.*s>\r\nTo: <%s>\r\n\r\n--b--\r\n",
	    (long long)p->sim->mails_in, w->from, (int)status.n, status.p,
	    (int)id.n, id.p, w->from);
}

/* The mail as its sender's program would write it. */
static struct span
write_mail(struct post *p, const struct said *w)
{
	size_t about = *w->about ? newest(p, w) : 0;
	size_t colon = span_findc(span_of(w->text), ':');
	struct span kind = span_sub(span_of(w->text), 0, colon);
	struct span rest = span_skip(span_of(w->text), colon + 1);
	struct err err = {0};
	struct str out;

	if (*w->about && about == 0)
		printf("# %s, %s: %s was sent no %s\n", p->sim->story->name,
		    p->step->now, w->from, w->about);
	must(about != 0 || !*w->about, "the story is broken at", p->step->now);
	str_init(&out, p->arena, 1 << 20);
	if (span_is(kind, "bounce")) {
		write_bounce(&out, p, w, about, rest);
		return str_span(&out);
	}
	if (span_is(kind, "twice")) {
		str_addz(&out, "Received: from list.example\r\n");
		str_add(&out, p->last);
		return str_span(&out);
	}
	if (span_is(kind, "own")) {
		struct rows rows;
		struct span raw;

		must(store_rows(p->store, p->arena, OUTBOX_MAIL, &rows, &err,
			 "i", table_int(&p->outbox, about, "id")) == 0 &&
			 rows.n == 1 &&
			 store_unpack(p->store, p->arena, cell(&rows, 0, 3)->t,
			     (size_t)cell(&rows, 0, 2)->i, &raw, &err) == 0,
		    "cannot read", w->about);
		return raw;
	}
	write_head(&out, p, w, about);
	if (span_is(kind, "away"))
		str_addz(&out, "Auto-Submitted: auto-replied\r\n");
	if (span_is(kind, "list"))
		str_addz(&out,
		    "Precedence: bulk\r\nList-Id: <news.example.com>\r\n");
	if (span_is(kind, "ics")) {
		write_calendar(&out, p, w, about, rest);
		return str_span(&out);
	}
	str_addz(&out, "MIME-Version: 1.0\r\n");
	if (span_is(kind, "csv"))
		str_addf(&out,
		    "Content-Type: multipart/mixed; boundary=b\r\n\r\n"
		    "--b\r\nContent-Type: text/plain\r\n\r\nroster\r\n"
		    "--b\r\nContent-Type: text/csv; name=people.csv\r\n"
		    "Content-Disposition: attachment; filename=people.csv\r\n"
		    "\r\n%.*s\r\n--b--\r\n",
		    (int)rest.n, rest.p);
	else if (span_is(kind, "torn"))
		str_addz(&out,
		    "Content-Type: multipart/mixed; boundary=b\r\n\r\n"
		    "--b\r\nContent-Type: text/html; charset=utf-7\r\n"
		    "Content-Transfer-Encoding: base64\r\n\r\nPGI+a");
	else
		str_addf(&out,
		    "Content-Type: text/plain; charset=utf-8\r\n\r\n%.*s\r\n",
		    span_is(kind, "away") || span_is(kind, "list")
			? (int)rest.n
			: (int)strlen(w->text),
		    span_is(kind, "away") || span_is(kind, "list") ? rest.p
								   : w->text);
	return str_span(&out);
}

static void
deliver_all(struct sim *sim, const struct step *step)
{
	struct post p = {.sim = sim, .arena = &sim->arena, .step = step};
	struct store *s = open_store(&sim->arena, sim->now);
	struct err err = {0};

	p.store = s;
	p.outbox = table_load(s, &sim->arena, "outbox");
	p.sessions = table_load(s, &sim->arena, "session");
	for (size_t i = 0; i < SAYINGS_N && step->words[i].from != NULL; i++) {
		p.last = write_mail(&p, &step->words[i]);
		must(file_write(arena_printf(&sim->arena,
				    "%s/in/new/%lld.%04lld.client", sim->now,
				    (long long)instant(step->now),
				    (long long)sim->mails_in++),
			 p.last, false, &err) == 0,
		    "cannot write a mail:", err.text);
	}
	store_close(s);
}

/* --- stories ------------------------------------------------------------------------ */

static void
make_programme(struct sim *sim)
{
	static const char *const folders[] = {"in/tmp", "in/new", "in/cur",
	    "out/tmp", "out/new", "out/cur", "sent"};
	static const char seed[WORLD_SEED_BYTES + 1] =
	    "the same seed gives the same run";
	static const char program[] =
	    "#!/bin/sh\nf=$(mktemp sent/tmp.XXXXXXXX) && cat >\"$f\" && "
	    "exec mv \"$f\" \"sent/mail.${f##*.}\"\n";
	struct arena *a = &sim->arena;
	struct store *s;
	struct err err = {0};
	char *path;

	folder_empty(sim->now);
	for (size_t i = 0; i < sizeof(folders) / sizeof(*folders); i++)
		must(file_make_dir(
			 arena_printf(a, "%s/%s", sim->now, folders[i]),
			 &err) == 0,
		    "cannot make", folders[i]);
	path = arena_printf(a, "%s/deliver", sim->now);
	must(file_write(path, span_of(program), false, &err) == 0 &&
		 chmod(path, 0700) == 0,
	    "cannot make", path);
	path = arena_printf(a, "%s/rmail.conf", sim->now);
	must(file_write(path,
		 arena_spanf(a, "%s%s", sim->story->settings, COMMON), false,
		 &err) == 0,
	    "cannot make", path);
	must(store_open(a, arena_printf(a, "%s/rmail.db", sim->now), true,
		 false, &s, &err) == 0 &&
		 store_begin(s, &err) == 0 &&
		 store_do(s, PROGRAMME_INSERT, &err, "bi",
		     (struct span){seed, WORLD_SEED_BYTES},
		     instant(sim->story->steps[0].now)) == 0 &&
		 store_commit(s, &err) == 0,
	    "cannot make the database:", err.text);
	store_close(s);
}

/* A run without a cause changes nothing and sends nothing. */
static void
quiet(struct sim *sim, const struct step *step, const struct end *first,
    const struct end *second)
{
	const char *wrong =
	    first_difference(&sim->arena, first->dump, second->dump);

	if (wrong != NULL)
		broken(sim, FIXED_POINT, step, "%s", wrong);
	if (second->mails.n != first->mails.n)
		broken(
		    sim, FIXED_POINT, step, "a run without a cause sends mail");
}

static struct end *
end_new(struct sim *sim)
{
	struct end *end = arena_alloc(&sim->arena, sizeof(*end));

	end_read(&sim->arena, sim->now, end);
	return end;
}

/* A step, undisturbed; then a run that finds nothing to do; then the kills. */
static void
play_step(struct sim *sim, const struct step *step, bool kill, struct hmac *all)
{
	struct end *before, *first;
	int64_t points;

	folder_empty(arena_printf(&sim->arena, "%s/out/new", sim->now));
	folder_empty(arena_printf(&sim->arena, "%s/sent", sim->now));
	before = end_new(sim);
	folder_copy(sim->now, sim->before);
	points = run_child(sim, sim->now, step, 0);
	first = end_new(sim);
	hmac_add(all, first->dump);
	if (!kill)
		return;
	check_world(sim, step, &sim->arena, sim->now, &before->sessions);
	run_child(sim, sim->now, step, 0);
	quiet(sim, step, first, end_new(sim));
	kill_all(sim, step, first, points);
}

/* The digest of all that the story ends with at each step. */
static void
play_story(struct sim *sim, bool kill, uint8_t out[DIGEST_BYTES])
{
	struct hmac all;

	sim->mails_in = 1;
	hmac_begin(&all, SPAN("story"));
	make_programme(sim);
	for (size_t i = 0; i < sim->story->steps_n; i++) {
		const struct step *step = &sim->story->steps[i];

		arena_reset(&sim->arena);
		deliver_all(sim, step);
		play_step(sim, step, kill, &all);
	}
	hmac_end(&all, out);
}

static void
one_story(struct sim *sim, const struct story *story, int *n, bool *bad)
{
	uint8_t once[DIGEST_BYTES], twice[DIGEST_BYTES];
	struct step end = {.now = "the end"};

	sim->story = story;
	memset(sim->broken, 0, sizeof(sim->broken));
	sim->points = sim->kills = sim->twice = sim->told = 0;
	play_story(sim, true, once);
	play_story(sim, false, twice);
	if (memcmp(once, twice, sizeof(once)) != 0)
		broken(sim, SAME_SEED, &end, "two runs differ");
	printf("# %s: %lld points, %lld kills, %lld of them while recovering\n",
	    story->name, (long long)sim->points, (long long)sim->kills,
	    (long long)sim->twice);
	for (int p = 0; p < PROMISES_N; p++) {
		*bad |= sim->broken[p] > 0;
		printf("%sok %d - %s: %s\n", sim->broken[p] ? "not " : "", ++*n,
		    story->name, promise_text[p]);
	}
	fflush(stdout);
}

/* 1 killed, 0 done. */
static int
init_child(const char *folder, int64_t kill_at)
{
	int status = 0;
	pid_t pid = fork();

	must(pid >= 0, "no", "child");
	if (pid == 0) {
		struct err err = {0};

		fault_arm(kill_at);
		_exit(app_init(folder, 1800000000, &err) < 0);
	}
	while (waitpid(pid, &status, 0) < 0)
		continue;
	return WIFSIGNALED(status);
}

/* Killed anywhere, `init` leaves a programme, or is simply called again. */
static void
kill_init(struct sim *sim, int *n, bool *bad)
{
	bool ok = true;
	int64_t at = 0, killed = 0;
	struct app app;

	do {
		struct err err = {0};

		folder_empty(sim->try);
		rmdir(sim->try);
		killed = init_child(sim->try, ++at);
		if (!file_exists(
			arena_printf(&sim->arena, "%s/rmail.conf", sim->try)) &&
		    app_init(sim->try, 1800000000, &err) < 0)
			ok = false;
		if (ok && app_open(&app, sim->try, 1800000000, &err) == 0)
			app_close(&app);
		else
			ok = false;
		if (!ok)
			printf("# init killed at point %lld: %s\n",
			    (long long)at, err.text);
		sim->kills += killed;
	} while (ok && killed);
	*bad |= !ok || at < 5;
	printf("%sok %d - init: whole, or made by a second call (%lld kills)\n",
	    ok && at >= 5 ? "" : "not ", ++*n, (long long)at - 1);
}

int
main(int argc, char **argv)
{
	char root[] = "/dev/shm/rmail-crash-XXXXXX";
	char other[] = "/tmp/rmail-crash-XXXXXX";
	char *made = mkdtemp(root);
	struct sim *sim;
	struct arena arena;
	int64_t kills = 0;
	bool bad = false;
	int n = 0;

	if (made == NULL)
		made = mkdtemp(other);
	must(made != NULL, "no folder in", "/tmp");
	arena_init(&arena);
	sim = arena_alloc(&arena, sizeof(*sim));
	arena_init(&sim->arena);
	sim->all = argc > 1 && strcmp(argv[1], "long") == 0;
	snprintf(sim->now, sizeof(sim->now), "%s/now", made);
	snprintf(sim->before, sizeof(sim->before), "%s/before", made);
	snprintf(sim->try, sizeof(sim->try), "%s/try", made);
	snprintf(sim->look, sizeof(sim->look), "%s/look", made);
	prctl(PR_SET_CHILD_SUBREAPER, 1);
	signal(SIGPIPE, SIG_IGN);
	log_set_level(LOG_QUIET);
	kill_init(sim, &n, &bad);
	kills = sim->kills;
	for (size_t i = 0; i < sizeof(stories) / sizeof(*stories); i++) {
		one_story(sim, &stories[i], &n, &bad);
		kills += sim->kills;
	}
	printf("# %lld kills in all\n1..%d\n", (long long)kills, n);
	remove_one(NULL, made, "");
	arena_release(&sim->arena);
	arena_release(&arena);
	return bad;
}
