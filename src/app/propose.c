/*
 * The proposal: the problem solved, stored with its proof, told to the lead.
 * In a repair, pairs that run and stay as they are, are no news.
 */
#include "app/propose_int.h"

#include <stdlib.h>

#include "base/str.h"
#include "compose/compose.h"

enum {
	KEEP_BYTES = 256 << 20,
	REASONS_TOLD = 2,
	/* So many pairs, and people without one, are told in the mail; of more
	 * the weakest, and all of them in a table beside it. */
	PAIRS_TOLD = 30,
	WEAKEST_TOLD = 15,
	ALONE_TOLD = 30,
};

struct proposal {
	struct app *app;
	const struct words *words;
	bool repair;
	struct match_problem problem;
	struct match_result result;
	struct match_next *mentee_next, *mentor_next;
	int64_t round_id;
	uint32_t told, moved;
	struct proposed *list; /* pairs that are told, then who has nobody */
	uint32_t list_n;
};

/* --- one pair --------------------------------------------------------------- */

/* The problem with the names that skills have in this language. */
static struct match_problem
in_language(struct app *app, const struct match_problem *problem,
    const struct language *l)
{
	struct match_problem p = *problem;
	size_t n = p.weights.skills_n;
	struct span *names = arena_alloc(&app->item, (n + 1) * sizeof(*names));

	for (size_t s = 0; s < n; s++)
		names[s] = l->skills[s].name;
	p.skill_names = names;
	return p;
}

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
		struct match_problem told = in_language(app, problem, l);
		struct span *lines;
		uint32_t n;

		match_explain_pair(
		    &app->item, &told, result, i, &l->words, &lines, &n);
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

/* The pair of this mentee that runs, in a repair; NULL: none. */
static const struct match_pair_rule *
running(const struct proposal *q, int64_t mentee_id)
{
	for (uint32_t k = 0; k < q->problem.pairs_n && q->repair; k++)
		if (q->problem.pairs[k].kind == MATCH_STANDING &&
		    q->problem.pairs[k].mentee_id == mentee_id)
			return &q->problem.pairs[k];
	return NULL;
}

static const struct match_person *
person_of(const struct proposal *q, int64_t id)
{
	const struct match_person *x = q->problem.people;

	while (x->id != id)
		x++;
	return x;
}

/* "Next best for Ann: Bert (620) and Carla (600)" */
static void
tell_next(struct proposal *q, const struct match_next *next, uint32_t who,
    bool as_mentee, struct value *list)
{
	struct arena *a = &q->app->item;
	struct span names[2];
	struct fill fills[2] = {
	    {"who", name_of(&q->problem.people[who])}, {"names", SPAN("")}};

	for (uint32_t k = 0; k < next->n; k++) {
		const struct match_pair *p = &next->best[k];
		struct fill one[] = {
		    {"name",
			name_of(&q->problem.people[as_mentee ? p->mentor
							     : p->mentee])},
		    {"points", words_number(a, q->words, p->score, 0)}};

		names[k] = words_fill(a, q->words, "match-next", one, 2);
	}
	if (next->n > 0)
		fills[1].text = words_join(a, q->words, names, next->n);
	value_push(a, list,
	    value_text(
		a, words_fill(a, q->words,
		       next->n > 0 ? "match-next-mentors" : "match-next-none",
		       fills, 2)));
}

static struct value *
tell_pair(struct proposal *q, const struct proposed *t)
{
	struct arena *a = &q->app->item;
	const struct match_pair *p = &q->result.pairs[t->pair];
	struct value *item = value_object(a);
	struct value *list = value_set(a, item, "reasons", value_list(a));
	struct span *lines, wish = words_get(q->words, "match-why-picks");
	uint32_t n;

	match_explain_pair(
	    a, &q->problem, &q->result, t->pair, q->words, &lines, &n);
	value_set_int(a, item, "number", t->number);
	value_set_text(a, item, "mentor-name", t->mentor);
	value_set_text(a, item, "mentee-name", t->mentee);
	value_set_int(a, item, "score", p->score);
	value_set_bool(a, item, "locked", p->locked);
	value_set_text(a, item, "from",
	    t->from == NULL ? SPAN("")
			    : name_of(person_of(q, t->from->mentor_id)));
	/* The strongest, a wish, and the points; "why 3" tells the rest. */
	for (uint32_t r = 0; r < n; r++)
		if (r < REASONS_TOLD || r + 1 == n || span_eq(lines[r], wish))
			value_push(a, list, value_text(a, lines[r]));
	tell_next(q, &q->mentee_next[p->mentee], p->mentee, true, list);
	tell_next(q, &q->mentor_next[p->mentor], p->mentor, false, list);
	return item;
}

