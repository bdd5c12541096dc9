"""Calendar programs answering an invite: one shape for each, as they write it.

usage: clients.py FOLDER ADDRESS CLIENT ANSWER DATE [NAME=VALUE ...]
       clients.py list
FOLDER holds out/ (what the programme sent) and in/ (its mailbox).  ANSWER is
accept, decline, tentative, counter or delegate.  What may be said besides:
  from=ADDRESS      the answer comes from there
  attendee=ADDRESS  and is given in this name
  sent-by=ADDRESS   by a delegate
  at=2027-03-04T13:00Z  the time a counter asks for
  sequence=N        of the invite it answers; "none" leaves it out
  stamp=2027-03-01T09:00Z  its DTSTAMP
  partstat=WORD     in place of the right one
  uid=UID           in place of the right one
  to=ADDRESS        whom it is delegated to
  nth=N             answers the Nth invite to ADDRESS, not the last
"""
import base64
import datetime
import email
import email.header
import email.policy
import email.utils
import glob
import os
import quopri
import re
import struct
import sys
import zoneinfo

UTC = datetime.timezone.utc
PARTSTAT = {"accept": "ACCEPTED", "decline": "DECLINED",
            "tentative": "TENTATIVE", "counter": "TENTATIVE",
            "delegate": "DELEGATED"}


def instant(text):
    return datetime.datetime.fromisoformat(text.replace("Z", "+00:00"))


def utc(t):
    return t.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")


# --- the invite that was sent ---------------------------------------------------

class Invite:
    def __init__(self, mail):
        self.mail = mail
        part = next(p for p in mail.walk()
                    if p.get_content_type() == "text/calendar")
        self.ics = part.get_payload(decode=True).decode()
        self.lines = re.sub(r"\r?\n[ \t]", "", self.ics).splitlines()
        self.event = self.lines[self.lines.index("BEGIN:VEVENT"):]
        self.uid = self.value("UID")
        self.sequence = int(self.value("SEQUENCE"))
        self.summary = self.value("SUMMARY")
        self.organizer = self.line("ORGANIZER").split("mailto:")[1]
        self.attendee = self.line("ATTENDEE").split("mailto:")[1]
        self.start, self.zone = self.time("DTSTART")
        self.end, _ = self.time("DTEND")
        zone = re.search(r"BEGIN:VTIMEZONE.*END:VTIMEZONE",
                         "\n".join(self.lines), re.S)
        self.vtimezone = zone.group(0).split("\n") if zone else []

    def line(self, name):
        return next(x for x in self.event if re.match(name + "[:;]", x))

    def value(self, name):
        return self.line(name).split(":", 1)[1]

    def time(self, name):
        line = self.line(name)
        wall = datetime.datetime.strptime(
            line.rsplit(":", 1)[1].rstrip("Z"), "%Y%m%dT%H%M%S")
        if line.endswith("Z"):
            return wall.replace(tzinfo=UTC), "UTC"
        zone = re.search("TZID=([^:;]*)", line).group(1)
        return wall.replace(tzinfo=zoneinfo.ZoneInfo(zone)), zone


def invites(folder, address):
    """All invites to an address, oldest first."""
    found = []
    for name in sorted(glob.glob(folder + "/out/new/*")):
        with open(name, "rb") as f:
            mail = email.message_from_binary_file(
                f, policy=email.policy.default)
        if address in mail["To"] and any(
                p.get_content_type() == "text/calendar" for p in mail.walk()):
            found.append(Invite(mail))
    return found


# --- what an answer says --------------------------------------------------------

class Answer:
    def __init__(self, invite, answer, date, options):
        self.invite, self.answer, self.date = invite, answer, date
        get = options.get
        self.sender = get("from", invite.attendee)
        self.attendee = get("attendee", invite.attendee)
        self.sent_by = get("sent-by")
        self.partstat = get("partstat", PARTSTAT[answer])
        self.uid = get("uid", invite.uid)
        self.sequence = get("sequence", str(invite.sequence))
        when = email.utils.parsedate_to_datetime(date)
        self.stamp = instant(options["stamp"]) if "stamp" in options else when
        self.at = instant(options["at"]) if "at" in options else None
        self.to = get("to", "other@elsewhere.example")
        self.number = get("number", "0")
        self.counter = answer == "counter"

    def times(self):
        """The start and end it carries: a counter's are the new ones."""
        if not self.counter:
            return self.invite.start, self.invite.end
        return self.at, self.at + (self.invite.end.astimezone(UTC)
                                   - self.invite.start.astimezone(UTC))


def fold(lines, end="\r\n"):
    out = []
    for line in lines:
        raw = line.encode()
        while len(raw) > 75:
            cut = 75
            while raw[cut] & 0xC0 == 0x80:
                cut -= 1
            out.append(raw[:cut].decode())
            raw = b" " + raw[cut:]
        out.append(raw.decode())
    return end.join(out) + end


def delegated(a):
    return f';DELEGATED-TO="mailto:{a.to}"' if a.answer == "delegate" else ""


def sequence(a):
    return [] if a.sequence == "none" else [f"SEQUENCE:{a.sequence}"]


def by(a):
    return f';SENT-BY="mailto:{a.sent_by}"' if a.sent_by else ""


