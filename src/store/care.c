/* Care of the file: backup, vacuum, checks, dumps, export. */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sysexits.h>
#include <unistd.h>

#include "base/fault.h"
#include "base/file.h"
#include "base/str.h"
#include "store/store_int.h"

/* *to is a copy of the database in the file `path`; "": in one without name. */
static int
copy_to(struct store *s, const char *path, sqlite3 **to, struct err *err)
{
	sqlite3_backup *backup;
	mode_t was = umask(077);
	int rc = sqlite3_open(path, to);

	umask(was);
	if (rc == SQLITE_OK) {
		backup = sqlite3_backup_init(*to, "main", s->db, "main");
		if (backup != NULL) {
			sqlite3_backup_step(backup, -1);
			sqlite3_backup_finish(backup);
		}
		rc = sqlite3_errcode(*to);
	}
	if (rc == SQLITE_OK)
		return 0;
	sqlite3_close(*to);
	return err_exit(err, ERR_STOP, EX_IOERR,
	    "cannot copy the database%s%s: %s", *path ? " to " : "", path,
	    sqlite3_errstr(rc));
}

static int
copy_into(struct store *s, const char *path, struct err *err)
{
	sqlite3 *to;

	if (copy_to(s, path, &to, err) < 0)
		return -1;
	sqlite3_close(to);
	return 0;
}

int
store_detach(struct store *s, struct err *err)
{
	sqlite3 *copy;

	if (copy_to(s, "", &copy, err) < 0)
		return -1;
	store_close(s);
	*s = (struct store){.db = copy};
	return 0;
}

static int
sync_file(const char *path, struct err *err)
{
	int fd = open(path, O_RDWR | O_CLOEXEC);

	if (fd < 0 || fsync(fd) < 0) {
		if (fd >= 0)
			close(fd);
		return err_errno(
		    err, ERR_STOP, EX_IOERR, "cannot sync %s", path);
	}
	close(fd);
	return 0;
}

int
store_backup(
    struct store *s, struct arena *arena, const char *path, struct err *err)
{
	char *tmp = arena_printf(arena, "%s.tmp", path);

	unlink(tmp);
	if (copy_into(s, tmp, err) < 0 || sync_file(tmp, err) < 0) {
		unlink(tmp);
		return -1;
	}
	fault_point("before backup rename");
	if (rename(tmp, path) < 0)
		return err_errno(
		    err, ERR_STOP, EX_IOERR, "cannot name the backup %s", path);
	fault_point("after backup rename");
	return file_sync_dir(file_dir(arena, path), err);
}

int
store_vacuum(struct store *s, struct err *err)
{
	if (store_run(s, "VACUUM", err) < 0)
		return -1;
	sqlite3_wal_checkpoint_v2(
	    s->db, NULL, SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL);
	return 0;
}

static int
read_sql(struct store *s, struct arena *arena, const char *sql,
    struct rows *out, struct err *err)
{
	sqlite3_stmt *st;
	int rc;

	if (sqlite3_prepare_v2(s->db, sql, -1, &st, NULL) != SQLITE_OK)
		return store_fail(s, err, sql);
	rc = store_read(s, arena, st, out, sql, err);
	sqlite3_finalize(st);
	return rc;
}

const char *
store_check(struct store *s, struct arena *arena)
{
	struct rows rows;
	struct err err = {0};

	if (read_sql(s, arena, "PRAGMA quick_check(1)", &rows, &err) < 0)
		return arena_printf(arena, "%s", err.text);
	if (rows.n != 1 || !span_is(cell(&rows, 0, 0)->t, "ok"))
		return arena_strdup(
		    arena, rows.n ? cell(&rows, 0, 0)->t : SPAN("no answer"));
	if (read_sql(s, arena, "PRAGMA foreign_key_check", &rows, &err) < 0)
		return arena_printf(arena, "%s", err.text);
	return rows.n == 0 ? NULL : "rows point to rows that are not there";
}

int
store_tables(
    struct store *s, struct arena *arena, struct rows *out, struct err *err)
{
	return read_sql(s, arena,
	    "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT "
	    "LIKE 'sqlite_%' ORDER BY name",
	    out, err);
}

static bool
known_table(struct store *s, struct arena *arena, struct span table)
{
	struct rows rows;
	struct err err = {0};

	if (store_tables(s, arena, &rows, &err) < 0)
		return false;
	for (size_t i = 0; i < rows.n; i++)
		if (span_eq(cell(&rows, i, 0)->t, table))
			return true;
	return false;
}

