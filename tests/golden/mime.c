/*
 * Golden cases of mime/: a raw mail in, all that struct mail says out, one
 * item a line; empty items are left out.
 */
#include "base/utf8.h"
#include "golden/golden.h"
#include "mime/mime.h"

/* Marks made visible. */
static void
put_marked(struct str *out, struct span s)
{
	static const struct {
		const char *mark, *shown;
	} marks[] = {{MARK_QUOTE, "{quote:"}, {MARK_SIGNATURE, "{signature:"},
	    {MARK_INDENT, "{indent:"}, {MARK_END, "}"}, {MARK_RULE, "{rule}"}};

	while (s.n > 0) {
		size_t n = 1;

		for (size_t i = 0; i < sizeof(marks) / sizeof(marks[0]); i++)
			if (span_starts(s, marks[i].mark)) {
				str_addz(out, marks[i].shown);
				n = 3;
			}
		if (n == 1)
			str_addc(out, s.p[0]);
		s = span_skip(s, n);
	}
}

static void
put(struct str *out, const char *name, struct span value)
{
	if (value.n == 0)
		return;
	str_addf(out, "%s: ", name);
	str_add(out, value);
	str_addc(out, '\n');
}

/* Each line with a bar in front, so that blanks and line ends show. */
static void
put_block(struct str *out, const char *name, struct span value)
{
	struct span line;

	if (value.n == 0)
		return;
	str_addf(out, "%s:\n", name);
	while (span_line(&value, &line)) {
		str_addz(out, "| ");
		put_marked(out, line);
		str_addc(out, '\n');
	}
}

static void
put_list(struct str *out, const char *name, const struct mail_address *list,
    uint32_t n)
{
	for (uint32_t i = 0; i < n; i++) {
		str_addf(out, "%s: [", name);
		str_add(out, list[i].name);
		str_addz(out, "] <");
		str_add(out, list[i].address);
		str_addz(out, ">\n");
	}
}

static void
put_header(struct str *out, const struct mail *m)
{
	put_list(out, "from", m->from, m->from_n);
	if (m->from_fields != 1)
		str_addf(out, "from-fields: %u\n", m->from_fields);
	put(out, "sender", m->sender);
	put_list(out, "to", m->to, m->to_n);
	put_list(out, "cc", m->cc, m->cc_n);
	put_list(out, "reply-to", m->reply_to, m->reply_to_n);
	if (m->has_return_path) {
		str_addz(out, "return-path: <");
		str_add(out, m->return_path);
		str_addz(out, ">\n");
	}
	put(out, "subject", m->subject);
	put(out, "message-id", m->message_id);
	for (uint32_t i = 0; i < m->references_n; i++)
		put(out, "reference", m->references[i]);
	if (m->date_unix != 0)
		str_addf(out, "date: %lld\n", (long long)m->date_unix);
	for (uint32_t i = 0; i < m->fields_n; i++)
		if (span_casestarts(m->fields[i].name, "X-"))
			put(out, arena_strdup(out->arena, m->fields[i].name),
			    m->fields[i].value);
}

static void
put_parts(struct str *out, const struct mail *m)
{
	for (uint32_t i = 0; i < m->attachments_n; i++) {
		str_addz(out, "attachment: ");
		str_add(out, m->attachments[i].type);
		str_addz(out, " [");
		str_add(out, m->attachments[i].name);
		str_addf(
		    out, "] %lld\n", (long long)m->attachments[i].size_bytes);
		put_block(out, "bytes", m->attachments[i].bytes);
	}
	put(out, "report-type", m->report.type);
	put_block(out, "delivery", m->report.delivery);
	put_block(out, "disposition", m->report.disposition);
	put_block(out, "feedback", m->report.feedback);
	if (m->returned.present) {
		put_block(out, "returned", m->returned.header);
		put_block(out, "returned-text", m->returned.text);
		put(out, "returned-uid", m->returned.uid);
	}
	put(out, "tnef-class", m->tnef_class);
	if (m->tnef_unread)
		str_addz(out, "tnef-unread\n");
}

/* Stands in for cal/: says what it was given; takes what has a METHOD. */
static void
calendar(struct arena *arena, struct span part, struct span method,
    struct cal_answer *out)
{
	(void)arena;
	if (!span_has(part, "METHOD:"))
		return;
	out->kind = span_has(part, "METHOD:REPLY") ? CAL_REPLY : CAL_OTHER;
	out->method = method;
	out->summary = part;
}

static void
dump(struct arena *arena, const char *path, struct span in, struct str *out)
{
	struct mail m;

	(void)path;
	mime_prepare();
	mime_read(arena, in, calendar, &m);
	put(out, "refused", m.refused);
	put_header(out, &m);
	if (m.flowed)
		str_addz(out, "flowed\n");
	put_block(out, "text", m.text);
	put_block(out, "html", m.html);
	put_parts(out, &m);
	if (m.cal.kind != CAL_NONE) {
		put(out, "calendar-method", m.cal.method);
		put_block(out, "calendar", m.cal.summary);
	}
}

int
main(void)
{
	return golden_main("mime", dump);
}
