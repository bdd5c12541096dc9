/* Matching: the problem from the database, the proposal, its approval. */
#include "app/app.h"

#include <stdlib.h>
#include <string.h>

#include "base/num.h"
#include "base/str.h"
#include "base/vec.h"
#include "match/match.h"
#include "model/address.h"

/* --- the problem ------------------------------------------------------------ */

static uint8_t
level_digit(char c)
{
	return c == 'L' ? 1 : c == 'M' ? 2 : c == 'H' ? 3 : 0;
}

/* The place of each word of a list in a list of words, as bits. */
static uint32_t
bits_of(struct span value, const char *const *words, size_t n)
{
	struct span part;
	uint32_t bits = 0;

	while (span_part(&value, ',', &part))
		for (size_t i = 0; i < n; i++)
			if (span_is(span_trim(part), words[i]))
				bits |= 1u << i;
	return bits;
}

static const char *const ways[] = {"person", "video", "phone", "chat"};
static const char *const kinds[] = {
    "shadowing", "instruction", "collaboration"};
static const char *const styles[] = {"doing", "watching", "talking", "reading"};
static const char *const tongues[] = {"en", "de", "fr", "es", "it", "nl", "pl",
    "pt", "tr", "ru", "zh", "ja", "ar", "hi", "other"};
/* Each axis has two ends; two bits: 0 unknown, 1 and 2 the ends. */
static const char *const axes[] = {"planner", "improviser", "talker",
    "listener", "detail", "picture", "careful", "daring"};

#define WORDS(list) list, sizeof(list) / sizeof(*(list))

static uint8_t
personality_of(struct span value)
{
	uint32_t bits = bits_of(value, WORDS(axes));
	uint8_t out = 0;

	for (int axis = 0; axis < 4; axis++) {
		uint32_t two = bits >> (2 * axis) & 3;

		if (two == 1 || two == 2)
			out = (uint8_t)(out | two << (2 * axis));
	}
	return out;
}

static void
level_answer(const struct conf *c, struct span skill, struct span value,
    struct match_person *m)
{
	for (uint32_t i = 0; i < c->skills_n && i < MATCH_SKILLS; i++) {
		if (!span_eq(c->skills[i].id, skill) || value.n == 0)
			continue;
		m->now[i] = level_digit(value.p[0]);
		if (value.n >= 3 && value.p[1] == '>')
			m->wanted[i] = level_digit(value.p[2]);
	}
}

static void
one_answer(struct app *app, struct span question, struct span value,
    struct match_person *m)
{
	int64_t n;

	if (span_starts(question, "levels/"))
		level_answer(&app->conf, span_skip(question, 7), value, m);
	else if (span_is(question, "hours-month") && num_int(value, 0, 200, &n))
		m->hours_month = (int)n;
	else if (span_is(question, "way"))
		m->ways = (uint8_t)bits_of(value, WORDS(ways));
	else if (span_is(question, "kinds"))
		m->kinds = (uint8_t)bits_of(value, WORDS(kinds));
	else if (span_is(question, "languages"))
		m->languages = bits_of(value, WORDS(tongues));
	else if (span_is(question, "personality"))
		m->personality = personality_of(value);
	else if (span_is(question, "hours"))
		hours_parse(value, &m->hours);
	else if (span_is(question, "learning"))
		for (size_t i = 0; i < sizeof(styles) / sizeof(*styles); i++)
			if (span_is(value, styles[i]))
				m->learning = (uint8_t)(i + 1);
}

/* Local half hours of a usual week -> UTC half hours, by today's offset. */
static struct hours
hours_utc(struct app *app, const struct person *p, const struct hours *local)
{
	int offset = zone_at(person_zone(app, p), app->world.now_unix).offset;
	int shift = offset / 1800;
	struct hours out = {0};

	for (int day = 0; day < 7; day++)
		for (int slot = 0; slot < HOURS_PER_DAY; slot++) {
			int at = day * HOURS_PER_DAY + slot - shift;

			if ((local->day[day] >> slot & 1) == 0)
				continue;
			at = (at + 7 * HOURS_PER_DAY) % (7 * HOURS_PER_DAY);
			out.day[at / HOURS_PER_DAY] |= (uint64_t)1
						       << at % HOURS_PER_DAY;
		}
	return out;
}

