/*
 * What intake.sh needs: the answers of a programme's people and a mixture of
 * mails as they are met with, and a clock.
 * usage: intake_bench join OUT IN      says yes to each mail in OUT
 *        intake_bench mix OUT IN N     N mails, many answer mails in OUT
 *        intake_bench time N COMMAND   N per second, processor time, memory
 */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/civil.h"
#include "base/file.h"
#include "base/num.h"
#include "base/str.h"
#include "base/vec.h"
#include "mime/mime.h"

enum {
	MAIL_MAX = 1 << 20,
	STEP_SECONDS = 38,
	NEWSLETTER_BYTES = 30000,
};

/* The first of the mails comes on 12 January 2027. */
static const int64_t begin_unix = INT64_C(1799712000);

static void
die(const char *what, const char *why)
{
	fprintf(stderr, "intake_bench: %s: %s\n", what, why);
	exit(1);
}

/* --- files --------------------------------------------------------------- */

static int
by_name(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static char **
list(struct arena *arena, const char *dir, size_t *n)
{
	char **names = NULL;
	struct dirent *de;
	DIR *d = opendir(dir);

	*n = 0;
	if (d == NULL)
		die(dir, "cannot be listed");
	while ((de = readdir(d)) != NULL)
		if (de->d_name[0] != '.') {
			vec_room(arena, &names, *n, sizeof(*names));
			names[(*n)++] = file_join(arena, dir,
			    arena_strdup(arena, span_of(de->d_name)));
		}
	closedir(d);
	if (*n > 0)
		qsort(names, *n, sizeof(*names), by_name);
	return names;
}

static struct span
slurp(struct arena *arena, const char *path)
{
	struct err err = {0};
	struct span bytes;

	if (file_read(arena, path, MAIL_MAX, &bytes, &err) < 0)
		die(path, err.text);
	return bytes;
}

static void
deliver(struct arena *arena, const char *dir, int64_t at_unix, int i,
    const struct str *mail)
{
	struct err err = {0};
	char *path = arena_printf(
	    arena, "%s/%lld.M%d.bench", dir, (long long)at_unix, i);

	if (mail->cut || file_write(path, str_span(mail), false, &err) < 0)
		die(path, err.text);
}

/* --- mails that are answered --------------------------------------------- */

struct sent {
	struct span to, reply_to, subject, id, text;
};

static struct sent *
read_sent(struct arena *arena, const char *dir, size_t *n)
{
	size_t files;
	char **names = list(arena, dir, &files);
	struct sent *out = NULL;

	*n = 0;
	mime_prepare();
	for (size_t i = 0; i < files; i++) {
		struct mail m;

		mime_read(arena, slurp(arena, names[i]), NULL, &m);
		if (m.to_n == 0 || m.from_n == 0)
			continue;
		vec_room(arena, &out, *n, sizeof(*out));
		out[(*n)++] = (struct sent){m.to[0].address,
		    m.reply_to_n ? m.reply_to[0].address : m.from[0].address,
		    m.subject, m.message_id, m.text};
	}
	if (*n == 0)
		die(dir, "there is no mail in it");
	return out;
}

/* --- chance and words ------------------------------------------------------ */

static uint32_t seed = 1;

static uint32_t
chance(uint32_t below)
{
	seed = seed * 1664525u + 1013904223u;
	return (seed >> 8) % below;
}

static void
add_words(struct str *out, int n)
{
	static const char *const words[] = {"the", "session", "was", "useful",
	    "and", "we", "agreed", "to", "meet", "again", "next", "week",
	    "about", "mobile", "work", "customers", "I", "learned", "how",
	    "younger", "colleagues", "see", "our", "product", "budget",
	    "planning", "takes", "longer", "than", "expected", "thank", "you",
	    "for", "taking", "time", "f\xc3\xbcr", "sch\xc3\xb6ne", "Termine",
	    "quarterly", "review", "team", "office", "Berlin", "travel"};

	for (int i = 0; i < n; i++)
		str_addf(out, "%s%s", i ? " " : "",
		    words[chance(sizeof(words) / sizeof(words[0]))]);
}

/* Lines of about ten words, a blank one now and then. */
static void
add_prose(struct str *out, int lines)
{
	for (int i = 0; i < lines; i++) {
		add_words(out, 9);
		str_addz(out, chance(5) ? ".\n" : ".\n\n");
	}
}

/* --- parts of mails -------------------------------------------------------- */

struct letter {
	struct str *out;
	int i;
	int64_t at_unix;
	struct span from, to, subject;
	const struct sent *sent; /* what it answers, or NULL */
};

static void
add_head(const struct letter *l, struct arena *arena, const char *more)
{
	struct span date = civil_write_mail(arena, l->at_unix);

	str_addf(l->out,
	    "Return-Path: <%.*s>\r\n"
	    "Received: from mx%d.example (mx%d.example [192.0.2.%d])\r\n"
	    "\tby in.example with ESMTPS id %08x; %.*s\r\n"
	    "Received: from client (unknown [198.51.100.%d])\r\n"
	    "\tby mx%d.example with ESMTPSA id %08x; %.*s\r\n"
	    "DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed; d=example;"
	    " s=k1;\r\n\th=from:to:subject:date:message-id;"
	    " bh=47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=;\r\n"
	    "\tb=dzdVyOfAKCdLXdJOc9G2q8LoXSlEniSbav+yuU4zGeeruD00lszZVoG4ZHRN"
	    "iYzR\r\n",
	    (int)l->from.n, l->from.p, l->i % 9, l->i % 9, l->i % 250,
	    (unsigned)l->i * 7919u, (int)date.n, date.p, l->i % 250, l->i % 9,
	    (unsigned)l->i * 104729u, (int)date.n, date.p);
	str_addf(l->out,
	    "From: \"Person %d\" <%.*s>\r\nTo: Mentoring programme <%.*s>\r\n"
	    "Subject: %.*s\r\nDate: %.*s\r\nMessage-ID: <%d.%u@bench.example>"
	    "\r\n",
	    l->i, (int)l->from.n, l->from.p, (int)l->to.n, l->to.p,
	    (int)l->subject.n, l->subject.p, (int)date.n, date.p, l->i,
	    (unsigned)l->i * 31337u);
	if (l->sent != NULL)
		str_addf(l->out,
		    "In-Reply-To: <%.*s>\r\nReferences: <%.*s>\r\n",
		    (int)l->sent->id.n, l->sent->id.p, (int)l->sent->id.n,
		    l->sent->id.p);
	str_addf(l->out, "%sMIME-Version: 1.0\r\n", more);
}

static void
add_lines(struct str *out, struct span text, const char *before)
{
	struct span line;

	while (span_line(&text, &line))
		str_addf(out, "%s%.*s\r\n", before, (int)line.n, line.p);
}

static void
add_quoted_printable(struct str *out, struct span text)
{
	static const char hex[] = "0123456789ABCDEF";
	size_t column = 0;

	for (size_t i = 0; i < text.n; i++) {
		unsigned char c = (unsigned char)text.p[i];

		if (c == '\n') {
			str_addz(out, "\r\n");
			column = 0;
			continue;
		}
		if (column > 70) {
			str_addz(out, "=\r\n");
			column = 0;
		}
		if (c < 0x80 && c != '=') {
			str_addc(out, (char)c);
			column++;
			continue;
		}
		str_addc(out, '=');
		str_addc(out, hex[c >> 4]);
		str_addc(out, hex[c & 15]);
		column += 3;
	}
}

static void
add_escaped(struct str *out, struct span line)
{
	for (size_t i = 0; i < line.n; i++)
		if (line.p[i] == '<')
			str_addz(out, "&lt;");
		else if (line.p[i] == '>')
			str_addz(out, "&gt;");
		else if (line.p[i] == '&')
			str_addz(out, "&amp;");
		else
			str_addc(out, line.p[i]);
}

static void
add_divs(struct str *out, struct span text)
{
	struct span line;

	while (span_line(&text, &line)) {
		str_addz(out, "<div style=\"font-family:Arial,sans-serif;"
			      "font-size:small\">");
		add_escaped(out, line);
		str_addz(out, line.n ? "</div>\n" : "<br></div>\n");
	}
}

/* Text and HTML as Gmail and others write a reply: own words, the quote. */
static void
add_twin(const struct letter *l, struct arena *arena, struct span own,
    struct span quoted)
{
	struct str html, *out = l->out;

	str_init(&html, arena, MAIL_MAX);
	str_addz(&html, "<html><head><meta http-equiv=\"content-type\" "
			"content=\"text/html; charset=utf-8\"></head><body "
			"dir=\"auto\"><div dir=\"ltr\">");
	add_divs(&html, own);
	str_addz(&html, "</div><br><div class=\"gmail_quote\"><div dir=\"ltr\" "
			"class=\"gmail_attr\">On Mon, 11 Jan 2027 at 10:00, "
			"Mentoring programme wrote:<br></div><blockquote "
			"class=\"gmail_quote\" style=\"margin:0px 0px 0px "
			"0.8ex;border-left:1px solid rgb(204,204,204)\">");
	add_divs(&html, quoted);
	str_addz(&html, "</blockquote></div></body></html>\n");
	str_addf(out,
	    "Content-Type: multipart/alternative; boundary=\"=_b%d\"\r\n\r\n"
	    "--=_b%d\r\nContent-Type: text/plain; charset=\"UTF-8\"\r\n"
	    "Content-Transfer-Encoding: 8bit\r\n\r\n",
	    l->i, l->i);
	add_lines(out, own, "");
	str_addz(out, "\r\nOn Mon, 11 Jan 2027 at 10:00, Mentoring programme "
		      "<mentoring@example.com> wrote:\r\n\r\n");
	add_lines(out, quoted, "> ");
	str_addf(out,
	    "\r\n--=_b%d\r\nContent-Type: text/html; charset=\"UTF-8\"\r\n"
	    "Content-Transfer-Encoding: quoted-printable\r\n\r\n",
	    l->i);
	add_quoted_printable(out, str_span(&html));
	str_addf(out, "\r\n--=_b%d--\r\n", l->i);
}

/* --- the kinds of mails ---------------------------------------------------- */

/* The quoted form with some of its brackets filled. */
static void
form_inside(const struct letter *l, struct arena *arena)
{
	static const char *const given[] = {"A", "M", "H", "B", "3", "L", ""};
	struct span text = l->sent->text, line;

	add_head(l, arena, "");
	str_addz(l->out,
	    "Content-Type: text/plain; charset=utf-8\r\n"
	    "Content-Transfer-Encoding: 8bit\r\n\r\nHere you are.\r\n\r\n"
	    "On Mon, 11 Jan 2027 at 10:00, Mentoring programme wrote:\r\n");
	while (span_line(&text, &line)) {
		size_t slot = span_find(line, SPAN("[ ]"));

		if (slot == line.n || slot > line.n) {
			str_addf(l->out, "> %.*s\r\n", (int)line.n, line.p);
			continue;
		}
		str_addf(l->out, "> %.*s[ %s ]\r\n", (int)slot, line.p,
		    given[chance(sizeof(given) / sizeof(given[0]))]);
	}
}

static void
form_on_top(const struct letter *l, struct arena *arena)
{
	static const char levels[] = "LMH";
	struct str own;

	str_init(&own, arena, MAIL_MAX);
	str_addf(&own,
	    "1: A\n2: %c\n3: %c\n4: %c\n12: A\n17: yes\n\nBest\nP%d\n",
	    levels[chance(3)], levels[chance(3)], levels[chance(3)], l->i);
	add_head(l, arena, "");
	add_twin(l, arena, str_span(&own), l->sent->text);
}

static void
chat(const struct letter *l, struct arena *arena)
{
	struct str own, quoted;

	str_init(&own, arena, MAIL_MAX);
	str_init(&quoted, arena, MAIL_MAX);
	add_prose(&own, 3 + (int)chance(10));
	add_prose(&quoted, 10 + (int)chance(40));
	add_head(l, arena, "");
	add_twin(l, arena, str_span(&own), str_span(&quoted));
}

static void
out_of_office(const struct letter *l, struct arena *arena)
{
	add_head(l, arena,
	    "Auto-Submitted: auto-replied\r\nX-Auto-Response-Suppress: All\r\n");
	str_addf(l->out,
	    "Content-Type: text/plain; charset=utf-8\r\n\r\n"
	    "Thank you for your mail. I am out of office until %d January\r\n"
	    "2027. In urgent cases please write to office%d@example.com.\r\n",
	    22 + l->i % 9, l->i);
}

/* Of our own mail, for now; or of a mail that is none of ours, for good. */
static void
bounce(const struct letter *l, struct arena *arena)
{
	bool ours = l->sent != NULL;
	struct span who = ours ? l->sent->to : SPAN("gone@strangers.example");
	struct span id = ours ? l->sent->id : SPAN("none@elsewhere.example");

	add_head(l, arena, "Auto-Submitted: auto-replied\r\n");
	str_addf(l->out,
	    "Content-Type: multipart/report; report-type=delivery-status;\r\n"
	    " boundary=\"=_r%d\"\r\n\r\n--=_r%d\r\n"
	    "Content-Type: text/plain; charset=us-ascii\r\n\r\n"
	    "This is the mail system at host mx.example.\r\n\r\n"
	    "I'm sorry to have to inform you that your message could not\r\n"
	    "be delivered to one or more recipients. It's attached below.\r\n"
	    "\r\n<%.*s>: %s\r\n\r\n--=_r%d\r\n"
	    "Content-Type: message/delivery-status\r\n\r\n"
	    "Reporting-MTA: dns; mx.example\r\nX-Postfix-Queue-ID: %08X\r\n"
	    "Arrival-Date: Mon, 11 Jan 2027 10:00:00 +0000\r\n\r\n",
	    l->i, l->i, (int)who.n, who.p,
	    ours ? "mailbox is full" : "user unknown", l->i,
	    (unsigned)l->i * 7919u);
	str_addf(l->out,
	    "Final-Recipient: rfc822; %.*s\r\nAction: %s\r\nStatus: %s\r\n"
	    "Remote-MTA: dns; in.example\r\nDiagnostic-Code: smtp; %s\r\n\r\n"
	    "--=_r%d\r\nContent-Type: message/rfc822\r\n\r\n"
	    "From: Mentoring programme <mentoring@example.com>\r\n"
	    "To: %.*s\r\nSubject: A few questions\r\nMessage-ID: <%.*s>\r\n"
	    "\r\n",
	    (int)who.n, who.p, ours ? "delayed" : "failed",
	    ours ? "4.2.2" : "5.1.1",
	    ours ? "452 4.2.2 mailbox full" : "550 5.1.1 user unknown", l->i,
	    (int)who.n, who.p, (int)id.n, id.p);
	add_lines(l->out, ours ? l->sent->text : SPAN("Hello.\n"), "");
	str_addf(l->out, "\r\n--=_r%d--\r\n", l->i);
}

static void
calendar_answer(const struct letter *l, struct arena *arena)
{
	static const char *const says[] = {"ACCEPTED", "TENTATIVE", "DECLINED"};
	const char *partstat = says[chance(3)];

	add_head(l, arena, "");
	str_addf(l->out,
	    "Content-Type: multipart/alternative; boundary=\"=_c%d\"\r\n\r\n"
	    "--=_c%d\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n"
	    "Person %d has answered: %s.\r\n\r\n--=_c%d\r\n"
	    "Content-Type: text/calendar; charset=UTF-8; method=REPLY\r\n\r\n",
	    l->i, l->i, l->i, partstat, l->i);
	str_addf(l->out,
	    "BEGIN:VCALENDAR\r\nPRODID:-//Google Inc//Google Calendar//EN\r\n"
	    "VERSION:2.0\r\nCALSCALE:GREGORIAN\r\nMETHOD:REPLY\r\n"
	    "BEGIN:VEVENT\r\nDTSTART:20270201T090000Z\r\n"
	    "DTEND:20270201T100000Z\r\nDTSTAMP:20270112T090000Z\r\n"
	    "ORGANIZER;CN=Mentoring:mailto:mentoring@example.com\r\n"
	    "UID:session-%d@example.com\r\n"
	    "ATTENDEE;CUTYPE=INDIVIDUAL;ROLE=REQ-PARTICIPANT;PARTSTAT=%s;"
	    "X-NUM-GU\r\n ESTS=0:mailto:%.*s\r\nSEQUENCE:0\r\n"
	    "STATUS:CONFIRMED\r\nSUMMARY:Session 1\r\nTRANSP:OPAQUE\r\n"
	    "END:VEVENT\r\nEND:VCALENDAR\r\n\r\n--=_c%d--\r\n",
	    l->i, partstat, (int)l->from.n, l->from.p, l->i);
}

static void
newsletter(const struct letter *l, struct arena *arena)
{
	struct str html, *out = l->out;

	str_init(&html, arena, MAIL_MAX);
	str_addz(&html, "<!DOCTYPE html><html><head><title>News</title><style>"
			"td{padding:4px;font-family:Helvetica} .b{color:#fff;"
			"background:#06c}</style></head><body><table "
			"width=\"600\" cellpadding=\"0\" align=\"center\">");
	while (html.n < NEWSLETTER_BYTES) {
		str_addz(&html,
		    "<tr><td class=\"b\" style=\"font-size:14px;"
		    "line-height:20px;color:#333333\" valign=\"top\">"
		    "<a href=\"https://news.example/click?u=8f3a&amp;"
		    "id=77c1&amp;e=19fe\" target=\"_blank\"><img "
		    "src=\"https://news.example/p.png\" width=\"600\" "
		    "height=\"1\" alt=\"\"></a><p>");
		add_words(&html, 40);
		str_addz(&html, "</p></td></tr>\n");
	}
	str_addz(&html, "</table></body></html>\n");
	add_head(l, arena,
	    "List-Id: News <news.example>\r\nPrecedence: bulk\r\n"
	    "List-Unsubscribe: <https://news.example/u>\r\n");
	str_addf(out,
	    "Content-Type: multipart/alternative; boundary=\"=_n%d\"\r\n\r\n"
	    "--=_n%d\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n",
	    l->i, l->i);
	for (int k = 0; k < 30; k++) {
		add_words(out, 10);
		str_addz(out, "\r\n");
	}
	str_addf(out,
	    "\r\n--=_n%d\r\nContent-Type: text/html; charset=utf-8\r\n"
	    "Content-Transfer-Encoding: quoted-printable\r\n\r\n",
	    l->i);
	add_quoted_printable(out, str_span(&html));
	str_addf(out, "\r\n--=_n%d--\r\n", l->i);
}

static void
plain(const struct letter *l, struct arena *arena)
{
	struct str text;

	str_init(&text, arena, MAIL_MAX);
	add_prose(&text, 5 + (int)chance(30));
	add_head(l, arena, "");
	str_addz(l->out, "Content-Type: text/plain; charset=utf-8\r\n"
			 "Content-Transfer-Encoding: 8bit\r\n\r\n");
	add_lines(l->out, str_span(&text), "");
}

/* In a hundred mails; `answers` is how many of them answer one of ours. */
static const struct {
	const char *name;
	int of_hundred;
	bool answers;
	void (*write)(const struct letter *, struct arena *);
} kinds[] = {
    {"answers inside a quoted form", 20, true, form_inside},
    {"answers on top, text and HTML", 15, true, form_on_top},
    {"chats with a quote, text and HTML", 15, false, chat},
    {"out of office", 10, true, out_of_office},
    {"bounces of ours", 5, true, bounce},
    {"bounces of others", 5, false, bounce},
    {"answers of calendars", 10, true, calendar_answer},
    {"newsletters of 30 kB", 10, false, newsletter},
    {"mails of strangers", 10, false, plain},
};

/* --- making ---------------------------------------------------------------- */

static int
make_join(struct arena *arena, const char *out_dir, const char *in_dir)
{
	size_t n;
	struct sent *sent = read_sent(arena, out_dir, &n);

	for (size_t i = 0; i < n; i++) {
		struct str out;
		struct letter l = {.out = &out,
		    .i = (int)i,
		    .at_unix = begin_unix - 3600,
		    .from = sent[i].to,
		    .to = sent[i].reply_to,
		    .sent = &sent[i]};

		l.subject = arena_spanf(arena, "Re: %.*s",
		    (int)sent[i].subject.n, sent[i].subject.p);
		str_init(&out, arena, MAIL_MAX);
		add_head(&l, arena, "");
		str_addz(&out, "Content-Type: text/plain\r\n\r\nyes\r\n");
		deliver(arena, in_dir, l.at_unix, (int)i, &out);
	}
	return 0;
}

static size_t
kind_of(uint32_t at)
{
	size_t k = 0;

	while (at >= (uint32_t)kinds[k].of_hundred)
		at -= (uint32_t)kinds[k++].of_hundred;
	return k;
}

static void
make_one(struct arena *arena, const char *in_dir, const struct sent *sent,
    size_t sent_n, int i)
{
	size_t k = kind_of(chance(100));
	struct str out;
	struct letter l = {.out = &out,
	    .i = i,
	    .at_unix = begin_unix + (int64_t)i * STEP_SECONDS,
	    .from = arena_spanf(arena, "stranger%d@elsewhere.example", i),
	    .to = SPAN("mentoring@example.com"),
	    .subject = arena_spanf(arena, "About something %d", i)};

	if (kinds[k].answers) {
		l.sent = &sent[(size_t)i % sent_n];
		l.from = l.sent->to;
		l.to = l.sent->reply_to;
		l.subject = arena_spanf(arena, "Re: %.*s",
		    (int)l.sent->subject.n, l.sent->subject.p);
	} else if (kinds[k].write == chat && chance(2)) {
		l.from = sent[(size_t)i % sent_n].to;
	}
	if (kinds[k].write == bounce)
		l.from = SPAN("MAILER-DAEMON@mx.example");
	str_init(&out, arena, MAIL_MAX);
	kinds[k].write(&l, arena);
	deliver(arena, in_dir, l.at_unix, i, &out);
}

static int
make_mix(struct arena *arena, const char *out_dir, const char *in_dir,
    const char *count)
{
	size_t sent_n;
	struct sent *sent = read_sent(arena, out_dir, &sent_n);
	struct arena item;
	int64_t n = 0;

	if (!num_int(span_of(count), 1, 10000000, &n))
		die(count, "how many mails?");
	arena_init(&item);
	for (int i = 0; i < (int)n; i++) {
		make_one(&item, in_dir, sent, sent_n, i);
		arena_reset(&item);
	}
	arena_release(&item);
	for (size_t k = 0; k < sizeof(kinds) / sizeof(kinds[0]); k++)
		printf("  %2d %% %s\n", kinds[k].of_hundred, kinds[k].name);
	return 0;
}

/* --- the clock --------------------------------------------------------------- */

static double
seconds(struct timeval t)
{
	return (double)t.tv_sec + (double)t.tv_usec / 1e6;
}

/* "RATE CPU-SECONDS MEGABYTES": of all processes; of the largest. */
static int
time_command(const char *count, char **argv)
{
	struct timespec a, b;
	struct rusage r;
	int64_t n = 0;
	int status = 0;
	pid_t pid;

	if (!num_int(span_of(count), 1, 10000000, &n))
		die(count, "how many mails?");
	clock_gettime(CLOCK_MONOTONIC, &a);
	pid = fork();
	if (pid == 0) {
		execvp(argv[0], argv);
		_exit(127);
	}
	if (pid < 0 || wait4(pid, &status, 0, &r) < 0 || status != 0)
		die(argv[0], "failed");
	clock_gettime(CLOCK_MONOTONIC, &b);
	printf("%.0f %.2f %.1f\n",
	    (double)n / ((double)(b.tv_sec - a.tv_sec) +
			    (double)(b.tv_nsec - a.tv_nsec) / 1e9),
	    seconds(r.ru_utime) + seconds(r.ru_stime),
	    (double)r.ru_maxrss / 1024);
	return 0;
}

int
main(int argc, char **argv)
{
	struct arena arena;
	int rc = 64;

	arena_init(&arena);
	if (argc == 4 && strcmp(argv[1], "join") == 0)
		rc = make_join(&arena, argv[2], argv[3]);
	else if (argc == 5 && strcmp(argv[1], "mix") == 0)
		rc = make_mix(&arena, argv[2], argv[3], argv[4]);
	else if (argc > 3 && strcmp(argv[1], "time") == 0)
		rc = time_command(argv[2], argv + 3);
	else
		fprintf(stderr, "usage: see %s\n", __FILE__);
	arena_release(&arena);
	return rc;
}
