/* What the kinds of sink share; private to mailout/. */
#ifndef MAILOUT_MAILOUT_INT_H
#define MAILOUT_MAILOUT_INT_H

#include "mailout/mailout.h"

struct mailout_kind {
	int (*open)(struct mailout *, struct err *);
	int (*put)(struct mailout *, const struct mailout_mail *, struct err *);
	int (*take)(struct mailout *, struct arena *, struct mailout_answer *,
	    struct err *);
	int (*room)(const struct mailout *);
	/* As put, without a mail; NULL: there is nobody to ask. */
	int (*try)(struct mailout *, struct err *);
	void (*close)(struct mailout *);
};

struct mailout {
	struct arena *arena; /* lives as long as the sink */
	struct mailout_settings set;
	const struct mailout_kind *kind;
	struct span rest; /* of the URL, behind "scheme:" */
	void *state;      /* the kind's own */
	/* Kinds that send at once keep their one answer here. */
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
int mailout_room_held(const struct mailout *);
/* One printable line of at most 400 bytes. */
struct span mailout_clean(struct arena *, struct span);

#endif
