/*
 * The session of an IMAP source: greeting, TLS, login, the folder selected,
 * another one in place of a broken one; and what libetpan's codes mean.
 */
#include <sysexits.h>

#include "mailin/imap_int.h"

int
imap_err(struct mailin *m, int code, struct err *err, const char *doing)
{
	struct imap *i = m->state;
	struct span bye = screen_bye(i->screen), said = {0};

	if (bye.n > 0) {
		bye = server_words(m->arena, &m->set, bye);
		return err_exit(err, ERR_LATER, EX_TEMPFAIL,
		    "%s: %s says goodbye: %.*s", doing, i->server.host,
		    (int)bye.n, bye.p);
	}
	if (stream_ended(i->stream))
		return stream_err(i->stream, err, doing);
	if (code == MAILIMAP_ERROR_PARSE)
		return err_exit(err, ERR_STOP, EX_PROTOCOL,
		    "%s: %s gives an answer that is no IMAP", doing,
		    i->server.host);
	if (i->session->imap_response != NULL)
		said = server_words(
		    m->arena, &m->set, span_of(i->session->imap_response));
	return err_exit(err, ERR_LATER, EX_TEMPFAIL, "%s: %s refuses%s%.*s",
	    doing, i->server.host, said.n > 0 ? ": " : "", (int)said.n, said.p);
}

struct mailimap_set *
imap_set(const uint32_t *uids, size_t n)
{
	struct mailimap_set *set = mailimap_set_new_empty();

	for (size_t k = 0, end; set != NULL && k < n; k = end) {
		for (end = k + 1; end < n && uids[end] == uids[end - 1] + 1;)
			end++;
		mailimap_set_add_interval(set, uids[k], uids[end - 1]);
	}
	return set;
}

static int
greet(struct mailin *m, struct err *err)
{
	struct imap *i = m->state;
	mailstream *stream = screen_mailstream(i->screen);
	int rc;

	if (stream == NULL)
		return err_exit(err, ERR_STOP, EX_OSERR, "out of memory");
	stream_begin(i->stream, 0);
	rc = mailimap_connect(i->session, stream);
	if (rc == MAILIMAP_NO_ERROR_AUTHENTICATED)
		return err_exit(err, ERR_STOP, EX_PROTOCOL,
		    "%s greets as if somebody had logged in already "
		    "(PREAUTH); refused",
		    i->server.host);
	if (rc != MAILIMAP_NO_ERROR_NON_AUTHENTICATED)
		return imap_err(m, rc, err, "greeting");
	return 0;
}

static int
starttls(struct mailin *m, struct err *err)
{
	struct imap *i = m->state;
	int rc;

	stream_begin(i->stream, 0);
	rc = mailimap_starttls(i->session);
	if (rc != MAILIMAP_NO_ERROR) {
		imap_err(m, rc, err, "STARTTLS");
		if (!stream_ended(i->stream)) {
			err->kind = ERR_STOP;
			err->exit_code = EX_PROTOCOL;
		}
		return -1;
	}
	if (i->session->imap_stream->read_buffer_len > 0)
		return err_exit(err, ERR_STOP, EX_PROTOCOL,
		    "%s sent more in clear than its consent to STARTTLS; "
		    "somebody between may have put it there",
		    i->server.host);
	return stream_secure(i->stream, err);
}

static bool
busy(const struct mailimap_response_info *info)
{
	struct span code;

	if (info == NULL || info->rsp_atom == NULL)
		return false;
	code = span_of(info->rsp_atom);
	return span_caseis(code, "UNAVAILABLE") || span_caseis(code, "INUSE") ||
	       span_caseis(code, "LIMIT");
}

static int
login(struct mailin *m, struct err *err)
{
	struct imap *i = m->state;
	const char *user = arena_strdup(m->arena, m->set.user);
	int rc;

	stream_begin(i->stream, 0);
	if (m->set.token.n > 0)
		rc = mailimap_oauth2_authenticate(
		    i->session, user, arena_strdup(m->arena, m->set.token));
	else
		rc = mailimap_login(
		    i->session, user, arena_strdup(m->arena, m->set.password));
	if (rc == MAILIMAP_NO_ERROR)
		return 0;
	imap_err(m, rc, err, "login");
	if ((rc == MAILIMAP_ERROR_LOGIN || rc == MAILIMAP_ERROR_PROTOCOL) &&
	    !stream_ended(i->stream) && !busy(i->session->imap_response_info)) {
		err->kind = ERR_STOP;
		err->exit_code = EX_NOPERM;
	}
	return -1;
}

