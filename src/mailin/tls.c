/*
 * TLS by GnuTLS: at least 1.2, and a certificate that is trusted, names the
 * host and is within its dates.  A pinned key or certificate stands in place
 * of chain and name, never of the dates.
 */
#include <gnutls/gnutls.h>
#include <gnutls/x509.h>
#include <string.h>
#include <sysexits.h>
#include <time.h>

#include "base/digest.h"
#include "mailin/stream_int.h"

static const char priority[] = "NORMAL:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2";

struct tls {
	gnutls_session_t session;
	gnutls_certificate_credentials_t trust;
	struct tls_wait wait;
};

static int
load_trust(
    struct tls *t, struct arena *arena, struct span ca_file, struct err *err)
{
	const char *file = arena_strdup(arena, ca_file);
	int n;

	if (gnutls_certificate_allocate_credentials(&t->trust) < 0)
		return err_exit(err, ERR_STOP, EX_OSERR, "TLS: out of memory");
	if (ca_file.n == 0)
		n = gnutls_certificate_set_x509_system_trust(t->trust);
	else
		n = gnutls_certificate_set_x509_trust_file(
		    t->trust, file, GNUTLS_X509_FMT_PEM);
	if (n > 0)
		return 0;
	return err_exit(err, ERR_STOP, EX_CONFIG,
	    "%s holds no certificate to trust; expected is a PEM file of a "
	    "certification authority",
	    ca_file.n == 0 ? "the system's store (package ca-certificates)"
			   : file);
}

/* Retries what could not go at once; the deadline is the waiter's. */
static bool
again(struct tls *t, int rc)
{
	if (rc == GNUTLS_E_INTERRUPTED)
		return true;
	if (rc != GNUTLS_E_AGAIN)
		return false;
	return t->wait.ready(
	    t->wait.cookie, gnutls_record_get_direction(t->session) == 1);
}

/* Why the peer's certificate was refused, in GnuTLS's words. */
static int
refused(struct tls *t, struct arena *arena, const char *host, struct err *err)
{
	unsigned status = gnutls_session_get_verify_cert_status(t->session);
	gnutls_datum_t text = {0};
	struct span why = SPAN("it cannot be checked");

	if (gnutls_certificate_verification_status_print(
		status, GNUTLS_CRT_X509, &text, 0) >= 0)
		why = span_trim(arena_span(
		    arena, (struct span){(char *)text.data, text.size}));
	gnutls_free(text.data);
	return err_exit(err, ERR_STOP, EX_PROTOCOL,
	    "the certificate of %s is refused: %.*s (remedy: a valid "
	    "certificate, or ca-file, or in-fingerprint)",
	    host, (int)why.n, why.p);
}

static int
check_dates(gnutls_x509_crt_t crt, const char *host, struct err *err)
{
	time_t now = time(NULL);

	if (gnutls_x509_crt_get_activation_time(crt) <= now &&
	    gnutls_x509_crt_get_expiration_time(crt) >= now)
		return 0;
	return err_exit(err, ERR_STOP, EX_PROTOCOL,
	    "the pinned certificate of %s has expired or is not valid yet",
	    host);
}

/* Hexadecimal digits, with or without colons between them. */
static bool
same_hex(struct span pin, struct span hex)
{
	size_t at = 0;

	for (size_t i = 0; i < pin.n; i++) {
		if (pin.p[i] == ':')
			continue;
		if (at == hex.n || ascii_lower(pin.p[i]) != hex.p[at])
			return false;
		at++;
	}
	return at == hex.n;
}

static struct span
hex_of(struct arena *arena, const uint8_t sum[DIGEST_BYTES])
{
	return hex_write(arena, (struct span){(const char *)sum, DIGEST_BYTES});
}

/* The pin is of the public key, which renewals may keep, or of all of it. */
static int
check_pin_of(struct arena *arena, const gnutls_datum_t *der,
    gnutls_x509_crt_t crt, const char *host, struct span pin, struct err *err)
{
	uint8_t whole[DIGEST_BYTES], key[DIGEST_BYTES];
	size_t n = sizeof(key);
	struct span hex;

	if (gnutls_x509_crt_import(crt, der, GNUTLS_X509_FMT_DER) < 0 ||
	    gnutls_x509_crt_get_key_id(crt, GNUTLS_KEYID_USE_SHA256, key, &n) <
		0)
		return err_exit(err, ERR_STOP, EX_PROTOCOL,
		    "the certificate of %s cannot be read", host);
	digest_sha256((struct span){(char *)der->data, der->size}, whole);
	hex = hex_of(arena, key);
	if (!same_hex(pin, hex) && !same_hex(pin, hex_of(arena, whole)))
		return err_exit(err, ERR_STOP, EX_PROTOCOL,
		    "the certificate of %s is not the pinned one: the SHA-256 "
		    "of its public key is %.*s",
		    host, (int)hex.n, hex.p);
	return check_dates(crt, host, err);
}

static int
check_pin(struct tls *t, struct arena *arena, const char *host, struct span pin,
    struct err *err)
{
	unsigned n = 0;
	const gnutls_datum_t *der =
	    gnutls_certificate_get_peers(t->session, &n);
	gnutls_x509_crt_t crt;
	int rc;

