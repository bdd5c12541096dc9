#!/bin/sh
# Mail from a real Dovecot by IMAP and POP3 over verified TLS, on loopback in
# a scratch folder, as root or an ordinary user.  Prints TAP.
set -u
rmail=$PWD/build/san/rmail
here=$PWD/tests/e2e
for d in /usr/sbin /usr/lib/dovecot; do PATH=$PATH:$d; done
if ! command -v dovecot >/dev/null; then
	echo 'ok 1 - skipped: no dovecot here (contrib/deps.sh installs it)'
	echo 1..1
	exit 0
fi
dir=$(mktemp -d /tmp/rmail-dc.XXXXXX)
chmod 755 "$dir"
trap 'doveadm -c "$dir/dovecot.conf" stop 2>/dev/null; sleep 0.2; rm -rf "$dir"' EXIT
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

# --- the server -------------------------------------------------------------

if [ "$(id -u)" = 0 ]; then owner=nobody; else owner=$(id -un); fi
group=$(id -gn $owner)
set -- $(python3 -c 'import socket
s = [socket.socket() for i in range(4)]
for x in s: x.bind(("127.0.0.1", 0))
print(*[x.getsockname()[1] for x in s])')
imap=$1 imaps=$2 pop3=$3 pop3s=$4
sh "$here/fakes/certs.sh" "$dir"
mkdir -p "$dir/base" "$dir/mail" "$dir/index"
cat >"$dir/dovecot.conf" <<EOF
base_dir = $dir/base
state_dir = $dir/base
log_path = $dir/dovecot.log
protocols = imap pop3
listen = 127.0.0.1
default_internal_user = $owner
default_login_user = $owner
default_internal_group = $group
mail_uid = $owner
mail_gid = $group
first_valid_uid = 0
first_valid_gid = 0
mail_location = maildir:$dir/mail/%n:INDEX=$dir/index/%n
mailbox_list_index = no
ssl = yes
ssl_cert = <$dir/good.crt
ssl_key = <$dir/any.key
auth_mechanisms = plain login xoauth2
passdb {
  driver = passwd-file
  mechanisms = plain login
  args = $dir/users
}
userdb {
  driver = static
  args = home=$dir/mail/%n
}
service imap-login {
  chroot =
  inet_listener imap {
    port = $imap
  }
  inet_listener imaps {
    port = $imaps
    ssl = yes
  }
}
service pop3-login {
  chroot =
  inet_listener pop3 {
    port = $pop3
  }
  inet_listener pop3s {
    port = $pop3s
    ssl = yes
  }
}
service anvil {
  chroot =
}
service stats {
  chroot =
}
EOF
for u in keep move delete pop star several; do
	echo "$u@example.com:{PLAIN}p\"w\\ d:::::"
done >"$dir/users"
deliver() { # USER FOLDER SUBJECT
	box=$dir/mail/$1${2:+/.$2}
	mkdir -p "$box/new" "$box/cur" "$box/tmp"
	count=$((${count:-0} + 1))
	printf 'From: ann@example.com\nTo: %s@example.com\nMessage-ID: <%s@example.com>\nSubject: %s\n\nHello %s\n' \
		"$1" "$count" "$3" "$3" >"$box/new/$((1700000000 + count)).M$count.host"
	[ "$(id -u)" != 0 ] || chown -R $owner:$group "$dir/mail" "$dir/index"
}
boxed() { # USER FOLDER PATTERN COUNT: so many file names like that
	have=$(find "$dir/mail/$1${2:+/.$2}/cur" "$dir/mail/$1${2:+/.$2}/new" \
		-type f -name "$3" 2>/dev/null | wc -l)
	[ "$have" -eq "$4" ] || { echo "$have files instead of $4"; return 1; }
}
[ "$(id -u)" != 0 ] || chown -R $owner:$group "$dir/mail" "$dir/index" "$dir/base"
dovecot -c "$dir/dovecot.conf" </dev/null >"$dir/start" 2>&1 &
for i in $(seq 50); do
	python3 -c "import socket; socket.create_connection(('127.0.0.1', $pop3s))" \
		2>/dev/null && break
	sleep 0.1
done

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
echo "1..$n"
exit $bad