static int
fill_person(struct app *app, struct arena *arena, const struct person *p,
    struct match_person *m, struct err *err)
{
	struct rows rows;
	struct person manager;
	int rc = 0;

	*m = (struct match_person){.id = p->id,
	    .key = p->key,
	    .name = p->name,
	    .mentor = p->mentor,
	    .mentee = p->mentee,
	    .level = (int)p->level,
	    .department = p->department,
	    .location = p->location,
	    .confidentiality = p->group,
	    .capacity = (int)p->capacity,
	    .want = 1,
	    .left_out = (int)p->left_out,
	    .since_unix = p->ready_unix,
	    .hours = app->conf.hours};
	if (p->manager_key.n > 0)
		rc = person_find_key(
		    app->store, arena, p->manager_key, &manager, err);
	if (rc < 0)
		return -1;
	m->manager_id = rc > 0 ? manager.id : 0;
	if (store_rows(app->store, arena, ANSWERS_OF, &rows, err, "i", p->id) <
	    0)
		return -1;
	for (size_t r = 0; r < rows.n; r++)
		if (span_is(cell(&rows, r, 0)->t, "signup"))
			one_answer(
			    app, cell(&rows, r, 1)->t, cell(&rows, r, 6)->t, m);
	m->hours = hours_utc(app, p, &m->hours);
	return 0;
}

/* People are in order of their ids. */
static struct match_person *
person_at(struct match_person *people, size_t n, int64_t id)
{
	size_t low = 0, high = n;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (people[mid].id == id)
			return &people[mid];
		if (people[mid].id < id)
			low = mid + 1;
		else
			high = mid;
	}
	return NULL;
}

/* People with an open pair have fewer places, or none. */
static void
take_places(const struct pair *list, size_t n, struct match_person *people,
    size_t people_n)
{
	for (size_t i = 0; i < n; i++) {
		struct match_person *mentor =
		    person_at(people, people_n, list[i].mentor_id);
		struct match_person *mentee =
		    person_at(people, people_n, list[i].mentee_id);

		if (mentor != NULL && mentor->capacity > 0)
			mentor->capacity--;
		if (mentee != NULL)
			mentee->mentee = false;
	}
}

static int
pair_rules(struct app *app, struct arena *arena, struct match_problem *problem,
    struct err *err)
{
	struct match_pair_rule *out;
	struct rows rows, rejected;
	struct pair *list;
	size_t n;
	uint32_t k = 0;

	if (store_rows(app->store, arena, RULES, &rows, err, "") < 0 ||
	    store_rows(app->store, arena, PROPOSALS_REJECTED, &rejected, err,
		"") < 0 ||
	    pairs(app->store, arena, PAIRS_ALL, &list, &n, err, 0) < 0)
		return -1;
	out = arena_alloc(arena, (rows.n + rejected.n + n + 1) * sizeof(*out));
	for (size_t r = 0; r < rows.n; r++)
		out[k++] = (struct match_pair_rule){
		    .kind = span_is(cell(&rows, r, 0)->t, "locked")
				? MATCH_LOCKED
				: MATCH_EXCLUDED,
		    .mentor_id = cell(&rows, r, 1)->i,
		    .mentee_id = cell(&rows, r, 2)->i,
		    .is_private = cell(&rows, r, 3)->i != 0};
	for (size_t r = 0; r < rejected.n; r++)
		out[k++] = (struct match_pair_rule){.kind = MATCH_EXCLUDED,
		    .mentor_id = cell(&rejected, r, 0)->i,
		    .mentee_id = cell(&rejected, r, 1)->i};
	for (size_t i = 0; i < n; i++)
		out[k++] = (struct match_pair_rule){.kind = MATCH_EARLIER,
		    .mentor_id = list[i].mentor_id,
		    .mentee_id = list[i].mentee_id};
	problem->pairs = out;
	problem->pairs_n = k;
	return 0;
}

