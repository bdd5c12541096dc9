/*
 * Machine-readable parts of reports (RFC 3464, 8098, 5965), wherever they
 * stand, and the mail that a bounce gives back.
 */
#include "base/str.h"
#include "base/utf8.h"
#include "mime/mime_int.h"

enum {
	RETURNED_TEXT_BYTES = 16 * 1024,
	RETURNED_HEADER_BYTES = 64 * 1024,
};

/* UID of a calendar part, or "". */
static struct span
uid_of(struct arena *arena, const struct part *p)
{
	struct span rest = part_bytes(arena, p), line;

	while (scan_line(&rest, &line)) {
		struct str uid;

		if (!span_casestarts(line, "UID:") &&
		    !span_casestarts(line, "UID;"))
			continue;
		str_init(&uid, arena, 1024);
		str_add(&uid, span_skip(line, span_findc(line, ':') + 1));
		while (rest.n > 0 && (rest.p[0] == ' ' || rest.p[0] == '\t') &&
		       scan_line(&rest, &line))
			str_add(&uid, span_skip(line, 1));
		return charset_clean(arena, str_span(&uid), true);
	}
	return SPAN("");
}

/* "Name: value" lines, unfolded and decoded. */
static struct span
header_text(struct arena *arena, const struct header *h)
{
	struct str out;

	str_init(&out, arena, RETURNED_HEADER_BYTES);
	for (uint32_t i = 0; i < h->n && !out.cut; i++) {
		str_add(&out, charset_clean(arena, h->fields[i].name, true));
		str_addz(&out, ": ");
		str_add(&out, word_decode(arena, h->fields[i].value));
		str_addc(&out, '\n');
	}
	return charset_clean(arena, str_span(&out), false);
}

static void
read_returned(struct arena *arena, struct span bytes, struct mail_returned *out)
{
	struct header h;
	struct parts parts;
	bool flowed;

	bytes = scan_line_ends(arena, bytes);
	header_read(arena, bytes, &h);
	out->present = true;
	out->header = header_text(arena, &h);
	out->text = out->uid = SPAN("");
	if (h.over != NULL)
		return;
	part_read(arena, &h, &parts);
	for (uint32_t i = 0; i < parts.n; i++) {
		const struct part *p = &parts.list[i];

		if (out->text.n == 0 && part_is(p, "text/plain"))
			out->text = utf8_head(
			    part_text(arena, p, &flowed), RETURNED_TEXT_BYTES);
		if (out->uid.n == 0 && part_is_calendar(p))
			out->uid = uid_of(arena, p);
	}
}

bool
report_part(struct arena *arena, const struct part *p, struct mail *m)
{
	struct span *slot = NULL;
	bool flowed;

	if (part_is(p, "message/delivery-status") ||
	    part_is(p, "message/global-delivery-status"))
		slot = &m->report.delivery;
	else if (part_is(p, "message/disposition-notification") ||
		 part_is(p, "message/global-disposition-notification"))
		slot = &m->report.disposition;
	else if (part_is(p, "message/feedback-report"))
		slot = &m->report.feedback;
	if (slot != NULL) {
		if (slot->n == 0)
			*slot = part_text(arena, p, &flowed);
		return true;
	}
	if (!part_is(p, "message/rfc822") && !part_is(p, "message/global") &&
	    !part_is(p, "text/rfc822-headers") &&
	    !part_is(p, "text/rfc822-header") &&
	    !part_is(p, "message/rfc822-headers") &&
	    !part_is(p, "message/global-headers"))
		return false;
	if (!m->returned.present)
		read_returned(arena, part_bytes(arena, p), &m->returned);
	return true;
}
