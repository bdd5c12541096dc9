/* The lead's commands about people, pairs and mails that are held. */
#include "app/steer_int.h"

#include <string.h>

#include "base/civil.h"
#include "base/num.h"
#include "base/str.h"
#include "base/uni.h"

/* --- people --------------------------------------------------------------- */

/* What each verb does to a person, and how the transcript says so. */
static const struct order {
	enum verb verb;
	enum flow_event event;
	const char *key;
} orders[] = {
    {VERB_ADMIT, EV_ADMIT, "steer-admitted"},
    {VERB_REFUSE, EV_REFUSE, "steer-refused"},
    {VERB_INVITE, EV_INVITE, "steer-invited"},
    {VERB_PAUSE, EV_PAUSE, "steer-paused"},
    {VERB_RESUME, EV_RESUME, "steer-resumed"},
    {VERB_REMOVE, EV_LEAVE, "steer-removed"},
};

static const struct order *
order_of(enum verb verb)
{
	for (size_t i = 0; i < sizeof(orders) / sizeof(*orders); i++)
		if (orders[i].verb == verb)
			return &orders[i];
	return NULL;
}

/* "pause anna until 2027-03-01": the date, and how many words it takes. */
static uint32_t
until(struct steer *s, const struct command *c, int64_t *unix_time)
{
	struct span before, last;
	struct civil day;

	*unix_time = 0;
	if (c->verb != VERB_PAUSE || c->args_n < 2)
		return 0;
	last = c->args[c->args_n - 1];
	before = uni_fold(&s->app->item, c->args[c->args_n - 2]);
	if (!civil_parse(last, &day))
		return 0;
	zone_unix(&s->app->zone, &day, unix_time);
	return span_is(before, "until") || span_is(before, "bis") ? 2 : 1;
}

/* "invite all": everybody who was not written to yet. */
static int
everybody(struct steer *s, struct person **people, size_t *n, struct err *err)
{
	return persons(
	    s->app->store, &s->app->item, PERSONS_KNOWN, people, n, err, 0);
}

static int
named(struct steer *s, const struct command *c, uint32_t words,
    struct person *people, bool *all, struct err *err)
{
	*all = false;
	for (uint32_t i = 0; i < words; i++) {
		int rc = steer_who(s, c, i, &people[i], err);

		if (rc <= 0)
			return rc;
	}
	*all = true;
	return 0;
}

/* How many the event means something to; the others are told by name. */
static int
raise_each(struct steer *s, const struct command *c, struct person *people,
    size_t n, int64_t until_unix, struct err *err)
{
	const struct order *o = order_of(c->verb);
	struct arena *a = &s->app->item;
	struct str done, not_so;

	str_init(&done, a, 16384);
	str_init(&not_so, a, 16384);
	for (size_t i = 0; i < n; i++) {
		enum person_state was = people[i].state;
		struct str *to = &done;

		people[i].paused_until_unix = c->verb == VERB_PAUSE
						  ? until_unix
						  : people[i].paused_until_unix;
		if (person_event(s->app, &people[i], o->event, err) < 0)
			return -1;
		if (people[i].state == was && c->verb != VERB_PAUSE)
			to = &not_so;
		else if (c->verb == VERB_PAUSE &&
			 people[i].state != PERSON_PAUSED)
			to = &not_so;
		if (to->n > 0)
			str_addz(to, ", ");
		str_add(to, person_called(&people[i]));
	}
	if (done.n > 0)
		steer_done(s, c, o->key, str_span(&done));
	if (not_so.n > 0)
		steer_wrong(s, c, "steer-not-now", str_span(&not_so));
	return 0;
}

int
steer_people(struct steer *s, const struct command *c, struct err *err)
{
	int64_t until_unix;
	uint32_t words = c->args_n - until(s, c, &until_unix);
	struct person *people;
	size_t n = words;
	bool all;

	if (words == 0)
		return steer_wrong(s, c, "steer-who", SPAN(""));
	if (until_unix != 0 && until_unix <= s->app->world.now_unix)
		return steer_wrong(s, c, "steer-past", c->args[c->args_n - 1]);
	if (c->verb == VERB_INVITE && words == 1 &&
	    (span_caseis(c->args[0], "all") ||
		span_caseis(c->args[0], "alle"))) {
		if (everybody(s, &people, &n, err) < 0)
			return -1;
		if (n == 0)
			return steer_wrong(s, c, "steer-nobody-left", SPAN(""));
	} else {
		people = arena_alloc(&s->app->item, words * sizeof(*people));
		/* One misspelt name, and nothing is done. */
		if (named(s, c, words, people, &all, err) < 0)
			return -1;
		if (!all)
			return 0;
	}
	return raise_each(s, c, people, n, until_unix, err);
}

