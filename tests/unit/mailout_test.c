/* Mail goes out as it was rendered; what the other side said is kept. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka wants the above first */
#include <cmocka.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/command.h"
#include "base/file.h"
#include "base/num.h"
#include "mailout/mailout.h"
#include "mailout/smtp_int.h"
#include "unit/scratch.h"

static int
setup(void **state)
{
	(void)state;
	scratch_open("mailout");
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	scratch_close();
	return 0;
}

static struct mailout *
open_sink(struct span url)
{
	struct mailout_settings s = {
	    .url = url, .durable = true, .timeout_seconds = 1};
	struct mailout *m;
	struct err err = {0};

	if (mailout_open(&arena, &s, &m, &err) < 0)
		fail_msg("%s", err.text);
	return m;
}

static struct mailout_mail
mail(int64_t id, const char *bytes)
{
	return (struct mailout_mail){.id = id,
	    .from = SPAN("rmail@example.org"),
	    .to = SPAN("ann@example.org"),
	    .bytes = span_of(bytes)};
}

static struct mailout_answer
send_one(struct mailout *m, const struct mailout_mail *one)
{
	struct mailout_answer a = {0};
	struct err err = {0};

	assert_true(mailout_room(m, one->bytes.n));
	if (mailout_put(m, one, &err) < 0)
		fail_msg("%s", err.text);
	assert_int_equal(mailout_take(m, &arena, &a, &err), 1);
	assert_int_equal(a.id, one->id);
	assert_true(mailout_room(m, one->bytes.n));
	return a;
}

static int
count(const char *dir)
{
	DIR *d = opendir(in(dir));
	struct dirent *de;
	int n = 0;

	while (d != NULL && (de = readdir(d)) != NULL)
		n += de->d_name[0] != '.';
	closedir(d);
	return n;
}

static void
a_folder_takes_each_mail_once(void **state)
{
	struct mailout *m = open_sink(arena_spanf(&arena, "maildir:%s", top));
	struct mailout_mail one = mail(7, "Subject: a\r\n\r\nx\r\n");
	struct mailout_mail other = mail(7, "Subject: b\r\n\r\nx\r\n");
	struct mailout_answer a;
	struct span bytes;
	struct err err = {0};
	char *path;

	(void)state;
	a = send_one(m, &one);
	assert_int_equal(a.result, MAILOUT_SENT);
	send_one(m, &one);
	assert_int_equal(count("new"), 1);
	assert_int_equal(count("tmp"), 0);
	path = arena_printf(
	    &arena, "%s/new/%.*s", top, (int)a.queue_id.n, a.queue_id.p);
	assert_int_equal(file_read(&arena, path, 1000, &bytes, &err), 0);
	assert_true(span_eq(bytes, one.bytes));
	/* A mail reader has taken it; the repeat changes nothing. */
	rename(path, arena_printf(&arena, "%s/cur/%.*s:2,S", top,
			 (int)a.queue_id.n, a.queue_id.p));
	send_one(m, &one);
	assert_int_equal(count("new"), 0);
	/* Another database's row 7 is another mail. */
	send_one(m, &other);
	assert_int_equal(count("new"), 1);
	mailout_close(m);
}

static void
what_is_no_mail_is_not_sent(void **state)
{
	static const struct {
		const char *from, *to, *bytes, *why;
	} cases[] = {
	    {"a@b.org", "c@d.org\r\nRCPT TO:<e@f.org>", "x\r\n",
		"a line end in the recipient"},
	    {"a@b.org> BODY=8BIT", "c@d.org", "x\r\n", "blank in the sender"},
	    {"a@b.org", "c", "x\r\n", "no domain"},
	    {"a@b.org", "", "x\r\n", "no recipient"},
	    {"a@b.org", "c@d.org", "", "empty"},
	    {"a@b.org", "c@d.org", "a\n.\nMAIL FROM:<x>\r\n", "bare LF"},
	    {"a@b.org", "c@d.org", "a\r.\r\n", "bare CR"},
	    {"a@b.org", "c@d.org", "a\r", "CR at the end"},
	    {"a@b.org", "c@d.org", "a\r\r\n", "CR CR LF"},
	};
	struct mailout *m = open_sink(arena_spanf(&arena, "maildir:%s", top));

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct mailout_mail one = {.id = 1,
		    .from = span_of(cases[i].from),
		    .to = span_of(cases[i].to),
		    .bytes = span_of(cases[i].bytes)};
		struct err err = {0};

		if (mailout_put(m, &one, &err) == 0 || err.kind != ERR_ITEM)
			fail_msg("%s went out", cases[i].why);
	}
	assert_int_equal(count("new"), 0);
	mailout_close(m);
}

