/* The lead's commands about proposals. */
#include "app/steer_int.h"

#include "base/num.h"
#include "base/str.h"
#include "base/uni.h"
#include "match/match.h"

static int
waiting_round(struct app *app, int64_t *id, struct err *err)
{
	struct rows rows;

	*id = 0;
	if (store_rows(app->store, &app->item, ROUND_LAST, &rows, err, "") < 0)
		return -1;
	if (rows.n > 0 && span_is(cell(&rows, 0, 1)->t, "proposed"))
		*id = cell(&rows, 0, 0)->i;
	return 0;
}

/* The proposal that waits, if this mail does not answer an older one. */
int
steer_round(struct steer *s, struct err *err)
{
	const struct thread *t = &s->in->thread;

	if (waiting_round(s->app, &s->round_id, err) < 0 ||
	    round_is_repair(s->app, &s->repair, err) < 0)
		return -1;
	if (t->kind != THREAD_ROUND || s->round_id == 0 ||
	    t->object_id == s->round_id)
		return 0;
	s->replaced = true;
	s->waiting = s->round_id;
	s->round_id = 0;
	return 0;
}

/* Numbers count in the proposal that this mail answers, and in no other. */
static int
no_proposal(struct steer *s, const struct command *c)
{
	return steer_wrong(s, c,
	    s->replaced ? "steer-replaced" : "steer-no-proposal", SPAN(""));
}

/* "approve all", "approve the proposal", "alle Paare freigeben" */
static bool
means_all(struct steer *s, const struct command *c)
{
	static const char *const words[] = {"all", "alle", "alles",
	    "everything", "it", "them", "the", "this", "proposal", "vorschlag",
	    "pairs", "paare", "matching", "of"};

	for (uint32_t i = 0; i < c->args_n; i++) {
		struct span word = uni_fold(&s->app->item, c->args[i]);
		bool known = false;

		for (size_t k = 0; k < sizeof(words) / sizeof(*words); k++)
			known |= span_is(word, words[k]);
		if (!known)
			return false;
	}
	return true;
}

/* What of the approved did not come about. */
static int
tell_approved(struct steer *s, const struct command *c, const char *key,
    const struct value *not_begun)
{
	struct str names;

	if (not_begun->n == 0)
		return steer_done(s, c, key, c->rest);
	str_init(&names, &s->app->item, 16384);
	for (size_t i = 0; i < not_begun->n; i++) {
		if (i > 0)
			str_addz(&names, ", ");
		str_add(&names, not_begun->items[i]->text);
	}
	return steer_done(s, c, "steer-approved-but", str_span(&names));
}

/* The numbers of a command as they stand in the proposal.  1, 0 told, -1. */
static int
proposal_numbers(
    struct steer *s, const struct command *c, int64_t *numbers, struct err *err)
{
	struct rows rows;

	if (store_rows(s->app->store, &s->app->item, PROPOSALS, &rows, err, "i",
		s->round_id) < 0)
		return -1;
	for (uint32_t i = 0; i < c->args_n; i++) {
		bool found = false;

		if (!num_int(c->args[i], 1, 1000000, &numbers[i]))
			return steer_wrong(
			    s, c, "steer-which-number", c->args[i]);
		for (size_t r = 0; r < rows.n; r++)
			found |= cell(&rows, r, 0)->i == numbers[i];
		if (!found)
			return steer_wrong(
			    s, c, "steer-no-such-pair", c->args[i]);
	}
	return 1;
}

/* "approve 3 5": these begin now, for the others there is a new proposal. */
static int
approve_some(struct steer *s, const struct command *c, struct err *err)
{
	struct value *list = value_list(&s->app->item);
	int64_t *numbers =
	    arena_alloc(&s->app->item, c->args_n * sizeof(*numbers));
	int rc = proposal_numbers(s, c, numbers, err);

	if (rc <= 0)
		return rc;
	/* Where one moves, another gets the place. */
	if (s->repair)
		return steer_wrong(s, c, "steer-approve-whole", SPAN(""));
	if (round_approve(s->app, s->round_id, numbers, c->args_n, list, err) <
	    0)
		return -1;
	rc = round_propose(s->app, s->repair, err);
	if (rc < 0)
		return -1;
	steer_renewed(s);
	return tell_approved(
	    s, c, rc > 0 ? "steer-approved-some" : "steer-approved", list);
}

