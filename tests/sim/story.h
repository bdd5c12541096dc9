/*
 * The stories that the crash simulator plays: what people write, and when.
 * Each mail answers the newest mail of a template that its sender was sent.
 */
#ifndef TESTS_SIM_STORY_H
#define TESTS_SIM_STORY_H

#include <stddef.h>

enum {
	SAYINGS_N = 12
};

struct said {
	const char *from;
	/* Template of the mail that is answered; "" a new mail. */
	const char *about;
	/*
	 * The words on top.  Or "ics:PARTSTAT", a calendar's answer;
	 * "bounce:STATUS"; "away:TEXT", an automatic answer; "list:TEXT";
	 * "own:", a mail of ours that came back; "twice:", the mail before
	 * this one by another way; "csv:ROWS", an attached roster;
	 * "torn:", a mail that ends in the middle.
	 */
	const char *text;
};

struct step {
	const char *now;
	const char *roster; /* imported by the operator before the run */
	struct said words[SAYINGS_N];
};

struct story {
	const char *name;
	const char *settings; /* behind the common ones */
	const struct step *steps;
	size_t steps_n;
};

#define COMMON                                      \
	"[programme]\n"                             \
	"name = Upward\n"                           \
	"name.de = Aufw\xc3\xa4rts\n"               \
	"lead = Hanna Lead <hanna@example.com>\n"   \
	"sponsor = Sam Sponsor <sam@example.com>\n" \
	"zone = Europe/Berlin\n"                    \
	"[skill social-media]\n"                    \
	"name = Social media\n"                     \
	"weight = 3\n"                              \
	"[skill mobile-work]\n"                     \
	"name = Mobile working\n"                   \
	"[skill new-views]\n"                       \
	"name = New views of work\n"                \
	"[aim coverage]\n"                          \
	"text = Every senior has a mentor\n"        \
	"measure = coverage\n"                      \
	"target = 80 %\n"

#define HEAD "address,name,role,level,department,zone,locale,assistant\n"

/* --- a cohort from the roster to the report -------------------------------- */

