#!/bin/sh
# Calendar answers that come twice, late, in another's name, about another
# time, or from nobody who was asked.  Prints TAP.
set -u
: "${LSAN_OPTIONS:=suppressions=tests/lsan.supp:print_suppressions=0}"
export LSAN_OPTIONS
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
RMAIL=$PWD/build/san/rmail PYTHONPATH=$PWD/tests/e2e \
	PYTHONDONTWRITEBYTECODE=1 python3 - "$dir/p" <<'END'
import sys
import clients, stage
from stage import Stage, sent_to, text, ics

s = Stage(sys.argv[1], tries="5")
names = """behalf helper helper2 twice again order older learn other crash maybe
 foreign early far change bounce inner subject late own both kde
 noise""".split()
for n in names:
    s.pair("ann" + n, "bob" + n,
           {"helper": "pa@desk.example", "helper2": "pa@desk.example",
            "own": "annboth@example.com"}.get(n, ""))
p = {n: s.pairs["ann" + n] for n in names}
s.run("2027-01-11T09:00Z")
start = {n: s.of(p[n])["start"] for n in names}
DAY1 = "Tue, 12 Jan 2027 10:00:00 +0100"
TEN = "2027-01-12T09:00Z"


def said(mail):
    return " ".join(text(mail).split())


def ask(n, answer="accept", client="google", who=None, date=DAY1, **more):
    s.calendar(client, who or "ann" + n, answer, date, **more)


ask("behalf", sent_by="desk@example.com", **{"from": "desk@example.com"})
for n in ("helper", "helper2"):
    ask(n, "accept" if n == "helper" else "tentative", "microsoft",
        who="bob" + n, attendee="pa@desk.example",
        **{"from": "pa@desk.example"})
ask("own", "accept", "ios", who="bobown", attendee="annboth@example.com",
    **{"from": "annboth@example.com"})
for _ in range(2):
    ask("twice", "decline", "microsoft")
    ask("again", "decline", "kontact")
    ask("maybe", partstat="X-MAYBE")
    ask("foreign", uid="somebody-elses@calendar.example")
    ask("crash", attendee="eve@elsewhere.example",
        **{"from": "eve@elsewhere.example"})
    ask("early", "counter", at="1970-01-05T10:00Z")
    ask("far", "counter", at="2999-01-07T10:00Z")
ask("order", "tentative", stamp="2027-01-12T08:30Z")
ask("order", "accept", stamp="2027-01-12T08:20Z")
ask("learn", attendee="ann.learn@old.example")
ask("kde", "counter", "kontact", attendee="ann.kde@old.example",
    at="2027-01-28T13:00Z")
ask("other", **{"from": "secretary@elsewhere.example"})
for method in ("CANCEL", "REQUEST"):
    found = s.invite("annchange")
    raw = clients.twake(clients.Answer(found, "accept", DAY1, {}))
    head, body = raw.split(b"\r\n\r\n", 1)
    body = clients.base64.encodebytes(clients.base64.decodebytes(body).replace(
        b"METHOD:REPLY", b"METHOD:" + method.encode()))
    clients.deliver(s.folder, head.replace(b"method=REPLY", b"method="
                    + method.encode()).replace(b"0.accept", method.encode())
                    + b"\r\n\r\n" + body)
# Forwarded, it is nobody's answer.
answer = clients.android(clients.Answer(s.invite("anninner"), "decline", DAY1,
                                        {}))
clients.deliver(s.folder, b"From: anninner@example.com\r\nTo: "
                b"mentoring@example.com\r\nSubject: Fwd: answer\r\nMessage-ID: "
                b"<fwd@client.example>\r\nMIME-Version: 1.0\r\nContent-Type: "
                b'multipart/mixed; boundary="fwd"\r\n\r\n--fwd\r\n'
                b"Content-Type: text/plain\r\n\r\nFYI\r\n--fwd\r\n"
                b"Content-Type: message/rfc822\r\n\r\n" + answer
                + b"\r\n--fwd--\r\n")
# Only the subject says it.
found = s.invite("annsubject")
clients.deliver(s.folder, "\r\n".join([
    "From: annsubject@example.com", "To: mentoring@example.com",
    f"Subject: Zugesagt: {found.summary}", "Message-ID: <sub@c.example>",
    "Date: " + DAY1, "", ""]).encode())
