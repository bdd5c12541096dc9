/*
 * A connection to a mail server that trusts nobody: the peer's certificate is
 * checked before a byte of ours goes out, each command has a deadline and a
 * number of bytes it may bring, and so has the whole connection.  Private to
 * mailin/.
 */
#ifndef MAILIN_STREAM_INT_H
#define MAILIN_STREAM_INT_H

#include <sys/types.h>

#include "base/str.h"
#include "mailin/mailin_int.h"

/* Why a connection is of no more use. */
enum stream_end {
	STREAM_OPEN,
	STREAM_CLOSED, /* by the other side, or the network */
	STREAM_LATE,   /* a deadline has passed */
	STREAM_MUCH,   /* more bytes than the command can bring */
	STREAM_TLS,    /* a record that is none */
};

/* "imaps://host:port/folder,folder" in its parts. */
struct server {
	const char *host; /* without brackets, A-labels */
	const char *port;
	bool tls;         /* from the first byte on */
	int fd;           /* connected already and used once; else -1 */
	struct span path; /* behind the host, without the first "/" */
};

struct stream;

/* Exit 78 when the URL is wrong or the mail would come in clear. */
int server_parse(struct mailin *, const char *port, const char *tls_port,
    struct server *, struct err *);
/*
 * Connects and, with server->tls, shakes hands.  ERR_LATER 75 when the server
 * is not there, ERR_STOP 76 when it is not the one we were told to trust.
 */
int stream_open(struct arena *, const struct mailin_settings *, struct server *,
    struct stream **, struct err *);
/*
 * The handshake behind STARTTLS.  What came in clear behind the server's
 * consent was put there by somebody between us: exit 76.
 */
int stream_secure(struct stream *, struct err *);
/*
 * A command begins that may bring `bytes`: sets its deadline and its limit,
 * each with room for what servers add.
 */
void stream_begin(struct stream *, int64_t bytes);
/* The bytes, -1 at the end; why is kept. */
ssize_t stream_read(struct stream *, void *, size_t);
/*
 * One line with its line end is appended; false at the end or when it does
 * not fit.
 */
bool stream_line(struct stream *, struct str *);
bool stream_write(struct stream *, struct span);
/* Bytes that came and were not read yet? */
bool stream_pending(const struct stream *);
/* How many bytes the command in hand may still bring. */
int64_t stream_left(const struct stream *);
/* How many milliseconds it has been open. */
int64_t stream_age_ms(const struct stream *);
bool stream_ended(const struct stream *);
/* Ends it for this reason, unless it has ended before. */
void stream_end(struct stream *, enum stream_end);
/* Sets the error by the reason; `doing` opens the text. */
int stream_err(const struct stream *, struct err *, const char *doing);
int stream_fd(const struct stream *);
const char *stream_host(const struct stream *);
/* Says no goodbye.  NULL is closed already. */
void stream_close(struct stream *);

/* tls.c: one session over a connected socket. */
struct tls;
struct tls_wait { /* waits until the socket is ready; false = too late */
	bool (*ready)(void *, bool to_write);
	void *cookie;
};
int tls_open(struct arena *, const struct mailin_settings *, const char *host,
    int fd, struct tls_wait, struct tls **, struct err *);
/* As read and write: 0 at the end, -1 with STREAM_LATE or STREAM_TLS told. */
ssize_t tls_read(struct tls *, void *, size_t, enum stream_end *);
ssize_t tls_write(struct tls *, const void *, size_t, enum stream_end *);
void tls_close(struct tls *);

/*
 * May this be shown?  A server's words, cut and made printable; "" when they
 * hold what we keep secret.
 */
struct span server_words(
    struct arena *, const struct mailin_settings *, struct span);
/* Exit 78 when a login or a password could end a command. */
int server_check_login(const struct mailin *, struct err *);

#endif
