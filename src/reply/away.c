/*
 * When is somebody back who is out of office?  A sentence that says "back on"
 * names the day itself; one that says "until" names the last day away.
 */
#include "reply/reply_int.h"

/* The day named is the day of return. */
static const char *const returning[] = {"back on", "back in the office",
    "be back", "return on", "returning", "will return", "i return",
    "available again", "available from", "back at work", "back from", "back by",
    "wieder da", "wieder im büro", "wieder erreichbar", "wieder für sie da",
    "zurück am", "bin ich zurück", "wieder zurück", "wieder am", "ab dem",
    "erreichen sie mich wieder", "wieder ab", "wieder anwesend", "zurück im",
    "de retour", "mon retour", "je serai de retour", "regreso", "vuelvo",
    "volveré", "estaré de vuelta", "rientro", "rientrerò", "sarò di nuovo",
    "torno", "weer aanwezig", "terug op", "weer bereikbaar", "ben ik terug",
    "tillbaka", "åter på", "tilbage", "tilbake", "retorno", "estarei de volta",
    "regresso", "wracam", "będę z powrotem", "takaisin", "zpět", "back to work",
    "resume work", "returns"};
/* The day named is the last day away. */
static const char *const lasting[] = {"until", "till", "through", "thru",
    "up to", "to and including", "bis", "einschließlich", "jusqu'au",
    "jusqu’au", "jusqu'", "hasta", "fino al", "fino a", "sino al", "tot en met",
    "t/m", "tot ", "til og med", "till och med", "t.o.m", "t o m", "até",
    "do dnia", "do ", "asti", "saakka", " to ", " - ", "–", " au ", " al ",
    " a ", "zum"};

static bool
day_behind(struct span s, size_t at, struct civil today, int64_t *days)
{
	struct when w;
	struct span rest = span_sub(s, at, at + 120);

	if (!when_find(rest, today, SPAN("de"), &w) || !w.has_date)
		return false;
	*days = civil_days(w.year, w.month, w.day);
	return true;
}

/* A year that is not written must not push a past day into the next one. */
static bool
is_plausible(int64_t days, int64_t now)
{
	return days >= now && days <= now + 400;
}

static int64_t
search(struct span text, const char *const *list, size_t n, struct civil today,
    bool last_day)
{
	int64_t now = civil_days(today.year, today.month, today.day), days;
	struct span line;

	while (span_line(&text, &line))
		for (size_t i = 0; i < n; i++) {
			size_t at = span_casefind(line, span_of(list[i]));

			if (at == line.n)
				continue;
			at += span_of(list[i]).n;
			if (day_behind(line, at, today, &days) &&
			    is_plausible(days, now))
				return (days + last_day) * DAY;
		}
	return 0;
}

int64_t
away_until(const struct mail *m, struct span text)
{
	struct civil today = civil_of_unix(m->date_unix);
	int64_t found;

	if (m->date_unix <= 0)
		return 0;
	text = span_sub(text, 0, 8192);
	found = search(text, returning, sizeof(returning) / sizeof(*returning),
	    today, false);
	if (found == 0)
		found = search(m->subject, returning,
		    sizeof(returning) / sizeof(*returning), today, false);
	if (found == 0)
		found = search(text, lasting,
		    sizeof(lasting) / sizeof(*lasting), today, true);
	if (found == 0)
		found = search(m->subject, lasting,
		    sizeof(lasting) / sizeof(*lasting), today, true);
	return found;
}
