/*
 * A matrix of scores and its capacities from CSV text.  Read cell by cell
 * here, not by base/csv, whose limit on cells is meant for rosters.
 */
#include "match/match_int.h"

#include <stdlib.h>

#include "base/num.h"
#include "base/vec.h"

enum {
	SIDE_MAX = 100000
};

struct grid {
	struct span rest;
	char separator;
	int line;
};

static void
grid_open(struct grid *g, struct span text)
{
	struct span head, rest = span_starts(text, "\xef\xbb\xbf")
				     ? span_skip(text, 3)
				     : text;

	g->rest = rest;
	g->line = 0;
	g->separator = ',';
	if (span_line(&rest, &head) && span_findc(head, ',') == head.n)
		g->separator = span_findc(head, ';') < head.n ? ';' : '\t';
}

/* The next line that is not blank. */
static bool
grid_line(struct grid *g, struct span *line)
{
	while (span_line(&g->rest, line)) {
		g->line++;
		if (span_trim(*line).n > 0)
			return true;
	}
	return false;
}

static bool
grid_cell(struct grid *g, struct span *line, struct span *cell)
{
	if (!span_part(line, g->separator, cell))
		return false;
	*cell = span_trim(*cell);
	if (cell->n >= 2 && cell->p[0] == '"' && cell->p[cell->n - 1] == '"')
		*cell = span_sub(*cell, 1, cell->n - 1);
	return true;
}

struct matrix {
	struct span *rows, *cols;
	uint32_t rows_n, cols_n;
	int32_t *scores, *caps;
};

struct name_at {
	struct span name;
	uint32_t at;
};

static int
name_cmp(const void *a, const void *b)
{
	return span_cmp(((const struct name_at *)a)->name,
	    ((const struct name_at *)b)->name);
}

static struct name_at *
names_sort(struct arena *a, const struct span *names, uint32_t n,
    const char *what, struct err *err)
{
	struct name_at *all = arena_alloc(a, (n + 1) * sizeof(*all));

	for (uint32_t i = 0; i < n; i++)
		all[i] = (struct name_at){names[i], i};
	if (n > 0)
		qsort(all, n, sizeof(*all), name_cmp);
	for (uint32_t i = 1; i < n; i++)
		if (span_eq(all[i].name, all[i - 1].name)) {
			err_exit(err, ERR_ITEM, 65, "two %s are named %.*s",
			    what, (int)all[i].name.n, all[i].name.p);
			return NULL;
		}
	return all;
}

static int
matrix_row(struct arena *a, struct grid *g, struct span line, struct matrix *x,
    struct err *err)
{
	struct span cell;
	size_t at = (size_t)x->rows_n * x->cols_n;
	uint32_t j = 0;

	grid_cell(g, &line, &cell);
	vec_room(a, &x->rows, x->rows_n, sizeof(*x->rows));
	x->rows[x->rows_n++] = cell;
	while (grid_cell(g, &line, &cell)) {
		int64_t score = -1;

		if (j == x->cols_n)
			return err_exit(err, ERR_ITEM, 65,
			    "scores, line %d: more than %u columns", g->line,
			    x->cols_n + 1);
		if (cell.n > 0 && !num_int(cell, 0, MATCH_SCORE_MAX, &score))
			return err_exit(err, ERR_ITEM, 65,
			    "scores, line %d, column %u: \"%.*s\" is no "
			    "number within 0 and %d",
			    g->line, j + 2, (int)(cell.n < 40 ? cell.n : 40),
			    cell.p, MATCH_SCORE_MAX);
		x->scores[at + j++] = (int32_t)score;
	}
	if (j != x->cols_n)
		return err_exit(err, ERR_ITEM, 65,
		    "scores, line %d: %u columns instead of %u", g->line, j + 1,
		    x->cols_n + 1);
	return 0;
}

