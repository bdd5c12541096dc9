/* Phrases in the reader's language. */
#include "model/words.h"

#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

#include "base/str.h"

static int
compare_items(const void *a, const void *b)
{
	const struct ini_item *x = a, *y = b;

	return span_cmp(x->key, y->key);
}

int
words_parse(struct arena *arena, struct span locale, struct span file,
    struct span text, const struct words *fallback, struct words *out,
    struct err *err)
{
	struct words w = {
	    .locale = arena_span(arena, locale), .fallback = fallback};
	struct ini ini;

	if (ini_parse(arena, file, text, &ini, err) < 0)
		return -1;
	if (ini.n > 0)
		qsort(ini.items, ini.n, sizeof(*ini.items), compare_items);
	w.keys = arena_alloc(arena, ini.n * sizeof(*w.keys));
	w.phrases = arena_alloc(arena, ini.n * sizeof(*w.phrases));
	for (size_t i = 0; i < ini.n; i++) {
		if (i > 0 && span_eq(ini.items[i].key, w.keys[i - 1]))
			return ini_error(&ini, &ini.items[i], err,
			    "\"%.*s\" stands here twice",
			    (int)ini.items[i].key.n, ini.items[i].key.p);
		w.keys[i] = ini.items[i].key;
		w.phrases[i] = ini.items[i].value;
	}
	w.n = ini.n;
	*out = w;
	return 0;
}

void
words_set(
    struct arena *arena, struct words *w, const char *key, struct span phrase)
{
	struct span *keys = arena_alloc(arena, (w->n + 1) * sizeof(*keys));
	struct span *phrases = arena_alloc(arena, (w->n + 1) * sizeof(*keys));
	struct span name = span_of(key);
	size_t at = 0;

	while (at < w->n && span_cmp(w->keys[at], name) < 0)
		at++;
	for (size_t i = 0, k = 0; i < w->n + 1; i++) {
		if (i == at) {
			keys[i] = arena_span(arena, name);
			phrases[i] = arena_span(arena, phrase);
			k += k < w->n && span_eq(w->keys[k], name);
			continue;
		}
		if (k == w->n)
			break;
		keys[i] = w->keys[k];
		phrases[i] = w->phrases[k++];
	}
	w->n += !(at < w->n && span_eq(w->keys[at], name));
	w->keys = keys;
	w->phrases = phrases;
}

static bool
find(const struct words *w, struct span key, struct span *phrase)
{
	for (; w != NULL; w = w->fallback) {
		size_t low = 0, high = w->n;

		while (low < high) {
			size_t mid = low + (high - low) / 2;
			int r = span_cmp(key, w->keys[mid]);

			if (r == 0) {
				*phrase = w->phrases[mid];
				return true;
			}
			if (r < 0)
				high = mid;
			else
				low = mid + 1;
		}
	}
	return false;
}

bool
words_has(const struct words *w, const char *key)
{
	struct span phrase;

	return find(w, span_of(key), &phrase);
}

bool
words_says(const struct words *w, const char *key)
{
	struct span locale = w->locale, phrase;

	for (; w != NULL && span_eq(w->locale, locale); w = w->fallback) {
		struct words alone = *w;

		alone.fallback = NULL;
		if (find(&alone, span_of(key), &phrase))
			return true;
	}
	return false;
}

struct span
words_get(const struct words *w, const char *key)
{
	struct span phrase;

	return find(w, span_of(key), &phrase) ? phrase : span_of(key);
}

/* {role-mentors}, {Role-mentors}: false when the name is no such. */
static bool
add_role(struct str *out, const struct words *w, struct span name)
{
	bool capital = span_starts(name, "Role-");
	char key[24] = "role-";
	struct span role;

	if ((!capital && !span_starts(name, "role-")) || name.n >= sizeof(key))
		return false;
	memcpy(key + 5, name.p + 5, name.n - 5);
	if (!find(w, span_of(key), &role) || role.n == 0)
		return false;
	if (capital) {
		str_addc(out, ascii_upper(role.p[0]));
		role = span_skip(role, 1);
	}
	str_add(out, role);
	return true;
}

static struct span
fill_text(struct arena *arena, const struct words *w, struct span s,
    const struct fill *fills, size_t n)
{
	struct str out;

	str_init(&out, arena, 65536);
	while (s.n > 0) {
		size_t open = span_findc(s, '{'), close, i;
		struct span name;

		str_add(&out, span_sub(s, 0, open));
		s = span_skip(s, open);
		close = span_findc(s, '}');
		if (close == s.n) {
			str_add(&out, s);
			break;
		}
		name = span_sub(s, 1, close);
		for (i = 0; i < n && !span_is(name, fills[i].name); i++)
			;
		if (i < n)
			str_add(&out, fills[i].text);
		else if (!add_role(&out, w, name))
			str_add(&out, span_sub(s, 0, close + 1));
		s = span_skip(s, close + 1);
	}
	return str_span(&out);
}

struct span
words_fill(struct arena *arena, const struct words *w, const char *key,
    const struct fill *fills, size_t n)
{
	struct span s;

	if (!find(w, span_of(key), &s))
		return arena_spanf(arena, "‹%s›", key);
	return fill_text(arena, w, s, fills, n);
}

