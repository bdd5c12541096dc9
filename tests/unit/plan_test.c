/* Free slots of two and of many calendars. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/err.h"
#include "plan/plan.h"

static struct arena arena;

static int64_t
at(const char *z)
{
	int64_t t;

	assert_true(civil_parse_instant(span_of(z), &t));
	return t;
}

static const struct zone *
zone(const char *name)
{
	struct zone *z = arena_alloc(&arena, sizeof(*z));
	struct err err = {0};

	assert_int_equal(zone_load(&arena, span_of(name), z, &err), 0);
	return z;
}

static struct plan_person
person(const char *zone_name, const char *hours)
{
	struct plan_person p = {.zone = zone(zone_name)};

	assert_true(hours_parse(span_of(hours), &p.hours));
	return p;
}

#define WORK                                            \
	"1 09:00-17:00; 2 09:00-17:00; 3 09:00-17:00; " \
	"4 09:00-17:00; 5 09:00-17:00"

static struct plan_ask
ask(const struct plan_person *people, size_t n)
{
	return (struct plan_ask){.people = people,
	    .people_n = n,
	    .zone = zone("Europe/Berlin"),
	    .now_unix = at("2026-11-23T09:00:00Z"), /* a Monday */
	    .from_unix = at("2026-11-23T09:00:00Z"),
	    .to_unix = at("2027-01-04T00:00:00Z"),
	    .target_unix = at("2026-12-03T09:00:00Z"),
	    .minutes = 60,
	    .buffer_minutes = 15,
	    .notice_days = 3};
}

static void
best_is_near_target_in_core_hours(void **state)
{
	struct plan_person p[2] = {
	    person("Europe/Berlin", WORK), person("America/New_York", WORK)};
	struct plan_ask a = ask(p, 2);
	struct slot_time s[3];

	(void)state;
	/* 15:00 to 17:00 in Berlin is what the two share. */
	assert_int_equal(plan_slots(&arena, &a, s, 3), 3);
	assert_int_equal(s[0].start_unix, at("2026-12-03T14:00:00Z"));
	assert_true(s[0].reasons & PLAN_NEAR_TARGET);
	assert_false(s[0].reasons & PLAN_CORE_HOURS);
	assert_true(s[1].start_unix / DAY != s[2].start_unix / DAY);
	p[1] = person("Europe/Madrid", WORK);
	assert_int_equal(plan_slots(&arena, &a, s, 3), 3);
	assert_int_equal(s[0].start_unix, at("2026-12-03T09:00:00Z"));
	assert_true(s[0].reasons & PLAN_CORE_HOURS);
}

static void
same_time_as_last(void **state)
{
	struct plan_person p[1] = {person("Europe/Berlin", WORK)};
	struct plan_ask a = ask(p, 1);
	struct slot_time s[1];

	(void)state;
	a.last_unix = at("2026-11-05T12:00:00Z"); /* Thursday 13:00 */
	assert_int_equal(plan_slots(&arena, &a, s, 1), 1);
	assert_int_equal(s[0].start_unix, at("2026-12-03T12:00:00Z"));
	assert_true(s[0].reasons & PLAN_SAME_TIME);
}

static void
busy_buffer_closed_refused(void **state)
{
	struct busy b = {
	    at("2026-12-03T09:00:00Z"), at("2026-12-03T15:15:00Z")};
	struct plan_person p[1] = {person("Europe/Berlin", "4 10:00-17:00")};
	struct plan_ask a = ask(p, 1);
	int64_t closed[1] = {civil_days(2026, 12, 10)};
	int64_t refused[1];
	struct slot_time s[9];
	size_t n;

	(void)state;
	p[0].busy = &b;
	p[0].busy_n = 1;
	a.closed_days = closed;
	a.closed_n = 1;
	n = plan_slots(&arena, &a, s, 9);
	/* Thursdays 26 Nov, 17, 24, 31 Dec; the 3rd is full, the 10th shut. */
	assert_int_equal(n, 4);
	for (size_t i = 0; i < n; i++)
		assert_true(civil_of_unix(s[i].start_unix).day != 3 &&
			    civil_of_unix(s[i].start_unix).day != 10);
	refused[0] = s[0].start_unix;
	a.refused = refused;
	a.refused_n = 1;
	assert_int_equal(plan_slots(&arena, &a, s, 9), 4);
	for (size_t i = 0; i < n; i++)
		assert_true(s[i].start_unix >= refused[0] + HOUR ||
			    s[i].start_unix <= refused[0] - HOUR);
}

static void
notice_in_working_days(void **state)
{
	static const struct {
		const char *now, *first, *why;
		int days;
	} cases[] = {
	    {"2026-11-23T09:00:00Z", "2026-11-26T09:00:00Z",
		"Monday and three days", 3},
	    {"2026-11-26T09:00:00Z", "2026-12-01T09:00:00Z",
		"the weekend does not count", 3},
	    {"2026-11-26T09:00:00Z", "2026-11-26T09:30:00Z",
		"no notice, but never the past", 0},
	};
	struct plan_person p[1] = {person("Europe/Berlin", WORK)};

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		struct plan_ask a = ask(p, 1);
		struct slot_time s[60];
		int64_t first = INT64_MAX;
		size_t n;

		a.now_unix = at(cases[i].now);
		a.target_unix = a.now_unix;
		a.notice_days = cases[i].days;
		n = plan_slots(&arena, &a, s, 60);
		for (size_t k = 0; k < n; k++)
			if (s[k].start_unix < first)
				first = s[k].start_unix;
		if (first < at(cases[i].first) ||
		    first >= at(cases[i].first) + DAY)
			fail_msg("%s: %lld", cases[i].why, (long long)first);
	}
}

