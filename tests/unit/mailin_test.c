/* Mail comes in once, oldest first, and leaves only when told so. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka wants the above first */
#include <cmocka.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/command.h"
#include "base/file.h"
#include "mailin/mailin.h"
#include "unit/scratch.h"

static int
setup(void **state)
{
	(void)state;
	scratch_open("mailin");
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	scratch_close();
	return 0;
}

static void
put(const char *name, const char *text)
{
	struct err err;
	const char *path = in(name);

	assert_int_equal(file_make_dir(file_dir(&arena, path), &err), 0);
	assert_int_equal(file_write(path, span_of(text), false, &err), 0);
}

static void
make_maildir(void)
{
	struct err err;

	assert_int_equal(file_make_dir(in("new"), &err), 0);
	assert_int_equal(file_make_dir(in("cur"), &err), 0);
	assert_int_equal(file_make_dir(in("tmp"), &err), 0);
}

static bool
known_none(void *cookie, struct span key)
{
	(void)cookie, (void)key;
	return false;
}

static bool
known_one(void *cookie, struct span key)
{
	return span_is(key, cookie);
}

static struct mailin *
open_source(const char *scheme, const char *path, enum mailin_after after)
{
	struct mailin_settings s = {.after = after,
	    .done_folder = SPAN("rmail/done"),
	    .parked_folder = SPAN("rmail/parked")};
	struct mailin *m;
	struct err err = {0};

	s.url = arena_spanf(&arena, "%s:%s", scheme, path);
	if (mailin_open(&arena, &s, &m, &err) < 0)
		fail_msg("%s", err.text);
	return m;
}

/* The keys of a whole walk, blanks between. */
static const char *
walk(struct mailin *m)
{
	struct mailin_mail mail;
	struct err err = {0};
	char *all = arena_strdup(&arena, SPAN(""));
	int rc;

	while ((rc = mailin_next(m, &arena, known_none, NULL, &mail, &err)) > 0)
		all = arena_printf(&arena, "%s%s%.*s", all,
		    *all != '\0' ? " " : "", (int)mail.key.n, mail.key.p);
	if (rc < 0)
		fail_msg("%s", err.text);
	return all;
}

static void
file_ok(struct mailin *m, const char *key, enum mailin_filed filed)
{
	struct err err = {0};

	if (mailin_file(m, span_of(key), filed, &err) < 0)
		fail_msg("%s", err.text);
}

static void
maildir_is_walked_oldest_first(void **state)
{
	struct mailin *m;

	(void)state;
	make_maildir();
	put("new/200.b.host", "b");
	put("cur/100.z.host:2,RS", "a");
	put("new/1000.c.host", "c");
	put("new/hand.eml", "h");
	put("new/.hidden", "never");
	put("tmp/50.half", "never");
	m = open_source("maildir", top, MAILIN_KEEP);
	assert_string_equal(walk(m),
	    "maildir:hand.eml maildir:100.z.host maildir:200.b.host "
	    "maildir:1000.c.host");
	mailin_close(m);
}

static void
what_is_known_is_not_read_again(void **state)
{
	struct mailin *m;
	struct mailin_mail mail;
	struct err err;
	char seen[] = "maildir:100.a";

	(void)state;
	make_maildir();
	put("new/100.a", "first");
	put("new/200.b", "second");
	m = open_source("maildir", top, MAILIN_KEEP);
	assert_int_equal(
	    mailin_next(m, &arena, known_one, seen, &mail, &err), 1);
	assert_true(span_is(mail.raw, "second"));
	assert_int_equal(mail.arrived_unix, 200);
	assert_int_equal(
	    mailin_next(m, &arena, known_one, seen, &mail, &err), 0);
	mailin_close(m);
}

