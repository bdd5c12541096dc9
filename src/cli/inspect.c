/*
 * rmail inspect: how a mail is understood, without a database and without
 * changing anything.  The mail is read by the sandboxed reader, as `rmail
 * run` does it; whatever the bytes, the answer is one JSON object.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sysexits.h>
#include <time.h>

#include "base/civil.h"
#include "base/file.h"
#include "base/limits.h"
#include "base/str.h"
#include "base/value.h"
#include "cli/cli.h"
#include "reader/reader.h"
#include "reply/reply.h"
#include "survey/survey.h"

enum {
	JSON_BYTES = 16 * 1024 * 1024
};

struct inspect {
	bool json, text;
	const char *sent;
	int64_t now_unix;
};

static void
set_or_null(
    struct arena *arena, struct value *o, const char *name, struct span text)
{
	if (text.n > 0)
		value_set_text(arena, o, name, text);
	else
		value_set(arena, o, name, value_null(arena));
}

static void
set_instant(
    struct arena *arena, struct value *o, const char *name, int64_t unix_time)
{
	if (unix_time != 0)
		value_set_text(
		    arena, o, name, civil_write_instant(arena, unix_time));
	else
		value_set(arena, o, name, value_null(arena));
}

static struct value *
bounce_value(struct arena *arena, const struct reading *r)
{
	struct value *o = value_object(arena), *list = value_list(arena);

	for (uint32_t i = 0; i < r->bounced_n; i++) {
		const struct bounced *b = &r->bounced[i];
		struct value *v = value_push(arena, list, value_object(arena));

		value_set_text(arena, v, "address", b->address);
		set_or_null(arena, v, "status", b->status);
		value_set_bool(arena, v, "permanent", b->permanent);
		value_set_bool(arena, v, "delayed", b->delayed);
		set_or_null(arena, v, "diagnostic", b->diagnostic);
	}
	value_set(arena, o, "recipients", list);
	set_or_null(arena, o, "original_id", r->original_id);
	return o;
}

static const char *
cal_kind_word(enum cal_kind kind)
{
	switch (kind) {
	case CAL_REPLY:
		return "reply";
	case CAL_PROPOSAL:
		return "proposal";
	default:
		return "other";
	}
}

/* What the class of a winmail.dat answers, told as if it were a part. */
static struct cal_answer
answer_of(const struct mail *m)
{
	struct cal_answer c = m->cal;

	c.partstat =
	    c.kind == CAL_NONE ? partstat_of_class(m->tnef_class) : c.partstat;
	if (c.kind == CAL_NONE && c.partstat != PARTSTAT_NONE) {
		c.kind = CAL_REPLY;
		c.method = SPAN("REPLY");
		c.sequence = -1;
	}
	return c;
}

static struct value *
calendar_value(struct arena *arena, const struct mail *m)
{
	const struct cal_answer answer = answer_of(m), *c = &answer;
	struct value *o;

	if (c->kind == CAL_NONE)
		return value_null(arena);
	o = value_object(arena);
	value_set_textz(arena, o, "kind", cal_kind_word(c->kind));
	set_or_null(arena, o, "method", c->method);
	set_or_null(arena, o, "uid", c->uid);
	if (c->sequence >= 0)
		value_set_int(arena, o, "sequence", c->sequence);
	else
		value_set(arena, o, "sequence", value_null(arena));
	set_or_null(arena, o, "attendee", c->attendee);
	if (c->partstat != PARTSTAT_NONE)
		value_set_textz(
		    arena, o, "partstat", partstat_name(c->partstat));
	else
		value_set(arena, o, "partstat", value_null(arena));
	set_instant(arena, o, "proposed_start", c->proposed_start_unix);
	set_instant(arena, o, "proposed_end", c->proposed_end_unix);
	set_or_null(arena, o, "comment", c->comment);
	return o;
}

/* The short answer and the lead's commands, by their names. */
static struct value *
commands_value(struct arena *arena, const struct reading *r, struct civil today)
{
	struct value *list = value_list(arena);
	struct short_answer a;
	struct command *commands;
	struct span stopped;
	uint32_t n;

	reply_short(arena, r->new_text, today, SPAN("en"), &a);
	if (a.word != WORD_NONE && a.sure)
		value_push(arena, list, value_textz(arena, word_name(a.word)));
	/* A word alone is no line of commands: "yes", "remove me". */
	if (list->n > 0)
		return list;
	reply_commands(arena, r->new_text, &commands, &n, &stopped);
	for (uint32_t i = 0; i < n; i++) {
		const char *name = verb_name(commands[i].verb);

		if (commands[i].verb == VERB_UNKNOWN)
			continue;
		value_push(arena, list,
		    value_text(arena,
			span_trim(arena_spanf(arena, "%s %.*s", name,
			    (int)commands[i].rest.n, commands[i].rest.p))));
	}
	return list;
}

