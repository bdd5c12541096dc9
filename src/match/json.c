/* A result for programs, and the problem for other solvers. */
#include "match/match_int.h"

static const char *const criteria[MATCH_CRITERIA] = {"skills", "hours", "ways",
    "kinds", "learning", "personality", "shared_time", "credit", "picks"};
static const char *const step_names[] = {
    "cardinality", "fair", "total", "changes", "bottleneck", "leximin"};

static struct span
key_of(const struct match_problem *p, uint32_t at, bool is_row)
{
	const struct span *names = is_row ? p->row_names : p->column_names;

	if (p->scores == NULL)
		return p->people[at].key;
	return names != NULL ? names[at] : SPAN("");
}

static struct value *
pair_json(
    struct arena *a, const struct match_problem *p, const struct match_pair *q)
{
	struct value *o = value_object(a), *shares = value_object(a);

	value_set_text(a, o, "mentee", key_of(p, q->mentee, true));
	value_set_text(a, o, "mentor", key_of(p, q->mentor, false));
	value_set_int(a, o, "score", q->score);
	for (int c = 0; c < MATCH_CRITERIA && p->scores == NULL; c++)
		value_set_int(a, shares, criteria[c], q->shares[c]);
	if (p->scores == NULL)
		value_set(a, o, "shares", shares);
	if (q->locked)
		value_set_bool(a, o, "locked", true);
	return o;
}

static struct value *
proof_json(struct arena *a, const struct match_proof *proof)
{
	struct value *o = value_object(a);

	value_set_bool(a, o, "ok", proof->ok);
	value_set_int(a, o, "pairs_checked", proof->pairs_checked);
	value_set_int(a, o, "cover", proof->cover);
	if (!proof->ok)
		value_set_text(a, o, "why", proof->why);
	return o;
}

struct value *
match_json(struct arena *a, const struct match_problem *p,
    const struct match_result *r, int64_t milliseconds)
{
	struct value *o = value_object(a), *list;
	enum match_step steps[8];
	uint32_t n = match_steps(p, steps);

	value_set_int(a, o, "matched", r->pairs_n);
	value_set_int(a, o, "total", r->total);
	value_set_int(a, o, "worst", r->worst);
	list = value_set(a, o, "worst5", value_list(a));
	for (uint32_t x = 0; x < r->worst5_n; x++)
		value_push(a, list, value_int(a, r->worst5[x]));
	list = value_set(a, o, "objective", value_list(a));
	for (uint32_t x = 0; x < n; x++)
		value_push(a, list, value_textz(a, step_names[steps[x]]));
	list = value_set(a, o, "pairs", value_list(a));
	for (uint32_t x = 0; x < r->pairs_n; x++)
		value_push(a, list, pair_json(a, p, &r->pairs[x]));
	list = value_set(a, o, "unmatched", value_list(a));
	for (uint32_t x = 0; x < r->unmatched_n; x++) {
		struct value *u = value_push(a, list, value_object(a));

		value_set_text(
		    a, u, "person", key_of(p, r->unmatched[x], true));
		value_set_text(a, u, "why", r->unmatched_why[x]);
	}
	list = value_set(a, o, "problems", value_list(a));
	for (uint32_t x = 0; x < r->troubles_n; x++)
		value_push(a, list,
		    value_textz(
			a, arena_printf(a,
			       "lock of mentee %lld and mentor %lld: %s",
			       (long long)r->troubles[x].mentee_id,
			       (long long)r->troubles[x].mentor_id,
			       r->troubles[x].why)));
	value_set(a, o, "proof", proof_json(a, &r->proof));
	value_set_int(a, o, "blocking_pairs", r->blocking_pairs);
	value_set_int(a, o, "rounds", r->rounds);
	value_set_int(a, o, "ms", milliseconds);
	return o;
}

/*
 * DIMACS "p min": source, rows, columns, sink; each row may also go straight
 * to the sink at a price that makes numbers come first.
 */
void
match_dimacs(const struct match_problem *p, struct str *out)
{
	uint32_t rows = p->scores != NULL ? p->rows : p->people_n;
	uint32_t cols = p->scores != NULL ? p->columns : p->people_n;
	uint64_t arcs = 0;
	int64_t units = 0, alone;

	for (int pass = 0; pass < 2; pass++) {
		uint32_t sink = rows + cols + 2;

		alone = 1001 * (units + 1);
		if (pass == 1) {
			str_addf(out, "p min %u %llu\nn 1 %lld\nn %u %lld\n",
			    sink, (unsigned long long)arcs, (long long)units,
			    sink, (long long)-units);
		}
		for (uint32_t i = 0; i < rows; i++) {
			int want = p->scores != NULL     ? 1
				   : p->people[i].mentee ? p->people[i].want
							 : 0;

			if (want == 0)
				continue;
			if (pass == 0) {
				units += want;
				arcs += 2;
			} else {
				str_addf(out,
				    "a 1 %u 0 %d 0\na %u %u 0 %d %lld\n", i + 2,
				    want, i + 2, sink, want, (long long)alone);
			}
			for (uint32_t j = 0; j < cols; j++) {
				if (p->scores == NULL && !p->people[j].mentor)
					continue;
				if (match_may(p, i, j) != NULL)
					continue;
				arcs += pass == 0;
				if (pass == 1)
					str_addf(out, "a %u %u 0 1 %d\n", i + 2,
					    rows + j + 2,
					    1000 - match_score(p, i, j, NULL));
			}
		}
		for (uint32_t j = 0; j < cols; j++) {
			int cap =
			    p->scores == NULL
				? (p->people[j].mentor ? p->people[j].capacity
						       : 0)
			    : p->capacities != NULL ? p->capacities[j]
						    : 1;

			if (cap <= 0)
				continue;
			arcs += pass == 0;
			if (pass == 1)
				str_addf(out, "a %u %u 0 %d 0\n", rows + j + 2,
				    sink, cap);
		}
	}
}
