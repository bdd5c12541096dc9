/*
 * survey: what is asked, how it stands in a mail, and what was answered.
 * Pure.
 *
 *   file      purpose
 *   survey    survey files -> struct survey
 *   form      questions -> numbered slots -> text and HTML of the mail
 *   sent      the text of a sent mail -> its slots (for --sent, and to find
 *             our own lines in a quote)
 *   known     our own words in a reply, however re-wrapped
 *   foreign   lines of a reply that no answer is made of
 *   core      an answer without brackets, quotes and arrows around it
 *   entries   numbered answers: "1: 4, 2: B"
 *   answers   a reply + the form that was sent -> answers
 *   fresh     answers beside our form: numbered, bare, the comment
 *   types     each type of answer read generously
 *   hours     hours of the week as people write them
 *   echo      answers in plain words, for the receipt
 */
#ifndef SURVEY_SURVEY_H
#define SURVEY_SURVEY_H

#include "base/arena.h"
#include "base/civil.h"
#include "base/err.h"
#include "base/span.h"
#include "model/hours.h"
#include "model/survey.h"
#include "model/words.h"
#include "reply/reply.h"

/* A skill of the catalogue, for LEVEL questions. */
struct skill_text {
	struct span id, name;
	struct span low, medium, high; /* what L, M, H mean; may be "" */
};

/* What the form is made for. */
struct form_for {
	bool mentor, mentee; /* roles of the person; both may be true */
	const struct skill_text *skills;
	size_t skills_n;
	/* Only these slot ids, with the numbers of the whole form; NULL: all */
	const struct span *only;
	size_t only_n;
	/* Questions with these ids are left out (already known). */
	const struct span *without;
	size_t without_n;
};

/*
 * Survey file: ini, see man rmail-templates.5.  Messages carry
 * file:line:column.  `structure` is the same survey in the fallback locale:
 * types, classes and options are taken from it, this file gives the wording;
 * NULL for the fallback locale itself.
 */
int survey_parse(struct arena *, struct span name, struct span file,
    struct span text, const struct survey *structure, struct survey *,
    struct err *);

/* Numbers the questions that are asked of this person. */
void form_build(struct arena *, const struct survey *, const struct form_for *,
    struct form *);
/*
 * The form as it stands in the mail.  Text: at most 72 columns, "Q1." lines,
 * "Answer Q1: [ ]" slots, the class beside each question, the end line with
 * the code.  Known answers (from earlier) are shown in the brackets.
 * HTML: the same lines as <p>, with mailto: choices where mailto is given
 * ("mentoring+tag@example.com"; subject gets "[code] Q1=B").
 */
struct span form_text(struct arena *, const struct form *, struct span code,
    const struct words *, const struct answer *known, size_t known_n);
struct span form_html(struct arena *, const struct form *, struct span code,
    const struct words *, const struct answer *known, size_t known_n,
    struct span mailto, struct span accent);

/*
 * The slots that a sent mail's text shows, types inferred from the wording
 * ("1 = ..., 5 = ...", "A = ...", "yes / no"); for `rmail inspect --sent`.
 */
void form_from_text(struct arena *, struct span sent, struct form *);

/*
 * Reads a reply against the form that was sent.  `sent` is the text part as
 * it was sent; reading is reply_read()'s.  One answer for each slot, in
 * order.  *comment: words that belong to no slot ("" if none).
 */
void form_read(struct arena *, const struct form *, struct span sent,
    const struct reading *, struct span subject, struct civil today,
    struct span locale, struct answer **out, struct span *comment);
/* One value of one slot, typed by hand; false when it is not understood. */
bool answer_parse(struct arena *, const struct slot *, struct span raw,
    struct civil today, struct span locale, struct span *value);
/* "every two weeks (B)", "Monday to Thursday 9:00-12:00": for the receipt. */
struct span answer_echo(struct arena *, const struct slot *, struct span value,
    const struct words *);
/* "Mon-Thu 9-12, Fri pm", "vormittags", "any weekday after 3 pm". */
bool hours_read(
    struct arena *, struct span, struct span locale, struct hours *out);

#endif
