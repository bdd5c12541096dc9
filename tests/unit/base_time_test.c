/* Dates and time zones, above all the hours that are skipped or repeated. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/civil.h"
#include "base/zone.h"

static struct arena arena;

static int64_t
at(const char *iso)
{
	int64_t t = -1;

	assert_true(civil_parse_instant(span_of(iso), &t));
	return t;
}

static void
test_every_day_counts_once(void **state)
{
	(void)state;
	for (int64_t d = -200000; d < 400000; d += 7) {
		struct civil c = civil_of_days(d);

		assert_int_equal(civil_days(c.year, c.month, c.day), d);
		assert_in_range(c.day, 1, civil_month_days(c.year, c.month));
	}
	assert_int_equal(civil_days(1970, 1, 1), 0);
	assert_int_equal(civil_weekday(0), 4);
	assert_int_equal(civil_weekday(civil_days(2026, 11, 23)), 1);
	assert_int_equal(civil_month_days(2028, 2), 29);
	assert_int_equal(civil_month_days(2100, 2), 28);
}

static void
test_civil_parse(void **state)
{
	static const char *const bad[] = {"", "2026", "2026-13-01",
	    "2026-02-29", "2026-11-23T24:01", "2026-11-23T09:60", "2026-11-23x",
	    "26-11-23", "2026-11-23T09:00+25:00"};
	int64_t t;

	(void)state;
	assert_true(at("2026-11-23T09:00Z") == 1795424400);
	assert_true(at("2026-11-23T10:00+01:00") == 1795424400);
	assert_true(at("2026-11-23 10:00:00+0100") == 1795424400);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		if (civil_parse_instant(span_of(bad[i]), &t))
			fail_msg("%s was taken", bad[i]);
	assert_string_equal(
	    civil_write_instant(&arena, 1795424405).p, "2026-11-23T09:00:05Z");
	assert_string_equal(civil_write_mail(&arena, 1795424405).p,
	    "Mon, 23 Nov 2026 09:00:05 +0000");
}

static void
test_mail_dates(void **state)
{
	static const struct {
		const char *text;
		int64_t want;
	} cases[] = {
	    {"Mon, 23 Nov 2026 09:00:05 +0000", 1795424405},
	    {"23 Nov 2026 10:00:05 +0100", 1795424405},
	    {"Mon, 23 Nov 2026 04:00:05 EST", 1795424405},
	    {"Mon, 23 Nov 2026 09:00:05 GMT (a comment)", 1795424405},
	    {"Mon, 23 Nov 26 09:00:05 +0000", 1795424405},
	};
	int64_t t;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		t = 0;
		if (!civil_parse_mail(span_of(cases[i].text), &t) ||
		    t != cases[i].want)
			fail_msg("%s gives %lld", cases[i].text, (long long)t);
	}
	assert_false(civil_parse_mail(SPAN("yesterday"), &t));
	assert_false(civil_parse_mail(SPAN(""), &t));
}

static struct zone
load(const char *name)
{
	struct zone z;
	struct err err = {0};

	if (zone_load(&arena, span_of(name), &z, &err) < 0)
		fail_msg("%s", err.text);
	return z;
}

static void
test_skipped_and_repeated_hours(void **state)
{
	static const struct {
		const char *why, *zone, *wall, *want;
		enum zone_times times;
	} cases[] = {
	    {"an ordinary winter hour", "Europe/Berlin", "2026-11-23T10:00",
		"2026-11-23T09:00Z", ZONE_ONCE},
	    {"an ordinary summer hour", "Europe/Berlin", "2026-07-01T10:00",
		"2026-07-01T08:00Z", ZONE_ONCE},
	    {"skipped", "Europe/Berlin", "2026-03-29T02:30",
		"2026-03-29T01:30Z", ZONE_NEVER},
	    {"the hour before", "Europe/Berlin", "2026-03-29T01:59",
		"2026-03-29T00:59Z", ZONE_ONCE},
	    {"the hour behind", "Europe/Berlin", "2026-03-29T03:00",
		"2026-03-29T01:00Z", ZONE_ONCE},
	    {"repeated", "Europe/Berlin", "2026-10-25T02:30",
		"2026-10-25T00:30Z", ZONE_TWICE},
	    {"repeated, by the rule of the footer", "Europe/Berlin",
		"2045-10-29T02:30", "2045-10-29T00:30Z", ZONE_TWICE},
	    {"skipped in America", "America/New_York", "2026-03-08T02:30",
		"2026-03-08T07:30Z", ZONE_NEVER},
	    {"half an hour of summer time", "Australia/Lord_Howe",
		"2026-10-04T02:15", "2026-10-03T15:45Z", ZONE_NEVER},
	    {"summer time over new year", "Australia/Sydney",
		"2027-01-01T00:30", "2026-12-31T13:30Z", ZONE_ONCE},
	    {"a quarter of an hour", "Asia/Kathmandu", "2026-11-23T12:00",
		"2026-11-23T06:15Z", ZONE_ONCE},
	    {"a day that was left out", "Pacific/Apia", "2011-12-30T12:00",
		"2011-12-30T22:00Z", ZONE_NEVER},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct zone z = load(cases[i].zone);
		struct civil wall;
		int64_t t = -1;
		enum zone_times times;

		assert_true(civil_parse(span_of(cases[i].wall), &wall));
		times = zone_unix(&z, &wall, &t);
		if (times != cases[i].times || t != at(cases[i].want))
			fail_msg("%s: %d, %s", cases[i].why, times,
			    civil_write_instant(&arena, t).p);
	}
}

/* What a wall time gives must show that wall time, all through two years. */
static void
test_there_and_back(void **state)
{
	static const char *const zones[] = {"Europe/Berlin", "America/New_York",
	    "Australia/Sydney", "Asia/Kolkata", "Africa/Casablanca",
	    "America/Santiago"};

	(void)state;
	for (size_t i = 0; i < sizeof(zones) / sizeof(zones[0]); i++) {
		struct zone z = load(zones[i]);

		for (int64_t t = at("2026-01-01"); t < at("2028-01-01");
		     t += 1800) {
			struct civil wall = zone_civil(&z, t);
			int64_t back = 0;
			enum zone_times n = zone_unix(&z, &wall, &back);

			assert_true(n != ZONE_NEVER);
			if (n == ZONE_ONCE)
				assert_true(back == t);
			else
				assert_true(t - back >= 0 && t - back <= 3600);
		}
		for (int64_t t = at("2026-01-01"); t < at("2027-01-01");
		     t += DAY) {
			int64_t start = zone_day_start(&z, t);

			assert_true(start <= t && t - start < 25 * HOUR);
		}
	}
}

