/* Survey files, single answers, the form's lines. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "base/embed.h"
#include "base/utf8.h"
#include "survey/survey.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static const struct civil today = {2026, 11, 24, 0, 0, 0}; /* a Tuesday */
static struct arena arena;

static struct option options[] = {{SPAN("weekly"), SPAN("every week")},
    {SPAN("fortnight"), SPAN("every two weeks")},
    {SPAN("monthly"), SPAN("once a month")}, {SPAN("not"), SPAN("not yet")}};

static struct slot
slot_of(enum question_type type)
{
	struct slot s = {.number = 1,
	    .id = SPAN("q"),
	    .type = type,
	    .low = 1,
	    .high = 5,
	    .low_text = SPAN("not at all"),
	    .high_text = SPAN("very")};

	if (type == QUESTION_CHOICE || type == QUESTION_SEVERAL) {
		s.options = options;
		s.options_n = 4;
	}
	if (type == QUESTION_NUMBER)
		s.high = 10;
	s.wanted = type == QUESTION_LEVEL;
	return s;
}

/* NULL: it must not be understood. */
static const struct {
	enum question_type type;
	const char *text, *want, *why;
} answers[] = {
    {QUESTION_YESNO, "yes", "yes", "plain"},
    {QUESTION_YESNO, "Ja.", "yes", "German, with a full stop"},
    {QUESTION_YESNO, "OUI", "yes", "French in capitals"},
    {QUESTION_YESNO, "👍", "yes", "thumb"},
    {QUESTION_YESNO, "👍🏽", "yes", "thumb with a skin tone"},
    {QUESTION_YESNO, "Yes, gladly", "yes", "with a remark"},
    {QUESTION_YESNO, "No, not this time", "no", "a no may say not"},
    {QUESTION_YESNO, "noch nicht", "no", "not yet is no"},
    {QUESTION_YESNO, "yes / no", NULL, "the hint left standing"},
    {QUESTION_YESNO, "yes, but no", NULL, "both"},
    {QUESTION_YESNO, "yes if my boss agrees", NULL, "on a condition"},
    {QUESTION_YESNO, "maybe", NULL, "neither"},
    {QUESTION_YESNO, "not yes", NULL, "turned"},
    {QUESTION_SCALE, "4", "4", "plain"},
    {QUESTION_SCALE, "4/5", "4", "of the highest"},
    {QUESTION_SCALE, "4 von 5", "4", "of the highest, German"},
    {QUESTION_SCALE, "4 out of 5", "4", "of the highest, English"},
    {QUESTION_SCALE, "four", "4", "word"},
    {QUESTION_SCALE, "vier", "4", "German word"},
    {QUESTION_SCALE, "4 - quite useful", "4", "with a remark"},
    {QUESTION_SCALE, "*4*", "4", "bold made plain"},
    {QUESTION_SCALE, "★★★★☆", "4", "stars"},
    {QUESTION_SCALE, "4️⃣", "4", "key-cap"},
    {QUESTION_SCALE, "very", "5", "the end's own word"},
    {QUESTION_SCALE, "not at all", "1", "the other end's own words"},
    {QUESTION_SCALE, "6", NULL, "too high"},
    {QUESTION_SCALE, "4-5", NULL, "between"},
    {QUESTION_SCALE, "4.5", NULL, "between, as a fraction"},
    {QUESTION_SCALE, "4 or 5", NULL, "two numbers"},
    {QUESTION_SCALE, "4/10", NULL, "another scale"},
    {QUESTION_SCALE, "we met 3 times so it is hard to say", NULL,
	"a number about something else"},
    {QUESTION_NUMBER, "3 hours", "3", "with a unit"},
    {QUESTION_NUMBER, "drei", "3", "German word"},
    {QUESTION_NUMBER, "11", NULL, "too high"},
    {QUESTION_NUMBER, "2-3", NULL, "a range"},
    {QUESTION_CHOICE, "B", "fortnight", "letter"},
    {QUESTION_CHOICE, "b)", "fortnight", "small letter with a bracket"},
    {QUESTION_CHOICE, "2", "fortnight", "by its place"},
    {QUESTION_CHOICE, "every two weeks", "fortnight", "its text"},
    {QUESTION_CHOICE, "Every two", "fortnight", "its beginning"},
    {QUESTION_CHOICE, "B = every two weeks", "fortnight", "copied line"},
    {QUESTION_CHOICE, "monthly", "monthly", "its key"},
    {QUESTION_CHOICE, "we meet once a month", "monthly", "in a sentence"},
    {QUESTION_CHOICE, "every", NULL, "begins two options"},
    {QUESTION_CHOICE, "A or B", NULL, "two letters"},
    {QUESTION_CHOICE, "A/B", NULL, "two letters with a stroke"},
    {QUESTION_CHOICE, "B every week", NULL, "letter and text differ"},
    {QUESTION_CHOICE, "a bit of everything", NULL, "no option A"},
    {QUESTION_CHOICE, "F", NULL, "no such letter"},
    {QUESTION_SEVERAL, "A, C", "weekly,monthly", "letters"},
    {QUESTION_SEVERAL, "c and a", "weekly,monthly", "order of the form"},
    {QUESTION_SEVERAL, "AC", "weekly,monthly", "run together"},
    {QUESTION_SEVERAL, "A C", "weekly,monthly", "with a blank"},
    {QUESTION_SEVERAL, "every week; once a month", "weekly,monthly", "texts"},
    {QUESTION_SEVERAL, "A, F", NULL, "one that is not there"},
    {QUESTION_LEVEL, "L", "L", "letter"},
    {QUESTION_LEVEL, "L -> H", "L>H", "now and wanted"},
    {QUESTION_LEVEL, "medium to high", "M>H", "words"},
    {QUESTION_LEVEL, "mittel bis hoch", "M>H", "German words"},
    {QUESTION_LEVEL, "l→m", "L>M", "arrow"},
    {QUESTION_LEVEL, "H -> L", NULL, "nobody wants less"},
    {QUESTION_LEVEL, "so so", NULL, "neither"},
    {QUESTION_DATE, "2027-05-01", "2027-05-01", "ISO"},
    {QUESTION_DATE, "4 May 2027", "2027-05-04", "British"},
    {QUESTION_DATE, "1.5.2027", "2027-05-01", "German"},
    {QUESTION_DATE, "next Tuesday", "2026-12-01", "from the mail's date"},
    {QUESTION_DATE, "soon", NULL, "no date"},
    {QUESTION_TEXT, "  More coffee. ", "More coffee.", "trimmed"},
    {QUESTION_TEXT, "  ", NULL, "blank"},
};

