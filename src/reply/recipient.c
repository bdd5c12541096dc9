/*
 * Failed recipients: addresses, status and reply codes, and the fields of RFC
 * 3464, wherever they stand.  What bounce, freeform and notice build on.
 */
#include <string.h>

#include "base/utf8.h"
#include "base/vec.h"
#include "model/address.h"
#include "reply/bounce_int.h"

enum {
	RECIPIENTS_MAX = 100,
	DIAGNOSTIC_BYTES = 400
};

/* "rfc822; <ann@example.com>" -> address; RFC 3464 2.3.1 */
bool
bounce_address(struct arena *arena, struct span value, struct span *out)
{
	size_t semi = span_findc(value, ';');
	struct span s = value;

	if (semi < s.n && span_findc(s, '@') > semi)
		s = span_skip(s, semi + 1);
	s = span_trim(s);
	if (span_findc(s, '<') < s.n) {
		s = span_skip(s, span_findc(s, '<') + 1);
		s = span_sub(s, 0, span_findc(s, '>'));
	}
	s = span_trim(s);
	while (s.n > 0 && strchr("\"'(<[:;,", s.p[0]) != NULL)
		s = span_skip(s, 1);
	while (s.n > 0 && strchr("\"').,>]:;", s.p[s.n - 1]) != NULL)
		s.n--;
	if (span_casestarts(s, "mailto:") || span_casestarts(s, "rfc822;"))
		s = span_skip(s, 7);
	return address_parse(arena, s, out);
}

/* "5.1.1" anywhere in the text, as a word; "" when there is none. */
struct span
bounce_status(struct span s)
{
	for (size_t i = 0; i + 4 < s.n; i++) {
		size_t n = 4;
		bool word =
		    i == 0 || (!ascii_alnum(s.p[i - 1]) && s.p[i - 1] != '.');

		if (!word || (s.p[i] != '4' && s.p[i] != '5') ||
		    s.p[i + 1] != '.' || !ascii_digit(s.p[i + 2]))
			continue;
		if (s.p[i + 3] != '.' || !ascii_digit(s.p[i + 4]))
			continue;
		while (n < 7 && i + n < s.n && ascii_digit(s.p[i + n]))
			n++;
		if (i + n < s.n &&
		    (s.p[i + n] == '.' || ascii_alnum(s.p[i + n])) &&
		    i + n + 1 < s.n && ascii_alnum(s.p[i + n + 1]))
			continue;
		return span_sub(s, i, i + n);
	}
	return SPAN("");
}

/* A three-digit SMTP code as a word: 550; 0 when there is none. */
int
bounce_code(struct span s)
{
	for (size_t i = 0; i + 2 < s.n; i++) {
		if ((s.p[i] != '4' && s.p[i] != '5') ||
		    (s.p[i + 1] < '0' || s.p[i + 1] > '7') ||
		    !ascii_digit(s.p[i + 2]))
			continue;
		if (i > 0 && (ascii_alnum(s.p[i - 1]) || s.p[i - 1] == '.'))
			continue;
		if (i + 3 < s.n && strchr(" -,\n#", s.p[i + 3]) == NULL)
			continue;
		return (s.p[i] - '0') * 100 + (s.p[i + 1] - '0') * 10 +
		       (s.p[i + 2] - '0');
	}
	return 0;
}

struct bounced *
bounce_add(struct arena *arena, struct reading *r, struct span address)
{
	struct span key = address_key(arena, address);

	for (uint32_t i = 0; i < r->bounced_n; i++)
		if (span_eq(address_key(arena, r->bounced[i].address), key))
			return &r->bounced[i];
	if (r->bounced_n == RECIPIENTS_MAX)
		return NULL;
	vec_room(arena, &r->bounced, r->bounced_n, sizeof(*r->bounced));
	r->bounced[r->bounced_n] = (struct bounced){
	    .address = address, .status = SPAN(""), .diagnostic = SPAN("")};
	return &r->bounced[r->bounced_n++];
}

/* "5.0.0" says nothing that the diagnostic may not say better. */
static bool
is_vague(struct span status)
{
	return status.n == 0 || span_ends(status, ".0.0");
}

