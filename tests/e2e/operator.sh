#!/bin/sh
# What an operator looks at and does, by the real binary: status, why, queue,
# quarantine, person, report, export, backup, check.  Prints TAP.
. tests/e2e/lib/tap.sh

# has PATTERN COMMAND...: done with exit 0, and said so
has() {
	pattern=$1
	shift
	out=$("$@" 2>&1) || { echo "$out"; return 1; }
	echo "$out" | grep -q -e "$pattern" || { echo "$out"; return 1; }
}
# exits CODE PATTERN COMMAND...
exits() {
	code=$1 pattern=$2
	shift 2
	out=$("$@" 2>&1)
	got=$?
	echo "$got: $out"
	[ $got -eq "$code" ] && echo "$out" | grep -q -e "$pattern"
}
json() { # EXPRESSION COMMAND...: python's opinion of the output, as v
	expression=$1
	shift
	"$@" >"$dir/json" && python3 - "$dir/json" "$expression" <<'END'
import json, sys
with open(sys.argv[1]) as f:
    v = json.load(f)
if not eval(f"({sys.argv[2]})"):
    sys.exit(f"{sys.argv[2]} is not so: {v}")
END
}
sql() { # SQL: the first cell
	python3 - "$p/rmail.db" "$1" <<'END'
import sqlite3, sys
db = sqlite3.connect(sys.argv[1])
row = db.execute(sys.argv[2]).fetchone()
db.commit()
print(row[0] if row else "")
END
}
deliver() { # NAME: the mail on standard input into the mailbox
	cat >"$p/in/new/$1"
}

# --- a programme of two, up to the first invite ------------------------------
cat >"$dir/people.csv" <<'END'
address,name,role,level,department,zone,locale,assistant
ann@example.com,Ann Younghusband,mentor,2,IT,Europe/Berlin,en,
bob@example.com,Bob Bossinger,mentee,8,Sales,Europe/Berlin,de,pa@example.com
carl@example.com,Carl Mentorson,mentor,2,HR,Europe/Berlin,en,
END
"$rmail" init "$p" --now 2027-01-10T09:00Z >/dev/null
"$rmail" import "$dir/people.csv" "$p" --now 2027-01-10T09:00Z >/dev/null
ok 'status before the first run' has 'setup, never run' "$rmail" status "$p"
run 2027-01-11T09:00Z
answer ann@example.com '' yes 'Mon, 11 Jan 2027 10:00:00 +0100'
answer bob@example.com '' ja 'Mon, 11 Jan 2027 10:00:00 +0100'
run 2027-01-11T10:00Z
answer ann@example.com 'few questions' '1: A
2: H
3: H
4: M
12: A
13: Mon-Fri 9-17
17: yes' 'Mon, 11 Jan 2027 12:00:00 +0100'
answer bob@example.com 'Fragen' '1: B
2: L -> H
3: L -> M
4: M
11: A, B
12: Mo-Do 9-12, Fr 13-17
16: ja' 'Mon, 11 Jan 2027 12:00:00 +0100'
run 2027-01-11T13:00Z
run 2027-01-25T09:00Z
now=2027-01-25T09:30Z

# --- looking ------------------------------------------------------------------
ok 'status names what waits for the lead' has 'the lead replies: approve' \
	"$rmail" status "$p" --now $now
ok 'and as JSON' json 'v["people"]["enrolled"]["all"] == 2 and
len(v["waiting"]) == 1' "$rmail" status --json "$p" --now $now
LC_ALL=C "$rmail" status "$p" --now $now >"$dir/status"
ok 'in 80 columns' awk 'length($0) > 80 { exit 1 }
	END { if (NR < 20) exit 1 }' "$dir/status"
ok 'and plain ASCII where the locale is' env LC_ALL=C awk '/[^ -~]/ { exit 1 }
	END { if (NR < 20) exit 1 }' "$dir/status"
