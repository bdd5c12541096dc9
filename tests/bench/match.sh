#!/bin/sh
# Matching beside scipy, on the same scores, in one run; then instances with
# known answers, when they lie beside the checkout.  Ours includes scoring
# and the proof; scipy gets ready scores.
set -eu
bench=build/rel/bench/match_bench
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT

for n in ${SIZES:-500 2000 5000}; do
	echo "# n = $n"
	"$bench" "$n" "$n" 1 plain "$dir/scores"
	"$bench" "$n" "$n" 1 usual
	if python3 -c 'import scipy' 2>/dev/null; then
		python3 - "$dir/scores" "$n" <<'PY'
import sys, time
import numpy
from scipy.optimize import linear_sum_assignment
n = int(sys.argv[2])
s = numpy.fromfile(sys.argv[1], dtype=numpy.int16).reshape(n, -1)
w = numpy.where(s < 0, 0, s.astype(float) + 1e7)
t = time.process_time()
r, c = linear_sum_assignment(w, maximize=True)
t = time.process_time() - t
ok = s[r, c] >= 0
print(f"scipy: {ok.sum()} pairs, {s[r, c][ok].sum()} points, {t:.3f} s CPU")
PY
	else
		echo "scipy is missing: apt-get install python3-scipy"
	fi
done

known=../shared/corpus/matching
if [ ! -f "$known/expected.tsv" ]; then
	echo "instances with known answers are missing: $known"
	exit 0
fi
bad=0
ask() { # NAME STEPS -> "pairs total"
	build/rel/rmail match --scores "$known/$1.csv" \
		--capacity "$known/$1.cap.csv" --objective "$2" --json |
		sed 's/.*"matched":\([0-9]*\),"total":\([0-9]*\).*/\1 \2/'
}
tail -n +2 "$known/expected.tsv" > "$dir/expected"
while IFS='	' read -r name _ _ _ _ card sum _ floor lex _; do
	for pair in "cardinality,total=$sum" \
		"cardinality,bottleneck,total=$floor" \
		"cardinality,leximin=$lex"; do
		got=$(ask "$name" "${pair%=*}")
		if [ "$got" = "$card ${pair#*=}" ]; then
			echo "as known: $name ${pair%=*} $got"
		else
			echo "WRONG: $name ${pair%=*}: $got, not $card ${pair#*=}"
			bad=1
		fi
	done
done < "$dir/expected"
exit $bad
