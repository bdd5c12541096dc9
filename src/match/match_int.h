/*
 * What the files of match/ share.  A market is the problem in canonical
 * order (people by key), locked pairs taken out; a gauge turns a score into
 * a weight of `k` words that are compared lexicographically, so that one
 * linear programme over an ordered group holds the whole list of steps.
 */
#ifndef MATCH_MATCH_INT_H
#define MATCH_MATCH_INT_H

#include "match/match.h"

enum {
	EDGE_STANDING = 1,
	EDGE_MATCHED = 2,
	BAND_POINTS = 25,
	COMBOS_MAX = 1 << 16,
};

struct market {
	struct arena *arena;
	const struct match_problem *p;
	uint32_t n, m;                     /* rows, columns */
	uint32_t *row_person, *col_person; /* people (or matrix) indices */
	int *demand, *cap;
	int floor; /* pairs that score less are forbidden (bottleneck) */
	/* row * m + column, sorted; with where each row begins. */
	uint64_t *banned, *standing;
	uint32_t banned_n, standing_n;
	uint32_t *banned_at, *standing_at;
	struct match_pair *locked;
	uint32_t locked_n;
	struct match_trouble *troubles;
	uint32_t troubles_n;
	int64_t *skip;     /* of people: their manager's manager; 0 unknown */
	struct fast *fast; /* NULL for a matrix */
};

/* Scores from one end to the next share a digit. */
struct bands {
	int points; /* of one band */
	uint32_t n;
	int end[MATCH_SCORE_MAX + 1];
};

struct digits;
struct gauge {
	const struct digits *digits;
	uint32_t k;
	int64_t *tab;      /* by score, k each; at -1: below all */
	int64_t *row_add;  /* n * k */
	int64_t *stand;    /* k: on top for standing pairs */
	int64_t card_unit; /* of a pair, when "most people" is first; or 0 */
};

struct edge {
	uint32_t col;
	int16_t score, flags;
};

struct slot {
	uint32_t row, edge;
};

struct solution {
	int64_t *u, *v; /* n * k, m * k */
	struct edge **edges;
	uint32_t *edges_n, *room;
	struct slot **slots; /* of columns: the rows that have them */
	int *used;           /* slots taken */
	int *placed;         /* places that a row has */
	uint32_t rounds;
};

struct meter {
	match_progress_fn *fn;
	void *cookie;
};

/* match.c */
bool market_bans(const struct market *, uint32_t row, uint32_t col);
bool market_stands(const struct market *, uint32_t row, uint32_t col);
/* Scores of a row with all columns, -1 forbidden; fast. */
void market_row(const struct market *, uint32_t row, int16_t *out);
/* One pair with the scalar scorer; -1 forbidden. */
int market_score(const struct market *, uint32_t row, uint32_t col);

/*
 * match.c: a solution as a result, with its proof.  ERR_STOP when that fails.
 */
int match_finish(struct arena *, struct market *, const struct gauge *,
    const struct solution *, struct match_result *, struct err *);

/* repair.c: what a repair goes on from. */
struct search;
struct repair {
	struct match_problem with; /* without those who are gone */
	enum match_step steps[8];
	uint32_t steps_n;
	struct market market;
	struct bands bands[2];
	struct gauge before, gauge;
	struct solution solution;
	struct search *search;
	bool goes_on; /* from stored duals; else all is to be solved */
};
int repair_init(struct arena *, const struct match_problem *,
    const struct match_result *standing, const int64_t *gone, uint32_t gone_n,
    struct repair *, struct err *);
void repair_search(struct arena *, struct repair *);

/* market.c */
/* Indices of people by key, then number. */
uint32_t *people_order(struct arena *, const struct match_problem *);
int market_init(struct arena *, const struct match_problem *, struct market *,
    struct err *);
/* One more candidate pair. */
void solution_add(struct arena *, const struct market *, struct solution *,
    uint32_t row, uint32_t col, int score);
