/* Tables, settings, JSON, files: what is taken and what is refused, where. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/csv.h"
#include "base/file.h"
#include "base/ini.h"
#include "base/json.h"

static struct arena arena;

/* Rows as "line: [cell][cell] wrong", one a line. */
static const char *
rows_of(const char *text)
{
	struct csv csv;
	struct csv_row row;
	struct str s;

	str_init(&s, &arena, 10000);
	csv_open(&csv, &arena, span_of(text));
	while (csv_next(&csv, &row)) {
		str_addf(&s, "%d: ", row.line);
		for (size_t i = 0; i < row.n; i++)
			str_addf(
			    &s, "[%.*s]", (int)row.cells[i].n, row.cells[i].p);
		str_addf(&s, "%s\n", row.wrong != NULL ? " wrong" : "");
	}
	return s.p;
}

static void
test_csv_reads(void **state)
{
	static const struct {
		const char *why, *text, *want;
	} cases[] = {
	    {"plain", "a,b\nc,d\n", "1: [a][b]\n2: [c][d]\n"},
	    {"Excel's semicolon and mark",
		"\xef\xbb\xbf"
		"a;b\r\n1,5;2\r\n",
		"1: [a][b]\n2: [1,5][2]\n"},
	    {"tabs", "a\tb\n", "1: [a][b]\n"},
	    {"quotes", "\"a,b\",\"c\"\"d\"\n", "1: [a,b][c\"d]\n"},
	    {"a line end in a cell counts", "\"a\nb\",c\nd,e\n",
		"1: [a\nb][c]\n3: [d][e]\n"},
	    {"blank lines are skipped and counted", "a\n\n\nb",
		"1: [a]\n4: [b]\n"},
	    {"cells are trimmed", " a , b \n", "1: [a][b]\n"},
	    {"empty cells stay", "a,,c,\n", "1: [a][][c][]\n"},
	    {"no closing quote", "a,\"b\nc\n", "1: [a][b\nc] wrong\n"},
	    {"windows-1252", "M\xfcller,\x80\n",
		"1: [M\xc3\xbcller][\xe2\x82\xac]\n"},
	    {"nothing", "", ""},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const char *got = rows_of(cases[i].text);

		if (!span_is(span_of(cases[i].want), got))
			fail_msg("%s: %s", cases[i].why, got);
	}
}

static void
test_csv_writes(void **state)
{
	static const struct {
		const char *cell, *want;
	} cases[] = {
	    {"plain", "plain"},
	    {"a,b", "\"a,b\""},
	    {"a\"b", "\"a\"\"b\""},
	    {"=1+1", "\"'=1+1\""},
	    {"@x", "\"'@x\""},
	    {" =x", "\"' =x\""},
	    {"-5", "-5"},
	    {"-x", "\"'-x\""},
	    {"a\nb", "\"a\nb\""},
	};
	struct str s;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		str_init(&s, &arena, 1000);
		csv_write(&s, span_of(cases[i].cell), true);
		assert_string_equal(s.p, cases[i].want);
	}
}

static void
test_ini(void **state)
{
	struct ini ini;
	struct err err = {0};

	(void)state;
	assert_int_equal(
	    ini_parse(&arena, SPAN("f"),
		SPAN("# c\n[Mail box]\nKey = a\n  b\n\n  c\nkey.DE=x\n"), &ini,
		&err),
	    0);
	assert_int_equal(ini.n, 2);
	assert_true(span_is(ini.items[0].section, "mail"));
	assert_true(span_is(ini.items[0].label, "box"));
	assert_true(span_is(ini.items[0].key, "key"));
	assert_true(span_is(ini.items[0].value, "a\nb\nc"));
	assert_int_equal(ini.items[0].line, 3);
	assert_int_equal(ini.items[0].column, 7);
	assert_true(span_is(ini.items[1].locale, "de"));
	ini_error(&ini, &ini.items[0], &err, "bad %d", 1);
	assert_string_equal(err.text, "f:3:7: bad 1");
}

