#!/bin/sh
# How well and how fast mail is understood, on the corpus beside the checkout.
set -u
corpus=${CORPUS:-../shared/corpus}
rmail=build/rel/rmail
[ -d "$corpus/reply" ] || {
	echo "understanding: no corpus in $corpus (set CORPUS)"
	exit 0
}
command -v python3 >/dev/null || {
	echo "understanding: python3 is needed"
	exit 0
}
echo "new text (goal: CORE strict 90, tolerant 95)"
python3 "$corpus/score.py" --cmd "$rmail inspect --text {}" | cut -c28-
python3 tests/bench/understanding.py "$rmail" "$corpus"
