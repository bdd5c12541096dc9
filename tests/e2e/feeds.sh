#!/bin/sh
# Calendars by the real binary: busy times and holidays steer a session, what
# cannot be read stays as it was and is told once, sessions go into a CalDAV
# collection, a ping comes at the end, and an OAuth2 token opens the mail
# server.  The web is a fake on loopback.  Prints TAP.
. tests/e2e/lib/tap.sh
run() { "$rmail" run "$p" --now "$1" -v >>"$dir/runs" 2>&1; }
silent() { out=$("$rmail" run "$p" --now "$1" 2>&1) && [ -z "$out" ]; }

asked() { # TIMES PATTERN: requests that the web has seen
	got=$(grep -c -- "$2" "$dir/web.log")
	[ "$got" = "$1" ] || { echo "$got times $2"; cat "$dir/web.log"; false; }
}
has() { # FILE PATTERN
	grep -q -- "$2" "$1" || { cat "$1"; false; }
}
has_not() { ! has "$@" 2>&1; }
port() { # FILE: the port that a fake has printed into it
	until [ -s "$1" ]; do sleep 0.05; done
	cat "$1"
}
calendar() { # FILE EVENT...: each event its lines, joined by +
	{
		printf 'BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\n'
		shift
		for e in "$@"; do
			printf 'BEGIN:VEVENT\r\nUID:%s\r\n' "$e"
			echo "$e" | tr '+' '\n' | sed 's/$/\r/'
			printf 'END:VEVENT\r\n'
		done
		printf 'END:VCALENDAR\r\n'
	} >"$1"
}
holidays='SELECT count(*) FROM busy JOIN feed ON feed.id = feed_id
	WHERE person_id <= 0'
busy='SELECT count(*) FROM busy JOIN feed ON feed.id = feed_id
	WHERE person_id > 0'

mkdir "$dir/web"
python3 "$here/fakes/web.py" "$dir/web.log" "$dir/web" >"$dir/web.port" &
children=$!
url=http://127.0.0.1:$(port "$dir/web.port")
"$rmail" init "$p" --now 2027-01-10T09:00Z >/dev/null
cp "$p/rmail.conf" "$dir/plain.conf"
cat >"$dir/people.csv" <<'END'
address,name,role,level,department,zone,locale
ann@example.com,Ann Young,mentor,2,IT,Europe/Berlin,en
bob@example.com,Bob Boss,mentee,8,Sales,Europe/Berlin,en
END
"$rmail" import "$dir/people.csv" "$p" >/dev/null

# --- somebody names a calendar ------------------------------------------------

run 2027-01-11T09:00Z
answer ann@example.com '' yes 'Mon, 11 Jan 2027 10:00:00 +0100'
answer bob@example.com '' yes 'Mon, 11 Jan 2027 10:00:00 +0100'
run 2027-01-11T10:00Z
answer ann@example.com 'few questions' '1: A
2: H
3: H
4: M
12: A
13: Mon-Fri 9-17
17: yes' 'Mon, 11 Jan 2027 12:00:00 +0100'
answer bob@example.com 'few questions' '1: B
2: L -> H
3: L -> M
4: M
11: A, B
12: Mon-Fri 9-17
14: https://calendar.example.com/hidden-words/basic.ics
16: yes' 'Mon, 11 Jan 2027 12:00:00 +0100'
ok 'the sign-up is read' run 2027-01-11T13:00Z
ok 'with the address of a calendar' db 'SELECT url FROM feed' \
	https://calendar.example.com/hidden-words/basic.ics
run 2027-01-25T09:00Z
ok 'which is not fetched unless the settings say so' db \
	'SELECT next || failed FROM feed' 0
answer hanna.lead@example.com 'roposal' approve \
	'Mon, 25 Jan 2027 10:30:00 +0100'
run 2027-01-25T10:00Z
answer ann@example.com 'Meet' agree 'Mon, 25 Jan 2027 12:00:00 +0100'
answer bob@example.com 'Meet' agree 'Mon, 25 Jan 2027 12:00:00 +0100'

# --- busy times and holidays ----------------------------------------------------

# Bob is busy to the end of 3 February; the next two days are holidays.
calendar "$dir/web/bob.ics" \
	'DTSTART:20270120T000000Z+DTEND:20270203T230000Z' \
	'DTSTART;VALUE=DATE:20270208+TRANSP:TRANSPARENT'
