/*
 * People from the CSV of a roster, and more of them from a second one:
 * columns in any order, names of columns without case.  Each error names
 * line and column.  Availability is taken as it stands (one wall clock for
 * all); the database's roads turn it into UTC.
 */
#include "match/match_int.h"

#include <stdlib.h>
#include <string.h>

#include "base/csv.h"
#include "base/num.h"
#include "base/vec.h"

enum field {
	F_ADDRESS,
	F_NAME,
	F_ROLE,
	F_LEVEL,
	F_DEPARTMENT,
	F_LOCATION,
	F_MANAGER,
	F_LANGUAGES,
	F_CAPACITY,
	F_HOURS,
	F_WAYS,
	F_KINDS,
	F_LEARNING,
	F_PERSONALITY,
	F_AVAILABILITY,
	F_HAVE,
	F_WANT,
	F_PICKS,
	F_GROUP,
	F_WANTED,
	F_IGNORED,
	FIELDS = F_IGNORED
};

static const char *const fields[FIELDS] = {"address", "name", "role", "level",
    "department", "location", "manager", "languages", "capacity", "hours",
    "ways", "kinds", "learning", "personality", "availability", "have", "want",
    "picks", "group", "mentors"};
static const char *const ignored[] = {
    "zone", "locale", "assistant", "alternates", "email"};

struct list {
	struct span *items;
	uint32_t n;
};

struct raw {
	struct span manager, picks;
	int line;
};

struct roster {
	struct arena *a;
	struct match_person *people;
	struct raw *raw;
	uint32_t n;
	struct list skills, languages, kinds, learning;
	const char *file;
	int line, column;
	struct err *err;
	uint32_t *index; /* by hash of the address; 0 free */
	uint32_t index_n;
};

static int
wrong(struct roster *r, const char *what, struct span cell)
{
	return err_exit(r->err, ERR_ITEM, 65,
	    "%s, line %d, column %d: %s: \"%.*s\"", r->file, r->line, r->column,
	    what, (int)(cell.n < 60 ? cell.n : 60), cell.p);
}

/* Number of a word in a growing list; `most` when it is full. */
static uint32_t
number_of(struct roster *r, struct list *l, struct span word, uint32_t most)
{
	for (uint32_t i = 0; i < l->n; i++)
		if (span_caseeq(l->items[i], word))
			return i;
	if (l->n == most)
		return most;
	vec_room(r->a, &l->items, l->n, sizeof(*l->items));
	l->items[l->n] = arena_span(r->a, word);
	return l->n++;
}

/* --- addresses --------------------------------------------------------- */

static uint32_t
hash(struct span s)
{
	uint32_t h = 2166136261u;

	for (size_t i = 0; i < s.n; i++)
		h = (h ^ (unsigned char)ascii_lower(s.p[i])) * 16777619u;
	return h;
}

static uint32_t *
index_find(struct roster *r, struct span address)
{
	uint32_t at = hash(address) & (r->index_n - 1);

	while (r->index[at] != 0 &&
	       !span_caseeq(r->people[r->index[at] - 1].key, address))
		at = (at + 1) & (r->index_n - 1);
	return &r->index[at];
}

static void
index_grow(struct roster *r)
{
	if (r->n * 2 < r->index_n)
		return;
	r->index_n = r->index_n == 0 ? 64 : r->index_n * 2;
	r->index = arena_alloc(r->a, r->index_n * sizeof(*r->index));
	for (uint32_t i = 0; i < r->n; i++)
		*index_find(r, r->people[i].key) = i + 1;
}

/* --- cells ----------------------------------------------------------------- */

static int
read_role(struct roster *r, struct match_person *x, struct span s)
{
	if (!span_caseis(s, "mentor") && !span_caseis(s, "mentee") &&
	    !span_caseis(s, "both"))
		return wrong(r, "role is mentor, mentee or both", s);
	x->mentor = !span_caseis(s, "mentee");
	x->mentee = !span_caseis(s, "mentor");
	return 0;
}

static int
read_number(struct roster *r, struct span s, int high, int *out)
{
	int64_t n;

	if (!num_int(s, 0, high, &n))
		return wrong(r, "not a number within the bounds", s);
	*out = (int)n;
	return 0;
}

