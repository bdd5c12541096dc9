/* The invented people and their habits. */
#include "base/csv.h"
#include "base/num.h"
#include "base/str.h"
#include "play/play_int.h"

struct name {
	const char *shown, *local; /* as in the address */
};

static const struct name firsts[] = {{"Anna", "anna"}, {"Ben", "ben"},
    {"Chloé", "chloe"}, {"Dmitri", "dmitri"}, {"Elif", "elif"},
    {"Femi", "femi"}, {"Greta", "greta"}, {"Hugo", "hugo"}, {"Ines", "ines"},
    {"Jörg", "joerg"}, {"Kavya", "kavya"}, {"Lukas", "lukas"}, {"Mei", "mei"},
    {"Noah", "noah"}, {"Olga", "olga"}, {"Pedro", "pedro"}, {"Quinn", "quinn"},
    {"Renée", "renee"}, {"Söhnke", "soehnke"}, {"Tariq", "tariq"},
    {"Ulrike", "ulrike"}, {"Vera", "vera"}, {"Wanda", "wanda"},
    {"Xaver", "xaver"}, {"Yuki", "yuki"}, {"Zoë", "zoe"}, {"Amir", "amir"},
    {"Birgit", "birgit"}, {"Carlos", "carlos"}};
static const struct name lasts[] = {{"Müller", "mueller"}, {"Okafor", "okafor"},
    {"Smith", "smith"}, {"Nowak", "nowak"}, {"García", "garcia"},
    {"O'Brien", "obrien"}, {"Yılmaz", "yilmaz"}, {"Weiß", "weiss"},
    {"Novák", "novak"}, {"Tanaka", "tanaka"}, {"Rossi", "rossi"},
    {"Jensen", "jensen"}, {"Dubois", "dubois"}, {"Patel", "patel"},
    {"Schneider", "schneider"}, {"Łuczak", "luczak"}, {"van Dijk", "vandijk"},
    {"Haddad", "haddad"}, {"Popescu", "popescu"}, {"Lindström", "lindstroem"},
    {"Brown", "brown"}, {"Fischer", "fischer"}, {"Nguyen", "nguyen"}};
static const char *const departments[] = {
    "Sales", "IT", "Finance", "Logistics", "People", "Research"};

enum {
	FIRSTS_N = sizeof(firsts) / sizeof(*firsts),
	LASTS_N = sizeof(lasts) / sizeof(*lasts),
	DEPARTMENTS_N = sizeof(departments) / sizeof(*departments),
};

int64_t
roll(struct play *p, const struct actor *a, const char *what, int64_t occasion,
    int64_t below)
{
	struct span subject = arena_spanf(&p->item, "%lld %lld",
	    (long long)(a ? a->number : -1), (long long)occasion);

	return (int64_t)world_pick(&p->dice, what, subject, (uint64_t)below);
}

bool
chance(struct play *p, const struct actor *a, const char *what,
    int64_t occasion, int64_t permille)
{
	return roll(p, a, what, occasion, 1000) < permille;
}

/*
 * Two tables whose sizes have no common factor: walking both by one step
 * meets each pair of names once before any comes again; then a number helps.
 */
static void
name_actor(struct play *p, struct actor *a, int64_t at)
{
	const struct name *first = &firsts[at % FIRSTS_N];
	const struct name *last = &lasts[at % LASTS_N];
	int64_t lap = (a->number - 1) / (FIRSTS_N * LASTS_N);

	a->name = arena_spanf(p->arena, "%s %s", first->shown, last->shown);
	if (lap > 0)
		a->address = arena_spanf(p->arena, "%s.%s%lld@example.com",
		    first->local, last->local, (long long)lap + 1);
	else
		a->address = arena_spanf(
		    p->arena, "%s.%s@example.com", first->local, last->local);
	a->alias = arena_spanf(
	    p->arena, "%s%lld@home.example.net", first->local, (long long)at);
}

static void
give_habits(struct play *p, struct actor *a)
{
	static const int paces[] = {1, 3, 6, 20, 30, 60, 110};

	a->client = (enum client)roll(p, a, "client", 0, CLIENTS_N);
	a->habit = (enum habit)roll(p, a, "habit", 0, 3);
	if (a->client == CLIENT_OUTLOOK || a->client == CLIENT_PHONE)
		a->habit = HABIT_TOP;
	a->pace_hours = paces[roll(p, a, "pace", 0, 7)];
}

