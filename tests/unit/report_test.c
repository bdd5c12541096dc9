/* What the sponsor's report may say, and what it must not. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/embed.h"
#include "base/utf8.h"
#include "draw/draw.h"
#include "unit/invent.h"

struct setting {
	struct arena arena;
	struct words w;
	struct zone utc;
};

static int
set_up(void **state)
{
	static struct setting s;
	struct span text;
	struct err err = {0};

	arena_init(&s.arena);
	s.utc = zone_utc();
	assert_true(embed_find("templates/en/words", &text));
	assert_int_equal(words_parse(&s.arena, SPAN("en"), SPAN("words"), text,
			     NULL, &s.w, &err),
	    0);
	*state = &s;
	return 0;
}

static int
tear_down(void **state)
{
	struct setting *s = *state;

	arena_release(&s->arena);
	return 0;
}

static void
measures(void **state)
{
	static const struct {
		const char *measure;
		bool known;
		const char *why;
	} cases[] = {
	    {"retention", true, "a measure of the list"},
	    {"digital", true, "a measure of the list"},
	    {"question/go-on", true, "any question by its id"},
	    {"learning/social-media", true, "one skill"},
	    {"happiness", false, "not on the list"},
	    {"question/", false, "no id"},
	    {"question/Go On", false, "ids are lower-case words"},
	    {"", false, "nothing"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		if (report_measure_known(span_of(cases[i].measure)) !=
		    cases[i].known)
			fail_msg("%s: %s", cases[i].measure, cases[i].why);
}

/* n people answer "confidence" with the same class. */
static const struct figure *
asked(struct setting *s, int n, enum share share)
{
	struct facts f = {.begin_unix = DAY,
	    .now_unix = 400 * DAY,
	    .group_min = 5,
	    .zone = &s->utc,
	    .aims_n = 1};
	struct figures out;

	f.aims = arena_alloc(&s->arena, sizeof(*f.aims));
	f.aims[0] = invent_aim("x", "x", "question/confidence", 500);
	for (int i = 1; i <= n; i++)
		invent_answer(&s->arena, &f, i, 0, "final", "confidence",
		    QUESTION_SCALE, share, "4", 10 * DAY);
	figures_make(&s->arena, &f, &out);
	return figures_find(&out, "question/confidence");
}

static void
threshold(void **state)
{
	struct setting *s = *state;

	/* Five, and the two of a pair that somebody knows. */
	assert_true(asked(s, 6, SHARE_COUNTED)->withheld);
	assert_false(asked(s, 7, SHARE_COUNTED)->withheld);
	assert_int_equal(asked(s, 7, SHARE_COUNTED)->value, 800);
	assert_int_equal(asked(s, 7, SHARE_COUNTED)->n, 7);
	assert_false(asked(s, 7, SHARE_LEAD)->withheld);
	assert_false(asked(s, 7, SHARE_PARTNER)->withheld);
	/* However many: private enters nothing. */
	assert_true(asked(s, 50, SHARE_PRIVATE)->withheld);
}

/* Six more answers change nothing in the next report; seven do. */
static void
next_report(void **state)
{
	struct setting *s = *state;
	struct fact_published old = {
	    SPAN("question/confidence"), 10, 800, 20 * DAY};

	for (int more = 6; more <= 7; more++) {
		struct facts f = {.begin_unix = DAY,
		    .now_unix = 40 * DAY,
		    .group_min = 5,
		    .zone = &s->utc,
		    .aims_n = 1,
		    .published = &old,
		    .published_n = 1};
		struct figures out;
		const struct figure *fig;

		f.aims = arena_alloc(&s->arena, sizeof(*f.aims));
		f.aims[0] = invent_aim("x", "x", "question/confidence", 500);
		for (int i = 1; i <= 10 + more; i++)
			invent_answer(&s->arena, &f, i, 0, "final",
			    "confidence", QUESTION_SCALE, SHARE_COUNTED,
			    i <= 10 ? "4" : "1", i <= 10 ? 10 * DAY : 30 * DAY);
		figures_make(&s->arena, &f, &out);
		fig = figures_find(&out, "question/confidence");
		assert_int_equal(fig->n, more == 6 ? 10 : 17);
		assert_int_equal(fig->value, more == 6 ? 800 : 553);
	}
}

/* A sum over everybody must not give the hidden kind away. */
static void
totals(void **state)
{
	struct setting *s = *state;
	struct facts f = {.begin_unix = DAY,
	    .now_unix = 400 * DAY,
	    .group_min = 5,
	    .zone = &s->utc};
	struct figures out;

	f.pairs_n = f.sessions_n = 7;
	f.pairs = arena_alloc(&s->arena, 7 * sizeof(*f.pairs));
	f.sessions = arena_alloc(&s->arena, 7 * sizeof(*f.sessions));
	for (int i = 0; i < 7; i++) {
		f.pairs[i] = (struct fact_pair){.id = i + 1,
		    .mentor_id = 2 * i + 1,
		    .mentee_id = 2 * i + 2,
		    .begun_unix = DAY};
		f.sessions[i] = (struct fact_session){.id = i + 1,
		    .pair_id = i + 1,
		    .state = SPAN("held"),
		    .start_unix = 9 * DAY,
		    .kind = i == 0 ? SPAN("shadowing") : SPAN("instruction")};
	}
	figures_make(&s->arena, &f, &out);
	assert_int_equal(figures_find(&out, "sessions/held")->value, 7);
	assert_true(figures_find(&out, "sessions/held/shadowing")->withheld);
	/* Twelve people, but 7 - 6 would tell of one pair. */
	assert_true(figures_find(&out, "sessions/held/instruction")->withheld);
}