static void
steps_of(struct app *app, struct arena *arena, struct match_problem *problem)
{
	static const char *const names[] = {
	    "cardinality", "fair", "total", "changes", "bottleneck", "leximin"};
	const struct conf *c = &app->conf;
	enum match_step *steps =
	    arena_alloc(arena, (c->objective_n + 1) * sizeof(*steps));

	for (uint32_t i = 0; i < c->objective_n; i++)
		for (size_t j = 0; j < sizeof(names) / sizeof(*names); j++)
			if (span_is(c->objective[i], names[j]))
				steps[problem->steps_n++] = (enum match_step)j;
	problem->steps = steps;
}

static void
policy_of(struct app *app, struct arena *arena, struct match_problem *problem)
{
	const struct conf *c = &app->conf;
	struct match_weights *w = &problem->weights;
	struct span *names =
	    arena_alloc(arena, (c->skills_n + 1) * sizeof(*names));

	problem->rules = (struct match_rules){.no_manager = c->no_manager,
	    .no_skip_manager = c->no_skip_manager,
	    .no_same_manager = c->no_same_manager,
	    .min_level_gap = (int)c->min_level_gap,
	    .max_level_gap = (int)c->max_level_gap,
	    .department = (enum match_department)c->department,
	    .shared_language = c->shared_language,
	    .shared_half_hours = (int)c->shared_half_hours,
	    .no_earlier_pair = c->no_earlier_pair,
	    .no_same_confidentiality = true};
	*w = (struct match_weights){.skills = (int)c->w_skills,
	    .hours = (int)c->w_hours,
	    .ways = (int)c->w_ways,
	    .kinds = (int)c->w_kinds,
	    .learning = (int)c->w_learning,
	    .personality = (int)c->w_personality,
	    .shared_time = (int)c->w_shared_time,
	    .credit = (int)c->w_credit,
	    .picks = (int)c->w_picks,
	    .personality_policy =
		c->personality == CONF_ALIKE ? MATCH_ALIKE : MATCH_DIVERSE,
	    .skills_n =
		c->skills_n < MATCH_SKILLS ? c->skills_n : MATCH_SKILLS};
	for (uint32_t i = 0; i < w->skills_n; i++) {
		w->skill_weight[i] = (int)c->skills[i].weight;
		names[i] = conf_text(&c->skills[i].name, c->locale);
	}
	problem->skill_names = names;
	problem->good_enough = (int)c->good_enough;
	problem->inertia = (int)c->inertia;
	steps_of(app, arena, problem);
}

int
round_problem(struct app *app, struct arena *arena,
    struct match_problem *problem, struct err *err)
{
	struct person *list;
	struct pair *open;
	struct match_person *people;
	size_t n, open_n;

	memset(problem, 0, sizeof(*problem));
	if (persons(app->store, arena, PERSONS_READY, &list, &n, err, 0) < 0 ||
	    pairs(app->store, arena, PAIRS_OPEN, &open, &open_n, err, 0) < 0)
		return -1;
	people = arena_alloc(arena, (n + 1) * sizeof(*people));
	for (size_t i = 0; i < n; i++)
		if (fill_person(app, arena, &list[i], &people[i], err) < 0)
			return -1;
	take_places(open, open_n, people, n);
	problem->people = people;
	problem->people_n = (uint32_t)n;
	policy_of(app, arena, problem);
	return pair_rules(app, arena, problem, err);
}

/* --- the proposal ------------------------------------------------------------ */

/*
 * The reasons in every language, each under "[locale]", so that each partner
 * reads their own.  The last line, the score, is for the lead alone.
 */
static struct span
reasons_all(struct app *app, const struct match_problem *problem,
    const struct match_result *result, uint32_t i)
{
	struct str out;

	str_init(&out, &app->item, 65536);
	for (size_t k = 0; k < app->languages_n; k++) {
		const struct language *l = &app->languages[k];
		struct span *lines;
		uint32_t n;

		match_explain_pair(
		    &app->item, problem, result, i, &l->words, &lines, &n);
		str_addf(&out, "[%.*s]\n", (int)l->locale.n, l->locale.p);
		for (uint32_t r = 0; r + 1 < n; r++) {
			str_add(&out, lines[r]);
			str_addc(&out, '\n');
		}
	}
	return str_span(&out);
}

static struct span
name_of(const struct match_person *m)
{
	return m->name.n ? m->name : m->key;
}

