/* What the files of survey/ share among themselves. */
#ifndef SURVEY_SURVEY_INT_H
#define SURVEY_SURVEY_INT_H

#include "survey/survey.h"

/*
 * For comparing what people type: folded, blanks single, quotes, stars and
 * end marks around it gone.
 */
struct span typed_fold(struct arena *, struct span);
/* True when nothing but brackets, dashes, underscores and dots is there. */
bool typed_empty(struct span);
/* 0..12 as a word in the languages that are read; -1 when it is none. */
int typed_number(struct span word);
/* 1..7 of a day's name or its abbreviation; 0 when it is none. */
int typed_weekday(struct span word);

/*
 * "Q3. ...": the number; returns where the text behind it begins, 0 when the
 * line is no such head.
 */
size_t question_head(struct span line, int *number);
/* A line of a sent mail that ends in a bracket for an answer. */
bool slot_line(struct span line, struct span *label, struct span *content);
/* The first number in "Answer Q3:"; 0 when there is none. */
int label_number(struct span label);

/* --- known.c: our own words in a reply ------------------------------------ */

struct sent_line {
	size_t at, end; /* in `p` */
	int owner;      /* index of the slot whose question this is, or -1 */
	bool head;      /* first line of a question */
};

struct sent_label {
	struct span norm;    /* without its colon; "" = no slot line was sent */
	struct span content; /* what stood in the bracket */
	size_t end;          /* in `p`, behind the slot line */
	bool numbered;
};

/* The sent text without blanks, quote marks and letter case. */
struct known {
	char *p;
	size_t n;
	struct sent_line *lines;
	size_t lines_n;
	struct sent_label *labels; /* one for each slot of the form */
	uint32_t labels_n;
};

/* Where a line of a reply was found in the sent text. */
struct found {
	int owner;
	size_t at, end; /* in the sent text */
	bool head;
	struct span before; /* a mark in front of it ("[x]") */
	struct span matched;
	struct span rest; /* what was added behind it */
};

void known_init(
    struct arena *, const struct form *, struct span sent, struct known *);
/* Without quote marks and blanks in front. */
struct span dequote(struct span line);
/*
 * True when the line is ours.  *at is where the last one ended; `cur` the
 * slot in hand, -1 = none.
 */
bool known_find(const struct known *, struct span line, size_t *at, int cur,
    struct found *);
/* Index of the slot whose slot line this is; -1 = none.  `cur`, `last`: for
 * labels without a number. */
int known_slot(const struct known *, struct span line, int cur, int last,
    struct span *rest);
/* Same letters, whatever the blanks and marks. */
bool same_letters(struct span a, struct span b);

/* --- foreign.c: lines that no answer is made of ----------------------------- */

/* Signature marks, devices, header lines of quoted mails. */
bool line_is_chrome(struct span line);
/* "Best regards", and little else. */
bool line_is_signoff(struct span line);
/* "On ... wrote:" */
bool line_is_attribution(struct span line);

/* --- entries.c: "1: 4, 2: B" ----------------------------------------------- */

struct entry {
	int slot; /* index */
	struct span raw;
};

enum {
	ENTRIES = 64
};

/*
 * The numbered answers of one line; 0 when it is no such line.
 * explicit: only with a letter in front ("Q1=4").
 */
size_t entries_read(struct arena *, const struct form *, struct span line,
    struct civil today, struct span locale, bool only_explicit,
    struct entry out[ENTRIES], bool *explicit_head);

#endif
