/*
 * What the Subject of an answer says when nothing else does: winmail.dat
 * without a class, a web mailer that drops the calendar part.  Programs put
 * one of these in front of the subject of the invite.
 */
#include "reply/reply_int.h"

static const struct {
	const char *prefix;
	enum partstat says;
} prefixes[] = {
    {"accepted", PARTSTAT_ACCEPTED},
    {"accept", PARTSTAT_ACCEPTED},
    {"accepted invitation", PARTSTAT_ACCEPTED},
    {"event accepted", PARTSTAT_ACCEPTED},
    {"declined", PARTSTAT_DECLINED},
    {"decline", PARTSTAT_DECLINED},
    {"declined invitation", PARTSTAT_DECLINED},
    {"invitation declined", PARTSTAT_DECLINED},
    {"event declined", PARTSTAT_DECLINED},
    {"tentative", PARTSTAT_TENTATIVE},
    {"tentatively accepted", PARTSTAT_TENTATIVE},
    {"zugesagt", PARTSTAT_ACCEPTED},
    {"akzeptiert", PARTSTAT_ACCEPTED},
    {"angenommen", PARTSTAT_ACCEPTED},
    {"abgelehnt", PARTSTAT_DECLINED},
    {"abgesagt", PARTSTAT_DECLINED},
    {"mit vorbehalt", PARTSTAT_TENTATIVE},
    {"vorläufig", PARTSTAT_TENTATIVE},
    {"accepté", PARTSTAT_ACCEPTED},
    {"acceptée", PARTSTAT_ACCEPTED},
    {"refusé", PARTSTAT_DECLINED},
    {"refusée", PARTSTAT_DECLINED},
    {"provisoire", PARTSTAT_TENTATIVE},
    {"peut-être", PARTSTAT_TENTATIVE},
    {"aceptado", PARTSTAT_ACCEPTED},
    {"aceptada", PARTSTAT_ACCEPTED},
    {"rechazado", PARTSTAT_DECLINED},
    {"rechazada", PARTSTAT_DECLINED},
    {"provisional", PARTSTAT_TENTATIVE},
    {"accettato", PARTSTAT_ACCEPTED},
    {"accettata", PARTSTAT_ACCEPTED},
    {"rifiutato", PARTSTAT_DECLINED},
    {"rifiutata", PARTSTAT_DECLINED},
    {"provvisorio", PARTSTAT_TENTATIVE},
    {"geaccepteerd", PARTSTAT_ACCEPTED},
    {"geweigerd", PARTSTAT_DECLINED},
    {"afgewezen", PARTSTAT_DECLINED},
    {"voorlopig", PARTSTAT_TENTATIVE},
    {"aceito", PARTSTAT_ACCEPTED},
    {"recusado", PARTSTAT_DECLINED},
};

enum partstat
reply_rsvp(struct span subject)
{
	struct span head = span_sub(subject, 0, span_findc(subject, ':'));

	if (head.n == subject.n)
		return PARTSTAT_NONE;
	/* "Accepté :" with a blank that is no ASCII one */
	if (span_ends(head, "\xc2\xa0"))
		head.n -= 2;
	else if (span_ends(head, "\xe2\x80\xaf"))
		head.n -= 3;
	head = span_trim(head);
	for (size_t i = 0; i < sizeof(prefixes) / sizeof(*prefixes); i++)
		if (span_caseis(head, prefixes[i].prefix))
			return prefixes[i].says;
	return PARTSTAT_NONE;
}