static int
store_pair(struct app *app, int64_t round_id,
    const struct match_problem *problem, const struct match_result *result,
    uint32_t i, struct value *list, struct err *err)
{
	const struct language *l = app_language(app, app->conf.locale);
	const struct match_pair *p = &result->pairs[i];
	const struct match_person *mentor = &problem->people[p->mentor];
	const struct match_person *mentee = &problem->people[p->mentee];
	struct value *item =
	    value_push(&app->item, list, value_object(&app->item));
	struct value *reasons =
	    value_set(&app->item, item, "reasons", value_list(&app->item));
	struct span *lines;
	uint32_t n;

	match_explain_pair(
	    &app->item, problem, result, i, &l->words, &lines, &n);
	value_set_int(&app->item, item, "number", (int64_t)i + 1);
	value_set_text(&app->item, item, "mentor-name", name_of(mentor));
	value_set_text(&app->item, item, "mentee-name", name_of(mentee));
	value_set_int(&app->item, item, "score", p->score);
	value_set_bool(&app->item, item, "locked", p->locked);
	for (uint32_t r = 0; r < n; r++)
		value_push(
		    &app->item, reasons, value_text(&app->item, lines[r]));
	return store_do(app->store, PROPOSAL_INSERT, err, "iiiiiit", round_id,
	    (int64_t)i + 1, mentor->id, mentee->id, (int64_t)p->score,
	    (int64_t)p->locked, reasons_all(app, problem, result, i));
}

static void
tell_unmatched(struct app *app, const struct match_problem *problem,
    const struct match_result *result, struct value *v)
{
	const struct language *l = app_language(app, app->conf.locale);
	struct value *list =
	    value_set(&app->item, v, "unmatched", value_list(&app->item));

	for (uint32_t i = 0; i < result->unmatched_n; i++) {
		uint32_t who = result->unmatched[i];
		struct value *item =
		    value_push(&app->item, list, value_object(&app->item));

		value_set_text(
		    &app->item, item, "name", name_of(&problem->people[who]));
		value_set_text(&app->item, item, "why",
		    match_explain_unmatched(
			&app->item, problem, result, who, &l->words));
	}
}

/* Everybody who could have got a partner in this round. */
static int
store_members(struct app *app, const struct match_problem *problem, int64_t id,
    struct err *err)
{
	for (uint32_t i = 0; i < problem->people_n; i++) {
		const struct match_person *m = &problem->people[i];

		if ((m->mentee || (m->mentor && m->capacity > 0)) &&
		    store_do(app->store, ROUND_PERSON_INSERT, err, "ii", id,
			m->id) < 0)
			return -1;
	}
	return 0;
}

static int
store_round(struct app *app, const struct match_problem *problem,
    const struct match_result *result, int64_t *id, struct err *err)
{
	struct span duals = {
	    (const char *)result->u, result->u_n * sizeof(*result->u)};
	int64_t round_id;

	if (store_do(app->store, ROUND_REPLACE, err, "") < 0 ||
	    store_do(app->store, ROUND_INSERT, err, "iiiiiiibb",
		app->world.now_unix, (int64_t)0, (int64_t)result->pairs_n,
		(int64_t)result->unmatched_n, result->total,
		result->proof.pairs_checked, result->proof.cover, SPAN(""),
		duals) < 0)
		return -1;
	round_id = store_last_id(app->store);
	if (store_do(app->store, ROUND_PERSONS_CLEAR, err, "i", round_id - 1) <
		0 ||
	    store_members(app, problem, round_id, err) < 0)
		return -1;
	*id = round_id;
	return 0;
}

