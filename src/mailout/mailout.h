/*
 * mailout: rendered mails out.  Decides nothing: says what the other side
 * answered.
 *
 *   file      purpose
 *   mailout   a sink by its URL
 *   folder    maildir:/path (the embedded default)
 *   pipe      sendmail:/usr/sbin/sendmail
 *   smtp      smtp://, smtps://: sender children and their jobs
 *   sender    one child: a libcurl easy handle
 *   journal   what a server has taken, whoever dies then
 *   verdict   what a server's answer means
 */
#ifndef MAILOUT_MAILOUT_H
#define MAILOUT_MAILOUT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/span.h"

struct mailout_settings {
	struct span url;
	struct span user, password, token;
	/* pin: hex SHA-256 of the server's public key; it replaces the chain
	 * and name checks. */
	struct span ca_file, pin_sha256;
	struct span helo;
	bool starttls, insecure;
	int timeout_seconds;
	int connections; /* sender children, 1..32 */
	bool durable;    /* folder: fsync */
	/* The file in which sent mails are noted at once; "": none, and who is
	 * killed may send a mail twice. */
	struct span journal;
};

enum mailout_result {
	MAILOUT_SENT,
	MAILOUT_LATER,   /* 4yz, connection refused, greylisted */
	MAILOUT_REFUSED, /* 5yz: this mail or recipient for good */
	MAILOUT_UNKNOWN, /* all sent, no answer: repeat the same bytes */
	/* Stop the queue: login or policy (code set), TLS (code 0). */
	MAILOUT_STOP,
	/* It never left us, for another's failure: as if it had not been put. */
	MAILOUT_BACK,
};

struct mailout_mail {
	int64_t id;
	struct span from, to; /* envelope, canonical addresses */
	struct span bytes;    /* CRLF */
};

struct mailout_answer {
	int64_t id;
	enum mailout_result result;
	int code;             /* 250, 550, ...; 0 none */
	struct span enhanced; /* "5.1.1" or "" */
	struct span text;     /* the last line, cleaned */
	struct span queue_id; /* the server's, or "" */
	bool bad_address;     /* 5.1.x: the recipient does not exist */
	/* The server was not reached at all: it is not about this mail. */
	bool away;
	/* It wants to rest, or may have taken a mail and did not say so. */
	bool enough;
};

struct mailout; /* a sink */

int mailout_open(struct arena *, const struct mailout_settings *,
    struct mailout **, struct err *);
/*
 * Hands a mail over; may send at once or keep several under way.  One that
 * the journal knows as sent is not sent again.  Then mailout_take() gives
 * answers as they come: 1 one answer, 0 none under way, -1 the sink as a
 * whole has failed.
 */
int mailout_put(struct mailout *, const struct mailout_mail *, struct err *);
int mailout_take(
    struct mailout *, struct arena *, struct mailout_answer *, struct err *);
/*
 * Would it take mails?  Connects, encrypts and logs in, and sends nothing;
 * the answer's result is MAILOUT_SENT when it would.  None is under way.
 */
int mailout_try(
    struct mailout *, struct arena *, struct mailout_answer *, struct err *);
/* May a mail of so many bytes be put before an answer is taken? */
bool mailout_room(const struct mailout *, size_t bytes);
/* Is there an answer that can be taken without waiting? */
bool mailout_ready(struct mailout *);
/* What was taken so far outlives a loss of power. */
int mailout_sync(struct mailout *, struct err *);
/* The run has committed what became of each mail: the journal is emptied. */
int mailout_forget(struct mailout *, struct err *);
void mailout_close(struct mailout *);

#endif
