/*
 * What a mail server has taken, noted by the sender in the moment it says
 * so: a run that is killed before it hears of it has lost nothing.  Such a
 * mail, put again, is answered out of the journal.
 *
 * A record is as long as every other and appended by one write, so that
 * senders side by side do not mix theirs and a torn one is seen by its sum.
 * The lock on the file belongs to the run and its senders together: while
 * one of them still talks to the server, no other run may begin.
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sysexits.h>
#include <time.h>
#include <unistd.h>

#include "base/digest.h"
#include "mailout/mailout_int.h"

enum {
	MAIL_BYTES = 16, /* of the digest of a mail */
	SUM_BYTES = 8,
	WAIT_MS = 30 * 1000,
	STEP_MS = 50,
};

struct record {
	int64_t id;
	int32_t code;
	char enhanced[20];
	uint8_t mail[MAIL_BYTES];
	char queue_id[64];
	char text[72];
	uint8_t sum[SUM_BYTES]; /* of all before */
};
_Static_assert(sizeof(struct record) == 192, "no padding in the file");

struct journal {
	int fd;
	off_t begin;         /* what this run has appended begins here */
	struct record *left; /* of runs before */
	size_t left_n;
	bool dirty;
};

/* --- records ------------------------------------------------------------------ */

static void
sum_of(const struct record *r, uint8_t sum[SUM_BYTES])
{
	uint8_t digest[DIGEST_BYTES];

	digest_sha256(
	    (struct span){(const char *)r, sizeof(*r) - SUM_BYTES}, digest);
	memcpy(sum, digest, SUM_BYTES);
}

static bool
is_whole(const struct record *r)
{
	uint8_t sum[SUM_BYTES];

	sum_of(r, sum);
	return memcmp(sum, r->sum, SUM_BYTES) == 0;
}

static void
copy_text(char *to, size_t size, struct span text)
{
	if (text.n >= size)
		text.n = size - 1;
	if (text.n > 0)
		memcpy(to, text.p, text.n);
	to[text.n] = '\0';
}

static void
mail_digest(const struct mailout_mail *m, uint8_t out[MAIL_BYTES])
{
	uint8_t digest[DIGEST_BYTES];

	digest_sha256(m->bytes, digest);
	memcpy(out, digest, MAIL_BYTES);
}

static void
answer_of(
    const struct record *r, struct arena *arena, struct mailout_answer *out)
{
	*out = (struct mailout_answer){.id = r->id,
	    .result = MAILOUT_SENT,
	    .code = r->code,
	    .enhanced = arena_span(arena, span_of(r->enhanced)),
	    .text = arena_span(arena, span_of(r->text)),
	    .queue_id = arena_span(arena, span_of(r->queue_id))};
}

/* --- the file ----------------------------------------------------------------- */

static int
lock(int fd, struct err *err)
{
	struct timespec step = {.tv_nsec = STEP_MS * 1000000L};

	for (int ms = 0; flock(fd, LOCK_EX | LOCK_NB) < 0; ms += STEP_MS) {
		if (errno != EWOULDBLOCK && errno != EINTR)
			return err_errno(err, ERR_STOP, EX_IOERR,
			    "the journal of sent mails cannot be locked");
		if (ms >= WAIT_MS)
			return err_exit(err, ERR_LATER, EX_TEMPFAIL,
			    "senders of an earlier run are still at work");
		nanosleep(&step, NULL);
	}
	return 0;
}

static int
read_left(struct journal *j, struct arena *arena, off_t size, struct err *err)
{
	size_t n = (size_t)size / sizeof(struct record);

	j->left = arena_alloc(arena, (n + 1) * sizeof(*j->left));
	for (size_t i = 0; i < n; i++) {
		struct record *r = &j->left[j->left_n];
		ssize_t got =
		    pread(j->fd, r, sizeof(*r), (off_t)(i * sizeof(*r)));

		if (got != (ssize_t)sizeof(*r))
			return err_errno(err, ERR_STOP, EX_IOERR,
			    "the journal of sent mails cannot be read");
		/* A torn one is its sender's death: the outcome is unknown. */
		if (is_whole(r))
			j->left_n++;
	}
	/* Records stay in step with the beginning of the file. */
	if (size % (off_t)sizeof(struct record) != 0 &&
	    ftruncate(j->fd, (off_t)(n * sizeof(struct record))) < 0)
		return err_errno(err, ERR_STOP, EX_IOERR,
		    "the journal of sent mails cannot be written");
	j->begin = (off_t)(n * sizeof(struct record));
	return 0;
}

