/*
 * People and places as participants write them in a survey: "Bert Boss and
 * karl@example.com", "London".
 */
#include "app/app.h"

#include "base/str.h"
#include "base/uni.h"
#include "base/vec.h"
#include "model/address.h"

/* "no", "nobody": an answer, and nobody's name. */
bool
says_none(struct app *app, struct span text)
{
	static const char *const words[] = {"no", "none", "nobody", "no one",
	    "noone", "nope", "n/a", "-", "--", "nein", "niemand", "niemanden",
	    "keine", "keiner", "keinen", "non", "personne", "same", "the same",
	    "gleich", "same as the programme"};
	struct span all = uni_fold(&app->item, span_trim(text));

	while (all.n > 1 && all.p[all.n - 1] == '.')
		all.n--;
	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (span_is(all, words[i]))
			return true;
	return all.n == 0;
}

/* The text up to the next comma, semicolon, line end, "and" or "und". */
static bool
next_name(struct span *rest, struct span *name)
{
	static const char *const joints[] = {
	    ",", ";", "\n", " and ", " und ", " & ", " et "};
	size_t at = rest->n, skip = 0;

	if (rest->n == 0)
		return false;
	for (size_t i = 0; i < sizeof(joints) / sizeof(*joints); i++) {
		struct span joint = span_of(joints[i]);
		size_t here = span_casefind(*rest, joint);

		if (here < at) {
			at = here;
			skip = joint.n;
		}
	}
	*name = span_trim(span_sub(*rest, 0, at));
	*rest = span_skip(*rest, at + skip);
	while (name->n > 1 && name->p[name->n - 1] == '.')
		name->n--;
	return true;
}

/* An address, the part before the @, or a whole name.  1, 0, -1. */
int
person_named(
    struct app *app, struct span word, struct person *out, struct err *err)
{
	struct span address;

	if (address_parse(&app->item, word, &address))
		return person_find_key(app->store, &app->item,
		    address_key(&app->item, address), out, err);
	return person_find_name(
	    app->store, &app->item, uni_fold(&app->item, word), out, err);
}

int
persons_named(struct app *app, struct arena *arena, struct span text,
    int64_t **ids, uint32_t *n, struct span *unknown, struct err *err)
{
	struct span rest = text, name;
	struct str others;

	*ids = NULL;
	*n = 0;
	*unknown = SPAN("");
	if (says_none(app, text))
		return 0;
	str_init(&others, arena, 4096);
	while (next_name(&rest, &name)) {
		struct person p;
		int rc = name.n ? person_named(app, name, &p, err) : 0;

		if (rc < 0)
			return -1;
		if (rc > 0) {
			vec_room(arena, ids, *n, sizeof(**ids));
			(*ids)[(*n)++] = p.id;
		} else if (name.n > 0) {
			if (others.n > 0)
				str_addz(&others, ", ");
			str_add(&others, name);
		}
	}
	*unknown = str_span(&others);
	return 0;
}

int
exclude_named(struct app *app, const struct person *p, struct span text,
    struct span *unknown, struct err *err)
{
	int64_t *ids;
	uint32_t n;

	if (persons_named(app, &app->item, text, &ids, &n, unknown, err) < 0)
		return -1;
	for (uint32_t i = 0; i < n; i++)
		if (ids[i] != p->id &&
		    store_do(app->store, RULE_INSERT, err, "tiii",
			SPAN("excluded"), p->id, ids[i], (int64_t)1) < 0)
			return -1;
	return 0;
}

/* "London" -> "Europe/London": the first part of the world that has it. */
bool
zone_named(struct app *app, struct span text, struct span *name)
{
	static const char *const parts[] = {"", "Europe/", "America/", "Asia/",
	    "Africa/", "Australia/", "Pacific/", "Atlantic/", "Indian/",
	    "America/Argentina/", "America/Indiana/"};
	char *city = arena_strdup(&app->item, span_trim(text));
	bool up = true;

	for (char *c = city; *c != '\0'; c++) {
		if (up)
			*c = ascii_upper(*c);
		up = *c == ' ' || *c == '-' || *c == '/';
		if (*c == ' ')
			*c = '_';
	}
	for (size_t i = 0; i < sizeof(parts) / sizeof(*parts); i++) {
		struct span try =
		    arena_spanf(&app->item, "%s%s", parts[i], city);
		struct zone zone;
		struct err none = {0};

		if (zone_load(&app->item, try, &zone, &none) < 0)
			continue;
		*name = try;
		return true;
	}
	return false;
}
