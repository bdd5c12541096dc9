/*
 * A server by its URL, and what may be asked of it before a byte is sent:
 * encryption unless the settings say otherwise in so many words, and logins
 * that cannot end a command.
 */
#include <string.h>
#include <sysexits.h>

#include "base/uni.h"
#include "base/utf8.h"
#include "mailin/stream_int.h"

enum {
	WORDS_BYTES = 200
};

static int
bad_url(const struct mailin *m, struct err *err)
{
	return err_exit(err, ERR_STOP, EX_CONFIG,
	    "%.*s: a server is written as imaps://mail.example.com/INBOX or "
	    "pop3s://mail.example.com; the login stands in in-user",
	    (int)m->set.url.n, m->set.url.p);
}

static bool
is_loopback(struct span host)
{
	return span_caseis(host, "localhost") || span_starts(host, "127.") ||
	       span_is(host, "::1");
}

/* "host", "host:993", "[::1]:143" -> host and port. */
static bool
split_host(struct span all, struct span *host, struct span *port)
{
	size_t end = span_findc(all, ':');

	if (all.n > 0 && all.p[0] == '[') {
		end = span_findc(all, ']');
		if (end == all.n)
			return false;
		*host = span_sub(all, 1, end);
		all = span_skip(all, end + 1);
		end = 0;
	} else {
		*host = span_sub(all, 0, end);
	}
	*port = span_skip(all, end);
	if (port->n == 0)
		return host->n > 0;
	if (port->p[0] != ':' || port->n < 2 || port->n > 6)
		return false;
	*port = span_skip(*port, 1);
	for (size_t i = 0; i < port->n; i++)
		if (!ascii_digit(port->p[i]))
			return false;
	return host->n > 0;
}

/* A name becomes A-labels; an address stays. */
static bool
host_name(struct arena *arena, struct span host, struct span *out)
{
	bool address = true;

	for (size_t i = 0; i < host.n; i++)
		if (!ascii_digit(host.p[i]) && host.p[i] != '.' &&
		    host.p[i] != ':' &&
		    !(span_has(host, ":") && ascii_alnum(host.p[i])))
			address = false;
	*out = host;
	if (address || span_caseis(host, "localhost"))
		return true;
	return uni_domain(arena, host, out) > 0;
}

static int
check_clear(const struct mailin *m, const struct server *s, struct err *err)
{
	if (s->tls && m->set.starttls)
		return err_exit(err, ERR_STOP, EX_CONFIG,
		    "in-starttls = yes belongs to imap:// and pop3://; with "
		    "%s:// all is encrypted from the first byte",
		    m->kind->scheme);
	if (!s->tls && !m->set.starttls && !m->set.insecure &&
	    !is_loopback(span_of(s->host)))
		return err_exit(err, ERR_STOP, EX_CONFIG,
		    "%.*s: login and mail would come in clear; use %ss:// or "
		    "set in-starttls = yes",
		    (int)m->set.url.n, m->set.url.p, m->kind->scheme);
	return 0;
}

int
server_parse(struct mailin *m, const char *port, const char *tls_port,
    struct server *out, struct err *err)
{
	struct server s = {.tls = m->kind->tls, .fd = m->fd};
	struct span rest = span_skip(m->rest, 2), host, number;
	size_t slash = span_findc(rest, '/');

	if (!span_starts(m->rest, "//") || span_has(m->rest, "@") ||
	    !split_host(span_sub(rest, 0, slash), &host, &number) ||
	    !host_name(m->arena, host, &host))
		return bad_url(m, err);
	s.host = arena_strdup(m->arena, host);
	s.port = number.n > 0 ? arena_strdup(m->arena, number)
		 : s.tls      ? tls_port
			      : port;
	s.path = span_skip(rest, slash + 1);
	if (check_clear(m, &s, err) < 0)
		return -1;
	*out = s;
	return 0;
}

static bool
may_end_a_command(struct span s)
{
	for (size_t i = 0; i < s.n; i++)
		if ((unsigned char)s.p[i] < ' ' || s.p[i] == 0x7f)
			return true;
	return false;
}

int
server_check_login(const struct mailin *m, struct err *err)
{
	const struct mailin_settings *s = &m->set;

	if (s->user.n == 0 || (s->password.n == 0 && s->token.n == 0))
		return err_exit(err, ERR_STOP, EX_CONFIG,
		    "%.*s: a login is needed: in-user and in-password-command "
		    "(or in-token-command)",
		    (int)s->url.n, s->url.p);
	if (may_end_a_command(s->user) || may_end_a_command(s->password) ||
	    may_end_a_command(s->token))
		return err_exit(err, ERR_STOP, EX_CONFIG,
		    "%.*s: user, password or token holds a control character",
		    (int)s->url.n, s->url.p);
	return 0;
}

/* A server may quote our words back, with or without their backslashes. */
static struct span
unquoted(struct arena *arena, struct span s)
{
	struct str out;

	str_init(&out, arena, s.n);
	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] != '\\')
			str_addc(&out, s.p[i]);
	return str_span(&out);
}

struct span
server_words(
    struct arena *arena, const struct mailin_settings *set, struct span said)
{
	struct span secret = unquoted(arena, set->password);
	struct span plain = unquoted(arena, said);

	if (set->token.n > 0 ||
	    (secret.n > 0 && span_find(plain, secret) < plain.n))
		return SPAN("");
	return span_trim(utf8_line(arena, span_sub(said, 0, WORDS_BYTES)));
}
