/*
 * A problem and its proof as JSON, to be kept beside a proposal: whoever has
 * both can check again, years later, that the result was the best.  People
 * are there by number and answers, in canonical order; no name, no address.
 */
#include "match/match_int.h"

#include "base/json.h"

static const char *const step_names[] = {
    "cardinality", "fair", "total", "changes", "bottleneck", "leximin"};
static const char *const kind_names[] = {
    "locked", "excluded", "earlier", "standing"};

/* More than any dual, and small enough to be added to others. */
static const int64_t dual_most = (int64_t)1 << 60;

enum {
	STEPS = sizeof(step_names) / sizeof(*step_names),
	KINDS = sizeof(kind_names) / sizeof(*kind_names),
	RULES = 10,
	FIELDS = 13,
	MANAGER = 3
};

/* --- out ------------------------------------------------------------------ */

static void
add_numbers(struct str *out, const char *name, const int64_t *list, size_t n)
{
	str_addf(out, "\"%s\":[", name);
	for (size_t i = 0; i < n; i++)
		str_addf(out, i > 0 ? ",%lld" : "%lld", (long long)list[i]);
	str_addc(out, ']');
}

static void
add_text(struct str *out, const char *name, struct span text)
{
	if (text.n == 0)
		return;
	str_addf(out, ",\"%s\":", name);
	json_write_text(text, out);
}

/* One digit for each skill. */
static void
add_levels(struct str *out, const char *name, const uint8_t *levels, uint32_t n)
{
	str_addf(out, ",\"%s\":\"", name);
	for (uint32_t s = 0; s < n && s < MATCH_SKILLS; s++)
		str_addc(out, (char)('0' + (levels[s] & 3)));
	str_addc(out, '"');
}

static void
add_person(struct arena *a, struct str *out, const struct match_problem *p,
    const struct match_person *x)
{
	const int64_t facts[FIELDS] = {x->mentor, x->mentee, x->level,
	    x->manager_id, x->languages, x->hours_month, x->ways, x->kinds,
	    x->learning, x->personality, x->capacity, x->want, x->left_out};

	str_addf(out, "{\"id\":%lld,", (long long)x->id);
	add_numbers(out, "facts", facts, FIELDS);
	add_text(out, "department", x->department);
	add_text(out, "group", x->confidentiality);
	if (!hours_empty(&x->hours))
		add_text(out, "hours", hours_write(a, &x->hours));
	add_levels(out, "now", x->now, p->weights.skills_n);
	add_levels(out, "wanted", x->wanted, p->weights.skills_n);
	if (x->picks_n > 0) {
		str_addc(out, ',');
		add_numbers(out, "picks", x->picks, x->picks_n);
	}
	str_addc(out, '}');
}

static void
add_policy(struct str *out, const struct match_problem *p)
{
	const struct match_rules *r = &p->rules;
	const struct match_weights *w = &p->weights;
	const int64_t rules[RULES] = {r->no_manager, r->no_skip_manager,
	    r->no_same_manager, r->min_level_gap, r->max_level_gap,
	    r->department, r->shared_language, r->shared_half_hours,
	    r->no_earlier_pair, r->no_same_confidentiality};
	const int64_t weights[MATCH_CRITERIA + 1] = {w->skills, w->hours,
	    w->ways, w->kinds, w->learning, w->personality, w->shared_time,
	    w->credit, w->picks, w->personality_policy};
	int64_t skills[MATCH_SKILLS];
	enum match_step steps[8];
	uint32_t n = match_steps(p, steps);

	for (uint32_t s = 0; s < w->skills_n && s < MATCH_SKILLS; s++)
		skills[s] = w->skill_weight[s];
	str_addz(out, "{\"steps\":[");
	for (uint32_t i = 0; i < n; i++)
		str_addf(
		    out, i > 0 ? ",\"%s\"" : "\"%s\"", step_names[steps[i]]);
	str_addf(out, "],\"good_enough\":%d,\"inertia\":%d,", p->good_enough,
	    p->inertia);
	add_numbers(out, "rules", rules, RULES);
	str_addc(out, ',');
	add_numbers(out, "weights", weights, MATCH_CRITERIA + 1);
	str_addc(out, ',');
	add_numbers(out, "skills", skills,
	    w->skills_n < MATCH_SKILLS ? w->skills_n : MATCH_SKILLS);
}

