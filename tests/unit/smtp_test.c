/*
 * SMTP against servers that misbehave: who is not proven gets no login and no
 * mail, and what became of each mail is told as it was.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka wants the above first */
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "mailout/mailout.h"
#include "unit/fakes.h"

static char *key_pin, *certificate_pin;

#define USER     "mentoring"
#define PASSWORD "s3cret\"word\\"
#define TOKEN    "ya29.t0ken"

/* --- what is tried -------------------------------------------------------- */

struct attempt {
	const char *why;
	const char *options; /* of tests/e2e/fakes/smtp.py, behind tls */
	enum mailout_result result;
	int code;
	const char *said;
	bool token;
	const char *pin; /* "key", "certificate", else as it is */
	bool system_ca;
};

/* Nobody of these may see a byte of login or mail; by TLS and STARTTLS. */
static const struct attempt untrusted[] = {
    {"nobody vouches for it", "auth,cert=selfsigned", MAILOUT_STOP, 0,
	"certificate", false, NULL, false},
    {"it is another's certificate", "auth,cert=wrongname", MAILOUT_STOP, 0, "",
	false, NULL, false},
    {"its time is over", "auth,cert=expired", MAILOUT_STOP, 0, "", false, NULL,
	false},
    {"by a stranger's authority", "auth,cert=unknown", MAILOUT_STOP, 0,
	"certificate", false, NULL, false},
    {"the system knows not our authority", "auth", MAILOUT_STOP, 0,
	"certificate", false, NULL, true},
    {"TLS 1.0 is too old", "auth,tls10", MAILOUT_STOP, 0, "", false, NULL,
	false},
    {"TLS 1.1 is too old", "auth,tls11", MAILOUT_STOP, 0, "", false, NULL,
	false},
    {"plain text in place of TLS", "auth,junk", MAILOUT_STOP, 0, "", false,
	NULL, false},
    {"the handshake is cut", "auth,reset", MAILOUT_STOP, 0, "", false, NULL,
	false},
    {"the handshake stands still", "auth,stall", MAILOUT_LATER, 0, "", false,
	NULL, false},
    {"another key than the pinned", "auth", MAILOUT_STOP, 0, "", false,
	"0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
	false},
    {"a pin of the certificate, where one of its key is wanted", "auth",
	MAILOUT_STOP, 0, "", false, "certificate", false},
    {"a stranger gets no token either", "auth,cert=selfsigned", MAILOUT_STOP, 0,
	"certificate", true, NULL, false},
    {"no AUTH is offered", "noauth", MAILOUT_STOP, 530, "did not ask", false,
	NULL, false},
    {"no AUTH is offered for the token", "noauth", MAILOUT_STOP, 530,
	"did not ask", true, NULL, false},
};

/* Only where there is something to upgrade. */
static const struct attempt stripped[] = {
    {"STARTTLS is not offered", "auth,strip", MAILOUT_STOP, 0, "", false, NULL,
	false},
    {"STARTTLS is not offered to a token", "auth,strip", MAILOUT_STOP, 0, "",
	true, NULL, false},
    {"STARTTLS is refused", "auth,starttls-refuse", MAILOUT_STOP, 0, "", false,
	NULL, false},
    {"no TLS for now", "auth,starttls-454", MAILOUT_LATER, 454, "not available",
	false, NULL, false},
    {"more in clear behind the consent", "auth,starttls-inject", MAILOUT_STOP,
	0, "", false, NULL, false},
    {"AUTH is offered before TLS alone", "earlyauth", MAILOUT_STOP, 530,
	"did not ask", false, NULL, false},
};

static const struct attempt logins[] = {
    {"a wrong password", "auth535", MAILOUT_STOP, 535, "no", false, NULL,
	false},
    {"a token that has expired", "auth535,mechs=XOAUTH2", MAILOUT_STOP, 535, "",
	true, NULL, false},
    {"the same by OAUTHBEARER", "auth535", MAILOUT_STOP, 535, "", true, NULL,
	false},
    {"the login service is down", "auth454", MAILOUT_LATER, 454, "not now",
	false, NULL, false},
    {"AUTH PLAIN", "auth", MAILOUT_SENT, 250, "", false, NULL, false},
    {"AUTH LOGIN", "auth,mechs=LOGIN", MAILOUT_SENT, 250, "", false, NULL,
	false},
    {"OAUTHBEARER", "auth", MAILOUT_SENT, 250, "", true, NULL, false},
    {"XOAUTH2", "auth,mechs=LOGIN+XOAUTH2", MAILOUT_SENT, 250, "", true, NULL,
	false},
    {"a token is no password", "auth,mechs=PLAIN+LOGIN", MAILOUT_STOP, 535, "",
	true, NULL, false},
    {"the pin stands in place of the chain", "auth", MAILOUT_SENT, 250, "",
	false, "key", true},
};

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

