/* Words of calendars. */
#include "model/cal.h"

static const char *const partstat_words[] = {"", "NEEDS-ACTION", "ACCEPTED",
    "DECLINED", "TENTATIVE", "DELEGATED"};

const char *
partstat_name(enum partstat p)
{
	return partstat_words[p];
}

enum partstat
partstat_parse(struct span s)
{
	for (int i = PARTSTAT_NEEDS_ACTION; i <= PARTSTAT_DELEGATED; i++)
		if (span_caseis(s, partstat_words[i]))
			return (enum partstat)i;
	return PARTSTAT_NONE;
}
