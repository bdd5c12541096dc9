/*
 * rmail match [--dry-run] [FOLDER]
 * rmail match --explain A [B] [FOLDER]
 * rmail match --verify ROUND [FOLDER]
 * rmail match --people ROSTER.csv [--answers FILE.csv]
 * rmail match --scores MATRIX.csv [--capacity CAP.csv]
 *     [--json] [--objective STEP,...] [--max] [--good-enough N]
 *     [--dimacs FILE] [--explain A [B]] [--locale LOCALE]
 * A proven matching, of a programme or without one.  Without one the usual
 * rules hold: nobody with their managers, the mentee at least one level above
 * the mentor.
 */
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/embed.h"
#include "base/file.h"
#include "base/limits.h"
#include "cli/match_int.h"

enum {
	TEXT_MAX = 1 << 30,
	MATRIX_MAX = 1 << 28,
	GOOD_ENOUGH = 500
};

static int64_t
now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* A bar on a terminal, once a run has taken a second. */
static void
bar_show(void *cookie, int permille)
{
	struct bar *bar = cookie;
	int done = permille * 30 / 1000;

	if (now_ms() - bar->begin_ms < 1000 || !isatty(STDERR_FILENO))
		return;
	bar->shown = true;
	fprintf(stderr, "\rmatching [%.*s%.*s] %3d %%", done,
	    "##############################", 30 - done,
	    "..............................", permille / 10);
}

static int
read_steps(struct task *t)
{
	static const struct {
		const char *name;
		enum match_step step;
	} names[] = {
	    {"cardinality", MATCH_STEP_CARDINALITY},
	    {"fair", MATCH_STEP_FAIR},
	    {"total", MATCH_STEP_TOTAL},
	    {"changes", MATCH_STEP_CHANGES},
	    {"bottleneck", MATCH_STEP_BOTTLENECK},
	    {"leximin", MATCH_STEP_LEXIMIN},
	};
	struct span rest = span_of(t->o.objective), part;

	if (t->o.max) {
		t->steps[t->steps_n++] = MATCH_STEP_TOTAL;
		if (rest.n > 0)
			return cli_say(CLI_USAGE,
			    "match: --max and --objective exclude each other");
	}
	while (rest.n > 0 && span_part(&rest, ',', &part)) {
		size_t k = 0;

		part = span_trim(part);
		while (k < 6 && !span_is(part, names[k].name))
			k++;
		if (k == 6 || t->steps_n == 8)
			return cli_say(CLI_USAGE,
			    "match: --objective takes cardinality, fair, "
			    "total, changes, bottleneck, leximin; not "
			    "\"%.*s\"",
			    (int)part.n, part.p);
		t->steps[t->steps_n++] = names[k].step;
	}
	return 0;
}

void
match_choices(struct task *t)
{
	if (t->steps_n > 0) {
		t->p.steps = t->steps;
		t->p.steps_n = t->steps_n;
	}
	if (t->o.good_enough >= 0)
		t->p.good_enough = (int)t->o.good_enough;
	else if (t->app == NULL)
		t->p.good_enough = GOOD_ENOUGH;
}

static int
read_file(struct task *t, const char *path, struct span *out, struct err *err)
{
	*out = SPAN("");
	if (path == NULL)
		return 0;
	return file_read(&t->arena, path, MATRIX_MAX, out, err);
}

static int
read_problem(struct task *t, struct err *err)
{
	struct span first, second;

	if (read_file(t, t->o.people != NULL ? t->o.people : t->o.scores,
		&first, err) < 0 ||
	    read_file(t, t->o.people != NULL ? t->o.answers : t->o.capacity,
		&second, err) < 0)
		return -1;
	match_choices(t);
	if (t->o.people == NULL)
		return match_read_matrix(&t->arena, first, second, &t->p, err);
	t->p.rules = (struct match_rules){.no_manager = true,
	    .no_skip_manager = true,
	    .no_same_manager = true,
	    .min_level_gap = 1,
	    .shared_language = true,
	    .no_same_confidentiality = true};
	t->p.weights = (struct match_weights){.skills = 45,
	    .hours = 5,
	    .ways = 5,
	    .kinds = 10,
	    .learning = 5,
	    .personality = 5,
	    .shared_time = 10,
	    .credit = 5,
	    .picks = 10};
	return match_read_people(&t->arena, first, second, &t->p, err);
}

static int
read_words(struct task *t, const char *locale, const struct words *fallback,
    struct words *out, struct err *err)
{
	char *name = arena_printf(&t->arena, "templates/%s/words", locale);
	struct span text;

	if (!embed_find(name, &text))
		return err_exit(err, ERR_ITEM, CLI_USAGE,
		    "match: there is no language %s", locale);
	return words_parse(&t->arena, span_of(locale), span_of(name), text,
	    fallback, out, err);
}

/* --- telling ------------------------------------------------------------ */

static struct span
key_of(const struct task *t, uint32_t at, bool is_row)
{
	if (t->p.scores == NULL)
		return t->p.people[at].key;
	return is_row ? t->p.row_names[at] : t->p.column_names[at];
}