void
bounce_judge(struct arena *arena, struct bounced *b, struct span diagnostic)
{
	struct span better = bounce_status(diagnostic);
	int code = bounce_code(diagnostic);

	if (b->diagnostic.n == 0)
		b->diagnostic =
		    utf8_line(arena, utf8_head(without_marks(arena, diagnostic),
					 DIAGNOSTIC_BYTES));
	if (better.n > 0 && is_vague(b->status) &&
	    (b->status.n == 0 || b->status.p[0] == better.p[0]))
		b->status = better;
	if (b->delayed)
		b->permanent = false;
	else if (b->status.n > 0)
		b->permanent = b->status.p[0] == '5';
	else if (code > 0)
		b->permanent = code >= 500;
}

/* --- RFC 3464 ----------------------------------------------------------- */

struct group {
	struct span final, original, action, status, diagnostic;
};

static void
group_field(struct group *g, struct span name, struct span value)
{
	if (span_caseis(name, "Final-Recipient"))
		g->final = value;
	else if (span_caseis(name, "Original-Recipient") ||
		 span_caseis(name, "X-Actual-Recipient"))
		g->original = value;
	else if (span_caseis(name, "Action"))
		g->action = value;
	else if (span_caseis(name, "Status"))
		g->status = value;
	else if (span_caseis(name, "Diagnostic-Code"))
		g->diagnostic = value;
}

/* RFC 3464 2.3.3; "deliverable" answers a question whether it would be. */
bool
bounce_is_success(struct span action)
{
	return span_casestarts(action, "delivered") ||
	       span_casestarts(action, "deliverable") ||
	       span_casestarts(action, "relayed") ||
	       span_casestarts(action, "expanded");
}

static void
group_end(struct arena *arena, struct group *g, struct reading *r)
{
	struct span address;
	struct bounced *b;

	/*
	 * What we wrote to is the original recipient, but many servers put
	 * something of their own there; the final one is the failed one.
	 */
	if (!bounce_address(arena, g->final, &address) &&
	    !bounce_address(arena, g->original, &address))
		return;
	if (bounce_is_success(g->action))
		return;
	b = bounce_add(arena, r, address);
	if (b == NULL)
		return;
	b->delayed = span_casestarts(g->action, "delayed");
	b->permanent = !b->delayed;
	b->status = bounce_status(g->status);
	bounce_judge(arena, b, g->diagnostic);
}

void
bounce_groups(struct arena *arena, struct span text, struct reading *r)
{
	struct group g = {0};
	struct span line, name, *last = NULL;
	size_t from = 0;

	while (from < text.n) {
		struct span rest = span_skip(text, from), value;
		size_t colon;

		if (!span_line(&rest, &line))
			break;
		from = text.n - rest.n;
		/* a continued line; only the diagnostic's matters */
		if (line.n > 0 && ascii_blank(line.p[0]) &&
		    span_trim(line).n > 0 && last != NULL) {
			*last = (struct span){
			    last->p, (size_t)(line.p + line.n - last->p)};
			continue;
		}
		last = NULL;
		if (span_trim(line).n == 0) {
			group_end(arena, &g, r);
			g = (struct group){0};
			continue;
		}
		colon = span_findc(line, ':');
		name = span_trim(span_sub(line, 0, colon));
		value = span_trim(span_skip(line, colon + 1));
		/* no blank line between two recipients */
		if (span_caseis(name, "Final-Recipient") && g.final.n > 0) {
			group_end(arena, &g, r);
			g = (struct group){0};
		}
		group_field(&g, name, value);
		if (span_caseis(name, "Diagnostic-Code"))
			last = &g.diagnostic;
	}
	group_end(arena, &g, r);
}

struct span
bounce_header(struct span header, const char *name)
{
	struct span line;

	while (span_line(&header, &line)) {
		size_t colon = span_findc(line, ':');

		if (colon < line.n &&
		    span_caseis(span_trim(span_sub(line, 0, colon)), name))
			return span_trim(span_skip(line, colon + 1));
	}
	return SPAN("");
}
