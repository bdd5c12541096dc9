/* SQLite: one connection, prepared statements, schema steps. */
#include "store/store_int.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sysexits.h>
#include <unistd.h>
#include <zstd.h>

#include "base/embed.h"
#include "base/fault.h"
#include "base/file.h"
#include "base/limits.h"
#include "base/str.h"

enum {
	APPLICATION_ID = 0x524d4c31, /* "RML1" */
	/* 42 % of raw; level 3 gives 40 % in one and a half times as long. */
	ZSTD_LEVEL = 1,
	BUSY_MS = 5000,
	SHORT_ROWS = 64,
};

#define Q(id, sql) sql,
static const char *const sql_of[] = {
#include "store/queries.def"
};
#undef Q
#define Q(id, sql) #id,
static const char *const name_of[] = {
#include "store/queries.def"
};
#undef Q

const char *
query_sql(enum query q)
{
	return sql_of[q];
}

const char *
query_name(enum query q)
{
	return name_of[q];
}

int
store_fail(struct store *s, struct err *err, const char *what)
{
	int rc = sqlite3_errcode(s->db) & 0xff;
	const char *text = sqlite3_errmsg(s->db);

	if (rc == SQLITE_BUSY || rc == SQLITE_LOCKED)
		return err_exit(err, ERR_LATER, EX_TEMPFAIL,
		    "the database is in use: %s", text);
	if (rc == SQLITE_FULL || rc == SQLITE_IOERR || rc == SQLITE_CORRUPT ||
	    rc == SQLITE_CANTOPEN || rc == SQLITE_READONLY ||
	    rc == SQLITE_NOTADB)
		return err_exit(err, ERR_STOP, EX_IOERR,
		    "the database cannot be used (%s): %s", what, text);
	return err_exit(err, ERR_STOP, EX_SOFTWARE, "%s: %s", what, text);
}

int
store_run(struct store *s, const char *sql, struct err *err)
{
	if (sqlite3_exec(s->db, sql, NULL, NULL, NULL) != SQLITE_OK)
		return store_fail(s, err, sql);
	return 0;
}

static int
pragma_int(struct store *s, const char *sql, int64_t *out, struct err *err)
{
	sqlite3_stmt *st;

	if (sqlite3_prepare_v2(s->db, sql, -1, &st, NULL) != SQLITE_OK)
		return store_fail(s, err, sql);
	if (sqlite3_step(st) != SQLITE_ROW) {
		sqlite3_finalize(st);
		return store_fail(s, err, sql);
	}
	*out = sqlite3_column_int64(st, 0);
	sqlite3_finalize(st);
	return 0;
}

/* --- schema ------------------------------------------------------------- */

static bool
schema_step(int64_t step, struct span *sql)
{
	char prefix[64];
	struct span name;

	snprintf(prefix, sizeof(prefix), "src/store/schema/%03d_", (int)step);
	for (size_t i = 0; embed_next(i, &name, sql); i++)
		if (span_starts(name, prefix))
			return true;
	return false;
}

static int
migrate_step(struct store *s, struct arena *arena, int64_t step,
    struct span sql, struct err *err)
{
	if (store_run(s, "BEGIN IMMEDIATE", err) < 0)
		return -1;
	if (store_run(s, arena_strdup(arena, sql), err) < 0 ||
	    store_run(s,
		arena_printf(arena, "PRAGMA user_version = %d", (int)step),
		err) < 0 ||
	    store_commit(s, err) < 0) {
		store_rollback(s);
		return err_in(err, "schema step %d", (int)step);
	}
	return 0;
}