calendar "$p/holidays.ics" 'DTSTART;VALUE=DATE:20270204+TRANSP:TRANSPARENT'
calendar "$dir/web/more.ics" 'DTSTART;VALUE=DATE:20270205+TRANSP:TRANSPARENT'
printf '#!/bin/sh\necho s3cret-word\n' >"$dir/word"
chmod 700 "$dir/word"
cat >>"$p/rmail.conf" <<END

[feeds]
busy = yes
holidays = holidays.ics, $url/files/more.ics
private-addresses = yes
caldav = $url/cal/
caldav-user = ann
caldav-password-command = $dir/word
ping = $url/status/200?hidden-ping
END
db "UPDATE feed SET url = '$url/files/bob.ics?hidden-words' RETURNING 1" 1
ok 'the pair agrees, and calendars are read' run 2027-01-25T13:00Z
ok 'once each' asked 1 'GET /files/bob.ics?hidden-words etag= *$'
ok 'holidays from a file and from the web' db "$holidays" 2
ok 'the session is on the first day that is free for both' db \
	"SELECT date(start, 'unixepoch') FROM session" 2027-02-08
ok 'the run ends with a ping' asked 1 'GET /status/200?hidden-ping'
run 2027-01-25T14:00Z
ok 'an hour later nobody is asked' asked 1 'GET /files/bob.ics'
run 2027-01-25T20:00Z
ok 'seven hours later the copy is asked after' asked 1 \
	'GET /files/bob.ics?hidden-words etag="'
ok 'and is still good' db \
	"SELECT fetched || failed FROM feed WHERE person_id > 0" \
	"$(date -d 2027-01-25T20:00Z +%s)"

# --- the lead's calendar ----------------------------------------------------------

event=$(ls "$dir"/web/rm-*)
ok 'the session stands in the collection' \
	has "$event" 'DTSTART;TZID=Europe/Berlin:20270208T'
ok 'with both names' has "$event" 'SUMMARY:Session 1: Ann Young.*Bob Boss'
ok 'and nobody to be invited' has_not "$event" 'ATTENDEE\|METHOD'
ok 'put there once' asked 1 ^PUT
was=$(grep -a 'DTSTART;' "$event" | tr -d '\r')
answer ann@example.com 'Session 1' ics:DECLINED \
	'Tue, 26 Jan 2027 09:00:00 +0100'
run 2027-01-26T09:00Z
ok 'a session that moves' has "$event" 'SEQUENCE:1'
ok 'moves there too' has_not "$event" "$was"

# --- what cannot be read -------------------------------------------------------------

echo 404 >"$dir/web/status"
run 2027-01-26T16:00Z
ok 'a calendar that is gone keeps its times' db "$busy" 1
ok 'with the reason' db \
	"SELECT failed LIKE '%answered 404%' FROM feed WHERE person_id > 0" 1
run 2027-01-26T20:00Z
ok 'for a day nobody hears of it' db \
	"SELECT count(*) FROM note WHERE kind = 'feed'" 0
run 2027-01-27T09:00Z
run 2027-01-27T13:00Z
run 2027-01-28T13:00Z
ok 'then the lead does, once' db \
	"SELECT count(*) FROM note WHERE kind = 'feed'" 1
ok 'and of the holidays, once' db \
	"SELECT count(*) FROM note WHERE kind = 'holidays'" 1
ok 'without the address' db \
	"SELECT count(*) FROM note WHERE text LIKE '%hidden%'" 0
rm "$dir/web/status"
echo '<html>log in</html>' >"$dir/web/bob.ics"
run 2027-01-28T18:00Z
ok 'a page to log in is no calendar' db \
	"SELECT failed LIKE '%no calendar%' FROM feed WHERE person_id > 0" 1
calendar "$dir/web/bob.ics" \
	'DTSTART:20270210T000000Z+DTEND:20270211T000000Z' \
	'DTSTART:20270212T000000Z+DTEND:20270213T000000Z'
run 2027-01-28T22:00Z
ok 'a calendar that is back counts again' db "$busy" 2
ok 'and nothing is wrong with it' db \
	'SELECT failed || told FROM feed WHERE person_id > 0' 0
calendar "$p/holidays.ics"
run 2027-01-28T22:10Z
ok 'a file that was edited counts at the next run' db "$holidays" 1

# --- the collection refuses us ----------------------------------------------------------

sed -i 's/^caldav-user = ann/caldav-user = bob/' "$p/rmail.conf"
answer ann@example.com 'Session 1' ics:DECLINED \
	'Fri, 29 Jan 2027 09:00:00 +0100'
