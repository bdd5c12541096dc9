/*
 * The same score as score.c for one mentee and all mentors at once: mentors
 * as columns of bytes, the mentee's side as tables.  Compiled for several
 * processors in one binary; integers, so all give the same.
 */
#include "match/match_int.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__) && \
    !defined(__SANITIZE_ADDRESS__)
#define CLONES                                                           \
	__attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", \
			   "arch=x86-64-v2", "default"),                 \
	    optimize("O3")))
#else
#define CLONES
#endif

struct extra {
	uint64_t key;
	int16_t points;
};

struct fast {
	int part[MATCH_CRITERIA];
	/* of columns */
	uint8_t *now[MATCH_SKILLS];
	int32_t *id, *manager, *skip; /* numbers; 0 unknown */
	uint64_t *day[7];
	int32_t *department, *confidentiality;
	uint32_t *languages;
	uint16_t *hours_month;
	uint8_t *level, *ways, *kinds, *learning, *personality, *no_hours;
	/* of rows */
	int32_t *row_id, *row_manager, *row_skip;
	int32_t *row_department, *row_confidentiality;
	/* picks, sorted by row and column */
	struct extra *extra;
	uint32_t *extra_at;
	uint8_t *shared; /* scratch: shared half hours */
};

static int
extra_cmp(const void *a, const void *b)
{
	uint64_t x = ((const struct extra *)a)->key;
	uint64_t y = ((const struct extra *)b)->key;

	return (x > y) - (x < y);
}

struct by_id {
	int64_t id;
	uint32_t at;
};

static int
by_id_cmp(const void *a, const void *b)
{
	int64_t x = ((const struct by_id *)a)->id;
	int64_t y = ((const struct by_id *)b)->id;

	return (x > y) - (x < y);
}

static uint32_t
by_id_find(const struct by_id *t, uint32_t n, int64_t id)
{
	struct by_id key = {id, 0};
	const struct by_id *hit =
	    n == 0 ? NULL : bsearch(&key, t, n, sizeof(*t), by_id_cmp);

	return hit == NULL ? UINT32_MAX : hit->at;
}

/* Names as numbers: the same name in any case gives the same number. */
struct named {
	struct span name;
	uint32_t at;
	int32_t *out;
};

static int
named_cmp(const void *pa, const void *pb)
{
	struct span a = ((const struct named *)pa)->name;
	struct span b = ((const struct named *)pb)->name;
	size_t n = a.n < b.n ? a.n : b.n;

	for (size_t i = 0; i < n; i++) {
		int d = (unsigned char)ascii_lower(a.p[i]) -
			(unsigned char)ascii_lower(b.p[i]);

		if (d != 0)
			return d;
	}
	return (a.n > b.n) - (a.n < b.n);
}

static void
intern(struct market *mk, bool confidentiality, int32_t *rows, int32_t *cols)
{
	uint32_t n = mk->n + mk->m;
	struct named *all = arena_alloc(mk->arena, (n + 1) * sizeof(*all));
	int32_t number = 0;

	for (uint32_t i = 0; i < n; i++) {
		bool is_row = i < mk->n;
		const struct match_person *x =
		    &mk->p->people[is_row ? mk->row_person[i]
					  : mk->col_person[i - mk->n]];

		all[i].name =
		    confidentiality ? x->confidentiality : x->department;
		all[i].at = is_row ? i : i - mk->n;
		all[i].out = is_row ? rows : cols;
	}
	if (n > 0)
		qsort(all, n, sizeof(*all), named_cmp);
	for (uint32_t i = 0; i < n; i++) {
		if (i == 0 || named_cmp(&all[i - 1], &all[i]) != 0)
			number++;
		all[i].out[all[i].at] = all[i].name.n == 0 ? 0 : number;
	}
}

