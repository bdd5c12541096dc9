/* Whatever is in a letter: its header has the fields it should have. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include "base/str.h"
#include "compose/compose.h"

static const struct letter plain = {
    .from_name = SPAN("Programme"),
    .from_address = SPAN("rmail@example.com"),
    .to_name = SPAN("Ann"),
    .to_address = SPAN("ann@example.com"),
    .reply_to = SPAN("rmail+t@example.com"),
    .subject = SPAN("Hello"),
    .date_unix = 1767225600,
    .message_id = SPAN("m1@example.com"),
    .in_reply_to = SPAN("m0@example.com"),
    .text = SPAN("Hello\n"),
    .html = SPAN("<p>Hello</p>\n"),
    .boundary_seed = SPAN("seed"),
};

enum {
	PLAIN_FIELDS = 9
}; /* with MIME-Version and Content-Type */

/* Fields of the header; -1 when a line is none, or is no 7 bit, or too long. */
static int
count_fields(struct span mail)
{
	struct span head = span_sub(mail, 0, span_find(mail, SPAN("\r\n\r\n")));
	int n = 0;

	for (size_t i = 0; i < mail.n; i++)
		if ((unsigned char)mail.p[i] >= 0x7f || mail.p[i] == '\0' ||
		    (mail.p[i] == '\n') != (i > 0 && mail.p[i - 1] == '\r'))
			return -1;
	while (head.n > 0) {
		size_t end = span_find(head, SPAN("\r\n"));
		struct span line = span_sub(head, 0, end);
		size_t colon = span_findc(line, ':');

		head = span_skip(head, end + 2);
		if (line.n > 998 || span_trim(line).n == 0)
			return -1;
		if (line.p[0] == ' ')
			continue;
		if (colon == line.n || colon == 0 ||
		    span_findc(line, ' ') < colon)
			return -1;
		n++;
	}
	return n;
}

static int
fields_of(struct arena *arena, const struct letter *l)
{
	struct err err = {0};
	struct span out;
	int n = 0;

	if (compose(arena, l, &out, &err) < 0)
		assert_int_equal(err.kind, ERR_ITEM);
	else
		n = count_fields(out);
	arena_reset(arena);
	return n;
}

enum {
	SHAPES = 9
};

/* One byte where it could do harm: alone, inside, before and behind ends. */
static struct span
shape(int i, int byte, char buf[32])
{
	static const char *const before[SHAPES] = {
	    "", "a", "a", "", "a\r", "\r\n", "a\r\n", "a\n", "a\n\n"};
	static const char *const behind[SHAPES] = {
	    "", "b", "", "Bcc: x", "\nBcc: x", "", "Bcc: x", "\nBcc: x", ""};
	size_t n = strlen(before[i]);

	memcpy(buf, before[i], n);
	buf[n] = (char)byte;
	memcpy(buf + n + 1, behind[i], strlen(behind[i]));
	return (struct span){buf, n + 1 + strlen(behind[i])};
}

/* Every header value x every byte and pair of line ends: as many fields. */
static void
test_nothing_breaks_out(void **state)
{
	struct arena arena;
	struct letter_field field = {.name = "X-Test"};
	struct letter_file file = {
	    .type = SPAN("text/csv"), .bytes = SPAN("a,b\n")};

	(void)state;
	arena_init(&arena);
	for (int i = 0; i < 256 * 9 * 9; i++) {
		struct letter l = plain;
		struct span *values[] = {&l.from_name, &l.to_name, &l.subject,
		    &field.value, &l.in_reply_to, &l.reply_to, &l.message_id,
		    &l.to_address, &l.from_address};
		int which = i % 9, n;
		char buf[32];

		l.fields = &field;
		l.fields_n = 1;
		field.value = SPAN("v");
		*values[which] = shape(i / 9 % SHAPES, i / 81, buf);
		n = fields_of(&arena, &l);
		/* Identifiers and addresses may be refused or left out. */
		if (which <= 3)
			assert_int_equal(n, PLAIN_FIELDS + 1);
		else if (n != 0 && n != PLAIN_FIELDS)
			assert_int_equal(n, PLAIN_FIELDS + 1);
	}
	for (int i = 0; i < 256 * 9; i++) {
		struct letter l = plain;
		char buf[32];
		struct span s = shape(i % SHAPES, i / SHAPES, buf);

		l.files = &file;
		l.files_n = 1;
		file.name = s;
		assert_int_equal(fields_of(&arena, &l), PLAIN_FIELDS);
		file.type = s;
		file.name = SPAN("a.csv");
		assert_int_equal(fields_of(&arena, &l), PLAIN_FIELDS);
		file.type = SPAN("text/csv");
	}
	arena_release(&arena);
}

static void
test_refused(void **state)
{
	static const char *const bad[] = {"", "a", "a@b\r\nBcc: x@y.example",
	    "a b@example.com", "<a@example.com>", "a@example.com,b@c.example",
	    "m\xc3\xbcller@example.com"};
	struct letter_field fields[] = {{"Bcc", SPAN("x@y.example")},
	    {"Content-Type", SPAN("text/html")}, {"X: y", SPAN("")},
	    {"", SPAN("")}, {"X\r\nY", SPAN("")}};
	struct arena arena;

	(void)state;
	arena_init(&arena);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct letter l = plain;

		l.to_address = span_of(bad[i]);
		assert_int_equal(fields_of(&arena, &l), 0);
		l = plain;
		l.message_id = span_of(bad[i]);
		assert_int_equal(fields_of(&arena, &l), 0);
	}
	for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++) {
		struct letter l = plain;

		l.fields = &fields[i];
		l.fields_n = 1;
		assert_int_equal(fields_of(&arena, &l), 0);
	}
	arena_release(&arena);
}

