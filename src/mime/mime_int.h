/*
 * Inside mime/.  Everything here works on bytes in memory and allocates in
 * the arena it is given; nothing here fails: what cannot be read is left out
 * or said in a reason.
 */
#ifndef MIME_MIME_INT_H
#define MIME_MIME_INT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/limits.h"
#include "base/span.h"
#include "model/mail.h"

/* --- scan.c ------------------------------------------------------------- */

/* One line off *rest, without its LF or CR LF.  A lone CR ends no line. */
bool scan_line(struct span *rest, struct span *line);
/* Old Macintosh mail has CR alone: a copy with LF, else the same bytes. */
struct span scan_line_ends(struct arena *, struct span raw);
/* Deepest nesting of comments in an address field (RFC 5322 3.2.2). */
int scan_parens(struct span value);
/* How many encoded words a field seems to hold. */
int scan_words(struct span value);

/* 0..15, or -1. */
static inline int
scan_hex(char c)
{
	return ascii_digit(c)         ? c - '0'
	       : c >= 'a' && c <= 'f' ? c - 'a' + 10
	       : c >= 'A' && c <= 'F' ? c - 'A' + 10
				      : -1;
}

/* --- header.c ----------------------------------------------------------- */

/* A field as it stands: unfolded, but not decoded. */
struct header_field {
	struct span name, value;
};

struct header {
	struct header_field *fields;
	uint32_t n;
	struct span body; /* what follows the block */
	const char *over; /* NULL, or which limit was passed */
};

/* A mail without the empty lines in front of its header. */
struct span header_start(struct span raw);
/* Takes the header block off the front of a mail or part, however broken. */
void header_read(struct arena *, struct span text, struct header *);
/* The first field of that name, or "". */
struct span header_find(const struct header *, const char *name);
bool header_has(const struct header *, const char *name);

struct content_param {
	struct span name, value; /* lower case; decoded */
};

/* Content-Type or Content-Disposition: a word and its parameters. */
struct content {
	struct span type; /* "text/plain", "attachment": lower case */
	struct content_param *params;
	uint32_t n;
};

/* RFC 2045 5.1 and RFC 2231, and what mailers make of them. */
void content_parse(struct arena *, struct span value, struct content *);
struct span content_param(const struct content *, const char *name);

/* --- word.c ------------------------------------------------------------- */

/* A field's value as one clean line, encoded words decoded (RFC 2047). */
struct span word_decode(struct arena *, struct span value);

/* --- mailbox.c ---------------------------------------------------------- */

/* An address list (RFC 5322 3.4); groups are opened. */
void mailbox_list(
    struct arena *, struct span value, struct mail_address **list, uint32_t *n);
/* The "<...>" identifiers of a field, in order, without <>. */
uint32_t mailbox_ids(
    struct arena *, struct span value, struct span *ids, uint32_t max);

/* --- charset.c ---------------------------------------------------------- */

void charset_prepare(void);
/*
 * Bytes of a declared charset ("" = none) as clean UTF-8: LF line ends, no
 * controls but TAB and LF, no noncharacters, no bidi overrides.  What is not
 * in the declared charset is read as UTF-8, else as windows-1252.
 */
struct span charset_text(struct arena *, struct span bytes, struct span name);
/* The same by a windows code page number, as TNEF has it. */
struct span charset_codepage(struct arena *, struct span bytes, int page);
/* UTF-8 or something like it, made clean; on one line if asked. */
struct span charset_clean(struct arena *, struct span text, bool one_line);
/* What a code point becomes in clean text: 0 = dropped. */
uint32_t charset_code(uint32_t code);

/* --- transfer.c --------------------------------------------------------- */

struct span transfer_quoted(struct arena *, struct span text);
/* Encoded although nothing says so: soft breaks and only right escapes. */
bool transfer_looks_quoted(struct span text);
struct span transfer_base64(struct arena *, struct span text);
/* Is its first line such? */
bool transfer_is_base64(struct span text);
/* How many letters of base64 there are, padding not counted. */
size_t transfer_letters(struct span text);

/* --- part.c ------------------------------------------------------------- */

enum part_encoding {
	PART_PLAIN, /* 7bit, 8bit, binary, or nothing said */
	PART_QUOTED,
	PART_BASE64,
};

/* A leaf of the tree of parts. */
struct part {
	struct content type, disposition;
	enum part_encoding encoding;
	struct span name; /* of the file, decoded, or "" */
	/* The multipart/alternative around it, from 1, or 0; is it a choice? */
	uint32_t alternative;
	bool is_choice;
	struct span body;      /* still encoded; "" when skipped */
	int64_t skipped_bytes; /* how long it is decoded, when skipped */
};

struct parts {
	struct part *list;
	uint32_t n;
	const char *over; /* NULL, or which limit was passed */
};

/* Splits a mail into its leaves; a message inside it stays one leaf. */
void part_read(struct arena *, const struct header *, struct parts *);
bool part_is(const struct part *, const char *type);
/* The transfer encoding undone. */
struct span part_bytes(struct arena *, const struct part *);
/* As text: charset and format=flowed undone too. */
struct span part_text(struct arena *, const struct part *, bool *flowed);
bool part_is_calendar(const struct part *);

/* --- body.c ------------------------------------------------------------- */

/* The mail's text, as it is gathered. */
struct body_piece {
	struct span text;
	bool html;
	uint32_t alternative;
};

struct body {
	struct arena *arena;
	struct body_piece *pieces;
	uint32_t n;
};

/* A text part that is not attached. */
void body_add(struct body *, const struct part *, bool *flowed);
bool body_is_empty(const struct body *);
void body_finish(struct body *, struct span *text, struct span *html);

/* --- the rest ----------------------------------------------------------- */

/* html.c: clean text only (charset_clean). */
struct span html_text(struct arena *, struct span html);

struct span flowed_undo(struct arena *, struct span text, bool delsp);

/* rtf.c: the text of RTF, also of HTML wrapped in RTF (MS-OXRTFEX). */
struct span rtf_text(struct arena *, struct span rtf);

/* tnef.c: false when the bytes are no TNEF. */
struct tnef {
	struct span class; /* "IPM.Note" */
	struct span text;  /* body as text; "" when there is none */
	struct span html;  /* body as HTML, UTF-8 */
};
bool tnef_read(struct arena *, struct span bytes, struct tnef *);

/* report.c: true when the part is one of a report or a returned mail. */
bool report_part(struct arena *, const struct part *, struct mail *);

#endif
