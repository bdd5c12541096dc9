/*
 * The matching problem: everybody who is ready, what they answered, and the
 * rules between two people, from the database.
 */
#include "app/problem_int.h"

#include <stdlib.h>
#include <string.h>

#include "base/num.h"
#include "base/vec.h"

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

/* The words of one question, each a bit as it is met. */
struct wordlist {
	struct span words[29];
	uint32_t n;
};

enum { /* "another one" is not the other's other one */
	OTHER_MENTOR = 1 << 29,
	OTHER_MENTEE = 1 << 30,
};

static uint32_t
languages_of(
    struct wordlist *list, struct span value, const struct match_person *m)
{
	struct span part;
	uint32_t bits = 0, i;

	while (span_part(&value, ',', &part)) {
		part = span_trim(part);
		if (part.n == 0)
			continue;
		if (span_is(part, "other")) {
			bits |= m->mentor ? OTHER_MENTOR : OTHER_MENTEE;
			continue;
		}
		for (i = 0; i < list->n; i++)
			if (span_eq(list->words[i], part))
				break;
		if (i == list->n &&
		    list->n < sizeof(list->words) / sizeof(*list->words))
			list->words[list->n++] = part;
		if (i < list->n)
			bits |= 1u << i;
	}
	return bits;
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
one_answer(struct app *app, struct wordlist *languages, struct span question,
    struct span value, struct match_person *m)
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
		m->languages = languages_of(languages, value, m);
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

/* A manager who is not on the roster has a number all the same. */
static int64_t
number_of_stranger(struct span key)
{
	uint64_t h = 14695981039346656037u; /* FNV-1a */

	for (size_t i = 0; i < key.n; i++)
		h = (h ^ (unsigned char)key.p[i]) * 1099511628211u;
	return -(int64_t)(h >> 2) - 1;
}

static int
manager_of(struct app *app, struct arena *arena, const struct person *p,
    int64_t *id, struct err *err)
{
	struct person manager;
	int rc;

	*id = 0;
	if (p->manager_key.n == 0)
		return 0;
	rc = person_find_key(app->store, arena, p->manager_key, &manager, err);
	if (rc < 0)
		return -1;
	*id = rc > 0 ? manager.id : number_of_stranger(p->manager_key);
	return 0;
}

static int
fill_person(struct app *app, struct arena *arena, struct wordlist *languages,
    const struct person *p, struct match_person *m, struct err *err)
{
	struct rows rows;

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
	    .hours = app->conf.hours};
	if (manager_of(app, arena, p, &m->manager_id, err) < 0 ||
	    store_rows(app->store, arena, ANSWERS_OF, &rows, err, "i", p->id) <
		0)
		return -1;
	for (size_t r = 0; r < rows.n; r++) {
		struct span question = cell(&rows, r, 1)->t;
		struct span value = cell(&rows, r, 6)->t;
		struct span unknown;

		if (!span_is(cell(&rows, r, 0)->t, "signup"))
			continue;
		one_answer(app, languages, question, value, m);
		if (span_is(question, "picks") &&
		    persons_named(app, arena, value, &m->picks, &m->picks_n,
			&unknown, err) < 0)
			return -1;
	}
	m->hours = hours_utc(app, p, &m->hours);
	return 0;
}

/* People are in order of their ids. */
struct match_person *
problem_person(struct match_person *people, size_t n, int64_t id)
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

/*
 * Whom somebody asked not to meet may have come after the answer, with a
 * later roster; so the names are looked up once more.
 */
static int
exclude_late(struct app *app, const struct person *p, struct err *err)
{
	struct span text, unknown;
	int rc = answer_find(app, p->id, "signup", "exclude", &text, err);

	if (rc <= 0)
		return rc;
	return exclude_named(app, p, text, &unknown, err);
}

static int
by_number(const void *a, const void *b)
{
	const int64_t *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

/* In a repair few changes come right after numbers. */
static void
steps_of(struct app *app, struct arena *arena, bool repair,
    struct match_problem *problem)
{
	static const char *const names[] = {
	    "cardinality", "fair", "total", "changes", "bottleneck", "leximin"};
	const struct conf *c = &app->conf;
	enum match_step *steps =
	    arena_alloc(arena, (c->objective_n + 3) * sizeof(*steps));
	uint32_t n = 0;

	if (repair) {
		steps[n++] = MATCH_STEP_CARDINALITY;
		steps[n++] = MATCH_STEP_CHANGES;
	}
	for (uint32_t i = 0; i < c->objective_n; i++)
		for (size_t j = 0; j < sizeof(names) / sizeof(*names); j++)
			if (span_is(c->objective[i], names[j]))
				steps[n++] = (enum match_step)j;
	problem->steps = steps;
	problem->steps_n = n;
}

static void
policy_of(struct app *app, struct arena *arena, bool repair,
    struct match_problem *problem)
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
	    .no_same_confidentiality = c->no_same_group};
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
	problem->inertia = repair ? 0 : (int)c->inertia;
	steps_of(app, arena, repair, problem);
}

/*
 * The manager between two people counts, also when he or she takes no part:
 * in the problem without a role, for the rule on managers' managers alone.
 */
static int
add_managers(struct app *app, struct arena *arena, struct match_person *people,
    size_t n, uint32_t *all, struct err *err)
{
	int64_t *ids = arena_alloc(arena, (n + 1) * sizeof(*ids));
	size_t ids_n = 0;

	for (size_t i = 0; i < n; i++)
		if (people[i].manager_id > 0 &&
		    problem_person(people, n, people[i].manager_id) == NULL)
			ids[ids_n++] = people[i].manager_id;
	if (ids_n > 1)
		qsort(ids, ids_n, sizeof(*ids), by_number);
	for (size_t i = 0; i < ids_n; i++) {
		struct person p;
		struct match_person *m = &people[*all];
		int rc;

		if (i > 0 && ids[i] == ids[i - 1])
			continue;
		rc = person_find(app->store, arena, ids[i], &p, err);
		if (rc <= 0)
			return rc;
		*m = (struct match_person){
		    .id = p.id, .key = p.key, .name = p.name};
		if (manager_of(app, arena, &p, &m->manager_id, err) < 0)
			return -1;
		(*all)++;
	}
	return 0;
}

int
round_problem(struct app *app, struct arena *arena, bool repair,
    struct match_problem *problem, struct err *err)
{
	struct wordlist languages = {.n = 0};
	struct person *list;
	struct match_person *people;
	size_t n;

	memset(problem, 0, sizeof(*problem));
	if (persons(app->store, arena, PERSONS_READY, &list, &n, err, 0) < 0)
		return -1;
	people = arena_alloc(arena, (2 * n + 1) * sizeof(*people));
	for (size_t i = 0; i < n; i++)
		if (fill_person(app, arena, &languages, &list[i], &people[i],
			err) < 0 ||
		    exclude_late(app, &list[i], err) < 0)
			return -1;
	problem->people = people;
	problem->people_n = (uint32_t)n;
	if (add_managers(app, arena, people, n, &problem->people_n, err) < 0)
		return -1;
	policy_of(app, arena, repair, problem);
	return problem_between(app, arena, problem, people, n, repair, err);
}

int
round_is_repair(struct app *app, bool *repair, struct err *err)
{
	struct rows rows;

	*repair = false;
	if (store_rows(app->store, &app->item, ROUND_LAST, &rows, err, "") < 0)
		return -1;
	if (rows.n > 0 && span_is(cell(&rows, 0, 1)->t, "proposed"))
		*repair = cell(&rows, 0, 8)->i != 0;
	return 0;
}