# An invite that comes back.
found = s.invite("bobbounce").mail
clients.deliver(s.folder, "\r\n".join([
    "From: MAILER-DAEMON@mx.example.com", "To: mentoring@example.com",
    "Subject: Undelivered Mail Returned to Sender", "Return-Path: <>",
    "Message-ID: <bounce@mx.example.com>", "MIME-Version: 1.0",
    "Content-Type: multipart/report; report-type=delivery-status;"
    ' boundary="b"', "", "--b", "Content-Type: text/plain", "", "Full.", "",
    "--b", "Content-Type: message/delivery-status", "",
    "Reporting-MTA: dns; mx.example.com", "",
    "Final-Recipient: rfc822; bobbounce@example.com", "Action: failed",
    "Status: 5.2.2", "", "--b", "Content-Type: message/rfc822", "",
    found.as_bytes().decode().replace(
        str(found["Message-ID"]), "<changed@on.the.way>").replace(
        "\r\n", "\n").replace("\n", "\r\n"), "", "--b--", ""]).encode())
# What comes along with answers and is none.
own = s.invite("annnoise")
noise = [
    ("eve@elsewhere.example", "Invitation: lunch", "REQUEST",
     own.ics.replace(own.uid, "lunch@elsewhere.example").replace(
         own.organizer, "eve@elsewhere.example")),
    ("annnoise@example.com", "Fwd: " + own.summary, "REQUEST", own.ics),
    ("colleague@example.com", "Fwd: " + own.summary, "REQUEST", own.ics),
    ("bobnoise@example.com", "Holidays", "PUBLISH",
     own.ics.replace("METHOD:REQUEST", "METHOD:PUBLISH").replace(
         own.uid, "christmas@holidays.example")),
    ("bobnoise@example.com", "calendar", "", own.ics.replace(
        "METHOD:REQUEST\r\n", "")),
    ("annnoise@example.com", "Cancelled: " + own.summary, "CANCEL",
     own.ics.replace("METHOD:REQUEST", "METHOD:CANCEL").replace(
         "STATUS:CONFIRMED", "STATUS:CANCELLED")),
    ("bobnoise@example.com", "again", "REFRESH",
     own.ics.replace("METHOD:REQUEST", "METHOD:REFRESH")),
    ("annnoise@example.com", "no", "DECLINECOUNTER",
     own.ics.replace("METHOD:REQUEST", "METHOD:DECLINECOUNTER")),
]
for i, (who, subject, method, body) in enumerate(noise):
    clients.deliver(s.folder, ("\r\n".join([
        f"From: {who}", "To: mentoring@example.com", f"Subject: {subject}",
        f"Message-ID: <noise{i}@client.example>", "Date: " + DAY1,
        "MIME-Version: 1.0", "Content-Type: text/calendar; charset=utf-8"
        + (f"; method={method}" if method else ""),
        "Content-Transfer-Encoding: base64", "", ""])
        + clients.b64(body)).encode())
mails = s.run("2027-01-12T09:05Z")


def stands(n, partstat, what, who=None):
    now = s.of(p[n])
    got = s.said(now["id"], who or "ann" + n)
    s.ok(now["sequence"] == 0 and now["start"] == start[n] and
         got == partstat, what, (dict(now), got))


stands("behalf", "ACCEPTED", "a delegate answers on behalf")
stands("helper", "ACCEPTED", "an assistant answers", "bobhelper")
stands("helper2", "TENTATIVE", "for the one of two whose invite it was",
       "bobhelper2")
stands("own", "ACCEPTED", "an assistant who is a participant as well",
       "bobown")
stands("both", "NEEDS-ACTION", "whose own invite is another matter")
stands("order", "TENTATIVE", "the newer answer wins, in whatever order")
stands("learn", "ACCEPTED", "an unknown name from a known address")
s.ok(s.sql("SELECT key, person_id, learned FROM alias ORDER BY key") == [
    ("ann.kde@old.example", s.people["annkde"], 1),
    ("ann.learn@old.example", s.people["annlearn"], 1)],
    "is learned, and not the organizer's beside it",
    s.sql("SELECT * FROM alias"))
stands("other", "ACCEPTED", "a known name from an unknown address")
stands("subject", "ACCEPTED", "a subject and no more")
stands("noise", "NEEDS-ACTION", "invites, cancels and files of others")
stands("noise", "NEEDS-ACTION", "for both", "bobnoise")
s.ok(not sent_to(mails, "bobnoise") and not sent_to(
    mails, "colleague@example.com"), "nobody is written to about them",
    [str(m["Subject"]) for m in sent_to(mails, "bobnoise")])
for n, what in (("crash", "who was not invited changes nothing"),
                ("maybe", "an unknown word changes nothing"),
                ("foreign", "an event that is not ours"),
                ("early", "a time in 1970"), ("far", "a time in 2999"),
                ("change", "a change of our session by an attendee"),
                ("inner", "a forwarded answer")):
    stands(n, "NEEDS-ACTION", what)
