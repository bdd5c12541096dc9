/* Both sides of the limits: the last that is taken, the first that is not. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "base/csv.h"
#include "base/limits.h"
#include "base/str.h"
#include "compose/compose.h"
#include "mime/mime.h"
#include "model/address.h"
#include "reply/reply.h"
#include "tmpl/tmpl.h"

static struct arena arena;

static struct span
letters(char c, size_t n)
{
	struct str s;

	str_init(&s, &arena, n);
	str_fill(&s, c, n);
	return str_span(&s);
}

static bool
address_taken(size_t local, size_t domain)
{
	struct str s;
	struct span out;

	str_init(&s, &arena, 1000);
	str_fill(&s, 'a', local);
	str_addc(&s, '@');
	for (; domain > 50; domain -= 50) {
		str_fill(&s, 'b', 49);
		str_addc(&s, '.');
	}
	str_fill(&s, 'c', domain);
	return address_parse(&arena, str_span(&s), &out);
}

static void
test_addresses(void **state)
{
	(void)state;
	assert_true(address_taken(LIMIT_LOCAL_BYTES, 20));
	assert_false(address_taken(LIMIT_LOCAL_BYTES + 1, 20));
	assert_true(address_taken(60, LIMIT_ADDRESS_BYTES - 61));
	assert_false(address_taken(60, LIMIT_ADDRESS_BYTES - 60));
}

static bool
row_taken(struct span text)
{
	struct csv csv;
	struct csv_row row;

	csv_open(&csv, &arena, text);
	assert_true(csv_next(&csv, &row));
	return row.wrong == NULL;
}

static void
test_csv(void **state)
{
	(void)state;
	assert_true(row_taken(letters('a', LIMIT_CSV_CELL)));
	assert_false(row_taken(letters('a', LIMIT_CSV_CELL + 1)));
	assert_true(row_taken(letters(',', LIMIT_CSV_CELLS - 1)));
	assert_false(row_taken(letters(',', LIMIT_CSV_CELLS)));
}

static void
test_templates(void **state)
{
	struct str s;
	struct template t;
	struct err err = {0};
	struct span out, big = letters('x', 1024);
	struct value *data = value_object(&arena);
	struct value *list = value_set(&arena, data, "l", value_list(&arena));

	(void)state;
	str_init(&s, &arena, LIMIT_TEMPLATE_BYTES + 1);
	str_addz(&s, "Subject: a\n\n");
	str_fill(&s, 'x', LIMIT_TEMPLATE_BYTES - s.n);
	assert_int_equal(
	    template_parse(&arena, SPAN("t"), str_span(&s), &t, &err), 0);
	str_addc(&s, 'x');
	assert_int_equal(
	    template_parse(&arena, SPAN("t"), str_span(&s), &t, &err), -1);
	value_set_text(&arena, data, "x", big);
	for (size_t i = 0; i < LIMIT_RENDERED_BYTES / big.n; i++)
		value_push(&arena, list, value_null(&arena));
	assert_int_equal(mustache_render(&arena, SPAN("{{#l}}{{x}}{{/l}}"),
			     data, MUSTACHE_RAW, NULL, NULL, &out, &err),
	    0);
	assert_int_equal(out.n, LIMIT_RENDERED_BYTES);
	assert_int_equal(mustache_render(&arena, SPAN("{{#l}}{{x}}{{/l}}y"),
			     data, MUSTACHE_RAW, NULL, NULL, &out, &err),
	    -1);
}

/* A subject that is too long is cut where a letter ends, not refused. */
static void
test_subject(void **state)
{
	struct letter l = {.from_address = SPAN("a@b.example"),
	    .to_address = SPAN("c@d.example"),
	    .message_id = SPAN("m@b.example"),
	    .text = SPAN("x\n")};
	struct span mail;
	struct err err = {0};
	struct mail m;

	(void)state;
	for (size_t n = LIMIT_SUBJECT_BYTES; n <= LIMIT_SUBJECT_BYTES + 1;
	     n++) {
		struct str s;

		str_init(&s, &arena, n);
		str_fill(&s, 'x', n - 2);
		str_addz(&s, "\xc3\xa4");
		l.subject = str_span(&s);
		assert_int_equal(compose(&arena, &l, &mail, &err), 0);
		mime_read(&arena, mail, NULL, &m);
		assert_int_equal(m.subject.n,
		    n == LIMIT_SUBJECT_BYTES ? n : LIMIT_SUBJECT_BYTES - 1);
	}
}