static int
read_skills(struct roster *r, struct span s, uint8_t levels[MATCH_SKILLS])
{
	struct span part;

	while (span_part(&s, ';', &part)) {
		size_t colon;
		struct span level;
		uint32_t k;

		part = span_trim(part);
		if (part.n == 0)
			continue;
		colon = span_findc(part, ':');
		level = span_trim(span_skip(part, colon + 1));
		k = number_of(r, &r->skills,
		    span_trim(span_sub(part, 0, colon)), MATCH_SKILLS);
		if (k == MATCH_SKILLS)
			return wrong(r, "more than 64 skills", part);
		if (span_caseis(level, "L"))
			levels[k] = 1;
		else if (span_caseis(level, "M"))
			levels[k] = 2;
		else if (span_caseis(level, "H"))
			levels[k] = 3;
		else
			return wrong(r, "skill:L, skill:M or skill:H", part);
	}
	return 0;
}

static int
read_bits(struct roster *r, struct list *l, struct span s, uint32_t most,
    uint32_t *out)
{
	struct span part;

	*out = 0;
	while (span_part(&s, ';', &part)) {
		uint32_t k;

		part = span_trim(part);
		if (part.n == 0)
			continue;
		k = number_of(r, l, part, most);
		if (k == most)
			return wrong(r, "too many different words", part);
		*out |= (uint32_t)1 << k;
	}
	return 0;
}

static int
read_ways(struct roster *r, struct span s, uint8_t *out)
{
	static const char *const ways[] = {"person", "video", "phone", "chat"};
	struct span part;
	uint8_t bits = 0;

	while (span_part(&s, ';', &part)) {
		int k = 0;

		part = span_trim(part);
		while (k < 4 && !span_caseis(part, ways[k]))
			k++;
		if (k == 4)
			return wrong(
			    r, "ways are person, video, phone, chat", part);
		bits |= (uint8_t)(1 << k);
	}
	*out = bits;
	return 0;
}

/* Four digits 0..3, one for each axis. */
static int
read_personality(struct roster *r, struct span s, uint8_t *out)
{
	uint8_t bits = 0;

	if (s.n != 4)
		return wrong(r, "personality is four digits 0..3", s);
	for (int i = 0; i < 4; i++) {
		if (s.p[i] < '0' || s.p[i] > '3')
			return wrong(r, "personality is four digits 0..3", s);
		bits |= (uint8_t)((s.p[i] - '0') << 2 * i);
	}
	*out = bits;
	return 0;
}

static int
day_of(struct span *s)
{
	static const char *const days[] = {
	    "mon", "tue", "wed", "thu", "fri", "sat", "sun"};

	for (int d = 0; d < 7; d++)
		if (span_casestarts(*s, days[d])) {
			*s = span_skip(*s, 3);
			while (s->n > 0 && ascii_alpha(s->p[0]))
				*s = span_skip(*s, 1);
			return d + 1;
		}
	return 0;
}

/* "9", "9:30" -> minutes; -1 no. */
static int
minute_of(struct span *s)
{
	int64_t hour, minute = 0;
	size_t n = num_lead(*s, 24, &hour);

	if (n == 0)
		return -1;
	*s = span_skip(*s, n);
	if (s->n > 0 && s->p[0] == ':') {
		*s = span_skip(*s, 1);
		n = num_lead(*s, 59, &minute);
		if (n == 0 || minute % 30 != 0)
			return -1;
		*s = span_skip(*s, n);
	}
	return hour * 60 + minute > 1440 ? -1 : (int)(hour * 60 + minute);
}

static bool
eat(struct span *s, char c)
{
	*s = span_ltrim(*s);
	if (s->n == 0 || s->p[0] != c)
		return false;
	*s = span_ltrim(span_skip(*s, 1));
	return true;
}

