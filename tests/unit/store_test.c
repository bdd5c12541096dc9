/* The file: opened, made, migrated, refused, killed while made; the plans. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <signal.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/fault.h"
#include "base/file.h"
#include "store/records.h"
#include "store/store.h"

struct setting {
	struct arena arena;
	char dir[64];
	char *path;
	struct err err;
};

static int
set_up(void **state)
{
	static struct setting s;

	memset(&s, 0, sizeof(s));
	arena_init(&s.arena);
	snprintf(s.dir, sizeof(s.dir), "/tmp/rmail-store-XXXXXX");
	assert_non_null(mkdtemp(s.dir));
	s.path = file_join(&s.arena, s.dir, "rmail.db");
	*state = &s;
	return 0;
}

static int
tear_down(void **state)
{
	static const char *const names[] = {"rmail.db", "rmail.db-wal",
	    "rmail.db-shm", "rmail.db.schema1", "copy.db", "copy.db.tmp"};
	struct setting *s = *state;

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		unlink(file_join(&s->arena, s->dir, names[i]));
	assert_int_equal(rmdir(s->dir), 0);
	arena_release(&s->arena);
	return 0;
}

static struct store *
made(struct setting *s)
{
	struct store *store;

	if (store_open(&s->arena, s->path, true, false, &store, &s->err) < 0)
		fail_msg("%s", s->err.text);
	return store;
}

/* By another hand than ours. */
static void
foreign(struct setting *s, const char *sql)
{
	sqlite3 *db;

	assert_int_equal(sqlite3_open(s->path, &db), SQLITE_OK);
	assert_int_equal(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
	sqlite3_close(db);
}

static struct span
dumped(struct setting *s, struct store *store)
{
	struct str out;

	str_init(&out, &s->arena, 1 << 20);
	assert_int_equal(store_dump(store, &s->arena, &out, &s->err), 0);
	return str_span(&out);
}

static int
insert_programme(struct store *store, struct err *err)
{
	return store_do(store, PROGRAMME_INSERT, err, "bi",
	    SPAN("0123456789abcdef0123456789abcdef"), (int64_t)1800000000);
}

/* `size` 0: one whose bytes are forgotten already. */
static int
insert_mail(struct store *store, int64_t id, int64_t size, struct err *err)
{
	char message_id[] = {'m', (char)('0' + id), '\0'};

	if (store_do(store, OUTBOX_INSERT, err, "iitttttiiiiii", id, (int64_t)1,
		SPAN("us@example.com"), SPAN("ann@example.com"),
		SPAN("welcome"), SPAN("Welcome"), span_of(message_id),
		(int64_t)0, (int64_t)0, (int64_t)0, (int64_t)1800000000,
		(int64_t)1800000000, size) < 0)
		return -1;
	if (size == 0)
		return 0;
	return store_do(store, MAIL_OUT_INSERT, err, "ib", id, SPAN("packed"));
}

/* --- opening ---------------------------------------------------------------- */

static void
opens_what_it_made(void **state)
{
	struct setting *s = *state;
	struct store *store = made(s);
	struct stat st;
	struct rows tables;

	assert_null(store_check(store, &s->arena));
	assert_int_equal(store_tables(store, &s->arena, &tables, &s->err), 0);
	assert_true(tables.n > 20);
	assert_int_equal(store_begin(store, &s->err), 0);
	assert_int_equal(insert_programme(store, &s->err), 0);
	assert_int_equal(store_commit(store, &s->err), 0);
	store_close(store);
	assert_int_equal(stat(s->path, &st), 0);
	assert_int_equal(st.st_mode & 077, 0);
	assert_false(file_exists(arena_printf(&s->arena, "%s-wal", s->path)));
	assert_int_equal(
	    store_open(&s->arena, s->path, false, true, &store, &s->err), 0);
	assert_true(span_starts(dumped(s, store), "programme|1|"));
	store_close(store);
}

static void
refuses_with_a_reason(void **state)
{
	static const struct {
		const char *sql;
		int exit_code;
		const char *text;
		const char *why;
	} cases[] = {
	    {"PRAGMA user_version = 99", 78, "made by a newer rmail",
		"an older program must not touch what it does not know"},
	    {"PRAGMA application_id = 7", 78, "no rmail database",
		"somebody else's database"},
	};
	struct setting *s = *state;

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct store *store = made(s);
		struct stat was, is;

		store_close(store);
		foreign(s, cases[i].sql);
		assert_int_equal(stat(s->path, &was), 0);
		err_clear(&s->err);
		if (store_open(
			&s->arena, s->path, true, true, &store, &s->err) == 0)
			fail_msg("opened: %s", cases[i].why);
		assert_int_equal(s->err.kind, ERR_STOP);
		assert_int_equal(err_code(&s->err), cases[i].exit_code);
		assert_non_null(strstr(s->err.text, cases[i].text));
		assert_int_equal(stat(s->path, &is), 0);
		assert_int_equal(was.st_size, is.st_size);
		unlink(s->path);
	}
}

