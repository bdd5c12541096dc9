/*
 * app: what happens, in which order; the only place that joins deciding and
 * touching modules.  One unit of work is one transaction.
 *
 *   file       purpose
 *   app        opening and closing a programme
 *   clock      the system's time, once a run
 *   run        one batch, from mailbox to mail server
 *   mailbox    the mailboxes opened, and told what became of their mails
 *   intake     mails into the inbox table, each once; each one handled
 *   handle     one mail that was read: whose, who decides, what becomes of it
 *   who        whose mail is it, and about what: tokens and addresses
 *   spoken     a participant's words -> events
 *   respond    the same words in short, and answers to the sender
 *   general    words that mean the same in every conversation
 *   stranger   mail without proof; what the owner confirms
 *   answers    a participant's answers to a form -> rows, events
 *   calendar   answers of calendars: whose, which, what
 *   bounced    bounces, absences, receipts
 *   steer      the lead's commands: reading them, the transcript
 *   steer_say     who is meant; what is said of each
 *   steer_round   those about proposals
 *   steer_cost    what such a change costs, told before it counts
 *   steer_people  those about people, pairs and mails that are held
 *   undo       the last command taken back; dangerous ones confirmed
 *   step       an event -> the new state, its effects, the change row
 *   effect     effects of persons, forms, programme -> rows and mails
 *   pairs      effects of pairs -> rows and mails
 *   survey     forms out, answers in
 *   names      people and places as participants write them
 *   problem    matching: people, answers and rules from the database
 *   between    matching: rules between two people, what stands
 *   propose    matching: the proposal, with its proof (propose_table: many)
 *   rounds     matching: approval; a proof checked again
 *   meet       sessions: making them, finding their time
 *   invites    the mails of a session: invites, offers, cancels
 *   agree      yes, no, choices and other times of a session
 *   rules      new time-zone rules -> updates of what calendars show
 *   roster     the roster in
 *   due        what the clock alone has made due
 *   facts      what is stored -> the facts behind all figures
 *   digest     the weekly digest: what it says
 *   digest_line  its lines: people, pairs, numbers
 *   decide     the weekly digest: decisions, each with its replies
 *   aims       the weekly digest: where each aim stands
 *   ahead      the weekly digest: mail health, what comes next
 *   report     the sponsor's report, "you said, we did"
 *   letter     template + values -> an outbox row
 *   outbox     committed intentions -> mail server
 *   posted     its answers -> rows, retries, addresses
 *   sink       where mail goes; a try of it
 *   feeds      calendars of people and holidays -> busy times, closed days
 *   publish    sessions -> the lead's calendar collection; the ping
 *   login      passwords, and tokens by OAuth2, when they are needed
 *   verify     are templates and words fit to be sent?
 *   mydata     my data
 *   erase      forget me; a change of address
 *   retire     the retention clock
 */
#ifndef APP_APP_H
#define APP_APP_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/value.h"
#include "base/world.h"
#include "base/zone.h"
#include "conf/conf.h"
#include "flow/flow.h"
#include "model/mail.h"
#include "model/record.h"
#include "model/survey.h"
#include "model/words.h"
#include "reader/reader.h"
#include "reply/reply.h"
#include "store/records.h"
#include "store/store.h"
#include "survey/survey.h"

struct mailin;

/* Everything of one language. */
struct language {
	struct span locale;
	struct words words;
	struct survey *surveys;
	size_t surveys_n;
	struct skill_text *skills; /* of conf, in this language */
};

struct app {
	struct arena run;  /* lives as long as the run */
	struct arena item; /* reset after each mail or due row */
	struct conf conf;
	struct world world;
	struct store *store;
	struct programme programme;
	struct zone zone; /* the programme's */
	struct language *languages;
	size_t languages_n;
	struct reader *reader;
	struct box *boxes; /* while a run fetches and handles, else NULL */
	/* The mail in hand, 0 when the clock acts; for changes and outbox. */
	int64_t inbox_id;
	bool dry; /* nothing is kept or sent: app_try */
	/* Told how far a long run is, after each batch; NULL: nobody looks. */
	void (*progress)(const char *what, int64_t done, int64_t of);
	const char *templates; /* folder of the operator's templates, or NULL */
	struct span logo, logo_type; /* the picture above each mail, or "" */
};