static void
test_answers(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(answers); i++) {
		struct slot s = slot_of(answers[i].type);
		struct span value = SPAN("");
		bool got;

		arena_init(&arena);
		got = answer_parse(&arena, &s, span_of(answers[i].text), today,
		    SPAN("en"), &value);
		if (got != (answers[i].want != NULL) ||
		    (got && !span_is(value, answers[i].want)))
			fail_msg("\"%s\" (%s) was read as \"%.*s\"",
			    answers[i].text, answers[i].why, (int)value.n,
			    got ? value.p : "");
		arena_release(&arena);
	}
}

static const struct {
	const char *text, *want, *why;
} hours[] = {
    {"Mon-Thu 9-12, Fri pm",
	"1 09:00-12:00; 2 09:00-12:00; 3 09:00-12:00; 4 09:00-12:00; "
	"5 13:00-17:00",
	"range of days, part of a day"},
    {"Di und Do vormittags", "2 09:00-12:00; 4 09:00-12:00", "German"},
    {"any weekday after 3 pm",
	"1 15:00-18:00; 2 15:00-18:00; 3 15:00-18:00; 4 15:00-18:00; "
	"5 15:00-18:00",
	"open end"},
    {"Tuesday 2-4 pm", "2 14:00-16:00", "pm counts for both"},
    {"Wed 9:30-11:00", "3 09:30-11:00", "minutes"},
    {"Mi 14 bis 16 Uhr", "3 14:00-16:00", "German words between"},
    {"Mon 9-5", "1 09:00-17:00", "office hours"},
    {"Fri 11 am - 1 pm", "5 11:00-13:00", "over noon"},
    {"lundi matin", "1 09:00-12:00", "French"},
    {"Mon, Wed, Fri mornings", "1 09:00-12:00; 3 09:00-12:00; 5 09:00-12:00",
	"a list of days"},
    {"whenever it suits, but not Fridays", NULL, "not understood in full"},
    {"", NULL, "nothing"},
    {"Mon 25-26", NULL, "no such hour"},
};