/* --- the servers ---------------------------------------------------------- */

static const char *
options_of(const char *tls, const char *more)
{
	return arena_printf(
	    &arena, "%s%s%s", tls, *more != '\0' ? "," : "", more);
}

static void
will_need_all(const struct attempt *a, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		will_need(options_of("tls", a[i].options));
		will_need(options_of("starttls", a[i].options));
	}
}

static int
setup(void **state)
{
	(void)state;
	scratch_open("smtp");
	shell(arena_printf(&arena, "sh tests/e2e/fakes/certs.sh %s", top));
	/* As man/rmail.conf.5 says it. */
	key_pin = arena_strdup(
	    &arena, shell(arena_printf(&arena,
			"openssl x509 -in %s/good.crt -noout -pubkey |"
			"openssl pkey -pubin -outform DER | sha256sum |"
			"cut -d ' ' -f 1",
			top)));
	certificate_pin = arena_strdup(&arena,
	    shell(arena_printf(&arena,
		"openssl x509 -in %s/good.crt -outform DER | sha256sum |"
		"cut -d ' ' -f 1",
		top)));
	will_need_all(untrusted, COUNT(untrusted));
	will_need_all(stripped, COUNT(stripped));
	will_need_all(logins, COUNT(logins));
	will_need("plain");
	will_need("size=1000");
	will_need("utf8");
	will_need("slow");
	will_need("noquit");
	will_need("narrow,size=5000000");
	fakes_start("tests/e2e/fakes/smtp.py", in("log"));
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	fakes_stop();
	scratch_close();
	return 0;
}

/* --- helpers -------------------------------------------------------------- */

static struct mailout *
open_smtp(const char *options, const char *scheme, struct mailout_settings s)
{
	struct mailout *m;
	struct err err = {0};

	s.url = arena_spanf(&arena, "%s://localhost:%lld", scheme,
	    (long long)servers[server_of(options)].port);
	s.timeout_seconds = 1;
	if (mailout_open(&arena, &s, &m, &err) < 0)
		fail_msg("%s", err.text);
	return m;
}

