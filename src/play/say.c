/* How a participant writes: when, on which day, and sometimes twice. */
#include "play/play_int.h"

/* Nobody writes at night or at the weekend; people on holiday write later. */
int64_t
say_when(
    struct play *p, const struct actor *a, const char *what, int64_t occasion)
{
	int64_t hours = a->pace_hours;
	int64_t t = p->now_unix + 20 * MINUTE +
		    roll(p, a, what, occasion, hours * HOUR + 1);

	if (t >= a->away_from_unix && t < a->away_until_unix)
		t = a->away_until_unix + 9 * HOUR +
		    roll(p, a, "back", occasion, 6 * HOUR);
	for (int i = 0; i < 4; i++) {
		struct civil c = zone_civil(&p->app->zone, t);
		int weekday = civil_weekday(civil_days(c.year, c.month, c.day));

		if (weekday <= 5 && c.hour >= 7 && c.hour < 20)
			break;
		t = zone_day_start(
			&p->app->zone, zone_day_start(&p->app->zone, t) +
					   (c.hour < 7 ? 2 : 26) * HOUR) +
		    8 * HOUR + roll(p, a, "morning", occasion, 2 * HOUR);
	}
	return t;
}

struct span
say_date(struct play *p, const struct actor *a, int64_t unix_time)
{
	static const char *const months[] = {"January", "February", "March",
	    "April", "May", "June", "July", "August", "September", "October",
	    "November", "December"};
	struct civil c = zone_civil(&p->app->zone, unix_time);

	if (a->german)
		return arena_spanf(
		    &p->item, "%d.%d.%d", c.day, c.month, c.year);
	return arena_spanf(
	    &p->item, "%d %s %d", c.day, months[c.month - 1], c.year);
}

/*
 * A mail program that loses its connection sends the very same mail again;
 * a person who is not sure says it again.
 */
void
say_send(struct play *p, const struct actor *a, struct sheet *s)
{
	int64_t id = s->to->id;

	s->from_alias = chance(p, a, "elsewhere", id, 25);
	pen_send(p, s);
	if (chance(p, a, "same-again", id, 15))
		pen_post(
		    p, s->at_unix + 5 * MINUTE, p->posts[p->posts_n - 1].bytes);
	if (chance(p, a, "says-again", id, 25)) {
		s->at_unix += HOUR + roll(p, a, "again-at", id, 2 * DAY);
		pen_send(p, s);
	}
}

void
say_text(struct play *p, struct actor *a, const struct received *r,
    struct span text, int64_t at_unix)
{
	struct sheet s = {.who = a, .to = r, .text = text, .at_unix = at_unix};

	say_send(p, a, &s);
}

void
say_pause(struct play *p, struct actor *a, const struct received *r)
{
	struct span pause = word_say(p, a, SAYS_PAUSE, r->id);
	struct span day = say_date(
	    p, a, p->now_unix + (21 + roll(p, a, "pause", 0, 20)) * DAY);

	if (a->has_paused)
		return;
	a->has_paused = true;
	say_text(p, a, r,
	    arena_spanf(&p->item, "%.*s %.*s", (int)pause.n, pause.p,
		(int)day.n, day.p),
	    say_when(p, a, "reply", r->id));
}
