/*
 * Whose mail is it, and about what.  A conversation is a thread row; what
 * stands for it outside is its code (six letters in the Subject) and its
 * token (code and a keyed digest, in Message-IDs, behind the + of the reply
 * address, and in the Subject that a mailto: of ours writes).  The code helps people's mail programs; the token is the
 * proof.
 */
#include <string.h>

#include "app/app.h"
#include "base/digest.h"
#include "base/str.h"
#include "base/vec.h"
#include "model/address.h"

enum {
	CODE_LETTERS = 6,
	MAC_LETTERS = 20, /* 100 bits */
	THREAD_DAYS = 400,
};

static struct span
code_make(struct app *app, enum thread_kind kind, int64_t object_id,
    int64_t person_id, int try)
{
	uint8_t mac[WORLD_MAC_BYTES];
	struct span subject = arena_spanf(&app->item, "%s %lld %lld %lld %d",
	    thread_kind_name(kind), (long long)object_id, (long long)person_id,
	    (long long)app->world.now_unix, try);

	world_mac(&app->world, "code", subject, mac);
	return span_sub(base32_write(&app->item,
			    (struct span){(const char *)mac, sizeof(mac)}),
	    0, CODE_LETTERS);
}

int
thread_get(struct app *app, enum thread_kind kind, int64_t object_id,
    int64_t person_id, struct thread *out, struct err *err)
{
	int64_t expires = app->world.now_unix + (int64_t)THREAD_DAYS * DAY;
	int rc = thread_find_object(
	    app->store, &app->item, kind, object_id, person_id, out, err);

	if (rc != 0)
		return rc < 0 ? -1 : 0;
	for (int try = 0;; try++) {
		struct thread other;
		struct span code =
		    code_make(app, kind, object_id, person_id, try);

		rc =
		    thread_find_code(app->store, &app->item, code, &other, err);
		if (rc < 0)
			return -1;
		if (rc > 0)
			continue;
		if (store_do(app->store, THREAD_INSERT, err, "ttiiii", code,
			span_of(thread_kind_name(kind)), object_id, person_id,
			app->world.now_unix, expires) < 0)
			return -1;
		break;
	}
	return thread_find(app->store, &app->item, store_last_id(app->store),
		   out, err) < 0
		   ? -1
		   : 0;
}

struct span
thread_code(struct arena *arena, const struct thread *t)
{
	char *p = arena_printf(arena, "RM-%.*s", (int)t->code.n, t->code.p);

	for (char *c = p; *c != '\0'; c++)
		*c = ascii_upper(*c);
	return span_of(p);
}

/* Bound to person, object and end of life, so none of them can be changed. */
static struct span
thread_mac(struct app *app, const struct thread *t)
{
	uint8_t mac[WORLD_MAC_BYTES];
	struct span subject = arena_spanf(&app->item,
	    "%lld %.*s %s %lld %lld %lld", (long long)t->id, (int)t->code.n,
	    t->code.p, thread_kind_name(t->kind), (long long)t->object_id,
	    (long long)t->person_id, (long long)t->created_unix);

	world_mac(&app->world, "token", subject, mac);
	return span_sub(base32_write(&app->item,
			    (struct span){(const char *)mac, sizeof(mac)}),
	    0, MAC_LETTERS);
}

struct span
thread_token(struct app *app, const struct thread *t)
{
	struct span mac = thread_mac(app, t);

	return arena_spanf(&app->item, "%.*s-%.*s", (int)t->code.n, t->code.p,
	    (int)mac.n, mac.p);
}

/* "abcdef-<mac>" at the start of the span. */
static int
token_read(
    struct app *app, struct span text, struct thread *out, struct err *err)
{
	struct span code, mac;
	struct thread t;
	int rc;

	text = arena_lower(&app->item, text);
	if (text.n < CODE_LETTERS + 1 + MAC_LETTERS ||
	    text.p[CODE_LETTERS] != '-')
		return 0;
	code = span_sub(text, 0, CODE_LETTERS);
	mac = span_sub(text, CODE_LETTERS + 1, CODE_LETTERS + 1 + MAC_LETTERS);
	rc = thread_find_code(app->store, &app->item, code, &t, err);
	if (rc <= 0)
		return rc;
	if (!digest_equal(mac, thread_mac(app, &t)) ||
	    t.expires_unix < app->world.now_unix)
		return 0;
	*out = t;
	return 1;
}

static struct span
own_domain(const struct app *app)
{
	return address_domain(app->conf.address);
}

/* "rm.<token>.<number>@our.domain" */
static bool
message_token(struct app *app, struct span id, struct span *token)
{
	size_t at = span_findc(id, '@');

	if (!span_casestarts(id, "rm.") ||
	    !span_caseeq(span_skip(id, at + 1), own_domain(app)))
		return false;
	*token = span_sub(id, 3, at);
	return true;
}

