/* Looking at text, building it, numbers and bytes from outside. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "base/arena.h"
#include "base/colour.h"
#include "base/digest.h"
#include "base/num.h"
#include "base/span.h"
#include "base/str.h"
#include "base/uni.h"
#include "base/utf8.h"

static struct arena arena;

static int
reset(void **state)
{
	(void)state;
	arena_release(&arena);
	arena_init(&arena);
	return 0;
}

static void
test_span_looks(void **state)
{
	struct span s = SPAN("Hello, World");

	(void)state;
	assert_true(span_caseis(s, "hELLO, wORLD"));
	assert_false(span_is(s, "hello, world"));
	assert_true(span_starts(s, "Hell") && span_ends(s, "World"));
	assert_false(span_starts(SPAN("He"), "Hello"));
	assert_int_equal(span_find(s, SPAN("World")), 7);
	assert_int_equal(span_find(s, SPAN("world")), s.n);
	assert_int_equal(span_casefind(s, SPAN("world")), 7);
	assert_int_equal(span_findc(s, '!'), s.n);
	assert_true(span_is(span_sub(s, 7, 99), "World"));
	assert_int_equal(span_sub(s, 9, 3).n, 0);
	assert_int_equal(span_skip(s, 99).n, 0);
	assert_true(span_is(span_trim(SPAN(" \t\r\n a b \n")), "a b"));
	assert_true(span_cmp(SPAN("a"), SPAN("ab")) < 0);
	assert_true(span_cmp(SPAN("b"), SPAN("ab")) > 0);
	assert_int_equal(span_cmp(SPAN("ab"), SPAN("ab")), 0);
	assert_int_equal(span_of(NULL).n, 0);
}

static void
test_span_walks(void **state)
{
	struct span rest = SPAN("a\r\nb\rc\n\nd"), piece;
	const char *lines[] = {"a", "b", "c", "", "d"};
	const char *parts[] = {"a", "", "b", ""};
	size_t n = 0;

	(void)state;
	while (span_line(&rest, &piece))
		assert_true(span_is(piece, lines[n++]));
	assert_int_equal(n, 5);
	rest = SPAN("a,,b,");
	for (n = 0; span_part(&rest, ',', &piece); n++)
		assert_true(n < 4 && span_is(piece, parts[n]));
	assert_true(n >= 3);
	rest = SPAN("  one\ttwo  ");
	assert_true(span_word(&rest, &piece) && span_is(piece, "one"));
	assert_true(span_word(&rest, &piece) && span_is(piece, "two"));
	assert_false(span_word(&rest, &piece));
}

static void
test_str_keeps_its_maximum(void **state)
{
	struct str s;

	(void)state;
	str_init(&s, &arena, 10);
	str_addz(&s, "12345");
	str_addf(&s, "%d", 678);
	assert_string_equal(s.p, "12345678");
	assert_false(s.cut);
	str_addz(&s, "90x");
	assert_string_equal(s.p, "1234567890");
	assert_true(s.cut);
	str_truncate(&s, 2);
	str_fill(&s, '-', 3);
	assert_string_equal(s.p, "12---");
	str_init(&s, &arena, 1000);
	str_addf(&s, "%0*d", 600, 7);
	assert_int_equal(s.n, 600);
	assert_int_equal(s.p[599], '7');
}

static void
test_utf8(void **state)
{
	static const struct {
		const char *why, *text;
		bool valid;
	} cases[] = {
	    {"ASCII", "abc", true},
	    {"two bytes", "\xc3\xa4", true},
	    {"four bytes", "\xf0\x9f\x98\x80", true},
	    {"a lone byte", "\x80", false},
	    {"cut short", "a\xc3", false},
	    {"longer than need be", "\xc0\xaf", false},
	    {"longer than need be, 3", "\xe0\x80\xaf", false},
	    {"a surrogate", "\xed\xa0\x80", false},
	    {"beyond the last", "\xf4\x90\x80\x80", false},
	    {"0xff", "\xff", false},
	};
	char buf[4];
	uint32_t code;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		if (utf8_valid(span_of(cases[i].text)) != cases[i].valid)
			fail_msg("%s", cases[i].why);
	for (uint32_t c = 1; c < 0x110000; c += c < 0x3000 ? 1 : 0x101) {
		size_t n;

		if (c >= 0xd800 && c < 0xe000)
			continue;
		n = utf8_put(c, buf);
		assert_int_equal(utf8_next((struct span){buf, n}, &code), n);
		assert_int_equal(code, c);
	}
}

static void
test_utf8_cleans(void **state)
{
	(void)state;
	assert_true(span_is(utf8_scrub(&arena, SPAN("a\r\nb\rc\x07\x7f\xff"
						    "\xe2\x80\xae"
						    "d")),
	    "a\nb\nc\xef\xbf\xbd"
	    "d"));
	assert_true(span_is(utf8_line(&arena, SPAN(" a \n\t b\r\n ")), "a b"));
	assert_false(utf8_clean(SPAN("a\rb")));
	assert_true(utf8_clean(SPAN("a\tb\n")));
	assert_true(span_is(utf8_head(SPAN("a\xc3\xa4"), 2), "a"));
	assert_true(span_is(utf8_head(SPAN("a\xc3\xa4"), 3), "a\xc3\xa4"));
	assert_int_equal(utf8_columns(SPAN("a\xc3\xa4")), 2);
	assert_int_equal(utf8_columns(SPAN("e\xcc\x81")), 1);
	assert_int_equal(utf8_columns(SPAN("\xe6\x97\xa5")), 2);
}

static void
test_num(void **state)
{
	static const struct {
		const char *text;
		bool ok;
		int64_t value;
	} cases[] = {
	    {"0", true, 0},
	    {"-12", true, -12},
	    {"+12", true, 12},
	    {"100", true, 100},
	    {"101", false, 0},
	    {"-101", false, 0},
	    {"", false, 0},
	    {"-", false, 0},
	    {"1 ", false, 0},
	    {" 1", false, 0},
	    {"0x1", false, 0},
	    {"1e1", false, 0},
	    {"99999999999999999999999", false, 0},
	};
	int64_t v;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		v = 77;
		assert_int_equal(num_int(span_of(cases[i].text), -100, 100, &v),
		    cases[i].ok);
		assert_int_equal(v, cases[i].ok ? cases[i].value : 77);
	}
	assert_true(
	    num_int(SPAN("-9223372036854775807"), INT64_MIN, INT64_MAX, &v));
	assert_true(v == -INT64_MAX);
	assert_false(
	    num_int(SPAN("9223372036854775808"), INT64_MIN, INT64_MAX, &v));
	assert_int_equal(num_lead(SPAN("42abc"), 1000, &v), 2);
	assert_int_equal(v, 42);
	assert_int_equal(num_lead(SPAN("abc"), 1000, &v), 0);
}

static void
test_units(void **state)
{
	int64_t v;

	(void)state;
	assert_true(num_duration(SPAN("4 weeks"), &v) && v == 2419200);
	assert_true(num_duration(SPAN("90 min"), &v) && v == 5400);
	assert_false(num_duration(SPAN("90"), &v));
	assert_false(num_duration(SPAN("90 parsecs"), &v));
	assert_false(num_duration(SPAN("9223372036854775807 weeks"), &v));
	assert_true(num_bytes(SPAN("64 KiB"), &v) && v == 65536);
	assert_true(num_bytes(SPAN("500"), &v) && v == 500);
	assert_false(num_bytes(SPAN("9223372036854775807 GB"), &v));
}

static void
test_digests(void **state)
{
	uint8_t out[DIGEST_BYTES];
	struct hmac h;
	struct span back;

	(void)state;
	/* FIPS 180-4's example and RFC 4231's case 2. */
	digest_sha256(SPAN("abc"), out);
	assert_true(span_is(
	    hex_write(&arena, (struct span){(char *)out, DIGEST_BYTES}),
	    "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"));
	hmac_begin(&h, SPAN("Jefe"));
	hmac_add(&h, SPAN("what do ya want "));
	hmac_add(&h, SPAN("for nothing?"));
	hmac_end(&h, out);
	assert_true(span_is(
	    hex_write(&arena, (struct span){(char *)out, DIGEST_BYTES}),
	    "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"));
	/* RFC 4648 section 10 */
	assert_true(
	    span_is(base32_write(&arena, SPAN("foobar")), "mzxw6ytboi"));
	assert_true(base32_read(&arena, SPAN("MZXW6YTBOI"), &back));
	assert_true(span_is(back, "foobar"));
	assert_false(base32_read(&arena, SPAN("mzxw1"), &back));
	assert_true(
	    span_is(base64_write(&arena, SPAN("fooba"), 0), "Zm9vYmE="));
	assert_true(base64_read(&arena, SPAN("Zm9vYmE="), &back));
	assert_true(span_is(back, "fooba"));
	assert_true(span_is(
	    base64_write(&arena, SPAN("foobar"), 4), "Zm9v\r\nYmFy\r\n"));
	assert_true(digest_equal(SPAN("ab"), SPAN("ab")));
	assert_false(digest_equal(SPAN("ab"), SPAN("ac")));
	assert_false(digest_equal(SPAN("ab"), SPAN("abc")));
}

