/*
 * maildir:/path.  Both folders are listed once, sorted by delivery time and
 * name; the same order finds a mail by its key, so filing is a search and a
 * rename.  Mails that come while we run wait for the next run.
 *
 * Other programs may rename mails under us (new to cur, flags).  Then the
 * folders are listed again, a bounded number of times.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sysexits.h>
#include <unistd.h>

#include "base/fault.h"
#include "base/file.h"
#include "base/limits.h"
#include "base/num.h"
#include "base/str.h"
#include "base/vec.h"
#include "mailin/mailin_int.h"

enum {
	RESCANS_MAX = 16, /* each costs one listing */
	FLAGS_MAX = 64,
};

enum box_dir {
	BOX_NEW,
	BOX_CUR,
	BOX_TMP,
	BOX_DIRS
};

static const char *const dir_names[BOX_DIRS] = {"new", "cur", "tmp"};

struct box { /* a Maildir's folders, -1 when not open */
	int fd[BOX_DIRS];
};

struct entry {
	struct span base; /* the name without ":2,flags" */
	const char *file; /* the name as it stands in its folder */
	int64_t time_unix;
	enum box_dir dir;
	bool gone;
};

struct maildir {
	const char *path;
	struct box box, done, parked;
	struct entry *entries;
	size_t entries_n, at;
	int rescans;
};

static int
by_time(const void *a, const void *b)
{
	const struct entry *x = a, *y = b;

	if (x->time_unix != y->time_unix)
		return x->time_unix < y->time_unix ? -1 : 1;
	return span_cmp(x->base, y->base);
}

static struct span
base_of(struct span name)
{
	return span_sub(name, 0, span_find(name, SPAN(":2,")));
}

/* A Maildir name begins with the second of its delivery. */
static int64_t
time_of(struct span base)
{
	int64_t t = 0;
	size_t n = num_lead(base, INT64_C(1) << 40, &t);

	return n > 0 && n < base.n && base.p[n] == '.' ? t : 0;
}

static void
box_close(struct box *b)
{
	for (int i = 0; i < BOX_DIRS; i++) {
		if (b->fd[i] >= 0)
			close(b->fd[i]);
		b->fd[i] = -1;
	}
}

static int
box_open(struct arena *arena, const char *path, bool make, struct box *out,
    struct err *err)
{
	struct box b = {{-1, -1, -1}};
	char *sub;

	for (int i = 0; i < BOX_DIRS; i++) {
		sub = file_join(arena, path, dir_names[i]);
		if (make && file_make_dir(sub, err) < 0)
			goto fail;
		b.fd[i] = open(sub, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
		if (b.fd[i] < 0) {
			err_errno(err, ERR_STOP, EX_NOINPUT,
			    "cannot open Maildir folder %s", sub);
			goto fail;
		}
	}
	*out = b;
	return 0;
fail:
	box_close(&b);
	return -1;
}

/* Calls back for each mail in one folder. */
static int
list_dir(struct arena *arena, struct maildir *d, enum box_dir which,
    struct entry **entries, size_t *n, struct err *err)
{
	int fd =
	    openat(d->box.fd[which], ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *dir = fd >= 0 ? fdopendir(fd) : NULL;
	struct dirent *de;

	if (dir == NULL) {
		if (fd >= 0)
			close(fd);
		return err_errno(err, ERR_LATER, EX_IOERR, "cannot list %s/%s",
		    d->path, dir_names[which]);
	}
	while ((de = readdir(dir)) != NULL) {
		struct entry e = {.dir = which};

		if (de->d_name[0] == '.')
			continue;
		e.file = arena_strdup(arena, span_of(de->d_name));
		e.base = base_of(span_of(e.file));
		e.time_unix = time_of(e.base);
		if (vec_room(arena, entries, *n, sizeof(e)))
			(*entries)[(*n)++] = e;
	}
	closedir(dir);
	return 0;
}

/*
 * new before cur: a mail moved meanwhile is seen twice, not missed.  Of two
 * with one name the later in cur is kept.
 */
static int
list(struct arena *arena, struct maildir *d, struct entry **out, size_t *out_n,
    struct err *err)
{
	struct entry *e = NULL;
	size_t n = 0, kept = 0;