static int
empty_capabilities(mailimap *session)
{
	struct mailimap_connection_info *info = session->imap_connection_info;
	clist *none = info != NULL ? clist_new() : NULL;

	if (none == NULL)
		return -1;
	if (info->imap_capability != NULL)
		mailimap_capability_data_free(info->imap_capability);
	info->imap_capability = mailimap_capability_data_new(none);
	return info->imap_capability != NULL ? 0 : -1;
}

/*
 * What the server can do (what it said before TLS counts for nothing, RFC
 * 3207 4.2), and how it parts folder names.
 */
static int
learn(struct mailin *m, struct err *err)
{
	struct imap *i = m->state;
	struct mailimap_capability_data *none;
	clist *list = NULL;
	int rc;

	/* The screen has the answer; libetpan wants one of its own. */
	if (empty_capabilities(i->session) < 0)
		return err_exit(err, ERR_STOP, EX_OSERR, "out of memory");
	stream_begin(i->stream, 0);
	rc = mailimap_capability(i->session, &none);
	if (rc != MAILIMAP_NO_ERROR)
		return imap_err(m, rc, err, "CAPABILITY");
	mailimap_capability_data_free(none);
	rc = mailimap_list(i->session, "", "", &list);
	if (rc != MAILIMAP_NO_ERROR)
		return imap_err(m, rc, err, "LIST");
	if (list != NULL) {
		clistiter *at = clist_begin(list);

		if (at != NULL)
			i->delimiter =
			    ((struct mailimap_mailbox_list *)clist_content(at))
				->mb_delimiter;
		mailimap_list_result_free(list);
	}
	return 0;
}

void
imap_hang_up(struct imap *i)
{
	if (i->session != NULL) {
		if (i->session->imap_state == MAILIMAP_STATE_DISCONNECTED)
			stream_end(i->stream, STREAM_CLOSED);
		mailimap_free(i->session);
	}
	i->session = NULL;
	i->selected = NULL;
	stream_close(i->stream);
	i->stream = NULL;
}

int
imap_connect(struct mailin *m, struct err *err)
{
	struct imap *i = m->state;

	if (stream_open(m->arena, &m->set, &i->server, &i->stream, err) < 0)
		return -1;
	i->screen = screen_new(m->arena, i->stream);
	i->session = mailimap_new(0, NULL);
	if (i->session == NULL)
		return err_exit(err, ERR_STOP, EX_OSERR, "out of memory");
	if (greet(m, err) < 0 || (m->set.starttls && starttls(m, err) < 0) ||
	    login(m, err) < 0 || learn(m, err) < 0)
		return -1;
	return 0;
}

int
imap_reconnect(struct mailin *m, struct err *err)
{
	struct imap *i = m->state;
	struct imap_folder *folder = i->selected;

	i->reconnects++;
	i->ask.n = 0;
	stream_end(i->stream, STREAM_CLOSED);
	imap_hang_up(i);
	if (imap_connect(m, err) < 0)
		return -1;
	return folder != NULL ? imap_select(m, folder, err) : 0;
}

int
imap_select(struct mailin *m, struct imap_folder *f, struct err *err)
{
	struct imap *i = m->state;
	struct mailimap_selection_info *info;
	const char *doing =
	    arena_printf(m->arena, "folder %.*s", (int)f->name.n, f->name.p);
	int rc;

	if (i->selected == f)
		return 0;
	i->selected = NULL;
	f->wire = imap_wire_name(m->arena, f->name, i->delimiter);
	stream_begin(i->stream, 0);
	rc = mailimap_select(i->session, f->wire);
	if (rc != MAILIMAP_NO_ERROR) {
		imap_err(m, rc, err, doing);
		if (rc == MAILIMAP_ERROR_SELECT) {
			err->kind = ERR_STOP;
			err->exit_code = EX_CONFIG;
		}
		return -1;
	}
	info = i->session->imap_selection_info;
	if (info == NULL || info->sel_uidvalidity == 0)
		return err_exit(err, ERR_STOP, EX_PROTOCOL,
		    "%s: %s gives no UIDVALIDITY, without which no mail can "
		    "be known again",
		    doing, i->server.host);
	if (f->validity != 0 && f->validity != info->sel_uidvalidity)
		return err_exit(err, ERR_LATER, EX_TEMPFAIL,
		    "%s: it was made anew while we read it", doing);
	f->validity = info->sel_uidvalidity;
	f->read_only = info->sel_perm == MAILIMAP_MAILBOX_READONLY;
	m->read_only |= f->read_only;
	i->selected = f;
	return 0;
}
