/* Between the run and its sender children; private to mailout/. */
#ifndef MAILOUT_SMTP_INT_H
#define MAILOUT_SMTP_INT_H

#include <sys/types.h>

#include "mailout/mailout_int.h"

/*
 * A job on the wire: this, then from, to and bytes.  One without bytes asks
 * for the login alone.
 */
struct smtp_job {
	int64_t id;
	uint32_t from_n, to_n, bytes_n;
};

/* The answer on the wire; texts are NUL-ended. */
struct smtp_reply {
	int64_t id;
	int32_t result, code;
	bool bad_address, away, enough;
	char enhanced[16];
	char queue_id[64];
	char text[404];
};

enum smtp_stage {
	SMTP_CONNECT,
	SMTP_EHLO,
	SMTP_STARTTLS,
	SMTP_AUTH,
	SMTP_MAIL,
	SMTP_RCPT,
	SMTP_DATA, /* up to the reply to the final dot */
};

/* Why the transfer itself ended. */
enum smtp_end {
	SMTP_END_OK,
	SMTP_END_NETWORK,
	SMTP_END_TLS,  /* handshake, certificate, STARTTLS not to be had */
	SMTP_END_AUTH, /* refused, or it never ran */
};

struct smtp_outcome {
	enum smtp_stage stage;
	enum smtp_end end;
	int code;             /* of the last reply, 0 none */
	struct span enhanced; /* "5.7.1" or "" */
	bool body_sent;       /* all of it left us */
};

/* What an outcome means; RFC 5321, RFC 3463.  Pure. */
enum mailout_result smtp_judge(const struct smtp_outcome *);
/* "5.1.1" at the front of a reply's text, or "". */
struct span smtp_enhanced(struct span text);
struct span smtp_queue_id(struct span text);

/*
 * The life of a sender child: jobs from fd until it is closed, the run has
 * died or the server will have none of us.  journal_fd -1: none.
 */
void smtp_sender(const struct mailout_settings *, int fd, int journal_fd,
    pid_t run) __attribute__((noreturn));

#endif
