#!/bin/sh
# Installs what building and testing need on Debian 12, or says how.
# libetpan-dev needs the GnuTLS flavour of libcurl, and so do we.
set -u
need="gcc make pkg-config libc6-dev libetpan-dev libcurl4-gnutls-dev
libsqlite3-dev libical-dev libgnutls28-dev libseccomp-dev libidn2-dev
libunistring-dev libzstd-dev zlib1g-dev libmd4c-dev libcairo2-dev libfontconfig-dev
libxml2-dev libytnef0-dev libcmocka-dev fonts-dejavu-core
fonts-roboto-unhinted fonts-droid-fallback tzdata python3
openssl strace dovecot-imapd dovecot-pop3d dovecot-lmtpd
python3-aiosmtpd python3-radicale liblemon-utils glpk-utils"
command -v dpkg-query >/dev/null 2>&1 || exit 0
missing=
for p in $need; do
	case $(dpkg-query -W -f '${Status}' "$p" 2>/dev/null) in
	'install ok installed') ;;
	*) missing="$missing $p" ;;
	esac
done

# A mail server to test against, unpacked below build/ and never installed: it
# would take the place of this machine's own.
postfix() {
	[ -x build/postfix/root/usr/sbin/postconf ] && return
	command -v apt-get >/dev/null 2>&1 || return
	mkdir -p build/postfix
	(cd build/postfix && apt-get download -qq postfix &&
		dpkg -x postfix_*.deb root) >build/postfix/log 2>&1 ||
		echo "No Postfix was to be had; aiosmtpd stands in for it." >&2
}

if [ -z "$missing" ]; then
	postfix
	exit 0
fi
if [ "$(id -u)" = 0 ]; then
	as=
elif command -v sudo >/dev/null 2>&1 && sudo -n true 2>/dev/null; then
	as=sudo
else
	echo "Some packages are missing. Run:" >&2
	echo "  sudo apt-get install$missing" >&2
	exit 1
fi
echo "Installing:$missing"
log=$(mktemp)
if ! { $as apt-get update -qq && DEBIAN_FRONTEND=noninteractive \
	$as apt-get install -y -qq --no-install-recommends $missing; } \
	>"$log" 2>&1; then
	cat "$log" >&2
	exit 1
fi
rm -f "$log"
postfix
