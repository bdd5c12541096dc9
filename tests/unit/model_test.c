/* Addresses, weekly hours, and phrases in the reader's language. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/str.h"
#include "model/address.h"
#include "model/hours.h"
#include "model/words.h"

static struct arena arena;

static void
test_addresses(void **state)
{
	static const struct {
		const char *text, *want; /* NULL: refused */
	} cases[] = {
	    {"ann@example.com", "ann@example.com"},
	    {" Ann.B+tag@Example.COM ", "Ann.B+tag@example.com"},
	    {"o'neil@example.com", "o'neil@example.com"},
	    {"ann@b\xc3\xbc"
	     "cher.example",
		"ann@xn--bcher-kva.example"},
	    {"j\xc3\xb6rg@example.com", "j\xc3\xb6rg@example.com"},
	    {"", NULL},
	    {"ann", NULL},
	    {"@example.com", NULL},
	    {"ann@", NULL},
	    {"a@b@c.example", NULL},
	    {".ann@example.com", NULL},
	    {"ann.@example.com", NULL},
	    {"a..b@example.com", NULL},
	    {"a b@example.com", NULL},
	    {"<ann@example.com>", NULL},
	    {"ann@example.com\r\nBcc: x@y.example", NULL},
	    {"ann@-x.example", NULL},
	    {"ann@x..example", NULL},
	    {"\"ann\"@example.com", NULL},
	    {"ann@[127.0.0.1]", NULL},
	    {"ann\xff@example.com", NULL},
	};
	struct span out;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		bool ok = address_parse(&arena, span_of(cases[i].text), &out);

		if (ok != (cases[i].want != NULL) ||
		    (ok && !span_is(out, cases[i].want)))
			fail_msg("%s", cases[i].text);
	}
	assert_true(span_eq(address_key(&arena, SPAN("Ann@x.example")),
	    address_key(&arena, SPAN("aNN@x.example"))));
}

static void
test_address_parts(void **state)
{
	struct span name, address, base, tag;

	(void)state;
	assert_true(address_parse_named(
	    &arena, SPAN("\"Lee, Ann\" <ann@X.example>"), &name, &address));
	assert_true(span_is(name, "Lee, Ann"));
	assert_true(span_is(address, "ann@x.example"));
	assert_true(
	    address_parse_named(&arena, SPAN("a@b.example"), &name, &address));
	assert_int_equal(name.n, 0);
	assert_false(address_parse_named(
	    &arena, SPAN("Ann <a@b.example"), &name, &address));
	assert_true(
	    address_split_tag(&arena, SPAN("r+t1@b.example"), &base, &tag));
	assert_true(span_is(base, "r@b.example") && span_is(tag, "t1"));
	assert_false(
	    address_split_tag(&arena, SPAN("r@b+c.example"), &base, &tag));
	assert_true(
	    span_is(address_with_tag(&arena, SPAN("r@b.example"), SPAN("t")),
		"r+t@b.example"));
	assert_true(span_is(address_domain(SPAN("r@b.example")), "b.example"));
}

static void
test_hours(void **state)
{
	static const char *const bad[] = {
	    "8 09:00-10:00", "1 9-10", "1 25:00-26:00", "x", "1 09:00-10:61"};
	struct hours h = {0}, other = {0};

	(void)state;
	assert_true(hours_empty(&h));
	hours_add(&h, 1, 540, 720);
	hours_add(&h, 1, 840, 1020);
	hours_add(&h, 7, 0, 1440);
	assert_string_equal(hours_write(&arena, &h).p,
	    "1 09:00-12:00,14:00-17:00; 7 00:00-24:00");
	assert_int_equal(hours_count(&h), 6 + 6 + 48);
	assert_true(hours_has(&h, 1, 540, 600));
	assert_false(hours_has(&h, 1, 690, 750));
	assert_false(hours_has(&h, 2, 540, 600));
	assert_true(hours_parse(hours_write(&arena, &h), &other));
	assert_int_equal(hours_shared(&h, &other), hours_count(&h));
	assert_true(hours_parse(SPAN(""), &other) && hours_empty(&other));
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		if (hours_parse(span_of(bad[i]), &other))
			fail_msg("%s was taken", bad[i]);
}

static void
test_words(void **state)
{
	struct words en, de;
	struct err err = {0};
	struct fill fill = {"name", SPAN("{n}")};
	struct span items[] = {SPAN("a"), SPAN("b"), SPAN("c")};

	(void)state;
	assert_int_equal(words_parse(&arena, SPAN("en"), SPAN("f"),
			     SPAN("hello = Hello {name}\nand = and\n"
				  "day-one = {n} day\nday-many = {n} days\n"),
			     NULL, &en, &err),
	    0);
	assert_int_equal(
	    words_parse(&arena, SPAN("de"), SPAN("f"),
		SPAN("hello = Hallo {name}, {x}\n"), &en, &de, &err),
	    0);
	/* What is filled in is not filled again. */
	assert_true(span_is(
	    words_fill(&arena, &de, "hello", &fill, 1), "Hallo {n}, {x}"));
	assert_true(
	    span_is(words_fill(&arena, &de, "gone", &fill, 1), "‹gone›"));
	assert_true(words_has(&de, "and") && !words_has(&de, "gone"));
	assert_true(span_is(words_count(&arena, &de, "day", 1), "1 day"));
	assert_true(span_is(words_count(&arena, &de, "day", 3), "3 days"));
	assert_true(span_is(words_join(&arena, &en, items, 3), "a, b and c"));
	assert_true(span_is(words_join(&arena, &en, items, 1), "a"));
	assert_int_equal(words_parse(&arena, SPAN("en"), SPAN("f"),
			     SPAN("a = 1\na = 2\n"), NULL, &en, &err),
	    -1);
	assert_true(span_starts(span_of(err.text), "f:"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_addresses),
	    cmocka_unit_test(test_address_parts),
	    cmocka_unit_test(test_hours),
	    cmocka_unit_test(test_words),
	};
	int bad;

	arena_init(&arena);
	bad = cmocka_run_group_tests_name("model", tests, NULL, NULL);
	arena_release(&arena);
	return bad;
}
