/* A result for programs, and the problem for other solvers. */
#include "match/match_int.h"

#include "base/value.h"

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

static void
add_text(struct str *out, const char *name, struct span text)
{
	str_addf(out, "\"%s\":", name);
	json_write_text(text, out);
}

static void
add_pair(
    struct str *out, const struct match_problem *p, const struct match_pair *q)
{
	str_addc(out, '{');
	add_text(out, "mentee", key_of(p, q->mentee, true));
	str_addc(out, ',');
	add_text(out, "mentor", key_of(p, q->mentor, false));
	str_addf(out, ",\"score\":%d,\"shares\":{", q->score);
	/* A matrix has nothing that a score could consist of. */
	for (int c = 0; c < MATCH_CRITERIA && p->scores == NULL; c++)
		str_addf(out, "%s\"%s\":%d", c > 0 ? "," : "", criteria[c],
		    q->shares[c]);
	str_addz(out, q->locked ? "},\"locked\":true}" : "}}");
}

static void
add_unmatched(struct str *out, const struct match_problem *p,
    const struct match_result *r)
{
	str_addz(out, "],\"unmatched\":[");
	for (uint32_t x = 0; x < r->unmatched_n; x++) {
		str_addz(out, x > 0 ? ",{" : "{");
		add_text(out, "person", key_of(p, r->unmatched[x], true));
		str_addc(out, ',');
		add_text(out, "why", r->unmatched_why[x]);
		str_addc(out, '}');
	}
	str_addz(out, "],\"problems\":[");
	for (uint32_t x = 0; x < r->troubles_n; x++)
		str_addf(out, "%s\"lock of mentee %lld and mentor %lld: %s\"",
		    x > 0 ? "," : "", (long long)r->troubles[x].mentee_id,
		    (long long)r->troubles[x].mentor_id, r->troubles[x].why);
}

void
match_json(const struct match_problem *p, const struct match_result *r,
    int64_t milliseconds, struct str *out)
{
	enum match_step steps[8];
	uint32_t n = match_steps(p, steps);

	str_addf(out,
	    "{\"matched\":%u,\"total\":%lld,\"worst\":%d,"
	    "\"worst5\":[",
	    r->pairs_n, (long long)r->total, r->worst);
	for (uint32_t x = 0; x < r->worst5_n; x++)
		str_addf(out, "%s%d", x > 0 ? "," : "", r->worst5[x]);
	str_addz(out, "],\"objective\":[");
	for (uint32_t x = 0; x < n; x++)
		str_addf(
		    out, "%s\"%s\"", x > 0 ? "," : "", step_names[steps[x]]);
	str_addz(out, "],\"pairs\":[");
	for (uint32_t x = 0; x < r->pairs_n; x++) {
		if (x > 0)
			str_addc(out, ',');
		add_pair(out, p, &r->pairs[x]);
	}
	add_unmatched(out, p, r);
	str_addf(out,
	    "],\"proof\":{\"ok\":%s,\"pairs_checked\":%lld,"
	    "\"cover\":%lld},",
	    r->proof.ok ? "true" : "false", (long long)r->proof.pairs_checked,
	    (long long)r->proof.cover);
	str_addf(out, "\"blocking_pairs\":%lld,\"rounds\":%u,\"ms\":%lld}",
	    (long long)r->blocking_pairs, r->rounds, (long long)milliseconds);
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
