/*
 * Bounces of any bytes: every recipient is an address that stands in the
 * input, and none is both delayed and failed for good.
 */
#include <stdint.h>
#include <stdlib.h>

#include "base/arena.h"
#include "model/address.h"
#include "reply/reply.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct arena arena;
	struct span text = {(const char *)data, n}, rest = text;
	struct mail_address from = {
	    SPAN("Mail Delivery System"), SPAN("mailer-daemon@example.com")};
	struct mail_field sns = {SPAN("X-Amz-Sns-Message-Id"), SPAN("1")};
	struct mail m = {.from = &from,
	    .from_n = 1,
	    .subject = SPAN("Undelivered Mail Returned to Sender"),
	    .has_return_path = true};
	struct reading r;

	arena_init(&arena);
	m.text = text;
	/* "%" in front: the same bytes as a report */
	if (n > 0 && text.p[0] == '%')
		m.report.delivery = span_skip(rest, 1);
	/* "{": Amazon's JSON; ">": sent on by a person */
	if (n > 0 && text.p[0] == '{') {
		m.fields = &sns;
		m.fields_n = 1;
	}
	if (n > 0 && text.p[0] == '>') {
		from =
		    (struct mail_address){SPAN("Ann"), SPAN("ann@example.com")};
		m.subject = SPAN("Fwd: Returned mail");
		m.has_return_path = false;
	}
	reply_read(&arena, &m, &r);
	for (uint32_t i = 0; i < r.bounced_n; i++) {
		const struct bounced *b = &r.bounced[i];
		struct span again, local = span_sub(b->address, 0,
				       span_findc(b->address, '@'));

		/* JSON may write letters as numbers, and be torn apart. */
		if (!address_parse(&arena, b->address, &again) ||
		    (span_find(text, local) == text.n &&
			span_findc(text, '\\') == text.n &&
			span_find(text, SPAN("!\n ")) == text.n))
			abort();
		if (b->delayed && b->permanent)
			abort();
	}
	arena_release(&arena);
	return 0;
}
