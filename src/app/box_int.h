/* The mailboxes of a run; private to app/. */
#ifndef APP_BOX_INT_H
#define APP_BOX_INT_H

#include "app/app.h"
#include "mailin/mailin.h"

struct box {
	struct app *app;
	const struct conf_box *conf;
	struct mailin *source; /* NULL: it is not open */
	/*
	 * Stands before its keys in the inbox table, so that two servers may
	 * number their mails alike.  "" of [mail], "~NAME:" of [mailbox NAME].
	 */
	struct span prefix;
};

/* All of the settings, none open yet: app->boxes. */
void boxes_list(struct app *);
size_t boxes_n(const struct app *);
/* box->source; NULL still where a dry run may not look. */
int box_open(struct box *, struct err *);
/* What a server did ends no run: the others have their turn. */
bool box_is_away(const struct err *);
/* Keeps the worst of what servers did, and clears the other. */
void box_keep_worst(struct err *worst, struct err *);
/* A key of its own as it stands in the table. */
struct span box_key(const struct box *, struct arena *, struct span key);

#endif
