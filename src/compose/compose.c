/* A letter -> bytes: which parts there are, and in which shape. */
#include "compose/compose_int.h"

#include <string.h>

#include "base/civil.h"
#include "base/digest.h"
#include "base/limits.h"
#include "base/utf8.h"
#include "model/address.h"

enum {
	REFERENCES_MAX = 10
}; /* Gmail's and our own promise: root + last 9 */

struct job {
	struct arena *arena;
	const struct letter *letter;
	struct span seed; /* of the boundaries */
	struct str out;
};

/* ----- header fields ----- */

/* Fields that compose writes itself. */
static bool
is_ours(const char *name)
{
	static const char *const ours[] = {"From", "Sender", "To", "Cc", "Bcc",
	    "Reply-To", "Subject", "Date", "Message-ID", "In-Reply-To",
	    "References", "MIME-Version"};

	for (size_t i = 0; i < sizeof(ours) / sizeof(ours[0]); i++)
		if (span_caseis(span_of(name), ours[i]))
			return true;
	return span_casestarts(span_of(name), "Content-");
}

/* 7 bit is all we promise to send, so the local part is ASCII too. */
static int
check_address(struct arena *arena, const char *what, struct span address,
    struct span *out, struct err *err)
{
	struct span found;

	if (!address_parse(arena, address, &found))
		return err_set(err, ERR_ITEM, "%s: no mail address", what);
	for (size_t i = 0; i < found.n; i++)
		if ((unsigned char)found.p[i] >= 0x7f)
			return err_set(err, ERR_ITEM,
			    "%s: letters before the @ must be ASCII", what);
	*out = found;
	return 0;
}

static int
check_fields(const struct letter *l, struct err *err)
{
	for (uint32_t i = 0; i < l->fields_n; i++)
		if (!header_name_ok(l->fields[i].name) ||
		    is_ours(l->fields[i].name))
			return err_set(err, ERR_ITEM,
			    "header field %u has a name that may not be "
			    "set here",
			    i + 1);
	if (!message_id_ok(l->message_id))
		return err_set(err, ERR_ITEM, "Message-ID: not of its form");
	return 0;
}

/* Identifiers come from foreign mails: those of no good form are left out. */
static void
write_references(struct job *j)
{
	const struct letter *l = j->letter;
	struct span reply = l->in_reply_to;
	struct str s;

	if (reply.n > 0 && message_id_ok(reply))
		header_words(&j->out, "In-Reply-To",
		    arena_spanf(j->arena, "<%.*s>", (int)reply.n, reply.p));
	str_init(&s, j->arena, 16 * 1024);
	for (uint32_t i = 0; i < l->references_n; i++) {
		struct span id = l->references[i];

		if (i > 0 && i + REFERENCES_MAX <= l->references_n)
			continue;
		if (message_id_ok(id))
			str_addf(&s, "<%.*s> ", (int)id.n, id.p);
	}
	if (s.n > 0)
		header_words(&j->out, "References", str_span(&s));
}

static int
write_header(struct job *j, struct err *err)
{
	const struct letter *l = j->letter;
	struct arena *a = j->arena;
	struct span from, to, reply = {0};

	if (check_fields(l, err) < 0 ||
	    check_address(a, "From", l->from_address, &from, err) < 0 ||
	    check_address(a, "To", l->to_address, &to, err) < 0)
		return -1;
	if (l->reply_to.n > 0 &&
	    check_address(a, "Reply-To", l->reply_to, &reply, err) < 0)
		return -1;
	header_address(a, &j->out, "From", l->from_name, from);
	header_address(a, &j->out, "To", l->to_name, to);
	if (reply.n > 0)
		header_address(a, &j->out, "Reply-To", SPAN(""), reply);
	header_text(
	    a, &j->out, "Subject", utf8_head(l->subject, LIMIT_SUBJECT_BYTES));
	header_words(&j->out, "Date", civil_write_mail(a, l->date_unix));
	header_words(&j->out, "Message-ID",
	    arena_spanf(a, "<%.*s>", (int)l->message_id.n, l->message_id.p));
	write_references(j);
	for (uint32_t i = 0; i < l->fields_n; i++)
		header_text(a, &j->out, l->fields[i].name, l->fields[i].value);
	header_words(&j->out, "MIME-Version", SPAN("1.0"));
	return 0;
}

