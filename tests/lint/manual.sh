#!/bin/sh
# What the program knows stands in the manual: commands, settings, mails, the
# lead's commands.  mandoc, where it is installed, finds no fault.  Prints TAP.
set -u
bad=0 n=0

judge() { # WHAT MISSING...
	n=$((n + 1))
	what=$1
	shift
	if [ $# -gt 0 ]; then
		echo "# missing: $*"
		echo "not ok $n - $what"
		bad=1
	else
		echo "ok $n - $what"
	fi
}
names() { # SED-EXPRESSION FILE: what it finds; nothing found is a fault
	found=$(sed -n "$1" "$2")
	[ -n "$found" ] && echo "$found" || echo "NOTHING-FOUND-IN-$2"
}

missing=
for c in $(names 's/^    {"\([a-z]*\)", cli_.*/\1/p' src/main.c); do
	grep -qE "^\.Cm (.* )?$c( |$)" man/rmail.1 || missing="$missing $c"
	grep -qw -- "$c" contrib/rmail.bash || missing="$missing $c(completion)"
done
judge 'each command is in rmail.1 and the completion' $missing

missing=
for s in $(names 's/^    [TNWL]("\([a-z0-9]*\)", "\([a-z0-9-]*\)".*/\1:\2/p' \
	src/conf/table.c); do
	awk -v section="${s%%:*}" -v key="${s#*:}" '
		/^\.Ss / { here = $2 == section }
		here && $1 == ".It" && $2 == "Ic" && $3 == key { found = 1 }
		END { exit !found }' man/rmail.conf.5 || missing="$missing $s"
done
judge 'each setting is in rmail.conf.5' $missing

missing=
for t in templates/en/*.md; do
	t=$(basename "$t" .md)
	case $t in training-*) t=${t%-[0-9]}-1 ;; esac
	grep -qE "^\.It (.* )?$t( |$)" man/rmail-templates.5 ||
		missing="$missing $t"
done
judge 'each mail is in rmail-templates.5' $missing

missing=
for v in $(names 's/^	case VERB_\([A-Z]*\):$/\1/p' src/app/steer.c |
	tr 'A-Z' 'a-z'); do
	grep -qE "^\.It (.*[ ,])?$v( |$)" man/rmail-mail.7 ||
		missing="$missing $v"
done
judge "each of the lead's commands is in rmail-mail.7" $missing

if command -v mandoc >/dev/null 2>&1; then
	found=$(mandoc -Tlint man/* |
		grep -v -e 'referenced manual not found' -e 'date in the future')
	[ -z "$found" ] || echo "$found" | sed 's/^/# /'
	judge 'mandoc finds no fault' ${found:+faults}
else
	n=$((n + 1))
	echo "ok $n - mandoc finds no fault # SKIP mandoc is not installed"
fi
echo 1..$n
exit $bad
