/* The sandboxed reader: what it reads, and what it survives. */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/limits.h"
#include "mime/mime.h"
#include "reader/reader.h"
#include "reader/reader_int.h"

static const char simple[] = "From: Ann <ann@example.com>\r\n"
			     "Subject: Re: hello\r\n\r\nyes\r\n";

struct fixture {
	struct arena arena;
	struct reader *reader;
	struct reading reading;
	struct err err;
};

static int
setup(void **state)
{
	static struct fixture f;

	f = (struct fixture){.reader = NULL};
	arena_init(&f.arena);
	f.reader = reader_open(&f.arena);
	*state = &f;
	return 0;
}

static int
teardown(void **state)
{
	struct fixture *f = *state;

	reader_close(f->reader);
	arena_release(&f->arena);
	return 0;
}

static void
assert_span(struct span got, const char *want)
{
	assert_int_equal(got.n, strlen(want));
	assert_memory_equal(got.p, want, got.n);
}

static void
assert_reads(struct fixture *f)
{
	struct mail m;

	assert_int_equal(reader_mail(f->reader, &f->arena, span_of(simple), 0,
			     &m, &f->reading, &f->err),
	    0);
	assert_span(m.subject, "Re: hello");
	assert_span(m.from[0].address, "ann@example.com");
	assert_span(m.text, "yes\n");
}

/* A mail comes back as struct mail; the next one uses the same child. */
static void
test_reads(void **state)
{
	struct fixture *f = *state;
	pid_t first;

	assert_reads(f);
	first = f->reader->pid;
	assert_reads(f);
	assert_int_equal(f->reader->pid, first);
}

/* Asking and taking in two steps give the mails in their order. */
static void
test_two_steps(void **state)
{
	struct fixture *f = *state;
	struct mail m;

	for (int i = 0; i < 5; i++) {
		struct span raw =
		    arena_spanf(&f->arena, "Subject: mail %d\n\nx\n", i);
		char want[24];

		snprintf(want, sizeof(want), "mail %d", i);
		assert_int_equal(reader_ask(f->reader, raw, 0, &f->err), 0);
		assert_int_equal(
		    reader_take(f->reader, &f->arena, &m, &f->reading, &f->err),
		    0);
		assert_span(m.subject, want);
	}
	/* Nothing was asked. */
	assert_int_equal(
	    reader_take(f->reader, &f->arena, &m, &f->reading, &f->err), -1);
}

static struct span
numbered(struct fixture *f, int i, size_t bytes)
{
	struct span head = arena_spanf(&f->arena, "Subject: mail %d\n\n", i);
	struct str out;

	str_init(&out, &f->arena, LIMIT_MAIL_BYTES);
	str_add(&out, head);
	str_fill(&out, 'x', bytes > head.n ? bytes - head.n : 1);
	return str_span(&out);
}

/* As many as there is room for are asked at once; none loses its place. */
static void
test_ahead(void **state)
{
	static const size_t sizes[] = {30, 3000, 9000, 40000, 70000, 300000};
	struct fixture *f = *state;
	int asked = 0, taken = 0, most = 0;

	while (taken < 60) {
		struct span raw =
		    numbered(f, asked, sizes[(size_t)(asked * 7 / 3) % 6]);
		struct mail m;
		char want[24];

		if (reader_room(f->reader, raw.n)) {
			assert_int_equal(
			    reader_ask(f->reader, raw, 0, &f->err), 0);
			asked++;
			most = asked - taken > most ? asked - taken : most;
			continue;
		}
		snprintf(want, sizeof(want), "mail %d", taken++);
		assert_int_equal(
		    reader_take(f->reader, &f->arena, &m, &f->reading, &f->err),
		    0);
		assert_span(m.subject, want);
	}
	assert_true(most <= AHEAD);
}

/* A child that dies over one of several: the first that is not answered. */
static void
test_killed_ahead(void **state)
{
	struct fixture *f = *state;
	struct mail m;

	assert_reads(f);
	kill(f->reader->pid, SIGSTOP);
	for (int i = 0; i < 3 && reader_room(f->reader, 100); i++)
		assert_int_equal(
		    reader_ask(f->reader, numbered(f, i, 100), 0, &f->err), 0);
	kill(f->reader->pid, SIGKILL);
	assert_int_equal(
	    reader_take(f->reader, &f->arena, &m, &f->reading, &f->err), -1);
	assert_int_equal(f->err.kind, ERR_ITEM);
	/* Those behind it are not asked any more. */
	err_clear(&f->err);
	assert_int_equal(
	    reader_take(f->reader, &f->arena, &m, &f->reading, &f->err), -1);
	assert_true(reader_room(f->reader, LIMIT_MAIL_BYTES));
	assert_reads(f);
}