int
round_propose(struct app *app, struct err *err)
{
	struct match_problem problem;
	struct match_result result;
	struct value *v = letter_values(app, NULL), *list;
	struct thread thread;
	int64_t id;

	if (round_problem(app, &app->item, &problem, err) < 0 ||
	    match_solve(&app->item, &problem, NULL, NULL, &result, err) < 0)
		return -1;
	if (result.pairs_n == 0 && result.unmatched_n == 0)
		return 0; /* and a waiting proposal stays as it is */
	if (store_round(app, &problem, &result, &id, err) < 0)
		return -1;
	list = value_set(&app->item, v, "pairs", value_list(&app->item));
	for (uint32_t i = 0; i < result.pairs_n; i++)
		if (store_pair(app, id, &problem, &result, i, list, err) < 0)
			return -1;
	tell_unmatched(app, &problem, &result, v);
	value_set_int(&app->item, v, "round", id);
	value_set_int(&app->item, v, "matched", result.pairs_n);
	value_set_int(&app->item, v, "left-over", result.unmatched_n);
	value_set_int(
	    &app->item, v, "pairs-checked", result.proof.pairs_checked);
	value_set_int(&app->item, v, "worst", result.worst);
	if (thread_get(app, THREAD_ROUND, id, 0, &thread, err) < 0 ||
	    letter_lead(app, "proposal", &thread, v, err) < 0)
		return -1;
	if (!app->conf.approve_by_lead &&
	    round_approve(app, id, NULL, 0, value_list(&app->item), err) < 0)
		return -1;
	return 1;
}

/* --- approval ------------------------------------------------------------------ */

/* The lines under "[locale]" as a list. */
static struct value *
reasons_in(struct app *app, struct span reasons, struct span locale)
{
	struct value *list = value_list(&app->item);
	struct span line;
	bool mine = false;

	while (span_line(&reasons, &line)) {
		if (line.n > 2 && line.p[0] == '[' && span_ends(line, "]"))
			mine = span_eq(span_sub(line, 1, line.n - 1), locale);
		else if (mine)
			value_push(
			    &app->item, list, value_text(&app->item, line));
	}
	return list;
}

struct span
reasons_text(struct app *app, struct span reasons, struct span locale)
{
	struct value *list =
	    reasons_in(app, reasons, app_language(app, locale)->locale);
	struct str out;

	str_init(&out, &app->item, 16384);
	for (size_t i = 0; i < list->n; i++) {
		if (i > 0)
			str_addz(&out, "; ");
		str_add(&out, list->items[i]->text);
	}
	return str_span(&out);
}

static int
introduce(struct app *app, const struct pair *pair, struct span reasons,
    struct err *err)
{
	struct person mentor, mentee;
	const struct person *both[] = {&mentor, &mentee};

	if (pair_persons(app, pair, &mentor, &mentee, err) < 0)
		return -1;
	for (int i = 0; i < 2; i++) {
		const struct language *l = app_language(app, both[i]->locale);
		struct value *more = value_object(&app->item);

		value_set(&app->item, more, "reasons",
		    reasons_in(app, reasons, l->locale));
		if (pair_tell_one(app, pair, both[i], both[1 - i],
			"introduction", more, err) < 0)
			return -1;
	}
	return 0;
}

static int
mark_matched(struct app *app, int64_t person_id, struct err *err)
{
	struct person p;
	int rc = person_find(app->store, &app->item, person_id, &p, err);

	if (rc <= 0)
		return rc;
	if (p.matched_unix == 0)
		p.matched_unix = app->world.now_unix;
	p.left_out = 0;
	return person_save(app, &p, err);
}

int
pair_begin(struct app *app, int64_t mentor_id, int64_t mentee_id,
    int64_t round_id, int64_t score, struct span reasons, struct err *err)
{
	struct pair pair;

	if (store_do(app->store, PAIR_INSERT, err, "iiiiiii", mentor_id,
		mentee_id, round_id, score, app->world.now_unix,
		app->conf.sessions,
		app->world.now_unix + app->conf.remind_first_seconds) < 0 ||
	    pair_find(app->store, &app->item, store_last_id(app->store), &pair,
		err) < 0 ||
	    mark_matched(app, mentor_id, err) < 0 ||
	    mark_matched(app, mentee_id, err) < 0)
		return -1;
	return introduce(app, &pair, reasons, err);
}

/* Those of the round who have nobody hear kindly that they wait on. */
static int
tell_waiting(struct app *app, int64_t round_id, struct err *err)
{
	struct person *list;
	size_t n;

	if (persons(app->store, &app->item, ROUND_PERSONS_ALONE, &list, &n, err,
		round_id) < 0)
		return -1;
	for (size_t i = 0; i < n; i++) {
		struct thread thread;

		list[i].left_out++;
		if (person_save(app, &list[i], err) < 0 ||
		    thread_get(app, THREAD_PERSON, list[i].id, list[i].id,
			&thread, err) < 0 ||
		    letter_send(app,
			&(struct letter_ask){.template = "unmatched",
			    .to = &list[i],
			    .thread = &thread},
			NULL, err) < 0)
			return -1;
	}
	return store_do(app->store, ROUND_PERSONS_CLEAR, err, "i", round_id);
}

