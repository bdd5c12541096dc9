/*
 * Replies to forms, as mail clients and people write them.  A case begins
 * with settings ("sent: NAME", "subject:", "locale:", "html: yes"), then a
 * blank line, then the reply's text as the reader hands it over.  The form
 * is tests/golden/form/NAME.sent.
 */
#include "base/file.h"
#include "golden.h"
#include "reply/reply.h"
#include "survey/survey.h"

struct settings {
	struct span sent, subject, locale;
	bool html;
};

static const char *const states[] = {"-", "taken", "unclear", "twice"};

static struct span
read_settings(struct span in, struct settings *s)
{
	struct span line;

	while (span_line(&in, &line) && line.n > 0) {
		size_t colon = span_findc(line, ':');
		struct span key = span_sub(line, 0, colon);
		struct span value = span_trim(span_skip(line, colon + 1));

		if (span_is(key, "sent"))
			s->sent = value;
		else if (span_is(key, "subject"))
			s->subject = value;
		else if (span_is(key, "locale"))
			s->locale = value;
		else if (span_is(key, "html"))
			s->html = span_is(value, "yes");
	}
	return in;
}

static void
write_line(struct str *out, const char *what, struct span text)
{
	str_addz(out, what);
	for (size_t i = 0; i < text.n; i++) {
		if (text.p[i] == '\n')
			str_addz(out, "\\n");
		else
			str_addc(out, text.p[i]);
	}
	str_addc(out, '\n');
}

static void
read_form(
    struct arena *arena, const char *path, struct span in, struct str *out)
{
	struct settings s = {SPAN("plain"), SPAN(""), SPAN("en"), false};
	struct span body = read_settings(in, &s), sent, comment;
	struct mail mail = {0};
	struct reading reading = {0};
	struct form form;
	struct answer *a;
	struct err err = {0};
	char *file = file_join(arena, file_dir(arena, path),
	    arena_printf(arena, "%.*s.sent", (int)s.sent.n, s.sent.p));

	if (file_read(arena, file, 100000, &sent, &err) < 0) {
		str_addf(out, "%s\n", err.text);
		return;
	}
	if (s.html)
		mail.html = body;
	else
		mail.text = body;
	mail.subject = s.subject;
	form_from_text(arena, sent, &form);
	reply_read(arena, &mail, &reading);
	form_read(arena, &form, sent, &reading, s.subject,
	    (struct civil){2026, 11, 24, 0, 0, 0}, s.locale, &a, &comment);
	for (uint32_t i = 0; i < form.slots_n; i++) {
		str_addf(out, "%d %s", a[i].number, states[a[i].state]);
		write_line(out, a[i].value.n > 0 ? " " : "", a[i].value);
	}
	if (comment.n > 0)
		write_line(out, "comment ", comment);
}

int
main(void)
{
	return golden_main("form", read_form);
}
