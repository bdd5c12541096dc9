/*
 * mailin: raw mails in.  A source is opened, walked, told what became of
 * each mail, and closed.  A mail leaves its place only when it is told so,
 * which happens after the commit that covers it.
 *
 *   file      purpose
 *   mailin    a source by its URL; the common part
 *   maildir   maildir:/path
 *   mbox      mbox:/path (read only; never rewritten)
 *   server    a server's URL, and what must hold before we talk to it
 *   stream    a connection with deadlines and limits
 *   tls       who is at the other end of it
 *   screen    what of an IMAP server's answers libetpan may see
 *   imap      imap:// and imaps://: the walk through its folders
 *   imap_link   the session: TLS, login, the folder that is open
 *   imap_fetch  batches of mails by UID
 *   imap_file   seen, moved, deleted
 *   imap_name   folder names and keys
 *   pop3      pop3:// and pop3s://
 */
#ifndef MAILIN_MAILIN_H
#define MAILIN_MAILIN_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/span.h"

enum mailin_filed {
	MAILIN_DONE,   /* handled or ignored */
	MAILIN_PARKED, /* kept for a person to look at */
};

/* What is done with a mail once its row is committed. */
enum mailin_after {
	MAILIN_KEEP, /* mark as seen, leave it there */
	MAILIN_MOVE, /* to the folders of the settings */
	MAILIN_DELETE,
};

struct mailin_settings {
	struct span url;
	struct span user;
	struct span password; /* "" when a token is used */
	struct span token;    /* OAuth2 bearer */
	struct span ca_file;  /* "" = the system's */
	/* Hex of the digest of its public key or of the whole certificate, or
	 * "".  Stands in place of chain and name, not of the dates. */
	struct span pin_sha256;
	bool starttls; /* required then */
	bool insecure; /* plain text to a host that is not loopback */
	enum mailin_after after;
	/* "rmail/done" in a Maildir is its subfolder .rmail.done (Maildir++);
	 * an absolute path is taken as it is. */
	struct span done_folder, parked_folder;
	int timeout_seconds;
	int64_t max_bytes; /* larger mails: headers only */
};

struct mailin_mail {
	/* Identifies the mail in this source for ever: "maildir:NAME",
	 * "imap:FOLDER:UIDVALIDITY:UID", "pop3:UIDL", "mbox:SHA256". */
	struct span key;
	struct span raw; /* CRLF or LF as found */
	int64_t size_bytes;
	int64_t arrived_unix; /* by the server's clock, 0 unknown */
	bool headers_only;    /* larger than max_bytes */
};

struct mailin; /* a source */

/*
 * ERR_LATER: not reachable now; ERR_STOP with exit 76 (protocol, TLS), 77
 * (refused), 78 (settings).
 */
int mailin_open(struct arena *, const struct mailin_settings *,
    struct mailin **, struct err *);
/*
 * The next mail whose key `known` does not know; oldest first.  1, 0, -1.
 * A mail that cannot be read is ERR_ITEM; the walk may go on.
 */
typedef bool mailin_known_fn(void *cookie, struct span key);
int mailin_next(struct mailin *, struct arena *, mailin_known_fn *known,
    void *cookie, struct mailin_mail *out, struct err *);
/* How many more there may be at most, for a bar; 0 where nobody knows. */
size_t mailin_left(const struct mailin *);
/*
 * Idempotent; a mail that is gone is no error.  A server is told in batches:
 * what was filed is done when mailin_flush() says so.
 */
int mailin_file(
    struct mailin *, struct span key, enum mailin_filed, struct err *);
/* POP3 ends its session with this: nothing can be read afterwards. */
int mailin_flush(struct mailin *, struct err *);
/* A folder that was opened so far takes no changes: nothing is filed there. */
bool mailin_is_read_only(const struct mailin *);
void mailin_close(struct mailin *);

#endif