static void
test_zone_refuses(void **state)
{
	static const char *const bad[] = {"", "../etc/passwd", "/etc/passwd",
	    "Europe/../../passwd", "Europe", "Nowhere/City", "Europe/Berlin "};
	struct zone z;
	struct zone_rule rule;
	struct err err = {0};

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		if (zone_load(&arena, span_of(bad[i]), &z, &err) == 0)
			fail_msg("\"%s\" was loaded", bad[i]);
		assert_int_equal(err.kind, ERR_ITEM);
	}
	assert_int_equal(
	    zone_parse(&arena, SPAN("x"), SPAN("TZif2"), &z, &err), -1);
	assert_true(zone_parse_rule(SPAN("CET-1CEST,M3.5.0,M10.5.0/3"), &rule));
	assert_true(rule.has_summer && rule.summer.offset == 7200);
	assert_true(zone_parse_rule(SPAN("<+0545>-5:45"), &rule));
	assert_int_equal(rule.standard.offset, 20700);
	assert_false(zone_parse_rule(SPAN("CET"), &rule));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_every_day_counts_once),
	    cmocka_unit_test(test_civil_parse),
	    cmocka_unit_test(test_mail_dates),
	    cmocka_unit_test(test_skipped_and_repeated_hours),
	    cmocka_unit_test(test_there_and_back),
	    cmocka_unit_test(test_zone_refuses),
	};
	int bad;

	arena_init(&arena);
	bad = cmocka_run_group_tests_name("base_time", tests, NULL, NULL);
	arena_release(&arena);
	return bad;
}
