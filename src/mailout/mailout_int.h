/* What the kinds of sink share; private to mailout/. */
#ifndef MAILOUT_MAILOUT_INT_H
#define MAILOUT_MAILOUT_INT_H

#include "mailout/mailout.h"

struct mailout_kind {
	int (*open)(struct mailout *, struct err *);
	int (*put)(struct mailout *, const struct mailout_mail *, struct err *);
	int (*take)(struct mailout *, struct arena *, struct mailout_answer *,
	    struct err *);
	bool (*room)(const struct mailout *, size_t bytes);
	bool (*ready)(struct mailout *);
	/* As put, without a mail; NULL: there is nobody to ask. */
	int (*try)(struct mailout *, struct err *);
	void (*close)(struct mailout *);
};

struct mailout {
	struct arena *arena; /* lives as long as the sink */
	struct mailout_settings set;
	const struct mailout_kind *kind;
	struct span rest;        /* of the URL, behind "scheme:" */
	void *state;             /* the kind's own */
	struct journal *journal; /* NULL: none */
	/* Kinds that send at once keep their one answer here, and all kinds
	 * one that the journal gave. */
	struct arena held;
	struct mailout_answer answer;
	bool has_answer;
};

extern const struct mailout_kind mailout_folder;
extern const struct mailout_kind mailout_pipe;
extern const struct mailout_kind mailout_smtp;

/* For kinds that send at once. */
int mailout_take_held(
    struct mailout *, struct arena *, struct mailout_answer *, struct err *);
bool mailout_room_held(const struct mailout *, size_t bytes);
bool mailout_ready_held(struct mailout *);

/* --- the journal --------------------------------------------------------- */

/* Nothing without a file in the settings.  Waits for senders of a dead run. */
int journal_open(struct mailout *, struct err *);
void journal_close(struct mailout *);
int journal_fd(const struct mailout *); /* -1: none */
/* One write and nothing else: it stands between reply and knowledge. */
bool journal_note(
    int fd, const struct mailout_mail *, const struct mailout_answer *);
/* The same by the run itself. */
void journal_note_here(struct mailout *, const struct mailout_mail *,
    const struct mailout_answer *);
/* A sender has noted something: mailout_sync() has work. */
void journal_dirty(struct mailout *);
/* Was this very mail sent by a run that died? */
bool journal_left(struct mailout *, const struct mailout_mail *, struct arena *,
    struct mailout_answer *);
/* Has a sender of this run noted it? */
bool journal_find(
    struct mailout *, int64_t id, struct arena *, struct mailout_answer *);

/* One printable line of at most 400 bytes. */
struct span mailout_clean(struct arena *, struct span);

#endif
