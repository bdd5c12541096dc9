/*
 * The states and events of everything that lives: programme, person, pair,
 * session, form; and the mails' dispositions.  Enum, name and database word
 * come from one list each, so they cannot drift apart.
 */
#ifndef MODEL_LIFE_H
#define MODEL_LIFE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/span.h"

#define LIFE_ENUM(id, word) id,

#define PROGRAMME_STATES(X)                                                    \
	X(PROGRAMME_SETUP, "setup")         /* nobody has been written to */   \
	X(PROGRAMME_ENROLLING, "enrolling") /* invitations are out */          \
	X(PROGRAMME_RUNNING, "running")     /* pairs meet */                   \
	X(PROGRAMME_CLOSING, "closing")     /* final surveys are out */        \
	X(PROGRAMME_ENDED, "ended")
enum programme_state { PROGRAMME_STATES(LIFE_ENUM) PROGRAMME_STATES_N };

#define PERSON_STATES(X)                                                       \
	X(PERSON_KNOWN, "known")       /* on the roster, not written to */     \
	X(PERSON_INVITED, "invited")   /* asked whether they want to join */   \
	X(PERSON_APPLIED, "applied")   /* the lead must say yes */             \
	X(PERSON_ASKED, "asked")       /* has the sign-up survey */            \
	X(PERSON_READY, "ready")       /* enrolled: may be matched */          \
	X(PERSON_PAUSED, "paused")                                             \
	X(PERSON_DECLINED, "declined") /* does not want to, or was refused */  \
	X(PERSON_LEFT, "left")                                                 \
	X(PERSON_ERASED, "erased")     /* only a number is left */
enum person_state { PERSON_STATES(LIFE_ENUM) PERSON_STATES_N };

#define PAIR_STATES(X)                                                         \
	X(PAIR_INTRODUCED, "introduced") /* ground rules not yet agreed */     \
	X(PAIR_ACTIVE, "active")                                               \
	X(PAIR_PAUSED, "paused")                                               \
	X(PAIR_ENDED, "ended")
enum pair_state { PAIR_STATES(LIFE_ENUM) PAIR_STATES_N };

#define SESSION_STATES(X)                                                      \
	X(SESSION_PLANNED, "planned")     /* no time yet */                    \
	X(SESSION_OFFERED, "offered")     /* both have times to choose from */ \
	X(SESSION_INVITED, "invited")     /* a time is in both calendars */    \
	X(SESSION_CONFIRMED, "confirmed") /* all have accepted it */           \
	X(SESSION_OVER, "over")           /* its time has passed */            \
	X(SESSION_HELD, "held")                                                \
	X(SESSION_MISSED, "missed")                                            \
	X(SESSION_CANCELLED, "cancelled")
enum session_state { SESSION_STATES(LIFE_ENUM) SESSION_STATES_N };

#define FORM_STATES(X)                                                         \
	X(FORM_OPEN, "open")         /* sent, nothing back */                  \
	X(FORM_PARTIAL, "partial")   /* some answers; the rest asked again */  \
	X(FORM_ANSWERED, "answered")                                           \
	X(FORM_CLOSED, "closed")     /* no more reminders; answers still count */ \
	X(FORM_STOPPED, "stopped")   /* "stop": not asked again */
enum form_state { FORM_STATES(LIFE_ENUM) FORM_STATES_N };

/* What became of a mail that came in. */
#define DISPOSITIONS(X)                                                        \
	X(INBOX_NEW, "new")                                                    \
	X(INBOX_HANDLED, "handled")                                            \
	X(INBOX_IGNORED, "ignored") /* with a reason */                        \
	X(INBOX_HELD, "held")       /* waits for its owner or the lead */      \
	X(INBOX_PARKED, "parked")   /* could not be read or applied */         \
	X(INBOX_DROPPED, "dropped") /* by a person's order */
enum disposition { DISPOSITIONS(LIFE_ENUM) DISPOSITIONS_N };

#define OUTBOX_STATES(X)                                                       \
	X(OUTBOX_QUEUED, "queued")                                             \
	X(OUTBOX_CLAIMED, "claimed") /* being sent by a run */                 \
	X(OUTBOX_SENT, "sent")                                                 \
	X(OUTBOX_FAILED, "failed")   /* refused, or too old */                 \
	X(OUTBOX_DROPPED, "dropped") /* no longer wanted */
enum outbox_state { OUTBOX_STATES(LIFE_ENUM) OUTBOX_STATES_N };

#define ROUND_STATES(X)                                                        \
	X(ROUND_PROPOSED, "proposed") /* waits for the lead */                 \
	X(ROUND_APPROVED, "approved")                                          \
	X(ROUND_REPLACED, "replaced") /* a newer proposal took its place */
enum round_state { ROUND_STATES(LIFE_ENUM) ROUND_STATES_N };

/* What a reply token or code stands for. */
#define THREAD_KINDS(X)                                                        \
	X(THREAD_PERSON, "person")   /* the conversation with one person */    \
	X(THREAD_FORM, "form")                                                 \
	X(THREAD_PAIR, "pair")                                                 \
	X(THREAD_SESSION, "session")                                           \
	X(THREAD_LEAD, "lead")       /* digests, alerts, transcripts */        \
	X(THREAD_ROUND, "round")     /* a proposal to the lead */              \
	X(THREAD_CONFIRM, "confirm") /* a change that waits for a yes */
enum thread_kind { THREAD_KINDS(LIFE_ENUM) THREAD_KINDS_N };

const char *programme_state_name(enum programme_state);
const char *person_state_name(enum person_state);
const char *pair_state_name(enum pair_state);
const char *session_state_name(enum session_state);
const char *form_state_name(enum form_state);
const char *disposition_name(enum disposition);
const char *outbox_state_name(enum outbox_state);
const char *round_state_name(enum round_state);
const char *thread_kind_name(enum thread_kind);

/* Each false, *out untouched, when the word is none of the list. */
bool programme_state_parse(struct span, enum programme_state *out);
bool person_state_parse(struct span, enum person_state *out);
bool pair_state_parse(struct span, enum pair_state *out);
bool session_state_parse(struct span, enum session_state *out);
bool form_state_parse(struct span, enum form_state *out);
bool disposition_parse(struct span, enum disposition *out);
bool outbox_state_parse(struct span, enum outbox_state *out);
bool round_state_parse(struct span, enum round_state *out);
bool thread_kind_parse(struct span, enum thread_kind *out);

#endif
