/*
 * Any bytes as a mail.  Whatever comes out is valid for the parent: clean
 * text, marks in the HTML's text only and each closed, within the limits, and
 * so is what the mail is taken to say; the same bytes read again give the same.
 */
#include <assert.h>
#include <stdint.h>

#include "base/limits.h"
#include "cal/cal.h"
#include "mime/mime.h"
#include "reader/reader_int.h"

/* libytnef forgets memory when it gives up; the reader child ends anyway. */
const char *__lsan_default_suppressions(void);

const char *
__lsan_default_suppressions(void)
{
	return "leak:libytnef\n";
}

static struct span
record_of(struct arena *arena, struct span raw, struct mail *m)
{
	struct record r = {.arena = arena};
	struct reading says;
	struct str out;

	mime_read(arena, raw, cal_read_answer, m);
	reply_read(arena, m, &says);
	str_init(&out, arena, LIMIT_RECORD_BYTES);
	r.out = &out;
	record_mail(&r, m);
	record_reading(&r, m, &says);
	assert(!out.cut);
	return str_span(&out);
}

/* Open regions never fall below none; at the end all are closed. */
static void
check_marks(struct span text)
{
	int open = 0;

	for (; text.n > 0; text = span_skip(text, 1)) {
		if (span_starts(text, MARK_END))
			assert(--open >= 0);
		if (span_starts(text, MARK_QUOTE) ||
		    span_starts(text, MARK_INDENT) ||
		    span_starts(text, MARK_SIGNATURE))
			open++;
	}
	assert(open == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct span raw = {(const char *)data, size}, first, again;
	struct arena arena;
	struct record r;
	struct reading says = {.kind = MAIL_REFUSED};
	struct mail m, back;

	mime_prepare();
	cal_prepare();
	arena_init(&arena);
	first = record_of(&arena, raw, &m);
	assert(m.text.n <= LIMIT_TEXT_BYTES && m.html.n <= LIMIT_TEXT_BYTES);
	if (m.html.n < LIMIT_TEXT_BYTES / 2) /* not cut */
		check_marks(m.html);
	r = (struct record){.arena = &arena, .in = first};
	record_mail(&r, &back);
	record_reading(&r, &back, &says);
	assert(record_done(&r));
	again = record_of(&arena, raw, &m);
	assert(span_eq(first, again));
	arena_release(&arena);
	return 0;
}
