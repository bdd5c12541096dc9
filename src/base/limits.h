/*
 * Every limit, with its reason.  A limit that people can meet is a setting
 * instead; these guard us.  tests/unit/limits_test.c stands on both sides.
 */
#ifndef BASE_LIMITS_H
#define BASE_LIMITS_H

enum {
	/* A mail: what Postfix takes by default; larger: headers only. */
	LIMIT_MAIL_BYTES = 10 * 1024 * 1024,
	/* Header block and one field: twice what real mail was seen to use. */
	LIMIT_HEADER_BYTES = 256 * 1024,
	LIMIT_FIELD_BYTES = 32 * 1024,
	LIMIT_FIELDS = 1000,
	/* Nested or many parts make libetpan quadratic. */
	LIMIT_MIME_DEPTH = 32,
	LIMIT_MIME_PARTS = 500,
	LIMIT_BOUNDARIES = 50,
	LIMIT_BOUNDARY_BYTES = 200,
	LIMIT_RFC822_PARTS = 50,
	/* Nested comments recurse in libetpan. */
	LIMIT_PARENS = 50,
	LIMIT_ENCODED_WORDS = 500,
	/* Decoded text of one mail; nobody answers a form with more. */
	LIMIT_TEXT_BYTES = 1024 * 1024,
	/* HTML as it comes, with comments and pictures inside, ... */
	LIMIT_HTML_BYTES = 4 * 1024 * 1024,
	/* ... and without them: what libxml2 reads in 100 ms at worst. */
	LIMIT_MARKUP_BYTES = 512 * 1024,
	/* libxml2 compares the attributes of a tag with one another. */
	LIMIT_TAG_BYTES = 16 * 1024,
	LIMIT_TAG_WORDS = 64,
	LIMIT_ADDRESSES = 200,
	/* libical is worse than linear in the length of one value. */
	LIMIT_ICS_BYTES = 256 * 1024,
	LIMIT_ICS_DEPTH = 8,
	LIMIT_ICS_COMPONENTS = 64,
	LIMIT_ICS_LINES = 4000,
	/* A busy feed: 20,000 events of 400 bytes. */
	LIMIT_FEED_BYTES = 8 * 1024 * 1024,
	/*
	 * What is fetched from the web: a calendar with years in it has less
	 * than 1 MB, and a server that drips must not hold up the run.
	 */
	LIMIT_WEB_BYTES = 2 * 1024 * 1024,
	LIMIT_WEB_SECONDS = 20,
	LIMIT_WEB_REDIRECTS = 3,
	/* A roster by mail or file: 100,000 rows of 200 bytes. */
	LIMIT_CSV_BYTES = 32 * 1024 * 1024,
	LIMIT_CSV_CELL = 8 * 1024,
	LIMIT_CSV_CELLS = 100,
	/* Files the operator and the lead write. */
	LIMIT_CONF_BYTES = 1024 * 1024,
	LIMIT_TEMPLATE_BYTES = 256 * 1024,
	/* RFC 5321 4.5.3.1: path 254 octets, local part 64. */
	LIMIT_ADDRESS_BYTES = 254,
	LIMIT_LOCAL_BYTES = 64,
	/* A person's name, a question's free answer, a subject. */
	LIMIT_NAME_BYTES = 300,
	LIMIT_ANSWER_BYTES = 8 * 1024,
	LIMIT_SUBJECT_BYTES = 400,
	/* It goes with each mail, and mails should stay under 60 KB. */
	LIMIT_LOGO_BYTES = 32 * 1024,
	/* What one rendered mail may hold. */
	LIMIT_RENDERED_BYTES = 4 * 1024 * 1024,
	/* Of one programme, beside its first: each costs a login a run. */
	LIMIT_MAILBOXES = 20,
	/* Mails under one commit. */
	LIMIT_BATCH_MAILS = 250,
	/* A mail is opened at most this often. */
	LIMIT_ATTEMPTS = 3,
	/* Lead's commands in one mail, and unknown lines before we stop. */
	LIMIT_COMMANDS = 50,
	LIMIT_UNKNOWN_LINES = 5,
	/* Hops before a mail is held to be going round. */
	LIMIT_RECEIVED = 50,
	/* One record from the reader child. */
	LIMIT_RECORD_BYTES = 48 * 1024 * 1024,
	/* Seconds the reader may take for one mail. */
	LIMIT_READ_SECONDS = 5,
	/* Address space of the reader child. */
	LIMIT_READER_BYTES = 512 * 1024 * 1024,
};

#endif
