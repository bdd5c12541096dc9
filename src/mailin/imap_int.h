/* What the files of the IMAP source share; private to mailin/. */
#ifndef MAILIN_IMAP_INT_H
#define MAILIN_IMAP_INT_H

#include <libetpan/libetpan.h>

#include "base/limits.h"
#include "mailin/stream_int.h"

enum {
	IMAP_FOLDERS = 16,
	/* Mails whose sizes are asked for at once. */
	IMAP_WINDOW = 1000,
	/* Mails of one FETCH of bodies; no command names more runs of UIDs. */
	IMAP_GROUP = 100,
	/* Mails filed by one command, which may take as long as to read these. */
	IMAP_FILED = 500,
	IMAP_FILED_BYTES = 4096,
	/* Bodies of one FETCH; we hold two of these in memory. */
	IMAP_GROUP_BYTES = 2 * 1024 * 1024,
	/* What may come of them: larger mails are not asked for ahead. */
	IMAP_AHEAD_BYTES = 2 * IMAP_GROUP_BYTES,
	/* Connections in place of broken ones in one run. */
	IMAP_RECONNECTS = 3,
};

struct screen;

/* Puts the screen between the stream and libetpan. */
struct screen *screen_new(struct arena *, struct stream *);
/* NULL when memory is out.  Closed by libetpan with its session. */
mailstream *screen_mailstream(struct screen *);
/* What the server said when it ended the session, "" when it did not. */
struct span screen_bye(const struct screen *);

/* By the last CAPABILITY answer. */
bool screen_can_move(const struct screen *);
bool screen_can_uidplus(const struct screen *);

struct imap_folder {
	struct span name;   /* as in the settings, UTF-8 */
	const char *wire;   /* as the server wants it */
	struct span prefix; /* "imap:FOLDER:" of its keys */
	uint32_t validity;  /* 0 = not opened yet */
	bool read_only;
};

struct imap_mail {
	uint32_t uid;
	int64_t size, arrived;
	bool headers_only;
	bool alone;       /* fetched by itself from now on */
	bool again;       /* its last answer was odd */
	bool done;        /* fetched, gone or given up */
	size_t other_len; /* how long it was when that was a surprise */
};

/* One that waits to be handed out. */
struct imap_got {
	const struct imap_mail *mail;
	struct span raw;
	const char *wrong; /* why it could not be had, NULL = raw is it */
};

struct imap_batch {
	struct arena arena;
	struct imap_got got[IMAP_GROUP];
	size_t n, at;
};

/* A FETCH whose answer is read when it is needed: servers work meanwhile. */
struct imap_ask {
	struct imap_mail *mails[IMAP_GROUP];
	size_t n; /* 0 = nothing is asked */
	int64_t bytes;
};

struct imap_pending {
	uint32_t uids[IMAP_FILED];
	size_t n, runs; /* of UIDs without a gap */
};

struct imap {
	struct server server;
	struct stream *stream;
	struct screen *screen;
	mailimap *session;
	char delimiter;
	int reconnects;

	struct imap_folder folders[IMAP_FOLDERS];
	size_t folders_n;
	struct imap_folder *selected;

	/* The walk: folder, its UIDs, a window of them, groups of that. */
	struct imap_folder *walk; /* NULL before the first */
	struct arena uid_arena;
	uint32_t *uids;
	size_t uids_n, uid_at;
	struct imap_mail window[IMAP_WINDOW];
	size_t window_n;
	struct imap_batch now, next;
	struct imap_ask ask;

	/* Filing: of one folder at a time. */
	struct imap_folder *filing;
	struct imap_pending pending[2]; /* by enum mailin_filed */
	const char *target[2];          /* the folder's name once it is known */
};

/* imap_link.c */
/* A session that has logged in. */
int imap_connect(struct mailin *, struct err *);
/* It is freed by libetpan, which says LOGOUT when it still can. */
void imap_hang_up(struct imap *);
int imap_select(struct mailin *, struct imap_folder *, struct err *);
/* A new session in place of a broken one; the folder selected again. */
int imap_reconnect(struct mailin *, struct err *);
/* The error behind libetpan's code; `doing` opens the text. */
int imap_err(struct mailin *, int code, struct err *, const char *doing);
/* Sorted UIDs as few ranges; freed with mailimap_set_free(). */
struct mailimap_set *imap_set(const uint32_t *uids, size_t n);

/* imap_fetch.c: both 0, -1. */
int imap_window(struct mailin *, mailin_known_fn *, void *cookie, struct err *);
/* Asks for the next group of the window, unless more may come of it. */
int imap_ask(struct mailin *, int64_t most_bytes, struct err *);
/* Reads what was asked for, if anything was; before any other command. */
int imap_answer(struct mailin *, struct err *);
/* Mails of the window not fetched yet. */
size_t imap_window_left(const struct imap *);

/* imap_file.c */
int imap_file(
    struct mailin *, struct span key, enum mailin_filed, struct err *);
int imap_flush(struct mailin *, struct err *);

/* imap_name.c */
/* A folder's name in modified UTF-7 (RFC 3501 5.1.3), "/" = the delimiter. */
const char *imap_wire_name(struct arena *, struct span name, char delimiter);
/* "%C3%A4" of a URL; false when that is no text. */
bool imap_unescape(struct arena *, struct span, struct span *out);
/* "imap:FOLDER:" */
struct span imap_key_prefix(struct arena *, struct span name);

#endif
