/*
 * winmail.dat (MS-OXTNEF), by libytnef: the message class and the text, be it
 * plain, HTML or compressed RTF.
 */
#include <stdio.h> /* ytnef.h wants it */
#include <stdlib.h>
#include <string.h>

#include <ytnef.h>

#include "base/utf8.h"
#include "mime/mime_int.h"

/* Lengths, kind, checksum (MS-OXRTFCP 2.1.3.1). */
enum {
	RTF_HEAD_BYTES = 16
};

static struct span
property(TNEFStruct *t, DWORD type, DWORD id)
{
	variableLength *v =
	    MAPIFindProperty(&t->MapiProperties, PROP_TAG(type, id));

	if (v == NULL || v == MAPI_UNDEFINED || v->data == NULL || v->size <= 0)
		return SPAN("");
	return (struct span){(const char *)v->data, (size_t)v->size};
}

/* Strings end at their NUL here. */
static struct span
without_nul(struct span s)
{
	s.n = span_findc(s, '\0');
	return span_sub(s, 0, LIMIT_TEXT_BYTES);
}

static int
codepage(TNEFStruct *t)
{
	struct span s = property(t, PT_LONG, PR_INTERNET_CPID);
	uint32_t page = 0;

	if (s.n >= sizeof(page))
		memcpy(&page, s.p, sizeof(page));
	else if (t->CodePage.data != NULL && t->CodePage.size >= 4)
		memcpy(&page, t->CodePage.data, sizeof(page));
	return page == 0 || page > 65535 ? 1252 : (int)page;
}

static struct span
rtf_of(struct arena *arena, TNEFStruct *t)
{
	struct span packed = property(t, PT_BINARY, PR_RTF_COMPRESSED), text;
	variableLength v = {(BYTE *)packed.p, (int)packed.n};
	int n = 0;
	BYTE *rtf;

	if (packed.n < RTF_HEAD_BYTES)
		return SPAN("");
	/* Stored as it is: the library forgets this case. */
	if (span_starts(span_skip(packed, 8), "MELA"))
		return rtf_text(arena, span_skip(packed, RTF_HEAD_BYTES));
	rtf = DecompressRTF(&v, &n);
	if (rtf == NULL)
		return SPAN("");
	text = rtf_text(arena, (struct span){(const char *)rtf, (size_t)n});
	free(rtf);
	return text;
}

static void
take(struct arena *arena, TNEFStruct *t, struct tnef *out)
{
	struct span s;
	int page = codepage(t);

	s = property(t, PT_UNICODE, PR_MESSAGE_CLASS);
	if (s.n == 0)
		s = property(t, PT_STRING8, PR_MESSAGE_CLASS);
	if (s.n == 0)
		s = (struct span){t->messageClass,
		    strnlen(t->messageClass, sizeof(t->messageClass))};
	out->class = charset_clean(arena, without_nul(s), true);
	/* The library has turned PT_UNICODE into UTF-8. */
	s = without_nul(property(t, PT_UNICODE, PR_BODY));
	if (s.n > 0)
		out->text = charset_clean(arena, s, false);
	s = without_nul(property(t, PT_STRING8, PR_BODY));
	if (out->text.n == 0 && s.n > 0)
		out->text = charset_codepage(arena, s, page);
	s = without_nul(property(t, PT_UNICODE, PR_BODY_HTML));
	if (s.n > 0)
		out->html = charset_clean(arena, s, false);
	s = without_nul(property(t, PT_STRING8, PR_BODY_HTML));
	if (s.n == 0)
		s = without_nul(property(t, PT_BINARY, PR_BODY_HTML));
	if (out->html.n == 0 && s.n > 0)
		out->html = charset_codepage(arena, s, page);
	if (out->text.n == 0 && t->body.data != NULL && t->body.size > 0)
		out->text = charset_codepage(arena,
		    without_nul((struct span){
			(const char *)t->body.data, (size_t)t->body.size}),
		    page);
	if (out->text.n == 0 && out->html.n == 0)
		out->text = rtf_of(arena, t);
}

bool
tnef_read(struct arena *arena, struct span bytes, struct tnef *out)
{
	TNEFStruct t;
	bool ok;

	*out = (struct tnef){SPAN(""), SPAN(""), SPAN("")};
	if (bytes.n < 16)
		return false;
	TNEFInitialize(&t);
	t.Debug = 0;
	/* It reads in place; a copy, so that it may write. */
	bytes = arena_span(arena, bytes);
	ok = TNEFParseMemory((BYTE *)bytes.p, (long)bytes.n, &t) >= 0;
	/* A damaged end still leaves what came before it. */
	take(arena, &t, out);
	TNEFFree(&t);
	return ok || out->class.n > 0 || out->text.n > 0 || out->html.n > 0;
}
