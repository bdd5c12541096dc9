#!/bin/sh
# Matching of a programme: proposals by command and by mail, what a change
# costs before it counts, proofs checked again, drop-outs before the launch
# and after it.  Prints TAP.
. tests/e2e/lib/tap.sh
. tests/e2e/lib/people.sh

match() { "$rmail" match "$@" --now "$NOW"; }
says() { # PATTERN COMMAND...: it works, and says so
	pattern=$1
	shift
	"$@" >"$dir/said" 2>&1 || { cat "$dir/said"; return 1; }
	grep -qE -- "$pattern" "$dir/said" || { cat "$dir/said"; return 1; }
}
exits() { # CODE PATTERN COMMAND...
	code=$1 pattern=$2
	shift 2
	"$@" >"$dir/said" 2>&1
	got=$?
	[ $got = "$code" ] && grep -qE -- "$pattern" "$dir/said" ||
		{ echo "exit $got"; cat "$dir/said"; return 1; }
}

proposal() { # PATTERN...: the newest proposal has them all
	python3 - "$p" "$@" <<'END'
import email, email.policy, glob, sys
found = ""
for name in sorted(glob.glob(sys.argv[1] + "/out/new/*")):
    with open(name, "rb") as f:
        m = email.message_from_binary_file(f, policy=email.policy.default)
    if "proposal of" in m["Subject"]:
        found = m["Subject"] + "\n" + m.get_body(("plain",)).get_content()
text = " ".join(found.split())
for pattern in sys.argv[2:]:
    if pattern not in text:
        sys.exit(f"{pattern!r} is not in:\n{found}")
END
}

programme \
	'ann@example.com,Ann Able,mentor,2,IT,en,,' \
	'ben@example.com,Ben Bright,mentor,2,HR,en,,' \
	'cleo@example.com,Cleo Clever,mentor,2,Legal,en,,' \
	'xenia@example.com,Xenia Xu,mentee,8,Sales,en,,' \
	'yves@example.com,Yves Young,mentee,8,HR,en,,' \
	'zoe@example.com,Zoe Zander,mentee,8,Legal,en,,'
enrol 'ann@example.com ben@example.com cleo@example.com' \
	'xenia@example.com yves@example.com zoe@example.com'

# --- rules that contradict the people -----------------------------------------------
ok 'rules that let them be' says 'are sound' "$rmail" check "$p" --now 2027-01-24T09:00Z
setting match min-level-gap 7
line=$(grep -n '^min-level-gap' "$p/rmail.conf" | cut -d: -f1)
ok 'one that bars every pair is told with its line' exits 78 \
	"rmail.conf:$line: .*min-level-gap bars each of the 9 pairs" \
	"$rmail" check "$p" --now 2027-01-24T09:00Z
setting match min-level-gap 2
ok 'a lock that breaks a rule' db "INSERT INTO pair_rule SELECT 'locked', a.id,
	b.id, 0 FROM person a, person b WHERE a.address = 'ben@example.com'
	AND b.address = 'yves@example.com' RETURNING 1" 1
ok 'is told as well' exits 78 \
	'lock of Ben Bright .*and Yves Young contradicts: the rule on departments' \
	"$rmail" check "$p" --now 2027-01-24T09:00Z
ok 'and taken out' db 'DELETE FROM pair_rule RETURNING 1' 1

# --- by command -------------------------------------------------------------------
NOW=2027-01-24T09:00Z
ok 'a look at the matching' says '^3 pairs, .* Optimal; proof checked over 9' \
	match --dry-run "$p"
ok 'keeps nothing' db 'SELECT count(*) FROM round' 0
ok 'as data' says '"matched":3,.*"proof":\{"ok":true,"pairs_checked":9,' \
	match --dry-run --json "$p"
ok 'other steps can be tried' says '"objective":\["total"\]' \
	match --dry-run --max --json "$p"
ok 'but not for a proposal' exits 64 'add --dry-run' match --max "$p"
ok 'why two are a pair, or not' says 'Yves Young with Ben Bright|Yves Young and Ben Bright' \
	match --explain yves ben "$p"
