/* Words of surveys. */
#include "model/survey.h"

static const char *const type_names[] = {"choice", "several", "scale",
    "level", "yesno", "number", "date", "hours", "text"};
static const char *const share_names[] = {
    "private", "counted", "lead", "partner"};

const char *
question_type_name(enum question_type type)
{
	return type_names[type];
}

bool
question_type_parse(struct span s, enum question_type *out)
{
	for (int i = 0; i <= QUESTION_TEXT; i++) {
		if (span_is(s, type_names[i])) {
			*out = (enum question_type)i;
			return true;
		}
	}
	return false;
}

const char *
share_name(enum share share)
{
	return share_names[share];
}

bool
share_parse(struct span s, enum share *out)
{
	for (int i = 0; i <= SHARE_PARTNER; i++) {
		if (span_is(s, share_names[i])) {
			*out = (enum share)i;
			return true;
		}
	}
	return false;
}
