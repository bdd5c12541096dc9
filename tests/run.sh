#!/bin/sh
# Runs every test program, adds up their TAP lines, shows what failed.
# usage: tests/run.sh check|long      (from the top folder, after a build)
set -u
mode=${1:-check}
out=build/tests
rm -rf $out && mkdir -p $out
export CMOCKA_MESSAGE_OUTPUT=TAP
export ASAN_OPTIONS=detect_leaks=1:abort_on_error=0
export UBSAN_OPTIONS=print_stacktrace=1
# fontconfig keeps its cache until the process ends.
export LSAN_OPTIONS=suppressions=tests/lsan.supp:print_suppressions=0
export TZ=UTC LC_ALL=C.UTF-8
passed=0 failed=0

one() { # NAME COMMAND...
	name=$1
	shift
	log=$out/$(echo "$name" | tr / _).log
	"$@" >"$log" 2>&1 </dev/null
	rc=$?
	ok=$(grep -c '^ok ' "$log")
	bad=$(grep -c '^not ok ' "$log")
	# A program that dies, or counts fewer than it planned, has failed.
	if [ $rc -ne 0 ] && [ "$bad" -eq 0 ]; then bad=1; fi
	if [ "$ok" -eq 0 ] && [ "$bad" -eq 0 ]; then bad=1; fi
	passed=$((passed + ok))
	failed=$((failed + bad))
	if [ "$bad" -gt 0 ]; then
		echo "FAILED $name (exit $rc, log $log)"
		grep -v '^ok ' "$log" | head -40
	fi
}

for t in tests/lint/*.sh; do one "$t" sh "$t"; done
for t in build/san/unit/* build/san/golden/* build/san/replay/*; do
	case $t in *.d | *'*') continue ;; esac
	one "$t" "$t"
done
for t in build/rel/sim/*; do
	case $t in *.d | *'*') continue ;; esac
	one "$t" "$t" $mode
done
for t in tests/e2e/*.sh; do
	[ -e "$t" ] && one "$t" sh "$t" $mode
done
echo "$passed passed, $failed failed"
[ $failed -eq 0 ]