int
steer_approve(struct steer *s, const struct command *c, struct err *err)
{
	struct value *list = value_list(&s->app->item);

	if (s->round_id == 0)
		return no_proposal(s, c);
	if (s->asked)
		return steer_wrong(s, c, "steer-approve-asked", SPAN(""));
	/* Lines above have changed what would be matched: that comes first. */
	if (s->changed)
		return steer_wrong(s, c, "steer-approve-later", SPAN(""));
	if (!means_all(s, c))
		return approve_some(s, c, err);
	if (round_approve(s->app, s->round_id, NULL, 0, list, err) < 0)
		return -1;
	s->round_id = 0;
	return tell_approved(s, c, "steer-approved", list);
}

int
steer_reject(struct steer *s, const struct command *c, struct err *err)
{
	int64_t *numbers =
	    arena_alloc(&s->app->item, (c->args_n + 1) * sizeof(*numbers));
	struct str inverse;
	int rc;

	if (s->round_id == 0)
		return no_proposal(s, c);
	if (c->args_n == 0)
		return steer_wrong(s, c, "steer-which-number", SPAN(""));
	rc = proposal_numbers(s, c, numbers, err);
	if (rc <= 0)
		return rc;
	str_init(&inverse, &s->app->item, 16384);
	for (uint32_t i = 0; i < c->args_n; i++) {
		if (store_do(s->app->store, PROPOSAL_REJECT, err, "iii",
			s->round_id, numbers[i], (int64_t)1) < 0)
			return -1;
		str_addf(&inverse, "%sreject %lld %lld 0", i > 0 ? ";" : "",
		    (long long)s->round_id, (long long)numbers[i]);
	}
	if (undo_store(s->app, c->line, str_span(&inverse), err) < 0)
		return -1;
	s->changed |= s->repair;
	return steer_done(s, c, "steer-rejected", c->rest);
}

/* A lock or an exclusion, after its cost was told. */
static int
rule_two(struct steer *s, const struct command *c, const struct person *mentor,
    const struct person *mentee, bool lock, struct err *err)
{
	struct steer_change x = {
	    .mentor = mentor, .mentee = mentee, .lock = lock};
	const char *kind = lock ? "locked" : "excluded";
	struct span cost,
	    line = arena_spanf(&s->app->item, "%s %.*s %.*s",
		lock ? "lock" : "exclude", (int)mentor->address.n,
		mentor->address.p, (int)mentee->address.n, mentee->address.p);
	int rc = steer_cost(s, c, &x, line, &cost, err);

	if (rc <= 0)
		return rc;
	if (store_do(s->app->store, RULE_INSERT, err, "tiii", span_of(kind),
		mentor->id, mentee->id, (int64_t)0) < 0 ||
	    undo_store(s->app, c->line,
		arena_spanf(&s->app->item, "unrule %s %lld %lld", kind,
		    (long long)mentor->id, (long long)mentee->id),
		err) < 0)
		return -1;
	s->changed = true;
	return steer_done_cost(
	    s, c, lock ? "steer-locked" : "steer-excluded", c->rest, cost);
}

static int
rule(struct steer *s, const struct command *c, bool lock, struct err *err)
{
	struct person mentor, mentee;
	int rc = steer_two(s, c, &mentor, &mentee, err);

	return rc <= 0 ? rc : rule_two(s, c, &mentor, &mentee, lock, err);
}

int
steer_unlock(struct steer *s, const struct command *c, struct err *err)
{
	struct person mentor, mentee;
	int rc = steer_two(s, c, &mentor, &mentee, err);

	if (rc <= 0)
		return rc;
	if (store_do(s->app->store, RULE_DELETE, err, "tii", SPAN("locked"),
		mentor.id, mentee.id) < 0 ||
	    undo_store(s->app, c->line,
		arena_spanf(&s->app->item, "rule locked %lld %lld",
		    (long long)mentor.id, (long long)mentee.id),
		err) < 0)
		return -1;
	s->changed = true;
	return steer_done(s, c, "steer-unlocked", c->rest);
}

int
steer_exclude(struct steer *s, const struct command *c, struct err *err)
{
	return rule(s, c, false, err);
}

/* "lock 7": the pair with that number in the proposal. */
int
steer_lock(struct steer *s, const struct command *c, struct err *err)
{
	struct person mentor, mentee;
	struct rows rows;
	int64_t n;

	if (c->args_n != 1)
		return rule(s, c, true, err);
	if (s->round_id == 0)
		return no_proposal(s, c);
	if (!num_int(c->args[0], 1, 1000000, &n))
		return steer_wrong(s, c, "steer-which-number", c->args[0]);
	if (store_rows(s->app->store, &s->app->item, PROPOSALS, &rows, err, "i",
		s->round_id) < 0)
		return -1;
	for (size_t r = 0; r < rows.n; r++) {
		if (cell(&rows, r, 0)->i != n)
			continue;
		if (person_find(s->app->store, &s->app->item,
			cell(&rows, r, 1)->i, &mentor, err) < 0 ||
		    person_find(s->app->store, &s->app->item,
			cell(&rows, r, 2)->i, &mentee, err) < 0)
			return -1;
		return rule_two(s, c, &mentor, &mentee, true, err);
	}
	return steer_wrong(s, c, "steer-no-such-pair", c->args[0]);
}

