/* Answers in plain words, for the receipt. */
#include "survey/survey.h"

#include "base/num.h"
#include "base/str.h"
#include "base/zone.h"

enum {
	ECHO_BYTES = 16 * 1024
};

static struct span
echo_options(struct arena *arena, const struct slot *slot, struct span value,
    const struct words *words)
{
	struct span items[32], key;
	size_t n = 0;

	while (n < 32 && span_part(&value, ',', &key))
		for (uint32_t i = 0; i < slot->options_n && n < 32; i++)
			if (span_eq(slot->options[i].key, key))
				items[n++] = arena_spanf(arena, "%.*s (%c)",
				    (int)slot->options[i].text.n,
				    slot->options[i].text.p,
				    (int)('A' + i % 26));
	return words_join(arena, words, items, n);
}

static struct span
level_word(const struct words *words, char c)
{
	return words_get(words, c == 'L'   ? "answer-low"
				: c == 'M' ? "answer-medium"
					   : "answer-high");
}

static struct span
echo_level(struct arena *arena, struct span value, const struct words *words)
{
	struct fill fills[2];

	if (value.n == 1)
		return level_word(words, value.p[0]);
	if (value.n != 3)
		return value;
	fills[0] = (struct fill){"now", level_word(words, value.p[0])};
	fills[1] = (struct fill){"wanted", level_word(words, value.p[2])};
	return words_fill(arena, words, "answer-level-wanted", fills, 2);
}

static struct span
echo_date(struct arena *arena, struct span value, const struct words *words)
{
	struct zone utc = zone_utc();
	struct civil c = {0};

	if (!civil_parse(value, &c))
		return value;
	return words_date(arena, words, &utc, civil_unix(&c));
}

static void
echo_day(struct str *out, uint64_t day)
{
	bool first = true;

	for (int i = 0; i < HOURS_PER_DAY; i++) {
		int from = i;

		if ((day >> i & 1) == 0)
			continue;
		while (i < HOURS_PER_DAY && (day >> i & 1) != 0)
			i++;
		str_addf(out, "%s%d:%02d-%d:%02d", first ? " " : ", ", from / 2,
		    from % 2 * 30, i / 2, i % 2 * 30);
		first = false;
	}
}

/* Days with the same hours are told together. */
static struct span
echo_hours(struct arena *arena, struct span value, const struct words *words)
{
	struct hours h = {0};
	struct str out;

	if (!hours_parse(value, &h))
		return value;
	str_init(&out, arena, ECHO_BYTES);
	for (int d = 0; d < 7; d++) {
		int last = d;
		struct fill fills[2];

		if (h.day[d] == 0)
			continue;
		while (last < 6 && h.day[last + 1] == h.day[d])
			last++;
		fills[0] = (struct fill){"from",
		    words_get(words, arena_printf(arena, "day-%d", d + 1))};
		fills[1] = (struct fill){"to",
		    words_get(words, arena_printf(arena, "day-%d", last + 1))};
		if (out.n > 0)
			str_addz(&out, "; ");
		str_add(&out, last == d ? fills[0].text
					: words_fill(arena, words,
					      "answer-days", fills, 2));
		echo_day(&out, h.day[d]);
		d = last;
	}
	return str_span(&out);
}

struct span
answer_echo(struct arena *arena, const struct slot *slot, struct span value,
    const struct words *words)
{
	struct fill fills[2];

	switch (slot->type) {
	case QUESTION_CHOICE:
	case QUESTION_SEVERAL:
		return echo_options(arena, slot, value, words);
	case QUESTION_SCALE:
		fills[0] = (struct fill){"n", value};
		fills[1] =
		    (struct fill){"high", arena_spanf(arena, "%d", slot->high)};
		return words_fill(arena, words, "answer-scale", fills, 2);
	case QUESTION_LEVEL:
		return echo_level(arena, value, words);
	case QUESTION_YESNO:
		return words_get(
		    words, span_is(value, "yes") ? "answer-yes" : "answer-no");
	case QUESTION_DATE:
		return echo_date(arena, value, words);
	case QUESTION_HOURS:
		return echo_hours(arena, value, words);
	default:
		return value;
	}
}
