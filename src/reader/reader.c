/*
 * The parent's side.  It never waits longer than its deadline, never believes
 * a number it was sent, and blames the mail in hand when the child is gone.
 */
#include "reader/reader.h"

#include <assert.h>
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

#include "base/limits.h"
#include "base/utf8.h"
#include "reader/reader_int.h"

enum {
	/* Then a new child: what libraries leak does not add up. */
	QUESTIONS_MAX = 5000,
	/* Half of the child's processor time (child.c). */
	WAITED_MS_MAX = 30 * 1000,
	SOCKET_BYTES = 1024 * 1024,
};

static int64_t
now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* --- the child's life --------------------------------------------------- */

struct reader *
reader_open(struct arena *arena)
{
	struct reader *r = arena_alloc(arena, sizeof(*r));

	r->fd = -1;
	r->limit_ms = LIMIT_READ_SECONDS * 1000;
	r->buffer = arena_alloc(arena, WIRE_BYTES);
	return r;
}

/* Ends the child; returns its wait status, 0 when there was none. */
static int
end_child(struct reader *r)
{
	int status = 0;

	if (r->fd >= 0)
		close(r->fd);
	r->fd = -1;
	r->asked = 0;
	r->asked_bytes = r->have = 0;
	if (r->pid > 0) {
		kill(r->pid, SIGKILL);
		while (waitpid(r->pid, &status, 0) < 0 && errno == EINTR)
			;
	}
	r->pid = 0;
	return status;
}

void
reader_close(struct reader *r)
{
	end_child(r);
}

/* --- bytes -------------------------------------------------------------- */

/* Waits for the socket; 1 ready, 0 too late, -1 broken. */
static int
wait_for(struct reader *r, short events, int64_t deadline_ms)
{
	for (;;) {
		struct pollfd p = {.fd = r->fd, .events = events};
		int64_t left = deadline_ms - now_ms();
		int n;

		if (left <= 0)
			return 0;
		n = poll(&p, 1, (int)left);
		if (n < 0 && errno == EINTR)
			continue;
		return n > 0 ? 1 : n;
	}
}

/* Head and body, in one call as a rule; 1 done, 0 too late, -1 gone. */
static int
send_both(
    struct reader *r, struct span head, struct span body, int64_t deadline_ms)
{
	while (head.n + body.n > 0) {
		struct iovec iov[2] = {
		    {(void *)head.p, head.n}, {(void *)body.p, body.n}};
		struct msghdr message = {.msg_iov = iov, .msg_iovlen = 2};
		ssize_t n = sendmsg(r->fd, &message, MSG_NOSIGNAL);
		size_t of_head;
		int rc;

		if (n >= 0) {
			of_head = (size_t)n < head.n ? (size_t)n : head.n;
			head = span_skip(head, of_head);
			body = span_skip(body, (size_t)n - of_head);
			continue;
		}
		if (errno == EINTR)
			continue;
		if (errno != EAGAIN)
			return -1;
		rc = wait_for(r, POLLOUT, deadline_ms);
		if (rc <= 0)
			return rc;
	}
	return 1;
}

/* At least one byte, at most n; their number, or 0, -1 as above. */
static ssize_t
receive_some(struct reader *r, void *to, size_t n, int64_t deadline_ms)
{
	for (;;) {
		int rc = wait_for(r, POLLIN, deadline_ms);
		ssize_t got;

		if (rc <= 0)
			return rc;
		got = recv(r->fd, to, n, 0);
		if (got > 0)
			return got;
		if (got == 0 || (errno != EINTR && errno != EAGAIN))
			return -1;
	}
}

/* One answer whole; 1, or 0, -1 as above. */
static int
receive_answer(struct reader *r, struct arena *arena, uint32_t *what,
    struct span *body, int64_t deadline_ms)
{
	struct wire_head head;
	size_t have, want;
	ssize_t got;
	char *p;

	while (r->have < sizeof(head)) {
		got = receive_some(
		    r, r->buffer + r->have, WIRE_BYTES - r->have, deadline_ms);
		if (got <= 0)
			return (int)got;
		r->have += (size_t)got;
	}
	memcpy(&head, r->buffer, sizeof(head));
	want = head.bytes;
	if (want > LIMIT_RECORD_BYTES)
		return -1;
	have = r->have - sizeof(head);
	if (have > want)
		have = want;
	p = arena_bytes(arena, want);
	memcpy(p, r->buffer + sizeof(head), have);
	/* What follows is the answer to the next question. */
	r->have -= sizeof(head) + have;
	memmove(r->buffer, r->buffer + sizeof(head) + have, r->have);
	while (have < want) {
		got = receive_some(r, p + have, want - have, deadline_ms);
		if (got <= 0)
			return (int)got;
		have += (size_t)got;
	}
	*what = head.what;
	*body = (struct span){p, want};
	return 1;
}