struct span
words_roles(struct arena *arena, const struct words *w, struct span text)
{
	return span_findc(text, '{') == text.n
		   ? text
		   : fill_text(arena, w, text, NULL, 0);
}

struct span
words_count(
    struct arena *arena, const struct words *w, const char *key, int64_t n)
{
	struct fill fill = {"n", words_number(arena, w, n, 0)};
	char *full = arena_printf(arena, "%s-%s", key, n == 1 ? "one" : "many");

	return words_fill(arena, w, full, &fill, 1);
}

struct span
words_join(struct arena *arena, const struct words *w, const struct span *items,
    size_t n)
{
	struct str out;

	str_init(&out, arena, 65536);
	for (size_t i = 0; i < n; i++) {
		if (i > 0 && i + 1 < n)
			str_addz(&out, ", ");
		else if (i > 0)
			str_addf(&out, " %.*s ", (int)words_get(w, "and").n,
			    words_get(w, "and").p);
		str_add(&out, items[i]);
	}
	return str_span(&out);
}

struct span
words_number(
    struct arena *arena, const struct words *w, int64_t value, int decimals)
{
	char digits[24], out[48];
	size_t n = 0, k = 0, whole;
	uint64_t v = value < 0 ? -(uint64_t)value : (uint64_t)value;
	struct span point = words_get(w, "number-point");
	struct span comma = words_get(w, "number-group");

	do
		digits[n++] = (char)('0' + v % 10);
	while ((v /= 10) > 0);
	while (n < (size_t)decimals + 1)
		digits[n++] = '0';
	whole = n - (size_t)decimals;
	if (value < 0)
		out[k++] = '-';
	while (n-- > 0) {
		out[k++] = digits[n];
		if (n == (size_t)decimals && decimals > 0)
			out[k++] = point.n == 1 ? point.p[0] : '.';
		else if (n > (size_t)decimals && whole > 4 &&
			 (n - (size_t)decimals) % 3 == 0 && comma.n == 1)
			out[k++] = comma.p[0];
	}
	return arena_span(arena, (struct span){out, k});
}

static struct span
date_by(struct arena *arena, const struct words *w, const struct zone *z,
    int64_t t, const char *pattern, const char *style)
{
	struct civil c = zone_civil(z, t);
	int weekday = civil_weekday(civil_days(c.year, c.month, c.day));
	struct fill fills[] = {
	    {"weekday",
		words_get(w, arena_printf(arena, "day%s-%d", style, weekday))},
	    {"day", arena_spanf(arena, "%d", c.day)},
	    {"month", words_get(w,
			  arena_printf(arena, "month%s-%d", style, c.month))},
	    {"year", arena_spanf(arena, "%d", c.year)},
	};

	return words_fill(arena, w, pattern, fills, 4);
}

struct span
words_date(
    struct arena *arena, const struct words *w, const struct zone *z, int64_t t)
{
	return date_by(arena, w, z, t, "date-long", "");
}

struct span
words_day(
    struct arena *arena, const struct words *w, const struct zone *z, int64_t t)
{
	return date_by(arena, w, z, t, "date-short", "");
}

struct span
words_date_short(
    struct arena *arena, const struct words *w, const struct zone *z, int64_t t)
{
	return date_by(arena, w, z, t, "date-short", "-short");
}

struct span
words_clock(
    struct arena *arena, const struct words *w, const struct zone *z, int64_t t)
{
	struct civil c = zone_civil(z, t);
	struct fill fills[] = {
	    {"hour", arena_spanf(arena, "%02d", c.hour)},
	    {"minute", arena_spanf(arena, "%02d", c.minute)},
	};

	return words_fill(arena, w, "clock", fills, 2);
}

struct span
words_zone(
    struct arena *arena, const struct words *w, const struct zone *z, int64_t t)
{
	int minutes = zone_at(z, t).offset / 60;
	int size = minutes < 0 ? -minutes : minutes;
	struct span city = z->name;
	char *name;
	struct fill fills[2];

	while (span_findc(city, '/') < city.n)
		city = span_skip(city, span_findc(city, '/') + 1);
	name = arena_strdup(arena, city);
	for (size_t i = 0; i < city.n; i++)
		if (name[i] == '_')
			name[i] = ' ';
	fills[0] = (struct fill){"city", span_of(name)};
	fills[1] = (struct fill){"offset",
	    size % 60 == 0
		? arena_spanf(
		      arena, "UTC%s%d", minutes < 0 ? "-" : "+", size / 60)
		: arena_spanf(arena, "UTC%s%d:%02d", minutes < 0 ? "-" : "+",
		      size / 60, size % 60)};
	if (span_is(z->name, "UTC"))
		return SPAN("UTC");
	return words_fill(arena, w, "zone", fills, 2);
}

struct span
words_when(struct arena *arena, const struct words *w, const struct zone *z,
    int64_t start, int64_t end)
{
	struct fill fills[] = {
	    {"date", words_date(arena, w, z, start)},
	    {"from", words_clock(arena, w, z, start)},
	    {"to", words_clock(arena, w, z, end)},
	    {"zone", words_zone(arena, w, z, start)},
	};

	return words_fill(arena, w, "when", fills, 4);
}