/* What the clients of this server have said so far. */
static struct span
heard(const char *options)
{
	size_t n = server_of(options);
	struct span got;
	struct err err;

	assert_int_equal(
	    file_read(&arena,
		n == 0 ? in("log") : arena_printf(&arena, "%s/log.%zu", top, n),
		1 << 20, &got, &err),
	    0);
	return got;
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

static bool
has_secret(struct span text)
{
	static const char *const secrets[] = {"AUTH", "s3cret", TOKEN, USER,
	    "RCPT", "BODY", "Subject",
	    /* \0 user \0 password, user, password, in base64 */
	    "AG1lbnRvcmluZ", "bWVudG9yaW5n", "czNjcmV0"};

	for (size_t i = 0; i < COUNT(secrets); i++)
		if (span_has(text, secrets[i]))
			return true;
	return false;
}

static void
attempt(const struct attempt *a, bool starttls, bool silent)
{
	const char *options =
	    options_of(starttls ? "starttls" : "tls", a->options);
	size_t before = heard(options).n;
	struct mailout_settings s = {.user = SPAN(USER),
	    .password = SPAN(PASSWORD),
	    .ca_file = span_of(in("ca.pem")),
	    .starttls = starttls};
	struct mailout_mail one = mail(1, "Subject: a\r\n\r\nx\r\n");
	struct mailout_answer answer;
	struct mailout *m;
	struct span log;

	if (a->token) {
		s.password = SPAN("");
		s.token = SPAN(TOKEN);
	}
	if (a->pin != NULL)
		s.pin_sha256 = span_of(strcmp(a->pin, "key") == 0 ? key_pin
				       : *a->pin == 'c' ? certificate_pin
							: a->pin);
	if (a->system_ca)
		s.ca_file = SPAN("");
	m = open_smtp(options, starttls ? "smtp" : "smtps", s);
	answer = send_one(m, &one);
	mailout_close(m);
	if (answer.result != a->result || answer.code != a->code ||
	    !span_casehas(answer.text, a->said))
		fail_msg("%s (%s): result %d code %d %.*s", a->why, options,
		    (int)answer.result, answer.code, (int)answer.text.n,
		    answer.text.p);
	assert_false(span_has(answer.text, "s3cret"));
	assert_false(span_has(answer.text, TOKEN));
	log = span_skip(heard(options), before);
	if (silent && has_secret(log))
		fail_msg(
		    "%s (%s): heard %.*s", a->why, options, (int)log.n, log.p);
}

static void
attempts(const struct attempt *a, size_t n, bool silent)
{
	for (size_t i = 0; i < n; i++) {
		attempt(&a[i], true, silent);
		/* What stands still costs its whole second each time. */
		if (strstr(a[i].options, "stall") == NULL)
			attempt(&a[i], false, silent);
	}
}

/* --- tests ---------------------------------------------------------------- */

static void
who_is_not_proven_hears_no_login_and_no_mail(void **state)
{
	(void)state;
	attempts(untrusted, COUNT(untrusted), true);
	for (size_t i = 0; i < COUNT(stripped); i++)
		attempt(&stripped[i], true, true);
}

static void
logins_end_as_they_should(void **state)
{
	(void)state;
	attempts(logins, COUNT(logins), false);
	/* The words really were those that the mechanism wants. */
	assert_true(span_has(heard("tls,auth"), "AUTH OAUTHBEARER"));
	assert_true(
	    span_has(heard("tls,auth,mechs=LOGIN+XOAUTH2"), "AUTH XOAUTH2"));
	assert_true(span_has(heard("tls,auth,mechs=LOGIN"), "czNjcmV0"));
	assert_true(span_has(heard("tls,auth"), "AG1lbnRvcmluZ"));
}

static void
smtp_says_what_became_of_each_mail(void **state)
{
	static const struct {
		const char *to;
		enum mailout_result want;
		int code;
		bool bad_address;
		const char *why;
	} cases[] = {
	    {"ann@x.org", MAILOUT_SENT, 250, false, "taken"},
	    {"rcpt550-5.1.1@x.org", MAILOUT_REFUSED, 550, true, "unknown"},
	    {"rcpt550-5.7.1@x.org", MAILOUT_REFUSED, 550, false, "policy"},
	    {"rcpt450-4.7.1@x.org", MAILOUT_LATER, 450, false, "greylisted"},
	    {"rcpt552-5.2.2@x.org", MAILOUT_LATER, 552, false, "full"},
	    {"data451-4.3.0@x.org", MAILOUT_LATER, 451, false, "at DATA"},
	    {"dot554-5.6.0@x.org", MAILOUT_REFUSED, 554, false, "content"},
	    {"dot452-4.2.2@x.org", MAILOUT_LATER, 452, false, "later"},
	    {"rcpt421-4.3.2@x.org", MAILOUT_LATER, 421, false, "goes away"},
	    {"dropdot@x.org", MAILOUT_UNKNOWN, 0, false,
		"dropped behind the dot"},
	    {"mutedot@x.org", MAILOUT_UNKNOWN, 0, false,
		"silent behind the dot"},
	    {"bob@x.org", MAILOUT_SENT, 250, false, "and on it goes"},
	};
	struct mailout *m = open_smtp(
	    "plain", "smtp", (struct mailout_settings){.connections = 1});

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct mailout_mail one =
		    mail(1, "Subject: a\r\n\r\n.dot\r\n.\r\nx\r\n");
		struct mailout_answer a;

		one.to = span_of(cases[i].to);
		a = send_one(m, &one);
		if (a.result != cases[i].want || a.code != cases[i].code ||
		    a.bad_address != cases[i].bad_address)
			fail_msg("%s: result %d code %d %.*s", cases[i].why,
			    (int)a.result, a.code, (int)a.text.n, a.text.p);
		if (a.result == MAILOUT_SENT)
			assert_true(span_is(a.queue_id, "Q1"));
	}
	mailout_close(m);
	assert_true(span_has(heard("plain"), "\\r\\n..dot\\r\\n..\\r\\n"));
}

static void
several_senders_work_side_by_side(void **state)
{
	struct mailout *m = open_smtp(
	    "slow", "smtp", (struct mailout_settings){.connections = 4});
	struct err err = {0};
	int seen = 0, under_way = 0;

	(void)state;
	for (int i = 1; i <= 12 || under_way > 0;) {
		struct mailout_answer a;

		while (i <= 12 && mailout_room(m, 100)) {
			struct mailout_mail one =
			    mail(i++, "Subject: a\r\n\r\nx\r\n");

			assert_int_equal(mailout_put(m, &one, &err), 0);
			under_way++;
		}
		assert_int_equal(mailout_take(m, &arena, &a, &err), 1);
		assert_int_equal(a.result, MAILOUT_SENT);
		assert_false((seen & 1 << a.id) != 0);
		seen |= 1 << a.id;
		under_way--;
	}
	assert_int_equal(seen, 0x1ffe);
	mailout_close(m);
}

