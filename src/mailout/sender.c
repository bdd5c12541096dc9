/*
 * A sender child: one libcurl easy handle, one connection, one mail at a
 * time.  libcurl waits for the reply to the final dot without returning, in
 * its multi interface too, so mails run side by side only in processes.
 *
 * libcurl sends a mail without logging in when the server offers no AUTH.
 * So the replies are watched: no 235, no RCPT.
 */
#include <curl/curl.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/digest.h"
#include "base/limits.h"
#include "base/num.h"
#include "base/str.h"
#include "mailout/smtp_int.h"

enum {
	MAILS_PER_CONNECTION = 100,
	UPLOAD_BYTES = 16 * 1024,
	ENVELOPE_BYTES = LIMIT_ADDRESS_BYTES,
};

/* Why we end a talk ourselves: before the body, and before RCPT. */
enum stopped {
	STOPPED_NOT,
	STOPPED_LOGIN,
	STOPPED_UTF8,
	STOPPED_SIZE,
};

struct sender {
	const struct mailout_settings *set;
	CURL *curl;
	int fd;         /* jobs in, answers out */
	int journal_fd; /* -1: none */
	/* of this connection */
	bool authenticated, utf8;
	int64_t size_limit; /* 0 unknown */
	/* of this mail */
	struct span rest; /* of the body */
	enum smtp_stage stage;
	const struct mailout_mail *mail;
	struct arena *item;
	bool body_sent, accepted, answered;
	bool over; /* QUIT went out: what comes now explains nothing */
	bool need_utf8;
	enum stopped stopped; /* we ended the talk ourselves */
	struct str last;      /* the last reply line, without its code */
	int last_code;
	int64_t sent;              /* mails on this handle */
	char why[CURL_ERROR_SIZE]; /* of TLS: libcurl says more than its code */
};

static bool
has_credentials(const struct sender *s)
{
	return s->set->user.n > 0;
}

static int
on_socket(void *cookie, curl_socket_t fd, curlsocktype purpose)
{
	struct sender *s = cookie;

	(void)fd, (void)purpose;
	s->authenticated = false;
	s->utf8 = false;
	s->size_limit = 0;
	s->stage = SMTP_CONNECT;
	return CURL_SOCKOPT_OK;
}

/* Only the verb is looked at: lines of AUTH are secret. */
static int
on_debug(CURL *curl, curl_infotype type, char *data, size_t n, void *cookie)
{
	static const struct {
		const char *verb;
		enum smtp_stage stage;
	} verbs[] = {
	    {"EHLO ", SMTP_EHLO},
	    {"HELO ", SMTP_EHLO},
	    {"STARTTLS\r", SMTP_STARTTLS},
	    {"AUTH ", SMTP_AUTH},
	    {"MAIL FROM", SMTP_MAIL},
	    {"RCPT TO", SMTP_RCPT},
	    {"DATA\r", SMTP_DATA},
	};
	struct sender *s = cookie;
	struct span line = {data, n};

	(void)curl;
	if (type != CURLINFO_HEADER_OUT)
		return 0;
	for (size_t i = 0; i < sizeof(verbs) / sizeof(verbs[0]); i++)
		if (span_starts(line, verbs[i].verb))
			s->stage = verbs[i].stage;
	s->over = span_starts(line, "QUIT\r");
	/* What was offered before TLS does not count behind it. */
	if (s->stage == SMTP_EHLO || s->stage == SMTP_STARTTLS)
		s->utf8 = false;
	return 0;
}

static void
read_offer(struct sender *s, struct span text)
{
	int64_t n;

	if (span_caseis(text, "SMTPUTF8"))
		s->utf8 = true;
	if (span_casestarts(text, "SIZE ") &&
	    num_int(span_trim(span_skip(text, 5)), 0, INT64_MAX, &n))
		s->size_limit = n;
}

/* False: nobody listens any more. */
static bool
tell(const struct sender *s, const struct smtp_reply *r)
{
	return send(s->fd, r, sizeof(*r), MSG_NOSIGNAL) == (ssize_t)sizeof(*r);
}

