#!/bin/sh
# A programme of five people that sees nothing but real servers: Dovecot by
# IMAP over TLS on one side, submission with STARTTLS and a login on the other
# (Postfix as root, else aiosmtpd), which delivers into that Dovecot.  People
# read and write by the same servers.  Sign-up, match, session, check-in.
# Prints TAP.
. tests/e2e/lib/tap.sh
. tests/e2e/lib/people.sh
. tests/e2e/fakes/dovecot.sh
. tests/e2e/fakes/submission.sh
if dovecot_missing || dovecot_lmtp_missing || submission_missing; then
	echo 'ok 1 - skipped: servers are missing (contrib/deps.sh installs them)'
	echo 1..1
	exit 0
fi
chmod 755 "$dir"
trap 'submission_stop; dovecot_stop; kill $children 2>/dev/null; rm -rf "$dir"' EXIT
dovecot_lmtp=yes
dovecot_users mentoring ann bob carl dora eve hanna.lead
ok 'Dovecot' dovecot_start
ok 'and a mail server that delivers into it' submission_start
echo "# $server"

# --- the programme -------------------------------------------------------------

"$rmail" init "$p" --now 2027-01-10T09:00Z >/dev/null
printf '%s\n' 'p"w\ d' >"$p/password"
sed -i "/^subaddress *=/d; /^address *=/d; /^in *=/d; /^out *=/d; /^\[mail\]/r /dev/stdin" \
	"$p/rmail.conf" <<EOF
address = mentoring@example.com
subaddress = yes
in = imaps://localhost:$imaps
in-user = mentoring@example.com
in-password-command = /bin/cat $p/password
out = smtp://localhost:$submission
out-starttls = yes
out-user = mentoring@example.com
out-password-command = /bin/cat $p/password
ca-file = $dir/ca.pem
after = move
done-folder = rmail/done
parked-folder = rmail/parked
EOF
cat >"$dir/people.csv" <<'END'
address,name,role,level,department,locale,capacity
ann@example.com,Ann Young,mentor,2,IT,en,1
carl@example.com,Carl Young,mentor,3,IT,en,1
bob@example.com,Bob Boss,mentee,8,Sales,de,1
dora@example.com,Dora Chief,mentee,9,Law,en,1
eve@example.com,Eve Head,mentee,8,Sales,en,1
gone@example.com,Gus Gone,mentee,8,Sales,en,1
END
ok 'the roster' "$rmail" import "$dir/people.csv" "$p" --now 2027-01-10T09:00Z
ok 'check --online is content' "$rmail" check --online "$p"

person() { # ADDRESS answer|has ...
	python3 "$here/post.py" "$dir" "$imaps" "$submission" "$@"
}
says() { # ADDRESS SUBJECT TEXT DATE: written and delivered
	person "$1@example.com" answer "$2" "$3" "$4" || echo "# $1 could not"
	submission_settled
}
has() { submission_settled && person "$1@example.com" has "$2"; }
step() { # TIME: all is delivered, a silent run, all is delivered
	submission_settled && silent "$1" && submission_settled
}

# --- sign-up -----------------------------------------------------------------

ok 'the begin' step 2027-01-11T09:00Z
ok 'invites by the mail server' has ann 'Reply yes'
ok 'in two languages' has bob 'lädt Sie'
at='Mon, 11 Jan 2027 10:00:00 +0100'
for a in ann carl dora eve; do says $a '' yes "$at"; done
says bob '' ja "$at"
ok 'five say yes' step 2027-01-11T10:00Z
ok 'and are asked' has eve 'Answer Q1: [ ]'
ok 'one address does not exist, which its server tells' db \
	"SELECT count(*) FROM person WHERE bad_address > 0" 1
at='Mon, 11 Jan 2027 11:00:00 +0100'
for a in ann carl; do says $a questions "$mentor_form" "$at"; done
for a in dora eve; do says $a questions "$mentee_form" "$at"; done
says bob Fragen "$mentee_form" "$at"
ok 'the surveys are read' step 2027-01-11T11:00Z
ok 'five are enrolled' db "SELECT count(*) FROM person WHERE state = 'ready'" 5

# --- match ---------------------------------------------------------------------

ok 'the day of matching' step 2027-01-25T09:00Z
ok 'brings the lead a proposal' has hanna.lead 'roposal'
says hanna.lead roposal approve 'Mon, 25 Jan 2027 11:00:00 +0100'
ok 'who approves' step 2027-01-25T11:00Z
ok 'two pairs' db 'SELECT count(*) FROM pair' 2
paired=$(python3 - "$p/rmail.db" <<'END'
import sqlite3, sys
for row in sqlite3.connect(sys.argv[1]).execute(
        "SELECT address FROM person JOIN pair ON person.id IN (mentor_id, "
        "mentee_id) ORDER BY address"):
    print(row[0].split("@")[0])
END
)
at='Mon, 25 Jan 2027 15:00:00 +0100'
for a in $paired; do
	case $a in
	bob) says bob 'ein Paar' einverstanden "$at" ;;
	*) says $a 'your partner' agree "$at" ;;
	esac
done
ok 'all agree to the ground rules' step 2027-01-25T15:00Z
ok 'which makes the pairs active' db \
	"SELECT count(*) FROM pair WHERE state = 'active'" 2

# --- session and check-in ---------------------------------------------------------

at='Tue, 26 Jan 2027 10:00:00 +0100'
for a in $paired; do
	[ $a = bob ] && s='Treffen 1' || s='Session 1'
	says $a "$s" ics:ACCEPTED "$at"
done
ok 'four calendars accept' step 2027-01-26T10:00Z
ok 'two sessions are fixed' db \
	"SELECT count(*) FROM session WHERE state = 'confirmed'" 2
for day in 02 03 04 05 08 09 10 11 12; do
	step "2027-02-${day}T16:00Z" || echo "# $day February"
done
ok 'a check-in comes after each' db \
	"SELECT count(*) FROM form WHERE survey = 'checkin'" 4
at='Mon, 15 Feb 2027 09:00:00 +0100'
for a in $paired; do
	[ $a = bob ] && s='Wie war' || s='How was'
	says $a "$s" '1: yes
2: 4' "$at"
done
ok 'all answer' step 2027-02-15T09:00Z
ok 'both sessions were held' db \
	"SELECT count(*) FROM session WHERE state = 'held'" 2
ok 'and were useful' db "SELECT count(*) FROM answer
	WHERE question = 'useful' AND value = '4'" 4

# --- what is left -------------------------------------------------------------------

ok 'each mail has its end' db \
	"SELECT count(*) FROM inbox WHERE state IN ('new', 'parked')" 0
ok 'and is filed' db 'SELECT count(*) FROM inbox WHERE filed = 0' 0
ok 'the mailbox is empty' sh -c \
	"! find '$dir/mail/mentoring/new' '$dir/mail/mentoring/cur' -type f | grep ."
ok 'its mails lie in the folder for them' sh -c \
	"[ \$(ls '$dir/mail/mentoring/.rmail.done/cur' \
	'$dir/mail/mentoring/.rmail.done/new' | grep -c ,) -gt 20 ]"
ok 'each mail that went out has the number the server gave it' db \
	"SELECT count(*) FROM outbox WHERE state = 'sent' AND queue_id = ''" 0
ok 'no secret stands in any database or log' sh -c \
	"! grep -rq 'p\"w' '$p' --include='rmail*'"
finish
