/*
 * maildir:/path, the embedded default: each mail one file in new/.  The name
 * is made of the outbox id and a digest of the bytes, so a mail that is put
 * twice overwrites itself and two mails never share a name.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sysexits.h>
#include <unistd.h>

#include "base/digest.h"
#include "base/fault.h"
#include "base/file.h"
#include "mailout/mailout_int.h"

enum {
	NAME_DIGEST_BYTES = 8
};

struct folder {
	const char *path;
	int fd_tmp, fd_new, fd_cur;
};

static int
folder_open(struct mailout *m, struct err *err)
{
	static const char *const names[] = {"tmp", "new", "cur"};
	struct folder *f = arena_alloc(m->arena, sizeof(*f));
	int *fds[] = {&f->fd_tmp, &f->fd_new, &f->fd_cur};

	f->path = arena_strdup(m->arena, m->rest);
	f->fd_tmp = f->fd_new = f->fd_cur = -1;
	for (int i = 0; i < 3; i++) {
		char *sub = file_join(m->arena, f->path, names[i]);

		if (file_make_dir(sub, err) < 0)
			goto fail;
		*fds[i] = open(sub, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
		if (*fds[i] < 0) {
			err_errno(err, ERR_STOP, EX_CANTCREAT,
			    "cannot open folder %s", sub);
			goto fail;
		}
	}
	m->state = f;
	return 0;
fail:
	for (int i = 0; i < 3; i++)
		if (*fds[i] >= 0)
			close(*fds[i]);
	return -1;
}

static int
write_tmp(struct folder *f, const char *name, struct span bytes, bool durable)
{
	int fd = openat(
	    f->fd_tmp, name, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	int rc = 0;

	if (fd < 0)
		return -1;
	while (bytes.n > 0) {
		ssize_t n = write(fd, bytes.p, bytes.n);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0) {
			rc = -1;
			break;
		}
		bytes = span_skip(bytes, (size_t)n);
	}
	if (rc == 0 && durable)
		rc = fsync(fd);
	if (close(fd) < 0)
		rc = -1;
	return rc;
}

/* Has it been put before and been seen by a mail reader since? */
static bool
was_taken(struct mailout *m, const char *name)
{
	struct folder *f = m->state;
	static const char *const marks[] = {":2,", ":2,S"};
	struct stat st;

	for (size_t i = 0; i < sizeof(marks) / sizeof(marks[0]); i++)
		if (fstatat(f->fd_cur,
			arena_printf(&m->held, "%s%s", name, marks[i]), &st,
			AT_SYMLINK_NOFOLLOW) == 0)
			return true;
	return false;
}

static int
deliver(struct mailout *m, const char *name, struct span bytes, struct err *err)
{
	struct folder *f = m->state;

	fault_point("folder: before write");
	if (write_tmp(f, name, bytes, m->set.durable) < 0) {
		err_errno(err, ERR_LATER, EX_IOERR, "cannot write %s/tmp/%s",
		    f->path, name);
		unlinkat(f->fd_tmp, name, 0);
		return -1;
	}
	fault_point("folder: before rename");
	if (renameat(f->fd_tmp, name, f->fd_new, name) < 0)
		return err_errno(err, ERR_LATER, EX_IOERR,
		    "cannot rename to %s/new/%s", f->path, name);
	fault_point("folder: after rename");
	if (m->set.durable && fsync(f->fd_new) < 0 && errno != EINVAL)
		return err_errno(
		    err, ERR_LATER, EX_IOERR, "cannot sync %s/new", f->path);
	return 0;
}

static int
folder_put(struct mailout *m, const struct mailout_mail *mail, struct err *err)
{
	uint8_t sum[DIGEST_BYTES];
	struct span hex;
	char *name;

	digest_sha256(mail->bytes, sum);
	hex = hex_write(
	    &m->held, (struct span){(const char *)sum, NAME_DIGEST_BYTES});
	name = arena_printf(&m->held, "%010lld.%.*s.rmail", (long long)mail->id,
	    (int)hex.n, hex.p);
	if (!was_taken(m, name) && deliver(m, name, mail->bytes, err) < 0)
		return -1;
	m->answer = (struct mailout_answer){.id = mail->id,
	    .result = MAILOUT_SENT,
	    .code = 250,
	    .queue_id = span_of(name)};
	m->has_answer = true;
	return 0;
}

static void
folder_close(struct mailout *m)
{
	struct folder *f = m->state;

	close(f->fd_tmp);
	close(f->fd_new);
	close(f->fd_cur);
}

const struct mailout_kind mailout_folder = {
    .open = folder_open,
    .put = folder_put,
    .take = mailout_take_held,
    .room = mailout_room_held,
    .ready = mailout_ready_held,
    .close = folder_close,
};
