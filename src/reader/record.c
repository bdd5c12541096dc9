/*
 * struct mail, what it says, and lists of busy times as flat bytes.  The parent believes
 * nothing: lengths, counts, enums, UTF-8, addresses are all looked at, and
 * marks (model/mail.h) may stand in the HTML's text only.
 */
#include <string.h>

#include "base/limits.h"
#include "base/utf8.h"
#include "base/vec.h"
#include "model/address.h"
#include "reader/reader_int.h"

enum {
	REFERENCES_MAX = 12,
	ATTENDEES_MAX = 1000,
	BOUNCED_MAX = 100,
	BUSY_MAX = 1000000,
	TRANSITIONS_MAX = 10000,
	ZONE_TYPES_MAX = 256,
};

/* --- single things ------------------------------------------------------ */

/* n bytes; reading leaves *p alone when there are not so many. */
static void
fixed(struct record *r, void *p, size_t n)
{
	if (r->out != NULL) {
		str_add(r->out, (struct span){p, n});
		r->bad |= r->out->cut;
		return;
	}
	if (r->bad || r->in.n < n) {
		r->bad = true;
		return;
	}
	memcpy(p, r->in.p, n);
	r->in = span_skip(r->in, n);
}

static void
number32(struct record *r, uint32_t *v, uint32_t most)
{
	fixed(r, v, sizeof(*v));
	if (r->out == NULL && *v > most) {
		r->bad = true;
		*v = 0;
	}
}

static void
number64(struct record *r, int64_t *v)
{
	fixed(r, v, sizeof(*v));
}

static void
truth(struct record *r, bool *v)
{
	uint32_t n = r->out != NULL && *v ? 1 : 0;

	number32(r, &n, 1);
	*v = n == 1;
}

static void
bytes(struct record *r, struct span *s)
{
	uint32_t n = r->out != NULL ? (uint32_t)s->n : 0;

	number32(r, &n, LIMIT_RECORD_BYTES);
	if (r->out != NULL) {
		if (n > 0)
			fixed(r, (void *)s->p, n);
		return;
	}
	if (r->bad || n > r->in.n) {
		r->bad = true;
		n = 0;
	}
	*s = span_sub(r->in, 0, n);
	r->in = span_skip(r->in, n);
}

/* Text in which marks may stand. */
static void
marked(struct record *r, struct span *s)
{
	bytes(r, s);
	if (r->out == NULL && !utf8_clean(*s))
		r->bad = true;
}

/* U+FDD0..U+FDEF are ours alone. */
static bool
has_mark(struct span s)
{
	for (;;) {
		size_t at = span_findc(s, '\xef');

		if (at + 2 >= s.n)
			return false;
		if (s.p[at + 1] == '\xb7' &&
		    (unsigned char)s.p[at + 2] >= 0x90 &&
		    (unsigned char)s.p[at + 2] <= 0xaf)
			return true;
		s = span_skip(s, at + 1);
	}
}

void
record_text(struct record *r, struct span *s)
{
	marked(r, s);
	if (r->out == NULL && has_mark(*s))
		r->bad = true;
}

/* Text on one line. */
static void
line(struct record *r, struct span *s)
{
	record_text(r, s);
	if (r->out == NULL && span_findc(*s, '\n') < s->n)
		r->bad = true;
}

/* "" or what address_parse would say. */
static void
address(struct record *r, struct span *s)
{
	struct span again;

	line(r, s);
	if (r->out != NULL || r->bad || s->n == 0)
		return;
	if (!address_parse(r->arena, *s, &again) || !span_eq(again, *s))
		r->bad = true;
}

/*
 * The head of an array: its count, and when reading room for it.  Each item
 * takes at least four bytes, so a count cannot ask for more than was sent.
 */
static void
array(struct record *r, void *list, uint32_t *n, size_t size, uint32_t most)
{
	void *room;

	number32(r, n, most);
	if (r->out != NULL)
		return;
	if (*n > r->in.n / 4)
		r->bad = true;
	if (r->bad)
		*n = 0;
	room = arena_alloc(r->arena, *n * size);
	memcpy(list, &room, sizeof(room));
}

