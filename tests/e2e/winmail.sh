#!/bin/sh
# A winmail.dat in which there is no text: the sender is asked for plain
# text, nothing changes, and a second one the same day asks no more than
# the settings allow.  Prints TAP.
set -u
: "${LSAN_OPTIONS:=suppressions=tests/lsan.supp:print_suppressions=0}"
export LSAN_OPTIONS
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
RMAIL=$PWD/build/san/rmail PYTHONPATH=$PWD/tests/e2e \
	PYTHONDONTWRITEBYTECODE=1 python3 - "$dir/p" <<'END'
import email, glob, sys
import email.policy
import clients
from stage import Stage, sent_to, text

DAT = """eJ8+IgEAAQaQCAAEAAAAAAABAAEAAQeQBgAIAAAA5AQAAAAAAADoAAEIgAcACQAAAElQTS5Ob3Rl
AKoC"""
s = Stage(sys.argv[1])
p = {n: s.pair("ann" + n, "bob" + n) for n in ("one", "two")}
s.run("2027-01-11T09:00Z")
before = {n: dict(s.of(p[n])) for n in p}


def winmail(who, words=""):
    """An answer to the newest mail to them, as Outlook sends it to others."""
    names = sorted(glob.glob(s.folder + "/out/new/*"))
    for name in names:
        with open(name, "rb") as f:
            m = email.message_from_binary_file(f, policy=email.policy.default)
        if who in m["To"]:
            found = m
    body = ("Content-Type: text/plain\r\n\r\n" + words + "\r\n--x\r\n"
            if words else "")
    clients.deliver(s.folder, "\r\n".join([
        f"From: <{who}>", f"To: {found['From']}",
        f"Subject: RE: {found['Subject']}",
        "Date: Tue, 12 Jan 2027 10:00:00 +0100",
        f"Message-ID: <winmail.{who}>",
        f"In-Reply-To: {found['Message-ID']}", "MIME-Version: 1.0",
        "Content-Type: multipart/mixed; boundary=x", "",
        "--x", body + "Content-Type: application/ms-tnef; name=winmail.dat",
        "Content-Transfer-Encoding: base64", "", DAT, "--x--", ""]).encode())


winmail("annone@example.com")
winmail("anntwo@example.com", "The weather is fine, is it not")
mails = s.run("2027-01-12T09:05Z")
got = sent_to(mails, "annone")
s.ok(len(got) == 1 and "winmail.dat" in text(got[0]) and
     "reply once more as plain text" in " ".join(text(got[0]).split()),
     "what cannot be read is asked for as plain text",
     [m["Subject"] for m in got])
got = sent_to(mails, "anntwo")
s.ok(len(got) == 1 and "winmail.dat" not in text(got[0]) and
     "weather" in text(got[0]), "words beside such a file are read",
     [m["Subject"] for m in got])
s.ok(all(dict(s.of(p[n])) == before[n] for n in p), "and nothing changes")
s.end()
END
