/* Files: every write is all or nothing. */
#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <sysexits.h>
#include <unistd.h>

#include "base/fault.h"
#include "base/str.h"

static int
read_all(struct arena *arena, int fd, const char *path, size_t limit,
    struct span *out, struct err *err)
{
	struct str s;
	char buf[65536];
	struct stat st;
	ssize_t n;

	str_init(&s, arena, limit + 1);
	/* At once: to grow by doubling would keep each size before it. */
	if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode) &&
	    st.st_size <= (off_t)limit)
		str_reserve(&s, (size_t)st.st_size + 1);
	for (;;) {
		n = read(fd, buf, sizeof(buf));
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return err_errno(
			    err, ERR_LATER, EX_IOERR, "cannot read %s", path);
		if (n == 0)
			break;
		str_add(&s, (struct span){buf, (size_t)n});
		if (s.n > limit)
			return err_exit(err, ERR_ITEM, EX_DATAERR,
			    "%s is larger than %zu bytes", path, limit);
	}
	*out = str_span(&s);
	return 0;
}

int
file_read(struct arena *arena, const char *path, size_t limit, struct span *out,
    struct err *err)
{
	int fd, rc;

	if (strcmp(path, "-") == 0)
		return read_all(
		    arena, STDIN_FILENO, "standard input", limit, out, err);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return err_errno(
		    err, ERR_ITEM, EX_NOINPUT, "cannot open %s", path);
	rc = read_all(arena, fd, path, limit, out, err);
	close(fd);
	return rc;
}

static int
write_all(int fd, struct span bytes)
{
	while (bytes.n > 0) {
		ssize_t n = write(fd, bytes.p, bytes.n);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return -1;
		bytes = span_skip(bytes, (size_t)n);
	}
	return 0;
}

int
file_sync_dir(const char *path, struct err *err)
{
	int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int rc;

	if (fd < 0)
		return err_errno(
		    err, ERR_LATER, EX_IOERR, "cannot open folder %s", path);
	rc = fsync(fd);
	close(fd);
	/* Some file systems cannot sync folders; that is no failure. */
	if (rc < 0 && errno != EINVAL)
		return err_errno(
		    err, ERR_LATER, EX_IOERR, "cannot sync folder %s", path);
	return 0;
}

int
file_write(const char *path, struct span bytes, bool durable, struct err *err)
{
	struct arena a;
	char *beside;
	int fd, rc = -1;

	arena_init(&a);
	beside = arena_printf(&a, "%s.new", path);
	fault_point("file: before write");
	fd = open(beside, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	if (fd < 0) {
		err_errno(
		    err, ERR_LATER, EX_CANTCREAT, "cannot create %s", beside);
		goto out;
	}
	if (write_all(fd, bytes) < 0 || (durable && fsync(fd) < 0)) {
		err_errno(err, ERR_LATER, EX_IOERR, "cannot write %s", beside);
		close(fd);
		unlink(beside);
		goto out;
	}
	if (close(fd) < 0) {
		err_errno(err, ERR_LATER, EX_IOERR, "cannot close %s", beside);
		unlink(beside);
		goto out;
	}
	fault_point("file: before rename");
	if (rename(beside, path) < 0) {
		err_errno(
		    err, ERR_LATER, EX_IOERR, "cannot rename to %s", path);
		unlink(beside);
		goto out;
	}
	fault_point("file: after rename");
	rc = durable ? file_sync_dir(file_dir(&a, path), err) : 0;
out:
	arena_release(&a);
	return rc;
}

bool
file_exists(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0;
}

bool
file_is_dir(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

int
file_make_dir(const char *path, struct err *err)
{
	char part[4096];
	size_t n = strlen(path);

	if (n == 0 || n >= sizeof(part))
		return err_exit(err, ERR_STOP, EX_CANTCREAT,
		    "cannot create a folder with such a name");
	for (size_t i = 1; i <= n; i++) {
		if (i < n && path[i] != '/')
			continue;
		memcpy(part, path, i);
		part[i] = '\0';
		if (mkdir(part, 0700) < 0 && errno != EEXIST)
			return err_errno(err, ERR_STOP, EX_CANTCREAT,
			    "cannot create folder %s", part);
	}
	return 0;
}

const char *
file_check_private(struct arena *arena, const char *path)
{
	struct stat st;

	if (stat(path, &st) < 0)
		return arena_printf(arena, "%s: %s", path, strerror(errno));
	if (st.st_uid != geteuid() && st.st_uid != 0)
		return arena_printf(arena,
		    "%s belongs to another user; chown it to the one that "
		    "runs rmail",
		    path);
	if ((st.st_mode & 077) != 0)
		return arena_printf(arena,
		    "%s can be read by others; run: chmod %s %s", path,
		    S_ISDIR(st.st_mode) ? "700" : "600", path);
	return NULL;
}

int
file_lock(const char *path, int *fd, struct err *err)
{
	int f = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);

	if (f < 0)
		return err_errno(err, ERR_STOP, EX_CANTCREAT,
		    "cannot open lock file %s", path);
	if (flock(f, LOCK_EX | LOCK_NB) < 0) {
		int why = errno;

		close(f);
		if (why == EWOULDBLOCK)
			return 0;
		errno = why;
		return err_errno(
		    err, ERR_STOP, EX_OSERR, "cannot lock %s", path);
	}
	*fd = f;
	return 1;
}

char *
file_join(struct arena *arena, const char *dir, const char *name)
{
	if (*name == '/' || *dir == '\0')
		return arena_strdup(arena, span_of(name));
	return arena_printf(arena, "%s/%s", dir, name);
}

char *
file_dir(struct arena *arena, const char *path)
{
	const char *slash = strrchr(path, '/');

	if (slash == NULL)
		return arena_strdup(arena, SPAN("."));
	if (slash == path)
		return arena_strdup(arena, SPAN("/"));
	return arena_strdup(arena, (struct span){path, (size_t)(slash - path)});
}

bool
file_is_remote(const char *path)
{
	struct statfs fs;

	if (statfs(path, &fs) < 0)
		return false;
	switch ((unsigned long)fs.f_type) {
	case 0x6969:     /* NFS */
	case 0xff534d42: /* CIFS */
	case 0xfe534d42: /* SMB2 */
	case 0x517b:     /* SMB */
	case 0x01021997: /* 9p */
	case 0x5346414f: /* AFS */
	case 0x73757245: /* Coda */
	case 0x65735546: /* FUSE: sshfs and the like */
		return true;
	}
	return false;
}
