/*
 * imap:// and imaps://, by libetpan over our own stream.  The folders of the
 * URL are walked one after the other, each by the UIDs of what is in it and
 * not marked as deleted.  Only UID, RFC822.SIZE, INTERNALDATE and BODY.PEEK[]
 * are ever asked for.
 *
 * A mail that breaks the connection is asked for by itself once more, then
 * given up for this run; the others go on over a new connection.
 */
#include <stdlib.h>
#include <sysexits.h>

#include "mailin/imap_int.h"

enum {
	/* So many mails in one folder are listed; more is another matter. */
	MAILS_MAX = 500000,
	UID_BYTES = 11, /* of one in a SEARCH answer */
	/* A walk asks for nothing more after this; the rest waits for the
	 * next run, and there is time left for filing. */
	WALK_MS = 10 * 60 * 1000,
	GOODBYE_SECONDS = 2,
};

/* --- the walk ------------------------------------------------------------- */

static int
by_uid(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return x < y ? -1 : x > y;
}

static void
take_uids(struct imap *i, clist *found)
{
	size_t n = 0, kept = 0;

	i->uids = arena_alloc(
	    &i->uid_arena, (size_t)clist_count(found) * sizeof(*i->uids));
	for (clistiter *at = clist_begin(found); at != NULL;
	     at = clist_next(at))
		i->uids[n++] = *(uint32_t *)clist_content(at);
	qsort(i->uids, n, sizeof(*i->uids), by_uid);
	for (size_t k = 0; k < n; k++)
		if (i->uids[k] != 0 &&
		    (kept == 0 || i->uids[kept - 1] != i->uids[k]))
			i->uids[kept++] = i->uids[k];
	i->uids_n = kept;
}

static int
list_folder(struct mailin *m, struct err *err)
{
	struct imap *i = m->state;
	struct mailimap_search_key key = {
	    .sk_type = MAILIMAP_SEARCH_KEY_UNDELETED};
	uint32_t exists = i->session->imap_selection_info->sel_exists;
	clist *found = NULL;
	int rc;

	arena_reset(&i->uid_arena);
	i->uids_n = i->uid_at = 0;
	if (exists > MAILS_MAX)
		return err_exit(err, ERR_STOP, EX_CONFIG,
		    "folder %.*s holds %u mails; more than %d are not walked: "
		    "move old ones away, or set after = move",
		    (int)i->walk->name.n, i->walk->name.p, exists, MAILS_MAX);
	stream_begin(i->stream, (int64_t)exists * UID_BYTES);
	rc = mailimap_uid_search(i->session, NULL, &key, &found);
	if (rc != MAILIMAP_NO_ERROR)
		return imap_err(m, rc, err, "SEARCH");
	if (found != NULL) {
		take_uids(i, found);
		mailimap_search_result_free(found);
	}
	return 0;
}

/* 1 another folder is open and listed, 0 there is none, -1. */
static int
next_folder(struct mailin *m, struct err *err)
{
	struct imap *i = m->state;
	struct imap_folder *next = i->walk == NULL ? i->folders : i->walk + 1;

	if (next == i->folders + i->folders_n)
		return 0;
	i->walk = next;
	if (imap_select(m, next, err) < 0 || list_folder(m, err) < 0)
		return -1;
	return 1;
}

/* 1 handed out, 0 nothing waits, -1 the one that could not be had. */
static int
hand_out(struct mailin *m, struct arena *arena, struct mailin_mail *out,
    struct err *err)
{
	struct imap *i = m->state;
	struct imap_got *g;

	if (i->now.at == i->now.n)
		return 0;
	g = &i->now.got[i->now.at++];
	if (g->wrong != NULL)
		return err_exit(err, ERR_ITEM, EX_PROTOCOL,
		    "mail %u in %.*s: %s", g->mail->uid, (int)i->walk->name.n,
		    i->walk->name.p, g->wrong);
	*out = (struct mailin_mail){.raw = arena_span(arena, g->raw),
	    .size_bytes = g->mail->size,
	    .arrived_unix = g->mail->arrived,
	    .headers_only = g->mail->headers_only,
	    .key = arena_spanf(arena, "%.*s%u:%u", (int)i->walk->prefix.n,
		i->walk->prefix.p, i->walk->validity, g->mail->uid)};
	return 1;
}

/* Of the folder in hand; some of them may be known. */
static size_t
imap_left(const struct mailin *m)
{
	const struct imap *i = m->state;

	return i->uids_n - i->uid_at + imap_window_left(i) + i->now.n -
	       i->now.at + i->next.n - i->next.at;
}

