#!/bin/sh
# Matching beside other solvers, in one run: scipy, LEMON's network simplex
# (dimacs-solver), glpsol, the munkres of Python.  They get ready scores; ours
# includes scoring and the proof.  All are to find the same numbers.  Then
# instances with known answers, when they lie beside the checkout.
# QUICK=1 leaves out what takes more than half a minute.
set -eu
bench=build/rel/bench/match_bench
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
bad=0

# --- who is there -------------------------------------------------------------

scipy=
for p in python3 /usr/bin/python3; do
	if $p -c 'import numpy, scipy.optimize' 2>/dev/null; then
		scipy=$p
		break
	fi
done
munkres=
for p in python3 /usr/bin/python3; do
	if $p -c 'import munkres' 2>/dev/null; then
		munkres=$p
		break
	fi
done
lemon=$(command -v dimacs-solver || true)
glpsol=$(command -v glpsol || true)
missing() { # FOUND PACKAGE
	[ -n "$1" ] || echo "missing: apt-get install $2"
}
missing "$scipy" python3-scipy
missing "$munkres" python3-munkres
missing "$lemon" liblemon-utils
missing "$glpsol" glpk-utils

# --- each prints "seconds megabytes pairs points" -------------------------------

ours() { # ARGUMENTS: the best of three when it is quick
	for i in 1 2 3; do
		"$bench" "$@" | sed -n 's/.*: \([0-9]*\) pairs, \([0-9]*\) points, [0-9]* rounds, \([0-9.]*\) s CPU, peak \([0-9]*\) kB/\3 \4 \1 \2/p'
		[ "$1" -le 2000 ] || break
	done | sort -n | head -1 | awk '{ $2 = int($2 / 1024 + 0.5); print }'
}

by_scipy() { # SCORES ROWS
	for i in 1 2 3; do
		$scipy - "$1" "$2" <<'PY'
import sys, time
import numpy
from scipy.optimize import linear_sum_assignment
s = numpy.fromfile(sys.argv[1], dtype=numpy.int16).reshape(int(sys.argv[2]), -1)
w = numpy.where(s < 0, 0, s.astype(float) + 1e7)
t = time.process_time()
r, c = linear_sum_assignment(w, maximize=True)
t = time.process_time() - t
ok = s[r, c] >= 0
kb = [l.split()[1] for l in open("/proc/self/status") if l.startswith("VmHWM")]
print(f"{t:.3f} {int(kb[0]) // 1024} {ok.sum()} {s[r, c][ok].sum()}")
PY
		[ "$2" -le 2000 ] || break
	done | sort -n | head -1
}

by_munkres() { # SCORES ROWS
	$munkres - "$1" "$2" <<'PY'
import array, sys, time
from munkres import Munkres
n = int(sys.argv[2])
s = array.array("h")
s.frombytes(open(sys.argv[1], "rb").read())
m = len(s) // n
w = [[10**7 if x < 0 else 1000 - x for x in s[i*m:i*m+m]] for i in range(n)]
t = time.process_time()
pairs = [s[i*m+j] for i, j in Munkres().compute(w) if s[i*m+j] >= 0]
t = time.process_time() - t
print(f"{t:.3f} 0 {len(pairs)} {sum(pairs)}")
PY
}

# Cost = what the pairs lack of 1000 + 1001 (rows + 1) for each row without.
from_cost() { # ROWS, cost on stdin -> pairs points
	awk -v n="$1" '{ alone = 1001 * (n + 1); left = int($1 / alone)
		print n - left, 1000 * (n - left) - ($1 - left * alone) }'
}

by_lemon() { # FILE ROWS: set up and run, without reading
	for i in 1 2 3; do
		$lemon "$1" > "$dir/lemon" 2>&1
		awk '/^(Setup|Run) NetworkSimplex/ {
			for (k = 1; k <= NF; k++)
				if ($k == "u:" || $k == "s:")
					t += $(k + 1)
			} END { printf "%.3f 0 ", t }' "$dir/lemon"
		sed -n 's/^Min flow cost: //p' "$dir/lemon" | from_cost "$2"
		[ "$2" -le 2000 ] || break
	done | sort -n | head -1
}

by_glpsol() { # FILE ROWS
	$glpsol --mincost "$1" > "$dir/glpsol" 2>&1
	printf '%s 0 ' "$(sed -n 's/^Time used: *\([0-9.]*\).*/\1/p' "$dir/glpsol")"
	sed -n 's/.*obj = *\([0-9.e+]*\).*/\1/p' "$dir/glpsol" | tail -1 |
		awk '{ printf "%d\n", $1 }' | from_cost "$2"
}