def calendar(method, body, zone=(), head=("PRODID:-//x//y//EN",
                                          "VERSION:2.0")):
    return fold(["BEGIN:VCALENDAR", *head, f"METHOD:{method}", *zone,
                 "BEGIN:VEVENT", *body, "END:VEVENT", "END:VCALENDAR"])


# --- mails ----------------------------------------------------------------------

def qp(text):
    return quopri.encodestring(text.encode()).decode()


def b64(data):
    data = data.encode() if isinstance(data, str) else data
    return base64.encodebytes(data).decode()


def part(kind, body, *fields):
    return "\n".join([f"Content-Type: {kind}", *fields]) + "\n\n" + body


def multi(kind, boundary, *parts):
    body = "".join(f"--{boundary}\n{p}\n" for p in parts)
    return (f'multipart/{kind}; boundary="{boundary}"',
            body + f"--{boundary}--\n")


def nested(kind, boundary, *parts):
    head, body = multi(kind, boundary, *parts)
    return part(head, body)


def whole(a, subject, content, *fields):
    """A mail of header fields and (type, body)."""
    kind, body = content
    fields = [f"Date: {a.date}", f"From: {a.sender}",
              f"To: {a.invite.organizer}", f"Subject: {subject}",
              f"Message-ID: <{a.number}.{a.answer}@client.example>",
              "MIME-Version: 1.0", *fields, f"Content-Type: {kind}"]
    text = "\n".join(fields) + "\n\n" + body
    return text.replace("\r\n", "\n").replace("\n", "\r\n").encode()


def encoded(text):
    return email.header.Header(text, "utf-8").encode()


def prefix(a, words):
    """accept, decline, tentative, counter, delegate"""
    return dict(zip(PARTSTAT, words))[a.answer]


# --- the programs ---------------------------------------------------------------

def google(a):
    start, end = a.times()
    method = "COUNTER" if a.counter else "REPLY"
    note = ';X-RESPONSE-COMMENT="see you"' if a.answer == "accept" else ""
    ics = calendar(method, [
        f"DTSTART:{utc(start)}", f"DTEND:{utc(end)}",
        f"DTSTAMP:{utc(a.stamp)}",
        f"ORGANIZER;CN=Mentoring:mailto:{a.invite.organizer}",
        f"UID:{a.uid}",
        "ATTENDEE;CUTYPE=INDIVIDUAL;ROLE=REQ-PARTICIPANT;"
        f"PARTSTAT={a.partstat};CN={a.attendee};X-NUM-GUESTS=0{note}"
        f"{delegated(a)}{by(a)}:mailto:{a.attendee}",
        "CREATED:20270101T000000Z", f"LAST-MODIFIED:{utc(a.stamp)}",
        *sequence(a), "STATUS:CONFIRMED", f"SUMMARY:{a.invite.summary}",
        "TRANSP:OPAQUE", "BEGIN:VALARM", "ACTION:EMAIL",
        "ATTENDEE:mailto:alarm@elsewhere.example", "UID:alarm",
        "TRIGGER:-P0DT0H10M0S", "END:VALARM"],
        head=("PRODID:-//Google Inc//Google Calendar 70.9054//EN",
              "VERSION:2.0", "CALSCALE:GREGORIAN"))
    kind = 'text/calendar; charset="UTF-8"; method=REPLY'
    words = prefix(a, ("Accepted", "Declined", "Tentatively Accepted",
                       "Nouvel horaire proposé", "Accepted"))
    alternative = nested(
        "alternative", "000000000000a1",
        part('text/plain; charset="UTF-8"; format=flowed; delsp=yes',
             b64("See the answer.\n"), "Content-Transfer-Encoding: base64"),
        part('text/html; charset="UTF-8"', qp("<p>See the answer.</p>\n"),
             "Content-Transfer-Encoding: quoted-printable"),
        part(kind, ics, "Content-Transfer-Encoding: 7bit"))
    return whole(
        a, encoded(f"{words}: {a.invite.summary} @ Mon 10am ({a.attendee})"),
        multi("mixed", "000000000000a0", alternative,
              part('application/ics; name="invite.ics"', b64(ics),
                   'Content-Disposition: attachment; filename="invite.ics"',
                   "Content-Transfer-Encoding: base64")),
        "Return-Path: <3x@calendar-server.bounces.google.com>",
        "Sender: Google Calendar <calendar-notification@google.com>",
        f"Reply-To: {a.sender}", "Auto-Submitted: auto-generated")


WINDOWS = {"Europe/Berlin": "W. Europe Standard Time",
           "America/New_York": "Eastern Standard Time",
           "Asia/Kolkata": "India Standard Time"}