/* A child that died between two mails costs neither of them. */
static void
test_killed_idle(void **state)
{
	struct fixture *f = *state;

	assert_reads(f);
	kill(f->reader->pid, SIGKILL);
	usleep(20000);
	assert_reads(f);
}

/* A child that dies over a mail: that mail fails, the next one is read. */
static void
test_killed_busy(void **state)
{
	struct fixture *f = *state;
	struct mail m = {.date_unix = 77};

	assert_reads(f);
	kill(f->reader->pid, SIGSTOP);
	assert_int_equal(reader_ask(f->reader, span_of(simple), 0, &f->err), 0);
	kill(f->reader->pid, SIGKILL);
	assert_int_equal(
	    reader_take(f->reader, &f->arena, &m, &f->reading, &f->err), -1);
	assert_int_equal(f->err.kind, ERR_ITEM);
	assert_int_equal(m.date_unix, 77); /* untouched */
	assert_reads(f);
}

/* A child that never answers is ended at its deadline. */
static void
test_stalled(void **state)
{
	struct fixture *f = *state;
	struct mail m;

	assert_reads(f);
	f->reader->limit_ms = 100;
	kill(f->reader->pid, SIGSTOP);
	assert_int_equal(reader_mail(f->reader, &f->arena, span_of(simple), 0,
			     &m, &f->reading, &f->err),
	    -1);
	assert_int_equal(f->err.kind, ERR_ITEM);
	assert_non_null(strstr(f->err.text, "seconds"));
	f->reader->limit_ms = LIMIT_READ_SECONDS * 1000;
	assert_reads(f);
}

/* A stalled child does not hold up a mail larger than the socket either. */
static void
test_stalled_large(void **state)
{
	struct fixture *f = *state;
	struct span raw;

	assert_reads(f);
	f->reader->limit_ms = 100;
	kill(f->reader->pid, SIGSTOP);
	raw = (struct span){
	    arena_alloc(&f->arena, LIMIT_MAIL_BYTES), LIMIT_MAIL_BYTES};
	assert_int_equal(reader_ask(f->reader, raw, 0, &f->err), -1);
	assert_int_equal(f->err.kind, ERR_ITEM);
}

/* --- a child that lies -------------------------------------------------- */

/* Puts a process in the child's place that sends these bytes to any mail. */
static void
impostor(struct fixture *f, struct span bytes)
{
	int pair[2];

	reader_close(f->reader);
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
	f->reader->pid = fork();
	assert_true(f->reader->pid >= 0);
	if (f->reader->pid == 0) {
		while (bytes.n > 0) {
			ssize_t n = write(pair[1], bytes.p, bytes.n);

			if (n <= 0)
				break;
			bytes = span_skip(bytes, (size_t)n);
		}
		shutdown(pair[1], SHUT_WR);
		for (;;)
			pause();
	}
	close(pair[1]);
	f->reader->fd = pair[0];
	f->reader->questions = 1;
}

/* The record of a mail, with its head. */
static struct span
record_of(struct fixture *f, const char *raw)
{
	struct wire_head head = {TELL_MAIL, 0, 0};
	struct record r = {.arena = &f->arena};
	struct reading says;
	struct mail m;
	struct str out;

	mime_prepare();
	mime_read(&f->arena, span_of(raw), NULL, &m);
	reply_read(&f->arena, &m, &says);
	str_init(&out, &f->arena, 1 << 20);
	str_add(&out, (struct span){(char *)&head, sizeof(head)});
	r.out = &out;
	record_mail(&r, &m);
	record_reading(&r, &m, &says);
	head.bytes = (uint32_t)(out.n - sizeof(head));
	memcpy(out.p, &head, sizeof(head));
	return str_span(&out);
}

static const struct {
	const char *why;
	uint32_t what, bytes; /* 0: as they should be */
	int at;               /* byte of the record that is changed, or -1 */
	char to;
	size_t cut, more; /* bytes taken off or put behind */
	int rc;
} lies[] = {
    {"the truth is believed", 0, 0, -1, 0, 0, 0, 0},
    {"an answer to another question", TELL_BUSY, 0, -1, 0, 0, 0, -1},
    {"an answer of no kind", 99, 0, -1, 0, 0, 0, -1},
    {"longer than any record", 0, LIMIT_RECORD_BYTES + 1, -1, 0, 0, 0, -1},
    {"four gigabytes", 0, UINT32_MAX, -1, 0, 0, 0, -1},
    {"a length of zero", 0, 0, -1, 0, 100000, 0, -1},
    {"it ends too soon", 0, 0, -1, 0, 4, 0, -1},
    {"something is left over", 0, 0, -1, 0, 0, 4, -1},
    {"more fields than there are bytes", 0, 0, 4, 0x70, 0, 0, -1},
    {"a first text longer than all", 0, 0, 2, 0x70, 0, 0, -1},
};

