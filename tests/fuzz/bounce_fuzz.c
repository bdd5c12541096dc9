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
	reply_read(&arena, &m, &r);
	for (uint32_t i = 0; i < r.bounced_n; i++) {
		const struct bounced *b = &r.bounced[i];
		struct span again, local = span_sub(b->address, 0,
				       span_findc(b->address, '@'));

		if (!address_parse(&arena, b->address, &again) ||
		    span_find(text, local) == text.n)
			abort();
		if (b->delayed && b->permanent)
			abort();
	}
	arena_release(&arena);
	return 0;
}