def microsoft(a):
    start, end = a.times()
    zone = WINDOWS[a.invite.zone]
    here = zoneinfo.ZoneInfo(a.invite.zone)

    def wall(t):
        return t.astimezone(here).strftime("%Y%m%dT%H%M%S")
    words = prefix(a, ("Accepted", "Declined", "Tentative",
                       "New Time Proposed", "Accepted"))
    old = [f"X-MS-OLK-ORIGINALSTART;TZID={zone}:{wall(a.invite.start)}",
           f"X-MS-OLK-ORIGINALEND;TZID={zone}:{wall(a.invite.end)}"]
    ics = calendar("COUNTER" if a.counter else "REPLY", [
        f"ATTENDEE;PARTSTAT={a.partstat};CN=Somebody{delegated(a)}{by(a)}"
        f":mailto:{a.attendee}",
        "COMMENT;LANGUAGE=en-US:\\n", f"UID:{a.uid}",
        f"SUMMARY;LANGUAGE=en-US:{words}: {a.invite.summary}",
        f"DTSTART;TZID={zone}:{wall(start)}", f"DTEND;TZID={zone}:{wall(end)}",
        "CLASS:PUBLIC", "PRIORITY:5", f"DTSTAMP:{utc(a.stamp)}",
        "TRANSP:OPAQUE", "STATUS:CONFIRMED", *sequence(a),
        "LOCATION;LANGUAGE=en-US:", "X-MICROSOFT-CDO-APPT-SEQUENCE:0",
        "X-MICROSOFT-CDO-BUSYSTATUS:BUSY",
        "X-MICROSOFT-CDO-INTENDEDSTATUS:BUSY",
        *(old if a.counter else [])],
        zone=["BEGIN:VTIMEZONE", f"TZID:{zone}", "BEGIN:STANDARD",
              "DTSTART:16010101T030000", "TZOFFSETFROM:+0200",
              "TZOFFSETTO:+0100",
              "RRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=-1SU;BYMONTH=10",
              "END:STANDARD", "BEGIN:DAYLIGHT", "DTSTART:16010101T020000",
              "TZOFFSETFROM:+0100", "TZOFFSETTO:+0200",
              "RRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=-1SU;BYMONTH=3",
              "END:DAYLIGHT", "END:VTIMEZONE"],
        head=("PRODID:Microsoft Exchange Server 2010", "VERSION:2.0"))
    return whole(
        a, f"{words}: {a.invite.summary}",
        multi("alternative", "_000_AM0PR08_",
              part('text/plain; charset="iso-8859-1"', "\n",
                   "Content-Transfer-Encoding: quoted-printable"),
              part('text/html; charset="iso-8859-1"', "<html></html>\n",
                   "Content-Transfer-Encoding: quoted-printable"),
              part('text/calendar; charset="utf-8"; '
                   f"method={'COUNTER' if a.counter else 'REPLY'}", b64(ics),
                   "Content-Transfer-Encoding: base64")),
        "Thread-Topic: " + a.invite.summary, "X-MS-Has-Attach:",
        "Content-Language: en-US", "X-MS-TNEF-Correlator:")


def microsoft_french(a):
    """The same with a no-break space and no sentence in English."""
    words = prefix(a, ("Accepté", "Refusé", "Provisoire",
                       "Nouvelle heure proposée", "Accepté"))
    return microsoft(a).replace(
        b"Subject: " + prefix(a, ("Accepted", "Declined", "Tentative",
                                  "New Time Proposed",
                                  "Accepted")).encode() + b": ",
        b"Subject: " + encoded(words + "\u00a0:").encode() + b" ", 1)


def mac_2011(a):
    start, end = a.times()
    zone = '"Sarajevo, Skopje, Warsaw, Zagreb"'
    ics = calendar("COUNTER" if a.counter else "REPLY", [
        f"UID:{a.uid}",
        f"ORGANIZER;CN=Mentoring:MAILTO:{a.invite.organizer}",
        f"ATTENDEE;CN=Somebody;PARTSTAT={a.partstat};ROLE=OPT-PARTICIPANT;"
        f"RSVP=TRUE{delegated(a)}{by(a)}:MAILTO:{a.attendee}",
        f"DTSTART:{utc(start)}" if a.counter else
        f"DTSTART;TZID={zone}:{start:%Y%m%dT%H%M%S}",
        f"DTEND:{utc(end)}" if a.counter else
        f"DTEND;TZID={zone}:{end:%Y%m%dT%H%M%S}",
        f"DTSTAMP:{utc(a.stamp)}", f"SUMMARY:{a.invite.summary}",
        *sequence(a)])
    head, body = multi(
        "alternative", "B_3426000000",
        part('text/html; charset="US-ASCII"', "<html></html>\n",
             "Content-transfer-encoding: 7bit"),
        part("text/calendar; method=REPLY; charset=US-ASCII; "
             'name="meeting.ics"', ics, "Content-transfer-encoding: 7bit"))
    return whole(a, "Accepted: Invitation: " + a.invite.summary,
                 (head, "> This message is in MIME format.\n\n" + body))


def tnef(cls):
    """A winmail.dat with nothing but the class of the message."""
    def attribute(number, data):
        return (struct.pack("<BII", 1, number, len(data)) + data
                + struct.pack("<H", sum(data) & 0xFFFF))
    return (struct.pack("<IH", 0x223E9F78, 1)
            + attribute(0x00089006, struct.pack("<I", 0x10000))
            + attribute(0x00069007, struct.pack("<II", 1252, 0))
            + attribute(0x00078008, cls.encode() + b"\0"))


def outlook_rich(a):
    if a.answer not in ("accept", "decline", "tentative"):
        return plain(a)
    cls = "IPM.Microsoft Schedule.MtgResp" + prefix(a, "PNA--")
    words = prefix(a, ("Zugesagt", "Abgelehnt", "Mit Vorbehalt", "", ""))
    return whole(
        a, f"{words}: {a.invite.summary}",
        multi("mixed", "_001_", part("text/plain; charset=us-ascii", "\n"),
              part('application/ms-tnef; name="winmail.dat"',
                   b64(tnef(cls)), "Content-Transfer-Encoding: base64")),
        "Thread-Topic: " + a.invite.summary)


