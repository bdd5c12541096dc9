/* mime/: each of its rooms by a table, and hostile mail by the clock. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>
#include <time.h>

#include "base/limits.h"
#include "base/str.h"
#include "base/utf8.h"
#include "mime/mime.h"
#include "mime/mime_int.h"

#define LEN(a) (sizeof(a) / sizeof((a)[0]))

static struct arena arena;

static int
setup(void **state)
{
	(void)state;
	mime_prepare();
	arena_init(&arena);
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	arena_release(&arena);
	return 0;
}

static void
check(struct span got, const char *want, const char *why)
{
	if (!span_is(got, want))
		fail_msg("%s\nwant: [%s]\ngot:  [%.*s]", why, want, (int)got.n,
		    got.p);
}

static struct mail
read_mail(struct span raw)
{
	struct mail m;

	mime_read(&arena, raw, NULL, &m);
	return m;
}

/* --- header blocks ------------------------------------------------------ */

/* Subject and text of a whole mail. */
static const struct {
	const char *why, *raw, *subject, *text;
} headers[] = {
    {"as it should be", "Subject: x\n\nbody\n", "x", "body\n"},
    {"CR LF", "Subject: x\r\n\r\nbody\r\n", "x", "body\n"},
    {"CR alone", "Subject: x\rTo: y\r\rbody\r", "x", "body\n"},
    {"a blank before the colon", "Subject : x\n\nbody", "x", "body"},
    {"a name with a blank is skipped", "X Foo: y\nSubject: x\n\nbody", "x",
	"body"},
    {"a line without a colon is skipped", "nonsense\nSubject: x\n\nbody", "x",
	"body"},
    {"its folded lines too", "From: a\nnonsense\n y\nSubject: x\n\nbody", "x",
	"body"},
    {"an mbox line in front",
	"From a@b Mon Nov 23 09:00:00 2026\n"
	"Subject: x\n\nbody",
	"x", "body"},
    {"a quoted mbox line inside", "To: y\n>From a@b Mon\nSubject: x\n\nbody",
	"x", "body"},
    {"an empty line in front", "\nSubject: x\n\nbody", "x", "body"},
    {"a line of blanks inside", "To: y\n  \nSubject: x\n\nbody", "x", "body"},
    {"a line of blanks as the end", "Subject: x\n  \nHi: there", "x",
	"Hi: there"},
    {"no empty line before the body", "Subject: x\nHello you\nthere\n", "x",
	"Hello you\nthere\n"},
    {"no body", "Subject: x", "x", ""},
    {"no header", "\nhello\n", "", "hello\n"},
    {"nothing", "", "", ""},
    {"folded", "Subject: a\n b\n\tc\n\nbody", "a b c", "body"},
    {"folded right behind the colon", "Subject:\n a\n\nbody", "a", "body"},
    {"empty", "Subject:\nTo: x\n\nbody", "", "body"},
    {"a lone CR in a field begins no other", "Subject: a\rFrom: b\n\nbody",
	"a From: b", "body"},
};

static void
test_headers(void **state)
{
	(void)state;
	for (size_t i = 0; i < LEN(headers); i++) {
		struct mail m = read_mail(span_of(headers[i].raw));

		check(m.subject, headers[i].subject, headers[i].why);
		check(m.text, headers[i].text, headers[i].why);
		check(m.refused, "", headers[i].why);
	}
}

/* --- encoded words ------------------------------------------------------ */

static const struct {
	const char *why, *value, *want;
} words[] = {
    {"plain", "hello", "hello"},
    {"quoted", "=?utf-8?Q?caf=C3=A9_x?=", "café x"},
    {"base64", "=?UTF-8?B?w6TDtsO8?=", "äöü"},
    {"latin", "=?iso-8859-1?q?J=FCrgen?= ok", "Jürgen ok"},
    {"blanks between neighbours go", "=?utf-8?q?a?=  =?utf-8?q?b?=", "ab"},
    {"blanks before text stay", "=?utf-8?q?a?= b =?utf-8?q?c?=", "a b c"},
    {"a letter split over two", "=?utf-8?Q?caf=C3?= =?utf-8?Q?=A9?=", "café"},
    {"split, in both ways",
	"=?utf-8?B?w6Q=?= =?utf-8?Q?=C3?= "
	"=?utf-8?B?pA==?=",
	"ää"},
    {"split in a charset of two bytes",
	"=?gb2312?B?xOM=?= =?gb2312?B?usM=?=", "你好"},
    {"another charset next", "=?iso-8859-1?q?=E4?= =?koi8-r?b?8A==?=", "äП"},
    {"with a language", "=?utf-8*de?q?=C3=A4?=", "ä"},
    {"blanks inside a word", "=?utf-8?Q?a b?= c", "a b c"},
    {"a question mark inside", "=?utf-8?Q?why=3F?=", "why?"},
    {"in the middle of a word", "x=?utf-8?q?=C3=A4?=y", "xäy"},
    {"no end", "=?utf-8?q?abc", "=?utf-8?q?abc"},
    {"no encoding", "=?utf-8?x?abc?=", "=?utf-8?x?abc?="},
    {"empty", "a =?utf-8?q?\?= b", "a b"},
    {"a charset nobody knows", "=?klingon?q?=C3=A4?=", "ä"},
    {"the declared charset is wrong", "=?utf-8?q?=E4?=", "ä"},
    {"raw UTF-8", "caf\xc3\xa9", "café"},
    {"raw latin", "caf\xe9", "café"},
    {"raw next to a word", "\xe4 =?utf-8?q?=C3=A4?=", "ä ä"},
    {"line ends inside a word", "=?utf-8?q?a=0D=0ABcc:_x?=", "a Bcc: x"},
    {"controls and marks are dropped", "=?utf-8?q?a=00=07=EF=B7=90b?=", "ab"},
    {"bidi overrides are dropped", "=?utf-8?q?a=E2=80=AEb?=", "ab"},
    {"Japanese", "=?ISO-2022-JP?B?GyRCJDMkcyRLJEEkTxsoQg==?=", "こんにちは"},
    {"Word's quotes under a latin flag", "=?iso-8859-1?q?=93x=94?=", "“x”"},
};

static void
test_words(void **state)
{
	(void)state;
	for (size_t i = 0; i < LEN(words); i++)
		check(word_decode(&arena, span_of(words[i].value)),
		    words[i].want, words[i].why);
}

/* --- parameters --------------------------------------------------------- */

