/*
 * The child: limits, the sandbox, then mail after mail until the socket is
 * closed.  All that libraries open by themselves (charset tables) is opened
 * before the door is shut; from then on there is memory, one socket, and
 * nothing else.
 */
#include <errno.h>
#include <fcntl.h>
#include <seccomp.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/limits.h"
#include "base/num.h"
#include "cal/cal.h"
#include "mime/mime.h"
#include "reader/reader_int.h"

#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define __SANITIZE_ADDRESS__ 1
#endif
#endif
#ifdef __SANITIZE_ADDRESS__
enum {
	UNDER_ASAN = 1
};
#else
enum {
	UNDER_ASAN = 0
};
#endif

enum {
	SOCKET_FD = 3,
	/*
	 * Processor time of a whole life.  The parent starts a new child long
	 * before, so that only a child without a parent meets it.
	 */
	CPU_SECONDS = 60,
	EXIT_CLOSED = 0,
	EXIT_BROKEN = 1,
};

/* --- the socket --------------------------------------------------------- */

/* At least one byte, at most n; 0 when the parent has closed. */
static size_t
read_some(void *p, size_t n)
{
	ssize_t got;

	do
		got = read(SOCKET_FD, p, n);
	while (got < 0 && errno == EINTR);
	return got > 0 ? (size_t)got : 0;
}

struct heard {
	char *p; /* of WIRE_BYTES */
	size_t n;
};

/* One question whole; false when there will be no more. */
static bool
read_question(struct arena *arena, struct heard *heard,
    struct wire_head *question, struct span *body)
{
	struct wire_head head;
	size_t have, got;
	char *p;

	while (heard->n < sizeof(head)) {
		got = read_some(heard->p + heard->n, WIRE_BYTES - heard->n);
		if (got == 0)
			return false;
		heard->n += got;
	}
	memcpy(&head, heard->p, sizeof(head));
	if (head.bytes > LIMIT_RECORD_BYTES)
		return false;
	have = heard->n - sizeof(head);
	if (have > head.bytes)
		have = head.bytes;
	p = arena_bytes(arena, head.bytes);
	memcpy(p, heard->p + sizeof(head), have);
	/* What follows is the next question. */
	heard->n -= sizeof(head) + have;
	memmove(heard->p, heard->p + sizeof(head) + have, heard->n);
	while (have < head.bytes) {
		got = read_some(p + have, head.bytes - have);
		if (got == 0)
			return false;
		have += got;
	}
	*question = head;
	*body = (struct span){p, head.bytes};
	return true;
}

static bool
write_all(struct span s)
{
	while (s.n > 0) {
		ssize_t put = write(SOCKET_FD, s.p, s.n);

		if (put < 0 && errno == EINTR)
			continue;
		if (put <= 0)
			return false;
		s = span_skip(s, (size_t)put);
	}
	return true;
}

/* Begins an answer: room for its head. */
static void
begin(struct arena *arena, struct str *out)
{
	struct wire_head head = {0};

	str_init(out, arena, LIMIT_RECORD_BYTES);
	str_add(out, (struct span){(char *)&head, sizeof(head)});
}

static void
tell(struct str *out, enum answer what)
{
	struct wire_head head = {what, (uint32_t)(out->n - sizeof(head)), 0};

	/* Too long for a record: to the parent this mail broke the reader. */
	if (out->cut)
		_exit(EXIT_BROKEN);
	memcpy(out->p, &head, sizeof(head));
	if (!write_all(str_span(out)))
		_exit(EXIT_CLOSED);
}

static void
tell_text(struct arena *arena, enum answer what, const char *text)
{
	struct str out;

	begin(arena, &out);
	str_addz(&out, text);
	tell(&out, what);
}

/* --- answers ------------------------------------------------------------ */

static void
answer_mail(struct arena *arena, struct span raw, int64_t arrived_unix)
{
	struct record r = {.arena = arena};
	struct reading reading;
	struct mail m;
	struct str out;

	mime_read(arena, raw, cal_read_answer, &m);
	if (m.date_unix == 0)
		m.date_unix = arrived_unix;
	reply_read(arena, &m, &reading);
	begin(arena, &out);
	str_reserve(
	    &out, 4096 + (raw.n < LIMIT_TEXT_BYTES ? raw.n : LIMIT_TEXT_BYTES));
	r.out = &out;
	record_mail(&r, &m);
	record_reading(&r, &m, &reading);
	tell(&out, TELL_MAIL);
}

