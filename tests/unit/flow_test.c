/* One sentence for each promise that the state machines keep. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "flow/flow.h"

enum {
	NOW = 1800000000,
	DAY_SECONDS = 86400,
	SILENCE = 35 * DAY_SECONDS,
	REMIND_TIMES = 2,
	TRIES = 3,
	PIECES = 4,
};

static struct flow_facts
facts(void)
{
	return (struct flow_facts){.now_unix = NOW,
	    .remind_times = REMIND_TIMES,
	    .silence_seconds = SILENCE,
	    .tries = TRIES,
	    .training_n = PIECES};
}

/* The step is `next`, and does just these things. */
static void
expect(const char *promise, struct flow_step step, int next,
    enum flow_delay delay, const enum flow_effect *effects)
{
	if (!step.known)
		fail_msg("%s: the event means nothing there", promise);
	if (step.next != next || step.delay != delay)
		fail_msg("%s: state %d, delay %d", promise, step.next,
		    (int)step.delay);
	for (int i = 0; i < FLOW_EFFECTS; i++)
		if (step.effects[i] != effects[i])
			fail_msg("%s: effect %d is %d", promise, i,
			    (int)step.effects[i]);
}

/* --- people ----------------------------------------------------------------- */

static void
people(void **state)
{
	static const struct {
		const char *promise;
		enum person_state was;
		enum flow_event event;
		int reminded;
		const char *from; /* before the pause */
		enum person_state next;
		enum flow_delay delay;
		enum flow_effect effects[FLOW_EFFECTS];
	} cases[] = {
	    {"who stands on the roster is invited, and reminded later",
		PERSON_KNOWN, EV_INVITE, 0, "", PERSON_INVITED, DELAY_INVITE,
		{FX_INVITATION}},
	    {"who is silent is reminded", PERSON_INVITED, EV_DUE, 1, "",
		PERSON_INVITED, DELAY_INVITE, {FX_INVITATION}},
	    {"the reminders end", PERSON_INVITED, EV_DUE, REMIND_TIMES, "",
		PERSON_INVITED, DELAY_NONE, {0}},
	    {"a yes brings the survey", PERSON_INVITED, EV_JOIN, 0, "",
		PERSON_ASKED, DELAY_NONE, {FX_SIGNUP}},
	    {"who writes join without an invitation is asked, too",
		PERSON_KNOWN, EV_JOIN, 0, "", PERSON_ASKED, DELAY_NONE,
		{FX_SIGNUP}},
	    {"join once more brings the survey once more", PERSON_ASKED,
		EV_JOIN, 0, "", PERSON_ASKED, DELAY_NONE, {FX_SIGNUP}},
	    {"a no ends the invitation", PERSON_INVITED, EV_NO, 0, "",
		PERSON_DECLINED, DELAY_NONE, {FX_DECLINED_NOTED}},
	    {"a no to the survey ends its reminders", PERSON_ASKED, EV_NO, 0,
		"", PERSON_DECLINED, DELAY_NONE,
		{FX_CLOSE_FORMS, FX_DECLINED_NOTED}},
	    {"who declined may still join", PERSON_DECLINED, EV_JOIN, 0, "",
		PERSON_ASKED, DELAY_NONE, {FX_SIGNUP}},
	    {"who left may come back", PERSON_LEFT, EV_JOIN, 0, "",
		PERSON_ASKED, DELAY_NONE, {FX_SIGNUP}},
	    {"an applicant and the lead both hear of it", PERSON_KNOWN,
		EV_APPLY, 0, "", PERSON_APPLIED, DELAY_NONE,
		{FX_APPLY_NOTED, FX_APPLY_LEAD}},
	    {"an applicant is asked when the lead admits them", PERSON_APPLIED,
		EV_ADMIT, 0, "", PERSON_ASKED, DELAY_NONE, {FX_SIGNUP}},
	    {"an applicant is told when the lead refuses", PERSON_APPLIED,
		EV_REFUSE, 0, "", PERSON_DECLINED, DELAY_NONE, {FX_REFUSED}},
	    {"who has answered all is welcomed", PERSON_ASKED, EV_ENROLLED, 0,
		"", PERSON_READY, DELAY_NONE, {FX_WELCOME}},
	    {"a pause lasts until its date, for the pairs as well",
		PERSON_READY, EV_PAUSE, 0, "", PERSON_PAUSED, DELAY_UNTIL,
		{FX_PAUSE_PAIRS, FX_PAUSED_NOTED}},
	    {"a pause may be made longer", PERSON_PAUSED, EV_PAUSE, 0, "ready",
		PERSON_PAUSED, DELAY_UNTIL, {FX_PAUSED_NOTED}},
	    {"on its date a pause ends by itself", PERSON_PAUSED, EV_DUE, 0,
		"ready", PERSON_READY, DELAY_NONE,
		{FX_RESUME_PAIRS, FX_RESUMED_NOTED}},
	    {"who paused before the survey is asked again", PERSON_PAUSED,
		EV_RESUME, 0, "asked", PERSON_ASKED, DELAY_NONE, {FX_SIGNUP}},
	    {"who paused before a yes is invited again", PERSON_PAUSED, EV_DUE,
		0, "invited", PERSON_INVITED, DELAY_INVITE, {FX_INVITATION}},
	    {"a leaver ends the pairs, and the lead is told", PERSON_READY,
		EV_LEAVE, 0, "", PERSON_LEFT, DELAY_NONE,
		{FX_CLOSE_FORMS, FX_END_PAIRS, FX_GOODBYE, FX_LEFT_LEAD}},
	    {"a leaver who was never enrolled is of no news to the lead",
		PERSON_ASKED, EV_LEAVE, 0, "", PERSON_LEFT, DELAY_NONE,
		{FX_CLOSE_FORMS, FX_GOODBYE}},
	    {"leaving twice says goodbye once", PERSON_LEFT, EV_LEAVE, 0, "",
		PERSON_LEFT, DELAY_NONE, {0}},
	    {"to forget somebody ends pairs and forms", PERSON_READY, EV_ERASE,
		0, "", PERSON_ERASED, DELAY_NONE,
		{FX_CLOSE_FORMS, FX_END_PAIRS}},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct person p = {.state = cases[i].was,
		    .reminded = cases[i].reminded,
		    .paused_from = span_of(cases[i].from)};
		struct flow_facts f = facts();

		f.person = &p;
		expect(cases[i].promise,
		    person_step(cases[i].was, cases[i].event, &f),
		    (int)cases[i].next, cases[i].delay, cases[i].effects);
	}
}

