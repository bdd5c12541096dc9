/* Words of calendars. */
#include "model/cal.h"

static const char *const partstat_words[] = {
    "", "NEEDS-ACTION", "ACCEPTED", "DECLINED", "TENTATIVE", "DELEGATED"};

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

enum partstat partstat_of_class(struct span class)
{
	static const struct {
		const char *ending;
		enum partstat says;
	} endings[] = {{".resp.pos", PARTSTAT_ACCEPTED},
	    {".resp.neg", PARTSTAT_DECLINED},
	    {".resp.tent", PARTSTAT_TENTATIVE}, {"mtgrespp", PARTSTAT_ACCEPTED},
	    {"mtgrespn", PARTSTAT_DECLINED}, {"mtgrespa", PARTSTAT_TENTATIVE}};

	for (size_t i = 0; i < sizeof(endings) / sizeof(*endings); i++) {
		struct span ending = span_of(endings[i].ending);

		if (class.n >= ending.n &&
		    span_caseeq(span_skip(class, class.n - ending.n), ending))
			return endings[i].says;
	}
	return PARTSTAT_NONE;
}