static const struct {
	const char *why, *value, *type, *name, *want;
} params[] = {
    {"plain", "text/plain; charset=utf-8", "text/plain", "charset", "utf-8"},
    {"quoted", "text/plain; name=\"a;b.txt\"", "text/plain", "name", "a;b.txt"},
    {"upper case", "TEXT/Plain; CharSet=X", "text/plain", "charset", "X"},
    {"blanks around", "text/plain ; charset = utf-8 ; x=y", "text/plain",
	"charset", "utf-8"},
    {"a comment", "text/plain (c;x=y) ; charset=(z)utf-8", "text/plain",
	"charset", "utf-8"},
    {"no semicolon", "multipart/mixed boundary=b", "multipart/mixed",
	"boundary", "b"},
    {"two semicolons", "text/plain;; charset=x;", "text/plain", "charset", "x"},
    {"blanks in an open value", "a/b; name=My file.pdf; x=y", "a/b", "name",
	"My file.pdf"},
    {"an open quote", "a/b; name=\"x y", "a/b", "name", "x y"},
    {"an escaped quote", "a/b; name=\"x\\\"y\"", "a/b", "name", "x\"y"},
    {"a path of Windows", "a/b; name=\"C:\\tmp\\x\"", "a/b", "name",
	"C:\\tmp\\x"},
    {"RFC 2231", "a/b; name*=utf-8'de'%C3%A4%20b", "a/b", "name", "ä b"},
    {"in pieces", "a/b; name*0=ab; name*1=cd", "a/b", "name", "abcd"},
    {"in pieces, out of order", "a/b; name*1=cd; name*0=ab", "a/b", "name",
	"abcd"},
    {"in pieces, one encoded", "a/b; name*0*=utf-8''%C3%A4; name*1=\"b%20\"",
	"a/b", "name", "äb%20"},
    {"a letter split over pieces", "a/b; name*0*=utf-8''%C3; name*1*=%A4",
	"a/b", "name", "ä"},
    {"a piece is missing", "a/b; name*0=a; name*2=c", "a/b", "name", "a"},
    {"both ways: the old one", "a/b; name=x; name*=utf-8''y", "a/b", "name",
	"x"},
    {"an encoded word", "a/b; name=\"=?utf-8?q?=C3=A4?=\"", "a/b", "name", "ä"},
    {"a latin charset", "a/b; name*=iso-8859-1''%E4", "a/b", "name", "ä"},
    {"raw bytes", "a/b; name=\"\xe4\"", "a/b", "name", "ä"},
    {"given twice: the first", "a/b; name=x; name=y", "a/b", "name", "x"},
    {"a word without a value", "a/b; foo; name=x", "a/b", "name", "x"},
    {"nothing", "", "", "name", ""},
    {"line ends are dropped", "a/b; name*=utf-8''a%0D%0Ab", "a/b", "name",
	"a b"},
};

static void
test_params(void **state)
{
	struct content c;

	(void)state;
	for (size_t i = 0; i < LEN(params); i++) {
		content_parse(&arena, span_of(params[i].value), &c);
		check(c.type, params[i].type, params[i].why);
		check(content_param(&c, params[i].name), params[i].want,
		    params[i].why);
	}
}

/* --- mailboxes ---------------------------------------------------------- */

/* Written as "name <address>", joined by "|". */
static const struct {
	const char *why, *value, *want;
} boxes[] = {
    {"bare", "ann@example.com", " <ann@example.com>"},
    {"named", "Ann <ann@example.com>", "Ann <ann@example.com>"},
    {"quoted, with a comma", "\"Example, Ann\" <ann@example.com>",
	"Example, Ann <ann@example.com>"},
    {"two", "a@b.example, Bo <c@d.example>", " <a@b.example>|Bo <c@d.example>"},
    {"two parted by a semicolon, as Outlook does", "a@b.example; c@d.example",
	" <a@b.example>| <c@d.example>"},
    {"a comment as the name", "ann@example.com (Ann)", "Ann <ann@example.com>"},
    {"a comment inside an address", "ann(x)@example(y).com",
	"xy <ann@example.com>"},
    {"comments in comments", "ann@example.com (a (b) c)",
	"a (b) c <ann@example.com>"},
    {"an encoded name", "=?utf-8?q?=C3=84nn?= <ann@example.com>",
	"Änn <ann@example.com>"},
    {"encoded inside quotes", "\"=?utf-8?q?=C3=84?=\" <ann@example.com>",
	"Ä <ann@example.com>"},
    {"a group", "team: a@b.example, c@d.example;",
	" <a@b.example>| <c@d.example>"},
    {"nobody", "undisclosed-recipients:;", ""},
    {"a route", "<@x.example,@y.example:ann@example.com>",
	" <ann@example.com>"},
    {"the domain's letters are lowered", "Ann@EXAMPLE.Com",
	" <Ann@example.com>"},
    {"an address as the name is no address",
	"\"boss@corp.example\" <evil@x.example>",
	"boss@corp.example <evil@x.example>"},
    {"nor without quotes", "boss@corp.example <evil@x.example>",
	"boss@corp.example <evil@x.example>"},
    {"two angles are two", "<boss@corp.example> <evil@x.example>",
	" <boss@corp.example>| <evil@x.example>"},
    {"a quoted local part is not trusted", "\"boss@corp.example\"@evil.example",
	"boss@corp.example@evil.example <>"},
    {"an encoded address is no address",
	"=?utf-8?q?boss=40corp.example?=", "boss@corp.example <>"},
    {"a name alone", "Ann Example", "Ann Example <>"},
    {"a word alone", "MAILER-DAEMON (Mail System)", "MAILER-DAEMON <>"},
    {"blanks in an address", "<ann @example.com>", " <>"},
    {"empty", "", ""},
    {"the empty path", "<>", " <>"},
    {"an open angle", "Ann <ann@example.com", "Ann <ann@example.com>"},
    {"an open quote", "\"Ann <ann@example.com>", "Ann <ann@example.com> <>"},
    {"an open comment", "ann@example.com (x", "x <ann@example.com>"},
    {"mailto inside", "<mailto:ann@example.com>", " <ann@example.com>"},
    {"an umlaut domain",
	"ann@b\xc3\xbc"
	"cher.example",
	" <ann@xn--bcher-kva.example>"},
    {"a line end in the address", "<ann@example.com\nBcc: x@y.example>", " <>"},
};