/* --- pairs -------------------------------------------------------------------- */

static void
pairs_live(void **state)
{
	static const struct {
		const char *promise;
		enum pair_state was;
		enum flow_event event;
		bool mentor, mentee; /* agreed */
		int nudges, training;
		const char *flag;
		int silent_days;
		enum pair_state next;
		enum flow_delay delay;
		enum flow_effect effects[FLOW_EFFECTS];
	} cases[] = {
	    {"sessions begin when both agree to the ground rules",
		PAIR_INTRODUCED, EV_AGREED, true, true, 0, 0, "", 0,
		PAIR_ACTIVE, DELAY_CARE, {FX_TRAINING, FX_BEGIN_SESSIONS}},
	    {"one who agrees begins nothing", PAIR_INTRODUCED, EV_AGREED, true,
		false, 0, 0, "", 0, PAIR_INTRODUCED, DELAY_KEEP, {0}},
	    {"who has not agreed is reminded", PAIR_INTRODUCED, EV_DUE, true,
		false, 0, 0, "", 0, PAIR_INTRODUCED, DELAY_AGAIN,
		{FX_RULES_AGAIN}},
	    {"after the reminders the lead is told", PAIR_INTRODUCED, EV_DUE,
		true, false, REMIND_TIMES, 0, "", 0, PAIR_INTRODUCED,
		DELAY_AGAIN, {FX_RULES_LEAD}},
	    {"and told once", PAIR_INTRODUCED, EV_DUE, true, false,
		REMIND_TIMES + 1, 0, "", 0, PAIR_INTRODUCED, DELAY_NONE, {0}},
	    {"training comes piece by piece", PAIR_ACTIVE, EV_DUE, true, true,
		0, 1, "", 0, PAIR_ACTIVE, DELAY_CARE, {FX_TRAINING}},
	    {"and ends with the last piece", PAIR_ACTIVE, EV_DUE, true, true, 0,
		PIECES, "", 0, PAIR_ACTIVE, DELAY_CARE, {0}},
	    {"silence raises a flag first", PAIR_ACTIVE, EV_DUE, true, true, 0,
		PIECES, "", 35, PAIR_ACTIVE, DELAY_CARE, {FX_FLAG_SILENT}},
	    {"a day before it does not", PAIR_ACTIVE, EV_DUE, true, true, 0,
		PIECES, "", 34, PAIR_ACTIVE, DELAY_CARE, {0}},
	    {"a week later both are asked", PAIR_ACTIVE, EV_DUE, true, true, 0,
		PIECES, "silent", 42, PAIR_ACTIVE, DELAY_CARE, {FX_ASK_BOTH}},
	    {"another week later the lead is told", PAIR_ACTIVE, EV_DUE, true,
		true, 0, PIECES, "asked", 49, PAIR_ACTIVE, DELAY_CARE,
		{FX_SILENT_LEAD}},
	    {"and told once, too", PAIR_ACTIVE, EV_DUE, true, true, 0, PIECES,
		"told", 90, PAIR_ACTIVE, DELAY_CARE, {0}},
	    {"a sign of life takes the flag down", PAIR_ACTIVE, EV_SIGN, true,
		true, 0, 0, "asked", 42, PAIR_ACTIVE, DELAY_KEEP,
		{FX_CLEAR_FLAG}},
	    {"a pause cancels the sessions to come", PAIR_ACTIVE, EV_PAUSE,
		true, true, 0, 0, "", 0, PAIR_PAUSED, DELAY_NONE,
		{FX_CANCEL_SESSIONS, FX_PARTNER_PAUSED}},
	    {"after a pause the sessions go on", PAIR_PAUSED, EV_RESUME, true,
		true, 0, 0, "", 0, PAIR_ACTIVE, DELAY_CARE,
		{FX_PARTNER_BACK, FX_BEGIN_SESSIONS}},
	    {"but not where the rules were not agreed", PAIR_PAUSED, EV_RESUME,
		true, false, 0, 0, "", 0, PAIR_INTRODUCED, DELAY_NOW,
		{FX_PARTNER_BACK}},
	    {"stuck reaches the lead alone, and changes nothing", PAIR_ACTIVE,
		EV_STUCK, true, true, 0, 0, "", 0, PAIR_ACTIVE, DELAY_KEEP,
		{FX_STUCK_LEAD}},
	    {"not a fit reaches the lead alone, too", PAIR_ACTIVE, EV_NOT_A_FIT,
		true, true, 0, 0, "", 0, PAIR_ACTIVE, DELAY_KEEP,
		{FX_FIT_LEAD}},
	    {"an end cancels the sessions and tells both", PAIR_ACTIVE, EV_END,
		true, true, 0, 0, "", 0, PAIR_ENDED, DELAY_NONE,
		{FX_CANCEL_SESSIONS, FX_PAIR_ENDED}},
	    {"a pair ends once", PAIR_ENDED, EV_END, true, true, 0, 0, "", 0,
		PAIR_ENDED, DELAY_NONE, {0}},
	    {"a pair that came to the end is not told that it ended",
		PAIR_ACTIVE, EV_COMPLETE, true, true, 0, 0, "", 0, PAIR_ENDED,
		DELAY_NONE, {FX_CANCEL_SESSIONS}},
	};
	static const enum flow_effect thanks[FLOW_EFFECTS] = {
	    FX_CANCEL_SESSIONS, FX_PAIR_COMPLETE};
	struct flow_facts on = facts();

	on.rolling = true;
	expect("where it runs on, a pair that came to its end is thanked",
	    pair_step(PAIR_ACTIVE, EV_COMPLETE, &on), PAIR_ENDED, DELAY_NONE,
	    thanks);
	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct pair p = {.state = cases[i].was,
		    .mentor_agreed_unix = cases[i].mentor ? NOW : 0,
		    .mentee_agreed_unix = cases[i].mentee ? NOW : 0,
		    .nudges = cases[i].nudges,
		    .training = cases[i].training,
		    .flag = span_of(cases[i].flag),
		    .last_sign_unix = NOW - cases[i].silent_days * DAY_SECONDS};
		struct flow_facts f = facts();

		f.pair = &p;
		expect(cases[i].promise,
		    pair_step(cases[i].was, cases[i].event, &f),
		    (int)cases[i].next, cases[i].delay, cases[i].effects);
	}
}

