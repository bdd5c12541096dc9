#!/bin/sh
# rmail check --online: each place that a run goes to is tried, and what is
# wrong is said in one line with its remedy.  Fakes on loopback, and the
# mailbox in a real Dovecot where there is one.  Prints TAP.
. tests/e2e/lib/tap.sh
. tests/e2e/fakes/dovecot.sh
trap 'kill $children 2>/dev/null; dovecot_stop; rm -rf "$dir"' EXIT
if dovecot_missing; then
	echo 'ok 1 - skipped: no dovecot here (contrib/deps.sh installs it)'
	echo 1..1
	exit 0
fi
chmod 755 "$dir"

port() { # FILE: the port that a fake has printed into it
	until [ -s "$1" ]; do sleep 0.05; done
	cat "$1"
}
smtp() { # OPTIONS: a fake mail server; its port is $smtp
	: >"$dir/smtp.port"
	python3 -S "$here/fakes/smtp.py" "$dir/smtp.log" "$1" \
		>"$dir/smtp.port" 2>/dev/null &
	children="$children $!"
	smtp=$(port "$dir/smtp.port")
}
settings() { # LINE...: in [mail], beside what is always there
	{
		sed -n '1,/^\[mail\]/p' "$dir/plain.conf"
		echo "ca-file = $dir/ca.pem"
		echo "in-user = box@example.com"
		printf '%s\n' "$@"
		sed '1,/^\[mail\]/d; /^in *=/d; /^out *=/d' "$dir/plain.conf"
		echo '[feeds]'
		echo 'private-addresses = yes'
		[ ! -s "$dir/feeds" ] || cat "$dir/feeds"
		[ ! -s "$dir/oauth" ] || cat "$dir/oauth"
	} >"$p/rmail.conf"
	chmod 600 "$p/rmail.conf"
}
says() { # CODE WORDS... -- OPTIONS: check exits so and says each
	code=$1
	shift
	words=
	while [ "$1" != -- ]; do
		words="$words$1
"
		shift
	done
	shift
	told=$("$rmail" check --online "$@" "$p" 2>&1)
	rc=$?
	echo "exit $rc
$told"
	[ $rc -eq "$code" ] || return 1
	printf %s "$words" | while read -r w; do
		echo "$told" | grep -q -- "$w" || { echo "missing: $w"; exit 1; }
	done
}
one_line() { # WORDS: what says that is one line
	[ "$(echo "$told" | grep -c -- "$1")" = 1 ] || { echo "$told"; return 1; }
}

dovecot_users box
dovecot_start || exit 1
mkdir -p "$dir/mail/box/new" "$dir/mail/box/cur" "$dir/mail/box/tmp"
printf 'From: ann@example.com\nSubject: x\n\nHello\n' >"$dir/mail/box/new/1.M1.h"
dovecot_owns
mkdir "$dir/web"
python3 "$here/fakes/web.py" "$dir/web.log" "$dir/web" >"$dir/web.port" &
children="$children $!"
web=http://127.0.0.1:$(port "$dir/web.port")
"$rmail" init "$p" --now 2027-01-10T09:00Z >/dev/null
cp "$p/rmail.conf" "$dir/plain.conf"
printf '%s\n' 'p"w\ d' >"$p/password"
box="in = imaps://localhost:$imaps"
pass="in-password-command = /bin/cat $p/password"

# --- all is well ----------------------------------------------------------------

smtp auth
out="out = smtp://127.0.0.1:$smtp"
settings "$box" "$pass" "$out" 'out-user = me' 'out-password = smtp-word'
ok 'all is well' says 0 '^mailbox .*fine' '^mail server .*would take mail' \
	'settings.*sound' --
ok 'the mail is not fetched' test -f "$dir/mail/box/new/1.M1.h" -o \
	-n "$(find "$dir/mail/box/cur" -name '*:2,')"
ok 'nor is one sent' sh -c "! grep -q MAIL '$dir/smtp.log'"
ok 'the login was tried' grep -q AUTH "$dir/smtp.log"
ok 'a test mail' says 0 '^test mail *hanna@example.com: sent.*Q1' -- \
	--send-test hanna@example.com
ok 'goes there' grep -q 'RCPT TO:<hanna@example.com>' "$dir/smtp.log"
ok 'and says what it is' grep -q 'Subject: A test of rmail' "$dir/smtp.log"
ok 'no secret is told' sh -c "! echo '$told' | grep -e smtp-word -e 'p\"w'"
ok 'where it goes must be an address' says 64 'takes an address' -- \
	--send-test nobody
ok 'one whose mailbox does not exist' says 69 \
	'refused the mail: 550 .*; see address' -- \
	--send-test rcpt550-5.1.1@example.com

# --- the mailbox ------------------------------------------------------------------

