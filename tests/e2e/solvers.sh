#!/bin/sh
# Matchings that other people's solvers agree with: the same problem, exported
# in DIMACS, by LEMON's network simplex and by glpsol.  Prints TAP.
. tests/e2e/lib/tap.sh

instance() { # SEED ROWS COLUMNS LEVELS: $dir/m.csv and $dir/c.csv
	awk -v x="$1" -v n="$2" -v m="$3" -v l="$4" -v d="$dir" '
	function pick(k) {
		x = (x * 1103515245 + 12345) % 2147483648
		return int(x / 65536) % k
	}
	BEGIN {
		printf "mentee" > (d "/m.csv")
		print "mentor,capacity" > (d "/c.csv")
		for (j = 0; j < m; j++) {
			printf ",m%d", j > (d "/m.csv")
			printf "m%d,%d\n", j, pick(4) > (d "/c.csv")
		}
		for (i = 0; i < n; i++) {
			printf "\ne%d", i > (d "/m.csv")
			for (j = 0; j < m; j++)
				printf ",%s", pick(3) == 0 ? "" : \
				    int(pick(l) * 1000 / l) > (d "/m.csv")
		}
		print "" > (d "/m.csv")
	}'
}

# Our cost: what each pair lacks of 1000; who is without costs more than all.
ours() { # ROWS
	"$rmail" match --scores "$dir/m.csv" --capacity "$dir/c.csv" \
		--objective cardinality,total --json |
		sed 's/.*"matched":\([0-9]*\),"total":\([0-9]*\).*/\1 \2/' |
		awk -v n="$1" \
		    '{ print 1000 * $1 - $2 + (n - $1) * 1001 * (n + 1) }'
}
lemon() { dimacs-solver -long "$dir/f.min" 2>&1 | sed -n 's/^Min flow cost: //p'; }
glpsol_cost() {
	glpsol --mincost "$dir/f.min" |
		sed -n 's/.*obj = *\([0-9.e+]*\).*/\1/p' | tail -1 |
		awk '{ printf "%.0f\n", $1 }'
}
agree() { # SOLVER SEED ROWS COLUMNS LEVELS
	solver=$1
	shift
	instance "$@"
	"$rmail" match --scores "$dir/m.csv" --capacity "$dir/c.csv" \
		--dimacs "$dir/f.min"
	theirs=$($solver) mine=$(ours "$2")
	[ -n "$mine" ] && [ "$theirs" = "$mine" ] ||
		{ echo "$* cost $mine, $solver $theirs"; false; }
}
all_agree() { # SOLVER
	agree "$1" 1 20 15 1000 && agree "$1" 2 20 9 5 &&
		agree "$1" 3 40 40 1000 && agree "$1" 4 60 25 20 &&
		agree "$1" 5 1 1 10 && agree "$1" 6 30 80 3
}
with() { # COMMAND WHAT SOLVER
	if command -v "$1" >/dev/null 2>&1; then
		ok "$2" all_agree "$3"
	else
		n=$((n + 1))
		echo "ok $n - $2 # SKIP $1 is not installed"
	fi
}

with dimacs-solver "LEMON finds matchings of the same value" lemon
with glpsol "glpsol finds matchings of the same value" glpsol_cost
finish
