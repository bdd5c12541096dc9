"""The headers of every mail that a programme has sent.

usage: headers.py FOLDER     (a rehearsal that was kept; out/ is below it)
"""
import email
import email.policy
import email.utils
import glob
import re
import sys

PROMISES = [
    ("one", "one sender, one recipient, nobody in copy"),
    ("auto", "Auto-Submitted says that a machine wrote it (RFC 3834)"),
    ("quiet", "Exchange is asked for no absence note"),
    ("list", "List-Id names the programme (RFC 2919)"),
    ("leave", "List-Unsubscribe is a mail that leaves (RFC 2369)"),
    ("id", "each has a Message-ID and a date of its own"),
    ("thread", "References begin at a mail sent before, ten at most"),
    ("subject", "who is in a thread has its subject, so that Gmail joins it"),
    ("lines", "lines end in CR LF and have 998 bytes at most"),
    ("seven", "all bytes are ASCII"),
]


def faults(raw, m, before):
    """(promise, what is wrong); before: Message-IDs -> subjects"""
    boxes = [email.utils.getaddresses(m.get_all(f, []))
             for f in ("From", "To", "Cc", "Bcc")]
    if [len(b) for b in boxes] != [1, 1, 0, 0]:
        yield "one", str(boxes)
    if m.get_all("Auto-Submitted") not in (["auto-generated"],
                                           ["auto-replied"]):
        yield "auto", str(m.get_all("Auto-Submitted"))
    if "OOF" not in str(m["X-Auto-Response-Suppress"]):
        yield "quiet", str(m["X-Auto-Response-Suppress"])
    domain = boxes[0][0][1].split("@")[1]
    if not re.fullmatch(r"<[\w-]+\.rmail\." + re.escape(domain) + ">",
                        str(m["List-Id"])):
        yield "list", str(m["List-Id"])
    if not re.fullmatch(r"<mailto:[^@>]+@[^?>]+\?subject=leave[^> ]*>",
                        str(m["List-Unsubscribe"])):
        yield "leave", str(m["List-Unsubscribe"])
    own = str(m["Message-ID"])
    if own in before or not re.fullmatch(r"<[^<>\s]+@[^<>\s]+>", own) or \
            email.utils.parsedate_to_datetime(str(m["Date"])) is None:
        yield "id", own
    thread = str(m["References"] or "").split()
    if len(thread) > 10 or (thread and thread[0] not in before):
        yield "thread", str(thread)
    if m["In-Reply-To"] and not thread and m["In-Reply-To"] in before:
        yield "thread", "In-Reply-To without References"
    subject = str(m["Subject"])
    # Of somebody who was erased not even the subject keeps the name.
    if subject.startswith("Re: ") and thread and "…" not in subject:
        named = [before[t] for t in thread if t in before]
        if subject.removeprefix("Re: ") not in [
                n.removeprefix("Re: ") for n in named]:
            yield "subject", f"{subject!r} among {named}"
    lines = raw.split(b"\r\n")
    if any(len(x) > 998 or b"\n" in x or b"\r" in x for x in lines):
        yield "lines", "a line"
    if any(c > 126 or c == 0 for c in raw):
        yield "seven", "a byte"


def main(folder):
    mails = []
    for name in glob.glob(folder + "/out/???/*"):
        with open(name, "rb") as f:
            raw = f.read()
        m = email.message_from_bytes(raw, policy=email.policy.default)
        at = email.utils.parsedate_to_datetime(str(m["Date"])).timestamp()
        number = int(re.search(r"\.(\d+)@", str(m["Message-ID"])).group(1))
        mails.append((at, number, name, raw, m))
    before, found, threads = {}, {}, 0
    for _, _, name, raw, m in sorted(mails, key=lambda x: x[:3]):
        for promise, what in faults(raw, m, before):
            found.setdefault(promise, []).append(f"{m['Subject']}: {what}")
        before[str(m["Message-ID"])] = str(m["Subject"])
        threads += m["References"] is not None
    for number, (promise, words) in enumerate(PROMISES, 1):
        for line in found.get(promise, [])[:5]:
            print("#", line.replace("\n", " ")[:300])
        print(f"{'not ' * (promise in found)}ok {number} - {words}")
    print(f"# {len(mails)} mails, {threads} in threads")
    print(f"1..{len(PROMISES)}")
    sys.exit(1 if found or len(mails) < 50 or threads < 10 else 0)


main(sys.argv[1])
