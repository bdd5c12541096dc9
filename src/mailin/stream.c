/*
 * The socket under a mail server's connection.  It never blocks: each wait
 * ends with the deadline of the command in hand, or with that of the whole
 * connection, so a server that drips or falls silent holds nobody up; and a
 * command cannot bring more bytes than it was begun with.
 */
#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <sysexits.h>
#include <time.h>
#include <unistd.h>

#include "mailin/stream_int.h"

enum {
	BUFFER_BYTES = 32 * 1024,
	/* Mails on their way while others are worked on; the system may give
	 * less. */
	ROOM_BYTES = 2 * 1024 * 1024,
	/* What a command's answer may bring besides what it asks for. */
	SPARE_BYTES = 256 * 1024,
	/* The slowest line we wait for: 20 kB a second. */
	SLOW_BYTES_PER_MS = 20,
	/* A connection ends after a quarter of an hour, whatever it does. */
	TOTAL_MS = 15 * 60 * 1000,
};

struct stream {
	struct arena *arena;
	const struct mailin_settings *set;
	const char *host;
	int fd;
	struct tls *tls; /* NULL = in clear */
	int64_t begun_ms, deadline_ms;
	int64_t left_bytes;
	enum stream_end end;
	char in[BUFFER_BYTES];
	size_t at, n;
};

static int64_t
now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* False when the deadline comes first. */
static bool
ready(void *cookie, bool to_write)
{
	struct stream *s = cookie;
	struct pollfd p = {.fd = s->fd, .events = to_write ? POLLOUT : POLLIN};
	int64_t left;
	int rc;

	do {
		left = s->deadline_ms - now_ms();
		if (left <= 0)
			return false;
		rc = poll(&p, 1, (int)left);
	} while (rc < 0 && errno == EINTR);
	return rc > 0;
}

void
stream_begin(struct stream *s, int64_t bytes)
{
	int64_t now = now_ms();
	int64_t end = s->begun_ms + TOTAL_MS;

	s->deadline_ms = now + (int64_t)s->set->timeout_seconds * 1000 +
			 bytes / SLOW_BYTES_PER_MS;
	if (s->deadline_ms > end)
		s->deadline_ms = end;
	s->left_bytes = bytes + SPARE_BYTES;
}

/* --- connecting ----------------------------------------------------------- */

static bool
is_loopback(const struct sockaddr *a)
{
	const struct sockaddr_in *v4 = (const void *)a;
	const struct sockaddr_in6 *v6 = (const void *)a;

	if (a->sa_family == AF_INET)
		return (ntohl(v4->sin_addr.s_addr) >> 24) == 127;
	return a->sa_family == AF_INET6 && IN6_IS_ADDR_LOOPBACK(&v6->sin6_addr);
}

/* The socket's own verdict on a connect that was under way. */
static bool
connected(struct stream *s)
{
	int code = 0;
	socklen_t n = sizeof(code);

	if (!ready(s, true)) {
		errno = ETIMEDOUT;
		return false;
	}
	if (getsockopt(s->fd, SOL_SOCKET, SO_ERROR, &code, &n) < 0)
		return false;
	errno = code;
	return code == 0;
}