/*
 * Opens settings and database, loads languages.  now_unix 0: the system's
 * clock.  `dir` holds rmail.conf, or is the settings file itself.
 */
int app_open(struct app *, const char *dir, int64_t now_unix, struct err *);
/* The same without fsync, for a rehearsal: nothing in it is precious. */
int app_open_rehearsal(
    struct app *, const char *dir, int64_t now_unix, struct err *);
void app_close(struct app *);
/* The folder with settings and database, made and filled. */
int app_init(const char *dir, int64_t now_unix, struct err *);
int64_t clock_now(void);
/*
 * From here on nothing is kept or sent, and mails are looked for in folders
 * and files alone: the database is a copy that is gone with app_close.
 */
int app_try(struct app *, struct err *);
int programme_save(struct app *, struct err *);

/* Never NULL: the person's language, else the programme's. */
const struct language *app_language(const struct app *, struct span locale);
const struct survey *app_survey(const struct language *, const char *name);
/* The bytes of a template file: the operator's, else the built-in. */
int app_template(struct app *, struct span locale, const char *name,
    struct span *file, struct span *text, struct err *);
/* layout.html: the operator's, else the built-in. */
int app_layout(struct app *, struct span *text, struct err *);
typedef void verify_fn(void *cookie, struct span problem);
/*
 * What keeps a programme from being opened, one line for each mistake in its
 * settings, else in its words and surveys: how many were told, or -1.
 */
int app_faults(const char *dir, verify_fn *, void *cookie, struct err *);
/*
 * 0 when all templates and words can be used, 1 when not: `tell` was called
 * for each problem with one line, place first.  Resets the item arena.
 */
int templates_verify(struct app *, verify_fn *tell, void *cookie, struct err *);
/* A person's zone, or the programme's; in the item arena. */
const struct zone *person_zone(struct app *, const struct person *);

/* --- letters ------------------------------------------------------------ */

struct letter_ask {
	const char *template;    /* "invitation" */
	const struct person *to; /* NULL: to_name, to_address */
	struct span to_name, to_address, locale;
	struct thread *thread;   /* what a reply will be about; NULL: none */
	struct value *values;    /* may be NULL */
	bool answer;             /* auto-replied, not auto-generated */
	struct span in_reply_to; /* Message-ID of the mail this answers */
	int64_t not_before_unix; /* 0: as soon as the hour is right */
	bool at_once;            /* answers do not wait for working hours */
	const struct invite *invite;
	int64_t session_id;
	struct letter_file *files;
	uint32_t files_n;
};
/* Renders and stores a mail; *text (may be NULL) is its text part. */
int letter_send(
    struct app *, const struct letter_ask *, struct span *text, struct err *);
/* The values every mail has; more are added by the caller. */
struct value *letter_values(struct app *, const struct person *to);
/* The partner's name, in full and the first one. */
void partner_values(struct app *, struct value *, struct span name);
/* To the lead; thread kind LEAD or ROUND.  The first is sent by the caller. */
struct letter_ask letter_to_lead(const struct app *, const char *template,
    struct thread *, struct value *values);
int letter_lead(struct app *, const char *template, struct thread *,
    struct value *values, struct err *);

/* --- threads and tokens ------------------------------------------------- */

/* Finds or makes the conversation about an object with a person. */
int thread_get(struct app *, enum thread_kind, int64_t object_id,
    int64_t person_id, struct thread *, struct err *);
/* "RM-ABCDEF" */
struct span thread_code(struct arena *, const struct thread *);
/* What stands in Message-IDs and behind the + : "abcdef-<mac>". */
struct span thread_token(struct app *, const struct thread *);
/* Where a reply goes: with the token behind a +, where that is set. */
struct span thread_address(struct app *, const struct thread *);
/*
 * A mailto: target, fit for an href, that sends these words into the
 * conversation, with its token: no reply button has to be found.
 */
struct span thread_mailto(
    struct app *, const struct thread *, struct span words);
enum proof {
	PROOF_NONE,
	PROOF_CODE,  /* the six letters: enough with the known address */
	PROOF_TOKEN, /* the keyed token: needed for the lead's commands */
};
/* 1 found and not expired (*proof says how), 0, -1. */
int thread_of_mail(struct app *, const struct mail *, struct thread *,
    enum proof *, struct err *);
