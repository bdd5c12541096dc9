/* One batch: what rmail does each time cron calls it. */
#include <sysexits.h>

#include "app/app.h"

/* The earlier trouble is told, unless the later one is worse. */
static void
keep_worst(struct err *away, struct err *now)
{
	bool refused =
	    now->exit_code == EX_NOPERM || now->exit_code == EX_PROTOCOL;

	if (away->kind == ERR_NONE ||
	    (refused && err_code(away) == EX_TEMPFAIL))
		*away = *now;
	err_clear(now);
}

int
app_run(struct app *app, struct err *err)
{
	struct err away = {0}, late = {0};

	if (intake_all(app, &away, err) < 0) /* mailbox -> inbox -> changes */
		return -1;
	/* One that cannot be reached keeps nobody else waiting. */
	if (away.kind != ERR_NONE && away.kind != ERR_LATER) {
		*err = away;
		return -1;
	}
	if (intake_file(app, &late) < 0) { /* and the mailbox is told */
		if (late.kind == ERR_STOP) {
			*err = late;
			return -1;
		}
		keep_worst(&away, &late);
	}
	if (feeds_fetch(app, err) < 0 || /* calendars -> busy times */
	    due_all(app, err) < 0)       /* what the clock has made due */
		return -1;
	if (outbox_send(app, &late) < 0) { /* outbox -> mail server */
		if (late.kind != ERR_LATER) {
			*err = late;
			return -1;
		}
		keep_worst(&away, &late);
	}
	if (sessions_publish(app, err) < 0) /* sessions -> a calendar */
		return -1;
	if (away.kind == ERR_NONE) {
		run_ping(app);
		return 0;
	}
	*err = away;
	return -1;
}
