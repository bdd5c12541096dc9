/*
 * Rules of matching that contradict the people: one that alone bars every
 * pair, all together, locks that break a rule.  With the place of the setting.
 */
#include "cli/cli_int.h"
#include "match/match.h"

enum {
	RULES_N = 10
};

struct look {
	struct app *app;
	struct arena *arena;
	struct match_problem p;
	check_fn *tell;
	void *cookie;
};

/* The problem with one of its rules alone; false: that one is not in force. */
static bool
one_rule(const struct match_problem *p, int rule, struct match_problem *out,
    const char **key)
{
	static const char *const keys[RULES_N] = {"no-manager",
	    "no-managers-manager", "no-same-manager", "min-level-gap",
	    "max-level-gap", "department", "shared-language",
	    "shared-half-hours", "no-same-group", "no-earlier-pair"};
	const struct match_rules *r = &p->rules;
	struct match_rules one = {.no_manager = rule == 0 && r->no_manager,
	    .no_skip_manager = rule == 1 && r->no_skip_manager,
	    .no_same_manager = rule == 2 && r->no_same_manager,
	    .min_level_gap = rule == 3 ? r->min_level_gap : 0,
	    .max_level_gap = rule == 4 ? r->max_level_gap : 0,
	    .department = rule == 5 ? r->department : MATCH_DEPT_ANY,
	    .shared_language = rule == 6 && r->shared_language,
	    .shared_half_hours = rule == 7 ? r->shared_half_hours : 0,
	    .no_same_confidentiality = rule == 8 && r->no_same_confidentiality,
	    .no_earlier_pair = rule == 9 && r->no_earlier_pair};
	const bool on[RULES_N] = {r->no_manager, r->no_skip_manager,
	    r->no_same_manager, r->min_level_gap != 0, r->max_level_gap != 0,
	    r->department != MATCH_DEPT_ANY, r->shared_language,
	    r->shared_half_hours != 0, r->no_same_confidentiality,
	    r->no_earlier_pair};

	*out = *p;
	out->rules = one;
	if (rule != 9)
		out->pairs_n = 0;
	*key = keys[rule];
	return on[rule];
}

/* How many pairs there could be without rules, and whether all are barred. */
static bool
bars_all(const struct match_problem *p, int64_t *pairs)
{
	bool all = true;

	*pairs = 0;
	for (uint32_t i = 0; i < p->people_n; i++)
		for (uint32_t j = 0; j < p->people_n && p->people[i].mentee;
		     j++) {
			const struct match_person *y = &p->people[j];

			if (i == j || !y->mentor || y->capacity == 0)
				continue;
			(*pairs)++;
			all = all && match_may(p, i, j) != NULL;
			if (!all)
				return false;
		}
	return all && *pairs > 1;
}

static int
tell_rule(struct look *l, const char *key, int64_t pairs, struct err *err)
{
	struct span file = l->app->conf.file;
	int line;

	if (conf_line(l->arena, &l->app->conf, "match", key, &line, err) < 0)
		return -1;
	l->tell(l->cookie,
	    arena_spanf(l->arena,
		"%.*s:%d: [match] %s%s bars each of the %lld pairs that those "
		"who are enrolled could make",
		(int)file.n, file.p, line, key,
		line == 0 ? " (not in the file, its usual value)" : "",
		(long long)pairs));
	return 0;
}

static int
check_rules(struct look *l, struct err *err)
{
	struct span file = l->app->conf.file;
	struct match_problem one;
	bool told = false;
	const char *key;
	int64_t pairs;

	for (int rule = 0; rule < RULES_N; rule++)
		if (one_rule(&l->p, rule, &one, &key) &&
		    bars_all(&one, &pairs)) {
			told = true;
			if (tell_rule(l, key, pairs, err) < 0)
				return -1;
		}
	if (!told && bars_all(&l->p, &pairs))
		l->tell(l->cookie,
		    arena_spanf(l->arena,
			"%.*s: no rule of [match] alone, but all together bar "
			"each of the %lld pairs that those who are enrolled "
			"could make",
			(int)file.n, file.p, (long long)pairs));
	return 0;
}

static int
check_locks(struct look *l, struct err *err)
{
	const struct words *w =
	    &app_language(l->app, l->app->conf.locale)->words;
	struct match_result r;

	if (match_solve(l->arena, &l->p, NULL, NULL, &r, err) < 0)
		return -1;
	for (uint32_t i = 0; i < r.troubles_n; i++) {
		const struct match_trouble *t = &r.troubles[i];
		struct span mentor = show_person(l->app, t->mentor_id);
		struct span mentee = show_person(l->app, t->mentee_id);
		struct span why =
		    words_get(w, arena_printf(l->arena, "match-%s", t->why));

		l->tell(l->cookie,
		    arena_spanf(l->arena,
			"the lock of %.*s (mentor) and %.*s contradicts: %.*s",
			(int)mentor.n, mentor.p, (int)mentee.n, mentee.p,
			(int)why.n, why.p));
	}
	return 0;
}

int
check_match(struct app *app, check_fn *tell, void *cookie, struct err *err)
{
	struct look l = {
	    .app = app, .arena = &app->item, .tell = tell, .cookie = cookie};
	int rc;

	/* A look at the problem may note late exclusions: they wait. */
	if (store_begin(app->store, err) < 0)
		return -1;
	rc = round_problem(app, l.arena, false, &l.p, err);
	if (rc == 0)
		rc = check_rules(&l, err);
	if (rc == 0)
		rc = check_locks(&l, err);
	store_rollback(app->store);
	return rc;
}
