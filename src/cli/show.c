/* Tables, times and JSON as the commands print them. */
#include <langinfo.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#include "base/file.h"
#include "base/uni.h"
#include "base/utf8.h"
#include "base/vec.h"
#include "cli/cli_int.h"
#include "report/report.h"

enum {
	COLUMNS = 80,
	COLUMNS_MOST = 200,
	LOCK_TRIES = 300, /* of a tenth of a second */
	JSON_BYTES = 256 << 20
};

int
cli_lock(const char *dir, struct err *err)
{
	const struct timespec wait = {0, 100 * 1000 * 1000};
	struct arena arena;
	const char *path;
	int fd, rc = 0;

	arena_init(&arena);
	if (!file_is_dir(dir))
		dir = file_dir(&arena, dir);
	path = file_join(&arena, dir, "rmail.lock");
	/* Where no programme is, app_open says so better. */
	if (!file_exists(file_join(&arena, dir, "rmail.db"))) {
		arena_release(&arena);
		return 0;
	}
	for (int i = 0; rc == 0 && i < LOCK_TRIES; i++) {
		if (i > 0)
			nanosleep(&wait, NULL);
		rc = file_lock(path, &fd, err);
	}
	arena_release(&arena);
	if (rc == 0)
		return err_set(
		    err, ERR_LATER, "a run is going on; try again after it");
	return rc < 0 ? -1 : 0;
}

/* --- tables --------------------------------------------------------------- */

void
sheet_init(struct sheet *g, struct arena *arena, const char *heads)
{
	struct span rest = span_of(heads), head;
	size_t n = 1;

	for (const char *p = heads; *p != '\0'; p++)
		n += *p == '|';
	*g = (struct sheet){.arena = arena};
	g->t.head = arena_alloc(arena, n * sizeof(*g->t.head));
	g->t.right = arena_alloc(arena, n * sizeof(*g->t.right));
	while (span_part(&rest, '|', &head)) {
		bool right = span_starts(head, ">");

		g->t.right[g->t.columns] = right;
		g->t.head[g->t.columns++] = span_skip(head, right);
	}
}

void
sheet_add(struct sheet *g, struct span text)
{
	vec_room(g->arena, &g->t.cells, g->cells_n, sizeof(*g->t.cells));
	g->t.cells[g->cells_n++] = utf8_line(g->arena, text);
	g->t.rows = (uint32_t)(g->cells_n / g->t.columns);
}

void
sheet_addz(struct sheet *g, const char *text)
{
	sheet_add(g, span_of(text));
}

void
sheet_int(struct sheet *g, int64_t n)
{
	sheet_add(g, arena_spanf(g->arena, "%lld", (long long)n));
}

void
sheet_print(struct sheet *g)
{
	if (g->t.rows > 0)
		show_text(g->arena,
		    table_text(g->arena, &g->t, show_columns(), show_utf8()));
}

/* --- words ---------------------------------------------------------------- */

struct span
show_time(struct app *app, int64_t unix_time)
{
	struct civil c;

	if (unix_time == 0)
		return SPAN("-");
	c = zone_civil(&app->zone, unix_time);
	return arena_spanf(&app->item, "%04d-%02d-%02d %02d:%02d", c.year,
	    c.month, c.day, c.hour, c.minute);
}

void
show_heading(const char *text)
{
	const char *term = getenv("TERM");
	bool bold = isatty(STDOUT_FILENO) && getenv("NO_COLOR") == NULL &&
		    term != NULL && strcmp(term, "dumb") != 0;

	printf(bold ? "\n\033[1m%s\033[0m\n" : "\n%s\n", text);
}

void
show_span(struct span s)
{
	fwrite(s.p, 1, s.n, stdout);
}

void
show_text(struct arena *arena, struct span s)
{
	show_span(show_utf8() ? s : uni_ascii(arena, s));
}

struct span
show_person(struct app *app, int64_t id)
{
	struct person p;
	struct err none = {0};

	if (id == 0 || person_find(app->store, &app->item, id, &p, &none) <= 0)
		return SPAN("-");
	if (p.state == PERSON_ERASED)
		return arena_spanf(&app->item, "(erased %lld)", (long long)id);
	return p.name.n ? p.name : p.address;
}

struct span
show_count(struct arena *arena, size_t n, const char *thing, const char *rest)
{
	return arena_spanf(
	    arena, "%zu %s%s %s", n, thing, n == 1 ? "" : "s", rest);
}

void
show_bar(const char *what, int64_t done, int64_t of)
{
	static const char full[] = "########################################";
	const int width = (int)sizeof(full) - 1;
	int n = of > 0 && done < of ? (int)(done * width / of) : width;

	fprintf(stderr, "\r%-8s [%.*s%*s] %lld of %lld", what, n, full,
	    width - n, "", (long long)done, (long long)of);
	if (done >= of)
		fputs("\r\033[K", stderr);
	fflush(stderr);
}

bool
show_utf8(void)
{
	locale_t locale = newlocale(LC_CTYPE_MASK, "", (locale_t)0);
	bool yes;

	if (locale == (locale_t)0)
		return false;
	yes = strcmp(nl_langinfo_l(CODESET, locale), "UTF-8") == 0;
	freelocale(locale);
	return yes;
}

size_t
show_columns(void)
{
	struct winsize w = {0};

	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &w) < 0 || w.ws_col < 40)
		return COLUMNS;
	return w.ws_col < COLUMNS_MOST ? w.ws_col : COLUMNS_MOST;
}

void
show_json(struct arena *arena, const struct value *v)
{
	struct str out;

	str_init(&out, arena, JSON_BYTES);
	value_write_json_pretty(v, &out);
	show_span(str_span(&out));
}

void
json_time(
    struct arena *arena, struct value *object, const char *name, int64_t t)
{
	value_set(arena, object, name,
	    t == 0 ? value_null(arena)
		   : value_text(arena, civil_write_instant(arena, t)));
}