void
match_keep_problem(
    struct arena *a, const struct match_problem *p, struct str *out)
{
	uint32_t *order = people_order(a, p);

	add_policy(out, p);
	str_addz(out, ",\"people\":[");
	for (uint32_t i = 0; i < p->people_n; i++) {
		if (i > 0)
			str_addc(out, ',');
		add_person(a, out, p, &p->people[order[i]]);
	}
	str_addz(out, "],\"pairs\":[");
	for (uint32_t k = 0; k < p->pairs_n; k++) {
		const struct match_pair_rule *r = &p->pairs[k];

		str_addf(out, "%s[\"%s\",%lld,%lld]", k > 0 ? "," : "",
		    kind_names[r->kind], (long long)r->mentee_id,
		    (long long)r->mentor_id);
	}
	str_addz(out, "]}");
}

void
match_keep_proof(const struct match_problem *p, const struct match_result *r,
    struct str *out)
{
	str_addc(out, '{');
	add_numbers(out, "u", r->u, r->u_n);
	str_addc(out, ',');
	add_numbers(out, "v", r->v, r->v_n);
	str_addz(out, ",\"pairs\":[");
	for (uint32_t x = 0; x < r->pairs_n; x++)
		str_addf(out, "%s[%lld,%lld,%d,%d]", x > 0 ? "," : "",
		    (long long)p->people[r->pairs[x].mentee].id,
		    (long long)p->people[r->pairs[x].mentor].id,
		    r->pairs[x].score, r->pairs[x].locked);
	str_addz(out, "]}");
}

/* --- in ------------------------------------------------------------------- */

static int
damaged(struct err *err, const char *what)
{
	return err_set(err, ERR_ITEM, "what is kept is damaged: %s", what);
}

static const struct value *
list_of(const struct value *object, const char *name)
{
	const struct value *v = value_find(object, span_of(name));

	return v != NULL && v->kind == VALUE_LIST ? v : NULL;
}

static bool
is_int(const struct value *v, int64_t low, int64_t high)
{
	return v->kind == VALUE_INT && v->number >= low && v->number <= high;
}

/* A list of just so many numbers within these bounds. */
static bool
numbers_in(
    const struct value *list, int64_t low, int64_t high, int64_t *out, size_t n)
{
	if (list == NULL || list->n != n)
		return false;
	for (size_t i = 0; i < n; i++) {
		if (!is_int(list->items[i], low, high))
			return false;
		out[i] = list->items[i]->number;
	}
	return true;
}

static struct span
text_of(struct arena *a, const struct value *object, const char *name)
{
	const struct value *v = value_find(object, span_of(name));

	return v != NULL && v->kind == VALUE_TEXT ? arena_span(a, v->text)
						  : SPAN("");
}

static void
levels_in(struct span text, uint8_t *levels)
{
	for (size_t s = 0; s < text.n && s < MATCH_SKILLS; s++)
		levels[s] = (uint8_t)(text.p[s] - '0') & 3;
}

static bool
picks_in(struct arena *a, const struct value *object, struct match_person *x)
{
	const struct value *list = list_of(object, "picks");

	if (list == NULL)
		return true;
	x->picks = arena_alloc(a, (list->n + 1) * sizeof(*x->picks));
	x->picks_n = (uint32_t)list->n;
	return numbers_in(list, 0, INT64_MAX, x->picks, list->n);
}

/* But for the manager: those who take no part have numbers below zero. */
static bool
any_negative(const int64_t f[FIELDS])
{
	for (int i = 0; i < FIELDS; i++)
		if (f[i] < 0 && i != MANAGER)
			return true;
	return false;
}

static bool
person_in(
    struct arena *a, const struct value *v, uint32_t at, struct match_person *x)
{
	const struct value *id = value_find(v, SPAN("id"));
	int64_t f[FIELDS];