# --- the table --------------------------------------------------------------------

field() { # NUMBER WORDS...
	if [ $# -gt "$1" ]; then
		shift "$1"
		echo "$1"
	else
		echo -
	fi
}
row() { # CASE GOAL OURS SCIPY LEMON: each "seconds megabytes pairs points"
	o=$3 best= answer="$(field 3 $3) $(field 4 $3)"
	for peer in "$4" "$5"; do
		[ -n "$peer" ] || continue
		if [ "$(field 3 $peer) $(field 4 $peer)" != "$answer" ]; then
			echo "NOT THE SAME: $1: ours $answer, another $peer"
			bad=1
		fi
		best=$( { echo "$best"; field 1 $peer; } | grep . | sort -n | head -1)
	done
	ratio=-
	[ -z "$best" ] ||
		ratio=$(awk "BEGIN { printf \"%.1f\", $best / $(field 1 $o) }")
	printf '%-26s %-22s %8s %6s %9s %6s %9s %7s\n' "$1" "$2" \
		"$(field 1 $o)" "$(field 2 $o)" "$(field 1 $4)" "$(field 2 $4)" \
		"$(field 1 $5)" "$ratio"
}

compare() { # CASE GOAL KIND N M SOLVERS
	s= l=
	case $6 in *scipy*)
		if [ -n "$scipy" ]; then
			"$bench" "$4" "$5" 1 "$3" "$dir/scores"
			s=$(by_scipy "$dir/scores" "$4")
			rm "$dir/scores"
		fi ;;
	esac
	case $6 in *lemon*)
		if [ -n "$lemon" ]; then
			"$bench" "$4" "$5" 1 "$3" "$dir/f.min"
			l=$(by_lemon "$dir/f.min" "$4")
			rm "$dir/f.min"
		fi ;;
	esac
	row "$1" "$2" "$(ours "$4" "$5" 1 "$3")" "$s" "$l"
}

printf '%-26s %-22s %8s %6s %9s %6s %9s %7s\n' case goal "rmail s" MB \
	"scipy s" MB "LEMON s" "x best"
compare "n = 500" "<= scipy, <= 10 MB" plain 500 500 "scipy lemon"
compare "n = 2,000" "x best >= 4" plain 2000 2000 "scipy lemon"
compare "n = 5,000" "x best >= 8, 1/10 MB" plain 5000 5000 "scipy lemon"
if [ -z "${QUICK:-}" ]; then
	compare "n = 10,000" "x best >= 14, <= 80 MB" plain 10000 10000 scipy
fi
row "20,000 x 13,000, 1-3" "<= 8 s, <= 150 MB" \
	"$(ours 20000 13000 3 plain)" "" ""
if [ -z "${QUICK:-}" ]; then
	row "100,000 x 68,000, 1-3" "<= 150 s, <= 600 MB" \
		"$(ours 100000 68000 3 plain)" "" ""
fi
row "usual steps, n = 5,000" "<= 3 s" "$(ours 5000 5000 1 usual)" "" ""
compare "products, n = 2,000" "x best >= 1" product 2000 2000 "scipy lemon"
if [ -z "${QUICK:-}" ]; then
	compare "products, n = 5,000" "x best >= 1" product 5000 5000 lemon
fi
echo "repair, goal <= 1 ms: $("$bench" 2000 2100 1 repair)"
echo "repair, no place to spare: $("$bench" 2000 2000 1 repair)"
echo "scoring, goal >= 3e8: $("$bench" 5000 5000 1 score)"
if [ -n "$glpsol" ]; then
	"$bench" 500 500 1 plain "$dir/f.min"
	echo "glpsol, n = 500 (s, MB, pairs, points): $(by_glpsol "$dir/f.min" 500)"
fi
if [ -n "$munkres" ]; then
	"$bench" 100 100 1 plain "$dir/scores"
	echo "munkres, n = 100 (s, MB, pairs, points): $(by_munkres "$dir/scores" 100)"
	echo "rmail, n = 100: $(ours 100 100 1 plain)"
fi

# --- known answers --------------------------------------------------------------------

known=../shared/corpus/matching
if [ ! -f "$known/expected.tsv" ]; then
	echo "instances with known answers are missing: $known"
	exit $bad
fi
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