static enum smtp_end
end_of(CURLcode rc, enum smtp_stage stage)
{
	switch (rc) {
	case CURLE_OK:
		return SMTP_END_OK;
	case CURLE_LOGIN_DENIED:
	case CURLE_AUTH_ERROR:
		return SMTP_END_AUTH;
	case CURLE_SSL_CONNECT_ERROR:
	case CURLE_SSL_CERTPROBLEM:
	case CURLE_SSL_CIPHER:
	case CURLE_PEER_FAILED_VERIFICATION:
	case CURLE_SSL_CACERT_BADFILE:
	case CURLE_SSL_ISSUER_ERROR:
	case CURLE_SSL_PINNEDPUBKEYNOTMATCH:
	case CURLE_SSL_INVALIDCERTSTATUS:
	case CURLE_USE_SSL_FAILED:
		return SMTP_END_TLS;
	case CURLE_WEIRD_SERVER_REPLY:
		/* More in clear behind the consent to STARTTLS. */
		return stage == SMTP_STARTTLS ? SMTP_END_TLS : SMTP_END_NETWORK;
	default:
		return SMTP_END_NETWORK;
	}
}

static void
copy_text(char *to, size_t size, struct span text)
{
	if (text.n >= size)
		text.n = size - 1;
	memcpy(to, text.p, text.n);
	to[text.n] = '\0';
}

static void
fill_stopped(struct sender *s, struct arena *a, struct smtp_reply *r)
{
	static const struct {
		enum mailout_result result;
		int code;
		const char *enhanced, *text;
	} reasons[] = {
	    [STOPPED_LOGIN] = {MAILOUT_STOP, 530, "5.7.0",
		"the server did not ask for our login"},
	    [STOPPED_UTF8] = {MAILOUT_REFUSED, 553, "5.6.7",
		"the server takes no address with such letters"},
	    [STOPPED_SIZE] = {MAILOUT_REFUSED, 552, "5.3.4",
		"larger than the server's limit of"},
	};
	struct span text = span_of(reasons[s->stopped].text);

	if (s->stopped == STOPPED_SIZE)
		text =
		    arena_spanf(a, "%s %lld", text.p, (long long)s->size_limit);
	r->result = (int32_t)reasons[s->stopped].result;
	r->code = reasons[s->stopped].code;
	copy_text(r->enhanced, sizeof(r->enhanced),
	    span_of(reasons[s->stopped].enhanced));
	copy_text(r->text, sizeof(r->text), text);
}

static void
fill(struct sender *s, struct arena *a, CURLcode rc, struct smtp_reply *r)
{
	struct span last = str_span(&s->last);
	struct smtp_outcome o = {.stage = s->stage,
	    .end = end_of(rc, s->stage),
	    .code = s->last_code,
	    .enhanced = smtp_enhanced(last),
	    .body_sent = s->body_sent};
	struct span text = last;

	if (s->stopped != STOPPED_NOT) {
		fill_stopped(s, a, r);
		return;
	}
	if (s->accepted)
		o.end = SMTP_END_OK;
	r->result = (int32_t)smtp_judge(&o);
	/* A code that was no refusal explains nothing; no TLS has none. */
	r->code = r->result == MAILOUT_SENT || o.code >= 400 ? o.code : 0;
	if (r->result == MAILOUT_STOP && o.end == SMTP_END_TLS)
		r->code = 0;
	if (o.code < 400 && r->result != MAILOUT_SENT)
		text = span_of(o.end == SMTP_END_TLS && s->why[0] != '\0'
				   ? s->why
				   : curl_easy_strerror(rc));
	else
		copy_text(r->enhanced, sizeof(r->enhanced), o.enhanced);
	if (r->result == MAILOUT_STOP && o.end == SMTP_END_AUTH && r->code == 0)
		r->code = 535;
	r->away = r->result == MAILOUT_LATER && o.stage < SMTP_MAIL;
	r->enough = r->result == MAILOUT_UNKNOWN ||
		    (r->result == MAILOUT_LATER && o.code == 421);
	r->bad_address =
	    r->result == MAILOUT_REFUSED && s->stage >= SMTP_RCPT &&
	    span_starts(o.enhanced, "5.1.") && !span_is(o.enhanced, "5.1.7") &&
	    !span_is(o.enhanced, "5.1.8");
	copy_text(r->text, sizeof(r->text), mailout_clean(a, text));
	if (r->result == MAILOUT_SENT)
		copy_text(r->queue_id, sizeof(r->queue_id),
		    mailout_clean(a, smtp_queue_id(last)));
}