static void
tell_span(struct span s)
{
	fwrite(s.p, 1, s.n, stdout);
}

static void
tell_json(struct task *t)
{
	struct str out;

	str_init(&out, &t->arena, TEXT_MAX);
	match_json(&t->p, &t->r, t->milliseconds, &out);
	str_addc(&out, '\n');
	tell_span(str_span(&out));
}

static void
tell_recruiting(struct task *t)
{
	struct span *lines;
	uint32_t n;

	match_recruiting(&t->arena, &t->p, &t->r, &t->words, &lines, &n);
	for (uint32_t k = 0; k < n; k++) {
		tell_span(lines[k]);
		fputc('\n', stdout);
	}
	for (uint32_t k = 0; k < t->r.troubles_n; k++)
		printf("lock of %lld with %lld: %s\n",
		    (long long)t->r.troubles[k].mentee_id,
		    (long long)t->r.troubles[k].mentor_id,
		    t->r.troubles[k].why);
}

static void
tell_plain(struct task *t)
{
	const struct match_result *r = &t->r;

	for (uint32_t x = 0; x < r->pairs_n; x++) {
		tell_span(key_of(t, r->pairs[x].mentee, true));
		fputs(" with ", stdout);
		tell_span(key_of(t, r->pairs[x].mentor, false));
		printf(": %d%s\n", r->pairs[x].score,
		    r->pairs[x].locked ? " (locked)" : "");
	}
	for (uint32_t x = 0; x < r->unmatched_n; x++) {
		fputs("without: ", stdout);
		tell_span(match_explain_unmatched(
		    &t->arena, &t->p, r, r->unmatched[x], &t->words));
		fputc('\n', stdout);
	}
	tell_recruiting(t);
	printf("%u pairs, %lld points, worst %d. Optimal; proof checked over "
	       "%lld possible pairs.\n",
	    r->pairs_n, (long long)r->total, r->worst,
	    (long long)r->proof.pairs_checked);
}

/* By the key; people also by name, or by what stands before the @. */
static bool
is_called(const struct task *t, uint32_t at, bool is_row, struct span name)
{
	struct span key = key_of(t, at, is_row);

	if (span_caseeq(key, name))
		return true;
	if (t->p.scores != NULL || name.n == 0)
		return false;
	return span_caseeq(t->p.people[at].name, name) ||
	       span_caseeq(span_sub(key, 0, span_findc(key, '@')), name);
}

static bool
find(const struct task *t, struct span name, bool is_row, uint32_t *at)
{
	uint32_t n = t->p.scores == NULL ? t->p.people_n
		     : is_row            ? t->p.rows
					 : t->p.columns;

	for (uint32_t i = 0; i < n; i++)
		if (is_called(t, i, is_row, name)) {
			*at = i;
			return true;
		}
	return false;
}

static void
tell_pair(struct task *t, uint32_t pair)
{
	struct span *reasons;
	uint32_t n;

	tell_span(key_of(t, t->r.pairs[pair].mentee, true));
	fputs(" with ", stdout);
	tell_span(key_of(t, t->r.pairs[pair].mentor, false));
	fputc('\n', stdout);
	match_explain_pair(
	    &t->arena, &t->p, &t->r, pair, &t->words, &reasons, &n);
	for (uint32_t k = 0; k < n; k++) {
		fputs("  ", stdout);
		tell_span(reasons[k]);
		fputc('\n', stdout);
	}
}

/* What one more place with this mentor would gain. */
static void
tell_more(struct task *t, uint32_t mentor)
{
	int64_t pairs, points;
	struct err err;

	if (match_one_more(
		&t->arena, &t->p, &t->r, mentor, &pairs, &points, &err) == 0)
		printf("  one more place: %lld more with a partner, %lld more "
		       "points\n",
		    (long long)pairs, (long long)points);
}

static void
tell_person(struct task *t, uint32_t at, bool is_row)
{
	struct match_pair other[2];
	uint32_t n;

	for (uint32_t x = 0; x < t->r.pairs_n; x++)
		if ((is_row ? t->r.pairs[x].mentee : t->r.pairs[x].mentor) ==
		    at)
			tell_pair(t, x);
	for (uint32_t x = 0; is_row && x < t->r.unmatched_n; x++)
		if (t->r.unmatched[x] == at) {
			tell_span(match_explain_unmatched(
			    &t->arena, &t->p, &t->r, at, &t->words));
			fputc('\n', stdout);
		}
	if (!is_row)
		tell_more(t, at);
	match_alternatives(&t->arena, &t->p, &t->r, at, is_row, other, &n);
	for (uint32_t k = 0; k < n; k++) {
		fputs(is_row ? "  next mentor: " : "  next mentee: ", stdout);
		tell_span(key_of(
		    t, is_row ? other[k].mentor : other[k].mentee, !is_row));
		printf(" %d\n", other[k].score);
	}
}

