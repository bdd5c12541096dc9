/*
 * pop3:// and pop3s://: a mail is known again by its UIDL.  Nothing can be
 * marked or moved there; what is deleted is gone with QUIT, so the session
 * ends when the mails are filed.
 *
 * The protocol is spoken here and not by libetpan: its reader of LIST dies on
 * index 0, and it knows no XOAUTH2 for POP3.
 */
#include <string.h>
#include <sysexits.h>

#include "base/digest.h"
#include "base/fault.h"
#include "base/limits.h"
#include "base/num.h"
#include "base/vec.h"
#include "mailin/stream_int.h"

enum {
	LINE_BYTES = 8192,
	UIDL_BYTES = 70, /* RFC 1939 7 */
	MAILS_MAX = 200000,
	LISTED_BYTES = 90, /* of one mail in a list */
	WALK_MS = 10 * 60 * 1000,
	RECONNECTS = 3,
	GOODBYE_SECONDS = 2,
};

struct pop3_mail {
	struct span uidl;
	int64_t number; /* in this session */
	int64_t size;   /* as listed; many servers only guess */
	bool passed;    /* handed out or given up in this run */
	bool delete;
};

struct pop3 {
	struct server server;
	struct stream *stream;
	struct str line; /* the last one read, without its end */
	struct pop3_mail *mails;
	size_t mails_n, at;
	int reconnects;
	bool quit; /* the session was ended */
};

/* --- commands ------------------------------------------------------------- */

static struct span
said(struct pop3 *p)
{
	return span_rtrim(str_span(&p->line));
}

static bool
read_line(struct pop3 *p)
{
	str_truncate(&p->line, 0);
	return stream_line(p->stream, &p->line);
}

/* RFC 2449 and 3206: what will be better next time. */
static bool
busy(struct span answer)
{
	return span_casehas(answer, "[IN-USE]") ||
	       span_casehas(answer, "[LOGIN-DELAY]") ||
	       span_casehas(answer, "[SYS/TEMP]");
}

static int
refused(struct mailin *m, struct err *err, const char *doing)
{
	struct pop3 *p = m->state;
	struct span words;

	if (stream_ended(p->stream))
		return stream_err(p->stream, err, doing);
	if (!span_casestarts(said(p), "-ERR"))
		return err_exit(err, ERR_STOP, EX_PROTOCOL,
		    "%s: %s gives an answer that is no POP3", doing,
		    p->server.host);
	words = server_words(m->arena, &m->set, span_skip(said(p), 4));
	return err_exit(err, ERR_LATER, EX_TEMPFAIL, "%s: %s refuses%s%.*s",
	    doing, p->server.host, words.n > 0 ? ": " : "", (int)words.n,
	    words.p);
}

static bool
answered_ok(struct pop3 *p)
{
	return read_line(p) && span_casestarts(said(p), "+OK");
}

/* "VERB argument" and the first line of the answer; true for +OK. */
static bool
command(struct mailin *m, const char *verb, struct span argument, int64_t bytes)
{
	struct pop3 *p = m->state;
	struct str out;
	struct arena scratch;
	bool sent;

	arena_init(&scratch);
	str_init(&out, &scratch, argument.n + 100);
	str_addz(&out, verb);
	if (argument.n > 0)
		str_addc(&out, ' ');
	str_add(&out, argument);
	str_addz(&out, "\r\n");
	stream_begin(p->stream, bytes);
	sent = stream_write(p->stream, str_span(&out));
	arena_release(&scratch);
	return sent && answered_ok(p);
}

/* --- the session ---------------------------------------------------------- */

static int
starttls(struct mailin *m, struct err *err)
{
	struct pop3 *p = m->state;

	if (command(m, "STLS", SPAN(""), 0))
		return stream_secure(p->stream, err);
	refused(m, err, "STLS");
	if (!stream_ended(p->stream)) {
		err->kind = ERR_STOP;
		err->exit_code = EX_PROTOCOL;
	}
	return -1;
}

