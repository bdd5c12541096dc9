/*
 * A peer: GMime, all mails in one process: the main fields and all texts in
 * UTF-8.  It knows nothing of HTML, replies, kinds or bounces.  Built and run
 * by understanding.sh where GMime is.  usage: understanding_gmime FILE...
 */
#include <gmime/gmime.h>
#include <stdio.h>
#include <time.h>

enum {
	ROUNDS = 15
};

static double
now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void
take_part(GMimeObject *parent, GMimeObject *part, gpointer bytes)
{
	char *text;

	(void)parent;
	if (!GMIME_IS_TEXT_PART(part))
		return;
	text = g_mime_text_part_get_text(GMIME_TEXT_PART(part));
	if (text != NULL)
		*(size_t *)bytes += strlen(text);
	g_free(text);
}

static void
read_one(const char *p, size_t n, size_t *bytes)
{
	GMimeStream *stream = g_mime_stream_mem_new_with_buffer(p, n);
	GMimeParser *parser = g_mime_parser_new_with_stream(stream);
	GMimeMessage *m = g_mime_parser_construct_message(parser, NULL);

	if (m != NULL) {
		*bytes += g_mime_message_get_subject(m) != NULL;
		*bytes += g_mime_message_get_from(m) != NULL;
		*bytes += g_mime_message_get_date(m) != NULL;
		*bytes += g_mime_message_get_message_id(m) != NULL;
		g_mime_message_foreach(m, take_part, bytes);
		g_object_unref(m);
	}
	g_object_unref(parser);
	g_object_unref(stream);
}

int
main(int argc, char **argv)
{
	gchar **mails = g_new0(gchar *, (gsize)argc);
	gsize *n = g_new0(gsize, (gsize)argc);
	size_t bytes = 0;
	double t;

	g_mime_init();
	for (int i = 1; i < argc; i++)
		if (!g_file_get_contents(argv[i], &mails[i], &n[i], NULL))
			return 1;
	t = now();
	for (int r = 0; r < ROUNDS; r++)
		for (int i = 1; i < argc; i++)
			read_one(mails[i], n[i], &bytes);
	t = now() - t;
	printf("%.1f\n", 1e6 * t / ROUNDS / (argc - 1));
	return bytes == 0;
}