static void
test_lies(void **state)
{
	struct fixture *f = *state;

	f->reader->limit_ms = 2000;
	for (size_t i = 0; i < sizeof(lies) / sizeof(lies[0]); i++) {
		struct span whole = record_of(f, simple);
		struct wire_head head = {TELL_MAIL, 0, 0};
		struct mail m;
		struct str out;

		str_init(&out, &f->arena, 1 << 20);
		str_add(&out, whole);
		if (lies[i].at >= 0)
			out.p[sizeof(head) + (size_t)lies[i].at] = lies[i].to;
		if (lies[i].cut > 0)
			str_truncate(&out, lies[i].cut > out.n - sizeof(head)
					       ? sizeof(head)
					       : out.n - lies[i].cut);
		str_fill(&out, 'x', lies[i].more);
		head.bytes = (uint32_t)(out.n - sizeof(head));
		if (lies[i].what != 0)
			head.what = lies[i].what;
		if (lies[i].bytes != 0)
			head.bytes = lies[i].bytes;
		memcpy(out.p, &head, sizeof(head));
		impostor(f, str_span(&out));
		if (reader_mail(f->reader, &f->arena, span_of(simple), 0, &m,
			&f->reading, &f->err) != lies[i].rc)
			fail_msg("%s", lies[i].why);
		if (lies[i].rc < 0)
			assert_int_equal(f->err.kind, ERR_ITEM);
	}
}

/* --- the decoder -------------------------------------------------------- */

/* Puts one text into a mail; the decoder must say what is expected. */
static const struct {
	const char *why;
	const char *text, *html, *subject, *from;
	bool ok;
} records[] = {
    {"plain", "a\nb\n", "c", "d", "ann@example.com", true},
    {"marks in HTML's text", "", MARK_QUOTE "x" MARK_END, "", "", true},
    {"a mark in plain text", MARK_QUOTE "x", "", "", "", false},
    {"a mark in the subject", "", "", "x" MARK_END, "", false},
    {"a control character", "a\x01", "", "", "", false},
    {"a carriage return", "a\r\n", "", "", "", false},
    {"no UTF-8", "a\xff", "", "", "", false},
    {"no UTF-8 in HTML", "", "a\xc3", "", "", false},
    {"a subject of two lines", "", "", "a\nBcc: x", "", false},
    {"an address of two lines", "", "", "", "a@b.example\nx", false},
    {"an address with a bracket", "", "", "", "a@b.example>", false},
    {"a domain not in its one form", "", "", "", "a@B.example", false},
};

static void
test_records(void **state)
{
	struct fixture *f = *state;

	for (size_t i = 0; i < sizeof(records) / sizeof(records[0]); i++) {
		struct mail_address from = {SPAN(""), span_of(records[i].from)};
		struct record r = {.arena = &f->arena};
		struct mail m, back;
		struct str out;

		mime_read(&f->arena, SPAN(""), NULL, &m);
		m.text = span_of(records[i].text);
		m.html = span_of(records[i].html);
		m.subject = span_of(records[i].subject);
		m.from = &from;
		m.from_n = 1;
		str_init(&out, &f->arena, 1 << 20);
		r.out = &out;
		record_mail(&r, &m);
		r = (struct record){.arena = &f->arena, .in = str_span(&out)};
		record_mail(&r, &back);
		if (record_done(&r) != records[i].ok)
			fail_msg("%s", records[i].why);
		if (records[i].ok) {
			assert_span(back.text, records[i].text);
			assert_span(back.html, records[i].html);
		}
	}
}

