#!/bin/sh
# The retention clock: a cohort is erased when its time is over, in a rolling
# programme those who have left are.  Prints TAP.
. tests/e2e/lib/tap.sh
. tests/e2e/lib/people.sh

programme 'ann@example.com,Ann Younghusband,mentor,2,IT,en,,' \
	'bob@example.com,Bob Bossinger,mentee,8,Sales,en,,'
setting report keep '30 days'
setting report keep-mails '10 days'
enrol ann@example.com bob@example.com
run 2027-01-25T08:00Z
lead proposal approve 'Mon, 25 Jan 2027 09:10:00 +0100'
run 2027-01-25T08:15Z
answer ann@example.com 'Meet' agree 'Mon, 25 Jan 2027 10:00:00 +0100'
answer bob@example.com 'Meet' agree \
	'Mon, 25 Jan 2027 10:00:00 +0100'
run 2027-01-25T09:00Z
answer ann@example.com '' 'stuck, Bob Bossinger never comes' \
	'Mon, 25 Jan 2027 11:00:00 +0100'
run 2027-01-25T10:00Z
run 2027-09-30T08:00Z
run 2027-10-22T08:00Z
ok 'the programme has ended' db 'SELECT state FROM programme' ended
ok 'a day before its time' silent 2027-11-20T08:00Z
ok 'the people are there' db \
	"SELECT count(*) FROM person WHERE state <> 'erased'" 2
ok 'when its time is over' silent 2027-11-22T08:00Z
ok 'they are numbers' db \
	"SELECT count(*) FROM person WHERE state = 'erased'" 2
ok 'and the lead is told' newest $LEAD 'ersonal data is erased'
ok 'no trace of them is left' python3 "$here/traces.py" "$p" \
	younghusband bossinger ann@example bob@example 'never comes'
ok 'they are not written to' db \
	"SELECT count(*) FROM outbox WHERE template = 'forgotten'" 0
ok 'the pair and its sessions are still counted' db \
	"SELECT count(*) > 0 FROM session JOIN pair ON pair.id = pair_id" 1
ok 'a report can be made' sh -c \
	"'$rmail' report '$p' --now 2027-11-22T09:00Z | grep -q Aims"
ok 'the database is sound' "$rmail" check "$p" --now 2027-11-22T09:00Z
ok 'the next run has nothing to do' silent 2027-11-23T08:00Z
ok 'nor to say' db "SELECT count(*) FROM outbox WHERE template =
	'kept-no-longer'" 1
printf 'From: Bob Bossinger <bob@example.com>\r\nTo: mentoring@example.com\r\nSubject: hello again\r\nMessage-ID: <late@x>\r\nDate: Tue, 23 Nov 2027 10:00:00 +0100\r\n\r\nAre you still there?\r\n' \
	>"$p/in/new/late"
ok 'who writes later' silent 2027-11-23T10:00Z
rm -f "$p"/in/cur/* "$p"/in/new/*
ok 'is not kept for longer than the cohort was' silent 2027-12-24T10:00Z
ok 'and leaves no trace' python3 "$here/traces.py" "$p" bossinger bob@example

# --- rolling ------------------------------------------------------------------
p=$dir/rolling
programme 'ann@example.com,Ann Younghusband,mentor,2,IT,en,,' \
	'bob@example.com,Bob Bossinger,mentee,8,Sales,en,,' \
	'carl@example.com,Carl Mentorson,mentor,2,HR,en,,' \
	'dora@example.com,Dora Declinata,mentor,2,HR,en,,'
setting programme kind rolling
setting report keep '30 days'
setting report keep-mails '10 days'
enrol 'ann@example.com carl@example.com' bob@example.com
answer ann@example.com '' leave 'Tue, 12 Jan 2027 10:00:00 +0100'
answer dora@example.com '' no 'Tue, 12 Jan 2027 10:00:00 +0100'
run 2027-01-12T10:00Z
ok 'two have gone' db \
	"SELECT count(*) FROM person WHERE state IN ('left', 'declined')" 2
ok 'a month later' silent 2027-02-10T10:00Z
ok 'they are still known' db \
	"SELECT count(*) FROM person WHERE state IN ('left', 'declined')" 2
rm -f "$p"/in/cur/* "$p"/in/new/*
ok 'and then' silent 2027-02-12T10:00Z
run 2027-02-12T10:10Z
ok 'they are not' python3 "$here/traces.py" "$p" younghusband ann@example \
	declinata dora@example
ok 'the others are' db "SELECT count(*) FROM person WHERE state = 'ready'" 2
ok 'they may come again with a later roster' sh -c \
	"'$rmail' import '$dir/people.csv' '$p' --now 2027-02-12T11:00Z |
	grep -q '2 added, 0 changed, 2 unchanged'"
finish
