/* Text and bytes into 7 bit: as they are, quoted-printable, base64. */
#include "compose/compose_int.h"

#include "base/digest.h"

enum {
	LINE_PLAIN = 78,
	LINE_QP = 76,     /* RFC 2045 6.7 */
	LINE_BASE64 = 76, /* RFC 2045 6.8 */
};

const char *
encoding_name(enum encoding e)
{
	switch (e) {
	case ENCODING_7BIT:
		return "7bit";
	case ENCODING_QP:
		return "quoted-printable";
	case ENCODING_BASE64:
		return "base64";
	}
	return "7bit";
}

/*
 * As it is only what no server on the way would touch: "From " gets a ">" in
 * mailboxes, a dot alone ends a mail, blanks at the right end are cut.  "=_"
 * begins our boundaries and occurs in no encoding.
 */
enum encoding
encoding_choose(struct span text)
{
	struct span line;

	for (size_t i = 0; i < text.n; i++)
		if ((unsigned char)text.p[i] >= 0x7f ||
		    (text.p[i] < ' ' && text.p[i] != '\n'))
			return ENCODING_QP;
	while (span_line(&text, &line))
		if (line.n > LINE_PLAIN || span_starts(line, "From ") ||
		    span_starts(line, ".") || span_ends(line, " ") ||
		    span_has(line, "=_"))
			return ENCODING_QP;
	return ENCODING_7BIT;
}

static bool
qp_plain(char c, bool first, bool last, struct span rest)
{
	if (c == ' ' || c == '\t')
		return !last;
	if (first && (c == '.' || span_starts(rest, "From ")))
		return false;
	return c > ' ' && c < 0x7f && c != '=';
}

/* How much stands for itself wherever it stands but at an end. */
static size_t
qp_run(struct span s)
{
	size_t i = 0;

	while (i < s.n &&
	       (((unsigned char)(s.p[i] - ' ') < 0x5f && s.p[i] != '=') ||
		   s.p[i] == '\t'))
		i++;
	return i;
}

static void
qp_code(struct str *out, unsigned char c)
{
	static const char hex[] = "0123456789ABCDEF";
	const char code[3] = {'=', hex[c >> 4], hex[c & 15]};

	str_add(out, (struct span){code, sizeof(code)});
}

static void
qp_line(struct str *out, struct span line)
{
	size_t used = 0;

	for (size_t i = 0; i < line.n; i++) {
		char c;
		bool last, plain;
		size_t need;

		if (used > 0 && used < LINE_QP - 1) {
			size_t left = LINE_QP - 1 - used;
			size_t most = line.n - 1 - i;
			size_t run = qp_run(
			    span_sub(line, i, i + (left < most ? left : most)));

			str_add(out, span_sub(line, i, i + run));
			used += run;
			i += run;
		}
		c = line.p[i];
		last = i + 1 == line.n;
		plain = qp_plain(c, used == 0, last, span_skip(line, i));
		need = plain ? 1 : 3;
		/* The last column is for the "=" of a soft line end. */
		if (used + need > LINE_QP - 1) {
			str_addz(out, "=\r\n");
			used = 0;
			plain = qp_plain(c, true, last, span_skip(line, i));
			need = plain ? 1 : 3;
		}
		if (plain)
			str_addc(out, c);
		else
			qp_code(out, (unsigned char)c);
		used += need;
	}
	str_addz(out, "\r\n");
}

void
encode_text(
    struct arena *arena, struct str *out, struct span text, enum encoding e)
{
	struct span line;

	if (e == ENCODING_BASE64) {
		encode_bytes(arena, out, text);
		return;
	}
	while (span_line(&text, &line)) {
		if (e == ENCODING_QP) {
			qp_line(out, line);
			continue;
		}
		str_add(out, line);
		str_addz(out, "\r\n");
	}
}

void
encode_bytes(struct arena *arena, struct str *out, struct span bytes)
{
	struct span s = base64_write(arena, bytes, LINE_BASE64);

	str_add(out, s);
	if (!span_ends(s, "\n"))
		str_addz(out, "\r\n");
}