/* "Mon-Fri 9-12, 14-17; Tue 14-17" */
static int
read_hours(struct roster *r, struct span s, struct hours *out)
{
	struct span part, all = s;
	struct hours h = {{0}};

	while (span_part(&s, ';', &part)) {
		int first, last, from, to;

		part = span_trim(part);
		if (part.n == 0)
			continue;
		first = last = day_of(&part);
		if (first > 0 && eat(&part, '-'))
			last = day_of(&part);
		if (first == 0 || last < first)
			return wrong(r, "days as in Mon-Fri 9-12", all);
		do {
			part = span_ltrim(part);
			from = minute_of(&part);
			if (from < 0 || !eat(&part, '-') ||
			    (to = minute_of(&part)) <= from)
				return wrong(
				    r, "hours as in Mon-Fri 9-12", all);
			for (int d = first; d <= last; d++)
				hours_add(&h, d, from, to);
		} while (eat(&part, ','));
		if (part.n > 0)
			return wrong(r, "hours as in Mon-Fri 9-12", all);
	}
	*out = h;
	return 0;
}

static int
read_cell(struct roster *r, uint32_t at, enum field f, struct span s)
{
	struct match_person *x = &r->people[at];
	uint32_t bits;

	switch (f) {
	case F_NAME:
		x->name = arena_span(r->a, s);
		return 0;
	case F_ROLE:
		return read_role(r, x, s);
	case F_LEVEL:
		return read_number(r, s, 10, &x->level);
	case F_DEPARTMENT:
		x->department = arena_span(r->a, s);
		return 0;
	case F_LOCATION:
		x->location = arena_span(r->a, s);
		return 0;
	case F_MANAGER:
		r->raw[at].manager = arena_span(r->a, s);
		return 0;
	case F_LANGUAGES:
		return read_bits(r, &r->languages, s, 32, &x->languages);
	case F_CAPACITY:
		return read_number(r, s, 1000, &x->capacity);
	case F_WANTED:
		return read_number(r, s, 1000, &x->want);
	case F_HOURS:
		return read_number(r, s, 744, &x->hours_month);
	case F_WAYS:
		return read_ways(r, s, &x->ways);
	case F_KINDS:
		if (read_bits(r, &r->kinds, s, 8, &bits) < 0)
			return -1;
		x->kinds = (uint8_t)bits;
		return 0;
	case F_LEARNING:
		x->learning = (uint8_t)(number_of(r, &r->learning, s, 254) + 1);
		return 0;
	case F_PERSONALITY:
		return read_personality(r, s, &x->personality);
	case F_AVAILABILITY:
		return read_hours(r, s, &x->hours);
	case F_HAVE:
		return read_skills(r, s, x->now);
	case F_WANT:
		return read_skills(r, s, x->wanted);
	case F_PICKS:
		r->raw[at].picks = arena_span(r->a, s);
		return 0;
	case F_GROUP:
		x->confidentiality = arena_span(r->a, s);
		return 0;
	case F_ADDRESS:
	case F_IGNORED:
		return 0;
	}
	return 0;
}

/* --- rows --------------------------------------------------------------------- */

static int
read_header(struct roster *r, const struct csv_row *row, enum field *kinds)
{
	bool seen[FIELDS] = {false};

	r->line = row->line;
	for (size_t c = 0; c < row->n; c++) {
		int f = 0;
		bool skip = row->cells[c].n == 0;

		r->column = (int)c + 1;
		while (f < FIELDS && !span_caseis(row->cells[c], fields[f]))
			f++;
		for (size_t k = 0; k < sizeof(ignored) / sizeof(*ignored); k++)
			skip = skip || span_caseis(row->cells[c], ignored[k]);
		if (f == FIELDS && !skip)
			return wrong(r, "no such column", row->cells[c]);
		if (f < FIELDS && seen[f])
			return wrong(
			    r, "the column is there twice", row->cells[c]);
		if (f < FIELDS)
			seen[f] = true;
		kinds[c] = (enum field)f;
	}
	r->column = 1;
	if (!seen[F_ADDRESS])
		return wrong(r, "a column is missing", SPAN("address"));
	return 0;
}

