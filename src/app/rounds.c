/* Rounds of matching: what the lead approved, and proofs checked again. */
#include "app/app.h"

#include "base/str.h"
#include "match/match.h"

/* --- approval ------------------------------------------------------------------ */

/*
 * The lines under "[locale]" as a list.  Who asked for whom is told to the
 * lead alone.
 */
static struct value *
reasons_in(struct app *app, struct span reasons, const struct language *l,
    bool for_lead)
{
	struct value *list = value_list(&app->item);
	struct span wish = words_get(&l->words, "match-why-picks"), line;
	bool mine = false;

	while (span_line(&reasons, &line)) {
		if (line.n > 2 && line.p[0] == '[' && span_ends(line, "]"))
			mine =
			    span_eq(span_sub(line, 1, line.n - 1), l->locale);
		else if (mine && (for_lead || !span_eq(line, wish)))
			value_push(
			    &app->item, list, value_text(&app->item, line));
	}
	return list;
}

struct span
reasons_text(struct app *app, struct span reasons, struct span locale)
{
	struct value *list =
	    reasons_in(app, reasons, app_language(app, locale), true);
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
		    reasons_in(app, reasons, l, false));
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
		struct arena kept = arena_swap(&app->item);
		int rc;

		list[i].left_out++;
		rc = person_save(app, &list[i], err);
		if (rc == 0 && list[i].left_out == 1)
			rc = tell_alone(app, &list[i], err);
		arena_swap_back(&app->item, kept);
		if (rc < 0)
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

/* The pair that a mentee leaves for a new one, when both of that are there. */
static int
end_for(struct app *app, int64_t mentor_id, int64_t mentee_id, struct err *err)
{
	struct person mentor, mentee;
	struct pair *list;
	size_t n;

	if (person_find(app->store, &app->item, mentor_id, &mentor, err) < 0 ||
	    person_find(app->store, &app->item, mentee_id, &mentee, err) < 0 ||
	    pairs(app->store, &app->item, PAIRS_OF, &list, &n, err, mentee_id) <
		0)
		return -1;
	if (mentor.state != PERSON_READY || mentee.state != PERSON_READY)
		return 0;
	for (size_t i = 0; i < n; i++) {
		if (list[i].state == PAIR_ENDED ||
		    list[i].mentee_id != mentee_id)
			continue;
		list[i].ended_why = SPAN("lead");
		if (pair_event(app, &list[i], EV_END, err) < 0)
			return -1;
	}
	return 0;
}

/* In a repair: those who move leave first, so that places are free. */
static int
end_moved(struct app *app, int64_t round_id, const struct rows *rows,
    const int64_t *numbers, size_t n, struct err *err)
{
	struct rows kept;

	if (store_rows(app->store, &app->item, ROUND_KEPT, &kept, err, "i",
		round_id) < 0)
		return -1;
	if (kept.n == 0 || cell(&kept, 0, 1)->i == 0)
		return 0;
	for (size_t r = 0; r < rows->n; r++)
		if (cell(rows, r, 5)->i == 0 &&
		    is_among(numbers, n, cell(rows, r, 0)->i) &&
		    end_for(
			app, cell(rows, r, 1)->i, cell(rows, r, 2)->i, err) < 0)
			return -1;
	return 0;
}

int
round_approve(struct app *app, int64_t round_id, const int64_t *numbers,
    size_t n, struct value *not_begun, struct err *err)
{
	struct arena kept;
	struct rows rows;
	int begun = 0, rc;

	if (store_rows(app->store, &app->item, PROPOSALS, &rows, err, "i",
		round_id) < 0 ||
	    store_do(app->store, ROUND_APPROVE, err, "ii", round_id,
		app->world.now_unix) < 0 ||
	    end_moved(app, round_id, &rows, numbers, n, err) < 0)
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
		kept = arena_swap(&app->item);
		rc = pair_begin(app, cell(&rows, r, 1)->i, cell(&rows, r, 2)->i,
		    round_id, cell(&rows, r, 3)->i, cell(&rows, r, 6)->t, err);
		arena_swap_back(&app->item, kept);
		if (rc < 0)
			return -1;
		begun++;
	}
	if (begun > 0 && programme_event(app, EV_PAIRED, err) < 0)
		return -1;
	return n == 0 ? tell_waiting(app, round_id, err) : 0;
}

/* --- the proof, again ------------------------------------------------------------ */

/* Is every pair of the stored proposal one of the result? */
static bool
rows_are_in(const struct rows *rows, const struct match_problem *p,
    const struct match_result *r)
{
	for (size_t i = 0; i < rows->n; i++) {
		bool found = false;

		for (uint32_t x = 0; x < r->pairs_n; x++)
			found |= p->people[r->pairs[x].mentor].id ==
				     cell(rows, i, 1)->i &&
				 p->people[r->pairs[x].mentee].id ==
				     cell(rows, i, 2)->i &&
				 r->pairs[x].score == cell(rows, i, 3)->i;
		if (!found)
			return false;
	}
	return true;
}

int
round_verify(struct app *app, int64_t round_id, struct match_proof *proof,
    struct err *err)
{
	struct match_problem problem;
	struct match_result result;
	struct rows kept, rows;

	if (store_rows(app->store, &app->item, ROUND_KEPT, &kept, err, "i",
		round_id) < 0 ||
	    store_rows(app->store, &app->item, PROPOSALS, &rows, err, "i",
		round_id) < 0)
		return -1;
	if (kept.n == 0 || cell(&kept, 0, 2)->t.n == 0)
		return 0;
	if (match_kept_problem(
		&app->item, cell(&kept, 0, 2)->t, &problem, err) < 0 ||
	    match_kept_proof(
		&app->item, cell(&kept, 0, 3)->t, &problem, &result, err) < 0 ||
	    match_verify(&app->item, &problem, &result, proof, err) < 0)
		return -1;
	if (proof->ok && !rows_are_in(&rows, &problem, &result)) {
		proof->ok = false;
		proof->why =
		    SPAN("the proposal has a pair that was not proven");
	}
	return 1;
}