static void
test_boxes(void **state)
{
	(void)state;
	for (size_t i = 0; i < LEN(boxes); i++) {
		struct mail_address *list = NULL;
		struct str got;
		uint32_t n = 0;

		mailbox_list(&arena, span_of(boxes[i].value), &list, &n);
		str_init(&got, &arena, 1000);
		for (uint32_t k = 0; k < n; k++) {
			str_addz(&got, k > 0 ? "|" : "");
			str_add(&got, list[k].name);
			str_addz(&got, " <");
			str_add(&got, list[k].address);
			str_addz(&got, ">");
		}
		check(str_span(&got), boxes[i].want, boxes[i].why);
	}
}

static void
test_ids(void **state)
{
	struct mail m;

	(void)state;
	m = read_mail(SPAN("Message-ID: <a\n b@x>\nIn-Reply-To: your mail of "
			   "Monday <r@x>\nReferences: <1@x><2@x>\n <r@x>\n\n"));
	check(m.message_id, "ab@x", "a fold inside an identifier");
	assert_int_equal(m.references_n, 3);
	check(m.references[0], "r@x", "In-Reply-To first");
	check(m.references[1], "2@x", "then the newest of References");
	check(m.references[2], "1@x", "then the older");
	m = read_mail(SPAN("Message-ID: no-angles@x\n\n"));
	check(m.message_id, "no-angles@x", "without brackets");
}

static void
test_senders(void **state)
{
	struct mail m;

	(void)state;
	m = read_mail(SPAN("From: a@b.example\nFrom : c@d.example\n"
			   "Return-Path: <>\nSender: S <s@b.example>\n\n"));
	assert_int_equal(m.from_fields, 2);
	assert_int_equal(m.from_n, 2);
	assert_true(m.has_return_path);
	check(m.return_path, "", "the empty path");
	check(m.sender, "s@b.example", "Sender");
	m = read_mail(SPAN("From: a@b.example\n\n"));
	assert_int_equal(m.from_fields, 1);
	assert_false(m.has_return_path);
	m = read_mail(SPAN("Return-Path: <x@b.example>\n\n"));
	check(m.return_path, "x@b.example", "a path");
}

/* --- charsets ----------------------------------------------------------- */

static const struct {
	const char *why, *charset, *bytes, *want;
} charsets[] = {
    {"none, UTF-8", "", "\xc3\xa4", "ä"},
    {"none, latin", "", "\xe4", "ä"},
    {"none, both", "", "\xc3\xa4 \xe4", "ä ä"},
    {"ascii with UTF-8 in it", "us-ascii", "\xc3\xa4", "ä"},
    {"utf-8 with latin in it", "utf-8", "\xe4", "ä"},
    {"latin that is UTF-8", "iso-8859-1", "f\xc3\xbcr", "für"},
    {"latin", "ISO-8859-1", "f\xfcr \x80", "für €"},
    {"latin-9", "iso-8859-15", "\xa4", "€"},
    {"an alias", "utf8mb4", "\xc3\xa4", "ä"},
    {"Exchange's utf-7", "unicode-1-1-utf-7", "+AOQ-", "ä"},
    {"quotes around the name", "\"utf-8\"", "\xc3\xa4", "ä"},
    {"something behind the name", "iso-8859-2//x", "\xb1", "ą"},
    {"Cyrillic", "koi8-r", "\xf0\xd2\xc9", "При"},
    {"Cyrillic of Windows", "windows-1251", "\xcf\xf0\xe8", "При"},
    {"Chinese", "gb2312", "\xc4\xe3\xba\xc3", "你好"},
    {"Chinese of Taiwan", "big5", "\xa7\x41\xa6\x6e", "你好"},
    {"Korean", "ks_c_5601-1987", "\xbe\xc8", "안"},
    {"Japanese", "shift_jis", "\x82\xb1", "こ"},
    {"Japanese in mail", "iso-2022-jp", "\x1b$B$3\x1b(B", "こ"},
    {"Turkish", "iso-8859-9", "\xfd", "ı"},
    {"Greek", "windows-1253", "\xe1", "α"},
    {"wrong bytes become one sign each", "shift_jis", "a\xff", "a�"},
    {"Chinese that is UTF-8", "gb2312", "\xe4\xbd\xa0\xe5\xa5", "浣犲�"},
    {"unknown", "x-nothing", "\xc3\xa4", "ä"},
    {"a byte-order mark", "utf-8",
	"\xef\xbb\xbf"
	"a",
	"a"},
    {"line ends", "utf-8", "a\r\nb\rc\n", "a\nb\nc\n"},
    {"controls", "utf-8", "a\x01\x7f\tb", "a\tb"},
    {"marks", "utf-8",
	"a\xef\xb7\x90"
	"b\xef\xb7\xaf",
	"ab"},
    {"a separator of lines", "utf-8",
	"a\xe2\x80\xa8"
	"b",
	"a\nb"},
};

static void
test_charsets(void **state)
{
	(void)state;
	for (size_t i = 0; i < LEN(charsets); i++)
		check(charset_text(&arena, span_of(charsets[i].bytes),
			  span_of(charsets[i].charset)),
		    charsets[i].want, charsets[i].why);
}

/* --- transfer encodings and format=flowed ------------------------------- */

static const struct {
	const char *why, *text, *want;
} quoted[] = {
    {"an escape", "a=3Db", "a=b"},
    {"in lower case", "=c3=a4", "ä"},
    {"a soft break", "ab=\ncd\n", "abcd\n"},
    {"with blanks behind it", "ab= \t\ncd", "abcd"},
    {"with CR LF", "ab=\r\ncd\r\n", "abcd\n"},
    {"blanks at a line's end go", "ab  \ncd", "ab\ncd"},
    {"an encoded one stays", "ab=20\ncd", "ab \ncd"},
    {"no escape at all", "a=ZZ", "a=ZZ"},
    {"cut short", "a=3", "a=3"},
    {"a sign at the end", "a=", "a"},
    {"nothing", "", ""},
};

static const struct {
	const char *why, *text, *want;
} base64[] = {
    {"plain", "YWJj", "abc"},
    {"over two lines", "YW\r\nJj", "abc"},
    {"no padding", "YWI", "ab"},
    {"one after another", "YWI=\nYWI=\n", "abab"},
    {"on one line", "YQ==YQ==", "aa"},
    {"signs that do not belong", "Y!W*Jj", "abc"},
    {"a list's footer behind it", "YWI=\n_______\nThe list: see x\n", "ab"},
    {"a letter alone", "Y", ""},
    {"nothing", "", ""},
};

static void
test_transfer(void **state)
{
	(void)state;
	for (size_t i = 0; i < LEN(quoted); i++)
		check(transfer_quoted(&arena, span_of(quoted[i].text)),
		    quoted[i].want, quoted[i].why);
	for (size_t i = 0; i < LEN(base64); i++)
		check(transfer_base64(&arena, span_of(base64[i].text)),
		    base64[i].want, base64[i].why);
}