/* Room for all at once; each score has a separator in the text. */
static size_t
scores_most(struct span text, const struct matrix *x)
{
	size_t lines = 1;

	for (size_t i = 0; i < text.n; i++)
		lines += text.p[i] == '\n';
	return x->cols_n > 0 && lines < text.n / x->cols_n
		   ? lines * x->cols_n
		   : text.n + x->cols_n + 1;
}

static int
matrix_scores(
    struct arena *a, struct span text, struct matrix *x, struct err *err)
{
	struct grid g;
	struct span line, cell;

	grid_open(&g, text);
	if (!grid_line(&g, &line))
		return err_exit(err, ERR_ITEM, 65, "scores: there is no line");
	grid_cell(&g, &line, &cell);
	while (grid_cell(&g, &line, &cell)) {
		if (x->cols_n == SIDE_MAX)
			return err_exit(
			    err, ERR_ITEM, 65, "scores: too many columns");
		vec_room(a, &x->cols, x->cols_n, sizeof(*x->cols));
		x->cols[x->cols_n++] = cell;
	}
	x->scores = arena_alloc(a, scores_most(text, x) * sizeof(*x->scores));
	while (grid_line(&g, &line)) {
		if (x->rows_n == SIDE_MAX)
			return err_exit(
			    err, ERR_ITEM, 65, "scores: too many lines");
		if (matrix_row(a, &g, line, x, err) < 0)
			return -1;
	}
	return 0;
}

static int
matrix_caps(struct span text, struct matrix *x, const struct name_at *names,
    struct err *err)
{
	struct grid g;
	struct span line, name, cell;

	for (uint32_t j = 0; j < x->cols_n; j++)
		x->caps[j] = -1;
	grid_open(&g, text);
	if (!grid_line(&g, &line))
		return err_exit(
		    err, ERR_ITEM, 65, "capacities: there is no line");
	while (grid_line(&g, &line)) {
		struct name_at key = {SPAN(""), 0};
		const struct name_at *hit;
		int64_t n;

		grid_cell(&g, &line, &name);
		key.name = name;
		hit = bsearch(&key, names, x->cols_n, sizeof(key), name_cmp);
		if (hit == NULL)
			return err_exit(err, ERR_ITEM, 65,
			    "capacities, line %d, column 1: there is no "
			    "mentor %.*s",
			    g.line, (int)name.n, name.p);
		if (!grid_cell(&g, &line, &cell) ||
		    !num_int(cell, 0, 1000000, &n))
			return err_exit(err, ERR_ITEM, 65,
			    "capacities, line %d, column 2: a number from 0 "
			    "on is needed",
			    g.line);
		if (x->caps[hit->at] >= 0)
			return err_exit(err, ERR_ITEM, 65,
			    "capacities, line %d: %.*s stands here twice",
			    g.line, (int)name.n, name.p);
		x->caps[hit->at] = (int32_t)n;
	}
	for (uint32_t j = 0; j < x->cols_n; j++)
		if (x->caps[j] < 0)
			return err_exit(err, ERR_ITEM, 65,
			    "capacities: %.*s is missing", (int)x->cols[j].n,
			    x->cols[j].p);
	return 0;
}

int
match_read_matrix(struct arena *a, struct span scores, struct span capacities,
    struct match_problem *p, struct err *err)
{
	struct matrix x = {0};
	const struct name_at *names;

	if (matrix_scores(a, scores, &x, err) < 0 ||
	    names_sort(a, x.rows, x.rows_n, "mentees", err) == NULL ||
	    (names = names_sort(a, x.cols, x.cols_n, "mentors", err)) == NULL)
		return -1;
	x.caps = arena_alloc(a, (x.cols_n + 1) * sizeof(*x.caps));
	for (uint32_t j = 0; j < x.cols_n; j++)
		x.caps[j] = 1;
	if (capacities.n > 0 && matrix_caps(capacities, &x, names, err) < 0)
		return -1;
	p->scores = x.scores;
	p->capacities = x.caps;
	p->row_names = x.rows;
	p->column_names = x.cols;
	p->rows = x.rows_n;
	p->columns = x.cols_n;
	return 0;
}
