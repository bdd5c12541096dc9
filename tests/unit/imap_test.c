/*
 * IMAP and POP3 against servers that misbehave: who is not proven gets no
 * login, what breaks off loses no mail, and what is sent without end stops.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka wants the above first */
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include <time.h>
#include <unistd.h>

#include "base/file.h"
#include "mailin/imap_int.h"
#include "mailin/mailin.h"
#include "unit/fakes.h"

static char *fingerprint, *key_pin;

#define PASSWORD "s3cret\"word\\"
#define TOKEN    "ya29.t0ken"

/* --- what is tried -------------------------------------------------------- */

struct attempt {
	const char *why;
	const char *words; /* of tests/e2e/fakes/mailbox.py, behind imap,tls */
	enum err_kind kind;
	int exit_code;
	const char *said; /* in the error */
	bool token;
	const char *pin; /* "good", "key": its own; else as it is */
	bool system_ca;
};

/* Nobody of these may see a byte of the login. */
static const struct attempt untrusted[] = {
    {"nobody vouches for it", "cert=selfsigned", ERR_STOP, 76, "certificate",
	false, NULL, false},
    {"it is another's certificate", "cert=wrongname", ERR_STOP, 76,
	"certificate", false, NULL, false},
    {"its time is over", "cert=expired", ERR_STOP, 76, "expired", false, NULL,
	false},
    {"by a stranger's authority", "cert=unknown", ERR_STOP, 76, "certificate",
	false, NULL, false},
    {"the system knows not our authority", "", ERR_STOP, 76, "certificate",
	false, NULL, true},
    {"TLS 1.0 is too old", "tls10", ERR_STOP, 76, "TLS", false, NULL, false},
    {"TLS 1.1 is too old", "tls11", ERR_STOP, 76, "TLS", false, NULL, false},
    {"plain text in place of TLS", "junk", ERR_STOP, 76, "TLS", false, NULL,
	false},
    {"the handshake is cut", "reset", ERR_LATER, 76, "TLS", false, NULL, false},
    {"the handshake stands still", "stall", ERR_LATER, 75, "in time", false,
	NULL, false},
    {"another certificate than the pinned", "", ERR_STOP, 76, "pinned", false,
	"0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
	false},
    {"a pin that is none", "", ERR_STOP, 76, "pinned", false, "00", false},
    {"a stranger gets no token either", "cert=selfsigned", ERR_STOP, 76,
	"certificate", true, NULL, false},
};

/* Only where there is something to upgrade. */
static const struct attempt stripped[] = {
    {"no STARTTLS is no login", "refuse", ERR_STOP, 76, "ST", false, NULL,
	false},
    {"more in clear behind the consent", "inject", ERR_STOP, 76, "in clear",
	false, NULL, false},
};

static const struct attempt greetings[] = {
    {"the server is full", "bye", ERR_LATER, 75, "too many", false, NULL,
	false},
    {"a greeting by drips", "drip", ERR_LATER, 75, "in time", false, NULL,
	false},
    {"a greeting without end", "endless", ERR_STOP, 76, "more than", false,
	NULL, false},
    {"logged in before we are", "preauth", ERR_STOP, 76, "PREAUTH", false, NULL,
	false},
};

static const struct attempt logins[] = {
    {"a wrong password", "loginno", ERR_STOP, 77, "login", false, NULL, false},
    {"a token that has expired", "loginno", ERR_STOP, 77, "login", true, NULL,
	false},
    {"the server is busy", "unavailable", ERR_LATER, 75, "login", false, NULL,
	false},
    {"it ends during the login", "loginbye", ERR_LATER, 75, "login", false,
	NULL, false},
    {"what it says of the password stays here", "echo", ERR_STOP, 77, "login",
	false, NULL, false},
    {"all is well", "", ERR_NONE, 0, "", false, NULL, false},
    {"all is well with a token", "", ERR_NONE, 0, "", true, NULL, false},
    {"the pin stands in place of the chain", "", ERR_NONE, 0, "", false, "good",
	true},
    {"a pin of its key does", "", ERR_NONE, 0, "", false, "key", true},
    {"but for the dates", "cert=expired", ERR_STOP, 76, "expired", false, "key",
	true},
};

static const struct attempt folders[] = {
    {"no UIDVALIDITY, no keys", "validity=0", ERR_STOP, 76, "UIDVALIDITY",
	false, NULL, false},
    {"answers nobody asked for are passed over", "nasty", ERR_NONE, 0, "",
	false, NULL, false},
};

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