void meter_show(const struct meter *, uint32_t rounds);
/* gauge.c: the steps in force. */
uint32_t match_steps(const struct match_problem *, enum match_step out[8]);
/* gauge.c; bands of the fair and of the leximin step. */
void gauge_init(const struct market *, const enum match_step *,
    uint32_t steps_n, const struct bands bands[2], struct gauge *);
/* All bands of a step together. */
void bands_init(const struct match_problem *, enum match_step, struct bands *);
/* Are these bands of the step, and all of them? */
bool bands_check(
    const struct match_problem *, enum match_step, const struct bands *);
/*
 * Tells bands apart after how many pairs have each score; false when that
 * was not needed: all but the last of those together were empty.
 */
bool bands_split(struct bands *, const uint32_t scores[MATCH_SCORE_MAX + 1]);
/* Tells one band more apart, from the top; false when all are. */
bool bands_finer(struct bands *);
/* The words a gauge of these bands has. */
uint32_t gauge_words(const struct market *, const enum match_step *,
    uint32_t steps_n, const struct bands bands[2]);
/* A gauge as numbers beside the duals: how many, and they themselves. */
uint32_t gauge_written(const struct gauge *);
void gauge_write(const struct gauge *, int64_t *out);
/* Digits and words only, and the bands they tell of; false when damaged. */
bool gauge_read(struct arena *, const int64_t *, uint32_t n, struct gauge *,
    struct bands bands[2]);
bool gauge_is(const struct gauge *, const struct gauge *);
/* Duals as another gauge would have them, about; never below 0. */
void gauge_convert(const struct gauge *from, const int64_t *duals, uint32_t n,
    const struct gauge *to, int64_t *out);

/* explain.c: the name, else the key; does somebody take part on that side? */
struct span explain_name(
    const struct match_problem *, uint32_t at, bool is_row);
bool explain_takes_part(
    const struct match_problem *, uint32_t at, bool as_mentee);
uint32_t explain_side(const struct match_problem *, bool rows);

/* rules.c: all rules but the pairs and the manager's manager. */
const char *rules_may(const struct match_problem *,
    const struct match_person *mentee, const struct match_person *mentor);
/* That one, given the managers of their managers (0 unknown). */
const char *rules_skip(const struct match_rules *,
    const struct match_person *mentee, int64_t mentee_skip,
    const struct match_person *mentor, int64_t mentor_skip);

/* score.c */
void score_parts(const struct match_weights *, int parts[MATCH_CRITERIA]);
int score_hours(int a, int b);
int score_bits(uint32_t a, uint32_t b);
int score_learning(int a, int b);
int score_personality(enum match_personality, int a, int b);
/* Points of each wanted skill for 1, 2, 3 levels above the mentee's. */
void score_skills(const struct match_weights *, int part,
    const struct match_person *mentee, int16_t points[MATCH_SKILLS][4]);
enum {
	SCORE_SHARED_FULL = 20,
	SCORE_CREDIT_FULL = 3
};

/* fast.c */
struct fast *fast_init(struct market *);
void fast_row(const struct market *, uint32_t row, int16_t *out);

/*
 * solve.c: the solution zeroed, or an earlier one to go on from, whose duals
 * are of the gauge `before`.
 */
void solve_market(struct arena *, const struct market *,
    const struct gauge *before, const struct gauge *, const struct meter *,
    struct solution *);
void solution_init(struct arena *, const struct market *, struct solution *);

/* price.c: new candidates, by the duals over all pairs; how many. */
struct pricing;
struct pricing *pricing_new(struct arena *, const struct market *,
    const struct gauge *, const struct meter *, struct solution *);
uint32_t pricing_all(struct pricing *);

/* path.c, bids.c: the optimum over the solution's edges. */
struct search;
struct search *search_new(struct arena *, const struct market *,
    const struct gauge *, const struct meter *, struct solution *);
