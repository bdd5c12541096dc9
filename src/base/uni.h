/*
 * Letter case and compatibility forms (libunistring), domain names (libidn2).
 * Their headers stay in uni.c.
 */
#ifndef BASE_UNI_H
#define BASE_UNI_H

#include "base/arena.h"
#include "base/span.h"

/*
 * For comparing what people type: NFKC, case folded.  Input that is not
 * UTF-8 comes back with ASCII letters lowered.
 */
struct span uni_fold(struct arena *, struct span);
/* NFC, for storing. */
struct span uni_nfc(struct arena *, struct span);
/*
 * For a terminal of ASCII: letters without their marks, "?" for what has no
 * letter there; as many columns as before, so that tables stay straight.
 */
struct span uni_ascii(struct arena *, struct span);
/*
 * The A-label form of a domain ("bücher.example" -> "xn--bcher-kva.example"),
 * lower case; 1 done, 0 when it is no domain name.
 */
int uni_domain(struct arena *, struct span domain, struct span *ascii);

#endif