/*
 * The server has it.  Noted and told before anything else is done: the fewer
 * steps between, the fewer deaths that send it again.
 */
static void
taken(struct sender *s)
{
	struct smtp_reply r = {.id = s->mail->id};
	struct mailout_answer a;

	s->accepted = true;
	fill(s, s->item, CURLE_OK, &r);
	a = (struct mailout_answer){.code = r.code,
	    .enhanced = span_of(r.enhanced),
	    .text = span_of(r.text),
	    .queue_id = span_of(r.queue_id)};
	if (s->journal_fd >= 0)
		journal_note(s->journal_fd, s->mail, &a);
	s->answered = tell(s, &r);
}

static bool
is_too_large(const struct sender *s)
{
	return s->size_limit > 0 && (int64_t)s->mail->bytes.n > s->size_limit;
}

/* Each reply line; returning 0 ends the connection. */
static size_t
on_reply(char *data, size_t size, size_t n, void *cookie)
{
	struct sender *s = cookie;
	struct span line = {data, size * n};
	int64_t code;

	if (s->over || line.n < 4 ||
	    !num_int(span_sub(line, 0, 3), 200, 599, &code))
		return size * n;
	s->last_code = (int)code;
	str_truncate(&s->last, 0);
	str_add(&s->last, span_trim(span_skip(line, 4)));
	if (s->stage == SMTP_EHLO)
		read_offer(s, str_span(&s->last));
	if (s->stage == SMTP_AUTH && code == 235)
		s->authenticated = true;
	if (s->body_sent && code / 100 == 2 && line.p[3] != '-')
		taken(s);
	if (s->stage != SMTP_MAIL || code / 100 != 2)
		return size * n;
	if (has_credentials(s) && !s->authenticated)
		s->stopped = STOPPED_LOGIN;
	else if (s->need_utf8 && !s->utf8)
		s->stopped = STOPPED_UTF8;
	else if (is_too_large(s))
		s->stopped = STOPPED_SIZE;
	return s->stopped != STOPPED_NOT ? 0 : size * n;
}

static size_t
on_body(char *buf, size_t size, size_t n, void *cookie)
{
	struct sender *s = cookie;
	size_t take = size * n < s->rest.n ? size * n : s->rest.n;

	memcpy(buf, s->rest.p, take);
	s->rest = span_skip(s->rest, take);
	/* libcurl knows the size and need not ask again for its end. */
	if (s->rest.n == 0)
		s->body_sent = true;
	return take;
}

static size_t
drop(char *data, size_t size, size_t n, void *cookie)
{
	(void)data, (void)cookie;
	return size * n;
}

/* "sha256//BASE64" of hex; NULL when it is no digest. */
static char *
pin_of(struct arena *arena, struct span hex)
{
	char bytes[DIGEST_BYTES];
	struct span b64;

	if (hex.n != 2 * sizeof(bytes))
		return NULL;
	for (size_t i = 0; i < sizeof(bytes); i++) {
		int high = ascii_hex(hex.p[2 * i]);
		int low = ascii_hex(hex.p[2 * i + 1]);

		if (high < 0 || low < 0)
			return NULL;
		bytes[i] = (char)(high * 16 + low);
	}
	b64 = base64_write(arena, (struct span){bytes, sizeof(bytes)}, 0);
	return arena_printf(arena, "sha256//%.*s", (int)b64.n, b64.p);
}

/*
 * libcurl trusts a folder beside the file: ours is to stand alone, and the
 * system's file has all of the folder, which takes long to read.
 */
static void
set_trust(struct sender *s, struct arena *a)
{
	CURL *c = s->curl;
	char *pin = pin_of(a, s->set->pin_sha256);

	if (pin != NULL) {
		/* The very key is demanded: names and chains add nothing. */
		curl_easy_setopt(c, CURLOPT_PINNEDPUBLICKEY, pin);
		curl_easy_setopt(c, CURLOPT_SSL_VERIFYPEER, 0L);
		curl_easy_setopt(c, CURLOPT_SSL_VERIFYHOST, 0L);
		curl_easy_setopt(c, CURLOPT_CAINFO, NULL);
		curl_easy_setopt(c, CURLOPT_CAPATH, NULL);
	} else if (s->set->ca_file.n > 0) {
		curl_easy_setopt(
		    c, CURLOPT_CAINFO, arena_strdup(a, s->set->ca_file));
		curl_easy_setopt(c, CURLOPT_CAPATH, NULL);
	} else if (curl_version_info(CURLVERSION_NOW)->cainfo != NULL) {
		curl_easy_setopt(c, CURLOPT_CAPATH, NULL);
	}
}