/* --- sessions ------------------------------------------------------------------- */

static void
sessions_live(void **state)
{
	static const struct {
		const char *promise;
		enum session_state was;
		enum flow_event event;
		int pair_id, tries, sequence;
		enum session_state next;
		enum flow_delay delay;
		enum flow_effect effects[FLOW_EFFECTS];
	} cases[] = {
	    {"a time that was found is invited to", SESSION_PLANNED, EV_SLOT, 1,
		0, -1, SESSION_INVITED, DELAY_PREPARE, {FX_SEND_INVITES}},
	    {"several times are offered", SESSION_PLANNED, EV_OPTIONS, 1, 0, -1,
		SESSION_OFFERED, DELAY_FIRST, {FX_SEND_OPTIONS}},
	    {"no time: both are asked for theirs", SESSION_PLANNED, EV_NO_SLOT,
		1, 0, -1, SESSION_OFFERED, DELAY_FIRST, {FX_ASK_TIMES}},
	    {"a declined time leaves the calendars before others are offered",
		SESSION_PLANNED, EV_OPTIONS, 1, 1, 0, SESSION_OFFERED,
		DELAY_FIRST, {FX_CANCEL_INVITES, FX_SEND_OPTIONS}},
	    {"also when there is no other", SESSION_PLANNED, EV_NO_SLOT, 1, 1,
		0, SESSION_OFFERED, DELAY_FIRST,
		{FX_CANCEL_INVITES, FX_ASK_TIMES}},
	    {"a common choice is invited to", SESSION_OFFERED, EV_SLOT, 1, 0,
		-1, SESSION_INVITED, DELAY_PREPARE, {FX_SEND_INVITES}},
	    {"an offer is repeated", SESSION_OFFERED, EV_DUE, 1, TRIES - 1, -1,
		SESSION_OFFERED, DELAY_AGAIN, {FX_SEND_OPTIONS}},
	    {"and given up, which the lead hears", SESSION_OFFERED, EV_DUE, 1,
		TRIES, -1, SESSION_CANCELLED, DELAY_NONE,
		{FX_NO_TIME_LEAD, FX_NEXT_SESSION}},
	    {"none of those offered suits: others are", SESSION_OFFERED,
		EV_DECLINED, 1, TRIES - 1, -1, SESSION_OFFERED, DELAY_FIRST,
		{FX_SEND_OPTIONS}},
	    {"and if that does not help, both settle it", SESSION_OFFERED,
		EV_DECLINED, 1, TRIES, -1, SESSION_OFFERED, DELAY_FIRST,
		{FX_ASK_TIMES}},
	    {"or the lead hears of it", SESSION_OFFERED, EV_DECLINED, 1,
		2 * TRIES, -1, SESSION_CANCELLED, DELAY_NONE,
		{FX_NO_TIME_LEAD, FX_NEXT_SESSION}},
	    {"accepted by all it is confirmed, without a mail", SESSION_INVITED,
		EV_ACCEPTED, 1, 0, -1, SESSION_CONFIRMED, DELAY_KEEP, {0}},
	    {"declined it is planned anew at once", SESSION_INVITED,
		EV_DECLINED, 1, 0, -1, SESSION_PLANNED, DELAY_NOW, {0}},
	    {"also when it was confirmed", SESSION_CONFIRMED, EV_DECLINED, 1,
		TRIES - 1, -1, SESSION_PLANNED, DELAY_NOW, {0}},
	    {"declined too often, times are offered instead", SESSION_INVITED,
		EV_DECLINED, 1, TRIES, -1, SESSION_OFFERED, DELAY_FIRST,
		{FX_CANCEL_INVITES, FX_SEND_OPTIONS}},
	    {"one who declines does not move a group", SESSION_INVITED,
		EV_DECLINED, 0, 0, -1, SESSION_INVITED, DELAY_KEEP, {0}},
	    {"a session that moves must be accepted anew", SESSION_CONFIRMED,
		EV_MOVED, 1, 0, -1, SESSION_INVITED, DELAY_PREPARE,
		{FX_SEND_INVITES}},
	    {"before it both prepare", SESSION_CONFIRMED, EV_PREPARE, 1, 0, -1,
		SESSION_CONFIRMED, DELAY_OVER, {FX_PREPARE}},
	    {"also without an answer to the invite", SESSION_INVITED,
		EV_PREPARE, 1, 0, -1, SESSION_INVITED, DELAY_OVER,
		{FX_PREPARE}},
	    {"after it both are asked, and the next is planned",
		SESSION_CONFIRMED, EV_DUE, 1, 0, -1, SESSION_OVER, DELAY_NONE,
		{FX_CHECKIN, FX_NEXT_SESSION}},
	    {"a group meeting asks nobody", SESSION_CONFIRMED, EV_DUE, 0, 0, -1,
		SESSION_HELD, DELAY_NONE, {0}},
	    {"a cancelled one leaves the calendars", SESSION_CONFIRMED,
		EV_CANCELLED, 1, 0, -1, SESSION_CANCELLED, DELAY_NONE,
		{FX_CANCEL_INVITES}},
	    {"one that was never sent has none to leave", SESSION_PLANNED,
		EV_CANCELLED, 1, 0, -1, SESSION_CANCELLED, DELAY_NONE, {0}},
	    {"one says they met: held", SESSION_OVER, EV_MET, 1, 0, -1,
		SESSION_HELD, DELAY_NONE, {0}},
	    {"one says they did not: made up for", SESSION_OVER, EV_NOT_MET, 1,
		0, -1, SESSION_MISSED, DELAY_NONE, {FX_REPLACE_SESSION}},
	    {"two who disagree are brought to the lead", SESSION_HELD,
		EV_NOT_MET, 1, 0, -1, SESSION_HELD, DELAY_NONE,
		{FX_CONTRADICTION}},
	    {"in either order, and held counts", SESSION_MISSED, EV_MET, 1, 0,
		-1, SESSION_HELD, DELAY_NONE, {FX_CONTRADICTION}},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct session s = {.state = cases[i].was,
		    .pair_id = cases[i].pair_id,
		    .tries = cases[i].tries,
		    .sequence = cases[i].sequence,
		    .start_unix = cases[i].sequence < 0 ? 0 : NOW + 3600};
		struct flow_facts f = facts();

		f.session = &s;
		expect(cases[i].promise,
		    session_step(cases[i].was, cases[i].event, &f),
		    (int)cases[i].next, cases[i].delay, cases[i].effects);
	}
}