static bool
connect_one(struct stream *s, const struct addrinfo *a)
{
	int on = 1, room = ROOM_BYTES;

	s->fd = socket(a->ai_family,
	    a->ai_socktype | SOCK_NONBLOCK | SOCK_CLOEXEC, a->ai_protocol);
	if (s->fd < 0)
		return false;
	setsockopt(s->fd, SOL_SOCKET, SO_RCVBUF, &room, sizeof(room));
	if (connect(s->fd, a->ai_addr, a->ai_addrlen) == 0 ||
	    (errno == EINPROGRESS && connected(s))) {
		setsockopt(s->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
		return true;
	}
	close(s->fd);
	s->fd = -1;
	return false;
}

/* In clear only to this machine, whatever its name resolves to. */
static int
connect_any(struct stream *s, const struct server *to, bool loopback_only,
    struct err *err)
{
	struct addrinfo want = {.ai_socktype = SOCK_STREAM}, *list = NULL;
	int rc = getaddrinfo(to->host, to->port, &want, &list), code = 0;

	if (rc != 0)
		return err_exit(err, ERR_LATER, EX_TEMPFAIL,
		    "the address of %s is not to be had: %s", to->host,
		    gai_strerror(rc));
	for (struct addrinfo *a = list; a != NULL && s->fd < 0; a = a->ai_next)
		if (!loopback_only || is_loopback(a->ai_addr))
			if (!connect_one(s, a))
				code = errno;
	freeaddrinfo(list);
	if (s->fd >= 0)
		return 0;
	if (code == 0)
		return err_exit(err, ERR_STOP, EX_CONFIG,
		    "%s is not this machine; mail would come in clear",
		    to->host);
	errno = code;
	return err_errno(err, ERR_LATER, EX_TEMPFAIL,
	    "%s port %s cannot be reached", to->host, to->port);
}

int
stream_open(struct arena *arena, const struct mailin_settings *set,
    struct server *to, struct stream **out, struct err *err)
{
	struct stream *s = arena_alloc(arena, sizeof(*s));

	s->arena = arena;
	s->set = set;
	s->host = to->host;
	s->fd = to->fd;
	to->fd = -1;
	s->begun_ms = now_ms();
	stream_begin(s, 0);
	if (s->fd < 0 &&
	    connect_any(
		s, to, !to->tls && !set->starttls && !set->insecure, err) < 0)
		return -1;
	if (to->tls && stream_secure(s, err) < 0) {
		stream_close(s);
		return -1;
	}
	*out = s;
	return 0;
}

int
stream_secure(struct stream *s, struct err *err)
{
	if (stream_pending(s))
		return err_exit(err, ERR_STOP, EX_PROTOCOL,
		    "%s sent more in clear than its consent to STARTTLS; "
		    "somebody between may have put it there",
		    s->host);
	stream_begin(s, 0);
	return tls_open(s->arena, s->set, s->host, s->fd,
	    (struct tls_wait){ready, s}, &s->tls, err);
}

/* --- reading and writing -------------------------------------------------- */

void
stream_end(struct stream *s, enum stream_end why)
{
	if (s->end == STREAM_OPEN)
		s->end = why;
}

bool
stream_ended(const struct stream *s)
{
	return s->end != STREAM_OPEN;
}

static ssize_t
socket_read(struct stream *s, void *buf, size_t n, enum stream_end *why)
{
	ssize_t got;

	for (;;) {
		got = recv(s->fd, buf, n, 0);
		if (got >= 0)
			return got;
		if (errno == EINTR)
			continue;
		*why = STREAM_CLOSED;
		if (errno != EAGAIN && errno != EWOULDBLOCK)
			return -1;
		*why = STREAM_LATE;
		if (!ready(s, false))
			return -1;
	}
}

/*
 * The deadline counts also while bytes keep coming: a drip is always ready.
 */
static ssize_t
fetch(struct stream *s, void *buf, size_t n)
{
	enum stream_end why = STREAM_CLOSED;
	ssize_t got;

	if (stream_ended(s))
		return -1;
	if (now_ms() >= s->deadline_ms) {
		stream_end(s, STREAM_LATE);
		return -1;
	}
	got = s->tls != NULL ? tls_read(s->tls, buf, n, &why)
			     : socket_read(s, buf, n, &why);
	if (got <= 0) {
		stream_end(s, why);
		return -1;
	}
	s->left_bytes -= got;
	if (s->left_bytes < 0) {
		stream_end(s, STREAM_MUCH);
		return -1;
	}
	return got;
}

ssize_t
stream_read(struct stream *s, void *buf, size_t n)
{
	ssize_t got;

	if (s->at == s->n) {
		if (n >= BUFFER_BYTES)
			return fetch(s, buf, n);
		got = fetch(s, s->in, BUFFER_BYTES);
		if (got < 0)
			return -1;
		s->at = 0;
		s->n = (size_t)got;
	}
	if (n > s->n - s->at)
		n = s->n - s->at;
	memcpy(buf, s->in + s->at, n);
	s->at += n;
	return (ssize_t)n;
}

bool
stream_line(struct stream *s, struct str *line)
{
	for (;;) {
		struct span have = {s->in + s->at, s->n - s->at};
		size_t n = span_findc(have, '\n');
		bool whole = n < have.n;
		ssize_t got;

		str_add(line, span_sub(have, 0, n + whole));
		s->at += n + whole;
		if (line->cut) {
			stream_end(s, STREAM_MUCH);
			return false;
		}
		if (whole)
			return true;
		got = fetch(s, s->in, BUFFER_BYTES);
		if (got < 0)
			return false;
		s->at = 0;
		s->n = (size_t)got;
	}
}

static ssize_t
socket_write(struct stream *s, struct span bytes, enum stream_end *why)
{
	ssize_t put;

	for (;;) {
		put = send(s->fd, bytes.p, bytes.n, MSG_NOSIGNAL);
		if (put >= 0)
			return put;
		if (errno == EINTR)
			continue;
		*why = STREAM_CLOSED;
		if (errno != EAGAIN && errno != EWOULDBLOCK)
			return -1;
		*why = STREAM_LATE;
		if (!ready(s, true))
			return -1;
	}
}

bool
stream_write(struct stream *s, struct span bytes)
{
	enum stream_end why = STREAM_CLOSED;
	ssize_t put;

	while (bytes.n > 0) {
		if (stream_ended(s))
			return false;
		put = s->tls != NULL ? tls_write(s->tls, bytes.p, bytes.n, &why)
				     : socket_write(s, bytes, &why);
		if (put < 0) {
			stream_end(s, why);
			return false;
		}
		bytes = span_skip(bytes, (size_t)put);
	}
	return true;
}

bool
stream_pending(const struct stream *s)
{
	return s->at < s->n;
}

int64_t
stream_left(const struct stream *s)
{
	return s->left_bytes + (int64_t)(s->n - s->at);
}

int64_t
stream_age_ms(const struct stream *s)
{
	return now_ms() - s->begun_ms;
}

int
stream_err(const struct stream *s, struct err *err, const char *doing)
{
	switch (s->end) {
	case STREAM_LATE:
		return err_exit(err, ERR_LATER, EX_TEMPFAIL,
		    "%s: %s gives no whole answer in time", doing, s->host);
	case STREAM_MUCH:
		return err_exit(err, ERR_STOP, EX_PROTOCOL,
		    "%s: %s sends more than was asked for", doing, s->host);
	case STREAM_TLS:
		return err_exit(err, ERR_STOP, EX_PROTOCOL,
		    "%s: %s sends what is no TLS", doing, s->host);
	case STREAM_OPEN:
	case STREAM_CLOSED:
		break;
	}
	return err_exit(err, ERR_LATER, EX_TEMPFAIL,
	    "%s: %s has closed the connection", doing, s->host);
}

int
stream_fd(const struct stream *s)
{
	return s->fd;
}

const char *
stream_host(const struct stream *s)
{
	return s->host;
}

void
stream_close(struct stream *s)
{
	if (s == NULL)
		return;
	if (s->tls != NULL)
		tls_close(s->tls);
	s->tls = NULL;
	if (s->fd >= 0)
		close(s->fd);
	s->fd = -1;
	stream_end(s, STREAM_CLOSED);
}
