/* Weekly hours as bits. */
#include "model/hours.h"

#include "base/num.h"
#include "base/str.h"

static uint64_t
bits(int from_minute, int to_minute)
{
	int a = from_minute / 30, b = (to_minute + 29) / 30;

	if (a < 0)
		a = 0;
	if (b > HOURS_PER_DAY)
		b = HOURS_PER_DAY;
	if (a >= b)
		return 0;
	return ((UINT64_C(1) << b) - 1) & ~((UINT64_C(1) << a) - 1);
}

void
hours_add(struct hours *h, int weekday, int from_minute, int to_minute)
{
	h->day[weekday - 1] |= bits(from_minute, to_minute);
}

bool
hours_has(
    const struct hours *h, int weekday, int from_minute, int to_minute)
{
	uint64_t want = bits(from_minute, to_minute);

	return want != 0 && (h->day[weekday - 1] & want) == want;
}

bool
hours_empty(const struct hours *h)
{
	return hours_count(h) == 0;
}

int
hours_count(const struct hours *h)
{
	return hours_shared(h, h);
}

int
hours_shared(const struct hours *a, const struct hours *b)
{
	int n = 0;

	for (int i = 0; i < 7; i++)
		n += __builtin_popcountll(a->day[i] & b->day[i]);
	return n;
}

static void
write_day(struct str *s, uint64_t day)
{
	bool first = true;

	for (int i = 0; i < HOURS_PER_DAY; i++) {
		int from = i;

		if ((day >> i & 1) == 0)
			continue;
		while (i < HOURS_PER_DAY && (day >> i & 1) != 0)
			i++;
		str_addf(s, "%s%02d:%02d-%02d:%02d", first ? " " : ",",
		    from / 2, from % 2 * 30, i / 2, i % 2 * 30);
		first = false;
	}
}

struct span
hours_write(struct arena *arena, const struct hours *h)
{
	struct str s;

	str_init(&s, arena, 4096);
	for (int d = 0; d < 7; d++) {
		if (h->day[d] == 0)
			continue;
		str_addf(&s, "%s%d", s.n > 0 ? "; " : "", d + 1);
		write_day(&s, h->day[d]);
	}
	return str_span(&s);
}

static bool
parse_minute(struct span s, int *minute)
{
	size_t colon = span_findc(s, ':');
	int64_t h, m;

	if (!num_int(span_sub(s, 0, colon), 0, 24, &h) ||
	    !num_int(span_skip(s, colon + 1), 0, 59, &m) || h * 60 + m > 1440)
		return false;
	*minute = (int)(h * 60 + m);
	return true;
}

static bool
parse_day(struct span s, struct hours *h)
{
	struct span word, range;
	int64_t weekday;
	int from, to;

	if (!span_word(&s, &word) || !num_int(word, 1, 7, &weekday))
		return false;
	s = span_trim(s);
	while (span_part(&s, ',', &range)) {
		size_t dash = span_findc(range, '-');

		if (!parse_minute(span_sub(range, 0, dash), &from) ||
		    !parse_minute(span_skip(range, dash + 1), &to))
			return false;
		hours_add(h, (int)weekday, from, to);
	}
	return true;
}

bool
hours_parse(struct span s, struct hours *out)
{
	struct hours h = {0};
	struct span day;

	s = span_trim(s);
	while (s.n > 0 && span_part(&s, ';', &day))
		if (!parse_day(span_trim(day), &h))
			return false;
	*out = h;
	return true;
}
