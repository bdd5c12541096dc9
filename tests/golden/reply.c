/*
 * Golden readings: a raw mail in, what reply/ makes of it out, one line for
 * each thing that is not empty.
 */
#include "cal/cal.h"
#include "golden/golden.h"
#include "mime/mime.h"
#include "reply/reply.h"

static void
put(struct str *out, const char *name, struct span value)
{
	if (value.n > 0)
		str_addf(out, "%s: %.*s\n", name, (int)value.n, value.p);
}

static void
read_case(
    struct arena *arena, const char *path, struct span in, struct str *out)
{
	struct mail m;
	struct reading r;

	(void)path;
	mime_prepare();
	cal_prepare();
	mime_read(arena, in, cal_read_answer, &m);
	reply_read(arena, &m, &r);
	str_addf(out, "kind: %s%s%s\n", mail_kind_name(r.kind),
	    r.via_list ? ", via list" : "", r.challenge ? ", challenge" : "");
	put(out, "language", r.language);
	if (r.away_until_unix != 0)
		put(out, "away until",
		    civil_write_date(arena, r.away_until_unix));
	put(out, "original", r.original_id);
	for (uint32_t i = 0; i < r.bounced_n; i++)
		str_addf(out, "bounced: %.*s %.*s %s\n",
		    (int)r.bounced[i].address.n, r.bounced[i].address.p,
		    (int)r.bounced[i].status.n, r.bounced[i].status.p,
		    r.bounced[i].delayed     ? "delayed"
		    : r.bounced[i].permanent ? "permanent"
					     : "passing");
	str_addf(out, "---\n%.*s\n", (int)r.new_text.n, r.new_text.p);
}

int
main(void)
{
	return golden_main("reply", read_case);
}
