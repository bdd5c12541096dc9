/*
 * What is stored of a person, a pair, a session, a form, a thread, a mail:
 * plain structs, filled by store/ and decided on by flow/.  Times are UTC
 * seconds, 0 = not (yet).  Texts live in the arena they were loaded into.
 */
#ifndef MODEL_RECORD_H
#define MODEL_RECORD_H

#include <stdbool.h>
#include <stdint.h>

#include "base/span.h"
#include "model/cal.h"
#include "model/life.h"
#include "model/mail.h"

struct programme {
	enum programme_state state;
	int64_t created_unix, last_run_unix, begun_unix, midpoint_unix,
	    closing_unix, ended_unix;
	int64_t next_digest_unix, next_match_unix, next_report_unix,
	    next_review_unix;
	bool hold;
	int64_t trouble_since_unix, trouble_told_unix;
	struct span trouble;
};

struct person {
	int64_t id;
	struct span address, key, name;
	enum person_state state;
	bool mentor, mentee;
	int64_t level;
	struct span department, location, manager_key, zone, locale, group;
	struct span assistant, assistant_key;
	int64_t capacity;
	int64_t created_unix, invited_unix, joined_unix, ready_unix,
	    matched_unix, left_unix, left_company_unix;
	int64_t paused_until_unix;
	struct span paused_from;
	int64_t away_until_unix;
	int64_t left_out;
	int64_t bad_address_unix, bounces, last_bounce_unix;
	int64_t reminded;
	int64_t due_unix, last_heard_unix;
};

struct pair {
	int64_t id, mentor_id, mentee_id, round_id;
	enum pair_state state;
	int64_t score, begun_unix, mentor_agreed_unix, mentee_agreed_unix,
	    active_unix, ended_unix;
	struct span ended_why;
	int64_t sessions, training;
	struct span flag;
	int64_t flag_unix, nudges, last_sign_unix, due_unix;
};

struct session {
	int64_t id, pair_id, number;
	struct span kind, role;
	enum session_state state;
	int64_t target_unix, start_unix, end_unix;
	struct span uid;
	int64_t sequence, dtstamp_unix, tries, moves;
	bool prepared;
	int64_t created_unix, due_unix;
};

struct attendee {
	int64_t session_id, person_id;
	struct span address;
	enum partstat partstat;
	int64_t sequence, dtstamp_unix, answered_unix;
	struct span choice, note;
	int64_t declined;  /* the SEQUENCE last declined, -1: none */
	struct span wall;  /* what their calendar shows */
};

struct sent_form {
	int64_t id, person_id;
	struct span survey;
	int64_t pair_id, session_id;
	enum form_state state;
	struct span locale, text;
	int64_t sent_unix, answered_unix, reminded, asked_again, due_unix;
};

struct thread {
	int64_t id;
	struct span code;
	enum thread_kind kind;
	int64_t object_id, person_id;
	struct span subject, root, last;
	int64_t created_unix, expires_unix;
};

struct inbox {
	int64_t id;
	struct span key, digest, message_id, sender, sender_key, subject, kind;
	int64_t size_bytes, arrived_unix;
	enum disposition state;
	struct span reason;
	int64_t person_id, thread_id, attempts, handled_unix, filed;
};

#endif
