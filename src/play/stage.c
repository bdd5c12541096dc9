/*
 * The scratch folder: the settings that are played, with mail to and from
 * folders beside them, no secrets and nothing that reaches the network.
 */
#include <errno.h>
#include <ftw.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sysexits.h>
#include <unistd.h>

#include "base/digest.h"
#include "base/embed.h"
#include "base/file.h"
#include "base/limits.h"
#include "base/str.h"
#include "play/play_int.h"

/* Its presence says that the folder may be emptied. */
static const char *const mark = "rehearsal";

/* --- folders ------------------------------------------------------------- */

static int
remove_one(const char *path, const struct stat *st, int kind, struct FTW *ftw)
{
	(void)st;
	(void)kind;
	(void)ftw;
	return remove(path) < 0 && errno != ENOENT ? -1 : 0;
}

int
play_strike(const char *dir, struct err *err)
{
	if (nftw(dir, remove_one, 16, FTW_DEPTH | FTW_PHYS) < 0)
		return err_errno(
		    err, ERR_STOP, EX_IOERR, "cannot remove %s", dir);
	return 0;
}

static int
make_folder(struct arena *arena, const char *dir, struct err *err)
{
	if (file_exists(dir) && file_exists(file_join(arena, dir, mark)) &&
	    play_strike(dir, err) < 0)
		return -1;
	/* An empty folder is as good as none. */
	if (file_exists(dir) && rmdir(dir) < 0)
		return err_exit(err, ERR_STOP, EX_CANTCREAT,
		    "%s is there already and is no rehearsal; nothing was "
		    "changed",
		    dir);
	if (file_make_dir(dir, err) < 0)
		return -1;
	return file_write(file_join(arena, dir, mark),
	    SPAN("Made by rmail rehearse, which may remove this folder.\n"),
	    false, err);
}

/* --- settings ------------------------------------------------------------ */

/* Settings that would reach out, or point to files that are not here. */
static const struct {
	const char *section, *key; /* key NULL: the whole section */
} dropped[] = {{"mail", "in"}, {"mail", "out"}, {"mail", "in-user"},
    {"mail", "in-password"}, {"mail", "in-password-command"},
    {"mail", "in-token-command"}, {"mail", "out-user"},
    {"mail", "out-password"}, {"mail", "out-password-command"},
    {"mail", "out-token-command"}, {"mail", "ca-file"},
    {"mail", "in-fingerprint"}, {"mail", "out-fingerprint"},
    {"mail", "in-starttls"}, {"mail", "out-starttls"}, {"mail", "insecure"},
    {"mail", "after"}, {"mail", "done-folder"}, {"mail", "parked-folder"},
    {"oauth2", NULL}, {"feeds", NULL}, {"programme", "logo"}};
/* And these, when the length is given. */
static const char *const dates[] = {"begin", "match-on", "midpoint", "end"};

struct setting_line {
	struct span section, key;
};

static bool
is_dropped(const struct setting_line *at, bool with_dates, bool with_number)
{
	for (size_t i = 0; i < sizeof(dropped) / sizeof(*dropped); i++)
		if (span_is(at->section, dropped[i].section) &&
		    (dropped[i].key == NULL ||
			span_is(at->key, dropped[i].key)))
			return true;
	for (size_t i = 0; with_dates && i < sizeof(dates) / sizeof(*dates);
	     i++)
		if (span_is(at->section, "programme") &&
		    span_is(at->key, dates[i]))
			return true;
	return with_number && span_is(at->section, "sessions") &&
	       span_is(at->key, "number");
}

/* Copies the settings without the dropped ones, adds ours to their section. */
struct edit {
	const struct play_ask *ask;
	bool with_dates, with_number;
	struct span dates; /* lines */
	int64_t sessions;
};

static void
add_ours(struct str *out, const struct edit *e, struct span section)
{
	if (span_is(section, "mail"))
		str_addz(out, "in = maildir:in\nout = maildir:out\n"
			      "after = keep\n");
	if (span_is(section, "programme") && e->with_dates)
		str_add(out, e->dates);
	if (span_is(section, "sessions") && e->with_number)
		str_addf(out, "number = %lld\n", (long long)e->sessions);
}

static struct span
edited(struct arena *arena, const struct edit *e, struct span text)
{
	struct setting_line at = {SPAN(""), SPAN("")};
	struct span line;
	struct str out;

	str_init(&out, arena, LIMIT_CONF_BYTES);
	while (span_line(&text, &line)) {
		struct span t = span_trim(line);

		if (t.n > 0 && t.p[0] == '[') {
			at.section =
			    span_trim(span_sub(t, 1, span_findc(t, ']')));
			at.key = SPAN("");
		} else if (line.n > 0 && !ascii_blank(line.p[0]) &&
			   line.p[0] != '#')
			at.key =
			    span_trim(span_sub(line, 0, span_findc(line, '=')));
		if (t.n > 0 && is_dropped(&at, e->with_dates, e->with_number))
			continue;
		str_add(&out, line);
		str_addc(&out, '\n');
		if (t.n > 0 && t.p[0] == '[')
			add_ours(&out, e, at.section);
	}
	return str_span(&out);
}

