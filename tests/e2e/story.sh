#!/bin/sh
# A programme of two people, from the roster to the report, by the real
# binary on real mail files with a given clock.  Prints TAP.
. tests/e2e/lib/tap.sh

ok 'init makes the folder' "$rmail" init "$dir/p" --now 2027-01-10T09:00Z
ok 'check finds it sound' "$rmail" check "$dir/p"
cat >"$dir/people.csv" <<'END'
address,name,role,level,department,zone,locale,assistant
ann@example.com,Ann Young,mentor,2,IT,Europe/Berlin,en,
bob@example.com,Bob Boss,mentee,8,Sales,Europe/Berlin,de,pa@example.com
END
ok 'the roster loads' "$rmail" import "$dir/people.csv" "$dir/p"
ok 'a roster twice changes nothing' sh -c \
	"'$rmail' import '$dir/people.csv' '$dir/p' | grep -q '2 unchanged'"
ok 'nobody is written to before the begin' silent 2027-01-10T10:00Z
ok 'a dry run lists what it would send' sh -c \
	"'$rmail' run --dry-run --now 2027-01-11T09:00Z '$dir/p' |
	grep -q 'bob@example.com *invitation'"
ok 'and keeps nothing' db 'SELECT count(*) FROM outbox' 0
ok 'the begin invites all' silent 2027-01-11T09:00Z
ok 'in English' sent ann@example.com 'Reply yes or no'
ok 'and in German' sent bob@example.com 'lädt Sie'
answer ann@example.com '' tap:yes 'Mon, 11 Jan 2027 10:00:00 +0100'
answer bob@example.com '' ja 'Mon, 11 Jan 2027 10:00:00 +0100'
ok 'a yes brings the survey' silent 2027-01-11T10:00Z
ok 'as a form' sent ann@example.com 'Answer Q1: [ ]'
answer ann@example.com 'few questions' '1: A
2: H
3: H' 'Mon, 11 Jan 2027 11:00:00 +0100'
ok 'half an answer is kept' silent 2027-01-11T11:00Z
ok 'and the rest is asked for' sent ann@example.com 'just what is below'
answer ann@example.com 'few questions' '4: M
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
ok 'the surveys are read' silent 2027-01-11T13:00Z
ok 'both are enrolled' db "SELECT count(*) FROM person WHERE state = 'ready'" 2
ok 'the date brings a proposal' silent 2027-01-25T09:00Z
ok 'to the lead' sent hanna.lead@example.com 'Ann Young mentors Bob Boss'
ok 'and no pair yet' db 'SELECT count(*) FROM pair' 0
answer hanna.lead@example.com 'roposal' 'exclude ann bob
lock ann bob
undo
why 1
match ann bob
dance
close' 'Mon, 25 Jan 2027 10:00:00 +0100'
ok 'commands are taken one by one' silent 2027-01-25T10:00Z
ok 'what costs a pair is asked first' sent hanna.lead@example.com \
	'It leaves 1 more without a partner'
ok 'what moves nobody is done' sent hanna.lead@example.com \
	'Locked: ann bob – It costs the programme no points. Nobody moves.'
ok 'and can be taken back' db 'SELECT count(*) FROM pair_rule' 0
ok 'the unknown is said' sent hanna.lead@example.com 'Not understood'
ok 'the dangerous is asked' sent hanna.lead@example.com 'reply: confirm'
ok 'a forced pair has its price' sent hanna.lead@example.com 'To do it, reply'
ok 'and not done' db 'SELECT state FROM programme' enrolling
ok 'a forged command' sh -c "printf 'From: hanna.lead@example.com\r\nTo: mentoring@example.com\r\nSubject: x\r\nMessage-ID: <f@x>\r\n\r\napprove\r\n' >'$dir/p/in/new/forged'"
ok 'is held' silent 2027-01-25T10:30Z
ok 'and does nothing' db 'SELECT count(*) FROM pair' 0
answer hanna.lead@example.com 'roposal' approve \
	'Mon, 25 Jan 2027 11:00:00 +0100'