static void
extras_init(struct market *mk, struct fast *f)
{
	const struct match_problem *p = mk->p;
	struct by_id *rows =
	    arena_alloc(mk->arena, (mk->n + 1) * sizeof(*rows));
	struct by_id *cols =
	    arena_alloc(mk->arena, (mk->m + 1) * sizeof(*cols));
	size_t room = 1;
	uint32_t n = 0, k = 0;

	for (uint32_t i = 0; i < p->people_n; i++)
		room += 2 * (size_t)p->people[i].picks_n;
	f->extra = arena_alloc(mk->arena, room * sizeof(*f->extra));
	f->extra_at = arena_alloc(mk->arena, (mk->n + 1) * sizeof(uint32_t));
	for (uint32_t i = 0; i < mk->n; i++)
		rows[i] = (struct by_id){p->people[mk->row_person[i]].id, i};
	for (uint32_t j = 0; j < mk->m; j++)
		cols[j] = (struct by_id){p->people[mk->col_person[j]].id, j};
	if (mk->n > 0)
		qsort(rows, mk->n, sizeof(*rows), by_id_cmp);
	if (mk->m > 0)
		qsort(cols, mk->m, sizeof(*cols), by_id_cmp);
	for (uint32_t i = 0; i < p->people_n; i++) {
		const struct match_person *x = &p->people[i];
		uint32_t r = by_id_find(rows, mk->n, x->id);
		uint32_t c = by_id_find(cols, mk->m, x->id);

		for (uint32_t q = 0; q < x->picks_n; q++) {
			uint32_t pc = by_id_find(cols, mk->m, x->picks[q]);
			uint32_t pr = by_id_find(rows, mk->n, x->picks[q]);

			if (r != UINT32_MAX && pc != UINT32_MAX)
				f->extra[n++].key = (uint64_t)r * mk->m + pc;
			if (c != UINT32_MAX && pr != UINT32_MAX)
				f->extra[n++].key = (uint64_t)pr * mk->m + c;
		}
	}
	if (n > 0)
		qsort(f->extra, n, sizeof(*f->extra), extra_cmp);
	for (uint32_t i = 0; i < n; i++) {
		if (k > 0 && f->extra[k - 1].key == f->extra[i].key)
			continue;
		f->extra[k++] = f->extra[i];
	}
	for (uint32_t i = 0, e = 0; i <= mk->n; i++) {
		while (e < k && f->extra[e].key < (uint64_t)i * mk->m)
			e++;
		f->extra_at[i] = e;
	}
	for (uint32_t e = 0; e < k; e++) {
		int shares[MATCH_CRITERIA];

		match_score(p, mk->row_person[f->extra[e].key / mk->m],
		    mk->col_person[f->extra[e].key % mk->m], shares);
		f->extra[e].points = (int16_t)shares[8];
	}
}

static int64_t
skip_of(const struct match_problem *p, const struct by_id *ids,
    const struct match_person *x)
{
	uint32_t at = x->manager_id == 0
			  ? UINT32_MAX
			  : by_id_find(ids, p->people_n, x->manager_id);

	return at == UINT32_MAX ? 0 : p->people[at].manager_id;
}

/* All ids that occur, so that 32 bits do for each. */
struct numbers {
	int64_t *ids;
	uint32_t n;
};

static int
i64_cmp(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return (x > y) - (x < y);
}

static struct numbers
numbers_init(struct market *mk)
{
	uint32_t n = mk->p->people_n, k = 0;
	int64_t *ids = arena_alloc(mk->arena, (2 * n + 1) * sizeof(*ids));

	for (uint32_t i = 0; i < n; i++) {
		ids[2 * i] = mk->p->people[i].id;
		ids[2 * i + 1] = mk->p->people[i].manager_id;
	}
	if (n > 0)
		qsort(ids, 2 * n, sizeof(*ids), i64_cmp);
	for (uint32_t i = 0; i < 2 * n; i++)
		if (i == 0 || ids[i] != ids[i - 1])
			ids[k++] = ids[i];
	return (struct numbers){ids, k};
}

static int32_t
number_of(const struct numbers *t, int64_t id)
{
	const int64_t *hit;

	if (id == 0)
		return 0;
	hit = bsearch(&id, t->ids, t->n, sizeof(id), i64_cmp);
	return hit == NULL ? 0 : (int32_t)(hit - t->ids) + 1;
}

