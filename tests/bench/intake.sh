#!/bin/sh
# Mails a second from a Maildir of 20,000: rmail with all its work (sandboxed
# reader, what the mails say done and answered, raw mails kept, commits)
# beside the same files read and hashed, stored by a bare C loop, and indexed
# by notmuch and mu.  The programme has 600 people, whose forms are answered.
# What rmail answers stays in its outbox, but for one mail.  From the top
# folder, after `make bench`; MAILS and PEOPLE make it smaller.
set -eu
n=${MAILS:-20000}
people=${PEOPLE:-600}
rmail=build/rel/rmail
bench=build/rel/bench/intake_bench
bare=build/rel/bench/intake_bare_bench
for b in $rmail $bench $bare; do
	[ -x "$b" ] || { echo "intake: $b is missing (make bench)"; exit 1; }
done
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
in=$dir/p/in
out=$dir/p/out/new

# People who have joined and been sent their form.
$rmail init "$dir/p" --now 2027-01-10T09:00Z >/dev/null
{
	echo address,name,role,level,department,zone,locale
	i=0
	while [ $i -lt "$people" ]; do
		case $((i % 2)) in 0) role=mentee,8 ;; *) role=mentor,2 ;; esac
		case $((i % 3)) in 0) tongue=de ;; *) tongue=en ;; esac
		echo "p$i@example.com,Person $i,$role,D$((i % 7)),Europe/Berlin,$tongue"
		i=$((i + 1))
	done
} >"$dir/people.csv"
$rmail import "$dir/people.csv" "$dir/p" >/dev/null
$rmail run "$dir/p" --now 2027-01-11T09:00Z
mkdir -p "$in/new" "$in/cur" "$in/tmp"
$bench join "$out" "$in/new"
find "$out" -type f -delete
$rmail run "$dir/p" --now 2027-01-11T10:00Z
find "$in/cur" -type f -delete

echo "intake of $n mails"
$bench mix "$out" "$in/new" "$n"
find "$out" -type f -delete
printf '\n[limits]\nmails-per-run = 1\n' >>"$dir/p/rmail.conf"
cp -R "$in" "$dir/mail"

# NAME COMMAND...: one line of the table; the rate stays in $rate.
echo '                                mails/s  CPU s  MB (largest process)'
peer() {
	name=$1
	shift
	figures=$($bench time "$n" "$@")
	rate=${figures%% *}
	rest=${figures#* }
	printf '  %-28s %8s %6s %6s\n' "$name" "$rate" "${rest% *}" "${rest#* }"
}
peer 'read and sha256' $bare hash "$dir/mail/new"
hash=$rate
peer 'bare loop: parse, store' $bare store "$dir/mail/new" "$dir/bare.db"
stored=$rate
peer 'rmail, all work' $rmail run "$dir/p" --now 2027-01-21T09:00Z
ours=$rate
notmuch= mu=
if command -v notmuch >/dev/null 2>&1; then
	export NOTMUCH_CONFIG="$dir/notmuch.conf"
	printf '[database]\npath=%s\n[new]\ntags=new\n' "$dir/mail" \
		>"$NOTMUCH_CONFIG"
	peer 'notmuch new' notmuch new --quiet --no-hooks
	notmuch=$rate
	rm -rf "$dir/mail/.notmuch"
else
	echo '  notmuch is missing: apt-get install notmuch'
fi
if command -v mu >/dev/null 2>&1; then
	mu init --quiet --muhome "$dir/mu" --maildir "$dir/mail"
	peer 'mu index' mu index --quiet --muhome "$dir/mu"
	mu=$rate
else
	echo '  mu is missing: apt-get install maildir-utils'
fi
ratio() { # NAME RATE GOAL
	[ -z "$2" ] || awk -v n="$1" -v a="$ours" -v b="$2" -v g="$3" \
		'BEGIN { printf "  rmail / %-20s %6.2f   %s\n", n, a / b, g }'
}
ratio 'read and sha256' "$hash" ''
ratio 'bare loop' "$stored" 'goal 0.6'
ratio 'notmuch new' "$notmuch" 'goal 10'
ratio 'mu index' "$mu" 'goal 4'

$rmail init "$dir/idle" --now 2027-01-10T09:00Z >/dev/null
$rmail run "$dir/idle" --now 2027-01-10T10:00Z
set -- $($bench time 1 $rmail run "$dir/idle" --now 2027-01-10T11:00Z)
echo "  a run with nothing to do: $2 s of processor time, $3 MB"