static void
script(const char *text)
{
	struct err err;

	assert_int_equal(
	    file_write(in("sendmail"), span_of(text), false, &err), 0);
	assert_int_equal(chmod(in("sendmail"), 0700), 0);
}

static void
sendmail_gets_words_and_lines(void **state)
{
	struct mailout *m;
	struct mailout_mail one = mail(1, "Subject: a\r\n\r\n.\r\nx\r\n");
	struct span got;
	struct err err;

	(void)state;
	script("#!/bin/sh\ncd \"${0%/*}\"\n"
	       "for w; do echo \"[$w]\"; done >words\ncat >body\n");
	m = open_sink(
	    arena_spanf(&arena, "sendmail:%s -O 'a b'", in("sendmail")));
	assert_int_equal(send_one(m, &one).result, MAILOUT_SENT);
	assert_int_equal(file_read(&arena, in("words"), 999, &got, &err), 0);
	assert_string_equal(got.p, "[-O]\n[a b]\n[-i]\n[-f]\n"
				   "[rmail@example.org]\n[--]\n"
				   "[ann@example.org]\n");
	assert_int_equal(file_read(&arena, in("body"), 999, &got, &err), 0);
	assert_string_equal(got.p, "Subject: a\n\n.\nx\n");
	one.from = SPAN("");
	send_one(m, &one);
	assert_int_equal(file_read(&arena, in("words"), 999, &got, &err), 0);
	assert_true(span_has(got, "[-f]\n[<>]\n"));
	one.from = SPAN("-oQ/tmp@example.org");
	assert_int_equal(mailout_put(m, &one, &err), -1);
	mailout_close(m);
}