ok 'a refused login is no failure of the run' silent 2027-01-29T09:00Z
silent 2027-01-29T11:00Z
ok 'and none the next time' silent 2027-01-29T13:00Z
ok 'the lead reads of it once' db \
	"SELECT count(*) FROM note WHERE kind = 'caldav'" 1
ok 'without the password' db \
	"SELECT count(*) FROM note WHERE text LIKE '%s3cret%'" 0
sed -i 's/^caldav-user = bob/caldav-user = ann/' "$p/rmail.conf"
run 2027-01-29T15:00Z
ok 'then it stands there again' has "$event" 'SEQUENCE:2'
ok 'and nothing is wrong any more' db 'SELECT count(*) FROM outside' 0
answer bob@example.com 'Session 1' 'pause' 'Fri, 29 Jan 2027 16:00:00 +0100'
run 2027-01-29T16:00Z
ok 'what is cancelled is taken out' [ ! -e "$event" ]
ok 'by one request' asked 1 ^DELETE

db "UPDATE programme SET state = 'ended' RETURNING 1" 1
: >"$dir/web.log"
run 2027-01-30T16:00Z
ok 'after the end no calendar is looked at' asked 0 'GET /files'

# --- tokens -------------------------------------------------------------------------------

smtp=
settings() { # SMTP-OPTIONS TOKEN-MODE
	[ -n "$smtp" ] && kill "$smtp"
	rm -f "$dir/smtp.port"
	python3 "$here/fakes/smtp.py" "$dir/smtp.log" "$1" >"$dir/smtp.port" &
	smtp=$!
	children="$children $smtp"
	sed -e "s|^out = .*|out = smtp://127.0.0.1:$(port "$dir/smtp.port")|" \
		-e 's|^# in-user.*|out-user = mentoring@example.com|' \
		"$dir/plain.conf" >"$p/rmail.conf"
	cat >>"$p/rmail.conf" <<END

[oauth2]
url = $url/token/$2
client = the-app
secret = hidden-secret
refresh-token = hidden-refresh
END
	chmod 600 "$p/rmail.conf"
}
p=$dir/q
"$rmail" init "$p" --now 2027-01-10T09:00Z >/dev/null
settings auth rotate
run 2027-01-10T10:00Z
ok 'no token is fetched when nothing is to be sent' asked 0 'POST /token'
"$rmail" import "$dir/people.csv" "$p" >/dev/null
ok 'mail goes out with a token' run 2027-01-11T09:00Z
ok 'in a login by OAUTHBEARER' has "$dir/smtp.log" 'AUTH OAUTHBEARER'
ok 'that was asked for once' asked 1 'POST /token'
ok 'the mail is sent' db \
	"SELECT count(*) FROM outbox WHERE state = 'sent'" 2
ok 'the new refresh token is kept' db 'SELECT refresh FROM token' \
	'hidden-refresh+1'
run 2027-01-22T09:00Z
ok 'and used the next time' asked 1 'refresh_token=hidden-refresh+1 *$'
settings auth535 count
db "UPDATE outbox SET state = 'queued', not_before = 1 RETURNING 1" 1
run 2027-01-23T09:00Z
ok 'a refused login ends the run' [ $? = 77 ]
ok 'a token that is new is not asked for again' asked 1 'POST /token/count'
db "UPDATE outbox SET state = 'queued', not_before = 1 RETURNING 1" 1
run 2027-01-23T09:05Z
ok 'one that was kept is, once' asked 2 'POST /token/count'
# A provider that has given a new refresh token takes the one before it until
# the new one was used, so that a reply which nobody kept is no loss.
settings auth strict
lives() { # killed at each point in turn, then a run that must have a token
	point=0 code=137
	while [ $code -eq 137 ]; do
		point=$((point + 1))
		db "UPDATE outbox SET state = 'queued', not_before = 1
			WHERE id = 1 RETURNING 1" 1
		db 'UPDATE token SET fresh_until = 0 RETURNING 1' 1 || return 1
		RMAIL_FAULT_AT=$point "$rmail" run "$p" \
			--now 2027-01-24T09:00Z 2>"$dir/err"
		code=$?
		"$rmail" run "$p" --now 2027-01-24T09:00Z || return 1
		db "SELECT state FROM outbox WHERE id = 1" sent || return 1
	done
	echo "$point points"
	[ $point -gt 6 ] &&
		[ "$(grep -c 'POST /token/strict' "$dir/web.log")" -gt $point ]
}
run 2027-01-24T08:00Z
ok 'killed around the new refresh token, none is lost' lives
ok 'nothing secret is in any log' has_not "$dir/runs" 'hidden\|ya29\|s3cret'
finish