bool
message_is_ours(struct app *app, struct span message_id)
{
	struct span token;
	struct thread t;
	struct err err = {0};

	return message_token(app, message_id, &token) &&
	       token_read(app, token, &t, &err) > 0;
}

static int
from_tags(struct app *app, const struct mail_address *list, uint32_t n,
    struct thread *out, struct err *err)
{
	for (uint32_t i = 0; i < n; i++) {
		struct span base, tag;
		int rc;

		if (!address_split_tag(
			&app->item, list[i].address, &base, &tag) ||
		    !span_caseeq(base, app->conf.address))
			continue;
		rc = token_read(app, tag, out, err);
		if (rc != 0)
			return rc;
	}
	return 0;
}

static int
from_delivery(struct app *app, const struct mail *mail, struct thread *out,
    struct err *err)
{
	static const char *const fields[] = {
	    "Delivered-To", "X-Original-To", "Envelope-To"};

	for (size_t i = 0; i < 3; i++) {
		struct mail_address a = {0};
		int rc;

		if (!address_parse(&app->item,
			span_trim(mail_field(mail, fields[i])), &a.address))
			continue;
		rc = from_tags(app, &a, 1, out, err);
		if (rc != 0)
			return rc;
	}
	return 0;
}

static int
from_references(struct app *app, const struct mail *mail, struct thread *out,
    struct err *err)
{
	for (uint32_t i = 0; i < mail->references_n; i++) {
		struct span token;
		int rc;

		if (!message_token(app, mail->references[i], &token))
			continue;
		rc = token_read(app, token, out, err);
		if (rc != 0)
			return rc;
	}
	return 0;
}

/* The token goes where it will come back from: behind a +, or the Subject. */
struct span
thread_mailto(struct app *app, const struct thread *t, struct span words)
{
	struct span address = app->conf.address;
	struct span local = span_sub(address, 0, span_findc(address, '@'));
	struct span token = thread_token(app, t);
	struct span code =
	    app->conf.subaddress ? thread_code(&app->item, t) : token;
	struct str out;

	str_init(&out, &app->item, 4096);
	str_addz(&out, "mailto:");
	str_add_percent(&out, local);
	if (app->conf.subaddress)
		str_addf(&out, "+%.*s", (int)token.n, token.p);
	str_addc(&out, '@');
	str_add_percent(&out, span_skip(address, local.n + 1));
	str_addz(&out, "?subject=");
	str_add_percent(
	    &out, arena_spanf(&app->item, "[%s%.*s] ",
		      app->conf.subaddress ? "" : "RM-", (int)code.n, code.p));
	str_add_percent(&out, words);
	str_addz(&out, "&amp;body=");
	str_add_percent(&out, words);
	return str_span(&out);
}

/* "[RM-ABCDEF-<mac>]" in the Subject: from a mailto: of ours. */
static int
token_in_subject(struct app *app, const struct mail *mail, struct thread *out,
    struct err *err)
{
	struct span rest = mail->subject;

	for (;;) {
		size_t at = span_casefind(rest, SPAN("RM-"));
		int rc;

		if (at == rest.n)
			return 0;
		rest = span_skip(rest, at + 3);
		rc = token_read(app, rest, out, err);
		if (rc != 0)
			return rc;
	}
}

/* "[RM-ABCDEF]" anywhere in the Subject. */
static int
from_subject(struct app *app, const struct mail *mail, struct thread *out,
    struct err *err)
{
	struct span rest = mail->subject;

	for (;;) {
		size_t at = span_casefind(rest, SPAN("RM-"));
		struct span code =
		    span_sub(rest, at + 3, at + 3 + CODE_LETTERS);
		struct thread t;
		int rc;

		if (code.n < CODE_LETTERS)
			return 0;
		rest = span_skip(rest, at + 3);
		rc = thread_find_code(app->store, &app->item,
		    arena_lower(&app->item, code), &t, err);
		if (rc < 0)
			return -1;
		if (rc > 0 && t.expires_unix >= app->world.now_unix) {
			*out = t;
			return 1;
		}
	}
}

int
thread_of_mail(struct app *app, const struct mail *mail, struct thread *out,
    enum proof *proof, struct err *err)
{
	int rc;

	*proof = PROOF_TOKEN;
	if ((rc = from_tags(app, mail->to, mail->to_n, out, err)) != 0 ||
	    (rc = from_tags(app, mail->cc, mail->cc_n, out, err)) != 0 ||
	    (rc = from_delivery(app, mail, out, err)) != 0 ||
	    (rc = from_references(app, mail, out, err)) != 0 ||
	    (rc = token_in_subject(app, mail, out, err)) != 0)
		return rc;
	*proof = PROOF_CODE;
	rc = from_subject(app, mail, out, err);
	if (rc <= 0)
		*proof = PROOF_NONE;
	return rc;
}
