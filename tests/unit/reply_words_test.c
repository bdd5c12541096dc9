/* Short answers: what may be acted on, and what must be asked about. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "reply/reply_int.h"

static const struct civil today = {2026, 11, 24, 9, 0, 0}; /* a Tuesday */

static const struct {
	const char *text;
	enum word word;
	bool sure;
	const char *why;
} cases[] = {
    {"yes", WORD_YES, true, "the plain word"},
    {"Yes, please!\n\nAnna", WORD_YES, true, "courtesy and a name"},
    {"Hi team,\n\nyes\n\nBest regards\nAnna Example\nCEO", WORD_YES, true,
	"greeting and sign-off"},
    {"ja", WORD_YES, true, "German"},
    {"Oui", WORD_YES, true, "French"},
    {"\xf0\x9f\x91\x8d\xf0\x9f\x8f\xbc", WORD_YES, true, "thumb, skin tone"},
    {"Ok", WORD_YES, true, "short"},
    {"yes?", WORD_YES, false, "a question is no consent"},
    {"yes and no", WORD_YES, false, "both"},
    {"Yes, but only if we can meet by phone", WORD_YES, false, "a condition"},
    {"no", WORD_NO, true, "the plain word"},
    {"Nein danke", WORD_NO, true, "German"},
    {"No thanks", WORD_NO, true, "courtesy"},
    {"I agree", WORD_AGREE, true, "a sentence"},
    {"agree.", WORD_AGREE, true, "with a stop"},
    {"Einverstanden!", WORD_AGREE, true, "German"},
    {"Ich stimme zu", WORD_AGREE, true, "German sentence"},
    {"I do not agree", WORD_NO, true, "the negation is a phrase of its own"},
    {"I don't agree to rule 3", WORD_NO, false, "more than the phrase"},
    {"join", WORD_JOIN, true, "the plain word"},
    {"Hello,\nI'd like to join the programme please.\nThanks, Bob", WORD_JOIN,
	true, "a sentence"},
    {"STOP", WORD_STOP, true, "capitals"},
    {"please don't stop", WORD_STOP, false, "a negation"},
    {"stuck", WORD_STUCK, true, "the plain word"},
    {"Stuck: we never find a time that works", WORD_STUCK, true,
	"own words behind"},
    {"pause until 1 May", WORD_PAUSE, true, "with a date"},
    {"Please pause me until 3.5.2027", WORD_PAUSE, true, "German date"},
    {"Pause bis 1. Mai", WORD_PAUSE, true, "German"},
    {"pause for 2 weeks", WORD_PAUSE, true, "a span"},
    {"pause", WORD_PAUSE, true, "without a date"},
    {"leave", WORD_LEAVE, true, "the plain word"},
    {"leave it as it is", WORD_NONE, false, "another meaning"},
    {"leave it", WORD_NONE, false, "another meaning, and nothing else"},
    {"I am on leave", WORD_NONE, false, "away, not gone"},
    {"move on", WORD_NONE, false, "no time is moved"},
    {"stuck in a meeting, call you later", WORD_NONE, false, "no alarm"},
    {"stuck: we do not get along", WORD_STUCK, true, "an alarm"},
    {"Nein, doch", WORD_NO, false, "taken back"},
    {"yes, only on Fridays", WORD_YES, false, "a condition"},
    {"Leave: too much work", WORD_LEAVE, true, "with a reason"},
    {"help", WORD_HELP, true, "the plain word"},
    {"Hilfe!", WORD_HELP, true, "German"},
    {"my data", WORD_MY_DATA, true, "two words"},
    {"Please send me my data", WORD_MY_DATA, true, "a sentence"},
    {"forget me", WORD_FORGET, true, "two words"},
    {"never forget me", WORD_FORGET, false, "a negation"},
    {"Meine Daten löschen", WORD_FORGET, true, "German"},
    {"move to Thu 14:00", WORD_MOVE, true, "with a time"},
    {"Can we move it to Thursday at 2pm?", WORD_MOVE, true,
	"a wish in form of a question"},
    {"No, move to Thu 14:00 please", WORD_MOVE, true,
	"no to the time, yes to another"},
    {"Verschieben auf Donnerstag 14 Uhr", WORD_MOVE, true, "German"},
    {"cancel", WORD_CANCEL, true, "the plain word"},
    {"absagen", WORD_CANCEL, true, "German"},
    {"not that week", WORD_NOT_THEN, true, "the phrase"},
    {"another time please", WORD_NOT_THEN, true, "the phrase"},
    {"4", WORD_OPTION, true, "a digit"},
    {"b", WORD_OPTION, true, "a letter"},
    {"b)", WORD_OPTION, true, "a letter with its bracket"},
    {"Option 2", WORD_OPTION, true, "named"},
    {"4 or 5", WORD_OPTION, false, "two of them"},
    {"4/5", WORD_OPTION, true, "out of five"},
    {"Thursday 14:00", WORD_TIME, true, "a time alone"},
    {"My assistant is pat@example.com", WORD_ASSISTANT, true, "an address"},
    {"my address is now new@example.com", WORD_ADDRESS, true, "an address"},
    {"I'm back", WORD_RESUME, true, "two words"},
    {"The weather was lovely and we talked a lot", WORD_NONE, false,
	"no word at all"},
    {"", WORD_NONE, false, "nothing"},
};