/* What forcing a pair costs and who would move, before it counts. */
static int
cost_first(struct steer *s, const struct command *c,
    const struct person *mentor, const struct person *mentee, struct err *err)
{
	struct arena *a = &s->app->item;
	struct match_problem problem;
	struct match_result result;
	struct span cost, word;
	struct fill fills[2];

	if (round_problem(s->app, a, s->repair, &problem, err) < 0 ||
	    match_solve(a, &problem, NULL, NULL, &result, err) < 0)
		return -1;
	if (match_what_if(a, &problem, &result, mentee->id, mentor->id,
		s->words, &cost, err) < 0) {
		if (err->kind != ERR_ITEM)
			return -1;
		err_clear(err);
		return steer_wrong(s, c, "steer-not-free", c->rest);
	}
	if (confirm_ask(s->app, c->line, &word, err) < 0)
		return -1;
	s->asked = true;
	fills[0] = (struct fill){"what", cost};
	fills[1] = (struct fill){"word", word};
	return steer_say(s, c, true, "steer-cost", fills, 2);
}

/* A newer proposal is out than the one that this mail answers. */
void
steer_renewed(struct steer *s)
{
	s->round_id = 0;
	s->replaced = true;
	s->changed = false;
}

/* "match": a new round.  "match a b": that pair, locked, and a new round. */
int
steer_match(struct steer *s, const struct command *c, struct err *err)
{
	int rc;

	if (c->args_n > 0) {
		struct person mentor, mentee;

		rc = steer_two(s, c, &mentor, &mentee, err);
		if (rc <= 0)
			return rc;
		if (!s->confirmed)
			return cost_first(s, c, &mentor, &mentee, err);
		if (store_do(s->app->store, RULE_INSERT, err, "tiii",
			SPAN("locked"), mentor.id, mentee.id, (int64_t)0) < 0 ||
		    undo_store(s->app, c->line,
			arena_spanf(&s->app->item, "unrule locked %lld %lld",
			    (long long)mentor.id, (long long)mentee.id),
			err) < 0)
			return -1;
	}
	rc = round_propose(s->app, s->repair, err);
	if (rc < 0)
		return -1;
	if (rc == 0)
		return steer_wrong(s, c, "steer-nobody-waits", SPAN(""));
	steer_renewed(s);
	return steer_done(s, c, "steer-matching", SPAN(""));
}

/* Why somebody has no partner, or what the two together would cost. */
static int
why_people(struct steer *s, const struct command *c, struct err *err)
{
	struct arena *a = &s->app->item;
	struct match_problem problem;
	struct match_result result;
	struct person p, other;
	struct span text = SPAN("");
	int rc;

	if (c->args_n == 2) {
		rc = steer_two(s, c, &other, &p, err);
		if (rc <= 0)
			return rc;
	} else {
		rc = steer_who(s, c, 0, &p, err);
		if (rc <= 0)
			return rc;
	}
	if (round_problem(s->app, a, s->repair, &problem, err) < 0 ||
	    match_solve(a, &problem, NULL, NULL, &result, err) < 0)
		return -1;
	if (c->args_n == 2 && match_what_if(a, &problem, &result, p.id,
				  other.id, s->words, &text, err) < 0) {
		if (err->kind != ERR_ITEM)
			return -1;
		err_clear(err);
		return steer_wrong(s, c, "steer-not-free", c->rest);
	}
	for (uint32_t i = 0; i < problem.people_n && c->args_n == 1; i++)
		if (problem.people[i].id == p.id && problem.people[i].mentee)
			text = match_explain_unmatched(
			    a, &problem, &result, i, s->words);
	if (text.n == 0)
		return steer_wrong(s, c, "steer-not-free", c->rest);
	return steer_done(s, c, "steer-why", text);
}