/* ----- parts ----- */

/* "=_" occurs in no quoted-printable and no base64 line. */
static struct span
boundary(struct job *j, const char *which)
{
	return arena_spanf(
	    j->arena, "=_%.*s_%s", (int)j->seed.n, j->seed.p, which);
}

static void
open_multipart(
    struct job *j, const char *kind, struct span bound, const char *type)
{
	struct parameter p[2] = {{"boundary", bound}, {"type", span_of(type)}};

	header_typed(j->arena, &j->out, "Content-Type",
	    arena_spanf(j->arena, "multipart/%s", kind), p,
	    type != NULL ? 2 : 1);
	str_addz(&j->out, "\r\n");
}

static void
next_part(struct job *j, struct span bound)
{
	str_addf(&j->out, "--%.*s\r\n", (int)bound.n, bound.p);
}

static void
close_multipart(struct job *j, struct span bound)
{
	str_addf(&j->out, "--%.*s--\r\n", (int)bound.n, bound.p);
}

static void
write_text(struct job *j, const char *type, struct span text)
{
	struct span clean = utf8_scrub(j->arena, text);
	enum encoding e = encoding_choose(clean);
	struct parameter p = {"charset", SPAN("utf-8")};

	header_typed(j->arena, &j->out, "Content-Type", span_of(type), &p, 1);
	header_words(
	    &j->out, "Content-Transfer-Encoding", span_of(encoding_name(e)));
	str_addz(&j->out, "\r\n");
	encode_text(j->arena, &j->out, clean, e);
}

static void
write_calendar(struct job *j)
{
	const struct letter *l = j->letter;
	struct parameter p[2] = {
	    {"charset", SPAN("UTF-8")}, {"method", span_of(l->ics_method)}};

	header_typed(j->arena, &j->out, "Content-Type", SPAN("text/calendar"),
	    p, l->ics_method != NULL ? 2 : 1);
	header_words(&j->out, "Content-Transfer-Encoding", SPAN("base64"));
	str_addz(&j->out, "\r\n");
	encode_bytes(j->arena, &j->out, l->ics);
}

/* "type/subtype" with parameters, as our own code writes it; else bytes. */
static struct span
clean_type(struct span type)
{
	size_t slash = span_findc(type, '/');

	for (size_t i = 0; i < type.n; i++)
		if (type.p[i] < ' ' || type.p[i] >= 0x7f)
			return SPAN("application/octet-stream");
	if (slash == 0 || slash + 1 >= type.n || type.n > 60)
		return SPAN("application/octet-stream");
	return type;
}

static struct span
clean_name(struct arena *arena, struct span name)
{
	struct span s = utf8_head(utf8_line(arena, name), LIMIT_NAME_BYTES);
	struct str out;

	str_init(&out, arena, LIMIT_NAME_BYTES);
	for (size_t i = 0; i < s.n; i++)
		str_addc(&out, s.p[i] == '/' || s.p[i] == '\\' ? '_' : s.p[i]);
	return out.n > 0 ? str_span(&out) : SPAN("file");
}

static void
write_file(struct job *j, const struct letter_file *f, bool shown)
{
	struct span name = clean_name(j->arena, f->name);
	struct parameter type = {"name", name};
	struct parameter place = {"filename", name};
	struct span id = f->content_id;
	/* Text weighs a third less than its base64. */
	enum encoding e = span_caseis(f->type, "application/json")
			      ? encoding_choose(f->bytes)
			      : ENCODING_BASE64;

	header_typed(
	    j->arena, &j->out, "Content-Type", clean_type(f->type), &type, 1);
	header_words(
	    &j->out, "Content-Transfer-Encoding", span_of(encoding_name(e)));
	if (message_id_ok(id))
		header_words(&j->out, "Content-ID",
		    arena_spanf(j->arena, "<%.*s>", (int)id.n, id.p));
	header_typed(j->arena, &j->out, "Content-Disposition",
	    shown ? SPAN("inline") : SPAN("attachment"), &place, 1);
	str_addz(&j->out, "\r\n");
	encode_text(j->arena, &j->out, f->bytes, e);
}