static int64_t
months_on(int64_t day, int64_t months)
{
	struct civil c = civil_of_days(day);
	int64_t month = c.month - 1 + months;
	int year = c.year + (int)(month / 12);
	int of_year = (int)(month % 12) + 1;
	int last = civil_month_days(year, of_year);

	return civil_days(year, of_year, c.day < last ? c.day : last);
}

static struct span
date_lines(struct arena *arena, int64_t begin_day, int64_t months)
{
	int64_t days[4] = {begin_day, begin_day + 14,
	    begin_day + (months_on(begin_day, months) - begin_day) / 2,
	    months_on(begin_day, months)};
	struct str out;

	str_init(&out, arena, 400);
	for (int i = 0; i < 4; i++) {
		struct span date = civil_write_date(arena, days[i] * DAY);

		str_addf(&out, "%s = %.*s\n", dates[i], (int)date.n, date.p);
	}
	return str_span(&out);
}

/* When the settings begin, or a Monday of our own. */
static int64_t
begin_of(struct arena *arena, struct span name, struct span text)
{
	struct conf conf;
	struct err ignored = {0};

	if (conf_parse(arena, name, text, &conf, &ignored) == 0 &&
	    conf.begin_day != 0)
		return conf.begin_day;
	return civil_days(2027, 1, 11);
}

static int
read_settings(struct arena *arena, const struct play_ask *ask,
    struct span *name, struct span *text, struct err *err)
{
	char *file;

	if (ask->folder == NULL) {
		*name = SPAN("rmail.conf.sample");
		if (embed_find("rmail.conf.sample", text))
			return 0;
		return err_exit(
		    err, ERR_STOP, EX_SOFTWARE, "the sample is missing");
	}
	file = arena_strdup(arena, span_of(ask->folder));
	if (file_is_dir(file))
		file = file_join(arena, file, "rmail.conf");
	*name = span_of(file);
	return file_read(arena, file, LIMIT_CONF_BYTES, text, err);
}

static int
link_templates(struct arena *arena, const struct play_ask *ask, struct err *err)
{
	char *dir, *own, real[PATH_MAX];

	if (ask->folder == NULL)
		return 0;
	dir = file_is_dir(ask->folder)
		  ? arena_strdup(arena, span_of(ask->folder))
		  : file_dir(arena, ask->folder);
	own = file_join(arena, dir, "templates");
	if (!file_is_dir(own))
		return 0;
	if (realpath(own, real) == NULL ||
	    symlink(real, file_join(arena, ask->dir, "templates")) < 0)
		return err_errno(err, ERR_STOP, EX_CANTCREAT,
		    "cannot link the templates of %s", ask->folder);
	return 0;
}

/* --- database ------------------------------------------------------------- */

/* Its seed comes from ours, so that codes and names of files come again. */
static int
make_database(struct arena *arena, const struct play_ask *ask,
    int64_t begin_day, struct err *err)
{
	uint8_t seed[DIGEST_BYTES];
	struct store *store;
	int rc;

	digest_sha256(
	    arena_spanf(arena, "rehearsal %lld", (long long)ask->seed), seed);
	if (store_open(arena, file_join(arena, ask->dir, "rmail.db"), true,
		false, &store, err) < 0)
		return -1;
	rc = store_begin(store, err);
	if (rc == 0)
		rc = store_do(store, PROGRAMME_INSERT, err, "bi",
		    (struct span){(const char *)seed, sizeof(seed)},
		    (begin_day - 1) * DAY);
	if (rc == 0)
		rc = store_commit(store, err);
	store_close(store);
	return rc;
}

int
play_stage(struct arena *arena, const struct play_ask *ask, struct err *err)
{
	struct edit edit = {.ask = ask};
	struct span name, text;
	int64_t begin_day, months = ask->months;

	if (read_settings(arena, ask, &name, &text, err) < 0 ||
	    make_folder(arena, ask->dir, err) < 0)
		return -1;
	begin_day = begin_of(arena, name, text);
	if (ask->folder == NULL && months == 0)
		months = 9;
	edit.with_dates = months > 0;
	edit.with_number = months > 0 && ask->folder == NULL;
	edit.dates =
	    months > 0 ? date_lines(arena, begin_day, months) : SPAN("");
	edit.sessions = months * 2 / 3 > 0 ? months * 2 / 3 : 1;
	if (link_templates(arena, ask, err) < 0 ||
	    make_database(arena, ask, begin_day, err) < 0)
		return -1;
	return file_write(file_join(arena, ask->dir, "rmail.conf"),
	    edited(arena, &edit, text), false, err);
}
