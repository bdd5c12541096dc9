#!/bin/sh
# What a mail server may answer, and what becomes of the mails then: tried
# again by the timetable, given up, spread over runs, minutes and days.  A
# scriptable server on loopback.  Prints TAP.
. tests/e2e/lib/tap.sh
. tests/e2e/lib/people.sh

rules=$dir/smtp.log.rules
: >"$dir/ports"
python3 -S "$here/fakes/smtp.py" "$dir/smtp.log" "size=100000" size=500 \
	>"$dir/ports" 2>"$dir/err" &
children="$children $!"
until [ "$(wc -l <"$dir/ports")" = 2 ]; do sleep 0.05; done
smtp=smtp://127.0.0.1:$(sed -n 1p "$dir/ports")
small=smtp://127.0.0.1:$(sed -n 2p "$dir/ports")

"$rmail" init "$p" --now 2027-01-10T09:00Z >/dev/null || exit 1
setting mail out "$smtp"
setting mail connections 1
fresh=$p
begin() { # ADDRESS...: a new programme that will invite these
	number=$((${number:-0} + 1))
	p=$dir/p$number
	cp -R "$fresh" "$p"
	{
		echo 'address,name,role,level,department,locale'
		for a in "$@"; do echo "$a,Ann Young,mentor,2,IT,en"; done
	} >"$dir/people.csv"
	"$rmail" import "$dir/people.csv" "$p" --now 2027-01-10T09:00Z \
		>/dev/null || exit 1
	: >"$dir/smtp.log"
	: >"$rules"
}
rule() { echo "$*" >"$rules"; }
exits() { # CODE TIME
	out=$(run "$2" 2>&1)
	rc=$?
	echo "exit $rc: $out"
	[ $rc -eq "$1" ]
}
heard() { # PATTERN COUNT: so many lines to the server
	have=$(grep -c -- "$1" "$dir/smtp.log")
	[ "$have" -eq "$2" ] || { cat "$dir/smtp.log"; echo "$have x $1"; false; }
}
same_bodies() { # COUNT [TO]: so many, all alike
	grep "^BODY.*To: .*${2:-}@" "$dir/smtp.log" >"$dir/bodies"
	[ "$(wc -l <"$dir/bodies")" -eq "$1" ] &&
		[ "$(sort -u "$dir/bodies" | wc -l)" -eq 1 ]
}
sent_count() { db "SELECT count(*) FROM outbox WHERE state = 'sent'" "$1"; }

# --- taken, refused ---------------------------------------------------------

begin ann@example.com gone@example.com
rule '^gone rcpt 550 5.1.1 no such user'
ok 'one is taken, one refused' silent 2027-01-11T09:00Z
ok 'what the server called it is kept' db "SELECT code || ' ' || enhanced ||
	' ' || queue_id FROM outbox WHERE recipient LIKE 'ann%'" '250 2.0.0 Q1'
ok 'why it was refused too' db "SELECT state || ' ' || code || ' ' || enhanced
	FROM outbox WHERE recipient LIKE 'gone%'" 'failed 550 5.1.1'
ok 'and its answer' db "SELECT answer FROM outbox
	WHERE recipient LIKE 'gone%'" '5.1.1 no such user'
ok 'the address is known to be bad' db "SELECT bad_address > 0 FROM person
	WHERE address LIKE 'gone%'" 1
ok 'the lead will read of it' db \
	"SELECT count(*) FROM note WHERE kind = 'not-sent'" 1
ok 'and it is not tried again' silent 2027-01-12T09:00Z
ok 'ever' heard 'RCPT TO:<gone@' 1

begin 'ann@bücher.example'
ok 'a domain with an umlaut' silent 2027-01-11T09:00Z
ok 'goes out in letters of DNS' heard 'RCPT TO:<ann@xn--bcher-kva.example>' 1

begin ann@example.com
setting mail out "$small"
ok 'a mail above the limit of the server' silent 2027-01-11T09:00Z
ok 'is refused for good' db "SELECT state || ' ' || enhanced FROM outbox" \
	'failed 5.3.4'
ok 'and was not begun' heard BODY 0

# --- the timetable ----------------------------------------------------------

