/*
 * What became of the mails is told to the server in batches: seen, moved or
 * deleted.  Each step may be done twice: a UID that is gone is passed over by
 * the server, and a copy is made at most twice.
 */
#include <string.h>
#include <sysexits.h>

#include "base/fault.h"
#include "base/num.h"
#include "mailin/imap_int.h"

enum flag {
	FLAG_SEEN,
	FLAG_LOOK, /* seen by us, flagged for a person */
	FLAG_GONE,
};

/* Many mails take a server longer than few, and may each be told of. */
static void
begin(struct imap *i, const struct imap_pending *p)
{
	stream_begin(i->stream, (int64_t)p->n * IMAP_FILED_BYTES);
}

static int
store(struct mailin *m, const struct imap_pending *p, enum flag flag,
    struct err *err)
{
	struct imap *i = m->state;
	struct mailimap_flag_list *flags = mailimap_flag_list_new_empty();
	struct mailimap_store_att_flags *change;
	struct mailimap_set *set = imap_set(p->uids, p->n);
	int rc;

	mailimap_flag_list_add(flags, flag == FLAG_GONE
					  ? mailimap_flag_new_deleted()
					  : mailimap_flag_new_seen());
	if (flag == FLAG_LOOK)
		mailimap_flag_list_add(flags, mailimap_flag_new_flagged());
	change = mailimap_store_att_flags_new_add_flags_silent(flags);
	begin(i, p);
	fault_point("imap: before STORE");
	rc = mailimap_uid_store(i->session, set, change);
	fault_point("imap: after STORE");
	mailimap_store_att_flags_free(change);
	mailimap_set_free(set);
	return rc == MAILIMAP_NO_ERROR ? 0 : imap_err(m, rc, err, "STORE");
}

/*
 * Without UIDPLUS an EXPUNGE takes all that is marked as deleted, also what
 * somebody else marked and may want back.  So it is used only when there is
 * nothing else; what stays marked is passed over by the walk.
 */
static int
only_ours(
    struct mailin *m, const struct imap_pending *p, bool *yes, struct err *err)
{
	struct imap *i = m->state;
	struct mailimap_search_key key = {
	    .sk_type = MAILIMAP_SEARCH_KEY_DELETED};
	uint32_t exists = i->session->imap_selection_info->sel_exists;
	clist *found = NULL;
	int rc;

	stream_begin(i->stream, (int64_t)exists * 11);
	rc = mailimap_uid_search(i->session, NULL, &key, &found);
	if (rc != MAILIMAP_NO_ERROR)
		return imap_err(m, rc, err, "SEARCH");
	*yes = true;
	if (found == NULL)
		return 0;
	for (clistiter *at = clist_begin(found); at != NULL;
	     at = clist_next(at)) {
		uint32_t uid = *(uint32_t *)clist_content(at);
		bool ours = false;

		for (size_t k = 0; k < p->n; k++)
			ours = ours || p->uids[k] == uid;
		*yes = *yes && ours;
	}
	mailimap_search_result_free(found);
	return 0;
}

static int
expunge(struct mailin *m, const struct imap_pending *p, struct err *err)
{
	struct imap *i = m->state;
	struct mailimap_set *set;
	bool all = false;
	int rc;

	if (!screen_can_uidplus(i->screen) && only_ours(m, p, &all, err) < 0)
		return -1;
	if (!screen_can_uidplus(i->screen) && !all)
		return 0;
	/* Each expunged mail is told in a line of its own. */
	begin(i, p);
	fault_point("imap: before EXPUNGE");
	if (screen_can_uidplus(i->screen)) {
		set = imap_set(p->uids, p->n);
		rc = mailimap_uid_expunge(i->session, set);
		mailimap_set_free(set);
	} else {
		rc = mailimap_expunge(i->session);
	}
	fault_point("imap: after EXPUNGE");
	return rc == MAILIMAP_NO_ERROR ? 0 : imap_err(m, rc, err, "EXPUNGE");
}

static int
delete_mails(struct mailin *m, const struct imap_pending *p, struct err *err)
{
	if (store(m, p, FLAG_GONE, err) < 0)
		return -1;
	return expunge(m, p, err);
}

static int
put_into(struct imap *i, const struct imap_pending *p, const char *target)
{
	struct mailimap_set *set = imap_set(p->uids, p->n);
	int rc;

	begin(i, p);
	fault_point("imap: before MOVE");
	rc = screen_can_move(i->screen)
		 ? mailimap_uid_move(i->session, set, target)
		 : mailimap_uid_copy(i->session, set, target);
	fault_point("imap: after MOVE");
	mailimap_set_free(set);
	return rc;
}

/*
 * Servers differ: "rmail/done" may have to lie in the INBOX.  The second name
 * is tried when the first can be neither used nor made.
 */
