/*
 * mbox:/path, read only: nothing is marked or rewritten, so a mail is known
 * again by the digest of its bytes alone.
 *
 * A mail begins at a line "From SENDER DATE" at the start of the file or
 * behind an empty line; a line that merely begins with "From " is text.
 * Content-Length is not believed.  ">From " is unquoted by one ">".
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sysexits.h>
#include <time.h>
#include <unistd.h>

#include "base/digest.h"
#include "base/limits.h"
#include "base/str.h"
#include "mailin/mailin_int.h"

enum {
	LINE_BYTES = 1024,
	/* A dot lock older than this was left by a program that died. */
	LOCK_SECONDS = 300,
};

struct mbox {
	FILE *f;
	const char *path;
	int64_t size; /* when it was opened; what comes later waits */
	int64_t body; /* where the next mail begins, behind its From line */
	bool more;
};

static bool
is_word(struct span s, size_t at, const char *words)
{
	for (size_t i = 0; words[i] != '\0'; i += 3)
		if (at + 3 <= s.n && memcmp(s.p + at, words + i, 3) == 0)
			return true;
	return false;
}

/* "From x Mon Jan  2 15:04..." : a weekday, a month and a clock time. */
static bool
is_from_line(struct span line)
{
	if (!span_starts(line, "From "))
		return false;
	for (size_t i = 5; i + 16 <= line.n; i++) {
		if (line.p[i - 1] != ' ' ||
		    !is_word(line, i, "MonTueWedThuFriSatSun"))
			continue;
		if (line.p[i + 3] != ' ' ||
		    !is_word(
			line, i + 4, "JanFebMarAprMayJunJulAugSepOctNovDec"))
			continue;
		for (size_t k = i + 8; k + 2 < line.n && k < i + 14; k++)
			if (line.p[k] == ':' && ascii_digit(line.p[k - 1]) &&
			    ascii_digit(line.p[k + 1]))
				return true;
	}
	return false;
}

/* A delivery under way: come back later. */
static int
check_locks(struct mbox *b, struct arena *arena, struct err *err)
{
	struct flock lock = {.l_type = F_RDLCK, .l_whence = SEEK_SET};
	char *dot = arena_printf(arena, "%s.lock", b->path);
	struct stat st;

	if (stat(dot, &st) == 0 && time(NULL) - st.st_mtime < LOCK_SECONDS)
		return err_exit(err, ERR_LATER, EX_TEMPFAIL,
		    "%s is locked by %s", b->path, dot);
	if (fcntl(fileno(b->f), F_SETLK, &lock) < 0 &&
	    (errno == EACCES || errno == EAGAIN))
		return err_exit(err, ERR_LATER, EX_TEMPFAIL,
		    "%s is locked by another program", b->path);
	return 0;
}

/* A line into buf (the rest of a long one is skipped); bytes eaten, 0 end. */
static int64_t
next_line(struct mbox *b, char buf[LINE_BYTES], struct span *line)
{
	int64_t eaten = 0, left = b->size - ftello(b->f);
	size_t n = 0;
	int c;

	while (eaten < left && (c = getc_unlocked(b->f)) != EOF) {
		eaten++;
		if (n < LINE_BYTES)
			buf[n++] = (char)c;
		if (c == '\n')
			break;
	}
	*line = (struct span){buf, n};
	return eaten;
}

static int
mbox_open(struct mailin *m, struct err *err)
{
	struct mbox *b = arena_alloc(m->arena, sizeof(*b));
	char buf[LINE_BYTES];
	struct span line;
	struct stat st;
	int64_t n;

	b->path = arena_strdup(m->arena, m->rest);
	b->f = fopen(b->path, "re");
	if (b->f == NULL)
		return err_errno(
		    err, ERR_STOP, EX_NOINPUT, "cannot open %s", b->path);
	if (fstat(fileno(b->f), &st) < 0 || !S_ISREG(st.st_mode)) {
		err_exit(
		    err, ERR_STOP, EX_NOINPUT, "%s is not a file", b->path);
		goto fail;
	}
	if (check_locks(b, m->arena, err) < 0)
		goto fail;
	b->size = st.st_size;
	do {
		n = next_line(b, buf, &line);
	} while (n > 0 && span_trim(line).n == 0);
	b->more = n > 0;
	b->body = ftello(b->f);
	if (b->more && !is_from_line(line)) {
		err_exit(err, ERR_STOP, EX_DATAERR,
		    "%s is not an mbox: its first line is no \"From \" line",
		    b->path);
		goto fail;
	}
	m->state = b;
	return 0;
fail:
	fclose(b->f);
	return -1;
}