def apple(a, shape):
    """iOS and macOS: another time is a REPLY with a parameter."""
    new = (f';TO-ALL-PROPOSED-NEW-TIME="DTSTART:{utc(a.at)};STATUS:;"'
           if a.counter else "")
    ics = calendar("REPLY", [
        "CREATED:20270101T000000Z",
        f"ORGANIZER;CN=Mentoring:mailto:{a.invite.organizer}",
        f"ATTENDEE;CN=Somebody;CUTYPE=INDIVIDUAL;PARTSTAT={a.partstat};"
        f"ROLE=REQ-PARTICIPANT{new}{delegated(a)}{by(a)}"
        f":mailto:{a.attendee}",
        f"DTSTAMP:{utc(a.stamp)}",
        f"DTSTART:{utc(a.invite.start)}", f"DTEND:{utc(a.invite.end)}",
        f"UID:{a.uid}", f"SUMMARY:{a.invite.summary}", *sequence(a)],
        head=("PRODID:-//Apple Inc.//iOS 17.1//EN", "VERSION:2.0",
              "CALSCALE:GREGORIAN"))
    return shape(a, ics)


def ios(a):
    words = prefix(a, ("Acceptée", "Refusée", "Peut-être",
                       "Nouvel horaire", "Acceptée"))
    return apple(a, lambda a, ics: whole(
        a, encoded(f"{words} : {a.invite.summary}"),
        multi("alternative", "Apple-Mail-1",
              part("text/plain; charset=us-ascii", "\n"),
              part("text/calendar; charset=utf-8; method=REPLY; "
                   'name=meeting.ics', qp(ics),
                   "Content-Transfer-Encoding: quoted-printable")),
        "X-Mailer: iPhone Mail (21B74)"))


def macos(a):
    """The calendar part hides two levels down, without a method."""
    return apple(a, lambda a, ics: whole(
        a, "Event accepted: " + a.invite.summary,
        multi("alternative", "Apple-Mail-2",
              part("text/plain; charset=US-ASCII", "An answer.\n"),
              nested("mixed", "Apple-Mail-3",
                     part("text/html; charset=US-ASCII", "<p>An answer.\n"),
                     part('text/calendar; name="iCal-20270101.ics"',
                          ics.replace("=", "=3D").replace(
                              "\r\n", "=0D=0A=\n"),
                          'Content-Disposition: attachment; '
                          'filename="iCal-20270101.ics"',
                          "Content-Transfer-Encoding: "
                          "quoted-printable")))))


def thunderbird(a):
    start, end = a.times()
    ics = calendar("COUNTER" if a.counter else "REPLY", [
        "CREATED:20270101T000000Z", f"LAST-MODIFIED:{utc(a.stamp)}",
        f"DTSTAMP:{utc(a.stamp)}", f"UID:{a.uid}",
        f"SUMMARY:{a.invite.summary}",
        f'ORGANIZER;CN="Mentoring":mailto:{a.invite.organizer}',
        f"ATTENDEE;PARTSTAT={a.partstat};CUTYPE=INDIVIDUAL{delegated(a)}"
        f"{by(a)}:mailto:{a.attendee}",
        f"DTSTART:{utc(start)}", f"DTEND:{utc(end)}", *sequence(a),
        f"X-MOZ-RECEIVED-SEQUENCE:{a.invite.sequence}",
        "X-MOZ-RECEIVED-DTSTAMP:20270101T000000Z"],
        head=("PRODID:-//Mozilla.org/NONSGML Mozilla Calendar V1.1//EN",
              "VERSION:2.0"))
    words = prefix(a, ("Accepted", "Invitation Declined", "Tentative",
                       "Invitation Reply", "Invitation Reply"))
    return whole(
        a, encoded(f"{words}: {a.invite.summary}"),
        multi("mixed", "Boundary_(ID_qyG4ZdjoAsiZ+Jo19dCbWQ)",
              nested("alternative",
                     "Boundary_(ID_ryU4ZdJoASiZ+Jo21dCbwA)",
                     part("text/plain; charset=UTF-8", "Answered.\n",
                          "Content-Transfer-Encoding: 8BIT"),
                     part("text/calendar; method=REPLY; charset=UTF-8", ics,
                          "Content-Transfer-Encoding: 8BIT")),
              part("application/ics; name=invite.ics", b64(ics),
                   "Content-Transfer-Encoding: base64",
                   "Content-Disposition: attachment; filename=invite.ics")))


def android(a):
    start, end = a.times()
    ics = calendar("COUNTER" if a.counter else "REPLY", [
        f"ATTENDEE;PARTSTAT={a.partstat}{delegated(a)}{by(a)}"
        f":MAILTO:{a.attendee}",
        f"ORGANIZER:MAILTO:{a.invite.organizer}",
        f"UID:{a.uid}", f"DTSTAMP:{utc(a.stamp)}", f"DTSTART:{utc(start)}",
        f"DTEND:{utc(end)}", f"SUMMARY:{a.invite.summary}", *sequence(a)],
        head=("PRODID:AndroidEmail", "VERSION:2.0"))
    return whole(
        a, encoded("Réunion acceptée : " + a.invite.summary),
        multi("alternative", "--_com.android.email_1",
              part("text/plain; charset=utf-8", b64("\n"),
                   "Content-Transfer-Encoding: base64"),
              part('text/calendar; method=REPLY; name="invite.ics"',
                   b64(ics), "Content-Transfer-Encoding: base64")))


