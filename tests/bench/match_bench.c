/*
 * Matching of invented people of structure (archetypes of skills, levels,
 * departments, hours): match_bench N M CAPACITY STEPS [SCORES]
 * STEPS "plain" (numbers, total), "usual", "leximin", "bottleneck", "score" (nothing but scoring all
 * pairs), "repair" (mentors drop out), or "product": a matrix of products
 * instead of people, which is hard for all solvers.  Prints pairs, total, rounds, CPU seconds and peak memory.
 * With SCORES nothing is solved: it receives the matrix as 16-bit numbers, -1
 * forbidden, for other solvers to read; or, when its name ends in ".min", the
 * problem in DIMACS.
 */
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/file.h"
#include "base/num.h"
#include "match/match_int.h"

enum {
	SKILLS = 24,
	ARCHETYPES = 6
};

static uint64_t seed = 7;

static uint32_t
pick(uint32_t below)
{
	seed = seed * 6364136223846793005u + 1442695040888963407u;
	return (uint32_t)((seed >> 33) % below);
}

static void
person_init(struct arena *a, struct match_person *x, uint32_t i, bool mentee,
    int capacity, uint32_t n)
{
	uint32_t type = pick(ARCHETYPES);

	x->id = (int64_t)i + 1;
	x->key = x->name = arena_spanf(a, "p%06u@example.org", i);
	x->mentee = mentee;
	x->mentor = !mentee;
	x->want = 1;
	x->capacity = capacity == 1 ? 1 : 1 + (int)pick((uint32_t)capacity);
	x->level = mentee ? 3 + (int)pick(7) : 1 + (int)pick(8);
	x->department = arena_spanf(a, "D%u", pick(12));
	x->manager_id = 1 + pick(n);
	x->languages = 1 + pick(3);
	x->hours_month = 1 + (int)pick(8);
	x->ways = (uint8_t)(1 + pick(15));
	x->kinds = (uint8_t)(1 + pick(7));
	x->learning = (uint8_t)(1 + pick(3));
	for (int k = 0; k < 4; k++)
		x->personality |= (uint8_t)((1 + pick(3)) << 2 * k);
	for (int k = 0; k < 3; k++) {
		int from = 960 / 2 + 30 * (int)pick(16);

		hours_add(&x->hours, 1 + (int)pick(5), from, from + 120);
	}
	for (uint32_t s = 0; s < SKILLS; s++)
		x->now[s] = (uint8_t)(pick(3) == 0 ? 1 + pick(2) : 0);
	for (uint32_t k = 0; k < 4; k++) {
		uint32_t s = (type * 4 + pick(8)) % SKILLS;

		if (mentee)
			x->wanted[s] = (uint8_t)(2 + pick(2));
		else
			x->now[s] = (uint8_t)(2 + pick(2));
	}
}

static int
scores_write(struct arena *a, const struct match_problem *p, uint32_t n,
    const char *path, struct err *err)
{
	uint32_t m = p->scores != NULL ? p->columns : p->people_n - n;
	uint32_t first = p->scores != NULL ? 0 : n;
	int16_t *out = arena_alloc(a, (size_t)n * m * sizeof(*out));

	for (uint32_t i = 0; i < n; i++)
		for (uint32_t j = 0; j < m; j++)
			out[(size_t)i * m + j] =
			    (int16_t)(match_may(p, i, first + j) != NULL
					  ? -1
					  : match_score(p, i, first + j, NULL));
	return file_write(path,
	    (struct span){(char *)out, (size_t)n * m * sizeof(*out)}, false,
	    err);
}

static int
dimacs_write(struct arena *a, const struct match_problem *p, const char *path,
    struct err *err)
{
	struct str out;

	str_init(&out, a, (size_t)1 << 31);
	match_dimacs(p, &out);
	return file_write(path, str_span(&out), false, err);
}

static void
peak_print(struct arena *a)
{
	struct span text, line;
	struct err err;

	if (file_read(a, "/proc/self/status", 1 << 20, &text, &err) < 0)
		return;
	while (span_line(&text, &line))
		if (span_starts(line, "VmHWM:"))
			printf(" peak %.*s",
			    (int)span_trim(span_skip(line, 6)).n,
			    span_trim(span_skip(line, 6)).p);
}

