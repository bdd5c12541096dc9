/*
 * The roster in: a table of people.  Good rows load, bad rows are listed
 * with line and column; importing twice changes nothing.
 */
#include "app/app.h"

#include <string.h>

#include "base/csv.h"
#include "base/digest.h"
#include "base/ini.h"
#include "base/num.h"
#include "base/uni.h"
#include "base/utf8.h"
#include "base/vec.h"
#include "model/address.h"

enum column {
	COL_ADDRESS,
	COL_NAME,
	COL_ROLE,
	COL_LEVEL,
	COL_DEPARTMENT,
	COL_LOCATION,
	COL_MANAGER,
	COL_ZONE,
	COL_LOCALE,
	COL_ASSISTANT,
	COL_ALTERNATES,
	COL_GROUP,
	COL_CAPACITY,
	COL_LEFT,
	COL_PARTNER,
	COLUMNS_N,
};
static const char *const column_names[COLUMNS_N] = {"address", "name", "role",
    "level", "department", "location", "manager", "zone", "locale", "assistant",
    "alternates", "group", "capacity", "left", "partner"};
/* Other headings that spreadsheets have for the same. */
static const struct {
	const char *name;
	enum column column;
} column_synonyms[] = {
    {"email", COL_ADDRESS},
    {"e-mail", COL_ADDRESS},
    {"mail", COL_ADDRESS},
    {"adresse", COL_ADDRESS},
    {"rolle", COL_ROLE},
    {"abteilung", COL_DEPARTMENT},
    {"standort", COL_LOCATION},
    {"vorgesetzte", COL_MANAGER},
    {"zeitzone", COL_ZONE},
    {"sprache", COL_LOCALE},
    {"language", COL_LOCALE},
    {"time zone", COL_ZONE},
    {"timezone", COL_ZONE},
    {"assistenz", COL_ASSISTANT},
    {"ebene", COL_LEVEL},
    {"stufe", COL_LEVEL},
};

struct import {
	struct app *app;
	struct arena *arena; /* for the result */
	struct roster_result *result;
	int at[COLUMNS_N]; /* cell of each column, -1 = not there */
	int *line_of;      /* by number of a person: their row, 0 = none */
	size_t line_of_n;
};

static void
complain(struct import *im, int line, enum column c, const char *what,
    struct span cell)
{
	struct roster_result *r = im->result;

	vec_room(im->arena, &r->errors, r->errors_n, sizeof(*r->errors));
	r->errors[r->errors_n++] = arena_spanf(im->arena,
	    "line %d, column %s: %.*s %s", line, column_names[c],
	    (int)(cell.n > 60 ? 60 : cell.n), cell.p, what);
}

static int
column_of(struct span heading)
{
	for (int c = 0; c < COLUMNS_N; c++)
		if (span_caseis(heading, column_names[c]))
			return c;
	for (size_t i = 0;
	     i < sizeof(column_synonyms) / sizeof(*column_synonyms); i++)
		if (span_caseis(heading, column_synonyms[i].name))
			return (int)column_synonyms[i].column;
	return -1;
}

/*
 * Tables have columns that are no business of ours.  One that is nearly ours
 * and still missing is a slip, and would be missed in all rows in silence.
 */
static void
near_heading(struct import *im, int line, struct span heading)
{
	const char *near = ini_near(heading, column_names, COLUMNS_N);
	struct roster_result *r = im->result;

	if (near == NULL || im->at[column_of(span_of(near))] >= 0)
		return;
	vec_room(im->arena, &r->errors, r->errors_n, sizeof(*r->errors));
	r->errors[r->errors_n++] = arena_spanf(im->arena,
	    "line %d: there is no column %.*s; did you mean %s?", line,
	    (int)(heading.n > 60 ? 60 : heading.n), heading.p, near);
}