static const struct step cohort_steps[] = {
    {"2027-01-10T09:00Z",
	HEAD "ann@example.com,Ann Young,mentor,2,IT,Europe/Berlin,en,\n"
	     "bob@example.com,Bob Boss,mentee,8,Sales,Europe/Berlin,de,"
	     "pa@example.com\n"
	     "cleo@example.com,Cleo New,mentor,3,HR,Europe/Berlin,en,\n"
	     "dirk@example.com,Dirk Chef,mentee,9,IT,Europe/London,en,\n"
	     "gus@example.com,Gus Nay,mentee,7,HR,,en,\n"
	     "ike@example.com,Ike Other,mentor,2,Law,,en,\n"
	     "jo@example.com,Jo Gone,mentee,8,Art,,en,\n"
	     "nobody,No Address,mentee,7,HR,,en,\n",
	{{0}}},
    {"2027-01-11T09:00Z", NULL, {{0}}},
    {"2027-01-11T10:00Z", NULL,
	{{"ann@example.com", "invitation", "yes"},
	    {"bob@example.com", "invitation", "ja"},
	    {"cleo@example.com", "", "join"},
	    {"dirk@example.com", "invitation", "Yes, gladly!"},
	    {"gus@example.com", "invitation", "no"},
	    {"ike@example.com", "invitation", "yes"},
	    {"jo@example.com", "invitation", "yes"},
	    {"eve@elsewhere.example", "", "join"},
	    {"ann@example.com", "invitation", "own:"},
	    {"news@example.com", "", "list:join"}}},
    {"2027-01-11T12:00Z", NULL,
	{{"ann@example.com", "survey-signup", "1: A\n2: H\n3: H"},
	    {"bob@example.com", "survey-signup",
		"1: B\n2: L -> H\n3: L -> M\n4: M\n11: A, B\n"
		"12: Mo-Do 9-12, Fr 13-17\n16: ja"},
	    {"cleo@example.com", "survey-signup",
		"1: A\n2: M\n3: H\n4: H\n6: 2\n12: A\n13: Mon-Fri 9-17\n"
		"17: yes"},
	    {"dirk@example.com", "survey-signup",
		"1: B\n2: L -> M\n3: L -> H\n11: A\n12: Mon-Thu 10-16\n"
		"15: ann\n16: yes"},
	    {"dirk@example.com", "survey-signup", "twice:"},
	    {"ike@example.com", "survey-signup",
		"1: A\n2: L\n3: M\n4: H\n12: A\n13: Mon-Fri 9-17\n"
		"17: yes"},
	    {"jo@example.com", "survey-signup",
		"1: B\n2: M -> H\n3: M\n4: L -> H\n11: A\n"
		"12: Mon-Fri 9-17\n15: ann@example.com, cleo@example.com\n16: yes"}}},
    {"2027-01-11T14:00Z", NULL,
	{{"ann@example.com", "survey-missing",
	     "4: M\n12: A\n13: Mon-Fri 9-17\n17: yes"},
	    {"dirk@example.com", "survey-signup", "4: L -> M"},
	    {"cleo@example.com", "receipt", "What is this?"}}},
    {"2027-01-18T09:00Z", NULL, {{0}}},
    {"2027-01-25T09:00Z", NULL, {{0}}},
    {"2027-01-25T10:00Z", NULL,
	{{"hanna@example.com", "proposal", "lock 1\nfrobnicate\nhelp"},
	    {"jo@example.com", "welcome", "leave"}}},
    {"2027-01-25T11:00Z", NULL,
	{{"hanna@example.com", "proposal", "approve"},
	    {"ann@example.com", "", "approve"}}},
    {"2027-01-25T15:00Z", NULL,
	{{"ann@example.com", "introduction", "agree"},
	    {"bob@example.com", "introduction", "einverstanden"},
	    {"cleo@example.com", "introduction", "agree"},
	    {"dirk@example.com", "introduction", "I agree."},
	    {"dirk@example.com", "introduction", "agree"}}},
    {"2027-01-26T09:00Z", NULL,
	{{"ann@example.com", "invite", "ics:DECLINED"},
	    {"pa@example.com", "invite", "ics:ACCEPTED"},
	    {"cleo@example.com", "invite", "ics:ACCEPTED"},
	    {"dirk@example.com", "invite", "yes"}}},
    {"2027-01-26T10:00Z", NULL,
	{{"ann@example.com", "invite", "ics:ACCEPTED"},
	    {"bob@example.com", "invite", "ja"},
	    {"dirk@example.com", "invite", "away:I am away until 1 Feb 2027."},
	    {"cleo@example.com", "invite", "bounce:4.2.2"}}},
    {"2027-01-27T10:00Z", NULL,
	{{"cleo@example.com", "invite", "move to 9 Feb 10:00"},
	    {"bob@example.com", "", "torn:"}}},
    {"2027-02-01T09:00Z", NULL, {{0}}},
    {"2027-02-02T09:00Z", NULL, {{0}}},
    {"2027-02-02T12:00Z", NULL, {{"dirk@example.com", "options", "1"}}},
    {"2027-02-04T10:00Z", NULL, {{0}}},
    {"2027-02-08T10:00Z", NULL, {{0}}},
    {"2027-02-10T10:00Z", NULL, {{0}}},
    {"2027-02-12T13:00Z", NULL,
	{{"ann@example.com", "survey-checkin", "1: yes\n2: 5"},
	    {"bob@example.com", "survey-checkin", "1: nein"},
	    {"dirk@example.com", "survey-checkin", "5"},
	    {"cleo@example.com", "introduction", "stuck"}}},
    {"2027-02-12T15:00Z", NULL,
	{{"ann@example.com", "survey-fit", "1: C"},
	    {"bob@example.com", "", "my data"},
	    {"cleo@example.com", "", "assistant desk@example.com"}}},
    {"2027-02-15T10:00Z", NULL,
	{{"bob@example.com", "invite", "Pause bis 1.3.2027"},
	    {"hanna@example.com", "digest",
		"improvement More time between sessions\n"
		"send improvements\ncapacity ann 2\nundo"},
	    {"hanna@example.com", "digest",
		"csv:" HEAD "fay@example.com,Fay Late,mentor,2,IT,,en,\n"}}},
    {"2027-02-16T10:00Z", NULL,
	{{"fay@example.com", "invitation", "bounce:5.1.1"},
	    {"ann@example.com", "invite", "pause until 15 March 2027"},
	    {"cleo@example.com", "confirm", "yes"},
	    {"bob@example.com", "confirm", "ja"}}},
    {"2027-03-02T10:00Z", NULL, {{0}}},
    {"2027-03-09T10:00Z", NULL, {{0}}},
    {"2027-03-20T10:00Z", NULL, {{0}}},
    {"2027-03-22T10:00Z", NULL,
	{{"dirk@example.com", "invite", "ics:DECLINED"}}},
    {"2027-03-22T11:00Z", NULL,
	{{"dirk@example.com", "invite", "ics:DECLINED"}}},
    {"2027-03-22T12:00Z", NULL,
	{{"dirk@example.com", "invite", "not that week"}}},
    {"2027-03-22T13:00Z", NULL,
	{{"dirk@example.com", "invite", "ics:DECLINED"}}},
    {"2027-03-22T14:00Z", NULL, {{"dirk@example.com", "options", "2"}}},
    {"2027-04-12T10:00Z", NULL, {{0}}},
    {"2027-05-10T10:00Z", NULL, {{0}}},
    {"2027-05-11T10:00Z", NULL,
	{{"dirk@example.com", "survey-midpoint", "1: 4\n2: yes"},
	    {"ann@example.com", "survey-midpoint", "stop"},
	    {"cleo@example.com", "", "leave"}}},
    {"2027-05-12T10:00Z", NULL,
	{{"cleo@example.com", "confirm", "yes"},
	    {"bob@example.com", "", "vergiss mich"}}},
    {"2027-05-13T10:00Z", NULL,
	{{"bob@example.com", "confirm", "ja"},
	    {"hanna@example.com", "digest", "match"}}},
    {"2027-05-14T10:00Z", NULL, {{"hanna@example.com", "proposal", "approve"}}},
    {"2027-06-01T10:00Z", NULL, {{0}}},
    {"2027-07-20T14:00Z", NULL, {{0}}},
    {"2027-09-30T10:00Z", NULL, {{0}}},
    {"2027-10-04T10:00Z", NULL,
	{{"dirk@example.com", "survey-final", "1: H\n2: M\n3: 5"}}},
    {"2027-10-25T10:00Z", NULL, {{0}}},
    {"2027-11-25T10:00Z", NULL, {{0}}},
};

