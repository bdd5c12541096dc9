/*
 * One request by libcurl.  Redirects are walked here, one hop at a time, so
 * that each has its own check of scheme and address, a login is never sent
 * along, and all hops share one deadline.
 */
#include <curl/curl.h>
#include <string.h>
#include <sysexits.h>
#include <time.h>
#include <unistd.h>

#include "base/limits.h"
#include "base/str.h"
#include "base/utf8.h"
#include "web/web_int.h"

enum {
	ETAG_MAX = 256,
	URL_MAX = 4096, /* secret addresses of calendars have 100 to 300 */
	HOST_MAX = 100,
	CONNECT_SECONDS = 10,
};

struct web {
	struct web_settings set;
	CURL *curl; /* NULL before the first request */
	int64_t spent_ms;
};

/* One hop; what the callbacks see. */
struct hop {
	const struct web *web;
	const struct request *ask;
	struct arena *arena;
	const char *url;
	bool plain;   /* http */
	bool refused; /* an address we may not speak to */
	bool too_large;
	struct span rest; /* of what we send */
	struct str body;
	struct span etag;
	char text[CURL_ERROR_SIZE];
};

static int64_t
now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

struct web *
web_open(struct arena *arena, const struct web_settings *settings)
{
	struct web *w = arena_alloc(arena, sizeof(*w));

	w->set = *settings;
	if (w->set.timeout_ms == 0)
		w->set.timeout_ms = LIMIT_WEB_SECONDS * 1000;
	return w;
}

void
web_close(struct web *w)
{
	if (w->curl == NULL)
		return;
	curl_easy_cleanup(w->curl);
	curl_global_cleanup();
	w->curl = NULL;
}

bool
web_is_over(const struct web *w)
{
	return w->set.total_ms != 0 && w->spent_ms >= w->set.total_ms;
}

/* --- URLs ----------------------------------------------------------------- */

struct span
web_host(struct arena *arena, struct span url)
{
	struct span host = SPAN("?");
	CURLU *u = curl_url();
	char *part = NULL;

	if (u != NULL &&
	    curl_url_set(u, CURLUPART_URL, arena_strdup(arena, url), 0) ==
		CURLUE_OK &&
	    curl_url_get(u, CURLUPART_HOST, &part, 0) == CURLUE_OK)
		host = utf8_head(utf8_line(arena, span_of(part)), HOST_MAX);
	curl_free(part);
	curl_url_cleanup(u);
	return host;
}

/* NULL, or why this is nothing to ask. */
static const char *
check_url(struct span url)
{
	if (url.n > URL_MAX)
		return "the address is too long";
	for (size_t i = 0; i < url.n; i++)
		if ((unsigned char)url.p[i] <= ' ' || url.p[i] == 0x7f)
			return "the address has blanks or line ends in it";
	if (!span_casestarts(url, "https://") &&
	    !span_casestarts(url, "http://"))
		return "the address does not start with https://";
	return NULL;
}

static struct span
from_webcal(struct arena *arena, struct span url)
{
	size_t n = span_casestarts(url, "webcal://")    ? 9
		   : span_casestarts(url, "webcals://") ? 10
							: 0;

	return n == 0 ? url
		      : arena_spanf(
			    arena, "https://%.*s", (int)(url.n - n), url.p + n);
}

/* --- callbacks ------------------------------------------------------------- */

static bool
may_reach(const struct hop *h, enum reach reach)
{
	bool inside = h->web->set.private_addresses || h->ask->private;
	bool secret = h->ask->secret || h->ask->login.user.n > 0;

	switch (reach) {
	case REACH_LOOPBACK:
		return inside;
	case REACH_PRIVATE:
		return inside && !(h->plain && secret);
	case REACH_PUBLIC:
		return !h->plain;
	default:
		return false;
	}
}

static curl_socket_t
on_socket(void *cookie, curlsocktype purpose, struct curl_sockaddr *a)
{
	struct hop *h = cookie;

	(void)purpose;
	if (!may_reach(h, reach_of(&a->addr))) {
		h->refused = true;
		return CURL_SOCKET_BAD;
	}
	return socket(a->family, a->socktype | SOCK_CLOEXEC, a->protocol);
}

static size_t
on_body(char *data, size_t size, size_t n, void *cookie)
{
	struct hop *h = cookie;

	if (h->body.n + size * n > LIMIT_WEB_BYTES) {
		h->too_large = true;
		return 0;
	}
	str_add(&h->body, (struct span){data, size * n});
	return size * n;
}