static int
read_heading(struct import *im, const struct csv_row *row, struct err *err)
{
	for (int c = 0; c < COLUMNS_N; c++)
		im->at[c] = -1;
	for (size_t i = 0; i < row->n; i++) {
		int c = column_of(row->cells[i]);

		if (c >= 0)
			im->at[c] = (int)i;
	}
	for (size_t i = 0; i < row->n; i++)
		if (column_of(row->cells[i]) < 0)
			near_heading(im, row->line, row->cells[i]);
	if (im->at[COL_ADDRESS] < 0)
		return err_exit(err, ERR_ITEM, 65,
		    "line %d: the first line must name the columns, at least "
		    "\"address\"; known are: address, name, role, level, "
		    "department, location, manager, zone, locale, assistant, "
		    "alternates, group, capacity, left, partner",
		    row->line);
	return 0;
}

static struct span
cell_of(const struct import *im, const struct csv_row *row, enum column c)
{
	int i = im->at[c];

	return i >= 0 && (size_t)i < row->n ? row->cells[i] : SPAN("");
}

static bool
has(const struct import *im, const struct csv_row *row, enum column c)
{
	return cell_of(im, row, c).n > 0;
}

static bool
take_role(struct span s, struct person *p)
{
	static const char *const mentor[] = {"mentor", "mentorin", "junior"};
	static const char *const mentee[] = {"mentee", "senior", "executive"};
	bool both = span_caseis(s, "both") || span_caseis(s, "beides");
	bool a = both, b = both;

	for (size_t i = 0; i < 3; i++) {
		a |= span_caseis(s, mentor[i]);
		b |= span_caseis(s, mentee[i]);
	}
	if (a || b) {
		p->mentor = a;
		p->mentee = b;
	}
	return a || b;
}

static bool
take_people(struct import *im, const struct csv_row *row, struct person *p)
{
	struct arena *item = &im->app->item;
	struct span s = cell_of(im, row, COL_MANAGER), address;

	if (s.n > 0) {
		if (!address_parse(item, s, &address)) {
			complain(im, row->line, COL_MANAGER,
			    "is no mail address", s);
			return false;
		}
		p->manager_key = address_key(item, address);
	}
	s = cell_of(im, row, COL_ASSISTANT);
	if (s.n > 0) {
		if (!address_parse(item, s, &address)) {
			complain(im, row->line, COL_ASSISTANT,
			    "is no mail address", s);
			return false;
		}
		p->assistant = address;
		p->assistant_key = address_key(item, address);
	}
	return true;
}

static bool
take_numbers(struct import *im, const struct csv_row *row, struct person *p)
{
	struct span level = cell_of(im, row, COL_LEVEL);
	struct span capacity = cell_of(im, row, COL_CAPACITY);

	if (level.n > 0 && !num_int(level, 1, 10, &p->level)) {
		complain(im, row->line, COL_LEVEL, "is no level from 1 to 10",
		    level);
		return false;
	}
	if (capacity.n > 0 && !num_int(capacity, 0, 20, &p->capacity)) {
		complain(im, row->line, COL_CAPACITY,
		    "is no number from 0 to 20", capacity);
		return false;
	}
	return true;
}

static bool
take_place(struct import *im, const struct csv_row *row, struct person *p)
{
	struct span zone_name = cell_of(im, row, COL_ZONE);
	struct span locale = cell_of(im, row, COL_LOCALE);
	struct zone zone;
	struct err none = {0};

	if (zone_name.n > 0 &&
	    zone_load(&im->app->item, zone_name, &zone, &none) < 0) {
		complain(im, row->line, COL_ZONE,
		    "is no time zone such as Europe/Berlin", zone_name);
		return false;
	}
	if (zone_name.n > 0)
		p->zone = zone_name;
	if (locale.n > 0)
		p->locale = app_language(im->app, locale)->locale;
	return true;
}

static bool
take_row(struct import *im, const struct csv_row *row, struct person *p)
{
	struct span role = cell_of(im, row, COL_ROLE);

	if (role.n > 0 && !take_role(role, p)) {
		complain(im, row->line, COL_ROLE,
		    "is none of mentor, mentee, both", role);
		return false;
	}
	if (!take_numbers(im, row, p) || !take_people(im, row, p) ||
	    !take_place(im, row, p))
		return false;
	if (has(im, row, COL_NAME))
		p->name = utf8_head(
		    utf8_line(&im->app->item, cell_of(im, row, COL_NAME)), 200);
	if (has(im, row, COL_DEPARTMENT))
		p->department = cell_of(im, row, COL_DEPARTMENT);
	if (has(im, row, COL_LOCATION))
		p->location = cell_of(im, row, COL_LOCATION);
	if (has(im, row, COL_GROUP))
		p->group = cell_of(im, row, COL_GROUP);
	return true;
}

