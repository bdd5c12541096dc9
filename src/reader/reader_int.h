/* Inside reader/: the wire between parent and child. */
#ifndef READER_READER_INT_H
#define READER_READER_INT_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/arena.h"
#include "base/span.h"
#include "base/str.h"
#include "base/zone.h"
#include "model/cal.h"
#include "model/mail.h"
#include "reply/reply.h"

/*
 * Both directions: a head of numbers in this machine's byte order, then that
 * many bytes.
 */
struct wire_head {
	uint32_t what; /* enum question or enum answer */
	uint32_t bytes;
	int64_t arrived_unix; /* ASK_MAIL; else 0 */
};

enum {
	/*
	 * Most questions and answers come in one piece of this size: one call
	 * and one waking for each.
	 */
	WIRE_BYTES = 64 * 1024,
	/*
	 * Questions that may wait in the socket while an answer waits in it
	 * the other way: so few that asking never has to wait, since neither
	 * side would then read what the other is stuck with.
	 */
	AHEAD = 16,
	AHEAD_BYTES = 64 * 1024,
};

enum question {
	ASK_MAIL = 1, /* raw bytes; told are the mail and what it says */
	ASK_BUSY,     /* from, to, zone, feed */
	ASK_SELF_TEST,
	ASK_HOLIDAYS, /* as ASK_BUSY */
};

enum answer {
	TELL_READY = 1, /* once, unasked: text, "on" or what is missing */
	TELL_MAIL,
	TELL_BUSY,
	TELL_TEXT,  /* of the self test */
	TELL_WRONG, /* the feed is no good: text */
};

struct reader {
	pid_t pid;          /* 0: no child */
	int fd;             /* our end of the socket; not blocking */
	char sandbox[200];  /* what the child said when it was ready */
	uint32_t questions; /* since it was started */
	int64_t waited_ms;  /* time it had in all */
	int64_t limit_ms;   /* for one answer; tests make it short */
	char *buffer;       /* of WIRE_BYTES */
	size_t have;        /* bytes of the next answers in it */
	uint32_t asked;     /* questions under way, and their sizes: a ring */
	uint32_t first;
	size_t sizes[AHEAD], asked_bytes;
	bool deep; /* the socket holds AHEAD_BYTES with ease */
};

/* child.c: serves the socket until it is closed; never returns. */
_Noreturn void child_run(int fd);

/* --- record.c ----------------------------------------------------------- */

/*
 * One function per struct serves both directions, so that they cannot
 * differ.  Writing: `out` is set.  Reading: `out` is NULL, `in` shrinks, and
 * `bad` is set by the first thing that is not as it must be; spans point into
 * `in`.
 */
struct record {
	struct arena *arena;
	struct str *out;
	struct span in;
	bool bad;
};

void record_mail(struct record *, struct mail *);
/* Behind its mail, of whose text it may hold pieces. */
void record_reading(struct record *, const struct mail *, struct reading *);
void record_busy(struct record *, struct busy **list, uint32_t *n);
void record_feed(struct record *, struct zone *, int64_t *from_unix,
    int64_t *to_unix, struct span *feed);
void record_text(struct record *, struct span *);
/* Reading: nothing wrong and nothing left over. */
bool record_done(const struct record *);

#endif