/* No slot touches an hour that is skipped or comes twice, in any zone. */
static void
never_in_a_gap(void **state)
{
	static const char *const names[] = {"Europe/Berlin", "America/New_York",
	    "Australia/Lord_Howe", "Pacific/Chatham", "America/Santiago",
	    "Asia/Kolkata", "Africa/Casablanca"};

	(void)state;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		struct plan_person p[1] = {person(
		    names[i], "1 00:00-24:00; 6 00:00-24:00; 7 00:00-24:00")};
		struct plan_ask a = ask(p, 1);
		struct slot_time s[400];
		size_t n;

		a.zone = p[0].zone;
		a.from_unix = at("2027-01-01T00:00:00Z");
		a.to_unix = at("2028-01-01T00:00:00Z");
		for (int hour = 0; hour < 4; hour++) {
			/* Nearest to a time of night, day after day. */
			p[0].hours = (struct hours){0};
			hours_add(&p[0].hours, 7, hour * 60, hour * 60 + 120);
			n = plan_slots(&arena, &a, s, 400);
			assert_true(n >= 50 && n <= 53);
			for (size_t k = 0; k < n; k++) {
				struct civil f =
				    zone_civil(a.zone, s[k].start_unix);
				struct civil t =
				    zone_civil(a.zone, s[k].end_unix);
				int64_t x;

				assert_int_equal(
				    zone_unix(a.zone, &f, &x), ZONE_ONCE);
				assert_int_equal(
				    zone_unix(a.zone, &t, &x), ZONE_ONCE);
				assert_true(f.hour >= hour);
				assert_int_equal((t.hour * 60 + t.minute) -
						     (f.hour * 60 + f.minute),
				    60);
				assert_true(plan_free(
				    &a, s[k].start_unix, s[k].end_unix));
			}
		}
	}
}

static void
counter_is_free(void **state)
{
	static const struct {
		const char *start;
		bool free;
		const char *why;
	} cases[] = {
	    {"2026-12-03T09:00:00Z", true, "inside hours"},
	    {"2026-12-03T09:10:00Z", true, "on any minute"},
	    {"2026-12-03T07:30:00Z", false, "before hours"},
	    {"2026-12-03T15:30:00Z", false, "ends after hours"},
	    {"2026-12-05T09:00:00Z", false, "a Saturday"},
	    {"2026-12-04T09:00:00Z", false, "busy"},
	    {"2026-12-04T11:10:00Z", false, "inside the buffer"},
	    {"2026-12-04T11:15:00Z", true, "behind the buffer"},
	    {"2026-11-20T09:00:00Z", false, "the past"},
	    {"2026-11-24T09:00:00Z", true, "short notice is theirs"},
	};
	struct busy b = {
	    at("2026-12-04T09:00:00Z"), at("2026-12-04T11:00:00Z")};
	struct plan_person p[1] = {person("Europe/Berlin", WORK)};

	(void)state;
	p[0].busy = &b;
	p[0].busy_n = 1;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct plan_ask a = ask(p, 1);
		int64_t t = at(cases[i].start);

		if (plan_free(&a, t, t + HOUR) != cases[i].free)
			fail_msg("%s", cases[i].why);
	}
}

static void
group_takes_the_most(void **state)
{
	struct plan_person p[4] = {person("Europe/Berlin", "2 09:00-12:00"),
	    person("Europe/Berlin", "2 11:00-15:00; 4 09:00-10:00"),
	    person("Asia/Kolkata", "2 15:00-18:00"),
	    person("Europe/Berlin", "5 09:00-10:00")};
	struct plan_ask a = ask(p, 4);
	struct slot_time s;

	(void)state;
	assert_true(plan_group(&arena, &a, &s));
	assert_int_equal(s.can_come, 3);
	/* Tuesday 11:00 in Berlin, 15:30 in Kolkata. */
	assert_int_equal(s.start_unix, at("2026-12-01T10:00:00Z"));
	a.minutes = 24 * 60;
	assert_false(plan_group(&arena, &a, &s));
}

static void
nothing_to_find(void **state)
{
	struct plan_person p[1] = {person("Europe/Berlin", "")};
	struct plan_ask a = ask(p, 1);
	struct slot_time s[3];

	(void)state;
	assert_int_equal(plan_slots(&arena, &a, s, 3), 0);
	p[0] = person("Europe/Berlin", WORK);
	a.to_unix = a.from_unix - 1;
	assert_int_equal(plan_slots(&arena, &a, s, 3), 0);
	a = ask(p, 1);
	a.minutes = 0;
	assert_int_equal(plan_slots(&arena, &a, s, 3), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(best_is_near_target_in_core_hours),
	    cmocka_unit_test(same_time_as_last),
	    cmocka_unit_test(busy_buffer_closed_refused),
	    cmocka_unit_test(notice_in_working_days),
	    cmocka_unit_test(never_in_a_gap),
	    cmocka_unit_test(counter_is_free),
	    cmocka_unit_test(group_takes_the_most),
	    cmocka_unit_test(nothing_to_find),
	};
	int bad;

	cmocka_set_message_output(CM_OUTPUT_TAP);
	arena_init(&arena);
	bad = cmocka_run_group_tests(tests, NULL, NULL);
	arena_release(&arena);
	return bad;
}