/* Nobody may wait: what the pass over all pairs costs alone. */
static int
scoring_print(struct arena *a, const struct match_problem *p, uint32_t n)
{
	struct market mk;
	struct err err;
	int16_t *row;
	int64_t sum = 0, pairs;
	double seconds;
	clock_t begin;

	if (market_init(a, p, &mk, &err) < 0)
		return 1;
	row = arena_alloc(a, (mk.m + 1) * sizeof(*row));
	begin = clock();
	for (int pass = 0; pass < 5; pass++)
		for (uint32_t i = 0; i < n; i++) {
			market_row(&mk, i, row);
			sum += row[i % mk.m];
		}
	seconds = (double)(clock() - begin) / CLOCKS_PER_SEC;
	pairs = (int64_t)5 * n * mk.m;
	printf("rmail score: %.2e pairs/s (sum %lld)\n",
	    (double)pairs / seconds, (long long)sum);
	return 0;
}

/* Everybody agrees who is best, and the best gain most by each other. */
static void
product_init(struct arena *a, struct match_problem *p, uint32_t n, uint32_t m)
{
	int32_t *scores = arena_alloc(a, (size_t)n * m * sizeof(*scores));
	uint32_t *mine = arena_alloc(a, n * sizeof(*mine));
	uint32_t *theirs = arena_alloc(a, m * sizeof(*theirs));

	for (uint32_t i = 0; i < n; i++)
		mine[i] = pick(100001);
	for (uint32_t j = 0; j < m; j++)
		theirs[j] = pick(100001);
	for (uint32_t i = 0; i < n; i++)
		for (uint32_t j = 0; j < m; j++)
			scores[(size_t)i * m + j] =
			    (int32_t)((uint64_t)mine[i] * theirs[j] / 10000000);
	p->scores = scores;
	p->rows = n;
	p->columns = m;
}

static void
people_init(struct arena *a, struct match_problem *p, uint32_t n, uint32_t m,
    int capacity)
{
	struct match_person *people =
	    arena_alloc(a, (size_t)(n + m) * sizeof(*people));

	for (uint32_t i = 0; i < n + m; i++)
		person_init(a, &people[i], i, i < n, capacity, n);
	p->people = people;
	p->people_n = n + m;
	p->rules = (struct match_rules){.no_manager = true,
	    .no_skip_manager = true,
	    .no_same_manager = true,
	    .min_level_gap = 1,
	    .department = MATCH_DEPT_CROSS,
	    .shared_language = true};
	p->weights = (struct match_weights){.skills = 45,
	    .hours = 5,
	    .ways = 5,
	    .kinds = 10,
	    .learning = 5,
	    .personality = 10,
	    .shared_time = 10,
	    .credit = 5,
	    .picks = 5,
	    .skills_n = SKILLS};
	for (int s = 0; s < SKILLS; s++)
		p->weights.skill_weight[s] = 1 + s % 3;
}

static int
solve_print(struct arena *a, const struct match_problem *p, const char *what)
{
	struct match_result r;
	struct err err = {0};
	clock_t begin = clock();

	if (match_solve(a, p, NULL, NULL, &r, &err) < 0) {
		fprintf(stderr, "%s\n", err.text);
		return 1;
	}
	printf("rmail %s: %u pairs, %lld points, %u rounds, %.3f s CPU,", what,
	    r.pairs_n, (long long)r.total, r.rounds,
	    (double)(clock() - begin) / CLOCKS_PER_SEC);
	peak_print(a);
	printf("\n");
	return 0;
}

struct repairs {
	uint32_t n, in_time; /* within a millisecond */
	int64_t sum, worst;
};

/* The search alone: the problem is laid out and the proof is left to others. */
static int
repair_time(const struct match_problem *p, const struct match_result *r,
    int64_t gone, struct repairs *all, struct err *err)
{
	struct arena own;
	struct repair *repair;
	int64_t took;
	int rc;

	arena_init(&own);
	repair = arena_alloc(&own, sizeof(*repair));
	rc = repair_init(&own, p, r, &gone, 1, repair, err);
	if (rc == 0) {
		took = (int64_t)clock();
		repair_search(&own, repair);
		took = (int64_t)clock() - took;
		all->n++;
		all->in_time += took <= CLOCKS_PER_SEC / 1000;
		all->sum += took;
		all->worst = took > all->worst ? took : all->worst;
	}
	arena_release(&own);
	return rc;
}