ok 'the lead approves by reply' silent 2027-01-25T11:00Z
ok 'both are introduced' sent ann@example.com 'Your partner is'
answer ann@example.com 'Meet' agree 'Mon, 25 Jan 2027 15:00:00 +0100'
answer bob@example.com 'ein Paar' tap:einverstanden 'Mon, 25 Jan 2027 15:00:00 +0100'
ok 'both agree to the ground rules' silent 2027-01-25T15:00Z
ok 'which makes the pair active' db 'SELECT state FROM pair' active
ok 'an invite goes out' sent bob@example.com 'Treffen 1 mit Ann Young'
ok 'also to the assistant' sent pa@example.com 'Treffen 1 mit Ann Young'
answer ann@example.com 'Session 1' ics:DECLINED 'Tue, 26 Jan 2027 09:00:00 +0100'
ok 'a decline moves the session' silent 2027-01-26T09:00Z
ok 'with a higher sequence' db 'SELECT sequence FROM session' 1
answer ann@example.com 'Session 1' ics:ACCEPTED 'Tue, 26 Jan 2027 10:00:00 +0100'
answer bob@example.com 'Treffen 1' ja 'Tue, 26 Jan 2027 10:00:00 +0100'
ok 'calendar and word accept' silent 2027-01-26T10:00Z
ok 'which confirms it' db 'SELECT state FROM session' confirmed
ok 'the days before it pass' silent 2027-01-30T10:00Z
for day in 1 2 3 4 5 6 7 8 9 10 11 12; do
	run "2027-02-$(printf %02d $day)T10:00Z" >/dev/null 2>"$dir/err" ||
		cat "$dir/err"
done
ok 'preparation comes before it' sent ann@example.com 'An outline that works'
ok 'and a check-in after it' sent ann@example.com 'How was your session'
answer ann@example.com 'How was' '1: yes
2: 5' 'Fri, 12 Feb 2027 12:00:00 +0100'
ok 'the check-in is read' silent 2027-02-12T13:00Z
ok 'the session was held' db 'SELECT state FROM session WHERE number = 1' held
answer bob@example.com 'Wie war' 5 'Fri, 12 Feb 2027 13:10:00 +0100'
ok 'a digit alone' silent 2027-02-12T13:30Z
ok 'says how useful it was' db \
	"SELECT value FROM answer WHERE person_id = 2 AND question = 'useful'" 5
ok 'and the next is planned' db 'SELECT count(*) FROM session' 2
answer ann@example.com 'Meet' 'stuck' 'Fri, 12 Feb 2027 14:00:00 +0100'
ok 'a private word is heard' silent 2027-02-12T15:00Z
ok 'by the lead' sent hanna.lead@example.com 'wrote stuck'
ok 'not by the partner' sh -c "! grep -rqi stuck '$dir/p/out/new' \
	--include='*' -l | xargs -r grep -l 'To:.*bob@' | grep -q ."
answer bob@example.com 'Treffen' 'Pause bis 1.3.2027' \
	'Mon, 15 Feb 2027 10:00:00 +0100'
ok 'a pause is taken' silent 2027-02-15T10:00Z
ok 'and kept' db "SELECT state FROM person WHERE id = 2" paused
ok 'it cancels what was planned' db \
	"SELECT count(*) FROM session WHERE state IN ('invited','confirmed')" 0
ok 'and ends on its day' silent 2027-03-02T10:00Z
ok 'by itself' db "SELECT state FROM person WHERE id = 2" ready
ok 'the end brings the final survey' silent 2027-09-30T10:00Z
ok 'to both' db "SELECT count(*) FROM form WHERE survey = 'final'" 2
ok 'and then the report' silent 2027-10-25T10:00Z
ok 'the programme has ended' db 'SELECT state FROM programme' ended
ok 'the report is out' sent hanna.lead@example.com 'This is the report'
ok 'every mail has its end' db \
	"SELECT count(*) FROM inbox WHERE state = 'new'" 0
ok 'and nothing waits to be sent' db \
	"SELECT count(*) FROM outbox WHERE state = 'claimed'" 0
finish
