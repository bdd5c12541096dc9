/* Lines of the digest: people, pairs, numbers and names as it says them. */
#include "app/digest_int.h"

#include "base/utf8.h"

enum {
	NAME_COLUMNS = 40
};

const struct person *
digest_person(const struct digest *d, int64_t id)
{
	size_t low = 0, high = d->people_n;

	while (low < high) {
		size_t mid = (low + high) / 2;

		if (d->people[mid].id == id)
			return &d->people[mid];
		if (d->people[mid].id < id)
			low = mid + 1;
		else
			high = mid;
	}
	return NULL;
}

const struct pair *
digest_pair(const struct digest *d, int64_t id)
{
	for (size_t i = 0; i < d->pairs_n; i++)
		if (d->pairs[i].id == id)
			return &d->pairs[i];
	return NULL;
}

struct span
digest_name(const struct digest *d, int64_t id)
{
	const struct person *p = digest_person(d, id);

	struct span name;

	if (p == NULL || p->state == PERSON_ERASED)
		return SPAN("");
	name = utf8_line(d->arena, p->name.n > 0 ? p->name : p->address);
	return utf8_fit(d->arena, name, NAME_COLUMNS);
}

struct span
digest_label(const struct digest *d, const struct pair *p)
{
	struct span a = digest_name(d, p->mentor_id);
	struct span b = digest_name(d, p->mentee_id);

	return arena_spanf(d->arena, "%lld (%.*s, %.*s)", (long long)p->id,
	    (int)a.n, a.p, (int)b.n, b.p);
}

struct span
digest_number(const struct digest *d, int64_t n)
{
	return words_number(d->arena, d->words, n, 0);
}

int64_t
digest_days(const struct digest *d, int64_t since_unix)
{
	return since_unix > 0 ? (d->app->world.now_unix - since_unix) / DAY : 0;
}

bool
digest_stands(const struct digest *d, const struct session *s)
{
	return (s->state == SESSION_INVITED || s->state == SESSION_CONFIRMED) &&
	       s->start_unix > d->app->world.now_unix;
}

int64_t
digest_next_session(const struct digest *d, int64_t pair_id)
{
	int64_t next = 0;

	for (size_t i = 0; i < d->sessions_n; i++) {
		const struct session *s = &d->sessions[i];

		if (s->pair_id == pair_id && digest_stands(d, s) &&
		    (next == 0 || s->start_unix < next))
			next = s->start_unix;
	}
	return next;
}

/* --- lines ------------------------------------------------------------------ */

struct value *
digest_lines(struct digest *d, const char *name)
{
	return value_set(d->arena, d->v, name, value_list(d->arena));
}

void
digest_line(struct digest *d, struct value *list, const char *key,
    const struct fill *fills, size_t n)
{
	value_push(d->arena, list,
	    value_text(
		d->arena, words_fill(d->arena, d->words, key, fills, n)));
}

void
digest_name_add(struct digest_names *names, struct span name)
{
	if (names->n < DIGEST_NAMES && name.n > 0)
		names->at[names->n++] = name;
	names->all++;
}

static struct span
names_text(struct digest *d, const struct digest_names *names)
{
	struct span text = words_join(d->arena, d->words, names->at, names->n);
	struct fill fills[2] = {{"names", text}, {"n", SPAN("")}};

	if (names->all == names->n)
		return text;
	/* Commas only: an "and" comes with the number of the others. */
	text = names->n > 0 ? names->at[0] : SPAN("");
	for (size_t i = 1; i < names->n; i++)
		text = arena_spanf(d->arena, "%.*s, %.*s", (int)text.n, text.p,
		    (int)names->at[i].n, names->at[i].p);
	fills[0].text = text;
	fills[1].text = digest_number(d, (int64_t)(names->all - names->n));
	return words_fill(d->arena, d->words, "digest-more", fills, 2);
}

void
digest_names(struct digest *d, struct value *list, const char *key,
    const struct digest_names *names)
{
	struct fill fill = {"names", SPAN("")};

	if (names->all == 0)
		return;
	fill.text = names_text(d, names);
	digest_line(d, list, key, &fill, 1);
}

bool
digest_is_new(const struct digest *d, int64_t unix_time)
{
	return unix_time > d->app->world.now_unix - WEEK &&
	       unix_time <= d->app->world.now_unix;
}
