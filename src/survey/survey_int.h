/* What the files of survey/ share among themselves. */
#ifndef SURVEY_SURVEY_INT_H
#define SURVEY_SURVEY_INT_H

#include "base/str.h"
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
	bool *ends; /* does a line end before this letter? */
	struct sent_line *lines;
	size_t lines_n;
	struct sent_label *labels; /* one for each slot of the form */
	uint32_t labels_n;
	bool begins[256]; /* with what letters labels begin */
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

/* --- core.c: the answer itself ---------------------------------------------- */

/* Blanks of all scripts trimmed. */
struct span wide_ltrim(struct span);
struct span wide_trim(struct span);
/* Without brackets, quotes, stars and arrows around; never "" for more. */
struct span answer_core(struct span raw);
/* Behind "[Pat]" or "PS:"; all of it when there is no such thing. */
struct span behind_name(struct span);

/* --- foreign.c: lines that no answer is made of ----------------------------- */

/* Signature marks, devices, header lines of quoted mails. */
bool line_is_chrome(struct span line);
/* "Best regards", and little else. */
bool line_is_signoff(struct span line);
/* "On ... wrote:" */
bool line_is_attribution(struct span line);
/* One of these: no line of an answer, whatever bracket is open. */
bool line_is_foreign(struct span line);

/* --- entries.c: "1: 4, 2: B" ----------------------------------------------- */

struct entry {
	int slot; /* index */
	struct span raw;
};

enum {
	ENTRIES = 64
};

struct entry_line {
	bool lettered; /* "Q1: 4" */
	bool weak;     /* "1.4" alone: counts when another line is such */
	bool listed;   /* "1. ...": maybe a list of one's own */
};

/*
 * The numbered answers of one line; 0 when it is no such line.
 * only_explicit: only with a letter in front ("Q1=4").
 */
size_t entries_read(struct arena *, const struct form *, struct span line,
    struct civil today, struct span locale, bool only_explicit,
    struct entry out[ENTRIES], struct entry_line *);

/* --- answers.c, fresh.c: one reading --------------------------------------- */

enum {
	TAKEN_LINES = 400,
	BELOW_LINES = 60,
	TRIED_LINES = 500, /* nobody writes more lines of his own */
	CANDIDATES = 1000, /* nobody answers more in one mail */
	WRAPPED = 45,      /* bytes: a client may have broken a line so long */
};

struct candidate {
	int slot;
	struct span raw, value;
	bool read; /* value is good */
};

/* What was written at the slot in hand. */
struct hand {
	int slot;         /* -1 = none */
	bool closed_line; /* its slot line has been seen */
	bool open;        /* a bracket that is not closed yet */
	struct str bracket, after, below;
	size_t below_n; /* lines */
	bool wrapped;   /* the last line was so long that a client broke it */
};

struct read {
	struct arena *arena;
	const struct form *form;
	struct civil today;
	struct span locale;
	struct known known;
	struct hand hand;
	int last_slot;
	size_t at; /* in the known text */
	struct candidate *found;
	size_t found_n;
	bool signed_off; /* a signature has been passed */
	bool company;    /* "1.4" and "2.b" stand on lines of their own */
	bool answered;   /* a numbered line could be read */
	/* For a look at what a line may be; emptied after each. */
	struct arena scratch;
	size_t tried; /* lines looked at where nobody's form is quoted */
	/* Lines of the reply that were used as answers. */
	struct span taken[TAKEN_LINES];
	size_t taken_n;
	/* Numbered lines above our own, which count as new text too. */
	struct span loose[ENTRIES];
	size_t loose_n;
	struct str comment;
};

const struct slot *read_slot(const struct read *, int);
bool read_parse(struct read *, int slot, struct span raw, struct span *value);
/* Could it be read?  Leaves nothing behind. */
bool read_can(struct read *, int slot, struct span raw);
/* The numbered answers of a line, spans of it; leaves nothing behind. */
size_t read_entries(struct read *, struct span line, struct entry e[ENTRIES],
    struct entry_line *);
/* One more candidate; an empty one is none. */
void read_add(struct read *, int slot, struct span raw);
void read_comment(struct read *, struct span line);
struct span read_first_line(struct span);
/* Was the line used as an answer where our form was quoted? */
bool read_was_taken(const struct read *, struct span line);
/* Reads what is neither ours nor used. */
void read_fresh(struct read *, struct span new_text);

#endif