int
steer_capacity(struct steer *s, const struct command *c, struct err *err)
{
	struct steer_change x = {.mentor = NULL};
	struct span cost;
	struct person p;
	int64_t n;
	int rc;

	if (c->args_n != 2 || !num_int(c->args[1], 0, 20, &n))
		return steer_wrong(s, c, "steer-capacity-form", SPAN(""));
	rc = steer_who(s, c, 0, &p, err);
	if (rc <= 0)
		return rc;
	x.mentor = &p;
	x.places = n;
	rc = steer_cost(s, c, &x,
	    arena_spanf(&s->app->item, "capacity %.*s %lld", (int)p.address.n,
		p.address.p, (long long)n),
	    &cost, err);
	if (rc <= 0)
		return rc;
	if (undo_store(s->app, c->line,
		arena_spanf(&s->app->item, "capacity %lld %lld",
		    (long long)p.id, (long long)p.capacity),
		err) < 0)
		return -1;
	p.capacity = n;
	s->changed = true;
	if (person_save(s->app, &p, err) < 0)
		return -1;
	return steer_done_cost(s, c, "steer-capacity", person_called(&p), cost);
}

/* --- pairs ------------------------------------------------------------------ */

/* The only open pair of a person. */
static int
pair_of_person(
    struct steer *s, const struct command *c, struct pair *out, struct err *err)
{
	struct pair *list;
	struct person p;
	size_t n, open = 0;
	int rc = steer_who(s, c, 0, &p, err);

	if (rc <= 0)
		return rc;
	if (pairs(s->app->store, &s->app->item, PAIRS_OF, &list, &n, err,
		p.id) < 0)
		return -1;
	for (size_t i = 0; i < n; i++)
		if (list[i].state != PAIR_ENDED) {
			*out = list[i];
			open++;
		}
	if (open == 1)
		return 1;
	return steer_wrong(s, c,
	    open == 0 ? "steer-no-pair-of" : "steer-pairs-of", c->args[0]);
}

/* "4", or a person who is in one pair.  1, 0 told, -1. */
static int
which_pair(
    struct steer *s, const struct command *c, struct pair *out, struct err *err)
{
	int64_t n;
	int rc;

	if (c->args_n != 1)
		return steer_wrong(s, c, "steer-which-pair", SPAN(""));
	if (!num_int(c->args[0], 1, INT64_MAX / 2, &n))
		return pair_of_person(s, c, out, err);
	rc = pair_find(s->app->store, &s->app->item, n, out, err);
	if (rc == 0)
		return steer_wrong(s, c, "steer-no-such-pair", c->args[0]);
	if (rc > 0 && out->state == PAIR_ENDED)
		return steer_wrong(s, c, "steer-ended-before", c->args[0]);
	return rc;
}

static struct span
pair_called(struct steer *s, const struct pair *p)
{
	struct person mentor, mentee;
	struct err none = {0};

	if (pair_persons(s->app, p, &mentor, &mentee, &none) < 0)
		return arena_spanf(&s->app->item, "%lld", (long long)p->id);
	return arena_spanf(&s->app->item, "%lld (%.*s, %.*s)", (long long)p->id,
	    (int)person_called(&mentor).n, person_called(&mentor).p,
	    (int)person_called(&mentee).n, person_called(&mentee).p);
}

int
steer_end(struct steer *s, const struct command *c, bool again, struct err *err)
{
	struct pair pair;
	int rc = which_pair(s, c, &pair, err);

	if (rc <= 0)
		return rc;
	pair.ended_why = SPAN("lead");
	if (pair_event(s->app, &pair, EV_END, err) < 0)
		return -1;
	if (!again)
		return steer_done(s, c, "steer-ended", pair_called(s, &pair));
	rc = round_propose(s->app, true, err);
	if (rc < 0)
		return -1;
	if (rc > 0)
		steer_renewed(s);
	return steer_done(s, c, "steer-rematching", pair_called(s, &pair));
}

/* --- what cannot be taken back ------------------------------------------------ */

bool
steer_is_dangerous(enum verb verb)
{
	return verb == VERB_END || verb == VERB_REMATCH ||
	       verb == VERB_REMOVE || verb == VERB_CLOSE;
}

static int
open_pairs_of(
    struct steer *s, const struct person *p, struct str *names, struct err *err)
{
	struct pair *list;
	size_t n;

