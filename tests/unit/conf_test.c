/* Settings: what is taken, and where and how a mistake is told. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/embed.h"
#include "base/file.h"
#include "base/limits.h"
#include "base/str.h"
#include "conf/conf.h"

static struct arena arena;

/* Six lines; what a case adds begins in line 7. */
static const char good[] = "[programme]\n"
			   "name = Upward\n"
			   "lead = Hanna Lead <hanna@example.com>\n"
			   "end = 2027-09-30\n"
			   "[mail]\n"
			   "address = mentoring@example.com\n";

struct bad {
	const char *text;
	const char *place; /* "7:5", or "" when nothing is there to point at */
	const char *says;
	const char *why;
};

static void
refused(struct span text, const struct bad *c)
{
	struct conf conf;
	struct err err = {0};
	char want[32];

	snprintf(
	    want, sizeof(want), "conf:%s%s", c->place, *c->place ? ":" : "");
	if (conf_parse(&arena, SPAN("conf"), text, &conf, &err) == 0)
		fail_msg("taken: %s (%s)", c->text, c->why);
	if (err.kind != ERR_STOP || err_code(&err) != 78)
		fail_msg("exit %d: %s (%s)", err_code(&err), c->text, c->why);
	if (!span_starts(span_of(err.text), want) ||
	    strstr(err.text, c->says) == NULL)
		fail_msg("%s: \"%s\", wanted %s ... %s (%s)", c->text, err.text,
		    want, c->says, c->why);
	arena_reset(&arena);
}

/* --- added to good settings --------------------------------------------------- */