static void
columns_fill(struct market *mk, struct fast *f, const struct by_id *ids)
{
	struct numbers t = numbers_init(mk);

	for (uint32_t j = 0; j < mk->m; j++) {
		const struct match_person *x =
		    &mk->p->people[mk->col_person[j]];

		for (int s = 0; s < MATCH_SKILLS; s++)
			f->now[s][j] = x->now[s] & 3;
		for (int d = 0; d < 7; d++)
			f->day[d][j] = x->hours.day[d];
		f->id[j] = number_of(&t, x->id);
		f->manager[j] = number_of(&t, x->manager_id);
		f->skip[j] = number_of(&t, skip_of(mk->p, ids, x));
		f->languages[j] = x->languages;
		f->hours_month[j] = (uint16_t)x->hours_month;
		f->level[j] = (uint8_t)x->level;
		f->ways[j] = x->ways;
		f->kinds[j] = x->kinds;
		f->learning[j] = x->learning;
		f->personality[j] = x->personality;
		f->no_hours[j] = hours_empty(&x->hours);
	}
	for (uint32_t i = 0; i < mk->n; i++) {
		const struct match_person *x =
		    &mk->p->people[mk->row_person[i]];

		f->row_id[i] = number_of(&t, x->id);
		f->row_manager[i] = number_of(&t, x->manager_id);
		f->row_skip[i] = number_of(&t, skip_of(mk->p, ids, x));
	}
}

struct fast *
fast_init(struct market *mk)
{
	struct arena *a = mk->arena;
	struct fast *f = arena_alloc(a, sizeof(*f));
	size_t m = mk->m + 1, n = mk->n + 1;
	struct by_id *ids =
	    arena_alloc(a, (mk->p->people_n + 1) * sizeof(*ids));

	for (uint32_t i = 0; i < mk->p->people_n; i++)
		ids[i] = (struct by_id){mk->p->people[i].id, i};
	if (mk->p->people_n > 0)
		qsort(ids, mk->p->people_n, sizeof(*ids), by_id_cmp);
	score_parts(&mk->p->weights, f->part);
	for (int s = 0; s < MATCH_SKILLS; s++)
		f->now[s] = arena_alloc(a, m);
	for (int d = 0; d < 7; d++)
		f->day[d] = arena_alloc(a, m * sizeof(uint64_t));
	f->id = arena_alloc(a, m * sizeof(int32_t));
	f->manager = arena_alloc(a, m * sizeof(int32_t));
	f->skip = arena_alloc(a, m * sizeof(int32_t));
	f->department = arena_alloc(a, m * sizeof(int32_t));
	f->confidentiality = arena_alloc(a, m * sizeof(int32_t));
	f->languages = arena_alloc(a, m * sizeof(uint32_t));
	f->hours_month = arena_alloc(a, m * sizeof(uint16_t));
	f->level = arena_alloc(a, m);
	f->ways = arena_alloc(a, m);
	f->kinds = arena_alloc(a, m);
	f->learning = arena_alloc(a, m);
	f->personality = arena_alloc(a, m);
	f->no_hours = arena_alloc(a, m);
	f->row_id = arena_alloc(a, n * sizeof(int32_t));
	f->row_manager = arena_alloc(a, n * sizeof(int32_t));
	f->row_skip = arena_alloc(a, n * sizeof(int32_t));
	f->shared = arena_alloc(a, m);
	f->row_department = arena_alloc(a, n * sizeof(int32_t));
	f->row_confidentiality = arena_alloc(a, n * sizeof(int32_t));
	columns_fill(mk, f, ids);
	intern(mk, false, f->row_department, f->department);
	intern(mk, true, f->row_confidentiality, f->confidentiality);
	extras_init(mk, f);
	return f;
}

/* What a mentor's attributes are worth to one mentee. */
struct tables {
	int16_t hours[745], ways[256], kinds[256], learning[256],
	    personality[256], time[SCORE_SHARED_FULL + 1];
	int16_t flat;
};