/* --- the servers ---------------------------------------------------------- */

static const char *
words_of(const char *protocol, const char *tls, const char *more)
{
	return arena_printf(
	    &arena, "%s,%s%s%s", protocol, tls, *more != '\0' ? "," : "", more);
}

static void
will_need_all(const struct attempt *a, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		will_need(words_of("imap", "tls", a[i].words));
		will_need(words_of("imap", "starttls", a[i].words));
		will_need(words_of("pop3", "tls", a[i].words));
		will_need(words_of("pop3", "starttls", a[i].words));
	}
}

static const char *const walks[] = {"", "huge", "huge,once", "short,once",
    "cut", "cut,once", "gone", "nil", "size", "size,once", "big", "many",
    "readonly", "nomove", "nomove,nouidplus", "nomove,nouidplus,others",
    "nocreate", "storeno", "noquit", "validity=8", "mails=300",
    "mails=300,validity=8", "mails=300,validity=9", "mails=300,cut,odd=180",
    "mails=300,cut,once,odd=180"};

static int
setup(void **state)
{
	struct span digest;

	(void)state;
	scratch_open("imap");
	shell(arena_printf(&arena, "sh tests/e2e/fakes/certs.sh %s", top));
	digest = shell(arena_printf(&arena,
	    "openssl x509 -noout -fingerprint -sha256 -in %s/good.crt", top));
	digest = span_trim(digest);
	fingerprint = arena_strdup(
	    &arena, span_skip(digest, span_findc(digest, '=') + 1));
	/* As man/rmail.conf.5 says it. */
	digest = shell(arena_printf(&arena,
	    "sh -c 'openssl x509 -in %s/good.crt -noout -pubkey |"
	    "openssl pkey -pubin -outform DER | sha256sum | cut -c 1-64'",
	    top));
	key_pin = arena_strdup(&arena, span_trim(digest));
	will_need_all(untrusted, COUNT(untrusted));
	will_need_all(stripped, COUNT(stripped));
	will_need_all(greetings, COUNT(greetings));
	will_need_all(logins, COUNT(logins));
	will_need_all(folders, COUNT(folders));
	for (size_t i = 0; i < COUNT(walks); i++) {
		will_need(words_of("imap", "tls", walks[i]));
		will_need(words_of("pop3", "tls", walks[i]));
	}
	will_need("imap,plain");
	fakes_start("tests/e2e/fakes/mailbox.py", top);
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

static struct mailin_settings
settings(const char *scheme, const char *words)
{
	return (struct mailin_settings){
	    .url = arena_spanf(&arena, "%s://localhost:%lld", scheme,
		(long long)servers[server_of(words)].port),
	    .user = SPAN("mentoring@example.com"),
	    .password = SPAN(PASSWORD),
	    .ca_file = span_of(in("ca.pem")),
	    .timeout_seconds = 1};
}

/* What the clients of this server have said so far. */
static struct span
heard(const char *words)
{
	struct span got;
	struct err err;

	assert_int_equal(
	    file_read(&arena,
		arena_printf(&arena, "%s/%zu.log", top, server_of(words)),
		1 << 20, &got, &err),
	    0);
	return got;
}

/* Each of the four ways to a server: IMAP or POP3, TLS at once or later. */
static void
attempt(
    const struct attempt *a, const char *protocol, bool starttls, bool silent)
{
	const char *words =
	    words_of(protocol, starttls ? "starttls" : "tls", a->words);
	struct mailin_settings s = settings(
	    arena_printf(&arena, "%s%s", protocol, starttls ? "" : "s"), words);
	struct mailin *m = NULL;
	struct err err = {0};
	size_t before = heard(words).n;
	struct span log;

	s.starttls = starttls;
	if (a->token) {
		s.password = SPAN("");
		s.token = SPAN(TOKEN);
	}
	if (a->pin != NULL)
		s.pin_sha256 = span_of(strcmp(a->pin, "good") == 0 ? fingerprint
				       : strcmp(a->pin, "key") == 0 ? key_pin
								    : a->pin);
	if (a->system_ca)
		s.ca_file = SPAN("");
	if (mailin_open(&arena, &s, &m, &err) == 0)
		mailin_close(m);
	if (err.kind != a->kind || err_code(&err) != a->exit_code ||
	    strstr(err.text, a->said) == NULL)
		fail_msg("%s (%s): kind %d exit %d: %s", a->why, words,
		    err.kind, err_code(&err), err.text);
	assert_null(strstr(err.text, "s3cret"));
	assert_null(strstr(err.text, TOKEN));
	log = span_skip(heard(words), before);
	if (silent &&
	    (span_casehas(log, "LOGIN") || span_casehas(log, "AUTH") ||
		span_casehas(log, "USER") || span_casehas(log, "PASS") ||
		span_has(log, "s3cret") || span_has(log, "mentoring")))
		fail_msg(
		    "%s (%s): heard %.*s", a->why, words, (int)log.n, log.p);
}

static void
attempts(const struct attempt *a, size_t n, bool silent)
{
	for (size_t i = 0; i < n; i++) {
		/* What stands still costs its whole second each time. */
		bool slow = strcmp(a[i].words, "drip") == 0 ||
			    strcmp(a[i].words, "stall") == 0;

		attempt(&a[i], "imap", false, silent);
		if (strcmp(a[i].words, "preauth") == 0) {
			attempt(&a[i], "imap", true, silent);
			continue;
		}
		if (slow)
			continue;
		attempt(&a[i], "pop3", false, silent);
		if (strcmp(a[i].words, "endless") == 0)
			continue;
		attempt(&a[i], "imap", true, silent);
		attempt(&a[i], "pop3", true, silent);
	}
}

struct knows {
	const char *key; /* "" nothing, NULL all */
};

static bool
known(void *cookie, struct span key)
{
	const struct knows *k = cookie;

	return k->key == NULL || (*k->key != '\0' && span_ends(key, k->key));
}

/* The walk as a text: the last digit of each mail, ! what cannot be had. */
static const char *
walk(const char *words, const char *knows, int64_t max_bytes)
{
	bool imap = strncmp(words, "imap", 4) == 0;
	struct mailin_settings s = settings(imap ? "imaps" : "pop3s", words);
	struct knows k = {knows};
	struct mailin *m;
	struct mailin_mail mail;
	struct err err = {0};
	struct str out;
	int rc;

	s.max_bytes = max_bytes;
	if (mailin_open(&arena, &s, &m, &err) < 0)
		return arena_printf(&arena, "exit %d", err_code(&err));
	str_init(&out, &arena, 1000);
	for (;;) {
		rc = mailin_next(m, &arena, known, &k, &mail, &err);
		if (rc < 0 && err.kind == ERR_ITEM) {
			str_addc(&out, '!');
			err_clear(&err);
			continue;
		}
		if (rc <= 0)
			break;
		str_add(&out, span_skip(mail.key, mail.key.n - 1));
		if (mail.headers_only)
			str_addc(&out, 'h');
		assert_true(span_starts(mail.raw, "From: ann"));
		assert_true(mail.headers_only
				? span_ends(mail.raw, "\r\n\r\n")
				: span_has(mail.raw, "\r\n.dot\r\n"));
	}
	if (rc < 0)
		str_addf(&out, "?%d", err_code(&err));
	mailin_close(m);
	return out.p;
}

/* --- tests ---------------------------------------------------------------- */

static void
who_is_not_proven_hears_no_login(void **state)
{
	(void)state;
	attempts(untrusted, COUNT(untrusted), true);
	for (size_t i = 0; i < COUNT(stripped); i++) {
		attempt(&stripped[i], "imap", true, true);
		attempt(&stripped[i], "pop3", true, true);
	}
}

static void
an_odd_greeting_ends_it(void **state)
{
	(void)state;
	attempts(greetings, COUNT(greetings), true);
}

static void
logins_fail_for_reasons_of_their_own(void **state)
{
	(void)state;
	attempts(logins, COUNT(logins), false);
	assert_true(span_has(heard("imap,tls"), "\"s3cret\\\"word\\\\\""));
	assert_true(span_has(heard("pop3,tls"), "PASS " PASSWORD));
	assert_true(span_has(heard("pop3,tls"),
	    "dXNlcj1tZW50b3JpbmdAZXhhbXBsZS5jb20BYXV0aD1CZWFyZXIgeWEyOS50MGtl"
	    "bgEB"));
	assert_true(span_has(heard("imap,tls"),
	    "XOAUTH2 dXNlcj1tZW50b3JpbmdAZXhhbXBsZS5jb20BYXV0aD1CZWFyZXIgeWEy"
	    "OS50MGtlbgEB"));
}

static void
odd_answers_kill_nobody(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(folders); i++)
		attempt(&folders[i], "imap", false, false);
	assert_string_equal(walk("imap,tls,nasty", "", 0), "123");
	assert_string_equal(walk("pop3,tls,nasty", "", 0), "exit 76");
	assert_string_equal(walk("imap,tls,many", "", 0), "?78");
}