/* --- forms ----------------------------------------------------------------------- */

static void
forms_live(void **state)
{
	static const struct {
		const char *promise;
		enum form_state was;
		enum flow_event event;
		int reminded, asked_again;
		enum form_state next;
		enum flow_delay delay;
		enum flow_effect effects[FLOW_EFFECTS];
	} cases[] = {
	    {"an answered form reminds nobody", FORM_OPEN, EV_ANSWERED, 0, 0,
		FORM_ANSWERED, DELAY_NONE, {0}},
	    {"what is missing is asked for", FORM_OPEN, EV_PARTLY, 0, 0,
		FORM_PARTIAL, DELAY_AGAIN, {FX_ASK_MISSING}},
	    {"and asked for once", FORM_OPEN, EV_PARTLY, 0, 1, FORM_PARTIAL,
		DELAY_AGAIN, {0}},
	    {"the rest completes it", FORM_PARTIAL, EV_ANSWERED, 0, 1,
		FORM_ANSWERED, DELAY_NONE, {0}},
	    {"who is silent is reminded", FORM_OPEN, EV_DUE, 1, 0, FORM_OPEN,
		DELAY_AGAIN, {FX_FORM_AGAIN}},
	    {"the reminders end", FORM_OPEN, EV_DUE, REMIND_TIMES, 0,
		FORM_CLOSED, DELAY_NONE, {0}},
	    {"also for half a form", FORM_PARTIAL, EV_DUE, REMIND_TIMES, 1,
		FORM_CLOSED, DELAY_NONE, {0}},
	    {"a late answer still counts", FORM_CLOSED, EV_ANSWERED, 2, 0,
		FORM_ANSWERED, DELAY_NONE, {0}},
	    {"stop silences the question", FORM_OPEN, EV_STOP, 0, 0,
		FORM_STOPPED, DELAY_NONE, {0}},
	    {"an answer after stop counts, too", FORM_STOPPED, EV_ANSWERED, 0,
		0, FORM_ANSWERED, DELAY_NONE, {0}},
	    {"who leaves is asked no more", FORM_PARTIAL, EV_END, 0, 0,
		FORM_CLOSED, DELAY_NONE, {0}},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct sent_form form = {.state = cases[i].was,
		    .reminded = cases[i].reminded,
		    .asked_again = cases[i].asked_again};
		struct flow_facts f = facts();

		f.form = &form;
		expect(cases[i].promise,
		    form_step(cases[i].was, cases[i].event, &f),
		    (int)cases[i].next, cases[i].delay, cases[i].effects);
	}
}

