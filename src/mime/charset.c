/*
 * Bytes to UTF-8.  glibc's iconv opens a file for each charset, which the
 * sandbox forbids, so all descriptors are opened before its door is shut
 * and kept: the only state in this module.
 */
#include <iconv.h>
#include <string.h>

#include "base/limits.h"
#include "base/str.h"
#include "base/utf8.h"
#include "mime/mime_int.h"

enum {
	NOT_OPEN = 0,
	OPEN,
	MISSING
};

/* Names of iconv's.  Others are added below as aliases. */
static const char *const charsets[] = {"ISO-8859-2", "ISO-8859-3", "ISO-8859-4",
    "ISO-8859-5", "ISO-8859-6", "ISO-8859-7", "ISO-8859-8", "ISO-8859-10",
    "ISO-8859-13", "ISO-8859-14", "ISO-8859-15", "ISO-8859-16", "WINDOWS-1250",
    "WINDOWS-1251", "WINDOWS-1253", "WINDOWS-1254", "WINDOWS-1255",
    "WINDOWS-1256", "WINDOWS-1257", "WINDOWS-1258", "KOI8-R", "KOI8-U",
    "IBM437", "IBM850", "IBM852", "IBM855", "IBM866", "CP932", "EUC-JP",
    "ISO-2022-JP-2", "CP949", "ISO-2022-KR", "GB18030", "ISO-2022-CN-EXT",
    "BIG5-HKSCS", "CP874", "MACINTOSH", "MAC-CYRILLIC", "UTF-7", "UTF-16",
    "UTF-16LE", "UTF-16BE", "UTF-32"};

enum {
	CHARSETS_N = sizeof(charsets) / sizeof(charsets[0])
};

static struct {
	int state;
	iconv_t handle;
} opened[CHARSETS_N];

/*
 * Labels of mail programs, after the WHATWG's encoding list and what was met
 * in archives.  "utf-8" and "windows-1252" are read by our own code.
 */
static const struct {
	const char *label, *name;
} aliases[] = {{"utf8", "utf-8"}, {"utf8mb4", "utf-8"},
    {"unicode-1-1-utf-8", "utf-8"}, {"x-utf-8", "utf-8"}, {"utf", "utf-8"},
    {"utf-8n", "utf-8"}, {"us-ascii", "utf-8"}, {"ascii", "utf-8"},
    {"ansi_x3.4-1968", "utf-8"}, {"iso-ir-6", "utf-8"}, {"646", "utf-8"},
    {"unknown-8bit", "utf-8"}, {"unknown", "utf-8"}, {"x-unknown", "utf-8"},
    {"7bit", "utf-8"}, {"8bit", "utf-8"}, {"default", "utf-8"},
    {"x-user-defined", "utf-8"}, {"iso-8859-1", "windows-1252"},
    {"iso8859-1", "windows-1252"}, {"iso_8859-1", "windows-1252"},
    {"iso88591", "windows-1252"},
    {"iso-8859-1-windows-3.1-latin-1", "windows-1252"},
    {"latin1", "windows-1252"}, {"latin-1", "windows-1252"},
    {"l1", "windows-1252"}, {"cp1252", "windows-1252"},
    {"cp-1252", "windows-1252"}, {"x-ansi", "windows-1252"},
    {"ansi", "windows-1252"}, {"iso-8859-9", "WINDOWS-1254"},
    {"iso8859-9", "WINDOWS-1254"}, {"latin5", "WINDOWS-1254"},
    {"iso-8859-11", "CP874"}, {"tis-620", "CP874"}, {"windows-874", "CP874"},
    {"iso-8859-8-i", "ISO-8859-8"}, {"iso-8859-8-e", "ISO-8859-8"},
    {"iso-8859-6-i", "ISO-8859-6"}, {"latin2", "ISO-8859-2"},
    {"latin9", "ISO-8859-15"}, {"latin-9", "ISO-8859-15"}, {"koi8r", "KOI8-R"},
    {"koi8", "KOI8-R"}, {"koi8-ru", "KOI8-U"}, {"cp437", "IBM437"},
    {"cp850", "IBM850"}, {"cp-850", "IBM850"}, {"dos-850", "IBM850"},
    {"cp852", "IBM852"}, {"cp855", "IBM855"}, {"cp866", "IBM866"},
    {"cp-866", "IBM866"}, {"shift_jis", "CP932"}, {"shift-jis", "CP932"},
    {"sjis", "CP932"}, {"x-sjis", "CP932"}, {"ms_kanji", "CP932"},
    {"windows-31j", "CP932"}, {"ms932", "CP932"}, {"cp-932", "CP932"},
    {"x-euc-jp", "EUC-JP"}, {"eucjp", "EUC-JP"},
    {"iso-2022-jp", "ISO-2022-JP-2"}, {"iso-2022-jp-ms", "ISO-2022-JP-2"},
    {"iso-2022-jp-1", "ISO-2022-JP-2"}, {"euc-kr", "CP949"},
    {"ks_c_5601-1987", "CP949"}, {"ks_c_5601", "CP949"}, {"ksc5601", "CP949"},
    {"ks_c_5601-1989", "CP949"}, {"windows-949", "CP949"}, {"uhc", "CP949"},
    {"korean", "CP949"}, {"gb2312", "GB18030"}, {"gb-2312", "GB18030"},
    {"gb_2312-80", "GB18030"}, {"gbk", "GB18030"}, {"x-gbk", "GB18030"},
    {"cp936", "GB18030"}, {"cp-936", "GB18030"}, {"euc-cn", "GB18030"},
    {"chinese", "GB18030"}, {"iso-2022-cn", "ISO-2022-CN-EXT"},
    {"big5", "BIG5-HKSCS"}, {"big-5", "BIG5-HKSCS"}, {"x-x-big5", "BIG5-HKSCS"},
    {"cp950", "BIG5-HKSCS"}, {"cn-big5", "BIG5-HKSCS"}, {"mac", "MACINTOSH"},
    {"macroman", "MACINTOSH"}, {"x-mac-roman", "MACINTOSH"},
    {"x-mac-cyrillic", "MAC-CYRILLIC"}, {"unicode-1-1-utf-7", "UTF-7"},
    {"utf7", "UTF-7"}, {"x-unicode-2-0-utf-7", "UTF-7"}, {"unicode", "UTF-16"},
    {"ucs-2", "UTF-16"}, {"utf16", "UTF-16"}, {"utf32", "UTF-32"}};