static void
what_breaks_off_loses_no_mail(void **state)
{
	static const struct {
		const char *why, *server, *knows, *want;
	} cases[] = {
	    {"oldest first, each once", "imap,tls", "", "123"},
	    {"what is known is not fetched", "imap,tls", ":12", "13"},
	    {"all is known", "imap,tls", NULL, ""},
	    {"the others come, this one next time", "imap,tls,cut", "", "1!3"},
	    {"a cut that is cured", "imap,tls,cut,once", "", "123"},
	    {"a literal of 3 GB is not read", "imap,tls,huge", "", "1!3"},
	    {"and may be cured as well", "imap,tls,huge,once", "", "123"},
	    {"a literal too short is not believed", "imap,tls,short,once", "",
		"123"},
	    {"somebody took it away", "imap,tls,gone", "", "13"},
	    {"it has no text", "imap,tls,nil", "", "1!3"},
	    {"a server that only guesses sizes", "imap,tls,size", "", "132"},
	    {"too large: its headers alone", "imap,tls,big", "", "12h3"},
	    {"POP3 as well", "pop3,tls", "", "123"},
	    {"what is known is left", "pop3,tls", "u12", "13"},
	    {"cut off", "pop3,tls,cut", "", "1!3"},
	    {"endless", "pop3,tls,huge", "", "1!3"},
	    {"gone", "pop3,tls,gone", "", "1!3"},
	    {"too large", "pop3,tls,big", "", "12h3"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		const char *got = walk(cases[i].server, cases[i].knows, 0);

		if (strcmp(got, cases[i].want) != 0)
			fail_msg("%s (%s): %s instead of %s", cases[i].why,
			    cases[i].server, got, cases[i].want);
	}
	assert_false(span_casehas(heard("imap,tls"), "ENVELOPE"));
	assert_false(span_casehas(heard("imap,tls"), "BODY["));
}

/* Groups are asked for ahead, while those before are handed out and filed. */
static void
many_come_each_once(void **state)
{
	static const struct {
		const char *why, *server;
		int come, fail;
	} cases[] = {
	    {"three groups", "imap,tls,mails=300", 300, 0},
	    {"a cut in the second", "imap,tls,mails=300,cut,odd=180", 299, 1},
	    {"that is cured", "imap,tls,mails=300,cut,once,odd=180", 300, 0},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct mailin_settings s = settings("imaps", cases[i].server);
		struct knows k = {""};
		struct mailin *m;
		struct mailin_mail mail;
		struct err err = {0};
		bool seen[1000] = {false};
		int rc, come = 0, fail = 0;

		s.after = MAILIN_KEEP;
		assert_int_equal(mailin_open(&arena, &s, &m, &err), 0);
		while ((rc = mailin_next(m, &arena, known, &k, &mail, &err)) !=
		       0) {
			struct span rest = mail.key, part;
			int64_t uid = 0;

			if (rc < 0) {
				assert_int_equal(err.kind, ERR_ITEM);
				err_clear(&err);
				fail++;
				continue;
			}
			while (span_part(&rest, ':', &part))
				num_int(part, 1, 999, &uid);
			assert_false(seen[uid]);
			seen[uid] = true;
			assert_true(span_has(mail.raw,
			    arena_printf(&arena, "Hello %d\r\n", (int)uid)));
			assert_int_equal(
			    mailin_file(m, mail.key, MAILIN_DONE, &err), 0);
			come++;
		}
		assert_int_equal(mailin_flush(m, &err), 0);
		mailin_close(m);
		if (come != cases[i].come || fail != cases[i].fail)
			fail_msg(
			    "%s: %d came, %d failed", cases[i].why, come, fail);
	}
	assert_true(span_has(heard("imap,tls,mails=300"),
	    "UID STORE 11:310 +FLAGS.SILENT (\\Seen)"));
}

/* Walks through all, files one of so many, and says how many came. */
static int
walk_and_file(struct mailin_settings *s, int one_of)
{
	struct knows k = {""};
	struct mailin *m;
	struct mailin_mail mail;
	struct err err = {0};
	int come = 0;

	s->after = MAILIN_KEEP;
	assert_int_equal(mailin_open(&arena, s, &m, &err), 0);
	while (mailin_next(m, &arena, known, &k, &mail, &err) > 0)
		if (come++ % one_of == 0)
			assert_int_equal(
			    mailin_file(m, mail.key, MAILIN_DONE, &err), 0);
	assert_int_equal(err.kind, ERR_NONE);
	assert_int_equal(mailin_flush(m, &err), 0);
	mailin_close(m);
	return come;
}

/* A command tells of many mails, but of no more runs than a line holds. */
static void
filing_keeps_commands_short(void **state)
{
	static const char words[] = "imap,tls,mails=300,validity=8";
	struct mailin_settings s = settings("imaps", words);
	struct span log, line;
	int commands = 0;

	(void)state;
	assert_int_equal(walk_and_file(&s, 2), 300);
	log = heard(words);
	while (span_line(&log, &line)) {
		if (!span_has(line, "UID STORE"))
			continue;
		commands++;
		assert_true(line.n < 1000);
	}
	assert_int_equal(commands, 2);
	assert_true(span_has(heard(words), "UID STORE 11,13,15"));
	assert_true(span_has(heard(words), "UID STORE 211,213"));
}

/* Filing opens the folder before; the walk goes on in its own. */
static void
filing_leaves_the_walk_in_its_folder(void **state)
{
	static const char words[] = "imap,tls,mails=300,validity=9";
	struct mailin_settings s = settings("imaps", words);
	struct span log, line;
	int bodies[2] = {0}, in = 0;

	(void)state;
	s.url = arena_spanf(&arena, "%.*s/INBOX,Other", (int)s.url.n, s.url.p);
	assert_int_equal(walk_and_file(&s, 1), 600);
	log = heard(words);
	while (span_line(&log, &line)) {
		if (span_has(line, "SELECT"))
			in = span_has(line, "Other");
		bodies[in] += span_has(line, "BODY.PEEK[]");
	}
	assert_int_equal(bodies[0], 3);
	assert_int_equal(bodies[1], 3);
}

/* Fetches all, files two as done and one as parked, and says how it went. */
static int
file_all(const char *words, enum mailin_after after, struct err *err)
{
	bool imap = strncmp(words, "imap", 4) == 0;
	struct mailin_settings s = settings(imap ? "imaps" : "pop3s", words);
	struct knows k = {""};
	struct mailin *m;
	struct mailin_mail mail;
	int rc, n = 0;

	s.after = after;
	s.done_folder = SPAN("rmail/done");
	s.parked_folder = SPAN("rmail/pärked");
	assert_int_equal(mailin_open(&arena, &s, &m, err), 0);
	while (
	    (rc = mailin_next(m, &arena, known, &k, &mail, err)) > 0 && rc >= 0)
		if (mailin_file(m, mail.key,
			n++ < 2 ? MAILIN_DONE : MAILIN_PARKED, err) < 0)
			rc = -1;
	if (rc == 0 &&
	    (mailin_file(m, SPAN("imap:INBOX:999:11"), MAILIN_DONE, err) < 0 ||
		mailin_file(m, SPAN("imap:Else:7:11"), MAILIN_DONE, err) < 0 ||
		mailin_file(m, SPAN("pop3:gone"), MAILIN_DONE, err) < 0))
		rc = -1;
	if (rc == 0)
		rc = mailin_flush(m, err);
	mailin_close(m);
	return rc;
}

static void
mails_are_filed_in_batches(void **state)
{
	static const struct {
		const char *why, *server;
		enum mailin_after after;
		int exit_code;
		const char *said[4], *never;
	} cases[] = {
	    {"seen", "imap,tls", MAILIN_KEEP, 0,
		{"UID STORE 11:12 +FLAGS.SILENT (\\Seen)",
		    "UID STORE 13 +FLAGS.SILENT (\\Seen \\Flagged)"},
		"EXPUNGE"},
	    {"moved, in the server's own spelling", "imap,tls,validity=8",
		MAILIN_MOVE, 0,
		{"UID MOVE 11:12 \"rmail.done\"",
		    "UID MOVE 13 \"rmail.p&AOQ-rked\""},
		"COPY"},
	    {"copied and deleted without MOVE", "imap,tls,nomove", MAILIN_MOVE,
		0,
		{"UID COPY 11:12", "UID STORE 11:12 +FLAGS.SILENT (\\Deleted)",
		    "UID EXPUNGE 11:12"},
		"UID MOVE"},
	    {"no UIDPLUS: all that is marked is ours",
		"imap,tls,nomove,nouidplus", MAILIN_DELETE, 0,
		{"UID STORE 11:12 +FLAGS.SILENT (\\Deleted)",
		    "UID SEARCH DELETED", " EXPUNGE"},
		"UID EXPUNGE"},
	    {"no UIDPLUS and others have marked some",
		"imap,tls,nomove,nouidplus,others", MAILIN_DELETE, 0,
		{"UID STORE 11:12 +FLAGS.SILENT (\\Deleted)",
		    "UID SEARCH DELETED"},
		" EXPUNGE"},
	    {"folders below INBOX only", "imap,tls,nocreate", MAILIN_MOVE, 0,
		{"CREATE \"rmail.done\"", "UID MOVE 11:12 \"INBOX.rmail.done\"",
		    "UID MOVE 13 \"INBOX.rmail.p&AOQ-rked\""},
		"COPY"},
	    {"a read-only box is left as it is", "imap,tls,readonly",
		MAILIN_MOVE, 0, {"UID FETCH"}, "MOVE"},
	    {"a refusal comes again next time", "imap,tls,storeno", MAILIN_KEEP,
		75, {"UID STORE"}, "EXPUNGE"},
	    {"deleted, what is parked stays", "pop3,tls", MAILIN_DELETE, 0,
		{"DELE 1", "DELE 2", "QUIT"}, "DELE 3"},
	    {"hung up at QUIT: nothing was deleted", "pop3,tls,noquit",
		MAILIN_DELETE, 75, {"DELE 1", "QUIT"}, "DELE 3"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct err err = {0};
		size_t before = heard(cases[i].server).n;
		struct span log;

		file_all(cases[i].server, cases[i].after, &err);
		if ((err.kind == ERR_NONE ? 0 : err_code(&err)) !=
		    cases[i].exit_code)
			fail_msg("%s: %s", cases[i].why, err.text);
		log = span_skip(heard(cases[i].server), before);
		for (size_t k = 0; k < 4 && cases[i].said[k] != NULL; k++)
			if (!span_has(log, cases[i].said[k]))
				fail_msg("%s: no %s in %.*s", cases[i].why,
				    cases[i].said[k], (int)log.n, log.p);
		if (span_has(log, cases[i].never))
			fail_msg("%s: %s in %.*s", cases[i].why, cases[i].never,
			    (int)log.n, log.p);
	}
}

static void
only_what_is_needed_is_asked(void **state)
{
	struct span log = heard("imap,tls"), line;

	(void)state;
	while (span_line(&log, &line)) {
		if (!span_has(line, "UID FETCH"))
			continue;
		if (!span_has(line, "(UID RFC822.SIZE INTERNALDATE)") &&
		    !span_has(line, "(UID BODY.PEEK[])"))
			fail_msg("%.*s", (int)line.n, line.p);
	}
}

static void
settings_that_would_go_wrong_are_refused(void **state)
{
	static const struct {
		const char *why, *url, *user, *password;
		bool starttls;
		enum mailin_after after;
	} cases[] = {
	    {"in clear over the net", "imap://mail.example.com", "u", "p",
		false, MAILIN_KEEP},
	    {"POP3 too", "pop3://mail.example.com", "u", "p", false,
		MAILIN_KEEP},
	    {"TLS twice", "imaps://mail.example.com", "u", "p", true,
		MAILIN_KEEP},
	    {"a login in the URL", "imaps://u:p@mail.example.com", "u", "p",
		false, MAILIN_KEEP},
	    {"no host", "imaps:///INBOX", "u", "p", false, MAILIN_KEEP},
	    {"no slashes", "imaps:mail", "u", "p", false, MAILIN_KEEP},
	    {"no port", "imaps://mail.example.com:imap", "u", "p", false,
		MAILIN_KEEP},
	    {"half an address", "imaps://[::1", "u", "p", false, MAILIN_KEEP},
	    {"no such folder name", "imaps://localhost/a%zz", "u", "p", false,
		MAILIN_KEEP},
	    {"a line end in a folder", "imaps://localhost/a%0Db", "u", "p",
		false, MAILIN_KEEP},
	    {"no user", "imaps://localhost", "", "p", false, MAILIN_KEEP},
	    {"no password", "imaps://localhost", "u", "", false, MAILIN_KEEP},
	    {"a user that ends the line", "imaps://localhost", "u\r\nx", "p",
		false, MAILIN_KEEP},
	    {"a password too", "pop3s://localhost", "u", "p\nDELE 1", false,
		MAILIN_KEEP},
	    {"POP3 has no folders", "pop3s://localhost", "u", "p", false,
		MAILIN_MOVE},
	    {"none at all", "pop3s://localhost/INBOX", "u", "p", false,
		MAILIN_KEEP},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct mailin_settings s = {.url = span_of(cases[i].url),
		    .user = span_of(cases[i].user),
		    .password = span_of(cases[i].password),
		    .starttls = cases[i].starttls,
		    .after = cases[i].after,
		    .done_folder = SPAN("d"),
		    .parked_folder = SPAN("p")};
		struct mailin *m;
		struct err err = {0};

		if (mailin_open(&arena, &s, &m, &err) == 0 ||
		    err.kind != ERR_STOP || err_code(&err) != EX_CONFIG)
			fail_msg("%s: %s", cases[i].why, err.text);
	}
}

static void
in_clear_only_to_this_machine(void **state)
{
	struct mailin_settings s = settings("imap", "imap,plain");
	struct mailin *m;
	struct err err = {0};

	(void)state;
	s.ca_file = SPAN("");
	if (mailin_open(&arena, &s, &m, &err) < 0)
		fail_msg("%s", err.text);
	mailin_close(m);
	s.ca_file = SPAN("/dev/null");
	s.starttls = true;
	assert_int_equal(mailin_open(&arena, &s, &m, &err), -1);
	assert_int_equal(err_code(&err), EX_CONFIG);
	s.starttls = false;
	s.url = SPAN("imaps://localhost:1");
	assert_int_equal(mailin_open(&arena, &s, &m, &err), -1);
	assert_int_equal(err_code(&err), EX_TEMPFAIL);
	assert_int_equal(err.kind, ERR_LATER);
}

static void
folder_names_as_servers_want_them(void **state)
{
	static const struct {
		const char *name;
		char delimiter;
		const char *want, *key;
	} cases[] = {
	    {"INBOX", '/', "INBOX", "imap:INBOX:"},
	    {"rmail/done", '.', "rmail.done", "imap:rmail/done:"},
	    {"rmail/done", '\0', "rmail/done", "imap:rmail/done:"},
	    {"A & B", '/', "A &- B", "imap:A%20%26%20B:"},
	    {"Für", '/', "F&APw-r", "imap:F%C3%BCr:"},
	    {"~peter/mail/台北/日本語", '/', "~peter/mail/&U,BTFw-/&ZeVnLIqe-",
		"imap:%7Epeter/mail/%E5%8F%B0%E5%8C%97/"
		"%E6%97%A5%E6%9C%AC%E8%AA%9E:"},
	    {"😀", '/', "&2D3eAA-", "imap:%F0%9F%98%80:"},
	    {"aü:b", '/', "a&APw-:b", "imap:a%C3%BC%3Ab:"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct span name = span_of(cases[i].name), key, back;

		assert_string_equal(
		    imap_wire_name(&arena, name, cases[i].delimiter),
		    cases[i].want);
		key = imap_key_prefix(&arena, name);
		assert_true(span_is(key, cases[i].key));
		assert_true(
		    imap_unescape(&arena, span_sub(key, 5, key.n - 1), &back));
		assert_true(span_eq(back, name));
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(who_is_not_proven_hears_no_login),
	    cmocka_unit_test(an_odd_greeting_ends_it),
	    cmocka_unit_test(logins_fail_for_reasons_of_their_own),
	    cmocka_unit_test(odd_answers_kill_nobody),
	    cmocka_unit_test(what_breaks_off_loses_no_mail),
	    cmocka_unit_test(many_come_each_once),
	    cmocka_unit_test(filing_keeps_commands_short),
	    cmocka_unit_test(filing_leaves_the_walk_in_its_folder),
	    cmocka_unit_test(mails_are_filed_in_batches),
	    cmocka_unit_test(only_what_is_needed_is_asked),
	    cmocka_unit_test(settings_that_would_go_wrong_are_refused),
	    cmocka_unit_test(in_clear_only_to_this_machine),
	    cmocka_unit_test(folder_names_as_servers_want_them),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