static void
prepend_names(struct arena *arena, sqlite3_stmt *st, struct rows *rows)
{
	size_t columns = (size_t)sqlite3_column_count(st);
	struct cell *cells =
	    arena_alloc(arena, (rows->n + 1) * columns * sizeof(*cells));

	for (size_t c = 0; c < columns; c++)
		cells[c].t =
		    arena_span(arena, span_of(sqlite3_column_name(st, (int)c)));
	if (rows->n > 0)
		memcpy(cells + columns, rows->cells,
		    rows->n * columns * sizeof(*cells));
	rows->cells = cells;
	rows->n++;
}

int
store_table(struct store *s, struct arena *arena, struct span table,
    struct rows *out, struct err *err)
{
	struct rows rows;
	sqlite3_stmt *st;
	const char *sql;
	int rc;

	/* The name comes from the schema's own list, never from outside. */
	if (!known_table(s, arena, table))
		return err_exit(err, ERR_ITEM, EX_USAGE,
		    "there is no table %.*s", (int)table.n, table.p);
	sql = arena_printf(arena, "SELECT * FROM \"%.*s\" ORDER BY 1, 2",
	    (int)table.n, table.p);
	if (sqlite3_prepare_v2(s->db, sql, -1, &st, NULL) != SQLITE_OK)
		return store_fail(s, err, sql);
	rc = store_read(s, arena, st, &rows, sql, err);
	if (rc == 0) {
		prepend_names(arena, st, &rows);
		*out = rows;
	}
	sqlite3_finalize(st);
	return rc;
}

static void
dump_cell(const struct cell *c, struct str *out)
{
	if (c->is_null)
		str_addz(out, "NULL");
	else if (c->t.p == NULL)
		str_addf(out, "%lld", (long long)c->i);
	else
		for (size_t i = 0; i < c->t.n; i++)
			if (c->t.p[i] >= ' ' && c->t.p[i] != '|')
				str_addc(out, c->t.p[i]);
			else
				str_addf(out, "\\%02x",
				    (unsigned)(unsigned char)c->t.p[i]);
	str_addc(out, '|');
}

int
store_dump(
    struct store *s, struct arena *arena, struct str *out, struct err *err)
{
	struct rows tables, rows;

	if (store_tables(s, arena, &tables, err) < 0)
		return -1;
	for (size_t t = 0; t < tables.n; t++) {
		struct span name = cell(&tables, t, 0)->t;

		if (store_table(s, arena, name, &rows, err) < 0)
			return -1;
		for (size_t r = 1; r < rows.n; r++) {
			str_add(out, name);
			str_addc(out, '|');
			for (size_t c = 0; c < rows.columns; c++)
				dump_cell(cell(&rows, r, c), out);
			str_addc(out, '\n');
		}
	}
	return 0;
}

int
store_explain(struct store *s, struct arena *arena, enum query q,
    struct span *plan, struct err *err)
{
	struct rows rows;
	struct str text;

	if (read_sql(s, arena,
		arena_printf(arena, "EXPLAIN QUERY PLAN %s", query_sql(q)),
		&rows, err) < 0)
		return err_in(err, "%s", query_name(q));
	str_init(&text, arena, 65536);
	for (size_t r = 0; r < rows.n; r++) {
		str_add(&text, cell(&rows, r, 3)->t);
		str_addc(&text, '\n');
	}
	*plan = str_span(&text);
	return 0;
}

/* --- a name that must not be found any more --------------------------------- */

static bool
in_word(char c)
{
	return ascii_alnum(c) || (unsigned char)c >= 0x80;
}

/* The text with every such word replaced; false when there was none. */
static bool
scrubbed(
    struct arena *arena, struct span text, struct span word, struct span *out)
{
	struct str s;
	size_t at = 0, next;
	bool any = false;

	str_init(&s, arena, text.n * 2 + 8);
	for (; (next = at + span_casefind(span_skip(text, at), word)) < text.n;
	     at = next + word.n) {
		size_t end = next + word.n;
		bool whole = (next == 0 || !in_word(text.p[next - 1])) &&
			     (end == text.n || !in_word(text.p[end]));

		str_add(&s, span_sub(text, at, whole ? next : end));
		if (whole)
			str_addz(&s, "…");
		any |= whole;
	}
	str_add(&s, span_skip(text, at));
	*out = str_span(&s);
	return any;
}

static int
update_text(struct store *s, const char *sql, struct span text, int64_t id,
    struct err *err)
{
	sqlite3_stmt *st;
	int rc;

	if (sqlite3_prepare_v2(s->db, sql, -1, &st, NULL) != SQLITE_OK)
		return store_fail(s, err, sql);
	sqlite3_bind_text64(
	    st, 1, text.n ? text.p : "", text.n, SQLITE_STATIC, SQLITE_UTF8);
	sqlite3_bind_int64(st, 2, id);
	rc = sqlite3_step(st);
	sqlite3_finalize(st);
	return rc == SQLITE_DONE ? 0 : store_fail(s, err, sql);
}