	if (id == NULL || id->kind != VALUE_INT ||
	    !numbers_in(list_of(v, "facts"), INT64_MIN, INT64_MAX, f, FIELDS) ||
	    any_negative(f) || f[2] > 255 || f[4] > UINT32_MAX || f[5] > 744 ||
	    f[6] > 255 || f[7] > 255 || f[8] > 255 || f[9] > 255 ||
	    f[10] > 1000 || f[11] > 1000 || f[12] > INT32_MAX)
		return false;
	*x = (struct match_person){.id = id->number,
	    .key = arena_spanf(a, "%010u", at),
	    .mentor = f[0] != 0,
	    .mentee = f[1] != 0,
	    .level = (int)f[2],
	    .manager_id = f[MANAGER],
	    .languages = (uint32_t)f[4],
	    .hours_month = (int)f[5],
	    .ways = (uint8_t)f[6],
	    .kinds = (uint8_t)f[7],
	    .learning = (uint8_t)f[8],
	    .personality = (uint8_t)f[9],
	    .capacity = (int)f[10],
	    .want = (int)f[11],
	    .left_out = (int)f[12],
	    .department = text_of(a, v, "department"),
	    .confidentiality = text_of(a, v, "group")};
	hours_parse(text_of(a, v, "hours"), &x->hours);
	levels_in(text_of(a, v, "now"), x->now);
	levels_in(text_of(a, v, "wanted"), x->wanted);
	return picks_in(a, v, x);
}

static bool
name_in(
    const struct value *v, const char *const *names, uint32_t n, uint32_t *out)
{
	if (v->kind != VALUE_TEXT)
		return false;
	for (*out = 0; *out < n; (*out)++)
		if (span_is(v->text, names[*out]))
			return true;
	return false;
}

static bool
steps_in(struct arena *a, const struct value *list, struct match_problem *p)
{
	enum match_step *steps;

	if (list == NULL || list->n == 0 || list->n > 8)
		return false;
	steps = arena_alloc(a, list->n * sizeof(*steps));
	for (size_t i = 0; i < list->n; i++) {
		uint32_t k;

		if (!name_in(list->items[i], step_names, STEPS, &k))
			return false;
		steps[i] = (enum match_step)k;
	}
	p->steps = steps;
	p->steps_n = (uint32_t)list->n;
	return true;
}

static bool
policy_in(struct arena *a, const struct value *v, struct match_problem *p)
{
	const struct value *skills = list_of(v, "skills");
	const struct value *good = value_find(v, SPAN("good_enough"));
	const struct value *inertia = value_find(v, SPAN("inertia"));
	struct match_weights *w = &p->weights;
	int64_t r[RULES], n[MATCH_CRITERIA + 1], s[MATCH_SKILLS];

	if (!steps_in(a, list_of(v, "steps"), p) || good == NULL ||
	    !is_int(good, 0, 1001) || inertia == NULL ||
	    !is_int(inertia, 0, 1000) ||
	    !numbers_in(list_of(v, "rules"), 0, 1000, r, RULES) ||
	    !numbers_in(
		list_of(v, "weights"), 0, 1000000, n, MATCH_CRITERIA + 1) ||
	    skills == NULL || skills->n > MATCH_SKILLS ||
	    !numbers_in(skills, 0, INT32_MAX, s, skills->n) ||
	    r[5] > MATCH_DEPT_SAME || n[MATCH_CRITERIA] > MATCH_DIVERSE)
		return false;
	p->good_enough = (int)good->number;
	p->inertia = (int)inertia->number;
	p->rules = (struct match_rules){r[0] != 0, r[1] != 0, r[2] != 0,
	    (int)r[3], (int)r[4], (enum match_department)r[5], r[6] != 0,
	    (int)r[7], r[8] != 0, r[9] != 0};
	*w = (struct match_weights){.skills = (int)n[0],
	    .hours = (int)n[1],
	    .ways = (int)n[2],
	    .kinds = (int)n[3],
	    .learning = (int)n[4],
	    .personality = (int)n[5],
	    .shared_time = (int)n[6],
	    .credit = (int)n[7],
	    .picks = (int)n[8],
	    .personality_policy = (enum match_personality)n[9],
	    .skills_n = (uint32_t)skills->n};
	for (size_t i = 0; i < skills->n; i++)
		w->skill_weight[i] = (int)s[i];
	return true;
}

