/*
 * What another choice would cost: the problem solved with it and without, and
 * the two compared, in the reader's words.
 */
#include "match/match_int.h"

#include <string.h>

enum {
	TOLD = 12, /* of those who move, by name */
	SENTENCES = 6,
	TEXT = 8192
};

struct partners {
	uint32_t *at, *mentor; /* of mentee i: mentor[at[i]..at[i + 1]] */
};

static struct partners
partners_init(struct arena *a, const struct match_result *r, uint32_t rows)
{
	struct partners s = {
	    arena_alloc(a, ((size_t)rows + 2) * sizeof(uint32_t)),
	    arena_alloc(a, ((size_t)r->pairs_n + 1) * sizeof(uint32_t))};

	for (uint32_t x = 0; x < r->pairs_n; x++)
		s.at[r->pairs[x].mentee + 2]++;
	for (uint32_t i = 0; i < rows; i++)
		s.at[i + 2] += s.at[i + 1];
	for (uint32_t x = 0; x < r->pairs_n; x++)
		s.mentor[s.at[r->pairs[x].mentee + 1]++] = r->pairs[x].mentor;
	return s;
}

/* The mentors that a mentee has in one and not in the other. */
static struct span
only_in(struct arena *a, const struct match_problem *p, const struct words *w,
    const struct partners *one, const struct partners *other, uint32_t row)
{
	struct span *names = arena_alloc(
	    a, (one->at[row + 1] - one->at[row] + 1) * sizeof(*names));
	size_t n = 0;

	for (uint32_t x = one->at[row]; x < one->at[row + 1]; x++) {
		bool both = false;

		for (uint32_t y = other->at[row]; y < other->at[row + 1]; y++)
			both |= other->mentor[y] == one->mentor[x];
		if (!both)
			names[n++] = explain_name(p, one->mentor[x], false);
	}
	return n > 0 ? words_join(a, w, names, n) : SPAN("");
}

/* Who moves, from whom to whom; how many. */
static uint32_t
moves(struct arena *a, const struct match_problem *p,
    const struct match_result *before, const struct match_result *after,
    const struct words *w, struct span *text)
{
	uint32_t rows = explain_side(p, true), n = 0;
	struct partners was = partners_init(a, before, rows);
	struct partners will = partners_init(a, after, rows);
	struct span told[TOLD];

	for (uint32_t i = 0; i < rows; i++) {
		struct fill fills[] = {{"mentee", explain_name(p, i, true)},
		    {"old", only_in(a, p, w, &was, &will, i)},
		    {"new", only_in(a, p, w, &will, &was, i)}};

		if (fills[1].text.n == 0 && fills[2].text.n == 0)
			continue;
		if (n < TOLD)
			told[n] = words_fill(a, w,
			    fills[1].text.n == 0   ? "match-move-in"
			    : fills[2].text.n == 0 ? "match-move-out"
						   : "match-move",
			    fills, 3);
		n++;
	}
	*text = n > 0 ? words_join(a, w, told, n < TOLD ? n : TOLD) : SPAN("");
	return n;
}

static int
below(const struct match_problem *p, const struct match_result *r)
{
	int n = 0;

	for (uint32_t x = 0; x < r->pairs_n; x++)
		n += r->pairs[x].score < p->good_enough;
	return n;
}

static const char *
points_key(int64_t gain)
{
	return gain < 0 ? "match-cost-points" : "match-cost-gain";
}

