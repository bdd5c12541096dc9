/*
 * Any bytes as a record from the reader child: the parent refuses it, or it
 * is such that writing it again gives the same bytes.
 */
#include <assert.h>
#include <stdint.h>

#include "base/limits.h"
#include "base/utf8.h"
#include "reader/reader_int.h"

static void
check_mail(struct arena *arena, struct span in)
{
	struct record r = {.arena = arena, .in = in};
	struct mail m = {.date_unix = 0};
	struct str out;

	record_mail(&r, &m);
	if (!record_done(&r))
		return;
	assert(utf8_clean(m.text) && utf8_clean(m.html));
	assert(m.fields_n <= LIMIT_FIELDS && m.from_n <= LIMIT_ADDRESSES);
	str_init(&out, arena, LIMIT_RECORD_BYTES);
	r = (struct record){.arena = arena, .out = &out};
	record_mail(&r, &m);
	assert(span_eq(str_span(&out), in));
}

/* A mail and what it says. */
static void
check_reading(struct arena *arena, struct span in)
{
	struct record r = {.arena = arena, .in = in};
	struct mail m = {.date_unix = 0};
	struct reading x = {.kind = MAIL_REFUSED};
	struct str out;

	record_mail(&r, &m);
	record_reading(&r, &m, &x);
	if (!record_done(&r))
		return;
	assert(utf8_clean(x.new_text) && utf8_clean(x.whole_text));
	str_init(&out, arena, LIMIT_RECORD_BYTES);
	r = (struct record){.arena = arena, .out = &out};
	record_mail(&r, &m);
	record_reading(&r, &m, &x);
	assert(span_eq(str_span(&out), in));
}

static void
check_busy(struct arena *arena, struct span in)
{
	struct record r = {.arena = arena, .in = in};
	struct busy *list = NULL;
	uint32_t n = 0;

	record_busy(&r, &list, &n);
	if (!record_done(&r))
		return;
	for (uint32_t i = 0; i < n; i++) {
		assert(list[i].start_unix < list[i].end_unix);
		assert(i == 0 || list[i - 1].end_unix <= list[i].start_unix);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct span in = {(const char *)data, size};
	struct arena arena;

	arena_init(&arena);
	check_mail(&arena, in);
	check_reading(&arena, in);
	check_busy(&arena, in);
	arena_release(&arena);
	return 0;
}
