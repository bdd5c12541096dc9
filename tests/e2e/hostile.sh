#!/bin/sh
# Calendar mails that mean harm: each is read to the end, changes no more than
# an honest one could, and the run goes on.  Prints TAP.
set -u
: "${LSAN_OPTIONS:=suppressions=tests/lsan.supp:print_suppressions=0}"
export LSAN_OPTIONS
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
RMAIL=$PWD/build/san/rmail REL=$PWD/build/rel/rmail PYTHONPATH=$PWD/tests/e2e \
	PYTHONDONTWRITEBYTECODE=1 python3 - "$dir" <<'END_PYTHON'
import os, sys
import clients, hostile
from stage import Stage, sent_to

s = Stage(sys.argv[1] + "/p")
pair, good = s.pair("ann", "bob"), s.pair("anngood", "bobgood")
s.run("2027-01-11T09:00Z")
was = s.of(pair)
folder = sys.argv[1] + "/mails"
os.mkdir(folder)
names, unread = [], []
for name, raw in hostile.mails(was["uid"]):
    path = f"{folder}/{name}.eml"
    with open(path, "wb") as f:
        f.write(raw)
    try:
        said = hostile.cost(os.environ["REL"], path)[2]
    except (SystemExit, ValueError) as e:
        unread.append((name, str(e)))
        continue
    names.append(name)
    if said["refused_because"] and "reader" in said["refused_because"]:
        unread.append((name, said["refused_because"]))
    clients.deliver(s.folder, raw)
s.ok(len(names) > 80 and not unread, "each is read, or refused for a reason",
     unread)
s.calendar("google", "anngood", "accept", "Tue, 12 Jan 2027 10:00:00 +0100")
s.run("2027-01-12T09:05Z")
now = s.of(pair)
s.ok(now["start"] == was["start"] and now["sequence"] == 0,
     "none of them moves a session", now)
s.ok(s.said(was["id"], "bob") == "NEEDS-ACTION",
     "or speaks for the partner")
s.ok(s.said(s.of(good)["id"], "anngood") == "ACCEPTED",
     "and the answer behind them is read")
left = s.sql("SELECT state, reason, count(*) FROM inbox WHERE state NOT IN"
             " ('handled', 'ignored', 'held') GROUP BY state, reason")
s.ok(not left, "each came to an end", left)
s.ok(not s.sql("SELECT 1 FROM alias WHERE person_id != ?", s.people["ann"]) and
     s.sql("SELECT count(*) FROM person") == [(4,)], "nobody was added")
s.end()
END_PYTHON