static void
answer_busy(struct arena *arena, struct span question, bool holidays)
{
	struct record r = {.arena = arena, .in = question};
	struct err err = {0};
	struct span feed = SPAN("");
	struct busy *list = NULL;
	int64_t from_unix = 0, to_unix = 0;
	struct zone zone = zone_utc();
	struct str out;
	size_t n = 0;
	uint32_t count;

	record_feed(&r, &zone, &from_unix, &to_unix, &feed);
	if (r.bad)
		_exit(EXIT_BROKEN);
	if ((holidays ? cal_read_holidays : cal_read_feed)(
		arena, feed, &zone, from_unix, to_unix, &list, &n, &err) < 0) {
		tell_text(arena, TELL_WRONG, err.text);
		return;
	}
	begin(arena, &out);
	r = (struct record){.arena = arena, .out = &out};
	count = (uint32_t)n;
	record_busy(&r, &list, &count);
	tell(&out, TELL_BUSY);
}

/* Tries what must not be possible; says what was. */
static void
answer_self_test(struct arena *arena)
{
	struct str out;
	long pid;
	int fd;

	begin(arena, &out);
	fd = open("/etc/passwd", O_RDONLY | O_CLOEXEC);
	if (fd >= 0)
		str_addz(&out, "it can open files; ");
	fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd >= 0)
		str_addz(&out, "it can open sockets; ");
	pid = syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0);
	if (pid == 0)
		_exit(0);
	if (pid > 0)
		str_addz(&out, "it can start processes; ");
	if (syscall(SYS_execve, "/bin/true", NULL, NULL) == 0 || errno != EPERM)
		str_addz(&out, "it can start programs; ");
	if (kill(getppid(), 0) == 0)
		str_addz(&out, "it can send signals; ");
	if (mmap(NULL, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS,
		-1, 0) != MAP_FAILED)
		str_addz(&out, "it can make code; ");
	tell(&out, TELL_TEXT);
}

/* --- the sandbox -------------------------------------------------------- */

static int
limit(int which, rlim_t n)
{
	struct rlimit l = {n, n};

	return setrlimit((__rlimit_resource_t)which, &l);
}

/* Pages of address space that this process has already. */
static rlim_t
address_space(void)
{
	char buf[128];
	int64_t pages = 0;
	ssize_t n;
	int fd = open("/proc/self/statm", O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return 0;
	n = read(fd, buf, sizeof(buf));
	close(fd);
	if (n > 0)
		num_lead(
		    (struct span){buf, (size_t)n}, INT64_C(1) << 40, &pages);
	return (rlim_t)pages * (rlim_t)sysconf(_SC_PAGESIZE);
}

/*
 * What a reader may grow to comes on top of what it inherits.  ASan reserves
 * terabytes, so there the limit is left out.
 */
static const char *
shut_limits(void)
{
	if (limit(RLIMIT_CPU, CPU_SECONDS) < 0 || limit(RLIMIT_FSIZE, 0) < 0 ||
	    limit(RLIMIT_CORE, 0) < 0 || limit(RLIMIT_NPROC, 0) < 0 ||
	    limit(RLIMIT_NOFILE, SOCKET_FD + 1) < 0)
		return "cannot set its limits";
	if (!UNDER_ASAN &&
	    limit(RLIMIT_AS, address_space() + LIMIT_READER_BYTES) < 0)
		return "cannot limit its memory";
	return NULL;
}

/* Calls that are allowed whatever their arguments. */
static int
allow_calls(scmp_filter_ctx ctx)
{
	static const int calls[] = {SCMP_SYS(brk), SCMP_SYS(munmap),
	    SCMP_SYS(mremap), SCMP_SYS(madvise), SCMP_SYS(futex),
	    SCMP_SYS(clock_gettime), SCMP_SYS(getrandom), SCMP_SYS(exit),
	    SCMP_SYS(exit_group), SCMP_SYS(rt_sigreturn),
	    SCMP_SYS(rt_sigprocmask), SCMP_SYS(rt_sigaction),
	    SCMP_SYS(sigaltstack), SCMP_SYS(getpid), SCMP_SYS(gettid),
	    SCMP_SYS(getppid), SCMP_SYS(restart_syscall)};
	/* ASan looks at itself while it reports. */
	static const int asan[] = {SCMP_SYS(sched_yield), SCMP_SYS(mprotect),
	    SCMP_SYS(sched_getaffinity), SCMP_SYS(getrlimit), SCMP_SYS(write)};

	for (size_t i = 0; i < sizeof(calls) / sizeof(calls[0]); i++)
		if (seccomp_rule_add(ctx, SCMP_ACT_ALLOW, calls[i], 0) < 0)
			return -1;
	for (size_t i = 0; UNDER_ASAN && i < sizeof(asan) / sizeof(asan[0]);
	     i++)
		if (seccomp_rule_add(ctx, SCMP_ACT_ALLOW, asan[i], 0) < 0)
			return -1;
	return 0;
}

/* Reading and writing the socket; memory without code. */
static int
allow_some(scmp_filter_ctx ctx)
{
	if (seccomp_rule_add(ctx, SCMP_ACT_ALLOW, SCMP_SYS(read), 1,
		SCMP_A0(SCMP_CMP_EQ, SOCKET_FD)) < 0 ||
	    seccomp_rule_add(ctx, SCMP_ACT_ALLOW, SCMP_SYS(write), 1,
		SCMP_A0(SCMP_CMP_EQ, SOCKET_FD)) < 0 ||
	    seccomp_rule_add(ctx, SCMP_ACT_ALLOW, SCMP_SYS(mmap), 1,
		SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0)) < 0)
		return -1;
	return 0;
}

