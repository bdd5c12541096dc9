/* What the lead's commands share: a line of the transcript; who is meant. */
#include "app/steer_int.h"

/* What a command did, as a phrase of the words file. */
int
steer_say(struct steer *s, const struct command *c, bool ok, const char *key,
    const struct fill *fills, size_t n)
{
	struct arena *a = &s->app->item;
	struct value *item = value_push(a, s->lines, value_object(a));

	value_set_text(a, item, "line", c->line);
	value_set_text(
	    a, item, "result", words_fill(a, s->words, key, fills, n));
	value_set_bool(a, item, "ok", ok);
	s->errors += !ok;
	return 0;
}

int
steer_wrong(
    struct steer *s, const struct command *c, const char *key, struct span what)
{
	struct fill fill = {"what", what};

	return steer_say(s, c, false, key, &fill, 1);
}

int
steer_done(
    struct steer *s, const struct command *c, const char *key, struct span what)
{
	struct fill fill = {"what", what};

	return steer_say(s, c, true, key, &fill, 1);
}

struct span
person_called(const struct person *p)
{
	return p->name.n ? p->name : p->address;
}

int
steer_who(struct steer *s, const struct command *c, uint32_t i,
    struct person *out, struct err *err)
{
	int rc = person_named(s->app, c->args[i], out, err);

	if (rc == 0 && steer_wrong(s, c, "steer-nobody", c->args[i]) < 0)
		return -1;
	return rc;
}

/* Two people of a command, sorted into mentor and mentee; 1, 0 told, -1. */
int
steer_two(struct steer *s, const struct command *c, struct person *mentor,
    struct person *mentee, struct err *err)
{
	struct person a, b;
	int rc;

	if (c->args_n != 2)
		return steer_wrong(s, c, "steer-two-people", SPAN(""));
	rc = steer_who(s, c, 0, &a, err);
	if (rc <= 0)
		return rc;
	rc = steer_who(s, c, 1, &b, err);
	if (rc <= 0)
		return rc;
	if (a.id == b.id)
		return steer_wrong(s, c, "steer-same-person", c->args[0]);
	*mentor = a.mentor && b.mentee ? a : b;
	*mentee = a.mentor && b.mentee ? b : a;
	return 1;
}