static void
tables_init(
    const struct market *mk, const struct match_person *x, struct tables *t)
{
	const int *part = mk->fast->part;
	int left =
	    x->left_out > SCORE_CREDIT_FULL ? SCORE_CREDIT_FULL : x->left_out;

	for (int i = 0; i < 745; i++)
		t->hours[i] =
		    (int16_t)(part[1] * score_hours(x->hours_month, i) / 1000);
	for (uint32_t i = 0; i < 256; i++) {
		t->ways[i] = (int16_t)(part[2] * score_bits(x->ways, i) / 1000);
		t->kinds[i] =
		    (int16_t)(part[3] * score_bits(x->kinds, i) / 1000);
		t->learning[i] =
		    (int16_t)(part[4] * score_learning(x->learning, (int)i) /
			      1000);
		t->personality[i] =
		    (int16_t)(part[5] *
			      score_personality(
				  mk->p->weights.personality_policy,
				  x->personality, (int)i) /
			      1000);
	}
	for (int i = 0; i <= SCORE_SHARED_FULL; i++)
		t->time[i] =
		    (int16_t)(part[6] * (i * 1000 / SCORE_SHARED_FULL) / 1000);
	t->flat = (int16_t)(part[7] * (left * 1000 / SCORE_CREDIT_FULL) / 1000);
}

CLONES static void
row_skill(int16_t *restrict out, const uint8_t *restrict now, uint32_t m,
    const int16_t points[4])
{
	int16_t p1 = points[1], d2 = (int16_t)(points[2] - points[1]),
		d3 = (int16_t)(points[3] - points[2]), p0 = points[0];

	for (uint32_t j = 0; j < m; j++)
		out[j] =
		    (int16_t)(out[j] + (now[j] >= 1 ? p1 : p0) +
			      (now[j] >= 2 ? d2 : 0) + (now[j] >= 3 ? d3 : 0));
}

CLONES static void
row_tables(int16_t *restrict out, const struct fast *f, uint32_t m,
    const struct tables *t)
{
	for (uint32_t j = 0; j < m; j++)
		out[j] = (int16_t)(t->flat + t->hours[f->hours_month[j]] +
				   t->ways[f->ways[j]] + t->kinds[f->kinds[j]] +
				   t->learning[f->learning[j]] +
				   t->personality[f->personality[j]]);
}

CLONES static void
row_shared(uint8_t *restrict out, const uint64_t *restrict theirs, uint32_t m,
    uint64_t mine)
{
	for (uint32_t j = 0; j < m; j++) {
		uint64_t x = mine & theirs[j];

		x -= x >> 1 & 0x5555555555555555u;
		x = (x & 0x3333333333333333u) + (x >> 2 & 0x3333333333333333u);
		x = (x + (x >> 4)) & 0x0f0f0f0f0f0f0f0fu;
		x += x >> 8;
		x += x >> 16;
		x += x >> 32;
		out[j] = (uint8_t)(out[j] + (x & 0x7f));
	}
}

/* A week has 336 half hours: more than 255 are as good as 255. */
static void
row_time(int16_t *restrict out, const struct fast *f, uint32_t m,
    const struct tables *t, const uint64_t day[7], int need, int16_t unknown)
{
	int left = 255;

	memset(f->shared, 0, m);
	for (int d = 0; d < 7; d++) {
		left -= __builtin_popcountll(day[d]);
		if (day[d] != 0 && left >= 0)
			row_shared(f->shared, f->day[d], m, day[d]);
	}
	for (uint32_t j = 0; j < m; j++) {
		int n = f->shared[j];

		for (int d = 0; left < 0 && d < 7; d++)
			n = d == 0 ? __builtin_popcountll(day[0] & f->day[0][j])
				   : n + __builtin_popcountll(
					     day[d] & f->day[d][j]);
		if (f->no_hours[j])
			out[j] = (int16_t)(out[j] + unknown);
		else if (n < need)
			out[j] = -1;
		else
			out[j] = (int16_t)(out[j] +
					   t->time[n < SCORE_SHARED_FULL
						       ? n
						       : SCORE_SHARED_FULL]);
	}
}