/*
 * Gives up looking for places once so many rows were scanned; the number of
 * rows whose place is not settled yet.
 */
uint32_t search_settle(struct search *, uint64_t scans);
/* sift.c: looks at all pairs from now on, not at candidates only. */
void search_all_pairs(struct search *);
/* Leaves the pairs that their duals do not bear out. */
void search_drop(struct search *);
/*
 * From duals that hold over all pairs (a matched pair may weigh more), with a
 * few rows and places open: the optimum over all pairs.
 */
void search_mend(struct search *);
/* Rows of one place gain all that their place is worth, as the proof asks. */
void search_tighten(struct search *);
/* Lexicographic order of k words. */
int words_cmp(const int64_t *a, const int64_t *b, uint32_t k);

/* Compiled for several processors in one binary. */
#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__) && \
    !defined(__SANITIZE_ADDRESS__)
#define CLONES                                                           \
	__attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", \
			   "arch=x86-64-v2", "default"),                 \
	    optimize("O3")))
#else
#define CLONES
#endif

#define INLINE static inline __attribute__((always_inline))

INLINE int
words_compare(const int64_t *a, const int64_t *b, const uint32_t K)
{
	for (uint32_t k = 0; k < K; k++)
		if (a[k] != b[k])
			return a[k] < b[k] ? -1 : 1;
	return 0;
}

/* What the pair (row, edge) weighs. */
INLINE void
words_weigh(const struct gauge *g, uint32_t row, struct edge e, int64_t *out,
    const uint32_t K)
{
	const int64_t *t = &g->tab[(size_t)(uint16_t)e.score * K];
	const int64_t *r = &g->row_add[(size_t)row * K];

	for (uint32_t k = 0; k < K; k++)
		out[k] = t[k] + r[k];
	if (e.flags & EDGE_STANDING)
		for (uint32_t k = 0; k < K; k++)
			out[k] += g->stand[k];
}

/* What everybody has at worst: pairs above both would rather have each other.
 */
struct envy {
	int16_t *row, *col;
	int64_t n;
};
/*
 * proof.c; counts the envious on its way, when asked.  Up to `scalar` pairs
 * all are judged by the scalar scorer.
 */
int proof_check(struct arena *, const struct market *, const struct gauge *,
    const struct match_pair *pairs, uint32_t pairs_n, const int64_t *u,
    const int64_t *v, uint64_t scalar, struct envy *, struct match_proof *);

/* fair.c: both kinds of bands, not told apart. */
void fair_bands(const struct match_problem *, struct bands bands[2]);
/* Tells bands apart as this solution shows the need; false without. */
bool fair_split(const struct market *, const enum match_step *,
    uint32_t steps_n, const struct solution *, struct bands bands[2]);
/*
 * Tells bands of the fair step apart before a solution shows the need: those
 * that these further `scores` would need beside the solution's (which are
 * added to them), and then from the top as many as `words` hold.
 */
void fair_foresee(const struct market *, const enum match_step *,
    uint32_t steps_n, const struct solution *, uint32_t *scores, uint32_t words,
    struct bands bands[2]);
/* The optimum of all steps but the bottleneck; gauge and solution zeroed. */
void fair_solve(struct arena *, const struct market *, const enum match_step *,
    uint32_t steps_n, struct bands bands[2], const struct meter *,
    struct gauge *, struct solution *);
/* The highest floor that costs the steps before it nothing; sets it. */
int fair_floor(
    struct arena *, struct market *, const enum match_step *, uint32_t steps_n);
/* Is it that floor?  Sets it. */
bool fair_is_floor(struct arena *, struct market *, const enum match_step *,
    uint32_t steps_n, int floor);
/* Value of a solution: what all its pairs weigh, by words. */
void solution_value(const struct market *, const struct gauge *,
    const struct solution *, int64_t *value);

#endif