static bool
is_shown(const struct letter *l, const struct letter_file *f)
{
	return f->content_id.n > 0 && l->html.n > 0;
}

static uint32_t
count_files(const struct letter *l, bool shown)
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < l->files_n; i++)
		n += is_shown(l, &l->files[i]) == shown;
	return n;
}

static void
write_files(struct job *j, bool shown, struct span bound)
{
	const struct letter *l = j->letter;

	for (uint32_t i = 0; i < l->files_n; i++) {
		if (is_shown(l, &l->files[i]) != shown)
			continue;
		next_part(j, bound);
		write_file(j, &l->files[i], shown);
	}
}

/* HTML, with the pictures it shows. */
static void
write_html(struct job *j)
{
	struct span bound = boundary(j, "rel");

	if (count_files(j->letter, true) == 0) {
		write_text(j, "text/html", j->letter->html);
		return;
	}
	open_multipart(j, "related", bound, "text/html");
	next_part(j, bound);
	write_text(j, "text/html", j->letter->html);
	write_files(j, true, bound);
	close_multipart(j, bound);
}

/* Text, HTML, calendar: the richest last (RFC 2046 5.1.4). */
static void
write_alternative(struct job *j)
{
	const struct letter *l = j->letter;
	struct span bound = boundary(j, "alt");

	if (l->html.n == 0 && l->ics.n == 0) {
		write_text(j, "text/plain", l->text);
		return;
	}
	open_multipart(j, "alternative", bound, NULL);
	next_part(j, bound);
	write_text(j, "text/plain", l->text);
	if (l->html.n > 0) {
		next_part(j, bound);
		write_html(j);
	}
	if (l->ics.n > 0) {
		next_part(j, bound);
		write_calendar(j);
	}
	close_multipart(j, bound);
}

static void
write_body(struct job *j)
{
	const struct letter *l = j->letter;
	struct span bound = boundary(j, "mix");
	struct letter_file ics = {.type = SPAN("application/ics"),
	    .name = SPAN("invite.ics"),
	    .bytes = l->ics};

	if (l->ics.n == 0 && count_files(l, false) == 0) {
		write_alternative(j);
		return;
	}
	open_multipart(j, "mixed", bound, NULL);
	next_part(j, bound);
	write_alternative(j);
	if (l->ics.n > 0) {
		next_part(j, bound);
		write_file(j, &ics, false);
	}
	write_files(j, false, bound);
	close_multipart(j, bound);
}

static size_t
most_bytes(const struct letter *l)
{
	size_t n = LIMIT_RENDERED_BYTES * 4 + l->ics.n * 4;

	for (uint32_t i = 0; i < l->files_n; i++)
		n += l->files[i].bytes.n * 2 + 4096;
	return n;
}

int
compose(struct arena *arena, const struct letter *letter, struct span *bytes,
    struct err *err)
{
	struct job j = {.arena = arena, .letter = letter};
	uint8_t mac[DIGEST_BYTES];

	/* Of one length and of harmless letters, whatever the seed is. */
	digest_sha256(letter->boundary_seed, mac);
	j.seed = base32_write(arena, (struct span){(const char *)mac, 15});
	str_init(&j.out, arena, most_bytes(letter));
	if (write_header(&j, err) < 0)
		return -1;
	write_body(&j);
	if (j.out.cut)
		return err_set(err, ERR_ITEM, "the mail is too large");
	*bytes = str_span(&j.out);
	return 0;
}