static bool
pairs_in(struct arena *a, const struct value *list, struct match_problem *p)
{
	struct match_pair_rule *pairs;

	if (list == NULL)
		return false;
	pairs = arena_alloc(a, (list->n + 1) * sizeof(*pairs));
	for (size_t i = 0; i < list->n; i++) {
		const struct value *v = list->items[i];
		uint32_t kind;

		if (v->kind != VALUE_LIST || v->n != 3 ||
		    !name_in(v->items[0], kind_names, KINDS, &kind) ||
		    v->items[1]->kind != VALUE_INT ||
		    v->items[2]->kind != VALUE_INT)
			return false;
		pairs[i] = (struct match_pair_rule){(enum match_pair_kind)kind,
		    v->items[1]->number, v->items[2]->number, false};
	}
	p->pairs = pairs;
	p->pairs_n = (uint32_t)list->n;
	return true;
}

int
match_kept_problem(struct arena *a, struct span text, struct match_problem *out,
    struct err *err)
{
	struct match_problem p = {0};
	struct match_person *people;
	const struct value *list;
	struct value *v;

	if (json_parse(a, text, &v, err) < 0)
		return err_in(err, "the problem that was kept");
	if (!policy_in(a, v, &p))
		return damaged(err, "rules and weights");
	if (!pairs_in(a, list_of(v, "pairs"), &p))
		return damaged(err, "pairs");
	list = list_of(v, "people");
	if (list == NULL)
		return damaged(err, "people");
	people = arena_alloc(a, (list->n + 1) * sizeof(*people));
	for (size_t i = 0; i < list->n; i++)
		if (!person_in(a, list->items[i], (uint32_t)i, &people[i]))
			return damaged(err, "people");
	p.people = people;
	p.people_n = (uint32_t)list->n;
	*out = p;
	return 0;
}

/* Where each person stands, found by number. */
static bool
person_find(const struct match_problem *p, int64_t id, uint32_t *at)
{
	for (*at = 0; *at < p->people_n; (*at)++)
		if (p->people[*at].id == id)
			return true;
	return false;
}

static bool
pair_in(const struct value *v, const struct match_problem *p,
    struct match_pair *out)
{
	int64_t n[4];

	if (v->kind != VALUE_LIST || !numbers_in(v, 0, INT64_MAX, n, 4) ||
	    n[2] > MATCH_SCORE_MAX || n[3] > 1 ||
	    !person_find(p, n[0], &out->mentee) ||
	    !person_find(p, n[1], &out->mentor))
		return false;
	out->score = (int)n[2];
	out->locked = n[3] != 0;
	return true;
}

int
match_kept_proof(struct arena *a, struct span text,
    const struct match_problem *p, struct match_result *out, struct err *err)
{
	const struct value *u, *v, *pairs;
	struct match_result r = {0};
	struct value *kept;

	if (json_parse(a, text, &kept, err) < 0)
		return err_in(err, "the proof that was kept");
	u = list_of(kept, "u");
	v = list_of(kept, "v");
	pairs = list_of(kept, "pairs");
	if (u == NULL || v == NULL || pairs == NULL)
		return damaged(err, "duals");
	r.u = arena_alloc(a, (u->n + 1) * sizeof(*r.u));
	r.v = arena_alloc(a, (v->n + 1) * sizeof(*r.v));
	r.pairs = arena_alloc(a, (pairs->n + 1) * sizeof(*r.pairs));
	if (!numbers_in(u, -dual_most, dual_most, r.u, u->n) ||
	    !numbers_in(v, -dual_most, dual_most, r.v, v->n))
		return damaged(err, "duals");
	for (size_t i = 0; i < pairs->n; i++) {
		if (!pair_in(pairs->items[i], p, &r.pairs[i]))
			return damaged(err, "pairs");
		r.total += r.pairs[i].score;
	}
	r.u_n = (uint32_t)u->n;
	r.v_n = (uint32_t)v->n;
	r.pairs_n = (uint32_t)pairs->n;
	*out = r;
	return 0;
}
