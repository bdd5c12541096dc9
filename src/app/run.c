/* One batch: what rmail does each time cron calls it. */
#include "app/app.h"

int
app_run(struct app *app, struct err *err)
{
	struct err away = {0};

	/* mailbox -> inbox, each mail once; one that cannot be reached now
	 * keeps nobody else waiting */
	if (intake_fetch(app, &away) < 0 && away.kind != ERR_LATER) {
		*err = away;
		return -1;
	}
	if (intake_all(app, err) < 0 || /* inbox -> changes and outbox */
	    due_all(app, err) < 0 ||    /* what the clock has made due */
	    outbox_send(app, err) < 0)  /* outbox -> mail server */
		return -1;
	if (away.kind == ERR_NONE)
		return 0;
	*err = away;
	return -1;
}