static void
test_same_letter_same_bytes(void **state)
{
	struct arena arena;
	struct err err = {0};
	struct span a, b, c;
	struct letter other = plain;

	(void)state;
	arena_init(&arena);
	other.boundary_seed = SPAN("another");
	assert_int_equal(compose(&arena, &plain, &a, &err), 0);
	assert_int_equal(compose(&arena, &plain, &b, &err), 0);
	assert_int_equal(compose(&arena, &other, &c, &err), 0);
	assert_true(span_eq(a, b));
	assert_false(span_eq(a, c));
	arena_release(&arena);
}

static void
test_thread_keeps_root_and_last(void **state)
{
	struct span ids[30];
	struct letter l = plain;
	struct arena arena;
	struct err err = {0};
	struct span out;
	int n = 0;

	(void)state;
	arena_init(&arena);
	for (int i = 0; i < 30; i++)
		ids[i] = arena_spanf(&arena, "id%d@example.com", i);
	l.references = ids;
	l.references_n = 30;
	assert_int_equal(compose(&arena, &l, &out, &err), 0);
	for (int i = 0; i < 30; i++)
		n += span_has(
		    out, arena_printf(&arena, "<id%d@example.com>", i));
	assert_int_equal(n, 10);
	assert_true(span_has(out, "<id0@example.com>"));
	assert_true(span_has(out, "<id29@example.com>"));
	assert_false(span_has(out, "<id20@example.com>"));
	arena_release(&arena);
}

#define JUDGE                                                                     \
	"python3 -c \"\n"                                                         \
	"import sys, email, email.policy\n"                                       \
	"b = sys.stdin.buffer.read()\n"                                           \
	"m = email.message_from_bytes(b, policy=email.policy.default)\n"          \
	"p = list(m.walk())\n"                                                    \
	"assert not any(x.defects for x in p)\n"                                  \
	"assert [x.get_content_type() for x in p] == ['multipart/mixed', "        \
	"'multipart/alternative', 'text/plain', 'multipart/related', "            \
	"'text/html', 'image/png', 'text/calendar', 'application/ics', "          \
	"'text/csv'], [x.get_content_type() for x in p]\n"                        \
	"assert m['subject'] == 'Gr\\u00fc\\u00dfe ' * 12 + '\\u20ac'\n"          \
	"assert m['to'].addresses[0].display_name == 'M\\u00fcller, \\\"A\\\"'\n" \
	"assert m['from'].addresses[0].display_name == 'Doe, J. (x)'\n"           \
	"t = p[2].get_content().replace('\\r\\n', '\\n')\n"                       \
	"assert t == '\\u00e4 ' * 99 + '\\n.\\nFrom x\\n-- \\n=_', repr(t)\n"     \
	"assert p[6].get_param('method') == 'REQUEST'\n"                          \
	"assert p[6].get_payload(decode=True) == "                                \
	"p[7].get_payload(decode=True) == b'BEGIN:VCALENDAR\\r\\n'\n"             \
	"assert p[8].get_filename() == '\\u00dcber_sicht ' + 'x' * 80, "          \
	"p[8].get_filename()\n"                                                   \
	"assert p[5]['content-id'] == '<c1@example.com>'\n"                       \
	"assert max(len(l) for l in b.split(b'\\r\\n')) <= 78\n"                  \
	"\""

/* Another program's reader must see what we wrote. */
static void
test_python_reads_the_same(void **state)
{
	struct letter_file files[] = {
	    {SPAN("image/png"), SPAN("c.png"), SPAN("c1@example.com"),
		SPAN("\x89PNG")},
	    {SPAN("text/csv; charset=utf-8"), {0}, SPAN(""), SPAN("a\n")},
	};
	struct letter l = plain;
	struct arena arena;
	struct err err = {0};
	struct span out;
	struct str s, name, text;
	FILE *pipe;
	int i;

	(void)state;
	if (system("command -v python3 >/dev/null 2>&1") != 0)
		skip();
	arena_init(&arena);
	str_init(&s, &arena, 1000);
	for (i = 0; i < 12; i++)
		str_addz(&s, "Gr\xc3\xbc\xc3\x9f"
			     "e ");
	str_addz(&s, "\xe2\x82\xac");
	str_init(&name, &arena, 1000);
	str_addz(&name, "\xc3\x9c"
			"ber/sicht ");
	str_fill(&name, 'x', 80);
	str_init(&text, &arena, 1000);
	for (i = 0; i < 99; i++)
		str_addz(&text, "\xc3\xa4 ");
	str_addz(&text, "\n.\nFrom x\n-- \n=_\n");
	l.subject = str_span(&s);
	l.text = str_span(&text);
	l.from_name = SPAN("Doe, J. (x)");
	l.to_name = SPAN("M\xc3\xbcller, \"A\"");
	files[1].name = str_span(&name);
	l.files = files;
	l.files_n = 2;
	l.ics = SPAN("BEGIN:VCALENDAR\r\n");
	l.ics_method = "REQUEST";
	assert_int_equal(compose(&arena, &l, &out, &err), 0);
	assert_true(count_fields(out) > 0);
	pipe = popen(JUDGE, "w");
	assert_non_null(pipe);
	assert_int_equal(fwrite(out.p, 1, out.n, pipe), out.n);
	assert_int_equal(WEXITSTATUS(pclose(pipe)), 0);
	arena_release(&arena);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_nothing_breaks_out),
	    cmocka_unit_test(test_refused),
	    cmocka_unit_test(test_same_letter_same_bytes),
	    cmocka_unit_test(test_thread_keeps_root_and_last),
	    cmocka_unit_test(test_python_reads_the_same),
	};

	return cmocka_run_group_tests_name("compose", tests, NULL, NULL);
}