/* For the table: the strongest reason, and whom the mentee leaves. */
static void
tell_row(struct proposal *q, struct proposed *t)
{
	struct arena *a = &q->app->item;
	struct span *lines;
	uint32_t n;

	match_explain_pair(
	    a, &q->problem, &q->result, t->pair, q->words, &lines, &n);
	t->why = n > 1 ? lines[0] : SPAN("");
	if (t->from != NULL) {
		struct fill fills[] = {{"name", t->mentor},
		    {"from", name_of(person_of(q, t->from->mentor_id))}};

		t->mentor = words_fill(a, q->words, "table-instead", fills, 2);
	}
}

static int
take_pair(struct proposal *q, uint32_t i, struct err *err)
{
	struct app *app = q->app;
	const struct match_pair *p = &q->result.pairs[i];
	const struct match_person *mentor = &q->problem.people[p->mentor];
	const struct match_person *mentee = &q->problem.people[p->mentee];
	const struct match_pair_rule *from = running(q, mentee->id);

	if (from != NULL && from->mentor_id == mentor->id)
		return 0;
	q->told++;
	q->moved += from != NULL;
	q->list[q->list_n++] = (struct proposed){.pair = i,
	    .number = q->told,
	    .score = p->score,
	    .from = from,
	    .mentor = name_of(mentor),
	    .mentee = name_of(mentee)};
	return store_do(app->store, PROPOSAL_INSERT, err, "iiiiiit",
	    q->round_id, (int64_t)q->told, mentor->id, mentee->id,
	    (int64_t)p->score, (int64_t)p->locked,
	    reasons_all(app, &q->problem, &q->result, i));
}

static int
weaker(const void *a, const void *b)
{
	const struct proposed *x = *(struct proposed *const *)a;
	const struct proposed *y = *(struct proposed *const *)b;

	if (x->score != y->score)
		return x->score < y->score ? -1 : 1;
	return x->number < y->number ? -1 : x->number > y->number;
}

static void
show_some(struct proposal *q)
{
	struct proposed **by_score =
	    arena_alloc(&q->app->item, (q->told + 1) * sizeof(*by_score));
	uint32_t n = q->told > PAIRS_TOLD ? WEAKEST_TOLD : q->told;

	for (uint32_t i = 0; i < q->told; i++)
		by_score[i] = &q->list[i];
	if (n < q->told)
		qsort(by_score, q->told, sizeof(*by_score), weaker);
	for (uint32_t i = 0; i < n; i++)
		by_score[i]->shown = true;
}

/* --- the whole ----------------------------------------------------------------- */

static void
tell_unmatched(struct proposal *q, struct value *v)
{
	struct arena *a = &q->app->item;
	struct value *list = value_set(a, v, "unmatched", value_list(a));
	uint32_t n = q->result.unmatched_n;

	for (uint32_t i = 0; i < n; i++) {
		uint32_t who = q->result.unmatched[i];
		struct proposed *t = &q->list[q->list_n++];
		struct value *item;

		t->mentee = name_of(&q->problem.people[who]);
		t->why = match_explain_unmatched(
		    a, &q->problem, &q->result, who, q->words);
		if (i >= ALONE_TOLD)
			continue;
		item = value_push(a, list, value_object(a));
		value_set_text(a, item, "name", t->mentee);
		value_set_text(a, item, "why", t->why);
	}
	if (n > ALONE_TOLD)
		value_set_text(a, v, "more-unmatched",
		    words_number(a, q->words, n - ALONE_TOLD, 0));
}

static bool
has_place(const struct proposal *q, int64_t id)
{
	const struct match_result *r = &q->result;

	for (uint32_t i = 0; i < r->pairs_n; i++)
		if (q->problem.people[r->pairs[i].mentor].id == id ||
		    q->problem.people[r->pairs[i].mentee].id == id)
			return true;
	for (uint32_t i = 0; i < r->unmatched_n; i++)
		if (q->problem.people[r->unmatched[i]].id == id)
			return true;
	return false;
}

