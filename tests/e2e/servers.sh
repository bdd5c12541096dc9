#!/bin/sh
# Mail from a real Dovecot by IMAP and POP3 over verified TLS, on loopback in
# a scratch folder, as root or an ordinary user.  Prints TAP.
set -u
rmail=$PWD/build/san/rmail
. tests/e2e/fakes/dovecot.sh
if dovecot_missing; then
	echo 'ok 1 - skipped: no dovecot here (contrib/deps.sh installs it)'
	echo 1..1
	exit 0
fi
dir=$(mktemp -d /tmp/rmail-dc.XXXXXX)
chmod 755 "$dir"
trap 'dovecot_stop; rm -rf "$dir"' EXIT
n=0 bad=0
ok() { # WHAT COMMAND...
	n=$((n + 1))
	what=$1
	shift
	if "$@" >"$dir/log" 2>&1; then
		echo "ok $n - $what"
	else
		sed 's/^/# /' "$dir/log" | head -20
		echo "not ok $n - $what"
		bad=1
	fi
}

# --- mailboxes ---------------------------------------------------------------

dovecot_users keep move delete pop star several killed popped first second \
	looked
deliver() { # USER FOLDER SUBJECT
	box=$dir/mail/$1${2:+/.$2}
	mkdir -p "$box/new" "$box/cur" "$box/tmp"
	count=$((${count:-0} + 1))
	printf 'From: ann%s@example.com\nTo: %s@example.com\nMessage-ID: <%s@example.com>\nSubject: %s\n\nHello %s\n' \
		"$count" "$1" "$count" "$3" "$3" >"$box/new/$((1700000000 + count)).M$count.host"
	dovecot_owns
}
boxed() { # USER FOLDER PATTERN COUNT: so many file names like that
	have=$(find "$dir/mail/$1${2:+/.$2}/cur" "$dir/mail/$1${2:+/.$2}/new" \
		-type f -name "$3" 2>/dev/null | wc -l)
	[ "$have" -eq "$4" ] || { echo "$have files instead of $4"; return 1; }
}
dovecot_start || exit 1

# --- programmes -------------------------------------------------------------

programme() { # NAME URL AFTER MORE
	"$rmail" init "$dir/$1" --now 2027-01-10T09:00Z >/dev/null
	printf '%s\n' 'p"w\ d' >"$dir/$1/password"
	sed -i '/^in *=/d; /^\[mail\]/r /dev/stdin' "$dir/$1/rmail.conf" <<EOF
in = $2
in-user = $1@example.com
in-password-command = /bin/cat $dir/$1/password
ca-file = $dir/ca.pem
after = $3
$4
EOF
}
run() { "$rmail" run "$dir/$1" --now "2027-01-1${2:-0}T10:00Z"; }
fails() { # CODE WORDS COMMAND...
	code=$1 words=$2
	shift 2
	out=$("$@" 2>&1)
	rc=$?
	echo "exit $rc: $out"
	[ $rc -eq "$code" ] && echo "$out" | grep -q "$words"
}
db() { # NAME SQL WANTED
	python3 - "$dir/$1/rmail.db" "$2" "$3" <<'EOF'
import sqlite3, sys
got = sqlite3.connect(sys.argv[1]).execute(sys.argv[2]).fetchone()
if str(got and got[0]) != sys.argv[3]:
    sys.exit(f"{sys.argv[2]}: {got} instead of {sys.argv[3]}")
EOF
}
all='SELECT count(*) FROM inbox'

programme keep "imaps://localhost:$imaps" keep ''
deliver keep '' one
deliver keep '' two
ok 'IMAP over TLS fetches' run keep
ok 'each mail' db keep "$all" 2
ok 'under a key that lasts' db keep "$all WHERE key GLOB 'imap:INBOX:*:[12]'" 2
ok 'again brings nothing new' run keep 1
ok 'and no mail twice' db keep "$all" 2
ok 'handled mails are seen, not gone' boxed keep '' '*:2,S' 2
ok 'which is noted' db keep "$all WHERE filed = 1" 2
deliver keep '' three
ok 'a new one' run keep 2
ok 'is fetched alone' db keep "$all" 3
sleep 1 # a UIDVALIDITY is the second the folder was made in
rm -rf "$dir/index/keep" "$dir/mail/keep"/dovecot*
ok 'a new UIDVALIDITY' run keep 3
ok 'changes the keys' db keep "SELECT count(DISTINCT substr(key, 1, 21)) > 1 FROM inbox" 1
ok 'but a mail known by its text has no second effect' db keep \
	"$all WHERE reason = 'duplicate'" 3

programme move "imap://127.0.0.1:$imap/INBOX" move 'in-starttls = yes
done-folder = rmail/done
parked-folder = rmail/parked'
deliver move '' one
ok 'IMAP by STARTTLS fetches' run move
ok 'a mail' db move "$all" 1
ok 'which moves into a folder made for it' boxed move rmail.done '*' 1
ok 'away from the inbox' boxed move '' '*' 0
ok 'and again' run move 1
ok 'nothing is fetched again' db move "$all" 1

programme delete "imaps://localhost:$imaps/INBOX" delete ''
deliver delete '' one
ok 'after = delete' run delete
ok 'deletes what is handled' boxed delete '' '*' 0

programme several "imaps://localhost:$imaps/INBOX,Team,F%C3%BCr%20alle" keep ''
deliver several '' one
deliver several Team two
deliver several 'F&APw-r alle' three
ok 'several folders are walked' run several
ok 'each' db several "$all" 3
ok 'and filed where it lies' boxed several 'F&APw-r alle' '*:2,S' 1

