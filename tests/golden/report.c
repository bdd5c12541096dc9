/*
 * Golden: "SEED PEOPLE MONTHS LOCALE" -> the sponsor's report as text, and
 * what it publishes.
 */
#include "base/embed.h"
#include "base/num.h"
#include "draw/draw.h"
#include "golden/golden.h"
#include "report/report.h"
#include "unit/invent.h"

#include "base/file.h"
#include <stdlib.h>

static struct span
svg(void *cookie, struct arena *a, const struct chart *c)
{
	struct draw_style style = {SPAN("#0b5cad"), 700, 0};
	struct span out = SPAN("");
	struct err err = {0};

	(void)cookie;
	draw_svg(a, c, &style, &out, &err);
	return out;
}

/* LOOK=DIR keeps HTML, PDF and pictures for a person to look at. */
static void
look(struct arena *a, const struct document *doc, const struct facts *f,
    const struct words *w, const char *name)
{
	const char *dir = getenv("LOOK");
	struct draw_style style = {SPAN("#0b5cad"), 700, 0};
	struct span bytes;
	struct err err = {0};
	struct figures published;
	struct chart *charts;
	size_t n;

	if (dir == NULL)
		return;
	file_write(arena_printf(a, "%s/%s.html", dir, name),
	    document_html(a, doc, style.accent, svg, NULL), false, &err);
	if (draw_pdf(a, doc, &style, &bytes, &err) == 0)
		file_write(arena_printf(a, "%s/%s.pdf", dir, name), bytes,
		    false, &err);
	digest_charts(a, f, w, &charts, &n, &published);
	for (size_t i = 0; i < n; i++)
		if (draw_png(a, &charts[i], &style, &bytes, &err) == 0)
			file_write(
			    arena_printf(a, "%s/%s-%zu.png", dir, name, i),
			    bytes, false, &err);
}

static bool
load(struct arena *a, const char *locale, const struct words *fallback,
    struct words *w)
{
	struct span text;
	struct err err = {0};

	return embed_find(
		   arena_printf(a, "templates/%s/words", locale), &text) &&
	       words_parse(a, span_of(locale), SPAN("words"), text, fallback, w,
		   &err) == 0;
}

static void
run(struct arena *a, const char *path, struct span in, struct str *out)
{
	struct words en, w;
	struct span line, word[4] = {{0}};
	int64_t n[3];
	struct facts f;
	struct zone utc = zone_utc();
	struct document doc;
	struct figures published;
	struct fact_note notes[] = {{SPAN("Shorter check-in mail"), true, 0},
	    {SPAN("A reading list for mentees, with two pages a week at most "
		  "and nothing to install"),
		false, 0}};

	span_line(&in, &line);
	for (int i = 0; i < 4 && span_word(&line, &word[i]); i++)
		if (i < 3 && !num_int(word[i], 0, 100000, &n[i]))
			return;
	if (!load(a, "en", NULL, &en) ||
	    !load(a, arena_strdup(a, word[3]), &en, &w))
		return;
	f = invent(a, (uint64_t)n[0], (int)n[1], (int)n[2]);
	f.zone = &utc;
	f.improvements = notes;
	f.improvements_n = 2;
	report_build(a, &f, &w, &doc, &published);
	str_add(out, document_text(a, &doc));
	str_addz(out, "\n--- published\n");
	for (size_t i = 0; i < published.n; i++)
		str_addf(out, "%.*s n=%lld value=%lld\n",
		    (int)published.items[i].key.n, published.items[i].key.p,
		    (long long)published.items[i].n,
		    (long long)published.items[i].value);
	look(a, &doc, &f, &w, arena_printf(a, "r%lld", (long long)n[0]));
	(void)path;
}

int
main(void)
{
	return golden_main("report", run);
}
