/* All pairs of a large proposal, for whom the mail shows some only. */
#include "app/propose_int.h"

#include "draw/draw.h"
#include "model/chart.h"

enum {
	TOLD_COLUMNS = 5,
	LEFT_COLUMNS = 2
};

static struct block
table_block(struct app *app, uint32_t columns, size_t rows)
{
	struct arena *a = &app->item;
	struct block b = {.kind = BLOCK_TABLE};

	b.table.columns = columns;
	b.table.rows = (uint32_t)rows;
	b.table.head = arena_alloc(a, columns * sizeof(struct span));
	b.table.cells =
	    arena_alloc(a, (rows * columns + 1) * sizeof(struct span));
	b.table.right = arena_alloc(a, columns * sizeof(bool));
	return b;
}

static struct block
pair_table(struct app *app, const struct words *w, const struct proposed *list,
    size_t n, size_t pairs)
{
	struct block b = table_block(app, TOLD_COLUMNS, pairs);
	struct span *to = b.table.cells;

	b.table.head[0] = words_get(w, "table-number");
	b.table.head[1] = words_get(w, "table-mentor");
	b.table.head[2] = words_get(w, "table-mentee");
	b.table.head[3] = words_get(w, "table-points");
	b.table.head[4] = words_get(w, "table-why");
	b.table.right[0] = b.table.right[3] = true;
	for (size_t i = 0; i < n; i++) {
		if (list[i].number == 0)
			continue;
		*to++ = arena_spanf(&app->item, "%u", list[i].number);
		*to++ = list[i].mentor;
		*to++ = list[i].mentee;
		*to++ = arena_spanf(&app->item, "%d", list[i].score);
		*to++ = list[i].why;
	}
	return b;
}

static struct block
alone_table(struct app *app, const struct words *w, const struct proposed *list,
    size_t n, size_t alone)
{
	struct block b = table_block(app, LEFT_COLUMNS, alone);
	struct span *to = b.table.cells;

	b.table.head[0] = words_get(w, "table-alone");
	b.table.head[1] = words_get(w, "table-why");
	for (size_t i = 0; i < n; i++) {
		if (list[i].number > 0)
			continue;
		*to++ = list[i].mentee;
		*to++ = list[i].why;
	}
	return b;
}

int
proposal_pdf(struct app *app, const struct words *w, int64_t round_id,
    const struct proposed *list, size_t n, struct span *pdf, struct err *err)
{
	struct draw_style style = {.accent = app->conf.accent};
	struct fill fills[] = {
	    {"programme", conf_text(&app->conf.name, app->conf.locale)},
	    {"round", arena_spanf(&app->item, "%lld", (long long)round_id)}};
	struct block blocks[2];
	size_t alone = 0;
	struct document d = {
	    .title = words_fill(&app->item, w, "table-title", fills, 2),
	    .subtitle =
		words_date(&app->item, w, &app->zone, app->world.now_unix),
	    .footer = words_get(w, "table-footer"),
	    .locale = app->conf.locale,
	    .page_word = words_get(w, "report-page"),
	    .of_word = words_get(w, "report-of"),
	    .blocks = blocks};

	for (size_t i = 0; i < n; i++)
		alone += list[i].number == 0;
	if (n > alone)
		blocks[d.blocks_n++] = pair_table(app, w, list, n, n - alone);
	if (alone > 0)
		blocks[d.blocks_n++] = alone_table(app, w, list, n, alone);
	return draw_pdf(&app->item, &d, &style, pdf, err);
}
