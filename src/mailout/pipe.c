/*
 * sendmail:/usr/sbin/sendmail -- the local mail system's own door.  Run
 * without a shell as `PROGRAM [words] -i -f FROM -- TO`, the mail with LF
 * line ends on its standard input.  Its exit code is a sysexit.
 */
#include <sysexits.h>

#include "base/command.h"
#include "base/fault.h"
#include "base/str.h"
#include "mailout/mailout_int.h"

enum {
	WORDS = 64,
	OUTPUT_BYTES = 4096
};

struct pipe {
	char **words; /* the program and what the settings put behind it */
	size_t words_n;
};

static int
pipe_open(struct mailout *m, struct err *err)
{
	struct pipe *p = arena_alloc(m->arena, sizeof(*p));

	p->words = command_split(m->arena, m->rest);
	if (p->words == NULL)
		return err_exit(err, ERR_STOP, EX_CONFIG,
		    "sendmail: needs a program, such as "
		    "sendmail:/usr/sbin/sendmail");
	while (p->words[p->words_n] != NULL)
		p->words_n++;
	m->state = p;
	return 0;
}

static char **
arguments(struct mailout *m, const struct mailout_mail *mail)
{
	struct pipe *p = m->state;
	char **argv = arena_alloc(&m->held, (WORDS + 8) * sizeof(*argv));
	size_t n = 0;

	while (n < p->words_n) {
		argv[n] = p->words[n];
		n++;
	}
	argv[n++] = arena_strdup(&m->held, SPAN("-i"));
	argv[n++] = arena_strdup(&m->held, SPAN("-f"));
	argv[n++] =
	    arena_strdup(&m->held, mail->from.n > 0 ? mail->from : SPAN("<>"));
	argv[n++] = arena_strdup(&m->held, SPAN("--"));
	argv[n++] = arena_strdup(&m->held, mail->to);
	return argv;
}

static struct span
with_lf(struct arena *arena, struct span bytes)
{
	struct str s;
	struct span line;

	str_init(&s, arena, bytes.n + 1);
	while (span_line(&bytes, &line)) {
		str_add(&s, line);
		str_addc(&s, '\n');
	}
	return str_span(&s);
}

static enum mailout_result
judge(const struct command_result *r)
{
	/* Killed, by us or another: it may have queued the mail before. */
	if (r->timed_out || r->exit_code < 0)
		return r->input_taken ? MAILOUT_UNKNOWN : MAILOUT_LATER;
	switch (r->exit_code) {
	case EX_OK:
		return MAILOUT_SENT;
	case EX_DATAERR:
	case EX_NOUSER:
	case EX_NOHOST:
		return MAILOUT_REFUSED;
	case EX_USAGE:
	case EX_NOPERM:
	case EX_CONFIG:
	case 126: /* cannot be run */
	case 127:
		return MAILOUT_STOP;
	}
	return MAILOUT_LATER;
}

static int
pipe_put(struct mailout *m, const struct mailout_mail *mail, struct err *err)
{
	struct command c = {.output_max = OUTPUT_BYTES,
	    .timeout_seconds = m->set.timeout_seconds,
	    .with_errors = true};
	struct command_result r;
	struct mailout_answer a = {.id = mail->id};

	if (mail->from.n > 0 && mail->from.p[0] == '-')
		return err_exit(err, ERR_ITEM, EX_DATAERR,
		    "mail %lld: a sender that begins with - would be taken "
		    "for an option",
		    (long long)mail->id);
	c.argv = arguments(m, mail);
	c.input = with_lf(&m->held, mail->bytes);
	fault_point("pipe: before send");
	if (command_run(&m->held, &c, &r, err) < 0)
		return -1;
	fault_point("pipe: after send");
	a.result = judge(&r);
	a.bad_address = r.exit_code == EX_NOUSER;
	a.code = a.result == MAILOUT_SENT ? 250 : 0;
	if (r.timed_out)
		a.text = arena_spanf(
		    &m->held, "no end in %d seconds", m->set.timeout_seconds);
	else if (r.exit_code < 0)
		a.text = arena_spanf(&m->held, "ended by signal %d", r.signal);
	else if (r.output.n == 0 && r.exit_code != 0)
		a.text = arena_spanf(&m->held, "exit code %d", r.exit_code);
	else
		a.text = mailout_clean(&m->held, r.output);
	m->answer = a;
	m->has_answer = true;
	return 0;
}

static void
pipe_close(struct mailout *m)
{
	(void)m;
}

const struct mailout_kind mailout_pipe = {
    .open = pipe_open,
    .put = pipe_put,
    .take = mailout_take_held,
    .room = mailout_room_held,
    .ready = mailout_ready_held,
    .close = pipe_close,
};