/* XOAUTH2: a "+" carries the reason and wants an empty line. */
static bool
login_token(struct mailin *m)
{
	struct pop3 *p = m->state;
	struct span words = arena_spanf(m->arena,
	    "user=%.*s\001auth=Bearer %.*s\001\001", (int)m->set.user.n,
	    m->set.user.p, (int)m->set.token.n, m->set.token.p);
	struct span coded = span_trim(base64_write(m->arena, words, 0));

	if (command(m, "AUTH", SPAN("XOAUTH2"), 0) ||
	    !span_starts(said(p), "+"))
		return false;
	stream_begin(p->stream, 0);
	if (!stream_write(p->stream, coded) ||
	    !stream_write(p->stream, SPAN("\r\n")) || !read_line(p))
		return false;
	if (span_starts(said(p), "+") && !span_casestarts(said(p), "+OK"))
		return stream_write(p->stream, SPAN("\r\n")) && answered_ok(p);
	return span_casestarts(said(p), "+OK");
}

static int
login(struct mailin *m, struct err *err)
{
	struct pop3 *p = m->state;
	bool in;

	if (m->set.token.n > 0)
		in = login_token(m);
	else
		in = command(m, "USER", m->set.user, 0) &&
		     command(m, "PASS", m->set.password, 0);
	if (in)
		return 0;
	refused(m, err, "login");
	if (!stream_ended(p->stream) && !busy(said(p))) {
		err->kind = ERR_STOP;
		err->exit_code = EX_NOPERM;
	}
	return -1;
}

static int
connect_and_login(struct mailin *m, struct err *err)
{
	struct pop3 *p = m->state;

	if (stream_open(m->arena, &m->set, &p->server, &p->stream, err) < 0)
		return -1;
	if (!answered_ok(p))
		return refused(m, err, "greeting");
	if (m->set.starttls && starttls(m, err) < 0)
		return -1;
	return login(m, err);
}

/* --- what is there -------------------------------------------------------- */

static bool
good_uidl(struct span u)
{
	for (size_t k = 0; k < u.n; k++)
		if (u.p[k] < 0x21 || u.p[k] > 0x7e)
			return false;
	return u.n > 0 && u.n <= UIDL_BYTES;
}

/* "3 whatever": 1 a line, 0 the end of the list, -1. */
static int
list_line(struct mailin *m, int64_t *number, struct span *rest, struct err *err,
    const char *doing)
{
	struct pop3 *p = m->state;
	struct span line, word = {0};

	if (!read_line(p))
		return stream_err(p->stream, err, doing);
	line = said(p);
	if (span_is(line, "."))
		return 0;
	span_word(&line, &word);
	if (!num_int(word, 1, INT32_MAX, number))
		return err_exit(err, ERR_STOP, EX_PROTOCOL,
		    "%s: %s gives a list that is none", doing, p->server.host);
	*rest = span_trim(line);
	return 1;
}

static int
list_uidl(struct mailin *m, struct err *err)
{
	struct pop3 *p = m->state;
	struct pop3_mail mail = {0};
	struct span rest;
	int rc;

	if (!command(m, "UIDL", SPAN(""), (int64_t)MAILS_MAX * LISTED_BYTES)) {
		refused(m, err, "UIDL, without which no mail is known again");
		if (!stream_ended(p->stream)) {
			err->kind = ERR_STOP;
			err->exit_code = EX_PROTOCOL;
		}
		return -1;
	}
	while ((rc = list_line(m, &mail.number, &rest, err, "UIDL")) > 0) {
		if (!good_uidl(rest) || p->mails_n == MAILS_MAX)
			return err_exit(err, ERR_STOP, EX_PROTOCOL,
			    "UIDL: %s gives no sound list of mails",
			    p->server.host);
		mail.uidl = arena_span(m->arena, rest);
		if (vec_room(m->arena, &p->mails, p->mails_n, sizeof(mail)))
			p->mails[p->mails_n++] = mail;
	}
	return rc;
}

/* Lists are in the order of the numbers nearly always. */
static struct pop3_mail *
by_number(struct pop3 *p, int64_t number)
{
	if (number <= (int64_t)p->mails_n &&
	    p->mails[number - 1].number == number)
		return &p->mails[number - 1];
	for (size_t k = 0; k < p->mails_n; k++)
		if (p->mails[k].number == number)
			return &p->mails[k];
	return NULL;
}

static int
list_sizes(struct mailin *m, struct err *err)
{
	struct pop3 *p = m->state;
	struct pop3_mail *mail;
	struct span rest;
	int64_t number;
	int rc;

	if (!command(m, "LIST", SPAN(""), (int64_t)p->mails_n * LISTED_BYTES))
		return refused(m, err, "LIST");
	while ((rc = list_line(m, &number, &rest, err, "LIST")) > 0) {
		struct span word = {0};

		mail = by_number(p, number);
		span_word(&rest, &word);
		if (mail != NULL && num_int(word, 0, INT32_MAX, &number))
			mail->size = number;
	}
	return rc;
}

