/* Forget me; a change of address. */
#include "app/app.h"

#include "model/address.h"

/* --- forget me -------------------------------------------------------------- */

static int
wipe_from(struct app *app, struct span key, struct err *err)
{
	if (store_do(app->store, ERASE_RAW_FROM, err, "t", key) < 0)
		return -1;
	return store_do(app->store, ERASE_INBOX_FROM, err, "t", key);
}

/* Wherever somebody else wrote their name or an address of theirs. */
static int
wipe_words(struct app *app, const struct person *p, const struct rows *aliases,
    struct err *err)
{
	struct span *words =
	    arena_alloc(&app->item, (aliases->n + 2) * sizeof(*words));
	size_t n = 0;

	words[n++] = p->address;
	/* A name of one word may be a word that others use. */
	if (span_findc(p->name, ' ') < p->name.n)
		words[n++] = p->name;
	for (size_t r = 0; r < aliases->n; r++)
		words[n++] = cell(aliases, r, 0)->t;
	return store_scrub(app->store, &app->item, words, n, err);
}

/*
 * The words that name somebody: the first few in lists of whom to meet or
 * not, all of them ("Anna was late") in what those wrote who know them.
 */
struct names {
	struct span words[10];
	size_t n, few;
};

static void
names_of(const struct person *p, struct names *out)
{
	struct span rest = p->name, word;

	out->words[0] = span_sub(p->address, 0, span_findc(p->address, '@'));
	out->words[1] = p->name;
	out->few = out->n = 2;
	/* "de", "von": nobody's name alone. */
	while (out->n < sizeof(out->words) / sizeof(*out->words) &&
	       span_word(&rest, &word))
		if (word.n > 2 && !span_caseis(word, "von") &&
		    !span_caseis(word, "van") && !span_caseis(word, "der"))
			out->words[out->n++] = word;
}

static bool
is_named(const struct names *names, struct span text)
{
	for (size_t i = 0; i < names->few; i++)
		if (names->words[i].n > 0 &&
		    span_casefind(text, names->words[i]) < text.n)
			return true;
	return false;
}

/* The mails of those who named them in an answer: theirs, and our echo. */
static int
wipe_namers(struct app *app, const struct names *names, struct err *err)
{
	struct rows rows;
	int64_t last = 0;

	if (store_rows(
		app->store, &app->item, ANSWERS_IN_WORDS, &rows, err, "") < 0)
		return -1;
	for (size_t r = 0; r < rows.n; r++) {
		int64_t id = cell(&rows, r, 0)->i;

		if (id == last || !is_named(names, cell(&rows, r, 1)->t))
			continue;
		last = id;
		if (store_do(app->store, ERASE_RAW_DONE, err, "i", id) < 0 ||
		    store_do(app->store, ERASE_SENT, err, "i", id) < 0)
			return -1;
	}
	return 0;
}

static int
wipe_first_names(struct app *app, const struct person *p, struct err *err)
{
	struct names names;

	names_of(p, &names);
	if (wipe_namers(app, &names, err) < 0)
		return -1;
	return store_scrub_near(app->store, &app->item, p->id, names.words,
	    names.n, names.few, err);
}

/* All that could name them; counts and states of pairs stay. */
static int
wipe_rows(struct app *app, const struct person *p, struct err *err)
{
	static const enum query wipes[] = {ERASE_ANSWERS, ERASE_FORM_TEXT,
	    ERASE_RAW, ERASE_INBOX, ERASE_OUTBOX, ERASE_NOTES, ERASE_RULES,
	    ERASE_CALDAV, ERASE_ATTENDEE, ERASE_CONFIRM, ERASE_THREADS,
	    ERASE_BUSY, ERASE_FEED, ERASE_PROPOSALS, ERASE_PROBLEMS,
	    ERASE_PARTNER_MAILS, ERASE_PARTNER_FORMS, ERASE_PARTNER_THREADS,
	    ERASE_OFFICE_MAILS, ERASE_RAW_NEAR, ERASE_RAW_HELD, ERASE_UNDO,
	    ALIAS_DELETE};

	struct rows rows;

	/* What came from their other addresses, before those are gone. */
	if (store_rows(
		app->store, &app->item, ALIASES, &rows, err, "i", p->id) < 0 ||
	    wipe_from(app, p->key, err) < 0)
		return -1;
	for (size_t r = 0; r < rows.n; r++)
		if (wipe_from(app,
			address_key(&app->item, cell(&rows, r, 0)->t), err) < 0)
			return -1;
	for (size_t i = 0; i < sizeof(wipes) / sizeof(*wipes); i++)
		if (store_do(app->store, wipes[i], err, "i", p->id) < 0)
			return -1;
	if (store_do(app->store, ERASE_MANAGER, err, "t", p->key) < 0 ||
	    wipe_first_names(app, p, err) < 0)
		return -1;
	return wipe_words(app, p, &rows, err);
}

