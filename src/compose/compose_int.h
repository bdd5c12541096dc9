/* Inside of compose: the one header writer, and the encodings. */
#ifndef COMPOSE_COMPOSE_INT_H
#define COMPOSE_COMPOSE_INT_H

#include "base/str.h"
#include "compose/compose.h"

/*
 * The only places that write header fields.  Controls become blanks, what is
 * not ASCII becomes encoded words (RFC 2047), lines are folded at 78.
 */
void header_text(
    struct arena *, struct str *out, const char *name, struct span value);
/* "Name <address>"; the address has been checked. */
void header_address(struct arena *, struct str *out, const char *name,
    struct span display, struct span address);
/* Words kept whole, a line each where needed: "<a@b> <c@d>". */
void header_words(struct str *out, const char *name, struct span words);

struct parameter {
	const char *name;
	struct span value;
};

/* "text/plain; charset=utf-8" with RFC 2231 parameters. */
void header_typed(struct arena *, struct str *out, const char *name,
    struct span value, const struct parameter *, size_t n);
/* [!-9;-~]+ (RFC 5322 2.2), at most 76. */
bool header_name_ok(const char *name);
/* Without <>: printable, one "@", no blanks; at most 900 octets. */
bool message_id_ok(struct span id);

enum encoding {
	ENCODING_7BIT,
	ENCODING_QP,
	ENCODING_BASE64
};

const char *encoding_name(enum encoding);
/* What text can travel as: as it is, or quoted-printable. */
enum encoding encoding_choose(struct span text);
/* Text with LF ends; ends with CR LF. */
void encode_text(
    struct arena *, struct str *out, struct span text, enum encoding);
void encode_bytes(struct arena *, struct str *out, struct span bytes);

#endif