/*
 * Numbers count anew in each session; what was passed stays so.  Most are
 * where they were.  The old list is left to the arena: a session is opened a
 * few times at most.
 */
static int
list_mails(struct mailin *m, struct err *err)
{
	struct pop3 *p = m->state;
	struct pop3_mail *old = p->mails;
	size_t old_n = p->mails_n;

	p->mails = NULL;
	p->mails_n = p->at = 0;
	if (list_uidl(m, err) < 0 || list_sizes(m, err) < 0)
		return -1;
	for (size_t k = 0; k < old_n; k++) {
		size_t at = k;

		if (!old[k].passed)
			continue;
		if (k >= p->mails_n || !span_eq(p->mails[k].uidl, old[k].uidl))
			for (at = 0; at < p->mails_n; at++)
				if (span_eq(p->mails[at].uidl, old[k].uidl))
					break;
		if (at < p->mails_n)
			p->mails[at].passed = true;
	}
	return 0;
}

/* --- one mail ------------------------------------------------------------- */

/* The lines up to ".", without the dots that stand for themselves. */
static int
read_body(struct mailin *m, struct str *raw, struct err *err)
{
	struct pop3 *p = m->state;

	for (;;) {
		size_t start = raw->n;
		struct span line;

		if (!stream_line(p->stream, raw))
			return stream_err(p->stream, err, "RETR");
		line = span_skip(str_span(raw), start);
		if (line.p[0] != '.')
			continue;
		if (span_is(line, ".\r\n") || span_is(line, ".\n")) {
			str_truncate(raw, start);
			return 0;
		}
		memmove(raw->p + start, raw->p + start + 1, line.n - 1);
		str_truncate(raw, raw->n - 1);
	}
}

static int
fetch(struct mailin *m, struct arena *arena, struct pop3_mail *mail,
    struct mailin_mail *out, struct err *err)
{
	bool headers_only = mail->size > m->set.max_bytes;
	int64_t limit = headers_only ? LIMIT_HEADER_BYTES
				     : 2 * mail->size + LIMIT_HEADER_BYTES;
	struct span what = arena_spanf(
	    arena, "%lld%s", (long long)mail->number, headers_only ? " 0" : "");
	struct str raw;

	if (!command(m, headers_only ? "TOP" : "RETR", what, limit))
		return refused(m, err, "RETR");
	str_init(&raw, arena, (size_t)limit + LIMIT_HEADER_BYTES);
	str_reserve(&raw, (size_t)(headers_only ? 4096 : mail->size));
	if (read_body(m, &raw, err) < 0)
		return -1;
	*out = (struct mailin_mail){.raw = str_span(&raw),
	    .size_bytes = mail->size,
	    .headers_only = headers_only,
	    .key = arena_spanf(
		arena, "pop3:%.*s", (int)mail->uidl.n, mail->uidl.p)};
	if (headers_only)
		out->raw.n = mailin_header_bytes(out->raw);
	else
		out->size_bytes = (int64_t)out->raw.n;
	return 0;
}

static void
hang_up(struct pop3 *p)
{
	stream_close(p->stream);
	p->stream = NULL;
}

/* The mail is passed over in this run; the others go on. */
static int
give_up(struct mailin *m, struct pop3_mail *mail, struct err *err)
{
	struct pop3 *p = m->state;
	struct err why = *err;

	if (stream_ended(p->stream)) {
		if (p->reconnects++ >= RECONNECTS) {
			err->kind = ERR_LATER;
			return -1;
		}
		hang_up(p);
		err_clear(err);
		if (connect_and_login(m, err) < 0 || list_mails(m, err) < 0)
			return -1;
	}
	return err_exit(err, ERR_ITEM, EX_PROTOCOL, "mail %.*s: %s",
	    (int)mail->uidl.n, mail->uidl.p, why.text);
}

static size_t
pop3_left(const struct mailin *m)
{
	const struct pop3 *p = m->state;

	return p->at < p->mails_n ? p->mails_n - p->at : 0;
}