static const struct {
	const char *why, *text;
	bool yes;
} looks[] = {
    {"escapes and soft breaks", "caf=C3=A9 and so=\n on\n", true},
    {"escapes alone may be meant", "a=3Db and =20", false},
    {"a link is none", "http://x/?a=b&c=D0\nfoo=\nbar=C3=A4", false},
    {"nothing", "plain\n", false},
};

static void
test_looks_quoted(void **state)
{
	(void)state;
	for (size_t i = 0; i < LEN(looks); i++)
		if (transfer_looks_quoted(span_of(looks[i].text)) !=
		    looks[i].yes)
			fail_msg("%s", looks[i].why);
}

static const struct {
	const char *why, *text, *want;
	bool delsp;
} flowed[] = {
    {"a paragraph", "a \nb \nc\nd\n", "a b c\nd\n", false},
    {"with DelSp", "a \nb\n", "ab\n", true},
    {"a stuffed line", " >no quote\n", ">no quote\n", false},
    {"a quote", "> a \n> b\nc\n", "> a b\nc\n", false},
    {"another depth ends it", "> a \n>> b\n", "> a \n>> b\n", false},
    {"the signature's line stays", "a \n-- \nAnn\n", "a \n-- \nAnn\n", false},
    {"no end", "a \nb", "a b\n", false},
    {"a blank line ends it", "a \n\nb\n", "a \nb\n", false},
    {"nothing", "", "", false},
};

static void
test_flowed(void **state)
{
	(void)state;
	for (size_t i = 0; i < LEN(flowed); i++)
		check(flowed_undo(
			  &arena, span_of(flowed[i].text), flowed[i].delsp),
		    flowed[i].want, flowed[i].why);
}

/* --- HTML --------------------------------------------------------------- */

/* Marks shown as Q< I< S< ... > and R. */
static struct span
shown(struct span s)
{
	static const struct {
		const char *mark, *sign;
	} marks[] = {{MARK_QUOTE, "Q<"}, {MARK_INDENT, "I<"},
	    {MARK_SIGNATURE, "S<"}, {MARK_END, ">"}, {MARK_RULE, "R"}};
	struct str out;

	str_init(&out, &arena, s.n * 2 + 1);
	while (s.n > 0) {
		size_t n = 1;

		for (size_t i = 0; i < LEN(marks); i++)
			if (span_starts(s, marks[i].mark)) {
				str_addz(&out, marks[i].sign);
				n = 3;
			}
		if (n == 1)
			str_addc(&out, s.p[0]);
		s = span_skip(s, n);
	}
	return str_span(&out);
}

static const struct {
	const char *why, *html, *want;
} html[] = {
    {"text", "hello", "hello"},
    {"blanks run together", "a \n  b", "a b"},
    {"a blank between elements", "<b>a</b> <i>b</i>", "a b"},
    {"none where there is none", "<b>a</b><i>b</i>", "ab"},
    {"a line", "a<br>b", "a\nb"},
    {"a break before a block is no more", "<div>a<br></div><div>b</div>",
	"a\nb"},
    {"an empty block is an empty line",
	"<div>a</div><div><br></div><div>b</div>", "a\n\nb"},
    {"paragraphs", "<p>a</p><p>b</p>", "a\n\nb"},
    {"Word's paragraphs have no margin",
	"<p class=MsoNormal>a</p><p class=MsoNormal>b</p>", "a\nb"},
    {"Word's empty line",
	"<p class=MsoNormal>a</p><p class=MsoNormal>&nbsp;"
	"</p><p class=MsoNormal>b</p>",
	"a\n\nb"},
    {"entities", "&lt;&amp;&auml;&#228;&#xe4;&hellip;", "<&äää…"},
    {"an entity for windows-1252", "it&#146;s", "it’s"},
    {"an entity for a mark", "a&#64976;b&#xFDD3;c", "abc"},
    {"entities for controls", "a&#0;&#7;&#8238;b", "ab"},
    {"a bracket is no tag", "1 < 2 and 3 > 2", "1 < 2 and 3 > 2"},
    {"style and script are silent", "<style>p{}</style><script>x<y</script>a",
	"a"},
    {"the title too", "<head><title>t</title></head><body>a</body>", "a"},
    {"a head without an end", "<head><style>x</style><p>a</p>", "a"},
    {"hidden", "<div style='display: none'>x</div>a", "a"},
    {"comments", "a<!-- x > y -->b", "ab"},
    {"a comment without an end", "a<!-- b", "a b"},
    {"Word's conditions", "<![if !mso]>a<![endif]><!--[if mso]>b<![endif]-->",
	"a"},
    {"Word's islands", "<xml><o:x>1</o:x></xml>a<o:p>&nbsp;</o:p>", "a"},
    {"a list", "<ul><li>a</li><li>b</li></ul>", "- a\n- b"},
    {"a numbered list", "<ol><li>a<li>b</ol>", "1. a\n2. b"},
    {"numbered from", "<ol start=4><li>a</ol>", "4. a"},
    {"paragraphs in items", "<ul><li><p>a</p></li><li><p>b</p></li></ul>",
	"- a\n\n- b"},
    {"an empty item", "<ol><li></li><li>b</li></ol>", "1.\n2. b"},
    {"a row", "<table><tr><td>a</td><td>b</td></tr></table>", "a\tb"},
    {"rows", "<table><tr><td>a<td>b<tr><td>c<td>d</table>", "a\tb\nc\td"},
    {"cells with paragraphs", "<tr><td><p>a</p></td><td><p>b</p></td></tr>",
	"a\tb"},
    {"an empty cell", "<tr><td></td><td>b</td></tr>", "\tb"},
    {"cells of many lines", "<tr><td>a<br>b</td><td>c</td></tr>", "a\nb\nc"},
    {"a layout of tables",
	"<table><tr><td><table><tr><td>a</td></tr>"
	"</table></td></tr></table>b",
	"a\nb"},
    {"laid out", "<pre>a\n  b</pre>c", "a\n  b\n\nc"},
    {"a rule", "a<hr>b", "a\nR\nb"},
    {"a picture of a thumb", "<img alt='👍' src=x>", "👍"},
    {"a picture with a name", "<img alt='Logo' src=x>a", "a"},
    {"a charset that is not so", "<meta charset=iso-8859-1>ä", "ä"},
    {"a link", "<a href='http://x'>here</a>", "here"},
    {"nothing", "", ""},
    /* marks */
    {"Apple's quote", "a<blockquote type=cite>b</blockquote>c", "a\nQ<b>\nc"},
    {"a quote that nobody marks", "a<blockquote>b</blockquote>", "a\nI<b>"},
    {"Gmail's indent", "a<blockquote class=gmail_quote>b</blockquote>",
	"a\nI<b>"},
    {"Gmail's quote",
	"a<div class=gmail_quote><div>On x:</div><blockquote "
	"class=gmail_quote>b</blockquote></div>",
	"a\nQ<On x:\nQ<b>>"},
    {"an answer inside it",
	"<div class=gmail_quote>On x:<blockquote "
	"class=gmail_quote>b</blockquote>c<blockquote "
	"class=gmail_quote>d</blockquote>e</div>",
	"Q<On x:\nQ<b>>\nc\nQ<d>\ne"},
    {"Gmail's forward",
	"<div class=gmail_quote>---------- Forwarded message"
	"<br>From: x<br>b</div>c",
	"Q<---------- Forwarded message\nFrom: x\nb>\nc"},
    {"x_ in front", "a<div class='x_gmail_quote'>b</div>", "a\nQ<b>"},
    {"and twice", "a<div class='y x_x_gmail_quote'>b</div>", "a\nQ<b>"},
    {"Outlook: from here on",
	"<div>a</div><hr><div id=divRplyFwdMsg>From: "
	"x</div><div>b</div>",
	"a\nR\nQ<From: x\nb>"},
    {"in a box of its own",
	"<body><div>a</div><div><div id=x_divRplyFwdMsg>"
	"From: x</div></div><div>b</div></body>",
	"a\nQ<From: x\nb>"},
    {"Word's box",
	"<p>a</p><div><div style='border:none;border-top:solid "
	"#E1E1E1 1.0pt;padding:3.0pt 0cm 0cm 0cm'><p>From: x</p>"
	"</div></div><p>b</p>",
	"a\n\nQ<From: x\n\nb>"},
    {"Outlook on phones",
	"a<div id=mail-editor-reference-message-container>b</div>c",
	"a\nQ<b>\nc"},
    {"Thunderbird",
	"a<div class=moz-cite-prefix>On x:</div><blockquote "
	"type=cite>b</blockquote>c",
	"a\nQ<On x:>\nQ<b>\nc"},
    {"Yahoo", "a<div id=yahoo_quoted_123 class=yahoo_quoted>b</div>",
	"a\nQ<b>"},
    {"Proton", "a<div class=protonmail_quote>b</div>", "a\nQ<b>"},
    {"Zimbra", "a<hr id=zwchr data-marker=__DIVIDER__><div>b</div>",
	"a\nQ<R\nb>"},
    {"GMX", "a<div name=quote>b</div>", "a\nQ<b>"},
    {"Spark", "a<div name=messageReplySection>b</div>", "a\nQ<b>"},
    {"Hotmail", "a<hr id=stopSpelling>b", "a\nQ<R\nb>"},
    {"a signature", "a<div class=gmail_signature>Ann</div>", "a\nS<Ann>"},
    {"Outlook's", "a<div id=Signature>Ann</div>b", "a\nS<Ann>\nb"},
    {"Apple's", "a<div id=AppleMailSignature>Ann</div>", "a\nS<Ann>"},
    {"quotes in quotes",
	"<blockquote type=cite>a<blockquote type=cite>b"
	"</blockquote></blockquote>c",
	"Q<a\nQ<b>>\nc"},
    {"no end", "<blockquote type=cite>a", "Q<a>"},
};