static void
says_what_is_no_database(void **state)
{
	struct setting *s = *state;
	struct store *store;

	assert_int_equal(
	    store_open(&s->arena, s->path, false, true, &store, &s->err), -1);
	assert_int_equal(err_code(&s->err), 66);
	assert_non_null(strstr(s->err.text, "rmail init"));
	assert_false(file_exists(s->path));

	err_clear(&s->err);
	assert_int_equal(file_write(s->path,
			     SPAN("A letter, not a database, and longer than "
				  "one hundred bytes, so that nobody takes it "
				  "for a file whose making was interrupted."),
			     false, &s->err),
	    0);
	assert_int_equal(
	    store_open(&s->arena, s->path, true, true, &store, &s->err), -1);
	assert_int_equal(s->err.kind, ERR_STOP);
	assert_int_equal(err_code(&s->err), 74);
}

/* --- being made ------------------------------------------------------------- */

/* 1 killed, 0 came through. */
static int
make_and_die(struct setting *s, int64_t nth)
{
	int status = 0;
	pid_t pid = fork();

	assert_true(pid >= 0);
	if (pid == 0) {
		struct store *store;
		struct err err = {0};

		fault_arm(nth);
		_exit(store_open(&s->arena, s->path, true, true, &store, &err) <
		      0);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	if (WIFSIGNALED(status))
		return 1;
	assert_int_equal(WEXITSTATUS(status), 0);
	return 0;
}

/* The later steps taken back by hand. */
static const char first_schema[] =
    "DROP INDEX person_name;"
    "ALTER TABLE slot DROP COLUMN reasons; DROP TRIGGER outbox_forget;"
    "ALTER TABLE outbox ADD COLUMN bytes BLOB NOT NULL DEFAULT x'';"
    "UPDATE outbox SET bytes = (SELECT bytes FROM mail_out WHERE "
    "outbox_id = id) WHERE size > 0; DROP TABLE mail_out;"
    "DROP TABLE zone_rules; ALTER TABLE attendee DROP COLUMN wall;"
    "ALTER TABLE attendee DROP COLUMN declined;"
    "DROP TABLE round_person; DROP INDEX proposal_rejected;"
    "DROP TABLE token; DROP TABLE outside; DROP TABLE caldav;"
    "DROP INDEX session_state; DROP INDEX feed_next;"
    "ALTER TABLE feed DROP COLUMN covered; ALTER TABLE feed DROP COLUMN told;"
    "PRAGMA user_version = 1";

static void
an_older_file_is_copied_then_brought_up(void **state)
{
	struct setting *s = *state;
	struct store *store = made(s);
	char *copy = file_join(&s->arena, s->dir, "rmail.db.schema1");
	struct span was;

	store_close(store);
	foreign(s, first_schema);
	/* Nothing in it yet, nothing to be lost. */
	store = made(s);
	assert_false(file_exists(copy));
	assert_int_equal(store_begin(store, &s->err), 0);
	assert_int_equal(insert_programme(store, &s->err), 0);
	assert_int_equal(store_do(store, FEED_SET, &s->err, "it", (int64_t)0,
			     SPAN("holidays.ics")),
	    0);
	assert_int_equal(insert_mail(store, 1, 6, &s->err), 0);
	assert_int_equal(insert_mail(store, 2, 0, &s->err), 0);
	assert_int_equal(store_commit(store, &s->err), 0);
	was = dumped(s, store);
	assert_true(span_has(was, "mail_out|1|packed|"));
	store_close(store);
	foreign(s, first_schema);
	store = made(s);
	assert_true(file_exists(copy));
	assert_true(span_eq(dumped(s, store), was));
	store_close(store);
}

/* Each query that forgets mails, and one that only marks them. */
static void
a_forgotten_mail_leaves_no_bytes(void **state)
{
	static const struct {
		enum query query;
		const char *types, *why;
		int kept;
	} cases[] = {
	    {OUTBOX_CLAIM, "ii", "it is about to be sent", 1},
	    {OUTBOX_UNCLAIM, "i", "it is sent later", 1},
	    {ERASE_PARTNER_MAILS, "i", "nobody was their partner", 1},
	    {ERASE_SENT, "i", "who is named in it is erased", 0},
	    {ERASE_OUTBOX, "i", "who it went to is erased", 0},
	    {RETIRE_OUTBOX, "", "the cohort is kept no longer", 0},
	    {OUTBOX_PRUNE, "i", "it was sent long ago", 0},
	};
	struct setting *s = *state;

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct store *store = made(s);
		struct span dump;

		/* Its number, its recipient's, or a time after its own. */
		int64_t id = cases[i].query == OUTBOX_PRUNE ? 2 : 1;

		assert_int_equal(store_begin(store, &s->err), 0);
		assert_int_equal(insert_mail(store, 1, 6, &s->err), 0);
		assert_int_equal(
		    store_do(store, OUTBOX_DONE, &s->err, "itiittti",
			(int64_t)1, SPAN("sent"), (int64_t)1, (int64_t)250,
			SPAN(""), SPAN(""), SPAN(""), (int64_t)0),
		    0);
		assert_int_equal(store_do(store, cases[i].query, &s->err,
				     cases[i].types, id, (int64_t)1),
		    0);
		dump = dumped(s, store);
		if (span_has(dump, "mail_out|1|") != (cases[i].kept == 1))
			fail_msg("%s", cases[i].why);
		store_rollback(store);
		store_close(store);
	}
}