/* --- the programme ---------------------------------------------------------------- */

static void
the_programme_lives(void **state)
{
	static const struct {
		const char *promise;
		enum programme_state was;
		enum flow_event event;
		enum programme_state next;
		enum flow_delay delay;
		enum flow_effect effects[FLOW_EFFECTS];
	} cases[] = {
	    {"the begin invites all", PROGRAMME_SETUP, EV_BEGIN,
		PROGRAMME_ENROLLING, DELAY_KEEP, {FX_INVITE_ALL}},
	    {"who comes onto the roster later is invited, too",
		PROGRAMME_RUNNING, EV_BEGIN, PROGRAMME_RUNNING, DELAY_KEEP,
		{FX_INVITE_ALL}},
	    {"it runs from the first pairs on", PROGRAMME_ENROLLING, EV_PAIRED,
		PROGRAMME_RUNNING, DELAY_KEEP, {0}},
	    {"half-way there are surveys and group meetings", PROGRAMME_RUNNING,
		EV_MIDPOINT, PROGRAMME_RUNNING, DELAY_KEEP, {FX_MIDPOINT}},
	    {"the last day brings the final survey", PROGRAMME_RUNNING,
		EV_CLOSE, PROGRAMME_CLOSING, DELAY_CLOSING, {FX_FINAL_SURVEYS}},
	    {"also when there was never a pair", PROGRAMME_ENROLLING, EV_CLOSE,
		PROGRAMME_CLOSING, DELAY_CLOSING, {FX_FINAL_SURVEYS}},
	    {"then comes the report, and the end", PROGRAMME_CLOSING, EV_DUE,
		PROGRAMME_ENDED, DELAY_NONE, {FX_FINAL_REPORT}},
	};
	struct flow_facts f = facts();

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		expect(cases[i].promise,
		    programme_step(cases[i].was, cases[i].event, &f),
		    (int)cases[i].next, cases[i].delay, cases[i].effects);
}