/* --- starting ----------------------------------------------------------- */

/* The first thing a child says is how its sandbox is. */
static int
hear_ready(struct reader *r, struct err *err)
{
	struct arena arena;
	struct span text = SPAN("");
	uint32_t what = 0;
	int rc;

	arena_init(&arena);
	rc = receive_answer(
	    r, &arena, &what, &text, now_ms() + LIMIT_READ_SECONDS * 1000);
	if (rc == 1 && what == TELL_READY && r->have == 0 && utf8_clean(text)) {
		text = utf8_head(text, sizeof(r->sandbox) - 1);
		memcpy(r->sandbox, text.p, text.n);
		r->sandbox[text.n] = '\0';
	} else {
		rc = -1;
	}
	arena_release(&arena);
	if (rc == 1)
		return 0;
	end_child(r);
	return err_exit(err, ERR_STOP, EX_OSERR,
	    "the process that reads mails ends as soon as it is started");
}

static int
start(struct reader *r, struct err *err)
{
	int pair[2], size = SOCKET_BYTES;
	socklen_t n = sizeof(size);

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) < 0)
		return err_errno(err, ERR_STOP, EX_OSERR,
		    "cannot make a socket for the mail reader");
	setsockopt(pair[0], SOL_SOCKET, SO_SNDBUF, &size, sizeof(size));
	setsockopt(pair[1], SOL_SOCKET, SO_SNDBUF, &size, sizeof(size));
	r->pid = fork();
	if (r->pid < 0) {
		r->pid = 0;
		close(pair[0]);
		close(pair[1]);
		return err_errno(err, ERR_STOP, EX_OSERR,
		    "cannot start the process that reads mails");
	}
	if (r->pid == 0)
		child_run(pair[1]);
	close(pair[1]);
	r->fd = pair[0];
	fcntl(r->fd, F_SETFL, O_NONBLOCK);
	/* What the kernel gave; it counts what it spends on order as well. */
	r->deep = getsockopt(r->fd, SOL_SOCKET, SO_SNDBUF, &size, &n) == 0 &&
		  size >= 4 * AHEAD_BYTES;
	r->questions = 0;
	r->waited_ms = 0;
	return hear_ready(r, err);
}

/* A child that is fit for another question. */
static int
ready(struct reader *r, struct err *err)
{
	if (r->pid > 0 && r->asked == 0 &&
	    (r->questions >= QUESTIONS_MAX || r->waited_ms >= WAITED_MS_MAX))
		end_child(r);
	return r->pid > 0 ? 0 : start(r, err);
}

/* --- asking ------------------------------------------------------------- */

/* The child that is given this is gone or stuck: whose fault is it? */
static int
blame(struct reader *r, int rc, struct err *err)
{
	int status = end_child(r);

	if (rc == 0)
		return err_set(err, ERR_ITEM,
		    "it could not be read within %d seconds",
		    LIMIT_READ_SECONDS);
	if (WIFSIGNALED(status) && WTERMSIG(status) != SIGKILL)
		return err_set(err, ERR_ITEM,
		    "reading it ended the reader (signal %d)",
		    WTERMSIG(status));
	return err_set(err, ERR_ITEM, "reading it ended the reader");
}

static int
send_question(
    struct reader *r, uint32_t what, int64_t arrived_unix, struct span body)
{
	struct wire_head head = {what, (uint32_t)body.n, arrived_unix};

	return send_both(r, (struct span){(char *)&head, sizeof(head)}, body,
	    now_ms() + r->limit_ms);
}

/*
 * Behind others.  What goes wrong now is the fault of one of them: its taking
 * will say so.
 */
static void
ask_behind(
    struct reader *r, uint32_t what, int64_t arrived_unix, struct span body)
{
	if (send_question(r, what, arrived_unix, body) <= 0)
		shutdown(r->fd, SHUT_WR);
}

/*
 * A child that died while nobody asked it anything (the kernel took its
 * memory, an operator killed it) is no fault of this mail: one more try.
 */
static int
ask(struct reader *r, uint32_t what, int64_t arrived_unix, struct span body,
    struct err *err)
{
	int rc = -1;

	assert(r->asked < AHEAD);
	if (r->asked > 0) {
		ask_behind(r, what, arrived_unix, body);
		rc = 1;
	}
	for (int tries = 0; tries < 2 && rc < 0; tries++) {
		if (ready(r, err) < 0)
			return -1;
		rc = send_question(r, what, arrived_unix, body);
		if (rc < 0 && tries == 0)
			end_child(r);
	}
	if (rc <= 0)
		return blame(r, rc, err);
	r->questions++;
	r->sizes[(r->first + r->asked++) % AHEAD] = body.n;
	r->asked_bytes += body.n;
	return 0;
}

static int
take(struct reader *r, struct arena *arena, uint32_t *what, struct span *body,
    struct err *err)
{
	int64_t begun = now_ms();
	int rc = receive_answer(r, arena, what, body, begun + r->limit_ms);