static void
test_uni(void **state)
{
	struct span out;

	(void)state;
	assert_true(span_eq(uni_fold(&arena, SPAN("STRASSE")),
	    uni_fold(&arena, SPAN("Stra\xc3\x9f"
				  "e"))));
	assert_true(span_is(uni_nfc(&arena, SPAN("a\xcc\x88")), "\xc3\xa4"));
	assert_int_equal(uni_domain(&arena,
			     SPAN("B\xc3\xbc"
				  "cher.Example"),
			     &out),
	    1);
	assert_true(span_is(out, "xn--bcher-kva.example"));
	assert_int_equal(uni_domain(&arena, SPAN("a b"), &out), 0);
	assert_true(span_is(utf8_fit(&arena, SPAN("Weiß"), 4), "Weiß"));
	assert_true(span_is(utf8_fit(&arena, SPAN("Weiß x"), 5), "Weiß…"));
	assert_true(span_is(utf8_fit(&arena, SPAN("王小明"), 4), "王…"));
	assert_true(span_is(uni_ascii(&arena, SPAN("Zoë → Weiß, Łódź…")),
	    "Zoe > Weis, Lodz."));
	/* As wide as before: two columns each, a mark none. */
	assert_true(
	    span_is(uni_ascii(&arena, SPAN("王小 a\xcc\x88|")), "???? a|"));
}