/* All of it; how many others moved. */
static int
repair_whole(const struct match_problem *p, const struct match_result *r,
    uint32_t pair, uint32_t *moved, struct err *err)
{
	struct arena own;
	struct match_result next;
	int64_t gone = p->people[r->pairs[pair].mentor].id;

	arena_init(&own);
	if (match_repair(&own, p, r, &gone, 1, &next, err) < 0)
		return -1;
	for (uint32_t y = 0, z = 0; y < next.pairs_n; y++) {
		while (z < r->pairs_n &&
		       r->pairs[z].mentee != next.pairs[y].mentee)
			z++;
		*moved += z < r->pairs_n && z != pair &&
			  r->pairs[z].mentor != next.pairs[y].mentor;
		z = z == r->pairs_n ? 0 : z;
	}
	arena_release(&own);
	return 0;
}

static void
repairs_print(const char *who, const struct repairs *all)
{
	printf("%s %u: %.3f ms, %.1f%% within 1, worst %.2f; ", who, all->n,
	    1e3 * (double)all->sum / all->n / CLOCKS_PER_SEC,
	    100.0 * all->in_time / all->n,
	    1e3 * (double)all->worst / CLOCKS_PER_SEC);
}

/* One after the other drops out; each time from the same standing. */
static int
repair_print(struct arena *a, struct match_problem *p)
{
	enum {
		EACH = 3, /* pairs */
		WHOLES = 20
	};
	struct match_result r;
	struct repairs mentors = {0}, mentees = {0};
	struct err err = {0};
	uint32_t moved = 0, wholes = 0;
	int64_t whole;

	p->steps_n = 0;
	if (match_solve(a, p, NULL, NULL, &r, &err) < 0)
		return 1;
	for (uint32_t x = 0; x < r.pairs_n; x += EACH)
		if (repair_time(p, &r, p->people[r.pairs[x].mentor].id,
			&mentors, &err) < 0 ||
		    repair_time(p, &r, p->people[r.pairs[x].mentee].id,
			&mentees, &err) < 0)
			return 1;
	whole = (int64_t)clock();
	for (uint32_t x = 0; x < r.pairs_n; x += r.pairs_n / WHOLES + 1) {
		if (repair_whole(p, &r, x, &moved, &err) < 0)
			return 1;
		wholes++;
	}
	whole = (int64_t)clock() - whole;
	repairs_print("mentors gone", &mentors);
	repairs_print("mentees", &mentees);
	printf("with scoring and proof %.0f ms, %.2f others moved\n",
	    1e3 * (double)whole / wholes / CLOCKS_PER_SEC,
	    (double)moved / wholes);
	return 0;
}

int
main(int argc, char **argv)
{
	static const enum match_step plain[] = {
	    MATCH_STEP_CARDINALITY, MATCH_STEP_TOTAL};
	static const enum match_step leximin[] = {
	    MATCH_STEP_CARDINALITY, MATCH_STEP_LEXIMIN, MATCH_STEP_TOTAL};
	static const enum match_step bottleneck[] = {
	    MATCH_STEP_CARDINALITY, MATCH_STEP_BOTTLENECK, MATCH_STEP_TOTAL};
	struct match_problem p = {.good_enough = 500};
	struct arena a;
	struct err err = {0};
	int64_t n, m, capacity;
	int rc;

	if (argc < 5 || !num_int(span_of(argv[1]), 1, 200000, &n) ||
	    !num_int(span_of(argv[2]), 1, 200000, &m) ||
	    !num_int(span_of(argv[3]), 1, 10, &capacity))
		return 64;
	arena_init(&a);
	if (strcmp(argv[4], "product") == 0)
		product_init(&a, &p, (uint32_t)n, (uint32_t)m);
	else
		people_init(&a, &p, (uint32_t)n, (uint32_t)m, (int)capacity);
	if (strcmp(argv[4], "leximin") == 0 ||
	    strcmp(argv[4], "bottleneck") == 0) {
		p.steps = argv[4][0] == 'l' ? leximin : bottleneck;
		p.steps_n = 3;
	} else if (strcmp(argv[4], "usual") != 0) {
		p.steps = plain;
		p.steps_n = 2;
	}
	if (argc > 5 && span_ends(span_of(argv[5]), ".min"))
		rc = dimacs_write(&a, &p, argv[5], &err) < 0;
	else if (argc > 5)
		rc = scores_write(&a, &p, (uint32_t)n, argv[5], &err) < 0;
	else if (strcmp(argv[4], "score") == 0)
		rc = scoring_print(&a, &p, (uint32_t)n);
	else if (strcmp(argv[4], "repair") == 0)
		rc = repair_print(&a, &p);
	else
		rc = solve_print(&a, &p, argv[4]);
	arena_release(&a);
	return rc;
}