/* What goes in comes out, whatever parts a mail has. */
static void
test_round_trip(void **state)
{
	static const char raw[] =
	    "From: \"B, A\" <a@b.example>, c@d.example\nTo: x@y.example\n"
	    "Cc: z@y.example\nReply-To: r@y.example\nSender: s@y.example\n"
	    "Return-Path: <>\nMessage-ID: <1@x>\nReferences: <2@x> <3@x>\n"
	    "Date: Mon, 23 Nov 2026 09:00:05 +0000\nSubject: =?utf-8?Q?=C3=A4?=\n"
	    "Content-Type: multipart/report; report-type=delivery-status; "
	    "boundary=b\n\n--b\n\nfailed\n--b\nContent-Type: "
	    "message/delivery-status\n\nAction: failed\n--b\nContent-Type: "
	    "message/rfc822\n\nSubject: sent\n\nold\n--b\nContent-Type: "
	    "text/csv; name=a.csv\n\na,b\n--b--\n";
	struct fixture *f = *state;
	struct mail m, want;

	assert_int_equal(reader_mail(f->reader, &f->arena, span_of(raw), 0, &m,
			     &f->reading, &f->err),
	    0);
	mime_prepare();
	mime_read(&f->arena, span_of(raw), NULL, &want);
	assert_int_equal(m.from_n, 2);
	assert_true(span_eq(m.from[0].name, want.from[0].name));
	assert_span(m.subject, "\xc3\xa4");
	assert_int_equal(m.references_n, 2);
	assert_span(m.references[0], "3@x");
	assert_true(m.has_return_path);
	assert_int_equal(m.date_unix, want.date_unix);
	assert_span(m.report.type, "delivery-status");
	assert_span(m.report.delivery, "Action: failed");
	assert_true(m.returned.present);
	assert_span(m.returned.header, "Subject: sent\n");
	assert_span(m.returned.text, "old");
	assert_int_equal(m.attachments_n, 1);
	assert_span(m.attachments[0].name, "a.csv");
	assert_span(m.attachments[0].bytes, "a,b");
}

/* Larger than a mail may be: the header is read, the rest refused. */
static void
test_too_large(void **state)
{
	struct fixture *f = *state;
	struct span raw = {
	    arena_alloc(&f->arena, LIMIT_MAIL_BYTES + 2), LIMIT_MAIL_BYTES};
	struct mail m;

	memset((char *)raw.p, 'x', raw.n + 2);
	memcpy((char *)raw.p, simple, sizeof(simple) - 1);
	assert_int_equal(
	    reader_mail(f->reader, &f->arena, raw, 0, &m, &f->reading, &f->err),
	    0);
	assert_span(m.refused, "");
	raw.n = LIMIT_MAIL_BYTES + 2;
	assert_int_equal(
	    reader_mail(f->reader, &f->arena, raw, 0, &m, &f->reading, &f->err),
	    0);
	assert_non_null(strstr(m.refused.p, "larger"));
	assert_span(m.subject, "Re: hello");
	assert_span(m.text, "");
}

/* --- the sandbox -------------------------------------------------------- */

/* No files, sockets, processes, programs, signals or code. */
static void
test_sandbox(void **state)
{
	struct fixture *f = *state;

	assert_string_equal(reader_self_test(f->reader, &f->arena), "on");
	assert_reads(f);
}

/* Charsets work in there: their tables were opened before. */
static void
test_charsets_inside(void **state)
{
	static const char raw[] =
	    "Subject: =?koi8-r?B?8NLJ18XU?=\n"
	    "Content-Type: text/plain; charset=gb2312\n\n\xc4\xe3\xba\xc3\n";
	struct fixture *f = *state;
	struct mail m;

	assert_int_equal(reader_mail(f->reader, &f->arena, span_of(raw), 0, &m,
			     &f->reading, &f->err),
	    0);
	assert_span(m.subject, "Привет");
	assert_span(m.text, "你好\n");
}

/* --- busy times --------------------------------------------------------- */