/* What was asked for is handed out next, and the next asked for. */
static int
turn(struct mailin *m, struct err *err)
{
	struct imap *i = m->state;

	arena_release(&i->now.arena);
	if (imap_answer(m, err) < 0)
		return -1;
	i->now = i->next;
	i->next.n = i->next.at = 0;
	arena_init(&i->next.arena);
	if (stream_age_ms(i->stream) > WALK_MS)
		return 0;
	return imap_ask(m, IMAP_AHEAD_BYTES, err);
}

static int
imap_next(struct mailin *m, struct arena *arena, mailin_known_fn *known,
    void *cookie, struct mailin_mail *out, struct err *err)
{
	struct imap *i = m->state;
	int rc;

	if (i->session == NULL)
		return err_exit(err, ERR_LATER, EX_TEMPFAIL,
		    "the connection to %s was lost", i->server.host);
	for (;;) {
		rc = hand_out(m, arena, out, err);
		if (rc != 0)
			return rc;
		if (i->ask.n > 0 || i->next.at < i->next.n) {
			if (turn(m, err) < 0)
				return -1;
			continue;
		}
		if (stream_age_ms(i->stream) > WALK_MS)
			return 0;
		if (imap_window_left(i) > 0) {
			if (imap_ask(m, INT64_MAX, err) < 0)
				return -1;
			continue;
		}
		if (i->uid_at < i->uids_n) {
			if (imap_window(m, known, cookie, err) < 0)
				return -1;
			continue;
		}
		rc = next_folder(m, err);
		if (rc <= 0)
			return rc;
	}
}

/* --- opening and closing -------------------------------------------------- */

/* "INBOX,Team%2C2" behind the host; nothing is INBOX. */
static int
take_folders(struct mailin *m, struct imap *i, struct err *err)
{
	struct span rest = i->server.path, part;

	if (rest.n == 0)
		rest = SPAN("INBOX");
	while (span_part(&rest, ',', &part)) {
		struct imap_folder *f = &i->folders[i->folders_n];

		if (i->folders_n == IMAP_FOLDERS ||
		    !imap_unescape(m->arena, part, &f->name))
			return err_exit(err, ERR_STOP, EX_CONFIG,
			    "%.*s: expected are up to %d folders, as in "
			    "imaps://mail.example.com/INBOX,Team%%20B",
			    (int)m->set.url.n, m->set.url.p, IMAP_FOLDERS);
		f->prefix = imap_key_prefix(m->arena, f->name);
		i->folders_n++;
	}
	return 0;
}

static void
imap_close(struct mailin *m)
{
	struct imap *i = m->state;

	/* An answer that nobody reads any more. */
	if (i->ask.n > 0)
		stream_end(i->stream, STREAM_CLOSED);
	if (i->stream != NULL && !stream_ended(i->stream)) {
		m->set.timeout_seconds = GOODBYE_SECONDS;
		stream_begin(i->stream, 0);
	}
	imap_hang_up(i);
	arena_release(&i->uid_arena);
	arena_release(&i->now.arena);
	arena_release(&i->next.arena);
}

static int
imap_open(struct mailin *m, struct err *err)
{
	struct imap *i = arena_alloc(m->arena, sizeof(*i));

	arena_init(&i->uid_arena);
	arena_init(&i->now.arena);
	arena_init(&i->next.arena);
	m->state = i;
	if (server_parse(m, "143", "993", &i->server, err) < 0 ||
	    server_check_login(m, err) < 0 || take_folders(m, i, err) < 0)
		return -1;
	if (imap_connect(m, err) < 0 ||
	    imap_select(m, &i->folders[0], err) < 0) {
		/* No goodbye to whom we do not trust or know. */
		if (i->stream != NULL)
			stream_end(i->stream, STREAM_CLOSED);
		imap_close(m);
		return -1;
	}
	return 0;
}

const struct mailin_kind mailin_imap = {
    .scheme = "imap",
    .open = imap_open,
    .next = imap_next,
    .file = imap_file,
    .flush = imap_flush,
    .left = imap_left,
    .close = imap_close,
};

const struct mailin_kind mailin_imaps = {
    .scheme = "imaps",
    .tls = true,
    .open = imap_open,
    .next = imap_next,
    .file = imap_file,
    .flush = imap_flush,
    .left = imap_left,
    .close = imap_close,
};
