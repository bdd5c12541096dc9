/* The whole of a mail: header, parts, texts, attachments. */
#include "mime/mime.h"

#include <string.h>

#include <libxml/parser.h>

#include "base/civil.h"
#include "base/limits.h"
#include "base/str.h"
#include "base/utf8.h"
#include "base/vec.h"
#include "mime/mime_int.h"
#include "model/address.h"

enum {
	REFERENCES_MAX = 12,
	CALENDARS_MAX = 64,
	TEXTS_MAX = 64,
	/*
	 * As written: quoted-printable of UTF-16 is longer six times; and what
	 * all parts of a mail may have.
	 */
	PART_BYTES = 8 * LIMIT_ICS_BYTES,
	CALENDAR_BYTES = 2 * PART_BYTES,
};

/* What is gathered from the parts. */
struct gather {
	struct arena *arena;
	struct mail *mail;
	struct body body;
	struct tnef tnef;
	const struct part *calendars[CALENDARS_MAX];
	uint32_t calendars_n;
};

void
mime_prepare(void)
{
	charset_prepare();
	xmlInitParser();
}

/* --- header ------------------------------------------------------------- */

/* Address lists; fields given twice are put together. */
static void
read_addresses(struct arena *arena, const struct header *h, const char *name,
    struct mail_address **list, uint32_t *n)
{
	for (uint32_t i = 0; i < h->n; i++)
		if (span_caseis(h->fields[i].name, name))
			mailbox_list(arena, h->fields[i].value, list, n);
}

static void
add_reference(struct mail *m, struct span id)
{
	for (uint32_t i = 0; i < m->references_n; i++)
		if (span_eq(m->references[i], id))
			return;
	if (m->references_n < REFERENCES_MAX)
		m->references[m->references_n++] = id;
}

static void
read_ids(struct arena *arena, const struct header *h, struct mail *m)
{
	enum {
		MAX = 200
	};
	struct span *ids = arena_alloc(arena, MAX * sizeof(*ids));
	struct span field = header_find(h, "Message-ID");
	uint32_t n;

	if (mailbox_ids(arena, field, ids, 1) == 1)
		m->message_id = ids[0];
	else
		m->message_id = charset_clean(arena, field, true);
	m->references =
	    arena_alloc(arena, REFERENCES_MAX * sizeof(*m->references));
	n = mailbox_ids(arena, header_find(h, "In-Reply-To"), ids, MAX);
	for (uint32_t i = 0; i < n; i++)
		add_reference(m, ids[i]);
	n = mailbox_ids(arena, header_find(h, "References"), ids, MAX);
	while (n > 0)
		add_reference(m, ids[--n]);
}

static void
read_senders(struct arena *arena, const struct header *h, struct mail *m)
{
	struct mail_address *list = NULL;
	struct span path;
	uint32_t n = 0;

	for (uint32_t i = 0; i < h->n; i++)
		if (span_caseis(h->fields[i].name, "From"))
			m->from_fields++;
	read_addresses(arena, h, "From", &m->from, &m->from_n);
	read_addresses(arena, h, "To", &m->to, &m->to_n);
	read_addresses(arena, h, "Cc", &m->cc, &m->cc_n);
	read_addresses(arena, h, "Reply-To", &m->reply_to, &m->reply_to_n);
	mailbox_list(arena, header_find(h, "Sender"), &list, &n);
	m->sender = n > 0 ? list[0].address : SPAN("");
	m->has_return_path = header_has(h, "Return-Path");
	path = span_trim(header_find(h, "Return-Path"));
	list = NULL;
	n = 0;
	mailbox_list(arena, path, &list, &n);
	m->return_path = n > 0 ? list[0].address : SPAN("");
}

static void
read_fields(struct arena *arena, const struct header *h, struct mail *m)
{
	m->fields = arena_alloc(arena, (h->n + 1) * sizeof(*m->fields));
	for (uint32_t i = 0; i < h->n; i++)
		m->fields[m->fields_n++] = (struct mail_field){
		    h->fields[i].name, word_decode(arena, h->fields[i].value)};
	m->subject = mail_field(m, "Subject");
	m->content_type = mail_field(m, "Content-Type");
}

static void
read_date(const struct header *h, struct mail *m)
{
	struct span field = header_find(h, "Date");
	int64_t unix_time;

	if (civil_parse_mail(field, &unix_time) ||
	    civil_parse_instant(field, &unix_time))
		m->date_unix = unix_time;
}