begin ann@example.com
setting limits give-up '1 day'
rule '* dot 451 4.3.0 try again'
ok 'not now' exits 0 2027-01-11T09:00Z
ok 'keeps the mail' db 'SELECT state || tries || code FROM outbox' queued1451
timetable() { # FIRST-STEP: minutes between tries until it is given up
	python3 - "$rmail" "$p" "$1" <<'END'
import datetime, sqlite3, subprocess, sys
rmail, p, first = sys.argv[1], sys.argv[2], int(sys.argv[3])
begin = now = 1799658000  # 2027-01-11T09:00Z
def run(t):
    at = datetime.datetime.fromtimestamp(t, datetime.timezone.utc)
    subprocess.run([rmail, "run", p, "--now",
                    at.strftime("%Y-%m-%dT%H:%M:%SZ")], check=True)
def row():
    return sqlite3.connect(p + "/rmail.db").execute(
        "SELECT state, tries, not_before FROM outbox "
        "WHERE template = 'invitation'").fetchone()
steps = [5, 15, 30, 60, 120] + [180] * 20
for n in range(1, 30):
    state, tries, then = row()
    if state == "failed":
        break
    wait = (then - now) / 60
    low = steps[n - 1 + first]
    if tries != n or not low <= wait <= low * 1.2:
        sys.exit(f"try {tries} of {n}: waits {wait} minutes, not {low}")
    if n < 4:
        run(then - 1)
        if row()[1] != n:
            sys.exit(f"try {n + 1} came too early")
    now = then
    run(now)
hours = (now - begin) / 3600
if state != "failed" or not 24 < hours <= 24 + 3.6:
    sys.exit(f"{state} after {hours} hours")
END
}
ok 'then 5, 15, 30, 60, 120 minutes, 3 hours, until it is given up' timetable 0
tries=$(python3 -c "import sqlite3
print(sqlite3.connect('$p/rmail.db').execute('SELECT tries FROM outbox').fetchone()[0])")
ok 'each time the same bytes' same_bodies "$tries"
ok 'the lead will read of it' db \
	"SELECT count(*) FROM note WHERE kind = 'not-sent'" 1

begin ann@example.com
rule '* rcpt 450 4.7.1 greylisted'
ok 'who asks for patience' exits 0 2027-01-11T09:00Z
ok 'gets more of it' db 'SELECT (not_before - created) / 60 BETWEEN 15 AND 18
	FROM outbox' 1
: >"$rules"
ok 'and the mail in the end' silent 2027-01-11T09:20Z
ok 'on one row' db 'SELECT state || tries FROM outbox' sent2

begin a@one.example b@one.example c@one.example d@one.example \
	e@one.example f@one.example g@one.example h@one.example \
	i@one.example j@one.example k@one.example z@two.example
rule 'one.example rcpt 450 4.7.0 too fast'
ok 'a domain that says so three times' exits 0 2027-01-11T09:00Z
ok 'is left alone for a quarter of an hour' db "SELECT count(*) >= 4 FROM outbox
	WHERE not_before - created = 900 AND tries = 0" 1
ok 'others are not' sent_count 1

# --- the end of a connection -------------------------------------------------

begin ann@example.com bob@example.com carl@example.com
rule '^ann rcpt 421 4.3.2 going down'
ok '421 ends the run' exits 75 2027-01-11T09:00Z
ok 'for all' heard 'RCPT' 1
ok 'who were not tried' db \
	"SELECT count(*) FROM outbox WHERE state = 'queued' AND tries = 0" 2
: >"$rules"
ok 'and go out next time' exits 0 2027-01-11T09:10Z
ok 'each once' sent_count 3

begin ann@example.com bob@example.com
rule '^ann dot drop'
ok 'silence after the last dot ends it too' exits 75 2027-01-11T09:00Z
ok 'the mail may be there' db "SELECT state || tries FROM outbox
	WHERE recipient LIKE 'ann%'" queued1
: >"$rules"
ok 'it is sent again' exits 0 2027-01-11T09:10Z
ok 'byte for byte' same_bodies 2 ann
ok 'and is done' sent_count 2

begin ann@example.com bob@example.com
rule '* mail 550 5.7.1 you may not send as this'
ok 'who may not send here stops' exits 77 2027-01-11T09:00Z
ok 'at the first mail' heard 'MAIL FROM' 1
ok 'which waits for the operator' db \
	"SELECT count(*) FROM outbox WHERE state = 'queued' AND tries = 0" 2
rule '* dot 550 5.7.515 not aligned'
ok 'the rules for bulk mail stop all' exits 77 2027-01-11T09:10Z
ok 'at the first mail too' heard 'BODY' 1

# --- how many ------------------------------------------------------------------

begin a@x.example b@x.example c@x.example d@x.example e@y.example
setting limits mails-per-run 2
ok 'so many a run' silent 2027-01-11T09:00Z
ok 'and no more' sent_count 2
ok 'the rest' silent 2027-01-11T09:01Z
ok 'later' sent_count 4

begin a@x.example b@x.example c@x.example d@x.example e@y.example
setting limits mails-per-minute 2
ok 'so many a minute' silent 2027-01-11T09:00:00Z
ok 'in one run' sent_count 2
ok 'and in a run within the minute' silent 2027-01-11T09:00:59Z
ok 'none' sent_count 2
ok 'but in the next' silent 2027-01-11T09:01:00Z
ok 'as many' sent_count 4

begin a@x.example b@x.example c@x.example d@x.example e@y.example
setting limits mails-per-day 3
ok 'so many a day' silent 2027-01-11T09:00Z
ok 'go out' sent_count 3
ok 'not on the same day' silent 2027-01-12T08:59Z
ok 'more' sent_count 3
ok 'the day after' silent 2027-01-12T09:00Z
ok 'the others' sent_count 5

begin a@x.example b@x.example c@x.example d@x.example e@y.example
setting limits mails-per-domain-minute 1
ok 'so many a minute to each domain' silent 2027-01-11T09:00Z
ok 'one to each' sent_count 2
ok 'the others wait' db "SELECT group_concat((not_before - created) / 60)
	FROM outbox WHERE state = 'queued' ORDER BY id" 1,2,3
ok 'until their minute' silent 2027-01-11T09:01Z
ok 'has come' sent_count 3
ok 'however late' silent 2027-01-11T10:00Z
ok 'not all at once' sent_count 4
finish
