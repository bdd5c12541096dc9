/*
 * match: who mentors whom.  Pure, integers only, deterministic: the same
 * people in any order give the same pairs.
 *
 *   file      purpose
 *   match     the whole: problem in, proven result out
 *   market    the problem in canonical order, locked pairs taken out
 *   rules     who may (hard)
 *   score     who should (0..1000, shares add up exactly); scalar
 *   columns   mentors as columns of small numbers
 *   fast      the same score for one mentee and all mentors at once
 *   gauge     the list of steps (leximin in bands, ...) as weights
 *   solve     first candidates, rounds of search and pricing
 *   price     new candidates, by the duals over all pairs
 *   bids      most rows placed by bidding
 *   path      the others by shortest augmenting paths
 *   sift      of all pairs of a row, those that path must look at
 *   fair      bands told apart; the highest floor for "lift the worst"
 *   proof     the independent checker
 *   repair    after a drop-out
 *   explain   why, why not, who else, what if
 *   recruit   what one more place would gain; skills that are missing
 *   json      a result for programs; DIMACS for other solvers
 *   roster    people from CSV
 *   read      a score matrix from CSV
 *   keep      a problem and its proof as JSON, to be checked again later
 *
 * Mentee = row, demand `want`; mentor = column, capacity `capacity`.
 */
#ifndef MATCH_MATCH_H
#define MATCH_MATCH_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/span.h"
#include "base/str.h"
#include "model/hours.h"
#include "model/words.h"

enum {
	MATCH_SKILLS = 64, /* skills in a catalogue */
	MATCH_SCORE_MAX = 1000,
	MATCH_CRITERIA = 9,
};

/* What is known of one person; enrolled people only. */
struct match_person {
	int64_t id;      /* the database's; for stable order and ties */
	struct span key; /* address: canonical tie-break, messages */
	struct span name;
	bool mentor, mentee;
	int level; /* 1 = entry .. 10 = board; 0 unknown */
	struct span department;
	struct span location;
	int64_t manager_id;          /* 0 unknown */
	struct span confidentiality; /* group: never matched inside; "" none */
	uint32_t languages;          /* bits in the catalogue of languages */
	struct hours hours;          /* in UTC half hours of a usual week */
	int hours_month;             /* 0 unknown */
	uint8_t ways;                /* bits: person, video, phone, chat */
	uint8_t kinds;               /* bits: shadowing, instruction, ... */
	uint8_t learning;            /* one of the learning styles, 0 unknown */
	uint8_t personality;         /* 4 axes of 2 bits, 0 unknown */
	uint8_t now[MATCH_SKILLS];   /* 0 none, 1 L, 2 M, 3 H */
	uint8_t wanted[MATCH_SKILLS]; /* mentee's aim, 0 none */
	int capacity;                 /* places as mentor */
	int want;                     /* mentors wanted as mentee, usually 1 */
	int left_out;                 /* rounds without a partner before */
	/* Picks: people asked for, best first (ids). */
	int64_t *picks;
	uint32_t picks_n;
};

enum match_department {
	MATCH_DEPT_ANY,
	MATCH_DEPT_CROSS,
	MATCH_DEPT_SAME
};
enum match_personality {
	MATCH_ALIKE,
	MATCH_DIVERSE
};

struct match_rules {
	bool no_manager, no_skip_manager, no_same_manager;
	int min_level_gap; /* mentee's level minus mentor's, at least */
	int max_level_gap; /* 0 = no bound */
	enum match_department department;
	bool shared_language;
	int shared_half_hours; /* at least; 0 = not asked */
	bool no_earlier_pair;
	bool no_same_confidentiality;
};

/* Shares of a score; any non-negative numbers, normalised once to 1000. */
struct match_weights {
	int skills, hours, ways, kinds, learning, personality, shared_time,
	    credit, picks;
	enum match_personality personality_policy;
	int skill_weight[MATCH_SKILLS]; /* business priority, 1.. */
	uint32_t skills_n;
};

enum match_step {
	MATCH_STEP_CARDINALITY, /* most people; those left out before first */
	MATCH_STEP_FAIR,        /* leximin in bands below `good_enough` */
	MATCH_STEP_TOTAL,
	MATCH_STEP_CHANGES,    /* fewest changes against `standing` */
	MATCH_STEP_BOTTLENECK, /* lift the worst pair, nothing more */
	MATCH_STEP_LEXIMIN,    /* full leximin */
};

enum match_pair_kind {
	MATCH_LOCKED,
	MATCH_EXCLUDED,
	MATCH_EARLIER,
	MATCH_STANDING
};

struct match_pair_rule {
	enum match_pair_kind kind;
	int64_t mentee_id, mentor_id; /* EXCLUDED: order does not matter */
	bool is_private;              /* EXCLUDED by a participant: its reason
	                                 is never told, not even to the lead */
};

struct match_problem {
	const struct match_person *people;
	uint32_t people_n;
	struct match_rules rules;
	struct match_weights weights;
	const struct match_pair_rule *pairs;
	uint32_t pairs_n;
	const enum match_step *steps;
	uint32_t steps_n; /* 0 = CARDINALITY, FAIR, TOTAL, CHANGES */
	int good_enough;  /* 500 */
	int inertia;      /* added to standing pairs in TOTAL; before launch */
	const struct span *skill_names; /* for explanations */
	/* Instead of people: a matrix, row-major, -1 = forbidden. */
	const int32_t *scores;
	const int32_t *capacities; /* of columns */
	const struct span *row_names, *column_names;
	uint32_t rows, columns;
};

struct match_pair {
	uint32_t mentee, mentor; /* indices into people (or rows, columns) */
	int score;
	int shares[MATCH_CRITERIA]; /* in the order of match_weights; sum =
	                               score */
	bool locked;
};