static void
set_tls(struct sender *s, struct arena *a)
{
	CURL *c = s->curl;

	curl_easy_setopt(c, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
	if (s->set->starttls)
		curl_easy_setopt(c, CURLOPT_USE_SSL, (long)CURLUSESSL_ALL);
	set_trust(s, a);
}

static void
set_login(struct sender *s, struct arena *a)
{
	CURL *c = s->curl;

	if (!has_credentials(s))
		return;
	curl_easy_setopt(c, CURLOPT_USERNAME, arena_strdup(a, s->set->user));
	if (s->set->token.n > 0) {
		curl_easy_setopt(
		    c, CURLOPT_XOAUTH2_BEARER, arena_strdup(a, s->set->token));
		/* Else a server without them is asked with no password. */
		curl_easy_setopt(
		    c, CURLOPT_LOGIN_OPTIONS, "AUTH=OAUTHBEARER;AUTH=XOAUTH2");
	} else
		curl_easy_setopt(
		    c, CURLOPT_PASSWORD, arena_strdup(a, s->set->password));
}

static void
set_up(struct sender *s, struct arena *a)
{
	CURL *c = s->curl;
	long seconds = s->set->timeout_seconds;

	curl_easy_setopt(c, CURLOPT_URL,
	    arena_printf(a, "%.*s/%.*s", (int)s->set->url.n, s->set->url.p,
		(int)s->set->helo.n, s->set->helo.p));
	curl_easy_setopt(c, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
	curl_easy_setopt(c, CURLOPT_PROXY, "");
	curl_easy_setopt(c, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(c, CURLOPT_UPLOAD, 1L);
	/* Twice as much is taken anew for each mail: the least there is. */
	curl_easy_setopt(c, CURLOPT_UPLOAD_BUFFERSIZE, (long)UPLOAD_BYTES);
	curl_easy_setopt(c, CURLOPT_MAXCONNECTS, 1L);
	curl_easy_setopt(c, CURLOPT_CONNECTTIMEOUT, seconds);
	/* Without this cleanup waits two minutes for the reply to QUIT. */
	curl_easy_setopt(c, CURLOPT_SERVER_RESPONSE_TIMEOUT, seconds);
	curl_easy_setopt(c, CURLOPT_TIMEOUT, 4 * seconds);
	curl_easy_setopt(c, CURLOPT_SOCKOPTFUNCTION, on_socket);
	curl_easy_setopt(c, CURLOPT_SOCKOPTDATA, s);
	curl_easy_setopt(c, CURLOPT_ERRORBUFFER, s->why);
	curl_easy_setopt(c, CURLOPT_VERBOSE, 1L);
	curl_easy_setopt(c, CURLOPT_DEBUGFUNCTION, on_debug);
	curl_easy_setopt(c, CURLOPT_DEBUGDATA, s);
	curl_easy_setopt(c, CURLOPT_HEADERFUNCTION, on_reply);
	curl_easy_setopt(c, CURLOPT_HEADERDATA, s);
	curl_easy_setopt(c, CURLOPT_WRITEFUNCTION, drop);
	curl_easy_setopt(c, CURLOPT_READFUNCTION, on_body);
	curl_easy_setopt(c, CURLOPT_READDATA, s);
	set_tls(s, a);
	set_login(s, a);
}

static void
begin(struct sender *s, struct arena *a, const struct mailout_mail *m)
{
	s->rest = m->bytes;
	s->mail = m;
	s->item = a;
	s->body_sent = s->accepted = s->answered = false;
	s->need_utf8 = !span_is_ascii(m->from) || !span_is_ascii(m->to);
	s->stopped = STOPPED_NOT;
	s->over = false;
	s->last_code = 0;
	s->why[0] = '\0';
	s->stage = SMTP_MAIL; /* on_socket says otherwise */
	str_init(&s->last, a, 400);
}

/* A connection of its own, which libcurl gives to no mail afterwards. */
static void
try_login(struct sender *s, struct arena *a, struct smtp_reply *r)
{
	CURLcode rc;

	curl_easy_setopt(s->curl, CURLOPT_CONNECT_ONLY, 1L);
	rc = curl_easy_perform(s->curl);
	curl_easy_setopt(s->curl, CURLOPT_CONNECT_ONLY, 0L);
	if (rc == CURLE_OK && has_credentials(s) && !s->authenticated)
		s->stopped = STOPPED_LOGIN;
	fill(s, a, rc, r);
}

static void
send_mail(struct sender *s, struct arena *a, const struct mailout_mail *m,
    struct smtp_reply *r)
{
	struct curl_slist *to;
	CURLcode rc;

	begin(s, a, m);
	if (m->bytes.n == 0) {
		try_login(s, a, r);
		return;
	}
	if (is_too_large(s)) {
		s->stopped = STOPPED_SIZE;
		fill_stopped(s, a, r);
		return;
	}
	to = curl_slist_append(
	    NULL, arena_printf(a, "<%.*s>", (int)m->to.n, m->to.p));
	curl_easy_setopt(s->curl, CURLOPT_MAIL_FROM,
	    arena_printf(a, "<%.*s>", (int)m->from.n, m->from.p));
	curl_easy_setopt(s->curl, CURLOPT_MAIL_RCPT, to);
	curl_easy_setopt(
	    s->curl, CURLOPT_INFILESIZE_LARGE, (curl_off_t)m->bytes.n);
	curl_easy_setopt(s->curl, CURLOPT_FRESH_CONNECT,
	    s->sent > 0 && s->sent % MAILS_PER_CONNECTION == 0 ? 1L : 0L);
	s->sent++;
	rc = curl_easy_perform(s->curl);
	curl_slist_free_all(to);
	fill(s, a, rc, r);
}

static bool
read_all(int fd, void *to, size_t n)
{
	char *p = to;

	while (n > 0) {
		ssize_t got = read(fd, p, n);

		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			return false;
		p += got;
		n -= (size_t)got;
	}
	return true;
}

static bool
read_job(int fd, struct arena *a, struct mailout_mail *out)
{
	struct smtp_job j;
	char *p;

	if (!read_all(fd, &j, sizeof(j)) || j.from_n > ENVELOPE_BYTES ||
	    j.to_n > ENVELOPE_BYTES || j.bytes_n > LIMIT_RENDERED_BYTES)
		return false;
	p = arena_alloc(a, (size_t)j.from_n + j.to_n + j.bytes_n);
	if (!read_all(fd, p, (size_t)j.from_n + j.to_n + j.bytes_n))
		return false;
	*out = (struct mailout_mail){.id = j.id,
	    .from = {p, j.from_n},
	    .to = {p + j.from_n, j.to_n},
	    .bytes = {p + j.from_n + j.to_n, j.bytes_n}};
	return true;
}

static bool
work(struct sender *s, struct arena *item)
{
	struct mailout_mail mail;
	struct smtp_reply r;

	if (!read_job(s->fd, item, &mail))
		return false;
	r = (struct smtp_reply){.id = mail.id};
	send_mail(s, item, &mail, &r);
	if (!s->answered && !tell(s, &r))
		return false;
	if (s->answered || (r.result != MAILOUT_STOP && !r.away && !r.enough))
		return true;
	/* The run need not wait for the goodbye to such a server. */
	shutdown(s->fd, SHUT_RDWR);
	return false;
}

void
smtp_sender(
    const struct mailout_settings *set, int fd, int journal_fd, pid_t run)
{
	struct sender s = {.set = set, .fd = fd, .journal_fd = journal_fd};
	struct arena keep, item;

	arena_init(&keep);
	arena_init(&item);
	if (curl_global_init(CURL_GLOBAL_DEFAULT) != 0)
		_exit(1);
	s.curl = curl_easy_init();
	if (s.curl == NULL)
		_exit(1);
	set_up(&s, &keep);
	/* What waits here of a dead run is the next one's to send. */
	while (work(&s, &item) && getppid() == run)
		arena_reset(&item);
	curl_easy_cleanup(s.curl); /* says QUIT */
	_exit(0);
}