static void
filing_is_by_the_settings_and_twice_is_once(void **state)
{
	static const struct {
		enum mailin_after after;
		enum mailin_filed filed;
		const char *before, *want, *why;
	} cases[] = {
	    {MAILIN_KEEP, MAILIN_DONE, "new/1.a", "cur/1.a:2,S",
		"kept mail is marked as seen"},
	    {MAILIN_KEEP, MAILIN_DONE, "cur/1.a:2,FR", "cur/1.a:2,FRS",
		"flags of others stay, in order"},
	    {MAILIN_KEEP, MAILIN_PARKED, "new/1.a", "cur/1.a:2,FS",
		"parked mail is flagged for a person"},
	    {MAILIN_MOVE, MAILIN_DONE, "new/1.a", ".rmail.done/cur/1.a:2,S",
		"moved to the done folder, seen"},
	    {MAILIN_MOVE, MAILIN_PARKED, "cur/1.a:2,S", ".rmail.parked/new/1.a",
		"parked: new again, for a person"},
	    {MAILIN_DELETE, MAILIN_PARKED, "new/1.a", "cur/1.a:2,FS",
		"what waits for a person is not thrown away"},
	    {MAILIN_DELETE, MAILIN_DONE, "new/1.a", NULL, "deleted"},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct mailin *m;

		make_maildir();
		put(cases[i].before, "x");
		m = open_source("maildir", top, cases[i].after);
		file_ok(m, "maildir:1.a", cases[i].filed);
		if (file_exists(in(cases[i].before)))
			fail_msg("%s: it is still there", cases[i].why);
		if (cases[i].want != NULL && !file_exists(in(cases[i].want)))
			fail_msg("%s: no %s", cases[i].why, cases[i].want);
		file_ok(m, "maildir:1.a", cases[i].filed);
		file_ok(m, "maildir:never-was", cases[i].filed);
		mailin_close(m);
		/* Killed after the rename, before it was noted. */
		m = open_source("maildir", top, cases[i].after);
		file_ok(m, "maildir:1.a", cases[i].filed);
		mailin_close(m);
		if (cases[i].want != NULL && !file_exists(in(cases[i].want)))
			fail_msg("%s: gone at the repeat", cases[i].why);
		teardown(state);
		setup(state);
	}
}

static void
renames_by_others_are_followed(void **state)
{
	struct mailin *m;
	struct mailin_mail mail;
	struct err err;

	(void)state;
	make_maildir();
	put("new/1.a", "a");
	put("new/2.b", "b");
	put("new/3.c", "c");
	m = open_source("maildir", top, MAILIN_MOVE);
	rename(in("new/1.a"), in("cur/1.a:2,S"));
	unlink(in("new/2.b"));
	assert_int_equal(
	    mailin_next(m, &arena, known_none, NULL, &mail, &err), 1);
	assert_true(span_is(mail.key, "maildir:1.a"));
	assert_int_equal(
	    mailin_next(m, &arena, known_none, NULL, &mail, &err), 1);
	assert_true(span_is(mail.key, "maildir:3.c"));
	rename(in("cur/1.a:2,S"), in("cur/1.a:2,RS"));
	file_ok(m, "maildir:1.a", MAILIN_DONE);
	assert_true(file_exists(in(".rmail.done/cur/1.a:2,S")));
	mailin_close(m);
}

static void
names_that_are_no_text_have_keys_that_lead_back(void **state)
{
	struct mailin *m;

	(void)state;
	make_maildir();
	put("new/7.a b\xff%41\n", "x");
	m = open_source("maildir", top, MAILIN_DELETE);
	assert_string_equal(walk(m), "maildir:7.a%20b%FF%2541%0A");
	file_ok(m, "maildir:7.a%20b%FF%2541%0A", MAILIN_DONE);
	assert_false(file_exists(in("new/7.a b\xff%41\n")));
	mailin_close(m);
}

