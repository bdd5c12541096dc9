#!/bin/sh
# The lead's calendar in a real CalDAV server, Radicale: one event, moved,
# renamed, gone.  On loopback in a scratch folder.  Prints TAP.
python=/usr/bin/python3
if ! $python -c 'import radicale' 2>/dev/null; then
	echo 'ok 1 - skipped: no radicale here (contrib/deps.sh installs it)'
	echo 1..1
	exit 0
fi
. tests/e2e/lib/tap.sh

sql() {
	$python - "$dir/p/rmail.db" "$1" <<'END'
import sqlite3, sys
c = sqlite3.connect(sys.argv[1])
c.executescript(sys.argv[2])
c.commit()
END
}
dav() { # METHOD [PATTERN]: asks the collection; the answer must match
	$python - "$url" "$@" <<'END'
import base64, re, sys, urllib.error, urllib.request
url, method, want = (sys.argv[1:] + [""])[:3]
r = urllib.request.Request(url, method=method)
login = base64.b64encode(b"ann:s3cret-word").decode()
r.add_header("Authorization", "Basic " + login)
with urllib.request.urlopen(r) as f:
    text = f.read().decode().replace("\r\n ", "").replace("\r", "")
for part in want.split("&"):
    negate, part = part.startswith("!"), part.lstrip("!")
    if bool(re.search(part, text)) == negate:
        sys.exit(f"{want!r} does not hold for:\n{text}")
END
}

# --- the server -----------------------------------------------------------------

port=$($python -c 'import socket
s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
url=http://127.0.0.1:$port/ann/mentoring/
echo 'ann:s3cret-word' >"$dir/users"
cat >"$dir/radicale.conf" <<END
[server]
hosts = 127.0.0.1:$port
[auth]
type = htpasswd
htpasswd_filename = $dir/users
htpasswd_encryption = plain
delay = 0
[storage]
filesystem_folder = $dir/calendars
END
$python -m radicale --config "$dir/radicale.conf" >"$dir/radicale.log" 2>&1 &
children=$!
i=0
until dav MKCALENDAR 2>/dev/null; do
	i=$((i + 1))
	[ $i -gt 100 ] && break
	sleep 0.1
done

# --- a programme with one session that is over and one to come --------------------

"$rmail" init "$dir/p" --now 2027-01-10T09:00Z >/dev/null
cat >>"$dir/p/rmail.conf" <<END

[feeds]
caldav = $url
caldav-user = ann
caldav-password-command = /bin/echo s3cret-word
END
sql "
UPDATE programme SET state = 'running', begun = 1, midpoint = 1, next_match = 1;
INSERT INTO person (id, address, key, name, state, created) VALUES
 (1, 'ann@example.com', 'ann@example.com', 'Ann Young', 'ready', 1),
 (2, 'bob@example.com', 'bob@example.com', 'Bob Boss; \"B\"', 'ready', 1);
INSERT INTO pair (id, mentor_id, mentee_id, state, begun, sessions) VALUES
 (1, 1, 2, 'active', 1, 6);
INSERT INTO session (id, pair_id, number, kind, state, target, start, finish,
 uid, sequence, dtstamp, created) VALUES
 (1, 1, 1, 'instruction', 'confirmed', 1, 1800000000, 1800003600,
  'rm-1-aaaaaaaa@example.com', 0, 1790000000, 1790000000),
 (2, 1, 2, 'shadowing', 'invited', 1, 1802000000, 1802003600,
  'rm-2-bbbbbbbb@example.com', 0, 1790000000, 1790000000);
INSERT INTO attendee (session_id, person_id, address) VALUES
 (1, 1, 'a'), (1, 2, 'b'), (2, 1, 'a'), (2, 2, 'b');"
ok 'sessions are put there' silent 2027-01-11T12:00Z
ok 'both of them' dav GET \
	'Session 1: Ann Young&Session 2: Ann Young.*Bob Boss&!ATTENDEE&!METHOD'
ok 'at their hour' dav GET 'DTSTART;TZID=Europe/Berlin:20270207T123320'
sql "UPDATE session SET start = start + 86400, finish = finish + 86400,
	sequence = 1, dtstamp = dtstamp + 1 WHERE id = 2"
ok 'one moves' silent 2027-01-11T12:05Z
ok 'and stands there once' dav GET 'Berlin:20270208T123320&!Berlin:20270207'
sql "UPDATE session SET state = 'cancelled' WHERE id = 2"
ok 'it is cancelled' silent 2027-01-11T12:10Z
ok 'and gone' dav GET '!Session 2&Session 1'
sql "UPDATE session SET state = 'held' WHERE id = 1"
ok 'somebody is forgotten' "$rmail" person erase bob@example.com --yes "$dir/p"
ok 'the next run' silent 2027-02-11T12:15Z
ok 'leaves no name' dav GET 'Session 1: Ann Young&!Bob'

# --- the invites that are mailed, in the calendar of one who gets them -----------

own=http://127.0.0.1:$port/ann/own/
cat >"$dir/own.py" <<'END'
"""Takes each calendar mail as a calendar does: a REQUEST is stored under its
UID, a CANCEL takes it out."""
import base64, re, sys, urllib.request
import clients
from stage import Stage, sent_to, ics

folder, url = sys.argv[1:]
login = base64.b64encode(b"ann:s3cret-word").decode()


def dav(method, path="", body=None):
    r = urllib.request.Request(url + path, method=method, data=body)
    r.add_header("Authorization", "Basic " + login)
    r.add_header("Content-Type", "text/calendar; charset=utf-8")
    with urllib.request.urlopen(r) as f:
        return f.status, f.read().decode()


def take(mails):
    for m in sent_to(mails, "annown"):
        part = next((p for p in m.walk()
                     if p.get_content_type() == "text/calendar"), None)
        if part is None:
            continue
        raw = part.get_payload(decode=True)
        uid = re.search(rb"UID:(\S+)", raw).group(1).decode()
        if b"METHOD:CANCEL" in raw:
            dav("DELETE", uid + ".ics")
        else:
            dav("PUT", uid + ".ics", re.sub(rb"METHOD:[A-Z]+\r\n", b"", raw))


def events():
    text = dav("GET")[1].replace("\r\n ", "")
    return re.findall(r"DTSTART;TZID=Europe/Berlin:(\w+)\r?\nDTEND", text)


dav("MKCALENDAR")
s = Stage(folder)
pair = s.pair("annown", "bobown")
s.n = int(sys.stdin.read())
take(s.run("2027-01-11T09:00Z"))
first = events()
s.ok(len(first) == 1, "a mailed invite is stored as one event", first)
s.words("bobown@example.com", "move to 28 January 14:00",
        "Tue, 12 Jan 2027 10:00:00 +0100")
take(s.run("2027-01-12T09:05Z"))
s.ok(events() == ["20270128T140000"] != first, "the update moves it",
     events())
s.words("bobown@example.com", "leave", "Wed, 13 Jan 2027 10:00:00 +0100")
take(s.run("2027-01-13T09:05Z"))
s.ok(events() == [], "the cancel takes it out", events())
sys.exit(s.bad)
END
echo "$n" | RMAIL=$rmail PYTHONPATH=$here PYTHONDONTWRITEBYTECODE=1 \
	python3 "$dir/own.py" "$dir/own" "$own" || bad=1
n=$((n + 3))
finish
