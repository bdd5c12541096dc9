/*
 * The problem in canonical order: rows and columns sorted by key, so that
 * nothing depends on the order of the input; locked pairs placed and taken
 * out; the list of steps turned into weights.
 */
#include "match/match_int.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

enum {
	ROOM_FIRST = 16 /* candidate pairs of a row */
};

struct ranked {
	struct span key;
	int64_t id;
	uint32_t at;
};

static int
ranked_cmp(const void *pa, const void *pb)
{
	const struct ranked *a = pa, *b = pb;
	int c = span_cmp(a->key, b->key);

	if (c != 0)
		return c;
	return (a->id > b->id) - (a->id < b->id);
}

static int
u64_cmp(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return (x > y) - (x < y);
}

static bool
key_find(const uint64_t *keys, const uint32_t *at, uint32_t row, uint64_t key)
{
	uint32_t low = at[row], high = at[row + 1];

	while (low < high) {
		uint32_t mid = low + (high - low) / 2;

		if (keys[mid] == key)
			return true;
		if (keys[mid] < key)
			low = mid + 1;
		else
			high = mid;
	}
	return false;
}

bool
market_bans(const struct market *mk, uint32_t row, uint32_t col)
{
	return key_find(
	    mk->banned, mk->banned_at, row, (uint64_t)row * mk->m + col);
}

bool
market_stands(const struct market *mk, uint32_t row, uint32_t col)
{
	return mk->standing_n > 0 && key_find(mk->standing, mk->standing_at,
					 row, (uint64_t)row * mk->m + col);
}

static uint32_t *
keys_index(struct market *mk, uint64_t *keys, uint32_t n)
{
	uint32_t *at = arena_alloc(mk->arena, (mk->n + 1) * sizeof(*at));
	uint32_t k = 0;

	if (n > 0)
		qsort(keys, n, sizeof(*keys), u64_cmp);
	for (uint32_t i = 0; i <= mk->n; i++) {
		while (k < n && keys[k] < (uint64_t)i * mk->m)
			k++;
		at[i] = k;
	}
	return at;
}

int
market_score(const struct market *mk, uint32_t row, uint32_t col)
{
	uint32_t a = mk->row_person[row], b = mk->col_person[col];
	const struct match_problem *p = mk->p;
	int s;

	if (market_bans(mk, row, col))
		return -1;
	if (p->scores == NULL &&
	    (rules_may(p, &p->people[a], &p->people[b]) != NULL ||
		rules_skip(&p->rules, &p->people[a], mk->skip[a], &p->people[b],
		    mk->skip[b]) != NULL))
		return -1;
	s = match_score(p, a, b, NULL);
	return s < mk->floor ? -1 : s;
}

void
market_row(const struct market *mk, uint32_t row, int16_t *out)
{
	const struct match_problem *p = mk->p;

	if (mk->fast != NULL) {
		fast_row(mk, row, out);
	} else {
		const int32_t *from =
		    p->scores + (size_t)mk->row_person[row] * p->columns;

		for (uint32_t j = 0; j < mk->m; j++)
			out[j] = (int16_t)from[mk->col_person[j]];
	}
	for (uint32_t k = mk->banned_at[row]; k < mk->banned_at[row + 1]; k++)
		out[mk->banned[k] % mk->m] = -1;
	if (mk->floor > 0)
		for (uint32_t j = 0; j < mk->m; j++)
			if (out[j] < mk->floor)
				out[j] = -1;
}

/* --- building --------------------------------------------------------- */

static uint32_t *
order(struct market *mk, struct ranked *r, uint32_t n)
{
	uint32_t *out = arena_alloc(mk->arena, (n + 1) * sizeof(*out));

	if (n > 0)
		qsort(r, n, sizeof(*r), ranked_cmp);
	for (uint32_t i = 0; i < n; i++)
		out[i] = r[i].at;
	return out;
}

uint32_t *
people_order(struct arena *a, const struct match_problem *p)
{
	struct ranked *all = arena_alloc(a, (p->people_n + 1) * sizeof(*all));
	struct market mk = {.arena = a};

	for (uint32_t i = 0; i < p->people_n; i++)
		all[i] = (struct ranked){p->people[i].key, p->people[i].id, i};
	return order(&mk, all, p->people_n);
}