static void
words_are_read(void **state)
{
	struct arena arena;
	int bad = 0;

	(void)state;
	arena_init(&arena);
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct short_answer a;

		reply_short(
		    &arena, span_of(cases[i].text), today, SPAN("en"), &a);
		if (a.word == cases[i].word && a.sure == cases[i].sure)
			continue;
		print_error("%s: \"%s\" is %s%s\n", cases[i].why, cases[i].text,
		    word_name(a.word), a.sure ? "" : "?");
		bad++;
	}
	arena_release(&arena);
	assert_int_equal(bad, 0);
}

static void
parts_come_along(void **state)
{
	struct arena arena;
	struct short_answer a;

	(void)state;
	arena_init(&arena);
	reply_short(&arena, SPAN("pause until 1 May"), today, SPAN("en"), &a);
	assert_true(a.when.has_date);
	assert_int_equal(a.when.year, 2027);
	assert_int_equal(a.when.month, 5);
	assert_int_equal(a.when.day, 1);
	reply_short(&arena, SPAN("move to Thu 14:00"), today, SPAN("en"), &a);
	assert_int_equal(a.when.day, 26);
	assert_int_equal(a.when.hour, 14);
	reply_short(&arena, SPAN("c"), today, SPAN("en"), &a);
	assert_int_equal(a.number, 3);
	assert_int_equal(a.out_of, 0);
	reply_short(&arena, SPAN("4/5"), today, SPAN("en"), &a);
	assert_int_equal(a.number, 4);
	assert_int_equal(a.out_of, 5);
	reply_short(&arena, SPAN("7 von 10"), today, SPAN("de"), &a);
	assert_int_equal(a.number, 7);
	assert_int_equal(a.out_of, 10);
	reply_short(
	    &arena, SPAN("stuck - he never answers me"), today, SPAN("en"), &a);
	assert_true(span_is(a.rest, "he never answers me"));
	reply_short(&arena, SPAN("My PA is Pat <Pat@Example.COM>"), today,
	    SPAN("en"), &a);
	assert_true(span_is(a.address, "Pat@example.com"));
	reply_short(&arena, SPAN("assistant: none"), today, SPAN("en"), &a);
	assert_int_equal(a.word, WORD_ASSISTANT);
	assert_int_equal(a.address.n, 0);
	arena_release(&arena);
}

/* They are found by halving. */
static void
tables_are_in_order(void **state)
{
	(void)state;
	for (size_t i = 1; i < phrases_n; i++)
		if (strcmp(phrases[i - 1].text, phrases[i].text) >= 0)
			fail_msg("%s stands behind %s", phrases[i].text,
			    phrases[i - 1].text);
	for (size_t i = 1; i < lexicon_n; i++)
		if (strcmp(lexicon[i - 1].word, lexicon[i].word) >= 0)
			fail_msg("%s stands behind %s", lexicon[i].word,
			    lexicon[i - 1].word);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(words_are_read),
	    cmocka_unit_test(parts_come_along),
	    cmocka_unit_test(tables_are_in_order),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