for n in ("twice", "again"):
    now = s.of(p[n])
    s.ok(now["sequence"] == 1 and now["state"] == "invited" and
         now["start"] != start[n],
         f"a no that comes {n} moves the session once", now)
    s.ok(len(sent_to(mails, "ann" + n)) == 1 and
         len(sent_to(mails, "bob" + n)) == 1, "with one mail to each",
         [str(m["Subject"]) for m in sent_to(mails, "ann" + n)])
for n in ("maybe",):
    got = sent_to(mails, "ann" + n)
    s.ok(len(got) == 1 and "not what it says" in said(got[0]),
         "the sender is asked, once", got)
for n, what in (("early", "changed nothing"), ("far", "Nothing was changed")):
    got = sent_to(mails, "ann" + n)
    s.ok(got and what in said(got[0]), "the sender is told", got)
(note,), = s.sql("SELECT note FROM attendee WHERE session_id = ? AND"
                 " person_id = ?", s.of(p["bounce"])["id"],
                 s.people["bobbounce"])
s.ok(note == "bounced 5.2.2", "a returned invite is marked", note)
s.ok(s.notes("unclear-answer") == 2, "once each: an unknown word, 1970")
for kind, count in (("proposal-not-possible", 1), ("foreign-event", 3),
                    ("uninvited", 1), ("invite-bounced", 1)):
    s.ok(s.notes(kind) == count, f"once of each for the digest: {kind}",
         s.notes(kind))
s.ok(s.notes("calendar-change") == 7, "each change of ours by others, once",
     s.sql("SELECT person_id, text FROM note WHERE kind = 'calendar-change'"))

# --- after the update -----------------------------------------------------------

DAY2 = "Wed, 13 Jan 2027 10:00:00 +0100"
ask("twice", "decline", "microsoft", date=DAY2, nth=0)
ask("again", "accept", "google", date=DAY2, nth=0)
ask("older", "decline", "ios", who="bobolder", date=DAY2)
mails = s.run("2027-01-13T09:05Z")
now = s.of(p["twice"])
s.ok(now["sequence"] == 1, "the same no once more, a day later", now)
now = s.of(p["again"])
s.ok(s.said(now["id"], "annagain") == "NEEDS-ACTION" and
     now["sequence"] == 1, "a yes to the old time is none to the new", now)
DAY3 = "Thu, 14 Jan 2027 10:00:00 +0100"
ask("older", "decline", "ios", date=DAY3, nth=0)
mails = s.run("2027-01-14T09:05Z")
now = s.of(p["older"])
s.ok(now["sequence"] == 2, "but a no to the old time still counts", now)
s.ok(len(sent_to(mails, "bobolder")) == 1, "with one mail")
ask("again", "accept", "google", date=DAY3)
ask("again", "accept", "google", who="bobagain", date=DAY3)
s.run("2027-01-14T10:05Z")
s.ok(s.of(p["again"])["state"] == "confirmed", "both accept the new time")

# --- when it is over ------------------------------------------------------------

was = s.of(p["late"])
ended = s.sql("SELECT datetime(?, 'unixepoch')", was["finish"] + 300)[0][0]
ended = ended.replace(" ", "T")[:16] + "Z"
for answer in ("decline", "counter"):
    ask("late", answer, "google", date=DAY3, at="2027-02-10T10:00Z")
s.words("boblate@example.com", "move to 11 February 14:00", DAY3)
s.run(ended)
now = s.sql("SELECT start, sequence, state FROM session WHERE id = ?",
            was["id"])[0]
s.ok(now == (was["start"], was["sequence"], "over"),
     "what is past is never moved", now)

# An assistant has no word in what only the person is asked.
s.words("pa@desk.example", "5", "Fri, 29 Jan 2027 10:00:00 +0100",
        "Session 1|met|session", to="bobhelper@example.com")
s.run("2027-02-01T09:05Z")
s.ok(s.sql("SELECT count(*) FROM answer") == [(0,)] and s.sql(
    "SELECT state FROM form WHERE person_id = ?", s.people["bobhelper"]) ==
     [("open",)], "an assistant answers no survey",
     s.sql("SELECT * FROM answer"))

# --- the digest ------------------------------------------------------------------

found = clients.glob.glob(s.folder + "/out/new/*")
texts = []
for name in found:
    with open(name, "rb") as f:
        m = clients.email.message_from_binary_file(
            f, policy=clients.email.policy.default)
    if m["To"] and "hanna.lead@example.com" in m["To"]:
        texts.append(text(m))
whole = " ".join(" ".join(texts).split())
for words in ("annmaybe answered a session invite in a way",
              "annfar asked for a session at a time that is not",
              "annforeign",
              "eve@elsewhere.example", "invite of bobbounce"):
    s.ok(whole.count(words) == 1, f"the digest says it once: {words}",
         whole.count(words))
s.end()
END