static void
test_html(void **state)
{
	(void)state;
	for (size_t i = 0; i < LEN(html); i++)
		check(shown(mime_html_text(&arena, span_of(html[i].html))),
		    html[i].want, html[i].why);
}

/* --- parts -------------------------------------------------------------- */

#define MIXED "Content-Type: multipart/mixed; boundary=b\n\n"
#define ALTER "Content-Type: multipart/alternative; boundary=c\n\n"

static const struct {
	const char *why, *raw, *text, *html;
	uint32_t attachments;
} parts[] = {
    {"one part", "\nhi", "hi", "", 0},
    {"HTML alone", "Content-Type: text/html\n\n<b>hi</b>", "", "hi", 0},
    {"a type without a second half", "Content-Type: text\n\nhi", "hi", "", 0},
    {"the type html", "Content-Type: html\n\n<b>hi</b>", "", "hi", 0},
    {"a picture alone", "Content-Type: image/png\n\nxxx", "", "", 1},
    {"both kinds",
	ALTER "--c\n\nhi\n--c\nContent-Type: text/html\n\n"
	      "<p>hi</p>\n--c--\n",
	"hi", "hi", 0},
    {"texts are joined", MIXED "--b\n\none\n\n--b\n\ntwo\n--b--\n", "one\ntwo",
	"", 0},
    {"an attached text is not",
	MIXED "--b\n\none\n--b\nContent-Disposition: "
	      "attachment\n\ntwo\n--b--\n",
	"one", "", 1},
    {"parts in parts",
	MIXED "--b\n" ALTER "--c\n\nhi\n--c--\n--b\n"
	      "Content-Type: image/png\n\nxxx\n--b--\n",
	"hi", "", 1},
    {"the last boundary is missing", MIXED "--b\n\none\n--b\n\ntwo", "one\ntwo",
	"", 0},
    {"blanks behind a boundary", MIXED "--b \n\none\n--b-- \n", "one", "", 0},
    {"no part begins", MIXED "hello\n", "hello\n", "", 0},
    {"no boundary is declared",
	"Content-Type: multipart/mixed\n\n--q\n"
	"Content-Type: text/plain\n\nhi\n--q--\n",
	"hi", "", 0},
    {"one boundary begins another",
	"Content-Type: multipart/mixed; boundary=c\n\n--c\nContent-Type: "
	"multipart/alternative; boundary=cc\n\n--cc\n\nhi\n--cc--\n--c\n\n"
	"there\n--c--\n",
	"hi\nthere", "", 0},
    {"a part whose header is odd",
	MIXED "--b\nX Y: z\nContent-Type : "
	      "text/html\n\n<i>hi</i>\n--b--\n",
	"", "hi", 0},
    {"a line like one of ours", MIXED "--b\n\none\n--=_0000\ntwo\n--b--\n",
	"one\n --=_0000\ntwo", "", 0},
    {"text before and behind", MIXED "before\n--b\n\nhi\n--b--\nbehind\n", "hi",
	"", 0},
    {"a mail inside is not its text",
	MIXED
	"--b\n\nhi\n--b\nContent-Type: message/rfc822\n\nSubject: x\n\nno\n"
	"--b--\n",
	"hi", "", 0},
    {"quoted-printable",
	"Content-Transfer-Encoding: Quoted-Printable\n\n"
	"caf=C3=A9",
	"café", "", 0},
    {"base64", "Content-Transfer-Encoding: base64\n\nw6Q=\n", "ä", "", 0},
    {"base64 that is none",
	"Content-Transfer-Encoding: base64\n\n"
	"é é é é é é é é é é é é é é é é é é é é é é é é é é é é é é\n",
	"é é é é é é é é é é é é é é é é é é é é é é é é é é é é é é\n", "", 0},
    {"quoted-printable that is not said", "\ncaf=C3=A9 and so=\n on\n",
	"café and so on\n", "", 0},
    {"quoted twice",
	"Content-Transfer-Encoding: quoted-printable\n\n"
	"caf=3DC3=3DA9 and so=3D\n on\n",
	"café and so on\n", "", 0},
    {"flowed", "Content-Type: text/plain; format=flowed\n\na \nb\n", "a b\n",
	"", 0},
    {"HTML, and a list's footer",
	MIXED "--b\nContent-Type: text/html\n\n<p>hi</p>\n--b\n\nfoot\n--b--\n",
	"", "hi\nfoot", 0},
    {"both kinds, and a list's footer",
	MIXED "--b\n" ALTER
	      "--c\n\nhi\n--c\nContent-Type: text/html\n\n<p>hi</p>"
	      "\n--c--\n--b\n\nfoot\n--b--\n",
	"hi\nfoot", "hi", 0},
    {"plain, and Apple's empty HTML",
	MIXED
	"--b\n\nhi\n--b\nContent-Type: text/html\n\n<html></html>\n--b--\n",
	"hi", "", 0},
    {"a choice with parts of its own",
	ALTER "--c\n\nhi\n--c\n" MIXED
	      "--b\nContent-Type: text/html\n\nh\n--b\n"
	      "Content-Type: text/html\n\ni\n--b--\n--c--\n",
	"hi", "h\ni", 0},
    {"an empty choice does not count", ALTER "--c\n\n\n--c\n\ntwo\n--c--\n",
	"two", "", 0},
    {"two plain parts of one alternative",
	ALTER "--c\n\none\n--c\n\ntwo\n--c--\n", "one", "", 0},
};

