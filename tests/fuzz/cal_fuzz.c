/*
 * A calendar part: whatever the bytes, what comes out is clean text, and an
 * answer always has a UID.
 */
#include <stdint.h>
#include <stdlib.h>

#include "base/utf8.h"
#include "cal/cal.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static void
must(bool ok)
{
	if (!ok)
		abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct span part = {(const char *)data, n};
	struct arena arena;
	struct cal_answer a;

	cal_prepare();
	arena_init(&arena);
	cal_read_answer(&arena, part, SPAN("REPLY"), &a);
	must(utf8_clean(a.method) && utf8_clean(a.uid));
	must(utf8_clean(a.attendee) && utf8_clean(a.sent_by));
	must(utf8_clean(a.comment) && utf8_clean(a.summary));
	must(utf8_clean(a.delegated_to) && utf8_clean(a.proposed_text));
	must(a.kind == CAL_NONE || a.kind == CAL_OTHER || a.uid.n > 0);
	must(a.sequence >= -1);
	must(a.kind == CAL_PROPOSAL || a.proposed_start_unix == 0);
	arena_release(&arena);
	return 0;
}
