/*
 * Peers of rmail's intake: the same mails read and hashed; and a bare loop
 * that parses them with libetpan (header, texts in UTF-8) and stores a row
 * and the packed mail in SQLite, a hundred under one commit.
 * usage: intake_bare_bench hash DIR
 *        intake_bare_bench store DIR DATABASE
 */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <libetpan/libetpan.h>
#include <sqlite3.h>
#include <zstd.h>

#include "base/digest.h"
#include "base/file.h"
#include "base/vec.h"

enum {
	MAIL_MAX = 1 << 20,
	BATCH = 100,
};

static void
die(const char *what, const char *why)
{
	fprintf(stderr, "intake_bare_bench: %s: %s\n", what, why);
	exit(1);
}

/* --- files --------------------------------------------------------------- */

static int
by_name(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static char **
list(struct arena *arena, const char *dir, size_t *n)
{
	char **names = NULL;
	struct dirent *de;
	DIR *d = opendir(dir);

	*n = 0;
	if (d == NULL)
		die(dir, "cannot be listed");
	while ((de = readdir(d)) != NULL)
		if (de->d_name[0] != '.') {
			vec_room(arena, &names, *n, sizeof(*names));
			names[(*n)++] = file_join(arena, dir,
			    arena_strdup(arena, span_of(de->d_name)));
		}
	closedir(d);
	if (*n > 0)
		qsort(names, *n, sizeof(*names), by_name);
	return names;
}

static struct span
slurp(struct arena *arena, const char *path)
{
	struct err err = {0};
	struct span bytes;

	if (file_read(arena, path, MAIL_MAX, &bytes, &err) < 0)
		die(path, err.text);
	return bytes;
}

/* --- peers ----------------------------------------------------------------- */

static int
hash_all(struct arena *arena, const char *dir)
{
	size_t n;
	char **names = list(arena, dir, &n);
	struct arena item;
	uint8_t digest[DIGEST_BYTES];

	arena_init(&item);
	for (size_t i = 0; i < n; i++) {
		digest_sha256(slurp(&item, names[i]), digest);
		arena_reset(&item);
	}
	arena_release(&item);
	return 0;
}

/* What the bare loop keeps of a mail. */
struct bare {
	char id[256], from[256], subject[512];
	size_t text_bytes;
};

static void
bare_header(struct mailimf_fields *fields, struct bare *b)
{
	struct mailimf_single_fields f;
	clistiter *first;

	mailimf_single_fields_init(&f, fields);
	if (f.fld_message_id != NULL)
		snprintf(
		    b->id, sizeof(b->id), "%s", f.fld_message_id->mid_value);
	if (f.fld_from != NULL) {
		struct mailimf_mailbox *mb;

		first = clist_begin(f.fld_from->frm_mb_list->mb_list);
		mb = first ? clist_content(first) : NULL;
		if (mb != NULL)
			snprintf(
			    b->from, sizeof(b->from), "%s", mb->mb_addr_spec);
	}
	if (f.fld_subject != NULL) {
		const char *value = f.fld_subject->sbj_value;
		char *decoded = NULL;
		size_t at = 0;

		if (mailmime_encoded_phrase_parse("utf-8", value, strlen(value),
			&at, "utf-8", &decoded) == MAILIMF_NO_ERROR &&
		    decoded != NULL) {
			snprintf(b->subject, sizeof(b->subject), "%s", decoded);
			free(decoded);
		}
	}
}

/* A text part, decoded, as UTF-8. */
static void
bare_text(struct mailmime *part, struct bare *b)
{
	struct mailmime_data *data = part->mm_data.mm_single;
	struct mailmime_single_fields f;
	char *body = NULL, *utf8 = NULL;
	size_t at = 0, n = 0, utf8_n = 0;
	int encoding = MAILMIME_MECHANISM_8BIT;

	if (data == NULL || part->mm_content_type == NULL ||
	    part->mm_content_type->ct_type->tp_type !=
		MAILMIME_TYPE_DISCRETE_TYPE ||
	    part->mm_content_type->ct_type->tp_data.tp_discrete_type->dt_type !=
		MAILMIME_DISCRETE_TYPE_TEXT)
		return;
	mailmime_single_fields_init(
	    &f, part->mm_mime_fields, part->mm_content_type);
	if (f.fld_encoding != NULL)
		encoding = f.fld_encoding->enc_type;
	if (mailmime_part_parse(data->dt_data.dt_text.dt_data,
		data->dt_data.dt_text.dt_length, &at, encoding, &body,
		&n) != MAILIMF_NO_ERROR)
		return;
	if (charconv_buffer("utf-8",
		f.fld_content_charset ? f.fld_content_charset : "utf-8", body,
		n, &utf8, &utf8_n) == MAIL_CHARCONV_NO_ERROR) {
		b->text_bytes += utf8_n;
		charconv_buffer_free(utf8);
	}
	mailmime_decoded_part_free(body);
}

/* Parts of parts of parts; our own mails go no deeper. */
static void
bare_parts(struct mailmime *top, struct bare *b)
{
	struct mailmime *stack[64];
	size_t n = 0;

	stack[n++] = top;
	while (n > 0) {
		struct mailmime *m = stack[--n];
		clist *kids = m->mm_type == MAILMIME_MULTIPLE
				  ? m->mm_data.mm_multipart.mm_mp_list
				  : NULL;

		if (m->mm_type == MAILMIME_SINGLE)
			bare_text(m, b);
		if (m->mm_type == MAILMIME_MESSAGE && n < 63 &&
		    m->mm_data.mm_message.mm_msg_mime != NULL)
			stack[n++] = m->mm_data.mm_message.mm_msg_mime;
		for (clistiter *i = kids ? clist_begin(kids) : NULL;
		     i != NULL && n < 63; i = clist_next(i))
			stack[n++] = clist_content(i);
	}
}

static void
bare_parse(struct span raw, struct bare *b)
{
	struct mailmime *mime = NULL;
	size_t at = 0;

	*b = (struct bare){.text_bytes = 0};
	if (mailmime_parse(raw.p, raw.n, &at, &mime) != MAILIMF_NO_ERROR)
		return;
	if (mime->mm_type == MAILMIME_MESSAGE &&
	    mime->mm_data.mm_message.mm_fields != NULL)
		bare_header(mime->mm_data.mm_message.mm_fields, b);
	bare_parts(mime, b);
	mailmime_free(mime);
}

static void
sql(sqlite3 *db, const char *text)
{
	if (sqlite3_exec(db, text, NULL, NULL, NULL) != SQLITE_OK)
		die(text, sqlite3_errmsg(db));
}

static sqlite3_stmt *
statement(sqlite3 *db, const char *text)
{
	sqlite3_stmt *st;

	if (sqlite3_prepare_v2(db, text, -1, &st, NULL) != SQLITE_OK)
		die(text, sqlite3_errmsg(db));
	return st;
}

static sqlite3 *
bare_open(const char *path)
{
	sqlite3 *db;

	if (sqlite3_open(path, &db) != SQLITE_OK)
		die(path, sqlite3_errmsg(db));
	sql(db, "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;"
		"CREATE TABLE mail (id INTEGER PRIMARY KEY, key TEXT UNIQUE,"
		" message TEXT, sender TEXT, subject TEXT, text INTEGER,"
		" size INTEGER, state TEXT) STRICT;"
		"CREATE INDEX mail_message ON mail (message);"
		"CREATE INDEX mail_sender ON mail (sender);"
		"CREATE INDEX mail_state ON mail (state);"
		"CREATE INDEX mail_size ON mail (size);"
		"CREATE TABLE raw (id INTEGER PRIMARY KEY, size INTEGER,"
		" bytes BLOB) STRICT");
	return db;
}

static void
bind_text(sqlite3_stmt *st, int at, const char *text)
{
	sqlite3_bind_text(st, at, text, -1, SQLITE_STATIC);
}

/* Read, parsed, looked for, packed, two rows; one commit for a hundred. */
static int
bare_all(struct arena *arena, const char *dir, const char *path)
{
	size_t n;
	char **names = list(arena, dir, &n);
	sqlite3 *db = bare_open(path);
	sqlite3_stmt *known =
	    statement(db, "SELECT id FROM mail WHERE key = ?");
	sqlite3_stmt *add = statement(db,
	    "INSERT INTO mail (key, message, sender, subject, text, size, "
	    "state) VALUES (?, ?, ?, ?, ?, ?, 'new')");
	sqlite3_stmt *keep = statement(db, "INSERT INTO raw VALUES (?, ?, ?)");
	ZSTD_CCtx *packer = ZSTD_createCCtx();
	struct arena item;

	arena_init(&item);
	for (size_t i = 0; i < n; i++) {
		struct span raw = slurp(&item, names[i]);
		size_t room = ZSTD_compressBound(raw.n);
		char *packed = arena_alloc(&item, room);
		size_t packed_n =
		    ZSTD_compressCCtx(packer, packed, room, raw.p, raw.n, 3);
		struct bare b;

		if (i % BATCH == 0)
			sql(db, "BEGIN IMMEDIATE");
		bare_parse(raw, &b);
		bind_text(known, 1, names[i]);
		sqlite3_step(known);
		sqlite3_reset(known);
		bind_text(add, 1, names[i]);
		bind_text(add, 2, b.id);
		bind_text(add, 3, b.from);
		bind_text(add, 4, b.subject);
		sqlite3_bind_int64(add, 5, (int64_t)b.text_bytes);
		sqlite3_bind_int64(add, 6, (int64_t)raw.n);
		if (sqlite3_step(add) != SQLITE_DONE)
			die(names[i], sqlite3_errmsg(db));
		sqlite3_reset(add);
		sqlite3_bind_int64(keep, 1, sqlite3_last_insert_rowid(db));
		sqlite3_bind_int64(keep, 2, (int64_t)raw.n);
		sqlite3_bind_blob64(keep, 3, packed, packed_n, SQLITE_STATIC);
		if (sqlite3_step(keep) != SQLITE_DONE)
			die(names[i], sqlite3_errmsg(db));
		sqlite3_reset(keep);
		if (i % BATCH == BATCH - 1 || i == n - 1)
			sql(db, "COMMIT");
		arena_reset(&item);
	}
	arena_release(&item);
	ZSTD_freeCCtx(packer);
	sqlite3_finalize(known);
	sqlite3_finalize(add);
	sqlite3_finalize(keep);
	sqlite3_close(db);
	return 0;
}

int
main(int argc, char **argv)
{
	struct arena arena;
	int rc = 64;

	arena_init(&arena);
	if (argc == 3 && strcmp(argv[1], "hash") == 0)
		rc = hash_all(&arena, argv[2]);
	else if (argc == 4 && strcmp(argv[1], "store") == 0)
		rc = bare_all(&arena, argv[2], argv[3]);
	else
		fprintf(stderr, "usage: see %s\n", __FILE__);
	arena_release(&arena);
	return rc;
}
