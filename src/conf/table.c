/* Every setting: where it stands, what it takes, its default. */
#include <stddef.h>

#include "conf/conf_int.h"

#define AT(field) offsetof(struct conf, field)
#define T(s, k, type, field, standard, example)                         \
	{                                                               \
		s, k, type, AT(field), 0, 0, 0, NULL, standard, example \
	}
#define N(s, k, type, field, low, high, standard, example)                   \
	{                                                                    \
		s, k, type, AT(field), 0, low, high, NULL, standard, example \
	}
#define W(s, k, field, words, standard)                                       \
	{                                                                     \
		s, k, SET_WORD, AT(field), 0, 0, 0, words, standard, standard \
	}
#define L(s, k, field, standard, example)                             \
	{                                                             \
		s, k, SET_LIST, AT(field), AT(field##_n), 0, 0, NULL, \
		    standard, example                                 \
	}

enum {
	YEAR_SECONDS = 366 * 86400
};

/* clang-format off */
const struct setting conf_settings[] = {
    T("programme", "name", SET_LOCAL_TEXT, name, NULL, "Reverse mentoring 2027"),
    T("programme", "locale", SET_TEXT, locale, "en", "en"),
    L("programme", "locales", locales, "en, de", "en, de"),
    T("programme", "zone", SET_TEXT, zone, "UTC", "Europe/Berlin"),
    T("programme", "lead", SET_PERSON, lead_name, NULL, "Hanna Lead <hanna@example.com>"),
    T("programme", "sponsor", SET_PERSON, sponsor_name, NULL, "Sam Sponsor <sam@example.com>"),
    T("programme", "contact", SET_TEXT, contact, NULL, "the people team, extension 123"),
    W("programme", "kind", kind, "cohort rolling", "cohort"),
    T("programme", "begin", SET_DATE, begin_day, NULL, "2027-01-11"),
    T("programme", "match-on", SET_DATE, match_day, NULL, "2027-02-01"),
    T("programme", "midpoint", SET_DATE, midpoint_day, NULL, "2027-05-10"),
    T("programme", "end", SET_DATE, end_day, NULL, "2027-09-30"),
    N("programme", "match-every", SET_DURATION, match_every_seconds, 86400, YEAR_SECONDS, "4 weeks", "4 weeks"),
    T("programme", "review-on", SET_TEXT, review_on, NULL, "05-01"),
    W("programme", "join", join, "open domain roster lead", "roster"),
    L("programme", "domains", domains, NULL, "example.com, example.org"),
    W("programme", "unknown-senders", unknown, "silent help", "silent"),
    T("programme", "approve", SET_BOOL, approve_by_lead, "yes", "yes"),
    T("programme", "mentor", SET_LOCAL_TEXT, mentor, NULL, "mentor"),
    T("programme", "mentee", SET_LOCAL_TEXT, mentee, NULL, "mentee"),
    T("programme", "mentors", SET_LOCAL_TEXT, mentors, NULL, "mentors"),
    T("programme", "mentees", SET_LOCAL_TEXT, mentees, NULL, "mentees"),
    W("programme", "form-of-address", formality, "formal informal", "formal"),
    T("programme", "accent", SET_COLOUR, accent, "#0b5cad", "#0b5cad"),
    T("programme", "logo", SET_TEXT, logo, NULL, "logo.png"),
    N("programme", "target-level", SET_NUMBER, target_level, 0, 10, "0", "7"),

    T("mail", "address", SET_ADDRESS, address, NULL, "mentoring@example.com"),
    T("mail", "from", SET_TEXT, from_name, NULL, "Mentoring programme"),
    T("mail", "in", SET_MAIL_URL, in.url, "maildir:in", "maildir:in or imaps://mail.example.com/INBOX"),
    T("mail", "out", SET_MAIL_URL, out_url, "maildir:out", "maildir:out or smtps://mail.example.com"),
    T("mail", "in-user", SET_TEXT, in.user, NULL, "mentoring@example.com"),
    T("mail", "in-password", SET_SECRET, in.password, NULL, "a password; better in-password-command"),
    T("mail", "in-password-command", SET_TEXT, in.password_command, NULL, "/usr/bin/cat /etc/rmail/password"),
    T("mail", "in-token-command", SET_TEXT, in.token_command, NULL, "/usr/local/bin/mail-token"),
    T("mail", "out-user", SET_TEXT, out_user, NULL, "mentoring@example.com"),
    T("mail", "out-password", SET_SECRET, out_password, NULL, "a password; better out-password-command"),
    T("mail", "out-password-command", SET_TEXT, out_password_command, NULL, "/usr/bin/cat /etc/rmail/password"),
    T("mail", "out-token-command", SET_TEXT, out_token_command, NULL, "/usr/local/bin/mail-token"),
    T("mail", "ca-file", SET_TEXT, ca_file, NULL, "/etc/ssl/certs/example.pem"),
    T("mail", "in-fingerprint", SET_TEXT, in.pin, NULL, "64 hex digits, the SHA-256 of the server's public key"),
    T("mail", "out-fingerprint", SET_TEXT, out_pin, NULL, "64 hex digits, the SHA-256 of the server's public key"),
    T("mail", "in-starttls", SET_BOOL, in.starttls, "no", "yes"),
    T("mail", "out-starttls", SET_BOOL, out_starttls, "no", "yes"),
    T("mail", "insecure", SET_BOOL, insecure, "no", "no"),
    T("mail", "subaddress", SET_BOOL, subaddress, "no", "yes"),
    W("mail", "after", in.after, "keep move delete", "keep"),
    T("mail", "done-folder", SET_TEXT, in.done_folder, NULL, "rmail/done"),
    T("mail", "parked-folder", SET_TEXT, in.parked_folder, NULL, "rmail/parked"),
    T("mail", "helo", SET_TEXT, helo, NULL, "mentoring.example.com"),
    L("mail", "trusted-authserv", trusted_authserv, NULL, "mx.example.com"),
    N("mail", "timeout", SET_DURATION, timeout_seconds, 5, 3600, "60 s", "60 s"),
    N("mail", "connections", SET_NUMBER, connections, 1, 32, "2", "2"),
    W("mail", "sandbox", sandbox, "require auto", "auto"),

    T("oauth2", "url", SET_TEXT, oauth_url, NULL, "https://login.microsoftonline.com/TENANT/oauth2/v2.0/token"),
    T("oauth2", "client", SET_TEXT, oauth_client, NULL, "the application's id"),
    T("oauth2", "secret", SET_SECRET, oauth_secret, NULL, "the application's secret"),
    T("oauth2", "scope", SET_TEXT, oauth_scope, NULL, "https://outlook.office365.com/.default"),
    T("oauth2", "refresh-token", SET_SECRET, oauth_refresh, NULL, "the refresh token"),

    N("limits", "mails-per-run", SET_NUMBER, mails_per_run, 1, 1000000, "2000", "2000"),
    N("limits", "mails-per-minute", SET_NUMBER, mails_per_minute, 0, 100000, "0", "30"),
    N("limits", "mails-per-domain-minute", SET_NUMBER, mails_per_domain_minute, 0, 100000, "0", "20"),
    N("limits", "mails-per-day", SET_NUMBER, mails_per_day, 0, 10000000, "0", "4000"),
    N("limits", "mails-per-person-week", SET_NUMBER, mails_per_person_week, 1, 100, "5", "5"),
    N("limits", "inbound-per-hour", SET_NUMBER, inbound_per_hour, 1, 10000, "20", "20"),
    N("limits", "answers-per-day", SET_NUMBER, answers_per_day, 1, 1000, "10", "10"),
    N("limits", "give-up", SET_DURATION, give_up_seconds, 3600, 30 * 86400, "3 days", "3 days"),
    N("limits", "mail-size", SET_BYTES, max_mail_bytes, 10000, 100000000, "10 MB", "10 MB"),

    N("sessions", "number", SET_NUMBER, sessions, 1, 100, "6", "6"),
    N("sessions", "every", SET_DURATION, every_seconds, 86400, YEAR_SECONDS, "4 weeks", "4 weeks"),
    N("sessions", "minutes", SET_NUMBER, minutes, 15, 480, "60", "60"),
    N("sessions", "notice-days", SET_NUMBER, notice_days, 0, 30, "3", "3"),
    N("sessions", "horizon", SET_DURATION, horizon_seconds, 7 * 86400, YEAR_SECONDS, "6 weeks", "6 weeks"),
    N("sessions", "buffer-minutes", SET_NUMBER, buffer_minutes, 0, 240, "15", "15"),
    N("sessions", "tries", SET_NUMBER, tries, 1, 10, "3", "3"),
    W("sessions", "times", times, "book ask", "book"),
    T("sessions", "hours", SET_HOURS, hours, "Mon-Fri 09:00-17:00", "Mon-Fri 09:00-17:00"),
    L("sessions", "closed", closed, NULL, "2026-12-24..2027-01-02, 2027-05-01"),
    T("sessions", "place", SET_TEXT, place, NULL, "https://meet.example.com/rm-{pair}"),
    N("sessions", "prepare", SET_DURATION, prepare_seconds, 3600, 14 * 86400, "2 days", "2 days"),

    N("reminders", "first", SET_DURATION, remind_first_seconds, 3600, YEAR_SECONDS, "4 days", "4 days"),
    N("reminders", "again", SET_DURATION, remind_again_seconds, 3600, YEAR_SECONDS, "7 days", "7 days"),
    N("reminders", "times", SET_NUMBER, remind_times, 0, 10, "2", "2"),
    N("reminders", "silence", SET_DURATION, silence_seconds, 86400, YEAR_SECONDS, "35 days", "35 days"),
    N("reminders", "invite-again", SET_DURATION, invite_again_seconds, 86400, YEAR_SECONDS, "10 days", "10 days"),
    W("reminders", "digest-day", digest_day, "monday tuesday wednesday thursday friday saturday sunday", "monday"),
    T("reminders", "digest-clock", SET_CLOCK, digest_clock, "08:00", "08:00"),
    N("reminders", "send-from", SET_NUMBER, send_from_hour, 0, 23, "8", "8"),
    N("reminders", "send-to", SET_NUMBER, send_to_hour, 1, 24, "18", "18"),

    T("match", "no-manager", SET_BOOL, no_manager, "yes", "yes"),
    T("match", "no-managers-manager", SET_BOOL, no_skip_manager, "yes", "yes"),
    T("match", "no-same-manager", SET_BOOL, no_same_manager, "yes", "yes"),
    T("match", "shared-language", SET_BOOL, shared_language, "yes", "yes"),
    T("match", "no-earlier-pair", SET_BOOL, no_earlier_pair, "yes", "yes"),
    T("match", "no-same-group", SET_BOOL, no_same_group, "yes", "yes"),
    N("match", "min-level-gap", SET_NUMBER, min_level_gap, 0, 9, "2", "2"),
    N("match", "max-level-gap", SET_NUMBER, max_level_gap, 0, 9, "0", "0"),
    W("match", "department", department, "any cross same", "cross"),
    N("match", "shared-half-hours", SET_NUMBER, shared_half_hours, 0, 336, "2", "2"),
    N("match", "weight-skills", SET_NUMBER, w_skills, 0, 1000, "45", "45"),
    N("match", "weight-hours", SET_NUMBER, w_hours, 0, 1000, "5", "5"),
    N("match", "weight-ways", SET_NUMBER, w_ways, 0, 1000, "10", "10"),
    N("match", "weight-kinds", SET_NUMBER, w_kinds, 0, 1000, "10", "10"),
    N("match", "weight-learning", SET_NUMBER, w_learning, 0, 1000, "5", "5"),
    N("match", "weight-personality", SET_NUMBER, w_personality, 0, 1000, "5", "5"),
    N("match", "weight-shared-time", SET_NUMBER, w_shared_time, 0, 1000, "10", "10"),
    N("match", "weight-credit", SET_NUMBER, w_credit, 0, 1000, "5", "5"),
    N("match", "weight-picks", SET_NUMBER, w_picks, 0, 1000, "5", "5"),
    W("match", "personality", personality, "alike diverse", "diverse"),
    L("match", "objective", objective, "cardinality, fair, total, changes", "cardinality, fair, total, changes"),
    N("match", "good-enough", SET_NUMBER, good_enough, 0, 1000, "500", "500"),
    N("match", "inertia", SET_NUMBER, inertia, 0, 1000, "50", "50"),

    N("report", "group-min", SET_NUMBER, group_min, 5, 1000, "5", "5"),
    N("report", "comment-min", SET_NUMBER, comment_min, 10, 1000, "10", "10"),
    W("report", "send", report, "monthly milestones", "milestones"),
    N("report", "keep", SET_DURATION, keep_seconds, 30 * 86400, 10 * (int64_t)YEAR_SECONDS, "400 days", "400 days"),
    N("report", "keep-mails", SET_DURATION, keep_raw_seconds, 86400, 10 * (int64_t)YEAR_SECONDS, "30 days", "30 days"),

    T("feeds", "busy", SET_BOOL, feeds, "no", "yes"),
    L("feeds", "holidays", holidays, NULL, "holidays.ics"),
    T("feeds", "caldav", SET_TEXT, caldav_url, NULL, "https://cal.example.com/lead/mentoring/"),
    T("feeds", "caldav-user", SET_TEXT, caldav_user, NULL, "lead"),
    T("feeds", "caldav-password-command", SET_TEXT, caldav_password_command, NULL, "/usr/bin/cat /etc/rmail/caldav"),
    T("feeds", "private-addresses", SET_BOOL, private_addresses, "no", "no"),
    T("feeds", "ping", SET_TEXT, ping_url, NULL, "https://hc.example.com/uuid"),
};
/* clang-format on */
const size_t conf_settings_n = sizeof(conf_settings) / sizeof(*conf_settings);
