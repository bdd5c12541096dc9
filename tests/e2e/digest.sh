#!/bin/sh
# The lead's digest: what needs a decision comes first, with replies that take
# it, also as a tap; it is asked again until it is decided; no news is one
# line.  And what is told to nobody else.  Prints TAP.
. tests/e2e/lib/tap.sh
. tests/e2e/lib/people.sh

programme \
	'ann@example.com,Ann Able,mentor,2,IT,en,,' \
	'ben@example.com,Ben Bright,mentor,2,HR,en,,' \
	'cleo@example.com,Cleo Clever,mentor,2,IT,en,,' \
	'xenia@example.com,Xenia Xu,mentee,8,Sales,en,,' \
	'yves@example.com,Yves Young,mentee,8,Sales,en,,' \
	'zoe@example.com,Zoe Zander,mentee,8,Legal,en,,'
setting programme sponsor 'Sam Sponsor <sam@example.com>'
enrol 'ann@example.com ben@example.com' 'xenia@example.com yves@example.com'
pair_of() { # ADDRESS: the number of their pair
	python3 -c "
import sqlite3
c = sqlite3.connect('$p/rmail.db')
print(c.execute('''SELECT pair.id FROM pair JOIN person ON person.id IN
    (mentor_id, mentee_id) WHERE address = '$1' ''').fetchone()[0])"
}
name_in() { # PATTERN FILE-PATTERN...: stands in no mail to those
	python3 - "$p" "$@" <<'END'
import email, email.policy, glob, sys
for name in glob.glob(sys.argv[1] + "/out/new/*"):
    with open(name, "rb") as f:
        m = email.message_from_binary_file(f, policy=email.policy.default)
    if not any(a in m["To"] for a in sys.argv[3:]):
        continue
    for part in m.walk():
        if part.is_multipart():
            continue
        data = part.get_payload(decode=True) or b""
        if sys.argv[2].encode() in data:
            sys.exit(f"{sys.argv[2]!r} in {m['Subject']}: "
                     f"{part.get_content_type()}")
END
}

# --- decisions -----------------------------------------------------------------
ok 'the date brings a proposal' silent 2027-01-25T08:00Z
lead 'proposal' 'status' 'Mon, 25 Jan 2027 09:10:00 +0100'
ok 'the lead asks where things stand' silent 2027-01-25T08:15Z
ok 'the proposal waits' sent $LEAD 'A proposal with 2 pairs waits'
ok 'beside the reply that takes it' sent $LEAD 'Reply: approve'
lead 'the week' tap:approve 'Mon, 25 Jan 2027 09:20:00 +0100'
ok 'a tap opens a new mail' silent 2027-01-25T08:30Z
ok 'and takes it' db "SELECT count(*) FROM pair" 2
for a in ben yves; do
	answer $a@example.com '' agree 'Mon, 25 Jan 2027 11:00:00 +0100'
done
answer ann@example.com '' 'stuck: he talks about golf' \
	'Tue, 26 Jan 2027 10:00:00 +0100'
ok 'somebody is stuck' silent 2027-01-26T09:30Z
ok 'the lead reads it at once, in their own words' sent $LEAD \
	'wrote stuck: he talks about golf'
ok 'the Monday after' silent 2027-02-01T07:30Z
one=$(pair_of ann@example.com)
ok 'the digest has the words and two replies' newest $LEAD \
	'What needs a decision' 'he talks about golf' \
	"Reply: end $one or rematch $one" 'Pairs begun'
ok 'a week later' silent 2027-02-08T07:30Z
ok 'it asks again' newest $LEAD 'he talks about golf' "end $one" \
	'!Pairs begun'
ok 'the alert has the same button' lead 'needs you' "tap:end $one" \
	'Mon, 8 Feb 2027 08:58:00 +0100'