static struct value *
answers_value(struct arena *arena, const struct mail *m,
    const struct reading *r, struct span sent, struct civil today)
{
	struct value *o = value_object(arena);
	struct form form;
	struct answer *answers;
	struct span comment;

	form_from_text(arena, sent, &form);
	form_read(arena, &form, sent, r, m->subject, today, SPAN("en"),
	    &answers, &comment);
	for (uint32_t i = 0; i < form.slots_n; i++) {
		const struct answer *a = &answers[i];
		const char *name = arena_printf(arena, "%d", a->number);

		/* Both are asked back. */
		if (a->state == ANSWER_TWICE || a->state == ANSWER_UNCLEAR)
			value_set_textz(arena, o, name, "?");
		else if (a->state == ANSWER_EMPTY)
			value_set(arena, o, name, value_null(arena));
		else
			value_set_text(arena, o, name, a->raw);
	}
	return o;
}

static struct value *
reading_value(struct arena *arena, const struct mail *m,
    const struct reading *r, const struct span *sent, struct civil today)
{
	struct value *o = value_object(arena);
	bool human = r->kind == MAIL_HUMAN;

	value_set_textz(arena, o, "kind", mail_kind_name(r->kind));
	value_set_bool(arena, o, "via_list", r->via_list);
	set_or_null(
	    arena, o, "from", m->from_n > 0 ? m->from[0].address : SPAN(""));
	set_or_null(arena, o, "subject", m->subject);
	set_or_null(arena, o, "message_id", m->message_id);
	set_instant(arena, o, "date", m->date_unix);
	set_or_null(arena, o, "language", r->language);
	value_set_text(arena, o, "new_text", r->new_text);
	value_set(arena, o, "commands",
	    human ? commands_value(arena, r, today) : value_list(arena));
	value_set(arena, o, "answers",
	    sent != NULL && human ? answers_value(arena, m, r, *sent, today)
				  : value_null(arena));
	value_set(arena, o, "bounce",
	    r->kind == MAIL_BOUNCE ? bounce_value(arena, r)
				   : value_null(arena));
	value_set(arena, o, "calendar", calendar_value(arena, m));
	if (r->away_until_unix != 0)
		value_set_text(arena, o, "away_until",
		    civil_write_date(arena, r->away_until_unix));
	else
		value_set(arena, o, "away_until", value_null(arena));
	value_set_bool(arena, o, "challenge", r->challenge);
	set_or_null(arena, o, "refused_because", m->refused);
	return o;
}

static void
print_reading(struct arena *arena, const struct inspect *in,
    const struct mail *m, const struct reading *r, const struct span *sent)
{
	struct str out;
	struct civil today =
	    civil_of_unix(m->date_unix > 0 ? m->date_unix : in->now_unix);

	if (in->text) {
		fwrite(r->new_text.p, 1, r->new_text.n, stdout);
		putchar('\n');
		return;
	}
	str_init(&out, arena, JSON_BYTES);
	value_write_json_pretty(reading_value(arena, m, r, sent, today), &out);
	fwrite(out.p, 1, out.n, stdout);
	if (out.n == 0 || out.p[out.n - 1] != '\n')
		putchar('\n');
}

/* The form's text: the text part when it is a whole mail, else the file. */
static int
read_sent(struct arena *arena, struct reader *reader, const char *path,
    struct span *out, struct err *err)
{
	struct span raw;
	struct reading reading;
	struct mail m;

	if (file_read(arena, path, LIMIT_MAIL_BYTES, &raw, err) < 0)
		return -1;
	*out = raw;
	if (reader_mail(reader, arena, raw, 0, &m, &reading, err) == 0 &&
	    m.from_n > 0 && m.text.n > 0)
		*out = m.text;
	return 0;
}

static int
inspect_file(struct arena *arena, struct reader *reader,
    const struct inspect *in, const char *path, struct err *err)
{
	struct span raw, sent = {0};
	struct reading r = {.kind = MAIL_REFUSED};
	struct mail m = {0};
	struct err why = {0};

	if (file_read(arena, path, (size_t)LIMIT_MAIL_BYTES * 8, &raw, err) < 0)
		return cli_say(CLI_NO_INPUT, "inspect: %s", err->text);
	if (in->sent != NULL &&
	    read_sent(arena, reader, in->sent, &sent, err) < 0)
		return cli_say(CLI_NO_INPUT, "inspect: %s", err->text);
	if (reader_mail(reader, arena, raw, 0, &m, &r, &why) < 0) {
		if (why.kind == ERR_STOP)
			return cli_fail(&why);
		m = (struct mail){.refused = span_of(why.text)};
	}
	print_reading(arena, in, &m, &r, in->sent != NULL ? &sent : NULL);
	return CLI_OK;
}

int
cli_inspect(int argc, char **argv)
{
	struct inspect in = {.now_unix = time(NULL)};
	const struct cli_option options[] = {
	    {"--json", CLI_FLAG, &in.json},
	    {"--text", CLI_FLAG, &in.text},
	    {"--sent", CLI_TEXT, &in.sent},
	    {"--now", CLI_TIME, &in.now_unix},
	};
	struct arena arena;
	struct reader *reader;
	struct err err = {0};
	int code;

	if (cli_options("inspect", &argc, argv, options,
		sizeof(options) / sizeof(*options)) < 0)
		return CLI_USAGE;
	if (argc != 1)
		return cli_say(CLI_USAGE,
		    "inspect: name one mail, or - for standard input");
	arena_init(&arena);
	reader = reader_open(&arena);
	code = inspect_file(&arena, reader, &in, argv[0], &err);
	reader_close(reader);
	arena_release(&arena);
	return code;
}