/* --- what holds for all events ------------------------------------------------------ */

/* Every state, every event, guards open and shut. */
static void
late_and_doubled_events_are_no_error(void **state)
{
	(void)state;
	for (int shut = 0; shut < 2; shut++)
		for (int e = 0; e < FLOW_EVENTS_N; e++) {
			int64_t many = shut ? 1000 : 0;
			struct person person = {.reminded = many};
			struct pair pair = {.nudges = many, .training = many};
			struct session session = {.tries = many, .pair_id = 1};
			struct sent_form form = {
			    .reminded = many, .asked_again = many};
			struct flow_facts f = facts();
			enum flow_event event = (enum flow_event)e;
			struct flow_step step;

			f.person = &person;
			f.pair = &pair;
			f.session = &session;
			f.form = &form;
			step = programme_step(PROGRAMME_ENDED, event, &f);
			assert_int_equal(step.next, PROGRAMME_ENDED);
			step = programme_step(PROGRAMME_SETUP, event, &f);
			if (step.known && event != EV_BEGIN)
				assert_int_equal(step.effects[0], FX_NONE);
			step = person_step(PERSON_ERASED, event, &f);
			assert_int_equal(step.next, PERSON_ERASED);
			step = pair_step(PAIR_ENDED, event, &f);
			assert_int_equal(step.next, PAIR_ENDED);
			step = form_step(FORM_ANSWERED, event, &f);
			assert_int_equal(step.next, FORM_ANSWERED);
			assert_int_equal(step.effects[0], FX_NONE);
			step = session_step(SESSION_CANCELLED, event, &f);
			assert_false(step.known);
			for (int s = SESSION_OVER; s <= SESSION_MISSED; s++) {
				step = session_step(
				    (enum session_state)s, event, &f);
				assert_true(step.next >= SESSION_OVER);
				assert_true(step.next != SESSION_CANCELLED);
			}
		}
}

