/*
 * New text of any bytes: all its lines come from the input, and what was
 * taken out of a new text once is not longer than it.
 */
#include <stdint.h>
#include <stdlib.h>

#include "base/arena.h"
#include "reply/reply.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static void
lines_must_be_in(struct span text, struct span out)
{
	struct span line;

	while (span_line(&out, &line))
		if (line.n > 0 && span_find(text, line) == text.n)
			abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct arena arena;
	struct span text = {(const char *)data, n}, out, again;

	if (n > 20000)
		return 0;
	arena_init(&arena);
	out = reply_new_text(&arena, text);
	/* marks are dropped inside lines, and lone CR may stand in them */
	if (span_find(text, SPAN("\xef\xb7")) == text.n &&
	    span_findc(text, '\r') == text.n)
		lines_must_be_in(text, out);
	again = reply_new_text(&arena, out);
	if (out.n > text.n || again.n > out.n)
		abort();
	arena_release(&arena);
	return 0;
}
