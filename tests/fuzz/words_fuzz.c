/* Short answers, dates and commands of any bytes: within what they promise. */
#include <stdint.h>
#include <stdlib.h>

#include "base/arena.h"
#include "base/limits.h"
#include "reply/reply.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static void
date_must_be_one(const struct when *w)
{
	struct civil c = {w->year, w->month, w->day, w->hour, w->minute, 0};

	if (!w->has_date) {
		c.year = 2026;
		c.month = c.day = 1;
	}
	if (!civil_check(&c) || w->end_hour < 0 || w->end_hour > 24)
		abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	const struct civil today = {2026, 11, 24, 9, 0, 0};
	struct span text = {(const char *)data, n}, stopped;
	struct arena arena;
	struct short_answer a;
	struct choice c;
	struct command *commands;
	struct when w;
	uint32_t commands_n;

	arena_init(&arena);
	reply_short(&arena, text, today, SPAN("en"), &a);
	if (a.sure && a.word == WORD_NONE)
		abort();
	date_must_be_one(&a.when);
	if (when_find(text, today, SPAN("en-us"), &w))
		date_must_be_one(&w);
	if (reply_choice(&arena, text, today, SPAN("de"), &c)) {
		if (c.times_n > CHOICE_TIMES || (c.all && c.none))
			abort();
		for (size_t i = 0; i < c.times_n; i++)
			date_must_be_one(&c.times[i]);
	}
	reply_commands(&arena, text, &commands, &commands_n, &stopped);
	if (commands_n > LIMIT_COMMANDS)
		abort();
	arena_release(&arena);
	return 0;
}
