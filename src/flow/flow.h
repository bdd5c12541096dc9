/*
 * flow: what an event changes.  Pure: a state, an event and the facts in, a
 * step out.  Each machine is a table in a file of its own, below a drawing
 * of the same; app/ makes effects into rows and mails in the transaction
 * that stores the new state.
 *
 *   file       purpose
 *   flow       the one function that reads a table
 *   programme  the programme's life
 *   person     from the roster to leaving
 *   pair       from introduction to end
 *   session    planning, inviting, holding
 *   form       a survey that was sent, its reminders
 *
 * An event that means nothing in a state (late or doubled) is no error: the
 * step is empty.
 */
#ifndef FLOW_FLOW_H
#define FLOW_FLOW_H

#include <stdbool.h>
#include <stdint.h>

#include "base/span.h"
#include "model/life.h"
#include "model/record.h"

#define FLOW_EVENTS(X)                                                  \
	X(EV_DUE, "due") /* the clock */                                \
	/* person */                                                    \
	X(EV_INVITE, "invite")                                          \
	X(EV_JOIN, "join")                                              \
	X(EV_APPLY, "apply")                                            \
	X(EV_ADMIT, "admit")                                            \
	X(EV_REFUSE, "refuse")                                          \
	X(EV_NO, "no")                                                  \
	X(EV_ENROLLED, "enrolled") /* the sign-up survey is complete */ \
	X(EV_PAUSE, "pause")                                            \
	X(EV_RESUME, "resume")                                          \
	X(EV_LEAVE, "leave")                                            \
	X(EV_ERASE, "erase")                                            \
	/* pair */                                                      \
	X(EV_AGREED, "agreed") /* one of the two */                     \
	X(EV_NOT_A_FIT, "not-a-fit")                                    \
	X(EV_STUCK, "stuck")                                            \
	X(EV_SIGN, "sign") /* of life */                                \
	X(EV_END, "end")                                                \
	X(EV_COMPLETE, "complete")                                      \
	/* session */                                                   \
	X(EV_SLOT, "slot")       /* a time was found */                 \
	X(EV_OPTIONS, "options") /* times to choose from were found */  \
	X(EV_NO_SLOT, "no-slot")                                        \
	X(EV_ACCEPTED, "accepted") /* by all */                         \
	X(EV_DECLINED, "declined")                                      \
	X(EV_MOVED, "moved") /* another time is agreed */               \
	X(EV_CANCELLED, "cancelled")                                    \
	X(EV_PREPARE, "prepare") /* its time comes near */              \
	X(EV_MET, "met")                                                \
	X(EV_NOT_MET, "not-met")                                        \
	/* form */                                                      \
	X(EV_ANSWERED, "answered") /* all that is needed */             \
	X(EV_PARTLY, "partly")                                          \
	X(EV_STOP, "stop")                                              \
	/* programme */                                                 \
	X(EV_BEGIN, "begin")                                            \
	X(EV_PAIRED, "paired") /* the first pairs */                    \
	X(EV_MIDPOINT, "midpoint")                                      \
	X(EV_CLOSE, "close")
enum flow_event {
	FLOW_EVENTS(LIFE_ENUM) FLOW_EVENTS_N
};

const char *flow_event_name(enum flow_event);

