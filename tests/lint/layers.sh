#!/bin/sh
# Who may include whom (HACKING.md, "Who may include whom"), and which foreign
# headers stay in which folder.  Prints TAP.
set -u
bad=0

allowed() { # MODULE -> the modules it may include
	case $1 in
	base) echo "base" ;;
	model | conf) echo "base model" ;;
	flow | reply | match | plan | tmpl | compose) echo "base model" ;;
	survey) echo "base model reply" ;;
	report) echo "base model tmpl" ;;
	store | mailin | mime | cal | mailout | web | draw) echo "base model" ;;
	reader) echo "base model mime cal reply" ;;
	play) echo "base model conf survey compose mime cal reader app store" ;;
	*) echo "any" ;;
	esac
}

for f in src/*/*.[ch]; do
	m=${f#src/}
	m=${m%%/*}
	ok=$(allowed "$m")
	[ "$ok" = any ] && continue
	for i in $(sed -n 's/^#include "\([a-z0-9_]*\)\/.*/\1/p' "$f"); do
		[ "$i" = "$m" ] && continue
		case " $ok " in
		*" $i "*) ;;
		*)
			echo "# $f includes $i/, which $m may not"
			bad=1
			;;
		esac
	done
	# Another module's inside is not for us.
	for i in $(sed -n 's/^#include "\([a-z0-9_]*\)\/[a-z0-9_]*_int\.h"/\1/p' "$f"); do
		[ "$i" = "$m" ] || { echo "# $f includes the inside of $i/"; bad=1; }
	done
done

foreign() { # HEADER-PATTERN FOLDER...
	pattern=$1
	shift
	for f in $(grep -lE "^#include <($pattern)" src/*/*.[ch] 2>/dev/null); do
		m=${f#src/}
		m=${m%%/*}
		case " $* " in
		*" $m "*) ;;
		*)
			echo "# $f includes a header that belongs to: $*"
			bad=1
			;;
		esac
		case $f in *_int.h) continue ;; esac
		case $f in
		*.h)
			echo "# $f is a public header and includes $pattern"
			bad=1
			;;
		esac
	done
}
foreign 'libetpan' mailin mime
foreign 'curl/' mailout web
foreign 'sqlite3' store
foreign 'libical' cal
foreign 'gnutls' base mailin
foreign 'seccomp|sys/prctl' reader
foreign 'cairo' draw
foreign 'md4c' tmpl
foreign 'libxml' mime
foreign 'ytnef|libytnef' mime
foreign 'zstd|zlib' store draw
foreign 'uni(case|norm|str|types|width)|idn2' base
foreign 'iconv' mime

[ $bad = 0 ] && echo "ok 1 - layers" || echo "not ok 1 - layers"
echo 1..1
exit $bad