static int
move(struct mailin *m, const struct imap_pending *p, enum mailin_filed filed,
    struct err *err)
{
	struct imap *i = m->state;
	struct span folder =
	    filed == MAILIN_DONE ? m->set.done_folder : m->set.parked_folder;
	const char *names[2] = {i->target[filed],
	    imap_wire_name(m->arena,
		arena_spanf(m->arena, "INBOX/%.*s", (int)folder.n, folder.p),
		i->delimiter)};
	int rc = MAILIMAP_ERROR_UID_MOVE;

	if (names[0] == NULL)
		names[0] = imap_wire_name(m->arena, folder, i->delimiter);
	for (size_t k = 0; k < 2 && rc != MAILIMAP_NO_ERROR; k++) {
		rc = put_into(i, p, names[k]);
		if (rc != MAILIMAP_NO_ERROR && !stream_ended(i->stream) &&
		    mailimap_create(i->session, names[k]) == MAILIMAP_NO_ERROR)
			rc = put_into(i, p, names[k]);
		if (rc == MAILIMAP_NO_ERROR)
			i->target[filed] = names[k];
		if (stream_ended(i->stream))
			break;
	}
	if (rc != MAILIMAP_NO_ERROR)
		return imap_err(m, rc, err, "moving mails");
	return screen_can_move(i->screen) ? 0 : delete_mails(m, p, err);
}

static int
flush_one(struct mailin *m, enum mailin_filed filed, struct err *err)
{
	struct imap *i = m->state;
	struct imap_pending *p = &i->pending[filed];
	int rc = 0;

	if (p->n == 0 || i->filing->read_only)
		return 0;
	if (m->set.after == MAILIN_MOVE)
		rc = move(m, p, filed, err);
	else if (m->set.after == MAILIN_DELETE && filed == MAILIN_DONE)
		rc = delete_mails(m, p, err);
	else
		/* Nothing that waits for a person is thrown away. */
		rc = store(
		    m, p, filed == MAILIN_DONE ? FLAG_SEEN : FLAG_LOOK, err);
	return rc;
}

int
imap_flush(struct mailin *m, struct err *err)
{
	struct imap *i = m->state;

	if (i->filing == NULL)
		return 0;
	if (i->session == NULL)
		return err_exit(err, ERR_LATER, EX_TEMPFAIL,
		    "the connection to %s was lost", i->server.host);
	if (imap_answer(m, err) < 0 || imap_select(m, i->filing, err) < 0 ||
	    flush_one(m, MAILIN_DONE, err) < 0 ||
	    flush_one(m, MAILIN_PARKED, err) < 0)
		return -1;
	i->pending[MAILIN_DONE].n = i->pending[MAILIN_DONE].runs = 0;
	i->pending[MAILIN_PARKED].n = i->pending[MAILIN_PARKED].runs = 0;
	i->filing = NULL;
	return 0;
}

/* 1 the folder of ours and the UID in it, 0 not one of these. */
static int
find(struct imap *i, struct span key, struct imap_folder **folder,
    int64_t *validity, int64_t *uid)
{
	for (size_t k = 0; k < i->folders_n; k++) {
		struct imap_folder *f = &i->folders[k];
		struct span rest = span_skip(key, f->prefix.n), number;

		if (!span_eq(span_sub(key, 0, f->prefix.n), f->prefix) ||
		    !span_part(&rest, ':', &number) ||
		    !num_int(number, 1, UINT32_MAX, validity) ||
		    !num_int(rest, 1, UINT32_MAX, uid))
			continue;
		*folder = f;
		return 1;
	}
	return 0;
}

/* In order and each once, as imap_set() wants them. */
static void
add_uid(struct imap_pending *p, uint32_t uid)
{
	size_t at = p->n;

	while (at > 0 && p->uids[at - 1] > uid)
		at--;
	if (at > 0 && p->uids[at - 1] == uid)
		return;
	p->runs++;
	if (at > 0 && p->uids[at - 1] + 1 == uid)
		p->runs--;
	if (at < p->n && p->uids[at] == uid + 1)
		p->runs--;
	memmove(&p->uids[at + 1], &p->uids[at], (p->n - at) * sizeof(uid));
	p->uids[at] = uid;
	p->n++;
}

int
imap_file(
    struct mailin *m, struct span key, enum mailin_filed filed, struct err *err)
{
	struct imap *i = m->state;
	struct imap_folder *folder;
	int64_t validity, uid;

	if (find(i, key, &folder, &validity, &uid) == 0)
		return 0;
	if ((i->filing != NULL && i->filing != folder) ||
	    i->pending[filed].n == IMAP_FILED ||
	    i->pending[filed].runs == IMAP_GROUP) {
		if (imap_flush(m, err) < 0)
			return -1;
	}
	if (i->session == NULL)
		return err_exit(err, ERR_LATER, EX_TEMPFAIL,
		    "the connection to %s was lost", i->server.host);
	/* Numbers of another validity name other mails. */
	if (folder->validity == 0 && (imap_answer(m, err) < 0 ||
					 imap_select(m, folder, err) < 0))
		return -1;
	if (folder->validity != (uint32_t)validity)
		return 0;
	i->filing = folder;
	add_uid(&i->pending[filed], (uint32_t)uid);
	return 0;
}
