/*
 * What the understanding of mails costs, in one process: reading (MIME,
 * HTML), then meaning (kind, new text, language, bounces, short answer).
 * usage: understanding_bench FILE...     each file is one mail
 */
#include <stdio.h>
#include <time.h>

#include "base/file.h"
#include "base/limits.h"
#include "base/vec.h"
#include "cal/cal.h"
#include "mime/mime.h"
#include "reply/reply.h"

enum {
	LEAST_MAILS = 4000, /* of one measurement, files read again */
};

/* Processor time: others work on this machine too. */
static double
now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static size_t
read_files(struct arena *arena, int argc, char **argv, struct span **mails)
{
	size_t n = 0;

	for (int i = 1; i < argc; i++) {
		struct err err = {0};

		if (vec_room(arena, mails, n, sizeof(**mails)) &&
		    file_read(arena, argv[i], LIMIT_MAIL_BYTES, &(*mails)[n],
			&err) == 0)
			n++;
	}
	return n;
}

int
main(int argc, char **argv)
{
	const struct civil today = {2026, 11, 24, 0, 0, 0};
	struct arena lasting, arena;
	struct span *mails = NULL;
	double read = 0, meant = 0, words = 0, t[4];
	size_t n, total = 0;

	arena_init(&lasting);
	arena_init(&arena);
	n = read_files(&lasting, argc, argv, &mails);
	if (n == 0) {
		puts("no mails");
		return 1;
	}
	mime_prepare();
	cal_prepare();
	while (total < LEAST_MAILS)
		for (size_t i = 0; i < n; i++, total++) {
			struct mail m;
			struct reading r;
			struct short_answer a;

			t[0] = now();
			mime_read(&arena, mails[i], cal_read_answer, &m);
			t[1] = now();
			reply_read(&arena, &m, &r);
			t[2] = now();
			reply_short(&arena, r.new_text, today, SPAN("en"), &a);
			t[3] = now();
			read += t[1] - t[0];
			meant += t[2] - t[1];
			words += t[3] - t[2];
			arena_reset(&arena);
		}
	printf("%zu mails: %.1f us each: %.1f reading, %.1f meaning (goal 30), "
	       "%.1f short answer\n",
	    n, 1e6 * (read + meant + words) / (double)total,
	    1e6 * read / (double)total, 1e6 * meant / (double)total,
	    1e6 * words / (double)total);
	arena_release(&arena);
	arena_release(&lasting);
	return 0;
}
