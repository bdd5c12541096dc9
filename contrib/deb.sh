#!/bin/sh
# A Debian package of what is built, for this machine's release: build/*.deb.
# All lies below /opt/rmail, for /usr/bin/rmail and /usr/sbin/rmail belong to
# the UUCP program that mail servers bring; units of systemd name that path.
# Run by: make deb
set -eu
version=${1:?version}
root=build/deb/root
arch=$(dpkg --print-architecture)

rm -rf build/deb
make -s install DESTDIR="$root" PREFIX=/opt/rmail
install -d "$root/lib/systemd/system" "$root/DEBIAN"
for unit in service timer; do
	sed 's,/usr/local/bin/,/opt/rmail/bin/,' "contrib/systemd/rmail@.$unit" \
		>"$root/lib/systemd/system/rmail@.$unit"
done

# The packages of the libraries that it names; merged /usr has two paths.
bin=$root/opt/rmail/bin/rmail
needs=$(readelf -d "$bin" | sed -n 's/.*(NEEDED).*\[\(.*\)\]/\1/p' |
	while read -r lib; do
		path=$(ldd "$bin" | awk -v l="$lib" '$1 == l { print $3 }')
		dpkg -S "$path" 2>/dev/null || dpkg -S "/usr$path"
	done | sed 's/:.*//' | sort -u | paste -sd, | sed 's/,/, /g')

cat >"$root/DEBIAN/control" <<END
Package: rmail-mentoring
Version: $version
Architecture: $arch
Maintainer: The makers of rmail <rmail@localhost>
Depends: $needs, fonts-dejavu-core, tzdata
Recommends: cron | systemd, fonts-roboto-unhinted, fonts-droid-fallback
Section: mail
Priority: optional
Description: reverse-mentoring programme by e-mail
 Reads sign-ups and answers from a mailbox, matches mentors and mentees,
 sends calendar invites and check-ins, and keeps all in one SQLite file.
 The program is /opt/rmail/bin/rmail.
END
cat >"$root/DEBIAN/postinst" <<'END'
#!/bin/sh
set -e
# Whose name the units and the line for cron have.
if [ "$1" = configure ] && ! getent passwd rmail >/dev/null; then
	useradd --system --home-dir /nonexistent --no-create-home \
		--shell /usr/sbin/nologin rmail
fi
END
chmod 755 "$root/DEBIAN/postinst"
dpkg-deb --root-owner-group --build "$root" \
	"build/rmail-mentoring_${version}_$arch.deb"
