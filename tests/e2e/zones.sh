#!/bin/sh
# Three years in five zones, at the pace of four weeks: every session once, in
# each calendar at the right local hour, whatever the clocks do.  The invites
# are read by Python's own zone rules.  Prints TAP.
set -u
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
RMAIL=$PWD/build/rel/rmail PYTHONPATH=$PWD/tests/e2e \
	PYTHONDONTWRITEBYTECODE=1 python3 - "$dir" <<'END_PYTHON'
import collections, datetime, os, sys, zoneinfo
import clients
from stage import Stage, text, UTC

BERLIN, YORK, KOLKATA, CHATHAM, HOWE = (
    "Europe/Berlin", "America/New_York", "Asia/Kolkata", "Pacific/Chatham",
    "Australia/Lord_Howe")
FIRST, RUNS = datetime.datetime(2027, 1, 11, 6, tzinfo=UTC), 80
PAIRS = ([(z, z) for z in (BERLIN, YORK, KOLKATA, CHATHAM, HOWE)] +
         [(BERLIN, YORK), (KOLKATA, BERLIN), (HOWE, CHATHAM)])

s = Stage(sys.argv[1] + "/p", kind="rolling", end="2031-12-31",
          silence="300 days", match_every="366 days", midpoint="2030-12-01")
zone, pairs = {}, []
for i, (mentor, mentee) in enumerate(PAIRS):
    pairs.append(s.pair(f"ann{i}", f"bob{i}", zone=mentor, mentee_zone=mentee,
                        sessions=60, target=int(FIRST.timestamp()) + 864000))
    zone[f"ann{i}@example.com"] = zoneinfo.ZoneInfo(mentor)
    zone[f"bob{i}@example.com"] = zoneinfo.ZoneInfo(mentee)
# Who lives so far apart has early and late hours for it.
for name, hours in (("ann5", "Mon-Fri 9:00-20:00"),
                    ("ann6", "Mon-Fri 9:00-20:00")):
    s.sql("INSERT INTO answer (person_id, survey, question, type, share,"
          " value, raw, at, inbox_id) VALUES (?, 'signup', 'hours', 'hours',"
          " 'private', ?, ?, 1, 0)", s.people[name], hours, hours)

# --- three years, a run each two weeks, and the mentors accept ----------------

seen = collections.defaultdict(list)  # uid -> (address, invite, words)
names = set()
for n in range(RUNS):
    now = FIRST + datetime.timedelta(weeks=2 * n)
    s.rmail(["run", s.folder, "--now", f"{now:%Y-%m-%dT%H:%MZ}"])
    new = set(os.listdir(s.folder + "/out/new")) - names
    names |= new
    for name in sorted(new):
        with open(s.folder + "/out/new/" + name, "rb") as f:
            raw = f.read()
        # Most mails are about something else, and parsing takes its time.
        if b"text/calendar" not in raw:
            continue
        mail = clients.email.message_from_bytes(
            raw, policy=clients.email.policy.default)
        invite = clients.Invite(mail)
        to = mail["To"].addresses[0].addr_spec
        seen[invite.uid].append((to, invite, " ".join(text(mail).split())))
        if to.startswith("ann"):
            clients.respond(s.folder, "thunderbird", invite, "accept",
                            now.strftime("%a, %d %b %Y %H:%M:%S +0000"))

# --- what all of them got ---------------------------------------------------------

for i, (pair, zones) in enumerate(zip(pairs, PAIRS)):
    rows = s.sql("SELECT number, start, finish, uid, state, sequence FROM"
                 " session WHERE pair_id = ? ORDER BY start, id", pair)
    numbers = [r[0] for r in rows]
    walls, faults = collections.Counter(), []
    for number, start, finish, uid, state, sequence in rows:
        instant = datetime.datetime.fromtimestamp(start, UTC)
        got = seen[uid]
        if sorted(to for to, *_ in got) != [f"ann{i}@example.com",
                                            f"bob{i}@example.com"]:
            faults.append((number, "not once to each", [g[0] for g in got]))
        for to, invite, words in got:
            local = instant.astimezone(zone[to])
            if invite.start != instant or finish - start != 3600:
                faults.append((number, to, invite.start, instant))
            if invite.zone != str(zone[to]) or \
                    f"{invite.start:%H:%M}" != f"{local:%H:%M}":
                faults.append((number, to, invite.zone, local))
            if f"{local:%H:%M}" not in words or \
                    f"{local.day} {local:%B %Y}" not in words:
                faults.append((number, to, f"{local}", words[:200]))
            if local.weekday() > 4 or not 9 <= local.hour < 20:
                faults.append((number, to, "at night", f"{local}"))
        senior = instant.astimezone(zone[f"bob{i}@example.com"])
        walls[f"{senior:%a %H:%M}"] += 1
    gaps = {round((b[1] - a[1]) / 604800) for a, b in zip(rows, rows[1:])}
    if numbers != list(range(1, len(rows) + 1)) or len(rows) < 38:
        faults.append((numbers, "sessions"))
    if not gaps <= {3, 4, 5} or any(r[5] != 0 for r in rows):
        faults.append((gaps, "weeks apart"))
    if zones[0] == zones[1] and len(walls) != 1:
        faults.append((dict(walls), "hours"))
    s.ok(not faults, f"{zones[0]} and {zones[1]}: {len(rows)} sessions, "
         f"each once, at {', '.join(walls)}", faults[:5])
s.end()
END_PYTHON
