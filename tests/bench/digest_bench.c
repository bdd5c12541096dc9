/* digest_bench FOLDER TIME: the digest and the report, written nine times. */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "app/app.h"
#include "base/civil.h"

enum {
	TURNS = 9
};

static double
now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1000 + (double)t.tv_nsec / 1e6;
}

static int
compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

/* In a transaction that is taken back, so that each turn is the first. */
static int
measure(struct app *app, const char *what,
    int (*send)(struct app *, struct err *), double *median, struct err *err)
{
	double took[TURNS];
	int64_t id = 0, size = 0;
	struct rows rows;

	for (int i = 0; i < TURNS; i++) {
		double begun = now_ms();

		if (store_begin(app->store, err) < 0 || send(app, err) < 0)
			return -1;
		took[i] = now_ms() - begun;
		if (store_int(app->store, OUTBOX_NEXT_ID, &id, err, "") < 0 ||
		    store_rows(app->store, &app->item, OUTBOX_MAIL, &rows, err,
			"i", id - 1) < 0)
			return -1;
		size = rows.n > 0 ? cell(&rows, 0, 2)->i : 0;
		store_rollback(app->store);
		arena_reset(&app->item);
	}
	qsort(took, TURNS, sizeof(*took), compare);
	*median = took[TURNS / 2];
	printf("%-8s %6.1f ms (of %d turns: %.1f to %.1f), %lld KB\n", what,
	    *median, TURNS, took[0], took[TURNS - 1], (long long)size / 1024);
	return 0;
}

int
main(int argc, char **argv)
{
	struct app app;
	struct err err = {0};
	int64_t now;
	double digest = 0, report = 0;

	if (argc != 3 || !civil_parse_instant(span_of(argv[2]), &now))
		return 64;
	if (app_open(&app, argv[1], now, &err) < 0 ||
	    measure(&app, "digest", digest_send, &digest, &err) < 0 ||
	    measure(&app, "report", report_send, &report, &err) < 0) {
		printf("%s\n", err.text);
		return 70;
	}
	printf("goal for the digest: 200 ms: %s\n",
	    digest <= 200 ? "met" : "missed");
	app_close(&app);
	return 0;
}
