"""Every mail of rehearsed programmes, judged one by one.

usage: looks.py NAME=FOLDER...   prints TAP, one line for each promise
"""
import re
import sys
import unicodedata
from html.parser import HTMLParser

sys.path.insert(0, "contrib")
from gallery import mails_of  # noqa: E402

TEXT_COLUMNS = 72
MAIL_KB = 60  # what a person reads: text and HTML; Gmail clips at 102 KB
# What a mail says early on: what to answer, or that nothing is asked.
ASKS = {
    "en": r"\b(reply|answer|accept|nothing to do|confirm|questions)",
    "de": r"(antwort|nichts zu tun|nicht nötig|zusag|bestätig|Fragen)",
}
# To the lead and the sponsor reports speak for themselves.
NO_GREETING = {"digest", "alert", "proposal", "transcript", "report",
               "steer-token"}
DEBRIS = [(r"\*\*", "a bold mark"), (r"\]\(", "a link's target"),
          (r"(?m)^#+ ", "a heading's mark"), (r"\{\{|\}\}", "a tag"),
          (r"\\[*_`\[\]<>#-]", "a backslash"),
          (r"&(amp|lt|gt|quot|nbsp|#\d+);", "an entity"),
          (r"(?m)^\|.*\|$", "a table's bars"), (r"`", "a backtick")]


# The programme "rolling" says du, and has a name of its own for a mentor.
FORMAL = re.compile(r"\bIhnen\b|\bIhre[mnrs]?\b|(?<=[\wäöüß,;:*] )Sie\b")
MENTOR = re.compile(r"\b[Mm]entor(s|en|in|innen)?\b")


def columns(text):
    return sum(0 if unicodedata.combining(c) or c in "\u200b\u2060\u00ad" else
               2 if unicodedata.east_asian_width(c) in "WF" else 1
               for c in text)


def too_wide(text):
    for line in text.splitlines():
        words = [w for w in line.split(" ")
                 if not re.match(r"<?(https?://|mailto:)|.*@.*", w)]
        if columns(line) > TEXT_COLUMNS and columns(
                " ".join(words)) > TEXT_COLUMNS - 1:
            return line
        if columns(line) > TEXT_COLUMNS and len(words) == len(line.split(" ")):
            return line
    return None


class Page(HTMLParser):
    """What matters of an HTML part."""

    def __init__(self, text):
        super().__init__()
        self.lang = self.title = None
        self.images, self.links, self.small = [], [], []
        self.words, self.rows, self.open = [], 0, []
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        a = dict(attributes)
        style = a.get("style", "")
        if tag == "html":
            self.lang = a.get("lang")
        if tag == "img":
            self.images.append(a)
        if tag == "a":
            self.links.append(a.get("href", ""))
        if tag == "td" and "background-color" in style and \
                "text-align:center" in style:
            self.rows += 1
        size = re.search(r"font-size:(\d+)px", style)
        if size and int(size.group(1)) < 14 and "line-height:1" not in style \
                and tag not in ("td",):
            self.small.append(style)
        if tag not in ("meta", "img", "br", "hr"):
            self.open.append(tag)

    def handle_endtag(self, tag):
        if self.open and self.open[-1] == tag:
            self.open.pop()

    def handle_data(self, data):
        if self.open and self.open[-1] == "title":
            self.title = data
        else:
            self.words.append(data)


def early(text):
    """The first two paragraphs behind the greeting."""
    parts = [p for p in re.split(r"\n\n+", text.strip()) if p.strip()]
    if parts and parts[0].rstrip().endswith(","):
        parts = parts[1:]
    return " ".join(" ".join(parts[:2]).split())


def faults(m):
    """(promise, what is wrong) of one mail"""
    page, words = Page(m.html), ""
    words = " ".join(page.words)
    wide = too_wide(m.text)
    if wide is not None:
        yield "lines", wide
    for pattern, what in DEBRIS:
        for part in (m.text, words):
            found = re.search(pattern, part)
            if found:
                yield "debris", f"{what}: {part[found.start():][:40]!r}"
    if len(m.html.encode()) + len(m.text.encode()) > MAIL_KB * 1024:
        yield "size", f"{len(m.html) // 1024} KB of HTML"
    if page.lang != m.locale or not re.match(r"[a-z]{2}$", page.lang or ""):
        yield "lang", str(page.lang)
    if not (page.title or "").strip():
        yield "title", "none"
    if re.search(r"[\r\n]|  ", m.subject) or not m.subject.strip():
        yield "title", repr(m.subject)
    for image in page.images:
        if not image.get("alt", "").strip():
            yield "alt", image.get("src", "")[:40]
        elif not image.get("src", "").startswith("cid:"):
            yield "alt", "a picture from elsewhere: " + image["src"][:40]
    if any(not re.match(r"(https?|mailto):", x) for x in page.links):
        yield "links", str(page.links)
    if page.small:
        yield "small", page.small[0]
    if m.template not in NO_GREETING and not re.search(
            ASKS[m.locale], early(m.text), re.I):
        yield "action", early(m.text)[:100]
    if m.programme == "rolling":
        said = re.sub(r"(?m)^[>|] .*", "", m.text)
        if m.locale == "de" and FORMAL.search(said):
            yield "du", said[max(0, FORMAL.search(said).start() - 30):][:60]
        if MENTOR.search(said):
            yield "roles", said[max(0, MENTOR.search(said).start() - 30):][:60]
    if re.search(r"!(\s|$)", re.sub(r"(?m)^[>|] .*", "", m.text)):
        yield "shouting", m.text[max(0, m.text.find("!") - 30):][:40]


PROMISES = [
    ("lines", f"no line of a text part is over {TEXT_COLUMNS} columns"),
    ("debris", "no marks of the templates' Markdown are left"),
    ("size", f"no mail has more than {MAIL_KB} KB to read"),
    ("lang", "each says its language"),
    ("title", "each has a title and a subject on one line"),
    ("alt", "each picture comes along and says what it shows"),
    ("links", "all links are mailto: or to the web"),
    ("small", "no words are smaller than 14 px"),
    ("action", "what to answer stands in the first two paragraphs"),
    ("shouting", "nothing shouts"),
    ("du", "du is said throughout where the settings say so"),
    ("roles", "roles have the programme's own names"),
]


def main(arguments):
    found, n = {}, 0
    for argument in arguments:
        name, _, folder = argument.partition("=")
        for m in mails_of(name, folder):
            n += 1
            for promise, what in faults(m):
                found.setdefault(promise, []).append(
                    f"{m.template} {m.locale} ({m.programme}): {what}")
    bad = 0
    for number, (promise, words) in enumerate(PROMISES, 1):
        wrong = found.get(promise, [])
        bad |= bool(wrong)
        for line in sorted(set(wrong))[:12]:
            print("#", line)
        print(f"{'not ok' if wrong else 'ok'} {number} - {words}")
    print(f"# {n} mails")
    print(f"1..{len(PROMISES)}")
    sys.exit(1 if bad or n == 0 else 0)


main(sys.argv[1:])
