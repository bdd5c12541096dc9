/*
 * conf: the settings file of one programme -> struct conf.
 *
 *   file      purpose
 *   conf      reading, defaults, the table of settings
 *   value     one value of each type, with messages that help
 *   check     settings that contradict each other
 *   servers   the same of mail servers and their logins
 *
 * Every message reads "FILE:LINE:COLUMN: what is wrong; what was expected,
 * with an example", exit 78.  Unknown sections and keys are errors.
 */
#ifndef CONF_CONF_H
#define CONF_CONF_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/ini.h"
#include "base/span.h"
#include "model/hours.h"

/* A text that may differ by locale: "name", "name.de". */
struct conf_text {
	struct span text; /* of the programme's locale */
	struct span *locales, *texts;
	uint32_t n;
};
/* The text of that locale, else the common one. */
struct span conf_text(const struct conf_text *, struct span locale);

struct conf_skill {
	struct span id; /* "social-media" */
	struct conf_text name, low, medium, high;
	int64_t weight; /* business priority, 1..10 */
	int line;
};

struct conf_aim {
	struct span id;
	struct conf_text text;
	struct span measure; /* report/ knows the list */
	int64_t target_permille;
	int line;
};

/* A mailbox that is read: [mail] itself, and each [mailbox NAME]. */
struct conf_box {
	struct span name; /* "" of [mail] */
	struct span url, user, password, password_command, token_command, pin;
	bool starttls;
	int64_t after; /* enum conf_after */
	struct span done_folder, parked_folder;
};

enum conf_kind {
	CONF_COHORT,
	CONF_ROLLING
};
enum conf_join {
	CONF_JOIN_OPEN,
	CONF_JOIN_DOMAIN,
	CONF_JOIN_ROSTER,
	CONF_JOIN_LEAD
};
enum conf_unknown {
	CONF_UNKNOWN_SILENT,
	CONF_UNKNOWN_HELP
};
enum conf_after {
	CONF_AFTER_KEEP,
	CONF_AFTER_MOVE,
	CONF_AFTER_DELETE
};
enum conf_dept {
	CONF_DEPT_ANY,
	CONF_DEPT_CROSS,
	CONF_DEPT_SAME
};
enum conf_alike {
	CONF_ALIKE,
	CONF_DIVERSE
};
enum conf_times {
	CONF_TIMES_BOOK,
	CONF_TIMES_ASK
};
enum conf_report {
	CONF_REPORT_MONTHLY,
	CONF_REPORT_MILESTONES
};
enum conf_sandbox {
	CONF_SANDBOX_REQUIRE,
	CONF_SANDBOX_AUTO
};
enum conf_address {
	CONF_FORMAL,
	CONF_INFORMAL
};

struct conf {
	struct span file;   /* as it was opened */
	struct span folder; /* that relative paths start from */

	/* [programme] */
	struct conf_text name;
	struct span locale;   /* "en" */
	struct span *locales; /* all that people may have */
	uint32_t locales_n;
	struct span zone; /* "Europe/Berlin" */
	struct span lead_name, lead_address;
	struct span sponsor_name, sponsor_address; /* may be "" */
	struct span contact; /* beside the lead; may be "" */
	int64_t kind;        /* enum conf_kind */
	int64_t begin_day, match_day, midpoint_day, end_day; /* days since
	                            1970, 0 = not set */
	int64_t match_every_seconds;                         /* rolling */
	struct span review_on; /* "05-01": yearly, rolling */
	int64_t join;          /* enum conf_join */
	struct span *domains;  /* join = domain */
	uint32_t domains_n;
	int64_t unknown;      /* enum conf_unknown */
	bool approve_by_lead; /* proposals wait for the lead */
	struct conf_text mentor, mentee, mentors, mentees; /* role names */
	int64_t formality; /* enum conf_address */
	struct span accent, logo;
	int64_t target_level; /* seniors from this level on: coverage */