static void
take_people(struct market *mk)
{
	const struct match_problem *p = mk->p;
	size_t bytes = (p->people_n + 1) * sizeof(struct ranked);
	struct ranked *rows = arena_alloc(mk->arena, bytes);
	struct ranked *cols = arena_alloc(mk->arena, bytes);

	for (uint32_t i = 0; i < p->people_n; i++) {
		const struct match_person *x = &p->people[i];
		struct ranked r = {x->key, x->id, i};

		if (x->mentee && x->want > 0)
			rows[mk->n++] = r;
		if (x->mentor && x->capacity > 0)
			cols[mk->m++] = r;
	}
	mk->row_person = order(mk, rows, mk->n);
	mk->col_person = order(mk, cols, mk->m);
	mk->demand = arena_alloc(mk->arena, (mk->n + 1) * sizeof(int));
	mk->cap = arena_alloc(mk->arena, (mk->m + 1) * sizeof(int));
	for (uint32_t i = 0; i < mk->n; i++)
		mk->demand[i] = p->people[mk->row_person[i]].want;
	for (uint32_t j = 0; j < mk->m; j++)
		mk->cap[j] = p->people[mk->col_person[j]].capacity;
}

static void
take_matrix(struct market *mk)
{
	const struct match_problem *p = mk->p;
	struct ranked *rows =
	    arena_alloc(mk->arena, (p->rows + 1) * sizeof(*rows));
	struct ranked *cols =
	    arena_alloc(mk->arena, (p->columns + 1) * sizeof(*cols));

	for (uint32_t i = 0; i < p->rows; i++) {
		struct span key =
		    p->row_names != NULL ? p->row_names[i] : SPAN("");

		rows[mk->n++] = (struct ranked){key, i, i};
	}
	for (uint32_t j = 0; j < p->columns; j++) {
		struct span key =
		    p->column_names != NULL ? p->column_names[j] : SPAN("");

		if (p->capacities == NULL || p->capacities[j] > 0)
			cols[mk->m++] = (struct ranked){key, j, j};
	}
	mk->row_person = order(mk, rows, mk->n);
	mk->col_person = order(mk, cols, mk->m);
	mk->demand = arena_alloc(mk->arena, (mk->n + 1) * sizeof(int));
	mk->cap = arena_alloc(mk->arena, (mk->m + 1) * sizeof(int));
	for (uint32_t i = 0; i < mk->n; i++)
		mk->demand[i] = 1;
	for (uint32_t j = 0; j < mk->m; j++)
		mk->cap[j] = p->capacities == NULL
				 ? 1
				 : p->capacities[mk->col_person[j]];
}

static int
check_people(const struct match_problem *p, struct arena *a, struct err *err)
{
	struct ranked *all = arena_alloc(a, (p->people_n + 1) * sizeof(*all));

	for (uint32_t i = 0; i < p->people_n; i++) {
		const struct match_person *x = &p->people[i];

		if (x->capacity < 0 || x->want < 0 || x->capacity > 1000 ||
		    x->want > 1000 || x->left_out < 0 || x->level < 0 ||
		    x->level > 255 || x->hours_month < 0 ||
		    x->hours_month > 744)
			return err_set(err, ERR_ITEM,
			    "%.*s: a capacity, level or number of hours is "
			    "out of range",
			    (int)x->key.n, x->key.p);
		all[i] = (struct ranked){SPAN(""), x->id, i};
	}
	if (p->people_n > 0)
		qsort(all, p->people_n, sizeof(*all), ranked_cmp);
	for (uint32_t i = 1; i < p->people_n; i++)
		if (all[i].id == all[i - 1].id)
			return err_set(err, ERR_ITEM,
			    "two people have the number %lld",
			    (long long)all[i].id);
	return 0;
}

static int
check_problem(struct arena *a, const struct match_problem *p, struct err *err)
{
	const struct match_weights *w = &p->weights;
	const int given[] = {w->skills, w->hours, w->ways, w->kinds,
	    w->learning, w->personality, w->shared_time, w->credit, w->picks};

	if (p->scores == NULL && p->rows > 0 && p->columns > 0)
		return err_set(err, ERR_ITEM, "the matrix has no scores");
	for (size_t i = 0; i < sizeof(given) / sizeof(*given); i++)
		if (given[i] < 0 || given[i] > 1000000)
			return err_set(
			    err, ERR_ITEM, "a weight is out of range");
	if (p->scores == NULL)
		return check_people(p, a, err);
	for (size_t i = 0; i < (size_t)p->rows * p->columns; i++)
		if (p->scores[i] < -1 || p->scores[i] > MATCH_SCORE_MAX)
			return err_set(err, ERR_ITEM,
			    "row %zu, column %zu: the score %d is not within "
			    "0 and %d",
			    i / p->columns + 1, i % p->columns + 1,
			    (int)p->scores[i], MATCH_SCORE_MAX);
	for (uint32_t j = 0; p->capacities != NULL && j < p->columns; j++)
		if (p->capacities[j] < 0)
			return err_set(err, ERR_ITEM,
			    "column %u: the capacity is below zero", j + 1);
	return 0;
}