static void
test_ini_errors(void **state)
{
	static const struct {
		const char *text;
		int line;
	} cases[] = {
	    {"[a\n", 1},
	    {"\n[]\n", 2},
	    {"a = b\nword\n", 2},
	    {" a = b\n", 1},
	    {"= b\n", 1},
	    {".de = b\n", 1},
	    {"a b = c\n", 1},
	    {"a = \xff\n", 1},
	    {"a = \x07\n", 1},
	};
	static const char *const words[] = {"mailbox", "sender", "zone"};
	struct ini ini;
	struct err err;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		err = (struct err){0};
		assert_int_equal(ini_parse(&arena, SPAN("f"),
				     span_of(cases[i].text), &ini, &err),
		    -1);
		assert_true(span_starts(span_of(err.text),
		    arena_printf(&arena, "f:%d:1: ", cases[i].line)));
		assert_int_equal(err_code(&err), 78);
	}
	assert_string_equal(ini_near(SPAN("mialbox"), words, 3), "mailbox");
	assert_null(ini_near(SPAN("quite-another"), words, 3));
}

static void
test_json_reads_what_it_writes(void **state)
{
	static const char *const same[] = {"null", "true", "[]", "{}",
	    "[1,-2,\"a\\\"\\\\\\n\\t\",{\"b\":[false,null]}]", "0.5", "1e+20",
	    "-0.25", "9223372036854775807", "\"\xc3\xa4\xf0\x9f\x98\x80\"",
	    "{\"\":{\"a b\":1}}", "0"};
	struct err err = {0};
	struct value *v;
	struct str s;

	(void)state;
	for (size_t i = 0; i < sizeof(same) / sizeof(same[0]); i++) {
		if (json_parse(&arena, span_of(same[i]), &v, &err) < 0)
			fail_msg("%s: %s", same[i], err.text);
		str_init(&s, &arena, 1000);
		value_write_json(v, &s);
		assert_string_equal(s.p, same[i]);
	}
	assert_int_equal(
	    json_parse(&arena, SPAN("\"\\ud83d\\ude00\\u00e4\\/\""), &v, &err),
	    0);
	assert_true(span_is(v->text, "\xf0\x9f\x98\x80\xc3\xa4/"));
	assert_int_equal(json_parse(&arena, SPAN("-0.0"), &v, &err), 0);
	str_init(&s, &arena, 10);
	value_write_json(v, &s);
	assert_string_equal(s.p, "0");
}

static void
test_json_refuses(void **state)
{
	static const struct {
		const char *text, *want;
	} cases[] = {
	    {"", "1:1: a value was expected"},
	    {"[1,]", "1:4: a value was expected"},
	    {"[1\n 2]", "2:2: \",\" or \"]\" was expected"},
	    {"{\"a\" 1}", "1:6: \":\" was expected"},
	    {"{a:1}", "1:2: a name in quotes was expected"},
	    {"{\"a\":1,\"a\":2}", "1:11: this name was there before"},
	    {"{\"a\":1,}", "1:8: a name in quotes was expected"},
	    {"1 2", "1:3: something follows the end"},
	    {"01", "1:2: something follows the end"},
	    {"1.", "1:3: a digit was expected"},
	    {"+1", "1:1: a value was expected"},
	    {"1e999", "1:6: this number is too large"},
	    {"nul", "1:1: a value was expected"},
	    {"\"a", "1:3: the text is not ended by \""},
	    {"\"\\x\"", "1:3: no such escape"},
	    {"\"\\u12g4\"", "1:6: \\u needs four hexadecimal digits"},
	    {"\"\\ud800\"", "1:8: half of a surrogate pair"},
	    {"\"\\udc00\"", "1:8: half of a surrogate pair"},
	    {"\"\\u0000\"", "1:8: \\u0000 is no text"},
	    {"\"\n\"", "1:2: a control character; write it as \\u"},
	    {"[1]]", "1:4: something follows the end"},
	    {"\xff", "this is no UTF-8 text"},
	};
	struct value *v;
	struct err err;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		err = (struct err){0};
		assert_int_equal(
		    json_parse(&arena, span_of(cases[i].text), &v, &err), -1);
		assert_string_equal(err.text, cases[i].want);
	}
}

