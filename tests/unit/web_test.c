/* What comes from the web is taken only from where it may, and not too much. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka wants the above first */
#include <arpa/inet.h>
#include <cmocka.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <sysexits.h>
#include <unistd.h>

#include "base/command.h"
#include "base/file.h"
#include "base/limits.h"
#include "base/num.h"
#include "web/web.h"
#include "web/web_int.h"
#include "unit/scratch.h"

#define COUNT(list) (sizeof(list) / sizeof((list)[0]))

/* --- a server that does what the path says -------------------------------- */

struct fake {
	pid_t pid;
	int64_t port;
	const char *log;
};
static struct fake plain, tls;

static struct fake
fake_start(const char *log, char *option)
{
	struct fake f = {.log = in(log)};
	char buf[32];
	int p[2];
	ssize_t n;

	assert_int_equal(pipe(p), 0);
	f.pid = fork();
	if (f.pid == 0) {
		dup2(p[1], 1);
		close(p[0]);
		execlp("python3", "python3", "-S", "tests/e2e/fakes/web.py",
		    f.log, top, option, NULL);
		_exit(127);
	}
	close(p[1]);
	n = read(p[0], buf, sizeof(buf));
	close(p[0]);
	assert_true(n > 1);
	assert_true(num_int(
	    span_trim((struct span){buf, (size_t)n}), 1, 65535, &f.port));
	return f;
}

static int
setup(void **state)
{
	(void)state;
	scratch_open("web");
	plain = fake_start("log", NULL);
	tls = fake_start("log-tls", (char[]){"tls"});
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	kill(plain.pid, SIGKILL);
	kill(tls.pid, SIGKILL);
	waitpid(plain.pid, NULL, 0);
	waitpid(tls.pid, NULL, 0);
	scratch_close();
	return 0;
}

static struct span
log_of(const struct fake *f)
{
	struct span text;
	struct err err = {0};

	assert_int_equal(file_read(&arena, f->log, 1 << 20, &text, &err), 0);
	return text;
}

static struct span
at(const struct fake *f, const char *path)
{
	return arena_spanf(&arena, "%s://127.0.0.1:%lld%s",
	    f == &tls ? "https" : "http", (long long)f->port, path);
}

static struct web *
inside(int timeout_ms)
{
	struct web_settings s = {.private_addresses = true,
	    .ca_file = span_of(in("ca.pem")),
	    .timeout_ms = timeout_ms};

	return web_open(&arena, &s);
}

/* --- who may be spoken to ------------------------------------------------- */

static void
addresses_are_told_apart(void **state)
{
	static const struct {
		const char *address;
		enum reach want;
		const char *why;
	} cases[] = {
	    {"8.8.8.8", REACH_PUBLIC, "public"},
	    {"127.0.0.1", REACH_LOOPBACK, "loopback"},
	    {"127.255.255.254", REACH_LOOPBACK, "all of 127/8"},
	    {"0.0.0.0", REACH_NEVER, "Linux takes it as loopback"},
	    {"10.1.2.3", REACH_PRIVATE, "RFC 1918"},
	    {"172.15.255.255", REACH_PUBLIC, "just below 172.16/12"},
	    {"172.16.0.1", REACH_PRIVATE, "RFC 1918"},
	    {"172.31.255.255", REACH_PRIVATE, "the last of it"},
	    {"172.32.0.0", REACH_PUBLIC, "just above"},
	    {"192.168.1.1", REACH_PRIVATE, "RFC 1918"},
	    {"100.64.0.1", REACH_PRIVATE, "RFC 6598"},
	    {"100.128.0.1", REACH_PUBLIC, "just above"},
	    {"169.254.169.254", REACH_NEVER, "the cloud's metadata"},
	    {"203.0.113.7", REACH_NEVER, "documentation"},
	    {"224.0.0.1", REACH_NEVER, "multicast"},
	    {"255.255.255.255", REACH_NEVER, "broadcast"},
	    {"::1", REACH_LOOPBACK, "loopback"},
	    {"::", REACH_NEVER, "no address"},
	    {"::ffff:127.0.0.1", REACH_LOOPBACK, "mapped"},
	    {"::ffff:10.0.0.1", REACH_PRIVATE, "mapped"},
	    {"::ffff:8.8.8.8", REACH_PUBLIC, "mapped"},
	    {"::127.0.0.1", REACH_NEVER, "compatible, of old"},
	    {"64:ff9b::7f00:1", REACH_LOOPBACK, "NAT64"},
	    {"2002:a00:1::", REACH_PRIVATE, "6to4 of 10.0.0.1"},
	    {"2001:0:1:2::3", REACH_NEVER, "Teredo"},
	    {"2001:db8::1", REACH_NEVER, "documentation"},
	    {"2606:4700::1111", REACH_PUBLIC, "public"},
	    {"fd00::1", REACH_PRIVATE, "RFC 4193"},
	    {"fe80::1", REACH_NEVER, "link-local"},
	    {"ff02::1", REACH_NEVER, "multicast"},
	};
	struct sockaddr_in a = {.sin_family = AF_INET};
	struct sockaddr_in6 b = {.sin6_family = AF_INET6};
	struct sockaddr unix_socket = {.sa_family = AF_UNIX};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		bool is_v4 =
		    inet_pton(AF_INET, cases[i].address, &a.sin_addr) == 1;

		if (!is_v4)
			assert_int_equal(
			    inet_pton(AF_INET6, cases[i].address, &b.sin6_addr),
			    1);
		if (reach_of(is_v4 ? (struct sockaddr *)&a
				   : (struct sockaddr *)&b) != cases[i].want)
			fail_msg("%s: %s", cases[i].address, cases[i].why);
	}
	assert_int_equal(reach_of(&unix_socket), REACH_NEVER);
}

