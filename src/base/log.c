/* Log lines: one write each, so that lines of two programs do not mix. */
#include "base/log.h"

#include <stdarg.h>
#include <stdio.h>
#include <unistd.h>

static enum log_level level_now = LOG_ERROR;
static int fd_now = STDERR_FILENO;

void
log_set_level(enum log_level level)
{
	level_now = level;
}

enum log_level
log_get_level(void)
{
	return level_now;
}

void
log_set_fd(int fd)
{
	fd_now = fd;
}

void
log_line(enum log_level level, const char *fmt, ...)
{
	char line[2048];
	va_list ap;
	size_t n;
	int got;

	if (level > level_now)
		return;
	va_start(ap, fmt);
	got = vsnprintf(line, sizeof(line) - 1, fmt, ap);
	va_end(ap);
	if (got < 0)
		return;
	n = (size_t)got < sizeof(line) - 1 ? (size_t)got : sizeof(line) - 2;
	for (size_t i = 0; i < n; i++)
		if ((unsigned char)line[i] < 0x20 || line[i] == 0x7f)
			line[i] = '?';
	line[n++] = '\n';
	/* A log that cannot be written must not stop the mail. */
	if (write(fd_now, line, n) < 0)
		return;
}
