/*
 * The lead's last command taken back, and dangerous ones confirmed.  What
 * takes a command back is stored with it as a few words:
 *
 *	unrule KIND MENTOR MENTEE | rule KIND MENTOR MENTEE |
 *	reject ROUND NUMBER 0|1 | capacity PERSON N | hold 0|1
 *
 * several separated by ";".
 */
#include "app/app.h"

#include "base/digest.h"
#include "base/num.h"

enum {
	WORD_LETTERS = 5,
	CONFIRM_DAYS = 3
};

int
undo_store(
    struct app *app, struct span line, struct span inverse, struct err *err)
{
	return store_do(app->store, UNDO_INSERT, err, "itt",
	    app->world.now_unix, line, inverse);
}

static bool
numbers(struct span rest, int64_t *out, size_t n)
{
	struct span word;

	for (size_t i = 0; i < n; i++)
		if (!span_word(&rest, &word) ||
		    !num_int(word, 0, INT64_MAX / 2, &out[i]))
			return false;
	return true;
}

static int
take_back(struct app *app, struct span inverse, struct err *err)
{
	struct span rest = inverse, verb, kind;
	struct person p;
	int64_t n[3] = {0};
	int rc;

	if (!span_word(&rest, &verb))
		return 0;
	if (span_is(verb, "rule") || span_is(verb, "unrule")) {
		if (!span_word(&rest, &kind) || !numbers(rest, n, 2))
			return 0;
		if (span_is(verb, "rule"))
			return store_do(app->store, RULE_INSERT, err, "tiii",
			    kind, n[0], n[1], (int64_t)0);
		return store_do(
		    app->store, RULE_DELETE, err, "tii", kind, n[0], n[1]);
	}
	if (span_is(verb, "reject") && numbers(rest, n, 3))
		return store_do(
		    app->store, PROPOSAL_REJECT, err, "iii", n[0], n[1], n[2]);
	if (span_is(verb, "hold") && numbers(rest, n, 1)) {
		app->programme.hold = n[0] != 0;
		return programme_save(app, err);
	}
	if (!span_is(verb, "capacity") || !numbers(rest, n, 2))
		return 0;
	rc = person_find(app->store, &app->item, n[0], &p, err);
	if (rc <= 0)
		return rc;
	p.capacity = n[1];
	return person_save(app, &p, err);
}

int
undo_last(struct app *app, struct span *line, struct err *err)
{
	struct rows rows;
	struct span rest, part;

	if (store_rows(app->store, &app->item, UNDO_LAST, &rows, err, "") < 0)
		return -1;
	if (rows.n == 0)
		return 0;
	rest = cell(&rows, 0, 2)->t;
	while (span_part(&rest, ';', &part))
		if (take_back(app, part, err) < 0)
			return -1;
	if (store_do(app->store, UNDO_DONE, err, "i", cell(&rows, 0, 0)->i) < 0)
		return -1;
	*line = cell(&rows, 0, 1)->t;
	return 1;
}

int
confirm_ask(
    struct app *app, struct span line, struct span *word, struct err *err)
{
	uint8_t mac[WORLD_MAC_BYTES];
	struct span subject =
	    arena_spanf(&app->item, "%lld %lld %.*s", (long long)app->inbox_id,
		(long long)app->world.now_unix, (int)line.n, line.p);

	world_mac(&app->world, "confirm", subject, mac);
	*word = span_sub(base32_write(&app->item,
			     (struct span){(const char *)mac, sizeof(mac)}),
	    0, WORD_LETTERS);
	return store_do(app->store, CONFIRM_INSERT, err, "tittii", *word,
	    (int64_t)0, SPAN("command"), line, app->world.now_unix,
	    app->world.now_unix + (int64_t)CONFIRM_DAYS * DAY);
}

int
confirm_take(
    struct app *app, struct span word, struct span *line, struct err *err)
{
	struct rows rows;

	if (store_rows(app->store, &app->item, CONFIRM_BY_WORD, &rows, err,
		"it", (int64_t)0, word) < 0)
		return -1;
	if (rows.n == 0 || cell(&rows, 0, 5)->i < app->world.now_unix)
		return 0;
	*line = cell(&rows, 0, 4)->t;
	return store_do(app->store, CONFIRM_DONE, err, "ii",
		   cell(&rows, 0, 0)->i, app->world.now_unix) < 0
		   ? -1
		   : 1;
}
