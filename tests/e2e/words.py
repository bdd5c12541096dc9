"""Mails of people with hostile names and answers.  Prints TAP from 1.

usage: words.py FOLDER
"""
import email
import email.policy
import glob
import re
import sys
from html.parser import HTMLParser

HIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f"
                    "\u200e\u200f\u202a-\u202e\u2066-\u2069]")
GOAL = "<img src=x onerror=alert(1)> **bold** [link](javascript:x) {{lead}}"
n = bad = 0


def ok(right, what, more=""):
    global n, bad
    n += 1
    if not right:
        print("#", repr(more)[:400])
        bad = 1
    print(f"{'ok' if right else 'not ok'} {n} - {what}")


class Page(HTMLParser):
    def __init__(self, text):
        super().__init__()
        self.tags, self.links, self.words = set(), [], ""
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        a = dict(attributes)
        if tag != "img" or not a.get("src", "").startswith("cid:"):
            self.tags.add(tag)
        self.links.append(a.get("href") or "")
        if any(x.startswith("on") for x in a):
            self.tags.add("handler")

    def handle_data(self, data):
        self.words += data


mails, parts = [], []
for name in sorted(glob.glob(sys.argv[1] + "/*")):
    with open(name, "rb") as f:
        mails.append(email.message_from_binary_file(
            f, policy=email.policy.default))
for m in mails:
    for p in m.walk():
        if p.get_content_maintype() == "text":
            text = p.get_content()
            if isinstance(text, bytes):
                text = text.decode()
            parts.append((p.get_content_type(), text.replace("\r\n", "\n")))
pages = [Page(t) for kind, t in parts if kind == "text/html"]
texts = [t for kind, t in parts if kind == "text/plain"]
events = [t for kind, t in parts if kind == "text/calendar"]

ok(len(mails) > 60 and len(pages) == len(texts) == len(mails) and events,
   "mails, pages and invites were written", (len(mails), len(events)))
hidden = [t for _, t in parts if HIDDEN.search(t)] + [
    str(m[h]) for m in mails for h in ("Subject", "To", "From")
    if HIDDEN.search(str(m[h]))]
ok(not hidden, "no control and no bidi character is in any of them", hidden)
ok(not any(p.tags & {"script", "img", "handler"} for p in pages) and
   not any("javascript" in x for p in pages for x in p.links),
   "nobody's words became a tag or a link",
   [p.tags for p in pages if p.tags & {"script", "img", "handler"}])
ok(any(GOAL in " ".join(p.words.split()) for p in pages) and
   any(GOAL in " ".join(t.split()) for t in texts),
   "they are shown as they were written, on the page and as text")
wide = [line for t in texts for line in t.splitlines()
        if len(line) > 72 and "@" not in line and "://" not in line]
ok(not wide, "a name of 300 letters leaves no line over 72 columns", wide)
runs = [w for kind, t in parts if kind == "text/html"
        for w in re.findall(r"W{31,}", re.sub("<title>.*?</title>", "", t))]
ok(not runs, "and may break on a phone", runs)
subjects = [str(m["Subject"]) for m in mails]
ok(max(map(len, subjects)) <= 140 and
   all(re.search(r"\[RM-[A-Z0-9]{6}\]$", s) for s in subjects),
   "nor does it hide the code at the end of a subject",
   max(subjects, key=len))
folded = [line for t in events for line in t.splitlines()
          if len(line.encode()) > 75]
ok(not folded, "lines of an invite are folded", folded)
sys.exit(bad)