static void
mistakes_are_told_with_their_place(void **state)
{
	static const struct bad cases[] = {
	    /* names */
	    {"[mial]\nx = 1\n", "8:5", "did you mean [mail]?",
		"a section with a misprint"},
	    {"[quux]\nx = 1\n", "8:5", "no section [quux]",
		"a section like none"},
	    {"adress = x@example.com\n", "7:10", "did you mean \"address\"?",
		"a key with a misprint"},
	    {"zzzzzzzz = 1\n", "7:12", "no setting \"zzzzzzzz\"",
		"a key like none"},
	    {"[sessions]\nlead = 3\n", "8:8", "[sessions] has no setting",
		"a key of another section"},
	    {"in.de = maildir:in\n", "7:9", "in = maildir:in",
		"a locale where none can be"},
	    {"address = other@example.com\n", "7:11", "the first is in line 6",
		"a key twice"},
	    /* lines */
	    {"helo\n", "7:1", "key = value", "no equals sign"},
	    {"= x\n", "7:1", "letters, digits", "no key"},
	    {"a b = x\n", "7:1", "letters, digits", "a blank in a key"},
	    {"[sessions\nnumber = 3\n", "7:1", "ends with ]",
		"a section that is not closed"},
	    {"[ ]\n", "7:1", "needs a name", "a section without a name"},
	    {"from = \xff\n", "7:1", "UTF-8", "bytes that are no text"},
	    {"from = a\x01"
	     "b\n",
		"7:1", "control character", "a control character"},
	    /* words and switches */
	    {"after = burn\n", "7:9", "keep move delete", "none of the words"},
	    {"after =\n", "7:8", "keep move delete", "no value"},
	    {"subaddress = maybe\n", "7:14", "yes or no", "no switch"},
	    {"[reminders]\ndigest-day = someday\n", "8:14", "monday tuesday",
		"no day of the week"},
	    {"[programme]\nkind = club\n", "8:8", "cohort rolling",
		"no kind of programme"},
	    /* numbers */
	    {"[sessions]\nnumber = 0\n", "8:10", "from 1 to 100", "too few"},
	    {"[sessions]\nnumber = 101\n", "8:10", "from 1 to 100", "too many"},
	    {"[sessions]\nnumber = six\n", "8:10", "a whole number",
		"a word for a number"},
	    {"[sessions]\nnumber = 6.5\n", "8:10", "a whole number",
		"a broken number"},
	    {"[sessions]\nnumber = 99999999999999999999\n", "8:10",
		"from 1 to 100", "larger than any number"},
	    {"connections = -1\n", "7:15", "from 1 to 32", "below nothing"},
	    {"[report]\ngroup-min = 4\n", "8:13", "from 5",
		"groups so small that a figure names somebody"},
	    /* times and sizes */
	    {"timeout = 60\n", "7:11", "a time with its unit",
		"a time without a unit"},
	    {"timeout = 1 s\n", "7:11", "from 5 s", "a time too short"},
	    {"timeout = 3 fortnights\n", "7:11", "a time with its unit",
		"a unit nobody knows"},
	    {"[limits]\nmail-size = 5\n", "8:13", "something like: 10 MB",
		"a size too small"},
	    {"[programme]\nbegin = 11.1.2027\n", "8:9", "2027-01-11",
		"a date as it is spoken"},
	    {"[programme]\nbegin = 2027-02-30\n", "8:9", "2027-01-11",
		"a day that is not"},
	    {"[reminders]\ndigest-clock = 8\n", "8:16", "08:00",
		"an hour without minutes"},
	    {"[reminders]\ndigest-clock = 25:00\n", "8:16", "08:00",
		"no time of day"},
	    {"[sessions]\nhours = 9-17\n", "8:9", "Mon-Fri 09:00-17:00",
		"hours without days"},
	    {"[sessions]\nhours = Fri-Mon 09:00-17:00\n", "8:9",
		"Mon-Fri 09:00-17:00", "a week that runs backwards"},
	    {"[sessions]\nhours = Mon 09:10-17:00\n", "8:9",
		"Mon-Fri 09:00-17:00", "not a half hour"},
	    {"[sessions]\nhours = Mon 17:00-09:00\n", "8:9",
		"Mon-Fri 09:00-17:00", "an end before the begin"},
	    {"[sessions]\nclosed = Christmas\n", "8:10", "2026-12-24",
		"a feast instead of a date"},
	    {"[programme]\nzone = Europe/Berlim\n", "8:8", "Europe/Berlin",
		"a time zone with a misprint"},
	    {"[programme]\nreview-on = 31-12\n", "8:13", "05-01",
		"day and month the wrong way round"},
	    /* addresses and places */
	    {"[programme]\nsponsor = Sam Sponsor\n", "8:11", "Sam Sponsor <",
		"a name without an address"},
	    {"[programme]\nsponsor = Sam <sam@>\n", "8:11", "Sam Sponsor <",
		"an address without a host"},
	    {"in = /var/mail/mentoring\n", "7:6", "maildir:in",
		"a path without its kind"},
	    {"in = http://mail.example.com\n", "7:6", "imaps://",
		"a kind nobody reads"},
	    {"out = imaps://mail.example.com\n", "7:7", "smtps://",
		"a kind that takes no mail"},
	    {"[programme]\naccent = blue\n", "8:10", "#0b5cad",
		"a colour by its name"},
	    /* secrets are not told to the terminal or the log */
	    {"in-password =\n", "7:14",
		"in-password = :", "a secret that is empty"},
	    /* skills and aims */
	    {"[skill]\nname = Talk\n", "8:8", "[skill social-media]",
		"a skill without a short name"},
	    {"[skill so cial]\nname = Talk\n", "8:8", "[skill social-media]",
		"a blank in the short name"},
	    {"[skill talk]\nweight = 11\n", "8:10", "from 1 to 10",
		"a weight too large"},
	    {"[skill talk]\ncolour = red\n", "8:10", "low, medium and high",
		"what a skill has not"},
	    {"[aim]\ntext = x\n", "8:8", "[aim retention]",
		"an aim without a name"},
	    {"[aim keep]\ntarget = most\n", "8:10", "80 %", "no share"},
	    {"[aim keep]\ntarget = 101 %\n", "8:10", "80 %", "more than all"},
	    {"[aim keep]\nowner = Sam\n", "8:9", "text, measure and target",
		"what an aim has not"},
	    {"[aim keep]\ntext = Keep them\n", "8:1", "has no measure",
		"an aim that nobody can measure"},
	    /* contradictions */
	    {"after = move\n", "7:9", "done-folder and parked-folder",
		"moved, but where to?"},
	    {"in = pop3s://mail.example.com\nin-user = us\n"
	     "in-password-command = x\nafter = move\ndone-folder = a\n"
	     "parked-folder = b\n",
		"10:9", "after = delete", "folders where none can be"},
	    /* servers and logins */
	    {"in = imaps://mail.example.com\n", "7:6",
		"in-user = mentoring@example.com", "who comes?"},
	    {"in = imaps://mail.example.com\nin-user = us\n", "8:11",
		"in-password-command", "no secret to come with"},
	    {"in = imap://mail.example.com\nin-user = us\n"
	     "in-password-command = x\n",
		"7:6", "in-starttls = yes", "a login in clear"},
	    {"in = imaps://mail.example.com\nin-user = us\n"
	     "in-password-command = x\nin-token-command = y\n",
		"9:23", "two secrets", "which of them?"},
	    {"in = pop3s://mail.example.com\nin-token-command = x\n", "8:20",
		"a user, such as", "a secret of nobody"},
	    {"in = imaps://mail.example.com\nin-user = us\n"
	     "in-password-command = x\nin-starttls = yes\n",
		"10:15", "from the first byte", "encrypted twice"},
	    {"in-fingerprint = 12:34\n", "7:18", "64 hexadecimal digits",
		"a pin cut short"},
	    {"out = smtp://mail.example.com\n", "7:7", "out-starttls = yes",
		"mails in clear"},
	    {"out = smtps://mail.example.com\nout-user = us\n", "8:12",
		"out-password-command", "no secret to send with"},
	    {"out = smtps://mail.example.com\nout-password-command = x\n",
		"8:24", "a user, such as", "a secret to send with, of nobody"},
	    {"out = smtps://mail.example.com\nout-starttls = yes\n", "8:16",
		"from the first byte", "sent encrypted twice"},
	    {"out-fingerprint = 0123456789abcdef0123456789abcdef"
	     "0123456789abcdef0123456789abcdeg\n",
		"7:19", "64 hexadecimal digits", "a pin with a misprint"},
	    {"helo = our host\n", "7:8", "mentoring.example.com",
		"a greeting that is no host"},
	    {"[oauth2]\nclient = x\n", "8:10", "url = https://",
		"tokens from nowhere"},
	    {"[oauth2]\nurl = http://example.com/token\n", "8:7", "in clear",
		"a secret in clear"},
	    {"[oauth2]\nurl = https://example.com/token\n", "8:7",
		"client = 01234567", "tokens for nobody"},
	    {"[oauth2]\nurl = https://example.com/token\nclient = x\n", "8:7",
		"refresh-token", "tokens for nothing"},
	    /* further mailboxes */
	    {"[mailbox]\nin = maildir:in2\n", "8:6", "[mailbox team-b]",
		"a mailbox without a name"},
	    {"[mailbox b]\nin-user = us\n", "8:11",
		"in = imaps://mail.example.com", "a mailbox without a place"},
	    {"[mailbox b]\nin = maildir:b\nout = maildir:c\n", "9:7",
		"a mailbox has in", "a mailbox does not send"},
	    {"[mailbox b]\nin = imaps://mail.example.com\nin-user = us\n",
		"9:11", "in-password-command", "its own secret is missing"},
	    {"[mailbox b]\nin = maildir:b\nafter = move\n", "9:9",
		"done-folder", "its own folders are missing"},
	    {"[programme]\njoin = domain\n", "8:8", "domains = example.com",
		"a domain, but which?"},
	    {"[programme]\nbegin = 2027-10-01\n", "4:7", "before the begin",
		"an end before the begin"},
	    {"[programme]\nbegin = 2027-02-01\nmatch-on = 2027-01-25\n", "9:12",
		"before the begin", "matched before anybody is asked"},
	    {"[programme]\nmidpoint = 2028-01-01\n", "8:12", "outside",
		"a middle behind the end"},
	    {"[programme]\nlocale = fr\n", "8:10", "one of locales",
		"a language nobody may have"},
	    {"[reminders]\nsend-from = 18\nsend-to = 9\n", "9:11",
		"later than send-from", "no hour to write in"},
	    {"[match]\nmin-level-gap = 3\nmax-level-gap = 2\n", "9:17",
		"nobody could be matched", "a gap that cannot be"},
	    {"[match]\nobjective = total, total\n", "8:13", "twice",
		"a step that decides nothing"},
	    {"[match]\nobjective = cardinality, leximin, fair\n", "8:13",
		"leximin settles", "a step behind the last word"},
	    {"[match]\nobjective = cardinality\ninertia = 50\n", "9:11",
		"step total", "inertia that counts nowhere"},
	    {"[match]\nobjective = total\ngood-enough = 400\n", "9:15",
		"step fair", "an end of nothing"},
	    {"[match]\nobjective = cardinality, luck\n", "8:13", "bottleneck",
		"a goal nobody knows"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		refused(arena_spanf(&arena, "%s%s", good, cases[i].text),
		    &cases[i]);
}

/* --- whole files ---------------------------------------------------------------- */

static void
what_is_missing_is_asked_for(void **state)
{
	static const struct bad cases[] = {
	    {"", "", "name = Reverse mentoring", "nothing at all"},
	    {"name = Upward\n", "1:8", "above the first [section]",
		"a setting without a section"},
	    {"  name = Upward\n", "1:1", "must not begin with a blank",
		"a line that goes on with nothing"},
	    {"[programme]\nname = Upward\nend = 2027-09-30\n", "",
		"lead = Hanna Lead", "no lead"},
	    {"[programme]\nname = Upward\nend = 2027-09-30\n"
	     "lead = Hanna <hanna@example.com>\n",
		"", "address = mentoring@example.com", "no address"},
	    {"[programme]\nname = Upward\nlead = H <h@example.com>\n[mail]\n"
	     "address = m@example.com\n",
		"", "kind = rolling", "a cohort without an end"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		refused(span_of(cases[i].text), &cases[i]);
}

/* --- what is good ---------------------------------------------------------------- */

static void
take(struct conf *c, struct span text)
{
	struct err err = {0};

	if (conf_parse(&arena, SPAN("/etc/rmail/conf"), text, c, &err) < 0)
		fail_msg("%s", err.text);
}

static void
defaults_fill_the_rest(void **state)
{
	struct conf c;

	(void)state;
	take(&c, span_of(good));
	assert_true(span_is(c.name.text, "Upward"));
	assert_true(span_is(c.lead_name, "Hanna Lead"));
	assert_true(span_is(c.lead_address, "hanna@example.com"));
	assert_int_equal(c.kind, CONF_COHORT);
	assert_int_equal(c.join, CONF_JOIN_ROSTER);
	assert_int_equal(c.group_min, 5);
	assert_int_equal(c.every_seconds, 4 * 7 * 86400);
	assert_true(c.no_manager);
	assert_true(c.approve_by_lead);
	assert_false(c.insecure);
	assert_int_equal(c.locales_n, 2);
	assert_true(span_is(c.in.url, "maildir:in"));
	assert_true(
	    span_is(conf_path(&arena, &c, SPAN("in")), "/etc/rmail/in"));
	assert_true(span_is(conf_path(&arena, &c, SPAN("/var/x")), "/var/x"));
}

static void
people_write_as_they_like(void **state)
{
	struct conf c;

	(void)state;
	take(
	    &c, arena_spanf(&arena, "%s%s", good,
		    "Subaddress = YES\n"
		    "# a comment\n"
		    "; another\n"
		    "\n"
		    "[Sessions]\r\n"
		    "  \n"
		    "Minutes=90\r\n"
		    "closed = 2027-12-24..2028-01-02,\n"
		    "    2027-05-01\n"
		    "hours = Mon-Thu 09:00-12:00 13:00-17:00, Fri 09:00-12:00\n"
		    "[programme]\n"
		    "name.de = Aufw\xc3\xa4rts\n"
		    "[skill social-media]\n"
		    "name = Social media\n"
		    "name.de = Soziale Medien\n"
		    "[aim keep]\n"
		    "measure = retention\n"
		    "target = 85%\n"));
	assert_true(c.subaddress);
	assert_int_equal(c.minutes, 90);
	assert_int_equal(c.closed_n, 2);
	assert_true(span_is(c.closed[1], "2027-05-01"));
	assert_true(span_is(conf_text(&c.name, SPAN("de")), "Aufw\xc3\xa4rts"));
	assert_true(span_is(conf_text(&c.name, SPAN("fr")), "Upward"));
	assert_int_equal(c.skills_n, 1);
	assert_int_equal(c.skills[0].weight, 1);
	assert_int_equal(c.aims[0].target_permille, 850);
	assert_false(hours_empty(&c.hours));
}

static void
the_sample_is_sound(void **state)
{
	struct span sample;
	struct conf c;

	(void)state;
	assert_true(embed_find("rmail.conf.sample", &sample));
	take(&c, sample);
	assert_int_equal(c.skills_n, 3);
	assert_int_equal(c.aims_n, 2);
}

/* --- files -------------------------------------------------------------------------- */

static void
secrets_are_for_the_owner_alone(void **state)
{
	static const struct {
		const char *more;
		mode_t mode;
		int exit_code; /* 0: taken */
		const char *why;
	} cases[] = {
	    {"", 0644, 0, "without a secret anybody may read it"},
	    {"in-password = hush\n", 0600, 0, "a secret in a closed file"},
	    {"in-password = hush\n", 0640, 77, "the group could read it"},
	    {"out-password = hush\n", 0604, 77, "all could read it"},
	    {"[oauth2]\nurl = https://x.example\nclient = x\n"
	     "refresh-token = hush\n",
		0644, 77, "a token is a secret"},
	    {"in-password-command = /usr/bin/cat x\n", 0644, 0,
		"a command is none"},
	};
	char path[] = "/tmp/rmail-conf-XXXXXX";
	int fd = mkstemp(path);
	struct conf c;

	(void)state;
	assert_true(fd >= 0);
	close(fd);
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct err err = {0};
		int rc;

		assert_int_equal(
		    file_write(path,
			arena_spanf(&arena, "%s%s", good, cases[i].more), false,
			&err),
		    0);
		assert_int_equal(chmod(path, cases[i].mode), 0);
		rc = conf_read(&arena, path, &c, &err);
		if (cases[i].exit_code == 0
			? rc < 0
			: rc == 0 || err_code(&err) != cases[i].exit_code)
			fail_msg("%s: %s", cases[i].why, err.text);
		if (strstr(err.text, "hush") != NULL)
			fail_msg("the secret is told: %s", err.text);
	}
	unlink(path);
}

static void
no_file_says_how_to_make_one(void **state)
{
	struct conf c;
	struct err err = {0};

	(void)state;
	assert_int_equal(
	    conf_read(&arena, "/nonexistent/rmail.conf", &c, &err), -1);
	assert_int_equal(err_code(&err), 78);
	assert_non_null(strstr(err.text, "rmail init"));
}

static int
tear_down(void **state)
{
	(void)state;
	arena_release(&arena);
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(mistakes_are_told_with_their_place),
	    cmocka_unit_test(what_is_missing_is_asked_for),
	    cmocka_unit_test(defaults_fill_the_rest),
	    cmocka_unit_test(people_write_as_they_like),
	    cmocka_unit_test(the_sample_is_sound),
	    cmocka_unit_test(secrets_are_for_the_owner_alone),
	    cmocka_unit_test(no_file_says_how_to_make_one),
	};

	arena_init(&arena);
	return cmocka_run_group_tests_name("conf", tests, NULL, tear_down);
}