#define HEAD "From: a@b.example\r\nTo: c@d.example\r\nSubject: s\r\n"

static bool
mail_read(struct span raw)
{
	struct mail m;

	mime_read(&arena, raw, NULL, &m);
	return m.refused.n == 0;
}

static void
test_mail_size(void **state)
{
	struct str s;

	(void)state;
	str_init(&s, &arena, LIMIT_MAIL_BYTES + 1);
	str_addz(&s, HEAD "\r\n");
	while (s.n + 64 < LIMIT_MAIL_BYTES)
		str_addz(&s, "a line of a mail that is larger than any mail "
			     "we want\r\n");
	str_fill(&s, 'x', LIMIT_MAIL_BYTES - s.n);
	assert_true(mail_read(str_span(&s)));
	str_addc(&s, 'x');
	assert_false(mail_read(str_span(&s)));
}

/* head, then `unit` n times, then tail. */
static struct span
repeated(const char *head, const char *unit, size_t n, const char *tail)
{
	struct str s;

	str_init(&s, &arena, 4 * 1024 * 1024);
	str_addz(&s, head);
	while (n-- > 0)
		str_addz(&s, unit);
	str_addz(&s, tail);
	return str_span(&s);
}

static void
test_mail_shape(void **state)
{
	static const struct {
		const char *why, *head, *unit, *tail;
		size_t most;
	} cases[] = {
	    {"fields", HEAD, "X: y\r\n", "\r\nx\r\n", LIMIT_FIELDS - 3},
	    {"parts", HEAD "Content-Type: multipart/mixed; boundary=b\r\n\r\n",
		"--b\r\n\r\nx\r\n", "--b--\r\n", LIMIT_MIME_PARTS},
	    {"comments", HEAD "Reply-To: ", "(", "\r\n\r\nx\r\n", LIMIT_PARENS},
	    {"encoded words", HEAD "X-Test:", "\r\n =?utf-8?q?x?=",
		"\r\n\r\nx\r\n", LIMIT_ENCODED_WORDS},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		for (size_t more = 0; more < 2; more++)
			if (mail_read(repeated(cases[i].head, cases[i].unit,
				cases[i].most + more, cases[i].tail)) !=
			    (more == 0))
				fail_msg("%s: %zu", cases[i].why,
				    cases[i].most + more);
}

static void
test_commands(void **state)
{
	struct command *list;
	struct span stopped;
	uint32_t n;

	(void)state;
	reply_commands(&arena, repeated("", "approve\n", LIMIT_COMMANDS, ""),
	    &list, &n, &stopped);
	assert_int_equal(n, LIMIT_COMMANDS);
	assert_int_equal(stopped.n, 0);
	reply_commands(&arena,
	    repeated("", "approve\n", LIMIT_COMMANDS + 1, ""), &list, &n,
	    &stopped);
	assert_int_equal(n, LIMIT_COMMANDS);
	assert_true(stopped.n > 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_addresses),
	    cmocka_unit_test(test_csv),
	    cmocka_unit_test(test_templates),
	    cmocka_unit_test(test_subject),
	    cmocka_unit_test(test_mail_size),
	    cmocka_unit_test(test_mail_shape),
	    cmocka_unit_test(test_commands),
	};
	int bad;

	arena_init(&arena);
	mime_prepare();
	bad = cmocka_run_group_tests_name("limits", tests, NULL, NULL);
	arena_release(&arena);
	return bad;
}
