/* A sink by its URL, and the checks that stand before every kind. */
#include "mailout/mailout.h"

#include <sysexits.h>

#include "base/limits.h"
#include "base/str.h"
#include "mailout/mailout_int.h"
#include "model/address.h"

static const struct {
	const char *scheme;
	const struct mailout_kind *kind;
} kinds[] = {
    {"maildir", &mailout_folder},
    {"sendmail", &mailout_pipe},
    {"smtp", &mailout_smtp},
    {"smtps", &mailout_smtp},
};

enum {
	TEXT_BYTES = 400
};

struct span
mailout_clean(struct arena *arena, struct span text)
{
	struct str s;

	str_init(&s, arena, TEXT_BYTES);
	text = span_trim(text);
	for (size_t i = 0; i < text.n; i++) {
		char c = text.p[i];

		str_addc(&s, c >= ' ' && c < 0x7f ? c : ' ');
	}
	return str_span(&s);
}

static struct mailout_settings
copy(struct arena *a, const struct mailout_settings *s)
{
	struct mailout_settings c = *s;

	c.url = arena_span(a, s->url);
	c.user = arena_span(a, s->user);
	c.password = arena_span(a, s->password);
	c.token = arena_span(a, s->token);
	c.ca_file = arena_span(a, s->ca_file);
	c.pin_sha256 = arena_span(a, s->pin_sha256);
	c.helo = arena_span(a, s->helo);
	c.journal = arena_span(a, s->journal);
	if (c.timeout_seconds <= 0)
		c.timeout_seconds = 60;
	if (c.connections < 1)
		c.connections = 1;
	if (c.connections > 32)
		c.connections = 32;
	return c;
}

int
mailout_open(struct arena *arena, const struct mailout_settings *s,
    struct mailout **out, struct err *err)
{
	struct mailout *m = arena_alloc(arena, sizeof(*m));
	size_t colon = span_findc(s->url, ':');
	struct span scheme = span_sub(s->url, 0, colon);

	m->arena = arena;
	m->set = copy(arena, s);
	m->rest = span_skip(m->set.url, colon + 1);
	arena_init(&m->held);
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (colon < s->url.n && span_caseis(scheme, kinds[i].scheme))
			m->kind = kinds[i].kind;
	if (m->kind == NULL)
		return err_exit(err, ERR_STOP, EX_CONFIG,
		    "%.*s: mail is sent by maildir:/path, "
		    "sendmail:/usr/sbin/sendmail, smtps://host or smtp://host",
		    (int)s->url.n, s->url.p);
	if (journal_open(m, err) < 0)
		return -1;
	if (m->kind->open(m, err) < 0) {
		journal_close(m);
		return -1;
	}
	*out = m;
	return 0;
}

/* Pure CR LF: a lone one of either would let a text end the mail. */
static bool
has_pure_lines(struct span bytes)
{
	for (size_t i = 0; i < bytes.n;) {
		size_t n = span_findc(span_skip(bytes, i), '\n');
		size_t end = i + n; /* of the line feed, or of all */
		struct span line = span_sub(bytes, i, end);
		size_t cr = span_findc(line, '\r');

		if (cr < line.n && (cr + 1 < line.n || end == bytes.n))
			return false;
		if (end < bytes.n && cr == line.n)
			return false;
		i = end + 1;
	}
	return true;
}

int
mailout_put(struct mailout *m, const struct mailout_mail *mail, struct err *err)
{
	struct arena a;
	struct span parsed;
	bool from_ok, to_ok;

	arena_init(&a);
	from_ok = mail->from.n == 0 || address_parse(&a, mail->from, &parsed);
	to_ok = address_parse(&a, mail->to, &parsed);
	arena_release(&a);
	if (!from_ok || !to_ok)
		return err_exit(err, ERR_ITEM, EX_DATAERR,
		    "mail %lld: the %s is no valid address",
		    (long long)mail->id, from_ok ? "recipient" : "sender");
	if (mail->bytes.n == 0 || mail->bytes.n > LIMIT_RENDERED_BYTES ||
	    !has_pure_lines(mail->bytes))
		return err_exit(err, ERR_ITEM, EX_DATAERR,
		    "mail %lld: it is empty, too large or has lines that do "
		    "not end in CR LF",
		    (long long)mail->id);
	if (journal_left(m, mail, &m->held, &m->answer)) {
		m->has_answer = true;
		return 0;
	}
	if (m->kind->put(m, mail, err) < 0)
		return -1;
	if (m->has_answer && m->answer.result == MAILOUT_SENT)
		journal_note_here(m, mail, &m->answer);
	return 0;
}

int
mailout_take(struct mailout *m, struct arena *arena, struct mailout_answer *out,
    struct err *err)
{
	if (m->has_answer)
		return mailout_take_held(m, arena, out, err);
	return m->kind->take(m, arena, out, err);
}

int
mailout_try(struct mailout *m, struct arena *arena, struct mailout_answer *out,
    struct err *err)
{
	struct mailout_answer open = {.result = MAILOUT_SENT};

	if (m->kind->try == NULL) {
		*out = open;
		return 0;
	}
	if (m->kind->try(m, err) < 0 || m->kind->take(m, arena, out, err) < 0)
		return -1;
	return 0;
}

bool
mailout_room(const struct mailout *m, size_t bytes)
{
	return !m->has_answer && m->kind->room(m, bytes);
}

bool
mailout_ready(struct mailout *m)
{
	return m->has_answer || m->kind->ready(m);
}

void
mailout_close(struct mailout *m)
{
	m->kind->close(m);
	journal_close(m);
	arena_release(&m->held);
}

int
mailout_take_held(struct mailout *m, struct arena *arena,
    struct mailout_answer *out, struct err *err)
{
	(void)err;
	if (!m->has_answer)
		return 0;
	*out = m->answer;
	out->enhanced = arena_span(arena, m->answer.enhanced);
	out->text = arena_span(arena, m->answer.text);
	out->queue_id = arena_span(arena, m->answer.queue_id);
	m->has_answer = false;
	arena_reset(&m->held);
	return 1;
}

bool
mailout_room_held(const struct mailout *m, size_t bytes)
{
	(void)bytes;
	return !m->has_answer;
}

bool
mailout_ready_held(struct mailout *m)
{
	return m->has_answer;
}