/*
 * Days may lie between a proposal and its approval.  Who has left or paused
 * since, has found a partner otherwise, or has asked not to meet the other,
 * is not thrown together by it.
 */
static int
may_begin(struct app *app, int64_t mentor_id, int64_t mentee_id, bool locked,
    bool *yes, struct err *err)
{
	struct person mentor, mentee;
	const struct person *both[] = {&mentor, &mentee};
	int64_t one = 0, has_mentees = 0, has_mentor = 0;
	int rc = person_find(app->store, &app->item, mentor_id, &mentor, err);

	*yes = false;
	if (rc > 0)
		rc = person_find(
		    app->store, &app->item, mentee_id, &mentee, err);
	if (rc <= 0)
		return rc;
	for (int i = 0; i < 2; i++)
		if (both[i]->state != PERSON_READY)
			return note_add(
			    app, "gone-since", both[i]->id, 0, SPAN(""), err);
	rc = store_int(
	    app->store, RULE_EXCLUDES, &one, err, "ii", mentor_id, mentee_id);
	if (rc < 0 ||
	    store_int(app->store, PAIRS_OPEN_AS_MENTOR, &has_mentees, err, "i",
		mentor_id) < 0 ||
	    store_int(app->store, PAIRS_OPEN_AS_MENTEE, &has_mentor, err, "i",
		mentee_id) < 0)
		return -1;
	*yes = locked || (rc == 0 && mentor.mentor && mentee.mentee &&
			     has_mentor == 0 && has_mentees < mentor.capacity);
	return 0;
}

static int
name_pair(struct app *app, int64_t mentor_id, int64_t mentee_id,
    struct value *list, struct err *err)
{
	struct person mentor, mentee;

	if (person_find(app->store, &app->item, mentor_id, &mentor, err) < 0 ||
	    person_find(app->store, &app->item, mentee_id, &mentee, err) < 0)
		return -1;
	value_push(&app->item, list,
	    value_text(&app->item,
		arena_spanf(&app->item, "%.*s - %.*s", (int)mentor.name.n,
		    mentor.name.p, (int)mentee.name.n, mentee.name.p)));
	return 0;
}

static bool
is_among(const int64_t *numbers, size_t n, int64_t number)
{
	for (size_t i = 0; i < n; i++)
		if (numbers[i] == number)
			return true;
	return n == 0;
}

int
round_approve(struct app *app, int64_t round_id, const int64_t *numbers,
    size_t n, struct value *not_begun, struct err *err)
{
	struct rows rows;
	int begun = 0;

	if (store_rows(app->store, &app->item, PROPOSALS, &rows, err, "i",
		round_id) < 0 ||
	    store_do(app->store, ROUND_APPROVE, err, "ii", round_id,
		app->world.now_unix) < 0)
		return -1;
	for (size_t r = 0; r < rows.n; r++) {
		bool yes;

		if (cell(&rows, r, 5)->i != 0 ||
		    !is_among(numbers, n, cell(&rows, r, 0)->i))
			continue;
		if (may_begin(app, cell(&rows, r, 1)->i, cell(&rows, r, 2)->i,
			cell(&rows, r, 4)->i != 0, &yes, err) < 0)
			return -1;
		if (!yes) {
			if (name_pair(app, cell(&rows, r, 1)->i,
				cell(&rows, r, 2)->i, not_begun, err) < 0)
				return -1;
			continue;
		}
		if (pair_begin(app, cell(&rows, r, 1)->i, cell(&rows, r, 2)->i,
			round_id, cell(&rows, r, 3)->i, cell(&rows, r, 6)->t,
			err) < 0)
			return -1;
		begun++;
	}
	if (begun > 0 && programme_event(app, EV_PAIRED, err) < 0)
		return -1;
	return n == 0 ? tell_waiting(app, round_id, err) : 0;
}