def kontact(a):
    """Lower case, no SEQUENCE; a counter keeps all attendees."""
    start, end = a.times()
    me = (f'ATTENDEE;CN="Some Body";RSVP=FALSE;PARTSTAT={a.partstat};'
          "ROLE=REQ-PARTICIPANT;CUTYPE=INDIVIDUAL"
          + (f";DELEGATED-TO={a.to}" if a.answer == "delegate" else "")
          + f"{by(a)}:mailto:{a.attendee}")
    others = [f"ATTENDEE;CN=Mentoring;PARTSTAT=ACCEPTED;ROLE=CHAIR:mailto:"
              f"{a.invite.organizer}"] if a.counter else []
    ics = calendar("COUNTER" if a.counter else "REPLY", [
        f"DTSTAMP:{utc(a.stamp)}",
        f"ORGANIZER;CN=Mentoring:mailto:{a.invite.organizer}",
        *others, me, f"UID:{a.uid}", f"SUMMARY:{a.invite.summary}",
        f"DTSTART:{utc(start)}", f"DTEND:{utc(end)}", "TRANSP:OPAQUE"],
        head=("PRODID:-//K Desktop Environment//NONSGML libkcal 4.3//EN",
              "VERSION:2.0", "X-KDE-ICAL-IMPLEMENTATION-VERSION:1.0"))
    words = prefix(a, ("Accepted", "Answer", "Answer",
                       "Answer", "Delegated"))
    method = "counter" if a.counter else "reply"
    return whole(
        a, f"{words}: {a.invite.summary}",
        multi("mixed", "nextPart1234",
              part('text/plain; charset="us-ascii"', "Answered.\n"),
              part(f'text/calendar; name="cal.ics"; method="{method}"; '
                   'charset="utf-8"', qp(ics),
                   "Content-Transfer-Encoding: quoted-printable")),
        "User-Agent: KMail/5.24")


def zimbra(a):
    start, end = a.times()
    words = prefix(a, ("Accepted", "Declined", "Tentative",
                       "New Time Proposed", "Accepted"))
    ics = calendar("COUNTER" if a.counter else "REPLY", [
        f"UID:{a.uid}", f"SUMMARY:{words}: {a.invite.summary}",
        f"ATTENDEE;PARTSTAT={a.partstat}{delegated(a)}{by(a)}"
        f":mailto:{a.attendee}",
        f"ORGANIZER;CN=Mentoring:mailto:{a.invite.organizer}",
        f"DTSTART:{utc(start)}", f"DTEND:{utc(end)}", *sequence(a),
        "PRIORITY:5", "CLASS:PUBLIC", f"DTSTAMP:{utc(a.stamp)}"],
        head=("PRODID:Zimbra-Calendar-Provider", "VERSION:2.0"))
    words = prefix(a, ("Accept", "Decline", "Tentative",
                       "New Time Proposed", "Accept"))
    method = "COUNTER" if a.counter else "REPLY"
    return whole(
        a, f"{words}: {a.invite.summary}",
        multi("alternative", "=_aa11",
              part("text/plain; charset=utf-8", "Yes.\n"),
              part(f"text/calendar; charset=utf-8; method={method}; "
                   "name=meeting.ics", ics)))


def zimbra_connector(a):
    """Outlook behind Zimbra: no ORGANIZER."""
    raw = zimbra(a).decode()
    return re.sub(r"ORGANIZER[^\n]*\n( [^\n]*\n)*", "", raw).encode()


def bluemind(a):
    start, end = a.times()
    ics = calendar("COUNTER" if a.counter else "REPLY", [
        f"DTSTAMP:{utc(a.stamp)}", f"DTSTART:{utc(start)}",
        f"DTEND:{utc(end)}", f"SUMMARY:{a.invite.summary}", f"UID:{a.uid}",
        f"ATTENDEE;CN=Somebody;PARTSTAT={a.partstat}{delegated(a)}{by(a)}"
        f":mailto:{a.attendee}"])
    return whole(
        a, encoded("Somebody a accepté l'invitation: " + a.invite.summary),
        multi("mixed", "-=Part.1",
              nested("alternative", "-=Part.2",
                     part("text/html; charset=utf-8", "<p>Oui</p>\n"),
                     part("text/calendar; charset=utf-8; "
                          f"method={'COUNTER' if a.counter else 'REPLY'}",
                          qp(ics),
                          "Content-Transfer-Encoding: quoted-printable")),
              part('application/ics; name="event.ics"', b64(ics),
                   "Content-Transfer-Encoding: base64",
                   'Content-Disposition: attachment; '
                   'filename="event.ics"')))