static void
killed_while_made_it_is_made_again(void **state)
{
	struct setting *s = *state;
	struct store *store = made(s);
	struct span whole = dumped(s, store);
	struct rows tables, again;
	int64_t n = 0;

	assert_int_equal(store_tables(store, &s->arena, &tables, &s->err), 0);
	store_close(store);
	do {
		unlink(s->path);
		unlink(arena_printf(&s->arena, "%s-wal", s->path));
		unlink(arena_printf(&s->arena, "%s-shm", s->path));
		n++;
		if (!make_and_die(s, n))
			break;
		store = made(s);
		assert_null(store_check(store, &s->arena));
		assert_true(span_eq(dumped(s, store), whole));
		assert_int_equal(
		    store_tables(store, &s->arena, &again, &s->err), 0);
		assert_int_equal(tables.n, again.n);
		store_close(store);
	} while (n < 100);
	assert_in_range(n, 3, 99);
}

/* --- transactions ------------------------------------------------------------ */

static void
all_or_nothing(void **state)
{
	struct setting *s = *state;
	struct store *store = made(s);
	struct span empty = dumped(s, store);

	assert_int_equal(store_begin(store, &s->err), 0);
	assert_int_equal(insert_programme(store, &s->err), 0);
	store_rollback(store);
	assert_true(span_eq(dumped(s, store), empty));
	/* Without one there is nothing to take back. */
	store_rollback(store);

	assert_int_equal(store_begin(store, &s->err), 0);
	assert_int_equal(insert_programme(store, &s->err), 0);
	assert_int_equal(insert_programme(store, &s->err), -1);
	assert_int_equal(s->err.kind, ERR_STOP);
	store_rollback(store);
	assert_true(span_eq(dumped(s, store), empty));
	store_close(store);
}

static void
copies_are_whole(void **state)
{
	struct setting *s = *state;
	struct store *store = made(s), *copy;
	char *path = file_join(&s->arena, s->dir, "copy.db");
	struct span was;

	assert_int_equal(store_begin(store, &s->err), 0);
	assert_int_equal(insert_programme(store, &s->err), 0);
	assert_int_equal(store_commit(store, &s->err), 0);
	was = dumped(s, store);
	assert_int_equal(store_backup(store, &s->arena, path, &s->err), 0);
	assert_false(file_exists(arena_printf(&s->arena, "%s.tmp", path)));
	store_close(store);
	assert_int_equal(
	    store_open(&s->arena, path, false, true, &copy, &s->err), 0);
	assert_true(span_eq(dumped(s, copy), was));
	store_close(copy);
	/* A folder that is not there: an error, and no half a file. */
	store = made(s);
	assert_int_equal(
	    store_backup(store, &s->arena,
		file_join(&s->arena, s->dir, "none/copy.db"), &s->err),
	    -1);
	store_close(store);
}

