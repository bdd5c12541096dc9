/*
 * smtp:// and smtps://, the side of the run: gives jobs to sender children
 * over socket pairs and takes their answers.  A child that dies or does not
 * answer in time leaves its mail's outcome unknown; the same bytes are sent
 * again.
 */
#include <errno.h>
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
	CLOSE_MS = 2000
};

struct sender_slot {
	pid_t pid; /* 0 = not started */
	int fd;
	bool busy;
	int64_t id;
	int64_t deadline_ms;
};

struct smtp {
	struct sender_slot *slots; /* set.connections of them */
	int busy;
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

static int
start(struct mailout *m, struct sender_slot *slot, struct err *err)
{
	int pair[2];
	pid_t pid;

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
	if (pid == 0) {
		/* It needs none of what the run has open, locks least. */
		dup2(pair[1], 3);
		close_range(4, ~0U, 0);
		fault_disarm();
		smtp_sender(&m->set, 3);
	}
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

static bool
send_all(int fd, struct span bytes)
{
	while (bytes.n > 0) {
		ssize_t n = send(fd, bytes.p, bytes.n, MSG_NOSIGNAL);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return false;
		bytes = span_skip(bytes, (size_t)n);
	}
	return true;
}

static bool
give(struct sender_slot *slot, const struct mailout_mail *mail)
{
	struct smtp_job j = {.id = mail->id,
	    .from_n = (uint32_t)mail->from.n,
	    .to_n = (uint32_t)mail->to.n,
	    .bytes_n = (uint32_t)mail->bytes.n};

	return send_all(slot->fd, (struct span){(const char *)&j, sizeof(j)}) &&
	       send_all(slot->fd, mail->from) && send_all(slot->fd, mail->to) &&
	       send_all(slot->fd, mail->bytes);
}

/* Running ones first: their connection stands. */
static struct sender_slot *
pick(struct mailout *m)
{
	struct smtp *s = m->state;
	struct sender_slot *fresh = NULL;

	for (int i = 0; i < m->set.connections; i++) {
		if (s->slots[i].busy)
			continue;
		if (s->slots[i].pid != 0)
			return &s->slots[i];
		if (fresh == NULL)
			fresh = &s->slots[i];
	}
	return fresh;
}

static int
smtp_put(struct mailout *m, const struct mailout_mail *mail, struct err *err)
{
	struct smtp *s = m->state;
	struct sender_slot *slot = pick(m);

	if (slot == NULL)
		return err_set(err, ERR_STOP, "all senders are busy");
	fault_point("smtp: before send");
	if (slot->pid == 0 && start(m, slot, err) < 0)
		return -1;
	if (!give(slot, mail)) {
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
	fault_point("smtp: after send");
	slot->busy = true;
	slot->id = mail->id;
	/* The child's own limits come first: see sender.c. */
	slot->deadline_ms =
	    now_ms() + (int64_t)m->set.timeout_seconds * 6000 + 5000;
	s->busy++;
	return 0;
}

static int
smtp_try(struct mailout *m, struct err *err)
{
	struct mailout_mail none = {0};

	return smtp_put(m, &none, err);
}

static bool
receive(int fd, struct smtp_reply *r)
{
	ssize_t n;

	do {
		n = recv(fd, r, sizeof(*r), MSG_WAITALL);
	} while (n < 0 && errno == EINTR);
	if (n != (ssize_t)sizeof(*r))
		return false;
	r->enhanced[sizeof(r->enhanced) - 1] = '\0';
	r->queue_id[sizeof(r->queue_id) - 1] = '\0';
	r->text[sizeof(r->text) - 1] = '\0';
	return r->result >= MAILOUT_SENT && r->result <= MAILOUT_STOP;
}

static void
answer(struct smtp *s, struct sender_slot *slot, struct arena *arena,
    bool in_time, struct mailout_answer *out)
{
	struct mailout_answer a = {.id = slot->id, .result = MAILOUT_UNKNOWN};
	struct smtp_reply r;

	s->busy--;
	slot->busy = false;
	if (in_time && receive(slot->fd, &r)) {
		a.result = (enum mailout_result)r.result;
		a.code = r.code;
		a.bad_address = r.bad_address;
		a.enhanced = arena_span(arena, span_of(r.enhanced));
		a.text = arena_span(arena, span_of(r.text));
		a.queue_id = arena_span(arena, span_of(r.queue_id));
		fault_point("smtp: after reply");
	} else {
		a.text = in_time ? SPAN("the sender died")
				 : SPAN("the sender gave no answer");
		end(slot);
	}
	*out = a;
}

static int
smtp_take(struct mailout *m, struct arena *arena, struct mailout_answer *out,
    struct err *err)
{
	struct smtp *s = m->state;
	struct pollfd p[32];
	struct sender_slot *slots[32], *late = NULL;
	int64_t wait;
	nfds_t n;

	while (s->busy > 0) {
		n = 0;
		for (int i = 0; i < m->set.connections && n < 32; i++) {
			if (!s->slots[i].busy)
				continue;
			if (late == NULL ||
			    s->slots[i].deadline_ms < late->deadline_ms)
				late = &s->slots[i];
			slots[n] = &s->slots[i];
			p[n++] = (struct pollfd){s->slots[i].fd, POLLIN, 0};
		}
		wait = late->deadline_ms - now_ms();
		if (poll(p, n, wait > 0 ? (int)wait : 0) < 0) {
			if (errno == EINTR)
				continue;
			return err_errno(
			    err, ERR_LATER, EX_OSERR, "cannot wait");
		}
		for (nfds_t i = 0; i < n; i++)
			if (p[i].revents != 0) {
				answer(s, slots[i], arena, true, out);
				return 1;
			}
		if (wait <= 0) {
			answer(s, late, arena, false, out);
			return 1;
		}
	}
	return 0;
}

static int
smtp_room(const struct mailout *m)
{
	const struct smtp *s = m->state;

	return m->set.connections - s->busy;
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
    .try = smtp_try,
    .close = smtp_close,
};
