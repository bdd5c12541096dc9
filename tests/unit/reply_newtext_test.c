/* The new text of replies, as many mail programs write them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/str.h"
#include "model/mail.h"
#include "reply/lines_int.h"

static const struct {
	const char *text, *want, *why;
} cases[] = {
    {"Yes", "Yes", "nothing to take away"},
    {"Fine.\n\nOn Tue, 24 Nov 2026 at 09:00, Ann <ann@example.com> wrote:\n"
     "> Do you agree?\n",
	"Fine.", "Gmail, English"},
    {"Fine.\n\nOn Tue, 24 Nov 2026 at 09:00, A Very Long Name\n"
     "<a-very-long-address@example.com>\nwrote:\n\n> Do you agree?\n",
	"Fine.", "the attribution wraps over three lines"},
    {"Do 28.1. 14:00 ginge\n\nAm Di., 24. Nov. 2026 um 09:00 Uhr schrieb Ann "
     "<ann@example.com>:\n> Passt es?\n",
	"Do 28.1. 14:00 ginge", "a date in words is no part of what follows"},
    {"Thursday 28 Jan works for me\n\nAnn <ann@example.com> wrote:\n> ok?\n",
	"Thursday 28 Jan works for me", "nor when that has no date"},
    {"Yes\n\nAm Di., 3. Mai 2026\n\nAnn <ann@example.com> schrieb:\n> ok?\n",
	"Yes", "a date with a year is"},
    {"Passt.\n\nAm 24.11.26 um 09:00 schrieb Ann:\n> Einverstanden?\n",
	"Passt.", "Thunderbird, German"},
    {"Oui.\n\nLe mar. 24 nov. 2026 \xc3\xa0 09:00, Ann <ann@example.com> "
     "a \xc3\xa9"
     "crit :\n> Vous \xc3\xaates d'accord ?\n",
	"Oui.", "French, blank before the colon"},
    {"\xe5\xa5\xbd\n\n\xe5\x9c\xa8 2026-11-24 09:00:00\xef\xbc\x8c"
     "ann@example.com \xe5\x86\x99\xe9\x81\x93\xef\xbc\x9a\n> ok?\n",
	"\xe5\xa5\xbd", "Chinese, wide colon"},
    {"Fine.\n\nFrom: Ann <ann@example.com>\nSent: Tuesday, 24 November\n"
     "To: Bob\nSubject: Rules\n\nDo you agree?\n",
	"Fine.", "Outlook leaves the quote unmarked"},
    {"Passt.\n\n________________________________\nVon: Ann <ann@example.com>\n"
     "Gesendet: Dienstag\nAn: Bob\nBetreff: Regeln\n\nEinverstanden?\n",
	"Passt.", "Outlook, German, with a ruler"},
    {"Fine.\n\nSent from my iPhone\n\n> On 24 Nov 2026, at 09:00, Ann "
     "<ann@example.com> wrote:\n> \n> Agree?\n",
	"Fine.", "iPhone"},
    {"I sent it from my desk, it is much easier there.",
	"I sent it from my desk, it is much easier there.",
	"a sentence is no device's signature"},
    {"Fine.\n-- \nBob Example\nHead of Everything\n", "Fine.",
	"the signature mark"},
    {"On Tue, 24 Nov 2026 at 09:00, Ann <ann@example.com> wrote:\n"
     "> Do you agree?\n\nI do.\n",
	"I do.", "answered at the bottom"},
    {"On 24.11.2026 09:00, Ann wrote:\n> First?\none\n> Second?\ntwo\n",
	"On 24.11.2026 09:00, Ann wrote:\n> First?\none\n> Second?\ntwo",
	"questions answered one by one stay with them"},
    {"Look:\n> int main;\n> return;\nNice?\n",
	"Look:\n> int main;\n> return;\nNice?", "a quotation of one's own"},
    {"Fine.\n\nOn 24 Nov 2026, at 09:00, Ann <ann@example.com> wrote:\n"
     "> This sentence is so long that the mail program of the sender\n"
     "wraps it\n> and goes on.\n",
	"Fine.", "a quoted line torn in two"},
    {"---------- Forwarded message ---------\nFrom: Ann <ann@example.com>\n"
     "Date: Tue\nSubject: Rules\nTo: Bob\n\nText\n",
	"---------- Forwarded message ---------\nFrom: Ann "
	"<ann@example.com>\nDate: Tue\nSubject: Rules\nTo: Bob\n\nText",
	"a forward and nothing else is kept whole"},
    {"FYI\n\n-------- Weitergeleitete Nachricht --------\nBetreff: Regeln\n"
     "Datum: heute\nVon: Ann\n\nText\n",
	"FYI", "words above a forward"},
    {"Sent from my iPhone\n\nOn 24 Nov 2026, at 09:00, Ann "
     "<ann@example.com> wrote:\n> stop or go?\n",
	"", "sent with nothing written: the quote is no answer"},
    {"Yes\n" MARK_QUOTE "On Tue Ann wrote:\nAgree?\n" MARK_END, "Yes",
	"a region that the client marked"},
    {MARK_QUOTE "All the words\n" MARK_END, "All the words",
	"a whole mail inside a marked region"},
    {MARK_INDENT "an indented thought\n" MARK_END "and more\n",
	"an indented thought\nand more", "indenting is no quoting"},
    {"Fine\n" MARK_SIGNATURE "Bob\nBoss\n" MARK_END, "Fine",
	"a marked signature"},
    {"Visa: 06/17\nName: Bob\nFrom now on: nothing\n",
	"Visa: 06/17\nName: Bob\nFrom now on: nothing",
	"colons do not make a header block"},
    {"1: 4\n2: B\n4: More time, fewer slides.\nOn Tue, 24 Nov 2026 at 09:00 "
     "Ann <\nann@example.com> wrote:\n\n> Do you agree?\n",
	"1: 4\n2: B\n4: More time, fewer slides.",
	"numbered answers are no date of an attribution"},
    {"1. 4\n2. More than in 2024 and 2025\n\n2026-11-24 09:00 GMT+01:00 Ann "
     "<ann@example.com>:\n> Agree?\n",
	"1. 4\n2. More than in 2024 and 2025",
	"the attribution begins with its own date"},
    {"On the whole it is fine\nOn Tue, 24 Nov 2026 at 09:00\nAnn "
     "<ann@example.com> wrote:\n> How is it?\n",
	"On the whole it is fine", "a sentence that begins with On"},
    {"On Thursday 5 March then\n\nOn Tue, 24 Nov 2026 at 09:00\nAnn "
     "<ann@example.com> wrote:\n> When?\n",
	"On Thursday 5 March then", "a day is an answer"},
    {"27 January 2027 10:00\n\nOn Monday the programme wrote:\n> When?\n",
	"27 January 2027 10:00", "a time alone above an attribution"},
    {"27 January 2027 10:00\n\nOn Mon, 11 Jan 2027 at 10:00, Ann "
     "<ann@example.com> wrote:\n> When?\n",
	"27 January 2027 10:00", "two dates, of which the second is theirs"},
    {"Fine.\n\nOn Tuesday,\n24 November 2026 at 09:00, Ann\n"
     "<ann@example.com> wrote:\n> When?\n",
	"Fine.", "a weekday alone on the first line"},
    {"Prices\n-----------\nTea 1\n", "Prices\n-----------\nTea 1",
	"a ruler that underlines"},
    {"", "", "nothing"},
};

static void
new_text_is_found(void **state)
{
	struct arena arena;
	int bad = 0;

	(void)state;
	arena_init(&arena);
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct span got =
		    reply_new_text(&arena, span_of(cases[i].text));

		if (span_is(got, cases[i].want))
			continue;
		print_error("%s: got \"%.*s\", want \"%s\"\n", cases[i].why,
		    (int)got.n, got.p, cases[i].want);
		bad++;
	}
	arena_release(&arena);
	assert_int_equal(bad, 0);
}

static const struct {
	const char *text;
	uint32_t n;
	enum verb first;
	uint32_t args;
	const char *why;
} commands[] = {
    {"approve", 1, VERB_APPROVE, 0, "alone"},
    {"Hi,\n\nplease approve 3, 4 and 5\n\nThanks\nLea", 1, VERB_APPROVE, 3,
	"courtesy around, filler between"},
    {"aprove 3", 1, VERB_APPROVE, 1, "a letter is missing"},
    {"reject 12\nlock 7\n", 2, VERB_REJECT, 1, "two lines"},
    {"exclude \"Anna Bell\" bert", 1, VERB_EXCLUDE, 2, "quoted name"},
    {"Paar 3 freigeben", 1, VERB_APPROVE, 1, "German puts the verb last"},
    {"ablehnen 4", 1, VERB_REJECT, 1, "German"},
    {"> approve 3\nreject 3", 1, VERB_REJECT, 1, "quoted lines are skipped"},
    {"a\nb\nc\nd\ne\napprove 1", 5, VERB_UNKNOWN, 0,
	"five unknown lines end it"},
    {"approve 1\n-- \nreject 1", 1, VERB_APPROVE, 1, "a signature ends it"},
    {"", 0, VERB_UNKNOWN, 0, "nothing"},
};

static void
commands_are_read(void **state)
{
	struct arena arena;
	int bad = 0;

	(void)state;
	arena_init(&arena);
	for (size_t i = 0; i < sizeof(commands) / sizeof(*commands); i++) {
		struct command *got;
		struct span stopped;
		uint32_t n;

		reply_commands(
		    &arena, span_of(commands[i].text), &got, &n, &stopped);
		if (n == commands[i].n &&
		    (n == 0 || (got[0].verb == commands[i].first &&
				   got[0].args_n == commands[i].args)))
			continue;
		print_error("%s: %u commands, first %s with %u\n",
		    commands[i].why, n, n ? verb_name(got[0].verb) : "-",
		    n ? got[0].args_n : 0);
		bad++;
	}
	arena_release(&arena);
	assert_int_equal(bad, 0);
}

/* They are found by halving. */
static void
tables_are_in_order(void **state)
{
	(void)state;
	for (size_t i = 1; i < header_names_n; i++)
		if (strcmp(header_names[i - 1].word, header_names[i].word) >= 0)
			fail_msg("%s is out of order", header_names[i].word);
	for (size_t i = 1; i < openers_n; i++)
		if (strcmp(openers[i - 1], openers[i]) >= 0)
			fail_msg("%s is out of order", openers[i]);
	for (size_t i = 1; i < verbs_n; i++)
		if (strcmp(verbs[i - 1].p, verbs[i].p) >= 0)
			fail_msg("%s is out of order", verbs[i].p);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(new_text_is_found),
	    cmocka_unit_test(commands_are_read),
	    cmocka_unit_test(tables_are_in_order),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
