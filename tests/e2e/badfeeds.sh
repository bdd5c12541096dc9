#!/bin/sh
# Calendars on the web that are none: gone, too large, a page to log in, one
# that leads into our own network, one that never ends.  Each is told to the
# lead once, in the digest and without its address; what was known of busy
# times stays, and the session that is planned does not move.  Prints TAP.
set -u
: "${LSAN_OPTIONS:=suppressions=tests/lsan.supp:print_suppressions=0}"
export LSAN_OPTIONS
dir=$(mktemp -d)
web=
trap 'kill $web 2>/dev/null; rm -rf "$dir"' EXIT
mkdir "$dir/web"
python3 "$PWD/tests/e2e/fakes/web.py" "$dir/web.log" "$dir/web" \
	>"$dir/web.port" &
web=$!
until [ -s "$dir/web.port" ]; do sleep 0.05; done
RMAIL=$PWD/build/san/rmail PYTHONPATH=$PWD/tests/e2e \
	PYTHONDONTWRITEBYTECODE=1 python3 - "$dir" "$(cat "$dir/web.port")" <<'END_PYTHON'
import sys
from stage import Stage, sent_to, text

folder, port = sys.argv[1:]
url = f"http://127.0.0.1:{port}"
LEAD = "hanna.lead@example.com"
with open(folder + "/web/page", "w") as f:
    f.write("<html>log in, please</html>")
with open(folder + "/web/rubbish", "wb") as f:
    f.write(b"BEGIN:VCALENDAR\r\n" + b"\0\xff" * 500)
FEEDS = {  # what the digest says of it
    "gone": ("/status/404", "answered 404"),
    "page": ("/files/page", "no calendar"),
    "large": ("/bytes/3000000", "larger than 2 MB"),
    "inside": ("/go?https://169.254.169.254/latest/", "the address is private"),
    "round": ("/redirect/9", "redirect"),
    "cut": ("/cut", ""),
    "packed": ("/gzip", ""),
}
s = Stage(folder + "/p")
with open(s.folder + "/rmail.conf", "a") as f:
    f.write("\n[feeds]\nbusy = yes\nprivate-addresses = yes\n")
pairs = {}
for n, (path, _) in FEEDS.items():
    pairs[n] = s.pair("ann" + n, "bob" + n)
    s.sql("INSERT INTO feed (person_id, url, etag, fetched, covered) VALUES"
          " (?, ?, 'old', 1799600000, 1899600000)", s.people["bob" + n],
          f"{url}{path}{'&' if '?' in path else '?'}hidden-{n}")
    (feed,), = s.sql("SELECT max(id) FROM feed")
    # Known from before: busy on the day that would be the best.
    s.sql("INSERT INTO busy (feed_id, start, finish) VALUES (?, 1800921600,"
          " 1801008000)", feed)
s.run("2027-01-11T09:00Z")
first = {n: s.of(pairs[n]) for n in FEEDS}
s.ok(all(not 1800921600 <= r["start"] < 1801008000 for r in first.values()),
     "what was known of busy times still counts",
     [r["start"] for r in first.values()])
s.ok(s.notes("feed") == 0, "nobody hears of the first failure")
for now in ("2027-01-11T15:00Z", "2027-01-12T09:00Z", "2027-01-12T18:00Z",
            "2027-01-13T09:00Z", "2027-01-14T09:00Z", "2027-01-15T09:00Z"):
    s.run(now)
mails = s.run("2027-01-18T08:05Z") + s.run("2027-01-25T08:05Z")
digests = [" ".join(text(m).split()) for m in sent_to(mails, LEAD)]
whole = " ".join(digests)
for n, (_, words) in FEEDS.items():
    line = [x for x in whole.split(" - ") if f"bob{n}" in x and
            "calendar" in x]
    s.ok(len(line) == 1 and words in line[0], f"said once: {n}",
         (line, whole[:1500] if n == "gone" else ""))
s.ok(len(digests) == 2 and "hidden" not in whole and str(port) not in whole
     .replace("127.0.0.1:" + port, ""), "without what is secret in it")
s.ok(s.sql("SELECT count(*) FROM busy") == [(len(FEEDS),)],
     "the old copies stay", s.sql("SELECT count(*) FROM busy"))
for n in FEEDS:
    now = s.of(pairs[n])
    s.ok((now["id"], now["start"], now["sequence"]) ==
         (first[n]["id"], first[n]["start"], 0), f"nothing moves: {n}", now)
s.end()
END_PYTHON