/* Is this Message-ID one of ours? */
bool message_is_ours(struct app *, struct span message_id);

/* --- events ------------------------------------------------------------- */

/* Each takes the step, stores record and change row, runs the effects. */
int programme_event(struct app *, enum flow_event, struct err *);
int person_event(struct app *, struct person *, enum flow_event, struct err *);
int pair_event(struct app *, struct pair *, enum flow_event, struct err *);
int session_event(
    struct app *, struct session *, enum flow_event, struct err *);
int form_event(struct app *, struct sent_form *, enum flow_event, struct err *);
/* The effects of each kind of thing; called by the events alone. */
int programme_effect(struct app *, enum flow_effect, struct err *);
int person_effect(
    struct app *, struct person *, enum flow_effect, struct err *);
int pair_effect(struct app *, struct pair *, enum flow_effect, struct err *);
int session_effect(
    struct app *, struct session *, enum flow_effect, struct err *);
int form_effect(
    struct app *, struct sent_form *, enum flow_effect, struct err *);
int person_save(struct app *, const struct person *, struct err *);
int pair_save(struct app *, const struct pair *, struct err *);
int session_save(struct app *, const struct session *, struct err *);
int form_save(struct app *, const struct sent_form *, struct err *);
/* Something the lead reads in the next digest. */
int note_add(struct app *, const char *kind, int64_t person_id, int64_t pair_id,
    struct span text, struct err *);
/* The same, unless the very same was noted before: 1 new, 0 known, -1. */
int note_once(struct app *, const char *kind, int64_t person_id,
    int64_t pair_id, struct span text, struct err *);

/* --- surveys ------------------------------------------------------------ */

/* Makes, stores and mails a form; no second one while one is open. */
int survey_send(struct app *, const struct person *, const char *survey,
    int64_t pair_id, int64_t session_id, struct err *);
/* The form once more: a reminder, or only what is missing. */
int survey_again(struct app *, struct sent_form *, bool missing, struct err *);
/* The stored slots of a form, in the item arena. */
int form_load(struct app *, int64_t form_id, struct form *, struct err *);
/* An answer by survey and question; 1, 0, -1. */
int answer_find(struct app *, int64_t person_id, const char *survey,
    const char *question, struct span *value, struct err *);

/* Was this survey ever sent to them about this pair? */
int survey_was_sent(struct app *, const struct person *, const char *survey,
    int64_t pair_id, bool *yes, struct err *);

/* --- names ---------------------------------------------------------------- */

/* "nobody", "-": an answer that names none. */
bool says_none(struct app *, struct span text);
/* An address, the part before the @, or a whole name.  1, 0, -1. */
int person_named(struct app *, struct span word, struct person *, struct err *);
/* All of a list; *unknown (in the arena, as the ids) are the other names. */
int persons_named(struct app *, struct arena *, struct span text, int64_t **ids,
    uint32_t *n, struct span *unknown, struct err *);
/* Those of a list are never to be matched with them, which nobody is told. */
int exclude_named(struct app *, const struct person *, struct span text,
    struct span *unknown, struct err *);
/* A time zone, or the one of a city; in the item arena. */
bool zone_named(struct app *, struct span text, struct span *name);

/* --- pairs --------------------------------------------------------------- */

int pair_persons(struct app *, const struct pair *, struct person *mentor,
    struct person *mentee, struct err *);
/* letter_values, and the partner as `to` may see them. */
struct value *pair_values(struct app *, const struct pair *,
    const struct person *to, const struct person *partner);
int pair_tell_one(struct app *, const struct pair *, const struct person *to,
    const struct person *partner, const char *template, struct value *more,
    struct err *);
/* The same template to both, each about the other; `more` may be NULL. */
int pair_tell(struct app *, const struct pair *, const char *template,
    struct value *more, struct err *);

/* --- sessions ----------------------------------------------------------- */

int session_new(
    struct app *, const struct pair *, int64_t target_unix, struct err *);
/* Finds a time for a planned session and raises the event of it. */
int session_plan(struct app *, struct session *, struct err *);
/* Everybody who is invited: pair, or group. */
int session_people(struct app *, const struct session *, struct person **,
    size_t *n, struct err *);
/* A mid-point meeting of "mentors" or "mentees". */
int group_meeting(struct app *, const char *role, struct err *);
/* Is this start free for all who are invited? */
int session_is_free(struct app *, const struct session *, int64_t start_unix,
    bool *is_free, struct err *);