/* --- pairs ------------------------------------------------------------- */

struct where {
	int64_t id;
	uint32_t at;
};

static int
where_cmp(const void *a, const void *b)
{
	int64_t x = ((const struct where *)a)->id;
	int64_t y = ((const struct where *)b)->id;

	return (x > y) - (x < y);
}

static struct where *
where_init(struct market *mk, const uint32_t *persons, uint32_t n)
{
	struct where *w = arena_alloc(mk->arena, (n + 1) * sizeof(*w));

	for (uint32_t i = 0; i < n; i++) {
		w[i].id = mk->p->scores != NULL ? (int64_t)persons[i]
						: mk->p->people[persons[i]].id;
		w[i].at = i;
	}
	if (n > 0)
		qsort(w, n, sizeof(*w), where_cmp);
	return w;
}

static bool
where_find(const struct where *w, uint32_t n, int64_t id, uint32_t *at)
{
	struct where key = {id, 0};
	const struct where *hit =
	    n == 0 ? NULL : bsearch(&key, w, n, sizeof(*w), where_cmp);

	if (hit != NULL)
		*at = hit->at;
	return hit != NULL;
}

static void
trouble_add(struct market *mk, const struct match_pair_rule *r, const char *why)
{
	mk->troubles[mk->troubles_n++] =
	    (struct match_trouble){r->mentee_id, r->mentor_id, why};
}

/* A lock counts first and always; what it breaks is told. */
static void
lock_place(struct market *mk, const struct match_pair_rule *r, uint32_t row,
    uint32_t col)
{
	uint32_t a = mk->row_person[row], b = mk->col_person[col];
	struct match_pair *pair = &mk->locked[mk->locked_n];
	const char *why = match_may(mk->p, a, b);

	for (uint32_t k = 0; k < mk->locked_n; k++)
		if (mk->locked[k].mentee == a && mk->locked[k].mentor == b)
			return;
	if (mk->p->scores == NULL &&
	    mk->p->people[a].id == mk->p->people[b].id) {
		trouble_add(mk, r, "rule-self");
		return;
	}
	if (why != NULL)
		trouble_add(mk, r, why);
	if (mk->demand[row] == 0)
		trouble_add(mk, r, "lock-mentee-full");
	else
		mk->demand[row]--;
	if (mk->cap[col] == 0)
		trouble_add(mk, r, "lock-mentor-full");
	else
		mk->cap[col]--;
	pair->mentee = a;
	pair->mentor = b;
	pair->locked = true;
	pair->score = match_score(mk->p, a, b, pair->shares);
	if (pair->score < 0)
		pair->score = pair->shares[0] = 0;
	mk->locked_n++;
	mk->banned[mk->banned_n++] = (uint64_t)row * mk->m + col;
}

static int
lock_cmp(const void *pa, const void *pb)
{
	const struct match_pair_rule *a = pa, *b = pb;

	if (a->mentee_id != b->mentee_id)
		return a->mentee_id < b->mentee_id ? -1 : 1;
	return (a->mentor_id > b->mentor_id) - (a->mentor_id < b->mentor_id);
}

static void
take_locks(
    struct market *mk, const struct where *rows, const struct where *cols)
{
	const struct match_problem *p = mk->p;
	struct match_pair_rule *locks =
	    arena_alloc(mk->arena, (p->pairs_n + 1) * sizeof(*locks));
	uint32_t n = 0;

	for (uint32_t k = 0; k < p->pairs_n; k++)
		if (p->pairs[k].kind == MATCH_LOCKED)
			locks[n++] = p->pairs[k];
	if (n > 0)
		qsort(locks, n, sizeof(*locks), lock_cmp);
	for (uint32_t k = 0; k < n; k++) {
		uint32_t i, j;

		if (!where_find(rows, mk->n, locks[k].mentee_id, &i))
			trouble_add(mk, &locks[k], "lock-no-mentee");
		else if (!where_find(cols, mk->m, locks[k].mentor_id, &j))
			trouble_add(mk, &locks[k], "lock-no-mentor");
		else
			lock_place(mk, &locks[k], i, j);
	}
}