static void
of_a_large_mail_only_the_header_is_read(void **state)
{
	struct mailin_settings s = {.max_bytes = 20};
	struct mailin *m;
	struct mailin_mail mail;
	struct err err;

	(void)state;
	make_maildir();
	put("new/1.a", "Subject: x\r\n\r\n0123456789");
	put("new/2.b", "Subject: x\n\n01234567");
	s.url = arena_spanf(&arena, "maildir:%s", top);
	assert_int_equal(mailin_open(&arena, &s, &m, &err), 0);
	assert_int_equal(
	    mailin_next(m, &arena, known_none, NULL, &mail, &err), 1);
	assert_true(mail.headers_only);
	assert_true(span_is(mail.raw, "Subject: x\r\n\r\n"));
	assert_int_equal(mail.size_bytes, 24);
	assert_int_equal(
	    mailin_next(m, &arena, known_none, NULL, &mail, &err), 1);
	assert_false(mail.headers_only); /* exactly at the limit */
	assert_int_equal(mail.raw.n, 20);
	mailin_close(m);
}

static void
what_is_no_file_is_told_and_the_walk_goes_on(void **state)
{
	struct mailin *m;
	struct mailin_mail mail;
	struct err err;

	(void)state;
	make_maildir();
	assert_int_equal(symlink("/etc/passwd", in("new/1.link")), 0);
	assert_int_equal(mkfifo(in("new/2.fifo"), 0600), 0);
	put("new/3.mail", "x");
	m = open_source("maildir", top, MAILIN_KEEP);
	for (int i = 0; i < 2; i++) {
		assert_int_equal(
		    mailin_next(m, &arena, known_none, NULL, &mail, &err), -1);
		assert_int_equal(err.kind, ERR_ITEM);
	}
	assert_int_equal(
	    mailin_next(m, &arena, known_none, NULL, &mail, &err), 1);
	mailin_close(m);
}

static void
mbox_is_split_at_true_from_lines(void **state)
{
	static const char box[] =
	    "From ann@example.org Mon Jan  5 10:00:00 2026\n"
	    "Subject: one\n\nFrom here it was\n\nFrom now on: Monday\n"
	    ">From the quoted\n>>From twice\n\n"
	    "From - Tue Jan  6 11:00:00 2026\n"
	    "Subject: two\r\n\r\nhello\r\n\r\n"
	    "From bob@example.org Wed Jan  7 11:00:00 2026 +0100\n"
	    "Subject: three\n\nlast, cut";
	static const char *const want[] = {
	    "Subject: one\n\nFrom here it was\n\nFrom now on: Monday\n"
	    "From the quoted\n>From twice\n",
	    "Subject: two\r\n\r\nhello\r\n",
	    "Subject: three\n\nlast, cut",
	};
	struct mailin *m;
	struct mailin_mail mail;
	struct err err;
	struct span keys[3];

	(void)state;
	put("box", box);
	m = open_source("mbox", in("box"), MAILIN_DELETE);
	for (int i = 0; i < 3; i++) {
		assert_int_equal(
		    mailin_next(m, &arena, known_none, NULL, &mail, &err), 1);
		assert_string_equal(arena_strdup(&arena, mail.raw), want[i]);
		assert_int_equal(mail.key.n, 5 + 64);
		keys[i] = mail.key;
		file_ok(m, arena_strdup(&arena, mail.key), MAILIN_DONE);
	}
	assert_int_equal(
	    mailin_next(m, &arena, known_none, NULL, &mail, &err), 0);
	assert_false(span_eq(keys[0], keys[1]));
	mailin_close(m);
	m = open_source("mbox", in("box"), MAILIN_DELETE);
	mailin_next(m, &arena, known_none, NULL, &mail, &err);
	assert_true(span_eq(mail.key, keys[0])); /* the same at each run */
	mailin_close(m);
}