/* Limits of the header that cost time or stack elsewhere. */
static const char *
check_header(const struct header *h)
{
	static const char *const lists[] = {
	    "From", "To", "Cc", "Bcc", "Sender", "Reply-To", "Return-Path"};
	int words = 0;

	if (h->over != NULL)
		return h->over;
	for (uint32_t i = 0; i < h->n; i++) {
		words += scan_words(h->fields[i].value);
		for (size_t k = 0; k < sizeof(lists) / sizeof(lists[0]); k++)
			if (span_caseis(h->fields[i].name, lists[k]) &&
			    scan_parens(h->fields[i].value) > LIMIT_PARENS)
				return "comments nested deeper than 50";
	}
	if (words > LIMIT_ENCODED_WORDS)
		return "more than 500 encoded words in the header";
	return NULL;
}

/* --- parts -------------------------------------------------------------- */

static bool
is_csv(const struct part *p)
{
	return part_is(p, "text/csv") ||
	       (p->name.n > 4 &&
		   span_caseis(span_skip(p->name, p->name.n - 4), ".csv"));
}

static void
list_attachment(struct gather *g, const struct part *p)
{
	struct mail *m = g->mail;
	struct mail_attachment a = {
	    .name = p->name, .size_bytes = p->skipped_bytes, .bytes = SPAN("")};
	struct span bytes;

	a.type = charset_clean(g->arena, p->type.type, true);
	if (p->body.n > 0) {
		bytes = part_bytes(g->arena, p);
		a.size_bytes = (int64_t)bytes.n;
		if (is_csv(p))
			a.bytes = bytes;
	}
	if (vec_room(g->arena, &m->attachments, m->attachments_n, sizeof(a)))
		m->attachments[m->attachments_n++] = a;
}

/* Outlook puts the same text beside it as a rule: see finish_text. */
static void
take_tnef(struct gather *g, const struct part *p)
{
	struct tnef t;

	if (!tnef_read(g->arena, part_bytes(g->arena, p), &t) ||
	    (t.text.n == 0 && t.html.n == 0))
		g->mail->tnef_unread = true;
	if (g->mail->tnef_class.n == 0)
		g->mail->tnef_class = t.class;
	if (g->tnef.text.n == 0 && g->tnef.html.n == 0)
		g->tnef = t;
}

static bool
is_attached(const struct part *p)
{
	if (span_is(p->disposition.type, "attachment"))
		return true;
	return p->name.n > 0 && !part_is(p, "text/plain") &&
	       !part_is(p, "text/html");
}

static void
take_part(struct gather *g, const struct part *p)
{
	if (part_is(p, "application/ms-tnef") ||
	    part_is(p, "application/vnd.ms-tnef") ||
	    span_caseis(p->name, "winmail.dat")) {
		take_tnef(g, p);
		list_attachment(g, p);
		return;
	}
	if (part_is_calendar(p)) {
		if (g->calendars_n < CALENDARS_MAX)
			g->calendars[g->calendars_n++] = p;
		list_attachment(g, p);
		return;
	}
	if (report_part(g->arena, p, g->mail))
		return;
	if (!span_starts(p->type.type, "text/") || is_attached(p) ||
	    part_is(p, "text/csv")) {
		list_attachment(g, p);
		return;
	}
	body_add(&g->body, p, &g->mail->flowed);
}

static void
finish_text(struct gather *g)
{
	struct mail *m = g->mail;

	body_finish(&g->body, &m->text, &m->html);
	if (!body_is_empty(&g->body))
		return;
	m->text = g->tnef.text;
	m->html = html_text(g->arena, g->tnef.html);
}

/* --- calendar ----------------------------------------------------------- */

/* The lower, the better: the order in which answers were found to be right. */
static int
calendar_rank(const struct part *p)
{
	if (!part_is(p, "text/calendar"))
		return 2;
	return content_param(&p->type, "method").n > 0 ? 0 : 1;
}

/* Could it be one?  UTF-16 has a zero in each letter of the word. */
static bool
looks_calendar(struct span bytes)
{
	return span_casehas(bytes, "BEGIN:VCALENDAR") ||
	       span_findc(span_sub(bytes, 0, 4), '\0') < 4;
}

/*
 * As UTF-8, with lines unfolded first: a fold may split a letter (RFC 5545
 * 3.1), which only the bytes can put together again.  "" when it is none, or
 * too long to be one; *left is what may still be looked at.
 */
