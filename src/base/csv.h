/*
 * RFC 4180 tables as spreadsheets write them: quotes, line ends in cells,
 * "," or ";" or TAB (guessed from the first line, or told by "sep=;" in
 * it), a byte-order mark, UTF-8, UTF-16 or windows-1252.  And out, safe for spreadsheets to open.
 */
#ifndef BASE_CSV_H
#define BASE_CSV_H

#include "base/arena.h"
#include "base/span.h"
#include "base/str.h"

struct csv {
	struct arena *arena;
	struct span rest;
	char separator;
	int line; /* of the row last returned, from 1 */
	int next_line;
};

struct csv_row {
	struct span *cells; /* trimmed, valid UTF-8 */
	size_t n;
	int line;
	const char *wrong; /* NULL, or why this row cannot be read */
};

void csv_open(struct csv *, struct arena *, struct span text);
/* False at the end.  Blank lines are skipped.  A bad row says so. */
bool csv_next(struct csv *, struct csv_row *);
/*
 * One cell, quoted as needed; a leading = + - @ TAB CR gets a ' in front,
 * so that no spreadsheet runs it (CWE-1236).
 */
void csv_write(struct str *out, struct span cell, bool first);
void csv_end_row(struct str *out);

#endif