programme pop "pop3s://localhost:$pop3s" delete ''
deliver pop '' one
deliver pop '' two
ok 'POP3 over TLS fetches' run pop
ok 'each mail' db pop "$all WHERE key LIKE 'pop3:%'" 2
ok 'and deletes it' boxed pop '' '*' 0
sed -i "s|^in = .*|in = pop3://127.0.0.1:$pop3\\nin-starttls = yes|" "$dir/pop/rmail.conf"
deliver pop '' three
ok 'POP3 by STLS fetches' run pop 2
ok 'another' db pop "$all" 3

programme star "imaps://localhost:$imaps" keep ''
echo wrong >"$dir/star/password"
ok 'a wrong password is exit 77' fails 77 'login' run star
ok 'with no word of it' sh -c "! grep -r wrong '$dir/star' --include=*.log"
printf '%s\n' 'p"w\ d' >"$dir/star/password"
sed -i "s|^ca-file = .*|ca-file = $dir/stranger.pem|" "$dir/star/rmail.conf"
ok 'a certificate of a stranger is exit 76' fails 76 'certificate' run star 1
sed -i "s|^in = .*|in = imaps://localhost:1|" "$dir/star/rmail.conf"
ok 'no server is exit 75, and silent' fails 75 '' run star 2
sed -i "s|^in = .*|in = imaps://localhost:$imaps/Nowhere|
s|^ca-file = .*|ca-file = $dir/ca.pem|" "$dir/star/rmail.conf"
ok 'no such folder is exit 78' fails 78 'Nowhere' run star 3

# --- several mailboxes --------------------------------------------------------

programme first "imaps://localhost:$imaps" move 'done-folder = rmail/done
parked-folder = rmail/parked'
cat >>"$dir/first/rmail.conf" <<EOF
[mailbox team-b]
in = imaps://localhost:$imaps/INBOX,Team
in-user = second@example.com
in-password-command = /bin/cat $dir/first/password
after = delete
[mailbox old]
in = pop3s://localhost:$pop3s
in-user = nobody@example.com
in-password-command = /bin/cat $dir/first/password
[mailbox folder]
in = maildir:box
EOF
deliver first '' one
deliver second '' two
deliver second Team three
mkdir -p "$dir/first/box/new" "$dir/first/box/cur" "$dir/first/box/tmp"
printf 'From: dan@example.com\nMessage-ID: <f@x>\nSubject: f\n\nHello\n' \
	>"$dir/first/box/new/1.M1.h"
ok 'one of four mailboxes keeps us out, which is told' fails 77 'login' run first
ok 'and keeps no mail of the others' db first "$all" 4
ok 'each is filed where it came from' boxed first rmail.done '*' 1
ok 'in its own way' boxed second '' '*' 0
ok 'whatever the folder' boxed second Team '*' 0
ok 'and noted' db first "$all WHERE filed = 0" 0
ok 'servers may number their mails alike' db first \
	"$all WHERE key LIKE 'imap:%' OR key LIKE '~team-b:imap:%'" 3
sed -i '/^\[mailbox old\]/,/^in-password/d' "$dir/first/rmail.conf"
ok 'again brings nothing new' run first 1
ok 'and no mail twice' db first "$all" 4
ok 'each is tried' sh -c "'$rmail' check --online '$dir/first' |
	grep -c '^mailbox .*fine' | grep -qx 3"

# --- too large ------------------------------------------------------------------

programme looked "imaps://localhost:$imaps" delete ''
printf '[limits]\nmail-size = 10 kB\n' >>"$dir/looked/rmail.conf"
deliver looked '' one
seq 3000 | sed 's/^/line /' >>"$dir/mail/looked/new/$((1700000000 + count)).M$count.host"
deliver looked '' two
ok 'one is too large' run looked
ok 'its headers are kept' db looked "$all WHERE reason = 'too-large'
	AND id IN (SELECT inbox_id FROM mail_raw WHERE size < 1000)" 1
ok 'the other is handled' db looked "$all WHERE state <> 'parked'" 1
ok 'and deleted; what is parked is not' boxed looked '' '*' 1
ok 'and shown to whoever runs this' sh -c \
	"'$rmail' quarantine list '$dir/looked' | grep -q 'too-large\|too large'"

# --- killed at each step ----------------------------------------------------

killed() { # NAME: one mail, killed at each point in turn, then a clean run
	point=0 code=137
	while [ "$code" -eq 137 ]; do
		point=$((point + 1))
		deliver "$1" '' "killed at $point"
		RMAIL_FAULT_AT=$point "$rmail" run "$dir/$1" \
			--now 2027-01-10T10:00Z 2>/dev/null
		code=$?
		"$rmail" run "$dir/$1" --now 2027-01-10T10:01Z || return 1
	done
	echo "$point points"
	[ "$point" -gt 4 ] || return 1
}
if [ "${1:-check}" = long ]; then
	programme killed "imaps://localhost:$imaps" move 'done-folder = rmail/done
parked-folder = rmail/parked'
	ok 'killed at each point, IMAP' killed killed
	ok 'each mail is there once' db killed \
		"SELECT count(*) - count(DISTINCT digest) FROM inbox" 0
	ok 'and filed once' boxed killed rmail.done '*' $point
	ok 'and none is left' boxed killed '' '*' 0
	programme popped "pop3s://localhost:$pop3s" delete ''
	ok 'killed at each point, POP3' killed popped
	ok 'each mail is there once' db popped "$all" $point
	ok 'and none is left' boxed popped '' '*' 0
fi
echo "1..$n"
exit $bad