/* "why 3", "why anna": the reasons of a proposed pair; "why anna bert". */
int
steer_why(struct steer *s, const struct command *c, struct err *err)
{
	struct rows rows = {0};
	struct person p = {0};
	int64_t n = 0;
	int rc;

	if (c->args_n == 0 || c->args_n > 2)
		return steer_wrong(s, c, "steer-why-what", SPAN(""));
	if (c->args_n == 2)
		return why_people(s, c, err);
	if (num_int(c->args[0], 1, 1000000, &n)) {
		if (s->round_id == 0)
			return no_proposal(s, c);
	} else {
		rc = steer_who(s, c, 0, &p, err);
		if (rc <= 0)
			return rc;
	}
	if (store_rows(s->app->store, &s->app->item, PROPOSALS, &rows, err, "i",
		s->round_id) < 0)
		return -1;
	for (size_t r = 0; r < rows.n; r++)
		if (cell(&rows, r, 0)->i == n ||
		    (p.id != 0 && (cell(&rows, r, 1)->i == p.id ||
				      cell(&rows, r, 2)->i == p.id)))
			return steer_done(s, c, "steer-why",
			    reasons_text(s->app, cell(&rows, r, 6)->t,
				s->app->conf.locale));
	if (p.id != 0)
		return why_people(s, c, err);
	return steer_wrong(s, c, "steer-no-such-pair", c->args[0]);
}

/* The people of one of the proposal's pairs; 1, 0 there is none, -1. */
static int
proposed_pair(struct steer *s, const struct rows *rows, int64_t number,
    struct person *mentor, struct person *mentee, struct err *err)
{
	struct store *store = s->app->store;
	struct arena *a = &s->app->item;

	for (size_t r = 0; r < rows->n; r++) {
		int rc;

		if (cell(rows, r, 0)->i != number)
			continue;
		rc = person_find(store, a, cell(rows, r, 1)->i, mentor, err);
		if (rc <= 0)
			return rc;
		return person_find(store, a, cell(rows, r, 2)->i, mentee, err);
	}
	return 0;
}

/*
 * The two pairs that a swap makes.  By number in the proposal; or, as it was
 * asked about, by four addresses, which no newer proposal can turn into
 * others.  1, 0 told what is wrong, -1.
 */
static int
swap_read(struct steer *s, const struct command *c, struct person mentor[2],
    struct person mentee[2], struct err *err)
{
	int64_t number[2];
	struct rows rows;
	int rc = 1;

	if (s->confirmed && c->args_n == 4) {
		for (uint32_t k = 0; k < 2 && rc > 0; k++) {
			rc = steer_who(s, c, 2 * k, &mentor[k], err);
			if (rc > 0)
				rc =
				    steer_who(s, c, 2 * k + 1, &mentee[k], err);
		}
		return rc;
	}
	if (s->round_id == 0) {
		rc = no_proposal(s, c);
		return rc < 0 ? -1 : 0;
	}
	if (c->args_n != 2 || !num_int(c->args[0], 1, 1000000, &number[0]) ||
	    !num_int(c->args[1], 1, 1000000, &number[1])) {
		rc = steer_wrong(s, c, "steer-which-number", SPAN(""));
		return rc < 0 ? -1 : 0;
	}
	if (store_rows(s->app->store, &s->app->item, PROPOSALS, &rows, err, "i",
		s->round_id) < 0)
		return -1;
	rc = number[0] != number[1];
	for (int k = 0; k < 2 && rc > 0; k++)
		rc = proposed_pair(
		    s, &rows, number[k], &mentor[k], &mentee[1 - k], err);
	if (rc == 0 && steer_wrong(s, c, "steer-no-such-pair", c->rest) < 0)
		return -1;
	return rc;
}

/*
 * Two pairs of the proposal exchange their mentors: what that costs first,
 * then both are locked, and it is made anew.
 */
int
steer_swap(struct steer *s, const struct command *c, struct err *err)
{
	struct arena *a = &s->app->item;
	struct person mentor[2], mentee[2];
	struct steer_change x = {
	    &mentor[0], &mentee[0], &mentor[1], &mentee[1], .lock = true};
	struct span cost, line;
	int rc = swap_read(s, c, mentor, mentee, err);

	if (rc <= 0)
		return rc;
	line = arena_spanf(a, "swap %.*s %.*s %.*s %.*s",
	    (int)mentor[0].address.n, mentor[0].address.p,
	    (int)mentee[0].address.n, mentee[0].address.p,
	    (int)mentor[1].address.n, mentor[1].address.p,
	    (int)mentee[1].address.n, mentee[1].address.p);
	rc = steer_cost(s, c, &x, line, &cost, err);
	if (rc <= 0)
		return rc;
	for (int k = 0; k < 2; k++)
		if (store_do(s->app->store, RULE_INSERT, err, "tiii",
			SPAN("locked"), mentor[k].id, mentee[k].id,
			(int64_t)0) < 0)
			return -1;
	if (undo_store(s->app, c->line,
		arena_spanf(a,
		    "unrule locked %lld %lld;unrule locked %lld %lld",
		    (long long)mentor[0].id, (long long)mentee[0].id,
		    (long long)mentor[1].id, (long long)mentee[1].id),
		err) < 0)
		return -1;
	s->changed = true;
	return steer_done_cost(s, c, "steer-swapped", c->rest, cost);
}
