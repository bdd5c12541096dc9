/*
 * Batches of mails by UID.  Of a window of UIDs that are not known yet the
 * sizes are asked for at once; then their bodies in groups that fit in
 * memory.  What cannot be had in a group is asked for alone, once more.
 */
#include <string.h>
#include <sysexits.h>

#include "base/civil.h"
#include "mailin/imap_int.h"

/* --- sizes ---------------------------------------------------------------- */

static int64_t
unix_of(const struct mailimap_date_time *d)
{
	struct civil c = {d->dt_year, d->dt_month, d->dt_day, d->dt_hour,
	    d->dt_min, d->dt_sec};
	int zone = d->dt_zone;

	if (!civil_check(&c) || zone < -1500 || zone > 1500)
		return 0;
	return civil_unix(&c) - (zone / 100) * HOUR - (zone % 100) * MINUTE;
}

/* The one item of this kind in an answer, NULL when it is not there. */
static struct mailimap_msg_att_static *
item(struct mailimap_msg_att *answer, int type)
{
	for (clistiter *at = clist_begin(answer->att_list); at != NULL;
	     at = clist_next(at)) {
		struct mailimap_msg_att_item *it = clist_content(at);

		if (it->att_type == MAILIMAP_MSG_ATT_ITEM_STATIC &&
		    it->att_data.att_static != NULL &&
		    it->att_data.att_static->att_type == type)
			return it->att_data.att_static;
	}
	return NULL;
}

static uint32_t
uid_of(struct mailimap_msg_att *answer)
{
	struct mailimap_msg_att_static *s = item(answer, MAILIMAP_MSG_ATT_UID);

	return s != NULL ? s->att_data.att_uid : 0;
}

static struct imap_mail *
mail_of(struct imap *i, struct mailimap_msg_att *answer)
{
	uint32_t uid = uid_of(answer);

	for (size_t k = 0; k < i->window_n; k++)
		if (uid != 0 && i->window[k].uid == uid)
			return &i->window[k];
	return NULL;
}

/* An answer may come twice, for a mail not asked for, or without a size. */
static void
take_size(struct mailin *m, struct mailimap_msg_att *answer)
{
	struct imap_mail *mail = mail_of(m->state, answer);
	struct mailimap_msg_att_static *size, *date;

	size = item(answer, MAILIMAP_MSG_ATT_RFC822_SIZE);
	date = item(answer, MAILIMAP_MSG_ATT_INTERNALDATE);
	if (mail == NULL || size == NULL)
		return;
	mail->size = size->att_data.att_rfc822_size;
	mail->headers_only = mail->size > m->set.max_bytes;
	mail->done = false;
	if (date != NULL && date->att_data.att_internal_date != NULL)
		mail->arrived = unix_of(date->att_data.att_internal_date);
}

static struct mailimap_fetch_type *
want(struct mailimap_fetch_att *a, struct mailimap_fetch_att *b,
    struct mailimap_fetch_att *c)
{
	struct mailimap_fetch_type *t =
	    mailimap_fetch_type_new_fetch_att_list_empty();

	mailimap_fetch_type_new_fetch_att_list_add(t, a);
	mailimap_fetch_type_new_fetch_att_list_add(t, b);
	if (c != NULL)
		mailimap_fetch_type_new_fetch_att_list_add(t, c);
	return t;
}

static int
fetch(struct imap *i, const uint32_t *uids, size_t n,
    struct mailimap_fetch_type *type, clist **out)
{
	struct mailimap_set *set = imap_set(uids, n);
	clist *got = NULL;
	int rc = mailimap_uid_fetch(i->session, set, type, &got);

	mailimap_set_free(set);
	mailimap_fetch_type_free(type);
	if (rc == MAILIMAP_NO_ERROR)
		*out = got;
	return rc;
}

/* libetpan cuts nothing off a list of answers when a command was refused. */
static int
fetch_sizes(struct mailin *m, const uint32_t *uids, size_t n, struct err *err)
{
	struct imap *i = m->state;
	clist *got = NULL;
	int rc;

	stream_begin(i->stream, 0);
	rc = fetch(i, uids, n,
	    want(mailimap_fetch_att_new_uid(),
		mailimap_fetch_att_new_rfc822_size(),
		mailimap_fetch_att_new_internaldate()),
	    &got);
	if (rc != MAILIMAP_NO_ERROR)
		return imap_err(m, rc, err, "FETCH");
	if (got == NULL)
		return 0;
	for (clistiter *at = clist_begin(got); at != NULL; at = clist_next(at))
		take_size(m, clist_content(at));
	mailimap_fetch_list_free(got);
	return 0;
}

int
imap_window(
    struct mailin *m, mailin_known_fn *known, void *cookie, struct err *err)
{
	struct imap *i = m->state;
	uint32_t uids[IMAP_WINDOW];
	struct arena scratch;
	struct span key;

	i->window_n = i->got_n = i->got_at = 0;
	arena_init(&scratch);
	while (i->uid_at < i->uids_n && i->window_n < IMAP_WINDOW) {
		uint32_t uid = i->uids[i->uid_at++];

		key = arena_spanf(&scratch, "%.*s%u:%u", (int)i->walk->prefix.n,
		    i->walk->prefix.p, i->walk->validity, uid);
		if (!known(cookie, key)) {
			/* Done, that is gone, until its size is told. */
			i->window[i->window_n] =
			    (struct imap_mail){.uid = uid, .done = true};
			uids[i->window_n++] = uid;
		}
		arena_reset(&scratch);
	}
	arena_release(&scratch);
	if (i->window_n == 0)
		return 0;
	return fetch_sizes(m, uids, i->window_n, err);
}