answer hanna.lead@example.com 'roposal' approve \
	'Mon, 25 Jan 2027 11:00:00 +0100'
run 2027-01-25T11:00Z
answer ann@example.com 'Meet' agree 'Mon, 25 Jan 2027 15:00:00 +0100'
answer bob@example.com 'ein Paar' einverstanden 'Mon, 25 Jan 2027 15:00:00 +0100'
run 2027-01-25T15:00Z
now=2027-01-26T09:00Z
ok 'status has the pair' json 'v["pairs"][0]["state"] == "active" and
v["pairs"][0]["next-session"]' "$rmail" status --json "$p" --now $now
ok 'why a person: mails and changes in order' has 'invited > asked' \
	"$rmail" why ann@example.com "$p"
id=$(sql "SELECT message_id FROM outbox WHERE template = 'introduction'")
ok 'why a mail: the reply that caused it' json \
	'[e["side"] for e in v] == ["out", "in", "out"] and
v[1]["detail"] == "handled: commands"' "$rmail" why "<$id>" --json "$p"
ok 'why of nothing' exits 66 'no person has this address' \
	"$rmail" why nobody@example.com "$p"
ok 'person show' has 'Bob Bossinger' "$rmail" person show ann@example.com "$p"
ok 'person export is JSON' json \
	'v["name"] == "Ann Younghusband" and len(v["answers"]) > 3' \
	"$rmail" person export ann@example.com "$p"
ok 'queue is empty' has 'waiting: 0' "$rmail" queue "$p" --now $now

# --- reports and exports -------------------------------------------------------
ok 'report as text' has 'withheld' "$rmail" report "$p" --now $now
ok 'as HTML' has '</html>' "$rmail" report --format html "$p" --now $now
ok 'as JSON' json 'v["group-min"] == 5 and
v["figures"][0]["withheld"]' "$rmail" report --format json "$p" \
	--now $now
ok 'as CSV' has '^people/joined,,,,yes' "$rmail" report --format csv "$p" --now $now
ok 'as PDF into a file' sh -c "'$rmail' report --format pdf --out \
	'$dir/r.pdf' '$p' --now $now && head -c 5 '$dir/r.pdf' | grep -q %PDF-"
"$rmail" report --format html "$p" --now $now >"$dir/r.html"
ok 'no report names a person' sh -c "test -s '$dir/r.html' &&
	! grep -qi -e younghusband -e bossinger '$dir/r.html'"
ok 'an unknown format' exits 64 'usage' "$rmail" report --format doc "$p"
ok 'export a table' has '^id,mentor_id' "$rmail" export pair "$p"
ok 'export as JSON' json 'v[0]["address"] == "ann@example.com"' \
	"$rmail" export person --json "$p"
ok 'the key of all tokens is not exported' json 'v[0]["seed"] is None' \
	"$rmail" export programme --json "$p"
ok 'nor answers that are only counted' json \
	'all(a["value"] is None for a in v
    if a["share"] in ("private", "counted")) and
any(a["value"] for a in v if a["share"] == "partner")' \
	"$rmail" export answer --json "$p"
ok 'export the calendar' has 'SUMMARY:Session 1: Ann Younghusband' \
	"$rmail" export calendar "$p"
ok 'an unknown table lists those there are' exits 64 'calendar, alias' \
	"$rmail" export nothing "$p"

ok 'a full disk is told' exits 74 'could not be written' sh -c \
	"'$rmail' export pair '$p' >/dev/full"

# --- backup ----------------------------------------------------------------------
ok 'backup' "$rmail" backup "$dir/copy.db" "$p"
ok 'the copy is a whole programme' sh -c "mkdir '$dir/q' &&
	cp '$p/rmail.conf' '$dir/q/' && cp '$dir/copy.db' '$dir/q/rmail.db' &&
	'$rmail' check '$dir/q' --now $now && '$rmail' export pair '$dir/q' | grep -q ^1,"
