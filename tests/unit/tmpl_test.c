/* What the words of a mail look like once values have been put in. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/embed.h"
#include "base/json.h"
#include "base/utf8.h"
#include "tmpl/tmpl.h"

struct fixture {
	struct arena arena;
	struct err err;
};

static struct span
partial(void *cookie, struct span name)
{
	(void)cookie;
	if (span_is(name, "loop"))
		return SPAN("{{>loop}}");
	if (span_is(name, "broken"))
		return SPAN("a\n{{#x}}");
	if (span_is(name, "sign"))
		return SPAN("Yours,\n{{lead}}\n");
	return SPAN("");
}

static struct value *
data_of(struct arena *arena, const char *json)
{
	struct value *v = NULL;
	struct err err = {0};

	assert_int_equal(json_parse(arena, span_of(json), &v, &err), 0);
	return v;
}

#define SEVEN     "{{#a}}{{#a}}{{#a}}{{#a}}{{#a}}{{#a}}{{#a}}"
#define SEVEN_END "{{/a}}{{/a}}{{/a}}{{/a}}{{/a}}{{/a}}{{/a}}"

static void
test_mustache(void **state)
{
	static const struct {
		const char *why, *text, *json, *want;
	} cases[] = {
	    {"a value is escaped for HTML", "{{x}}", "{\"x\":\"<&>\\\"'\"}",
		"&lt;&amp;&gt;&quot;&#39;"},
	    {"three braces leave it as it is", "{{{x}}}", "{\"x\":\"<b>\"}",
		"<b>"},
	    {"a missing value is nothing", "[{{x}}]", "{}", "[]"},
	    {"null is nothing", "[{{x}}]", "{\"x\":null}", "[]"},
	    {"numbers are as written", "{{x}} {{y}}", "{\"x\":-7,\"y\":1.25}",
		"-7 1.25"},
	    {"an empty list shows its other side",
		"{{#x}}a{{/x}}{{^x}}none{{/x}}", "{\"x\":[]}", "none"},
	    {"zero is a figure, and true", "{{#n}}{{n}} left{{/n}}",
		"{\"n\":0}", "0 left"},
	    {"items see what is around them", "{{#x}}{{.}}{{y}} {{/x}}",
		"{\"x\":[1,2],\"y\":\"!\"}", "1! 2! "},
	    {"the nearest name wins", "{{#x}}{{y}}{{/x}}",
		"{\"x\":{\"y\":1},\"y\":2}", "1"},
	    {"a dotted name does not fall back", "{{#x}}[{{y.z}}]{{/x}}",
		"{\"x\":{\"y\":{}},\"y\":{\"z\":2}}", "[]"},
	    {"section lines leave no empty lines",
		"a\n  {{#x}}\nb\n  {{/x}}\nc\n", "{\"x\":true}", "a\nb\nc\n"},
	    {"CR LF files too", "a\r\n{{#x}}\r\nb\r\n{{/x}}\r\nc",
		"{\"x\":true}", "a\r\nb\r\nc"},
	    {"comments go with their line", "a\n{{! b\n c }}\nd", "{}", "a\nd"},
	    {"a partial takes its tag's indentation", "  {{>sign}}\n",
		"{\"lead\":\"Ann\"}", "  Yours,\n  Ann\n"},
	    {"an unknown partial is nothing", "[{{>none}}]", "{}", "[]"},
	    {"other delimiters", "{{=<% %>=}}<%x%> {{x}}", "{\"x\":1}",
		"1 {{x}}"},
	    {"tags in values are not tags", "{{x}}",
		"{\"x\":\"{{y}}\",\"y\":1}", "{{y}}"},
	};
	struct fixture *f = *state;

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct span out = SPAN("");

		assert_int_equal(
		    mustache_render(&f->arena, span_of(cases[i].text),
			data_of(&f->arena, cases[i].json), MUSTACHE_HTML,
			partial, NULL, &out, &f->err),
		    0);
		if (!span_is(out, cases[i].want))
			fail_msg(
			    "%s: \"%.*s\"", cases[i].why, (int)out.n, out.p);
	}
}

static void
test_mustache_errors(void **state)
{
	static const struct {
		const char *text, *want;
	} cases[] = {
	    {"a\n b {{x", "2:4: this tag is not closed"},
	    {"{{#a}}", "1:1: {{#a}} is not closed"},
	    {"{{#a}}\n{{/b}}", "2:1: {{/b}} where {{/a}} must come first, for "
			       "line 1"},
	    {"x{{/a}}", "1:2: nothing is open that could be closed"},
	    {"{{ }}", "1:1: this tag has no name"},
	    {"{{a b}}", "1:1: a tag holds one name"},
	    {"{{=a=}}", "1:1: new delimiters are two words without \"=\", as "
			"in {{=<% %>=}}"},
	    {"{{>broken}}", "broken: 2:1: {{#x}} is not closed"},
	    {"{{>loop}}", "1:1: sections and partials go deeper than 100"},
	};
	struct fixture *f = *state;
	struct value *data = data_of(&f->arena, "{}");

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct span out = SPAN("untouched");

		assert_int_equal(
		    mustache_render(&f->arena, span_of(cases[i].text), data,
			MUSTACHE_HTML, partial, NULL, &out, &f->err),
		    -1);
		assert_string_equal(f->err.text, cases[i].want);
		assert_int_equal(f->err.kind, ERR_ITEM);
		assert_true(span_is(out, "untouched"));
	}
}

/* 30^7 rounds that print nothing must not hold up a run. */
static void
test_lists_in_lists_end(void **state)
{
	struct fixture *f = *state;
	struct value *data = value_object(&f->arena);
	struct value *list =
	    value_set(&f->arena, data, "a", value_list(&f->arena));
	struct span out;

	for (int i = 0; i < 30; i++)
		value_push(&f->arena, list, value_int(&f->arena, i));
	assert_int_equal(mustache_render(&f->arena, SPAN(SEVEN SEVEN_END), data,
			     MUSTACHE_HTML, NULL, NULL, &out, &f->err),
	    -1);
	assert_int_equal(f->err.kind, ERR_ITEM);
}