/* "Ann, Bert and 12 more" */
static struct span
some_names(struct proposal *q, const struct span *names, size_t n)
{
	struct arena *a = &q->app->item;
	struct str out;
	struct fill fills[2];

	if (n <= ALONE_TOLD)
		return words_join(a, q->words, names, n);
	str_init(&out, a, 65536);
	for (size_t i = 0; i < ALONE_TOLD; i++)
		str_addf(&out, "%s%.*s", i > 0 ? ", " : "", (int)names[i].n,
		    names[i].p);
	fills[0] = (struct fill){"names", str_span(&out)};
	fills[1] = (struct fill){
	    "n", words_number(a, q->words, (int64_t)n - ALONE_TOLD, 0)};
	return words_fill(a, q->words, "digest-more", fills, 2);
}

/* Mentors whom nobody is left for: they wait as well. */
static int
tell_spare(struct proposal *q, struct value *v, struct err *err)
{
	struct arena *a = &q->app->item;
	struct person *list;
	struct span *names;
	size_t n, spare = 0;

	if (persons(q->app->store, a, ROUND_PERSONS_ALONE, &list, &n, err,
		q->round_id) < 0)
		return -1;
	names = arena_alloc(a, (n + 1) * sizeof(*names));
	for (size_t i = 0; i < n; i++)
		if (!has_place(q, list[i].id))
			names[spare++] =
			    list[i].name.n ? list[i].name : list[i].address;
	value_set_int(
	    a, v, "left-over", (int64_t)(q->result.unmatched_n + spare));
	value_set_text(a, v, "left-count",
	    words_count(a, q->words, "count-left",
		(int64_t)(q->result.unmatched_n + spare)));
	if (spare > 0)
		value_set_text(a, v, "spare", some_names(q, names, spare));
	return 0;
}

/* An impossible lock is told, never dropped in silence. */
static int
tell_troubles(struct proposal *q, struct value *v, struct err *err)
{
	struct arena *a = &q->app->item;
	struct value *list = value_set(a, v, "troubles", value_list(a));

	for (uint32_t i = 0; i < q->result.troubles_n; i++) {
		const struct match_trouble *t = &q->result.troubles[i];
		struct person mentor, mentee;
		bool kept = span_starts(span_of(t->why), "rule-") ||
			    span_ends(span_of(t->why), "-full");
		struct fill fills[3];

		if (person_find(q->app->store, a, t->mentor_id, &mentor, err) <
			0 ||
		    person_find(q->app->store, a, t->mentee_id, &mentee, err) <
			0)
			return -1;
		fills[0] = (struct fill){"mentee", mentee.name};
		fills[1] = (struct fill){"mentor", mentor.name};
		fills[2] = (struct fill){"rule",
		    words_get(q->words, arena_printf(a, "match-%s", t->why))};
		value_push(a, list,
		    value_text(
			a, words_fill(a, q->words,
			       kept ? "match-lock-trouble" : "match-lock-left",
			       fills, 3)));
	}
	return 0;
}

