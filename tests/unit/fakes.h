/*
 * Servers that misbehave as they are told: all that a test file needs, by the
 * words that tell each how, started at once from one of tests/e2e/fakes/.
 */
#ifndef TESTS_UNIT_FAKES_H
#define TESTS_UNIT_FAKES_H

#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/num.h"
#include "unit/scratch.h"

enum {
	SERVERS_MAX = 200
};

static struct {
	const char *words;
	int64_t port;
} servers[SERVERS_MAX];
static size_t servers_n;
static pid_t fakes;

static inline void
will_need(const char *words)
{
	assert_true(servers_n < SERVERS_MAX);
	for (size_t i = 0; i < servers_n; i++)
		if (strcmp(servers[i].words, words) == 0)
			return;
	servers[servers_n++].words = words;
}

static inline size_t
server_of(const char *words)
{
	for (size_t i = 0; i < servers_n; i++)
		if (strcmp(servers[i].words, words) == 0)
			return i;
	fail_msg("no server for %s", words);
	return 0;
}

/* They write down in `log` what they hear, and print their ports. */
static inline void
fakes_start(const char *script, const char *log)
{
	const char *argv[SERVERS_MAX + 6] = {"python3", "-S", script, log};
	char buf[8 * SERVERS_MAX];
	struct span got, line;
	size_t n = 0, i = 0;
	ssize_t r;
	int p[2];

	for (size_t k = 0; k < servers_n; k++)
		argv[4 + k] = servers[k].words;
	assert_int_equal(pipe(p), 0);
	fakes = fork();
	if (fakes == 0) {
		setpgid(0, 0);
		dup2(p[1], 1);
		close(p[1]);
		close(p[0]);
		dup2(open(in("stderr"), O_WRONLY | O_CREAT, 0600), 2);
		execvp("python3", (char *const *)argv);
		_exit(127);
	}
	close(p[1]);
	while ((r = read(p[0], buf + n, sizeof(buf) - n)) > 0)
		n += (size_t)r;
	close(p[0]);
	got = (struct span){buf, n};
	while (i < servers_n && span_line(&got, &line))
		assert_true(num_int(line, 1, 65535, &servers[i++].port));
	assert_int_equal(i, servers_n);
}

static inline void
fakes_stop(void)
{
	kill(-fakes, SIGKILL);
	waitpid(fakes, NULL, 0);
}

/* What a shell prints for the line, without blanks around it. */
static inline struct span
shell(const char *line)
{
	char *argv[] = {(char[]){"sh"}, (char[]){"-c"},
	    arena_printf(&arena, "%s", line), NULL};
	struct command c = {.output_max = 4096, .argv = argv};
	struct command_result r;
	struct err err = {0};

	if (command_run(&arena, &c, &r, &err) < 0 || r.exit_code != 0)
		fail_msg("%s: %s", line, err.text);
	return span_trim(r.output);
}

#endif
