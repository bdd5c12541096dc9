/*
 * Batches of mails by UID.  Of a window of UIDs that are not known yet the
 * sizes are asked for at once; then their bodies in groups that fit in
 * memory, the next while one is worked on.  What cannot be had in a group is
 * asked for alone, once more.
 */
#include <stdlib.h>
#include <sysexits.h>

#include "base/civil.h"
#include "base/str.h"
#include "mailin/imap_int.h"

enum {
	SIZE_BYTES = 120, /* of an answer with UID, size and date */
	RANGE_BYTES = 22  /* of two UIDs */
};

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

static int
by_uid(const void *uid, const void *mail)
{
	uint32_t a = *(const uint32_t *)uid;
	uint32_t b = ((const struct imap_mail *)mail)->uid;

	return a < b ? -1 : a > b;
}

/* The window is in the order of UIDs. */
static struct imap_mail *
mail_of(struct imap *i, struct mailimap_msg_att *answer)
{
	uint32_t uid = uid_of(answer);

	if (uid == 0 || i->window_n == 0)
		return NULL;
	return bsearch(
	    &uid, i->window, i->window_n, sizeof(i->window[0]), by_uid);
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

/* libetpan cuts nothing off a list of answers when a command was refused. */
static int
fetch_sizes(struct mailin *m, const uint32_t *uids, size_t n, struct err *err)
{
	struct imap *i = m->state;
	struct mailimap_fetch_type *type =
	    mailimap_fetch_type_new_fetch_att_list_empty();
	struct mailimap_set *set = imap_set(uids, n);
	clist *got = NULL;
	int rc;

	mailimap_fetch_type_new_fetch_att_list_add(
	    type, mailimap_fetch_att_new_uid());
	mailimap_fetch_type_new_fetch_att_list_add(
	    type, mailimap_fetch_att_new_rfc822_size());
	mailimap_fetch_type_new_fetch_att_list_add(
	    type, mailimap_fetch_att_new_internaldate());
	stream_begin(i->stream, (int64_t)n * SIZE_BYTES);
	rc = mailimap_uid_fetch(i->session, set, type, &got);
	mailimap_set_free(set);
	mailimap_fetch_type_free(type);
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

	i->window_n = 0;
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
	if (imap_select(m, i->walk, err) < 0)
		return -1;
	return fetch_sizes(m, uids, i->window_n, err);
}

/* --- bodies --------------------------------------------------------------- */

size_t
imap_window_left(const struct imap *i)
{
	size_t n = 0;

	for (size_t k = 0; k < i->window_n; k++)
		n += !i->window[k].done;
	return n;
}

static int64_t
expected_bytes(const struct imap_mail *mail)
{
	if (mail->headers_only)
		return LIMIT_HEADER_BYTES;
	/* Some servers only guess the size. */
	return mail->size + mail->size / 2;
}

/* The next mails to fetch together. */
static void
choose(const struct imap *i, struct imap_mail *window, struct imap_ask *ask)
{
	int64_t told = 0;

	for (size_t k = 0; k < i->window_n && ask->n < IMAP_GROUP; k++) {
		struct imap_mail *mail = &window[k];
		bool alone = mail->alone || mail->headers_only;

		if (mail->done)
			continue;
		if (ask->n > 0 &&
		    (alone || told + mail->size > IMAP_GROUP_BYTES))
			break;
		ask->mails[ask->n++] = mail;
		told += mail->size;
		ask->bytes += expected_bytes(mail);
		mail->again = false;
		if (alone)
			break;
	}
}

static void
put_got(
    struct imap *i, struct imap_mail *mail, struct span raw, const char *wrong)
{
	struct imap_batch *b = &i->next;

	mail->done = true;
	if (b->n < IMAP_GROUP)
		b->got[b->n++] = (struct imap_got){mail, raw, wrong};
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
	if (mail->headers_only)
		raw.n = mailin_header_bytes(raw);
	put_got(i, mail, arena_span(&i->next.arena, raw), NULL);
}

/* An answer that never came: the mail is gone. */
static void
settle(const struct imap_ask *ask)
{
	for (size_t k = 0; k < ask->n; k++)
		ask->mails[k]->done = !ask->mails[k]->again;
}

static int
give_up_one(
    struct mailin *m, const struct imap_ask *ask, int rc, struct err *err)
{
	struct imap *i = m->state;

	imap_err(m, rc, err, "FETCH");
	if (ask->n == 1) {
		put_got(i, ask->mails[0], SPAN(""),
		    arena_strdup(&i->next.arena, span_of(err->text)));
	} else {
		for (size_t k = 0; k < ask->n; k++)
			ask->mails[k]->alone = true;
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

/* libetpan sends a command and waits; so this one is written here. */
static int
send_ask(struct imap *i, const struct imap_ask *ask)
{
	mailstream *to = i->session->imap_stream;
	struct arena scratch;
	struct str line;
	int rc;

	arena_init(&scratch);
	str_init(&line, &scratch, 64 + ask->n * RANGE_BYTES);
	str_addz(&line, "UID FETCH ");
	for (size_t k = 0, end; k < ask->n; k = end) {
		for (end = k + 1; end < ask->n && ask->mails[end]->uid ==
						 ask->mails[end - 1]->uid + 1;)
			end++;
		str_addf(&line, "%s%u:%u", k > 0 ? "," : "",
		    ask->mails[k]->uid, ask->mails[end - 1]->uid);
	}
	if (ask->mails[0]->headers_only)
		str_addf(&line, " (UID BODY.PEEK[HEADER]<0.%d>)\r\n",
		    LIMIT_HEADER_BYTES);
	else
		str_addz(&line, " (UID BODY.PEEK[])\r\n");
	rc = mailimap_send_current_tag(i->session);
	if (rc == MAILIMAP_NO_ERROR &&
	    (mailstream_write(to, line.p, line.n) < 0 ||
		mailstream_flush(to) < 0))
		rc = MAILIMAP_ERROR_STREAM;
	arena_release(&scratch);
	return rc;
}

int
imap_ask(struct mailin *m, int64_t most_bytes, struct err *err)
{
	struct imap *i = m->state;
	struct imap_ask ask = {.n = 0};
	int rc;

	choose(i, i->window, &ask);
	if (ask.n == 0 || ask.bytes > most_bytes)
		return 0;
	/* Filing may have opened another folder meanwhile. */
	if (imap_select(m, i->walk, err) < 0)
		return -1;
	stream_begin(i->stream, 0);
	rc = send_ask(i, &ask);
	if (rc != MAILIMAP_NO_ERROR)
		return give_up_one(m, &ask, rc, err);
	i->ask = ask;
	return 0;
}

/* The answer to a command that was sent; the bodies in it are to be freed. */
static int
read_answer(struct imap *i, clist **bodies)
{
	struct mailimap_response *response;
	struct mailimap_response_done *done;
	int rc, state = MAILIMAP_RESP_COND_STATE_BAD;

	if (mailimap_read_line(i->session) == NULL)
		return MAILIMAP_ERROR_STREAM;
	rc = mailimap_parse_response(i->session, &response);
	if (rc != MAILIMAP_NO_ERROR)
		return rc;
	done = response->rsp_resp_done;
	if (done->rsp_type == MAILIMAP_RESP_DONE_TYPE_TAGGED)
		state = done->rsp_data.rsp_tagged->rsp_cond_state->rsp_type;
	mailimap_response_free(response);
	if (state != MAILIMAP_RESP_COND_STATE_OK)
		return MAILIMAP_ERROR_UID_FETCH;
	*bodies = i->session->imap_response_info->rsp_fetch_list;
	i->session->imap_response_info->rsp_fetch_list = NULL;
	return rc;
}

int
imap_answer(struct mailin *m, struct err *err)
{
	struct imap *i = m->state;
	struct imap_ask ask = i->ask;
	clist *bodies = NULL;
	int rc;

	if (ask.n == 0)
		return 0;
	i->ask.n = 0;
	stream_begin(i->stream, ask.bytes);
	rc = read_answer(i, &bodies);
	if (rc != MAILIMAP_NO_ERROR)
		return give_up_one(m, &ask, rc, err);
	if (bodies != NULL) {
		for (clistiter *at = clist_begin(bodies); at != NULL;
		     at = clist_next(at))
			take_body(i, clist_content(at));
		mailimap_fetch_list_free(bodies);
	}
	settle(&ask);
	return 0;
}
