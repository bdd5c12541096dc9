/*
 * The kind of any mail: header fields and a text of any bytes.  Input: the
 * subject, LF, lines "Name: value", an empty line, the text.  The same bytes
 * give the same reading; an answer that a person wrote, without any field
 * that tells a machine, is human; a day of return lies in the time to come
 * and is told of automatic answers alone; recipients belong to bounces.
 */
#include <stdint.h>
#include <stdlib.h>

#include "base/arena.h"
#include "base/civil.h"
#include "base/utf8.h"
#include "base/vec.h"
#include "reply/reply.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static void
must(bool ok)
{
	if (!ok)
		abort();
}

static struct span
take_fields(struct arena *arena, struct span all, struct mail *m)
{
	struct span line;
	uint32_t n = 0;

	while (span_line(&all, &line) && line.n > 0 && n < 40) {
		size_t colon = span_findc(line, ':');
		struct mail_field f = {span_sub(line, 0, colon),
		    span_trim(span_skip(line, colon + 1))};

		if (f.name.n == 0)
			continue;
		vec_room(arena, &m->fields, n, sizeof(f));
		m->fields[n++] = f;
	}
	m->fields_n = n;
	return all;
}

static void
check(const struct mail *m, const struct reading *r)
{
	int64_t until = r->away_until_unix;

	must(until == 0 || (until % DAY == 0 && until >= m->date_unix - DAY &&
			       until <= m->date_unix + 402 * (int64_t)DAY));
	must(until == 0 || r->kind == MAIL_AUTO_REPLY ||
	     r->kind == MAIL_AUTO_GENERATED);
	must(r->bounced_n == 0 || r->kind == MAIL_BOUNCE);
	must(!r->challenge || r->kind == MAIL_AUTO_REPLY);
	if (m->fields_n == 0 && span_starts(m->subject, "Re: "))
		must(r->kind == MAIL_HUMAN);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct arena arena;
	struct span all, subject = SPAN("");
	struct mail_address from = {SPAN("Ann"), SPAN("ann@example.com")};
	struct mail m = {.from = &from, .from_n = 1, .date_unix = 1795510800};
	struct reading r, again;

	if (n > 20000)
		return 0;
	arena_init(&arena);
	all = utf8_scrub(&arena, (struct span){(const char *)data, n});
	span_line(&all, &subject);
	m.subject = subject;
	m.text = take_fields(&arena, all, &m);
	reply_read(&arena, &m, &r);
	check(&m, &r);
	reply_read(&arena, &m, &again);
	must(r.kind == again.kind && span_eq(r.new_text, again.new_text) &&
	     r.away_until_unix == again.away_until_unix);
	arena_release(&arena);
	return 0;
}
