# A real mail server for submission (AUTH, STARTTLS) that delivers into the
# Dovecot of dovecot.sh by LMTP; sourced after it.  As root it is a Postfix
# unpacked below build/ (contrib/deps.sh fetches it), run as users that any
# Debian has; else it is aiosmtpd.  Sets $submission (its port) and $server
# (its name); everybody of the Dovecot may send.
pf=$PWD/build/postfix/root
postfix_usable() {
	[ "$(id -u)" = 0 ] &&
		LD_LIBRARY_PATH=$pf/usr/lib/postfix \
			"$pf/usr/sbin/postconf" -d mail_version \
			>/dev/null 2>&1 &&
		getent passwd list nobody >/dev/null &&
		getent group uucp >/dev/null
}
submission_missing() {
	! postfix_usable && ! python3 -c 'import aiosmtpd' 2>/dev/null
}
submission_start() {
	submission=$(python3 -c 'import socket
s = socket.socket()
s.bind(("127.0.0.1", 0))
print(s.getsockname()[1])')
	if postfix_usable; then
		server=Postfix
		postfix_start
	else
		server=aiosmtpd
		python3 tests/e2e/fakes/submission.py "$submission" "$lmtp" \
			"$dir" </dev/null >"$dir/submission.log" 2>&1 &
		submission_pid=$!
	fi
	for i in $(seq 100); do
		python3 -c "import socket
socket.create_connection(('127.0.0.1', $submission))" 2>/dev/null && return
		sleep 0.1
	done
	cat "$dir/submission.log" >&2
	return 1
}
submission_stop() { [ -z "${submission_pid:-}" ] || kill "$submission_pid"; }
# Nothing is on its way any more: what was taken has been delivered.
submission_settled() {
	[ "$server" = Postfix ] || return 0
	for i in $(seq 600); do
		[ -n "$(find "$queue/maildrop" "$queue/incoming" \
			"$queue/active" -type f 2>/dev/null)" ] || return 0
		sleep 0.05
	done
	echo "mails stay in the queue of Postfix"
	return 1
}

postfix_start() {
	queue=$dir/postfix/queue
	mkdir -p "$dir/postfix/etc" "$dir/postfix/data" "$queue"
	for d in active bounce corrupt defer deferred flush hold incoming \
		maildrop private public pid saved trace; do
		mkdir "$queue/$d"
	done
	chown -R list "$dir/postfix/data" "$queue"
	chown root "$queue" "$queue/pid"
	chgrp uucp "$queue/maildrop" "$queue/public"
	chmod 730 "$queue/maildrop"
	chmod 710 "$queue/public"
	chmod 700 "$queue/private" "$dir/postfix/data"
	cat >"$dir/postfix/etc/main.cf" <<EOF
compatibility_level = 3.6
queue_directory = $queue
data_directory = $dir/postfix/data
daemon_directory = $pf/usr/lib/postfix/sbin
command_directory = $pf/usr/sbin
shlib_directory = $pf/usr/lib/postfix
meta_directory = $pf/etc/postfix
mail_owner = list
setgid_group = uucp
default_privs = nobody
import_environment = MAIL_CONFIG MAIL_DEBUG MAIL_LOGTAG TZ LD_LIBRARY_PATH
maillog_file = $dir/submission.log
maillog_file_prefixes = $dir
myhostname = mail.example.com
mydestination =
inet_interfaces = loopback-only
inet_protocols = ipv4
mynetworks =
alias_maps =
local_recipient_maps =
disable_dns_lookups = yes
lmtp_host_lookup = native
default_transport = error:nothing leaves this machine
virtual_mailbox_domains = example.com
virtual_transport = lmtp:inet:127.0.0.1:$lmtp
recipient_delimiter = +
smtpd_tls_security_level = encrypt
smtpd_tls_auth_only = yes
smtpd_tls_cert_file = $dir/good.crt
smtpd_tls_key_file = $dir/any.key
smtpd_sasl_auth_enable = yes
smtpd_sasl_type = dovecot
smtpd_sasl_path = inet:127.0.0.1:$sasl
smtpd_recipient_restrictions = permit_sasl_authenticated, reject
smtpd_relay_restrictions = permit_sasl_authenticated, reject
smtpd_client_connection_rate_limit = 0
EOF
	cat >"$dir/postfix/etc/master.cf" <<EOF
127.0.0.1:$submission inet n - n - - smtpd
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
flush unix n - n 1000? 0 flush
proxymap unix - - n - - proxymap
smtp unix - - n - - smtp
error unix - - n - - error
retry unix - - n - - error
lmtp unix - - n - - lmtp
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
postlog unix-dgram n - n - 1 postlogd
EOF
	# It waits until its settings are two seconds old.
	touch -d '1 minute ago' "$dir/postfix/etc/main.cf" \
		"$dir/postfix/etc/master.cf"
	MAIL_CONFIG=$dir/postfix/etc LD_LIBRARY_PATH=$pf/usr/lib/postfix \
		"$pf/usr/lib/postfix/sbin/master" -c "$dir/postfix/etc" -d \
		</dev/null >"$dir/submission.out" 2>&1 &
	submission_pid=$!
}
