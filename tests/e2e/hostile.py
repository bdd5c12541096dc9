"""Calendar mails that mean harm: to keep a reader busy, to fill its memory,
to crash it, to be taken for what they are not.

usage: hostile.py FOLDER [UID]   writes NAME.eml each
       hostile.py FOLDER time RMAIL
                                 what they cost: worst milliseconds of CPU
                                 and worst resident MiB of `RMAIL inspect`
The second in a process of its own: what a child has before exec counts too.
"""
import base64
import glob
import json
import os
import random
import sys

ME = "ann@example.com"
CT = "text/calendar; method=REPLY; charset=utf-8"


def mail(name, kind, body, encoding="base64", sender=ME):
    if encoding == "base64":
        body = base64.encodebytes(body).replace(b"\n", b"\r\n")
    return (f"Date: Tue, 12 Jan 2027 09:15:31 +0100\r\nFrom: {sender}\r\n"
            "To: mentoring@example.com\r\nSubject: hostile\r\n"
            f"Message-ID: <{name}@hostile.example>\r\nMIME-Version: 1.0\r\n"
            f"Content-Type: {kind}\r\nContent-Transfer-Encoding: {encoding}"
            "\r\n\r\n").encode() + body


def calendar(event, before="", method="REPLY"):
    return (f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nMETHOD:{method}\r\n{before}"
            f"BEGIN:VEVENT\r\n{event}END:VEVENT\r\nEND:VCALENDAR\r\n"
            ).encode()


def zone(freq):
    return "BEGIN:VTIMEZONE\r\nTZID:X\r\n" + "".join(
        f"BEGIN:{kind}\r\nDTSTART:19700101T00{minute}00\r\nTZOFFSETFROM:{a}"
        f"\r\nTZOFFSETTO:{b}\r\nRRULE:FREQ={freq}\r\nEND:{kind}\r\n"
        for kind, minute, a, b in (("STANDARD", "00", "+0100", "+0000"),
                                   ("DAYLIGHT", "30", "+0000", "+0100"))
    ) + "END:VTIMEZONE\r\n"


def parts(inner):
    return b"".join(b"--b\r\nContent-Type: text/calendar; method=REPLY\r\n\r\n"
                    + x + b"\r\n" for x in inner) + b"--b--\r\n"


def events(uid, sender=ME):
    """(name, event) of one calendar part, and the method."""
    e = (f"UID:{uid}\r\nDTSTAMP:20270112T081531Z\r\n"
         "DTSTART:20270128T130000Z\r\nDTEND:20270128T140000Z\r\n"
         f"SEQUENCE:0\r\nATTENDEE;PARTSTAT=ACCEPTED:mailto:{sender}\r\n")

    def start(by):
        return e.replace("DTSTART:20270128T130000Z", by)

    for freq in ("SECONDLY", "MINUTELY", "HOURLY", "DAILY"):
        yield ("zone-" + freq.lower(), calendar(
            start("DTSTART;TZID=X:20270129T100000"), zone(freq), "COUNTER"))
    yield "rule-february-31", calendar(
        e + "RRULE:FREQ=SECONDLY;BYMONTH=2;BYMONTHDAY=31\r\n")
    yield "rule-of-all", calendar(
        e + "RRULE:FREQ=YEARLY;BYSECOND=" + ",".join(map(str, range(60)))
        + ";BYMINUTE=" + ",".join(map(str, range(60))) + ";BYSETPOS=366\r\n")
    yield "dates", calendar(e + "RDATE:20270101T000000Z\r\n" * 20000)
    yield "line", calendar(e + "DESCRIPTION:" + "a" * 6400000 + "\r\n")
    yield "backslashes", calendar(e + "COMMENT:" + "\\," * 60000 + "\r\n")
    yield "folds", calendar(e + "COMMENT:" + "a\r\n " * 50000 + "\r\n")
    yield "empty-folds", calendar(e + "COMMENT:" + "\r\n " * 80000 + "\r\n")
    yield "nested", b"BEGIN:VCALENDAR\r\nMETHOD:REPLY\r\n" + \
        b"BEGIN:VEVENT\r\n" * 200000
    yield "parameters", calendar(e.replace("ATTENDEE;", "ATTENDEE" + "".join(
        f";X-{i}=v" for i in range(20000)) + ";"))
    yield "attendees", calendar(e + "".join(
        f"ATTENDEE;PARTSTAT=ACCEPTED:mailto:a{i}@example.com\r\n"
        for i in range(3900)))
    yield "quotes", calendar(e + 'ATTENDEE;CN="' + '"' * 100001
                             + ":mailto:x@y.example\r\n")
    yield "colons", calendar(e + "ATTENDEE;X=://" + "a://" * 60000
                             + ":mailto:x@y.example\r\n")
    yield "controls", calendar(e + "SUMMARY:a\0b\x07\x1b[31m\r\n")
    yield "no-utf-8", calendar(e).replace(
        b"UID:", b"X-A:\xff\xfe\xc0\xaf\xed\xa0\x80\r\nUID:")
    yield "sequence", calendar(e.replace("SEQUENCE:0", "SEQUENCE:" + "9" * 20))
    yield "below-zero", calendar(e.replace("SEQUENCE:0", "SEQUENCE:-5"))
    for year in ("0000", "1970", "2999", "9999"):
        yield "year-" + year, calendar(start(f"DTSTART:{year}0105T100000Z"),
                                       method="COUNTER")
    yield "no-date", calendar(start("DTSTART:20261399T256199Z"),
                              method="COUNTER")
    yield "duration", calendar(start("DTSTART:20270131T030000Z").replace(
        "DTEND:20270128T140000Z", "DURATION:P99999999999W"))
    yield "zone-name", calendar(start("DTSTART;TZID=" + "/a" * 50000
                                      + ":20270128T130000"), method="COUNTER")
    yield "long-uid", calendar(e.replace(uid, "u" * 240000))
    yield "calendars", calendar(e) * 500
    yield "two-events", calendar(e + "END:VEVENT\r\nBEGIN:VEVENT\r\n" + e)
    yield "percents", calendar(e.replace(sender, "%C3%B6" * 40000
                                         + "@x.example"))
    yield "proposals", calendar(e.replace(
        "ATTENDEE;", 'ATTENDEE;TO-ALL-PROPOSED-NEW-TIME="' + "DTSTART:;"
        * 15000 + '";'))
    dice = random.Random(7)
    good = calendar(e + "RRULE:FREQ=DAILY\r\n", zone("HOURLY"))
    for k in range(40):
        b = bytearray(good)
        for _ in range(dice.randint(1, 40)):
            at = dice.randrange(len(b))
            what = dice.random()
            if what < .4:
                b[at] = dice.randrange(256)
            elif what < .7:
                del b[at:at + dice.randint(1, 9)]
            else:
                b[at:at] = dice.choice([b"\r\n ", b"BEGIN:VEVENT\r\n", b'"',
                                        b";", b"\0", b"END:VEVENT\r\n"])
        yield f"mangled-{k:02d}", bytes(b)