static size_t
on_header(char *data, size_t size, size_t n, void *cookie)
{
	struct hop *h = cookie;
	struct span line = span_trim((struct span){data, size * n});

	/* "100 Continue" and what belongs to it come before the answer. */
	if (span_casestarts(line, "HTTP/"))
		h->etag = SPAN("");
	if (!span_casestarts(line, "etag:"))
		return size * n;
	line = span_trim(span_skip(line, 5));
	for (size_t i = 0; i < line.n; i++)
		if (line.p[i] < ' ' || line.p[i] > '~')
			return size * n;
	if (line.n <= ETAG_MAX)
		h->etag = arena_span(h->arena, line);
	return size * n;
}

static size_t
on_read(char *buf, size_t size, size_t n, void *cookie)
{
	struct hop *h = cookie;
	size_t take = size * n < h->rest.n ? size * n : h->rest.n;

	memcpy(buf, h->rest.p, take);
	h->rest = span_skip(h->rest, take);
	return take;
}

static int
on_seek(void *cookie, curl_off_t at, int origin)
{
	struct hop *h = cookie;

	if (origin != SEEK_SET || at < 0 || (size_t)at > h->ask->body.n)
		return CURL_SEEKFUNC_FAIL;
	h->rest = span_skip(h->ask->body, (size_t)at);
	return CURL_SEEKFUNC_OK;
}

/* --- one hop ---------------------------------------------------------------- */

static struct curl_slist *
headers(struct arena *arena, const struct request *ask)
{
	struct curl_slist *list = NULL;

	/* We would wait for it a second, and few servers send it. */
	list = curl_slist_append(list, "Expect:");
	if (ask->etag.n > 0)
		list = curl_slist_append(
		    list, arena_printf(arena, "If-None-Match: %.*s",
			      (int)ask->etag.n, ask->etag.p));
	if (ask->type.n > 0)
		list = curl_slist_append(
		    list, arena_printf(arena, "Content-Type: %.*s",
			      (int)ask->type.n, ask->type.p));
	return list;
}