static int
migrate(struct store *s, struct arena *arena, const char *path, struct err *err)
{
	int64_t version, id, tables, newest = 0, programmes = 0;
	struct span sql;
	bool is_new;

	if (pragma_int(s, "PRAGMA user_version", &version, err) < 0 ||
	    pragma_int(s, "PRAGMA application_id", &id, err) < 0 ||
	    pragma_int(s, "SELECT count(*) FROM sqlite_schema", &tables, err) <
		0)
		return -1;
	/* A file without tables is one whose making was interrupted. */
	is_new = version == 0 && tables == 0;
	if (!is_new && id != APPLICATION_ID)
		return err_exit(
		    err, ERR_STOP, EX_CONFIG, "%s is no rmail database", path);
	while (schema_step(newest + 1, &sql))
		newest++;
	if (version > newest)
		return err_exit(err, ERR_STOP, EX_CONFIG,
		    "%s was made by a newer rmail (schema %d, this one knows "
		    "%d): install that one, or restore a backup",
		    path, (int)version, (int)newest);
	if (!is_new && version < newest &&
	    pragma_int(s, "SELECT count(*) FROM programme", &programmes, err) <
		0)
		return -1;
	/* One whose making was interrupted between steps holds nothing yet. */
	if (programmes > 0 && version < newest &&
	    store_backup(s, arena,
		arena_printf(arena, "%s.schema%d", path, (int)version),
		err) < 0)
		return err_in(err, "copy before the new schema");
	if (is_new && store_run(s,
			  arena_printf(arena, "PRAGMA application_id = %d",
			      APPLICATION_ID),
			  err) < 0)
		return -1;
	for (int64_t step = version + 1; step <= newest; step++)
		if (!schema_step(step, &sql) ||
		    migrate_step(s, arena, step, sql, err) < 0)
			return -1;
	return 0;
}

