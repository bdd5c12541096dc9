#!/bin/sh
# The figures of calendars: what judges say of 10,000 invites, the corpus of
# answers, and the times of a large feed and of finding slots.
set -u
bench=build/rel/bench/calendar_bench
shared=../shared
[ -d "$shared" ] || shared=../../shared
[ -x "$bench" ] || { echo "calendar: $bench is missing (make bench)"; exit 1; }
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT

"$bench" invites "$dir"
if [ -f "$shared/tools/invlint.py" ]; then
	(cd "$dir" && ls | grep '\.ics$') | sed "s|^|$dir/|" |
		xargs -n 1000 python3 "$shared/tools/invlint.py" >"$dir/faults"
	echo "invlint: $(wc -l <"$dir/faults") faults (goal 0)"
	head -5 "$dir/faults"
else
	echo "invlint: $shared/tools/invlint.py is missing"
fi
py=python3
/usr/bin/python3 -c 'import icalendar' 2>/dev/null && py=/usr/bin/python3
if $py -c 'import icalendar' 2>/dev/null; then
	$py - "$dir" <<-'PY'
	import sys, icalendar, datetime
	same = n = 0
	for line in open(sys.argv[1] + "/starts"):
	    f, want = line.split()
	    c = icalendar.Calendar.from_ical(open(sys.argv[1] + "/" + f, "rb").read())
	    d = [e for e in c.walk("VEVENT")][0]["DTSTART"].dt
	    n += 1
	    same += int(d.timestamp()) == int(want)
	print("python3-icalendar: same instant in %d of %d" % (same, n))
	PY
else
	echo "python3-icalendar: not installed"
fi
if command -v khal >/dev/null; then
	mkdir "$dir/khal"
	cp "$dir"/*.ics "$dir/khal/"
	cat >"$dir/khal.conf" <<-END
		[calendars]
		[[c]]
		path = $dir/khal
		[locale]
		local_timezone = UTC
		default_timezone = UTC
		timeformat = %H:%M
		dateformat = %Y-%m-%d
		longdateformat = %Y-%m-%d
		datetimeformat = %Y-%m-%d %H:%M
		longdatetimeformat = %Y-%m-%d %H:%M
		[sqlite]
		path = $dir/khal.db
	END
	khal -c "$dir/khal.conf" list --day-format '' \
		--format '{uid} {start-date} {start-time}' 2025-11-01 1700d \
		>"$dir/khal.list"
	python3 - "$dir" <<-'PY'
	import sys, datetime
	want = {}
	for line in open(sys.argv[1] + "/starts"):
	    f, at = line.split()
	    t = open(sys.argv[1] + "/" + f, "rb").read().replace(b"\r\n ", b"")
	    want[t.split(b"\nUID:")[1].split(b"\r")[0].decode()] = int(at)
	seen = {}
	for line in open(sys.argv[1] + "/khal.list"):
	    uid, day, hour = line.split()
	    at = datetime.datetime.fromisoformat(day + "T" + hour + "+00:00")
	    seen.setdefault(uid, int(at.timestamp()))
	print("khal: same instant in %d of %d" % (
	    sum(seen.get(u) == at for u, at in want.items()), len(want)))
	PY
else
	echo "khal: not installed (the Debian package of that name)"
fi
js=${ICAL_JS:-}
if [ -n "$js" ] && command -v node >/dev/null; then
	node - "$js" "$dir" <<-'JS'
	const fs = require("fs"), [js, dir] = process.argv.slice(2);
	import(js).then(m => {
	  const I = m.default; let n = 0, same = 0;
	  for (const l of fs.readFileSync(dir + "/starts", "utf8").trim().split("\n")) {
	    const [f, want] = l.split(" ");
	    const c = new I.Component(I.parse(fs.readFileSync(dir + "/" + f, "utf8")));
	    const tz = c.getFirstSubcomponent("vtimezone");
	    I.TimezoneService.reset(); if (tz) I.TimezoneService.register(tz);
	    const e = new I.Event(c.getFirstSubcomponent("vevent"));
	    n++; if (e.startDate.toUnixTime() === +want) same++;
	  }
	  console.log(`ical.js: same instant in ${same} of ${n}`);
	});
	JS
else
	echo "ical.js: set ICAL_JS to its dist/ical.js"
fi
if [ -f "$shared/corpus/score_calendar.py" ]; then
	score="$shared/corpus/score_calendar.py"
else
	score="$shared/corpus/calendar/score_calendar.py"
fi
if [ -f "$score" ]; then
	echo "corpus of answers, as mails:"
	python3 "$score" --wrap "$bench" answer | sed 's/^/  /'
else
	echo "corpus: $score is missing"
fi
python3 tests/e2e/hostile.py "$dir/hostile"
python3 tests/e2e/hostile.py "$dir/hostile" time build/rel/rmail
"$bench" feed
"$bench" plan
