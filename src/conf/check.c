/* Settings that are missing, or contradict each other. */
#include <string.h>
#include <sysexits.h>

#include "base/civil.h"
#include "base/zone.h"
#include "conf/conf_int.h"

static const struct ini_item *
item_of(const struct ini *ini, const char *section, const char *key)
{
	for (size_t i = 0; i < ini->n; i++)
		if (span_is(ini->items[i].section, section) &&
		    span_is(ini->items[i].key, key))
			return &ini->items[i];
	return NULL;
}

static int
wrong(const struct ini *ini, const char *section, const char *key,
    struct err *err, const char *text)
{
	const struct ini_item *item = item_of(ini, section, key);

	if (item != NULL)
		return ini_error(ini, item, err, "%s", text);
	return err_exit(err, ERR_STOP, EX_CONFIG, "%.*s: %s: [%s] %s",
	    (int)ini->file.n, ini->file.p, text, section, key);
}

static int
check_needed(const struct ini *ini, const struct conf *c, struct err *err)
{
	if (c->name.text.n == 0)
		return wrong(ini, "programme", "name", err,
		    "a programme needs "
		    "a name, such as name = Reverse mentoring 2027");
	if (c->lead_address.n == 0)
		return wrong(ini, "programme", "lead", err,
		    "a programme needs "
		    "a lead, such as lead = Hanna Lead <hanna@example.com>");
	if (c->address.n == 0)
		return wrong(ini, "mail", "address", err,
		    "the programme needs "
		    "its own mail address, such as address = "
		    "mentoring@example.com");
	return 0;
}

static int
check_dates(const struct ini *ini, const struct conf *c, struct err *err)
{
	if (c->kind == CONF_COHORT && c->end_day == 0)
		return wrong(ini, "programme", "end", err,
		    "a cohort needs its "
		    "last day, such as end = 2027-09-30 (or kind = rolling)");
	if (c->begin_day != 0 && c->end_day != 0 && c->end_day <= c->begin_day)
		return wrong(ini, "programme", "end", err,
		    "the end lies before the begin");
	if (c->match_day != 0 && c->begin_day != 0 &&
	    c->match_day < c->begin_day)
		return wrong(ini, "programme", "match-on", err,
		    "match-on lies before the begin");
	if (c->midpoint_day != 0 && c->end_day != 0 &&
	    (c->midpoint_day >= c->end_day || c->midpoint_day <= c->begin_day))
		return wrong(ini, "programme", "midpoint", err,
		    "midpoint lies outside begin and end");
	return 0;
}

static bool
review_ok(struct span s)
{
	char text[11] = "2000-";
	struct civil civil;

	if (s.n == 0)
		return true;
	if (s.n != 5)
		return false;
	memcpy(text + 5, s.p, 5);
	return civil_parse(span_of(text), &civil);
}

static bool
in_list(const struct span *list, uint32_t n, struct span word)
{
	for (uint32_t i = 0; i < n; i++)
		if (span_caseeq(list[i], word))
			return true;
	return false;
}

static int
check_closed(const struct ini *ini, const struct conf *c, struct err *err)
{
	struct civil civil;

	for (uint32_t i = 0; i < c->closed_n; i++) {
		size_t dots = span_find(c->closed[i], SPAN(".."));
		struct span from = span_sub(c->closed[i], 0, dots);
		struct span to = span_skip(c->closed[i], dots + 2);

		if (!civil_parse(span_trim(from), &civil) ||
		    (to.n > 0 && !civil_parse(span_trim(to), &civil)))
			return wrong(ini, "sessions", "closed", err,
			    "expected "
			    "days such as 2026-12-24..2027-01-02, 2027-05-01");
	}
	return 0;
}

static bool
has_step(const struct conf *c, uint32_t n, const char *step)
{
	for (uint32_t i = 0; i < n; i++)
		if (span_is(c->objective[i], step))
			return true;
	return false;
}

