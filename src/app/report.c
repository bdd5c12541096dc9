/* The sponsor's report as a mail, and "you said, we did". */
#include "app/app.h"

#include "compose/compose.h"
#include "draw/draw.h"
#include "report/report.h"

struct svg_cookie {
	struct draw_style style;
};

static struct span
svg_of(void *cookie, struct arena *arena, const struct chart *chart)
{
	const struct svg_cookie *c = cookie;
	struct span svg = SPAN("");
	struct err none = {0};

	if (draw_svg(arena, chart, &c->style, &svg, &none) < 0)
		return SPAN("");
	return svg;
}

struct span
report_html(struct app *app, const struct document *d)
{
	struct svg_cookie cookie = {{app->conf.accent, 728, 0}};

	return document_html(&app->item, d, app->conf.accent, svg_of, &cookie);
}

int
report_publish(
    struct app *app, const struct figures *published, struct err *err)
{
	for (size_t i = 0; i < published->n; i++)
		if (!published->items[i].withheld &&
		    store_do(app->store, PUBLISH, err, "tiii",
			published->items[i].key, app->world.now_unix,
			published->items[i].n, published->items[i].value) < 0)
			return -1;
	return 0;
}

int
report_send(struct app *app, struct err *err)
{
	const struct language *l = app_language(app, app->conf.locale);
	struct value *v = letter_values(app, NULL);
	struct draw_style style = {app->conf.accent, 640, 320};
	struct letter_file file = {
	    .type = SPAN("application/pdf"), .name = SPAN("report.pdf")};
	struct letter_ask ask = letter_to_lead(app, "report", NULL, v);
	struct figures published;
	struct document d;
	struct facts f;

	if (app->conf.sponsor_address.n > 0) {
		ask.to_name = app->conf.sponsor_name;
		ask.to_address = app->conf.sponsor_address;
	}
	if (facts_load(app, &f, err) < 0)
		return -1;
	report_build(&app->item, &f, &l->words, &d, &published);
	value_set(&app->item, v, "report",
	    value_block(&app->item, document_text(&app->item, &d),
		document_mail(&app->item, &d, app->conf.accent)));
	if (draw_pdf(&app->item, &d, &style, &file.bytes, err) < 0 ||
	    report_publish(app, &published, err) < 0)
		return -1;
	ask.files = &file;
	ask.files_n = 1;
	return letter_send(app, &ask, NULL, err);
}

/* --- you said, we did -------------------------------------------------------------- */

/* Not sent yet, and not the words of an earlier one once more. */
static bool
is_news(const struct rows *rows, size_t r)
{
	for (size_t k = 0; k < r; k++)
		if (cell(rows, k, 3)->i == 0 &&
		    span_eq(cell(rows, k, 2)->t, cell(rows, r, 2)->t))
			return false;
	return cell(rows, r, 3)->i == 0;
}

static int
tell_did(struct app *app, const struct person *p, const struct rows *rows,
    struct err *err)
{
	struct value *v = letter_values(app, p);
	struct value *items =
	    value_set(&app->item, v, "improvements", value_list(&app->item));
	struct thread thread;

	for (size_t r = 0; r < rows->n; r++)
		if (is_news(rows, r))
			value_push(&app->item, items,
			    value_text(&app->item, cell(rows, r, 2)->t));
	if (thread_get(app, THREAD_PERSON, p->id, p->id, &thread, err) < 0)
		return -1;
	return letter_send(app,
	    &(struct letter_ask){
		.template = "we-did", .to = p, .thread = &thread, .values = v},
	    NULL, err);
}

int
did_send(struct app *app, struct err *err)
{
	struct person *list;
	struct rows rows;
	size_t n, open = 0;

	if (store_rows(app->store, &app->item, IMPROVEMENTS, &rows, err, "t",
		SPAN("improvement")) < 0 ||
	    persons(app->store, &app->item, PERSONS_READY, &list, &n, err, 0) <
		0)
		return -1;
	for (size_t r = 0; r < rows.n; r++)
		open += cell(&rows, r, 3)->i == 0;
	for (size_t i = 0; i < n && open > 0; i++) {
		struct arena kept = arena_swap(&app->item);
		int rc = tell_did(app, &list[i], &rows, err);

		arena_swap_back(&app->item, kept);
		if (rc < 0)
			return -1;
	}
	return store_do(
	    app->store, IMPROVEMENTS_SENT, err, "i", app->world.now_unix);
}
