#!/bin/sh
# Rounds of matching as people see them: whom somebody asked for, who waits
# and hears of it once.  Prints TAP.
. tests/e2e/lib/tap.sh
. tests/e2e/lib/people.sh

programme 'mia@example.com,Mia One,mentor,2,IT,en,,' \
	'moe@example.com,Moe Two,mentor,2,IT,en,,' \
	'meg@example.com,Meg Three,mentor,2,IT,en,,' \
	'zoe@example.com,Zoe Boss,mentee,8,Sales,en,,' \
	'yuri@example.com,Yuri Still,mentee,8,Sales,en,,'
mentee_form="$mentee_form
17: Moe Two, and Nobody Known"
enrol 'mia@example.com moe@example.com meg@example.com' zoe@example.com
ok 'whom we do not know is told back' sent zoe@example.com 'Nobody Known'
ok 'and keeps nobody from being ready' \
	db "SELECT state FROM person WHERE name = 'Zoe Boss'" ready
run 2027-01-18T08:00Z
ok 'who has not answered the invitation is named' newest $LEAD 'Yuri Still'
ok 'the first digest has the aims, what is known of them' newest $LEAD \
	'Aim “Every senior executive has a mentor”: 50 %, wanted 80 %' \
	'time”: no figure yet; 80 % are wanted'
lead 'the week' match 'Mon, 18 Jan 2027 09:30:00 +0100'
run 2027-01-18T09:00Z
ok 'who was asked for comes first' db "SELECT m.name FROM proposal
	JOIN person AS m ON m.id = mentor_id" 'Moe Two'
ok 'and the lead reads why' sent $LEAD 'One asked for the other'
lead 'proposal of' approve 'Mon, 18 Jan 2027 10:30:00 +0100'
run 2027-01-18T10:00Z
waits() { # WANTED: mails to Mia and Meg that nobody was found
	db "SELECT count(*) FROM outbox WHERE template = 'unmatched'
		AND recipient IN ('mia@example.com', 'meg@example.com')" "$1"
}
ok 'who has nobody is told' waits 2
ok 'and no one else' \
	db "SELECT count(*) FROM outbox WHERE template = 'unmatched'" 2
run 2027-01-25T08:00Z
lead 'the week' match 'Mon, 25 Jan 2027 09:30:00 +0100'
run 2027-01-25T09:00Z
ok 'nobody left to be matched is no round' newest $LEAD 'nothing to match'
answer zoe@example.com '' leave 'Mon, 25 Jan 2027 10:30:00 +0100'
answer moe@example.com '' leave 'Mon, 25 Jan 2027 10:30:00 +0100'
"$rmail" import - "$p" --now 2027-01-25T10:00Z >/dev/null <<'END'
address,name,role,level,department,locale
zac@example.com,Zac Last,mentee,2,IT,en
END
enrol_late() { # DAY ADDRESS FORM
	run "${1}T10:10Z"
	answer "$2" '' yes "Mon, 25 Jan 2027 11:30:00 +0100"
	run "${1}T10:40Z"
	answer "$2" questions "$3" "Mon, 25 Jan 2027 11:50:00 +0100"
	run "${1}T11:00Z"
}
enrol_late 2027-01-25 zac@example.com "$mentee_form"
lead 'the week' match 'Mon, 25 Jan 2027 12:10:00 +0100'
run 2027-01-25T11:20Z
ok 'the lead reads of all who would wait' sent $LEAD '3 people have no partner'
lead 'proposal of' approve 'Mon, 25 Jan 2027 12:30:00 +0100'
run 2027-01-25T11:40Z
ok 'the next round without them counts' \
	db "SELECT left_out FROM person WHERE name = 'Mia One'" 2
ok 'but is no second mail' waits 2
answer mia@example.com '' leave 'Mon, 25 Jan 2027 13:30:00 +0100'
run 2027-01-25T13:00Z
answer mia@example.com '' join 'Mon, 25 Jan 2027 14:30:00 +0100'
run 2027-01-25T14:00Z
answer mia@example.com questions "$mentor_form" \
	'Mon, 25 Jan 2027 15:00:00 +0100'
run 2027-01-25T14:30Z
lead 'the week' match 'Mon, 25 Jan 2027 15:30:00 +0100'
run 2027-01-25T15:00Z
lead 'proposal of' approve 'Mon, 25 Jan 2027 16:30:00 +0100'
run 2027-01-25T16:00Z
ok 'who was away since is told again' waits 3
run 2027-02-22T08:00Z
ok 'also in the weeks of the reminders' newest $LEAD 'Yuri Still'
run 2027-05-03T08:00Z
ok 'but not for ever' newest $LEAD 'the week' '!Yuri Still'
finish