	r->waited_ms += now_ms() - begun;
	if (rc != 1)
		return blame(r, rc, err);
	r->asked_bytes -= r->sizes[r->first];
	r->first = (r->first + 1) % AHEAD;
	r->asked--;
	/* Nothing may follow where nothing was asked. */
	return r->asked > 0 || r->have == 0 ? 0 : blame(r, -1, err);
}

static int
broken_record(struct reader *r, struct err *err)
{
	end_child(r);
	return err_set(err, ERR_ITEM, "the reader's record of it is not valid");
}

int
reader_ask(
    struct reader *r, struct span raw, int64_t arrived_unix, struct err *err)
{
	/* What is too large is cut by us; one byte over tells the child. */
	return ask(r, ASK_MAIL, arrived_unix,
	    span_sub(raw, 0, LIMIT_MAIL_BYTES + 1), err);
}

bool
reader_room(const struct reader *r, size_t bytes)
{
	return r->asked == 0 ||
	       (r->deep && r->asked < AHEAD && bytes <= AHEAD_BYTES &&
		   r->asked_bytes <= AHEAD_BYTES - bytes);
}

int
reader_take(struct reader *r, struct arena *arena, struct mail *out,
    struct reading *reading, struct err *err)
{
	struct record record = {.arena = arena};
	struct mail m = {.date_unix = 0};
	struct reading x = {.kind = MAIL_REFUSED};
	uint32_t what = 0;

	if (r->asked == 0)
		return err_set(
		    err, ERR_ITEM, "no mail was given to the reader");
	if (take(r, arena, &what, &record.in, err) < 0)
		return -1;
	record_mail(&record, &m);
	record_reading(&record, &m, &x);
	if (what != TELL_MAIL || !record_done(&record))
		return broken_record(r, err);
	*out = m;
	*reading = x;
	return 0;
}

int
reader_mail(struct reader *r, struct arena *arena, struct span raw,
    int64_t arrived_unix, struct mail *out, struct reading *reading,
    struct err *err)
{
	if (reader_ask(r, raw, arrived_unix, err) < 0)
		return -1;
	return reader_take(r, arena, out, reading, err);
}

static int
read_times(struct reader *r, enum question question_kind, struct arena *arena,
    struct span feed, const struct zone *owner, int64_t from_unix,
    int64_t to_unix, struct busy **out, size_t *n, struct err *err)
{
	struct record record = {.arena = arena};
	struct zone zone = *owner;
	struct busy *list = NULL;
	struct span body = SPAN("");
	uint32_t what = 0, count = 0;
	struct str question;

	if (feed.n > LIMIT_MAIL_BYTES)
		return err_set(
		    err, ERR_ITEM, "the calendar is larger than 10 MiB");
	str_init(&question, arena, LIMIT_RECORD_BYTES);
	record.out = &question;
	record_feed(&record, &zone, &from_unix, &to_unix, &feed);
	if (ask(r, question_kind, 0, str_span(&question), err) < 0 ||
	    take(r, arena, &what, &body, err) < 0)
		return -1;
	if (what == TELL_WRONG && utf8_clean(body))
		return err_set(err, ERR_ITEM, "%.*s",
		    (int)(body.n < 400 ? body.n : 400), body.p);
	record = (struct record){.arena = arena, .in = body};
	record_busy(&record, &list, &count);
	if (what != TELL_BUSY || !record_done(&record))
		return broken_record(r, err);
	*out = list;
	*n = count;
	return 0;
}

int
reader_busy(struct reader *r, struct arena *arena, struct span feed,
    const struct zone *owner, int64_t from_unix, int64_t to_unix,
    struct busy **out, size_t *n, struct err *err)
{
	return read_times(
	    r, ASK_BUSY, arena, feed, owner, from_unix, to_unix, out, n, err);
}

int
reader_holidays(struct reader *r, struct arena *arena, struct span feed,
    const struct zone *owner, int64_t from_unix, int64_t to_unix,
    struct busy **out, size_t *n, struct err *err)
{
	return read_times(r, ASK_HOLIDAYS, arena, feed, owner, from_unix,
	    to_unix, out, n, err);
}

const char *
reader_self_test(struct reader *r, struct arena *arena)
{
	struct err err = {0};
	struct span text = SPAN("");
	uint32_t what = 0;

	if (ask(r, ASK_SELF_TEST, 0, SPAN(""), &err) < 0 ||
	    take(r, arena, &what, &text, &err) < 0)
		return arena_strdup(arena, span_of(err.text));
	if (what != TELL_TEXT || !utf8_clean(text))
		return "the reader gives no sensible answer";
	if (strcmp(r->sandbox, "on") != 0)
		return arena_printf(arena, "the reader %s", r->sandbox);
	return text.n == 0 ? "on" : arena_strdup(arena, text);
}
