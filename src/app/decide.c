/*
 * The weekly digest: what needs a decision.  What was told once is told again
 * until it is decided or no longer so; a lead on holiday misses nothing.
 */
#include "app/digest_int.h"

#include "base/str.h"

enum {
	REPLIES_MOST = 3,
	STANDS_DAYS = 28, /* a word is asked about for so long */
	DECISIONS_MOST = 25,
	HELD_TOGETHER = 6, /* mails in one decision */
	LINE_COLUMNS = 60,
	BLOCK_BYTES = 16384
};

struct decision {
	struct span what;
	struct span replies[REPLIES_MOST];
	size_t n;
};

/* ---- how it looks ---- */

/* A button of its own for each. */
static struct span
replies_html(struct digest *d, const struct decision *x)
{
	struct str out;

	str_init(&out, d->arena, BLOCK_BYTES);
	str_addz(&out,
	    "<table role=\"presentation\" cellpadding=\"0\" cellspacing=\"0\" "
	    "border=\"0\"><tr>");
	for (size_t i = 0; i < x->n; i++) {
		if (i > 0)
			str_addz(&out, "<td width=\"8\">&nbsp;</td>");
		str_addf(&out,
		    "<td style=\"border:2px solid %.*s;padding:10px 14px;"
		    "text-align:center\"><a href=\"%.*s\" style=\""
		    "color:#1f2328;font-size:16px;line-height:20px;"
		    "font-weight:bold;text-decoration:none\">",
		    (int)d->app->conf.accent.n, d->app->conf.accent.p,
		    (int)thread_mailto(d->app, &d->thread, x->replies[i]).n,
		    thread_mailto(d->app, &d->thread, x->replies[i]).p);
		str_add_html(&out, x->replies[i]);
		str_addz(&out, "</a></td>");
	}
	str_addz(&out,
	    "</tr></table>\n<table role=\"presentation\" cellpadding=\"0\" "
	    "cellspacing=\"0\" border=\"0\"><tr><td height=\"16\" "
	    "style=\"font-size:16px;line-height:16px\">&nbsp;</td></tr>"
	    "</table>\n");
	return str_span(&out);
}

static struct span
replies_text(struct digest *d, const struct decision *x)
{
	struct span or = words_get(d->words, "or");
	struct fill fill = {"words", SPAN("")};
	struct str out;

	str_init(&out, d->arena, BLOCK_BYTES);
	for (size_t i = 0; i < x->n; i++) {
		bool wide = out.n + x->replies[i].n > LINE_COLUMNS;

		if (i > 0)
			str_addf(&out, "%c%.*s ", wide ? '\n' : ' ', (int) or.n,
			    or.p);
		str_add(&out, x->replies[i]);
	}
	fill.text = str_span(&out);
	return words_fill(d->arena, d->words, "decide-reply", &fill, 1);
}

static void
decide(struct digest *d, const struct decision *x)
{
	struct value *list =
	    (struct value *)value_find(d->v, SPAN("decisions"));
	struct value *item = value_push(d->arena, list, value_object(d->arena));

	value_set_int(d->arena, item, "number", (int64_t)list->n);
	value_set_text(d->arena, item, "what", x->what);
	value_set(d->arena, item, "replies",
	    value_block(d->arena, replies_text(d, x), replies_html(d, x)));
}

static struct span
reply_word(struct digest *d, const char *key, struct span to)
{
	struct fill fill = {"to", to};

	return words_fill(d->arena, d->words, key, &fill, 1);
}

static void
add_reply(struct digest *d, struct decision *x, const char *key, struct span to)
{
	if (x->n < REPLIES_MOST)
		x->replies[x->n++] = reply_word(d, key, to);
}

/* ---- what there is to decide ---- */

static void
about_sending(struct digest *d)
{
	struct decision x = {.what = words_get(d->words, "decide-hold")};

	if (!d->app->programme.hold)
		return;
	add_reply(d, &x, "do-go", SPAN(""));
	decide(d, &x);
}

static int
about_proposal(struct digest *d, struct err *err)
{
	struct rows rows, list = {0};
	struct decision x = {0};
	int64_t n = 0;

	if (store_rows(d->app->store, d->arena, ROUND_LAST, &rows, err, "") < 0)
		return -1;
	if (rows.n == 0 || !span_is(cell(&rows, 0, 1)->t, "proposed"))
		return 0;
	if (store_rows(d->app->store, d->arena, PROPOSALS, &list, err, "i",
		cell(&rows, 0, 0)->i) < 0)
		return -1;
	for (size_t r = 0; r < list.n; r++)
		n += cell(&list, r, 5)->i == 0;
	x.what = words_count(d->arena, d->words, "decide-proposal", n);
	add_reply(d, &x, "do-approve", SPAN(""));
	decide(d, &x);
	return 0;
}

static void
about_applied(struct digest *d)
{
	for (size_t i = 0; i < d->people_n; i++) {
		const struct person *p = &d->people[i];
		struct fill fill = {"person", p->address};
		struct decision x = {0};

		if (p->state != PERSON_APPLIED)
			continue;
		x.what =
		    words_fill(d->arena, d->words, "decide-applied", &fill, 1);
		add_reply(d, &x, "do-admit", p->address);
		add_reply(d, &x, "do-refuse", p->address);
		decide(d, &x);
	}
}

static void
pair_decision(struct digest *d, const struct pair *p, struct span what)
{
	struct decision x = {.what = what};
	struct span number = arena_spanf(d->arena, "%lld", (long long)p->id);

	d->asked[p - d->pairs] = true;
	add_reply(d, &x, "do-end", number);
	add_reply(d, &x, "do-rematch", number);
	decide(d, &x);
}

