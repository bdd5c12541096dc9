#!/bin/sh
# Our own invites, answered as each calendar program answers: accept, decline,
# tentative, another time, delegate; from the invited address and from an
# alias.  Each must stand in the database as it was meant.  Prints TAP.
set -u
: "${LSAN_OPTIONS:=suppressions=tests/lsan.supp:print_suppressions=0}"
export LSAN_OPTIONS
rmail=$PWD/build/san/rmail
here=$PWD/tests/e2e
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT

"$rmail" init "$dir/p" --now 2027-01-10T09:00Z >"$dir/log" || exit 1
RMAIL=$rmail PYTHONPATH=$here PYTHONDONTWRITEBYTECODE=1 \
	python3 - "$dir/p" <<'END'
import datetime, os, sqlite3, subprocess, sys
import clients

folder = sys.argv[1]
ANSWERS = ("accept", "decline", "tentative", "counter", "delegate")
MODES = ("own", "alias")
DATE = "Tue, 12 Jan 2027 10:00:00 +0100"


def run(now):
    p = subprocess.run([os.environ["RMAIL"], "run", folder, "--now", now],
                       capture_output=True, text=True)
    if p.returncode or p.stdout or p.stderr:
        print("# " + (p.stdout + p.stderr).replace("\n", "\n# "))
        sys.exit(f"Bail out! run {now}: exit {p.returncode}")


def ask(sql, *values):
    with sqlite3.connect(folder + "/rmail.db") as db:
        return db.execute(sql, values).fetchall()


# --- a pair for each answer of each program ------------------------------------

cases = [(c, m, a) for c in clients.CLIENTS for m in MODES for a in ANSWERS]
db = sqlite3.connect(folder + "/rmail.db")
db.execute("UPDATE programme SET state = 'running', begun = 1, midpoint = 1,"
           " next_match = 1")
for i, (client, mode, answer) in enumerate(cases, 1):
    for person, who in ((2 * i - 1, f"ann{i}"), (2 * i, f"bob{i}")):
        db.execute(
            "INSERT INTO person (id, address, key, name, state, zone, locale,"
            " mentor, mentee, matched, created) VALUES (?, ?, ?, ?, 'ready',"
            " 'Europe/Berlin', 'en', ?, ?, 1, 1)",
            (person, f"{who}@example.com", f"{who}@example.com", who,
             person % 2, 1 - person % 2))
    db.execute("INSERT INTO alias VALUES (?, ?, ?, 0)",
               (f"ann{i}@home.example", 2 * i - 1, f"ann{i}@home.example"))
    db.execute("INSERT INTO pair (id, mentor_id, mentee_id, state, begun,"
               " active, sessions, last_sign) VALUES (?, ?, ?, 'active', 1, 1,"
               " 6, 1799500000)", (i, 2 * i - 1, 2 * i))
    db.execute("INSERT INTO session (id, pair_id, number, kind, state, target,"
               " uid, created, due) VALUES (?, ?, 1, 'instruction', 'planned',"
               " 1801000000, ?, 1799500000, 1)",
               (i, i, f"rm-{i}-aaaaaaaaaaaaaaaa@example.com"))
    for person, who in ((2 * i - 1, f"ann{i}"), (2 * i, f"bob{i}")):
        db.execute("INSERT INTO attendee (session_id, person_id, address)"
                   " VALUES (?, ?, ?)", (i, person, f"{who}@example.com"))
db.commit()
db.close()
run("2027-01-11T09:00Z")
before = {r[0]: r[1:] for r in
          ask("SELECT id, start, sequence, state FROM session")}
invites = {}
for name in sorted(os.listdir(folder + "/out/new")):
    with open(folder + "/out/new/" + name, "rb") as f:
        mail = clients.email.message_from_binary_file(
            f, policy=clients.email.policy.default)
    if mail.get_content_type() == "multipart/mixed":
        invite = clients.Invite(mail)
        invites[invite.attendee] = invite

# --- all answer ----------------------------------------------------------------

wanted = {}
for i, (client, mode, answer) in enumerate(cases, 1):
    invite = invites[f"ann{i}@example.com"]
    at = invite.start.astimezone(clients.UTC) + datetime.timedelta(days=1)
    while at.weekday() > 4:
        at += datetime.timedelta(days=1)
    wanted[i] = int(at.timestamp())
    options = {"at": at.isoformat()}
    if mode == "alias":
        options["from"] = options["attendee"] = f"ann{i}@home.example"
    clients.respond(folder, client, invite, answer, DATE, options)
run("2027-01-12T09:05Z")

# --- what was recorded -----------------------------------------------------------


def wrong(i, answer):
    start, sequence, state = before[i]
    (now, seq, then), = ask("SELECT start, sequence, state FROM session"
                            " WHERE id = ?", i)
    (partstat, answered), = ask(
        "SELECT partstat, answered FROM attendee WHERE session_id = ? AND"
        " person_id = ?", i, 2 * i - 1)
    refused = ask("SELECT start FROM slot WHERE session_id = ? AND"
                  " number = 0", i) == [(start,)]
    got = f"{state} {partstat} sequence {seq} {now - start:+d} s"
    if answer == "decline":
        good = refused and seq == 1 and now != start and then == "invited"
    elif answer == "counter":
        good = now == wanted[i] and seq == 1 and then == "invited"
    else:
        good = (partstat == clients.PARTSTAT[answer] and now == start and
                seq == 0 and then == "invited" and answered > 0)
    if good and answer == "delegate":
        good = ask("SELECT count(*) FROM note WHERE kind = 'delegated' AND"
                   " person_id = ? AND text LIKE '%other@elsewhere%'",
                   2 * i - 1) == [(1,)]
        got += ", not told"
    return None if good else got


n = bad = 0
for client in clients.CLIENTS:
    for mode in MODES:
        n += 1
        faults = []
        for i, case in enumerate(cases, 1):
            if case[:2] != (client, mode):
                continue
            # In words there is neither a "maybe" nor a deputy.
            if client in ("plain", "outlook-rich") and case[2] == "delegate":
                continue
            if client == "plain" and case[2] == "tentative":
                continue
            w = wrong(i, case[2])
            if w:
                faults.append(f"{case[2]}: {w}")
        for f in faults:
            print("#", f)
        bad += bool(faults)
        print(("not ok" if faults else "ok"), n, "-", client, "from",
              {"own": "the invited address", "alias": "an alias"}[mode])
print(f"1..{n}")
sys.exit(bad > 0)
END