static void
count_name(void *cookie, struct span name, int line)
{
	struct str *s = cookie;

	str_addf(s, "%.*s:%d ", (int)name.n, name.p, line);
}

static void
test_names(void **state)
{
	struct fixture *f = *state;
	struct str s;

	str_init(&s, &f->arena, 1000);
	assert_int_equal(
	    mustache_names(&f->arena,
		SPAN("{{a.b}}\n{{#c}}{{{d}}}{{/c}}\n{{^e}}{{>p}}{{!f}}{{/e}}"),
		count_name, &s, &f->err),
	    0);
	assert_string_equal(s.p, "a.b:1 c:2 d:2 e:3 ");
}

/* Text that tries to be more than text, in every place of a template. */
static void
test_values_are_no_markup(void **state)
{
	static const char *const evil[] = {
	    "<script>alert(1)</script>",
	    "{{x}}",
	    "%s%n",
	    "${x}",
	    "[a](https://evil.example)",
	    "<https://evil.example>",
	    "![a](https://evil.example/p.png)",
	    "\n.\n",
	    "a\n\n# b\n\n- c\n> d",
	    "| a | b |\n|---|---|\n| c | d |",
	    "**a** _b_ `c` ~~d~~",
	    "&lt;b&gt; &#60;i&#62;",
	    "\\",
	    "1. a\n2) b",
	    "---",
	    "===",
	    "```\ncode\n```",
	    "\"><img src=x onerror=y>",
	    "javascript:x",
	    "\xf4\x8f\x81\xbc\xf4\x8f\xa0\x80",
	    "a\\\nb",
	};
	static const char body[] =
	    "# T {{x}}\n\npara {{x}} **{{x}}**\n\n- {{x}}\n\n> {{x}}\n\n"
	    "| h |\n|---|\n| {{x}} |\n\n`{{x}}`\n\n```\n{{x}}\n```\n\n{{x}}\n";
	struct fixture *f = *state;
	struct span plain, html, out;

	plain = markdown_html(&f->arena, SPAN(""), SPAN("#0b5cad"));
	assert_int_equal(plain.n, 0);
	for (size_t i = 0; i < sizeof(evil) / sizeof(evil[0]); i++) {
		struct value *data = value_object(&f->arena);
		static const char *const never[] = {"<script", "<img",
		    "href=", "<i>", "<ol", "onerror=y>", "\xf4\x8f"};

		value_set_textz(&f->arena, data, "x", evil[i]);
		assert_int_equal(
		    mustache_render(&f->arena, span_of(body), data,
			MUSTACHE_MARKDOWN, NULL, NULL, &out, &f->err),
		    0);
		html = markdown_html(&f->arena, out, SPAN("#0b5cad"));
		for (size_t k = 0; k < sizeof(never) / sizeof(never[0]); k++)
			if (span_has(html, never[k]))
				fail_msg("%s gives %s", evil[i], never[k]);
		/* One of each, whatever the value holds. */
		assert_int_equal(span_find(html, SPAN("<h1")), 0);
		plain = span_skip(html, span_find(html, SPAN("<table")) + 6);
		assert_false(span_has(plain, "<table"));
		assert_false(span_has(span_skip(html, 3), "<h1"));
		plain = markdown_text(&f->arena, out, 72);
		assert_true(utf8_clean(plain));
		assert_false(span_has(plain, "\xf4\x8f"));
	}
}