static void
about_silence(struct digest *d)
{
	for (size_t i = 0; i < d->pairs_n; i++) {
		const struct pair *p = &d->pairs[i];
		struct fill fills[2];

		if (p->state == PAIR_ENDED || d->asked[i] ||
		    !span_is(p->flag, "told"))
			continue;
		fills[0] = (struct fill){"pair", digest_label(d, p)};
		fills[1] = (struct fill){"days",
		    digest_number(d, digest_days(d, p->last_sign_unix))};
		pair_decision(d, p,
		    words_fill(d->arena, d->words, "decide-silent", fills, 2));
	}
}

/* Is what the note tells still so? */
static bool
stands(const struct digest *d, struct span kind, const struct pair *p)
{
	if (p == NULL || p->state == PAIR_ENDED)
		return false;
	if (span_is(kind, "rules"))
		return p->state == PAIR_INTRODUCED;
	if (span_is(kind, "no-time"))
		return digest_next_session(d, p->id) == 0;
	return true;
}

/* Columns of NOTES_SINCE: at, kind, person, pair, text; newest first. */
static int
about_pairs(struct digest *d, struct err *err)
{
	struct rows rows;

	if (store_rows(d->app->store, d->arena, NOTES_SINCE, &rows, err, "i",
		d->app->world.now_unix - (int64_t)STANDS_DAYS * DAY) < 0)
		return -1;
	for (size_t r = 0; r < rows.n; r++) {
		struct span kind = cell(&rows, r, 1)->t;
		struct span text = span_trim(cell(&rows, r, 4)->t);
		const struct pair *p = digest_pair(d, cell(&rows, r, 3)->i);
		struct fill fills[3];
		size_t older = 0;

		while (older < r &&
		       !(span_eq(cell(&rows, older, 1)->t, kind) &&
			   cell(&rows, older, 3)->i == cell(&rows, r, 3)->i))
			older++;
		if (older < r || !stands(d, kind, p))
			continue;
		fills[0] = (struct fill){
		    "person", digest_name(d, cell(&rows, r, 2)->i)};
		fills[1] = (struct fill){"pair", digest_label(d, p)};
		fills[2] = (struct fill){"text", text};
		pair_decision(d, p,
		    words_fill(d->arena, d->words,
			arena_printf(d->arena, "decide-%.*s%s", (int)kind.n,
			    kind.p,
			    span_is(kind, "stuck") && text.n > 0 ? "-text"
								 : ""),
			fills, 3));
	}
	return 0;
}

static void
about_addresses(struct digest *d)
{
	for (size_t i = 0; i < d->people_n; i++) {
		const struct person *p = &d->people[i];
		struct fill fills[] = {
		    {"person", digest_name(d, p->id)}, {"address", p->address}};
		struct decision x = {0};

		if (p->bad_address_unix == 0 || p->state >= PERSON_DECLINED)
			continue;
		x.what =
		    words_fill(d->arena, d->words, "decide-address", fills, 2);
		add_reply(d, &x, "do-remove", p->address);
		decide(d, &x);
	}
}

/* Of the same sender, held for the same reason. */
static bool
held_alike(const struct rows *rows, size_t a, size_t b)
{
	return span_is(cell(rows, b, 10)->t, "held") &&
	       span_eq(cell(rows, a, 4)->t, cell(rows, b, 4)->t) &&
	       span_eq(cell(rows, a, 11)->t, cell(rows, b, 11)->t);
}

/* One decision for all that are alike, from row r on. */
static void
held_decision(struct digest *d, const struct rows *rows, size_t r, bool *told)
{
	struct str numbers;
	struct decision x = {0};
	struct fill fills[2];
	int n = 0;

	str_init(&numbers, d->arena, HELD_TOGETHER * 24);
	for (size_t i = r; i < rows->n && n < HELD_TOGETHER; i++) {
		if (told[i] || !held_alike(rows, r, i))
			continue;
		told[i] = true;
		str_addf(&numbers, "%s%lld", n++ > 0 ? " " : "",
		    (long long)cell(rows, i, 0)->i);
	}
	fills[0] =
	    (struct fill){"mail", held_line(d->app, d->words, rows, r)};
	fills[1] = (struct fill){"n", digest_number(d, n)};
	x.what = words_fill(d->arena, d->words,
	    n == 1 ? "decide-held" : "decide-held-alike", fills, 2);
	add_reply(d, &x, "do-release", str_span(&numbers));
	add_reply(d, &x, "do-drop", str_span(&numbers));
	decide(d, &x);
}

static int
about_held(struct digest *d, struct err *err)
{
	struct rows rows;
	bool *told;

	if (store_rows(d->app->store, d->arena, QUARANTINE, &rows, err, "") < 0)
		return -1;
	told = arena_alloc(d->arena, rows.n * sizeof(*told));
	for (size_t r = 0; r < rows.n; r++)
		if (!told[r] && span_is(cell(&rows, r, 10)->t, "held"))
			held_decision(d, &rows, r, told);
	return 0;
}

int
digest_decisions(struct digest *d, struct err *err)
{
	value_set(d->arena, d->v, "decisions", value_list(d->arena));
	d->asked = arena_alloc(d->arena, d->pairs_n * sizeof(*d->asked));
	about_sending(d);
	if (about_proposal(d, err) < 0 || about_pairs(d, err) < 0)
		return -1;
	about_silence(d);
	about_applied(d);
	about_addresses(d);
	if (about_held(d, err) < 0)
		return -1;
	if (d->decisions_left > 0)
		value_set_text(d->arena, d->v, "more-decisions",
		    digest_number(d, (int64_t)d->decisions_left));
	return 0;
}