static void
test_hours(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(hours); i++) {
		struct hours h = {0};
		struct span w = SPAN("");
		bool got;

		arena_init(&arena);
		got =
		    hours_read(&arena, span_of(hours[i].text), SPAN("en"), &h);
		if (got)
			w = hours_write(&arena, &h);
		if (got != (hours[i].want != NULL) ||
		    (got && !span_is(w, hours[i].want)))
			fail_msg("\"%s\" (%s) was read as \"%.*s\"",
			    hours[i].text, hours[i].why, (int)w.n, w.p);
		arena_release(&arena);
	}
}

/* What is wrong with a file, and what the lead is told. */
static const struct {
	const char *text, *want, *why;
} broken[] = {
    {"[question a]\ntype = scael\ntext = x\n",
	"f:2:8: unknown type \"scael\", did you mean \"scale\"?", "type"},
    {"[question a]\ntpye = text\ntext = x\n",
	"f:2:8: unknown key \"tpye\", did you mean \"type\"?", "key"},
    {"[question a]\nshare = publik\ntext = x\n",
	"f:2:9: unknown share \"publik\"", "class"},
    {"[question a]\ntype = choice\ntext = x\n",
	"f:2:1: question \"a\" needs "
	"at least two options",
	"no options"},
    {"[question A b]\ntype = text\n", "f:2:8: a question is named", "id"},
    {"[question a]\ntype = text\n", "f:2:1: question \"a\" has no text",
	"no text"},
    {"[question a]\nrequired = maybe\ntext = x\n", "f:2:12: expected yes or no",
	"yes or no"},
    {"title = x\n", "f:1:1: no question", "empty"},
    {"[qestion a]\ntype = text\n", "f:2:8: unknown section \"qestion\"",
	"section"},
};

static void
test_broken_files(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(broken); i++) {
		struct survey s = {0};
		struct err err = {0};

		arena_init(&arena);
		assert_int_equal(survey_parse(&arena, SPAN("s"), SPAN("f"),
				     span_of(broken[i].text), NULL, &s, &err),
		    -1);
		if (strncmp(err.text, broken[i].want, strlen(broken[i].want)) !=
		    0)
			fail_msg("%s: \"%s\"", broken[i].why, err.text);
		assert_null(s.questions);
		arena_release(&arena);
	}
}

static void
test_wording_cannot_change_who_sees_it(void **state)
{
	struct survey en, de;
	struct err err = {0};

	(void)state;
	arena_init(&arena);
	assert_int_equal(survey_parse(&arena, SPAN("s"), SPAN("f"),
			     SPAN("[question a]\nshare = private\ntext = x\n"),
			     NULL, &en, &err),
	    0);
	assert_int_equal(
	    survey_parse(&arena, SPAN("s"), SPAN("g"),
		SPAN("[question a]\nshare = lead\ntext = y\n"), &en, &de, &err),
	    -1);
	assert_non_null(strstr(err.text, "g:2:9: \"share\" differs"));
	assert_int_equal(survey_parse(&arena, SPAN("s"), SPAN("g"),
			     SPAN("[question b]\ntext = y\n"), &en, &de, &err),
	    -1);
	assert_non_null(strstr(err.text, "did you mean \"a\"?"));
	arena_release(&arena);
}

/* --- what is shipped -------------------------------------------------------- */

static const char *const shipped[] = {
    "signup", "checkin", "fit", "midpoint", "final"};
static const struct skill_text skills[] = {
    {SPAN("data"), SPAN("data analysis"), SPAN(""), SPAN(""), SPAN("")},
    {SPAN("social"), SPAN("social media"), SPAN("reads"), SPAN("writes"),
	SPAN("teaches")}};