/* --- a programme that anybody may join and that has no end ------------------ */

static const struct step rolling_steps[] = {
    {"2027-03-01T09:00Z", NULL, {{0}}},
    {"2027-03-02T09:00Z", NULL,
	{{"ann@example.com", "", "join"}, {"bob@example.com", "", "join"},
	    {"cleo@example.com", "", "join"}, {"dirk@example.com", "", "join"},
	    {"eve@elsewhere.example", "", "What is this?"}}},
    {"2027-03-03T09:00Z",
	HEAD "ann@example.com,Ann Young,mentor,2,IT,,en,\n"
	     "bob@example.com,Bob Boss,mentee,8,Sales,,en,\n"
	     "cleo@example.com,Cleo New,mentor,3,HR,,en,\n"
	     "dirk@example.com,Dirk Chef,mentee,9,IT,,en,\n",
	{{"ann@example.com", "survey-signup",
	     "1: A\n2: H -> H\n3: M -> M\n4: L -> M\n11: A, C\n12: A\n"
	     "13: Mon-Fri 9-17\n17: yes"},
	    {"bob@example.com", "survey-signup",
		"1: B\n2: L -> H\n3: L -> M\n4: M -> M\n11: A\n12: A\n"
		"13: Mon-Fri 9-17\n17: yes"},
	    {"cleo@example.com", "survey-signup",
		"1: A\n2: M -> H\n3: H -> H\n4: H -> H\n12: A\n"
		"13: Mon-Fri 9-17\n17: yes"},
	    {"dirk@example.com", "survey-signup",
		"1: B\n2: L -> M\n3: L -> H\n4: L -> H\n12: A\n"
		"13: Mon-Fri 9-17\n17: yes"}}},
    {"2027-03-08T09:00Z", NULL, {{0}}},
    {"2027-03-15T09:00Z", NULL, {{0}}},
    {"2027-03-16T09:00Z", NULL,
	{{"ann@example.com", "introduction", "agree"},
	    {"bob@example.com", "introduction", "agree"},
	    {"cleo@example.com", "introduction", "agree"},
	    {"dirk@example.com", "introduction", "agree"}}},
    {"2027-03-17T09:00Z", NULL,
	{{"ann@example.com", "options", "1"},
	    {"bob@example.com", "options", "1"},
	    {"cleo@example.com", "options", "2"},
	    {"dirk@example.com", "options", "3"}}},
    {"2027-03-18T09:00Z", NULL,
	{{"ann@example.com", "invite", "ics:ACCEPTED"},
	    {"bob@example.com", "invite", "ics:TENTATIVE"},
	    {"cleo@example.com", "", "my new address is cleo@new.example"}}},
    {"2027-03-22T09:00Z", NULL, {{0}}},
    {"2027-03-29T09:00Z", NULL, {{0}}},
    {"2027-04-05T09:00Z", NULL,
	{{"ann@example.com", "survey-checkin", "1: no"},
	    {"bob@example.com", "survey-checkin", "1: yes\n2: 4"}}},
    {"2027-04-12T09:00Z", NULL, {{0}}},
    {"2027-05-01T09:00Z", NULL, {{0}}},
    {"2027-05-10T09:00Z", NULL,
	{{"ann@example.com", "introduction", "leave"},
	    {"hanna@example.com", "digest", "hold"}}},
    {"2027-05-11T09:00Z", NULL, {{"hanna@example.com", "digest", "go\nmatch"}}},
    {"2027-06-10T09:00Z", NULL, {{0}}},
};

