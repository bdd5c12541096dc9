/*
 * smtp:// and smtps://, the side of the run: gives jobs to sender children
 * over socket pairs and takes their answers.  A child that dies or does not
 * answer in time leaves its mail's outcome unknown, unless the journal has it;
 * the same bytes are sent again.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <sysexits.h>
#include <time.h>
#include <unistd.h>

#include "base/fault.h"
#include "mailout/smtp_int.h"

enum {
	CLOSE_MS = 2000,
	/*
	 * Jobs that wait at a sender, so that it need not wait for us: what is
	 * sent and not yet on our disk is at most this many for each.
	 */
	AHEAD = 4,
	/* All of them fit into the socket: giving one never blocks. */
	AHEAD_BYTES = 64 * 1024,
	SLOTS = 32,
};

struct sender_slot {
	pid_t pid; /* 0 = not started */
	int fd;
	int64_t ids[AHEAD]; /* under way, in their order */
	size_t bytes[AHEAD];
	int n;
	int64_t deadline_ms; /* of the first */
	bool stopped;        /* it takes no more jobs and leaves */
	bool readable;
	char in[AHEAD * sizeof(struct smtp_reply)];
	size_t in_n;
};

struct smtp {
	struct sender_slot *slots; /* set.connections of them */
	int under_way;
	/*
	 * The server has taken or refused a mail.  Before, it gets one alone:
	 * a wrong password is tried once, not by each sender.
	 */
	bool proven;
	/* Jobs that a sender left behind when it ended. */
	struct mailout_answer back[SLOTS * AHEAD];
	int back_n;
};

static int64_t
now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static bool
is_loopback(struct span host)
{
	return span_caseis(host, "localhost") || span_starts(host, "127.") ||
	       span_is(host, "[::1]");
}

/* "//host[:port]" with nothing that means something to a URL reader. */
static int
check_host(struct mailout *m, bool implicit_tls, struct err *err)
{
	struct span host = span_skip(m->rest, 2);
	size_t colon, bracket;
	bool has_port;

	if (span_ends(host, "/"))
		host.n--;
	for (size_t i = 0; i < host.n; i++)
		if (!ascii_alnum(host.p[i]) && host.p[i] != '.' &&
		    host.p[i] != '-' && host.p[i] != ':' && host.p[i] != '[' &&
		    host.p[i] != ']')
			host.n = 0;
	if (!span_starts(m->rest, "//") || host.n == 0)
		return err_exit(err, ERR_STOP, EX_CONFIG,
		    "%.*s: a server is written as smtps://mail.example.org "
		    "or smtp://mail.example.org:587; the login stands in "
		    "user and password_command",
		    (int)m->set.url.n, m->set.url.p);
	colon = host.n;
	for (size_t i = 0; i < host.n; i++)
		if (host.p[i] == ':')
			colon = i;
	bracket = span_findc(host, ']');
	has_port = colon < host.n && (bracket == host.n || colon > bracket);
	host = span_sub(host, 0, has_port ? colon : host.n);
	if (!implicit_tls && !m->set.starttls && !m->set.insecure &&
	    !is_loopback(host))
		return err_exit(err, ERR_STOP, EX_CONFIG,
		    "%.*s: mail would go in clear; use smtps:// or set "
		    "starttls = yes",
		    (int)m->set.url.n, m->set.url.p);
	m->set.url = arena_spanf(m->arena, "%s://%.*s%s",
	    implicit_tls ? "smtps" : "smtp",
	    (int)(m->rest.n - 2 - (span_ends(m->rest, "/") ? 1 : 0)),
	    m->rest.p + 2,
	    has_port       ? ""
	    : implicit_tls ? ":465"
			   : ":587");
	return 0;
}

static int
smtp_open(struct mailout *m, struct err *err)
{
	struct smtp *s = arena_alloc(m->arena, sizeof(*s));
	bool tls = span_casestarts(m->set.url, "smtps:");

	if (m->set.pin_sha256.n != 0 && m->set.pin_sha256.n != 64)
		return err_exit(err, ERR_STOP, EX_CONFIG,
		    "a pin is the SHA-256 of the server's public key: 64 "
		    "hexadecimal digits");
	if (check_host(m, tls, err) < 0)
		return -1;
	if (m->set.helo.n == 0)
		m->set.helo = SPAN("localhost");
	for (size_t i = 0; i < m->set.helo.n; i++)
		if (!ascii_alnum(m->set.helo.p[i]) && m->set.helo.p[i] != '.' &&
		    m->set.helo.p[i] != '-')
			return err_exit(err, ERR_STOP, EX_CONFIG,
			    "%.*s is no host name to greet with",
			    (int)m->set.helo.n, m->set.helo.p);
	s->slots = arena_alloc(
	    m->arena, (size_t)m->set.connections * sizeof(*s->slots));
	m->state = s;
	return 0;
}

