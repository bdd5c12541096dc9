/*
 * A reply to a form: whatever the bytes, no answer is taken whose words do
 * not stand in the mail or its subject.  Input: the sent text, a line "%%",
 * the subject, LF, the reply.
 */
#include <stdint.h>
#include <stdlib.h>

#include "base/utf8.h"
#include "reply/reply.h"
#include "survey/survey.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static void
must(bool ok)
{
	if (!ok)
		abort();
}

/* Blanks and line ends stand between words. */
static bool
next_word(struct span *rest, struct span *word)
{
	size_t n = 0;

	*rest = span_ltrim(*rest);
	while (n < rest->n && !ascii_blank(rest->p[n]))
		n++;
	*word = span_sub(*rest, 0, n);
	*rest = span_skip(*rest, n);
	return n > 0;
}

/*
 * Each word of what was read stands in one of the sources.  Options that
 * were ticked are joined by commas of ours.
 */
static void
check_source(
    struct span raw, struct span whole, struct span fresh, struct span subject)
{
	struct span part, word;

	while (span_part(&raw, ',', &part))
		while (next_word(&part, &word))
			must(span_find(whole, word) < whole.n ||
			     span_find(fresh, word) < fresh.n ||
			     span_find(subject, word) < subject.n);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct arena arena;
	struct span all, sent, subject = SPAN(""), comment;
	struct reading reading = {0};
	struct mail mail = {0};
	struct form form;
	struct answer *a;
	size_t cut;

	if (n == 0)
		return 0;
	arena_init(&arena);
	all = utf8_scrub(&arena, (struct span){(const char *)data, n});
	cut = span_find(all, SPAN("\n%%\n"));
	sent = span_sub(all, 0, cut);
	all = span_skip(all, cut + 4);
	span_line(&all, &subject);
	mail.text = all.n > 0 ? all : SPAN(" ");
	form_from_text(&arena, sent, &form);
	reply_read(&arena, &mail, &reading);
	form_read(&arena, &form, sent, &reading, subject,
	    (struct civil){2026, 11, 24, 0, 0, 0}, SPAN("en"), &a, &comment);
	for (uint32_t i = 0; i < form.slots_n; i++) {
		must((a[i].state == ANSWER_TAKEN) == (a[i].value.n > 0));
		must((a[i].state == ANSWER_EMPTY) == (a[i].raw.n == 0));
		check_source(
		    a[i].raw, reading.whole_text, reading.new_text, subject);
	}
	arena_release(&arena);
	return 0;
}