static void
set_common(CURL *c, struct hop *h, int64_t left_ms)
{
	const struct web *w = h->web;

	curl_easy_setopt(c, CURLOPT_URL, h->url);
	curl_easy_setopt(c, CURLOPT_PROTOCOLS_STR, h->plain ? "http" : "https");
	curl_easy_setopt(c, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(c, CURLOPT_PROXY, "");
	curl_easy_setopt(c, CURLOPT_NETRC, (long)CURL_NETRC_IGNORED);
	curl_easy_setopt(c, CURLOPT_USERAGENT, "rmail/" RMAIL_VERSION);
	curl_easy_setopt(c, CURLOPT_ERRORBUFFER, h->text);
	curl_easy_setopt(c, CURLOPT_TIMEOUT_MS, (long)left_ms);
	curl_easy_setopt(c, CURLOPT_CONNECTTIMEOUT_MS, CONNECT_SECONDS * 1000L);
	curl_easy_setopt(c, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
	/*
	 * A kept connection was looked at under the conditions of the request
	 * that made it; only the operator's own places may have it again.
	 */
	if (h->plain || !h->ask->private) {
		curl_easy_setopt(c, CURLOPT_FRESH_CONNECT, 1L);
		curl_easy_setopt(c, CURLOPT_FORBID_REUSE, 1L);
	}
	/* libcurl trusts a folder beside the file: it is to stand alone. */
	if (w->set.ca_file.n > 0)
		curl_easy_setopt(
		    c, CURLOPT_CAINFO, arena_strdup(h->arena, w->set.ca_file));
	if (w->set.ca_file.n > 0 ||
	    curl_version_info(CURLVERSION_NOW)->cainfo != NULL)
		curl_easy_setopt(c, CURLOPT_CAPATH, NULL);
	curl_easy_setopt(
	    c, CURLOPT_MAXFILESIZE_LARGE, (curl_off_t)LIMIT_WEB_BYTES);
	curl_easy_setopt(c, CURLOPT_OPENSOCKETFUNCTION, on_socket);
	curl_easy_setopt(c, CURLOPT_OPENSOCKETDATA, h);
	curl_easy_setopt(c, CURLOPT_WRITEFUNCTION, on_body);
	curl_easy_setopt(c, CURLOPT_WRITEDATA, h);
	curl_easy_setopt(c, CURLOPT_HEADERFUNCTION, on_header);
	curl_easy_setopt(c, CURLOPT_HEADERDATA, h);
}

static void
set_request(CURL *c, struct hop *h, struct curl_slist *list)
{
	const struct request *ask = h->ask;

	curl_easy_setopt(c, CURLOPT_HTTPHEADER, list);
	if (ask->login.user.n > 0) {
		curl_easy_setopt(c, CURLOPT_HTTPAUTH, (long)CURLAUTH_BASIC);
		curl_easy_setopt(c, CURLOPT_USERNAME,
		    arena_strdup(h->arena, ask->login.user));
		curl_easy_setopt(c, CURLOPT_PASSWORD,
		    arena_strdup(h->arena, ask->login.password));
	}
	if (span_is(span_of(ask->method), "POST")) {
		curl_easy_setopt(c, CURLOPT_POST, 1L);
		curl_easy_setopt(
		    c, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)ask->body.n);
		curl_easy_setopt(c, CURLOPT_POSTFIELDS, ask->body.p);
	} else if (span_is(span_of(ask->method), "PUT")) {
		curl_easy_setopt(c, CURLOPT_UPLOAD, 1L);
		curl_easy_setopt(
		    c, CURLOPT_INFILESIZE_LARGE, (curl_off_t)ask->body.n);
		curl_easy_setopt(c, CURLOPT_READFUNCTION, on_read);
		curl_easy_setopt(c, CURLOPT_READDATA, h);
		curl_easy_setopt(c, CURLOPT_SEEKFUNCTION, on_seek);
		curl_easy_setopt(c, CURLOPT_SEEKDATA, h);
	} else if (!span_is(span_of(ask->method), "GET"))
		curl_easy_setopt(c, CURLOPT_CUSTOMREQUEST, ask->method);
}

static bool
is_tls(CURLcode rc)
{
	return rc == CURLE_SSL_CONNECT_ERROR ||
	       rc == CURLE_PEER_FAILED_VERIFICATION ||
	       rc == CURLE_SSL_CACERT_BADFILE || rc == CURLE_SSL_CERTPROBLEM ||
	       rc == CURLE_SSL_CIPHER || rc == CURLE_USE_SSL_FAILED;
}

/* libcurl's own text is shown for TLS alone: others may quote the URL. */
static int
failed(struct hop *h, CURLcode rc, struct err *err)
{
	struct span host = web_host(h->arena, span_of(h->url));
	int n = (int)host.n;
	const char *p = host.p;

	if (h->refused && rc == CURLE_COULDNT_CONNECT)
		return err_exit(err, ERR_LATER, EX_NOPERM,
		    h->plain ? "%.*s: we do not go there without https"
			     : "%.*s: the address is private; see "
			       "private-addresses in [feeds]",
		    n, p);
	if (h->too_large || rc == CURLE_FILESIZE_EXCEEDED)
		return err_exit(err, ERR_LATER, EX_PROTOCOL,
		    "%.*s: the answer is larger than %d MB", n, p,
		    LIMIT_WEB_BYTES / 1000000);
	if (rc == CURLE_OPERATION_TIMEDOUT)
		return err_exit(err, ERR_LATER, EX_TEMPFAIL,
		    "%.*s: no answer in time", n, p);
	if (is_tls(rc))
		return err_exit(err, ERR_LATER, EX_PROTOCOL,
		    "%.*s: no safe connection: %s", n, p,
		    h->text[0] != '\0' ? h->text : curl_easy_strerror(rc));
	return err_exit(err, ERR_LATER, EX_TEMPFAIL, "%.*s: %s", n, p,
	    curl_easy_strerror(rc));
}

/* *next: where it wants to send us, or "". */
static int
hop(struct web *w, struct hop *h, int64_t left_ms, struct response *out,
    struct span *next, struct err *err)
{
	struct curl_slist *list = headers(h->arena, h->ask);
	char *location = NULL;
	long status = 0;
	CURLcode rc;

	/* Options are forgotten, the connection is not. */
	curl_easy_reset(w->curl);
	set_common(w->curl, h, left_ms);
	set_request(w->curl, h, list);
	rc = curl_easy_perform(w->curl);
	curl_easy_setopt(w->curl, CURLOPT_ERRORBUFFER, NULL);
	curl_slist_free_all(list);
	if (rc != CURLE_OK)
		return failed(h, rc, err);
	curl_easy_getinfo(w->curl, CURLINFO_RESPONSE_CODE, &status);
	curl_easy_getinfo(w->curl, CURLINFO_REDIRECT_URL, &location);
	*next = status / 100 == 3 && location != NULL
		    ? arena_span(h->arena, span_of(location))
		    : SPAN("");
	*out = (struct response){
	    .status = (int)status, .body = str_span(&h->body), .etag = h->etag};
	return 0;
}

static int
start(struct web *w, struct err *err)
{
	if (w->curl != NULL)
		return 0;
	if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
		return err_set(err, ERR_STOP, "libcurl does not start");
	w->curl = curl_easy_init();
	if (w->curl == NULL) {
		curl_global_cleanup();
		return err_set(err, ERR_STOP, "libcurl does not start");
	}
	return 0;
}

static int
walk(struct web *w, struct arena *arena, const struct request *ask,
    struct response *out, struct err *err)
{
	int64_t end = now_ms() + w->set.timeout_ms;
	struct span url = from_webcal(arena, span_trim(ask->url));
	struct span next = SPAN("");
	struct response got = {0};

	for (int hops = 0; hops <= LIMIT_WEB_REDIRECTS; hops++) {
		struct hop h = {.web = w,
		    .ask = ask,
		    .arena = arena,
		    .url = arena_strdup(arena, url),
		    .plain = span_casestarts(url, "http://"),
		    .rest = ask->body};
		const char *wrong = check_url(url);
		int64_t left = end - now_ms();

		if (wrong != NULL)
			return err_set(err, hops == 0 ? ERR_ITEM : ERR_LATER,
			    "%s%s", hops == 0 ? "" : "redirected: ", wrong);
		str_init(&h.body, arena, LIMIT_WEB_BYTES + 1);
		if (hop(w, &h, left > 1 ? left : 1, &got, &next, err) < 0)
			return hops == 0 ? -1 : err_in(err, "redirected");
		if (next.n == 0 || !ask->follow) {
			*out = got;
			return 0;
		}
		if (!h.plain && span_casestarts(next, "http://"))
			return err_exit(err, ERR_LATER, EX_NOPERM,
			    "redirected: away from https");
		url = next;
	}
	return err_exit(err, ERR_LATER, EX_PROTOCOL,
	    "redirected more than %d times", LIMIT_WEB_REDIRECTS);
}

int
web_ask(struct web *w, struct arena *arena, const struct request *ask,
    struct response *out, struct err *err)
{
	int64_t begin = now_ms();
	int rc;

	if (web_is_over(w))
		return err_exit(err, ERR_LATER, EX_TEMPFAIL,
		    "no time is left for it in this run");
	if (start(w, err) < 0)
		return -1;
	rc = walk(w, arena, ask, out, err);
	w->spent_ms += now_ms() - begin;
	return rc;
}

/* --- what is asked ---------------------------------------------------------- */

static int
no_good(struct arena *arena, struct span url, int status, struct err *err)
{
	struct span host = web_host(arena, url);
	const char *what =
	    status == 401 || status == 403   ? "; it wants a login that "
					       "we do not have"
	    : status == 404 || status == 410 ? "; it is not there any more"
	    : status == 429                  ? "; we asked too often"
					     : "";

	return err_exit(err, ERR_LATER,
	    status == 401 || status == 403 ? EX_NOPERM : EX_TEMPFAIL,
	    "%.*s: the server answered %d%s", (int)host.n, host.p, status,
	    what);
}

int
web_get(struct web *w, struct arena *arena, struct span url, struct span etag,
    struct web_answer *out, struct err *err)
{
	struct request ask = {
	    .method = "GET", .url = url, .etag = etag, .follow = true};
	struct response got;

	if (web_ask(w, arena, &ask, &got, err) < 0)
		return -1;
	if (got.status == 304 && etag.n > 0) {
		*out = (struct web_answer){.unchanged = true};
		return 0;
	}
	if (got.status != 200)
		return no_good(arena, url, got.status, err);
	*out = (struct web_answer){.body = got.body, .etag = got.etag};
	return 0;
}

/* What has no caller's arena lives as long as the request. */
static int
ask_short(
    struct web *w, const struct request *ask, const int *good, struct err *err)
{
	struct response got;
	struct arena arena;
	int rc;

	arena_init(&arena);
	rc = web_ask(w, &arena, ask, &got, err);
	if (rc == 0) {
		while (*good != 0 && *good != got.status)
			good++;
		if (*good == 0)
			rc = no_good(&arena, ask->url, got.status, err);
	}
	arena_release(&arena);
	return rc;
}

int
web_put(struct web *w, struct span url, const struct web_login *login,
    struct span ics, struct err *err)
{
	static const int good[] = {200, 201, 204, 0};
	struct request ask = {.method = "PUT",
	    .url = url,
	    .type = SPAN("text/calendar; charset=utf-8"),
	    .body = ics,
	    .login = *login,
	    .secret = true,
	    .private = true};

	return ask_short(w, &ask, good, err);
}

int
web_delete(struct web *w, struct span url, const struct web_login *login,
    struct err *err)
{
	static const int good[] = {200, 202, 204, 404, 410, 0};
	struct request ask = {.method = "DELETE",
	    .url = url,
	    .login = *login,
	    .secret = true,
	    .private = true};

	return ask_short(w, &ask, good, err);
}

int
web_ping(struct web *w, struct span url, struct err *err)
{
	static const int good[] = {200, 201, 202, 204, 0};
	struct request ask = {
	    .method = "GET", .url = url, .private = true, .follow = true};

	return ask_short(w, &ask, good, err);
}
