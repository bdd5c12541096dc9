/* What did the sender write?  The whole reading of one mail. */
#include "reply/reply_int.h"

void
reply_read(struct arena *arena, const struct mail *m, struct reading *out)
{
	struct reading r = {.new_text = SPAN(""),
	    .whole_text = SPAN(""),
	    .language = SPAN(""),
	    .original_id = SPAN("")};

	if (m->refused.n > 0) {
		r.kind = MAIL_REFUSED;
		*out = r;
		return;
	}
	r.kind = kind_of(arena, m, &r.challenge, &r.via_list);
	r.spam_report = r.kind == MAIL_FBL;
	r.new_text = newtext_of_mail(arena, m, &r.whole_text);
	r.language = language_of(r.new_text);
	if (r.kind == MAIL_AUTO_REPLY)
		r.away_until_unix = away_until(arena, m, r.new_text);
	if (r.kind == MAIL_BOUNCE || r.kind == MAIL_MDN)
		bounce_read(arena, m, &r);
	*out = r;
}
