#!/bin/sh
# Bad input at the command line: each mistake of settings, surveys and mails
# with its place, tables from any spreadsheet, a try that keeps nothing, a
# disk that is full.  Prints TAP.
. tests/e2e/lib/tap.sh
. tests/e2e/lib/people.sh

exits() { # CODE PATTERN... -- COMMAND...: ends so, saying all of it
	want=$1 patterns=
	shift
	while [ "$1" != -- ]; do
		patterns="$patterns$1
"
		shift
	done
	shift
	"$@" >"$dir/said" 2>&1
	got=$?
	cat "$dir/said"
	[ $got = "$want" ] || { echo "exit $got"; return 1; }
	printf %s "$patterns" | while IFS= read -r x; do
		grep -qF -- "$x" "$dir/said" || { echo "no $x"; exit 1; }
	done
}
programme 'rosa@example.com,Rosa Roster,mentor,2,IT,en,,'
cp "$p/rmail.conf" "$dir/conf"
alter() { sed "$1" "$dir/conf" >"$p/rmail.conf"; }

# --- settings -------------------------------------------------------------------
alter 's/^number =/nubmer =/; s/^kind = cohort/kind = cohrt/
	s/^\[reminders\]/[remindrs]/; s/^times = book/times = bok/'
line() { grep -n "^$1" "$p/rmail.conf" | cut -d: -f1; }
ok 'all mistakes of the settings' exits 78 \
	"rmail.conf:$(line kind):8: kind = cohrt: expected one of: cohort rolling" \
	"rmail.conf:$(line nubmer):10: [sessions] has no setting \"nubmer\"; did you mean \"number\"?" \
	"rmail.conf:$(line 'times = bok'):9: times = bok" \
	'there is no section [remindrs]; did you mean [reminders]?' -- \
	"$rmail" check "$p"
ok 'a wrong section once' [ "$(grep -c remindrs "$dir/said")" = 1 ]
ok 'a run does nothing' exits 78 'rmail.conf:15:8' -- "$rmail" run "$p"
alter 's/^end = .*/end = 2026-01-01/'
ok 'what contradicts itself' exits 78 'the end lies before the begin' -- \
	"$rmail" check "$p"
alter 's/^locales = .*/locales = en, xx/'
ok 'a language without mails, with its place' exits 78 \
	'rmail.conf: [programme] locales: there are no mails in xx' -- \
	"$rmail" check "$p"
cp "$dir/conf" "$p/rmail.conf"
ok 'a command that is none' exits 64 'did you mean rmail check' -- \
	"$rmail" chekc "$p"

# --- surveys, words, mails --------------------------------------------------------
mkdir -p "$p/templates/en/surveys"
sed 's/^type = several/type = sevral/' templates/en/surveys/signup \
	>"$p/templates/en/surveys/signup"
echo '[question x]' >>"$p/templates/en/surveys/final"
ok 'each broken survey' exits 78 \
	'surveys/signup:41:8: unknown type "sevral", did you mean "several"' \
	'surveys/final:' -- "$rmail" check "$p"
rm -r "$p/templates/en/surveys"
sed 's/{{first-name}}/{{frist-name}}/' templates/en/welcome.md \
	>"$p/templates/en/welcome.md"
sed 's/^steer-who/steer-hwo/' templates/en/words >"$p/templates/en/words"
cp templates/en/help.md "$p/templates/en/hlep.md"
at=$(grep -n ^steer-hwo "$p/templates/en/words" | cut -d: -f1)
ok 'each broken mail and phrase' exits 78 \
	'welcome.md:3: there is no {{frist-name}} in this mail; did you mean {{first-name}}?' \
	"templates/en/words:$at:1: there is no phrase \"steer-hwo\"" \
	'hlep.md: nothing reads this file; did you mean help.md?' -- \
	"$rmail" check "$p"
rm -r "$p/templates"

# --- tables ------------------------------------------------------------------------
printf '%s\r\n' 'address;name;role;level;department' \
	'"anna@example.com";"Müller, Anna";mentor;2;"IT; Ops"' \
	'zoe@example.com;"Zoë ""Z"" Ö";mentee;9;HR' ';;;;' >"$dir/u8"