static void
loopback_is_refused_before_a_byte_is_sent(void **state)
{
	struct web_settings s = {0};
	struct web *w = web_open(&arena, &s);
	struct web_answer a;
	size_t before = log_of(&plain).n + log_of(&tls).n;
	struct span urls[] = {at(&plain, "/files/private"),
	    at(&tls, "/files/private"),
	    arena_spanf(&arena, "https://localhost:%lld/files/private",
		(long long)tls.port),
	    arena_spanf(&arena, "webcal://0.0.0.0:%lld/files/private",
		(long long)tls.port),
	    arena_spanf(&arena, "https://[::ffff:127.0.0.1]:%lld/",
		(long long)tls.port)};

	(void)state;
	for (size_t i = 0; i < COUNT(urls); i++) {
		struct err err = {0};

		if (web_get(w, &arena, urls[i], SPAN(""), &a, &err) == 0)
			fail_msg("%s", urls[i].p);
		assert_int_equal(err.kind, ERR_LATER);
		assert_int_equal(err.exit_code, EX_NOPERM);
		assert_null(strstr(err.text, "files"));
	}
	assert_int_equal(log_of(&plain).n + log_of(&tls).n, before);
	web_close(w);
}

static void
what_is_no_web_address_is_not_asked(void **state)
{
	static const char *const urls[] = {"file:///etc/passwd",
	    "ftp://example.org/a", "gopher://example.org/", "example.org/a", "",
	    "https://exa mple.org/", "https://example.org/\r\nHost: x",
	    "ldap://example.org"};
	struct web *w = inside(5000);
	struct web_answer a;

	(void)state;
	for (size_t i = 0; i < COUNT(urls); i++) {
		struct err err = {0};

		if (web_get(w, &arena, span_of(urls[i]), SPAN(""), &a, &err) ==
			0 ||
		    err.kind != ERR_ITEM)
			fail_msg("%s: %s", urls[i], err.text);
	}
	web_close(w);
}

/* --- feeds ------------------------------------------------------------------ */

static void
an_etag_saves_the_second_copy(void **state)
{
	struct web *w = inside(5000);
	struct web_answer first, second;
	struct err err = {0};

	(void)state;
	assert_int_equal(file_write(in("a.ics"), SPAN("one"), false, &err), 0);
	assert_int_equal(web_get(w, &arena, at(&tls, "/files/a.ics"), SPAN(""),
			     &first, &err),
	    0);
	assert_true(span_is(first.body, "one"));
	assert_false(first.unchanged);
	assert_int_equal(first.etag.n, 18);
	assert_int_equal(web_get(w, &arena, at(&tls, "/files/a.ics"),
			     first.etag, &second, &err),
	    0);
	assert_true(second.unchanged);
	assert_int_equal(file_write(in("a.ics"), SPAN("two"), false, &err), 0);
	assert_int_equal(web_get(w, &arena, at(&tls, "/files/a.ics"),
			     first.etag, &second, &err),
	    0);
	assert_false(second.unchanged);
	assert_true(span_is(second.body, "two"));
	/* One that is too long to be kept is left out. */
	assert_int_equal(
	    web_get(w, &arena, at(&plain, "/etag/256"), SPAN(""), &first, &err),
	    0);
	assert_int_equal(first.etag.n, 256);
	assert_int_equal(
	    web_get(w, &arena, at(&plain, "/etag/257"), SPAN(""), &first, &err),
	    0);
	assert_int_equal(first.etag.n, 0);
	web_close(w);
}

