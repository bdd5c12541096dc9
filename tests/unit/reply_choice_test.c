/* Answers to an offer of several times, and to an invite by its Subject. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>

#include "reply/reply.h"

static const struct civil today = {2027, 1, 12, 9, 0, 0}; /* a Tuesday */

/* What is read, as a line: "1,3", "any", "none", "14T14:00 15T09:00". */
static const char *
read_as(const char *text)
{
	static char out[200];
	struct choice c = {0};
	struct arena arena;
	int n = 0;

	arena_init(&arena);
	if (!reply_choice(&arena, span_of(text), today, SPAN("en"), &c)) {
		arena_release(&arena);
		return "?";
	}
	arena_release(&arena);
	out[0] = '\0';
	for (int k = 1; k <= CHOICE_NUMBERS; k++)
		if ((c.numbers & 1U << k) != 0)
			n += snprintf(out + n, sizeof(out) - (size_t)n, "%s%d",
			    n ? "," : "", k);
	if (c.all)
		n += snprintf(out + n, sizeof(out) - (size_t)n, "any");
	if (c.none)
		n += snprintf(out + n, sizeof(out) - (size_t)n, "none");
	for (size_t k = 0; k < c.times_n; k++)
		n += snprintf(out + n, sizeof(out) - (size_t)n, "%s%dT%d:%02d",
		    n ? " " : "", c.times[k].day, c.times[k].hour,
		    c.times[k].minute);
	return out;
}

static void
choices_are_read(void **state)
{
	static const struct {
		const char *text, *want, *why;
	} cases[] = {
	    {"2", "2", "a number"},
	    {"1 or 3", "1,3", "two of them"},
	    {"1, 3\n\nAnn", "1,3", "with a comma and a name"},
	    {"1/3", "1,3", "no day of March"},
	    {"2 oder 3 bitte", "2,3", "German"},
	    {"Option 2", "2", "with the word"},
	    {"b", "2", "a letter"},
	    {"the second one", "2", "an ordinal"},
	    {"2 suits me", "2", "a sentence"},
	    {"Yes, 2", "2", "yes to one"},
	    {"1 and 2 are fine", "1,2", "both"},
	    {"any of them", "any", "all"},
	    {"beide", "any", "German"},
	    {"none of these", "none", "none"},
	    {"keine", "none", "German"},
	    {"not that week", "none", "a phrase of its own"},
	    {"Thu 14:00", "14T14:00", "a time"},
	    {"How about Thu 14:00?", "14T14:00", "as a question"},
	    {"Thu 14:00 or Fri 9:00", "14T14:00 15T9:00", "two times"},
	    {"Do 14:00 oder Fr 9 Uhr", "14T14:00 15T9:00", "German"},
	    {"1 or Thu 14:00", "1 14T14:00", "a number and a time"},
	    {"none of these, Thu 14:00 would work", "14T14:00",
		"no, and a time instead"},
	    {"No, Thu 14:00", "14T14:00", "the same"},
	    {"not on Thursday", "?", "a day that does not suit"},
	    {"not Thursday 14:00", "?", "a time that does not suit"},
	    {"2, but not before 10", "?", "a condition"},
	    {"2?", "?", "a question"},
	    {"maybe 2", "?", "a doubt"},
	    {"not 2", "?", "the one that does not suit"},
	    {"1 unless it rains", "?", "a condition"},
	    {"any, none", "?", "both"},
	    {"I saw 2 of your slides", "?", "another matter"},
	    {"yes", "?", "yes alone names none"},
	    {"", "?", "nothing"},
	};
	int bad = 0;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		const char *got = read_as(cases[i].text);

		if (span_is(span_of(got), cases[i].want))
			continue;
		print_error("%s (\"%s\"): got %s, want %s\n", cases[i].why,
		    cases[i].text, got, cases[i].want);
		bad++;
	}
	assert_int_equal(bad, 0);
}

static void
weeks_and_days_are_told_apart(void **state)
{
	static const struct {
		const char *text;
		bool week, day;
	} cases[] = {{"not that week", true, false},
	    {"Nicht in der Woche", true, false}, {"another day", false, true},
	    {"another time", false, false}, {"not next week", true, false}};
	struct arena arena;

	(void)state;
	arena_init(&arena);
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct short_answer a;

		reply_short(
		    &arena, span_of(cases[i].text), today, SPAN("en"), &a);
		if (a.word != WORD_NOT_THEN || !a.sure ||
		    a.whole_week != cases[i].week ||
		    a.whole_day != cases[i].day)
			fail_msg("%s", cases[i].text);
	}
	arena_release(&arena);
}

static void
subjects_answer_invites(void **state)
{
	static const struct {
		const char *subject;
		enum partstat want;
		const char *why;
	} cases[] = {
	    {"Accepted: Mentoring: Bob [RM-ABCDEF]", PARTSTAT_ACCEPTED, "en"},
	    {"Zugesagt: Mentoring", PARTSTAT_ACCEPTED, "de"},
	    {"Abgelehnt: Mentoring", PARTSTAT_DECLINED, "de"},
	    {"Accept\xc3\xa9\xc2\xa0: Mentoring", PARTSTAT_ACCEPTED,
		"a no-break space"},
	    {"Provisoire\xe2\x80\xaf: Mentoring", PARTSTAT_TENTATIVE,
		"a narrow one"},
	    {"Tentative: Mentoring", PARTSTAT_TENTATIVE, "en"},
	    {"DECLINED: x", PARTSTAT_DECLINED, "capitals"},
	    {"Re: Accepted: Mentoring", PARTSTAT_NONE,
		"a person's answer to an answer"},
	    {"Accepted", PARTSTAT_NONE, "without what it is about"},
	    {"Mentoring: Accepted", PARTSTAT_NONE, "in another place"},
	    {"", PARTSTAT_NONE, "nothing"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		if (reply_rsvp(span_of(cases[i].subject)) != cases[i].want)
			fail_msg("%s: %s", cases[i].why, cases[i].subject);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(choices_are_read),
	    cmocka_unit_test(weeks_and_days_are_told_apart),
	    cmocka_unit_test(subjects_answer_invites),
	};

	return cmocka_run_group_tests_name("choice", tests, NULL, NULL);
}