	/* [mail] */
	struct span address, from_name;
	struct conf_box in;
	struct conf_box *boxes; /* [mailbox NAME] */
	uint32_t boxes_n;
	struct span out_url;
	struct span out_user, out_password, out_password_command,
	    out_token_command;
	struct span ca_file, out_pin;
	bool out_starttls, insecure;
	bool subaddress;
	struct span helo;
	struct span *trusted_authserv;
	uint32_t trusted_authserv_n;
	int64_t timeout_seconds, connections;
	int64_t sandbox; /* enum conf_sandbox */

	/* [oauth2] */
	struct span oauth_url, oauth_client, oauth_secret, oauth_scope,
	    oauth_refresh;

	/* [limits] */
	int64_t mails_per_run, mails_per_minute, mails_per_day;
	int64_t mails_per_domain_minute;
	int64_t mails_per_person_week;
	int64_t inbound_per_hour, answers_per_day;
	int64_t give_up_seconds;
	int64_t max_mail_bytes;

	/* [sessions] */
	int64_t sessions, every_seconds, minutes;
	int64_t notice_days, horizon_seconds, buffer_minutes, tries;
	int64_t times;       /* enum conf_times */
	struct hours hours;  /* when nothing is known of a person */
	struct span *closed; /* "2026-12-24", "2026-12-24..2027-01-02" */
	uint32_t closed_n;
	struct span place;       /* link or room; {pair} is its number */
	int64_t prepare_seconds; /* before the start */

	/* [reminders] */
	int64_t remind_first_seconds, remind_again_seconds, remind_times;
	int64_t silence_seconds, invite_again_seconds;
	int64_t digest_day;                   /* 0 = monday */
	struct span digest_clock;             /* "08:00" */
	int64_t send_from_hour, send_to_hour; /* local working hours */

	/* [match]: rules and weights (match/match.h) */
	bool no_manager, no_skip_manager, no_same_manager, shared_language,
	    no_earlier_pair, no_same_group;
	int64_t min_level_gap, max_level_gap, department, shared_half_hours;
	int64_t w_skills, w_hours, w_ways, w_kinds, w_learning, w_personality,
	    w_shared_time, w_credit, w_picks;
	int64_t personality; /* enum conf_alike */
	struct span *objective;
	uint32_t objective_n;
	int64_t good_enough, inertia;

	/* [report] */
	int64_t group_min, comment_min, report;
	int64_t keep_seconds, keep_raw_seconds;

	/* [feeds] */
	bool feeds;
	struct span *holidays; /* ICS URLs or files */
	uint32_t holidays_n;
	struct span caldav_url, caldav_user, caldav_password_command;
	bool private_addresses;
	struct span ping_url;

	struct conf_skill *skills;
	uint32_t skills_n;
	struct conf_aim *aims;
	uint32_t aims_n;
};

/*
 * Reads and checks a settings file.  Relative paths in it are taken from the
 * folder it lies in.  A file with a secret in it that others can read is
 * refused (exit 77).
 */
int conf_read(struct arena *, const char *path, struct conf *, struct err *);
/* The same from bytes; for tests and the rehearsal. */
int conf_parse(struct arena *, struct span file, struct span text,
    struct conf *, struct err *);
/* Told of a mistake on one line, place first. */
typedef void conf_tell(void *cookie, struct span text);
/*
 * Reads it for its mistakes, all of them: how many were told, or -1 when it
 * cannot be read at all.  What contradicts itself is looked for when nothing
 * else is wrong.
 */
int conf_faults(
    struct arena *, const char *path, conf_tell *, void *cookie, struct err *);
/* Where a setting stands in the file, for messages; 0: it does not. */
int conf_line(struct arena *, const struct conf *, const char *section,
    const char *key, int *line, struct err *);
/* "maildir:in" -> "maildir:/etc/rmail/in": a path from the conf's folder. */
struct span conf_path(struct arena *, const struct conf *, struct span path);

#endif