/* It needs none of what the run has open, locks least. */
static void
be_sender(struct mailout *m, int fd, pid_t run)
{
	int job = fcntl(fd, F_DUPFD, 10);
	int note = fcntl(journal_fd(m), F_DUPFD, 10);

	if (job < 0 || dup2(job, 3) < 0 || (note >= 0 && dup2(note, 4) < 0))
		_exit(1);
	close_range(note >= 0 ? 5 : 4, ~0U, 0);
	fault_disarm();
	smtp_sender(&m->set, 3, note >= 0 ? 4 : -1, run);
}

static int
start(struct mailout *m, struct sender_slot *slot, struct err *err)
{
	pid_t pid, run = getpid();
	int pair[2];

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) < 0)
		return err_errno(
		    err, ERR_LATER, EX_OSERR, "cannot make a socket pair");
	pid = fork();
	if (pid < 0) {
		close(pair[0]);
		close(pair[1]);
		return err_errno(
		    err, ERR_LATER, EX_OSERR, "cannot start a sender");
	}
	if (pid == 0)
		be_sender(m, pair[1], run);
	close(pair[1]);
	*slot = (struct sender_slot){.pid = pid, .fd = pair[0]};
	return 0;
}

static void
end(struct sender_slot *slot)
{
	close(slot->fd);
	kill(slot->pid, SIGKILL);
	while (waitpid(slot->pid, NULL, 0) < 0 && errno == EINTR)
		;
	*slot = (struct sender_slot){0};
}

/* --- giving ----------------------------------------------------------------- */

static bool
send_all(int fd, struct iovec *v, int n)
{
	while (n > 0) {
		struct msghdr h = {.msg_iov = v, .msg_iovlen = (size_t)n};
		ssize_t sent = sendmsg(fd, &h, MSG_NOSIGNAL);

		if (sent < 0 && errno == EINTR)
			continue;
		if (sent <= 0)
			return false;
		while (n > 0 && (size_t)sent >= v->iov_len) {
			sent -= (ssize_t)v->iov_len;
			v++;
			n--;
		}
		if (n > 0) {
			v->iov_base = (char *)v->iov_base + sent;
			v->iov_len -= (size_t)sent;
		}
	}
	return true;
}

static struct iovec
piece(struct span s)
{
	union {
		const char *in;
		char *out;
	} p = {.in = s.p};

	return (struct iovec){p.out, s.n};
}

static bool
give(struct sender_slot *slot, const struct mailout_mail *mail)
{
	struct smtp_job j = {.id = mail->id,
	    .from_n = (uint32_t)mail->from.n,
	    .to_n = (uint32_t)mail->to.n,
	    .bytes_n = (uint32_t)mail->bytes.n};
	struct iovec v[] = {{&j, sizeof(j)}, piece(mail->from), piece(mail->to),
	    piece(mail->bytes)};

	return send_all(slot->fd, v, 4);
}

static bool
has_place(const struct smtp *s, const struct sender_slot *slot, size_t bytes)
{
	size_t all = bytes;

	if (slot->n == 0)
		return true;
	if (!s->proven || slot->stopped || slot->n == AHEAD)
		return false;
	for (int i = 0; i < slot->n; i++)
		all += slot->bytes[i];
	return all <= AHEAD_BYTES;
}

/* One that has nothing to do, one that is not started, the least laden. */
static struct sender_slot *
pick(const struct mailout *m, size_t bytes)
{
	struct smtp *s = m->state;
	struct sender_slot *best = NULL;

	for (int i = 0; i < (s->proven ? m->set.connections : 1); i++) {
		struct sender_slot *slot = &s->slots[i];

		if (slot->pid != 0 && slot->n == 0)
			return slot;
		if (!has_place(s, slot, bytes))
			continue;
		if (best == NULL || slot->n < best->n)
			best = slot;
	}
	return best;
}

