/* Options of subcommands, and errors told in one line. */
#include "cli/cli.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/civil.h"
#include "base/num.h"
#include "base/span.h"

int
cli_say(int code, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	fputs("rmail: ", stderr);
	vfprintf(stderr, fmt, ap);
	fputc('\n', stderr);
	va_end(ap);
	return code;
}

int
cli_fail(const struct err *err)
{
	return cli_say(err_code(err), "%s", err->text);
}

static const struct cli_option *
option_find(
    const char *arg, const struct cli_option *options, size_t n, bool *joined)
{
	for (size_t i = 0; i < n; i++) {
		size_t len = strlen(options[i].name);

		if (strncmp(arg, options[i].name, len) != 0)
			continue;
		if (arg[len] == '\0' || arg[len] == '=') {
			*joined = arg[len] == '=';
			return &options[i];
		}
	}
	return NULL;
}

static bool
option_take(const struct cli_option *o, const char *value)
{
	switch (o->kind) {
	case CLI_FLAG:
		return false;
	case CLI_TEXT:
		*(const char **)o->out = value;
		return true;
	case CLI_NUMBER:
		return num_int(
		    span_of(value), 0, INT64_MAX / 2, (int64_t *)o->out);
	case CLI_TIME:
		return civil_parse_instant(span_of(value), (int64_t *)o->out);
	}
	return false;
}

static const char *
kind_text(enum cli_kind kind)
{
	switch (kind) {
	case CLI_NUMBER:
		return "a whole number";
	case CLI_TIME:
		return "a time such as 2026-11-23T09:00Z";
	default:
		return "a value";
	}
}

int
cli_options(const char *command, int *argc, char **argv,
    const struct cli_option *options, size_t n)
{
	int words = 0;
	bool end = false;

	for (int i = 0; i < *argc; i++) {
		const struct cli_option *o;
		bool joined = false;
		const char *value;

		if (end || argv[i][0] != '-' || argv[i][1] == '\0') {
			argv[words++] = argv[i];
			continue;
		}
		if (strcmp(argv[i], "--") == 0) {
			end = true;
			continue;
		}
		o = option_find(argv[i], options, n, &joined);
		if (o == NULL)
			return cli_say(-1,
			    "%s: unknown option %s; see man "
			    "rmail",
			    command, argv[i]);
		if (o->kind == CLI_FLAG && !joined) {
			*(bool *)o->out = true;
			continue;
		}
		if (joined)
			value = strchr(argv[i], '=') + 1;
		else
			value = i + 1 < *argc ? argv[++i] : "";
		if (*value == '\0' || !option_take(o, value))
			return cli_say(-1, "%s: %s takes %s", command, o->name,
			    o->kind == CLI_FLAG ? "no value"
						: kind_text(o->kind));
	}
	*argc = words;
	return 0;
}