static void
test_links(void **state)
{
	static const struct {
		const char *why, *markdown, *want;
	} cases[] = {
	    {"https", "[a](https://x.example/y)",
		"href=\"https://x.example/y\""},
	    {"mailto", "[a](mailto:a@b.example?subject=x%20y&body=1)",
		"href=\"mailto:a@b.example?subject=x%20y&amp;body=1\""},
	    {"a value in the address", "[a](mailto:{{addr}})",
		"href=\"mailto:a+b@c.example\""},
	    {"a value in the subject", "[a](mailto:a@b.example?subject={{v}})",
		"href=\"mailto:a@b.example?subject=x%26bcc%3De@f.example\""},
	    {"a value that is the target", "[a]({{url}})",
		"href=\"https://x.example/a?b=c&amp;d=e\""},
	    {"script", "[a](javascript:alert)", NULL},
	    {"script in capitals", "[a](JavaScript:alert)", NULL},
	    {"script by entity", "[a](javascript&#58;alert)", NULL},
	    {"data", "[a](data:text/html,x)", NULL},
	    {"relative", "[a](/x)", NULL},
	    {"a value that is a script", "[a]({{bad}})", NULL},
	};
	struct fixture *f = *state;
	struct value *data = data_of(&f->arena,
	    "{\"addr\":\"a+b@c.example\",\"v\":\"x&bcc=e@f.example\\n\","
	    "\"url\":\"https://x.example/a?b=c&d=e\","
	    "\"bad\":\"javascript:alert(1)\"}");
	struct span out, html;

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const char *want = cases[i].want;

		assert_int_equal(
		    mustache_render(&f->arena, span_of(cases[i].markdown), data,
			MUSTACHE_MARKDOWN, NULL, NULL, &out, &f->err),
		    0);
		html = markdown_html(&f->arena, out, SPAN("#0b5cad"));
		if (want == NULL ? span_has(html, "href")
				 : !span_has(html, want))
			fail_msg("%s: %.*s", cases[i].why, (int)html.n, html.p);
	}
}

static void
test_text(void **state)
{
	static const struct {
		const char *why, *markdown, *want;
	} cases[] = {
	    {"no emphasis is left", "a **b** *c* `d`", "a b c d\n"},
	    {"headings are underlined", "# A b\n\ntext", "A b\n===\n\ntext\n"},
	    {"lists hang", "- aaaa bbbb cccc dddddd eeee\n- b",
		"- aaaa bbbb cccc\n  dddddd eeee\n- b\n"},
	    {"numbers count on", "3. a\n4. b", "3. a\n4. b\n"},
	    {"a link says its target", "[a](https://b.example)",
		"a <https://b.example>\n"},
	    {"but not twice", "<https://b.example>", "https://b.example\n"},
	    {"nor an address twice", "[a@b.example](mailto:a@b.example)",
		"a@b.example\n"},
	    {"a one-tap answer is its text", "[4](mailto:a@b.c?body=4)", "4\n"},
	    {"quotes have a bar", "> a\n>\n> b", "| a\n|\n| b\n"},
	    {"hard breaks stay", "a\\\nb", "a\nb\n"},
	    {"tables are aligned", "|a|b|\n|---|---:|\n|c|10|\n|dd|2|",
		"a    b\n--  --\nc   10\ndd   2\n"},
	    {"entities are read", "a &amp; b &mdash; c",
		"a & b \xe2\x80\x94 c\n"},
	};
	struct fixture *f = *state;

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct span out =
		    markdown_text(&f->arena, span_of(cases[i].markdown), 22);

		if (!span_is(out, cases[i].want))
			fail_msg(
			    "%s: \"%.*s\"", cases[i].why, (int)out.n, out.p);
	}
}