static void
names_of_tables_come_from_the_schema(void **state)
{
	static const char *const cases[] = {"", "persons", "sqlite_schema",
	    "person\"; DROP TABLE person; --", "PERSON "};
	struct setting *s = *state;
	struct store *store = made(s);
	struct rows rows;

	assert_int_equal(
	    store_table(store, &s->arena, SPAN("person"), &rows, &s->err), 0);
	assert_int_equal(rows.n, 1);
	assert_true(span_is(cell(&rows, 0, 0)->t, "id"));
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		err_clear(&s->err);
		if (store_table(store, &s->arena, span_of(cases[i]), &rows,
			&s->err) == 0)
			fail_msg("%s", cases[i]);
		assert_int_equal(s->err.kind, ERR_ITEM);
	}
	store_close(store);
}

static void
mails_come_back_as_they_were(void **state)
{
	struct setting *s = *state;
	char bytes[5000];
	struct span raw = {bytes, sizeof(bytes)}, packed, back;
	struct store *store = made(s);

	for (size_t i = 0; i < sizeof(bytes); i++)
		bytes[i] = (char)(i * i >> 3);
	assert_int_equal(
	    store_pack(store, &s->arena, raw, &packed, &s->err), 0);
	assert_int_equal(
	    store_unpack(store, &s->arena, packed, raw.n, &back, &s->err), 0);
	assert_true(span_eq(raw, back));
	/* Neither a cut one nor one of another size is taken for it. */
	assert_int_equal(
	    store_unpack(store, &s->arena, span_sub(packed, 0, packed.n - 1),
		raw.n, &back, &s->err),
	    -1);
	assert_int_equal(
	    store_unpack(store, &s->arena, packed, raw.n - 1, &back, &s->err),
	    -1);
	assert_int_equal(
	    store_unpack(store, &s->arena, packed, raw.n + 1, &back, &s->err),
	    -1);
	assert_int_equal(
	    store_pack(store, &s->arena, SPAN(""), &packed, &s->err), 0);
	assert_int_equal(
	    store_unpack(store, &s->arena, packed, 0, &back, &s->err), 0);
	assert_int_equal(back.n, 0);
	store_close(store);
}

static void
whole_words_are_scrubbed_everywhere(void **state)
{
	static const struct {
		const char *text, *want, *why;
	} cases[] = {
	    {"met Ann Young.", "met ….", "a name in a sentence"},
	    {"ann young, Ann Young", "…, …", "in small letters, and twice"},
	    {"Joann Young and Ann Younger", "Joann Young and Ann Younger",
		"other people"},
	    {"Ann Youngé", "Ann Youngé", "a letter of two bytes goes on"},
	    {"<ann@example.com>", "<…>", "an address"},
	    {"joann@example.com", "joann@example.com", "another address"},
	    {"ann@example.com", "…", "the whole text"},
	    {"", "", "nothing"},
	};
	const struct span words[] = {
	    SPAN("Ann Young"), SPAN("ann@example.com"), SPAN("")};
	struct setting *s = *state;
	struct store *store = made(s);
	struct rows rows;

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		assert_int_equal(store_do(store, NOTE_INSERT, &s->err, "itiit",
				     (int64_t)1, SPAN("Ann Young"), (int64_t)0,
				     (int64_t)0, span_of(cases[i].text)),
		    0);
	assert_int_equal(store_scrub(store, &s->arena, words, 3, &s->err), 0);
	assert_int_equal(
	    store_rows(store, &s->arena, NOTES_UNTOLD, &rows, &s->err, ""), 0);
	assert_int_equal(rows.n, sizeof(cases) / sizeof(*cases));
	for (size_t i = 0; i < rows.n; i++) {
		if (!span_is(cell(&rows, i, 5)->t, cases[i].want))
			fail_msg("%s: %.*s", cases[i].why,
			    (int)cell(&rows, i, 5)->t.n,
			    cell(&rows, i, 5)->t.p);
		/* By its kind a row is found again. */
		assert_true(span_is(cell(&rows, i, 2)->t, "Ann Young"));
	}
	store_close(store);
}

