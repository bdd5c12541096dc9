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

#endif
