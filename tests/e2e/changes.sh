#!/bin/sh
# What becomes of sessions when a pair pauses, ends or is erased, and when a
# country changes its clocks.  Prints TAP.
set -u
: "${LSAN_OPTIONS:=suppressions=tests/lsan.supp:print_suppressions=0}"
export LSAN_OPTIONS
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT

# Zones of our own, so that their rules can change under the program.
zones=$dir/zoneinfo
mkdir -p "$zones/Europe" "$zones/America" "$zones/Asia"
for z in Europe/Berlin Europe/Moscow America/New_York Asia/Kolkata UTC; do
	cp -L "/usr/share/zoneinfo/$z" "$zones/$z"
done
export TZDIR=$zones
RMAIL=$PWD/build/san/rmail PYTHONPATH=$PWD/tests/e2e \
	PYTHONDONTWRITEBYTECODE=1 python3 - "$dir" <<'END'
import datetime, os, shutil, sys
from stage import Stage, sent_to, text, ics, UTC

zones = os.environ["TZDIR"]
s = Stage(sys.argv[1] + "/p")
names = "pause end erase leave past".split()
p = {n: s.pair("ann" + n, "bob" + n) for n in names}
p["same"] = s.pair("annsame", "bobsame")
p["far"] = s.pair("annfar", "bobfar", zone="America/New_York",
                  mentee_zone="Europe/Berlin", target=1801000000)
p["us"] = s.pair("annus", "bobus", zone="Europe/Berlin",
                 mentee_zone="America/New_York")
p["other"] = s.pair("annother", "bobother", zone="Asia/Kolkata")
s.run("2027-01-11T09:00Z")
before = {n: s.of(p[n]) for n in p}
# The past one's day comes first; it is over before anything else happens.
s.sql("UPDATE session SET start = 1799661600, finish = 1799665200,"
      " due = 1799665200 WHERE pair_id = ?", p["past"])
s.run("2027-01-11T11:05Z")
(over,) = [r for r in s.sql("SELECT id, start, finish, sequence, state FROM"
                            " session WHERE pair_id = ?", p["past"])
           if r[4] == "over"]
s.ok(over[1] == 1799661600, "a session is over")

DAY1 = "Tue, 12 Jan 2027 10:00:00 +0100"
s.words("bobpause@example.com", "pause until 1 April", DAY1, "annpause")
s.words("bobleave@example.com", "leave", DAY1, "annleave")
s.words("bobpast@example.com", "leave", DAY1, "annpast")
s.rmail(["person", "erase", "boberase@example.com", "--yes", s.folder])
mails = s.run("2027-01-12T09:05Z")


def gone(n, what, people):
    now = s.sql("SELECT state FROM session WHERE id = ?", before[n]["id"])
    got = [any("METHOD:CANCEL" in ics(m) for m in sent_to(mails, w))
           for w in people]
    s.ok(now == [("cancelled",)] and all(got), what, (now, got))


gone("pause", "a pause takes it out of both calendars",
     ["annpause", "bobpause"])
gone("leave", "so does leaving", ["annleave", "bobleave"])
gone("erase", "and erasure, for the partner", ["annerase"])
s.ok(s.sql("SELECT id, start, finish, sequence, state FROM session WHERE id"
           " = ?", over[0]) == [over], "the past one stays as it was")

# --- Berlin keeps its winter time no more ----------------------------------------

mails = s.run("2027-01-12T10:05Z")
s.ok(not mails, "nothing happens while the rules stay")
shutil.copy(zones + "/Europe/Moscow", zones + "/Europe/Berlin")
mails = s.run("2027-01-12T11:05Z")
now = s.of(p["same"])
was = before["same"]
s.ok(now["start"] == was["start"] - 7200 and now["sequence"] == 1 and
     now["state"] == "invited", "new rules move the instant",
     (was["start"], now))
m = sent_to(mails, "annsame")


def wall(mail):
    return [x for x in ics(mail) if x.startswith("DTSTART")][-1]


s.ok(len(m) == 1 and "SEQUENCE:1" in ics(m[0]) and
     wall(m[0]).endswith("T100000"), "so that the hour stays",
     m and wall(m[0]))
now = s.of(p["far"])
m = sent_to(mails, "annfar")
s.ok(now["start"] == before["far"]["start"] - 7200 and len(m) == 1,
     "the mentee's hour is kept, and the mentor gets theirs",
     (before["far"]["start"], now))
now = s.of(p["us"])
s.ok(now["start"] == before["us"]["start"] and now["sequence"] == 1 and
     len(sent_to(mails, "annus")) == 1,
     "where only the mentor's hour moves, the calendars are told",
     (before["us"]["start"], now))
now = s.of(p["other"])
s.ok(now["start"] == before["other"]["start"] and now["sequence"] == 0 and
     not sent_to(mails, "annother"), "another country is not touched")
s.ok(s.sql("SELECT id, start, finish, sequence, state FROM session WHERE id"
           " = ?", over[0]) == [over], "nor is the past")
(moves,), = s.sql("SELECT max(moves) FROM session")
s.ok(moves == 0, "and nobody is said to have moved it", moves)
s.ok(not s.run("2027-01-12T12:05Z"), "told once")

# --- the lead ends a pair ----------------------------------------------------------

s.run("2027-01-18T08:05Z")
LEAD = "hanna.lead@example.com"
s.words(LEAD, f"end {p['end']}", "Mon, 18 Jan 2027 10:00:00 +0100", "week")
mails = s.run("2027-01-18T09:05Z")
if s.sql("SELECT state FROM pair WHERE id = ?", p["end"]) != [("ended",)]:
    word = text(sent_to(mails, LEAD)[0]).split("confirm", 1)[1].split()[0]
    s.words(LEAD, "confirm " + word.strip(".*"),
            "Mon, 18 Jan 2027 10:30:00 +0100", ".")
    mails = s.run("2027-01-18T09:35Z")
gone("end", "a pair that the lead ends loses its session", ["annend",
                                                          "bobend"])
s.end()
END