ok 'not over the database itself' exits 64 'itself' \
	"$rmail" backup "$p/rmail.db" "$p"
ok 'nor where no folder is' exits 74 'cannot' \
	"$rmail" backup "$dir/none/copy.db" "$p"

# --- check ------------------------------------------------------------------------
ok 'check finds it sound' has 'are sound' "$rmail" check "$p" --now $now
mkdir -p "$p/templates/de/surveys" "$p/templates/it"
printf 'Subject: {{programme}}\n\nGuten Tag {{first-name}}\n' \
	>"$p/templates/de/welcome.md"
rmdir "$p/templates/it"
ok 'also with a mail of our own' "$rmail" check "$p" --now $now
ok 'a tag that is not there, with place and remedy' sh -c "
	printf 'Subject: Hallo\n\n\nGuten Tag {{frist-name}}\n' \
		>'$p/templates/de/welcome.md'
	'$rmail' check '$p' --now $now 2>&1 | grep -q \
	'de/welcome.md:4: .*frist-name.*did you mean {{first-name}}'"
ok 'it is refused' exits 78 frist-name "$rmail" check "$p" --now $now
ok 'also by a run, before anything is done' exits 78 'nothing was done' \
	"$rmail" run "$p" --now 2027-01-26T08:59Z
printf 'Subject: Hallo\n\n{{#name}}\nGuten Tag\n' >"$p/templates/de/welcome.md"
ok 'a section left open' exits 78 'de/welcome.md:3:1: {{#name}} is not closed' \
	"$rmail" check "$p" --now $now
rm "$p/templates/de/welcome.md"
echo 'Subject: x' >"$p/templates/de/wellcome.md"
mkdir "$p/templates/it"
ok 'files that nothing reads' exits 78 'did you mean welcome.md' \
	"$rmail" check "$p" --now $now
ok 'folders too' exits 78 'one of .programme. locales' \
	"$rmail" check "$p" --now $now
rm -r "$p/templates"
chmod 644 "$p/rmail.db"
ok 'a database that others can read' exits 78 'chmod 600' \
	"$rmail" check "$p" --now $now
chmod 600 "$p/rmail.db"
ok 'a clock gone back' exits 78 'before the last run' \
	"$rmail" check "$p" --now 2027-01-02T09:00Z
cp "$p/rmail.conf" "$dir/conf"
sed 's/^out = .*/out = sendmail:\/nowhere\/sendmail/' "$dir/conf" >"$p/rmail.conf"
ok 'a mail program that is not there' exits 78 'No such file' \
	"$rmail" check "$p" --now $now
sed 's/^locales = .*/locales = en, de, fr/' "$dir/conf" >"$p/rmail.conf"
ok 'a language without mails' exits 78 'no mails in fr' \
	"$rmail" check "$p" --now $now
sed 's/^locale = en/locael = en/' "$dir/conf" >"$p/rmail.conf"
ok 'a misprint in the settings' exits 78 'rmail.conf:[0-9]*:[0-9]*.*locale' \
	"$rmail" check "$p" --now $now
cp "$dir/conf" "$p/rmail.conf"

