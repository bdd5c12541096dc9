/*
 * report: figures for lead and sponsor, with what must not be told left out.
 * Pure.
 *
 *   file      purpose
 *   figures   facts -> figures by sharing class; it and answers are the only
 *             code that sees single answers
 *   answers   answers -> the sets of people behind each figure
 *   aims      which measures there are, and where each aim stands
 *   withhold  groups under the threshold, and what would give them away
 *   digest    charts of the lead's weekly digest, and charts as text
 *   report    the sponsor's governance report as a document
 *   render    document -> text, HTML
 *   table     tables for terminals
 */
#ifndef REPORT_REPORT_H
#define REPORT_REPORT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/span.h"
#include "base/value.h"
#include "base/zone.h"
#include "model/chart.h"
#include "model/survey.h"
#include "model/words.h"

struct fact_person {
	int64_t id;
	struct span department;
	bool mentor, mentee;
	bool target_group; /* senior executives the programme wants to reach */
	int64_t invited_unix, joined_unix, ready_unix, matched_unix,
	    left_unix;             /* 0 = not (yet) */
	int64_t left_company_unix; /* fed in by the roster */
};

struct fact_pair {
	int64_t id, mentor_id, mentee_id;
	int64_t begun_unix, active_unix, ended_unix;
	struct span ended_why; /* "complete", "left", "not-a-fit", "lead" */
};

struct fact_session {
	int64_t id, pair_id;
	struct span kind;  /* "shadowing", "instruction", "collaboration" */
	struct span state; /* "held", "missed", "cancelled", "planned" */
	int64_t start_unix;
	int moves; /* how often it was moved */
};

struct fact_answer {
	int64_t person_id, pair_id, session_id; /* 0 = none */
	struct span survey;   /* "checkin", "midpoint", "final", "signup" */
	struct span question; /* id, "levels/social-media" for levels */
	enum question_type type;
	enum share share;
	struct span value; /* as in struct answer */
	int64_t at_unix;
};

struct fact_skill {
	struct span id, name;
	int weight;
};

struct fact_aim {
	struct span id, text;
	struct span measure; /* "retention", "coverage", "satisfaction", ... */
	int target_permille; /* of the measure's own scale */
};

struct fact_note { /* improvements and actions */
	struct span text;
	bool done;
	int64_t at_unix;
};

/* A figure that an earlier report has shown. */
struct fact_published {
	struct span key; /* "satisfaction/2026-11" */
	int64_t n;       /* people behind it */
	int64_t value;
	int64_t at_unix;
};

struct facts {
	int64_t now_unix, begin_unix, midpoint_unix, end_unix;
	struct span programme;
	struct span mentors, mentees; /* renamed roles; "" = as usual */
	const struct zone *zone;
	int group_min;   /* people behind a figure beside any pair, 5 or more */
	int comment_min; /* people behind quoted comments, 10 or more */
	int sessions_planned_each; /* per pair */
	struct fact_person *people;
	struct fact_pair *pairs;
	struct fact_session *sessions;
	struct fact_answer *answers;
	struct fact_skill *skills;
	struct fact_aim *aims;
	struct fact_note *improvements, *actions;
	struct fact_published *published;
	size_t people_n, pairs_n, sessions_n, answers_n, skills_n, aims_n,
	    improvements_n, actions_n, published_n;
	const struct words **tongues; /* in which people may answer */
	size_t tongues_n;
	int64_t next_review_unix;
	bool last; /* the programme is over: there will be no other report */
};

/* One figure, ready to be shown or withheld. */
struct figure {
	struct span key;
	bool withheld;
	int64_t value; /* in tenths, permille: as decimals and unit say */
	int decimals;
	struct span unit;
	int64_t n; /* people behind it */
};

struct figures {
	struct figure *items;
	size_t n;
};

/*
 * All figures of a report.  `publish`: the ones that a recipient outside the
 * lead will see, to be stored as published when the report is sent.
 */
void figures_make(struct arena *, const struct facts *, struct figures *out);
/* NULL when there is none of that key. */
const struct figure *figures_find(const struct figures *, const char *key);

/* People behind every figure: the threshold, and the two of any one pair. */
int64_t report_enough(const struct facts *);

/* Whether an aim may have this measure: retention, coverage, satisfaction,
 * sessions, learning, matched, confidence, digital, learning/SKILL, or
 * question/ID. */
bool report_measure_known(struct span measure);

/* The sponsor's report. */
void report_build(struct arena *, const struct facts *, const struct words *,
    struct document *out, struct figures *published);
struct span document_text(struct arena *, const struct document *);
/*
 * For the body of a mail: tables that all mail programs know, figures as real
 * text, no picture that could be off.
 */
struct span document_mail(
    struct arena *, const struct document *, struct span accent);
/* A whole page with its styles and SVG charts given by the caller. */
typedef struct span chart_svg_fn(
    void *cookie, struct arena *, const struct chart *);
struct span document_html(struct arena *, const struct document *,
    struct span accent, chart_svg_fn *, void *cookie);

/*
 * Charts of the weekly digest, and the same figures as text.  What the digest
 * tells of answers is published like a report's: its reader has both.
 */
void digest_charts(struct arena *, const struct facts *, const struct words *,
    struct chart **out, size_t *n, struct figures *published);
struct span chart_text(
    struct arena *, const struct chart *, const struct words *);

/* As a picture that comes with a mail; its alt text has all the figures. */
struct span chart_img(struct arena *, const struct chart *,
    struct span content_id, const struct words *);

/* A table of at most `columns` columns of a terminal. */
struct span table_text(
    struct arena *, const struct table *, size_t columns, bool utf8);

#endif