/* The keyed digest by which an erased person is known and nothing else. */
struct span
tombstone_hash(struct app *app, struct span key)
{
	uint8_t mac[WORLD_MAC_BYTES];

	world_mac(&app->world, "tombstone", key, mac);
	return hex_write(
	    &app->item, (struct span){(const char *)mac, sizeof(mac)});
}

static int
add_alternates(struct import *im, const struct csv_row *row,
    const struct person *p, struct err *err)
{
	struct span rest = cell_of(im, row, COL_ALTERNATES), word;

	while (span_word(&rest, &word)) {
		struct span address;

		while (word.n > 0 &&
		       (word.p[word.n - 1] == ',' || word.p[word.n - 1] == ';'))
			word.n--;
		if (word.n == 0)
			continue;
		if (!address_parse(&im->app->item, word, &address)) {
			complain(im, row->line, COL_ALTERNATES,
			    "is no mail address", word);
			continue;
		}
		if (store_do(im->app->store, ALIAS_INSERT, err, "titi",
			address_key(&im->app->item, address), p->id, address,
			(int64_t)0) < 0)
			return -1;
	}
	return 0;
}

static bool
same_person(const struct person *a, const struct person *b)
{
	return span_eq(a->name, b->name) && a->mentor == b->mentor &&
	       a->mentee == b->mentee && a->level == b->level &&
	       span_eq(a->department, b->department) &&
	       span_eq(a->location, b->location) &&
	       span_eq(a->manager_key, b->manager_key) &&
	       span_eq(a->zone, b->zone) && span_eq(a->locale, b->locale) &&
	       span_eq(a->group, b->group) && a->capacity == b->capacity &&
	       span_eq(a->assistant, b->assistant) &&
	       a->left_company_unix == b->left_company_unix;
}

static int
find_or_add(struct import *im, const struct csv_row *row, struct person *p,
    bool *added, struct err *err)
{
	struct app *app = im->app;
	struct span text = cell_of(im, row, COL_ADDRESS), address, key;
	int64_t at;
	int rc;

	if (!address_parse(&app->item, text, &address)) {
		complain(
		    im, row->line, COL_ADDRESS, "is no mail address", text);
		return 0;
	}
	key = address_key(&app->item, address);
	rc = person_find_key(app->store, &app->item, key, p, err);
	if (rc != 0)
		return rc;
	rc = store_int(app->store, TOMBSTONE_FIND, &at, err, "t",
	    tombstone_hash(app, key));
	if (rc < 0)
		return -1;
	if (rc > 0) {
		complain(im, row->line, COL_ADDRESS,
		    "asked to be forgotten and is not taken in again", text);
		return 0;
	}
	*added = true;
	if (store_do(app->store, PERSON_INSERT, err, "tttitt", address, key,
		SPAN(""), app->world.now_unix, app->conf.locale,
		app->conf.zone) < 0)
		return -1;
	return person_find(
	    app->store, &app->item, store_last_id(app->store), p, err);
}

static int
left_company(struct import *im, const struct csv_row *row, struct person *p,
    struct err *err)
{
	struct span text = cell_of(im, row, COL_LEFT);
	struct civil c;

	if (text.n == 0 || p->left_company_unix != 0)
		return 0;
	if (!civil_parse(text, &c)) {
		complain(im, row->line, COL_LEFT,
		    "is no day such as 2027-03-31", text);
		return 0;
	}
	p->left_company_unix = civil_unix(&c);
	return person_event(im->app, p, EV_LEAVE, err);
}