def sogo(a):
    start, end = a.times()
    ics = calendar("COUNTER" if a.counter else "REPLY", [
        f"UID:{a.uid}", f"SUMMARY:{a.invite.summary}",
        f"DTSTART;VALUE=DATE-TIME:{utc(start)}",
        f"DTEND;VALUE=DATE-TIME:{utc(end)}", f"DTSTAMP:{utc(a.stamp)}",
        *sequence(a),
        f'ORGANIZER;CN="Mentoring":mailto:{a.invite.organizer}',
        f"ATTENDEE;PARTSTAT={a.partstat};ROLE=REQ-PARTICIPANT{delegated(a)}"
        f"{by(a)}:mailto:{a.attendee}",
        *([f'ATTENDEE;PARTSTAT=NEEDS-ACTION;DELEGATED-FROM="mailto:'
           f'{a.attendee}":mailto:{a.to}'] if a.answer == "delegate"
          else [])])
    return whole(a, f"Accepted invitation: \"{a.invite.summary}\"",
                 multi("mixed", "----=_=-_OpenGroupware_org_NGMime-1",
                       part("text/html; charset=utf-8", "<p>Yes</p>\n"),
                       part("text/calendar; charset=utf-8; "
                            f"method={'COUNTER' if a.counter else 'REPLY'}",
                            b64(ics), "Content-Transfer-Encoding: base64")))


def kolab(a):
    raw = thunderbird(a).decode()
    return re.sub(r"Subject: [^\n]*(\n [^\n]*)*",
                  f'Subject: "{a.invite.summary}" has been answered', raw,
                  count=1).encode()


def twake(a):
    """One part that is the whole mail."""
    start, end = a.times()
    method = "COUNTER" if a.counter else "REPLY"
    ics = calendar(method, [
        f"UID:{a.uid}", f"DTSTAMP:{utc(a.stamp)}", f"DTSTART:{utc(start)}",
        f"DTEND:{utc(end)}", *sequence(a), f"SUMMARY:{a.invite.summary}",
        f"ORGANIZER:mailto:{a.invite.organizer}",
        f"ATTENDEE;PARTSTAT={a.partstat}{delegated(a)}{by(a)}"
        f":mailto:{a.attendee}"], head=("VERSION:2.0", "PRODID:-//Sabre//"))
    return whole(a, f"ACCEPTED: {a.invite.summary} @ Mon",
                 (f"text/calendar; charset=utf-8; method={method}",
                  b64(ics)), "Content-Transfer-Encoding: base64")


def octets(a):
    """A web mailer that knows nothing of calendars: a file, no type."""
    start, end = a.times()
    ics = calendar("COUNTER" if a.counter else "REPLY", [
        f"UID:{a.uid}", f"DTSTAMP:{utc(a.stamp)}", f"DTSTART:{utc(start)}",
        f"DTEND:{utc(end)}", *sequence(a),
        f"ATTENDEE;PARTSTAT={a.partstat}{delegated(a)}{by(a)}"
        f":mailto:{a.attendee}"]).replace("\r\n", "\n")
    return whole(a, "Re: " + a.invite.mail["Subject"],
                 multi("mixed", "webmail",
                       part("text/plain", "\n"),
                       part('application/octet-stream; name="reply.ics"',
                            b64(ics), "Content-Transfer-Encoding: base64",
                            'Content-Disposition: attachment; '
                            'filename="reply.ics"')))


def plain(a):
    """A person who answers in words."""
    here = zoneinfo.ZoneInfo(a.invite.zone)
    words = prefix(a, ("Yes, that works.", "No", "maybe",
                       a.at and f"{a.at.astimezone(here):%d %B %Y %H:%M}",
                       f"Please ask {a.to} instead."))
    quote = a.invite.mail.get_body(("plain",)).get_content().splitlines()
    text = words + "\n\nOn Monday the programme wrote:\n" + "".join(
        f"> {line}\n" for line in quote)
    return whole(a, "Re: " + a.invite.mail["Subject"],
                 ("text/plain; charset=utf-8", text),
                 f"In-Reply-To: {a.invite.mail['Message-ID']}",
                 f"References: {a.invite.mail['Message-ID']}")


