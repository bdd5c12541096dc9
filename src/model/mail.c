/* Words and lookups of mails. */
#include "model/mail.h"

const char *
mail_kind_name(enum mail_kind kind)
{
	static const char *const names[] = {"human", "auto-reply",
	    "auto-generated", "bounce", "mdn", "fbl", "calendar", "own",
	    "refused"};

	return names[kind];
}

struct span
mail_field(const struct mail *m, const char *name)
{
	for (uint32_t i = 0; i < m->fields_n; i++)
		if (span_caseis(m->fields[i].name, name))
			return m->fields[i].value;
	return SPAN("");
}

bool
mail_has_field(const struct mail *m, const char *name)
{
	for (uint32_t i = 0; i < m->fields_n; i++)
		if (span_caseis(m->fields[i].name, name))
			return true;
	return false;
}
