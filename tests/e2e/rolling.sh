#!/bin/sh
# A rolling programme: people come when they like, matchings come every so
# often, a pair ends when it has had its sessions, a review comes each year.
# Prints TAP.
. tests/e2e/lib/tap.sh
. tests/e2e/lib/people.sh

programme 'ann@example.com,Ann Able,mentor,2,IT,en,1,' \
	'bob@example.com,Bob Boss,mentee,8,Sales,en,,'
setting programme kind rolling
setting programme match-every '2 weeks'
setting programme review-on 05-03
setting programme join open
setting sessions number 1
for key in match-on midpoint end; do
	sed -i "/^$key = /d" "$p/rmail.conf"
done
ok 'it needs no end' "$rmail" check "$p" --now 2027-01-10T10:00Z
enrol ann@example.com bob@example.com
ok 'before the first round' silent 2027-01-24T07:00Z
ok 'nobody is matched' db 'SELECT count(*) FROM round' 0
ok 'two weeks after its begin' silent 2027-01-25T08:30Z
ok 'comes the first proposal' sent $LEAD 'Ann Able mentors Bob Boss'
lead proposal approve 'Mon, 25 Jan 2027 09:40:00 +0100'
run 2027-01-25T09:00Z
answer ann@example.com Meet agree 'Mon, 25 Jan 2027 10:10:00 +0100'
answer bob@example.com Meet agree 'Mon, 25 Jan 2027 10:10:00 +0100'
run 2027-01-25T10:00Z
ok 'the pair meets' db 'SELECT state FROM pair' active

# --- somebody comes later --------------------------------------------------------
printf 'From: Kim Kind <kim@example.com>\r\nTo: mentoring@example.com\r\nSubject: hello\r\nMessage-ID: <kim@x>\r\nDate: Mon, 1 Feb 2027 10:00:00 +0100\r\n\r\njoin\r\n' \
	>"$p/in/new/kim"
run 2027-02-01T10:00Z
answer kim@example.com questions '1: B
2: L -> H
3: L -> M
4: L -> M
12: A
13: Mon-Fri 9-17
17: yes' \
	'Mon, 1 Feb 2027 12:00:00 +0100'
ok 'somebody joins while it runs' silent 2027-02-01T12:00Z
ok 'and is enrolled' db \
	"SELECT state FROM person WHERE address = 'kim@example.com'" ready
ok 'the next round' silent 2027-02-08T08:30Z
ok 'finds nobody with a place for them' sent $LEAD 'There is no new pair to propose'
ok 'and says why' sent $LEAD 'no mentor with a place for Kim Kind'
ok 'the pair is not touched' db 'SELECT state FROM pair' active

# --- a pair's own end ---------------------------------------------------------------
for day in 09 10 11 12 13 14 15 16 17; do run "2027-02-${day}T10:00Z"; done
ok 'the session is over' db 'SELECT state FROM session' over
answer ann@example.com 'How was' '1: yes
2: 5' 'Wed, 17 Feb 2027 12:00:00 +0100'
run 2027-02-17T12:00Z
ok 'the one session was held' db 'SELECT state FROM session' held
for day in 18 19 20 21 22 23 24 25 26; do run "2027-02-${day}T10:00Z"; done
ok 'a week later the pair is complete' db 'SELECT ended_why FROM pair' complete
ok 'both are thanked' sent bob@example.com 'one session with'
ok 'and asked to look back' db \
	"SELECT count(*) FROM form WHERE survey = 'final' AND pair_id = 1" 2
ok 'on this pair' sent ann@example.com 'Your sessions with Bob Boss are done'
ok 'neither has left' db \
	"SELECT count(*) FROM person WHERE state = 'ready'" 3
answer bob@example.com 'ooking back' '1: M
2: M
3: H
5: 5' 'Fri, 26 Feb 2027 12:00:00 +0100'
ok 'what was learned is read' silent 2027-02-26T12:00Z
ok 'beside what was known before' db "SELECT a.value || b.value FROM answer a
	JOIN answer b ON b.person_id = a.person_id AND b.question = a.question
	WHERE a.survey = 'signup' AND b.survey = 'final' AND b.pair_id = 1
	AND a.question LIKE 'levels/%' ORDER BY a.question LIMIT 1" 'L>MM'
ok 'the next round' silent 2027-03-08T10:00Z
ok 'has a new partner' sent $LEAD 'Ann Able mentors Kim Kind'
ok 'not the old one again' count_to $LEAD 'Ann Able mentors Bob Boss' 1

# --- review ----------------------------------------------------------------------------
run 2027-05-02T10:00Z
ok 'before the day of the review no report' db \
	"SELECT count(*) FROM outbox WHERE template = 'report'" 0
run 2027-05-03T10:00Z
ok 'on its day there is one' db \
	"SELECT count(*) FROM outbox WHERE template = 'report'" 1
run 2027-05-04T10:00Z
ok 'one alone' db \
	"SELECT count(*) FROM outbox WHERE template = 'report'" 1
run 2028-05-03T10:00Z
ok 'and the next a year later' db \
	"SELECT count(*) FROM outbox WHERE template = 'report'" 2
ok 'it runs on' db 'SELECT state FROM programme' running
finish