def outlook_classic(a):
    """Outlook over SMTP: it has an organizer, and a second VTIMEZONE's worth
    of its own properties."""
    start, end = a.times()
    zone = "W. Europe Standard Time"
    here = zoneinfo.ZoneInfo("Europe/Berlin")
    old = [f'X-MS-OLK-ORIGINALSTART;TZID="{zone}":'
           f"{a.invite.start.astimezone(here):%Y%m%dT%H%M%S}"]
    ics = calendar("COUNTER" if a.counter else "REPLY", [
        f"ATTENDEE;PARTSTAT={a.partstat}{delegated(a)}{by(a)}"
        f":mailto:{a.attendee}",
        "CLASS:PUBLIC", f"CREATED:{utc(a.stamp)}",
        f'DTEND;TZID="{zone}":{end.astimezone(here):%Y%m%dT%H%M%S}',
        f"DTSTAMP:{utc(a.stamp)}",
        f'DTSTART;TZID="{zone}":{start.astimezone(here):%Y%m%dT%H%M%S}',
        f"ORGANIZER;CN=Mentoring:mailto:{a.invite.organizer}",
        *sequence(a), f"SUMMARY;LANGUAGE=de:Zugesagt: {a.invite.summary}",
        f"UID:{a.uid}",
        'X-ALT-DESC;FMTTYPE=text/html:<!DOCTYPE HTML PUBLIC "-//W3C//DTD '
        'HTML 3.2//EN">\\n<HTML></HTML>',
        "X-MICROSOFT-CDO-BUSYSTATUS:TENTATIVE", *(old if a.counter else []),
        f'X-MS-OLK-SENDER;CN="Somebody":mailto:{a.sender}'],
        head=("PRODID:-//Microsoft Corporation//Outlook 16.0 MIMEDIR//EN",
              "VERSION:2.0"),
        zone=["BEGIN:VTIMEZONE", f"TZID:{zone}", "BEGIN:STANDARD",
              "DTSTART:16010101T030000", "TZOFFSETFROM:+0200",
              "TZOFFSETTO:+0100", "RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10",
              "END:STANDARD", "BEGIN:DAYLIGHT", "DTSTART:16010101T020000",
              "TZOFFSETFROM:+0100", "TZOFFSETTO:+0200",
              "RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3", "END:DAYLIGHT",
              "END:VTIMEZONE"])
    words = prefix(a, ("Zugesagt", "Abgelehnt", "Mit Vorbehalt",
                       "Neue Zeit vorgeschlagen", "Zugesagt"))
    head, body = multi(
        "alternative", "----=_NextPart_000_0012_01DB64F0.1C2D3E40",
        part('text/plain;\n\tcharset="us-ascii"', "\n",
             "Content-Transfer-Encoding: 7bit"),
        part("text/calendar; method="
             f"{'COUNTER' if a.counter else 'REPLY'};\n\tcharset=\"utf-8\"",
             qp(ics), "Content-Transfer-Encoding: quoted-printable"))
    return whole(a, f"{words}: {a.invite.summary}",
                 (head, "This is a multipart message in MIME format.\n\n"
                  + body), "X-Mailer: Microsoft Outlook 16.0")


def plain_event(a, *more):
    """What the rest writes, in the order of Exchange 2003."""
    start, end = a.times()
    return [f"ATTENDEE;ROLE=REQ-PARTICIPANT;PARTSTAT={a.partstat}"
            f"{delegated(a)}{by(a)};CN=\"Somebody\":MAILTO:{a.attendee}",
            f"DTSTART:{utc(start)}", f"DTEND:{utc(end)}", f"UID:{a.uid}",
            "CLASS:PUBLIC", f"DTSTAMP:{utc(a.stamp)}", *sequence(a),
            f"SUMMARY:{a.invite.summary}", *more]


def method(a):
    return "COUNTER" if a.counter else "REPLY"


def exchange_2003(a):
    ics = calendar(method(a), plain_event(a, "X-MICROSOFT-CDO-APPT-SEQUENCE:0"),
                   head=("PRODID:Microsoft CDO for Microsoft Exchange",
                         "VERSION:2.0"))
    return whole(
        a, "Accepted: " + a.invite.summary,
        multi("alternative", "----_=_NextPart_001_01C9",
              part('text/plain; charset="utf-8"', b64("\n"),
                   "Content-Transfer-Encoding: base64"),
              part(f'text/calendar; method={method(a)}; charset="utf-8";\n'
                   '\tname="meeting.ics"', b64(ics),
                   "Content-Transfer-Encoding: base64")),
        "content-class: urn:content-classes:calendarmessage",
        "X-MimeOLE: Produced By Microsoft Exchange V6.5")


def samsung(a):
    ics = calendar(method(a), plain_event(
        a, f"ORGANIZER:MAILTO:{a.invite.organizer}"),
        head=("PRODID:AndroidEmail", "VERSION:2.0"))
    return whole(a, encoded("Angenommen: " + a.invite.summary),
                 multi("mixed", "----WFA0B1C2D3",
                       part("text/plain; charset=utf-8", b64("Answered.\n"),
                            "Content-Transfer-Encoding: base64"),
                       part(f"text/calendar; method={method(a)};\n"
                            ' name="invite.ics"', b64(ics),
                            "Content-Transfer-Encoding: base64")))


def acalendar(a):
    """A file that the user mails by hand, without a name or a type."""
    ics = calendar(method(a), plain_event(
        a, f"ORGANIZER:mailto:{a.invite.organizer}"))
    return whole(a, "Re: " + a.invite.mail["Subject"],
                 multi("mixed", "----K9", part("text/plain", "\n"),
                       part("application/octet-stream", b64(ics),
                            "Content-Transfer-Encoding: base64")))


def nextcloud(a):
    """The server answers for its user, from its own address."""
    ics = calendar(method(a), plain_event(
        a, f"ORGANIZER;CN=R:mailto:{a.invite.organizer}",
        "REQUEST-STATUS:2.0;Success"),
        head=("VERSION:2.0", "PRODID:-//Sabre//Sabre VObject 4.5.6//EN"))
    raw = whole(
        a, encoded("»Somebody« hat geantwortet: " + a.invite.summary),
        multi("mixed", "_=_swift_1", nested(
            "alternative", "_=_swift_2",
            part("text/plain; charset=utf-8", "Answered.\n"),
            part("text/html; charset=utf-8", "<p>Answered.\n")),
            part(f"text/calendar; method={method(a)}; charset=UTF-8;\n"
                 " name=event.ics", b64(ics),
                 "Content-Transfer-Encoding: base64",
                 "Content-Disposition: attachment; filename=event.ics")),
        f"Reply-To: {a.sender}")
    return re.sub(rb"From: [^\r]*", b'From: "Somebody via cloud" '
                  b"<noreply@cloud.example>", raw, count=1)


