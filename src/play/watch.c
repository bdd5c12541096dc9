/*
 * The sent mails, read by those they were sent to.  What stands in a mail is
 * read from its bytes; which of rmail's mails it is, and which survey it
 * carries, is looked up by its Message-ID: people understand any wording
 * that a template may have, and this stands for their understanding.
 */
#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <stdio.h>
#include <sysexits.h>

#include "base/file.h"
#include "base/limits.h"
#include "base/vec.h"
#include "mime/mime.h"
#include "play/play_int.h"

/* The reader gives no calendar text; here it is kept as it is. */
static void
keep_calendar(struct arena *arena, struct span part, struct span method,
    struct cal_answer *out)
{
	(void)method;
	out->kind = CAL_OTHER;
	out->comment = arena_span(arena, part);
}

static int
look_up(struct play *p, struct received *r, struct err *err)
{
	struct rows rows;
	int64_t thread_id;
	int rc;

	if (store_rows(p->app->store, &p->item, OUTBOX_BY_MESSAGE, &rows, err,
		"t", r->mail.message_id) < 0)
		return -1;
	if (rows.n == 0)
		return 0;
	r->id = cell(&rows, 0, 0)->i;
	r->template = cell(&rows, 0, 3)->t;
	thread_id = cell(&rows, 0, 4)->i;
	rc = thread_id == 0 ? 0
			    : thread_find(p->app->store, &p->item, thread_id,
				  &r->thread, err);
	r->has_thread = rc > 0;
	return rc < 0 ? -1 : 1;
}

static void
keep_path(struct play *p, const struct received *r, const char *path)
{
	struct span *at = span_is(r->template, "digest")   ? &p->result->digest
			  : span_is(r->template, "report") ? &p->result->report
							   : NULL;

	if (at != NULL)
		*at = arena_span(p->arena, span_of(path));
}

static bool
is_reminder(const struct actor *a, const struct received *r)
{
	return span_is(r->template, "survey-again") ||
	       span_is(r->template, "rules-again") ||
	       (span_is(r->template, "invitation") && a->was_invited);
}

static int
read_mail(struct play *p, const char *path, struct err *err)
{
	struct received r = {0};
	struct actor *a;
	struct span bytes;
	int rc;

	if (file_read(&p->item, path, LIMIT_RENDERED_BYTES, &bytes, err) < 0)
		return -1;
	mime_read(&p->item, bytes, keep_calendar, &r.mail);
	p->result->mails_out++;
	rc = look_up(p, &r, err);
	if (rc < 0)
		return -1;
	keep_path(p, &r, path);
	a = r.mail.to_n > 0 ? cast_find(p, r.mail.to[0].address) : NULL;
	if (rc == 0 || a == NULL)
		return 0;
	r.ics = r.mail.cal.comment;
	if (a == &p->lead)
		return chief_on(p, &r, err);
	r.for_assistant = span_caseeq(r.mail.to[0].address, a->assistant);
	r.reminder = is_reminder(a, &r);
	a->was_invited |= span_is(r.template, "invitation");
	a->was_enrolled |= span_is(r.template, "welcome");
	p->result->reminders += r.reminder;
	p->result->mails_to_people++;
	a->mails++;
	return trouble_bounce(p, a, &r) ? 0 : act_on(p, a, &r, err);
}

static int
by_name(const void *x, const void *y)
{
	const struct span *a = x, *b = y;

	return span_cmp(*a, *b);
}

static int
list_new(struct play *p, const char *dir, struct span **out, size_t *n,
    struct err *err)
{
	DIR *d = opendir(dir);
	struct dirent *e;
	struct span *list = NULL;
	size_t count = 0;

	/* Before the first mail there is no folder. */
	*n = 0;
	if (d == NULL && errno == ENOENT)
		return 0;
	if (d == NULL)
		return err_errno(
		    err, ERR_STOP, EX_IOERR, "cannot read %s", dir);
	while ((e = readdir(d)) != NULL)
		if (e->d_name[0] != '.' &&
		    vec_room(&p->app->run, &list, count, sizeof(*list)))
			list[count++] =
			    arena_span(&p->app->run, span_of(e->d_name));
	closedir(d);
	if (count > 0)
		qsort(list, count, sizeof(*list), by_name);
	*out = list;
	*n = count;
	return 0;
}

int
watch_mails(struct play *p, struct err *err)
{
	struct arena *arena = &p->app->run;
	char *dir = arena_printf(arena, "%s/out/new", p->ask->dir);
	struct span *names;
	size_t n;

	if (list_new(p, dir, &names, &n, err) < 0)
		return -1;
	for (size_t i = 0; i < n; i++) {
		char *from = file_join(arena, dir, names[i].p);
		char *to = arena_printf(
		    arena, "%s/out/cur/%s:2,S", p->ask->dir, names[i].p);

		if (rename(from, to) < 0)
			return err_errno(
			    err, ERR_STOP, EX_IOERR, "cannot rename %s", from);
		if (read_mail(p, to, err) < 0)
			return err_in(err, "%s", to);
		arena_reset(&p->item);
	}
	return 0;
}
