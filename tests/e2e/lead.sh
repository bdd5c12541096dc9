#!/bin/sh
# The lead's commands by reply: proposals that were replaced, rules that
# change under them, people who have gone, what is dangerous, what is held.
# Prints TAP.
. tests/e2e/lib/tap.sh
. tests/e2e/lib/people.sh

programme \
	'ann@example.com,Ann Able,mentor,2,IT,en,,' \
	'ben@example.com,Ben Bright,mentor,2,HR,en,,' \
	'cleo@example.com,Cleo Clever,mentor,2,IT,en,,' \
	'xenia@example.com,Xenia Xu,mentee,8,Sales,en,,' \
	'yves@example.com,Yves Young,mentee,8,Sales,en,,' \
	'zoe@example.com,Zoe Zander,mentee,8,Legal,en,,'
enrol 'ann@example.com ben@example.com cleo@example.com' \
	'xenia@example.com yves@example.com zoe@example.com'
ok 'six are enrolled' db "SELECT count(*) FROM person WHERE state = 'ready'" 6

# --- proposals ----------------------------------------------------------------
ok 'the date brings a proposal' silent 2027-01-25T08:00Z
first=$(python3 -c "
import sqlite3
c = sqlite3.connect('$p/rmail.db')
print(*c.execute('SELECT mentor_id, mentee_id FROM proposal WHERE number = 1')
    .fetchone())")
one=${first% *} two=${first#* }
lead proposal 'reject 1' 'Mon, 25 Jan 2027 09:10:00 +0100'
ok 'a pair is rejected' silent 2027-01-25T08:15Z
lead proposal 'exclude ann ben' 'Mon, 25 Jan 2027 09:20:00 +0100'
ok 'a rule brings a new proposal' silent 2027-01-25T08:30Z
ok 'without the pair that was rejected in the old one' db "SELECT count(*)
	FROM proposal WHERE round_id = 2 AND mentor_id = $one
	AND mentee_id = $two" 0
lead 'proposal of' 'reject 2
approve' 'Mon, 25 Jan 2027 09:40:00 +0100' 0
ok 'a reply to the old proposal' silent 2027-01-25T08:45Z
ok 'is told that it has been replaced' newest $LEAD '2 not done' \
	'has been replaced'
ok 'and does nothing' db "SELECT count(*) FROM pair" 0
ok 'nor to the new one' db \
	"SELECT count(*) FROM proposal WHERE round_id = 2 AND rejected = 1" 0
lead 'proposal of' 'exclude xenia ann
approve' 'Mon, 25 Jan 2027 09:50:00 +0100'
ok 'a rule and an approval in one mail' silent 2027-01-25T09:00Z
ok 'the rule comes first' newest $LEAD 'Approve that one'
ok 'nothing is approved' db "SELECT count(*) FROM pair" 0
ok 'a new proposal waits' db \
	"SELECT count(*) FROM round WHERE state = 'proposed'" 1
lead 'proposal of' 'why 1
why zoe
why xenia ann
why 99
why' 'Mon, 25 Jan 2027 10:10:00 +0100'
ok 'reasons are asked for' silent 2027-01-25T09:15Z
ok 'by number, by name and for two' newest $LEAD '2 not done' \
	'wants to learn' 'the programme lead excluded this pair' \
	'There is no pair 99' 'why anna bert'
lead 'proposal of' 'approve 1
approve 99' 'Mon, 25 Jan 2027 10:20:00 +0100'
ok 'one pair alone is approved' silent 2027-01-25T09:30Z
ok 'and begins' db "SELECT count(*) FROM pair WHERE state = 'introduced'" 1
ok 'the others stand in a new proposal' newest $LEAD '1 not done' \
	'For the others a new proposal'
ok 'nobody is told that they wait' db \
	"SELECT count(*) FROM outbox WHERE template = 'unmatched'" 0
ok 'two pairs are left' db "SELECT count(*) FROM proposal WHERE round_id =
	(SELECT max(id) FROM round)" 2

# --- people who go between proposal and approval --------------------------------
gone=$(python3 -c "
import sqlite3
c = sqlite3.connect('$p/rmail.db')
print(c.execute('''SELECT address FROM person WHERE id = (SELECT mentee_id
    FROM proposal WHERE round_id = (SELECT max(id) FROM round)
    AND number = 1)''').fetchone()[0])")
answer "$gone" '' 'pause until 2027-03-01' \
	'Mon, 25 Jan 2027 10:40:00 +0100'
cat >"$dir/late.csv" <<'END'
address,name,role,level,department
late@example.com,Lara Late,mentee,8,Legal
END
"$rmail" import "$dir/late.csv" "$p" --now 2027-01-25T09:40Z >/dev/null
ok 'one pauses, one is invited' silent 2027-01-25T09:45Z
joined 'Mon, 25 Jan 2027 10:50:00 +0100' late@example.com
run 2027-01-25T09:55Z
answer late@example.com questions "$mentee_form" \
	'Mon, 25 Jan 2027 11:00:00 +0100'
ok 'and enrols after the proposal' silent 2027-01-25T10:05Z
lead 'proposal of' 'approve' 'Mon, 25 Jan 2027 11:10:00 +0100'
ok 'then it is approved' silent 2027-01-25T10:15Z
ok 'the pair that cannot begin is named' newest $LEAD 'cannot begin any more'
ok 'and nothing is counted as not done' newest $LEAD ': done'
ok 'only the other begins' db "SELECT count(*) FROM pair" 2
ok 'the mentor without a partner is told' db "SELECT count(*) FROM outbox
	WHERE template = 'unmatched'" 1
ok 'not the one who came after the proposal' count_to late@example.com \
	'no partner this time' 0
ok 'who comes first in no round they missed' db \
	"SELECT left_out FROM person WHERE address = 'late@example.com'" 0
lead 'proposal of' 'approve' 'Mon, 25 Jan 2027 11:20:00 +0100'
ok 'an approval twice' silent 2027-01-25T10:25Z
ok 'finds nothing to approve' newest $LEAD '1 not done' 'No proposal waits'

# --- dangerous ones -----------------------------------------------------------------
lead 'proposal of' 'end 99
end 1
remove late
close' 'Mon, 25 Jan 2027 11:30:00 +0100'
ok 'what cannot be taken back' silent 2027-01-25T10:35Z
ok 'says what would happen, and what is not there' newest $LEAD \
	'1 not done' 'There is no pair 99' 'Pair 1 (' 'cancelled in both' \
	'Lara Late would leave' 'Open pairs: 2' 'reply: confirm'
ok 'nothing has happened' db "SELECT count(*) FROM pair WHERE state = 'ended'" 0
word=$(python3 -c "
import sqlite3
c = sqlite3.connect('$p/rmail.db')
print(c.execute('''SELECT word FROM confirm WHERE argument = 'end 1'
    ''').fetchone()[0])")
lead 'not done' "confirm $word
confirm aaaaa" 'Mon, 25 Jan 2027 11:40:00 +0100'
ok 'with its word' silent 2027-01-25T10:45Z
ok 'it happens, once' newest $LEAD '1 not done' 'has ended; both are told' \
	'Nothing waits for the word aaaaa'
ok 'the pair has ended' db "SELECT state FROM pair WHERE id = 1" ended
lead 'not done' "confirm $word
rematch 1
end late" 'Mon, 25 Jan 2027 11:50:00 +0100'
ok 'a word is good once' silent 2027-01-25T10:55Z
ok 'and an ended pair has no end' newest $LEAD '3 not done' \
	'has ended already' 'late is in no pair'

# --- people ---------------------------------------------------------------------------
lead 'not done' 'admit ann
refuse ben
resume ann
pause ann until 2027-02-10
pause ben until 2026-01-01
capacity ann 2
show late
show 2
show nobody-known
invite all
start
dance with me' 'Mon, 25 Jan 2027 12:00:00 +0100'
ok 'orders that mean nothing now' silent 2027-01-25T11:05Z
ok 'are not claimed to be done' newest $LEAD '7 not done' \
	'this means nothing for Ann Able' 'this means nothing for Ben' \
	'lies in the past' 'Paused: Ann Able' 'Capacity of Ann Able is set' \
	'Lara Late <late@example.com>: enrolled' 'Pair 2' 'of 6 sessions held' \
	'called nobody-known' 'nobody who was not invited' 'Not understood'
ok 'a pause by the lead has its date' db "SELECT date(paused_until,
	'unixepoch', '+1 hour') FROM person WHERE address = 'ann@example.com'" \
	2027-02-10
lead 'not done' 'exclude late nobody-known
show ann
help
-- 
approve' 'Mon, 25 Jan 2027 12:10:00 +0100'
ok 'a signature' silent 2027-01-25T11:15Z
ok 'ends the reading' newest $LEAD 'called nobody-known' 'release 12' \
	'!No proposal'
lead 'not done' 'Dear rmail,
the week is long
it rains today
what a pity for us
nobody is at the lake
my dog is bored
hold' 'Mon, 25 Jan 2027 12:20:00 +0100'
ok 'a letter instead of commands' silent 2027-01-25T11:25Z
ok 'is left after five lines' newest $LEAD '5 not done' \
	'too many lines that are no commands'
ok 'and holds nothing' db "SELECT hold FROM programme" 0

# --- what is held ------------------------------------------------------------------------
printf 'From: yves@example.com\r\nTo: mentoring@example.com\r\nSubject: hello\r\nMessage-ID: <h1@x>\r\nDate: Mon, 25 Jan 2027 12:30:00 +0100\r\n\r\npause until 2027-04-01\r\n' \
	>"$p/in/new/held1"
printf 'From: zoe@example.com\r\nTo: mentoring@example.com\r\nSubject: hello\r\nMessage-ID: <h2@x>\r\nDate: Mon, 25 Jan 2027 12:30:00 +0100\r\n\r\nleave\r\n' \
	>"$p/in/new/held2"
ok 'words without a code' silent 2027-01-25T11:35Z
ok 'are held' db "SELECT count(*) FROM inbox WHERE state = 'held'" 2
ids=$(python3 -c "
import sqlite3
c = sqlite3.connect('$p/rmail.db')
print(*[r[0] for r in c.execute(
    '''SELECT id FROM inbox WHERE state = 'held' ORDER BY sender''')])")
lead 'not done' "show
release ${ids% *}
drop ${ids#* }
drop 9999" 'Mon, 25 Jan 2027 12:40:00 +0100'
ok 'the lead looks at them' silent 2027-01-25T11:45Z
ok 'and lets one in' newest $LEAD '1 not done' 'from yves@example.com' \
	'without the code' 'read again with the next run' \
	'Mail 9999 is not held'
ok 'the next run' silent 2027-01-25T11:55Z
ok 'takes its word' db \
	"SELECT state FROM person WHERE address = 'yves@example.com'" paused
ok 'the other is left alone' db \
	"SELECT state FROM inbox WHERE id = ${ids#* }" dropped

# --- sending ----------------------------------------------------------------------------------
lead 'not done' 'improve More rooms for meetings
send improvements
send report
send digest
send survey midpoint
send flowers' 'Mon, 25 Jan 2027 13:00:00 +0100'
ok 'the lead has mails sent' silent 2027-01-25T12:05Z
ok 'what we do not send is said' sent $LEAD 'Send what?'
ok 'improvements go to all who are enrolled' sent ben@example.com \
	'More rooms for meetings'
ok 'the report goes out' sent $LEAD 'This is the report'
ok 'the digest too' sent $LEAD 'the week'
ok 'and the survey to all who were matched' db \
	"SELECT count(*) > 0 FROM form WHERE survey = 'midpoint'" 1
finish
