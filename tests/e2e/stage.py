"""A programme with pairs, set up straight in its database, and the people of
it: for tests of what is said about sessions.  Prints TAP."""
import datetime
import email
import email.policy
import glob
import os
import re
import sqlite3
import subprocess
import sys

import clients

UTC = datetime.timezone.utc


class Stage:
    def __init__(self, folder, now="2027-01-10T09:00Z", **settings):
        self.folder, self.n, self.bad, self.seen = folder, 0, 0, set()
        self.people, self.pairs, self.count = {}, {}, 0
        self.rmail(["init", folder, "--now", now])
        for name, value in settings.items():
            self.setting(name.replace("_", "-"), value)
        self.sql("UPDATE programme SET state = 'running', begun = 1,"
                 " midpoint = 1, next_match = 1")

    # --- the program ------------------------------------------------------------

    def rmail(self, args):
        p = subprocess.run([os.environ["RMAIL"], *args], capture_output=True,
                           text=True)
        if p.returncode or (args[0] == "run" and (p.stdout or p.stderr)):
            print("# " + (p.stdout + p.stderr).replace("\n", "\n# "))
            sys.exit(f"Bail out! {args}: exit {p.returncode}")
        return p.stdout

    def run(self, now):
        """One run; what it sent, as (address, mail)."""
        self.rmail(["run", self.folder, "--now", now])
        return self.new_mails()

    def new_mails(self):
        got = []
        for name in sorted(glob.glob(self.folder + "/out/new/*")):
            if name in self.seen:
                continue
            self.seen.add(name)
            with open(name, "rb") as f:
                mail = email.message_from_binary_file(
                    f, policy=email.policy.default)
            got.append((str(mail["To"].addresses[0].addr_spec), mail))
        return got

    def setting(self, name, value):
        path = self.folder + "/rmail.conf"
        with open(path) as f:
            lines = f.read().split("\n")
        for i, line in enumerate(lines):
            if line.lstrip("# ").startswith(name + " ="):
                lines[i] = f"{name} = {value}"
                break
        else:
            lines.insert(lines.index("[sessions]") + 1, f"{name} = {value}")
        with open(path, "w") as f:
            f.write("\n".join(lines))

    def sql(self, statement, *values):
        with sqlite3.connect(self.folder + "/rmail.db") as db:
            return db.execute(statement, values).fetchall()

    # --- the people -------------------------------------------------------------

    def person(self, name, zone="Europe/Berlin", assistant="", mentor=1,
               locale="en"):
        self.people[name] = len(self.people) + 1
        self.sql("INSERT INTO person (id, address, key, name, state, zone,"
                 " locale, mentor, mentee, matched, created, joined, ready,"
                 " assistant, assistant_key) VALUES (?, ?, ?, ?, 'ready', ?,"
                 " ?, ?, ?, 1, 1, 1, 1, ?, ?)", self.people[name],
                 f"{name}@example.com", f"{name}@example.com", name, zone,
                 locale, mentor, 1 - mentor, assistant, assistant)

    def pair(self, mentor, mentee, assistant="", zone="Europe/Berlin",
             mentee_zone=None, sessions=6, target=1801000000):
        """A pair with a session that is to be planned; its number."""
        self.person(mentor, zone)
        self.person(mentee, mentee_zone or zone, assistant, 0)
        number = len(self.pairs) + 1
        self.pairs[mentor] = number
        self.sql("INSERT INTO pair (id, mentor_id, mentee_id, state, begun,"
                 " active, mentor_agreed, mentee_agreed, sessions, last_sign)"
                 " VALUES (?, ?, ?, 'active', 1, 1, 1, 1, ?, 1799500000)",
                 number, self.people[mentor], self.people[mentee], sessions)
        self.session(number, [mentor, mentee], target=target)
        return number

    def session(self, pair, names, kind="instruction", role="",
                target=1801000000):
        (number,), = self.sql("SELECT coalesce(max(id), 0) + 1 FROM session")
        self.sql("INSERT INTO session (id, pair_id, number, kind, role, state,"
                 " target, uid, created, due) VALUES (?, ?, 1, ?, ?,"
                 " 'planned', ?, ?, 1799500000, 1)", number, pair, kind, role,
                 target, f"rm-{number}-aaaaaaaaaaaaaaaa@example.com")
        for name in names:
            self.sql("INSERT INTO attendee (session_id, person_id, address)"
                     " VALUES (?, ?, ?)", number, self.people[name],
                     f"{name}@example.com")
        return number

    # --- what they say ----------------------------------------------------------

    def invite(self, name, nth=-1):
        return clients.invites(self.folder, f"{name}@example.com")[nth]

    def calendar(self, client, name, answer, date, nth=-1, to=None,
                 **options):
        """An answer by a calendar program to the invite that `to` got."""
        options = {k.replace("_", "-"): v for k, v in options.items()}
        found = clients.invites(self.folder, to or f"{name}@example.com")
        clients.respond(self.folder, client, found[nth], answer, date,
                        options)

    def words(self, address, text, date, subject="Session", to=None):
        """A reply to the newest mail about it that `to` got."""
        found = None
        for name in sorted(glob.glob(self.folder + "/out/new/*")):
            with open(name, "rb") as f:
                mail = email.message_from_binary_file(
                    f, policy=email.policy.default)
            if (to or address) in mail["To"] and re.search(
                    subject, mail["Subject"]):
                found = mail
        if found is None:
            sys.exit(f"Bail out! no mail to {to or address}: {subject}")
        self.count += 1
        quote = found.get_body(("plain",)).get_content().splitlines()
        body = text + ("\n\nOn Mon, 11 Jan 2027 at 10:00, Mentoring "
                       "<mentoring@example.com> wrote:\n") + "".join(
            f"> {line}\n" for line in quote)
        clients.deliver(self.folder, "\r\n".join([
            f"From: <{address}>", f"To: {found['From']}",
            f"Subject: Re: {found['Subject']}", f"Date: {date}",
            f"Message-ID: <words.{self.count}@client.example>",
            f"In-Reply-To: {found['Message-ID']}",
            f"References: {found['Message-ID']}", "MIME-Version: 1.0",
            "Content-Type: text/plain; charset=utf-8", "",
            body.replace("\n", "\r\n")]).encode())

    # --- what became of it ------------------------------------------------------

    def of(self, pair):
        """The newest session of a pair, as a dict."""
        with sqlite3.connect(self.folder + "/rmail.db") as db:
            db.row_factory = sqlite3.Row
            return dict(db.execute(
                "SELECT * FROM session WHERE pair_id = ? ORDER BY id DESC",
                (pair,)).fetchone())

    def said(self, session, name):
        (partstat,), = self.sql(
            "SELECT partstat FROM attendee WHERE session_id = ? AND"
            " person_id = ?", session, self.people[name])
        return partstat

    def notes(self, kind):
        return self.sql("SELECT count(*) FROM note WHERE kind = ?",
                        kind)[0][0]

    def ok(self, good, what, got=""):
        self.n += 1
        if not good:
            self.bad = 1
            print(f"# {got}")
        print("ok" if good else "not ok", self.n, "-", what)

    def end(self):
        print(f"1..{self.n}")
        sys.exit(self.bad)


def sent_to(mails, name):
    """Those of `mails` that went to name@example.com, or to an address."""
    address = name if "@" in name else name + "@example.com"
    return [m for to, m in mails if to == address]


def text(mail):
    return mail.get_body(("plain",)).get_content()


def ics(mail):
    """The lines of its calendar part, unfolded; [] when it has none."""
    for part in mail.walk():
        if part.get_content_type() == "text/calendar":
            raw = part.get_payload(decode=True).decode()
            return raw.replace("\r\n ", "").split("\r\n")
    return []
