/*
 * The program behind calendar.sh:
 *
 *   calendar_bench invites DIR N   writes N invites, updates and cancels as
 *                                  DIR/NNNNN.ics, and DIR/starts: file,
 *                                  instant
 *   calendar_bench answer FILE     one JSON object: what an .eml or .ics
 *                                  answers
 *   calendar_bench feed            times a feed of 20,000 events
 *   calendar_bench plan            times 5,000 pairs
 */
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/file.h"
#include "base/limits.h"
#include "base/str.h"
#include "base/value.h"
#include "cal/cal.h"
#include "mime/mime.h"
#include "plan/plan.h"

static uint64_t dice = 88172645463325252u;

static uint64_t
roll(uint64_t below)
{
	dice ^= dice << 13;
	dice ^= dice >> 7;
	dice ^= dice << 17;
	return dice % below;
}

static double
ms_now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return t.tv_sec * 1e3 + t.tv_nsec / 1e6;
}

/* --- invites ------------------------------------------------------------- */

static const char *const names[] = {"Ann Example", "O'Neil, Bob; \"B.\"",
    "J\xc3\xb6rg \xc3\x84nderung-\xc3\x9c"
    "berm\xc3\xa4\xc3\x9f"
    "ig",
    "\xe5\xb1\xb1\xe7\x94\xb0\xe5\xa4\xaa\xe9\x83\x8e",
    "\xd0\x90\xd0\xbd\xd0\xbd\xd0\xb0 ^n ^' \\n", "", "   ",
    "A\tB\x07\x1b[31mC",
    "\xf0\x9f\x98\x80 Smile \xe2\x80\xae"
    "evil",
    "bad \xff\xfe utf-8", "x:y;z=1,2", "line\r\nATTENDEE:mailto:eve@x.y",
    "sep\xe2\x80\xa8"
    "arator\xc2\x85"
    "next"};

static struct span
any_text(struct arena *arena, size_t max)
{
	struct str s;
	size_t n = roll(max);

	str_init(&s, arena, max + 64);
	while (s.n < n)
		switch (roll(9)) {
		case 0:
			str_addz(&s, names[roll(13)]);
			break;
		case 1:
			str_addz(&s, "\n");
			break;
		case 2:
			str_fill(&s, ' ', roll(90));
			break;
		case 3:
			str_addz(&s, ",;\\");
			break;
		default:
			str_addz(&s, "word\xc3\xa9 ");
		}
	return str_span(&s);
}

static struct span
any_address(struct arena *arena)
{
	static const char local[] =
	    "abcdefghijklmnopqrstuvwxyz0123456789!#$&'*+-/=^_`{|}~";
	struct str s;
	size_t n = 1 + roll(60);

	str_init(&s, arena, 300);
	for (size_t i = 0; i < n; i++)
		str_addc(&s, local[roll(sizeof(local) - 1)]);
	str_addc(&s, '@');
	for (size_t i = roll(3) * 7; i > 0; i--)
		str_addz(&s, "sub-domain.");
	str_addz(&s, "example.com");
	return str_span(&s);
}

static size_t
zone_names(struct arena *arena, struct span *out, size_t max)
{
	struct span list, line, word;
	struct err err = {0};
	size_t n = 0;

	if (file_read(arena, "/usr/share/zoneinfo/tzdata.zi", LIMIT_CSV_BYTES,
		&list, &err) < 0)
		return 0;
	while (n < max && span_line(&list, &line)) {
		bool link = span_starts(line, "L ");

		if (!link && !span_starts(line, "Z "))
			continue;
		line = span_skip(line, 2);
		if (span_word(&line, &word) &&
		    (!link || span_word(&line, &word)))
			out[n++] = word;
	}
	return n;
}

/* Half of them close to a change of the clocks. */
static int64_t
any_start(const struct zone *z)
{
	int64_t t = 1764547200 + (int64_t)roll(3 * 365) * DAY;

	if (roll(2) == 0)
		for (int i = 0; i < 400; i++, t += DAY)
			if (zone_at(z, t).offset != zone_at(z, t + DAY).offset)
				break;
	return t + (int64_t)roll(96) * 900;
}

