#!/bin/sh
# A server that is away: silence for two hours, one line, one a day, and one
# when it is back; who refuses us is told of at once.  Prints TAP.
. tests/e2e/lib/tap.sh

says() { # TIME CODE [WORDS]: a run then, one line or none
	told=$("$rmail" run "$p" --now "$1" 2>&1)
	rc=$?
	echo "exit $rc: $told"
	[ $rc -eq "$2" ] || return 1
	if [ -z "${3:-}" ]; then
		[ -z "$told" ]
	else
		[ "$(echo "$told" | wc -l)" = 1 ] && echo "$told" | grep -q "$3"
	fi
}
set_out() { # URL
	sed -i "s|^out = .*|out = $1|" "$p/rmail.conf"
}
smtp() { # OPTIONS: a fake server; its port is $smtp
	: >"$dir/smtp.port"
	python3 -S "$here/fakes/smtp.py" "$dir/smtp.log" "$1" \
		>"$dir/smtp.port" 2>/dev/null &
	children="$children $!"
	until [ -s "$dir/smtp.port" ]; do sleep 0.05; done
	smtp=$(cat "$dir/smtp.port")
}

"$rmail" init "$p" --now 2027-01-10T09:00Z >/dev/null
sed -i '/^out *=/d; s|^\[mail\]|&\nout = smtp://127.0.0.1:1|' "$p/rmail.conf"
cat >"$dir/people.csv" <<'END'
address,name,role,level,department,zone,locale
ann@example.com,Ann Young,mentor,2,IT,Europe/Berlin,en
bob@example.com,Bob Boss,mentee,8,Sales,Europe/Berlin,en
END
"$rmail" import "$dir/people.csv" "$p" >/dev/null

# --- away -------------------------------------------------------------------------

ok 'nobody there: not now, and silent' says 2027-01-11T09:00Z 75
ok 'no mail is lost' db \
	"SELECT count(*) FROM outbox WHERE state = 'queued' AND tries = 0" 2
ok 'the work goes on meanwhile' db \
	"SELECT count(*) FROM person WHERE state = 'invited'" 2
ok 'silent ten minutes later' says 2027-01-11T09:10Z 75
ok 'silent for two hours' says 2027-01-11T10:59Z 75
ok 'status says what it is' sh -c "'$rmail' status '$p' |
	grep -q 'trouble since 2027-01-11 10:00.*cannot be reached'"
ok 'then one line' says 2027-01-11T11:00Z 75 'cannot be reached'
ok 'and no second one' says 2027-01-11T11:10Z 75
ok 'for a day' says 2027-01-12T10:50Z 75
ok 'then one more' says 2027-01-12T11:00Z 75 'cannot be reached'
ok 'and silence' says 2027-01-12T11:10Z 75
smtp ''
set_out "smtp://127.0.0.1:$smtp"
ok 'it is back again' says 2027-01-12T11:20Z 0 'back again'
ok 'which is said once' says 2027-01-12T11:30Z 0
ok 'all mails are sent' db \
	"SELECT count(*) FROM outbox WHERE state <> 'sent'" 0
ok 'each once' sh -c "[ \$(grep -c ^BODY '$dir/smtp.log') = 2 ]"
ok 'status is at rest' sh -c "! '$rmail' status '$p' | grep -q trouble"

# --- away for less than two hours ---------------------------------------------------

again() { # makes a mail to be sent
	db "UPDATE outbox SET state = 'queued', not_before = 0 WHERE id = 1
		RETURNING id" 1
}
again
set_out smtp://127.0.0.1:1
ok 'away' says 2027-01-13T09:00Z 75
set_out "smtp://127.0.0.1:$smtp"
ok 'and back before anybody was told: not a word' says 2027-01-13T10:00Z 0
again
set_out smtp://127.0.0.1:1
ok 'the two hours begin anew' says 2027-01-13T11:01Z 75

# --- refused ------------------------------------------------------------------------

smtp auth535
set_out "smtp://127.0.0.1:$smtp"
sed -i 's|^\[mail\]|&\nout-user = me\nout-password = s3cret-word|' "$p/rmail.conf"
chmod 600 "$p/rmail.conf"
db "UPDATE outbox SET state = 'queued', not_before = 0 WHERE id = 2
	RETURNING id" 2
ok 'a login that is refused is told at once' says 2027-01-14T09:00Z 77 535
ok 'and was tried once, whatever waits' sh -c \
	"[ \$(grep -c ^AUTH '$dir/smtp.log') = 1 ]"
ok 'in one line a day' says 2027-01-14T09:10Z 77
ok 'every day' says 2027-01-15T09:00Z 77 535
ok 'the secret is told nowhere' sh -c \
	"! grep -rq s3cret-word '$p' --include='rmail.db*'"
sed -i '/^out-user/d; /^out-password/d' "$p/rmail.conf"
smtp ''
set_out "smtp://127.0.0.1:$smtp"
ok 'back again' says 2027-01-15T09:20Z 0 'back again'

# --- the mailbox ---------------------------------------------------------------------

sed -i 's|^in *= .*|in = pop3://127.0.0.1:1\nin-user = me\nin-password-command = /bin/echo x|' \
	"$p/rmail.conf"
again
ok 'a mailbox that is away' says 2027-01-16T09:00Z 75
ok 'does not keep mails from going out' db \
	"SELECT count(*) FROM outbox WHERE state <> 'sent'" 0
ok 'and is told of after two hours' says 2027-01-16T11:00Z 75 'cannot be reached'
sed -i 's|^in = .*|in = maildir:in|' "$p/rmail.conf"
ok 'and when it is back' says 2027-01-16T11:10Z 0 'back again'
finish
