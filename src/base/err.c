/* Errors: a kind for the caller, a text for the person. */
#include "base/err.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sysexits.h>

static int
set(struct err *e, enum err_kind kind, int code, const char *fmt, va_list ap)
{
	e->kind = kind;
	e->exit_code = code;
	vsnprintf(e->text, sizeof(e->text), fmt, ap);
	return -1;
}

int
err_set(struct err *e, enum err_kind kind, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	set(e, kind, 0, fmt, ap);
	va_end(ap);
	return -1;
}

int
err_exit(struct err *e, enum err_kind kind, int code, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	set(e, kind, code, fmt, ap);
	va_end(ap);
	return -1;
}

int
err_errno(struct err *e, enum err_kind kind, int code, const char *fmt, ...)
{
	int saved = errno;
	size_t n;
	va_list ap;

	va_start(ap, fmt);
	set(e, kind, code, fmt, ap);
	va_end(ap);
	n = strlen(e->text);
	snprintf(e->text + n, sizeof(e->text) - n, ": %s", strerror(saved));
	return -1;
}

int
err_in(struct err *e, const char *fmt, ...)
{
	char was[sizeof(e->text)];
	size_t n;
	va_list ap;

	memcpy(was, e->text, sizeof(was));
	va_start(ap, fmt);
	vsnprintf(e->text, sizeof(e->text), fmt, ap);
	va_end(ap);
	n = strlen(e->text);
	snprintf(e->text + n, sizeof(e->text) - n, ": %s", was);
	return -1;
}

void
err_clear(struct err *e)
{
	*e = (struct err){0};
}

int
err_code(const struct err *e)
{
	if (e->exit_code != 0)
		return e->exit_code;
	switch (e->kind) {
	case ERR_NONE:
		return EX_OK;
	case ERR_ITEM:
		return EX_DATAERR;
	case ERR_LATER:
		return EX_TEMPFAIL;
	case ERR_STOP:
		return EX_SOFTWARE;
	}
	return EX_SOFTWARE;
}