/* Most take two weeks off somewhere on the way; a few fall silent. */
static void
give_absences(struct play *p, struct actor *a, int64_t from_unix, int64_t days)
{
	if (chance(p, a, "holiday", 0, 600)) {
		a->away_from_unix =
		    from_unix + roll(p, a, "holiday-day", 0, days) * DAY;
		a->away_until_unix =
		    a->away_from_unix +
		    (5 + roll(p, a, "holiday-length", 0, 12)) * DAY;
	}
	if (chance(p, a, "silent", 0, 50))
		a->silent_from_unix =
		    from_unix + roll(p, a, "silent-day", 0, days) * DAY;
}

static void
place_actor(struct play *p, struct actor *a, const struct conf *conf)
{
	static const char *const far[] = {"Europe/London", "America/New_York"};

	a->mentor = a->number % 2 == 1;
	a->mentee = !a->mentor;
	a->level = a->mentor ? 1 + roll(p, a, "level", 0, 3)
			     : 6 + roll(p, a, "level", 0, 3);
	a->department =
	    span_of(departments[roll(p, a, "department", 0, DEPARTMENTS_N)]);
	a->locale = conf->locales_n > 0 ? arena_span(p->arena,
					      conf->locales[roll(p, a, "locale",
						  0, (int64_t)conf->locales_n)])
					: arena_span(p->arena, conf->locale);
	a->german = span_is(a->locale, "de");
	a->zone = arena_span(p->arena, conf->zone);
	if (chance(p, a, "far", 0, 100))
		a->zone = span_of(far[chance(p, a, "farther", 0, 300)]);
	if (a->mentee && chance(p, a, "assistant", 0, 400))
		a->assistant = arena_spanf(
		    p->arena, "office.%lld@example.com", (long long)a->number);
}

/* Everybody reports to the first executive of their department. */
static void
give_managers(struct play *p)
{
	for (size_t i = 0; i < p->cast_n; i++)
		for (size_t k = 0; k < p->cast_n; k++) {
			struct actor *a = &p->cast[i], *b = &p->cast[k];

			if (!a->mentor || !b->mentee ||
			    !span_eq(a->department, b->department))
				continue;
			a->manager = b->address;
			break;
		}
}

void
cast_invent(struct play *p, const struct conf *conf)
{
	int64_t days = p->result->days;
	int64_t shift = roll(p, NULL, "names", 0, FIRSTS_N * LASTS_N);

	p->cast_n = (size_t)p->ask->people;
	p->cast = arena_alloc(p->arena, p->cast_n * sizeof(*p->cast));
	for (size_t i = 0; i < p->cast_n; i++) {
		struct actor *a = &p->cast[i];

		a->number = (int64_t)i + 1;
		name_actor(p, a, a->number + shift);
		place_actor(p, a, conf);
		give_habits(p, a);
		give_absences(p, a, p->now_unix, days);
		arena_reset(&p->item);
	}
	give_managers(p);
	p->lead = (struct actor){.name = arena_span(p->arena, conf->lead_name),
	    .address = arena_span(p->arena, conf->lead_address),
	    .locale = SPAN("en"),
	    .zone = arena_span(p->arena, conf->zone),
	    .pace_hours = 3};
}

struct span
cast_roster(struct arena *arena, const struct play *p)
{
	struct str out;

	str_init(&out, arena, 1 << 22);
	str_addz(&out, "address,name,role,level,department,manager,zone,"
		       "locale,assistant\r\n");
	for (size_t i = 0; i < p->cast_n; i++) {
		const struct actor *a = &p->cast[i];

		csv_write(&out, a->address, true);
		csv_write(&out, a->name, false);
		csv_write(
		    &out, a->mentor ? SPAN("mentor") : SPAN("mentee"), false);
		csv_write(&out, arena_spanf(arena, "%lld", (long long)a->level),
		    false);
		csv_write(&out, a->department, false);
		csv_write(&out, a->manager, false);
		csv_write(&out, a->zone, false);
		csv_write(&out, a->locale, false);
		csv_write(&out, a->assistant, false);
		csv_end_row(&out);
	}
	return str_span(&out);
}

struct actor *
cast_find(struct play *p, struct span address)
{
	if (span_caseeq(address, p->lead.address))
		return &p->lead;
	for (size_t i = 0; i < p->cast_n; i++) {
		struct actor *a = &p->cast[i];

		if (span_caseeq(address, a->address) ||
		    span_caseeq(address, a->alias) ||
		    (a->assistant.n > 0 && span_caseeq(address, a->assistant)))
			return a;
	}
	return NULL;
}