/* All answers back to none: the time has changed. */
int session_clear_answers(struct app *, const struct session *, struct err *);
/* The other's proposal as the only option, with their yes already given. */
int session_ask_partner(struct app *, struct session *,
    const struct person *asker, int64_t start_unix, struct err *);
/* "2027-03-01T10:00 Europe/Berlin": what their calendar shows. */
struct span wall_text(struct arena *, const struct zone *, int64_t start_unix);
/* New time-zone rules: calendars that show another hour now get an update. */
int rules_follow(struct app *, struct err *);
/* Puts start and end, bumps SEQUENCE and DTSTAMP. */
void session_set_time(struct app *, struct session *, int64_t start_unix);

/* --- the web -------------------------------------------------------------- */

/* Fetches what is due; what cannot be read is kept as it was. */
int feeds_fetch(struct app *, struct err *);
/* An address that a participant may give: no plain http. */
bool feed_url_ok(struct span url);
/* Appends the holidays, as days since 1970 in the programme's zone. */
int holiday_days(struct app *, int64_t **days, size_t *n, struct err *);
/* Puts into the CalDAV collection what is not there as it should be. */
int sessions_publish(struct app *, struct err *);
/* A session as the lead sees it in a calendar: no people, both names. */
struct invite session_listing(struct app *, const struct session *);
/* Tells the watchdog that a run is done; never fails. */
void run_ping(struct app *);

enum login_where {
	LOGIN_IN,  /* where mail is fetched: a mailbox is given */
	LOGIN_OUT, /* where mail is sent */
};
struct login {
	struct span password, token; /* one of them, or none is wanted */
	bool kept; /* the token was fetched by an earlier run */
};
/*
 * What the settings say, in the run's arena; commands are run and tokens
 * fetched now.  `anew`: a token that was kept is not taken again.
 */
int login_get(struct app *, enum login_where, const struct conf_box *,
    bool anew, struct login *, struct err *);
/* The server refused a token that was kept: one more try with a new one. */
bool login_again(const struct login *, const struct err *);

/* --- is the outside there? ------------------------------------------------ */

/*
 * Each goes where a run would go, as a run would, and leaves nothing there.
 * -1: why not.
 */
int mailbox_try(
    struct app *, const struct conf_box *, bool *read_only, struct err *);
/* 1 a token was given (and is kept), 0 none is asked for. */
int token_try(struct app *, struct err *);
/*
 * Where mail is sent; with an address a test mail as well.  *said: the
 * server's last line.
 */
int sink_try(
    struct app *, struct span test_address, struct span *said, struct err *);
/* *busy: how many busy times or holidays it holds. */
int feed_try(struct app *, int64_t person_id, struct span url, size_t *busy,
    struct err *);
/* An event is put into the lead's calendar and taken out again. */
int collection_try(struct app *, struct err *);

/* --- the rest ----------------------------------------------------------- */

/* "maildir:in" with the folder of the settings in front. */
struct span app_url(struct app *, struct span url);
/*
 * What earlier runs left, then what is in the mailbox.  *away tells why that
 * was not read to its end; what came before is handled.
 */
int intake_all(struct app *, struct err *away, struct err *err);
/* Tells the mailboxes what became of their mails, after the commits. */
int intake_file(struct app *, struct err *);
void boxes_close(struct app *);
/* A mail as it was read: what it says, done. */
int mail_handle(struct app *, const struct inbox *, const struct mail *,
    const struct reading *, struct err *);
int due_all(struct app *, struct err *);
int outbox_send(struct app *, struct err *);
/* One batch: all four, in order. */
int app_run(struct app *, struct err *);

struct roster_result {
	int64_t added, changed, unchanged;
	struct span *errors; /* "line 3, column zone: ..." */
	uint32_t errors_n;
};
/* By which an erased person's address is known, and nothing else. */
struct span tombstone_hash(struct app *, struct span key);
int roster_import(struct app *, struct arena *, struct span csv,
    struct roster_result *, struct err *);