def proton(a):
    ics = calendar(method(a), plain_event(
        a, f"ORGANIZER;CN=R:mailto:{a.invite.organizer}"),
        head=("VERSION:2.0",
              "PRODID:-//Proton AG//ProtonCalendar 1.0.0//EN"))
    return whole(
        a, "Re: Invitation: " + a.invite.summary,
        multi("mixed", "b1=_PROTON",
              part("text/plain;charset=utf-8", b64("Answered.\n"),
                   "Content-Transfer-Encoding: base64"),
              part(f"text/calendar; method={method(a)}; filename=invite.ics; "
                   "name=invite.ics; charset=utf-8", b64(ics),
                   "Content-Transfer-Encoding: base64",
                   "Content-Disposition: attachment; filename=invite.ics; "
                   "name=invite.ics")))


def notes(a):
    """Domino: a zone of its own name, a comment that points elsewhere."""
    ics = calendar(method(a), plain_event(
        a, 'COMMENT;ALTREP="CID:<FFFF__=4EBB08>":Passt',
        f'ORGANIZER;CN="R":mailto:{a.invite.organizer}',
        "X-LOTUS-UPDATE-SEQ:1", "X-LOTUS-NOTICETYPE:A"),
        head=("X-LOTUS-CHARSET:UTF-8", "VERSION:2.0",
              "PRODID:-//Lotus Development Corporation//NONSGML Notes 9.0"
              "//EN_C"))
    return whole(
        a, "Accepted: " + a.invite.summary,
        multi("mixed", "1__=4EBB0866",
              nested("related", "0__=4EBB0866",
                     nested("alternative", "2__=4EBB",
                            part("text/plain; charset=US-ASCII", "\n"),
                            part("text/html; charset=US-ASCII", "<p>\n"))),
              part('text/calendar; charset="US-ASCII"; method='
                   f'{method(a)}; name="c091531.ics"', ics,
                   'Content-Disposition: attachment; filename="c091531.ics"',
                   "Content-Transfer-Encoding: 8bit")),
        "X-Mailer: Lotus Notes Release 9.0")


def fastmail(a):
    ics = calendar(method(a), plain_event(
        a, f"ORGANIZER;X-JMAP-ID=abc;EMAIL={a.invite.organizer}"
        f":mailto:{a.invite.organizer}"),
        head=("VERSION:2.0", "PRODID:-//CyrusIMAP.org/Cyrus 3.13//EN"))
    return whole(
        a, "Answered: " + a.invite.summary,
        multi("mixed", "cyrus=1",
              part("text/plain; charset=utf-8", "Answered\n"),
              part(f"text/calendar; charset=utf-8; method={method(a)}",
                   qp(ics), "Content-Transfer-Encoding: quoted-printable",
                   "Content-Disposition: inline; filename=event.ics")))


def groupwise(a):
    """No charset, eight bits, a subject with the answer at its end."""
    ics = calendar(method(a), plain_event(
        a, f"ORGANIZER;ROLE=CHAIR:MAILTO:{a.invite.organizer}",
        "X-GWITEM-TYPE:APPOINTMENT"),
        head=("PRODID:-//Novell Inc//Groupwise 18.4", "VERSION:2.0"))
    return whole(
        a, f"Re: {a.invite.summary} - Angenommen",
        multi("mixed", "=__Part1__=", nested(
            "alternative", "=__Part2__=",
            part("text/plain; charset=UTF-8", "\n"),
            part(f"text/calendar; method={method(a)}", ics,
                 "Content-Transfer-Encoding: 8bit"))),
        "X-Mailer: Novell GroupWise Internet Agent")

CLIENTS = {f.__name__.replace("_", "-"): f for f in (
    google, microsoft, microsoft_french, mac_2011, outlook_rich, ios, macos,
    thunderbird, android, kontact, zimbra, zimbra_connector, bluemind, sogo,
    kolab, twake, octets, plain, outlook_classic, exchange_2003, samsung,
    acalendar, nextcloud, proton, notes, fastmail, groupwise)}


def deliver(folder, raw):
    number = len(os.listdir(folder + "/in/new")) + len(
        os.listdir(folder + "/in/cur"))
    name = f"{folder}/in/new/{number:06d}.{os.getpid()}.client"
    with open(name, "wb") as f:
        f.write(raw)


def respond(folder, client, invite, answer, date, options=None):
    options = dict(options or {})
    number = len(os.listdir(folder + "/in/new")) + len(
        os.listdir(folder + "/in/cur"))
    options.setdefault("number", f"{client}.{number}")
    deliver(folder, CLIENTS[client](Answer(invite, answer, date, options)))


def main():
    if sys.argv[1:] == ["list"]:
        print("\n".join(CLIENTS))
        return
    folder, address, client, answer, date = sys.argv[1:6]
    options = dict(x.split("=", 1) for x in sys.argv[6:])
    found = invites(folder, address)
    if not found:
        sys.exit(f"no invite to {address}")
    respond(folder, client, found[int(options.pop("nth", -1))], answer, date,
            options)


if __name__ == "__main__":
    main()