static void
test_parts(void **state)
{
	(void)state;
	for (size_t i = 0; i < LEN(parts); i++) {
		struct mail m = read_mail(span_of(parts[i].raw));

		check(m.refused, "", parts[i].why);
		check(m.text, parts[i].text, parts[i].why);
		check(m.html, parts[i].html, parts[i].why);
		if (m.attachments_n != parts[i].attachments)
			fail_msg("%s: %u attachments", parts[i].why,
			    m.attachments_n);
	}
}

/* --- calendar parts ----------------------------------------------------- */

#define CAL "BEGIN:VCALENDAR\n"

/* What was offered, in order; ANSWER and TAKE in a part say what it is. */
static char seen[64];

static void
offered(struct arena *a, struct span part, struct span method,
    struct cal_answer *out)
{
	size_t end = span_find(part, SPAN(" "));

	(void)method;
	if (strlen(seen) + 2 < sizeof(seen) && end > 0)
		strncat(seen, part.p + end - 1, 1);
	out->summary = arena_span(a, part);
	if (span_has(part, "TAKE"))
		out->kind = CAL_OTHER;
	if (span_has(part, "ANSWER"))
		out->kind = CAL_REPLY;
}

static const struct {
	const char *why, *raw, *seen;
	enum cal_kind kind;
} calendars[] = {
    {"best first, until one is taken",
	MIXED "--b\nContent-Type: application/octet-stream; name=x.ics\n\n" CAL
	      "C TAKE\n"
	      "--b\nContent-Type: text/calendar\n\n" CAL "B TAKE\n"
	      "--b\nContent-Type: text/calendar; method=REPLY\n\n" CAL "A -\n"
	      "--b\nContent-Type: message/rfc822\n\nContent-Type: "
	      "text/calendar; method=REPLY\n\n" CAL "N TAKE\n--b--\n",
	"AB", CAL_OTHER},
    {"among equals an answer",
	MIXED "--b\nContent-Type: application/ics\n\n" CAL "A TAKE\n"
	      "--b\nContent-Type: application/ics\n\n" CAL "B ANSWER\n"
	      "--b\nContent-Type: application/ics\n\n" CAL "C TAKE\n--b--\n",
	"AB", CAL_REPLY},
    {"a file without a name",
	MIXED "--b\nContent-Type: application/octet-stream\n\n" CAL
	      "A ANSWER\n--b--\n",
	"A", CAL_REPLY},
    {"what is no calendar is not offered",
	"Content-Type: text/calendar\n\nBEGIN: TAKE\n", "", CAL_NONE},
};

static void
test_calendars(void **state)
{
	static const char folded[] =
	    "Content-Type: text/calendar; charset=utf-8\n\nBEGIN:VCALEN\r\n "
	    "DAR\r\nSUMMARY:f\xc3\r\n \xbcr\r\n\tx\r\nTAKE\r\n";
	struct mail m;
	struct str big;

	(void)state;
	for (size_t i = 0; i < LEN(calendars); i++) {
		seen[0] = '\0';
		mime_read(&arena, span_of(calendars[i].raw), offered, &m);
		check(span_of(seen), calendars[i].seen, calendars[i].why);
		assert_int_equal(m.cal.kind, calendars[i].kind);
	}
	mime_read(&arena, span_of(folded), offered, &m);
	check(m.cal.summary, "BEGIN:VCALENDAR\nSUMMARY:fürx\nTAKE\n",
	    "a fold inside a letter");
	str_init(&big, &arena, LIMIT_ICS_BYTES * 2);
	str_addz(&big, "Content-Type: text/calendar\n\n" CAL "TAKE");
	str_fill(&big, 'x', LIMIT_ICS_BYTES - sizeof(CAL "TAKE") + 1);
	mime_read(&arena, str_span(&big), offered, &m);
	assert_int_equal(m.cal.kind, CAL_OTHER);
	str_addc(&big, 'x');
	mime_read(&arena, str_span(&big), offered, &m);
	assert_int_equal(m.cal.kind, CAL_NONE);
}

/* --- limits ------------------------------------------------------------- */