/* `where` is about further conditions on the table's rows, "1" for none. */
static int
scrub_column(struct store *s, struct arena *arena, const char *table,
    const char *column, const char *where, struct span word, struct err *err)
{
	const char *update = arena_printf(arena,
	    "UPDATE \"%s\" SET \"%s\" = ?1 WHERE rowid = ?2", table, column);
	struct rows rows;

	if (read_sql(s, arena,
		arena_printf(arena,
		    "SELECT rowid, \"%s\" FROM \"%s\" WHERE \"%s\" <> '' "
		    "AND (%s)",
		    column, table, column, where),
		&rows, err) < 0)
		return -1;
	for (size_t r = 0; r < rows.n; r++) {
		struct span out;

		if (scrubbed(arena, cell(&rows, r, 1)->t, word, &out) &&
		    update_text(s, update, out, cell(&rows, r, 0)->i, err) < 0)
			return -1;
	}
	return 0;
}

/* By these, rows are found again; they are made of no names. */
static bool
is_identifier(struct span column)
{
	static const char *const names[] = {"key", "digest", "code", "uid",
	    "message_id", "root", "last", "key_hash", "word", "state", "kind"};

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (span_is(column, names[i]))
			return true;
	return false;
}

static int
scrub_table(struct store *s, struct arena *arena, const char *table,
    const struct span *words, size_t n, struct err *err)
{
	struct rows columns;

	if (read_sql(s, arena,
		arena_printf(arena,
		    "SELECT name, type FROM pragma_table_info('%s')", table),
		&columns, err) < 0)
		return -1;
	for (size_t c = 0; c < columns.n; c++) {
		struct span name = cell(&columns, c, 0)->t;

		if (!span_is(cell(&columns, c, 1)->t, "TEXT") ||
		    is_identifier(name))
			continue;
		for (size_t w = 0; w < n; w++)
			if (words[w].n > 0 && scrub_column(s, arena, table,
						  arena_strdup(arena, name),
						  "1", words[w], err) < 0)
				return -1;
	}
	return 0;
}

int
store_scrub(struct store *s, struct arena *arena, const struct span *words,
    size_t n, struct err *err)
{
	struct rows tables;

	if (store_tables(s, arena, &tables, err) < 0)
		return -1;
	for (size_t t = 0; t < tables.n; t++)
		if (scrub_table(s, arena,
			arena_strdup(arena, cell(&tables, t, 0)->t), words, n,
			err) < 0)
			return -1;
	return 0;
}

/* Texts in which those who knew somebody may have named them. */
struct near {
	const char *table, *column, *where;
	size_t words_n;
};

static int
scrub_near(struct store *s, struct arena *arena, const struct near *x,
    const struct span *words, struct err *err)
{
	for (size_t w = 0; w < x->words_n; w++)
		if (words[w].n > 0 &&
		    scrub_column(s, arena, x->table, x->column, x->where,
			words[w], err) < 0)
			return -1;
	return 0;
}

int
store_scrub_near(struct store *s, struct arena *arena, int64_t person_id,
    const struct span *words, size_t n, size_t few, struct err *err)
{
	const char *pairs = arena_printf(arena,
	    "SELECT id FROM pair WHERE mentor_id = %lld OR mentee_id = %lld",
	    (long long)person_id, (long long)person_id);
	const char *partners = arena_printf(arena,
	    "person_id IN (SELECT mentor_id FROM pair WHERE id IN (%s) "
	    "UNION SELECT mentee_id FROM pair WHERE id IN (%s))",
	    pairs, pairs);
	const char *answers =
	    arena_printf(arena, "type = 'text' AND %s", partners);
	const char *lists = "question = 'exclude' OR question = 'picks'";
	const char *mails =
	    arena_printf(arena, "person_id = 0 OR %s", partners);
	const struct near texts[] = {
	    {"answer", "value", lists, few},
	    {"answer", "raw", lists, few},
	    {"answer", "value", answers, n},
	    {"answer", "raw", answers, n},
	    {"note", "text",
		arena_printf(arena, "pair_id IN (%s) OR %s", pairs, partners),
		n},
	    {"attendee", "note",
		arena_printf(arena,
		    "session_id IN (SELECT id FROM session WHERE pair_id IN "
		    "(%s))",
		    pairs),
		n},
	    {"confirm", "argument",
		arena_printf(arena, "action = 'word' AND %s", partners), n},
	    {"inbox", "subject", mails, n},
	    {"outbox", "subject", mails, n},
	};

	for (size_t t = 0; t < sizeof(texts) / sizeof(*texts); t++)
		if (scrub_near(s, arena, &texts[t], words, err) < 0)
			return -1;
	return 0;
}