# --- quarantine ------------------------------------------------------------------
code=$(sql "SELECT upper(code) FROM thread WHERE kind = 'person' AND
	person_id = 1 LIMIT 1")
deliver 1 <<END
From: Eve <eve@example.com>
To: mentoring@example.com
Subject: Re: [RM-$code]
Message-ID: <eve1@example.com>
Date: Tue, 26 Jan 2027 10:00:00 +0100

pause until 1 March 2027
END
deliver 2 <<END
From: Eve <eve@example.com>
To: mentoring@example.com
Subject: Re: [RM-$code]
Message-ID: <eve2@example.com>
Date: Tue, 26 Jan 2027 10:00:00 +0100

leave
END
run 2027-01-26T09:00Z
ok 'held mails are listed' json 'len(v) == 2 and v[0]["state"] == "held" and
v[0]["from"] == "eve@example.com"' "$rmail" quarantine list --json "$p"
held=$(sql "SELECT id FROM inbox WHERE message_id = 'eve1@example.com'")
other=$(sql "SELECT id FROM inbox WHERE message_id = 'eve2@example.com'")
ok 'and shown' has '^pause until' "$rmail" quarantine show "$held" "$p"
ok 'status counts them' json 'v["quarantine"] == 2' "$rmail" status --json "$p"
ok 'drop' "$rmail" quarantine drop "$other" "$p"
ok 'a dropped one is no longer there' exits 66 'not in quarantine' \
	"$rmail" quarantine release "$other" "$p"
ok 'release' has 'the next run' "$rmail" quarantine release "$held" "$p"
ok 'the next run takes it' silent 2027-01-26T10:00Z
ok 'as the word of its owner' has paused \
	"$rmail" person show ann@example.com "$p"
ok 'and none is left' has 'no mail is' "$rmail" quarantine list "$p"
ok 'nor dropped ones read' test \
	"$(sql "SELECT state FROM inbox WHERE id = $other")" = dropped

# --- erasure ---------------------------------------------------------------------
ok 'no programme, and how to make one' exits 78 'rmail init' \
	"$rmail" person erase ann@example.com --yes "$dir/none"
ok 'erase asks to be sure' exits 64 'add --yes' \
	"$rmail" person erase ann@example.com "$p"
flock "$p/rmail.lock" sleep 1 &
sleep 0.2
ok 'erase, once the run that goes on is over' has 'erased' "$rmail" person erase ann@example.com --yes "$p" \
	--now 2027-01-27T09:00Z
ok 'the person is not found' exits 66 'nobody here' \
	"$rmail" person show ann@example.com "$p"
ok 'one last mail' silent 2027-01-27T10:00Z
ok 'goes to them' grep -rq 'To:.*ann@example.com' "$p/out/new"
ok 'the day after' silent 2027-01-28T10:00Z
ok 'no trace is left' python3 "$here/traces.py" "$p" younghusband ann@example
ok 'the partner stays usable' has 'Bob Bossinger' \
	"$rmail" person show bob@example.com "$p"
ok 'the database is sound' "$rmail" check "$p" --now 2027-01-28T10:30Z
answer carl@example.com '' yes 'Thu, 28 Jan 2027 11:00:00 +0100'
run 2027-01-28T11:00Z
answer carl@example.com 'few questions' 'forget me' \
	'Thu, 28 Jan 2027 12:00:00 +0100'
run 2027-01-28T12:00Z
answer carl@example.com 'onfirm' yes 'Thu, 28 Jan 2027 13:00:00 +0100'
cat >"$dir/refuse" <<'END'
#!/bin/sh
cat >/dev/null
echo "carl@example.com: user unknown"
exit 67
END
chmod 700 "$dir/refuse"
sed "s|^out = .*|out = sendmail:$dir/refuse|" "$dir/conf" >"$p/rmail.conf"
ok 'forget me by mail' silent 2027-01-28T13:00Z
cp "$dir/conf" "$p/rmail.conf"
ok 'is confirmed and done' test \
	"$(sql 'SELECT state FROM person WHERE id = 3')" = erased
ok 'a server may name them in its answer' test \
	"$(sql "SELECT count(*) FROM outbox WHERE answer LIKE '%carl@%'")" -gt 0
run 2027-01-28T14:00Z
run 2027-01-29T14:00Z
ok 'and leaves no trace' python3 "$here/traces.py" "$p" mentorson carl@example
"$rmail" import "$dir/people.csv" "$p" --now 2027-01-29T15:00Z >/dev/null 2>&1
"$rmail" export person "$p" >"$dir/persons"
ok 'an old roster does not bring them back' sh -c "grep -q bob@ '$dir/persons' &&
	! grep -q -e carl@ -e ann@ '$dir/persons'"
finish