table() { # the same two people from $dir/t.csv, in a programme of their own
	rm -rf "$dir/t"
	cp -a "$p" "$dir/t"
	"$rmail" import "$dir/t.csv" "$dir/t" || return
	python3 - "$dir/t/rmail.db" <<'END'
import sqlite3, sys
got = sqlite3.connect(sys.argv[1]).execute(
    "SELECT name, department FROM person WHERE id > 1 ORDER BY id").fetchall()
sys.exit(got != [("Müller, Anna", "IT; Ops"), ('Zoë "Z" Ö', "HR")] and str(got))
END
}
for e in UTF-8 UTF-16 UTF-16LE UTF-16BE WINDOWS-1252; do
	iconv -f UTF-8 -t $e "$dir/u8" >"$dir/t.csv"
	ok "a table in $e" table
done
{
	printf 'sep=;\r\n'
	cat "$dir/u8"
} >"$dir/t.csv"
ok 'a table with sep= above it' table
{
	printf '\357\273\277'
	cat "$dir/u8"
} >"$dir/t.csv"
ok 'a table with a byte-order mark' table
printf 'PK\003\004rest' >"$dir/t.csv"
ok 'a workbook is no table' exits 65 "$dir/t.csv: this is a workbook" -- \
	"$rmail" import "$dir/t.csv" "$p"
cat >"$dir/t.csv" <<'END'
address,name,role,managr
bad@example.com,Bad,king
good@example.com,Good,mentee
GOOD@example.com,Good Too,mentor
x@@example.com,X
END
ok 'bad rows are listed' exits 65 \
	't.csv: line 1: there is no column managr; did you mean manager?' \
	'line 2, column role: king' 'line 4, column address: GOOD@example.com stands in line 3' \
	'line 5, column address' -- "$rmail" import "$dir/t.csv" "$p"
ok 'good ones load' db \
	"SELECT name FROM person WHERE address = 'good@example.com'" Good
"$rmail" import "$dir/t.csv" "$p" >"$dir/said" 2>&1
ok 'twice changes nothing' grep -q '^0 added, 0 changed, 1 unchanged' \
	"$dir/said"
printf 'address,left\ngood@example.com,2027-01-09\n' >"$dir/t.csv"
"$rmail" import "$dir/t.csv" "$p" --now 2027-01-10T09:00Z >/dev/null
ok 'a second roster tells who has left' db \
	"SELECT state FROM person WHERE address = 'good@example.com'" left

# --- a try -------------------------------------------------------------------------
bytes() { find "$p" -type f ! -name rmail.lock -exec cksum {} + | sort; }
would() { "$rmail" run "$p" --dry-run --now "$1"; }
bytes >"$dir/before"
ok 'a try tells what would be sent' exits 0 'rosa@example.com' \
	'would change person 1: known to invited' -- would 2027-01-11T08:00Z
bytes >"$dir/after"
ok 'and writes nothing' cmp "$dir/before" "$dir/after"
run 2027-01-11T08:00Z
answer rosa@example.com '' yes 'Mon, 11 Jan 2027 09:30:00 +0100'
bytes >"$dir/before"
ok 'what would be read' exits 0 'would read rosa@example.com: handled (yes)' \
	-- would 2027-01-11T09:00Z
bytes >"$dir/after"
ok 'and leaves the mail where it is' cmp "$dir/before" "$dir/after"
ok 'the run does it' silent 2027-01-11T09:00Z
ok 'as was told' db "SELECT state FROM person WHERE id = 1" asked

# --- two at a time, and no room -------------------------------------------------------
flock -o "$p/rmail.lock" sleep 30 &
children=$!
sleep 0.2
ok 'a second run leaves in silence' silent 2027-01-12T09:00Z
kill $children
wait $children 2>/dev/null
children=
begin=$(db "SELECT count(*) FROM outbox" x 2>&1)
small() { # a run that may write no file above 8 KB
	(
		trap '' XFSZ
		ulimit -f 16
		"$rmail" run "$p" --now "$1"
	)
}
ok 'a disk that is full is told' exits 74 'rmail: ' -- small 2027-01-18T08:00Z
ok 'and nothing is half done' [ "$(db 'SELECT count(*) FROM outbox' x 2>&1)" = \
	"$begin" ]
ok 'once there is room' silent 2027-01-18T08:10Z
ok 'all is done' sent $LEAD 'the week'
finish
