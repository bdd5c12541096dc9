/*
 * store: SQLite.  The whole state of a programme is one file.
 *
 *   file         purpose
 *   store        open, migrate, transactions, queries bound and read
 *   records      rows -> struct person, pair, session, ... and back
 *   queries.def  all SQL there is
 *   schema/      the tables, one file for each released step
 *
 * Functions never begin a transaction; app does.  store_commit is the only
 * commit.  Failures: a full or broken disk is ERR_STOP (exit 74), a locked
 * file ERR_LATER (75).
 */
#ifndef STORE_STORE_H
#define STORE_STORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/span.h"
#include "base/str.h"

#define Q(id, sql) id,
enum query {
#include "store/queries.def"
	QUERIES_N
};
#undef Q

struct store;

struct cell {
	int64_t i;     /* INTEGER */
	struct span t; /* TEXT or BLOB, in the caller's arena */
	bool is_null;
};

struct rows {
	struct cell *cells; /* rows * columns */
	size_t columns, n;
};
/* Row r, column c. */
const struct cell *cell(const struct rows *, size_t r, size_t c);

/*
 * Opens the file, or makes it (`create`), and brings it to the newest schema
 * after a copy beside it.  ERR_STOP with exit 78 when the file is newer than
 * this program or is no rmail database; 66 when it is not there.
 */
int store_open(struct arena *, const char *path, bool create, bool durable,
    struct store **, struct err *);
/* From here on works on a copy that is gone with store_close. */
int store_detach(struct store *, struct err *);
void store_close(struct store *);
/* After long work: the pages that are held in memory are let go. */
void store_relax(struct store *);

int store_begin(struct store *, struct err *);
int store_commit(struct store *, struct err *);
void store_rollback(struct store *);
/* Inside a transaction: a mark, and what came since it kept or undone. */
int store_mark(struct store *, struct err *);
int store_keep(struct store *, struct err *);
int store_undo(struct store *, struct err *);

/*
 * Values to bind, by letters: i int64_t, t struct span as TEXT, b struct span
 * as BLOB.  They stand last, so err stands before them.
 */
int store_do(struct store *, enum query, struct err *, const char *types, ...);
/* Rows changed by the last store_do. */
int64_t store_changes(const struct store *);
int64_t store_last_id(const struct store *);
/* First column of the first row: 1, 0 no row, -1. */
int store_int(struct store *, enum query, int64_t *out, struct err *,
    const char *types, ...);
int store_rows(struct store *, struct arena *, enum query, struct rows *,
    struct err *, const char *types, ...);

/* zstd, for raw and rendered mails. */
int store_pack(struct store *, struct arena *, struct span bytes,
    struct span *packed, struct err *);
int store_unpack(struct store *, struct arena *, struct span packed,
    size_t size, struct span *bytes, struct err *);

/* A copy that is complete on disk, or no file at all. */
int store_backup(
    struct store *, struct arena *, const char *path, struct err *);
/* Rewrites the file without the leavings of deleted rows; WAL emptied. */
int store_vacuum(struct store *, struct err *);
/*
 * Puts an ellipsis for every whole word (ASCII letters without case) that is
 * one of these, in every text of every table but keys and identifiers.
 */
int store_scrub(struct store *, struct arena *, const struct span *words,
    size_t n, struct err *);
/*
 * The same for words too common to be looked for everywhere, in what this
 * person's partners and the lead wrote; the first few of them also in
 * everybody's lists of whom to meet or not.
 */
int store_scrub_near(struct store *, struct arena *, int64_t person_id,
    const struct span *words, size_t n, size_t few, struct err *);
/* NULL when sound, else what is wrong. */
const char *store_check(struct store *, struct arena *);
/* Every table as SQL text in a fixed order; for tests that compare states. */
int store_dump(struct store *, struct arena *, struct str *, struct err *);
/* Names of the tables, for export. */
int store_tables(struct store *, struct arena *, struct rows *, struct err *);
/* A whole table with its column names as the first row. */
int store_table(struct store *, struct arena *, struct span table,
    struct rows *, struct err *);
/* Prepares every query; for a test.  *plan gets EXPLAIN QUERY PLAN lines. */
int store_explain(struct store *, struct arena *, enum query, struct span *plan,
    struct err *);
const char *query_name(enum query);

#endif
