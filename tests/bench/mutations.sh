#!/bin/sh
# Whatever the bytes, rmail inspect answers in valid JSON within 100 ms of
# processor time and 64 MiB.  COUNT mails (20000) are spoilt at random from
# the mail corpus and the golden cases; SEED begins another row of them.
set -u
rmail=build/rel/rmail
[ -x "$rmail" ] || { echo "mutations: $rmail is missing (make)"; exit 1; }
corpus=${CORPUS:-../shared/corpus}
[ -d "$corpus" ] || corpus=../../shared/corpus
[ -d "$corpus" ] || echo "mutations: no corpus in $corpus (set CORPUS): only the golden cases are spoilt"
command -v python3 >/dev/null || {
	echo "mutations: python3 is needed"
	exit 0
}
exec python3 tests/bench/mutations.py "$rmail" "$corpus" "${COUNT:-20000}" "${SEED:-1}"