/* n times `piece`, with %d replaced by the number. */
static void
repeat(struct str *out, const char *piece, int n)
{
	for (int i = 0; i < n; i++) {
		const char *mark = strstr(piece, "%d");

		if (mark == NULL) {
			str_addz(out, piece);
			continue;
		}
		str_add(out, (struct span){piece, (size_t)(mark - piece)});
		str_addf(out, "%d", i);
		str_addz(out, mark + 2);
	}
}

static const struct {
	const char *why, *before, *piece, *behind;
	int most;          /* so many are read, one more is refused */
	const char *words; /* in the reason */
} limits[] = {
    {"fields", "", "X: y\n", "\nhi", LIMIT_FIELDS, "fields"},
    {"a long field", "X: ", "x", "\n\nhi", LIMIT_FIELD_BYTES, "32 KiB"},
    {"parts", MIXED, "--b\n\nx\n", "--b--\n", LIMIT_MIME_PARTS, "parts"},
    {"mails inside", MIXED, "--b\nContent-Type: message/rfc822\n\nA: b\n\n\n",
	"--b--\n", LIMIT_RFC822_PARTS, "mails"},
    {"comments in comments", "From: ", "(", "\n\nhi", LIMIT_PARENS, "comments"},
    {"encoded words", "Subject: ", "=?x?q?a?= ", "\n\nhi", LIMIT_ENCODED_WORDS,
	"words"},
    {"a long boundary", "Content-Type: multipart/mixed; boundary=", "b",
	"\n\nhi", LIMIT_BOUNDARY_BYTES, "boundary"},
    {"multiparts", "Content-Type: multipart/mixed; boundary=b\n\n--b\n\nx\n",
	"--b\nContent-Type: multipart/mixed; boundary=b%d\n\n--b%d--\n",
	"--b--\n", LIMIT_BOUNDARIES - 1, "multiparts"},
};

static void
test_limits(void **state)
{
	(void)state;
	for (size_t i = 0; i < LEN(limits); i++)
		for (int more = 0; more <= 1; more++) {
			struct mail m;
			struct str raw;

			str_init(&raw, &arena, 1 << 20);
			str_addz(&raw, limits[i].before);
			repeat(&raw, limits[i].piece, limits[i].most + more);
			str_addz(&raw, limits[i].behind);
			m = read_mail(str_span(&raw));
			if (more == 0)
				check(m.refused, "", limits[i].why);
			else if (!span_has(m.refused, limits[i].words))
				fail_msg(
				    "%s: one more is not refused but [%.*s]",
				    limits[i].why, (int)m.refused.n,
				    m.refused.p);
			arena_reset(&arena);
		}
}

/* A chain of multiparts, each in the one before. */
static struct span
nested(int depth, size_t bytes)
{
	struct str raw;

	str_init(&raw, &arena, LIMIT_MAIL_BYTES + 1);
	str_addz(&raw, "Content-Type: multipart/mixed; boundary=b0\n\n");
	for (int i = 1; i < depth; i++)
		str_addf(&raw,
		    "--b%d\nContent-Type: multipart/mixed; boundary=b%d\n\n",
		    i - 1, i);
	str_addf(&raw, "--b%d\n\nhi", depth - 1);
	str_fill(&raw, 'x', bytes);
	for (int i = depth; i-- > 0;)
		str_addf(&raw, "\n--b%d--", i);
	return str_span(&raw);
}

static void
test_depth(void **state)
{
	struct mail m;

	(void)state;
	m = read_mail(nested(LIMIT_MIME_DEPTH, 0));
	check(m.refused, "", "as deep as it may be");
	check(m.text, "hi", "as deep as it may be");
	m = read_mail(nested(LIMIT_MIME_DEPTH + 1, 0));
	assert_true(span_has(m.refused, "nested"));
	/* Large alone and deep alone may be, both together may not. */
	m = read_mail(nested(2, LIMIT_MAIL_BYTES / 2));
	check(m.refused, "", "large and flat");
	m = read_mail(nested(20, LIMIT_MAIL_BYTES / 2));
	assert_true(span_has(m.refused, "multiparts"));
}

static void
test_whole_header(void **state)
{
	struct mail m;
	struct str raw;

	(void)state;
	str_init(&raw, &arena, 1 << 20);
	str_addz(&raw, "From: a@b.example\nSubject: x\n");
	while (raw.n < LIMIT_HEADER_BYTES - 1000) {
		str_addz(&raw, "X: ");
		str_fill(&raw, 'y', 900);
		str_addc(&raw, '\n');
	}
	str_addz(&raw, "\nhi");
	m = read_mail(str_span(&raw));
	check(m.refused, "", "a header as long as it may be");
	str_truncate(&raw, raw.n - 3);
	for (int i = 0; i < 3; i++) {
		str_addz(&raw, "X: ");
		str_fill(&raw, 'y', 900);
		str_addc(&raw, '\n');
	}
	m = read_mail(str_span(&raw));
	assert_true(span_has(m.refused, "256 KiB"));
	check(m.from[0].address, "a@b.example", "who wrote is known");
	check(m.subject, "x", "and the subject");
}

/* A text as long as it may be; what is longer is cut at a whole letter. */
static void
test_text_limit(void **state)
{
	struct mail m;
	struct str raw;

	(void)state;
	str_init(&raw, &arena, LIMIT_MAIL_BYTES);
	str_addz(&raw, "Content-Type: text/plain; charset=utf-8\n\n");
	while (raw.n < 2 * LIMIT_TEXT_BYTES)
		str_addz(&raw, "ä");
	m = read_mail(str_span(&raw));
	check(m.refused, "", "a long text is cut, not refused");
	assert_true(m.text.n <= LIMIT_TEXT_BYTES);
	assert_true(m.text.n > LIMIT_TEXT_BYTES - 16);
	assert_true(utf8_clean(m.text));
}