static int
read_row(struct roster *r, const struct csv_row *row, const enum field *kinds,
    size_t kinds_n, bool adds)
{
	struct span address = SPAN("");
	uint32_t *slot, at;

	r->line = row->line;
	r->column = 1;
	if (row->wrong != NULL)
		return wrong(r, row->wrong, SPAN(""));
	for (size_t c = 0; c < row->n && c < kinds_n; c++)
		if (kinds[c] == F_ADDRESS) {
			address = row->cells[c];
			r->column = (int)c + 1;
		}
	if (address.n == 0)
		return wrong(r, "the address is missing", address);
	index_grow(r);
	slot = index_find(r, address);
	if (adds && *slot != 0)
		return wrong(r, "two people have this address", address);
	if (!adds && *slot == 0)
		return wrong(r, "not in the roster", address);
	if (adds) {
		struct match_person x = {.id = (int64_t)r->n + 1,
		    .key = arena_span(r->a, address),
		    .capacity = 1,
		    .want = 1,
		    .mentor = true,
		    .mentee = true};

		x.name = x.key;
		r->people[r->n] = x;
		r->raw[r->n] = (struct raw){SPAN(""), SPAN(""), row->line};
		*slot = ++r->n;
	}
	at = *slot - 1;
	for (size_t c = 0; c < row->n; c++) {
		r->column = (int)c + 1;
		if (c >= kinds_n && row->cells[c].n > 0)
			return wrong(
			    r, "more cells than columns", row->cells[c]);
		if (c < kinds_n && row->cells[c].n > 0 &&
		    read_cell(r, at, kinds[c], row->cells[c]) < 0)
			return -1;
	}
	return 0;
}

/* Room for all at once: one on each line, and each may end in its own way. */
static void
people_room(struct roster *r, struct span text)
{
	size_t lines = 1;

	for (size_t i = 0; i < text.n; i++)
		lines += text.p[i] == '\n' ||
			 (text.p[i] == '\r' &&
			     (i + 1 == text.n || text.p[i + 1] != '\n'));
	r->people = arena_alloc(r->a, lines * sizeof(*r->people));
	r->raw = arena_alloc(r->a, lines * sizeof(*r->raw));
}

static int
read_text(struct roster *r, struct span text, bool adds)
{
	struct arena line;
	struct csv csv;
	struct csv_row row;
	enum field *kinds;
	size_t kinds_n;
	int rc = 0;

	csv_open(&csv, r->a, text);
	r->line = r->column = 1;
	if (!csv_next(&csv, &row))
		return wrong(r, "there is no line", SPAN(""));
	kinds_n = row.n;
	kinds = arena_alloc(r->a, (row.n + 1) * sizeof(*kinds));
	if (read_header(r, &row, kinds) < 0)
		return -1;
	if (adds)
		people_room(r, csv.rest);
	/* What a person keeps of a line is copied; the line is not kept. */
	arena_init(&line);
	csv.arena = &line;
	while (rc == 0 && csv_next(&csv, &row)) {
		rc = read_row(r, &row, kinds, kinds_n, adds);
		arena_reset(&line);
	}
	arena_release(&line);
	return rc;
}

/* Addresses become ids; one that is not here is a manager of no matter. */
static void
resolve(struct roster *r)
{
	for (uint32_t i = 0; i < r->n; i++) {
		struct match_person *x = &r->people[i];
		struct span rest = r->raw[i].picks, part;
		uint32_t at;

		if (r->raw[i].manager.n > 0) {
			at = *index_find(r, r->raw[i].manager);
			/* Outside people get ids below zero, one each. */
			x->manager_id =
			    at > 0 ? (int64_t)at
				   : -(int64_t)hash(r->raw[i].manager) - 1;
		}
		while (span_part(&rest, ';', &part)) {
			part = span_trim(part);
			at = part.n > 0 ? *index_find(r, part) : 0;
			if (at == 0)
				continue;
			vec_room(
			    r->a, &x->picks, x->picks_n, sizeof(*x->picks));
			x->picks[x->picks_n++] = (int64_t)at;
		}
	}
}

int
match_read_people(struct arena *a, struct span roster, struct span answers,
    struct match_problem *p, struct err *err)
{
	struct roster r = {.a = a, .file = "roster", .err = err};

	index_grow(&r);
	if (read_text(&r, roster, true) < 0)
		return -1;
	r.file = "answers";
	if (answers.n > 0 && read_text(&r, answers, false) < 0)
		return -1;
	resolve(&r);
	p->people = r.people;
	p->people_n = r.n;
	p->skill_names = r.skills.items;
	p->weights.skills_n = r.skills.n;
	for (uint32_t s = 0; s < r.skills.n; s++)
		if (p->weights.skill_weight[s] == 0)
			p->weights.skill_weight[s] = 1;
	return 0;
}
