/* rmail: options, the table of subcommands, exit codes. */
#include <stdio.h>
#include <string.h>

#include "base/fault.h"
#include "cli/cli.h"

static const struct {
	const char *name;
	int (*run)(int argc, char **argv);
	const char *what;
} commands[] = {
    {"inspect", cli_inspect, "how a mail is understood"},
    {"preview", cli_preview, "one template filled with given data"},
    {"match", cli_match, "who mentors whom, proven and explained"},
    {"init", cli_init, "makes a folder with settings and database"},
    {"check", cli_check, "are settings, surveys and database sound?"},
    {"import", cli_import, "takes a roster in"},
    {"run", cli_run, "one batch: mails in, what is due, mails out"},
    {"status", cli_status, "people, pairs, what is due, what waits"},
    {"why", cli_why, "what led to a mail, what happened to a person"},
    {"queue", cli_queue, "mails that wait to be sent"},
    {"quarantine", cli_quarantine, "mails held or parked: look, release"},
    {"person", cli_person, "one person: show, export, erase"},
    {"report", cli_report, "the governance report as it stands now"},
    {"export", cli_export, "a table or all sessions' calendar"},
    {"backup", cli_backup, "a whole copy of the database"},
    {"rehearse", cli_rehearse, "a programme played with invented people"},
    {NULL, NULL, NULL},
};

static int
help(FILE *out)
{
	fputs("usage: rmail COMMAND ...\n", out);
	for (size_t i = 0; commands[i].name != NULL; i++)
		fprintf(
		    out, "  %-11s %s\n", commands[i].name, commands[i].what);
	fputs("See man rmail.\n", out);
	return 0;
}

/* What could not be written was not done, whatever the command says. */
static int
flushed(int code)
{
	if (fflush(stdout) == 0 && !ferror(stdout))
		return code;
	return cli_say(74, "the output could not be written");
}

int
main(int argc, char **argv)
{
	fault_from_environment();
	if (argc < 2) {
		help(stderr);
		return CLI_USAGE;
	}
	if (strcmp(argv[1], "--version") == 0) {
		puts("rmail " RMAIL_VERSION);
		return 0;
	}
	if (strcmp(argv[1], "help") == 0 || strcmp(argv[1], "--help") == 0)
		return help(stdout);
	for (size_t i = 0; commands[i].name != NULL; i++)
		if (strcmp(argv[1], commands[i].name) == 0)
			return flushed(commands[i].run(argc - 2, argv + 2));
	return cli_say(
	    CLI_USAGE, "there is no command %s; see rmail help", argv[1]);
}