bool
record_done(const struct record *r)
{
	return !r->bad && r->in.n == 0;
}

/* --- a mail ------------------------------------------------------------- */

static void
addresses(struct record *r, struct mail_address **list, uint32_t *n)
{
	array(r, list, n, sizeof(**list), LIMIT_ADDRESSES);
	for (uint32_t i = 0; i < *n; i++) {
		line(r, &(*list)[i].name);
		address(r, &(*list)[i].address);
	}
}

static void
header(struct record *r, struct mail *m)
{
	array(r, &m->fields, &m->fields_n, sizeof(*m->fields), LIMIT_FIELDS);
	for (uint32_t i = 0; i < m->fields_n; i++) {
		line(r, &m->fields[i].name);
		line(r, &m->fields[i].value);
	}
	addresses(r, &m->from, &m->from_n);
	addresses(r, &m->to, &m->to_n);
	addresses(r, &m->cc, &m->cc_n);
	addresses(r, &m->reply_to, &m->reply_to_n);
	number32(r, &m->from_fields, LIMIT_FIELDS);
	address(r, &m->sender);
	address(r, &m->return_path);
	truth(r, &m->has_return_path);
	line(r, &m->subject);
	line(r, &m->message_id);
	array(r, &m->references, &m->references_n, sizeof(*m->references),
	    REFERENCES_MAX);
	for (uint32_t i = 0; i < m->references_n; i++)
		line(r, &m->references[i]);
	number64(r, &m->date_unix);
	line(r, &m->content_type);
}

static void
partstat(struct record *r, enum partstat *p)
{
	uint32_t v = r->out != NULL ? (uint32_t)*p : 0;

	number32(r, &v, PARTSTAT_DELEGATED);
	*p = (enum partstat)v;
}

static void
calendar(struct record *r, struct cal_answer *c)
{
	uint32_t kind = r->out != NULL ? (uint32_t)c->kind : 0;

	number32(r, &kind, CAL_OTHER);
	c->kind = (enum cal_kind)kind;
	line(r, &c->method);
	line(r, &c->uid);
	number64(r, &c->sequence);
	number64(r, &c->dtstamp_unix);
	address(r, &c->attendee);
	partstat(r, &c->partstat);
	address(r, &c->sent_by);
	address(r, &c->delegated_to);
	number64(r, &c->proposed_start_unix);
	number64(r, &c->proposed_end_unix);
	record_text(r, &c->proposed_text);
	record_text(r, &c->comment);
	record_text(r, &c->summary);
	array(r, &c->attendees, &c->attendees_n, sizeof(*c->attendees),
	    ATTENDEES_MAX);
	if (r->out == NULL)
		c->partstats = arena_alloc(
		    r->arena, c->attendees_n * sizeof(*c->partstats));
	for (uint32_t i = 0; i < c->attendees_n; i++) {
		address(r, &c->attendees[i]);
		partstat(r, &c->partstats[i]);
	}
}

static void
parts(struct record *r, struct mail *m)
{
	record_text(r, &m->text);
	marked(r, &m->html);
	truth(r, &m->flowed);
	array(r, &m->attachments, &m->attachments_n, sizeof(*m->attachments),
	    LIMIT_MIME_PARTS);
	for (uint32_t i = 0; i < m->attachments_n; i++) {
		line(r, &m->attachments[i].type);
		line(r, &m->attachments[i].name);
		number64(r, &m->attachments[i].size_bytes);
		bytes(r, &m->attachments[i].bytes);
	}
	calendar(r, &m->cal);
	record_text(r, &m->report.delivery);
	record_text(r, &m->report.disposition);
	record_text(r, &m->report.feedback);
	line(r, &m->report.type);
	truth(r, &m->returned.present);
	record_text(r, &m->returned.header);
	record_text(r, &m->returned.text);
	line(r, &m->returned.uid);
	line(r, &m->tnef_class);
	truth(r, &m->tnef_unread);
}

void
record_mail(struct record *r, struct mail *m)
{
	line(r, &m->refused);
	header(r, m);
	parts(r, m);
}