static bool
smtp_room(const struct mailout *m, size_t bytes)
{
	return pick(m, bytes) != NULL;
}

/* The child's own limits come first: see sender.c. */
static void
set_deadline(const struct mailout *m, struct sender_slot *slot)
{
	slot->deadline_ms =
	    now_ms() + (int64_t)m->set.timeout_seconds * 6000 + 5000;
}

static int
smtp_put(struct mailout *m, const struct mailout_mail *mail, struct err *err)
{
	struct smtp *s = m->state;
	struct sender_slot *slot = pick(m, mail->bytes.n);

	if (slot == NULL)
		return err_set(err, ERR_STOP, "all senders are busy");
	fault_point("smtp: before send");
	if (slot->stopped)
		end(slot);
	if (slot->pid == 0 && start(m, slot, err) < 0)
		return -1;
	if (!give(slot, mail) && slot->n == 0) {
		/* It died idle, and cannot have begun on half a job. */
		end(slot);
		if (start(m, slot, err) < 0)
			return -1;
		if (!give(slot, mail)) {
			end(slot);
			return err_set(
			    err, ERR_LATER, "senders die at their start");
		}
	}
	/* One that dies busy shows it when its answers are taken. */
	fault_point("smtp: after send");
	if (slot->n == 0)
		set_deadline(m, slot);
	slot->ids[slot->n] = mail->id;
	slot->bytes[slot->n++] = mail->bytes.n;
	s->under_way++;
	return 0;
}

static int
smtp_try(struct mailout *m, struct err *err)
{
	struct mailout_mail none = {0};

	return smtp_put(m, &none, err);
}

/* --- taking ------------------------------------------------------------------ */

static void
drop_first(const struct mailout *m, struct smtp *s, struct sender_slot *slot)
{
	s->under_way--;
	slot->n--;
	memmove(slot->ids, slot->ids + 1, (size_t)slot->n * sizeof(*slot->ids));
	memmove(slot->bytes, slot->bytes + 1,
	    (size_t)slot->n * sizeof(*slot->bytes));
	if (slot->n > 0)
		set_deadline(m, slot);
}

/*
 * It is gone, or is ended now because it (late) does not answer.  The first
 * of its jobs may have been sent, unless it said that it would take no more;
 * the others it has not looked at.
 */
static void
died(
    struct mailout *m, struct sender_slot *slot, struct arena *arena, bool late)
{
	struct smtp *s = m->state;
	struct sender_slot was = *slot;

	end(slot);
	for (int i = 0; i < was.n; i++) {
		struct mailout_answer a = {.id = was.ids[i],
		    .result =
			i == 0 && !was.stopped ? MAILOUT_UNKNOWN : MAILOUT_BACK,
		    .enough = late,
		    .text = late ? SPAN("the sender gave no answer")
				 : SPAN("the sender died")};

		if (i == 0 && journal_find(m, a.id, arena, &a))
			journal_dirty(m);
		s->back[s->back_n++] = a;
		s->under_way--;
	}
}

static bool
take_reply(struct mailout *m, struct sender_slot *slot, struct arena *arena,
    struct mailout_answer *out)
{
	struct smtp *s = m->state;
	struct smtp_reply r;

	if (slot->n == 0 || slot->in_n < sizeof(r))
		return false;
	memcpy(&r, slot->in, sizeof(r));
	slot->in_n -= sizeof(r);
	memmove(slot->in, slot->in + sizeof(r), slot->in_n);
	r.enhanced[sizeof(r.enhanced) - 1] = '\0';
	r.queue_id[sizeof(r.queue_id) - 1] = '\0';
	r.text[sizeof(r.text) - 1] = '\0';
	*out = (struct mailout_answer){.id = slot->ids[0],
	    .result = (enum mailout_result)r.result,
	    .code = r.code,
	    .bad_address = r.bad_address,
	    .away = r.away,
	    .enough = r.enough,
	    .enhanced = arena_span(arena, span_of(r.enhanced)),
	    .text = arena_span(arena, span_of(r.text)),
	    .queue_id = arena_span(arena, span_of(r.queue_id))};
	if (out->result == MAILOUT_SENT)
		journal_dirty(m);
	slot->stopped = out->result == MAILOUT_STOP || out->away || out->enough;
	s->proven |= !slot->stopped;
	drop_first(m, s, slot);
	fault_point("smtp: after reply");
	return true;
}