ok 'by the rule in the way' grep -q 'the rule on departments' "$dir/said"
ok 'what another pair would cost' says 'Who moves|Nobody moves|a pair already' \
	match --explain xenia ann "$p"
ok 'one more place' says 'one more place: 0 more' match --explain ann "$p"
ok 'nobody of that name' exits 64 'there is no' match --explain kim "$p"
ok 'no programme' exits 78 'rmail.conf' match --dry-run "$dir"
ok 'a proposal by command' says 'The lead gets this proposal' match "$p"
ok 'is kept' db "SELECT count(*) FROM round WHERE state = 'proposed'" 1
NOW=2027-01-24T09:10Z
ok 'and sent' silent $NOW
ok 'with its reasons, shares and who else would do' proposal \
	'wants to learn' 'points together: skills' 'Next best for Xenia Xu:' \
	'proven to be the best' 'looked at 9 possible pairs' \
	'This is proposal 1'
ok 'its proof is checked again' says 'Proposal 1 is proven again' \
	match --verify 1 "$p"
ok 'as data, too' says '"ok":true,"pairs_checked":9' \
	sh -c "'$rmail' match --verify 1 --json '$p' | tr -d ' \n'"
ok 'a proposal that never was' exits 64 'no proof is kept of proposal 9' \
	match --verify 9 "$p"
ok 'nothing that could name a person is kept' db "SELECT count(*) FROM round
	WHERE instr(problem, CAST('@' AS BLOB)) > 0" 0
cp "$p/rmail.db" "$dir/saved.db"
ok 'one dual bent' db "UPDATE round SET duals = CAST(replace(CAST(duals AS
	TEXT), '\"v\":[', '\"v\":[1') AS BLOB) RETURNING 1" 1
ok 'is seen' exits 65 'the proof of proposal 1 fails' match --verify 1 "$p"
cp "$dir/saved.db" "$p/rmail.db"
ok 'a pair exchanged' db "UPDATE proposal SET mentor_id = (SELECT id FROM person
	WHERE address = 'ben@example.com') WHERE mentor_id <> (SELECT id FROM
	person WHERE address = 'ben@example.com') AND number = (SELECT min(number)
	FROM proposal WHERE mentor_id <> (SELECT id FROM person WHERE
	address = 'ben@example.com')) RETURNING 1" 1
ok 'is seen too' exits 65 'was not proven' match --verify 1 "$p"
cp "$dir/saved.db" "$p/rmail.db"

# --- by mail -------------------------------------------------------------------------
lead 'proposal of' 'lock 1
exclude ben xenia
exclude ben zoe
capacity ann 3
approve' 'Sun, 24 Jan 2027 10:20:00 +0100'
NOW=2027-01-24T09:30Z
ok 'changes to the proposal' silent $NOW
ok 'their cost comes first' newest $LEAD '1 not done' \
	'It leaves 1 more without a partner' 'Who moves' 'reply: confirm' \
	'A line above waits for your word'
ok 'nothing is approved before' db 'SELECT count(*) FROM pair' 0
ok 'what moves nobody is done' db \
	"SELECT count(*) FROM pair_rule WHERE kind = 'locked'" 1
