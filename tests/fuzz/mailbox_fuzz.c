/*
 * Any bytes from a mail server: mails, an error or an end, never a crash or
 * more than was asked for.  The first byte is I for IMAP, else POP3.
 */
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "mailin/mailin_int.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static bool
known(void *cookie, struct span key)
{
	(void)cookie;
	return key.n == 0;
}

/* A socket that has these bytes and then the end. */
static int
server_saying(const uint8_t *data, size_t n)
{
	int p[2];

	if (socketpair(AF_UNIX, SOCK_STREAM, 0, p) < 0)
		abort();
	if (write(p[1], data, n) != (ssize_t)n)
		abort();
	shutdown(p[1], SHUT_WR);
	/* What we say is to stay unread, not to be an error. */
	fcntl(p[0], F_SETFL, O_NONBLOCK);
	return p[0] | p[1] << 16;
}

static void
walk(struct mailin *m, struct arena *arena)
{
	struct mailin_mail mail;
	struct err err = {0};
	int rc = 1;

	for (int k = 0; k < 100 && rc != 0; k++) {
		rc = mailin_next(m, arena, known, NULL, &mail, &err);
		if (rc < 0 && err.kind != ERR_ITEM)
			break;
		if (rc > 0 && (mail.key.n == 0 || mail.raw.n > 1 << 20))
			abort();
		if (rc > 0 &&
		    mailin_file(m, mail.key,
			k % 2 == 0 ? MAILIN_DONE : MAILIN_PARKED, &err) < 0)
			break;
	}
	mailin_flush(m, &err);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	static struct arena arena;
	struct mailin m = {.arena = &arena};
	struct err err = {0};
	int fds;

	if (n < 1 || n > 65536)
		return 0;
	arena_reset(&arena);
	fds = server_saying(data + 1, n - 1);
	m.kind = data[0] == 'I' ? &mailin_imap : &mailin_pop3;
	m.fd = fds & 0xffff;
	/* A second connection finds nobody. */
	m.rest = SPAN("//127.0.0.1:1");
	m.set = (struct mailin_settings){.url = SPAN("x"),
	    .user = SPAN("u"),
	    .password = SPAN("p"),
	    .timeout_seconds = 5,
	    .after = data[0] == 'I' ? MAILIN_MOVE : MAILIN_DELETE,
	    .done_folder = SPAN("done"),
	    .parked_folder = SPAN("parked"),
	    .max_bytes = 200};
	if (m.kind->open(&m, &err) == 0) {
		walk(&m, &arena);
		mailin_close(&m);
	}
	close(fds >> 16);
	return 0;
}
