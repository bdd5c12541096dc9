/* rmail: options, the table of subcommands, exit codes. */
#include <malloc.h>
#include <stdio.h>
#include <string.h>

#include "base/fault.h"
#include "base/ini.h"
#include "cli/cli.h"

static const struct {
	const char *name;
	int (*run)(int argc, char **argv);
	const char *what, *usage;
} commands[] = {
    {"inspect", cli_inspect, "how a mail is understood",
	"[--json | --text] [--sent FILE] FILE|-"},
    {"preview", cli_preview, "one template filled with given data",
	"TEMPLATE [--data FILE.json] [--part text|html|eml] "
	"[--locale LOCALE] [--templates FOLDER]"},
    {"match", cli_match, "who mentors whom, proven and explained",
	"[--dry-run | --explain A [B] | --verify ROUND] [FOLDER] | "
	"--people ROSTER.csv [--answers FILE] | "
	"--scores MATRIX.csv [--capacity FILE] [--json] ..."},
    {"init", cli_init, "makes a folder with settings and database", "FOLDER"},
    {"check", cli_check, "is everything fit for a run?",
	"[--online] [--send-test ADDRESS] [FOLDER]"},
    {"import", cli_import, "takes a roster in", "ROSTER.csv [FOLDER]"},
    {"run", cli_run, "one batch: mails in, what is due, mails out",
	"[-v] [--dry-run] [--now TIME] [FOLDER]"},
    {"status", cli_status, "people, pairs, what is due, what waits",
	"[--json] [FOLDER]"},
    {"why", cli_why, "what led to a mail, what happened to a person",
	"MESSAGE-ID|ADDRESS [--json] [FOLDER]"},
    {"queue", cli_queue, "mails that wait to be sent", "[--json] [FOLDER]"},
    {"quarantine", cli_quarantine, "mails held or parked: look, release",
	"list [--json] | show ID | release ID... | drop ID... [FOLDER]"},
    {"person", cli_person, "one person: show, export, erase",
	"show|export|erase ADDRESS [--yes] [FOLDER]"},
    {"report", cli_report, "the governance report as it stands now",
	"[--format text|html|json|csv|pdf] [--out FILE] [--record] [FOLDER]"},
    {"export", cli_export, "a table or all sessions' calendar",
	"TABLE|calendar [--json] [FOLDER]"},
    {"backup", cli_backup, "a whole copy of the database", "FILE [FOLDER]"},
    {"rehearse", cli_rehearse, "a programme played with invented people",
	"[--people N] [--months N] [--seed N] [--faults] "
	"[--keep FOLDER] [FOLDER]"},
    {NULL, NULL, NULL, NULL},
};

static int
help(FILE *out)
{
	fputs("usage: rmail COMMAND ...\n", out);
	for (size_t i = 0; commands[i].name != NULL; i++)
		fprintf(
		    out, "  %-11s %s\n", commands[i].name, commands[i].what);
	fputs("See rmail COMMAND --help, and man rmail.\n", out);
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

static int
command(size_t i, int argc, char **argv)
{
	if (argc != 1 || strcmp(argv[0], "--help") != 0)
		return commands[i].run(argc, argv);
	printf("%s\nusage: rmail %s %s\n", commands[i].what, commands[i].name,
	    commands[i].usage);
	return 0;
}

static int
unknown(const char *word)
{
	const char *names[sizeof(commands) / sizeof(*commands)], *near;
	size_t n = 0;

	while (commands[n].name != NULL) {
		names[n] = commands[n].name;
		n++;
	}
	near = ini_near(span_of(word), names, n);
	return cli_say(CLI_USAGE, "there is no command %s; %s%s", word,
	    near ? "did you mean rmail " : "see rmail help", near ? near : "");
}

/*
 * What one mail needed the next one needs too: given back to the system in
 * between, it would be asked for and cleared again for each.
 */
static void
keep_memory(void)
{
	mallopt(M_TRIM_THRESHOLD, 4 << 20);
	mallopt(M_MMAP_THRESHOLD, 1 << 20);
	mallopt(M_TOP_PAD, 256 << 10);
}

int
main(int argc, char **argv)
{
	keep_memory();
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
			return flushed(command(i, argc - 2, argv + 2));
	return unknown(argv[1]);
}
