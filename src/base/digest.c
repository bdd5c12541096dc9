/* Digests by GnuTLS, encodings by hand. */
#include "base/digest.h"

#include <assert.h>
#include <gnutls/crypto.h>
#include <gnutls/gnutls.h>
#include <string.h>
#include <sysexits.h>

void
digest_sha256(struct span s, uint8_t out[DIGEST_BYTES])
{
	int rc = gnutls_hash_fast(GNUTLS_DIG_SHA256, s.p, s.n, out);

	assert(rc == 0);
	(void)rc;
}

void
hmac_begin(struct hmac *h, struct span key)
{
	gnutls_hmac_hd_t handle;
	int rc = gnutls_hmac_init(&handle, GNUTLS_MAC_SHA256, key.p, key.n);

	assert(rc == 0);
	(void)rc;
	h->handle = handle;
}

void
hmac_add(struct hmac *h, struct span s)
{
	int rc = s.n > 0 ? gnutls_hmac(h->handle, s.p, s.n) : 0;

	assert(rc == 0);
	(void)rc;
}

void
hmac_end(struct hmac *h, uint8_t out[DIGEST_BYTES])
{
	gnutls_hmac_deinit(h->handle, out);
	h->handle = NULL;
}

bool
digest_equal(struct span a, struct span b)
{
	return a.n == b.n && gnutls_memcmp(a.p, b.p, a.n) == 0;
}

int
digest_random(uint8_t *out, size_t n, struct err *err)
{
	if (gnutls_rnd(GNUTLS_RND_KEY, out, n) != 0)
		return err_exit(err, ERR_STOP, EX_OSERR,
		    "the system gives no random bytes");
	return 0;
}

static const char base32_letters[] = "abcdefghijklmnopqrstuvwxyz234567";

struct span
base32_write(struct arena *arena, struct span s)
{
	size_t n = 0;
	char *out = arena_alloc(arena, (s.n * 8 + 4) / 5 + 1);
	uint32_t bits = 0;
	int have = 0;

	for (size_t i = 0; i < s.n; i++) {
		bits = bits << 8 | (unsigned char)s.p[i];
		have += 8;
		while (have >= 5) {
			have -= 5;
			out[n++] = base32_letters[bits >> have & 31];
		}
	}
	if (have > 0)
		out[n++] = base32_letters[bits << (5 - have) & 31];
	return (struct span){out, n};
}

bool
base32_read(struct arena *arena, struct span s, struct span *bytes)
{
	char *out = arena_alloc(arena, s.n * 5 / 8 + 1);
	uint32_t bits = 0;
	size_t n = 0;
	int have = 0;

	for (size_t i = 0; i < s.n; i++) {
		char c = ascii_lower(s.p[i]);
		const char *at = c != '\0' ? strchr(base32_letters, c) : NULL;

		if (at == NULL)
			return false;
		bits = bits << 5 | (uint32_t)(at - base32_letters);
		have += 5;
		if (have >= 8) {
			have -= 8;
			out[n++] = (char)(bits >> have & 255);
		}
	}
	*bytes = (struct span){out, n};
	return true;
}

static const char base64_letters[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

struct span
base64_write(struct arena *arena, struct span s, size_t columns)
{
	size_t body = (s.n + 2) / 3 * 4, n = 0, col = 0;
	size_t lines = columns > 0 ? body / columns + 1 : 0;
	char *out = arena_alloc(arena, body + lines * 2 + 1);

	for (size_t i = 0; i < s.n; i += 3) {
		size_t left = s.n - i;
		uint32_t b0 = (unsigned char)s.p[i];
		uint32_t b1 = left > 1 ? (unsigned char)s.p[i + 1] : 0;
		uint32_t b2 = left > 2 ? (unsigned char)s.p[i + 2] : 0;
		uint32_t v = b0 << 16 | b1 << 8 | b2;

		out[n++] = base64_letters[v >> 18 & 63];
		out[n++] = base64_letters[v >> 12 & 63];
		out[n++] = left > 1 ? base64_letters[v >> 6 & 63] : '=';
		out[n++] = left > 2 ? base64_letters[v & 63] : '=';
		col += 4;
		if (columns > 0 && col >= columns) {
			out[n++] = '\r';
			out[n++] = '\n';
			col = 0;
		}
	}
	if (columns > 0 && col > 0) {
		out[n++] = '\r';
		out[n++] = '\n';
	}
	return (struct span){out, n};
}

bool
base64_read(struct arena *arena, struct span s, struct span *bytes)
{
	char *out = arena_alloc(arena, s.n * 3 / 4 + 3);
	uint32_t bits = 0;
	size_t n = 0;
	int have = 0;

	for (size_t i = 0; i < s.n; i++) {
		char c = s.p[i];
		const char *at;

		if (ascii_blank(c) || c == '=')
			continue;
		at = c != '\0' ? strchr(base64_letters, c) : NULL;
		if (at == NULL)
			return false;
		bits = bits << 6 | (uint32_t)(at - base64_letters);
		have += 6;
		if (have >= 8) {
			have -= 8;
			out[n++] = (char)(bits >> have & 255);
		}
	}
	*bytes = (struct span){out, n};
	return true;
}

struct span
hex_write(struct arena *arena, struct span s)
{
	static const char digits[] = "0123456789abcdef";
	char *out = arena_alloc(arena, s.n * 2 + 1);

	for (size_t i = 0; i < s.n; i++) {
		out[i * 2] = digits[(unsigned char)s.p[i] >> 4];
		out[i * 2 + 1] = digits[(unsigned char)s.p[i] & 15];
	}
	return (struct span){out, s.n * 2};
}