	if (pairs(s->app->store, &s->app->item, PAIRS_OF, &list, &n, err,
		p->id) < 0)
		return -1;
	for (size_t i = 0; i < n; i++) {
		if (list[i].state == PAIR_ENDED)
			continue;
		if (names->n > 0)
			str_addz(names, ", ");
		str_add(names, pair_called(s, &list[i]));
	}
	return 0;
}

/* Who would go, and which pairs with them.  1, 0 told, -1. */
static int
would_remove(struct steer *s, const struct command *c, struct span *who,
    struct span *what, struct err *err)
{
	struct arena *a = &s->app->item;
	struct person *people =
	    arena_alloc(a, (c->args_n + 1) * sizeof(*people));
	struct str names, pairs_of;
	bool all;

	if (c->args_n == 0)
		return steer_wrong(s, c, "steer-who", SPAN(""));
	if (named(s, c, c->args_n, people, &all, err) < 0)
		return -1;
	if (!all)
		return 0;
	str_init(&names, a, 16384);
	str_init(&pairs_of, a, 16384);
	for (uint32_t i = 0; i < c->args_n; i++) {
		if (i > 0)
			str_addz(&names, ", ");
		str_add(&names, person_called(&people[i]));
		if (open_pairs_of(s, &people[i], &pairs_of, err) < 0)
			return -1;
	}
	*who = str_span(&names);
	*what = pairs_of.n ? str_span(&pairs_of) : SPAN("-");
	return 1;
}

static int
would_close(struct steer *s, const struct command *c, struct span *what,
    struct err *err)
{
	enum programme_state state = s->app->programme.state;
	struct pair *list;
	size_t n;

	if (state != PROGRAMME_ENROLLING && state != PROGRAMME_RUNNING)
		return steer_wrong(s, c, "steer-not-running", SPAN(""));
	if (pairs(s->app->store, &s->app->item, PAIRS_OPEN, &list, &n, err, 0) <
	    0)
		return -1;
	*what = arena_spanf(&s->app->item, "%zu", n);
	return 1;
}

/* What would happen, and the word that makes it happen. */
int
steer_ask_first(struct steer *s, const struct command *c, struct err *err)
{
	struct fill fills[3] = {{"what", SPAN("")}, {"who", SPAN("")}};
	const char *key = "steer-would-end";
	struct pair pair;
	struct span word;
	int rc;

	if (c->verb == VERB_REMOVE) {
		key = "steer-would-remove";
		rc = would_remove(s, c, &fills[1].text, &fills[0].text, err);
	} else if (c->verb == VERB_CLOSE) {
		key = "steer-would-close";
		rc = would_close(s, c, &fills[0].text, err);
	} else {
		if (c->verb == VERB_REMATCH)
			key = "steer-would-rematch";
		rc = which_pair(s, c, &pair, err);
		if (rc > 0)
			fills[0].text = pair_called(s, &pair);
	}
	if (rc <= 0)
		return rc;
	if (confirm_ask(s->app, c->line, &word, err) < 0)
		return -1;
	fills[2] = (struct fill){"word", word};
	return steer_say(s, c, true, key, fills, 3);
}

/* --- show ------------------------------------------------------------------------ */

static struct span
state_word(struct steer *s, const char *kind, const char *state)
{
	return words_get(
	    s->words, arena_printf(&s->app->item, "%s-%s", kind, state));
}

static int
show_pair(struct steer *s, const struct command *c, const struct pair *p,
    struct err *err)
{
	struct session *list;
	int64_t held = 0, next = 0;
	size_t n;

	if (sessions(s->app->store, &s->app->item, SESSIONS_OF, &list, &n, err,
		p->id) < 0)
		return -1;
	for (size_t i = 0; i < n; i++) {
		held += list[i].state == SESSION_HELD;
		if (list[i].state == SESSION_INVITED ||
		    list[i].state == SESSION_CONFIRMED)
			next = list[i].start_unix;
	}
	{
		struct arena *a = &s->app->item;
		struct fill fills[] = {{"pair", pair_called(s, p)},
		    {"state", state_word(s, "pair", pair_state_name(p->state))},
		    {"held", arena_spanf(a, "%lld", (long long)held)},
		    {"all", arena_spanf(a, "%lld", (long long)p->sessions)},
		    {"next", next ? words_date(a, s->words, &s->app->zone, next)
				  : SPAN("-")}};

		return steer_say(s, c, true, "steer-show-pair", fills, 5);
	}
}

/* Nothing here that a class of answers keeps from the lead. */
static int
show_person(struct steer *s, const struct command *c, const struct person *p,
    struct err *err)
{
	struct fill fills[] = {{"person", person_called(p)},
	    {"address", p->address},
	    {"state", state_word(s, "person", person_state_name(p->state))}};
	struct pair *list;
	size_t n;

