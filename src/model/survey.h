/*
 * Surveys (what may be asked), forms (what was asked of one person in one
 * mail) and answers.  Written and read by survey/.
 */
#ifndef MODEL_SURVEY_H
#define MODEL_SURVEY_H

#include <stdbool.h>
#include <stdint.h>

#include "base/span.h"

enum question_type {
	QUESTION_CHOICE,  /* one option */
	QUESTION_SEVERAL, /* any number of options */
	QUESTION_SCALE,   /* low..high, small whole numbers */
	QUESTION_LEVEL,   /* L, M or H for one skill; maybe "L -> H" */
	QUESTION_YESNO,
	QUESTION_NUMBER,
	QUESTION_DATE,
	QUESTION_HOURS, /* hours of the week */
	QUESTION_TEXT,  /* own words */
};

/* Who sees the answer (PRODUCT, Confidentiality). */
enum share {
	SHARE_PRIVATE, /* nobody: used by rmail itself only */
	SHARE_COUNTED, /* only in figures over enough people */
	SHARE_LEAD,    /* the programme lead, by name */
	SHARE_PARTNER, /* the partner and the lead */
};

enum asked_of {
	ASKED_BOTH,
	ASKED_MENTOR,
	ASKED_MENTEE,
};

struct option {
	struct span key;  /* "video" */
	struct span text; /* "by video" */
};

struct question {
	struct span id; /* [a-z0-9-]+, unique in its survey */
	enum question_type type;
	enum share share;
	enum asked_of asked_of;
	bool required; /* asked for once more when missing */
	struct span text;
	struct option *options; /* CHOICE, SEVERAL; lettered A, B, C, ... */
	uint32_t options_n;
	int low, high; /* SCALE, NUMBER */
	struct span low_text, high_text;
	bool wanted; /* LEVEL: mentees also say the level they want */
	int line;    /* in the survey's file */
};

struct survey {
	struct span name; /* "signup" */
	struct span title;
	struct question *questions;
	uint32_t questions_n;
};

/* One numbered place for an answer. */
struct slot {
	int number;     /* 1.. as in "Q1." */
	struct span id; /* the question's id; LEVEL: "id/skill" */
	enum question_type type;
	enum share share;
	bool required, wanted;
	struct span text;
	struct option *options;
	uint32_t options_n;
	int low, high;
	struct span low_text, high_text;
};

struct form {
	struct slot *slots;
	uint32_t slots_n;
};

enum answer_state {
	ANSWER_EMPTY,   /* nothing was written */
	ANSWER_TAKEN,   /* understood */
	ANSWER_UNCLEAR, /* written, but not one of the answers asked for */
	ANSWER_TWICE,   /* different answers: asked back, never guessed */
};

struct answer {
	int number;
	struct span id;
	enum answer_state state;
	struct span raw; /* as written, trimmed */
	/*
	 * TAKEN: option key; keys joined by ","; digits; "L" or "L>H";
	 * "yes"/"no"; "2026-05-01"; hours_write(); the text.
	 */
	struct span value;
};

const char *question_type_name(enum question_type);
bool question_type_parse(struct span, enum question_type *);
const char *share_name(enum share);
bool share_parse(struct span, enum share *);

#endif