static int
invites(const char *dir, int n)
{
	struct arena keep, arena;
	static struct span zones[1000];
	struct str starts;
	struct err err = {0};
	size_t zones_n;
	int bad = 0;

	arena_init(&keep);
	arena_init(&arena);
	zones_n = zone_names(&keep, zones, 1000);
	str_init(&starts, &keep, 16 << 20);
	for (int i = 0; i < n && zones_n > 0; i++) {
		struct invite v = {
		    .method = i % 3 == 2 ? INVITE_CANCEL : INVITE_REQUEST};
		struct zone z;
		struct span ics;

		arena_reset(&arena);
		if (zone_load(&arena, zones[(size_t)i % zones_n], &z, &err) < 0)
			return 1;
		v.uid = arena_spanf(&arena, "s%d-%llx@rmail.example.org", i,
		    (unsigned long long)roll(UINT64_MAX));
		v.sequence = i % 3;
		v.dtstamp_unix = v.created_unix = 1764000000 + i;
		v.start_unix = any_start(&z);
		v.end_unix = v.start_unix + 900 * (1 + (int64_t)roll(8));
		v.organizer_name = span_of(names[roll(13)]);
		v.organizer_address = SPAN("mentoring@example.org");
		v.attendee_name = span_of(names[roll(13)]);
		v.attendee_address = any_address(&arena);
		v.summary = arena_spanf(
		    &arena, "Session %d [RM-%d] %s", i, i, names[roll(13)]);
		v.description = any_text(&arena, 2000);
		v.location = any_text(&arena, 200);
		if (cal_write_invite(&arena, &v, &z, &ics, &err) < 0) {
			if (bad++ == 0)
				fprintf(stderr, "%s\n", err.text);
			continue;
		}
		file_write(arena_printf(&arena, "%s/%05d.ics", dir, i), ics,
		    false, &err);
		str_addf(
		    &starts, "%05d.ics %lld\n", i, (long long)v.start_unix);
	}
	file_write(arena_printf(&keep, "%s/starts", dir), str_span(&starts),
	    false, &err);
	printf("refused %d of %d, zones %zu\n", bad, n, zones_n);
	return 0;
}

/* --- answers ------------------------------------------------------------- */

static int
answer(const char *path)
{
	static const char *const kinds[] = {
	    "none", "reply", "proposal", "other"};
	struct arena arena;
	struct err err = {0};
	struct span bytes;
	struct cal_answer a;
	struct value *o;
	struct str s;

	arena_init(&arena);
	if (file_read(&arena, path, LIMIT_MAIL_BYTES, &bytes, &err) < 0)
		return 2;
	cal_prepare();
	if (span_ends(span_of(path), ".eml")) {
		static struct mail mail;

		mime_prepare();
		mime_read(&arena, bytes, cal_read_answer, &mail);
		a = mail.cal;
	} else {
		cal_read_answer(&arena, bytes, SPAN(""), &a);
	}
	o = value_object(&arena);
	value_set_textz(&arena, o, "kind", kinds[a.kind]);
	value_set_text(&arena, o, "uid", a.uid);
	value_set_text(&arena, o, "attendee", a.attendee);
	value_set_textz(&arena, o, "partstat", partstat_name(a.partstat));
	if (a.sequence >= 0)
		value_set_int(&arena, o, "sequence", a.sequence);
	value_set_int(&arena, o, "proposed_start", a.proposed_start_unix);
	str_init(&s, &arena, 1 << 20);
	value_write_json(o, &s);
	puts(s.p);
	return 0;
}

/* --- timings ------------------------------------------------------------- */