static int
settings(struct store *s, const char *path, bool durable, struct err *err)
{
	sqlite3_busy_timeout(s->db, BUSY_MS);
	sqlite3_db_config(s->db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
	sqlite3_db_config(
	    s->db, SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0, NULL);
	/* WAL shares memory, which a network file system cannot. */
	if (store_run(s,
		file_is_remote(path) ? "PRAGMA journal_mode = DELETE"
				     : "PRAGMA journal_mode = WAL",
		err) < 0)
		return -1;
	if (store_run(s,
		durable ? "PRAGMA synchronous = FULL"
			: "PRAGMA synchronous = OFF",
		err) < 0)
		return -1;
	return store_run(s,
	    "PRAGMA foreign_keys = ON; PRAGMA trusted_schema = OFF; "
	    "PRAGMA cell_size_check = ON; PRAGMA temp_store = MEMORY; "
	    "PRAGMA secure_delete = ON; "
	    /* A batch of mails fits, so that none of it is written twice. */
	    "PRAGMA cache_size = -4000; "
	    "PRAGMA wal_autocheckpoint = 4000; "
	    "PRAGMA journal_size_limit = 16777216",
	    err);
}

int
store_open(struct arena *arena, const char *path, bool create, bool durable,
    struct store **out, struct err *err)
{
	struct store *s = arena_alloc(arena, sizeof(*s));
	bool is_new = !file_exists(path);
	mode_t was;
	int rc;

	if (is_new && !create)
		return err_exit(err, ERR_STOP, EX_NOINPUT,
		    "%s: there is no database; make one with: rmail init "
		    "FOLDER",
		    path);
	/* There are no threads; without effect when it is open already. */
	sqlite3_config(SQLITE_CONFIG_SINGLETHREAD);
	sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
	was = umask(077);
	rc = sqlite3_open_v2(path, &s->db,
	    SQLITE_OPEN_READWRITE | (create ? SQLITE_OPEN_CREATE : 0), NULL);
	umask(was);
	/* Else each new value bound beside a partial index is planned anew. */
	if (rc == SQLITE_OK)
		sqlite3_db_config(s->db, SQLITE_DBCONFIG_ENABLE_QPSG, 1, NULL);
	if (rc != SQLITE_OK || settings(s, path, durable, err) < 0 ||
	    migrate(s, arena, path, err) < 0) {
		if (rc != SQLITE_OK)
			store_fail(s, err, path);
		sqlite3_close(s->db);
		return -1;
	}
	*out = s;
	return 0;
}

void
store_close(struct store *s)
{
	for (int i = 0; i < QUERIES_N; i++)
		sqlite3_finalize(s->statements[i]);
	for (int i = 0; i < STEPS_N; i++)
		sqlite3_finalize(s->steps[i]);
	ZSTD_freeCCtx(s->packer);
	ZSTD_freeDCtx(s->unpacker);
	sqlite3_wal_checkpoint_v2(
	    s->db, NULL, SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL);
	sqlite3_close(s->db);
}

void
store_relax(struct store *s)
{
	sqlite3_db_release_memory(s->db);
}

/* --- transactions ------------------------------------------------------- */

static int
step(struct store *s, enum step which, struct err *err)
{
	static const char *const sql[STEPS_N] = {
	    "BEGIN IMMEDIATE", "COMMIT", "SAVEPOINT item", "RELEASE item"};
	sqlite3_stmt **st = &s->steps[which];
	int rc = 0;

	if (*st == NULL &&
	    sqlite3_prepare_v3(s->db, sql[which], -1, SQLITE_PREPARE_PERSISTENT,
		st, NULL) != SQLITE_OK)
		return store_fail(s, err, sql[which]);
	if (sqlite3_step(*st) != SQLITE_DONE)
		rc = store_fail(s, err, sql[which]);
	sqlite3_reset(*st);
	return rc;
}

int
store_begin(struct store *s, struct err *err)
{
	return step(s, STEP_BEGIN, err);
}

int
store_commit(struct store *s, struct err *err)
{
	int rc;

	fault_point("before commit");
	rc = step(s, STEP_COMMIT, err);
	fault_point("after commit");
	return rc;
}

void
store_rollback(struct store *s)
{
	if (sqlite3_get_autocommit(s->db) == 0)
		sqlite3_exec(s->db, "ROLLBACK", NULL, NULL, NULL);
}

int
store_mark(struct store *s, struct err *err)
{
	return step(s, STEP_MARK, err);
}

int
store_keep(struct store *s, struct err *err)
{
	return step(s, STEP_KEEP, err);
}

int
store_undo(struct store *s, struct err *err)
{
	return store_run(s, "ROLLBACK TO item; RELEASE item", err);
}

/* --- queries ------------------------------------------------------------ */

static int
prepare(struct store *s, enum query q, struct err *err)
{
	if (s->statements[q] != NULL)
		return 0;
	if (sqlite3_prepare_v3(s->db, sql_of[q], -1, SQLITE_PREPARE_PERSISTENT,
		&s->statements[q], NULL) != SQLITE_OK)
		return store_fail(s, err, name_of[q]);
	return 0;
}

static int
bind(struct store *s, enum query q, struct err *err, const char *types,
    va_list ap)
{
	sqlite3_stmt *st;
	int rc = SQLITE_OK;

	if (prepare(s, q, err) < 0)
		return -1;
	st = s->statements[q];
	for (int i = 1; *types != '\0' && rc == SQLITE_OK; i++, types++) {
		struct span t;

		if (*types == 'i') {
			rc = sqlite3_bind_int64(st, i, va_arg(ap, int64_t));
			continue;
		}
		t = va_arg(ap, struct span);
		if (*types == 'b')
			rc = sqlite3_bind_blob64(
			    st, i, t.n ? t.p : "", t.n, SQLITE_STATIC);
		else
			rc = sqlite3_bind_text64(st, i, t.n ? t.p : "", t.n,
			    SQLITE_STATIC, SQLITE_UTF8);
	}
	if (rc != SQLITE_OK)
		return store_fail(s, err, name_of[q]);
	return 0;
}

/* Ends a statement's use; the bound texts belong to the caller. */
static void
done(struct store *s, enum query q)
{
	sqlite3_reset(s->statements[q]);
	sqlite3_clear_bindings(s->statements[q]);
}

int
store_do(struct store *s, enum query q, struct err *err, const char *types, ...)
{
	va_list ap;
	int rc;

	va_start(ap, types);
	rc = bind(s, q, err, types, ap);
	va_end(ap);
	if (rc == 0) {
		do
			rc = sqlite3_step(s->statements[q]);
		while (rc == SQLITE_ROW);
		s->changes = sqlite3_changes64(s->db);
		rc = rc == SQLITE_DONE ? 0 : store_fail(s, err, name_of[q]);
	}
	if (s->statements[q] != NULL)
		done(s, q);
	return rc;
}

int64_t
store_changes(const struct store *s)
{
	return s->changes;
}

int64_t
store_last_id(const struct store *s)
{
	return sqlite3_last_insert_rowid(s->db);
}

int
store_int(struct store *s, enum query q, int64_t *out, struct err *err,
    const char *types, ...)
{
	va_list ap;
	int rc;

	va_start(ap, types);
	rc = bind(s, q, err, types, ap);
	va_end(ap);
	if (rc == 0) {
		rc = sqlite3_step(s->statements[q]);
		if (rc == SQLITE_ROW) {
			*out = sqlite3_column_int64(s->statements[q], 0);
			rc = 1;
		} else
			rc = rc == SQLITE_DONE ? 0
					       : store_fail(s, err, name_of[q]);
	}
	if (s->statements[q] != NULL)
		done(s, q);
	return rc;
}

static void
read_row(sqlite3_stmt *st, struct arena *arena, struct cell *cells, int n)
{
	for (int c = 0; c < n; c++) {
		const void *p;

		switch (sqlite3_column_type(st, c)) {
		case SQLITE_NULL:
			cells[c].is_null = true;
			cells[c].t = SPAN("");
			break;
		case SQLITE_INTEGER:
			cells[c].i = sqlite3_column_int64(st, c);
			break;
		default:
			p = sqlite3_column_blob(st, c);
			cells[c].t = arena_span(
			    arena, (struct span){
				       p, (size_t)sqlite3_column_bytes(st, c)});
		}
	}
}

/* Room for twice as many; what is long grows beside the caller's memory. */
static void
grow(struct rows *rows, size_t *cap, struct arena *arena, struct arena *beside)
{
	size_t more = *cap ? *cap * 2 : 4;
	struct cell *grown = arena_alloc(more > SHORT_ROWS ? beside : arena,
	    more * rows->columns * sizeof(*grown));

	if (*cap > 0)
		memcpy(
		    grown, rows->cells, *cap * rows->columns * sizeof(*grown));
	rows->cells = grown;
	*cap = more;
}

static void
settle(struct rows *rows, struct arena *arena)
{
	size_t bytes = rows->n * rows->columns * sizeof(*rows->cells);
	struct cell *kept = arena_alloc(arena, bytes);

	memcpy(kept, rows->cells, bytes);
	rows->cells = kept;
}

int
store_read(struct store *s, struct arena *arena, sqlite3_stmt *st,
    struct rows *out, const char *what, struct err *err)
{
	struct rows rows = {.columns = (size_t)sqlite3_column_count(st)};
	struct arena beside;
	size_t cap = 0;
	int rc;

	arena_init(&beside);
	while ((rc = sqlite3_step(st)) == SQLITE_ROW) {
		if (rows.n == cap)
			grow(&rows, &cap, arena, &beside);
		read_row(st, arena, &rows.cells[rows.n * rows.columns],
		    (int)rows.columns);
		rows.n++;
	}
	if (cap > SHORT_ROWS)
		settle(&rows, arena);
	arena_release(&beside);
	if (rc != SQLITE_DONE)
		return store_fail(s, err, what);
	*out = rows;
	return 0;
}

int
store_rows(struct store *s, struct arena *arena, enum query q, struct rows *out,
    struct err *err, const char *types, ...)
{
	va_list ap;
	int rc;

	va_start(ap, types);
	rc = bind(s, q, err, types, ap);
	va_end(ap);
	if (rc == 0)
		rc = store_read(
		    s, arena, s->statements[q], out, name_of[q], err);
	if (s->statements[q] != NULL)
		done(s, q);
	return rc;
}

const struct cell *
cell(const struct rows *rows, size_t r, size_t c)
{
	return &rows->cells[r * rows->columns + c];
}

/* --- compression -------------------------------------------------------- */

int
store_pack(struct store *s, struct arena *arena, struct span bytes,
    struct span *packed, struct err *err)
{
	size_t bound = ZSTD_compressBound(bytes.n), n;
	char *out = arena_bytes(arena, bound);

	/* Kept: what it works in is larger than most mails. */
	if (s->packer == NULL)
		s->packer = ZSTD_createCCtx();
	n = s->packer == NULL ? 0
			      : ZSTD_compressCCtx(s->packer, out, bound,
				    bytes.p, bytes.n, ZSTD_LEVEL);
	if (n == 0 || ZSTD_isError(n))
		return err_exit(err, ERR_STOP, EX_OSERR,
		    "there is no memory to pack a mail in");
	*packed = (struct span){out, n};
	return 0;
}

int
store_unpack(struct store *s, struct arena *arena, struct span packed,
    size_t size, struct span *bytes, struct err *err)
{
	char *out = arena_bytes(arena, size + 1);
	size_t n;

	if (s->unpacker == NULL)
		s->unpacker = ZSTD_createDCtx();
	if (s->unpacker == NULL)
		return err_exit(err, ERR_STOP, EX_OSERR,
		    "there is no memory to unpack a mail in");
	n = ZSTD_decompressDCtx(s->unpacker, out, size, packed.p, packed.n);
	if (ZSTD_isError(n) || n != size)
		return err_exit(err, ERR_STOP, EX_IOERR,
		    "a stored mail is damaged; restore a backup");
	*bytes = (struct span){out, n};
	return 0;
}
