#!/bin/sh
# Every mail of a rehearsal tells machines what it is and readers where it
# belongs.  Prints TAP.
. tests/e2e/lib/tap.sh
rmail=$PWD/build/rel/rmail

"$rmail" rehearse --people 12 --months 3 --seed 5 --faults \
	--keep "$dir/kept" >"$dir/log" 2>&1 || cat "$dir/log"
PYTHONDONTWRITEBYTECODE=1 python3 tests/e2e/headers.py "$dir/kept"