void
charset_prepare(void)
{
	for (int i = 0; i < CHARSETS_N; i++) {
		if (opened[i].state != NOT_OPEN)
			continue;
		opened[i].handle = iconv_open("UTF-8", charsets[i]);
		opened[i].state =
		    opened[i].handle == (iconv_t)-1 ? MISSING : OPEN;
	}
}

/* windows-1252 0x80..0x9f; the five holes become U+FFFD. */
static uint32_t
windows_1252(unsigned char c)
{
	static const uint16_t high[32] = {0x20ac, 0xfffd, 0x201a, 0x0192,
	    0x201e, 0x2026, 0x2020, 0x2021, 0x02c6, 0x2030, 0x0160, 0x2039,
	    0x0152, 0xfffd, 0x017d, 0xfffd, 0xfffd, 0x2018, 0x2019, 0x201c,
	    0x201d, 0x2022, 0x2013, 0x2014, 0x02dc, 0x2122, 0x0161, 0x203a,
	    0x0153, 0xfffd, 0x017e, 0x0178};

	return c >= 0x80 && c < 0xa0 ? high[c - 0x80] : c;
}

uint32_t
charset_code(uint32_t c)
{
	if (c < 0x20)
		return c == '\t' || c == '\n' ? c : 0;
	if (c < 0x7f)
		return c;
	if (c < 0xa0) /* "&#146;" and double encoding mean windows-1252 */
		return c == 0x7f ? 0 : windows_1252((unsigned char)c);
	if (c == 0x2028 || c == 0x2029)
		return '\n';
	if ((c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069) ||
	    (c >= 0xfdd0 && c <= 0xfdef) || (c & 0xfffe) == 0xfffe ||
	    c == 0xfeff)
		return 0;
	return c;
}

/* An invalid byte is windows-1252: for old mail, and footers added to new. */
struct span
charset_clean(struct arena *arena, struct span s, bool one_line)
{
	char *out = arena_alloc(arena, s.n * 3 + 1);
	size_t n = 0, i = 0, eaten;
	uint32_t c;

	while (i < s.n) {
		unsigned char b = (unsigned char)s.p[i];

		if (b > ' ' && b < 0x7f) {
			out[n++] = (char)b;
			i++;
			continue;
		}
		eaten = utf8_next(span_skip(s, i), &c);
		if (c == 0xfffd && eaten == 1)
			c = windows_1252(b);
		if (c == '\r')
			c = i + 1 < s.n && s.p[i + 1] == '\n' ? 0 : '\n';
		i += eaten;
		c = charset_code(c);
		if (c == 0)
			continue;
		if (one_line && (c == '\n' || c == '\t' || c == ' ')) {
			if (n > 0 && out[n - 1] != ' ')
				out[n++] = ' ';
			continue;
		}
		n += utf8_put(c, out + n);
	}
	if (one_line && n > 0 && out[n - 1] == ' ')
		n--;
	out[n] = '\0';
	return (struct span){out, n};
}