static bool
quoted(struct setting *s, int n, enum share share)
{
	struct facts f = {.begin_unix = DAY,
	    .now_unix = 400 * DAY,
	    .group_min = 5,
	    .comment_min = 10,
	    .zone = &s->utc};
	struct document doc;
	struct figures published;

	for (int i = 1; i <= n; i++)
		invent_answer(&s->arena, &f, i, 0, "final", "learned",
		    QUESTION_TEXT, share, "zebras taught me patience",
		    10 * DAY);
	report_build(&s->arena, &f, &s->w, &doc, &published);
	return span_has(document_text(&s->arena, &doc), "zebras");
}

static void
quotes(void **state)
{
	struct setting *s = *state;

	assert_false(quoted(s, 9, SHARE_COUNTED));
	assert_true(quoted(s, 10, SHARE_COUNTED));
	assert_false(quoted(s, 40, SHARE_LEAD));
	assert_false(quoted(s, 40, SHARE_PARTNER));
	assert_false(quoted(s, 40, SHARE_PRIVATE));
}

/* Markup in the lead's words is shown, not obeyed. */
static void
html_is_text(void **state)
{
	struct setting *s = *state;
	struct facts f = {.begin_unix = DAY,
	    .now_unix = 400 * DAY,
	    .programme = SPAN("<script>x</script> & \"y\""),
	    .zone = &s->utc};
	struct document doc;
	struct figures published;
	struct span html;

	report_build(&s->arena, &f, &s->w, &doc, &published);
	html =
	    document_html(&s->arena, &doc, SPAN("red;}</style>"), NULL, NULL);
	assert_false(span_has(html, "<script"));
	assert_true(span_has(html, "&lt;script&gt;x"));
	assert_false(span_has(html, "red;"));
	html = document_mail(&s->arena, &doc, SPAN("red;}</style>"));
	assert_false(span_has(html, "<script"));
	assert_true(span_has(html, "&lt;script&gt;x"));
	assert_false(span_has(html, "red;"));
}

static void
text_fits(void **state)
{
	struct setting *s = *state;
	struct facts f = invent(&s->arena, 5, 60, 9);
	struct document doc;
	struct figures published;
	struct span text, line;

	f.zone = &s->utc;
	report_build(&s->arena, &f, &s->w, &doc, &published);
	text = document_text(&s->arena, &doc);
	assert_false(span_has(text, "‹"));
	while (span_line(&text, &line))
		assert_true(utf8_columns(line) <= 72);
}

/* The same data, the same bytes. */
static void
pictures(void **state)
{
	struct setting *s = *state;
	struct facts f = invent(&s->arena, 5, 40, 6);
	struct draw_style style = {SPAN("#0b5cad"), 640, 0};
	struct document doc;
	struct figures published;
	struct chart *charts;
	struct span a, b;
	struct err err = {0};
	size_t n;

	f.zone = &s->utc;
	report_build(&s->arena, &f, &s->w, &doc, &published);
	assert_int_equal(draw_pdf(&s->arena, &doc, &style, &a, &err), 0);
	assert_int_equal(draw_pdf(&s->arena, &doc, &style, &b, &err), 0);
	assert_true(span_starts(a, "%PDF-") && span_eq(a, b));
	digest_charts(&s->arena, &f, &s->w, &charts, &n, &published);
	assert_int_equal(n, 3);
	for (size_t i = 0; i < n; i++) {
		assert_int_equal(
		    draw_png(&s->arena, &charts[i], &style, &a, &err), 0);
		assert_int_equal(
		    draw_png(&s->arena, &charts[i], &style, &b, &err), 0);
		assert_true(span_has(span_sub(a, 0, 8), "PNG"));
		assert_true(span_eq(a, b));
		/* 1280 pixels wide: drawn at twice the size. */
		assert_int_equal(
		    (uint8_t)a.p[18] * 256 + (uint8_t)a.p[19], 1280);
		assert_int_equal(
		    draw_svg(&s->arena, &charts[i], &style, &a, &err), 0);
		assert_true(span_has(a, "<svg"));
		assert_false(span_has(a, "id=\"glyph"));
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(measures),
	    cmocka_unit_test(threshold),
	    cmocka_unit_test(next_report),
	    cmocka_unit_test(totals),
	    cmocka_unit_test(quotes),
	    cmocka_unit_test(html_is_text),
	    cmocka_unit_test(text_fits),
	    cmocka_unit_test(pictures),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