enum flow_effect {
	FX_NONE,
	/* person */
	FX_INVITATION, /* also the reminder of it */
	FX_SIGNUP,     /* the sign-up survey */
	FX_APPLY_NOTED,
	FX_APPLY_LEAD,
	FX_REFUSED,
	FX_DECLINED_NOTED,
	FX_WELCOME,
	FX_PAUSED_NOTED,
	FX_PAUSE_PAIRS,
	FX_RESUMED_NOTED,
	FX_RESUME_PAIRS,
	FX_GOODBYE,
	FX_END_PAIRS,
	FX_LEFT_LEAD,
	FX_CLOSE_FORMS,
	/* pair */
	FX_RULES_AGAIN, /* remind of the ground rules */
	FX_RULES_LEAD,  /* tell the lead that they are not agreed */
	FX_BEGIN_SESSIONS,
	FX_TRAINING,
	FX_FLAG_SILENT,
	FX_ASK_BOTH,
	FX_SILENT_LEAD,
	FX_STUCK_LEAD,
	FX_FIT_LEAD,
	FX_CANCEL_SESSIONS,
	FX_PARTNER_PAUSED,
	FX_PARTNER_BACK,
	FX_PAIR_ENDED,
	FX_PAIR_COMPLETE, /* thanks, and the final survey of this pair */
	/* session */
	FX_SEND_INVITES,
	FX_SEND_OPTIONS,
	FX_ASK_TIMES, /* no common time was found */
	FX_NO_TIME_LEAD,
	FX_CANCEL_INVITES,
	FX_TELL_CANCELLED, /* no calendar holds it, but it was talked about */
	FX_PREPARE,
	FX_CHECKIN,
	FX_NEXT_SESSION,
	FX_REPLACE_SESSION,
	FX_CONTRADICTION, /* one says met, the other not */
	FX_CLEAR_FLAG,
	/* form */
	FX_FORM_AGAIN,
	FX_ASK_MISSING,
	/* programme */
	FX_INVITE_ALL,
	FX_MIDPOINT,
	FX_FINAL_SURVEYS,
	FX_FINAL_REPORT,
	FX_EFFECTS_N,
};

/* When the clock comes back to it; app knows the settings. */
enum flow_delay {
	DELAY_KEEP,    /* as it was */
	DELAY_NONE,    /* never */
	DELAY_NOW,     /* in this run */
	DELAY_FIRST,   /* the first reminder */
	DELAY_AGAIN,   /* the following ones */
	DELAY_INVITE,  /* between invitations */
	DELAY_UNTIL,   /* the date they gave */
	DELAY_CARE,    /* a pair's next training piece or look at silence */
	DELAY_PREPARE, /* before the session's start */
	DELAY_OVER,    /* the session's end */
	DELAY_CLOSING, /* until the final report */
};

enum {
	FLOW_EFFECTS = 4
};

struct flow_facts {
	int64_t now_unix;
	int64_t remind_times;
	int64_t silence_seconds;
	int64_t tries;
	bool ask_times;     /* policy: ask before booking */
	bool rolling;       /* it runs on: pairs end one by one */
	int64_t training_n; /* pieces there are for the longer series */
	const struct person *person;
	const struct pair *pair;
	const struct session *session;
	const struct sent_form *form;
};

struct flow_row {
	int state; /* FLOW_ANY matches all */
	enum flow_event event;
	bool (*guard)(const struct flow_facts *);
	int next; /* FLOW_SAME keeps the state */
	enum flow_delay delay;
	enum flow_effect effects[FLOW_EFFECTS];
};

enum {
	FLOW_ANY = -1,
	FLOW_SAME = -2
};

struct flow_step {
	bool known; /* false: the event means nothing here */
	int next;
	enum flow_delay delay;
	enum flow_effect effects[FLOW_EFFECTS]; /* FX_NONE behind the last */
};

/* The first row that matches and whose guard holds is taken. */
struct flow_step flow_take(const struct flow_row *, size_t n, int state,
    enum flow_event, const struct flow_facts *);

struct flow_step programme_step(
    enum programme_state, enum flow_event, const struct flow_facts *);
struct flow_step person_step(
    enum person_state, enum flow_event, const struct flow_facts *);
struct flow_step pair_step(
    enum pair_state, enum flow_event, const struct flow_facts *);
struct flow_step session_step(
    enum session_state, enum flow_event, const struct flow_facts *);
struct flow_step form_step(
    enum form_state, enum flow_event, const struct flow_facts *);

/* NULL, or what must never be true of a stored record and is. */
const char *person_check(const struct person *);
const char *pair_check(const struct pair *);
const char *session_check(const struct session *);
const char *form_check(const struct sent_form *);

#endif