CLONES static void
row_levels(int16_t *restrict out, const uint8_t *restrict level, uint32_t m,
    int16_t mine, int16_t low, int16_t high)
{
	for (uint32_t j = 0; j < m; j++) {
		int16_t gap = (int16_t)(mine - level[j]);
		bool no = (level[j] != 0) & ((gap < low) | (gap > high));

		out[j] = no ? -1 : out[j];
	}
}

/* Forbids those whose number is the same as (or differs from) this one. */
CLONES static void
row_same(int16_t *restrict out, const int32_t *restrict theirs, uint32_t m,
    int32_t mine)
{
	for (uint32_t j = 0; j < m; j++)
		out[j] = theirs[j] == mine ? -1 : out[j];
}

CLONES static void
row_other(int16_t *restrict out, const int32_t *restrict theirs, uint32_t m,
    int32_t mine)
{
	for (uint32_t j = 0; j < m; j++)
		out[j] = (theirs[j] != mine) & (theirs[j] != 0) ? -1 : out[j];
}

CLONES static void
row_tongues(int16_t *restrict out, const uint32_t *restrict theirs, uint32_t m,
    uint32_t mine)
{
	for (uint32_t j = 0; j < m; j++)
		out[j] =
		    (theirs[j] != 0) & ((theirs[j] & mine) == 0) ? -1 : out[j];
}

static void
row_rules(int16_t *out, const struct fast *f, uint32_t m,
    const struct match_rules *r, const struct match_person *x, uint32_t row)
{
	int32_t id = f->row_id[row], boss = f->row_manager[row];
	int32_t over = f->row_skip[row], department = f->row_department[row];
	int32_t group = f->row_confidentiality[row];

	if (x->level != 0 && (r->min_level_gap != 0 || r->max_level_gap > 0))
		row_levels(out, f->level, m, (int16_t)x->level,
		    (int16_t)(r->min_level_gap == 0 ? -300 : r->min_level_gap),
		    (int16_t)(r->max_level_gap <= 0 ? 300 : r->max_level_gap));
	if (department != 0 && r->department == MATCH_DEPT_CROSS)
		row_same(out, f->department, m, department);
	if (department != 0 && r->department == MATCH_DEPT_SAME)
		row_other(out, f->department, m, department);
	if (group != 0 && r->no_same_confidentiality)
		row_same(out, f->confidentiality, m, group);
	if (r->shared_language && x->languages != 0)
		row_tongues(out, f->languages, m, x->languages);
	row_same(out, f->id, m, id);
	if (r->no_manager && boss != 0)
		row_same(out, f->id, m, boss);
	if (r->no_manager && id != 0)
		row_same(out, f->manager, m, id);
	if (r->no_skip_manager && over != 0)
		row_same(out, f->id, m, over);
	if (r->no_skip_manager && id != 0)
		row_same(out, f->skip, m, id);
	if (r->no_same_manager && boss != 0)
		row_same(out, f->manager, m, boss);
}

void
fast_row(const struct market *mk, uint32_t row, int16_t *out)
{
	const struct fast *f = mk->fast;
	const struct match_person *x = &mk->p->people[mk->row_person[row]];
	int16_t points[MATCH_SKILLS][4];
	int16_t unknown = (int16_t)(f->part[6] * 500 / 1000);
	struct tables t;

	tables_init(mk, x, &t);
	row_tables(out, f, mk->m, &t);
	score_skills(&mk->p->weights, f->part[0], x, points);
	for (int s = 0; s < MATCH_SKILLS; s++)
		if (points[s][3] != 0)
			row_skill(out, f->now[s], mk->m, points[s]);
	for (uint32_t e = f->extra_at[row]; e < f->extra_at[row + 1]; e++) {
		uint32_t j = (uint32_t)(f->extra[e].key % mk->m);

		out[j] = (int16_t)(out[j] + f->extra[e].points);
	}
	if (hours_empty(&x->hours)) {
		for (uint32_t j = 0; j < mk->m; j++)
			out[j] = (int16_t)(out[j] + unknown);
	} else {
		row_time(out, f, mk->m, &t, x->hours.day,
		    mk->p->rules.shared_half_hours, unknown);
	}
	row_rules(out, f, mk->m, &mk->p->rules, x, row);
}
