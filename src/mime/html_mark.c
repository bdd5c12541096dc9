/*
 * The marks that mail programs leave in HTML.  Outlook on the web writes
 * "x_" in front of the ids and classes of what it quotes, once for each
 * time; a mark is the same with and without.
 */
#include <strings.h>

#include "mime/html_int.h"
#include "mime/mime_int.h"

enum how {
	IS,       /* the whole value */
	WORD,     /* one of its words */
	BEGINS,   /* the whole value begins so */
	CONTAINS, /* anywhere, blanks left out, letter case ignored */
};

/* The first rule that fits is taken.  tag NULL: any. */
static const struct rule {
	const char *tag, *attribute;
	enum how how;
	const char *value;
	enum mark mark;
} rules[] = {
    /* Gmail indents with the class it quotes with: see MARKS_BLOCK. */
    {"blockquote", "style", CONTAINS, "margin:00040px", MARKS_INDENT},
    {"blockquote", "class", WORD, "gmail_quote", MARKS_BLOCK},
    {NULL, "class", WORD, "gmail_quote", MARKS_GMAIL},
    {NULL, "class", WORD, "gmail_quote_container", MARKS_GMAIL},
    {NULL, "class", WORD, "gmail_signature", MARKS_SIGNATURE},
    {NULL, "class", WORD, "gmail_signature_prefix", MARKS_SIGNATURE},
    /* Outlook: desktop, web, phone */
    {NULL, "id", IS, "divRplyFwdMsg", MARKS_FROM_HERE},
    {NULL, "id", IS, "appendonsend", MARKS_FROM_HERE},
    {NULL, "id", IS, "OLK_SRC_BODY_SECTION", MARKS_QUOTE},
    {NULL, "id", IS, "mail-editor-reference-message-container", MARKS_QUOTE},
    {NULL, "class", WORD, "ms-outlook-mobile-reference-message", MARKS_QUOTE},
    {NULL, "id", IS, "ms-outlook-mobile-signature", MARKS_SIGNATURE},
    {NULL, "id", IS, "Signature", MARKS_SIGNATURE},
    {NULL, "class", WORD, "OutlookMessageHeader", MARKS_FROM_HERE},
    {"hr", "id", IS, "stopSpelling", MARKS_FROM_HERE},
    {"div", "style", CONTAINS, "border-top:solid#e1e1e11.0pt", MARKS_FROM_HERE},
    {"div", "style", CONTAINS, "border-top:solid#b5c4df1.0pt", MARKS_FROM_HERE},
    {"div", "style", CONTAINS, "border-top:1ptsolidrgb(225,225,225)",
	MARKS_FROM_HERE},
    {"div", "style", CONTAINS, "border-top:1ptsolid#e1e1e1", MARKS_FROM_HERE},
    /* Apple, Thunderbird and all that follow them */
    {"blockquote", "type", IS, "cite", MARKS_QUOTE},
    {NULL, "class", WORD, "moz-cite-prefix", MARKS_QUOTE},
    {NULL, "class", WORD, "moz-forward-container", MARKS_QUOTE},
    {NULL, "class", WORD, "moz-signature", MARKS_SIGNATURE},
    {NULL, "class", WORD, "AppleOriginalContents", MARKS_QUOTE},
    {NULL, "id", IS, "AppleMailSignature", MARKS_SIGNATURE},
    {NULL, "id", IS, "reply-intro", MARKS_QUOTE},
    {NULL, "id", IS, "replyintro", MARKS_QUOTE},
    /* Yahoo, Proton, Zimbra, Spark, GMX, Tuta, Zoho, Front, Mimestream */
    {NULL, "class", WORD, "yahoo_quoted", MARKS_QUOTE},
    {NULL, "id", BEGINS, "yahoo_quoted", MARKS_QUOTE},
    {NULL, "class", WORD, "protonmail_quote", MARKS_QUOTE},
    {NULL, "class", WORD, "protonmail_signature_block", MARKS_SIGNATURE},
    {"hr", "data-marker", IS, "__DIVIDER__", MARKS_FROM_HERE},
    {"hr", "id", IS, "zwchr", MARKS_FROM_HERE},
    {NULL, "name", IS, "messageReplySection", MARKS_QUOTE},
    {NULL, "name", IS, "messageSignatureSection", MARKS_SIGNATURE},
    {"div", "name", IS, "quote", MARKS_QUOTE},
    {NULL, "class", WORD, "tutanota_quote", MARKS_QUOTE},
    {NULL, "class", WORD, "zmail_extra", MARKS_QUOTE},
    {NULL, "class", WORD, "front-blockquote", MARKS_QUOTE},
    {NULL, "class", WORD, "front-signature", MARKS_SIGNATURE},
    {NULL, "class", WORD, "mimestream_quote", MARKS_QUOTE},
    {NULL, "id", IS, "isForwardContent", MARKS_QUOTE},
    {NULL, "id", IS, "isReplyContent", MARKS_QUOTE},
    {NULL, "id", BEGINS, "cm_replymail", MARKS_QUOTE},
    {"blockquote", NULL, IS, "", MARKS_BLOCK},
};