static int
tell_explanation(struct task *t, const char *second, struct err *err)
{
	struct span a = span_of(t->o.explain), b = span_of(second), text;
	uint32_t i, j;

	if (second == NULL) {
		bool row = find(t, a, true, &i) &&
			   (t->p.scores != NULL || t->p.people[i].mentee);
		bool col = find(t, a, false, &j) &&
			   (t->p.scores != NULL || t->p.people[j].mentor);

		if (row)
			tell_person(t, i, true);
		if (col)
			tell_person(t, j, false);
		return row || col ? 0
				  : err_exit(err, ERR_ITEM, CLI_USAGE,
					"match: there is no %s", t->o.explain);
	}
	if (!find(t, a, true, &i) || !find(t, b, false, &j))
		return err_exit(err, ERR_ITEM, CLI_USAGE,
		    "match: there is no mentee %s or no mentor %s",
		    t->o.explain, second);
	for (uint32_t x = 0; x < t->r.pairs_n; x++)
		if (t->r.pairs[x].mentee == i && t->r.pairs[x].mentor == j) {
			tell_pair(t, x);
			return 0;
		}
	if (match_what_if(&t->arena, &t->p, &t->r,
		t->p.scores != NULL ? (int64_t)i : t->p.people[i].id,
		t->p.scores != NULL ? (int64_t)j : t->p.people[j].id, &t->words,
		&text, err) < 0)
		return -1;
	tell_span(text);
	fputc('\n', stdout);
	return 0;
}

int
match_tell(struct task *t, const char *second, struct err *err)
{
	struct bar bar = {now_ms(), false};

	if (t->o.dimacs != NULL) {
		struct str out;

		str_init(&out, &t->arena, TEXT_MAX);
		match_dimacs(&t->p, &out);
		return file_write(t->o.dimacs, str_span(&out), false, err);
	}
	if (match_solve(&t->arena, &t->p, bar_show, &bar, &t->r, err) < 0)
		return err->kind == ERR_ITEM
			   ? err_exit(err, ERR_ITEM, CLI_DATA, "match: %s",
				 arena_strdup(&t->arena, span_of(err->text)))
			   : -1;
	if (bar.shown)
		fputc('\n', stderr);
	t->milliseconds = now_ms() - bar.begin_ms;
	if (t->o.explain != NULL)
		return tell_explanation(t, second, err);
	if (t->o.json)
		tell_json(t);
	else
		tell_plain(t);
	return 0;
}

static int
run(struct task *t, const char *second, struct err *err)
{
	const char *locale = t->o.locale != NULL ? t->o.locale : "en";

	if (read_words(t, "en", NULL, &t->english, err) < 0 ||
	    read_words(t, locale, &t->english, &t->words, err) < 0 ||
	    read_problem(t, err) < 0)
		return -1;
	return match_tell(t, second, err);
}

int
cli_match(int argc, char **argv)
{
	struct task t = {.o = {.good_enough = -1, .verify = -1}};
	struct err err = {0};
	bool files;
	const struct cli_option options[] = {
	    {"--people", CLI_TEXT, &t.o.people},
	    {"--answers", CLI_TEXT, &t.o.answers},
	    {"--scores", CLI_TEXT, &t.o.scores},
	    {"--capacity", CLI_TEXT, &t.o.capacity},
	    {"--objective", CLI_TEXT, &t.o.objective},
	    {"--good-enough", CLI_NUMBER, &t.o.good_enough},
	    {"--max", CLI_FLAG, &t.o.max},
	    {"--json", CLI_FLAG, &t.o.json},
	    {"--dimacs", CLI_TEXT, &t.o.dimacs},
	    {"--explain", CLI_TEXT, &t.o.explain},
	    {"--locale", CLI_TEXT, &t.o.locale},
	    {"--dry-run", CLI_FLAG, &t.o.dry},
	    {"--verify", CLI_NUMBER, &t.o.verify},
	    {"--now", CLI_TIME, &t.o.now_unix},
	};
	int rc;

	if (cli_options("match", &argc, argv, options,
		sizeof(options) / sizeof(*options)) < 0)
		return CLI_USAGE;
	if (t.o.people != NULL && t.o.scores != NULL)
		return cli_say(CLI_USAGE,
		    "match: --people and --scores exclude each other");
	files = t.o.people != NULL || t.o.scores != NULL;
	if (argc > (t.o.explain != NULL ? 1 : 0) + !files)
		return cli_say(
		    CLI_USAGE, "match: %s means nothing here", argv[argc - 1]);
	if (files && (t.o.dry || t.o.verify >= 0))
		return cli_say(CLI_USAGE,
		    "match: --dry-run and --verify are for a programme");
	if (!files && (t.o.answers != NULL || t.o.capacity != NULL))
		return cli_say(CLI_USAGE,
		    "match: --answers goes with --people, --capacity with "
		    "--scores");
	if (t.o.good_enough > MATCH_SCORE_MAX + 1)
		return cli_say(CLI_USAGE, "match: --good-enough is at most %d",
		    MATCH_SCORE_MAX + 1);
	if ((rc = read_steps(&t)) != 0)
		return rc;
	arena_init(&t.arena);
	rc = files ? run(&t, argc > 0 ? argv[0] : NULL, &err)
		   : match_programme(&t, argc, argv, &err);
	arena_release(&t.arena);
	return rc < 0 ? cli_fail(&err) : rc;
}