static struct span
file_of(const char *locale, const char *folder, const char *name)
{
	struct span bytes = SPAN("");

	if (!embed_find(
		arena_printf(&arena, "templates/%s/%s%s", locale, folder, name),
		&bytes))
		fail_msg("templates/%s/%s%s is missing", locale, folder, name);
	return bytes;
}

static void
load(const char *locale, const char *name, struct survey *out)
{
	struct survey en;
	struct err err = {0};

	if (survey_parse(&arena, span_of(name), span_of(name),
		file_of("en", "surveys/", name), NULL, &en, &err) < 0 ||
	    survey_parse(&arena, span_of(name), span_of(name),
		file_of(locale, "surveys/", name), &en, out, &err) < 0)
		fail_msg("%s", err.text);
}

static void
check_lines(struct span text)
{
	struct span line;

	assert_false(span_has(text, "‹"));
	while (span_line(&text, &line))
		if (utf8_columns(line) > 72)
			fail_msg("wider than 72: %.*s", (int)line.n, line.p);
}

/* What is sent must be found again in it, of the same type. */
static void
check_found_again(const struct form *form, struct span text)
{
	struct form again;

	form_from_text(&arena, text, &again);
	assert_int_equal(again.slots_n, form->slots_n);
	for (uint32_t i = 0; i < form->slots_n; i++) {
		assert_int_equal(again.slots[i].number, form->slots[i].number);
		if (again.slots[i].type != form->slots[i].type)
			fail_msg("%.*s: %s became %s", (int)form->slots[i].id.n,
			    form->slots[i].id.p,
			    question_type_name(form->slots[i].type),
			    question_type_name(again.slots[i].type));
		assert_int_equal(again.slots[i].options_n,
		    form->slots[i].type == 3 ? 3 : form->slots[i].options_n);
	}
}

static void
check_shipped(const char *locale, const char *name, const struct words *words)
{
	struct survey s;
	struct form form;
	struct form_for who = {
	    .mentor = true, .mentee = true, .skills = skills, .skills_n = 2};
	struct span text, html;

	load(locale, name, &s);
	form_build(&arena, &s, &who, &form);
	text = form_text(&arena, &form, SPAN("RM-ABC234"), words, NULL, 0);
	html = form_html(&arena, &form, SPAN("RM-ABC234"), words, NULL, 0,
	    SPAN("mentoring+tag@example.com"), SPAN("#1f497d"));
	check_lines(text);
	check_found_again(&form, text);
	assert_true(span_has(text, "RM-ABC234 --\n"));
	assert_true(span_has(html, "]"));
	assert_false(span_has(html, "{skill"));
	assert_false(span_has(html, "%0A"));
}

static void
test_shipped(void **state)
{
	static const char *const locales[] = {"en", "de"};
	struct words words;
	struct err err = {0};

	(void)state;
	for (size_t l = 0; l < 2; l++) {
		for (size_t i = 0; i < COUNT(shipped); i++) {
			arena_init(&arena);
			assert_int_equal(
			    words_parse(&arena, span_of(locales[l]),
				SPAN("words"), file_of(locales[l], "", "words"),
				NULL, &words, &err),
			    0);
			check_shipped(locales[l], shipped[i], &words);
			arena_release(&arena);
		}
	}
}

static void
test_numbers_stay_when_only_some_are_asked(void **state)
{
	struct survey s;
	struct form form;
	struct span only[] = {SPAN("levels/social"), SPAN("goals")};
	struct form_for who = {.mentee = true,
	    .skills = skills,
	    .skills_n = 2,
	    .only = only,
	    .only_n = 2};

	(void)state;
	arena_init(&arena);
	load("en", "signup", &s);
	form_build(&arena, &s, &who, &form);
	assert_int_equal(form.slots_n, 2);
	assert_int_equal(form.slots[0].number, 3);
	assert_true(form.slots[0].wanted);
	assert_true(
	    span_is(form.slots[0].text, "How well do you know social media?"));
	assert_int_equal(form.slots[1].number, 4);
	arena_release(&arena);
}

