/*
 * Calendar things (RFC 5545, 5546): what we invite to, what comes back, busy
 * times.  Written and read by cal/, decided on by plan/ and flow/.
 */
#ifndef MODEL_CAL_H
#define MODEL_CAL_H

#include <stdbool.h>
#include <stdint.h>

#include "base/span.h"

enum partstat {
	PARTSTAT_NONE, /* absent, or a word we do not know */
	PARTSTAT_NEEDS_ACTION,
	PARTSTAT_ACCEPTED,
	PARTSTAT_DECLINED,
	PARTSTAT_TENTATIVE,
	PARTSTAT_DELEGATED,
};

/* RFC 5545 3.2.12 word <-> enum; reading is case-blind. */
const char *partstat_name(enum partstat);
enum partstat partstat_parse(struct span);
/* MS-OXOCAL 2.2.6: the class of a meeting response in winmail.dat. */
enum partstat partstat_of_class(struct span message_class);

enum cal_kind {
	CAL_NONE,     /* no calendar part in the mail */
	CAL_REPLY,    /* accept, decline, tentative, delegated */
	CAL_PROPOSAL, /* another time is asked for (COUNTER, or Apple's way) */
	CAL_OTHER,    /* REQUEST, CANCEL, PUBLISH, REFRESH, DECLINECOUNTER,
	               * several or broken events: never an answer */
};

/* What a mail's calendar part says.  Nothing in it is trusted yet. */
struct cal_answer {
	enum cal_kind kind;
	struct span method;   /* upper case, from the body if it has one */
	struct span uid;
	int64_t sequence;     /* -1 when missing or no number */
	int64_t dtstamp_unix; /* 0 when missing */
	struct span attendee; /* canonical address, "" when there is none */
	enum partstat partstat;
	struct span sent_by;      /* SENT-BY address or "" */
	struct span delegated_to; /* address or "" */
	/* PROPOSAL: UTC instants; 0 when the zone could not be trusted. */
	int64_t proposed_start_unix, proposed_end_unix;
	struct span proposed_text; /* as written, when the instant is 0 */
	struct span comment;
	struct span summary; /* for subjects and codes only */
	/* COUNTERs may list all attendees; more than one is kept here. */
	struct span *attendees;
	enum partstat *partstats;
	uint32_t attendees_n;
};

enum invite_method { INVITE_REQUEST, INVITE_CANCEL };

/*
 * One invite, to one person.  All text valid UTF-8; addresses have passed
 * address_parse.  The same struct always gives the same bytes.
 */
struct invite {
	enum invite_method method;
	struct span uid;      /* [A-Za-z0-9._@-], under 200 octets */
	int64_t sequence;     /* 0, then +1 at each change that must win */
	int64_t dtstamp_unix; /* strictly newer each time */
	int64_t created_unix;
	int64_t start_unix, end_unix;
	struct span zone; /* IANA name in which the time is shown */
	struct span organizer_name, organizer_address;
	struct span attendee_name, attendee_address;
	struct span summary, description, location;
};

/* Somebody is busy from start (inclusive) to end (exclusive). */
struct busy {
	int64_t start_unix, end_unix;
};

#endif