int
journal_open(struct mailout *m, struct err *err)
{
	struct journal *j;
	struct stat st;
	const char *path;

	if (m->set.journal.n == 0)
		return 0;
	j = arena_alloc(m->arena, sizeof(*j));
	path = arena_strdup(m->arena, m->set.journal);
	j->fd = open(
	    path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (j->fd < 0)
		return err_errno(
		    err, ERR_STOP, EX_CANTCREAT, "cannot open %s", path);
	if (lock(j->fd, err) < 0)
		goto fail;
	if (fstat(j->fd, &st) < 0) {
		err_errno(err, ERR_STOP, EX_IOERR, "cannot look at %s", path);
		goto fail;
	}
	if (read_left(j, m->arena, st.st_size, err) < 0)
		goto fail;
	m->journal = j;
	return 0;
fail:
	close(j->fd);
	return -1;
}

void
journal_close(struct mailout *m)
{
	if (m->journal != NULL)
		close(m->journal->fd);
	m->journal = NULL;
}

int
journal_fd(const struct mailout *m)
{
	return m->journal != NULL ? m->journal->fd : -1;
}

/* --- noting and finding --------------------------------------------------------- */

bool
journal_note(
    int fd, const struct mailout_mail *mail, const struct mailout_answer *a)
{
	struct record r = {.id = mail->id, .code = a->code};

	mail_digest(mail, r.mail);
	copy_text(r.enhanced, sizeof(r.enhanced), a->enhanced);
	copy_text(r.queue_id, sizeof(r.queue_id), a->queue_id);
	copy_text(r.text, sizeof(r.text), a->text);
	sum_of(&r, r.sum);
	return write(fd, &r, sizeof(r)) == (ssize_t)sizeof(r);
}

void
journal_note_here(struct mailout *m, const struct mailout_mail *mail,
    const struct mailout_answer *a)
{
	if (m->journal == NULL)
		return;
	/* On a full disk the run's commit fails next, and says so. */
	journal_note(m->journal->fd, mail, a);
	m->journal->dirty = true;
}

void
journal_dirty(struct mailout *m)
{
	if (m->journal != NULL)
		m->journal->dirty = true;
}

bool
journal_left(struct mailout *m, const struct mailout_mail *mail,
    struct arena *arena, struct mailout_answer *out)
{
	const struct journal *j = m->journal;
	uint8_t digest[MAIL_BYTES];

	for (size_t i = 0; j != NULL && i < j->left_n; i++) {
		if (j->left[i].id != mail->id)
			continue;
		/* An older database, restored, gives the number anew. */
		mail_digest(mail, digest);
		if (memcmp(digest, j->left[i].mail, MAIL_BYTES) != 0)
			continue;
		answer_of(&j->left[i], arena, out);
		return true;
	}
	return false;
}

bool
journal_find(struct mailout *m, int64_t id, struct arena *arena,
    struct mailout_answer *out)
{
	struct journal *j = m->journal;
	struct record r;

	if (j == NULL)
		return false;
	for (off_t at = j->begin;
	     pread(j->fd, &r, sizeof(r), at) == (ssize_t)sizeof(r);
	     at += (off_t)sizeof(r))
		if (r.id == id && is_whole(&r)) {
			answer_of(&r, arena, out);
			return true;
		}
	return false;
}

/* --- what the run asks for ------------------------------------------------------- */

int
mailout_sync(struct mailout *m, struct err *err)
{
	struct journal *j = m->journal;

	if (j == NULL || !j->dirty)
		return 0;
	if (fdatasync(j->fd) < 0)
		return err_errno(err, ERR_STOP, EX_IOERR,
		    "the journal of sent mails cannot be written");
	j->dirty = false;
	return 0;
}

int
mailout_forget(struct mailout *m, struct err *err)
{
	struct journal *j = m->journal;
	struct stat st;

	if (j == NULL || (fstat(j->fd, &st) == 0 && st.st_size == 0))
		return 0;
	if (ftruncate(j->fd, 0) < 0)
		return err_errno(err, ERR_STOP, EX_IOERR,
		    "the journal of sent mails cannot be written");
	j->left_n = 0;
	j->begin = 0;
	return 0;
}
