/*
 * Bounces that come in other clothes: as Amazon SES's JSON through SNS, and
 * sent on by a person who got them.  The latter only when the report's own
 * fields stand in what was sent on; a mail that talks of a bounce is none.
 */
#include "base/json.h"
#include "base/str.h"
#include "reply/bounce_int.h"
#include "reply/lines_int.h"

enum {
	JSON_BYTES = 256 * 1024,
	QUOTED_BYTES = 16 * 1024,
	REMARK_BYTES = 200,
};

/* --- Amazon SES through SNS ---------------------------------------------- */

static bool
is_sns(const struct mail *m)
{
	return mail_has_field(m, "X-Amz-Sns-Message-Id") &&
	       span_starts(span_ltrim(m->text), "{");
}

/*
 * The JSON stands on one line; servers that break long lines put "!", LF and
 * a blank into it.
 */
static struct span
json_text(struct arena *arena, struct span text)
{
	size_t end = span_find(text, SPAN("\n--\n"));
	struct str out;

	text = span_sub(span_trim(span_sub(text, 0, end)), 0, JSON_BYTES);
	str_init(&out, arena, text.n + 1);
	while (text.n > 0) {
		size_t n = span_find(text, SPAN("!\n "));

		str_add(&out, span_sub(text, 0, n));
		text = span_skip(text, n + 3);
	}
	return str_span(&out);
}

static struct span
text_of(const struct value *object, const char *name)
{
	const struct value *v = NULL;

	if (object != NULL && object->kind == VALUE_OBJECT)
		v = value_find(object, span_of(name));
	return v != NULL && v->kind == VALUE_TEXT ? v->text : SPAN("");
}

static const struct value *
part_of(const struct value *object, const char *name, enum value_kind kind)
{
	const struct value *v = NULL;

	if (object != NULL && object->kind == VALUE_OBJECT)
		v = value_find(object, span_of(name));
	return v != NULL && v->kind == kind ? v : NULL;
}

/* NULL when it is no JSON.  The message may be wrapped in a notification. */
static const struct value *
sns_message(struct arena *arena, const struct mail *m)
{
	struct value *v;
	struct err none = {0};
	struct span inner;

	if (!is_sns(m) ||
	    json_parse(arena, json_text(arena, m->text), &v, &none) < 0)
		return NULL;
	inner = text_of(v, "Message");
	if (inner.n > 0 && json_parse(arena, inner, &v, &none) < 0)
		return NULL;
	return v;
}

static struct span
sns_type(const struct value *message)
{
	struct span type = text_of(message, "notificationType");

	return type.n > 0 ? type : text_of(message, "eventType");
}

static struct span
sns_original_id(const struct value *message)
{
	const struct value *mail = part_of(message, "mail", VALUE_OBJECT);
	const struct value *fields = part_of(mail, "headers", VALUE_LIST);

	for (size_t i = 0; fields != NULL && i < fields->n; i++)
		if (span_caseis(
			text_of(fields->items[i], "name"), "Message-ID")) {
			struct span id =
			    span_trim(text_of(fields->items[i], "value"));

			if (span_starts(id, "<") && span_ends(id, ">"))
				id = span_sub(id, 1, id.n - 1);
			return id;
		}
	return SPAN("");
}

static void
sns_read(struct arena *arena, const struct value *message, struct reading *r)
{
	const struct value *bounce = part_of(message, "bounce", VALUE_OBJECT);
	const struct value *list =
	    part_of(bounce, "bouncedRecipients", VALUE_LIST);
	bool permanent = span_is(text_of(bounce, "bounceType"), "Permanent");

	for (size_t i = 0; list != NULL && i < list->n; i++) {
		struct span address;
		struct bounced *b;

		if (!bounce_address(arena,
			text_of(list->items[i], "emailAddress"), &address))
			continue;
		b = bounce_add(arena, r, address);
		if (b == NULL)
			return;
		b->status = bounce_status(text_of(list->items[i], "status"));
		bounce_judge(
		    arena, b, text_of(list->items[i], "diagnosticCode"));
		b->permanent = permanent;
	}
	if (r->original_id.n == 0)
		r->original_id = sns_original_id(message);
}

/* --- sent on by a person -------------------------------------------------- */

static bool
is_sent_on(const struct mail *m)
{
	static const char *const prefixes[] = {
	    "fwd:", "fw:", "wg:", "tr:", "rv:", "i:", "vs:", "vb:", "doorst:"};

	for (size_t i = 0; i < sizeof(prefixes) / sizeof(*prefixes); i++)
		if (span_casestarts(m->subject, prefixes[i]))
			return true;
	return false;
}

/* The report's two fields without which it names nobody and no fate. */
static bool
has_report(struct span text)
{
	return span_casehas(text, "Final-Recipient:") &&
	       span_casehas(text, "Action: failed");
}

/* A remark at most: who writes more than that wants to be heard. */
static bool
says_little(struct span text)
{
	size_t own = 0;
	struct span line;

	while (own <= REMARK_BYTES && span_line(&text, &line)) {
		line = span_trim(line);
		if (span_starts(line, ">") || chrome_forward(line) ||
		    chrome_original(line))
			break;
		own += line.n;
	}
	return own <= REMARK_BYTES;
}

/* The text without the quote marks of its lines. */
static struct span
unquoted(struct arena *arena, struct span text)
{
	struct span line;
	struct str out;

	text = span_sub(text, 0, QUOTED_BYTES);
	str_init(&out, arena, text.n + 2);
	while (span_line(&text, &line)) {
		while (span_starts(line, ">"))
			line = span_skip(
			    line, line.n > 1 && line.p[1] == ' ' ? 2 : 1);
		str_add(&out, line);
		str_addc(&out, '\n');
	}
	return str_span(&out);
}

/* The mail it is about stands below the bounce's own fields. */
static void
sent_on_read(struct arena *arena, struct span text, struct reading *r)
{
	struct span line, rest = text;

	bounce_groups(arena, text, r);
	while (span_line(&rest, &line))
		if (span_casestarts(line, "Message-ID:")) {
			line = span_trim(span_skip(line, 11));
			if (span_starts(line, "<") && span_ends(line, ">"))
				line = span_sub(line, 1, line.n - 1);
			r->original_id = line;
		}
}

bool
notice_is_nested(const struct mail *m)
{
	struct span header = m->returned.header;

	return m->returned.present &&
	       (span_casehas(
		    bounce_header(header, "Content-Type"), "delivery-status") ||
		   span_casehas(
		       bounce_header(header, "From"), "mailer-daemon@"));
}

/* --- both ------------------------------------------------------------------ */

enum mail_kind
notice_kind(struct arena *arena, const struct mail *m)
{
	if (is_sns(m)) {
		struct span type = sns_type(sns_message(arena, m));

		if (span_is(type, "Bounce"))
			return MAIL_BOUNCE;
		return span_is(type, "Complaint") ? MAIL_FBL
						  : MAIL_AUTO_GENERATED;
	}
	if (is_sent_on(m) && says_little(m->text) &&
	    (notice_is_nested(m) ||
		has_report(span_sub(m->text, 0, QUOTED_BYTES))))
		return MAIL_BOUNCE;
	return MAIL_HUMAN;
}

void
notice_read(struct arena *arena, const struct mail *m, struct reading *r)
{
	if (is_sns(m)) {
		sns_read(arena, sns_message(arena, m), r);
		return;
	}
	if (is_sent_on(m) && has_report(span_sub(m->text, 0, QUOTED_BYTES)))
		sent_on_read(arena, unquoted(arena, m->text), r);
}