static void
test_colours(void **state)
{
	struct colour c;

	(void)state;
	assert_int_equal(ascii_hex('0'), 0);
	assert_int_equal(ascii_hex('f'), 15);
	assert_int_equal(ascii_hex('A'), 10);
	for (int i = 0; i < 256; i++)
		if (strchr("0123456789abcdefABCDEF", i) == NULL)
			assert_int_equal(ascii_hex((char)i), -1);
	assert_true(colour_parse(SPAN("#0B5cAd"), &c));
	assert_true(span_is(colour_write(&arena, c), "#0b5cad"));
	assert_false(colour_is_light(c));
	assert_true(colour_is_light(colour_tint(c, 0.1)));
	assert_true(
	    span_is(colour_write(&arena, colour_tint(c, 0)), "#ffffff"));
	assert_false(colour_parse(SPAN("#0b5ca"), &c));
	assert_false(colour_parse(SPAN("#0b5cag"), &c));
	assert_false(colour_parse(SPAN("red;x:y"), &c));
	assert_true(span_is(colour_write(&arena, c), COLOUR_USUAL));
}

#define T(fn) cmocka_unit_test_setup_teardown(fn, reset, reset)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    T(test_span_looks),
	    T(test_span_walks),
	    T(test_colours),
	    T(test_str_keeps_its_maximum),
	    T(test_utf8),
	    T(test_utf8_cleans),
	    T(test_num),
	    T(test_units),
	    T(test_digests),
	    T(test_uni),
	};
	int bad;

	arena_init(&arena);
	bad = cmocka_run_group_tests_name("base_text", tests, NULL, NULL);
	arena_release(&arena);
	return bad;
}