/* What a mail of a human asks for; the state of its inbox row comes back. */
struct inbound {
	const struct mail *mail;
	const struct reading *reading;
	struct inbox inbox;
	struct person person; /* the sender's, or the one they act for */
	bool known;           /* person is set */
	bool assistant;       /* the sender is that person's assistant */
	bool lead;            /* the sender is the lead */
	struct thread thread;
	enum proof proof; /* PROOF_NONE: thread is not set */
};
struct verdict {
	enum disposition state;
	const char *reason;
};
int spoken_mail(struct app *, struct inbound *, struct verdict *, struct err *);
/* A word that its owner has confirmed. */
int person_word(struct app *, struct inbound *, struct span text,
    struct verdict *, struct err *);
/* Words about a session: yes, no, 2, "move to Thu 14:00", "cancel". */
int session_reply(struct app *, struct inbound *, const struct short_answer *,
    struct verdict *, struct err *);
/* All that is stored of a person, as JSON. */
int person_export(
    struct app *, const struct person *, struct str *, struct err *);
/* Nothing is left but a number; partners' records stay usable. */
int person_erase(struct app *, struct person *, struct err *);
/* The same without a mail and without a memory of the wish. */
int person_wipe(struct app *, struct person *, struct err *);
int person_blank(struct app *, struct person *, struct err *);
/* Erases who was kept for long enough after the end. */
int retire(struct app *, struct err *);
/* Wipes what could only be wiped once it was sent. */
int erase_leavings(struct app *, struct err *);
int person_move(
    struct app *, struct person *, struct span address, struct err *);
/*
 * Their address does not exist: the next that we know is taken, else nothing
 * is sent there any more and the lead reads of it.
 */
int person_unreachable(struct app *, struct person *, struct err *);
int calendar_mail(
    struct app *, struct inbound *, struct verdict *, struct err *);
int machine_mail(
    struct app *, struct inbound *, struct verdict *, struct err *);
int steer_mail(struct app *, struct inbound *, struct verdict *, struct err *);

struct match_problem;
/*
 * The people and rules as they stand, in the arena given.  In a repair pairs
 * that run are part of it, and move only where somebody would have nobody.
 */
int round_problem(struct app *, struct arena *, bool repair,
    struct match_problem *, struct err *);
/* Is the proposal that waits a repair? */
int round_is_repair(struct app *, bool *, struct err *);
struct match_proof;
/* Checks the stored proof of a round: 1 done, 0 none is kept, -1. */
int round_verify(
    struct app *, int64_t round_id, struct match_proof *, struct err *);
/* The reasons of a proposal for the lead, in one language, on one line. */
struct span reasons_text(struct app *, struct span reasons, struct span locale);
/* A pair begins: its row, and the introductions. */
int pair_begin(struct app *, int64_t mentor_id, int64_t mentee_id,
    int64_t round_id, int64_t score, struct span reasons, struct err *);
int undo_store(
    struct app *, struct span line, struct span inverse, struct err *);
/* 1 taken back (*line says what), 0 nothing to take back, -1. */
int undo_last(struct app *, struct span *line, struct err *);
/* A word by which the lead confirms the command. */
int confirm_ask(
    struct app *, struct span line, struct span *word, struct err *);
/* 1 and the command of that word, 0 there is none (any more), -1. */
int confirm_take(
    struct app *, struct span word, struct span *line, struct err *);
/*
 * Solves, stores a round, mails the proposal to the lead.  1 done, 0 nobody
 * waits for a partner, -1.
 */
int round_propose(struct app *, bool repair, struct err *);
/*
 * Begins those pairs of a round, all with n == 0, that still can; the names
 * of the others go into the list.  Who is left without is told with all.
 */
int round_approve(struct app *, int64_t round_id, const int64_t *numbers,
    size_t n, struct value *not_begun, struct err *);
/* A survey to everybody who has been in a pair. */
int survey_all(struct app *, const char *survey, struct err *);
/* A mail in quarantine on one line, from a row of QUARANTINE. */
struct span held_line(
    struct app *, const struct words *, const struct rows *, size_t r);

struct facts;
struct document;
/* All that report/ works on, in the item arena. */
int facts_load(struct app *, struct facts *, struct err *);
struct span report_html(struct app *, const struct document *);
int digest_send(struct app *, struct err *);
int report_send(struct app *, struct err *);
struct figures;
/* Remembers what a report has told, so that no later one gives more away. */
int report_publish(struct app *, const struct figures *, struct err *);
/* "You said, we did", to everybody who took part. */
int did_send(struct app *, struct err *);

#endif