/*
 * All other calls fail with EPERM instead of killing: a C library that
 * starts to use a new call then degrades and does not break every mail.
 */
static const char *
shut_calls(void)
{
	scmp_filter_ctx ctx = seccomp_init(SCMP_ACT_ERRNO(EPERM));
	const char *wrong = NULL;

	if (ctx == NULL)
		return "has no system-call filter";
	if (allow_calls(ctx) < 0 || allow_some(ctx) < 0 ||
	    seccomp_load(ctx) < 0)
		wrong = "cannot load its system-call filter";
	seccomp_release(ctx);
	return wrong;
}

/* NULL, or what is missing. */
static const char *
shut_door(void)
{
	const char *wrong;

	if (prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) < 0 ||
	    prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
		return "cannot give up its rights";
	wrong = shut_limits();
	return wrong != NULL ? wrong : shut_calls();
}

/* --- the whole ---------------------------------------------------------- */

/*
 * Nothing of the parent's is kept: no descriptor but the socket (locks and
 * the database end here) and no handler.  Ctrl-C goes to the whole group; the
 * parent decides when its reader ends.
 */
static void
leave_parent(int fd)
{
	int null;

	if (fd != SOCKET_FD && dup2(fd, SOCKET_FD) < 0)
		_exit(EXIT_BROKEN);
	close_range(SOCKET_FD + 1, ~0u, 0);
	/* Some libraries talk. */
	null = open("/dev/null", O_RDWR | O_CLOEXEC);
	if (null >= 0) {
		dup2(null, STDIN_FILENO);
		dup2(null, STDOUT_FILENO);
		if (!UNDER_ASAN)
			dup2(null, STDERR_FILENO);
		close(null);
	}
	prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
	signal(SIGINT, SIG_IGN);
	signal(SIGTERM, SIG_IGN);
	signal(SIGHUP, SIG_IGN);
	signal(SIGPIPE, SIG_IGN);
	signal(SIGALRM, SIG_IGN);
	signal(SIGCHLD, SIG_DFL);
}

_Noreturn void
child_run(int fd)
{
	struct span body = SPAN("");
	struct arena arena, lasting;
	struct wire_head question;
	struct heard heard = {0};
	const char *wrong;

	leave_parent(fd);
	arena_init(&arena);
	arena_init(&lasting);
	heard.p = arena_alloc(&lasting, WIRE_BYTES);
	mime_prepare();
	cal_prepare();
	wrong = shut_door();
	tell_text(&arena, TELL_READY, wrong == NULL ? "on" : wrong);
	while (read_question(&arena, &heard, &question, &body)) {
		if (question.what == ASK_MAIL)
			answer_mail(&arena, body, question.arrived_unix);
		else if (question.what == ASK_BUSY ||
			 question.what == ASK_HOLIDAYS)
			answer_busy(
			    &arena, body, question.what == ASK_HOLIDAYS);
		else
			answer_self_test(&arena);
		arena_reset(&arena);
	}
	_exit(EXIT_CLOSED);
}