static void
a_certificate_must_be_vouched_for(void **state)
{
	struct web_settings s = {.private_addresses = true};
	struct web *w = web_open(&arena, &s);
	struct web_answer a;
	struct err err = {0};
	size_t before = log_of(&tls).n;

	(void)state;
	assert_int_equal(
	    web_get(w, &arena, at(&tls, "/files/x"), SPAN(""), &a, &err), -1);
	assert_int_equal(err.kind, ERR_LATER);
	assert_int_equal(err.exit_code, EX_PROTOCOL);
	assert_non_null(strstr(err.text, "no safe connection"));
	assert_int_equal(log_of(&tls).n, before);
	web_close(w);
}

static void
bad_answers_are_for_later(void **state)
{
	const struct {
		const char *path;
		const char *want; /* in the error; NULL: taken */
		const char *why;
	} cases[] = {
	    {"/redirect/0", NULL, "no redirect"},
	    {"/redirect/3", NULL, "as many as may be"},
	    {"/redirect/4", "more than 3", "one too many"},
	    {"/go?http://169.254.169.254/latest/meta-data/", "https",
		"the cloud's metadata, never"},
	    {"/go?https://169.254.169.254/", "private", "nor by https"},
	    {"/go?https://[fe80::1]/", "private", "nor link-local"},
	    {"/go?file:///etc/passwd", "https://", "a file"},
	    {"/go?http://8.8.8.8/", "https", "public, in clear"},
	    {"/bytes/2097152", NULL, "as much as may be"},
	    {"/bytes/2097153", "larger", "one byte more"},
	    {"/stream", "larger", "no end in sight"},
	    {"/drip", "in time", "a byte now and then"},
	    {"/gzip", NULL, "left as it is: it unpacks to anything"},
	    {"/cut", "", "cut short"},
	    {"/status/404", "404", "gone"},
	    {"/status/410", "410", "gone for good"},
	    {"/status/401", "login", "not without a login"},
	    {"/status/429", "too often", "too often"},
	    {"/status/500", "500", "broken"},
	    {"/status/304", "304", "not changed, when nothing was known"},
	    {"/status/204", "204", "nothing in it"},
	};
	struct web *w = inside(5000), *hasty = inside(200);

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct web_answer a = {.etag = SPAN("as before")};
		struct err err = {0};
		int rc =
		    web_get(span_is(SPAN("/drip"), cases[i].path) ? hasty : w,
			&arena, at(&plain, cases[i].path), SPAN(""), &a, &err);

		if (cases[i].want == NULL) {
			if (rc < 0)
				fail_msg("%s: %s", cases[i].why, err.text);
			assert_true(a.body.n > 0);
			continue;
		}
		if (rc == 0 || strstr(err.text, cases[i].want) == NULL)
			fail_msg("%s: %s", cases[i].why, err.text);
		assert_int_equal(err.kind, ERR_LATER);
		assert_true(span_is(a.etag, "as before"));
		if (strstr(err.text, "meta-data") != NULL ||
		    strstr(err.text, "status/") != NULL)
			fail_msg(
			    "%s: a URL is told: %s", cases[i].why, err.text);
	}
	web_close(hasty);
	web_close(w);
}

static void
https_never_falls_back(void **state)
{
	struct web *w = inside(5000);
	struct web_answer a;
	struct err err = {0};
	char *path = arena_printf(
	    &arena, "/go?http://127.0.0.1:%lld/files/a", (long long)plain.port);

	(void)state;
	assert_int_equal(
	    web_get(w, &arena, at(&tls, path), SPAN(""), &a, &err), -1);
	assert_non_null(strstr(err.text, "away from https"));
	web_close(w);
}

static void
a_run_has_an_end(void **state)
{
	struct web_settings s = {
	    .private_addresses = true, .timeout_ms = 100, .total_ms = 90};
	struct web *w = web_open(&arena, &s);
	struct web_answer a;
	struct err err = {0};

	(void)state;
	assert_false(web_is_over(w));
	assert_int_equal(
	    web_get(w, &arena, at(&plain, "/drip"), SPAN(""), &a, &err), -1);
	assert_true(web_is_over(w));
	err_clear(&err);
	assert_int_equal(
	    web_get(w, &arena, at(&plain, "/redirect/0"), SPAN(""), &a, &err),
	    -1);
	assert_non_null(strstr(err.text, "no time"));
	web_close(w);
}

