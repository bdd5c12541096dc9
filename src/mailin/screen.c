/*
 * What of an IMAP server's answers libetpan may see.  Its parser reads
 * through null pointers for several answers (a parting BYE, PERMANENTFLAGS,
 * quoted flags, nested body structures, a CAPABILITY that is none), and takes in any literal it is
 * promised.  So each line is judged here first: answers that we did not ask
 * for and do not use are dropped, those that would be dangerous end the
 * connection, and a literal must fit what the command may bring.
 */
#include <stdlib.h>
#include <string.h>

#include "base/num.h"
#include "mailin/imap_int.h"

enum {
	/* A SEARCH of as many mails as we take on; the command limits more. */
	LINE_BYTES = 8 * 1024 * 1024,
	/* libetpan's own default. */
	STREAM_BUFFER = 8192,
};

enum verdict {
	PASS,
	DROP,
	BREAK, /* the connection ends */
};

struct screen {
	struct stream *stream;
	struct str line; /* the one in hand */
	size_t at;       /* as far as it was handed out */
	int64_t literal; /* bytes of it to come */
	bool going_on;   /* a literal stands before the next line */
	bool fetch;      /* the answer in hand is a FETCH */
	enum verdict verdict;
	bool greeted;
	struct str bye;
	bool can_move, can_uidplus;
};

struct span
screen_bye(const struct screen *s)
{
	return str_span(&s->bye);
}

bool
screen_can_move(const struct screen *s)
{
	return s->can_move;
}

bool
screen_can_uidplus(const struct screen *s)
{
	return s->can_uidplus;
}

static void
take_capabilities(struct screen *s, struct span rest)
{
	struct span word;

	s->can_move = s->can_uidplus = false;
	while (span_word(&rest, &word)) {
		word = span_trim(word);
		s->can_move = s->can_move || span_caseis(word, "MOVE");
		s->can_uidplus = s->can_uidplus || span_caseis(word, "UIDPLUS");
	}
}

/* Flags are plain words; nothing nested was asked for. */
static enum verdict
judge_fetch(struct span line)
{
	size_t flags = span_casefind(line, SPAN("FLAGS ("));
	struct span list = span_skip(line, flags);

	list = span_sub(list, 0, span_findc(list, ')'));
	if (span_has(list, "\"") || span_has(list, "{") ||
	    span_casehas(line, "ENVELOPE") ||
	    span_casehas(line, "BODYSTRUCTURE") || span_casehas(line, "BODY ("))
		return BREAK;
	return PASS;
}

static enum verdict
judge_untagged(struct screen *s, struct span line)
{
	struct span rest = span_skip(line, 2), word = {0};
	int64_t n;

	span_word(&rest, &word);
	if (span_caseis(word, "BYE")) {
		str_add(&s->bye, span_trim(rest));
		return BREAK;
	}
	if (span_caseis(word, "OK") || span_caseis(word, "NO") ||
	    span_caseis(word, "BAD")) {
		rest = span_ltrim(rest);
		return span_casestarts(rest, "[UIDVALIDITY") ? PASS : DROP;
	}
	if (num_int(span_trim(word), 0, UINT32_MAX, &n)) {
		span_word(&rest, &word);
		word = span_trim(word);
		s->fetch = span_caseis(word, "FETCH");
		if (s->fetch)
			return judge_fetch(line);
		return span_caseis(word, "EXISTS") ||
			       span_caseis(word, "EXPUNGE")
			   ? PASS
			   : DROP;
	}
	word = span_trim(word);
	if (span_caseis(word, "CAPABILITY"))
		take_capabilities(s, rest);
	return span_caseis(word, "SEARCH") || span_caseis(word, "LIST") ? PASS
									: DROP;
}

/* A code that libetpan would read becomes one that it passes over. */
static enum verdict
judge_plain(struct screen *s, struct span line)
{
	size_t at = span_casefind(line, SPAN("[CAPABILITY"));

	if (at < line.n)
		s->line.p[at + 1] = 'X';
	return span_casehas(line, "[PERMANENTFLAGS") ? BREAK : PASS;
}