bool
match_cost(struct arena *a, const struct match_problem *p,
    const struct match_result *before, const struct match_result *after,
    const struct words *w, struct span *text)
{
	int64_t people = (int64_t)after->pairs_n - before->pairs_n;
	int64_t gain = after->total - before->total;
	int was_below = below(p, before), now_below = below(p, after);
	struct span names;
	uint32_t n = moves(a, p, before, after, w, &names);
	struct fill fills[] = {{"n", words_number(a, w, n, 0)},
	    {"names", names},
	    {"points", words_number(a, w, gain < 0 ? -gain : gain, 0)},
	    {"people", words_number(a, w, people < 0 ? -people : people, 0)},
	    {"worst", words_number(a, w, after->worst, 0)},
	    {"was", words_number(a, w, before->worst, 0)},
	    {"below", words_number(a, w, now_below, 0)},
	    {"enough", words_number(a, w, p->good_enough, 0)}};
	const char *keys[SENTENCES];
	size_t k = 0;
	struct str out;

	if (people != 0)
		keys[k++] = people < 0 ? "match-cost-fewer" : "match-cost-more";
	keys[k++] = gain == 0 ? "match-cost-nothing" : points_key(gain);
	if (now_below != was_below)
		keys[k++] = "match-cost-below";
	if (after->worst != before->worst && after->pairs_n > 0)
		keys[k++] = "match-cost-worst";
	keys[k++] = n == 0      ? "match-cost-still"
		    : n <= TOLD ? "match-cost-moves"
				: "match-cost-moves-many";
	str_init(&out, a, TEXT);
	for (size_t i = 0; i < k; i++) {
		if (i > 0)
			str_addc(&out, ' ');
		str_add(&out, words_fill(a, w, keys[i], fills,
				  sizeof(fills) / sizeof(*fills)));
	}
	*text = str_span(&out);
	return n == 0;
}

/* --- what if ---------------------------------------------------------------- */

static bool
find_id(const struct match_problem *p, int64_t id, bool row, uint32_t *at)
{
	for (uint32_t i = 0; i < explain_side(p, row); i++)
		if ((p->scores != NULL ? (int64_t)i : p->people[i].id) == id) {
			*at = i;
			return true;
		}
	return false;
}

/* The pair's points, and those of whom the mentee has now. */
static struct span
points_text(struct arena *a, const struct match_problem *p,
    const struct match_result *r, uint32_t i, uint32_t j, const struct words *w)
{
	struct fill fills[5] = {{"mentee", explain_name(p, i, true)},
	    {"mentor", explain_name(p, j, false)},
	    {"score", words_number(a, w, match_score(p, i, j, NULL), 0)}};

	for (uint32_t x = 0; x < r->pairs_n; x++)
		if (r->pairs[x].mentee == i) {
			fills[3] = (struct fill){"other",
			    explain_name(p, r->pairs[x].mentor, false)};
			fills[4] = (struct fill){
			    "now", words_number(a, w, r->pairs[x].score, 0)};
			return words_fill(a, w, "match-if-now", fills, 5);
		}
	return words_fill(a, w, "match-if-alone", fills, 3);
}

int
match_what_if(struct arena *a, const struct match_problem *p,
    const struct match_result *r, int64_t mentee_id, int64_t mentor_id,
    const struct words *w, struct span *text, struct err *err)
{
	struct match_problem with = *p;
	struct match_pair_rule *pairs =
	    arena_alloc(a, (p->pairs_n + 1) * sizeof(*pairs));
	struct match_result now;
	struct fill fills[3] = {{"mentee", SPAN("")}, {"mentor", SPAN("")}};
	struct span points, cost;
	uint32_t i, j;
	const char *why;

	if (!find_id(p, mentee_id, true, &i) ||
	    !find_id(p, mentor_id, false, &j))
		return err_set(err, ERR_ITEM, "no such person");
	fills[0].text = explain_name(p, i, true);
	fills[1].text = explain_name(p, j, false);
	for (uint32_t x = 0; x < r->pairs_n; x++)
		if (r->pairs[x].mentee == i && r->pairs[x].mentor == j) {
			*text = words_fill(a, w, "match-if-already", fills, 2);
			return 0;
		}
	if ((why = match_may(p, i, j)) != NULL) {
		fills[2] = (struct fill){
		    "rule", words_get(w, arena_printf(a, "match-%s", why))};
		*text = words_fill(a, w, "match-if-rule", fills, 3);
		return 0;
	}
	if (p->pairs_n > 0)
		memcpy(pairs, p->pairs, p->pairs_n * sizeof(*pairs));
	pairs[p->pairs_n] =
	    (struct match_pair_rule){MATCH_LOCKED, mentee_id, mentor_id, false};
	with.pairs = pairs;
	with.pairs_n++;
	if (match_solve(a, &with, NULL, NULL, &now, err) < 0)
		return -1;
	points = points_text(a, p, r, i, j, w);
	match_cost(a, p, r, &now, w, &cost);
	*text = arena_spanf(
	    a, "%.*s %.*s", (int)points.n, points.p, (int)cost.n, cost.p);
	return 0;
}