/* A pair that meets already: it is kept, whatever the scores say. */
static int
add_partner(struct import *im, const struct csv_row *row,
    const struct person *p, struct err *err)
{
	struct app *app = im->app;
	struct span text = cell_of(im, row, COL_PARTNER), address;
	struct person other;
	bool first;
	int rc;

	if (text.n == 0)
		return 0;
	if (!address_parse(&app->item, text, &address)) {
		complain(
		    im, row->line, COL_PARTNER, "is no mail address", text);
		return 0;
	}
	rc = person_find_key(app->store, &app->item,
	    address_key(&app->item, address), &other, err);
	if (rc < 0)
		return -1;
	if (rc == 0) {
		complain(im, row->line, COL_PARTNER,
		    "is not on the roster yet; name the pair in the later of "
		    "the two rows",
		    text);
		return 0;
	}
	first = p->mentor && other.mentee;
	return store_do(app->store, RULE_INSERT, err, "tiii", SPAN("locked"),
	    first ? p->id : other.id, first ? other.id : p->id, (int64_t)0);
}

/* Two rows for one person: the first stands, whichever is right. */
static bool
is_second(struct import *im, const struct csv_row *row, int64_t id)
{
	while (im->line_of_n <= (size_t)id) {
		vec_room(im->arena, &im->line_of, im->line_of_n,
		    sizeof(*im->line_of));
		im->line_of[im->line_of_n++] = 0;
	}
	if (im->line_of[id] == 0) {
		im->line_of[id] = row->line;
		return false;
	}
	complain(im, row->line, COL_ADDRESS,
	    arena_printf(
		im->arena, "stands in line %d already", im->line_of[id]),
	    cell_of(im, row, COL_ADDRESS));
	return true;
}

/* ";;;": spreadsheets leave them below a table. */
static bool
is_blank(const struct csv_row *row)
{
	for (size_t i = 0; i < row->n; i++)
		if (row->cells[i].n > 0)
			return false;
	return row->wrong == NULL;
}

static int
import_row(struct import *im, const struct csv_row *row, struct err *err)
{
	struct person p = {0}, was;
	bool added = false;
	int rc;

	if (is_blank(row))
		return 0;
	if (row->wrong != NULL) {
		complain(im, row->line, COL_ADDRESS, row->wrong, SPAN(""));
		return 0;
	}
	rc = find_or_add(im, row, &p, &added, err);
	if (rc <= 0)
		return rc;
	if (is_second(im, row, p.id))
		return 0;
	was = p;
	/* A bad row that was just added must not stay half filled. */
	if (!take_row(im, row, &p)) {
		if (!added)
			return 0;
		im->line_of[p.id] = 0; /* the next one gets its number */
		return store_do(
		    im->app->store, PERSON_DELETE_NEW, err, "i", p.id);
	}
	if (add_alternates(im, row, &p, err) < 0 ||
	    add_partner(im, row, &p, err) < 0 ||
	    left_company(im, row, &p, err) < 0)
		return -1;
	if (added)
		im->result->added++;
	else if (same_person(&p, &was)) {
		im->result->unchanged++;
		return 0;
	} else
		im->result->changed++;
	return person_save(im->app, &p, err);
}

int
roster_import(struct app *app, struct arena *arena, struct span csv_text,
    struct roster_result *out, struct err *err)
{
	struct import im = {.app = app, .arena = arena, .result = out};
	struct arena table;
	struct csv csv;
	struct csv_row row;
	int rc = 0;

	memset(out, 0, sizeof(*out));
	if (span_starts(csv_text, "PK\003\004") ||
	    span_starts(csv_text, "\xd0\xcf\x11\xe0"))
		return err_exit(err, ERR_ITEM, 65,
		    "this is a workbook; save the sheet as CSV and take that");
	arena_init(&table);
	csv_open(&csv, &table, csv_text);
	if (!csv_next(&csv, &row))
		rc = err_exit(err, ERR_ITEM, 65, "the table is empty");
	else
		rc = read_heading(&im, &row, err);
	while (rc == 0 && csv_next(&csv, &row))
		rc = import_row(&im, &row, err);
	arena_release(&table);
	return rc;
}
