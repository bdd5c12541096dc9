# A Dovecot of our own on loopback, in the scratch folder $dir, as root or an
# ordinary user; sourced.  Sets $imap $imaps $pop3 $pop3s and $owner; users
# are lines in $dir/users, all with the password p"w\ d.  With dovecot_lmtp=yes
# it also takes mail by LMTP and tells who may log in: $lmtp, $sasl.
for d in /usr/sbin /usr/lib/dovecot; do PATH=$PATH:$d; done
dovecot_missing() { ! command -v dovecot >/dev/null; }
dovecot_lmtp_missing() { [ ! -x /usr/lib/dovecot/lmtp ]; }
dovecot_users() { # NAME...
	for u in "$@"; do
		echo "$u@example.com:{PLAIN}p\"w\\ d:::::"
	done >>"$dir/users"
}
# Root's files are not the server's: call this when mails were put there.
dovecot_owns() {
	[ "$(id -u)" != 0 ] ||
		chown -R $owner:$group "$dir/mail" "$dir/index" "$dir/base"
}
dovecot_stop() { doveadm -c "$dir/dovecot.conf" stop 2>/dev/null; }
dovecot_start() {
	if [ "$(id -u)" = 0 ]; then owner=nobody; else owner=$(id -un); fi
	group=$(id -gn $owner)
	set -- $(python3 -c 'import socket
s = [socket.socket() for i in range(6)]
for x in s: x.bind(("127.0.0.1", 0))
print(*[x.getsockname()[1] for x in s])')
	imap=$1 imaps=$2 pop3=$3 pop3s=$4 lmtp=$5 sasl=$6
	sh tests/e2e/fakes/certs.sh "$dir"
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
  driver = passwd-file
  args = $dir/users
  default_fields = home=$dir/mail/%n
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
	[ -z "${dovecot_lmtp:-}" ] || cat >>"$dir/dovecot.conf" <<EOF
protocols = imap pop3 lmtp
recipient_delimiter = +
service lmtp {
  inet_listener lmtp {
    port = $lmtp
  }
}
service auth {
  inet_listener {
    port = $sasl
  }
}
EOF
	dovecot_owns
	dovecot -c "$dir/dovecot.conf" </dev/null >"$dir/start" 2>&1 &
	for i in $(seq 50); do
		python3 -c "import socket
socket.create_connection(('127.0.0.1', $pop3s))" 2>/dev/null && return
		sleep 0.1
	done
	cat "$dir/start" "$dir/dovecot.log" >&2
	return 1
}