static void
test_wide_table_becomes_lines(void **state)
{
	struct fixture *f = *state;
	struct span out = markdown_text(&f->arena,
	    SPAN("|aaaaaaaaaa|bbbbbbbbbb|cccccccccc|\n|---|---|---|\n"
		 "|11111111|22222222|33333333|"),
	    24);

	assert_string_equal(arena_strdup(&f->arena, out),
	    "aaaaaaaaaa: 11111111\nbbbbbbbbbb: 22222222\n"
	    "cccccccccc: 33333333\n");
}

static void
test_block_lands_as_it_is(void **state)
{
	struct fixture *f = *state;
	struct value *data = value_object(&f->arena);
	struct look look = {.locale = SPAN("de"), .accent = SPAN("#ffffff")};
	struct template t;
	struct rendered r;

	assert_true(embed_find("templates/layout.html", &look.layout));
	value_set(&f->arena, data, "form",
	    value_block(&f->arena, SPAN("Q1. *a*   b\nAnswer Q1: [ ]\n"),
		SPAN("<div>form</div>")));
	value_set_textz(&f->arena, data, "name", "A\r\nBcc: x@y.example");
	assert_int_equal(template_parse(&f->arena, SPAN("t.md"),
			     SPAN("Subject: Hello\n {{name}}\nKind: x\n\n"
				  "Text\n\n{{form}}\n\nEnd\n"),
			     &t, &f->err),
	    0);
	assert_true(span_is(template_header(&t, "kind"), "x"));
	assert_int_equal(t.body_line, 5);
	assert_int_equal(
	    template_render(&f->arena, &t, data, &look, &r, &f->err), 0);
	assert_true(span_is(r.subject, "Hello A Bcc: x@y.example"));
	assert_true(
	    span_is(r.text, "Text\n\nQ1. *a*   b\nAnswer Q1: [ ]\n\nEnd\n"));
	assert_true(span_has(r.html, "\n<div>form</div>\n"));
	assert_true(span_has(r.html, "<html lang=\"de\">"));
	/* White on white would be no button: the accent is darkened. */
	assert_false(span_has(r.html, "solid #ffffff"));
}

static void
test_template_errors(void **state)
{
	static const struct {
		const char *text, *want;
	} cases[] = {
	    {"Subject a\n\nb", "t.md:1:1: a template begins"},
	    {"\nSubject: a\n", "t.md:1:1: there is no"},
	    {"Subject: a\nsubject: b\n\n", "t.md:2:1: a second"},
	};
	struct fixture *f = *state;
	struct template t;
	struct rendered r;
	struct look look = {0};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		assert_int_equal(template_parse(&f->arena, SPAN("t.md"),
				     span_of(cases[i].text), &t, &f->err),
		    -1);
		assert_true(span_starts(span_of(f->err.text), cases[i].want));
	}
	assert_int_equal(template_parse(&f->arena, SPAN("t.md"),
			     SPAN("Subject: a\n\nb\n {{#c}}\n"), &t, &f->err),
	    0);
	assert_int_equal(template_render(&f->arena, &t, value_object(&f->arena),
			     &look, &r, &f->err),
	    -1);
	assert_string_equal(f->err.text, "t.md:4:2: {{#c}} is not closed");
}

static int
set_up(void **state)
{
	static struct fixture f;

	f = (struct fixture){0};
	arena_init(&f.arena);
	*state = &f;
	return 0;
}

static int
tear_down(void **state)
{
	arena_release(&((struct fixture *)*state)->arena);
	return 0;
}

#define T(fn) cmocka_unit_test_setup_teardown(fn, set_up, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    T(test_mustache),
	    T(test_mustache_errors),
	    T(test_lists_in_lists_end),
	    T(test_names),
	    T(test_values_are_no_markup),
	    T(test_links),
	    T(test_text),
	    T(test_wide_table_becomes_lines),
	    T(test_block_lands_as_it_is),
	    T(test_template_errors),
	};

	return cmocka_run_group_tests_name("tmpl", tests, NULL, NULL);
}