	steer_say(s, c, true, "steer-show-person", fills, 3);
	if (pairs(s->app->store, &s->app->item, PAIRS_OF, &list, &n, err,
		p->id) < 0)
		return -1;
	for (size_t i = 0; i < n; i++)
		if (show_pair(s, c, &list[i], err) < 0)
			return -1;
	return 0;
}

/* What the reader of mails refused it says in one technical sentence. */
static struct span
held_why(struct app *app, const struct words *words, struct span reason)
{
	struct fill why = {"why", reason};
	char *key =
	    arena_printf(&app->item, "held-%.*s", (int)reason.n, reason.p);

	return words_has(words, key)
		   ? words_get(words, key)
		   : words_fill(&app->item, words, "held-refused", &why, 1);
}

struct span
held_line(struct app *app, const struct words *words, const struct rows *rows,
    size_t r)
{
	struct fill fills[] = {{"number", arena_spanf(&app->item, "%lld",
					      (long long)cell(rows, r, 0)->i)},
	    {"from", cell(rows, r, 4)->t.n ? cell(rows, r, 4)->t : SPAN("?")},
	    {"date",
		words_date(&app->item, words, &app->zone, cell(rows, r, 9)->i)},
	    {"why", held_why(app, words, cell(rows, r, 11)->t)}};

	return words_fill(&app->item, words, "held-line", fills, 4);
}

static int
show_held(struct steer *s, const struct command *c, struct err *err)
{
	struct rows rows;

	if (store_rows(
		s->app->store, &s->app->item, QUARANTINE, &rows, err, "") < 0)
		return -1;
	if (rows.n == 0)
		return steer_done(s, c, "steer-none-held", SPAN(""));
	for (size_t r = 0; r < rows.n && r < 50; r++)
		steer_done(
		    s, c, "steer-why", held_line(s->app, s->words, &rows, r));
	return 0;
}

int
steer_show(struct steer *s, const struct command *c, struct err *err)
{
	struct person p;
	struct pair pair;
	int64_t n;
	int rc;

	if (c->args_n == 0)
		return show_held(s, c, err);
	if (c->args_n == 1 && num_int(c->args[0], 1, INT64_MAX / 2, &n)) {
		rc = pair_find(s->app->store, &s->app->item, n, &pair, err);
		if (rc <= 0)
			return rc < 0 ? -1
				      : steer_wrong(s, c, "steer-no-such-pair",
					    c->args[0]);
		return show_pair(s, c, &pair, err);
	}
	for (uint32_t i = 0; i < c->args_n; i++) {
		rc = steer_who(s, c, i, &p, err);
		if (rc < 0 || (rc > 0 && show_person(s, c, &p, err) < 0))
			return -1;
	}
	return 0;
}

/* --- quarantine ------------------------------------------------------------------- */

/* 1 it may leave, 0 told, -1. */
static int
is_held(struct steer *s, const struct command *c, struct span word, int64_t *id,
    struct err *err)
{
	struct inbox mail;
	int rc;

	if (!num_int(word, 1, INT64_MAX / 2, id))
		return steer_wrong(s, c, "steer-which-mail", word);
	rc = inbox_find(s->app->store, &s->app->item, *id, &mail, err);
	if (rc < 0)
		return -1;
	if (rc == 0 || (mail.state != INBOX_HELD && mail.state != INBOX_PARKED))
		return steer_wrong(s, c, "steer-no-such-mail", word);
	if (c->verb == VERB_RELEASE && span_is(mail.reason, "too-large"))
		return steer_wrong(s, c, "steer-too-large", word);
	return 1;
}

/* "release 12", "drop 12 13": as the operator's rmail quarantine does. */
int
steer_quarantine(struct steer *s, const struct command *c, struct err *err)
{
	bool release = c->verb == VERB_RELEASE;
	int64_t id;

	if (c->args_n == 0)
		return steer_wrong(s, c, "steer-which-mail", SPAN(""));
	for (uint32_t i = 0; i < c->args_n; i++) {
		int rc = is_held(s, c, c->args[i], &id, err);

		if (rc < 0)
			return -1;
		if (rc == 0)
			continue;
		if (store_do(s->app->store, QUARANTINE_LEAVE, err, "itti", id,
			release ? SPAN("new") : SPAN("dropped"),
			release ? SPAN("released") : SPAN("by the lead"),
			s->app->world.now_unix) < 0)
			return -1;
		steer_done(s, c, release ? "steer-released" : "steer-dropped",
		    c->args[i]);
	}
	return 0;
}
