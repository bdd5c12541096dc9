/* One batch: what rmail does each time cron calls it. */
#include "app/app.h"

/* The earlier trouble is told, unless the later one is worse. */
static void
keep_first(struct err *away, const struct err *now)
{
	if (away->kind == ERR_NONE)
		*away = *now;
}

int
app_run(struct app *app, struct err *err)
{
	struct err away = {0}, late = {0};

	/* A mailbox that cannot be reached keeps nobody else waiting. */
	if (intake_fetch(app, &away) < 0 && away.kind != ERR_LATER) {
		*err = away;
		return -1;
	}
	if (intake_all(app, err) < 0) /* inbox -> changes and outbox */
		return -1;
	if (intake_file(app, &late) < 0) { /* and the mailbox is told */
		if (late.kind == ERR_STOP) {
			*err = late;
			return -1;
		}
		keep_first(&away, &late);
	}
	if (feeds_fetch(app, err) < 0 ||    /* calendars -> busy times */
	    due_all(app, err) < 0 ||        /* what the clock has made due */
	    outbox_send(app, err) < 0 ||    /* outbox -> mail server */
	    sessions_publish(app, err) < 0) /* sessions -> a calendar */
		return -1;
	if (away.kind == ERR_NONE) {
		run_ping(app);
		return 0;
	}
	*err = away;
	return -1;
}