/* Each byte for itself. */
static struct span
from_1252(struct arena *arena, struct span s)
{
	char *out = arena_alloc(arena, s.n * 3 + 1);
	size_t n = 0;

	for (size_t i = 0; i < s.n; i++)
		n += utf8_put(windows_1252((unsigned char)s.p[i]), out + n);
	return charset_clean(arena, (struct span){out, n}, false);
}

/* UTF-8 with at least one letter beyond ASCII: no accident. */
static bool
is_utf8_text(struct span s)
{
	for (size_t i = 0; i < s.n; i++)
		if ((unsigned char)s.p[i] >= 0x80)
			return utf8_valid(s);
	return false;
}

/* What does not convert becomes U+FFFD; *bad counts it. */
static struct span
convert(struct arena *arena, iconv_t handle, struct span s, size_t *bad)
{
	char *in = (char *)s.p, *out, *at;
	size_t left = s.n, room;
	struct str text;

	*bad = 0;
	str_init(&text, arena, LIMIT_TEXT_BYTES * 4);
	out = arena_alloc(arena, 4096);
	iconv(handle, NULL, NULL, NULL, NULL);
	while (left > 0 && !text.cut) {
		size_t before = left, rc;

		at = out;
		room = 4096;
		rc = iconv(handle, &in, &left, &at, &room);
		str_add(&text, (struct span){out, (size_t)(at - out)});
		if (rc != (size_t)-1 || (left < before && at > out))
			continue;
		if (left == 0)
			break;
		str_addz(&text, "\xef\xbf\xbd");
		(*bad)++;
		in++;
		left--;
	}
	return str_span(&text);
}

static const char *
resolve(struct span name)
{
	for (size_t i = 0; i < sizeof(aliases) / sizeof(aliases[0]); i++)
		if (span_caseis(name, aliases[i].label))
			return aliases[i].name;
	for (int i = 0; i < CHARSETS_N; i++)
		if (span_caseis(name, charsets[i]))
			return charsets[i];
	if (span_caseis(name, "windows-1252"))
		return "windows-1252";
	return "utf-8";
}

static struct span
from_named(struct arena *arena, struct span bytes, const char *name)
{
	struct span text;
	size_t bad;
	int i = 0;

	if (strcmp(name, "windows-1252") == 0 && !is_utf8_text(bytes))
		return from_1252(arena, bytes);
	while (i < CHARSETS_N && strcmp(charsets[i], name) != 0)
		i++;
	if (i == CHARSETS_N || opened[i].state != OPEN)
		return charset_clean(arena, bytes, false);
	text = convert(arena, opened[i].handle, bytes, &bad);
	/* Declared wrongly more often than written wrongly. */
	if (bad > 0 && is_utf8_text(bytes))
		text = bytes;
	return charset_clean(arena, text, false);
}

struct span
charset_text(struct arena *arena, struct span bytes, struct span name)
{
	if (name.n == 0)
		return charset_clean(arena, bytes, false);
	/* "us-ascii//translit", "'utf-8'", "utf-8;": ends at such a sign. */
	name = span_trim(name);
	while (name.n > 0 && (name.p[0] == '"' || name.p[0] == '\''))
		name = span_skip(name, 1);
	for (size_t i = 0; i < name.n; i++)
		if (!ascii_alnum(name.p[i]) && name.p[i] != '-' &&
		    name.p[i] != '_' && name.p[i] != '.')
			name.n = i;
	return from_named(arena, bytes, resolve(name));
}

struct span
charset_codepage(struct arena *arena, struct span bytes, int page)
{
	static const struct {
		int page;
		const char *name;
	} pages[] = {{437, "IBM437"}, {850, "IBM850"}, {852, "IBM852"},
	    {866, "IBM866"}, {874, "CP874"}, {932, "CP932"}, {936, "GB18030"},
	    {949, "CP949"}, {950, "BIG5-HKSCS"}, {1200, "UTF-16LE"},
	    {1250, "WINDOWS-1250"}, {1251, "WINDOWS-1251"},
	    {1252, "windows-1252"}, {1253, "WINDOWS-1253"},
	    {1254, "WINDOWS-1254"}, {1255, "WINDOWS-1255"},
	    {1256, "WINDOWS-1256"}, {1257, "WINDOWS-1257"},
	    {1258, "WINDOWS-1258"}, {20866, "KOI8-R"}, {21866, "KOI8-U"},
	    {28592, "ISO-8859-2"}, {28605, "ISO-8859-15"},
	    {50220, "ISO-2022-JP-2"}, {51932, "EUC-JP"}, {54936, "GB18030"},
	    {65000, "UTF-7"}, {65001, "utf-8"}};

	for (size_t i = 0; i < sizeof(pages) / sizeof(pages[0]); i++)
		if (pages[i].page == page)
			return from_named(arena, bytes, pages[i].name);
	return from_named(arena, bytes, "windows-1252");
}
