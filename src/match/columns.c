/*
 * What the fast scorer looks at: mentors as columns of small numbers, so that
 * many are handled at once; names and managers as numbers; attributes that
 * are looked up joined, while few combinations occur; who reports to whom as
 * lists.
 */
#include "match/fast_int.h"

#include <stdlib.h>
#include <string.h>

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

/* --- attributes that are looked up ------------------------------------------ */

static uint32_t
value_of(const struct match_person *x, int attribute)
{
	switch (attribute) {
	case 0:
		return x->learning;
	case 1:
		return x->kinds;
	case 2:
		return x->ways;
	case 3:
		return x->personality;
	default:
		return (uint32_t)x->hours_month;
	}
}

static int
points_of(
    const struct market *mk, int attribute, uint32_t mine, uint32_t theirs)
{
	const int *part = mk->fast->part;
	int a = (int)mine, b = (int)theirs;

	switch (attribute) {
	case 0:
		return part[4] * score_learning(a, b) / 1000;
	case 1:
		return part[3] * score_bits(mine, theirs) / 1000;
	case 2:
		return part[2] * score_bits(mine, theirs) / 1000;
	case 3:
		return part[5] *
		       score_personality(
			   mk->p->weights.personality_policy, a, b) /
		       1000;
	default:
		return part[1] * score_hours(a, b) / 1000;
	}
}

/* Values in use as codes 0, 1, ...; their number. */
static uint32_t
codes_init(struct market *mk, int attribute, const uint32_t *persons,
    uint32_t n, uint16_t *code, uint16_t values[VALUES])
{
	uint16_t code_of[VALUES] = {0};
	uint32_t k = 0;

	for (uint32_t i = 0; i < n; i++)
		code_of[value_of(&mk->p->people[persons[i]], attribute)] = 1;
	for (uint32_t v = 0; v < VALUES; v++)
		if (code_of[v] != 0) {
			values[k] = (uint16_t)v;
			code_of[v] = (uint16_t)k++;
		}
	for (uint32_t i = 0; i < n; i++)
		code[i] =
		    code_of[value_of(&mk->p->people[persons[i]], attribute)];
	return k;
}

static void
attribute_init(struct market *mk, int attribute, uint16_t *code)
{
	struct attribute *t = &mk->fast->attribute[attribute];
	uint16_t mine[VALUES], theirs[VALUES];
	uint32_t rows;

	t->row_code = arena_alloc(mk->arena, (mk->n + 1) * sizeof(uint16_t));
	rows =
	    codes_init(mk, attribute, mk->row_person, mk->n, t->row_code, mine);
	t->codes =
	    codes_init(mk, attribute, mk->col_person, mk->m, code, theirs);
	t->points = arena_alloc(
	    mk->arena, ((size_t)rows * t->codes + 1) * sizeof(int16_t));
	for (uint32_t i = 0; i < rows; i++)
		for (uint32_t j = 0; j < t->codes; j++)
			t->points[(size_t)i * t->codes + j] =
			    (int16_t)points_of(
				mk, attribute, mine[i], theirs[j]);
}

/*
 * Joins one more attribute to a blend, if few combinations come of it.  Codes
 * are given in the order of columns; the table of old and new codes is small.
 */
static bool
blend_join(struct market *mk, struct blend *b, int attribute,
    const uint16_t *code, uint32_t most)
{
	uint32_t codes = mk->fast->attribute[attribute].codes, n = 0;
	uint16_t *met = arena_alloc(
	    mk->arena, ((size_t)b->codes * codes + 1) * sizeof(*met));
	struct blend new = {.n = b->n + 1};

	for (uint32_t j = 0; j < mk->m; j++) {
		size_t at = (size_t)b->code[j] * codes + code[j];

		if (met[at] == 0)
			met[at] = (uint16_t)++n;
	}
	if (n > most)
		return false;
	for (int a = 0; a < new.n; a++) {
		new.part[a] = arena_alloc(mk->arena, n * sizeof(uint16_t));
		new.attribute[a] = a < b->n ? b->attribute[a] : attribute;
	}
	new.code = arena_alloc(mk->arena, mk->m * sizeof(uint16_t));
	new.codes = n;
	for (uint32_t j = 0; j < mk->m; j++) {
		uint16_t k = new.code[j] =
		    (uint16_t)(met[(size_t)b->code[j] * codes + code[j]] - 1);

		for (int a = 0; a < b->n; a++)
			new.part[a][k] = b->part[a][b->code[j]];
		new.part[b->n][k] = code[j];
	}
	*b = new;
	return true;
}

