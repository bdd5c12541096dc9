/* Inside play/: the people, what they read, what they write. */
#ifndef PLAY_PLAY_INT_H
#define PLAY_PLAY_INT_H

#include "app/app.h"
#include "play/play.h"

/* Mail programs differ in what they put around a reply. */
enum client {
	CLIENT_GMAIL,
	CLIENT_OUTLOOK, /* HTML alone, "From: Sent:" below it */
	CLIENT_APPLE,
	CLIENT_THUNDERBIRD,
	CLIENT_PHONE, /* no quote, a device's signature */
	CLIENTS_N,
};

/* Where somebody writes the answers to a form. */
enum habit {
	HABIT_TOP,
	HABIT_BRACKETS, /* between the brackets of the quote */
	HABIT_BELOW,    /* below each question of the quote */
};

struct actor {
	int64_t number; /* from 1; 0 is the lead */
	struct span name, address, alias, locale, zone, department, manager;
	struct span assistant; /* address or "" */
	bool mentor, mentee;
	int64_t level;
	enum client client;
	enum habit habit;
	int pace_hours; /* how long a mail waits, as a rule */
	bool german;
	/* Out of office, with an automatic answer. */
	int64_t away_from_unix, away_until_unix;
	bool away_told;
	bool assistant_answers; /* for the calendar */
	/* Does not answer at all from then on; 0: never. */
	int64_t silent_from_unix;
	bool was_invited, was_enrolled, has_left;
	bool was_doubtful, has_paused;
	int64_t mails; /* received */
};

/* A mail as somebody finds it in their inbox. */
struct received {
	int64_t id;           /* of its outbox row */
	struct span template; /* which of rmail's mails it is */
	struct thread thread;
	bool has_thread;
	struct mail mail;
	struct span ics; /* its calendar part, unfolded, or "" */
	bool for_assistant;
	bool reminder;
};

/* A mail on its way to rmail. */
struct post {
	int64_t at_unix;
	int64_t number;
	struct span bytes;
};

/* What somebody does once, when faults are asked for. */
enum errand {
	ERRAND_SILENCE,   /* a pair that is heard of no more */
	ERRAND_ASSISTANT, /* another one */
	ERRAND_ADDRESS,   /* to one that is somebody else's */
	ERRAND_STOP,
	ERRAND_FORGET,
	ERRAND_PAUSE,
	ERRAND_STUCK,
	ERRAND_DATA,
	ERRAND_HELP,
	ERRAND_WINMAIL, /* a file that only Outlook reads */
	ERRAND_LEAVE,
	ERRAND_RETURN, /* out, and in again */
	ERRAND_LATE,   /* in, when the programme closes */
	ERRAND_MUMBLE, /* a calendar's answer that says nothing */
	ERRANDS_N,
};

struct play {
	struct arena *arena; /* lives as long as the play */
	struct arena item;   /* reset after each mail */
	const struct play_ask *ask;
	struct play_result *result;
	struct world dice;
	struct app *app; /* open while mails are read */
	int64_t now_unix;
	struct actor *cast;
	size_t cast_n;
	struct actor lead;
	struct post *posts;
	size_t posts_n;
	int64_t posts_made, delivered;
	int improvements; /* how many the lead has noted */
	bool approved, improved, matched_again;
	bool errands[ERRANDS_N]; /* done */
	int64_t applicants;
};

/* A number below `below`, for this person, matter and occasion. */
int64_t roll(struct play *, const struct actor *, const char *what,
    int64_t occasion, int64_t below);
bool chance(struct play *, const struct actor *, const char *what,
    int64_t occasion, int64_t permille);

/* cast */
void cast_invent(struct play *, const struct conf *);
struct span cast_roster(struct arena *, const struct play *);
/* The person of that address (own, other or assistant's), or NULL. */
struct actor *cast_find(struct play *, struct span address);

/* watch */
int watch_mails(struct play *, struct err *);

/* act, chief, diary */
int act_on(struct play *, struct actor *, struct received *, struct err *);
int chief_on(struct play *, struct received *, struct err *);
int diary_on(struct play *, struct actor *, struct received *, struct err *);

/* act */
/* A break of some weeks; each has one at most. */
void say_pause(struct play *, struct actor *, const struct received *);

/* say */
/* When somebody comes to answer: their pace, working days, absences. */
int64_t say_when(
    struct play *, const struct actor *, const char *what, int64_t occasion);
/* "4 May 2027" or "4.5.2027", on the programme's calendar. */
struct span say_date(struct play *, const struct actor *, int64_t unix_time);

/* fill: the answers of a form, "" where none is given, in order of slots. */
void fill_form(struct play *, const struct actor *, const struct received *,
    const struct sent_form *, const struct form *, struct span *values);

/* What is written; the mail program adds the rest. */
struct sheet {
	const struct actor *who;
	const struct received *to;
	struct span text;
	/* The quote with answers in it, ready; "" = the program's own. */
	struct span quote;
	struct span ics;
	const char *method; /* of ics */
	/* A mail of its own and no reply: what a mailto: link opens. */
	struct span subject;
	bool automatic;  /* out of office */
	bool from_alias; /* else from where the mail went */
	int64_t at_unix;
};
/* Into the post; sometimes twice, or from another address. */
void say_send(struct play *, const struct actor *, struct sheet *);
/* The same for a reply in words. */
void say_text(struct play *, struct actor *, const struct received *,
    struct span text, int64_t at_unix);
/* The answers to the form in a mail. */
int form_answer(
    struct play *, struct actor *, const struct received *, struct err *);
/* Writes it and puts it into the post. */
void pen_send(struct play *, const struct sheet *);
/* Bytes as they are. */
void pen_post(struct play *, int64_t at_unix, struct span bytes);
/* "> " in front of each line. */
struct span pen_quote(struct arena *, struct span text);
/* A header value, as encoded words where it must. */
struct span pen_words(struct arena *, struct span text);

/* word */
enum says {
	SAYS_YES,
	SAYS_NO,
	SAYS_AGREE,
	SAYS_LEAVE,
	SAYS_STUCK,
	SAYS_AWAY,
	SAYS_GOALS,
	SAYS_ACTION,
	SAYS_LEARNED,
	SAYS_IMPROVE,
	SAYS_THANKS,
	SAYS_HOURS,
	SAYS_PAUSE,
	SAYS_MOVE,
	SAYS_CHAT, /* friendly, and nothing that could be understood */
	SAYS_ADDRESS,
	SAYS_BACK,
};
/* One of several ways to say it. */
struct span word_say(
    struct play *, const struct actor *, enum says, int64_t occasion);

/* errand: nothing without --faults */
/* Sets done when somebody did one of them instead of what was asked. */
int errand_on(struct play *, struct actor *, const struct received *,
    bool *done, struct err *);
/* The calendar's word that nobody knows, once; else NULL. */
const char *errand_answer(struct play *);

/* trouble: nothing without --faults */
/* Something unwanted in the post; the programme is open. */
void trouble_mails(struct play *);
/* The mail comes back; its reader never saw it. */
bool trouble_bounce(
    struct play *, const struct actor *, const struct received *);
/* Runs that are killed or cannot send, before the real one. */
int trouble_runs(struct play *, struct err *);

/* tally */
int tally(struct play *, struct err *);

#endif