/* --- bodies --------------------------------------------------------------- */

bool
imap_window_left(const struct imap *i)
{
	for (size_t k = 0; k < i->window_n; k++)
		if (!i->window[k].done)
			return true;
	return false;
}

static int64_t
expected_bytes(const struct imap_mail *mail)
{
	if (mail->headers_only)
		return LIMIT_HEADER_BYTES;
	/* Some servers only guess the size. */
	return mail->size + mail->size / 2;
}

/* The next mails to fetch together; whether one stands alone. */
static size_t
choose(struct imap *i, struct imap_mail *chosen[IMAP_WINDOW], int64_t *bytes)
{
	size_t n = 0;

	*bytes = 0;
	for (size_t k = 0; k < i->window_n; k++) {
		struct imap_mail *mail = &i->window[k];
		bool alone = mail->alone || mail->headers_only;

		if (mail->done)
			continue;
		if (n > 0 && (alone || *bytes + mail->size > IMAP_GROUP_BYTES))
			break;
		chosen[n++] = mail;
		*bytes += expected_bytes(mail);
		if (alone)
			break;
	}
	return n;
}

static struct mailimap_fetch_att *
body_part(bool headers_only)
{
	if (!headers_only)
		return mailimap_fetch_att_new_body_peek_section(
		    mailimap_section_new(NULL));
	return mailimap_fetch_att_new_body_peek_section_partial(
	    mailimap_section_new_header(), 0, LIMIT_HEADER_BYTES);
}

static void
put_got(
    struct imap *i, struct imap_mail *mail, struct span raw, const char *wrong)
{
	mail->done = true;
	if (i->got_n < IMAP_WINDOW)
		i->got[i->got_n++] = (struct imap_got){mail, raw, wrong};
}

/*
 * A body of another length than was told is asked for once more, alone.  The
 * same length again means that the server only guesses sizes.
 */
static void
take_body(struct imap *i, struct mailimap_msg_att *answer)
{
	struct imap_mail *mail = mail_of(i, answer);
	struct mailimap_msg_att_static *s =
	    item(answer, MAILIMAP_MSG_ATT_BODY_SECTION);
	struct mailimap_msg_att_body_section *body;
	struct span raw;

	if (mail == NULL || mail->done || s == NULL ||
	    s->att_data.att_body_section == NULL)
		return;
	body = s->att_data.att_body_section;
	raw = (struct span){body->sec_body_part, body->sec_length};
	if (raw.p == NULL || raw.n == 0) {
		put_got(i, mail, raw, "the server gives no text of it");
		return;
	}
	if (!mail->headers_only && (int64_t)raw.n != mail->size &&
	    raw.n != mail->other_len) {
		if (mail->other_len != 0) {
			put_got(i, mail, raw, "its length is never the same");
			return;
		}
		mail->other_len = raw.n;
		mail->alone = mail->again = true;
		return;
	}
	put_got(i, mail, arena_span(&i->group, raw), NULL);
	if (mail->headers_only) {
		struct imap_got *g = &i->got[i->got_n - 1];

		g->raw.n = mailin_header_bytes(g->raw);
	}
}

/* An answer that never came: the mail is gone. */
static void
settle(struct imap_mail *chosen[], size_t n)
{
	for (size_t k = 0; k < n; k++)
		chosen[k]->done = !chosen[k]->again;
}

static int
give_up_one(struct mailin *m, struct imap_mail *chosen[], size_t n, int rc,
    struct err *err)
{
	struct imap *i = m->state;

	imap_err(m, rc, err, "FETCH");
	if (n == 1) {
		put_got(i, chosen[0], SPAN(""),
		    arena_strdup(&i->group, span_of(err->text)));
	} else {
		for (size_t k = 0; k < n; k++)
			chosen[k]->alone = true;
	}
	if (rc == MAILIMAP_ERROR_UID_FETCH && !stream_ended(i->stream)) {
		err_clear(err);
		return 0;
	}
	if (i->reconnects >= IMAP_RECONNECTS) {
		err->kind = ERR_LATER;
		return -1;
	}
	err_clear(err);
	return imap_reconnect(m, err);
}

int
imap_group(struct mailin *m, struct err *err)
{
	struct imap *i = m->state;
	struct imap_mail *chosen[IMAP_WINDOW];
	uint32_t uids[IMAP_WINDOW];
	clist *got = NULL;
	int64_t bytes;
	size_t n = choose(i, chosen, &bytes);
	int rc;

	arena_reset(&i->group);
	i->got_n = i->got_at = 0;
	for (size_t k = 0; k < n; k++) {
		uids[k] = chosen[k]->uid;
		chosen[k]->again = false;
	}
	stream_begin(i->stream, bytes);
	rc = fetch(i, uids, n,
	    want(mailimap_fetch_att_new_uid(),
		body_part(chosen[0]->headers_only), NULL),
	    &got);
	if (rc != MAILIMAP_NO_ERROR)
		return give_up_one(m, chosen, n, rc, err);
	if (got != NULL) {
		for (clistiter *at = clist_begin(got); at != NULL;
		     at = clist_next(at))
			take_body(i, clist_content(at));
		mailimap_fetch_list_free(got);
	}
	settle(chosen, n);
	return 0;
}