struct match_proof {
	bool ok;
	int64_t pairs_checked;
	int64_t cover;   /* vertex cover that proves the number matched */
	struct span why; /* when not ok */
};

/* A lock that breaks a rule or a capacity; `why` as a phrase's key. */
struct match_trouble {
	int64_t mentee_id, mentor_id;
	const char *why;
};

struct match_result {
	struct match_pair *pairs; /* by mentee key */
	uint32_t pairs_n;
	uint32_t *unmatched; /* people indices */
	uint32_t unmatched_n;
	struct span
	    *unmatched_why; /* plain words need explain; this is a key */
	int64_t total;
	int worst, worst5[5];
	uint32_t worst5_n;
	int64_t blocking_pairs;
	uint32_t rounds;
	int64_t *u, *v; /* duals of rows and columns, for storing */
	uint32_t u_n, v_n;
	struct match_proof proof;
	/* Locks that break a rule or a capacity; none is ever dropped. */
	struct match_trouble *troubles;
	uint32_t troubles_n;
};

/* Called now and then with 0..1000; may be NULL. */
typedef void match_progress_fn(void *cookie, int permille);

/*
 * 0: result is optimal and proven.  -1 ERR_ITEM: the problem contradicts
 * itself (two people with one id, a score out of range, ...).  -1 ERR_STOP:
 * the proof failed; nothing may be published.
 */
int match_solve(struct arena *, const struct match_problem *,
    match_progress_fn *, void *cookie, struct match_result *, struct err *);
/*
 * The checker alone: is this result optimal?  Every pair of up to 200 million
 * is judged by the scalar scorer, of more a sample.
 */
int match_verify(struct arena *, const struct match_problem *,
    const struct match_result *, struct match_proof *, struct err *);
/*
 * A standing result after `gone` (person ids) dropped out or `added` came:
 * fewest others moved (rules of CHANGES) or inertia, as the steps say.
 */
int match_repair(struct arena *, const struct match_problem *,
    const struct match_result *standing, const int64_t *gone, uint32_t gone_n,
    struct match_result *, struct err *);

/* May they?  NULL = yes, else the key of the rule ("rule-manager", ...). */
const char *match_may(
    const struct match_problem *, uint32_t mentee, uint32_t mentor);
/* The scalar scorer; shares as in struct match_pair. */
int match_score(const struct match_problem *, uint32_t mentee, uint32_t mentor,
    int shares[MATCH_CRITERIA]);

/* --- explanations: data for templates and JSON, in the reader's words --- */

/* Reasons of a pair, best first, one sentence each. */
void match_explain_pair(struct arena *, const struct match_problem *,
    const struct match_result *, uint32_t pair, const struct words *,
    struct span **reasons, uint32_t *n);
/* The next best two mentors (or mentees) of a person, with their scores. */
void match_alternatives(struct arena *, const struct match_problem *,
    const struct match_result *, uint32_t person, bool as_mentee,
    struct match_pair out[2], uint32_t *n);
struct match_next {
	struct match_pair best[2]; /* without shares */
	uint32_t n;
};
/* Those of everybody at once, by index into people (or rows, columns). */
int match_nexts(struct arena *, const struct match_problem *,
    const struct match_result *, struct match_next **as_mentee,
    struct match_next **as_mentor, struct err *);
/*
 * What changes from one result to another of the same people: points, people
 * without a partner, who moves from whom to whom.  True when nobody does.
 */
bool match_cost(struct arena *, const struct match_problem *,
    const struct match_result *before, const struct match_result *after,
    const struct words *, struct span *text);
/* What forcing this pair costs, and who would move; text for the lead. */
int match_what_if(struct arena *, const struct match_problem *,
    const struct match_result *, int64_t mentee_id, int64_t mentor_id,
    const struct words *, struct span *text, struct err *);
struct span match_explain_unmatched(struct arena *,
    const struct match_problem *, const struct match_result *, uint32_t person,
    const struct words *);
/* What one more place would gain, by mentor and by skill; best first. */
void match_recruiting(struct arena *, const struct match_problem *,
    const struct match_result *, const struct words *, struct span **lines,
    uint32_t *n);
/* The exact gain of one more place with a mentor: people, points. */
int match_one_more(struct arena *, const struct match_problem *,
    const struct match_result *, uint32_t mentor, int64_t *pairs,
    int64_t *points, struct err *);
/* The result as `rmail match --json` prints it. */
void match_json(const struct match_problem *, const struct match_result *,
    int64_t milliseconds, struct str *out);
/*
 * People (ids 1.. in the order of lines, skills numbered as met) from the CSV
 * of a roster, and a second CSV that adds cells to them (may be empty); sets
 * people, skill_names and the skills of weights.  ERR_ITEM, exit 65, naming
 * line and column.
 */
int match_read_people(struct arena *, struct span roster, struct span answers,
    struct match_problem *, struct err *);
/* "mentee,m1,m2,..." with blanks for forbidden; "mentor,capacity" or "". */
int match_read_matrix(struct arena *, struct span scores,
    struct span capacities, struct match_problem *, struct err *);
/*
 * People, rules and weights, without names and addresses; duals and pairs.
 * Read back, they are all that match_verify needs.  ERR_ITEM when damaged.
 */
void match_keep_problem(
    struct arena *, const struct match_problem *, struct str *out);
void match_keep_proof(const struct match_problem *, const struct match_result *,
    struct str *out);
int match_kept_problem(
    struct arena *, struct span, struct match_problem *, struct err *);
int match_kept_proof(struct arena *, struct span, const struct match_problem *,
    struct match_result *, struct err *);
/* DIMACS "p min" of the problem, for other solvers. */
void match_dimacs(const struct match_problem *, struct str *out);

#endif
