/*
 * rmail report [--format text|html|json|csv|pdf] [--out FILE] [--record]
 *     [FOLDER]
 * The governance report as it stands now, with the same figures withheld as
 * in the one that is sent.  --record remembers what was told: for a report
 * that is handed on, so that no later one gives a small group away.
 */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/csv.h"
#include "base/file.h"
#include "cli/cli_int.h"
#include "draw/draw.h"
#include "report/report.h"

enum {
	CSV_BYTES = 4 << 20,
	CHART_WIDTH = 640,
	CHART_HEIGHT = 320
};

struct report {
	struct app *app;
	const char *format;
	struct document document;
	struct figures figures;   /* all, withheld ones too */
	struct figures published; /* those not told before */
};

/* "4.2", in the C locale's way. */
static struct span
number(struct arena *arena, const struct figure *f)
{
	int64_t unit = 1;
	int64_t value = f->value < 0 ? -f->value : f->value;

	for (int i = 0; i < f->decimals; i++)
		unit *= 10;
	if (f->decimals == 0)
		return arena_spanf(arena, "%lld", (long long)f->value);
	return arena_spanf(arena, "%s%lld.%0*lld", f->value < 0 ? "-" : "",
	    (long long)(value / unit), f->decimals, (long long)(value % unit));
}

static struct span
as_csv(struct report *r)
{
	static const char *const heads[] = {
	    "figure", "value", "unit", "people", "withheld"};
	struct str out;

	str_init(&out, &r->app->item, CSV_BYTES);
	for (size_t i = 0; i < sizeof(heads) / sizeof(*heads); i++)
		csv_write(&out, span_of(heads[i]), i == 0);
	csv_end_row(&out);
	for (size_t i = 0; i < r->figures.n; i++) {
		const struct figure *f = &r->figures.items[i];
		struct span n =
		    arena_spanf(&r->app->item, "%lld", (long long)f->n);

		csv_write(&out, f->key, true);
		csv_write(&out,
		    f->withheld ? SPAN("") : number(&r->app->item, f), false);
		csv_write(&out, f->unit, false);
		csv_write(&out, f->withheld ? SPAN("") : n, false);
		csv_write(&out, f->withheld ? SPAN("yes") : SPAN("no"), false);
		csv_end_row(&out);
	}
	return str_span(&out);
}

static struct value *
json_number(struct arena *arena, const struct figure *f)
{
	double unit = 1;

	for (int i = 0; i < f->decimals; i++)
		unit *= 10;
	return f->decimals == 0 ? value_int(arena, f->value)
				: value_real(arena, (double)f->value / unit);
}

static struct span
as_json(struct report *r)
{
	struct arena *a = &r->app->item;
	struct value *v = value_object(a);
	struct value *list;
	struct str out;

	value_set_text(a, v, "title", r->document.title);
	json_time(a, v, "at", r->app->world.now_unix);
	value_set_int(a, v, "group-min", r->app->conf.group_min);
	list = value_set(a, v, "figures", value_list(a));
	for (size_t i = 0; i < r->figures.n; i++) {
		const struct figure *f = &r->figures.items[i];
		struct value *item = value_push(a, list, value_object(a));

		value_set_text(a, item, "figure", f->key);
		value_set_bool(a, item, "withheld", f->withheld);
		if (f->withheld)
			continue;
		value_set(a, item, "value", json_number(a, f));
		value_set_text(a, item, "unit", f->unit);
		value_set_int(a, item, "people", f->n);
	}
	str_init(&out, a, CSV_BYTES);
	value_write_json_pretty(v, &out);
	return str_span(&out);
}

static int
as_pdf(struct report *r, struct span *out, struct err *err)
{
	struct draw_style style = {
	    r->app->conf.accent, CHART_WIDTH, CHART_HEIGHT};

	return draw_pdf(&r->app->item, &r->document, &style, out, err);
}

static int
render(struct report *r, struct span *out, struct err *err)
{
	if (strcmp(r->format, "pdf") == 0)
		return as_pdf(r, out, err);
	if (strcmp(r->format, "html") == 0)
		*out = report_html(r->app, &r->document);
	else if (strcmp(r->format, "json") == 0)
		*out = as_json(r);
	else if (strcmp(r->format, "csv") == 0)
		*out = as_csv(r);
	else
		*out = document_text(&r->app->item, &r->document);
	return 0;
}

static int
record(struct report *r, struct err *err)
{
	if (store_begin(r->app->store, err) < 0)
		return -1;
	if (report_publish(r->app, &r->published, err) < 0 ||
	    store_commit(r->app->store, err) < 0) {
		store_rollback(r->app->store);
		return -1;
	}
	return 0;
}

static int
build(struct report *r, struct err *err)
{
	const struct language *l = app_language(r->app, r->app->conf.locale);
	struct facts f;

	if (facts_load(r->app, &f, err) < 0)
		return -1;
	report_build(&r->app->item, &f, &l->words, &r->document, &r->published);
	figures_make(&r->app->item, &f, &r->figures);
	return 0;
}

static int
report(struct report *r, const char *file, bool remember, struct err *err)
{
	struct span out;

	if (build(r, err) < 0 || render(r, &out, err) < 0 ||
	    (remember && record(r, err) < 0))
		return -1;
	if (file != NULL)
		return file_write(file, out, true, err);
	if (strcmp(r->format, "text") == 0)
		show_text(&r->app->item, out);
	else
		show_span(out);
	if (strcmp(r->format, "pdf") != 0 && out.n > 0 &&
	    out.p[out.n - 1] != '\n')
		putchar('\n');
	return 0;
}

static bool
known_format(const char *format)
{
	static const char *const formats[] = {
	    "text", "html", "json", "csv", "pdf"};

	for (size_t i = 0; i < sizeof(formats) / sizeof(*formats); i++)
		if (strcmp(format, formats[i]) == 0)
			return true;
	return false;
}

int
cli_report(int argc, char **argv)
{
	int64_t now = 0;
	bool remember = false;
	const char *file = NULL, *dir;
	struct app app;
	struct report r = {.app = &app, .format = "text"};
	const struct cli_option options[] = {{"--format", CLI_TEXT, &r.format},
	    {"--out", CLI_TEXT, &file}, {"--record", CLI_FLAG, &remember},
	    {"--now", CLI_TIME, &now}};
	struct err err = {0};
	int rc;

	if (cli_options("report", &argc, argv, options, 4) < 0)
		return CLI_USAGE;
	if (argc > 1 || !known_format(r.format))
		return cli_say(CLI_USAGE,
		    "usage: rmail report [--format text|html|json|csv|pdf] "
		    "[--out FILE] [--record] [FOLDER]");
	if (strcmp(r.format, "pdf") == 0 && file == NULL &&
	    isatty(STDOUT_FILENO))
		return cli_say(CLI_USAGE,
		    "report: a PDF is nothing for a terminal; name a file with "
		    "--out report.pdf");
	dir = argc > 0 ? argv[0] : ".";
	if ((remember && cli_lock(dir, &err) < 0) ||
	    app_open(&app, dir, now, &err) < 0)
		return cli_fail(&err);
	rc = report(&r, file, remember, &err);
	app_close(&app);
	return rc < 0 ? cli_fail(&err) : CLI_OK;
}