static void
take_pairs(struct market *mk)
{
	const struct match_problem *p = mk->p;
	struct where *rows = where_init(mk, mk->row_person, mk->n);
	struct where *cols = where_init(mk, mk->col_person, mk->m);
	size_t room = (size_t)p->pairs_n * 3 + 1;

	mk->banned = arena_alloc(mk->arena, room * sizeof(uint64_t));
	mk->standing = arena_alloc(mk->arena, room * sizeof(uint64_t));
	mk->locked =
	    arena_alloc(mk->arena, (p->pairs_n + 1) * sizeof(*mk->locked));
	mk->troubles = arena_alloc(mk->arena, room * sizeof(*mk->troubles));
	take_locks(mk, rows, cols);
	for (uint32_t k = 0; k < p->pairs_n; k++) {
		const struct match_pair_rule *r = &p->pairs[k];
		uint32_t i, j;

		if (where_find(rows, mk->n, r->mentee_id, &i) &&
		    where_find(cols, mk->m, r->mentor_id, &j)) {
			uint64_t key = (uint64_t)i * mk->m + j;

			if (r->kind == MATCH_EXCLUDED ||
			    (r->kind == MATCH_EARLIER &&
				p->rules.no_earlier_pair))
				mk->banned[mk->banned_n++] = key;
			if (r->kind == MATCH_STANDING)
				mk->standing[mk->standing_n++] = key;
		}
		if (r->kind == MATCH_EXCLUDED && p->scores == NULL &&
		    where_find(rows, mk->n, r->mentor_id, &i) &&
		    where_find(cols, mk->m, r->mentee_id, &j))
			mk->banned[mk->banned_n++] = (uint64_t)i * mk->m + j;
	}
	mk->banned_at = keys_index(mk, mk->banned, mk->banned_n);
	mk->standing_at = keys_index(mk, mk->standing, mk->standing_n);
}

/* Managers of managers, each found once. */
static void
take_skips(struct market *mk)
{
	const struct match_problem *p = mk->p;
	uint32_t *all =
	    arena_alloc(mk->arena, (p->people_n + 1) * sizeof(*all));
	struct where *ids;
	uint32_t at;

	mk->skip =
	    arena_alloc(mk->arena, (p->people_n + 1) * sizeof(*mk->skip));
	for (uint32_t i = 0; i < p->people_n; i++)
		all[i] = i;
	ids = where_init(mk, all, p->people_n);
	for (uint32_t i = 0; i < p->people_n; i++)
		if (p->people[i].manager_id != 0 &&
		    where_find(ids, p->people_n, p->people[i].manager_id, &at))
			mk->skip[i] = p->people[at].manager_id;
}

int
market_init(struct arena *arena, const struct match_problem *p,
    struct market *mk, struct err *err)
{
	if (check_problem(arena, p, err) < 0)
		return -1;
	*mk = (struct market){.arena = arena, .p = p};
	if (p->scores != NULL)
		take_matrix(mk);
	else
		take_people(mk);
	take_pairs(mk);
	if (p->scores == NULL) {
		take_skips(mk);
		mk->fast = fast_init(mk);
	}
	return 0;
}

void
meter_show(const struct meter *meter, uint32_t rounds)
{
	if (meter != NULL && meter->fn != NULL)
		meter->fn(meter->cookie, (int)(1000 - 1000 / (rounds + 1)));
}

void
solution_add(struct arena *a, const struct market *mk, struct solution *s,
    uint32_t row, uint32_t col, int score)
{
	struct edge *e;

	if (s->edges_n[row] == s->room[row]) {
		uint32_t more = s->room[row] * 2 + ROOM_FIRST;
		struct edge *bigger = arena_alloc(a, more * sizeof(*bigger));

		if (s->edges_n[row] > 0)
			memcpy(bigger, s->edges[row],
			    s->edges_n[row] * sizeof(*bigger));
		s->edges[row] = bigger;
		s->room[row] = more;
	}
	e = &s->edges[row][s->edges_n[row]++];
	e->col = col;
	e->score = (int16_t)score;
	e->flags = market_stands(mk, row, col) ? EDGE_STANDING : 0;
}
