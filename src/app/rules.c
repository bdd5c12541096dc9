/*
 * New time-zone rules.  A session is kept at the local hour that was agreed:
 * the mentee's, in a group that of the first who was invited.  Where new
 * rules move that instant, or the hour that somebody's calendar shows for
 * it, all get an update.  What has begun stays as it was.
 */
#include "app/app.h"

#include "base/digest.h"
#include "base/log.h"
#include "base/num.h"
#include "base/str.h"

struct span
wall_text(struct arena *arena, const struct zone *zone, int64_t start_unix)
{
	struct civil c = zone_civil(zone, start_unix);

	return arena_spanf(arena, "%04d-%02d-%02dT%02d:%02d %.*s", c.year,
	    c.month, c.day, c.hour, c.minute, (int)zone->name.n, zone->name.p);
}

/* The instant of a wall_text by the rules of now; false for another zone. */
static bool
wall_unix(struct span wall, const struct zone *zone, int64_t *start_unix)
{
	size_t blank = span_findc(wall, ' ');
	struct civil c = {0};
	int64_t hour, minute;

	if (!span_eq(span_skip(wall, blank + 1), zone->name) || blank != 16 ||
	    !civil_parse(span_sub(wall, 0, 10), &c) ||
	    !num_int(span_sub(wall, 11, 13), 0, 23, &hour) ||
	    !num_int(span_sub(wall, 14, 16), 0, 59, &minute))
		return false;
	c.hour = (int)hour;
	c.minute = (int)minute;
	zone_unix(zone, &c, start_unix);
	return true;
}

/* --- what has changed ------------------------------------------------------- */

static struct span
rules_digest(struct arena *arena, const struct zone *z)
{
	uint8_t digest[DIGEST_BYTES];
	struct str s;

	str_init(&s, arena, 1 << 20);
	for (size_t i = 0; i < z->at_n; i++)
		str_addf(&s, "%lld %d\n", (long long)z->at[i],
		    (int)z->types[z->type_at[i]].offset);
	str_add(&s, z->footer);
	digest_sha256(str_span(&s), digest);
	return hex_write(
	    arena, (struct span){(const char *)digest, sizeof(digest)});
}

/* 1 the rules are not those of the last look, 0 they are, -1. */
static int
rules_changed(struct app *app, struct span name, struct err *err)
{
	struct rows rows;
	struct zone zone;
	struct err none = {0};
	struct span digest;
	bool known;

	if (name.n == 0)
		name = app->zone.name;
	/* A zone that has gone from the system changes nothing. */
	if (zone_load(&app->item, name, &zone, &none) < 0)
		return 0;
	digest = rules_digest(&app->item, &zone);
	if (store_rows(
		app->store, &app->item, ZONE_RULES, &rows, err, "t", name) < 0)
		return -1;
	known = rows.n > 0;
	if (known && span_eq(cell(&rows, 0, 0)->t, digest))
		return 0;
	if (store_do(app->store, ZONE_RULES_SET, err, "tt", name, digest) < 0)
		return -1;
	/* One that was never looked at may have changed before this look. */
	if (known)
		log_line(LOG_EVENT, "zone=%.*s rules=new", (int)name.n, name.p);
	return 1;
}

static int
any_changed(struct app *app, bool *any, struct err *err)
{
	struct rows rows;

	*any = false;
	if (store_rows(app->store, &app->item, ZONES_TO_COME, &rows, err, "") <
	    0)
		return -1;
	for (size_t r = 0; r < rows.n; r++) {
		int rc = rules_changed(app, cell(&rows, r, 0)->t, err);

		if (rc < 0)
			return -1;
		*any |= rc > 0;
	}
	return 0;
}

/* --- one session -------------------------------------------------------------- */

/* Whose hour it is that the session keeps. */
static int
keeper(struct app *app, const struct session *s, const struct attendee *list,
    size_t n, size_t *out, struct err *err)
{
	struct pair pair;
	int rc = s->pair_id
		     ? pair_find(app->store, &app->item, s->pair_id, &pair, err)
		     : 0;

	*out = 0;
	for (size_t i = 0; rc > 0 && i < n; i++)
		if (list[i].person_id == pair.mentee_id)
			*out = i;
	return rc < 0 ? -1 : 0;
}

static int
zone_of(struct app *app, int64_t person_id, const struct zone **zone,
    struct err *err)
{
	struct person p;
	int rc = person_find(app->store, &app->item, person_id, &p, err);

	*zone = rc > 0 ? person_zone(app, &p) : &app->zone;
	return rc < 0 ? -1 : 0;
}

/* Does a calendar show another hour than it would be told now? */
static int
shows_another(struct app *app, const struct attendee *list, size_t n,
    int64_t start_unix, bool *yes, struct err *err)
{
	*yes = false;
	for (size_t i = 0; i < n && !*yes; i++) {
		const struct zone *zone;
		int64_t shown;

		if (zone_of(app, list[i].person_id, &zone, err) < 0)
			return -1;
		*yes = wall_unix(list[i].wall, zone, &shown) &&
		       !span_eq(wall_text(&app->item, zone, start_unix),
			   list[i].wall);
	}
	return 0;
}

static int
follow(struct app *app, struct session *s, struct err *err)
{
	struct attendee *list;
	const struct zone *zone;
	int64_t start = s->start_unix;
	size_t n, keep;
	bool another;

	if (start <= app->world.now_unix)
		return 0;
	if (attendees(app->store, &app->item, s->id, &list, &n, err) < 0 ||
	    keeper(app, s, list, n, &keep, err) < 0)
		return -1;
	if (n == 0)
		return 0;
	if (zone_of(app, list[keep].person_id, &zone, err) < 0)
		return -1;
	wall_unix(list[keep].wall, zone, &start);
	if (shows_another(app, list, n, start, &another, err) < 0)
		return -1;
	if ((start == s->start_unix && !another) ||
	    start <= app->world.now_unix)
		return 0;
	session_set_time(app, s, start);
	s->moves--; /* nobody asked for it */
	if (session_clear_answers(app, s, err) < 0)
		return -1;
	return session_event(app, s, EV_MOVED, err);
}

int
rules_follow(struct app *app, struct err *err)
{
	struct arena arena;
	struct session *list;
	size_t n = 0;
	bool any;
	int rc;

	if (any_changed(app, &any, err) < 0)
		return -1;
	if (!any)
		return 0;
	arena_init(&arena);
	rc = sessions(app->store, &arena, SESSIONS_TO_COME, &list, &n, err,
	    app->world.now_unix);
	for (size_t i = 0; rc == 0 && i < n; i++) {
		rc = follow(app, &list[i], err);
		arena_reset(&app->item);
	}
	arena_release(&arena);
	return rc;
}
