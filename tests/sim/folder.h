/* Folders of a programme: copied, emptied, and the mails in them. */
#ifndef TESTS_SIM_FOLDER_H
#define TESTS_SIM_FOLDER_H

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/digest.h"
#include "base/file.h"

static void
must(bool ok, const char *what, const char *path)
{
	if (ok)
		return;
	printf("Bail out! %s %s\n", what, path);
	exit(1);
}

typedef void each_file(void *cookie, const char *path, const char *name);

/* Each name of a folder that is there, in no order. */
static void
folder_each(const char *path, each_file *call, void *cookie)
{
	DIR *dir = opendir(path);
	struct dirent *de;
	char child[4096];

	if (dir == NULL)
		return;
	while ((de = readdir(dir)) != NULL) {
		if (strcmp(de->d_name, ".") == 0 ||
		    strcmp(de->d_name, "..") == 0)
			continue;
		snprintf(child, sizeof(child), "%s/%s", path, de->d_name);
		call(cookie, child, de->d_name);
	}
	closedir(dir);
}

static void
remove_one(void *cookie, const char *path, const char *name)
{
	(void)name;
	if (file_is_dir(path)) {
		folder_each(path, remove_one, cookie);
		rmdir(path);
	} else
		unlink(path);
}

static void
folder_empty(const char *path)
{
	folder_each(path, remove_one, NULL);
}

static void
copy_bytes(const char *from, const char *to)
{
	char buf[65536];
	int in = open(from, O_RDONLY | O_CLOEXEC);
	int out = open(to, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	ssize_t n = -1;

	must(in >= 0 && out >= 0, "cannot copy", from);
	while ((n = read(in, buf, sizeof(buf))) > 0)
		must(write(out, buf, (size_t)n) == n, "cannot write", to);
	must(n == 0, "cannot read", from);
	close(in);
	close(out);
}

/*
 * The database and the journal of sent mails are written in place; mails
 * never are: they are linked.
 */
static void
copy_one(void *cookie, const char *path, const char *name)
{
	const char *to = cookie;
	char target[4096];

	snprintf(target, sizeof(target), "%s/%s", to, name);
	if (file_is_dir(path)) {
		must(mkdir(target, 0700) == 0, "cannot make", target);
		folder_each(path, copy_one, target);
	} else if (strncmp(name, "rmail.", 6) == 0)
		copy_bytes(path, target);
	else
		must(link(path, target) == 0, "cannot link", target);
}

static void
folder_copy(const char *from, const char *to)
{
	if (file_is_dir(to))
		folder_empty(to);
	else
		must(mkdir(to, 0700) == 0, "cannot make", to);
	folder_each(from, copy_one, (void *)to);
}

/* --- mails ----------------------------------------------------------------- */

struct sent_mail {
	struct span id; /* Message-ID */
	struct span digest;
};

struct sent_mails {
	struct arena *arena;
	struct sent_mail list[400];
	size_t n;
};

static void
note_mail(void *cookie, const char *path, const char *name)
{
	struct sent_mails *m = cookie;
	struct sent_mail *mail = &m->list[m->n];
	uint8_t sum[DIGEST_BYTES];
	struct err err = {0};
	struct span text, rest, line;

	if (strncmp(name, "tmp.", 4) == 0)
		return;
	must(m->n < sizeof(m->list) / sizeof(m->list[0]), "too many", path);
	must(file_read(m->arena, path, 1 << 26, &text, &err) == 0,
	    "cannot read", path);
	rest = text;
	*mail = (struct sent_mail){0};
	while (span_line(&rest, &line) && line.n > 0)
		if (span_casestarts(line, "message-id:"))
			mail->id = span_trim(span_skip(line, 11));
	digest_sha256(text, sum);
	mail->digest =
	    hex_write(m->arena, (struct span){(const char *)sum, sizeof(sum)});
	m->n++;
}

static size_t
mail_count(const struct sent_mails *m, const struct sent_mail *want)
{
	size_t n = 0;

	for (size_t i = 0; i < m->n; i++)
		n += span_eq(m->list[i].id, want->id) &&
		     span_eq(m->list[i].digest, want->digest);
	return n;
}

/*
 * NULL when all mails of `want` are there, none else, and none oftener than
 * `copies`.
 */
static const char *
mails_differ(struct arena *a, const struct sent_mails *want,
    const struct sent_mails *got, size_t copies)
{
	for (size_t i = 0; i < want->n; i++)
		if (mail_count(got, &want->list[i]) == 0)
			return arena_printf(a, "the mail %.*s is lost",
			    (int)want->list[i].id.n, want->list[i].id.p);
	for (size_t i = 0; i < got->n; i++) {
		const struct sent_mail *m = &got->list[i];

		if (mail_count(want, m) == 0)
			return arena_printf(a,
			    "the mail %.*s is new, or has other bytes",
			    (int)m->id.n, m->id.p);
		if (mail_count(got, m) > copies)
			return arena_printf(a, "the mail %.*s came %zu times",
			    (int)m->id.n, m->id.p, mail_count(got, m));
	}
	return NULL;
}

#endif