/* --- what it says --------------------------------------------------------- */

/* Is it a piece of the text? */
static bool
is_within(struct span s, struct span text)
{
	return s.n > 0 && s.p >= text.p && s.p + s.n <= text.p + text.n;
}

/* Text that may be a piece of the mail's: then only where it stands. */
static void
piece(struct record *r, const struct mail *m, struct span *s)
{
	bool within = r->out != NULL && is_within(*s, m->text);
	uint32_t at = within ? (uint32_t)(s->p - m->text.p) : 0;
	uint32_t n = within ? (uint32_t)s->n : 0;

	truth(r, &within);
	if (!within) {
		record_text(r, s);
		return;
	}
	number32(r, &at, (uint32_t)m->text.n);
	number32(r, &n, (uint32_t)m->text.n);
	if (r->out != NULL)
		return;
	if (n == 0 || n > m->text.n - at)
		r->bad = true;
	*s = r->bad ? SPAN("") : span_sub(m->text, at, n);
	if (!utf8_clean(*s))
		r->bad = true;
}

static void
bounced(struct record *r, struct bounced *b)
{
	line(r, &b->address);
	line(r, &b->status);
	truth(r, &b->permanent);
	truth(r, &b->delayed);
	line(r, &b->diagnostic);
}

void
record_reading(struct record *r, const struct mail *m, struct reading *x)
{
	uint32_t kind = r->out != NULL ? (uint32_t)x->kind : 0;

	number32(r, &kind, MAIL_REFUSED);
	x->kind = (enum mail_kind)kind;
	truth(r, &x->via_list);
	truth(r, &x->challenge);
	truth(r, &x->spam_report);
	piece(r, m, &x->new_text);
	piece(r, m, &x->whole_text);
	line(r, &x->language);
	number64(r, &x->away_until_unix);
	array(r, &x->bounced, &x->bounced_n, sizeof(*x->bounced), BOUNCED_MAX);
	for (uint32_t i = 0; i < x->bounced_n; i++)
		bounced(r, &x->bounced[i]);
	line(r, &x->original_id);
}

/* --- busy times --------------------------------------------------------- */

void
record_busy(struct record *r, struct busy **list, uint32_t *n)
{
	int64_t last = INT64_MIN;

	array(r, list, n, sizeof(**list), BUSY_MAX);
	for (uint32_t i = 0; i < *n; i++) {
		struct busy *b = &(*list)[i];

		number64(r, &b->start_unix);
		number64(r, &b->end_unix);
		/* Sorted, merged, none empty. */
		if (r->out == NULL &&
		    (b->start_unix < last || b->end_unix <= b->start_unix))
			r->bad = true;
		last = b->end_unix;
	}
}

static void
zone(struct record *r, struct zone *z)
{
	uint32_t at_n = (uint32_t)z->at_n, types_n = (uint32_t)z->types_n;

	line(r, &z->name);
	line(r, &z->footer);
	array(r, &z->at, &at_n, sizeof(*z->at), TRANSITIONS_MAX);
	if (r->out == NULL)
		z->type_at = arena_alloc(r->arena, at_n);
	for (uint32_t i = 0; i < at_n; i++) {
		fixed(r, &z->at[i], sizeof(z->at[i]));
		fixed(r, &z->type_at[i], sizeof(z->type_at[i]));
	}
	array(r, &z->types, &types_n, sizeof(*z->types), ZONE_TYPES_MAX);
	for (uint32_t i = 0; i < types_n; i++)
		fixed(r, &z->types[i], sizeof(z->types[i]));
	for (uint32_t i = 0; i < at_n; i++)
		if (z->type_at[i] >= types_n)
			r->bad = true;
	fixed(r, &z->rule, sizeof(z->rule));
	z->at_n = at_n;
	z->types_n = types_n;
}

/* Parent to child: the child trusts this direction. */
void
record_feed(struct record *r, struct zone *z, int64_t *from_unix,
    int64_t *to_unix, struct span *feed)
{
	number64(r, from_unix);
	number64(r, to_unix);
	zone(r, z);
	bytes(r, feed);
}
