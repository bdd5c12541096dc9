/* Other programs: posix_spawn, two pipes, one timer. */
#include "base/command.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <sys/timerfd.h>
#include <sys/wait.h>
#include <sysexits.h>
#include <unistd.h>

#include "base/str.h"

enum {
	TIMEOUT_SECONDS = 60,
	SECRET_BYTES = 16 * 1024, /* Microsoft's tokens reach 4 KB */
	WORDS_MAX = 64,
};

extern char **environ;

struct child {
	pid_t pid;
	int in, out, timer; /* -1 when closed */
};

static void
close_fd(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

static int
spawn(const struct command *c, struct child *child, struct err *err)
{
	int in[2] = {-1, -1}, out[2] = {-1, -1}, rc;
	posix_spawn_file_actions_t fa;
	posix_spawnattr_t attr;
	sigset_t pipes;

	if (pipe2(in, O_CLOEXEC) < 0 || pipe2(out, O_CLOEXEC) < 0) {
		close_fd(&in[0]);
		close_fd(&in[1]);
		return err_errno(
		    err, ERR_LATER, EX_OSERR, "cannot make a pipe");
	}
	posix_spawn_file_actions_init(&fa);
	posix_spawn_file_actions_adddup2(&fa, in[0], STDIN_FILENO);
	posix_spawn_file_actions_adddup2(&fa, out[1], STDOUT_FILENO);
	if (c->with_errors)
		posix_spawn_file_actions_adddup2(&fa, out[1], STDERR_FILENO);
	posix_spawnattr_init(&attr);
	sigemptyset(&pipes);
	sigaddset(&pipes, SIGPIPE);
	posix_spawnattr_setsigdefault(&attr, &pipes);
	posix_spawnattr_setflags(&attr, POSIX_SPAWN_SETSIGDEF);
	rc =
	    posix_spawnp(&child->pid, c->argv[0], &fa, &attr, c->argv, environ);
	posix_spawn_file_actions_destroy(&fa);
	posix_spawnattr_destroy(&attr);
	close(in[0]);
	close(out[1]);
	child->in = in[1];
	child->out = out[0];
	if (rc == 0)
		return 0;
	close_fd(&child->in);
	close_fd(&child->out);
	errno = rc;
	return err_errno(err, ERR_STOP, EX_CONFIG, "cannot run %s", c->argv[0]);
}

/* Feeds and reads until its output ends or time is up. */
static void
converse(const struct command *c, struct child *child, struct str *output,
    struct command_result *r)
{
	struct span rest = c->input;
	char buf[4096];
	ssize_t n;

	fcntl(child->in, F_SETFL, O_NONBLOCK);
	while (child->out >= 0) {
		struct pollfd p[3] = {{child->out, POLLIN, 0},
		    {child->timer, POLLIN, 0}, {child->in, POLLOUT, 0}};

		if (rest.n == 0)
			close_fd(&child->in);
		p[2].fd = child->in;
		if (poll(p, 3, -1) < 0 && errno != EINTR)
			break;
		if (p[1].revents != 0) {
			r->timed_out = true;
			break;
		}
		if (p[2].revents != 0) {
			n = write(child->in, rest.p, rest.n);
			if (n > 0)
				rest = span_skip(rest, (size_t)n);
			else if (n < 0 && errno != EAGAIN && errno != EINTR)
				close_fd(&child->in);
		}
		if (p[0].revents == 0)
			continue;
		n = read(child->out, buf, sizeof(buf));
		if (n > 0)
			str_add(output, (struct span){buf, (size_t)n});
		else if (n == 0 || errno != EINTR)
			close_fd(&child->out);
	}
	r->input_taken = rest.n == 0;
}

/* It may close its output and live on: the timer still counts. */
static int
wait_end(const struct child *child, struct command_result *r)
{
	int status = 0;

	while (!r->timed_out) {
		struct pollfd p = {child->timer, POLLIN, 0};
		pid_t got = waitpid(child->pid, &status, WNOHANG);

		if (got == child->pid)
			return status;
		if (got < 0 && errno != EINTR)
			return 0;
		r->timed_out = poll(&p, 1, 5) > 0;
	}
	kill(child->pid, SIGKILL);
	while (waitpid(child->pid, &status, 0) < 0 && errno == EINTR)
		;
	return status;
}

int
command_run(struct arena *arena, const struct command *c,
    struct command_result *out, struct err *err)
{
	struct child child = {0, -1, -1, -1};
	struct command_result r = {0};
	struct itimerspec limit = {0};
	struct sigaction ignore = {.sa_handler = SIG_IGN}, was;
	struct str output;
	int status;

	if (spawn(c, &child, err) < 0)
		return -1;
	limit.it_value.tv_sec =
	    c->timeout_seconds > 0 ? c->timeout_seconds : TIMEOUT_SECONDS;
	child.timer = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC);
	timerfd_settime(child.timer, 0, &limit, NULL);
	str_init(&output, arena, c->output_max);
	/* A child that does not read must not end us. */
	sigaction(SIGPIPE, &ignore, &was);
	converse(c, &child, &output, &r);
	sigaction(SIGPIPE, &was, NULL);
	close_fd(&child.in);
	status = wait_end(&child, &r);
	close_fd(&child.out);
	close_fd(&child.timer);
	r.exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
	r.signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
	r.output = str_span(&output);
	*out = r;
	return 0;
}

char **
command_split(struct arena *arena, struct span line)
{
	char **argv = arena_alloc(arena, (WORDS_MAX + 1) * sizeof(*argv));
	size_t n = 0;

	for (;;) {
		struct str word;
		char quote = '\0';

		line = span_ltrim(line);
		if (line.n == 0)
			return n > 0 ? argv : NULL;
		if (n == WORDS_MAX)
			return NULL;
		str_init(&word, arena, line.n);
		for (; line.n > 0; line = span_skip(line, 1)) {
			char c = line.p[0];

			if (quote == '\0' && ascii_blank(c))
				break;
			if (c == quote) {
				quote = '\0';
			} else if (quote == '\0' && (c == '\'' || c == '"')) {
				quote = c;
			} else {
				if (c == '\\' && quote != '\'' && line.n > 1) {
					line = span_skip(line, 1);
					c = line.p[0];
				}
				str_addc(&word, c);
			}
		}
		if (quote != '\0')
			return NULL;
		argv[n++] = word.p;
	}
}

int
command_secret(
    struct arena *arena, struct span line, struct span *out, struct err *err)
{
	struct command c = {.output_max = SECRET_BYTES};
	struct command_result r;
	struct span first;

	c.argv = command_split(arena, line);
	if (c.argv == NULL)
		return err_exit(err, ERR_STOP, EX_CONFIG,
		    "a command is expected, such as: pass show mentoring");
	if (command_run(arena, &c, &r, err) < 0)
		return -1;
	if (r.timed_out)
		return err_exit(err, ERR_STOP, EX_NOPERM,
		    "%s gave no answer in %d seconds", c.argv[0],
		    TIMEOUT_SECONDS);
	if (r.exit_code != 0)
		return err_exit(err, ERR_STOP, EX_NOPERM,
		    "%s ended with exit code %d", c.argv[0], r.exit_code);
	if (!span_line(&r.output, &first) || first.n == 0)
		return err_exit(err, ERR_STOP, EX_NOPERM,
		    "%s printed nothing on its first line", c.argv[0]);
	*out = first;
	return 0;
}