/* What has come from it, without waiting; false when it is gone. */
static bool
receive(struct sender_slot *slot)
{
	ssize_t n;

	slot->readable = false;
	do
		n = recv(slot->fd, slot->in + slot->in_n,
		    sizeof(slot->in) - slot->in_n, MSG_DONTWAIT);
	while (n < 0 && errno == EINTR);
	if (n > 0)
		slot->in_n += (size_t)n;
	return n > 0 || (n < 0 && errno == EAGAIN);
}

/* An answer that is here already. */
static bool
take_here(struct mailout *m, struct arena *arena, struct mailout_answer *out)
{
	struct smtp *s = m->state;

	if (s->back_n > 0) {
		*out = s->back[--s->back_n];
		return true;
	}
	for (int i = 0; i < m->set.connections; i++) {
		struct sender_slot *slot = &s->slots[i];

		if (slot->n > 0 && slot->in_n < sizeof(struct smtp_reply) &&
		    slot->readable && !receive(slot))
			died(m, slot, m->arena, false);
		if (take_reply(m, slot, arena, out))
			return true;
	}
	if (s->back_n == 0)
		return false;
	*out = s->back[--s->back_n];
	return true;
}

/* Waits until one can be read, or one is late: that one is ended. */
static int
wait_for_one(struct mailout *m, bool now, struct err *err)
{
	struct smtp *s = m->state;
	struct pollfd p[SLOTS];
	struct sender_slot *slots[SLOTS], *late = NULL;
	int64_t wait = 0;
	nfds_t n = 0;

	for (int i = 0; i < m->set.connections; i++) {
		struct sender_slot *slot = &s->slots[i];

		if (slot->n == 0)
			continue;
		if (late == NULL || slot->deadline_ms < late->deadline_ms)
			late = slot;
		slots[n] = slot;
		p[n++] = (struct pollfd){slot->fd, POLLIN, 0};
	}
	if (n == 0)
		return 0;
	if (!now)
		wait = late->deadline_ms - now_ms();
	if (poll(p, n, wait > 0 ? (int)wait : 0) < 0 && errno != EINTR)
		return err_errno(err, ERR_LATER, EX_OSERR, "cannot wait");
	for (nfds_t i = 0; i < n; i++)
		if (p[i].revents != 0)
			slots[i]->readable = true;
	if (!now && !late->readable && now_ms() >= late->deadline_ms)
		died(m, late, m->arena, true);
	return 0;
}

static int
smtp_take(struct mailout *m, struct arena *arena, struct mailout_answer *out,
    struct err *err)
{
	struct smtp *s = m->state;

	for (;;) {
		if (take_here(m, arena, out))
			return 1;
		if (s->under_way == 0)
			return 0;
		if (wait_for_one(m, false, err) < 0)
			return -1;
	}
}

static bool
smtp_ready(struct mailout *m)
{
	struct smtp *s = m->state;
	struct err err = {0};

	if (s->back_n > 0)
		return true;
	for (int pass = 0; pass < 2; pass++) {
		for (int i = 0; i < m->set.connections; i++)
			if (s->slots[i].n > 0 &&
			    (s->slots[i].readable ||
				s->slots[i].in_n >= sizeof(struct smtp_reply)))
				return true;
		if (pass == 0 && wait_for_one(m, true, &err) < 0)
			return false;
	}
	return false;
}

static void
smtp_close(struct mailout *m)
{
	struct smtp *s = m->state;
	int64_t until = now_ms() + CLOSE_MS;

	/* All hang up at once, then each may say QUIT. */
	for (int i = 0; i < m->set.connections; i++)
		if (s->slots[i].pid != 0)
			shutdown(s->slots[i].fd, SHUT_WR);
	for (int i = 0; i < m->set.connections; i++) {
		struct sender_slot *slot = &s->slots[i];
		struct pollfd p = {slot->fd, POLLIN, 0};
		int64_t left = until - now_ms();

		if (slot->pid == 0)
			continue;
		poll(&p, 1, left > 0 ? (int)left : 0);
		end(slot);
	}
}

const struct mailout_kind mailout_smtp = {
    .open = smtp_open,
    .put = smtp_put,
    .take = smtp_take,
    .room = smtp_room,
    .ready = smtp_ready,
    .try = smtp_try,
    .close = smtp_close,
};