/* --- plans ------------------------------------------------------------------- */

/* Tables that stay small: dozens of rows in years. */
static const char *const small[] = {"programme", "round", "proposal",
    "pair_rule", "improvement", "undo", "feed", "confirm", "published"};

/* "SCAN person" or "SCAN p USING INDEX ..." of a table that grows. */
static bool
scans(struct span line)
{
	struct span word;

	if (!span_word(&line, &word) || !span_is(word, "SCAN") ||
	    !span_word(&line, &word) || span_is(word, "CONSTANT"))
		return false;
	for (size_t i = 0; i < sizeof(small) / sizeof(*small); i++)
		if (span_is(word, small[i]))
			return false;
	return true;
}

/* Queries that read a whole table, each with its reason. */
static const struct {
	enum query query;
	const char *why;
} excused[] = {
    {PERSON_NAMES, "somebody is named, and not in ASCII alone"},
    {PERSON_COUNT_STATES, "the funnel, for status and digest"},
    {ANSWERS_ALL, "a report counts all answers"},
    {ANSWERS_IN_WORDS, "an erasure looks for who named somebody"},
    {INBOX_HANDLED_AT, "an operator looks what a run would do"},
    {INBOX_COUNT, "the week's mails, for the digest"},
    {NOTES_SINCE, "what still needs the lead, for the digest"},
    {OUTBOX_COUNT, "the operator looks at the queue"},
    {OUTBOX_QUEUE, "all that waits: the index holds nothing else"},
    {SESSION_COUNTS, "the operator looks at the pairs"},
    {PERSONS_NAMED, "once, when a cohort is kept no longer"},
    {RETIRE_ANSWERS, "once, when a cohort is kept no longer"},
    {RETIRE_FORMS, "once, when a cohort is kept no longer"},
    {RETIRE_RAW, "once, when a cohort is kept no longer"},
    {RETIRE_INBOX, "once, when a cohort is kept no longer"},
    {RETIRE_OUTBOX, "once, when a cohort is kept no longer"},
    {RETIRE_NOTES, "once, when a cohort is kept no longer"},
    {RETIRE_ATTENDEES, "once, when a cohort is kept no longer"},
    {RETIRE_THREADS, "once, when a cohort is kept no longer"},
    {RETIRE_BUSY, "once, when a cohort is kept no longer"},
    {RETIRE_MEMBERS, "once, when a cohort is kept no longer"},
    {RETIRE_ALIASES, "once, when a cohort is kept no longer"},
};

static bool
is_excused(enum query q)
{
	for (size_t i = 0; i < sizeof(excused) / sizeof(*excused); i++)
		if (excused[i].query == q)
			return true;
	return false;
}

static void
no_query_walks_a_table_that_grows(void **state)
{
	struct setting *s = *state;
	struct store *store = made(s);
	int bad = 0;

	for (int q = 0; q < QUERIES_N; q++) {
		struct span plan, line;
		bool walks = false;

		if (store_explain(
			store, &s->arena, (enum query)q, &plan, &s->err) < 0)
			fail_msg("%s", s->err.text);
		while (span_line(&plan, &line)) {
			if (!scans(line))
				continue;
			walks = true;
			if (is_excused((enum query)q))
				continue;
			bad++;
			print_message(
			    "# %s: %.*s\n", query_name(q), (int)line.n, line.p);
		}
		if (!walks && is_excused((enum query)q))
			fail_msg("%s needs no excuse", query_name(q));
	}
	assert_int_equal(bad, 0);
	store_close(store);
}

int
main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)
	const struct CMUnitTest tests[] = {
	    T(opens_what_it_made),
	    T(refuses_with_a_reason),
	    T(says_what_is_no_database),
	    T(an_older_file_is_copied_then_brought_up),
	    T(killed_while_made_it_is_made_again),
	    T(all_or_nothing),
	    T(copies_are_whole),
	    T(a_forgotten_mail_leaves_no_bytes),
	    T(names_of_tables_come_from_the_schema),
	    T(mails_come_back_as_they_were),
	    T(whole_words_are_scrubbed_everywhere),
	    T(no_query_walks_a_table_that_grows),
	};

	return cmocka_run_group_tests_name("store", tests, NULL, NULL);
}
