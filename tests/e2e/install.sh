#!/bin/sh
# make install and make uninstall, into a folder of our own.  Prints TAP.
. tests/e2e/lib/tap.sh
unset MAKEFLAGS MAKELEVEL MFLAGS

top=$dir/root/opt/x
ok 'install' make install DESTDIR="$dir/root" PREFIX=/opt/x
ok 'the program runs' "$top/bin/rmail" --version
for page in man1/rmail.1 man5/rmail.conf.5 man5/rmail-templates.5 \
	man7/rmail-mail.7; do
	ok "the page $page is there" test -s "$top/share/man/$page"
done
ok 'mails can be copied' test -s "$top/share/rmail/templates/de/welcome.md"
ok 'by everybody' sh -c "! find '$top/share' ! -perm -o=r | grep -q ."
ok 'nothing is put elsewhere' sh -c "! find '$dir/root' -type f |
	grep -v '^$top/' | grep -q ."
ok 'the sample roster loads' sh -c "'$top/bin/rmail' init '$dir/p' &&
	'$top/bin/rmail' import '$top/share/doc/rmail/roster.csv' '$dir/p' |
	grep -q '^6 added'"
ok 'the sample settings are sound' "$top/bin/rmail" check "$dir/p"
ok 'uninstall' make uninstall DESTDIR="$dir/root" PREFIX=/opt/x
ok 'leaves no file' sh -c "! find '$dir/root' -type f | grep -q ."

# The package lies where no mail server's rmail can lie.
if command -v dpkg-deb >/dev/null 2>&1; then
	ok 'a Debian package' make deb
	ok 'collides with no other rmail' sh -c \
		"! dpkg-deb -c build/rmail-mentoring_*.deb | grep 'bin/rmail$' |
		grep -qv ' ./opt/rmail/bin/rmail$'"
	ok 'needs what the program is linked to' sh -c \
		"dpkg-deb -f build/rmail-mentoring_*.deb Depends |
		grep -q libsqlite3-0"
	ok 'and its units name its path' sh -c \
		"dpkg-deb --fsys-tarfile build/rmail-mentoring_*.deb |
		tar -xO ./lib/systemd/system/rmail@.service |
		grep -q '^ExecStart=/opt/rmail/bin/rmail run'"
fi
finish