	if (der == NULL || n == 0)
		return err_exit(err, ERR_STOP, EX_PROTOCOL,
		    "%s shows no certificate", host);
	if (gnutls_x509_crt_init(&crt) < 0)
		return err_exit(err, ERR_STOP, EX_OSERR, "TLS: out of memory");
	rc = check_pin_of(arena, &der[0], crt, host, pin, err);
	gnutls_x509_crt_deinit(crt);
	return rc;
}

/* An address is no server name (RFC 6066 3). */
static bool
is_address(struct span host)
{
	for (size_t i = 0; i < host.n; i++)
		if (!ascii_digit(host.p[i]) && host.p[i] != '.')
			return span_has(host, ":");
	return true;
}

static int
prepare(struct tls *t, struct arena *arena, const struct mailin_settings *set,
    const char *host, int fd, struct err *err)
{
	if (gnutls_init(&t->session,
		GNUTLS_CLIENT | GNUTLS_NONBLOCK | GNUTLS_NO_SIGNAL) < 0)
		return err_exit(err, ERR_STOP, EX_OSERR, "TLS: out of memory");
	if (set->pin_sha256.n == 0 &&
	    load_trust(t, arena, set->ca_file, err) < 0)
		return -1;
	if (t->trust == NULL &&
	    gnutls_certificate_allocate_credentials(&t->trust) < 0)
		return err_exit(err, ERR_STOP, EX_OSERR, "TLS: out of memory");
	if (gnutls_priority_set_direct(t->session, priority, NULL) < 0 ||
	    gnutls_credentials_set(
		t->session, GNUTLS_CRD_CERTIFICATE, t->trust) < 0)
		return err_exit(
		    err, ERR_STOP, EX_OSERR, "TLS cannot be set up here");
	if (!is_address(span_of(host)))
		gnutls_server_name_set(
		    t->session, GNUTLS_NAME_DNS, host, strlen(host));
	if (set->pin_sha256.n == 0)
		gnutls_session_set_verify_cert(t->session, host, 0);
	gnutls_transport_set_int(t->session, fd);
	return 0;
}

/* A fatal alert or a closed door in the middle of the handshake. */
static int
no_handshake(struct tls *t, int rc, const char *host, struct err *err)
{
	/* Broken off by the network: it may be better next time. */
	bool network = rc == GNUTLS_E_AGAIN || rc == GNUTLS_E_PUSH_ERROR ||
		       rc == GNUTLS_E_PULL_ERROR ||
		       rc == GNUTLS_E_PREMATURE_TERMINATION;

	if (rc == GNUTLS_E_AGAIN)
		return err_exit(err, ERR_LATER, EX_TEMPFAIL,
		    "%s does not finish the TLS handshake in time", host);
	if (rc == GNUTLS_E_FATAL_ALERT_RECEIVED)
		return err_exit(err, ERR_STOP, EX_PROTOCOL,
		    "%s breaks the TLS handshake off: %s", host,
		    gnutls_alert_get_name(gnutls_alert_get(t->session)));
	return err_exit(err, network ? ERR_LATER : ERR_STOP, EX_PROTOCOL,
	    "TLS with %s fails: %s (TLS 1.2 or newer is needed)", host,
	    gnutls_strerror(rc));
}

int
tls_open(struct arena *arena, const struct mailin_settings *set,
    const char *host, int fd, struct tls_wait wait, struct tls **out,
    struct err *err)
{
	struct tls *t = arena_alloc(arena, sizeof(*t));
	int rc;

	t->wait = wait;
	if (prepare(t, arena, set, host, fd, err) < 0)
		goto fail;
	do
		rc = gnutls_handshake(t->session);
	while (rc < 0 && (again(t, rc) || (rc != GNUTLS_E_AGAIN &&
					      !gnutls_error_is_fatal(rc))));
	if (rc == GNUTLS_E_CERTIFICATE_VERIFICATION_ERROR)
		refused(t, arena, host, err);
	else if (rc < 0)
		no_handshake(t, rc, host, err);
	if (rc < 0)
		goto fail;
	if (set->pin_sha256.n > 0 &&
	    check_pin(t, arena, host, set->pin_sha256, err) < 0)
		goto fail;
	*out = t;
	return 0;
fail:
	tls_close(t);
	return -1;
}

ssize_t
tls_read(struct tls *t, void *buf, size_t n, enum stream_end *why)
{
	ssize_t rc;

	do
		rc = gnutls_record_recv(t->session, buf, n);
	while (rc < 0 &&
	       (again(t, (int)rc) ||
		   (rc != GNUTLS_E_AGAIN && !gnutls_error_is_fatal((int)rc))));
	if (rc >= 0)
		return rc;
	*why =
	    rc == GNUTLS_E_AGAIN ? STREAM_LATE
	    : rc == GNUTLS_E_PULL_ERROR || rc == GNUTLS_E_PREMATURE_TERMINATION
		? STREAM_CLOSED
		: STREAM_TLS;
	return -1;
}

ssize_t
tls_write(struct tls *t, const void *buf, size_t n, enum stream_end *why)
{
	ssize_t rc;

	do
		rc = gnutls_record_send(t->session, buf, n);
	while (rc < 0 && again(t, (int)rc));
	if (rc >= 0)
		return rc;
	*why = rc == GNUTLS_E_AGAIN ? STREAM_LATE : STREAM_CLOSED;
	return -1;
}

void
tls_close(struct tls *t)
{
	if (t->session != NULL)
		gnutls_deinit(t->session);
	if (t->trust != NULL)
		gnutls_certificate_free_credentials(t->trust);
	t->session = NULL;
	t->trust = NULL;
}