struct span
html_attribute(const char *const *attributes, const char *name)
{
	for (; attributes != NULL && attributes[0] != NULL; attributes += 2)
		if (strcasecmp(attributes[0], name) == 0)
			return span_of(attributes[1]);
	return SPAN("");
}

static struct span
without_x(struct span s)
{
	while (span_starts(s, "x_"))
		s = span_skip(s, 2);
	return s;
}

/* Does text hold value, once blanks are left out and letters lowered? */
static bool
contains(struct span text, struct span value)
{
	char packed[512];
	size_t n = 0;

	for (size_t i = 0; i < text.n && n < sizeof(packed); i++)
		if (!ascii_blank(text.p[i]))
			packed[n++] = ascii_lower(text.p[i]);
	return span_find((struct span){packed, n}, value) < n;
}

static bool
has_word(struct span text, struct span value)
{
	struct span word;

	while (span_word(&text, &word))
		if (span_caseeq(without_x(word), value))
			return true;
	return false;
}

static bool
fits(const struct rule *r, const char *const *attributes)
{
	struct span value = span_of(r->value), found;

	if (r->attribute == NULL)
		return true;
	found = span_trim(html_attribute(attributes, r->attribute));
	if (found.n == 0)
		return false;
	switch (r->how) {
	case IS:
		return span_caseeq(without_x(found), value);
	case WORD:
		return has_word(found, value);
	case BEGINS:
		return span_casestarts(without_x(found), r->value);
	case CONTAINS:
		return contains(found, value);
	}
	return false;
}

enum mark
html_mark(const char *tag, const char *const *attributes)
{
	bool quote = strcasecmp(tag, "blockquote") == 0;

	if (!quote && (attributes == NULL || attributes[0] == NULL))
		return MARK_NONE;
	for (size_t i = 0; i < sizeof(rules) / sizeof(rules[0]); i++)
		if ((rules[i].tag == NULL ||
			strcasecmp(tag, rules[i].tag) == 0) &&
		    fits(&rules[i], attributes))
			return rules[i].mark;
	return MARK_NONE;
}

bool
html_hidden(const char *tag, const char *const *attributes)
{
	static const char *const silent[] = {"style", "script", "title", "xml",
	    "template", "object", "embed", "applet"};
	struct span style;

	for (size_t i = 0; i < sizeof(silent) / sizeof(silent[0]); i++)
		if (strcasecmp(tag, silent[i]) == 0)
			return true;
	style = html_attribute(attributes, "style");
	return style.n > 0 && (contains(style, SPAN("display:none")) ||
				  contains(style, SPAN("mso-hide:all")));
}