/* --- a calendar collection ------------------------------------------------- */

static void
sessions_come_and_go(void **state)
{
	struct web *w = inside(5000);
	struct web_login ann = {SPAN("ann"), SPAN("s3cret-word")};
	struct web_login bob = {SPAN("bob"), SPAN("s3cret-word")};
	struct span url = at(&tls, "/cal/1.ics");
	struct err err = {0};

	(void)state;
	if (web_put(w, url, &ann, SPAN("BEGIN"), &err) < 0)
		fail_msg("%s", err.text);
	assert_true(file_exists(in("1.ics")));
	/* Again, the same. */
	assert_int_equal(web_put(w, url, &ann, SPAN("BEGIN"), &err), 0);
	assert_int_equal(web_put(w, url, &bob, SPAN("BEGIN"), &err), -1);
	assert_int_equal(err.kind, ERR_LATER);
	assert_int_equal(err.exit_code, EX_NOPERM);
	assert_null(strstr(err.text, "s3cret-word"));
	err_clear(&err);
	/* Somewhere else is not where the login belongs. */
	assert_int_equal(
	    web_put(w, at(&tls, "/moved/1.ics"), &ann, SPAN("x"), &err), -1);
	assert_non_null(strstr(err.text, "301"));
	err_clear(&err);
	assert_int_equal(web_delete(w, url, &ann, &err), 0);
	assert_false(file_exists(in("1.ics")));
	assert_int_equal(web_delete(w, url, &ann, &err), 0);
	web_close(w);
}

static void
a_ping_is_one_request(void **state)
{
	struct web *w = inside(5000);
	struct err err = {0};

	(void)state;
	assert_int_equal(web_ping(w, at(&plain, "/redirect/0?ping"), &err), 0);
	assert_true(span_has(log_of(&plain), "GET /redirect/0?ping"));
	assert_int_equal(web_ping(w, at(&plain, "/status/404"), &err), -1);
	assert_int_equal(err.kind, ERR_LATER);
	web_close(w);
}

/* --- tokens ----------------------------------------------------------------- */

enum {
	NOW = 1800000000
};

static struct web_token_ask
token_ask(const char *mode)
{
	return (struct web_token_ask){
	    .url = at(&tls, arena_printf(&arena, "/token/%s", mode)),
	    .client = SPAN("the-client"),
	    .secret = SPAN("shh & = % ~ä"),
	    .scope = SPAN("https://outlook.office365.com/.default"),
	    .refresh = SPAN("old-one")};
}

static void
tokens_are_fetched(void **state)
{
	static const struct {
		const char *mode;
		int64_t life;
		const char *refresh;
		const char *why;
	} cases[] = {
	    {"ok", 3599, "", "the usual"},
	    {"rotate", 3599, "old-one+1", "a new refresh token"},
	    {"text", 7200, "", "a number in quotes"},
	    {"endless", 86400, "", "no token is kept longer than a day"},
	};
	struct web *w = inside(5000);

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct web_token_ask ask = token_ask(cases[i].mode);
		struct web_token t;
		struct err err = {0};

		if (web_token(w, &arena, &ask, NOW, &t, &err) < 0)
			fail_msg("%s: %s", cases[i].why, err.text);
		assert_true(span_is(t.access, "ya29.token-1"));
		assert_int_equal(t.fresh_until_unix,
		    NOW + cases[i].life - WEB_TOKEN_SKEW_SECONDS);
		if (!span_is(t.refresh, cases[i].refresh))
			fail_msg("%s", cases[i].why);
	}
	assert_true(span_has(log_of(&tls),
	    "client_id=the-client client_secret=shh & = % ~ä "
	    "grant_type=refresh_token refresh_token=old-one "
	    "scope=https://outlook.office365.com/.default"));
	web_close(w);
}

static void
an_application_needs_no_refresh_token(void **state)
{
	struct web *w = inside(5000);
	struct web_token_ask ask = token_ask("ok");
	struct web_token t;
	struct err err = {0};

	(void)state;
	ask.refresh = SPAN("");
	ask.scope = SPAN("");
	assert_int_equal(web_token(w, &arena, &ask, NOW, &t, &err), 0);
	assert_true(span_has(log_of(&tls), "grant_type=client_credentials\n"));
	web_close(w);
}

