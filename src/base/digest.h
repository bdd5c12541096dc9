/*
 * SHA-256, HMAC-SHA-256 and true randomness by GnuTLS (its header stays in
 * digest.c); base32 and base64 by hand.
 */
#ifndef BASE_DIGEST_H
#define BASE_DIGEST_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/span.h"

enum { DIGEST_BYTES = 32 };

struct hmac {
	void *handle;
};

void digest_sha256(struct span, uint8_t out[DIGEST_BYTES]);
void hmac_begin(struct hmac *, struct span key);
void hmac_add(struct hmac *, struct span);
/* Ends and frees. */
void hmac_end(struct hmac *, uint8_t out[DIGEST_BYTES]);
/* In a time that does not depend on where they differ. */
bool digest_equal(struct span, struct span);
/* For keys only; all else comes from the seed. */
int digest_random(uint8_t *out, size_t n, struct err *);

/* Lower-case RFC 4648 base32 without padding, n bytes -> ceil(8n/5). */
struct span base32_write(struct arena *, struct span bytes);
/* Either case; false on any other character. */
bool base32_read(struct arena *, struct span text, struct span *bytes);
/* RFC 4648 base64 in lines of `columns` (0: one line), ended by CR LF. */
struct span base64_write(struct arena *, struct span bytes, size_t columns);
bool base64_read(struct arena *, struct span text, struct span *bytes);
struct span hex_write(struct arena *, struct span bytes);

#endif