#define STEPS(list) list, sizeof(list) / sizeof((list)[0])

static const struct story stories[] = {
    {"cohort, kept in the mailbox",
	"[programme]\n"
	"begin = 2027-01-11\n"
	"match-on = 2027-01-25\n"
	"midpoint = 2027-05-10\n"
	"end = 2027-09-30\n"
	"[mail]\n"
	"address = mentoring@example.com\n",
	STEPS(cohort_steps)},
    {"cohort, moved to folders, one address for each conversation",
	"[programme]\n"
	"begin = 2027-01-11\n"
	"match-on = 2027-01-25\n"
	"midpoint = 2027-05-10\n"
	"end = 2027-09-30\n"
	"[mail]\n"
	"address = mentoring@example.com\n"
	"subaddress = yes\n"
	"after = move\n"
	"done-folder = done\n"
	"parked-folder = parked\n",
	STEPS(cohort_steps)},
    {"rolling, open to all, times to choose from, deleted when done",
	"[programme]\n"
	"kind = rolling\n"
	"begin = 2027-03-01\n"
	"match-on = 2027-03-15\n"
	"match-every = 8 weeks\n"
	"review-on = 05-01\n"
	"join = open\n"
	"approve = no\n"
	"unknown-senders = help\n"
	"[mail]\n"
	"address = mentoring@example.com\n"
	"after = delete\n"
	"[sessions]\n"
	"times = ask\n",
	STEPS(rolling_steps)},
    {"rolling, handed to another program",
	"[programme]\n"
	"kind = rolling\n"
	"begin = 2027-03-01\n"
	"match-on = 2027-03-15\n"
	"match-every = 8 weeks\n"
	"join = open\n"
	"approve = no\n"
	"[mail]\n"
	"address = mentoring@example.com\n"
	"out = sendmail:./deliver sent\n"
	"[sessions]\n"
	"times = ask\n",
	STEPS(rolling_steps)},
};

#endif