/* The partner never learns who is stuck, in whatever state the pair is. */
static void
a_private_word_stays_private(void **state)
{
	static const enum flow_event words[] = {EV_STUCK, EV_NOT_A_FIT};

	(void)state;
	for (int s = 0; s < PAIR_STATES_N; s++)
		for (size_t w = 0; w < 2; w++) {
			struct pair p = {.state = (enum pair_state)s};
			struct flow_facts f = facts();
			struct flow_step step;

			f.pair = &p;
			step = pair_step(p.state, words[w], &f);
			assert_int_equal(step.next, s);
			assert_int_equal(step.delay, DELAY_KEEP);
			for (int i = 0; i < FLOW_EFFECTS; i++)
				if (step.effects[i] != FX_NONE &&
				    step.effects[i] != FX_STUCK_LEAD &&
				    step.effects[i] != FX_FIT_LEAD)
					fail_msg("state %d", s);
		}
}

/* --- what must never be stored -------------------------------------------------------- */

static void
says(const char *got, const char *want, const char *why)
{
	if (want == NULL ? got != NULL
			 : got == NULL || strstr(got, want) == NULL)
		fail_msg("%s: %s", why, got ? got : "(nothing)");
}

static void
bad_records_are_seen(void **state)
{
	(void)state;
	says(person_check(&(struct person){
		 .state = PERSON_READY, .mentor = true, .ready_unix = NOW}),
	    NULL, "a ready mentor");
	says(person_check(
		 &(struct person){.state = PERSON_READY, .ready_unix = NOW}),
	    "no role", "ready for nothing");
	says(person_check(
		 &(struct person){.state = PERSON_READY, .mentee = true}),
	    "never enrolled", "ready since never");
	says(person_check(&(struct person){.state = PERSON_PAUSED}),
	    "come back to", "paused from nowhere");
	says(person_check(
		 &(struct person){.state = PERSON_LEFT, .due_unix = NOW}),
	    "due", "a leaver whom the clock remembers");
	says(person_check(
		 &(struct person){.state = PERSON_ERASED, .name = SPAN("Ann")}),
	    "traces", "an erased name");
	says(pair_check(&(struct pair){.mentor_id = 1, .mentee_id = 1}),
	    "one person", "a pair with oneself");
	says(pair_check(&(struct pair){.state = PAIR_ACTIVE,
		 .mentor_id = 1,
		 .mentee_id = 2,
		 .mentor_agreed_unix = NOW,
		 .due_unix = NOW}),
	    "ground rules", "active before both agree");
	says(pair_check(&(struct pair){.state = PAIR_ENDED,
		 .mentor_id = 1,
		 .mentee_id = 2,
		 .ended_unix = NOW,
		 .due_unix = NOW}),
	    "due", "an ended pair that the clock remembers");
	says(pair_check(&(struct pair){.state = PAIR_ENDED,
		 .mentor_id = 1,
		 .mentee_id = 2,
		 .ended_unix = NOW}),
	    NULL, "an ended pair");
	says(session_check(&(struct session){.state = SESSION_INVITED,
		 .start_unix = NOW,
		 .end_unix = NOW,
		 .due_unix = NOW}),
	    "no time", "a session without length");
	says(session_check(&(struct session){.state = SESSION_CONFIRMED,
		 .start_unix = NOW,
		 .end_unix = NOW + 3600,
		 .sequence = -1,
		 .due_unix = NOW}),
	    "never sent", "confirmed before it was sent");
	says(session_check(&(struct session){.state = SESSION_CONFIRMED,
		 .start_unix = NOW,
		 .end_unix = NOW + 3600}),
	    "forgotten", "to come, and nobody prepares it");
	says(form_check(&(struct sent_form){.state = FORM_OPEN}), "forgotten",
	    "an open form without a reminder");
	says(form_check(
		 &(struct sent_form){.state = FORM_CLOSED, .due_unix = NOW}),
	    "due", "a closed form that reminds");
	says(form_check(&(struct sent_form){.state = FORM_ANSWERED}),
	    "without a time", "answered, but when?");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(people),
	    cmocka_unit_test(pairs_live),
	    cmocka_unit_test(sessions_live),
	    cmocka_unit_test(forms_live),
	    cmocka_unit_test(the_programme_lives),
	    cmocka_unit_test(late_and_doubled_events_are_no_error),
	    cmocka_unit_test(a_private_word_stays_private),
	    cmocka_unit_test(bad_records_are_seen),
	};

	return cmocka_run_group_tests_name("flow", tests, NULL, NULL);
}
