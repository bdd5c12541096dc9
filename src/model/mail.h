/*
 * A mail as the reader child hands it over: decoded, valid UTF-8, LF line
 * ends, within the limits.  Pure data; what it means is decided by reply/.
 */
#ifndef MODEL_MAIL_H
#define MODEL_MAIL_H

#include <stdbool.h>
#include <stdint.h>

#include "base/span.h"
#include "model/cal.h"

/*
 * Marks in text made from HTML.  They are Unicode noncharacters, so no mail
 * can hold them: the reader drops them from what it reads.  MARK_QUOTE is
 * followed by the text of a region that a mail client's own markup calls a
 * quoted or forwarded message, up to its MARK_END; MARK_INDENT by a block
 * quote that no client marks as a message; MARK_SIGNATURE by a signature.
 * Regions nest.
 */
#define MARK_QUOTE     "\xef\xb7\x90" /* U+FDD0 */
#define MARK_SIGNATURE "\xef\xb7\x91" /* U+FDD1 */
#define MARK_INDENT    "\xef\xb7\x92" /* U+FDD2 */
#define MARK_END       "\xef\xb7\x93" /* U+FDD3 */
#define MARK_RULE      "\xef\xb7\x94" /* U+FDD4: <hr>, on a line of its own */

struct mail_address {
	struct span name;    /* decoded, one line */
	struct span address; /* passed address_parse, or "" */
};

struct mail_field {
	struct span name;  /* as written */
	struct span value; /* unfolded, encoded words decoded, one line */
};

struct mail_attachment {
	struct span type; /* "text/csv", lower case */
	struct span name; /* decoded; data only, never a path */
	int64_t size_bytes;
	struct span bytes; /* decoded, for text/csv and *.csv; else empty */
};

/* A returned mail, as far as a bounce holds it. */
struct mail_returned {
	bool present;
	struct span header; /* its header block, unfolded, LF */
	struct span text;   /* the head of its text, at most 16 KiB */
	struct span uid;    /* of a calendar part in it, or "" */
};

/* Machine-readable parts of multipart/report (RFC 3464, 8098, 5965). */
struct mail_report {
	struct span delivery;    /* message/delivery-status as text */
	struct span disposition; /* message/disposition-notification */
	struct span feedback;    /* message/feedback-report */
	struct span type;        /* report-type parameter, lower case */
};

struct mail {
	/* Why the content was not read ("" = it was): over a limit, ... */
	struct span refused;

	struct mail_field *fields;
	uint32_t fields_n;
	struct mail_address *from, *to, *cc, *reply_to;
	uint32_t from_n, to_n, cc_n, reply_to_n;
	uint32_t from_fields; /* more than one From field is a forgery */
	struct span sender;   /* address of Sender, or "" */
	struct span return_path;
	bool has_return_path; /* present, maybe "<>" (then return_path "") */
	struct span subject;
	struct span message_id;   /* without <> */
	struct span *references;  /* In-Reply-To first, then References */
	uint32_t references_n;    /* newest first, at most 12, without <> */
	int64_t date_unix;        /* 0 when missing or nonsense */
	struct span content_type; /* of the top, with its parameters */

	struct span text; /* text/plain parts joined, format=flowed undone */
	/*
	 * HTML parts as text with marks, "" when none.  When HTML without a
	 * plain twin stands beside plain parts, all of it is here, in order,
	 * and text is "".
	 */
	struct span html;
	bool flowed;

	struct mail_attachment *attachments;
	uint32_t attachments_n;
	struct cal_answer cal;
	struct mail_report report;
	struct mail_returned returned;
	struct span tnef_class; /* "IPM.Schedule.Meeting.Resp.Pos", or "" */
	bool tnef_unread;       /* a winmail.dat that gave no text */
};

/* What kind of mail it is; decided by reply/. */
enum mail_kind {
	MAIL_HUMAN,
	MAIL_AUTO_REPLY,     /* out of office and the like */
	MAIL_AUTO_GENERATED, /* a robot's notice */
	MAIL_BOUNCE,
	MAIL_MDN, /* read receipt, RFC 8098 */
	MAIL_FBL, /* abuse report, RFC 5965 */
	MAIL_CALENDAR,
	MAIL_OWN,     /* ours, come back */
	MAIL_REFUSED, /* not read */
};

/* "human", "auto-reply", ... as `rmail inspect --json` prints it. */
const char *mail_kind_name(enum mail_kind);
/* The first field of that name (case-blind), or "". */
struct span mail_field(const struct mail *, const char *name);
bool mail_has_field(const struct mail *, const char *name);

#endif