	if (list_dir(arena, d, BOX_NEW, &e, &n, err) < 0 ||
	    list_dir(arena, d, BOX_CUR, &e, &n, err) < 0)
		return -1;
	if (n > 0)
		qsort(e, n, sizeof(*e), by_time);
	for (size_t i = 0; i < n; i++) {
		if (kept > 0 && span_eq(e[kept - 1].base, e[i].base)) {
			if (e[i].dir == BOX_CUR)
				e[kept - 1] = e[i];
			continue;
		}
		e[kept++] = e[i];
	}
	*out = e;
	*out_n = kept;
	return 0;
}

static struct entry *
find(struct entry *entries, size_t n, struct span base)
{
	struct entry want = {.base = base, .time_unix = time_of(base)};

	if (n == 0)
		return NULL;
	return bsearch(&want, entries, n, sizeof(want), by_time);
}

/* Somebody renamed or took a mail: learn where all of them are now. */
static int
rescan(struct mailin *m, struct err *err)
{
	struct maildir *d = m->state;
	struct entry *now;
	size_t n;

	if (list(m->arena, d, &now, &n, err) < 0)
		return -1;
	for (size_t i = 0; i < d->entries_n; i++) {
		struct entry *e = &d->entries[i];
		struct entry *hit = find(now, n, e->base);

		e->gone = hit == NULL;
		if (hit != NULL) {
			e->file = hit->file;
			e->dir = hit->dir;
		}
	}
	return 0;
}

/* 1 try again, 0 gone, -1. */
static int
look_again(struct mailin *m, struct entry *e, struct err *err)
{
	struct maildir *d = m->state;

	if (d->rescans >= RESCANS_MAX) {
		e->gone = true;
		return 0;
	}
	d->rescans++;
	if (rescan(m, err) < 0)
		return -1;
	return e->gone ? 0 : 1;
}

static int
maildir_open(struct mailin *m, struct err *err)
{
	struct maildir *d = arena_alloc(m->arena, sizeof(*d));

	d->path = arena_strdup(m->arena, m->rest);
	d->done = d->parked = (struct box){{-1, -1, -1}};
	if (box_open(m->arena, d->path, false, &d->box, err) < 0)
		return -1;
	if (list(m->arena, d, &d->entries, &d->entries_n, err) < 0) {
		box_close(&d->box);
		return -1;
	}
	m->state = d;
	return 0;
}

/*
 * Keys are printable: bytes that are not stand as %XX, so that the name can
 * be had back.  buf holds the longest file name so written.
 */
static struct span
key_of(struct span base, char buf[8 + 3 * 256])
{
	static const char hex[] = "0123456789ABCDEF";
	size_t n = 8;

	memcpy(buf, "maildir:", 8);
	for (size_t i = 0; i < base.n && i < 256; i++) {
		unsigned char c = (unsigned char)base.p[i];

		if (c > ' ' && c < 0x7f && c != '%') {
			buf[n++] = (char)c;
			continue;
		}
		buf[n++] = '%';
		buf[n++] = hex[c >> 4];
		buf[n++] = hex[c & 15];
	}
	return (struct span){buf, n};
}

static struct span
base_of_key(struct span key, char buf[256])
{
	size_t n = 0;

	key = span_skip(key, 8);
	for (size_t i = 0; i < key.n && n < 256; i++) {
		char c = key.p[i];

		if (c == '%' && i + 2 < key.n && ascii_hex(key.p[i + 1]) >= 0 &&
		    ascii_hex(key.p[i + 2]) >= 0) {
			c = (char)(ascii_hex(key.p[i + 1]) * 16 +
				   ascii_hex(key.p[i + 2]));
			i += 2;
		}
		buf[n++] = c;
	}
	return (struct span){buf, n};
}

/* Up to `want` bytes; the rest of the file is not our business. */
static int
read_bytes(struct arena *arena, int fd, size_t want, struct span *out)
{
	char *buf = arena_bytes(arena, want + 1);
	size_t n = 0;

	while (n < want) {
		ssize_t r = read(fd, buf + n, want - n);

		if (r < 0 && errno == EINTR)
			continue;
		if (r < 0)
			return -1;
		if (r == 0)
			break;
		n += (size_t)r;
	}
	*out = (struct span){buf, n};
	return 0;
}

static int
read_mail(struct mailin *m, struct arena *arena, int fd, const struct entry *e,
    struct mailin_mail *out, struct err *err)
{
	struct mailin_mail mail = {0};
	struct stat st;
	size_t want;

