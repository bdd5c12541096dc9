/*
 * How fast mails are read: in this process and through the sandboxed child.
 * usage: reader_bench FILE...     each file is one mail
 *        reader_bench --make DIR  writes 2,000 mails of about 3 kB
 */
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/file.h"
#include "base/limits.h"
#include "base/str.h"
#include "base/vec.h"
#include "cal/cal.h"
#include "mime/mime.h"
#include "reader/reader.h"

enum {
	MAILS = 2000,
	LEAST_MAILS = 20000, /* of one measurement, files read again */
};

static double
now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* A reply as mail programs write it: text and HTML with a quoted form. */
static void
make_mail(struct str *out, int i)
{
	str_addf(out,
	    "Received: from mx%d.example (mx%d.example [192.0.2.%d])\r\n"
	    "\tby in.example with ESMTPS id %08x;\r\n"
	    "\tTue, 24 Nov 2026 09:00:%02d +0000\r\n"
	    "From: =?utf-8?Q?J=C3=BCrgen_Beispiel_%d?= <p%d@corp.example>\r\n"
	    "To: \"Reverse Mentoring\" <mentoring+x%d@programme.example>\r\n"
	    "Subject: =?utf-8?Q?Re:_[RM-%d]_Zwei_Fragen_nach_dem_?=\r\n"
	    " =?utf-8?Q?Gespr=C3=A4ch?=\r\n"
	    "Date: Tue, 24 Nov 2026 09:00:00 +0000\r\n"
	    "Message-ID: <%d.reply@corp.example>\r\n"
	    "In-Reply-To: <%d.form@programme.example>\r\n"
	    "References: <%d.root@programme.example>\r\n"
	    " <%d.form@programme.example>\r\nMIME-Version: 1.0\r\n"
	    "Content-Type: multipart/alternative; boundary=\"b_%d\"\r\n\r\n",
	    i, i, i % 250, i * 7919, i % 60, i, i, i, i, i, i, i, i, i);
	str_addf(out,
	    "--b_%d\r\nContent-Type: text/plain; charset=utf-8\r\n"
	    "Content-Transfer-Encoding: quoted-printable\r\n\r\n"
	    "Es war sehr n=C3=BCtzlich: %d.\r\n\r\n"
	    "Am 23.11.2026 um 17:00 schrieb Reverse Mentoring:\r\n",
	    i, 1 + i % 5);
	for (int q = 1; q <= 8; q++)
		str_addf(out,
		    "> Q%d. Wie n=C3=BCtzlich war es? (1-5)\r\n"
		    "> Answer Q%d: [ ]\r\n>\r\n",
		    q, q);
	str_addf(out,
	    "\r\n--b_%d\r\nContent-Type: text/html; charset=utf-8\r\n"
	    "Content-Transfer-Encoding: quoted-printable\r\n\r\n"
	    "<html><body><div>Es war sehr n=C3=BCtzlich: %d.</div><br>\r\n"
	    "<div class=3D\"gmail_quote\"><div class=3D\"gmail_attr\">Am "
	    "23.11.2026 schrieb:<br></div>\r\n"
	    "<blockquote class=3D\"gmail_quote\">\r\n",
	    i, 1 + i % 5);
	for (int q = 1; q <= 8; q++)
		str_addf(out,
		    "<p>Q%d. Wie n=C3=BCtzlich war es? (1-5)</p>\r\n"
		    "<p>Answer Q%d: [ ]</p>\r\n",
		    q, q);
	str_addf(out, "</blockquote></div></body></html>\r\n--b_%d--\r\n", i);
}

static int
make_all(struct arena *arena, const char *dir)
{
	struct err err = {0};
	struct str out;

	for (int i = 0; i < MAILS; i++) {
		char *path = arena_printf(arena, "%s/%04d.eml", dir, i);

		str_init(&out, arena, 1 << 20);
		make_mail(&out, i);
		if (file_write(path, str_span(&out), false, &err) < 0) {
			puts(err.text);
			return 1;
		}
	}
	return 0;
}

static double
here(const struct span *mails, size_t n, int rounds)
{
	struct arena arena;
	struct mail m;
	double begun;

	mime_prepare();
	cal_prepare();
	arena_init(&arena);
	begun = now();
	for (int r = 0; r < rounds; r++)
		for (size_t i = 0; i < n; i++) {
			mime_read(&arena, mails[i], cal_read_answer, &m);
			arena_reset(&arena);
		}
	begun = now() - begun;
	arena_release(&arena);
	return (double)n * rounds / begun;
}

static double
through_child(const struct span *mails, size_t n, int rounds)
{
	struct arena arena, lasting;
	struct err err = {0};
	struct reader *reader;
	struct reading reading;
	struct mail m;
	double begun;
	int failed = 0;

	arena_init(&arena);
	arena_init(&lasting);
	reader = reader_open(&lasting);
	begun = now();
	for (int r = 0; r < rounds; r++)
		for (size_t i = 0; i < n; i++) {
			failed += reader_mail(reader, &arena, mails[i], 0, &m,
				      &reading, &err) < 0;
			arena_reset(&arena);
		}
	begun = now() - begun;
	reader_close(reader);
	arena_release(&arena);
	arena_release(&lasting);
	if (failed > 0)
		printf("%d mails were not read: %s\n", failed, err.text);
	return (double)n * rounds / begun;
}

int
main(int argc, char **argv)
{
	struct arena arena;
	struct span *mails = NULL;
	double bytes = 0, alone, child;
	size_t n = 0;
	int rounds;

	arena_init(&arena);
	if (argc == 3 && strcmp(argv[1], "--make") == 0)
		return make_all(&arena, argv[2]);
	for (int i = 1; i < argc; i++) {
		struct err err = {0};

		if (!vec_room(&arena, &mails, n, sizeof(*mails)) ||
		    file_read(
			&arena, argv[i], LIMIT_MAIL_BYTES, &mails[n], &err) < 0)
			continue;
		bytes += (double)mails[n++].n;
	}
	if (n == 0) {
		puts("no mails");
		return 1;
	}
	rounds = (int)(LEAST_MAILS / n) + 1;
	alone = here(mails, n, rounds);
	child = through_child(mails, n, rounds);
	printf("%zu mails of %.0f bytes: %.0f/s in this process, %.0f/s "
	       "through the child (%.1f us each; goal 15,000/s)\n",
	    n, bytes / (double)n, alone, child, 1e6 / child);
	arena_release(&arena);
	return 0;
}
