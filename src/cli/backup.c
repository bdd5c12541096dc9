/* rmail backup FILE [FOLDER]: a whole copy of the database, while it is used. */
#include <stdio.h>
#include <sys/stat.h>

#include "base/file.h"
#include "cli/cli_int.h"

static bool
same_file(const char *a, const char *b)
{
	struct stat x, y;

	return stat(a, &x) == 0 && stat(b, &y) == 0 && x.st_dev == y.st_dev &&
	       x.st_ino == y.st_ino;
}

static int
backup(struct app *app, const char *dir, const char *file, struct err *err)
{
	const char *db = file_join(&app->run,
	    file_is_dir(dir) ? dir : file_dir(&app->run, dir), "rmail.db");

	if (file_is_dir(file) || same_file(db, file))
		return err_exit(err, ERR_ITEM, CLI_USAGE,
		    "%s is %s; name another file", file,
		    file_is_dir(file) ? "a folder" : "the database itself");
	return store_backup(app->store, &app->run, file, err);
}

int
cli_backup(int argc, char **argv)
{
	const char *dir;
	struct app app;
	struct err err = {0};
	int rc;

	if (cli_options("backup", &argc, argv, NULL, 0) < 0)
		return CLI_USAGE;
	if (argc < 1 || argc > 2)
		return cli_say(CLI_USAGE, "usage: rmail backup FILE [FOLDER]");
	dir = argc > 1 ? argv[1] : ".";
	if (app_open(&app, dir, 0, &err) < 0)
		return cli_fail(&err);
	rc = backup(&app, dir, argv[0], &err);
	app_close(&app);
	return rc < 0 ? cli_fail(&err) : CLI_OK;
}