/* HTML: a tag too long or with too many words is left out, the rest cut. */
static void
test_html_limits(void **state)
{
	struct str raw;

	(void)state;
	for (int more = 0; more <= 1; more++) {
		str_init(&raw, &arena, LIMIT_HTML_BYTES);
		str_addz(&raw, "<ol start=");
		str_fill(&raw, '0', LIMIT_TAG_BYTES - 12 + (size_t)more);
		str_addz(&raw, "2><li>a</ol>");
		check(mime_html_text(&arena, str_span(&raw)),
		    more == 0 ? "2. a" : "- a", "a long tag");
		str_init(&raw, &arena, LIMIT_HTML_BYTES);
		str_addz(&raw, "<ol start=2");
		repeat(&raw, " a%d", LIMIT_TAG_WORDS - 2 + more);
		str_addz(&raw, "><li>a</ol>");
		check(mime_html_text(&arena, str_span(&raw)),
		    more == 0 ? "2. a" : "- a", "a tag of many words");
		str_init(&raw, &arena, LIMIT_HTML_BYTES);
		str_fill(&raw, 'x', LIMIT_MARKUP_BYTES - 7 + (size_t)more);
		str_addc(&raw, 'y');
		assert_int_equal(
		    span_has(mime_html_text(&arena, str_span(&raw)), "y"),
		    more == 0);
		str_init(&raw, &arena, LIMIT_HTML_BYTES + 1);
		str_addz(&raw, "<!--");
		str_fill(&raw, 'x', LIMIT_HTML_BYTES - 8 + (size_t)more);
		str_addz(&raw, "-->y");
		assert_int_equal(
		    span_has(mime_html_text(&arena, str_span(&raw)), "y"),
		    more == 0);
		arena_reset(&arena);
	}
}

/* --- hostile mail ------------------------------------------------------- */

#define HTML_HEAD "Content-Type: text/html\n\n"

/*
 * Each made an earlier reader slow, large or dead.  The figure is 100 ms and
 * 64 MiB in a release build; with sanitizers on another machine ten times the
 * time still tells linear from quadratic.
 */
static const struct {
	const char *why, *before, *piece, *behind;
	int n;
} hostile[] = {
    {"an empty boundary",
	"Content-Type: multipart/mixed; boundary=\"\\\"\"\n\n", "--\"\n\nx\n",
	"", 1},
    {"a million comments", "From: ", "(", "\n\nhi", 1000000},
    {"comments in a part's header", MIXED "--b\nFrom: ", "(", "\n\nhi\n",
	30000},
    {"groups in groups", "To: ", "g:", "\n\nhi", 15000},
    {"multiparts in multiparts", MIXED,
	"--b\nContent-Type: multipart/mixed; boundary=b\n\n", "", 20000},
    {"mails in mails", "", "Content-Type: message/rfc822\n\n", "hi", 100000},
    {"lines of dashes", MIXED "--b\n\n", "--\n", "", 500000},
    {"empty soft breaks", "\n", "=\n", "", 500000},
    {"no line end", "\n", "xxxxxxxxxx", "", 500000},
    {"odd header lines", "From: a\n", "x y\n", "\n", 50000},
    {"pieces of one name", "Content-Type: a/b", "; n*%d=x", "\n\n", 2500},
    {"addresses", "To: ", "a@b.example, ", "\n\n", 2400},
    {"quote marks", "Content-Type: text/plain; format=flowed\n\n", ">", "",
	500000},
    {"open blocks", HTML_HEAD, "<div>", "x", 80000},
    {"open and wrongly closed", HTML_HEAD, "<i></b>", "x", 70000},
    {"attributes", HTML_HEAD "<p ", "a%d=\">\" ", ">x", 50000},
    {"many attributes often", HTML_HEAD,
	"<p a b c d e f g h i j k l m n o p q r s t u v w x y z>", "", 9000},
    {"comments that never end", HTML_HEAD, "<!--", "x", 500000},
    {"declarations that never end", HTML_HEAD, "<!", "x", 500000},
    {"instructions that never end", HTML_HEAD, "<?", "x", 500000},
    {"tags that never end", HTML_HEAD, "<a ", "x", 500000},
    {"attributes that never end", HTML_HEAD, "<a b=\"", "x", 100000},
    {"ampersands", HTML_HEAD, "&", "", 300000},
    {"quotes in quotes", HTML_HEAD, "<blockquote type=cite>", "x", 20000},
    {"Gmail's in Gmail's", HTML_HEAD,
	"<div class=gmail_quote><blockquote class=gmail_quote>a"
	"</blockquote>b",
	"", 6000},
    {"tables in tables", HTML_HEAD, "<table><tr><td>", "x", 30000},
    {"lists in lists", HTML_HEAD, "<ol><li>", "x", 50000},
    {"headers of mails", HTML_HEAD, "<div><div id=divRplyFwdMsg>a</div></div>",
	"", 12000},
};

static int64_t
now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static void
test_hostile(void **state)
{
	(void)state;
	for (size_t i = 0; i < LEN(hostile); i++) {
		struct mail m;
		struct str raw;
		int64_t took;

		str_init(&raw, &arena, LIMIT_MAIL_BYTES);
		str_addz(&raw, hostile[i].before);
		repeat(&raw, hostile[i].piece, hostile[i].n);
		str_addz(&raw, hostile[i].behind);
		took = now_ms();
		m = read_mail(str_span(&raw));
		took = now_ms() - took;
		if (took > 1000)
			fail_msg("%s: %d ms", hostile[i].why, (int)took);
		assert_true(utf8_clean(m.text) && utf8_clean(m.html));
		arena_reset(&arena);
	}
}

/* A mail that is given back has boundaries as many programs write them. */
static void
test_returned(void **state)
{
	struct mail m = read_mail(
	    SPAN("Content-Type: multipart/report; boundary=b\n\n--b\n\nSorry.\n"
		 "--b\nContent-Type: message/rfc822\n\nSubject: x\n"
		 "Content-Type: multipart/mixed; boundary=\"=_6r7\"\n\n"
		 "--=_6r7\n\nhello\n--=_6r7\nContent-Type: text/calendar\n\n"
		 "BEGIN:VCALENDAR\nUID:one@example.com\nEND:VCALENDAR\n"
		 "--=_6r7--\n--b--\n"));

	(void)state;
	assert_true(m.returned.present);
	check(m.text, "Sorry.", "its own text");
	check(m.returned.text, "hello", "the returned text");
	check(m.returned.uid, "one@example.com", "the invite in it");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_headers),
	    cmocka_unit_test(test_words),
	    cmocka_unit_test(test_params),
	    cmocka_unit_test(test_boxes),
	    cmocka_unit_test(test_ids),
	    cmocka_unit_test(test_senders),
	    cmocka_unit_test(test_charsets),
	    cmocka_unit_test(test_transfer),
	    cmocka_unit_test(test_looks_quoted),
	    cmocka_unit_test(test_flowed),
	    cmocka_unit_test(test_html),
	    cmocka_unit_test(test_parts),
	    cmocka_unit_test(test_calendars),
	    cmocka_unit_test(test_limits),
	    cmocka_unit_test(test_depth),
	    cmocka_unit_test(test_whole_header),
	    cmocka_unit_test(test_text_limit),
	    cmocka_unit_test(test_html_limits),
	    cmocka_unit_test(test_hostile),
	    cmocka_unit_test(test_returned),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