static void
test_known_answers_are_shown(void **state)
{
	struct survey s;
	struct form form;
	struct words words;
	struct err err = {0};
	struct form_for who = {.mentee = true};
	struct answer known[] = {
	    {1, SPAN("fit"), ANSWER_TAKEN, SPAN("B"), SPAN("deciding")}};
	struct span text;

	(void)state;
	arena_init(&arena);
	words_parse(&arena, SPAN("en"), SPAN("words"),
	    file_of("en", "", "words"), NULL, &words, &err);
	load("en", "fit", &s);
	form_build(&arena, &s, &who, &form);
	text = form_text(&arena, &form, SPAN("RM-ABC234"), &words, known, 1);
	assert_true(span_has(text, "Answer Q1: [ B ]\n"));
	assert_true(span_is(
	    answer_echo(&arena, &form.slots[0], SPAN("deciding"), &words),
	    "I am still deciding (B)"));
	arena_release(&arena);
}

static const struct echo_case {
	enum question_type type;
	const char *raw, *en, *de;
} echoes[] = {
    {QUESTION_SCALE, "4", "4 of 5", "4 von 5"},
    {QUESTION_NUMBER, "3", "3", "3"},
    {QUESTION_YESNO, "ja", "yes", "ja"},
    {QUESTION_YESNO, "no", "no", "nein"},
    {QUESTION_CHOICE, "b", "by video (B)", "by video (B)"},
    {QUESTION_SEVERAL, "a c", "in person (A) and by phone (C)",
	"in person (A) und by phone (C)"},
    {QUESTION_LEVEL, "low", "low", "gering"},
    {QUESTION_LEVEL, "low to high", "low now, high wanted",
	"jetzt gering, gewünscht hoch"},
    {QUESTION_DATE, "4 May 2027", "Tuesday 4 May 2027",
	"Dienstag, 4. Mai 2027"},
    {QUESTION_HOURS, "Mon-Thu 9-12", "Monday to Thursday 9:00-12:00",
	"Montag bis Donnerstag 9:00-12:00"},
    {QUESTION_TEXT, "more time", "more time", "more time"},
};

/* The receipt tells each type of answer in plain words of both languages. */
static void
test_every_type_is_echoed(void **state)
{
	struct option ways[] = {{SPAN("A"), SPAN("in person")},
	    {SPAN("B"), SPAN("by video")}, {SPAN("C"), SPAN("by phone")}};
	struct words en, de;
	struct err err = {0};

	(void)state;
	arena_init(&arena);
	words_parse(&arena, SPAN("en"), SPAN("words"),
	    file_of("en", "", "words"), NULL, &en, &err);
	words_parse(&arena, SPAN("de"), SPAN("words"),
	    file_of("de", "", "words"), NULL, &de, &err);
	for (size_t i = 0; i < sizeof(echoes) / sizeof(*echoes); i++) {
		const struct echo_case *c = &echoes[i];
		struct slot slot = {.type = c->type,
		    .low = 1,
		    .high = 5,
		    .wanted = true,
		    .options = ways,
		    .options_n = 3};
		struct span value, said;

		assert_true(answer_parse(
		    &arena, &slot, span_of(c->raw), today, SPAN("en"), &value));
		said = answer_echo(&arena, &slot, value, &en);
		if (!span_is(said, c->en))
			fail_msg("%s: %.*s", c->en, (int)said.n, said.p);
		said = answer_echo(&arena, &slot, value, &de);
		if (!span_is(said, c->de))
			fail_msg("%s: %.*s", c->de, (int)said.n, said.p);
	}
	arena_release(&arena);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_answers),
	    cmocka_unit_test(test_hours),
	    cmocka_unit_test(test_broken_files),
	    cmocka_unit_test(test_wording_cannot_change_who_sees_it),
	    cmocka_unit_test(test_shipped),
	    cmocka_unit_test(test_numbers_stay_when_only_some_are_asked),
	    cmocka_unit_test(test_known_answers_are_shown),
	    cmocka_unit_test(test_every_type_is_echoed),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
