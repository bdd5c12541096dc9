/*
 * Where each of the programme's aims stands, for the lead's digest.  What the
 * lead knows by name (who takes part, what was held) is told as it is; of
 * answers only what the digest's trend tells already.  All others wait for
 * the report, which weighs each figure against all that was ever told.
 */
#include "app/digest_int.h"
#include "report/report.h"

struct share_of {
	int64_t part, whole;
};

static struct share_of
count_people(const struct facts *f, struct span measure)
{
	struct share_of s = {0, 0};

	for (size_t i = 0; i < f->people_n; i++) {
		const struct fact_person *p = &f->people[i];
		bool in = p->joined_unix > 0;

		if (span_is(measure, "coverage")) {
			s.whole += p->target_group;
			s.part += p->target_group && in;
			continue;
		}
		s.whole += in;
		s.part += in && (span_is(measure, "matched")
					? p->matched_unix > 0
					: p->left_company_unix == 0);
	}
	return s;
}

/* Of all that the pairs commit to, as the report counts. */
static struct share_of
count_sessions(const struct facts *f)
{
	struct share_of s = {0, (int64_t)f->pairs_n * f->sessions_planned_each};

	for (size_t i = 0; i < f->sessions_n; i++)
		s.part += f->sessions[i].pair_id != 0 &&
			  span_is(f->sessions[i].state, "held");
	return s;
}

/* The last month that is told, in tenths of 1 to 5. */
static struct share_of
last_month(const struct chart *trend)
{
	for (uint32_t i = trend != NULL ? trend->n : 0; i > 0; i--)
		if (trend->series[0].values[i - 1] != CHART_NONE)
			return (struct share_of){
			    trend->series[0].values[i - 1], 50};
	return (struct share_of){0, 0};
}

static struct share_of
aim_share(const struct facts *f, struct span measure, const struct chart *trend)
{
	if (span_is(measure, "coverage") || span_is(measure, "matched") ||
	    span_is(measure, "retention"))
		return count_people(f, measure);
	if (span_is(measure, "sessions"))
		return count_sessions(f);
	if (span_is(measure, "satisfaction"))
		return last_month(trend);
	return (struct share_of){0, 0};
}

void
digest_aims(struct digest *d, const struct facts *f, const struct chart *trend,
    struct value *out)
{
	for (size_t i = 0; i < f->aims_n; i++) {
		const struct fact_aim *aim = &f->aims[i];
		struct share_of s = aim_share(f, aim->measure, trend);
		struct fill fills[] = {{"aim", aim->text},
		    {"target", digest_number(d, aim->target_permille / 10)},
		    {"now", digest_number(d,
				s.whole > 0
				    ? (s.part * 200 + s.whole) / (2 * s.whole)
				    : 0)}};

		digest_line(d, out,
		    s.whole > 0 ? "digest-stand-aim" : "digest-stand-aim-open",
		    fills, 3);
	}
}
