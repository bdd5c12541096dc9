/* Dates and times as people write them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "reply/reply.h"

static const struct civil today = {2026, 11, 24, 9, 0, 0}; /* a Tuesday */

/* "2026-11-26 14:00-15:00 w"; parts that are absent are left out. */
static void
write_when(const struct when *w, char *out, size_t n)
{
	size_t at = 0;

	out[0] = '\0';
	if (w->has_date)
		at += (size_t)snprintf(out + at, n - at, "%04d-%02d-%02d",
		    w->year, w->month, w->day);
	if (w->has_clock)
		at += (size_t)snprintf(out + at, n - at, "%s%02d:%02d",
		    at ? " " : "", w->hour, w->minute);
	if (w->has_end)
		at += (size_t)snprintf(
		    out + at, n - at, "-%02d:%02d", w->end_hour, w->end_minute);
	if (w->week)
		snprintf(out + at, n - at, " week");
}

static const struct {
	const char *text, *locale, *want, *why;
} cases[] = {
    {"2026-12-03", "en", "2026-12-03", "ISO"},
    {"2026-12-03 14:30", "en", "2026-12-03 14:30", "ISO with a time"},
    {"3 December 2026", "en", "2026-12-03", "British"},
    {"December 3rd, 2026", "en", "2026-12-03", "American"},
    {"3rd of December", "en", "2026-12-03", "no year: the next one"},
    {"1 May", "en", "2027-05-01", "past this year: next year"},
    {"3. Dezember", "de", "2026-12-03", "German"},
    {"3.12.", "de", "2026-12-03", "German, short"},
    {"03.12.26", "de", "2026-12-03", "German, two-digit year"},
    {"3.12.2026 um 14 Uhr", "de", "2026-12-03 14:00", "German, hour"},
    {"4/5", "en", "2027-05-04", "day first"},
    {"4/5", "en-us", "2027-04-05", "month first in the States"},
    {"12/25/2026", "en", "2026-12-25", "only one order is possible"},
    {"tomorrow", "en", "2026-11-25", "relative"},
    {"tomorrow at 3pm", "en", "2026-11-25 15:00", "with an hour"},
    {"morgen um 15:30", "de", "2026-11-25 15:30", "German"},
    {"übermorgen", "de", "2026-11-26", "German"},
    {"Thu 14:00", "en", "2026-11-26 14:00", "weekday"},
    {"Thursday, 3 December, 14:00", "en", "2026-12-03 14:00",
	"the date is more than the weekday"},
    {"4 December, Thursday 14:00", "en", "2026-12-04 14:00",
	"behind a date it says nothing new"},
    {"next Tuesday", "en", "2026-12-01", "never today"},
    {"nächsten Dienstag 9 Uhr", "de", "2026-12-01 09:00", "German"},
    {"next week", "en", "2026-11-30 week", "its Monday"},
    {"nächste Woche", "de", "2026-11-30 week", "German"},
    {"Wednesday next week", "en", "2026-12-02", "a day of it"},
    {"in 2 weeks", "en", "2026-12-08", "a span"},
    {"in zwei Wochen", "de", "2026-12-08", "a span in words"},
    {"in 3 Tagen", "de", "2026-11-27", "days"},
    {"in a month", "en", "2026-12-24", "a month"},
    {"next month", "en", "2026-12-01", "its first"},
    {"KW 50", "de", "2026-12-07 week", "week number"},
    {"Thursday 2-3pm", "en", "2026-11-26 14:00-15:00", "a range"},
    {"Do 14-15 Uhr", "de", "2026-11-26 14:00-15:00", "a German range"},
    {"Fri 9.30", "en", "2026-11-27 09:30", "dot as in British clocks"},
    {"14:00", "en", "14:00", "a clock alone"},
    {"14h30", "fr", "14:30", "French"},
    {"2 pm", "en", "14:00", "afternoon"},
    {"12 am", "en", "00:00", "midnight"},
    {"noon", "en", "12:00", "a word"},
    {"half past two", "en", "14:30", "spoken, office hours"},
    {"halb drei", "de", "14:30", "spoken"},
    {"half past nine", "en", "09:30", "spoken"},
    {"Freitag 15 Uhr", "de", "2026-11-27 15:00", "German"},
    {"3 o'clock", "en", "03:00", "said so"},
    {"29 February", "en", "2028-02-29", "the next leap year"},
    {"31 February", "en", NULL, "no such day"},
    {"25:00", "en", NULL, "no such hour"},
    {"hello", "en", NULL, "no date"},
    {"", "en", NULL, "nothing"},
};

static void
phrases_are_read(void **state)
{
	int bad = 0;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct when w;
		char got[64] = "none";
		const char *want = cases[i].want ? cases[i].want : "none";

		if (when_parse(span_of(cases[i].text), today,
			span_of(cases[i].locale), &w))
			write_when(&w, got, sizeof(got));
		if (strcmp(got, want) == 0)
			continue;
		print_error("%s: \"%s\" is %s, not %s\n", cases[i].why,
		    cases[i].text, got, want);
		bad++;
	}
	assert_int_equal(bad, 0);
}

static const struct {
	const char *text, *want, *why;
} found[] = {
    {"I could do it on 3 December if that helps", "2026-12-03", "inside"},
    {"Lass uns am Donnerstag um 14 Uhr treffen", "2026-11-26 14:00",
	"German sentence"},
    {"I may be late, so sorry", "none", "may is no month here"},
    {"so do mi", "none", "small words are no weekdays"},
    {"We are 4 people with 3 questions", "none", "numbers are no hours"},
};

static void
sentences_are_searched(void **state)
{
	int bad = 0;

	(void)state;
	for (size_t i = 0; i < sizeof(found) / sizeof(*found); i++) {
		struct when w;
		char got[64] = "none";

		if (when_find(span_of(found[i].text), today, SPAN("en"), &w))
			write_when(&w, got, sizeof(got));
		if (strcmp(got, found[i].want) == 0)
			continue;
		print_error("%s: \"%s\" is %s, not %s\n", found[i].why,
		    found[i].text, got, found[i].want);
		bad++;
	}
	assert_int_equal(bad, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(phrases_are_read),
	    cmocka_unit_test(sentences_are_searched),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
