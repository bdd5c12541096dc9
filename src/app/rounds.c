/* Matching: the proposal and its approval. */
#include "app/app.h"

#include "base/str.h"
#include "match/match.h"

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

static bool
has_place(const struct match_problem *problem,
    const struct match_result *result, int64_t id)
{
	for (uint32_t i = 0; i < result->pairs_n; i++)
		if (problem->people[result->pairs[i].mentor].id == id ||
		    problem->people[result->pairs[i].mentee].id == id)
			return true;
	for (uint32_t i = 0; i < result->unmatched_n; i++)
		if (problem->people[result->unmatched[i]].id == id)
			return true;
	return false;
}

/* Mentors whom nobody is left for: they wait as well. */
static int
tell_spare(struct app *app, int64_t round_id,
    const struct match_problem *problem, const struct match_result *result,
    struct value *v, struct err *err)
{
	const struct language *l = app_language(app, app->conf.locale);
	struct person *list;
	struct span *names;
	size_t n, spare = 0;

	if (persons(app->store, &app->item, ROUND_PERSONS_ALONE, &list, &n, err,
		round_id) < 0)
		return -1;
	names = arena_alloc(&app->item, (n + 1) * sizeof(*names));
	for (size_t i = 0; i < n; i++)
		if (!has_place(problem, result, list[i].id))
			names[spare++] =
			    list[i].name.n ? list[i].name : list[i].address;
	value_set_int(
	    &app->item, v, "left-over", (int64_t)(result->unmatched_n + spare));
	if (spare > 0)
		value_set_text(&app->item, v, "spare",
		    words_join(&app->item, &l->words, names, spare));
	return 0;
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
	if (tell_spare(app, id, &problem, &result, v, err) < 0)
		return -1;
	value_set_int(&app->item, v, "round", id);
	value_set_int(&app->item, v, "matched", result.pairs_n);
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

static int
tell_alone(struct app *app, const struct person *p, struct err *err)
{
	struct thread thread;

	if (thread_get(app, THREAD_PERSON, p->id, p->id, &thread, err) < 0)
		return -1;
	return letter_send(app,
	    &(struct letter_ask){
		.template = "unmatched", .to = p, .thread = &thread},
	    NULL, err);
}

/*
 * Those of the round who have nobody hear kindly that they wait on: once,
 * for the same news each month would be a reproach.  Whoever has had a
 * partner or was away since is told anew.
 */
static int
tell_waiting(struct app *app, int64_t round_id, struct err *err)
{
	struct person *list;
	size_t n;

	if (persons(app->store, &app->item, ROUND_PERSONS_ALONE, &list, &n, err,
		round_id) < 0)
		return -1;
	for (size_t i = 0; i < n; i++) {
		list[i].left_out++;
		if (person_save(app, &list[i], err) < 0 ||
		    (list[i].left_out == 1 &&
			tell_alone(app, &list[i], err) < 0))
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