	if (fstat(fd, &st) < 0 || !S_ISREG(st.st_mode))
		return err_exit(
		    err, ERR_ITEM, EX_NOINPUT, "%s is not a file", e->file);
	mail.size_bytes = st.st_size;
	mail.arrived_unix =
	    e->time_unix > 0 ? e->time_unix : (int64_t)st.st_mtime;
	mail.headers_only = st.st_size > m->set.max_bytes;
	want = mail.headers_only ? LIMIT_HEADER_BYTES : (size_t)st.st_size;
	if (read_bytes(arena, fd, want, &mail.raw) < 0)
		return err_errno(
		    err, ERR_ITEM, EX_IOERR, "cannot read %s", e->file);
	if (mail.headers_only)
		mail.raw.n = mailin_header_bytes(mail.raw);
	*out = mail;
	return 0;
}

/* 1 opened, 0 the mail is gone, -1. */
static int
open_mail(struct mailin *m, struct entry *e, int *out, struct err *err)
{
	struct maildir *d = m->state;
	int fd, again;

	for (;;) {
		fd = openat(d->box.fd[e->dir], e->file,
		    O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
		if (fd >= 0) {
			*out = fd;
			return 1;
		}
		if (errno != ENOENT)
			return err_errno(err, ERR_ITEM, EX_NOINPUT,
			    "cannot open %s/%s/%s", d->path, dir_names[e->dir],
			    e->file);
		again = look_again(m, e, err);
		if (again <= 0)
			return again;
	}
}

static int
maildir_next(struct mailin *m, struct arena *arena, mailin_known_fn *known,
    void *cookie, struct mailin_mail *out, struct err *err)
{
	struct maildir *d = m->state;
	char buf[8 + 3 * 256];
	int fd = -1, rc;

	while (d->at < d->entries_n) {
		struct entry *e = &d->entries[d->at++];
		struct span key = key_of(e->base, buf);

		if (e->gone || known(cookie, key))
			continue;
		rc = open_mail(m, e, &fd, err);
		if (rc < 0)
			return -1;
		if (rc == 0)
			continue;
		rc = read_mail(m, arena, fd, e, out, err);
		close(fd);
		if (rc < 0)
			return -1;
		out->key = arena_span(arena, key);
		return 1;
	}
	return 0;
}

static size_t
maildir_left(const struct mailin *m)
{
	const struct maildir *d = m->state;

	return d->entries_n - d->at;
}

/* The same flags and those of `more`, in order, each once. */
static void
flags_with(const char *file, const char *more, char out[FLAGS_MAX])
{
	const char *info = strstr(file, ":2,");
	size_t n = 0;

	for (char c = 'A'; c <= 'z' && n < FLAGS_MAX - 1; c++)
		if (ascii_alpha(c) &&
		    (strchr(more, c) != NULL ||
			(info != NULL && strchr(info + 3, c) != NULL)))
			out[n++] = c;
	out[n] = '\0';
}

/* Another file system: copied, synced, renamed into place, then removed. */
static int
move_across(struct maildir *d, struct entry *e, struct box *to,
    enum box_dir where, const char *name)
{
	char buf[65536];
	ssize_t n = -1;
	int in, out = -1, rc = -1;

	in = openat(d->box.fd[e->dir], e->file, O_RDONLY | O_CLOEXEC);
	if (in < 0)
		return -1;
	out = openat(to->fd[BOX_TMP], name,
	    O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	while (out >= 0 && (n = read(in, buf, sizeof(buf))) > 0)
		if (write(out, buf, (size_t)n) != n) {
			n = -1;
			break;
		}
	if (n == 0 && fsync(out) == 0 &&
	    renameat(to->fd[BOX_TMP], name, to->fd[where], name) == 0)
		rc = unlinkat(d->box.fd[e->dir], e->file, 0);
	if (out >= 0)
		close(out);
	close(in);
	return rc;
}

static int
move(struct mailin *m, struct entry *e, struct box *to, enum box_dir where,
    const char *name, struct err *err)
{
	struct maildir *d = m->state;
	int rc, again;

	for (;;) {
		fault_point("maildir: before rename");
		rc = renameat(d->box.fd[e->dir], e->file, to->fd[where], name);
		if (rc < 0 && errno == EXDEV)
			rc = move_across(d, e, to, where, name);
		fault_point("maildir: after rename");
		if (rc == 0)
			return 0;
		if (errno != ENOENT)
			return err_errno(err, ERR_LATER, EX_IOERR,
			    "cannot move %s", e->file);
		again = look_again(m, e, err);
		if (again <= 0)
			return again;
	}
}

static int
keep(
    struct mailin *m, struct entry *e, enum mailin_filed filed, struct err *err)
{
	struct maildir *d = m->state;
	char flags[FLAGS_MAX];
	char *name;

	flags_with(e->file, filed == MAILIN_PARKED ? "FS" : "S", flags);
	name = arena_printf(
	    m->arena, "%.*s:2,%s", (int)e->base.n, e->base.p, flags);
	if (e->dir == BOX_CUR && strcmp(name, e->file) == 0)
		return 0;
	if (move(m, e, &d->box, BOX_CUR, name, err) < 0)
		return -1;
	e->file = name;
	e->dir = BOX_CUR;
	return 0;
}

/* "rmail/done" beside the inbox is .rmail.done in it (Maildir++). */
static int
target(struct mailin *m, struct span folder, struct box *box, struct err *err)
{
	struct maildir *d = m->state;
	char *name;

	if (box->fd[BOX_NEW] >= 0)
		return 0;
	if (folder.n > 0 && folder.p[0] == '/') {
		name = arena_strdup(m->arena, folder);
	} else {
		name = arena_printf(
		    m->arena, "%s/.%.*s", d->path, (int)folder.n, folder.p);
		for (char *p = name + strlen(d->path) + 1; *p != '\0'; p++)
			if (*p == '/')
				*p = '.';
	}
	return box_open(m->arena, name, true, box, err);
}

static int
put_away(
    struct mailin *m, struct entry *e, enum mailin_filed filed, struct err *err)
{
	struct maildir *d = m->state;
	bool done = filed == MAILIN_DONE;
	struct box *to = done ? &d->done : &d->parked;
	char *name;

	if (target(m, done ? m->set.done_folder : m->set.parked_folder, to,
		err) < 0)
		return -1;
	/* What is parked waits for a person: it is new there. */
	name = arena_printf(
	    m->arena, "%.*s%s", (int)e->base.n, e->base.p, done ? ":2,S" : "");
	if (move(m, e, to, done ? BOX_CUR : BOX_NEW, name, err) < 0)
		return -1;
	e->gone = true;
	return 0;
}

static int
delete_mail(struct mailin *m, struct entry *e, struct err *err)
{
	struct maildir *d = m->state;
	int again;

	for (;;) {
		fault_point("maildir: before delete");
		if (unlinkat(d->box.fd[e->dir], e->file, 0) == 0)
			break;
		if (errno != ENOENT)
			return err_errno(err, ERR_LATER, EX_IOERR,
			    "cannot delete %s", e->file);
		again = look_again(m, e, err);
		if (again <= 0)
			return again;
	}
	fault_point("maildir: after delete");
	e->gone = true;
	return 0;
}

static int
maildir_file(
    struct mailin *m, struct span key, enum mailin_filed filed, struct err *err)
{
	struct maildir *d = m->state;
	char buf[256];
	struct entry *e;

	if (!span_starts(key, "maildir:"))
		return 0;
	e = find(d->entries, d->entries_n, base_of_key(key, buf));
	if (e == NULL || e->gone)
		return 0;
	switch (m->set.after) {
	case MAILIN_KEEP:
		return keep(m, e, filed, err);
	case MAILIN_MOVE:
		return put_away(m, e, filed, err);
	case MAILIN_DELETE:
		/* Nothing that waits for a person is thrown away. */
		if (filed == MAILIN_PARKED)
			return keep(m, e, filed, err);
		return delete_mail(m, e, err);
	}
	return 0;
}

static void
maildir_close(struct mailin *m)
{
	struct maildir *d = m->state;

	box_close(&d->box);
	box_close(&d->done);
	box_close(&d->parked);
}

const struct mailin_kind mailin_maildir = {
    .scheme = "maildir",
    .open = maildir_open,
    .next = maildir_next,
    .file = maildir_file,
    .left = maildir_left,
    .close = maildir_close,
};
