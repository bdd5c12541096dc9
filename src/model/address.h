/*
 * model: the programme's own things as plain structs, their words and their
 * check functions.  Depends on base only.
 *
 *   file      purpose
 *   address   the one validator for mail addresses, and how they compare
 *   mail      a mail as the reader child hands it over
 *   cal       calendar: what we invite to, what comes back, busy times
 *   hours     the hours of a week in which somebody has time
 *   survey    surveys, questions, forms, answers
 *   words     phrases, dates and numbers in the reader's language
 *   life      states and events of programme, person, pair, session, form
 *
 * This file: addresses.  Every address that reaches an envelope, a header or
 * an invite has passed address_parse; libcurl, libetpan and libical all let
 * CR LF through.
 */
#ifndef MODEL_ADDRESS_H
#define MODEL_ADDRESS_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/span.h"

/*
 * "ann@example.com" (RFC 5321 Mailbox without quoted local parts or address
 * literals; RFC 6531 letters allowed in the local part).  On success *out is
 * the canonical form: domain as lower-case A-label, local part as written.
 * Refuses control characters, blanks, <>, more than 254 octets (local 64).
 */
bool address_parse(struct arena *, struct span text, struct span *out);
/*
 * The form by which addresses are compared and found: local part case-folded
 * too.  Input must have passed address_parse.
 */
struct span address_key(struct arena *, struct span address);
/* "Ann Example <ann@example.com>" or a bare address; name may be empty. */
bool address_parse_named(
    struct arena *, struct span text, struct span *name, struct span *address);
/*
 * "local+tag@domain" -> "local@domain" and "tag"; false when there is no tag.
 */
bool address_split_tag(struct arena *, struct span address, struct span *base,
    struct span *tag);
struct span address_with_tag(
    struct arena *, struct span address, struct span tag);
struct span address_domain(struct span address);

#endif