/* Where the mail that begins at b->body ends; b->body moves on. */
static void
find_end(struct mbox *b, int64_t *end)
{
	char buf[LINE_BYTES];
	struct span line;
	bool empty = false; /* was the line before empty? */
	size_t empty_n = 0;
	int64_t at = b->body, n;

	fseeko(b->f, at, SEEK_SET);
	while ((n = next_line(b, buf, &line)) > 0) {
		if (empty && is_from_line(line)) {
			*end = at - (int64_t)empty_n;
			b->body = at + n;
			return;
		}
		empty_n = (size_t)n;
		empty = span_is(line, "\n") || span_is(line, "\r\n");
		at += n;
	}
	*end = empty ? at - (int64_t)empty_n : at;
	b->more = false;
}

static struct span
unquote(struct arena *arena, struct span raw)
{
	struct str s;
	struct span rest = raw;

	if (!span_has(raw, "\n>"))
		return raw;
	str_init(&s, arena, raw.n);
	while (rest.n > 0) {
		size_t n = span_findc(rest, '\n');
		struct span line = span_sub(rest, 0, n + 1);
		size_t marks = 0;

		while (marks < line.n && line.p[marks] == '>')
			marks++;
		if (marks > 0 && span_starts(span_skip(line, marks), "From "))
			line = span_skip(line, 1);
		str_add(&s, line);
		rest = span_skip(rest, n + 1);
	}
	return str_span(&s);
}

static int
read_part(struct mbox *b, struct arena *arena, int64_t from, size_t n,
    struct span *out, struct err *err)
{
	char *buf = arena_alloc(arena, n + 1);
	ssize_t got = n > 0 ? pread(fileno(b->f), buf, n, from) : 0;

	if (got != (ssize_t)n)
		return err_exit(err, ERR_LATER, EX_IOERR,
		    "%s changed while it was read", b->path);
	*out = (struct span){buf, n};
	return 0;
}

/* The digest of all of it, in pieces: a large mail is not held. */
static int
digest_part(struct mbox *b, struct span head, int64_t from, int64_t end,
    uint8_t out[DIGEST_BYTES], struct err *err)
{
	struct hmac h;
	char buf[65536];

	if (end - from == (int64_t)head.n) {
		digest_sha256(head, out);
		return 0;
	}
	hmac_begin(&h, SPAN("mbox"));
	while (from < end) {
		size_t n = end - from < (int64_t)sizeof(buf)
			       ? (size_t)(end - from)
			       : sizeof(buf);
		ssize_t got = pread(fileno(b->f), buf, n, from);

		if (got <= 0) {
			hmac_end(&h, out);
			return err_exit(err, ERR_LATER, EX_IOERR,
			    "%s changed while it was read", b->path);
		}
		hmac_add(&h, (struct span){buf, (size_t)got});
		from += got;
	}
	hmac_end(&h, out);
	return 0;
}

static int
mbox_next(struct mailin *m, struct arena *arena, mailin_known_fn *known,
    void *cookie, struct mailin_mail *out, struct err *err)
{
	struct mbox *b = m->state;

	while (b->more) {
		struct mailin_mail mail = {0};
		uint8_t sum[DIGEST_BYTES];
		int64_t from = b->body, end;
		size_t want;

		find_end(b, &end);
		mail.size_bytes = end - from;
		mail.headers_only = mail.size_bytes > m->set.max_bytes;
		want = (size_t)mail.size_bytes;
		if (mail.headers_only && want > LIMIT_HEADER_BYTES)
			want = LIMIT_HEADER_BYTES;
		if (read_part(b, arena, from, want, &mail.raw, err) < 0 ||
		    digest_part(b, mail.raw, from, end, sum, err) < 0)
			return -1;
		if (mail.headers_only)
			mail.raw.n = mailin_header_bytes(mail.raw);
		mail.key = hex_write(
		    arena, (struct span){(const char *)sum, sizeof(sum)});
		mail.key = arena_spanf(
		    arena, "mbox:%.*s", (int)mail.key.n, mail.key.p);
		if (known(cookie, mail.key))
			continue;
		mail.raw = unquote(arena, mail.raw);
		*out = mail;
		return 1;
	}
	return 0;
}

static int
mbox_file(
    struct mailin *m, struct span key, enum mailin_filed filed, struct err *err)
{
	(void)m, (void)key, (void)filed, (void)err;
	return 0;
}

static void
mbox_close(struct mailin *m)
{
	struct mbox *b = m->state;

	fclose(b->f);
}

const struct mailin_kind mailin_mbox = {
    .scheme = "mbox",
    .open = mbox_open,
    .next = mbox_next,
    .file = mbox_file,
    .close = mbox_close,
};