static void
tell_recruiting(struct proposal *q, struct value *v)
{
	struct arena *a = &q->app->item;
	struct value *list = value_set(a, v, "recruiting", value_list(a));
	struct span *lines;
	uint32_t n;

	match_recruiting(a, &q->problem, &q->result, q->words, &lines, &n);
	for (uint32_t i = 0; i < n; i++)
		value_push(a, list, value_text(a, lines[i]));
	value_set_bool(a, v, "helps", n > 0);
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
store_round(struct proposal *q, struct err *err)
{
	struct app *app = q->app;
	const struct match_result *r = &q->result;
	struct str problem, proof;

	str_init(&problem, &app->item, KEEP_BYTES);
	str_init(&proof, &app->item, KEEP_BYTES);
	match_keep_problem(&app->item, &q->problem, &problem);
	match_keep_proof(&q->problem, r, &proof);
	if (store_do(app->store, ROUND_REPLACE, err, "") < 0 ||
	    store_do(app->store, ROUND_INSERT, err, "iiiiiiibb",
		app->world.now_unix, (int64_t)q->repair, (int64_t)r->pairs_n,
		(int64_t)r->unmatched_n, r->total, r->proof.pairs_checked,
		r->proof.cover, str_span(&problem), str_span(&proof)) < 0)
		return -1;
	q->round_id = store_last_id(app->store);
	if (store_do(
		app->store, ROUND_PERSONS_CLEAR, err, "i", q->round_id - 1) < 0)
		return -1;
	return store_members(app, &q->problem, q->round_id, err);
}

static int
take_pairs(struct proposal *q, struct value *v, struct err *err)
{
	struct arena *a = &q->app->item;
	struct value *list = value_set(a, v, "pairs", value_list(a));

	q->list = arena_alloc(
	    a, ((size_t)q->result.pairs_n + q->result.unmatched_n + 1) *
		   sizeof(*q->list));
	if (match_nexts(a, &q->problem, &q->result, &q->mentee_next,
		&q->mentor_next, err) < 0)
		return -1;
	for (uint32_t i = 0; i < q->result.pairs_n; i++)
		if (take_pair(q, i, err) < 0)
			return -1;
	show_some(q);
	for (uint32_t i = 0; i < q->told; i++)
		if (q->list[i].shown)
			value_push(a, list, tell_pair(q, &q->list[i]));
	return 0;
}

/* Too many for a mail are in a table beside it. */
static int
send_mail(
    struct proposal *q, struct thread *thread, struct value *v, struct err *err)
{
	struct app *app = q->app;
	struct letter_file file = {.type = SPAN("application/pdf"),
	    .name = arena_spanf(
		&app->item, "proposal-%lld.pdf", (long long)q->round_id)};
	struct letter_ask ask = letter_to_lead(app, "proposal", thread, v);

	if (q->told > PAIRS_TOLD || q->result.unmatched_n > ALONE_TOLD) {
		for (uint32_t i = 0; i < q->told; i++)
			tell_row(q, &q->list[i]);
		if (proposal_pdf(app, q->words, q->round_id, q->list, q->list_n,
			&file.bytes, err) < 0)
			return -1;
		ask.files = &file;
		ask.files_n = 1;
	}
	if (q->told > PAIRS_TOLD)
		value_set_text(&app->item, v, "weakest",
		    words_number(&app->item, q->words, WEAKEST_TOLD, 0));
	return letter_send(app, &ask, NULL, err);
}

static int
tell_all(struct proposal *q, struct value *v, struct err *err)
{
	struct arena *a = &q->app->item;
	const struct match_result *r = &q->result;
	struct thread thread;

	tell_unmatched(q, v);
	tell_recruiting(q, v);
	value_set_int(a, v, "round", q->round_id);
	value_set_int(a, v, "matched", q->told);
	value_set_text(a, v, "pairs-count",
	    words_count(a, q->words, "count-pairs", q->told));
	value_set_bool(a, v, "none", q->told == 0);
	value_set_int(a, v, "pairs-checked", r->proof.pairs_checked);
	value_set_int(a, v, "worst", r->worst);
	value_set_bool(a, v, "repair", q->repair);
	value_set_bool(a, v, "moves", q->moved > 0);
	if (tell_troubles(q, v, err) < 0 || tell_spare(q, v, err) < 0 ||
	    thread_get(q->app, THREAD_ROUND, q->round_id, 0, &thread, err) < 0)
		return -1;
	return send_mail(q, &thread, v, err);
}

/* Is there anything to say: a pair that does not run yet, or nobody for one? */
static bool
has_news(const struct proposal *q)
{
	const struct match_result *r = &q->result;

	if (r->unmatched_n > 0)
		return true;
	for (uint32_t i = 0; i < r->pairs_n; i++) {
		const struct match_pair_rule *from =
		    running(q, q->problem.people[r->pairs[i].mentee].id);

		if (from == NULL ||
		    from->mentor_id != q->problem.people[r->pairs[i].mentor].id)
			return true;
	}
	return false;
}

int
round_propose(struct app *app, bool repair, struct err *err)
{
	struct proposal q = {.app = app,
	    .words = &app_language(app, app->conf.locale)->words,
	    .repair = repair};
	struct value *v = letter_values(app, NULL);

	if (round_problem(app, &app->item, repair, &q.problem, err) < 0 ||
	    match_solve(&app->item, &q.problem, NULL, NULL, &q.result, err) < 0)
		return -1;
	if (!has_news(&q))
		return 0; /* and a waiting proposal stays as it is */
	if (store_round(&q, err) < 0 || take_pairs(&q, v, err) < 0 ||
	    tell_all(&q, v, err) < 0)
		return -1;
	if (!app->conf.approve_by_lead &&
	    round_approve(
		app, q.round_id, NULL, 0, value_list(&app->item), err) < 0)
		return -1;
	return 1;
}