def mails(uid="rm-17-abcdefghijklmnop@example.com", sender=ME):
    """(name, raw mail)"""
    for name, ics in events(uid, sender):
        yield name, mail(name, CT, ics, sender=sender)
    noise = random.Random(1).randbytes(6500000)
    wide = b"\x81\x30\x81\x30"
    gb = "text/calendar; charset=gb18030; method=REPLY"
    for name, kind, body, encoding in (
            ("noise", CT, noise, "base64"),
            ("noise-no-type", "application/octet-stream", noise, "base64"),
            ("gb18030", gb, wide * 1600000, "base64"),
            ("gb18030-calendar", gb, b"BEGIN:VCALENDAR\r\n" + wide * 500000,
             "base64"),
            ("utf-7", "text/calendar; charset=utf-7", b"BEGIN:VCALENDAR\r\n"
             + b"+AAA-" * 50000, "base64"),
            ("soft-breaks", CT, b"=\r\n" * 1000000, "quoted-printable"),
            ("lines", CT, b"BEGIN:VCALENDAR\r\n" + b"A:B\r\n" * 1000000,
             "8bit"),
            ("returns", CT, b"BEGIN:VCALENDAR\r\n" + b"\r" * 1000000, "8bit"),
            ("many-parts", "multipart/mixed; boundary=b",
             parts([calendar("UID:x\r\n")] * 499), "8bit"),
            ("large-parts", "multipart/mixed; boundary=b",
             parts([b"BEGIN:VCALENDAR\r\n" + b"X:y\r\n" * 3800] * 200),
             "8bit")):
        yield name, mail(name, kind, body, encoding, sender)


def cost(rmail, path):
    """(CPU ms, MiB, what inspect says)"""
    read, write = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.dup2(write, 1)
        os.close(read)
        os.execv(rmail, [rmail, "inspect", path])
    os.close(write)
    with os.fdopen(read, "rb") as f:
        said = f.read()
    _, status, used = os.wait4(pid, 0)
    if status != 0:
        sys.exit(f"{path}: status {status}")
    return ((used.ru_utime + used.ru_stime) * 1000, used.ru_maxrss / 1024,
            json.loads(said))


def measure(folder, rmail):
    found = [(*cost(rmail, path)[:2], os.path.basename(path)[:-4])
             for path in sorted(glob.glob(folder + "/*.eml"))]
    slow, large = max(found), max(found, key=lambda x: x[1])
    print(f"hostile mails: {len(found)}, worst {slow[0]:.0f} ms of CPU "
          f"({slow[2]}; goal 100), {large[1]:.0f} MiB ({large[2]}; goal 64)")


def main():
    folder = sys.argv[1]
    if sys.argv[2:3] == ["time"]:
        measure(folder, sys.argv[3])
        return
    os.makedirs(folder, exist_ok=True)
    for name, raw in mails(*sys.argv[2:3]):
        with open(f"{folder}/{name}.eml", "wb") as f:
            f.write(raw)


if __name__ == "__main__":
    main()
