/* Inside store/: the connection. */
#ifndef STORE_INT_H
#define STORE_INT_H

#include <sqlite3.h>
#include <zstd.h>

#include "store/store.h"

enum step { /* of transactions */
	STEP_BEGIN,
	STEP_COMMIT,
	STEP_MARK,
	STEP_KEEP,
	STEPS_N
};

struct store {
	sqlite3 *db;
	sqlite3_stmt *statements[QUERIES_N];
	sqlite3_stmt *steps[STEPS_N];
	ZSTD_CCtx *packer;
	ZSTD_DCtx *unpacker;
	int64_t changes;
};

/* The error of the last call, sorted. */
int store_fail(struct store *, struct err *, const char *what);
int store_run(struct store *, const char *sql, struct err *);
int store_read(struct store *, struct arena *, sqlite3_stmt *, struct rows *,
    const char *what, struct err *);
const char *query_sql(enum query);

#endif