static int
feed(void)
{
	static const char *const rules[] = {"FREQ=WEEKLY;BYDAY=MO,WE,FR",
	    "FREQ=DAILY;COUNT=4000", "FREQ=MONTHLY;BYDAY=2TU", "FREQ=YEARLY",
	    "FREQ=WEEKLY;INTERVAL=2;UNTIL=20270101T000000Z",
	    "FREQ=MONTHLY;BYMONTHDAY=-1;COUNT=500",
	    "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1"};
	struct arena arena;
	struct str s;
	struct zone berlin;
	struct err err = {0};
	struct busy *b;
	size_t n = 0;
	double start, best = 1e9;

	arena_init(&arena);
	cal_prepare();
	if (zone_load(&arena, SPAN("Europe/Berlin"), &berlin, &err) < 0)
		return 1;
	str_init(&s, &arena, LIMIT_FEED_BYTES);
	str_addz(&s, "BEGIN:VCALENDAR\r\nVERSION:2.0\r\n");
	for (int i = 0; i < 20000; i++)
		str_addf(&s,
		    "BEGIN:VEVENT\r\nUID:event-%d@example.org\r\n"
		    "DTSTAMP:20261123T090000Z\r\n"
		    "DTSTART;TZID=Europe/Berlin:%04d%02d%02dT%02d0000\r\n"
		    "DTEND;TZID=Europe/Berlin:%04d%02d%02dT%02d3000\r\n"
		    "RRULE:%s\r\nSUMMARY:Meeting number %d\r\n"
		    "DESCRIPTION:Some words of text\r\nEND:VEVENT\r\n",
		    i, 2015 + i % 11, 1 + i % 12, 1 + i % 28, 6 + i % 14,
		    2015 + i % 11, 1 + i % 12, 1 + i % 28, 6 + i % 14,
		    rules[i % 7], i);
	str_addz(&s, "END:VCALENDAR\r\n");
	for (int i = 0; i < 5; i++) {
		struct arena one;

		arena_init(&one);
		start = ms_now();
		if (cal_read_feed(&one, str_span(&s), &berlin, 1764547200,
			1764547200 + 42 * DAY, &b, &n, &err) < 0) {
			puts(err.text);
			return 1;
		}
		if (ms_now() - start < best)
			best = ms_now() - start;
		arena_release(&one);
	}
	printf("feed: %zu KiB, 20000 recurring events, %zu busy times: "
	       "%.0f ms of CPU (goal 200)\n",
	    s.n / 1024, n, best);
	return 0;
}

static int
plan(void)
{
	static const char *const places[] = {"Europe/Berlin",
	    "America/New_York", "Asia/Kolkata", "Europe/London",
	    "Pacific/Chatham", "Australia/Lord_Howe"};
	struct arena arena;
	struct zone z[6];
	struct err err = {0};
	static struct busy busy[2][200];
	double start, total = 0;
	size_t found = 0;

	arena_init(&arena);
	for (int i = 0; i < 6; i++)
		if (zone_load(&arena, span_of(places[i]), &z[i], &err) < 0)
			return 1;
	for (int pair = 0; pair < 5000; pair++) {
		struct arena one;
		struct plan_person p[2] = {{0}};
		struct slot_time out[3];
		struct plan_ask a = {.people = p,
		    .people_n = 2,
		    .zone = &z[0],
		    .now_unix = 1764547200,
		    .from_unix = 1764547200,
		    .to_unix = 1764547200 + 42 * DAY,
		    .target_unix = 1764547200 + 20 * DAY,
		    .minutes = 60,
		    .buffer_minutes = 15,
		    .notice_days = 3};

		for (int k = 0; k < 2; k++) {
			int64_t t = 1764547200;

			p[k].zone = &z[roll(6)];
			p[k].senior = k == 1;
			for (int d = 1; d <= 5; d++)
				hours_add(&p[k].hours, d, 8 * 60, 18 * 60);
			for (int i = 0; i < 200; i++) {
				t += 1800 * (1 + (int64_t)roll(18));
				busy[k][i] = (struct busy){t, t + 1800};
			}
			p[k].busy = busy[k];
			p[k].busy_n = 200;
		}
		arena_init(&one);
		start = ms_now();
		found += plan_slots(&one, &a, out, 3);
		total += ms_now() - start;
		arena_release(&one);
	}
	printf("plan: 5000 pairs, 6 weeks, 200 busy times each: %zu slots in "
	       "%.0f ms of CPU (goal 1000)\n",
	    found, total);
	return 0;
}

int
main(int argc, char **argv)
{
	int64_t n = 10000;

	if (argc > 2 && strcmp(argv[1], "invites") == 0)
		return invites(argv[2], (int)n);
	if (argc > 2 && strcmp(argv[1], "answer") == 0)
		return answer(argv[2]);
	if (argc > 1 && strcmp(argv[1], "feed") == 0)
		return feed();
	if (argc > 1 && strcmp(argv[1], "plan") == 0)
		return plan();
	fprintf(stderr, "usage: calendar_bench invites DIR | answer FILE | "
			"feed | plan\n");
	return 64;
}
