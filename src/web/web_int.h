/* Private to web/: one request, and who may be spoken to. */
#ifndef WEB_WEB_INT_H
#define WEB_WEB_INT_H

#include <sys/socket.h>

#include "web/web.h"

enum reach {
	REACH_NEVER, /* link-local, multicast, reserved, "this host" */
	REACH_LOOPBACK,
	REACH_PRIVATE, /* RFC 1918, RFC 4193, RFC 6598 */
	REACH_PUBLIC,
};
/* What kind of place an address is; IPv4 inside IPv6 is looked into. */
enum reach reach_of(const struct sockaddr *);

struct request {
	const char *method; /* "GET", "POST", "PUT", "DELETE" */
	struct span url;
	struct span type, body; /* of what we send */
	struct span etag;
	struct web_login login;
	bool secret;  /* the body is one: no plain http but to loopback */
	bool private; /* the operator named this place: it may be private */
	bool follow;  /* redirects */
};

struct response {
	int status;
	struct span body, etag;
};

/*
 * 0: *out holds whatever status came.  Else ERR_LATER, or ERR_ITEM for a URL
 * that cannot be asked.
 */
int web_ask(struct web *, struct arena *, const struct request *,
    struct response *out, struct err *);
/* The host of a URL, for messages; "?" when it has none. */
struct span web_host(struct arena *, struct span url);

#endif