static void
sendmail_exit_codes_are_understood(void **state)
{
	static const struct {
		const char *does;
		enum mailout_result want;
		bool bad_address;
		const char *says, *why;
	} cases[] = {
	    {"cat >/dev/null", MAILOUT_SENT, false, "", "taken"},
	    {"cat >/dev/null; echo no such user >&2; exit 67", MAILOUT_REFUSED,
		true, "no such user", "EX_NOUSER"},
	    {"cat >/dev/null; exit 68", MAILOUT_REFUSED, false, "exit code 68",
		"EX_NOHOST"},
	    {"exit 65", MAILOUT_REFUSED, false, "exit code 65", "no reading"},
	    {"exit 75", MAILOUT_LATER, false, "", "EX_TEMPFAIL"},
	    {"exit 69", MAILOUT_LATER, false, "", "EX_UNAVAILABLE"},
	    {"exit 74", MAILOUT_LATER, false, "", "EX_IOERR"},
	    {"exit 77", MAILOUT_STOP, false, "", "EX_NOPERM"},
	    {"exit 78", MAILOUT_STOP, false, "", "EX_CONFIG"},
	    {"cat >/dev/null; kill -9 $$", MAILOUT_UNKNOWN, false, "signal 9",
		"killed after it had all"},
	    {"cat >/dev/null; exec sleep 9", MAILOUT_UNKNOWN, false,
		"no end in 1", "hangs after it had all"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct mailout_mail one = mail(1, "Subject: a\r\n\r\nx\r\n");
		struct mailout_answer a;
		struct mailout *m;

		script(arena_printf(&arena, "#!/bin/sh\n%s\n", cases[i].does));
		m = open_sink(
		    arena_spanf(&arena, "sendmail:%s", in("sendmail")));
		a = send_one(m, &one);
		if (a.result != cases[i].want ||
		    a.bad_address != cases[i].bad_address ||
		    !span_has(a.text, cases[i].says))
			fail_msg("%s: result %d, %.*s", cases[i].why,
			    (int)a.result, (int)a.text.n, a.text.p);
		mailout_close(m);
	}
}

static void
sinks_that_cannot_be_opened_say_why(void **state)
{
	static const char *const urls[] = {
	    "", "ftp://x", "sendmail:", "maildir:/proc/nothing"};

	(void)state;
	for (size_t i = 0; i < sizeof(urls) / sizeof(urls[0]); i++) {
		struct mailout_settings s = {.url = span_of(urls[i])};
		struct mailout *m;
		struct err err = {0};

		assert_int_equal(mailout_open(&arena, &s, &m, &err), -1);
		assert_int_equal(err.kind, ERR_STOP);
		assert_true(strlen(err.text) > 10);
	}
}

static void
a_missing_sendmail_fails_the_sink(void **state)
{
	struct mailout *m = open_sink(SPAN("sendmail:/nonexistent/sendmail"));
	struct mailout_mail one = mail(1, "Subject: a\r\n\r\nx\r\n");
	struct err err = {0};

	(void)state;
	assert_int_equal(mailout_put(m, &one, &err), -1);
	assert_int_equal(err.kind, ERR_STOP);
	mailout_close(m);
}

static void
verdicts_follow_code_then_enhanced_code_then_stage(void **state)
{
	static const struct {
		enum smtp_stage stage;
		enum smtp_end end;
		int code;
		const char *reply;
		bool body_sent;
		enum mailout_result want;
		const char *why;
	} cases[] = {
	    {SMTP_DATA, SMTP_END_OK, 250, "2.0.0 Ok", true, MAILOUT_SENT,
		"taken"},
	    {SMTP_DATA, SMTP_END_NETWORK, 354, "go on", true, MAILOUT_UNKNOWN,
		"354, all sent, silence"},
	    {SMTP_DATA, SMTP_END_NETWORK, 354, "go on", false, MAILOUT_LATER,
		"cut in the body: it cannot have been taken"},
	    {SMTP_CONNECT, SMTP_END_NETWORK, 0, "", false, MAILOUT_LATER,
		"connection refused"},
	    {SMTP_CONNECT, SMTP_END_NETWORK, 554, "no", false, MAILOUT_LATER,
		"no service"},
	    {SMTP_CONNECT, SMTP_END_NETWORK, 421, "busy", false, MAILOUT_LATER,
		"busy"},
	    {SMTP_CONNECT, SMTP_END_TLS, 0, "", false, MAILOUT_STOP,
		"bad certificate"},
	    {SMTP_STARTTLS, SMTP_END_TLS, 454, "4.7.0 not now", false,
		MAILOUT_LATER, "TLS not available now"},
	    {SMTP_AUTH, SMTP_END_AUTH, 535, "5.7.8 bad", false, MAILOUT_STOP,
		"wrong password"},
	    {SMTP_AUTH, SMTP_END_AUTH, 334, "eyJ", false, MAILOUT_STOP,
		"token refused twice"},
	    {SMTP_AUTH, SMTP_END_AUTH, 454, "4.7.0 later", false, MAILOUT_LATER,
		"login service down"},
	    {SMTP_MAIL, SMTP_END_NETWORK, 550, "5.7.1 not your sender", false,
		MAILOUT_STOP, "our sender is refused"},
	    {SMTP_MAIL, SMTP_END_NETWORK, 530, "5.7.0 auth", false,
		MAILOUT_STOP, "login wanted"},
	    {SMTP_RCPT, SMTP_END_NETWORK, 450, "4.7.1 greylisted", false,
		MAILOUT_LATER, "greylisted"},
	    {SMTP_RCPT, SMTP_END_NETWORK, 550, "5.1.1 unknown", false,
		MAILOUT_REFUSED, "no such person"},
	    {SMTP_RCPT, SMTP_END_NETWORK, 550, "5.7.1 policy", false,
		MAILOUT_REFUSED, "this recipient's policy"},
	    {SMTP_RCPT, SMTP_END_NETWORK, 552, "5.2.2 full", false,
		MAILOUT_LATER, "full today"},
	    {SMTP_DATA, SMTP_END_NETWORK, 552, "5.3.4 too big", false,
		MAILOUT_REFUSED, "too large"},
	    {SMTP_DATA, SMTP_END_NETWORK, 550, "5.7.515 not aligned", true,
		MAILOUT_STOP, "bulk sender rules"},
	    {SMTP_DATA, SMTP_END_NETWORK, 554, "5.6.0 bad content", true,
		MAILOUT_REFUSED, "content"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct smtp_outcome o = {.stage = cases[i].stage,
		    .end = cases[i].end,
		    .code = cases[i].code,
		    .enhanced = smtp_enhanced(span_of(cases[i].reply)),
		    .body_sent = cases[i].body_sent};

		if (smtp_judge(&o) != cases[i].want)
			fail_msg("%s: %d", cases[i].why, (int)smtp_judge(&o));
	}
	assert_true(span_is(smtp_enhanced(SPAN("5.7.515 x")), "5.7.515"));
	assert_int_equal(smtp_enhanced(SPAN("5.7 x")).n, 0);
	assert_int_equal(smtp_enhanced(SPAN("5.1.1x")).n, 0);
	assert_int_equal(smtp_enhanced(SPAN("5.1.1234 x")).n, 0);
	assert_true(
	    span_is(smtp_queue_id(SPAN("2.0.0 Ok: queued as 4Xq")), "4Xq"));
	assert_true(span_is(smtp_queue_id(SPAN("OK id=1s-2")), "1s-2"));
}

int
main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
	const struct CMUnitTest tests[] = {
	    T(a_folder_takes_each_mail_once),
	    T(what_is_no_mail_is_not_sent),
	    T(sendmail_gets_words_and_lines),
	    T(sendmail_exit_codes_are_understood),
	    T(sinks_that_cannot_be_opened_say_why),
	    T(a_missing_sendmail_fails_the_sink),
	    T(verdicts_follow_code_then_enhanced_code_then_stage),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
