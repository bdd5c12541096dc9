/* A source by its URL. */
#include "mailin/mailin.h"

#include <sysexits.h>

#include "base/limits.h"
#include "mailin/mailin_int.h"

static const struct mailin_kind *const kinds[] = {
    &mailin_maildir,
    &mailin_mbox,
    &mailin_imap,
    &mailin_imaps,
    &mailin_pop3,
    &mailin_pop3s,
};

size_t
mailin_header_bytes(struct span raw)
{
	size_t lf = span_find(raw, SPAN("\n\n"));
	size_t crlf = span_find(span_sub(raw, 0, lf), SPAN("\r\n\r\n"));

	if (crlf < lf)
		return crlf + 4;
	return lf < raw.n ? lf + 2 : raw.n;
}

static struct mailin_settings
copy(struct arena *a, const struct mailin_settings *s)
{
	struct mailin_settings c = *s;

	c.url = arena_span(a, s->url);
	c.user = arena_span(a, s->user);
	c.password = arena_span(a, s->password);
	c.token = arena_span(a, s->token);
	c.ca_file = arena_span(a, s->ca_file);
	c.pin_sha256 = arena_span(a, s->pin_sha256);
	c.done_folder = arena_span(a, s->done_folder);
	c.parked_folder = arena_span(a, s->parked_folder);
	if (c.timeout_seconds <= 0)
		c.timeout_seconds = 60;
	if (c.max_bytes <= 0)
		c.max_bytes = LIMIT_MAIL_BYTES;
	return c;
}

int
mailin_open(struct arena *arena, const struct mailin_settings *s,
    struct mailin **out, struct err *err)
{
	struct mailin *m = arena_alloc(arena, sizeof(*m));
	size_t colon = span_findc(s->url, ':');

	m->arena = arena;
	m->fd = -1;
	m->set = copy(arena, s);
	m->rest = span_skip(m->set.url, colon + 1);
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (colon < s->url.n &&
		    span_caseis(span_sub(s->url, 0, colon), kinds[i]->scheme))
			m->kind = kinds[i];
	if (m->kind == NULL)
		return err_exit(err, ERR_STOP, EX_CONFIG,
		    "%.*s: mail is fetched from imaps://, pop3s://, "
		    "maildir:/path or mbox:/path",
		    (int)s->url.n, s->url.p);
	if (m->set.after == MAILIN_MOVE &&
	    (s->done_folder.n == 0 || s->parked_folder.n == 0))
		return err_exit(err, ERR_STOP, EX_CONFIG,
		    "moving handled mail needs a done and a parked folder");
	if (m->kind->open(m, err) < 0)
		return -1;
	*out = m;
	return 0;
}

int
mailin_next(struct mailin *m, struct arena *arena, mailin_known_fn *known,
    void *cookie, struct mailin_mail *out, struct err *err)
{
	return m->kind->next(m, arena, known, cookie, out, err);
}

size_t
mailin_left(const struct mailin *m)
{
	return m->kind->left != NULL ? m->kind->left(m) : 0;
}

int
mailin_file(
    struct mailin *m, struct span key, enum mailin_filed filed, struct err *err)
{
	return m->kind->file(m, key, filed, err);
}

int
mailin_flush(struct mailin *m, struct err *err)
{
	return m->kind->flush != NULL ? m->kind->flush(m, err) : 0;
}

void
mailin_close(struct mailin *m)
{
	m->kind->close(m);
}

bool
mailin_is_read_only(const struct mailin *m)
{
	return m->read_only;
}