static enum verdict
judge(struct screen *s, struct span line)
{
	bool greeting = !s->greeted;

	if (s->going_on) {
		if (s->verdict == PASS && s->fetch)
			return judge_fetch(line);
		return s->verdict;
	}
	s->fetch = false;
	s->greeted = true;
	if (memchr(line.p, '\0', line.n) != NULL)
		return BREAK;
	if (span_starts(line, "* ") &&
	    (!greeting || span_casestarts(line, "* BYE")))
		return judge_untagged(s, line);
	return judge_plain(s, line);
}

/* "... {123}" announces as many bytes behind the line end; -1 if not. */
static int64_t
literal_of(struct span line)
{
	size_t open;
	int64_t n;

	line = span_rtrim(line);
	if (!span_ends(line, "}"))
		return -1;
	for (open = line.n; open > 0 && line.p[open - 1] != '{'; open--)
		continue;
	if (open == 0 ||
	    !num_int(span_sub(line, open, line.n - 1), 0, INT64_MAX, &n))
		return -1;
	return n;
}

/* The next line that may pass is put into s->line. */
static bool
next_line(struct screen *s)
{
	struct span line;
	char skipped[4096];
	ssize_t n;

	for (;;) {
		while (s->literal > 0) { /* of an answer that is dropped */
			n = stream_read(s->stream, skipped,
			    s->literal < (int64_t)sizeof(skipped)
				? (size_t)s->literal
				: sizeof(skipped));
			if (n < 0)
				return false;
			s->literal -= n;
		}
		str_truncate(&s->line, 0);
		s->at = 0;
		if (!stream_line(s->stream, &s->line))
			return false;
		line = str_span(&s->line);
		s->verdict = judge(s, line);
		if (s->verdict == BREAK) {
			str_truncate(&s->line, 0);
			stream_end(s->stream,
			    s->bye.n > 0 ? STREAM_CLOSED : STREAM_MUCH);
			return false;
		}
		s->literal = literal_of(line);
		s->going_on = s->literal >= 0;
		if (s->literal > stream_left(s->stream)) {
			str_truncate(&s->line, 0);
			stream_end(s->stream, STREAM_MUCH);
			return false;
		}
		if (s->verdict == PASS)
			return true;
	}
}

static ssize_t
low_read(mailstream_low *low, void *buf, size_t n)
{
	struct screen *s = low->data;
	ssize_t got;

	if (s->at == s->line.n && s->verdict == PASS && s->literal > 0) {
		got = stream_read(s->stream, buf,
		    (int64_t)n < s->literal ? n : (size_t)s->literal);
		if (got > 0)
			s->literal -= got;
		return got;
	}
	if (s->at == s->line.n && !next_line(s))
		return -1;
	if (n > s->line.n - s->at)
		n = s->line.n - s->at;
	memcpy(buf, s->line.p + s->at, n);
	s->at += n;
	return (ssize_t)n;
}

static ssize_t
low_write(mailstream_low *low, const void *buf, size_t n)
{
	struct screen *s = low->data;

	return stream_write(s->stream, (struct span){buf, n}) ? (ssize_t)n : -1;
}

/* The stream is closed by who opened it. */
static int
low_close(mailstream_low *low)
{
	(void)low;
	return 0;
}

static int
low_fd(mailstream_low *low)
{
	struct screen *s = low->data;

	return stream_fd(s->stream);
}

static void
low_free(mailstream_low *low)
{
	free(low);
}

static struct mailstream_cancel *
low_cancel(mailstream_low *low)
{
	(void)low;
	return NULL;
}

static const mailstream_low_driver driver = {
    .mailstream_read = low_read,
    .mailstream_write = low_write,
    .mailstream_close = low_close,
    .mailstream_get_fd = low_fd,
    .mailstream_free = low_free,
    .mailstream_get_cancel = low_cancel,
};

struct screen *
screen_new(struct arena *arena, struct stream *stream)
{
	struct screen *s = arena_alloc(arena, sizeof(*s));

	s->stream = stream;
	str_init(&s->line, arena, LINE_BYTES);
	str_init(&s->bye, arena, 200);
	return s;
}

mailstream *
screen_mailstream(struct screen *s)
{
	mailstream_low *low =
	    mailstream_low_new(s, (mailstream_low_driver *)&driver);
	mailstream *stream;

	if (low == NULL)
		return NULL;
	stream = mailstream_new(low, STREAM_BUFFER);
	if (stream == NULL)
		low_free(low);
	return stream;
}