/* A server's answer to the last mail, and a note of it, name them too. */
static int
forget_last_mails(struct app *app, struct err *err)
{
	struct rows rows;
	struct span *words;

	if (store_rows(app->store, &app->item, LAST_MAILS_OUT, &rows, err, "") <
	    0)
		return -1;
	if (rows.n == 0)
		return 0;
	words = arena_alloc(&app->item, rows.n * sizeof(*words));
	for (size_t r = 0; r < rows.n; r++)
		words[r] = cell(&rows, r, 0)->t;
	if (store_scrub(app->store, &app->item, words, rows.n, err) < 0)
		return -1;
	return store_do(app->store, ERASE_LAST_MAIL, err, "");
}

int
erase_leavings(struct app *app, struct err *err)
{
	struct rows rows;

	if (forget_last_mails(app, err) < 0 ||
	    store_rows(app->store, &app->item, ERASED_PERSONS, &rows, err, "") <
		0)
		return -1;
	for (size_t r = 0; r < rows.n; r++)
		if (store_do(app->store, ERASE_PARTNER_MAILS, err, "i",
			cell(&rows, r, 0)->i) < 0)
			return -1;
	return store_do(app->store, ERASE_OFFICE_MAILS, err, "i", (int64_t)1);
}

/* The row of a person of whom only a number and dates are left. */
int
person_blank(struct app *app, struct person *p, struct err *err)
{
	*p = (struct person){.id = p->id,
	    .state = PERSON_ERASED,
	    .created_unix = p->created_unix,
	    .joined_unix = p->joined_unix,
	    .ready_unix = p->ready_unix,
	    .matched_unix = p->matched_unix,
	    .left_unix = p->left_unix ? p->left_unix : app->world.now_unix};
	p->address = arena_spanf(
	    &app->item, "erased-%lld@invalid.invalid", (long long)p->id);
	p->key = p->address;
	return person_save(app, p, err);
}

int
person_wipe(struct app *app, struct person *p, struct err *err)
{
	return wipe_rows(app, p, err) < 0 ? -1 : person_blank(app, p, err);
}

int
person_erase(struct app *app, struct person *p, struct err *err)
{
	struct span key = p->key;
	struct span address = p->address, locale = p->locale;

	if (person_event(app, p, EV_ERASE, err) < 0 ||
	    store_do(app->store, TOMBSTONE_INSERT, err, "ti",
		tombstone_hash(app, key), app->world.now_unix) < 0 ||
	    person_wipe(app, p, err) < 0)
		return -1;
	/* The last mail leaves no row behind that names them once sent. */
	return letter_send(app,
	    &(struct letter_ask){.template = "forgotten",
		.to_address = address,
		.locale = locale,
		.answer = true,
		.at_once = true},
	    NULL, err);
}

/* --- another address -------------------------------------------------------- */

int
person_move(
    struct app *app, struct person *p, struct span address, struct err *err)
{
	struct span old = p->address;
	struct span canonical;

	if (!address_parse(&app->item, address, &canonical))
		return err_set(err, ERR_ITEM, "no mail address");
	if (store_do(app->store, ALIAS_INSERT, err, "titi", p->key, p->id, old,
		(int64_t)1) < 0)
		return -1;
	p->address = canonical;
	p->key = address_key(&app->item, canonical);
	p->bad_address_unix = 0;
	if (store_do(app->store, ALIAS_DELETE_KEY, err, "t", p->key) < 0 ||
	    person_save(app, p, err) < 0)
		return -1;
	return note_add(app, "moved-address", p->id, 0, canonical, err);
}