echo wrong >"$p/password"
ok 'a wrong password' says 77 '^rmail: mailbox .*login.*; see in-user' \
	'^mail server .*would take mail' --
ok 'in one line' one_line 'mailbox'
printf '%s\n' 'p"w\ d' >"$p/password"
settings "in = imaps://localhost:$imaps/INBOX,Nowhere" "$pass" "$out"
ok 'a folder that is not there' says 78 'mailbox .*Nowhere' --
settings 'in = imaps://localhost:1' "$pass" "$out"
ok 'no server there' says 75 'mailbox .*cannot be reached.*; see in = ' --
settings "$box" "$pass" "$out" "in-fingerprint = $(printf '%064d' 7)"
ok 'not the pinned certificate' says 76 'mailbox .*pinned.*in-fingerprint' --
settings 'in = imaps://imap.gmail.com:1' "$pass" "$out"
sed -i 's/^in = .*/in = maildir:in/; s/^address *=.*/address = us@gmail.com/' \
	"$p/rmail.conf"
ok 'a mailbox at Google' says 0 'warning: the mailbox is at Google' --

python3 -S "$here/fakes/mailbox.py" "$dir" imap,plain,readonly \
	>"$dir/box.port" 2>/dev/null &
children="$children $!"
settings "in = imap://127.0.0.1:$(port "$dir/box.port")" "$pass" "$out" \
	'after = delete'
sed -i '0,/^after *= *keep/{/^after *= *keep/d}' "$p/rmail.conf"
ok 'one that is open to reading alone' says 0 '^mailbox .*fine' \
	'warning: mailbox .*reading alone.*rights to write' --

# --- the mail server ---------------------------------------------------------------

box='in = maildir:in'
settings "$box" "$pass" 'out = smtp://127.0.0.1:1'
ok 'no mail server' says 75 'mail server .*cannot be reached.*; see out = ' --
settings "$box" "$pass" "$out" 'out-starttls = yes'
ok 'no STARTTLS' says 76 'mail server .*no safe connection.*out-starttls' --
settings "$box" "$pass" "out = smtps://localhost:$imaps" \
	"ca-file = $dir/stranger.pem"
sed -i "0,/^ca-file/{/^ca-file/d}" "$p/rmail.conf"
ok 'a certificate of a stranger' says 76 'mail server .*certificate' --
smtp auth535
settings "$box" "$pass" "out = smtp://127.0.0.1:$smtp" 'out-user = me' \
	'out-password = smtp-word'
ok 'a login that is refused' says 77 \
	'mail server .*refused us: 535 .*; see out-user' --
smtp noauth
settings "$box" "$pass" "out = smtp://127.0.0.1:$smtp" 'out-user = me' \
	'out-password = smtp-word'
ok 'a server that wants no login' says 77 'did not ask for our login' --

# --- tokens, calendars ---------------------------------------------------------------

smtp auth
settings "$box" "$pass" "out = smtp://127.0.0.1:$smtp" 'out-user = me'
cp "$p/rmail.conf" "$dir/mail.conf"
oauth() { # MODE
	{ cat "$dir/mail.conf"; printf '[oauth2]\nurl = %s\nclient = us
secret = s3cret-app\nrefresh-token = r1\n' "$web/token/$1"; } >"$p/rmail.conf"
}
oauth rotate
ok 'a token is given' says 0 '^token .*given' '^mail server .*take mail' --
ok 'and used' grep -q OAUTHBEARER "$dir/smtp.log"
ok 'the rotated one is kept' db 'SELECT refresh FROM token' 'r1+1'
oauth refused
ok 'one that is not given' says 77 'token .*; see client, secret' --
oauth busy
ok 'an endpoint that is busy' says 75 'token .*429' --
: >"$dir/oauth"
printf 'BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\nBEGIN:VEVENT\r\nUID:1\r\nDTSTART;VALUE=DATE:20270201\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n' \
	>"$dir/web/days.ics"
printf 'holidays = %s, %s\ncaldav = %s\ncaldav-user = ann
caldav-password-command = /bin/echo s3cret-word\n' \
	"$web/files/days.ics" "$web/status/404" "$web/cal/" >"$dir/feeds"
settings "$box" "$pass" "out = smtp://127.0.0.1:$smtp"
ok 'calendars' says 75 'holidays .*days.ics: 1 days' 'holidays .*404.*see holidays' \
	'^calendar .*put and taken out' -- --now 2027-01-10T10:00Z
ok 'and nothing is left there' sh -c "grep -q 'DELETE.*rmail-check' '$dir/web.log'"
sed -i 's/s3cret-word/other-word/' "$dir/feeds"
settings "$box" "$pass" "out = smtp://127.0.0.1:$smtp"
ok 'a collection that keeps us out' says 75 '^rmail: calendar .*; see caldav' -- \
	--now 2027-01-10T10:00Z
finish