static void
sources_that_cannot_be_opened_say_why(void **state)
{
	static const struct {
		const char *url;
		enum err_kind kind;
		const char *says, *why;
	} cases[] = {
	    {"/var/mail", ERR_STOP, "maildir:/path", "no scheme"},
	    {"gopher://x", ERR_STOP, "maildir:/path", "unknown scheme"},
	    {"maildir:/nowhere/at/all", ERR_STOP, "No such file",
		"missing folder"},
	    {"mbox:/nowhere", ERR_STOP, "No such file", "missing mbox"},
	    {"mbox:/etc/hostname", ERR_STOP, "not an mbox", "other file"},
	    {"mbox:/dev/null", ERR_STOP, "not a file", "device"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct mailin_settings s = {.url = span_of(cases[i].url)};
		struct mailin *m;
		struct err err = {0};

		if (mailin_open(&arena, &s, &m, &err) == 0 ||
		    err.kind != cases[i].kind ||
		    strstr(err.text, cases[i].says) == NULL)
			fail_msg("%s: %s", cases[i].why, err.text);
	}
}

static void
a_locked_mbox_is_left_for_later(void **state)
{
	struct mailin_settings s = {0};
	struct mailin *m;
	struct err err;

	(void)state;
	put("box", "From a Mon Jan  5 10:00:00 2026\n\nx\n");
	put("box.lock", "");
	s.url = arena_spanf(&arena, "mbox:%s", in("box"));
	assert_int_equal(mailin_open(&arena, &s, &m, &err), -1);
	assert_int_equal(err.kind, ERR_LATER);
}

static void
secrets_come_from_commands_without_a_shell(void **state)
{
	static const struct {
		const char *line, *want, *why;
	} cases[] = {
	    {"printf 'a b\\nsecond'", "a b", "first line only"},
	    {"echo $HOME;ls", "$HOME;ls", "no shell meaning"},
	    {"echo \"x\\\"y\" 'q'", "x\"y q", "quotes"},
	    {"printf 's3cret\\r\\n'", "s3cret", "CR LF"},
	    {"false", NULL, "failing"},
	    {"true", NULL, "silent"},
	    {"sh -c 'echo hunter2; exit 3'", NULL, "failing after output"},
	    {"/nonexistent/helper", NULL, "missing"},
	    {"echo 'open", NULL, "open quote"},
	    {"  ", NULL, "empty"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct span got;
		struct err err = {0};
		int rc =
		    command_secret(&arena, span_of(cases[i].line), &got, &err);

		if (cases[i].want == NULL) {
			if (rc == 0 || strstr(err.text, "hunter2") != NULL)
				fail_msg("%s: %s", cases[i].why, err.text);
			continue;
		}
		if (rc < 0 || !span_is(got, cases[i].want))
			fail_msg("%s: %s", cases[i].why, err.text);
	}
}

static void
many_mails_are_no_more_work_each(void **state)
{
	enum {
		N = 4000
	};
	struct mailin *m;
	struct mailin_mail mail;
	struct arena item;
	struct err err = {0};
	int n = 0;

	(void)state;
	make_maildir();
	for (int i = 0; i < N; i++) {
		FILE *f = fopen(in(arena_printf(&arena, "new/%d.x", i)), "w");

		assert_non_null(f);
		fputs("Subject: x\n\nx\n", f);
		fclose(f);
	}
	m = open_source("maildir", top, MAILIN_MOVE);
	arena_init(&item);
	while (mailin_next(m, &item, known_none, NULL, &mail, &err) > 0) {
		n++;
		assert_int_equal(
		    mailin_file(m, mail.key, MAILIN_DONE, &err), 0);
		arena_reset(&item);
	}
	assert_int_equal(n, N);
	arena_release(&item);
	mailin_close(m);
	m = open_source("maildir", top, MAILIN_MOVE);
	assert_string_equal(walk(m), "");
	mailin_close(m);
}

int
main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
	const struct CMUnitTest tests[] = {
	    T(maildir_is_walked_oldest_first),
	    T(what_is_known_is_not_read_again),
	    T(filing_is_by_the_settings_and_twice_is_once),
	    T(renames_by_others_are_followed),
	    T(names_that_are_no_text_have_keys_that_lead_back),
	    T(of_a_large_mail_only_the_header_is_read),
	    T(what_is_no_file_is_told_and_the_walk_goes_on),
	    T(mbox_is_split_at_true_from_lines),
	    T(sources_that_cannot_be_opened_say_why),
	    T(a_locked_mbox_is_left_for_later),
	    T(secrets_come_from_commands_without_a_shell),
	    T(many_mails_are_no_more_work_each),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