static struct span
calendar_text(struct arena *arena, const struct part *p, size_t *left)
{
	struct span bytes = SPAN("");
	char *out;
	size_t n = 0;

	if (p->body.n <= PART_BYTES && p->body.n <= *left) {
		*left -= p->body.n;
		bytes = part_bytes(arena, p);
	}
	out = arena_alloc(arena, bytes.n + 1);
	for (size_t i = 0; i < bytes.n; i++) {
		size_t k = i;

		if (bytes.p[k] == '\r' && k + 1 < bytes.n)
			k++;
		if (bytes.p[k] == '\n' && k + 1 < bytes.n &&
		    (bytes.p[k + 1] == ' ' || bytes.p[k + 1] == '\t')) {
			i = k + 1;
			continue;
		}
		out[n++] = bytes.p[i];
	}
	bytes = (struct span){out, n};
	return looks_calendar(bytes) ? charset_text(arena, bytes,
					   content_param(&p->type, "charset"))
				     : SPAN("");
}

static bool
is_answer(const struct cal_answer *c)
{
	return c->kind == CAL_REPLY || c->kind == CAL_PROPOSAL;
}

/*
 * The best candidate.  Among equals an answer goes before the invite that
 * some send back along with it.
 */
static void
read_calendars(struct gather *g, mime_calendar_fn *calendar)
{
	struct mail *m = g->mail;
	size_t left = CALENDAR_BYTES;

	for (int rank = 0; rank <= 2 && m->cal.kind == CAL_NONE; rank++)
		for (uint32_t i = 0; i < g->calendars_n; i++) {
			const struct part *p = g->calendars[i];
			struct cal_answer a = {0};
			struct span text;

			if (is_answer(&m->cal) || calendar_rank(p) != rank)
				continue;
			text = calendar_text(g->arena, p, &left);
			if (text.n == 0 || text.n > LIMIT_ICS_BYTES)
				continue;
			calendar(g->arena, text,
			    content_param(&p->type, "method"), &a);
			if (m->cal.kind == CAL_NONE || is_answer(&a))
				m->cal = a;
		}
}

/* --- the whole ---------------------------------------------------------- */

static void
clear(struct mail *m)
{
	struct span none = SPAN("");

	*m = (struct mail){.refused = none,
	    .sender = none,
	    .return_path = none,
	    .subject = none,
	    .message_id = none,
	    .content_type = none,
	    .text = none,
	    .html = none,
	    .tnef_class = none};
	m->report = (struct mail_report){none, none, none, none};
	m->returned.header = m->returned.text = m->returned.uid = none;
	m->cal = (struct cal_answer){.method = none,
	    .uid = none,
	    .sequence = -1,
	    .attendee = none,
	    .sent_by = none,
	    .delegated_to = none,
	    .proposed_text = none,
	    .comment = none,
	    .summary = none};
}

static void
read_parts(struct arena *arena, const struct header *h,
    mime_calendar_fn *calendar, struct mail *m)
{
	struct gather g = {.arena = arena,
	    .mail = m,
	    .body = {.arena = arena},
	    .tnef = {SPAN(""), SPAN(""), SPAN("")}};
	struct content top;
	struct parts parts;

	content_parse(arena, header_find(h, "Content-Type"), &top);
	m->report.type = content_param(&top, "report-type");
	part_read(arena, h, &parts);
	if (parts.over != NULL) {
		m->refused = span_of(parts.over);
		return;
	}
	for (uint32_t i = 0; i < parts.n; i++)
		take_part(&g, &parts.list[i]);
	finish_text(&g);
	if (calendar != NULL)
		read_calendars(&g, calendar);
}

void
mime_read(struct arena *arena, struct span raw, mime_calendar_fn *calendar,
    struct mail *out)
{
	struct header h;
	const char *over = NULL;

	clear(out);
	if (raw.n > LIMIT_MAIL_BYTES)
		over = "the mail is larger than 10 MiB";
	raw = header_start(scan_line_ends(arena, raw));
	header_read(arena, raw, &h);
	if (over == NULL)
		over = check_header(&h);
	read_fields(arena, &h, out);
	read_senders(arena, &h, out);
	read_ids(arena, &h, out);
	read_date(&h, out);
	if (over != NULL)
		out->refused = span_of(over);
	else
		read_parts(arena, &h, calendar, out);
}
