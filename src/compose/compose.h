/*
 * compose: a letter -> RFC 5322 bytes.  Pure: same letter, same bytes.
 *
 *   file      purpose
 *   compose   parts put together
 *   header    the one header writer: encoded words, folding, parameters
 *   encode    quoted-printable, base64
 */
#ifndef COMPOSE_COMPOSE_H
#define COMPOSE_COMPOSE_H

#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/span.h"

struct letter_file {
	struct span type;       /* "image/png", "text/csv; charset=utf-8" */
	struct span name;       /* file name */
	struct span content_id; /* not empty: shown inline by cid: */
	struct span bytes;
};

/* More header fields, in order; values are cleaned and folded here. */
struct letter_field {
	const char *name;
	struct span value;
};

struct letter {
	struct span from_name, from_address;
	struct span to_name, to_address; /* one recipient a mail */
	struct span reply_to;            /* "" = none */
	struct span subject;
	int64_t date_unix;
	struct span message_id; /* without <> */
	struct span in_reply_to;
	struct span *references; /* root first, at most 10 */
	uint32_t references_n;
	struct letter_field *fields; /* Auto-Submitted, List-Id, ... */
	uint32_t fields_n;
	struct span text, html; /* html may be "" */
	/* An invite: text/calendar last in the alternative, and attached. */
	struct span ics;
	const char *ics_method; /* "REQUEST", "CANCEL" */
	struct letter_file *files;
	uint32_t files_n;
	struct span boundary_seed; /* a MAC; boundaries are made of it */
};

/*
 * CRLF, 7 bit, lines of at most 78 (998 where nothing else is possible).
 * ERR_ITEM when an address or Message-ID has not passed its validator.
 * Shape with invite: multipart/mixed { multipart/alternative { text, html,
 * calendar }, application/ics } (calendar.md A1).
 */
int compose(
    struct arena *, const struct letter *, struct span *bytes, struct err *);

#endif