static int
pop3_next(struct mailin *m, struct arena *arena, mailin_known_fn *known,
    void *cookie, struct mailin_mail *out, struct err *err)
{
	struct pop3 *p = m->state;
	char key[5 + UIDL_BYTES];

	if (p->stream == NULL)
		return p->quit ? 0
			       : err_exit(err, ERR_LATER, EX_TEMPFAIL,
				     "the connection to %s was lost",
				     p->server.host);
	while (p->at < p->mails_n && stream_age_ms(p->stream) < WALK_MS) {
		struct pop3_mail *mail = &p->mails[p->at++];
		struct span k = {key, 5 + mail->uidl.n};

		memcpy(key, "pop3:", 5);
		memcpy(key + 5, mail->uidl.p, mail->uidl.n);
		if (mail->passed || known(cookie, k))
			continue;
		mail->passed = true;
		if (fetch(m, arena, mail, out, err) < 0)
			return give_up(m, mail, err);
		return 1;
	}
	return 0;
}

/* --- filing --------------------------------------------------------------- */

static int
pop3_file(
    struct mailin *m, struct span key, enum mailin_filed filed, struct err *err)
{
	struct pop3 *p = m->state;

	/* Nothing that waits for a person is thrown away. */
	if (m->set.after != MAILIN_DELETE || filed == MAILIN_PARKED ||
	    !span_starts(key, "pop3:"))
		return 0;
	if (p->quit)
		return err_exit(err, ERR_LATER, EX_TEMPFAIL,
		    "the session with %s is over", p->server.host);
	for (size_t k = 0; k < p->mails_n; k++)
		if (span_eq(p->mails[k].uidl, span_skip(key, 5)))
			p->mails[k].delete = true;
	return 0;
}

static int
pop3_flush(struct mailin *m, struct err *err)
{
	struct pop3 *p = m->state;

	if (p->quit)
		return 0;
	if (p->stream == NULL)
		return err_exit(err, ERR_LATER, EX_TEMPFAIL,
		    "the connection to %s was lost", p->server.host);
	for (size_t k = 0; k < p->mails_n; k++) {
		struct arena scratch;
		bool done;

		if (!p->mails[k].delete)
			continue;
		arena_init(&scratch);
		fault_point("pop3: before DELE");
		done = command(m, "DELE",
		    arena_spanf(
			&scratch, "%lld", (long long)p->mails[k].number),
		    0);
		arena_release(&scratch);
		if (!done)
			return refused(m, err, "DELE");
	}
	fault_point("pop3: before QUIT");
	if (!command(m, "QUIT", SPAN(""), 0))
		return refused(m, err, "QUIT");
	fault_point("pop3: after QUIT");
	p->quit = true;
	hang_up(p);
	return 0;
}

/* --- opening and closing -------------------------------------------------- */

static void
pop3_close(struct mailin *m)
{
	struct pop3 *p = m->state;

	if (p->stream != NULL && !stream_ended(p->stream)) {
		m->set.timeout_seconds = GOODBYE_SECONDS;
		/* What was not filed is not to be deleted either. */
		if (command(m, "RSET", SPAN(""), 0))
			command(m, "QUIT", SPAN(""), 0);
	}
	hang_up(p);
}

static int
pop3_open(struct mailin *m, struct err *err)
{
	struct pop3 *p = arena_alloc(m->arena, sizeof(*p));

	str_init(&p->line, m->arena, LINE_BYTES);
	m->state = p;
	if (server_parse(m, "110", "995", &p->server, err) < 0 ||
	    server_check_login(m, err) < 0)
		return -1;
	if (p->server.path.n > 0 || m->set.after == MAILIN_MOVE)
		return err_exit(err, ERR_STOP, EX_CONFIG,
		    "%.*s: POP3 has no folders; use after = keep or delete, "
		    "and no name behind the host",
		    (int)m->set.url.n, m->set.url.p);
	if (connect_and_login(m, err) < 0 || list_mails(m, err) < 0) {
		hang_up(p);
		return -1;
	}
	return 0;
}

const struct mailin_kind mailin_pop3 = {
    .scheme = "pop3",
    .open = pop3_open,
    .next = pop3_next,
    .file = pop3_file,
    .flush = pop3_flush,
    .left = pop3_left,
    .close = pop3_close,
};

const struct mailin_kind mailin_pop3s = {
    .scheme = "pop3s",
    .tls = true,
    .open = pop3_open,
    .next = pop3_next,
    .file = pop3_file,
    .flush = pop3_flush,
    .left = pop3_left,
    .close = pop3_close,
};
