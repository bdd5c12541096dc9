/* What the kinds of source share; private to mailin/. */
#ifndef MAILIN_MAILIN_INT_H
#define MAILIN_MAILIN_INT_H

#include "mailin/mailin.h"

struct mailin_kind {
	const char *scheme; /* "maildir" */
	bool tls;           /* a server's: from the first byte on */
	int (*open)(struct mailin *, struct err *);
	int (*next)(struct mailin *, struct arena *, mailin_known_fn *,
	    void *cookie, struct mailin_mail *, struct err *);
	int (*file)(
	    struct mailin *, struct span key, enum mailin_filed, struct err *);
	int (*flush)(struct mailin *, struct err *); /* NULL: file() did */
	size_t (*left)(const struct mailin *);       /* NULL: not known */
	void (*close)(struct mailin *);
};

struct mailin {
	struct arena *arena; /* lives as long as the source */
	struct mailin_settings set;
	const struct mailin_kind *kind;
	int fd; /* a server's, connected already and used once; else -1 */
	struct span rest; /* of the URL, behind "scheme:" */
	void *state;      /* the kind's own */
	bool read_only;   /* some folder of it is */
};

extern const struct mailin_kind mailin_maildir;
extern const struct mailin_kind mailin_mbox;
extern const struct mailin_kind mailin_imap, mailin_imaps;
extern const struct mailin_kind mailin_pop3, mailin_pop3s;

/* How much of a mail is its header block, with the empty line. */
size_t mailin_header_bytes(struct span raw);

#endif
