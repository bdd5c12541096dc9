/*
 * reply: what did the sender write?  Pure functions of struct mail.
 *
 *   file      purpose
 *   reply     the whole, in one call
 *   kind      human, automatic, bounce, receipt, calendar, own
 *   newtext   the new text without quotes, headers of quoted mails, devices'
 *             signatures; linear time.  page: the lines of a text;
 *             blocks: what stands on several of them
 *   chrome    what mail programs write around a reply, in tables;
 *             chrome_words: those of single words
 *   bounce    failed recipients of DSNs, the mail it is about
 *   recipient  who it was, and which status: fields and codes
 *   freeform  bounces that carry no report
 *   notice    bounces as JSON, and sent on by people
 *   away      when somebody out of office is back
 *   language  which shipped language a text is in
 *   words     short answers: yes, stop, "pause until 1 May", a digit, a time
 *   choice    "1 or 3", "Thu 14:00 or Fri 9:00": several answers to one offer
 *   subject   what the Subject of a calendar program's mail answers
 *   phrases   what short answers say, a table
 *   lexicon   what single words mean, a table
 *   when      dates and times as people write them
 *   command   the lead's commands, one a line
 *   token     words, numbers and marks of a short text
 *   lines     greetings and sign-offs
 */
#ifndef REPLY_REPLY_H
#define REPLY_REPLY_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/civil.h"
#include "base/span.h"
#include "model/mail.h"

struct bounced {
	struct span address; /* canonical */
	struct span status;  /* "5.1.1", "" when it gives none */
	bool permanent;
	bool delayed;           /* Action: delayed; nothing has failed yet */
	struct span diagnostic; /* one line */
};

struct reading {
	enum mail_kind kind;
	bool via_list;
	bool challenge;       /* "prove that you are human": tell the lead */
	bool spam_report;     /* FBL */
	struct span new_text; /* the sender's own words, LF, trimmed */
	/*
	 * The whole text in which answers may stand inside the quote: the
	 * plain text if there is one, else that made of the HTML without
	 * marks.
	 */
	struct span whole_text;
	struct span language;    /* "en", "de", ...; "" = cannot say */
	int64_t away_until_unix; /* start of the day they are back; 0 = none */
	struct bounced *bounced; /* BOUNCE */
	uint32_t bounced_n;
	struct span original_id; /* BOUNCE, MDN: Message-ID it is about */
};

void reply_read(struct arena *, const struct mail *, struct reading *out);
/* The new text of a plain text; for tests and fuzzing. */
struct span reply_new_text(struct arena *, struct span text);

/*
 * Is the line one that a mail program wrote: a device's signature, a ruler
 * with words, an attribution, the sender of a quoted mail?
 */
bool reply_is_chrome(struct span line);

/* --- short answers ------------------------------------------------------ */

enum word {
	WORD_NONE,
	WORD_YES,
	WORD_NO,
	WORD_AGREE,
	WORD_JOIN,
	WORD_STOP,  /* no more of these questions */
	WORD_STUCK, /* private alarm to the lead */
	WORD_PAUSE, /* maybe with a date: when */
	WORD_RESUME,
	WORD_LEAVE,
	WORD_HELP,
	WORD_MY_DATA,
	WORD_FORGET,
	WORD_MOVE,      /* to another time: when */
	WORD_CANCEL,    /* this session */
	WORD_NOT_THEN,  /* "not that week", "another time" */
	WORD_OPTION,    /* a bare digit or letter: number */
	WORD_TIME,      /* a time and little else: when */
	WORD_ADDRESS,   /* "my address is now ...": address */
	WORD_ASSISTANT, /* "my assistant is ...": address; "none": "" */
};

/* A date, a time, or both, as somebody wrote it. */
struct when {
	bool has_date, has_clock, has_end;
	int year, month, day;
	int hour, minute;
	int end_hour, end_minute;
	bool week;    /* "next week": the date is its Monday */
	bool weekday; /* "Thursday" alone: the date is the next one */
};