lead 'the week' "tap:end $one" 'Mon, 8 Feb 2027 09:00:00 +0100'
ok 'a tap ends the pair' silent 2027-02-08T08:30Z
ok 'once it is asked about' newest $LEAD 'To do it, reply: confirm'
word=$(python3 -c "
import sqlite3
c = sqlite3.connect('$p/rmail.db')
print(c.execute('SELECT word FROM confirm ORDER BY id DESC').fetchone()[0])")
lead 'not done' "confirm $word" 'Mon, 8 Feb 2027 09:30:00 +0100' 2>/dev/null ||
	lead '' "confirm $word" 'Mon, 8 Feb 2027 09:30:00 +0100'
ok 'and confirmed' silent 2027-02-08T08:45Z
ok 'it ends' db "SELECT state FROM pair WHERE id = $one" ended
for i in 1 2; do
	printf 'From: yves@example.com\r\nTo: mentoring@example.com\r\nSubject: hello\r\nMessage-ID: <h%s@x>\r\nDate: Tue, 9 Feb 2027 12:3%s:00 +0100\r\n\r\nleave\r\n' \
		$i $i >"$p/in/new/held$i"
done
ok 'words without a code' silent 2027-02-09T11:40Z
held=$(python3 -c "
import sqlite3
c = sqlite3.connect('$p/rmail.db')
print(*[id for id, in c.execute(
    '''SELECT id FROM inbox WHERE state = 'held' ORDER BY id''')])")
db "UPDATE outbox SET state = 'failed', code = 550,
	answer = '550 no such user here', created = 1802649600 WHERE id = (SELECT max(id) FROM outbox
	WHERE recipient = 'ben@example.com')" None
ok 'the next digest' silent 2027-02-15T07:30Z
ok 'does not ask about what is decided' newest $LEAD '!golf' \
	'Pairs ended early'
ok 'has the held mails as one, with their reason' newest $LEAD \
	'2 mails of one sender' 'from yves@example.com' 'without the code' \
	"Reply: release $held or drop $held"
ok 'and the mail that was not taken' newest $LEAD \
	'Not taken by the server of ben@example.com: 550 no such user here' \
	'!Nothing came back'
lead 'the week' "tap:drop $held" 'Mon, 15 Feb 2027 09:00:00 +0100'
ok 'a tap drops both' silent 2027-02-15T08:30Z
ok 'at once' db "SELECT count(*) FROM inbox WHERE state = 'dropped'" 2
ok 'two quiet weeks' sh -c "'$rmail' run '$p' --now 2027-02-22T07:30Z &&
	'$rmail' run '$p' --now 2027-03-01T07:30Z"
ok 'are told in a line' newest $LEAD 'No news this week' \
	'nothing needs a decision and nothing changed' \
	'What rmail does in the next seven days'

# --- a report each month -----------------------------------------------------------
setting report send monthly
ok 'monthly from now on' silent 2027-03-02T09:00Z
ok 'not yet a month later at seven' silent 2027-04-02T05:00Z
ok 'no report' db "SELECT count(*) FROM outbox WHERE template = 'report'" 0
ok 'at eight' silent 2027-04-02T06:00Z
ok 'the first' db "SELECT count(*) FROM outbox WHERE template = 'report'" 1
ok 'and a month on' silent 2027-05-02T06:00Z
ok 'the next' db "SELECT count(*) FROM outbox WHERE template = 'report'" 2
ok 'which says when the next review is' sent sam@example.com \
	'The next governance review is on Monday 10 May 2027'
ok 'what was told is remembered once' db \
	"SELECT count(*) - count(DISTINCT key || at) FROM published" 0

# --- what must not be told --------------------------------------------------------
answer yves@example.com '' 'my assistant is pa@example.com' \
	'Mon, 3 May 2027 10:00:00 +0200'
ok 'an assistant comes in' silent 2027-05-03T09:30Z
lead '' 'send survey midpoint
send report' 'Mon, 3 May 2027 11:30:00 +0200'
ok 'surveys and a report go out' silent 2027-05-03T10:30Z
ok 'the report reaches the sponsor' sent sam@example.com 'At a glance'
for name in 'Ann Able' 'Xenia' 'Yves Young' example.com/ golf; do
	ok "but not $name" name_in "$name" sam@example.com
done
ok 'the words of the stuck reach the lead alone' name_in golf ann@ ben@ \
	cleo@ xenia@ yves@ zoe@ pa@ sam@
ok 'the assistant gets no survey' db "SELECT count(*) FROM outbox WHERE
	recipient LIKE 'pa@%' AND template LIKE 'survey%'" 0
ok 'nor does an answer of theirs count as one' db \
	"SELECT count(*) FROM outbox WHERE template = 'survey-midpoint'
	AND recipient = 'yves@example.com'" 1
finish
