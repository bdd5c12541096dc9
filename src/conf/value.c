/* One value of each type, and what is said when it is none. */
#include <string.h>

#include "base/civil.h"
#include "base/colour.h"
#include "base/num.h"
#include "base/vec.h"
#include "conf/conf_int.h"
#include "model/address.h"

static void *
field(const struct setting *s, struct conf *c, size_t offset)
{
	(void)s;
	return (char *)c + offset;
}

static bool
take_word(const struct setting *s, struct span value, int64_t *out)
{
	struct span rest = span_of(s->words), word;

	for (int64_t i = 0; span_word(&rest, &word); i++)
		if (span_caseeq(word, value)) {
			*out = i;
			return true;
		}
	return false;
}

static bool
take_bool(struct span value, bool *out)
{
	bool yes = span_caseis(value, "yes") || span_caseis(value, "true") ||
		   span_caseis(value, "on");
	bool no = span_caseis(value, "no") || span_caseis(value, "false") ||
		  span_caseis(value, "off");

	if (yes || no)
		*out = yes;
	return yes || no;
}

static void
take_list(struct arena *arena, const struct setting *s, struct span value,
    struct conf *c)
{
	struct span *items = NULL, part;
	uint32_t n = 0;

	while (span_part(&value, ',', &part)) {
		part = span_trim(part);
		if (part.n == 0)
			continue;
		vec_room(arena, &items, n, sizeof(*items));
		items[n++] = part;
	}
	*(struct span **)field(s, c, s->offset) = items;
	*(uint32_t *)field(s, c, s->count) = n;
}

static void
take_local(struct arena *arena, struct span locale, struct span value,
    struct conf_text *t)
{
	if (locale.n == 0) {
		t->text = value;
		return;
	}
	vec_room(arena, &t->locales, t->n, sizeof(*t->locales));
	vec_room(arena, &t->texts, t->n, sizeof(*t->texts));
	t->locales[t->n] = locale;
	t->texts[t->n++] = value;
}

static bool
take_date(struct span value, int64_t *out)
{
	struct civil civil;

	if (value.n != 10 || !civil_parse(value, &civil))
		return false;
	*out = civil_days(civil.year, civil.month, civil.day);
	return true;
}

static bool
take_clock(struct span value, int64_t *minutes)
{
	size_t colon = span_findc(value, ':');
	int64_t h, m;

	if (colon == value.n ||
	    !num_int(span_sub(value, 0, colon), 0, 24, &h) ||
	    value.n - colon != 3 ||
	    !num_int(span_skip(value, colon + 1), 0, 59, &m) ||
	    h * 60 + m > 1440)
		return false;
	*minutes = h * 60 + m;
	return true;
}

static int
weekday(struct span word)
{
	static const char *const days[] = {
	    "mon", "tue", "wed", "thu", "fri", "sat", "sun"};

	for (int i = 0; i < 7; i++)
		if (span_caseis(word, days[i]))
			return i + 1;
	return 0;
}

/* "Mon-Fri 09:00-12:00 13:00-17:00, Sat 10:00-12:00" */
static bool
take_hours(struct span value, struct hours *out)
{
	struct hours h = {0};
	struct span part, days, range;

	while (span_part(&value, ',', &part)) {
		int first, last;
		size_t dash;

		if (!span_word(&part, &days))
			return false;
		dash = span_findc(days, '-');
		first = weekday(span_sub(days, 0, dash));
		last =
		    dash < days.n ? weekday(span_skip(days, dash + 1)) : first;
		if (first == 0 || last < first)
			return false;
		while (span_word(&part, &range)) {
			int64_t from, to;

			dash = span_findc(range, '-');
			if (!take_clock(span_sub(range, 0, dash), &from) ||
			    !take_clock(span_skip(range, dash + 1), &to) ||
			    from >= to || from % 30 != 0 || to % 30 != 0)
				return false;
			for (int d = first; d <= last; d++)
				hours_add(&h, d, (int)from, (int)to);
		}
	}
	if (hours_empty(&h))
		return false;
	*out = h;
	return true;
}

static bool
take_mail_url(const struct setting *s, struct span value)
{
	static const char *const in[] = {
	    "maildir:", "mbox:", "imaps://", "imap://", "pop3s://", "pop3://"};
	static const char *const out[] = {
	    "maildir:", "sendmail:", "smtps://", "smtp://"};
	bool is_in = strcmp(s->key, "in") == 0;
	const char *const *list = is_in ? in : out;
	size_t n =
	    is_in ? sizeof(in) / sizeof(*in) : sizeof(out) / sizeof(*out);

	for (size_t i = 0; i < n; i++)
		if (span_casestarts(value, list[i]) &&
		    value.n > strlen(list[i]))
			return true;
	return false;
}

static bool
take_number(const struct setting *s, struct span value, int64_t *out)
{
	int64_t n;

	if (s->type == SET_DURATION ? !num_duration(value, &n)
	    : s->type == SET_BYTES  ? !num_bytes(value, &n)
				    : !num_int(value, INT64_MIN, INT64_MAX, &n))
		return false;
	if (n < s->low || n > s->high)
		return false;
	*out = n;
	return true;
}

static const char *
expectation(const struct setting *s, struct arena *arena)
{
	switch (s->type) {
	case SET_BOOL:
		return "yes or no";
	case SET_WORD:
		return arena_printf(arena, "one of: %s", s->words);
	case SET_NUMBER:
		return arena_printf(arena, "a whole number from %lld to %lld",
		    (long long)s->low, (long long)s->high);
	case SET_DURATION:
		return arena_printf(arena,
		    "a time with its unit, such as %s, "
		    "from %lld s to %lld days",
		    s->example, (long long)s->low, (long long)s->high / 86400);
	default:
		return arena_printf(arena, "something like: %s", s->example);
	}
}

static bool
take(struct arena *arena, const struct setting *s, struct span locale,
    struct span value, struct conf *c)
{
	void *out = field(s, c, s->offset);
	struct span *text = out;
	struct colour colour;
	int64_t minutes;

	switch (s->type) {
	case SET_LOCAL_TEXT:
		take_local(arena, locale, value, out);
		return true;
	case SET_LIST:
		take_list(arena, s, value, c);
		return true;
	case SET_BOOL:
		return take_bool(value, out);
	case SET_NUMBER:
	case SET_DURATION:
	case SET_BYTES:
		return take_number(s, value, out);
	case SET_WORD:
		return take_word(s, value, out);
	case SET_DATE:
		return take_date(value, out);
	case SET_PERSON:
		return address_parse_named(arena, value, &text[0], &text[1]);
	case SET_ADDRESS:
		return address_parse(arena, value, text);
	case SET_HOURS:
		return take_hours(value, out);
	case SET_CLOCK:
		if (!take_clock(value, &minutes))
			return false;
		break;
	case SET_COLOUR:
		if (!colour_parse(value, &colour))
			return false;
		break;
	case SET_MAIL_URL:
		if (!take_mail_url(s, value))
			return false;
		break;
	case SET_TEXT:
	case SET_SECRET:
		break;
	}
	*text = value;
	return true;
}

bool
conf_value(struct arena *arena, const struct setting *s, struct span locale,
    struct span value, struct conf *c, const char **expected)
{
	if (value.n > 0 && (locale.n == 0 || s->type == SET_LOCAL_TEXT) &&
	    take(arena, s, locale, value, c))
		return true;
	*expected = expectation(s, arena);
	return false;
}