static void
token_failures_are_told_apart(void **state)
{
	static const struct {
		const char *mode;
		enum err_kind kind;
		int code;
		const char *want, *why;
	} cases[] = {
	    {"refused", ERR_STOP, EX_NOPERM,
		"invalid_grant: AADSTS70008: The grant has expired.", "400"},
	    {"denied", ERR_STOP, EX_NOPERM, "(401)", "401"},
	    {"tells", ERR_STOP, EX_NOPERM, "held a secret", "it repeats us"},
	    {"busy", ERR_LATER, EX_TEMPFAIL, "429", "asked too often"},
	    {"broken", ERR_LATER, EX_TEMPFAIL, "503", "down"},
	    {"slow", ERR_LATER, EX_TEMPFAIL, "in time", "slow"},
	    {"junk", ERR_LATER, EX_PROTOCOL, "no answer of a token", "HTML"},
	    {"html400", ERR_LATER, EX_PROTOCOL, "no answer of a token",
		"400, but not in a token endpoint's words"},
	    {"list", ERR_LATER, EX_PROTOCOL, "no answer of a token", "[1]"},
	    {"empty", ERR_LATER, EX_PROTOCOL, "no bearer token", "{}"},
	    {"mac", ERR_LATER, EX_PROTOCOL, "no bearer token", "other type"},
	    {"crlf", ERR_LATER, EX_PROTOCOL, "no bearer token", "line ends"},
	    {"long", ERR_LATER, EX_PROTOCOL, "no bearer token", "20,000 bytes"},
	};
	struct web *w = inside(5000), *hasty = inside(200);

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct web_token_ask ask = token_ask(cases[i].mode);
		struct web_token t;
		struct err err = {0};

		if (web_token(span_is(SPAN("slow"), cases[i].mode) ? hasty : w,
			&arena, &ask, NOW, &t, &err) == 0)
			fail_msg("%s: taken", cases[i].why);
		if (err.kind != cases[i].kind ||
		    err.exit_code != cases[i].code ||
		    strstr(err.text, cases[i].want) == NULL)
			fail_msg("%s: kind %d, exit %d: %s", cases[i].why,
			    (int)err.kind, err.exit_code, err.text);
		if (strstr(err.text, "shh") != NULL ||
		    strstr(err.text, "old-one") != NULL)
			fail_msg("%s: a secret is told", cases[i].why);
	}
	web_close(hasty);
	web_close(w);
}

static void
a_secret_does_not_go_in_clear(void **state)
{
	struct web *w = inside(5000);
	struct web_token_ask ask = token_ask("ok");
	struct web_login ann = {SPAN("ann"), SPAN("s3cret-word")};
	struct web_token t;
	struct err err = {0};

	(void)state;
	ask.url = SPAN("http://10.255.255.1/token");
	assert_int_equal(web_token(w, &arena, &ask, NOW, &t, &err), -1);
	assert_int_equal(err.exit_code, EX_NOPERM);
	assert_non_null(strstr(err.text, "without https"));
	err_clear(&err);
	assert_int_equal(web_put(w, SPAN("http://192.168.255.1/cal/1.ics"),
			     &ann, SPAN("x"), &err),
	    -1);
	assert_int_equal(err.exit_code, EX_NOPERM);
	web_close(w);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(addresses_are_told_apart),
	    cmocka_unit_test(loopback_is_refused_before_a_byte_is_sent),
	    cmocka_unit_test(what_is_no_web_address_is_not_asked),
	    cmocka_unit_test(an_etag_saves_the_second_copy),
	    cmocka_unit_test(a_certificate_must_be_vouched_for),
	    cmocka_unit_test(bad_answers_are_for_later),
	    cmocka_unit_test(https_never_falls_back),
	    cmocka_unit_test(a_run_has_an_end),
	    cmocka_unit_test(sessions_come_and_go),
	    cmocka_unit_test(a_ping_is_one_request),
	    cmocka_unit_test(tokens_are_fetched),
	    cmocka_unit_test(an_application_needs_no_refresh_token),
	    cmocka_unit_test(token_failures_are_told_apart),
	    cmocka_unit_test(a_secret_does_not_go_in_clear),
	};

	return cmocka_run_group_tests_name("web", tests, setup, teardown);
}