word=$(python3 -c "
import sqlite3
c = sqlite3.connect('$p/rmail.db')
print(c.execute('''SELECT word FROM confirm WHERE argument LIKE 'exclude%'
    ORDER BY rowid DESC''').fetchone()[0])")
lead 'not done' "confirm $word" 'Sun, 24 Jan 2027 10:40:00 +0100'
NOW=2027-01-24T09:50Z
ok 'a word' silent $NOW
ok 'makes it count' db \
	"SELECT count(*) FROM pair_rule WHERE kind = 'excluded'" 2
lead ': done' 'undo' 'Sun, 24 Jan 2027 11:00:00 +0100'
ok 'and undo takes it back' silent 2027-01-24T10:10Z
ok 'as before' db "SELECT count(*) FROM pair_rule WHERE kind = 'excluded'" 1
# Two pairs exchange their partners.
swap_line() { # numbers of the two pairs whose exchange the rules allow
	python3 - "$p" <<'END'
import sqlite3, sys
c = sqlite3.connect(sys.argv[1] + "/rmail.db")
rows = c.execute('''SELECT q.number, m.address, e.address FROM proposal q
    JOIN person m ON m.id = q.mentor_id JOIN person e ON e.id = q.mentee_id
    WHERE q.round_id = (SELECT max(id) FROM round) ORDER BY 1''').fetchall()
print(rows[0][0], rows[1][0], rows[0][1], rows[1][2], rows[1][1], rows[0][2])
END
}
set -- $(swap_line)
locks() { # how many locks are those of the exchange
	db "SELECT count(*) FROM pair_rule r JOIN person m ON m.id = r.mentor_id
	JOIN person e ON e.id = r.mentee_id WHERE r.kind = 'locked' AND
	(m.address || ' ' || e.address) IN ('$1 $2', '$3 $4')" "$5"
}
lead 'proposal of' "swap $1 $2" 'Sun, 24 Jan 2027 11:02:00 +0100'
ok 'an exchange of partners' silent 2027-01-24T10:12Z
ok 'is told with its cost first' newest $LEAD 'Who moves' 'reply: confirm'
ok 'and does not count before' locks "$3" "$4" "$5" "$6" 0
word=$(python3 -c "
import sqlite3
c = sqlite3.connect('$p/rmail.db')
print(c.execute('''SELECT word FROM confirm WHERE argument LIKE 'swap%'
    ORDER BY rowid DESC''').fetchone()[0])")
lead 'not done' "confirm $word" 'Sun, 24 Jan 2027 11:04:00 +0100'
ok 'its word' silent 2027-01-24T10:14Z
ok 'makes it count' locks "$3" "$4" "$5" "$6" 2
lead ': done' 'undo' 'Sun, 24 Jan 2027 11:06:00 +0100'
ok 'undo takes that back as well' silent 2027-01-24T10:16Z
ok 'as if never asked' locks "$3" "$4" "$5" "$6" 0

# --- a drop-out before the launch -----------------------------------------------------
before=$(python3 -c "
import sqlite3
print(sqlite3.connect('$p/rmail.db').execute(
    'SELECT max(id) FROM round').fetchone()[0])")
answer ann@example.com '' leave 'Sun, 24 Jan 2027 11:20:00 +0100'
ok 'a mentor leaves' silent 2027-01-24T10:30Z
ok 'and the proposal is made anew' db \
	"SELECT max(id) > $before FROM round WHERE state = 'proposed'" 1
ok 'without the one who left' db "SELECT count(*) FROM proposal
	WHERE round_id = (SELECT max(id) FROM round) AND mentor_id =
	(SELECT id FROM person WHERE address = 'ann@example.com')" 0
ok 'why somebody is left out, and what would help' proposal \
	'can have only the same' 'One more place with'
ok 'no run does that twice' silent 2027-01-24T10:40Z
ok 'indeed' db "SELECT count(*) FROM round WHERE id > $before + 1" 0
lead 'proposal of' approve 'Sun, 24 Jan 2027 12:00:00 +0100'
ok 'two pairs begin' silent 2027-01-24T11:10Z
ok 'and one waits' db 'SELECT count(*) FROM pair' 2

# --- and after it ----------------------------------------------------------------------
gone=$(python3 -c "
import sqlite3
print(sqlite3.connect('$p/rmail.db').execute('''SELECT address FROM pair
    JOIN person ON person.id = mentee_id ORDER BY pair.id''').fetchone()[0])")
ok 'the date of the matching passes' silent 2027-01-25T09:00Z
answer "$gone" '' leave 'Tue, 26 Jan 2027 10:00:00 +0100'
ok 'a mentee leaves a pair' silent 2027-01-26T09:10Z
ok 'whose place goes to the one who waited' db "SELECT matched > 0 AND repair
	FROM round ORDER BY id DESC LIMIT 1" 1
ok 'the other pair stays' proposal 'Somebody has dropped out' \
	'other pairs stay as they are'
ok 'the lead reads of a part only' db "SELECT count(*) FROM proposal
	WHERE round_id = (SELECT max(id) FROM round)" 1
last=$(python3 -c "
import sqlite3
print(sqlite3.connect('$p/rmail.db').execute(
    'SELECT max(id) FROM round').fetchone()[0])")
ok 'a repair has its proof, too' says 'proven again' match --verify "$last" "$p"
lead 'proposal of' approve 'Tue, 26 Jan 2027 10:30:00 +0100'
ok 'it is approved' silent 2027-01-26T09:40Z
ok 'and begins' db \
	"SELECT count(*) FROM pair WHERE state = 'introduced'" 2

# --- people who want to be forgotten ---------------------------------------------------
ok 'who is forgotten' "$rmail" person erase "$gone" --yes "$p" \
	--now 2027-01-26T10:00Z
ok 'is in no problem that is kept' exits 64 'has been erased' \
	match --verify 1 "$p"
ok 'others are proven as before' says 'proven again' match --verify "$last" "$p"

# --- a drop-out that others make room for ------------------------------------------------
p=$dir/q
programme \
	'ann@example.com,Ann Able,mentor,2,IT,en,,' \
	'ben@example.com,Ben Bright,mentor,2,HR,en,,' \
	'cleo@example.com,Cleo Clever,mentor,2,Legal,en,,' \
	'xenia@example.com,Xenia Xu,mentee,8,Sales,en,,' \
	'yves@example.com,Yves Young,mentee,8,HR,en,,' \
	'zoe@example.com,Zoe Zander,mentee,8,Legal,en,,'
enrol 'ann@example.com ben@example.com cleo@example.com' \
	'xenia@example.com yves@example.com zoe@example.com'
rule() { # MENTOR MENTEE: never these two, for now
	db "INSERT INTO pair_rule SELECT 'excluded', a.id, b.id, 0 FROM person a,
		person b WHERE a.address = '$1@example.com' AND
		b.address = '$2@example.com' RETURNING 1" 1 >/dev/null
}
rule ann yves
rule ben zoe
ok 'a programme of three pairs' silent 2027-01-25T08:00Z
lead 'proposal of' approve 'Mon, 25 Jan 2027 10:00:00 +0100'
ok 'begins' silent 2027-01-25T09:10Z
names="SELECT group_concat(a.name || '+' || b.name, ', ') FROM (SELECT * FROM
	pair WHERE state <> 'ended' ORDER BY mentor_id) pair
	JOIN person a ON a.id = mentor_id JOIN person b ON b.id = mentee_id"
ok 'with these' db "$names" \
	'Ann Able+Zoe Zander, Ben Bright+Xenia Xu, Cleo Clever+Yves Young'
ok 'rules that are given up' db \
	"DELETE FROM pair_rule WHERE kind = 'excluded' RETURNING 1" 1
ok 'one more place' db "UPDATE person SET capacity = 2
	WHERE address = 'ben@example.com' RETURNING 1" 1
answer cleo@example.com '' leave 'Tue, 26 Jan 2027 10:00:00 +0100'
ok 'a mentor leaves her mentee' silent 2027-01-26T09:10Z
ok 'who gets the only one there is' proposal 'Ann Able mentors Yves Young'
ok 'whose mentee moves to a free place' proposal \
	'Ben Bright mentors Zoe Zander' 'instead of Ann Able' \
	'all others stay as they are'
ok 'nothing happens before the lead agrees' db "$names" \
	'Ann Able+Zoe Zander, Ben Bright+Xenia Xu'
lead 'proposal of' 'approve 1' 'Tue, 26 Jan 2027 10:20:00 +0100'
ok 'nor to a part of it' silent 2027-01-26T09:30Z
ok 'for one move needs the other' newest $LEAD 'These pairs hang together'
lead 'proposal of' approve 'Tue, 26 Jan 2027 10:40:00 +0100'
ok 'to the whole it does' silent 2027-01-26T09:50Z
ok 'and nobody is left out' db "$names" \
	'Ann Able+Yves Young, Ben Bright+Xenia Xu, Ben Bright+Zoe Zander'
ok 'who moved reads of the new partner' sent zoe@example.com 'Ben Bright'
finish