static void
test_busy(void **state)
{
	static const char feed[] =
	    "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\n"
	    "BEGIN:VEVENT\r\nUID:1\r\nDTSTAMP:20261101T000000Z\r\n"
	    "DTSTART:20261123T090000Z\r\nDTEND:20261123T100000Z\r\n"
	    "END:VEVENT\r\nBEGIN:VEVENT\r\nUID:2\r\nTRANSP:TRANSPARENT\r\n"
	    "DTSTART;VALUE=DATE:20261124\r\nEND:VEVENT\r\n"
	    "BEGIN:VEVENT\r\nUID:3\r\nSTATUS:CANCELLED\r\n"
	    "DTSTART;VALUE=DATE:20261126\r\nEND:VEVENT\r\n"
	    "END:VCALENDAR\r\n";
	enum {
		FROM = 1795392000 /* 2026-11-23 */
	};
	struct fixture *f = *state;
	struct zone zone = zone_utc();
	struct busy *list;
	size_t n = 0;

	assert_int_equal(reader_busy(f->reader, &f->arena, span_of(feed), &zone,
			     FROM, FROM + 5 * DAY, &list, &n, &f->err),
	    0);
	assert_int_equal(n, 1);
	assert_int_equal(list[0].start_unix, FROM + 9 * HOUR);
	assert_int_equal(list[0].end_unix, FROM + 10 * HOUR);
	/* A holiday is marked as free, and still one; not a cancelled one. */
	assert_int_equal(reader_holidays(f->reader, &f->arena, span_of(feed),
			     &zone, FROM, FROM + 5 * DAY, &list, &n, &f->err),
	    0);
	assert_int_equal(n, 2);
	assert_int_equal(list[1].start_unix, FROM + DAY);
	assert_int_equal(list[1].end_unix, FROM + 2 * DAY);
	/* No calendar at all: an error of this feed, the child goes on. */
	assert_int_equal(reader_busy(f->reader, &f->arena, SPAN("<html>"),
			     &zone, FROM, FROM + DAY, &list, &n, &f->err),
	    -1);
	assert_int_equal(f->err.kind, ERR_ITEM);
	assert_reads(f);
}

/* Pieces of the text are told by where they stand; nothing else is believed. */
static void
test_readings(void **state)
{
	static const struct {
		const char *why;
		int from_end; /* of the record, the byte to change; 0 = none */
		char to;
		bool bad;
	} cases[] = {
	    {"as it is told", 0, 0, false},
	    {"a kind that is none", 60, 9, true},
	    {"a piece from behind the end", 40, 4, true},
	    {"a piece that is too long", 36, 4, true},
	    {"a piece of nothing", 36, 0, true},
	    {"a count of bounces without them", 8, 1, true},
	};
	struct fixture *f = *state;

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct mail m = {.text = SPAN("yes")};
		struct reading says = {
		    .new_text = m.text, .whole_text = m.text};
		struct record r = {.arena = &f->arena};
		struct str out;

		str_init(&out, &f->arena, 4096);
		r.out = &out;
		record_reading(&r, &m, &says);
		if (cases[i].from_end > 0)
			out.p[out.n - (size_t)cases[i].from_end] = cases[i].to;
		r = (struct record){.arena = &f->arena, .in = str_span(&out)};
		says = (struct reading){.kind = MAIL_REFUSED};
		record_reading(&r, &m, &says);
		if (record_done(&r) == cases[i].bad)
			print_message("%s (%zu bytes)\n", cases[i].why, out.n);
		assert_true(record_done(&r) != cases[i].bad);
		if (!cases[i].bad) {
			assert_span(says.new_text, "yes");
			assert_ptr_equal(says.new_text.p, m.text.p);
			assert_int_equal(says.kind, MAIL_HUMAN);
		}
	}
}

/* A mail without a date is of the time it arrived. */
static void
test_arrival(void **state)
{
	struct fixture *f = *state;
	struct mail m;

	assert_int_equal(reader_mail(f->reader, &f->arena, span_of(simple),
			     1800000000, &m, &f->reading, &f->err),
	    0);
	assert_int_equal(m.date_unix, 1800000000);
	assert_span(f->reading.new_text, "yes");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(test_reads, setup, teardown),
	    cmocka_unit_test_setup_teardown(test_two_steps, setup, teardown),
	    cmocka_unit_test_setup_teardown(test_ahead, setup, teardown),
	    cmocka_unit_test_setup_teardown(test_killed_ahead, setup, teardown),
	    cmocka_unit_test_setup_teardown(test_killed_idle, setup, teardown),
	    cmocka_unit_test_setup_teardown(test_killed_busy, setup, teardown),
	    cmocka_unit_test_setup_teardown(test_stalled, setup, teardown),
	    cmocka_unit_test_setup_teardown(
		test_stalled_large, setup, teardown),
	    cmocka_unit_test_setup_teardown(test_lies, setup, teardown),
	    cmocka_unit_test_setup_teardown(test_records, setup, teardown),
	    cmocka_unit_test_setup_teardown(test_round_trip, setup, teardown),
	    cmocka_unit_test_setup_teardown(test_too_large, setup, teardown),
	    cmocka_unit_test_setup_teardown(test_sandbox, setup, teardown),
	    cmocka_unit_test_setup_teardown(
		test_charsets_inside, setup, teardown),
	    cmocka_unit_test_setup_teardown(test_busy, setup, teardown),
	    cmocka_unit_test_setup_teardown(test_readings, setup, teardown),
	    cmocka_unit_test_setup_teardown(test_arrival, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
