/*
 * The same score as score.c for one mentee and all mentors at once.  Compiled
 * for several processors in one binary; integers, so all give the same.
 */
#include "match/fast_int.h"

#include <string.h>

/* What the codes of a blend are worth to one mentee. */
static void
blend_points(const struct fast *f, const struct blend *b, uint32_t row,
    int16_t *restrict points)
{
	for (int a = 0; a < b->n; a++) {
		const struct attribute *t = &f->attribute[b->attribute[a]];
		const int16_t *from =
		    &t->points[(size_t)t->row_code[row] * t->codes];
		const uint16_t *part = b->part[a];

		for (uint32_t c = 0; c < b->codes; c++)
			points[c] =
			    (int16_t)((a == 0 ? 0 : points[c]) + from[part[c]]);
	}
}

static void
row_one(int16_t *restrict out, const uint16_t *restrict code,
    const int16_t *restrict points, uint32_t m)
{
	for (uint32_t j = 0; j < m; j++)
		out[j] = (int16_t)(out[j] + points[code[j]]);
}

static void
row_two(int16_t *restrict out, const uint16_t *restrict one,
    const uint16_t *restrict two, const int16_t *restrict p1,
    const int16_t *restrict p2, uint32_t m, int16_t flat)
{
	for (uint32_t j = 0; j < m; j++)
		out[j] = (int16_t)(flat + p1[one[j]] + p2[two[j]]);
}

static void
row_blends(
    int16_t *out, const struct fast *f, uint32_t row, uint32_t m, int16_t flat)
{
	int16_t points[2][BLEND_CODES];
	int b = 0;

	if (f->blends_n >= 2) {
		blend_points(f, &f->blend[0], row, points[0]);
		blend_points(f, &f->blend[1], row, points[1]);
		row_two(out, f->blend[0].code, f->blend[1].code, points[0],
		    points[1], m, flat);
		b = 2;
	} else {
		for (uint32_t j = 0; j < m; j++)
			out[j] = flat;
	}
	for (; b < f->blends_n; b++) {
		blend_points(f, &f->blend[b], row, points[0]);
		row_one(out, f->blend[b].code, points[0], m);
	}
}

CLONES static void
row_skill(int16_t *restrict out, const uint8_t *restrict now, uint32_t m,
    const int16_t points[4])
{
	int16_t p1 = (int16_t)(points[1] - points[0]),
		d2 = (int16_t)(points[2] - points[1]),
		d3 = (int16_t)(points[3] - points[2]), p0 = points[0];

	for (uint32_t j = 0; j < m; j++) {
		int16_t have = now[j];

		out[j] = (int16_t)(out[j] + p0 + (have >= 1 ? p1 : 0) +
				   (have >= 2 ? d2 : 0) + (have >= 3 ? d3 : 0));
	}
}

/* Half hours in both, for eight half hours of the week. */
CLONES static void
row_shared(uint8_t *restrict out, const uint8_t *restrict theirs, uint32_t m,
    uint8_t mine)
{
	for (uint32_t j = 0; j < m; j++) {
		uint8_t x = theirs[j] & mine;

		x = (uint8_t)(x - (x >> 1 & 0x55));
		x = (uint8_t)((x & 0x33) + (x >> 2 & 0x33));
		out[j] = (uint8_t)(out[j] + ((x + (x >> 4)) & 0x0f));
	}
}

CLONES static void
row_time(int16_t *restrict out, const uint8_t *restrict shared,
    const uint8_t *restrict no_hours, uint32_t m, uint16_t part, uint8_t need,
    int16_t unknown)
{
	for (uint32_t j = 0; j < m; j++) {
		uint8_t n = shared[j];
		uint16_t most = n < SCORE_SHARED_FULL ? n : SCORE_SHARED_FULL;
		uint16_t points = (uint16_t)(part * most) / SCORE_SHARED_FULL;
		int16_t known =
		    n < need ? -1 : (int16_t)(out[j] + (int16_t)points);

		out[j] = no_hours[j] ? (int16_t)(out[j] + unknown) : known;
	}
}

/*
 * Half hours in both, of those a byte can tell: a week has 336.  As far as
 * points and rules go, 255 are as good as more; fewer than needed are 0.
 */
static void
row_hours(const struct fast *f, uint32_t m, const struct hours *mine, int need)
{
	int left = need > 255 ? -1 : 255;

	memset(f->shared, 0, m);
	for (int b = 0; b < WEEK_BYTES; b++) {
		uint8_t x = (uint8_t)(mine->day[b / 6] >> b % 6 * 8);

		left -= __builtin_popcount(x);
		if (x != 0 && left >= 0)
			row_shared(f->shared, f->week[b], m, x);
	}
	for (uint32_t j = 0; left < 0 && j < m; j++) {
		int n = 0;

		for (int b = 0; b < WEEK_BYTES; b++)
			n += __builtin_popcount(
			    f->week[b][j] & mine->day[b / 6] >> b % 6 * 8);
		f->shared[j] = (uint8_t)(n < need ? 0 : n < 255 ? n : 255);
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

/* Forbids the columns of a list that have this number. */
static void
row_list(int16_t *out, const struct list *l, int32_t number)
{
	if (number == 0)
		return;
	for (uint32_t x = l->at[number]; x < l->at[number + 1]; x++)
		out[l->cols[x]] = -1;
}

static void
row_rules(int16_t *out, const struct fast *f, uint32_t m,
    const struct match_rules *r, const struct match_person *x, uint32_t row)
{
	int32_t department = f->row_department[row];
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
	row_list(out, &f->self, f->row_id[row]);
	if (r->no_manager) {
		row_list(out, &f->self, f->row_manager[row]);
		row_list(out, &f->reports, f->row_id[row]);
	}
	if (r->no_skip_manager) {
		row_list(out, &f->self, f->row_skip[row]);
		row_list(out, &f->far_reports, f->row_id[row]);
	}
	if (r->no_same_manager)
		row_list(out, &f->reports, f->row_manager[row]);
}

void
fast_row(const struct market *mk, uint32_t row, int16_t *out)
{
	const struct fast *f = mk->fast;
	const struct match_person *x = &mk->p->people[mk->row_person[row]];
	int16_t points[MATCH_SKILLS][4];
	int16_t unknown = (int16_t)(f->part[6] * 500 / 1000);
	int left =
	    x->left_out > SCORE_CREDIT_FULL ? SCORE_CREDIT_FULL : x->left_out;
	int flat = f->part[7] * (left * 1000 / SCORE_CREDIT_FULL) / 1000;
	bool hours = !hours_empty(&x->hours);

	row_blends(
	    out, f, row, mk->m, (int16_t)(hours ? flat : flat + unknown));
	score_skills(&mk->p->weights, f->part[0], x, points);
	for (int s = 0; s < MATCH_SKILLS; s++)
		if (f->now[s] != NULL && points[s][3] != 0)
			row_skill(out, f->now[s], mk->m, points[s]);
	for (uint32_t e = f->extra_at[row]; e < f->extra_at[row + 1]; e++) {
		uint32_t j = (uint32_t)(f->extra[e].key % mk->m);

		out[j] = (int16_t)(out[j] + f->extra[e].points);
	}
	if (hours) {
		int need = mk->p->rules.shared_half_hours;

		row_hours(f, mk->m, &x->hours, need);
		row_time(out, f->shared, f->no_hours, mk->m,
		    (uint16_t)f->part[6],
		    (uint8_t)(need < 0     ? 0
			      : need < 255 ? need
					   : 255),
		    unknown);
	}
	row_rules(out, f, mk->m, &mk->p->rules, x, row);
}