static void
blends_init(struct market *mk, struct fast *f)
{
	uint32_t most = mk->m / 6 < BLEND_CODES ? mk->m / 6 : BLEND_CODES;
	uint16_t *none = arena_alloc(mk->arena, (mk->m + 1) * sizeof(*none));

	for (int a = 0; a < ATTRIBUTES && mk->m > 0; a++) {
		uint16_t *code = arena_alloc(mk->arena, mk->m * sizeof(*code));
		int k = 0;

		attribute_init(mk, a, code);
		while (k < f->blends_n &&
		       !blend_join(mk, &f->blend[k], a, code, most))
			k++;
		if (k < f->blends_n)
			continue;
		f->blend[k] = (struct blend){.code = none, .codes = 1};
		blend_join(mk, &f->blend[f->blends_n++], a, code, VALUES);
	}
}

/* --- who reports to whom ------------------------------------------------------ */

/* Columns by number: of manager `x`, at[x]..at[x + 1]. */
static void
list_init(
    struct market *mk, struct list *l, const int32_t *number, uint32_t numbers)
{
	uint32_t *at = arena_alloc(mk->arena, (numbers + 3) * sizeof(*at));

	l->cols = arena_alloc(mk->arena, (mk->m + 1) * sizeof(*l->cols));
	for (uint32_t j = 0; j < mk->m; j++)
		at[number[j] + 2]++;
	for (uint32_t x = 0; x <= numbers; x++)
		at[x + 2] += at[x + 1];
	for (uint32_t j = 0; j < mk->m; j++)
		l->cols[at[number[j] + 1]++] = j;
	l->at = at;
}

static void
reports_init(struct market *mk, struct fast *f)
{
	struct numbers t = numbers_init(mk);
	int32_t *number = arena_alloc(mk->arena, (mk->m + 1) * sizeof(int32_t));

	for (uint32_t j = 0; j < mk->m; j++)
		number[j] = number_of(&t, mk->p->people[mk->col_person[j]].id);
	list_init(mk, &f->self, number, t.n);
	for (uint32_t j = 0; j < mk->m; j++)
		number[j] =
		    number_of(&t, mk->p->people[mk->col_person[j]].manager_id);
	list_init(mk, &f->reports, number, t.n);
	for (uint32_t j = 0; j < mk->m; j++)
		number[j] = number_of(&t, mk->skip[mk->col_person[j]]);
	list_init(mk, &f->far_reports, number, t.n);
	for (uint32_t i = 0; i < mk->n; i++) {
		const struct match_person *x =
		    &mk->p->people[mk->row_person[i]];

		f->row_id[i] = number_of(&t, x->id);
		f->row_manager[i] = number_of(&t, x->manager_id);
		f->row_skip[i] = number_of(&t, mk->skip[mk->row_person[i]]);
	}
}

static void
columns_fill(struct market *mk, struct fast *f)
{
	for (uint32_t j = 0; j < mk->m; j++) {
		const struct match_person *x =
		    &mk->p->people[mk->col_person[j]];

		for (int s = 0; s < MATCH_SKILLS; s++)
			if (f->now[s] != NULL)
				f->now[s][j] = x->now[s] & 3;
		for (int b = 0; b < WEEK_BYTES; b++)
			f->week[b][j] =
			    (uint8_t)(x->hours.day[b / 6] >> b % 6 * 8);
		f->languages[j] = x->languages;
		f->level[j] = (uint8_t)x->level;
		f->no_hours[j] = hours_empty(&x->hours);
	}
}

struct fast *
fast_init(struct market *mk)
{
	struct arena *a = mk->arena;
	struct fast *f = mk->fast = arena_alloc(a, sizeof(*f));
	size_t m = mk->m + 1, n = mk->n + 1;

	score_parts(&mk->p->weights, f->part);
	for (uint32_t s = 0; s < mk->p->weights.skills_n && s < MATCH_SKILLS;
	     s++)
		f->now[s] = arena_alloc(a, m);
	for (int b = 0; b < WEEK_BYTES; b++)
		f->week[b] = arena_alloc(a, m);
	f->department = arena_alloc(a, m * sizeof(int32_t));
	f->confidentiality = arena_alloc(a, m * sizeof(int32_t));
	f->languages = arena_alloc(a, m * sizeof(uint32_t));
	f->level = arena_alloc(a, m);
	f->no_hours = arena_alloc(a, m);
	f->row_id = arena_alloc(a, n * sizeof(int32_t));
	f->row_manager = arena_alloc(a, n * sizeof(int32_t));
	f->row_skip = arena_alloc(a, n * sizeof(int32_t));
	f->shared = arena_alloc(a, m);
	f->row_department = arena_alloc(a, n * sizeof(int32_t));
	f->row_confidentiality = arena_alloc(a, n * sizeof(int32_t));
	columns_fill(mk, f);
	blends_init(mk, f);
	reports_init(mk, f);
	intern(mk, false, f->row_department, f->department);
	intern(mk, true, f->row_confidentiality, f->confidentiality);
	extras_init(mk, f);
	return f;
}
