/* One batch: what rmail does each time cron calls it. */
#include "app/app.h"

int
app_run(struct app *app, struct err *err)
{
	if (intake_fetch(app, err) < 0 || /* mailbox -> inbox, each mail once */
	    intake_all(app, err) < 0 ||   /* inbox -> changes and outbox */
	    due_all(app, err) < 0 ||      /* what the clock has made due */
	    outbox_send(app, err) < 0)    /* outbox -> mail server */
		return -1;
	return 0;
}