static void
test_json_depth(void **state)
{
	struct value *v;
	struct err err = {0};
	struct str s;

	(void)state;
	for (size_t n = JSON_DEPTH_MAX; n <= JSON_DEPTH_MAX + 1; n++) {
		str_init(&s, &arena, 1000);
		str_fill(&s, '[', n);
		str_fill(&s, ']', n);
		assert_int_equal(json_parse(&arena, str_span(&s), &v, &err),
		    n <= JSON_DEPTH_MAX ? 0 : -1);
	}
}

static void
test_values(void **state)
{
	struct value *o = value_object(&arena), *l;

	(void)state;
	value_set_int(&arena, o, "a", 1);
	value_set_int(&arena, o, "a", 2);
	assert_int_equal(o->n, 1);
	assert_int_equal(value_find(o, SPAN("a"))->number, 2);
	assert_null(value_find(o, SPAN("b")));
	assert_null(value_find(NULL, SPAN("b")));
	l = value_list(&arena);
	assert_false(value_is_true(l));
	value_push(&arena, l, value_null(&arena));
	assert_true(value_is_true(l));
	assert_false(value_is_true(value_textz(&arena, "")));
	assert_true(value_is_true(value_int(&arena, 0)));
	assert_false(value_is_true(value_bool(&arena, false)));
}

static void
test_files(void **state)
{
	char dir[] = "/tmp/rmail-test-XXXXXX";
	struct err err = {0};
	struct span got;
	char *path, *deep;
	int fd = -1, second = -1;

	(void)state;
	assert_non_null(mkdtemp(dir));
	deep = file_join(&arena, dir, "a/b");
	assert_int_equal(file_make_dir(deep, &err), 0);
	assert_int_equal(file_make_dir(deep, &err), 0);
	assert_true(file_is_dir(deep));
	path = file_join(&arena, deep, "f");
	assert_int_equal(file_write(path, SPAN("hello"), true, &err), 0);
	assert_int_equal(file_write(path, SPAN("hello2"), false, &err), 0);
	assert_int_equal(file_read(&arena, path, 6, &got, &err), 0);
	assert_true(span_is(got, "hello2"));
	assert_int_equal(file_read(&arena, path, 5, &got, &err), -1);
	assert_null(file_check_private(&arena, path));
	assert_int_equal(chmod(path, 0644), 0);
	assert_non_null(file_check_private(&arena, path));
	assert_int_equal(file_lock(path, &fd, &err), 1);
	assert_int_equal(file_lock(path, &second, &err), 0);
	close(fd);
	assert_int_equal(file_lock(path, &fd, &err), 1);
	close(fd);
	assert_string_equal(file_join(&arena, "x", "/abs"), "/abs");
	assert_string_equal(file_dir(&arena, "a/b/c"), "a/b");
	assert_string_equal(file_dir(&arena, "c"), ".");
	unlink(path);
	rmdir(deep);
	rmdir(file_join(&arena, dir, "a"));
	assert_int_equal(rmdir(dir), 0);
	assert_int_equal(file_read(&arena, path, 5, &got, &err), -1);
	assert_false(file_exists(path));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_csv_reads),
	    cmocka_unit_test(test_csv_writes),
	    cmocka_unit_test(test_ini),
	    cmocka_unit_test(test_ini_errors),
	    cmocka_unit_test(test_json_reads_what_it_writes),
	    cmocka_unit_test(test_json_refuses),
	    cmocka_unit_test(test_json_depth),
	    cmocka_unit_test(test_values),
	    cmocka_unit_test(test_files),
	};
	int bad;

	arena_init(&arena);
	bad = cmocka_run_group_tests_name("base_data", tests, NULL, NULL);
	arena_release(&arena);
	return bad;
}