static void
smtp_settings_are_checked(void **state)
{
	static const struct {
		struct mailout_settings s;
		const char *says;
	} cases[] = {
	    {{.url = SPAN("smtp://mail.example.org")}, "in clear"},
	    {{.url = SPAN("smtp:mail.example.org")}, "is written as"},
	    {{.url = SPAN("smtps://me:pw@mail.example.org")}, "is written as"},
	    {{.url = SPAN("smtps://")}, "is written as"},
	    {{.url = SPAN("smtps://h"), .pin_sha256 = SPAN("12")}, "pin"},
	    {{.url = SPAN("smtps://h"), .helo = SPAN("a b")}, "greet"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct mailout *m;
		struct err err = {0};

		assert_int_equal(
		    mailout_open(&arena, &cases[i].s, &m, &err), -1);
		if (strstr(err.text, cases[i].says) == NULL)
			fail_msg("%s", err.text);
	}
}

/* F23: more was left to be said, so it cannot have been taken. */
static void
a_body_that_is_cut_was_not_sent(void **state)
{
	enum {
		BIG = 4000000
	};
	struct mailout *m = open_smtp("narrow,size=5000000", "smtp",
	    (struct mailout_settings){.connections = 1});
	char *big = arena_alloc(&arena, BIG);
	struct mailout_mail one = {.id = 1,
	    .from = SPAN("rmail@example.org"),
	    .to = SPAN("dropdata@example.org"),
	    .bytes = {big, BIG}};
	struct mailout_answer a;

	(void)state;
	for (int i = 0; i < BIG; i += 50) {
		memset(big + i, 'x', 48);
		big[i + 48] = '\r';
		big[i + 49] = '\n';
	}
	a = send_one(m, &one);
	assert_int_equal(a.result, MAILOUT_LATER);
	assert_int_equal(a.code, 0);
	assert_false(a.enough);
	mailout_close(m);
}

/* The server's limit is known before the mail is sent, also the first time. */
static void
what_is_too_large_is_not_sent(void **state)
{
	struct mailout *m = open_smtp(
	    "size=1000", "smtp", (struct mailout_settings){.connections = 1});
	char *text = arena_alloc(&arena, 1201);
	struct mailout_answer a;
	struct mailout_mail one;

	(void)state;
	memset(text, 'x', 1198);
	memcpy(text, "Subject: ", 9);
	memcpy(text + 20, "\r\n\r\n", 4);
	memcpy(text + 1198, "\r\n", 2);
	one = mail(1, text);
	for (int i = 0; i < 2; i++) {
		a = send_one(m, &one);
		assert_int_equal(a.result, MAILOUT_REFUSED);
		assert_int_equal(a.code, 552);
		assert_true(span_is(a.enhanced, "5.3.4"));
		assert_true(span_has(a.text, "1000"));
		assert_false(a.bad_address);
	}
	one = mail(2, "Subject: a\r\n\r\nx\r\n");
	assert_int_equal(send_one(m, &one).result, MAILOUT_SENT);
	mailout_close(m);
	assert_false(span_has(heard("size=1000"), "xxxx"));
}

/* RFC 6531: such an address goes only to who can take it. */
static void
letters_beyond_ascii_need_a_server_that_takes_them(void **state)
{
	static const char *const options[] = {"plain", "utf8"};

	(void)state;
	for (int utf8 = 0; utf8 < 2; utf8++) {
		struct mailout *m = open_smtp(options[utf8], "smtp",
		    (struct mailout_settings){.connections = 1});
		struct mailout_mail one = mail(1, "Subject: a\r\n\r\nx\r\n");
		struct mailout_answer a;

		one.to = SPAN("j\xc3\xbcrgen@example.org");
		a = send_one(m, &one);
		assert_int_equal(
		    a.result, utf8 ? MAILOUT_SENT : MAILOUT_REFUSED);
		if (!utf8)
			assert_true(span_is(a.enhanced, "5.6.7"));
		one.to = SPAN("juergen@example.org");
		assert_int_equal(send_one(m, &one).result, MAILOUT_SENT);
		mailout_close(m);
		assert_true(
		    span_has(heard(options[utf8]), "j\xc3\xbc") == (utf8 == 1));
	}
}

/* F27: what has been taken stays taken. */
static void
a_server_that_hangs_up_at_the_end_has_the_mail(void **state)
{
	struct mailout *m = open_smtp(
	    "noquit", "smtp", (struct mailout_settings){.connections = 1});
	struct mailout_mail one = mail(1, "Subject: a\r\n\r\nx\r\n");

	(void)state;
	assert_int_equal(send_one(m, &one).result, MAILOUT_SENT);
	mailout_close(m);
	assert_true(span_has(heard("noquit"), "QUIT"));
}

int
main(void)
{
#define T(f) cmocka_unit_test(f)
	const struct CMUnitTest tests[] = {
	    T(who_is_not_proven_hears_no_login_and_no_mail),
	    T(logins_end_as_they_should),
	    T(smtp_says_what_became_of_each_mail),
	    T(a_body_that_is_cut_was_not_sent),
	    T(what_is_too_large_is_not_sent),
	    T(letters_beyond_ascii_need_a_server_that_takes_them),
	    T(a_server_that_hangs_up_at_the_end_has_the_mail),
	    T(several_senders_work_side_by_side),
	    T(smtp_settings_are_checked),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