struct short_answer {
	enum word word;
	int number; /* OPTION: 1.. ; letters a=1 */
	/*
	 * OPTION, "4/5" and "4 of 5": 5; else 0.  An answer only where a
	 * scale up to this was asked for; elsewhere it may be a date.
	 */
	int out_of;
	struct when when;    /* PAUSE, MOVE, TIME, NOT_THEN */
	struct span address; /* ADDRESS, ASSISTANT */
	struct span rest;    /* STUCK, LEAVE: own words behind it */
	bool whole_week;     /* NOT_THEN: "not that week" */
	bool whole_day;      /* NOT_THEN: "another day" */
	/*
	 * True when the text held the word and little else, so it may be
	 * acted on.  False: it is mentioned, and rmail asks.
	 */
	bool sure;
};

/*
 * `today` is the civil date of the mail in the sender's zone; "next Tuesday"
 * counts from it.  `locale` decides 4/5 (4 May in "en", 4 May too in "de":
 * day first unless "en-us").  All shipped languages are understood whatever
 * the locale.
 */
void reply_short(struct arena *, struct span new_text, struct civil today,
    struct span locale, struct short_answer *out);

enum {
	CHOICE_TIMES = 4,
	CHOICE_NUMBERS = 9
};

/* Which of several numbered times suit, and times of one's own. */
struct choice {
	unsigned numbers; /* bit n: the n-th, 1..CHOICE_NUMBERS */
	bool all, none;   /* "any of them"; "none of these" */
	struct when times[CHOICE_TIMES];
	size_t times_n;
};

/* False when the text holds anything else, or doubt. */
bool reply_choice(struct arena *, struct span new_text, struct civil today,
    struct span locale, struct choice *out);
/*
 * "Accepted: ...", "Zugesagt: ...": what calendar programs write in front of
 * the subject of an invite.  PARTSTAT_NONE when it is none of these.
 */
enum partstat reply_rsvp(struct span subject);
/* One date or time phrase; false when the span is not one. */
bool when_parse(
    struct span, struct civil today, struct span locale, struct when *out);
/* The span's first such phrase anywhere in a line of text. */
bool when_find(
    struct span, struct civil today, struct span locale, struct when *out);

/* --- the lead's commands ------------------------------------------------ */

enum verb {
	VERB_UNKNOWN,
	VERB_HELP,
	VERB_APPROVE, /* [numbers] */
	VERB_REJECT,  /* numbers */
	VERB_LOCK,    /* number | person person */
	VERB_UNLOCK,
	VERB_EXCLUDE,  /* person person */
	VERB_SWAP,     /* number number */
	VERB_MATCH,    /* none: a new round; person person: this pair */
	VERB_CAPACITY, /* person number */
	VERB_WHY,      /* number | person [person] */
	VERB_END,      /* pair number */
	VERB_REMATCH,  /* pair number | person */
	VERB_ADMIT,    /* numbers or addresses that asked to join */
	VERB_REFUSE,
	VERB_INVITE,  /* persons | all */
	VERB_PAUSE,   /* person [date] */
	VERB_RESUME,  /* person */
	VERB_REMOVE,  /* person */
	VERB_IMPROVE, /* text: a "you said, we did" item */
	VERB_SEND,    /* improvements | survey NAME | report | digest */
	VERB_STATUS,
	VERB_SHOW,    /* person | pair number */
	VERB_RELEASE, /* parked mail number */
	VERB_DROP,    /* parked mail number */
	VERB_START,   /* begin enrolment now */
	VERB_CLOSE,   /* end the programme */
	VERB_HOLD,    /* stop sending */
	VERB_GO,      /* send again */
	VERB_CONFIRM, /* word */
	VERB_UNDO,
	VERB_ROSTER, /* import the attached table */
	VERB_ACTION, /* text: an action leaders take, tracked in reports */
};

struct command {
	enum verb verb;
	struct span line;  /* as written, trimmed */
	struct span *args; /* words behind the verb; "quoted ones" joined */
	uint32_t args_n;
	struct span rest; /* all behind the verb, for text */
};

/*
 * Commands of the new text, one a line, in all shipped languages; stops at a
 * signature, "thanks", "quit", after LIMIT_UNKNOWN_LINES unknown lines or
 * LIMIT_COMMANDS commands (*stopped then says why, else "").  Blank lines
 * and greetings do not count.
 */
void reply_commands(struct arena *, struct span new_text, struct command **out,
    uint32_t *n, struct span *stopped);
const char *verb_name(enum verb);
const char *word_name(enum word);

#endif