/* Steps that say nothing, or nothing more than those before them. */
static int
check_objective(const struct ini *ini, const struct conf *c, struct err *err)
{
	static const char *const steps[] = {
	    "cardinality", "fair", "total", "changes", "bottleneck", "leximin"};

	for (uint32_t i = 0; i < c->objective_n; i++) {
		struct span step = c->objective[i];
		bool known = false, twice = false;

		for (size_t j = 0; j < sizeof(steps) / sizeof(*steps); j++)
			known |= span_is(step, steps[j]);
		if (!known)
			return wrong(ini, "match", "objective", err,
			    "expected a list of: cardinality, fair, total, "
			    "changes, bottleneck, leximin");
		for (uint32_t j = 0; j < i; j++)
			twice |= span_eq(c->objective[j], step);
		if (twice)
			return wrong(ini, "match", "objective", err,
			    "a step is there twice; the second decides "
			    "nothing");
		if (has_step(c, i, "leximin") &&
		    (span_is(step, "fair") || span_is(step, "total") ||
			span_is(step, "bottleneck")))
			return wrong(ini, "match", "objective", err,
			    "leximin settles every score; fair, total and "
			    "bottleneck behind it decide nothing");
	}
	return 0;
}

static int
check_match(const struct ini *ini, const struct conf *c, struct err *err)
{
	if (check_objective(ini, c, err) < 0)
		return -1;
	if (c->inertia > 0 && item_of(ini, "match", "inertia") != NULL &&
	    !has_step(c, c->objective_n, "total"))
		return wrong(ini, "match", "inertia", err,
		    "inertia counts in the step total, which is not in "
		    "objective");
	if (item_of(ini, "match", "good-enough") != NULL &&
	    !has_step(c, c->objective_n, "fair"))
		return wrong(ini, "match", "good-enough", err,
		    "good-enough ends the step fair, which is not in "
		    "objective");
	if (c->max_level_gap != 0 && c->max_level_gap < c->min_level_gap)
		return wrong(ini, "match", "max-level-gap", err,
		    "max-level-gap is smaller than min-level-gap: nobody could "
		    "be matched");
	if (c->w_skills + c->w_hours + c->w_ways + c->w_kinds + c->w_learning +
		c->w_personality + c->w_shared_time + c->w_credit +
		c->w_picks ==
	    0)
		return wrong(ini, "match", "weight-skills", err,
		    "all weights are 0: no pair would be better than another");
	return 0;
}

static int
check_mail(const struct ini *ini, const struct conf *c, struct err *err)
{
	if (c->send_from_hour >= c->send_to_hour)
		return wrong(ini, "reminders", "send-to", err,
		    "send-to must be later than send-from");
	if (c->join == CONF_JOIN_DOMAIN && c->domains_n == 0)
		return wrong(ini, "programme", "join", err,
		    "join = domain "
		    "needs the domains, such as domains = example.com");
	if (!in_list(c->locales, c->locales_n, c->locale))
		return wrong(ini, "programme", "locale", err,
		    "the programme's locale must be one of locales");
	return 0;
}

static int
check_zone(const struct ini *ini, const struct conf *c, struct err *err)
{
	struct arena a;
	struct zone zone;
	struct err why = {0};
	int rc = 0;

	arena_init(&a);
	if (zone_load(&a, c->zone, &zone, &why) < 0)
		rc = wrong(ini, "programme", "zone", err, why.text);
	arena_release(&a);
	return rc;
}

static int
check_aims(const struct ini *ini, const struct conf *c, struct err *err)
{
	for (uint32_t i = 0; i < c->aims_n; i++)
		if (c->aims[i].measure.n == 0)
			return err_exit(err, ERR_STOP, EX_CONFIG,
			    "%.*s:%d:1: aim %.*s has no measure, such as "
			    "measure = retention",
			    (int)ini->file.n, ini->file.p, c->aims[i].line,
			    (int)c->aims[i].id.n, c->aims[i].id.p);
	return 0;
}

int
conf_check(const struct ini *ini, const struct conf *c, struct err *err)
{
	if (check_needed(ini, c, err) < 0 || check_dates(ini, c, err) < 0 ||
	    check_closed(ini, c, err) < 0 || check_match(ini, c, err) < 0 ||
	    check_mail(ini, c, err) < 0 ||
	    conf_check_servers(ini, c, err) < 0 ||
	    check_zone(ini, c, err) < 0 || check_aims(ini, c, err) < 0)
		return -1;
	if (!review_ok(c->review_on))
		return wrong(ini, "programme", "review-on", err,
		    "expected month and day, such as 05-01");
	return 0;
}
