/*
 * web: HTTP by libcurl.  Calendar feeds in, sessions out to a CalDAV
 * collection, OAuth2 tokens, a ping when a run is done.  Decides nothing:
 * says what the other side answered.
 *
 *   file      purpose
 *   web       a handle, one request, redirects walked by ourselves
 *   reach     which addresses may be spoken to
 *   token     OAuth2 token endpoints
 *
 * What every request keeps to: https (plain http only to loopback, or to a
 * private address when those are allowed and nothing secret goes along),
 * verified certificates, LIMIT_WEB_BYTES of answer, LIMIT_WEB_SECONDS in all,
 * LIMIT_WEB_REDIRECTS, no compression (2 MB would unpack to 2 GB), no proxy
 * (it would see the addresses for us), no cookies.  Addresses are checked on
 * the socket, after the name was resolved, at each hop.
 *
 * A URL may be a secret, and a password or token always is: no error names
 * more of a URL than its host.
 */
#ifndef WEB_WEB_H
#define WEB_WEB_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/span.h"

struct web_settings {
	/* Our own network may be reached; never link-local or multicast. */
	bool private_addresses;
	struct span ca_file; /* "" = the system's */
	int timeout_ms;      /* for one request; 0 = LIMIT_WEB_SECONDS */
	int total_ms;        /* for all requests of this handle; 0 = no end */
};

struct web; /* one connection at a time, kept for the next request */

/* Costs nothing until the first request.  Never NULL. */
struct web *web_open(struct arena *, const struct web_settings *);
void web_close(struct web *);
/* total_ms are used up: each further request fails at once. */
bool web_is_over(const struct web *);

struct web_answer {
	bool unchanged;   /* 304: body and etag are empty */
	struct span body; /* in the caller's arena */
	struct span etag; /* as sent, for If-None-Match; or "" */
};

/*
 * GET.  webcal: is taken as https:.  etag "" asks without condition.
 * ERR_LATER: not reachable, too slow, too large, redirected too often or to
 * where we may not go, any status but 200 and (asked with etag) 304.
 * ERR_ITEM: the URL is none that we fetch.
 */
int web_get(struct web *, struct arena *, struct span url, struct span etag,
    struct web_answer *, struct err *);

/* Where a calendar collection is and who we are there. */
struct web_login {
	struct span user, password; /* user "" = nobody */
};
/*
 * One resource of a CalDAV collection is written or taken away; one that is
 * already gone is no error.  ERR_LATER; exit code 77 when the login was
 * refused.  Redirects are not followed.
 */
int web_put(struct web *, struct span url, const struct web_login *,
    struct span ics, struct err *);
int web_delete(
    struct web *, struct span url, const struct web_login *, struct err *);

/* "The run is done", to a watchdog: a GET whose answer is not looked at. */
int web_ping(struct web *, struct span url, struct err *);

/*
 * OAuth2 (RFC 6749 4.4 and 6): with a refresh token the grant is
 * refresh_token, else client_credentials.
 */
struct web_token_ask {
	struct span url, client, secret, scope, refresh;
};
struct web_token {
	struct span access;
	int64_t fresh_until_unix; /* expiry less WEB_TOKEN_SKEW_SECONDS */
	struct span refresh;      /* to be kept instead of the old; "" = none */
};
enum {
	/* Providers and we may differ about the time, and runs take theirs. */
	WEB_TOKEN_SKEW_SECONDS = 600,
};
/*
 * ERR_STOP, 77: refused (400, 401, 403), in the endpoint's words.
 * ERR_LATER, 75: not reachable, 429, 5xx.
 * ERR_LATER, 76: what came is no answer of a token endpoint.
 */
int web_token(struct web *, struct arena *, const struct web_token_ask *,
    int64_t now_unix, struct web_token *, struct err *);

#endif
